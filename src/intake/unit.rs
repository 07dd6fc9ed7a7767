//! The unit's own values: a sheet of label and value side by side, or one row under headings.

use crate::campaign::{Campaign, Field, Sheet};
use crate::finding::{Finding, Severity};
use crate::ooxml::CellValue;
use crate::record::Entry;

use super::blank::explain;
use super::find::{head_row, label_columns};
use super::grid::{Grid, GridRow};
use super::map::{Headings, Target};
use super::rows::{brief, table, unknown_heading};
use super::unseen;
use super::value::ValueReader;

/// Longest text beside an empty cell that may be its answer, in characters.
const LONGEST_ANSWER: usize = 30;

/// Reads the unit's sheet.
pub(super) fn read(
    campaign: &Campaign,
    sheet: &Sheet,
    grid: &Grid,
    findings: &mut Vec<Finding>,
) -> Entry {
    let headings = Headings::new(campaign, sheet);
    let columns = label_columns(grid, &headings);
    let down = columns.iter().map(|c| c.1).max().unwrap_or(0);
    let across = head_row(grid, &headings).map_or(0, |(_, score)| score);
    let mut entry = Entry {
        place: grid.whole(),
        ..Entry::default()
    };
    if across > down && across > 1 {
        one_row(campaign, &headings, grid, &mut entry, findings);
        return entry;
    }
    if down == 0 {
        if !grid.rows.is_empty() {
            findings.push(Finding::error(
                "I2",
                grid.whole(),
                format!("{}里没有找到认识的项目名称。", grid.called()),
                "请保留模板A列的项目名称，在B列填写。",
            ));
        }
        return entry;
    }
    let columns: Vec<u32> = columns.iter().map(|c| c.0).collect();
    let mut pairs = Pairs {
        headings: &headings,
        grid,
        columns: &columns,
        entry: &mut entry,
        reading: ValueReader { campaign, findings },
        record: "",
        begun: false,
    };
    for row in &grid.rows {
        pairs.row(row);
    }
    let rows: Vec<&GridRow> = grid.rows.iter().collect();
    unlabelled(&headings, grid, &rows, &columns, findings);
    beside_answers(campaign, &headings, grid, &columns, findings);
    unseen::sheet(grid, findings);
    entry
}

/// I4: an answer that was typed over the explanation beside its cell, while the cell itself is empty.
fn beside_answers(
    campaign: &Campaign,
    headings: &Headings<'_>,
    grid: &Grid,
    columns: &[u32],
    findings: &mut Vec<Finding>,
) {
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    for row in &grid.rows {
        for label in columns {
            let field = row.cell(*label).and_then(CellValue::text);
            let field = field.and_then(|text| headings.field(headings.find(text)?));
            let Some(field) = field.filter(|_| row.cell(*label + 1).is_none()) else {
                continue;
            };
            let note = row
                .cell(*label + 2)
                .map(CellValue::shown)
                .unwrap_or_default();
            let shipped = plain(&explain(field, campaign));
            // an explanation of another year is longer than an answer
            let short = note.chars().count() <= LONGEST_ANSWER;
            if note.trim().is_empty() || plain(&note) == shipped || !short {
                continue;
            }
            findings.push(Finding::warning(
                "I4",
                grid.place(row.number, *label + 2).of("", &field.key),
                format!(
                    "“{}”的填写说明一格里写着“{}”，要填的一格是空的，没有读取。",
                    field.label,
                    brief(&note)
                ),
                "如果它就是要报送的内容，请移到左边要填的一格。",
            ));
        }
    }
}

