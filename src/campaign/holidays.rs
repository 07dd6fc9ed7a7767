//! Statutory holidays (放假安排) as data: the days off of a year and the days at weekends that are worked instead, as the State Council's
//! office announces them each year. A year that is not listed has weekends only.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::finding::Finding;

use super::document::Node;

/// The holidays of the years that are known.
#[derive(Clone, Debug, Default)]
pub struct Holidays(BTreeMap<i16, OfYear>);

/// The days of one year that are no ordinary ones.
#[derive(Clone, Debug, Default)]
struct OfYear {
    off: BTreeSet<Date>,
    work: BTreeSet<Date>,
}

/// `[[holidays]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    year: i16,
    /// Days and spans of days without their year: `05-01—05-05`.
    off: Vec<String>,
    #[serde(default)]
    work: Vec<String>,
}

impl Holidays {
    /// Whether the arrangements of a year are listed.
    pub fn knows(&self, year: i16) -> bool {
        self.0.contains_key(&year)
    }

    /// Whether people work on a day.
    pub fn is_working_day(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        match self.0.get(&day.year()) {
            Some(year) if year.work.contains(&day) => true,
            Some(year) => !weekend && !year.off.contains(&day),
            None => !weekend,
        }
    }

    /// Reads `[[holidays]]`; a year that was read before is replaced.
    pub(super) fn read(&mut self, root: Node<'_>, findings: &mut Vec<Finding>) {
        for node in root.key("holidays").items(findings) {
            let Some(written) = node.read::<Written>(findings) else {
                continue;
            };
            let mut days = |key: &str, texts: &[String]| {
                let mut all = BTreeSet::new();
                for (n, text) in texts.iter().enumerate() {
                    match span(written.year, text) {
                        Some(span) => all.extend(span),
                        None => findings.push(Finding::error(
                            "T2",
                            node.key(key).item(n).place(),
                            format!("“{text}”不是{}年的日子", written.year),
                            "请写成“05-01”或“05-01—05-05”，起不晚于止。",
                        )),
                    }
                }
                all
            };
            let off = days("off", &written.off);
            let work = days("work", &written.work);
            self.0.insert(written.year, OfYear { off, work });
        }
    }
}

/// The days of `05-01—05-05`, or of `05-01` alone; none for what is neither.
fn span(year: i16, text: &str) -> Option<Vec<Date>> {
    let day = |text: &str| -> Option<Date> {
        let (month, day) = text.trim().split_once('-')?;
        Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
    };
    let (from, to) = match text.split_once('—') {
        Some((from, to)) => (day(from)?, day(to)?),
        None => (day(text)?, day(text)?),
    };
    let days = from.series(jiff::Span::new().days(1));
    (from <= to).then(|| days.take_while(|d| *d <= to).collect())
}
