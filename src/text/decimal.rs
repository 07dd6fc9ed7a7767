//! Decimal numbers as people write them: `1,234.50` is `1234.5`. Kept and compared exactly, never as floating numbers.

use std::fmt;

/// Most digits after the point.
pub const MOST_PLACES: u32 = 9;

const SCALE: i128 = 1_000_000_000;

/// A number of up to 18 digits before the point and nine after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(i128);

impl Decimal {
    /// Reads digits with an optional sign and point, commas between groups of three; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, body) = match text.strip_prefix(['-', '−', '－']) {
            Some(body) => (-1, body),
            None => (1, text),
        };
        let (whole, part) = body.split_once('.').unwrap_or((body, "0"));
        let whole = without_commas(whole)?;
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        if !digits(&whole) || !digits(part) || whole.trim_start_matches('0').len() > 18 {
            return None;
        }
        let part = part.trim_end_matches('0');
        if part.len() > MOST_PLACES as usize {
            return None;
        }
        let part: i128 = format!("{part:0<9}").parse().ok()?;
        let whole: i128 = whole.parse().ok()?;
        Some(Self(sign * (whole * SCALE + part)))
    }

    /// Digits after the point, without zeros at the end.
    pub fn places(self) -> usize {
        let shown = self.to_string();
        shown.split_once('.').map_or(0, |(_, part)| part.len())
    }

    /// The sum of two, at most what can be held.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// Digits without the commas between groups of three; none where the commas stand elsewhere.
fn without_commas(whole: &str) -> Option<String> {
    let Some((head, tail)) = whole.split_once(',') else {
        return Some(whole.to_owned());
    };
    let grouped = (1..=3).contains(&head.len()) && tail.split(',').all(|group| group.len() == 3);
    grouped.then(|| whole.replace(',', ""))
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.abs() / SCALE, self.0.abs() % SCALE);
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let part = format!("{part:09}");
        write!(f, "{sign}{whole}.{}", part.trim_end_matches('0'))
    }
}
