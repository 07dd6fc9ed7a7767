//! A grid under a heading row: which column is which field, and the rows that hold data. Every heading that cannot
//! be used is a finding. What a cell means is in `value`.

use crate::ooxml::CellValue;
use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::{Field, Owner};
use crate::finding::{Finding, Place, Severity, cell_name};
use crate::text::width::fold_width;

use super::find::{head_row, heads, is_example};
use super::grid::{Grid, GridRow, Region};
use super::map::{Headings, Target};

/// How many findings about merged cells one sheet gets before they are only counted.
const MOST_MERGE_FINDINGS: usize = 10;

/// A grid whose columns are known.
pub(super) struct MappedGrid<'g> {
    pub(super) grid: &'g Grid,
    /// Used columns and what they ask for, in order of columns.
    pub(super) columns: Vec<(u32, Target)>,
    /// Rows with data, without examples.
    pub(super) rows: Vec<&'g GridRow>,
    /// Rows without data that hold something, without examples.
    pub(super) others: Vec<&'g GridRow>,
    /// Columns of running numbers that mean nothing.
    pub(super) numbers: Vec<u32>,
}

impl MappedGrid<'_> {
    /// The column of a target.
    pub(super) fn column(&self, target: Target) -> Option<u32> {
        self.columns.iter().find(|c| c.1 == target).map(|c| c.0)
    }

    /// What stands in a row under a target.
    pub(super) fn cell<'r>(&self, row: &'r GridRow, target: Target) -> Option<&'r CellValue> {
        row.cell(self.column(target)?)
    }

    /// The place of a row's cell under a target, or of the row's first cell.
    pub(super) fn place(&self, row: &GridRow, target: Target) -> Place {
        let first = self.columns.first().map_or(0, |c| c.0);
        self.grid
            .place(row.number, self.column(target).unwrap_or(first))
    }
}

/// Finds the heading row and its columns; none, with a finding, where there is no heading row.
pub(super) fn table<'g>(
    grid: &'g Grid,
    headings: &Headings<'_>,
    findings: &mut Vec<Finding>,
) -> Option<MappedGrid<'g>> {
    let Some((head, _)) = head_row(grid, headings) else {
        if !grid.rows.is_empty() {
            findings.push(Finding::error(
                "I2",
                grid.whole(),
                format!("{}的前20行里没有找到标题行。", grid.called()),
                "请保留模板中的标题行，不要改动标题文字。",
            ));
        }
        return None;
    };
    let head_number = grid.rows.get(head).map_or(0, |r| r.number);
    let rows: Vec<&GridRow> = grid
        .rows
        .iter()
        .skip(head + 1)
        .filter(|row| !is_example(row))
        .collect();
    let mut first_data: BTreeMap<u32, u32> = BTreeMap::new();
    for row in &rows {
        for (column, _) in &row.cells {
            first_data.entry(*column).or_insert(row.number);
        }
    }
    let heads = heads(grid, head);
    let sorter = Sorter {
        grid,
        headings,
        head_number,
        first_data: &first_data,
    };
    let columns = sorter.columns(&heads, findings);
    let (rows, others): (Vec<&GridRow>, Vec<&GridRow>) =
        rows.into_iter().partition(|row| holds_data(row, &columns));
    let (copies, rows): (Vec<&GridRow>, Vec<&GridRow>) = rows
        .into_iter()
        .partition(|row| is_copy(row, headings, &columns));
    for row in copies {
        findings.push(Finding::error(
            "I13",
            grid.place(row.number, columns.first().map_or(0, |c| c.0)),
            format!(
                "{}第{}行与示例行相同，只是没有“示例行（不读取）”几个字，没有读取。",
                grid.called(),
                row.number + 1
            ),
            "如果只是示例，请删去这一行；如果是要报送的，请改成实际内容。",
        ));
    }
    for row in grid.rows.iter().skip(head + 1).filter(|r| is_example(r)) {
        findings.extend(typed_over(grid, row, headings, &columns));
    }
    merges(grid, head_number, &columns, &rows, findings);
    let numbers = heads.iter().filter(|(_, head)| headings.numbers(head));
    Some(MappedGrid {
        grid,
        columns,
        rows,
        others,
        numbers: numbers.map(|(column, _)| *column).collect(),
    })
}

