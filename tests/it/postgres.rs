//! A PostgreSQL of this run of the tests: one private server on a socket in a folder of its own, started when the first test asks for it
//! and stopped when the tests end, however they end. Each data folder has a database of its own; a copy of a data folder gets a copy.
//!
//! With `SANLIAN_TEST_LEDGER=postgres` the ledgers of the desk's and the service's tests are made there instead of in a file.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};

use crate::tools;

/// What says in a data folder where its ledger is.
pub(crate) const POINTER: &str = "database.toml";

/// Starts the server and ends it when the tests that hold the other end of its input are gone.
const KEEPER: &str = r#"
bin="$1"; dir="$2"; as=""
trap : INT TERM HUP
if [ "$(id -u)" = 0 ]; then
  chown postgres "$dir"
  as="setpriv --reuid postgres --regid postgres --clear-groups"
fi
cd "$dir"
if $as "$bin/initdb" -D "$dir/d" -N -A trust -E UTF8 --locale C.UTF-8 -U postgres >"$dir/initdb.log" 2>&1; then
  $as "$bin/postgres" -D "$dir/d" -k "$dir" -c listen_addresses= -c fsync=off -c full_page_writes=off \
    -c max_connections=300 -c shared_buffers=64MB >"$dir/log" 2>&1 &
  cat >/dev/null
  kill -QUIT "$(head -1 "$dir/d/postmaster.pid")"
  wait
fi
cd /
rm -rf "$dir"
"#;

/// The running server.
pub(crate) struct Server {
    dir: PathBuf,
    /// While this process lives its input is open, and the server runs.
    _keeper: Child,
}

/// Where the programs of PostgreSQL lie that no path leads to.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<PathBuf> = versions
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop()
}

/// The server; none where PostgreSQL is not installed and need not be.
pub(crate) fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        let dir = std::env::temp_dir().join(format!("sanlian-pg-{}", std::process::id()));
        Some(Server::start(&programs()?, dir))
    });
    if server.is_none() {
        tools::missing("postgresql", "no initdb in /usr/lib/postgresql/*/bin");
    }
    server.as_ref()
}

/// Whether the ledgers of the tests are to be on PostgreSQL.
pub(crate) fn is_asked_for() -> bool {
    static ASKED: OnceLock<bool> = OnceLock::new();
    *ASKED.get_or_init(|| match std::env::var("SANLIAN_TEST_LEDGER") {
        Ok(word) if word == "postgres" => {
            assert!(server().is_some(), "PostgreSQL is not installed");
            true
        }
        Ok(word) if !word.is_empty() => panic!("SANLIAN_TEST_LEDGER={word}"),
        _ => false,
    })
}

/// A data folder whose ledger will be made: where PostgreSQL is asked for, in a database of its own.
pub(crate) fn prepare(data: &Path) {
    let there = ["ledger.db", POINTER].iter().any(|n| data.join(n).exists());
    if is_asked_for() && !there {
        server().unwrap().point(data);
    }
}

/// A data folder was copied with what says where its ledger is: the copy gets a ledger of its own.
pub(crate) fn part(copied: &Path) {
    let server = server().unwrap();
    let text = std::fs::read_to_string(copied).unwrap();
    let before = server.database_of(&text);
    let own = next();
    server.ask(&format!("CREATE DATABASE {own} TEMPLATE {before}"));
    std::fs::write(
        copied,
        text.replace(&format!("/{before}?"), &format!("/{own}?")),
    )
    .unwrap();
}

