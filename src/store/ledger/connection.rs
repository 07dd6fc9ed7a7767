//! The open ledger: the connection to its file with what reads and writes it. How it is opened and closed is in `opening`.

use std::path::{Path, PathBuf};

use crate::store::StoreError;
use crate::store::keeping::Keeping;
use crate::store::objects::Objects;
use crate::store::vault::Vault;

use super::fault::LedgerFault;
use super::hand::Runtime;
use super::names::LEDGER;
#[cfg(feature = "postgres")]
use super::place::Elsewhere;
use super::sql::Db;

/// The open ledger of a data folder. Every act is one transaction: written whole and down to the disk, or not at all. When it is
/// dropped, and nobody else has it open, all of it stands in its one file.
pub struct Ledger {
    pub(super) path: PathBuf,
    pub(super) runtime: Runtime,
    pub(super) db: Db,
    pub(super) vault: Vault,
    pub(super) objects: Objects,
    /// Objects that are put and not yet named.
    pub(super) keeping: Option<Keeping>,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ledger({})", self.path.display())
    }
}

impl Ledger {
    /// Fails where a data folder holds no ledger, with [`LedgerFault::Missing`].
    pub fn look_for(data: &Path) -> Result<(), StoreError> {
        #[cfg(feature = "postgres")]
        if Elsewhere::of(data)?.is_some() {
            return Ok(());
        }
        let path = data.join(LEDGER);
        let fault = match std::fs::metadata(&path) {
            Ok(facts) if facts.is_file() => return Ok(()),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => LedgerFault::Missing,
            _ => LedgerFault::Closed,
        };
        Err(fault.at(path))
    }

    /// Whether the audit log was found cut off, or another than the head in the key folder knows, when the ledger was opened.
    pub fn is_disputed(&self) -> bool {
        self.runtime.hand().is_some_and(|h| h.head.is_disputed())
    }

    /// The ledger's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The data folder that it lies in.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// Runs an act on the tables to its end. A fault names the ledger's file.
    pub(super) fn run<T>(
        &mut self,
        act: impl AsyncFnOnce(&mut Db, &Vault) -> Result<T, LedgerFault>,
    ) -> Result<T, StoreError> {
        let fault = self.fault();
        let Self {
            runtime, db, vault, ..
        } = self;
        let done = runtime.block_on(async {
            let done = act(db, vault).await;
            // a transaction that was left is taken back at once: others wait for it
            let settled = db.settle().await;
            done.and_then(|value| settled.map(|()| value))
        });
        done.map_err(fault)
    }

    /// Names the ledger's file in a fault.
    pub(super) fn fault(&self) -> impl FnOnce(LedgerFault) -> StoreError + use<> {
        let path = self.path.clone();
        |fault| fault.at(path)
    }
}
