//! Placeholder languages of other tools (别的工具的占位符): docxtemplater, Jinja and docxtpl, poi-tl, Carbone, `${…}`, merge fields of Word,
//! words between square brackets. They are not ours and would be printed as they stand, so each is found in the text of a line and told with
//! the tool it comes from. Our own language is read in `braces`.

use crate::campaign::Campaign;
use crate::fill::anatomy::label::{CANDIDATES, field_of};
use crate::text::heading::fold_heading as letters;

/// A placeholder that is not ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stranger {
    /// As it stands on the form.
    pub(super) shown: String,
    /// The tools that write so.
    pub(super) tool: &'static str,
    /// The words in it that may name a field.
    pub(super) name: String,
    /// Whether nothing else can be meant.
    pub(super) sure: bool,
    /// How it stands in its line.
    pub(super) setting: Setting,
}

/// How words between signs stand in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    /// Where a label stands: in front of a colon or a blank, or behind words that go on with them.
    Label,
    /// Behind a colon.
    Answer,
    /// Nothing else in the line.
    Alone,
    /// Among other words.
    Among,
}

/// Longest placeholder that is looked for, in characters.
pub(super) const LONGEST: usize = 200;

const JINJA: &str = "Jinja（docxtpl）";
const DOCXTEMPLATER: &str = "docxtemplater";
const POI_TL: &str = "poi-tl";
const CARBONE: &str = "Carbone";
const DOLLAR: &str = "${…}（FreeMarker、PHPWord 等）";
/// How Word shows a merge field.
pub(super) const MERGE: &str = "Word 邮件合并";
const PERCENT: &str = "<%…%>（ASP、ERB 一类）";
const MARKERS: &str = "&=…（Aspose.Cells）";
const SIGNS: &str = "两头同号（%…%、#…#、@…@、$…$）的模板";
const SQUARE: &str = "方括号模板";
/// Our signs as a Chinese keyboard writes them.
const WIDE: &str = "写成全角";
const ANGLE: &str = "《<<…>>》（Aspose 等）";

/// The placeholders of other tools in a line, from left to right. Doubled braces are ours unless something in them is not.
pub(super) fn strangers(text: &str) -> Vec<Stranger> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let rest = chars.get(at..).unwrap_or_default();
        match next(rest) {
            Some((length, stranger)) => {
                // what stands in an address is the address's own
                let stranger = stranger.filter(|_| !is_in_address(&chars, at));
                out.extend(
                    stranger
                        .filter(|s| !is_rule(&chars, at, s))
                        .map(|own| Stranger {
                            setting: setting(&chars, at, length),
                            ..own
                        }),
                );
                at += length;
            }
            None => at += 1,
        }
    }
    out
}

/// Whether low lines around a name are longer than two and so a blank beside it.
fn is_rule(chars: &[char], at: usize, stranger: &Stranger) -> bool {
    let end = at + stranger.shown.chars().count();
    let ahead = at.checked_sub(1).and_then(|n| chars.get(n));
    stranger.shown.starts_with('_') && (ahead == Some(&'_') || chars.get(end) == Some(&'_'))
}

/// How what covers some characters stands in its line.
fn setting(chars: &[char], at: usize, length: usize) -> Setting {
    let signs = |c: Option<&char>| c.is_some_and(|c| "：:".contains(*c));
    let seen = |c: &&char| !c.is_whitespace();
    let front = chars.get(..at).unwrap_or_default().iter().rfind(seen);
    let behind = chars.get(at + length..).unwrap_or_default();
    let behind = behind.iter().find(seen);
    if signs(behind) || behind.is_some_and(|c| matches!(c, '_' | '＿')) {
        return Setting::Label;
    }
    match (front, behind) {
        (None, None) => Setting::Alone,
        _ if signs(front) => Setting::Answer,
        (Some(_), None) => Setting::Label,
        _ => Setting::Among,
    }
}

/// Whether the words right in front of a place, without a gap, are an address of the web.
fn is_in_address(chars: &[char], at: usize) -> bool {
    let ahead = chars.get(..at).unwrap_or_default().iter().rev();
    let word: String = ahead
        .take_while(|c| !c.is_whitespace())
        .take(LONGEST)
        .collect();
    word.contains("//:")
}

