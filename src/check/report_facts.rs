//! M20: what the report states and the workbook denies: the days of the publicity, how many candidates there are, and who they are. Both
//! are printed under marks of one unit; only a person knows which is right. What a report does not state is no fault.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::finding::{Place, Severity};
use crate::text::date::{chinese_date, parse_date};
use crate::text::name::canonical_name;
use crate::text::name_cell::name_cell;
use crate::text::width::fold_width;

use super::checking::Checking;
use super::params::cell_in_words;
use super::report_person::other_lives;

/// Most names in one sentence.
const NAMED: usize = 5;

/// Words of a clause that speaks of people who were proposed and not yet chosen.
const EARLIER: [&str; 10] = [
    "征集", "申报", "收到", "初审", "初选", "报名", "参评", "海选", "渠道", "初步",
];

/// A report, to be compared: what it is called, where it lies, its paragraphs.
pub(super) struct Stated<'a> {
    pub(super) name: &'a str,
    pub(super) place: &'a Place,
    pub(super) said: &'a [&'a str],
}

/// M20: all that the report states against what the workbook says.
pub(super) fn agree(checking: &mut Checking<'_>, report: &Stated<'_>) {
    let Some(severity) = checking.weight("M20", Severity::Warning) else {
        return;
    };
    let mut found = Vec::new();
    found.extend(other_days(checking, report));
    found.extend(other_count(checking, report));
    found.extend(other_people(checking, report));
    found.extend(other_lives(checking, report.name, report.said));
    for message in found {
        let hint = "请核对哪一处是对的，改正另一处，存好后再试。";
        checking.add(severity, "M20", report.place.clone(), message, hint);
    }
}

/// The sentences of a report in half-width characters without blanks.
fn sentences(said: &[&str]) -> Vec<String> {
    let tight = |text: &str| -> String {
        let folded = fold_width(text);
        folded.chars().filter(|c| !c.is_whitespace()).collect()
    };
    let split = |p: &&str| -> Vec<String> { p.split(['。', '；', '！']).map(tight).collect() };
    said.iter().flat_map(split).collect()
}

/// Another time of the publicity than the unit's days; none where one of the stated ones agrees.
fn other_days(checking: &Checking<'_>, report: &Stated<'_>) -> Option<String> {
    let day = |key: &str| parse_date(checking.unit_text(key));
    let days = (day("publicity_from")?, day("publicity_to")?);
    // days in the wrong order are D2's
    let (from, to) = Some(days).filter(|(from, to)| from <= to)?;
    let stated: Vec<DaySpan> = sentences(report.said)
        .iter()
        .filter(|s| s.contains("公示"))
        .flat_map(|s| day_spans(s))
        .collect();
    let first = stated.first()?;
    if stated.iter().any(|s| s.from.is(from) && s.to.is(to)) {
        return None;
    }
    let key = if first.from.is(from) {
        "publicity_to"
    } else {
        "publicity_from"
    };
    Some(format!(
        "{}写的公示时间是{}，{}填的是{}至{}。",
        report.name,
        first.words,
        cell_in_words(&checking.unit_place(key)),
        chinese_date(from),
        chinese_date(to)
    ))
}

/// A day as a text states it, often without its year.
#[derive(Clone, Copy)]
struct StatedDay {
    year: Option<u32>,
    month: u32,
    day: u32,
}

impl StatedDay {
    /// Whether it may be this day.
    fn is(self, date: Date) -> bool {
        let part = |n: i8| u32::try_from(n).unwrap_or(0);
        let year = u32::try_from(date.year()).unwrap_or(0);
        self.year.is_none_or(|y| y == year)
            && (self.month, self.day) == (part(date.month()), part(date.day()))
    }
}

/// From one day to another, and the words for it.
struct DaySpan {
    from: StatedDay,
    to: StatedDay,
    words: String,
}

/// The times from day to day that a sentence states: 5月17日至21日, 2021年5月28日—6月3日. What comes after a publicity is none of it.
fn day_spans(sentence: &str) -> Vec<DaySpan> {
    let chars: Vec<char> = sentence.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let before: String = chars.iter().take(at).collect();
        let over = ["公示期满", "公示结束", "公示后"]
            .iter()
            .any(|w| before.contains(w));
        match span_at(&chars, at).filter(|_| !over) {
            Some((span, end)) => {
                found.push(span);
                at = end;
            }
            // a number is looked at from its first digit only
            None => at += digits_at(&chars, at).map_or(1, |(_, len)| len),
        }
    }
    found
}

