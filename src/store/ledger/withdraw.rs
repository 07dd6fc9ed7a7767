//! Rows that are withdrawn (撤下): they stay, with the time, and count no more.

use jiff::Timestamp;

use super::audit;
use super::connection::Ledger;
use super::sql;
use super::transaction::{begin, commit};
use super::values::seconds;
use crate::store::StoreError;

impl Ledger {
    /// Withdraws a row by a query that takes the time and the row's number and spares what is withdrawn already, and tells the audit
    /// log the act and its words; `false` where there is none that stands.
    pub(super) fn withdraw(
        &mut self,
        query: &'static str,
        at: Timestamp,
        no: i64,
        (act, words): (&str, &str),
    ) -> Result<bool, StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            let done = sql::query(query)
                .bind(seconds(at))
                .bind(no)
                .execute(&mut tx)
                .await?;
            if done == 0 {
                return Ok(false);
            }
            audit::append(&mut tx, at, act, &no.to_string(), words).await?;
            commit(tx).await?;
            Ok(true)
        })
    }
}
