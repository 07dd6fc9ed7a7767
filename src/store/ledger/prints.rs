//! Prints (签发): every issued sheet with its mark, and what was voided.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::mark::{HumanCode, Mark};

use super::audit;
use super::connection::Ledger;
use super::fault::LedgerFault;
use super::sql::{self, Db};
use super::transaction::{begin, commit};
use super::values::{blob, bytes, hex, seconds, small, time};
use crate::store::StoreError;

/// One issued sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedPage {
    /// Body and signature of its mark.
    pub bytes: [u8; 96],
    /// What the mark says.
    pub mark: Mark,
    /// Its QR code: modules a side, then one bit a module row by row, black 1.
    pub modules: Vec<u8>,
}

/// An issued mark as the desk recognises a damaged one by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedMark {
    /// Body and signature.
    pub bytes: [u8; 96],
    /// Its QR code, as in [`IssuedPage::modules`].
    pub modules: Vec<u8>,
}

/// A voided issue, or one copy of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voided {
    /// Reference of the record.
    pub record: [u8; 8],
    /// Version that was printed.
    pub version: u16,
    /// Minute of issue, as in the marks.
    pub minutes: u32,
    /// Copy; 0 for all.
    pub copy: u8,
    /// When it was voided.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

impl Ledger {
    /// The minute of issue of the newest print of a version, and whether any copy of it was voided. `first` is the minute at
    /// which the version was made, for a print that the ledger has not seen.
    pub fn newest_print(
        &mut self,
        record: [u8; 8],
        version: u16,
        first: u32,
    ) -> Result<(u32, bool), StoreError> {
        self.run(async |db, _| {
            let newest: Option<i64> = sql::query_scalar(
                "SELECT max(minutes) FROM (SELECT minutes FROM issue WHERE record = ?1 AND version = ?2
                 UNION ALL SELECT minutes FROM void WHERE record = ?1 AND version = ?2) AS known",
            )
            .bind(&record[..])
            .bind(i64::from(version))
            .fetch_one(&mut *db)
            .await?;
            let newest = newest
                .map_or(Ok(first), |m| small(m, "签发时间"))?
                .max(first);
            let voided: i64 = sql::query_scalar(
                "SELECT count(*) FROM void WHERE record = ? AND version = ? AND minutes = ?",
            )
            .bind(&record[..])
            .bind(i64::from(version))
            .bind(i64::from(newest))
            .fetch_one(db)
            .await?;
            Ok((newest, voided > 0))
        })
    }

    /// Voids an issue or a copy of it. Gives `false` where it is void already; nothing is changed then.
    pub fn void(&mut self, voided: &Voided) -> Result<bool, StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            let fresh = enter_voids(&mut tx, std::slice::from_ref(voided)).await? > 0;
            if fresh {
                let which = match voided.copy {
                    0 => "各份".to_owned(),
                    n => format!("第{n}份"),
                };
                // the reason stands in the table alone: the log is never cut, and reasons may name people
                let detail = format!("版本{}{which}作废", voided.version);
                audit::append(&mut tx, voided.at, "void", &hex(&voided.record), &detail).await?;
            }
            commit(tx).await?;
            Ok(fresh)
        })
    }

    /// All voids of a unit's records, for its package.
    pub fn voids_of(&mut self, records: &[[u8; 8]]) -> Result<Vec<Voided>, StoreError> {
        self.run(async |db, _| {
            let mut all = Vec::new();
            for record in records {
                let rows = sql::query(
                    "SELECT version, minutes, copy, at, reason FROM void WHERE record = ? ORDER BY version, minutes, copy",
                )
                .bind(&record[..])
                .fetch_all(&mut *db)
                .await?;
                for row in &rows {
                    all.push(Voided {
                        record: *record,
                        version: small(row.try_get(0)?, "版本")?,
                        minutes: small(row.try_get(1)?, "签发时间")?,
                        copy: small(row.try_get(2)?, "份次")?,
                        at: time(row.try_get(3)?)?,
                        reason: row.try_get(4)?,
                    });
                }
            }
            Ok(all)
        })
    }

    /// The marks of the sheets with a typed code; nearly always one.
    pub fn sheets_of_code(&mut self, code: HumanCode) -> Result<Vec<[u8; 96]>, StoreError> {
        self.run(async |db, _| {
            let rows: Vec<Vec<u8>> =
                sql::query_scalar("SELECT mark FROM sheet WHERE human = ? ORDER BY mark")
                    .bind(i64::try_from(code.number()).unwrap_or(-1))
                    .fetch_all(db)
                    .await?;
            rows.iter()
                .map(|mark| bytes(mark, "标记"))
                .collect::<Result<Vec<_>, LedgerFault>>()
        })
    }

    /// Every issued sheet's mark and QR code, for recognising damaged ones; of one campaign, or of all.
    pub fn issued(&mut self, campaign: Option<&str>) -> Result<Vec<IssuedMark>, StoreError> {
        self.run(async |db, _| {
            let rows = sql::query(
                "SELECT s.mark, s.modules FROM sheet s JOIN issue i ON i.no = s.issue
                 JOIN record r ON r.reference = i.record JOIN unit u ON u.no = r.unit
                 WHERE (?1 IS NULL OR u.campaign = ?1) AND s.copy > 0",
            )
            .bind(campaign)
            .fetch_all(db)
            .await?;
            rows.iter()
                .map(|row| {
                    Ok(IssuedMark {
                        bytes: blob(row, 0, "标记")?,
                        modules: row.try_get(1)?,
                    })
                })
                .collect::<Result<Vec<_>, LedgerFault>>()
        })
    }
}

