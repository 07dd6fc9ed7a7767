//! Preview (预览): every page of a unit's draft as a picture and as one PDF. A draft is made once for each state of the files and
//! kept for a while, for its pages are asked one by one.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use crate::clerk::{Visitor, page_picture};
use crate::finding::Report;

use crate::web::service::app::{App, Shared};
use crate::web::service::files::file;
use crate::web::service::frame::{Frame, page};
use crate::web::service::given::At;
use crate::web::service::guard::Secretary;
use crate::web::service::readings::tell;
use crate::web::service::state::previews::Draft;
use crate::web::service::told::FindingView;
use crate::web::service::trouble::Trouble;
use crate::web::service::work::work;
use crate::web::unit::acts::{folder_of, look, unit_of};
use crate::web::unit::steps::{Step, steps};

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/own/preview", get(preview))
        .route("/own/preview.pdf", get(pdf))
        .route("/own/preview/{number}", get(picture))
}

/// The draft of the files as they are, made where there is none yet. One is made at a time for a unit.
async fn draft(app: &Arc<App>, visitor: &Visitor) -> Result<Arc<Draft>, Trouble> {
    let folder = folder_of(app, visitor)?;
    let place = app.previews.place(unit_of(visitor)?.no);
    let mut kept = place.lock().await;
    let state = folder.state()?;
    if let Some((of, draft)) = &*kept
        && *of == state
    {
        return Ok(draft.clone());
    }
    let made = work(app, move |app| {
        folder.preview(&app.campaigns, &app.fonts, app.now())
    });
    let draft = Arc::new(Draft::of(&app.campaign(), made.await?));
    *kept = Some((state, draft.clone()));
    Ok(draft)
}

#[derive(Template)]
#[template(path = "unit/preview.html", config = "src/web/askama.toml")]
struct PreviewPage {
    frame: Frame,
    steps: Vec<Step>,
    there: bool,
    errors: usize,
    warnings: usize,
    /// Forms with the numbers of their sides.
    forms: Vec<(String, std::ops::Range<usize>)>,
    busy: bool,
    told: Vec<FindingView>,
}

pub(in crate::web) async fn preview(
    State(app): Shared,
    Secretary(visitor): Secretary,
) -> Result<Response, Trouble> {
    let state = look(&app, &visitor).await?;
    let findings = state.as_ref().map_or(&[][..], |s| &s.checked.findings);
    let report = Report::new(findings);
    let draft = match &state {
        Some(_) => draft(&app, &visitor).await?,
        None => Arc::default(),
    };
    let mut next = 1;
    let forms = draft.forms.iter().map(|f| {
        let first = next;
        next += f.sides;
        (f.title.clone(), first..next)
    });
    let forms = forms.collect();
    Ok(page(&PreviewPage {
        frame: Frame::of(&visitor, "预览", "/own"),
        steps: steps(2, if report.errors == 0 { 2 } else { 1 }),
        there: state.is_some(),
        errors: report.errors,
        warnings: report.warnings,
        forms,
        busy: app.progress.is_busy(unit_of(&visitor)?.no),
        told: Vec::new(),
    }))
}

pub(in crate::web) async fn pdf(
    State(app): Shared,
    Secretary(visitor): Secretary,
) -> Result<Response, Trouble> {
    let draft = draft(&app, &visitor).await?;
    if draft.all.is_empty() {
        return Err(Trouble::Nothing);
    }
    tell(&app, &visitor, "本单位材料的预览").await?;
    Ok(file("预览.pdf", "application/pdf", draft.all.clone()))
}

async fn picture(
    State(app): Shared,
    Secretary(visitor): Secretary,
    At(number): At<usize>,
) -> Result<Response, Trouble> {
    let index = number.checked_sub(1).ok_or(Trouble::Nothing)?;
    let draft = draft(&app, &visitor).await?;
    tell(&app, &visitor, "本单位材料的预览").await?;
    let png = work(&app, move |_| match draft.side(index) {
        Some((pdf, side)) => page_picture(pdf, side),
        None => Ok(None),
    });
    let png = png.await?.ok_or(Trouble::Nothing)?;
    Ok(file(&format!("预览{number}.png"), "image/png", png))
}
