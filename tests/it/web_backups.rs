//! Backups that the service takes of itself: whole, carried away, verified, restored by the program.

use crate::run::sanlian;
use crate::service::{ADMIN, Browser, NOW, PASSWORD, Service};

const UNIT: &str = "示例市科学技术协会";

fn with_report(name: &str) -> (Service, Browser) {
    let (service, mut admin) = Service::settled(name);
    admin.get("/admin/units");
    admin.post("/admin/units", &[("list", &format!("{UNIT}\n"))]);
    let mut own = service.member(&mut admin, "填报员乙", "unit", UNIT);
    own.get("/own");
    assert_eq!(
        own.upload("/own/files", &[("报告.txt", "工作报告。".as_bytes())])
            .status,
        303
    );
    (service, admin)
}

/// Takes a backup; its name and bytes.
fn taken(admin: &mut Browser) -> (String, Vec<u8>) {
    admin.get("/admin/backups");
    let done = admin.post("/admin/backups", &[]);
    assert_eq!(done.status, 200, "{}", done.text);
    let name = done.between("<small>", "</small>");
    let file = admin.get(&format!("/admin/backups/{name}"));
    assert_eq!((file.status, file.kind.as_str()), (200, "application/zip"));
    (name, file.bytes)
}

#[test]
fn a_backup_is_taken_while_the_service_works_and_restored_by_the_command_on_the_page() {
    let (mut service, mut admin) = with_report("web-backup");
    let (name, bytes) = taken(&mut admin);
    admin.get("/admin/backups");
    let good = admin.post("/admin/backups/verify", &[("name", &name)]);
    assert!(good.text.contains("完好"), "{}", good.text);
    let good = admin.upload("/admin/backups/upload", &[("带走的.zip", &bytes)]);
    assert!(good.text.contains("带走的.zip 完好"), "{}", good.text);
    let page = admin.get("/admin/backups").text;
    assert!(page.contains("sanlian restore"), "{page}");
    let log = admin.get("/admin/log?q=backup").text;
    assert!(log.contains("下载备份") && log.contains("备份为"), "{log}");
    service.end();
    let data = service.dir.join("data");
    let old = service.dir.join("data.old");
    std::fs::rename(&data, &old).unwrap();
    let file = old.join("backups").join(&name);
    let output = sanlian(&[
        "restore",
        file.to_str().unwrap(),
        "--data",
        data.to_str().unwrap(),
        "--keys",
        service.dir.join("keys").to_str().unwrap(),
    ]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let beside: Vec<_> = std::fs::read_dir(&service.dir)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| n.contains("unpacked"))
        .collect();
    assert!(beside.is_empty(), "{beside:?}");
    let service = Service::start_in(service.dir.clone(), &["--now", NOW]);
    let mut own = service.logged_in("填报员乙", PASSWORD);
    assert!(own.get("/own").text.contains("报告.txt"));
    let mut admin = service.logged_in(ADMIN, PASSWORD);
    let log = admin.get("/admin/log").text;
    assert!(log.contains("日志完整") && log.contains("restore"), "{log}");
}

#[test]
fn a_backup_that_was_cut_changed_or_stuffed_is_not_good() {
    let (service, mut admin) = with_report("web-backup-bad");
    let (name, bytes) = taken(&mut admin);
    admin.get("/admin/backups");
    let mut flipped = bytes.clone();
    let at = bytes
        .windows(6)
        .position(|w| w == "工作".as_bytes())
        .unwrap();
    flipped[at] ^= 1;
    let half = bytes[..bytes.len() / 2].to_vec();
    for (what, bytes) in [
        ("flipped", flipped),
        ("half", half),
        ("none", b"PK".to_vec()),
    ] {
        let bad = admin.upload("/admin/backups/upload", &[("a.zip", &bytes)]);
        assert_eq!(bad.status, 422, "{what}: {}", bad.text);
        assert!(bad.text.contains("不能用来恢复"), "{what}: {}", bad.text);
    }
    // the one on the disk, changed behind the service's back
    let path = service.dir.join("data/backups").join(&name);
    let mut damaged = std::fs::read(&path).unwrap();
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    std::fs::write(&path, damaged).unwrap();
    let bad = admin.post("/admin/backups/verify", &[("name", &name)]);
    assert!(
        bad.status == 422 && bad.text.contains("校验和"),
        "{}",
        bad.text
    );
    assert_eq!(
        admin
            .post("/admin/backups/remove", &[("name", &name)])
            .status,
        303
    );
    assert!(!path.exists());
    assert_eq!(admin.get(&format!("/admin/backups/{name}")).status, 404);
    for name in ["..%2Fledger.db", "ledger.db", "..%2F..%2Fkeys%2Fvault.key"] {
        assert_eq!(admin.get(&format!("/admin/backups/{name}")).status, 404);
    }
    let left: Vec<_> = std::fs::read_dir(service.dir.join("data/backups"))
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
