//! The binding as a file that a person corrects once a year: TOML with a comment at its head; and as JSON.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::fill::bind::binding::{Binding, BoundPlace, OthersPlace, SURE, Undecided};
use crate::foreign::InChinese;

/// Why a binding could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindingError {
    /// It is no TOML, or not of this kind.
    #[error("{0}")]
    Broken(String),
    /// A kind that is not known.
    #[error("“{key}”的 kind“{kind}”不认识")]
    Kind {
        /// The place's key.
        key: String,
        /// What stands there.
        kind: String,
    },
}

const HEAD: &str = "\
# 绑定：空白表的哪一处填哪一栏。由系统按表中文字推断，请核对一遍；一张表只需核对一次。
# key 是栏目（单位的栏目写 unit.…，重复行写 resume.…、candidates.…），row、column 从 0 数起，confidence 是把握（0—1）。
# 把握不大于 0.8 的，没有核对过就不填。核对无误的，在那一段里写 confirmed = true；填错的改 key（改过的就算核对过），不要的整段删去；
# 漏了的照样补一段 [[place]]，不写 confidence；[[unbound]] 是有空格而没有对应栏目的，要填的改名为 [[place]]，删去 at，写上 key。
# [[other]] 是别人、别的单位或审批机关的空格，不填候选人的资料；确要填的，改名为 [[place]]，删去 whose，写上 key。
";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    form: String,
    campaign: String,
    shape: String,
    #[serde(default)]
    confirmed: bool,
    #[serde(default)]
    place: Vec<PlaceEntry>,
    #[serde(default)]
    other: Vec<PlaceEntry>,
    #[serde(default)]
    ambiguous: Vec<NoteEntry>,
    #[serde(default)]
    unbound: Vec<NoteEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceEntry {
    #[serde(default)]
    key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    guess: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    whose: Option<String>,
    kind: String,
    #[serde(default)]
    label: String,
    part: String,
    #[serde(default)]
    table: Vec<usize>,
    #[serde(default)]
    row: usize,
    #[serde(default)]
    column: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paragraph: Option<usize>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sheet: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    cell: String,
    #[serde(default)]
    nth: usize,
    /// None where a person wrote the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confidence: Option<f64>,
    #[serde(default)]
    confirmed: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoteEntry {
    label: String,
    /// Where it is, in words.
    #[serde(default, alias = "place")]
    at: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    keys: Vec<String>,
    /// How the blank takes a value; none where the note is about no blank of its own.
    #[serde(default)]
    kind: String,
    #[serde(default)]
    part: String,
    #[serde(default)]
    table: Vec<usize>,
    #[serde(default)]
    row: usize,
    #[serde(default)]
    column: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paragraph: Option<usize>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sheet: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    cell: String,
    #[serde(default)]
    nth: usize,
}

impl NoteEntry {
    fn undecided(self) -> Undecided {
        let take = KINDS.iter().find(|k| k.1 == self.kind).map(|k| k.0);
        let blank = take.map(|take| FieldPlace {
            key: String::new(),
            take,
            part: self.part,
            table: self.table,
            row: self.row,
            column: self.column,
            paragraph: self.paragraph,
            sheet: self.sheet,
            cell: self.cell,
            label: self.label.clone(),
            nth: self.nth,
        });
        Undecided {
            label: self.label,
            place: self.at,
            keys: self.keys,
            blank,
        }
    }
}

const KINDS: &[(Take, &str)] = &[
    (Take::Cell, "cell"),
    (Take::Line, "line"),
    (Take::Date, "date"),
    (Take::Ticks, "ticks"),
    (Take::Photo, "photo"),
    (Take::Opinion, "opinion"),
    (Take::Rows, "rows"),
    (Take::Placeholder, "placeholder"),
    (Take::Control, "control"),
    (Take::Bookmark, "bookmark"),
    (Take::Digits, "digits"),
    (Take::Mark, "mark"),
];

fn kind(take: Take) -> &'static str {
    KINDS.iter().find(|k| k.0 == take).map_or("cell", |k| k.1)
}

fn rounded(confidence: f32) -> f64 {
    (f64::from(confidence) * 100.0).round() / 100.0
}

impl PlaceEntry {
    fn place(self) -> Result<FieldPlace, BindingError> {
        let take = KINDS.iter().find(|k| k.1 == self.kind).map(|k| k.0);
        let take = take.ok_or_else(|| BindingError::Kind {
            key: self.key.clone(),
            kind: self.kind.clone(),
        })?;
        Ok(FieldPlace {
            key: self.key,
            take,
            part: self.part,
            table: self.table,
            row: self.row,
            column: self.column,
            paragraph: self.paragraph,
            sheet: self.sheet,
            cell: self.cell,
            label: self.label,
            nth: self.nth,
        })
    }
}

/// Where a place stands, line by line.
fn located(place: &FieldPlace, out: &mut String) {
    let text = |t: &str| toml::Value::from(t).to_string();
    let _ = write!(
        out,
        "kind = \"{}\"\nlabel = {}\npart = {}\n",
        kind(place.take),
        text(&place.label),
        text(&place.part)
    );
    if place.sheet.is_empty() {
        let _ = writeln!(out, "table = {:?}", place.table);
    } else {
        let (sheet, cell) = (text(&place.sheet), text(&place.cell));
        let _ = writeln!(out, "sheet = {sheet}\ncell = {cell}");
    }
    let _ = writeln!(out, "row = {}\ncolumn = {}", place.row, place.column);
    if let Some(n) = place.paragraph {
        let _ = writeln!(out, "paragraph = {n}");
    }
    if place.nth > 0 {
        let _ = writeln!(out, "nth = {}", place.nth);
    }
}

