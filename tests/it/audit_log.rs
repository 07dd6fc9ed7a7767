//! The audit log says who, and whoever has no key cannot write it: rows changed, re-linked, cut off or presented as those of an earlier
//! program are seen; so is a backup whose contents were exchanged and whose sums were made to fit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Row};

use crate::folder::Folder;
use crate::{postgres, run, small};

/// A data folder with its keys, of the small submission.
struct Place(Folder);

impl Place {
    fn new() -> Self {
        let place = Self(Folder::new());
        run::copy_tree(&small::made().join("data"), &place.path("data"));
        run::copy_tree(&small::made().join("keys"), &place.path("keys"));
        #[cfg(unix)]
        for secret in ["private.pem", "vault.key"] {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::Permissions::from_mode(0o600);
            fs::set_permissions(place.path("keys").join(secret), mode).unwrap();
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, args: &[&str], data: &str) -> Output {
        let (data, keys) = (self.path(data), self.path("keys"));
        let mut all: Vec<&str> = args.to_vec();
        all.extend(["--data", data.to_str().unwrap()]);
        all.extend(["--keys", keys.to_str().unwrap()]);
        run::sanlian(&all)
    }

    /// Receives a page, which is one row of the log.
    fn receive(&self, data: &str, n: usize) {
        use std::io::Write;
        let mut child = Command::new(env!("CARGO_BIN_EXE_sanlian"))
            .args(["receive", "digits", "--data"])
            .arg(self.path(data))
            .arg("--keys")
            .arg(self.path("keys"))
            .env("USER", "somebody-else")
            .env("LOGNAME", "somebody-else")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{}", small::digits()[n]).unwrap();
        assert!(child.wait().unwrap().success());
    }

    fn verify(&self, data: &str) -> (Option<i32>, String) {
        let output = self.run(&["audit", "verify"], data);
        (output.status.code(), words(&output))
    }

    fn rows(&self, data: &str) -> Vec<Value> {
        let output = self.run(&["audit", "list", "--json"], data);
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The head of the log in the key folder.
    fn head(&self) -> PathBuf {
        let mut found = fs::read_dir(self.path("keys"))
            .unwrap()
            .map(|e| e.unwrap().path());
        let named = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with("audit-head-")
        };
        found.find(named).expect("a head is kept apart")
    }

    fn tamper(&self, sql: &str) {
        let ledger = self.path("data/ledger.db");
        match postgres::beside(&ledger) {
            Some(url) => postgres::tamper(&url, sql),
            None => without_triggers(&ledger, sql),
        }
    }
}

fn words(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

fn with_db<T>(path: &Path, act: impl AsyncFnOnce(&mut SqliteConnection) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(path);
        let mut db = SqliteConnection::connect_with(&options).await.unwrap();
        let done = act(&mut db).await;
        db.close().await.unwrap();
        done
    })
}

async fn execute(db: &mut SqliteConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(db)
        .await
        .unwrap();
}

