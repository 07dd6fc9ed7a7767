//! A connection to PostgreSQL (连接): made with limits on waiting, made again when it was lost, and told apart by what went wrong with it.
//! Whoever has a ledger open holds a shared lock on it, so that nobody moves it away meanwhile.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sqlx::postgres::{PgArguments, PgConnection, PgRow, Postgres};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Connection as _};

use super::fault::LedgerFault;
use super::place::Elsewhere;
use crate::foreign::InChinese as _;

/// How long a server is waited for.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a connection is taken for whole without being asked.
const WHOLE: Duration = Duration::from_secs(1);
/// The first version that knows all that the tables need.
const OLDEST: i32 = 140_000;

/// What is locked, of one ledger among those of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Writing: held by one transaction at a time.
    Writing = 0x736c_0001,
    /// Making the tables.
    Founding = 0x736c_0002,
    /// The ledger as it is open: shared by those who have it open, held alone by who moves it.
    Open = 0x736c_0003,
    /// The one service.
    Service = 0x736c_0004,
}

/// An open connection.
pub(super) struct Server {
    connection: PgConnection,
    place: Elsewhere,
    data: PathBuf,
    /// When it was last seen to be whole.
    seen: Instant,
    /// Whether it was lost.
    lost: bool,
    /// Whether a transaction is open on it.
    pub(super) within: bool,
}

impl Server {
    /// Opens a connection that holds no lock yet.
    pub(super) async fn connect(data: &Path, place: &Elsewhere) -> Result<Self, LedgerFault> {
        let options = place.options().map_err(LedgerFault::Pointer)?;
        let connecting = PgConnection::connect_with(&options);
        let connection = match tokio::time::timeout(PATIENCE, connecting).await {
            Ok(connected) => connected.map_err(fault)?,
            Err(_) => return Err(LedgerFault::Unreachable("没有回答".to_owned())),
        };
        let mut server = Self {
            connection,
            place: place.clone(),
            data: data.to_path_buf(),
            seen: Instant::now(),
            lost: false,
            within: false,
        };
        let asked = "SELECT current_setting('server_version_num')::int4";
        let version: i32 = server.ask(asked).await?;
        if version < OLDEST {
            let words = format!("PostgreSQL 的版本太早（{version}），需要 14 以上");
            return Err(LedgerFault::Unreachable(words));
        }
        // what is answered is on the disk, whatever the server does for others
        let lazy: bool = server
            .ask("SELECT current_setting('synchronous_commit') = 'off'")
            .await?;
        if lazy {
            server.tell("SET synchronous_commit = on").await?;
        }
        Ok(server)
    }

    /// Opens a connection for who works on the ledger: nobody moves it while this is open, and it is still where the data folder says.
    pub(super) async fn join(data: &Path, place: &Elsewhere) -> Result<Self, LedgerFault> {
        let mut server = Self::connect(data, place).await?;
        let text = format!("SELECT pg_advisory_lock_shared({})", server.of(Part::Open));
        server.tell(&text).await?;
        match Elsewhere::of(data) {
            Ok(Some(now)) if now == *place => Ok(server),
            _ => Err(LedgerFault::MovedAway),
        }
    }

    fn of(&self, part: Part) -> String {
        // an enum of numbers that SQL reads
        format!("{}, hashtext('{}')", part as i32, self.place.schema())
    }

    /// The text that locks a part to the end of the transaction.
    pub(super) fn until_committed(&self, part: Part) -> String {
        format!("SELECT pg_advisory_xact_lock({})", self.of(part))
    }

    /// Waits for a part and holds it.
    pub(super) async fn hold(&mut self, part: Part) -> Result<(), LedgerFault> {
        let text = format!("SELECT pg_advisory_lock({})", self.of(part));
        self.tell(&text).await
    }

    /// Holds a part if nobody else does; whether it is held.
    pub(super) async fn try_hold(&mut self, part: Part) -> Result<bool, LedgerFault> {
        let text = format!("SELECT pg_try_advisory_lock({})", self.of(part));
        self.ask(&text).await
    }

    /// Lets a part go.
    pub(super) async fn let_go(&mut self, part: Part) -> Result<(), LedgerFault> {
        let text = format!("SELECT pg_advisory_unlock({})", self.of(part));
        self.tell(&text).await
    }

    /// Whether the server answers.
    pub(super) async fn answers(&mut self) -> Result<(), LedgerFault> {
        self.tell("SELECT 1").await
    }

