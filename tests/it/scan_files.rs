//! Files of scanned pages as offices send them: pictures, fax, PDF, in any order and any way up; and files that are none.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use serde_json::Value;

use crate::paper::grey_map;
use crate::receive_scan::{pictures, unmarked};
use crate::run::{demo, manifest, sanlian, scratch};
use crate::tools;

pub(crate) fn scan(args: &[&str]) -> Output {
    let keys = demo().join("keys");
    let all = [&["scan", "--json", "--keys", keys.to_str().unwrap()], args].concat();
    sanlian(&all)
}

pub(crate) fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect()
}

pub(crate) fn marks(lines: &[Value]) -> BTreeSet<String> {
    lines
        .iter()
        .flat_map(|l| l["marks"].as_array().unwrap())
        .filter(|m| m["verified"] == true)
        .map(|m| m["digits"].as_str().unwrap().to_owned())
        .collect()
}

/// A form of the demo, and the digits of its first originals in order of pages.
pub(crate) fn form() -> (PathBuf, Vec<String>) {
    let paper = demo().join("out/paper");
    let name = "推荐表/03-王示例-推荐表.pdf";
    let all = manifest(&paper);
    let files = all["files"].as_array().unwrap();
    let file = files.iter().find(|f| f["path"] == name).unwrap();
    let marks = file["marks"].as_array().unwrap();
    let first = marks.iter().filter(|m| m["copy"] == 1);
    let digits = first.map(|m| m["digits"].as_str().unwrap().to_owned());
    (paper.join(name), digits.collect())
}

/// The first page as a grey picture.
fn page(folder: &Path, dpi: &str) -> Option<(usize, usize, Vec<u8>)> {
    let (pdf, _) = form();
    let found = pictures(&pdf, folder, &["-r", dpi, "-gray", "-l", "1"])?;
    Some(grey_map(&std::fs::read(&found[0]).unwrap()))
}

fn jpeg(width: usize, height: usize, luma: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 60)
        .encode(luma, width as u32, height as u32, ExtendedColorType::L8)
        .unwrap();
    bytes
}

pub(crate) fn png(width: usize, height: usize, luma: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(luma).unwrap();
    writer.finish().unwrap();
    bytes
}

