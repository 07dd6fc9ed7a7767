//! The papers around a unit's submission in the service (公文): made as at the command line, beside the paper, and taken from there.

pub(in crate::clerk) use std::path::PathBuf;

use jiff::Timestamp;
use serde::Deserialize;

use crate::font::FontSet as Fonts;
use crate::press::FileEntry;
use crate::store::close_to_others;

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::campaigns::Campaigns;
use crate::clerk::making::job::Job;
use crate::clerk::making::make::{Made, MakeOptions};
use crate::clerk::making::papers::make_papers_into;
use crate::clerk::making::read::read;
use crate::clerk::unit::folder::OwnFolder;

/// The files of a folder of papers.
#[derive(Deserialize)]
struct Listed {
    files: Vec<FileEntry>,
}

impl OwnFolder {
    fn papers(&self) -> PathBuf {
        self.folder().join("papers")
    }

    /// Makes the papers that the unit's channel hands in. Where an error is about what they print, nothing is changed and the findings
    /// say why.
    pub fn make_papers(
        &self,
        campaigns: &Campaigns,
        fonts: &Fonts,
        now: Timestamp,
    ) -> Result<Made, ClerkError> {
        if self.files()?.is_empty() {
            return Err(ClerkError::Refused(
                "还没有上传文件，没有做公文。请先上传工作簿，或在网页上填写。".to_owned(),
            ));
        }
        let named = Some(self.unit().campaign.as_str());
        let (campaign, mut reading) = read(campaigns, &self.submission(), named)?;
        let campaign = campaign.ok_or_else(|| self.no_campaign())?;
        if let Some(foreign) = self.foreign(&reading) {
            reading.findings.push(foreign);
        }
        let job = Job {
            campaign: &campaign,
            reading: &reading,
            fonts,
            out: &self.papers(),
            keys: self.keys(),
            book: None,
            data: None,
            options: MakeOptions::at(now),
        };
        let made = make_papers_into(&job, &mut |_| {})?;
        close_to_others(&self.folder())?;
        Ok(made)
    }

    /// The papers that were made last, in their order; none where none were.
    pub fn last_papers(&self) -> Result<Vec<FileEntry>, ClerkError> {
        let path = self.papers().join("manifest.json");
        if !path.exists() {
            return Ok(Vec::new());
        }
        let bytes = std::fs::read(&path).map_err(world(&path))?;
        let listed: Listed =
            serde_json::from_slice(&bytes).map_err(|e| ClerkError::Bug(e.to_string()))?;
        Ok(listed.files)
    }

    /// The bytes of one of the papers, by its number among them, with its path.
    pub fn papers_file(&self, number: usize) -> Result<Option<(String, Vec<u8>)>, ClerkError> {
        let files = self.last_papers()?;
        let Some(entry) = files.get(number) else {
            return Ok(None);
        };
        let path = self.papers().join(&entry.path);
        let bytes = std::fs::read(&path).map_err(world(path))?;
        Ok(Some((entry.path.clone(), bytes)))
    }
}
