//! Audit (审计): the log of all acts, read and held against its chain.

use crate::clerk::masked::masked;
use crate::store::Vault;
use crate::store::ledger::{AuditRow, ChainState, IfMissing, Ledger};

use crate::clerk::error::ClerkError;
use crate::clerk::office::Office;
use crate::clerk::opened::DataPlaces;

/// Walks the audit log, giving each row to `each`, up to the first that does not follow from the one before. What people
/// wrote into a row, such as the reason of a void, is masked where it looks like an id or telephone number.
pub fn audit(
    places: DataPlaces<'_>,
    each: &mut dyn FnMut(&AuditRow),
) -> Result<ChainState, ClerkError> {
    Ledger::look_for(places.data)?;
    let vault = Vault::open(places.keys, false)?;
    let mut ledger = Ledger::open(places.data, vault, IfMissing::Refuse)?;
    let state = walk(&mut ledger, each)?;
    ledger.close()?;
    Ok(state)
}

impl Office<'_> {
    /// Walks the audit log as [`audit`] does.
    pub fn walk_log(&mut self, each: &mut dyn FnMut(&AuditRow)) -> Result<ChainState, ClerkError> {
        walk(&mut self.ledger, each)
    }
}

fn walk(ledger: &mut Ledger, each: &mut dyn FnMut(&AuditRow)) -> Result<ChainState, ClerkError> {
    Ok(ledger.walk_audit(&mut |row| {
        let mut shown = row.clone();
        shown.detail = masked(&row.detail);
        each(&shown);
    })?)
}
