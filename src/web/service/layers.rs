//! What every request goes through before its handler, and every answer after: its number and its lines in the log, headers, where it
//! may come from, who asks, and what is done where a handler breaks.

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{
    Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header,
};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::map_request_body::MapRequestBodyLayer;
use tower_http::sensitive_headers::SetSensitiveRequestHeadersLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;
use tower_http::trace::TraceLayer;
use tracing::Span;

use crate::web::service::app::App;
use crate::web::service::caller;
use crate::web::service::guard::{address, bearer};
use crate::web::service::repeats;
use crate::web::service::request_id::{self, RequestId};
use crate::web::service::trouble::{Problem, Trouble};

/// Nothing from elsewhere, nothing inline, nobody frames us; PDF in a frame of our own.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    media-src 'self' blob:; connect-src 'self'; form-action 'self'; frame-src 'self'; object-src 'self'; frame-ancestors 'self'; base-uri 'none'";

/// Half a year in which a browser that came by HTTPS does not come in the clear (RFC 6797).
const HTTPS_ONLY: &str = "max-age=15768000";

/// Longest pause in what is sent to us.
const PAUSE: Duration = Duration::from_secs(30);

/// An answer that took longer stands in the log.
const SLOW: Duration = Duration::from_secs(2);

/// Headers of every answer.
const HEADERS: [(HeaderName, &str); 6] = [
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

/// Puts all of it around the routes; the last is the outermost.
pub(in crate::web) fn around(routes: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    let routes = routes
        .layer(from_fn_with_state(app.clone(), caller_of))
        .layer(from_fn_with_state(app.clone(), repeats::once))
        // a body that pauses too long breaks off: nobody keeps a place by sending nothing
        .layer(MapRequestBodyLayer::new(Body::new))
        .layer(RequestBodyTimeoutLayer::new(PAUSE))
        .layer(CatchPanicLayer::custom(broken))
        .layer(from_fn_with_state(app.clone(), every_request))
        .layer(CompressionLayer::new().compress_when(may_be_compressed))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_request(())
                .on_response(answered)
                .on_failure(()),
        );
    with_headers(routes, app)
        .layer(from_fn(numbered))
        .layer(SetSensitiveRequestHeadersLayer::new([
            header::AUTHORIZATION,
            header::COOKIE,
            HeaderName::from_static("x-csrf"),
        ]))
}

fn with_headers(routes: Router<Arc<App>>, app: &App) -> Router<Arc<App>> {
    let https = (header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    let https = app.serving.is_encrypted().then_some(https);
    let all = HEADERS.into_iter().chain(https);
    let routes = all.fold(routes, |routes, (name, value)| {
        let value = HeaderValue::from_static(value);
        routes.layer(SetResponseHeaderLayer::overriding(name, value))
    });
    // what is personal stays out of every cache; assets say otherwise themselves
    let no_store = HeaderValue::from_static("no-store");
    routes.layer(SetResponseHeaderLayer::if_not_present(
        header::CACHE_CONTROL,
        no_store,
    ))
}

/// Takes over the number of a request or makes one, and puts it on the answer.
async fn numbered(mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let given = headers
        .get(request_id::HEADER)
        .and_then(|v| v.to_str().ok());
    let given = given.filter(|text| request_id::is_well_formed(text));
    let id = given.map_or_else(request_id::fresh, str::to_owned);
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut answer = request_id::scoped(id.clone(), next.run(request)).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert(request_id::HEADER, value);
    }
    answer
}

/// The pattern of the route that a request goes to: what the log and the metrics may know of its address.
fn route_of(extensions: &Extensions) -> Option<&str> {
    extensions.get::<MatchedPath>().map(MatchedPath::as_str)
}

/// What stands in every line of the log that a request brings.
fn span(request: &Request) -> Span {
    let extensions = request.extensions();
    let id = extensions.get::<RequestId>().map(|id| id.0.as_str());
    let route = route_of(extensions).unwrap_or("/…");
    tracing::info_span!("request", id, method = %request.method(), route)
}

/// Tells what went wrong on our side, or took long.
fn answered(answer: &Response, took: Duration, _: &Span) {
    let status = answer.status();
    if status.is_server_error() || took > SLOW {
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::warn!(event = "request", status = status.as_u16(), ms);
    }
}

/// A handler broke: whoever asked is told, and the connection goes on.
fn broken(_: Box<dyn Any + Send + 'static>) -> Response {
    Trouble::bug("办理时出错").into_response()
}

/// Assets and facts are compressed. Pages are not: they hold the token of a session beside what a visitor typed, and the length of
/// such a text, compressed, gives the token away bit by bit (BREACH). Nor are events, which must go out as they come, and files, which
/// are compressed already.
fn may_be_compressed(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok());
    let kind = kind.unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    matches!(
        kind,
        "text/css"
            | "text/javascript"
            | "image/svg+xml"
            | "application/json"
            | "application/problem+json"
    )
}

/// Counts, and for what changes something, looks where the request comes from.
async fn every_request(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let _under_way = app.counters.begin();
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let program = bearer(request.headers()).is_some();
    let method = request.method().clone();
    let route = route_of(request.extensions()).map(str::to_owned);
    let api = request.uri().path().starts_with("/api/");
    let answer = if !safe && !program && !from_here(request.headers()) {
        let trouble = Trouble::Forbidden("请求来自别的网站，没有办理。请从本站页面操作。");
        match api {
            true => Problem(trouble).into_response(),
            false => trouble.into_response(),
        }
    } else {
        next.run(request).await
    };
    app.counters
        .answered(&method, route, answer.status(), began.elapsed());
    answer
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
async fn caller_of(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let from = address(&app, &parts);
    caller::scoped(from, next.run(Request::from_parts(parts, body))).await
}
