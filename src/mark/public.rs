//! A public key (公钥) under either algorithm: its bytes, number and fingerprint, its PEM (SubjectPublicKeyInfo), and whether a
//! signature is its own. Whether it is trusted is in `trust`.

use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};
use sm2::dsa::signature::Verifier;
use sm2::elliptic_curve::sec1::ToSec1Point;
use sm3::Sm3;

use super::key_id::{Algorithm, KeyId};
use super::pem::{self, KeyFault};

/// The signer's name of SM2 where none is agreed upon (GM/T 0009-2012 clause 10).
pub(super) const SM2_NAME: &str = "1234567812345678";

/// Label of a public key's block.
const LABEL: &str = "PUBLIC KEY";

/// DER in front of the 32 bytes of an Ed25519 public key (RFC 8410 clause 4).
const ED25519: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// DER in front of the 65 bytes of an SM2 public key: ecPublicKey on the curve 1.2.156.10197.1.301 (RFC 5480, GM/T 0006).
const SM2: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00,
];

/// The public halves of the two algorithms.
#[derive(Clone, Debug)]
enum Half {
    Ed25519(VerifyingKey),
    Sm2(Box<sm2::dsa::VerifyingKey>),
}

/// A public key. Two are equal where algorithm and bytes are.
#[derive(Clone, Debug)]
pub struct PublicKey {
    half: Half,
    bytes: Vec<u8>,
    fingerprint: [u8; 32],
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.algorithm() == other.algorithm() && self.bytes == other.bytes
    }
}

impl Eq for PublicKey {}

impl PublicKey {
    pub(super) fn of_ed25519(key: VerifyingKey) -> Self {
        let bytes = key.to_bytes().to_vec();
        Self {
            fingerprint: Sha256::digest(&bytes).into(),
            half: Half::Ed25519(key),
            bytes,
        }
    }

    pub(super) fn of_sm2(key: sm2::dsa::VerifyingKey) -> Self {
        let bytes = key.to_sec1_point(false).as_bytes().to_vec();
        Self {
            fingerprint: Sm3::digest(&bytes).into(),
            half: Half::Sm2(Box::new(key)),
            bytes,
        }
    }

    /// From 32 bytes of Ed25519, or 65 of SM2 (`04`, x, y). Fails where they are no point of the curve, or one that anybody
    /// could sign for.
    pub fn from_bytes(algorithm: Algorithm, bytes: &[u8]) -> Result<Self, KeyFault> {
        match algorithm {
            Algorithm::Ed25519 => {
                let bytes = bytes.try_into().map_err(|_| KeyFault::Content)?;
                let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyFault::Content)?;
                if key.is_weak() {
                    return Err(KeyFault::Content);
                }
                Ok(Self::of_ed25519(key))
            }
            Algorithm::Sm2 => {
                let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_NAME, bytes)
                    .map_err(|_| KeyFault::Content)?;
                let key = Self::of_sm2(key);
                // The short form of a point is another way to write the same key: one key has one text.
                if key.bytes == bytes {
                    Ok(key)
                } else {
                    Err(KeyFault::Content)
                }
            }
        }
    }

    /// Its algorithm.
    pub fn algorithm(&self) -> Algorithm {
        match self.half {
            Half::Ed25519(_) => Algorithm::Ed25519,
            Half::Sm2(_) => Algorithm::Sm2,
        }
    }

    /// Its bytes: 32 of Ed25519, 65 of SM2.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its number.
    pub fn id(&self) -> KeyId {
        let [first, second, ..] = self.fingerprint;
        KeyId(u16::from_be_bytes([first, second]))
    }

    /// Its fingerprint (指纹) in 64 hexadecimal digits, of which its number is the first four: SHA-256 of an Ed25519 key's
    /// bytes, SM3 of an SM2 key's.
    pub fn fingerprint(&self) -> String {
        let bytes = self.fingerprint.iter();
        bytes.map(|byte| format!("{byte:02x}")).collect()
    }

    /// The public key as PEM.
    pub fn to_pem(&self) -> String {
        let front = match self.algorithm() {
            Algorithm::Ed25519 => &ED25519[..],
            Algorithm::Sm2 => &SM2[..],
        };
        pem::to_pem(LABEL, &[front, &self.bytes].concat())
    }

    /// The public key of a PEM text; lines around the block are ignored.
    pub fn from_pem(text: &str) -> Result<Self, KeyFault> {
        let der = pem::from_pem(text, LABEL)?;
        if let Some(bytes) = der.strip_prefix(&ED25519) {
            return Self::from_bytes(Algorithm::Ed25519, bytes);
        }
        let bytes = der.strip_prefix(&SM2).ok_or(KeyFault::Content)?;
        Self::from_bytes(Algorithm::Sm2, bytes)
    }

    /// Whether a signature of a message is its own; says nothing about what the message was signed for.
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        match &self.half {
            Half::Ed25519(key) => {
                let signature = ed25519_dalek::Signature::from_bytes(signature);
                key.verify_strict(message, &signature).is_ok()
            }
            Half::Sm2(key) => sm2::dsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
        }
    }
}
