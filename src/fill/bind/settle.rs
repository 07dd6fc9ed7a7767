//! What was found, weighed by the parts of the form (核定): the candidate's data is sure only in a part whose heading says that it is the candidate's
//! or says nothing of anybody, and in which nobody is asked again who he is.

use std::collections::{BTreeMap, BTreeSet};

use super::heads::HeadSays;
use super::parts::{Head, HeadKind};
use super::roles::{NamedRole, RoleKind, bare};
use crate::campaign::Owner;
use crate::fill::anatomy::label::owner_of;
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::fill::bind::binding::SURE;
use crate::fill::bind::finder::PlaceFinder;

/// How sure a place is at most in a part of somebody unknown.
const DOUBTFUL: f32 = 0.6;

/// What tells one person from another.
const IDENTITY: &[&str] = &["姓名", "性别", "证件号码", "手机", "出生年月"];

/// A part of a form: its headings, and the grid in which it stands, if in one.
type PartKey = (Vec<usize>, Option<usize>);

/// Where something stands in the order of a form: lines and tables, then tables in one another and sheets, then rows and columns.
type Order = [usize; 4];

/// The fields of a part, each with its words.
type PartWords = Vec<(String, String)>;

/// What was found in a part.
#[derive(Debug, Default)]
struct Found {
    /// Its place in reading order.
    order: Order,
    /// Its places, by their numbers.
    places: Vec<usize>,
    /// Whether somebody else is asked for by name in it.
    of_others: bool,
    /// Whether it stands in the body, not at the head or foot of pages.
    in_body: bool,
}