/// I4: what stands among the answers or below them and has no label to its left, so that nobody knows what it answers.
pub(super) fn unlabelled(
    headings: &Headings<'_>,
    grid: &Grid,
    rows: &[&GridRow],
    columns: &[u32],
    findings: &mut Vec<Finding>,
) {
    let labels = |row: &GridRow| -> Vec<(u32, Target)> {
        let of = |column: &u32| {
            let text = row.cell(*column).and_then(CellValue::text)?;
            let target = headings.find(text)?;
            headings.field(target).map(|_| (*column, target))
        };
        columns.iter().filter_map(of).collect()
    };
    let labelled: Vec<usize> = (0..rows.len())
        .filter(|at| rows.get(*at).is_some_and(|row| !labels(row).is_empty()))
        .collect();
    let (Some(first), Some(last)) = (labelled.first(), labelled.last()) else {
        return;
    };
    let present: Vec<Target> = rows
        .iter()
        .flat_map(|row| labels(row))
        .map(|l| l.1)
        .collect();
    let fields = headings.sheet().fields.iter().enumerate();
    let missing: Vec<&Field> = fields
        .filter(|(at, _)| !present.contains(&Target::Field(*at)))
        .map(|(_, field)| field)
        .collect();
    // columns that have a heading of their own, such as 填写说明, explain
    let above = rows.iter().take(*first).flat_map(|row| &row.cells);
    let headed: Vec<u32> = above.map(|(column, _)| *column).collect();
    for (at, row) in rows.iter().enumerate().skip(*first) {
        let below = at > *last;
        for (column, raw) in &row.cells {
            let answered = |label: &u32| {
                row.cell(*label).is_some() && value_column(grid, row, *label) == *column
            };
            let beside = columns.iter().any(answered);
            let is_label = columns.contains(column);
            // a label that nothing stands beside is a title among the items, or a sentence
            let lone = is_label && row.cell(value_column(grid, row, *column)).is_none();
            let aside =
                lone && (below || is_sentence(raw)) && headings.find(&raw.shown()).is_none();
            let value = columns.iter().any(|label| label + 1 == *column);
            let explains = headed.contains(column) && !value && !below;
            if beside || is_label && !aside || explains {
                continue;
            }
            findings.push(match aside {
                true => no_item(grid, (row.number, *column), raw),
                false => no_label(grid, (row.number, *column), raw, value, &missing),
            });
        }
    }
}

/// I4: a text where labels stand, and nothing beside it.
fn no_item(grid: &Grid, (row, column): (u32, u32), raw: &CellValue) -> Finding {
    Finding::warning(
        "I4",
        grid.place(row, column),
        format!(
            "{}第{}行写的“{}”不是项目名称，没有读取。",
            grid.called(),
            row + 1,
            brief(&raw.shown())
        ),
        "要报送的，请填到对应项目右边的一格；不需要的请删去。",
    )
}

/// I4: something without a label to its left; `missing` are the fields that have no label on the sheet.
fn no_label(
    grid: &Grid,
    (row, column): (u32, u32),
    raw: &CellValue,
    value: bool,
    missing: &[&Field],
) -> Finding {
    let place = grid.place(row, column);
    let (place, hint) = match missing {
        [only] if value => (
            place.of("", &only.key),
            format!(
                "表里没有“{}”，如果填的就是它，请在左边补上这个项目名称；不需要的请删去。",
                only.label
            ),
        ),
        _ => (
            place,
            "要报送的，请移到对应项目右边的一格；不需要的请删去。".to_owned(),
        ),
    };
    Finding::warning(
        "I4",
        place,
        format!(
            "{}第{}行的“{}”左边没有项目名称，没有读取。",
            grid.called(),
            row + 1,
            brief(&raw.shown())
        ),
        hint,
    )
}

/// Whether a text where labels stand is a sentence and no title: it has a stop within, or is long.
fn is_sentence(raw: &CellValue) -> bool {
    const LONGEST_TITLE: usize = 20;
    let text = raw.shown();
    let stop = text.contains(['，', '。', '；', '！']) || text.trim_start().starts_with('注');
    stop || text.chars().count() > LONGEST_TITLE
}

