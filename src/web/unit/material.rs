//! A unit's own submission (填报): the workbook out, files in, every fault at once, a preview, handing in.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::clerk::{
    ClerkError, News, OwnFile, OwnFolder, OwnPaper, OwnState, RosterRow, Visitor, acting_as,
};
use crate::finding::{Finding, Report, Severity};

use crate::web::Shared;
use crate::web::desk::board::{XLSX, file};
use crate::web::service::app::App;
use crate::web::service::caller;
use crate::web::service::frame::{Frame, page};
use crate::web::service::guard::{Posted, Secretary};
use crate::web::service::readings::tell;
use crate::web::service::trouble::Trouble;

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/own", get(own))
        .route("/own/workbook.xlsx", get(workbook))
        .route("/own/files/remove", post(remove))
        .route("/own/check", get(check))
        .route("/own/marked.xlsx", get(marked))
        .route("/own/submit", post(submit))
}

/// A step of the way: words, address, whether it is done, whether it is this one.
pub(super) struct Step {
    pub(super) words: &'static str,
    pub(super) to: &'static str,
    pub(super) class: &'static str,
    pub(super) here: bool,
}

/// The steps, up to where the unit is.
pub(super) fn steps(here: usize, done: usize) -> Vec<Step> {
    const STEPS: [(&str, &str); 6] = [
        ("填报", "/own"),
        ("校验", "/own/check"),
        ("预览", "/own/preview"),
        ("打印", "/own/paper"),
        ("寄送", "/own/paper#mail"),
        ("回执", "/own/receipt"),
    ];
    (0..)
        .zip(STEPS)
        .map(|(n, (words, to))| Step {
            words,
            to,
            class: if n < done { "done" } else { "todo" },
            here: n == here,
        })
        .collect()
}

/// A visitor's unit.
pub(in crate::web) fn unit_of(visitor: &Visitor) -> Result<RosterRow, Trouble> {
    visitor.unit.clone().ok_or(Trouble::Nothing)
}

pub(in crate::web) fn folder_of(app: &App, visitor: &Visitor) -> Result<OwnFolder, Trouble> {
    let unit = unit_of(visitor)?;
    Ok(OwnFolder::of(&app.serving.data, &app.serving.keys, &unit))
}

/// Does work that takes a core, a few at a time, away from the threads that answer.
pub(in crate::web) async fn work<T: Send + 'static>(
    app: &Arc<App>,
    act: impl FnOnce(&App) -> Result<T, ClerkError> + Send + 'static,
) -> Result<T, Trouble> {
    let _place = app.workshop.acquire().await.map_err(|_| Trouble::Busy)?;
    let (app, actor) = (app.clone(), caller::now());
    tokio::task::spawn_blocking(move || acting_as(actor, || act(&app)))
        .await
        .map_err(|_| Trouble::bug("办理时出错"))?
        .map_err(Trouble::Clerk)
}

/// A file with its size in words.
struct Lying {
    path: String,
    size: String,
}

impl From<OwnFile> for Lying {
    fn from(file: OwnFile) -> Self {
        let size = match file.size {
            n if n >= 1 << 20 => format!("{:.1} MB", n as f64 / f64::from(1 << 20)),
            n => format!("{} KB", n.div_ceil(1024)),
        };
        Self {
            path: file.path,
            size,
        }
    }
}

#[derive(Template)]
#[template(path = "unit/own.html", config = "src/web/askama.toml")]
struct OwnPage<'a> {
    frame: Frame,
    steps: Vec<Step>,
    campaign: &'a str,
    deadline: String,
    unit: String,
    files: Vec<Lying>,
    paper: Option<OwnPaper>,
}

pub(in crate::web) async fn own(
    State(app): Shared,
    Secretary(visitor): Secretary,
) -> Result<Response, Trouble> {
    let folder = folder_of(&app, &visitor)?;
    let files = folder.files()?;
    let paper = folder.last_paper()?;
    let done = if paper.is_some() {
        4
    } else {
        usize::from(!files.is_empty())
    };
    Ok(page(&OwnPage {
        frame: Frame::of(&visitor, "填报", "/own"),
        steps: steps(0, done),
        campaign: &app.campaign().title,
        deadline: app.campaign().deadline.to_string(),
        unit: unit_of(&visitor)?.name,
        files: files.into_iter().map(Lying::from).collect(),
        paper,
    }))
}

