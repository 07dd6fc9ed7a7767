//! What differs between two contents of a record, field by field and row by row, in words for people.
//! Personal data is masked here already: differences are shown on terminals and kept in logs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::campaign::{Campaign, Field, FormKind, Owner, Sheet};

use super::canonical::{row_key, row_numbers};
use super::item::{CANDIDATES, Contents, UNIT, owner};

/// Characters of a text that a difference shows in one line.
const EXCERPT: usize = 40;

/// Characters of it that stand before the first change.
const BEFORE_CHANGE: usize = 10;

/// Most pairs of rows that are compared to find which rows stayed; longer lists are compared row by row.
const PAIRS: usize = 250_000;

/// One difference; an empty side means that nothing stood there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Key of the field, `sheet[n].field` or `sheet[n]` for a whole row, or an attachment's name.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// What stood there, masked where it is personal data.
    pub before: String,
    /// What stands there now, masked likewise.
    pub after: String,
}

impl fmt::Display for Difference {
    /// One line: `工作单位：“甲”→“乙”`, `获奖第3行：增加“…”`; long texts are cut to the first change.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = !(self.before.is_empty() && self.after.is_empty());
        if named && is_sums(&self.before) && is_sums(&self.after) {
            // sums of files say nothing to people
            let what = match (self.before.is_empty(), self.after.is_empty()) {
                (true, _) => "增加了这个文件",
                (false, true) => "这个文件没有了",
                (false, false) => "换了内容",
            };
            return write!(f, "{}：{what}", self.label);
        }
        let (before, after) = excerpts(&self.before, &self.after);
        match (self.before.is_empty(), self.after.is_empty()) {
            (true, _) => write!(f, "{}：增加“{after}”", self.label),
            (false, true) => write!(f, "{}：删除“{before}”", self.label),
            (false, false) if self.before == self.after => {
                write!(f, "{}：“{before}”，未显示的部分有变化", self.label)
            }
            (false, false) => write!(f, "{}：“{before}”→“{after}”", self.label),
        }
    }
}

/// Whether a side of a difference is nothing, or the sums of files.
fn is_sums(text: &str) -> bool {
    let mut sums = text.split('、').filter(|sum| !sum.is_empty());
    sums.all(|sum| sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// All differences between two contents of records of one kind: fields in sheet order, then rows, then attachments.
/// Contents that are equal have none.
pub fn diff(
    campaign: &Campaign,
    kind: FormKind,
    before: &Contents,
    after: &Contents,
) -> Vec<Difference> {
    let naming = Naming {
        campaign,
        owner: owner(kind),
    };
    let mut out = Vec::new();
    naming.fields(before, after, &mut out);
    naming.lists(before, after, &mut out);
    attachments(before, after, &mut out);
    out
}

type RowTexts<'a> = BTreeMap<&'a str, &'a str>;
type NumberedRows<'a> = Vec<(usize, RowTexts<'a>)>;

/// What keys are called in one record.
struct Naming<'a> {
    campaign: &'a Campaign,
    owner: Owner,
}

impl<'a> Naming<'a> {
    fn fields(&self, before: &Contents, after: &Contents, out: &mut Vec<Difference>) {
        let keys: BTreeSet<&String> = before.values.keys().chain(after.values.keys()).collect();
        let mut keys: Vec<_> = keys
            .into_iter()
            .filter(|key| row_key(key).is_none())
            .collect();
        keys.sort_by_key(|key| (self.position(key), *key));
        for key in keys {
            let old = before.values.get(key).map_or("", String::as_str);
            let new = after.values.get(key).map_or("", String::as_str);
            if old != new {
                let field = self.field(key);
                out.push(Difference {
                    key: key.clone(),
                    label: self.label(key),
                    before: shown(field, old),
                    after: shown(field, new),
                });
            }
        }
    }

    /// A field's place among the fields; the unit's in a candidate's record come last.
    fn position(&self, key: &str) -> (bool, usize) {
        let unit = key.starts_with(UNIT);
        let bare = key.strip_prefix(UNIT).unwrap_or(key);
        let sheet = self.sheet_of(key);
        let at = sheet.and_then(|s| s.fields.iter().position(|f| f.key == bare));
        (unit, at.unwrap_or(usize::MAX))
    }

