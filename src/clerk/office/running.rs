//! Running a campaign (办活动): templates uploaded and judged, the one that is run, its deadline.

use jiff::Timestamp;
use serde::Serialize;

use crate::campaign::{Campaign, Deadline};
use crate::finding::{Finding, Place, has_errors};
use crate::store::ledger::TemplateRow;

use crate::clerk::error::ClerkError;
use crate::clerk::making::campaigns::{Campaigns, Origin};
use crate::clerk::office::Office;
use crate::clerk::office::upload::{id_of, texts_of, zipped};
use crate::clerk::reason;
use crate::clerk::visitor::Visitor;

/// A campaign as the organiser sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CampaignLine {
    /// Its id.
    pub id: String,
    /// Title; empty where the templates have errors.
    pub title: String,
    /// Version of the templates.
    pub version: u16,
    /// Whether the organiser uploaded it.
    pub uploaded: bool,
    /// Last day for paper and files, `2021-06-01`; empty where the templates have errors.
    pub deadline: String,
    /// Its day and its time, as a page asks for them; the time empty where the whole day counts.
    pub day_and_time: (String, String),
    /// The day that the templates say, where another one counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline_of_templates: Option<String>,
    /// Whether it is the one that is run.
    pub running: bool,
    /// Whether units may fill in and hand in.
    pub open: bool,
    /// Faults in its templates.
    pub faults: usize,
}

/// What came of an upload.
#[derive(Clone, Debug)]
pub struct Uploaded {
    /// Id and version that were kept; none where there were errors, and nothing was kept then.
    pub kept: Option<(String, u16)>,
    /// What was found in the templates.
    pub findings: Vec<Finding>,
}

/// The campaign that a service begins with: the one that was chosen on its pages, else the one that is named, else the newest.
pub fn campaign_to_run(
    campaigns: &Campaigns,
    office: &mut Office<'_>,
    named: Option<&str>,
) -> Result<(Option<Campaign>, String, bool), ClerkError> {
    let decided = office.ledger.decided()?;
    let id = decided
        .running
        .or_else(|| named.map(str::to_owned))
        .unwrap_or_else(|| campaigns.usual());
    let (campaign, _) = campaigns.load(&id)?;
    Ok((campaign, id, decided.closed))
}

