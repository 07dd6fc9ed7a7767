//! The roster (单位名册): the units that the organiser expects in a campaign, whether or not anything came of them.

use jiff::Timestamp;
use sqlx::Row;

use super::{Ledger, LedgerFault, StoreError, audit};

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

impl Ledger {
    /// The roster, by campaign and name.
    pub fn roster(&mut self) -> Result<Vec<RosterRow>, StoreError> {
        let fault = self.fault();
        let Self { runtime, db, .. } = self;
        let read = async {
            let rows = sqlx::query(
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
        };
        runtime.block_on(read).map_err(fault)
    }

    /// Enters units by name and channel; those that stand there take the channel that is given. Gives how many are new.
    pub fn enter_roster(
        &mut self,
        at: Timestamp,
        campaign: &str,
        units: &[(String, String)],
        by: &str,
    ) -> Result<usize, StoreError> {
        let fault = self.fault();
        let Self { runtime, db, .. } = self;
        let done = async {
            let mut tx = super::begin(db).await?;
            let count = "SELECT count(*) FROM roster";
            let before: i64 = sqlx::query_scalar(count).fetch_one(&mut *tx).await?;
            for (name, channel) in units {
                sqlx::query(
                    "INSERT INTO roster (campaign, name, channel) VALUES (?, ?, ?)
                     ON CONFLICT (campaign, name) DO UPDATE SET
                     channel = CASE excluded.channel WHEN '' THEN channel ELSE excluded.channel END",
                )
                .bind(campaign)
                .bind(name)
                .bind(channel)
                .execute(&mut *tx)
                .await?;
            }
            let after: i64 = sqlx::query_scalar(count).fetch_one(&mut *tx).await?;
            let detail = format!(
                "{by} 导入单位 {} 个，新增 {} 个",
                units.len(),
                after - before
            );
            audit::append(&mut tx, at, "roster", campaign, &detail).await?;
            super::commit(tx).await?;
            Ok(usize::try_from(after - before).unwrap_or(0))
        };
        runtime.block_on(done).map_err(fault)
    }
}
