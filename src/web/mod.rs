//! The service (服务): pages for the recommending units (`unit`), the receiving desk (`desk`) and the organiser's office
//! (`office`), an interface for programs (`api`), and what they share (`service`). Each file is one noun with its routes.
//! Every rule is elsewhere: here requests become acts of the clerk, and their results pages.

mod api;
mod desk;
mod office;
mod service;
mod unit;

pub use service::log::{Log, log_to_stderr};
pub use service::serving::Serving;
pub use service::serving_error::ServingError;
pub use service::tls::CertificateFiles;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::clerk::{Actor, acting_as};

use service::app::App;
use service::tls::Certified;

/// How a service ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// What was begun was finished.
    Finished,
    /// Something was not finished in time.
    Cut,
    /// Another service has taken the place of this one at the ledger.
    Replaced,
}

/// A running service, before it takes in the first request.
pub struct Service {
    app: Arc<App>,
    listener: TcpListener,
    certified: Option<Arc<Certified>>,
    address: SocketAddr,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Service({})", self.address)
    }
}

impl Service {
    /// Opens the certificate, the ledger and the port. Fails where one of them cannot be had.
    pub async fn open(serving: Serving) -> Result<Self, ServingError> {
        let listen = serving.listen;
        let certified = serving.certificate.clone().map(Certified::open);
        let certified = certified.transpose()?.map(Arc::new);
        // the port first: where it is taken, no ledger is made
        let listener = TcpListener::bind(listen)
            .await
            .map_err(|e| ServingError::Port(listen, e))?;
        let app =
            tokio::task::spawn_blocking(move || acting_as(Actor::service(), || App::open(serving)))
                .await
                .map_err(|e| ServingError::Bug(e.to_string()))??;
        let address = listener
            .local_addr()
            .map_err(|e| ServingError::Port(listen, e))?;
        Ok(Self {
            app: Arc::new(app),
            listener,
            certified,
            address,
        })
    }

    /// The path of the one-time link that makes the first administrator; none where there is one.
    pub fn invitation(&self) -> Option<&str> {
        self.app.invitation()
    }

    /// The address that a browser on this machine is given.
    pub fn home(&self) -> String {
        let scheme = match self.certified {
            Some(_) => "https",
            None => "http",
        };
        format!("{scheme}://{}", self.address)
    }

    /// Whether other machines reach the service, and nothing encrypts what they say.
    pub fn is_in_the_clear(&self) -> bool {
        !self.address.ip().is_loopback() && !self.app.serving.is_encrypted()
    }

    /// Serves until `end`, or until another service has its place; then finishes what was begun.
    pub async fn run(self, end: impl Future<Output = ()> + Send + 'static) -> Ended {
        desk::scans::go_on(&self.app);
        let app = self.app.clone();
        let replaced = Arc::new(AtomicBool::new(false));
        let end = ended(&app, end, replaced.clone());
        let finished =
            service::port::serve(self.listener, self.certified, router(self.app), end).await;
        // the ledger is closed when this returns, so that all of it stands in its one file
        let closed = tokio::task::spawn_blocking(move || app.desks.close()).await;
        match (replaced.load(Ordering::Relaxed), finished && closed.is_ok()) {
            (true, _) => Ended::Replaced,
            (false, true) => Ended::Finished,
            (false, false) => Ended::Cut,
        }
    }
}

/// Comes back when the service is to end, and notes whether that is because another one has its place.
#[cfg(feature = "postgres")]
fn ended(
    app: &App,
    end: impl Future<Output = ()>,
    replaced: Arc<AtomicBool>,
) -> impl Future<Output = ()> {
    let lost = app.place.as_ref().map(crate::clerk::ServicePlace::lost);
    async move {
        let Some(lost) = lost else { return end.await };
        tokio::select! {
            () = end => {}
            () = lost => replaced.store(true, Ordering::Relaxed),
        }
    }
}

/// Comes back when the service is to end.
#[cfg(not(feature = "postgres"))]
fn ended(
    _app: &App,
    end: impl Future<Output = ()>,
    _replaced: Arc<AtomicBool>,
) -> impl Future<Output = ()> {
    end
}

/// Most bytes of a request that is no upload.
const SMALL: usize = 1 << 20;

fn router(app: Arc<App>) -> Router {
    let routes = Router::new()
        .route("/", get(service::door::home))
        .merge(service::assets::routes())
        .merge(service::health::routes())
        .merge(desk::mark::routes())
        .merge(service::door::routes())
        .merge(service::second::routes())
        .merge(desk::counter::routes())
        .merge(desk::board::routes())
        .merge(office::accounts::routes())
        .merge(office::campaigns::routes())
        .merge(office::blanks::routes())
        .merge(office::notices::routes())
        .merge(office::trust::routes())
        .merge(office::backups::routes())
        .merge(office::retention::routes())
        .merge(api::routes())
        .merge(unit::material::routes())
        .merge(unit::typed::routes())
        .merge(unit::paper::routes())
        .merge(unit::papers::routes())
        .merge(unit::forms::routes())
        .merge(unit::gather::routes())
        .merge(unit::preview::routes())
        .merge(unit::progress::routes())
        .layer(DefaultBodyLimit::max(SMALL))
        // these have limits of their own
        .merge(api::uploads())
        .merge(office::campaigns::uploads())
        .merge(office::blanks::uploads())
        .merge(office::backups::uploads())
        .merge(desk::scans::routes())
        .merge(unit::uploads::routes())
        .merge(unit::gather::uploads())
        .fallback(service::trouble::nothing_here)
        .method_not_allowed_fallback(service::trouble::other_method)
        .layer(from_fn_with_state(app.clone(), office::campaigns::gate));
    service::layers::around(routes, &app).with_state(app)
}
