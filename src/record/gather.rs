//! Gathering (汇集): several submissions become one. An office selects from its units, a city from its counties. Who came from where is
//! remembered with the values as they came, so that gathering again takes over what a unit corrected, keeps what the office changed,
//! and tells where both changed the same. Values in, values out; files are copied by the caller.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::campaign::{Campaign, Channel, Kind};

use super::item::identity;
use super::{Entry, Submission, Value};

/// What one unit handed in.
#[derive(Clone, Debug)]
pub struct GatherSource {
    /// Where it lies, as a person named it.
    pub path: String,
    /// The unit's name.
    pub unit: String,
    /// Its values; files as the source has them.
    pub submission: Submission,
}

/// A person as gathered last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatheredPerson {
    /// The name.
    pub name: String,
    /// The unit that recommends.
    pub unit: String,
    /// Where the unit's material lay.
    pub source: String,
    /// Whether the office left the person out of its list.
    #[serde(default)]
    pub left_out: bool,
    /// The values as they came.
    pub values: BTreeMap<String, Value>,
}

/// What gathering remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatherMemory {
    /// The campaign.
    pub campaign: String,
    /// Everyone who ever came, in the order of coming.
    pub people: Vec<GatheredPerson>,
    /// Fingerprint of the key that first signed a package of a unit, by the unit's name.
    #[serde(default)]
    pub keys: BTreeMap<String, String>,
    /// SHA-256 of each file as gathering wrote it last, by its path in the folder.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Whose each of these files is, by the same paths; what was written before this was remembered has none.
    #[serde(default)]
    pub owners: BTreeMap<String, FileOwner>,
    /// The rows that each unit wrote of itself, by the unit's name and the key of the list.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unit_rows: BTreeMap<String, UnitRows>,
}

/// The rows of a unit's lists, by the key of the list.
pub type UnitRows = BTreeMap<String, Vec<BTreeMap<String, String>>>;

/// Whose a gathered file is (文件的主人), and which of this person's photos or videos.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileOwner {
    /// Index in [`GatherMemory::people`], to which people are only ever added.
    pub person: usize,
    /// The number from 1 in its name; none for the id photo and for a work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<usize>,
}

/// What became of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GatherNews {
    /// New in the list.
    New,
    /// The unit corrected these fields, and they were taken over.
    Corrected(Vec<String>),
    /// Unit and office changed these fields, each in its own way; the office's stand.
    Conflict(Vec<String>),
    /// Not in the list: the office left the person out.
    LeftOut,
    /// The unit's material does not hold the person any more; nothing was changed.
    Gone,
    /// Stands in two units' material; the first counts. The other unit's name.
    Twice(String),
}

/// A person of the gathered list, or one that is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatherLine {
    /// The name.
    pub name: String,
    /// The unit that recommends.
    pub unit: String,
    /// What is told.
    pub news: GatherNews,
}

/// Where the files of a gathered candidate come from: source and candidate in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GatherOrigin {
    /// Index of the source.
    pub source: usize,
    /// Index of the candidate in the source.
    pub candidate: usize,
}

/// A candidate of the gathered list.
#[derive(Clone, Debug, PartialEq)]
pub struct GatheredCandidate {
    /// The values.
    pub entry: Entry,
    /// The unit that recommends; empty where the office typed the person in itself.
    pub unit: String,
    /// Where the files come from; none where the unit gave nothing this time.
    pub origin: Option<GatherOrigin>,
    /// Index in [`GatherMemory::people`]; none for one whom the office typed in itself and who was never gathered.
    pub person: Option<usize>,
    /// Where the person stood before; behind all others for new ones.
    place: usize,
}

/// The list that was gathered.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// Candidates in order: the office's own order is kept, new ones come behind it.
    pub candidates: Vec<GatheredCandidate>,
    /// Those whom the selection left out.
    pub unselected: Vec<GatheredCandidate>,
    /// What is told, in the order of the list, then those who are not in it.
    pub lines: Vec<GatherLine>,
    /// What is remembered for the next time.
    pub memory: GatherMemory,
}

/// The field that says which unit a candidate comes from, where a campaign asks for it.
const FROM_UNIT: &str = "defense_unit";
/// The channel whose list gathers several units, where Q3 names no other.
const GATHERING_CHANNEL: &str = "defense_office";

