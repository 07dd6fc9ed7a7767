//! What stands in a cell that asks for one name (姓名): often more than a name — several names, a remark in brackets, a number in front.

use super::name::canonical_name;

/// The names in such a cell, each as `canonical_name` writes it, and what stands there besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameCell {
    /// The names, in order; one where the cell is as it should be, none where it says nothing.
    pub names: Vec<String>,
    /// Remarks, numbers and signs that belong to no name, as they were written.
    pub besides: Vec<String>,
}

/// Takes a cell apart: remarks in brackets, a number in front (1. ③ （二）) and marks at the end (*) belong to no name; 、 ， / and line ends
/// stand between names, where what they part may be names. Blanks do not: 买买提 示例 is one person as 欧阳 示例 is.
pub fn name_cell(text: &str) -> NameCell {
    /// How often what is left is looked at again: 1.（2）王示例.
    const MOST: usize = 4;
    let mut cell = taken_apart(text);
    for _ in 0..MOST {
        let [name] = cell.names.as_slice() else { break };
        let again = taken_apart(name);
        if again.names == cell.names && again.besides.is_empty() {
            break;
        }
        cell.besides.extend(again.besides);
        cell.names = again.names;
    }
    cell
}

/// The same, once.
fn taken_apart(text: &str) -> NameCell {
    let mut cell = NameCell::default();
    let rest = without_remarks(text, &mut cell.besides);
    let rest = without_number(rest.trim(), &mut cell.besides);
    let marks = |c: char| "*＊※★☆△▲◎#＃".contains(c);
    let bare = rest.trim_end_matches(marks).trim_start_matches(marks);
    if bare.is_empty() || !holds_name(bare) {
        // nothing is left that a remark could be about
        return NameCell {
            names: std::iter::once(canonical_name(text).0)
                .filter(|name| !name.is_empty())
                .collect(),
            besides: Vec::new(),
        };
    }
    if bare.len() < rest.len() {
        let signs = rest.chars().filter(|c| marks(*c));
        cell.besides.push(signs.collect());
    }
    let between = |c: char| "、，,;；/／\\＼|｜&＆+＋\n".contains(c);
    let pieces: Vec<&str> = bare
        .split(between)
        .map(str::trim)
        .filter(|p| !p.is_empty())
        .collect();
    let several = pieces.len() > 1 && pieces.iter().all(|piece| is_whole_name(piece));
    cell.names = match several {
        true => pieces.iter().map(|piece| canonical_name(piece).0).collect(),
        false => vec![canonical_name(bare).0],
    };
    cell
}

/// Whether a character belongs to the ideographs of names.
fn is_ideograph(c: char) -> bool {
    ('\u{3400}'..='\u{9FFF}').contains(&c) || c >= '\u{20000}'
}

/// Whether something may be a name: one letter at least.
fn holds_name(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) || text.chars().any(is_ideograph)
}

/// Whether a piece may be a person's whole name: two ideographs or more.
fn is_whole_name(piece: &str) -> bool {
    let tight: Vec<char> = piece.chars().filter(|c| !c.is_whitespace()).collect();
    let dot = |c: char| matches!(c, '·' | '•' | '・' | '‧' | '．');
    let ideographs = tight.iter().filter(|c| is_ideograph(**c)).count();
    ideographs > 1 && tight.iter().all(|c| is_ideograph(*c) || dot(*c))
}

/// The text without what stands in brackets.
fn without_remarks(text: &str, besides: &mut Vec<String>) -> String {
    const PAIRS: [(char, char); 6] = [
        ('（', '）'),
        ('(', ')'),
        ('[', ']'),
        ('【', '】'),
        ('〔', '〕'),
        ('［', '］'),
    ];
    let closing = |c: char| matches!(c, '）' | ')' | ']' | '】' | '〕' | '］');
    let mut out = String::new();
    let mut rest = text;
    while let Some((at, open)) = rest
        .char_indices()
        .find(|(_, c)| PAIRS.iter().any(|p| p.0 == *c))
    {
        let end = rest
            .get(at..)
            .and_then(|tail| tail.char_indices().find(|(_, c)| closing(*c)));
        let Some((len, last)) = end else { break };
        let to = at + len + last.len_utf8();
        out.push_str(rest.get(..at).unwrap_or_default());
        besides.push(rest.get(at..to).unwrap_or_default().to_owned());
        debug_assert!(open != last);
        rest = rest.get(to..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The text without a number that counts the people: digits or numerals and a sign behind them, or a number in a circle.
fn without_number<'t>(text: &'t str, besides: &mut Vec<String>) -> &'t str {
    let circled =
        |c: char| ('\u{2460}'..='\u{249B}').contains(&c) || ('\u{2776}'..='\u{2793}').contains(&c);
    let digits = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let rest = match text.trim_start_matches(circled) {
        rest if rest.len() < text.len() => rest,
        _ => {
            let rest = text.trim_start_matches(digits);
            match rest.strip_prefix(['.', '．', '、', ')', '）', ':', '：', ' ', '-']) {
                Some(rest) if rest.len() < text.len() && text.starts_with(digits) => rest,
                _ => return text,
            }
        }
    };
    let rest = rest.trim_start();
    let number = text.get(..text.len() - rest.len()).unwrap_or_default();
    besides.push(number.trim().to_owned());
    rest
}
