//! Runs that are killed: at every place before and after a write, and at seeded moments. Whatever was answered is kept and nothing
//! is there twice; no half file is left; run again, each act finishes.
#![cfg(all(unix, debug_assertions))]

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};

use crate::chance::{Chance, rounds};
use crate::folder::Folder;
use crate::{run, small};

const NOW: &str = "2021-05-30T01:02:03Z";

/// Most places that an act may have; more is a loop.
const MOST: u64 = 400;

/// Pages that a session receives.
const PAGES: usize = 12;

/// A copy of the small submission with its keys, paper and ledger.
pub(crate) struct Place(Folder);

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self(Folder::new());
        for part in ["submission", "keys", "data"] {
            run::copy_tree(&small::made().join(part), &place.path(part));
        }
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn command(&self, args: &[&str], pass: Option<u64>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sanlian"));
        command
            .args(args)
            .args(["--keys", "keys", "--data", "data"])
            .current_dir(self.0.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .env_remove("SANLIAN_FAILPOINT");
        if let Some(n) = pass {
            command.env("SANLIAN_FAILPOINT", n.to_string());
        }
        command
    }

    pub(crate) fn run(&self, args: &[&str], input: &str, pass: Option<u64>) -> Output {
        let mut child = self.command(args, pass).spawn().unwrap();
        // a child that was killed reads no more
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// The act must do what it does; gives what it says.
    pub(crate) fn done(&self, args: &[&str], input: &str) -> String {
        let output = self.run(args, input, None);
        assert!(
            output.status.success(),
            "{args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn count(&self, table: &str) -> i64 {
        if let Some(url) = crate::postgres::beside(&self.path("data/ledger.db")) {
            let text = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
            let count = sqlx::query_scalar(text);
            return crate::postgres::on(&url, async |db| count.fetch_one(db).await.unwrap())
                .unwrap();
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let options = SqliteConnectOptions::new().filename(self.path("data/ledger.db"));
        runtime.block_on(async {
            let mut db = SqliteConnection::connect_with(&options).await.unwrap();
            let sql = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
            let count = sqlx::query_scalar(sql).fetch_one(&mut db).await.unwrap();
            db.close().await.unwrap();
            count
        })
    }

    /// The chain of the audit log holds, and no half file lies about.
    pub(crate) fn is_sound(&self) {
        self.done(&["audit", "verify"], "");
        let litter: Vec<String> = self
            .0
            .list()
            .into_iter()
            .filter(|n| n.contains(".sanlian-") || n.ends_with(".new"))
            // a lock that nobody holds any more
            .filter(|n| !n.ends_with("-lock"))
            .collect();
        assert!(litter.is_empty(), "{litter:?}");
    }
}

/// Whether a run was killed at its pass.
pub(crate) fn was_killed(output: &Output) -> bool {
    output.status.signal() == Some(6)
}

/// The passes that an act is killed at: all of them in a full run, else the first eight and then fewer and fewer.
pub(crate) fn passes(most: u64) -> impl Iterator<Item = u64> {
    let all = rounds(0, 1) == 1;
    let next = move |pass: &u64| match all || *pass < 8 {
        true => Some(pass + 1),
        false => Some(pass + (pass / 5).max(4)),
    };
    std::iter::successors(Some(1), next).take_while(move |pass| *pass < most)
}

/// Runs an act with a kill at every pass of [`passes`], each in a place of its own; `after` looks at what is left and runs the act
/// again. Gives the number of passes that the act has.
pub(crate) fn at_every_pass(
    act: &dyn Fn(&Place, Option<u64>) -> Output,
    after: &dyn Fn(&Place, &Output),
) -> u64 {
    let mut last = 0;
    for pass in passes(MOST) {
        let place = Place::new();
        let output = act(&place, Some(pass));
        if !was_killed(&output) {
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            // the number lies between the last that was killed and this one
            let mut end = pass;
            while last + 1 < end {
                let between = last.midpoint(end);
                match was_killed(&act(&Place::new(), Some(between))) {
                    true => last = between,
                    false => end = between,
                }
            }
            return last;
        }
        last = pass;
        after(&place, &output);
    }
    panic!("more than {MOST} places");
}

fn session() -> String {
    small::digits()[..PAGES]
        .iter()
        .map(|d| format!("{d}\n"))
        .collect()
}

const RECEIVE: [&str; 7] = [
    "receive",
    "digits",
    "--json",
    "--session",
    "上午",
    "--now",
    NOW,
];

fn answers(out: &[u8]) -> Vec<Value> {
    let text = String::from_utf8_lossy(out);
    // the last line may be cut off: it was not answered
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// What was answered before the kill stands; the same session again finishes, and nothing is there twice.
fn session_goes_on(place: &Place, answered: &[Value]) {
    let before = place.count("receipt");
    assert!(
        before as usize >= answered.len(),
        "an answered receipt is lost"
    );
    assert_eq!(before, place.count("sighting"));
    let again = answers(place.done(&RECEIVE, &session()).as_bytes());
    assert_eq!(again.len(), PAGES);
    for (old, new) in answered.iter().zip(&again) {
        assert_eq!(new["before"], true, "an answered receipt is lost");
        assert_eq!(
            (&old["verdict"], &old["record"]),
            (&new["verdict"], &new["record"])
        );
    }
    assert!(again.iter().all(|a| a["verdict"] == "match"), "{again:?}");
    let known = again.iter().filter(|a| a["before"] == true).count();
    assert_eq!(known as i64, before);
    assert_eq!(place.count("receipt"), PAGES as i64);
    assert_eq!(place.count("sighting"), PAGES as i64);
    place.is_sound();
}

#[test]
fn a_session_killed_at_any_write_loses_nothing_that_was_answered() {
    let kills = at_every_pass(
        &|place, pass| place.run(&RECEIVE, &session(), pass),
        &|place, output| session_goes_on(place, &answers(&output.stdout)),
    );
    assert!(kills >= 2 * PAGES as u64, "{kills}");
}

#[test]
fn a_session_killed_at_any_moment_loses_nothing_that_was_answered() {
    // with the seeded moments of other acts here and in `key_killed`, `orphans` and `erase_killed`: more than 500
    let all = rounds(20, 300);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let round = next.fetch_add(1, Ordering::Relaxed) as u64;
                    if round >= all {
                        break;
                    }
                    kill_a_session(&mut Chance::round(1, round));
                }
            });
        }
    });
}

