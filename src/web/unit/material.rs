//! A unit's own submission (填报): the workbook out, files in, every fault at once, a preview, handing in.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::clerk::{OwnFile, OwnPaper, OwnState};
use crate::finding::{Finding, Report, Severity};

use crate::web::service::app::{App, Shared};
use crate::web::service::files::{XLSX, file};
use crate::web::service::frame::{Frame, page};
use crate::web::service::given::Asked;
use crate::web::service::guard::{Posted, Secretary};
use crate::web::service::readings::tell;
use crate::web::service::told::FindingView;
use crate::web::service::trouble::Trouble;
use crate::web::service::work::work;
use crate::web::unit::acts::{folder_of, hand_in, look, unit_of, work_folder};
use crate::web::unit::steps::{Step, steps};

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/own", get(own))
        .route("/own/workbook.xlsx", get(workbook))
        .route("/own/files/remove", post(remove))
        .route("/own/check", get(check))
        .route("/own/marked.xlsx", get(marked))
        .route("/own/submit", post(submit))
}

/// A file with its size in words.
struct ListedFile {
    path: String,
    size: String,
}

impl From<OwnFile> for ListedFile {
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
    files: Vec<ListedFile>,
    /// The folder of works; empty where the campaign asks for none.
    works: String,
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
        files: files.into_iter().map(ListedFile::from).collect(),
        works: work_folder(&app).unwrap_or_default(),
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
    told: Vec<FindingView>,
    heads: Vec<String>,
    rows: Vec<Row>,
    hidden: usize,
    only: bool,
    book: bool,
}

#[derive(Deserialize)]
struct GridQuery {
    #[serde(default)]
    only: String,
}

/// Most candidates whose rows are shown; a unit's quota is a handful.
const MOST_ROWS: usize = 200;

async fn check(
    State(app): Shared,
    Secretary(visitor): Secretary,
    Asked(shown): Asked<GridQuery>,
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
        told: findings.iter().map(FindingView::of).collect(),
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
