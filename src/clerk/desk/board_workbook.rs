//! The board as a workbook: a line a unit, for those who telephone and report.

use jiff::Timestamp;

use crate::campaign::{Campaign, FormKind};
use crate::export::xlsx::{List, write_list};
use crate::receipt::Board;

use crate::clerk::error::ClerkError;

/// The boards as a workbook, as of `now`.
pub fn board_workbook(
    campaign: &Campaign,
    boards: &[Board],
    now: Timestamp,
) -> Result<Vec<u8>, ClerkError> {
    let at = crate::hours::beijing(now);
    let rows = boards.iter().map(|board| {
        let channel = campaign.channel_named(&board.channel);
        let people = board
            .records
            .iter()
            .filter(|r| r.form == FormKind::Recommendation);
        let sum = |f: fn(&crate::receipt::Need) -> usize| board.needs.iter().map(f).sum::<usize>();
        vec![
            board.unit.clone(),
            channel.map_or_else(String::new, |c| c.label.clone()),
            board.timeliness_word.to_owned(),
            people.count().to_string(),
            sum(|n| n.received).to_string(),
            sum(|n| n.needed).to_string(),
            board.missing.join("；"),
        ]
    });
    write_list(&List {
        title: format!("{}收件情况", campaign.title),
        note: format!("截至 {}", at.strftime("%Y-%m-%d %H:%M")),
        heads: &[
            ("单位", 36.0),
            ("推荐渠道", 16.0),
            ("情况", 20.0),
            ("人选", 8.0),
            ("已收（份）", 12.0),
            ("应收（份）", 12.0),
            ("缺什么、错什么", 80.0),
        ],
        rows: rows.collect(),
    })
    .map_err(|e| ClerkError::Bug(e.to_string()))
}