/// Kills a session after a number of answers, or a little later, while the next page is on its way.
fn kill_a_session(chance: &mut Chance) {
    let place = Place::new();
    let mut child: Child = place.command(&RECEIVE, None).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut input = child.stdin.take().unwrap();
    input.write_all(session().as_bytes()).unwrap();
    let mut answered = Vec::new();
    for _ in 0..chance.below(PAGES as u64) {
        let line = lines.next().unwrap().unwrap();
        answered.push(serde_json::from_str(&line).unwrap());
    }
    let mut spin = chance.below(200_000);
    while spin > 0 {
        spin = std::hint::black_box(spin - 1);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // answers that were on their way count too
    for line in lines.map_while(Result::ok) {
        answered.extend(serde_json::from_str::<Value>(&line).ok());
    }
    drop(input);
    session_goes_on(&place, &answered);
}

const MAKE: [&str; 6] = ["make", "submission", "--out", "paper", "--now", small::NOW];

/// Nothing was made yet.
fn unmade(place: &Place) {
    std::fs::remove_dir_all(place.path("data")).unwrap();
    std::fs::remove_file(place.path("submission/records.json")).unwrap();
}

/// Every mark of the paper that stands is on record.
fn paper_is_issued(place: &Place) {
    let manifest = run::manifest(&place.path("paper"));
    let mut digits: Vec<&str> = manifest["files"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["form"] != "print")
        .flat_map(|f| f["marks"].as_array().unwrap())
        .map(|m| m["digits"].as_str().unwrap())
        .collect();
    // an editable file stands twice, as .docx and as .xlsx
    digits.sort_unstable();
    digits.dedup();
    let answers = answers(place.done(&RECEIVE, &(digits.join("\n") + "\n")).as_bytes());
    assert_eq!(answers.len(), digits.len());
    let issued = |a: &Value| a["verdict"] == "match" && a["version"] == 1;
    assert!(answers.iter().all(issued), "{answers:?}");
}

/// What a making left that was killed: paper that is whole and on record, or none; the next making ends it.
fn making_goes_on(place: &Place, bytes: &std::collections::BTreeMap<String, Vec<u8>>) {
    let paper = place.path("paper");
    if paper.exists() {
        let listed = run::manifest(&paper)["files"].as_array().unwrap().len();
        assert_eq!(run::files(&paper).len(), listed + 1);
        paper_is_issued(place);
    }
    place.done(&MAKE, "");
    paper_is_issued(place);
    assert_eq!(
        &run::files(&paper),
        bytes,
        "not the bytes of an undisturbed making"
    );
    place.is_sound();
}

/// The files of a making that nobody disturbed.
fn undisturbed() -> std::collections::BTreeMap<String, Vec<u8>> {
    let place = Place::new();
    unmade(&place);
    place.done(&MAKE, "");
    run::files(&place.path("paper"))
}

#[test]
fn a_making_killed_at_any_write_is_made_whole_by_the_next() {
    let bytes = undisturbed();
    let fresh = |place: &Place, pass| {
        unmade(place);
        place.run(&MAKE, "", pass)
    };
    let kills = at_every_pass(&fresh, &|place, _| making_goes_on(place, &bytes));
    assert!(kills >= 20, "{kills}");
}

/// Kills an act at seeded moments between its beginning and its end; `fresh` prepares a place, `after` looks at what is left and
/// runs the act again.
fn at_moments(count: u64, act: &[&str], fresh: &dyn Fn(&Place), after: &dyn Fn(&Place)) {
    let whole = {
        let place = Place::new();
        fresh(&place);
        let began = std::time::Instant::now();
        place.run(act, "", None);
        u64::try_from(began.elapsed().as_micros()).unwrap()
    };
    for round in 0..count {
        let mut chance = Chance::round(7000, round);
        let place = Place::new();
        fresh(&place);
        let mut child = place.command(act, None).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_micros(chance.below(whole)));
        let _ = child.kill();
        child.wait().unwrap();
        after(&place);
    }
}

