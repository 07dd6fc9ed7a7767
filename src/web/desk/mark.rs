//! The public page of a mark (标记查询): what it may say to anyone, and nothing personal.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::clerk::{PublicMark, PublicStanding};

use crate::web::service::app::{App, Shared};
use crate::web::service::frame::{Frame, page};
use crate::web::service::given::At;
use crate::web::service::guard::ClientAddress;
use crate::web::service::rates::Purpose;
use crate::web::service::trouble::Trouble;

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new().route("/v/{digits}", get(show))
}

#[derive(Template)]
#[template(path = "desk/mark.html", config = "src/web/askama.toml")]
struct MarkPage<'a> {
    frame: Frame,
    mark: &'a PublicMark,
    class: &'static str,
    icon: &'static str,
}

async fn show(
    State(app): Shared,
    ClientAddress(address): ClientAddress,
    At(digits): At<String>,
) -> Result<Response, Trouble> {
    app.rates
        .take(Purpose::Mark, address)
        .map_err(Trouble::Often)?;
    if digits.len() > 1024 {
        return Err(Trouble::Nothing);
    }
    let mark = app.desks.ask(move |desk| desk.tell_public(&digits)).await?;
    let (class, icon) = match mark.standing {
        PublicStanding::Valid => ("green", "✔"),
        PublicStanding::Stale | PublicStanding::Unknown => ("amber", "！"),
        PublicStanding::Void | PublicStanding::Refused => ("red", "✘"),
    };
    Ok(page(&MarkPage {
        frame: Frame::stranger("标记查询"),
        mark: &mark,
        class,
        icon,
    })
    .into_response())
}
