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

    /// Whether boxes with no words between them are as many as a field's number has characters.
    pub(super) fn counts_digits(&self, key: &str, words: &[String]) -> bool {
        let kind = field_of(self.campaign, key).map(|f| f.kind);
        let between = words.iter().rev().skip(1);
        kind.and_then(length) == Some(words.len()) && between.into_iter().all(String::is_empty)
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
        let fits = cells.len() == length || self.ends_at(g, &cells, length);
        if fits {
            (place.take, place.nth) = (Take::Digits, length);
        }
        fits
    }

    /// Whether boxes of the row above or below end where the number does, so that what follows in its own row is none of its boxes.
    fn ends_at(&self, g: usize, cells: &[usize], length: usize) -> bool {
        let grid = self.survey.grids.get(g);
        let last = length.checked_sub(1).and_then(|n| cells.get(n));
        let Some((grid, last)) = grid.zip(last.and_then(|n| self.survey.cell(g, *n))) else {
            return false;
        };
        let end = last.column + last.across;
        let rows = [last.row.checked_sub(1), Some(last.row + 1)];
        cells.len() > length
            && rows.into_iter().flatten().any(|row| {
                let edge = grid.at(row, end).and_then(|n| grid.cells.get(n));
                edge.is_some_and(|c| c.column == end)
            })
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
