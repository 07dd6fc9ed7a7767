//! Texts as they stand in cells and paragraphs of a filled form.

use crate::campaign::Campaign;
use crate::fill::anatomy::blanks::lines;
use crate::fill::anatomy::block::list_of;
use crate::fill::anatomy::boxes::is_box;
use crate::fill::anatomy::find::{cells, paragraphs, rows};
use crate::fill::anatomy::glyphs::{Glyph, glyphs, is_blank, text_of};
use crate::fill::anatomy::label::{behind, field_of, folded, is_to_be_signed};
use crate::fill::anatomy::place::FieldPlace;
use crate::ooxml::Element;

/// A text with its blank ends and the underscores of blanks taken off.
pub(super) fn clean(text: &str) -> String {
    text.trim_matches(|c: char| is_blank(c) || matches!(c, '_' | '＿'))
        .to_owned()
}

/// Lines that are not blank, one below the other.
pub(super) fn joined(lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines
        .flat_map(|l| l.split('\n').map(str::to_owned).collect::<Vec<_>>())
        .map(|l| clean(&l))
        .filter(|l| !l.is_empty())
        .collect();
    lines.join("\n")
}

/// What stands in a cell.
pub(super) fn cell_text(cell: Element<'_>) -> String {
    joined(paragraphs(cell).into_iter().map(|p| text_of(&glyphs(p))))
}

pub(super) fn paragraphs_in(element: Element<'_>) -> Vec<Element<'_>> {
    element.descendants().filter(|e| e.is("p")).collect()
}

/// The text of a bookmark with what was typed at its ends: up to a blank, or as far as the line under it goes.
pub(super) fn within(start: Element<'_>, paragraph: Element<'_>, grows: bool) -> String {
    let id = start.attribute("w:id").unwrap_or_default();
    let end = paragraph
        .descendants()
        .filter(|e| e.is("bookmarkEnd"))
        .find(|e| e.attribute("w:id").is_some_and(|i| i == id));
    let from = start.range().end;
    let to = end.map_or(paragraph.range().end, |e| e.range().start);
    let glyphs = glyphs(paragraph);
    let first = glyphs
        .iter()
        .position(|g| g.range.start >= from)
        .unwrap_or(glyphs.len());
    let mut last = glyphs
        .iter()
        .take_while(|g| g.range.start < to)
        .count()
        .max(first);
    let inside = glyphs.get(first..last).unwrap_or_default();
    let line = inside.iter().any(|g| g.underlined);
    let goes_on = |g: &Glyph<'_>| {
        if line {
            g.underlined
        } else {
            !is_blank(g.c) && !matches!(g.c, '_' | '＿')
        }
    };
    while grows && glyphs.get(last).is_some_and(goes_on) {
        last += 1;
    }
    clean(&text_of(glyphs.get(first..last).unwrap_or_default()))
}

