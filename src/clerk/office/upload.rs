//! An uploaded campaign: a zip of its folder, or its files one by one, taken in within limits. Names say what a file is and are
//! never used as paths; texts are judged like those of any campaign.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::finding::{Finding, Place};

use crate::clerk::error::ClerkError;

/// Most bytes of an upload.
pub const CAMPAIGN_BYTES: usize = 8 << 20;
/// Most files.
const MOST_FILES: usize = 200;
/// Most bytes of one file, unpacked: the built-in ones have some 60 KB.
const MOST_TEXT: u64 = 2 << 20;
/// Most bytes of all files, unpacked.
const MOST_UNPACKED: u64 = 16 << 20;
/// Unpacked bytes for each packed one; TOML comes to 3 to 8.
const MOST_RATIO: u64 = 60;
/// Unpacked bytes below which no ratio is suspicious.
const HARMLESS: u64 = 1 << 20;
/// Bits of a Unix mode that tell the kind of a file, and those of a symbolic link.
const KIND: u32 = 0o170_000;
const LINK: u32 = 0o120_000;

/// Paths in a campaign's folder, with `/`, and texts.
pub(super) type Texts = Vec<(String, String)>;

/// The texts of uploaded files: of one zip, or of files by their names.
pub(super) fn texts_of(uploaded: &[(String, Vec<u8>)], findings: &mut Vec<Finding>) -> Texts {
    let mut texts = Vec::new();
    if let [(name, bytes)] = uploaded
        && bytes.starts_with(b"PK\x03\x04")
    {
        unzip(name, bytes, &mut texts, findings);
    } else {
        for (name, bytes) in uploaded {
            let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
            put(&loose(base), bytes.clone(), &mut texts, findings);
        }
    }
    texts.sort();
    for (path, _) in twice(&texts) {
        findings.push(Finding::error(
            "T2",
            Place::file(&path),
            format!("“{path}”有两份"),
            "请只留一份，再上传。",
        ));
    }
    texts
}

/// The id that `campaign.toml` gives; empty where it gives none.
pub(super) fn id_of(texts: &Texts) -> String {
    let head = texts.iter().find(|(path, _)| path == "campaign.toml");
    let table = head.and_then(|(_, text)| text.parse::<toml::Table>().ok());
    let id = table.and_then(|t| t.get("id")?.as_str().map(str::to_owned));
    id.unwrap_or_default()
}

/// A campaign's files as a zip, for somebody who makes the next one of it.
pub(super) fn zipped(id: &str, texts: &Texts) -> Result<Vec<u8>, ClerkError> {
    let bug = |e: &dyn std::fmt::Display| ClerkError::Bug(format!("模板无法写成 zip：{e}"));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in texts {
        zip.start_file(format!("{id}/{path}"), options)
            .map_err(|e| bug(&e))?;
        zip.write_all(text.as_bytes()).map_err(|e| bug(&e))?;
    }
    Ok(zip.finish().map_err(|e| bug(&e))?.into_inner())
}

fn twice(texts: &Texts) -> Vec<(String, String)> {
    let pairs = texts.windows(2).filter(|w| match w {
        [a, b] => a.0 == b.0,
        _ => false,
    });
    pairs.filter_map(|w| w.first().cloned()).collect()
}

/// Where a file of that name stands in a campaign's folder.
fn loose(base: &str) -> String {
    const TOP: [&str; 5] = [
        "campaign.toml",
        "fields.toml",
        "rules.toml",
        "lists.toml",
        "demo.toml",
    ];
    if TOP.contains(&base) || base.ends_with(".md") {
        base.to_owned()
    } else {
        format!("forms/{base}")
    }
}