/// I13: an example row in which something else stands than what the workbook came with. It is not read, and whoever typed over it
/// must know.
fn typed_over(
    grid: &Grid,
    row: &GridRow,
    headings: &Headings<'_>,
    columns: &[(u32, Target)],
) -> Option<Finding> {
    let plain = |text: &str| fold_width(text).split_whitespace().collect::<String>();
    let (column, typed) = columns.iter().find_map(|(column, target)| {
        let field = headings.field(*target)?;
        let typed = row.cell(*column)?.shown();
        let same = typed.is_empty() || plain(&typed) == plain(&field.example);
        (!same).then_some((*column, typed))
    })?;
    Some(Finding::error(
        "I13",
        grid.place(row.number, column),
        format!(
            "{}第{}行是示例行，不读取，里面却填了“{}”。",
            grid.called(),
            row.number + 1,
            brief(&typed)
        ),
        "如果填的是要报送的内容，请把它移到下面的行，或把第一格的“示例行（不读取）”改成序号；如果只是样子，请删去这一行。",
    ))
}

/// Whether a row is the example that the workbook came with, whose first cell was typed over: at least three fields are answered, every
/// answer is the example's, and it is nobody's: a person may well have what the example has.
fn is_copy(row: &GridRow, headings: &Headings<'_>, columns: &[(u32, Target)]) -> bool {
    let sheet = headings.sheet();
    // a list of a person's, on a sheet with their name or on their own card
    if sheet.of == Owner::Candidate && sheet.rows {
        return false;
    }
    let plain = |text: &str| fold_width(text).split_whitespace().collect::<String>();
    let mut same = 0;
    for (column, target) in columns {
        let typed = row.cell(*column).map(CellValue::shown).unwrap_or_default();
        let Some(field) = headings.field(*target) else {
            continue;
        };
        if typed.trim().is_empty() {
            continue;
        }
        if field.example.is_empty() || plain(&typed) != plain(&field.example) {
            return false;
        }
        same += 1;
    }
    same >= 3
}

/// Whether a row holds a value of a field; a number or a name alone, as pre-filled rows have, is no data.
fn holds_data(row: &GridRow, columns: &[(u32, Target)]) -> bool {
    columns
        .iter()
        .any(|(column, target)| matches!(target, Target::Field(_)) && row.cell(*column).is_some())
}

/// Sorts headings into those that can be used and those that are told of.
struct Sorter<'s, 'g, 'c> {
    grid: &'g Grid,
    headings: &'s Headings<'c>,
    head_number: u32,
    /// The first row with data, by column.
    first_data: &'s BTreeMap<u32, u32>,
}

impl Sorter<'_, '_, '_> {
    /// Columns that are used.
    fn columns(
        &self,
        heads: &BTreeMap<u32, String>,
        findings: &mut Vec<Finding>,
    ) -> Vec<(u32, Target)> {
        let mut columns: Vec<(u32, Target)> = Vec::new();
        let mut unknown: Vec<(u32, &str)> = Vec::new();
        for (column, head) in heads {
            match self.headings.find(head) {
                None => unknown.push((*column, head)),
                Some(Target::Ignored) => {}
                Some(target) => match columns.iter_mut().find(|c| c.1 == target) {
                    None => columns.push((*column, target)),
                    Some(earlier) => self.twice(earlier, *column, head, findings),
                },
            }
        }
        for (column, head) in unknown {
            self.unknown(column, head, &columns, findings);
        }
        columns.sort_unstable_by_key(|c| c.0);
        for (column, row) in self.first_data {
            if heads.contains_key(column) {
                continue;
            }
            if let Some(field) = self.cleared(*column, &columns) {
                findings.push(Finding::error(
                    "I4",
                    self.grid
                        .place(self.head_number, *column)
                        .of("", &field.key),
                    format!(
                        "{}的{}没有标题，从左右两列看应是“{}”；其下有内容，没有读取。",
                        self.grid.called(),
                        self.grid.column_called(*column),
                        field.label
                    ),
                    format!(
                        "请在这一格补上标题“{}”；不是的，请写上它的标题，或删除该列内容。",
                        field.label
                    ),
                ));
            } else {
                findings.push(Finding::warning(
                    "I4",
                    self.grid.place(*row, *column),
                    format!(
                        "{}的{}没有标题，其下有内容，没有读取。",
                        self.grid.called(),
                        self.grid.column_called(*column)
                    ),
                    "请补上标题，或删除该列内容。",
                ));
            }
        }
        columns
    }

    /// The field whose title was cleared: the one that stands between those of the columns beside, and has no column.
    fn cleared(&self, column: u32, columns: &[(u32, Target)]) -> Option<&Field> {
        let index = |column: u32| {
            let target = columns.iter().find(|c| c.0 == column)?.1;
            match target {
                Target::Field(index) => Some(index),
                _ => None,
            }
        };
        let at = index(column.checked_sub(1)?)? + 1;
        let fits = match columns.iter().any(|c| c.0 > column) {
            true => index(column + 1) == Some(at + 1),
            false => true,
        };
        let target = Target::Field(at);
        let missing = columns.iter().all(|c| c.1 != target);
        self.headings.field(target).filter(|_| fits && missing)
    }

    /// Two columns of one field: one without data gives way, two with data are a fault.
    fn twice(
        &self,
        earlier: &mut (u32, Target),
        column: u32,
        head: &str,
        findings: &mut Vec<Finding>,
    ) {
        let holds = |column: u32| self.first_data.contains_key(&column);
        if !holds(column) {
            return;
        }
        if !holds(earlier.0) {
            earlier.0 = column;
            return;
        }
        // Two running numbers do no harm.
        if earlier.1 == Target::Order {
            return;
        }
        findings.push(Finding::error(
            "I4",
            self.grid.place(self.head_number, column),
            format!(
                "{}有两列都是“{}”（{}和{}的“{}”），只读取了前一列。",
                self.grid.called(),
                self.headings.label(earlier.1),
                self.grid.column_called(earlier.0),
                self.grid.column_called(column),
                brief(head)
            ),
            "请保留一列，删除另一列。",
        ));
    }

    /// I3, with the nearest label. A near one whose own column is missing is most likely a misspelling of it.
    fn unknown(
        &self,
        column: u32,
        head: &str,
        columns: &[(u32, Target)],
        findings: &mut Vec<Finding>,
    ) {
        let near = self.headings.nearest(head);
        let missing = near.is_some_and(|label| {
            let target = self.headings.find(label);
            columns.iter().all(|c| Some(c.1) != target)
        });
        let severity = match (self.first_data.contains_key(&column), missing) {
            (true, true) => Severity::Error,
            (false, false) => Severity::Info,
            _ => Severity::Warning,
        };
        let place = self.grid.place(self.head_number, column);
        findings.push(unknown_heading(severity, place, head, near));
    }
}