/// The form of headings and one row.
fn one_row(
    campaign: &Campaign,
    headings: &Headings<'_>,
    grid: &Grid,
    entry: &mut Entry,
    findings: &mut Vec<Finding>,
) {
    let Some(table) = table(grid, headings, findings) else {
        return;
    };
    let Some(row) = table.rows.first() else {
        return;
    };
    unseen::rows(headings.sheet(), &table, headings, &[*row], findings);
    let mut reading = ValueReader { campaign, findings };
    for (column, target) in &table.columns {
        let Some(field) = headings.field(*target) else {
            continue;
        };
        let place = grid.place(row.number, *column).of("", &field.key);
        if let Some(raw) = row.cell(*column) {
            let text = reading.canonical(field, raw, &place);
            if !text.is_empty() {
                entry.set(&field.key, text);
            }
        }
        entry.places.insert(field.key.clone(), place);
    }
    if let Some(second) = table.rows.get(1) {
        reading.tell(
            Severity::Error,
            "I4",
            &grid.place(second.number, 0),
            format!("{}应只有一行，多出的没有读取。", grid.called()),
            "请只保留本单位的一行。",
        );
    }
}

/// The form of label and value.
pub(super) struct Pairs<'p, 'c> {
    pub(super) headings: &'p Headings<'c>,
    pub(super) grid: &'p Grid,
    /// Columns that hold labels.
    pub(super) columns: &'p [u32],
    pub(super) entry: &'p mut Entry,
    pub(super) reading: ValueReader<'p>,
    /// Whose values they are: a candidate's name, or empty for the unit's.
    pub(super) record: &'p str,
    /// Whether a label was met: what stands above the first is a title.
    pub(super) begun: bool,
}

impl Pairs<'_, '_> {
    /// Takes the pairs of one row.
    pub(super) fn row(&mut self, row: &GridRow) {
        for column in self.columns {
            let Some(label) = row.cell(*column).and_then(CellValue::text) else {
                continue;
            };
            let at = value_column(self.grid, row, *column);
            match self.headings.find(label) {
                Some(target @ Target::Field(_)) => {
                    self.begun = true;
                    self.pair(row, target, at);
                }
                Some(_) => {}
                None if row.cell(at).is_some() && !label.trim().is_empty() => {
                    self.unknown(row, *column, label);
                }
                None => {}
            }
        }
    }

    /// A known label and its value.
    fn pair(&mut self, row: &GridRow, target: Target, at: u32) {
        let Some(field) = self.headings.field(target) else {
            return;
        };
        let place = self.grid.place(row.number, at).of(self.record, &field.key);
        let Some(raw) = row.cell(at) else {
            unseen::comment_on_blank(
                self.grid,
                (row.number, at),
                field,
                &place,
                self.reading.findings,
            );
            self.entry.places.entry(field.key.clone()).or_insert(place);
            return;
        };
        if self.entry.values.contains_key(&field.key) {
            self.reading.tell(
                Severity::Error,
                "I4",
                &place,
                format!(
                    "{}里“{}”出现了两次，只读取了前一个。",
                    self.grid.called(),
                    field.label
                ),
                "请保留一处，删除另一处。",
            );
            return;
        }
        unseen::cell(
            self.grid,
            (row.number, at),
            field,
            &place,
            self.reading.findings,
        );
        let text = self.reading.canonical(field, raw, &place);
        if !text.is_empty() {
            self.entry.set(&field.key, text);
        }
        self.entry.places.insert(field.key.clone(), place);
    }

    /// A label that is not known. Above the first known one only a near miss counts: titles and headings stand there.
    fn unknown(&mut self, row: &GridRow, column: u32, label: &str) {
        let near = self.headings.nearest(label);
        let title = !self.begun && near.is_none();
        // Only the first column of labels is sure to hold labels.
        if title || self.columns.first() != Some(&column) {
            return;
        }
        let missing = near
            .and_then(|label| self.headings.field(self.headings.find(label)?))
            .is_some_and(|field| !self.entry.values.contains_key(&field.key));
        let severity = if missing {
            Severity::Error
        } else {
            Severity::Warning
        };
        let place = self.grid.place(row.number, column);
        self.reading
            .findings
            .push(unknown_heading(severity, place, label, near));
    }
}

/// The column of a label's value: the next one, past the columns that the label's own merge covers.
pub(super) fn value_column(grid: &Grid, row: &GridRow, column: u32) -> u32 {
    let merge = grid
        .merges
        .iter()
        .find(|m| m.left == column && (m.top..=m.bottom).contains(&row.number) && m.right > column);
    merge.map_or(column, |m| m.right) + 1
}