/// What begins here: its length, and the placeholder where it is another tool's.
fn next(rest: &[char]) -> Option<(usize, Option<Stranger>)> {
    let [first, second] = [rest.first()?, rest.get(1)?];
    let found = |open: usize, close: &str| within(rest, open, close);
    match (first, second) {
        // doubled braces are ours unless something in them is not; whether they close is told elsewhere
        ('{', '{') => Some(match found(2, "}}") {
            Some((inner, length)) => {
                let tool = doubled(&inner);
                (
                    length,
                    tool.map(|tool| stranger(rest, length, tool, &inner, true)),
                )
            }
            None => (2, None),
        }),
        ('{', '%' | '#')
            if let Some((inner, length)) = found(2, if *second == '%' { "%}" } else { "#}" }) =>
        {
            Some((length, Some(stranger(rest, length, JINJA, &inner, true))))
        }
        ('$' | '#', '{') => {
            let (inner, length) = found(2, "}")?;
            Some((length, Some(stranger(rest, length, DOLLAR, &inner, true))))
        }
        ('$', '!') if rest.get(2) == Some(&'{') => {
            let (inner, length) = found(3, "}")?;
            Some((length, Some(stranger(rest, length, DOLLAR, &inner, true))))
        }
        ('{', _) => single(rest),
        ('«', _) => {
            let (inner, length) = found(1, "»")?;
            Some((length, Some(stranger(rest, length, MERGE, &inner, true))))
        }
        ('<', '<') => {
            let (inner, length) = found(2, ">>")?;
            is_name(&inner).then(|| (length, Some(stranger(rest, length, ANGLE, &inner, true))))
        }
        ('<', '%') => {
            let (inner, length) = found(2, "%>")?;
            Some((length, Some(stranger(rest, length, PERCENT, &inner, true))))
        }
        ('&', '=') => {
            let name: String = rest
                .iter()
                .skip(2)
                .take_while(|c| !c.is_whitespace())
                .collect();
            let length = 2 + name.chars().count();
            let named = is_name(name.trim_start_matches('$'));
            named.then(|| (length, Some(stranger(rest, length, MARKERS, &name, true))))
        }
        ('@', '@') | ('_', '_') | ('$', '$') | ('#', '#') | ('%', '%') => {
            let (inner, length) = found(2, &format!("{first}{first}"))?;
            let named = is_name_between(&inner);
            named.then(|| (length, Some(stranger(rest, length, SIGNS, &inner, false))))
        }
        ('%' | '#' | '@' | '$' | '=', _) => {
            let (inner, length) = found(1, &first.to_string())?;
            let named = is_name_between(&inner);
            named.then(|| (length, Some(stranger(rest, length, SIGNS, &inner, false))))
        }
        ('【' | '〔' | '<' | '＜', _) => {
            let close = match first {
                '【' => "】",
                '〔' => "〕",
                '<' => ">",
                _ => "＞",
            };
            let (inner, length) = found(1, close)?;
            let named = is_name_between(&inner);
            named.then(|| (length, Some(stranger(rest, length, SQUARE, &inner, false))))
        }
        ('｛', '｛') => {
            let (inner, length) = found(2, "｝｝")?;
            Some((length, Some(stranger(rest, length, WIDE, &inner, true))))
        }
        ('｛' | '［', _) => {
            let close = if *first == '｛' { "｝" } else { "］" };
            let (inner, length) = found(1, close)?;
            let named = is_identifier(&inner) && inner.chars().count() > 2 && !is_crosses(&inner);
            let sure = *first == '｛';
            named.then(|| (length, Some(stranger(rest, length, WIDE, &inner, sure))))
        }
        ('[', _) => {
            let open = if *second == '[' { 2 } else { 1 };
            let (inner, length) = found(open, if open == 2 { "]]" } else { "]" })?;
            let named = is_name_between(&inner);
            let sure = open == 2 || inner.contains(['_', '.']);
            named.then(|| (length, Some(stranger(rest, length, SQUARE, &inner, sure))))
        }
        _ => None,
    }
}

/// What stands between two signs, and the length of all.
fn within(rest: &[char], open: usize, close: &str) -> Option<(String, usize)> {
    let close: Vec<char> = close.chars().collect();
    let window = rest.get(open..rest.len().min(open + LONGEST))?;
    let end = window.windows(close.len()).position(|w| w == close)?;
    let inner: String = window.get(..end)?.iter().collect();
    let inner = inner.trim().to_owned();
    (!inner.is_empty()).then_some((inner, open + end + close.len()))
}

fn stranger(rest: &[char], length: usize, tool: &'static str, inner: &str, sure: bool) -> Stranger {
    let shown: String = rest.iter().take(length.min(40)).collect();
    let sign = |c: char| !(c.is_alphanumeric() || c == '_');
    // what stands in front of a filter or behind a dot, an index left out
    let words = inner.split(['|', '[', ':', '?']).next().unwrap_or_default();
    let name = words.trim_matches(sign).to_owned();
    Stranger {
        shown,
        tool,
        name,
        sure,
        setting: Setting::Answer,
    }
}

