//! The database under the ledger, and how acts speak to it: texts of SQL with `?` for their values, rows read by the number of a column.
//! Texts keep to what every engine understands; where that cannot be, both stand side by side. What values a column holds: whole
//! numbers of 64 bits, text, and bytes.

use std::borrow::Cow;
use std::ops::{Deref, DerefMut};
use std::path::Path;

#[cfg(feature = "postgres")]
use sqlx::postgres::{PgArguments, PgRow, Postgres};
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Connection, Row as _, Sqlite};
#[cfg(feature = "postgres")]
use sqlx::{Column as _, TypeInfo as _};

#[cfg(feature = "postgres")]
use super::dialect::{placeholders, tables};
use super::fault::LedgerFault;
use super::schema;
#[cfg(feature = "postgres")]
use super::server::{Part, Server};

/// An open connection.
pub(super) struct Db {
    engine: Engine,
    /// Whether a transaction was dropped that is neither committed nor taken back yet.
    unfinished: bool,
}

enum Engine {
    Sqlite(SqliteConnection),
    #[cfg(feature = "postgres")]
    Postgres(Box<Server>),
}

impl Db {
    /// Opens a file of SQLite.
    pub(super) async fn connect(options: &SqliteConnectOptions) -> Result<Self, LedgerFault> {
        Ok(Self {
            engine: Engine::Sqlite(SqliteConnection::connect_with(options).await?),
            unfinished: false,
        })
    }

    /// On an open connection to PostgreSQL.
    #[cfg(feature = "postgres")]
    pub(super) fn on(server: Server) -> Self {
        Self {
            engine: Engine::Postgres(Box::new(server)),
            unfinished: false,
        }
    }

    /// The connection to PostgreSQL, where it is one.
    #[cfg(feature = "postgres")]
    pub(super) fn server(&mut self) -> Option<&mut Server> {
        match &mut self.engine {
            Engine::Sqlite(_) => None,
            Engine::Postgres(server) => Some(server),
        }
    }

    /// Opens a copy of a ledger that nobody writes to.
    pub(super) async fn of_copy(copy: &Path) -> Result<Self, LedgerFault> {
        let options = SqliteConnectOptions::new()
            .filename(copy)
            .read_only(true)
            .immutable(true);
        Self::connect(&options).await
    }

    /// Brings the tables up to date.
    pub(super) async fn migrate(&mut self) -> Result<(), LedgerFault> {
        match &mut self.engine {
            Engine::Sqlite(db) => Ok(schema::migrations(str::to_owned).run(db).await?),
            #[cfg(feature = "postgres")]
            Engine::Postgres(server) => {
                let migrations = schema::migrations(tables);
                Ok(migrations.run(server.connection()).await?)
            }
        }
    }

    /// Whether it is SQLite, which has acts of its own on its file.
    pub(super) fn is_file(&self) -> bool {
        matches!(self.engine, Engine::Sqlite(_))
    }

    /// Begins a transaction that writes: other writers wait.
    pub(super) async fn begin(&mut self) -> Result<Transaction<'_>, LedgerFault> {
        self.settle().await?;
        match self.engine {
            Engine::Sqlite(_) => {
                query("BEGIN IMMEDIATE").execute(self).await?;
            }
            #[cfg(feature = "postgres")]
            Engine::Postgres(_) => {
                query("BEGIN").execute(self).await?;
                // from here on a fault leaves it open
                self.unfinished = true;
                if let Some(server) = self.server() {
                    server.within = true;
                    let lock = server.until_committed(Part::Writing);
                    query(lock).execute(self).await?;
                }
                self.unfinished = false;
            }
        }
        Ok(Transaction {
            db: self,
            open: true,
        })
    }

    /// Begins a transaction that only reads, and sees everything as it stands now.
    pub(super) async fn begin_snapshot(&mut self) -> Result<Transaction<'_>, LedgerFault> {
        self.settle().await?;
        let begin = match self.engine {
            Engine::Sqlite(_) => "BEGIN",
            #[cfg(feature = "postgres")]
            Engine::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        query(begin).execute(self).await?;
        self.is_within(true);
        Ok(Transaction {
            db: self,
            open: true,
        })
    }

    /// Lets a table number its next row behind those that were copied into it with their numbers.
    pub(super) async fn go_on_from(
        &mut self,
        table: &str,
        key: &[String],
    ) -> Result<(), LedgerFault> {
        if self.is_file() || key != ["no"] {
            return Ok(());
        }
        let text = format!(
            "SELECT setval(pg_get_serial_sequence('{table}', 'no'), coalesce(max(no), 0) + 1, false) FROM {table}"
        );
        query(text).execute(self).await.map(|_| ())
    }

    /// Whether a transaction is open from now on: what was begun on a connection cannot be gone on with on another.
    fn is_within(&mut self, _open: bool) {
        #[cfg(feature = "postgres")]
        if let Some(server) = self.server() {
            server.within = _open;
        }
    }

    /// Takes back a transaction that an act left behind when it failed, so that others need not wait for it.
    pub(super) async fn settle(&mut self) -> Result<(), LedgerFault> {
        if self.unfinished {
            #[cfg(feature = "postgres")]
            let lost = self.server().is_some_and(|server| server.is_lost());
            #[cfg(not(feature = "postgres"))]
            let lost = false;
            // a server that is left alone takes it back itself
            if !lost {
                query("ROLLBACK").execute(self).await?;
            }
            self.unfinished = false;
            self.is_within(false);
        }
        Ok(())
    }

    /// Closes the connection and waits for it.
    pub(super) async fn close(self) -> Result<(), LedgerFault> {
        match self.engine {
            Engine::Sqlite(db) => Ok(db.close().await?),
            #[cfg(feature = "postgres")]
            Engine::Postgres(server) => server.close().await,
        }
    }
}

