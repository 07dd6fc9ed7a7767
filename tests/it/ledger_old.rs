//! Ledgers of earlier programs: opened, migrated and judged by as if they had been written today. Never rewrite the samples.

use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sanlian::clerk::{Campaigns, DataPlaces, Desk, IfMissing, Office, Typed, Verdict};
use sanlian::record::Book;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::folder::Folder;

const NOW: &str = "2026-11-30T01:02:03Z";

/// One mark of the sample: digits, code, copy, file, record.
struct Line {
    digits: String,
    copy: String,
    file: String,
}

/// The sample of a schema, laid out in a folder: `data`, `keys`, `records.json`, `marks.txt`.
fn sample(schema: u32) -> (Folder, Vec<Line>) {
    let folder = Folder::new();
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/ledger-{schema}.zip"));
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    for n in 0..zip.len() {
        let mut entry = zip.by_index(n).unwrap();
        let to = folder.path().join(entry.name().unwrap().as_ref());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        std::fs::write(&to, bytes).unwrap();
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&to, mode).unwrap();
    }
    let text = std::fs::read_to_string(folder.path().join("marks.txt")).unwrap();
    let line = |line: &str| {
        let parts: Vec<&str> = line.split('\t').collect();
        Line {
            digits: parts[0].to_owned(),
            copy: parts[2].to_owned(),
            file: parts[3].to_owned(),
        }
    };
    (folder, text.lines().map(line).collect())
}

fn stored(path: PathBuf, sql: &'static str) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let options = SqliteConnectOptions::new().filename(path);
    runtime.block_on(async {
        let mut db = SqliteConnection::connect_with(&options).await.unwrap();
        let found = sqlx::query_scalar(sql).fetch_all(&mut db).await.unwrap();
        db.close().await.unwrap();
        found
    })
}

#[test]
fn a_ledger_of_schema_7_is_migrated_and_its_paper_is_judged() {
    let (folder, marks) = sample(7);
    let (data, keys) = (folder.path().join("data"), folder.path().join("keys"));
    let campaigns = Campaigns::open(None).unwrap();
    let places = DataPlaces {
        data: &data,
        keys: &keys,
    };
    let (mut desk, _) = Desk::open(places, &campaigns, IfMissing::Refuse).unwrap();
    let at = NOW.parse().unwrap();
    let mut told = |line: &Line, source: &str| {
        let typed = Typed::Digits(line.digits.clone());
        desk.receive_typed(&typed, source, None, at)
            .unwrap()
            .verdict
    };
    // the sample's clerk received the first two, and voided copy 2 of the first candidate
    assert_eq!(told(&marks[0], "a"), Verdict::Again);
    let form = |copy: &str| {
        let fits = |l: &&Line| l.copy == copy && l.file.contains("推荐表");
        marks.iter().find(fits).unwrap()
    };
    assert_eq!(told(form("1"), "b"), Verdict::Match);
    assert_eq!(told(form("2"), "c"), Verdict::Void);
    let boards = desk.status(None, None, at).unwrap();
    assert_eq!(boards.len(), 1);
    let report = boards[0].records.iter().find(|r| r.sealed == [1]);
    assert_eq!(report.unwrap().form.key(), "report");
    Office::from(desk).walk_log(&mut |_| ()).unwrap();
    let verdicts = stored(
        data.join("ledger.db"),
        "SELECT DISTINCT verdict FROM sighting",
    );
    assert!(verdicts.len() >= 5, "{verdicts:?}");
    assert!(
        verdicts.iter().all(|v| Verdict::from_code(v).is_some()),
        "{verdicts:?}"
    );
}

#[test]
fn a_record_book_of_that_time_is_its_digests() {
    let (folder, _) = sample(7);
    let text = std::fs::read_to_string(folder.path().join("records.json")).unwrap();
    let campaigns = Campaigns::open(None).unwrap();
    let campaign = campaigns.load("hebei-zuimei-2021").unwrap().0.unwrap();
    let book = Book::parse(&text, Some(&campaign)).unwrap();
    assert_eq!(book.records().len(), 6);
    assert!(Book::parse(&text.replace("欧阳𬭚", "欧阳示例"), Some(&campaign)).is_err());
}
