//! What is read although a person does not see it, or struck it out (隐藏的行和列、看不见的字、删除线): I16. Whoever hides a row believes that
//! it is gone, and whoever filters a list does not; only a person can say which is meant, and nobody signs what nobody saw.

use crate::campaign::{Field, Kind, Sheet};
use crate::finding::{Finding, Place, Severity};
use crate::ooxml::Struck;
use crate::text::name::canonical_name;

use super::grid::{Grid, GridRow};
use super::map::{Headings, Target};
use super::rows::{MappedGrid, brief};

/// Most findings of one sort that a sheet gets before they are only counted.
const MOST: usize = 10;

/// A fault on its way: where, and what is wrong.
type Seen = (Place, String);

/// Tells of what is hidden or struck out among the rows that are read.
pub(super) fn rows(
    of: &Sheet,
    table: &MappedGrid<'_>,
    headings: &Headings<'_>,
    rows: &[&GridRow],
    findings: &mut Vec<Finding>,
) {
    if rows.is_empty() {
        return;
    }
    sheet(table.grid, findings);
    let (grid, unseen) = (table.grid, &table.grid.unseen);
    if unseen.is_empty() {
        return;
    }
    let mut hidden = Vec::new();
    let mut struck = Vec::new();
    let mut colourless = Vec::new();
    let mut otherwise = Vec::new();
    for row in rows {
        comments_of_row(table, headings, row, findings);
        let cells = answered(of, table, headings, row);
        let Some((first, _)) = cells.first() else {
            continue;
        };
        let place = grid.place(row.number, *first);
        let named = named(table, headings, row);
        if unseen.hides_row(row.number) {
            hidden.push((
                place.clone(),
                format!("第{}行{named}是隐藏的行", row.number + 1),
            ));
        }
        let whole = |at: u32| unseen.struck(row.number, at) == Struck::Whole;
        if cells.len() > 1 && cells.iter().all(|(at, _)| whole(*at)) {
            struck.push((
                place,
                format!("第{}行{named}整行划了删除线", row.number + 1),
            ));
            continue;
        }
        for (at, field) in &cells {
            let place = grid.place(row.number, *at).of("", &field.key);
            let called = format!("第{}行{named}的“{}”", row.number + 1, field.label);
            struck.extend(
                struck_cell(grid, (row.number, *at), field, &called).map(|m| (place.clone(), m)),
            );
            if unseen.is_colourless(row.number, *at) {
                colourless.push((place, format!("{called}在表上看不见")));
            } else if unseen.shows_otherwise(row.number, *at) {
                otherwise.push((place, called));
            } else if unseen.shows_rounded(row.number, *at) && is_number(field) {
                findings.push(rounded(grid, place, (&called, field)));
            }
        }
    }
    tell_otherwise(grid, otherwise, findings);
    tell_hidden(grid, hidden, findings);
    tell_columns(of, table, headings, rows, findings);
    tell_struck(grid, struck, findings);
    tell_colourless(grid, colourless, findings);
}

/// Tells of a sheet that is hidden as a whole and is read, once.
pub(super) fn sheet(grid: &Grid, findings: &mut Vec<Finding>) {
    let told = || {
        findings
            .iter()
            .any(|f| f.code == "I16" && f.place == grid.whole())
    };
    if grid.hidden && !grid.rows.is_empty() && !told() {
        findings.push(Finding::warning(
            "I16",
            grid.whole(),
            format!("{}是隐藏的工作表，里面的内容仍读取了。", grid.called()),
            "请取消隐藏，核对其中的内容；不要的请删去。",
        ));
    }
}

