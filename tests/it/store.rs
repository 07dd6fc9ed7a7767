//! The world of files: all or nothing, nobody else's files, and every act safe to run again.

use std::fs::{self, File};
use std::io::Read;
use std::process::Command;

use sanlian::finding::CODES;
use sanlian::mark::{Algorithm, Issue, SignatureCheck, sign, verify};
use sanlian::media::Probe;
use sanlian::record::{Book, Use};
use sanlian::store::{
    BookFile, FolderContents, Limits, StoreError, open_keys, read_book, read_submission_folder,
    read_trusted, write_output,
};

use crate::folder::Folder;

fn files(pairs: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    let own = |(name, text): &(&str, &str)| ((*name).to_owned(), text.as_bytes().to_vec());
    pairs.iter().map(own).collect()
}

fn manifest(paths: &[&str]) -> String {
    let files: Vec<_> = paths
        .iter()
        .map(|p| serde_json::json!({ "path": p }))
        .collect();
    serde_json::json!({ "files": files }).to_string()
}

fn paper(text: &str) -> Vec<(String, Vec<u8>)> {
    let manifest = manifest(&["推荐表/01-张三-推荐表.pdf"]);
    files(&[
        ("推荐表/01-张三-推荐表.pdf", text),
        ("manifest.json", &manifest),
    ])
}

/// A refusal whose words a person can act on.
fn refused<T: std::fmt::Debug>(result: Result<T, StoreError>) -> String {
    let finding = result.unwrap_err().finding();
    assert!(CODES.iter().any(|(code, _)| *code == finding.code));
    assert!(finding.hint.ends_with('。'));
    format!("{} {}", finding.code, finding.message)
}

const SHEET: &str = "out/推荐表/01-张三-推荐表.pdf";

#[test]
fn output_stands_complete_with_nothing_beside_it() {
    let folder = Folder::new();
    let out = folder.path().join("a/out");
    write_output(&out, &paper("一")).unwrap();
    assert_eq!(
        folder.list(),
        [
            "a/",
            "a/out/",
            "a/out/manifest.json",
            "a/out/推荐表/",
            "a/out/推荐表/01-张三-推荐表.pdf",
        ]
    );
}

#[test]
fn our_own_output_is_replaced_and_what_is_gone_is_gone() {
    let folder = Folder::new();
    let out = folder.path().join("out");
    write_output(&out, &paper("一")).unwrap();
    folder.put("out/.DS_Store", b"");
    folder.put("out/~$01-张三.xlsx", b"");
    write_output(&out, &files(&[("manifest.json", "{\"files\":[]}")])).unwrap();
    assert_eq!(folder.list(), ["out/", "out/manifest.json"]);
    write_output(&out, &paper("三")).unwrap();
    assert_eq!(fs::read_to_string(folder.path().join(SHEET)).unwrap(), "三");
}

#[test]
fn an_empty_folder_is_used() {
    let folder = Folder::new();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    write_output(&out, &paper("一")).unwrap();
    assert!(folder.path().join(SHEET).exists());
}

#[test]
fn files_of_other_people_are_not_replaced() {
    let folder = Folder::new();
    let out = folder.path().join("out");
    folder.put("out/家庭照片.jpg", b"x");
    let words = refused(write_output(&out, &paper("一")));
    assert!(words.contains("家庭照片.jpg"), "{words}");
    assert_eq!(folder.list(), ["out/", "out/家庭照片.jpg"]);
    // A scan that somebody put beside our own files.
    fs::remove_dir_all(&out).unwrap();
    write_output(&out, &paper("一")).unwrap();
    folder.put("out/推荐表/扫描件.pdf", b"x");
    let words = refused(write_output(&out, &paper("二")));
    assert!(words.contains("扫描件.pdf"), "{words}");
    assert_eq!(fs::read_to_string(folder.path().join(SHEET)).unwrap(), "一");
    // Something that only looks like a manifest.
    fs::remove_dir_all(&out).unwrap();
    folder.put("out/manifest.json", b"{}");
    refused(write_output(&out, &paper("二")));
    // A file in the folder's place.
    fs::remove_dir_all(&out).unwrap();
    folder.put("out", b"x");
    let words = refused(write_output(&out, &paper("二")));
    assert!(words.contains("是文件"), "{words}");
    assert_eq!(folder.list(), ["out"]);
}

