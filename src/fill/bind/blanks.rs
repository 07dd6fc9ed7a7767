//! Blanks within a line (行内空格): underlined spaces, underscores, what follows a colon, 年 月 日, tick boxes; each with the words
//! in front of it. Lines outside tables, in text boxes, and within boxes that are no label.

use std::collections::BTreeSet;

use crate::fill::anatomy::filler::is_filler;
use crate::fill::anatomy::label::is_minority;
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::text::heading::fold_heading as letters;

use super::fillers::{asks_filler, filler};
use super::heads::calls_somebody;
use super::roles::{NamedRole, RoleKind, bare};
use super::sections::{is_attribute, section};
use super::slots::{Slot, heads, last_words, slots};
use super::subject::Whose;
use super::survey::{FormLine, nowhere};
use super::words::{is_remark, is_signed, is_title};
use crate::fill::bind::binding::{BoundPlace, Undecided, in_words};
use crate::fill::bind::finder::PlaceFinder;

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
                    column: l.text_box,
                    ..nowhere(&l.part)
                };
                (place, l.line.clone())
            })
            .collect();
        let mut walk = LineWalk::default();
        for (place, line) in loose {
            self.line(&place, &line, &mut walk, false);
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
                if cell.inner || cell.hidden || cell.is_blank() || is_signed(&cell) {
                    continue;
                }
                let Some(place) = self.survey.place(g, n) else {
                    continue;
                };
                let mut walk = LineWalk {
                    section: self.blocks.at(g, n).role,
                    ..LineWalk::default()
                };
                for line in &cell.lines {
                    let place = FieldPlace {
                        paragraph: line.paragraph,
                        ..place.clone()
                    };
                    self.line(&place, line, &mut walk, true);
                }
            }
        }
    }

    fn line(&mut self, at: &FieldPlace, line: &FormLine, walk: &mut LineWalk, in_box: bool) {
        let text: String = line.text.iter().collect();
        if text.contains("{{") {
            return;
        }
        let slots = slots(line);
        self.answered_in_line(at, &text);
        if heads(&slots, &text) && !is_title(&text) {
            walk.heading(&text);
            return;
        }
        self.carry(&slots, walk);
        let boxed = slots.iter().filter(|s| s.take == Take::Ticks).count();
        let mut minority = false;
        for slot in slots {
            let behind_minority = minority;
            let which = minority && asks_which(&slot);
            minority = slot.take == Take::Ticks && slot.words.iter().any(|w| is_minority(w));
            let label = letters(&slot.label);
            let drawn = slot.drawn || slot.take != Take::Line;
            let signed = label.contains("签字") || label.contains("签名");
            if signed || !drawn && is_remark(&label) {
                continue;
            }
            // room behind that box is for which one: no other words make it a question
            let sentence = (!behind_minority).then(|| self.in_sentence(&slot, &text));
            let sentence = sentence.flatten();
            if label.is_empty() && sentence.is_none() {
                continue;
            }
            let place = FieldPlace {
                take: slot.take,
                label: slot.label.trim().to_owned(),
                nth: slot.nth,
                ..at.clone()
            };
            let (words, certain) = sentence.unwrap_or_else(|| (slot.label.clone(), 1.0));
            let asking = Slot {
                label: words,
                ..slot.clone()
            };
            match self.whose_line(&asking, walk) {
                // only one who ticked that box says which: nobody else's value goes there
                Ok(_) if which => self.stays_open(at, &slot),
                Ok((asks, most)) => {
                    let most = most.min(certain);
                    let found = self.slot(place, &asking, (&asks, most), (walk, boxed));
                    if !found && (slot.take != Take::Ticks || !in_box) {
                        self.stays_open(at, &slot);
                    }
                }
                Err(whose) => self.note_others(place, &whose),
            }
        }
    }

    /// Binds a blank in a line by what it asks; false where nothing is known for it.
    fn slot(
        &mut self,
        mut place: FieldPlace,
        slot: &Slot,
        (asks, most): (&str, f32),
        (walk, boxed): (&mut LineWalk, usize),
    ) -> bool {
        let Some((words, meant)) = self.meant(asks) else {
            return false;
        };
        let only_unit = meant.0 && !meant.1;
        walk.of_unit = only_unit || walk.of_unit && !self.only_person(&words);
        let of_person = !walk.of_unit && self.personal;
        let Some(asked) = self.asked(&words, walk.of_unit, of_person) else {
            return true;
        };
        if slot.take == Take::Date && !self.takes_date(&asked.key) {
            return false;
        }
        place.key.clone_from(&asked.key);
        let mut confidence = asked.sure.min(most);
        if slot.take == Take::Ticks && self.counts_digits(&asked.key, &slot.words) {
            (place.take, place.nth) = (Take::Digits, 0);
        } else if slot.take == Take::Ticks {
            if boxed > 1 && slot.label.trim().is_empty() {
                return false;
            }
            if !self.words_fit(&asked.key, &slot.words) {
                confidence = confidence.min(0.6);
            }
        }
        if self.named.contains(&asked.key) {
            return true;
        }
        if let Some(other) = &asked.other {
            self.ambiguous.push(Undecided {
                label: place.label.clone(),
                place: in_words(&place),
                keys: vec![asked.key.clone(), other.clone()],
                blank: None,
            });
        }
        let also = asked.also.filter(|key| !self.named.contains(key));
        if let Some(key) = also.filter(|_| place.take == Take::Line) {
            let second = FieldPlace {
                key,
                ..place.clone()
            };
            self.places.push(BoundPlace::found(place, confidence));
            self.places.push(BoundPlace::found(second, confidence));
            return true;
        }
        self.places.push(BoundPlace::found(place, confidence));
        true
    }

    /// Whoever the line before began with may be asked on in this one: as in the rows of a table.
    fn carry(&self, slots: &[Slot], walk: &mut LineWalk) {
        (walk.count, walk.behind_somebody) = (0, false);
        if walk.role.is_none() || slots.is_empty() {
            walk.role = None;
            return;
        }
        let labels = || slots.iter().map(|s| last_words(&s.label));
        let field = |l: &str| self.lexicon.person(l).map(|m| m.field);
        let asked = |l: &str| field(l).is_some_and(|f| walk.asked.contains(&f));
        let reached = |l: &str| self.lexicon.is_contact(l) || asked(l);
        let short = |l: &str| is_attribute(&self.lexicon, l) && !self.lexicon.is_long(l);
        let on = labels()
            .all(|l| short(l) && reached(l) && self.lexicon.unit(l).is_none_or(|_| reached(l)));
        let again = labels().any(asked);
        if !on || !walk.first || walk.doubtful && !again {
            walk.role = None;
        }
        walk.doubtful = !again;
    }

    /// What a blank in a line asks of the candidate, and how sure that is at most; else whose it is.
    fn whose_line(&self, slot: &Slot, walk: &mut LineWalk) -> Result<(String, f32), String> {
        let last = last_words(&slot.label);
        let known = |text: &str| {
            self.lexicon.person(text).is_some_and(|m| m.sure > 0.8)
                || self.lexicon.unit(text).is_some_and(|m| m.sure > 0.8)
        };
        let whole = known(last) || known(&slot.label);
        if whole && let Some(role) = filler(last) {
            // that person's name is the unit's to give; what is asked behind it is that person's
            (walk.first, walk.doubtful) = (walk.count == 0, false);
            walk.role = Some(role);
            walk.count += 1;
            let section = walk.section.as_ref();
            return match self.subject.whose(section) {
                Whose::Candidate(most) => Ok((slot.label.clone(), most)),
                Whose::Another => Err(section.map(|r| r.words.clone()).unwrap_or_default()),
            };
        }
        let fills = walk
            .role
            .as_ref()
            .is_some_and(|r| filler(&r.words).is_some());
        let goes_on = match fills {
            true => asks_filler(&self.lexicon, last),
            false => is_attribute(&self.lexicon, last),
        };
        let own = NamedRole::of(last).filter(|r| !whole || r.kind == RoleKind::Candidate);
        let own = own.filter(|r| r.asks.is_empty() || is_attribute(&self.lexicon, &r.asks));
        let mut asks = slot.label.clone();
        if let Some(role) = own {
            asks = match role.asks.as_str() {
                "" => "姓名".to_owned(),
                asks => asks.to_owned(),
            };
            walk.first = walk.count == 0;
            walk.doubtful = false;
            walk.role = Some(role);
        } else if bare(last) == "姓名" || !goes_on {
            walk.role = None;
        }
        walk.count += 1;
        walk.asked
            .extend(self.lexicon.person(&asks).map(|m| m.field));
        // whoever has no field and no role known takes the rest of the line
        let somebody = !whole && walk.role.is_none() && !is_attribute(&self.lexicon, last);
        if somebody && calls_somebody(last) {
            walk.behind_somebody = true;
        }
        let role = walk.role.as_ref().or(walk.section.as_ref());
        match (self.subject.whose(role), role) {
            (Whose::Candidate(most), _) if walk.behind_somebody => Ok((asks, most.min(0.6))),
            (Whose::Candidate(most), _) => Ok((asks, most)),
            (Whose::Another, role) => Err(role.map(|r| r.words.clone()).unwrap_or_default()),
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

    /// Tells of labels in a line behind which an example stands already, or boxes of a kind that nobody knows: 姓名：张三（示例）, 性别：男.
    fn answered_in_line(&mut self, at: &FieldPlace, text: &str) {
        for clause in text.split(['　', '\t', '；', ';', '，']) {
            let Some((label, words)) = clause.split_once(['：', ':']) else {
                continue;
            };
            let (label, words) = (label.trim(), words.trim());
            let known = self.lexicon.person(label).is_some_and(|m| m.sure > 0.8);
            let short = (1..30).contains(&words.chars().count()) && label.chars().count() < 12;
            let example = is_filler(words)
                || matches!(words, "男" | "女")
                || words.contains("（ ）")
                || words.contains("（）")
                || words.contains("( )");
            if known && short && example {
                self.unbound.push(Undecided {
                    label: Undecided::written(label, words),
                    place: in_words(at),
                    keys: Vec::new(),
                    blank: None,
                });
            }
        }
    }

    fn stays_open(&mut self, at: &FieldPlace, slot: &Slot) {
        self.unbound.push(Undecided {
            label: slot.label.trim().to_owned(),
            place: in_words(at),
            keys: Vec::new(),
            blank: Some(FieldPlace {
                key: String::new(),
                take: slot.take,
                label: slot.label.trim().to_owned(),
                nth: slot.nth,
                ..at.clone()
            }),
        });
    }
}

/// Whose the lines are that were gone through.
#[derive(Debug, Default)]
struct LineWalk {
    of_unit: bool,
    /// Whose part the lines are in.
    section: Option<NamedRole>,
    /// Whom the last label of the line named.
    role: Option<NamedRole>,
    /// Whether that label stood first in its line.
    first: bool,
    /// Whether nothing in the last line said that it goes on asking that person.
    doubtful: bool,
    /// Whether somebody stands in front of the blank in its line for whom no field and no role is known.
    behind_somebody: bool,
    /// Blanks of the line so far.
    count: usize,
    /// What was asked so far, whoever it was asked of.
    asked: BTreeSet<String>,
}

impl LineWalk {
    /// A line without blanks may begin another part.
    fn heading(&mut self, text: &str) {
        if text.chars().count() < 40 {
            self.section = section(text);
        }
    }
}

/// Whether a blank behind a tick box asks which of several is meant: 少数民族（请注明：　　）.
fn asks_which(slot: &Slot) -> bool {
    let label = letters(&slot.label);
    let asks = ["注明", "具体", "填写", "写明", "族"];
    slot.take == Take::Line && asks.iter().any(|a| label.contains(a))
}
