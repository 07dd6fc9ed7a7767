//! Candidates, and the lists whose rows belong to them or to the unit.

use crate::ooxml::CellValue;
use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::{Campaign, Kind, Owner, Sheet};
use crate::finding::{Finding, Place, Severity};
use crate::record::{Entry, Value};
use crate::text::ditto::DITTO;
use crate::text::heading::fold_heading as fold;

use super::asides::{self, Reserves};
use super::find::KnownSheet;
use super::grid::GridRow;
use super::map::{Headings, Target, nearest};
use super::row_kind::{RowKind, is_sum, kind_of, told};
use super::rows::{MappedGrid, brief, table};
use super::unseen;
use super::value::{ValueReader, unreadable};

/// A candidate, with what lists may name it by.
pub(super) struct Candidate {
    pub(super) entry: Entry,
    /// The number in its column 序号, or its place in the list.
    pub(super) order: String,
}

/// Reads the candidates' sheet.
pub(super) fn candidates(
    campaign: &Campaign,
    known: &KnownSheet<'_>,
    findings: &mut Vec<Finding>,
) -> Vec<Candidate> {
    let headings = Headings::new(campaign, known.sheet);
    let Some(table) = table(&known.grid, &headings, findings) else {
        if known.grid.rows.is_empty() {
            findings.push(nobody(known));
        }
        return Vec::new();
    };
    missing_columns(known.sheet, &headings, &table, findings);
    if table.rows.is_empty() {
        findings.push(nobody(known));
    }
    let mut people = Vec::new();
    let mut persons: Vec<&GridRow> = Vec::new();
    let mut highest = 0;
    let mut unordered = None;
    asides::told(&table, &|_| false, findings);
    let mut reserves = Reserves::default();
    let mut others = table.others.iter().peekable();
    for (index, row) in table.rows.iter().enumerate() {
        while let Some(aside) = others.next_if(|aside| aside.number < row.number) {
            if let Some((column, text)) = asides::words(&table, aside, &|_| false) {
                reserves.hear(aside.number, column, text);
            }
        }
        let kind = kind_of(&headings, &table, row);
        if kind != RowKind::Person {
            for (column, raw) in &row.cells {
                reserves.hear(row.number, *column, &raw.shown());
            }
            findings.extend(told(&kind, &table, row));
            continue;
        }
        reserves.count();
        persons.push(*row);
        let mut reading = ValueReader { campaign, findings };
        let (entry, name) = entry(known.sheet, &headings, &table, row, &mut reading);
        asides::of_person(&headings, &table, row, &name, findings);
        let order = match table.cell(row, Target::Order) {
            Some(raw) => raw.shown(),
            None => (index + 1).to_string(),
        };
        if let Ok(number) = order.trim().parse::<u32>() {
            if number < highest && unordered.is_none() {
                unordered = Some(table.place(row, Target::Order));
            }
            highest = highest.max(number);
        }
        people.push(Candidate { entry, order });
    }
    reserves.tell(&table, findings);
    unseen::rows(known.sheet, &table, &headings, &persons, findings);
    if let Some(place) = unordered {
        findings.push(Finding::warning(
            "I15",
            place,
            "序号与行的先后不一致；推荐先后按行排，不按序号。".to_owned(),
            "请把行移到应在的位置（剪切后插入），再把序号改成从 1 起；或改正序号。",
        ));
    }
    if people.is_empty() && !table.rows.is_empty() {
        findings.push(nobody(known));
    }
    people
}

/// I8: a sheet without candidates.
fn nobody(known: &KnownSheet<'_>) -> Finding {
    Finding::error(
        "I8",
        known.grid.whole(),
        format!("{}没有候选人。", known.grid.called()),
        "请在标题行下面填写候选人；示例行不会读取。",
    )
}

