//! Whose unit it is (单位的密钥): the keys that may file for a unit. The key that filed a unit first speaks for it; another one needs
//! an act of the organiser.

use jiff::Timestamp;

use super::audit;
use super::connection::Ledger;
use super::fault::LedgerFault;
use super::filing::{Filing, Voucher};
use super::sql::{self, Db};
use super::transaction::{begin, commit};
use super::values::{seconds, time};
use crate::store::StoreError;

/// A key that may file for a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitKeyRow {
    /// Id of the campaign.
    pub campaign: String,
    /// The name that the unit's record book was begun with, or under which it is expected.
    pub unit: String,
    /// Fingerprint of the public key, 64 hexadecimal digits.
    pub fingerprint: String,
    /// Since when it is known here.
    pub at: Timestamp,
    /// `first`, `own` or `entered`.
    pub how: String,
}

impl Ledger {
    /// Whether a filing would be entered as far as unit and key go; nothing is written.
    pub fn admits(&mut self, filing: &Filing<'_>) -> Result<(), StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            admit(&mut tx, filing).await?;
            tx.rollback().await
        })
    }

    /// Lets a key file for a unit, by an act of the organiser; `unit` is the name that its record book was begun with, its name
    /// now, or the one under which it is expected. Gives `false` where it might already; nothing is changed then.
    pub fn enter_unit_key(
        &mut self,
        at: Timestamp,
        (campaign, unit): (&str, &str),
        fingerprint: &str,
    ) -> Result<bool, StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            let begun = sql::query_scalar::<String>(
                "SELECT begun FROM unit WHERE campaign = ? AND name = ? ORDER BY no LIMIT 1",
            )
            .bind(campaign)
            .bind(unit)
            .fetch_optional(&mut tx)
            .await?;
            let unit = begun.as_deref().unwrap_or(unit);
            let fresh = enter(&mut tx, (campaign, unit), fingerprint, at, "entered").await?;
            if fresh {
                let detail = format!("可代表“{unit}”报送（{campaign}）");
                audit::append(&mut tx, at, "key", fingerprint, &detail).await?;
            }
            commit(tx).await?;
            Ok(fresh)
        })
    }

    /// The keys that may file for units, by campaign and unit, the first first.
    pub fn unit_keys(&mut self) -> Result<Vec<UnitKeyRow>, StoreError> {
        self.run(async |db, _| {
            let rows = sql::query(
                "SELECT campaign, unit, fingerprint, at, how FROM unit_key ORDER BY campaign, unit, at, fingerprint",
            )
            .fetch_all(db)
            .await?;
            rows.iter()
                .map(|row| {
                    Ok(UnitKeyRow {
                        campaign: row.try_get(0)?,
                        unit: row.try_get(1)?,
                        fingerprint: row.try_get(2)?,
                        at: time(row.try_get(3)?)?,
                        how: row.try_get(4)?,
                    })
                })
                .collect::<Result<Vec<_>, LedgerFault>>()
        })
    }
}

