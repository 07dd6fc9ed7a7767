//! Readings (查看) that were noted already: a session and a thing.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::clerk::Visitor;

/// Readings that are remembered; beyond, they are said again.
const MOST: usize = 20_000;

/// What was said already: a session's own token, and the thing.
#[derive(Default)]
pub(in crate::web) struct Readings {
    said: Mutex<BTreeSet<(String, String)>>,
}

impl Readings {
    /// Whether it is the first time.
    pub(in crate::web) fn is_first(&self, visitor: &Visitor, what: &str) -> bool {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() >= MOST {
            said.clear();
        }
        said.insert((visitor.csrf.clone(), what.to_owned()))
    }
}
