//! Units (推荐单位) with everything that the board of one needs.

use super::connection::Ledger;
use super::contact::UnitContact;
use super::fault::LedgerFault;
use super::of_unit::of_unit;
use super::seals::seals_in_force;
use super::sql::{self, Db, Row};
use super::values::{blob, kind, reference, small, time};
use crate::receipt::{Filed, Receipt, Repealed, UnitFile};
use crate::record::Digest;
use crate::store::StoreError;

/// A unit in one campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRow {
    /// Its number in the ledger.
    pub no: i64,
    /// Id of the campaign.
    pub campaign: String,
    /// Its name now.
    pub name: String,
    /// Its channel's key; empty where not known.
    pub channel: String,
    /// Name with which its record book was begun.
    pub begun: String,
    /// Number of the key under whose secret its references are made.
    pub key: String,
    /// Whether it was erased whole: nothing is expected of it or taken in any more.
    pub erased: bool,
}

impl Ledger {
    /// All units, by campaign and name.
    pub fn units(&mut self) -> Result<Vec<UnitRow>, StoreError> {
        self.run(async |db, _| {
            let rows = sql::query(
                "SELECT no, campaign, name, channel, begun, key,
                 EXISTS (SELECT 1 FROM erased_unit e WHERE e.unit = unit.no)
                 FROM unit ORDER BY campaign, name, no",
            )
            .fetch_all(db)
            .await?;
            rows.iter()
                .map(|row| {
                    Ok(UnitRow {
                        no: row.try_get(0)?,
                        campaign: row.try_get(1)?,
                        name: row.try_get(2)?,
                        channel: row.try_get(3)?,
                        begun: row.try_get(4)?,
                        key: row.try_get(5)?,
                        erased: row.try_get::<i64>(6)? != 0,
                    })
                })
                .collect::<Result<Vec<_>, LedgerFault>>()
        })
    }

    /// Whom to telephone at a unit.
    pub fn contact(&mut self, unit: &UnitRow) -> Result<UnitContact, StoreError> {
        self.run(async |db, vault| {
            let sealed: Option<Vec<u8>> =
                sql::query_scalar("SELECT contact FROM unit WHERE no = ?")
                    .bind(unit.no)
                    .fetch_optional(db)
                    .await?;
            UnitContact::unseal(vault, &sealed.unwrap_or_default())
        })
    }

    /// Everything that the board of a unit needs.
    pub fn unit_file(&mut self, unit: &UnitRow) -> Result<UnitFile, StoreError> {
        self.run(async |db, vault| {
            Ok(UnitFile {
                campaign: unit.campaign.clone(),
                name: unit.name.clone(),
                channel: unit.channel.clone(),
                records: records(db, unit.no).await?,
                receipts: receipts(db, unit.no).await?,
                unverified: unverified(db, unit.no).await?,
                repealed: repealed(db, unit.no).await?,
                seals: seals_in_force(db, unit.no).await?,
                doubles: super::doubles::doubles(db, vault, unit.no).await?,
                versions: super::clocks::versions(db, unit.no).await?,
                packages: super::clocks::packages(db, unit.no).await?,
            })
        })
    }
}

async fn records(db: &mut Db, unit: i64) -> Result<Vec<Filed>, LedgerFault> {
    let sql = "SELECT r.reference, r.kind, r.name, r.latest, r.withdrawn, v.digest, v.copies,
         (SELECT max(pages) FROM issue i WHERE i.record = r.reference AND i.version = r.latest),
         (SELECT min(at) FROM issue i WHERE i.record = r.reference AND i.version = r.latest),
         (SELECT max(minutes) FROM issue i WHERE i.record = r.reference AND i.version = r.latest)
         FROM record r JOIN version v ON v.record = r.reference AND v.number = r.latest
         WHERE r.unit = ? ORDER BY r.place, r.reference";
    of_unit(db, sql, unit, |row| {
        let number = |column| row.try_get::<Option<i64>>(column);
        Ok(Filed {
            reference: reference(row, 0)?,
            kind: kind(row.try_get(1)?)?,
            name: row.try_get(2)?,
            latest: small(row.try_get(3)?, "版本")?,
            digest: Digest(blob(row, 5, "摘要")?),
            copies: small(row.try_get(6)?, "份数")?,
            pages: number(7)?.map(|p| small(p, "页数")).transpose()?,
            printed: number(9)?.map(|m| small(m, "签发时间")).transpose()?,
            filed_at: number(8)?.map(time).transpose()?,
            withdrawn: number(4)?.map(time).transpose()?,
        })
    })
    .await
}

