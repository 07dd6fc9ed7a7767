//! What was found, weighed by the parts of the form (核定): the candidate's data is sure only in a part whose heading says that it is the candidate's
//! or says nothing of anybody, and in which nobody is asked again who he is.

use std::collections::{BTreeMap, BTreeSet};

use super::fillers::{contact, filler};
use super::heads::{self, HeadSays};
use super::parts::{Head, HeadKind};
use super::roles::{NamedRole, RoleKind, bare};
use super::subject::Whose;
use super::survey::FormGrid;
use super::unit_parts::EMPLOYER;
use super::words::is_title;
use crate::campaign::Owner;
use crate::fill::anatomy::label::{CANDIDATES, owner_of};
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::fill::bind::binding::{BoundPlace, SURE};
use crate::fill::bind::finder::PlaceFinder;
use crate::text::heading::fold_heading as letters;

/// How sure a place is at most in a part of somebody unknown.
const DOUBTFUL: f32 = 0.6;

/// What tells one person from another.
const IDENTITY: &[&str] = &["姓名", "性别", "证件号码", "手机", "出生年月"];

/// A part of a form: its headings, and the grid in which it stands, if in one.
type PartKey = (Vec<usize>, Option<usize>);

/// Where something stands in the order of a form: lines and tables, then tables in one another and sheets, then rows and columns.
type Order = [usize; 4];

