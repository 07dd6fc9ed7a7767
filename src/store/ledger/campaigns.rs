//! Campaigns (活动) as the organiser runs them: uploaded templates, changed deadlines, and which campaign is run. What the texts
//! mean is in `campaign`.

use jiff::Timestamp;

use crate::campaign::Deadline;

use super::audit;
use super::connection::Ledger;
use super::fault::LedgerFault;
use super::sql::{self, Db};
use super::transaction::{begin, commit};
use super::values::{seconds, small};
use crate::store::StoreError;

/// An uploaded campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateRow {
    /// Id of the campaign.
    pub campaign: String,
    /// Version of the templates.
    pub version: u16,
    /// Paths, with `/`, and texts.
    pub files: Vec<(String, String)>,
}

/// What the organiser decided about campaigns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// Uploaded campaigns, the latest version of each.
    pub templates: Vec<TemplateRow>,
    /// Campaigns whose deadline is another than their templates say.
    pub deadlines: Vec<(String, Deadline)>,
    /// The campaign that is run; none where none was chosen yet.
    pub running: Option<String>,
    /// Whether units may no longer fill in and hand in.
    pub closed: bool,
}

impl Ledger {
    /// What the organiser decided about campaigns.
    pub fn decided(&mut self) -> Result<Decided, StoreError> {
        self.run(async |db, _| {
            Ok(Decided {
                templates: templates(db).await?,
                deadlines: deadlines(db).await?,
                running: setting(db, "campaign").await?,
                closed: setting(db, "closed").await?.is_some_and(|v| v == "yes"),
            })
        })
    }

    /// The campaign that is run; none where none was chosen yet.
    pub fn running(&mut self) -> Result<Option<String>, StoreError> {
        self.run(async |db, _| setting(db, "campaign").await)
    }

    /// Keeps an uploaded campaign; `false` where that version stands there, and nothing is changed then.
    pub fn add_template(
        &mut self,
        at: Timestamp,
        row: &TemplateRow,
        by: &str,
    ) -> Result<bool, StoreError> {
        self.run(async |db, _| {
            let files = serde_json::to_string(&row.files).map_err(|_| LedgerFault::Row("模板"))?;
            let mut tx = begin(db).await?;
            let added = sql::query(
                "INSERT INTO template (campaign, version, files, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )
            .bind(&row.campaign)
            .bind(i64::from(row.version))
            .bind(files)
            .bind(seconds(at))
            .execute(&mut tx)
            .await?;
            if added == 0 {
                return Ok(false);
            }
            let detail = format!(
                "{by} 上传模板版本{}，{} 个文件",
                row.version,
                row.files.len()
            );
            audit::append(&mut tx, at, "campaign", &row.campaign, &detail).await?;
            commit(tx).await?;
            Ok(true)
        })
    }

    /// Changes a deadline, from the one that stands now.
    pub fn set_deadline(
        &mut self,
        at: Timestamp,
        campaign: &str,
        (from, to): (Deadline, Deadline),
        reason: &str,
        by: &str,
    ) -> Result<(), StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            sql::query("INSERT INTO deadline (campaign, day, at, reason) VALUES (?, ?, ?, ?)")
                .bind(campaign)
                .bind(to.to_string())
                .bind(seconds(at))
                .bind(reason)
                .execute(&mut tx)
                .await?;
            // the reason stands in the table alone: the log is never cut, and reasons may name people
            let detail = format!("{by} 把报送期限由 {from} 改为 {to}");
            audit::append(&mut tx, at, "deadline", campaign, &detail).await?;
            commit(tx).await
        })
    }

    /// Chooses the campaign that is run, open to the units or closed. `carried` units are entered in its roster where they are
    /// not there. Gives how many are new.
    pub fn run_campaign(
        &mut self,
        at: Timestamp,
        (campaign, closed): (&str, bool),
        carried: &[(String, String)],
        by: &str,
    ) -> Result<usize, StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            for (name, value) in [
                ("campaign", campaign),
                ("closed", if closed { "yes" } else { "no" }),
            ] {
                sql::query("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
                    .bind(name)
                    .bind(value)
                    .execute(&mut tx)
                    .await?;
            }
            let mut fresh = 0;
            for (name, channel) in carried {
                let done = sql::query(
                    "INSERT INTO roster (campaign, name, channel) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                )
                .bind(campaign)
                .bind(name)
                .bind(channel)
                .execute(&mut tx)
                .await?;
                fresh += done;
            }
            let words = if closed {
                "停止填报"
            } else {
                "启用并开放填报"
            };
            let carried = match fresh {
                0 => String::new(),
                n => format!("，沿用单位 {n} 个"),
            };
            let detail = format!("{by} {words}{carried}");
            audit::append(&mut tx, at, "campaign", campaign, &detail).await?;
            commit(tx).await?;
            Ok(usize::try_from(fresh).unwrap_or(0))
        })
    }
}

async fn setting(db: &mut Db, name: &str) -> Result<Option<String>, LedgerFault> {
    let read = sql::query_scalar("SELECT value FROM setting WHERE name = ?").bind(name);
    read.fetch_optional(db).await
}

async fn templates(db: &mut Db) -> Result<Vec<TemplateRow>, LedgerFault> {
    let rows = sql::query(
        "SELECT campaign, version, files FROM template t WHERE version =
         (SELECT max(version) FROM template l WHERE l.campaign = t.campaign) ORDER BY campaign",
    )
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let files: String = row.try_get(2)?;
            Ok(TemplateRow {
                campaign: row.try_get(0)?,
                version: small(row.try_get(1)?, "模板版本")?,
                files: serde_json::from_str(&files).map_err(|_| LedgerFault::Row("模板"))?,
            })
        })
        .collect()
}

async fn deadlines(db: &mut Db) -> Result<Vec<(String, Deadline)>, LedgerFault> {
    let rows = sql::query(
        "SELECT campaign, day FROM deadline d WHERE no =
         (SELECT max(no) FROM deadline l WHERE l.campaign = d.campaign) ORDER BY campaign",
    )
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let day: String = row.try_get(1)?;
            let day = day.parse().map_err(|_| LedgerFault::Row("报送期限"))?;
            Ok((row.try_get(0)?, day))
        })
        .collect()
}
