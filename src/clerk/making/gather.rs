//! Gather (汇集): the submissions and packages of several units become one submission of an office, with who came from where, photos and
//! videos along. What is remembered stands in the folder `汇集`; gathering again takes over corrections and keeps the office's own changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::campaign::{Campaign, Channel};
use crate::finding::{Finding, Place, Severity, has_errors};
use crate::intake::blank::filled_workbook;
use crate::package::claimed_campaign;
use crate::record::{
    Entry, GatherLine, GatherMemory, GatherNews, GatherSource, Gathered, GatheredCandidate,
    Submission, gather, is_called,
};
use crate::store::ledger::{IfMissing, Ledger};
use crate::store::{Vault, read_trusted, write_file};

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::campaigns::Campaigns;
use crate::clerk::making::gather_files::{FilesFrom, put_files};
use crate::clerk::making::gather_rows::put_rows;
use crate::clerk::making::gather_source::{GatherDone, GatherTrust, Opened, open_source, sum};
use crate::clerk::making::gathered::{FOLDER, MEMORY, unsaid};
use crate::clerk::making::marker::marker;
use crate::clerk::making::read::read;
use crate::clerk::making::start::folders;

/// The workbook as it was before.
const BEFORE: &str = "原工作簿";
/// The workbook.
pub(in crate::clerk) const WORKBOOK: &str = "填报工作簿.xlsx";

/// What is gathered, and how.
#[derive(Clone, Copy, Debug)]
pub struct GatherJob<'a> {
    /// Submission folders and packages.
    pub sources: &'a [PathBuf],
    /// The submission of the office: new, made by `new`, or gathered before.
    pub out: &'a Path,
    /// The campaign, where neither `out` nor the first source says it.
    pub campaign: Option<&'a str>,
    /// Channel and full name of the office, for a new submission.
    pub channel: Option<&'a str>,
    /// See above.
    pub unit: Option<&'a str>,
    /// These people alone, in this order; none for all.
    pub select: Option<&'a [String]>,
    /// Folder of campaigns beside the built-in ones, which a new folder remembers.
    pub templates: Option<&'a Path>,
    /// Folder of the keys that the office trusts; a package signed by another key is taken and told.
    pub keys: &'a Path,
    /// Folder of the office's ledger, where it has one: which key may file for which unit stands there.
    pub data: Option<&'a Path>,
}

/// Gathers. Where a source cannot be read whole, a name is not there or two sources are of one unit, nothing is written.
pub fn gather_into(campaigns: &Campaigns, job: &GatherJob<'_>) -> Result<GatherDone, ClerkError> {
    let mut done = GatherDone::default();
    let Some((campaign, mut office)) = office(campaigns, job, &mut done.findings)? else {
        return Ok(done);
    };
    let mut memory = memory(job.out, &campaign)?;
    let (trusted, faults) = match job.keys.is_dir() {
        true => read_trusted(job.keys)?,
        false => Default::default(),
    };
    done.findings.extend(faults);
    let trusted = GatherTrust {
        keys: trusted,
        units: unit_keys(job, &campaign)?,
    };
    let mut opened = Vec::new();
    for path in job.sources {
        if within_source(job.out, path) {
            return Err(ClerkError::Refused(format!(
                "{} 在 {} 里面：汇集会把文件放进要汇集的材料，没有汇集。请在 --out 中写各单位文件夹以外的文件夹。",
                job.out.display(),
                path.display()
            )));
        }
        if within(path, job.out) {
            return Err(ClerkError::Refused(format!(
                "{} 就是汇集到的文件夹，没有汇集。请在 --out 中写另一个文件夹。",
                path.display()
            )));
        }
        opened.extend(open_source(
            campaigns,
            &campaign,
            path,
            &trusted,
            &mut done.findings,
        )?);
    }
    one_each(&opened, &mut done.findings);
    same_keys(&opened, &mut memory, &mut done.findings);
    for source in &opened {
        faults_of(source, &mut done.findings);
    }
    let sources: Vec<GatherSource> = opened.iter().map(|o| o.source.clone()).collect();
    let channel = campaign.channel_named(office.unit.text("channel"));
    let mut gathered = gather(
        (&campaign, channel),
        &memory,
        &office.candidates,
        &sources,
        job.select,
    );
    // whoever was not opened may hold the people that are asked for
    let all_opened = opened.len() == job.sources.len();
    if let Some(names) = job.select.filter(|_| all_opened) {
        unknown(&campaign, names, &gathered, &mut done.findings);
    }
    done.findings.extend(gathered.lines.iter().filter_map(told));
    done.lines.clone_from(&gathered.lines);
    let name = |c: &GatheredCandidate| (c.entry.text("name").to_owned(), c.unit.clone());
    done.list = gathered.candidates.iter().map(name).collect();
    over_quota(&campaign, &office, &gathered, &mut done.findings);
    done.findings.extend(unsaid(&campaign, &office, WORKBOOK));
    if has_errors(&done.findings) {
        return Ok(done);
    }
    office.candidates = gathered
        .candidates
        .iter()
        .map(|c| c.entry.clone())
        .collect();
    write(&campaign, job, office, &mut gathered, &opened, &mut done)?;
    done.written = true;
    Ok(done)
}

