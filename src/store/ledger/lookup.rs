//! Records read back: a unit's book, a version's contents, what a record is called, and look-ups by number or name.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::campaign::FormKind;
use crate::record::{Book, BookRecord, Contents, Digest, Version};
use crate::store::vault::Vault;

use super::connection::Ledger;
use super::fault::LedgerFault;
use super::sealed::unseal;
use super::sql::{self, Db};
use super::values::{blob, bytes, kind, reference, small};
use crate::store::StoreError;

/// Where a record belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiledUnder {
    /// Id of the campaign.
    pub campaign: String,
    /// The unit's name.
    pub unit: String,
    /// Form that shows the record.
    pub kind: FormKind,
    /// The candidate's or the unit's name.
    pub name: String,
    /// Latest version.
    pub latest: u16,
}

impl Ledger {
    /// Whether a package was received before.
    pub fn has_package(&mut self, sha256: &[u8; 32]) -> Result<bool, StoreError> {
        self.run(async |db, _| {
            let known: Option<i64> = sql::query_scalar("SELECT unit FROM package WHERE sha256 = ?")
                .bind(&sha256[..])
                .fetch_optional(db)
                .await?;
            Ok(known.is_some())
        })
    }

    /// Whether a source was put before the desk already.
    pub fn has_source(&mut self, source: &str) -> Result<bool, StoreError> {
        self.run(async |db, _| {
            let known: Option<i64> = sql::query_scalar("SELECT no FROM sighting WHERE source = ?")
                .bind(source)
                .fetch_optional(db)
                .await?;
            Ok(known.is_some())
        })
    }

    /// The record book of a unit: by campaign, the name it was begun with and the number of its key; none where the ledger
    /// has no such unit.
    pub fn book(
        &mut self,
        campaign: &str,
        begun: &str,
        key: &str,
    ) -> Result<Option<Book>, StoreError> {
        self.run(async |db, vault| read_book(db, vault, (campaign, begun, key)).await)
    }

    /// The contents of a version; none where the ledger does not have it, or they were erased.
    pub fn contents(
        &mut self,
        reference: [u8; 8],
        version: u16,
    ) -> Result<Option<Contents>, StoreError> {
        self.run(async |db, vault| {
            let sealed: Option<Vec<u8>> =
                sql::query_scalar("SELECT contents FROM version WHERE record = ? AND number = ?")
                    .bind(&reference[..])
                    .bind(i64::from(version))
                    .fetch_optional(db)
                    .await?;
            sealed
                .filter(|sealed| !sealed.is_empty())
                .map(|sealed| unseal(vault, &reference, version, &sealed))
                .transpose()
        })
    }

    /// Latest version of a record and when it was made; none where the ledger has no such record.
    pub fn latest(&mut self, reference: [u8; 8]) -> Result<Option<(u16, Timestamp)>, StoreError> {
        self.run(async |db, _| {
            let row = sql::query(
                "SELECT number, issued_at FROM version WHERE record = ? ORDER BY number DESC LIMIT 1",
            )
            .bind(&reference[..])
            .fetch_optional(db)
            .await?;
            let Some(row) = row else { return Ok(None) };
            let at: String = row.try_get(1)?;
            let at = at.parse().map_err(|_| LedgerFault::Row("时间"))?;
            Ok(Some((small(row.try_get(0)?, "版本")?, at)))
        })
    }

    /// Originals asked for of a version; 0 where the ledger does not have it.
    pub fn copies(&mut self, reference: [u8; 8], version: u16) -> Result<u8, StoreError> {
        self.run(async |db, _| {
            let copies: Option<i64> =
                sql::query_scalar("SELECT copies FROM version WHERE record = ? AND number = ?")
                    .bind(&reference[..])
                    .bind(i64::from(version))
                    .fetch_optional(db)
                    .await?;
            copies.map_or(Ok(0), |n| small(n, "份数"))
        })
    }

    /// What people call a record: `推荐表（张三）`; none where the ledger has no such record.
    pub fn title(&mut self, reference: [u8; 8]) -> Result<Option<String>, StoreError> {
        self.run(async |db, _| {
            let row = sql::query("SELECT kind, name FROM record WHERE reference = ?")
                .bind(&reference[..])
                .fetch_optional(db)
                .await?;
            let Some(row) = row else { return Ok(None) };
            let name: String = row.try_get(1)?;
            Ok(Some(format!(
                "{}（{name}）",
                kind(row.try_get(0)?)?.label()
            )))
        })
    }

