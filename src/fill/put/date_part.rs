//! Parts of a date, as they go before 年, 月 and 日.

/// A part of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DatePart {
    Year,
    Month,
    Day,
}

/// The year, month or day of a canonical day or month, without a leading zero.
pub(super) fn part_of(value: &str, unit: DatePart) -> Option<u32> {
    let mut numbers = value
        .split(|c: char| !c.is_ascii_digit())
        .filter(|n| !n.is_empty());
    let number = match unit {
        DatePart::Year => numbers.next(),
        DatePart::Month => numbers.nth(1),
        DatePart::Day => numbers.nth(2),
    };
    number?.parse().ok()
}
