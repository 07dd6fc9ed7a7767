//! M20: what the report states of a person behind the name （王示例，男，汉族，1985年2月出生） and the workbook denies. Only what stands in such a row
//! of short words is looked at; what a report does not state is no fault.

use crate::record::Entry;
use crate::text::date::{Month, is_ambiguous_month, parse_month};
use crate::text::id::check_id;
use crate::text::name::canonical_name;

use super::checking::Checking;
use super::params::cell_in_words;

/// Most words of the row behind a name that are looked at.
const MOST_WORDS: usize = 8;

/// A fact as the report states it, and the field and the value that say otherwise.
struct Denied<'e> {
    stated: String,
    key: &'static str,
    filled: &'e str,
}

/// One sentence for each person of whom the report, which is called so and has these paragraphs, states something else.
pub(super) fn other_lives(checking: &Checking<'_>, report: &str, said: &[&str]) -> Vec<String> {
    let people = &checking.submission.candidates;
    let names: Vec<String> = people
        .iter()
        .map(|entry| canonical_name(entry.text("name")).0)
        .collect();
    let paragraphs: Vec<String> = said.iter().map(|p| canonical_name(p).0).collect();
    let mut found = Vec::new();
    for (entry, name) in people.iter().zip(&names) {
        // of two of one name it cannot be told whom the report means
        let alone = names.iter().filter(|other| *other == name).count() == 1;
        if name.chars().count() < 2 || !alone {
            continue;
        }
        let rows = paragraphs.iter().flat_map(|p| rows_behind(p, name, &names));
        // （一）王示例 as a heading: the row begins the paragraph under it
        let below = paragraphs.iter().zip(paragraphs.iter().skip(1));
        let below = below.filter(|(head, _)| is_heading(head, name));
        let rows = rows.chain(below.filter_map(|(_, p)| row_of(p, &names)));
        let denied: Vec<Denied<'_>> = rows.flat_map(|row| facts(entry, row)).collect();
        if let Some(sentence) = in_words(report, entry, name, &denied) {
            found.push(sentence);
        }
    }
    found
}

/// The words behind each mention of a name that begins such a row; they end with the sentence, or with another person.
fn rows_behind<'p>(paragraph: &'p str, name: &str, names: &[String]) -> Vec<&'p str> {
    let mentions = paragraph.match_indices(name);
    mentions
        .filter_map(|(at, _)| {
            let behind = paragraph.get(at + name.len()..)?;
            row_of(behind.strip_prefix(['，', ',', '（', '('])?, names)
        })
        .collect()
}

/// The row with which a text begins.
fn row_of<'p>(text: &'p str, names: &[String]) -> Option<&'p str> {
    let row = text.split(['。', '；', '！', '）', ')']).next()?;
    let others = names.iter().filter(|n| n.chars().count() > 1);
    let end = others.filter_map(|other| row.find(other.as_str())).min();
    row.get(..end.unwrap_or(row.len()))
}

/// Whether a paragraph is a name and its number, and nothing else.
fn is_heading(paragraph: &str, name: &str) -> bool {
    let of_number =
        |c: char| c.is_ascii_digit() || "一二三四五六七八九十（）()、.．： :".contains(c);
    let bare = paragraph.trim_matches(of_number);
    bare.trim_end_matches("同志") == name
}

/// What a row of words states otherwise than the entry. Where the identity number denies what was filled in, or what was filled in can be read in
/// two ways, that is told, and the report adds nothing.
fn facts<'e>(entry: &'e Entry, row: &str) -> Vec<Denied<'e>> {
    let (sex, birth) = (entry.text("sex"), entry.text("birth"));
    let number = check_id(entry.text("id_no")).ok();
    let of_number = number
        .as_ref()
        .map(|facts| if facts.male { "男" } else { "女" });
    let sex_sound = of_number.is_none_or(|told| told == sex);
    let month = parse_month(birth).filter(|_| !is_ambiguous_month(birth));
    let month = month.filter(|m| number.as_ref().is_none_or(|n| Month::of(n.birth) == *m));
    let mut denied = Vec::new();
    for word in row.split(['，', ',', '、']).take(MOST_WORDS) {
        let word = word.trim();
        let said = matches!(word, "男" | "女") && matches!(sex, "男" | "女");
        if said && sex_sound && word != sex {
            denied.push(Denied {
                stated: word.to_owned(),
                key: "sex",
                filled: sex,
            });
        }
        let born = word
            .strip_suffix("出生")
            .or_else(|| word.strip_suffix('生'))
            .or_else(|| word.strip_prefix("出生于"))
            .or_else(|| word.strip_prefix("生于"));
        let stated = born.and_then(|text| parse_month(text.trim()));
        if let (Some(stated), Some(filled)) = (stated, month)
            && stated != filled
        {
            denied.push(Denied {
                stated: word.to_owned(),
                key: "birth",
                filled: birth,
            });
        }
    }
    denied
}

/// The sentence of one person; none where nothing is denied.
fn in_words(report: &str, entry: &Entry, name: &str, denied: &[Denied<'_>]) -> Option<String> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for fact in denied {
        let cell = cell_in_words(&entry.place_of(fact.key));
        let part = (
            format!("“{}”", fact.stated),
            format!("{cell}填的是“{}”", fact.filled),
        );
        // the same again in another paragraph
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    let (stated, filled): (Vec<String>, Vec<String>) = parts.into_iter().unzip();
    (!stated.is_empty()).then(|| {
        format!(
            "{report}写{name}是{}，{}。",
            stated.join("、"),
            filled.join("，")
        )
    })
}
