//! Pages to PDF: structure, copies that share a page, the same bytes, hostile pages. What readers see is in `pdf_read`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sanlian::export::{Info, PaperSide, PdfError, write_pdf, write_pdf_timed};
use sanlian::face::Face;
use sanlian::font::FontId;
use sanlian::form::JpegPicture;
use sanlian::layout::{Item, Page, Pages, Placed, Rect, Text};
use sanlian::units::Length;

use crate::font::BOOK;
use crate::tools;

/// Sets a line of text: a run for every stretch of one font; `extra` is put between characters.
pub(crate) fn set(
    face: Face,
    text: &str,
    x: Length,
    baseline: Length,
    size: Length,
    extra: Length,
) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut pen = x;
    for ch in text.chars() {
        let glyph = BOOK.glyph(face, ch).unwrap();
        let same = matches!(items.last(), Some(Item::Text(run)) if run.font == glyph.font);
        if !same {
            items.push(Item::Text(Text {
                font: glyph.font,
                size,
                x: pen,
                baseline,
                glyphs: Vec::new(),
                grey: 0,
                angle: 0,
            }));
        }
        if let Some(Item::Text(run)) = items.last_mut() {
            run.glyphs.push(Placed {
                glyph: glyph.id,
                ch,
                dx: pen - run.x,
            });
        }
        pen += size.scaled(i64::from(glyph.advance), 1000) + extra;
    }
    items
}

pub(crate) fn plain(face: Face, text: &str, y: i64) -> Vec<Item> {
    set(
        face,
        text,
        Length::mm(28),
        Length::mm(y),
        Length::from_pt(16.0),
        Length::ZERO,
    )
}

pub(crate) fn upright(items: Vec<Item>) -> Page {
    Page {
        width: Length::mm(210),
        height: Length::mm(297),
        items,
        ..Page::default()
    }
}

pub(crate) fn document(pages: Vec<Page>) -> Pages {
    Pages {
        title: "试页".into(),
        pages,
    }
}

pub(crate) fn printed(page: usize) -> PaperSide {
    PaperSide::Printed {
        doc: 0,
        page,
        overlay: Vec::new(),
    }
}

pub(crate) fn write(test: &str, docs: &[Pages], sheets: &[PaperSide], info: &Info) -> PathBuf {
    let file = write_pdf(&BOOK, docs, sheets, info).unwrap();
    assert_eq!(file.sheets, sheets.len());
    let path = tools::folder(&format!("pdf-{test}")).join("out.pdf");
    std::fs::write(&path, file.bytes).unwrap();
    path
}

pub(crate) fn one_page(test: &str, items: Vec<Item>) -> PathBuf {
    write(
        test,
        &[document(vec![upright(items)])],
        &[printed(0)],
        &Info::default(),
    )
}

pub(crate) fn sound(path: &Path) {
    if let Some(said) = tools::says("qpdf", &["--check", path.to_str().unwrap()]) {
        assert!(
            said.contains("No syntax or stream encoding errors"),
            "{said}"
        );
    }
}

/// A decoder of nothing: the smallest grey JPEG, 1 × 1.
fn tiny_jpeg() -> Arc<[u8]> {
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 90)
        .encode(
            &(0..48 * 64)
                .map(|i| u8::try_from(i % 251).unwrap())
                .collect::<Vec<_>>(),
            48,
            64,
            image::ExtendedColorType::L8,
        )
        .unwrap();
    bytes.into()
}

fn photo() -> Item {
    Item::Picture {
        at: Rect {
            x: Length::mm(150),
            y: Length::mm(40),
            width: Length::mm(35),
            height: Length::mm(49),
        },
        picture: JpegPicture {
            jpeg: tiny_jpeg(),
            width: 48,
            height: 64,
            components: 1,
        },
    }
}

