//! Packages at the receiving desk: enrolled once, newer ones as new versions, older ones and strangers refused.

use std::process::Output;

use serde_json::Value;

use sanlian::ooxml::OpcPackage;

use crate::desk::{Desk, digits, verdicts};
use crate::media_video::{UPRIGHT, film};
use crate::run::{copy_tree, ok, sanlian, scratch};

const LATER: &str = "2021-05-29T01:02:03Z";

/// A unit with its own keys and ledger, and a desk that trusts it.
pub(crate) struct Two {
    pub(crate) unit: Desk,
    pub(crate) desk: Desk,
}

impl Two {
    pub(crate) fn new(name: &str) -> Self {
        let unit = Desk::new(name);
        let desk = Desk {
            dir: scratch(&format!("{name}-desk")),
        };
        let two = Self { unit, desk };
        ok(&[
            "init",
            "--data",
            &two.desk.path("data"),
            "--keys",
            &two.desk.path("keys"),
        ]);
        let pem = std::fs::read_dir(two.unit.dir.join("keys"))
            .unwrap()
            .map(|e| e.unwrap().path())
            .find(|p| {
                p.file_name()
                    .unwrap()
                    .to_string_lossy()
                    .starts_with("public-")
            })
            .unwrap();
        ok(&[
            "key",
            "trust",
            pem.to_str().unwrap(),
            "--keys",
            &two.desk.path("keys"),
        ]);
        two
    }

    pub(crate) fn pack(&self, name: &str) -> String {
        let out = self.unit.path(name);
        ok(&[
            "pack",
            &self.unit.path("submission"),
            "--out",
            &out,
            "--keys",
            &self.unit.path("keys"),
            "--data",
            &self.unit.path("data"),
            "--now",
            LATER,
        ]);
        out
    }

    pub(crate) fn receive(&self, files: &[&str]) -> (Output, Vec<Value>) {
        let args = [&["receive", "package", "--json", "--now", LATER], files].concat();
        let output = self.desk.run(&args, "");
        let text = String::from_utf8(output.stdout.clone()).unwrap();
        let lines = text.lines().map(|l| serde_json::from_str(l).unwrap());
        let lines = lines.collect();
        (output, lines)
    }
}

#[test]
fn a_package_and_then_its_paper_are_received() {
    let two = Two::new("package-received");
    let file = two.pack("one.zip");
    let marks = two.unit.marks("paper", None);
    // the paper came first: the desk does not know the record yet
    assert_eq!(
        verdicts(&two.desk.receive(&digits(&marks[..1]), &[])),
        ["foreign"]
    );
    let (output, lines) = two.receive(&[&file]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(lines[0]["received"], true);
    assert_eq!(lines[0]["unit"], "示例市科学技术协会");
    assert_eq!(lines[0]["added"].as_array().unwrap().len(), 6);
    // the page that came first counts now
    assert!(
        verdicts(&two.desk.receive(&digits(&marks[1..]), &[]))
            .iter()
            .all(|v| *v == "match")
    );
    assert_eq!(two.desk.board(LATER)["complete"], true);
    // again: harmless
    let (output, lines) = two.receive(&[&file, &file]);
    assert!(output.status.success());
    assert!(lines.iter().all(|l| l["again"] == true), "{lines:?}");
    let list = two.desk.run(&["missing", "--now", LATER, "--phones"], "");
    assert!(list.status.success(), "nothing is missing");
}

#[test]
fn videos_that_were_left_out_are_owed_until_a_package_has_them() {
    let two = Two::new("package-owed");
    let videos = two.unit.dir.join("submission/videos");
    std::fs::create_dir_all(&videos).unwrap();
    let name = "健康卫士王示例.mp4";
    std::fs::write(videos.join(name), film(0, UPRIGHT)).unwrap();
    let pack = |out: &str, more: &[&str]| {
        let out = two.unit.path(out);
        let (submission, keys, data) = (
            two.unit.path("submission"),
            two.unit.path("keys"),
            two.unit.path("data"),
        );
        let args = [
            "pack",
            &submission,
            "--out",
            &out,
            "--keys",
            &keys,
            "--data",
            &data,
        ];
        ok(&[&args[..], &["--now", LATER], more].concat());
        out
    };
    let without = pack("without.zip", &["--no-videos"]);
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&without).unwrap()).unwrap();
    let manifest: Value = serde_json::from_reader(zip.by_name("package.json").unwrap()).unwrap();
    assert_eq!(manifest["format"], 2);
    assert_eq!(manifest["owed"][0]["original"], format!("videos/{name}"));
    let (output, _) = two.receive(&[&without]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let missing = |two: &Two| {
        let board = two.desk.board(LATER);
        let missing = board["missing"].as_array().unwrap();
        missing
            .iter()
            .filter(|m| m.as_str().unwrap().contains(name))
            .count()
    };
    assert_eq!(missing(&two), 1, "{}", two.desk.board(LATER));
    let list = two.desk.run(&["missing", "--now", LATER], "");
    assert!(String::from_utf8_lossy(&list.stdout).contains(name));
    two.receive(&[&pack("with.zip", &[])]);
    assert_eq!(missing(&two), 0);
}

