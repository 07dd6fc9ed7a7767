//! Two steps (两步验证): an account asks for a code of its owner's telephone beside the password, if its owner wants it.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::Timestamp;
use serde::Deserialize;

use crate::clerk::{ClerkError, Matrix, Office, SecondStepState, Visitor};

use crate::web::service::app::{App, Shared};
use crate::web::service::door::limited;
use crate::web::service::frame::{Frame, judged};
use crate::web::service::guard::{ClientAddress, LoggedIn, Posted};
use crate::web::service::trouble::{Trouble, refusal};

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/second", get(second))
        .route("/second/begin", post(begin))
        .route("/second/confirm", post(confirm))
        .route("/second/drop", post(drop_it))
}

#[derive(Template)]
#[template(path = "service/second.html", config = "src/web/askama.toml")]
struct SecondPage {
    frame: Frame,
    fault: String,
    state: SecondStepState,
    /// Modules a side with the quiet zone, and the dark modules as a path.
    side: usize,
    path: String,
    fresh: Vec<String>,
}

/// Light modules around the symbol (ISO/IEC 18004, 6.3.8).
const QUIET: usize = 4;

/// The dark modules as lines of a path, a module a unit.
fn path(matrix: &Matrix) -> String {
    let mut path = String::new();
    for (y, row) in matrix.dark.chunks(matrix.side.max(1)).enumerate() {
        let mut x = 0;
        while let Some(start) = (x..row.len()).find(|x| row.get(*x) == Some(&true)) {
            let end = (start..row.len()).find(|x| row.get(*x) != Some(&true));
            let end = end.unwrap_or(row.len());
            let (left, width) = (start + QUIET, end - start);
            let _ = write!(path, "M{left} {}h{width}v1h-{width}z", y + QUIET);
            x = end;
        }
    }
    path
}

async fn second_page(
    app: &App,
    visitor: Visitor,
    fresh: Vec<String>,
    fault: String,
) -> Result<Response, Trouble> {
    let who = visitor.clone();
    let state = app
        .desks
        .ask_office(move |office| office.second_step(&who))
        .await?;
    let (side, path) = match &state {
        SecondStepState::Begun { matrix, .. } => (matrix.side + 2 * QUIET, path(matrix)),
        _ => (0, String::new()),
    };
    let shown = SecondPage {
        frame: Frame::of(&visitor, "两步验证", "/password"),
        fault,
        state,
        side,
        path,
        fresh,
    };
    Ok(judged(&shown.fault, &shown))
}

async fn second(State(app): Shared, LoggedIn(visitor): LoggedIn) -> Result<Response, Trouble> {
    second_page(&app, visitor, Vec::new(), String::new()).await
}

#[derive(Deserialize)]
struct Password {
    password: String,
}

#[derive(Deserialize)]
struct FirstCode {
    code: String,
}

async fn begin(
    State(app): Shared,
    ClientAddress(address): ClientAddress,
    LoggedIn(visitor): LoggedIn,
    Posted(form): Posted<Password>,
) -> Result<Response, Trouble> {
    step(&app, address, visitor, move |office, who, now| {
        office.begin_second_step(who, &form.password, now)?;
        Ok(Vec::new())
    })
    .await
}

async fn confirm(
    State(app): Shared,
    ClientAddress(address): ClientAddress,
    LoggedIn(visitor): LoggedIn,
    Posted(form): Posted<FirstCode>,
) -> Result<Response, Trouble> {
    step(&app, address, visitor, move |office, who, now| {
        office.confirm_second_step(who, &form.code, now)
    })
    .await
}

async fn drop_it(
    State(app): Shared,
    ClientAddress(address): ClientAddress,
    LoggedIn(visitor): LoggedIn,
    Posted(form): Posted<Password>,
) -> Result<Response, Trouble> {
    step(&app, address, visitor, move |office, who, now| {
        office.drop_second_step(who, &form.password, now)?;
        Ok(Vec::new())
    })
    .await
}

/// Takes a step, and shows the page again with what came of it.
async fn step(
    app: &App,
    address: IpAddr,
    visitor: Visitor,
    act: impl FnOnce(&mut Office<'_>, &Visitor, Timestamp) -> Result<Vec<String>, ClerkError>
    + Send
    + 'static,
) -> Result<Response, Trouble> {
    limited(app, address)?;
    let (now, who) = (app.now(), visitor.clone());
    match app
        .desks
        .ask_office(move |office| act(office, &who, now))
        .await
    {
        Ok(fresh) => second_page(app, visitor, fresh, String::new()).await,
        Err(trouble) => {
            let fault = refusal(trouble)?;
            second_page(app, visitor, Vec::new(), fault).await
        }
    }
}
