//! Receipts (收件): what was put before the desk, judged and written in one transaction.

use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};

use crate::mark::{Mark, Verdict as Signature};
use crate::receipt::{Answer, Known, Standing, Verdict, judge};
use crate::record::Digest;

use super::{Ledger, LedgerFault, StoreError, audit, bytes, hex, kind, seconds, small, time};

/// Something that was put before the desk.
#[derive(Clone, Debug)]
pub struct Sighting<'a> {
    /// Now.
    pub at: Timestamp,
    /// What makes the same scan of the same page one: file sum, page and place in it, or a session and a number.
    pub source: String,
    /// How it was read: `scan`, `digits`, `human`, `nearest`.
    pub how: &'static str,
    /// What was read of the mark; for `human` and `nearest`, of the mark that was issued.
    pub signature: &'a Signature,
    /// Body and signature, where there are any.
    pub bytes: Option<[u8; 96]>,
    /// File and page, or what was typed, for people.
    pub name: &'a str,
    /// SHA-256 of the picture of a page that was not read, kept among the objects.
    pub picture: Option<[u8; 32]>,
    /// Said in front of the answer's reason; empty where there is nothing to say.
    pub remark: &'a str,
}

/// What the desk answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// The verdict with its reason.
    pub answer: Answer,
    /// What the ledger knows of the record.
    pub known: Option<Known>,
    /// Whether this very source was entered before; the answer is the one that was given then.
    pub before: bool,
}

impl Ledger {
    /// Judges a sighting and writes it, a receipt too where the signature holds. When this returns it is on the disk.
    /// The same source again changes nothing and gives the same answer.
    pub fn receive(
        &mut self,
        sighting: &Sighting<'_>,
        campaign: Option<&str>,
    ) -> Result<Entered, StoreError> {
        let fault = self.fault();
        let Self { runtime, db, .. } = self;
        let done = async {
            let mut tx = super::begin(db).await?;
            let standing = standing(&mut tx, sighting.signature, sighting.bytes.as_ref()).await?;
            if let Some(answer) = given_before(&mut tx, &sighting.source).await? {
                return Ok(Entered {
                    answer,
                    known: standing.record,
                    before: true,
                });
            }
            let answer = enter(&mut tx, sighting, &standing, campaign).await?;
            super::commit(tx).await?;
            Ok(Entered {
                answer,
                known: standing.record,
                before: false,
            })
        };
        runtime.block_on(done).map_err(fault)
    }

    /// What the ledger knows of a mark, without receiving anything.
    pub fn look(
        &mut self,
        signature: &Signature,
        mark: Option<&[u8; 96]>,
    ) -> Result<Standing, StoreError> {
        let fault = self.fault();
        let Self { runtime, db, .. } = self;
        runtime
            .block_on(standing(db, signature, mark))
            .map_err(fault)
    }

    /// Notes that the clerk saw the seal on a copy, or that it is missing.
    pub fn tick_seal(
        &mut self,
        at: Timestamp,
        record: [u8; 8],
        version: u16,
        copy: u8,
        present: bool,
    ) -> Result<(), StoreError> {
        let fault = self.fault();
        let Self { runtime, db, .. } = self;
        let done = async {
            let mut tx = super::begin(db).await?;
            let last: Option<i64> = sqlx::query_scalar(
                "SELECT present FROM seal WHERE record = ? AND version = ? AND copy = ? ORDER BY no DESC LIMIT 1",
            )
            .bind(&record[..])
            .bind(i64::from(version))
            .bind(i64::from(copy))
            .fetch_optional(&mut *tx)
            .await?;
            if last == Some(i64::from(present)) {
                return Ok(());
            }
            sqlx::query(
                "INSERT INTO seal (record, version, copy, present, at) VALUES (?, ?, ?, ?, ?)",
            )
            .bind(&record[..])
            .bind(i64::from(version))
            .bind(i64::from(copy))
            .bind(i64::from(present))
            .bind(seconds(at))
            .execute(&mut *tx)
            .await?;
            let detail = format!(
                "版本{version}第{copy}份公章：{}",
                if present { "有" } else { "缺" }
            );
            audit::append(&mut tx, at, "seal", &hex(&record), &detail).await?;
            super::commit(tx).await
        };
        runtime.block_on(done).map_err(fault)
    }
}

