//! One source of a gathering: a submission folder or a package, as one shape.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use crate::campaign::{Campaign, FormKind};
use crate::check::check;
use crate::finding::{Finding, Place, Severity};
use crate::mark::{TrustedKey, TrustedKeys};
use crate::media;
use crate::package::{EntryRole, Limits, Package, carried_key, open};
use crate::record::{
    Attachment, Entry, GatherLine, GatherSource, Submission, Use, entry_of, identity,
};

use crate::clerk::error::ClerkError;
use crate::clerk::given;
use crate::clerk::making::campaigns::Campaigns;
use crate::clerk::making::judge::judge;
use crate::clerk::making::read::read;

/// Whose keys the office knows.
pub(super) struct GatherTrust {
    /// The keys that it trusts.
    pub(super) keys: TrustedKeys,
    /// Fingerprints of keys with the units for which they may file, by its ledger.
    pub(super) units: Vec<(String, String)>,
}

/// What was gathered.
#[derive(Clone, Debug, Default)]
pub struct GatherDone {
    /// Whether it was written; not where there are errors.
    pub written: bool,
    /// The list in order: name and unit.
    pub list: Vec<(String, String)>,
    /// What became of whom.
    pub lines: Vec<GatherLine>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// A source that was opened.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    /// Its values and files.
    pub(super) source: GatherSource,
    /// Bytes of a package's files by path; of a folder, whose files are read where they lie, only those out of its workbook.
    pub(super) packed_files: BTreeMap<String, Vec<u8>>,
    /// Fingerprint of the key that signed a package, and whether it is trusted; none for a folder.
    pub(super) key: Option<(String, bool)>,
    /// What its unit has to mend: of a folder what a check of it says, of a package what the records can tell.
    pub(super) faults: Vec<Finding>,
}

/// Opens a source; none with findings where it cannot be read whole.
pub(super) fn open_source(
    campaigns: &Campaigns,
    campaign: &Campaign,
    path: &Path,
    trusted: &GatherTrust,
    findings: &mut Vec<Finding>,
) -> Result<Option<Opened>, ClerkError> {
    let is_package =
        path.is_file() && given::bytes(path)?.starts_with(b"PK\x03\x04") && !is_workbook(path);
    let opened = if is_package {
        packed(campaigns, campaign, path, trusted, findings)?
    } else {
        folder(campaigns, campaign, path, findings)?
    };
    let Some(opened) = opened else {
        return Ok(None);
    };
    if opened.source.unit.is_empty() {
        findings.push(Finding::error(
            "C2",
            Place::file(path.display().to_string()),
            "这份材料没有写推荐单位，不知道是谁报来的",
            format!(
                "请该单位在“{}”表中填写单位名称。",
                campaign.unit_sheet().map_or("单位", |s| s.label.as_str())
            ),
        ));
        return Ok(None);
    }
    Ok(Some(opened))
}

fn is_workbook(path: &Path) -> bool {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    ending.is_some_and(|e| e == "xlsx" || e == "xlsm")
}

/// A submission folder, or its workbook.
fn folder(
    campaigns: &Campaigns,
    campaign: &Campaign,
    path: &Path,
    findings: &mut Vec<Finding>,
) -> Result<Option<Opened>, ClerkError> {
    let shown = path.display().to_string();
    let (found, reading) = read(campaigns, path, None)?;
    let Some(found) = found else {
        findings.extend(reading.findings);
        return Ok(None);
    };
    if found.id != campaign.id {
        findings.push(elsewhere(&shown, &found.id, campaign));
        return Ok(None);
    }
    let mut told: Vec<Finding> = reading.findings.clone();
    told.retain(|f| f.severity > Severity::Info);
    let lost = |f: &Finding| f.severity == Severity::Error && f.code.starts_with('I');
    let unread = told.iter().any(lost);
    for mut finding in told {
        // what is only wrong is the unit's to mend; what was not read must not go unseen
        if finding.code.starts_with('I') {
            let file = finding.place.file.take().unwrap_or_default();
            finding.place.file = Some(format!("{shown}/{file}"));
            findings.push(finding);
        }
    }
    if unread {
        return Ok(None);
    }
    // counted as its unit's own check counts them
    let mut faults = judge(&found, &reading, None);
    faults.retain(|f| f.severity == Severity::Error);
    // photos out of cells of the workbook lie in no folder
    let in_cells = reading.submission.pictures.iter();
    let in_cells = in_cells.map(|(path, bytes)| (path.clone(), bytes.to_vec()));
    let in_cells = in_cells.collect();
    Ok(Some(Opened {
        source: GatherSource {
            path: reading.dir.display().to_string(),
            unit: reading.submission.unit.text("name").to_owned(),
            submission: reading.submission,
        },
        packed_files: in_cells,
        key: None,
        faults,
    }))
}

