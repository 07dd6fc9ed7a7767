//! Taking back (撤销): a scan that was made by mistake counts no more; what was answered stays on the books.

use jiff::Timestamp;

use super::audit;
use super::connection::Ledger;
use super::fault::LedgerFault;
use super::sql;
use super::transaction::{begin, commit};
use super::values::{bytes, hex, seconds, small, verdict};
use crate::receipt::Verdict;
use crate::store::StoreError;

/// A scan that was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retracted {
    /// What was scanned, or the sheet in words.
    pub name: String,
    /// The verdict that it got.
    pub verdict: Verdict,
    /// Whether it had been taken back before; nothing was changed then.
    pub before: bool,
}

impl Ledger {
    /// Takes back what was put before the desk under a source; none where nothing was.
    pub fn retract(
        &mut self,
        at: Timestamp,
        source: &str,
    ) -> Result<Option<Retracted>, StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            let row = sql::query(
                "SELECT s.no, s.verdict, s.name, p.record, p.version, p.copy, p.page FROM sighting s
                 LEFT JOIN receipt p ON p.no = s.receipt WHERE s.source = ?",
            )
            .bind(source)
            .fetch_optional(&mut tx)
            .await?;
            let Some(row) = row else { return Ok(None) };
            let (no, verdict): (i64, Verdict) = (row.try_get(0)?, verdict(row.try_get(1)?)?);
            let (mut name, mut subject): (String, _) = (row.try_get(2)?, String::new());
            if let Some(record) = row.try_get::<Option<Vec<u8>>>(3)? {
                let version: u16 = small(row.try_get(4)?, "版本")?;
                let copy: u8 = small(row.try_get(5)?, "份次")?;
                let page: u8 = small(row.try_get(6)?, "页次")?;
                subject = hex(&bytes(&record, "记录编号")?);
                name = format!("版本{version} 第{copy}份 第{page}页");
            }
            let done = sql::query(
                "INSERT INTO retract (sighting, at) VALUES (?, ?) ON CONFLICT DO NOTHING",
            )
            .bind(no)
            .bind(seconds(at))
            .execute(&mut tx)
            .await?;
            let before = done == 0;
            if !before {
                let detail = format!("撤销一次登记：{} {name}", verdict.label());
                audit::append(&mut tx, at, "retract", &subject, &detail).await?;
            }
            commit(tx).await?;
            Ok::<_, LedgerFault>(Some(Retracted {
                name,
                verdict,
                before,
            }))
        })
    }
}
