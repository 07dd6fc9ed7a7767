//! Notices (通知): the organiser's page to write and withdraw them, and a unit's page to read them.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::clerk::{NoticeLine, OwnNotice, RosterRow, Visitor};

use crate::web::service::app::{App, Shared};
use crate::web::service::frame::{Frame, judged, page, wall};
use crate::web::service::guard::{Admin, Posted, Secretary};
use crate::web::service::trouble::{Trouble, refusal};

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/notices", get(notices).post(write))
        .route("/admin/notices/withdraw", post(withdraw))
        .route("/own/notices", get(own))
        .route("/own/notices/read", post(read))
}

#[derive(Template)]
#[template(path = "office/notices.html", config = "src/web/askama.toml")]
struct NoticesPage<'a> {
    frame: Frame,
    campaign: &'a str,
    notices: Vec<NoticeView>,
    roster: Vec<RosterRow>,
    fault: String,
    title: String,
    body: String,
    chosen: Vec<i64>,
}

/// A notice with its times in words.
struct NoticeView {
    line: NoticeLine,
    at: String,
    read: usize,
}

impl NoticeView {
    fn of(line: NoticeLine) -> Self {
        Self {
            at: wall(line.at),
            read: line.to.iter().filter(|t| t.read.is_some()).count(),
            line,
        }
    }
}

/// A notice as it was typed.
#[derive(Clone, Default)]
pub(in crate::web) struct Typed {
    pub(in crate::web) title: String,
    pub(in crate::web) body: String,
    /// Numbers of the roster's units; empty for all.
    pub(in crate::web) to: Vec<i64>,
}

async fn shown(
    app: &App,
    visitor: &Visitor,
    typed: Typed,
    fault: String,
) -> Result<Response, Trouble> {
    let campaign = app.campaign();
    let id = campaign.id.clone();
    let (notices, roster) = app
        .desks
        .ask_office(move |office| {
            let mut roster = office.roster()?;
            roster.retain(|r| r.campaign == id);
            Ok((office.notices(&id)?, roster))
        })
        .await?;
    let shown = NoticesPage {
        frame: Frame::of(visitor, "通知", "/admin/notices"),
        campaign: &campaign.title,
        notices: notices.into_iter().map(NoticeView::of).collect(),
        roster,
        fault,
        title: typed.title,
        body: typed.body,
        chosen: typed.to,
    };
    Ok(judged(&shown.fault, &shown))
}

pub(in crate::web) async fn notices(
    State(app): Shared,
    Admin(visitor): Admin,
) -> Result<Response, Trouble> {
    shown(&app, &visitor, Typed::default(), String::new()).await
}

/// Writes a notice to units of the campaign that is run; gives its number.
pub(in crate::web) async fn put(
    app: &App,
    visitor: &Visitor,
    typed: Typed,
) -> Result<i64, Trouble> {
    let (now, who, id) = (app.now(), visitor.clone(), app.campaign().id.clone());
    app.desks
        .ask_office(move |office| {
            office.write_notice(&id, (&typed.title, &typed.body), &typed.to, &who, now)
        })
        .await
}

async fn write(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(fields): Posted<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let of = |name: &str| {
        let found = fields.iter().find(|(n, _)| n == name);
        found.map_or_else(String::new, |(_, v)| v.clone())
    };
    let chosen = fields.iter().filter(|(n, _)| n == "unit");
    let mut typed = Typed {
        title: of("title"),
        body: of("body"),
        to: chosen.filter_map(|(_, v)| v.parse().ok()).collect(),
    };
    if of("whom") == "all" {
        typed.to.clear();
    } else if typed.to.is_empty() {
        let fault = "没有选单位，没有发出。请选单位，或选“全部单位”。".to_owned();
        return shown(&app, &visitor, typed, fault).await;
    }
    match put(&app, &visitor, typed.clone()).await {
        Ok(_) => Ok(Redirect::to("/admin/notices").into_response()),
        Err(trouble) => {
            let fault = refusal(trouble)?;
            shown(&app, &visitor, typed, fault).await
        }
    }
}

#[derive(Deserialize)]
struct Which {
    no: i64,
}

async fn withdraw(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(form): Posted<Which>,
) -> Result<Response, Trouble> {
    match take_back(&app, &visitor, form.no).await {
        Ok(()) => Ok(Redirect::to("/admin/notices").into_response()),
        Err(trouble) => {
            let fault = refusal(trouble)?;
            shown(&app, &visitor, Typed::default(), fault).await
        }
    }
}

/// Withdraws a notice.
pub(in crate::web) async fn take_back(
    app: &App,
    visitor: &Visitor,
    no: i64,
) -> Result<(), Trouble> {
    let (now, who) = (app.now(), visitor.clone());
    app.desks
        .ask_office(move |office| office.withdraw_notice(no, &who, now))
        .await
}

#[derive(Template)]
#[template(path = "unit/own_notices.html", config = "src/web/askama.toml")]
struct OwnNoticesPage {
    frame: Frame,
    notices: Vec<(OwnNotice, String, String)>,
}

pub(in crate::web) async fn own(
    State(app): Shared,
    Secretary(visitor): Secretary,
) -> Result<Response, Trouble> {
    let who = visitor.clone();
    let notices = app
        .desks
        .ask_office(move |office| office.own_notices(&who))
        .await?;
    Ok(page(&OwnNoticesPage {
        frame: Frame::of(&visitor, "通知", "/own/notices"),
        notices: notices
            .into_iter()
            .map(|n| {
                let (at, read) = (wall(n.at), n.read.map_or_else(String::new, wall));
                (n, at, read)
            })
            .collect(),
    }))
}

/// Notes that a secretary has read a notice.
pub(super) async fn has_read(app: &App, visitor: &Visitor, no: i64) -> Result<(), Trouble> {
    let (now, who) = (app.now(), visitor.clone());
    app.desks
        .ask_office(move |office| office.read_notice(no, &who, now))
        .await
}

async fn read(
    State(app): Shared,
    Secretary(visitor): Secretary,
    Posted(form): Posted<Which>,
) -> Result<Response, Trouble> {
    has_read(&app, &visitor, form.no).await?;
    Ok(Redirect::to("/own/notices").into_response())
}
