//! What a field's values must look like beyond their kind: limits of numbers, and patterns.

use regex_lite::Regex;
use serde::{Deserialize, Deserializer};

use crate::text::decimal::Decimal;

use super::{Field, Kind};

/// A limit of a number, written as a whole number, with a point, or as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limit(pub Decimal);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Whole(i64),
    Point(f64),
    Text(String),
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match Written::deserialize(deserializer)? {
            Written::Whole(number) => number.to_string(),
            Written::Point(number) => number.to_string(),
            Written::Text(text) => text,
        };
        Decimal::parse(&text)
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom(format!("“{text}”不是数")))
    }
}

/// A pattern that a whole value must match: a regular expression without look-around, matched in linear time; `\d` is 0 to 9.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As written.
    pub text: String,
    whole: Option<Regex>,
}

impl Pattern {
    /// Whether it could be understood.
    pub fn is_sound(&self) -> bool {
        self.whole.is_some()
    }

    /// Whether a value matches; one that could not be understood refuses nothing, and is a fault of the template.
    pub fn matches(&self, value: &str) -> bool {
        self.whole
            .as_ref()
            .is_none_or(|whole| whole.is_match(value))
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let whole = Regex::new(&format!("^(?:{text})$")).ok();
        Ok(Self { text, whole })
    }
}

impl Field {
    /// How a number is written: whether it is whole, from where to where, how many digits after the point.
    pub fn number_in_words(&self) -> String {
        let what = match (self.kind, self.places) {
            (Kind::Count, _) => "整数".to_owned(),
            (_, Some(places)) => format!("数字，最多 {places} 位小数"),
            (_, None) => "数字".to_owned(),
        };
        let limits = match (self.at_least, self.at_most) {
            (Some(least), Some(most)) => format!("，{}—{}", least.0, most.0),
            (Some(least), None) => format!("，不小于 {}", least.0),
            (None, Some(most)) => format!("，不大于 {}", most.0),
            (None, None) => String::new(),
        };
        let unit = match self.unit.as_str() {
            "" => "，不带单位".to_owned(),
            unit => format!("，单位为{unit}，不必写"),
        };
        format!("填{what}{limits}{unit}")
    }
}
