//! PDF files as poppler and zbar read them: fonts, order of reading, justified and spread lines, the mark, the draft.

use std::path::Path;

use sanlian::export::{Info, PaperSide};
use sanlian::face::Face;
use sanlian::layout::{Item, Placed, Text};
use sanlian::units::Length;

use crate::font::BOOK;
use crate::pdf::{LINES, document, mark, one_page, sample, set, sound, upright, write};
use crate::tools;

fn text_of(path: &Path, mode: &str) -> Option<String> {
    tools::says(
        "pdftotext",
        &[mode, "-enc", "UTF-8", path.to_str().unwrap(), "-"],
    )
}

#[test]
fn a_page_is_sound_and_its_text_is_read_in_order() {
    let path = one_page("order", sample());
    sound(&path);
    for mode in ["-raw", "-layout"] {
        if let Some(text) = text_of(&path, mode) {
            let lines: Vec<&str> = text
                .trim_end_matches(['\n', '\u{c}'])
                .lines()
                .map(str::trim)
                .filter(|l| !l.is_empty())
                .collect();
            let wanted: Vec<&str> = LINES.iter().map(|(_, text)| *text).collect();
            assert_eq!(lines, wanted, "{mode}");
        }
    }
}

#[test]
fn every_font_is_embedded_as_a_subset_with_a_unicode_map() {
    let path = one_page("fonts", sample());
    let Some(said) = tools::says("pdffonts", &[&path]) else {
        return;
    };
    let rows: Vec<&str> = said.lines().skip(2).collect();
    assert_eq!(rows.len(), 6, "{said}");
    for row in rows {
        let words: Vec<&str> = row.split_whitespace().collect();
        let (tag, _) = words[0].split_once('+').unwrap();
        assert!(
            tag.len() == 6 && tag.chars().all(|c| c.is_ascii_uppercase()),
            "{row}"
        );
        assert!(row.contains("CID TrueType"), "{row}");
        assert!(row.contains("Identity-H       yes yes yes"), "{row}");
    }
}

#[test]
fn a_mark_is_read_at_150_dpi_on_every_copy() {
    let digits = format!("871{}", "0123456789".repeat(24))
        .chars()
        .take(235)
        .collect::<String>();
    let docs = [document(vec![upright(sample())])];
    let sheets: Vec<PaperSide> = (0..3)
        .map(|n| PaperSide::Printed {
            doc: 0,
            page: 0,
            overlay: mark(&digits.replace("8710", &format!("871{n}"))),
        })
        .collect();
    let path = write("mark", &docs, &sheets, &Info::default());
    let stem = path.with_file_name("page");
    let args = [
        "-r",
        "150",
        "-gray",
        "-png",
        path.to_str().unwrap(),
        stem.to_str().unwrap(),
    ];
    if tools::says("pdftoppm", &args).is_none() {
        return;
    }
    for n in 0..3 {
        let picture = path.with_file_name(format!("page-{}.png", n + 1));
        let Some(said) = tools::says("zbarimg", &["--quiet", "--raw", picture.to_str().unwrap()])
        else {
            return;
        };
        assert_eq!(said.trim(), digits.replace("8710", &format!("871{n}")));
    }
    if let Some(text) = text_of(&path, "-raw") {
        assert_eq!(text.matches("第1/3份 第2/5页 版本3").count(), 3, "{text}");
    }
}

#[test]
fn a_justified_line_is_read_without_spaces() {
    let text = "示例大学教授，从事“测试”研究20年";
    let mut items = Vec::new();
    for (n, tenths) in (0_i64..).zip([0, 2, 5, 8, 10, 12, 15, 25]) {
        let size = Length::from_pt(14.0);
        let extra = size.scaled(tenths, 100);
        items.extend(set(
            Face::Fangsong,
            text,
            Length::mm(28),
            Length::mm(40 + 10 * n),
            size,
            extra,
        ));
    }
    let path = one_page("justified", items);
    sound(&path);
    for mode in ["-raw", "-layout"] {
        if let Some(said) = text_of(&path, mode) {
            let lines: Vec<&str> = said
                .lines()
                .map(|l| l.trim_matches(['\u{c}', ' ']))
                .filter(|l| !l.is_empty())
                .collect();
            assert_eq!(lines, [text; 8], "{mode}");
        }
    }
}

#[test]
fn spread_names_and_squeezed_marks_are_read_as_they_are_written() {
    let size = Length::from_pt(14.0);
    let mut items = set(
        Face::Hei,
        "姓名",
        Length::mm(28),
        Length::mm(40),
        size,
        size * 2,
    );
    items.extend(set(
        Face::Song,
        "张三",
        Length::mm(60),
        Length::mm(40),
        size,
        Length::ZERO,
    ));
    let mut squeezed = set(
        Face::Song,
        "（一）、“二”，三",
        Length::mm(28),
        Length::mm(60),
        size,
        Length::ZERO,
    );
    if let Some(Item::Text(run)) = squeezed.first_mut() {
        for placed in run.glyphs.iter_mut().skip(3) {
            placed.dx += -(size / 2);
        }
    }
    items.extend(squeezed);
    let path = one_page("spread", items);
    if let Some(said) = text_of(&path, "-raw") {
        assert!(said.contains("姓名"), "{said}");
        assert!(said.contains("张三"), "{said}");
        assert!(said.contains("（一）、“二”，三"), "{said}");
    }
}

#[test]
fn characters_that_share_a_glyph_are_copied_as_themselves() {
    // U+00A0 and U+0020 share a glyph in most fonts, the Kangxi radical U+2F00 and U+4E00 in some; force it here.
    let glyph = BOOK.glyph(Face::Song, '一').unwrap();
    let run = |chars: &str, y| {
        Item::Text(Text {
            font: glyph.font,
            size: Length::from_pt(16.0),
            x: Length::mm(30),
            baseline: Length::mm(y),
            glyphs: (0..)
                .zip(chars.chars())
                .map(|(n, ch)| Placed {
                    glyph: glyph.id,
                    ch,
                    dx: Length::from_pt(16.0) * n,
                })
                .collect(),
            grey: 0,
            angle: 0,
        })
    };
    let path = one_page("shared", vec![run("一弌𠄀一", 40), run("弌", 60)]);
    sound(&path);
    if let Some(said) = text_of(&path, "-raw") {
        assert_eq!(said.trim_matches(['\n', '\u{c}']), "一弌𠄀一\n弌");
    }
}

#[test]
fn a_draft_carries_a_light_turned_word() {
    let mut word = set(
        Face::Hei,
        "草稿",
        Length::mm(60),
        Length::mm(210),
        Length::mm(60),
        Length::ZERO,
    );
    if let Some(Item::Text(run)) = word.first_mut() {
        run.grey = 225;
        run.angle = 45;
    }
    word.extend(sample());
    let path = one_page("draft", word);
    sound(&path);
    let stem = path.with_extension("");
    let args = [
        "-r",
        "20",
        "-gray",
        "-singlefile",
        path.to_str().unwrap(),
        stem.to_str().unwrap(),
    ];
    if tools::says("pdftoppm", &args).is_none() {
        return;
    }
    let picture = std::fs::read(path.with_extension("pgm")).unwrap();
    let light = picture.iter().filter(|p| (215..235).contains(*p)).count();
    assert!(light > 500, "{light} light points");
    if let Some(said) = text_of(&path, "-raw") {
        assert!(said.contains(LINES[2].1), "{said}");
    }
}