impl Binding {
    /// The file's text.
    pub fn to_toml(&self) -> String {
        let mut out = HEAD.to_owned();
        let text = |t: &str| toml::Value::from(t).to_string();
        let _ = writeln!(out, "form = {}", text(&self.form));
        let _ = writeln!(out, "campaign = {}", text(&self.campaign));
        let _ = writeln!(
            out,
            "# 空白表的样子；表改过以后对不上，须重新绑定\nshape = {}",
            text(&self.shape)
        );
        let _ = writeln!(
            out,
            "# 全部核对过以后改为 true：把握不大的也填\nconfirmed = {}",
            self.confirmed
        );
        for bound in &self.places {
            let key = text(&bound.place.key);
            let _ = write!(out, "\n[[place]]\nkey = {key}\n");
            if bound.confidence <= SURE && !bound.confirmed {
                let _ = writeln!(out, "guess = {key}");
            }
            located(&bound.place, &mut out);
            let _ = writeln!(out, "confidence = {:.2}", rounded(bound.confidence));
            if bound.confirmed {
                out.push_str("confirmed = true\n");
            }
        }
        if !self.others.is_empty() {
            out.push_str("\n# 别人、别的单位或审批机关的空格，留空\n");
        }
        for other in &self.others {
            let _ = writeln!(out, "[[other]]\nwhose = {}", text(&other.whose));
            located(&other.place, &mut out);
        }
        for (name, why, notes) in [
            (
                "ambiguous",
                "# 可能指不止一栏，或者同一栏出现了两次",
                &self.ambiguous,
            ),
            ("unbound", "# 有空格而没有对应的栏目", &self.unbound),
        ] {
            if !notes.is_empty() {
                let _ = write!(out, "\n{why}\n");
            }
            for note in notes {
                let _ = writeln!(out, "[[{name}]]\nat = {}", text(&note.place));
                match &note.blank {
                    Some(blank) => located(blank, &mut out),
                    None => {
                        let _ = writeln!(out, "label = {}", text(&note.label));
                    }
                }
                if !note.keys.is_empty() {
                    let keys: Vec<String> = note.keys.iter().map(|k| text(k)).collect();
                    let _ = writeln!(out, "keys = [{}]", keys.join(", "));
                }
            }
        }
        out
    }

    /// Reads such a file.
    pub fn from_toml(source: &str) -> Result<Self, BindingError> {
        let file: File =
            toml::from_str(source).map_err(|e| BindingError::Broken(e.in_chinese()))?;
        let mut places = Vec::new();
        for entry in file.place {
            let changed = entry.guess.as_ref().is_some_and(|g| *g != entry.key);
            places.push(BoundPlace {
                confidence: narrow(entry.confidence.unwrap_or(1.0)),
                // a place without a figure was written by a person
                confirmed: entry.confirmed || changed || entry.confidence.is_none(),
                place: entry.place()?,
            });
        }
        let mut others = Vec::new();
        for entry in file.other {
            others.push(OthersPlace {
                whose: entry.whose.clone().unwrap_or_default(),
                place: entry.place()?,
            });
        }
        let notes = |notes: Vec<NoteEntry>| notes.into_iter().map(NoteEntry::undecided).collect();
        Ok(Self {
            form: file.form,
            campaign: file.campaign,
            shape: file.shape,
            confirmed: file.confirmed,
            places,
            others,
            unbound: notes(file.unbound),
            ambiguous: notes(file.ambiguous),
        })
    }

    /// All that the TOML says, as a JSON object of the same keys: `form`, `campaign`, `shape`, `confirmed`, and the arrays `place`, `other`,
    /// `ambiguous` and `unbound`.
    pub fn to_json(&self) -> Value {
        let places = self.places.iter().map(|bound| {
            let unsure = bound.confidence <= SURE && !bound.confirmed;
            let mut place = located_json(&bound.place);
            place["key"] = json!(bound.place.key);
            place["confidence"] = json!(rounded(bound.confidence));
            place["confirmed"] = json!(bound.confirmed);
            if unsure {
                place["guess"] = json!(bound.place.key);
            }
            place
        });
        let others = self.others.iter().map(|other| {
            let mut place = located_json(&other.place);
            place["whose"] = json!(other.whose);
            place
        });
        let notes = |notes: &[Undecided]| -> Vec<Value> {
            let one = |n: &Undecided| {
                let mut note = n.blank.as_ref().map_or_else(|| json!({}), located_json);
                note["label"] = json!(n.label);
                note["at"] = json!(n.place);
                note["place"] = json!(n.place);
                note["keys"] = json!(n.keys);
                note
            };
            notes.iter().map(one).collect()
        };
        json!({
            "form": self.form,
            "campaign": self.campaign,
            "shape": self.shape,
            "confirmed": self.confirmed,
            "place": places.collect::<Vec<_>>(),
            "other": others.collect::<Vec<_>>(),
            "ambiguous": notes(&self.ambiguous),
            "unbound": notes(&self.unbound),
        })
    }
}

/// Where a place stands, as JSON.
fn located_json(place: &FieldPlace) -> Value {
    json!({
        "kind": kind(place.take),
        "label": place.label,
        "part": place.part,
        "table": place.table,
        "row": place.row,
        "column": place.column,
        "paragraph": place.paragraph,
        "sheet": place.sheet,
        "cell": place.cell,
        "nth": place.nth,
    })
}

#[expect(clippy::cast_possible_truncation, reason = "a share between 0 and 1")]
fn narrow(confidence: f64) -> f32 {
    confidence.clamp(0.0, 1.0) as f32
}
