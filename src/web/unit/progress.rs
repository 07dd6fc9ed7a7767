//! Progress (进度) of handing in, by unit, told as server-sent events. What is being done goes on whether or not anybody listens, so a
//! page that was loaded again finds it where it is.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_util::stream::{self, Stream};
use tokio::sync::watch;

use crate::web::Shared;
use crate::web::service::app::App;
use crate::web::service::guard::Secretary;
use crate::web::service::trouble::Trouble;
use crate::web::unit::material::unit_of;

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new().route("/own/progress", get(progress))
}

/// What is being done for the units.
#[derive(Default)]
pub(in crate::web) struct Progress {
    under_way: Arc<Mutex<BTreeMap<i64, watch::Sender<String>>>>,
}

impl Progress {
    /// Something begins for a unit; it is over when what this gives is dropped.
    pub(super) fn begin(&self, unit: i64) -> Teller {
        let (teller, _) = watch::channel("等待办理".to_owned());
        let mut all = self.lock();
        all.insert(unit, teller.clone());
        drop(all);
        Teller {
            unit,
            teller,
            under_way: self.under_way.clone(),
        }
    }

    /// Whether something is being done for a unit.
    pub(super) fn is_busy(&self, unit: i64) -> bool {
        self.lock().contains_key(&unit)
    }

    fn listen(&self, unit: i64) -> Option<watch::Receiver<String>> {
        self.lock().get(&unit).map(watch::Sender::subscribe)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<i64, watch::Sender<String>>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says what is being done.
pub(super) struct Teller {
    unit: i64,
    teller: watch::Sender<String>,
    under_way: Arc<Mutex<BTreeMap<i64, watch::Sender<String>>>>,
}

impl Teller {
    pub(super) fn say(&mut self, words: &str) {
        self.teller.send_replace(words.to_owned());
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        let mut all = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // a later one of the same unit goes on
        if all
            .get(&self.unit)
            .is_some_and(|t| t.same_channel(&self.teller))
        {
            all.remove(&self.unit);
        }
    }
}

/// What a listener has heard so far.
enum Ear {
    New(Option<watch::Receiver<String>>),
    Open(watch::Receiver<String>),
    Over,
}

/// Words as they change, then `done`.
fn events(ear: Option<watch::Receiver<String>>) -> impl Stream<Item = Result<Event, Infallible>> {
    let done = || Some((Ok(Event::default().event("done").data("办完")), Ear::Over));
    stream::unfold(Ear::New(ear), move |ear| async move {
        let mut ear = match ear {
            Ear::New(Some(ear)) => ear,
            Ear::Open(mut ear) => match ear.changed().await {
                Ok(()) => ear,
                Err(_) => return done(),
            },
            Ear::New(None) => return done(),
            Ear::Over => return None,
        };
        let words = ear.borrow_and_update().clone();
        Some((
            Ok(Event::default().event("step").data(words)),
            Ear::Open(ear),
        ))
    })
}

async fn progress(
    State(app): Shared,
    Secretary(visitor): Secretary,
) -> Result<impl IntoResponse, Trouble> {
    let ear = app.progress.listen(unit_of(&visitor)?.no);
    Ok(Sse::new(events(ear)).keep_alive(KeepAlive::default()))
}
