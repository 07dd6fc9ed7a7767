//! What the layout has settled for a form's tables: the widths of their columns, the one size of each text, and how high rows have grown.
//! A document that another program lays out has nearly the same, so that it looks as the paper does (同栏同版).

use crate::face::Face;
use crate::form::{Block, Cell, Content, Form, Style, Table};
use crate::units::Length;

use super::ruler::size_at;

/// Texts of one column and style have one size; so have all labels of a style.
pub(super) type SizeKey = (bool, usize, usize, Face, Vec<Length>);

/// What decides a text's size; none where a style has but one.
pub(super) fn size_key(cell: &Cell) -> Option<SizeKey> {
    let style: &Style = match &cell.content {
        Content::Text(paragraphs) => &paragraphs.first()?.style,
        _ => return None,
    };
    if style.sizes.len() < 2 {
        return None;
    }
    let (column, columns) = if cell.label {
        (0, 0)
    } else {
        (cell.column, cell.columns)
    };
    Some((cell.label, column, columns, style.face, style.sizes.clone()))
}

/// Widths and sizes of one table.
pub(super) struct Settled<'f> {
    pub(super) table: &'f Table,
    pub(super) columns: Vec<Length>,
    /// By row and cell: which of its style's sizes a text has; none where its style has one only.
    pub(super) steps: Vec<Vec<Option<usize>>>,
}

/// A row of a table, by its number, and the height to which it has grown.
pub(super) struct Grown<'f> {
    pub(super) table: &'f Table,
    pub(super) row: usize,
    pub(super) height: Length,
}

/// What another program needs besides: it adds rules of its own and breaks a line more here and there, per cent of a grown row.
const RESERVE: i64 = 5;

/// A form whose tables have their final widths and heights, and whose texts their final sizes.
pub(super) fn settled_form(form: &Form, tables: &[Settled<'_>], rows: &[Grown<'_>]) -> Form {
    let mut own = form.clone();
    for (block, before) in own.blocks.iter_mut().zip(&form.blocks) {
        let (Block::Table(table), Block::Table(before)) = (block, before) else {
            continue;
        };
        let mut all = tables.iter();
        if let Some(found) = all.find(|settled| std::ptr::eq(settled.table, before)) {
            table.columns.clone_from(&found.columns);
            set_sizes(table, &found.steps);
        }
        for grown in rows.iter().filter(|g| std::ptr::eq(g.table, before)) {
            if let Some(row) = table.rows.get_mut(grown.row) {
                row.height = row.height.max(grown.height.scaled(100 - RESERVE, 100));
                row.most = row.most.max(row.height);
            }
        }
    }
    own
}

fn set_sizes(table: &mut Table, steps: &[Vec<Option<usize>>]) {
    for (row, steps) in table.rows.iter_mut().zip(steps) {
        for (cell, step) in row.cells.iter_mut().zip(steps) {
            if let (Content::Text(paragraphs), Some(step)) = (&mut cell.content, step) {
                for style in paragraphs.iter_mut().map(|p| &mut p.style) {
                    style.sizes = vec![size_at(style, *step)];
                }
            }
        }
    }
}
