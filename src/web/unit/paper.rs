//! A unit's paper (打印、寄送、回执): what to print and how, what was issued, void and print again, what the desk has received.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::campaign::Campaign;
use crate::clerk::{Board, ClerkError, FileForm, News, Visitor};
use crate::finding::Finding;

use crate::web::service::app::{App, Shared};
use crate::web::service::boards::{RecordView, own_board, records};
use crate::web::service::files::{XLSX, file};
use crate::web::service::frame::{Frame, page};
use crate::web::service::given::At;
use crate::web::service::guard::{Posted, Secretary};
use crate::web::service::readings::tell;
use crate::web::service::trouble::Trouble;
use crate::web::unit::acts::{folder_of, unit_of};
use crate::web::unit::steps::{Step, steps};

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/own/paper", get(paper))
        .route("/own/paper/{number}", get(paper_file))
        .route("/own/calibration.pdf", get(calibration))
        .route("/own/void", post(void))
        .route("/own/withdraw", post(withdraw))
        .route("/own/receipt", get(receipt))
        .route("/own/slip.pdf", get(slip))
}

/// A file to print or to keep.
struct Paper {
    number: usize,
    path: String,
    what: String,
    all: bool,
}

/// A change that handing in brought.
struct Change {
    title: String,
    words: String,
    differences: Vec<String>,
}

impl Change {
    fn of(news: &News) -> Self {
        let words = match (news.version, news.stale) {
            (Some(version), Some((old, copies))) => format!(
                "已变为版本{version}：此前打印的版本{old}（{copies}份）作废，须重新打印、签字、盖章"
            ),
            (Some(version), None) => format!("版本{version}"),
            (None, Some((old, copies))) => {
                format!("已不在报送材料中：此前打印的版本{old}（{copies}份）不要寄出")
            }
            (None, None) => String::new(),
        };
        Self {
            title: news.title.clone(),
            words,
            differences: news.differences.iter().map(ToString::to_string).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "unit/handed_in.html", config = "src/web/askama.toml")]
struct HandedInPage<'a> {
    frame: Frame,
    steps: Vec<Step>,
    changes: Vec<Change>,
    told: &'a [Finding],
}

/// The page that says what handing in changed, and what stands in the way all the same.
pub(super) fn handed_in(visitor: &Visitor, news: &[News], told: &[Finding]) -> Response {
    page(&HandedInPage {
        frame: Frame::of(visitor, "已提交", "/own"),
        steps: steps(3, 3),
        changes: news.iter().map(Change::of).collect(),
        told,
    })
}

#[derive(Template)]
#[template(path = "unit/paper.html", config = "src/web/askama.toml")]
struct PaperPage {
    frame: Frame,
    steps: Vec<Step>,
    files: Vec<Paper>,
    records: Vec<RecordView>,
    received: usize,
    mail: Vec<(String, String)>,
}

/// Where paper is sent: label and words.
fn mail(campaign: &Campaign) -> Vec<(String, String)> {
    campaign
        .addresses
        .values()
        .map(|a| {
            let words = [&a.address, &a.postcode, &a.department, &a.phone, &a.email];
            let words: Vec<&str> = words
                .iter()
                .map(|w| w.as_str())
                .filter(|w| !w.is_empty())
                .collect();
            (a.name.clone(), words.join("，"))
        })
        .collect()
}

pub(in crate::web) async fn paper(
    State(app): Shared,
    Secretary(visitor): Secretary,
) -> Result<Response, Trouble> {
    let folder = folder_of(&app, &visitor)?;
    let board = own_board(&app, unit_of(&visitor)?).await?;
    let files = folder.last_paper()?.map(|p| p.files).unwrap_or_default();
    let files = (0..)
        .zip(&files)
        .map(|(number, f)| Paper {
            number,
            path: f.path.clone(),
            what: match f.pages {
                0 => "电子件，可编辑，不是原件".to_owned(),
                n => format!("{n} 面"),
            },
            all: f.form == FileForm::Print,
        })
        .collect();
    Ok(page(&PaperPage {
        frame: Frame::of(&visitor, "打印", "/own/paper"),
        steps: steps(3, if board.records.is_empty() { 2 } else { 4 }),
        files,
        records: records(&board),
        received: received(&board),
        mail: mail(&app.campaign()),
    }))
}

fn received(board: &Board) -> usize {
    let cells = board.records.iter().flat_map(|r| r.matrix.iter().flatten());
    cells.filter(|c| c.at.is_some()).count()
}

