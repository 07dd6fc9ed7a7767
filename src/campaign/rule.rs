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

/// The number of lines that a video's shorter side has at least, as people write it: `720P以上`, `不低于720p`, `4K以上`; none where
/// the word says something else.
pub fn lines_of(word: &str) -> Option<u32> {
    let plain: String = word
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
                char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
            }
            other => other,
        })
        .collect();
    let plain = plain.to_ascii_lowercase();
    let mut bare = plain.as_str();
    for word in ["不低于", "不小于", "至少"] {
        bare = bare.strip_prefix(word).unwrap_or(bare);
    }
    for word in ["及以上", "或以上", "以上"] {
        bare = bare.strip_suffix(word).unwrap_or(bare);
    }
    // a bare “1080P” does not say whether more is right too
    if bare.len() == plain.len() {
        return None;
    }
    if let Some(k) = bare.strip_suffix('k') {
        return match k {
            "2" => Some(1440),
            "4" => Some(2160),
            "8" => Some(4320),
            _ => None,
        };
    }
    let lines: u32 = bare.strip_suffix('p')?.parse().ok()?;
    (100..=10_000).contains(&lines).then_some(lines)
}
