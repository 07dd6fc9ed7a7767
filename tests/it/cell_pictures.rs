//! A photo in a cell of the workbook: WPS's DISPIMG, Excel's “place in cell”, a picture that floats above the cell. It is taken where there is
//! no file, judged like a file, and told at its cell.

use std::sync::OnceLock;

use rust_xlsxwriter::{Image, Workbook};

use sanlian::campaign::{Campaign, builtin, load};
use sanlian::check::check;
use sanlian::finding::{Finding, Severity};
use sanlian::intake::{self, SourceFile};
use sanlian::record::{Attachment, Submission, Use, belongings};

fn hebei() -> Campaign {
    let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021");
    load(&source.unwrap()).0.unwrap()
}

/// A sound id photo: its pixels are taken from the demo's.
fn photo() -> &'static [u8] {
    static PHOTO: OnceLock<Vec<u8>> = OnceLock::new();
    PHOTO.get_or_init(|| {
        let demo = sanlian::demo::submission(&hebei(), 1);
        let file = demo
            .photos
            .iter()
            .find(|(path, _)| path.ends_with("王示例.jpg"));
        file.unwrap().1.clone()
    })
}

/// The same portrait in another file: bytes behind the end of a JPEG are no part of its picture.
fn another(n: u8) -> &'static [u8] {
    let mut bytes = photo().to_vec();
    bytes.push(n);
    bytes.leak()
}

/// How a picture stands in a cell.
#[derive(Clone, Copy)]
enum How {
    PlacedInCell,
    Floating,
    /// Beginning a column before, and reaching over.
    FloatingBeside,
}

/// A workbook with a list of people, a photo cell for each, and pictures in some of the cells, by row from 0 below the heading.
fn workbook(names: &[&str], pictures: &[(u32, How, &[u8])]) -> Vec<u8> {
    let mut book = Workbook::new();
    let unit = book.add_worksheet();
    unit.set_name("单位").unwrap();
    unit.write_string(0, 0, "推荐单位").unwrap();
    unit.write_string(0, 1, "示例市科学技术协会").unwrap();
    let page = book.add_worksheet();
    page.set_name("候选人").unwrap();
    for (column, head) in ["序号", "姓名", "证件照文件名", "证件号码"]
        .iter()
        .enumerate()
    {
        page.write_string(0, column as u16, *head).unwrap();
    }
    for (n, name) in (0..).zip(names) {
        page.write_string(n + 1, 0, (n + 1).to_string()).unwrap();
        page.write_string(n + 1, 1, *name).unwrap();
        page.write_string(n + 1, 3, format!("13990019800101{:04}", n + 11))
            .unwrap();
    }
    for (row, how, bytes) in pictures {
        let image = Image::new_from_buffer(bytes).unwrap();
        match how {
            How::PlacedInCell => page.embed_image(row + 1, 2, &image).map(|_| ()),
            // it hangs down over the rows below
            How::Floating => page
                .insert_image_with_offset(row + 1, 2, &image, 4, 2)
                .map(|_| ()),
            How::FloatingBeside => page.insert_image(row + 1, 1, &image).map(|_| ()),
        }
        .unwrap();
    }
    book.save_to_buffer().unwrap()
}

fn read(bytes: Vec<u8>, files: Vec<Attachment>) -> (Submission, Vec<Finding>) {
    let campaign = hebei();
    let path = "填报工作簿.xlsx".to_owned();
    let (submission, mut findings) =
        intake::read(&campaign, &[SourceFile { path, bytes }], None, files);
    findings.extend(check(&campaign, &submission, None));
    findings.retain(|f| ["I12", "M2", "M4", "I14"].contains(&f.code));
    (submission, findings)
}

fn own_photo(submission: &Submission, candidate: usize) -> Option<Vec<u8>> {
    let campaign = hebei();
    let belongings = belongings(&campaign, submission);
    let file = belongings.of[candidate].id_photo?;
    Some(submission.pictures.get(&file.path)?.to_vec())
}

