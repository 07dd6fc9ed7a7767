//! What all handlers share: the desks, the campaigns, the fonts, limits and the clock.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use tokio::sync::Semaphore;

use crate::campaign::Campaign;
use crate::clerk::{
    Campaigns, DataPlaces, IfMissing, NewPlaces, Office, campaign_to_run, fonts, make_service_key,
    settle_places,
};

use crate::web::service::rates::Rates;
use crate::web::service::serving::Serving;
use crate::web::service::serving_error::ServingError;
use crate::web::service::state::batches::Batches;
use crate::web::service::state::counters::Counters;
use crate::web::service::state::previews::Previews;
use crate::web::service::state::progress::Progress;
use crate::web::service::state::readings::Readings;
use crate::web::service::state::repeats::Repeats;
use crate::web::service::workers::LedgerWorkers;

/// What a handler is given.
pub(in crate::web) type Shared = axum::extract::State<Arc<App>>;

/// The shared state.
pub(in crate::web) struct App {
    pub(in crate::web) desks: LedgerWorkers,
    /// Places for makings, checks and previews: few at a time, each needs a core and memory.
    pub(in crate::web) workers: Semaphore,
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
    /// The place of the one service on a ledger that is elsewhere.
    #[cfg(feature = "postgres")]
    pub(in crate::web) place: Option<crate::clerk::ServicePlace>,
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
const WORKERS: usize = 2;

impl App {
    /// Opens everything. Blocks.
    pub(in crate::web) fn open(serving: Serving) -> Result<Self, ServingError> {
        let campaigns = Arc::new(Campaigns::open(serving.templates.as_deref())?);
        let fonts = Arc::new(fonts(serving.font_dir.as_deref())?);
        let places = DataPlaces {
            data: &serving.data,
            keys: &serving.keys,
        };
        let new = NewPlaces {
            database: serving.database.as_deref(),
            objects: serving.objects.as_deref(),
        };
        settle_places(places, new)?;
        let (mut office, _) = Office::open(places, &campaigns, IfMissing::Make)?;
        // before anything is cleared that another service may be at
        #[cfg(feature = "postgres")]
        let place = office.take_service_place()?;
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
        office.settle_objects()?;
        office.finish_erasing()?;
        office.clear_left()?;
        drop(office);
        let desks = LedgerWorkers::open(&serving.data, &serving.keys, &campaigns)?;
        Ok(Self {
            desks,
            workers: Semaphore::new(WORKERS),
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
            #[cfg(feature = "postgres")]
            place,
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
