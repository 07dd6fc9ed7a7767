//! The API (接口) under `/api/v1`: what programs may ask, by a token with scopes or by a session. The same acts as the pages, the
//! same findings; errors are problem+json. What the document says is taken from the handlers' own types: who may (`access`), what is
//! given (`given`), what is answered (`answer`); pages stand in it by a list (`pages`).

mod access;
mod answer;
mod desk;
mod document;
mod given;
mod office;
mod own;
mod pages;

use std::any::Any;
use std::sync::{Arc, LazyLock};

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::response::IntoResponse;
use axum::{Json, Router};
use serde_json::{Map, Value};
use tower_http::catch_panic::CatchPanicLayer;

use crate::web::service::app::App;
use crate::web::service::trouble::{Problem, Trouble};

/// All routes with small bodies.
fn small() -> ApiRouter<Arc<App>> {
    let told = answer::told("service", "openapi", "本文件");
    ApiRouter::new()
        .api_route("/api/v1/openapi.json", get_with(openapi, told))
        .merge(desk::routes())
        .merge(own::routes())
        .merge(office::routes())
}

/// The document; it is the same for every service of this program.
static DOCUMENT: LazyLock<Map<String, Value>> =
    LazyLock::new(|| document::of(|| small().merge(own::uploads())));

async fn openapi() -> Json<Map<String, Value>> {
    Json(DOCUMENT.clone())
}

pub(super) fn routes() -> Router<Arc<App>> {
    told_in_json(small())
}

/// Routes with a larger body.
pub(super) fn uploads() -> Router<Arc<App>> {
    told_in_json(own::uploads())
}

/// A handler that breaks is told to a program as a problem, not as a page.
fn told_in_json(routes: ApiRouter<Arc<App>>) -> Router<Arc<App>> {
    let broken = |_: Box<dyn Any + Send>| Problem(Trouble::bug("办理时出错")).into_response();
    Router::from(routes).layer(CatchPanicLayer::custom(broken))
}
