//! One TOML file with the lines of all its parts: a node knows its place, and reading it tells every fault in Chinese.

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

use crate::finding::{Finding, Place};

use super::toml_words::{full_width, syntax_words, type_words};

/// A parsed file.
pub(super) struct ParsedFile<'a> {
    /// Path relative to the campaign's folder.
    pub(super) path: String,
    /// Path as people see it.
    shown: String,
    text: &'a str,
    root: Spanned<DeValue<'a>>,
}

impl<'a> ParsedFile<'a> {
    /// Parses a file; none where it is not TOML, with a T1 finding for the first faults.
    pub(super) fn parse(
        id: &str,
        path: &str,
        text: &'a str,
        findings: &mut Vec<Finding>,
    ) -> Option<Self> {
        let shown = if path.starts_with("lists/") {
            path.to_owned()
        } else {
            format!("{id}/{path}")
        };
        // a byte order mark is what some editors leave behind
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match DeTable::parse(text) {
            Ok(table) => Some(Self {
                path: path.to_owned(),
                shown,
                text,
                root: Spanned::new(0..text.len(), DeValue::Table(table.into_inner())),
            }),
            Err(error) => {
                let at = error.span().map_or(0, |s| s.start);
                let (what, hint) =
                    full_width(text, at).unwrap_or_else(|| syntax_words(error.message()));
                findings.push(Finding::error(
                    "T1",
                    place(&shown, text, at),
                    format!("TOML 语法有误：{what}"),
                    hint,
                ));
                None
            }
        }
    }

    /// The whole file.
    pub(super) fn root(&self) -> Node<'_> {
        Node {
            shown: &self.shown,
            text: self.text,
            at: 0,
            value: Some(&self.root),
        }
    }
}

/// A part of a file, or the place where a missing part would stand.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    shown: &'a str,
    text: &'a str,
    at: usize,
    value: Option<&'a Spanned<DeValue<'a>>>,
}

impl<'a> Node<'a> {
    /// The value of a key; where it is absent, a node at the place of its owner.
    pub(super) fn key(self, key: &str) -> Self {
        let found = self
            .table()
            .and_then(|t| t.iter().find(|(k, _)| k.get_ref() == key));
        match found {
            Some((name, value)) => Self {
                // the span of a dotted or implicit table is its header's
                at: if matches!(value.get_ref(), DeValue::Array(_) | DeValue::Table(_)) {
                    value.span().start
                } else {
                    name.span().start
                },
                value: Some(value),
                ..self
            },
            None => Self {
                value: None,
                ..self
            },
        }
    }

    /// The n-th element, from 0.
    pub(super) fn item(self, n: usize) -> Self {
        let value = self.value.and_then(|v| v.get_ref().as_array()?.get(n));
        Self {
            at: value.map_or(self.at, |v| v.span().start),
            value,
            ..self
        }
    }

    /// Where a word stands among the texts of a table, or in their lists; the table itself where it does not.
    pub(super) fn word(self, word: &str) -> Self {
        let own = |node: &Self| node.text() == Some(word);
        let listed = |node: Self| {
            let array = node.value.and_then(|v| v.get_ref().as_array());
            let count = array.map_or(0, |a| a.len());
            (0..count).map(|n| node.item(n)).find(own)
        };
        let mut values = self.entries().into_iter().map(|(_, node)| node);
        let found = values.find_map(|node| Some(node).filter(own).or_else(|| listed(node)));
        found.unwrap_or(self)
    }

    /// Whether it is there.
    pub(super) fn exists(self) -> bool {
        self.value.is_some()
    }

    /// The elements of an array; none where it is absent. A value that is no array is a fault.
    pub(super) fn items(self, findings: &mut Vec<Finding>) -> Vec<Self> {
        let Some(value) = self.value else {
            return Vec::new();
        };
        match value.get_ref().as_array() {
            Some(array) => (0..array.len()).map(|n| self.item(n)).collect(),
            None => {
                findings.push(Finding::error(
                    "T2",
                    self.place(),
                    "此处应为一组内容",
                    "请写成 [[…]] 小节或方括号列表。",
                ));
                Vec::new()
            }
        }
    }

    /// The keys and values of a table, in the order of the file.
    pub(super) fn entries(self) -> Vec<(&'a str, Self)> {
        let mut all: Vec<(&str, Self)> = Vec::new();
        if let Some(table) = self.table() {
            for (name, _) in table.iter() {
                let name: &'a str = name.get_ref();
                all.push((name, self.key(name)));
            }
        }
        all.sort_by_key(|(_, node)| node.at);
        all
    }

