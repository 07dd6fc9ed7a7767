//! Works in new media: a row for each, with an address or with files in the folder 作品. What is missing, left over, mistyped or named twice is
//! told at its cell; what is there goes into the record, the package, the desk's ledger and a gathering.
//! 「或借助新媒体平台制作成动漫、微视频、H5、VR、图说等形式」

use std::collections::BTreeMap;
use std::io::Cursor;

use sanlian::campaign::{Campaign, builtin, load};
use sanlian::check::check;
use sanlian::finding::{Finding, Severity};
use sanlian::intake::blank::{blank_workbook, filled_workbook};
use sanlian::intake::{self, SourceFile};
use sanlian::media;
use sanlian::ooxml::OpcPackage;
use sanlian::record::{Attachment, Submission, Use, Value, works};
use sanlian::text::url::{UrlFault, canonical_url, url_fault};

use crate::media_video::{UPRIGHT, film};
use crate::receive_package::Two;
use crate::run::{files, ok, sanlian};

pub(crate) fn hebei() -> Campaign {
    let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021");
    load(&source.unwrap()).0.unwrap()
}

/// A row of the sheet: whose, title, address, file.
type Row<'a> = (&'a str, &'a str, &'a str, &'a str);

pub(crate) fn people() -> Submission {
    let mut all = Submission::default();
    for (name, id_no) in [
        ("王示例", "139900198001010013"),
        ("欧阳示例", "139900197909300020"),
        ("张示例", "139900198502140015"),
    ] {
        let mut entry = sanlian::record::Entry::default();
        entry.set("name", name);
        entry.set("id_no", id_no);
        all.candidates.push(entry);
    }
    all
}