impl Office<'_> {
    /// All campaigns; `running` is the one that is run.
    pub fn campaign_lines(&mut self, running: &str) -> Result<Vec<CampaignLine>, ClerkError> {
        let closed = self.ledger.decided()?.closed;
        let mut lines = Vec::new();
        for id in self.campaigns.ids() {
            let (campaign, mut findings) = self.campaigns.load(&id)?;
            findings.extend(self.campaigns.unread_files(&id));
            let Some((origin, files)) = self.campaigns.source(&id) else {
                continue;
            };
            let original = self.campaigns.judge(&id, files).0.map(|c| c.deadline);
            let day = campaign.as_ref().map(|c| c.deadline);
            let runs = id == running;
            lines.push(CampaignLine {
                title: campaign
                    .as_ref()
                    .map_or_else(String::new, |c| c.title.clone()),
                version: campaign.as_ref().map_or(0, |c| c.version),
                uploaded: origin == Origin::Uploaded,
                deadline: day.map_or_else(String::new, |d| d.to_string()),
                day_and_time: day.map_or_else(Default::default, |d| {
                    let time = d.time.map(|t| t.strftime("%H:%M").to_string());
                    (d.day.to_string(), time.unwrap_or_default())
                }),
                deadline_of_templates: original.filter(|o| Some(*o) != day).map(|o| o.to_string()),
                running: runs,
                open: runs && !closed,
                faults: findings.len(),
                id,
            });
        }
        Ok(lines)
    }

    /// Judges an uploaded campaign and keeps it where there are no errors: one zip, or files by their names. A campaign that is
    /// there already takes a higher version only: paper that was made names the version of its templates.
    pub fn upload_campaign(
        &mut self,
        uploaded: &[(String, Vec<u8>)],
        by: &Visitor,
        at: Timestamp,
    ) -> Result<Uploaded, ClerkError> {
        let mut findings = Vec::new();
        let files = texts_of(uploaded, &mut findings);
        let id = id_of(&files);
        let (campaign, told) = self.campaigns.judge(&id, files.clone());
        findings.extend(told);
        let Some(campaign) = campaign.filter(|_| !has_errors(&findings)) else {
            return Ok(Uploaded {
                kept: None,
                findings,
            });
        };
        let version = campaign.version;
        if let Some((_, known)) = self.campaigns.source(&id) {
            if known == files {
                return Ok(Uploaded {
                    kept: Some((id, version)),
                    findings,
                });
            }
            let there = self.campaigns.judge(&id, known).0.map_or(0, |c| c.version);
            if version <= there {
                findings.push(Finding::error(
                    "T2",
                    Place::file(format!("{id}/campaign.toml")),
                    format!("活动“{id}”已有版本 {there}，上传的是版本 {version}，内容不同"),
                    format!(
                        "请把 version 改为 {} 或更大，再上传。",
                        there.saturating_add(1)
                    ),
                ));
                return Ok(Uploaded {
                    kept: None,
                    findings,
                });
            }
        }
        let row = TemplateRow {
            campaign: id.clone(),
            version,
            files,
        };
        self.ledger.add_template(at, &row, &by.name)?;
        self.campaigns.take_over(self.ledger.decided()?);
        Ok(Uploaded {
            kept: Some((id, version)),
            findings,
        })
    }

    /// The templates of a campaign as a zip.
    pub fn campaign_zip(&self, id: &str) -> Result<Option<Vec<u8>>, ClerkError> {
        let found = self.campaigns.source(id);
        found.map(|(_, files)| zipped(id, &files)).transpose()
    }

    /// Runs a campaign: the desk, the boards and the units see it from now on. With `carry` the units of the one that ran until
    /// now are expected in it too. Gives how many of them are new there.
    pub fn run_campaign(
        &mut self,
        (id, before): (&str, &str),
        carry: bool,
        by: &Visitor,
        at: Timestamp,
    ) -> Result<usize, ClerkError> {
        let campaign = self.good_campaign(id)?;
        let mut carried = Vec::new();
        if carry && id != before {
            // the same channel by whatever name both campaigns know it
            let earlier = self.campaigns.load(before).ok().and_then(|loaded| loaded.0);
            let known = |channel: &str| {
                let label = earlier.as_ref().and_then(|c| c.channel_named(channel));
                let same = campaign.channel_named(channel);
                let same = same.or_else(|| campaign.channel_named(&label?.label));
                same.map(|c| c.kind.clone())
            };
            for unit in self.ledger.roster()? {
                if unit.campaign == before {
                    let channel = known(&unit.channel).unwrap_or_default();
                    carried.push((unit.name, channel));
                }
            }
        }
        Ok(self
            .ledger
            .run_campaign(at, (id, false), &carried, &by.name)?)
    }

    /// Closes the campaign that is run to the units; the desk receives on.
    pub fn close_campaign(
        &mut self,
        id: &str,
        by: &Visitor,
        at: Timestamp,
    ) -> Result<(), ClerkError> {
        self.good_campaign(id)?;
        self.ledger.run_campaign(at, (id, true), &[], &by.name)?;
        Ok(())
    }

    /// Changes the deadline of a campaign. Receipts and lateness go by the new day, those of before too.
    pub fn change_deadline(
        &mut self,
        id: &str,
        day: &str,
        reason: &str,
        by: &Visitor,
        at: Timestamp,
    ) -> Result<Deadline, ClerkError> {
        let campaign = self.good_campaign(id)?;
        let day: Deadline = day.trim().parse().map_err(|_| {
            ClerkError::Refused(format!(
                "报送期限“{}”不是日期，没有改动。请写成 2021-06-01，或 2021-06-01 17:00 的样子。",
                day.trim()
            ))
        })?;
        let year = campaign.year;
        if !(year - 1..=year + 2).contains(&day.day.year()) {
            return Err(ClerkError::Refused(format!(
                "报送期限 {day} 与活动的年度 {year} 不符，没有改动。请核对年份。"
            )));
        }
        let reason = reason::reason(reason, ("改期的原因", "主办单位通知延期", "没有改动"))?;
        if day != campaign.deadline {
            self.ledger
                .set_deadline(at, id, (campaign.deadline, day), &reason, &by.name)?;
            self.campaigns.take_over(self.ledger.decided()?);
        }
        Ok(day)
    }

    fn good_campaign(&mut self, id: &str) -> Result<Campaign, ClerkError> {
        let (campaign, _) = self.campaigns.load(id)?;
        campaign.ok_or_else(|| {
            ClerkError::Refused(format!(
                "活动“{id}”的模板有错误，没有办理。请改正后重新上传。"
            ))
        })
    }
}

/// A reason or title that a person wrote: one line that is not empty.
pub(super) fn one_line(text: &str, remedy: &str) -> Result<String, ClerkError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 200 || text.chars().any(char::is_control) {
        return Err(ClerkError::Refused(remedy.to_owned()));
    }
    Ok(text.to_owned())
}
