//! Clocks (时钟): times that contradict each other. Lateness is told by the time at which paper came; where that time cannot be right,
//! a person decides. Which clock is wrong, the unit's or the desk's, nobody can see from here, and no sentence says it.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::hours::minute_in_words;
use crate::mark::time_of;

use super::places::state;
use super::unit_file::{Filed, PackageTime, Receipt, UnitFile, VersionTime};

/// How far two clocks that nobody sets may be apart without a word.
pub const TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

/// In what way times contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClockCode {
    /// A sheet was received before it was issued.
    ReceivedBeforeIssue,
    /// A package came in before it was made.
    PackageBeforeMade,
    /// A later version was issued before an earlier one.
    VersionsOutOfOrder,
    /// The clock at the desk stands before what was issued.
    DeskBehind,
    /// The clock at the desk stood before what it had received already.
    DeskSetBack,
}

/// Times that contradict each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClockFault {
    /// In what way.
    pub code: ClockCode,
    /// Which times, and what to do, in Chinese.
    pub message: String,
}

/// Whether something stands before what it came of, beyond the tolerance.
fn is_before(at: Timestamp, cause: Timestamp) -> bool {
    cause.duration_since(at) > TOLERANCE
}

/// What is wrong where a sheet whose mark names a minute of issue (since 2020-01-01 UTC) is received at `at`; none where nothing is.
pub fn received_early(minutes: u32, at: Timestamp) -> Option<ClockFault> {
    let issued = time_of(minutes);
    is_before(at, issued).then(|| ClockFault {
        code: ClockCode::ReceivedBeforeIssue,
        message: format!(
            "收件时刻{}早于标记的签发时刻{}：收件处或单位的时钟有误。请核对时钟，是否逾期请人工核定。",
            minute_in_words(at),
            minute_in_words(issued)
        ),
    })
}

/// What is wrong where a package that was made at one time comes in at another; none where nothing is.
pub fn package_early(times: PackageTime) -> Option<ClockFault> {
    is_before(times.at, times.made_at).then(|| ClockFault {
        code: ClockCode::PackageBeforeMade,
        message: format!(
            "报送包的制作时刻{}晚于收包时刻{}：收件处或单位的时钟有误。请核对时钟，是否逾期请人工核定。",
            minute_in_words(times.made_at),
            minute_in_words(times.at)
        ),
    })
}

/// Every contradiction among a unit's times, as of `now`.
pub fn clock_faults(unit: &UnitFile, now: Timestamp) -> Vec<ClockFault> {
    let mut faults = Vec::new();
    let early = |r: &&Receipt| received_early(r.minutes, r.at).is_some();
    let pages = unit.receipts.iter().filter(early).count();
    let worst = unit.receipts.iter().filter(early);
    // the one that is farthest off stands for all
    if let Some(worst) = worst.max_by_key(|r| time_of(r.minutes).duration_since(r.at))
        && let Some(mut fault) = received_early(worst.minutes, worst.at)
    {
        if pages > 1 {
            fault.message = format!("有{pages}页如此，相差最多的一页：{}", fault.message);
        }
        faults.push(fault);
    }
    let back = unit.receipts.iter().filter(|r| r.behind);
    if let Some(first) = back.clone().min_by_key(|r| r.at) {
        faults.push(ClockFault {
            code: ClockCode::DeskSetBack,
            message: format!(
                "有{}页登记时（最早记为{}），收件处的时钟早于此前已有的登记：时钟被拨回过。请核对时钟，是否逾期请人工核定。",
                back.count(),
                minute_in_words(first.at)
            ),
        });
    }
    let packages = unit.packages.iter().copied();
    let worst = packages.max_by_key(|p| p.made_at.duration_since(p.at));
    faults.extend(worst.and_then(package_early));
    faults.extend(out_of_order(unit));
    faults.extend(desk_behind(unit, now));
    faults
}

/// Versions that were issued before the one that they follow.
fn out_of_order(unit: &UnitFile) -> Vec<ClockFault> {
    let mut faults = Vec::new();
    for record in unit.records.iter().filter(|r| r.withdrawn.is_none()) {
        let mut of: Vec<&VersionTime> = unit
            .versions
            .iter()
            .filter(|v| v.record == record.reference)
            .collect();
        of.sort_by_key(|v| v.version);
        for pair in of.windows(2) {
            let [first, second] = pair else { continue };
            if second.issued_at < first.issued_at {
                faults.push(ClockFault {
                    code: ClockCode::VersionsOutOfOrder,
                    message: format!(
                        "{}（{}）版本{}的签发时刻{}早于版本{}的{}：单位的时钟有误，请单位核对时钟。",
                        record.kind.label(),
                        record.name,
                        second.version,
                        minute_in_words(second.issued_at),
                        first.version,
                        minute_in_words(first.issued_at)
                    ),
                });
            }
        }
    }
    faults
}

/// A clock at the desk that stands before something that was made already.
fn desk_behind(unit: &UnitFile, now: Timestamp) -> Option<ClockFault> {
    let versions = unit.versions.iter().map(|v| v.issued_at);
    let marks = unit.receipts.iter().map(|r| time_of(r.minutes));
    let packages = unit.packages.iter().map(|p| p.made_at);
    let last = versions.chain(marks).chain(packages).max()?;
    is_before(now, last).then(|| ClockFault {
        code: ClockCode::DeskBehind,
        message: format!(
            "现在的时刻{}早于材料的签发时刻{}：收件处或单位的时钟有误。请核对时钟，是否逾期请人工核定。",
            minute_in_words(now),
            minute_in_words(last)
        ),
    })
}

/// Whether the times at which the paper that counts came cannot be believed: it came before it was issued, or the package that
/// it belongs to came before it was made.
pub(super) fn is_doubtful(unit: &UnitFile) -> bool {
    let counts = |r: &&Receipt| {
        let live = |f: &&Filed| f.reference == r.record && f.withdrawn.is_none();
        let filed = unit.records.iter().find(live);
        filed.is_some_and(|f| state(r, f, unit).is_here())
    };
    let mut sheets = unit.receipts.iter().filter(counts);
    sheets.any(|r| r.behind || received_early(r.minutes, r.at).is_some())
        || unit.packages.iter().any(|p| package_early(*p).is_some())
}
