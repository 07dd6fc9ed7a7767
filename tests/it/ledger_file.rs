//! The ledger's file: all of it is there when a run has ended, nothing but an act that is meant to makes one, a file without a ledger
//! in it is never an empty ledger, nobody else reads it, and what goes wrong with the disk is called by its name.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use sanlian::store::ledger::LedgerFault;

use crate::folder::Folder;
use crate::service::Service;
use crate::{run, small};

fn place() -> Folder {
    let folder = Folder::new();
    for part in ["data", "keys"] {
        run::copy_tree(&small::made().join(part), &folder.path().join(part));
    }
    for secret in ["private.pem", "vault.key"] {
        let mode = fs::Permissions::from_mode(0o600);
        fs::set_permissions(folder.path().join("keys").join(secret), mode).unwrap();
    }
    folder
}

fn asked(folder: &Path, args: &[&str], input: &str) -> Output {
    use std::io::Write;
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_sanlian"))
        .args(args)
        .arg("--data")
        .arg(folder.join("data"))
        .arg("--keys")
        .arg(folder.join("keys"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // an act that asks for nothing may have ended
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn talk(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn log_rows(folder: &Path) -> usize {
    let output = asked(folder, &["audit", "list", "--json"], "");
    assert!(output.status.success(), "{}", talk(&output));
    output.stdout.iter().filter(|b| **b == b'\n').count()
}

/// The data folder with its one file and nothing beside it, as somebody copies it who knows no better.
fn copied_alone(folder: &Path) -> Folder {
    let copy = Folder::new();
    let ledger = fs::read(folder.join("data/ledger.db")).unwrap();
    copy.put("data/ledger.db", &ledger);
    for entry in fs::read_dir(folder.join("keys")).unwrap() {
        let from = entry.unwrap().path();
        let to = copy.path().join("keys").join(from.file_name().unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        // with its mode, unlike a file that is written
        fs::copy(&from, &to).unwrap();
    }
    copy
}

#[test]
fn after_an_act_at_the_desk_all_of_the_ledger_stands_in_its_one_file() {
    let folder = place();
    let digits = small::digits();
    for (args, input) in [
        (vec!["receive", "digits"], digits[..5].join("\n")),
        (
            vec!["void", digits[0].as_str(), "--reason", "试一试"],
            String::new(),
        ),
        (vec!["status"], String::new()),
        // one that fails half way
        (vec!["slip", "没有的单位"], String::new()),
    ] {
        asked(folder.path(), &args, &input);
        let left = folder.list();
        let beside = |name: &&String| name.contains("ledger.db-");
        assert_eq!(left.iter().find(beside), None, "after {args:?}");
    }
    let copy = copied_alone(folder.path());
    assert_eq!(log_rows(copy.path()), log_rows(folder.path()));
}

#[test]
fn after_a_graceful_stop_of_the_service_all_of_the_ledger_stands_in_its_one_file() {
    let (mut service, mut admin) = Service::settled("ledger-file-serve");
    assert_eq!(admin.get("/board").status, 200);
    assert!(service.end().success());
    let beside = |name: &str| service.dir.join("data").join(name).exists();
    assert!(!beside("ledger.db-wal") && !beside("ledger.db-shm"));
    let copy = copied_alone(&service.dir);
    assert!(log_rows(copy.path()) >= 2);
}

#[test]
fn a_file_without_a_ledger_in_it_is_no_empty_ledger() {
    // what lies there when the rest is in the companion file: a database with a head and no tables
    let bare = Folder::new();
    let bare = bare.path().join("bare.db");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        use sqlx::Connection;
        use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
        let options = SqliteConnectOptions::new()
            .filename(&bare)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal);
        let db = SqliteConnection::connect_with(&options).await.unwrap();
        db.close().await.unwrap();
    });
    let bare = fs::read(bare).unwrap();
    assert_eq!(bare.len(), 4096);
    let submission = small::made().join("submission");
    for bytes in [&[][..], &bare] {
        let folder = place();
        let ledger = folder.path().join("data/ledger.db");
        fs::write(&ledger, bytes).unwrap();
        let out = folder.path().join("out");
        let make = [
            "make",
            submission.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
        ];
        for args in [
            &["status"][..],
            &["audit", "verify"],
            &["audit", "list"],
            &["receive", "digits"],
            &["missing"],
            &["backup", "--out", out.to_str().unwrap()],
            &["init"],
            &make,
            &["serve", "--listen", "127.0.0.1:0"],
        ] {
            let output = asked(folder.path(), args, "");
            let said = talk(&output);
            assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
            assert!(said.contains("没有台账"), "{args:?}: {said}");
            assert!(said.contains("ledger.db-wal"), "{args:?}: {said}");
            assert_eq!(fs::read(&ledger).unwrap(), bytes, "{args:?} wrote into it");
        }
        assert!(!out.exists());
    }
}

#[test]
fn only_init_serve_and_a_first_making_make_a_ledger() {
    let digits = small::digits();
    let out = Folder::new();
    let out = out.path().join("out");
    for args in [
        &["status"][..],
        &["missing"],
        &["missing", "--phones"],
        &["slip", "示例市"],
        &["find", "王"],
        &["void", &digits[0], "--reason", "试一试"],
        &["audit", "verify"],
        &["audit", "list"],
        &[
            "export",
            "--campaign",
            "hebei-zuimei-2021",
            "--out",
            out.to_str().unwrap(),
        ],
        &[
            "erase",
            "--campaign",
            "hebei-zuimei-2021",
            "--reason",
            "试",
            "--yes",
        ],
        &["backup", "--out", out.to_str().unwrap()],
        &["receive", "digits"],
        &["receive", "seal", "ABCD"],
    ] {
        let folder = place();
        fs::remove_dir_all(folder.path().join("data")).unwrap();
        let before = folder.list();
        let output = asked(folder.path(), args, &digits[0]);
        let said = talk(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert_eq!(folder.list(), before, "{args:?} left something");
    }
    let folder = Folder::new();
    let made = asked(folder.path(), &["init"], "");
    assert!(made.status.success(), "{}", talk(&made));
    assert!(folder.path().join("keys/vault.key").is_file());
    let received = asked(folder.path(), &["receive", "digits"], &digits[0]);
    assert_eq!(received.status.code(), Some(1), "{}", talk(&received));
    let again = asked(folder.path(), &["init"], "");
    assert!(talk(&again).contains("没有改动"), "{}", talk(&again));
    assert_eq!(log_rows(folder.path()), 1);
}

fn modes(folder: &Path, found: &mut Vec<(PathBuf, u32)>) {
    let mode = |path: &Path| path.symlink_metadata().unwrap().permissions().mode() & 0o777;
    found.push((folder.to_path_buf(), mode(folder)));
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => modes(&path, found),
            false => found.push((path.clone(), mode(&path))),
        }
    }
}

fn is_closed(folder: &Path) {
    let mut found = Vec::new();
    modes(folder, &mut found);
    assert!(found.len() > 1);
    for (path, mode) in found {
        assert_eq!(mode & 0o077, 0, "{} is {mode:o}", path.display());
    }
}

#[test]
fn nobody_else_reads_the_data_folder_or_a_backup_nor_one_that_stood_open() {
    let folder = place();
    let data = folder.path().join("data");
    // as an earlier program left it
    let objects = sanlian::store::Objects::of(&data).unwrap();
    let object = objects.put("照片".as_bytes()).unwrap();
    let open = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let path = objects.path(&object).unwrap();
    open(&path, 0o644);
    open(path.parent().unwrap(), 0o755);
    open(&data, 0o755);
    asked(folder.path(), &["receive", "digits"], &small::digits()[0]);
    is_closed(&data);
    let backup = folder.path().join("backup");
    asked(
        folder.path(),
        &["backup", "--out", backup.to_str().unwrap()],
        "",
    );
    is_closed(&backup);
    // and while it is open
    let mut service = Service::settled("ledger-file-modes").0;
    is_closed(&service.dir.join("data"));
    service.end();
}

/// An error of the engine with a result code.
#[derive(Debug)]
struct Said(&'static str);

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Said {}

impl sqlx::error::DatabaseError for Said {
    fn message(&self) -> &str {
        self.0
    }

    fn code(&self) -> Option<std::borrow::Cow<'_, str>> {
        Some(self.0.into())
    }

    fn kind(&self) -> sqlx::error::ErrorKind {
        sqlx::error::ErrorKind::Other
    }

    fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
        self
    }
}