pub(crate) fn mark(text: &str) -> Vec<Item> {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::Q).unwrap();
    let side = code.width();
    let size = Length(450) * i64::try_from(side).unwrap();
    let at = Rect {
        x: Length::mm(170),
        y: Length::mm(250),
        width: size,
        height: size,
    };
    let dark = code
        .to_colors()
        .iter()
        .map(|c| *c == qrcode::Color::Dark)
        .collect();
    let mut items = vec![Item::Modules { at, side, dark }];
    items.extend(set(
        Face::Song,
        "第1/3份 第2/5页 版本3",
        Length::mm(170),
        Length::mm(280),
        Length::from_pt(7.5),
        Length::ZERO,
    ));
    items
}

pub(crate) const LINES: [(Face, &str); 6] = [
    (Face::Title, "最美科技工作者推荐表"),
    (
        Face::Fangsong,
        "张三，〇一二三，“示例”——试验……100%完成（2021年）",
    ),
    (Face::Song, "㛃䶮𬭚𬱖𣲘𬬮𫖯𬘭𠅤𡐓𥔲㑇㳚赟堃喆翀祎"),
    (
        Face::Fangsong,
        "𪚥㼆龘\u{2e9f5}，买买提艾力·阿卜杜热合曼·示例",
    ),
    (Face::Hei, "一、基本情况 CO 5μm km² 37.5℃"),
    (Face::Kai, "〔2021〕12号（二）楷体 No.5"),
];

pub(crate) fn sample() -> Vec<Item> {
    (0..)
        .zip(LINES)
        .flat_map(|(n, (face, text))| plain(face, text, 40 + 12 * n))
        .collect()
}

#[test]
fn the_file_is_pdf_1_7_with_its_properties_and_page_sizes() {
    let lying = Page {
        width: Length::mm(297),
        height: Length::mm(210),
        items: plain(Face::Song, "横页", 50),
        ..Page::default()
    };
    let info = Info {
        title: "推荐表（示例）".into(),
        author: "示例市科协".into(),
        keywords: vec!["甲".into(), "乙".into()],
        created: Some("2021-05-08T09:30:00+08:00".into()),
        duplex: true,
        ..Info::default()
    };
    let sheets = [
        printed(0),
        PaperSide::Blank {
            width: Length::mm(210),
            height: Length::mm(297),
        },
        printed(1),
    ];
    let docs = [document(vec![upright(sample()), lying])];
    let path = write("info", &docs, &sheets, &info);
    sound(&path);
    let bytes = std::fs::read(&path).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7\n"));
    let path = path.to_str().unwrap();
    if let Some(said) = tools::says("pdfinfo", &["-l", "3", path]) {
        for wanted in [
            "Title:           推荐表（示例）",
            "Author:          示例市科协",
            "Keywords:        甲,乙",
            "Pages:           3",
            "PDF version:     1.7",
            "Page    1 size:  595.276 x 841.89 pts (A4)",
            "Page    2 size:  595.276 x 841.89 pts (A4)",
            "Page    3 size:  841.89 x 595.276 pts (A4)",
        ] {
            assert!(said.contains(wanted), "{wanted}: {said}");
        }
    }
    if let Some(said) = tools::says("pdfinfo", &["-rawdates", path]) {
        assert!(
            said.contains("CreationDate:    D:20210508093000+08'00'"),
            "{said}"
        );
    }
    let loaded = lopdf::Document::load_mem(&bytes).unwrap();
    let preferences = loaded.catalog().unwrap().get(b"ViewerPreferences").unwrap();
    let preferences = preferences.as_dict().unwrap();
    assert_eq!(
        preferences.get(b"PrintScaling").unwrap().as_name().unwrap(),
        b"None"
    );
    assert_eq!(
        preferences.get(b"Duplex").unwrap().as_name().unwrap(),
        b"DuplexFlipLongEdge"
    );
}

#[test]
fn the_same_sheets_give_the_same_bytes() {
    let docs = [document(vec![upright([sample(), vec![photo()]].concat())])];
    let sheet = |text| PaperSide::Printed {
        doc: 0,
        page: 0,
        overlay: mark(text),
    };
    let make = |text| {
        let sheets = [sheet("8711"), sheet(text)];
        write_pdf(&BOOK, &docs, &sheets, &Info::default())
            .unwrap()
            .bytes
    };
    assert_eq!(make("8712"), make("8712"));
    let (one, other) = (make("8712"), make("8713"));
    let id = |bytes: &[u8]| {
        let document = lopdf::Document::load_mem(bytes).unwrap();
        document.trailer.get(b"ID").unwrap().as_array().unwrap()[0].clone()
    };
    assert_ne!(one, other);
    assert_ne!(id(&one), id(&other));
}