    /// What the ledger knows of a record without any mark; none where it has no such record.
    pub fn filed(&mut self, reference: [u8; 8]) -> Result<Option<FiledUnder>, StoreError> {
        self.run(async |db, _| {
            let row = sql::query(
                "SELECT u.campaign, u.name, r.kind, r.name, r.latest FROM record r JOIN unit u ON u.no = r.unit
                 WHERE r.reference = ?",
            )
            .bind(&reference[..])
            .fetch_optional(db)
            .await?;
            let Some(row) = row else { return Ok(None) };
            Ok(Some(FiledUnder {
                campaign: row.try_get(0)?,
                unit: row.try_get(1)?,
                kind: kind(row.try_get(2)?)?,
                name: row.try_get(3)?,
                latest: small(row.try_get(4)?, "版本")?,
            }))
        })
    }

    /// References of the records whose name holds a text, with the field `name`.
    pub fn find_name(&mut self, text: &str) -> Result<Vec<([u8; 8], String)>, StoreError> {
        self.run(async |db, _| {
            let rows: Vec<Vec<u8>> = sql::query_scalar(
                "SELECT reference FROM record WHERE instr(name, ?) > 0 ORDER BY name, reference",
            )
            .bind(text)
            .fetch_all(db)
            .await?;
            rows.iter()
                .map(|r| Ok((bytes(r, "记录编号")?, "name".to_owned())))
                .collect::<Result<Vec<_>, LedgerFault>>()
        })
    }

    /// References of the records that hold a value in a field of the blind index.
    pub fn find(&mut self, value: &str) -> Result<Vec<([u8; 8], String)>, StoreError> {
        self.run(async |db, vault| {
            let blind = vault.blind("lookup", value);
            let rows = sql::query(
                "SELECT record, field FROM lookup WHERE blind = ? ORDER BY record, field",
            )
            .bind(&blind[..])
            .fetch_all(db)
            .await?;
            rows.iter()
                .map(|row| Ok((reference(row, 0)?, row.try_get(1)?)))
                .collect::<Result<Vec<_>, LedgerFault>>()
        })
    }
}

async fn read_book(
    db: &mut Db,
    vault: &Vault,
    (campaign, begun, key): (&str, &str, &str),
) -> Result<Option<Book>, LedgerFault> {
    let unit: Option<i64> =
        sql::query_scalar("SELECT no FROM unit WHERE campaign = ? AND begun = ? AND key = ?")
            .bind(campaign)
            .bind(begun)
            .bind(key)
            .fetch_optional(&mut *db)
            .await?;
    let Some(unit) = unit else { return Ok(None) };
    let rows = sql::query(
        "SELECT r.reference, r.kind, r.name, v.number, v.template, v.digest, v.issued_at, v.copies, v.contents
         FROM record r JOIN version v ON v.record = r.reference WHERE r.unit = ? ORDER BY r.place, r.reference, v.number",
    )
    .bind(unit)
    .fetch_all(db)
    .await?;
    let mut order = Vec::new();
    let mut records: BTreeMap<[u8; 8], (FormKind, String, Vec<Version>)> = BTreeMap::new();
    for row in &rows {
        let reference = reference(row, 0)?;
        let of_kind = kind(row.try_get(1)?)?;
        let name: String = row.try_get(2)?;
        let version: u16 = small(row.try_get(3)?, "版本")?;
        let sealed: Vec<u8> = row.try_get(8)?;
        let entry = records.entry(reference).or_insert_with(|| {
            order.push(reference);
            (of_kind, name, Vec::new())
        });
        entry.2.push(Version {
            version,
            template: small(row.try_get(4)?, "模板版本")?,
            digest: Digest(blob(row, 5, "摘要")?),
            issued_at: row
                .try_get::<String>(6)?
                .parse()
                .map_err(|_| LedgerFault::Row("时间"))?,
            copies: small(row.try_get(7)?, "份数")?,
            // erased on purpose; the digest stands for what it was
            contents: match sealed.is_empty() {
                true => Contents::default(),
                false => unseal(vault, &reference, version, &sealed)?,
            },
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
