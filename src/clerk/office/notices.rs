//! Notices (通知): the organiser writes to the units, they read, and that they did is kept.

use jiff::Timestamp;
use serde::Serialize;

use crate::store::ledger::{NewNotice, NoticeRow};

use crate::clerk::error::ClerkError;
use crate::clerk::office::Office;
use crate::clerk::office::running::one_line;
use crate::clerk::visitor::Visitor;

/// Most characters of a notice's text.
const LONGEST: usize = 5000;

/// A notice as the organiser sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NoticeLine {
    /// Number.
    pub no: i64,
    /// Title.
    pub title: String,
    /// Text.
    pub body: String,
    /// When it was written.
    #[cfg_attr(feature = "schema", schemars(with = "String", extend("format" = "date-time")))]
    pub at: Timestamp,
    /// Account that wrote it.
    pub by: String,
    /// When it was withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub withdrawn: Option<Timestamp>,
    /// Units that it goes to, with the time at which each read it.
    pub to: Vec<NoticeTo>,
}

/// A unit that a notice goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NoticeTo {
    /// The unit's name.
    pub unit: String,
    /// When it read it first.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub read: Option<Timestamp>,
}

/// A notice as a unit sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnNotice {
    /// Number.
    pub no: i64,
    /// Title.
    pub title: String,
    /// Text; empty where it was withdrawn.
    pub body: String,
    /// When it was written.
    pub at: Timestamp,
    /// When this account read it.
    pub read: Option<Timestamp>,
    /// Whether it was withdrawn since.
    pub withdrawn: bool,
}

impl Office<'_> {
    /// Writes a notice to units of a campaign by their numbers in the roster, to all where none is named. Gives its number.
    pub fn write_notice(
        &mut self,
        campaign: &str,
        (title, body): (&str, &str),
        to: &[i64],
        by: &Visitor,
        at: Timestamp,
    ) -> Result<i64, ClerkError> {
        let title = one_line(title, "请写通知的标题，一行，200 字以内。没有发出。")?;
        let body = body.replace("\r\n", "\n").trim().to_owned();
        if body.is_empty() || body.chars().count() > LONGEST {
            return Err(ClerkError::Refused(format!(
                "请写通知的正文，{LONGEST} 字以内。没有发出。"
            )));
        }
        let roster = self.ledger.roster()?;
        let known = |no: &i64| roster.iter().any(|r| r.no == *no && r.campaign == campaign);
        if !to.iter().all(known) {
            return Err(ClerkError::Refused(
                "所选的单位不在本活动的名册中，没有发出。请刷新页面后重选。".to_owned(),
            ));
        }
        let new = NewNotice {
            campaign: campaign.to_owned(),
            title,
            body,
            to: to.to_vec(),
        };
        Ok(self.ledger.add_notice(at, &new, &by.name)?)
    }

    /// Withdraws a notice: units that have not read it never see it, others see that it was withdrawn.
    pub fn withdraw_notice(
        &mut self,
        no: i64,
        by: &Visitor,
        at: Timestamp,
    ) -> Result<(), ClerkError> {
        match self.ledger.withdraw_notice(at, no, &by.name)? {
            true => Ok(()),
            false => Err(ClerkError::Refused(
                "没有这条通知，或者已经撤回。".to_owned(),
            )),
        }
    }

    /// The notices of a campaign, the newest first.
    pub fn notices(&mut self, campaign: &str) -> Result<Vec<NoticeLine>, ClerkError> {
        let line = |row: NoticeRow| NoticeLine {
            no: row.no,
            title: row.title,
            body: row.body,
            at: row.at,
            by: row.by,
            withdrawn: row.withdrawn,
            to: row
                .to
                .into_iter()
                .map(|(unit, read)| NoticeTo { unit, read })
                .collect(),
        };
        Ok(self
            .ledger
            .notices(campaign)?
            .into_iter()
            .map(line)
            .collect())
    }

    /// The notices to a secretary's unit, the newest first.
    pub fn own_notices(&mut self, visitor: &Visitor) -> Result<Vec<OwnNotice>, ClerkError> {
        let Some(unit) = &visitor.unit else {
            return Ok(Vec::new());
        };
        let rows = self.ledger.notices_to(unit, visitor.account)?;
        let own = |(row, read): (NoticeRow, Option<Timestamp>)| OwnNotice {
            no: row.no,
            title: row.title,
            body: match row.withdrawn {
                None => row.body,
                Some(_) => String::new(),
            },
            at: row.at,
            read,
            withdrawn: row.withdrawn.is_some(),
        };
        Ok(rows.into_iter().map(own).collect())
    }

    /// Notes that a secretary has read a notice.
    pub fn read_notice(
        &mut self,
        no: i64,
        visitor: &Visitor,
        at: Timestamp,
    ) -> Result<(), ClerkError> {
        let refused = || ClerkError::Refused("没有这条通知。".to_owned());
        let unit = visitor.unit.as_ref().ok_or_else(refused)?;
        let by = (visitor.account, visitor.name.as_str());
        match self.ledger.read_notice(at, no, unit, by)? {
            true => Ok(()),
            false => Err(refused()),
        }
    }
}
