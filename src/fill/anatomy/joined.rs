//! Fields that share a blank (工作单位及职务): a form asks for two things in one cell. Their values stand there one behind the other with
//! a space between, in the order of the binding, and are taken apart at it.

use crate::fill::anatomy::place::{FieldPlace, Take};

/// What joins the keys of fields that share a blank; what belongs to their list or owner stands once, in front: `unit.name+title`.
const AND: char = '+';
/// The same in the name of a bookmark.
const AND_IN_NAME: &str = "__";

/// Places of a binding with those that share a blank as one.
pub(in crate::fill) fn joined(places: &[FieldPlace]) -> Vec<FieldPlace> {
    let mut out: Vec<FieldPlace> = Vec::with_capacity(places.len());
    for place in places {
        let shares = |p: &&mut FieldPlace| {
            let line = |p: &FieldPlace| (p.paragraph, p.nth, p.label.clone());
            let one_blank = match p.take {
                Take::Cell | Take::Rows => true,
                Take::Line => line(p) == line(place),
                _ => false,
            };
            one_blank
                && p.take == place.take
                && (&p.part, &p.table, p.row, p.column, &p.sheet)
                    == (
                        &place.part,
                        &place.table,
                        place.row,
                        place.column,
                        &place.sheet,
                    )
                && prefix(&p.key) == prefix(&place.key)
                && !parts(&p.key).contains(&place.key)
        };
        match out.iter_mut().find(shares) {
            Some(first) => {
                let own = place.key.get(prefix(&place.key).len()..);
                first.key.push(AND);
                first.key.push_str(own.unwrap_or_default());
            }
            None => out.push(place.clone()),
        }
    }
    out
}

/// What stands in front of a field in its key: `unit.`, `candidates[2].`, or nothing.
fn prefix(key: &str) -> &str {
    key.rfind('.')
        .and_then(|dot| key.get(..=dot))
        .unwrap_or_default()
}

/// The keys that share a blank; the key itself where it stands alone.
pub(in crate::fill) fn parts(key: &str) -> Vec<String> {
    let front = prefix(key);
    let fields = key.get(front.len()..).unwrap_or_default();
    fields
        .split(AND)
        .map(|field| format!("{front}{field}"))
        .collect()
}

/// The first of the keys that share a blank.
pub(in crate::fill) fn first(key: &str) -> &str {
    key.split(AND).next().unwrap_or(key)
}

/// A key as it stands in the name of a bookmark, which holds letters, digits and underscores alone.
pub(in crate::fill) fn in_name(key: &str) -> String {
    key.replace(['.', ':'], "_").replace(AND, AND_IN_NAME)
}

/// The name of the first key in the name of several, and the fields that share its blank as they stand behind its key.
pub(in crate::fill) fn apart_in_name(name: &str) -> Option<(&str, String)> {
    let (first, more) = name.split_once(AND_IN_NAME)?;
    let and = AND.to_string();
    Some((first, format!("{and}{}", more.replace(AND_IN_NAME, &and))))
}

/// Whether a key is of fields that share a blank.
pub(in crate::fill) fn is_joined(key: &str) -> bool {
    key.contains(AND)
}

/// The values of fields that share a blank, one behind the other.
pub(in crate::fill) fn one_text<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let values: Vec<&str> = values.filter(|v| !v.is_empty()).collect();
    values.join(" ")
}

/// A text taken apart for fields that share a blank: from the end on, so that the first may hold spaces itself. Where there are
/// fewer pieces than fields, the first ones have them.
pub(in crate::fill) fn taken_apart(key: &str, text: &str) -> Vec<(String, String)> {
    let keys = parts(key);
    let mut pieces: Vec<&str> = text
        .rsplitn(keys.len(), char::is_whitespace)
        .map(str::trim)
        .filter(|p| !p.is_empty())
        .collect();
    pieces.reverse();
    let mut pieces = pieces.into_iter();
    keys.into_iter()
        .map(|key| (key, pieces.next().unwrap_or_default().to_owned()))
        .collect()
}
