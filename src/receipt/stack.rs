//! Hints for a stack (一叠): pages in an order that mixes candidates or copies, and pages that the stack lacks. A hint helps to lay
//! paper right; it never changes what a page was answered.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// A page of a stack, in the order in which it lay there. Blank pages are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackPage {
    /// Which pile it lay in: a file of many pages, or a folder of pictures. Order is looked at within a pile.
    pub pile: usize,
    /// File and page.
    pub name: String,
    /// What was read on it; none where nothing was, and for what is no original.
    pub sheet: Option<StackSheet>,
}

/// The sheet that a page of a stack is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackSheet {
    /// Reference of its record.
    pub record: [u8; 8],
    /// Form and name, as people say it: `推荐表（王示例）`.
    pub title: String,
    /// Version of the record.
    pub version: u16,
    /// Minute of issue, as in the mark.
    pub minutes: u32,
    /// Copy, from 1.
    pub copy: u8,
    /// Page, from 1.
    pub page: u8,
    /// Page count.
    pub pages: u8,
    /// Whether the print is in force: of one that is out of date or void nobody asks for the rest.
    pub in_force: bool,
}

impl StackSheet {
    /// The copy that it belongs to.
    pub fn print(&self) -> PrintedCopy {
        PrintedCopy {
            record: self.record,
            version: self.version,
            minutes: self.minutes,
            copy: self.copy,
        }
    }
}

/// One printed copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrintedCopy {
    /// Reference of its record.
    pub record: [u8; 8],
    /// Version of the record.
    pub version: u16,
    /// Minute of issue.
    pub minutes: u32,
    /// Copy, from 1.
    pub copy: u8,
}

/// What a person may want to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hint {
    /// `mixed`: a record's pages lie apart; `interleaved`: those of its copies do; `order`: a copy's pages do not go from first
    /// to last; `lacks`: the stack has a copy without some of its pages.
    pub code: &'static str,
    /// File and page where it is seen first; empty for `lacks`.
    pub name: String,
    /// What it is and what to do.
    pub message: String,
}

/// The hints for a stack. `received` are pages of copies that the desk has already, in whatever stack they came.
pub fn hints(pages: &[StackPage], received: &BTreeSet<(PrintedCopy, u8)>) -> Vec<Hint> {
    let mut found = Vec::new();
    let mut piles: BTreeMap<usize, Vec<(&str, &StackSheet)>> = BTreeMap::new();
    for page in pages {
        if let Some(sheet) = &page.sheet {
            let pile = piles.entry(page.pile).or_default();
            pile.push((page.name.as_str(), sheet));
        }
    }
    for pile in piles.values() {
        mixed(pile, &mut found);
        let mut of_record: BTreeMap<[u8; 8], Vec<(&str, &StackSheet)>> = BTreeMap::new();
        for (name, sheet) in pile {
            of_record
                .entry(sheet.record)
                .or_default()
                .push((name, sheet));
        }
        for record in in_turn(&of_record, pile) {
            within(record, &mut found);
        }
    }
    lacking(pages, received, &mut found);
    found
}

/// A pile's records with their pages, in the order in which they are met first.
fn in_turn<'a, 'b>(
    of_record: &'b BTreeMap<[u8; 8], Vec<(&'a str, &'a StackSheet)>>,
    pile: &[(&str, &StackSheet)],
) -> Vec<&'b [(&'a str, &'a StackSheet)]> {
    let mut met = BTreeSet::new();
    pile.iter()
        .filter(|(_, sheet)| met.insert(sheet.record))
        .filter_map(|(_, sheet)| of_record.get(&sheet.record).map(Vec::as_slice))
        .collect()
}

