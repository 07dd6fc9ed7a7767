//! The organiser's office (主办单位): accounts, campaigns that run, keys and trust, notices, backups, retention and the audit log.

pub(super) mod accounts;
pub(super) mod audit;
pub(super) mod backup;
pub(super) mod backups;
mod below;
mod common_passwords;
pub(super) mod erase_person;
pub(super) mod erasing;
pub(super) mod fsck;
pub(super) mod hand_over;
pub(super) mod init;
pub(super) mod keys;
pub(super) mod leftovers;
#[cfg(feature = "postgres")]
pub(super) mod migrate;
pub(super) mod notices;
mod passwords;
pub(super) mod person;
pub(super) mod places;
pub(super) mod restore;
pub(super) mod retention;
pub(super) mod running;
pub(super) mod second;
pub(super) mod secrets;
pub(super) mod trust;
pub(super) mod upload;
pub(super) mod whose;

use std::ops::{Deref, DerefMut};

use crate::finding::Finding;
use crate::store::ledger::IfMissing;
#[cfg(feature = "postgres")]
use crate::store::ledger::ServicePlace;

use crate::clerk::desk::Desk;
use crate::clerk::error::ClerkError;
use crate::clerk::making::campaigns::Campaigns;
use crate::clerk::opened::{DataPlaces, OpenLedger};

/// The office, at an open ledger.
#[derive(Debug)]
pub struct Office<'a>(OpenLedger<'a>);

impl<'a> Office<'a> {
    /// Opens the ledger and lets the office at it, as [`OpenLedger::open`] does.
    pub fn open(
        places: DataPlaces<'_>,
        campaigns: &'a Campaigns,
        missing: IfMissing,
    ) -> Result<(Self, Vec<Finding>), ClerkError> {
        let (open, findings) = OpenLedger::open(places, campaigns, missing)?;
        Ok((Self(open), findings))
    }
}

#[cfg(feature = "postgres")]
impl Office<'_> {
    /// Takes the place of the one service on a ledger that is elsewhere; none for one in a file.
    pub fn take_service_place(&self) -> Result<Option<ServicePlace>, ClerkError> {
        Ok(self.0.ledger.take_service_place()?)
    }
}

impl Office<'_> {
    /// Fails where the objects are in a bucket that cannot be used, or that is another ledger's.
    pub fn settle_objects(&mut self) -> Result<(), ClerkError> {
        Ok(self.0.ledger.settle_objects()?)
    }
}

impl<'a> From<OpenLedger<'a>> for Office<'a> {
    fn from(open: OpenLedger<'a>) -> Self {
        Self(open)
    }
}

impl<'a> From<Desk<'a>> for Office<'a> {
    fn from(desk: Desk<'a>) -> Self {
        Self(desk.into())
    }
}

impl<'a> From<Office<'a>> for OpenLedger<'a> {
    fn from(office: Office<'a>) -> Self {
        office.0
    }
}

impl<'a> Deref for Office<'a> {
    type Target = OpenLedger<'a>;

    fn deref(&self) -> &OpenLedger<'a> {
        &self.0
    }
}

impl<'a> DerefMut for Office<'a> {
    fn deref_mut(&mut self) -> &mut OpenLedger<'a> {
        &mut self.0
    }
}
