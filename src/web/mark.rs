//! The public page of a mark (标记查询): what it may say to anyone, and nothing personal.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::clerk::{PublicMark, Standing};

use super::Shared;
use super::app::App;
use super::frame::{Frame, page};
use super::guard::From;
use super::rates::Purpose;
use super::trouble::Trouble;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/v/{digits}", get(show))
}

#[derive(Template)]
#[template(path = "mark.html", config = "src/web/askama.toml")]
struct MarkPage<'a> {
    frame: Frame,
    mark: &'a PublicMark,
    class: &'static str,
    icon: &'static str,
}

async fn show(
    State(app): Shared,
    From(address): From,
    Path(digits): Path<String>,
) -> Result<Response, Trouble> {
    app.rates
        .take(Purpose::Mark, address)
        .map_err(Trouble::Often)?;
    if digits.len() > 1024 {
        return Err(Trouble::Nothing);
    }
    let mark = app.desks.ask(move |desk| desk.tell_public(&digits)).await?;
    let (class, icon) = match mark.standing {
        Standing::Valid => ("green", "✔"),
        Standing::Stale | Standing::Unknown => ("amber", "！"),
        Standing::Void | Standing::Refused => ("red", "✘"),
    };
    Ok(page(&MarkPage {
        frame: Frame::stranger("标记查询"),
        mark: &mark,
        class,
        icon,
    })
    .into_response())
}
