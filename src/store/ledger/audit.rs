//! The audit log (审计日志): a row for every act with who acted, each with a keyed hash over the row before, so that a row that was
//! changed, removed or put in between is seen, and nobody without the vault's key can write rows that follow. Id numbers and telephone
//! numbers never stand in it. From which row on it is keyed is in `marker`, its end in `head`, who acts in `actor`; it is read in `chain`.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::actor::Actor;
use super::connection::Ledger;
use super::fault::LedgerFault;
use super::hand::Hand;
use super::head::Link;
use super::sql::{self, Db};
use super::transaction::{begin, commit};
use super::values::{blob, seconds};
use crate::store::StoreError;
use crate::store::vault::Vault;

/// What stands in front of the first row.
pub(super) const START: [u8; 32] = [0; 32];

/// A row of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Number, from 1 without gaps.
    pub no: i64,
    /// When.
    pub at: Timestamp,
    /// Which act, such as `receive`.
    pub act: String,
    /// Of what: a record reference, a unit, a package sum.
    pub subject: String,
    /// What came of it, in words.
    pub detail: String,
    /// Who acted; empty in a row of an earlier program.
    pub actor: String,
    /// From which network address; empty where there is none.
    pub source: String,
    /// The digest that ties the row to the one before; zeros for a row that is not written yet.
    pub digest: [u8; 32],
}

/// Adds a row that names who acts now. Part of the transaction of the act that it tells of.
pub(super) async fn append(
    db: &mut Db,
    at: Timestamp,
    act: &str,
    subject: &str,
    detail: &str,
) -> Result<(), LedgerFault> {
    let hand = Hand::now()?;
    let link = append_by(db, &hand.vault, at, act, subject, detail).await?;
    hand.added(link);
    Ok(())
}

/// Adds a row, vouched for by a vault; gives its place.
pub(super) async fn append_by(
    db: &mut Db,
    vault: &Vault,
    at: Timestamp,
    act: &str,
    subject: &str,
    detail: &str,
) -> Result<Link, LedgerFault> {
    let last = sql::query("SELECT no, hash FROM audit ORDER BY no DESC LIMIT 1")
        .fetch_optional(&mut *db)
        .await?;
    let (no, before) = match last {
        None => (1, START),
        Some(row) => (row.try_get::<i64>(0)? + 1, blob(&row, 1, "审计日志")?),
    };
    let Actor { name, source } = Actor::now();
    let row = AuditRow {
        no,
        at,
        act: act.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_owned(),
        actor: name,
        source,
        digest: START,
    };
    let hash = keyed(vault, &before, &row);
    sql::query(
        "INSERT INTO audit (no, at, act, subject, detail, actor, source, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(no)
    .bind(seconds(at))
    .bind(row.act)
    .bind(row.subject)
    .bind(row.detail)
    .bind(row.actor)
    .bind(row.source)
    .bind(&hash[..])
    .execute(db)
    .await?;
    Ok(Link { no, hash })
}

/// The hash of a row: over the hash before, number, time in seconds, and the texts behind their lengths.
pub(super) fn keyed(vault: &Vault, before: &[u8; 32], row: &AuditRow) -> [u8; 32] {
    let texts = [&row.act, &row.subject, &row.detail, &row.actor, &row.source];
    vault.vouch("audit row", &written(before, row, &texts))
}

/// The hash of a row of an earlier program: without a key, and without who acted.
pub(super) fn plain(before: &[u8; 32], row: &AuditRow) -> [u8; 32] {
    let texts = [&row.act, &row.subject, &row.detail];
    Sha256::digest(written(before, row, &texts)).into()
}

fn written(before: &[u8; 32], row: &AuditRow, texts: &[&String]) -> Vec<u8> {
    let mut out = before.to_vec();
    out.extend(row.no.to_be_bytes());
    out.extend(seconds(row.at).to_be_bytes());
    for text in texts {
        out.extend(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        out.extend(text.as_bytes());
    }
    out
}

impl Ledger {
    /// Adds a row that tells of an act outside the ledger, such as a backup or a look-up.
    pub fn note(
        &mut self,
        at: Timestamp,
        act: &str,
        subject: &str,
        detail: &str,
    ) -> Result<(), StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            append(&mut tx, at, act, subject, detail).await?;
            commit(tx).await
        })
    }
}
