//! The columns of a sheet that holds tables of different columns: the edges of all of them.

use std::collections::BTreeMap;

use crate::form::{Block, Border, Form, Table};
use crate::units::Length;

/// Narrowest share of its width that a cell without rules keeps when its edges move to those of a ruled table, per cent.
const KEPT: i64 = 70;

/// Edges that lie closer together than this are one.
const SAME: Length = Length(400);

/// Edges from the left of the type area, ascending; at least two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ColumnGrid {
    edges: Vec<Length>,
    /// The edges that the table in a block has taken, by the block's number.
    taken: BTreeMap<usize, Vec<Length>>,
    width: Length,
}

impl ColumnGrid {
    /// The edges that a form needs. Tables without rules take those of the ruled ones where that hardly moves them.
    pub(super) fn new(form: &Form) -> Self {
        let page = &form.page;
        let width = (page.width - page.left - page.right).max(Length::mm(10));
        let mut grid = Self {
            edges: Vec::new(),
            taken: BTreeMap::new(),
            width,
        };
        let tables = |border| {
            let blocks = form.blocks.iter().enumerate();
            blocks.filter_map(move |(n, block)| match block {
                Block::Table(table) if table.border == border => Some((n, table)),
                _ => None,
            })
        };
        for (n, table) in tables(Border::Full) {
            let taken = grid.add(own_edges(table));
            grid.taken.insert(n, taken);
        }
        if grid.edges.is_empty() {
            grid.add(vec![Length::ZERO, width]);
        }
        for (n, table) in tables(Border::None) {
            let taken = grid.add(grid.moved(table));
            grid.taken.insert(n, taken);
        }
        grid
    }

    /// Adds edges, and gives those that stand for them.
    fn add(&mut self, edges: Vec<Length>) -> Vec<Length> {
        let mut taken: Vec<Length> = Vec::new();
        for edge in edges {
            let near = |e: &&Length| (**e - edge).0.abs() <= SAME.0 && !taken.contains(e);
            match self.edges.iter().find(near).copied() {
                Some(near) => taken.push(near),
                None => {
                    let at = self.edges.partition_point(|e| *e < edge);
                    self.edges.insert(at, edge);
                    taken.push(edge);
                }
            }
        }
        taken
    }

    /// Number of columns.
    pub(super) fn columns(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    /// Width of `count` columns from `first`.
    pub(super) fn width(&self, first: usize, count: usize) -> Length {
        let from = self.edges.get(first).copied().unwrap_or_default();
        let to = self.edges.get(first + count).or(self.edges.last());
        to.map_or(self.width, |to| *to - from)
    }

    /// For each edge of the table in a block, the column that begins there; the side column is the first where there is one.
    pub(super) fn edges_of(&self, block: usize) -> Vec<usize> {
        let taken = self.taken.get(&block).into_iter().flatten();
        taken
            .filter_map(|edge| self.edges.binary_search(edge).ok())
            .collect()
    }

    /// A table's edges, each moved to the nearest one of the grid; unmoved where a cell would lose too much.
    fn moved(&self, table: &Table) -> Vec<Length> {
        let own = own_edges(table);
        let near = |edge: &Length| {
            let all = self.edges.iter();
            all.min_by_key(|e| ((**e - *edge).0.abs(), e.0)).copied()
        };
        let moved: Vec<Length> = own.iter().filter_map(near).collect();
        let cells = |edges: &[Length]| -> Vec<i64> {
            let next = edges.iter().skip(1);
            edges.iter().zip(next).map(|(a, b)| (*b - *a).0).collect()
        };
        let (before, after) = (cells(&own), cells(&moved));
        let fair = before
            .iter()
            .zip(&after)
            .all(|(before, after)| *after > 0 && after * 100 >= before * KEPT);
        if fair { moved } else { own }
    }
}

/// Edges of a table from the left of the type area; columns of no width are given a tenth of a millimetre.
fn own_edges(table: &Table) -> Vec<Length> {
    let mut at = table.left.max(Length::ZERO);
    let mut edges = vec![at];
    let side = table.side.iter().map(|side| side.width);
    for width in side.chain(table.columns.iter().copied()) {
        at += width.max(Length(100));
        edges.push(at);
    }
    edges
}
