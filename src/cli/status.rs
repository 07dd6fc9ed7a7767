//! `sanlian status` and `sanlian missing`.

use serde::Serialize;

use sanlian::clerk::{
    Arrival, Board, CallList, IfMissing, NOTHING_CAME, Phones, RecordBoard, Timeliness,
};

use super::colour::{self, Stream, paint};
use super::end::End;
use super::places::AtDesk;
use super::{data, desk, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct Status {
    /// 单位全称或其中一段；默认全部单位
    #[arg(long, value_name = "NAME")]
    unit: Option<String>,
    /// 以 JSON 输出
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    desk: AtDesk,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Missing {
    /// 显示完整电话；审计日志记下这一次查看
    #[arg(long)]
    phones: bool,
    /// 以 JSON 输出
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    desk: AtDesk,
}

pub(crate) fn status(args: &Status) -> anyhow::Result<End> {
    let campaigns = desk::campaigns(&args.desk)?;
    let mut at = desk::open(&args.desk, &campaigns, IfMissing::Refuse)?;
    let now = desk::now(&args.desk);
    let boards = at.status(args.unit.as_deref(), args.desk.campaign.as_deref(), now)?;
    if args.json {
        data::json(&boards)?;
    } else {
        boards
            .iter()
            .try_for_each(|b| show(b, args.unit.is_some()))?;
    }
    if args.unit.is_none() {
        talk::say(&at.turnout(&boards)?.words());
        let erased = boards.iter().filter(|b| b.arrival == Arrival::Erased);
        match erased.count() {
            0 => {}
            n => talk::say(&format!("另有 {n} 个单位的材料已删除，不在统计之内。")),
        }
    }
    let tray = at.tray(now)?;
    if !tray.is_empty() {
        talk::say(&format!(
            "另有 {} 页在待处理中，等人工辨认，见 sanlian tray。",
            tray.len()
        ));
    }
    Ok(if boards.iter().all(|b| b.missing.is_empty()) {
        End::Done
    } else {
        End::Findings
    })
}

/// A unit in one line, and in full where it was asked for.
fn show(board: &Board, full: bool) -> anyhow::Result<()> {
    let needs: Vec<String> = board
        .needs
        .iter()
        .map(|n| format!("{} {}/{}", n.label, n.received, n.needed))
        .collect();
    if board.arrival == Arrival::Erased {
        return data::line(&format!("{}　材料已按保存期限删除，不再收件", board.unit));
    }
    data::line(&format!(
        "{}　{}　{}",
        board.unit,
        timeliness(board),
        match board.arrival {
            Arrival::Nothing => NOTHING_CAME.to_owned(),
            _ => needs.join("，"),
        }
    ))?;
    if !full {
        return Ok(());
    }
    for record in &board.records {
        data::line(&format!(
            "  {}（{}） 版本{}",
            record.form_word, record.name, record.version
        ))?;
        rows(record).iter().try_for_each(|row| data::line(row))?;
    }
    for row in &board.summary {
        let remedy = if row.agrees {
            "与电子件版本相符"
        } else {
            &row.remedy
        };
        data::line(&format!("  汇总表第{}行 {}：{remedy}", row.row, row.name))?;
    }
    for missing in &board.missing {
        data::line(&format!("  × {missing}"))?;
    }
    for note in &board.notes {
        data::line(&format!("  · {note}"))?;
    }
    Ok(())
}

/// How a unit stands, in colour: everything is here, or something is missing.
fn timeliness(board: &Board) -> String {
    let style = match board.timeliness {
        Timeliness::InTime => colour::good(),
        Timeliness::Overdue => colour::bad(),
        _ => colour::doubtful(),
    };
    paint(Stream::Out, style, board.timeliness_word)
}

/// The table of copies × pages, a line a copy.
fn rows(record: &RecordBoard) -> Vec<String> {
    let copies = (1..).zip(&record.matrix);
    copies
        .map(|(copy, row): (u8, _)| {
            let pages: Vec<String> = (1..)
                .zip(row)
                .map(|(page, cell): (u8, _)| format!("{page}{}", cell.state.sign()))
                .collect();
            let seal = if record.sealed.contains(&copy) {
                "　公章已见"
            } else {
                ""
            };
            format!("    第{copy}份　{}{seal}", pages.join(" "))
        })
        .collect()
}

/// One line of the list.
#[derive(Serialize)]
struct StatusLine<'a> {
    unit: &'a str,
    arrival: Arrival,
    timeliness: Timeliness,
    timeliness_word: &'a str,
    contact: &'a str,
    phones: &'a [String],
    missing: &'a [String],
}

pub(crate) fn missing(args: &Missing) -> anyhow::Result<End> {
    let list = calls(&args.desk, args.phones)?;
    let rows: Vec<StatusLine<'_>> = list
        .calls
        .iter()
        .map(|c| StatusLine {
            unit: &c.board.unit,
            arrival: c.board.arrival,
            timeliness: c.board.timeliness,
            timeliness_word: c.board.timeliness_word,
            contact: &c.contact,
            phones: &c.phones,
            missing: &c.board.missing,
        })
        .collect();
    if args.json {
        data::json(&rows)?;
    } else {
        for row in &rows {
            data::line(&format!(
                "{}　{}　联系人：{}　{}",
                row.unit,
                row.timeliness_word,
                row.contact,
                row.phones.join("、")
            ))?;
            row.missing
                .iter()
                .try_for_each(|m| data::line(&format!("  × {m}")))?;
        }
    }
    talk::say(&format!(
        "共 {} 个单位要催。{}",
        rows.len(),
        list.turnout.words()
    ));
    Ok(if rows.is_empty() {
        End::Done
    } else {
        End::Findings
    })
}

fn calls(place: &AtDesk, full: bool) -> anyhow::Result<CallList> {
    let campaigns = desk::campaigns(place)?;
    let mut at = desk::open(place, &campaigns, IfMissing::Refuse)?;
    let phones = if full { Phones::Shown } else { Phones::Masked };
    Ok(at.missing(place.campaign.as_deref(), phones, desk::now(place))?)
}
