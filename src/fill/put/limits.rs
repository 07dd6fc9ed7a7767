//! How many entries a form says that a list may have (限几项): by the words above it and at its side, 限3项, 不超过五人. More are written, and
//! that is told.

use crate::campaign::Campaign;
use crate::fill::anatomy::find::{cells, part_tables, rows, table_at, text_in};
use crate::fill::anatomy::grid::{SheetGrid, cell_reader};
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::fill::put::answers::Answers;
use crate::fill::put::judge::at;
use crate::fill::put::prepared::Prepared;
use crate::finding::Finding;
use crate::ooxml::{Element, OoxmlError, OpcPackage, Tree};
use crate::text::width::fold_width;

/// What stands in front of the number.
const AT_MOST: &[&str] = &["限报", "限填", "限", "不超过", "最多填", "最多", "不多于"];
/// What is counted.
const COUNTED: &[char] = &['项', '条', '个', '人', '名', '次', '篇', '部', '件', '位'];
/// Numbers in words, from one.
const NUMBERS: &[char] = &['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];

/// The most entries that some words allow.
fn at_most(text: &str) -> Option<usize> {
    let text = fold_width(text);
    AT_MOST.iter().find_map(|words| {
        let (_, behind) = text.split_once(words)?;
        let behind = behind.trim_start();
        let digits: String = behind.chars().take_while(char::is_ascii_digit).collect();
        let (number, rest) = match digits.is_empty() {
            false => (digits.parse().ok()?, behind.strip_prefix(digits.as_str())?),
            true => {
                let first = behind.chars().next()?;
                let number = NUMBERS.iter().position(|n| *n == first)? + 1;
                (number, behind.strip_prefix(first)?)
            }
        };
        rest.trim_start().starts_with(COUNTED).then_some(number)
    })
}

/// The lists of a form that say how many entries they may have, each by its first place.
pub(super) fn limits(
    package: &OpcPackage,
    places: &[FieldPlace],
) -> Result<Vec<(FieldPlace, usize)>, OoxmlError> {
    let mut firsts: Vec<&FieldPlace> = Vec::new();
    for place in places.iter().filter(|p| p.take == Take::Rows) {
        let same =
            |f: &&FieldPlace| (&f.part, &f.table, f.row) == (&place.part, &place.table, place.row);
        if !firsts.iter().any(same) {
            firsts.push(place);
        }
    }
    let mut out = Vec::new();
    for place in firsts {
        let Ok(xml) = package.text(&place.part) else {
            continue;
        };
        let tree = Tree::read(&place.part, xml)?;
        let words = match place.sheet.is_empty() {
            true => beside_rows(tree.root(), place),
            false => {
                let reader = cell_reader(package)?;
                beside_cells(&SheetGrid::of(&place.part, &tree, &reader)?, place)
            }
        };
        let most = words.iter().find_map(|w| at_most(w));
        out.extend(most.map(|most| (place.clone(), most)));
    }
    Ok(out)
}

/// What stands at the side of the first row of a list in a sheet, and in the two rows above it.
fn beside_cells(grid: &SheetGrid<'_>, place: &FieldPlace) -> Vec<String> {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (row, column) = (number(place.row), number(place.column));
    let side = (0..column).map(|c| grid.text(row, c));
    let above = (1..3).filter_map(|by| row.checked_sub(by));
    let above = above.flat_map(|r| (0..30).map(move |c| (r, c)));
    side.chain(above.map(|(r, c)| grid.text(r, c))).collect()
}

/// What stands in the first row of a list and in the two above it, and in the line above the table.
fn beside_rows(root: Element<'_>, place: &FieldPlace) -> Vec<String> {
    let Some(table) = table_at(root, &place.table) else {
        return Vec::new();
    };
    let all = rows(table);
    let near = all.iter().take(place.row + 1).rev().take(3);
    let cells = near.flat_map(|row| cells(*row));
    let mut words: Vec<String> = cells.map(|c| text_in(c.element)).collect();
    let first = place
        .table
        .first()
        .and_then(|n| part_tables(root).get(*n).copied());
    if let Some((outer, parent)) = first.and_then(|t| Some((t, t.parent()?)))
        && place.row < 3
    {
        let before = parent.children().take_while(|c| *c != outer);
        let before: Vec<Element<'_>> = before.filter(|c| c.is("p")).collect();
        let mut texts = before.into_iter().rev().map(text_in);
        words.extend(texts.find(|t| !t.trim().is_empty()));
    }
    words
}

impl Prepared {
    /// Lists that have more entries than the form says that they may have.
    pub(super) fn too_many(
        &self,
        campaign: &Campaign,
        answers: &Answers,
        file: &str,
        person: &str,
    ) -> Vec<Finding> {
        let told = self.limits.iter().filter_map(|(place, most)| {
            let (list, _) = place.key.split_once('.')?;
            let count = answers.rows(list).len();
            let label = campaign.sheet(list).map_or("名单", |s| s.label.as_str());
            (count > *most).then(|| {
                Finding::warning(
                    "P1",
                    at(file, place).of(person, &place.key),
                    format!("表上写明{label}最多{most}条，要填{count}条，都填进去了。"),
                    "请按表上的要求只留最重要的几条，在工作簿里删去其余的再填；主办单位同意多填的，不必处理。",
                )
            })
        });
        told.collect()
    }
}
