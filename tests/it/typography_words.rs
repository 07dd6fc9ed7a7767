//! Words in lines: where a row has the room for a line more, no word of a cell is cut (词间断行); what a line has over goes to spaces first;
//! short lists are not torn.

use std::collections::BTreeMap;

use sanlian::campaign::{Align, Campaign, FormKind};
use sanlian::face::Face;
use sanlian::form::{Block, Paragraph, Style};
use sanlian::layout::Page;
use sanlian::record::{Submission, Value};
use sanlian::text::breaks::{IN_WORD, costs};
use sanlian::units::Length;

use crate::chance::Chance;
use crate::typography::{campaigns, form_of, glyphs, hebei, laid, lines, submission};

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

/// A line of science that is set out takes its room from spaces and between scripts: where Han stand apart, those have given all.
#[test]
fn scripts_stand_apart_before_han_do() {
    const TEXT: &str = "王示例主持研制的 InSAR 时序监测系统，将形变精度由 5 mm 提高到 0.8 mm，布设GNSS基准站58座，处理Sentinel-1影像\
        3万景，识别隐患点146处，其中12处提前72 h预警，转移群众2300余人，无一伤亡；论文64篇，其中SCI收录41篇，他引1830次。";
    let size = Length::from_pt(12.0);
    let campaign = hebei();
    let mut apart = 0;
    for width in 70..150 {
        let mut form = form_of(&campaign, &submission(&campaign), FormKind::Report);
        let style = Style {
            align: Align::Justify,
            script_gap: 250,
            ..Style::plain(Face::Fangsong, size)
        };
        form.page.right = form.page.width - form.page.left - Length::mm(width);
        form.running.clear();
        form.blocks = vec![Block::Paragraph(Paragraph {
            text: TEXT.to_owned(),
            style,
        })];
        let mut rows: BTreeMap<Length, Vec<(Length, Length, char)>> = BTreeMap::new();
        for (ch, at, own) in glyphs(&laid(&form).pages[0]) {
            if own == size {
                rows.entry(at.y).or_default().push((at.x, at.right(), ch));
            }
        }
        let han = |ch: char| ('\u{4E00}'..='\u{9FFF}').contains(&ch);
        for row in rows.values_mut() {
            row.sort_unstable();
            let gaps = |with: &dyn Fn(char, char) -> bool| -> Vec<i64> {
                let pairs = row.windows(2).filter(|p| with(p[0].2, p[1].2));
                pairs.map(|p| (p[1].0 - p[0].1).0 * 1000 / size.0).collect()
            };
            let between_han = gaps(&|a, b| han(a) && han(b)).into_iter().max();
            let between = gaps(&|a, b| han(a) && b.is_ascii_alphanumeric())
                .into_iter()
                .min();
            if let (Some(wide), Some(script)) = (between_han, between)
                && wide > 5
            {
                assert!(script >= 365, "{width}: {wide} {script} {row:?}");
                apart += 1;
            }
        }
    }
    assert!(apart > 10, "{apart}");
}

/// A list of a few rows stands on one page, whatever stands above it.
#[test]
fn a_list_of_a_few_rows_is_not_torn() {
    let mut campaigns = campaigns();
    campaigns.retain(|campaign| campaign.id == "quanguo-zuimei-2022");
    let mut later = 0;
    for count in 1..16 {
        let mut chance = Chance::new(2_402);
        let (filled, _) = with_resume(&campaigns[0], &mut chance, count);
        let pages = laid(&form_of(&campaigns[0], &filled, FormKind::Recommendation)).pages;
        let awards: Vec<Vec<String>> = match filled.candidates[0].values.get("awards") {
            Some(Value::Rows(rows)) => rows.iter().map(|r| vec![r["month"].clone()]).collect(),
            _ => Vec::new(),
        };
        assert!(awards.len() > 1);
        let holds = |page: &Page| {
            let all = lines(page);
            awards
                .iter()
                .flatten()
                .filter(|month| all.contains(month))
                .count()
        };
        let counts: Vec<usize> = pages.iter().map(holds).filter(|n| *n > 0).collect();
        assert_eq!(counts, [awards.len()], "{count} rows above");
        later += usize::from(holds(&pages[0]) == 0);
    }
    assert!(later > 5, "{later}");
}

/// Rows of a list are as high as each other on every page, those of one line and those of two.
#[test]
fn rows_of_a_list_have_one_height_over_pages() {
    let campaign = hebei();
    for count in [4, 8, 14, 24] {
        let mut chance = Chance::new(2_403);
        let (mut filled, _) = with_resume(&campaign, &mut chance, count);
        if let Some(Value::Rows(rows)) = filled.candidates[0].values.get_mut("resume") {
            for (n, row) in rows.iter_mut().enumerate() {
                // a line, or two whose words are whole
                let org = ["示例大学", "示例市虚拟地质环境监测院项目办公室"][n % 2];
                row.insert("org".to_owned(), org.to_owned());
                row.insert("post".to_owned(), "教授".to_owned());
            }
        }
        let pages = laid(&form_of(&campaign, &filled, FormKind::Recommendation)).pages;
        let mut heights = Vec::new();
        let mut shown = 0;
        for page in &pages {
            let mut dashes: Vec<Length> = glyphs(page)
                .into_iter()
                .filter(|(ch, _, size)| *ch == '—' && *size == Length::from_pt(10.5))
                .map(|(_, at, _)| at.y)
                .collect();
            dashes.sort_unstable();
            shown += dashes.len();
            heights.extend(dashes.windows(2).map(|pair| pair[1] - pair[0]));
        }
        assert_eq!(shown, count);
        let (least, most) = (heights.iter().min().unwrap(), heights.iter().max().unwrap());
        assert!((*most - *least).0 < 300, "{count}: {least:?} to {most:?}");
    }
}
