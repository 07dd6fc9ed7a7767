//! What a person changed in a document of ours outside of its fields (栏目以外的改动): a title, a label, a sentence printed ready, a
//! paragraph of one's own. The form is built again from the record, and the words around the fields are compared line by line.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;

use crate::campaign::{Campaign, FormKind, Per};
use crate::export::docx::{DocxInfo, write_docx};
use crate::form::{
    Block, Content, Form, Photos, build_candidate, build_paper, build_unit, papers_of,
};
use crate::ooxml::{
    OoxmlError, OpcPackage, document_part, relations, words_of, words_outside_fields,
};
use crate::record::{Difference, Submission};

use crate::clerk::error::ClerkError;
use crate::clerk::forms::fill::ReadBack;
use crate::clerk::forms::margins::{self, split};
use crate::clerk::making::judge::local_day;

/// Most pairs of lines that are compared one by one.
const PAIRS: usize = 4_000_000;

/// Characters by which a line is known again.
const HEAD: usize = 8;

/// What differs outside of the fields between a document that was made here and the form as the submission has it now. None for files
/// that were not made here, and for the report, whose words are its record.
pub fn diff_outside(
    campaign: &Campaign,
    back: &ReadBack,
    path: &Path,
    submission: &Submission,
) -> Result<Vec<Difference>, ClerkError> {
    let Some(properties) = back.forms.first().map(|form| &form.properties) else {
        return Ok(Vec::new());
    };
    let kind = properties.get("kind").and_then(|k| FormKind::from_key(k));
    let Some(kind) = kind.filter(|_| properties.contains_key("form")) else {
        return Ok(Vec::new());
    };
    if kind == FormKind::Report {
        return Ok(Vec::new());
    }
    let bytes = crate::clerk::given::bytes(path)?;
    let Ok(Some(edited)) = lines(&bytes) else {
        return Ok(Vec::new());
    };
    let values = back.forms.iter().flat_map(|form| &form.sightings);
    let read: BTreeSet<String> = values.flat_map(|seen| split(&seen.text)).collect();
    let day = local_day(issued(&bytes).unwrap_or_else(Timestamp::now));
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut forms = forms_of(campaign, submission, kind, day);
    // letters to several departments are alike: the file's name says which one it is, while it has it
    let named = |form: &Form| form.path.rsplit('/').next() == Some(&*stem);
    if forms.iter().any(named) {
        forms.retain(named);
    }
    let mut nearest: Option<Vec<Difference>> = None;
    for mut form in forms {
        let hints = without_photo_hints(&mut form);
        let made = write_docx(&form, None, &DocxInfo::default());
        let made = made.map_err(|error| ClerkError::Bug(error.to_string()))?;
        let Some(mut own) = lines(&made).map_err(|error| ClerkError::Bug(error.to_string()))?
        else {
            continue;
        };
        own.all.extend(hints);
        let mut found = compared(&own, &edited);
        // the words of a person's own row are told with the row
        found.retain(|d| !d.before.is_empty() || !read.contains(&d.after));
        if !edited.has_fields() && own.has_fields() {
            // an office program dropped the fields and may have run their words together
            let whole: String = own.all.iter().map(String::as_str).collect();
            let known = |line: &str| whole.contains(&line.chars().take(HEAD).collect::<String>());
            found.retain(|d| !d.before.is_empty() || !known(&d.after));
        }
        let margins = margins::compared(&made, &bytes, properties.get("version"));
        found.extend(margins.unwrap_or_default());
        if nearest.as_ref().is_none_or(|n| found.len() < n.len()) {
            nearest = Some(found);
        }
    }
    Ok(nearest.unwrap_or_default())
}

/// The forms of a kind as the submission has them now.
fn forms_of(
    campaign: &Campaign,
    submission: &Submission,
    kind: FormKind,
    day: jiff::civil::Date,
) -> Vec<Form> {
    if let FormKind::Paper(_) = kind {
        let papers = papers_of(campaign, submission).into_iter();
        let papers = papers.filter(|paper| paper.template.kind == kind);
        return papers
            .map(|paper| build_paper(campaign, &paper, submission, day))
            .collect();
    }
    let Some(template) = campaign.form(kind) else {
        return Vec::new();
    };
    if template.per == Per::Unit {
        return vec![build_unit(campaign, template, submission, day)];
    }
    let everyone = 0..submission.candidates.len();
    everyone
        .filter_map(|n| build_candidate(campaign, template, submission, n, &Photos::new(), day))
        .collect()
}

