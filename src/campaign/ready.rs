//! Opinions that a campaign has ready (现成的意见): the sentence that its forms print for an office, by the words in front of the box.

use std::collections::BTreeMap;

use super::{BlockTemplate, Campaign, RowTemplate};
use crate::text::heading::fold_heading as letters;

impl Campaign {
    /// The opinions that stand ready in the forms, by their labels. Where the forms have several sentences for a label, or a field within
    /// one, none of them is the campaign's.
    pub fn ready_opinions(&self) -> BTreeMap<String, String> {
        let mut found: BTreeMap<String, Option<String>> = BTreeMap::new();
        let blocks = self.forms.iter().flat_map(|form| &form.blocks);
        for block in blocks {
            let BlockTemplate::Table { rows, .. } = block else {
                continue;
            };
            let above = std::iter::once(None).chain(rows.iter().map(Some));
            for (above, row) in above.zip(rows) {
                for (label, text) in opinions(above, row) {
                    let own = found.entry(label).or_insert_with(|| Some(text.clone()));
                    if own.as_ref() != Some(&text) || text.contains('{') {
                        *own = None;
                    }
                }
            }
        }
        let sure = found.into_iter();
        sure.filter_map(|(label, text)| Some((label, text.filter(|t| !t.is_empty())?)))
            .collect()
    }
}

/// The opinions of a row with their labels: that of the cell in front, or of the one above.
fn opinions(above: Option<&RowTemplate>, row: &RowTemplate) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (n, cell) in row.cells.iter().enumerate() {
        let Some(opinion) = &cell.opinion else {
            continue;
        };
        let front = n.checked_sub(1).and_then(|n| row.cells.get(n));
        let over = above.and_then(|above| above.cells.get(n));
        let mut labels = [front, over].into_iter().flatten();
        let label = labels.find(|c| c.label.contains("意见"));
        out.extend(label.map(|c| (letters(&c.label), opinion.text.clone())));
    }
    out
}
