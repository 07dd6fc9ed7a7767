//! Units, records and versions: entered from a record book, append-only, contents sealed; and given back as a book.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};

use crate::campaign::FormKind;
use crate::record::{Book, BookRecord, Contents, Digest, Version};

use super::prints::{Sheet, Voided, enter_sheets, enter_voids};
use super::units::Contact;
use super::{Ledger, LedgerFault, StoreError, audit, bytes, hex, kind, seconds, small};
use crate::store::vault::Vault;

/// What one act files for one unit, all of it or nothing.
#[derive(Debug)]
pub struct Filing<'a> {
    /// Now.
    pub at: Timestamp,
    /// The act in the audit log: `issue`, `package`.
    pub act: &'static str,
    /// The unit's whole record book.
    pub book: &'a Book,
    /// The unit's name now.
    pub unit: &'a str,
    /// Its channel's key; empty where not known.
    pub channel: &'a str,
    /// Whom to telephone there.
    pub contact: &'a Contact,
    /// References of the records that are in the submission now; others of the unit count as withdrawn.
    pub present: &'a [[u8; 8]],
    /// Sheets that are issued; those that the ledger has are left as they are.
    pub sheets: &'a [Sheet],
    /// Voids that came along; those that the ledger has are left as they are.
    pub voids: &'a [Voided],
    /// Values for the blind index: record, field key, value.
    pub lookups: &'a [([u8; 8], String, String)],
    /// The package that all this came in.
    pub package: Option<PackageRow>,
}

/// A package as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageRow {
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// When the unit made it.
    pub made_at: Timestamp,
    /// Its file name.
    pub name: String,
}

/// What filing changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether the same package had been received before; nothing was changed then.
    pub again: bool,
    /// New versions: form, name and number.
    pub added: Vec<(FormKind, String, u16)>,
    /// Records whose version in the ledger is later: form, name, version offered, version in the ledger.
    pub older: Vec<(FormKind, String, u16, u16)>,
    /// Sheets that were not in the ledger before.
    pub sheets: usize,
}

impl Ledger {
    /// The record book of a unit: by campaign, the name it was begun with and the number of its key; none where the ledger
    /// has no such unit.
    pub fn book(
        &mut self,
        campaign: &str,
        begun: &str,
        key: &str,
    ) -> Result<Option<Book>, StoreError> {
        let fault = self.fault();
        let Self {
            runtime, db, vault, ..
        } = self;
        let read = read_book(db, vault, (campaign, begun, key));
        runtime.block_on(read).map_err(fault)
    }

    /// Files a unit's records. A book that lacks versions of the ledger changes nothing (`Outcome::older`); one whose
    /// versions contradict the ledger's is a [`LedgerFault::Fork`].
    pub fn file(&mut self, filing: &Filing<'_>) -> Result<Outcome, StoreError> {
        let fault = self.fault();
        let Self {
            runtime, db, vault, ..
        } = self;
        let done = async {
            let mut tx = super::begin(db).await?;
            let outcome = file(&mut tx, vault, filing).await?;
            if outcome.again || !outcome.older.is_empty() {
                tx.rollback().await?;
            } else {
                super::commit(tx).await?;
            }
            Ok(outcome)
        };
        runtime.block_on(done).map_err(fault)
    }

    /// The contents of a version; none where the ledger does not have it.
    pub fn contents(
        &mut self,
        reference: [u8; 8],
        version: u16,
    ) -> Result<Option<Contents>, StoreError> {
        let fault = self.fault();
        let Self {
            runtime, db, vault, ..
        } = self;
        let read = async {
            let sealed: Option<Vec<u8>> =
                sqlx::query_scalar("SELECT contents FROM version WHERE record = ? AND number = ?")
                    .bind(&reference[..])
                    .bind(i64::from(version))
                    .fetch_optional(db)
                    .await?;
            sealed
                .map(|sealed| unseal(vault, &reference, version, &sealed))
                .transpose()
        };
        runtime.block_on(read).map_err(fault)
    }

    /// Latest version of a record and when it was made; none where the ledger has no such record.
    pub fn latest(&mut self, reference: [u8; 8]) -> Result<Option<(u16, Timestamp)>, StoreError> {
        let fault = self.fault();
        let Self { runtime, db, .. } = self;
        let read = async {
            let row = sqlx::query(
                "SELECT number, issued_at FROM version WHERE record = ? ORDER BY number DESC LIMIT 1",
            )
            .bind(&reference[..])
            .fetch_optional(db)
            .await?;
            let Some(row) = row else { return Ok(None) };
            let at: String = row.try_get(1)?;
            let at = at.parse().map_err(|_| LedgerFault::Row("时间"))?;
            Ok(Some((small(row.try_get(0)?, "版本")?, at)))
        };
        runtime.block_on(read).map_err(fault)
    }

