//! Questions that are asked of one unit.

use super::fault::LedgerFault;
use super::sql::{self, Db, Row};

/// The rows that a question finds of a unit, whose number is its only value, each read by `read`.
pub(super) async fn of_unit<T>(
    db: &mut Db,
    sql: &'static str,
    unit: i64,
    read: impl Fn(&Row) -> Result<T, LedgerFault>,
) -> Result<Vec<T>, LedgerFault> {
    let rows = sql::query(sql).bind(unit).fetch_all(db).await?;
    rows.iter().map(read).collect()
}
