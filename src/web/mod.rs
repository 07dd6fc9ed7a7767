//! The service (服务): pages for the recommending units and for the receiving desk. Each file is one noun with its routes;
//! `app` is what they share, `desks` lets them ask the ledger, `guard` says who comes in, `trouble` what went wrong.
//! Every rule is elsewhere: here requests become acts of the clerk, and their results pages.

mod admin;
mod api;
mod api_admin;
mod app;
mod assets;
mod backups;
mod board;
mod caller;
mod campaigns;
mod desk;
mod desks;
mod door;
mod frame;
mod guard;
mod health;
mod mark;
mod notices;
mod openapi;
mod own;
mod own_form;
mod own_paper;
mod own_preview;
mod port;
mod progress;
mod rates;
mod readings;
mod repeats;
mod retention;
mod scans;
mod second;
mod tls;
mod trouble;
mod trust;
mod upload;
mod waiting;

pub use app::{Serving, ServingError};
pub use tls::CertificateFiles;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::clerk::{Actor, acting_as};

use app::App;
use tls::Certified;

/// What a handler is given.
type Shared = axum::extract::State<Arc<App>>;

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
        let app =
            tokio::task::spawn_blocking(move || acting_as(Actor::service(), || App::open(serving)))
                .await
                .map_err(|e| ServingError::Bug(e.to_string()))??;
        let listener = TcpListener::bind(listen)
            .await
            .map_err(|e| ServingError::Port(listen, e))?;
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

    /// Serves until `end`, then finishes what was begun; whether all of it was finished in time.
    pub async fn run(self, end: impl Future<Output = ()> + Send + 'static) -> bool {
        scans::go_on(&self.app);
        let app = self.app.clone();
        let finished = port::serve(self.listener, self.certified, router(self.app), end).await;
        // the ledger is closed when this returns, so that all of it stands in its one file
        let closed = tokio::task::spawn_blocking(move || app.desks.close()).await;
        finished && closed.is_ok()
    }
}

/// Most bytes of a request that is no upload.
const SMALL: usize = 1 << 20;

fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(door::home))
        .merge(assets::routes())
        .merge(health::routes())
        .merge(mark::routes())
        .merge(door::routes())
        .merge(second::routes())
        .merge(desk::routes())
        .merge(board::routes())
        .merge(admin::routes())
        .merge(campaigns::routes())
        .merge(notices::routes())
        .merge(trust::routes())
        .merge(backups::routes())
        .merge(retention::routes())
        .merge(api::routes())
        .merge(api_admin::routes())
        .merge(own::routes())
        .merge(own_form::routes())
        .merge(own_paper::routes())
        .merge(own_preview::routes())
        .merge(progress::routes())
        .layer(DefaultBodyLimit::max(SMALL))
        // these have limits of their own
        .merge(api::uploads())
        .merge(campaigns::uploads())
        .merge(backups::uploads())
        .merge(scans::routes())
        .merge(upload::routes())
        .fallback(trouble::nothing_here)
        .layer(from_fn_with_state(app.clone(), campaigns::gate))
        .layer(from_fn_with_state(app.clone(), caller::every_request))
        .layer(from_fn_with_state(app.clone(), repeats::once))
        .layer(from_fn_with_state(app.clone(), guard::every_request))
        .layer(from_fn_with_state(app.clone(), guard::headers))
        .with_state(app)
}
