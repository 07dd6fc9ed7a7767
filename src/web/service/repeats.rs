//! Repeats (重复的请求): a write under `/api/v1` that brings an `Idempotency-Key` is done once; the same key again gets the answer that was
//! given then, for a day while the service runs. Scans keep their keys in the ledger instead, for ever.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::web::service::app::App;
use crate::web::service::request_id::carried;
use crate::web::service::state::repeats::{Name, Seen};
use crate::web::service::trouble::{Problem, Trouble};

/// Most bytes of a request or an answer that takes part.
const BYTES: usize = 1 << 20;

/// Answers a write that was done before as it was answered then.
pub(in crate::web) async fn once(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let key = headers.get("idempotency-key").cloned();
    let writes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let path = request.uri().path();
    // files are the same however often they are put, and scans have keys of their own
    let takes_part = path.starts_with("/api/v1/")
        && !path.starts_with("/api/v1/scans")
        && !path.starts_with("/api/v1/own/files/");
    let Some(key) = key.filter(|_| writes && takes_part) else {
        return next.run(request).await;
    };
    let mut name = Sha256::new();
    for part in [header::AUTHORIZATION, header::COOKIE] {
        name.update(headers.get(part).map_or(&b""[..], |v| v.as_bytes()));
        name.update([0]);
    }
    name.update(key.as_bytes());
    let name: Name = name.finalize().into();
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, BYTES).await else {
        return Problem(Trouble::Large("请求太长。".to_owned())).into_response();
    };
    let mut asked = Sha256::new();
    asked.update(parts.method.as_str());
    asked.update(parts.uri.to_string());
    asked.update(&bytes);
    match app.repeats.look(name, asked.finalize().into()) {
        Seen::Again(answer) => return answer,
        Seen::Busy => return Problem(Trouble::Busy).into_response(),
        Seen::Other => {
            let words = "这个 Idempotency-Key 用在另一个请求上过。请另取一个。";
            return Problem(Trouble::Bad(words.to_owned())).into_response();
        }
        Seen::New => {}
    }
    let request = Request::from_parts(parts, Body::from(bytes));
    // goes on to its end though whoever asked may have gone: who asks again gets the answer
    let work = tokio::spawn(carried(done(app.clone(), name, request, next)));
    work.await.unwrap_or_else(|_| {
        app.repeats.keep(name, None);
        Problem(Trouble::bug("办理时出错")).into_response()
    })
}

/// Does a write, and keeps its answer.
async fn done(app: Arc<App>, name: Name, request: Request, next: Next) -> Response {
    let (parts, body) = next.run(request).await.into_parts();
    let Ok(bytes) = to_bytes(body, BYTES).await else {
        app.repeats.keep(name, None);
        return Problem(Trouble::bug("答复太长")).into_response();
    };
    let kind = parts.headers.get(header::CONTENT_TYPE).cloned();
    let good = parts.status.is_success();
    let kept = good.then(|| (parts.status, kind, bytes.clone()));
    app.repeats.keep(name, kept);
    Response::from_parts(parts, Body::from(bytes))
}
