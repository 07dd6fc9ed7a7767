//! The roster (单位名册): the units that the organiser expects in a campaign, whether or not anything came of them.

use jiff::Timestamp;

use super::audit;
use super::connection::Ledger;
use super::contact::UnitContact;
use super::fault::LedgerFault;
use super::sql;
use super::transaction::{begin, commit};
use crate::store::StoreError;

/// A unit that is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterRow {
    /// Its number.
    pub no: i64,
    /// Id of the campaign.
    pub campaign: String,
    /// The name that its papers must bear.
    pub name: String,
    /// Its channel's key; empty where not known.
    pub channel: String,
}

/// A unit as a list names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedUnit {
    /// The name that its papers must bear.
    pub name: String,
    /// Its channel's key; empty where the list does not say.
    pub channel: String,
    /// Whom to telephone there, as far as the list says.
    pub contact: UnitContact,
}

impl Ledger {
    /// The roster, by campaign and name.
    pub fn roster(&mut self) -> Result<Vec<RosterRow>, StoreError> {
        self.run(async |db, _| {
            let rows = sql::query(
                "SELECT no, campaign, name, channel FROM roster ORDER BY campaign, name",
            )
            .fetch_all(db)
            .await?;
            rows.iter()
                .map(|row| {
                    Ok(RosterRow {
                        no: row.try_get(0)?,
                        campaign: row.try_get(1)?,
                        name: row.try_get(2)?,
                        channel: row.try_get(3)?,
                    })
                })
                .collect::<Result<Vec<_>, LedgerFault>>()
        })
    }

    /// Whom the roster says to telephone at a unit.
    pub fn roster_contact(&mut self, unit: &RosterRow) -> Result<UnitContact, StoreError> {
        self.run(async |db, vault| {
            let sealed: Option<Vec<u8>> =
                sql::query_scalar("SELECT contact FROM roster WHERE no = ?")
                    .bind(unit.no)
                    .fetch_optional(db)
                    .await?;
            UnitContact::unseal(vault, &sealed.unwrap_or_default())
        })
    }

    /// Forgets whom the roster says to telephone: at all units of a campaign, or at the one that is named.
    pub fn forget_contacts(
        &mut self,
        campaign: &str,
        unit: Option<&str>,
    ) -> Result<(), StoreError> {
        self.run(async |db, _| {
            sql::query(
                "UPDATE roster SET contact = x'' WHERE campaign = ?1 AND (?2 IS NULL OR name = ?2)",
            )
            .bind(campaign)
            .bind(unit)
            .execute(db)
            .await?;
            Ok(())
        })
    }

    /// Enters units; those that stand there take the channel and the contact that are given. Gives how many are new.
    pub fn enter_roster(
        &mut self,
        at: Timestamp,
        campaign: &str,
        units: &[ListedUnit],
        by: &str,
    ) -> Result<usize, StoreError> {
        self.run(async |db, vault| {
            let mut tx = begin(db).await?;
            let count = "SELECT count(*) FROM roster";
            let before: i64 = sql::query_scalar(count).fetch_one(&mut tx).await?;
            for unit in units {
                let contact = unit.contact.seal(vault)?;
                sql::query(
                    "INSERT INTO roster (campaign, name, channel, contact) VALUES (?, ?, ?, ?)
                     ON CONFLICT (campaign, name) DO UPDATE SET
                     contact = CASE WHEN length(excluded.contact) = 0 THEN roster.contact ELSE excluded.contact END,
                     channel = CASE excluded.channel WHEN '' THEN roster.channel ELSE excluded.channel END",
                )
                .bind(campaign)
                .bind(&unit.name)
                .bind(&unit.channel)
                .bind(contact)
                .execute(&mut tx)
                .await?;
            }
            let after: i64 = sql::query_scalar(count).fetch_one(&mut tx).await?;
            let detail = format!(
                "{by} 导入单位 {} 个，新增 {} 个",
                units.len(),
                after - before
            );
            audit::append(&mut tx, at, "roster", campaign, &detail).await?;
            commit(tx).await?;
            Ok(usize::try_from(after - before).unwrap_or(0))
        })
    }
}
