//! A stencil filled (落笔): what lies between the cuts is copied, and each cut takes its value.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::fill::put::among::{AmongWords, written};
use crate::fill::put::answers::Answers;
use crate::fill::put::control_ink::ControlText;
use crate::fill::put::cut_key::CutKey;
use crate::fill::put::date_part::part_of;
use crate::fill::put::heights::{Holder, with_height};
use crate::fill::put::numbered::{entry as entry_in, entry_of};
use crate::fill::put::stencil::{Action, Cut, Stencil};
use crate::ooxml::escape_cell;
use crate::text::lines::lines;
use crate::text::width::display_width;

/// Characters from which on a text is long.
const LONG: usize = 40;

/// Whether a text is set as paragraphs rather than as a word.
fn is_long(text: &str) -> bool {
    text.contains('\n') || text.chars().take(LONG + 1).count() > LONG
}

/// The first id of our bookmarks; those of office programs count from 0.
const FIRST_ID: u32 = 910_000;

/// Writes a part with a record's values.
pub(super) fn fill(stencil: &Stencil, answers: &Answers) -> String {
    let mut out = String::with_capacity(stencil.text.len() + stencil.text.len() / 3 + 4096);
    let mut pen = Pen {
        answers,
        row: None,
        id: FIRST_ID,
    };
    pen.stencil(stencil, &mut out);
    out
}

/// What comes to stand in a cell of a sheet; empty where no value goes in.
pub(super) fn held(answers: &Answers, holder: &Holder) -> String {
    let pen = Pen {
        answers,
        row: None,
        id: FIRST_ID,
    };
    let text = pen.text_in(&holder.key, &holder.text, &holder.words);
    text.unwrap_or_default()
}

/// Whether something goes in by a key.
pub(super) fn is_filled(answers: &Answers, key: &CutKey) -> bool {
    let pen = Pen {
        answers,
        row: None,
        id: FIRST_ID,
    };
    pen.text_in(key, "", &[])
        .is_some_and(|t| !t.trim().is_empty())
}

struct Pen<'a> {
    answers: &'a Answers,
    row: Option<(&'a str, usize)>,
    id: u32,
}

impl<'a> Pen<'a> {
    fn stencil(&mut self, stencil: &'a Stencil, out: &mut String) {
        let mut at = 0;
        for cut in &stencil.cuts {
            let Some(kept) = stencil.text.get(at..cut.range.start) else {
                continue;
            };
            out.push_str(kept);
            at = cut.range.end;
            if !self.cut(cut, out) {
                out.push_str(stencil.text.get(cut.range.clone()).unwrap_or(""));
            }
        }
        out.push_str(stencil.text.get(at..).unwrap_or(""));
    }

    /// Writes at a cut; false where there is nothing to write and what stands there stays.
    fn cut(&mut self, cut: &'a Cut, out: &mut String) -> bool {
        if let Action::Always(ink) = &cut.ink {
            return self.ink(cut, ink, out) || self.nothing(cut, ink, out);
        }
        self.ink(cut, &cut.ink, out)
    }

    /// What stands where there is no value: the bookmark alone.
    fn nothing(&mut self, cut: &Cut, ink: &Action, out: &mut String) -> bool {
        match ink {
            Action::Runs { before, after, .. } => {
                out.push_str(before);
                self.open(cut, out);
                self.close(cut, out);
                out.push_str(after);
            }
            Action::Instead(tag) => out.push_str(tag),
            _ => {}
        }
        true
    }

