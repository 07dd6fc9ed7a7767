//! Scans at the receiving desk: every page judged once, unread ones kept with their picture, damaged ones recognised.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::desk::{Desk, verdicts};
use crate::tools;

const RECEIVED: &str = "2021-05-30T01:02:03Z";

/// Pages of a PDF as pictures; none where the tool is missing.
pub(crate) fn pictures(pdf: &Path, out: &Path, args: &[&str]) -> Option<Vec<PathBuf>> {
    std::fs::create_dir_all(out).unwrap();
    let stem = out.join("page");
    let mut all = args.to_vec();
    all.extend([pdf.to_str().unwrap(), stem.to_str().unwrap()]);
    tools::says("pdftoppm", &all)?;
    let mut found: Vec<PathBuf> = std::fs::read_dir(out)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    found.sort();
    Some(found)
}

/// A small picture that carries no mark: bars, as a table has them.
pub(crate) fn unmarked(folder: &Path) -> PathBuf {
    let luma: Vec<u8> = (0..160 * 120)
        .map(|i| if i / 160 % 12 < 3 { 30 } else { 235 })
        .collect();
    let path = folder.join("没有标记.png");
    std::fs::write(&path, crate::scan_files::png(160, 120, &luma)).unwrap();
    path
}

fn scan(desk: &Desk, files: &[&str]) -> (i32, Vec<Value>) {
    let args = [&["receive", "scan", "--json", "--now", RECEIVED], files].concat();
    let output = desk.run(&args, "");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).unwrap());
    // pages that are left out, and hints, are no answers
    let answers = lines.filter(|l| l.get("verdict").is_some());
    (output.status.code().unwrap(), answers.collect())
}

#[test]
fn a_scanned_form_is_received_once_however_often_the_file_is_given() {
    let desk = Desk::new("scan-received");
    let pdf = desk.dir.join("paper/推荐表/03-王示例-推荐表.pdf");
    let shots = desk.dir.join("shots");
    let Some(pages) = pictures(&pdf, &shots, &["-r", "150", "-gray", "-png", "-l", "8"]) else {
        return;
    };
    let folder = shots.to_str().unwrap();
    let (code, answers) = scan(&desk, &[folder]);
    assert_eq!(code, 0);
    assert_eq!(verdicts(&answers), vec!["match"; pages.len()]);
    assert!(answers.iter().all(|a| a["how"] == "direct"));
    // the same files again: the same answers, nothing new
    let (code, again) = scan(&desk, &[folder]);
    assert_eq!(code, 0);
    assert!(
        again
            .iter()
            .all(|a| a["before"] == true && a["verdict"] == "match")
    );
    // the same page in another file is seen twice
    let other = desk.dir.join("other.pdf");
    std::fs::copy(&pdf, &other).unwrap();
    let (code, other) = scan(&desk, &[other.to_str().unwrap()]);
    assert_eq!(code, 1);
    let again = other.iter().filter(|a| a["verdict"] == "again").count();
    assert_eq!(again, pages.len());
}

#[test]
fn a_page_without_a_mark_waits_with_its_picture_and_is_attached_to_no_neighbour() {
    let desk = Desk::new("scan-unread");
    let label = unmarked(&desk.dir);
    let label = label.to_str().unwrap();
    let (code, answers) = scan(&desk, &[label]);
    assert_eq!(code, 1);
    assert_eq!(verdicts(&answers), ["unreadable"]);
    assert!(answers[0]["record"].is_null());
    let objects: Vec<PathBuf> = walk(&desk.dir.join("data/objects"));
    assert_eq!(objects.len(), 1, "{objects:?}");
    let bytes = std::fs::read(&objects[0]).unwrap();
    assert!(!bytes.starts_with(b"\x89PNG"), "pictures are sealed");
    let status = desk.run(&["status"], "");
    assert!(String::from_utf8_lossy(&status.stderr).contains("1 页在待处理中"));
    scan(&desk, &[label]);
    assert_eq!(walk(&desk.dir.join("data/objects")).len(), 1);
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else if !path.file_name().unwrap().to_string_lossy().starts_with('.') {
            found.push(path);
        }
    }
    found
}

#[test]
fn bad_files_are_told_and_the_others_are_received() {
    let desk = Desk::new("scan-bad");
    let good = desk.path("paper/学习宣传活动开展情况表.pdf");
    let write = |name: &str, bytes: &[u8]| {
        let path = desk.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let whole = std::fs::read(&good).unwrap();
    let empty = write("empty.pdf", b"");
    let text = write("text.png", "这不是图片".as_bytes());
    let short = write("short.pdf", &whole[..whole.len() / 3]);
    let (code, answers) = scan(&desk, &[&empty, &text, &short, &good]);
    assert_eq!(code, 1);
    let good: Vec<&Value> = answers.iter().filter(|a| a["verdict"] == "match").collect();
    assert_eq!(good.len(), 1, "{answers:?}");
    let (code, _) = scan(&desk, &[&empty]);
    assert_eq!(code, 2, "not one page could be read");
}
