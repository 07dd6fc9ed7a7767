//! Campaigns (活动) on the organiser's pages: templates uploaded and judged, the one that is run, its deadline; and the gate that
//! keeps a closed campaign as it is.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::clerk::{CAMPAIGN_BYTES, CampaignLine, ClerkError, Role, Uploaded, Visitor};

use crate::web::service::app::{App, Shared};
use crate::web::service::files::{file, incoming};
use crate::web::service::frame::{Frame, judged};
use crate::web::service::given::At;
use crate::web::service::guard::{Admin, Entering, Posted};
use crate::web::service::told::FindingView;
use crate::web::service::trouble::{Problem, Trouble, refusal};
use crate::web::service::upload::{Limits, Sent, take_in};

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/campaigns", get(campaigns))
        .route("/admin/campaigns/activate", post(activate))
        .route("/admin/campaigns/close", post(close))
        .route("/admin/campaigns/deadline", post(deadline))
        .route("/admin/campaigns/{campaign}/templates.zip", get(templates))
}

/// Routes with a larger body.
pub(in crate::web) fn uploads() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/campaigns/upload", post(upload))
        .layer(DefaultBodyLimit::max(CAMPAIGN_BYTES + (1 << 20)))
}

#[derive(Template)]
#[template(path = "office/campaigns.html", config = "src/web/askama.toml")]
struct CampaignsPage {
    frame: Frame,
    lines: Vec<CampaignLine>,
    told: Vec<FindingView>,
    said: String,
    fault: String,
}

/// What stands above the list: what was done, or why not, with what was found.
#[derive(Default)]
struct UploadView {
    said: String,
    fault: String,
    told: Vec<FindingView>,
}

async fn shown(app: &App, visitor: &Visitor, said: UploadView) -> Result<Response, Trouble> {
    let running = app.campaign().id.clone();
    let lines = app
        .desks
        .ask_office(move |office| office.campaign_lines(&running))
        .await?;
    let shown = CampaignsPage {
        frame: Frame::of(visitor, "活动", "/admin/campaigns"),
        lines,
        told: said.told,
        said: said.said,
        fault: said.fault,
    };
    Ok(judged(&shown.fault, &shown))
}

pub(in crate::web) async fn campaigns(
    State(app): Shared,
    Admin(visitor): Admin,
) -> Result<Response, Trouble> {
    shown(&app, &visitor, UploadView::default()).await
}

async fn upload(
    State(app): Shared,
    Admin(visitor): Admin,
    sent: Sent,
) -> Result<Response, Trouble> {
    let limits = Limits {
        files: 200,
        bytes: CAMPAIGN_BYTES as u64,
    };
    let taken = take_in(sent, &visitor, &incoming(&app).await?, limits).await?;
    let mut uploaded = Vec::new();
    for file in taken {
        let read = tokio::fs::read(&file.path).await;
        let _ = tokio::fs::remove_file(&file.path).await;
        let world = |source| ClerkError::World {
            path: file.path,
            source,
        };
        uploaded.push((file.name, read.map_err(world)?));
    }
    if uploaded.is_empty() {
        let fault = "没有选文件。请选活动文件夹的 .zip，或选其中全部的 .toml 文件。".to_owned();
        return shown(
            &app,
            &visitor,
            UploadView {
                fault,
                ..UploadView::default()
            },
        )
        .await;
    }
    let done = take(&app, &visitor, uploaded).await?;
    let told = done.findings.iter().map(FindingView::of).collect();
    let said = match &done.kept {
        Some((id, version)) => UploadView {
            said: format!(
                "活动“{id}”版本 {version} 已收下，模板没有错误。启用以后，各单位才看得到。"
            ),
            told,
            ..UploadView::default()
        },
        None => UploadView {
            fault: "模板有错误，没有收下。请按下表改正后重新上传。".to_owned(),
            told,
            ..UploadView::default()
        },
    };
    shown(&app, &visitor, said).await
}

/// Judges uploaded files and keeps them where they are good; the campaign that is run takes its new templates at once.
pub(super) async fn take(
    app: &Arc<App>,
    visitor: &Visitor,
    uploaded: Vec<(String, Vec<u8>)>,
) -> Result<Uploaded, Trouble> {
    let (now, who) = (app.now(), visitor.clone());
    let done = app
        .desks
        .ask_office(move |office| office.upload_campaign(&uploaded, &who, now))
        .await?;
    if done
        .kept
        .as_ref()
        .is_some_and(|(id, _)| *id == app.campaign().id)
    {
        renew(app, &app.campaign().id, app.is_open())?;
    }
    Ok(done)
}

/// Runs a campaign as it stands now.
fn renew(app: &App, id: &str, open: bool) -> Result<(), Trouble> {
    let (campaign, _) = app.campaigns.load(id)?;
    let campaign = campaign.ok_or_else(|| Trouble::bug("活动的模板有错误"))?;
    crate::clerk::make_service_key(&campaign, &app.serving.keys)?;
    app.run(campaign, open);
    Ok(())
}

#[derive(Deserialize)]
struct Chosen {
    campaign: String,
    #[serde(default)]
    carry: String,
}

/// Runs a campaign, open to the units; with `carry` the units of the one before are expected in it too.
pub(in crate::web) async fn run(
    app: &App,
    visitor: &Visitor,
    id: String,
    carry: bool,
) -> Result<usize, Trouble> {
    let (now, who) = (app.now(), visitor.clone());
    let (before, wanted) = (app.campaign().id.clone(), id.clone());
    let fresh = app
        .desks
        .ask_office(move |office| office.run_campaign((&wanted, &before), carry, &who, now))
        .await?;
    renew(app, &id, true)?;
    Ok(fresh)
}

