//! Words among the rows that answer nothing (表里的说明): a sentence in the column of numbers, a line below the list, a remark that whoever
//! follows is only a reserve. None of it is read, and all of it is told: whoever wrote it believes that somebody reads it.

use crate::campaign::{Field, Kind};
use crate::finding::{Finding, Severity};
use crate::ooxml::CellValue;
use crate::text::width::fold_width;

use super::grid::GridRow;
use super::map::{Headings, Target};
use super::row_kind::{MOST_OF_NOTE, is_sum, note, unread_note};
use super::rows::{MappedGrid, brief};

/// Words that say that somebody is not recommended, or not yet.
const RESERVE: [&str; 9] = [
    "备选",
    "备用",
    "候补",
    "递补",
    "替补",
    "后备",
    "备份人选",
    "待定人选",
    "不报送",
];
/// Longest answer that may be a remark about the whole person, characters.
const SHORT: usize = 8;
/// Most rows of one sheet that are told one by one.
const MOST: usize = 10;

/// Whether a text says that a person is a reserve.
pub(super) fn says_reserve(text: &str) -> bool {
    // nearly no answer has any of these characters
    if !text.contains(['备', '补', '后', '待', '报']) {
        return false;
    }
    let tight: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    RESERVE.iter().any(|word| tight.contains(word))
}

/// Whether a text in a column of numbers is a number: 1、 第2名 ③ 四 A1, or a stroke in its place.
pub(super) fn is_ordinal(text: &str) -> bool {
    let tight: String = fold_width(text)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let head = ['第', '(', '[', '#', '№', '.', '\'', '‘', '’'];
    let tail = [
        '.', '、', ',', ')', ']', '。', '名', '号', '位', '个', '条', '项', '人', '\'', '’',
    ];
    let bare = tight.trim_start_matches(head).trim_end_matches(tail);
    let bare = bare.trim_start_matches("No").trim_start_matches("NO");
    let bare = bare.trim_start_matches(head);
    let numeral = |c: char| {
        c.is_ascii_digit()
            || "一二三四五六七八九十百零〇两".contains(c)
            || ('\u{2460}'..='\u{24FF}').contains(&c)
            || ('\u{2160}'..='\u{217F}').contains(&c)
            || ('\u{3220}'..='\u{3229}').contains(&c)
            || ('\u{2776}'..='\u{2793}').contains(&c)
            || ".-/—－_*+".contains(c)
    };
    let coded = bare.len() <= 4 && bare.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    bare.chars().all(numeral) || coded
}

/// Whether a text says that there is nothing to say.
fn is_nothing(text: &str) -> bool {
    matches!(
        text.trim(),
        "无" | "暂无" | "没有" | "—" | "——" | "-" | "/" | "／" | "（无）" | "(无)"
    )
}

/// Whether a row of a list that names nobody is a note below it, such as 以下空白 or 填表人：…; it is told then.
pub(super) fn is_note(table: &MappedGrid<'_>, row: &GridRow, findings: &mut Vec<Finding>) -> bool {
    let named = table
        .cell(row, Target::Link)
        .is_some_and(|raw| !raw.is_blank());
    let texts = row.cells.iter().filter(|(_, raw)| !raw.is_blank());
    let mut notes = texts
        .clone()
        .filter_map(|(at, raw)| Some((*at, note(raw.text()?)?)));
    let Some((column, said)) = notes
        .next()
        .filter(|_| !named && texts.count() <= MOST_OF_NOTE)
    else {
        return false;
    };
    findings.push(unread_note(table.grid, (row.number, column), &said, ""));
    true
}

