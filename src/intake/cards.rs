//! Cards (卡片): sheets that each hold one candidate, labels beside values and the candidate's lists below. Which sheet is a card is seen
//! by its labels, whatever it is called: people copy cards and name them after persons. The blank ones are made in `blank_cards`.

use crate::campaign::{Campaign, Field, Kind, Owner, Sheet};
use crate::finding::{Finding, Place, Severity};
use crate::ooxml::CellValue;
use crate::record::Entry;
use crate::text::heading::fold_heading as fold;
use crate::text::width::fold_width;

use super::asides;
use super::find::{KnownSheet, head_row, is_explanation, label_columns};
use super::grid::{Grid, GridRow};
use super::map::{Headings, Target, sheet_named};
use super::people::{Candidate, list_row, name_of};
use super::row_kind::{is_choice, is_sum};
use super::rows::{MappedGrid, brief, table};
use super::unit::{Pairs, unlabelled, value_column};
use super::unseen;
use super::value::ValueReader;

/// How many labels of a candidate's fields make a card.
const LEAST_LABELS: usize = 4;
/// In how many rows below a list's name its headings stand.
const HEADS_WITHIN: usize = 3;

/// Cards, and the other grids.
pub(super) fn split(campaign: &Campaign, grids: Vec<Grid>) -> (Vec<Grid>, Vec<Grid>) {
    let Some(sheet) = campaign.candidate_sheet() else {
        return (Vec::new(), grids);
    };
    let of_people = Headings::new(campaign, sheet);
    let others: Vec<Headings<'_>> = campaign
        .sheets
        .iter()
        .filter(|s| !(s.of == Owner::Candidate && s.rows))
        .filter(|s| s.key != sheet.key)
        .map(|s| Headings::new(campaign, s))
        .collect();
    grids.into_iter().partition(|grid| {
        let score = labels(grid, &of_people);
        let least = LEAST_LABELS.min(sheet.fields.len());
        let across = head_row(grid, &of_people).map_or(0, |(_, score)| score);
        score >= least.max(2)
            && score > across
            && others.iter().all(|h| score > labels(grid, h))
            && !explains(&grid.sheet)
    })
}

/// Whether a sheet's name says that it explains; one that is called an example may be a card that somebody filled in.
fn explains(name: &str) -> bool {
    is_explanation(name) && !["示例", "样例"].iter().any(|word| name.contains(word))
}

/// Whether a sheet is called nothing but an example: 示例, 样例2, 填写示例.
fn called_example(name: &str) -> bool {
    let folded = fold(name);
    let word = folded.trim_end_matches(|c: char| c.is_ascii_digit());
    ["示例", "样例", "填写示例", "填写样例", "示例卡", "样例卡"].contains(&word)
}

/// I11: a card that is called an example, and whose contents are somebody's own.
fn own_example(grid: &Grid) -> Finding {
    Finding::warning(
        "I11",
        grid.whole(),
        format!("{}按其名称看作示例，没有读取。", grid.called()),
        "如果填的是候选人，请把工作表改名为候选人的姓名；如果只是样子，可以删去。",
    )
}

/// The column that holds the labels of a grid: the one with most of them, where nothing stands left of them; and how many there are.
fn label_column(grid: &Grid, headings: &Headings<'_>) -> Option<(u32, usize)> {
    let columns = label_columns(grid, headings);
    let most = columns.iter().map(|c| c.1).max()?;
    let (column, count) = columns.into_iter().find(|c| c.1 == most)?;
    let first = grid.rows.iter().filter(|row| {
        let first = row.cells.first();
        first.is_some_and(|(at, raw)| *at == column && is_field(headings, raw))
    });
    (first.count() * 2 > count).then_some((column, count))
}

/// How many labels stand in the column of labels.
fn labels(grid: &Grid, headings: &Headings<'_>) -> usize {
    label_column(grid, headings).map_or(0, |(_, count)| count)
}

/// Whether a cell names a field.
fn is_field(headings: &Headings<'_>, raw: &CellValue) -> bool {
    let target = raw.text().and_then(|text| headings.find(text));
    matches!(target, Some(Target::Field(_)))
}

/// Whether a card shows how to fill one in, and is not read.
fn is_example(grid: &Grid) -> bool {
    let top = grid.rows.iter().take(3).flat_map(|row| &row.cells);
    let mut texts = top.filter_map(|(_, raw)| raw.text());
    texts.any(|text| text.contains("示例卡") && text.contains("不读取"))
}

