//! What all handlers share: the desks, the campaigns, the fonts, limits and the clock.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use tokio::sync::Semaphore;

use crate::campaign::Campaign;
use crate::clerk::{
    Campaigns, ClerkError, DataPlaces, IfMissing, Office, campaign_to_run, fonts, make_service_key,
};

use crate::web::desk::scans::Batches;
use crate::web::service::desks::Desks;
use crate::web::service::health::Counters;
use crate::web::service::rates::Rates;
use crate::web::service::readings::Readings;
use crate::web::service::repeats::Repeats;
use crate::web::service::tls::CertificateFiles;
use crate::web::unit::preview::Previews;
use crate::web::unit::progress::Progress;

/// What a service needs to know.
#[derive(Clone, Debug)]
pub struct Serving {
    /// Data folder: ledger, objects, submissions of the units.
    pub data: PathBuf,
    /// Key folder.
    pub keys: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Folder of campaigns beside the built-in ones.
    pub templates: Option<PathBuf>,
    /// The campaign that is run until the organiser chooses one on the pages; the newest that there is, where none is named.
    pub campaign: Option<String>,
    /// Folder of fonts behind the bundled ones.
    pub font_dir: Option<PathBuf>,
    /// The certificate by which it speaks HTTPS itself; none where it does not.
    pub certificate: Option<CertificateFiles>,
    /// Whether browsers reach it by HTTPS only, through a proxy: cookies are then never sent in the clear.
    pub behind_tls: bool,
    /// Whether the client's address stands in `X-Forwarded-For`, put there by a proxy that is trusted.
    pub behind_proxy: bool,
    /// A clock that stands still, for tests and demonstrations.
    pub now: Option<Timestamp>,
}

impl Serving {
    /// Whether browsers reach it by HTTPS only.
    pub(super) fn is_encrypted(&self) -> bool {
        self.behind_tls || self.certificate.is_some()
    }
}

/// Why a service could not begin or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServingError {
    /// The clerk could not open what is needed.
    #[error("{0}")]
    Clerk(#[from] ClerkError),
    /// The campaign's templates have errors.
    #[error("活动“{0}”的模板有错误，不能运行。请用 sanlian campaigns 查看。")]
    Campaign(String),
    /// The port cannot be had.
    #[error("不能监听 {0}：{1}。请换一个端口，或停掉占用它的程序。")]
    Port(SocketAddr, std::io::Error),
    /// A thread of the service cannot begin.
    #[error("服务中断：{0}")]
    Thread(std::io::Error),
    /// The certificate's files cannot be used.
    #[error("{0}。")]
    Certificate(String),
    /// A fault of the program.
    #[error("程序内部错误：{0}")]
    Bug(String),
}

/// The shared state.
pub(in crate::web) struct App {
    pub(in crate::web) desks: Desks,
    /// Makings, checks and previews: few at a time, each needs a core and memory.
    pub(in crate::web) workshop: Semaphore,
    pub(in crate::web) campaigns: Arc<Campaigns>,
    pub(in crate::web) fonts: Arc<crate::clerk::Fonts>,
    pub(in crate::web) serving: Serving,
    pub(in crate::web) rates: Rates,
    pub(super) readings: Readings,
    pub(super) repeats: Repeats,
    pub(in crate::web) counters: Counters,
    pub(in crate::web) batches: Batches,
    pub(in crate::web) previews: Previews,
    pub(in crate::web) progress: Progress,
    invitation: Option<String>,
    running: RwLock<Running>,
}

/// The campaign that is run.
#[derive(Clone)]
struct Running {
    campaign: Arc<Campaign>,
    /// Whether units may fill in and hand in.
    open: bool,
}

/// Makings and checks at a time.
const WORKSHOP: usize = 2;

impl App {
    /// Opens everything. Blocks.
    pub(in crate::web) fn open(serving: Serving) -> Result<Self, ServingError> {
        let campaigns = Arc::new(Campaigns::open(serving.templates.as_deref())?);
        let fonts = Arc::new(fonts(serving.font_dir.as_deref())?);
        let places = DataPlaces {
            data: &serving.data,
            keys: &serving.keys,
        };
        let (mut office, _) = Office::open(places, &campaigns, IfMissing::Make)?;
        let named = serving.campaign.as_deref();
        let (campaign, id, closed) = campaign_to_run(&campaigns, &mut office, named)?;
        let campaign = campaign.ok_or(ServingError::Campaign(id))?;
        make_service_key(&campaign, &serving.keys)?;
        let invitation = match office.is_unmanned()? {
            true => Some(format!(
                "/setup/{}",
                office.invite(serving.now.unwrap_or_else(Timestamp::now))?
            )),
            false => None,
        };
        office.finish_erasing()?;
        office.clear_left()?;
        drop(office);
        let desks = Desks::open(&serving.data, &serving.keys, &campaigns)?;
        Ok(Self {
            desks,
            workshop: Semaphore::new(WORKSHOP),
            campaigns,
            fonts,
            serving,
            rates: Rates::default(),
            readings: Readings::default(),
            repeats: Repeats::default(),
            counters: Counters::default(),
            batches: Batches::default(),
            previews: Previews::default(),
            progress: Progress::default(),
            invitation,
            running: RwLock::new(Running {
                campaign: Arc::new(campaign),
                open: !closed,
            }),
        })
    }

    /// The campaign that is run.
    pub(in crate::web) fn campaign(&self) -> Arc<Campaign> {
        let running = self.running.read().unwrap_or_else(PoisonError::into_inner);
        running.campaign.clone()
    }

    /// Whether units may fill in and hand in.
    pub(in crate::web) fn is_open(&self) -> bool {
        self.running
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .open
    }

    /// Runs a campaign from now on, or the same with another deadline.
    pub(in crate::web) fn run(&self, campaign: Campaign, open: bool) {
        let mut running = self.running.write().unwrap_or_else(PoisonError::into_inner);
        *running = Running {
            campaign: Arc::new(campaign),
            open,
        };
    }

    pub(in crate::web) fn invitation(&self) -> Option<&str> {
        self.invitation.as_deref()
    }

    /// The time at which a request is dealt with.
    pub(in crate::web) fn now(&self) -> Timestamp {
        self.serving.now.unwrap_or_else(Timestamp::now)
    }
}
