//! What stays together on paper: lines of a paragraph at a page's end, a heading and its text, who signs and what is signed.

use std::collections::BTreeMap;

use jiff::civil::date;
use sanlian::campaign::{Align, FormKind};
use sanlian::face::Face;
use sanlian::form::{
    Block, Border, Cell, Content, Form, Paragraph, Row, Style, Table, build_paper, papers_of,
};
use sanlian::layout::Page;
use sanlian::record::Value;
use sanlian::units::Length;

use crate::chance::Chance;
use crate::typography::{form_of, glyphs, hebei, laid, lines, submission, words};

/// Texts of chance lengths for the rows of the status sheet.
fn status_rows(chance: &mut Chance, count: usize) -> Value {
    const STEPS: [&str; 4] = ["广泛动员", "组织推荐", "宣传展示", "深入学习"];
    let row = |n: usize, chance: &mut Chance| {
        let effect: String = "带动乡镇开展示例活动，"
            .chars()
            .cycle()
            .take(4 + chance.index(90))
            .collect();
        let pairs = [
            ("step", STEPS[n % 4].to_owned()),
            ("activity", effect.clone()),
            ("effect", effect),
            ("sessions", "3".to_owned()),
        ];
        pairs
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect::<BTreeMap<_, _>>()
    };
    Value::Rows((0..count).map(|n| row(n, chance)).collect())
}

/// A sheet of as many rows as chance has it, with rules and without: the line that says who filled it in stands with rows of it.
#[test]
fn who_signs_below_a_table_never_stands_alone() {
    let campaign = hebei();
    let mut chance = Chance::law(241);
    let mut further = 0;
    for n in 0..120 {
        let mut filled = submission(&campaign);
        let rows = status_rows(&mut chance, 1 + n % 14);
        filled.unit.values.insert("status".to_owned(), rows);
        let mut form = form_of(&campaign, &filled, FormKind::Status);
        if n % 3 == 0 {
            for block in &mut form.blocks {
                if let Block::Table(table) = block
                    && table.border == Border::Full
                {
                    table.border = Border::None;
                }
            }
        }
        let pages = laid(&form).pages;
        further += usize::from(pages.len() > 1);
        let signed = pages.iter().rposition(|p| words(p).contains("填表人："));
        let signed = &pages[signed.unwrap()];
        let steps = ["广泛动员", "组织推荐", "宣传展示", "深入学习"];
        let said = words(signed);
        assert!(
            steps.iter().any(|step| said.contains(step)),
            "{n}: {:?}",
            lines(signed)
        );
    }
    assert!(further > 30, "{further}");
}

/// A form of nothing but paragraphs, each of a character of its own.
fn plain_form(blocks: Vec<Block>) -> Form {
    let campaign = hebei();
    let mut form = form_of(&campaign, &submission(&campaign), FormKind::Report);
    form.blocks = blocks;
    form.running = Vec::new();
    form
}

fn style(keep: bool) -> Style {
    Style {
        keep,
        indent: 2,
        ..Style::plain(Face::Fangsong, Length::from_pt(16.0))
    }
}

/// A paragraph of `count` characters that no other paragraph has.
fn marked(n: usize, count: usize, keep: bool) -> Paragraph {
    const CHARACTERS: &str =
        "一丁三丈上下不与丑专世业东丝丢两严丧中丰串临丸丹为主丽举乃久么义之乌乍乎乏乐乒乔乖";
    let ch = CHARACTERS.chars().nth(n).unwrap();
    Paragraph {
        text: ch.to_string().repeat(count),
        style: style(keep),
    }
}

/// How many lines of each paragraph stand on each page.
fn counted(form: &Form) -> Vec<BTreeMap<char, usize>> {
    let pages = laid(form).pages;
    let each = pages.iter().map(|page| {
        let mut counts = BTreeMap::new();
        for line in lines(page) {
            let first = line.chars().next().unwrap();
            if line.chars().all(|c| c == first) {
                *counts.entry(first).or_default() += 1;
            }
        }
        counts
    });
    each.collect()
}

