//! One wrong name (一处写错的姓名) makes many findings: rows that belong to nobody, photos of nobody, a person without photos. It is told once,
//! at the name, with all that follows from it.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::Campaign;
use crate::finding::Finding;
use crate::record::{Submission, belongings};

/// Most names of files in one sentence.
const NAMED: usize = 3;

/// What follows from one name that no candidate has.
#[derive(Default)]
struct Follows {
    /// Paths of photos and videos.
    files: BTreeSet<String>,
    /// Rows of lists, by the label of their sheet.
    rows: BTreeMap<String, usize>,
}

/// Tells each wrong name once instead of at everything that follows from it.
pub(super) fn wrong_names_once(
    campaign: &Campaign,
    submission: &Submission,
    findings: &mut Vec<Finding>,
) {
    // nearly all submissions have none of it, and whose a file is takes long to find among thousands
    let follows = |f: &Finding| match f.code {
        "I5" => f.place.record.is_some(),
        "M6" | "I11" => f.place.file.is_some() && f.place.record.is_none(),
        _ => false,
    };
    if !findings.iter().any(follows) {
        return;
    }
    let Some(key) = campaign.candidate_sheet().and_then(|sheet| {
        let mut fields = sheet.fields.iter();
        fields.find(|f| f.kind == crate::campaign::Kind::Name)
    }) else {
        return;
    };
    let key = key.key.as_str();
    let known: BTreeSet<&str> = submission.candidates.iter().map(|c| c.text(key)).collect();
    let own = belongings(campaign, submission);
    let mut wrong: BTreeMap<String, Follows> = BTreeMap::new();
    for stray in &own.strays {
        let name = person_in(&stray.file.path);
        if !name.is_empty() && !known.contains(name.as_str()) {
            let follows = wrong.entry(name).or_default();
            follows.files.insert(stray.file.path.clone());
        }
    }
    for finding in findings.iter().filter(|f| f.code == "I5") {
        let name = finding.place.record.clone().unwrap_or_default();
        if !name.is_empty() && !known.contains(name.as_str()) {
            let sheet = finding.place.sheet.clone().unwrap_or_default();
            *wrong
                .entry(name)
                .or_default()
                .rows
                .entry(sheet)
                .or_default() += 1;
        }
    }
    wrong.retain(|_, follows| follows.files.len() + follows.rows.values().sum::<usize>() > 1);
    // people who have nothing of what such a name brings
    let bare = |index: &usize| {
        own.of.get(*index).is_some_and(|own| {
            own.id_photo.is_none() && own.work_photos.is_empty() && own.videos.is_empty()
        })
    };
    let bare: Vec<usize> = (0..submission.candidates.len()).filter(bare).collect();
    for (name, follows) in &wrong {
        let alike = |index: &&usize| {
            let other = submission
                .candidates
                .get(**index)
                .map_or("", |c| c.text(key));
            // whoever holds the whole name and another one beside it is two people in one cell
            let both =
                other.contains(name.as_str()) && other.chars().count() >= name.chars().count() + 2;
            !other.is_empty() && !both && distance(name, other) <= 1.max(name.chars().count() / 3)
        };
        let mut near = bare.iter().filter(alike);
        let person = match (near.next(), near.next()) {
            (Some(one), None) => Some(*one),
            (None, _) if bare.len() == 1 && wrong.len() == 1 => {
                let holds = |index: &usize| {
                    let other = submission
                        .candidates
                        .get(*index)
                        .map_or("", |c| c.text(key));
                    other.contains(name.as_str())
                };
                bare.first().copied().filter(|index| !holds(index))
            }
            _ => None,
        };
        // a photo without an owner and nobody who lacks one: each is told as it is
        let Some(entry) = person.and_then(|index| submission.candidates.get(index)) else {
            continue;
        };
        let who = entry.text(key);
        if who.is_empty() {
            continue;
        }
        let explained = |f: &&Finding| follows.explains(f, (name, who));
        let weights = findings.iter().filter(explained).map(|f| f.severity);
        let Some(weight) = weights.max() else {
            continue;
        };
        findings.retain(|f| !follows.explains(f, (name, who)));
        let told = follows.in_words();
        findings.push(Finding::new(
            weight,
            "M6",
            entry.place_of(key).of(who, key),
            format!("“{who}”没有照片，{told}写的却是“{name}”，候选人里没有这个姓名：多半是同一个人，有一处写错了。"),
            format!("请核对姓名：是“{name}”的，改这一格；是“{who}”的，把各处改成“{who}”。改好后照片等就对上了。"),
        ));
    }
    rows_once(findings);
}

