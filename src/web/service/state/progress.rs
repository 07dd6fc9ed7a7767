//! What is being done for the units (办理进度), as words that change; who listens is the affair of the pages.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

/// What is being done for the units.
#[derive(Default)]
pub(in crate::web) struct Progress {
    under_way: Arc<Mutex<BTreeMap<i64, watch::Sender<String>>>>,
}

impl Progress {
    /// Something begins for a unit; it is over when what this gives is dropped.
    pub(in crate::web) fn begin(&self, unit: i64) -> Reporter {
        let (sender, _) = watch::channel("等待办理".to_owned());
        let mut all = self.lock();
        all.insert(unit, sender.clone());
        drop(all);
        Reporter {
            unit,
            sender,
            under_way: self.under_way.clone(),
        }
    }

    /// Whether something is being done for a unit.
    pub(in crate::web) fn is_busy(&self, unit: i64) -> bool {
        self.lock().contains_key(&unit)
    }

    pub(in crate::web) fn listen(&self, unit: i64) -> Option<watch::Receiver<String>> {
        self.lock().get(&unit).map(watch::Sender::subscribe)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<i64, watch::Sender<String>>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says what is being done.
pub(in crate::web) struct Reporter {
    unit: i64,
    sender: watch::Sender<String>,
    under_way: Arc<Mutex<BTreeMap<i64, watch::Sender<String>>>>,
}

impl Reporter {
    pub(in crate::web) fn say(&mut self, words: &str) {
        self.sender.send_replace(words.to_owned());
    }
}

impl Drop for Reporter {
    fn drop(&mut self) {
        let mut all = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // a later one of the same unit goes on
        if all
            .get(&self.unit)
            .is_some_and(|t| t.same_channel(&self.sender))
        {
            all.remove(&self.unit);
        }
    }
}
