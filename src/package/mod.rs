//! The package (报送包): what a unit without a connection hands in, in one file. A zip of stored entries: the manifest `package.json`, its
//! signature `package.sig`, the record book, the marks that were issued, forms, photos, videos, the report and the unit's public key.
//! Bytes in, bytes out: `write` makes one, `open` reads one and believes nothing that a trusted key did not sign; `agree` holds its parts
//! against each other; `archive` is the zip, `manifest` the list of sums, `names` how photos are called, `fault` what can be wrong. Names
//! of entries are data, never paths. A package is trusted by the desk's list alone, not by the key that it carries.

use crate::campaign::Campaign;

mod agree;
mod archive;
mod fault;
mod manifest;
mod names;
mod open;
mod write;

pub use archive::claimed_campaign;
pub use fault::PackageFault;
pub use manifest::{Contact, EntryRole, OwedEntry, PackageEntry, PackageManifest, VoidEntry};
pub use names::{Attached, Renamed, renamed};
pub use open::{Package, Templates, carried_key, open};
pub use write::{File, Parts, write};

/// Name of the manifest.
const MANIFEST: &str = "package.json";
/// Name of the manifest's signature.
const SIGNATURE: &str = "package.sig";
/// Name of the record book.
const BOOK: &str = "records.json";
/// Name of the list of marks.
const ISSUES: &str = "issues.json";
/// Name of the unit's public key, for a desk that wants to trust it after a telephone call.
const KEY: &str = "公钥.pem";

/// What a package may hold at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all entries together, as they say and as they are.
    pub unpacked: u64,
    /// Entries.
    pub entries: usize,
    /// Unpacked bytes for each packed one.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked: 500_000_000,
            entries: 2_000,
            ratio: 100,
        }
    }
}

impl Limits {
    /// The limits of a campaign.
    pub fn of(campaign: &Campaign) -> Self {
        Self {
            unpacked: campaign.most_package_bytes(),
            ..Self::default()
        }
    }

    /// Most bytes of a package's file: the entries and, for each, its name twice in headers.
    pub fn file(&self) -> u64 {
        let entries = u64::try_from(self.entries).unwrap_or(u64::MAX);
        self.unpacked.saturating_add(entries.saturating_mul(1_000))
    }
}