    /// Writes at a cut, whatever stands there where it writes nothing.
    fn ink(&mut self, cut: &'a Cut, ink: &'a Action, out: &mut String) -> bool {
        match ink {
            Action::More { list, from, row } => self.rows(list, *from, row, out),
            Action::Each { list, row } => self.rows(list, 0, row, out),
            Action::Fixed(text) => put(text, out),
            Action::Number => self.number(out),
            Action::Further(text) => self.row.is_some_and(|r| r.1 > 0) && put(text, out),
            Action::When {
                key,
                absent,
                body,
                otherwise,
            } => {
                match self.is_answered(key) != *absent {
                    true => self.stencil(body, out),
                    false => out.push_str(otherwise),
                }
                true
            }
            Action::Picture {
                mark,
                before,
                after,
            } => self.picture(*mark, (before, after), out),
            Action::GoneForPhoto => self.answers.photo.is_some(),
            Action::Height { tag, own, holders } => self.height(tag, *own, holders, out),
            Action::Cell {
                before,
                after,
                text,
                words,
            } => match self.text_in(&cut.key, text, words) {
                Some(text) => cell(before, &text, after, out),
                None => false,
            },
            Action::Runs { .. }
            | Action::Date { .. }
            | Action::Tick { .. }
            | Action::Control(_)
            | Action::Gone
            | Action::Instead(_)
            | Action::Over { .. }
            | Action::Long(_) => {
                let entry = match &cut.key {
                    CutKey::Field(key) => entry_of(key),
                    _ => None,
                };
                let entry = entry.map(|(list, which)| entry_in(self.answers.text(list), which));
                let value = entry.as_deref().unwrap_or_else(|| self.value(&cut.key));
                !value.is_empty() && self.with_value(cut, ink, value, out)
            }
            Action::Always(_) => false,
        }
    }

    /// Writes at a cut that waits for a value; false where what stands there stays.
    fn with_value(&mut self, cut: &Cut, ink: &Action, value: &str, out: &mut String) -> bool {
        match ink {
            Action::Runs {
                look,
                before,
                after,
                further,
                width,
            } => {
                out.push_str(before);
                self.open(cut, out);
                runs(value, look, further.as_deref(), *width, out);
                self.close(cut, out);
                put(after, out)
            }
            Action::Date {
                unit,
                look,
                before,
                after,
            } => match part_of(value, *unit) {
                Some(number) => {
                    let run = format!("{before}<w:r>{look}<w:t>{number}</w:t></w:r>{after}");
                    put(&run, out)
                }
                None => false,
            },
            Action::Tick { words, on } => is_chosen(value, words) && put(on, out),
            Action::Control(ink) => match ink.written(value) {
                Some(ControlText::Run { look, text }) => {
                    runs(&text, look, None, 0, out);
                    true
                }
                Some(ControlText::Tag(tag)) => put(&tag, out),
                None => false,
            },
            Action::Gone => true,
            Action::Instead(text) => put(text, out),
            Action::Over { across, down } => lines(value, *across) > *down,
            Action::Long(text) => is_long(value) && put(text, out),
            // the others do not wait for a value
            _ => false,
        }
    }

    /// The number of the row that is being added.
    fn number(&self, out: &mut String) -> bool {
        match self.row {
            Some((_, row)) => put(&(row + 1).to_string(), out),
            None => false,
        }
    }

    /// The photo, or the mark.
    fn picture(&self, mark: bool, (before, after): (&str, &str), out: &mut String) -> bool {
        let picture = if mark {
            &self.answers.mark
        } else {
            &self.answers.photo
        };
        match picture {
            Some(picture) => put(&format!("{before}{picture}{after}"), out),
            None => false,
        }
    }

    /// The tag of a row that its values make taller than it is.
    fn height(&self, tag: &str, own: f64, holders: &[Holder], out: &mut String) -> bool {
        let needs = holders.iter().map(|h| h.needs(&held(self.answers, h)));
        let height = needs.fold(own, f64::max);
        if height > own {
            with_height(tag, height, out);
        }
        height > own
    }

    /// The text of a cell of a sheet: its value, or its own words with values among them; none where there is no value.
    fn text_in(&self, key: &CutKey, text: &str, words: &[(CutKey, AmongWords)]) -> Option<String> {
        if words.is_empty() {
            let value = self.value(key);
            return (!value.is_empty()).then(|| value.to_owned());
        }
        let values = words.iter().map(|(key, words)| (words, self.value(key)));
        written(text, &values.collect::<Vec<_>>())
    }

    /// A row for each of a list from one on.
    fn rows(&mut self, list: &'a str, from: usize, row: &'a Stencil, out: &mut String) -> bool {
        let count = self.answers.rows(list).len();
        let outer = self.row;
        for n in from..count {
            self.row = Some((list, n));
            self.stencil(row, out);
        }
        self.row = outer;
        true
    }