/// Records whose pages come again after those of another, each told once.
fn mixed(pile: &[(&str, &StackSheet)], found: &mut Vec<Hint>) {
    let (mut begun, mut told) = (BTreeSet::new(), BTreeSet::new());
    for (n, (name, sheet)) in pile.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|n| pile.get(n)).map(|(_, s)| *s);
        if before.is_some_and(|b| b.record == sheet.record) {
            continue;
        }
        if begun.insert(sheet.record) || !told.insert(sheet.record) {
            continue;
        }
        let other = before.map_or("", |b| b.title.as_str());
        found.push(Hint {
            code: "mixed",
            name: (*name).to_owned(),
            message: format!(
                "{name}：{}的页在{other}之后又出现，两份材料的页混在一起。请按人、按份理好。",
                sheet.title
            ),
        });
    }
}

/// Copies of one record that lie among each other, and copies whose pages do not go from first to last.
fn within(record: &[(&str, &StackSheet)], found: &mut Vec<Hint>) {
    let mut begun: Vec<u8> = Vec::new();
    for (name, sheet) in record {
        if begun.last() == Some(&sheet.copy) {
            continue;
        }
        if begun.contains(&sheet.copy) {
            let other = begun.last().copied().unwrap_or(0);
            found.push(Hint {
                code: "interleaved",
                name: (*name).to_owned(),
                message: format!(
                    "{name}：{}第{}份和第{other}份的页交错。请一份一份理好。",
                    sheet.title, sheet.copy
                ),
            });
            break;
        }
        begun.push(sheet.copy);
    }
    let copies: BTreeSet<u8> = record.iter().map(|(_, s)| s.copy).collect();
    for copy in copies {
        let sheets: Vec<_> = record.iter().filter(|(_, s)| s.copy == copy).collect();
        let back = sheets
            .iter()
            .zip(sheets.iter().skip(1))
            .find(|(a, b)| b.1.page < a.1.page);
        if let Some((_, (name, sheet))) = back {
            let order: Vec<String> = sheets.iter().map(|(_, s)| s.page.to_string()).collect();
            found.push(Hint {
                code: "order",
                name: (*name).to_owned(),
                message: format!(
                    "{name}：{}第{copy}份的页次是{}，没有从前到后。请理好次序。",
                    sheet.title,
                    order.join("、")
                ),
            });
        }
    }
}

/// Pages that are missing of copies that the stack has, and that the desk has not received either.
fn lacking(pages: &[StackPage], received: &BTreeSet<(PrintedCopy, u8)>, found: &mut Vec<Hint>) {
    let unread = pages.iter().filter(|p| p.sheet.is_none()).count();
    let sheets = || {
        let sheets = pages.iter().filter_map(|p| p.sheet.as_ref());
        sheets.filter(|s| s.in_force)
    };
    // of a copy that lies there in two prints, the later one is asked for
    let mut copies: BTreeMap<([u8; 8], u8), &StackSheet> = BTreeMap::new();
    let mut order = Vec::new();
    for sheet in sheets() {
        let key = (sheet.record, sheet.copy);
        if !copies.contains_key(&key) {
            order.push(key);
        }
        let kept = copies.entry(key).or_insert(sheet);
        if sheet.print() > kept.print() {
            *kept = sheet;
        }
    }
    for key in order {
        let Some(last) = copies.get(&key) else {
            continue;
        };
        let here: BTreeSet<u8> = sheets()
            .filter(|s| (s.record, s.copy) == key)
            .map(|s| s.page)
            .collect();
        let lacks: Vec<String> = (1..=last.pages)
            .filter(|page| !here.contains(page) && !received.contains(&(last.print(), *page)))
            .map(|page| format!("第{page}页"))
            .collect();
        if lacks.is_empty() {
            continue;
        }
        let perhaps = match unread {
            0 => String::new(),
            n => format!("（有 {n} 页没有读出，可能在其中）"),
        };
        found.push(Hint {
            code: "lacks",
            name: String::new(),
            message: format!(
                "{}第{}份：这一叠缺{}{perhaps}",
                last.title,
                last.copy,
                lacks.join("、")
            ),
        });
    }
}
