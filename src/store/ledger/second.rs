//! The second step of coming in (两步验证): sealed secrets, the last step used, recovery codes. Which code is right is said elsewhere.

use jiff::Timestamp;

use super::accounts::told;
use super::connection::Ledger;
use super::fault::LedgerFault;
use super::sql::{self, Db};
use super::transaction::{begin, commit};
use super::values::small;
use crate::store::StoreError;

/// What an account's codes are made of.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondStep {
    /// The shared secret.
    pub secret: Vec<u8>,
    /// Whether a first code was right, so that codes are asked for.
    pub confirmed: bool,
    /// Recovery codes that are left.
    pub recovery: usize,
}

/// What a secret is sealed for.
fn purpose(no: i64) -> Vec<u8> {
    format!("second step {no}").into_bytes()
}

impl Ledger {
    /// The second step of an account; none where it was never begun.
    pub fn second_step(&mut self, no: i64) -> Result<Option<SecondStep>, StoreError> {
        let step = self.run(async |db, _| {
            let row = sql::query(
                "SELECT secret, confirmed,
                 (SELECT count(*) FROM recovery_code r WHERE r.account = s.account)
                 FROM second_step s WHERE account = ?",
            )
            .bind(no)
            .fetch_optional(db)
            .await?;
            let Some(row) = row else { return Ok(None) };
            let sealed: Vec<u8> = row.try_get(0)?;
            let recovery = small(row.try_get(2)?, "恢复码")?;
            let confirmed = row.try_get::<i64>(1)? != 0;
            Ok(Some((sealed, confirmed, recovery)))
        })?;
        let Some((sealed, confirmed, recovery)) = step else {
            return Ok(None);
        };
        Ok(Some(SecondStep {
            secret: self.vault.open_sealed(&purpose(no), &sealed)?,
            confirmed,
            recovery,
        }))
    }

    /// Numbers of the accounts that come in by two steps.
    pub fn in_two_steps(&mut self) -> Result<Vec<i64>, StoreError> {
        self.run(async |db, _| {
            let read = sql::query_scalar("SELECT account FROM second_step WHERE confirmed = 1");
            read.fetch_all(db).await
        })
    }

    /// Puts a secret down that is not asked for yet; `false` where one is in use, which stays.
    pub fn begin_second_step(&mut self, no: i64, secret: &[u8]) -> Result<bool, StoreError> {
        let sealed = self.vault.seal(&purpose(no), secret)?;
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            let done = sql::query(
                "INSERT INTO second_step (account, secret, last, confirmed) VALUES (?, ?, 0, 0)
                 ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, last = 0
                 WHERE second_step.confirmed = 0",
            )
            .bind(no)
            .bind(sealed)
            .execute(&mut tx)
            .await?;
            commit(tx).await?;
            Ok(done == 1)
        })
    }

    /// Asks for codes from now on, with recovery codes that are new.
    pub fn confirm_second_step(
        &mut self,
        at: Timestamp,
        no: i64,
        step: u64,
        recovery: &[String],
    ) -> Result<(), StoreError> {
        self.run(async |db, vault| {
            let mut tx = begin(db).await?;
            sql::query("UPDATE second_step SET confirmed = 1, last = ? WHERE account = ?")
                .bind(i64::try_from(step).unwrap_or(i64::MAX))
                .bind(no)
                .execute(&mut tx)
                .await?;
            forget_recovery(&mut tx, no).await?;
            for code in recovery {
                sql::query("INSERT INTO recovery_code (account, code) VALUES (?, ?) ON CONFLICT DO NOTHING")
                    .bind(no)
                    .bind(&vault.blind("recovery code", code)[..])
                    .execute(&mut tx)
                    .await?;
            }
            told(&mut tx, at, no, "开通两步验证").await?;
            commit(tx).await
        })
    }

    /// Uses a time step up; `false` where it or a later one was used before.
    pub fn use_step(&mut self, no: i64, step: u64) -> Result<bool, StoreError> {
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            let sql = "UPDATE second_step SET last = ? WHERE account = ? AND last < ?";
            let done = sql::query(sql)
                .bind(step)
                .bind(no)
                .bind(step)
                .execute(&mut tx)
                .await?;
            commit(tx).await?;
            Ok(done == 1)
        })
    }

    /// Uses a recovery code up; `false` where there is no such code.
    pub fn use_recovery(&mut self, at: Timestamp, no: i64, code: &str) -> Result<bool, StoreError> {
        self.run(async |db, vault| {
            let mut tx = begin(db).await?;
            let done = sql::query("DELETE FROM recovery_code WHERE account = ? AND code = ?")
                .bind(no)
                .bind(&vault.blind("recovery code", code)[..])
                .execute(&mut tx)
                .await?;
            let used = done == 1;
            if used {
                told(&mut tx, at, no, "用去一个恢复码").await?;
            }
            commit(tx).await?;
            Ok(used)
        })
    }

    /// Asks for no codes any more.
    pub fn drop_second_step(&mut self, at: Timestamp, no: i64, by: &str) -> Result<(), StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            forget_recovery(&mut tx, no).await?;
            let done = sql::query("DELETE FROM second_step WHERE account = ?")
                .bind(no)
                .execute(&mut tx)
                .await?;
            if done > 0 {
                told(&mut tx, at, no, &format!("{by} 取消两步验证")).await?;
            }
            commit(tx).await
        })
    }
}

async fn forget_recovery(db: &mut Db, no: i64) -> Result<(), LedgerFault> {
    sql::query("DELETE FROM recovery_code WHERE account = ?")
        .bind(no)
        .execute(db)
        .await?;
    Ok(())
}