#[test]
fn copies_share_one_stream_and_a_photo_goes_in_untouched() {
    let docs = [document(vec![
        upright([sample(), vec![photo()]].concat()),
        upright(vec![photo()]),
    ])];
    let sheets: Vec<PaperSide> = (0..6)
        .map(|n| PaperSide::Printed {
            doc: 0,
            page: n % 2,
            overlay: mark(&format!("871{n}")),
        })
        .collect();
    let path = write("copies", &docs, &sheets, &Info::default());
    sound(&path);
    let bytes = std::fs::read(&path).unwrap();
    let loaded = lopdf::Document::load_mem(&bytes).unwrap();
    let pages: Vec<_> = loaded
        .page_iter()
        .map(|id| loaded.get_dictionary(id).unwrap().clone())
        .collect();
    let contents = |n: usize| {
        pages[n]
            .get(b"Contents")
            .unwrap()
            .as_array()
            .unwrap()
            .clone()
    };
    for n in 0..4 {
        assert_eq!(contents(n).len(), 2);
        assert_eq!(contents(n)[0], contents(n + 2)[0]);
        assert_ne!(contents(n)[1], contents(n + 2)[1]);
        assert_eq!(
            pages[n].get(b"Resources").unwrap(),
            pages[n + 2].get(b"Resources").unwrap()
        );
    }
    let jpegs: Vec<_> = loaded
        .objects
        .values()
        .filter_map(|o| o.as_stream().ok())
        .filter(|s| {
            s.dict
                .get(b"Filter")
                .is_ok_and(|f| f.as_name().is_ok_and(|n| n == b"DCTDecode"))
        })
        .collect();
    assert_eq!(jpegs.len(), 1);
    assert_eq!(jpegs[0].content, *tiny_jpeg());
    let one = write_pdf(&BOOK, &docs, &sheets[..2], &Info::default()).unwrap();
    let a_copy = (bytes.len() - one.bytes.len()) / 4;
    assert!(a_copy < 1500, "{a_copy} bytes a sheet");
}

#[test]
fn rules_meet_in_full_corners() {
    let at = |x, y| (Length::mm(x), Length::mm(y));
    let rule = |from, to| Item::Rule {
        from,
        to,
        width: Length::mm(4),
    };
    let path = one_page(
        "corners",
        vec![rule(at(50, 50), at(100, 50)), rule(at(50, 50), at(50, 100))],
    );
    let stem = path.with_extension("");
    let args = [
        "-r",
        "254",
        "-gray",
        "-singlefile",
        path.to_str().unwrap(),
        stem.to_str().unwrap(),
    ];
    if tools::says("pdftoppm", &args).is_none() {
        return;
    }
    let picture = std::fs::read(path.with_extension("pgm")).unwrap();
    let points = &picture[picture.len() - 2100 * 2970..];
    assert_eq!(points[485 * 2100 + 485], 0, "outer corner");
    assert_eq!(points[470 * 2100 + 470], 255, "beyond the corner");
    assert_eq!(points[545 * 2100 + 545], 255, "inside");
}

#[test]
fn what_cannot_be_written_is_refused() {
    let docs = [document(vec![upright(sample())])];
    let info = Info::default();
    let refused =
        |sheets: &[PaperSide], info: &Info| write_pdf(&BOOK, &docs, sheets, info).unwrap_err();
    assert_eq!(refused(&[], &info), PdfError::NoSheets);
    assert_eq!(
        refused(&[printed(0), printed(1)], &info),
        PdfError::NoSuchPage { sheet: 2 }
    );
    let created = Some("昨天".to_owned());
    assert_eq!(
        refused(
            &[printed(0)],
            &Info {
                created,
                ..info.clone()
            }
        ),
        PdfError::Time("昨天".into())
    );
    let Item::Text(mut run) = sample().remove(0) else {
        panic!("text first");
    };
    run.font = FontId(77);
    let docs = [document(vec![upright(vec![Item::Text(run)])])];
    let error = write_pdf(&BOOK, &docs, &[printed(0)], &info).unwrap_err();
    assert!(matches!(error, PdfError::Font(_)), "{error}");
}

