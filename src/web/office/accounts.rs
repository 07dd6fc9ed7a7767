//! The organiser's pages (管理): units, accounts, the audit log.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::clerk::{AccountLine, AuditRow, ChainState, NewAccount, Role, RosterRow, Visitor};

use crate::web::service::app::{App, Shared};
use crate::web::service::frame::{Frame, judged, page};
use crate::web::service::given::Asked;
use crate::web::service::guard::{Admin, Posted};
use crate::web::service::trouble::{Trouble, refusal};

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/units", get(units).post(import))
        .route("/admin/accounts", get(accounts).post(open))
        .route("/admin/accounts/all", post(open_all))
        .route("/admin/accounts/reset", post(reset))
        .route("/admin/accounts/close", post(close))
        .route("/admin/accounts/lift", post(lift))
        .route("/admin/log", get(log))
}

#[derive(Template)]
#[template(path = "office/units.html", config = "src/web/askama.toml")]
struct UnitsPage<'a> {
    frame: Frame,
    campaign: &'a str,
    channels: String,
    roster: Vec<RosterRow>,
    said: String,
    fault: String,
    text: String,
}

async fn units_page(
    app: &App,
    visitor: &Visitor,
    (said, fault, text): (String, String, String),
) -> Result<Response, Trouble> {
    let roster = app.desks.ask(|desk| desk.roster()).await?;
    let campaign = app.campaign();
    let channels: Vec<&str> = campaign.channels.iter().map(|c| c.label.as_str()).collect();
    let shown = UnitsPage {
        frame: Frame::of(visitor, "单位", "/admin/units"),
        campaign: &campaign.title,
        channels: channels.join("、"),
        roster,
        said,
        fault,
        text,
    };
    Ok(judged(&shown.fault, &shown))
}

pub(in crate::web) async fn units(
    State(app): Shared,
    Admin(visitor): Admin,
) -> Result<Response, Trouble> {
    units_page(&app, &visitor, Default::default()).await
}

#[derive(Deserialize)]
struct List {
    list: String,
}

async fn import(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(form): Posted<List>,
) -> Result<Response, Trouble> {
    let (now, campaign) = (app.now(), app.campaign().id.clone());
    let (who, list) = (visitor.clone(), form.list.clone());
    let done = app
        .desks
        .ask(move |desk| desk.import_roster(&campaign, &list, &who, now))
        .await;
    let shown = match done {
        Ok(fresh) => (
            format!("已导入，新增 {fresh} 个单位。"),
            String::new(),
            String::new(),
        ),
        Err(trouble) => (String::new(), refusal(trouble)?, form.list),
    };
    units_page(&app, &visitor, shown).await
}

#[derive(Template)]
#[template(path = "office/accounts.html", config = "src/web/askama.toml")]
struct AccountsPage {
    frame: Frame,
    /// The number of the one who looks.
    own: i64,
    accounts: Vec<AccountLine>,
    roster: Vec<RosterRow>,
    roles: [Role; 4],
    fresh: Vec<NewAccount>,
    fault: String,
    without: usize,
}

async fn accounts_page(
    app: &App,
    visitor: &Visitor,
    fresh: Vec<NewAccount>,
    fault: String,
) -> Result<Response, Trouble> {
    let now = app.now();
    let (accounts, roster) = app
        .desks
        .ask_office(move |office| Ok((office.accounts(now)?, office.roster()?)))
        .await?;
    let has = |r: &&RosterRow| {
        accounts
            .iter()
            .any(|a| a.role == Role::Unit && a.unit == r.name)
    };
    let without = roster.len() - roster.iter().filter(has).count();
    let shown = AccountsPage {
        frame: Frame::of(visitor, "账号", "/admin/accounts"),
        own: visitor.account,
        accounts,
        roster,
        roles: Role::ALL,
        fresh,
        fault,
        without,
    };
    Ok(judged(&shown.fault, &shown))
}

pub(in crate::web) async fn accounts(
    State(app): Shared,
    Admin(visitor): Admin,
) -> Result<Response, Trouble> {
    accounts_page(&app, &visitor, Vec::new(), String::new()).await
}

/// What came of opening or resetting accounts, on the page that shows the passwords once.
async fn shown(
    app: &App,
    visitor: &Visitor,
    done: Result<Vec<NewAccount>, Trouble>,
) -> Result<Response, Trouble> {
    match done {
        Ok(fresh) => accounts_page(app, visitor, fresh, String::new()).await,
        Err(trouble) => {
            let fault = refusal(trouble)?;
            accounts_page(app, visitor, Vec::new(), fault).await
        }
    }
}

#[derive(Deserialize)]
struct New {
    name: String,
    role: String,
    #[serde(default)]
    unit: String,
}

