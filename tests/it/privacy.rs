//! One person is erased: a search of every file of the data folder and of a backup made afterwards, in every encoding, inside zips and
//! PDF, finds nothing of the person, and everybody else is still there.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use sanlian::intake::blank::filled_workbook;
use sanlian::ooxml::OpcPackage;
use serde_json::Value;

use crate::answers;
use crate::desk::{Desk, neighbour};
use crate::folder::Folder;
use crate::run::{demo, files, ok, sanlian, scratch};
use crate::service::CAMPAIGN;
use crate::tools;
use crate::web::handed_in;

const FIRST: &str = "2021-05-28T03:00:00Z";
const SECOND: &str = "2021-05-29T03:00:00Z";
const ERASED: &str = "2021-05-30T03:00:00Z";

/// Words as files may hold them: UTF-8, and UTF-16 of either end.
struct Forms<'a> {
    words: &'a [String],
    all: Vec<(usize, Vec<u8>)>,
    first: [bool; 256],
}

impl<'a> Forms<'a> {
    fn of(words: &'a [String]) -> Self {
        let mut all = Vec::new();
        for (n, word) in words.iter().enumerate() {
            let units: Vec<u16> = word.encode_utf16().collect();
            all.push((n, word.clone().into_bytes()));
            all.push((n, units.iter().flat_map(|u| u.to_le_bytes()).collect()));
            all.push((n, units.iter().flat_map(|u| u.to_be_bytes()).collect()));
        }
        let mut first = [false; 256];
        for (_, form) in &all {
            first[usize::from(form[0])] = true;
        }
        Self { words, all, first }
    }

    /// The words that a file holds, as somebody would find them who has it in his hands: none of the program's own searching.
    fn held(&self, bytes: &[u8]) -> BTreeSet<String> {
        let mut held = BTreeSet::new();
        for (at, byte) in bytes.iter().enumerate() {
            if self.first[usize::from(*byte)] {
                let here = self
                    .all
                    .iter()
                    .filter(|(_, form)| bytes[at..].starts_with(form));
                held.extend(here.map(|(n, _)| self.words[*n].clone()));
            }
        }
        // all four letters: of sealed bytes, one file in 65,536 begins with the first two by chance
        if bytes.starts_with(b"PK\x03\x04") {
            let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
            for n in 0..zip.len() {
                let mut entry = zip.by_index(n).unwrap();
                let mut inside = Vec::new();
                entry.read_to_end(&mut inside).unwrap();
                let name = entry.name().unwrap().into_owned();
                held.extend(self.held(name.as_bytes()));
                held.extend(self.held(&inside));
            }
        } else if bytes.starts_with(b"%PDF") {
            held.extend(self.held_by_pdf(bytes));
        }
        held
    }

    /// The streams of a PDF blown up, and its text as a reader shows it.
    fn held_by_pdf(&self, bytes: &[u8]) -> BTreeSet<String> {
        let mut held = BTreeSet::new();
        for (at, _) in bytes
            .windows(7)
            .enumerate()
            .filter(|(_, w)| *w == b"stream\n")
        {
            let mut inside = Vec::new();
            let _ = flate2::read::ZlibDecoder::new(&bytes[at + 7..]).read_to_end(&mut inside);
            held.extend(self.held(&inside));
        }
        // of its own: two tests search at the same time
        let folder = Folder::new();
        let file = folder.put("one.pdf", bytes);
        let text = tools::says("pdftotext", &[file.to_str().unwrap(), "-"]);
        let text = text
            .unwrap_or_default()
            .split_whitespace()
            .collect::<String>();
        held.extend(self.words.iter().filter(|w| text.contains(*w)).cloned());
        held
    }
}

