//! A sheet of an .xlsx form with rows added to a list: what stands below moves down.

use std::ops::Range;

use crate::finding::cell_name;
use crate::ooxml::{Element, OoxmlError, Tree, parse_range};

use super::sheet::prefix;
use crate::fill::anatomy::grid::SheetGrid;

/// The sheet with `extra` more rows behind row `last` (from 0), alike to it; what stands below moves down. None where a
/// formula stands in the way, since what it refers to would move.
pub(super) fn with_rows(
    part: &str,
    xml: &str,
    shared: &[String],
    last: u32,
    extra: u32,
) -> Result<Option<String>, OoxmlError> {
    let tree = Tree::read(part, xml)?;
    let grid = SheetGrid::of(&tree, shared);
    if grid.cells.values().any(|c| c.child("f").is_some()) {
        return Ok(None);
    }
    let Some(model) = grid.rows.get(&last).copied() else {
        return Ok(None);
    };
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let counted = seq(&grid, last);
    let mut added = String::new();
    for n in 1..=extra {
        added.push_str(&moved(model, last, n, counted, &grid));
    }
    edits.push((model.range().end..model.range().end, added));
    for (number, row) in grid.rows.range(last + 1..) {
        edits.push((row.range(), moved(*row, *number, extra, None, &grid)));
    }
    if let Some(merges) = grid.root.child("mergeCells") {
        let shift = |m: [u32; 4], by: u32| {
            format!(
                "{}:{}",
                cell_name(m[0] + by, m[1]),
                cell_name(m[2] + by, m[3])
            )
        };
        let p = prefix(merges);
        let mut all = String::new();
        let mut count = 0;
        for m in &grid.merges {
            let mut put = |range: String| {
                all.push_str(&format!("<{p}mergeCell ref=\"{range}\"/>"));
                count += 1;
            };
            put(shift(*m, if m[0] > last { extra } else { 0 }));
            if m[0] == last && m[2] == last {
                (1..=extra).for_each(|n| put(shift(*m, n)));
            }
        }
        edits.push((
            merges.range(),
            format!("<{p}mergeCells count=\"{count}\">{all}</{p}mergeCells>"),
        ));
    }
    if let Some(dimension) = grid.root.child("dimension")
        && let Some(m) = dimension.attribute("ref").and_then(|r| parse_range(&r))
    {
        let p = prefix(dimension);
        let range = format!(
            "{}:{}",
            cell_name(m[0], m[1]),
            cell_name(m[2] + extra, m[3])
        );
        edits.push((
            dimension.range(),
            format!("<{p}dimension ref=\"{range}\"/>"),
        ));
    }
    edits.sort_by_key(|e| e.0.start);
    let mut out = String::with_capacity(xml.len() * 2);
    let mut at = 0;
    for (range, text) in edits {
        out.push_str(xml.get(at..range.start).unwrap_or(""));
        out.push_str(&text);
        at = range.end;
    }
    out.push_str(xml.get(at..).unwrap_or(""));
    Ok(Some(out))
}

/// The column of the running number in a row, and the number.
fn seq(grid: &SheetGrid<'_>, row: u32) -> Option<(u32, u32)> {
    (0..3).find_map(|column| {
        let text = grid.text(row, column);
        Some((column, text.trim().parse().ok()?))
    })
}

/// A row `by` rows further down.
fn moved(
    row: Element<'_>,
    number: u32,
    by: u32,
    counted: Option<(u32, u32)>,
    grid: &SheetGrid<'_>,
) -> String {
    let p = prefix(row);
    let set = |tag: &str, value: &str| {
        let Some(at) = tag.find(" r=\"") else {
            return tag.to_owned();
        };
        let rest = tag.get(at + 4..).unwrap_or("");
        let tail = rest.split_once('"').map_or("", |(_, t)| t);
        format!("{} r=\"{value}\"{tail}", tag.get(..at).unwrap_or(""))
    };
    let mut out = set(row.tag(), &(number + by + 1).to_string());
    if row.inner().end == row.range().end {
        return out;
    }
    let cells = grid.cells.range((number, 0)..(number + 1, 0));
    for ((_, column), cell) in cells {
        let name = cell_name(number + by, *column);
        match counted {
            Some((at, n)) if at == *column => {
                let style = cell.attribute("s");
                let style = style.map_or_else(String::new, |s| format!(" s=\"{s}\""));
                let n = n + by;
                out.push_str(&format!(
                    "<{p}c r=\"{name}\"{style}><{p}v>{n}</{p}v></{p}c>"
                ));
            }
            _ => {
                out.push_str(&set(cell.tag(), &name));
                if cell.inner().end != cell.range().end {
                    out.push_str(cell.inside());
                    out.push_str(&format!("</{p}c>"));
                }
            }
        }
    }
    out.push_str(&format!("</{p}row>"));
    out
}
