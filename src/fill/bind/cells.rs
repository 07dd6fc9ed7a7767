//! Blanks beside and below labels (标签与空格). Of the blank to the right and the one below, the right one is meant, unless
//! another label stands there.

use std::collections::BTreeSet;

use crate::campaign::Kind;
use crate::fill::anatomy::block::list_of;
use crate::fill::anatomy::boxes::boxes;
use crate::fill::anatomy::filler::is_filler;
use crate::fill::anatomy::label::{field_of, is_choice, untranslated};
use crate::fill::anatomy::numbered::{is_numbered, over_numbers};
use crate::fill::anatomy::place::{FieldPlace, Take};

use crate::fill::bind::binding::BoundPlace;
use crate::fill::bind::fillers::contact;
use crate::fill::bind::finder::PlaceFinder;
use crate::fill::bind::lexicon::Meaning;
use crate::fill::bind::unit_asks::{asks_any_unit, asks_unit_alone};
use crate::fill::bind::unit_parts::Body;
use crate::fill::bind::words::{has_own_room, is_date, is_label, is_photo, is_remark, is_title};

/// Whose field a label asks for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// Full key.
    pub(super) key: String,
    /// The other one that the words may mean.
    pub(super) other: Option<String>,
    /// Another one that goes into the same blank (工作单位及职务).
    pub(super) also: Option<String>,
    pub(super) sure: f32,
}

/// A blank that can take a value.
struct Target {
    cell: usize,
    take: Take,
    less: f32,
}