/// The office's submission as it stands, and the campaign. A workbook that cannot be read whole is not written over.
fn office(
    campaigns: &Campaigns,
    job: &GatherJob<'_>,
    findings: &mut Vec<Finding>,
) -> Result<Option<(Campaign, Submission)>, ClerkError> {
    let out = job.out;
    let holds = out.exists() && std::fs::read_dir(out).map_err(world(out))?.next().is_some();
    if holds {
        let ours = out.join(WORKBOOK).is_file() || out.join(FOLDER).is_dir();
        if !ours {
            return Err(ClerkError::Refused(format!(
                "{} 里有别的东西，又没有“{WORKBOOK}”，没有汇集。请换一个文件夹，或用 new 建的文件夹。",
                out.display()
            )));
        }
        let (campaign, reading) = read(campaigns, out, job.campaign)?;
        let unread = |f: &&Finding| f.severity == Severity::Error && f.code.starts_with('I');
        let unread: Vec<Finding> = reading.findings.iter().filter(unread).cloned().collect();
        let Some(campaign) = campaign.filter(|_| unread.is_empty()) else {
            findings.extend(unread);
            findings.push(unreadable(out));
            return Ok(None);
        };
        findings.extend(
            reading
                .findings
                .into_iter()
                .filter(|f| f.severity > Severity::Info),
        );
        let mut submission = reading.submission;
        refuse_filled(job, &submission)?;
        named_here(&campaign, job, &mut submission.unit)?;
        return Ok(Some((campaign, submission)));
    }
    let id = match job.campaign {
        Some(id) => id.to_owned(),
        None => {
            let packed = job
                .sources
                .iter()
                .find_map(|path| campaign_of_package(path));
            match (job.sources.iter().find(|p| p.is_dir()), packed) {
                (Some(first), _) => {
                    let (campaign, reading) = read(campaigns, first, None)?;
                    match campaign {
                        Some(campaign) => campaign.id,
                        None => {
                            findings.extend(reading.findings);
                            return Ok(None);
                        }
                    }
                }
                (None, Some(id)) => id,
                (None, None) => {
                    return Err(ClerkError::Refused(format!(
                        "不知道是哪个活动。请用 --campaign 写明，可用的活动：{}。",
                        campaigns.ids().join("、")
                    )));
                }
            }
        }
    };
    let (campaign, faults) = campaigns.load(&id)?;
    let Some(campaign) = campaign else {
        findings.extend(faults);
        return Ok(None);
    };
    let mut unit = Entry::default();
    named_here(&campaign, job, &mut unit)?;
    let submission = Submission {
        campaign: id,
        unit,
        ..Submission::default()
    };
    Ok(Some((campaign, submission)))
}

/// I1: the office's own workbook cannot be read whole.
fn unreadable(out: &Path) -> Finding {
    Finding::error(
        "I1",
        Place::file(out.display().to_string()),
        "汇集到的工作簿有读不出的地方，没有改动它",
        "请先改正，再汇集；否则会丢掉读不出的内容。",
    )
}