    fn value(&self, key: &CutKey) -> &'a str {
        match key {
            CutKey::Field(field) => self.answers.text(field),
            CutKey::Row { list, row, field } => {
                let row = row.or_else(|| self.row.filter(|r| r.0 == list).map(|r| r.1));
                row.map_or("", |row| self.answers.in_row(list, row, field))
            }
            CutKey::Given {
                list,
                column,
                words,
                field,
            } => {
                let same =
                    |row: &&BTreeMap<String, String>| row.get(column).is_some_and(|w| w == words);
                let row = self.answers.rows(list).iter().find(same);
                row.and_then(|r| r.get(field)).map_or("", String::as_str)
            }
        }
    }

    /// Whether a field, a list or the photo is there.
    fn is_answered(&self, key: &CutKey) -> bool {
        let whole = match key {
            CutKey::Field(field) if field == "@photo" => self.answers.photo.is_some(),
            CutKey::Field(field) => !self.answers.rows(field).is_empty(),
            _ => false,
        };
        whole || !self.value(key).trim().is_empty()
    }

    fn open(&mut self, cut: &Cut, out: &mut String) {
        if cut.name.is_empty() {
            return;
        }
        let name = match (&cut.key, self.row) {
            (CutKey::Row { row: None, .. }, Some((_, row))) => {
                cut.name.replace("_n_", &format!("_{row}_"))
            }
            _ => cut.name.clone(),
        };
        let _ = write!(
            out,
            "<w:bookmarkStart w:id=\"{}\" w:name=\"{name}\"/>",
            self.id
        );
    }

    fn close(&mut self, cut: &Cut, out: &mut String) {
        if !cut.name.is_empty() {
            let _ = write!(out, "<w:bookmarkEnd w:id=\"{}\"/>", self.id);
            self.id += 1;
        }
    }
}

/// Writes a text; true, since something stands there now.
fn put(text: &str, out: &mut String) -> bool {
    out.push_str(text);
    true
}

/// Whether a value, of one choice or several, holds one of the words.
fn is_chosen(value: &str, words: &[String]) -> bool {
    let chosen = value.split(['、', '，', ',', '；', ';', '\n']);
    chosen.map(str::trim).any(|v| words.iter().any(|w| w == v))
}

/// A text as a cell of a sheet.
fn cell(before: &str, text: &str, after: &str, out: &mut String) -> bool {
    out.push_str(before);
    // spaces at the ends would be lost; the schema knows no such attribute, so it stands only where it must
    if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) {
        out.push_str(" xml:space=\"preserve\"");
    }
    out.push('>');
    // line ends stand in a sheet's text as they are
    for (n, line) in escape_cell(text).split('\n').enumerate() {
        if n > 0 {
            out.push('\n');
        }
        escape(line, out);
    }
    put(after, out)
}

/// A value as runs; its lines are paragraphs, or line ends where no further paragraph may begin.
fn runs(value: &str, look: &str, further: Option<&str>, width: usize, out: &mut String) {
    for (n, line) in value.split('\n').enumerate() {
        match further {
            Some(further) if n > 0 => {
                out.push_str("</w:p><w:p>");
                out.push_str(further);
            }
            _ => {}
        }
        out.push_str("<w:r>");
        out.push_str(look);
        if n > 0 && further.is_none() {
            out.push_str("<w:br/>");
        }
        out.push_str("<w:t xml:space=\"preserve\">");
        escape(line, out);
        let used = display_width(line);
        (used..width).for_each(|_| out.push(' '));
        // what fills its blank stands clear of the words behind it
        if width > 0 && used >= width {
            out.push_str("  ");
        }
        out.push_str("</w:t></w:r>");
    }
}

/// Appends text with `&`, `<` and `>` escaped, and without characters that XML cannot hold.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if (c < ' ' && c != '\t') || ('\u{FFFE}'..='\u{FFFF}').contains(&c) => {}
            c => out.push(c),
        }
    }
}
