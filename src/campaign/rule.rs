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
pub(super) enum Param {
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

    /// Its parameters with their names.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (&str, &Param)> {
        self.params
            .iter()
            .map(|(name, value)| (name.as_str(), value))
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
