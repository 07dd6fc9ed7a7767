//! The papers around a unit's submission (公文): the draft of what is made public, the letters to the departments and to the organiser; made on
//! a button, weeks before the rest is whole.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::finding::{Finding, Severity};

use crate::web::service::app::{App, Shared};
use crate::web::service::files::file;
use crate::web::service::frame::{Frame, page};
use crate::web::service::given::At;
use crate::web::service::guard::{Posted, Secretary};
use crate::web::service::readings::tell;
use crate::web::service::trouble::Trouble;
use crate::web::service::work::work;
use crate::web::unit::acts::folder_of;
use crate::web::unit::paper::kind_of;

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/own/papers", get(papers).post(make))
        .route("/own/papers/{number}", get(paper))
}

/// A paper: its number in the list, its path, what it is.
struct Paper {
    number: usize,
    path: String,
    what: String,
}

#[derive(Template)]
#[template(path = "unit/papers.html", config = "src/web/askama.toml")]
struct PapersPage {
    frame: Frame,
    papers: Vec<Paper>,
    there: bool,
}

async fn papers(State(app): Shared, Secretary(visitor): Secretary) -> Result<Response, Trouble> {
    let folder = folder_of(&app, &visitor)?;
    let there = !folder.files()?.is_empty();
    let made = folder.last_papers()?;
    let papers = (0..).zip(made).map(|(number, entry)| Paper {
        number,
        what: match entry.pages {
            0 => "可以在 WPS 或 Word 中编辑".to_owned(),
            n => format!("{n} 面"),
        },
        path: entry.path,
    });
    Ok(page(&PapersPage {
        frame: Frame::of(&visitor, "公文", "/own"),
        papers: papers.collect(),
        there,
    }))
}

#[derive(Deserialize)]
struct Nothing {}

async fn make(
    State(app): Shared,
    Secretary(visitor): Secretary,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Trouble> {
    let folder = folder_of(&app, &visitor)?;
    let made = work(&app, move |app| {
        let made = folder.make_papers(&app.campaigns, &app.fonts, app.now())?;
        Ok((made.files.is_some(), made.findings))
    });
    let (written, findings): (bool, Vec<Finding>) = made.await?;
    if !written {
        let mut told = findings;
        told.retain(|f| f.severity == Severity::Error);
        return Err(Trouble::Findings(told));
    }
    Ok(Redirect::to("/own/papers").into_response())
}

async fn paper(
    State(app): Shared,
    Secretary(visitor): Secretary,
    At(number): At<usize>,
) -> Result<Response, Trouble> {
    let folder = folder_of(&app, &visitor)?;
    let found = tokio::task::spawn_blocking(move || folder.papers_file(number))
        .await
        .map_err(|_| Trouble::bug("读取时出错"))??;
    let (path, bytes) = found.ok_or(Trouble::Nothing)?;
    tell(&app, &visitor, &format!("本单位的第 {number} 件公文")).await?;
    let name = path.rsplit('/').next().unwrap_or(&path);
    Ok(file(name, kind_of(name), bytes))
}