/// A package. One that a key signed which is not trusted is taken all the same: what it holds is what that key signed, and whose
/// key it is, the office asks.
fn packed(
    campaigns: &Campaigns,
    campaign: &Campaign,
    path: &Path,
    trusted: &GatherTrust,
    findings: &mut Vec<Finding>,
) -> Result<Option<Opened>, ClerkError> {
    let shown = path.display().to_string();
    let bytes = given::bytes(path)?;
    let limits = Limits::of(campaign);
    let mut keys = trusted.keys.clone();
    let carried = carried_key(&bytes, &limits);
    let known = carried
        .as_ref()
        .is_none_or(|key| trusted.keys.entry(key.public()).is_some());
    keys.0.extend(
        carried
            .filter(|_| !known)
            .map(|key| TrustedKey::new(key.public().clone(), "")),
    );
    let mut templates = |id: &str| campaigns.load(id).ok().and_then(|(found, _)| found);
    let package = match open(&shown, &bytes, &keys, &limits, &mut templates) {
        Ok(package) => package,
        Err(faults) => {
            findings.extend(faults);
            return Ok(None);
        }
    };
    if package.manifest.campaign != campaign.id {
        findings.push(elsewhere(&shown, &package.manifest.campaign, campaign));
        return Ok(None);
    }
    let unit = &package.manifest.unit;
    let own = |row: &&(String, String)| row.0 == package.fingerprint;
    let entered = trusted.units.iter().filter(own).any(|row| row.1 == *unit);
    let other = trusted.units.iter().find(own).filter(|_| !entered);
    let signer = match other {
        Some((_, other)) => other.clone(),
        None => package.signer.clone(),
    };
    if !entered && !signer.is_empty() && signer != *unit {
        findings.push(Finding::error(
            "B12",
            Place::file(shown),
            format!("报送包自称是“{unit}”的，签名的密钥在信任的公钥之列却是“{signer}”的，没有汇集"),
            "请打电话向两个单位核实；确由别的单位代报的，请收报送文件夹（不是报送包）再汇集。",
        ));
        return Ok(None);
    }
    let known = known || entered;
    if !known {
        findings.push(Finding::warning(
            "B12",
            Place::file(shown.clone()),
            format!(
                "报送包自称是“{}”的，签名的密钥（指纹{}）不在信任的公钥之列，来源没有核实",
                package.manifest.unit, package.fingerprint
            ),
            "请打电话向该单位核对指纹；以后要直接认它，把包里的“公钥.pem”解压出来，用 sanlian key trust 列入。",
        ));
    }
    let mut opened = opened(campaign, &shown, &package);
    opened.key = Some((package.fingerprint.clone(), known));
    Ok(Some(opened))
}

fn elsewhere(shown: &str, other: &str, campaign: &Campaign) -> Finding {
    Finding::error(
        "I1",
        Place::file(shown),
        format!("这份材料填报的是另一个活动“{other}”，不是“{}”", campaign.id),
        "请移走它；一次只汇集一个活动的材料。",
    )
}

/// What a unit says of itself in rows, out of a record that is no candidate's.
fn take_unit_rows(campaign: &Campaign, record: &Entry, unit: &mut Entry) {
    for sheet in campaign.unit_lists() {
        if let Some(rows) = record.values.get(&sheet.key) {
            unit.values.insert(sheet.key.clone(), rows.clone());
        }
    }
}

/// A package's records as a submission: candidates in order, photos and videos under the names that they had at the unit.
fn opened(campaign: &Campaign, shown: &str, package: &Package) -> Opened {
    let mut candidates: Vec<Entry> = Vec::new();
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    let mut unit = Entry::default();
    for reference in &package.present {
        let Some(record) = package.book.record(*reference) else {
            continue;
        };
        let Some(latest) = record.latest() else {
            continue;
        };
        let entry = entry_of(&latest.contents.values);
        if !record.kind().is_candidates() {
            take_unit_rows(campaign, &entry, &mut unit);
            continue;
        }
        let who = identity(campaign, &entry);
        match at.get(&who).and_then(|at| candidates.get_mut(*at)) {
            // another form of the same person holds further fields
            Some(first) if record.kind() != FormKind::Recommendation => {
                for (key, value) in entry.values {
                    first.values.entry(key).or_insert(value);
                }
            }
            _ => {
                at.insert(who, candidates.len());
                candidates.push(entry);
            }
        }
        for (key, text) in &latest.contents.values {
            if let Some(key) = key.strip_prefix("unit.") {
                unit.set(key, text.clone());
            }
        }
    }
    unit.set("name", package.manifest.unit.clone());
    let mut files = Vec::new();
    let mut packed_files = BTreeMap::new();
    for listed in &package.manifest.entries {
        let usage = match listed.role {
            EntryRole::Photo => Use::Photo,
            EntryRole::Video => Use::Video,
            EntryRole::Work => Use::Work,
            EntryRole::Report => Use::Report,
            _ => continue,
        };
        let Some(bytes) = package.entries.get(&listed.name) else {
            continue;
        };
        let path = listed
            .original
            .clone()
            .unwrap_or_else(|| listed.name.clone());
        files.push(Attachment {
            path: path.clone(),
            usage,
            size: listed.size,
            sha256: sha256(bytes),
            probe: media::probe(&mut Cursor::new(bytes)),
        });
        packed_files.insert(path, bytes.clone());
    }
    let submission = Submission {
        campaign: campaign.id.clone(),
        unit,
        candidates,
        files,
        ..Submission::default()
    };
    Opened {
        faults: faults_of_people(campaign, &submission),
        source: GatherSource {
            path: shown.to_owned(),
            unit: package.manifest.unit.clone(),
            submission,
        },
        packed_files,
        key: None,
    }
}

/// Errors about people and their files: of the unit a package holds no more than its name.
fn faults_of_people(campaign: &Campaign, submission: &Submission) -> Vec<Finding> {
    let of_person = |f: &Finding| {
        let record = f.place.record.as_deref().unwrap_or_default();
        let photo = f.place.field.as_deref() == Some("photo");
        let mut people = submission.candidates.iter();
        !photo && !record.is_empty() && people.any(|e| e.text("name") == record)
    };
    let mut found = check(campaign, submission, None);
    found.retain(|f| f.severity == Severity::Error && of_person(f));
    found
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).into()
}

/// SHA-256, hex.
pub(super) fn sum(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    crate::record::Digest(sha2::Sha256::digest(bytes).into()).to_string()
}