#[test]
fn what_goes_wrong_with_the_disk_is_called_by_its_name() {
    for (code, word) in [
        // SQLITE_FULL
        ("13", "磁盘空间已满"),
        // SQLITE_IOERR_READ, _SHORT_READ, _WRITE, _FSYNC, _FSTAT
        ("266", "磁盘读写出错"),
        ("522", "磁盘读写出错"),
        ("778", "磁盘读写出错"),
        ("1034", "磁盘读写出错"),
        ("1802", "磁盘读写出错"),
        // SQLITE_IOERR_SHMSIZE
        ("4874", "磁盘空间已满"),
        ("8", "只读"),
        ("11", "已损坏"),
        ("26", "已损坏"),
        ("5", "另一个程序"),
    ] {
        let fault = LedgerFault::from(sqlx::Error::Database(Box::new(Said(code))));
        assert!(fault.to_string().contains(word), "{code}: {fault}");
    }
    use std::io::{Error, ErrorKind};
    for (error, word) in [
        (Error::from_raw_os_error(5), "磁盘读写出错"),
        (ErrorKind::StorageFull.into(), "磁盘空间已满"),
    ] {
        let fault = LedgerFault::from(sqlx::Error::Io(error));
        assert!(fault.to_string().contains(word), "{fault}");
    }
}
