//! What every request goes through before its handler, and every answer after: headers, where a request may come from, who asks.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream::unfold;
use tokio::time::timeout;

use crate::web::service::app::App;
use crate::web::service::caller;
use crate::web::service::guard::{address, bearer};
use crate::web::service::trouble::Trouble;

/// Nothing from elsewhere, nothing inline, nobody frames us; PDF in a frame of our own.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    media-src 'self' blob:; connect-src 'self'; form-action 'self'; frame-src 'self'; object-src 'self'; frame-ancestors 'self'; base-uri 'none'";

/// Half a year in which a browser that came by HTTPS does not come in the clear (RFC 6797).
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=15768000");

/// Longest pause in what is sent to us.
const PAUSE: Duration = Duration::from_secs(30);

/// Headers of every answer.
pub(in crate::web) async fn headers(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let mut answer = next.run(request).await;
    let all: [(HeaderName, &'static str); 6] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(self), microphone=(), geolocation=()",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in all {
        answer
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    if app.serving.is_encrypted() {
        answer
            .headers_mut()
            .insert(header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    // what is personal stays out of every cache; assets say otherwise themselves
    answer
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    answer
}

/// Counts, logs and, for what changes something, looks where the request comes from.
pub(in crate::web) async fn every_request(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let number = app.counters.begin();
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let program = bearer(request.headers()).is_some();
    let (method, route) = (request.method().clone(), route_of(request.uri().path()));
    let answer = if !safe && !program && !from_here(request.headers()) {
        Trouble::Forbidden("请求来自别的网站，没有办理。请从本站页面操作。").into_response()
    } else if safe {
        next.run(request).await
    } else {
        next.run(request.map(without_long_pauses)).await
    };
    app.counters
        .end(number, &method, &route, answer.status(), began.elapsed());
    answer
}

/// A body that pauses too long breaks off: nobody keeps a place by sending nothing.
fn without_long_pauses(body: Body) -> Body {
    Body::from_stream(unfold(Some(body.into_data_stream()), |stream| async {
        let mut stream = stream?;
        match timeout(PAUSE, stream.next()).await {
            Ok(piece) => piece.map(|piece| (piece, Some(stream))),
            Err(late) => Some((Err(axum::Error::new(late)), None)),
        }
    }))
}

/// The first two parts of a path, digits and names left out: what the log and the metrics may know.
fn route_of(path: &str) -> String {
    let known = |part: &&str| {
        part.bytes()
            .all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'.')
    };
    let parts: Vec<&str> = path.split('/').skip(1).take(2).take_while(known).collect();
    let route: String = parts.join("/").chars().take(40).collect();
    format!("/{route}")
}

/// Whether a request that changes something comes from a page of ours (Fetch Metadata; else Origin against Host).
fn from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, from)| from == host),
        // a browser that sends neither sends no cookie across sites either (SameSite); the form's token is asked for anyway
        (None, _) => true,
        _ => false,
    }
}

/// Takes down where a request comes from; nobody has come in yet.
pub(in crate::web) async fn caller_of(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let from = address(&app, &parts);
    caller::scoped(from, next.run(Request::from_parts(parts, body))).await
}
