//! Answers (答复) that were given to writes with an `Idempotency-Key`, for a day.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// How long an answer is kept.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// Most answers that are kept; the oldest goes.
const MOST: usize = 2000;
/// A write and what became of it.
enum Repeat {
    /// Under way.
    Begun,
    /// Done: status, kind, body.
    Done(StatusCode, Option<HeaderValue>, Bytes),
}

/// What identifies a write: who asks, the key; and what it asks, which must be the same.
pub(in crate::web) type Name = [u8; 32];

/// A write that was begun.
struct Kept {
    since: Instant,
    /// Digest of the request.
    asked: [u8; 32],
    repeat: Repeat,
}

/// Answers by their names.
#[derive(Default)]
pub(in crate::web) struct Repeats {
    kept: Mutex<HashMap<Name, Kept>>,
}

/// What is known of a write that is asked.
pub(in crate::web) enum Seen {
    New,
    Busy,
    Other,
    Again(Response),
}

impl Repeats {
    pub(in crate::web) fn look(&self, name: Name, asked: [u8; 32]) -> Seen {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, one| one.since.elapsed() < KEPT);
        match kept.get(&name).map(|one| (&one.asked, &one.repeat)) {
            Some((before, _)) if *before != asked => Seen::Other,
            Some((_, Repeat::Begun)) => Seen::Busy,
            Some((_, Repeat::Done(status, kind, body))) => {
                let mut answer = (*status, body.clone()).into_response();
                if let Some(kind) = kind {
                    answer
                        .headers_mut()
                        .insert(header::CONTENT_TYPE, kind.clone());
                }
                answer
                    .headers_mut()
                    .insert("idempotency-replayed", HeaderValue::from_static("true"));
                Seen::Again(answer)
            }
            None => {
                if kept.len() >= MOST {
                    let oldest = kept.iter().max_by_key(|(_, one)| one.since.elapsed());
                    let oldest = oldest.map(|(name, _)| *name);
                    oldest.and_then(|name| kept.remove(&name));
                }
                let begun = Kept {
                    since: Instant::now(),
                    asked,
                    repeat: Repeat::Begun,
                };
                kept.insert(name, begun);
                Seen::New
            }
        }
    }

    /// Keeps an answer; what was not done may be asked again.
    pub(in crate::web) fn keep(
        &self,
        name: Name,
        done: Option<(StatusCode, Option<HeaderValue>, Bytes)>,
    ) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match (done, kept.get_mut(&name)) {
            (Some((status, kind, body)), Some(entry)) => {
                entry.repeat = Repeat::Done(status, kind, body);
            }
            (None, _) => {
                kept.remove(&name);
            }
            _ => {}
        }
    }
}