/// Puts WPS's pictures into a workbook: a cell with the formula, and `cellimages.xml` as it writes it.
fn with_wps(
    bytes: &[u8],
    cell: &str,
    source: &str,
    target: &str,
    picture: Option<&[u8]>,
) -> Vec<u8> {
    let mut package = sanlian::ooxml::OpcPackage::read(bytes).unwrap();
    let part = "xl/worksheets/sheet2.xml";
    let sheet = package.text(part).unwrap().to_owned();
    let row: u32 = cell
        .trim_start_matches(char::is_alphabetic)
        .parse()
        .unwrap();
    let behind = format!("<c r=\"D{row}\"");
    assert!(sheet.contains(&behind));
    let sheet = sheet.replace(&behind, &format!("{source}{behind}"));
    package.put(part, sheet);
    package.put(
        "xl/cellimages.xml",
        "<etc:cellImages xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:etc=\"http://www.wps.cn/officeDocument/2017/etCustomData\"><etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id=\"2\" name=\"ID_0A\"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed=\"rId1\"/></xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>",
    );
    let mode = if target.contains("://") {
        " TargetMode=\"External\""
    } else {
        ""
    };
    package.put(
        "xl/_rels/cellimages.xml.rels",
        format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image\" Target=\"{target}\"{mode}/></Relationships>"),
    );
    if let Some(picture) = picture {
        package.put("xl/media/image9.jpeg", picture);
    }
    package.write().unwrap()
}

const DISPIMG: &str =
    "<c r=\"C2\" t=\"str\"><f>_xlfn.DISPIMG(\"ID_0A\",1)</f><v>=DISPIMG(\"ID_0A\",1)</v></c>";

#[track_caller]
fn tells(findings: &[Finding], wanted: &[(Severity, &str, &str, &str)]) {
    assert_eq!(findings.len(), wanted.len(), "{findings:#?}");
    for (severity, code, cell, words) in wanted {
        let fits = |f: &Finding| {
            let said = format!("{}{}", f.message, f.hint);
            f.severity == *severity
                && f.code == *code
                && f.place.cell.as_deref() == Some(*cell)
                && said.contains(words)
        };
        assert!(findings.iter().any(fits), "{words}: {findings:#?}");
    }
}

use Severity::{Error, Info, Warning};

#[test]
fn a_picture_of_wps_is_the_photo_whatever_program_saved_it_last() {
    let plain = workbook(&["王示例"], &[]);
    for source in [
        DISPIMG,
        "<c r=\"C2\" t=\"e\"><f>_xlfn.DISPIMG(\"ID_0A\",1)</f><v>#NAME?</v></c>",
        "<c r=\"C2\"><f>DISPIMG(\"ID_0A\",1)</f></c>",
        "<c r=\"C2\" t=\"str\"><v>=DISPIMG(\"ID_0A\",1)</v></c>",
    ] {
        let bytes = with_wps(&plain, "C2", source, "media/image9.jpeg", Some(photo()));
        let (submission, findings) = read(bytes, Vec::new());
        assert_eq!(
            own_photo(&submission, 0).as_deref(),
            Some(photo()),
            "{source}"
        );
        tells(
            &findings,
            &[(Info, "I12", "C2", "王示例的C2格的图片用作证件照")],
        );
    }
}

#[test]
fn a_picture_placed_in_a_cell_by_excel_is_the_photo_of_its_row() {
    let bytes = workbook(&["王示例", "张示例"], &[(1, How::PlacedInCell, photo())]);
    let (submission, findings) = read(bytes, Vec::new());
    assert_eq!(own_photo(&submission, 0), None);
    assert_eq!(own_photo(&submission, 1).as_deref(), Some(photo()));
    tells(
        &findings,
        &[
            (Info, "I12", "C3", "张示例的C3格的图片用作证件照"),
            (Error, "M2", "C2", "缺王示例的证件照"),
        ],
    );
}

#[test]
fn a_floating_picture_is_of_the_row_in_which_it_begins() {
    let pictures = [
        (0, How::Floating, photo()),
        (1, How::Floating, another(1)),
        (2, How::Floating, another(2)),
    ];
    let (submission, findings) = read(
        workbook(&["王示例", "张示例", "李示例"], &pictures),
        Vec::new(),
    );
    for candidate in 0..3 {
        assert!(
            own_photo(&submission, candidate).is_some(),
            "{candidate}: {findings:?}"
        );
    }
    tells(
        &findings,
        &[
            (Info, "I12", "C2", "王示例"),
            (Info, "I12", "C3", "张示例"),
            (Info, "I12", "C4", "李示例"),
        ],
    );
    // two on one cell: nobody guesses
    let pictures = [
        (0, How::Floating, photo()),
        (0, How::FloatingBeside, another(1)),
    ];
    let (submission, findings) = read(workbook(&["王示例"], &pictures), Vec::new());
    assert_eq!(own_photo(&submission, 0), None);
    tells(
        &findings,
        &[
            (Warning, "I12", "C2", "有2张图片"),
            (Error, "M2", "C2", "缺王示例的证件照"),
        ],
    );
    // below the list it is nobody's
    let (_, findings) = read(
        workbook(&["王示例"], &[(9, How::Floating, photo())]),
        Vec::new(),
    );
    tells(
        &findings,
        &[
            (Info, "I12", "C11", "不在任何一位候选人"),
            (Error, "M2", "C2", "缺王示例的证件照"),
        ],
    );
}

