//! Transactions that write. What is committed is on the disk, and the head of the audit log knows of it.

use crate::store::failpoint;

use super::fault::LedgerFault;
use super::hand::Hand;
use super::sql::{Db, Transaction};

/// Begins a transaction that writes: other writers wait.
pub(super) async fn begin(db: &mut Db) -> Result<Transaction<'_>, LedgerFault> {
    // none while the ledger is being opened
    if let Ok(hand) = Hand::now() {
        hand.begin();
    }
    db.begin().await
}

/// Ends it; when this returns, what it wrote is on the disk.
pub(super) async fn commit(tx: Transaction<'_>) -> Result<(), LedgerFault> {
    failpoint::pass("before a commit");
    tx.commit().await?;
    failpoint::pass("after a commit");
    if let Ok(hand) = Hand::now() {
        hand.committed();
    }
    Ok(())
}
