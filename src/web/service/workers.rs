//! Workers at the ledger for handlers: a few threads, each with the ledger open, take questions to the desk or the office from a
//! bounded queue. The ledger blocks, handlers must not.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::SystemTime;

use tokio::sync::oneshot;

use crate::clerk::{
    AUDIT_HEAD, Campaigns, ClerkError, DataPlaces, Desk, IfMissing, Office, OpenLedger, acting_as,
};

use crate::web::service::caller;
use crate::web::service::serving_error::ServingError;
use crate::web::service::trouble::Trouble;

/// Threads that hold the ledger open: SQLite has one writer, the others read beside it.
const DESKS: usize = 4;
/// Questions that wait; one more is told to come back.
const WAITING: usize = 1024;

type Question = Box<dyn for<'a> FnOnce(OpenLedger<'a>) -> OpenLedger<'a> + Send>;

/// The workers.
pub(in crate::web) struct LedgerWorkers {
    /// None when they are closed.
    queue: Mutex<Option<SyncSender<Question>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl LedgerWorkers {
    /// Starts the workers; fails where one cannot open the ledger.
    pub(super) fn open(
        data: &Path,
        keys: &Path,
        campaigns: &Arc<Campaigns>,
    ) -> Result<Self, ServingError> {
        let (queue, questions) = sync_channel(WAITING);
        let questions = Arc::new(Mutex::new(questions));
        let (opened, all_opened) = sync_channel(DESKS);
        let mut threads = Vec::new();
        for _ in 0..DESKS {
            let (questions, campaigns) = (questions.clone(), campaigns.clone());
            let (data, keys, opened) = (data.to_path_buf(), keys.to_path_buf(), opened.clone());
            let thread = std::thread::Builder::new()
                .name("desk".to_owned())
                .spawn(move || serve_desk(&data, &keys, &campaigns, &opened, &questions))
                .map_err(ServingError::Thread)?;
            threads.push(thread);
        }
        for _ in 0..DESKS {
            match all_opened.recv() {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Err(error.into()),
                Err(_) => return Err(ServingError::Bug("收件台没有打开".to_owned())),
            }
        }
        Ok(Self {
            queue: Mutex::new(Some(queue)),
            threads: Mutex::new(threads),
        })
    }

    /// Ends the workers when they have answered what was asked, and the ledger with them. Blocks.
    pub(in crate::web) fn close(&self) {
        drop(self.lock().take());
        let threads =
            std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // one that panicked has closed its ledger all the same
            let _ = thread.join();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<SyncSender<Question>>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks a desk. Fails with [`Trouble::Busy`] where too many wait.
    pub(in crate::web) async fn ask<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Desk<'_>) -> Result<T, ClerkError> + Send + 'static,
    ) -> Result<T, Trouble> {
        self.put(move |open| {
            let mut desk = Desk::from(open);
            (attempt(|| act(&mut desk)), desk.into())
        })
        .await
    }

    /// Asks the office, as [`Self::ask`] asks a desk.
    pub(in crate::web) async fn ask_office<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Office<'_>) -> Result<T, ClerkError> + Send + 'static,
    ) -> Result<T, Trouble> {
        self.put(move |open| {
            let mut office = Office::from(open);
            (attempt(|| act(&mut office)), office.into())
        })
        .await
    }

    async fn put<T: Send + 'static>(
        &self,
        act: impl for<'a> FnOnce(OpenLedger<'a>) -> (Result<T, ClerkError>, OpenLedger<'a>)
        + Send
        + 'static,
    ) -> Result<T, Trouble> {
        let (answer, answered) = oneshot::channel();
        let actor = caller::now();
        let question: Question = Box::new(move |open| {
            let (done, open) = acting_as(actor, || act(open));
            // whoever asked may have gone
            let _ = answer.send(done);
            open
        });
        let put = match &*self.lock() {
            Some(queue) => queue.try_send(question),
            None => Err(TrySendError::Disconnected(question)),
        };
        match put {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(Trouble::Busy),
            Err(TrySendError::Disconnected(_)) => return Err(Trouble::bug("收件台已关闭")),
        }
        match answered.await {
            Ok(done) => done.map_err(Trouble::Clerk),
            Err(_) => Err(Trouble::bug("收件台没有答复")),
        }
    }
}

/// Does an act; one that panics is a fault of the program, and the ledger stays open for the next.
fn attempt<T>(act: impl FnOnce() -> Result<T, ClerkError>) -> Result<T, ClerkError> {
    catch_unwind(AssertUnwindSafe(act))
        .unwrap_or_else(|_| Err(ClerkError::Bug("办理时出错".to_owned())))
}

/// Answers questions at one open ledger until the service ends.
fn serve_desk(
    data: &Path,
    keys: &Path,
    campaigns: &Campaigns,
    opened: &SyncSender<Result<(), ClerkError>>,
    questions: &Mutex<Receiver<Question>>,
) {
    let places = DataPlaces { data, keys };
    let mut open = match OpenLedger::open(places, campaigns, IfMissing::Refuse) {
        Ok((open, _)) => {
            let _ = opened.send(Ok(()));
            open
        }
        Err(error) => {
            let _ = opened.send(Err(error));
            return;
        }
    };
    let mut known = state(keys);
    loop {
        let next = questions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok(question) = next else {
            // one after another: of two that close at once each sees the other, and neither takes the companion file in
            let _alone = questions.lock().unwrap_or_else(PoisonError::into_inner);
            drop(open);
            return;
        };
        let now = state(keys);
        // a key that was made, trusted or revoked since counts at once; an unreadable folder leaves what was known
        if now != known && open.renew_trust(keys).is_ok() {
            known = now;
        }
        open = question(open);
    }
}

/// Names and times of the key folder's files, but for the head of the audit log, which every act moves.
fn state(keys: &Path) -> Vec<(PathBuf, Option<SystemTime>)> {
    let entries = std::fs::read_dir(keys).into_iter().flatten().flatten();
    let time = |e: &std::fs::DirEntry| e.metadata().and_then(|m| m.modified()).ok();
    let moves = |e: &std::fs::DirEntry| e.file_name().to_string_lossy().starts_with(AUDIT_HEAD);
    let entries = entries.filter(|e| !moves(e));
    let mut state: Vec<_> = entries.map(|e| (e.path(), time(&e))).collect();
    state.sort();
    state
}