    /// Every string in this part, in tables and lists at any depth.
    pub(super) fn strings(self, out: &mut Vec<Self>) {
        let Some(value) = self.value else { return };
        match value.get_ref() {
            DeValue::String(_) => out.push(self),
            DeValue::Array(array) => (0..array.len()).for_each(|n| self.item(n).strings(out)),
            DeValue::Table(_) => {
                for (_, node) in self.entries() {
                    node.strings(out);
                }
            }
            _ => {}
        }
    }

    /// The text of a string.
    pub(super) fn text(self) -> Option<&'a str> {
        self.value.and_then(|v| v.get_ref().as_str())
    }

    /// File, line and column.
    pub(super) fn place(self) -> Place {
        place(self.shown, self.text, self.at)
    }

    /// The place of a word inside this part, or of the part.
    pub(super) fn place_of(self, word: &str) -> Place {
        let end = self.value.map_or(self.at, |v| v.span().end);
        let from = self.at.min(end);
        let inside = self.text.get(from..end.max(from)).unwrap_or_default();
        place(
            self.shown,
            self.text,
            from + inside.find(word).unwrap_or_default(),
        )
    }

    /// Reads the whole part; none with a finding where it does not fit.
    pub(super) fn read<T: DeserializeOwned>(self, findings: &mut Vec<Finding>) -> Option<T> {
        self.value
            .and_then(|value| self.take(value.clone(), &[], findings))
    }

    /// Reads the part without some of its keys.
    pub(super) fn read_without<T: DeserializeOwned>(
        self,
        keys: &[&str],
        findings: &mut Vec<Finding>,
    ) -> Option<T> {
        self.take(self.without(keys)?, keys, findings)
    }

    /// Reads the part with an empty list in the place of one of its keys.
    pub(super) fn read_with_empty<T: DeserializeOwned>(
        self,
        key: &'a str,
        findings: &mut Vec<Finding>,
    ) -> Option<T> {
        let mut value = self.without(&[key])?;
        if let DeValue::Table(table) = value.get_mut() {
            let at = self.at..self.at;
            table.insert(
                Spanned::new(at.clone(), key.into()),
                Spanned::new(at, DeValue::Array(Default::default())),
            );
        }
        self.take(value, &[], findings)
    }

    fn table(self) -> Option<&'a DeTable<'a>> {
        self.value.and_then(|v| v.get_ref().as_table())
    }

    fn without(self, keys: &[&str]) -> Option<Spanned<DeValue<'a>>> {
        let value = self.value?;
        let mut kept = DeTable::new();
        let Some(table) = value.get_ref().as_table() else {
            return Some(value.clone());
        };
        for (name, value) in table.iter() {
            if !keys.contains(&name.get_ref().as_ref()) {
                kept.insert(name.clone(), value.clone());
            }
        }
        Some(Spanned::new(value.span(), DeValue::Table(kept)))
    }

    /// Reads a value; `apart` are keys that are accepted beside those that it reads.
    fn take<T: DeserializeOwned>(
        self,
        value: Spanned<DeValue<'_>>,
        apart: &[&str],
        findings: &mut Vec<Finding>,
    ) -> Option<T> {
        match T::deserialize(ValueDeserializer::from(value)) {
            Ok(read) => Some(read),
            Err(error) => {
                findings.push(self.fault(&error, apart));
                None
            }
        }
    }

    /// A fault that reading found, at the narrowest place that can be told.
    fn fault(self, error: &Error, apart: &[&str]) -> Finding {
        let message = error.message();
        let quoted = quoted(message);
        let first = quoted.first().copied().unwrap_or_default();
        let at = error
            .span()
            .map_or(self.at, |s| s.start)
            .max(self.at)
            .min(self.text.len());
        let others = quoted.iter().skip(1).copied();
        if message.starts_with("unknown field") {
            let place = self.find_key(first).map_or_else(
                || place(self.shown, self.text, at),
                |at| place(self.shown, self.text, at),
            );
            return Finding::error(
                "T2",
                place,
                format!("不认识的键“{first}”"),
                nearest_hint(first, others.chain(apart.iter().copied())),
            );
        }
        let place = place(self.shown, self.text, at);
        if message.starts_with("unknown variant") {
            return Finding::error(
                "T2",
                place,
                format!("不认识的取值“{first}”"),
                nearest_hint(first, others),
            );
        }
        if message.starts_with("missing field") {
            return Finding::error(
                "T2",
                place,
                format!("缺少“{first}”"),
                format!("请补上 {first} = …。"),
            );
        }
        if message.starts_with("data did not match") {
            let odd = self.entries().into_iter().find(|(_, node)| node.is_odd());
            return Finding::error(
                "T2",
                odd.map_or(place, |(_, node)| node.place()),
                "参数的写法不对",
                "规则的参数只能是 true/false、整数、文字或一列文字。",
            );
        }
        if message.starts_with("duplicate field") {
            let hint = "一个键只写一次，请删去一处。";
            return Finding::error("T2", place, format!("“{first}”写了两次"), hint);
        }
        if message.contains("map") && self.is_bare_date(at) {
            let hint = "请加上引号，写成 \"2021-06-01\" 的样子。";
            return Finding::error("T2", place, "不加引号的日期不能用在这里", hint);
        }
        let (what, hint) = type_words(message);
        Finding::error("T2", place, what, hint)
    }

    /// Whether a day or a time stands without quotes on the line of a place.
    fn is_bare_date(self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |n| n + 1);
        let line = self.text.get(start..).and_then(|t| t.lines().next());
        let value = line
            .unwrap_or_default()
            .split_once('=')
            .map_or("", |(_, v)| v.trim());
        let digits = value.chars().take_while(char::is_ascii_digit).count();
        digits == 4 && value.get(4..5) == Some("-") || digits == 2 && value.get(2..3) == Some(":")
    }

    /// Whether it is neither a switch, a whole number, a text nor a list of texts.
    fn is_odd(self) -> bool {
        match self.value.map(Spanned::get_ref) {
            Some(DeValue::Array(all)) => all.iter().any(|v| !v.get_ref().is_str()),
            Some(value) => !(value.is_bool() || value.is_integer() || value.is_str()),
            None => false,
        }
    }

    /// Where a key of this name stands in the part, at any depth.
    fn find_key(self, key: &str) -> Option<usize> {
        find_key(self.value?.get_ref(), key)
    }
}