/// Whose tool doubled braces are that hold what ours never do; none where they may be ours.
pub(super) fn doubled(inner: &str) -> Option<&'static str> {
    let first = inner.chars().next()?;
    if matches!(first, '*' | '+' | '~' | '%' | '&' | '=' | '>') {
        return Some(POI_TL);
    }
    let signs = ['|', '(', '[', '"', '\'', '='];
    (inner.contains(signs) || inner.starts_with("r ")).then_some(JINJA)
}

/// Words between single braces.
fn single(rest: &[char]) -> Option<(usize, Option<Stranger>)> {
    let (inner, length) = within(rest, 1, "}")?;
    if inner.contains(['{', '\n']) {
        return None;
    }
    let carbone = ["d.", "d[", "c.", "o.", "t(", "$"]
        .iter()
        .any(|p| inner.starts_with(p));
    let tool = if carbone { CARBONE } else { DOCXTEMPLATER };
    let bare = inner.trim_start_matches(['#', '/', '^', '@', '%', '~', '$', '-', '+', '.', '=']);
    let signed = bare.len() < inner.len();
    // {单位公章} may be words of the form; {name} and {#人员} are not
    let named = is_name(bare) || carbone || signed && bare.is_empty();
    let sure = carbone || signed || is_identifier(bare);
    named.then(|| (length, Some(stranger(rest, length, tool, &inner, sure))))
}

/// Whether words are a name such as programs have: letters, digits, dots and low lines, of any script.
fn is_name(text: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || "_.-[] |:(),'\"".contains(c);
    let begins = text
        .chars()
        .next()
        .is_some_and(|c| c.is_alphabetic() || c == '_');
    begins && text.chars().count() <= 60 && text.chars().all(inside)
}

/// Whether words between two signs may be the name of a field: Latin letters, or a few Chinese ones.
fn is_name_between(inner: &str) -> bool {
    let count = inner.chars().count();
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let latin = is_identifier(inner) && count > 2 && !is_crosses(inner);
    latin || (2..9).contains(&count) && inner.chars().all(han)
}

/// Whether words are a name in Latin letters: org, org.name, list[i].x.
fn is_identifier(text: &str) -> bool {
    let begins = text
        .chars()
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    let inside = |c: char| c.is_ascii_alphanumeric() || "_.-[]".contains(c);
    begins && text.chars().all(inside)
}

/// Whether a name is nothing but the signs that hold the place of an answer: XXX.
fn is_crosses(text: &str) -> bool {
    text.chars().all(|c| matches!(c, 'x' | 'X' | '_' | '-'))
}

impl Stranger {
    /// Whether its name is Chinese: then it is told only where it means a field.
    pub(super) fn is_chinese(&self) -> bool {
        self.name
            .chars()
            .any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    }

    /// Whether its signs are used for so much else that it is told only where it means a field.
    pub(super) fn is_told_by_name(&self) -> bool {
        let signs = ['=', '_', '<', '＜', '〔'];
        !self.sure
            && (self.is_chinese() && !self.shown.starts_with('{') || self.shown.starts_with(signs))
    }

    /// Whether nothing else can be meant by it where its name is that of a field; `same` where the box in front of
    /// it asks the same.
    pub(super) fn is_sure_by_name(&self, same: bool) -> bool {
        match (self.setting, self.is_chinese()) {
            (Setting::Label, _) => false,
            (Setting::Answer, _) | (_, false) => true,
            (Setting::Alone, true) => same,
            (Setting::Among, true) => false,
        }
    }
}

/// The field that a stranger's name may mean: its own key, or its label or heading.
pub(super) fn meant(campaign: &Campaign, name: &str) -> Option<String> {
    let last = name.rsplit('.').next().unwrap_or(name);
    let tried = [name, last];
    let key = tried.iter().find(|n| field_of(campaign, n).is_some());
    if let Some(key) = key {
        return Some((*key).to_owned());
    }
    let sheets = campaign.sheets.iter().filter(|s| !s.rows);
    for sheet in sheets {
        let named = |f: &&crate::campaign::Field| {
            let mut words = std::iter::once(&f.label).chain(&f.aliases);
            words.any(|w| letters(w) == letters(last))
        };
        if let Some(field) = sheet.fields.iter().find(named) {
            let of_unit = sheet.of == crate::campaign::Owner::Unit;
            return Some(match of_unit {
                true => format!("unit.{}", field.key),
                false => field.key.clone(),
            });
        }
    }
    (last == CANDIDATES).then(|| CANDIDATES.to_owned())
}

/// The name of a merge field in the instruction of a field; none where it is another field.
pub(super) fn merge_field(instruction: &str) -> Option<String> {
    let mut words = instruction.split_whitespace();
    let kind = words.next()?;
    if !kind.eq_ignore_ascii_case("MERGEFIELD") {
        return None;
    }
    let name = words.next().unwrap_or_default().trim_matches('"');
    Some(name.to_owned())
}
