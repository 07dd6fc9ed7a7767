//! The organiser's office (主办单位): accounts, campaigns that run, keys and trust, notices, backups, retention and the audit log.

pub(super) mod accounts;
pub(super) mod audit;
pub(super) mod backup;
pub(super) mod backups;
pub(super) mod erase_person;
pub(super) mod hand_over;
pub(super) mod init;
pub(super) mod keys;
pub(super) mod leftovers;
pub(super) mod notices;
pub(super) mod person;
pub(super) mod places;
pub(super) mod restore;
pub(super) mod retention;
pub(super) mod running;
pub(super) mod second;
pub(super) mod trust;
pub(super) mod upload;
