//! A ledger on PostgreSQL: made there, moved there and back, backed up and restored; what is refused, and what a moving leaves that was
//! killed at any write.
#![cfg(all(unix, debug_assertions))]

use std::path::PathBuf;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::folder::Folder;
use crate::killed::{passes, was_killed};
use crate::{postgres, run, small};

const NOW: &str = "2021-05-30T01:02:03Z";

/// A folder with keys, paper and the ledger of the small submission in a file, whatever the other tests stand on.
pub(crate) struct Place(Folder);

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self(Folder::new());
        for part in ["keys", "data"] {
            run::copy_tree(&small::made().join(part), &place.path(part));
        }
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn run_killed(&self, args: &[&str], input: &str, pass: Option<u64>) -> Output {
        use std::io::Write;
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sanlian"));
        command
            .args(args)
            .current_dir(self.0.path())
            .env_remove("SANLIAN_FAILPOINT")
            .env("SANLIAN_KEYS", self.path("keys"))
            .env("SANLIAN_DATA", self.path("data"))
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(n) = pass {
            command.env("SANLIAN_FAILPOINT", n.to_string());
        }
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.run_killed(args, "", None)
    }

    /// The act must do what it does; gives what it says.
    pub(crate) fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", said(&output));
        said(&output)
    }

    /// The act must be refused as one that could not be done; gives why.
    pub(crate) fn refused(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.trim_end().ends_with('。'), "{said}");
        assert!(
            !said.contains("error") && !said.contains("panicked"),
            "{said}"
        );
        said
    }

    /// Receives so many pages from the first on, and gives the answers without what only this session knows.
    pub(crate) fn receive(&self, pages: std::ops::Range<usize>) -> Vec<Value> {
        let digits = small::digits()[pages].join("\n");
        let args = [
            "receive",
            "digits",
            "--json",
            "--session",
            "上午",
            "--now",
            NOW,
        ];
        let output = self.run_killed(&args, &format!("{digits}\n"), None);
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect()
    }

    /// What the desk says of all that was done.
    pub(crate) fn state(&self) -> String {
        let status = self.run(&["status", "--json", "--now", NOW]);
        assert!(
            matches!(status.status.code(), Some(0 | 1)),
            "{}",
            said(&status)
        );
        let found = self.run(&["find", "王示例", "--json"]);
        String::from_utf8([status.stdout, found.stdout].concat()).unwrap()
    }

    /// The acts of the audit log, whose chain holds.
    pub(crate) fn acts(&self) -> Vec<String> {
        self.done(&["audit", "verify"]);
        let output = self.run(&["audit", "list", "--json"]);
        let text = String::from_utf8(output.stdout).unwrap();
        let rows = text
            .lines()
            .map(|l| serde_json::from_str::<Value>(l).unwrap());
        rows.map(|row| row["act"].as_str().unwrap().to_owned())
            // looking is noted too
            .filter(|act| act != "find")
            .collect()
    }

    /// Names in the data folder that begin so.
    pub(crate) fn names(&self, begin: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path("data")).unwrap();
        let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
        let mut found: Vec<String> = names.filter(|n| n.starts_with(begin)).collect();
        found.sort();
        found
    }

    fn to(&self, to: &str) -> Vec<String> {
        ["migrate", "--to", to, "--now", NOW]
            .map(str::to_owned)
            .to_vec()
    }

    pub(crate) fn migrate(&self, to: &str) -> String {
        let args = self.to(to);
        self.done(&args.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn migrate_refused(&self, to: &str) -> String {
        let args = self.to(to);
        self.refused(&args.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

pub(crate) fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_ledger_goes_to_postgresql_and_comes_back_and_is_the_same() {
    let Some(server) = postgres::server() else {
        return;
    };
    let place = Place::new();
    let answers = place.receive(0..6);
    assert!(
        answers.iter().all(|a| a["verdict"] == "match"),
        "{answers:?}"
    );
    let (state, acts) = (place.state(), place.acts());
    let url = server.database();
    let told = place.migrate(&url);
    assert!(
        told.contains("逐表核对") && told.contains("ledger.db.moved-"),
        "{told}"
    );
    assert_eq!(place.names("ledger.db").len(), 1, "{:?}", place.names(""));
    assert_eq!(place.names("database"), ["database.toml"]);
    assert_eq!(place.state(), state);
    let moved = place.acts();
    assert_eq!(moved[..acts.len()], acts[..]);
    assert_eq!(moved[acts.len()..], ["migrate"]);
    // what was received is known there, and what is new is received there
    let again = place.receive(0..9);
    assert_eq!(
        again.iter().filter(|a| a["before"] == true).count(),
        6,
        "{again:?}"
    );
    assert_eq!(again.iter().filter(|a| a["verdict"] == "match").count(), 9);
    // moved already
    assert!(place.migrate(&url).contains("没有搬"));
    // a backup of it is a file as any other, and is restored into a file
    let backup = place.path("backup");
    place.done(&["backup", "--out", backup.to_str().unwrap(), "--now", NOW]);
    let back = place.path("restored");
    place.done(&[
        "restore",
        "backup",
        "--data",
        back.to_str().unwrap(),
        "--now",
        NOW,
    ]);
    assert!(back.join("ledger.db").is_file() && !back.join("database.toml").exists());
    let restored = place.run(&["status", "--json", "--now", NOW, "--data", "restored"]);
    let own = place.run(&["status", "--json", "--now", NOW]);
    assert_eq!(restored.stdout, own.stdout);
    place.done(&["audit", "verify", "--data", "restored"]);
    // and back
    let (state, acts) = (place.state(), place.acts());
    let told = place.migrate("file");
    assert!(told.contains("搬回 ledger.db"), "{told}");
    assert_eq!(place.names("database").len(), 1);
    assert!(place.names("database")[0].starts_with("database.toml.moved-"));
    assert_eq!(place.state(), state);
    let returned = place.acts();
    assert_eq!(returned[..acts.len()], acts[..]);
    assert_eq!(returned[acts.len()..], ["migrate"]);
    let more = place.receive(0..12);
    assert_eq!(
        more.iter().filter(|a| a["before"] == true).count(),
        9,
        "{more:?}"
    );
    // what was left there is a ledger, which is never written over
    let refused = place.migrate_refused(&url);
    assert!(refused.contains("已经有一本台账"), "{refused}");
    assert_eq!(place.receive(0..12).len(), 12);
}

#[test]
fn a_moving_killed_at_any_write_leaves_the_old_or_the_new_ledger() {
    let Some(server) = postgres::server() else {
        return;
    };
    let fresh = Place::new();
    fresh.receive(0..4);
    let (state, acts) = (fresh.state(), fresh.acts());
    for back in [false, true] {
        let mut kills = 0;
        for pass in passes(400) {
            let place = Place::new();
            place.receive(0..4);
            let url = server.database();
            if back {
                place.migrate(&url);
            }
            let to = if back { "file" } else { &url };
            let args = place.to(to);
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let output = place.run_killed(&args, "", Some(pass));
            if !was_killed(&output) {
                assert!(output.status.success(), "{}", said(&output));
                break;
            }
            kills += 1;
            let when = format!("{to} killed at {pass}: {:?}", place.names(""));
            assert_eq!(place.state(), state, "{when}");
            let told = place.acts();
            assert!(told.starts_with(&acts), "{when}: {told:?}");
            // work goes on, wherever it is, and is not lost by the next run
            place.receive(0..6);
            place.migrate(to);
            let again = place.receive(0..6);
            assert!(
                again.iter().all(|a| a["before"] == true),
                "{when}: {again:?}"
            );
            let moves = place.acts().iter().filter(|act| *act == "migrate").count();
            assert_eq!(moves, 1 + usize::from(back), "{when}");
            let is_file = place.path("data/ledger.db").exists();
            assert_eq!(is_file, back, "{when}");
            assert_eq!(place.path("data/database.toml").exists(), !back, "{when}");
            let litter: Vec<String> = place
                .names("")
                .into_iter()
                .filter(|n| n.ends_with(".new"))
                .collect();
            assert!(litter.is_empty(), "{when}: {litter:?}");
        }
        assert!(kills >= 6, "{kills}");
    }
}

#[test]
fn a_ledger_is_moved_to_no_place_that_holds_one_nor_while_it_is_open() {
    let Some(server) = postgres::server() else {
        return;
    };
    let (one, two) = (Place::new(), Place::new());
    let url = server.database();
    one.migrate(&url);
    let refused = two.migrate_refused(&url);
    assert!(refused.contains("已经有一本台账"), "{refused}");
    assert!(two.path("data/ledger.db").is_file() && !two.path("data/database.toml").exists());
    // another folder is pointed at it: its objects are not here
    let pointer = std::fs::read_to_string(one.path("data/database.toml")).unwrap();
    let at = pointer.find("folder = \"").unwrap() + 10;
    let other = format!("{}0123456789abcdef{}", &pointer[..at], &pointer[at + 16..]);
    std::fs::write(two.path("data/database.toml"), other).unwrap();
    let refused = two.refused(&["status"]);
    assert!(refused.contains("另一个数据目录"), "{refused}");
    std::fs::remove_file(two.path("data/database.toml")).unwrap();
    // whoever has it open keeps it where it is
    for (place, to) in [(&two, server.database()), (&one, "file".to_owned())] {
        let mut open = std::process::Command::new(env!("CARGO_BIN_EXE_sanlian"))
            .args(["receive", "digits", "--json", "--now", NOW])
            .arg("--data")
            .arg(place.path("data"))
            .arg("--keys")
            .arg(place.path("keys"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        use std::io::{BufRead, Write};
        let mut input = open.stdin.take().unwrap();
        writeln!(input, "{}", small::digits()[0]).unwrap();
        let mut answer = String::new();
        let mut out = std::io::BufReader::new(open.stdout.take().unwrap());
        out.read_line(&mut answer).unwrap();
        assert!(answer.contains("match"), "{answer}");
        let refused = place.migrate_refused(&to);
        assert!(refused.contains("还有程序开着"), "{refused}");
        drop(input);
        assert!(open.wait().unwrap().success());
        place.migrate(&to);
        assert!(place.acts().contains(&"receive".to_owned()));
    }
}

#[test]
fn what_is_asked_of_a_database_is_told_with_what_to_do() {
    let Some(server) = postgres::server() else {
        return;
    };
    let place = Place::new();
    for (url, word) in [
        ("postgres://clerk:secret@localhost/x", "PGPASSWORD"),
        ("postgres://localhost/x?password=secret", "PGPASSWORD"),
        ("mysql://localhost/x", "postgres://用户@主机"),
        (
            "postgres://postgres@localhost/x?host=/nowhere",
            "是否在运行",
        ),
    ] {
        for args in [
            &["migrate", "--to", url][..],
            &["init", "--data", "new", "--database", url],
        ] {
            let refused = place.refused(args);
            assert!(
                refused.contains(word) && !refused.contains("secret"),
                "{args:?}: {refused}"
            );
        }
        assert!(
            place.path("data/ledger.db").is_file() && !place.path("new/database.toml").exists()
        );
    }
    // a new one there; once it is there, it stays
    let url = server.database();
    let told = place.done(&["init", "--data", "new", "--database", &url]);
    assert!(told.contains("已新建台账"), "{told}");
    let told = place.done(&["init", "--data", "new", "--database", &url]);
    assert!(told.contains("没有改动"), "{told}");
    assert!(place.path("new/database.toml").is_file() && !place.path("new/ledger.db").exists());
    place.done(&["audit", "verify", "--data", "new"]);
    let refused = place.refused(&["init", "--data", "new", "--database", &server.database()]);
    assert!(
        refused.contains("台账已经在") && refused.contains("sanlian migrate"),
        "{refused}"
    );
    let refused = place.refused(&["init", "--database", &url]);
    assert!(refused.contains("在文件里"), "{refused}");
    // a folder whose database is empty holds no ledger; nothing is made by looking
    postgres::on(&url, async |db| {
        let text = "DROP SCHEMA sanlian CASCADE";
        sqlx::raw_sql(text).execute(db).await.unwrap();
    })
    .unwrap();
    let refused = place.refused(&["status", "--data", "new"]);
    assert!(refused.contains("这里没有台账"), "{refused}");
}
