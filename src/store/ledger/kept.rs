//! Files that belong to the ledger (photos, videos, forms of a package, pictures of unread pages): sealed, among the objects.

use sha2::{Digest as _, Sha256};

use crate::record::Digest;
use crate::store::keeping::Keeping;

use super::connection::Ledger;
use crate::store::StoreError;

/// What sealed files are bound to.
const PURPOSE: &[u8] = b"object";

/// Largest object that is read back: a package's largest entry, sealed.
const MOST: u64 = 256 << 20;

impl Ledger {
    /// Keeps a file, sealed; gives the sum of its object. When this returns it is on the disk. Once the ledger names it,
    /// [`Ledger::let_go`] is called; an object that it does not name by then goes.
    pub fn keep(&mut self, bytes: &[u8]) -> Result<[u8; 32], StoreError> {
        let sealed = self.vault.seal(PURPOSE, bytes)?;
        let keeping = match self.keeping.take() {
            Some(keeping) => keeping,
            None => Keeping::begin(self.objects.folder())?,
        };
        let keeping = self.keeping.insert(keeping);
        keeping.intend(&Digest(Sha256::digest(&sealed).into()))?;
        Ok(self.objects.put(&sealed)?.0)
    }

    /// The bytes of a kept file.
    pub fn kept(&self, object: &[u8; 32]) -> Result<Vec<u8>, StoreError> {
        let sealed = self.objects.get(&Digest(*object), MOST)?;
        self.vault.open_sealed(PURPOSE, &sealed)
    }
}