#[test]
fn names_that_leave_the_folder_or_trouble_a_system_are_refused() {
    let folder = Folder::new();
    let out = folder.path().join("out");
    let long = "长".repeat(81);
    for name in [
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a//b",
        "a/",
        ".",
        "a/.",
        "..",
        "a\nb",
        "a\u{0}b",
        "a\u{85}b",
        "a\\b",
        "C:x",
        "CON",
        "con.txt",
        "推荐表/nul.pdf",
        "COM1",
        "lpt9.pdf",
        "a.",
        "a ",
        " a",
        "a?",
        "a*b",
        "<a>",
        "a|b",
        "\"a\"",
        &long,
    ] {
        let words = refused(write_output(&out, &files(&[("b", "x"), (name, "x")])));
        assert!(words.contains("文件名"), "{name:?} {words}");
    }
    for pair in [["a", "a"], ["A.pdf", "a.pdf"], ["a", "a/b"], ["A/b", "a"]] {
        refused(write_output(
            &out,
            &files(&[(pair[0], "x"), (pair[1], "x")]),
        ));
    }
    assert_eq!(folder.list(), Vec::<String>::new());
    let fine = [
        "COMPANY",
        "console.pdf",
        "张三·李四（续）.pdf",
        "a..b",
        "com10.txt",
        "𬭚.pdf",
    ];
    let fine: Vec<_> = fine.iter().map(|n| ((*n).to_owned(), vec![])).collect();
    write_output(&out, &fine).unwrap();
}

#[test]
fn a_failure_in_the_middle_leaves_the_old_output() {
    let folder = Folder::new();
    let out = folder.path().join("out");
    write_output(&out, &paper("一")).unwrap();
    let before = folder.list();
    // Deeper than any path may be: fails after the first files are written.
    let deep = format!("{}/x", vec!["d".repeat(240); 20].join("/"));
    let mut broken = paper("二");
    broken.push((deep, vec![1]));
    refused(write_output(&out, &broken));
    assert_eq!(folder.list(), before);
    assert_eq!(fs::read_to_string(folder.path().join(SHEET)).unwrap(), "一");
    // A parent that is a file.
    let words = refused(write_output(&out.join("manifest.json/x"), &paper("二")));
    assert!(words.starts_with("W1"), "{words}");
    assert_eq!(folder.list(), before);
}

/// Runs one test of this program again under the shell's limit on the size of files, which stands for a full disk.
fn under_limit(test: &str, folder: &Folder) -> bool {
    let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\"";
    let output = Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--test-threads=1"])
        .env("SANLIAN_FULL_DISK", folder.path())
        .output()
        .unwrap();
    output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed")
}

#[test]
fn a_full_disk_leaves_the_old_output_and_the_old_book() {
    if let Some(path) = std::env::var_os("SANLIAN_FULL_DISK") {
        let path = std::path::PathBuf::from(path);
        let mut broken = paper("二");
        broken.push(("全部打印.pdf".to_owned(), vec![7; 1 << 20]));
        refused(write_output(&path.join("out"), &broken));
        let book = BookFile::open(&path.join("records.json"), None).unwrap();
        refused(book.save(&Book::new("demo", &"长".repeat(1 << 20), "fe81")));
        return;
    }
    let folder = Folder::new();
    let book = folder.path().join("records.json");
    write_output(&folder.path().join("out"), &paper("一")).unwrap();
    BookFile::open(&book, None)
        .unwrap()
        .save(&Book::new("demo", "示例", "fe81"))
        .unwrap();
    let before = folder.list();
    assert!(under_limit(
        "store::a_full_disk_leaves_the_old_output_and_the_old_book",
        &folder
    ));
    assert_eq!(folder.list(), before);
    assert_eq!(fs::read_to_string(folder.path().join(SHEET)).unwrap(), "一");
    assert_eq!(read_book(&book, None).unwrap().unwrap().unit(), "示例");
}

