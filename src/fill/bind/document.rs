//! The binding as a file that a person corrects once a year: TOML with a comment at its head; and as JSON.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::fill::bind::binding::{Binding, BoundPlace, Undecided};
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
# 把握不大于 0.8 的请特别留意。填错的改 key，不要的整段删去；漏了的照样补一段 [[place]]。
";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    form: String,
    campaign: String,
    shape: String,
    #[serde(default)]
    place: Vec<PlaceEntry>,
    #[serde(default)]
    ambiguous: Vec<Note>,
    #[serde(default)]
    unbound: Vec<Note>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceEntry {
    key: String,
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
    #[serde(default)]
    confidence: f64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    label: String,
    place: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    keys: Vec<String>,
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
    (Take::Mark, "mark"),
];

fn kind(take: Take) -> &'static str {
    KINDS.iter().find(|k| k.0 == take).map_or("cell", |k| k.1)
}

fn rounded(confidence: f32) -> f64 {
    (f64::from(confidence) * 100.0).round() / 100.0
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
        for bound in &self.places {
            let p = &bound.place;
            let _ = write!(
                out,
                "\n[[place]]\nkey = {}\nkind = \"{}\"\nlabel = {}\npart = {}\n",
                text(&p.key),
                kind(p.take),
                text(&p.label),
                text(&p.part)
            );
            if p.sheet.is_empty() {
                let _ = writeln!(out, "table = {:?}", p.table);
            } else {
                let _ = writeln!(out, "sheet = {}\ncell = {}", text(&p.sheet), text(&p.cell));
            }
            let _ = writeln!(out, "row = {}\ncolumn = {}", p.row, p.column);
            if let Some(n) = p.paragraph {
                let _ = writeln!(out, "paragraph = {n}");
            }
            if p.nth > 0 {
                let _ = writeln!(out, "nth = {}", p.nth);
            }
            let _ = writeln!(out, "confidence = {:.2}", rounded(bound.confidence));
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
                let _ = writeln!(
                    out,
                    "[[{name}]]\nlabel = {}\nplace = {}",
                    text(&note.label),
                    text(&note.place)
                );
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
            let take = KINDS.iter().find(|k| k.1 == entry.kind).map(|k| k.0);
            let take = take.ok_or_else(|| BindingError::Kind {
                key: entry.key.clone(),
                kind: entry.kind.clone(),
            })?;
            places.push(BoundPlace {
                place: FieldPlace {
                    key: entry.key,
                    take,
                    part: entry.part,
                    table: entry.table,
                    row: entry.row,
                    column: entry.column,
                    paragraph: entry.paragraph,
                    sheet: entry.sheet,
                    cell: entry.cell,
                    label: entry.label,
                    nth: entry.nth,
                },
                confidence: narrow(entry.confidence),
            });
        }
        let notes = |notes: Vec<Note>| {
            let open = |n: Note| Undecided {
                label: n.label,
                place: n.place,
                keys: n.keys,
            };
            notes.into_iter().map(open).collect()
        };
        Ok(Self {
            form: file.form,
            campaign: file.campaign,
            shape: file.shape,
            places,
            unbound: notes(file.unbound),
            ambiguous: notes(file.ambiguous),
        })
    }

    /// The places as a JSON array, an object a place.
    pub fn to_json(&self) -> Value {
        let places = self.places.iter().map(|bound| {
            let p = &bound.place;
            json!({
                "key": p.key,
                "kind": kind(p.take),
                "label": p.label,
                "part": p.part,
                "table": p.table,
                "row": p.row,
                "column": p.column,
                "paragraph": p.paragraph,
                "sheet": p.sheet,
                "cell": p.cell,
                "confidence": rounded(bound.confidence),
            })
        });
        Value::Array(places.collect())
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a share between 0 and 1")]
fn narrow(confidence: f64) -> f32 {
    confidence.clamp(0.0, 1.0) as f32
}
