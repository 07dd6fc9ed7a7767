//! A ledger of every schema that programs have had: built with its own migrations and rows in every table that it has, opened by
//! today's program, which keeps every row, judges by it and vouches for its log. A real file of schema 7 is in `ledger_old`.
#![cfg(all(unix, debug_assertions))]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use sanlian::clerk::{Campaigns, DataPlaces, Desk, IfMissing, Office, Typed, Verdict};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, SqlSafeStr};

use crate::audit_log::relink;
use crate::folder::Folder;
use crate::killed::Place;
use crate::orphans::receive_scans;
use crate::{run, small};

const NOW: &str = "2021-05-30T01:02:03Z";

/// All migrations; that none is missing is held against a ledger that is made today.
const MIGRATIONS: [(i64, &str); 15] = [
    (1, include_str!("../../src/store/ledger/1.sql")),
    (2, include_str!("../../src/store/ledger/2.sql")),
    (4, include_str!("../../src/store/ledger/4.sql")),
    (5, include_str!("../../src/store/ledger/5.sql")),
    (6, include_str!("../../src/store/ledger/6.sql")),
    (7, include_str!("../../src/store/ledger/7.sql")),
    (8, include_str!("../../src/store/ledger/8.sql")),
    (9, include_str!("../../src/store/ledger/9.sql")),
    (10, include_str!("../../src/store/ledger/10.sql")),
    (11, include_str!("../../src/store/ledger/11.sql")),
    (12, include_str!("../../src/store/ledger/12.sql")),
    (13, include_str!("../../src/store/ledger/13.sql")),
    (14, include_str!("../../src/store/ledger/14.sql")),
    (15, include_str!("../../src/store/ledger/15.sql")),
    (16, include_str!("../../src/store/ledger/16.sql")),
];

/// Rows of tables that the desk's own acts do not fill, by the schema that brought the table.
const ROWS: [(i64, &str); 7] = [
    (
        2,
        "INSERT INTO account VALUES (1, '管理员甲', 'admin', NULL, '', 1, 0, 0, 0);
         INSERT INTO account SELECT 2, '填报员乙', 'unit', min(no), '', 1, 0, 0, 0 FROM roster;
         INSERT INTO session VALUES (randomblob(32), 1, 1622300000, 1622300000, '扫码台', 'scan');
         INSERT INTO invite VALUES (randomblob(32), 1622400000, NULL);
         INSERT INTO retract SELECT max(no), 1622336600 FROM sighting WHERE verdict IN ('again', '重复')",
    ),
    (
        4,
        "INSERT INTO template VALUES ('other-2022', 1, '[[\"campaign.toml\",\"id = 1\"]]', 1622300000);
         INSERT INTO deadline VALUES (1, 'hebei-zuimei-2021', '2021-06-04', 1622300000, '雨天延期')",
    ),
    (
        5,
        "INSERT INTO notice VALUES (1, 'hebei-zuimei-2021', '补正', '请补盖公章', 1622300000, '管理员甲', 0, NULL);
         INSERT INTO notice_to SELECT 1, min(no) FROM roster;
         INSERT INTO notice_read SELECT 1, 2, min(no), 1622300100 FROM roster",
    ),
    (
        6,
        "INSERT INTO second_step VALUES (1, randomblob(60), 5, 1);
         INSERT INTO recovery_code VALUES (1, randomblob(32))",
    ),
    // the status sheet's contents were erased, and a unit that is no more
    (
        7,
        "UPDATE version SET contents = x'' WHERE record IN (SELECT reference FROM record WHERE kind = 3);
         INSERT INTO erased SELECT record, number, 1622300000 FROM version WHERE length(contents) = 0;
         INSERT INTO unit VALUES (2, 'hebei-zuimei-2021', '已撤单位', '已撤单位', 'city', 'ffff', x'');
         INSERT INTO erased_unit VALUES (2, 1622300000);
         INSERT INTO remnant VALUES ('units/9/paper')",
    ),
    (8, ""),
    (
        15,
        "INSERT INTO blank_form VALUES (1, 'hebei-zuimei-2021', '审批表', x'00', '', '', 1622300000, NULL);
         INSERT INTO blank_page VALUES (1, 1, x'00');
         INSERT INTO blank_choice VALUES (1, 1, 'name')",
    ),
];