impl PlaceFinder<'_> {
    /// Whether the form is a person's: labels of a person stand outside lists.
    pub(super) fn look_for_people(&mut self) {
        let mut labels = Vec::new();
        for (g, grid) in self.survey.grids.iter().enumerate() {
            let cells = grid.cells.iter().enumerate();
            // what others and units are asked makes no person's form of it
            let free = cells.filter(|(n, cell)| {
                let own = || !is_label(cell) || self.asks(g, *n).is_ok();
                !self.taken.contains(&(g, *n)) && own() && !asks_unit_alone(&cell.text())
            });
            labels.extend(free.map(|(_, cell)| cell.text()));
        }
        let loose = self.survey.loose.iter();
        let loose = loose.map(|l| l.line.text.iter().collect::<String>());
        let words: Vec<String> = labels.into_iter().chain(loose).collect();
        let personal = words.iter().any(|text| {
            text.chars().count() < 200
                && text
                    .split(['：', ':', '_', '＿', '\t'])
                    .flat_map(|t| t.split("　　"))
                    .any(|t| {
                        let own = self.lexicon.person(t).is_some_and(|m| m.sure > 0.8);
                        let other = self.lexicon.unit(t).is_some() || self.lexicon.is_contact(t);
                        own && !other && !is_photo(t)
                    })
        });
        self.personal |= personal || self.one_person;
    }

    /// What a label asks for: of the person or of the unit, by what stands around it.
    pub(super) fn asked(&self, text: &str, of_unit: bool, of_person: bool) -> Option<Asked> {
        let full = |m: &Meaning, unit: bool| {
            if unit {
                format!("unit.{}", m.field)
            } else {
                m.field.clone()
            }
        };
        let person = self.lexicon.person(text).filter(|m| m.field != "photo");
        let unit = self.lexicon.unit(text);
        let alone = |m: Meaning, is_unit: bool| {
            let key = full(&m, is_unit);
            let also = m
                .also
                .map(|o| if is_unit { format!("unit.{o}") } else { o });
            Asked {
                key,
                other: None,
                also,
                sure: m.sure,
            }
        };
        match (person, unit) {
            (None, None) => self.lexicon.whole(text).map(|m| alone(m, false)),
            (Some(_), None)
                if of_unit
                    && !self.one_person
                    && let Some(of_contact) = self.lexicon.unit(&format!("联系人{text}")) =>
            {
                Some(alone(of_contact, true))
            }
            (Some(person), None) => Some(alone(person, false)),
            (None, Some(unit)) => Some(alone(unit, true)),
            (Some(person), Some(unit)) => {
                // what is better known wins where the other is only guessed
                if person.sure > 0.8 && unit.sure <= 0.8 && !of_unit {
                    return Some(alone(person, false));
                }
                if unit.sure > 0.8 && person.sure <= 0.8 && !of_person {
                    return Some(alone(unit, true));
                }
                let is_unit = of_unit || !of_person && !self.personal;
                let (chosen, other) = if is_unit {
                    (unit, person)
                } else {
                    (person, unit)
                };
                let other = full(&other, !is_unit);
                let mut asked = alone(chosen, is_unit);
                let settled = of_unit || of_person;
                asked.sure = asked.sure.min(if settled { 0.9 } else { 0.75 });
                asked.other = (!settled).then_some(other);
                Some(asked)
            }
        }
    }

    /// Whether words ask a person and not the unit. In a form of the unit whoever is reached is the unit's.
    pub(super) fn only_person(&self, text: &str) -> bool {
        let person = self.lexicon.person(text).is_some_and(|m| m.sure > 0.8);
        let reached = !self.one_person && !self.personal && self.lexicon.is_contact(text);
        person && self.lexicon.unit(text).is_none() && !reached
    }

    /// Finds the blanks of all labels in boxes.
    pub(super) fn cells(&mut self) {
        for g in 0..self.survey.grids.len() {
            self.photo(g);
            self.others(g);
            // labels first: a label is never another one's blank
            let labels = self.labels(g);
            let mut left: Vec<(usize, Asked)> = Vec::new();
            for (n, asked) in labels {
                match self.beside(g, n) {
                    Some(target) => self.bind(g, n, &asked, &target),
                    None => left.push((n, asked)),
                }
            }
            for (n, asked) in left {
                // behind a colon the box of a short answer is the label's own
                let long = self.lexicon.is_long(&self.survey.text(g, n));
                let own = self.within(g, n).filter(|_| !long);
                let own = self.over_numbers(g, n).or(own);
                let target = own.or_else(|| self.under(g, n));
                let target = target.or_else(|| self.within(g, n));
                let target = target.or_else(|| self.chosen(g, n, &asked.key));
                match target {
                    Some(target) => self.bind(g, n, &asked, &target),
                    None => self.answered(g, n),
                }
            }
            self.lone_box(g);
            self.opinions(g);
            self.unknown(g);
        }
    }

    /// Leaves the blanks of labels that ask somebody else.
    fn others(&mut self, g: usize) {
        let count = self.survey.grids.get(g).map_or(0, |g| g.cells.len());
        let mut left: Vec<(usize, String, Option<Target>)> = Vec::new();
        for n in 0..count {
            let label = self.survey.cell(g, n).is_some_and(is_label);
            // an opinion is its office's, whatever stands above it
            let label = label && !self.survey.text(g, n).contains("意见");
            let whose = || self.asks(g, n).err().or_else(|| self.of_another_body(g, n));
            if let Some(whose) = (label && self.free(g, n)).then(whose).flatten() {
                let within = self.within(g, n);
                self.taken.insert((g, n));
                left.push((n, whose, within));
            }
        }
        for (n, whose, within) in left {
            let target = self.beside(g, n).or_else(|| self.under(g, n));
            let Some(target) = target.or(within).or_else(|| self.first_below(g, n)) else {
                continue;
            };
            let text = self.survey.text(g, n);
            self.leave_to(g, target.cell, target.take, &text, &whose);
        }
    }

    /// Labels of a grid with what they ask for, in reading order.
    fn labels(&self, g: usize) -> Vec<(usize, Asked)> {
        let Some(grid) = self.survey.grids.get(g) else {
            return Vec::new();
        };
        let mut out: Vec<(usize, Asked)> = Vec::new();
        let mut used: BTreeSet<String> = BTreeSet::new();
        let mut of_unit = grid.above.iter().any(|t| self.lexicon.is_of_unit(t));
        let titled = |t: &String| self.lexicon.is_about_unit(t);
        of_unit |= !self.personal && grid.above.iter().any(titled);
        let heading = of_unit;
        let mut row = 0;
        for (n, cell) in grid.cells.iter().enumerate() {
            if self.taken.contains(&(g, n)) || !is_label(cell) {
                continue;
            }
            let text = cell.text();
            if text.contains("意见") || is_photo(&text) {
                continue;
            }
            let Ok((text, most)) = self.asks(g, n) else {
                continue;
            };
            let text = over_numbers(&text).map_or_else(|| text.clone(), str::to_owned);
            let body = self.body_of_part(self.parts.over(g, n));
            let of_body = |own: Body| (body == Some(own)).then_some(own == Body::Recommends);
            let side = self.section(grid, cell).or(of_body(Body::Recommends));
            let side = side.or(of_body(Body::Employs).filter(|_| self.personal));
            let only_unit =
                self.lexicon.person(&text).is_none() && self.lexicon.unit(&text).is_some();
            let only_person = self.only_person(&text);
            // what follows a label of the unit in its row, or in the next rows with none of a person between, is the unit's
            of_unit = side.unwrap_or(heading || only_unit || of_unit && !only_person);
            let fresh = cell.row != row;
            row = cell.row;
            let of_person = side == Some(false) || !of_unit && self.personal;
            let strange = side == Some(true) || !self.personal && used.contains("unit.name");
            let Some(mut asked) = self.asked(&text, of_unit, of_person) else {
                continue;
            };
            // of the unit that recommends nothing else is known: its kind and its code are not those of the candidate's
            if strange && !asked.key.starts_with("unit.") && asks_any_unit(&self.lexicon, &text) {
                continue;
            }
            // whom a unit has to be called is the unit's to say, whoever else is asked for
            let called = only_unit && contact(&text).is_some_and(|r| r.words.contains("单位"));
            asked.sure = if called {
                asked.sure
            } else {
                asked.sure.min(most)
            };
            if asked.key.starts_with("unit.") && !heading && side.is_none() && fresh && !only_unit {
                asked.sure = asked.sure.min(0.75);
            }
            if used.contains(&asked.key)
                && let Some(other) = asked.other.take()
            {
                asked.key = other;
                asked.sure = asked.sure.min(0.6);
            }
            used.insert(asked.key.clone());
            out.push((n, asked));
        }
        out
    }

    pub(super) fn free(&self, g: usize, n: usize) -> bool {
        !self.taken.contains(&(g, n))
    }

    /// What a box can take.
    fn target(&self, g: usize, n: usize) -> Option<Target> {
        if !self.free(g, n) {
            return None;
        }
        let cell = self.survey.cell(g, n)?;
        // a row that a table does not have yet takes a list alone
        let grid = self.survey.grids.get(g)?;
        if grid.sheet.is_empty() && grid.open_row == Some(cell.row) {
            return None;
        }
        let chars: Vec<char> = cell.text().chars().collect();
        let take = |take, less| {
            Some(Target {
                cell: n,
                take,
                less,
            })
        };
        if cell.is_blank() {
            let line = cell.lines.iter().any(|l| !l.blanks.is_empty());
            return take(if line { Take::Line } else { Take::Cell }, 0.0);
        }
        if cell.inner || cell.picture || cell.hidden || cell.counts {
            return None;
        }
        if !boxes(&chars).is_empty() {
            return take(Take::Ticks, 0.0);
        }
        let text: String = chars.iter().filter(|c| !c.is_whitespace()).collect();
        if is_date(&text) {
            return take(Take::Date, 0.0);
        }
        // numbers alone wait for the entries of a list
        if is_numbered(&cell.text()) {
            return take(Take::Cell, 0.0);
        }
        // what only holds the place of an answer
        let held = is_filler(&cell.text());
        held.then(|| take(Take::Cell, 0.04)).flatten()
    }

    fn beside(&self, g: usize, n: usize) -> Option<Target> {
        let grid = self.survey.grids.get(g)?;
        let right = grid.right(grid.cells.get(n)?)?;
        let cell = grid.cells.get(right)?;
        if has_own_room(grid, grid.cells.get(n)?) {
            return None;
        }
        // of a label over several rows the blank begins in its first one
        if cell.row > grid.cells.get(n)?.row {
            return None;
        }
        self.target(g, right)
    }

    fn under(&self, g: usize, n: usize) -> Option<Target> {
        let grid = self.survey.grids.get(g)?;
        let own = grid.cells.get(n)?;
        let below = grid.below(own)?;
        let cell = grid.cells.get(below)?;
        if cell.column != own.column || cell.across > own.across {
            return None;
        }
        // below the head of a list with several rows nothing is asked of one person
        let next = grid.below(cell).and_then(|n| grid.cells.get(n));
        let again = next.is_some_and(|c| {
            c.is_blank() && (c.column, c.across, c.down) == (cell.column, cell.across, cell.down)
        });
        if again && cell.down == 1 && self.blocks.at(g, n).heads {
            return None;
        }
        // a label beside it owns it
        let owner = grid.left(cell).and_then(|l| grid.cells.get(l));
        let owned = owner.is_some_and(|o| {
            is_label(o)
                && self
                    .lexicon
                    .person(&o.text())
                    .or_else(|| self.lexicon.unit(&o.text()))
                    .is_some()
        });
        if owned { None } else { self.target(g, below) }
    }

    /// The box beside a label in which words of its field's list stand side by side to be chosen from.
    fn chosen(&self, g: usize, n: usize, key: &str) -> Option<Target> {
        let grid = self.survey.grids.get(g)?;
        let right = grid.right(grid.cells.get(n)?)?;
        let text = self.survey.text(g, right);
        let own = is_choice(self.campaign, field_of(self.campaign, key), &text);
        (own && self.free(g, right)).then_some(Target {
            cell: right,
            take: Take::Cell,
            less: 0.04,
        })
    }

    /// The blank below a label, though more blanks follow.
    fn first_below(&self, g: usize, n: usize) -> Option<Target> {
        let grid = self.survey.grids.get(g)?;
        let cell = grid.cells.get(n).filter(|c| self.is_over_blank(grid, c))?;
        self.target(g, grid.below(cell)?)
    }

    /// The numbered lines below a label in its own box.
    fn over_numbers(&self, g: usize, n: usize) -> Option<Target> {
        over_numbers(&self.survey.text(g, n))?;
        self.free(g, n).then_some(Target {
            cell: n,
            take: Take::Cell,
            less: 0.04,
        })
    }

    /// The blank behind a colon in the label's own box.
    fn within(&self, g: usize, n: usize) -> Option<Target> {
        let grid = self.survey.grids.get(g)?;
        let text = grid.cells.get(n)?.text();
        let ends = text.trim_end().ends_with(['：', ':']) && !is_remark(&text);
        (ends && self.free(g, n)).then_some(Target {
            cell: n,
            take: Take::Line,
            less: 0.04,
        })
    }

    /// Binds a blank box to what a label asks.
    pub(super) fn bind_cell(&mut self, g: usize, label: usize, asked: &Asked, cell: usize) {
        let target = Target {
            cell,
            take: Take::Cell,
            less: 0.0,
        };
        self.bind(g, label, asked, &target);
    }

    fn bind(&mut self, g: usize, label: usize, asked: &Asked, target: &Target) {
        let text = self.survey.text(g, label);
        let text = over_numbers(&text).map_or_else(|| text.clone(), str::to_owned);
        let keys: Vec<String> = std::iter::once(&asked.key)
            .chain(&asked.other)
            .cloned()
            .collect();
        if self.named.contains(&asked.key) {
            return;
        }
        // a list that stands in columns is not asked again, and as one text it wants a box of its own
        let columns = format!("{}.", asked.key);
        let mut places = self.places.iter();
        let mut in_columns = || places.any(|b| b.place.key.starts_with(&columns));
        if target.take == Take::Date && !self.takes_date(&asked.key) {
            self.taken.insert((g, label));
            let blank = Some((target.cell, target.take));
            self.open((g, label), &text, Vec::new(), blank);
            return;
        }
        let whole = list_of(self.campaign, &asked.key).is_some();
        let numbered = self.survey.text(g, target.cell);
        if !whole && (is_numbered(&numbered) || over_numbers(&numbered).is_some()) {
            self.taken.insert((g, label));
            let blank = Some((target.cell, target.take));
            self.open((g, label), &text, Vec::new(), blank);
            return;
        }
        if whole && (in_columns() || target.take != Take::Cell) {
            return;
        }
        self.taken.insert((g, label));
        self.taken.insert((g, target.cell));
        if keys.len() > 1 {
            self.open((g, label), &text, keys, None);
        }
        let Some(mut place) = self.survey.place(g, target.cell) else {
            return;
        };
        place.key.clone_from(&asked.key);
        place.take = target.take;
        place.label = text;
        if target.take == Take::Line {
            let lines = self
                .survey
                .cell(g, target.cell)
                .map_or(&[][..], |c| &c.lines);
            // in a box of its own the blank has no words in front of it; in the label's it stands behind the last ones
            let line = if label == target.cell {
                lines.iter().rfind(|l| !l.text.is_empty())
            } else {
                place.label = String::new();
                lines.iter().find(|l| !l.blanks.is_empty())
            };
            place.paragraph = line.and_then(|l| l.paragraph);
        }
        let mut confidence = asked.sure - target.less;
        if let Some(first) = self.boxes_below(g, label, &place) {
            // the boxes of its characters are the answer, and what stands beside the label is help
            let Some(below) = self.survey.place(g, first) else {
                return;
            };
            place = FieldPlace {
                key: place.key,
                label: place.label,
                ..below
            };
            self.taken.insert((g, first));
            confidence = asked.sure;
            if !self.spread(g, first, &mut place) {
                confidence = confidence.min(0.6);
            }
        } else if !self.spread(g, target.cell, &mut place) {
            confidence = confidence.min(0.6);
        }
        if place.take == Take::Ticks && !self.ticks_fit(g, target.cell, &asked.key) {
            confidence = confidence.min(0.6);
        }
        let joins = matches!(target.take, Take::Cell | Take::Line);
        let also = asked.also.clone().filter(|_| joins);
        let also = also.filter(|key| !self.named.contains(key));
        self.places
            .push(BoundPlace::found(place.clone(), confidence));
        if let Some(key) = also {
            let place = FieldPlace { key, ..place };
            self.places.push(BoundPlace::found(place, confidence));
        }
    }

    /// A table of one blank box takes what the line above it asks.
    fn lone_box(&mut self, g: usize) {
        let Some(grid) = self.survey.grids.get(g) else {
            return;
        };
        let [cell] = grid.cells.as_slice() else {
            return;
        };
        let Some(line) = grid.above.last().filter(|_| grid.sheet.is_empty()) else {
            return;
        };
        if !self.free(g, 0) || !cell.is_blank() || is_title(line) {
            return;
        }
        let line = line.clone();
        let Some(asked) = self.asked(&line, false, self.personal) else {
            self.open((g, 0), &line, Vec::new(), Some((0, Take::Cell)));
            return;
        };
        let Some(mut place) = self.survey.place(g, 0) else {
            return;
        };
        self.taken.insert((g, 0));
        place.key = asked.key;
        place.label = line;
        self.places.push(BoundPlace::found(place, asked.sure));
    }

    /// Whether one of the boxes to be ticked is a word of the field's list.
    fn ticks_fit(&self, g: usize, n: usize, key: &str) -> bool {
        let chars: Vec<char> = self.survey.text(g, n).chars().collect();
        let labels: Vec<String> = boxes(&chars).into_iter().map(|b| b.1).collect();
        self.words_fit(key, &labels)
    }

    /// Whether words are those of a field's list, or 是 and 否.
    pub(super) fn words_fit(&self, key: &str, labels: &[String]) -> bool {
        let Some(field) = field_of(self.campaign, key) else {
            return false;
        };
        if field.kind == Kind::YesNo {
            return labels.iter().any(|l| l.contains('是') || l.contains('否'));
        }
        let list = field
            .codes
            .as_ref()
            .and_then(|id| self.campaign.lists.get(id));
        list.is_none_or(|list| {
            labels
                .iter()
                .any(|l| list.name_of(untranslated(l)).is_some() || l.contains("其他"))
        })
    }

    /// Labels with a blank beside them that nothing is known for.
    fn unknown(&mut self, g: usize) {
        let Some(grid) = self.survey.grids.get(g) else {
            return;
        };
        let cells = grid.cells.iter().enumerate();
        let open: Vec<(usize, String)> = cells
            .filter(|(n, cell)| {
                let text = cell.text();
                let short = text.chars().filter(|c| !c.is_whitespace()).count();
                // what heads a row that shows how is told with its list
                let shown = grid.is_example(cell.row + cell.down);
                self.free(g, *n)
                    && is_label(cell)
                    && !self.parts.is_heading(g, *n)
                    && !shown
                    && !is_filler(&text)
                    && (2..30).contains(&short)
                    && (over_numbers(&text).is_some()
                        || self.beside(g, *n).is_some()
                        || self.is_over_blank(grid, cell))
            })
            .map(|(n, cell)| (n, cell.text()))
            .collect();
        for (n, text) in open {
            let below = || {
                let grid = self.survey.grids.get(g)?;
                grid.below(grid.cells.get(n)?)
            };
            let beside = self.beside(g, n).map(|t| (t.cell, t.take));
            let own = self.over_numbers(g, n).map(|t| (t.cell, t.take));
            let blank = own.or(beside);
            let blank = blank.or_else(|| below().map(|n| (n, Take::Cell)));
            self.open((g, n), &text, Vec::new(), blank);
        }
    }
}
