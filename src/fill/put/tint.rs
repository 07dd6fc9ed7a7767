//! A copy of a blank form in which every place has a ground of its own colour (着色): whoever draws the copy sees where each place lies.
//! A ground moves nothing, so that the copy has the lines and pages of the form. Documents are tinted here, sheets in `tint_sheet`.

use crate::campaign::Campaign;
use crate::fill::anatomy::find::{
    TableCell, cell_at, cells, control_at, paragraph_at, paragraphs, rows, table_at,
};
use crate::fill::anatomy::glyphs::{Glyph, glyphs, text_of};
use crate::fill::anatomy::look::tinted;
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::fill::put::ground::{Edit, Tint, edited, hex};
use crate::fill::put::stencil::{Action, Cut};
use crate::fill::put::tint_sheet::tinted_book;
use crate::fill::put::word::stencil;
use crate::ooxml::{Element, NewPart, OoxmlError, Original, Tree, workbook_part};

/// What stands in a blank that has no character: as wide as two.
const NOTHING: &str = "\u{3000}\u{3000}";

/// The copy of a form in which each of some places has a ground of the colour beside it. A place that is not found has none.
pub fn tinted_form(
    campaign: &Campaign,
    form: &[u8],
    places: &[(FieldPlace, Tint)],
) -> Result<Vec<u8>, OoxmlError> {
    let original = Original::read(form)?;
    let package = original.package();
    let is_book = workbook_part(package).is_ok_and(|part| package.part(&part).is_some());
    if is_book && package.names().any(|n| n.starts_with("xl/")) {
        return tinted_book(&original, places);
    }
    let mut names: Vec<&str> = places.iter().map(|p| p.0.part.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let mut written = Vec::new();
    for name in names {
        let Ok(xml) = package.text(name) else {
            continue;
        };
        let here = places.iter().filter(|p| p.0.part == name);
        let text = tinted_part(campaign, (name, xml), here)?;
        written.push((name, text));
    }
    let parts: Vec<NewPart<'_>> = written
        .iter()
        .map(|(name, text)| NewPart {
            name,
            bytes: text.as_bytes(),
            packed: false,
        })
        .collect();
    original.with(&parts)
}

/// A part of a document with its grounds.
fn tinted_part<'p>(
    campaign: &Campaign,
    (name, xml): (&str, &str),
    places: impl Iterator<Item = &'p (FieldPlace, Tint)>,
) -> Result<String, OoxmlError> {
    let tree = Tree::read(name, xml)?;
    let mut grounds = Grounds {
        root: tree.root(),
        edits: Vec::new(),
        whole: Vec::new(),
        loose: tree.root().descendants().filter(|e| e.is("p")).collect(),
    };
    for (place, tint) in places {
        if grounds.boxed(place, *tint) {
            continue;
        }
        let part = stencil(campaign, name, xml, &[place], Vec::new())?;
        if !grounds.lined(place, &part.stencil.cuts, *tint) {
            grounds.around(place, *tint);
        }
    }
    let edits = grounds.edits;
    Ok(edited(xml, edits))
}

/// The grounds of one part.
struct Grounds<'t> {
    root: Element<'t>,
    edits: Vec<Edit>,
    /// Where cells begin that have a ground already.
    whole: Vec<usize>,
    /// All paragraphs of the part.
    loose: Vec<Element<'t>>,
}

impl<'t> Grounds<'t> {
    /// Gives a place that is a whole box its ground; whether it is one.
    fn boxed(&mut self, place: &FieldPlace, tint: Tint) -> bool {
        let boxed = matches!(
            place.take,
            Take::Cell | Take::Photo | Take::Opinion | Take::Rows | Take::Mark
        );
        let digits = place.take == Take::Digits && place.nth > 0;
        if !boxed && !digits {
            return false;
        }
        let Some(table) = table_at(self.root, &place.table) else {
            return false;
        };
        if digits {
            let row = rows(table).get(place.row).copied();
            let own = row.into_iter().flat_map(cells);
            let own = own.filter(|c| c.column >= place.column).take(place.nth);
            own.for_each(|c| self.cell(&c, tint));
            return true;
        }
        // a list that has no row yet begins below its head
        let row = (0..2).find_map(|up| {
            let row = place.row.checked_sub(up)?;
            cell_at(table, row, place.column)
        });
        row.map(|c| self.cell(&c, tint)).is_some()
    }

