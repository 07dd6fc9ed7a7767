//! What is counted (计数), for `/metrics`. Labels are bounded: methods and routes that there are, states and verdicts by their codes.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Upper ends of the buckets of a request's time, in seconds.
const BUCKETS: [f64; 8] = [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 2.0, 10.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Judged {
    verdict: &'static str,
}

type Times = Family<Answered, Histogram, fn() -> Histogram>;

/// What is counted.
pub(in crate::web) struct Counters {
    registry: Registry,
    under_way: Gauge,
    verdicts: Family<Judged, Counter>,
    requests: Times,
}

impl Default for Counters {
    fn default() -> Self {
        let times = || Histogram::new(BUCKETS);
        let counters = Self {
            registry: Registry::default(),
            under_way: Gauge::default(),
            verdicts: Family::default(),
            requests: Times::new_with_constructor(times),
        };
        counters.registered()
    }
}

/// A request that is under way, until it is dropped.
pub(in crate::web) struct UnderWay(Gauge);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// A method by its name; one that nobody serves by a dash.
fn known(method: &Method) -> &'static str {
    let all = ["GET", "HEAD", "POST", "PUT", "OPTIONS"];
    let found = all.into_iter().find(|m| *m == method.as_str());
    found.unwrap_or("-")
}

impl Counters {
    fn registered(mut self) -> Self {
        let to = &mut self.registry;
        let under_way = self.under_way.clone();
        to.register(
            "sanlian_requests_under_way",
            "Requests under way",
            under_way,
        );
        let verdicts = self.verdicts.clone();
        to.register("sanlian_verdicts", "Verdicts on pages", verdicts);
        let requests = self.requests.clone();
        to.register("sanlian_request_seconds", "Times of requests", requests);
        self
    }

    /// A request begins; it is over when what this gives is dropped, though whoever asked may have gone.
    pub(in crate::web) fn begin(&self) -> UnderWay {
        self.under_way.inc();
        UnderWay(self.under_way.clone())
    }

    /// A request was answered; `route` is the route's own pattern, none where the address led nowhere.
    pub(in crate::web) fn answered(
        &self,
        method: &Method,
        route: Option<String>,
        status: StatusCode,
        took: Duration,
    ) {
        let answered = Answered {
            method: known(method),
            route: route.unwrap_or_else(|| "/…".to_owned()),
            status: status.as_u16(),
        };
        let times = self.requests.get_or_create(&answered);
        times.observe(took.as_secs_f64());
    }

    /// A verdict was given, by its code.
    pub(in crate::web) fn verdict(&self, verdict: &'static str) {
        self.verdicts.get_or_create(&Judged { verdict }).inc();
    }

    /// All of it in the text format of OpenMetrics; none where it cannot be written.
    pub(in crate::web) fn text(&self) -> Option<String> {
        let mut all = String::new();
        text::encode(&mut all, &self.registry).ok()?;
        Some(all)
    }
}
