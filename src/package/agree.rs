//! What a package says of itself in several places must be one thing: the unit, its channel, the templates, the time, whose photos
//! they are, what was voided. Whether the unit is the one that it says it is, the desk's ledger knows.

use crate::campaign::Campaign;
use crate::record::{Book, BookRecord, Version};

use super::manifest::reference;
use super::{PackageFault, PackageManifest};

/// Most characters of a name; longer ones are nobody's.
const LONGEST: usize = 200;

/// Holds the manifest against the book.
pub(super) fn agree(
    manifest: &PackageManifest,
    book: &Book,
    present: &[[u8; 8]],
    campaign: Option<&Campaign>,
) -> Result<(), PackageFault> {
    if book.campaign() != manifest.campaign {
        return Err(PackageFault::Manifest("记录簿属于另一个活动"));
    }
    names(manifest, book)?;
    let handed = present.iter().filter_map(|r| book.record(*r));
    let mut newest = None;
    for record in handed {
        let Some(latest) = record.latest() else {
            continue;
        };
        if latest.contents == Default::default() {
            return Err(PackageFault::Manifest("有一条记录没有内容"));
        }
        if latest.template != manifest.template {
            return Err(PackageFault::Manifest(
                "所写的模板版本与记录簿中的不同，请重新制作、打包",
            ));
        }
        same_unit(manifest, record, latest, campaign)?;
        let form = campaign.filter(|c| c.version == latest.template);
        let form = form.and_then(|c| c.form(record.kind()));
        if form.is_some_and(|form| form.copies != latest.copies) {
            return Err(PackageFault::Manifest("有一条记录的份数与活动要求的不同"));
        }
        newest = newest.max(Some(latest.issued_at));
    }
    if newest.is_some_and(|at| Some(at) != manifest.made_at().ok()) {
        return Err(PackageFault::Manifest("made_at 不是其中最新一个版本的时间"));
    }
    for entry in &manifest.entries {
        let strange = |text: &String| reference(text).is_none_or(|r| book.record(r).is_none());
        if entry.record.as_ref().is_some_and(strange) {
            return Err(PackageFault::Manifest("有一个文件属于记录簿没有的记录"));
        }
    }
    for owed in &manifest.owed {
        let known = reference(&owed.record).and_then(|r| book.record(r));
        if known.is_none() || !is_plain(&owed.name) || !is_plain(&owed.original) {
            return Err(PackageFault::Manifest(
                "有一个欠交的视频不是记录簿中的记录的",
            ));
        }
    }
    voids(manifest, book)
}

/// Names can be shown in a line and read as what they are.
fn names(manifest: &PackageManifest, book: &Book) -> Result<(), PackageFault> {
    let contact = &manifest.contact;
    let records = book.records().iter().map(BookRecord::name);
    let mut all = records
        .chain([manifest.unit.as_str(), book.unit(), &contact.name])
        .chain([manifest.channel.as_str(), book.key()])
        .chain(contact.phones.iter().map(String::as_str));
    if manifest.unit.trim().is_empty() || !all.all(is_plain) {
        return Err(PackageFault::Manifest(
            "单位、联系人或记录的名称为空，或含有控制字符",
        ));
    }
    Ok(())
}

/// Whether a name holds nothing that a screen obeys instead of showing it: control characters, marks of direction, characters
/// without width.
fn is_plain(name: &str) -> bool {
    let obeyed = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    name.chars().count() <= LONGEST && !name.chars().any(obeyed)
}

/// What a record says of its unit is what the manifest says.
fn same_unit(
    manifest: &PackageManifest,
    record: &BookRecord,
    latest: &Version,
    campaign: Option<&Campaign>,
) -> Result<(), PackageFault> {
    let value = |key: &str| latest.contents.values.get(key).map(String::as_str);
    let unit = if record.kind().is_candidates() {
        value("unit.name")
    } else {
        Some(record.name())
    };
    if let Some(unit) = unit.filter(|u| *u != manifest.unit) {
        return Err(PackageFault::Unit {
            said: manifest.unit.clone(),
            found: unit.to_owned(),
        });
    }
    let Some((word, campaign)) = value("unit.channel").zip(campaign) else {
        return Ok(());
    };
    let channel = campaign.channel_named(word);
    if channel.is_some_and(|c| c.kind != manifest.channel) {
        return Err(PackageFault::Manifest("所写的渠道与记录簿中的不同"));
    }
    Ok(())
}

/// What was voided is a print of a record in the book.
fn voids(manifest: &PackageManifest, book: &Book) -> Result<(), PackageFault> {
    for void in &manifest.voids {
        let record = reference(&void.record).and_then(|r| book.record(r));
        let version = record.and_then(|r| r.versions().iter().find(|v| v.version == void.version));
        let whole = version.is_some_and(|v| void.copy <= v.copies)
            && void.at.parse::<jiff::Timestamp>().is_ok()
            && is_plain(&void.reason);
        if !whole {
            return Err(PackageFault::Manifest("有一项作废不是记录簿中的打印件"));
        }
    }
    Ok(())
}
