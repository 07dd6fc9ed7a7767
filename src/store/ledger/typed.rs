//! What was typed at the desk and is neither a mark nor a code: kept veiled, under a source that tells nothing of it. A slip of the
//! hand, or another program's window, may hold anybody's name or number.

use super::connection::Ledger;
use super::fault::LedgerFault;
use super::names::LEDGER;
use super::remnants::remnant;
use super::sql::{self, Db};
use super::sweep::set;
use super::transaction::{begin, commit};
use crate::receipt::veiled;
use crate::store::StoreError;
use crate::store::vault::Vault;

/// Stands among the settings once what earlier programs kept clear was veiled.
const VEILED: &str = "typed lines veiled";

impl Ledger {
    /// The source of a typed line: session and number, and an index of the line without which nobody can try it.
    pub fn source_of_typed(&self, source: &str, text: &str) -> String {
        source_of(&self.vault, source, text)
    }

    /// Veils, once, what earlier programs kept as it was typed.
    pub(super) fn veil_typed(&mut self) -> Result<(), StoreError> {
        if self.is_set(VEILED)? {
            return Ok(());
        }
        self.run(async |db, vault| {
            let mut tx = begin(db).await?;
            if veil_all(&mut tx, vault).await? > 0 {
                // the old text must not stay in free pages
                remnant(&mut tx, LEDGER).await?;
            }
            set(&mut tx, VEILED).await?;
            commit(tx).await
        })?;
        // what cannot be removed while others read stands in its list, and goes with the next erasure or start of the service
        let _ = self.remove_remnants();
        Ok(())
    }
}

fn source_of(vault: &Vault, source: &str, text: &str) -> String {
    let blind = vault.blind("typed", text);
    let sum: String = blind.iter().take(8).map(|b| format!("{b:02x}")).collect();
    format!("{source}:{sum}")
}

/// Veils names of sightings that were typed, and gives them the sources that they would have now; gives their number.
async fn veil_all(db: &mut Db, vault: &Vault) -> Result<usize, LedgerFault> {
    let rows = sql::query(
        "SELECT no, source, name FROM sighting WHERE how = 'digits' AND receipt IS NULL AND name <> '' ORDER BY no",
    )
    .fetch_all(&mut *db)
    .await?;
    for row in &rows {
        let (source, name): (String, String) = (row.try_get(1)?, row.try_get(2)?);
        let session = source.rsplit_once(':').map_or("", |(session, _)| session);
        sql::query(
            "UPDATE sighting SET source = ?1 WHERE no = ?2
             AND NOT EXISTS (SELECT 1 FROM sighting s WHERE s.source = ?1)",
        )
        .bind(source_of(vault, session, &name))
        .bind(row.try_get::<i64>(0)?)
        .execute(&mut *db)
        .await?;
        sql::query("UPDATE sighting SET name = ? WHERE no = ?")
            .bind(veiled(&name))
            .bind(row.try_get::<i64>(0)?)
            .execute(&mut *db)
            .await?;
    }
    Ok(rows.len())
}
