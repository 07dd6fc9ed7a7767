//! The receiving desk's interface (收件): scans registered and undone, boards, marks, and whom to telephone.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clerk::{Arrival, Board, Phones, PublicMark, Timeliness};

use crate::web::api::access::{Caller, Member, Receiver, Viewer};
use crate::web::api::answer::{Answer, told};
use crate::web::api::given::{At, Given};
use crate::web::desk::counter::{Answered, Put, Undone, receive, take_back};
use crate::web::service::app::{App, Shared};
use crate::web::service::boards::one;
use crate::web::service::guard::ClientAddress;
use crate::web::service::rates::Purpose;
use crate::web::service::trouble::Trouble;

pub(super) fn routes() -> ApiRouter<Arc<App>> {
    let told = |id, words| told("desk", id, words);
    ApiRouter::new()
        .api_route("/api/v1/me", get_with(me, told("me", "我是谁")))
        .api_route(
            "/api/v1/marks/{digits}",
            get_with(mark, told("mark", "标记公开查询")),
        )
        .api_route(
            "/api/v1/scans",
            post_with(scan, told("scan", "登记一次扫码")),
        )
        .api_route(
            "/api/v1/scans/undo",
            post_with(undo, told("undo_scan", "撤销一次扫码")),
        )
        .api_route(
            "/api/v1/boards",
            get_with(boards, told("boards", "全部单位的收件情况")),
        )
        .api_route(
            "/api/v1/boards/{campaign}/{unit}",
            get_with(board, told("board", "一个单位的收件情况")),
        )
        .api_route(
            "/api/v1/missing",
            get_with(missing, told("missing", "催报名单")),
        )
}

/// Who asks.
#[derive(Serialize, JsonSchema)]
struct Me {
    /// Name of the account.
    name: String,
    /// Its role.
    role: crate::clerk::Role,
    /// Name of its unit; none for other roles.
    unit: Option<String>,
    /// What the token is for; none for a browser's session.
    scopes: Option<Vec<String>>,
}

async fn me(Member(visitor): Member) -> Answer<Me> {
    Ok(Json(Me {
        unit: visitor.unit.map(|u| u.name),
        name: visitor.name,
        role: visitor.role,
        scopes: visitor.scopes,
    }))
}

#[derive(Deserialize, JsonSchema)]
struct MarkPath {
    /// The digits of a mark, or the address that its QR code holds.
    #[schemars(length(min = 1, max = 1024))]
    digits: String,
}

async fn mark(
    State(app): Shared,
    ClientAddress(address): ClientAddress,
    At(MarkPath { digits }): At<MarkPath>,
) -> Answer<PublicMark> {
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

/// A write's number may stand in the header instead.
fn numbered(mut put: Put, headers: &HeaderMap) -> Put {
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok());
    if let Some(key) = key {
        put.id = key.to_owned();
    }
    put
}

async fn scan(
    State(app): Shared,
    Receiver(visitor): Receiver,
    headers: HeaderMap,
    Given(put): Given<Put>,
) -> Answer<Answered> {
    Ok(Json(
        receive(&app, &visitor, numbered(put, &headers)).await?,
    ))
}

async fn undo(
    State(app): Shared,
    Receiver(visitor): Receiver,
    headers: HeaderMap,
    Given(put): Given<Put>,
) -> Answer<Undone> {
    Ok(Json(
        take_back(&app, &visitor, numbered(put, &headers)).await?,
    ))
}

async fn boards(State(app): Shared, _: Viewer) -> Answer<Vec<Board>> {
    let (now, campaign) = (app.now(), app.campaign().id.clone());
    let boards = app
        .desks
        .ask(move |desk| desk.boards(Some(&campaign), now))
        .await?;
    Ok(Json(boards))
}

#[derive(Deserialize, JsonSchema)]
struct UnitPath {
    /// Id of the campaign.
    #[schemars(length(min = 1))]
    campaign: String,
    /// Name of the unit.
    #[schemars(length(min = 1))]
    unit: String,
}

async fn board(
    State(app): Shared,
    _: Viewer,
    At(UnitPath { campaign, unit }): At<UnitPath>,
) -> Answer<Board> {
    Ok(Json(one(&app, campaign, unit).await?))
}

/// A unit to telephone.
#[derive(Serialize, JsonSchema)]
struct MissingUnit {
    /// Name of the unit.
    unit: String,
    /// How much of it came.
    arrival: Arrival,
    /// Whether it was in time.
    timeliness: Timeliness,
    /// The same in a word, for people.
    timeliness_word: &'static str,
    /// What is missing or wrong, in words.
    missing: Vec<String>,
    /// Who answers there.
    contact: String,
    /// Telephone numbers, their middle hidden.
    phones: Vec<String>,
}

async fn missing(State(app): Shared, _: Caller) -> Answer<Vec<MissingUnit>> {
    let (now, id) = (app.now(), app.campaign().id.clone());
    let list = app
        .desks
        .ask(move |desk| desk.missing(Some(&id), Phones::Masked, now))
        .await?;
    let calls = list.calls.into_iter().map(|call| MissingUnit {
        unit: call.board.unit,
        arrival: call.board.arrival,
        timeliness: call.board.timeliness,
        timeliness_word: call.board.timeliness_word,
        missing: call.board.missing,
        contact: call.contact,
        phones: call.phones,
    });
    Ok(Json(calls.collect()))
}
