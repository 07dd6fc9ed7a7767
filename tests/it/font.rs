//! The book of fonts: files and licences, coverage, fallback, widths that layout relies on, hostile fonts.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use sanlian::face::Face;
use sanlian::font::{FontError, FontId, FontSet, ascent, is_ignorable, subset};
use sanlian::units::Length;
use sha2::{Digest, Sha256};

use crate::chance::Chance;

pub(crate) static BOOK: LazyLock<FontSet> = LazyLock::new(|| FontSet::bundled().unwrap());

const SONG: FontId = FontId(0);
const FANGSONG: FontId = FontId(1);
const RARE: FontId = FontId(5);

fn fonts() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts")
}

#[test]
fn font_files_are_those_of_the_list() {
    let list = std::fs::read_to_string(fonts().join("SHA256SUMS")).unwrap();
    let mut listed = BTreeSet::new();
    for line in list.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        let digest = Sha256::digest(std::fs::read(fonts().join(name)).unwrap());
        let hex: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, sum, "{name}");
        listed.insert(name.to_owned());
    }
    let there: BTreeSet<String> = std::fs::read_dir(fonts())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| n.ends_with(".ttf"))
        .collect();
    assert_eq!(there, listed);
    assert_eq!(there.len(), 6);
}

#[test]
fn every_font_has_its_licence_beside_it() {
    for (font, licence) in [
        ("NotoSerifSC-Regular.ttf", "NotoSerifSC-OFL.txt"),
        ("NotoSerifSC-Bold.sub.ttf", "NotoSerifSC-OFL.txt"),
        ("NotoSansSC-Medium.sub.ttf", "NotoSansSC-OFL.txt"),
        ("ZhuqueFangsong-Regular.ttf", "ZhuqueFangsong-OFL.txt"),
        (
            "LXGWWenKaiGBLite-Regular.sub.ttf",
            "LXGWWenKaiGBLite-OFL.txt",
        ),
        ("RareNameHan-Regular.ttf", "ARPHICPL.TXT"),
    ] {
        assert!(fonts().join(font).is_file(), "{font}");
        let text = std::fs::read(fonts().join("licenses").join(licence)).unwrap();
        let text = String::from_utf8_lossy(&text).to_uppercase();
        assert!(
            text.contains("SIL OPEN FONT LICENSE") || text.contains("ARPHIC PUBLIC LICENSE"),
            "{licence}"
        );
    }
    let notice = std::fs::read_to_string(fonts().join("licenses/RareNameHan-NOTICE.txt")).unwrap();
    assert!(notice.contains("BabelStone Han"));
}

#[test]
fn every_face_shows_all_of_gb2312() {
    for face in Face::ALL {
        let mut count = 0;
        for row in 0xb0_u8..=0xf7 {
            for cell in 0xa1_u8..=0xfe {
                if row == 0xd7 && cell > 0xf9 {
                    continue;
                }
                let pair = [row, cell];
                let (text, _, bad) = encoding_rs::GB18030.decode(&pair);
                assert!(!bad, "{row:x}{cell:x}");
                let glyph = BOOK.glyph(face, text.chars().next().unwrap()).unwrap();
                assert_eq!(glyph.advance, 1000, "{face:?} {text}");
                assert_ne!(glyph.font, RARE, "{text}");
                count += 1;
            }
        }
        assert_eq!(count, 6763);
    }
}

#[test]
fn every_face_shows_the_8105_characters_of_the_general_table() {
    let list = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lists/tongyong_guifan_8105.txt"),
    )
    .unwrap();
    let list = list.trim();
    assert_eq!(list.chars().count(), 8105);
    for face in Face::ALL {
        assert_eq!(BOOK.missing(face, list), [], "{face:?}");
    }
    assert!(list.contains('𬭚') && list.contains('䶮'));
}

#[test]
fn rare_names_fall_back_to_the_font_of_rare_names() {
    let glyph = BOOK.glyph(Face::Fangsong, '\u{2e9f5}').unwrap();
    assert_eq!(glyph.font, RARE);
    assert_eq!(glyph.advance, 1000);
}

