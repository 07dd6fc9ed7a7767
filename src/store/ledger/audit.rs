//! The audit log (审计日志): a row for every act, each with a hash over the row before, so that a row that was changed, removed
//! or put in between is seen. Id numbers and telephone numbers never stand in it.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::{Row, SqliteConnection};

use super::{Ledger, LedgerFault, StoreError, bytes, seconds, time};

/// What stands in front of the first row.
const START: [u8; 32] = [0; 32];

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
}

/// What walking the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainState {
    /// Every row follows from the one before: number of rows and the last hash.
    Whole {
        /// Rows.
        rows: i64,
        /// Hash of the last row; zeros for an empty log. Whoever keeps it elsewhere can see later that nothing was cut off.
        last: [u8; 32],
    },
    /// The first row that does not follow.
    Broken {
        /// Number that should stand there.
        row: i64,
    },
}

/// Adds a row. Part of the transaction of the act that it tells of.
pub(super) async fn append(
    db: &mut SqliteConnection,
    at: Timestamp,
    act: &str,
    subject: &str,
    detail: &str,
) -> Result<(), LedgerFault> {
    let last = sqlx::query("SELECT no, hash FROM audit ORDER BY no DESC LIMIT 1")
        .fetch_optional(&mut *db)
        .await?;
    let (no, before) = match last {
        None => (1, START),
        Some(row) => {
            let hash: Vec<u8> = row.try_get(1)?;
            (row.try_get::<i64, _>(0)? + 1, bytes(&hash, "审计日志")?)
        }
    };
    let row = AuditRow {
        no,
        at,
        act: act.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_owned(),
    };
    let hash = link(&before, &row);
    sqlx::query("INSERT INTO audit (no, at, act, subject, detail, hash) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(no)
        .bind(seconds(at))
        .bind(row.act)
        .bind(row.subject)
        .bind(row.detail)
        .bind(&hash[..])
        .execute(db)
        .await?;
    Ok(())
}

/// The hash of a row: over the hash before, number, time in seconds, and the texts behind their lengths.
fn link(before: &[u8; 32], row: &AuditRow) -> [u8; 32] {
    let mut sum = Sha256::new();
    sum.update(before);
    sum.update(row.no.to_be_bytes());
    sum.update(seconds(row.at).to_be_bytes());
    for text in [&row.act, &row.subject, &row.detail] {
        sum.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        sum.update(text);
    }
    sum.finalize().into()
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
        let fault = self.fault();
        let Self { runtime, db, .. } = self;
        let done = async {
            let mut tx = super::begin(db).await?;
            append(&mut tx, at, act, subject, detail).await?;
            super::commit(tx).await
        };
        runtime.block_on(done).map_err(fault)
    }

    /// Walks the chain, giving each row to `each`.
    pub fn walk_audit(
        &mut self,
        each: &mut dyn FnMut(&AuditRow),
    ) -> Result<ChainState, StoreError> {
        let fault = self.fault();
        let Self { runtime, db, .. } = self;
        runtime.block_on(walk(db, each)).map_err(fault)
    }
}

pub(super) async fn walk(
    db: &mut SqliteConnection,
    each: &mut dyn FnMut(&AuditRow),
) -> Result<ChainState, LedgerFault> {
    /// Rows fetched at a time, so that a long log needs little memory.
    const STEP: i64 = 4096;
    let mut last = START;
    let mut rows = 0;
    // a row before the first is one too many
    let mut after = i64::MIN;
    loop {
        let page = sqlx::query(
            "SELECT no, at, act, subject, detail, hash FROM audit WHERE no > ? ORDER BY no LIMIT ?",
        )
        .bind(after)
        .bind(STEP)
        .fetch_all(&mut *db)
        .await?;
        if page.is_empty() {
            return Ok(ChainState::Whole { rows, last });
        }
        for row in page {
            let read = AuditRow {
                no: row.try_get(0)?,
                at: time(row.try_get(1)?)?,
                act: row.try_get(2)?,
                subject: row.try_get(3)?,
                detail: row.try_get(4)?,
            };
            let hash: Vec<u8> = row.try_get(5)?;
            let expected = link(&last, &read);
            if read.no != rows + 1 || hash != expected {
                return Ok(ChainState::Broken { row: rows + 1 });
            }
            each(&read);
            last = expected;
            rows += 1;
            after = rows;
        }
    }
}