async fn activate(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(form): Posted<Chosen>,
) -> Result<Response, Trouble> {
    let id = form.campaign.clone();
    match run(&app, &visitor, form.campaign, !form.carry.is_empty()).await {
        Ok(fresh) => {
            let said = format!("活动“{id}”已启用，各单位现在看到的是它。新增 {fresh} 个单位。");
            let said = UploadView {
                said,
                ..UploadView::default()
            };
            shown(&app, &visitor, said).await
        }
        Err(trouble) => refused(&app, &visitor, trouble).await,
    }
}

async fn refused(app: &App, visitor: &Visitor, trouble: Trouble) -> Result<Response, Trouble> {
    let fault = match trouble {
        Trouble::Clerk(error @ ClerkError::NoCampaign(..)) => error.to_string(),
        other => refusal(other)?,
    };
    let said = UploadView {
        fault,
        ..UploadView::default()
    };
    shown(app, visitor, said).await
}

/// Closes the campaign that is run to the units.
pub(in crate::web) async fn stop(app: &App, visitor: &Visitor, id: String) -> Result<(), Trouble> {
    let (now, who) = (app.now(), visitor.clone());
    if id != app.campaign().id {
        return Err(Trouble::Clerk(ClerkError::Refused(format!(
            "活动“{id}”没有在办，不必停止。"
        ))));
    }
    let wanted = id.clone();
    app.desks
        .ask_office(move |office| office.close_campaign(&wanted, &who, now))
        .await?;
    renew(app, &id, false)
}

async fn close(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(form): Posted<Chosen>,
) -> Result<Response, Trouble> {
    match stop(&app, &visitor, form.campaign).await {
        Ok(()) => Ok(Redirect::to("/admin/campaigns").into_response()),
        Err(trouble) => refused(&app, &visitor, trouble).await,
    }
}

#[derive(Deserialize)]
struct NewDay {
    campaign: String,
    day: String,
    #[serde(default)]
    time: String,
    reason: String,
}

/// Changes a deadline; gives the day.
pub(in crate::web) async fn postpone(
    app: &App,
    visitor: &Visitor,
    (id, day, reason): (String, String, String),
) -> Result<String, Trouble> {
    let (now, who) = (app.now(), visitor.clone());
    let wanted = id.clone();
    let day = app
        .desks
        .ask_office(move |office| office.change_deadline(&wanted, &day, &reason, &who, now))
        .await?;
    if id == app.campaign().id {
        renew(app, &id, app.is_open())?;
    }
    Ok(day.to_string())
}

async fn deadline(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(form): Posted<NewDay>,
) -> Result<Response, Trouble> {
    let id = form.campaign.clone();
    let until = format!("{} {}", form.day, form.time);
    match postpone(&app, &visitor, (form.campaign, until, form.reason)).await {
        Ok(day) => {
            let said = format!("活动“{id}”的报送期限是 {day}，迟到与否都按它算。");
            let said = UploadView {
                said,
                ..UploadView::default()
            };
            shown(&app, &visitor, said).await
        }
        Err(trouble) => refused(&app, &visitor, trouble).await,
    }
}

async fn templates(
    State(app): Shared,
    Admin(_): Admin,
    At(id): At<String>,
) -> Result<Response, Trouble> {
    let wanted = id.clone();
    let zip = app
        .desks
        .ask_office(move |office| office.campaign_zip(&wanted))
        .await?;
    let zip = zip.ok_or(Trouble::Nothing)?;
    Ok(file(&format!("{id}.zip"), "application/zip", zip))
}

/// Lets a unit change something of its own only while the campaign is open and expects it.
pub(in crate::web) async fn gate(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let api = path.starts_with("/api/v1/own/");
    let own = api || path.starts_with("/own/");
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    // reading a notice changes nothing of the submission
    if !own || safe || path.contains("/notices/") {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let visitor = Entering::from_request_parts(&mut parts, &app).await;
    if let Ok(Entering(visitor)) = &visitor
        && visitor.role == Role::Unit
        && let Err(trouble) = open_to(&app, visitor).await
    {
        return match api {
            true => Problem(trouble).into_response(),
            false => trouble.into_response(),
        };
    }
    next.run(Request::from_parts(parts, body)).await
}

/// Fails where a unit may not change anything now.
async fn open_to(app: &App, visitor: &Visitor) -> Result<(), Trouble> {
    if let Some(words) = shut(app, visitor) {
        return Err(Trouble::Clerk(ClerkError::Refused(words)));
    }
    let Some(unit) = visitor.unit.clone() else {
        return Ok(());
    };
    match app
        .desks
        .ask_office(move |office| office.is_erased(&unit))
        .await?
    {
        false => Ok(()),
        true => Err(Trouble::Clerk(ClerkError::Refused(
            "本单位的材料已按保存期限删除，没有办理，也不再接收。请与主办单位联系。".to_owned(),
        ))),
    }
}

/// Why a unit may not change anything now.
fn shut(app: &App, visitor: &Visitor) -> Option<String> {
    let campaign = app.campaign();
    let expected = visitor
        .unit
        .as_ref()
        .is_some_and(|u| u.campaign == campaign.id);
    if !expected {
        return Some(format!(
            "“{}”的名册中没有本单位，没有办理。请与主办单位联系。",
            campaign.title
        ));
    }
    (!app.is_open()).then(|| {
        format!(
            "“{}”已停止填报，没有办理。已经提交的不受影响；确需更正时请与主办单位联系。",
            campaign.title
        )
    })
}
