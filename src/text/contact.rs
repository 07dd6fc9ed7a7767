//! Telephone numbers, mail addresses and postcodes.

use super::width::fold_width;

/// Whether all characters are digits and their number is in the range.
fn digits(text: &str, count: std::ops::RangeInclusive<usize>) -> bool {
    count.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// A mainland mobile number: 11 digits, beginning 13 to 19.
pub fn is_mobile(text: &str) -> bool {
    digits(text, 11..=11)
        && text.starts_with('1')
        && !matches!(text.as_bytes().get(1), Some(b'0'..=b'2'))
}

/// A fixed number with area code, `0311-86040095`, with an extension of up to 6 digits, `0311-86040095-123`.
pub fn is_phone(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [area, number] => area.starts_with('0') && digits(area, 3..=4) && digits(number, 7..=8),
        [area, number, extension] => {
            area.starts_with('0')
                && digits(area, 3..=4)
                && digits(number, 7..=8)
                && digits(extension, 1..=6)
        }
        _ => false,
    }
}

/// A mail address: one `@`, a name without blanks, a domain of at least two labels; ASCII only.
pub fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else {
        return false;
    };
    let name_ok = !name.is_empty()
        && name.len() <= 64
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b));
    let labels: Vec<&str> = domain.split('.').collect();
    let label_ok = |label: &&str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let top_ok = labels
        .last()
        .is_some_and(|top| top.len() >= 2 && top.bytes().any(|b| b.is_ascii_alphabetic()));
    name_ok && labels.len() >= 2 && labels.iter().all(label_ok) && top_ok
}

/// A postcode: six digits.
pub fn is_postcode(text: &str) -> bool {
    digits(text, 6..=6)
}

/// The numbers of a field that may hold several, each in the shape of [`is_mobile`] or [`is_phone`] where it can
/// be understood, and as written where not: separators and blanks between them, `（0311）86040095`,
/// `0311 86040095`, `031186040095`, `+86`, 转 before an extension; a bare number takes over the area code of the one before it.
pub fn split_phones(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut pending = String::new();
    let mut area = String::new();
    for token in join_mobiles(tokens(text)) {
        let token = format!("{}{token}", std::mem::take(&mut pending));
        if token.starts_with('0') && digits(&token, 3..=4) {
            pending = format!("{token}-");
            continue;
        }
        let number = shaped(&token, &area);
        if is_phone(&number) {
            area = number.split('-').next().unwrap_or_default().to_owned();
        }
        out.push(number);
    }
    if !pending.is_empty() {
        out.push(pending.trim_end_matches('-').to_owned());
    }
    out
}

/// Half-width pieces between separators and blanks, with dashes unified and brackets turned into a dash.
fn tokens(text: &str) -> Vec<String> {
    let plain: String = fold_width(text)
        .chars()
        .map(|c| match c {
            '—' | '–' | '－' | '−' | '‐' | '‑' | '―' | '─' | '转' => '-',
            '(' | '、' | '；' | '，' | ',' | ';' | '/' | '\\' | '|' => ' ',
            ')' => '-',
            _ => c,
        })
        .collect();
    let mut joined = plain.replace("+86", " ");
    for (from, to) in [(" -", "-"), ("- ", "-"), ("--", "-")] {
        while joined.contains(from) {
            joined = joined.replace(from, to);
        }
    }
    joined.split_whitespace().map(str::to_owned).collect()
}

/// Joins the three groups of `140 0000 0000`.
fn join_mobiles(tokens: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(tokens.len());
    for token in tokens {
        out.push(token);
        if let [.., a, b, c] = out.as_slice()
            && (a.len(), b.len(), c.len()) == (3, 4, 4)
            && is_mobile(&format!("{a}{b}{c}"))
        {
            let joined = format!("{a}{b}{c}");
            out.truncate(out.len().saturating_sub(3));
            out.push(joined);
        }
    }
    out
}

/// One number in its shape.
fn shaped(token: &str, area: &str) -> String {
    let token = token.strip_prefix("86-").unwrap_or(token);
    if token.starts_with('0') && digits(token, 10..=12) {
        // 010 and 02x are the only area codes of three digits.
        let length = if token.starts_with("01") || token.starts_with("02") {
            3
        } else {
            4
        };
        if let (Some(head), Some(tail)) = (token.get(..length), token.get(length..))
            && digits(tail, 7..=8)
        {
            return format!("{head}-{tail}");
        }
    }
    let bare: String = token.chars().filter(|c| *c != '-').collect();
    if is_mobile(&bare) {
        return bare;
    }
    if digits(token, 7..=8) && !area.is_empty() {
        return format!("{area}-{token}");
    }
    token.to_owned()
}