/// What is asked in a part: each field with its words, and which of them tell one person from another.
type Asked = (Vec<(String, String)>, BTreeSet<String>);

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
        let mut asked: Vec<Asked> = Vec::new();
        for (key, f) in order {
            let decides = self.parts.decides(&key.0);
            let unknown = decides.filter(|h| matches!(h.says, HeadSays::Unknown(_)));
            let only = people.len() == 1 && people.contains(&key);
            let first = people.first() == Some(&key) && !owned;
            let title = |h: &&Head| matches!(h.kind, HeadKind::Title | HeadKind::Sheet);
            // 患者信息 is about a patient, though nobody else is asked for
            let headed = |h: &Head| match h.kind {
                HeadKind::Section | HeadKind::Bar => true,
                HeadKind::Title => !is_title(&h.text),
                _ => false,
            };
            let calls = |h: &&Head| headed(h) && calls_another(h);
            let doubtful = unknown.filter(|h| calls(h) || !(only || first && title(h)));
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
                let strange = doubtful.is_none() && !again;
                let own = f.places.iter().copied();
                lowered.extend(own.filter(|n| !(strange && self.is_of_unit_called(*n))));
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

    /// Lowers lists of people that are not plainly the candidates: a roster is theirs where its headings say so, or say nothing of anybody.
    pub(super) fn settle_rosters(&mut self) {
        let doubtful: Vec<(usize, Listed)> = self
            .places
            .iter()
            .enumerate()
            .filter(|(_, bound)| {
                let list = bound.place.key.split_once('.').map(|(list, _)| list);
                let own = list == Some(CANDIDATES) && bound.place.take == Take::Rows;
                own && !self.named.contains(&bound.place.key)
            })
            .filter_map(|(n, bound)| {
                let part = self.part_of(&bound.place);
                // 作者姓名 in the heads says it as a title does
                let said = self.names_applicant(bound);
                let ((stack, grid), _) = part.filter(|_| !said)?;
                let listed = self.listed(&stack, grid, bound.place.row);
                (listed != Listed::Candidates).then_some((n, listed))
            })
            .collect();
        let mut left: Vec<(usize, String)> = Vec::new();
        for (n, listed) in doubtful {
            if let Listed::Others(whose) = listed {
                left.push((n, whose));
            } else if let Some(bound) = self.places.get_mut(n) {
                bound.confidence = bound.confidence.min(DOUBTFUL);
            }
        }
        for (n, whose) in left.into_iter().rev() {
            let place = self.places.remove(n).place;
            let place = FieldPlace {
                key: String::new(),
                ..place
            };
            self.note_others(place, &whose);
        }
    }

    /// Whether a column of the same roster calls those whom it lists by what they do as applicants.
    fn names_applicant(&self, bound: &BoundPlace) -> bool {
        let same = |b: &&BoundPlace| {
            let (one, other) = (&b.place, &bound.place);
            (&one.part, &one.table, &one.sheet, one.row)
                == (&other.part, &other.table, &other.sheet, other.row)
        };
        self.places.iter().filter(same).any(|b| {
            let role = NamedRole::of(&b.place.label).filter(|r| !r.asks.is_empty());
            let own = role.as_ref().map(|role| self.subject.whose(Some(role)));
            matches!(own, Some(Whose::Candidate(_)))
        })
    }

    /// Whom the headings of a roster, the innermost first, let it list.
    fn listed(&self, stack: &[usize], grid: Option<usize>, row: usize) -> Listed {
        let own = [letters(&self.campaign.title)];
        let heads = stack.iter().rev().filter_map(|n| self.parts.head(*n));
        // the name of a sheet says what it is for, and of whom only where it calls somebody
        let calls = |h: &&Head| calls_another(h) || heads::names_candidates(&h.text);
        let heads = heads.filter(|h| h.kind != HeadKind::Sheet || calls(h));
        let heads = heads.map(|h| h.text.clone());
        let grid = grid.and_then(|g| self.survey.grids.get(g));
        let rows = grid.into_iter().flat_map(|g| titles_above(g, row));
        let lines = grid.into_iter().flat_map(|g| g.above.iter().rev().cloned());
        let titles = self.parts.titles().iter().cloned();
        let mut all = heads.chain(rows).chain(lines).chain(titles);
        all.find_map(|text| roster_says(&text, &own))
            .unwrap_or(Listed::Candidates)
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
    fn words(&self, found: &Found) -> Vec<(String, String)> {
        let own = found.places.iter().filter_map(|n| self.places.get(*n));
        let mut words: Vec<_> = own
            .map(|b| (b.place.key.clone(), bare(&b.place.label)))
            .collect();
        words.sort();
        words
    }

    /// Whether a place is that of somebody whom the form calls the unit's own to be called, or stands in the row of such a place.
    fn is_of_unit_called(&self, place: usize) -> bool {
        let Some(BoundPlace { place, .. }) = self.places.get(place) else {
            return false;
        };
        let row = |p: &FieldPlace| {
            (
                p.part.clone(),
                p.table.clone(),
                p.sheet.clone(),
                p.row,
                p.paragraph,
            )
        };
        let mut beside = self
            .places
            .iter()
            .map(|b| &b.place)
            .filter(|p| row(p) == row(place));
        let unit = |p: &FieldPlace| p.key.starts_with("unit.");
        let explicit = |p: &FieldPlace| contact(&p.label).is_some_and(|r| r.words.contains("单位"));
        unit(place) && beside.any(|p| unit(p) && explicit(p))
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
        // who fills the form in and checks it are the form's, wherever they sign
        let unit = self.lexicon.is_of_unit(&place.label) || filler(&place.label).is_some();
        // 本人 beside 配偶 is said in so many words
        let said = said || self.crossed.contains(place);
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
        // whom the employer has to be called makes nobody else of the part's owner
        let others = self.others.iter().filter(|o| o.whose != EMPLOYER);
        let others = others.map(|o| &o.place).chain(open);
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

/// The texts that stand alone in the rows over the heads of a list, the nearest first.
fn titles_above(grid: &FormGrid, row: usize) -> Vec<String> {
    let alone = |row: usize| {
        let cells = grid.in_row(row).into_iter();
        let mut texts = cells
            .filter_map(|n| grid.cells.get(n))
            .filter(|c| !c.is_blank());
        texts
            .next()
            .filter(|_| texts.next().is_none())
            .map(|c| c.text())
    };
    (0..row.saturating_sub(1)).rev().filter_map(alone).collect()
}

/// Words of those who are not, or are no more, candidates.
const NOT_CANDIDATES: &[&str] = &[
    "落选",
    "未入选",
    "未通过",
    "不予",
    "非候选",
    "往届",
    "历届",
    "淘汰",
    "退出",
];

/// Most characters of a roster's title.
const LONGEST_TITLE: usize = 30;

/// Whom a roster lists.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Listed {
    Candidates,
    /// Nobody can tell.
    Unknown,
    /// Others, in these words.
    Others(String),
}

/// Whom the title of a roster says that it lists; none where it says nothing of anybody.
fn roster_says(text: &str, own: &[String]) -> Option<Listed> {
    let words = letters(text);
    if NOT_CANDIDATES.iter().any(|w| words.contains(w)) {
        return Some(Listed::Unknown);
    }
    if heads::names_candidates(&words) {
        return Some(Listed::Candidates);
    }
    // a line that asks something, or a sentence, is no title
    if text.contains(['：', ':', '。', '，', '_']) || words.chars().count() > LONGEST_TITLE {
        return None;
    }
    match HeadSays::of(text, own) {
        HeadSays::Candidate => Some(Listed::Candidates),
        HeadSays::Nothing | HeadSays::Things | HeadSays::Instructions => None,
        HeadSays::Unknown(left) => {
            let shared = |four: &[char]| own.iter().any(|o| o.contains(&String::from_iter(four)));
            let signs: Vec<char> = left.chars().collect();
            if signs.windows(4).any(shared) {
                return Some(Listed::Candidates);
            }
            let judges = JUDGES.iter().any(|j| left.contains(j));
            Some(if judges {
                Listed::Others(left)
            } else {
                Listed::Unknown
            })
        }
    }
}

/// Words of those who judge the candidates, or speak for others.
const JUDGES: &[&str] = &[
    "评审",
    "评委",
    "评议",
    "专家组",
    "专家名单",
    "评审会",
    "陪同",
    "工作人员",
    "领队",
    "会务",
    "监督",
    "代表名单",
];

/// Whether a heading that nobody knows calls a person who is not at work for the campaign's kind of people: 患者, 车主.
fn calls_another(head: &Head) -> bool {
    let HeadSays::Unknown(left) = &head.says else {
        return false;
    };
    heads::calls_somebody(left) || NamedRole::alone(left).is_some_and(|r| r.is_another())
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
