//! Retention on the organiser's pages: handed over as a file, erased only with password and confirmation.

use crate::run::{demo, manifest};
use crate::service::{Browser, PASSWORD, Service, demo_files};
use crate::tools;

const CAMPAIGN: &str = "hebei-zuimei-2021";

/// A service with the demo handed in by its unit.
fn handed_in(name: &str) -> (Service, Browser, Browser, String) {
    let (service, mut admin) = Service::settled(name);
    let paper = manifest(&demo().join("out/paper"));
    let unit = paper["unit"].as_str().unwrap().to_owned();
    admin.get("/admin/units");
    let list = format!("{unit}，市科协\n");
    assert_eq!(admin.post("/admin/units", &[("list", &list)]).status, 200);
    let mut own = service.member(&mut admin, "填报员乙", "unit", &unit);
    own.get("/own");
    let files = demo_files(&demo().join("out/submission"));
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(n, b)| (n.as_str(), b.as_slice()))
        .collect();
    assert_eq!(own.upload("/own/files", &files).status, 303);
    own.get("/own/preview");
    assert_eq!(own.post("/own/submit", &[]).status, 200);
    (service, admin, own, unit)
}

#[test]
fn a_campaign_is_handed_over_and_erased_by_the_page() {
    let (service, mut admin, mut own, unit) = handed_in("web-retention");
    let page = admin.get("/admin/retention");
    assert!(
        page.text.contains(CAMPAIGN) && page.text.contains("导出"),
        "{}",
        page.text
    );
    // an open browser is not enough
    let fields = [("campaign", CAMPAIGN), ("password", "not the password")];
    let refused = admin.post("/admin/retention/export", &fields);
    assert!(
        refused.status == 422 && refused.text.contains("密码不对"),
        "{}",
        refused.text
    );
    let file = admin.post(
        "/admin/retention/export",
        &[("campaign", CAMPAIGN), ("password", PASSWORD)],
    );
    assert_eq!(
        (file.status, file.kind.as_str()),
        (200, "application/zip"),
        "{}",
        file.text
    );
    let path = service.dir.join("export.zip");
    std::fs::write(&path, &file.bytes).unwrap();
    if let Some(list) = tools::says("unzip", &["-Z1", path.to_str().unwrap()]) {
        assert!(
            list.contains("材料.json") && list.contains("单位材料/"),
            "{list}"
        );
    }
    let left = std::fs::read_dir(service.dir.join("data/incoming"));
    assert_eq!(left.map_or(0, Iterator::count), 0, "the copy lies nowhere");
    // what must be typed again is typed wrong
    let erase = |admin: &mut Browser, confirm: &str, password: &str| {
        let fields = [
            ("campaign", CAMPAIGN),
            ("confirm", confirm),
            ("password", password),
            ("reason", "保存期限届满"),
        ];
        admin.post("/admin/retention/erase", &fields)
    };
    let refused = erase(&mut admin, "hebei", PASSWORD);
    assert!(
        refused.status == 422 && refused.text.contains("没有删除"),
        "{}",
        refused.text
    );
    let refused = erase(&mut admin, CAMPAIGN, "not the password");
    assert_eq!(refused.status, 422);
    let folder = service.dir.join("data/units/1");
    assert!(folder.join("paper").is_dir());
    admin.get("/admin/backups");
    assert_eq!(admin.post("/admin/backups", &[]).status, 200);
    admin.get("/admin/retention");
    let gone = erase(&mut admin, CAMPAIGN, PASSWORD);
    assert!(
        gone.status == 200 && gone.text.contains("已删除"),
        "{}",
        gone.text
    );
    assert!(
        gone.text.contains("sanlian-") && gone.text.contains("备份"),
        "the backup that still holds it is named"
    );
    assert!(!folder.exists());
    // the pages of the board and of the unit go on
    let board = admin.get(&format!(
        "/board/{CAMPAIGN}/{}",
        crate::service::encoded(&unit)
    ));
    assert!(
        board.status == 200 && board.text.contains("已删除"),
        "{}",
        board.text
    );
    for path in ["/own", "/own/paper", "/own/receipt", "/own/check"] {
        assert_eq!(own.get(path).status, 200, "{path}");
    }
    // what is gone does not come back by an upload, and nobody is telephoned about it
    own.get("/own");
    let back = own.upload("/own/files", &[("报告.txt", "工作报告。".as_bytes())]);
    assert!(
        back.status == 422 && back.text.contains("已按保存期限删除"),
        "{}",
        back.text
    );
    assert!(!folder.exists());
    assert_eq!(own.post("/own/submit", &[]).status, 422);
    assert!(!admin.get("/missing").text.contains(&unit));
    for path in [
        "/board",
        "/find",
        "/admin/log",
        "/admin/retention",
        "/admin/backups",
    ] {
        assert_eq!(admin.get(path).status, 200, "{path}");
    }
    let log = admin.get("/admin/log").text;
    assert!(
        log.contains("导出个人信息") && log.contains("删除个人信息：保存期限届满"),
        "{log}"
    );
    assert!(!log.contains("欧阳"), "no names in what is never cut");
}

#[test]
fn only_the_administrator_comes_here() {
    let (service, mut admin) = Service::settled("web-retention-roles");
    let mut clerk = service.member(&mut admin, "收件员丙", "clerk", "");
    assert_eq!(clerk.get("/admin/retention").status, 403);
    let fields = [("campaign", CAMPAIGN), ("password", PASSWORD)];
    assert_eq!(clerk.post("/admin/retention/export", &fields).status, 403);
    let none = admin.get("/admin/retention");
    assert!(
        none.status == 200 && none.text.contains("还没有材料"),
        "{}",
        none.text
    );
    let refused = admin.post(
        "/admin/retention/export",
        &[("campaign", ""), ("password", PASSWORD)],
    );
    assert_eq!(refused.status, 422, "{}", refused.text);
}