/// Enters the channel and the name of the office that are given, where nothing stands there yet. What stands there in other words is not
/// changed behind its back.
fn named_here(
    campaign: &Campaign,
    job: &GatherJob<'_>,
    unit: &mut Entry,
) -> Result<(), ClerkError> {
    let channel = match job.channel {
        None => None,
        Some(word) => Some(campaign.channel_named(word).ok_or_else(|| {
            let known: Vec<&str> = campaign.channels.iter().map(|c| c.label.as_str()).collect();
            ClerkError::Refused(format!(
                "没有推荐渠道“{word}”。可用的渠道：{}",
                known.join("、")
            ))
        })?),
    };
    let given = [
        ("channel", "--channel", channel.map(|c| c.label.as_str())),
        ("name", "--unit", job.unit),
    ];
    let kind = |channel: Option<&Channel>| channel.map(|c| c.kind.clone());
    for (key, option, word) in given {
        let Some(word) = word else { continue };
        let here = unit.text(key);
        let same =
            here == word || key == "channel" && kind(campaign.channel_named(here)) == kind(channel);
        if !here.is_empty() && !same {
            return Err(ClerkError::Refused(format!(
                "{} 的工作簿里写的是“{here}”，{option} 写的却是“{word}”，没有汇集。请去掉 {option}；要改的，请先在工作簿里改。",
                job.out.display()
            )));
        }
        if here.is_empty() {
            unit.set(key, word);
        }
    }
    Ok(())
}

/// The campaign that a package says it belongs to; none for what is no package.
fn campaign_of_package(path: &Path) -> Option<String> {
    let mut file = std::fs::File::open(path).ok().filter(|_| path.is_file())?;
    claimed_campaign(&mut file)
}

/// Whether a path is the folder, or in it.
fn within(path: &Path, folder: &Path) -> bool {
    match (path.canonicalize(), folder.canonicalize()) {
        (Ok(path), Ok(folder)) => path.starts_with(folder),
        _ => false,
    }
}

/// Whether the folder that is written, which may not be there yet, lies in the folder of a source.
fn within_source(out: &Path, source: &Path) -> bool {
    let Ok(source) = source.canonicalize() else {
        return false;
    };
    let whole = std::path::absolute(out).unwrap_or_else(|_| out.to_owned());
    let mut there = whole.ancestors().filter(|folder| folder.exists());
    let there = there.next().and_then(|folder| folder.canonicalize().ok());
    there.is_some_and(|folder| {
        source.is_dir() && folder.starts_with(&source) && !(folder == source && whole.exists())
    })
}

/// Refuses a folder that somebody filled in and that nothing was ever gathered into, unless it is said whose it is: most likely it is
/// another unit's, and would be written over.
fn refuse_filled(job: &GatherJob<'_>, office: &Submission) -> Result<(), ClerkError> {
    let known = job.out.join(FOLDER).join(MEMORY).is_file();
    if known || office.candidates.is_empty() || job.unit.is_some() {
        return Ok(());
    }
    Err(ClerkError::Refused(format!(
        "{} 里已经填有{}名候选人（推荐单位“{}”），以前没有汇集过，没有改动。如果写错了，请换一个新的文件夹；确是汇集单位自己的，请用 --unit 写明汇集单位的全称再运行。",
        job.out.display(),
        office.candidates.len(),
        office.unit.text("name")
    )))
}

/// What gathering remembers of the last time.
fn memory(out: &Path, campaign: &Campaign) -> Result<GatherMemory, ClerkError> {
    let path = out.join(FOLDER).join(MEMORY);
    if !path.is_file() {
        return Ok(GatherMemory::default());
    }
    let text = crate::clerk::given::text(&path)?;
    let memory: GatherMemory = serde_json::from_str(&text).map_err(|_| {
        ClerkError::Refused(format!(
            "{} 损坏，没有汇集。请从备份恢复它；没有备份的，把它移走，汇集会把所有人当作第一次来。",
            path.display()
        ))
    })?;
    if memory.campaign == campaign.id {
        return Ok(memory);
    }
    Err(ClerkError::Refused(format!(
        "{} 是另一个活动“{}”的汇集，没有改动。请换一个文件夹。",
        out.display(),
        memory.campaign
    )))
}

/// Which key may file for which unit, by the office's ledger: fingerprint and unit.
fn unit_keys(
    job: &GatherJob<'_>,
    campaign: &Campaign,
) -> Result<Vec<(String, String)>, ClerkError> {
    let Some(data) = job.data.filter(|data| Ledger::look_for(data).is_ok()) else {
        return Ok(Vec::new());
    };
    let vault = Vault::open(job.keys, false)?;
    let mut ledger = Ledger::open(data, vault, IfMissing::Refuse)?;
    let rows = ledger.unit_keys()?.into_iter();
    let rows = rows.filter(|row| row.campaign == campaign.id);
    Ok(rows.map(|row| (row.fingerprint, row.unit)).collect())
}