    fn sheet_of(&self, key: &str) -> Option<&'a Sheet> {
        if self.owner == Owner::Unit || key.starts_with(UNIT) {
            self.campaign.unit_sheet()
        } else {
            self.campaign.candidate_sheet()
        }
    }

    fn field(&self, key: &str) -> Option<&'a Field> {
        let bare = key.strip_prefix(UNIT).unwrap_or(key);
        self.sheet_of(key)?.field(bare)
    }

    fn label(&self, key: &str) -> String {
        let label = self.field(key).map(|f| f.label.as_str());
        match (key, label) {
            ("no", None) => "推荐顺序".to_owned(),
            ("report", None) => "报告正文".to_owned(),
            (_, Some(label)) if key.starts_with(UNIT) => format!("推荐单位·{label}"),
            (_, label) => label.unwrap_or(key).to_owned(),
        }
    }

    fn lists(&self, before: &Contents, after: &Contents, out: &mut Vec<Difference>) {
        let in_values = before.values.keys().chain(after.values.keys());
        let held: BTreeSet<&str> = in_values.filter_map(|key| Some(row_key(key)?.0)).collect();
        let known = self.campaign.sheets.iter().map(|s| s.key.as_str());
        let mut lists: Vec<&str> = known.filter(|key| held.contains(key)).collect();
        lists.extend(held.iter().filter(|key| self.campaign.sheet(key).is_none()));
        for list in lists {
            self.list(list, &rows(before, list), &rows(after, list), out);
        }
    }

    fn list(
        &self,
        list: &str,
        before: &NumberedRows<'_>,
        after: &NumberedRows<'_>,
        out: &mut Vec<Difference>,
    ) {
        let mut kept = kept(before, after);
        kept.push((before.len(), after.len()));
        let (mut i, mut j) = (0, 0);
        for (next_i, next_j) in kept {
            // Between two rows that stayed: as many as pair up were changed, the rest came or went.
            let gone = before.get(i..next_i).unwrap_or_default();
            let come = after.get(j..next_j).unwrap_or_default();
            for ((_, old), (n, new)) in gone.iter().zip(come) {
                self.row(list, *n, old, new, out);
            }
            let none = RowTexts::new();
            for (n, old) in gone.iter().skip(come.len()) {
                self.whole_row(list, *n, old, &none, out);
            }
            for (n, new) in come.iter().skip(gone.len()) {
                self.whole_row(list, *n, &none, new, out);
            }
            (i, j) = (next_i.saturating_add(1), next_j.saturating_add(1));
        }
    }

    fn row(
        &self,
        list: &str,
        n: usize,
        old: &RowTexts<'_>,
        new: &RowTexts<'_>,
        out: &mut Vec<Difference>,
    ) {
        let fields: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
        let mut fields: Vec<_> = fields.into_iter().collect();
        fields.sort_by_key(|key| self.column(list, key).map_or(usize::MAX, |(at, _)| at));
        // A candidate's new version says enough; its digest is for machines.
        let told = list == CANDIDATES && old.get("version") != new.get("version");
        for key in fields {
            let text = |row: &RowTexts<'_>| row.get(key).copied().unwrap_or_default().to_owned();
            let (old, new) = (text(old), text(new));
            if old != new && !(told && key == "digest") {
                let field = self.column(list, key).map(|(_, field)| field);
                let label = field.map_or_else(|| stamp_label(key), |f| f.label.as_str());
                out.push(Difference {
                    key: format!("{list}[{n}].{key}"),
                    label: format!("{}·{label}", self.row_label(list, n)),
                    before: shown(field, &old),
                    after: shown(field, &new),
                });
            }
        }
    }

    fn whole_row(
        &self,
        list: &str,
        n: usize,
        old: &RowTexts<'_>,
        new: &RowTexts<'_>,
        out: &mut Vec<Difference>,
    ) {
        let text = |row: &RowTexts<'_>| {
            let mut cells: Vec<_> = row
                .iter()
                .filter(|(key, _)| !(list == CANDIDATES && **key == "digest"))
                .map(|(key, text)| (self.column(list, key), *text))
                .collect();
            cells.sort_by_key(|(column, _)| column.map_or(usize::MAX, |(at, _)| at));
            let cells: Vec<_> = cells
                .iter()
                .map(|(column, text)| shown(column.map(|(_, field)| field), text))
                .collect();
            cells.join("，")
        };
        out.push(Difference {
            key: format!("{list}[{n}]"),
            label: self.row_label(list, n),
            before: text(old),
            after: text(new),
        });
    }

    /// A column's field and place; the columns of a summary's candidates are the candidates' fields.
    fn column(&self, list: &str, key: &str) -> Option<(usize, &'a Field)> {
        let sheet = if list == CANDIDATES {
            self.campaign.candidate_sheet()
        } else {
            self.campaign.sheet(list)
        }?;
        sheet.fields.iter().enumerate().find(|(_, f)| f.key == key)
    }

    fn row_label(&self, list: &str, n: usize) -> String {
        let row = n.saturating_add(1);
        match self.campaign.sheet(list) {
            _ if list == CANDIDATES => format!("第{row}名候选人"),
            Some(sheet) => format!("{}第{row}行", sheet.label),
            None => format!("{list}第{row}行"),
        }
    }
}

