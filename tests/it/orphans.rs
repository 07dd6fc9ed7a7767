//! No object is left that nothing names: runs that are killed at every write and at seeded moments, refused, or second, and many at
//! once; and nothing that is named is missing.
#![cfg(all(unix, debug_assertions))]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};

use crate::chance::{Chance, rounds};
use crate::killed::{Place, at_every_pass, package};
use crate::{postgres, run};

const NOW: &str = "2021-05-30T01:02:03Z";

/// A column of a ledger's rows.
pub(crate) fn column<T>(ledger: &Path, sql: &str) -> Vec<T>
where
    T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    if let Some(url) = postgres::beside(ledger) {
        let text = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()));
        return postgres::on(&url, async |db| text.fetch_all(db).await.unwrap()).unwrap();
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let options = SqliteConnectOptions::new().filename(ledger);
    runtime.block_on(async {
        let mut db = SqliteConnection::connect_with(&options).await.unwrap();
        let sql = AssertSqlSafe(sql.to_owned());
        let rows = sqlx::query_scalar(sql).fetch_all(&mut db).await.unwrap();
        db.close().await.unwrap();
        rows
    })
}

fn named(data: &Path) -> BTreeSet<String> {
    let sql = "SELECT lower(hex(object)) FROM entry
        UNION SELECT lower(hex(object)) FROM sighting WHERE object IS NOT NULL";
    column(&data.join("ledger.db"), sql).into_iter().collect()
}

/// The objects that lie there, and beside them nothing.
fn lying(data: &Path) -> BTreeSet<String> {
    let objects = data.join("objects");
    if !objects.exists() {
        return BTreeSet::new();
    }
    // the lock of a run that was killed stays, and does no harm
    let names = run::files(&objects).into_keys().filter(|n| n != ".lock");
    names.map(|n| n.replace('/', "")).collect()
}

/// What lies there is what is named.
fn agree(data: &Path, when: &str) {
    let (named, lying) = (named(data), lying(data));
    let orphans: Vec<_> = lying.difference(&named).collect();
    let missing: Vec<_> = named.difference(&lying).collect();
    assert!(orphans.is_empty(), "{when}: left {orphans:?}");
    assert!(missing.is_empty(), "{when}: missing {missing:?}");
}

fn receive_package() -> [String; 6] {
    let file = package().to_str().unwrap().to_owned();
    ["receive", "package", &file, "--json", "--now", NOW].map(str::to_owned)
}

/// Three pages that carry no mark, and what receives them.
pub(crate) fn receive_scans(name: &str) -> Vec<String> {
    let folder = run::scratch(name);
    let args = ["receive", "scan", "--json", "--threads", "1", "--now", NOW];
    let mut args: Vec<String> = args.map(str::to_owned).to_vec();
    for n in 0..3_u8 {
        let bar = |i: usize| i / 160 % 12 < 3 + usize::from(n);
        let luma: Vec<u8> = (0..160 * 120)
            .map(|i| if bar(i) { 30 } else { 235 })
            .collect();
        let path = folder.join(format!("空页{n}.png"));
        std::fs::write(&path, crate::scan_files::png(160, 120, &luma)).unwrap();
        args.push(path.to_str().unwrap().to_owned());
    }
    args
}

fn words(args: &[String]) -> Vec<&str> {
    args.iter().map(String::as_str).collect()
}

/// One act that has nothing to do with the one that was killed.
const NEXT: [&str; 2] = ["audit", "verify"];

#[test]
fn a_package_killed_at_any_write_leaves_no_object_that_nothing_names() {
    let receive = receive_package();
    let passes = AtomicU32::new(0);
    let kills = at_every_pass(
        &|place, pass| place.run(&words(&receive), "", pass),
        &|place, _| {
            place.is_sound();
            agree(&place.path("data"), "after the next act");
            if place.count("package") == 0 && passes.fetch_add(1, Relaxed).is_multiple_of(20) {
                place.done(&words(&receive), "");
                agree(&place.path("data"), "received again");
            }
        },
    );
    assert!(kills >= 20, "{kills}");
}

