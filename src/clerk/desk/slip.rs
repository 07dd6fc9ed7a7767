//! Slip (收件回执): what a unit handed in, as a page to be signed and sent back.

use jiff::Timestamp;

use crate::export::pdf::{Info, PaperSide, write_pdf};
use crate::font::FontSet as Fonts;
use crate::form::{Slip, slip_form};
use crate::layout::layout;
use crate::receipt::Board;

use crate::clerk::desk::Desk;
use crate::clerk::error::ClerkError;
use crate::clerk::making::judge::local_day;

/// A slip ready to be written.
pub struct SlipFile {
    /// Name of the file: `收件回执-单位.pdf`.
    pub name: String,
    /// The PDF.
    pub pdf: Vec<u8>,
    /// What it is about.
    pub board: Board,
}

impl Desk<'_> {
    /// The slip of one unit at the time `now`. The audit log tells of it.
    pub fn slip(
        &mut self,
        unit: &str,
        campaign: Option<&str>,
        fonts: &Fonts,
        now: Timestamp,
    ) -> Result<SlipFile, ClerkError> {
        let unit = self.unit(unit, campaign)?;
        let board = self.board(&unit, now)?;
        let Some(campaign) = self.campaign(&unit.campaign) else {
            return Err(ClerkError::Refused(format!(
                "没有活动“{}”的模板。请用 --templates 指定。",
                unit.campaign
            )));
        };
        let slip = slip_of(&board, campaign, now);
        let form = slip_form(&slip);
        let (pages, _) = layout(fonts, &form);
        let pages = [pages];
        let count = pages.first().map_or(0, |p| p.pages.len());
        let sheets: Vec<PaperSide> = (0..count)
            .map(|page| PaperSide::Printed {
                doc: 0,
                page,
                overlay: Vec::new(),
            })
            .collect();
        let info = Info {
            title: form.title.clone(),
            author: campaign.organiser.clone(),
            created: Some(now.to_string()),
            ..Info::default()
        };
        let file = write_pdf(fonts, &pages, &sheets, &info)
            .map_err(|e| ClerkError::Bug(format!("无法生成回执：{e}")))?;
        self.ledger
            .note(now, "slip", &board.unit, board.timeliness.label())?;
        Ok(SlipFile {
            name: format!("{}.pdf", form.path),
            pdf: file.bytes,
            board,
        })
    }
}

fn slip_of(board: &Board, campaign: &crate::campaign::Campaign, now: Timestamp) -> Slip {
    let seals = |seen: usize, needed: usize| match needed {
        0 => "—".to_owned(),
        _ => seen.to_string(),
    };
    let day = local_day(now);
    Slip {
        campaign: format!("{}（{}）", campaign.title, campaign.notice_no),
        unit: board.unit.clone(),
        organiser: campaign.organiser.clone(),
        materials: board
            .needs
            .iter()
            .map(|n| {
                [
                    n.label.clone(),
                    n.needed.to_string(),
                    n.received.to_string(),
                    seals(n.seals, n.seals_needed),
                ]
            })
            .collect(),
        missing: board.missing.clone(),
        notes: board.notes.clone(),
        result: format!(
            "截至{}年{}月{}日：{}。",
            day.year(),
            day.month(),
            day.day(),
            board.timeliness_word
        ),
        day,
    }
}