async fn enter(
    db: &mut Db,
    (campaign, unit): (&str, &str),
    fingerprint: &str,
    at: Timestamp,
    how: &str,
) -> Result<bool, LedgerFault> {
    let done = sql::query(
        "INSERT INTO unit_key (campaign, unit, fingerprint, at, how) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(campaign)
    .bind(unit)
    .bind(fingerprint)
    .bind(seconds(at))
    .bind(how)
    .execute(db)
    .await?;
    Ok(done > 0)
}

/// The keys of a unit under one of its names.
async fn keys_of(db: &mut Db, campaign: &str, unit: &str) -> Result<Vec<String>, LedgerFault> {
    let keys =
        sql::query_scalar("SELECT fingerprint FROM unit_key WHERE campaign = ? AND unit = ?")
            .bind(campaign)
            .bind(unit)
            .fetch_all(db)
            .await?;
    Ok(keys)
}

/// Whether a filing may be entered for the unit that it names, before anything of it is written; the first key that files a
/// unit is remembered.
pub(super) async fn admit(db: &mut Db, filing: &Filing<'_>) -> Result<(), LedgerFault> {
    let (campaign, begun, now) = (filing.book.campaign(), filing.book.unit(), filing.unit);
    let Some(signer) = filing.signers.first() else {
        return Err(LedgerFault::Row("签名密钥"));
    };
    // of a key folder of this desk's own any key will do; of a package the one that signed it
    let mine = |keys: &[String]| match filing.voucher {
        Voucher::Own => filing.signers.iter().any(|s| keys.contains(s)),
        _ => keys.contains(signer),
    };
    let foreign = |unit: &str| {
        Err(LedgerFault::UnitKey {
            unit: unit.to_owned(),
            fingerprint: signer.clone(),
        })
    };
    let keys = keys_of(db, campaign, begun).await?;
    let known = !keys.is_empty();
    if known && !mine(&keys) {
        return foreign(begun);
    }
    if another_book(db, filing, &keys).await? {
        return foreign(begun);
    }
    // a name that another unit bears, was begun with, or is expected under, is that unit's
    if now != begun {
        let theirs = keys_of(db, campaign, now).await?;
        let free = if theirs.is_empty() {
            // this desk's own key makes for whom it is told, by whoever sits at the desk
            let own = filing.voucher == Voucher::Own;
            !is_somebody(db, campaign, (begun, now), own).await?
        } else {
            mine(&theirs)
        };
        if !free {
            return foreign(now);
        }
    } else if !known && is_called_so(db, campaign, begun).await? {
        return foreign(begun);
    }
    if !known && filing.voucher == Voucher::Nobody {
        return foreign(begun);
    }
    if let Some(stranger) = filing
        .mark_signers
        .iter()
        .find(|s| !filing.signers.contains(*s) && !keys.contains(*s))
    {
        return Err(LedgerFault::UnitKey {
            unit: begun.to_owned(),
            fingerprint: stranger.clone(),
        });
    }
    if known {
        enter(db, (campaign, begun), signer, filing.at, "own").await?;
        return Ok(());
    }
    for signer in filing.signers {
        enter(db, (campaign, begun), signer, filing.at, "first").await?;
    }
    Ok(())
}

/// Whether a book names another key than those that file, and than the unit's books that are here: of another unit, or begun anew.
async fn another_book(
    db: &mut Db,
    filing: &Filing<'_>,
    keys: &[String],
) -> Result<bool, LedgerFault> {
    let books: Vec<String> =
        sql::query_scalar("SELECT key FROM unit WHERE campaign = ? AND begun = ?")
            .bind(filing.book.campaign())
            .bind(filing.book.unit())
            .fetch_all(db)
            .await?;
    let key = filing.book.key();
    // a key's number is the beginning of its fingerprint
    let mut all = filing.signers.iter().chain(keys);
    let mine = all.any(|fingerprint| fingerprint.get(..4) == Some(key));
    Ok(!books.iter().any(|book| book == key) && !mine)
}

/// Whether a new name is one that another unit bears, was begun with, or is expected under.
async fn is_somebody(
    db: &mut Db,
    campaign: &str,
    (begun, now): (&str, &str),
    own: bool,
) -> Result<bool, LedgerFault> {
    let found: i64 = sql::query_scalar(
        "SELECT (SELECT count(*) FROM unit WHERE campaign = ?1 AND begun <> ?2 AND (begun = ?3 OR name = ?3))
         + (SELECT count(*) FROM roster WHERE campaign = ?1 AND name = ?3 AND ?4 = 0)",
    )
    .bind(campaign)
    .bind(begun)
    .bind(now)
    .bind(own)
    .fetch_one(db)
    .await?;
    Ok(found > 0)
}

/// Whether another unit, begun under another name, bears this one now.
async fn is_called_so(db: &mut Db, campaign: &str, name: &str) -> Result<bool, LedgerFault> {
    let found: i64 = sql::query_scalar(
        "SELECT count(*) FROM unit WHERE campaign = ?1 AND begun <> ?2 AND name = ?2",
    )
    .bind(campaign)
    .bind(name)
    .fetch_one(db)
    .await?;
    Ok(found > 0)
}