    /// Originals asked for of a version; 0 where the ledger does not have it.
    pub fn copies(&mut self, reference: [u8; 8], version: u16) -> Result<u8, StoreError> {
        let fault = self.fault();
        let Self { runtime, db, .. } = self;
        let read = async {
            let copies: Option<i64> =
                sqlx::query_scalar("SELECT copies FROM version WHERE record = ? AND number = ?")
                    .bind(&reference[..])
                    .bind(i64::from(version))
                    .fetch_optional(db)
                    .await?;
            copies.map_or(Ok(0), |n| small(n, "份数"))
        };
        runtime.block_on(read).map_err(fault)
    }

    /// What people call a record: `推荐表（张三）`; none where the ledger has no such record.
    pub fn title(&mut self, reference: [u8; 8]) -> Result<Option<String>, StoreError> {
        let fault = self.fault();
        let Self { runtime, db, .. } = self;
        let read = async {
            let row = sqlx::query("SELECT kind, name FROM record WHERE reference = ?")
                .bind(&reference[..])
                .fetch_optional(db)
                .await?;
            let Some(row) = row else { return Ok(None) };
            let name: String = row.try_get(1)?;
            Ok(Some(format!(
                "{}（{name}）",
                kind(row.try_get(0)?)?.label()
            )))
        };
        runtime.block_on(read).map_err(fault)
    }

    /// References of the records that hold a value in a field of the blind index.
    pub fn find(&mut self, value: &str) -> Result<Vec<([u8; 8], String)>, StoreError> {
        let fault = self.fault();
        let Self {
            runtime, db, vault, ..
        } = self;
        let blind = vault.blind("lookup", value);
        let read = async {
            let rows = sqlx::query(
                "SELECT record, field FROM lookup WHERE blind = ? ORDER BY record, field",
            )
            .bind(&blind[..])
            .fetch_all(db)
            .await?;
            rows.iter()
                .map(|row| {
                    let record: Vec<u8> = row.try_get(0)?;
                    Ok((bytes(&record, "记录编号")?, row.try_get(1)?))
                })
                .collect::<Result<Vec<_>, LedgerFault>>()
        };
        runtime.block_on(read).map_err(fault)
    }
}

async fn file(
    db: &mut SqliteConnection,
    vault: &Vault,
    filing: &Filing<'_>,
) -> Result<Outcome, LedgerFault> {
    let mut outcome = Outcome::default();
    let unit = enter_unit(db, vault, filing).await?;
    if let Some(package) = &filing.package {
        let known: Option<i64> = sqlx::query_scalar("SELECT unit FROM package WHERE sha256 = ?")
            .bind(&package.sha256[..])
            .fetch_optional(&mut *db)
            .await?;
        if known.is_some() {
            outcome.again = true;
            return Ok(outcome);
        }
    }
    for (place, record) in (0_i64..).zip(filing.book.records()) {
        enter_record(db, vault, (unit, place), filing, record, &mut outcome).await?;
    }
    if !outcome.older.is_empty() {
        return Ok(outcome);
    }
    for (reference, field, value) in filing.lookups {
        sqlx::query("INSERT OR IGNORE INTO lookup (blind, record, field) VALUES (?, ?, ?)")
            .bind(&vault.blind("lookup", value)[..])
            .bind(&reference[..])
            .bind(field)
            .execute(&mut *db)
            .await?;
    }
    outcome.sheets = enter_sheets(db, filing.at, filing.sheets).await?;
    enter_voids(db, filing.voids).await?;
    if let Some(package) = &filing.package {
        enter_package(db, unit, filing, package).await?;
    }
    let detail = told(filing, &outcome);
    if !outcome.added.is_empty() || outcome.sheets > 0 || filing.package.is_some() {
        audit::append(db, filing.at, filing.act, filing.unit, &detail).await?;
    }
    Ok(outcome)
}