/// Two sources of one unit: which of them is meant, a person says.
fn one_each(opened: &[Opened], findings: &mut Vec<Finding>) {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for Opened { source, .. } in opened {
        if let Some(earlier) = first.insert(&source.unit, &source.path) {
            findings.push(Finding::error(
                "I11",
                Place::file(source.path.clone()),
                format!(
                    "“{}”的材料给了两份：{earlier} 和 {}",
                    source.unit, source.path
                ),
                "请只给最新的一份。",
            ));
        }
    }
}

/// How many faults a source has: its unit mends them, not the office.
fn faults_of(opened: &Opened, findings: &mut Vec<Finding>) {
    let (source, errors) = (&opened.source, &opened.faults);
    if let Some(first) = errors.first() {
        findings.push(Finding::warning(
            "G3",
            Place::file(source.path.clone()),
            format!(
                "“{}”的材料有 {} 个错误，第一个是：{}",
                source.unit,
                errors.len(),
                first.message.trim_end_matches('。')
            ),
            "已照样汇集。请该单位用 sanlian check 查看、改正后重新报来，再汇集一次。",
        ));
    }
}

/// Names that nobody bears.
fn unknown(
    campaign: &Campaign,
    names: &[String],
    gathered: &Gathered,
    findings: &mut Vec<Finding>,
) {
    for name in names {
        // those who are not selected stand among the lines
        let bears = |c: &&GatheredCandidate| is_called(campaign, c, name);
        let all = gathered.candidates.iter().chain(&gathered.unselected);
        match all.filter(bears).count() {
            0 => findings.push(Finding::error(
                "I5",
                Place::default(),
                format!("没有叫“{name}”的候选人"),
                "请核对 --select 中的姓名，用“、”或逗号隔开。",
            )),
            count @ 2.. => findings.push(Finding::error(
                "I5",
                Place::default(),
                format!("叫“{name}”的有{count}人，不知选哪一位"),
                format!("请在姓名后面写上证件号码的后四位，如 {name}0123。"),
            )),
            _ if names.iter().filter(|n| *n == name).count() > 1 => {
                findings.push(Finding::error(
                    "I5",
                    Place::default(),
                    format!("--select 中“{name}”写了两次"),
                    "每人只写一次。",
                ));
            }
            _ => {}
        }
    }
}

/// What of the lines a person must look at.
fn told(line: &GatherLine) -> Option<Finding> {
    let GatherLine { name, unit, news } = line;
    let place = || Place::default().of(name, "");
    match news {
        GatherNews::Conflict(fields) => Some(Finding::warning(
            "G1",
            place(),
            format!(
                "{name}（{unit}）的{}，单位和这里都改过，保留这里的",
                fields.join("、")
            ),
            "请核对两边；以单位为准的，请在工作簿里改过来。",
        )),
        GatherNews::Gone => Some(Finding::warning(
            "G2",
            place(),
            format!("{unit}的材料里已没有{name}，这里没有删"),
            "请向单位核实；确已撤回的，用 --select 写明要报的人，或在工作簿各表里删去此人的行，连同他的照片。",
        )),
        GatherNews::Twice(other) => Some(Finding::error(
            "C3",
            place(),
            format!("{name}由“{other}”和“{unit}”同时推荐"),
            "请与两个单位商定由谁推荐，另一方改好后重新报来；或者这次不给那一份。",
        )),
        GatherNews::New | GatherNews::Corrected(_) | GatherNews::LeftOut => None,
    }
}

/// More people than the office's quota: it selects.
fn over_quota(
    campaign: &Campaign,
    office: &Submission,
    gathered: &Gathered,
    findings: &mut Vec<Finding>,
) {
    let Some(channel) = campaign.channel_named(office.unit.text("channel")) else {
        return;
    };
    let count = gathered.candidates.len();
    if count > channel.quota {
        findings.push(Finding::warning(
            channel_rule(&channel.quota_rule),
            Place::default(),
            format!("汇集到{count}名，{}的名额是{}名", channel.label, channel.quota),
            "请遴选：用 --select 姓名、姓名 按推荐先后写明要报的人，再运行一次。以后汇集不会把没选的人加回来。",
        ));
    }
}

