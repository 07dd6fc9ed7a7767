//! Foreign eyes on the paper of the demo: qpdf, poppler, zbar and a second QR reader judge every file and page.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::run::{demo, manifest};
use crate::{office, tools};

fn pdfs(paper: &Path) -> Vec<(String, Value)> {
    let manifest = manifest(paper);
    let files = manifest["files"].as_array().unwrap().iter();
    let pdfs = files.filter(|f| f["path"].as_str().unwrap().ends_with(".pdf"));
    pdfs.map(|f| {
        (
            paper
                .join(f["path"].as_str().unwrap())
                .to_str()
                .unwrap()
                .to_owned(),
            f.clone(),
        )
    })
    .collect()
}

/// Text of a PDF without white space.
fn text_of(pdf: &str) -> Option<String> {
    let said = tools::says("pdftotext", &[pdf, "-"])?;
    Some(said.chars().filter(|c| !c.is_whitespace()).collect())
}

#[test]
fn every_pdf_is_sound_and_1_7() {
    for (pdf, file) in pdfs(&demo().join("out/paper")) {
        let Some(said) = tools::says("qpdf", &["--check", &pdf]) else {
            return;
        };
        assert!(
            said.contains("No syntax or stream encoding errors"),
            "{pdf}: {said}"
        );
        let info = tools::says("pdfinfo", &[pdf.as_str()]).unwrap();
        assert!(info.contains("PDF version:     1.7"), "{info}");
        assert!(
            info.contains(&format!("Pages:           {}", file["pages"])),
            "{pdf}: {info}"
        );
    }
}

#[test]
fn every_font_is_embedded_subset_and_has_a_unicode_map() {
    for (pdf, _) in pdfs(&demo().join("out/paper")) {
        let Some(said) = tools::says("pdffonts", &[pdf.as_str()]) else {
            return;
        };
        let fonts: Vec<&str> = said.lines().skip(2).collect();
        assert!(!fonts.is_empty(), "{pdf} has no fonts");
        for font in fonts {
            let words: Vec<&str> = font.split_whitespace().collect();
            let flags = &words[words.len() - 5..words.len() - 2];
            assert_eq!(flags, ["yes", "yes", "yes"], "{pdf}: {font}");
        }
    }
}

#[test]
fn every_value_can_be_found_in_reading_order() {
    let paper = demo().join("out/paper");
    let book = std::fs::read_to_string(demo().join("out/submission/records.json")).unwrap();
    let book: Value = serde_json::from_str(&book).unwrap();
    let mut looked = 0;
    for (pdf, file) in pdfs(&paper)
        .iter()
        .filter(|(_, f)| f["form"] == "recommendation")
    {
        let Some(text) = text_of(pdf) else { return };
        let reference = &file["marks"][0]["record"];
        let record = book["records"]
            .as_array()
            .unwrap()
            .iter()
            .find(|r| r["reference"] == *reference)
            .unwrap();
        let values = record["versions"][0]["contents"]["values"]
            .as_object()
            .unwrap();
        for key in [
            "name", "sex", "birth", "ethnic", "politics", "org", "title", "mobile", "email",
            "id_no", "address",
        ] {
            let value: String = values[key]
                .as_str()
                .unwrap()
                .chars()
                .filter(|c| !c.is_whitespace())
                .collect();
            assert!(text.contains(&value), "{pdf}: {key} = {value}");
            looked += 1;
        }
        // rows of lists, in the order of the page's own content: a cell is read whole before its neighbour
        let raw = tools::says("pdftotext", &["-raw", pdf.as_str(), "-"]).unwrap();
        let raw: String = raw.chars().filter(|c| !c.is_whitespace()).collect();
        for (key, value) in values
            .iter()
            .filter(|(k, _)| k.starts_with("resume[") || k.starts_with("awards["))
        {
            let value: String = value
                .as_str()
                .unwrap()
                .chars()
                .filter(|c| !c.is_whitespace())
                .collect();
            assert!(raw.contains(&value), "{pdf}: {key} = {value}");
            looked += 1;
        }
        for line in values["deeds"].as_str().unwrap().lines() {
            // a paragraph may go over a page, where the page number and the mark's words stand between
            let head: String = line
                .chars()
                .filter(|c| !c.is_whitespace())
                .take(20)
                .collect();
            assert!(text.contains(&head), "{pdf}: {head}");
            looked += 1;
        }
    }
    assert!(looked > 30);
}

