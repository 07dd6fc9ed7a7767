//! The roster (单位名册): entered from a list, and the boards of all that are on it, whether or not anything came of them.

use std::path::Path;

use jiff::Timestamp;

use crate::campaign::Campaign;
use crate::finding::Severity;
use crate::intake::{SourceFile, table};
use crate::receipt::Board;
use crate::store::ledger::{ListedUnit, RosterRow, UnitContact, UnitRow};

use crate::clerk::desk::Desk;
use crate::clerk::desk::expected::same_name;
use crate::clerk::error::ClerkError;
use crate::clerk::given;
use crate::clerk::making::issue::channel_key;
use crate::clerk::visitor::Visitor;

/// Most units that are imported at once.
const MOST_UNITS: usize = 5000;

impl Desk<'_> {
    /// Enters units from a list: a line a unit, its name and, behind commas or tabs, its channel by key or label, whom to telephone
    /// and at which numbers. Nothing is entered where a line is not understood. Gives how many are new.
    pub fn import_roster(
        &mut self,
        campaign: &str,
        text: &str,
        by: &Visitor,
        at: Timestamp,
    ) -> Result<usize, ClerkError> {
        let lines = (1..).zip(text.trim_start_matches('\u{feff}').lines());
        let rows: Vec<ListRow> = lines
            .map(|(no, line)| match line.contains('\t') {
                true => (no, line.split('\t').map(cell).collect()),
                false => (no, line.split([',', '，']).map(cell).collect()),
            })
            .collect();
        self.enter_rows(campaign, &rows, &by.name, at)
    }

    /// Enters units from a file (.xlsx, .csv, .txt): the same columns, or those that its heads name.
    pub fn import_roster_file(
        &mut self,
        campaign: &str,
        path: &Path,
        by: &str,
        at: Timestamp,
    ) -> Result<usize, ClerkError> {
        let source = SourceFile {
            path: path.display().to_string(),
            bytes: given::bytes(path)?,
        };
        let (rows, findings) = table(&source);
        if let Some(fault) = findings.iter().find(|f| f.severity == Severity::Error) {
            return Err(ClerkError::Refused(format!(
                "名单没有导入。{}{}",
                fault.message, fault.hint
            )));
        }
        let rows: Vec<ListRow> = rows
            .into_iter()
            .map(|(no, cells)| {
                // a text file may part its columns by the comma of Chinese text
                let cells = cells.iter().flat_map(|c| c.split('，')).map(cell);
                (no, cells.collect())
            })
            .collect();
        self.enter_rows(campaign, &rows, by, at)
    }

    fn enter_rows(
        &mut self,
        campaign: &str,
        rows: &[ListRow],
        by: &str,
        at: Timestamp,
    ) -> Result<usize, ClerkError> {
        let known = self
            .campaign(campaign)
            .ok_or_else(|| ClerkError::Refused(format!("没有活动“{campaign}”。")))?;
        let (units, mut faults) = units_of(known, rows);
        if units.len() > MOST_UNITS {
            faults.push(format!("一次最多导入 {MOST_UNITS} 个单位"));
        }
        if units.is_empty() && faults.is_empty() {
            faults.push("名单是空的".to_owned());
        }
        if !faults.is_empty() {
            faults.truncate(20);
            return Err(ClerkError::Refused(format!(
                "名单没有导入。{}。每行写一个单位：单位名称，推荐渠道，联系人，电话（后三项可以不写）。",
                faults.join("；")
            )));
        }
        Ok(self.ledger.enter_roster(at, campaign, &units, by)?)
    }

    /// The board of a unit of the roster, or of a name in a campaign of which paper or records came without it.
    pub fn board_of(&mut self, unit: &RosterRow, now: Timestamp) -> Result<Board, ClerkError> {
        let mut units = self.ledger.units()?;
        units.retain(|u| u.campaign == unit.campaign);
        let of = |name: fn(&UnitRow) -> &str| {
            let found = units.iter().find(|u| same_name(name(u), &unit.name));
            found.cloned()
        };
        match of(|u| &u.name).or_else(|| of(|u| &u.begun)) {
            Some(found) => self.board(&found, now),
            None => self.empty_board(unit, now),
        }
    }

    /// Boards of every unit: those of the roster, and those of which something came.
    pub fn boards(
        &mut self,
        campaign: Option<&str>,
        now: Timestamp,
    ) -> Result<Vec<Board>, ClerkError> {
        let units = self.expected(campaign)?;
        units.iter().map(|u| self.expected_board(u, now)).collect()
    }
}

