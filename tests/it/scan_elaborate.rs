//! PDF pages of some hundred bytes that ask for years of drawing: each is left out and named, the others are read.

use std::fmt::Write as _;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use sanlian::mark::matrix;

use crate::run::scratch;
use crate::scan_files::{form, lines, marks, scan};

/// A page of a PDF: its content, and what it names.
struct Sheet {
    what: &'static str,
    content: String,
    resources: Dictionary,
}

fn square() -> Vec<Object> {
    vec![0.into(), 0.into(), 595.into(), 842.into()]
}

fn drawing(doc: &mut Document, mut dict: Dictionary, content: &str) -> ObjectId {
    dict.set("BBox", square());
    doc.add_object(Stream::new(dict, content.as_bytes().to_vec()))
}

fn sheet(what: &'static str, content: impl Into<String>, resources: Dictionary) -> Sheet {
    Sheet {
        what,
        content: content.into(),
        resources,
    }
}

/// Forms that each call the next ten times, nine deep; the last draws what is asked.
fn nested(doc: &mut Document, last: &str) -> Dictionary {
    let mut inner = last.to_owned();
    let mut resources = Dictionary::new();
    for _ in 0..9 {
        let dict =
            dictionary! { "Type" => "XObject", "Subtype" => "Form", "Resources" => resources };
        let next = drawing(doc, dict, &inner);
        resources = dictionary! { "XObject" => dictionary! { "X" => next } };
        inner = "/X Do ".repeat(10);
    }
    resources
}

/// A typeface whose letter a is drawn by the content.
fn typeface(doc: &mut Document, content: &str, resources: Option<Dictionary>) -> Dictionary {
    let letter = drawing(doc, Dictionary::new(), &format!("500 0 d0 {content}"));
    let mut font = dictionary! {
        "Type" => "Font", "Subtype" => "Type3", "FontBBox" => square(), "FirstChar" => 97, "LastChar" => 97,
        "FontMatrix" => vec![0.001.into(), 0.into(), 0.into(), 0.001.into(), 0.into(), 0.into()],
        "Widths" => vec![500.into()], "CharProcs" => dictionary! { "a" => letter },
        "Encoding" => dictionary! { "Type" => "Encoding", "Differences" => vec![97.into(), "a".into()] },
    };
    if let Some(resources) = resources {
        font.set("Resources", resources);
    }
    let font = doc.add_object(font);
    dictionary! { "Font" => dictionary! { "F" => font } }
}

fn hostile(doc: &mut Document) -> Vec<Sheet> {
    let empty = nested(doc, "q Q");
    let full = nested(doc, "0 0 9 9 re f");
    let tile = |doc: &mut Document, step: f32, resources: Dictionary, content: &str| {
        let dict = dictionary! {
            "Type" => "Pattern", "PatternType" => 1, "PaintType" => 1, "TilingType" => 1, "XStep" => step, "YStep" => step,
            "Resources" => resources,
        };
        let tile = drawing(doc, dict, content);
        dictionary! { "Pattern" => dictionary! { "P" => tile } }
    };
    let narrow = tile(doc, 0.01, Dictionary::new(), "0 0 1 1 re f");
    let mut tiles = Dictionary::new();
    for _ in 0..9 {
        tiles = tile(
            doc,
            900.0,
            tiles,
            &"/Pattern cs /P scn 0 0 500 500 re f ".repeat(10),
        );
    }
    let mut masks = nested(doc, "0 0 9 9 re f");
    let mut inner = "/X Do ".to_owned();
    for _ in 0..9 {
        let group = dictionary! { "S" => "Transparency", "CS" => "DeviceGray" };
        let dict = dictionary! {
            "Type" => "XObject", "Subtype" => "Form", "Resources" => masks, "Group" => group,
        };
        let mask = drawing(doc, dict, &inner);
        let states: Vec<ObjectId> = (0..10)
            .map(|n| {
                let mask = dictionary! { "S" => "Luminosity", "G" => mask, "BC" => vec![Object::Real(n as f32 / 10.0)] };
                doc.add_object(dictionary! { "SMask" => mask })
            })
            .collect();
        let mut named = Dictionary::new();
        inner.clear();
        for (n, state) in states.into_iter().enumerate() {
            named.set(format!("G{n}"), state);
            write!(inner, "/G{n} gs 0 0 500 500 re f ").unwrap();
        }
        masks = dictionary! { "ExtGState" => named };
    }
    let bold = nested(doc, "0 0 9 9 re f");
    let letters = typeface(doc, &"/X Do ".repeat(10), Some(bold));
    // without resources of its own the letter finds itself among those of the page
    let itself = typeface(doc, "BT /F 12 Tf (a) Tj ET", None);
    let idle = drawing(
        doc,
        dictionary! { "Type" => "XObject", "Subtype" => "Form" },
        &"q Q ".repeat(500_000),
    );
    let idle = dictionary! { "XObject" => dictionary! { "X" => idle } };
    let none = Dictionary::new;
    vec![
        sheet("forms", "/X Do", full),
        sheet("forms that draw nothing", "/X Do", empty),
        sheet(
            "a narrow tile",
            "/Pattern cs /P scn 0 0 500 500 re f",
            narrow,
        ),
        sheet(
            "tiles of tiles",
            "/Pattern cs /P scn 0 0 500 500 re f",
            tiles,
        ),
        sheet("masks of masks", inner, masks),
        sheet(
            "letters of forms",
            "BT /F 12 Tf 9 9 Td (aaaaaaaa) Tj ET",
            letters,
        ),
        sheet("a letter of itself", "BT /F 12 Tf 9 9 Td (a) Tj ET", itself),
        sheet("a long form, often", "/X Do ".repeat(20_000), idle),
        sheet("dashes", "[0.0000001] 0 d 0 0 m 500 500 l S", none()),
        sheet("whole pages", "0 0 595 842 re f ".repeat(40_000), none()),
    ]
}

