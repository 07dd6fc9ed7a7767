//! Months, spans of months and days, as people write them and as the forms print them.

use std::fmt;

use jiff::civil::Date;

use super::width::fold_width;

/// A month; prints as `1978.05`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Year, 1800 to 2199 where parsed.
    pub year: i16,
    /// Month, 1 to 12 where parsed.
    pub month: i8,
}

impl Month {
    /// A month within 1800 to 2199; none otherwise.
    pub fn new(year: i16, month: i8) -> Option<Self> {
        ((1800..2200).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// The month a day lies in.
    pub fn of(date: Date) -> Self {
        Self {
            year: date.year(),
            month: date.month(),
        }
    }

    /// Months since the year 0, for differences.
    pub fn ordinal(self) -> i32 {
        i32::from(self.year) * 12 + i32::from(self.month) - 1
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}.{:02}", self.year, self.month)
    }
}

/// A span of months (起止年月); prints as `1996.09—2000.07` or `2000.08—至今`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// First month.
    pub from: Month,
    /// Last month; none until now (至今). May lie before `from`, which `check` reports.
    pub to: Option<Month>,
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to {
            Some(to) => write!(f, "{}—{to}", self.from),
            None => write!(f, "{}—至今", self.from),
        }
    }
}

/// Half-width, without any blanks.
fn compact(text: &str) -> String {
    fold_width(text)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
}

/// A whole number of 1 to `most` digits.
fn number(digits: &str, most: usize) -> Option<i16> {
    let fits = (1..=most).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| digits.parse().ok()).flatten()
}

/// Parts between `.`, `-`, `/`, `年`, `月` or `日`; the same separator throughout, and one of 月 or 日 may end it.
fn parts(text: &str) -> Option<Vec<&str>> {
    if text.contains('年') {
        let (year, rest) = text.split_once('年')?;
        if !rest.contains('月') {
            return Some(vec![year, rest]);
        }
        let (month, day) = rest.split_once('月')?;
        let day = day.strip_suffix(['日', '号']).unwrap_or(day);
        return Some(if day.is_empty() {
            vec![year, month]
        } else {
            vec![year, month, day]
        });
    }
    let separator = text.chars().find(|c| matches!(c, '.' | '-' | '/'))?;
    Some(text.split(separator).collect())
}

/// A month: `1978.05`, `1978.5`, `1978-05`, `1978/5`, `1978年5月`, `197805`, in full-width digits too.
pub fn parse_month(text: &str) -> Option<Month> {
    let text = compact(text);
    if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
        return month_of(text.get(..4)?, text.get(4..)?);
    }
    match parts(&text)?.as_slice() {
        [year, month] => month_of(year, month),
        _ => None,
    }
}

/// A month out of four digits and one or two.
fn month_of(year: &str, month: &str) -> Option<Month> {
    if year.len() != 4 {
        return None;
    }
    Month::new(number(year, 4)?, i8::try_from(number(month, 2)?).ok()?)
}

/// Whether a text such as `1978.1` may be October that lost its zero because it was typed as a number.
pub fn is_ambiguous_month(text: &str) -> bool {
    let text = compact(text);
    text.strip_suffix(".1")
        .is_some_and(|year| year.len() == 4 && number(year, 4).is_some())
}

/// A span of months, separated by `—`, `–`, `-`, `~`, `～`, 至 or 到; 至今, 现在, 今 mean until now.
pub fn parse_span(text: &str) -> Option<Span> {
    let text = compact(text);
    for (at, c) in text.char_indices().filter(|(_, c)| is_range_sign(*c)) {
        let (Some(left), Some(right)) = (text.get(..at), text.get(at + c.len_utf8()..)) else {
            continue;
        };
        let Some(from) = parse_month(left) else {
            continue;
        };
        let right = right.trim_start_matches(is_range_sign);
        if matches!(right, "今" | "现在" | "目前" | "现今" | "当前") {
            return Some(Span { from, to: None });
        }
        if let Some(to) = parse_month(right) {
            return Some(Span { from, to: Some(to) });
        }
    }
    None
}

/// Signs between the two months of a span.
fn is_range_sign(c: char) -> bool {
    matches!(
        c,
        '—' | '–' | '-' | '‐' | '‑' | '―' | '−' | '─' | '~' | '∼' | '〜' | '至' | '到'
    )
}

/// A day: `2021-05-08`, `2021.5.8`, `2021/5/8`, `2021年5月8日`, `20210508`, in full-width digits too; a time of
/// midnight behind it, as spreadsheets add, is dropped.
pub fn parse_date(text: &str) -> Option<Date> {
    let text = compact(text);
    let text = text.strip_suffix("00:00:00").unwrap_or(&text);
    let text = text.strip_suffix('T').unwrap_or(text);
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return date_of(text.get(..4)?, text.get(4..6)?, text.get(6..)?);
    }
    match parts(text)?.as_slice() {
        [year, month, day] => date_of(year, month, day),
        _ => None,
    }
}

/// A day out of digits.
pub(super) fn date_of(year: &str, month: &str, day: &str) -> Option<Date> {
    let month = month_of(year, month)?;
    Date::new(month.year, month.month, i8::try_from(number(day, 2)?).ok()?).ok()
}

/// A day in Chinese, without leading zeros (GB/T 9704-2012, 7.3.5.4): `2021年5月8日`.
pub fn chinese_date(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}