#[test]
fn what_a_killed_run_left_is_cleared() {
    let folder = Folder::new();
    let out = folder.path().join("out");
    write_output(&out, &paper("一")).unwrap();
    // Killed while writing.
    folder.put(".out.sanlian-new/推荐表/半.pdf", b"x");
    folder.put(".out.sanlian-lock", b"");
    write_output(&out, &paper("二")).unwrap();
    assert_eq!(fs::read_to_string(folder.path().join(SHEET)).unwrap(), "二");
    assert_eq!(folder.list().len(), 4);
    // Killed between the two renames: the old folder is put back even if the new one cannot be written.
    fs::rename(&out, folder.path().join(".out.sanlian-old")).unwrap();
    folder.put(".out.sanlian-new/推荐表/半.pdf", b"x");
    let deep = format!("{}/x", vec!["d".repeat(240); 20].join("/"));
    refused(write_output(&out, &files(&[(&deep, "x")])));
    assert_eq!(fs::read_to_string(folder.path().join(SHEET)).unwrap(), "二");
    // Killed before the old folder was removed.
    folder.put(".out.sanlian-old/推荐表/旧.pdf", b"x");
    write_output(&out, &paper("三")).unwrap();
    assert_eq!(folder.list().len(), 4);
}

#[test]
fn two_runs_do_not_write_at_once() {
    let folder = Folder::new();
    let lock = File::create(folder.path().join(".out.sanlian-lock")).unwrap();
    lock.lock().unwrap();
    let out = folder.path().join("out");
    let words = refused(write_output(&out, &paper("一")));
    assert!(words.contains("另一个程序"), "{words}");
    drop(lock);
    write_output(&out, &paper("一")).unwrap();

    let path = folder.path().join("records.json");
    let first = BookFile::open(&path, None).unwrap();
    assert!(matches!(
        BookFile::open(&path, None),
        Err(StoreError::Busy(_))
    ));
    assert_eq!(read_book(&path, None).unwrap(), None);
    drop(first);
    BookFile::open(&path, None).unwrap();
}

#[test]
fn a_book_is_replaced_at_once_and_only_when_it_changed() {
    let folder = Folder::new();
    let path = folder.path().join("records.json");
    let book = Book::new("demo", "示例", "fe81");
    let file = BookFile::open(&path, None).unwrap();
    assert_eq!(file.book(), None);
    file.save(&book).unwrap();
    drop(file);
    assert_eq!(folder.list(), ["records.json"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), book.to_json().unwrap());
    // A remnant of a killed run; and a book that did not change is left alone.
    folder.put("records.json.new", b"{");
    let file = BookFile::open(&path, None).unwrap();
    assert_eq!(file.book(), Some(&book));
    file.save(&book).unwrap();
    assert!(folder.path().join("records.json.new").exists());
    file.save(&Book::new("demo", "虚拟", "fe81")).unwrap();
    drop(file);
    assert_eq!(folder.list(), ["records.json"]);
}

#[test]
fn a_book_that_cannot_be_written_or_read_is_said_and_stands() {
    let folder = Folder::new();
    let path = folder.put("records.json", b"{\"format\": 1");
    assert!(refused(BookFile::open(&path, None)).starts_with("W2"));
    assert!(refused(read_book(&path, None)).starts_with("W2"));
    assert_eq!(fs::read(&path).unwrap(), b"{\"format\": 1");
    fs::remove_file(&path).unwrap();
    let file = BookFile::open(&path, None).unwrap();
    folder.put("records.json.new/x", b"");
    refused(file.save(&Book::new("demo", "示例", "fe81")));
    assert!(!path.exists());
    refused(BookFile::open(&folder.path().join("no/records.json"), None));
    fs::create_dir(folder.path().join("dir.json")).unwrap();
    refused(read_book(&folder.path().join("dir.json"), None));
}

