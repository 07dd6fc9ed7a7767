//! Gathering in the service (汇集): the packages and workbooks of other units that a unit uploads become its own submission, as at the
//! command line; again when one of them is corrected.

use std::path::{Path, PathBuf};

use crate::finding::{Finding, Severity};
use crate::intake::blank::filled_workbook;
use crate::store::{close_to_others, make_closed, write_file};

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::campaigns::Campaigns;
use crate::clerk::making::gather::{GatherJob, WORKBOOK, gather_into};
use crate::clerk::making::gather_source::GatherDone;
use crate::clerk::making::gathered::FOLDER;
use crate::clerk::making::read::read;
use crate::clerk::unit::folder::{OwnFolder, is_data, sound_name};

impl OwnFolder {
    /// Gathers files that were taken in: name and where each lies. With `select` these people alone stay, in this order; without files
    /// the list is only selected anew. Nothing is changed where there are errors, which are among the findings.
    pub fn gather(
        &self,
        campaigns: &Campaigns,
        taken: &[(String, PathBuf)],
        select: Option<&[String]>,
    ) -> Result<GatherDone, ClerkError> {
        let passing = self.folder().join("gathering");
        if passing.exists() {
            std::fs::remove_dir_all(&passing).map_err(world(&passing))?;
        }
        make_closed(&passing)?;
        let done = self.gather_by(campaigns, &passing, taken, select);
        // whatever came of it, what passed through does not stay
        std::fs::remove_dir_all(&passing).map_err(world(&passing))?;
        close_to_others(&self.folder())?;
        done
    }

    fn gather_by(
        &self,
        campaigns: &Campaigns,
        passing: &Path,
        taken: &[(String, PathBuf)],
        select: Option<&[String]>,
    ) -> Result<GatherDone, ClerkError> {
        let mut sources = Vec::new();
        for (n, (name, from)) in (1..).zip(taken) {
            let base = name.rsplit(['/', '\\']).next().unwrap_or(name).trim();
            sound_name(base)?;
            let lower = base.to_lowercase();
            if !lower.ends_with(".zip") && !lower.ends_with(".xlsx") {
                return Err(ClerkError::Refused(format!(
                    "“{base}”没有汇集：只收报送包（.zip，各单位用 pack 打的）和工作簿（.xlsx）。"
                )));
            }
            // each lies alone: what lies beside a workbook would be taken for its own
            let dir = passing.join(n.to_string());
            make_closed(&dir)?;
            let to = dir.join(base);
            std::fs::rename(from, &to).map_err(world(from))?;
            sources.push(to);
        }
        if let Some(refused) = self.one_workbook(campaigns)? {
            return Ok(refused);
        }
        let unit = self.unit();
        let out = self.submission();
        let job = GatherJob {
            data: None,
            sources: &sources,
            out: &out,
            campaign: Some(&unit.campaign),
            channel: Some(unit.channel.as_str()).filter(|c| !c.is_empty()),
            unit: Some(&unit.name),
            select,
            templates: None,
            keys: self.keys(),
        };
        let mut done = gather_into(campaigns, &job)?;
        for finding in &mut done.findings {
            sources.iter().for_each(|source| plain(finding, source));
        }
        Ok(done)
    }

    /// Makes what the unit uploaded or typed the one workbook into which is gathered; where it cannot be read whole, says so.
    fn one_workbook(&self, campaigns: &Campaigns) -> Result<Option<GatherDone>, ClerkError> {
        let dir = self.submission();
        let files = self.files()?;
        let data: Vec<&str> = files
            .iter()
            .map(|f| f.path.as_str())
            .filter(|p| is_data(p))
            .collect();
        let anything = dir.exists()
            && std::fs::read_dir(&dir)
                .map_err(world(&dir))?
                .next()
                .is_some();
        if !anything || data == [WORKBOOK] || data.is_empty() && dir.join(FOLDER).is_dir() {
            return Ok(None);
        }
        if !data.is_empty() {
            let (_, reading) = read(campaigns, &dir, Some(&self.unit().campaign))?;
            let lost = |f: &Finding| f.severity == Severity::Error && f.code.starts_with('I');
            let lost: Vec<Finding> = reading.findings.into_iter().filter(lost).collect();
            if !lost.is_empty() {
                return Ok(Some(GatherDone {
                    findings: lost,
                    ..GatherDone::default()
                }));
            }
        }
        let (campaign, _) = campaigns.load(&self.unit().campaign)?;
        let campaign = campaign.ok_or_else(|| self.no_campaign())?;
        let book = filled_workbook(&campaign, &self.typed(campaigns)?);
        let book = book.map_err(|e| ClerkError::Bug(e.to_string()))?;
        write_file(&dir.join(WORKBOOK), &book)?;
        for path in data.iter().filter(|path| **path != WORKBOOK) {
            self.remove(path)?;
        }
        Ok(None)
    }
}

/// Leaves the places of the service's own disk out of a finding: a source is called by its own name.
fn plain(finding: &mut Finding, source: &Path) {
    let dir = source.parent().unwrap_or(source).display().to_string();
    let name = source.file_name().unwrap_or_default().to_string_lossy();
    let told = |text: &str| text.replace(&format!("{dir}/"), "").replace(&dir, &name);
    finding.message = told(&finding.message);
    finding.hint = told(&finding.hint);
    finding.place.file = finding.place.file.as_deref().map(told);
}
