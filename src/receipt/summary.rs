//! The summary's rows held against the candidates (汇总表与推荐表核对): which version each row names, which is the latest, and
//! which came back on paper.

use serde::Serialize;

use crate::record::Contents;

use super::places::RecordBoard;

/// One row of the summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SummaryRow {
    /// Row number, from 1.
    pub row: usize,
    /// The name in the row; in a row that is missing, the candidate's.
    pub name: String,
    /// Record reference in 16 hexadecimal digits.
    pub record: String,
    /// Version that the row names; none where the summary has no such row.
    pub listed: Option<u16>,
    /// Latest version of the candidate's record; none where there is no such record.
    pub latest: Option<u16>,
    /// Latest version of it that came back on paper.
    pub received: Option<u16>,
    /// Whether all that there is agrees.
    pub agrees: bool,
    /// What to do where it does not.
    pub remedy: String,
}

/// The rows of a summary's contents against the candidates' boards; candidates that no row names come behind.
pub fn summary_rows(summary: &Contents, candidates: &[&RecordBoard]) -> Vec<SummaryRow> {
    let value = |n: usize, field: &str| {
        let key = format!("candidates[{n}].{field}");
        summary.values.get(&key).map_or("", String::as_str)
    };
    let mut rows = Vec::new();
    for n in 0.. {
        let (name, record) = (value(n, "name"), value(n, "record"));
        if name.is_empty() && record.is_empty() {
            break;
        }
        let board = candidates.iter().find(|b| b.record == record).copied();
        rows.push(row(
            n + 1,
            name,
            record,
            value(n, "version").parse().ok(),
            board,
        ));
    }
    for board in candidates {
        if !rows.iter().any(|r: &SummaryRow| r.record == board.record) {
            rows.push(row(
                rows.len() + 1,
                &board.name,
                &board.record,
                None,
                Some(board),
            ));
        }
    }
    rows
}

fn row(
    row: usize,
    name: &str,
    record: &str,
    listed: Option<u16>,
    board: Option<&RecordBoard>,
) -> SummaryRow {
    let latest = board.map(|b| b.version);
    let received = board.and_then(|b| b.received_version);
    let remedy = match (listed, latest) {
        (None, _) => "汇总表中没有此人，请单位重印汇总表。".to_owned(),
        (_, None) => "台账中没有此人的推荐表，请单位核对名单。".to_owned(),
        (Some(l), Some(v)) if l != v => {
            format!("汇总表所列为版本{l}，推荐表已是版本{v}，请单位重印汇总表。")
        }
        (Some(l), _) if received.is_some_and(|r| r != l) => {
            format!(
                "汇总表所列为版本{l}，收到的推荐表是版本{}。",
                received.unwrap_or(l)
            )
        }
        _ => String::new(),
    };
    SummaryRow {
        row,
        name: name.to_owned(),
        record: record.to_owned(),
        listed,
        latest,
        received,
        agrees: remedy.is_empty(),
        remedy,
    }
}