/// The words of a row without answers, and the column in which they stand; none where it holds only numbers, or a name that is
/// known. `known` tells whether a name is one of the people's.
pub(super) fn words<'r>(
    table: &MappedGrid<'_>,
    row: &'r GridRow,
    known: &dyn Fn(&str) -> bool,
) -> Option<(u32, &'r str)> {
    let target = |column: u32| table.columns.iter().find(|c| c.0 == column).map(|c| c.1);
    row.cells.iter().find_map(|(column, raw)| {
        let text = raw.text().filter(|text| !text.trim().is_empty())?;
        let says = match target(*column) {
            Some(Target::Order) => !is_ordinal(text),
            Some(Target::Link | Target::Identity) => {
                !known(text) && !is_ordinal(text) && !is_nothing(text)
            }
            Some(_) => true,
            // the number of the row itself; other columns without a meaning are told by their headings
            None => table.numbers.contains(column) && !is_ordinal(text),
        };
        says.then_some((*column, text))
    })
}

/// Tells of the rows of a list that hold words and no answers.
pub(super) fn told(
    table: &MappedGrid<'_>,
    known: &dyn Fn(&str) -> bool,
    findings: &mut Vec<Finding>,
) {
    let grid = table.grid;
    let said: Vec<(&GridRow, u32, &str)> = table
        .others
        .iter()
        .filter(|row| !is_sum(row))
        .filter_map(|row| words(table, row, known).map(|(at, text)| (*row, at, text)))
        .collect();
    let all = said.len();
    for (n, (row, column, text)) in said.into_iter().enumerate() {
        let more = match n + 1 == MOST && all > MOST {
            true => format!("等{}行", all - n),
            false => String::new(),
        };
        findings.push(unread_note(grid, (row.number, column), text, &more));
        if !more.is_empty() {
            break;
        }
    }
    for row in &table.others {
        let names = table.columns.iter().filter(|c| c.1 == Target::Link);
        let mut named = names.filter_map(|(column, _)| Some((*column, row.cell(*column)?)));
        if let Some((column, raw)) = named.next().filter(|_| grid.unseen.hides_row(row.number))
            && words(table, row, known).is_none()
        {
            findings.push(Finding::warning(
                "I16",
                grid.place(row.number, column),
                format!(
                    "{}第{}行是隐藏的行，里面只有“{}”，没有读取。",
                    grid.called(),
                    row.number + 1,
                    brief(&raw.shown())
                ),
                "请取消隐藏后核对：要报送的，请把这一行填全；不要的请删去。",
            ));
        }
    }
}

/// Tells of the sums of a list, which are not read, and of those that differ from what the rows come to.
pub(super) fn sums(
    headings: &Headings<'_>,
    table: &MappedGrid<'_>,
    rows: &[&GridRow],
    sums: &[&GridRow],
    findings: &mut Vec<Finding>,
) {
    let grid = table.grid;
    let mut from = 0;
    for sum in sums {
        let first = sum.cells.first().map_or(0, |c| c.0);
        findings.push(Finding::info(
            "I13",
            grid.place(sum.number, first),
            format!("{}第{}行是合计，没有读取。", grid.called(), sum.number + 1),
            "无需处理；合计由程序计算。",
        ));
        let partial = sum
            .cells
            .iter()
            .any(|(_, raw)| raw.shown().contains("小计"));
        let above = rows.iter().filter(|row| row.number < sum.number);
        let above: Vec<&&GridRow> = above.filter(|r| !partial || r.number >= from).collect();
        from = sum.number;
        let numeric = |field: &Field| matches!(field.kind, Kind::Count | Kind::Decimal);
        for (column, target) in &table.columns {
            let field = headings.field(*target).filter(|f| numeric(f));
            let Some((field, said)) = field.zip(sum.cell(*column)) else {
                continue;
            };
            let values = above.iter().filter_map(|row| row.cell(*column));
            let values: Option<Vec<f64>> = values.map(|raw| number_of(raw, field)).collect();
            let (Some(values), Some(said)) = (values, number_of(said, field)) else {
                continue;
            };
            let total: f64 = values.iter().sum();
            if (total - said).abs() > 1e-6 {
                findings.push(Finding::warning(
                    "F15",
                    grid.place(sum.number, *column).of("", &field.key),
                    format!(
                        "{}第{}行的合计“{}”是{said}，上面各行相加却是{}。",
                        grid.called(),
                        sum.number + 1,
                        field.label,
                        (total * 1e6).round() / 1e6
                    ),
                    "印出的合计由程序计算；请核对各行有没有漏填、错填。",
                ));
            }
        }
    }
}

