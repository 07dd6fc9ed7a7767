//! What a form shows (表上印出的栏目): the keys in its texts and cells, with the list whose rows they stand in.

use super::verify_keys::braces;
use super::{BlockTemplate, CellTemplate, FormTemplate};

impl FormTemplate {
    /// Every key that is shown: the list of a repeated row (empty outside of them), and the key.
    pub fn shown(&self) -> Vec<(&str, &str)> {
        let mut shown = Vec::new();
        text("", &self.title, &mut shown);
        for block in &self.blocks {
            match block {
                BlockTemplate::Text { text: words, .. }
                | BlockTemplate::Place { text: words, .. } => text("", words, &mut shown),
                BlockTemplate::Signature {
                    text: words, date, ..
                } => {
                    text("", words, &mut shown);
                    text("", date, &mut shown);
                }
                BlockTemplate::Table { side, rows, .. } => {
                    text("", side, &mut shown);
                    for row in rows {
                        for part in &row.cells {
                            cell(&row.each, part, &mut shown);
                        }
                    }
                }
                BlockTemplate::Space { .. }
                | BlockTemplate::Page { .. }
                | BlockTemplate::Frame { .. }
                | BlockTemplate::Report { .. } => {}
            }
        }
        shown
    }

    /// The words of opinions that are printed ready for a channel; `on` says whether a switch of the campaign is on.
    pub fn opinions(&self, channel: &str, on: impl Fn(&str) -> bool) -> Vec<&str> {
        let mut words = Vec::new();
        for block in &self.blocks {
            let BlockTemplate::Table {
                rows,
                channels,
                when,
                unless,
                ..
            } = block
            else {
                continue;
            };
            let here = channels.is_empty() || channels.iter().any(|c| c == channel);
            let switched = (when.is_empty() || on(when)) && (unless.is_empty() || !on(unless));
            if here && switched {
                let cells = rows.iter().flat_map(|row| &row.cells);
                let opinions = cells.filter_map(|cell| cell.opinion.as_ref());
                words.extend(opinions.map(|o| o.text.as_str()).filter(|t| !t.is_empty()));
            }
        }
        words
    }
}

fn text<'t>(each: &'t str, words: &'t str, shown: &mut Vec<(&'t str, &'t str)>) {
    shown.extend(braces(words).0.into_iter().map(|key| (each, key)));
}

fn cell<'t>(each: &'t str, cell: &'t CellTemplate, shown: &mut Vec<(&'t str, &'t str)>) {
    let keys = [&cell.field, &cell.ticks].into_iter();
    shown.extend(keys.filter(|k| !k.is_empty()).map(|k| (each, k.as_str())));
    for words in [&cell.label, &cell.text, &cell.blank] {
        text(each, words, shown);
    }
    if let Some(opinion) = &cell.opinion {
        for words in opinion.texts() {
            text(each, words, shown);
        }
    }
}
