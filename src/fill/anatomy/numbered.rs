//! Numbered lines in one box: （1）（2）（3）, 1. 2. 3., ①②③, with nothing behind the numbers. Each takes one entry of a list; more entries
//! go on counting below the last one.

use crate::fill::anatomy::glyphs::is_blank;

/// Numbers as Chinese writes them, up to twenty.
const HAN: &[&str] = &[
    "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四",
    "十五", "十六", "十七", "十八", "十九", "二十",
];
/// Numbers in circles, up to twenty.
const CIRCLED: &str = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳";
/// What ends a number that no bracket opens.
const ENDS: &[char] = &['.', '．', '、', '）', ')'];
/// Stands in a pattern where the number goes.
const DIGITS: char = '#';

/// The number that a line begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::fill) struct LineNumber {
    /// What it counts, from 1.
    pub(in crate::fill) value: usize,
    /// Characters up to its end.
    pub(in crate::fill) end: usize,
    /// How it is written: `（#）`, `一、`, `①`.
    pub(in crate::fill) pattern: String,
}

/// The number that a line begins with; none where it begins otherwise.
pub(in crate::fill) fn number_of(line: &[char]) -> Option<LineNumber> {
    let at = line.iter().take_while(|c| is_blank(**c)).count();
    let own = line.get(at..)?;
    let first = *own.first()?;
    if let Some(n) = CIRCLED.chars().position(|c| c == first) {
        return Some(LineNumber {
            value: n + 1,
            end: at + 1,
            pattern: "①".to_owned(),
        });
    }
    let open = usize::from(matches!(first, '（' | '('));
    let rest = own.get(open..)?;
    let digit = |c: &&char| c.is_ascii_digit() || ('０'..='９').contains(*c);
    let digits: String = rest.iter().take_while(digit).collect();
    let (value, sign, length) = if digits.is_empty() {
        let han: String = rest
            .iter()
            .take_while(|c| "一二三四五六七八九十".contains(**c))
            .collect();
        let value = HAN.iter().position(|h| *h == han)? + 1;
        (value, '一', han.chars().count())
    } else {
        let length = digits.chars().count();
        let plain = crate::text::width::fold_width(&digits);
        let value = plain.parse().ok().filter(|_| length < 3)?;
        (value, DIGITS, length)
    };
    let close = *rest.get(length)?;
    let ends = match open {
        0 => ENDS.contains(&close),
        _ => matches!(close, '）' | ')'),
    };
    let mut pattern: String = own.iter().take(open).collect();
    pattern.extend([sign, close]);
    (ends && value > 0).then_some(LineNumber {
        value,
        end: at + open + length + 1,
        pattern,
    })
}

/// A number in the manner of others.
pub(in crate::fill) fn counted(pattern: &str, value: usize) -> String {
    let before = value.checked_sub(1);
    let circled = before.and_then(|n| CIRCLED.chars().nth(n));
    let han = before.and_then(|n| HAN.get(n));
    match (pattern, circled, han) {
        ("①", Some(sign), _) => sign.to_string(),
        ("①", None, _) => format!("（{value}）"),
        (_, _, Some(han)) if pattern.contains('一') => pattern.replace('一', han),
        _ => pattern.replace([DIGITS, '一'], &value.to_string()),
    }
}

/// Whether a box holds nothing but numbers that count from one, a line each, two and more.
pub(in crate::fill) fn is_numbered(text: &str) -> bool {
    if !text.contains('\n') {
        return false;
    }
    let lines = text.lines().filter(|l| !l.chars().all(is_blank));
    let mut count = 0;
    for line in lines {
        count += 1;
        let chars: Vec<char> = line.chars().collect();
        let Some(number) = number_of(&chars).filter(|n| n.value == count) else {
            return false;
        };
        if !is_open_behind(&chars, &number) {
            return false;
        }
    }
    count > 1
}

/// The lines of a box in front of numbered ones, which say what those ask: `获奖情况：` over （1）（2）（3）. None where the box holds anything
/// else, or no numbered lines.
pub(in crate::fill) fn over_numbers(text: &str) -> Option<&str> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let chars: Vec<char> = line.chars().collect();
        let open = number_of(&chars).filter(|number| is_open_behind(&chars, number));
        if open.is_some_and(|number| number.value == 1) {
            let (over, numbers) = text.split_at(at);
            let words = over.chars().any(char::is_alphanumeric);
            return (words && is_numbered(numbers)).then_some(over.trim());
        }
        at += line.len();
    }
    None
}

/// Whether nothing is written behind the number of a line.
pub(in crate::fill) fn is_open_behind(line: &[char], number: &LineNumber) -> bool {
    let behind = line.get(number.end..).unwrap_or_default();
    behind.iter().all(|c| is_open(*c))
}

/// Whether a character leaves a line open.
pub(in crate::fill) fn is_open(c: char) -> bool {
    is_blank(c) || matches!(c, '_' | '＿')
}

/// Numbered lines with their entries; more entries go on counting.
pub(in crate::fill) fn with_entries(text: &str, entries: &str) -> String {
    let mut entries = entries.lines();
    let mut out: Vec<String> = Vec::new();
    let mut last: Option<LineNumber> = None;
    for line in text.lines() {
        let chars: Vec<char> = line.chars().collect();
        // a label over the numbers may begin with one of its own
        let number = number_of(&chars).filter(|n| is_open_behind(&chars, n));
        let entry = number.as_ref().and_then(|_| entries.next());
        match (&number, entry) {
            (Some(number), Some(entry)) => {
                let head: String = chars.iter().take(number.end).collect();
                out.push(format!("{head}{entry}"));
            }
            _ => out.push(line.to_owned()),
        }
        last = number.or(last);
    }
    if let Some(last) = last {
        let more = entries.zip(last.value + 1..);
        out.extend(more.map(|(entry, n)| format!("{}{entry}", counted(&last.pattern, n))));
    }
    out.join("\n")
}

/// An entry without the number that counts it; the line itself where it begins with none. What may as well be a year or a decimal is no
/// number.
pub(in crate::fill) fn without_number(line: &str) -> &str {
    let line = line.trim();
    let chars: Vec<char> = line.chars().collect();
    let Some(number) = number_of(&chars) else {
        return line;
    };
    let at = line
        .char_indices()
        .nth(number.end)
        .map_or(line.len(), |c| c.0);
    let behind = line.get(at..).unwrap_or_default();
    if number.pattern.ends_with(['.', '．']) && !behind.starts_with(char::is_whitespace) {
        // 1.2018.12 counts, 12.2018 does not
        let year = behind.chars().take_while(char::is_ascii_digit).count();
        let month = behind.chars().nth(4) != Some('年');
        if !(year == 0 || year == 4 && month) {
            return line;
        }
    }
    behind.trim_start()
}
