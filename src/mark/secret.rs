//! The secret under which record references are made, and the references: they give nothing away, and they stay the same
//! when the signing key is replaced, since the secret of the first key is kept. Its file is in `store`.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::key::SigningKey;
use super::key_id::KeyId;
use super::pem::{self, KeyFault};

/// Label of the secret's text block.
const LABEL: &str = "SANLIAN REFERENCE SECRET";

/// Word in front of the number of the key that the secret was derived from.
const ORIGIN: &str = "来自密钥：";

/// The secret under which record references are made: known to nobody who has a public key alone.
#[derive(Clone, PartialEq, Eq)]
pub struct ReferenceSecret {
    bytes: [u8; 32],
    origin: KeyId,
}

impl fmt::Debug for ReferenceSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReferenceSecret")
    }
}

impl ReferenceSecret {
    /// The secret of a key.
    pub fn of(key: &SigningKey) -> Self {
        let bytes = key.with_secret(|secret| hmac(secret, &[b"sanlian record reference 1"]));
        Self {
            bytes,
            origin: key.id(),
        }
    }

    /// Number of the key that it was derived from; a record book names it.
    pub fn origin(&self) -> KeyId {
        self.origin
    }

    /// The secret as a text block, with the number of its key in front. Secret.
    pub fn to_pem(&self) -> String {
        format!(
            "{ORIGIN}{}\n{}",
            self.origin,
            pem::to_pem(LABEL, &self.bytes)
        )
    }

    /// The secret of such a text.
    pub fn from_pem(text: &str) -> Result<Self, KeyFault> {
        let bytes = pem::from_pem(text, LABEL)?;
        let origin = pem::remark(text, ORIGIN).and_then(KeyId::parse);
        Ok(Self {
            bytes: bytes.try_into().map_err(|_| KeyFault::Content)?,
            origin: origin.ok_or(KeyFault::Content)?,
        })
    }
}

/// The opaque reference of a record: the same whenever it is made again, and no way back to `identity`
/// (an id number, else name and employer) without the secret. `kind` is the form kind in a mark.
pub fn record_reference(
    secret: &ReferenceSecret,
    campaign: &str,
    unit: &str,
    kind: u8,
    identity: &str,
) -> [u8; 8] {
    let fields = [
        campaign.as_bytes(),
        unit.as_bytes(),
        &[kind],
        identity.as_bytes(),
    ];
    let [a, b, c, d, e, f, g, h, ..] = hmac(&secret.bytes, &fields);
    [a, b, c, d, e, f, g, h]
}

/// HMAC-SHA-256 over fields, each behind its length in 8 bytes, so that no two lists of fields read the same.
fn hmac(key: &[u8; 32], fields: &[&[u8]]) -> [u8; 32] {
    // A key shorter than the block is filled up with zeros (RFC 2104).
    let mut block = [0; 64];
    for (slot, byte) in block.iter_mut().zip(key) {
        *slot = *byte;
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for field in fields {
        mac.update(&u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(field);
    }
    mac.finalize().into_bytes().into()
}