/// Reads all cards, in the order of the sheets. Those that are not filled in are nobody's.
pub(super) fn read(
    campaign: &Campaign,
    cards: &[Grid],
    findings: &mut Vec<Finding>,
) -> Vec<Candidate> {
    let Some(sheet) = campaign.candidate_sheet() else {
        return Vec::new();
    };
    let mut people: Vec<Candidate> = Vec::new();
    let before = findings.len();
    for grid in cards {
        let card = Card::new(campaign, sheet, grid);
        let example = ["示例", "样例"].iter().any(|w| grid.sheet.contains(w));
        if is_example(grid) || example && card.typed_over().is_none() {
            findings.extend(card.typed_over());
        } else if called_example(&grid.sheet) {
            findings.extend(card.typed_over().map(|_| own_example(grid)));
        } else if let Some(entry) = card.read(findings) {
            let order = (people.len() + 1).to_string();
            people.push(Candidate { entry, order });
        }
    }
    if let (true, true, Some(first)) = (people.is_empty(), findings.len() == before, cards.first())
    {
        findings.push(Finding::error(
            "I8",
            first.whole(),
            "没有一张卡片填写了候选人。".to_owned(),
            "请在卡片上填写候选人，每人一张；示例卡不会读取。",
        ));
    }
    people
}

/// What is told where a workbook has a list of candidates beside cards: both are read, and an empty list beside filled cards is no
/// fault.
pub(super) fn beside(
    strip: &KnownSheet<'_>,
    (listed, on_cards): (&[Candidate], &[Candidate]),
    before: usize,
    findings: &mut Vec<Finding>,
) {
    if on_cards.is_empty() {
        return;
    }
    if listed.is_empty() {
        let told = findings.split_off(before);
        findings.extend(told.into_iter().filter(|f| f.code != "I8"));
        return;
    }
    findings.push(Finding::warning(
        "I11",
        strip.grid.whole(),
        format!(
            "候选人既填在{}（{}人），又填在卡片上（{}人），两处都读取了，表中的排在前面。",
            strip.grid.called(),
            listed.len(),
            on_cards.len()
        ),
        "每位候选人只填一处；同一人两处都填了的，请删去一处。",
    ));
}

/// A card, taken apart.
struct Card<'g, 'c> {
    campaign: &'c Campaign,
    sheet: &'c Sheet,
    headings: Headings<'c>,
    grid: &'g Grid,
    /// What stands above the lists.
    top: Vec<&'g GridRow>,
    /// The column of labels.
    column: u32,
    /// Lists: the sheet, the row of its name, and the part of the grid below.
    lists: Vec<(&'c Sheet, u32, Grid)>,
}

impl<'g, 'c> Card<'g, 'c> {
    fn new(campaign: &'c Campaign, sheet: &'c Sheet, grid: &'g Grid) -> Self {
        let headings = Headings::new(campaign, sheet);
        let column = label_column(grid, &headings).map_or(0, |c| c.0);
        let names: Vec<(usize, &Sheet)> = (0..grid.rows.len())
            .filter_map(|at| Some((at, list_named(campaign, grid, at)?)))
            .collect();
        let end = names.first().map_or(grid.rows.len(), |n| n.0);
        let lists = names.iter().enumerate().map(|(n, (at, list))| {
            let until = names.get(n + 1).map_or(grid.rows.len(), |next| next.0);
            let number = grid.rows.get(*at).map_or(0, |row| row.number);
            let part = Grid {
                rows: grid.rows.get(at + 1..until).unwrap_or_default().to_vec(),
                top: number,
                file: grid.file.clone(),
                sheet: grid.sheet.clone(),
                plain: grid.plain,
                hidden: grid.hidden,
                merges: grid.merges.clone(),
                pictures: Vec::new(),
                unseen: grid.unseen.clone(),
            };
            (*list, number, part)
        });
        Self {
            campaign,
            sheet,
            headings,
            grid,
            top: grid.rows.iter().take(end).collect(),
            column,
            lists: lists.collect(),
        }
    }

