//! Questions that are asked of one unit.

use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::fault::LedgerFault;

/// The rows that a question finds of a unit, whose number is its only value, each read by `read`.
pub(super) async fn of_unit<T>(
    db: &mut SqliteConnection,
    sql: &'static str,
    unit: i64,
    read: impl Fn(&SqliteRow) -> Result<T, LedgerFault>,
) -> Result<Vec<T>, LedgerFault> {
    let rows = sqlx::query(sql).bind(unit).fetch_all(db).await?;
    rows.iter().map(read).collect()
}