/// What the audit log says of a filing.
fn told(filing: &Filing<'_>, outcome: &Outcome) -> String {
    let mut words = Vec::new();
    let added: Vec<String> = outcome
        .added
        .iter()
        .map(|(kind, name, version)| format!("{}（{name}）版本{version}", kind.label()))
        .collect();
    if !added.is_empty() {
        words.push(added.join("、"));
    }
    if outcome.sheets > 0 {
        words.push(format!("签发{}页", outcome.sheets));
    }
    if let Some(package) = &filing.package {
        words.push(format!("电子包{}", hex32(&package.sha256)));
    }
    words.join("；")
}

fn hex32(sum: &[u8; 32]) -> String {
    Digest(*sum).to_string()
}

async fn enter_unit(
    db: &mut SqliteConnection,
    vault: &Vault,
    filing: &Filing<'_>,
) -> Result<i64, LedgerFault> {
    let contact = filing.contact.seal(vault)?;
    sqlx::query(
        "INSERT INTO unit (campaign, begun, name, channel, key, contact) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (campaign, begun, key) DO UPDATE SET name = excluded.name,
         contact = CASE WHEN length(excluded.contact) = 0 THEN contact ELSE excluded.contact END,
         channel = CASE excluded.channel WHEN '' THEN channel ELSE excluded.channel END",
    )
    .bind(filing.book.campaign())
    .bind(filing.book.unit())
    .bind(filing.unit)
    .bind(filing.channel)
    .bind(filing.book.key())
    .bind(contact)
    .execute(&mut *db)
    .await?;
    let no = sqlx::query_scalar("SELECT no FROM unit WHERE campaign = ? AND begun = ? AND key = ?")
        .bind(filing.book.campaign())
        .bind(filing.book.unit())
        .bind(filing.book.key())
        .fetch_one(db)
        .await?;
    Ok(no)
}

