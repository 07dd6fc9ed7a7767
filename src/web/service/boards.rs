//! The board of one unit (一个单位的收件情况), as the desk, the unit itself and programs are shown it.

use axum::response::Response;

use crate::clerk::{Board, ClerkError, CopyPageState as Place, Desk, RosterRow};

use crate::web::service::app::App;
use crate::web::service::files::file;
use crate::web::service::trouble::Trouble;

/// A place of the table of copies × pages.
pub(in crate::web) struct CopyPageView {
    pub(in crate::web) class: &'static str,
    pub(in crate::web) icon: &'static str,
    pub(in crate::web) words: String,
}

/// One record's table.
pub(in crate::web) struct RecordView {
    pub(in crate::web) title: String,
    pub(in crate::web) record: String,
    pub(in crate::web) version: u16,
    pub(in crate::web) pages: Vec<usize>,
    pub(in crate::web) copies: Vec<Copy>,
    pub(in crate::web) faults: Vec<String>,
}

/// One copy.
pub(in crate::web) struct Copy {
    pub(in crate::web) number: usize,
    pub(in crate::web) spots: Vec<CopyPageView>,
    pub(in crate::web) sealed: bool,
}

pub(in crate::web) fn records(board: &Board) -> Vec<RecordView> {
    board
        .records
        .iter()
        .map(|r| RecordView {
            title: format!("{}（{}）", r.form_word, r.name),
            record: r.record.clone(),
            version: r.version,
            pages: (1..=r.matrix.first().map_or(0, Vec::len)).collect(),
            copies: (1..)
                .zip(&r.matrix)
                .map(|(number, row)| Copy {
                    number,
                    spots: row.iter().map(|c| spot(c.state, c.version)).collect(),
                    sealed: u8::try_from(number).is_ok_and(|n| r.sealed.contains(&n)),
                })
                .collect(),
            faults: r.faults(),
        })
        .collect()
}

fn spot(state: Place, version: Option<u16>) -> CopyPageView {
    let (class, icon) = match state {
        Place::Received => ("green", "✔"),
        Place::Duplicate => ("green", "✔✔"),
        Place::Missing => ("none", "—"),
        Place::Unverified | Place::Ahead => ("amber", state.sign()),
        Place::Older | Place::Void | Place::Differs | Place::Disowned => ("red", state.sign()),
    };
    let words = state.label();
    let words = match (state, version) {
        (Place::Older | Place::Ahead, Some(version)) => format!("{words}（版本{version}）"),
        _ => words.to_owned(),
    };
    CopyPageView { class, icon, words }
}

/// The board of a unit of that very name.
pub(in crate::web) async fn one(
    app: &App,
    campaign: String,
    unit: String,
) -> Result<Board, Trouble> {
    let now = app.now();
    let found = app
        .desks
        .ask(move |desk| {
            let boards = desk.boards(Some(&campaign), now)?;
            let mut board = boards.into_iter().find(|b| b.unit == unit);
            if let Some(board) = &mut board {
                desk.tell_works(board)?;
            }
            Ok(board)
        })
        .await?;
    found.ok_or(Trouble::Nothing)
}

/// The receipt slip of a unit of that very name, as a PDF.
pub(in crate::web) async fn slip_of(
    app: &App,
    campaign: String,
    unit: String,
) -> Result<Response, Trouble> {
    let (now, fonts) = (app.now(), app.fonts.clone());
    let slip = app
        .desks
        .ask(move |desk| {
            let slip = desk.slip(&unit, Some(&campaign), &fonts, now)?;
            if slip.board.unit != unit {
                return Err(ClerkError::Refused(format!("台账中还没有“{unit}”的材料。")));
            }
            Ok(slip)
        })
        .await?;
    Ok(file(&slip.name, "application/pdf", slip.pdf))
}

/// The board of a unit of the roster.
pub(in crate::web) async fn own_board(app: &App, unit: RosterRow) -> Result<Board, Trouble> {
    let now = app.now();
    let look = move |desk: &mut Desk<'_>| {
        let mut board = desk.board_of(&unit, now)?;
        desk.tell_works(&mut board)?;
        Ok(board)
    };
    app.desks.ask(look).await
}
