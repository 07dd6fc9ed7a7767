//! Names of the bookmarks (书签) that a filling leaves around its values: the kind of place, and the key.

use crate::campaign::Campaign;
use crate::fill::anatomy::block::list_of;
use crate::fill::anatomy::halves::half_of;
use crate::fill::anatomy::joined::apart_in_name;
use crate::fill::anatomy::label::field_of;

/// How a bookmark's name begins, by what stands around the value: nothing else in its cell, the lines of an opinion box,
/// a blank to be written on, text that goes on at once.
pub(in crate::fill) const ALONE: char = 'l';
pub(in crate::fill) const OPINION: char = 'o';
pub(in crate::fill) const ON_LINE: char = 'v';
pub(in crate::fill) const AMONG_TEXT: char = 'p';

/// The kind of a bookmark of ours, and what its name says of the key: `sl_name`, `sl2_name`.
pub(in crate::fill) fn kind_of(name: &str) -> Option<(char, &str)> {
    let rest = name.strip_prefix('s')?;
    let kind = rest.chars().next()?;
    let (number, key) = rest.get(kind.len_utf8()..)?.split_once('_')?;
    number
        .chars()
        .all(|c| c.is_ascii_digit())
        .then_some((kind, key))
}

/// The key of a bookmark's name without its beginning.
pub(in crate::fill) fn key_of_name(campaign: &Campaign, name: &str) -> Option<String> {
    // an office program may have made a second bookmark of the same name
    if field_of(campaign, name).is_some() || list_of(campaign, name).is_some() {
        return Some(name.to_owned());
    }
    if let Some(rest) = name.strip_prefix("unit_") {
        let key = format!("unit.{rest}");
        return field_of(campaign, &key).map(|_| key);
    }
    if let Some((first, more)) = apart_in_name(name) {
        return Some(key_of_name(campaign, first)? + &more);
    }
    let (list, rest) = name.split_once('_')?;
    let (row, field) = rest.split_once('_')?;
    let row: usize = row.parse().ok()?;
    let known = |field: &str| field_of(campaign, &format!("{list}.{field}")).is_some();
    let half = || {
        let (whole, half) = field.rsplit_once('_')?;
        let half = format!("{whole}:{half}");
        (half_of(&half).is_some() && known(whole)).then_some(half)
    };
    let field = if known(field) {
        field.to_owned()
    } else {
        half()?
    };
    Some(format!("{list}[{row}].{field}"))
}