/// Files below folders that hold one of the words, or are called after it, with the words.
fn found(folders: &[&Path], words: &[String]) -> Vec<(String, BTreeSet<String>)> {
    let forms = Forms::of(words);
    let mut all = Vec::new();
    for folder in folders {
        let mut all_files = files(folder);
        if folder.join(crate::postgres::POINTER).exists() {
            all_files.extend(crate::postgres::files_of_ledger(folder));
        }
        for (name, bytes) in all_files {
            let mut held = forms.held(&bytes);
            held.extend(forms.held(name.as_bytes()));
            if !held.is_empty() {
                all.push((name, held));
            }
        }
    }
    all
}

/// What is changed in the demo's submission: words by words, and the candidates that are left out.
pub(crate) struct Other<'a> {
    pub(crate) words: &'a [(String, String)],
    pub(crate) without: &'a [usize],
}

/// The demo's campaign, whose pictures are not drawn anew.
fn campaign() -> sanlian::campaign::Campaign {
    let campaigns = sanlian::clerk::Campaigns::open(None).unwrap();
    let mut campaign = campaigns.load(CAMPAIGN).unwrap().0.unwrap();
    campaign.demo = campaign.demo.replace("[photos]", "[drawn-already]");
    campaign
}

/// Writes the demo's submission, otherwise.
pub(crate) fn write_submission(dir: &Path, other: &Other<'_>) {
    let campaign = campaign();
    let mut made = sanlian::demo::submission(&campaign, 20_210_601);
    let all = made.submission.candidates.clone();
    let mut report = made.report_txt.clone();
    let changed = |text: &str| {
        let start = text.to_owned();
        other.words.iter().fold(start, |t, (a, b)| t.replace(a, b))
    };
    let mut gone = Vec::new();
    for n in other.without {
        let name = all[*n].text("name").to_owned();
        // the heading with the name, and the paragraph about the person under it
        let lines: Vec<&str> = report.lines().collect();
        let at = lines.iter().position(|l| l.ends_with(&name)).unwrap();
        let kept = [&lines[..at], &lines[at + 2..]].concat();
        report = kept.join("\n").replace(&format!("、{name}"), "") + "\n";
        gone.push(name);
    }
    made.submission
        .candidates
        .retain(|c| !gone.iter().any(|g| g == c.text("name")));
    let _ = std::fs::remove_dir_all(dir.join("photos"));
    std::fs::create_dir_all(dir.join("photos")).unwrap();
    let marker = format!("campaign = \"{CAMPAIGN}\"\n");
    std::fs::write(dir.join("sanlian.toml"), marker).unwrap();
    let book = filled_workbook(&campaign, &made.submission).unwrap();
    let mut book = OpcPackage::read(&book).unwrap();
    answers::edit(&mut book, |text| changed(text));
    std::fs::write(dir.join("填报工作簿.xlsx"), book.write().unwrap()).unwrap();
    std::fs::write(dir.join("报告.txt"), changed(&report)).unwrap();
    for (path, bytes) in files(&demo().join("out/submission/photos")) {
        if !gone.iter().any(|g| path.contains(g)) {
            std::fs::write(dir.join("photos").join(changed(&path)), bytes).unwrap();
        }
    }
}

/// Name, id number, telephone numbers and address of each candidate of the demo.
pub(crate) fn people() -> Vec<Vec<String>> {
    let made = sanlian::demo::submission(&campaign(), 20_210_601);
    let words = |c: &sanlian::record::Entry| {
        ["name", "id_no", "mobile", "phone", "email"]
            .map(|k| c.text(k).to_owned())
            .to_vec()
    };
    made.submission.candidates.iter().map(words).collect()
}

/// The same people as another unit has them: others.
pub(crate) fn elsewhere() -> Vec<(String, String)> {
    let mut words = vec![(
        "示例市科学技术协会".to_owned(),
        "样例市科学技术协会".to_owned(),
    )];
    let names = ["司马𬭸", "艾合买提·样例", "赵样例"];
    for (person, name) in people().iter().zip(names) {
        words.push((person[0].clone(), name.to_owned()));
        words.push((person[1].clone(), neighbour(&person[1])));
        words.push((
            person[2].clone(),
            person[2].replace("140000000", "140000001"),
        ));
        words.push((person[3].clone(), person[3].replace("-000000", "-100000")));
        words.push((person[4].clone(), person[4].replace(".org", ".net")));
    }
    words
}

