//! Labels beside or below which something stands already (已写的字), and those over nothing but a blank.

use super::survey::{FormBox, FormGrid};
use crate::fill::anatomy::place::Take;
use crate::fill::bind::binding::Undecided;
use crate::fill::bind::finder::PlaceFinder;

impl PlaceFinder<'_> {
    /// Notes a label beside which words stand already that may be an example or boxes of a kind that nobody knows: 男, 党员（　）团员（　）.
    pub(super) fn answered(&mut self, g: usize, n: usize) {
        let text = self.survey.text(g, n);
        let Some(grid) = self.survey.grids.get(g) else {
            return;
        };
        let own = grid.cells.get(n).filter(|_| !self.blocks.at(g, n).heads);
        let right = own
            .and_then(|c| grid.right(c))
            .and_then(|r| grid.cells.get(r));
        let Some(right) = right.filter(|c| !c.is_blank() && !c.inner && !c.picture) else {
            return;
        };
        let words = right.text();
        let known = self.lexicon.person(&words).is_some() || self.lexicon.unit(&words).is_some();
        let short = words.chars().filter(|c| !c.is_whitespace()).count() < 20;
        let sure = self.lexicon.person(&text).is_some_and(|m| m.sure > 0.8);
        if sure && short && !known && self.lexicon.whole(&words).is_none() {
            let label = Undecided::written(text.trim(), words.trim());
            let at = grid.right(own.unwrap_or(right));
            self.open((g, n), &label, Vec::new(), at.map(|at| (at, Take::Cell)));
        }
    }

    /// Whether nothing but a blank stands below a label, as wide as the label.
    pub(super) fn is_over_blank(&self, grid: &FormGrid, cell: &FormBox) -> bool {
        let right = grid.right(cell).and_then(|n| grid.cells.get(n));
        let below = grid.below(cell).and_then(|n| grid.cells.get(n));
        let beside = right.is_some_and(|c| c.is_blank());
        !beside
            && below
                .is_some_and(|c| c.is_blank() && c.column == cell.column && c.across == cell.across)
    }
}
