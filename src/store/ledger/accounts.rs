//! Accounts (账号) with their passwords' hashes, and the sessions of browsers and programs. Who may do what is elsewhere.

use jiff::Timestamp;

use super::audit;
use super::connection::Ledger;
use super::fault::LedgerFault;
use super::sql::{self, Db, Row};
use super::transaction::{begin, commit};
use super::values::{seconds, time};
use crate::store::StoreError;

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Its number.
    pub no: i64,
    /// The name that is typed to come in.
    pub name: String,
    /// Role: `admin`, `clerk`, `unit`, `reader`.
    pub role: String,
    /// The secretary's unit in the roster; none for other roles.
    pub roster: Option<i64>,
    /// Hash of the password in PHC form; empty where none was set.
    pub password: String,
    /// Whether the password must be changed first.
    pub once: bool,
    /// Whether it was closed.
    pub closed: bool,
}

/// A session with its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Whose it is.
    pub account: AccountRow,
    /// When it began.
    pub began: Timestamp,
    /// When it was last used.
    pub seen: Timestamp,
    /// Name of a program's token; empty for a browser.
    pub name: String,
    /// What a program's token may do, words between spaces; empty for a browser.
    pub scopes: String,
}

const COLUMNS: &str = "a.no, a.name, a.role, a.roster, a.password, a.once, a.closed";

fn account(row: &Row) -> Result<AccountRow, LedgerFault> {
    Ok(AccountRow {
        no: row.try_get(0)?,
        name: row.try_get(1)?,
        role: row.try_get(2)?,
        roster: row.try_get(3)?,
        password: row.try_get(4)?,
        once: row.try_get::<i64>(5)? != 0,
        closed: row.try_get::<i64>(6)? != 0,
    })
}

impl Ledger {
    /// All accounts by name.
    pub fn accounts(&mut self) -> Result<Vec<AccountRow>, StoreError> {
        self.run(async |db, _| {
            let sql = format!("SELECT {COLUMNS} FROM account a ORDER BY a.role, a.name");
            let rows = sql::query(sql).fetch_all(db).await?;
            rows.iter().map(account).collect::<Result<Vec<_>, _>>()
        })
    }

    /// The account of a name.
    pub fn account(&mut self, name: &str) -> Result<Option<AccountRow>, StoreError> {
        self.run(async |db, _| {
            let sql = format!("SELECT {COLUMNS} FROM account a WHERE a.name = ?");
            let row = sql::query(sql).bind(name).fetch_optional(db).await?;
            row.as_ref().map(account).transpose()
        })
    }