/// The answer that a source was given, where it was put before the desk already.
async fn given_before(
    db: &mut SqliteConnection,
    source: &str,
) -> Result<Option<Answer>, LedgerFault> {
    let row = sqlx::query("SELECT verdict, reason FROM sighting WHERE source = ?")
        .bind(source)
        .fetch_optional(db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let verdict: String = row.try_get(0)?;
    Ok(Some(Answer {
        verdict: Verdict::from_label(&verdict).ok_or(LedgerFault::Row("结论"))?,
        reason: row.try_get(1)?,
    }))
}

async fn enter(
    db: &mut SqliteConnection,
    sighting: &Sighting<'_>,
    standing: &Standing,
    campaign: Option<&str>,
) -> Result<Answer, LedgerFault> {
    let mut answer = judge(sighting.signature, standing, campaign);
    let recognised = sighting.how == "nearest";
    if recognised {
        answer.verdict = Verdict::Unverified;
    }
    answer.reason = format!("{}{}", sighting.remark, answer.reason);
    let receipt = match (sighting.signature, sighting.bytes) {
        (Signature::Genuine(mark), Some(bytes)) if !recognised => {
            Some(enter_receipt(db, sighting, mark, &bytes).await?)
        }
        _ => None,
    };
    sqlx::query(
        "INSERT INTO sighting (source, receipt, at, how, mark, verdict, reason, name, object)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&sighting.source)
    .bind(receipt)
    .bind(seconds(sighting.at))
    .bind(sighting.how)
    .bind(sighting.bytes.as_ref().map(|b| &b[..]))
    .bind(answer.verdict.label())
    .bind(&answer.reason)
    .bind(sighting.name)
    .bind(sighting.picture.as_ref().map(|p| &p[..]))
    .execute(&mut *db)
    .await?;
    super::tray::close_same(db, sighting).await?;
    let subject = sighting
        .signature
        .mark()
        .map_or_else(String::new, |m| hex(&m.reference()));
    let page = sighting
        .signature
        .mark()
        .map_or_else(String::new, |m| format!("，{}", crate::mark::caption(m)));
    let detail = format!("{}{page}", answer.verdict.label());
    audit::append(db, sighting.at, "receive", &subject, &detail).await?;
    Ok(answer)
}

async fn enter_receipt(
    db: &mut SqliteConnection,
    sighting: &Sighting<'_>,
    mark: &Mark,
    bytes: &[u8; 96],
) -> Result<i64, LedgerFault> {
    sqlx::query(
        "INSERT OR IGNORE INTO receipt (mark, record, version, copy, page, pages, minutes, digest, at, how)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&bytes[..])
    .bind(&mark.reference()[..])
    .bind(i64::from(mark.version()))
    .bind(i64::from(mark.copy()))
    .bind(i64::from(mark.page()))
    .bind(i64::from(mark.pages()))
    .bind(i64::from(mark.minutes()))
    .bind(&mark.digest()[..])
    .bind(seconds(sighting.at))
    .bind(sighting.how)
    .execute(&mut *db)
    .await?;
    let no = sqlx::query_scalar("SELECT no FROM receipt WHERE mark = ?")
        .bind(&bytes[..])
        .fetch_one(db)
        .await?;
    Ok(no)
}

/// What the ledger knows of a mark.
async fn standing(
    db: &mut SqliteConnection,
    signature: &Signature,
    mark_bytes: Option<&[u8; 96]>,
) -> Result<Standing, LedgerFault> {
    let (Some(mark), Some(mark_bytes)) = (signature.mark(), mark_bytes) else {
        return Ok(Standing::default());
    };
    let reference = mark.reference();
    let received: Option<i64> = sqlx::query_scalar(
        "SELECT min(s.at) FROM receipt p JOIN sighting s ON s.receipt = p.no WHERE p.mark = ?
         AND NOT EXISTS (SELECT 1 FROM retract t WHERE t.sighting = s.no)",
    )
    .bind(&mark_bytes[..])
    .fetch_one(&mut *db)
    .await?;
    let row = sqlx::query(
        "SELECT u.campaign, u.name, r.kind, r.name, r.latest, r.withdrawn, v.digest, w.at, w.reason
         FROM record r JOIN unit u ON u.no = r.unit
         LEFT JOIN version v ON v.record = r.reference AND v.number = ?2
         LEFT JOIN void w ON w.record = r.reference AND w.version = ?2 AND w.minutes = ?3 AND w.copy IN (0, ?4)
         WHERE r.reference = ?1 ORDER BY w.at LIMIT 1",
    )
    .bind(&reference[..])
    .bind(i64::from(mark.version()))
    .bind(i64::from(mark.minutes()))
    .bind(i64::from(mark.copy()))
    .fetch_optional(db)
    .await?;
    let record = match row {
        None => None,
        Some(row) => {
            let digest: Option<Vec<u8>> = row.try_get(6)?;
            let void_at: Option<i64> = row.try_get(7)?;
            let void_reason: Option<String> = row.try_get(8)?;
            let withdrawn: Option<i64> = row.try_get(5)?;
            Some(Known {
                campaign: row.try_get(0)?,
                unit: row.try_get(1)?,
                kind: kind(row.try_get(2)?)?,
                name: row.try_get(3)?,
                latest: small(row.try_get(4)?, "版本")?,
                digest: digest.map(|d| bytes(&d, "摘要").map(Digest)).transpose()?,
                withdrawn: withdrawn.map(time).transpose()?,
                void: void_at
                    .map(time)
                    .transpose()?
                    .map(|at| (at, void_reason.unwrap_or_default())),
            })
        }
    };
    Ok(Standing {
        record,
        received: received.map(time).transpose()?,
    })
}