/// What people call the stamp of a candidate's record in a summary.
fn stamp_label(key: &str) -> &str {
    match key {
        "record" => "记录编号",
        "version" => "推荐表版本",
        "digest" => "推荐表摘要",
        _ => key,
    }
}

fn rows<'a>(contents: &'a Contents, list: &str) -> NumberedRows<'a> {
    let mut rows: BTreeMap<usize, RowTexts<'a>> = row_numbers(&contents.values, list)
        .into_iter()
        .map(|n| (n, RowTexts::new()))
        .collect();
    for (key, text) in &contents.values {
        if let Some((of, n, field)) = row_key(key)
            && of == list
        {
            rows.entry(n).or_default().insert(field, text);
        }
    }
    rows.into_iter().collect()
}

/// Positions of rows that stayed, on both sides: a longest common subsequence.
fn kept(before: &NumberedRows<'_>, after: &NumberedRows<'_>) -> Vec<(usize, usize)> {
    if before.len().saturating_mul(after.len()) > PAIRS {
        let pairs = before.iter().zip(after).enumerate();
        return pairs
            .filter(|(_, (old, new))| old.1 == new.1)
            .map(|(n, _)| (n, n))
            .collect();
    }
    // lengths[i][j] is the most that stay of before[i..] and after[j..].
    let mut lengths = vec![vec![0_usize; after.len() + 1]; before.len() + 1];
    let at = |lengths: &[Vec<usize>], i: usize, j: usize| -> usize {
        lengths.get(i).and_then(|l| l.get(j)).copied().unwrap_or(0)
    };
    for (i, (_, old)) in before.iter().enumerate().rev() {
        for (j, (_, new)) in after.iter().enumerate().rev() {
            let most = if old == new {
                at(&lengths, i + 1, j + 1) + 1
            } else {
                at(&lengths, i + 1, j).max(at(&lengths, i, j + 1))
            };
            if let Some(slot) = lengths.get_mut(i).and_then(|l| l.get_mut(j)) {
                *slot = most;
            }
        }
    }
    let mut kept = Vec::new();
    let (mut i, mut j) = (0, 0);
    while let (Some((_, old)), Some((_, new))) = (before.get(i), after.get(j)) {
        if old == new {
            kept.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if at(&lengths, i + 1, j) >= at(&lengths, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    kept
}

fn attachments(before: &Contents, after: &Contents, out: &mut Vec<Difference>) {
    let sums = |contents: &Contents| {
        let mut sums: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for file in &contents.attachments {
            let sum = file.sha256.to_string();
            sums.entry(file.name.clone()).or_default().push(sum);
        }
        sums.values_mut().for_each(|s| s.sort());
        sums
    };
    let (before, after) = (sums(before), sums(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        let (old, new) = (before.get(name), after.get(name));
        if old != new {
            let text = |sums: Option<&Vec<String>>| sums.map(|s| s.join("、")).unwrap_or_default();
            out.push(Difference {
                key: name.clone(),
                label: format!("附件{name}"),
                before: text(old),
                after: text(new),
            });
        }
    }
}

/// A value as a difference may show it.
fn shown(field: Option<&Field>, text: &str) -> String {
    if field.is_some_and(|f| f.masked) {
        mask(text)
    } else {
        text.to_owned()
    }
}

/// Personal data with its middle hidden: the first 3 and last 4 characters of 11 or more stay, the first and last of 4 to 10,
/// of fewer none.
pub fn mask(text: &str) -> String {
    let length = text.chars().count();
    let (front, back) = match length {
        0..=3 => (0, 0),
        4..=10 => (1, 1),
        _ => (3, 4),
    };
    let hide = |(n, c)| {
        if n < front || n + back >= length {
            c
        } else {
            '*'
        }
    };
    text.chars().enumerate().map(hide).collect()
}

/// Both texts cut to what a line shows, beginning shortly before the first character that differs.
fn excerpts(before: &str, after: &str) -> (String, String) {
    let same = before
        .chars()
        .zip(after.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let long = [before, after].iter().any(|t| t.chars().count() > EXCERPT);
    let skip = if long {
        same.saturating_sub(BEFORE_CHANGE)
    } else {
        0
    };
    let cut = |text: &str| {
        let mut out = String::new();
        if skip > 0 {
            out.push('…');
        }
        let mut rest = text.chars().skip(skip);
        out.extend(rest.by_ref().take(EXCERPT));
        if rest.next().is_some() {
            out.push('…');
        }
        out.replace('\n', "⏎")
    };
    (cut(before), cut(after))
}