    /// The ground of a cell.
    fn cell(&mut self, cell: &TableCell<'_>, tint: Tint) {
        let at = cell.element.range().start;
        if self.whole.contains(&at) {
            return;
        }
        self.whole.push(at);
        let ground = format!(
            "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{}\"/>",
            hex(tint)
        );
        match cell.element.child("tcPr") {
            Some(own) => match own.child("shd") {
                Some(shade) => self.edits.push((shade.range(), ground)),
                None if own.inner().end == own.range().end => {
                    self.edits
                        .push((own.range(), format!("<w:tcPr>{ground}</w:tcPr>")));
                }
                None => self.edits.push((own.inner().end..own.inner().end, ground)),
            },
            None => {
                let start = cell.element.inner().start;
                self.edits
                    .push((start..start, format!("<w:tcPr>{ground}</w:tcPr>")));
            }
        }
    }

    /// Gives the characters that the value of a place would take the place of their ground; whether there are any.
    fn lined(&mut self, place: &FieldPlace, cuts: &[Cut], tint: Tint) -> bool {
        if place.take == Take::Placeholder {
            return self.placeholder(place, tint);
        }
        let inked = |cut: &&Cut| {
            matches!(
                cut.ink,
                Action::Runs { .. }
                    | Action::Date { .. }
                    | Action::Tick { .. }
                    | Action::Gone
                    | Action::Control(_)
                    | Action::Always(_)
                    | Action::Picture { .. }
            )
        };
        let cuts: Vec<&Cut> = cuts.iter().filter(inked).collect();
        let before = self.edits.len();
        for paragraph in self.loose.clone() {
            let own = paragraph.range();
            let inside = |c: &&&Cut| own.start <= c.range.start && c.range.end <= own.end;
            let here: Vec<&&Cut> = cuts.iter().filter(inside).collect();
            let (Some(first), Some(last)) = (
                here.iter().map(|c| c.range.start).min(),
                here.iter().map(|c| c.range.end).max(),
            ) else {
                continue;
            };
            let all = glyphs(paragraph);
            let taken = |g: &Glyph<'_>| g.range.start < last && g.range.end > first;
            let from = all.iter().position(taken);
            let to = all.iter().rposition(taken);
            match (from, to) {
                (Some(from), Some(to)) => self.ground(all.get(from..=to).unwrap_or_default(), tint),
                _ => self.empty(paragraph, &all, first, tint),
            }
        }
        self.edits.len() > before
    }

    /// A ground under the words of a placeholder.
    fn placeholder(&mut self, place: &FieldPlace, tint: Tint) -> bool {
        let field = place.key.rsplit('.').next().unwrap_or_default();
        let words = [format!("{{{{{}}}}}", place.key), format!("{{{{{field}}}}}")];
        for paragraph in self.near(place) {
            let all = glyphs(paragraph);
            let text: String = text_of(&all);
            let found = words.iter().find_map(|w| Some((text.find(w.as_str())?, w)));
            if let Some((at, word)) = found {
                let from = text.get(..at).map_or(0, |t| t.chars().count());
                let to = from + word.chars().count();
                self.ground(all.get(from..to).unwrap_or_default(), tint);
                return true;
            }
        }
        false
    }