/// A time from day to day that begins at a character, and where it ends.
fn span_at(chars: &[char], begin: usize) -> Option<(DaySpan, usize)> {
    let (from, at) = day_at(chars, begin, None)?;
    let at = skip(chars, at, "起");
    let join = |c: &char| "至到—-–－~～―".contains(*c);
    let joins = chars.iter().skip(at).take_while(|c| join(c)).count();
    if joins == 0 {
        return None;
    }
    let (to, end) = day_at(chars, at + joins, Some(from))?;
    let words = chars.get(begin..end)?.iter().collect();
    Some((DaySpan { from, to, words }, end))
}

/// A day that begins at a character; year and month may be left out where a day stands before it. Where it ends, too.
fn day_at(chars: &[char], at: usize, after: Option<StatedDay>) -> Option<(StatedDay, usize)> {
    let (first, len) = digits_at(chars, at)?;
    let (mut number, mut at) = (first, at + len);
    let sign = |at: usize| chars.get(at).copied();
    let mut year = after.and_then(|d| d.year);
    let mut month = after.map(|d| d.month);
    if sign(at) == Some('年') {
        year = Some(number);
        let (next, len) = digits_at(chars, at + 1)?;
        (number, at) = (next, at + 1 + len);
    }
    if sign(at) == Some('月') {
        month = Some(number);
        let (next, len) = digits_at(chars, at + 1)?;
        (number, at) = (next, at + 1 + len);
    }
    let ended = matches!(sign(at), Some('日' | '号'));
    let sound = (1..=31).contains(&number) && month.is_some_and(|m| (1..=12).contains(&m));
    let day = StatedDay {
        year,
        month: month?,
        day: number,
    };
    // 5月17—21日: the first has its sign behind the second
    (sound && (ended || after.is_none())).then_some((day, at + usize::from(ended)))
}

fn skip(chars: &[char], at: usize, word: &str) -> usize {
    let len = word.chars().count();
    let here: String = chars.iter().skip(at).take(len).collect();
    at + if here == word { len } else { 0 }
}

/// A whole number in digits or in Chinese ones up to 99 (or the four of a year), and its length.
fn digits_at(chars: &[char], at: usize) -> Option<(u32, usize)> {
    let run = |of: &dyn Fn(&char) -> bool| chars.iter().skip(at).take_while(|c| of(c)).count();
    let plain = run(&|c| c.is_ascii_digit());
    if plain > 0 {
        let text: String = chars.iter().skip(at).take(plain).collect();
        return Some((text.parse().ok()?, plain));
    }
    let len = run(&|c| "〇零一二两三四五六七八九十".contains(*c));
    let one = |c: char| {
        let place = "〇一二三四五六七八九".chars().position(|d| d == c);
        let place = place.or(match c {
            '零' => Some(0),
            '两' => Some(2),
            _ => None,
        });
        place.and_then(|n| u32::try_from(n).ok())
    };
    let text: Vec<char> = chars.iter().skip(at).take(len).copied().collect();
    let number = match text.iter().position(|c| *c == '十') {
        None if len == 1 || len == 4 => {
            let mut all = text.iter().map(|c| one(*c));
            all.try_fold(0, |sum, d| Some(sum * 10 + d?))?
        }
        Some(ten) if ten <= 1 && len <= ten + 2 => {
            let tens = text
                .first()
                .filter(|_| ten == 1)
                .map_or(Some(1), |c| one(*c))?;
            let ones = text.get(ten + 1).map_or(Some(0), |c| one(*c))?;
            tens * 10 + ones
        }
        _ => return None,
    };
    Some((number, len))
}