#[test]
fn a_character_that_no_font_has_is_named_with_its_position() {
    for face in Face::ALL {
        assert_eq!(BOOK.glyph(face, '\u{323ba}'), None);
        assert_eq!(
            BOOK.missing(face, "张\u{323ba}三\n\u{e863}"),
            [(1, '\u{323ba}'), (4, '\u{e863}')]
        );
        assert_eq!(BOOK.glyph(face, '\n'), None);
    }
}

#[test]
fn chinese_quotes_and_ellipsis_are_one_em_wide() {
    for face in Face::ALL {
        for ch in "“”‘’…—，。、；：？！（）《》〔〕".chars() {
            assert_eq!(BOOK.glyph(face, ch).unwrap().advance, 1000, "{face:?} {ch}");
        }
    }
}

#[test]
fn dashes_and_dots_come_from_fangsong() {
    for face in Face::ALL {
        assert_eq!(BOOK.glyph(face, '—').unwrap().font, FANGSONG);
        let dot = BOOK.glyph(face, '·').unwrap();
        assert_eq!((dot.font, dot.advance), (FANGSONG, 500));
    }
}

#[test]
fn digits_and_latin_of_fangsong_and_kai_come_from_song() {
    for face in [Face::Song, Face::Fangsong, Face::Kai] {
        for ch in "0189AZaz(%.é".chars() {
            assert_eq!(BOOK.glyph(face, ch).unwrap().font, SONG, "{face:?} {ch}");
        }
    }
    assert_ne!(BOOK.glyph(Face::Hei, '8').unwrap().font, SONG);
    assert_eq!(BOOK.glyph(Face::Fangsong, '①').unwrap().font, SONG);
}

#[test]
fn ticked_boxes_have_no_glyph_and_plain_boxes_have() {
    for face in Face::ALL {
        assert_eq!(BOOK.glyph(face, '☑'), None);
        assert_eq!(BOOK.glyph(face, '☒'), None);
        assert!(BOOK.glyph(face, '□').is_some(), "{face:?}");
        assert!(BOOK.glyph(face, '√').is_some(), "{face:?}");
    }
}

#[test]
fn small_digits_of_formulas_are_found_in_every_face() {
    for face in Face::ALL {
        assert_eq!(
            BOOK.missing(face, "CO₂、10⁻³ ㎡ km² μm ℃ ‰ ①⑩ ≥≤×±"),
            [(6, '⁻')]
        );
    }
}

#[test]
fn invisible_characters_are_named() {
    for face in Face::ALL {
        for ch in ['\u{200b}', '\u{200e}', '\u{202e}', '\u{2060}', '\u{feff}'] {
            assert_eq!(BOOK.missing(face, &format!("张{ch}三")), [(1, ch)]);
        }
    }
}

#[test]
fn variation_selectors_are_passed_over() {
    for ch in ['\u{fe00}', '\u{fe0f}', '\u{e0100}', '\u{e01ef}', '\u{200d}'] {
        assert!(is_ignorable(ch));
        assert_eq!(BOOK.glyph(Face::Song, ch), None);
        assert_eq!(BOOK.missing(Face::Song, &format!("葛{ch}")), []);
    }
    assert!(!is_ignorable('葛'));
}

#[test]
fn one_em_box_serves_all_fonts() {
    assert_eq!(ascent(Length::mm(10)), Length(8_800));
    assert_eq!(BOOK.units_per_em(RARE), 1024);
    assert_eq!(BOOK.units_per_em(SONG), 1000);
    assert_eq!(BOOK.postscript_name(SONG), "NotoSerifSC-Regular");
    for id in 0..6 {
        let name = BOOK.postscript_name(FontId(id));
        assert!(!name.is_empty());
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
    }
    assert_eq!(BOOK.postscript_name(FontId(99)), "");
    assert_eq!(BOOK.advance(FontId(99), 1), 0);
    assert_eq!(BOOK.advance(SONG, u16::MAX), 0);
}