/// Takes the words out of the boxes of photos: whether they are there depends on a photo, which is none of the words.
fn without_photo_hints(form: &mut Form) -> Vec<String> {
    let mut hints = Vec::new();
    for block in &mut form.blocks {
        let Block::Table(table) = block else { continue };
        for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
            if let Content::Photo(photo) = &mut cell.content {
                let words = photo.hint.drain(..).flat_map(|p| split(&p.text));
                hints.extend(words);
            }
        }
    }
    hints
}

/// The lines of a document.
struct Lines {
    /// Those that stand outside of fields, in order.
    outside: Vec<String>,
    /// All, those in fields too: an office program may have dropped the fields and kept their words.
    all: BTreeSet<String>,
}

impl Lines {
    /// Whether some of its words stand in fields.
    fn has_fields(&self) -> bool {
        self.all.iter().any(|line| !self.outside.contains(line))
    }
}

/// The lines of a document; none where it is no document of words.
fn lines(bytes: &[u8]) -> Result<Option<Lines>, OoxmlError> {
    let package = OpcPackage::read(bytes)?;
    let Some(part) = document_part(&package)? else {
        return Ok(None);
    };
    let outside = split(&words_outside_fields(&package, &part)?.text);
    let all = split(&words_of(&package, &part)?.text);
    Ok(Some(Lines {
        outside,
        all: all.into_iter().collect(),
    }))
}

/// When a document says that it was issued.
fn issued(bytes: &[u8]) -> Option<Timestamp> {
    let package = OpcPackage::read(bytes).ok()?;
    let part = relations(&package, "").ok()?.into_iter();
    let part = part
        .filter(|relation| relation.kind == "core-properties")
        .map(|relation| relation.target)
        .next()?;
    let text = package.text(&part).ok()?;
    let (_, rest) = text.split_once("<dcterms:created")?;
    let (_, rest) = rest.split_once('>')?;
    rest.split_once('<')?.0.trim().parse().ok()
}

/// The differences of two lists of lines: a line that went and one that came in its place are one change.
fn compared(own: &Lines, edited: &Lines) -> Vec<Difference> {
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    let mut found = Vec::new();
    let mut flush = |gone: &mut Vec<&String>, come: &mut Vec<&String>| {
        let count = gone.len().max(come.len());
        for n in 0..count {
            found.push(Difference {
                key: "words".to_owned(),
                label: "表中栏目以外的文字".to_owned(),
                before: gone.get(n).map_or_else(String::new, |s| (*s).clone()),
                after: come.get(n).map_or_else(String::new, |s| (*s).clone()),
            });
        }
        gone.clear();
        come.clear();
    };
    for step in steps(&own.outside, &edited.outside) {
        match step {
            Step::Both => flush(&mut gone, &mut come),
            Step::Gone(line) if edited.all.contains(line) || is_day(line) => {}
            Step::Come(line) if own.all.contains(line) || is_day(line) => {}
            Step::Gone(line) => gone.push(line),
            Step::Come(line) => come.push(line),
        }
    }
    flush(&mut gone, &mut come);
    found
}

/// One step from one list to the other.
enum Step<'a> {
    Both,
    Gone(&'a String),
    Come(&'a String),
}

/// The shortest way from one list of lines to another, by their longest common part.
fn steps<'a>(own: &'a [String], edited: &'a [String]) -> Vec<Step<'a>> {
    let wide = edited.len() + 1;
    let mut lengths = vec![0_u32; (own.len() + 1) * wide];
    let whole = own.len().saturating_mul(edited.len()) <= PAIRS;
    let length =
        |lengths: &[u32], i: usize, j: usize| lengths.get(i * wide + j).copied().unwrap_or(0);
    if whole {
        for (i, one) in own.iter().enumerate().rev() {
            for (j, two) in edited.iter().enumerate().rev() {
                let longest = if one == two {
                    length(&lengths, i + 1, j + 1) + 1
                } else {
                    length(&lengths, i + 1, j).max(length(&lengths, i, j + 1))
                };
                if let Some(cell) = lengths.get_mut(i * wide + j) {
                    *cell = longest;
                }
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut out = Vec::new();
    loop {
        match (own.get(i), edited.get(j)) {
            (Some(one), Some(two)) if one == two => {
                out.push(Step::Both);
                i += 1;
                j += 1;
            }
            (Some(one), two)
                if two.is_none() || length(&lengths, i + 1, j) >= length(&lengths, i, j + 1) =>
            {
                out.push(Step::Gone(one));
                i += 1;
            }
            (_, Some(two)) => {
                out.push(Step::Come(two));
                j += 1;
            }
            (_, None) => return out,
        }
    }
}

/// A line that is a day: the day of issue moves with the version.
fn is_day(line: &str) -> bool {
    line.ends_with('日')
        && line
            .chars()
            .all(|c| c.is_ascii_digit() || "年月日".contains(c))
}