    /// The paragraphs of a place's cell, or its own one, or all.
    fn near(&self, place: &FieldPlace) -> Vec<Element<'t>> {
        let cell = table_at(self.root, &place.table)
            .and_then(|table| cell_at(table, place.row, place.column));
        if let Some(cell) = cell {
            return paragraphs(cell.element);
        }
        match paragraph_at(self.root, place) {
            Some(own) => vec![own],
            None => self.loose.clone(),
        }
    }

    /// What nothing else was found for: its control, its cell, or its line.
    fn around(&mut self, place: &FieldPlace, tint: Tint) {
        if place.take == Take::Control {
            let controls = self.root.descendants().filter(|e| e.is("sdt"));
            let tagged = controls.into_iter().find(|s| {
                let tag = s.at(&["sdtPr", "tag"]).and_then(Element::val);
                tag.is_some_and(|t| t == place.key)
            });
            let control = tagged.or_else(|| control_at(self.root, place));
            let own = control.into_iter().flat_map(Element::descendants);
            let own: Vec<_> = own.filter(|e| e.is("p")).collect();
            for paragraph in own {
                self.ground(&glyphs(paragraph), tint);
            }
            return;
        }
        let table = table_at(self.root, &place.table);
        if let Some(cell) = table.and_then(|t| cell_at(t, place.row, place.column)) {
            return self.cell(&cell, tint);
        }
        if place.paragraph.is_some() {
            for paragraph in self.near(place) {
                self.ground(&glyphs(paragraph), tint);
            }
        }
    }

    /// A ground under some characters of one paragraph.
    fn ground(&mut self, taken: &[Glyph<'_>], tint: Tint) {
        for group in taken.chunk_by(|a, b| a.element == b.element) {
            let (Some(first), Some(last)) = (group.first(), group.last()) else {
                continue;
            };
            let look = tinted(first.run.child("rPr"), &hex(tint));
            let own = first.run.child("rPr").map_or("", Element::source);
            let range = first.range.start..last.range.end;
            let source = first.element.source();
            if !first.element.is("t") {
                let new = format!("</w:r><w:r>{look}{source}</w:r><w:r>{own}");
                self.edits.push((first.element.range(), new));
                continue;
            }
            let start = range.start - first.element.range().start;
            let end = range.end - first.element.range().start;
            let chars = source.get(start..end).unwrap_or_default();
            const OPEN: &str = "<w:t xml:space=\"preserve\">";
            if !first.element.tag().contains("xml:space") {
                let open = first.element.range().start..first.element.inner().start;
                let tag = (open, OPEN.to_owned());
                if !self.edits.contains(&tag) {
                    self.edits.push(tag);
                }
            }
            let new = format!("</w:t></w:r><w:r>{look}{OPEN}{chars}</w:t></w:r><w:r>{own}{OPEN}");
            self.edits.push((range, new));
        }
    }

    /// A ground where nothing stands yet: two characters wide.
    fn empty(&mut self, paragraph: Element<'_>, all: &[Glyph<'_>], at: usize, tint: Tint) {
        let last = all.iter().rfind(|g| g.range.end <= at);
        let look = tinted(last.and_then(|g| g.run.child("rPr")), &hex(tint));
        let run = format!("<w:r>{look}<w:t xml:space=\"preserve\">{NOTHING}</w:t></w:r>");
        match last {
            Some(last) if last.element.is("t") => {
                let own = last.run.child("rPr").map_or("", Element::source);
                let new = format!("</w:t></w:r>{run}<w:r>{own}<w:t xml:space=\"preserve\">");
                self.edits.push((last.range.end..last.range.end, new));
            }
            Some(last) => {
                let own = last.run.child("rPr").map_or("", Element::source);
                let end = last.element.range().end;
                let new = format!("</w:r>{run}<w:r>{own}");
                self.edits.push((end..end, new));
            }
            None if paragraph.inner().end == paragraph.range().end => {
                let open = paragraph.tag().trim_end_matches("/>").trim_end();
                self.edits
                    .push((paragraph.range(), format!("{open}>{run}</w:p>")));
            }
            None => {
                let end = paragraph.inner().end;
                self.edits.push((end..end, run));
            }
        }
    }
}
