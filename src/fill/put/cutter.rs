//! Cuts into paragraphs: a blank cell, an underlined blank, a date, tick boxes, a photo box, some characters. The value takes
//! the look of what it stands in.

use std::ops::Range;

use crate::fill::anatomy::boxes::{boxes_of, ticked};
use crate::ooxml::Element;

use crate::fill::anatomy::filler::is_filler;
use crate::fill::anatomy::glyphs::{Glyph, glyphs, is_blank, runs_of, text_of};
use crate::fill::anatomy::look::{
    half_points, label_look, lines_look, long_look, paragraph_look, run_look, underlined,
};
use crate::fill::put::cut_key::CutKey;
use crate::fill::put::date_part::DatePart;
use crate::fill::put::stencil::{Action, Cut};
use crate::text::width::char_width;

/// Makes cuts for one part.
pub(super) struct Cutter {
    pub(super) cuts: Vec<Cut>,
    /// Drop-downs with what can be chosen in each.
    pub(super) choices: Vec<(CutKey, Vec<TickBox>)>,
}

/// A tick box with the words that it stands for.
#[derive(Debug)]
pub(super) struct TickBox {
    /// The words beside the box.
    pub(super) label: String,
    /// All words that tick it.
    pub(super) words: Vec<String>,
}

impl Cutter {
    /// With some cuts made already.
    pub(super) fn new(cuts: Vec<Cut>) -> Self {
        let choices = Vec::new();
        Self { cuts, choices }
    }

    pub(super) fn cut(&mut self, range: Range<usize>, key: &CutKey, ink: Action, name: &str) {
        self.cuts.push(Cut {
            range,
            key: key.clone(),
            ink,
            name: name.to_owned(),
        });
    }

    /// A blank paragraph of a cell takes the value; long text becomes paragraphs of its own.
    pub(super) fn blank(&mut self, paragraph: Element<'_>, key: &CutKey, name: &str) {
        self.blank_with(paragraph, key, name, long_look);
    }

    /// The value takes the place of all words of a paragraph.
    pub(super) fn over(&mut self, paragraph: Element<'_>, key: &CutKey, name: &str) {
        let mut runs = Vec::new();
        runs_of(paragraph, &mut runs);
        for run in runs {
            let words = run
                .children()
                .all(|c| matches!(c.name(), "rPr" | "tab" | "t"));
            if words && !text_of(&glyphs(paragraph)).is_empty() {
                self.cut(run.range(), key, Action::Gone, "");
            }
        }
        let end = paragraph.inner().end;
        let ink = Action::Runs {
            look: paragraph_look(paragraph),
            before: String::new(),
            after: String::new(),
            further: None,
            width: 0,
        };
        self.cut(end..end, key, ink, name);
    }

    /// The same for the rows of a list, a line each.
    pub(super) fn block(&mut self, paragraph: Element<'_>, key: &CutKey, name: &str) {
        self.blank_with(paragraph, key, name, lines_look);
    }

    /// The value is a paragraph of its own above a line that is to be signed.
    pub(super) fn above(&mut self, signed: Element<'_>, key: &CutKey, name: &str) {
        let look = paragraph_look(signed);
        let long = long_look(None, half_points(&look));
        let at = signed.range().start;
        let ink = Action::Runs {
            look,
            before: format!("<w:p>{long}"),
            after: "</w:p>".to_owned(),
            further: Some(long),
            width: 0,
        };
        self.cut(at..at, key, ink, name);
    }

