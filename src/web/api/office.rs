//! The organiser's API (接口): campaigns, units, accounts, notices, keys, backups, retention and the audit log under `/api/v1`, by an
//! administrator's session or by a token with the scope `manage`. The same acts as the pages.

pub(in crate::web) use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request, State};
use axum::http::request::Parts;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clerk::{ChainState, Role, Visitor, Whose};

use crate::web::api::{Answer, may, meant};
use crate::web::office::campaigns::{postpone, run, stop};
use crate::web::office::notices;
use crate::web::office::retention;
use crate::web::service::app::{App, Shared};
use crate::web::service::guard::Known;
use crate::web::service::trouble::{Problem, Trouble};
use crate::web::service::work::work;

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/campaigns", get(campaigns))
        .route("/api/v1/campaigns/{campaign}/activate", post(activate))
        .route("/api/v1/campaigns/{campaign}/close", post(close))
        .route("/api/v1/campaigns/{campaign}/deadline", post(deadline))
        .route("/api/v1/units", get(units).post(import))
        .route("/api/v1/accounts", get(accounts).post(open))
        .route("/api/v1/accounts/{number}/password", post(reset))
        .route("/api/v1/accounts/{number}/closed", post(shut))
        .route("/api/v1/notices", get(all_notices).post(write))
        .route("/api/v1/notices/{number}/withdraw", post(withdraw))
        .route("/api/v1/keys", get(keys))
        .route("/api/v1/backups", get(backups).post(back_up))
        .route("/api/v1/retention", get(holdings))
        .route("/api/v1/retention/erase", post(erase))
        .route("/api/v1/audit", get(audit))
        .route("/api/v1/missing", get(missing))
}

const ADMIN: &[Role] = &[Role::Admin];
const MANAGE: &str = "manage";

/// An administrator who may manage.
struct Manager;

/// The same, of a write.
struct Writer(Visitor);

/// The facts that a write brings along.
struct Given<T>(T);

impl FromRequestParts<Arc<App>> for Manager {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let Known(visitor) = Known::from_request_parts(parts, app).await?;
        may(&visitor, ADMIN, MANAGE)?;
        Ok(Self)
    }
}

impl FromRequestParts<Arc<App>> for Writer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let Known(visitor) = Known::from_request_parts(parts, app).await?;
        may(&visitor, ADMIN, MANAGE)?;
        meant(&visitor, &parts.headers)?;
        Ok(Self(visitor))
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Given<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let body = Json::<T>::from_request(request, app).await;
        let Json(facts) = body.map_err(|e| {
            Trouble::Bad(format!(
                "请求不是所要的 JSON：{}。字段见 /api/v1/openapi.json。",
                e.body_text()
            ))
        })?;
        Ok(Self(facts))
    }
}

fn numbered(text: &str) -> Result<i64, Trouble> {
    text.parse().map_err(|_| Trouble::Nothing)
}

async fn campaigns(State(app): Shared, _: Manager) -> Answer<impl Serialize> {
    let running = app.campaign().id.clone();
    let lines = app
        .desks
        .ask(move |desk| desk.campaign_lines(&running))
        .await?;
    Ok(Json(lines))
}

#[derive(Deserialize)]
struct Carrying {
    /// Whether the units of the campaign before are expected in it too.
    #[serde(default)]
    carry: bool,
}

async fn activate(
    State(app): Shared,
    Writer(visitor): Writer,
    Path(id): Path<String>,
    Given(given): Given<Carrying>,
) -> Answer<Value> {
    let fresh = run(&app, &visitor, id.clone(), given.carry).await?;
    Ok(Json(json!({"campaign": id, "units_added": fresh})))
}

#[derive(Deserialize)]
struct Nothing {}

async fn close(
    State(app): Shared,
    Writer(visitor): Writer,
    Path(id): Path<String>,
    Given(Nothing {}): Given<Nothing>,
) -> Answer<Value> {
    stop(&app, &visitor, id.clone()).await?;
    Ok(Json(json!({"campaign": id, "open": false})))
}

#[derive(Deserialize)]
struct NewDay {
    day: String,
    reason: String,
}