pub(crate) fn with_works(mut all: Submission, rows: &[Row<'_>]) -> Submission {
    for candidate in &mut all.candidates {
        let name = candidate.text("name").to_owned();
        let own = rows.iter().filter(|row| row.0 == name);
        let rows = own.map(|(_, title, url, file)| {
            let cells = [
                ("title", *title),
                ("kind", "微视频"),
                ("url", *url),
                ("file", *file),
            ];
            let cells = cells.into_iter().filter(|(_, text)| !text.is_empty());
            cells
                .map(|(key, text)| (key.to_owned(), text.to_owned()))
                .collect::<BTreeMap<_, _>>()
        });
        let rows: Vec<_> = rows.collect();
        if !rows.is_empty() {
            candidate
                .values
                .insert("works".to_owned(), Value::Rows(rows));
        }
    }
    all
}

fn attachment(path: &str, bytes: &[u8]) -> Attachment {
    Attachment {
        path: path.to_owned(),
        usage: if path.starts_with("videos/") {
            Use::Video
        } else {
            Use::Other
        },
        size: bytes.len() as u64,
        sha256: [path.len() as u8; 32],
        probe: media::probe(&mut Cursor::new(bytes)),
    }
}

/// What is found about works in a workbook with these rows beside these files.
fn found(rows: &[Row<'_>], paths: &[&str]) -> (Submission, Vec<Finding>) {
    let campaign = hebei();
    let bytes = filled_workbook(&campaign, &with_works(people(), rows)).unwrap();
    let book = SourceFile {
        path: "填报工作簿.xlsx".to_owned(),
        bytes,
    };
    let files = paths
        .iter()
        .map(|path| attachment(path, b"content of a file"))
        .collect();
    let (submission, mut findings) = intake::read(&campaign, &[book], None, files);
    findings.extend(check(&campaign, &submission, None));
    let of_works = |f: &Finding| {
        let sheet = f.place.sheet.as_deref() == Some("作品");
        sheet || ["M15", "F18"].contains(&f.code) || f.message.contains("作品")
    };
    findings.retain(of_works);
    (submission, findings)
}

/// Weight, code, cell or file, and some words.
type Told<'a> = (Severity, &'a str, &'a str, &'a str);

#[track_caller]
fn tells(rows: &[Row<'_>], paths: &[&str], wanted: &[Told<'_>]) {
    let (_, findings) = found(rows, paths);
    assert_eq!(findings.len(), wanted.len(), "{rows:?}: {findings:#?}");
    for (severity, code, place, words) in wanted {
        let fits = |f: &&Finding| {
            let at = f.place.cell.as_deref().or(f.place.file.as_deref());
            let said = format!("{}{}", f.message, f.hint);
            f.severity == *severity && f.code == *code && at == Some(*place) && said.contains(words)
        };
        assert!(findings.iter().any(|f| fits(&f)), "{words}: {findings:#?}");
    }
    for f in &findings {
        assert!(f.message.ends_with('。') && f.hint.ends_with('。'), "{f:?}");
    }
}

use Severity::{Error, Info, Warning};

#[test]
fn no_works_is_no_finding_with_and_without_the_sheet() {
    tells(&[], &[], &[]);
    let campaign = hebei();
    let bytes = blank_workbook(&campaign, None, None).unwrap();
    let mut package = OpcPackage::read(&bytes).unwrap();
    let workbook = package.text("xl/workbook.xml").unwrap().to_owned();
    assert!(workbook.contains("name=\"作品\""));
    package.put(
        "xl/workbook.xml",
        workbook.replace("name=\"作品\"", "name=\"附注\""),
    );
    let book = SourceFile {
        path: "填报工作簿.xlsx".to_owned(),
        bytes: package.write().unwrap(),
    };
    let (_, findings) = intake::read(&campaign, &[book], None, Vec::new());
    assert!(
        !findings.iter().any(|f| f.message.contains("“作品”表")),
        "{findings:?}"
    );
}

#[test]
fn a_work_needs_an_address_or_a_file_that_is_there() {
    tells(
        &[("王示例", "短片", "", "短片.mp4")],
        &["作品/短片.mp4"],
        &[],
    );
    tells(&[("王示例", "短片", "https://example.org/1", "")], &[], &[]);
    tells(
        &[("王示例", "短片", "", "")],
        &[],
        &[(Error, "M15", "F3", "没有链接，也没有文件")],
    );
    tells(
        &[("王示例", "短片", "无", "无")],
        &[],
        &[(Error, "M15", "F3", "没有链接，也没有文件")],
    );
    tells(
        &[("王示例", "短片", "https://example.org/1", "短片.mp4")],
        &["作品/短片.mp4"],
        &[(Info, "M15", "F3", "两样都会报送")],
    );
    tells(
        &[("王示例", "短片", "", "短片.mp4")],
        &[],
        &[(Error, "M15", "F3", "请把文件放入 作品 文件夹")],
    );
    tells(
        &[("王示例", "短片", "", "大地的听珍人.mp4")],
        &["作品/大地的听诊人.mp4"],
        &[(Error, "M15", "F3", "请把这一格改为“大地的听诊人.mp4”")],
    );
    tells(
        &[("王示例", "短片", "", "短片.gif")],
        &["短片.gif"],
        &[(Error, "M15", "F3", "请移到（或复制到） 作品 文件夹")],
    );
    tells(
        &[("王示例", "短片", "", "https://example.org/1.mp4")],
        &[],
        &[(Error, "M15", "F3", "请把网址移到“链接”一栏")],
    );
}

#[test]
fn a_file_that_no_work_names_is_told_once_and_a_folder_as_one() {
    tells(
        &[],
        &["作品/海报.png", "作品/网页/index.html", "作品/网页/a.js"],
        &[
            (Warning, "M15", "作品/海报.png", "“作品文件”填“海报.png”"),
            (Warning, "M15", "作品/网页", "“作品文件”填“网页”"),
        ],
    );
    let many: Vec<String> = (0..50).map(|n| format!("作品/{n}.png")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let (_, findings) = found(&[], &many);
    assert_eq!(findings.len(), 21);
    assert!(
        findings[20].message.contains("还有30个文件"),
        "{:?}",
        findings[20]
    );
}

#[test]
fn two_works_with_one_file_and_one_name_of_two_files_are_told() {
    tells(
        &[
            ("王示例", "甲", "", "片.mp4"),
            ("欧阳示例", "乙", "", "片.MP4"),
        ],
        &["作品/片.mp4"],
        &[(Warning, "M15", "F4", "已经是王示例的作品“甲”的文件")],
    );
    tells(
        &[("王示例", "甲", "", "片.mp4")],
        &["作品/一/片.mp4", "作品/二/片.mp4"],
        &[(Error, "M15", "F3", "请连同文件夹名一起填写，如“一/片.mp4”")],
    );
}

#[test]
fn one_link_of_two_works_is_told() {
    let rows: &[Row<'_>] = &[
        ("王示例", "甲", "https://example.org/vr/", ""),
        ("王示例", "乙", "http://EXAMPLE.org/vr", ""),
        ("王示例", "丙", "https://example.org/vr?n=2", ""),
    ];
    let (_, findings) = found(rows, &[]);
    let same: Vec<&Finding> = findings
        .iter()
        .filter(|f| f.message.contains("的链接与"))
        .collect();
    assert_eq!(same.len(), 1, "{findings:#?}");
    assert!(
        same[0].message.contains("“乙”") && same[0].message.contains("“甲”"),
        "{same:#?}"
    );
}

#[test]
fn names_of_files_are_taken_as_people_type_them() {
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("短片", &["作品/短片.mp4"], &["作品/短片.mp4"]),
        ("短片.mp4", &["作品/短片.MP4"], &["作品/短片.MP4"]),
        (
            "短片（终版） １.mp4",
            &["作品/短片(终版)1.mp4"],
            &["作品/短片(终版)1.mp4"],
        ),
        (
            r"D:\材料\作品\短片.mp4",
            &["作品/短片.mp4"],
            &["作品/短片.mp4"],
        ),
        ("作品/短片.mp4", &["作品/短片.mp4"], &["作品/短片.mp4"]),
        ("“短片.mp4”", &["作品/短片.mp4"], &["作品/短片.mp4"]),
        (
            "a.mp4、b.gif",
            &["作品/a.mp4", "作品/b.gif"],
            &["作品/a.mp4", "作品/b.gif"],
        ),
        (
            "a.mp4\nb.gif",
            &["作品/a.mp4", "作品/b.gif"],
            &["作品/a.mp4", "作品/b.gif"],
        ),
        ("甲、乙.mp4", &["作品/甲、乙.mp4"], &["作品/甲、乙.mp4"]),
        (
            "片.mp4",
            &["作品/王示例/片.mp4", "作品/欧阳示例/片.mp4"],
            &["作品/王示例/片.mp4"],
        ),
        (
            "网页",
            &["作品/网页/index.html", "作品/网页/js/a.js"],
            &["作品/网页/index.html", "作品/网页/js/a.js"],
        ),
        (
            "网页/",
            &["作品/网页/index.html"],
            &["作品/网页/index.html"],
        ),
        (
            "index.html",
            &["作品/网页/index.html", "作品/网页/a.png"],
            &["作品/网页/a.png", "作品/网页/index.html"],
        ),
        (
            "首页.html",
            &["作品/首页.html", "作品/首页_files/a.js"],
            &["作品/首页.html", "作品/首页_files/a.js"],
        ),
        (
            "首页.html",
            &["作品/a.css", "作品/img/b.png", "作品/首页.html"],
            &["作品/a.css", "作品/img/b.png", "作品/首页.html"],
        ),
    ];
    let campaign = hebei();
    for (typed, paths, wanted) in cases {
        let (submission, _) = found(&[("王示例", "甲", "", typed)], paths);
        let works = works(&campaign, &submission);
        let own: Vec<&str> = works.all[0].files.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(&own, wanted, "{typed}");
    }
}

#[test]
fn a_file_that_cannot_be_a_work_is_told() {
    let campaign = hebei();
    let film = film(0, UPRIGHT);
    let cases: &[(&str, &[u8], Severity, &str)] = &[
        ("空.mp4", b"", Error, "是空文件"),
        ("片.lnk", b"L\0\0\0", Error, "是快捷方式"),
        ("片.mp4.crdownload", &film, Error, "没有下载完"),
        ("半.mp4", &film[..film.len() / 2], Warning, "可能打不开"),
    ];
    for (name, bytes, severity, words) in cases {
        let all = with_works(people(), &[("王示例", "甲", "", name)]);
        let bytes_of_book = filled_workbook(&campaign, &all).unwrap();
        let book = SourceFile {
            path: "填报工作簿.xlsx".to_owned(),
            bytes: bytes_of_book,
        };
        let file = attachment(&format!("作品/{name}"), bytes);
        let (submission, _) = intake::read(&campaign, &[book], None, vec![file]);
        let findings = check(&campaign, &submission, None);
        let found: Vec<&Finding> = findings.iter().filter(|f| f.code == "M15").collect();
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert_eq!(found[0].severity, *severity, "{name}");
        assert!(found[0].message.contains(words), "{found:?}");
    }
}

#[test]
fn a_film_among_works_is_bound_by_no_rule_about_videos() {
    let campaign = hebei();
    let all = with_works(people(), &[("王示例", "甲", "", "王示例.mp4")]);
    let book = SourceFile {
        path: "填报工作簿.xlsx".to_owned(),
        bytes: filled_workbook(&campaign, &all).unwrap(),
    };
    let mut file = attachment("作品/王示例.mp4", &film(0, UPRIGHT));
    file.usage = Use::Video;
    let (submission, _) = intake::read(&campaign, &[book], None, vec![file]);
    assert_eq!(submission.files[0].usage, Use::Work);
    let codes: Vec<&str> = check(&campaign, &submission, None)
        .iter()
        .map(|f| f.code)
        .collect();
    assert!(
        !codes.contains(&"M7") && !codes.contains(&"M8"),
        "{codes:?}"
    );
}

#[test]
fn addresses_are_read_as_people_paste_them() {
    for (typed, canonical) in [
        ("ｈｔｔｐｓ：／／example.org/ａ", "https://example.org/a"),
        (" HTTPS://Example.org/A。", "https://Example.org/A"),
        ("“http://example.org”", "http://example.org"),
        (r"http:\\example.org", "http://example.org"),
    ] {
        assert_eq!(canonical_url(typed), canonical);
        assert_eq!(canonical_url(canonical), canonical);
        assert_eq!(url_fault(canonical), None, "{canonical}");
    }
    let alone = "https://pan.example.org/s/1".to_owned();
    let faults = [
        (
            "https://a.example.org/1 https://b.example.org",
            Some(UrlFault::Several(2)),
        ),
        (
            "https://a.example.org/1,https://b.example.org",
            Some(UrlFault::Several(2)),
        ),
        (
            "链接:https://pan.example.org/s/1 提取码:12ab",
            Some(UrlFault::AmongWords(alone)),
        ),
        ("www.example.org/a", Some(UrlFault::NoScheme)),
        ("mp.example.org/s/abc", Some(UrlFault::NoScheme)),
        ("https:/example.org", Some(UrlFault::NoScheme)),
        ("htpps://example.org/x", Some(UrlFault::NoScheme)),
        (r"D:\作品\a.mp4", Some(UrlFault::File)),
        ("短片.mp4", Some(UrlFault::File)),
        ("file:///C:/a.html", Some(UrlFault::File)),
        ("http://192.168.1.3/a", Some(UrlFault::Private)),
        ("http://localhost:8080", Some(UrlFault::Private)),
        ("点击观看", Some(UrlFault::Words)),
        ("https://", Some(UrlFault::Words)),
        ("https://example", Some(UrlFault::Words)),
        ("https://example.org/go?to=https://example.com/x", None),
        ("https://example.org/视频/1.html", None),
        ("https://中国科协.公益/1", None),
        ("http://203.0.113.7:8080/a", None),
    ];
    for (text, fault) in faults {
        assert_eq!(url_fault(text), fault, "{text}");
    }
    tells(
        &[("王示例", "短片", "www.example.org/a", "")],
        &[],
        &[(Error, "F18", "E3", "应以 http:// 或 https:// 开头")],
    );
}

/// The demo's submission with a film, a page of three files and an address.
pub(crate) fn add_works(two: &Two) {
    let campaign = hebei();
    let folder = two.unit.dir.join("submission");
    let book = folder.join("填报工作簿.xlsx");
    let source = SourceFile {
        path: "填报工作簿.xlsx".to_owned(),
        bytes: std::fs::read(&book).unwrap(),
    };
    let all = intake::read(&campaign, &[source], None, Vec::new()).0;
    let rows = [
        ("王示例", "短片", "", "短片.mp4"),
        ("王示例", "网页", "", "网页"),
        ("欧阳𬭚", "全景", "https://example.org/vr", ""),
    ];
    let all = with_works(all, &rows);
    std::fs::write(&book, filled_workbook(&campaign, &all).unwrap()).unwrap();
    for (path, bytes) in work_files() {
        let path = folder.join("作品").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

fn work_files() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("短片.mp4", film(0, UPRIGHT)),
        (
            "网页/index.html",
            b"<html><script src='my js/a.js'></script></html>".to_vec(),
        ),
        ("网页/my js/a.js", b"1".to_vec()),
    ]
}

#[test]
fn works_go_into_the_package_to_the_desk_and_into_a_gathering() {
    let two = Two::new("works-desk");
    add_works(&two);
    let package = two.pack("works.zip");
    let entries = OpcPackage::read(&std::fs::read(&package).unwrap()).unwrap();
    let manifest: serde_json::Value =
        serde_json::from_slice(entries.part("package.json").unwrap()).unwrap();
    assert_eq!(manifest["format"], 3);
    let listed = manifest["entries"].as_array().unwrap();
    let of_works: Vec<&str> = listed
        .iter()
        .filter(|e| e["role"] == "work" && e["record"].is_string())
        .map(|e| e["name"].as_str().unwrap())
        .collect();
    let number = of_works[0].split('/').nth(1).unwrap();
    let wanted: Vec<String> = work_files()
        .iter()
        .map(|(path, _)| format!("附件/{number}/作品/{path}"))
        .collect();
    assert_eq!(of_works, wanted);
    // the record holds rows and sums
    let book = String::from_utf8(entries.part("records.json").unwrap().to_vec()).unwrap();
    assert!(book.contains("works[0].title") && book.contains("https://example.org/vr"));
    assert!(book.contains("短片.mp4"));

    let received = ok(&[
        "receive",
        "package",
        &package,
        "--data",
        &two.desk.path("data"),
        "--keys",
        &two.desk.path("keys"),
    ]);
    let said = [received.stdout, received.stderr].concat();
    assert!(
        String::from_utf8(said)
            .unwrap()
            .contains("示例市科学技术协会")
    );

    // from the folder and from the package, the same files come under the person's name
    for (name, source) in [
        ("folder", two.unit.path("submission")),
        ("package", package),
    ] {
        let out = two.unit.path(&format!("gathered-{name}"));
        let unit = [
            "--channel",
            "省国防科工办",
            "--unit",
            "虚拟省国防科技工业办公室",
        ];
        let keys = two.unit.path("keys");
        let campaign = ["--campaign", "hebei-zuimei-2021", "--keys", &keys];
        let args = [&["gather", &source, "-o", &out][..], &unit, &campaign].concat();
        let done = sanlian(&args);
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        let here = files(&std::path::Path::new(&out).join("作品"));
        let wanted: BTreeMap<String, Vec<u8>> = work_files()
            .into_iter()
            .map(|(path, bytes)| (format!("王示例/{path}"), bytes))
            .collect();
        assert_eq!(here, wanted, "{name}");
        let checked = sanlian(&["check", &out, "--json", "--now", "2021-05-21T01:00:00Z"]);
        let report: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap();
        assert!(!findings.iter().any(|f| f["code"] == "M15"), "{findings:?}");
    }

    // what its owner took back goes from the gathering too; what the office changed itself stays
    let out = two.unit.path("gathered-folder");
    let source = two.unit.path("submission");
    let works = std::path::Path::new(&out).join("作品/王示例");
    std::fs::write(works.join("网页/my js/a.js"), b"2").unwrap();
    let unit = std::path::Path::new(&source);
    std::fs::rename(unit.join("作品/短片.mp4"), unit.join("作品/新片.mp4")).unwrap();
    std::fs::remove_dir_all(unit.join("作品/网页")).unwrap();
    let keys = two.unit.path("keys");
    let done = sanlian(&["gather", &source, "-o", &out, "--keys", &keys]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    let here: Vec<String> = files(&works).into_keys().collect();
    assert_eq!(here, ["网页/my js/a.js"], "{said}");
}

#[test]
fn without_videos_a_film_among_works_is_owed_too() {
    let two = Two::new("works-owed");
    add_works(&two);
    let out = two.unit.path("without.zip");
    ok(&[
        "pack",
        &two.unit.path("submission"),
        "--out",
        &out,
        "--keys",
        &two.unit.path("keys"),
        "--no-videos",
        "--now",
        crate::run::NOW,
    ]);
    let entries = OpcPackage::read(&std::fs::read(&out).unwrap()).unwrap();
    let manifest: serde_json::Value =
        serde_json::from_slice(entries.part("package.json").unwrap()).unwrap();
    let owed = manifest["owed"].as_array().unwrap();
    assert!(
        owed.iter().any(|o| o["original"] == "作品/短片.mp4"),
        "{owed:?}"
    );
    let names: Vec<&str> = entries.names().collect();
    assert!(names.iter().any(|n| n.ends_with("网页/index.html")));
    assert!(!names.iter().any(|n| n.ends_with("短片.mp4")));
}
