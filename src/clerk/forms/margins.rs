//! What a person changed in the headers and footers of a document of ours (页眉页脚的改动). Numbers of pages count by themselves, and the
//! words of the mark are the mark's: everything else is compared.

use std::collections::BTreeSet;

use crate::mark::HumanCode;
use crate::ooxml::{OoxmlError, OpcPackage, words_of};
use crate::record::Difference;

/// What the headers and footers of an edited document say that those of the one as it is made do not, and the other way round; `version` is
/// the version that the edited one says it is.
pub(super) fn compared(
    made: &[u8],
    edited: &[u8],
    version: Option<&String>,
) -> Result<Vec<Difference>, OoxmlError> {
    let (own, edited) = (OpcPackage::read(made)?, OpcPackage::read(edited)?);
    let mut found = Vec::new();
    for (kind, label) in [("header", "页眉"), ("footer", "页脚")] {
        let own: BTreeSet<String> = lines(&own, kind)?.iter().map(|l| numberless(l)).collect();
        let here = lines(&edited, kind)?;
        let told = |before: &str, after: &str| Difference {
            key: kind.to_owned(),
            label: label.to_owned(),
            before: before.to_owned(),
            after: after.to_owned(),
        };
        let come = here.iter().filter(|line| !is_of_mark(line, version));
        let come = come.filter(|line| !own.contains(&numberless(line)));
        found.extend(come.map(|line| told("", line)));
        let known: BTreeSet<String> = here.iter().map(|line| numberless(line)).collect();
        let gone = own.iter().filter(|line| !known.contains(*line));
        found.extend(gone.map(|line| told(&line.replace('#', "1"), "")));
    }
    Ok(found)
}

/// The lines of all headers, or all footers, of a document.
fn lines(package: &OpcPackage, kind: &str) -> Result<BTreeSet<String>, OoxmlError> {
    let mut all = BTreeSet::new();
    let begins = format!("word/{kind}");
    for part in package
        .names()
        .filter(|n| n.starts_with(&begins) && n.ends_with(".xml"))
    {
        all.extend(split(&words_of(package, part)?.text));
    }
    Ok(all)
}

/// A line with one sign for each number: which page it stands on is no change.
fn numberless(line: &str) -> String {
    let mut out = String::new();
    for c in line.chars() {
        match c.is_ascii_digit() {
            true if out.ends_with('#') => {}
            true => out.push('#'),
            false => out.push(c),
        }
    }
    out
}

/// Whether a line is one beside a mark: its code, its version, or the word of a draft.
fn is_of_mark(line: &str, version: Option<&String>) -> bool {
    let named = version.is_some_and(|version| line == format!("可编辑件版本{version}"));
    named || line == "草稿" || HumanCode::parse(line).is_ok()
}

/// The lines of a text that say something, without blanks.
pub(super) fn split(text: &str) -> Vec<String> {
    let tight = |line: &str| line.chars().filter(|c| !c.is_whitespace()).collect();
    let lines = text.lines().map(tight);
    lines.filter(|line: &String| !line.is_empty()).collect()
}