/// Tells of one cell beside its label.
pub(super) fn cell(
    grid: &Grid,
    (row, column): (u32, u32),
    field: &Field,
    place: &Place,
    findings: &mut Vec<Finding>,
) {
    let unseen = &grid.unseen;
    if unseen.is_empty() {
        return;
    }
    let called = format!("“{}”", field.label);
    let at = || place.clone();
    if unseen.hides_row(row) {
        let message = format!("第{}行{called}是隐藏的行", row + 1);
        tell_hidden(grid, vec![(at(), message)], findings);
    } else if unseen.hides_column(column) {
        let message = format!("{called}在隐藏的{}", grid.column_called(column));
        tell_hidden(grid, vec![(at(), message)], findings);
    }
    if let Some(message) = struck_cell(grid, (row, column), field, &called) {
        tell_struck(grid, vec![(at(), message)], findings);
    } else if unseen.is_colourless(row, column) {
        tell_colourless(
            grid,
            vec![(at(), format!("{called}在表上看不见"))],
            findings,
        );
    } else if unseen.shows_otherwise(row, column) {
        tell_otherwise(grid, vec![(at(), called.clone())], findings);
    } else if unseen.shows_rounded(row, column) && is_number(field) {
        findings.push(rounded(grid, at(), (&called, field)));
    }
    if let Some(words) = unseen.comments().get(&(row, column)) {
        findings.push(comment(grid, at(), &called, words));
    }
}

/// Tells of a comment on the cell beside a label in which nothing stands.
pub(super) fn comment_on_blank(
    grid: &Grid,
    at: (u32, u32),
    field: &Field,
    place: &Place,
    findings: &mut Vec<Finding>,
) {
    if let Some(words) = grid.unseen.comments().get(&at) {
        let called = format!("“{}”", field.label);
        findings.push(comment(grid, place.clone(), &called, words));
    }
}

/// I16: a comment on a cell, which nobody reads and nothing prints.
fn comment(grid: &Grid, place: Place, called: &str, words: &str) -> Finding {
    Finding::warning(
        "I16",
        place,
        format!(
            "{}{called}有批注“{}”，批注没有读取，也不会印出。",
            grid.called(),
            brief(words)
        ),
        "要报送的，请写进这一格；不需要的请删去批注。",
    )
}

/// Tells of the comments on a row's cells, also on blank ones.
fn comments_of_row(
    table: &MappedGrid<'_>,
    headings: &Headings<'_>,
    row: &GridRow,
    findings: &mut Vec<Finding>,
) {
    let grid = table.grid;
    let comments = grid.unseen.comments();
    let mut told = comments.range((row.number, 0)..(row.number + 1, 0));
    let mut of = |((_, column), words): (&(u32, u32), &String)| {
        let target = table.columns.iter().find(|c| c.0 == *column)?.1;
        let label = headings.field(target).map_or("", |f| f.label.as_str());
        let called = format!(
            "第{}行{}的“{label}”",
            row.number + 1,
            named(table, headings, row)
        );
        let place = grid.place(row.number, *column);
        Some(comment(grid, place, &called, words)).filter(|_| !label.is_empty())
    };
    findings.extend(told.by_ref().filter_map(&mut of));
}

/// The answers of a row: columns of fields that hold something and are not given with the sheet.
fn answered<'h>(
    of: &Sheet,
    table: &MappedGrid<'_>,
    headings: &Headings<'h>,
    row: &GridRow,
) -> Vec<(u32, &'h Field)> {
    let given = |field: &Field| of.given.iter().any(|row| row.contains_key(&field.key));
    let columns = table.columns.iter().filter_map(|(column, target)| {
        let field = headings.field(*target).filter(|f| !given(f))?;
        row.cell(*column).map(|_| (*column, field))
    });
    columns.collect()
}

/// `（王示例）`: whose row it is, where a name stands in it.
fn named(table: &MappedGrid<'_>, headings: &Headings<'_>, row: &GridRow) -> String {
    let names = table.columns.iter().filter(|(_, target)| match target {
        Target::Link => true,
        target => headings
            .field(*target)
            .is_some_and(|f| f.kind == Kind::Name),
    });
    let mut names = names.filter_map(|(column, _)| row.cell(*column));
    match names
        .next()
        .map(|raw| brief(&canonical_name(&raw.shown()).0))
    {
        Some(name) if !name.is_empty() => format!("（{name}）"),
        _ => String::new(),
    }
}

/// What is struck out in a cell; none where nothing is.
fn struck_cell(grid: &Grid, at: (u32, u32), field: &Field, called: &str) -> Option<String> {
    let struck = grid.unseen.struck(at.0, at.1);
    if struck == Struck::No {
        return None;
    }
    let row = grid
        .rows
        .binary_search_by_key(&at.0, |row| row.number)
        .ok()?;
    let text = grid.rows.get(row)?.cell(at.1)?.shown();
    let shown = if field.masked || text.is_empty() {
        String::new()
    } else {
        format!("“{}”", brief(&text))
    };
    match struck {
        Struck::No => None,
        Struck::Part => Some(format!("{called}{shown}有一部分划了删除线")),
        Struck::Whole => Some(format!("{called}{shown}划了删除线")),
    }
}

