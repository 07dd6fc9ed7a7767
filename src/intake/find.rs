//! Which grid is which sheet, and where in it the heading row stands.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::{Campaign, Sheet};
use crate::finding::Finding;
use crate::ooxml::CellValue;
use crate::text::heading::fold_heading as fold;

use super::grid::Grid;
use super::map::{Headings, Target, sheet_named};

/// How many rows from the top the heading row may stand.
const HEAD_WITHIN: u32 = 20;

/// A grid known to be a sheet.
pub(super) struct KnownSheet<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) grid: Grid,
}

/// Gives every grid its sheet, first by name, then by headings; the others are told of.
pub(super) fn assign<'a>(
    campaign: &'a Campaign,
    grids: Vec<Grid>,
    findings: &mut Vec<Finding>,
) -> Vec<KnownSheet<'a>> {
    let mut known: Vec<KnownSheet<'a>> = Vec::new();
    let mut others = Vec::new();
    for grid in grids {
        match by_name(campaign, &grid) {
            Some(sheet) => add(&mut known, sheet, grid, findings),
            None => others.push(grid),
        }
    }
    for grid in others {
        if grid.rows.is_empty() || grid.hidden || is_explanation(&grid.sheet) {
            continue;
        }
        let free = |sheet: &&Sheet| known.iter().all(|k| k.sheet.key != sheet.key);
        let best = campaign
            .sheets
            .iter()
            .filter(free)
            .map(|sheet| (score(campaign, sheet, &grid), sheet))
            .filter(|(score, sheet)| *score >= 3 || *score >= 2 && *score == sheet.fields.len())
            .max_by_key(|(score, _)| *score);
        let second = second_of(campaign, &known, &grid, best.map_or(0, |(score, _)| score));
        if let Some((sheet, rows)) = second {
            findings.push(Finding::error(
                "I11",
                grid.whole(),
                format!(
                    "{}的标题与“{}”相同，里面有{rows}行，没有读取：已经有一张“{}”。",
                    grid.called(),
                    sheet.label,
                    sheet.label
                ),
                format!(
                    "请把要报送的行移到“{}”里，再删去这张表；不报送的请直接删去。",
                    sheet.label
                ),
            ));
        } else if let Some((_, sheet)) = best {
            findings.push(Finding::info(
                "I2",
                grid.whole(),
                format!("{}按其标题认作“{}”。", grid.called(), sheet.label),
                format!(
                    "如认错了，请把它改名；要避免误认，请命名为“{}”。",
                    sheet.label
                ),
            ));
            add(&mut known, sheet, grid, findings);
        } else {
            findings.push(Finding::warning(
                "I11",
                grid.whole(),
                format!("{}不认识，没有读取。", grid.called()),
                format!("需要读取的表应命名为{}。", names(campaign)),
            ));
        }
    }
    known
}

/// The sheet that a grid with data looks like more than any that is still wanted and that was found already, and its rows below the
/// headings.
fn second_of<'a>(
    campaign: &'a Campaign,
    known: &[KnownSheet<'a>],
    grid: &Grid,
    wanted: usize,
) -> Option<(&'a Sheet, usize)> {
    let alike = known
        .iter()
        .map(|k| (score(campaign, k.sheet, grid), k.sheet))
        .filter(|(score, _)| *score >= 3 && *score > wanted)
        .max_by_key(|(score, _)| *score);
    let rows = grid.rows.iter().filter(|row| !is_example(row)).count();
    let (_, sheet) = alike.filter(|_| rows > 1)?;
    Some((sheet, rows - 1))
}

/// Whether sheets are of a wholly different table: none is the unit's, and none asks for half of what must be known of a candidate. Then the
/// labels that are missing; else none.
pub(super) fn another_table(campaign: &Campaign, known: &[KnownSheet<'_>]) -> Option<Vec<String>> {
    let alone = |of: crate::campaign::Owner| {
        known
            .iter()
            .find(move |k| k.sheet.of == of && !k.sheet.rows)
    };
    // a list of ours alone, such as one file of several
    let ours = |k: &KnownSheet<'_>| {
        let headings = Headings::new(campaign, k.sheet);
        k.sheet.rows
            && by_name(campaign, &k.grid).is_some()
            && (k.grid.rows.is_empty() || head_row(&k.grid, &headings).is_some())
    };
    if alone(crate::campaign::Owner::Unit).is_some() || known.iter().any(ours) {
        return None;
    }
    let wanted = campaign.candidate_sheet()?;
    let mut present = BTreeSet::new();
    if let Some(found) = alone(crate::campaign::Owner::Candidate) {
        let headings = Headings::new(campaign, found.sheet);
        let row = head_row(&found.grid, &headings).map(|(index, _)| index);
        let heads = row.map(|index| heads(&found.grid, index));
        for head in heads.iter().flat_map(BTreeMap::values) {
            if let Some(Target::Field(index)) = headings.find(head) {
                present.insert(index);
            }
        }
    }
    let required = wanted.fields.iter().enumerate().filter(|(_, f)| f.required);
    let (there, lacking): (Vec<_>, Vec<_>) = required.partition(|(n, _)| present.contains(n));
    (there.len() < lacking.len()).then(|| lacking.iter().map(|(_, f)| f.label.clone()).collect())
}

