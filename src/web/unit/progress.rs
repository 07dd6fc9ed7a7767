//! Progress (进度) of handing in, by unit, told as server-sent events. What is being done goes on whether or not anybody listens, so a
//! page that was loaded again finds it where it is.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_util::stream::{self, Stream};
use tokio::sync::watch;

use crate::web::service::app::{App, Shared};
use crate::web::service::guard::Secretary;
use crate::web::service::trouble::Trouble;
use crate::web::unit::acts::unit_of;

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new().route("/own/progress", get(progress))
}

/// What a listener has heard so far.
enum Heard {
    New(Option<watch::Receiver<String>>),
    Open(watch::Receiver<String>),
    Over,
}

/// Words as they change, then `done`.
fn events(
    receiver: Option<watch::Receiver<String>>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let done = || Some((Ok(Event::default().event("done").data("办完")), Heard::Over));
    stream::unfold(Heard::New(receiver), move |receiver| async move {
        let mut receiver = match receiver {
            Heard::New(Some(receiver)) => receiver,
            Heard::Open(mut receiver) => match receiver.changed().await {
                Ok(()) => receiver,
                Err(_) => return done(),
            },
            Heard::New(None) => return done(),
            Heard::Over => return None,
        };
        let words = receiver.borrow_and_update().clone();
        Some((
            Ok(Event::default().event("step").data(words)),
            Heard::Open(receiver),
        ))
    })
}

async fn progress(
    State(app): Shared,
    Secretary(visitor): Secretary,
) -> Result<impl IntoResponse, Trouble> {
    let receiver = app.progress.listen(unit_of(&visitor)?.no);
    Ok(Sse::new(events(receiver)).keep_alive(KeepAlive::default()))
}