    /// Adds an account; `false` where the name is taken, and nothing is changed then.
    pub fn add_account(
        &mut self,
        at: Timestamp,
        new: &AccountRow,
        by: &str,
    ) -> Result<bool, StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            let fresh = insert(&mut tx, new).await?;
            if fresh {
                let detail = format!("{by} 新建账号，角色 {}", new.role);
                audit::append(&mut tx, at, "account", &new.name, &detail).await?;
            }
            commit(tx).await?;
            Ok(fresh)
        })
    }

    /// Sets a password's hash and ends all sessions of the account, of browsers and of programs.
    pub fn set_password(
        &mut self,
        at: Timestamp,
        no: i64,
        (password, once): (&str, bool),
        by: &str,
    ) -> Result<(), StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            sql::query("UPDATE account SET password = ?, once = ? WHERE no = ?")
                .bind(password)
                .bind(i64::from(once))
                .bind(no)
                .execute(&mut tx)
                .await?;
            end_sessions(&mut tx, no).await?;
            told(&mut tx, at, no, &format!("{by} 设置密码")).await?;
            commit(tx).await
        })
    }

    /// Closes an account or opens it again; its sessions end.
    pub fn close_account(
        &mut self,
        at: Timestamp,
        no: i64,
        closed: bool,
        by: &str,
    ) -> Result<(), StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            sql::query("UPDATE account SET closed = ? WHERE no = ?")
                .bind(i64::from(closed))
                .bind(no)
                .execute(&mut tx)
                .await?;
            end_sessions(&mut tx, no).await?;
            let word = if closed { "停用" } else { "启用" };
            told(&mut tx, at, no, &format!("{by} {word}账号")).await?;
            commit(tx).await
        })
    }

    /// Begins a session; old ones of the account that were last used before `stale` go.
    pub fn begin_session(
        &mut self,
        at: Timestamp,
        token: &[u8; 32],
        no: i64,
        stale: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            sql::query("DELETE FROM session WHERE account = ? AND name = '' AND seen < ?")
                .bind(no)
                .bind(seconds(stale))
                .execute(&mut tx)
                .await?;
            enter_session(&mut tx, at, token, no, ("", "")).await?;
            told_as(&mut tx, at, "login", no, "登录").await?;
            commit(tx).await
        })
    }

    /// Makes a program's token with a name and scopes.
    pub fn add_token(
        &mut self,
        at: Timestamp,
        token: &[u8; 32],
        no: i64,
        (name, scopes): (&str, &str),
    ) -> Result<(), StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            enter_session(&mut tx, at, token, no, (name, scopes)).await?;
            let detail = format!("新建接口令牌“{name}”：{scopes}");
            told_as(&mut tx, at, "token", no, &detail).await?;
            commit(tx).await
        })
    }

    /// Names and scopes of an account's program tokens.
    pub fn tokens(&mut self, no: i64) -> Result<Vec<(String, String)>, StoreError> {
        self.run(async |db, _| {
            let rows = sql::query(
                "SELECT name, scopes FROM session WHERE account = ? AND name <> '' ORDER BY name",
            )
            .bind(no)
            .fetch_all(db)
            .await?;
            rows.iter()
                .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
                .collect::<Result<Vec<_>, LedgerFault>>()
        })
    }

    /// Takes an account's program token of a name away.
    pub fn drop_token(&mut self, at: Timestamp, no: i64, name: &str) -> Result<(), StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            sql::query("DELETE FROM session WHERE account = ? AND name = ? AND name <> ''")
                .bind(no)
                .bind(name)
                .execute(&mut tx)
                .await?;
            let detail = format!("收回接口令牌“{name}”");
            told_as(&mut tx, at, "token", no, &detail).await?;
            commit(tx).await
        })
    }

    /// The session of a token.
    pub fn session(&mut self, token: &[u8; 32]) -> Result<Option<SessionRow>, StoreError> {
        self.run(async |db, _| {
            let sql = format!(
                "SELECT {COLUMNS}, s.began, s.seen, s.name, s.scopes FROM session s
                 JOIN account a ON a.no = s.account WHERE s.token = ?"
            );
            let row = sql::query(sql).bind(&token[..]).fetch_optional(db).await?;
            let Some(row) = row else { return Ok(None) };
            Ok(Some(SessionRow {
                account: account(&row)?,
                began: time(row.try_get(7)?)?,
                seen: time(row.try_get(8)?)?,
                name: row.try_get(9)?,
                scopes: row.try_get(10)?,
            }))
        })
    }

    /// Notes that a session was used.
    pub fn touch_session(&mut self, token: &[u8; 32], at: Timestamp) -> Result<(), StoreError> {
        self.run(async |db, _| {
            sql::query("UPDATE session SET seen = ? WHERE token = ?")
                .bind(seconds(at))
                .bind(&token[..])
                .execute(db)
                .await?;
            Ok::<(), LedgerFault>(())
        })
    }

    /// Ends a session.
    pub fn end_session(&mut self, token: &[u8; 32]) -> Result<(), StoreError> {
        self.run(async |db, _| {
            sql::query("DELETE FROM session WHERE token = ?")
                .bind(&token[..])
                .execute(db)
                .await?;
            Ok::<(), LedgerFault>(())
        })
    }

    /// Puts a link down that makes the first administrator; links from before are worth nothing any more.
    pub fn add_invite(&mut self, token: &[u8; 32], until: Timestamp) -> Result<(), StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            sql::query("DELETE FROM invite WHERE used IS NULL")
                .execute(&mut tx)
                .await?;
            sql::query("INSERT INTO invite (token, until) VALUES (?, ?)")
                .bind(&token[..])
                .bind(seconds(until))
                .execute(&mut tx)
                .await?;
            commit(tx).await
        })
    }

    /// Whether a link still holds.
    pub fn invite_holds(&mut self, token: &[u8; 32], at: Timestamp) -> Result<bool, StoreError> {
        self.run(async |db, _| holds(db, token, at).await)
    }

    /// Uses a link up and makes the administrator that it promises; `false` where it does not hold or the name is taken.
    pub fn use_invite(
        &mut self,
        at: Timestamp,
        token: &[u8; 32],
        new: &AccountRow,
    ) -> Result<bool, StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            if !holds(&mut tx, token, at).await? || !insert(&mut tx, new).await? {
                return Ok(false);
            }
            sql::query("UPDATE invite SET used = ? WHERE token = ?")
                .bind(seconds(at))
                .bind(&token[..])
                .execute(&mut tx)
                .await?;
            audit::append(&mut tx, at, "account", &new.name, "经一次性链接建立管理员").await?;
            commit(tx).await?;
            Ok(true)
        })
    }
}