/// A row of a list: its number in the file and its cells.
type ListRow = (u32, Vec<String>);

/// A cell without blanks and quotes around it.
fn cell(text: &str) -> String {
    text.trim().trim_matches('"').trim().to_owned()
}

/// What the columns of a list hold.
const HEADS: [&[&str]; 4] = [
    &["单位名称", "单位全称", "单位", "推荐单位"],
    &["推荐渠道", "渠道"],
    &["联系人", "姓名"],
    &[
        "电话",
        "联系电话",
        "联系人电话",
        "电话号码",
        "手机",
        "手机号码",
        "联系方式",
    ],
];

/// The column of a row of heads that holds the n-th thing.
fn column(cells: &[String], n: usize) -> Option<usize> {
    let heads = HEADS.get(n)?;
    let is_head = |c: &String| heads.contains(&c.as_str()) || n == 0 && c.starts_with("单位名称");
    cells.iter().position(is_head)
}

/// Rows above the heads that a list may have: its title, a remark.
const ABOVE: usize = 5;

/// The units of a list, and what was not understood.
fn units_of(campaign: &Campaign, rows: &[ListRow]) -> (Vec<ListedUnit>, Vec<String>) {
    let heads = rows.iter().take(ABOVE);
    let heads = heads
        .into_iter()
        .position(|(_, cells)| column(cells, 0).is_some());
    let columns = match heads.and_then(|at| rows.get(at)) {
        Some((_, cells)) => [0, 1, 2, 3].map(|n| column(cells, n)),
        None => [0, 1, 2, 3].map(Some),
    };
    let (mut units, mut faults) = (Vec::new(), Vec::new());
    for (no, cells) in rows.iter().skip(heads.map_or(0, |at| at + 1)) {
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let [name, channel, contact, phones] =
            columns.map(|c| c.and_then(|c| cells.get(c)).map_or("", String::as_str));
        match unit_of(campaign, [name, channel, contact, phones]) {
            Ok(unit) => units.push(unit),
            Err(fault) => faults.push(format!("第{no}行：{fault}")),
        }
    }
    (units, faults)
}

/// A unit by its name, channel, contact and telephone numbers.
fn unit_of(
    campaign: &Campaign,
    [name, channel, contact, phones]: [&str; 4],
) -> Result<ListedUnit, String> {
    if name.is_empty() || name.chars().count() > 100 {
        return Err("没有单位名称，或者超过 100 字".to_owned());
    }
    let key = channel_key(campaign, channel);
    if key.is_empty() && !channel.is_empty() {
        let known: Vec<&str> = campaign.channels.iter().map(|c| c.label.as_str()).collect();
        return Err(format!(
            "推荐渠道“{channel}”不明，可用：{}",
            known.join("、")
        ));
    }
    let phones: Vec<String> = phones
        .split(['、', ';', '；', '/'])
        .map(cell)
        .filter(|p| !p.is_empty())
        .collect();
    let is_number = |p: &String| {
        let digits = p.chars().filter(char::is_ascii_digit).count();
        let plain = p
            .chars()
            .all(|c| c.is_ascii_digit() || "+-()（）— ".contains(c));
        plain && (5..=20).contains(&digits)
    };
    if let Some(odd) = phones.iter().find(|p| !is_number(p)) {
        return Err(format!("“{odd}”不像电话号码，几个号码之间用顿号"));
    }
    Ok(ListedUnit {
        name: name.to_owned(),
        channel: key.to_owned(),
        contact: UnitContact {
            name: contact.to_owned(),
            phones,
        },
    })
}