/// Gathers sources into what stands there. `current` are the candidates of the gathered submission as it is now; without memory and
/// candidates everyone is new. `select` are names: these alone, in this order; without it everyone, those who stood there first. `channel`
/// is the office's: where its list gathers defence units, each candidate's says which.
pub fn gather(
    (campaign, channel): (&Campaign, Option<&Channel>),
    memory: &GatherMemory,
    current: &[Entry],
    sources: &[GatherSource],
    select: Option<&[String]>,
) -> Gathered {
    let mut gathering = Gathering {
        campaign,
        asks_unit: asks_unit(campaign, channel),
        memory: memory.clone(),
        current: current.iter().cloned().enumerate().collect(),
        done: Gathered::default(),
        seen: BTreeMap::new(),
        told: BTreeSet::new(),
    };
    for (at, source) in sources.iter().enumerate() {
        gathering.source(at, source);
    }
    gathering.gone(sources);
    gathering.kept();
    gathering.done.candidates.sort_by_key(|c| c.place);
    if let Some(names) = select {
        gathering.select(names);
    }
    gathering.done.memory = GatherMemory {
        campaign: campaign.id.clone(),
        ..gathering.memory
    };
    gathering.done
}

/// Whether an office's list says of each candidate which defence unit recommends: its channel is one of those whose lists gather several
/// units (Q3), and the campaign has the field.
fn asks_unit(campaign: &Campaign, channel: Option<&Channel>) -> bool {
    let asked = campaign
        .candidate_sheet()
        .is_some_and(|sheet| sheet.field(FROM_UNIT).is_some());
    let kinds = campaign
        .rules
        .0
        .get("Q3")
        .map_or(&[][..], |rule| rule.words("channels"));
    let gathers = |kind: &str| match kinds {
        [] => kind == GATHERING_CHANNEL,
        kinds => kinds.iter().any(|known| known == kind),
    };
    asked && channel.is_some_and(|channel| gathers(&channel.kind))
}

struct Gathering<'a> {
    campaign: &'a Campaign,
    /// Whether candidates say which unit recommends them.
    asks_unit: bool,
    memory: GatherMemory,
    /// Candidates that stand there and did not come yet, with their places.
    current: Vec<(usize, Entry)>,
    done: Gathered,
    /// Units by the identity of those who came this time.
    seen: BTreeMap<String, String>,
    /// Indices of remembered people who came this time.
    told: BTreeSet<usize>,
}

