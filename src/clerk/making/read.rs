//! Read (读取): a submission folder, or one data file, to a submission with all findings on the way.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::campaign::{Campaign, FormKind};
use crate::finding::{Finding, Place};
use crate::intake::{self, SourceFile};
use crate::media::{self, Probe};
use crate::ooxml::OpcPackage;
use crate::record::{Submission, belongings};
use crate::store::{Limits, read_submission_folder};

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::campaigns::Campaigns;
use crate::clerk::making::gathered::left_out;
use crate::clerk::making::marker::{folder_of, read_marker};
use crate::clerk::making::other_folder::refuse_other;
use crate::clerk::making::unread::{folder_for_workbook, unread, without_no_media};

/// Most bytes of a photo that is printed.
const MOST_PHOTO: u64 = 64 << 20;

/// A submission as it was read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The submission folder.
    pub dir: PathBuf,
    /// What it holds.
    pub submission: Submission,
    /// What was found in reading it.
    pub findings: Vec<Finding>,
    /// Name and bytes of the workbook, where the values came from one.
    pub workbook: Option<(String, Vec<u8>)>,
}

impl Reading {
    /// The bytes of a photo of the submission; none where it cannot be read, which reading has reported.
    pub fn photo(&self, path: &str) -> Option<Vec<u8>> {
        if let Some(bytes) = self.submission.pictures.get(path) {
            return Some(bytes.to_vec());
        }
        let file = self.dir.join(path);
        let size = file.metadata().ok()?.len();
        (size <= MOST_PHOTO).then(|| std::fs::read(file).ok())?
    }
}

/// The member of `submission.json` that names its campaign.
#[derive(Deserialize)]
struct Named {
    campaign: String,
}

/// Reads a submission and the campaign it answers: the one that is named, else the one its `sanlian.toml`, its
/// `submission.json` or its workbook's keywords name. The campaign is none where its templates have errors, which the findings say.
pub fn read(
    campaigns: &Campaigns,
    path: &Path,
    named: Option<&str>,
) -> Result<(Option<Campaign>, Reading), ClerkError> {
    refuse_other(path)?;
    let dir = folder_of(path);
    let mut contents = read_submission_folder(&dir, &Limits::default(), media::probe)?;
    without_no_media(&mut contents.files);
    let source = |(path, bytes): (String, Vec<u8>)| SourceFile { path, bytes };
    let mut data: Vec<SourceFile> = contents.data.into_iter().map(source).collect();
    if path.is_file() {
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        data.retain(|file| file.path == name);
        if data.is_empty() {
            let bytes = std::fs::read(path).map_err(world(path))?;
            data.push(SourceFile { path: name, bytes });
        }
    }
    // the record book is ours, not an answer
    data.retain(|file| file.path != "records.json");
    let id = match named {
        Some(id) => {
            not_another(campaigns, (path, &dir), &data, id)?;
            id.to_owned()
        }
        None => campaign_of(&dir, &data)?.ok_or_else(|| ClerkError::WhichCampaign(dir.clone()))?,
    };
    let (campaign, mut findings) = campaigns.load(&id)?;
    let Some(campaign) = campaign else {
        return Ok((
            None,
            Reading {
                dir,
                findings,
                ..Reading::default()
            },
        ));
    };
    findings.extend(contents.findings);
    let reports: Vec<SourceFile> = contents.reports.into_iter().map(source).collect();
    findings.extend(second_report(&campaign, &reports));
    let (mut submission, mut found) =
        intake::read(&campaign, &data, reports.first(), contents.files);
    submission.empty_folders = contents.empty;
    left_out(&dir, &campaign, &mut submission, &mut found);
    findings.extend(found);
    let mut lying = unread(&campaign, &submission, &data, &reports);
    lying.extend(folder_for_workbook(&dir, &data));
    if data.is_empty() && lying.iter().any(|f| f.code == "I1") {
        // what lies there instead of the workbook says it, with what to do
        findings.retain(|f| f.code != "I8");
    }
    findings.extend(lying);
    findings.extend(of_another_campaign(campaigns, &campaign, &data));
    submission.campaign.clone_from(&campaign.id);
    look_at_colours(&campaign, &dir, &mut submission);
    let is_workbook = |file: &&SourceFile| file.path.to_lowercase().ends_with(".xlsx");
    let workbook = data
        .iter()
        .find(is_workbook)
        .map(|f| (f.path.clone(), f.bytes.clone()));
    Ok((
        Some(campaign),
        Reading {
            dir,
            submission,
            findings,
            workbook,
        },
    ))
}

