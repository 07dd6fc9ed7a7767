//! Campaigns as the organiser runs them: templates uploaded and judged, the one that is run, its deadline.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::service::{Browser, CAMPAIGN, NOW, Service};

const UNIT: &str = "示例市科学技术协会";

/// Names and texts of a zip.
pub(crate) fn unzipped(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Vec::new();
    for n in 0..zip.len() {
        let mut entry = zip.by_index(n).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        files.push((entry.name().unwrap().into_owned(), bytes));
    }
    files
}

fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The built-in campaign as a zip, with words put in the place of others in one of its files.
pub(crate) fn changed(admin: &mut Browser, file: &str, changes: &[(&str, &str)]) -> Vec<u8> {
    let answer = admin.get(&format!("/admin/campaigns/{CAMPAIGN}/templates.zip"));
    assert_eq!(answer.kind, "application/zip");
    let mut files = unzipped(&answer.bytes);
    for (name, bytes) in &mut files {
        if !name.ends_with(&format!("/{file}")) {
            continue;
        }
        let mut text = String::from_utf8(bytes.clone()).unwrap();
        for (from, to) in changes {
            assert!(text.contains(from), "{name} has no {from}");
            text = text.replace(from, to);
        }
        *bytes = text.into_bytes();
    }
    zipped(&files)
}

/// Next year's campaign: another id and another deadline.
pub(crate) fn next_year(admin: &mut Browser) -> Vec<u8> {
    let id = format!("id = \"{CAMPAIGN}\"");
    changed(
        admin,
        "campaign.toml",
        &[
            (&id, "id = \"hebei-zuimei-2023\""),
            ("2021-06-01", "2021-07-15"),
        ],
    )
}

fn with_unit(name: &str) -> (Service, Browser, Browser) {
    let (service, mut admin) = Service::settled(name);
    admin.get("/admin/units");
    let done = admin.post("/admin/units", &[("list", &format!("{UNIT},市科协\n"))]);
    assert_eq!(done.status, 200, "{}", done.text);
    let own = service.member(&mut admin, "填报员乙", "unit", UNIT);
    admin.get("/admin/campaigns");
    (service, admin, own)
}

#[test]
fn a_campaign_is_uploaded_run_closed_and_postponed() {
    let (mut service, mut admin, mut own) = with_unit("web-campaigns");
    let zip = next_year(&mut admin);
    admin.get("/admin/campaigns");
    let done = admin.upload("/admin/campaigns/upload", &[("2023.zip", &zip)]);
    assert_eq!(done.status, 200, "{}", done.text);
    assert!(
        done.text.contains("hebei-zuimei-2023”版本"),
        "{}",
        done.text
    );
    // nothing changed for the unit yet
    assert!(own.get("/own").text.contains("2021-06-01 前报齐"));
    let fields = [("campaign", "hebei-zuimei-2023"), ("carry", "yes")];
    let done = admin.post("/admin/campaigns/activate", &fields);
    assert!(done.text.contains("新增 1 个单位"), "{}", done.text);
    assert!(own.get("/own").text.contains("2021-07-15 前报齐"));
    assert!(admin.get("/board").text.contains("2021-07-15"));
    // the deadline is moved, with a reason in the log; a day of another year is not taken
    let day = |day: &'static str| {
        [
            ("campaign", "hebei-zuimei-2023"),
            ("day", day),
            ("reason", "应各市要求"),
        ]
    };
    let wrong = admin.post("/admin/campaigns/deadline", &day("2031-01-01"));
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    let done = admin.post("/admin/campaigns/deadline", &day("2021-05-20"));
    assert!(done.text.contains("2021-05-20"), "{}", done.text);
    assert!(own.get("/own").text.contains("2021-05-20 前报齐"));
    let log = admin.get("/admin/log").text;
    assert!(
        log.contains("把报送期限由 2021-07-15 改为 2021-05-20"),
        "{log}"
    );
    // it is over now: the board says late, and so does every other desk of the service
    for _ in 0..8 {
        assert!(admin.get("/board").text.contains("逾期"));
    }
    // closed: the unit reads on, and changes nothing
    admin.post(
        "/admin/campaigns/close",
        &[("campaign", "hebei-zuimei-2023")],
    );
    own.get("/own");
    let refused = own.upload("/own/files", &[("报告.txt", b"text")]);
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("已停止填报"));
    // and all of it holds after the service was ended
    service.end();
    let service = Service::start_in(service.dir.clone(), &["--now", NOW]);
    let mut own = service.logged_in("填报员乙", crate::service::PASSWORD);
    assert!(own.get("/own").text.contains("2021-05-20 前报齐"));
    let mut admin = service.logged_in(crate::service::ADMIN, crate::service::PASSWORD);
    let page = admin.get("/admin/campaigns").text;
    assert!(page.contains("在办，已停止填报"), "{page}");
    // back to the one before: the same account sees it
    admin.post("/admin/campaigns/activate", &[("campaign", CAMPAIGN)]);
    assert!(own.get("/own").text.contains("2021-06-01 前报齐"));
}

