//! Numbers as spreadsheets hold them and as people type them.

use crate::text::decimal::Decimal;

/// From here on a floating number no longer holds every digit: Excel keeps 15.
pub(super) const UNSAFE: f64 = 1e15;

/// The digits of a number without an exponent, as short as they are exact.
pub(super) fn plain_number(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    number.to_string()
}

/// A damaged number as spreadsheets show it, `1.39900198502140E+17`: never to be mistaken for its digits.
pub(super) fn scientific(number: f64) -> String {
    let shown = format!("{number:.14E}");
    match shown.split_once('E') {
        Some((head, power)) if !power.starts_with('-') => format!("{head}E+{power}"),
        _ => shown,
    }
}

/// Whether a text is digits only, and not empty.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// A text without blanks, and without the sign of the currency that formats put before an amount.
fn without_currency(text: &str) -> String {
    let tight: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    tight.trim_start_matches(['¥', '￥']).to_owned()
}

/// A count: digits with commas between groups of three, and a unit behind, which is dropped; none for anything else.
pub(super) fn count(text: &str, unit: &str) -> Option<String> {
    const UNITS: [&str; 18] = [
        "人次", "人", "场次", "场", "次", "篇", "条", "名", "位", "个", "张", "份", "期", "部",
        "家", "项", "天", "遍",
    ];
    let tight = without_currency(text);
    let own = std::iter::once(&unit).filter(|unit| !unit.is_empty());
    let bare = own
        .chain(&UNITS)
        .find_map(|unit| tight.strip_suffix(unit))
        .unwrap_or(&tight);
    // a format of two decimals shows a whole number so
    let bare = match bare.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        _ => bare,
    };
    let digits = match bare.split_once(',') {
        None => bare.to_owned(),
        Some((head, tail)) => {
            let grouped = (1..=3).contains(&head.len())
                && tail
                    .split(',')
                    .all(|group| group.len() == 3 && is_digits(group));
            if !grouped {
                return None;
            }
            bare.replace(',', "")
        }
    };
    if !is_digits(&digits) {
        return None;
    }
    let trimmed = digits.trim_start_matches('0');
    Some(if trimmed.is_empty() { "0" } else { trimmed }.to_owned())
}

/// A decimal number as typed, with its unit or without; none for anything else.
pub(super) fn decimal(text: &str, unit: &str) -> Option<Decimal> {
    let tight = without_currency(text);
    Decimal::parse(tight.strip_suffix(unit).unwrap_or(&tight))
}

/// The decimal number that a cell holds: spreadsheets calculate with 17 digits and show 15, and so is it meant.
pub(super) fn decimal_of(number: f64) -> Option<Decimal> {
    let shown: f64 = format!("{number:.14e}").parse().ok()?;
    Decimal::parse(&plain_number(shown))
}

/// 是 or 否 for what people write; none for anything else.
pub(super) fn yes_no(text: &str) -> Option<&'static str> {
    match crate::text::width::fold_width(text)
        .trim()
        .to_lowercase()
        .as_str()
    {
        "是" | "有" | "√" | "✓" | "✔" | "☑" | "对" | "y" | "yes" | "true" | "1" | "真" => {
            Some("是")
        }
        "否" | "无" | "没有" | "×" | "✗" | "✘" | "✕" | "错" | "n" | "no" | "false" | "0" | "假"
        | "不是" => Some("否"),
        _ => None,
    }
}
