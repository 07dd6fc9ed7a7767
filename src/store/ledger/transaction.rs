//! Transactions that write. What is committed is on the disk, and the head of the audit log knows of it.

use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Sqlite, Transaction};

use crate::store::failpoint;

use super::fault::LedgerFault;
use super::hand::Hand;

/// Begins a transaction that writes: other writers wait.
pub(super) async fn begin(
    db: &mut SqliteConnection,
) -> Result<Transaction<'_, Sqlite>, LedgerFault> {
    // none while the ledger is being opened
    if let Ok(hand) = Hand::now() {
        hand.begin();
    }
    Ok(db.begin_with("BEGIN IMMEDIATE").await?)
}

/// Ends it; when this returns, what it wrote is on the disk.
pub(super) async fn commit(tx: Transaction<'_, Sqlite>) -> Result<(), LedgerFault> {
    failpoint::pass("before a commit");
    tx.commit().await?;
    failpoint::pass("after a commit");
    if let Ok(hand) = Hand::now() {
        hand.committed();
    }
    Ok(())
}
