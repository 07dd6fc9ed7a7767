//! Boxes for the single characters of a number (逐字格): eighteen cells, or eighteen □, for an id number; and what a place cannot take: a
//! telephone in 年 月 日.

use crate::campaign::Kind;
use crate::fill::anatomy::boxes::is_box;
use crate::fill::anatomy::label::field_of;
use crate::fill::anatomy::place::{FieldPlace, Take};

use crate::fill::bind::finder::PlaceFinder;

/// Characters of a number of a kind; none where they vary.
fn length(kind: Kind) -> Option<usize> {
    match kind {
        Kind::IdNo | Kind::Uscc => Some(18),
        Kind::Mobile => Some(11),
        _ => None,
    }
}

impl PlaceFinder<'_> {
    /// Whether a place of 年 月 日 can take a field.
    pub(super) fn takes_date(&self, key: &str) -> bool {
        let kind = field_of(self.campaign, key).map(|f| f.kind);
        let other = |k| {
            matches!(
                k,
                Kind::IdNo | Kind::Uscc | Kind::Phone | Kind::Mobile | Kind::Email | Kind::Name
            )
        };
        !kind.is_some_and(other)
    }

    /// Makes a place one of single characters where its box is cut so; the boxes right of it are spoken for then. False where the box is
    /// cut into more or fewer pieces than the number has characters.
    pub(super) fn spread(&mut self, g: usize, cell: usize, place: &mut FieldPlace) -> bool {
        let kind = field_of(self.campaign, &place.key).map(|f| f.kind);
        let Some(length) = kind.and_then(length) else {
            return true;
        };
        let text = self.survey.text(g, cell);
        let mut signs = text.chars().filter(|c| !c.is_whitespace());
        let count = text.chars().filter(|c| is_box(*c)).count();
        if count > 1 && signs.all(|c| is_box(c) || c == '-') {
            (place.take, place.nth) = (Take::Digits, 0);
            return count == length;
        }
        let cells = self.row_of_blanks(g, cell);
        // with about as many boxes somebody meant a character each
        if place.take != Take::Cell || cells.len().abs_diff(length) > 2 {
            return true;
        }
        self.taken.extend(cells.iter().map(|n| (g, *n)));
        if cells.len() == length {
            (place.take, place.nth) = (Take::Digits, length);
        }
        cells.len() == length
    }

    /// The first of the boxes in the row below a label, as many as the number has characters, where the label's own blank is none of them.
    pub(super) fn boxes_below(&self, g: usize, label: usize, place: &FieldPlace) -> Option<usize> {
        let kind = field_of(self.campaign, &place.key).map(|f| f.kind);
        let length = kind.and_then(length)?;
        let grid = self.survey.grids.get(g)?;
        let own = grid.cells.get(label)?;
        let row = own.row + own.down;
        if place.take != Take::Cell || place.row >= row {
            return None;
        }
        let below = grid.in_row(row);
        let blank = |n: &usize| {
            let cell = grid.cells.get(*n);
            cell.is_some_and(|c| c.is_blank() && c.column >= own.column) && self.free(g, *n)
        };
        let first = below.into_iter().find(blank)?;
        (self.row_of_blanks(g, first).len() == length).then_some(first)
    }

    /// A blank box and those right of it of the same height, as far as they are blank and about as wide.
    fn row_of_blanks(&self, g: usize, first: usize) -> Vec<usize> {
        let Some(grid) = self.survey.grids.get(g) else {
            return Vec::new();
        };
        let mut out = vec![first];
        let Some(mut at) = grid.cells.get(first) else {
            return out;
        };
        let (down, across) = (at.down, at.across);
        while let Some(n) = grid.right(at) {
            let Some(cell) = grid.cells.get(n) else { break };
            let same = cell.down == down && cell.across <= across + 1 && cell.row == at.row;
            if !same || !cell.is_blank() || !self.free(g, n) {
                break;
            }
            out.push(n);
            at = cell;
        }
        out
    }
}
