//! Words in cells: where a row has the room for a line more, no word is cut (词间断行), and lists are of a piece.

use std::collections::BTreeMap;

use sanlian::campaign::{Campaign, FormKind};
use sanlian::layout::Page;
use sanlian::record::{Submission, Value};
use sanlian::text::breaks::{IN_WORD, costs};

use crate::chance::Chance;
use crate::typography::{form_of, hebei, laid, lines, submission};

/// Words of which offices and posts are made.
const WORDS: [&str; 16] = [
    "党委副书记",
    "示例市",
    "虚拟",
    "地质环境",
    "监测院",
    "副主任",
    "研究员",
    "实验室",
    "博士研究生",
    "办公室",
    "高级工程师",
    "项目负责人",
    "工程师",
    "教授",
    "科技",
    "示范推广",
];

/// A candidate with so many rows of résumé, whose offices and posts are the words.
fn with_resume(
    campaign: &Campaign,
    chance: &mut Chance,
    count: usize,
) -> (Submission, Vec<String>) {
    let mut filled = submission(campaign);
    let mut texts = Vec::new();
    // words that fill two lines of so many characters, so that one of them is cut
    let mut text = |length: usize, chance: &mut Chance| {
        let mut text = String::new();
        while text.chars().count() != length {
            if text.chars().count() > length {
                text.clear();
            }
            text.push_str(WORDS[chance.index(WORDS.len())]);
        }
        texts.push(text.clone());
        text
    };
    let row = |n: usize| {
        let span = format!("{}.09—{}.08", 1990 + n, 1991 + n);
        let pairs = [
            ("span", span),
            ("org", text(26, chance)),
            ("post", text(28, chance)),
        ];
        let pairs = pairs
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value));
        pairs.collect::<BTreeMap<_, _>>()
    };
    let rows = (0..count).map(row).collect();
    filled.candidates[0]
        .values
        .insert("resume".to_owned(), Value::Rows(rows));
    (filled, texts)
}

/// Where the lines of a text end that stands somewhere on the pages in several lines below each other.
fn line_ends(pages: &[Page], text: &str) -> Option<Vec<usize>> {
    let all = text.chars().count();
    pages.iter().find_map(|page| {
        let (mut ends, mut at) = (Vec::new(), 0);
        for line in lines(page) {
            let rest: String = text.chars().skip(at).collect();
            if at < all && rest.starts_with(&line) {
                at += line.chars().count();
                ends.push(at);
            }
        }
        (at == all).then_some(ends)
    })
}

#[test]
fn words_are_whole_where_their_row_has_room_for_a_line_more() {
    let campaign = hebei();
    let mut chance = Chance::law(2_401);
    let (mut seen, mut cut) = (0, Vec::new());
    for _ in 0..12 {
        let (filled, texts) = with_resume(&campaign, &mut chance, 6);
        let pages = laid(&form_of(&campaign, &filled, FormKind::Recommendation)).pages;
        for text in texts {
            let Some(ends) = line_ends(&pages, &text) else {
                continue;
            };
            seen += 1;
            let chars: Vec<char> = text.chars().collect();
            let costs = costs(&chars, &campaign.words);
            if ends
                .iter()
                .any(|end| costs.get(*end).is_some_and(|cost| *cost >= IN_WORD))
            {
                cut.push((text, ends));
            }
        }
    }
    assert!(seen > 60, "{seen}");
    assert!(cut.is_empty(), "{} of {seen}: {:?}", cut.len(), cut.first());
}