async fn paper_file(
    State(app): Shared,
    Secretary(visitor): Secretary,
    At(number): At<usize>,
) -> Result<Response, Trouble> {
    let folder = folder_of(&app, &visitor)?;
    let found = tokio::task::spawn_blocking(move || folder.paper_file(number))
        .await
        .map_err(|_| Trouble::bug("读取时出错"))??;
    let (path, bytes) = found.ok_or(Trouble::Nothing)?;
    // by its number: its name holds that of a person
    tell(&app, &visitor, &format!("本单位材料的第 {number} 个文件")).await?;
    let name = path.rsplit('/').next().unwrap_or(&path);
    Ok(file(name, kind_of(name), bytes))
}

/// The media type of a file of paper, by its ending.
pub(super) fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("pdf") => "application/pdf",
        Some("xlsx") => XLSX,
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _ => "application/octet-stream",
    }
}

#[derive(Deserialize)]
struct VoidForm {
    record: String,
    #[serde(default)]
    copy: String,
    reason: String,
}

/// Voids a print of one's own; the next handing in prints it anew.
async fn void(
    State(app): Shared,
    Secretary(visitor): Secretary,
    Posted(form): Posted<VoidForm>,
) -> Result<Response, Trouble> {
    let (now, unit) = (app.now(), unit_of(&visitor)?);
    let copy = match form.copy.as_str() {
        "" => None,
        text => Some(
            text.parse()
                .map_err(|_| Trouble::Bad("份次应为数字。".to_owned()))?,
        ),
    };
    app.desks
        .ask(move |desk| {
            let board = desk.board_of(&unit, now)?;
            if !board.records.iter().any(|r| r.record == form.record) {
                return Err(ClerkError::Refused(
                    "这份记录不是本单位的，没有办理。".to_owned(),
                ));
            }
            desk.void(&form.record, copy, &form.reason, now)
        })
        .await?;
    crate::web::unit::acts::hand_in(&app, &visitor).await?;
    Ok(Redirect::to("/own/paper").into_response())
}

#[derive(Deserialize)]
struct Nothing {}

/// Takes a submission back as long as none of its paper was received: every print is void.
async fn withdraw(
    State(app): Shared,
    Secretary(visitor): Secretary,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Trouble> {
    let (now, unit) = (app.now(), unit_of(&visitor)?);
    app.desks
        .ask(move |desk| {
            let board = desk.board_of(&unit, now)?;
            if received(&board) > 0 {
                return Err(ClerkError::Refused(
                    "收件台已收到本单位的纸质材料，不能撤回。需要更正时，请改好后重新提交，旧版打印件即告作废。".to_owned(),
                ));
            }
            for record in &board.records {
                desk.void(&record.record, None, "单位撤回", now)?;
            }
            Ok(())
        })
        .await?;
    Ok(Redirect::to("/own").into_response())
}

#[derive(Template)]
#[template(path = "unit/receipt.html", config = "src/web/askama.toml")]
struct ReceiptPage<'a> {
    frame: Frame,
    steps: Vec<Step>,
    board: &'a Board,
    state: &'static str,
    records: Vec<RecordView>,
}

pub(in crate::web) async fn receipt(
    State(app): Shared,
    Secretary(visitor): Secretary,
) -> Result<Response, Trouble> {
    let board = own_board(&app, unit_of(&visitor)?).await?;
    let done = match (board.complete, board.records.is_empty()) {
        (true, _) => 6,
        (_, false) => 4,
        _ => 0,
    };
    Ok(page(&ReceiptPage {
        frame: Frame::of(&visitor, "回执", "/own/receipt"),
        steps: steps(5, done),
        state: board.timeliness_word,
        records: records(&board),
        board: &board,
    }))
}

pub(in crate::web) async fn calibration(
    State(app): Shared,
    Secretary(_): Secretary,
) -> Result<Response, Trouble> {
    let pdf =
        crate::web::service::work::work(&app, |app| crate::clerk::calibration_page(&app.fonts))
            .await?;
    Ok(file("校准页.pdf", "application/pdf", pdf))
}

pub(in crate::web) async fn slip(
    State(app): Shared,
    Secretary(visitor): Secretary,
) -> Result<Response, Trouble> {
    let unit = unit_of(&visitor)?;
    crate::web::service::boards::slip_of(&app, unit.campaign, unit.name).await
}