    fn blank_with(
        &mut self,
        paragraph: Element<'_>,
        key: &CutKey,
        name: &str,
        many: fn(Option<Element<'_>>, i64) -> String,
    ) {
        let mut look = paragraph_look(paragraph);
        if look.is_empty()
            && let Some(cell) = paragraph.ancestors().find(|a| a.is("tc"))
        {
            look = label_look(cell);
        }
        let properties = paragraph.child("pPr");
        let long = many(properties, half_points(&look));
        let range = paragraph.range();
        if paragraph.inner().end == range.end {
            // <w:p/> is opened
            let open = paragraph.tag().trim_end_matches("/>").trim_end();
            let ink = Action::Runs {
                look,
                before: format!("{open}>"),
                after: "</w:p>".to_owned(),
                further: Some(long),
                width: 0,
            };
            self.cut(range, key, ink, name);
            return;
        }
        match properties {
            Some(properties) => self.cut(properties.range(), key, Action::Long(long.clone()), ""),
            None => {
                let at = paragraph.inner().start;
                self.cut(at..at, key, Action::Long(long.clone()), "");
            }
        }
        self.clear(paragraph, key);
        let end = paragraph.inner().end;
        let ink = Action::Runs {
            look,
            before: String::new(),
            after: String::new(),
            further: Some(long),
            width: 0,
        };
        self.cut(end..end, key, ink, name);
    }

    /// Runs that show nothing, or only hold the place of a value, go where a value comes.
    fn clear(&mut self, paragraph: Element<'_>, key: &CutKey) {
        let mut runs = Vec::new();
        runs_of(paragraph, &mut runs);
        let held = is_filler(&text_of(&glyphs(paragraph)));
        for run in runs {
            let blank = run.children().all(|c| match c.name() {
                "rPr" | "tab" => true,
                "t" => held || c.text().chars().all(is_blank),
                _ => false,
            });
            if blank {
                self.cut(run.range(), key, Action::Gone, "");
            }
        }
    }

    /// Some characters of a paragraph give way to the value, in their own look.
    pub(super) fn replace(
        &mut self,
        glyphs: &[Glyph<'_>],
        range: Range<usize>,
        key: &CutKey,
        name: &str,
        line: bool,
    ) {
        let Some(taken) = glyphs.get(range.clone()).filter(|t| !t.is_empty()) else {
            self.insert(glyphs, range.start, key, name);
            return;
        };
        let width = if line {
            // a tab is as wide as a space at least
            taken.iter().map(|g| char_width(g.c).max(1)).sum()
        } else {
            0
        };
        for (n, group) in taken.chunk_by(|a, b| a.element == b.element).enumerate() {
            let Some((span, before, after)) = self.span(group, key) else {
                continue;
            };
            if n > 0 {
                self.cut(span, key, Action::Gone, "");
                continue;
            }
            let Some(run) = group.first().map(|g| g.run) else {
                continue;
            };
            let own = run_look(run.child("rPr"));
            let look = if line { underlined(&own, run) } else { own };
            let ink = Action::Runs {
                look,
                before,
                after,
                further: None,
                width,
            };
            self.cut(span, key, ink, name);
        }
    }

    /// The value goes in behind a character.
    pub(super) fn insert(&mut self, glyphs: &[Glyph<'_>], at: usize, key: &CutKey, name: &str) {
        let Some(last) = at.checked_sub(1).and_then(|n| glyphs.get(n)) else {
            return;
        };
        let (before, after) = breaks(last);
        let ink = Action::Runs {
            look: run_look(last.run.child("rPr")),
            before,
            after,
            further: None,
            width: 0,
        };
        self.cut(last.range.end..last.range.end, key, ink, name);
    }

    /// The bytes of some characters of one element, and what must be closed before them and opened behind them.
    fn span(
        &mut self,
        group: &[Glyph<'_>],
        key: &CutKey,
    ) -> Option<(Range<usize>, String, String)> {
        let (first, last) = (group.first()?, group.last()?);
        let span = first.range.start..last.range.end;
        let whole = !first.element.is("t") || first.element.inner() == span;
        let alone = first
            .run
            .children()
            .all(|c| c.is("rPr") || c == first.element);
        if whole && alone {
            return Some((first.run.range(), String::new(), String::new()));
        }
        let (before, after) = breaks(first);
        if first.element.is("t") && !first.element.tag().contains("xml:space") {
            let open = first.element.inner().start;
            let tag = first.element.range().start..open;
            self.cuts.push(Cut {
                range: tag,
                key: key.clone(),
                ink: Action::Instead("<w:t xml:space=\"preserve\">".to_owned()),
                name: String::new(),
            });
        }
        Some((span, before, after))
    }

    /// 　　年　　月　　日: digits go before each word. Gives how many parts of a date there are.
    pub(super) fn date(&mut self, glyphs: &[Glyph<'_>], from: usize, key: &CutKey) -> usize {
        let mut at = from;
        let mut found = 0;
        for (word, unit) in [
            ('年', DatePart::Year),
            ('月', DatePart::Month),
            ('日', DatePart::Day),
        ] {
            let rest = glyphs.get(at..).unwrap_or_default();
            let Some(next) = rest.iter().position(|g| g.c == word) else {
                break;
            };
            if found > 0 && !rest.iter().take(next).all(|g| is_blank(g.c) || g.c == '_') {
                break;
            }
            let word = at + next;
            let blank = glyphs.get(at..word).unwrap_or_default();
            let start = word
                - blank
                    .iter()
                    .rev()
                    .take_while(|g| is_blank(g.c) || matches!(g.c, '_' | '＿'))
                    .count();
            self.digits(glyphs, start..word, key, unit);
            found += 1;
            at = word + 1;
        }
        found
    }

    fn digits(&mut self, glyphs: &[Glyph<'_>], range: Range<usize>, key: &CutKey, unit: DatePart) {
        let Some(word) = glyphs.get(range.end) else {
            return;
        };
        let taken = glyphs.get(range.clone()).unwrap_or_default();
        let look = |run: Element<'_>| run_look(run.child("rPr"));
        if taken.is_empty() {
            let start = word.range.start;
            let (before, after) = breaks(word);
            let ink = Action::Date {
                unit,
                look: look(word.run),
                before,
                after,
            };
            self.cut(start..start, key, ink, "");
            return;
        }
        for (n, group) in taken.chunk_by(|a, b| a.element == b.element).enumerate() {
            let Some((span, before, after)) = self.span(group, key) else {
                continue;
            };
            let ink = match group.first() {
                Some(first) if n == 0 => Action::Date {
                    unit,
                    look: look(first.run),
                    before,
                    after,
                },
                _ => Action::Gone,
            };
            self.cut(span, key, ink, "");
        }
    }

    /// Tick boxes: each is ticked where the value holds its words.
    pub(super) fn ticks(
        &mut self,
        paragraphs: &[Element<'_>],
        (key, label): (&CutKey, &str),
        style: char,
        words: &dyn Fn(&[String]) -> Vec<Vec<String>>,
    ) -> Vec<TickBox> {
        let lines: Vec<Vec<Glyph<'_>>> = paragraphs.iter().map(|p| glyphs(*p)).collect();
        let found = lines.iter().flat_map(|line| {
            let chars: Vec<char> = line.iter().map(|g| g.c).collect();
            let boxes = boxes_of(&chars, label).into_iter();
            boxes.filter_map(|(at, label)| Some((line.get(at)?, label)))
        });
        let (glyphs, labels): (Vec<&Glyph<'_>>, Vec<String>) = found.unzip();
        let all = words(&labels);
        for (glyph, words) in glyphs.into_iter().zip(&all) {
            self.tick(glyph, key, style, words);
        }
        let boxes = labels.into_iter().zip(all);
        boxes
            .map(|(label, words)| TickBox { label, words })
            .collect()
    }

    fn tick(&mut self, glyph: &Glyph<'_>, key: &CutKey, style: char, words: &[String]) {
        let control = glyph
            .run
            .ancestors()
            .find(|a| a.is("sdt"))
            .and_then(|s| s.at(&["sdtPr", "checkbox"]));
        let mut tick = |range: Range<usize>, on: String| {
            let words = words.to_vec();
            self.cut(range, key, Action::Tick { words, on }, "");
        };
        if let Some(field) = glyph.element.at(&["ffData", "checkBox"]) {
            let on = "<w:checked/>".to_owned();
            match field.child("checked") {
                Some(checked) => tick(checked.range(), on),
                None => tick(field.inner().end..field.inner().end, on),
            }
            return;
        }
        if let Some(checked) = control.and_then(|c| c.child("checked")) {
            tick(checked.range(), "<w14:checked w14:val=\"1\"/>".to_owned());
        }
        let code = control
            .and_then(|c| c.child("checkedState"))
            .and_then(|s| u32::from_str_radix(&s.attribute("w14:val")?, 16).ok())
            .and_then(char::from_u32);
        let on = code.unwrap_or(ticked(glyph.c, style));
        if glyph.element.is("t") {
            tick(glyph.range.clone(), on.to_string());
        } else {
            let on = "<w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/>".to_owned();
            tick(glyph.range.clone(), on);
        }
    }

    /// The photo, or the mark, stands in the first paragraph; words that were there go.
    pub(super) fn picture(&mut self, paragraphs: &[Element<'_>], key: &CutKey, mark: bool) {
        let Some((first, rest)) = paragraphs.split_first() else {
            return;
        };
        for paragraph in rest {
            let mut runs = Vec::new();
            runs_of(*paragraph, &mut runs);
            for run in runs {
                self.cut(run.range(), key, Action::GoneForPhoto, "");
            }
        }
        let (before, after, range) = if first.inner().end == first.range().end {
            let open = first.tag().trim_end_matches("/>").trim_end();
            (
                format!("{open}><w:r>"),
                "</w:r></w:p>".to_owned(),
                first.range(),
            )
        } else {
            let start = first
                .child("pPr")
                .map_or(first.inner().start, |p| p.range().end);
            (
                "<w:r>".to_owned(),
                "</w:r>".to_owned(),
                start..first.inner().end,
            )
        };
        let ink = Action::Picture {
            mark,
            before,
            after,
        };
        self.cut(range, key, ink, "");
    }
}

/// What closes the run before a character's element is cut, and what opens it again.
fn breaks(glyph: &Glyph<'_>) -> (String, String) {
    let properties = glyph.run.child("rPr").map_or("", Element::source);
    if glyph.element.is("t") {
        (
            "</w:t></w:r>".to_owned(),
            format!("<w:r>{properties}<w:t xml:space=\"preserve\">"),
        )
    } else {
        ("</w:r>".to_owned(), format!("<w:r>{properties}"))
    }
}