/// A name that no database has.
fn next() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("t{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

impl Server {
    fn start(bin: &Path, dir: PathBuf) -> Self {
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        let keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .args([bin, &dir])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            dir,
            _keeper: keeper,
        };
        let begun = Instant::now();
        while server.asked("postgres", "SELECT 1").is_err() {
            let log = |name| std::fs::read_to_string(server.dir.join(name)).unwrap_or_default();
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "PostgreSQL does not start: {}{}",
                log("initdb.log"),
                log("log")
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    /// The address of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        let socket = self.dir.to_str().unwrap();
        format!("postgres://postgres@localhost/{database}?host={socket}")
    }

    /// A new database; gives its address.
    pub(crate) fn database(&self) -> String {
        let own = next();
        self.ask(&format!("CREATE DATABASE {own}"));
        self.url(&own)
    }

    /// Writes into a data folder that its ledger is in a new database.
    pub(crate) fn point(&self, data: &Path) {
        std::fs::create_dir_all(data).unwrap();
        let text = format!(
            "url = \"{}\"\nschema = \"sanlian\"\nfolder = \"{:016x}\"\n",
            self.database(),
            std::process::id()
        );
        let mut file = std::fs::File::create(data.join(POINTER)).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    /// The database that a data folder's file names.
    fn database_of(&self, pointer: &str) -> String {
        let (_, rest) = pointer.split_once("@localhost/").unwrap();
        rest.split('?').next().unwrap().to_owned()
    }

    fn asked(&self, database: &str, sql: &str) -> Result<(), sqlx::Error> {
        let url = self.url(database);
        on(&url, async |db| {
            sqlx::raw_sql(AssertSqlSafe(sql))
                .execute(db)
                .await
                .map(|_| ())
        })?
    }

    fn ask(&self, sql: &str) {
        self.asked("postgres", sql)
            .unwrap_or_else(|e| panic!("{sql}: {e}"));
    }
}

/// Runs something on a connection of its own.
pub(crate) fn on<T>(
    url: &str,
    act: impl AsyncFnOnce(&mut PgConnection) -> T,
) -> Result<T, sqlx::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let options: PgConnectOptions = url.parse()?;
    let options = options.options([("search_path", "sanlian")]);
    runtime.block_on(async {
        let mut db = PgConnection::connect_with(&options).await?;
        let done = act(&mut db).await;
        db.close().await?;
        Ok(done)
    })
}

/// The address of the ledger beside which a file `ledger.db` would lie; none where that file is the ledger.
pub(crate) fn beside(ledger: &Path) -> Option<String> {
    let text = std::fs::read_to_string(ledger.with_file_name(POINTER)).ok()?;
    let line = text.lines().find(|l| l.starts_with("url = "))?;
    Some(
        line.trim_start_matches("url = ")
            .trim_matches('"')
            .to_owned(),
    )
}

/// A statement that was written for a file, as PostgreSQL reads it: bytes are written differently.
pub(crate) fn translated(sql: &str) -> String {
    let mut out = String::new();
    let mut rest = sql;
    while let Some(at) = rest.find("x'") {
        let (before, after) = (&rest[..at], &rest[at + 2..]);
        let digits = after.len()
            - after
                .trim_start_matches(|c: char| c.is_ascii_hexdigit())
                .len();
        // not the end of somebody's word
        let begins = !before.ends_with(|c: char| c.is_alphanumeric());
        out.push_str(before);
        match begins && after[digits..].starts_with('\'') {
            true => {
                out.push_str(&format!("'\\x{}'::bytea", &after[..digits]));
                rest = &after[digits + 1..];
            }
            false => {
                out.push_str("x'");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Runs a statement on a database behind the program's back; gives the refusal.
pub(crate) fn sql(path: &Path, statement: &str) -> Result<(), String> {
    if let Some(url) = beside(path) {
        let text = sqlx::raw_sql(AssertSqlSafe(translated(statement)));
        let done = on(&url, async |db| text.execute(db).await);
        return done.unwrap().map(|_| ()).map_err(|e| e.to_string());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let options = SqliteConnectOptions::new().filename(path);
    runtime.block_on(async {
        let mut db = SqliteConnection::connect_with(&options).await.unwrap();
        let done = sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&mut db)
            .await;
        db.close().await.unwrap();
        done.map(|_| ()).map_err(|e| e.to_string())
    })
}

/// Changes a ledger from outside, past what refuses changes.
pub(crate) fn tamper(url: &str, sql: &str) {
    let text = format!(
        "SET session_replication_role = replica; {}",
        translated(sql)
    );
    on(url, async |db| {
        sqlx::raw_sql(AssertSqlSafe(text))
            .execute(db)
            .await
            .unwrap();
    })
    .unwrap();
}

/// The files that the ledger of a data folder lies in, as somebody finds them who has the disk in his hands: the file and its
/// companion, or the files of the database.
pub(crate) fn files_of_ledger(data: &Path) -> Vec<(String, Vec<u8>)> {
    let Some(url) = beside(&data.join("ledger.db")) else {
        let names = ["ledger.db", "ledger.db-wal"].into_iter();
        let read = |name: &str| Some((name.to_owned(), std::fs::read(data.join(name)).ok()?));
        return names.filter_map(read).collect();
    };
    let oid: i64 = on(&url, async |db| {
        sqlx::raw_sql("CHECKPOINT").execute(&mut *db).await.unwrap();
        sqlx::query_scalar("SELECT oid::int8 FROM pg_database WHERE datname = current_database()")
            .fetch_one(db)
            .await
            .unwrap()
    })
    .unwrap();
    let folder = server().unwrap().dir.join(format!("d/base/{oid}"));
    let files = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap());
    files
        .map(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            (
                format!("database/{name}"),
                std::fs::read(file.path()).unwrap_or_default(),
            )
        })
        .collect()
}

/// All of it in one piece.
pub(crate) fn bytes_of_ledger(data: &Path) -> Vec<u8> {
    let files = files_of_ledger(data);
    let bytes: Vec<u8> = files.into_iter().flat_map(|(_, bytes)| bytes).collect();
    assert!(!bytes.is_empty());
    bytes
}
