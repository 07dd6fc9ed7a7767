//! What stays together on paper: lines of a paragraph at a page's end, a heading and its text, who signs and what is signed.

use std::collections::BTreeMap;

use sanlian::campaign::FormKind;
use sanlian::face::Face;
use sanlian::form::{Block, Border, Cell, Content, Form, Paragraph, Row, Style, Table};
use sanlian::record::Value;
use sanlian::units::Length;

use crate::chance::Chance;
use crate::typography::{form_of, hebei, laid, lines, submission, words};

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
