//! Pages that were read and not believed (没有认可的页): their mark is kept as it was read, so that they are judged again once the key that
//! signed them is trusted.

use jiff::Timestamp;

use crate::mark::{Mark, SignatureCheck as Signature};
use crate::receipt::{Presented, judge};

use super::audit;
use super::connection::Ledger;
use super::fault::LedgerFault;
use super::receipts::{enter_receipt, standing};
use super::sighting::{ReadMark, Sighting};
use super::sql;
use super::transaction::{begin, commit};
use super::tray;
use super::values::{bytes, hex, time};
use crate::store::StoreError;

/// A page whose mark was read and whose signature did not hold when it was put before the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnbelievedPage {
    /// Number of the sighting.
    pub no: i64,
    /// When it was put before the desk.
    pub at: Timestamp,
    /// What makes the same scan of the same page one.
    pub source: String,
    /// How it was read: `scan`, `digits` or `human`.
    pub how: &'static str,
    /// Body and signature of its mark.
    pub mark: [u8; 96],
}

impl Ledger {
    /// Pages that were read and not believed, that nobody has dealt with and nobody took back; oldest first.
    pub fn unbelieved(&mut self) -> Result<Vec<UnbelievedPage>, StoreError> {
        self.run(async |db, _| {
            let rows = sql::query(
                "SELECT no, at, source, how, mark FROM sighting
                 WHERE receipt IS NULL AND mark IS NOT NULL AND how IN ('scan', 'digits', 'human')
                 AND NOT EXISTS (SELECT 1 FROM retract t WHERE t.sighting = sighting.no)
                 AND NOT EXISTS (SELECT 1 FROM review v WHERE v.sighting = sighting.no
                 AND NOT EXISTS (SELECT 1 FROM retract t WHERE t.sighting = v.by)) ORDER BY no",
            )
            .fetch_all(db)
            .await?;
            rows.iter()
                .map(|row| {
                    let mark: Vec<u8> = row.try_get(4)?;
                    let how: String = row.try_get(3)?;
                    Ok(UnbelievedPage {
                        no: row.try_get(0)?,
                        at: time(row.try_get(1)?)?,
                        source: row.try_get(2)?,
                        how: match how.as_str() {
                            "human" => "human",
                            "digits" => "digits",
                            _ => "scan",
                        },
                        mark: bytes(&mark, "标记")?,
                    })
                })
                .collect::<Result<Vec<_>, LedgerFault>>()
        })
    }

    /// Judges such a page by a signature that holds now, and registers it as what came when it came: whoever handed it in does not
    /// answer for a key that was unknown at the desk. Gives `false` where another run was first; nothing is changed then.
    pub fn receive_again(
        &mut self,
        page: &UnbelievedPage,
        (signature, signer): (&Signature, &str),
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let Some(mark) = signature.mark() else {
            return Ok(false);
        };
        let sighting = sighting(page, signature, signer);
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            let waits: Option<i64> =
                sql::query_scalar("SELECT no FROM sighting WHERE no = ? AND receipt IS NULL")
                    .bind(page.no)
                    .fetch_optional(&mut tx)
                    .await?;
            if waits.is_none() {
                return Ok(false);
            }
            let standing = standing(&mut tx, Some(signature), &sighting.read, page.no).await?;
            let answer = judge(&sighting.shown, &standing, None);
            let receipt = enter_receipt(&mut tx, &sighting, mark, &page.mark).await?;
            sql::query("UPDATE sighting SET receipt = ?, verdict = ?, reason = ? WHERE no = ?")
                .bind(receipt)
                .bind(answer.verdict.code())
                .bind(&answer.reason)
                .bind(page.no)
                .execute(&mut tx)
                .await?;
            tray::close_same(&mut tx, &sighting, (page.no, Some(receipt))).await?;
            let detail = format!(
                "{}，{}；签名的密钥后来列入信任名单，重新比对",
                answer.verdict.label(),
                crate::mark::caption(mark)
            );
            let subject = hex(&Mark::reference(mark));
            audit::append(&mut tx, now, "receive", &subject, &detail).await?;
            commit(tx).await?;
            Ok(true)
        })
    }
}

/// The page as it was put before the desk, with the signature of today.
fn sighting<'a>(
    page: &'a UnbelievedPage,
    signature: &'a Signature,
    signer: &'a str,
) -> Sighting<'a> {
    Sighting {
        at: page.at,
        source: page.source.clone(),
        how: page.how,
        shown: match page.how {
            "human" => Presented::Code(signature),
            _ => Presented::Mark(signature),
        },
        read: ReadMark {
            bytes: Some(&page.mark),
            signer,
        },
        name: "",
        picture: None,
    }
}