fn find_key(value: &DeValue<'_>, key: &str) -> Option<usize> {
    match value {
        DeValue::Table(table) => {
            let own = table.iter().find(|(name, _)| name.get_ref() == key);
            own.map(|(name, _)| name.span().start)
                .or_else(|| table.values().find_map(|v| find_key(v.get_ref(), key)))
        }
        DeValue::Array(array) => array.iter().find_map(|v| find_key(v.get_ref(), key)),
        _ => None,
    }
}

/// File, line and column of a byte. Each line costs a search, not each byte: places are asked for by the hundred.
fn place(shown: &str, text: &str, at: usize) -> Place {
    let before = text.get(..text.floor_char_boundary(at)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(start..).unwrap_or_default().chars().count() + 1;
    Place {
        cell: Some(format!("行{line}列{column}")),
        ..Place::file(shown)
    }
}

/// The words between backticks.
fn quoted(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

/// What to write instead: the nearest of the known names, and some of them.
pub(super) fn nearest_hint<'n>(word: &str, known: impl Iterator<Item = &'n str>) -> String {
    let mut names: Vec<&str> = known.collect();
    let nearest = names
        .iter()
        .map(|name| {
            let far = distance(&word.to_lowercase(), &name.to_lowercase());
            // among names as near, one that begins alike
            (far, name.chars().next() != word.chars().next(), *name)
        })
        .min()
        .filter(|(far, _, name)| *far <= 1 + name.chars().count().max(2) / 3)
        .map(|(_, _, name)| name);
    names.dedup();
    let more = if names.len() > 40 { "等" } else { "" };
    names.truncate(40);
    match (nearest, names.is_empty()) {
        (_, true) => "请改名或删去。".to_owned(),
        (Some(name), _) => format!("是否想写“{name}”？可用的有：{}{more}。", names.join("、")),
        (None, _) => format!("请改用以下之一：{}{more}。", names.join("、")),
    }
}

/// Levenshtein distance in characters; words are short, longer ones are cut.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(64).collect();
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for ((y, (up, diagonal)), j) in b.iter().zip(row.iter().skip(1).zip(&row)).zip(0..) {
            let left: usize = next.get(j).copied().unwrap_or_default();
            next.push((left + 1).min(up + 1).min(diagonal + usize::from(x != y)));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// A finding about the content of a template.
pub(super) fn fault(
    findings: &mut Vec<Finding>,
    node: Node<'_>,
    message: impl Into<String>,
    hint: impl Into<String>,
) {
    findings.push(Finding::error("T2", node.place(), message, hint));
}