#[test]
fn a_scan_killed_at_any_write_leaves_no_object_that_nothing_names() {
    let receive = receive_scans("orphans-scan");
    let kills = at_every_pass(
        &|place, pass| {
            let mut output = place.run(&words(&receive), "", pass);
            // pages without a mark are findings
            if output.status.code() == Some(1) {
                output.status = std::os::unix::process::ExitStatusExt::from_raw(0);
            }
            output
        },
        &|place, _| {
            place.is_sound();
            agree(&place.path("data"), "after the next act");
            assert_eq!(place.run(&words(&receive), "", None).status.code(), Some(1));
            agree(&place.path("data"), "received again");
            assert_eq!(lying(&place.path("data")).len(), 3);
        },
    );
    assert!(kills >= 20, "{kills}");
}

#[test]
fn acts_killed_at_any_moment_leave_no_object_that_nothing_names() {
    let (package, scans) = (receive_package(), receive_scans("orphans-moments"));
    for receive in [words(&package), words(&scans)] {
        // how long it takes where it is not killed
        let place = Place::new();
        let begun = std::time::Instant::now();
        place.run(&receive, "", None);
        let whole = begun.elapsed().as_micros() as u64;
        let mut killed = 0_u64;
        let all = rounds(8, 60);
        for round in 0..all {
            let place = Place::new();
            let mut child = place.command(&receive, None).spawn().unwrap();
            let wait = Chance::round(3, round).below(whole + whole / 10);
            std::thread::sleep(std::time::Duration::from_micros(wait));
            child.kill().unwrap();
            killed += u64::from(!child.wait().unwrap().success());
            place.done(&NEXT, "");
            let when = format!("killed after {wait} µs");
            agree(&place.path("data"), &when);
        }
        assert!(killed >= all / 2, "{killed} of {all} were killed");
    }
}

#[test]
fn the_same_package_from_many_hands_at_once_is_kept_once() {
    let (package, scans) = (receive_package(), receive_scans("orphans-parallel"));
    let place = Place::new();
    place.done(&words(&package), "");
    let once = lying(&place.path("data")).len();
    assert!(once > 5, "{once}");
    let place = Place::new();
    // half of the hands are cut off while the others work
    std::thread::scope(|scope| {
        for hand in 0..8_u64 {
            let (place, package, scans) = (&place, words(&package), words(&scans));
            scope.spawn(move || {
                let receive = if hand % 4 < 2 { package } else { scans };
                let mut child = place.command(&receive, None).spawn().unwrap();
                if hand % 2 == 1 {
                    let wait = Chance::round(4, hand).below(60_000);
                    std::thread::sleep(std::time::Duration::from_micros(wait));
                    child.kill().unwrap();
                }
                child.wait().unwrap();
            });
        }
    });
    place.done(&NEXT, "");
    agree(&place.path("data"), "after eight hands");
    assert_eq!(lying(&place.path("data")).len(), once + 3);
    assert_eq!(place.count("package"), 1);
    place.is_sound();
}

#[test]
fn what_earlier_programs_left_goes_once_and_is_in_no_backup() {
    let place = Place::new();
    place.done(&words(&receive_package()), "");
    let data = place.path("data");
    let stray = data.join("objects/ab");
    std::fs::create_dir_all(&stray).unwrap();
    let stray = stray.join("c".repeat(62));
    std::fs::write(&stray, b"left by a killed run").unwrap();
    place.done(&["backup", "--out", "backup"], "");
    assert!(stray.exists(), "held against the rows once only");
    assert!(
        !place
            .path("backup/objects/ab")
            .join("c".repeat(62))
            .exists()
    );
    let forget = "DELETE FROM setting WHERE name = 'objects swept'";
    crate::desk::sql(&data.join("ledger.db"), forget).unwrap();
    place.done(&NEXT, "");
    assert!(!stray.exists());
    agree(&data, "swept");
}