#[test]
fn a_key_is_made_once_and_kept() {
    let folder = Folder::new();
    let keys = folder.path().join("keys");
    let first = open_keys(&keys, "示例市科学技术协会", Algorithm::Ed25519).unwrap();
    assert!(first.made);
    let public = format!("keys/public-{}.pem", first.signing.id());
    assert_eq!(folder.list(), ["keys/", "keys/private.pem", &public]);
    let again = open_keys(&keys, "另一个名称", Algorithm::Ed25519).unwrap();
    assert!(!again.made);
    assert_eq!(again.signing.public_key(), first.signing.public_key());
    assert_eq!(again.trusted.0.len(), 1);
    assert_eq!(again.trusted.0[0].owner(), "示例市科学技术协会");
    // The public half comes back when it was deleted.
    fs::remove_file(folder.path().join(&public)).unwrap();
    open_keys(&keys, "示例", Algorithm::Ed25519).unwrap();
    assert!(folder.path().join(&public).exists());
    // A lost private key is replaced by another, and the old public key stays: old paper verifies.
    fs::remove_file(keys.join("private.pem")).unwrap();
    let second = open_keys(&keys, "示例", Algorithm::Ed25519).unwrap();
    assert!(second.made);
    assert_eq!(second.trusted.0.len(), 2);
    let issue = Issue {
        kind: 1,
        reference: [1; 8],
        version: 1,
        copy: 1,
        copies: 1,
        page: 1,
        pages: 1,
        issued_at: "2021-05-20T08:30:00Z".parse().unwrap(),
        digest: [0; 12],
    };
    let old = sign(&first.signing, &issue).unwrap();
    let (trusted, findings) = read_trusted(&keys).unwrap();
    assert!(matches!(
        verify(&old.digits(), &trusted),
        SignatureCheck::Genuine(_)
    ));
    assert!(findings.is_empty());
}

#[test]
fn a_private_key_that_others_can_read_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let keys = folder.path().join("keys");
    open_keys(&keys, "示例", Algorithm::Ed25519).unwrap();
    let private = keys.join("private.pem");
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&private), 0o600);
    assert_eq!(mode(&keys), 0o700);
    for loose in [0o640, 0o604, 0o660, 0o644] {
        fs::set_permissions(&private, fs::Permissions::from_mode(loose)).unwrap();
        let words = refused(open_keys(&keys, "示例", Algorithm::Ed25519));
        assert!(words.contains(&format!("{loose:04o}")), "{words}");
    }
    fs::set_permissions(&private, fs::Permissions::from_mode(0o400)).unwrap();
    open_keys(&keys, "示例", Algorithm::Ed25519).unwrap();
}

#[test]
fn damaged_keys_are_said_and_never_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let private = folder.put("private.pem", b"-----BEGIN PRIVATE KEY-----\n");
    fs::set_permissions(&private, fs::Permissions::from_mode(0o600)).unwrap();
    refused(open_keys(folder.path(), "示例", Algorithm::Ed25519));
    assert_eq!(
        fs::read(&private).unwrap(),
        b"-----BEGIN PRIVATE KEY-----\n"
    );
    fs::remove_file(&private).unwrap();
    folder.put("public-0000.pem", b"\xff\xfe");
    folder.put("huge.pem", &vec![b'A'; 1 << 20]);
    folder.put("notes.txt", b"x");
    let ring = open_keys(folder.path(), "示例", Algorithm::Ed25519).unwrap();
    assert_eq!(ring.findings.len(), 2);
    assert_eq!(ring.trusted.0.len(), 1);
    assert!(
        read_trusted(&folder.path().join("none"))
            .unwrap()
            .0
            .0
            .is_empty()
    );
    refused(open_keys(
        &folder.path().join("notes.txt"),
        "示例",
        Algorithm::Ed25519,
    ));
}

/// A probe that shows that it was handed the file from its beginning.
fn first_byte(file: &mut File) -> Probe {
    let mut byte = [0];
    match file.read(&mut byte) {
        Ok(1) if byte == [0xff] => Probe::Known("FF"),
        _ => Probe::Unknown,
    }
}

fn read(folder: &Folder, limits: &Limits) -> FolderContents {
    read_submission_folder(folder.path(), limits, first_byte).unwrap()
}

