//! Last year's binding taken over (沿用): where a blank of this year's form has the words of one of last year's, what a person decided then
//! counts again, so that only what is new is asked.

use std::collections::BTreeMap;

use crate::fill::anatomy::place::FieldPlace;
use crate::fill::bind::binding::{Binding, BoundPlace, LEFT_EMPTY, OthersPlace, SURE};
use crate::text::heading::fold_heading as letters;

/// What was decided of a blank.
#[derive(Clone, Debug)]
enum Decided {
    /// Fields go there, several where they share it; and whether a person said so.
    Fields(Vec<String>, bool),
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

/// What became of a binding that was taken over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenOver {
    /// How many blanks stand as a person decided them.
    pub again: usize,
    /// Labels of blanks that were somebody's and are another's now.
    pub differing: Vec<String>,
    /// Labels that the earlier form did not have.
    pub new: Vec<String>,
}

impl TakenOver {
    fn differs(&mut self, place: &FieldPlace) {
        if !self.differing.contains(&place.label) {
            self.differing.push(place.label.clone());
        }
    }
}

/// Whether a blank was left empty on purpose, rather than left to somebody.
fn is_left_empty(whose: &str) -> bool {
    whose == LEFT_EMPTY
}

impl Binding {
    /// What an earlier binding of this form, of another year, says of the same blanks. What a person decided then counts again; what was only
    /// found then stands as it is found now. Whose a blank is, is read from this form: where that is not what it was, the blank stays empty and
    /// is asked, and so is one whose words stand oftener or more seldom than they did, or that has none.
    pub fn take_over(&mut self, earlier: &Self) -> TakenOver {
        let then = Blanks::of(earlier);
        let mut known: BTreeMap<Known, Decided> = BTreeMap::new();
        for bound in earlier.sure() {
            let key = bound.place.key.clone();
            let said = bound.confirmed || earlier.confirmed;
            match known
                .entry(then.known(&bound.place))
                .or_insert(Decided::Fields(Vec::new(), said))
            {
                Decided::Fields(keys, all) => {
                    keys.push(key);
                    *all &= said;
                }
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
        let mut told = TakenOver::default();
        for blank in &now.all {
            if !blank.label.is_empty() && then.count(blank) == 0 {
                told.new.push(blank.label.clone());
            }
        }
        self.decide(&decided, &mut told);
        told
    }

    /// Sorts the blanks anew by what is known of them.
    fn decide<'d>(
        &mut self,
        decided: &dyn Fn(&FieldPlace) -> Option<&'d Decided>,
        told: &mut TakenOver,
    ) {
        let mut sorted = Self::default();
        let mut again: Vec<FieldPlace> = Vec::new();
        for bound in std::mem::take(&mut self.places) {
            match decided(&bound.place) {
                Some(Decided::Fields(keys, true)) => {
                    if !again.contains(&spot(&bound.place)) {
                        again.push(spot(&bound.place));
                        sorted.fields(keys, &bound.place);
                    }
                }
                Some(Decided::Others(whose)) if is_left_empty(whose) => {
                    if !again.contains(&spot(&bound.place)) {
                        again.push(spot(&bound.place));
                        sorted.others(whose, &bound.place);
                    }
                }
                Some(Decided::Others(_)) => {
                    told.differs(&bound.place);
                    sorted.places.push(BoundPlace {
                        confidence: bound.confidence.min(SURE),
                        ..bound
                    });
                }
                _ => sorted.places.push(bound),
            }
        }
        for other in std::mem::take(&mut self.others) {
            match decided(&other.place) {
                Some(Decided::Others(whose)) if is_left_empty(whose) => {
                    again.push(spot(&other.place));
                    sorted.others(whose, &other.place);
                }
                Some(Decided::Others(_)) => {
                    again.push(spot(&other.place));
                    sorted.others.push(other);
                }
                Some(Decided::Fields(..)) => {
                    told.differs(&other.place);
                    sorted.others.push(other);
                }
                None => sorted.others.push(other),
            }
        }
        for open in std::mem::take(&mut self.unbound) {
            match open.blank.as_ref().and_then(|b| Some((decided(b)?, b))) {
                Some((Decided::Fields(keys, true), blank)) => {
                    again.push(spot(blank));
                    sorted.fields(keys, blank);
                }
                Some((Decided::Others(whose), blank)) => {
                    again.push(spot(blank));
                    sorted.others(whose, blank);
                }
                _ => sorted.unbound.push(open),
            }
        }
        self.places = sorted.places;
        self.others = sorted.others;
        self.unbound = sorted.unbound;
        told.again = again.len();
    }

    fn others(&mut self, whose: &str, blank: &FieldPlace) {
        self.others.push(OthersPlace {
            place: spot(blank),
            whose: whose.to_owned(),
        });
    }

    fn fields(&mut self, keys: &[String], blank: &FieldPlace) {
        self.places.extend(keys.iter().map(|key| BoundPlace {
            place: FieldPlace {
                key: key.clone(),
                ..blank.clone()
            },
            confidence: 1.0,
            confirmed: true,
        }));
    }
}