#[test]
fn a_subset_keeps_shapes_and_widths_of_its_glyphs() {
    let glyphs: BTreeSet<u16> = "示例科技工作者"
        .chars()
        .map(|ch| BOOK.glyph(Face::Fangsong, ch).unwrap())
        .inspect(|g| assert_eq!(g.font, FANGSONG))
        .map(|g| g.id)
        .collect();
    let cut = subset(&BOOK, FANGSONG, &glyphs).unwrap();
    assert!(cut.bytes.len() < 20_000);
    assert_eq!(cut.mapping.len(), glyphs.len() + 1);
    assert_eq!(cut, subset(&BOOK, FANGSONG, &glyphs).unwrap());
    let whole = std::fs::read(fonts().join("ZhuqueFangsong-Regular.ttf")).unwrap();
    let whole = ttf_parser::Face::parse(&whole, 0).unwrap();
    let face = ttf_parser::RawFace::parse(&cut.bytes, 0).unwrap();
    assert!(face.table(ttf_parser::Tag::from_bytes(b"glyf")).is_some());
    let small = ttf_parser::Face::parse(&cut.bytes, 0).unwrap();
    for (old, new) in &cut.mapping {
        let (old, new) = (ttf_parser::GlyphId(*old), ttf_parser::GlyphId(*new));
        assert_eq!(whole.glyph_hor_advance(old), small.glyph_hor_advance(new));
        assert_eq!(whole.glyph_bounding_box(old), small.glyph_bounding_box(new));
    }
    assert_eq!(
        subset(&BOOK, FontId(77), &glyphs),
        Err(FontError::Unlisted(77))
    );
    let strange = subset(&BOOK, RARE, &BTreeSet::from([u16::MAX])).unwrap();
    assert_eq!(strange.mapping.len(), 1);
}

#[test]
fn an_added_font_is_asked_last() {
    let bytes = std::fs::read(fonts().join("RareNameHan-Regular.ttf")).unwrap();
    let mut book = BOOK.clone();
    book.with_extra("副本.ttf".into(), bytes).unwrap();
    for ch in ['张', '\u{2e9f5}'] {
        assert_eq!(book.glyph(Face::Song, ch), BOOK.glyph(Face::Song, ch));
    }
    assert_eq!(book.postscript_name(FontId(6)), book.postscript_name(RARE));
}

#[test]
fn malformed_fonts_are_refused_and_leave_the_book_as_it_was() {
    let mut book = BOOK.clone();
    let whole = std::fs::read(fonts().join("RareNameHan-Regular.ttf")).unwrap();
    let mut bad: Vec<Vec<u8>> = vec![Vec::new(), b"%PDF-1.7".to_vec(), vec![0; 4096]];
    for part in [4, 11, 12, 100, 1000, 10_000, 300_000, whole.len() - 1000] {
        bad.push(whole[..part].to_vec());
    }
    for bytes in bad {
        let length = bytes.len();
        let error = book.with_extra("坏.ttf".into(), bytes).unwrap_err();
        assert!(error.to_string().contains("坏.ttf"), "{length}");
        assert_eq!(book.postscript_name(FontId(6)), "");
    }
}

#[test]
fn a_damaged_font_never_stops_the_program() {
    let whole = std::fs::read(fonts().join("RareNameHan-Regular.ttf")).unwrap();
    let mut chance = Chance::law(7);
    let ids: BTreeSet<u16> = (0..200).collect();
    for round in 0..60 {
        let mut bytes = whole.clone();
        for _ in 0..20 {
            let area = if round % 2 == 0 { 400 } else { bytes.len() };
            let at = chance.index(area);
            bytes[at] = chance.byte();
        }
        let mut book = BOOK.clone();
        if book.with_extra("损.ttf".into(), bytes).is_ok() {
            let _ = subset(&book, FontId(6), &ids);
        }
    }
}