/// The words that stood in the place of today's codes before schema 8.
const WORDS: [(&str, &str); 4] = [
    ("match", "一致"),
    ("void", "已作废"),
    ("again", "重复"),
    ("unreadable", "无法识别"),
];

/// A ledger that was worked with, of today's schema; its folder, and the sheets by what became of them.
struct Grown {
    place: Place,
    received: String,
    waiting: String,
    voided: String,
}

fn grown() -> &'static Grown {
    static GROWN: OnceLock<Grown> = OnceLock::new();
    GROWN.get_or_init(|| {
        let place = Place::new();
        let manifest = run::manifest(&small::made().join("paper"));
        let files = manifest["files"].as_array().unwrap();
        let form = files.iter().find(|f| f["form"] == "recommendation");
        let marks = form.unwrap()["marks"].as_array().unwrap().clone();
        let mark = |copy: u64, what: &str| {
            let of = marks.iter().find(|m| m["copy"] == copy).unwrap();
            of[what].as_str().unwrap().to_owned()
        };
        std::fs::write(
            place.path("名册.csv"),
            "单位名称,推荐渠道,联系人,电话\n示例市科学技术协会,市科协,王示例,0311-00000000\n未报市科学技术协会,市科协,,\n",
        )
        .unwrap();
        let now = ["--now", NOW];
        let act = |args: &[&str], input: &str| place.done(&[args, &now[..]].concat(), input);
        act(
            &["roster", "import", "名册.csv", "--campaign", "hebei-zuimei-2021"],
            "",
        );
        act(&["pack", "submission", "--out", "one.zip"], "");
        act(&["receive", "package", "one.zip"], "");
        let received = mark(1, "digits");
        act(&["receive", "digits", "--session", "上午"], &format!("{received}\n"));
        place.run(
            &["receive", "digits", "--session", "下午", "--now", NOW],
            &format!("{received}\n"),
            None,
        );
        act(&["receive", "seal", &mark(1, "human")], "");
        act(
            &["void", &mark(2, "human"), "--copy", "2", "--reason", "印章盖错"],
            "",
        );
        let scans = receive_scans("ledger-schemas");
        place.run(&scans.iter().map(String::as_str).collect::<Vec<_>>(), "", None);
        let tray = place.done(&["tray", "--json"], "");
        let tray: serde_json::Value = serde_json::from_str(&tray).unwrap();
        act(
            &["tray", "close", &tray[0]["no"].to_string(), "--outcome", "信封"],
            "",
        );
        Grown {
            received,
            waiting: mark(3, "digits"),
            voided: mark(2, "digits"),
            place,
        }
    })
}

fn with_db<T>(path: &Path, act: impl AsyncFnOnce(&mut SqliteConnection) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(false);
        let mut db = SqliteConnection::connect_with(&options).await.unwrap();
        let done = act(&mut db).await;
        db.close().await.unwrap();
        done
    })
}

async fn execute(db: &mut SqliteConnection, sql: String) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.clone())).execute(db).await;
    done.unwrap_or_else(|e| panic!("{sql}: {e}"));
}

async fn texts(db: &mut SqliteConnection, sql: String) -> Vec<String> {
    let found = sqlx::query_scalar(AssertSqlSafe(sql.clone()));
    let found = found.fetch_all(db).await;
    found.unwrap_or_else(|e| panic!("{sql}: {e}"))
}

/// The tables of a ledger that a program fills, with their columns.
async fn tables(db: &mut SqliteConnection, schema: &str) -> BTreeMap<String, Vec<String>> {
    let sql = format!(
        "SELECT name FROM {schema}.sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'"
    );
    let mut out = BTreeMap::new();
    for table in texts(db, sql).await {
        let sql = format!("SELECT name FROM pragma_table_info('{table}', '{schema}')");
        let columns = texts(db, sql).await;
        out.insert(table, columns);
    }
    out
}