/// The values of one row, and the name that stands in it.
fn entry(
    sheet: &Sheet,
    headings: &Headings<'_>,
    table: &MappedGrid<'_>,
    row: &GridRow,
    reading: &mut ValueReader<'_>,
) -> (Entry, String) {
    let name = sheet
        .fields
        .iter()
        .position(|f| f.kind == Kind::Name)
        .and_then(|index| table.cell(row, Target::Field(index)))
        .map(|raw| name_of(&raw.shown()))
        .unwrap_or_default();
    let mut entry = Entry::default();
    for (column, target) in &table.columns {
        let Some(field) = headings.field(*target) else {
            continue;
        };
        let place = table.grid.place(row.number, *column).of(&name, &field.key);
        if let Some(raw) = row.cell(*column) {
            let text = reading.canonical(field, raw, &place);
            if !text.is_empty() {
                entry.set(&field.key, text);
            }
        }
        entry.places.insert(field.key.clone(), place);
    }
    let first = table.columns.first().map_or(0, |c| c.0);
    entry.place = table.grid.place(row.number, first).of(&name, "");
    (entry, name)
}

/// A name for links: canonical, whatever dots and blanks were typed, and whatever stands beside it; several names stay together.
pub(super) fn name_of(text: &str) -> String {
    let names = crate::text::name_cell::name_cell(text).names;
    crate::text::normal::mend(&names.join("、")).0
}

/// Told of required columns that the sheet does not have at all.
fn missing_columns(
    sheet: &Sheet,
    headings: &Headings<'_>,
    table: &MappedGrid<'_>,
    findings: &mut Vec<Finding>,
) {
    let present: BTreeSet<&str> = table
        .columns
        .iter()
        .filter_map(|c| headings.field(c.1))
        .map(|f| f.key.as_str())
        .collect();
    // a column that is there and has lost its title was told already
    let untitled = |key: &str| {
        let here = table.grid.whole();
        let place = |f: &Finding| (f.place.file.clone(), f.place.sheet.clone());
        findings.iter().any(|f| {
            f.code == "I4"
                && f.place.field.as_deref() == Some(key)
                && place(f) == (here.file.clone(), here.sheet.clone())
        })
    };
    let missing: Vec<String> = sheet
        .fields
        .iter()
        .filter(|f| f.required && !present.contains(f.key.as_str()) && !untitled(&f.key))
        .map(|f| format!("“{}”", f.label))
        .collect();
    if !missing.is_empty() {
        findings.push(Finding::warning(
            "I2",
            table.grid.whole(),
            format!("{}没有{}列。", table.grid.called(), missing.join("、")),
            "请从模板复制这些列的标题，补填内容。",
        ));
    }
}

/// The people that rows of lists may belong to.
pub(super) struct People {
    list: Vec<Candidate>,
    by_name: BTreeMap<String, Vec<usize>>,
    /// Key of the identity number's field.
    identity: Option<String>,
    /// What the campaign calls their sheet.
    called: String,
}

