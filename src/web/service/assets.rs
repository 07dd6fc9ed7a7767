//! Style, scripts and pictures of the pages, in the binary.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::web::service::app::App;

/// Address, kind and bytes of each.
const ASSETS: &[(&str, &str, &str)] = &[
    (
        "/assets/app.css",
        "text/css; charset=utf-8",
        include_str!("../assets/app.css"),
    ),
    (
        "/assets/desk.js",
        "text/javascript; charset=utf-8",
        include_str!("../assets/desk.js"),
    ),
    (
        "/assets/form.js",
        "text/javascript; charset=utf-8",
        include_str!("../assets/form.js"),
    ),
    (
        "/assets/camera.js",
        "text/javascript; charset=utf-8",
        include_str!("../assets/camera.js"),
    ),
    (
        "/assets/progress.js",
        "text/javascript; charset=utf-8",
        include_str!("../assets/progress.js"),
    ),
    (
        "/assets/upload.js",
        "text/javascript; charset=utf-8",
        include_str!("../assets/upload.js"),
    ),
    (
        "/favicon.ico",
        "image/svg+xml",
        include_str!("../assets/icon.svg"),
    ),
];

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    ASSETS
        .iter()
        .fold(Router::new(), |router, (path, kind, text)| {
            router.route(
                path,
                get(move |headers: HeaderMap| async move { asset(&headers, kind, text) }),
            )
        })
}

fn asset(headers: &HeaderMap, kind: &'static str, text: &'static str) -> Response {
    use sha2::Digest as _;
    let sum: [u8; 32] = sha2::Sha256::digest(text).into();
    let tag: String = sum.iter().take(8).map(|b| format!("{b:02x}")).collect();
    // weak, for the bytes may go compressed
    let tag = format!("W/\"{tag}\"");
    let known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|v| v.as_bytes() == tag.as_bytes());
    let about = [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::CONTENT_TYPE, kind.to_owned()),
    ];
    if known {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    (about, text).into_response()
}
