//! The pages of the organiser's office (主办单位): units and accounts, campaigns and their blank forms, notices, keys, backups, retention.

pub(super) mod accounts;
pub(super) mod backups;
pub(super) mod blanks;
pub(super) mod campaigns;
pub(super) mod notices;
pub(super) mod retention;
pub(super) mod trust;
