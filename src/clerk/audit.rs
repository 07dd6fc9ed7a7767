//! Audit (审计): the log of all acts, read and held against its chain.

use crate::record::mask;
use crate::store::Vault;
use crate::store::ledger::{AuditRow, ChainState, IfMissing, Ledger};

use super::{ClerkError, Desk, DeskPlaces};

/// Shortest run of digits that may be a telephone number.
const PERSONAL: usize = 7;

/// Walks the audit log, giving each row to `each`, up to the first that does not follow from the one before. What people
/// wrote into a row, such as the reason of a void, is masked where it looks like an id or telephone number.
pub fn audit(
    places: DeskPlaces<'_>,
    each: &mut dyn FnMut(&AuditRow),
) -> Result<ChainState, ClerkError> {
    Ledger::look_for(places.data)?;
    let vault = Vault::open(places.keys, false)?;
    let mut ledger = Ledger::open(places.data, vault, IfMissing::Refuse)?;
    let state = walk(&mut ledger, each)?;
    ledger.close()?;
    Ok(state)
}

impl Desk<'_> {
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

/// A text with every number of [`PERSONAL`] digits and more masked; sums and references, which hold letters, are not numbers.
pub(super) fn masked(text: &str) -> String {
    let word = |c: char| c.is_ascii_alphanumeric();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(word) {
        let (before, from) = rest.split_at(start);
        let (run, after) = from.split_at(from.find(|c| !word(c)).unwrap_or(from.len()));
        out.push_str(before);
        let digits = run.trim_end_matches(['x', 'X']);
        let number = digits.len() >= PERSONAL && digits.bytes().all(|b| b.is_ascii_digit());
        if number {
            out.push_str(&mask(run));
        } else {
            out.push_str(run);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