#[test]
fn a_unit_that_a_campaign_does_not_expect_is_told_so() {
    let (_service, mut admin, mut own) = with_unit("web-campaigns-foreign");
    let zip = next_year(&mut admin);
    admin.get("/admin/campaigns");
    admin.upload("/admin/campaigns/upload", &[("2023.zip", &zip)]);
    admin.post(
        "/admin/campaigns/activate",
        &[("campaign", "hebei-zuimei-2023")],
    );
    own.get("/own");
    let refused = own.upload("/own/files", &[("报告.txt", b"text")]);
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(
        refused.text.contains("名册中没有本单位"),
        "{}",
        refused.text
    );
}

#[test]
fn a_campaign_with_errors_is_shown_its_findings_and_not_kept() {
    let (service, mut admin) = Service::settled("web-campaigns-bad");
    let id = format!("id = \"{CAMPAIGN}\"");
    let zip = changed(
        &mut admin,
        "campaign.toml",
        &[
            (&id, "id = \"hebei-zuimei-2023\""),
            ("2021-06-01", "六月一日"),
        ],
    );
    admin.get("/admin/campaigns");
    let bad = admin.upload("/admin/campaigns/upload", &[("a.zip", &zip)]);
    assert_eq!(bad.status, 422);
    assert!(
        bad.text.contains("报送期限“六月一日”不是日期") && bad.text.contains("没有收下"),
        "{}",
        bad.text
    );
    assert!(
        !admin
            .get("/admin/campaigns")
            .text
            .contains("hebei-zuimei-2023")
    );
    // a changed template of the same version would contradict paper that was made
    let zip = changed(&mut admin, "campaign.toml", &[("2021-06-01", "2021-06-02")]);
    admin.get("/admin/campaigns");
    let same = admin.upload("/admin/campaigns/upload", &[("a.zip", &zip)]);
    assert_eq!(same.status, 422);
    assert!(same.text.contains("请把 version 改为"), "{}", same.text);
    let stored = std::fs::read_dir(service.dir.join("data/incoming")).unwrap();
    assert_eq!(stored.count(), 0, "nothing of an upload stays");
}

#[test]
fn a_zip_that_means_harm_is_refused() {
    let (_service, mut admin) = Service::settled("web-campaigns-harm");
    admin.get("/admin/campaigns");
    let zeros = vec![b' '; 3 << 20];
    let bomb = zipped(&[
        ("a/campaign.toml".to_owned(), b"id = \"a\"".to_vec()),
        ("a/fields.toml".to_owned(), zeros),
    ]);
    let many: Vec<(String, Vec<u8>)> = (0..300)
        .map(|n| (format!("a/forms/{n}.toml"), Vec::new()))
        .collect();
    let good = next_year(&mut admin);
    let mut climbing = unzipped(&good);
    climbing.push(("../../evil.toml".to_owned(), b"x = 1".to_vec()));
    climbing.push(("/etc/passwd.toml".to_owned(), b"x = 1".to_vec()));
    admin.get("/admin/campaigns");
    for (zip, words) in [
        (bomb, "解压后过大"),
        (zipped(&many), "文件过多"),
        (good[..good.len() / 2].to_vec(), "没有传完"),
        (b"not a zip".to_vec(), "不是活动的模板文件"),
    ] {
        let answer = admin.upload("/admin/campaigns/upload", &[("a.zip", &zip)]);
        assert_eq!(answer.status, 422, "{words}");
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
    }
    // names that climb are told and left out; the rest is a campaign
    let answer = admin.upload("/admin/campaigns/upload", &[("a.zip", &zipped(&climbing))]);
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(answer.text.contains("“../../evil.toml”不是活动的文件"));
    let large = vec![0_u8; 9 << 20];
    let answer = admin.upload("/admin/campaigns/upload", &[("a.zip", &large)]);
    assert_eq!(answer.status, 413, "{}", answer.text);
}

#[test]
fn the_files_of_a_campaign_may_come_one_by_one() {
    let (_service, mut admin) = Service::settled("web-campaigns-files");
    let zip = next_year(&mut admin);
    let files = unzipped(&zip);
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(n, b)| (n.rsplit('/').next().unwrap(), b.as_slice()))
        .collect();
    admin.get("/admin/campaigns");
    let done = admin.upload("/admin/campaigns/upload", &files);
    assert_eq!(done.status, 200, "{}", done.text);
}