/// A page that shows a mark as squares of ink, each module 0.45 mm.
fn honest(digits: &str) -> Sheet {
    const MODULE: f64 = 0.45 / 25.4 * 72.0;
    let matrix = matrix(digits).unwrap();
    let mut content = String::new();
    for (at, _) in matrix.dark.iter().enumerate().filter(|(_, dark)| **dark) {
        let (x, y) = ((at % matrix.side) as f64, (at / matrix.side) as f64);
        let (x, y) = (400.0 + x * MODULE, 780.0 - y * MODULE);
        writeln!(content, "{x:.3} {y:.3} {MODULE:.3} {MODULE:.3} re f").unwrap();
    }
    sheet("a mark", content, Dictionary::new())
}

/// Makes sheets into the pages of a document.
fn bind(doc: &mut Document, sheets: &[Sheet]) {
    let root = doc.new_object_id();
    let mut kids: Vec<Object> = Vec::new();
    for sheet in sheets {
        let content = Stream::new(Dictionary::new(), sheet.content.as_bytes().to_vec());
        let content = doc.add_object(content);
        let page = dictionary! {
            "Type" => "Page", "Parent" => root, "Contents" => content, "Resources" => sheet.resources.clone(),
            "MediaBox" => square(),
        };
        kids.push(doc.add_object(page).into());
    }
    let count = kids.len() as i64;
    let tree = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
    doc.objects.insert(root, Object::Dictionary(tree));
    let catalog = doc.add_object(dictionary! { "Type" => "Catalog", "Pages" => root });
    doc.trailer.set("Root", catalog);
}

/// The same pages as small files of one page each, by what they ask.
pub(crate) fn one_page_pdfs() -> Vec<(&'static str, Vec<u8>)> {
    let count = hostile(&mut Document::with_version("1.7")).len();
    let mut files = Vec::new();
    for n in 0..=count {
        let mut doc = Document::with_version("1.7");
        let mut sheets = hostile(&mut doc);
        sheets.push(honest("12345"));
        let sheet = sheets.swap_remove(n);
        let what = sheet.what;
        bind(&mut doc, &[sheet]);
        doc.prune_objects();
        let mut bytes = Vec::new();
        doc.save_to(&mut bytes).unwrap();
        if bytes.len() < 20_000 {
            files.push((what, bytes));
        }
    }
    files
}

#[test]
fn a_page_that_asks_for_years_of_drawing_is_left_out() {
    let (_, digits) = form();
    let mut doc = Document::with_version("1.7");
    let mut sheets = vec![honest(&digits[0])];
    sheets.extend(hostile(&mut doc));
    sheets.push(honest(&digits[1]));
    bind(&mut doc, &sheets);
    let path = scratch("scan-elaborate").join("炸弹.pdf");
    doc.save(&path).unwrap();

    let output = scan(&[path.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("panicked"), "{said}");
    let wanted = digits.iter().take(2).cloned().collect();
    assert_eq!(marks(&lines(&output)), wanted, "{said}");
    for (page, sheet) in sheets.iter().enumerate() {
        let place = format!("第{}页］", page + 1);
        let left_out = said
            .lines()
            .any(|l| l.contains(&place) && l.contains("I7") && l.contains("画"));
        let honest = sheet.what == "a mark";
        assert_eq!(left_out, !honest, "{}: {said}", sheet.what);
    }
}
