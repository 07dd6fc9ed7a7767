//! A unit's uploads (上传材料).

use std::sync::Arc;

use axum::Router;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;

use crate::clerk::{ClerkError, OwnFolder};

use crate::web::service::app::{App, Shared};
use crate::web::service::guard::{ClientAddress, Secretary};
use crate::web::service::rates::Purpose;
use crate::web::service::trouble::Trouble;
use crate::web::service::upload::{Limits, MOST, form, take_in};

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/own/files", post(own_files))
        .layer(DefaultBodyLimit::max(MOST))
}

/// Most files at a time, and bytes of one.
const OWN: Limits = Limits {
    files: 200,
    bytes: 400 << 20,
};

async fn own_files(
    State(app): Shared,
    ClientAddress(address): ClientAddress,
    Secretary(visitor): Secretary,
    headers: HeaderMap,
    files: Result<Multipart, MultipartRejection>,
) -> Result<Response, Trouble> {
    app.rates
        .take(Purpose::Upload, address)
        .map_err(Trouble::Often)?;
    let unit = visitor.unit.clone().ok_or(Trouble::Nothing)?;
    let folder = OwnFolder::of(&app.serving.data, &app.serving.keys, &unit);
    let incoming = folder.incoming()?;
    let taken = take_in(form(files)?, &headers, &visitor, &incoming, OWN).await?;
    let mut faults = Vec::new();
    for file in &taken {
        if let Err(error) = folder.put(&file.name, &file.path) {
            let _ = tokio::fs::remove_file(&file.path).await;
            match error {
                ClerkError::Refused(words) => faults.push(words),
                other => return Err(other.into()),
            }
        }
    }
    if taken.is_empty() {
        return Err(Trouble::Bad("没有选文件。请先选好文件再上传。".to_owned()));
    }
    if faults.is_empty() {
        return Ok(Redirect::to("/own/check").into_response());
    }
    let good = taken.len() - faults.len();
    Err(Trouble::Bad(format!(
        "收下 {good} 个文件。{}",
        faults.join(" ")
    )))
}