async fn holds(db: &mut Db, token: &[u8; 32], at: Timestamp) -> Result<bool, LedgerFault> {
    let found: i64 = sql::query_scalar(
        "SELECT count(*) FROM invite WHERE token = ? AND used IS NULL AND until >= ?",
    )
    .bind(&token[..])
    .bind(seconds(at))
    .fetch_one(db)
    .await?;
    Ok(found > 0)
}

async fn insert(db: &mut Db, new: &AccountRow) -> Result<bool, LedgerFault> {
    let done = sql::query(
        "INSERT INTO account (name, role, roster, password, once, failed, locked, closed)
         VALUES (?, ?, ?, ?, ?, 0, 0, 0) ON CONFLICT DO NOTHING",
    )
    .bind(&new.name)
    .bind(&new.role)
    .bind(new.roster)
    .bind(&new.password)
    .bind(i64::from(new.once))
    .execute(db)
    .await?;
    Ok(done > 0)
}

async fn enter_session(
    db: &mut Db,
    at: Timestamp,
    token: &[u8; 32],
    no: i64,
    (name, scopes): (&str, &str),
) -> Result<(), LedgerFault> {
    sql::query(
        "INSERT INTO session (token, account, began, seen, name, scopes) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(&token[..])
    .bind(no)
    .bind(seconds(at))
    .bind(seconds(at))
    .bind(name)
    .bind(scopes)
    .execute(db)
    .await?;
    Ok(())
}

/// Ends the sessions of an account and takes its tokens back.
async fn end_sessions(db: &mut Db, no: i64) -> Result<(), LedgerFault> {
    sql::query("DELETE FROM session WHERE account = ?")
        .bind(no)
        .execute(db)
        .await?;
    Ok(())
}

/// A row of the audit log about an account.
pub(super) async fn told(
    db: &mut Db,
    at: Timestamp,
    no: i64,
    detail: &str,
) -> Result<(), LedgerFault> {
    told_as(db, at, "account", no, detail).await
}

/// A row of the audit log about an account, under another act.
async fn told_as(
    db: &mut Db,
    at: Timestamp,
    act: &str,
    no: i64,
    detail: &str,
) -> Result<(), LedgerFault> {
    let name: String = sql::query_scalar("SELECT name FROM account WHERE no = ?")
        .bind(no)
        .fetch_one(&mut *db)
        .await?;
    audit::append(db, at, act, &name, detail).await
}