impl People {
    /// Candidates, to be found by name.
    pub(super) fn new(campaign: &Campaign, list: Vec<Candidate>) -> Self {
        let fields = campaign.candidate_sheet().map_or(&[][..], |s| &s.fields);
        let key_of = |kind| {
            fields
                .iter()
                .find(|f| f.kind == kind)
                .map(|f| f.key.clone())
        };
        let name = key_of(Kind::Name).unwrap_or_else(|| "name".to_owned());
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, candidate) in list.iter().enumerate() {
            let name = candidate.entry.text(&name);
            by_name.entry(name.to_owned()).or_default().push(index);
        }
        Self {
            list,
            by_name,
            identity: key_of(Kind::IdNo),
            called: campaign.people_word().to_owned(),
        }
    }

    /// The candidates, with the rows that were attached.
    pub(super) fn into_entries(self) -> Vec<Entry> {
        self.list.into_iter().map(|c| c.entry).collect()
    }

    /// Reads a list whose rows belong to candidates; false where rows could be given to nobody.
    pub(super) fn attach(
        &mut self,
        campaign: &Campaign,
        known: &KnownSheet<'_>,
        findings: &mut Vec<Finding>,
    ) -> bool {
        let (sheet, grid) = (known.sheet, &known.grid);
        let headings = Headings::new(campaign, sheet);
        let Some(table) = table(grid, &headings, findings) else {
            return grid.rows.is_empty();
        };
        if table.column(Target::Link).is_none() {
            if !table.rows.is_empty() {
                findings.push(Finding::error(
                    "I5",
                    grid.whole(),
                    format!(
                        "{}没有“{}”列，分不清各行属于谁。",
                        grid.called(),
                        sheet.link
                    ),
                    format!("请增加“{}”列，每行写明候选人姓名。", sheet.link),
                ));
            }
            return table.rows.is_empty();
        }
        for candidate in &mut self.list {
            let place = grid.whole();
            let places = &mut candidate.entry.places;
            places.entry(sheet.key.clone()).or_insert(place);
        }
        let (sums, rows): (Vec<&GridRow>, Vec<&GridRow>) =
            table.rows.iter().copied().partition(|row| is_sum(row));
        asides::sums(&headings, &table, &rows, &sums, findings);
        let known = |text: &str| self.by_name.contains_key(&name_of(text));
        asides::told(&table, &known, findings);
        unseen::rows(sheet, &table, &headings, &rows, findings);
        let mut all = true;
        for row in rows {
            match self.owner(sheet, &table, row) {
                Ok(index) => self.add(campaign, sheet, &headings, &table, row, index, findings),
                Err(_) if asides::is_note(&table, row, findings) => {}
                Err(finding) => {
                    findings.push(*finding);
                    all = false;
                }
            }
        }
        all
    }

    /// Adds one row to its owner.
    #[expect(clippy::too_many_arguments, reason = "all that a row is read with")]
    fn add(
        &mut self,
        campaign: &Campaign,
        sheet: &Sheet,
        headings: &Headings<'_>,
        table: &MappedGrid<'_>,
        row: &GridRow,
        index: usize,
        findings: &mut Vec<Finding>,
    ) {
        let Some(candidate) = self.list.get_mut(index) else {
            return;
        };
        let record = candidate.entry.place.record.clone().unwrap_or_default();
        let mut reading = ValueReader { campaign, findings };
        list_row(
            sheet,
            headings,
            table,
            row,
            &record,
            &mut candidate.entry,
            &mut reading,
        );
    }

    /// The candidate that a row belongs to, or what is wrong with its link.
    fn owner(
        &self,
        sheet: &Sheet,
        table: &MappedGrid<'_>,
        row: &GridRow,
    ) -> Result<usize, Box<Finding>> {
        let place = table.place(row, Target::Link);
        let called = table.grid.called();
        let column = &sheet.link;
        let own = table.cell(row, Target::Link).filter(|raw| !raw.is_blank());
        let Some(raw) = own.or_else(|| spanning(table, row)) else {
            let merged = table.column(Target::Link).is_some_and(|column| {
                table.grid.merges.iter().any(|m| {
                    (m.top..=m.bottom).contains(&row.number) && (m.left..=m.right).contains(&column)
                })
            });
            let why = if merged {
                "（单元格已合并）"
            } else {
                ""
            };
            // the same words for every such row: they are told together, from where to where
            return Err(refused(
                place,
                format!("{called}有内容的行没有写明“{column}”{why}，不知属于谁。"),
                "请在每一行写明候选人姓名，不要合并或留空。",
            ));
        };
        if let Some(finding) = unreadable(column, raw, &place) {
            return Err(Box::new(finding));
        }
        let typed = raw.shown();
        if [fold(&typed).as_str(), typed.trim()]
            .iter()
            .any(|word| DITTO.contains(word))
        {
            return Err(refused(
                place,
                format!("“{column}”填的是“{}”，不知此行属于谁。", brief(&typed)),
                "请在每一行写明候选人姓名，与上一行相同的也照写。",
            ));
        }
        let name = name_of(&typed);
        let same = self.by_name.get(&name).map_or(&[][..], Vec::as_slice);
        if let [only] = same {
            return Ok(*only);
        }
        if let Some(first) = self.listed_twice(same) {
            return Ok(first);
        }
        if let Some(index) = self.told_apart(same, table, row) {
            return Ok(index);
        }
        if same.is_empty() {
            let near = nearest(
                &fold(&name),
                self.by_name
                    .keys()
                    .map(|known| (known.as_str(), known.as_str())),
            );
            let (message, hint) = match near {
                Some(near) => (
                    format!("候选人里没有“{}”，最接近的是“{near}”。", brief(&typed)),
                    format!(
                        "如果就是“{near}”，请改正；否则请先在“{}”表中填写此人。",
                        self.called
                    ),
                ),
                None => (
                    format!("候选人里没有“{}”。", brief(&typed)),
                    format!(
                        "请改成“{0}”表中的姓名，或先在“{0}”表中填写此人。",
                        self.called
                    ),
                ),
            };
            return Err(refused(place.of(&name, ""), message, hint));
        }
        Err(refused(
            place,
            format!(
                "候选人里有{}人叫“{}”，不知此行属于谁。",
                same.len(),
                brief(&typed)
            ),
            format!("请在{called}加一列“身份证号”，写明是哪一位。"),
        ))
    }

    /// The first of namesakes who are one person, listed more than once: that is told of them (C3), and says nothing of their rows.
    fn listed_twice(&self, same: &[usize]) -> Option<usize> {
        let identity = self.identity.as_deref()?;
        let mut numbers = same.iter().map(|index| {
            let candidate = self.list.get(*index);
            candidate.map_or_else(String::new, |c| fold(c.entry.text(identity)))
        });
        let first = numbers.next().filter(|number| !number.is_empty())?;
        numbers
            .all(|number| number == first)
            .then(|| same.first().copied())?
    }

    /// The candidate whose identity number or place in the list stands in the row; also where no name fits and the link column
    /// itself holds the identity number.
    fn told_apart(&self, same: &[usize], table: &MappedGrid<'_>, row: &GridRow) -> Option<usize> {
        let identity = self.identity.as_deref()?;
        let number = |raw: &CellValue| fold(&raw.shown());
        let with = |wanted: &str| {
            let mut found = (0..self.list.len()).filter(|index| {
                self.list
                    .get(*index)
                    .is_some_and(|c| fold(c.entry.text(identity)) == wanted)
            });
            let first = found.next();
            first.filter(|_| !wanted.is_empty() && found.next().is_none())
        };
        if same.is_empty() {
            let link = number(table.cell(row, Target::Link)?);
            return with(&link).filter(|_| link.len() >= 6);
        }
        if let Some(index) = table
            .cell(row, Target::Identity)
            .and_then(|raw| with(&number(raw)))
        {
            return same.contains(&index).then_some(index);
        }
        let order = table.cell(row, Target::Order)?.shown();
        let mut found = same
            .iter()
            .filter(|index| self.list.get(**index).is_some_and(|c| c.order == order));
        let first = found.next();
        first.copied().filter(|_| found.next().is_none())
    }
}