/// Changes a ledger from outside, as no act of the program does, and leaves no trace of how.
fn without_triggers(path: &Path, sql: &str) {
    with_db(path, async |db| {
        let triggers: Vec<(String, String)> =
            sqlx::query_as("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
                .fetch_all(&mut *db)
                .await
                .unwrap();
        for (name, _) in &triggers {
            execute(db, &format!("DROP TRIGGER {name}")).await;
        }
        execute(db, sql).await;
        let tables: Vec<String> =
            sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table'")
                .fetch_all(&mut *db)
                .await
                .unwrap();
        // a trigger of a table that is gone is gone too
        let stands = |made: &String| {
            let words: Vec<&str> = made.split_whitespace().collect();
            let of = words.iter().position(|word| *word == "ON").unwrap() + 1;
            tables.iter().any(|table| words[of] == table)
        };
        for (_, made) in triggers.iter().filter(|(_, made)| stands(made)) {
            execute(db, made).await;
        }
    });
}

/// Makes a ledger one of an earlier program, of schema 7: no actors, no marker, and a chain that anybody can compute.
fn downgrade(path: &Path) -> String {
    without_triggers(
        path,
        "DELETE FROM setting WHERE name = 'audit';
         DELETE FROM _sqlx_migrations WHERE version > 7;
         DROP TABLE attempt;
         DROP TABLE blank_choice;
         DROP TABLE blank_page;
         DROP TABLE blank_form;
         DROP TABLE unit_key;
         DROP INDEX sheet_says;
         ALTER TABLE receipt DROP COLUMN signer;
         DROP INDEX entry_object;
         DROP INDEX sighting_object;
         DROP INDEX lookup_record;
         ALTER TABLE roster DROP COLUMN contact;
         ALTER TABLE review DROP COLUMN by;
         DROP INDEX sighting_at;
         ALTER TABLE sighting DROP COLUMN behind;
         ALTER TABLE seal DROP COLUMN minutes;
         ALTER TABLE audit DROP COLUMN actor;
         ALTER TABLE audit DROP COLUMN source",
    );
    relink(path)
}

/// Links the rows anew as an earlier program did, without a key; gives the last hash.
pub(crate) fn relink(path: &Path) -> String {
    let rows = with_db(path, async |db| {
        sqlx::query("SELECT no, at, act, subject, detail FROM audit ORDER BY no")
            .fetch_all(db)
            .await
            .unwrap()
    });
    let (mut last, mut sql) = (vec![0; 32], String::new());
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    for row in rows {
        let mut sum = Sha256::new();
        sum.update(&last);
        sum.update(row.get::<i64, _>(0).to_be_bytes());
        sum.update(row.get::<i64, _>(1).to_be_bytes());
        for text in 2..5 {
            let text: String = row.get(text);
            sum.update((text.len() as u64).to_be_bytes());
            sum.update(text);
        }
        last = sum.finalize().to_vec();
        let no: i64 = row.get(0);
        sql.push_str(&format!(
            "UPDATE audit SET hash = x'{}' WHERE no = {no};",
            hex(&last)
        ));
    }
    without_triggers(path, &sql);
    hex(&last)
}

#[test]
fn every_row_names_who_and_the_system_user_is_not_what_the_environment_says() {
    let place = Place::new();
    place.receive("data", 0);
    place.receive("data", 1);
    let rows = place.rows("data");
    assert!(rows.len() >= 3);
    let user = run_as();
    for row in &rows {
        assert_eq!(row["actor"], format!("命令行（{user}）"), "{row}");
        assert_eq!(row["source"], "");
    }
    let list = words(&place.run(&["audit", "list"], "data"));
    assert!(
        list.contains(&format!("命令行（{user}）　receive")),
        "{list}"
    );
}

fn run_as() -> String {
    let said = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

#[test]
fn rows_that_were_changed_and_linked_again_without_the_key_are_seen() {
    let place = Place::new();
    place.receive("data", 0);
    place.tamper("UPDATE audit SET detail = '别的' WHERE no = 2");
    let (code, said) = place.verify("data");
    assert!(code == Some(1) && said.contains("第 2 行"), "{said}");
    relink(&place.path("data/ledger.db"));
    let (code, said) = place.verify("data");
    assert!(code == Some(1) && said.contains("第 1 行"), "{said}");
}

#[test]
fn who_acted_cannot_be_changed() {
    for sql in [
        "UPDATE audit SET actor = '命令行（别人）' WHERE no = 2",
        "UPDATE audit SET source = '10.0.0.9' WHERE no = 2",
    ] {
        let place = Place::new();
        place.receive("data", 0);
        place.tamper(sql);
        let (code, said) = place.verify("data");
        assert!(code == Some(1) && said.contains("第 2 行"), "{said}");
    }
}

#[test]
fn a_tail_that_was_cut_off_is_seen_by_the_head_that_is_kept_apart() {
    let place = Place::new();
    for n in 0..3 {
        place.receive("data", n);
    }
    let (code, said) = place.verify("data");
    assert!(code == Some(0) && said.contains("4 行"), "{said}");
    place.tamper("DELETE FROM audit WHERE no > 2");
    let (code, said) = place.verify("data");
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("只有 2 行") && said.contains("第 4 行"),
        "{said}"
    );
    let status = words(&place.run(&["status"], "data"));
    assert!(status.contains("sanlian audit verify"), "{status}");
    // what is written on top does not hide it
    for n in 3..7 {
        place.receive("data", n);
    }
    let (code, said) = place.verify("data");
    assert!(code == Some(1) && said.contains("第 3 行不是"), "{said}");
}

#[test]
fn a_head_that_lags_or_was_torn_is_still_one_and_a_missing_one_is_said() {
    let place = Place::new();
    place.receive("data", 0);
    let earlier = fs::read(place.head()).unwrap();
    place.receive("data", 1);
    place.receive("data", 2);
    let now = fs::read(place.head()).unwrap();
    assert_ne!(now, earlier);
    // a run that was killed between commit and head
    fs::write(place.head(), &earlier).unwrap();
    assert_eq!(place.verify("data").0, Some(0));
    // half of the newer slot was written
    let mut torn = now.clone();
    torn.truncate(now.len() - 40);
    fs::write(place.head(), &torn).unwrap();
    let (code, said) = place.verify("data");
    assert!(code == Some(0) && !said.contains("没有末尾记录"), "{said}");
    // somebody without the key writes one of his own
    let text = String::from_utf8(now).unwrap();
    let forged: String = text
        .lines()
        .map(|line| format!("1{}\n", &line[1..]))
        .collect();
    fs::write(place.head(), forged).unwrap();
    let (code, said) = place.verify("data");
    assert!(code == Some(0) && said.contains("没有末尾记录"), "{said}");
    fs::remove_file(place.head()).unwrap();
    let (code, said) = place.verify("data");
    assert!(code == Some(0) && said.contains("没有末尾记录"), "{said}");
}

#[test]
fn a_log_of_an_earlier_program_goes_on_keyed_and_its_old_part_stays_as_it_was() {
    let place = Place::new();
    place.receive("data", 0);
    let ledger = place.path("data/ledger.db");
    downgrade(&ledger);
    fs::remove_file(place.head()).unwrap();
    place.receive("data", 1);
    let (code, said) = place.verify("data");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("前 2 行是早先的程序写的"), "{said}");
    let rows = place.rows("data");
    assert_eq!(rows[2]["act"], "keyed");
    assert_eq!(rows[1]["actor"], "");
    assert_ne!(rows[3]["actor"], "");
    // the old part rewritten as the earlier program would have
    place.tamper("UPDATE audit SET detail = '别的' WHERE no = 1");
    relink_first(&ledger, 2);
    let (code, said) = place.verify("data");
    assert!(code == Some(1) && said.contains("第 3 行"), "{said}");
}

