//! Rows that a person put into a list of ours (自己加的行): a row typed between those of the record has no content controls, a copied one has
//! those of another row. Such a list is read as it stands, row by row, and not by its controls.

use std::collections::BTreeSet;

use crate::fill::anatomy::find::{cells, rows};
use crate::fill::back::form_read::How;
use crate::fill::back::text::{Marked, cell_text, is_key, marked};
use crate::fill::back::word::Reader;
use crate::ooxml::Element;

impl<'t> Reader<'_, 't> {
    /// Reads the lists among whose rows a person's own stand.
    pub(super) fn own_rows(&mut self) {
        let tagged = self.tagged_cells();
        let mut done: Vec<String> = Vec::new();
        for (_, one) in &tagged {
            if done.contains(&one.list) {
                continue;
            }
            done.push(one.list.clone());
            let own: Vec<&(String, Marked<'t>)> = tagged
                .iter()
                .filter(|(_, m)| m.list == one.list && m.table == one.table)
                .collect();
            let keys: BTreeSet<&str> = own.iter().map(|(key, _)| key.as_str()).collect();
            let copied = keys.len() < own.len();
            let mut columns: Vec<(&str, usize)> = own
                .iter()
                .map(|(_, m)| (m.field.as_str(), m.column))
                .collect();
            columns.sort_unstable_by_key(|c| c.1);
            columns.dedup();
            let known: BTreeSet<usize> = own.iter().map(|(_, m)| m.row).collect();
            if columns.len() < 2 || !(copied || has_more(one.table, &known, &columns)) {
                continue;
            }
            let first = known.first().copied().unwrap_or(one.row);
            let begins = format!("{}[", one.list);
            self.found.retain(|seen| !seen.key.starts_with(&begins));
            self.list(&one.list, one.table, first, &columns, How::Tag);
        }
    }

    /// The cells of lists that hold a content control of a row, each with its key.
    fn tagged_cells(&self) -> Vec<(String, Marked<'t>)> {
        let controls = self.root.descendants().filter(|e| e.is("sdt"));
        let tagged = controls.filter_map(|control| {
            let tag = control.at(&["sdtPr", "tag"]).and_then(Element::val)?;
            if !is_key(self.campaign, &tag) {
                return None;
            }
            let around = control.ancestors().take_while(|a| !a.is("tr"));
            let cell = around.into_iter().find(|a| a.is("tc"));
            let cell = cell.or_else(|| control.descendants().find(|e| e.is("tc")))?;
            Some((tag.to_string(), marked(&tag, cell)?))
        });
        tagged.collect()
    }
}

/// Whether words stand in the columns of a list in a row of its own shape that holds none of its controls, between its rows or right below.
fn has_more(table: Element<'_>, known: &BTreeSet<usize>, columns: &[(&str, usize)]) -> bool {
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return false;
    };
    let all = rows(table);
    let shape = |n: usize| {
        let row = all.get(n).map(|row| cells(*row)).unwrap_or_default();
        let own = columns.iter().map(|(_, column)| {
            let cell = row.iter().find(|c| c.column == *column)?;
            Some((cell.span, !cell_text(cell.element).trim().is_empty()))
        });
        own.collect::<Option<Vec<_>>>()
    };
    let spans = |shape: &[(usize, bool)]| shape.iter().map(|c| c.0).collect::<Vec<_>>();
    let Some(wanted) = shape(*first).map(|s| spans(&s)) else {
        return false;
    };
    let mut between = (*first..=last + 1).filter(|n| !known.contains(n));
    between.any(|n| shape(n).is_some_and(|own| spans(&own) == wanted && own.iter().all(|c| c.1)))
}