/// No line of a longer paragraph stands alone at the beginning or the end of a page.
fn no_line_alone(pages: &[BTreeMap<char, usize>], paragraph: &Paragraph) -> bool {
    let ch = paragraph.text.chars().next().unwrap();
    let parts: Vec<usize> = pages.iter().filter_map(|p| p.get(&ch).copied()).collect();
    assert!(!parts.is_empty());
    parts.len() == 1 || parts.iter().all(|lines| *lines >= 2)
}

#[test]
fn no_line_of_a_paragraph_stands_alone_on_a_page() {
    let mut chance = Chance::law(242);
    let mut parted = 0;
    for _ in 0..60 {
        let mut paragraphs = Vec::new();
        for n in 0..40 {
            // headings stay with what follows
            let heading = n % 5 == 2;
            let count = if heading { 6 } else { 3 + chance.index(150) };
            paragraphs.push(marked(n, count, heading));
        }
        let form = plain_form(paragraphs.iter().cloned().map(Block::Paragraph).collect());
        let pages = counted(&form);
        assert!(pages.len() > 2);
        for (n, paragraph) in paragraphs.iter().enumerate() {
            assert!(no_line_alone(&pages, paragraph), "paragraph {n}");
            let ch = paragraph.text.chars().next().unwrap();
            let on: Vec<_> = pages.iter().filter(|p| p.contains_key(&ch)).collect();
            parted += usize::from(on.len() > 1);
            if paragraph.style.keep {
                let next = paragraphs[n + 1].text.chars().next().unwrap();
                assert!(on[0].contains_key(&next), "heading {n} alone");
            }
        }
    }
    assert!(parted > 60, "{parted}");
}

#[test]
fn no_line_of_a_long_cell_stands_alone_on_a_page() {
    let mut chance = Chance::law(243);
    for _ in 0..60 {
        let paragraphs: Vec<Paragraph> = (0..14)
            .map(|n| marked(n, 3 + chance.index(170), false))
            .collect();
        let cell = Cell {
            column: 0,
            columns: 1,
            rows: 1,
            content: Content::Text(paragraphs.clone()),
            middle: false,
            underline: false,
            label: false,
            continued: false,
            field: "deeds".to_owned(),
        };
        let before = marked(30, 20 * (1 + chance.index(18)), false);
        let table = Table {
            left: Length::ZERO,
            columns: vec![Length::mm(130)],
            side: None,
            head: 0,
            rows: vec![Row {
                height: Length::mm(40),
                most: Length::mm(40),
                fills: false,
                splits: true,
                listed: false,
                keep: false,
                cells: vec![cell],
            }],
            border: Border::Full,
            padding: Length::mm(2),
            whole: false,
            page_note: None,
        };
        let pages = counted(&plain_form(vec![
            Block::Paragraph(before),
            Block::Table(table),
        ]));
        for (n, paragraph) in paragraphs.iter().enumerate() {
            assert!(no_line_alone(&pages, paragraph), "paragraph {n} of a cell");
        }
    }
}

/// A last paragraph that fills a page to its end does not leave who signs it alone on the next.
#[test]
fn who_signs_a_long_last_paragraph_never_stands_alone() {
    let sign = |text: &str, keep| {
        Block::Paragraph(Paragraph {
            text: text.to_owned(),
            style: Style {
                signs: true,
                indent: 0,
                ..style(keep)
            },
        })
    };
    for count in 0..80 {
        let blocks = vec![
            Block::Paragraph(marked(0, 560 + count * 14, false)),
            Block::Space(Length::from_pt(58.0)),
            sign("示例市科学技术协会", true),
            sign("2021年5月28日", false),
        ];
        let pages = laid(&plain_form(blocks)).pages;
        let last = lines(pages.last().unwrap());
        assert!(last.contains(&"示例市科学技术协会".to_owned()), "{last:?}");
        let text = last.iter().filter(|l| l.starts_with('一')).count();
        assert!(text >= 2, "{count}: {last:?}");
    }
}

