//! Names of the bookmarks around values as they are cut.

use crate::fill::anatomy::joined::in_name;
use crate::fill::put::cut_key::CutKey;

/// Name of the bookmark around a value: `sl_` and the key with underscores, `n` for a row that is not known yet; from the
/// second place of a key on with a number, as `sl2_`.
pub(super) fn bookmark(key: &CutKey, kind: char, nth: usize) -> String {
    let nth = if nth > 0 {
        (nth + 1).to_string()
    } else {
        String::new()
    };
    match key {
        CutKey::Field(field) => {
            format!("s{kind}{nth}_{}", in_name(field))
        }
        CutKey::Row { list, row, field } => {
            let row = row.map_or_else(|| "n".to_owned(), |r| r.to_string());
            format!("s{kind}{nth}_{list}_{row}_{}", in_name(field))
        }
        CutKey::Given { .. } => String::new(),
    }
}
