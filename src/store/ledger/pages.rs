//! The pages of a printed copy that were received (已收到的页).

use crate::receipt::PrintedCopy;

use super::connection::Ledger;
use super::fault::LedgerFault;
use super::sql;
use super::values::small;
use crate::store::StoreError;

impl Ledger {
    /// Pages of a copy that were received and not taken back, in no order.
    pub fn pages_of(&mut self, print: &PrintedCopy) -> Result<Vec<u8>, StoreError> {
        self.run(async |db, _| {
            let pages: Vec<i64> = sql::query_scalar(
                "SELECT p.page FROM receipt p
                 WHERE p.record = ? AND p.version = ? AND p.minutes = ? AND p.copy = ?
                 AND EXISTS (SELECT 1 FROM sighting s WHERE s.receipt = p.no
                 AND NOT EXISTS (SELECT 1 FROM retract t WHERE t.sighting = s.no))",
            )
            .bind(&print.record[..])
            .bind(i64::from(print.version))
            .bind(i64::from(print.minutes))
            .bind(i64::from(print.copy))
            .fetch_all(db)
            .await?;
            pages
                .into_iter()
                .map(|page| small(page, "页次"))
                .collect::<Result<Vec<u8>, LedgerFault>>()
        })
    }
}