#[test]
fn a_making_killed_at_any_moment_is_made_whole_by_the_next() {
    let bytes = undisturbed();
    at_moments(rounds(4, 30), &MAKE, &unmade, &|place| {
        making_goes_on(place, &bytes)
    });
}

#[test]
fn a_backup_killed_at_any_moment_is_whole_or_not_there() {
    at_moments(
        rounds(6, 30),
        &["backup", "--out", "backup"],
        &|_| (),
        &|place| {
            place.done(&["backup", "--out", "backup"], "");
            std::fs::remove_dir_all(place.path("data")).unwrap();
            place.done(&["restore", "backup"], "");
            place.is_sound();
        },
    );
}

#[test]
fn a_void_that_was_killed_is_done_once() {
    let reference = {
        let manifest = run::manifest(&small::made().join("paper"));
        let files = manifest["files"].as_array().unwrap().clone();
        let file = files
            .iter()
            .find(|f| f["form"] == "recommendation")
            .unwrap();
        file["marks"][0]["record"].as_str().unwrap().to_owned()
    };
    let void = ["void", &reference, "--reason", "印章盖错", "--now", NOW];
    let once = |place: &Place| {
        place.done(&void, "");
        assert_eq!(place.count("void"), 1);
        assert_eq!(place.count("audit WHERE act = 'void'"), 1);
        place.is_sound();
    };
    let kills = at_every_pass(&|place, pass| place.run(&void, "", pass), &|place, _| {
        once(place);
    });
    assert!(kills >= 2, "{kills}");
    at_moments(rounds(8, 40), &void, &|_| (), &once);
}

/// The package of the small submission.
pub(crate) fn package() -> &'static PathBuf {
    static PACKAGE: OnceLock<PathBuf> = OnceLock::new();
    PACKAGE.get_or_init(|| {
        let place = Place::new();
        place.done(
            &[
                "pack",
                "submission",
                "--out",
                "one.zip",
                "--now",
                small::NOW,
            ],
            "",
        );
        let file = run::scratch("killed-package").join("one.zip");
        std::fs::copy(place.path("one.zip"), &file).unwrap();
        file
    })
}