/// The rule's code as findings have it.
fn channel_rule(code: &str) -> &'static str {
    let known = crate::finding::CODES
        .iter()
        .find(|(known, _)| *known == code);
    known.map_or("Q1", |(known, _)| known)
}

/// A name that is free for the workbook of before.
fn free_name(folder: &Path) -> String {
    let numbered = (2..).map(|n| format!("{BEFORE}-{n}.xlsx"));
    let mut names = std::iter::once(format!("{BEFORE}.xlsx")).chain(numbered);
    names
        .find(|name| !folder.join(name).exists())
        .unwrap_or_default()
}

/// A unit's packages are signed by the key that first signed one, or by one that the organiser has entered as the unit's.
fn same_keys(opened: &[Opened], memory: &mut GatherMemory, findings: &mut Vec<Finding>) {
    for Opened { source, key, .. } in opened {
        let Some((fingerprint, known)) = key else {
            continue;
        };
        match memory.keys.get(&source.unit) {
            Some(first) if first != fingerprint && !known => findings.push(Finding::error(
                "B12",
                Place::file(source.path.clone()),
                format!("这个报送包自称是“{}”的，签名的密钥却不是该单位上次用的，没有汇集", source.unit),
                "请打电话向该单位核实；确实换了密钥的，把包里的“公钥.pem”解压出来，用 sanlian key trust 列入后再汇集。",
            )),
            Some(first) if first == fingerprint => {}
            _ => {
                memory.keys.insert(source.unit.clone(), fingerprint.clone());
            }
        }
    }
}

/// Photos that the office put into cells of its own workbook become files, for the workbook is written anew.
fn own_pictures(out: &Path, office: &mut Submission) -> Result<(), ClerkError> {
    for candidate in &mut office.candidates {
        let Some(bytes) = office.pictures.get(&candidate.picture) else {
            continue;
        };
        let name = candidate.picture.rsplit('/').next().unwrap_or_default();
        let path = out.join("photos").join(name);
        if !path.exists() {
            write_file(&path, bytes)?;
        }
        candidate.set("photo", name.to_owned());
        candidate.picture.clear();
    }
    Ok(())
}

/// Writes files, workbook and memory, in this order: a run that is killed is made whole by the next.
fn write(
    campaign: &Campaign,
    job: &GatherJob<'_>,
    mut office: Submission,
    gathered: &mut Gathered,
    opened: &[Opened],
    done: &mut GatherDone,
) -> Result<(), ClerkError> {
    let out = job.out;
    let folder = out.join(FOLDER);
    folders(out, ["photos", "videos", FOLDER])?;
    own_pictures(out, &mut office)?;
    put_files(
        campaign,
        out,
        &mut office,
        gathered,
        &FilesFrom(opened),
        done,
    )?;
    put_rows(campaign, out, opened, &mut gathered.memory, done)?;
    let bytes = filled_workbook(campaign, &office).map_err(|e| ClerkError::Bug(e.to_string()))?;
    let workbook = out.join(WORKBOOK);
    if workbook.is_file() {
        // colours, notes and further columns of the office are not values, and stand in the old file
        let before = crate::clerk::given::bytes(&workbook)?;
        let ours = gathered.memory.files.get(WORKBOOK) == Some(&sum(&before));
        if before != bytes && !ours {
            let kept = free_name(&folder);
            write_file(&folder.join(&kept), &before)?;
            done.findings.push(Finding::warning(
                "G4",
                Place::file(WORKBOOK),
                "工作簿重新写过：自己加的颜色、批注、栏目和工作表不在新的里面",
                format!("原来的存为 {FOLDER}/{kept}，需要的请从那里取。"),
            ));
        }
    }
    gathered
        .memory
        .files
        .insert(WORKBOOK.to_owned(), sum(&bytes));
    write_file(&workbook, &bytes)?;
    let mark = out.join("sanlian.toml");
    if !mark.exists() {
        write_file(&mark, marker(&campaign.id, job.templates)?.as_bytes())?;
    }
    let memory = serde_json::to_string_pretty(&gathered.memory)
        .map_err(|e| ClerkError::Bug(e.to_string()))?;
    write_file(&folder.join(MEMORY), memory.as_bytes())?;
    Ok(())
}
