//! Last year's binding taken over (沿用): where a blank of this year's form has the words of one of last year's, what a person decided then
//! counts again, so that only what is new is asked.

use std::collections::BTreeMap;

use crate::fill::anatomy::place::FieldPlace;
use crate::fill::bind::binding::{Binding, BoundPlace, OthersPlace};
use crate::text::heading::fold_heading as letters;

/// What was decided of a blank.
#[derive(Clone, Debug)]
enum Decided {
    /// Fields go there, several where they share it.
    Fields(Vec<String>),
    /// It is somebody else's.
    Others(String),
}

/// By what a blank is known again: its words, how it takes its value, and how many of these stand before it.
type Known = (String, Kind, usize);

/// How a blank takes its value, to be put in order.
type Kind = u8;

/// The blanks of a binding in reading order, those that fields share once.
struct Blanks {
    all: Vec<FieldPlace>,
}

impl Blanks {
    fn of(binding: &Binding) -> Self {
        let places = binding.places.iter().map(|b| &b.place);
        let others = binding.others.iter().map(|o| &o.place);
        let open = binding.unbound.iter().filter_map(|u| u.blank.as_ref());
        let mut all: Vec<FieldPlace> = places.chain(others).chain(open).map(spot).collect();
        let order = |p: &FieldPlace| {
            let at = (p.part.clone(), p.table.clone(), p.row, p.column);
            (at, p.paragraph, p.nth, letters(&p.label))
        };
        all.sort_by_cached_key(order);
        all.dedup();
        Self { all }
    }

    /// How many blanks have the same words and kind.
    fn count(&self, place: &FieldPlace) -> usize {
        self.all.iter().filter(|p| alike(p, place)).count()
    }

    /// By what a blank is known again.
    fn known(&self, place: &FieldPlace) -> Known {
        let own = spot(place);
        let before = self.all.iter().take_while(|p| **p != own);
        let number = before.filter(|p| alike(p, place)).count();
        (letters(&place.label), place.take as Kind, number)
    }
}

fn alike(one: &FieldPlace, other: &FieldPlace) -> bool {
    one.take == other.take && letters(&one.label) == letters(&other.label)
}

/// A blank without what goes there.
fn spot(place: &FieldPlace) -> FieldPlace {
    FieldPlace {
        key: String::new(),
        ..place.clone()
    }
}

impl Binding {
    /// What an earlier binding of this form, of another year, says of the same blanks: fields that were filled then are confirmed, what was
    /// somebody else's stays so. Words that stand oftener or more seldom than they did are asked anew, and so are blanks without words. Gives
    /// how many blanks were known again; the others stand as they were found.
    pub fn take_over(&mut self, earlier: &Self) -> usize {
        let then = Blanks::of(earlier);
        let mut known: BTreeMap<Known, Decided> = BTreeMap::new();
        for bound in earlier.sure() {
            let key = bound.place.key.clone();
            match known
                .entry(then.known(&bound.place))
                .or_insert(Decided::Fields(Vec::new()))
            {
                Decided::Fields(keys) => keys.push(key),
                Decided::Others(_) => {}
            }
        }
        for other in &earlier.others {
            let decided = Decided::Others(other.whose.clone());
            known.insert(then.known(&other.place), decided);
        }
        let now = Blanks::of(self);
        let decided = |place: &FieldPlace| {
            let same = !place.label.is_empty() && now.count(place) == then.count(place);
            same.then(|| known.get(&now.known(place))).flatten()
        };
        self.decide(&decided)
    }

    /// Sorts the blanks anew by what is known of them.
    fn decide<'d>(&mut self, decided: &dyn Fn(&FieldPlace) -> Option<&'d Decided>) -> usize {
        let mut sorted = Self::default();
        let mut again: Vec<FieldPlace> = Vec::new();
        for bound in std::mem::take(&mut self.places) {
            match decided(&bound.place) {
                None => sorted.places.push(bound),
                Some(_) if again.contains(&spot(&bound.place)) => {}
                Some(known) => {
                    again.push(spot(&bound.place));
                    sorted.put(known, &bound.place);
                }
            }
        }
        for other in std::mem::take(&mut self.others) {
            match decided(&other.place) {
                None => sorted.others.push(other),
                Some(known) => {
                    again.push(spot(&other.place));
                    sorted.put(known, &other.place);
                }
            }
        }
        for open in std::mem::take(&mut self.unbound) {
            match open.blank.as_ref().and_then(|b| Some((decided(b)?, b))) {
                None => sorted.unbound.push(open),
                Some((known, blank)) => {
                    again.push(spot(blank));
                    sorted.put(known, blank);
                }
            }
        }
        self.places = sorted.places;
        self.others = sorted.others;
        self.unbound = sorted.unbound;
        again.len()
    }

    /// Puts a blank where it was decided that it belongs.
    fn put(&mut self, decided: &Decided, blank: &FieldPlace) {
        match decided {
            Decided::Others(whose) => self.others.push(OthersPlace {
                place: spot(blank),
                whose: whose.clone(),
            }),
            Decided::Fields(keys) => self.places.extend(keys.iter().map(|key| BoundPlace {
                place: FieldPlace {
                    key: key.clone(),
                    ..blank.clone()
                },
                confidence: 1.0,
                confirmed: true,
            })),
        }
    }
}
