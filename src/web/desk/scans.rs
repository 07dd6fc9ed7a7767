//! Scans (扫描件): files of scanned pages are taken in, read page by page in the background and received; what was not read waits
//! in the tray, with its picture, for a person.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::clerk::{
    ClerkError, DataPlaces, Desk, IfMissing, PageState, ReceivedPage, ScanBatch, TrayClose,
    TrayRow, acting_as, make_closed,
};

use crate::web::desk::counter::AnswerView;
use crate::web::desk::waiting::{Waiting, left};
use crate::web::service::app::{App, Shared};
use crate::web::service::caller;
use crate::web::service::frame::{Frame, page};
use crate::web::service::given::At;
use crate::web::service::guard::{AtDesk, Posted};
use crate::web::service::readings::tell;
use crate::web::service::state::batches::{Batch, BatchPageView};
use crate::web::service::trouble::Trouble;
use crate::web::service::upload::{Limits, Sent, take_in};

/// Most bytes of one upload of scans.
const MOST: usize = 1 << 30;

/// Files of one upload, and bytes of one.
const LIMITS: Limits = Limits {
    files: 500,
    bytes: 500 << 20,
};

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/scans", get(scans).post(take))
        .route("/scans/{number}", get(batch))
        .route("/scans/frame", post(frame))
        .route("/tray/{number}", post(settle))
        .route("/tray/{number}/picture", get(picture))
        .layer(DefaultBodyLimit::max(MOST))
}

#[derive(Template)]
#[template(path = "desk/scans.html", config = "src/web/askama.toml")]
struct ScansPage {
    frame: Frame,
    tray: Vec<(TrayRow, String)>,
    batches: Vec<(u64, usize, usize, bool)>,
}

pub(in crate::web) async fn scans(
    State(app): Shared,
    AtDesk(visitor): AtDesk,
) -> Result<Response, Trouble> {
    let now = app.now();
    let tray = app.desks.ask(move |desk| desk.tray(now)).await?;
    let batches = app.batches.lock();
    let batches = batches
        .iter()
        .rev()
        .map(|(n, b)| (*n, b.files, b.lines.len(), b.done));
    let batches = batches.collect();
    let wall = |at: jiff::Timestamp| {
        let at = crate::hours::beijing(at);
        at.strftime("%Y-%m-%d %H:%M").to_string()
    };
    Ok(page(&ScansPage {
        frame: Frame::of(&visitor, "扫描件", "/scans"),
        tray: tray
            .into_iter()
            .map(|row| {
                let at = wall(row.at);
                (row, at)
            })
            .collect(),
        batches,
    }))
}

async fn take(
    State(app): Shared,
    AtDesk(visitor): AtDesk,
    sent: Sent,
) -> Result<Response, Trouble> {
    let (number, _) = take_batch(&app, &visitor, sent).await?;
    Ok(Redirect::to(&format!("/scans/{number}")).into_response())
}

/// Takes files in and begins to read them; gives the batch's number and when it is done.
async fn take_batch(
    app: &Arc<App>,
    visitor: &crate::clerk::Visitor,
    sent: Sent,
) -> Result<(u64, tokio::task::JoinHandle<()>), Trouble> {
    let stamp = jiff::Timestamp::now().as_nanosecond();
    let folder = app.serving.data.join("incoming").join(stamp.to_string());
    let world = |source| {
        Trouble::Clerk(ClerkError::World {
            path: folder.clone(),
            source,
        })
    };
    make_closed(&folder).map_err(|e| Trouble::Clerk(e.into()))?;
    let taken = match take_in(sent, visitor, &folder, LIMITS).await {
        Ok(taken) if !taken.is_empty() => taken,
        other => {
            let _ = std::fs::remove_dir_all(&folder);
            other?;
            return Err(Trouble::Bad(
                "没有选文件。请先选好扫描件再上传。".to_owned(),
            ));
        }
    };
    let number = app.batches.next();
    let waiting = Waiting::keep(&folder, number, &taken).map_err(world)?;
    Ok((number, begin(app, folder, &waiting)))
}

/// Goes on with what was taken in before the service ended.
pub(in crate::web) fn go_on(app: &Arc<App>) {
    for (folder, waiting) in left(&app.serving.data.join("incoming")) {
        drop(begin(app, folder, &waiting));
    }
}

