//! Blanks within a line (行内空格): underlined spaces, underscores, what follows a colon, 年 月 日, tick boxes; each with the words
//! in front of it. Lines outside tables, in text boxes, and within boxes that are no label.

use crate::fill::anatomy::boxes::groups;
use crate::fill::anatomy::glyphs::is_blank;
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::text::heading::fold_heading as letters;

use super::cells::is_signed;
use super::survey::{FormLine, nowhere};
use crate::fill::bind::binding::{BoundPlace, Undecided, in_words};
use crate::fill::bind::finder::PlaceFinder;

/// A blank in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Slot {
    label: String,
    take: Take,
    nth: usize,
    /// Words of its tick boxes.
    words: Vec<String>,
}

impl PlaceFinder<'_> {
    /// Finds the blanks within lines.
    pub(super) fn lines(&mut self) {
        let loose: Vec<(FieldPlace, FormLine)> = self
            .survey
            .loose
            .iter()
            .map(|l| {
                let place = FieldPlace {
                    paragraph: l.line.paragraph,
                    ..nowhere(&l.part)
                };
                (place, l.line.clone())
            })
            .collect();
        let mut of_unit = false;
        for (place, line) in loose {
            self.line(&place, &line, &mut of_unit, false);
        }
        for g in 0..self.survey.grids.len() {
            let count = self.survey.grids.get(g).map_or(0, |g| g.cells.len());
            for n in (0..count)
                .filter(|n| !self.taken.contains(&(g, *n)))
                .collect::<Vec<_>>()
            {
                let Some(cell) = self.survey.cell(g, n).cloned() else {
                    continue;
                };
                if cell.inner || cell.is_blank() || is_signed(&cell) {
                    continue;
                }
                let Some(place) = self.survey.place(g, n) else {
                    continue;
                };
                let mut of_unit = false;
                for line in &cell.lines {
                    let place = FieldPlace {
                        paragraph: line.paragraph,
                        ..place.clone()
                    };
                    self.line(&place, line, &mut of_unit, true);
                }
            }
        }
    }

    fn line(&mut self, at: &FieldPlace, line: &FormLine, of_unit: &mut bool, in_box: bool) {
        let text: String = line.text.iter().collect();
        if text.contains("{{") {
            return;
        }
        let slots = slots(line);
        let boxed = slots.iter().filter(|s| s.take == Take::Ticks).count();
        for slot in slots {
            let label = letters(&slot.label);
            if label.is_empty() || label.contains("签字") || label.contains("签名") {
                continue;
            }
            let Some((words, meant)) = self.meant(&slot.label) else {
                if slot.take != Take::Ticks || !in_box {
                    self.stays_open(at, &slot);
                }
                continue;
            };
            let only_unit = meant.0 && !meant.1;
            let only_person = meant.1 && !meant.0;
            *of_unit = only_unit || *of_unit && !only_person;
            let of_person = !*of_unit && self.personal;
            let Some(asked) = self.asked(&words, *of_unit, of_person) else {
                continue;
            };
            let mut place = at.clone();
            place.key.clone_from(&asked.key);
            place.take = slot.take;
            place.label = slot.label.trim().to_owned();
            place.nth = slot.nth;
            let mut confidence = asked.sure;
            if slot.take == Take::Ticks {
                if boxed > 1 && slot.label.trim().is_empty() {
                    self.stays_open(at, &slot);
                    continue;
                }
                if !self.words_fit(&asked.key, &slot.words) {
                    confidence = confidence.min(0.6);
                }
            }
            if self.named.contains(&asked.key) {
                continue;
            }
            if let Some(other) = &asked.other {
                self.ambiguous.push(Undecided {
                    label: place.label.clone(),
                    place: in_words(&place),
                    keys: vec![asked.key.clone(), other.clone()],
                });
            }
            self.places.push(BoundPlace { place, confidence });
        }
    }

    /// The words of a label that mean something, and whether to the unit and to a person.
    fn meant(&self, label: &str) -> Option<(String, (bool, bool))> {
        let tail = label
            .rsplit(['　', '\t', '，', ',', '；', ';', '。'])
            .next()
            .unwrap_or(label);
        let wide = label.rsplit("  ").next().unwrap_or(label);
        for words in [label, wide, tail] {
            let unit = self.lexicon.unit(words).is_some_and(|m| m.sure > 0.8);
            let person = self.lexicon.person(words).is_some_and(|m| m.sure > 0.8);
            if unit || person {
                return Some((words.to_owned(), (unit, person)));
            }
        }
        let unit = self.lexicon.unit(label).is_some();
        let person = self.lexicon.person(label).is_some();
        (unit || person).then(|| (label.to_owned(), (unit, person)))
    }

    fn stays_open(&mut self, at: &FieldPlace, slot: &Slot) {
        self.unbound.push(Undecided {
            label: slot.label.trim().to_owned(),
            place: in_words(at),
            keys: Vec::new(),
        });
    }
}