/// Enters sheets that are not there yet, with their issues; gives their number.
pub(super) async fn enter_sheets(
    db: &mut Db,
    at: Timestamp,
    sheets: &[IssuedPage],
) -> Result<usize, LedgerFault> {
    let mut issues: BTreeMap<([u8; 8], u16, u32), i64> = BTreeMap::new();
    let mut fresh = 0;
    for sheet in sheets {
        let mark = &sheet.mark;
        let print = (mark.reference(), mark.version(), mark.minutes());
        let issue = match issues.get(&print) {
            Some(no) => *no,
            None => {
                let no = enter_issue(db, at, mark).await?;
                issues.insert(print, no);
                no
            }
        };
        let done = sql::query(
            "INSERT INTO sheet (mark, issue, copy, page, human, modules) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(&sheet.bytes[..])
        .bind(issue)
        .bind(i64::from(mark.copy()))
        .bind(i64::from(mark.page()))
        .bind(i64::try_from(HumanCode::of(mark).number()).unwrap_or(-1))
        .bind(&sheet.modules[..])
        .execute(&mut *db)
        .await?;
        fresh += usize::try_from(done).unwrap_or(0);
    }
    Ok(fresh)
}

/// The number of a print. Copies and pages are those of the originals; an editable file beside them says 0.
async fn enter_issue(db: &mut Db, at: Timestamp, mark: &Mark) -> Result<i64, LedgerFault> {
    sql::query(
        "INSERT INTO issue (record, version, minutes, key, copies, pages, at) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (record, version, minutes) DO UPDATE SET
         copies = CASE WHEN issue.copies > excluded.copies THEN issue.copies ELSE excluded.copies END,
         pages = CASE WHEN issue.pages > excluded.pages THEN issue.pages ELSE excluded.pages END",
    )
    .bind(&mark.reference()[..])
    .bind(i64::from(mark.version()))
    .bind(i64::from(mark.minutes()))
    .bind(i64::from(mark.key().0))
    .bind(i64::from(mark.copies()))
    .bind(i64::from(mark.pages()))
    .bind(seconds(at))
    .execute(&mut *db)
    .await?;
    let no =
        sql::query_scalar("SELECT no FROM issue WHERE record = ? AND version = ? AND minutes = ?")
            .bind(&mark.reference()[..])
            .bind(i64::from(mark.version()))
            .bind(i64::from(mark.minutes()))
            .fetch_one(db)
            .await?;
    Ok(no)
}

/// Enters voids that are not there yet; gives their number.
pub(super) async fn enter_voids(db: &mut Db, voids: &[Voided]) -> Result<u64, LedgerFault> {
    let mut fresh = 0;
    for void in voids {
        fresh += sql::query(
            "INSERT INTO void (record, version, minutes, copy, at, reason) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(&void.record[..])
        .bind(i64::from(void.version))
        .bind(i64::from(void.minutes))
        .bind(i64::from(void.copy))
        .bind(seconds(void.at))
        .bind(&void.reason)
        .execute(&mut *db)
        .await?
        ;
    }
    Ok(fresh)
}
