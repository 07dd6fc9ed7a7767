//! Keys: who may issue (签发密钥), whom a desk trusts, and record references that give nothing away.
//! Text forms are the PEM of RFC 8410 (PKCS#8 and SubjectPublicKeyInfo), so that other programs read them too.
//! Files and chance are in `store`.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::VerifyingKey;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// DER in front of the 32 seed bytes of an Ed25519 private key (RFC 8410 clause 7).
const PRIVATE_DER: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];
/// DER in front of the 32 bytes of an Ed25519 public key (RFC 8410 clause 4).
const PUBLIC_DER: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];
/// Word in front of the owner's name in a public key file.
const OWNER: &str = "所有者：";

/// Why a text is not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// No block `-----BEGIN … KEY-----`.
    #[error("没有找到密钥：应为以 -----BEGIN 开头的 PEM 文本")]
    NoBlock,
    /// The block does not hold an Ed25519 key.
    #[error("密钥内容不完整，或者不是 Ed25519 密钥")]
    Content,
}

/// Number of a key (密钥编号): the first two bytes of the SHA-256 of its public half. Two keys may share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub u16);

impl KeyId {
    /// The number of a public key.
    pub fn of(public: &[u8; 32]) -> Self {
        let [first, second, ..] = <[u8; 32]>::from(Sha256::digest(public));
        Self(u16::from_be_bytes([first, second]))
    }
}

impl fmt::Display for KeyId {
    /// Four hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}", self.0)
    }
}

/// A private key that issues marks. It is wiped from memory when dropped, and shows only its number.
pub struct SigningKey {
    inner: ed25519_dalek::SigningKey,
    id: KeyId,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.id)
    }
}

impl SigningKey {
    /// The key of 32 bytes of chance.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let inner = ed25519_dalek::SigningKey::from_bytes(seed);
        let id = KeyId::of(&inner.verifying_key().to_bytes());
        Self { inner, id }
    }

    /// Its number.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Its public half, 32 bytes.
    pub fn public_key(&self) -> [u8; 32] {
        self.inner.verifying_key().to_bytes()
    }

    /// The private key as PEM (PKCS#8). Secret.
    pub fn to_pem(&self) -> String {
        pem(
            "PRIVATE KEY",
            &[&PRIVATE_DER[..], self.inner.as_bytes()].concat(),
        )
    }

    /// The private key of a PEM text; lines around the block are ignored.
    pub fn from_pem(text: &str) -> Result<Self, KeyFault> {
        let der = pem_block(text, "PRIVATE KEY")?;
        let seed = der.strip_prefix(&PRIVATE_DER).ok_or(KeyFault::Content)?;
        let seed: &[u8; 32] = seed.try_into().map_err(|_| KeyFault::Content)?;
        Ok(Self::from_seed(seed))
    }

    /// The secret under which record references are made: known to nobody who has the public key alone.
    pub fn reference_secret(&self) -> ReferenceSecret {
        ReferenceSecret(hmac(
            self.inner.as_bytes(),
            &[b"sanlian record reference 1"],
        ))
    }

    /// Its public half, to be trusted.
    pub fn trusted(&self, owner: &str) -> TrustedKey {
        TrustedKey {
            id: self.id,
            key: self.inner.verifying_key(),
            owner: owner.to_owned(),
        }
    }

    pub(super) fn sign_bytes(&self, message: &[u8]) -> [u8; 64] {
        use ed25519_dalek::Signer;
        self.inner.sign(message).to_bytes()
    }
}

/// A public key that a desk trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    id: KeyId,
    key: VerifyingKey,
    owner: String,
}

impl TrustedKey {
    /// From 32 bytes. Fails where they are no point of the curve, or one that anybody could sign for.
    pub fn from_bytes(public: &[u8; 32], owner: &str) -> Result<Self, KeyFault> {
        let key = VerifyingKey::from_bytes(public).map_err(|_| KeyFault::Content)?;
        if key.is_weak() {
            return Err(KeyFault::Content);
        }
        Ok(Self {
            id: KeyId::of(public),
            key,
            owner: owner.to_owned(),
        })
    }

    /// Its number.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The 32 bytes.
    pub fn public_key(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// The unit or service that holds the private half; empty where not known.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The public key as PEM (SubjectPublicKeyInfo), with its number and owner in front.
    pub fn to_pem(&self) -> String {
        let owner: String = self.owner.chars().filter(|c| !c.is_control()).collect();
        let body = pem(
            "PUBLIC KEY",
            &[&PUBLIC_DER[..], self.key.as_bytes()].concat(),
        );
        format!("密钥编号：{}\n{OWNER}{owner}\n{body}", self.id)
    }

    /// The public key of a PEM text, with the owner where the text names one.
    pub fn from_pem(text: &str) -> Result<Self, KeyFault> {
        let der = pem_block(text, "PUBLIC KEY")?;
        let public = der.strip_prefix(&PUBLIC_DER).ok_or(KeyFault::Content)?;
        let public: &[u8; 32] = public.try_into().map_err(|_| KeyFault::Content)?;
        let owner = text.lines().find_map(|l| l.trim().strip_prefix(OWNER));
        Self::from_bytes(public, owner.unwrap_or_default().trim())
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.key.verify_strict(message, &signature).is_ok()
    }
}

/// The keys that a desk trusts.
#[derive(Clone, Debug, Default)]
pub struct TrustedKeys(pub Vec<TrustedKey>);

impl TrustedKeys {
    /// The keys with a number, usually one.
    pub fn with_id(&self, id: KeyId) -> impl Iterator<Item = &TrustedKey> {
        self.0.iter().filter(move |k| k.id == id)
    }
}

/// The secret under which record references are made.
#[derive(Clone)]
pub struct ReferenceSecret([u8; 32]);

impl fmt::Debug for ReferenceSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReferenceSecret")
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
    let [a, b, c, d, e, f, g, h, ..] = hmac(&secret.0, &fields);
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

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut lines = String::new();
    let mut rest = text.as_str();
    while let Some((line, tail)) = rest.split_at_checked(64) {
        lines.push_str(line);
        lines.push('\n');
        rest = tail;
    }
    if !rest.is_empty() {
        lines.push_str(rest);
        lines.push('\n');
    }
    format!("-----BEGIN {label}-----\n{lines}-----END {label}-----\n")
}

fn pem_block(text: &str, label: &str) -> Result<Vec<u8>, KeyFault> {
    let (_, rest) = text
        .split_once(&format!("-----BEGIN {label}-----"))
        .ok_or(KeyFault::NoBlock)?;
    let (body, _) = rest
        .split_once(&format!("-----END {label}-----"))
        .ok_or(KeyFault::NoBlock)?;
    let compact: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(compact).map_err(|_| KeyFault::Content)
}
