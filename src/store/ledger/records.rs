//! Units, records and versions: entered from a record book, append-only, contents sealed. Read back in `lookup`.

use std::collections::BTreeSet;

use crate::record::{BookRecord, Digest, Version};

use super::audit;
use super::connection::Ledger;
use super::erased::{erased_upto, still_taken_in};
use super::fault::LedgerFault;
use super::filing::{Filing, Outcome, PackageRow};
use super::prints::{enter_sheets, enter_voids};
use super::remnants::remnant;
use super::sealed::seal;
use super::sql::{self, Db};
use super::transaction::{begin, commit};
use super::trust::admit;
use super::values::{hex, seconds, small};
use crate::store::StoreError;
use crate::store::objects::{OBJECTS, relative};
use crate::store::vault::Vault;

impl Ledger {
    /// Files a unit's records. A book that lacks versions of the ledger changes nothing (`Outcome::older`); one whose
    /// versions contradict the ledger's is a [`LedgerFault::Fork`].
    pub fn file(&mut self, filing: &Filing<'_>) -> Result<Outcome, StoreError> {
        self.run(async |db, vault| {
            let mut tx = begin(db).await?;
            let outcome = file(&mut tx, vault, filing).await?;
            if outcome.again || !outcome.older.is_empty() {
                tx.rollback().await?;
            } else {
                commit(tx).await?;
            }
            Ok(outcome)
        })
    }
}

async fn file(db: &mut Db, vault: &Vault, filing: &Filing<'_>) -> Result<Outcome, LedgerFault> {
    let mut outcome = Outcome::default();
    admit(db, filing).await?;
    let unit = enter_unit(db, vault, filing).await?;
    still_taken_in(db, unit).await?;
    if let Some(package) = &filing.package {
        let known: Option<i64> = sql::query_scalar("SELECT unit FROM package WHERE sha256 = ?")
            .bind(&package.sha256[..])
            .fetch_optional(&mut *db)
            .await?;
        if known.is_some() {
            outcome.again = true;
            return Ok(outcome);
        }
    }
    let mut gone = BTreeSet::new();
    for (place, record) in (0_i64..).zip(filing.book.records()) {
        let reference = record
            .reference_bytes()
            .ok_or(LedgerFault::Row("记录编号"))?;
        let latest = record.latest().map_or(0, |v| i64::from(v.version));
        if latest <= erased_upto(db, &reference).await? {
            // erased on purpose, and nothing newer is offered: it stays so
            gone.insert(reference);
        } else {
            enter_record(db, vault, (unit, place), filing, record, &mut outcome).await?;
        }
    }
    if !outcome.older.is_empty() {
        return Ok(outcome);
    }
    for (reference, field, value) in filing.lookups {
        if gone.contains(reference) {
            continue;
        }
        sql::query(
            "INSERT INTO lookup (blind, record, field) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(&vault.blind("lookup", value)[..])
        .bind(&reference[..])
        .bind(field)
        .execute(&mut *db)
        .await?;
    }
    outcome.sheets = enter_sheets(db, filing.at, filing.sheets).await?;
    enter_voids(db, filing.voids).await?;
    if let Some(package) = &filing.package {
        enter_package(db, (unit, &gone), filing, package).await?;
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
    // no names: the log is never cut, and names may have to go
    let added: Vec<String> = outcome
        .added
        .iter()
        .map(|(kind, _, version)| format!("{}版本{version}", kind.label()))
        .collect();
    if !added.is_empty() {
        words.push(added.join("、"));
    }
    if outcome.sheets > 0 {
        words.push(format!("签发{}页", outcome.sheets));
    }
    if let Some(package) = &filing.package {
        words.push(format!("报送包{}", hex32(&package.sha256)));
    }
    words.join("；")
}

fn hex32(sum: &[u8; 32]) -> String {
    Digest(*sum).to_string()
}

async fn enter_unit(db: &mut Db, vault: &Vault, filing: &Filing<'_>) -> Result<i64, LedgerFault> {
    let contact = filing.contact.seal(vault)?;
    sql::query(
        "INSERT INTO unit (campaign, begun, name, channel, key, contact) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (campaign, begun, key) DO UPDATE SET name = excluded.name,
         contact = CASE WHEN length(excluded.contact) = 0 THEN unit.contact ELSE excluded.contact END,
         channel = CASE excluded.channel WHEN '' THEN unit.channel ELSE excluded.channel END",
    )
    .bind(filing.book.campaign())
    .bind(filing.book.unit())
    .bind(filing.unit)
    .bind(filing.channel)
    .bind(filing.book.key())
    .bind(contact)
    .execute(&mut *db)
    .await?;
    let no = sql::query_scalar("SELECT no FROM unit WHERE campaign = ? AND begun = ? AND key = ?")
        .bind(filing.book.campaign())
        .bind(filing.book.unit())
        .bind(filing.book.key())
        .fetch_one(db)
        .await?;
    Ok(no)
}

async fn enter_package(
    db: &mut Db,
    (unit, gone): (i64, &BTreeSet<[u8; 8]>),
    filing: &Filing<'_>,
    package: &PackageRow,
) -> Result<(), LedgerFault> {
    sql::query(
        "INSERT INTO package (sha256, campaign, unit, made_at, at, name) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(&package.sha256[..])
    .bind(filing.book.campaign())
    .bind(unit)
    .bind(seconds(package.made_at))
    .bind(seconds(filing.at))
    .bind(&package.name)
    .execute(&mut *db)
    .await?;
    for entry in &package.entries {
        if entry.record.is_some_and(|r| gone.contains(&r)) {
            // kept a moment ago, before it was known that it must not be
            remnant(
                db,
                &format!("{OBJECTS}/{}", relative(&Digest(entry.object))),
            )
            .await?;
            continue;
        }
        sql::query(
            "INSERT INTO entry (package, name, role, record, size, object) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(&package.sha256[..])
        .bind(&entry.name)
        .bind(&entry.role)
        .bind(entry.record.as_ref().map(|r| &r[..]))
        .bind(i64::try_from(entry.size).unwrap_or(i64::MAX))
        .bind(&entry.object[..])
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

async fn enter_record(
    db: &mut Db,
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
    let stands = sql::query("SELECT unit, kind, latest FROM record WHERE reference = ?")
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
    sql::query(
        "INSERT INTO record (reference, place, unit, kind, name, latest, withdrawn) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (reference) DO UPDATE SET place = excluded.place, name = excluded.name, latest = excluded.latest,
         withdrawn = CASE WHEN excluded.withdrawn IS NULL THEN NULL ELSE coalesce(record.withdrawn, excluded.withdrawn) END",
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
async fn agree(db: &mut Db, reference: &[u8; 8], record: &BookRecord) -> Result<(), LedgerFault> {
    let rows = sql::query("SELECT number, digest FROM version WHERE record = ? ORDER BY number")
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
    db: &mut Db,
    vault: &Vault,
    reference: &[u8; 8],
    version: &Version,
) -> Result<(), LedgerFault> {
    let sealed = seal(vault, reference, version)?;
    sql::query(
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
