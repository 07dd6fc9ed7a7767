//! What is found while a form is bound; where to look is told file by file in `lists`, `cells`, `blanks` and `marked`.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::Campaign;
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::fill::bind::binding::{BoundPlace, OthersPlace, Undecided, in_words};
use crate::fill::bind::blocks::Blocks;
use crate::fill::bind::fillers::is_contact;
use crate::fill::bind::lexicon::Lexicon;
use crate::fill::bind::parts::Parts;
use crate::fill::bind::roles::RoleKind;
use crate::fill::bind::subject::{Subject, Whose};
use crate::fill::bind::survey::{FormGrid, MOST_ROWS, Survey};
use crate::fill::bind::unseen::MOST_COLUMNS;
use crate::text::heading::fold_heading as letters;

/// What is found while a form is bound.
pub(super) struct PlaceFinder<'a> {
    pub(super) campaign: &'a Campaign,
    pub(super) lexicon: Lexicon,
    pub(super) survey: Survey,
    /// The parts of the form, by their headings.
    pub(super) parts: Parts,
    /// In whose part of the form each label stands.
    pub(super) blocks: Blocks,
    /// Whom the form is about.
    pub(super) subject: Subject,
    /// Whether that person is asked for by name outside of lists.
    pub(super) one_person: bool,
    /// Whether the form is a team's, whose members are no candidates.
    pub(super) team: bool,
    /// Grids that ask for a person by name outside of lists.
    pub(super) named_in: BTreeSet<usize>,
    /// Boxes that are spoken for, by grid and box.
    pub(super) taken: BTreeSet<(usize, usize)>,
    pub(super) places: Vec<BoundPlace>,
    /// Those of them in the candidate's own column or row beside other people's.
    pub(super) crossed: Vec<FieldPlace>,
    pub(super) others: Vec<OthersPlace>,
    pub(super) unbound: Vec<Undecided>,
    pub(super) ambiguous: Vec<Undecided>,
    /// Keys that the form itself names.
    pub(super) named: BTreeSet<String>,
    /// Whether a person's own labels stand anywhere outside lists.
    pub(super) personal: bool,
}