#[test]
fn a_submission_folder_is_read_by_what_files_are_for() {
    let folder = Folder::new();
    folder.put("申报.xlsx", b"PK");
    folder.put("submission.json", b"{}");
    folder.put("推荐工作情况报告.txt", "报告".as_bytes());
    folder.put("photos/张三.jpg", b"\xff\xd8");
    folder.put("photos/张三/1.jpg", b"x");
    folder.put("videos/张三.mp4", b"x");
    folder.put("说明.pdf", b"x");
    folder.put("records.json", b"{}");
    folder.put("records.json.lock", b"");
    folder.put("~$申报.xlsx", b"x");
    folder.put("photos/Thumbs.db", b"x");
    let read = read(&folder, &Limits::default());
    let names = |pairs: &[(String, Vec<u8>)]| {
        let names: Vec<String> = pairs.iter().map(|(n, _)| n.clone()).collect();
        names.join(" ")
    };
    assert_eq!(names(&read.data), "submission.json 申报.xlsx");
    assert_eq!(names(&read.reports), "推荐工作情况报告.txt");
    assert_eq!(read.reports[0].1, "报告".as_bytes());
    let facts: Vec<_> = read
        .files
        .iter()
        .map(|f| (f.path.as_str(), f.usage))
        .collect();
    assert_eq!(
        facts,
        [
            ("photos/张三.jpg", Use::Photo),
            ("photos/张三/1.jpg", Use::Photo),
            ("submission.json", Use::Data),
            ("videos/张三.mp4", Use::Video),
            ("推荐工作情况报告.txt", Use::Report),
            ("申报.xlsx", Use::Data),
            ("说明.pdf", Use::Other),
        ]
    );
    assert_eq!(read.files[0].probe, Probe::Known("FF"));
    assert_eq!(read.files[0].size, 2);
    // SHA-256 of the letter x, by sha256sum.
    let sum: String = read.files[1]
        .sha256
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    assert_eq!(
        sum,
        "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    );
    assert!(read.findings.is_empty());
}

#[test]
fn links_pipes_and_odd_names_are_said_and_passed_over() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new();
    let outside = Folder::new();
    outside.put("secret.jpg", b"x");
    folder.put("photos/张三1.jpg", b"x");
    let link = |to: &std::path::Path, at: &str| {
        std::os::unix::fs::symlink(to, folder.path().join(at)).unwrap()
    };
    link(&outside.path().join("secret.jpg"), "photos/张三2.jpg");
    link(outside.path(), "photos/外");
    link(folder.path(), "photos/圈");
    link(std::path::Path::new("/no/such"), "photos/断.jpg");
    let odd = std::ffi::OsStr::from_bytes(b"photos/\xd5\xc5\xc8\xfd.jpg");
    fs::write(folder.path().join(odd), b"x").unwrap();
    let made = Command::new("mkfifo")
        .arg(folder.path().join("管道.xlsx"))
        .status();
    assert!(made.unwrap().success());
    let read = read(&folder, &Limits::default());
    assert_eq!(read.files.len(), 1);
    assert_eq!(read.findings.len(), 6);
    assert!(
        read.findings
            .iter()
            .all(|f| f.code == "W1" && f.place.file.is_some())
    );
}

#[test]
fn too_large_too_many_and_too_deep_are_said() {
    let folder = Folder::new();
    folder.put("申报.xlsx", &[7; 100]);
    folder.put("photos/张三.jpg", &[7; 101]);
    folder.put("a/b/c/d.txt", b"x");
    let limits = Limits {
        data: 99,
        photo: 101,
        depth: 2,
        ..Limits::default()
    };
    let out = read(&folder, &limits);
    let paths: Vec<_> = out.files.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(paths, ["photos/张三.jpg"]);
    let found: Vec<_> = out
        .findings
        .iter()
        .map(|f| (f.code, f.place.file.as_deref()))
        .collect();
    assert_eq!(found, [("I7", Some("a/b/c")), ("I7", Some("申报.xlsx"))]);
    let few = read(
        &folder,
        &Limits {
            files: 2,
            ..Limits::default()
        },
    );
    assert_eq!(few.files.len(), 2);
    assert_eq!(few.findings.len(), 1);
    assert!(few.findings[0].message.contains("超过 2 个"));
}

#[test]
fn a_folder_that_is_none_is_refused() {
    let folder = Folder::new();
    let file = folder.put("x", b"");
    for path in [file, folder.path().join("none")] {
        let words = refused(read_submission_folder(
            &path,
            &Limits::default(),
            first_byte,
        ));
        assert!(words.starts_with("W1"), "{words}");
    }
}
