//! How many lines a text takes in a width: the estimate for office programs beside the lines that layout sets with real fonts.

use std::collections::BTreeSet;

use sanlian::campaign::{FormKind, PageNumberStyle, Per, builtin, load};
use sanlian::face::Face;
use sanlian::font::FontSet;
use sanlian::form::{Block, Form, PageSetup, Paragraph, Style};
use sanlian::layout::{Item, layout};
use sanlian::text::lines::lines;
use sanlian::units::Length;

/// Halves of a character in a line: a column of a list, a cell, a box, a whole line of a page.
const ACROSS: [usize; 6] = [10, 16, 20, 30, 50, 80];

/// What people write into forms: all texts of the invented submissions, a paragraph each; without their pictures, which take long.
fn texts() -> Vec<String> {
    let mut all = BTreeSet::new();
    for campaign in builtin().iter().filter_map(|source| load(source).0) {
        let data: toml::Table = campaign.demo.parse().unwrap();
        for key in ["unit", "candidate", "report"] {
            data.get(key).into_iter().for_each(|v| take(v, &mut all));
        }
    }
    all.remove("");
    assert!(all.len() > 200, "{}", all.len());
    all.into_iter().collect()
}

fn take(value: &toml::Value, all: &mut BTreeSet<String>) {
    match value {
        toml::Value::String(text) => all.extend(text.lines().map(|l| l.trim().to_owned())),
        toml::Value::Array(values) => values.iter().for_each(|v| take(v, all)),
        toml::Value::Table(values) => values.values().for_each(|v| take(v, all)),
        _ => {}
    }
}

/// How many lines layout sets of each text: they stand on one long page, with a wide gap between them.
fn set(fonts: &FontSet, face: Face, texts: &[String], across: usize) -> Vec<usize> {
    let size = Length::from_pt(10.0);
    let style = Style::plain(face, size);
    let margin = Length::mm(20);
    let halves = i64::try_from(across).unwrap();
    let paragraph = |text: &String| {
        let (text, style) = (text.clone(), style.clone());
        [
            Block::Paragraph(Paragraph { text, style }),
            Block::Space(Length::mm(50)),
        ]
    };
    let form = Form {
        kind: FormKind::Summary,
        path: "行数".to_owned(),
        title: "行数".to_owned(),
        copies: 1,
        per: Per::Unit,
        page: PageSetup {
            width: Length(size.0 * halves / 2) + margin * 2,
            height: Length::mm(1_000_000),
            top: margin,
            right: margin,
            bottom: margin,
            left: margin,
            numbers: PageNumberStyle::None,
            cover: false,
            marked: false,
            mark_x: Length::ZERO,
            mark_y: Length::ZERO,
            even: None,
            fills: false,
        },
        blocks: texts.iter().flat_map(paragraph).collect(),
        running: Vec::new(),
        words: std::sync::Arc::default(),
    };
    let (pages, _) = layout(fonts, &form);
    assert_eq!(pages.pages.len(), 1);
    let text = |item: &Item| match item {
        Item::Text(text) => Some(text.baseline.0),
        _ => None,
    };
    let baselines: BTreeSet<i64> = pages.pages[0].items.iter().filter_map(text).collect();
    let baselines: Vec<i64> = baselines.into_iter().collect();
    let near = |a: &i64, b: &i64| b - a < Length::mm(25).0;
    let counts: Vec<usize> = baselines.chunk_by(near).map(<[i64]>::len).collect();
    assert_eq!(counts.len(), texts.len());
    counts
}

/// A tenth of the lines, rounded up, is near: figures that are wider than half a character end a line of five characters early; most are the same, and in all hardly a line in fifty is missing.
#[test]
fn the_estimate_is_near_what_layout_sets() {
    let (fonts, texts) = (FontSet::bundled().unwrap(), texts());
    for face in [Face::Song, Face::Hei] {
        let (mut same, mut estimated, mut real) = (0, 0, 0);
        for across in ACROSS {
            for (text, set) in texts.iter().zip(set(&fonts, face, &texts, across)) {
                let count = lines(text, across);
                let near = count.abs_diff(set) <= set.div_ceil(10);
                assert!(near, "{count} for {set} lines in {across}: {text}");
                same += usize::from(count == set);
                estimated += count;
                real += set;
            }
        }
        let all = texts.len() * ACROSS.len();
        assert!(same * 100 > all * 93, "{face:?}: {same} of {all}");
        let apart = estimated.abs_diff(real);
        assert!(apart * 50 < real, "{face:?}: {estimated} for {real}");
    }
}

#[test]
fn words_stay_whole_and_signs_do_not_begin_a_line() {
    for (text, across, count) in [
        ("", 10, 1),
        ("一二三四五", 10, 1),
        ("一二三四五六", 10, 2),
        // a full character does not hang over an odd half
        ("一二三四五六七八九十", 11, 2),
        ("一二三四五六七八九十一", 11, 3),
        // one that closes gives up its blank half, and takes the one before it along where that is not enough
        ("一二三四五。", 11, 1),
        ("一二三四五。", 10, 2),
        // a number stays whole, and one that is wider than a line does not
        ("一二三2021", 8, 2),
        ("13990019800101001X", 10, 2),
        ("一\n\n二", 10, 3),
        ("一", 0, 1),
    ] {
        assert_eq!(lines(text, across), count, "{text:?} in {across}");
    }
}