/// Makes the tables of a schema, as a program of that time did.
async fn migrate(db: &mut SqliteConnection, schema: i64) {
    let all = MIGRATIONS.iter().filter(|(number, _)| *number <= schema);
    let all = all.map(|(number, sql)| {
        let sql = (*sql).into_sql_str();
        Migration::new(*number, "a step".into(), MigrationType::Simple, sql, false)
    });
    let all = Migrator::with_migrations(all.collect());
    all.run(db).await.unwrap();
}

/// Data folder and keys as a program of a schema would have left them.
fn of_schema(schema: i64) -> Folder {
    let folder = Folder::new();
    let at = |name: &str| folder.path().join(name);
    for part in ["data", "keys"] {
        run::copy_tree(&grown().place.path(part), &at(part));
    }
    let (ledger, source) = (at("data/ledger.db"), at("grown.db"));
    std::fs::rename(&ledger, &source).unwrap();
    with_db(&ledger, async |db| {
        migrate(db, schema).await;
        execute(db, format!("ATTACH '{}' AS grown", source.display())).await;
        let (own, all) = (tables(db, "main").await, tables(db, "grown").await);
        for (table, columns) in &own {
            let had = &all[table];
            let common: Vec<String> = columns
                .iter()
                .filter(|column| had.contains(column))
                .map(|column| format!("\"{column}\""))
                .collect();
            assert_eq!(common.len(), columns.len(), "{table} lost a column");
            let list = common.join(", ");
            let sql = format!("INSERT INTO main.{table} ({list}) SELECT {list} FROM grown.{table}");
            execute(db, sql).await;
        }
        execute(db, "DETACH grown".to_owned()).await;
        for (_, sql) in ROWS.iter().filter(|(since, _)| *since <= schema) {
            execute(db, (*sql).to_owned()).await;
        }
        if schema < 8 {
            for (code, word) in WORDS {
                let sql =
                    format!("UPDATE sighting SET verdict = '{word}' WHERE verdict = '{code}'");
                execute(db, sql).await;
            }
        }
        if schema < 9 {
            execute(db, "DELETE FROM setting WHERE name <> 'vault'".to_owned()).await;
        }
    });
    if schema < 9 {
        // a chain that has no key, and no head apart
        relink(&ledger);
        for entry in std::fs::read_dir(at("keys")).unwrap() {
            let path = entry.unwrap().path();
            if path.to_string_lossy().contains("audit-head-") {
                std::fs::remove_file(path).unwrap();
            }
        }
    }
    std::fs::remove_file(&source).unwrap();
    if schema >= 7 {
        std::fs::create_dir_all(at("data/units/9/paper")).unwrap();
    }
    closed(folder.path());
    folder
}

/// Secrets and data are their owner's alone, as the program wants them.
fn closed(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    for name in run::files(folder).into_keys() {
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(folder.join(name), mode).unwrap();
    }
}

/// Every row of every table, by the columns that a list names.
fn rows(ledger: &Path, columns: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    with_db(ledger, async |db| {
        let mut out = BTreeMap::new();
        for (table, columns) in columns {
            let values: Vec<String> = columns
                .iter()
                .map(|column| format!("'{column}=' || quote(\"{column}\")"))
                .collect();
            let sql = format!("SELECT {} FROM {table}", values.join(" || ' ' || "));
            out.insert(table.clone(), texts(db, sql).await);
        }
        out
    })
}

fn columns(ledger: &Path) -> BTreeMap<String, Vec<String>> {
    with_db(ledger, async |db| tables(db, "main").await)
}

/// A row as it stands after the migrations.
fn today(table: &str, row: &str) -> String {
    if table != "sighting" {
        return row.to_owned();
    }
    WORDS.iter().fold(row.to_owned(), |row, (code, word)| {
        row.replace(&format!("verdict='{word}'"), &format!("verdict='{code}'"))
    })
}

