//! A list that is asked as one text (整段填写): 个人简历 or 获奖情况 with one box and no columns. Each row is a line, its fields one
//! behind the other with a wide space between. What people type there is taken apart with more patience.

use std::collections::BTreeMap;

use crate::campaign::{Campaign, Kind, Sheet};
use crate::fill::anatomy::numbered::{number_of, without_number};
use crate::text::heading::fold_heading;

/// Between two fields of a row.
const GAP: char = '\u{3000}';
/// Stands for a field that has no value where others follow.
const NOTHING: &str = "／";

/// The list that a key names as a whole, such as `resume`.
pub(in crate::fill) fn list_of<'c>(campaign: &'c Campaign, key: &str) -> Option<&'c Sheet> {
    campaign.sheets.iter().find(|s| s.rows && s.key == key)
}

/// The rows of a list as lines.
pub(in crate::fill) fn lines_of(sheet: &Sheet, rows: &[BTreeMap<String, String>]) -> String {
    let line = |row: &BTreeMap<String, String>| {
        let fields = sheet.fields.iter().map(|f| row.get(&f.key));
        let fields = fields.map(|v| words(v.map_or("", String::as_str)));
        let mut fields: Vec<String> = fields.collect();
        // where a value holds a space itself, only the number of fields tells them apart
        let spaced = fields.iter().any(|f| f.contains(' '));
        while !spaced && fields.last().is_some_and(String::is_empty) {
            fields.pop();
        }
        for field in fields.iter_mut().filter(|f| f.is_empty()) {
            NOTHING.clone_into(field);
        }
        fields.join(&GAP.to_string())
    };
    let lines: Vec<String> = rows.iter().map(line).collect();
    lines.join("\n")
}

/// A value without the gaps that part fields.
fn words(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The rows that some lines say: column and text of each.
pub(in crate::fill) fn rows_of(sheet: &Sheet, text: &str) -> Vec<Vec<(String, String)>> {
    let lines = below_label(sheet, text).lines().map(without_number);
    let lines = lines.filter(|l| !matches!(*l, "" | "无" | "无。"));
    lines.map(|line| row_of(sheet, line)).collect()
}

/// The lines below a label that stands in their box, over a line with the number 1.
fn below_label<'l>(sheet: &Sheet, text: &'l str) -> &'l str {
    let Some((first, rest)) = text.split_once('\n') else {
        return text;
    };
    let label = fold_heading(first);
    let mut names = sheet
        .aliases
        .iter()
        .chain([&sheet.label])
        .map(|n| fold_heading(n));
    let named = first.trim_end().ends_with(['：', ':']) || names.any(|n| label.contains(&n));
    let next: Vec<char> = rest.chars().take(8).collect();
    let counts = number_of(&next).is_some_and(|number| number.value == 1);
    let begins: Vec<char> = first.chars().collect();
    let own = number_of(&begins).is_some_and(|number| number.value == 1);
    if named && counts && !own { rest } else { text }
}

fn row_of(sheet: &Sheet, line: &str) -> Vec<(String, String)> {
    let count = sheet.fields.len();
    let mut pieces = apart(line);
    if pieces.len() != count {
        pieces = loosely(sheet, line);
    }
    let fields = sheet.fields.iter().zip(pieces);
    fields
        .map(|(field, piece)| {
            let piece = if piece == NOTHING { "" } else { piece };
            (field.key.clone(), piece.to_owned())
        })
        .collect()
}

/// Pieces of a line between wide gaps: a full-width space, a tab, or two spaces and more.
fn apart(line: &str) -> Vec<&str> {
    let pieces = line.split([GAP, '\t']).flat_map(|p| p.split("  "));
    pieces.map(str::trim).filter(|p| !p.is_empty()).collect()
}

/// A line as a person types it: time in front, if the list begins with one, then words between spaces; what is left over goes to the
/// last field.
fn loosely<'l>(sheet: &Sheet, line: &'l str) -> Vec<&'l str> {
    let first = sheet.fields.first().map(|f| f.kind);
    let timed = matches!(first, Some(Kind::Span | Kind::Month | Kind::Date));
    let (time, rest) = if timed { time(line) } else { ("", line) };
    let count = sheet.fields.len() - usize::from(timed);
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "，,：:；;".contains(c));
    let mut pieces = apart(rest);
    if pieces.len() < 2 || pieces.len() > count {
        pieces = rest
            .splitn(count, char::is_whitespace)
            .map(str::trim)
            .collect();
    }
    let time = timed.then_some(time);
    time.into_iter().chain(pieces).collect()
}

/// The time at the beginning of a line, and what follows.
fn time(line: &str) -> (&str, &str) {
    let part = |c: char| {
        c.is_ascii_digit() || c.is_whitespace() || "年月日．./-—–－~～〜至今到起".contains(c)
    };
    let mut end = line.find(|c| !part(c)).unwrap_or(line.len());
    let open = |time: &str| {
        time.trim_end()
            .ends_with(['-', '—', '–', '－', '~', '～', '至'])
    };
    for now in ["现在", "目前"] {
        let (time, rest) = line.split_at(end);
        if open(time) && rest.starts_with(now) {
            end += now.len();
        }
    }
    let (time, rest) = line.split_at(end);
    if time.chars().filter(char::is_ascii_digit).count() < 4 {
        return ("", line);
    }
    (time.trim(), rest)
}