/// A used column that is hidden and in which something stands.
fn tell_columns(
    of: &Sheet,
    table: &MappedGrid<'_>,
    headings: &Headings<'_>,
    rows: &[&GridRow],
    findings: &mut Vec<Finding>,
) {
    let grid = table.grid;
    let mut hidden = Vec::new();
    for (column, target) in &table.columns {
        let Some(field) = headings.field(*target) else {
            continue;
        };
        let filled = |row: &&&GridRow| {
            let answers = answered(of, table, headings, row);
            answers.iter().any(|(at, _)| at == column)
        };
        if grid.unseen.hides_column(*column)
            && let Some(row) = rows.iter().find(filled)
        {
            let called = grid.column_called(*column);
            hidden.push((
                grid.place(row.number, *column),
                format!("{called}“{}”是隐藏的列", field.label),
            ));
        }
    }
    tell_hidden(grid, hidden, findings);
}

fn tell_hidden(grid: &Grid, seen: Vec<Seen>, findings: &mut Vec<Finding>) {
    tell(
        grid,
        Severity::Warning,
        seen,
        "里面的内容仍读取了，会印在表上",
        "请取消隐藏（或取消筛选）后核对；不报送的请删去，隐藏起来的照样读取。",
        findings,
    );
}

fn tell_struck(grid: &Grid, seen: Vec<Seen>, findings: &mut Vec<Finding>) {
    tell(
        grid,
        Severity::Error,
        seen,
        "读取时不分有没有删除线，会照样印出",
        "不要的请删去内容，要的请取消删除线。",
        findings,
    );
}

fn tell_colourless(grid: &Grid, seen: Vec<Seen>, findings: &mut Vec<Finding>) {
    tell(
        grid,
        Severity::Warning,
        seen,
        "里面的内容仍读取了，会印在表上",
        "请把字的颜色改为黑色、数字格式改为常规后核对；不要的请删去。",
        findings,
    );
}

/// Whether a field is judged by how large its number is.
fn is_number(field: &Field) -> bool {
    matches!(field.kind, Kind::Count | Kind::Decimal)
}

/// A number that is shown rounded. Of what is counted there are no parts, so that one of the two is wrong; of other numbers the shown one
/// is printed.
fn rounded(grid: &Grid, place: Place, (called, field): (&str, &Field)) -> Finding {
    if field.kind == Kind::Count {
        return Finding::error(
            "I12",
            place,
            format!(
                "{}{called}里存的不是整数，表上显示的是舍入后的。",
                grid.called()
            ),
            "请照实际填写整数。",
        );
    }
    Finding::warning(
        "I12",
        place,
        format!(
            "{}{called}里存的数有更多位小数，表上显示的是舍入后的，按显示的读取。",
            grid.called()
        ),
        "请照要印的数填写；原来的数对的，请改单元格的数字格式，让它全部显示出来。",
    )
}

fn tell_otherwise(grid: &Grid, seen: Vec<Seen>, findings: &mut Vec<Finding>) {
    for (place, called) in seen.into_iter().take(MOST) {
        findings.push(Finding::warning(
            "I12",
            place,
            format!(
                "{}{called}的数字格式不认识，表上显示的与读取的可能不同，按单元格里存的数读取。",
                grid.called()
            ),
            "请把单元格设为文本格式，照要印的样子填写。",
        ));
    }
}

/// Tells of each, or, of many, of the first and how many there are.
fn tell(
    grid: &Grid,
    severity: Severity,
    seen: Vec<Seen>,
    what: &str,
    hint: &str,
    findings: &mut Vec<Finding>,
) {
    let all = seen.len();
    for (n, (place, message)) in seen.into_iter().enumerate() {
        let last = n + 1 == MOST && all > MOST;
        let more = if last {
            format!("等{}处", all - n)
        } else {
            String::new()
        };
        let message = format!("{}{message}{more}，{what}。", grid.called());
        findings.push(Finding::new(severity, "I16", place, message, hint));
        if last {
            return;
        }
    }
}