/// Adds a grid to its sheet; a second one of the same sheet is refused.
fn add<'a>(
    known: &mut Vec<KnownSheet<'a>>,
    sheet: &'a Sheet,
    grid: Grid,
    findings: &mut Vec<Finding>,
) {
    if let Some(first) = known.iter().find(|k| k.sheet.key == sheet.key) {
        // An empty copy is not worth a word.
        if !grid.rows.is_empty() {
            findings.push(Finding::error(
                "I11",
                grid.whole(),
                format!(
                    "{}与{}都是“{}”，只读取了前一个。",
                    grid.called(),
                    first.grid.called(),
                    sheet.label
                ),
                "请合并成一个，删除多余的。",
            ));
        }
        return;
    }
    known.push(KnownSheet { sheet, grid });
}

/// The sheet by its name; a text file's name may have more words before or behind.
fn by_name<'a>(campaign: &'a Campaign, grid: &Grid) -> Option<&'a Sheet> {
    if let Some(sheet) = sheet_named(campaign, &grid.sheet) {
        return Some(sheet);
    }
    if !grid.plain {
        return None;
    }
    grid.sheet
        .split(['-', '_', ' ', '—', '－', '.', '·'])
        .rev()
        .find_map(|part| sheet_named(campaign, part))
}

/// Whether a sheet explains and holds no data.
pub(super) fn is_explanation(name: &str) -> bool {
    [
        "说明",
        "须知",
        "代码",
        "样例",
        "示例",
        "字典",
        "选项",
        "校验结果",
    ]
    .iter()
    .any(|word| name.contains(word))
}

/// All sheets' names, for a hint.
fn names(campaign: &Campaign) -> String {
    let names: Vec<String> = campaign
        .sheets
        .iter()
        .map(|s| format!("“{}”", s.label))
        .collect();
    names.join("")
}

/// How many fields of a sheet a grid asks for.
fn score(campaign: &Campaign, sheet: &Sheet, grid: &Grid) -> usize {
    let headings = Headings::new(campaign, sheet);
    let across = head_row(grid, &headings).map_or(0, |(_, score)| score);
    if sheet.of == crate::campaign::Owner::Unit && !sheet.rows {
        let down = label_columns(grid, &headings).iter().map(|c| c.1).max();
        return across.max(down.unwrap_or(0));
    }
    across
}

/// The row with most headings among the first, as an index into the grid's rows, and how many fields it asks for. One word
/// alone makes no heading row, unless the sheet has but one field.
pub(super) fn head_row(grid: &Grid, headings: &Headings<'_>) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    for (index, row) in grid.rows.iter().enumerate() {
        if row.number.saturating_sub(grid.top) >= HEAD_WITHIN {
            break;
        }
        let score = fields_of(&heads(grid, index), headings);
        if score >= headings.least() && best.is_none_or(|(_, most)| score > most) {
            best = Some((index, score));
        }
    }
    best
}

/// The number of different fields, the link among them, that heads ask for.
fn fields_of(heads: &BTreeMap<u32, String>, headings: &Headings<'_>) -> usize {
    let mut fields = BTreeSet::new();
    for head in heads.values() {
        match headings.find(head) {
            Some(Target::Field(index)) => {
                fields.insert(index);
            }
            Some(Target::Link) => {
                fields.insert(usize::MAX);
            }
            _ => {}
        }
    }
    fields.len()
}

/// The texts of a heading row by column; a head merged down from a row above stands in it too.
pub(super) fn heads(grid: &Grid, index: usize) -> BTreeMap<u32, String> {
    let mut heads = BTreeMap::new();
    let Some(row) = grid.rows.get(index) else {
        return heads;
    };
    for (column, raw) in &row.cells {
        heads.insert(*column, raw.shown());
    }
    for merge in &grid.merges {
        if merge.top < row.number
            && row.number <= merge.bottom
            && merge.left == merge.right
            && let Some(CellValue::Text(text)) = grid.shown_at(index, merge.left)
        {
            heads.entry(merge.left).or_insert_with(|| text.clone());
        }
    }
    heads
}

/// In how many rows labels beside values are looked for: a unit's sheet and a card with its lists are far shorter, a list of people
/// may be far longer.
const LABELS_WITHIN: usize = 400;

/// Columns that hold labels of a sheet in the form label, value: column and number of labels, for columns with two or
/// more, or the best one.
pub(super) fn label_columns(grid: &Grid, headings: &Headings<'_>) -> Vec<(u32, usize)> {
    let mut fields: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    for row in grid.rows.iter().take(LABELS_WITHIN) {
        for (column, raw) in &row.cells {
            if let Some(Target::Field(index)) = raw.text().and_then(|text| headings.find(text)) {
                fields.entry(*column).or_default().insert(index);
            }
        }
    }
    let most = fields.values().map(BTreeSet::len).max().unwrap_or(0);
    fields
        .into_iter()
        .map(|(column, found)| (column, found.len()))
        .filter(|(_, count)| *count >= 2 || *count == most)
        .collect()
}

/// Whether a row is an example that is not to be read.
pub(super) fn is_example(row: &super::grid::GridRow) -> bool {
    let marked = row
        .cells
        .iter()
        .filter_map(|(_, raw)| raw.text())
        .any(|text| text.contains("示例行") && text.contains("不读取"));
    let first = row.cells.first().and_then(|(_, raw)| raw.text());
    marked
        || first.is_some_and(|text| {
            matches!(
                fold(text).as_str(),
                "示例" | "例" | "例如" | "样例" | "示例行" | "填写示例" | "填写样例"
            )
        })
}