impl Gathering<'_> {
    fn tell(&mut self, name: &str, unit: &str, news: GatherNews) {
        self.done.lines.push(GatherLine {
            name: name.to_owned(),
            unit: unit.to_owned(),
            news,
        });
    }

    /// Everyone of one source.
    fn source(&mut self, at: usize, source: &GatherSource) {
        for (candidate, entry) in source.submission.candidates.iter().enumerate() {
            let name = entry.text("name").to_owned();
            let who = identity(self.campaign, entry);
            if let Some(other) = self.seen.get(&who) {
                let other = other.clone();
                self.tell(&name, &source.unit, GatherNews::Twice(other));
                continue;
            }
            self.seen.insert(who.clone(), source.unit.clone());
            let origin = GatherOrigin {
                source: at,
                candidate,
            };
            let theirs = self.prepared(entry, &source.unit);
            self.person(&name, &who, source, origin, theirs);
        }
    }

    /// The values of a candidate without names of files, which are other ones here; the unit's name in the field that asks for it, where the
    /// unit left it blank.
    fn prepared(&self, entry: &Entry, unit: &str) -> BTreeMap<String, Value> {
        let sheet = self.campaign.candidate_sheet();
        let mut values = entry.values.clone();
        for field in sheet.iter().flat_map(|s| &s.fields) {
            if field.kind == Kind::Photo {
                values.remove(&field.key);
            }
        }
        let blank = values.get(FROM_UNIT).is_none_or(|v| v.text().is_empty());
        if self.asks_unit && blank {
            values.insert(FROM_UNIT.to_owned(), Value::Text(unit.to_owned()));
        }
        values
    }

    /// One person: new, or known with what changed since.
    fn person(
        &mut self,
        name: &str,
        who: &str,
        source: &GatherSource,
        origin: GatherOrigin,
        theirs: BTreeMap<String, Value>,
    ) {
        let of = |values: &BTreeMap<String, Value>| {
            let entry = Entry {
                values: values.clone(),
                ..Entry::default()
            };
            identity(self.campaign, &entry)
        };
        // a number that was corrected is no other person
        let known = self.memory.people.iter().position(|p| of(&p.values) == who);
        let known = known.or_else(|| {
            let same = |p: &GatheredPerson| p.unit == source.unit && p.name == name;
            let mut alike = (0..).zip(&self.memory.people).filter(|(_, p)| same(p));
            let found = alike.next().map(|(at, _)| at);
            found.filter(|at| alike.next().is_none() && !self.told.contains(at))
        });
        let Some(known) = known else {
            self.memory.people.push(GatheredPerson {
                name: name.to_owned(),
                unit: source.unit.clone(),
                source: source.path.clone(),
                left_out: false,
                values: theirs.clone(),
            });
            let new = self.memory.people.len() - 1;
            self.told.insert(new);
            // one who stands there already without having been gathered was typed by the office
            if let Some(at) = self.standing(who) {
                let ours = self.current.remove(at);
                let nothing = BTreeMap::new();
                return self.merged(ours, &nothing, theirs, (new, source, origin));
            }
            self.tell(name, &source.unit, GatherNews::New);
            let entry = Entry {
                values: theirs,
                ..Entry::default()
            };
            self.done.candidates.push(GatheredCandidate {
                entry,
                unit: source.unit.clone(),
                origin: Some(origin),
                person: Some(new),
                place: usize::MAX,
            });
            return;
        };
        self.told.insert(known);
        let Some(person) = self.memory.people.get_mut(known) else {
            return;
        };
        let base = std::mem::replace(&mut person.values, theirs.clone());
        name.clone_into(&mut person.name);
        source.path.clone_into(&mut person.source);
        let before = of(&base);
        let standing = self.standing(&before).or_else(|| self.standing(who));
        let standing = standing.or_else(|| self.changed_here(known));
        let left_out = standing.is_none();
        if let Some(person) = self.memory.people.get_mut(known) {
            person.left_out = left_out;
        }
        match standing {
            Some(at) => {
                let ours = self.current.remove(at);
                self.merged(ours, &base, theirs, (known, source, origin));
            }
            None => self.tell(name, &source.unit, GatherNews::LeftOut),
        }
    }

    /// Where someone stands in the list that is there.
    fn standing(&self, who: &str) -> Option<usize> {
        let mut current = self.current.iter();
        current.position(|(_, entry)| identity(self.campaign, entry) == who)
    }

    /// Where a remembered person stands whose number the office has corrected: under the same name, which nobody else ever had.
    fn changed_here(&self, known: usize) -> Option<usize> {
        let person = self.memory.people.get(known).filter(|p| !p.left_out)?;
        let mut alike = self.memory.people.iter().filter(|p| p.name == person.name);
        if alike.nth(1).is_some() {
            return None;
        }
        let here = (0..).zip(&self.current);
        let mut here = here.filter(|(_, (_, entry))| entry.text("name") == person.name);
        let (at, _) = here.next()?;
        here.next().is_none().then_some(at)
    }

    /// The remembered person whom a candidate of the list is.
    fn remembered(&self, entry: &Entry) -> Option<usize> {
        let who = identity(self.campaign, entry);
        let mut people = self.memory.people.iter();
        let same = people.position(|p| {
            let values = Entry {
                values: p.values.clone(),
                ..Entry::default()
            };
            identity(self.campaign, &values) == who
        });
        same.or_else(|| {
            let name = entry.text("name");
            let mut alike = (0..)
                .zip(&self.memory.people)
                .filter(|(_, p)| p.name == name);
            let (at, person) = alike.next()?;
            let free = !person.left_out && !self.told.contains(&at);
            (alike.next().is_none() && free).then_some(at)
        })
    }

    /// Three versions of one person: as it came last, as it stands here, as it comes now.
    fn merged(
        &mut self,
        (place, ours): (usize, Entry),
        base: &BTreeMap<String, Value>,
        theirs: BTreeMap<String, Value>,
        (person, source, origin): (usize, &GatherSource, GatherOrigin),
    ) {
        let name = self.memory.people.get(person).map(|p| p.name.clone());
        let name = name.unwrap_or_default();
        let nothing = Value::Text(String::new());
        let keys: BTreeSet<&String> = theirs.keys().chain(base.keys()).collect();
        let (mut corrected, mut conflicts) = (Vec::new(), Vec::new());
        let mut values = ours.values.clone();
        for key in keys {
            let value = |of: &BTreeMap<String, Value>| {
                let value = of.get(key).unwrap_or(&nothing).clone();
                // no rows and no text say the same
                if value.rows().is_empty() && value.text().is_empty() {
                    nothing.clone()
                } else {
                    value
                }
            };
            let (old, own, new) = (value(base), value(&ours.values), value(&theirs));
            if new == own || new == old {
                continue;
            }
            let label = self.label(key);
            if own == old {
                values.insert(key.clone(), new);
                corrected.push(label);
            } else {
                conflicts.push(label);
            }
        }
        if !corrected.is_empty() {
            self.tell(&name, &source.unit, GatherNews::Corrected(corrected));
        }
        if !conflicts.is_empty() {
            self.tell(&name, &source.unit, GatherNews::Conflict(conflicts));
        }
        let entry = Entry { values, ..ours };
        self.done.candidates.push(GatheredCandidate {
            entry,
            unit: source.unit.clone(),
            origin: Some(origin),
            person: Some(person),
            place,
        });
    }

    fn label(&self, key: &str) -> String {
        let sheet = self.campaign.sheet(key).map(|s| s.label.as_str());
        let own = self.campaign.candidate_sheet().and_then(|s| s.field(key));
        let label = own.map(|f| f.label.as_str()).or(sheet);
        label.unwrap_or("另一栏").to_owned()
    }

    /// Those whom a unit that came this time does not name any more.
    fn gone(&mut self, sources: &[GatherSource]) {
        let units: BTreeSet<&str> = sources.iter().map(|s| s.unit.as_str()).collect();
        let people = self.memory.people.clone();
        for (at, person) in people.iter().enumerate() {
            let away = units.contains(person.unit.as_str()) && !self.told.contains(&at);
            if away && !person.left_out {
                self.tell(&person.name, &person.unit, GatherNews::Gone);
            }
        }
    }

    /// Whoever stands there and did not come this time.
    fn kept(&mut self) {
        let rest = std::mem::take(&mut self.current);
        for (place, entry) in rest {
            let person = self.remembered(&entry);
            let known = person.and_then(|at| self.memory.people.get(at));
            let unit = known.map_or_else(String::new, |p| p.unit.clone());
            self.done.candidates.push(GatheredCandidate {
                entry,
                unit,
                origin: None,
                person,
                place,
            });
        }
    }

    /// These people alone, in this order. A name that nobody bears selects nobody: the caller asks first.
    fn select(&mut self, names: &[String]) {
        let mut all = std::mem::take(&mut self.done.candidates);
        for name in names {
            if let Some(at) = all.iter().position(|c| is_called(self.campaign, c, name)) {
                self.done.candidates.push(all.remove(at));
            }
        }
        for candidate in all {
            let name = candidate.entry.text("name").to_owned();
            let unit = candidate.unit.clone();
            let known = candidate.person;
            if let Some(person) = known.and_then(|at| self.memory.people.get_mut(at)) {
                person.left_out = true;
            }
            self.done.unselected.push(candidate);
            self.tell(&name, &unit, GatherNews::LeftOut);
        }
    }
}