    async fn tell(&mut self, text: &str) -> Result<(), LedgerFault> {
        let text = sqlx::query(AssertSqlSafe(text.to_owned()));
        let done = text.persistent(false).execute(&mut self.connection).await;
        self.judged(done).map(|_| ())
    }

    async fn ask<T>(&mut self, text: &str) -> Result<T, LedgerFault>
    where
        T: Send + Unpin + for<'r> sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>,
    {
        let text = sqlx::query_scalar(AssertSqlSafe(text.to_owned()));
        let done = text.fetch_one(&mut self.connection).await;
        self.judged(done)
    }

    /// The connection, for what sqlx does on it by itself.
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Whether the connection was lost.
    pub(super) fn is_lost(&self) -> bool {
        self.lost
    }

    fn judged<T>(&mut self, done: Result<T, sqlx::Error>) -> Result<T, LedgerFault> {
        self.seen = Instant::now();
        done.map_err(|error| {
            let fault = fault(error);
            self.lost |= matches!(fault, LedgerFault::Unreachable(_));
            fault
        })
    }

    /// Connects anew where the connection was lost, unless something was begun on the lost one.
    async fn ready(&mut self) -> Result<(), LedgerFault> {
        // one that was not used for a while may be gone: better seen before anything is begun on it
        if !self.lost && !self.within && self.seen.elapsed() > WHOLE {
            let _ = self.answers().await;
        }
        if !self.lost {
            return Ok(());
        }
        if self.within {
            return Err(LedgerFault::Unreachable("连接断了".to_owned()));
        }
        *self = Self::join(&self.data, &self.place).await?;
        Ok(())
    }

    /// Runs a text; gives how many rows it wrote.
    pub(super) async fn execute(
        &mut self,
        query: Query<'static, Postgres, PgArguments>,
    ) -> Result<u64, LedgerFault> {
        self.ready().await?;
        let done = query.execute(&mut self.connection).await;
        Ok(self.judged(done)?.rows_affected())
    }

    /// All rows of the answer.
    pub(super) async fn fetch_all(
        &mut self,
        query: Query<'static, Postgres, PgArguments>,
    ) -> Result<Vec<PgRow>, LedgerFault> {
        self.ready().await?;
        let done = query.fetch_all(&mut self.connection).await;
        self.judged(done)
    }

    /// The first row of the answer, if there is one.
    pub(super) async fn fetch_optional(
        &mut self,
        query: Query<'static, Postgres, PgArguments>,
    ) -> Result<Option<PgRow>, LedgerFault> {
        self.ready().await?;
        let done = query.fetch_optional(&mut self.connection).await;
        self.judged(done)
    }

    /// Closes the connection and waits for it.
    pub(super) async fn close(self) -> Result<(), LedgerFault> {
        // one that was lost is closed
        let _ = self.connection.close().await;
        Ok(())
    }
}

/// What an error of the server means, by the codes of its manual (appendix A), in words for a person.
fn fault(error: sqlx::Error) -> LedgerFault {
    let unreachable = |words: &str| LedgerFault::Unreachable(words.to_owned());
    match &error {
        sqlx::Error::Database(e) => match &*e.code().unwrap_or_default() {
            "53100" => LedgerFault::Full,
            // waited too long, and what two who wait for each other get
            "55P03" | "40P01" | "40001" => LedgerFault::Busy,
            "25006" => LedgerFault::ReadOnly,
            "28000" | "28P01" => unreachable("它不认这个用户或密码"),
            "3D000" => unreachable("没有这个数据库"),
            "42501" => unreachable("这个用户没有权限"),
            "53300" => unreachable("它的连接数已满"),
            "25P03" => unreachable("隔得太久，它断开了"),
            code if code.starts_with("57P") => unreachable("它正在停止或启动"),
            code if code.starts_with("08") => unreachable("连接断了"),
            code if code.starts_with("XX") || code.starts_with("58") => LedgerFault::Io,
            _ => LedgerFault::Engine(error.to_string()),
        },
        sqlx::Error::Io(e) => LedgerFault::Unreachable(e.in_chinese()),
        sqlx::Error::Tls(_) => unreachable("加密的连接没有建立（证书或 sslmode）"),
        sqlx::Error::Protocol(_) => unreachable("连接断了"),
        _ => error.into(),
    }
}
