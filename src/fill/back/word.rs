//! Values of a .docx as a person left them: by content-control tag, by the bookmarks of a filling, by the places of a binding.
//! Insertions count, deletions do not.

use crate::campaign::{Campaign, Field};
use crate::fill::anatomy::block::list_of;
use crate::fill::anatomy::bookmark::{ALONE, AMONG_TEXT, ON_LINE, OPINION, key_of_name, kind_of};
use crate::fill::anatomy::boxes::{boxes_of, is_box, is_ticked};
use crate::fill::anatomy::find::{
    TableCell, cell_at, cells, control_at, paragraph_at, paragraphs, rows, table_at, text_in,
    whereabouts,
};
use crate::fill::anatomy::glyphs::{Glyph, glyphs, text_of};
use crate::fill::anatomy::halves::{half_asked, half_of};
use crate::fill::anatomy::label::{behind, field_of, folded, is_minority, words_of};
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::fill::anatomy::row_kinds::is_foot;
use crate::fill::back::besides;
use crate::fill::back::form_read::{How, ReadValue};
use crate::fill::back::text::{
    Marked, cell_text, date, flat, is_key, is_known_label, joined, line, marked, opinion,
    paragraphs_in, spread, unless_label, within,
};
use crate::finding::{Finding, Place as At};
use crate::ooxml::{Element, OoxmlError, OpcPackage, Tree, WordsReader, shows_prompt};

/// All values in a part.
pub(super) fn read(
    campaign: &Campaign,
    file: &str,
    part: &str,
    package: &OpcPackage,
    places: &[&FieldPlace],
) -> Result<(Vec<ReadValue>, Vec<Finding>), OoxmlError> {
    let tree = Tree::read(part, package.text(part)?)?;
    let mut reader = Reader {
        words: WordsReader::open(package, part, tree.root())?,
        besides: Vec::new(),
        campaign,
        file,
        part,
        root: tree.root(),
        found: Vec::new(),
        listed: Vec::new(),
    };
    reader.tags();
    reader.own_rows();
    reader.bookmarks();
    for place in places.iter().filter(|p| p.take != Take::Rows) {
        if !reader.is_marked(&place.key, places) {
            reader.place(place);
        }
    }
    reader.lists(places);
    Ok((reader.found, reader.besides))
}

/// One part of a document while it is read.
pub(super) struct Reader<'a, 't> {
    pub(super) campaign: &'a Campaign,
    file: &'a str,
    part: &'a str,
    pub(super) root: Element<'t>,
    pub(super) found: Vec<ReadValue>,
    /// Numbers and notes of the part.
    words: WordsReader,
    /// What stands in cells besides values.
    besides: Vec<Finding>,
    /// Lists that were read by their bookmarks.
    listed: Vec<String>,
}

impl<'a, 't> Reader<'a, 't> {
    fn see(&mut self, key: String, text: String, how: How, at: Element<'_>) {
        let place = self.at(at);
        self.found.push(ReadValue {
            key,
            text,
            cell: None,
            choices: Vec::new(),
            how,
            place,
        });
    }

    /// What stands in a cell as the value of a key; what there is besides is told.
    fn value(&mut self, key: &str, cell: Element<'_>) -> String {
        let place = self.at(cell);
        let (text, besides) = besides::text_of(self.campaign, &self.words, key, cell, &place);
        let new = besides.into_iter().filter(|f| !self.besides.contains(f));
        let new: Vec<Finding> = new.collect();
        self.besides.extend(new);
        text
    }

    /// Where an element stands, in words.
    fn at(&self, element: Element<'_>) -> At {
        let mut at = At::file(self.file);
        at.sheet = Some(self.part.to_owned());
        at.cell = Some(whereabouts(self.root, element));
        at
    }

