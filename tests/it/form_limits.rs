//! Forms that would take all memory or hours: a small file whose cells share one long text, millions of empty cells, merges without end.
//! Each is refused with what to do, by `bind` and by `read`, well within 512 MiB.

use std::fmt::Write as _;

use sanlian::ooxml::OpcPackage;

use crate::form_languages::docx;
use crate::forms::text;
use crate::tools;

const SHEET: &str = "xl/worksheets/sheet1.xml";
const SHARED: &str = "xl/sharedStrings.xml";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// A workbook of one sheet with these rows and what stands behind them, and one shared text.
fn book(rows: &str, behind: &str, shared: &str) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write_string(0, 0, "x").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let mut package = OpcPackage::read(&bytes).unwrap();
    package.put(
        SHEET,
        format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData>{behind}</worksheet>"),
    );
    package.put(
        SHARED,
        format!("<sst xmlns=\"{MAIN}\"><si><t>{shared}</t></si></sst>"),
    );
    package.write().unwrap()
}

/// Runs a command on a form with 768 MiB of addresses, which hold the program too: its end and what it said.
fn bounded(arguments: &[&str]) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_sanlian");
    let out = std::process::Command::new("sh")
        .args(["-c", "ulimit -v 786432; exec \"$0\" \"$@\"", program])
        .args(arguments)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    (out.status.code(), said)
}

#[test]
fn small_workbooks_that_unfold_without_end_are_refused_within_bounds() {
    let folder = tools::folder("form-limits");
    let cells = |cell: &str, rows: usize, columns: usize| {
        let row = format!("<row>{}</row>", cell.repeat(columns));
        row.repeat(rows)
    };
    let mut merges = String::from("<mergeCells>");
    for row in 1..20_000 {
        let _ = write!(merges, "<mergeCell ref=\"A{row}:C{}\"/>", row + 900);
    }
    merges.push_str("</mergeCells>");
    let shared = cells("<c t=\"s\"><v>0</v></c>", 1_000, 40);
    for (name, bytes) in [
        ("长文.xlsx", book(&shared, "", &"填".repeat(20_000))),
        ("空格.xlsx", book(&cells("<c/>", 3_000, 400), "", "x")),
        ("合并.xlsx", book(&cells("<c/>", 10, 10), &merges, "x")),
        ("满字.xlsx", book(&shared, "", "姓名")),
    ] {
        assert!(bytes.len() < 300_000, "{name}: {}", bytes.len());
        let form = folder.join(name);
        std::fs::write(&form, bytes).unwrap();
        let campaign = ["--campaign", "hebei-zuimei-2021"];
        for act in ["bind", "read"] {
            let (end, said) = bounded(&[act, text(&form), campaign[0], campaign[1]]);
            assert_eq!(end, Some(2), "{act} {name}: {said}");
            assert!(
                said.contains("内容太多") && said.contains("请删去"),
                "{act} {name}: {said}"
            );
        }
    }
}

#[test]
fn a_workbook_of_usual_size_is_bound_within_bounds() {
    let folder = tools::folder("form-limits-usual");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, label) in ["姓名", "性别", "民族"].into_iter().enumerate() {
        let row = u32::try_from(row).unwrap();
        sheet.write_string(row, 0, label).unwrap();
        sheet
            .write_blank(row, 1, &rust_xlsxwriter::Format::new().set_text_wrap())
            .unwrap();
    }
    let codes = book.add_worksheet();
    for row in 0..3_000 {
        codes
            .write_string(row, 0, format!("139900{row:04}"))
            .unwrap();
    }
    let form = folder.join("表.xlsx");
    std::fs::write(&form, book.save_to_buffer().unwrap()).unwrap();
    let out = folder.join("表.toml");
    let id = "hebei-zuimei-2021";
    let (end, said) = bounded(&["bind", text(&form), "--campaign", id, "-o", text(&out)]);
    assert_eq!(end, Some(0), "{said}");
    let toml = std::fs::read_to_string(&out).unwrap();
    assert!(toml.contains("key = \"ethnic\""), "{toml}");
}

#[test]
fn documents_without_end_are_refused_within_seconds() {
    let folder = tools::folder("form-limits-documents");
    let row = "<w:tr><w:tc><w:p><w:r><w:t>姓名</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>";
    let table = format!("<w:tbl>{}</w:tbl>", row.repeat(15_000));
    let long = format!(
        "<w:p><w:r><w:t>{}</w:t></w:r></w:p>",
        "姓名：____　".repeat(200_000)
    );
    let runs = format!(
        "<w:p>{}</w:p>",
        "<w:r><w:t>{{填</w:t></w:r>".repeat(200_000)
    );
    for (name, body, bound, said_bound) in [
        ("行.docx", table, 1, "超过5000行"),
        ("字.docx", long, 2, "内容太多"),
        ("段.docx", runs, 2, "内容太多"),
    ] {
        let form = folder.join(name);
        std::fs::write(&form, docx(&body)).unwrap();
        let id = "hebei-zuimei-2021";
        for (act, wanted, words) in [("bind", bound, said_bound), ("read", 2, "内容太多")] {
            let begun = std::time::Instant::now();
            let (end, said) = bounded(&[act, text(&form), "--campaign", id]);
            assert_eq!(end, Some(wanted), "{act} {name}: {said}");
            assert!(said.contains(words), "{act} {name}: {said}");
            let took = begun.elapsed().as_secs();
            assert!(took < 30, "{act} {name}: {took} s");
        }
    }
}