/// Another number of candidates than there are; none where one of the stated ones agrees: a report also tells how many there were before.
fn other_count(checking: &Checking<'_>, report: &Stated<'_>) -> Option<String> {
    let people = checking.submission.candidates.len();
    let number = u32::try_from(people).ok().filter(|n| *n > 0)?;
    let word = checking.campaign.people_word();
    let mut stated: Vec<(u32, String, bool)> = Vec::new();
    for sentence in sentences(report.said) {
        for clause in sentence.split([',', '，', ':', '：']) {
            stated.extend(counts(clause, word));
        }
    }
    if stated.iter().any(|(n, ..)| *n == number) {
        return None;
    }
    let chosen = stated.iter().filter(|(.., chosen)| *chosen);
    let (_, words, _) = chosen.min_by_key(|(n, ..)| n.abs_diff(number))?;
    let sheet = checking.campaign.candidate_sheet();
    let sheet = sheet.map_or(word, |s| s.label.as_str());
    Some(format!(
        "{}写的是“{words}”，“{sheet}”表里有{people}名。",
        report.name
    ))
}

/// The numbers of candidates in a clause: 候选人3名, 3名候选人, 3名同志为候选人; with the words for it, and whether it speaks of those who were chosen.
fn counts(clause: &str, word: &str) -> Vec<(u32, String, bool)> {
    let chars: Vec<char> = clause.chars().collect();
    let names = [word, "候选人", "人选", "推荐对象"];
    let chosen = !EARLIER.iter().any(|w| clause.contains(w))
        && (clause.contains("候选人") || clause.contains(word))
        || ["确定", "报送", "上报"].iter().any(|w| clause.contains(w));
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let Some((number, len)) = digits_at(&chars, at) else {
            at += 1;
            continue;
        };
        let end = at + len;
        let measured = matches!(chars.get(end), Some('名' | '位'));
        let before: String = chars.iter().take(at).collect();
        let behind: String = chars.iter().skip(end + 1).collect();
        let before = before.trim_end_matches(['共', '计', '为', '(', '（']);
        let behind = behind
            .trim_start_matches("同志")
            .trim_start_matches(['为', '作', '是']);
        let of_before = names.iter().find(|n| before.ends_with(**n));
        let of_behind = names.iter().find(|n| behind.starts_with(**n));
        let measure: String = chars.iter().skip(at).take(len + 1).collect();
        let words = match (of_before, of_behind) {
            (Some(name), _) => Some(format!("{name}{measure}")),
            (None, Some(name)) => Some(format!("{measure}{name}")),
            (None, None) => None,
        };
        // the first of several: not how many there are
        let ordinal = before.ends_with('第') || behind.starts_with('中') || behind.contains("选中");
        found.extend(
            words
                .filter(|_| measured && !ordinal)
                .map(|w| (number, w, chosen)),
        );
        at = end;
    }
    found
}

/// People whom the report names and the workbook does not have, and the other way round; none where the report names nobody.
fn other_people(checking: &Checking<'_>, report: &Stated<'_>) -> Option<String> {
    let plain = |text: &str| canonical_name(text).0;
    let paragraphs: Vec<String> = report.said.iter().map(|p| plain(p)).collect();
    let people = checking.submission.candidates.iter();
    // several names in one cell are told there, and each of them is known
    let cells: Vec<Vec<String>> = people.map(|c| name_cell(c.text("name")).names).collect();
    let real = |name: &&str| name.chars().count() > 1;
    let names = cells.iter().flatten().map(String::as_str);
    let names: Vec<&str> = names.filter(real).collect();
    let alone = cells.iter().filter(|names| names.len() == 1).flatten();
    let said = |name: &str| paragraphs.iter().any(|p| p.contains(name));
    let (named, unnamed): (Vec<&str>, Vec<&str>) = alone
        .map(String::as_str)
        .filter(real)
        .partition(|name| said(name));
    if named.is_empty() {
        return None;
    }
    let mut strangers: BTreeSet<String> = BTreeSet::new();
    for paragraph in &paragraphs {
        strangers.extend(listed_strangers(paragraph, &names));
    }
    strangers.extend(headed_strangers(&paragraphs, &names));
    // one that is named alone may be an example; most of them are a list
    let left_out = unnamed.len() <= named.len() && !unnamed.is_empty();
    let quoted = |names: Vec<&str>| {
        let more = if names.len() > NAMED { "等" } else { "" };
        let shown: Vec<String> = names.iter().take(NAMED).map(|n| format!("“{n}”")).collect();
        format!("{}{more}", shown.join("、"))
    };
    let word = checking.campaign.people_word();
    let strange = quoted(strangers.iter().map(String::as_str).collect());
    let report = report.name;
    match (strangers.is_empty(), left_out) {
        (true, false) => None,
        (true, true) => Some(format!(
            "{report}没有写到{word}{}，别的{word}写到了。",
            quoted(unnamed)
        )),
        (false, false) => Some(format!("{report}把{strange}写作{word}，“{word}”表里没有。")),
        (false, true) => Some(format!(
            "{report}把{strange}写作{word}，“{word}”表里没有；表里的{}，{report}没有写到。",
            quoted(unnamed)
        )),
    }
}

