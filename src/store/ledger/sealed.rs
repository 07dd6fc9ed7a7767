//! The contents of a version, sealed in its row.

use crate::record::{Contents, Version};

use super::fault::LedgerFault;
use crate::store::vault::Vault;

/// The contents of a version of a record, sealed.
pub(super) fn seal(
    vault: &Vault,
    reference: &[u8; 8],
    version: &Version,
) -> Result<Vec<u8>, LedgerFault> {
    let plain = serde_json::to_vec(&version.contents).map_err(|_| LedgerFault::Row("内容"))?;
    vault
        .seal(&purpose(reference, version.version), &plain)
        .map_err(|e| LedgerFault::Engine(e.to_string()))
}

/// What was sealed of a version of a record.
pub(super) fn unseal(
    vault: &Vault,
    reference: &[u8; 8],
    version: u16,
    sealed: &[u8],
) -> Result<Contents, LedgerFault> {
    let plain = vault
        .open_sealed(&purpose(reference, version), sealed)
        .map_err(|_| LedgerFault::Row("密封内容"))?;
    serde_json::from_slice(&plain).map_err(|_| LedgerFault::Row("内容"))
}

/// What sealed contents are bound to, so that a row cannot be put in another's place.
fn purpose(reference: &[u8; 8], version: u16) -> Vec<u8> {
    [b"contents".as_slice(), reference, &version.to_be_bytes()].concat()
}