/// Looks whether id photos are in colour, which only their pixels tell.
fn look_at_colours(campaign: &Campaign, dir: &Path, submission: &mut Submission) {
    let belongings = belongings(campaign, submission);
    let photos = belongings.of.iter().filter_map(|own| own.id_photo);
    let photos =
        photos.filter(|file| matches!(&file.probe, Probe::Jpeg(jpeg) if jpeg.components > 1));
    let paths: BTreeSet<String> = photos
        .filter(|file| file.size <= MOST_PHOTO)
        .map(|file| file.path.clone())
        .collect();
    for file in &mut submission.files {
        if let Probe::Jpeg(jpeg) = &mut file.probe
            && paths.contains(&file.path)
        {
            jpeg.colour = match submission.pictures.get(&file.path) {
                Some(bytes) => media::is_colour(bytes),
                None => {
                    let bytes = std::fs::read(dir.join(&file.path)).ok();
                    bytes.and_then(|bytes| media::is_colour(&bytes))
                }
            };
        }
    }
}

/// A unit hands in one report; which of several is meant, a person says. Files that say the same are one report.
fn second_report(campaign: &Campaign, reports: &[SourceFile]) -> Option<Finding> {
    let (first, others) = reports
        .split_first()
        .filter(|(_, others)| !others.is_empty())?;
    let name = campaign.form_name(FormKind::Report);
    let named: Vec<String> = reports.iter().map(|r| format!("“{}”", r.path)).collect();
    let named = named.join("、");
    let place = Place::file(others.first()?.path.clone());
    let words = intake::report_words(campaign, first);
    if others
        .iter()
        .all(|other| intake::report_words(campaign, other) == words)
    {
        return Some(Finding::warning(
            "I11",
            place,
            format!(
                "文件夹中有{}份{name}：{named}，文字相同，采用了“{}”。",
                reports.len(),
                first.path
            ),
            "请只保留一份，以免以后只改了其中一份。",
        ));
    }
    Some(Finding::error(
        "I11",
        place,
        format!(
            "文件夹中有{}份{name}：{named}，内容不同，分不清要报哪一份。",
            reports.len()
        ),
        "请只留要报的一份，其余移出报送文件夹。",
    ))
}

/// Refuses a campaign that is named where the submission itself names another one that is known: every rule would be that of the wrong
/// campaign.
fn not_another(
    campaigns: &Campaigns,
    (path, dir): (&Path, &Path),
    data: &[SourceFile],
    named: &str,
) -> Result<(), ClerkError> {
    let own = campaign_of(dir, data).ok().flatten();
    let known = |id: &str| campaigns.source(id).is_some();
    let Some(own) = own.filter(|own| own != named && known(own) && known(named)) else {
        return Ok(());
    };
    Err(ClerkError::Refused(format!(
        "{} 填的是活动“{own}”，--campaign 写的却是“{named}”。请去掉 --campaign，或写 --campaign {own}；要改报另一个活动的，请用 sanlian new {named} 新建文件夹，把内容填进它的工作簿。",
        path.display()
    )))
}

/// A workbook that was made for another campaign, in the folder of this one.
fn of_another_campaign(
    campaigns: &Campaigns,
    campaign: &Campaign,
    data: &[SourceFile],
) -> Option<Finding> {
    let named = campaign_in(data).filter(|id| *id != campaign.id)?;
    campaigns.source(&named)?;
    let file = data.first().map_or("", |file| file.path.as_str());
    // a JSON file tells it at the value itself
    if file.ends_with(".json") {
        return None;
    }
    Some(Finding::error(
        "I2",
        Place::file(file),
        format!(
            "“{file}”是活动“{named}”的，这个文件夹报的是“{}”。",
            campaign.id
        ),
        format!(
            "请换上本活动的填报工作簿；要报“{named}”的，请用 sanlian new {named} 新建文件夹，再把它放进去。"
        ),
    ))
}

/// The campaign that a submission names; none where nothing names one. A marker that is there and cannot be read is told.
fn campaign_of(dir: &Path, data: &[SourceFile]) -> Result<Option<String>, ClerkError> {
    if let Some(marker) = read_marker(dir)? {
        return Ok(Some(marker.campaign));
    }
    Ok(campaign_in(data))
}

/// The campaign that one of the data files names.
fn campaign_in(data: &[SourceFile]) -> Option<String> {
    let json = data
        .iter()
        .find(|f| f.path.to_lowercase().ends_with(".json"));
    if let Some(named) = json.and_then(|file| serde_json::from_slice::<Named>(&file.bytes).ok()) {
        return Some(named.campaign);
    }
    let workbook = data
        .iter()
        .find(|f| f.path.to_lowercase().ends_with(".xlsx"))?;
    let package = OpcPackage::read(&workbook.bytes).ok()?;
    let properties = package.text("docProps/core.xml").ok()?;
    let id = properties
        .split_once("<cp:keywords>")?
        .1
        .split_once("</cp:keywords>")?
        .0;
    Some(id.trim().to_owned()).filter(|id| !id.is_empty())
}
