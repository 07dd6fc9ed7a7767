//! The deadline of a campaign (报送期限): a day, and the time of that day where the notice names one.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};

/// When paper and files must be in, in Beijing's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deadline {
    /// The day.
    pub day: Date,
    /// The time of that day; none where the whole day counts.
    pub time: Option<Time>,
}

impl Deadline {
    /// The day in words, with the time where there is one: `2021年6月1日17时30分`.
    pub fn in_words(self) -> String {
        let day = crate::text::date::chinese_date(self.day);
        match self.time {
            None => day,
            Some(time) if time.minute() == 0 => format!("{day}{}时", time.hour()),
            Some(time) => format!("{day}{}时{}分", time.hour(), time.minute()),
        }
    }

    /// Whether something that came at this time, in Beijing, came too late. `inclusive` says whether the day itself is in time.
    pub fn is_missed(self, at: DateTime, inclusive: bool) -> bool {
        let last = self.last_day(inclusive);
        at.date() > last
            || at.date() == last
                && self
                    .time
                    .is_some_and(|time| at.time() > time && last == self.day)
    }

    /// The last day that is in time.
    pub fn last_day(self, inclusive: bool) -> Date {
        if inclusive {
            self.day
        } else {
            self.day.yesterday().unwrap_or(self.day)
        }
    }
}

impl From<Date> for Deadline {
    fn from(day: Date) -> Self {
        Self { day, time: None }
    }
}

/// `2021-06-01`, or `2021-06-01 17:00`.
impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.day)?;
        self.time
            .map_or(Ok(()), |time| write!(f, " {}", time.strftime("%H:%M")))
    }
}

/// A text that is no deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDeadline;

/// Reads what [`Deadline`] shows; `T` may stand between day and time.
impl FromStr for Deadline {
    type Err = NoDeadline;

    fn from_str(text: &str) -> Result<Self, NoDeadline> {
        let text = text.trim();
        let (day, time) = match text.split_once(['T', ' ']) {
            None => (text, None),
            Some((day, time)) => (day, Some(time.trim())),
        };
        if day.len() != 10 {
            return Err(NoDeadline);
        }
        let minutes = |time: &str| {
            let (hour, minute) = time.split_once(':')?;
            let plain = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            if !plain(hour) || !plain(minute) {
                return None;
            }
            Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
        };
        let time = match time {
            None => None,
            Some(time) => Some(minutes(time).ok_or(NoDeadline)?),
        };
        let day = day.parse().map_err(|_| NoDeadline)?;
        Ok(Self { day, time })
    }
}
