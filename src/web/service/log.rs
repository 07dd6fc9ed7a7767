//! The log (日志) of the service: JSON lines on stderr. It never holds a name, a number of a person, or an address: only routes, states,
//! times and the numbers of requests. What other crates would say is left out, for nobody knows what that holds. Built with the
//! feature `otlp`, the same events and the requests' spans also go to a collector.

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer, SubscriberExt};
#[cfg(not(feature = "otlp"))]
use tracing_subscriber::util::SubscriberInitExt;

/// The log, until it is dropped.
#[derive(Debug, Default)]
#[must_use = "what waits to be sent goes when this is dropped"]
pub struct Log {
    #[cfg(feature = "otlp")]
    sender: Option<opentelemetry_sdk::trace::SdkTracerProvider>,
}

/// What this program itself says.
fn ours() -> Targets {
    Targets::new().with_target(env!("CARGO_CRATE_NAME"), Level::INFO)
}

/// Begins to write the log of this program to stderr, a line an event. Without effect where a log was begun before.
pub fn log_to_stderr() -> Log {
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_target(false)
        .with_writer(std::io::stderr)
        // a log that nobody can write is no reason to fail
        .log_internal_errors(false)
        .with_filter(ours());
    let log = tracing_subscriber::registry().with(lines);
    #[cfg(feature = "otlp")]
    return otlp::begin(log);
    #[cfg(not(feature = "otlp"))]
    {
        let _ = log.try_init();
        Log::default()
    }
}

/// Sends spans to a collector by OTLP over HTTP. Where it is the standard variable `OTEL_EXPORTER_OTLP_ENDPOINT` says, which the
/// exporter itself reads; `http://localhost:4318` where it is not set.
#[cfg(feature = "otlp")]
mod otlp {
    use opentelemetry::trace::TracerProvider as _;
    use opentelemetry_otlp::SpanExporter;
    use opentelemetry_sdk::Resource;
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use tracing::Subscriber;
    use tracing_subscriber::layer::{Layer, SubscriberExt};
    use tracing_subscriber::registry::LookupSpan;
    use tracing_subscriber::util::SubscriberInitExt;

    use super::{Log, ours};

    pub(super) fn begin<S>(log: S) -> Log
    where
        S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync + 'static,
    {
        // whoever speaks HTTPS speaks it by the TLS that the service uses; it stands already where something else was first
        let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        let Ok(exporter) = SpanExporter::builder().with_http().build() else {
            let _ = log.try_init();
            return Log::default();
        };
        let name = env!("CARGO_PKG_NAME");
        let sender = SdkTracerProvider::builder()
            .with_resource(Resource::builder().with_service_name(name).build())
            .with_batch_exporter(exporter)
            .build();
        let spans = tracing_opentelemetry::layer()
            .with_tracer(sender.tracer(name))
            .with_filter(ours());
        let _ = log.with(spans).try_init();
        Log {
            sender: Some(sender),
        }
    }

    impl Drop for Log {
        fn drop(&mut self) {
            if let Some(sender) = &self.sender {
                // a collector that is not there is no reason to fail
                let _ = sender.shutdown();
            }
        }
    }
}
