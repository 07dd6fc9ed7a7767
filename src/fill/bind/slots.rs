//! The blanks of a line (行内空格) as characters alone: underlined spaces, underscores, what follows a colon, 年 月 日, tick boxes; each with the
//! words in front of it. What they ask is in `blanks`.

use crate::fill::anatomy::boxes::groups;
use crate::fill::anatomy::glyphs::is_blank;
use crate::fill::anatomy::place::Take;

use super::roles::NamedRole;
use super::survey::FormLine;

/// A blank in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    /// The words in front of it; none where those belong to another clause.
    pub(super) label: String,
    /// The words right behind it, to the end of their clause: 年月出生, （民族）.
    pub(super) behind: String,
    /// Its first character in the line.
    pub(super) start: usize,
    pub(super) take: Take,
    pub(super) nth: usize,
    /// Words of its tick boxes.
    pub(super) words: Vec<String>,
    /// Whether a line is drawn to write on.
    pub(super) drawn: bool,
}

/// What a blank covers, from its first character to behind its last, and how it takes its value.
type Span = (usize, usize, Take);

/// Signs at the end of a clause.
const CLAUSE: [char; 5] = ['，', ',', '；', ';', '。'];

/// Tick boxes in groups: where the words in front of each begin, and its boxes with their words.
type Groups = [(usize, Vec<(usize, String)>)];

/// The words of a label behind the last gap.
pub(super) fn last_words(label: &str) -> &str {
    // 申  报  人 is one word, and its characters are spread
    let mut pieces = label.split_whitespace();
    if pieces.all(|piece| piece.chars().count() == 1) {
        return label.trim();
    }
    let tail = label
        .rsplit(['　', '\t', '，', ',', '；', ';', '。'])
        .next();
    tail.and_then(|t| t.rsplit("  ").next())
        .unwrap_or(label)
        .trim()
}

/// The words in front of the blanks of a line that are there to be written on.
pub(super) fn labels_of(line: &FormLine) -> Vec<String> {
    let slots = slots(line).into_iter().filter(|s| s.take == Take::Line);
    let tail = |slot: Slot| last_words(&slot.label).to_owned();
    slots.map(tail).collect()
}

/// The blanks of a line, in reading order.
pub(super) fn slots(line: &FormLine) -> Vec<Slot> {
    let groups = groups(&line.text);
    let mut spans = dates(&line.text);
    for blank in &line.blanks {
        if !is_covered(&spans, blank.start) && !is_covered(&spans, blank.end - 1) {
            spans.push((blank.start, blank.end, Take::Line));
        }
    }
    spans.extend(ticks(&line.text, &groups));
    behind_colons(&line.text, &mut spans);
    spans.sort_by_key(|s| (s.0, s.1));
    labelled(line, &groups, &spans)
}

/// 　年　月　日.
fn dates(text: &[char]) -> Vec<Span> {
    let mut spans = Vec::new();
    for n in (0..text.len()).filter(|n| text.get(*n) == Some(&'年')) {
        let Some(end) = date_end(text, n) else {
            continue;
        };
        let ahead = text.get(..n).unwrap_or_default().iter().rev();
        let start = n - ahead.take_while(|c| filler(**c)).count();
        spans.push((start, end, Take::Date));
    }
    spans
}

/// Groups of tick boxes.
fn ticks(text: &[char], groups: &Groups) -> Vec<Span> {
    let mut spans = Vec::new();
    for (n, (begins, ticks)) in groups.iter().enumerate() {
        let (Some(first), Some(last)) = (ticks.first(), ticks.last()) else {
            continue;
        };
        // the words of the boxes go as far as the next wide gap, or as the next group
        let end = text.len().min(last.0 + 1 + last.1.chars().count() + 2);
        let end = groups.get(n + 1).map_or(end, |(next, _)| *next);
        let ahead = text.get(*begins..first.0).unwrap_or_default();
        let colon = ahead.iter().rposition(|c| matches!(c, '：' | ':'));
        let start = colon.map_or(first.0, |c| begins + c + 1);
        spans.push((start, end, Take::Ticks));
    }
    spans
}