    /// Content controls whose tag is a key; where there is no tag, those whose title is one: LibreOffice keeps titles alone, and
    /// writes the same control several times in a row.
    fn tags(&mut self) {
        let controls: Vec<_> = self.root.descendants().filter(|e| e.is("sdt")).collect();
        let mut last: Option<(Element<'_>, String)> = None;
        for control in controls {
            let named = |name: &str| control.at(&["sdtPr", name]).and_then(Element::val);
            let (tag, title) = (named("tag"), named("alias"));
            let Some(tag) = tag.or(title) else {
                last = None;
                continue;
            };
            let begins = control.range().start;
            let again = last.replace((control, tag.to_string()));
            if again
                .is_some_and(|(e, t)| named("tag").is_none() && t == tag && e.range().end == begins)
            {
                continue;
            }
            if !is_key(self.campaign, &tag) || tag == "photo" {
                continue;
            }
            let Some(content) = control.child("sdtContent") else {
                continue;
            };
            let of_rows = content.descendants().any(|e| e.is("tr"));
            if of_rows && list_of(self.campaign, &tag).is_some() {
                continue;
            }
            let text = if shows_prompt(control) {
                String::new()
            } else {
                self.ticked_or(&tag, content)
            };
            self.see(tag.into_owned(), text, How::Tag, control);
        }
    }

    /// The ticked words of an element with tick boxes, else its text.
    fn ticked_or(&self, key: &str, element: Element<'t>) -> String {
        let lines: Vec<_> = paragraphs_in(element).into_iter().map(glyphs).collect();
        let lines = if lines.is_empty() {
            vec![glyphs(element)]
        } else {
            lines
        };
        let has_box = lines
            .iter()
            .flatten()
            .any(|g| matches!(g.c, '□' | '☐' | '☑' | '☒'));
        if has_box {
            return self.ticked((key, ""), &lines);
        }
        joined(lines.iter().map(|l| text_of(l)))
    }

    fn ticked(&self, (key, label): (&str, &str), lines: &[Vec<Glyph<'_>>]) -> String {
        let field = field_of(self.campaign, &flat(key));
        let mut words: Vec<String> = Vec::new();
        for line in lines {
            let chars: Vec<char> = line.iter().map(|g| g.c).collect();
            for (at, label) in boxes_of(&chars, label) {
                if line.get(at).is_some_and(|g| is_ticked(g.c)) {
                    if is_minority(&label) {
                        words.extend(self.minority(field, &label));
                        continue;
                    }
                    let all = words_of(self.campaign, field, &label);
                    words.extend(all.last().cloned());
                }
            }
        }
        words.join("、")
    }

    /// Which nationality is written behind the box for all others; none where that is left open.
    fn minority(&self, field: Option<&Field>, label: &str) -> Option<String> {
        let list = field.and_then(|f| f.codes.as_ref());
        let list = list.and_then(|id| self.campaign.lists.get(id))?;
        let behind = folded(label).replacen("少数民族", "", 1);
        let names = list.items.iter().map(|i| &i.name);
        names.into_iter().find(|n| behind.contains(*n)).cloned()
    }

    /// Bookmarks that a filling left.
    fn bookmarks(&mut self) {
        let starts: Vec<_> = self
            .root
            .descendants()
            .filter(|e| e.is("bookmarkStart"))
            .filter(|e| !e.ancestors().any(|a| a.is("Fallback")))
            .collect();
        let mut rows: Vec<Marked<'_>> = Vec::new();
        for start in starts {
            let name = start.attribute("w:name").unwrap_or_default();
            let Some((kind, rest)) = kind_of(&name) else {
                continue;
            };
            let Some(key) = key_of_name(self.campaign, rest) else {
                continue;
            };
            let Some(paragraph) = start.ancestors().find(|a| a.is("p")) else {
                continue;
            };
            let cell = paragraph.parent().filter(|p| p.is("tc"));
            if let Some(marked) = cell.and_then(|c| marked(&key, c)) {
                rows.push(marked);
                continue;
            }
            let text = match (kind, cell) {
                (ALONE, Some(cell)) => self.value(&key, cell),
                (OPINION, Some(cell)) => opinion(&self.value(&key, cell)),
                (ALONE | OPINION, None) => text_of(&glyphs(paragraph)),
                (ON_LINE, _) => within(start, paragraph, true),
                (AMONG_TEXT, _) => within(start, paragraph, false),
                _ => continue,
            };
            self.see(key, text, How::Bookmark, start);
        }
        self.marked_lists(&rows);
    }

    /// Lists whose rows bookmarks tell: the bookmarks say which table, column and first row; the rows are as they stand.
    fn marked_lists(&mut self, marked: &[Marked<'t>]) {
        for one in marked {
            if self.listed.contains(&one.list) {
                continue;
            }
            self.listed.push(one.list.clone());
            let own = || {
                marked
                    .iter()
                    .filter(|m| m.list == one.list && m.table == one.table)
            };
            let first = own().map(|m| m.row).min().unwrap_or(one.row);
            let mut columns: Vec<(&str, usize)> =
                own().map(|m| (m.field.as_str(), m.column)).collect();
            columns.sort_unstable_by_key(|c| c.1);
            columns.dedup();
            self.list(&one.list, one.table, first, &columns, How::Bookmark);
        }
    }

    /// Whether bookmarks tell where all places of a key are now.
    fn is_marked(&self, key: &str, places: &[&FieldPlace]) -> bool {
        let marked = self
            .found
            .iter()
            .filter(|s| s.how == How::Bookmark && flat(&s.key) == key)
            .count();
        marked > 0 && marked >= places.iter().filter(|p| p.key == key).count()
    }

    fn place(&mut self, place: &FieldPlace) {
        if place.take == Take::Control {
            self.untagged(place);
            return;
        }
        if matches!(place.take, Take::Photo | Take::Mark) {
            return;
        }
        if place.table.is_empty() {
            self.outside(place);
            return;
        }
        let Some(cell) = self.cell(place) else { return };
        let all = paragraphs(cell.element);
        let lines: Vec<_> = match (place.take, place.paragraph) {
            (Take::Line | Take::Date, Some(n)) => all.get(n).into_iter().copied().collect(),
            _ => all,
        };
        let text = match place.take {
            Take::Ticks => {
                let lines: Vec<_> = lines.into_iter().map(glyphs).collect();
                let text = self.ticked((&place.key, &place.label), &lines);
                if text.is_empty() && says_only_minority(&lines) {
                    // which one stands nowhere: nothing is said that could differ
                    return;
                }
                text
            }
            Take::Date => date(&lines, &place.label),
            Take::Line => unless_label(self.campaign, line(&lines, place)),
            Take::Opinion => opinion(&self.value(&place.key, cell.element)),
            Take::Digits => {
                let row = cell.element.ancestors().find(|a| a.is("tr"));
                let own = row
                    .into_iter()
                    .flat_map(cells)
                    .filter(|c| c.column >= cell.column);
                let texts = own.take(place.nth.max(1)).map(|c| text_in(c.element));
                spread(&texts.collect::<String>())
            }
            _ => self.value(&place.key, cell.element),
        };
        self.see(place.key.clone(), text, How::Grid, cell.element);
        if place.take == Take::Ticks {
            let paragraphs = paragraphs(cell.element);
            self.offers(place, &paragraphs);
        }
    }

    /// What the tick boxes can say in which the last value was seen.
    fn offers(&mut self, place: &FieldPlace, paragraphs: &[Element<'_>]) {
        let field = field_of(self.campaign, &flat(&place.key));
        let lines = paragraphs.iter().map(|p| glyphs(*p));
        let boxes = lines.flat_map(|line| {
            let chars: Vec<char> = line.iter().map(|g| g.c).collect();
            boxes_of(&chars, &place.label)
        });
        let words = boxes.flat_map(|(_, label)| words_of(self.campaign, field, &label));
        let words: Vec<String> = words.collect();
        if let Some(last) = self.found.last_mut() {
            last.choices = words;
        }
    }

    /// A content control without a tag, by where it stands.
    fn untagged(&mut self, place: &FieldPlace) {
        let tagged = self
            .found
            .iter()
            .any(|s| s.how == How::Tag && s.key == place.key);
        let Some(control) = control_at(self.root, place).filter(|_| !tagged) else {
            return;
        };
        let content = control
            .child("sdtContent")
            .filter(|_| !shows_prompt(control));
        let text = content.map_or(String::new(), |c| self.ticked_or(&place.key, c));
        self.see(place.key.clone(), text, How::Grid, control);
    }

    /// The cell of a place: where the binding says, or behind its label where rows have moved.
    fn cell(&self, place: &FieldPlace) -> Option<TableCell<'t>> {
        let table = table_at(self.root, &place.table)?;
        let here = cell_at(table, place.row, place.column);
        if place.label.is_empty() || matches!(place.take, Take::Line) {
            return here;
        }
        let label = folded(&place.label);
        let is_label = |c: &TableCell<'_>| folded(&text_in(c.element)) == label;
        let beside = rows(table).get(place.row).is_some_and(|row| {
            let left = cells(*row).into_iter().rfind(|c| c.column < place.column);
            left.is_some_and(|c| is_label(&c))
        });
        let above = place
            .row
            .checked_sub(1)
            .and_then(|row| cell_at(table, row, place.column))
            .is_some_and(|c| is_label(&c));
        if beside || above {
            return here;
        }
        // rows were added above: the label tells where the cell is now
        let below_label = |n: usize, c: &TableCell<'t>| {
            let next = cell_at(table, n + 1, c.column)?;
            (!is_known_label(self.campaign, &text_in(next.element))).then_some(next)
        };
        for (n, row) in rows(table).into_iter().enumerate() {
            let all = cells(row);
            for (at, cell) in all.iter().enumerate() {
                if !is_label(cell) || cell.goes_on() {
                    continue;
                }
                let right = all.get(at + 1).copied();
                return match right {
                    Some(right) if !is_known_label(self.campaign, &text_in(right.element)) => {
                        Some(right)
                    }
                    _ => below_label(n, cell).or(right),
                };
            }
        }
        here
    }

    /// A place in a paragraph outside tables.
    fn outside(&mut self, place: &FieldPlace) {
        let named = paragraph_at(self.root, place);
        let holds = |p: &Element<'_>| {
            place.label.is_empty() || folded(&text_of(&glyphs(*p))).contains(&folded(&place.label))
        };
        let found = named.filter(|p| holds(p)).or_else(|| {
            let everywhere = self.root.descendants().filter(|e| e.is("p"));
            let mut outside = everywhere.filter(|p| !p.ancestors().any(|a| a.is("Fallback")));
            outside.find(|p| !place.label.is_empty() && holds(p))
        });
        let Some(paragraph) = found else { return };
        let lines = [paragraph];
        let text = match place.take {
            Take::Ticks => {
                let line = [glyphs(paragraph)];
                let text = self.ticked((&place.key, &place.label), &line);
                if text.is_empty() && says_only_minority(&line) {
                    return;
                }
                text
            }
            Take::Date => date(&lines, &place.label),
            Take::Line => unless_label(self.campaign, line(&lines, place)),
            Take::Digits => {
                let own = glyphs(paragraph);
                let from = behind(&own, &place.label);
                let own = own.iter().skip(from).map(|g| g.c);
                let own = own.take_while(|c| is_box(*c) || c.is_ascii_alphanumeric());
                spread(&own.collect::<String>())
            }
            _ => return,
        };
        self.see(place.key.clone(), text, How::Grid, paragraph);
        if place.take == Take::Ticks {
            self.offers(place, &lines);
        }
    }

    fn lists(&mut self, places: &[&FieldPlace]) {
        let mut done: Vec<(&str, &[usize], usize)> = Vec::new();
        for place in places.iter().filter(|p| p.take == Take::Rows) {
            let Some((list, _)) = place.key.split_once('.') else {
                continue;
            };
            let known = done.contains(&(list, &place.table, place.row));
            if known || self.listed.iter().any(|l| l == list) {
                continue;
            }
            done.push((list, &place.table, place.row));
            let columns: Vec<(&str, usize)> = places
                .iter()
                .filter(|p| p.take == Take::Rows && p.table == place.table && p.row == place.row)
                .filter_map(|p| Some((p.key.strip_prefix(list)?.strip_prefix('.')?, p.column)))
                .collect();
            if let Some(table) = table_at(self.root, &place.table) {
                // rows that were added above this list moved it down: its heads tell how far
                let first = self.moved(table, list, place.row, &columns);
                self.list(list, table, first, &columns, How::Grid);
            }
        }
    }

    /// The rows of a list, from its first row to where the table goes on with something else; blank rows are passed over.
    pub(super) fn list(
        &mut self,
        list: &str,
        table: Element<'t>,
        first: usize,
        columns: &[(&str, usize)],
        how: How,
    ) {
        let all = rows(table);
        let Some(start) = all.get(first) else { return };
        let (wanted, side) = (shape(*start, columns), sides(*start, columns));
        let mut n = 0;
        for row in all.iter().skip(first) {
            let own = sides(*row, columns);
            if shape(*row, columns) != wanted || !side.iter().all(|c| own.contains(c)) {
                break;
            }
            let here = cells(*row);
            let mut words = here.iter().map(|c| cell_text(c.element));
            let begins = words.find(|t| !t.trim().is_empty());
            if begins.is_some_and(|t| is_foot(&t)) {
                break;
            }
            let texts = texts_of(&here, columns);
            let labels = texts.iter();
            let labels = labels.filter(|t| is_known_label(self.campaign, &t.1));
            if labels.count() > 1 {
                break;
            }
            let words = self.given(list, &here);
            if texts.iter().all(|t| t.1.is_empty()) && words.is_none() {
                continue;
            }
            if let Some((column, words)) = words
                && columns.iter().all(|(field, _)| field != column)
                && let Some(cell) = here.first()
            {
                let key = format!("{list}[{n}].{column}");
                self.see(key, words.clone(), how, cell.element);
            }
            for (field, _, element) in texts {
                let key = format!("{list}[{n}].{field}");
                let text = self.value(&key, element);
                self.see(key, text, how, element);
            }
            n += 1;
        }
    }

    /// The given words that stand in a row, such as a step of the activity, with their column; none where the list has none.
    fn given(&self, list: &str, row: &[TableCell<'_>]) -> Option<(&'a String, &'a String)> {
        let sheet = self.campaign.sheet(list).filter(|s| !s.given.is_empty())?;
        let texts: Vec<String> = row.iter().map(|c| cell_text(c.element)).collect();
        let number = |c: char| c.is_ascii_digit() || "．.、".contains(c);
        let stands = |words: &str| texts.iter().any(|t| t.trim_start_matches(number) == words);
        sheet
            .given
            .iter()
            .flatten()
            .find(|(_, words)| stands(words))
    }

    /// The first row of a list, moved down by what was added above it.
    fn moved(
        &self,
        table: Element<'t>,
        list: &str,
        first: usize,
        columns: &[(&str, usize)],
    ) -> usize {
        let all = rows(table);
        let heads = |n: usize| {
            let Some(row) = n.checked_sub(1).and_then(|n| all.get(n)) else {
                return 0;
            };
            let cells = cells(*row);
            let head = |field: &str, column: usize| {
                let key = format!("{list}.{field}");
                let text = cells
                    .iter()
                    .find(|c| (c.column..c.column + c.span).contains(&column))
                    .map(|c| folded(&text_in(c.element)));
                let half = half_of(&key).map(|h| h.1);
                let field = field_of(self.campaign, &key);
                text.is_some_and(|text| {
                    if half.is_some() {
                        return half_asked(&text) == half;
                    }
                    field.is_some_and(|f| {
                        folded(&f.label) == text || f.aliases.iter().any(|a| folded(a) == text)
                    })
                })
            };
            columns.iter().filter(|(f, c)| head(f, *c)).count()
        };
        if heads(first) > 0 {
            return first;
        }
        (first + 1..=all.len())
            .find(|n| heads(*n) * 2 > columns.len())
            .unwrap_or(first)
    }
}

/// Whether the box for all nationalities but one is ticked.
fn says_only_minority(lines: &[Vec<Glyph<'_>>]) -> bool {
    lines.iter().any(|line| {
        let chars: Vec<char> = line.iter().map(|g| g.c).collect();
        let mut all = boxes_of(&chars, "").into_iter();
        all.any(|(at, label)| chars.get(at).is_some_and(|c| is_ticked(*c)) && is_minority(&label))
    })
}

/// Where the cells of a list's columns begin in a row, how wide they are, and whether they go on from above.
fn shape(row: Element<'_>, columns: &[(&str, usize)]) -> Vec<Option<(usize, usize, bool)>> {
    let cells = cells(row);
    let cell = |column: usize| {
        let cell = cells
            .iter()
            .find(|c| (c.column..c.column + c.span).contains(&column));
        cell.map(|c| (c.column, c.span, c.goes_on()))
    };
    columns.iter().map(|(_, column)| cell(*column)).collect()
}

/// The columns beside a list's own whose cells go on from above.
fn sides(row: Element<'_>, columns: &[(&str, usize)]) -> Vec<usize> {
    let cells = cells(row).into_iter();
    let bound = |c: &TableCell<'_>| columns.iter().any(|(_, column)| c.column == *column);
    cells
        .filter(|c| c.goes_on() && !bound(c))
        .map(|c| c.column)
        .collect()
}

/// What stands in the cells of a list's columns in a row.
fn texts_of<'k, 't>(
    row: &[TableCell<'t>],
    columns: &[(&'k str, usize)],
) -> Vec<(&'k str, String, Element<'t>)> {
    let text = |(field, column): &(&'k str, usize)| {
        let cell = row.iter().find(|c| c.column == *column)?;
        Some((*field, cell_text(cell.element), cell.element))
    };
    columns.iter().filter_map(text).collect()
}
