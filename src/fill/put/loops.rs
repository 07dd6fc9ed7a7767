//! Placeholders of a .docx (占位符): `{{key}}`, `{{@photo}}`, and rows of a table from `{{#list}}` to `{{/list}}`, which stand once for each
//! row of the list. What is kept only under a condition is in `conditions`.

use crate::fill::anatomy::bookmark::AMONG_TEXT;
use crate::fill::anatomy::find::{cells, rows};
use crate::fill::anatomy::glyphs::{glyphs, text_of};
use crate::fill::put::bookmark::bookmark;
use crate::fill::put::conditions::with_conditions;
use crate::fill::put::cut_key::CutKey;
use crate::fill::put::cutter::Cutter;
use crate::fill::put::placeholder::{erase, key_in, next_placeholder};
use crate::fill::put::rows::rows_stencil;
use crate::fill::put::stencil::{Action, Cut};
use crate::ooxml::Element;

/// Cuts all placeholders of a part, if it has any.
pub(super) fn loops(root: Element<'_>, xml: &str, cutter: &mut Cutter) {
    if !xml.contains('{') {
        return;
    }
    let tables = root.descendants().filter(|e| e.is("tbl"));
    for group in tables.flat_map(groups) {
        cutter.cuts.push(group.cut(xml));
    }
    let looped = cutter
        .cuts
        .iter()
        .filter(|c| matches!(c.ink, Action::Each { .. }));
    let looped: Vec<_> = looped.map(|c| c.range.clone()).collect();
    for paragraph in root.descendants().filter(|e| e.is("p")) {
        let at = paragraph.range().start;
        if !looped.iter().any(|r| r.contains(&at)) {
            placeholders(paragraph, None, cutter);
        }
    }
}

/// Rows of a table that stand for each row of a list.
struct Group<'t> {
    list: String,
    rows: Vec<Element<'t>>,
}

/// The groups of rows of a table, each from `{{#list}}` to `{{/list}}`.
fn groups(table: Element<'_>) -> Vec<Group<'_>> {
    let mut out: Vec<Group<'_>> = Vec::new();
    let mut open: Option<Group<'_>> = None;
    for row in rows(table) {
        let own = row.descendants().filter(|e| e.is("p"));
        let text: String = own.map(|p| text_of(&glyphs(p))).collect();
        let mut group = match open.take() {
            Some(group) => group,
            None => {
                let begun = text.split_once("{{#").and_then(|(_, t)| t.split_once("}}"));
                let Some((list, _)) = begun else { continue };
                Group {
                    list: list.trim().to_owned(),
                    rows: Vec::new(),
                }
            }
        };
        group.rows.push(row);
        let ends = words(&text).any(|w| w.strip_prefix('/').map(str::trim) == Some(&group.list));
        match ends {
            true => out.push(group),
            false => open = Some(group),
        }
    }
    out
}

/// The words between doubled braces.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let behind = text.split("{{").skip(1);
    behind.filter_map(|t| Some(t.split_once("}}")?.0.trim()))
}

impl Group<'_> {
    /// The rows as a cut that writes them for each row of the list.
    fn cut(&self, xml: &str) -> Cut {
        let mut cutter = Cutter::new(Vec::new());
        let paragraphs = || {
            let all = self.rows.iter().flat_map(|row| row.descendants());
            all.filter(|e| e.is("p"))
        };
        for p in paragraphs() {
            placeholders(p, Some(&self.list), &mut cutter);
        }
        for tag in self.spanning() {
            cutter.cuts.push(Cut {
                range: tag.range(),
                key: CutKey::Field(String::new()),
                ink: Action::Further("<w:vMerge/>".to_owned()),
                name: String::new(),
            });
        }
        let cuts = with_conditions(&self.rows, xml, Some(&self.list), cutter.cuts);
        let range = self.rows.first().map_or(0, |r| r.range().start)
            ..self.rows.last().map_or(0, |r| r.range().end);
        Cut {
            range,
            key: CutKey::Field(String::new()),
            ink: Action::Each {
                list: self.list.clone(),
                row: Box::new(rows_stencil(&self.rows, xml, cuts, false)),
            },
            name: String::new(),
        }
    }

    /// Where cells begin to be merged downwards that nothing in these rows goes on: they span what stands for all rows of the list.
    fn spanning(&self) -> Vec<Element<'_>> {
        let mut out = Vec::new();
        for (n, row) in self.rows.iter().enumerate() {
            for cell in cells(*row) {
                let merge = cell.element.at(&["tcPr", "vMerge"]);
                let Some(merge) = merge.filter(|_| !cell.goes_on()) else {
                    continue;
                };
                let next = self.rows.get(n + 1).copied();
                let goes_on = next.is_some_and(|next| {
                    let mut below = cells(next).into_iter();
                    below.any(|c| c.column == cell.column && c.goes_on())
                });
                if !goes_on {
                    out.push(merge);
                }
            }
        }
        out
    }
}

/// Cuts the placeholders of a paragraph; they go where there is no value too.
fn placeholders(paragraph: Element<'_>, list: Option<&str>, cutter: &mut Cutter) {
    let known = cutter.cuts.len();
    cut_placeholders(paragraph, list, cutter);
    for cut in cutter.cuts.iter_mut().skip(known) {
        let ink = std::mem::replace(&mut cut.ink, Action::Gone);
        cut.ink = Action::Always(Box::new(ink));
    }
}

fn cut_placeholders(paragraph: Element<'_>, list: Option<&str>, cutter: &mut Cutter) {
    let glyphs = glyphs(paragraph);
    let mut at = 0;
    while let Some((from, to)) = next_placeholder(&glyphs, at) {
        at = to;
        let inside = glyphs.get(from + 2..to - 2).unwrap_or_default();
        let word = text_of(inside).trim().to_owned();
        if word.starts_with(['#', '/', '?', '^']) {
            erase(glyphs.get(from..to).unwrap_or_default(), cutter);
            continue;
        }
        if word.starts_with('@') {
            cutter.picture(&[paragraph], &CutKey::Field("photo".to_owned()), false);
            continue;
        }
        let key = key_in(list, &word);
        let name = bookmark(&key, AMONG_TEXT, 0);
        cutter.replace(&glyphs, from..to, &key, &name, false);
    }
}