/// Pages of a PDF as grey pictures: width, height and bytes.
fn pictures(pdf: &str, dpi: &str) -> Option<Vec<(usize, usize, Vec<u8>)>> {
    let folder = tools::folder(&format!("pages-{}", Path::new(pdf).file_stem()?.to_str()?));
    let prefix = folder.join("page");
    tools::says("pdftoppm", &["-r", dpi, "-gray", pdf, prefix.to_str()?])?;
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    paths.sort();
    Some(
        paths
            .iter()
            .map(|path| grey_map(&std::fs::read(path).unwrap()))
            .collect(),
    )
}

/// A binary PGM: `P5 width height 255` and a byte a pixel.
pub(crate) fn grey_map(bytes: &[u8]) -> (usize, usize, Vec<u8>) {
    let mut numbers = Vec::new();
    let mut at = 2;
    while numbers.len() < 3 {
        let start = at + bytes[at..].iter().position(u8::is_ascii_digit).unwrap();
        let end = start
            + bytes[start..]
                .iter()
                .position(|b| !b.is_ascii_digit())
                .unwrap();
        numbers.push(
            std::str::from_utf8(&bytes[start..end])
                .unwrap()
                .parse::<usize>()
                .unwrap(),
        );
        at = end;
    }
    (numbers[0], numbers[1], bytes[at + 1..].to_vec())
}

#[test]
fn two_readers_read_the_mark_of_every_page() {
    let mut read = 0;
    for (pdf, file) in &pdfs(&demo().join("out/paper")) {
        let marks = file["marks"].as_array().unwrap();
        let Some(pages) = pictures(pdf, "150") else {
            return;
        };
        assert_eq!(pages.len() as u64, file["pages"].as_u64().unwrap());
        for (n, (width, height, grey)) in pages.into_iter().enumerate() {
            let expected = marks
                .iter()
                .find(|m| m["sheet"] == n as u64 + 1)
                .map(|m| m["digits"].as_str().unwrap());
            let (width, height) = (
                u32::try_from(width).unwrap(),
                u32::try_from(height).unwrap(),
            );
            let found = rxing::helpers::detect_in_luma(
                grey,
                width,
                height,
                Some(rxing::BarcodeFormat::QR_CODE),
            )
            .ok();
            let found = found.map(|r| r.getText().to_owned());
            assert_eq!(found.as_deref(), expected, "{pdf} page {}", n + 1);
            read += usize::from(expected.is_some());
        }
        if marks.is_empty() {
            continue;
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!(
            "pages-{}",
            Path::new(pdf).file_stem().unwrap().to_str().unwrap()
        ));
        let mut pictures: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        pictures.sort();
        let args: Vec<&str> = ["--raw", "-q", "-Sdisable", "-Sqrcode.enable"]
            .into_iter()
            .chain(pictures.iter().map(|p| p.to_str().unwrap()))
            .collect();
        let Some(output) = tools::run("zbarimg", &args) else {
            return;
        };
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let by_zbar: Vec<&str> = said.lines().collect();
        let expected: Vec<&str> = marks
            .iter()
            .map(|m| m["digits"].as_str().unwrap())
            .collect();
        assert_eq!(by_zbar, expected, "{pdf}");
    }
    assert!(read >= 90, "only {read} marks were read");
}

#[test]
fn the_workbooks_open_elsewhere_and_print_as_meant() {
    const SCRIPT: &str = "import sys, openpyxl\n\
        sheet = openpyxl.load_workbook(sys.argv[1]).worksheets[0]\n\
        assert sheet.page_setup.orientation == 'landscape', sheet.page_setup.orientation\n\
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToWidth in (None, 1)\n\
        assert sheet.print_title_rows, 'no print titles'\n\
        assert any(d.width and d.width > 3 for d in sheet.column_dimensions.values())\n\
        print(' '.join(str(c.value) for r in sheet.iter_rows() for c in r if c.value))";
    let paper = demo().join("out/paper");
    let files = [
        ("推荐人选汇总表.xlsx", "合计"),
        ("学习宣传活动开展情况表.xlsx", "广泛动员"),
    ];
    for (name, word) in files {
        let path = paper.join(name);
        let Some(said) = tools::says("/usr/bin/python3", &["-c", SCRIPT, path.to_str().unwrap()])
        else {
            return;
        };
        assert!(said.contains(word), "{said}");
    }
    let folder = tools::folder("office-workbooks");
    let all = files.map(|(name, _)| paper.join(name));
    let all: Vec<&Path> = all.iter().map(PathBuf::as_path).collect();
    if !office::convert(&all, "pdf", &folder) {
        return;
    }
    for (name, word) in files {
        let pdf = folder.join(name.replace(".xlsx", ".pdf"));
        assert!(text_of(pdf.to_str().unwrap()).unwrap().contains(word));
    }
}
