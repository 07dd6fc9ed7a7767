//! Which rows of a list of people are people: nobody is without a name and an identity number. Sums, notes below a list and rows that
//! were only made ready are told once each and never become candidates.

use crate::campaign::{Field, Kind};
use crate::finding::{Finding, Severity};
use crate::ooxml::CellValue;

use super::grid::{Grid, GridRow};
use super::map::Headings;
use super::rows::{MappedGrid, brief};

/// What a row of a list of people is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RowKind {
    /// A person, complete or not.
    Person,
    /// The headings again, as below a page's end or over a second table.
    Headings,
    /// The sum of the others.
    Sum,
    /// A note such as who filled the list in, or that nothing follows.
    Note(String),
    /// A name, or what may be one, and nothing else.
    Alone(String),
    /// Choices of drop-down lists only, as they are filled down in rows that wait for people.
    Prefilled,
    /// Answers without a name and an identity number.
    Nameless,
}

/// Most answers that stand in a note.
pub(super) const MOST_OF_NOTE: usize = 4;
/// Longest name of a person that stands in no official list of long names, characters.
const LONGEST_NAME: usize = 20;

/// Whether a row is the sum of the others, which is computed and never read.
pub(super) fn is_sum(row: &GridRow) -> bool {
    row.cells
        .iter()
        .take(2)
        .filter_map(|(_, raw)| raw.text())
        .any(|text| {
            let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            let text = text.trim_end_matches([':', '：']);
            matches!(
                text,
                "合计" | "总计" | "小计" | "共计" | "总人数" | "合计人数"
            )
        })
}

/// What a row is, by what stands in it.
pub(super) fn kind_of(headings: &Headings<'_>, table: &MappedGrid<'_>, row: &GridRow) -> RowKind {
    let answers: Vec<(&Field, &CellValue)> = table
        .columns
        .iter()
        .filter_map(|(column, target)| Some((headings.field(*target)?, row.cell(*column)?)))
        .filter(|(_, raw)| !raw.is_blank())
        .collect();
    let mut filled = table.columns.iter().filter_map(|(column, target)| {
        let text = row.cell(*column).filter(|raw| !raw.is_blank())?;
        Some((text, *target))
    });
    // the first answer that is no heading ends it
    let mut heads = 0;
    if filled.all(|(text, target)| {
        heads += 1;
        headings.find(&text.shown()) == Some(target)
    }) && heads > 1
    {
        return RowKind::Headings;
    }
    let of = |kind: Kind| answers.iter().find(|(field, _)| field.kind == kind);
    if of(Kind::IdNo).is_some() {
        return RowKind::Person;
    }
    if is_sum(row) {
        return RowKind::Sum;
    }
    let name = of(Kind::Name).map(|(_, raw)| raw.shown());
    let note = answers.iter().find_map(|(_, raw)| note(&raw.shown()));
    if let Some(note) = note.filter(|_| answers.len() <= MOST_OF_NOTE) {
        return RowKind::Note(note);
    }
    match name {
        Some(name) if answers.len() == 1 => RowKind::Alone(name),
        Some(_) => RowKind::Person,
        None if answers.iter().all(|(field, _)| is_choice(field)) => RowKind::Prefilled,
        None => RowKind::Nameless,
    }
}

/// A text that notes something instead of naming a person or answering a question: a label with a colon, a sentence, 以下空白.
pub(super) fn note(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let inner = plain.trim_matches(['（', '）', '(', ')', '—', '-', '＊', '*']);
    let labelled = inner.split_once(['：', ':']).is_some_and(|(label, _)| {
        let count = label.chars().count();
        (1..=8).contains(&count) && label.chars().all(|c| !c.is_ascii())
    });
    let ends = inner.starts_with("以下") && (inner.contains('空') || inner.contains('无'));
    let long = inner.chars().count() > LONGEST_NAME && inner.contains(['，', '。', '；']);
    (labelled || ends || long && inner.starts_with('注')).then(|| text.trim().to_owned())
}

/// Whether a question is answered by choosing.
pub(super) fn is_choice(field: &Field) -> bool {
    field.codes.is_some() || matches!(field.kind, Kind::Code | Kind::YesNo)
}

/// What is said of a row that is no person; none for one that is.
pub(super) fn told(kind: &RowKind, table: &MappedGrid<'_>, row: &GridRow) -> Option<Finding> {
    let first = row.cells.first().map_or(0, |c| c.0);
    let place = table.grid.place(row.number, first);
    let (called, number) = (table.grid.called(), row.number + 1);
    let (severity, message, hint) = match kind {
        RowKind::Person => return None,
        RowKind::Headings => (
            Severity::Warning,
            format!("{called}第{number}行是重复的标题行，没有读取。"),
            "无需处理，下面的行照常读取；多余的可以删去。",
        ),
        RowKind::Sum => (
            Severity::Info,
            format!("{called}第{number}行是合计，没有读取。"),
            "无需处理；人数由程序统计。",
        ),
        RowKind::Note(note) => {
            let mut finding = unread_note(table.grid, (row.number, first), note, "");
            finding.hint =
                "如果这一行是候选人，请填写姓名和身份证号；不是的，可以删去。".to_owned();
            return Some(finding);
        }
        RowKind::Alone(name) => (
            Severity::Error,
            format!(
                "{called}第{number}行只有“{}”，别的都没有填，没有算作候选人。",
                brief(name)
            ),
            "如果是候选人，请填写身份证号等各栏；不是的，请删去这一行。",
        ),
        RowKind::Prefilled => (
            Severity::Warning,
            format!("{called}第{number}行没有姓名，只有下拉选项的内容，没有算作候选人。"),
            "如果这一行是候选人，请填写姓名和身份证号；不是的，可以删去。",
        ),
        RowKind::Nameless => (
            Severity::Error,
            format!("{called}第{number}行填有内容，但没有姓名和身份证号，没有算作候选人。"),
            "请填写姓名和身份证号；不是候选人的，请删去这一行。",
        ),
    };
    Some(Finding::new(severity, "I13", place, message, hint))
}

/// I13: words in a row that answers nothing, and how many such rows follow (等3行), which may be empty.
pub(super) fn unread_note(
    grid: &Grid,
    (row, column): (u32, u32),
    said: &str,
    more: &str,
) -> Finding {
    Finding::warning(
        "I13",
        grid.place(row, column),
        format!(
            "{}第{}行写的是“{}”{more}，看作表外的说明，没有读取。",
            grid.called(),
            row + 1,
            brief(said)
        ),
        "要报送的，请填到对应的栏目里；不是的，可以删去。",
    )
}