/// The blank behind a label as it was filled: the underlined text, or up to a wide gap.
pub(super) fn line(paragraphs: &[Element<'_>], place: &FieldPlace) -> String {
    for paragraph in paragraphs {
        let glyphs = glyphs(*paragraph);
        let from = behind(&glyphs, &place.label);
        if from == 0 && !place.label.is_empty() {
            continue;
        }
        if place.label.is_empty() {
            let span = blanks(&glyphs).into_iter().nth(place.nth);
            return span.map_or_else(String::new, |s| {
                clean(&text_of(glyphs.get(s).unwrap_or_default()))
            });
        }
        let rest = glyphs.get(from..).unwrap_or_default();
        let lead = rest
            .iter()
            .take_while(|g| is_blank(g.c) && !g.underlined)
            .count();
        let rest = rest.get(lead..).unwrap_or_default();
        let length = if rest.first().is_some_and(|g| g.underlined) {
            rest.iter().take_while(|g| g.underlined).count()
        } else {
            let text = text_of(rest);
            let wide = text
                .find("　")
                .or_else(|| text.find("  "))
                .or_else(|| text.find('\t'));
            wide.map_or(rest.len(), |at| {
                text.get(..at).unwrap_or("").chars().count()
            })
        };
        return clean(&text_of(rest.get(..length).unwrap_or_default()));
    }
    String::new()
}

/// Blanks that are written on or not: what is underlined, and underscores that are not.
fn blanks(glyphs: &[Glyph<'_>]) -> Vec<std::ops::Range<usize>> {
    let mut all = underlined(glyphs);
    let low = lines(glyphs).into_iter();
    let apart: Vec<_> = low
        .filter(|l| all.iter().all(|u| l.end <= u.start || u.end <= l.start))
        .collect();
    all.extend(apart);
    all.sort_by_key(|span| span.start);
    all
}

fn underlined(glyphs: &[Glyph<'_>]) -> Vec<std::ops::Range<usize>> {
    let mut at = 0;
    let mut out = Vec::new();
    for group in glyphs.chunk_by(|a, b| a.underlined == b.underlined) {
        if group.first().is_some_and(|g| g.underlined) {
            out.push(at..at + group.len());
        }
        at += group.len();
    }
    out
}

/// A date between the words 年, 月, 日; empty where no year is given.
pub(super) fn date(paragraphs: &[Element<'_>], label: &str) -> String {
    for paragraph in paragraphs {
        let all = glyphs(*paragraph);
        let from = behind(&all, label);
        let text = text_of(all.get(from..).unwrap_or_default());
        let text: String = text
            .chars()
            .filter(|c| !is_blank(*c) && *c != '_')
            .collect();
        let Some((year, rest)) = text.split_once('年') else {
            continue;
        };
        let digits = |t: &str| -> String {
            t.chars()
                .rev()
                .take_while(char::is_ascii_digit)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect()
        };
        let year = digits(year);
        if year.is_empty() {
            continue;
        }
        let mut out = format!("{year}年");
        if let Some((month, rest)) = rest.split_once('月') {
            out.push_str(&format!("{}月", digits(month)));
            if let Some((day, _)) = rest.split_once('日')
                && !digits(day).is_empty()
            {
                out.push_str(&format!("{}日", digits(day)));
            }
        }
        return out;
    }
    String::new()
}

/// The characters that stand in boxes of their own, one behind the other.
pub(super) fn spread(text: &str) -> String {
    let own = |c: &char| !is_blank(*c) && !is_box(*c) && *c != '_';
    text.chars().filter(own).collect()
}

/// An opinion's words, without the lines to be signed.
pub(super) fn opinion(text: &str) -> String {
    let lines = text.lines().filter(|l| !is_to_be_signed(l));
    joined(lines.map(str::to_owned))
}

/// What stands in a blank: nothing, where the words behind it are the next label.
pub(super) fn unless_label(campaign: &Campaign, text: String) -> String {
    let next = text.split_once(['：', ':']);
    match next {
        Some((label, _)) if is_known_label(campaign, label) => String::new(),
        _ => text,
    }
}

/// Whether a text is a label of the campaign.
pub(super) fn is_known_label(campaign: &Campaign, text: &str) -> bool {
    let text = folded(text);
    if text.is_empty() || text.chars().count() > 20 {
        return false;
    }
    let mut fields = campaign.sheets.iter().flat_map(|s| &s.fields);
    fields.any(|f| folded(&f.label) == text || f.aliases.iter().any(|a| folded(a) == text))
}

/// A key without the numbers of its rows.
pub(super) fn flat(key: &str) -> String {
    match (key.find('['), key.find(']')) {
        (Some(open), Some(close)) if open < close => {
            format!(
                "{}{}",
                key.get(..open).unwrap_or(""),
                key.get(close + 1..).unwrap_or("")
            )
        }
        _ => key.to_owned(),
    }
}

/// Whether a tag is a key of the campaign.
pub(super) fn is_key(campaign: &Campaign, tag: &str) -> bool {
    field_of(campaign, &flat(tag)).is_some() || list_of(campaign, tag).is_some()
}

/// A cell of a list's row that a bookmark tells.
pub(super) struct Marked<'t> {
    pub(super) list: String,
    pub(super) field: String,
    pub(super) table: Element<'t>,
    pub(super) row: usize,
    pub(super) column: usize,
}

/// The cell of a list's row, where the key is one of a row.
pub(super) fn marked<'t>(key: &str, cell: Element<'t>) -> Option<Marked<'t>> {
    let (list, rest) = key.split_once('[')?;
    let (_, field) = rest.split_once("].")?;
    let row = cell.ancestors().find(|e| e.is("tr"))?;
    let table = row.ancestors().find(|e| e.is("tbl"))?;
    Some(Marked {
        list: list.to_owned(),
        field: field.to_owned(),
        table,
        row: rows(table).iter().position(|r| *r == row)?,
        column: cells(row).iter().find(|c| c.element == cell)?.column,
    })
}