/// Sheets received, of those that were issued. What the list of issued sheets lacks counts for nothing, but an earlier or a later
/// version and other contents, by a key of the unit, are told apart from what did not come at all.
async fn receipts(db: &mut Db, unit: i64) -> Result<Vec<Receipt>, LedgerFault> {
    let sql = "SELECT p.record, p.version, p.copy, p.page, p.pages, p.minutes, p.digest,
         (SELECT s.at FROM sighting s WHERE s.receipt = p.no
          AND NOT EXISTS (SELECT 1 FROM retract t WHERE t.sighting = s.no) ORDER BY s.no LIMIT 1),
         (SELECT count(*) FROM sighting s WHERE s.receipt = p.no
          AND NOT EXISTS (SELECT 1 FROM retract t WHERE t.sighting = s.no)),
         (SELECT s.behind FROM sighting s WHERE s.receipt = p.no
          AND NOT EXISTS (SELECT 1 FROM retract t WHERE t.sighting = s.no) ORDER BY s.no LIMIT 1), p.signer
         FROM record r JOIN unit u ON u.no = r.unit JOIN receipt p ON p.record = r.reference
         JOIN version v ON v.record = r.reference AND v.number = r.latest
         WHERE r.unit = ? AND EXISTS (SELECT 1 FROM sighting s WHERE s.receipt = p.no
              AND NOT EXISTS (SELECT 1 FROM retract t WHERE t.sighting = s.no))
         AND (EXISTS (SELECT 1 FROM sheet h WHERE h.mark = p.mark)
              OR EXISTS (SELECT 1 FROM unit_key k WHERE k.campaign = u.campaign AND k.unit = u.begun
                         AND k.fingerprint = p.signer)
                 AND (p.version < r.latest OR p.version > r.latest
                      AND substr(hex(p.mark), 7, 2) = printf('%02X', r.kind)
                      AND substr(hex(p.mark), 30, 1) IN ('0', printf('%X', v.copies))
                      OR p.version = r.latest AND p.digest <> substr(v.digest, 1, 12)
                      OR EXISTS (SELECT 1 FROM sheet h WHERE substr(h.mark, 4, 29) = substr(p.mark, 4, 29))))
         ORDER BY p.no";
    of_unit(db, sql, unit, receipt).await
}

/// Sheets that were recognised without a signature and of which there is no receipt.
async fn unverified(db: &mut Db, unit: i64) -> Result<Vec<Receipt>, LedgerFault> {
    let sql =
        "SELECT i.record, i.version, h.copy, h.page, i.pages, i.minutes, substr(v.digest, 1, 12),
         min(s.at), count(*), 0, ''
         FROM record r JOIN issue i ON i.record = r.reference JOIN sheet h ON h.issue = i.no
         JOIN version v ON v.record = i.record AND v.number = i.version
         JOIN sighting s ON s.mark = h.mark AND s.receipt IS NULL AND s.how = 'nearest'
         WHERE r.unit = ? AND NOT EXISTS (SELECT 1 FROM receipt p WHERE p.mark = s.mark)
         GROUP BY i.record, i.version, h.copy, h.page, i.pages, i.minutes, v.digest, s.mark ORDER BY s.mark";
    of_unit(db, sql, unit, receipt).await
}

/// A sheet, by the columns that the two questions above give.
fn receipt(row: &Row) -> Result<Receipt, LedgerFault> {
    Ok(Receipt {
        record: reference(row, 0)?,
        version: small(row.try_get(1)?, "版本")?,
        copy: small(row.try_get(2)?, "份次")?,
        page: small(row.try_get(3)?, "页次")?,
        pages: small(row.try_get(4)?, "页数")?,
        minutes: small(row.try_get(5)?, "签发时间")?,
        digest: blob(row, 6, "摘要")?,
        at: time(row.try_get(7)?)?,
        times: small(row.try_get(8)?, "次数")?,
        behind: row.try_get::<i64>(9)? != 0,
        signer: row.try_get(10)?,
        disowned: false,
    })
}

async fn repealed(db: &mut Db, unit: i64) -> Result<Vec<Repealed>, LedgerFault> {
    let sql = "SELECT w.record, w.version, w.minutes, w.copy FROM record r JOIN void w ON w.record = r.reference
         WHERE r.unit = ?";
    of_unit(db, sql, unit, |row| {
        Ok(Repealed {
            record: reference(row, 0)?,
            version: small(row.try_get(1)?, "版本")?,
            minutes: small(row.try_get(2)?, "签发时间")?,
            copy: small(row.try_get(3)?, "份次")?,
        })
    })
    .await
}