impl Follows {
    /// Whether a finding only follows from the name.
    fn explains(&self, finding: &Finding, (name, who): (&str, &str)) -> bool {
        let place = &finding.place;
        let record = place.record.as_deref();
        match finding.code {
            "I5" => record == Some(name),
            "M2" | "M3" => {
                record == Some(who) && place.file.as_ref().is_none_or(|f| !self.files.contains(f))
            }
            "M6" | "I11" => place.file.as_ref().is_some_and(|f| self.files.contains(f)),
            _ => false,
        }
    }

    /// Files and rows, in words.
    fn in_words(&self) -> String {
        let mut parts = Vec::new();
        if !self.files.is_empty() {
            let names = self.files.iter().take(NAMED);
            let names: Vec<&str> = names.map(|p| p.rsplit('/').next().unwrap_or(p)).collect();
            let more = if self.files.len() > NAMED { "等" } else { "" };
            parts.push(format!(
                "{}{more}{}个文件",
                names.join("、"),
                self.files.len()
            ));
        }
        let rows = self.rows.iter();
        parts.extend(rows.map(|(sheet, count)| format!("“{sheet}”表{count}行")));
        parts.join("，")
    }
}

/// Rows of lists that name the same stranger are one fault.
fn rows_once(findings: &mut Vec<Finding>) {
    let mut cells: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let key = |f: &Finding| {
        let sheet = f.place.sheet.clone().unwrap_or_default();
        (f.message.clone(), sheet)
    };
    let of_row = |f: &Finding| f.code == "I5" && f.place.cell.is_some() && f.place.record.is_some();
    for finding in findings.iter().filter(|f| of_row(f)) {
        let cell = finding.place.cell.clone().unwrap_or_default();
        cells.entry(key(finding)).or_default().push(cell);
    }
    let mut told = BTreeSet::new();
    findings.retain(|f| !of_row(f) || told.insert(key(f)));
    for finding in findings.iter_mut().filter(|f| of_row(f)) {
        let Some(all) = cells.get(&key(finding)).filter(|all| all.len() > 1) else {
            continue;
        };
        let (first, last) = (all.first(), all.last());
        if let (Some(first), Some(last)) = (first, last) {
            let whole = finding.message.trim_end_matches('。').to_owned();
            finding.message = format!("{whole}（{first}至{last}共{}行）。", all.len());
        }
    }
}

/// The person that a file's name tells: without its number, its ending and what kind of photo it is.
fn person_in(path: &str) -> String {
    const KINDS: [&str; 8] = [
        "证件照",
        "工作照",
        "生活照",
        "登记照",
        "照片",
        "视频",
        "照",
        "片",
    ];
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut stem = stem.trim();
    loop {
        let before = stem;
        let sign =
            |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c) || "()（）-_—+ ".contains(c);
        stem = stem.trim_end_matches(sign);
        for kind in KINDS {
            stem = stem.strip_suffix(kind).unwrap_or(stem);
        }
        if stem == before {
            return stem.to_owned();
        }
    }
}

/// How many characters must be changed, added or taken away to make one name of another.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let at = |row: &[usize], n: usize| row.get(n).copied().unwrap_or(usize::MAX / 2);
            let swap = at(&row, j) + usize::from(a != *b);
            next.push(swap.min(at(&row, j + 1) + 1).min(at(&next, j) + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
