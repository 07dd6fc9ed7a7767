//! JSON as it stands, with keys that stand twice: what a map would silently drop is told.

use crate::ooxml::CellValue;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A JSON value.
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    /// Members in order, those of the same key too.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// What it is, in words.
    pub(super) fn called(&self) -> &'static str {
        match self {
            Self::Null => "空值",
            Self::Bool(_) => "真假值",
            Self::Number(_) => "数字",
            Self::Text(_) => "文字",
            Self::List(_) => "数组",
            Self::Map(_) => "对象",
        }
    }

    /// A value of one field as a cell holds it; several texts are joined with `join`. None for what no field holds; a
    /// null is an empty text.
    pub(super) fn raw(&self, join: &str) -> Option<CellValue> {
        Some(match self {
            Self::Null => CellValue::Text(String::new()),
            Self::Bool(truth) => CellValue::Bool(*truth),
            Self::Number(number) => CellValue::Number(*number),
            Self::Text(text) => CellValue::Text(text.clone()),
            Self::List(items) if !join.is_empty() => {
                let texts: Option<Vec<&str>> = items
                    .iter()
                    .map(|item| match item {
                        Self::Text(text) => Some(text.as_str()),
                        _ => None,
                    })
                    .collect();
                CellValue::Text(texts?.join(join))
            }
            Self::List(_) | Self::Map(_) => return None,
        })
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Node, E> {
        Ok(Node::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
        Ok(Node::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut map = Vec::new();
        while let Some(member) = members.next_entry()? {
            map.push(member);
        }
        Ok(Node::Map(map))
    }
}