async fn deadline(
    State(app): Shared,
    Writer(visitor): Writer,
    Path(id): Path<String>,
    Given(NewDay { day, reason }): Given<NewDay>,
) -> Answer<Value> {
    let day = postpone(&app, &visitor, (id.clone(), day, reason)).await?;
    Ok(Json(json!({"campaign": id, "deadline": day})))
}

async fn units(State(app): Shared, _: Manager) -> Answer<Value> {
    let roster = app.desks.ask(|desk| desk.roster()).await?;
    let line = |r: crate::clerk::RosterRow| json!({"number": r.no, "campaign": r.campaign, "name": r.name, "channel": r.channel});
    Ok(Json(roster.into_iter().map(line).collect()))
}

#[derive(Deserialize)]
struct NewUnits {
    units: Vec<NewUnit>,
}

#[derive(Deserialize)]
struct NewUnit {
    name: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    phone: String,
}

async fn import(
    State(app): Shared,
    Writer(visitor): Writer,
    Given(given): Given<NewUnits>,
) -> Answer<Value> {
    // a line a unit, as the page takes them
    let word = |text: &str| text.replace(['\r', '\n', '\t'], " ");
    let lines = given.units.iter();
    let lines = lines.map(|u| {
        [&u.name, &u.channel, &u.contact, &u.phone]
            .map(|w| word(w))
            .join("\t")
    });
    let list: Vec<String> = lines.collect();
    let (now, campaign) = (app.now(), app.campaign().id.clone());
    let fresh = app
        .desks
        .ask(move |desk| desk.import_roster(&campaign, &list.join("\n"), &visitor, now))
        .await?;
    Ok(Json(json!({"added": fresh})))
}

async fn accounts(State(app): Shared, _: Manager) -> Answer<impl Serialize> {
    let now = app.now();
    Ok(Json(app.desks.ask(move |desk| desk.accounts(now)).await?))
}

#[derive(Deserialize)]
struct NewAccount {
    name: String,
    role: String,
    /// Number of the unit, for the role `unit`.
    unit: Option<i64>,
}

async fn open(
    State(app): Shared,
    Writer(visitor): Writer,
    Given(new): Given<NewAccount>,
) -> Answer<impl Serialize> {
    let now = app.now();
    let role =
        Role::from_key(&new.role).ok_or_else(|| Trouble::Bad("没有这种角色。".to_owned()))?;
    let made = app
        .desks
        .ask(move |desk| {
            let roster = desk.roster()?;
            let unit = roster.iter().find(|r| Some(r.no) == new.unit);
            desk.open_account(&new.name, role, unit, &visitor, now)
        })
        .await?;
    Ok(Json(made))
}

async fn reset(
    State(app): Shared,
    Writer(visitor): Writer,
    Path(number): Path<String>,
    Given(Nothing {}): Given<Nothing>,
) -> Answer<impl Serialize> {
    let (now, number) = (app.now(), numbered(&number)?);
    let made = app
        .desks
        .ask(move |desk| desk.reset_password(number, &visitor, now))
        .await?;
    Ok(Json(made))
}

#[derive(Deserialize)]
struct Closing {
    closed: bool,
}

async fn shut(
    State(app): Shared,
    Writer(visitor): Writer,
    Path(number): Path<String>,
    Given(given): Given<Closing>,
) -> Answer<Value> {
    let (now, number, closed) = (app.now(), numbered(&number)?, given.closed);
    app.desks
        .ask(move |desk| desk.close_account(number, closed, &visitor, now))
        .await?;
    Ok(Json(json!({"number": number, "closed": closed})))
}

async fn all_notices(State(app): Shared, _: Manager) -> Answer<impl Serialize> {
    let id = app.campaign().id.clone();
    Ok(Json(app.desks.ask(move |desk| desk.notices(&id)).await?))
}

#[derive(Deserialize)]
struct NewNotice {
    title: String,
    body: String,
    /// Numbers of the units; all of them where none is named.
    #[serde(default)]
    units: Vec<i64>,
}

async fn write(
    State(app): Shared,
    Writer(visitor): Writer,
    Given(new): Given<NewNotice>,
) -> Answer<Value> {
    let typed = notices::Typed {
        title: new.title,
        body: new.body,
        to: new.units,
    };
    let number = notices::put(&app, &visitor, typed).await?;
    Ok(Json(json!({"number": number})))
}

