//! The board (收件情况): every unit with what of it is here, one unit sheet by sheet, the list to telephone, and look-ups.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use crate::campaign::FormKind;
use crate::clerk::{Arrival, Board, Call, CopyPageState as Place, Found, Phones, Timeliness};

use crate::web::service::app::{App, Shared};
use crate::web::service::boards::{RecordView, one, records, slip_of};
use crate::web::service::files::{XLSX, encoded, file};
use crate::web::service::frame::{Frame, page};
use crate::web::service::given::{Asked, At};
use crate::web::service::guard::{AtDesk, Looking, Posted};
use crate::web::service::trouble::Trouble;

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/board", get(board))
        .route("/board.xlsx", get(workbook))
        .route("/board/{campaign}/{unit}", get(unit))
        .route("/board/{campaign}/{unit}/slip.pdf", get(slip))
        .route("/missing", get(missing).post(phones))
        .route("/find", get(find_form).post(find))
}

/// What of the units is shown.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct UnitsQuery {
    #[serde(default)]
    show: String,
    #[serde(default)]
    q: String,
}

/// A unit's line.
pub(super) struct UnitLineView {
    unit: String,
    link: String,
    class: &'static str,
    state: &'static str,
    people: usize,
    received: usize,
    needed: usize,
    missing: usize,
    first: String,
}

impl UnitLineView {
    fn of(board: &Board) -> Self {
        let sum = |f: fn(&crate::clerk::Need) -> usize| board.needs.iter().map(f).sum();
        Self {
            unit: board.unit.clone(),
            link: link(&board.campaign, &board.unit),
            class: class(board.timeliness),
            state: board.timeliness_word,
            people: board
                .records
                .iter()
                .filter(|r| r.form == FormKind::Recommendation)
                .count(),
            received: sum(|n| n.received),
            needed: sum(|n| n.needed),
            missing: board.missing.len(),
            first: board.missing.first().cloned().unwrap_or_default(),
        }
    }
}

fn class(timeliness: Timeliness) -> &'static str {
    match timeliness {
        Timeliness::InTime => "green",
        Timeliness::Unsealed
        | Timeliness::Late
        | Timeliness::LateUnsealed
        | Timeliness::Clock
        | Timeliness::ClockUnsealed
        | Timeliness::Open
        | Timeliness::OpenClock => "amber",
        Timeliness::Overdue => "red",
    }
}

/// The address of a unit's page.
pub(super) fn link(campaign: &str, unit: &str) -> String {
    format!("/board/{}/{}", encoded(campaign), encoded(unit))
}

/// Whether a unit's name holds a text, or its pinyin initials do.
fn is_called(unit: &str, text: &str) -> bool {
    use pinyin::ToPinyin;
    let text = text.trim().to_lowercase();
    if text.is_empty() || unit.to_lowercase().contains(&text) {
        return true;
    }
    let initials: String = unit
        .chars()
        .map(|c| match c.to_pinyin() {
            Some(sound) => sound.first_letter().to_owned(),
            None => c.to_lowercase().collect(),
        })
        .collect();
    initials.contains(&text)
}

impl UnitsQuery {
    fn takes(&self, board: &Board) -> bool {
        let stale = || {
            let cells = board.records.iter().flat_map(|r| r.matrix.iter().flatten());
            cells.into_iter().any(|c| {
                matches!(
                    c.state,
                    Place::Older | Place::Void | Place::Disowned | Place::Differs | Place::Ahead
                )
            })
        };
        let of_kind = match self.show.as_str() {
            "missing" => !board.missing.is_empty(),
            "nothing" => board.arrival == Arrival::Nothing,
            "late" => board.timeliness.is_late(),
            "unsealed" => board.complete && !board.sealed,
            "stale" => stale(),
            "whole" => board.complete,
            _ => true,
        };
        of_kind && is_called(&board.unit, &self.q)
    }
}

/// The boards that are wanted, and how many of all units sent what, in words.
async fn boards(app: &App, wanted: &UnitsQuery) -> Result<(Vec<Board>, String), Trouble> {
    let (now, campaign) = (app.now(), app.campaign().id.clone());
    let (mut boards, turnout) = app
        .desks
        .ask(move |desk| {
            let boards = desk.boards(Some(&campaign), now)?;
            let turnout = desk.turnout(&boards)?;
            Ok((boards, turnout))
        })
        .await?;
    boards.retain(|b| wanted.takes(b));
    Ok((boards, turnout.words()))
}

#[derive(Template)]
#[template(path = "desk/board.html", config = "src/web/askama.toml")]
struct BoardPage<'a> {
    frame: Frame,
    campaign: &'a str,
    deadline: String,
    lines: Vec<UnitLineView>,
    wanted: UnitsQuery,
    shows: &'static [(&'static str, &'static str)],
    whole: usize,
    overdue: usize,
    turnout: String,
}

const SHOWS: &[(&str, &str)] = &[
    ("", "全部"),
    ("missing", "有缺"),
    ("nothing", "未报"),
    ("late", "逾期"),
    ("stale", "版本不符或作废"),
    ("whole", "报齐"),
    ("unsealed", "报齐，公章未核"),
];