/// Whether a candidate is meant by a name, or by the name with the last four characters of the id number behind it.
pub fn is_called(campaign: &Campaign, candidate: &GatheredCandidate, called: &str) -> bool {
    let name = candidate.entry.text("name");
    let Some(rest) = called.strip_prefix(name).filter(|_| !name.is_empty()) else {
        return false;
    };
    let sheet = campaign.candidate_sheet();
    let id = sheet.and_then(|s| s.fields.iter().find(|f| f.kind == Kind::IdNo));
    let number = id.map_or("", |f| candidate.entry.text(&f.key));
    rest.is_empty() || rest.chars().count() == 4 && number.ends_with(rest)
}

/// A candidate as a record has it: `name`, `resume[0].org`; the unit's values are left away.
pub fn entry_of(values: &BTreeMap<String, String>) -> Entry {
    let mut entry = Entry::default();
    let mut rows: BTreeMap<&str, BTreeMap<usize, BTreeMap<String, String>>> = BTreeMap::new();
    for (key, text) in values {
        let row = key.split_once('[').and_then(|(sheet, rest)| {
            let (number, field) = rest.split_once("].")?;
            Some((sheet, number.parse().ok()?, field))
        });
        match row {
            Some((sheet, number, field)) => {
                let row = rows.entry(sheet).or_default().entry(number).or_default();
                row.insert(field.to_owned(), text.clone());
            }
            None if key.starts_with("unit.") || key == "no" => {}
            None => entry.set(key, text.clone()),
        }
    }
    for (sheet, rows) in rows {
        let rows = rows.into_values().collect();
        entry.values.insert(sheet.to_owned(), Value::Rows(rows));
    }
    entry
}