/// A transaction; what is not committed is taken back.
pub(super) struct Transaction<'a> {
    db: &'a mut Db,
    open: bool,
}

impl Transaction<'_> {
    /// Takes it back.
    pub(super) async fn rollback(mut self) -> Result<(), LedgerFault> {
        query("ROLLBACK").execute(self.db).await?;
        self.open = false;
        self.db.is_within(false);
        Ok(())
    }

    /// Writes it: when this returns, it is on the disk.
    pub(super) async fn commit(mut self) -> Result<(), LedgerFault> {
        query("COMMIT").execute(self.db).await?;
        self.open = false;
        self.db.is_within(false);
        Ok(())
    }
}

impl Deref for Transaction<'_> {
    type Target = Db;

    fn deref(&self) -> &Db {
        self.db
    }
}

impl DerefMut for Transaction<'_> {
    fn deref_mut(&mut self) -> &mut Db {
        self.db
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        self.db.unfinished |= self.open;
    }
}

/// A value that goes with a text. What is not there keeps its type: engines ask for it.
pub(super) enum Value {
    Number(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

macro_rules! values {
    ($($kind:ident($held:ty): $($from:ty),+;)+) => {$($(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::$kind(Some(<$held>::from(value)))
            }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                Self::$kind(value.map(<$held>::from))
            }
        }
    )+)+};
}

values! {
    Number(i64): i64, i32, u32, u16, u8, bool;
    Text(String): String, &str, &String, Cow<'_, str>;
    Bytes(Vec<u8>): Vec<u8>, &[u8];
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Self::Bytes(Some(bytes.to_vec()))
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Bytes(Some(bytes.to_vec()))
    }
}

/// A row of an answer.
pub(super) enum Row {
    Sqlite(SqliteRow),
    #[cfg(feature = "postgres")]
    Postgres(PgRow),
}

impl Row {
    /// The value of the n-th column, from 0.
    pub(super) fn try_get<T: Column>(&self, column: usize) -> Result<T, LedgerFault> {
        T::of(self, column)
    }
}

/// What a column may be read as.
pub(super) trait Column: Sized {
    /// The value of a row's n-th column.
    fn of(row: &Row, column: usize) -> Result<Self, LedgerFault>;
}

macro_rules! columns {
    ($($kind:ty),+) => {$(
        impl Column for $kind {
            fn of(row: &Row, column: usize) -> Result<Self, LedgerFault> {
                match row {
                    Row::Sqlite(row) => Ok(row.try_get(column)?),
                    #[cfg(feature = "postgres")]
                    Row::Postgres(row) => Ok(row.try_get(column)?),
                }
            }
        }
    )+};
}

columns!(String, Option<String>, Vec<u8>, Option<Vec<u8>>);

impl Column for i64 {
    fn of(row: &Row, column: usize) -> Result<Self, LedgerFault> {
        let found: Option<Self> = row.try_get(column)?;
        found.ok_or(LedgerFault::Row("一行"))
    }
}

/// Numbers of PostgreSQL have widths, and its comparisons are no numbers.
impl Column for Option<i64> {
    fn of(row: &Row, column: usize) -> Result<Self, LedgerFault> {
        match row {
            Row::Sqlite(row) => Ok(row.try_get(column)?),
            #[cfg(feature = "postgres")]
            Row::Postgres(row) => match row.column(column).type_info().name() {
                "BOOL" => Ok(row.try_get::<Option<bool>, _>(column)?.map(i64::from)),
                "INT4" => Ok(row.try_get::<Option<i32>, _>(column)?.map(i64::from)),
                _ => Ok(row.try_get(column)?),
            },
        }
    }
}

/// Truth is a number, 0 or 1.
impl Column for bool {
    fn of(row: &Row, column: usize) -> Result<Self, LedgerFault> {
        Ok(row.try_get::<i64>(column)? != 0)
    }
}

/// What a whole row may be read as.
pub(super) trait Columns: Sized {
    /// The values of a row.
    fn of_row(row: &Row) -> Result<Self, LedgerFault>;
}