/// 特此报告。 is no company for who signs a text: two lines of what is before it come along.
#[test]
fn a_last_sentence_of_one_line_is_no_company_for_who_signs() {
    let campaign = hebei();
    let mut filled = submission(&campaign);
    let mut alone = 0;
    for count in 0..40 {
        let mut lines = vec![
            "关于推荐工作情况的报告".to_owned(),
            "示例省科学技术协会：".to_owned(),
        ];
        lines.extend((0..6).map(|n| format!("{}。", "推荐工作".repeat(20 + count * (n % 2)))));
        lines.extend(["特此报告。", "示例市科学技术协会", "2021年5月28日"].map(str::to_owned));
        filled.report = lines;
        let pages = laid(&form_of(&campaign, &filled, FormKind::Report)).pages;
        let last = self::lines(pages.last().unwrap());
        assert!(last.iter().any(|l| l == "2021年5月28日"), "{last:?}");
        let text = last
            .iter()
            .filter(|l| l.contains("工作。") || l.contains("推荐工作"))
            .count();
        if last.iter().any(|l| l == "特此报告。") && pages.len() > 1 {
            alone += 1;
            assert!(text >= 2, "{count}: {last:?}");
        }
    }
    assert!(alone > 20, "{alone}");
}

/// The name of an office signs however long it is; a sentence before the day does not.
#[test]
fn a_long_name_signs_a_report_in_the_middle_over_its_day() {
    let campaign = hebei();
    let mut filled = submission(&campaign);
    for length in 4..=60 {
        let name: String = "示例市高新技术产业开发区"
            .chars()
            .cycle()
            .take(length)
            .collect();
        for (before, signs) in [(name.clone(), true), (format!("{name}，"), false)] {
            filled.report = [
                "关于推荐工作情况的报告",
                "情况报告如下。",
                &before,
                "2021年5月28日",
            ]
            .map(str::to_owned)
            .to_vec();
            let form = form_of(&campaign, &filled, FormKind::Report);
            let found = form.blocks.iter().find_map(|b| match b {
                Block::Paragraph(p) if p.text == before => Some(p.style.signs),
                _ => None,
            });
            assert_eq!(found, Some(signs), "{before}");
        }
    }
}

/// A list of annexes that ends a letter stands whole on the page of who signs it.
#[test]
fn a_list_of_annexes_is_not_torn() {
    let campaign = hebei();
    let filled = submission(&campaign);
    let letter = papers_of(&campaign, &filled);
    let letter = letter
        .iter()
        .find(|p| p.template.path.contains("报送函"))
        .unwrap();
    let mut text = build_paper(&campaign, letter, &filled, date(2021, 5, 28));
    let body = text.blocks.iter().find_map(|b| match b {
        Block::Paragraph(p) if p.style.indent > 0 => Some(p.clone()),
        _ => None,
    });
    let mut body = body.unwrap();
    body.text = "示例。".to_owned();
    let mut whole = 0;
    for _ in 0..24 {
        text.blocks.insert(2, Block::Paragraph(body.clone()));
        let pages = laid(&text).pages;
        let on = |page: &Page| {
            let numbered = |l: &&String| {
                l.trim_start_matches("附件：")
                    .starts_with(|c: char| c.is_ascii_digit())
                    && l.contains('.')
            };
            lines(page).iter().filter(numbered).count()
        };
        let counts: Vec<usize> = pages.iter().map(on).filter(|n| *n > 0).collect();
        assert_eq!(counts.len(), 1, "{counts:?}");
        whole += counts[0];
    }
    assert!(whole >= 24 * 3, "{whole}");
}

/// Words that are more than one line at every size keep the first; only what then is one line is made smaller.
#[test]
fn a_line_is_made_smaller_only_where_that_makes_it_one_line() {
    let mut one = Style {
        sizes: vec![Length::from_pt(12.0), Length::from_pt(10.5)],
        align: Align::Left,
        indent: 0,
        ..style(false)
    };
    one.pitch = None;
    let size_of = |count: usize| {
        let paragraph = Paragraph {
            text: "示".repeat(count),
            style: one.clone(),
        };
        let form = plain_form(vec![Block::Paragraph(paragraph)]);
        glyphs(&laid(&form).pages[0])[0].2
    };
    let fits = (1..200)
        .take_while(|n| size_of(*n) == Length::from_pt(12.0))
        .count();
    assert_eq!(size_of(fits + 1), Length::from_pt(10.5));
    assert_eq!(size_of(fits * 2), Length::from_pt(12.0));
}