/// I3: a heading that nothing is known of.
pub(super) fn unknown_heading(
    severity: Severity,
    place: Place,
    head: &str,
    near: Option<&str>,
) -> Finding {
    let head = brief(head);
    let (kind, known) = match place.is_json() {
        true => ("键", "JSON Schema 里的键"),
        false => ("标题", "模板的标题"),
    };
    match near {
        Some(label) => Finding::new(
            severity,
            "I3",
            place,
            format!("{kind}“{head}”不认识，最接近的是“{label}”。"),
            format!("如果就是“{label}”，请改成这个{kind}；如不需要，请删除。"),
        ),
        None => Finding::new(
            severity,
            "I3",
            place,
            format!("{kind}“{head}”不认识，其内容没有读取。"),
            format!("请对照{known}改正；如不需要，请删除。"),
        ),
    }
}

/// A text short enough for a message.
pub(super) fn brief(text: &str) -> String {
    let text = crate::text::normal::clean_line(text);
    if text.chars().count() <= 24 {
        return text;
    }
    let head: String = text.chars().take(23).collect();
    format!("{head}…")
}

/// I6: merged cells among the data. Only the top left cell has the value, and it is not copied.
fn merges(
    grid: &Grid,
    head_number: u32,
    columns: &[(u32, Target)],
    rows: &[&GridRow],
    findings: &mut Vec<Finding>,
) {
    let used: BTreeSet<u32> = columns.iter().map(|c| c.0).collect();
    let last = rows.last().map_or(0, |r| r.number);
    // a name merged down beside the rows of a list is the name of each, and is read so
    let names_rows = |m: &&Region| {
        let named = rows.iter().find(|row| row.number == m.top);
        let named = named.and_then(|row| row.cell(m.left));
        m.left == m.right
            && columns.contains(&(m.left, Target::Link))
            && named.is_some_and(|raw| !raw.is_blank())
    };
    let touching: Vec<_> = grid
        .merges
        .iter()
        .filter(|m| !names_rows(m))
        .filter(|m| m.top > head_number && m.top <= last && (m.top, m.left) != (m.bottom, m.right))
        .filter(|m| used.range(m.left..=m.right.max(m.left)).next().is_some())
        .collect();
    for (at, merge) in touching.iter().enumerate() {
        let range = format!(
            "{}:{}",
            cell_name(merge.top, merge.left),
            cell_name(merge.bottom, merge.right)
        );
        let (what, hint) = (
            "只有左上角的单元格有值，其余按空白读取。",
            "请取消合并单元格，把内容逐格填写。",
        );
        if at + 1 == MOST_MERGE_FINDINGS && touching.len() > MOST_MERGE_FINDINGS {
            findings.push(Finding::warning(
                "I6",
                grid.place(merge.top, merge.left),
                format!(
                    "{}中{range}等还有{}处合并单元格，{what}",
                    grid.called(),
                    touching.len() - at
                ),
                hint,
            ));
            return;
        }
        findings.push(Finding::warning(
            "I6",
            grid.place(merge.top, merge.left),
            format!("{}中{range}是合并单元格，{what}", grid.called()),
            hint,
        ));
    }
}