fn said(output: &std::process::Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

fn done(output: &std::process::Output) -> String {
    assert!(output.status.success(), "{}", said(output));
    said(output)
}

/// A unit far away that sends packages.
pub(crate) struct Far {
    dir: PathBuf,
}

impl Far {
    pub(crate) fn new(name: &str, desk: &Desk) -> Self {
        let far = Self { dir: scratch(name) };
        far.pack("one.zip", FIRST, &[]);
        let keys = std::fs::read_dir(far.dir.join("keys")).unwrap();
        let mut keys = keys.map(|e| e.unwrap().path());
        let pem = keys
            .find(|p| p.to_string_lossy().contains("public-"))
            .unwrap();
        ok(&[
            "key",
            "trust",
            pem.to_str().unwrap(),
            "--keys",
            &desk.path("keys"),
        ]);
        far
    }

    pub(crate) fn pack(&self, file: &str, at: &str, without: &[usize]) -> String {
        let path = |name: &str| self.dir.join(name).to_str().unwrap().to_owned();
        let words = elsewhere();
        let other = Other {
            words: &words,
            without,
        };
        write_submission(&self.dir.join("submission"), &other);
        let out = path(file);
        let (from, keys, data) = (path("submission"), path("keys"), path("data"));
        let args = ["--keys", &keys, "--data", &data, "--now", at];
        ok(&[&["pack", &from, "--out", &out], &args[..]].concat());
        out
    }
}

/// The reference of the record of a name.
fn reference(desk: &Desk, name: &str) -> String {
    let found = done(&desk.run(&["find", name, "--json"], ""));
    let found: Value = serde_json::from_str(found.split("找到").next().unwrap()).unwrap();
    found[0]["record"].as_str().unwrap().to_owned()
}

fn erase(desk: &Desk, record: &str) -> std::process::Output {
    let args = ["erase", "--record", record, "--yes", "--now", ERASED];
    desk.run(&[&args[..], &["--reason", "本人要求"]].concat(), "")
}

#[test]
fn one_person_of_each_of_two_units_is_erased_and_nothing_of_them_is_found() {
    let (service, mut admin, mut secretary) = handed_in("privacy-erase");
    let desk = Desk {
        dir: service.dir.clone(),
    };
    let data = desk.dir.join("data");
    let (here, there) = (people(), elsewhere());
    let far_people: Vec<Vec<String>> = here
        .iter()
        .map(|p| {
            p.iter()
                .map(|w| {
                    there
                        .iter()
                        .fold(w.clone(), |t, (a, b)| if t == *a { b.clone() } else { t })
                })
                .collect()
        })
        .collect();
    let far = Far::new("privacy-far", &desk);
    let package = far.pack("one.zip", FIRST, &[]);
    done(&desk.run(&["receive", "package", &package, "--now", FIRST], ""));
    let (gone_here, gone_there) = (&here[2], &far_people[1]);
    // scans that nobody could read, called after people; lines that were typed into the wrong window
    let scans = scratch("privacy-scans");
    for (n, name) in [&gone_here[0], &gone_there[0], &here[0][0]]
        .into_iter()
        .enumerate()
    {
        let luma: Vec<u8> = (0..160 * 120)
            .map(|i| if i / 160 % 12 < 3 + n { 30 } else { 235 })
            .collect();
        let path = scans.join(format!("{name}-推荐表.png"));
        std::fs::write(path, crate::scan_files::png(160, 120, &luma)).unwrap();
    }
    let shots = scans.to_str().unwrap();
    assert_eq!(
        desk.run(&["receive", "scan", shots, "--now", FIRST], "")
            .status
            .code(),
        Some(1)
    );
    let typed: String = [gone_here, gone_there]
        .iter()
        .flat_map(|p| p.iter())
        .map(|w| format!("{w}\n"))
        .collect();
    desk.receive(&typed, &[]);
    // a void whose reason names a person, and the answer that then repeats it
    let (record_here, record_there) = (
        reference(&desk, &gone_here[0]),
        reference(&desk, &gone_there[0]),
    );
    let reason = format!("{}的印章盖错，电话 {}", gone_there[0], gone_there[2]);
    let other = reference(&desk, &here[0][0]);
    for record in [&record_there, &other] {
        done(&desk.run(&["void", record, "--reason", &reason, "--now", FIRST], ""));
    }
    let marks = crate::web::marks(&service);
    let voided = marks.iter().find(|m| m["record"] == *other).unwrap();
    let answers = desk.receive(&crate::desk::digits(std::slice::from_ref(voided)), &[]);
    let told = answers[0]["reason"].as_str().unwrap();
    let name = gone_there[0].as_str();
    assert!(told.contains(&format!("{name}的印章盖错")), "{told}");
    assert!(!told.contains(gone_there[2].as_str()), "{told}");
    // everything is there, in more than one place
    let both: Vec<String> = gone_here.iter().chain(gone_there).cloned().collect();
    let held: BTreeSet<String> = found(&[&data], &both)
        .into_iter()
        .flat_map(|(_, w)| w)
        .collect();
    // a number that was typed with a reason is in clear nowhere, not even now
    assert!(!held.contains(&gone_there[2]), "{held:?}");
    for word in gone_here.iter().chain([&gone_there[0]]) {
        assert!(
            held.contains(word),
            "{word}: the search itself finds nothing"
        );
    }
    let held = done(&desk.run(&["find", "--all", &gone_here[1]], ""));
    for kind in ["台账记录", "台账文字", "单位文件夹", "扫描图像"] {
        assert!(held.contains(kind), "{kind}: {held}");
    }
    let held = done(&desk.run(&["find", "--all", &gone_there[0]], ""));
    for kind in [
        "作废原因",
        "收件时的答复",
        "报送包中本人的文件",
        "报送包中提到本人的文件",
    ] {
        assert!(held.contains(kind), "{kind}: {held}");
    }
    assert!(!held.contains(&gone_there[0]), "shown veiled: {held}");
    // while they stand in the submission they are not erased
    assert!(said(&erase(&desk, &record_here)).contains("还在单位的材料中"));
    // both units take their person out
    let newer = far.pack("two.zip", SECOND, &[1]);
    done(&desk.run(&["receive", "package", &newer, "--now", SECOND], ""));
    let without = scratch("privacy-without");
    let words = Vec::new();
    write_submission(
        &without,
        &Other {
            words: &words,
            without: &[2],
        },
    );
    let book = std::fs::read(without.join("填报工作簿.xlsx")).unwrap();
    secretary.get("/own");
    assert_eq!(
        secretary
            .upload("/own/files", &[("填报工作簿.xlsx", &book)])
            .status,
        303
    );
    secretary.get("/own/preview");
    assert_eq!(secretary.post("/own/submit", &[]).status, 200);
    // the report of the unit here still tells of the person
    let refused = said(&erase(&desk, &record_here));
    assert!(
        refused.contains("还写有这个人") && refused.contains("没有删除"),
        "{refused}"
    );
    let report = std::fs::read(without.join("报告.txt")).unwrap();
    secretary.get("/own");
    assert_eq!(
        secretary
            .upload("/own/files", &[("报告.txt", &report)])
            .status,
        303
    );
    secretary.get("/own/preview");
    let sent = secretary.post("/own/submit", &[]);
    assert!(
        sent.status == 200 && sent.text.contains("推荐工作情况报告"),
        "{}",
        sent.text
    );
    assert!(sent.text.contains("版本2"), "{}", sent.text);
    // a reason that names the person would stay in the log for ever
    let named = format!("{}要求", gone_here[0]);
    let args = [
        "erase",
        "--record",
        &record_here,
        "--yes",
        "--reason",
        &named,
    ];
    assert!(said(&desk.run(&args, "")).contains("请改写原因"));
    let told = done(&erase(&desk, &record_here));
    assert!(
        told.contains("命名的") && !told.contains("还留有"),
        "{told}"
    );
    let told = done(&erase(&desk, &record_there));
    assert!(
        told.contains("单位不必重报") && !told.contains("还留有"),
        "{told}"
    );
    // nothing of them is found, in what is there and in what is carried away from now on
    done(&desk.run(&["backup", "--out", &desk.path("backup")], ""));
    admin.get("/admin/backups");
    assert_eq!(admin.post("/admin/backups", &[]).status, 200);
    let backup = desk.dir.join("backup");
    assert_eq!(found(&[&data, &backup], &both), Vec::new());
    for word in [&gone_here[1], &gone_there[0]] {
        let all = desk.run(&["find", "--all", word], "");
        assert_eq!(all.status.code(), Some(1), "{}", said(&all));
    }
    // everybody else is
    for person in [&here[0], &here[1], &far_people[0], &far_people[2]] {
        let shown = done(&desk.run(&["find", &person[1]], ""));
        assert!(shown.contains(&person[0]), "{shown}");
    }
    assert!(!found(&[&data.join("units")], &here[0]).is_empty());
    let sql = "SELECT count(*) FROM entry WHERE record IS NULL AND role = 'form'";
    let forms: Vec<i64> = crate::orphans::column(&data.join("ledger.db"), sql);
    assert!(forms[0] > 0, "the newest package is whole");
    done(&desk.run(&["audit", "verify"], ""));
    assert!(
        sanlian(&[
            "restore",
            &desk.path("backup"),
            "--data",
            &desk.path("again"),
            "--keys",
            &desk.path("keys")
        ])
        .status
        .success()
    );
}

/// The rows of the tables of places in `docs/OPERATIONS.md`: the place, how it is kept.
fn table(language: &str) -> Vec<(String, String)> {
    let told = include_str!("../../docs/OPERATIONS.md");
    let mut rows = Vec::new();
    let at = told.find(language).unwrap();
    for line in told[at..]
        .lines()
        .skip(2)
        .take_while(|l| l.starts_with('|'))
    {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        rows.push((cells[1].trim_matches('`').to_owned(), cells[3].to_owned()));
    }
    rows
}

#[test]
fn personal_data_lie_where_the_documents_say() {
    let (service, mut admin, _) = handed_in("privacy-places");
    let desk = Desk {
        dir: service.dir.clone(),
    };
    let data = desk.dir.join("data");
    let far = Far::new("privacy-places-far", &desk);
    let package = far.pack("one.zip", FIRST, &[]);
    done(&desk.run(&["receive", "package", &package, "--now", FIRST], ""));
    let page = crate::receive_scan::unmarked(&scratch("privacy-places-scan"));
    let page = page.to_str().unwrap();
    assert_eq!(
        desk.run(&["receive", "scan", page, "--now", FIRST], "")
            .status
            .code(),
        Some(1)
    );
    admin.get("/admin/backups");
    assert_eq!(admin.post("/admin/backups", &[]).status, 200);
    let (chinese, english) = (table("| 位置 | 有什么"), table("| place | what"));
    let places: Vec<&String> = chinese.iter().map(|(place, _)| place).collect();
    assert_eq!(
        places,
        english.iter().map(|(place, _)| place).collect::<Vec<_>>()
    );
    assert!(places.len() >= 6, "{places:?}");
    // nothing lies there that the table does not tell of
    for entry in std::fs::read_dir(&data).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let told = places.iter().any(|p| p.trim_end_matches('/') == name);
        let beside = name.starts_with("ledger.") && places.iter().any(|p| *p == "ledger.db");
        assert!(
            told || beside,
            "{name} is not in the table of docs/OPERATIONS.md"
        );
    }
    // what is called sealed tells nothing, what is called clear is
    let personal: Vec<String> = people().into_iter().flatten().collect();
    let is = |place: &str, word: &str| {
        chinese
            .iter()
            .any(|(p, how)| p == place && how.starts_with(word))
    };
    assert!(is("objects/", "密封") && is("units/", "明文") && is("ledger.db", "密封"));
    assert_eq!(found(&[&data.join("objects")], &personal), Vec::new());
    assert!(found(&[&data.join("units")], &personal).len() > 3);
    // of the ledger what the table calls clear is, and nothing more: names, and no numbers
    let names: Vec<String> = people().iter().map(|p| p[0].clone()).collect();
    let numbers: Vec<String> = people().iter().flat_map(|p| p[1..].to_vec()).collect();
    let ledger = scratch("privacy-places-ledger");
    for (name, bytes) in crate::postgres::files_of_ledger(&data) {
        std::fs::write(ledger.join(name.replace('/', "-")), bytes).unwrap();
    }
    assert_eq!(found(&[&ledger], &numbers), Vec::new());
    assert!(!found(&[&ledger], &names).is_empty());
    #[cfg(unix)]
    for place in ["", "objects", "units", "backups", "incoming"] {
        closed(&data.join(place), !place.is_empty());
    }
}