/// Links only the first rows anew.
fn relink_first(path: &Path, rows: i64) {
    let kept = with_db(path, async |db| {
        sqlx::query(AssertSqlSafe(format!(
            "SELECT no, hex(hash) FROM audit WHERE no > {rows}"
        )))
        .fetch_all(db)
        .await
        .unwrap()
    });
    relink(path);
    let sql: String = kept
        .iter()
        .map(|row| {
            let (no, hash): (i64, String) = (row.get(0), row.get(1));
            format!("UPDATE audit SET hash = x'{hash}' WHERE no = {no};")
        })
        .collect();
    without_triggers(path, &sql);
}

#[test]
fn a_keyed_log_cannot_be_presented_as_one_of_an_earlier_program() {
    // the marker moved, so that rewritten rows would count as old
    let place = Place::new();
    place.receive("data", 0);
    place.tamper("UPDATE setting SET value = '99' || substr(value, 2) WHERE name = 'audit'");
    let (code, said) = place.verify("data");
    assert!(code == Some(1) && said.contains("第 1 行"), "{said}");
    // the marker taken away: the rows are still keyed
    let place = Place::new();
    place.receive("data", 0);
    place.tamper("DELETE FROM setting WHERE name = 'audit'");
    let (code, said) = place.verify("data");
    assert!(code == Some(1) && said.contains("第 1 行"), "{said}");
    // all of it rewritten: the switch stands in the log once more, where none is due
    let place = Place::new();
    place.receive("data", 0);
    downgrade(&place.path("data/ledger.db"));
    place.verify("data");
    let rows = place.rows("data");
    assert_eq!(rows.last().unwrap()["act"], "keyed");
}

fn back_up(place: &Place) -> PathBuf {
    let out = place.path("backup");
    let done = place.run(&["backup", "--out", out.to_str().unwrap()], "data");
    assert!(done.status.success(), "{}", words(&done));
    out
}

