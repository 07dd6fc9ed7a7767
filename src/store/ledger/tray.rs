//! The review tray (待处理): pages that were not read, until a person has dealt with them or the sheet was received otherwise.

use jiff::Timestamp;

use crate::receipt::Verdict;

use super::audit;
use super::connection::Ledger;
use super::fault::LedgerFault;
use super::sighting::Sighting;
use super::sql::{self, Db};
use super::transaction::{begin, commit};
use super::values::{bytes, seconds, time, verdict};
use crate::store::StoreError;

/// A page that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayRow {
    /// Number of the sighting.
    pub no: i64,
    /// When it was put before the desk.
    pub at: Timestamp,
    /// File and page, or what was typed.
    pub name: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// The reason that was given.
    pub reason: String,
    /// Picture of the page among the objects.
    pub picture: Option<[u8; 32]>,
}

impl Ledger {
    /// Pages that were not read, or read without a signature, or that nobody issued, and that no person has dealt with; oldest
    /// first. What stands in the list of issued sheets by now, since its package came later, waits no more.
    pub fn tray(&mut self) -> Result<Vec<TrayRow>, StoreError> {
        self.run(async |db, _| {
            let rows = sql::query(
                "SELECT no, at, name, verdict, reason, object FROM sighting
                 WHERE (receipt IS NULL AND how <> 'digits' AND how <> 'human' OR verdict = 'unissued'
                        AND NOT EXISTS (SELECT 1 FROM sheet h WHERE h.mark = sighting.mark)
                        AND NOT EXISTS (SELECT 1 FROM retract t WHERE t.sighting = sighting.no))
                 AND NOT EXISTS (SELECT 1 FROM review v WHERE v.sighting = sighting.no
                 AND NOT EXISTS (SELECT 1 FROM retract t WHERE t.sighting = v.by)) ORDER BY no",
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
                        verdict: verdict(row.try_get(3)?)?,
                        reason: row.try_get(4)?,
                        picture: picture.map(|p| bytes(&p, "图片编号")).transpose()?,
                    })
                })
                .collect::<Result<Vec<_>, LedgerFault>>()
        })
    }

    /// Notes what became of a page of the tray; `false` where it is not there, and nothing is changed then.
    pub fn settle(&mut self, no: i64, outcome: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.settle_by(no, outcome, None, at)
    }

    /// The same where the sheet was received under a source: a page that left the tray through that is told by these words, and
    /// it waits again where the receipt is taken back.
    pub fn settle_by(
        &mut self,
        no: i64,
        outcome: &str,
        source: Option<&str>,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            let by: Option<i64> = sql::query_scalar("SELECT no FROM sighting WHERE source = ?")
                .bind(source)
                .fetch_optional(&mut tx)
                .await?;
            let waits: Option<i64> = sql::query_scalar(
                "SELECT no FROM sighting WHERE no = ?1
                 AND (receipt IS NULL AND how <> 'digits' AND how <> 'human' OR verdict = 'unissued')
                 AND NOT EXISTS (SELECT 1 FROM review v WHERE v.sighting = ?1
                 AND (v.by IS NULL OR v.by IS DISTINCT FROM ?2)
                 AND NOT EXISTS (SELECT 1 FROM retract t WHERE t.sighting = v.by))",
            )
            .bind(no)
            .bind(by)
            .fetch_optional(&mut tx)
            .await?;
            if waits.is_none() {
                return Ok(false);
            }
            close(&mut tx, no, outcome, by, at).await?;
            commit(tx).await?;
            Ok(true)
        })
    }
}

/// Takes out of the tray what a sighting makes needless: pages that were recognised as the very mark that is received now, and
/// the page that was unread and is read now.
pub(super) async fn close_same(
    db: &mut Db,
    sighting: &Sighting<'_>,
    (no, receipt): (i64, Option<i64>),
) -> Result<(), LedgerFault> {
    let Some(mark) = sighting.read.bytes else {
        return Ok(());
    };
    // the page of a file as one that was not read: its marks stand behind it
    let page = sighting.source.rsplit_once(':').map(|(page, _)| page);
    let page = page.filter(|_| sighting.source.starts_with("scan:"));
    let rows = sql::query(
        "SELECT no, mark IS NULL FROM sighting
         WHERE no IN (SELECT no FROM sighting WHERE source = ?1 AND mark IS NULL AND receipt IS NULL UNION ALL
                      SELECT no FROM sighting WHERE mark = ?2 AND receipt IS NULL AND how = 'nearest')
         AND NOT EXISTS (SELECT 1 FROM review v WHERE v.sighting = sighting.no
         AND NOT EXISTS (SELECT 1 FROM retract t WHERE t.sighting = v.by))",
    )
    .bind(page)
    .bind(receipt.map(|_| &mark[..]))
    .fetch_all(&mut *db)
    .await?;
    for row in rows {
        let outcome = match (row.try_get(1)?, sighting.how) {
            (true, _) => "这一页后来读出了标记",
            (_, "human") => "同一页已按录入的编码登记",
            (_, "digits") => "同一页已由扫码枪登记",
            _ => "同一页已由另一次扫描登记",
        };
        let outcome = format!("{outcome}（第{no}次登记）");
        close(db, row.try_get(0)?, &outcome, Some(no), sighting.at).await?;
    }
    Ok(())
}

/// Whether a person, or a receipt that stands, has taken a page out of the tray.
pub(super) async fn is_settled(db: &mut Db, no: i64) -> Result<bool, LedgerFault> {
    let settled: i64 = sql::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM review v WHERE v.sighting = ?
         AND NOT EXISTS (SELECT 1 FROM retract t WHERE t.sighting = v.by))",
    )
    .bind(no)
    .fetch_one(db)
    .await?;
    Ok(settled > 0)
}

/// Writes what became of a page.
async fn close(
    db: &mut Db,
    no: i64,
    outcome: &str,
    by: Option<i64>,
    at: Timestamp,
) -> Result<(), LedgerFault> {
    sql::query("INSERT INTO review (sighting, at, outcome, by) VALUES (?, ?, ?, ?)
         ON CONFLICT (sighting) DO UPDATE SET at = excluded.at, outcome = excluded.outcome, by = excluded.by")
        .bind(no)
        .bind(seconds(at))
        .bind(outcome)
        .bind(by)
        .execute(&mut *db)
        .await?;
    // by number: names of files are often names of people
    // nor what a person wrote: the log is never cut
    audit::append(db, at, "review", &no.to_string(), "已处理").await
}