/// A folder is its owner's alone, and so are all files in it.
#[cfg(unix)]
fn closed(path: &Path, files_too: bool) {
    use std::os::unix::fs::PermissionsExt;
    let Ok(facts) = std::fs::metadata(path) else {
        return;
    };
    let mode = facts.permissions().mode() & 0o777;
    assert_eq!(mode & 0o077, 0, "{}: {mode:o}", path.display());
    if facts.is_dir() && files_too {
        for entry in std::fs::read_dir(path).unwrap() {
            closed(&entry.unwrap().path(), true);
        }
    }
}

#[cfg(unix)]
#[test]
fn what_lay_open_is_closed_when_the_service_starts() {
    use std::os::unix::fs::PermissionsExt;
    let dir = scratch("privacy-open");
    let open = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let unit = dir.join("data/units/7/submission");
    std::fs::create_dir_all(&unit).unwrap();
    std::fs::write(unit.join("填报工作簿.xlsx"), "old").unwrap();
    std::fs::write(unit.join("records.json.new"), "half").unwrap();
    for folder in [".paper.sanlian-new", "incoming"] {
        std::fs::create_dir_all(dir.join("data/units/7").join(folder)).unwrap();
        std::fs::write(
            dir.join("data/units/7").join(folder).join("half.pdf"),
            "half",
        )
        .unwrap();
    }
    std::fs::create_dir_all(dir.join("data/incoming")).unwrap();
    std::fs::write(dir.join("data/incoming/export-1.zip"), "a copy").unwrap();
    std::fs::create_dir_all(dir.join("data/backups/.verify-1/units")).unwrap();
    for path in [&dir.join("data"), &unit, &unit.join("填报工作簿.xlsx")] {
        open(path, 0o755);
    }
    let service = crate::service::Service::start_in(dir.clone(), &["--now", FIRST]);
    closed(&dir.join("data"), false);
    for place in ["units", "incoming", "backups"] {
        closed(&dir.join("data").join(place), true);
    }
    let left: Vec<String> = files(&dir.join("data"))
        .into_keys()
        .filter(|n| !n.starts_with("ledger") && n != crate::postgres::POINTER)
        .collect();
    assert_eq!(left, ["units/7/submission/填报工作簿.xlsx"]);
    assert!(!dir.join("data/backups/.verify-1").exists());
    drop(service);
}
