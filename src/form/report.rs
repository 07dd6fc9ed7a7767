//! The report of a unit as an official text (GB/T 9704-2012, 7.3): which line is a title, which a heading, and which sign it.

use crate::text::date::parse_date;
use crate::units::Length;

use super::signature::signature;
use super::{Block, Paragraph, Style};

/// The report as an official text: title, headings by their numbers, signature and date at the end (GB/T 9704-2012, 7.3).
pub(super) fn report(lines: &[String], styles: &[Style; 5], width: Length) -> Vec<Block> {
    let [title, body, heading1, heading2, sign] = styles;
    let mut blocks = Vec::new();
    let (lines, signed) = lines.split_at(lines.len() - signature_lines(lines));
    for (i, line) in lines.iter().enumerate() {
        let style = if i == 0 {
            title
        } else if is_heading1(line) {
            heading1
        } else if is_heading2(line) {
            heading2
        } else {
            body
        };
        let mut style = style.clone();
        if i == 1 && line.ends_with('：') {
            // the addressee stands at the left edge (主送机关顶格)
            style.indent = 0;
        }
        blocks.push(Block::Paragraph(Paragraph {
            text: line.clone(),
            style,
        }));
        if i == 0 {
            blocks.push(Block::Space(Length::from_pt(29.0)));
        }
    }
    if let Some((day, names)) = signed.split_last() {
        // the seal stands on name and day and reaches up to the text: two lines are free
        blocks.push(Block::Space(Length::from_pt(58.0)));
        let name = names.first().map_or("", String::as_str);
        let both = signature(name, day, sign, width);
        blocks.extend(both.into_iter().skip(usize::from(name.is_empty())));
    }
    blocks
}

/// How many of the last lines are a signature: a date, and before it a line without a full stop.
fn signature_lines(lines: &[String]) -> usize {
    let Some(last) = lines
        .last()
        .filter(|l| lines.len() > 2 && parse_date(l.trim()).is_some())
    else {
        return 0;
    };
    let before = lines.get(lines.len() - 2).filter(|l| is_name(l));
    usize::from(!last.is_empty()) + usize::from(before.is_some())
}

/// Whether a line before the day may be who signs: the name of an office has no sign of a sentence, however long it is.
fn is_name(line: &str) -> bool {
    let sentence = |c| matches!(c, '。' | '，' | '；' | '：' | '！' | '？');
    line.chars().count() <= 60 && !line.contains(sentence)
}

fn is_heading1(line: &str) -> bool {
    line.split_once('、')
        .is_some_and(|(number, rest)| is_numeral(number) && rest.chars().count() <= 40)
}

fn is_heading2(line: &str) -> bool {
    line.strip_prefix('（')
        .and_then(|l| l.split_once('）'))
        .is_some_and(|(number, rest)| {
            is_numeral(number) && !rest.is_empty() && rest.chars().count() <= 40
        })
}

fn is_numeral(text: &str) -> bool {
    (1..=3).contains(&text.chars().count())
        && text.chars().all(|c| "一二三四五六七八九十".contains(c))
}