#[test]
fn a_hostile_page_still_makes_a_sound_file() {
    let far = Length(i64::MAX);
    let near = Length(i64::MIN);
    let text = |size, x, dx, glyph, angle| {
        Item::Text(Text {
            font: FontId(0),
            size,
            x,
            baseline: dx,
            glyphs: vec![
                Placed {
                    glyph,
                    ch: '\0',
                    dx,
                },
                Placed {
                    glyph: u16::MAX,
                    ch: '\u{10ffff}',
                    dx: near,
                },
                Placed {
                    glyph,
                    ch: '一',
                    dx: far,
                },
            ],
            grey: 255,
            angle,
        })
    };
    let at = Rect {
        x: far,
        y: near,
        width: far,
        height: far,
    };
    let items = vec![
        text(far, near, far, 5, i16::MIN),
        text(Length::ZERO, far, far, 0, 0),
        text(near, far, far, 9, 0),
        text(Length(1), far, near, 9, i16::MAX),
        Item::Text(Text {
            font: FontId(1),
            size: Length(5000),
            x: Length::ZERO,
            baseline: Length::ZERO,
            glyphs: Vec::new(),
            grey: 0,
            angle: 0,
        }),
        Item::Rule {
            from: (far, near),
            to: (near, far),
            width: near,
        },
        Item::Modules {
            at,
            side: usize::MAX,
            dark: vec![true; 3],
        },
        Item::Modules {
            at,
            side: 0,
            dark: Vec::new(),
        },
        Item::Modules {
            at,
            side: 3,
            dark: vec![true; 9],
        },
        photo(),
    ];
    let page = Page {
        width: Length::ZERO,
        height: near,
        items,
        ..Page::default()
    };
    let path = write(
        "hostile",
        &[document(vec![page])],
        &[printed(0)],
        &Info::default(),
    );
    sound(&path);
    let empty = write(
        "empty",
        &[document(vec![upright(Vec::new())])],
        &[printed(0)],
        &Info::default(),
    );
    sound(&empty);
}

#[test]
fn a_file_for_each_order_of_sheets_is_sound() {
    let docs = [
        document(vec![upright(sample()), upright(vec![photo()])]),
        document(vec![upright(plain(Face::Kai, "另一份", 40))]),
    ];
    let sheet = |doc, page| PaperSide::Printed {
        doc,
        page,
        overlay: Vec::new(),
    };
    let blank = || PaperSide::Blank {
        width: Length::mm(210),
        height: Length::mm(297),
    };
    let orders: [Vec<PaperSide>; 4] = [
        vec![blank()],
        vec![blank(), sheet(1, 0)],
        vec![sheet(1, 0), sheet(0, 1), blank(), sheet(1, 0), sheet(0, 0)],
        vec![sheet(0, 1), sheet(0, 1)],
    ];
    for (n, sheets) in orders.iter().enumerate() {
        let path = write(&format!("order-{n}"), &docs, sheets, &Info::default());
        sound(&path);
    }
}

#[test]
fn the_callers_clock_tells_where_the_time_goes() {
    let docs = [document(vec![upright(sample())])];
    let ticks = std::cell::Cell::new(0_u64);
    let clock = || {
        ticks.set(ticks.get() + 1);
        std::time::Duration::from_millis(ticks.get())
    };
    let timed = write_pdf_timed(&BOOK, &docs, &[printed(0)], &Info::default(), &clock).unwrap();
    let plain = write_pdf(&BOOK, &docs, &[printed(0)], &Info::default()).unwrap();
    assert_eq!(timed.bytes, plain.bytes);
    assert_eq!(plain.shares, Default::default());
    let shares = timed.shares;
    for share in [
        shares.collect,
        shares.subset,
        shares.document,
        shares.content,
        shares.deflate,
        shares.write,
    ] {
        assert!(!share.is_zero(), "{shares:?}");
    }
}
