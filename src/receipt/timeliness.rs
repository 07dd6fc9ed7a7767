//! Whether a unit was in time (是否按时): decided by what is here, the days on which it came, the seals that were seen, and whether
//! the clock by which that was noted can be believed.

use jiff::Timestamp;
use serde::Serialize;

use crate::campaign::Campaign;

/// Whether a unit was in time. Stored, sent and compared as its code; the word is for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Timeliness {
    /// Everything is here and came in time, every seal that is asked for was seen.
    InTime,
    /// Everything is here and came in time; a seal that is asked for was not seen.
    Unsealed,
    /// Everything is here; something came after the last day.
    Late,
    /// Everything is here; something came after the last day, and a seal was not seen.
    LateUnsealed,
    /// Everything is here; the time at which it came cannot be believed.
    Clock,
    /// Everything is here; the time at which it came cannot be believed, and a seal was not seen.
    ClockUnsealed,
    /// Something is missing, the last day is not over.
    Open,
    /// Something is missing; by the clock at hand, which stands before what was issued, it cannot be said whether the last day is
    /// over.
    OpenClock,
    /// Something is missing and the last day is over.
    Overdue,
}

impl Timeliness {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::InTime,
        Self::Unsealed,
        Self::Late,
        Self::LateUnsealed,
        Self::Clock,
        Self::ClockUnsealed,
        Self::Open,
        Self::OpenClock,
        Self::Overdue,
    ];

    /// The word that the desk shows.
    pub fn label(self) -> &'static str {
        match self {
            Self::InTime => "按时报齐",
            Self::Unsealed => "报齐，公章未核",
            Self::Late => "报齐，有逾期件",
            Self::LateUnsealed => "报齐，有逾期件，公章未核",
            Self::Clock => "报齐，收件时钟有误，是否逾期请人工核定",
            Self::ClockUnsealed => "报齐，公章未核，收件时钟有误，是否逾期请人工核定",
            Self::Open => "未报齐，未到截止日",
            Self::OpenClock => "未报齐，收件时钟有误，是否逾期请人工核定",
            Self::Overdue => "逾期未报齐",
        }
    }

    /// Whether something came, or is still to come, after the last day.
    pub fn is_late(self) -> bool {
        matches!(self, Self::Late | Self::LateUnsealed | Self::Overdue)
    }
}

/// What timeliness is decided by.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimelinessFacts {
    /// Everything that the campaign asks for is here, and nothing is in doubt.
    pub(super) complete: bool,
    /// Every seal that is asked for was seen.
    pub(super) sealed: bool,
    /// A sheet that counts came after the last day.
    pub(super) late: bool,
    /// The last day is over, by the clock at hand.
    pub(super) over: bool,
    /// The times at which paper came cannot be believed.
    pub(super) doubtful: bool,
    /// The clock at hand stands before what was issued.
    pub(super) behind: bool,
}

impl TimelinessFacts {
    pub(super) fn timeliness(self) -> Timeliness {
        match (self.complete, self.doubtful, self.late, self.sealed) {
            (true, true, _, true) => Timeliness::Clock,
            (true, true, _, false) => Timeliness::ClockUnsealed,
            (true, _, true, true) => Timeliness::Late,
            (true, _, true, false) => Timeliness::LateUnsealed,
            (true, _, false, true) => Timeliness::InTime,
            (true, _, false, false) => Timeliness::Unsealed,
            (false, ..) if self.behind => Timeliness::OpenClock,
            (false, ..) if self.over => Timeliness::Overdue,
            (false, ..) => Timeliness::Open,
        }
    }
}

/// Whether what came at a time came too late, by the clock at the desk (China Standard Time).
pub(super) fn is_late(campaign: &Campaign, at: Timestamp) -> bool {
    let local = crate::hours::beijing(at);
    campaign
        .deadline
        .is_missed(local, campaign.deadline_inclusive)
}