pub(in crate::web) async fn workbook(
    State(app): Shared,
    Secretary(visitor): Secretary,
) -> Result<Response, Trouble> {
    let folder = folder_of(&app, &visitor)?;
    let bytes = work(&app, move |app| folder.blank(&app.campaign())).await?;
    Ok(file("填报工作簿.xlsx", XLSX, bytes))
}

#[derive(Deserialize)]
struct Named {
    path: String,
}

async fn remove(
    State(app): Shared,
    Secretary(visitor): Secretary,
    Posted(form): Posted<Named>,
) -> Result<Response, Trouble> {
    folder_of(&app, &visitor)?.remove(&form.path)?;
    Ok(Redirect::to("/own").into_response())
}

/// Reads and checks a unit's files; none where there are none.
pub(in crate::web) async fn look(
    app: &Arc<App>,
    visitor: &Visitor,
) -> Result<Option<OwnState>, Trouble> {
    let folder = folder_of(app, visitor)?;
    work(app, move |app| {
        folder.look(&app.campaigns, &app.fonts, app.now())
    })
    .await
}

/// A finding on a page.
pub(in crate::web) struct Told {
    pub(in crate::web) class: &'static str,
    pub(in crate::web) weight: &'static str,
    pub(in crate::web) code: &'static str,
    pub(in crate::web) place: String,
    pub(in crate::web) message: String,
    pub(in crate::web) hint: String,
}

impl Told {
    pub(in crate::web) fn of(finding: &Finding) -> Self {
        let (class, weight) = match finding.severity {
            Severity::Error => ("red", "错误"),
            Severity::Warning => ("amber", "提醒"),
            Severity::Info => ("none", "说明"),
        };
        Self {
            class,
            weight,
            code: finding.code,
            place: finding.place.to_string(),
            message: finding.message.clone(),
            hint: finding.hint.clone(),
        }
    }
}

/// A cell of the grid.
struct Cell {
    text: String,
    class: &'static str,
    why: String,
}

/// A candidate's row of the grid.
struct Row {
    bad: bool,
    cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "unit/check.html", config = "src/web/askama.toml")]
struct CheckPage {
    frame: Frame,
    steps: Vec<Step>,
    there: bool,
    errors: usize,
    warnings: usize,
    told: Vec<Told>,
    heads: Vec<String>,
    rows: Vec<Row>,
    hidden: usize,
    only: bool,
    book: bool,
}

#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    only: String,
}

/// Most candidates whose rows are shown; a unit's quota is a handful.
const MOST_ROWS: usize = 200;

async fn check(
    State(app): Shared,
    Secretary(visitor): Secretary,
    Query(shown): Query<Shown>,
) -> Result<Response, Trouble> {
    let state = look(&app, &visitor).await?;
    let only = !shown.only.is_empty();
    let empty = CheckPage {
        frame: Frame::of(&visitor, "校验", "/own"),
        steps: steps(1, 0),
        there: false,
        errors: 0,
        warnings: 0,
        told: Vec::new(),
        heads: Vec::new(),
        rows: Vec::new(),
        hidden: 0,
        only,
        book: false,
    };
    let Some(state) = state else {
        return Ok(page(&empty));
    };
    let mut findings = state.checked.findings.clone();
    findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
    let report = Report::new(&findings);
    let (heads, mut rows) = grid(&app, &state, &findings);
    let all = rows.len();
    if only {
        rows.retain(|r| r.bad);
    }
    rows.truncate(MOST_ROWS);
    Ok(page(&CheckPage {
        there: true,
        steps: steps(1, if report.errors == 0 { 2 } else { 1 }),
        errors: report.errors,
        warnings: report.warnings,
        told: findings.iter().map(Told::of).collect(),
        heads,
        hidden: all - rows.len(),
        rows,
        book: state.reading.workbook.is_some(),
        ..empty
    }))
}

