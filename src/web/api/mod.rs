//! The API (接口) under `/api/v1`: what programs may ask, by a token with scopes or by a session. The same acts as the pages, the
//! same findings; errors are problem+json. The document is in `openapi`.

pub(in crate::web) mod office;
mod openapi;

pub(in crate::web) use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Serialize;

use crate::clerk::{ClerkError, Role, Visitor};
use crate::finding::{Report, Severity};

use crate::web::desk::counter::{Put, receive, take_back};
use crate::web::service::app::{App, Shared};
use crate::web::service::guard::{ClientAddress, Known, believe};
use crate::web::service::rates::Purpose;
use crate::web::service::trouble::{Problem, Trouble};
use crate::web::unit::acts::{folder_of, hand_in, look, unit_of};

/// Most bytes of a file that is put.
const MOST: usize = 400 << 20;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(
            "/api/v1/openapi.json",
            get(crate::web::api::openapi::document),
        )
        .route("/api/v1/me", get(me))
        .route("/api/v1/marks/{digits}", get(mark))
        .route("/api/v1/scans", post(scan))
        .route("/api/v1/scans/undo", post(undo))
        .route("/api/v1/boards", get(boards))
        .route("/api/v1/boards/{campaign}/{unit}", get(board))
        .route("/api/v1/own/board", get(own_board))
        .route("/api/v1/own/findings", get(findings))
        .route("/api/v1/own/submissions", post(submit))
}

/// Routes with a larger body.
pub(super) fn uploads() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/own/files/{name}", put(put_file))
        .layer(DefaultBodyLimit::max(MOST))
}

/// Whether a visitor may do it: role, and for a program's token its scope.
pub(super) fn may(visitor: &Visitor, roles: &[Role], scope: &str) -> Result<(), Trouble> {
    if !roles.contains(&visitor.role) {
        return Err(Trouble::Forbidden("您的账号无权办理这件事。"));
    }
    match &visitor.scopes {
        Some(scopes) if !scopes.iter().any(|s| s == scope) => {
            Err(Trouble::Forbidden("令牌没有这项权限。请另建一个令牌。"))
        }
        _ => Ok(()),
    }
}

/// A write by a session carries the token of a page in `X-CSRF`; a program's own token is enough.
pub(super) fn meant(visitor: &Visitor, headers: &HeaderMap) -> Result<(), Trouble> {
    let token = headers.get("x-csrf").and_then(|v| v.to_str().ok());
    believe(visitor, token.unwrap_or_default())
}

pub(super) type Answer<T> = Result<Json<T>, Problem>;

#[derive(Serialize)]
struct Me {
    name: String,
    role: Role,
    unit: Option<String>,
    scopes: Option<Vec<String>>,
}

async fn me(visitor: Result<Known, Trouble>) -> Answer<impl Serialize> {
    let Known(visitor) = visitor?;
    Ok(Json(Me {
        unit: visitor.unit.map(|u| u.name),
        name: visitor.name,
        role: visitor.role,
        scopes: visitor.scopes,
    }))
}

async fn mark(
    State(app): Shared,
    ClientAddress(address): ClientAddress,
    Path(digits): Path<String>,
) -> Answer<impl Serialize> {
    app.rates
        .take(Purpose::Mark, address)
        .map_err(Trouble::Often)?;
    if digits.len() > 1024 {
        return Err(Trouble::Nothing.into());
    }
    Ok(Json(
        app.desks.ask(move |desk| desk.tell_public(&digits)).await?,
    ))
}

/// The body of a write; a key of idempotency in the header stands for its number.
fn body(given: Result<Json<Put>, JsonRejection>, headers: &HeaderMap) -> Result<Put, Trouble> {
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok());
    let Json(mut put) = given.map_err(|e| match e.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Trouble::Large("请求太长。".to_owned()),
        _ => Trouble::Bad("请求不是所要的 JSON：{\"id\": 编号, \"text\": 扫到的文字}。".to_owned()),
    })?;
    if let Some(key) = key {
        put.id = key.to_owned();
    }
    Ok(put)
}

const DESK: &[Role] = &[Role::Admin, Role::Clerk];
const LOOKING: &[Role] = &[Role::Admin, Role::Clerk, Role::Reader];
const UNIT: &[Role] = &[Role::Unit];

async fn scan(
    State(app): Shared,
    visitor: Result<Known, Trouble>,
    headers: HeaderMap,
    put: Result<Json<Put>, JsonRejection>,
) -> Answer<impl Serialize> {
    let Known(visitor) = visitor?;
    may(&visitor, DESK, "scan")?;
    meant(&visitor, &headers)?;
    Ok(Json(receive(&app, &visitor, body(put, &headers)?).await?))
}

