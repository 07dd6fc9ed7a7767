//! The organiser's own forms (空白表) for a unit: filled with its material, to be downloaded, printed and signed.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use crate::clerk::{BlankForm, FilledBlank, fill_blank};
use crate::finding::Severity;

use crate::web::service::app::{App, Shared};
use crate::web::service::files::file;
use crate::web::service::frame::{Frame, page};
use crate::web::service::given::At;
use crate::web::service::guard::Secretary;
use crate::web::service::readings::tell;
use crate::web::service::told::FindingView;
use crate::web::service::trouble::Trouble;
use crate::web::service::work::work;
use crate::web::unit::acts::folder_of;

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/own/forms", get(forms))
        .route("/own/forms/{number}", get(form))
        .route("/own/forms/{number}/filled", get(filled))
}

#[derive(Template)]
#[template(path = "unit/forms.html", config = "src/web/askama.toml")]
struct FormsPage {
    frame: Frame,
    /// Numbers and names.
    forms: Vec<(i64, String)>,
    there: bool,
}

async fn forms(State(app): Shared, Secretary(visitor): Secretary) -> Result<Response, Trouble> {
    let there = !folder_of(&app, &visitor)?.files()?.is_empty();
    let id = app.campaign().id.clone();
    let forms = app
        .desks
        .ask_office(move |office| office.blank_forms(Some(&id)))
        .await?;
    let given_out = forms.into_iter().filter(BlankForm::is_given_out);
    Ok(page(&FormsPage {
        frame: Frame::of(&visitor, "空白表", "/own"),
        forms: given_out.map(|f| (f.no, f.name)).collect(),
        there,
    }))
}

/// A form filled for a unit's material as it stands.
async fn made(
    app: &Arc<App>,
    visitor: &crate::clerk::Visitor,
    number: i64,
) -> Result<(String, Option<FilledBlank>), Trouble> {
    let folder = folder_of(app, visitor)?;
    let form = app
        .desks
        .ask_office(move |office| office.blank_form(number))
        .await?;
    let own = app.campaign().id.clone();
    let form = form.filter(|f| f.campaign == own && f.is_given_out());
    let form = form.ok_or(Trouble::Nothing)?;
    let name = form.name.clone();
    let made = work(app, move |app| {
        let state = folder.look(&app.campaigns, &app.fonts, app.now())?;
        let places = (&*app.serving.keys, &*app.serving.data);
        let fill = |state: crate::clerk::OwnState| {
            fill_blank(&app.campaign(), &form, &state.reading, places, app.now())
        };
        state.map(fill).transpose()
    });
    Ok((name, made.await?))
}

#[derive(Template)]
#[template(path = "unit/form_filled.html", config = "src/web/askama.toml")]
struct FormFilledPage {
    frame: Frame,
    number: i64,
    name: String,
    there: bool,
    ready: bool,
    told: Vec<FindingView>,
}

/// What was found while the form was filled, and the way to the filled form.
async fn form(
    State(app): Shared,
    Secretary(visitor): Secretary,
    At(number): At<i64>,
) -> Result<Response, Trouble> {
    let (name, made) = made(&app, &visitor, number).await?;
    let findings = made.as_ref().map_or(&[][..], |m| &m.findings);
    Ok(page(&FormFilledPage {
        frame: Frame::of(&visitor, "空白表", "/own"),
        number,
        name,
        there: made.is_some(),
        ready: made.as_ref().is_some_and(|m| m.file.is_some()),
        told: findings.iter().map(FindingView::of).collect(),
    }))
}

async fn filled(
    State(app): Shared,
    Secretary(visitor): Secretary,
    At(number): At<i64>,
) -> Result<Response, Trouble> {
    let (_, made) = made(&app, &visitor, number).await?;
    let made = made.ok_or(Trouble::Nothing)?;
    let Some((name, bytes)) = made.file else {
        let mut told = made.findings;
        told.retain(|f| f.severity == Severity::Error);
        return Err(Trouble::Findings(told));
    };
    tell(
        &app,
        &visitor,
        &format!("按本单位材料填好的空白表 {number}"),
    )
    .await?;
    let kind = match name.rsplit('.').next() {
        Some("zip") => "application/zip",
        Some("xlsx") => crate::web::service::files::XLSX,
        _ => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    };
    Ok(file(&name, kind, bytes))
}
