//! Files that cannot be read, or not wholly: each is refused with its remedy, none panics.

use sanlian::finding::{Finding, Severity};

use crate::chance::Chance;
use crate::intake::{HEAD, ZHANG, book, candidates, file, intake, one, sound, told};

// Files that cannot be read

fn refused(path: &str, bytes: &[u8]) -> Finding {
    let (submission, findings) = intake(&[file(path, bytes)]);
    assert!(submission.candidates.is_empty());
    let errors: Vec<_> = findings
        .iter()
        .filter(|f| f.severity == Severity::Error)
        .collect();
    assert_eq!(errors.len(), 1, "{:#?}", told(&findings));
    errors[0].clone()
}

#[test]
fn files_of_other_kinds_get_their_remedy() {
    let old = [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), &[0; 2000]].concat();
    assert!(refused("报送.xls", &old).message.contains(".xls"));
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let locked = [old.as_slice(), &name].concat();
    assert!(refused("报送.xlsx", &locked).hint.contains("请先取消密码"));
    assert!(
        refused("报送.xlsx", b"<html><table>")
            .message
            .contains("网页")
    );
    assert!(refused("报送.xlsx", b"").message.contains("空的"));
    assert!(
        refused("报送.xlsx", b"hello")
            .message
            .contains("不是Excel工作簿")
    );
    assert!(refused("报送.xlsm", &sound()).message.contains("宏"));
    assert!(
        refused("报送.docx.pdf", b"%PDF-1.7")
            .message
            .contains("不是可以读取的数据文件")
    );
}

#[test]
fn nothing_at_all_is_told() {
    assert_eq!(intake(&[]).1[0].code, "I8");
    assert_eq!(
        refused("报送.xlsx", &book(&[("单位", &[]), ("候选人", &[])])).code,
        "I8"
    );
}

#[test]
fn zip_bomb_is_refused_before_it_is_parsed() {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for name in [
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/sharedStrings.xml",
    ] {
        zip.start_file(name, options).unwrap();
        let blank = vec![b' '; 1 << 20];
        for _ in 0..80 {
            zip.write_all(&blank).unwrap();
        }
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 2_000_000);
    let finding = refused("报送.xlsx", &bytes);
    assert_eq!(
        (finding.code, finding.message.contains("压缩炸弹")),
        ("I7", true)
    );
}

#[test]
fn too_many_rows_and_columns_are_told() {
    let (submission, findings) = candidates(&[HEAD, ZHANG], |sheet| {
        for row in 30_000..30_020 {
            sheet.write_string(row, 1, "李四").unwrap();
        }
        sheet.write_string(1, 300, "远").unwrap();
    });
    one(&findings, "I7", "超过20000行");
    one(&findings, "I7", "超过200列");
    assert_eq!(submission.candidates.len(), 1);
}

#[test]
fn workbook_cut_anywhere_never_panics() {
    let whole = sound();
    for length in (0..whole.len()).step_by(7) {
        let (_, findings) = intake(&[file("报送.xlsx", &whole[..length])]);
        assert!(
            sanlian::finding::has_errors(&findings),
            "{length} of {}",
            whole.len()
        );
    }
}

#[test]
fn workbook_with_damaged_bytes_never_panics() {
    let whole = sound();
    let mut chance = Chance::law(0x2545_F491);
    for _ in 0..300 {
        let mut bytes = whole.clone();
        for _ in 0..4 {
            let at = chance.index(bytes.len());
            bytes[at] = chance.byte();
        }
        let _ = intake(&[file("报送.xlsx", bytes)]);
    }
}
