//! Rates (限速): how often one address may do what is dear or dangerous. A bucket an address and purpose, refilled by time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::web) enum Purpose {
    /// Passwords that are tried.
    Login,
    /// Marks that are looked up by anyone.
    Mark,
    /// Uploads.
    Upload,
    /// Rows of the log about those who try too often: each is a write.
    Refusal,
}

impl Purpose {
    /// Most at once, and the time in which one more comes free.
    fn limit(self) -> (f64, Duration) {
        match self {
            Self::Login => (20.0, Duration::from_secs(6)),
            Self::Mark => (60.0, Duration::from_secs(1)),
            Self::Upload => (60.0, Duration::from_secs(1)),
            Self::Refusal => (3.0, Duration::from_secs(60)),
        }
    }
}

/// Addresses that are remembered; beyond, full buckets are forgotten.
const MOST: usize = 10_000;

/// Buckets by purpose and address.
#[derive(Default)]
pub(in crate::web) struct Rates {
    buckets: Mutex<HashMap<(Purpose, IpAddr), (f64, Instant)>>,
}

impl Rates {
    /// Whether an address may do it once more; else after how many seconds.
    pub(in crate::web) fn take(&self, purpose: Purpose, address: IpAddr) -> Result<(), u64> {
        let (most, refill) = purpose.limit();
        let now = Instant::now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST {
            buckets.retain(|(p, _), (left, at)| {
                let (most, refill) = p.limit();
                *left + now.duration_since(*at).as_secs_f64() / refill.as_secs_f64() < most
            });
        }
        let (left, at) = buckets.entry((purpose, address)).or_insert((most, now));
        let gained = now.duration_since(*at).as_secs_f64() / refill.as_secs_f64();
        *left = (*left + gained).min(most);
        *at = now;
        if *left < 1.0 {
            return Err(refill.as_secs().max(1));
        }
        *left -= 1.0;
        Ok(())
    }
}
