//! Receipts (收件): what was put before the desk, judged and written in one transaction.

use jiff::Timestamp;

use crate::mark::{Mark, SignatureCheck as Signature};
use crate::receipt::{
    Annulment, Answer, KnownRecord, Presented, Standing, TOLERANCE, Verdict, judge,
};
use crate::record::Digest;

use super::audit;
use super::connection::Ledger;
use super::fault::LedgerFault;
use super::sighting::{ReadMark, Sighting};
use super::sql::{self, Db, Row};
use super::transaction::{begin, commit};
use super::values::{bytes, hex, kind, seconds, small, time, verdict};
use super::{seals, tray};
use crate::store::StoreError;

/// What the desk answered to the same source earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// The verdict of that time.
    pub verdict: Verdict,
    /// When.
    pub at: Timestamp,
}

/// What the desk answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// The verdict of today with its reason.
    pub answer: Answer,
    /// What the ledger knows of the record.
    pub known: Option<KnownRecord>,
    /// What this very source was answered when it was first put before the desk; none where it was not.
    pub before: Option<Before>,
}

impl Ledger {
    /// Judges a sighting and writes it, a receipt too where the signature holds. When this returns it is on the disk.
    /// The same source again changes nothing; it is judged anew all the same, by what the ledger knows now.
    pub fn receive(
        &mut self,
        sighting: &Sighting<'_>,
        campaign: Option<&str>,
    ) -> Result<Entered, StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            let given = given_before(&mut tx, &sighting.source).await?;
            let upto = given.map_or(i64::MAX, |(no, _)| no);
            let signature = sighting.shown.signature();
            let mut standing = standing(&mut tx, signature, &sighting.read, upto).await?;
            standing.settled = match given {
                Some((no, _)) => tray::is_settled(&mut tx, no).await?,
                None => false,
            };
            let answer = judge(&sighting.shown, &standing, campaign);
            if given.is_none() {
                enter(&mut tx, sighting, &answer).await?;
                commit(tx).await?;
            }
            Ok(Entered {
                answer,
                known: standing.record,
                before: given.map(|(_, before)| before),
            })
        })
    }

    /// What the ledger knows of a mark, without receiving anything.
    pub fn look(
        &mut self,
        signature: &Signature,
        read: &ReadMark<'_>,
    ) -> Result<Standing, StoreError> {
        self.run(async |db, _| standing(db, Some(signature), read, i64::MAX).await)
    }

    /// Notes that the clerk saw the seal on a copy, or that it is missing. Gives whether it is noted: of a copy that is not here
    /// no seal was seen.
    pub fn tick_seal(
        &mut self,
        at: Timestamp,
        record: [u8; 8],
        version: u16,
        copy: u8,
        present: bool,
    ) -> Result<bool, StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            let here = seals::prints_here(&mut tx, record, version).await?;
            let print = here.iter().find(|(c, _)| *c == copy).map(|(_, at)| *at);
            if present && print.is_none() {
                return Ok(false);
            }
            let last: Option<(i64, Option<i64>)> = sql::query_as(
                "SELECT present, minutes FROM seal WHERE record = ? AND version = ? AND copy = ? ORDER BY no DESC LIMIT 1",
            )
            .bind(&record[..])
            .bind(i64::from(version))
            .bind(i64::from(copy))
            .fetch_optional(&mut tx)
            .await?;
            if last == Some((i64::from(present), print)) {
                return Ok(true);
            }
            sql::query(
                "INSERT INTO seal (record, version, copy, present, at, minutes) VALUES (?, ?, ?, ?, ?, ?)",
            )
            .bind(&record[..])
            .bind(i64::from(version))
            .bind(i64::from(copy))
            .bind(i64::from(present))
            .bind(seconds(at))
            .bind(print)
            .execute(&mut tx)
            .await?;
            let detail = format!(
                "版本{version}第{copy}份公章：{}",
                if present { "有" } else { "缺" }
            );
            audit::append(&mut tx, at, "seal", &hex(&record), &detail).await?;
            commit(tx).await?;
            Ok(true)
        })
    }
}

/// The sighting of a source that was put before the desk already, with the answer of that time.
async fn given_before(db: &mut Db, source: &str) -> Result<Option<(i64, Before)>, LedgerFault> {
    let row = sql::query("SELECT no, verdict, at FROM sighting WHERE source = ?")
        .bind(source)
        .fetch_optional(db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let before = Before {
        verdict: verdict(row.try_get(1)?)?,
        at: time(row.try_get(2)?)?,
    };
    Ok(Some((row.try_get(0)?, before)))
}

async fn enter(db: &mut Db, sighting: &Sighting<'_>, answer: &Answer) -> Result<(), LedgerFault> {
    let receipt = match (sighting.shown, sighting.read.bytes) {
        (
            Presented::Mark(Signature::Genuine(mark)) | Presented::Code(Signature::Genuine(mark)),
            Some(bytes),
        ) => Some(enter_receipt(db, sighting, mark, bytes).await?),
        _ => None,
    };
    let no = sql::query_scalar(
        "INSERT INTO sighting (source, receipt, at, how, mark, verdict, reason, name, object, behind)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
                 CASE WHEN ?3 + ?10 < coalesce((SELECT max(at) FROM sighting), ?3) THEN 1 ELSE 0 END) RETURNING no",
    )
    .bind(&sighting.source)
    .bind(receipt)
    .bind(seconds(sighting.at))
    .bind(sighting.how)
    .bind(sighting.read.bytes.map(|b| &b[..]))
    .bind(answer.verdict.code())
    .bind(&answer.reason)
    .bind(sighting.name)
    .bind(sighting.picture.as_ref().map(|p| &p[..]))
    .bind(TOLERANCE.as_secs())
    .fetch_one(&mut *db)
    .await?;
    let own = (no, receipt);
    tray::close_same(db, sighting, own).await?;
    let mark = sighting.shown.signature().and_then(Signature::mark);
    let subject = mark.map_or_else(String::new, |m| hex(&m.reference()));
    let page = mark.map_or_else(String::new, |m| format!("，{}", crate::mark::caption(m)));
    let detail = format!("{}{page}", answer.verdict.label());
    audit::append(db, sighting.at, "receive", &subject, &detail).await?;
    Ok(())
}