/// Calls the second candidate by the third one's name, and links the rows of both by their id numbers.
fn two_of_one_name(path: &std::path::Path) {
    let mut book = OpcPackage::read(&std::fs::read(path).unwrap()).unwrap();
    let shared = book.text("xl/sharedStrings.xml").unwrap().to_owned();
    let number = |text: &str| {
        let at = shared.find(&format!(">{text}</t>")).unwrap();
        shared[..at].matches("<si>").count() - 1
    };
    let cell = |text: &str| format!("t=\"s\"><v>{}</v>", number(text));
    let (second, third) = (cell("阿卜杜拉·示例"), cell("王示例"));
    let sheets: Vec<String> = book.names().map(str::to_owned).collect();
    for sheet in sheets
        .iter()
        .filter(|name| name.starts_with("xl/worksheets/sheet"))
    {
        let text = book.text(sheet).unwrap();
        // the sheet of candidates has both names and the id numbers themselves
        let new = if text.contains(&cell("139900199202290139")) {
            text.replace(&second, &third)
        } else {
            text.replace(&second, &cell("139900199202290139"))
                .replace(&third, &cell("139900197909300020"))
        };
        book.put(sheet, new);
    }
    std::fs::write(path, book.write().unwrap()).unwrap();
}

#[test]
fn namesakes_go_from_check_to_the_desk_with_their_own_photos() {
    let two = Two::new("package-namesakes");
    let submission = two.unit.dir.join("submission");
    two_of_one_name(&submission.join("填报工作簿.xlsx"));
    let photos = submission.join("photos");
    let rename = |from: &str, to: &str| {
        std::fs::rename(photos.join(from), photos.join(to)).unwrap();
    };
    let check = || sanlian(&["check", submission.to_str().unwrap(), "--now", LATER]);
    let told = String::from_utf8_lossy(&check().stdout).into_owned();
    assert!(told.contains("分不清是谁的"), "{told}");
    rename("阿卜杜拉·示例.jpg", "王示例0139.jpg");
    for n in 1..=3 {
        rename(
            &format!("阿卜杜拉·示例{n}.jpg"),
            &format!("王示例0139-{n}.jpg"),
        );
    }
    rename("王示例.jpg", "王示例-虚拟人民医院.jpg");
    std::fs::create_dir(photos.join("王示例（女）")).unwrap();
    for n in 1..=5 {
        rename(&format!("王示例{n}.jpg"), &format!("王示例（女）/{n}.jpg"));
    }
    let told = check();
    assert!(
        told.status.success(),
        "{}",
        String::from_utf8_lossy(&told.stdout)
    );
    let bytes = |name: &str| std::fs::read(photos.join(name)).unwrap();
    let package = two.pack("namesakes.zip");
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&package).unwrap()).unwrap();
    for (inside, outside) in [
        ("附件/02王示例/照片/王示例.jpg", "王示例0139.jpg"),
        ("附件/02王示例/照片/王示例3.jpg", "王示例0139-3.jpg"),
        ("附件/03王示例/照片/王示例.jpg", "王示例-虚拟人民医院.jpg"),
        ("附件/03王示例/照片/王示例5.jpg", "王示例（女）/5.jpg"),
    ] {
        let mut packed = Vec::new();
        std::io::Read::read_to_end(&mut zip.by_name(inside).unwrap(), &mut packed).unwrap();
        assert!(packed == bytes(outside), "{inside}");
    }
    let (output, lines) = two.receive(&[&package]);
    assert!(output.status.success(), "{lines:?}");
}