async fn open(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(form): Posted<New>,
) -> Result<Response, Trouble> {
    let (now, who) = (app.now(), visitor.clone());
    let role =
        Role::from_key(&form.role).ok_or_else(|| Trouble::Bad("没有这种角色。".to_owned()))?;
    let done = app
        .desks
        .ask_office(move |office| {
            let roster = office.roster()?;
            let unit = roster.iter().find(|r| r.no.to_string() == form.unit);
            Ok(vec![
                office.open_account(&form.name, role, unit, &who, now)?,
            ])
        })
        .await;
    shown(&app, &visitor, done).await
}

#[derive(Deserialize)]
struct Nothing {}

/// Most accounts that are opened at once: each password takes its time to hash.
const MOST_AT_ONCE: usize = 300;

/// Opens an account for every unit that has none, named after the unit.
async fn open_all(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Trouble> {
    let (now, who) = (app.now(), visitor.clone());
    let done = app
        .desks
        .ask_office(move |office| {
            let accounts = office.accounts(now)?;
            let mut fresh = Vec::new();
            for unit in office.roster()? {
                let has = accounts
                    .iter()
                    .any(|a| a.role == Role::Unit && a.unit == unit.name);
                if has || fresh.len() >= MOST_AT_ONCE {
                    continue;
                }
                let name: String = unit
                    .name
                    .chars()
                    .filter(|c| c.is_alphanumeric())
                    .take(28)
                    .collect();
                fresh.push(office.open_account(&name, Role::Unit, Some(&unit), &who, now)?);
            }
            Ok(fresh)
        })
        .await;
    shown(&app, &visitor, done).await
}

#[derive(Deserialize)]
struct Which {
    no: i64,
    #[serde(default)]
    closed: String,
}

async fn reset(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(form): Posted<Which>,
) -> Result<Response, Trouble> {
    let (now, who) = (app.now(), visitor.clone());
    let done = app
        .desks
        .ask_office(move |office| Ok(vec![office.reset_password(form.no, &who, now)?]))
        .await;
    shown(&app, &visitor, done).await
}

async fn close(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(form): Posted<Which>,
) -> Result<Response, Trouble> {
    let (now, who) = (app.now(), visitor.clone());
    let done = app
        .desks
        .ask_office(move |office| office.close_account(form.no, !form.closed.is_empty(), &who, now))
        .await;
    match done {
        Ok(()) => Ok(Redirect::to("/admin/accounts").into_response()),
        Err(trouble) => {
            let fault = refusal(trouble)?;
            accounts_page(&app, &visitor, Vec::new(), fault).await
        }
    }
}

/// Takes the second step off an account whose owner lost the telephone.
async fn lift(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(form): Posted<Which>,
) -> Result<Response, Trouble> {
    let (now, who) = (app.now(), visitor.clone());
    let done = app
        .desks
        .ask_office(move |office| office.lift_second_step(form.no, &who, now))
        .await;
    shown(&app, &visitor, done.map(|()| Vec::new())).await
}

#[derive(Template)]
#[template(path = "office/log.html", config = "src/web/askama.toml")]
struct LogPage {
    frame: Frame,
    rows: Vec<(AuditRow, String)>,
    chain: ChainState,
    total: i64,
    q: String,
}

#[derive(Deserialize)]
struct LogQuery {
    #[serde(default)]
    q: String,
}

/// Rows on one page.
const ROWS: usize = 200;

async fn log(
    State(app): Shared,
    Admin(visitor): Admin,
    Asked(sought): Asked<LogQuery>,
) -> Result<Response, Trouble> {
    let q = sought.q.trim().to_owned();
    let wanted = q.clone();
    let (rows, chain, total) = app
        .desks
        .ask_office(move |office| {
            let mut last = std::collections::VecDeque::new();
            let mut total = 0;
            let chain = office.walk_log(&mut |row| {
                total += 1;
                let holds = |text: &str| text.contains(&wanted);
                let texts = [&row.actor, &row.source, &row.act, &row.subject, &row.detail];
                if texts.into_iter().any(|text| holds(text)) {
                    last.push_front(row.clone());
                    last.truncate(ROWS);
                }
            })?;
            Ok((last, chain, total))
        })
        .await?;
    let wall = |at: jiff::Timestamp| {
        let at = crate::hours::beijing(at);
        at.strftime("%Y-%m-%d %H:%M:%S").to_string()
    };
    Ok(page(&LogPage {
        frame: Frame::of(&visitor, "日志", "/admin/log"),
        rows: rows
            .into_iter()
            .map(|row| {
                let at = wall(row.at);
                (row, at)
            })
            .collect(),
        chain,
        total,
        q,
    }))
}