async fn enter_package(
    db: &mut SqliteConnection,
    unit: i64,
    filing: &Filing<'_>,
    package: &PackageRow,
) -> Result<(), LedgerFault> {
    sqlx::query(
        "INSERT INTO package (sha256, campaign, unit, made_at, at, name) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(&package.sha256[..])
    .bind(filing.book.campaign())
    .bind(unit)
    .bind(seconds(package.made_at))
    .bind(seconds(filing.at))
    .bind(&package.name)
    .execute(db)
    .await?;
    Ok(())
}

async fn enter_record(
    db: &mut SqliteConnection,
    vault: &Vault,
    (unit, place): (i64, i64),
    filing: &Filing<'_>,
    record: &BookRecord,
    outcome: &mut Outcome,
) -> Result<(), LedgerFault> {
    let reference = record
        .reference_bytes()
        .ok_or(LedgerFault::Row("记录编号"))?;
    let code = record.kind().mark_code().ok_or(LedgerFault::Row("表种"))?;
    let stands = sqlx::query("SELECT unit, kind, latest FROM record WHERE reference = ?")
        .bind(&reference[..])
        .fetch_optional(&mut *db)
        .await?;
    let known: u16 = match &stands {
        None => 0,
        Some(row) => {
            let (owner, of_kind): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
            if owner != unit || of_kind != i64::from(code) {
                return Err(LedgerFault::Taken(hex(&reference)));
            }
            small(row.try_get(2)?, "版本")?
        }
    };
    agree(db, &reference, record).await?;
    let latest = record.latest().map_or(0, |v| v.version);
    if latest < known {
        let name = record.name().to_owned();
        outcome.older.push((record.kind(), name, latest, known));
        return Ok(());
    }
    let withdrawn = (!filing.present.contains(&reference)).then_some(seconds(filing.at));
    sqlx::query(
        "INSERT INTO record (reference, place, unit, kind, name, latest, withdrawn) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (reference) DO UPDATE SET place = excluded.place, name = excluded.name, latest = excluded.latest,
         withdrawn = CASE WHEN excluded.withdrawn IS NULL THEN NULL ELSE coalesce(withdrawn, excluded.withdrawn) END",
    )
    .bind(&reference[..])
    .bind(place)
    .bind(unit)
    .bind(i64::from(code))
    .bind(record.name())
    .bind(i64::from(latest))
    .bind(withdrawn)
    .execute(&mut *db)
    .await?;
    for version in record.versions().iter().filter(|v| v.version > known) {
        enter_version(db, vault, &reference, version).await?;
        outcome
            .added
            .push((record.kind(), record.name().to_owned(), version.version));
    }
    Ok(())
}

/// Fails where a version that both have has other contents.
async fn agree(
    db: &mut SqliteConnection,
    reference: &[u8; 8],
    record: &BookRecord,
) -> Result<(), LedgerFault> {
    let rows = sqlx::query("SELECT number, digest FROM version WHERE record = ? ORDER BY number")
        .bind(&reference[..])
        .fetch_all(db)
        .await?;
    for (row, version) in rows.iter().zip(record.versions()) {
        let digest: Vec<u8> = row.try_get(1)?;
        if digest != version.digest.0 {
            return Err(LedgerFault::Fork {
                name: record.name().to_owned(),
                version: version.version,
            });
        }
    }
    Ok(())
}

async fn enter_version(
    db: &mut SqliteConnection,
    vault: &Vault,
    reference: &[u8; 8],
    version: &Version,
) -> Result<(), LedgerFault> {
    let plain = serde_json::to_vec(&version.contents).map_err(|_| LedgerFault::Row("内容"))?;
    let sealed = vault
        .seal(&purpose(reference, version.version), &plain)
        .map_err(|e| LedgerFault::Engine(e.to_string()))?;
    sqlx::query(
        "INSERT INTO version (record, number, template, digest, issued_at, copies, contents)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&reference[..])
    .bind(i64::from(version.version))
    .bind(i64::from(version.template))
    .bind(&version.digest.0[..])
    .bind(version.issued_at.to_string())
    .bind(i64::from(version.copies))
    .bind(sealed)
    .execute(db)
    .await?;
    Ok(())
}

/// What sealed contents are bound to, so that a row cannot be put in another's place.
fn purpose(reference: &[u8; 8], version: u16) -> Vec<u8> {
    [b"contents".as_slice(), reference, &version.to_be_bytes()].concat()
}

fn unseal(
    vault: &Vault,
    reference: &[u8; 8],
    version: u16,
    sealed: &[u8],
) -> Result<Contents, LedgerFault> {
    let plain = vault
        .open_sealed(&purpose(reference, version), sealed)
        .map_err(|_| LedgerFault::Row("密封内容"))?;
    serde_json::from_slice(&plain).map_err(|_| LedgerFault::Row("内容"))
}

async fn read_book(
    db: &mut SqliteConnection,
    vault: &Vault,
    (campaign, begun, key): (&str, &str, &str),
) -> Result<Option<Book>, LedgerFault> {
    let unit: Option<i64> =
        sqlx::query_scalar("SELECT no FROM unit WHERE campaign = ? AND begun = ? AND key = ?")
            .bind(campaign)
            .bind(begun)
            .bind(key)
            .fetch_optional(&mut *db)
            .await?;
    let Some(unit) = unit else { return Ok(None) };
    let rows = sqlx::query(
        "SELECT r.reference, r.kind, r.name, v.number, v.template, v.digest, v.issued_at, v.copies, v.contents
         FROM record r JOIN version v ON v.record = r.reference WHERE r.unit = ? ORDER BY r.place, r.reference, v.number",
    )
    .bind(unit)
    .fetch_all(db)
    .await?;
    let mut order = Vec::new();
    let mut records: BTreeMap<[u8; 8], (FormKind, String, Vec<Version>)> = BTreeMap::new();
    for row in &rows {
        let reference: Vec<u8> = row.try_get(0)?;
        let reference: [u8; 8] = bytes(&reference, "记录编号")?;
        let of_kind = kind(row.try_get(1)?)?;
        let name: String = row.try_get(2)?;
        let version: u16 = small(row.try_get(3)?, "版本")?;
        let digest: Vec<u8> = row.try_get(5)?;
        let sealed: Vec<u8> = row.try_get(8)?;
        let entry = records.entry(reference).or_insert_with(|| {
            order.push(reference);
            (of_kind, name, Vec::new())
        });
        entry.2.push(Version {
            version,
            template: small(row.try_get(4)?, "模板版本")?,
            digest: Digest(bytes(&digest, "摘要")?),
            issued_at: row
                .try_get::<String, _>(6)?
                .parse()
                .map_err(|_| LedgerFault::Row("时间"))?,
            copies: small(row.try_get(7)?, "份数")?,
            contents: unseal(vault, &reference, version, &sealed)?,
        });
    }
    let records = order.iter().filter_map(|reference| {
        let (kind, name, versions) = records.remove(reference)?;
        Some(BookRecord::restored(*reference, kind, name, versions))
    });
    Book::restored(campaign, begun, key, records.collect())
        .map(Some)
        .map_err(|_| LedgerFault::Row("记录"))
}