#[test]
fn a_newer_package_is_a_new_version_and_the_older_one_is_then_refused() {
    let two = Two::new("package-newer");
    let first = two.pack("one.zip");
    two.unit.correct("副总工程师", "总工程师");
    two.unit.make("paper2", LATER);
    let second = two.pack("two.zip");
    let (output, lines) = two.receive(&[&second]);
    assert!(output.status.success());
    assert!(lines[0]["added"].to_string().contains("版本2"), "{lines:?}");
    let (output, lines) = two.receive(&[&first]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(lines[0]["received"], false);
    let findings = lines[0]["findings"].to_string();
    assert!(findings.contains("台账已是版本2，这个包较旧"), "{findings}");
    // what the older paper differs in is known to the desk, though it came with the newer package only
    let old = two.unit.marks("paper", Some("recommendation"));
    let answers = two.desk.receive(&digits(&old[..1]), &[]);
    assert_eq!(verdicts(&answers), ["stale"]);
    assert!(!answers[0]["differences"].as_array().unwrap().is_empty());
}

#[test]
fn what_the_unit_voided_is_void_at_the_desk() {
    let two = Two::new("package-void");
    let old = two.unit.marks("paper", Some("recommendation"));
    let record = old[0]["record"].as_str().unwrap();
    let done = two.unit.run(
        &["void", record, "--reason", "印章盖错", "--now", LATER],
        "",
    );
    assert!(done.status.success());
    two.unit.make("paper2", LATER);
    let file = two.pack("one.zip");
    assert!(two.receive(&[&file]).0.status.success());
    let new = two.unit.marks("paper2", Some("recommendation"));
    let answers = two
        .desk
        .receive(&digits(&[old[0].clone(), new[0].clone()]), &[]);
    assert_eq!(verdicts(&answers), ["void", "match"]);
}

#[test]
fn a_stranger_and_a_damaged_package_change_nothing() {
    let two = Two::new("package-refused");
    let file = two.pack("one.zip");
    let stranger = Desk {
        dir: scratch("package-refused-stranger"),
    };
    copy_tree(
        &two.unit.dir.join("submission"),
        &stranger.dir.join("submission"),
    );
    std::fs::remove_file(stranger.dir.join("submission/records.json")).unwrap();
    let strange = stranger.path("strange.zip");
    ok(&[
        "pack",
        &stranger.path("submission"),
        "--out",
        &strange,
        "--keys",
        &stranger.path("keys"),
        "--now",
        LATER,
    ]);
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let flipped = two.unit.path("flipped.zip");
    std::fs::write(&flipped, &bytes).unwrap();
    let short = two.unit.path("short.zip");
    std::fs::write(&short, &bytes[..middle]).unwrap();
    let (output, lines) = two.receive(&[&strange, &flipped, &short]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(lines.len(), 3);
    for line in &lines {
        assert_eq!(line["received"], false);
        let findings = line["findings"].as_array().unwrap();
        assert!(!findings.is_empty());
        assert!(findings.iter().all(|f| f["hint"] != ""), "{findings:?}");
    }
    let status = two.desk.run(&["status", "--json"], "");
    assert_eq!(String::from_utf8_lossy(&status.stdout).trim(), "[]");
    let wrong = two.desk.run(
        &[
            "receive",
            "package",
            "--campaign",
            "quanguo-zuimei-2022",
            &file,
        ],
        "",
    );
    assert_eq!(wrong.status.code(), Some(1));
    let none = two.desk.run(&["receive", "package", "没有.zip"], "");
    assert_eq!(none.status.code(), Some(2));
}

#[test]
fn a_key_that_signs_for_another_unit_is_said() {
    let two = Two::new("package-other-unit");
    let file = two.pack("one.zip");
    let pem = two.unit.path("unit.pem");
    ok(&[
        "key",
        "export",
        "--out",
        &pem,
        "--keys",
        &two.unit.path("keys"),
    ]);
    let owner = |name: &str| {
        let keys = two.desk.path("keys");
        ok(&["key", "trust", &pem, "--owner", name, "--keys", &keys]);
    };
    owner("示例学会");
    let (output, lines) = two.receive(&[&file]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(lines[0]["received"], false);
    assert_eq!(lines[0]["findings"][0]["code"], "B12");
    assert_eq!(two.desk.run(&["status", "--json"], "").stdout, b"[]\n");
    let message = lines[0]["findings"][0]["message"].as_str().unwrap();
    assert!(message.contains("示例市科学技术协会") && message.contains("示例学会"));
    owner("示例市科学技术协会");
    let (_, lines) = two.receive(&[&file]);
    assert_eq!(lines[0]["findings"].as_array().unwrap().len(), 0);
}

#[test]
fn after_the_unit_changed_its_key_the_desk_wants_both() {
    let two = Two::new("package-new-key");
    let keys = two.unit.path("keys");
    ok(&[
        "key",
        "new",
        "--now",
        "2021-05-28T12:00:00Z",
        "--keys",
        &keys,
    ]);
    let file = two.pack("one.zip");
    let (output, lines) = two.receive(&[&file]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(lines[0]["findings"][0]["code"], "B6");
    let pem = two.unit.path("unit.pem");
    ok(&["key", "export", "--out", &pem, "--keys", &keys]);
    ok(&["key", "trust", &pem, "--keys", &two.desk.path("keys")]);
    let (output, lines) = two.receive(&[&file]);
    assert!(output.status.success(), "{lines:?}");
    // paper printed under the old key belongs to the same records
    let marks = two.unit.marks("paper", None);
    let answers = two.desk.receive(&digits(&marks), &[]);
    assert!(
        verdicts(&answers).iter().all(|v| *v == "match"),
        "{answers:?}"
    );
}