/// A PDF of pages that each show one JPEG, as office scanners write them.
pub(crate) fn scanned_pdf(jpeg: &[u8], width: usize, height: usize, pages: usize) -> Vec<u8> {
    let mut doc = Document::with_version("1.4");
    let root = doc.new_object_id();
    let picture = doc.add_object(Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
            "Width" => width as i64, "Height" => height as i64, "Filter" => "DCTDecode",
        },
        jpeg.to_vec(),
    ));
    let resources = doc.add_object(dictionary! { "XObject" => dictionary! { "Im0" => picture } });
    // at 150 dpi
    let (across, up) = (width * 72 / 150, height * 72 / 150);
    let content = format!("q {across} 0 0 {up} 0 0 cm /Im0 Do Q").into_bytes();
    let content = doc.add_object(Stream::new(Dictionary::new(), content));
    let kids: Vec<Object> = (0..pages)
        .map(|_| {
            let page = dictionary! { "Type" => "Page", "Parent" => root, "Contents" => content };
            doc.add_object(page).into()
        })
        .collect();
    let tree = dictionary! {
        "Type" => "Pages", "Kids" => kids, "Count" => pages as i64, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), (across as i64).into(), (up as i64).into()],
    };
    doc.objects.insert(root, Object::Dictionary(tree));
    let catalog = doc.add_object(dictionary! { "Type" => "Catalog", "Pages" => root });
    doc.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    doc.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn every_kind_of_file_gives_every_mark() {
    let folder = scratch("scan-kinds");
    let (pdf, digits) = form();
    let wanted: BTreeSet<String> = digits[..2].iter().cloned().collect();
    for (name, args) in [
        ("jpeg", &["-jpeg", "-r", "150"][..]),
        ("colour", &["-jpeg", "-r", "120"]),
        ("png", &["-png", "-gray", "-r", "150"]),
        ("bits", &["-png", "-mono", "-r", "200"]),
        ("tiff", &["-tiff", "-r", "150"]),
        (
            "deflated",
            &["-tiff", "-tiffcompression", "deflate", "-r", "150", "-gray"],
        ),
        (
            "lzw",
            &["-tiff", "-tiffcompression", "lzw", "-mono", "-r", "200"],
        ),
    ] {
        let args = [args, &["-l", "2"]].concat();
        let out = folder.join(name);
        if pictures(&pdf, &out, &args).is_none() {
            return;
        }
        let output = scan(&[out.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(0), "{name}");
        assert_eq!(marks(&lines(&output)), wanted, "{name}");
    }
}

#[test]
fn a_fax_of_many_pages_and_its_pdf_are_read() {
    let folder = scratch("scan-fax");
    let (pdf, digits) = form();
    let args = ["-tiff", "-mono", "-rx", "204", "-ry", "196", "-l", "3"];
    let Some(pages) = pictures(&pdf, &folder.join("pages"), &args) else {
        return;
    };
    let tiff = folder.join("fax.tif");
    let mut args: Vec<&str> = vec!["-c", "g4"];
    // the last page first: order does not matter
    args.extend(pages.iter().rev().map(|p| p.to_str().unwrap()));
    args.push(tiff.to_str().unwrap());
    let Some(_) = tools::says("tiffcp", &args) else {
        return;
    };
    let made = folder.join("fax.pdf");
    let args = ["-o", made.to_str().unwrap(), tiff.to_str().unwrap()];
    tools::says("tiff2pdf", &args).unwrap();
    for file in [&tiff, &made] {
        let output = scan(&[file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(0), "{file:?}");
        let lines = lines(&output);
        let order: Vec<u64> = lines.iter().map(|l| l["page"].as_u64().unwrap()).collect();
        assert_eq!(order, [1, 2, 3]);
        assert_eq!(lines[0]["marks"][0]["digits"], digits[2].as_str());
        assert_eq!(marks(&lines).len(), 3);
    }
}

#[test]
fn pages_are_read_any_way_up() {
    let folder = scratch("scan-turned");
    let (pdf, digits) = form();
    let turned = folder.join("turned.pdf");
    let args = [
        pdf.to_str().unwrap(),
        "--rotate=+90:1",
        "--rotate=+180:2",
        "--rotate=+270:3",
        "--pages",
        pdf.to_str().unwrap(),
        "3,1,2",
        "--",
        turned.to_str().unwrap(),
    ];
    if tools::says("qpdf", &args).is_none() {
        return;
    }
    let output = scan(&[turned.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0));
    let wanted: BTreeSet<String> = digits[..3].iter().cloned().collect();
    assert_eq!(marks(&lines(&output)), wanted);
}

#[test]
fn a_negative_is_read() {
    let folder = scratch("scan-negative");
    let Some((width, height, luma)) = page(&folder.join("page"), "200") else {
        return;
    };
    let dark: Vec<u8> = luma.iter().map(|v| 255 - v).collect();
    for (name, bytes) in [
        ("negative.png", png(width, height, &dark)),
        ("negative.jpg", jpeg(width, height, &dark)),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        let output = scan(&[path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(0), "{name}");
        let wanted: BTreeSet<String> = form().1.into_iter().take(1).collect();
        assert_eq!(marks(&lines(&output)), wanted, "{name}");
    }
}

#[test]
fn a_pdf_that_opens_without_a_password_is_read_and_another_is_told() {
    let folder = scratch("scan-locked");
    let (pdf, digits) = form();
    let path = folder.join("locked.pdf");
    let lock = |user: &str, how: &[&str]| {
        let ends = [pdf.to_str().unwrap(), path.to_str().unwrap()];
        let head = ["--allow-weak-crypto", "--encrypt", user, "owner"];
        let args: Vec<&str> = [&head, how, &ends[..]].concat();
        tools::says("qpdf", &args).is_some()
    };
    for how in [
        &["40", "--"][..],
        &["128", "--use-aes=n", "--"],
        &["128", "--use-aes=y", "--"],
        &["128", "--use-aes=y", "--", "--object-streams=generate"],
        &["256", "--"],
        &[
            "256",
            "--cleartext-metadata",
            "--",
            "--object-streams=generate",
        ],
    ] {
        if !lock("", how) {
            return;
        }
        let output = scan(&[path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(0), "{how:?}");
        assert!(
            marks(&lines(&output)).is_superset(&digits.iter().cloned().collect()),
            "{how:?}"
        );
    }
    assert!(lock("user", &["256", "--"]));
    let output = scan(&[path.to_str().unwrap()]);
    assert_ne!(output.status.code(), Some(0));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("打开密码") && said.contains("另存"), "{said}");
}

#[test]
fn a_line_says_what_the_contract_says() {
    let folder = scratch("scan-contract");
    let Some((width, height, luma)) = page(&folder, "150") else {
        return;
    };
    let file = folder.join("一页.jpg");
    std::fs::write(&file, jpeg(width, height, &luma)).unwrap();
    let output = scan(&[file.to_str().unwrap()]);
    let text = String::from_utf8(output.stdout).unwrap();
    let keys = [
        "file", "page", "ms", "marks", "digits", "how", "verified", "key", "kind", "record",
        "version", "copy", "copies", "page", "pages", "corners",
    ];
    let mut at = 0;
    for key in keys {
        let found = text[at..].find(&format!("\"{key}\":"));
        at += found.unwrap_or_else(|| panic!("{key} is not in its place: {text}"));
        at += 1;
    }
    let line: Value = serde_json::from_str(text.trim()).unwrap();
    let mark = &line["marks"][0];
    assert_eq!(mark["how"], "direct");
    assert_eq!(mark["verified"], true);
    assert_eq!(
        (&mark["kind"], &mark["copy"], &mark["copies"]),
        (&1.into(), &1.into(), &3.into())
    );
    assert_eq!((&mark["page"], &mark["version"]), (&1.into(), &1.into()));
    let corners: Vec<[f64; 2]> = serde_json::from_value(mark["corners"].clone()).unwrap();
    assert_eq!(corners.len(), 4);
    // the mark stands at the top right; its side is 49 modules of 0.45 mm
    let side = corners[1][0] - corners[0][0];
    let wanted = 49.0 * 0.45 / 25.4 * 150.0;
    assert!((side - wanted).abs() < 4.0, "{side} {wanted}");
    assert!(corners[0][0] > width as f64 / 2.0 && corners[0][1] < height as f64 / 4.0);
}

#[test]
fn two_pages_in_one_picture_are_two_marks() {
    let folder = scratch("scan-two");
    let (pdf, digits) = form();
    let Some(shots) = pictures(&pdf, &folder, &["-r", "130", "-gray", "-l", "2"]) else {
        return;
    };
    let maps: Vec<_> = shots
        .iter()
        .map(|p| grey_map(&std::fs::read(p).unwrap()))
        .collect();
    let (width, height) = (maps[0].0, maps[0].1);
    let mut both = Vec::with_capacity(width * 2 * height);
    for y in 0..height {
        for map in &maps {
            both.extend_from_slice(&map.2[y * width..(y + 1) * width]);
        }
    }
    let file = folder.join("both.png");
    std::fs::write(&file, png(width * 2, height, &both)).unwrap();
    let output = scan(&[file.to_str().unwrap()]);
    let lines = lines(&output);
    assert_eq!(lines.len(), 1);
    assert_eq!(marks(&lines), digits[..2].iter().cloned().collect());
}

#[test]
fn an_unread_page_is_kept_with_its_picture() {
    let folder = scratch("scan-tray");
    let label = unmarked(&folder);
    let tray = folder.join("tray");
    let args = [label.to_str().unwrap(), "--unread", tray.to_str().unwrap()];
    assert_eq!(scan(&args).status.code(), Some(1));
    assert_eq!(scan(&args).status.code(), Some(1));
    let kept: Vec<PathBuf> = std::fs::read_dir(&tray)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    let bytes = std::fs::read(&kept[0]).unwrap();
    let reader = png::Decoder::new(std::io::Cursor::new(bytes))
        .read_info()
        .unwrap();
    assert_eq!(reader.info().width, 160);
}

#[test]
fn what_cannot_be_read_is_said_with_a_remedy() {
    let folder = scratch("scan-bad");
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    // 30,000 pixels a side: an empty picture, some kilobytes as a file
    let mut huge = Vec::new();
    let mut encoder = png::Encoder::new(&mut huge, 30_000, 30_000);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().unwrap();
    writer
        .write_image_data(&vec![0xff; 3_750 * 30_000])
        .unwrap();
    writer.finish().unwrap();
    // what a camera sees: soft colours, no code
    let cat: Vec<u8> = (0..200 * 150)
        .map(|i| {
            let (x, y) = (f64::from(i % 200), f64::from(i / 200));
            (128.0 + 60.0 * (x / 37.0).sin() + 50.0 * (y / 23.0 + x / 90.0).cos()) as u8
        })
        .collect();
    for (name, bytes, word, code) in [
        ("空.png", Vec::new(), "空", 2),
        ("文字.jpg", "这不是图片".as_bytes().to_vec(), "", 2),
        ("表.docx", b"PK\x03\x04 something".to_vec(), "", 2),
        ("大.png", huge, "30000", 1),
        // a name may be written with escapes
        (
            "锁.pdf",
            b"%PDF-1.4\ntrailer<</Encrypt 5 0 R>>".to_vec(),
            "加密",
            2,
        ),
        (
            "暗锁.pdf",
            b"%PDF-1.4\ntrailer<</#45ncr#79pt 5 0 R>>".to_vec(),
            "加密",
            2,
        ),
        ("猫.jpg", jpeg(200, 150, &cat), "没有", 1),
    ] {
        let output = scan(&[&put(name, &bytes)]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{name}: {said}");
        assert!(said.contains(word) && said.contains('→'), "{name}: {said}");
        assert!(!said.contains("panicked"), "{name}: {said}");
    }
    let none = scan(&[folder.join("没有.pdf").to_str().unwrap()]);
    assert_eq!(none.status.code(), Some(2));
}

#[test]
fn a_file_cut_short_anywhere_never_ends_the_program() {
    let folder = scratch("scan-short");
    let Some((width, height, luma)) = page(&folder, "75") else {
        return;
    };
    let picture = jpeg(width, height, &luma);
    let args = ["-tiff", "-mono", "-r", "75", "-l", "2"];
    let (pdf, _) = form();
    let tiffs = pictures(&pdf, &folder.join("tiff"), &args).unwrap();
    let samples = [
        ("a.pdf", scanned_pdf(&picture, width, height, 2)),
        ("b.png", png(width, height, &luma)),
        ("c.tif", std::fs::read(&tiffs[0]).unwrap()),
        ("d.jpg", picture),
    ];
    for (name, bytes) in &samples {
        for part in 1..8 {
            let path = folder.join(name);
            std::fs::write(&path, &bytes[..bytes.len() * part / 8]).unwrap();
            let output = scan(&[path.to_str().unwrap()]);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let code = output.status.code();
            assert!(matches!(code, Some(0..=2)), "{name} {part}/8: {said}");
            assert!(!said.contains("panicked"), "{name} {part}/8: {said}");
        }
    }
}

#[test]
fn a_pdf_of_five_hundred_pages_is_read_in_bounded_memory() {
    let folder = scratch("scan-long");
    let Some((width, height, luma)) = page(&folder, "150") else {
        return;
    };
    // the mark with its quiet zone is enough
    let whole = folder.join("page.png");
    std::fs::write(&whole, png(width, height, &luma)).unwrap();
    let seen = lines(&scan(&[whole.to_str().unwrap()]));
    let corners: Vec<[f64; 2]> =
        serde_json::from_value(seen[0]["marks"][0]["corners"].clone()).unwrap();
    let (left, top) = (corners[0][0] as usize - 16, corners[0][1] as usize - 16);
    let side = (corners[1][0] - corners[0][0]) as usize + 32;
    let part: Vec<u8> = (top..top + side)
        .flat_map(|y| luma[y * width + left..y * width + left + side].to_vec())
        .collect();
    let picture = jpeg(side, side, &part);
    let file = folder.join("long.pdf");
    std::fs::write(&file, scanned_pdf(&picture, side, side, 500)).unwrap();
    let keys = demo().join("keys");
    let output = Command::new("sh")
        .args(["-c", "ulimit -v 1500000; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_sanlian"))
        .args(["scan", "--json", "--keys", keys.to_str().unwrap()])
        .arg(&file)
        .output()
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = lines(&output);
    assert_eq!(lines.len(), 500);
    assert!(
        lines
            .iter()
            .all(|l| l["marks"].as_array().unwrap().len() == 1)
    );
}
