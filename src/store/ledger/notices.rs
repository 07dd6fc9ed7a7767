//! Notices (通知) of the organiser to units, and who has read them.

use jiff::Timestamp;

use super::audit;
use super::connection::Ledger;
use super::fault::LedgerFault;
use super::roster::RosterRow;
use super::sql::{self, Db, Row};
use super::transaction::{begin, commit};
use super::values::{seconds, time};
use crate::store::StoreError;

/// A notice that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    /// Id of the campaign.
    pub campaign: String,
    /// Title, one line.
    pub title: String,
    /// Text, in paragraphs.
    pub body: String,
    /// Numbers of the roster's units that it goes to; empty for all of the campaign.
    pub to: Vec<i64>,
}

/// A notice as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// Number.
    pub no: i64,
    /// Title.
    pub title: String,
    /// Text.
    pub body: String,
    /// When it was written.
    pub at: Timestamp,
    /// Account that wrote it.
    pub by: String,
    /// When it was withdrawn; none where it stands.
    pub withdrawn: Option<Timestamp>,
    /// Units that it goes to, with the time at which the first of each read it.
    pub to: Vec<(String, Option<Timestamp>)>,
}

const OF_UNIT: &str = "(everyone = 1 AND n.campaign = ?2 OR EXISTS (SELECT 1 FROM notice_to t WHERE t.notice = n.no AND t.roster = ?1))";

impl Ledger {
    /// Writes a notice; gives its number.
    pub fn add_notice(
        &mut self,
        at: Timestamp,
        new: &NewNotice,
        by: &str,
    ) -> Result<i64, StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            let no: i64 = sql::query_scalar(
                "INSERT INTO notice (campaign, title, body, at, author, everyone) VALUES (?, ?, ?, ?, ?, ?) RETURNING no",
            )
            .bind(&new.campaign)
            .bind(&new.title)
            .bind(&new.body)
            .bind(seconds(at))
            .bind(by)
            .bind(i64::from(new.to.is_empty()))
            .fetch_one(&mut tx)
            .await?;
            for unit in &new.to {
                sql::query("INSERT INTO notice_to (notice, roster) VALUES (?, ?) ON CONFLICT DO NOTHING")
                    .bind(no)
                    .bind(*unit)
                    .execute(&mut tx)
                    .await?;
            }
            let to = match new.to.len() {
                0 => "全部单位".to_owned(),
                n => format!("{n} 个单位"),
            };
            // not the title: the log is never cut, and notices may name people
            let detail = format!("{by} 通知{to}");
            audit::append(&mut tx, at, "notice", &no.to_string(), &detail).await?;
            commit(tx).await?;
            Ok(no)
        })
    }

    /// Withdraws a notice; `false` where there is none that stands.
    pub fn withdraw_notice(
        &mut self,
        at: Timestamp,
        no: i64,
        by: &str,
    ) -> Result<bool, StoreError> {
        let query = "UPDATE notice SET withdrawn = ? WHERE no = ? AND withdrawn IS NULL";
        self.withdraw(query, at, no, ("notice", &format!("{by} 撤回通知")))
    }

    /// All notices of a campaign, the newest first, each with its units.
    pub fn notices(&mut self, campaign: &str) -> Result<Vec<NoticeRow>, StoreError> {
        self.run(async |db, _| {
            let rows = sql::query(
                "SELECT no, title, body, at, author, withdrawn FROM notice WHERE campaign = ? ORDER BY no DESC",
            )
            .bind(campaign)
            .fetch_all(&mut *db)
            .await?;
            let mut notices = Vec::with_capacity(rows.len());
            for row in &rows {
                let mut notice = notice(row)?;
                notice.to = readers(db, notice.no).await?;
                notices.push(notice);
            }
            Ok(notices)
        })
    }

    /// The notices to a unit, the newest first, with the time at which an account read each. Those that were withdrawn before
    /// they were read are none.
    pub fn notices_to(
        &mut self,
        unit: &RosterRow,
        account: i64,
    ) -> Result<Vec<(NoticeRow, Option<Timestamp>)>, StoreError> {
        self.run(async |db, _| {
            let sql = format!(
                "SELECT n.no, n.title, n.body, n.at, n.author, n.withdrawn, r.at FROM notice n
                 LEFT JOIN notice_read r ON r.notice = n.no AND r.account = ?3
                 WHERE {OF_UNIT} AND (n.withdrawn IS NULL OR r.at IS NOT NULL) ORDER BY n.no DESC"
            );
            let rows = to_unit(db, sql, unit, account).await?;
            rows.iter()
                .map(|row| {
                    let at: Option<i64> = row.try_get(6)?;
                    Ok((notice(row)?, at.map(time).transpose()?))
                })
                .collect::<Result<Vec<_>, LedgerFault>>()
        })
    }

    /// Numbers and titles of the notices to a unit that an account has not read, the newest first.
    pub fn unread(
        &mut self,
        unit: &RosterRow,
        account: i64,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        self.run(async |db, _| {
            let sql = format!(
                "SELECT n.no, n.title FROM notice n WHERE {OF_UNIT} AND n.withdrawn IS NULL
                 AND NOT EXISTS (SELECT 1 FROM notice_read r WHERE r.notice = n.no AND r.account = ?3) ORDER BY n.no DESC"
            );
            let rows = to_unit(db, sql, unit, account).await?;
            rows.iter()
                .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
                .collect::<Result<Vec<_>, LedgerFault>>()
        })
    }

    /// Notes that an account read a notice for its unit; the first time counts. `false` where it is no notice of that unit.
    pub fn read_notice(
        &mut self,
        at: Timestamp,
        no: i64,
        unit: &RosterRow,
        (account, by): (i64, &str),
    ) -> Result<bool, StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            let sql = format!("SELECT no FROM notice n WHERE {OF_UNIT} AND n.no = ?3");
            let found: Option<i64> = sql::query_scalar(sql)
                .bind(unit.no)
                .bind(&unit.campaign)
                .bind(no)
                .fetch_optional(&mut tx)
                .await?;
            if found.is_none() {
                return Ok(false);
            }
            let done = sql::query(
                "INSERT INTO notice_read (notice, account, roster, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )
            .bind(no)
            .bind(account)
            .bind(unit.no)
            .bind(seconds(at))
            .execute(&mut tx)
            .await?;
            if done > 0 {
                let detail = format!("{}（{by}）已阅读通知", unit.name);
                audit::append(&mut tx, at, "notice", &no.to_string(), &detail).await?;
                commit(tx).await?;
            }
            Ok(true)
        })
    }
}