    /// Fields that stand on the card with what is answered.
    fn answers(&self) -> Vec<(&'c Field, &'g GridRow, u32, Option<&'g CellValue>)> {
        let of = |row: &&'g GridRow| {
            let label = row.cell(self.column).and_then(CellValue::text)?;
            let field = self.headings.field(self.headings.find(label)?)?;
            let at = value_column(self.grid, row, self.column);
            let raw = row.cell(at).filter(|raw| !raw.is_blank());
            Some((field, *row, at, raw))
        };
        self.top.iter().filter_map(of).collect()
    }

    /// Reads the card; none where nobody stands on it, which is told unless it is blank.
    fn read(&self, findings: &mut Vec<Finding>) -> Option<Entry> {
        let tables: Vec<(&Sheet, u32, Headings<'_>, &Grid)> = self
            .lists
            .iter()
            .map(|(list, at, part)| (*list, *at, Headings::new(self.campaign, list), part))
            .collect();
        let answers = self.answers();
        let mut told = Vec::new();
        let mut filled = Vec::new();
        for (list, at, headings, part) in &tables {
            filled.push((*list, *at, headings, table(part, headings, &mut told)));
        }
        let rows = filled.iter().filter_map(|f| f.3.as_ref());
        let listed = rows.flat_map(|t| &t.rows).any(|row| !is_sum(row));
        let given = || answers.iter().filter(|a| a.3.is_some());
        if given().next().is_none() && !listed {
            return None;
        }
        let of = |kind: Kind| given().find(|a| a.0.kind == kind);
        let name = of(Kind::Name).and_then(|a| a.3).map(CellValue::shown);
        let alone = given().count() == 1 && !listed;
        match (&name, of(Kind::IdNo)) {
            (Some(name), None) if alone => {
                findings.push(self.nobody(format!("只有“{}”，别的都没有填", brief(name))));
                return None;
            }
            (None, None) => {
                let chosen = !listed && given().all(|a| is_choice(a.0));
                findings.push(self.nameless(chosen));
                return None;
            }
            _ => {}
        }
        findings.extend(told);
        let record = name_of(&name.unwrap_or_default());
        let mut entry = self.entry(&record, &answers, findings);
        for (list, at, headings, table) in &filled {
            let place = self.grid.place(*at, self.column);
            entry.places.insert(list.key.clone(), place);
            let Some(table) = table else { continue };
            self.rows(list, headings, table, (&record, &mut entry), findings);
        }
        Some(entry)
    }

    /// The fields of the card.
    fn entry(
        &self,
        record: &str,
        answers: &[(&Field, &GridRow, u32, Option<&CellValue>)],
        findings: &mut Vec<Finding>,
    ) -> Entry {
        let named = answers.iter().find(|a| a.0.kind == Kind::Name);
        let place = named.map_or_else(|| self.grid.whole(), |a| self.grid.place(a.1.number, a.2));
        let mut entry = Entry {
            place: place.of(record, ""),
            ..Entry::default()
        };
        let mut pairs = Pairs {
            headings: &self.headings,
            grid: self.grid,
            columns: &[self.column],
            entry: &mut entry,
            reading: ValueReader {
                campaign: self.campaign,
                findings,
            },
            record,
            begun: false,
        };
        for row in &self.top {
            pairs.row(row);
        }
        unlabelled(
            &self.headings,
            self.grid,
            &self.top,
            &[self.column],
            findings,
        );
        unseen::sheet(self.grid, findings);
        self.missing(answers, findings);
        entry
    }

    /// The rows of one list.
    fn rows(
        &self,
        list: &Sheet,
        headings: &Headings<'_>,
        table: &MappedGrid<'_>,
        (record, entry): (&str, &mut Entry),
        findings: &mut Vec<Finding>,
    ) {
        let (sums, rows): (Vec<&GridRow>, Vec<&GridRow>) =
            table.rows.iter().copied().partition(|row| is_sum(row));
        asides::sums(headings, table, &rows, &sums, findings);
        asides::told(table, &|_| false, findings);
        unseen::rows(list, table, headings, &rows, findings);
        let mut reading = ValueReader {
            campaign: self.campaign,
            findings,
        };
        for row in rows {
            list_row(list, headings, table, row, record, entry, &mut reading);
        }
    }

    /// Told of required fields and of lists that are not on the card at all.
    fn missing(
        &self,
        answers: &[(&Field, &GridRow, u32, Option<&CellValue>)],
        findings: &mut Vec<Finding>,
    ) {
        let lacks = |f: &&Field| f.required && answers.iter().all(|a| a.0.key != f.key);
        let fields = self.sheet.fields.iter().filter(lacks);
        let here = |s: &&Sheet| self.lists.iter().all(|l| l.0.key != s.key);
        let lists = self.campaign.candidate_lists().filter(|s| s.least > 0);
        let missing: Vec<String> = fields
            .map(|f| format!("“{}”", f.label))
            .chain(lists.filter(here).map(|s| format!("“{}”", s.label)))
            .collect();
        if !missing.is_empty() {
            findings.push(Finding::warning(
                "I2",
                self.grid.whole(),
                format!("{}没有{}。", self.grid.called(), missing.join("、")),
                "请从空白卡片复制这些项目，补填内容。",
            ));
        }
    }

    /// A card that is filled in, and nobody stands on it.
    fn nameless(&self, chosen: bool) -> Finding {
        if !chosen {
            return self.nobody("填有内容，但没有姓名和身份证号".to_owned());
        }
        let mut finding = self.nobody("没有姓名，只有下拉选项的内容".to_owned());
        finding.severity = Severity::Warning;
        finding
    }

    /// I13: the cell in which the name is wanted, and why nobody stands on the card.
    fn nobody(&self, why: String) -> Finding {
        Finding::error(
            "I13",
            self.name_place(),
            format!("{}{why}，没有算作候选人。", self.grid.called()),
            "如果这张卡片是候选人，请填写姓名和身份证号等各栏；不是的，请清空或删去它。",
        )
    }

    /// The cell in which the name stands or is wanted.
    fn name_place(&self) -> Place {
        let answers = self.answers();
        let name = answers.iter().find(|a| a.0.kind == Kind::Name);
        name.map_or_else(|| self.grid.whole(), |a| self.grid.place(a.1.number, a.2))
    }

    /// I13: an example card in which something else stands than it came with.
    fn typed_over(&self) -> Option<Finding> {
        let differs = |field: &Field, raw: &CellValue| {
            let (typed, example) = (plain(&raw.shown()), plain(&field.example));
            !typed.is_empty() && typed != example
        };
        let answers = self.answers();
        let own = answers.iter().find_map(|(field, row, at, raw)| {
            Some((row.number, *at, (*raw)?)).filter(|c| differs(field, c.2))
        });
        let listed = || {
            self.lists.iter().find_map(|(list, _, part)| {
                let headings = Headings::new(self.campaign, list);
                let table = table(part, &headings, &mut Vec::new())?;
                let (columns, rows) = (table.columns, table.rows);
                rows.into_iter().find_map(|row| {
                    columns.iter().find_map(|(column, target)| {
                        let field = headings.field(*target)?;
                        let at = part.rows.iter().position(|r| r.number == row.number)?;
                        let raw = part.rows.get(at)?.cell(*column)?;
                        differs(field, raw).then(|| (row.number, *column, raw.shown()))
                    })
                })
            })
        };
        let (row, column, typed) = own
            .map(|(row, column, raw)| (row, column, raw.shown()))
            .or_else(listed)?;
        Some(Finding::error(
            "I13",
            self.grid.place(row, column),
            format!(
                "{}是示例卡，不读取，里面却填了“{}”。",
                self.grid.called(),
                brief(&typed)
            ),
            "如果填的是要报送的内容，请删去第一格的“示例卡（不读取）”，或把内容移到空白卡片上；如果只是样子，请删去这张卡片。",
        ))
    }
}

/// A text as it is compared with an example.
fn plain(text: &str) -> String {
    fold_width(text).split_whitespace().collect()
}

/// The list whose name stands at the head of a row, with its headings below.
fn list_named<'c>(campaign: &'c Campaign, grid: &Grid, at: usize) -> Option<&'c Sheet> {
    let row = grid.rows.get(at)?;
    let (_, raw) = row.cells.first()?;
    let list = sheet_named(campaign, raw.text()?)?;
    if list.of != Owner::Candidate || !list.rows {
        return None;
    }
    let headings = Headings::new(campaign, list);
    let heads = |at: usize| {
        let cells = grid.rows.get(at).map_or(&[][..], |row| &row.cells);
        cells
            .iter()
            .filter(|(_, raw)| is_field(&headings, raw))
            .count()
            >= headings.least()
    };
    let headed = (at + 1..=at + HEADS_WITHIN).any(heads);
    (headed || row.cells.len() == 1).then_some(list)
}
