//! The review tray (待处理): pages that were not read, until a person has dealt with them.

use jiff::Timestamp;
use sqlx::Row;

use super::{Ledger, LedgerFault, StoreError, audit, bytes, seconds, time};

/// A page that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayRow {
    /// Number of the sighting.
    pub no: i64,
    /// When it was put before the desk.
    pub at: Timestamp,
    /// File and page, or what was typed.
    pub name: String,
    /// Verdict's word.
    pub verdict: String,
    /// The reason that was given.
    pub reason: String,
    /// Picture of the page among the objects.
    pub picture: Option<[u8; 32]>,
}

impl Ledger {
    /// Pages that were not read, or read without a signature, and that no person has dealt with; oldest first.
    pub fn tray(&mut self) -> Result<Vec<TrayRow>, StoreError> {
        let fault = self.fault();
        let Self { runtime, db, .. } = self;
        let read = async {
            let rows = sqlx::query(
                "SELECT no, at, name, verdict, reason, object FROM sighting
                 WHERE receipt IS NULL AND how <> 'digits' AND how <> 'human'
                 AND NOT EXISTS (SELECT 1 FROM review WHERE review.sighting = sighting.no) ORDER BY no",
            )
            .fetch_all(db)
            .await?;
            rows.iter()
                .map(|row| {
                    let picture: Option<Vec<u8>> = row.try_get(5)?;
                    Ok(TrayRow {
                        no: row.try_get(0)?,
                        at: time(row.try_get(1)?)?,
                        name: row.try_get(2)?,
                        verdict: row.try_get(3)?,
                        reason: row.try_get(4)?,
                        picture: picture.map(|p| bytes(&p, "图片编号")).transpose()?,
                    })
                })
                .collect::<Result<Vec<_>, LedgerFault>>()
        };
        runtime.block_on(read).map_err(fault)
    }

    /// Notes what became of a page of the tray; `false` where it is not there, and nothing is changed then.
    pub fn settle(&mut self, no: i64, outcome: &str, at: Timestamp) -> Result<bool, StoreError> {
        let fault = self.fault();
        let Self { runtime, db, .. } = self;
        let done = async {
            let mut tx = super::begin(db).await?;
            let name: Option<String> = sqlx::query_scalar(
                "SELECT name FROM sighting WHERE no = ? AND receipt IS NULL
                 AND NOT EXISTS (SELECT 1 FROM review WHERE review.sighting = sighting.no)",
            )
            .bind(no)
            .fetch_optional(&mut *tx)
            .await?;
            if name.is_none() {
                return Ok(false);
            }
            sqlx::query("INSERT INTO review (sighting, at, outcome) VALUES (?, ?, ?)")
                .bind(no)
                .bind(seconds(at))
                .bind(outcome)
                .execute(&mut *tx)
                .await?;
            // neither the file's name nor what a person wrote: the log is never cut
            audit::append(&mut tx, at, "review", &format!("待处理{no}"), "已处理").await?;
            super::commit(tx).await?;
            Ok(true)
        };
        runtime.block_on(done).map_err(fault)
    }
}