async fn board(
    State(app): Shared,
    Looking(visitor): Looking,
    Asked(wanted): Asked<UnitsQuery>,
) -> Result<Response, Trouble> {
    let (boards, turnout) = boards(&app, &wanted).await?;
    Ok(page(&BoardPage {
        frame: Frame::of(&visitor, "收件情况", "/board"),
        campaign: &app.campaign().title,
        deadline: app.campaign().deadline.to_string(),
        whole: boards.iter().filter(|b| b.complete).count(),
        overdue: boards
            .iter()
            .filter(|b| b.timeliness == Timeliness::Overdue)
            .count(),
        lines: boards.iter().map(UnitLineView::of).collect(),
        turnout,
        wanted,
        shows: SHOWS,
    }))
}

async fn workbook(
    State(app): Shared,
    Looking(_): Looking,
    Asked(wanted): Asked<UnitsQuery>,
) -> Result<Response, Trouble> {
    let (boards, _) = boards(&app, &wanted).await?;
    let bytes = crate::clerk::board_workbook(&app.campaign(), &boards, app.now())?;
    Ok(file("收件情况.xlsx", XLSX, bytes))
}

#[derive(Template)]
#[template(path = "desk/unit.html", config = "src/web/askama.toml")]
struct UnitPage<'a> {
    frame: Frame,
    board: &'a Board,
    class: &'static str,
    state: &'static str,
    records: Vec<RecordView>,
    link: String,
    may_seal: bool,
}

async fn unit(
    State(app): Shared,
    Looking(visitor): Looking,
    At((campaign, unit)): At<(String, String)>,
) -> Result<Response, Trouble> {
    let board = one(&app, campaign, unit).await?;
    let may_seal = visitor.role != crate::clerk::Role::Reader;
    Ok(page(&UnitPage {
        frame: Frame::of(&visitor, &board.unit, "/board"),
        class: class(board.timeliness),
        state: board.timeliness_word,
        records: records(&board),
        link: link(&board.campaign, &board.unit),
        may_seal,
        board: &board,
    }))
}

async fn slip(
    State(app): Shared,
    AtDesk(_): AtDesk,
    At((campaign, unit)): At<(String, String)>,
) -> Result<Response, Trouble> {
    slip_of(&app, campaign, unit).await
}

#[derive(Template)]
#[template(path = "desk/missing.html", config = "src/web/askama.toml")]
struct MissingPage {
    frame: Frame,
    calls: Vec<Call>,
    turnout: String,
    shown: bool,
}

async fn calls(
    app: &App,
    visitor: &crate::clerk::Visitor,
    phones: Phones,
) -> Result<Response, Trouble> {
    let (now, campaign) = (app.now(), app.campaign().id.clone());
    let list = app
        .desks
        .ask(move |desk| desk.missing(Some(&campaign), phones, now))
        .await?;
    Ok(page(&MissingPage {
        frame: Frame::of(visitor, "催报名单", "/board"),
        turnout: list.turnout.words(),
        calls: list.calls,
        shown: phones == Phones::Shown,
    }))
}

pub(in crate::web) async fn missing(
    State(app): Shared,
    AtDesk(visitor): AtDesk,
) -> Result<Response, Trouble> {
    calls(&app, &visitor, Phones::Masked).await
}

#[derive(Deserialize)]
struct Nothing {}

async fn phones(
    State(app): Shared,
    AtDesk(visitor): AtDesk,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Trouble> {
    calls(&app, &visitor, Phones::Shown).await
}

#[derive(Template)]
#[template(path = "desk/find.html", config = "src/web/askama.toml")]
struct FindPage {
    frame: Frame,
    asked: bool,
    fault: String,
    found: Vec<(Found, String)>,
}

pub(in crate::web) async fn find_form(AtDesk(visitor): AtDesk) -> Response {
    page(&FindPage {
        frame: Frame::of(&visitor, "查找", "/find"),
        asked: false,
        fault: String::new(),
        found: Vec::new(),
    })
}

#[derive(Deserialize)]
struct FindForm {
    text: String,
}

/// What is looked for comes in a form and not in the address, so that no log holds it.
async fn find(
    State(app): Shared,
    AtDesk(visitor): AtDesk,
    Posted(form): Posted<FindForm>,
) -> Result<Response, Trouble> {
    let now = app.now();
    let found = app.desks.ask(move |desk| desk.find(&form.text, now)).await;
    let (found, fault) = match found {
        Ok(found) => (found, String::new()),
        Err(trouble) => (Vec::new(), crate::web::service::trouble::refusal(trouble)?),
    };
    Ok(page(&FindPage {
        frame: Frame::of(&visitor, "查找", "/find"),
        asked: true,
        fault,
        found: found
            .into_iter()
            .map(|f| {
                let link = link(&f.campaign, &f.unit);
                (f, link)
            })
            .collect(),
    }))
}