fn restore(place: &Place, more: &[&str], to: &str) -> (Option<i32>, String) {
    let from = place.path("backup");
    let args = [&["restore", from.to_str().unwrap()], more].concat();
    let output = place.run(&args, to);
    (output.status.code(), words(&output))
}

/// Writes the manifest of a backup anew, so that sums and sizes fit, and with other facts.
fn made_to_fit(backup: &Path, change: impl FnOnce(&mut Value)) {
    let mut manifest = run::manifest(backup);
    let ledger = fs::read(backup.join("ledger.db")).unwrap();
    let sum: String = Sha256::digest(&ledger)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    for file in manifest["files"].as_array_mut().unwrap() {
        if file["path"] == "ledger.db" {
            file["sha256"] = sum.clone().into();
            file["size"] = ledger.len().into();
        }
    }
    change(&mut manifest);
    let text = serde_json::to_vec_pretty(&manifest).unwrap();
    fs::write(backup.join("manifest.json"), text).unwrap();
}

#[test]
fn a_backup_with_an_exchanged_password_and_sums_that_fit_is_refused() {
    let place = Place::new();
    let backup = back_up(&place);
    without_triggers(
        &backup.join("ledger.db"),
        "INSERT INTO account (name, role, password, once, failed, locked, closed)
         VALUES ('another', 'admin', 'his own hash', 0, 0, 0, 0)",
    );
    made_to_fit(&backup, |_| ());
    for more in [&[][..], &["--old-format"]] {
        let (code, said) = restore(&place, more, "again");
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("签记不符"), "{said}");
    }
    // without its proof it is no backup of an earlier program either
    made_to_fit(&backup, |manifest| {
        manifest["backup"] = 1.into();
        manifest.as_object_mut().unwrap().remove("proof").unwrap();
    });
    let (code, said) = restore(&place, &[], "again");
    assert!(code == Some(2) && said.contains("--old-format"), "{said}");
    let (code, said) = restore(&place, &["--old-format"], "again");
    assert!(code == Some(2) && said.contains("应有"), "{said}");
    assert!(!place.path("again").exists());
}

#[test]
fn a_backup_of_an_earlier_program_is_restored_when_asked_for_and_said_to_be_unproven() {
    let place = Place::new();
    place.receive("data", 0);
    let backup = back_up(&place);
    let last = downgrade(&backup.join("ledger.db"));
    made_to_fit(&backup, |manifest| {
        manifest["backup"] = 1.into();
        manifest.as_object_mut().unwrap().remove("proof").unwrap();
        manifest["ledger"]["audit_last"] = last.into();
        manifest["ledger"]["schema"] = with_db(&backup.join("ledger.db"), async |db| {
            sqlx::query_scalar::<_, i64>("SELECT max(version) FROM _sqlx_migrations")
                .fetch_one(db)
                .await
                .unwrap()
        })
        .into();
    });
    let (code, said) = restore(&place, &[], "again");
    assert!(code == Some(2) && said.contains("--old-format"), "{said}");
    let (code, said) = restore(&place, &["--old-format"], "again");
    assert!(code == Some(0) && said.contains("没有密钥签记"), "{said}");
    assert_eq!(place.verify("again").0, Some(0));
    assert!(
        place.rows("again").last().unwrap()["detail"]
            .as_str()
            .unwrap()
            .contains("没有密钥签记")
    );
}

#[test]
fn a_restored_ledger_is_one_of_its_own_beside_the_one_that_goes_on() {
    let place = Place::new();
    back_up(&place);
    place.receive("data", 0);
    let (code, said) = restore(&place, &[], "again");
    assert_eq!(code, Some(0), "{said}");
    place.receive("again", 1);
    place.receive("data", 2);
    for data in ["data", "again"] {
        let (code, said) = place.verify(data);
        assert!(code == Some(0) && !said.contains("没有末尾记录"), "{said}");
    }
    let rows = place.rows("again");
    let restored = rows.iter().find(|row| row["act"] == "restore").unwrap();
    assert!(
        restored["detail"]
            .as_str()
            .unwrap()
            .contains("末尾记录另立")
    );
}