/// Whether a text may be somebody's name: two to four ideographs, or parts between dots.
fn like_name(text: &str) -> bool {
    let ideograph =
        |c: char| ('\u{3400}'..='\u{9FFF}').contains(&c) || c >= '\u{20000}' || c == '·';
    let parts = || text.split('·');
    let long = text.contains('·') && parts().all(|p| p.chars().count() > 1);
    text.chars().all(ideograph) && (long || (2..=4).contains(&text.chars().count()))
}

/// Names in a row of names that stand for candidates (确定甲、乙、丙等3名同志为候选人), which are nobody's of theirs.
fn listed_strangers(paragraph: &str, names: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for clause in paragraph.split(['。', '；', '，', ',', '：', ':', '（', '）', '(', ')']) {
        let chooses = ["候选人", "人选", "推荐对象"]
            .iter()
            .any(|w| clause.contains(w));
        let pieces: Vec<&str> = clause.split(['、', '和', '及']).collect();
        if pieces.len() < 2 || !chooses {
            continue;
        }
        let last = pieces.len() - 1;
        // the first and the last touch other words: 确定甲, 丙等3名同志为候选人
        let is_known = |(at, piece): (usize, &&str)| {
            names.iter().any(|name| match at {
                0 => piece.ends_with(*name),
                at if at == last => piece.starts_with(*name),
                _ => piece == name,
            })
        };
        let known: Vec<bool> = pieces.iter().enumerate().map(is_known).collect();
        // a row of names, in which few are strange
        if known.iter().filter(|k| **k).count() * 2 < pieces.len() {
            continue;
        }
        for (at, piece) in pieces.iter().enumerate() {
            if known.get(at) == Some(&true) {
                continue;
            }
            let bare = match at {
                0 => bare_of_verb(piece),
                at if at == last => piece.split(['等', '同', '为', '是', '共']).next(),
                _ => Some(*piece),
            };
            found.extend(bare.filter(|b| like_name(b)).map(str::to_owned));
        }
    }
    found
}

/// What stands behind the verb that chooses: 王示例 in 集体研究确定王示例.
fn bare_of_verb(piece: &str) -> Option<&str> {
    const VERBS: [&str; 5] = ["确定", "推荐", "推选", "同意", "遴选"];
    let ends = VERBS.iter().filter_map(|v| Some(piece.rfind(v)? + v.len()));
    piece.get(ends.max()?..)
}

/// Names in short headings beside those of candidates (（一）王示例), which are nobody's of theirs. A heading of another section is no name.
fn headed_strangers(paragraphs: &[String], names: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut heads: Vec<&str> = Vec::new();
    let mut close = |heads: &mut Vec<&str>| {
        let known = |head: &&str| names.contains(head);
        if heads.iter().any(known) && heads.iter().all(|head| like_name(head)) {
            found.extend(heads.iter().filter(|h| !known(h)).map(|h| (*h).to_owned()));
        }
        heads.clear();
    };
    for paragraph in paragraphs {
        let numeral = |c: char| "一二三四五六七八九十".contains(c) || c.is_ascii_digit();
        let rest = paragraph.trim_start_matches(numeral);
        if rest.len() < paragraph.len() && rest.starts_with('、') {
            close(&mut heads);
        }
        let inner = paragraph.strip_prefix(['（', '(']);
        let head = inner.and_then(|p| {
            let rest = p.trim_start_matches(numeral).strip_prefix(['）', ')'])?;
            Some(rest).filter(|_| p.starts_with(numeral))
        });
        heads.extend(head.filter(|h| h.chars().count() <= 20));
    }
    close(&mut heads);
    found
}