#[test]
fn a_ledger_of_every_schema_is_migrated_judges_and_keeps_its_rows() {
    let campaigns = Campaigns::open(None).unwrap();
    let (last, earlier) = MIGRATIONS.split_last().unwrap();
    for (schema, _) in earlier {
        let folder = of_schema(*schema);
        let (data, keys) = (folder.path().join("data"), folder.path().join("keys"));
        let ledger = data.join("ledger.db");
        let had = columns(&ledger);
        let before = rows(&ledger, &had);
        for (table, rows) in &before {
            assert!(!rows.is_empty(), "schema {schema}: {table} is empty");
        }
        let places = DataPlaces {
            data: &data,
            keys: &keys,
        };
        let (mut office, _) = Office::open(places, &campaigns, IfMissing::Refuse).unwrap();
        office.finish_erasing().unwrap();
        drop(office);
        let after = rows(&ledger, &had);
        // what an erasure had not come to is done and struck out
        assert_eq!(after.get("remnant").map_or(0, Vec::len), 0);
        assert!(!data.join("units/9/paper").exists());
        for (table, rows) in before.iter().filter(|(table, _)| *table != "remnant") {
            for row in rows {
                let row = today(table, row);
                assert!(
                    after[table].contains(&row),
                    "schema {schema}: {table} lost {row}"
                );
            }
            let more = after[table].len() - rows.len();
            let may = match (table.as_str(), *schema < 9) {
                // the log says that it is keyed from now on
                ("audit", true) => 1,
                // what the program has to know of its own
                ("setting", _) => more,
                _ => 0,
            };
            assert_eq!(more, may, "schema {schema}: {table}");
        }
        let steps = with_db(&ledger, async |db| {
            texts(
                db,
                "SELECT max(version) || '' FROM _sqlx_migrations".to_owned(),
            )
            .await
        });
        assert_eq!(steps, [last.0.to_string()]);
        judges(&data, &keys, &format!("schema {schema}"));
    }
}

/// The desk answers by what stood in the ledger, and its log holds.
fn judges(data: &Path, keys: &Path, schema: &str) {
    let campaigns = Campaigns::open(None).unwrap();
    let (mut desk, _) =
        Desk::open(DataPlaces { data, keys }, &campaigns, IfMissing::Refuse).unwrap();
    let at = NOW.parse().unwrap();
    let tray = desk.tray(at).unwrap().len();
    assert_eq!(tray, 2, "{schema}");
    let grown = grown();
    for (digits, verdict) in [
        (&grown.received, Verdict::Again),
        (&grown.waiting, Verdict::Match),
        (&grown.voided, Verdict::Void),
    ] {
        let typed = Typed::Digits(digits.clone());
        let told = desk.receive_typed(&typed, digits, None, at).unwrap();
        assert_eq!(told.verdict, verdict, "{schema}: {told:?}");
    }
    let boards = desk.status(Some("示例市科学技术协会"), None, at).unwrap();
    assert_eq!(boards.len(), 1, "{schema}");
    let sealed = boards[0].records.iter().filter(|r| r.sealed == [1]);
    assert_eq!(sealed.count(), 1, "{schema}");
    // by the blind index of numbers, whose contents the vault opens
    let people = crate::privacy::people();
    let found = desk.find(&people[0][1], at).unwrap();
    let named = found.iter().filter(|f| f.title.contains(&people[0][0]));
    assert!(named.count() > 0, "{schema}: {found:?}");
    Office::from(desk).walk_log(&mut |_| ()).unwrap();
}

#[test]
fn the_list_of_migrations_is_that_of_a_ledger_made_today() {
    let made = small::made().join("data/ledger.db");
    let folder = Folder::new();
    let (copy, own): (PathBuf, PathBuf) =
        (folder.path().join("made.db"), folder.path().join("own.db"));
    std::fs::copy(made, &copy).unwrap();
    let steps = |path: &Path| {
        with_db(path, async |db| {
            let sql = "SELECT version || ' ' || hex(checksum) FROM _sqlx_migrations ORDER BY 1";
            texts(db, sql.to_owned()).await
        })
    };
    with_db(&own, async |db| migrate(db, i64::MAX).await);
    assert_eq!(steps(&copy), steps(&own));
    assert_eq!(columns(&copy), columns(&own));
}