/// Notices that a question finds among those to a unit (`OF_UNIT`), with what an account made of them.
async fn to_unit(
    db: &mut Db,
    sql: String,
    unit: &RosterRow,
    account: i64,
) -> Result<Vec<Row>, LedgerFault> {
    let question = sql::query(sql);
    let question = question.bind(unit.no).bind(&unit.campaign).bind(account);
    question.fetch_all(db).await
}

fn notice(row: &Row) -> Result<NoticeRow, LedgerFault> {
    let withdrawn: Option<i64> = row.try_get(5)?;
    Ok(NoticeRow {
        no: row.try_get(0)?,
        title: row.try_get(1)?,
        body: row.try_get(2)?,
        at: time(row.try_get(3)?)?,
        by: row.try_get(4)?,
        withdrawn: withdrawn.map(time).transpose()?,
        to: Vec::new(),
    })
}

/// The units of a notice, with the time at which the first of each read it.
async fn readers(db: &mut Db, no: i64) -> Result<Vec<(String, Option<Timestamp>)>, LedgerFault> {
    let rows = sql::query(
        "SELECT u.name, (SELECT min(r.at) FROM notice_read r WHERE r.notice = n.no AND r.roster = u.no)
         FROM notice n JOIN roster u ON n.everyone = 1 AND u.campaign = n.campaign
           OR EXISTS (SELECT 1 FROM notice_to t WHERE t.notice = n.no AND t.roster = u.no)
         WHERE n.no = ? ORDER BY u.name",
    )
    .bind(no)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let at: Option<i64> = row.try_get(1)?;
            Ok((row.try_get(0)?, at.map(time).transpose()?))
        })
        .collect()
}
