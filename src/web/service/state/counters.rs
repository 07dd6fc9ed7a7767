//! What is counted (计数), for `/metrics`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::{Method, StatusCode};

use crate::web::service::log::log;

/// Upper ends of the buckets of a request's time, in seconds.
const BUCKETS: [f64; 8] = [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 2.0, 10.0];

#[derive(Default)]
struct Line {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

/// What is counted.
#[derive(Default)]
pub(in crate::web) struct Counters {
    number: AtomicU64,
    under_way: AtomicI64,
    verdicts: Mutex<BTreeMap<&'static str, u64>>,
    requests: Mutex<BTreeMap<(String, String, u16), Line>>,
}

impl Counters {
    /// A request begins; gives its number.
    pub(in crate::web) fn begin(&self) -> u64 {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        self.number.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A request ends.
    pub(in crate::web) fn end(
        &self,
        number: u64,
        method: &Method,
        route: &str,
        status: StatusCode,
        took: Duration,
    ) {
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        let seconds = took.as_secs_f64();
        {
            let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
            // addresses that lead nowhere must not fill the memory
            let route = if status == StatusCode::NOT_FOUND {
                "/…"
            } else {
                route
            };
            let key = (method.to_string(), route.to_owned(), status.as_u16());
            let line = requests.entry(key).or_default();
            line.count += 1;
            line.seconds += seconds;
            for (bucket, end) in line.buckets.iter_mut().zip(BUCKETS) {
                *bucket += u64::from(seconds <= end);
            }
        }
        if status.is_server_error() || took > Duration::from_secs(2) {
            let number = number.to_string();
            let ms = took.as_millis().to_string();
            log(
                "request",
                &[
                    ("id", &number),
                    ("method", method.as_str()),
                    ("route", route),
                    ("status", status.as_str()),
                    ("ms", &ms),
                ],
            );
        }
    }

    /// A verdict was given, by its code.
    pub(in crate::web) fn verdict(&self, code: &'static str) {
        let mut verdicts = self.verdicts.lock().unwrap_or_else(PoisonError::into_inner);
        *verdicts.entry(code).or_default() += 1;
    }

    pub(in crate::web) fn text(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "# TYPE sanlian_requests_under_way gauge");
        let _ = writeln!(
            text,
            "sanlian_requests_under_way {}",
            self.under_way.load(Ordering::Relaxed)
        );
        let _ = writeln!(text, "# TYPE sanlian_verdicts_total counter");
        for (label, count) in self
            .verdicts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
        {
            let _ = writeln!(
                text,
                "sanlian_verdicts_total{{verdict=\"{label}\"}} {count}"
            );
        }
        let _ = writeln!(text, "# TYPE sanlian_request_seconds histogram");
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for ((method, route, status), line) in requests.iter() {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            for (count, end) in line.buckets.iter().zip(BUCKETS) {
                let _ = writeln!(
                    text,
                    "sanlian_request_seconds_bucket{{{labels},le=\"{end}\"}} {count}"
                );
            }
            let _ = writeln!(
                text,
                "sanlian_request_seconds_bucket{{{labels},le=\"+Inf\"}} {}",
                line.count
            );
            let _ = writeln!(
                text,
                "sanlian_request_seconds_sum{{{labels}}} {}",
                line.seconds
            );
            let _ = writeln!(
                text,
                "sanlian_request_seconds_count{{{labels}}} {}",
                line.count
            );
        }
        text
    }
}