/// Blanks behind a colon, at the end of the line or wider than a space, where nothing else is.
fn behind_colons(text: &[char], spans: &mut Vec<Span>) {
    for n in 0..text.len() {
        if !matches!(text.get(n), Some('：' | ':')) {
            continue;
        }
        let rest = text.get(n + 1..).unwrap_or_default().iter();
        let blank = rest.take_while(|c| is_blank(**c)).count();
        let at_end = n + 1 + blank == text.len();
        if (at_end || blank > 1) && !is_covered(spans, n + 1) && !is_covered(spans, n + blank) {
            spans.push((n + 1, n + 1 + blank, Take::Line));
        }
    }
}

fn is_covered(spans: &[Span], at: usize) -> bool {
    spans.iter().any(|(from, to, _)| (*from..*to).contains(&at))
}

/// Blanks with the words in front of each, up to the one before it.
fn labelled(line: &FormLine, groups: &Groups, spans: &[Span]) -> Vec<Slot> {
    let mut out = Vec::new();
    let mut from = 0;
    for (start, end, take) in spans.iter().copied() {
        let label: String = line
            .text
            .get(from..start)
            .unwrap_or_default()
            .iter()
            .collect();
        // a clause that has ended asks nothing of the blank that follows
        let ended = label.trim_end_matches(is_blank);
        let ended =
            ended.ends_with(CLAUSE) && out.last().is_some_and(|s: &Slot| s.take != Take::Ticks);
        let label = label.trim_matches(|c: char| is_blank(c) || "、，,；;".contains(c));
        let label = if ended {
            ""
        } else {
            label.trim_end_matches(['：', ':'])
        };
        let own = groups.iter().flat_map(|(_, ticks)| ticks);
        let own = own.filter(|t| take == Take::Ticks && (start..end).contains(&t.0));
        out.push(Slot {
            label: label.to_owned(),
            behind: behind(&line.text, end),
            start,
            take,
            nth: line.blanks.iter().filter(|b| b.start < start).count(),
            words: own.map(|t| t.1.clone()).collect(),
            drawn: line.blanks.iter().any(|b| (start..end).contains(&b.start)),
        });
        from = end;
    }
    out
}

/// The words right behind a blank that may say what it asks: those between brackets, or those to the end of their clause. Words in front of
/// another blank are that one's.
fn behind(text: &[char], end: usize) -> String {
    let rest = text.get(end..).unwrap_or_default();
    let bracket = matches!(rest.first(), Some('（' | '('));
    let words = rest.iter().skip(usize::from(bracket));
    let words: String = words.take_while(|c| c.is_alphanumeric()).collect();
    let next = rest.get(words.chars().count() + usize::from(bracket));
    let own = match bracket {
        true => matches!(next, Some('）' | ')')),
        false => next.is_none_or(|c| "，,；;。、）)的".contains(*c)),
    };
    if own { words } else { String::new() }
}

fn filler(c: char) -> bool {
    is_blank(c) || matches!(c, '_' | '＿')
}

/// Where 年 月 日 ends whose 年 stands at a place: behind 日, or behind 月.
fn date_end(text: &[char], year: usize) -> Option<usize> {
    let after = |from: usize, word: char| {
        let rest = text.get(from..).unwrap_or_default();
        let gap = rest.iter().take_while(|c| filler(**c)).count();
        (rest.get(gap) == Some(&word)).then_some(from + gap + 1)
    };
    // 年 right behind a word is no blank
    let before = year.checked_sub(1).and_then(|n| text.get(n));
    if before.is_some_and(|c| !filler(*c) && !matches!(c, '：' | ':')) {
        return None;
    }
    let month = after(year + 1, '月')?;
    Some(after(month, '日').unwrap_or(month))
}

/// Whether a line is a heading: words without blanks, or with no more than a colon behind them.
pub(super) fn heads(slots: &[Slot], text: &str) -> bool {
    let words = text.chars().any(char::is_alphanumeric);
    match slots {
        [] => words,
        [only] => {
            let told =
                NamedRole::alone(text).is_some_and(|r| !r.asks.is_empty() && r.asks != "姓名");
            !only.drawn && only.take == Take::Line && told
        }
        _ => false,
    }
}