impl<A: Column, B: Column> Columns for (A, B) {
    fn of_row(row: &Row) -> Result<Self, LedgerFault> {
        Ok((row.try_get(0)?, row.try_get(1)?))
    }
}

/// A text with its values.
pub(super) struct Query {
    text: Cow<'static, str>,
    values: Vec<Value>,
    /// Whether the engine keeps the text ready for the next time.
    kept: bool,
}

/// Begins a text. Values never stand in it: they are bound, one for each `?`.
pub(super) fn query(text: impl Into<Cow<'static, str>>) -> Query {
    Query {
        text: text.into(),
        values: Vec::new(),
        kept: true,
    }
}

impl Query {
    /// The value of the next `?`.
    pub(super) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Will not be asked again in the same words.
    pub(super) fn used_once(mut self) -> Self {
        self.kept = false;
        self
    }

    fn for_sqlite(self) -> sqlx::query::Query<'static, Sqlite, SqliteArguments> {
        let begun = sqlx::query(AssertSqlSafe(self.text.into_owned())).persistent(self.kept);
        let bound = self.values.into_iter();
        bound.fold(begun, |query, value| match value {
            Value::Number(number) => query.bind(number),
            Value::Text(text) => query.bind(text),
            Value::Bytes(bytes) => query.bind(bytes),
        })
    }

    #[cfg(feature = "postgres")]
    fn for_postgres(self) -> sqlx::query::Query<'static, Postgres, PgArguments> {
        let begun = sqlx::query(AssertSqlSafe(placeholders(&self.text))).persistent(self.kept);
        let bound = self.values.into_iter();
        bound.fold(begun, |query, value| match value {
            Value::Number(number) => query.bind(number),
            Value::Text(text) => query.bind(text),
            Value::Bytes(bytes) => query.bind(bytes),
        })
    }

    /// Runs it; gives how many rows it wrote.
    pub(super) async fn execute(self, db: &mut Db) -> Result<u64, LedgerFault> {
        Ok(match &mut db.engine {
            Engine::Sqlite(db) => self.for_sqlite().execute(db).await?.rows_affected(),
            #[cfg(feature = "postgres")]
            Engine::Postgres(server) => server.execute(self.for_postgres()).await?,
        })
    }

    /// All rows of the answer.
    pub(super) async fn fetch_all(self, db: &mut Db) -> Result<Vec<Row>, LedgerFault> {
        Ok(match &mut db.engine {
            Engine::Sqlite(db) => {
                let rows = self.for_sqlite().fetch_all(db).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            #[cfg(feature = "postgres")]
            Engine::Postgres(server) => {
                let rows = server.fetch_all(self.for_postgres()).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// The first row of the answer, if there is one.
    pub(super) async fn fetch_optional(self, db: &mut Db) -> Result<Option<Row>, LedgerFault> {
        Ok(match &mut db.engine {
            Engine::Sqlite(db) => {
                let row = self.for_sqlite().fetch_optional(db).await?;
                row.map(Row::Sqlite)
            }
            #[cfg(feature = "postgres")]
            Engine::Postgres(server) => {
                let row = server.fetch_optional(self.for_postgres()).await?;
                row.map(Row::Postgres)
            }
        })
    }

    /// The first row of the answer; none is a fault.
    pub(super) async fn fetch_one(self, db: &mut Db) -> Result<Row, LedgerFault> {
        let row = self.fetch_optional(db).await?;
        row.ok_or_else(|| sqlx::Error::RowNotFound.into())
    }
}

/// A text with its values, whose rows are read as values of one kind.
pub(super) struct Asked<T> {
    query: Query,
    read: fn(&Row) -> Result<T, LedgerFault>,
}

/// Begins a text of whose rows the first column is read.
pub(super) fn query_scalar<T: Column>(text: impl Into<Cow<'static, str>>) -> Asked<T> {
    Asked {
        query: query(text),
        read: |row| row.try_get(0),
    }
}

/// Begins a text whose rows are read whole.
pub(super) fn query_as<T: Columns>(text: impl Into<Cow<'static, str>>) -> Asked<T> {
    Asked {
        query: query(text),
        read: T::of_row,
    }
}

impl<T> Asked<T> {
    /// The value of the next `?`.
    pub(super) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.query = self.query.bind(value);
        self
    }

    /// All values.
    pub(super) async fn fetch_all(self, db: &mut Db) -> Result<Vec<T>, LedgerFault> {
        let rows = self.query.fetch_all(db).await?;
        rows.iter().map(self.read).collect()
    }

    /// The first value, if there is one.
    pub(super) async fn fetch_optional(self, db: &mut Db) -> Result<Option<T>, LedgerFault> {
        let row = self.query.fetch_optional(db).await?;
        row.as_ref().map(self.read).transpose()
    }

    /// The first value; none is a fault.
    pub(super) async fn fetch_one(self, db: &mut Db) -> Result<T, LedgerFault> {
        (self.read)(&self.query.fetch_one(db).await?)
    }
}