impl PlaceFinder<'_> {
    /// Keeps sheets that tell how the form is filled in from anybody.
    pub(super) fn keep_instructions(&mut self) {
        for (g, grid) in self.survey.grids.iter().enumerate() {
            let told = |n: &usize| self.parts.instructs(self.parts.over(g, *n));
            let own = (0..grid.cells.len()).filter(told).map(|n| (g, n));
            self.taken.extend(own);
        }
    }

    /// Lowers what is not plainly the candidate's or the unit's.
    pub(super) fn settle(&mut self) {
        let found = self.found();
        let fields = self.fields();
        let named = |f: &Found| {
            let own = f.places.iter().filter_map(|n| self.places.get(*n));
            f.of_others || own.clone().any(|b| Some(&b.place.key) == fields.first())
        };
        let people: Vec<&PartKey> = found
            .iter()
            .filter(|(_, f)| f.in_body && named(f))
            .map(|(key, _)| key)
            .collect();
        let own = |key: &PartKey| {
            let head = self.parts.decides(&key.0);
            head.is_some_and(|h| h.says == HeadSays::Candidate)
        };
        let owned = people.iter().any(|key| own(key));
        let mut order: Vec<(&PartKey, &Found)> = found.iter().collect();
        order.sort_by_key(|(_, f)| f.order);
        let mut lowered: Vec<usize> = Vec::new();
        let mut asked: Vec<(PartWords, BTreeSet<String>)> = Vec::new();
        for (key, f) in order {
            let decides = self.parts.decides(&key.0);
            let unknown = decides.filter(|h| matches!(h.says, HeadSays::Unknown(_)));
            let only = people.len() == 1 && people.contains(&key);
            let first = people.first() == Some(&key) && !owned;
            let title = |h: &&Head| matches!(h.kind, HeadKind::Title | HeadKind::Sheet);
            let doubtful = unknown.filter(|h| !(only || first && title(h)));
            let keys = self.identity(f, &fields);
            let words = self.words(f);
            let again = f.in_body
                && !own(key)
                && asked.iter().any(|(before, known)| {
                    let copy = *before == words && words.len() > 1;
                    let name = fields.first().is_some_and(|n| keys.contains(n));
                    let things = self.parts.innermost(&key.0);
                    let things = things.is_some_and(|h| h.says == HeadSays::Things);
                    let same = keys.intersection(known).count() > 0;
                    !copy && same && (name || !things)
                });
            let strange = f.of_others && !own(key) && {
                let mut sure = f.places.iter().filter_map(|n| self.places.get(*n));
                !sure.any(|b| Some(&b.place.key) == fields.first() && b.confidence > SURE)
            };
            if doubtful.is_some() || again || strange {
                lowered.extend(&f.places);
            } else if f.in_body && !self.is_cover(key) {
                asked.push((words, keys));
            }
        }
        for n in lowered {
            if let Some(bound) = self
                .places
                .get(n)
                .filter(|b| self.is_open_to_doubt(&b.place))
            {
                let less = bound.confidence.min(DOUBTFUL);
                if let Some(bound) = self.places.get_mut(n) {
                    bound.confidence = less;
                }
            }
        }
    }

    /// Whether a part is the lines before and behind all tables and headings: what a cover asks, the form asks again.
    fn is_cover(&self, key: &PartKey) -> bool {
        let head = self.parts.innermost(&key.0);
        key.1.is_none() && head.is_none_or(|h| h.kind == HeadKind::Title)
    }

    /// The candidate's fields by which a person is told from another, the name first.
    fn fields(&self) -> Vec<String> {
        let meant = IDENTITY.iter().filter_map(|w| self.lexicon.person(w));
        meant.map(|m| m.field).collect()
    }

    /// What of a person is asked in a part, surely.
    fn identity(&self, found: &Found, fields: &[String]) -> BTreeSet<String> {
        let own = found.places.iter().filter_map(|n| self.places.get(*n));
        let sure = own.filter(|b| b.confidence > SURE && fields.contains(&b.place.key));
        sure.map(|b| b.place.key.clone()).collect()
    }

    /// The fields of a part with their words.
    fn words(&self, found: &Found) -> PartWords {
        let own = found.places.iter().filter_map(|n| self.places.get(*n));
        let mut words: Vec<_> = own
            .map(|b| (b.place.key.clone(), bare(&b.place.label)))
            .collect();
        words.sort();
        words
    }

    /// Whether a place is one person's or one unit's, and not named as the candidate's or by the form itself.
    fn is_open_to_doubt(&self, place: &FieldPlace) -> bool {
        let said = matches!(
            place.take,
            Take::Placeholder | Take::Control | Take::Bookmark | Take::Opinion | Take::Rows
        );
        let single = !place.key.contains('[') && !place.key.starts_with('@');
        let long = self.lexicon.is_long_field(&place.key);
        let owner = owner_of(self.campaign, &place.key);
        let own = matches!(owner, Some(Owner::Candidate | Owner::Unit));
        let role = NamedRole::of(&place.label);
        let candidate = role.is_some_and(|r| r.kind == RoleKind::Candidate);
        let unit = self.lexicon.is_of_unit(&place.label);
        !said && single && !long && own && !candidate && !unit
    }

    /// What was found, part by part.
    fn found(&self) -> BTreeMap<PartKey, Found> {
        let mut found: BTreeMap<PartKey, Found> = BTreeMap::new();
        let mut orders: BTreeMap<PartKey, Order> = BTreeMap::new();
        for (n, bound) in self.places.iter().enumerate() {
            if let Some((key, order)) = self.part_of(&bound.place) {
                let own = found.entry(key.clone()).or_default();
                own.places.push(n);
                own.in_body = is_body(&bound.place);
                let least = orders.entry(key).or_insert(order);
                *least = (*least).min(order);
            }
        }
        let open = self.unbound.iter().filter_map(|u| u.blank.as_ref());
        let others = self.others.iter().map(|o| &o.place).chain(open);
        for place in others {
            let Some((key, order)) = self.part_of(place) else {
                continue;
            };
            if place.take != Take::Rows && asks_name(&place.label) {
                let own = found.entry(key.clone()).or_default();
                own.of_others = true;
                own.in_body = is_body(place);
                let least = orders.entry(key).or_insert(order);
                *least = (*least).min(order);
            }
        }
        for (key, own) in &mut found {
            own.order = orders.get(key).copied().unwrap_or_default();
        }
        found
    }

    /// The part in which a place stands, and where that is in the order of the form.
    fn part_of(&self, place: &FieldPlace) -> Option<(PartKey, Order)> {
        let loose = place.table.is_empty() && place.sheet.is_empty();
        if loose {
            let own = |l: &super::survey::Loose| {
                l.part == place.part
                    && l.text_box == place.column
                    && l.line.paragraph == place.paragraph
            };
            let line = self.survey.loose.iter().position(own)?;
            let stack = self.parts.over_line(line).to_vec();
            return Some(((stack, None), [line * 2 + 1, 0, 0, 0]));
        }
        let (g, grid) = self.survey.grids.iter().enumerate().find(|(_, grid)| {
            grid.part == place.part && grid.path == place.table && grid.sheet == place.sheet
        })?;
        let cell = grid.at(place.row, place.column)?;
        let stack = self.parts.over(g, cell).to_vec();
        let order = [grid.after * 2, g, place.row, place.column];
        Some(((stack, Some(g)), order))
    }
}

/// Whether a label asks somebody for a name.
fn asks_name(label: &str) -> bool {
    let named = bare(label).contains("姓名");
    named || NamedRole::of(label).is_some_and(|r| r.asks.is_empty())
}

/// Whether a place is in the body of a form.
fn is_body(place: &FieldPlace) -> bool {
    !place.part.contains("header") && !place.part.contains("footer")
}