async fn withdraw(
    State(app): Shared,
    Writer(visitor): Writer,
    Path(number): Path<String>,
    Given(Nothing {}): Given<Nothing>,
) -> Answer<Value> {
    let number = numbered(&number)?;
    notices::take_back(&app, &visitor, number).await?;
    Ok(Json(json!({"number": number, "withdrawn": true})))
}

async fn keys(State(app): Shared, _: Manager) -> Answer<impl Serialize> {
    let keys = work(&app, |app| crate::clerk::list_keys(&app.serving.keys)).await?;
    Ok(Json(keys))
}

async fn backups(State(app): Shared, _: Manager) -> Answer<impl Serialize> {
    let lines = work(&app, |app| crate::clerk::list_backups(&app.serving.data)).await?;
    Ok(Json(lines))
}

async fn back_up(
    State(app): Shared,
    Writer(visitor): Writer,
    Given(Nothing {}): Given<Nothing>,
) -> Answer<impl Serialize> {
    let (line, _) = crate::web::office::backups::make(&app, &visitor).await?;
    Ok(Json(line))
}

async fn holdings(State(app): Shared, _: Manager) -> Answer<impl Serialize> {
    Ok(Json(app.desks.ask(|desk| desk.holdings()).await?))
}

#[derive(Deserialize)]
struct Erasing {
    campaign: Option<String>,
    unit: Option<String>,
    record: Option<String>,
    reason: String,
}

async fn erase(
    State(app): Shared,
    Writer(visitor): Writer,
    Given(given): Given<Erasing>,
) -> Answer<impl Serialize> {
    let [campaign, unit, record] = [&given.campaign, &given.unit, &given.record];
    let whose = Whose::named(campaign.as_deref(), unit.as_deref(), record.as_deref())
        .map_err(Trouble::Clerk)?;
    let gone = retention::gone(&app, &visitor, whose, given.reason).await?;
    Ok(Json(gone))
}

#[derive(Deserialize)]
struct From {
    /// Rows behind this number.
    #[serde(default)]
    after: i64,
}

/// Most rows of the log in one answer.
const ROWS: usize = 1000;

async fn audit(
    State(app): Shared,
    _: Manager,
    from: Result<Query<From>, axum::extract::rejection::QueryRejection>,
) -> Answer<Value> {
    let Query(from) = from.map_err(|_| Trouble::Bad("after 应为行号。".to_owned()))?;
    let (rows, chain) = app
        .desks
        .ask(move |desk| {
            let mut rows = Vec::new();
            let chain = desk.walk_log(&mut |row| {
                if row.no > from.after && rows.len() < ROWS {
                    rows.push(
                        json!({"number": row.no, "at": row.at.to_string(), "actor": row.actor,
                        "source": row.source, "act": row.act, "subject": row.subject, "detail": row.detail}),
                    );
                }
            })?;
            Ok((rows, chain))
        })
        .await?;
    let (whole, state) = match chain {
        ChainState::Whole { headed: true, .. } => (true, "whole"),
        ChainState::Whole { headed: false, .. } => (true, "headless"),
        ChainState::Broken { .. } => (false, "broken"),
        ChainState::Cut { .. } => (false, "cut"),
    };
    Ok(Json(json!({"whole": whole, "state": state, "rows": rows})))
}

async fn missing(State(app): Shared, visitor: Result<Known, Trouble>) -> Answer<Value> {
    let Known(visitor) = visitor?;
    may(&visitor, &[Role::Admin, Role::Clerk], "read")?;
    let (now, id) = (app.now(), app.campaign().id.clone());
    let list = app
        .desks
        .ask(move |desk| desk.missing(Some(&id), crate::clerk::Phones::Masked, now))
        .await?;
    let line = |c: crate::clerk::Call| {
        json!({"unit": c.board.unit, "arrival": c.board.arrival, "timeliness": c.board.timeliness,
        "timeliness_word": c.board.timeliness_word, "missing": c.board.missing, "contact": c.contact, "phones": c.phones})
    };
    Ok(Json(list.calls.into_iter().map(line).collect()))
}