async fn undo(
    State(app): Shared,
    visitor: Result<Known, Trouble>,
    headers: HeaderMap,
    put: Result<Json<Put>, JsonRejection>,
) -> Answer<impl Serialize> {
    let Known(visitor) = visitor?;
    may(&visitor, DESK, "scan")?;
    meant(&visitor, &headers)?;
    Ok(Json(take_back(&app, &visitor, body(put, &headers)?).await?))
}

async fn boards(State(app): Shared, visitor: Result<Known, Trouble>) -> Answer<impl Serialize> {
    let Known(visitor) = visitor?;
    may(&visitor, LOOKING, "read")?;
    let (now, campaign) = (app.now(), app.campaign().id.clone());
    let boards = app
        .desks
        .ask(move |desk| desk.boards(Some(&campaign), now))
        .await?;
    Ok(Json(boards))
}

async fn board(
    State(app): Shared,
    visitor: Result<Known, Trouble>,
    Path((campaign, unit)): Path<(String, String)>,
) -> Answer<impl Serialize> {
    let Known(visitor) = visitor?;
    may(&visitor, LOOKING, "read")?;
    Ok(Json(
        crate::web::service::boards::one(&app, campaign, unit).await?,
    ))
}

async fn own_board(State(app): Shared, visitor: Result<Known, Trouble>) -> Answer<impl Serialize> {
    let Known(visitor) = visitor?;
    may(&visitor, UNIT, "submit")?;
    let unit = unit_of(&visitor)?;
    Ok(Json(
        crate::web::service::boards::own_board(&app, unit).await?,
    ))
}

async fn findings(
    State(app): Shared,
    visitor: Result<Known, Trouble>,
) -> Result<Response, Problem> {
    let Known(visitor) = visitor?;
    may(&visitor, UNIT, "submit")?;
    let state = look(&app, &visitor).await?.ok_or(Trouble::Nothing)?;
    Ok(Json(Report::new(&state.checked.findings)).into_response())
}

#[derive(Serialize)]
struct Change {
    title: String,
    version: Option<u16>,
    stale: Option<u16>,
    differences: Vec<String>,
}

async fn submit(
    State(app): Shared,
    visitor: Result<Known, Trouble>,
    headers: HeaderMap,
) -> Answer<impl Serialize> {
    let Known(visitor) = visitor?;
    may(&visitor, UNIT, "submit")?;
    meant(&visitor, &headers)?;
    let handed = hand_in(&app, &visitor).await?;
    let changes = handed.news.iter().map(|n| Change {
        title: n.title.clone(),
        version: n.version,
        stale: n.stale.map(|(version, _)| version),
        differences: n.differences.iter().map(ToString::to_string).collect(),
    });
    Ok(Json(changes.collect::<Vec<_>>()))
}

#[derive(Serialize)]
struct Lies {
    path: String,
    errors: usize,
    warnings: usize,
}

/// Puts one file; the answer says where it lies and how many faults there are now.
async fn put_file(
    State(app): Shared,
    ClientAddress(address): ClientAddress,
    visitor: Result<Known, Trouble>,
    headers: HeaderMap,
    Path(name): Path<String>,
    bytes: Result<axum::body::Bytes, axum::extract::rejection::BytesRejection>,
) -> Answer<impl Serialize> {
    let Known(visitor) = visitor?;
    may(&visitor, UNIT, "submit")?;
    meant(&visitor, &headers)?;
    app.rates
        .take(Purpose::Upload, address)
        .map_err(Trouble::Often)?;
    let most = MOST >> 20;
    let bytes = bytes.map_err(|_| Trouble::Large(format!("文件超过 {most} MB，没有收下。")))?;
    let folder = folder_of(&app, &visitor)?;
    let path = crate::web::service::work::work(&app, move |_| {
        let incoming = folder.incoming()?;
        let file = incoming.join(jiff::Timestamp::now().as_nanosecond().to_string());
        let world = |source| ClerkError::World {
            path: file.clone(),
            source,
        };
        std::fs::write(&file, &bytes).map_err(world)?;
        let put = folder.put(&name, &file);
        if put.is_err() {
            let _ = std::fs::remove_file(&file);
        }
        put
    })
    .await?;
    let state = look(&app, &visitor).await?;
    let findings = state.map(|s| s.checked.findings).unwrap_or_default();
    let count = |s| findings.iter().filter(|f| f.severity == s).count();
    Ok(Json(Lies {
        path,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
    }))
}
