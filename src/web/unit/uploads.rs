//! A unit's uploads (上传材料).

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;

use crate::clerk::{ClerkError, OwnFolder};

use crate::web::service::app::{App, Shared};
use crate::web::service::guard::Secretary;
use crate::web::service::trouble::Trouble;
use crate::web::service::upload::{Limits, MOST, Sent, take_in};
use crate::web::unit::acts::work_folder;

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

/// The field of the form that holds files of works.
const WORKS: &str = "works";

async fn own_files(
    State(app): Shared,
    Secretary(visitor): Secretary,
    sent: Sent,
) -> Result<Response, Trouble> {
    let unit = visitor.unit.clone().ok_or(Trouble::Nothing)?;
    let folder = OwnFolder::of(&app.serving.data, &app.serving.keys, &unit);
    let incoming = folder.incoming()?;
    let taken = take_in(sent, &visitor, &incoming, OWN).await?;
    let works = work_folder(&app);
    let mut faults = Vec::new();
    for file in &taken {
        let put = match works.as_deref().filter(|_| file.field == WORKS) {
            Some(works) => folder.put_work(works, &file.name, &file.path),
            None => folder.put(&file.name, &file.path),
        };
        if let Err(error) = put {
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