/// The candidates' fields as a grid, the faulty cells marked with what is wrong.
fn grid(app: &App, state: &OwnState, findings: &[Finding]) -> (Vec<String>, Vec<Row>) {
    let campaign = app.campaign();
    let Some(sheet) = campaign.candidate_sheet() else {
        return (Vec::new(), Vec::new());
    };
    let heads = sheet.fields.iter().map(|f| f.label.clone()).collect();
    let rows = state
        .reading
        .submission
        .candidates
        .iter()
        .map(|candidate| {
            let name = candidate.text("name");
            let of_cell = |key: &str| {
                let place = candidate.place_of(key);
                let hit = move |f: &&Finding| {
                    let same_cell = place.cell.is_some()
                        && f.place.cell == place.cell
                        && f.place.sheet == place.sheet;
                    let same_field = f.place.record.as_deref() == Some(name)
                        && f.place.field.as_deref() == Some(key);
                    f.severity > Severity::Info && (same_cell || same_field)
                };
                let mut hits: Vec<&Finding> = findings.iter().filter(hit).collect();
                hits.sort_by_key(|f| std::cmp::Reverse(f.severity));
                hits
            };
            let cells: Vec<Cell> = sheet
                .fields
                .iter()
                .map(|field| {
                    let hits = of_cell(&field.key);
                    let class = match hits.first().map(|f| f.severity) {
                        Some(Severity::Error) => "red",
                        Some(_) => "amber",
                        None => "",
                    };
                    let why: Vec<String> = hits
                        .iter()
                        .map(|f| format!("{} {}", f.message, f.hint))
                        .collect();
                    Cell {
                        text: shortened(candidate.text(&field.key)),
                        class,
                        why: why.join(" "),
                    }
                })
                .collect();
            Row {
                bad: cells.iter().any(|c| !c.class.is_empty()),
                cells,
            }
        })
        .collect();
    (heads, rows)
}

/// The beginning of a long text.
fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    match text.chars().count() {
        n if n > MOST => format!("{}…（{n}字）", text.chars().take(MOST).collect::<String>()),
        _ => text.to_owned(),
    }
}

pub(in crate::web) async fn marked(
    State(app): Shared,
    Secretary(visitor): Secretary,
) -> Result<Response, Trouble> {
    let folder = folder_of(&app, &visitor)?;
    let state = look(&app, &visitor).await?.ok_or(Trouble::Nothing)?;
    let bytes = work(&app, move |_| folder.marked(&state)).await?;
    let bytes = bytes.ok_or(Trouble::Nothing)?;
    tell(&app, &visitor, "本单位的标注工作簿").await?;
    Ok(file("填报工作簿-标注.xlsx", XLSX, bytes))
}

#[derive(Deserialize)]
struct Nothing {}

async fn submit(
    State(app): Shared,
    Secretary(visitor): Secretary,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Trouble> {
    let handed = hand_in(&app, &visitor).await?;
    Ok(crate::web::unit::paper::handed_in(
        &visitor,
        &handed.news,
        &handed.told,
    ))
}

/// What handing in changed.
pub(in crate::web) struct Handed {
    pub(in crate::web) news: Vec<News>,
    /// Errors that do not undo it, since they are not of this unit's material alone: a person whom another unit recommends too.
    pub(super) told: Vec<Finding>,
}

/// Hands a unit's submission in; findings where errors forbid it.
pub(in crate::web) async fn hand_in(app: &Arc<App>, visitor: &Visitor) -> Result<Handed, Trouble> {
    let folder = folder_of(app, visitor)?;
    let mut told = app.progress.begin(unit_of(visitor)?.no);
    let (done, findings, news) = work(app, move |app| {
        let now = app.now();
        let made = folder.hand_in(&app.campaigns, &app.fonts, now, &mut |words| {
            told.say(words)
        })?;
        Ok((made.files.is_some(), made.findings, made.news))
    })
    .await?;
    let mut told = findings;
    told.retain(|f| f.severity == Severity::Error);
    if !done {
        return Err(Trouble::Findings(told));
    }
    Ok(Handed { news, told })
}