/// What a blank covers, from its first character to behind its last, and how it takes its value.
type Span = (usize, usize, Take);

/// Tick boxes in groups: where the words in front of each begin, and its boxes with their words.
type Groups = [(usize, Vec<(usize, String)>)];

/// The blanks of a line, in reading order.
fn slots(line: &FormLine) -> Vec<Slot> {
    let groups = groups(&line.text);
    let mut spans = dates(&line.text);
    for blank in &line.blanks {
        if !is_covered(&spans, blank.start) && !is_covered(&spans, blank.end - 1) {
            spans.push((blank.start, blank.end, Take::Line));
        }
    }
    spans.extend(ticks(&line.text, &groups));
    behind_colons(&line.text, &mut spans);
    spans.sort_by_key(|s| (s.0, s.1));
    labelled(line, &groups, &spans)
}

/// 　年　月　日.
fn dates(text: &[char]) -> Vec<Span> {
    let mut spans = Vec::new();
    for n in (0..text.len()).filter(|n| text.get(*n) == Some(&'年')) {
        let Some(end) = date_end(text, n) else {
            continue;
        };
        let ahead = text.get(..n).unwrap_or_default().iter().rev();
        let start = n - ahead.take_while(|c| filler(**c)).count();
        spans.push((start, end, Take::Date));
    }
    spans
}

/// Groups of tick boxes.
fn ticks(text: &[char], groups: &Groups) -> Vec<Span> {
    let mut spans = Vec::new();
    for (n, (begins, ticks)) in groups.iter().enumerate() {
        let (Some(first), Some(last)) = (ticks.first(), ticks.last()) else {
            continue;
        };
        // the words of the boxes go as far as the next wide gap, or as the next group
        let end = text.len().min(last.0 + 1 + last.1.chars().count() + 2);
        let end = groups.get(n + 1).map_or(end, |(next, _)| *next);
        let ahead = text.get(*begins..first.0).unwrap_or_default();
        let colon = ahead.iter().rposition(|c| matches!(c, '：' | ':'));
        let start = colon.map_or(first.0, |c| begins + c + 1);
        spans.push((start, end, Take::Ticks));
    }
    spans
}

/// Blanks behind a colon, at the end of the line or wider than a space, where nothing else is.
fn behind_colons(text: &[char], spans: &mut Vec<Span>) {
    for n in 0..text.len() {
        if !matches!(text.get(n), Some('：' | ':')) {
            continue;
        }
        let rest = text.get(n + 1..).unwrap_or_default().iter();
        let blank = rest.take_while(|c| is_blank(**c)).count();
        let at_end = n + 1 + blank == text.len();
        if (at_end || blank > 1) && !is_covered(spans, n + 1) && !is_covered(spans, n + blank) {
            spans.push((n + 1, n + 1 + blank, Take::Line));
        }
    }
}

fn is_covered(spans: &[Span], at: usize) -> bool {
    spans.iter().any(|(from, to, _)| (*from..*to).contains(&at))
}

/// Blanks with the words in front of each, up to the one before it.
fn labelled(line: &FormLine, groups: &Groups, spans: &[Span]) -> Vec<Slot> {
    let mut out = Vec::new();
    let mut from = 0;
    for (start, end, take) in spans.iter().copied() {
        let label: String = line
            .text
            .get(from..start)
            .unwrap_or_default()
            .iter()
            .collect();
        let label = label.trim_matches(|c: char| is_blank(c) || "、，,；;".contains(c));
        let label = label.trim_end_matches(['：', ':']);
        let own = groups.iter().flat_map(|(_, ticks)| ticks);
        let own = own.filter(|t| take == Take::Ticks && (start..end).contains(&t.0));
        out.push(Slot {
            label: label.to_owned(),
            take,
            nth: line.blanks.iter().filter(|b| b.start < start).count(),
            words: own.map(|t| t.1.clone()).collect(),
        });
        from = end;
    }
    out
}

fn filler(c: char) -> bool {
    is_blank(c) || matches!(c, '_' | '＿')
}

/// Where 年 月 日 ends whose 年 stands at a place: behind 日, or behind 月.
fn date_end(text: &[char], year: usize) -> Option<usize> {
    let after = |from: usize, word: char| {
        let rest = text.get(from..).unwrap_or_default();
        let gap = rest.iter().take_while(|c| filler(**c)).count();
        (rest.get(gap) == Some(&word)).then_some(from + gap + 1)
    };
    // 年 right behind a word is no blank
    let before = year.checked_sub(1).and_then(|n| text.get(n));
    if before.is_some_and(|c| !filler(*c) && !matches!(c, '：' | ':')) {
        return None;
    }
    let month = after(year + 1, '月')?;
    Some(after(month, '日').unwrap_or(month))
}