#[test]
fn a_picture_is_judged_as_a_photo_file_is_at_its_cell() {
    let png = {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 4, 4);
        encoder.set_color(png::ColorType::Rgb);
        encoder
            .write_header()
            .unwrap()
            .write_image_data(&[90; 48])
            .unwrap();
        bytes
    };
    let (_, findings) = read(
        workbook(&["王示例"], &[(0, How::PlacedInCell, &png)]),
        Vec::new(),
    );
    tells(
        &findings,
        &[(Error, "M4", "C2", "请把照片存为JPEG，命名为“王示例.jpg”")],
    );
}

#[test]
fn a_file_wins_over_a_picture_and_is_told_where_they_differ() {
    let bytes = workbook(&["王示例"], &[(0, How::PlacedInCell, photo())]);
    let file = |sha256| Attachment {
        path: "photos/王示例.jpg".to_owned(),
        usage: Use::Photo,
        size: photo().len() as u64,
        sha256,
        probe: sanlian::media::probe(&mut std::io::Cursor::new(photo())),
    };
    let (submission, findings) = read(bytes.clone(), vec![file([1; 32])]);
    assert!(submission.pictures.is_empty());
    tells(
        &findings,
        &[(Info, "I12", "C2", "采用了文件“photos/王示例.jpg”")],
    );
    use sha2::Digest as _;
    let (_, findings) = read(bytes, vec![file(sha2::Sha256::digest(photo()).into())]);
    tells(&findings, &[]);
}

#[test]
fn namesakes_keep_the_pictures_of_their_own_cells() {
    let pictures = [
        (0, How::PlacedInCell, photo()),
        (1, How::PlacedInCell, &photo()[..photo().len() - 2]),
    ];
    let (submission, findings) = read(workbook(&["王示例", "王示例"], &pictures), Vec::new());
    assert_eq!(own_photo(&submission, 0).as_deref(), Some(photo()));
    assert_eq!(
        own_photo(&submission, 1).map(|b| b.len()),
        Some(photo().len() - 2)
    );
    assert!(!findings.iter().any(|f| f.code == "I14"), "{findings:?}");
}

#[test]
fn hostile_and_broken_relations_are_no_picture() {
    let plain = workbook(&["王示例"], &[]);
    for (target, picture) in [
        ("../../../../etc/passwd", None),
        ("https://example.org/a.jpg", None),
        ("media/image9.jpeg", None),
        ("cellimages.xml", None),
        ("media/image9.jpeg", Some(&b""[..])),
    ] {
        let bytes = with_wps(&plain, "C2", DISPIMG, target, picture);
        let (submission, findings) = read(bytes, Vec::new());
        let missing = findings
            .iter()
            .any(|f| f.code == "I12" && f.message.contains("没有它的内容"));
        let no_jpeg = findings
            .iter()
            .any(|f| f.code == "M4" && f.place.cell.as_deref() == Some("C2"));
        assert!(missing || no_jpeg, "{target}: {findings:?}");
        assert!(submission.pictures.len() <= 1);
    }
    // every part cut short at many lengths: no panic, and the sheet is read all the same
    let whole = workbook(&["王示例"], &[(0, How::PlacedInCell, photo())]);
    let package = sanlian::ooxml::OpcPackage::read(&whole).unwrap();
    let parts: Vec<String> = package
        .names()
        .filter(|n| n.contains("rich") || n.contains("metadata"))
        .map(str::to_owned)
        .collect();
    assert!(parts.len() >= 4, "{parts:?}");
    for part in parts {
        let bytes = package.part(&part).unwrap().to_vec();
        for cut in (0..bytes.len()).step_by(41) {
            let mut broken = package.clone();
            broken.put(&part, bytes[..cut].to_vec());
            let (submission, _) = read(broken.write().unwrap(), Vec::new());
            assert_eq!(submission.candidates.len(), 1, "{part} {cut}");
        }
    }
}
