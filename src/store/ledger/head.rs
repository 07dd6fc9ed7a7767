//! The head (末尾) of the audit log, kept apart in the key folder: the number and hash of the newest row, vouched for by the vault. A log
//! whose tail was cut off is whole in itself; only what stands elsewhere shows it.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::record::Digest;
use crate::store::vault::Vault;

/// What the names of the heads in the key folder begin with; the ledger's number follows.
pub const AUDIT_HEAD: &str = "audit-head-";

/// Bytes of a slot: number, hash and proof in digits, two spaces and the end of the line.
const SLOT: usize = 20 + 1 + 64 + 1 + 64 + 1;

/// A row of the log: its number and its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) no: i64,
    pub(super) hash: [u8; 32],
}

/// The head's file. It has two slots, so that a write that is torn leaves the other; the newer one counts. It may lag behind the log,
/// as when a run is killed between commit and head, but is never ahead of it.
pub(super) struct AuditHead {
    path: PathBuf,
    ledger: String,
    vault: Vault,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    file: Option<File>,
    /// Whether the log was found to disagree: what the head says stays then, as evidence.
    disputed: bool,
}

impl AuditHead {
    /// The head of the ledger of a number; nothing is touched yet.
    pub(super) fn of(ledger: &str, vault: &Vault) -> Self {
        Self {
            path: vault.folder().join(format!("{AUDIT_HEAD}{ledger}")),
            ledger: ledger.to_owned(),
            vault: vault.clone(),
            state: Mutex::default(),
        }
    }

    /// Rows that the head knows: those of its sound slots, the newer last; none where there is no head.
    pub(super) fn known(&self) -> Vec<Link> {
        let text = std::fs::read(&self.path).unwrap_or_default();
        let mut known: Vec<Link> = text.chunks(SLOT).filter_map(|s| self.parse(s)).collect();
        known.sort_by_key(|link| link.no);
        known
    }

    /// From now on the head stays as it is: the log does not agree with it.
    pub(super) fn dispute(&self) {
        self.lock().disputed = true;
    }

    /// Whether the log does not agree with it.
    pub(super) fn is_disputed(&self) -> bool {
        self.lock().disputed
    }

    /// Takes a newer row. What cannot be written is not told: what is committed stands, and a head that lags is still a head.
    pub(super) fn advance(&self, to: Link) {
        let mut state = self.lock();
        if !state.disputed {
            let _ = self.write(&mut state, to);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, state: &mut State, link: Link) -> io::Result<()> {
        let file = match &mut state.file {
            Some(file) => file,
            none => none.insert(open(&self.path)?),
        };
        let line = self.line(link);
        // neighbours lie in different slots: of two runs that commit at once neither writes over the newer row
        let slot = if link.no % 2 == 0 { 0 } else { SLOT as u64 };
        write_at(file, line.as_bytes(), slot)
    }

    fn line(&self, link: Link) -> String {
        let hash = Digest(link.hash);
        format!("{:020} {hash} {}\n", link.no, Digest(self.proof(link)))
    }

    fn proof(&self, link: Link) -> [u8; 32] {
        let words = format!("{} {} {}", self.ledger, link.no, Digest(link.hash));
        self.vault.vouch("audit head", words.as_bytes())
    }

    fn parse(&self, slot: &[u8]) -> Option<Link> {
        let text = std::str::from_utf8(slot).ok()?;
        let mut parts = text.trim_end().split(' ');
        let link = Link {
            no: parts.next()?.parse().ok()?,
            hash: Digest::parse(parts.next()?)?.0,
        };
        let proof = Digest::parse(parts.next()?)?.0;
        (proof == self.proof(link)).then_some(link)
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(not(unix))]
fn write_at(mut file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    use std::io::{Seek, Write};
    file.seek(io::SeekFrom::Start(at))?;
    file.write_all(bytes)
}
