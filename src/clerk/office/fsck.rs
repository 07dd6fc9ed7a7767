//! Checking the objects (核对附件): whether ledger and objects agree.

use crate::store::Vault;
use crate::store::ledger::{IfMissing, Ledger, ObjectsState};

use crate::clerk::error::ClerkError;
use crate::clerk::opened::DataPlaces;

/// What is asked of a check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ObjectsCheck {
    /// Every object is read and held against its sum.
    pub deep: bool,
    /// What no row names is removed.
    pub sweep: bool,
}

/// Holds the objects of a data folder against its ledger. `told` hears how many of how many were seen to.
pub fn check_objects(
    places: DataPlaces<'_>,
    check: ObjectsCheck,
    told: &mut dyn FnMut(usize, usize),
) -> Result<ObjectsState, ClerkError> {
    Ledger::look_for(places.data)?;
    let vault = Vault::open(places.keys, false)?;
    let mut ledger = Ledger::open(places.data, vault, IfMissing::Refuse)?;
    let state = ledger.check_objects(check.deep, check.sweep, told)?;
    ledger.close()?;
    Ok(state)
}