/// The number that a cell holds; none for what is no number.
fn number_of(raw: &CellValue, field: &Field) -> Option<f64> {
    match raw {
        CellValue::Number(number) => Some(*number),
        CellValue::Text(text) => {
            let folded = fold_width(text);
            let number = super::number::count(&folded, &field.unit);
            let number = number
                .or_else(|| super::number::decimal(&folded, &field.unit).map(|d| d.to_string()));
            number?.parse().ok()
        }
        _ => None,
    }
}

/// What follows a remark that whoever comes below is a reserve.
#[derive(Default)]
pub(super) struct Reserves {
    /// Row, column and words of the first such remark.
    said: Option<(u32, u32, String)>,
    /// How many people stand below it.
    below: usize,
}

impl Reserves {
    /// Takes note of words that stand in a row of nobody's; whether they speak of reserves.
    pub(super) fn hear(&mut self, row: u32, column: u32, text: &str) {
        if self.said.is_none() && says_reserve(text) {
            self.said = Some((row, column, text.to_owned()));
        }
    }

    /// Takes note of a person.
    pub(super) fn count(&mut self) {
        self.below += usize::from(self.said.is_some());
    }

    /// Tells of them: they were counted as candidates, which the remark denies. What was said of the same row before gives way.
    pub(super) fn tell(self, table: &MappedGrid<'_>, findings: &mut Vec<Finding>) {
        let Some((row, column, text)) = self.said.filter(|_| self.below > 0) else {
            return;
        };
        let place = table.grid.place(row, column);
        findings.retain(|f| f.code != "I13" || f.place != place);
        findings.push(Finding::error(
            "I13",
            place,
            format!(
                "{}第{}行写着“{}”，下面的{}人仍算作正式候选人，会印在各张表上。",
                table.grid.called(),
                row + 1,
                brief(&text),
                self.below
            ),
            "备选的人不报送：请把他们的行移出工作簿；都是正式推荐的，请删去这句话。",
        ));
    }
}

/// Tells of what a person's own row says about it: a number that is none, and that the person is only a reserve.
pub(super) fn of_person(
    headings: &Headings<'_>,
    table: &MappedGrid<'_>,
    row: &GridRow,
    name: &str,
    findings: &mut Vec<Finding>,
) {
    let called = format!(
        "{}第{}行（{}）",
        table.grid.called(),
        row.number + 1,
        brief(name)
    );
    let order = table.column(Target::Order);
    if let Some((column, text)) = order.and_then(|at| Some((at, row.cell(at)?.text()?)))
        && !is_ordinal(text)
        && !says_reserve(text)
    {
        findings.push(Finding::warning(
            "I15",
            table.grid.place(row.number, column),
            format!(
                "{called}的序号一格写着“{}”，不是数字，没有读取。",
                brief(text)
            ),
            "请改成从 1 起的数字；要报送的内容，请填到对应的栏目里。",
        ));
    }
    let remark = |column: u32, field: Option<&Field>| {
        let free = field.is_none_or(|f| f.kind == Kind::Text && f.codes.is_none());
        let text = row.cell(column)?.text()?.trim();
        let short = text.chars().count() <= SHORT;
        (free && short && says_reserve(text)).then_some(text)
    };
    for (column, target) in &table.columns {
        let field = headings.field(*target);
        if field.is_none() && *target != Target::Order {
            continue;
        }
        let Some(text) = remark(*column, field) else {
            continue;
        };
        let label = field.map_or("序号", |f| f.label.as_str());
        findings.push(Finding::new(
            Severity::Error,
            "I13",
            table.grid.place(row.number, *column),
            format!(
                "{called}的“{label}”写着“{}”，这个人仍算作正式候选人。",
                brief(text)
            ),
            "备选的人不报送：请把这一行移出工作簿；是正式推荐的，请删去这几个字。",
        ));
    }
}