pub(super) async fn enter_receipt(
    db: &mut Db,
    sighting: &Sighting<'_>,
    mark: &Mark,
    bytes: &[u8; 96],
) -> Result<i64, LedgerFault> {
    sql::query(
        "INSERT INTO receipt (mark, record, version, copy, page, pages, minutes, digest, at, how, signer)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
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
    .bind(sighting.read.signer)
    .execute(&mut *db)
    .await?;
    let no = sql::query_scalar("SELECT no FROM receipt WHERE mark = ?")
        .bind(&bytes[..])
        .fetch_one(db)
        .await?;
    Ok(no)
}

/// What the ledger knows of a mark; of what was received, only sightings before `upto` count. The sheet is issued where its mark
/// stands in the list; a later key of the unit prints the same pages again: then all that the mark says but the key's number must
/// stand there. One statement: a desk asks it for every page.
pub(super) async fn standing(
    db: &mut Db,
    signature: Option<&Signature>,
    read: &ReadMark<'_>,
    upto: i64,
) -> Result<Standing, LedgerFault> {
    let (Some(mark), Some(bytes)) = (signature.and_then(Signature::mark), read.bytes) else {
        return Ok(Standing::default());
    };
    let row = sql::query(
        "SELECT u.campaign, u.name, r.kind, r.name, r.latest, r.withdrawn, v.digest, w.at, w.reason,
         (SELECT copies FROM version l WHERE l.record = r.reference AND l.number = r.latest),
         EXISTS (SELECT 1 FROM sheet WHERE mark = ?5),
         EXISTS (SELECT 1 FROM sheet WHERE substr(mark, 4, 29) = substr(?5, 4, 29)),
         EXISTS (SELECT 1 FROM unit_key k WHERE k.campaign = u.campaign AND k.unit = u.begun AND k.fingerprint = ?6),
         (SELECT s.at FROM receipt p JOIN sighting s ON s.receipt = p.no WHERE p.mark = ?5 AND s.no < ?7
          AND NOT EXISTS (SELECT 1 FROM retract t WHERE t.sighting = s.no) ORDER BY s.no LIMIT 1), w.copy
         FROM record r JOIN unit u ON u.no = r.unit
         LEFT JOIN version v ON v.record = r.reference AND v.number = ?2
         LEFT JOIN void w ON w.record = r.reference AND w.version = ?2 AND w.minutes = ?3 AND w.copy IN (0, ?4)
         WHERE r.reference = ?1 ORDER BY w.copy, w.at LIMIT 1",
    )
    .bind(&mark.reference()[..])
    .bind(i64::from(mark.version()))
    .bind(i64::from(mark.minutes()))
    .bind(i64::from(mark.copy()))
    .bind(&bytes[..])
    .bind(read.signer)
    .bind(upto)
    .fetch_optional(db)
    .await?;
    let Some(row) = row else {
        return Ok(Standing::default());
    };
    let flag = |at: usize| row.try_get::<i64>(at).map(|flag| flag > 0);
    let (exact, says, key) = (flag(10)?, flag(11)?, flag(12)?);
    let received: Option<i64> = row.try_get(13)?;
    Ok(Standing {
        record: Some(known(&row)?),
        issued: exact || says && key,
        of_unit: exact || key,
        received: received.map(time).transpose()?,
        settled: false,
    })
}

/// The record of a mark.
fn known(row: &Row) -> Result<KnownRecord, LedgerFault> {
    let digest: Option<Vec<u8>> = row.try_get(6)?;
    let void_at: Option<i64> = row.try_get(7)?;
    let void_reason: Option<String> = row.try_get(8)?;
    let void_copy: Option<i64> = row.try_get(14)?;
    let withdrawn: Option<i64> = row.try_get(5)?;
    Ok(KnownRecord {
        campaign: row.try_get(0)?,
        unit: row.try_get(1)?,
        kind: kind(row.try_get(2)?)?,
        name: row.try_get(3)?,
        latest: small(row.try_get(4)?, "版本")?,
        copies: small(row.try_get::<Option<i64>>(9)?.unwrap_or(0), "份数")?,
        digest: digest.map(|d| bytes(&d, "摘要").map(Digest)).transpose()?,
        withdrawn: withdrawn.map(time).transpose()?,
        void: match void_at.map(time).transpose()? {
            Some(at) => Some(Annulment {
                at,
                copy: small(void_copy.unwrap_or(0), "份次")?,
                reason: void_reason.unwrap_or_default(),
            }),
            None => None,
        },
    })
}
