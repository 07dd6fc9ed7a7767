//! What keeps a ledger over years: backup while others write, restore checked whole, an audit log that shows every change
//! from outside, and a clear word on every ledger that cannot be used.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::folder::Folder;
use crate::{run, small, tools};

/// A data folder with its keys, of the small submission.
struct Place(Folder);

impl Place {
    /// With a ledger that was issued into, and `pages` received.
    fn with(pages: usize) -> Self {
        let place = Self(Folder::new());
        run::copy_tree(&small::made().join("data"), &place.path("data"));
        run::copy_tree(&small::made().join("keys"), &place.path("keys"));
        #[cfg(unix)]
        for secret in ["private.pem", "vault.key"] {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::Permissions::from_mode(0o600);
            fs::set_permissions(place.path("keys").join(secret), mode).unwrap();
        }
        if pages > 0 {
            let digits = small::digits()[..pages].join("\n");
            let mut child = place.receiving(Stdio::null());
            writeln!(child.stdin.take().unwrap(), "{digits}").unwrap();
            assert!(child.wait().unwrap().success());
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn receiving(&self, out: Stdio) -> std::process::Child {
        Command::new(env!("CARGO_BIN_EXE_sanlian"))
            .args(["receive", "digits", "--json"])
            .arg("--data")
            .arg(self.path("data"))
            .arg("--keys")
            .arg(self.path("keys"))
            .stdin(Stdio::piped())
            .stdout(out)
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Runs the program with this place's keys, on a data folder of it.
    fn run(&self, args: &[&str], data: &str) -> Output {
        let (data, keys) = (self.path(data), self.path("keys"));
        let mut all: Vec<&str> = args.to_vec();
        all.extend(["--data", data.to_str().unwrap()]);
        all.extend(["--keys", keys.to_str().unwrap()]);
        run::sanlian(&all)
    }

    fn back_up(&self) -> Output {
        let out = self.path("backup");
        self.run(&["backup", "--out", out.to_str().unwrap()], "data")
    }

    fn restore(&self, to: &str) -> Output {
        let from = self.path("backup");
        self.run(&["restore", from.to_str().unwrap()], to)
    }

    /// Changes the ledger from outside, as no act of the program does.
    fn tamper(&self, sql: &str) -> bool {
        if let Some(url) = crate::postgres::beside(&self.path("data/ledger.db")) {
            crate::postgres::tamper(&url, sql);
            return true;
        }
        let script = "import sqlite3, sys\n\
                      db = sqlite3.connect(sys.argv[1])\n\
                      for (name,) in db.execute(\"SELECT name FROM sqlite_schema WHERE type = 'trigger'\").fetchall():\n\
                      \x20   db.execute(f'DROP TRIGGER {name}')\n\
                      db.executescript(sys.argv[2])\n\
                      db.commit()\n";
        let ledger = self.path("data/ledger.db");
        tools::says(
            "/usr/bin/python3",
            &["-c", script, ledger.to_str().unwrap(), sql],
        )
        .is_some()
    }
}

fn done(output: Output) -> (String, String) {
    let said = words(&output);
    assert!(output.status.success(), "{}{}", said.0, said.1);
    said
}

fn words(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

/// What the program says when it could not; it says what to do, and nothing of its insides.
fn could_not(output: &Output) -> String {
    let (out, talk) = words(output);
    assert_eq!(output.status.code(), Some(2), "{out}{talk}");
    assert!(talk.trim_end().ends_with('。'), "{talk}");
    assert!(
        !talk.contains("panicked") && !talk.contains("error"),
        "{talk}"
    );
    talk
}

fn receipts(place: &Place, data: &str) -> usize {
    let (out, _) = done(place.run(&["audit", "list", "--json"], data));
    let acts = out
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).unwrap());
    acts.filter(|row| row["act"] == "receive").count()
}

/// The ledger names an object: a backup takes nothing else.
fn named(place: &Place, sum: &sanlian::record::Digest) {
    let row = format!(
        "INSERT INTO sighting (source, at, how, verdict, reason, name, object)
         VALUES ('{sum}', 0, 'scan', '无法识别', '', '', x'{sum}')"
    );
    crate::desk::sql(&place.path("data/ledger.db"), &row).unwrap();
}

#[test]
fn a_backup_restores_to_the_same_ledger_and_says_so_in_the_log() {
    let place = Place::with(12);
    let object = sanlian::store::Objects::of(&place.path("data"))
        .unwrap()
        .put(b"a picture of a page")
        .unwrap();
    named(&place, &object);
    let (_, talk) = done(place.back_up());
    assert!(
        talk.contains("12 页收件") && talk.contains("vault.key"),
        "{talk}"
    );
    let manifest = run::manifest(&place.path("backup"));
    assert_eq!(manifest["ledger"]["receipts"], 12);
    assert_eq!(manifest["files"].as_array().unwrap().len(), 2);
    for file in manifest["files"].as_array().unwrap() {
        let path = place.path("backup").join(file["path"].as_str().unwrap());
        let said = tools::says("sha256sum", &[path.to_str().unwrap()]);
        if let Some(said) = said {
            assert!(said.starts_with(file["sha256"].as_str().unwrap()), "{said}");
        }
    }
    let names = place.0.list();
    assert!(
        !names
            .iter()
            .any(|n| n.contains("private.pem") && n.contains("backup")),
        "{names:?}"
    );
    // what happens afterwards is not in it
    let status = |data| place.run(&["status", "--json"], data).stdout;
    let then = status("data");
    assert!(
        place
            .run(
                &["void", &small::digits()[0], "--reason", "印章盖错"],
                "data"
            )
            .status
            .success()
    );
    done(place.restore("again"));
    assert_eq!(status("again"), then);
    let objects = sanlian::store::Objects::of(&place.path("again")).unwrap();
    assert_eq!(objects.get(&object, 100).unwrap(), b"a picture of a page");
    let (log, _) = done(place.run(&["audit", "list"], "again"));
    assert!(log.trim_end().lines().last().unwrap().contains("restore"));
    done(place.run(&["audit", "verify"], "again"));
    // a second time is harmless, until something has happened there
    let (_, talk) = done(place.restore("again"));
    assert!(talk.contains("没有改动"), "{talk}");
    assert!(
        place
            .run(
                &["void", &small::digits()[0], "--reason", "印章盖错"],
                "again"
            )
            .status
            .success()
    );
    let talk = could_not(&place.restore("again"));
    assert!(talk.contains("不是空的"), "{talk}");
    assert!(
        !place
            .0
            .list()
            .iter()
            .any(|n| n.contains(".sanlian-") || n.ends_with(".lock"))
    );
}

#[test]
fn a_backup_replaces_only_an_earlier_one_of_the_same_ledger() {
    let place = Place::with(1);
    fs::create_dir(place.path("backup")).unwrap();
    done(place.back_up());
    let first = run::manifest(&place.path("backup"));
    done(place.back_up());
    let second = run::manifest(&place.path("backup"));
    assert!(second["ledger"]["audit_rows"].as_i64() > first["ledger"]["audit_rows"].as_i64());
    // the ledger of another desk
    let other = Place::with(2);
    let out = place.path("backup");
    let talk = could_not(&other.run(&["backup", "--out", out.to_str().unwrap()], "data"));
    assert!(talk.contains("另一份台账"), "{talk}");
    // somebody's file beside it
    fs::write(out.join("说明.txt"), "x").unwrap();
    let talk = could_not(&place.back_up());
    assert!(talk.contains("说明.txt"), "{talk}");
    // a folder that is no backup
    let talk = could_not(&place.run(
        &["backup", "--out", place.path("keys").to_str().unwrap()],
        "data",
    ));
    assert!(talk.contains("不是空的"), "{talk}");
    assert_eq!(run::manifest(&out), second);
}

#[test]
fn backups_taken_while_a_desk_receives_are_each_whole() {
    let place = Place::with(0);
    let digits = small::digits();
    let mut desk = place.receiving(Stdio::piped());
    let mut hand = desk.stdin.take().unwrap();
    let mut answers = BufReader::new(desk.stdout.take().unwrap()).lines();
    let mut given = 0;
    for (round, some) in digits.chunks(5).take(5).enumerate() {
        for one in some {
            writeln!(hand, "{one}").unwrap();
        }
        // all but the last of these may still be on their way
        answers.next().unwrap().unwrap();
        let answered = given + 1;
        given += some.len();
        let out = place.path(&format!("backup-{round}"));
        done(place.run(&["backup", "--out", out.to_str().unwrap()], "data"));
        let data = format!("again-{round}");
        done(place.run(&["restore", out.to_str().unwrap()], &data));
        let held = receipts(&place, &data);
        assert!(
            (answered..=given).contains(&held),
            "{held} of {answered} to {given}"
        );
        for _ in 1..some.len() {
            answers.next().unwrap().unwrap();
        }
    }
    drop(hand);
    assert!(desk.wait().unwrap().success());
    assert_eq!(receipts(&place, "data"), given);
}

#[test]
fn a_backup_with_one_byte_changed_or_a_file_missing_is_not_restored() {
    let place = Place::with(1);
    let object = sanlian::store::Objects::of(&place.path("data"))
        .unwrap()
        .put(b"a picture of a page")
        .unwrap();
    named(&place, &object);
    done(place.back_up());
    let object = format!(
        "objects/{}/{}",
        &object.to_string()[..2],
        &object.to_string()[2..]
    );
    for name in ["ledger.db", &object] {
        let path = place.path("backup").join(name);
        let whole = fs::read(&path).unwrap();
        for at in [0, whole.len() / 2, whole.len() - 1] {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            // the object is another name for the data's own: it must not be written through
            fs::remove_file(&path).unwrap();
            fs::write(&path, &changed).unwrap();
            let talk = could_not(&place.restore("again"));
            assert!(talk.contains("校验和"), "{talk}");
        }
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert!(could_not(&place.restore("again")).contains("校验和"));
        fs::remove_file(&path).unwrap();
        assert!(could_not(&place.restore("again")).contains("没有这个文件"));
        fs::write(&path, &whole).unwrap();
    }
    assert!(!place.path("again").exists());
    assert!(!place.0.list().iter().any(|n| n.contains(".sanlian-")));
    done(place.restore("again"));
}

#[test]
fn a_manifest_that_is_none_or_leads_out_of_its_folder_is_refused() {
    let place = Place::with(0);
    done(place.back_up());
    let path = place.path("backup/manifest.json");
    let whole = fs::read_to_string(&path).unwrap();
    let sum = run::manifest(&place.path("backup"))["files"][0]["sha256"].clone();
    let sum = sum.as_str().unwrap().to_owned();
    for (text, word) in [
        (String::new(), "读不懂"),
        ("[]".to_owned(), "读不懂"),
        (whole[..whole.len() / 2].to_owned(), "读不懂"),
        (whole.replace("\"backup\": 2", "\"backup\": 3"), "更新版本"),
        (
            whole.replace("\"path\": \"ledger.db\"", "\"path\": \"../ledger.db\""),
            "不属于备份",
        ),
        (
            whole.replace("\"path\": \"ledger.db\"", "\"path\": \"/etc/passwd\""),
            "不属于备份",
        ),
        (whole.replace(&sum, &"0".repeat(64)), "签记不符"),
        (whole.replace("\"units\": 1", "\"units\": 2"), "签记不符"),
    ] {
        assert_ne!(text, whole);
        fs::write(&path, text).unwrap();
        let talk = could_not(&place.restore("again"));
        assert!(talk.contains(word), "{word}: {talk}");
    }
    fs::remove_file(&path).unwrap();
    assert!(could_not(&place.restore("again")).contains("manifest.json"));
    let talk = could_not(&place.run(&["restore", "nowhere"], "again"));
    assert!(talk.contains("nowhere"), "{talk}");
    assert!(!place.path("again").exists());
}

#[test]
fn without_its_vault_key_a_backup_is_not_restored_and_a_ledger_not_opened() {
    let place = Place::with(1);
    done(place.back_up());
    let key = place.path("keys/vault.key");
    let own = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    for output in [
        place.restore("again"),
        place.back_up(),
        place.run(&["audit", "verify"], "data"),
    ] {
        assert!(could_not(&output).contains("没有找到保管密钥"));
    }
    assert!(
        !key.exists(),
        "a key was made for data that another has sealed"
    );
    sanlian::store::Vault::open(&place.path("keys"), true).unwrap();
    for output in [
        place.restore("again"),
        place.back_up(),
        place.run(&["status"], "data"),
        place.run(&["audit", "verify"], "data"),
    ] {
        let talk = could_not(&output);
        assert!(
            talk.contains("用编号") && talk.contains("vault.key"),
            "{talk}"
        );
    }
    fs::write(&key, own).unwrap();
    done(place.restore("again"));
}

#[test]
fn a_change_of_the_audit_log_from_outside_is_found_by_its_row() {
    let rows = 7;
    for (sql, row) in [
        ("UPDATE audit SET detail = detail || ' ' WHERE no = 4", 4),
        ("UPDATE audit SET at = at + 1 WHERE no = 1", 1),
        ("UPDATE audit SET subject = 'x', act = act WHERE no = 7", 7),
        (
            "UPDATE audit SET hash = x'0000000000000000000000000000000000000000000000000000000000000000' WHERE no = 3",
            3,
        ),
        ("DELETE FROM audit WHERE no = 5", 5),
        ("DELETE FROM audit WHERE no = 1", 1),
        (
            "DELETE FROM audit WHERE no = 4; UPDATE audit SET no = no - 1 WHERE no > 4",
            4,
        ),
        (
            "UPDATE audit SET no = -2 WHERE no = 2; UPDATE audit SET no = 2 WHERE no = 3; UPDATE audit SET no = 3 WHERE no = -2",
            2,
        ),
        (
            "INSERT INTO audit SELECT 8, at, act, subject, detail, hash, actor, source FROM audit WHERE no = 7",
            8,
        ),
        (
            "INSERT INTO audit SELECT 0, at, act, subject, detail, hash, actor, source FROM audit WHERE no = 7",
            1,
        ),
    ] {
        let place = Place::with(rows - 1);
        let (said, _) = done(place.run(&["audit", "verify"], "data"));
        assert!(said.contains(&format!("{rows} 行")), "{said}");
        if !place.tamper(sql) {
            return;
        }
        let output = place.run(&["audit", "verify"], "data");
        let (said, talk) = words(&output);
        assert_eq!(output.status.code(), Some(1), "{sql}: {said}{talk}");
        assert!(said.contains(&format!("第 {row} 行")), "{sql}: {said}");
        // such a ledger is not taken for a backup
        let talk = could_not(&place.back_up());
        assert!(talk.contains(&format!("第 {row} 行")), "{talk}");
        assert!(!place.path("backup").exists());
    }
}

#[test]
fn rows_cut_off_the_end_of_the_log_are_seen_beside_an_earlier_backup() {
    let place = Place::with(6);
    done(place.back_up());
    if place.tamper("DELETE FROM audit WHERE no > 5") {
        let output = place.run(&["audit", "verify"], "data");
        assert_eq!(output.status.code(), Some(1));
        assert!(could_not(&place.back_up()).contains("另一份台账"));
    }
}

#[test]
fn a_reason_does_not_stand_in_the_log() {
    let place = Place::with(0);
    let reason = "电话 13800000000 来说，身份证13010219700101123X 写错";
    let void = place.run(&["void", &small::digits()[0], "--reason", reason], "data");
    assert!(void.status.success());
    for json in [&["audit", "list"][..], &["audit", "list", "--json"]] {
        let (said, talk) = done(place.run(json, "data"));
        for secret in ["13800000000", "13010219700101123X"] {
            assert!(!said.contains(secret) && !talk.contains(secret), "{said}");
        }
        assert!(said.contains("作废") && !said.contains("来说"), "{said}");
    }
}

#[test]
fn a_ledger_that_cannot_be_used_is_said_and_left_as_it_is() {
    let place = Place::with(1);
    done(place.back_up());
    let ledger = place.path("data/ledger.db");
    let whole = fs::read(&ledger).unwrap();
    let refuse = |word: &str| {
        let before = fs::read(&ledger).unwrap();
        let backup = place.path("other");
        for output in [
            place.run(&["audit", "verify"], "data"),
            place.run(&["status"], "data"),
            place.run(&["backup", "--out", backup.to_str().unwrap()], "data"),
        ] {
            let talk = could_not(&output);
            assert!(talk.contains(word), "{word}: {talk}");
        }
        assert!(!backup.exists());
        assert_eq!(fs::read(&ledger).unwrap(), before);
    };
    // no database at all
    fs::write(&ledger, "not a ledger".repeat(1000)).unwrap();
    refuse("已损坏");
    // cut off
    fs::write(&ledger, &whole[..whole.len() / 2]).unwrap();
    refuse("已损坏");
    fs::remove_file(&ledger).unwrap();
    assert!(could_not(&place.run(&["audit", "verify"], "data")).contains("--data"));
    assert!(!ledger.exists());
    // of a later program
    fs::write(&ledger, &whole).unwrap();
    if place.tamper(
        "INSERT INTO _sqlx_migrations SELECT 99, description, installed_on, success, checksum, execution_time \
         FROM _sqlx_migrations LIMIT 1",
    ) {
        refuse("更新版本");
    }
}

#[test]
fn a_disk_that_is_full_leaves_no_half_backup_and_no_half_data_folder() {
    let place = Place::with(3);
    done(place.back_up());
    // the database's own companions come and go
    let list = || {
        let companion = |name: &String| name.ends_with("-shm") || name.ends_with("-wal");
        let names = place.0.list();
        names
            .into_iter()
            .filter(|n| !companion(n))
            .collect::<Vec<_>>()
    };
    let before = list();
    for args in [
        [
            "backup",
            "--out",
            place.path("other").to_str().unwrap(),
            "data",
        ],
        [
            "restore",
            place.path("backup").to_str().unwrap(),
            "",
            "again",
        ],
    ] {
        let [act, one, two, data] = args;
        let output = Command::new("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""])
            .arg(env!("CARGO_BIN_EXE_sanlian"))
            .args([act, one, two].iter().filter(|a| !a.is_empty()))
            .arg("--data")
            .arg(place.path(data))
            .arg("--keys")
            .arg(place.path("keys"))
            .output()
            .unwrap();
        let talk = could_not(&output);
        assert!(talk.contains("磁盘"), "{talk}");
        assert_eq!(list(), before);
    }
    done(place.run(&["audit", "verify"], "data"));
}

#[test]
fn a_damaged_object_is_said_and_the_rest_is_backed_up() {
    let place = Place::with(1);
    let objects = sanlian::store::Objects::of(&place.path("data")).unwrap();
    let [bad, good] = [b"bad", b"god"].map(|bytes| objects.put(bytes).unwrap());
    for sum in [&bad, &good] {
        named(&place, sum);
    }
    let flip = |path: &Path| fs::write(path, b"???").unwrap();
    flip(&objects.path(&bad).unwrap());
    let output = place.back_up();
    let (_, talk) = words(&output);
    assert_eq!(output.status.code(), Some(1), "{talk}");
    assert!(
        talk.contains("校验和") && talk.contains(&bad.to_string()[2..]),
        "{talk}"
    );
    done(place.restore("again"));
    let again = sanlian::store::Objects::of(&place.path("again")).unwrap();
    assert_eq!(again.list().unwrap(), [good]);
}
