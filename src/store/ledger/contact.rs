//! Whom to telephone at a unit, sealed in its row.

use serde::{Deserialize, Serialize};

use super::fault::LedgerFault;
use crate::store::vault::Vault;

/// Whom to telephone at a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitContact {
    /// The person's name; empty where not known.
    pub name: String,
    /// Telephone numbers.
    pub phones: Vec<String>,
}

/// What a sealed contact is bound to.
const CONTACT: &[u8] = b"contact";

impl UnitContact {
    /// The contact sealed; nothing at all where nothing is known.
    pub(super) fn seal(&self, vault: &Vault) -> Result<Vec<u8>, LedgerFault> {
        if *self == Self::default() {
            return Ok(Vec::new());
        }
        let plain = serde_json::to_vec(self).map_err(|_| LedgerFault::Row("联系人"))?;
        vault
            .seal(CONTACT, &plain)
            .map_err(|e| LedgerFault::Engine(e.to_string()))
    }

    pub(super) fn unseal(vault: &Vault, sealed: &[u8]) -> Result<Self, LedgerFault> {
        if sealed.is_empty() {
            return Ok(Self::default());
        }
        let plain = vault
            .open_sealed(CONTACT, sealed)
            .map_err(|_| LedgerFault::Row("密封内容"))?;
        serde_json::from_slice(&plain).map_err(|_| LedgerFault::Row("联系人"))
    }
}