/// The cell of the link column that is merged down over a row: one name beside several rows is the name of each.
fn spanning<'t>(table: &'t MappedGrid<'_>, row: &GridRow) -> Option<&'t CellValue> {
    let column = table.column(Target::Link)?;
    let merge = table.grid.merges.iter().find(|m| {
        (m.left, m.right) == (column, column) && (m.top..=m.bottom).contains(&row.number)
    })?;
    let top = table.rows.iter().find(|r| r.number == merge.top)?;
    table.cell(top, Target::Link).filter(|raw| !raw.is_blank())
}

/// I5.
fn refused(place: Place, message: String, hint: impl Into<String>) -> Box<Finding> {
    Box::new(Finding::error("I5", place, message, hint))
}

/// Reads a list whose rows belong to the unit.
pub(super) fn unit_list(
    campaign: &Campaign,
    known: &KnownSheet<'_>,
    unit: &mut Entry,
    findings: &mut Vec<Finding>,
) {
    let headings = Headings::new(campaign, known.sheet);
    let Some(table) = table(&known.grid, &headings, findings) else {
        return;
    };
    unit.places
        .insert(known.sheet.key.clone(), known.grid.whole());
    let (sums, rows): (Vec<&GridRow>, Vec<&GridRow>) =
        table.rows.iter().copied().partition(|row| is_sum(row));
    asides::sums(&headings, &table, &rows, &sums, findings);
    asides::told(&table, &|_| false, findings);
    unseen::rows(known.sheet, &table, &headings, &rows, findings);
    let mut reading = ValueReader { campaign, findings };
    for row in rows {
        list_row(known.sheet, &headings, &table, row, "", unit, &mut reading);
    }
}