/// Begins to read an upload; its folder goes when all its pages are received.
fn begin(app: &Arc<App>, folder: PathBuf, waiting: &Waiting) -> tokio::task::JoinHandle<()> {
    let (number, names) = (waiting.number, waiting.files(&folder));
    app.batches.begin(number, names.len());
    let (app, actor) = (app.clone(), caller::now());
    tokio::spawn(async move {
        let _place = app.workers.acquire().await;
        let shared = app.clone();
        let read = tokio::task::spawn_blocking(move || {
            let done = acting_as(actor, || read_batch(&shared, number, &names));
            let _ = std::fs::remove_dir_all(&folder);
            done
        });
        let fault = match read.await {
            Ok(Ok(())) => String::new(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "读取时出错，请重新上传。".to_owned(),
        };
        app.batches.change(number, |batch| {
            batch.done = true;
            batch.fault = fault;
        });
    })
}

fn read_batch(app: &App, number: u64, names: &BTreeMap<PathBuf, String>) -> Result<(), ClerkError> {
    let places = DataPlaces {
        data: &app.serving.data,
        keys: &app.serving.keys,
    };
    let (mut desk, _) = Desk::open(places, &app.campaigns, IfMissing::Refuse)?;
    let files: Vec<PathBuf> = names.keys().cloned().collect();
    let batch = ScanBatch {
        files: &files,
        called: names,
        threads: 1,
        campaign: Some(&app.campaign().id),
        at: app.now(),
    };
    let done = desk.receive_scan(&batch, &mut |page| {
        let lines = lines(page);
        for answer in page.answers {
            app.counters.verdict(answer.verdict.code());
        }
        app.batches.change(number, |batch| {
            batch.lines.extend(lines);
        });
        ControlFlow::Continue(())
    })?;
    app.batches.change(number, |batch| {
        batch.blank = done.tally.of(PageState::Blank);
        batch.hints = done.hints.into_iter().map(|h| h.message).collect();
    });
    Ok(())
}

fn lines(page: &ReceivedPage<'_>) -> Vec<BatchPageView> {
    let name = page.name.to_owned();
    let mut lines: Vec<BatchPageView> = page
        .answers
        .iter()
        .map(|answer| {
            let shown = AnswerView::of(answer);
            BatchPageView {
                name: name.clone(),
                light: shown.light.class(),
                icon: shown.light.icon(),
                verdict: shown.word.to_owned(),
                what: if answer.form.is_some() {
                    shown.what
                } else {
                    String::new()
                },
                reason: shown.reason,
                unit: shown.unit,
            }
        })
        .collect();
    if let Some(left) = page.left_out() {
        let (light, icon, verdict) = match left.left_out {
            "blank" => ("", "○", "空白页"),
            _ => ("red", "✘", "读不了"),
        };
        lines.push(BatchPageView {
            name,
            light,
            icon,
            verdict: verdict.to_owned(),
            what: String::new(),
            reason: left.reason,
            unit: String::new(),
        });
    }
    lines
}

#[derive(Template)]
#[template(path = "desk/batch.html", config = "src/web/askama.toml")]
struct BatchPage {
    frame: Frame,
    number: u64,
    batch: Batch,
    tally: Vec<(String, usize)>,
}

async fn batch(
    State(app): Shared,
    AtDesk(visitor): AtDesk,
    At(number): At<u64>,
) -> Result<Response, Trouble> {
    let batch = app.batches.of(number).ok_or(Trouble::Nothing)?;
    let mut tally: BTreeMap<String, usize> = BTreeMap::new();
    for line in &batch.lines {
        *tally.entry(line.verdict.clone()).or_default() += 1;
    }
    let running = !batch.done;
    let mut answer = page(&BatchPage {
        frame: Frame::of(&visitor, "扫描件", "/scans"),
        number,
        batch,
        tally: tally.into_iter().collect(),
    });
    if running {
        // without scripts too the page follows the work
        answer
            .headers_mut()
            .insert(header::REFRESH, HeaderValue::from_static("2"));
    }
    Ok(answer)
}

/// A picture of a camera: read at once, answered like a scan, and not kept where nothing is on it.
async fn frame(
    State(app): Shared,
    visitor: Result<AtDesk, Trouble>,
    body: axum::body::Bytes,
) -> Result<axum::Json<impl serde::Serialize>, crate::web::service::trouble::Problem> {
    let AtDesk(_) = visitor?;
    if body.len() > 16 << 20 {
        return Err(Trouble::Large("画面太大。".to_owned()).into());
    }
    let digits = crate::web::service::work::work(&app, move |app| {
        crate::clerk::digits_in_picture(&body, &app.serving.keys)
    })
    .await?;
    Ok(axum::Json(serde_json::json!({ "digits": digits })))
}

async fn picture(
    State(app): Shared,
    AtDesk(visitor): AtDesk,
    At(number): At<i64>,
) -> Result<Response, Trouble> {
    let png = app.desks.ask(move |desk| desk.tray_picture(number)).await?;
    let png = png.ok_or(Trouble::Nothing)?;
    tell(&app, &visitor, &format!("待处理第 {number} 页的图像")).await?;
    Ok(([(header::CONTENT_TYPE, "image/png")], png).into_response())
}

#[derive(Deserialize)]
struct Settled {
    /// The code under the mark or its digits, where a person could read it; empty to put the page aside.
    #[serde(default)]
    code: String,
}

async fn settle(
    State(app): Shared,
    AtDesk(visitor): AtDesk,
    At(number): At<i64>,
    Posted(form): Posted<Settled>,
) -> Result<Response, Trouble> {
    let (now, campaign) = (app.now(), app.campaign().id.clone());
    app.desks
        .ask(move |desk| {
            let close = TrayClose {
                no: number,
                outcome: if form.code.trim().is_empty() {
                    "放到一边"
                } else {
                    ""
                },
                code: &form.code,
                by: &visitor.account.to_string(),
                campaign: Some(&campaign),
                at: now,
            };
            desk.close_tray(&close)
        })
        .await?;
    Ok(Redirect::to("/scans").into_response())
}