/// The place in a campaign's folder that a zip's entry means; none where it is none of a campaign's.
fn inside<'a>(name: &'a str, top: &str) -> Option<&'a str> {
    let path = name.strip_prefix(top)?;
    let good = |part: &str| {
        !part.is_empty() && !part.starts_with('.') && !part.chars().any(|c| c.is_control())
    };
    let known = match path.split_once('/') {
        None => path,
        Some(("forms" | "lists", file)) if !file.contains('/') => file,
        Some(_) => return None,
    };
    (good(known) && (path.ends_with(".toml") || path.ends_with(".md"))).then_some(path)
}

fn unzip(name: &str, bytes: &[u8], texts: &mut Texts, findings: &mut Vec<Finding>) {
    let broken = || {
        Finding::error(
            "I1",
            Place::file(name),
            format!("“{name}”打不开，可能没有传完或已损坏"),
            "请把活动文件夹重新压缩成不加密的 .zip，再上传。",
        )
    };
    let large = || {
        Finding::error(
            "I7",
            Place::file(name),
            format!("“{name}”中的文件过多，或解压后过大，没有收下"),
            "请只压缩一个活动的文件夹：campaign.toml、fields.toml、rules.toml 和 forms。",
        )
    };
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else {
        return findings.push(broken());
    };
    if zip.len() > MOST_FILES {
        return findings.push(large());
    }
    let names: Vec<String> = zip
        .file_names()
        .filter_map(|name| Some(name.ok()?.into_owned()))
        .collect();
    let head = names
        .iter()
        .filter(|n| *n == "campaign.toml" || n.ends_with("/campaign.toml"))
        .min_by_key(|n| n.len());
    let top = head.map_or("", |n| n.strip_suffix("campaign.toml").unwrap_or(""));
    let mut total = 0_u64;
    for index in 0..zip.len() {
        let Ok(entry) = zip.by_index(index) else {
            return findings.push(broken());
        };
        if entry.is_dir() {
            continue;
        }
        let entry_name = entry.name().map(|n| n.into_owned()).unwrap_or_default();
        let link = entry.unix_mode().is_some_and(|m| m & KIND == LINK);
        let place = inside(&entry_name, top).filter(|_| !link);
        let Some(path) = place else {
            findings.push(Finding::warning(
                "I11",
                Place::file(name),
                format!("“{}”不是活动的文件，没有收下", shown(&entry_name)),
                "活动只有 .toml 和 .md 文件，以及其中的 forms、lists 文件夹；不需要的可以不理。",
            ));
            continue;
        };
        // sizes in the directory are not believed
        let mut text = Vec::new();
        if entry.take(MOST_TEXT + 1).read_to_end(&mut text).is_err() {
            return findings.push(broken());
        }
        total += text.len() as u64;
        let swollen = total > HARMLESS && total / (bytes.len() as u64).max(1) > MOST_RATIO;
        if text.len() as u64 > MOST_TEXT || total > MOST_UNPACKED || swollen {
            texts.clear();
            return findings.push(large());
        }
        put(path, text, texts, findings);
    }
}

/// A name for a person: short, without what would not show.
fn shown(name: &str) -> String {
    let plain = name
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c });
    plain.take(80).collect()
}

fn put(path: &str, bytes: Vec<u8>, texts: &mut Texts, findings: &mut Vec<Finding>) {
    let known = path.ends_with(".toml") || path.ends_with(".md");
    if !known || bytes.len() as u64 > MOST_TEXT || texts.len() >= MOST_FILES {
        let path = shown(path);
        findings.push(Finding::error(
            "I11",
            Place::file(&path),
            format!("“{path}”不是活动的模板文件，或者过大、过多"),
            "活动只有 .toml 和 .md 文件；也可以把活动文件夹压缩成一个 .zip 上传。",
        ));
        return;
    }
    match String::from_utf8(bytes) {
        Ok(text) => texts.push((
            path.to_owned(),
            text.trim_start_matches('\u{feff}').to_owned(),
        )),
        Err(_) => findings.push(Finding::error(
            "I9",
            Place::file(path),
            format!("“{path}”不是 UTF-8"),
            "请在编辑器中另存为 UTF-8，再上传。",
        )),
    }
}
