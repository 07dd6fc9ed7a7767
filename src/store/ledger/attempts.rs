//! Attempts to come in (登录尝试): how many wrong passwords were tried for a name, by the address that they came from. A name stands here
//! by its digest alone: people type what they should not into the wrong field.

use jiff::{SignedDuration, Timestamp};

use super::connection::Ledger;
use super::fault::LedgerFault;
use super::sql::{self, Db};
use super::transaction::{begin, commit};
use super::values::{seconds, time};
use crate::store::StoreError;

/// How many attempts there may be, and for how long nobody gets in after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptLimits {
    /// From one address.
    pub from_one: u32,
    /// From all addresses together.
    pub from_all: u32,
    /// How long it is closed.
    pub closed: SignedDuration,
}

/// Attempts that are as old are forgotten.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);

impl Ledger {
    /// Counts an attempt before it is looked at, so that many at once count as well; fails with the time until which it is closed,
    /// as the inner result, where there were too many before. The last that is allowed is looked at too; whether it is the last is given.
    pub fn take_attempt(
        &mut self,
        name: &[u8; 32],
        source: &str,
        limits: AttemptLimits,
        at: Timestamp,
    ) -> Result<Result<bool, Timestamp>, StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            sql::query("DELETE FROM attempt WHERE at < ?")
                .bind(seconds(at - FORGOTTEN))
                .execute(&mut tx)
                .await?;
            let places = [(source, limits.from_one), ("", limits.from_all)];
            for (source, _) in places {
                let until = locked(&mut tx, name, source).await?;
                if until > seconds(at) {
                    return Ok(Err(time(until)?));
                }
            }
            let mut last = false;
            for (source, most) in places {
                count(&mut tx, name, source, at).await?;
                let sql = "UPDATE attempt SET failed = 0, locked = ? WHERE name = ? AND source = ? AND failed >= ?";
                let shut = sql::query(sql)
                    .bind(seconds(at + limits.closed))
                    .bind(&name[..])
                    .bind(source)
                    .bind(i64::from(most))
                    .execute(&mut tx)
                    .await?;
                last |= shut > 0;
            }
            commit(tx).await?;
            Ok(Ok(last))
        })
    }

    /// An attempt was not wrong after all: it is not counted.
    pub fn give_attempt_back(&mut self, name: &[u8; 32], source: &str) -> Result<(), StoreError> {
        self.run(async |db, _| {
            let sql = "UPDATE attempt SET failed = failed - 1 WHERE name = ? AND source IN (?, '') AND failed > 0";
            sql::query(sql)
                .bind(&name[..])
                .bind(source)
                .execute(db)
                .await?;
            Ok(())
        })
    }

    /// The right password came from an address: what was wrong before is forgotten, there and for all addresses together.
    pub fn forget_attempts_from(
        &mut self,
        name: &[u8; 32],
        source: &str,
    ) -> Result<(), StoreError> {
        self.run(async |db, _| {
            sql::query("DELETE FROM attempt WHERE name = ? AND source IN (?, '')")
                .bind(&name[..])
                .bind(source)
                .execute(db)
                .await?;
            Ok(())
        })
    }

    /// Whoever was shut out of a name may try again.
    pub fn forget_attempts(&mut self, name: &[u8; 32]) -> Result<(), StoreError> {
        self.run(async |db, _| {
            let gone = sql::query("DELETE FROM attempt WHERE name = ?").bind(&name[..]);
            gone.execute(db).await?;
            Ok(())
        })
    }

    /// Whether some address is shut out of a name.
    pub fn is_shut(&mut self, name: &[u8; 32], at: Timestamp) -> Result<bool, StoreError> {
        self.run(async |db, _| {
            let shut: i64 =
                sql::query_scalar("SELECT count(*) FROM attempt WHERE name = ? AND locked > ?")
                    .bind(&name[..])
                    .bind(seconds(at))
                    .fetch_one(db)
                    .await?;
            Ok(shut > 0)
        })
    }
}

/// Until when nobody gets in from an address; 0 where it is open.
async fn locked(db: &mut Db, name: &[u8; 32], source: &str) -> Result<i64, LedgerFault> {
    let until: Option<i64> =
        sql::query_scalar("SELECT locked FROM attempt WHERE name = ? AND source = ?")
            .bind(&name[..])
            .bind(source)
            .fetch_optional(db)
            .await?;
    Ok(until.unwrap_or(0))
}

async fn count(
    db: &mut Db,
    name: &[u8; 32],
    source: &str,
    at: Timestamp,
) -> Result<(), LedgerFault> {
    let sql = "INSERT INTO attempt (name, source, failed, locked, at) VALUES (?, ?, 1, 0, ?)
        ON CONFLICT (name, source) DO UPDATE SET failed = attempt.failed + 1, at = excluded.at";
    sql::query(sql)
        .bind(&name[..])
        .bind(source)
        .bind(seconds(at))
        .execute(db)
        .await?;
    Ok(())
}
