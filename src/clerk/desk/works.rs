//! Works in new media at the desk (作品): which of them the electronic records name, for whoever looks at a unit.

use std::collections::BTreeMap;

use crate::campaign::{FormKind, Kind, Sheet};
use crate::receipt::Board;
use crate::store::ledger::UnitRow;

use crate::clerk::desk::Desk;
use crate::clerk::error::ClerkError;

/// Most works of a candidate that are named; the rest is counted.
const MOST_NAMED: usize = 10;

impl Desk<'_> {
    /// Tells on the board of one unit which works its records name, a sentence for each candidate that has some.
    pub fn tell_works(&mut self, board: &mut Board) -> Result<(), ClerkError> {
        let units = self.ledger.units()?;
        let own = |u: &&UnitRow| u.campaign == board.campaign && u.name == board.unit && !u.erased;
        let Some(unit) = units.iter().find(own) else {
            return Ok(());
        };
        let Some(campaign) = self.campaign(&unit.campaign) else {
            return Ok(());
        };
        let sheets: Vec<Sheet> = campaign.work_lists().cloned().collect();
        let form = campaign.form_name(FormKind::Recommendation).into_owned();
        if sheets.is_empty() {
            return Ok(());
        }
        let file = self.ledger.unit_file(unit)?;
        let here = file.records.iter().filter(|r| r.withdrawn.is_none());
        for record in here.filter(|r| r.kind == FormKind::Recommendation) {
            let Some(contents) = self.ledger.contents(record.reference, record.latest)? else {
                continue;
            };
            for sheet in &sheets {
                let works = works_in(sheet, &contents.values);
                if works.is_empty() {
                    continue;
                }
                let shown = works.iter().take(MOST_NAMED).map(String::as_str);
                let shown = shown.collect::<Vec<_>>().join("、");
                let more = if works.len() > MOST_NAMED { "等" } else { "" };
                let (label, count) = (&sheet.label, works.len());
                let line = format!("{form}（{}）附{label}{count}件：{shown}{more}", record.name);
                board.notes.push(line);
            }
        }
        Ok(())
    }
}

/// `“名称”（类别，链接或文件）` of each work in a record's values.
fn works_in(sheet: &Sheet, values: &BTreeMap<String, String>) -> Vec<String> {
    let prefix = format!("{}[", sheet.key);
    let mut rows: BTreeMap<usize, BTreeMap<&str, &str>> = BTreeMap::new();
    let own = values.iter().filter_map(|(key, text)| {
        let (row, field) = key.strip_prefix(prefix.as_str())?.split_once("].")?;
        Some((row.parse::<usize>().ok()?, field, text.as_str()))
    });
    for (row, field, text) in own {
        rows.entry(row).or_default().insert(field, text);
    }
    let title = sheet.fields.first().map_or("", |f| f.key.as_str());
    let told = |row: &BTreeMap<&str, &str>| {
        let of = |kind: Kind| {
            let field = sheet
                .fields
                .iter()
                .find(|f| f.kind == kind && f.key != title)?;
            let text = row.get(field.key.as_str()).copied()?;
            (text != field.blank).then_some(text)
        };
        let parts = [Kind::Code, Kind::Url, Kind::File]
            .into_iter()
            .filter_map(of);
        let parts = parts.collect::<Vec<_>>().join("，");
        let name = row.get(title).copied().unwrap_or_default();
        format!("“{name}”（{parts}）")
    };
    rows.values().map(told).collect()
}
