//! Rules (规则) as data: which are on, how heavy they weigh, with which parameters. What they mean is in `check`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::finding::Severity;

/// Weight of a rule in a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Weight {
    Off,
    Info,
    Warning,
    Error,
}

/// A parameter.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Param {
    Flag(bool),
    Number(i64),
    Text(String),
    Words(Vec<String>),
}

/// One rule of a campaign.
#[derive(Clone, Debug, Deserialize)]
pub struct Rule {
    /// Code out of [`crate::finding::CODES`], such as `M3`.
    pub code: String,
    severity: Weight,
    /// The notice's words.
    #[serde(default)]
    pub clause: String,
    #[serde(flatten)]
    params: BTreeMap<String, Param>,
}

impl Rule {
    /// Its weight; none where it is off.
    pub fn severity(&self) -> Option<Severity> {
        match self.severity {
            Weight::Off => None,
            Weight::Info => Some(Severity::Info),
            Weight::Warning => Some(Severity::Warning),
            Weight::Error => Some(Severity::Error),
        }
    }

    /// The names of its parameters.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.params.keys().map(String::as_str)
    }

    /// A whole number, or `default`.
    pub fn number(&self, name: &str, default: i64) -> i64 {
        match self.params.get(name) {
            Some(Param::Number(number)) => *number,
            _ => default,
        }
    }

    /// A switch, or `default`.
    pub fn flag(&self, name: &str, default: bool) -> bool {
        match self.params.get(name) {
            Some(Param::Flag(flag)) => *flag,
            _ => default,
        }
    }

    /// A text, or empty.
    pub fn text(&self, name: &str) -> &str {
        match self.params.get(name) {
            Some(Param::Text(text)) => text,
            _ => "",
        }
    }

    /// A list of words, or none.
    pub fn words(&self, name: &str) -> &[String] {
        match self.params.get(name) {
            Some(Param::Words(words)) => words,
            _ => &[],
        }
    }
}

/// The rules of a campaign by code.
#[derive(Clone, Debug, Default)]
pub struct Rules(pub BTreeMap<String, Rule>);

impl Rules {
    /// The rule with a code and its weight, where the campaign has it switched on.
    pub fn on(&self, code: &str) -> Option<(&Rule, Severity)> {
        let rule = self.0.get(code)?;
        Some((rule, rule.severity()?))
    }
}

/// The parameters that each rule knows, as `templates/RULES.md` explains them; a rule that is not here has none.
pub(super) const PARAMETERS: &[(&str, &[&str])] = &[
    ("Q1", &["no_quota"]),
    ("Q2", &["no_quota"]),
    ("Q3", &["no_quota", "per_unit", "channels"]),
    ("Q4", &["no_quota"]),
    ("Q5", &["most"]),
    ("C2", &["words"]),
    ("C4", &["words", "channels"]),
    ("C5", &["accepted"]),
    ("L1", &["words"]),
    ("L2", &["rank_from", "civil_servant_alone"]),
    ("L3", &["levels", "sheet"]),
    ("L4", &["words", "winners", "by", "sheet"]),
    ("L5", &["young"]),
    ("S1", &["words", "except"]),
    ("M1", &["copies"]),
    (
        "M2",
        &[
            "required",
            "ratio_width",
            "ratio_height",
            "tolerance_percent",
            "min_width",
            "min_height",
            "colour",
        ],
    ),
    ("M3", &["min", "max"]),
    ("M5", &["min_bytes", "warn_below", "max_bytes", "id_photo"]),
    ("M6", &["pattern"]),
    ("M7", &["max_seconds", "min_seconds", "formats"]),
    ("M8", &["sizes"]),
    ("M11", &["sheet"]),
    ("D1", &["warn_days"]),
    ("D2", &["least_working_days"]),
    ("A2", &["channels"]),
    ("F10", &["prefixes"]),
    ("F12", &["sheet", "gap_months", "overlap_months", "order"]),
];