#[test]
fn a_package_killed_at_any_write_is_received_once() {
    let file = package().to_str().unwrap().to_owned();
    let receive = ["receive", "package", &file, "--json", "--now", NOW];
    let fresh = |place: &Place, pass| {
        std::fs::remove_dir_all(place.path("data")).unwrap();
        place.done(&["init"], "");
        place.run(&receive, "", pass)
    };
    let kills = at_every_pass(&fresh, &|place, output| {
        let answered = answers(&output.stdout);
        let again = answers(place.done(&receive, "").as_bytes());
        assert_eq!(again[0]["received"], true);
        if !answered.is_empty() {
            assert_eq!(again[0]["again"], true, "an answered package is lost");
        }
        assert_eq!(place.count("package"), 1);
        assert_eq!(place.count("unit"), 1);
        let answers = answers(place.done(&RECEIVE, &session()).as_bytes());
        assert!(answers.iter().all(|a| a["verdict"] == "match"));
        place.is_sound();
    });
    assert!(kills >= 10, "{kills}");
}

#[test]
fn a_ledger_whose_making_is_killed_is_none_or_whole() {
    let kills = at_every_pass(
        &|place, pass| {
            std::fs::remove_dir_all(place.path("data")).unwrap();
            place.run(&["init"], "", pass)
        },
        &|place, _| {
            let there = place.path("data/ledger.db").exists();
            let status = place.run(&["status"], "", None);
            let said = String::from_utf8_lossy(&status.stderr).into_owned();
            assert_eq!(
                status.status.code(),
                Some(if there { 0 } else { 2 }),
                "{said}"
            );
            place.done(&["init"], "");
            place.is_sound();
        },
    );
    assert!(kills >= 3, "{kills}");
}

#[test]
fn a_scan_killed_at_any_write_is_received_once() {
    let pdf = crate::receive_scan::unmarked(&run::scratch("killed-scan"));
    let good = small::made().join("paper/推荐人选汇总表.pdf");
    let (pdf, good) = (pdf.to_str().unwrap(), good.to_str().unwrap());
    let receive = [
        "receive",
        "scan",
        "--json",
        "--threads",
        "1",
        "--now",
        NOW,
        pdf,
        good,
    ];
    let kills = at_every_pass(
        &|place, pass| {
            let output = place.run(&receive, "", pass);
            // one page carries no mark, so the act ends with findings where it is not killed
            match output.status.code() {
                Some(1) => Output {
                    status: std::process::ExitStatus::from_raw(0),
                    ..output
                },
                _ => output,
            }
        },
        &|place, output| {
            let answered = answers(&output.stdout);
            let again = place.run(&receive, "", None);
            assert_eq!(again.status.code(), Some(1));
            let again = answers(&again.stdout);
            for (old, new) in answered.iter().zip(&again) {
                assert_eq!(new["before"], true, "an answered page is lost");
                assert_eq!(old["verdict"], new["verdict"]);
            }
            assert_eq!(place.count("sighting"), again.len() as i64);
            place.is_sound();
        },
    );
    assert!(kills >= 5, "{kills}");
}

#[test]
fn a_backup_and_a_restore_killed_at_any_write_are_whole_or_not_there() {
    let out = |place: &Place| place.path("backup");
    let kills = at_every_pass(
        &|place, pass| place.run(&["backup", "--out", "backup"], "", pass),
        &|place, _| {
            place.done(&["backup", "--out", "backup"], "");
            std::fs::remove_dir_all(place.path("data")).unwrap();
            place.done(&["restore", "backup"], "");
            place.is_sound();
        },
    );
    assert!(kills >= 4, "{kills}");
    let kills = at_every_pass(
        &|place, pass| {
            place.done(&["backup", "--out", "backup"], "");
            std::fs::remove_dir_all(place.path("data")).unwrap();
            place.run(&["restore", "backup"], "", pass)
        },
        &|place, _| {
            assert!(out(place).exists());
            if !place.path("data").exists() {
                place.done(&["restore", "backup"], "");
            }
            let answers = answers(place.done(&RECEIVE, &session()).as_bytes());
            assert!(answers.iter().all(|a| a["verdict"] == "match"));
            place.is_sound();
        },
    );
    assert!(kills >= 4, "{kills}");
}