/// Reads one row of a list into its owner.
pub(super) fn list_row(
    sheet: &Sheet,
    headings: &Headings<'_>,
    table: &MappedGrid<'_>,
    row: &GridRow,
    record: &str,
    owner: &mut Entry,
    reading: &mut ValueReader<'_>,
) {
    let mut values = BTreeMap::new();
    let mut places: Vec<(&str, Place)> = Vec::new();
    for (column, target) in &table.columns {
        let Some(field) = headings.field(*target) else {
            continue;
        };
        let place = table
            .grid
            .place(row.number, *column)
            .of(record, &format!("{}.{}", sheet.key, field.key));
        if let Some(raw) = row.cell(*column) {
            let text = reading.canonical(field, raw, &place);
            if !text.is_empty() {
                values.insert(field.key.clone(), text);
            }
        }
        places.push((&field.key, place));
    }
    add_row(owner, &sheet.key, values, places);
}

/// Puts one row of a list, with its places, behind the rows that are there.
pub(super) fn add_row(
    owner: &mut Entry,
    sheet: &str,
    values: BTreeMap<String, String>,
    places: Vec<(&str, Place)>,
) {
    let slot = owner
        .values
        .entry(sheet.to_owned())
        .or_insert_with(|| Value::Rows(Vec::new()));
    let Value::Rows(rows) = slot else {
        return;
    };
    let at = rows.len();
    rows.push(values);
    for (key, place) in places {
        owner.places.insert(format!("{sheet}[{at}].{key}"), place);
    }
}

/// I2: the workbook is a wholly different table; `sheets` are its sheets, `lacking` the labels that it does not ask for.
pub(super) fn another_table(
    campaign: &Campaign,
    place: Place,
    sheets: &[String],
    lacking: &[String],
) -> Finding {
    const NAMED: usize = 5;
    let quoted = |names: &[String]| {
        let names: Vec<String> = names.iter().take(NAMED).map(|n| format!("“{n}”")).collect();
        names.join("、")
    };
    let file = place.file.clone().unwrap_or_default();
    let unit = campaign.unit_sheet().map_or("", |s| s.label.as_str());
    let many = |count: usize| {
        if count > NAMED {
            format!("等{count}栏")
        } else {
            "栏".to_owned()
        }
    };
    let message = format!(
        "“{file}”不是“{}”的填报工作簿，没有读取：里面是{}，没有“{unit}”表，也没有“{}”表应有的{}{}。",
        campaign.title,
        quoted(sheets),
        campaign.people_word(),
        quoted(lacking),
        many(lacking.len())
    );
    let hint = "请换上本活动的填报工作簿（新建报送文件夹时得到），把内容填进去；别的表请移走。";
    Finding::error("I2", place, message, hint)
}

/// I2: a sheet that is nowhere.
pub(super) fn missing_sheet(sheet: &Sheet, place: Place) -> Finding {
    let severity = if !sheet.rows {
        Severity::Error
    } else if sheet.least > 0 {
        Severity::Warning
    } else {
        Severity::Info
    };
    let whose = match sheet.of {
        Owner::Unit => "单位",
        Owner::Candidate => "候选人",
    };
    Finding::new(
        severity,
        "I2",
        place,
        format!("没有找到{whose}的“{}”表。", sheet.label),
        format!("请使用模板；表名应为“{}”。", sheet.label),
    )
}