impl PlaceFinder<'_> {
    /// Notes a label that stays open, with the blank that it asks for where that is known.
    pub(super) fn open(
        &mut self,
        (grid, cell): (usize, usize),
        label: &str,
        keys: Vec<String>,
        blank: Option<(usize, Take)>,
    ) {
        let place = self.survey.place(grid, cell);
        let place = place.map(|p| in_words(&p)).unwrap_or_default();
        let blank = blank.and_then(|(n, take)| {
            let own = self.survey.place(grid, n)?;
            let label = one_line(label);
            Some(FieldPlace { take, label, ..own })
        });
        let open = Undecided {
            label: one_line(label),
            place,
            keys,
            blank,
        };
        if open.keys.is_empty() {
            self.unbound.push(open);
        } else {
            self.ambiguous.push(open);
        }
    }

    /// Notes a box that is somebody else's, and keeps it from anybody.
    pub(super) fn leave_to(
        &mut self,
        grid: usize,
        cell: usize,
        take: Take,
        label: &str,
        whose: &str,
    ) {
        self.taken.insert((grid, cell));
        if let Some(place) = self.survey.place(grid, cell) {
            let label = label.to_owned();
            let place = FieldPlace {
                take,
                label,
                ..place
            };
            self.note_others(place, whose);
        }
    }

    /// Notes a blank that is somebody else's.
    pub(super) fn note_others(&mut self, place: FieldPlace, whose: &str) {
        let label = one_line(&place.label);
        self.others.push(OthersPlace {
            place: FieldPlace { label, ..place },
            whose: whose.to_owned(),
        });
    }

    /// What a label asks of the candidate: its words without those for the person, and how sure that is at most. None where it asks
    /// somebody else, whose words are given instead.
    pub(super) fn asks(&self, grid: usize, cell: usize) -> Result<(String, f32), String> {
        let block = self.blocks.at(grid, cell);
        let text = self.survey.text(grid, cell);
        let asks = if block.asks.is_empty() {
            text.clone()
        } else {
            block.asks
        };
        match (self.subject.whose(block.role.as_ref()), block.role) {
            (Whose::Candidate(most), _) if block.behind_somebody => Ok((asks, most.min(0.6))),
            (Whose::Candidate(most), _) => Ok((asks, most)),
            // whoever answers for the unit is known to the campaign
            (Whose::Another, Some(role))
                if role.kind == RoleKind::Head && self.lexicon.unit(&text).is_some() =>
            {
                Ok((text, if self.one_person { 0.75 } else { 1.0 }))
            }
            // what reaches whoever is to be called is the unit's to say
            (Whose::Another, Some(role)) if is_contact(&role) && role.asks.is_empty() => {
                let full = format!("联系人{asks}");
                match self.lexicon.unit(&full).filter(|m| m.sure > 0.8) {
                    Some(_) => Ok((full, 0.9)),
                    None => Err(role.words),
                }
            }
            (Whose::Another, role) => Err(role.map(|r| r.words).unwrap_or_default()),
        }
    }

    /// Rows and columns of sheets that were not looked at are told.
    pub(super) fn beyond(&mut self) {
        for grid in self.survey.grids.iter().filter(|g| g.goes_on) {
            self.unbound.push(Undecided {
                label: format!("第{MOST_ROWS}行以下、第{MOST_COLUMNS}列以右没有查看"),
                place: grid.sheet.clone(),
                keys: Vec::new(),
                blank: None,
            });
        }
    }

    /// A field that is asked twice in one table, or twice in the same words in lines, is told, and neither is sure.
    pub(super) fn doubles(&mut self) {
        let loose = |p: &FieldPlace| p.table.is_empty() && p.sheet.is_empty();
        let shared: Vec<_> = self.places.iter().map(|b| whereabouts(&b.place)).collect();
        let table = |p: &FieldPlace| {
            let words = if loose(p) {
                p.label.clone()
            } else {
                String::new()
            };
            // two things in one blank are one person's: that 职务 stands beside 工作单位及职务 makes neither doubtful
            let beside = shared.iter().filter(|s| **s == whereabouts(p)).count() > 1;
            (
                p.key.clone(),
                p.part.clone(),
                p.table.clone(),
                words,
                beside,
            )
        };
        let mut times: BTreeMap<_, usize> = BTreeMap::new();
        // what is in doubt already, as in a part of somebody unknown, makes nothing else doubtful
        for bound in self.places.iter().filter(|b| b.confidence > 0.6) {
            *times.entry(table(&bound.place)).or_default() += 1;
        }
        let copied: Vec<FieldPlace> = self.copied();
        for BoundPlace {
            place, confidence, ..
        } in &mut self.places
        {
            let by_label = !matches!(
                place.take,
                Take::Placeholder | Take::Control | Take::Bookmark
            );
            let once = times.get(&table(place)).is_none_or(|n| *n < 2);
            if !by_label || once || copied.contains(place) {
                continue;
            }
            *confidence = confidence.min(0.6);
            self.ambiguous.push(Undecided {
                label: one_line(&place.label),
                place: in_words(place),
                keys: vec![place.key.clone()],
                blank: None,
            });
        }
    }

    /// Places of tables in which the whole form stands several times, as the parts of a form that is torn off do: every copy is the same
    /// person's.
    fn copied(&self) -> Vec<FieldPlace> {
        let mut out = Vec::new();
        for grid in self.survey.grids.iter().filter(|g| copies(g)) {
            let own = self.places.iter().map(|b| &b.place);
            let own = own.filter(|p| p.part == grid.part && p.table == grid.path);
            out.extend(own.cloned());
        }
        out
    }
}

/// The blank of a place, whatever goes there.
fn whereabouts(place: &FieldPlace) -> FieldPlace {
    FieldPlace {
        key: String::new(),
        ..place.clone()
    }
}

/// Whether everything that is printed in a grid is printed there the same number of times, two to four.
fn copies(grid: &FormGrid) -> bool {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for cell in &grid.cells {
        let words = letters(&cell.text());
        if words.chars().count() > 1 && !cell.hidden {
            *times.entry(words).or_default() += 1;
        }
    }
    let all = times.len();
    let same = |k: usize| times.values().filter(|n| **n == k).count();
    all > 5 && (2..5).any(|k| same(k) * 10 >= all * 9)
}

fn one_line(text: &str) -> String {
    let all: String = text.split_whitespace().collect();
    all.chars().take(40).collect()
}
