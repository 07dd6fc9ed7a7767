//! When a check is made.

use jiff::civil::{Date, DateTime, Time};

/// A day in Beijing, and the time of that day where it is known; neither where nothing is assumed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AsOf {
    /// The day.
    pub day: Option<Date>,
    /// The time of that day.
    pub time: Option<Time>,
}

impl From<Option<Date>> for AsOf {
    fn from(day: Option<Date>) -> Self {
        Self { day, time: None }
    }
}

impl From<DateTime> for AsOf {
    fn from(at: DateTime) -> Self {
        Self {
            day: Some(at.date()),
            time: Some(at.time()),
        }
    }
}
