//! One wrong name (一处写错的姓名) makes many findings: rows that belong to nobody, photos of nobody, a person without photos. It is told once,
//! at the name, with all that follows from it.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::Campaign;
use crate::finding::{Finding, Severity};
use crate::record::{Entry, Submission, belongings};
use crate::text::name_cell::name_cell;

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
        return rows_once(findings);
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
    in_cells_of_several(submission, key, &wrong, findings);
    wrong.retain(|_, follows| follows.files.len() + follows.rows.values().sum::<usize>() > 1);
    // people who have nothing of what such a name brings
    let bare = |index: &usize| {
        own.of.get(*index).is_some_and(|own| {
            own.id_photo.is_none() && own.work_photos.is_empty() && own.videos.is_empty()
        })
    };
    let bare: Vec<(usize, &str)> = (0..submission.candidates.len())
        .filter(bare)
        .filter_map(|index| Some((index, submission.candidates.get(index)?.text(key))))
        .filter(|(_, who)| name_cell(who).names.len() < 2)
        .collect();
    for (name, follows) in &wrong {
        // a photo without an owner and nobody who lacks one: each is told as it is
        if let Some((index, who)) = mistaken_for(name, &bare, wrong.len() == 1)
            && let Some(entry) = submission.candidates.get(index)
        {
            let meant = Meant::new(name, who, index);
            tell_once(entry, key, &meant, follows, findings);
        }
    }
    rows_once(findings);
}

/// The one of these people whose name was meant by a name that nobody has: it is nearly the same, or holds it (王示例同志), or there is only one
/// who can be meant.
fn mistaken_for<'a>(
    name: &str,
    bare: &[(usize, &'a str)],
    only_one: bool,
) -> Option<(usize, &'a str)> {
    let near = |(_, who): &&(usize, &str)| {
        !who.is_empty() && distance(name, who) <= 1.max(name.chars().count() / 3)
    };
    let holds = |(_, who): &&(usize, &str)| who.contains(name);
    let one = |found: Vec<&(usize, &'a str)>| match found.as_slice() {
        [one] => Some(**one),
        _ => None,
    };
    let alike: Vec<_> = bare.iter().filter(near).collect();
    if !alike.is_empty() {
        return one(alike);
    }
    let holding: Vec<_> = bare.iter().filter(holds).collect();
    if !holding.is_empty() {
        return one(holding);
    }
    one(bare.iter().collect()).filter(|_| only_one)
}

/// Tells of a wrong name at its cell, in place of all that follows from it. What was told of the cell already is the cause.
fn tell_once(
    entry: &Entry,
    key: &str,
    meant: &Meant<'_>,
    follows: &Follows,
    findings: &mut Vec<Finding>,
) {
    let (name, who) = (meant.name, meant.who);
    let explained = |f: &&Finding| follows.explains(f, meant);
    let weights = findings.iter().filter(explained).map(|f| f.severity);
    let Some(weight) = weights.max() else {
        return;
    };
    let place = entry.place_of(key).of(who, key);
    // of somebody without a name it is told that the name is missing, or why it could not be read
    let causes: &[&str] = match who.is_empty() {
        true => &["M14", "I10"],
        false => &["N1"],
    };
    let of_cell = |f: &Finding| {
        causes.contains(&f.code)
            && f.severity == Severity::Error
            && f.place.cell == place.cell
            && f.place.sheet == place.sheet
    };
    let told_there = place.cell.is_some() && findings.iter().any(of_cell);
    if who.is_empty() && !told_there {
        return;
    }
    findings.retain(|f| !follows.explains(f, meant));
    if told_there {
        return;
    }
    let told = follows.in_words();
    let spot = match place.is_json() {
        true => "这一项",
        false => "这一格",
    };
    let likely = match who.contains(name) {
        true => format!("多半是{spot}里多写了字，或者写了几个人"),
        false => "多半是同一个人，有一处写错了".to_owned(),
    };
    findings.push(Finding::new(
        weight,
        "M6",
        place,
        format!("“{who}”没有照片，{told}写的却是“{name}”，候选人里没有这个姓名：{likely}。"),
        format!("请核对姓名：是“{name}”的，改{spot}；是“{who}”的，把各处改成“{who}”。改好后照片等就对上了。"),
    ));
}

/// Leaves out what follows from several names in one cell, which was told there: photos and rows of each of them, and that the cell's own person
/// has no photos.
fn in_cells_of_several(
    submission: &Submission,
    key: &str,
    wrong: &BTreeMap<String, Follows>,
    findings: &mut Vec<Finding>,
) {
    for (index, entry) in submission.candidates.iter().enumerate() {
        let who = entry.text(key);
        let names = name_cell(who).names;
        if names.len() < 2 {
            continue;
        }
        let follows: Vec<(&String, &Follows)> = wrong
            .iter()
            .filter(|(name, _)| names.contains(name))
            .collect();
        let lacking = Follows::default();
        findings.retain(|f| {
            let of_names = follows
                .iter()
                .any(|(name, one)| one.explains(f, &Meant::new(name, who, index)));
            !of_names && !lacking.explains(f, &Meant::new("", who, index))
        });
    }
}

/// A name that nobody has, and the person who is meant by it.
struct Meant<'a> {
    name: &'a str,
    /// What stands in the person's cell; empty where nothing does.
    who: &'a str,
    /// What findings call the person.
    record: String,
}

impl<'a> Meant<'a> {
    fn new(name: &'a str, who: &'a str, index: usize) -> Self {
        let record = match who {
            "" => format!("第{}名候选人", index + 1),
            who => who.to_owned(),
        };
        Self { name, who, record }
    }
}

impl Follows {
    /// Whether a finding only follows from the name.
    fn explains(&self, finding: &Finding, meant: &Meant<'_>) -> bool {
        let place = &finding.place;
        let record = place.record.as_deref();
        let says = |name: &str| finding.message.contains(&format!("“{name}”"));
        match finding.code {
            "I5" => record == Some(meant.name) && !meant.name.is_empty(),
            // whoever has no name has no photos because of it, where there are some
            "M2" | "M3" if meant.who.is_empty() && self.files.is_empty() => false,
            "M2" | "M3" => {
                record == Some(&meant.record)
                    && place.file.as_ref().is_none_or(|f| !self.files.contains(f))
            }
            // the report names the right one
            "M20" => says(meant.name) && (meant.who.is_empty() || says(meant.who)),
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

/// Rows of lists that name the same stranger or nobody are one fault, and so are formulas that fail one below the other.
fn rows_once(findings: &mut Vec<Finding>) {
    let mut cells: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let key = |f: &Finding| {
        let sheet = f.place.sheet.clone().unwrap_or_default();
        (f.message.clone(), sheet)
    };
    let of_row = |f: &Finding| f.place.cell.is_some() && matches!(f.code, "I5" | "I10");
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
