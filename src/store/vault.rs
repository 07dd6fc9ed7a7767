//! The vault (保管密钥): personal data at rest. `vault.key` lies in the key folder, never beside the data, so that a copy of the
//! data alone tells nobody an id number or a phone. Here are the key's file, sealing and the blind index; what is sealed
//! stands in `ledger`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::error::{StoreError, VaultFault};
use super::failpoint;
use super::file::{Lock, Readers, read_if_there, sync_folder, with_suffix, write_new};
use super::key_files::owner_alone;
use super::private::make_folder;

/// Name of the key's file in the key folder.
pub const VAULT_KEY: &str = "vault.key";

/// First line of the key's file; the second is the key in 64 hexadecimal digits.
const HEADER: &str = "sanlian vault key 1";

/// Largest key file that is read.
const LIMIT: u64 = 4 << 10;

/// First byte of everything sealed, so that another cipher can follow one day.
const FORM: u8 = 1;

/// Bytes of chance in front of everything sealed.
const NONCE: usize = 24;

/// The open vault: seals, opens, makes blind indices and vouches for bytes. It shows only its fingerprint.
#[derive(Clone)]
pub struct Vault {
    path: PathBuf,
    cipher: XChaCha20Poly1305,
    blind: [u8; 32],
    voucher: [u8; 32],
    fingerprint: String,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault({})", self.fingerprint)
    }
}

impl Vault {
    /// Opens the vault of a key folder. Where there is no key, `make` says whether one is made, folder and all; without it
    /// a missing key is a fault. A key that others can read is refused, a damaged one is neither used nor replaced.
    pub fn open(keys: &Path, make: bool) -> Result<Self, StoreError> {
        let path = keys.join(VAULT_KEY);
        if let Some(key) = read(&path)? {
            return Ok(Self::of(path, &key));
        }
        if !make {
            return Err(fault(&path, VaultFault::Missing));
        }
        make_folder(keys)?;
        let _lock = Lock::wait(&keys.join(".lock"))?;
        let key = match read(&path)? {
            // another run was faster
            Some(key) => key,
            None => make_key(&path)?,
        };
        Ok(Self::of(path, &key))
    }

    fn of(path: PathBuf, master: &[u8; 32]) -> Self {
        let [a, b, c, d, ..] = subkey(master, "fingerprint");
        Self {
            path,
            cipher: XChaCha20Poly1305::new(&Key::from(subkey(master, "seal"))),
            blind: subkey(master, "blind index"),
            voucher: subkey(master, "voucher"),
            fingerprint: format!("{:08x}", u32::from_be_bytes([a, b, c, d])),
        }
    }

    /// Eight hexadecimal digits that tell keys apart and give nothing away; kept with the data, so that a wrong key is
    /// seen at once.
    pub fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }

    /// Seals bytes so that only this key opens them, and only with the same `purpose`, which says what they are and where
    /// they belong: `contents`, record and version. The result is 41 bytes longer and different each time. Fails where the
    /// system gives no chance.
    pub fn seal(&self, purpose: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| StoreError::Chance)?;
        let payload = Payload {
            msg: plain,
            aad: purpose,
        };
        // fails only on more than 256 GiB
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| fault(&self.path, VaultFault::Sealed))?;
        let mut out = Vec::with_capacity(1 + NONCE + sealed.len());
        out.push(FORM);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Opens what was sealed. Fails where key or purpose is another, or a bit was changed.
    pub fn open_sealed(&self, purpose: &[u8], sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let parts = match sealed.split_first() {
            Some((&FORM, rest)) => rest.split_first_chunk::<NONCE>(),
            _ => None,
        };
        let plain = parts.and_then(|(nonce, sealed)| {
            let payload = Payload {
                msg: sealed,
                aad: purpose,
            };
            self.cipher.decrypt(&XNonce::from(*nonce), payload).ok()
        });
        plain.ok_or_else(|| fault(&self.path, VaultFault::Sealed))
    }

    /// What only a holder of this key can write under bytes (HMAC-SHA-256): proof that they were written with it. `purpose` says
    /// what they are, so that what was written for one place proves nothing in another.
    pub fn vouch(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        let mut mac = keyed(&self.voucher);
        mac.update(
            &u64::try_from(purpose.len())
                .unwrap_or(u64::MAX)
                .to_be_bytes(),
        );
        mac.update(purpose.as_bytes());
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }

    /// The key folder.
    pub(super) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// The blind index of a value: the same for the same field and value however it was typed, and without the key it leads
    /// to no value, though id numbers and phones are few enough to be tried one after another.
    pub fn blind(&self, field: &str, value: &str) -> [u8; 16] {
        let mut mac = keyed(&self.blind);
        mac.update(&u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(field.as_bytes());
        mac.update(normal(value).as_bytes());
        let [low, _] = halves(mac.finalize().into_bytes().into());
        low
    }
}

fn halves(whole: [u8; 32]) -> [[u8; 16]; 2] {
    let (low, high) = whole.split_at(16);
    [low, high].map(|half| half.try_into().unwrap_or_default())
}

/// A value as it is looked up: full-width folded, without spaces and the dashes that phones are grouped with, upper case.
fn normal(value: &str) -> String {
    value
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => u32::from(c)
                .checked_sub(0xfee0)
                .and_then(char::from_u32)
                .unwrap_or(c),
            _ => c,
        })
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '–' | '—' | '\u{feff}'))
        .flat_map(char::to_uppercase)
        .collect()
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    // HMAC pads a key with zeros to the hash's block
    let mut block = [0; 64];
    for (slot, byte) in block.iter_mut().zip(key) {
        *slot = *byte;
    }
    Hmac::<Sha256>::new(&block.into())
}

fn subkey(master: &[u8; 32], purpose: &str) -> [u8; 32] {
    let mut mac = keyed(master);
    mac.update(b"sanlian vault 1: ");
    mac.update(purpose.as_bytes());
    mac.finalize().into_bytes().into()
}

fn fault(path: &Path, fault: VaultFault) -> StoreError {
    let path = path.to_owned();
    StoreError::Vault { path, fault }
}

fn read(path: &Path) -> Result<Option<[u8; 32]>, StoreError> {
    owner_alone(path)?;
    let Some(bytes) = read_if_there(path, LIMIT)? else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(&bytes);
    let key = parse(&text).ok_or_else(|| fault(path, VaultFault::Content))?;
    Ok(Some(key))
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    if lines.next() != Some(HEADER) {
        return None;
    }
    let key = crate::record::Digest::parse(lines.next()?)?.0;
    lines.next().is_none().then_some(key)
}

/// Makes a key that was not there: written whole beside its place, then linked there, which fails where a file stands.
fn make_key(path: &Path) -> Result<[u8; 32], StoreError> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|_| StoreError::Chance)?;
    let text = format!("{HEADER}\n{}\n", crate::record::Digest(key));
    let beside = with_suffix(path, ".new");
    match fs::remove_file(&beside) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => {
            return Err(StoreError::world("清理", &beside)(e));
        }
        _ => {}
    }
    let done = write_new(&beside, text.as_bytes(), Readers::Owner)
        .and_then(|()| fs::hard_link(&beside, path));
    failpoint::pass("a vault key was linked");
    // a remnant that stays is cleared by the next making
    let _ = fs::remove_file(&beside);
    done.map_err(StoreError::world("写入", path))?;
    sync_folder(path.parent());
    Ok(key)
}
