//! Who may issue (签发密钥): the private key, under either algorithm. Text forms are PEM (PKCS#8), so that other
//! programs read them too. Public keys are in `public`, whom a desk trusts in `trust`; files and chance are in `store`.

use std::fmt;

use sm2::dsa::signature::Signer;

use super::key_id::{Algorithm, KeyId};
use super::pem::{self, KeyFault};
use super::public::{PublicKey, SM2_NAME};
use super::trust::TrustedKey;

/// Label of a private key's block.
const LABEL: &str = "PRIVATE KEY";

/// DER in front of the 32 seed bytes of an Ed25519 private key (RFC 8410 clause 7).
const ED25519: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// DER in front of the 32 bytes of an SM2 private key: PKCS#8 with ecPublicKey (1.2.840.10045.2.1) on the curve
/// 1.2.156.10197.1.301 (GM/T 0006), and in it the ECPrivateKey of RFC 5915.
const SM2: [u8; 36] = [
    0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
    0x01, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x04, 0x6d, 0x30, 0x6b, 0x02,
    0x01, 0x01, 0x04, 0x20,
];

/// DER between an SM2 private key and its public half of 65 bytes.
const SM2_PUBLIC: [u8; 5] = [0xa1, 0x44, 0x03, 0x42, 0x00];

/// The private halves of the two algorithms.
enum Private {
    Ed25519(ed25519_dalek::SigningKey),
    Sm2(sm2::dsa::SigningKey),
}

/// A private key that issues marks. It shows only its number; an Ed25519 key is wiped from memory when it is dropped.
pub struct SigningKey {
    private: Private,
    public: PublicKey,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.id())
    }
}

impl SigningKey {
    /// The Ed25519 key of 32 bytes of chance.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let inner = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = PublicKey::of_ed25519(inner.verifying_key());
        Self {
            private: Private::Ed25519(inner),
            public,
        }
    }

    /// The SM2 key of 32 bytes of chance, a number from 1 to n − 2 (GB/T 32918.1 clause 6.1); other bytes, one of 2^32
    /// draws, are refused.
    pub fn sm2_from_seed(seed: &[u8; 32]) -> Result<Self, KeyFault> {
        let inner =
            sm2::dsa::SigningKey::from_slice(SM2_NAME, seed).map_err(|_| KeyFault::Content)?;
        // n − 1 is in the crate's range, but 1 + d has no inverse then: signing would fail for ever.
        inner.try_sign(b"").map_err(|_| KeyFault::Content)?;
        let public = PublicKey::of_sm2(inner.verifying_key().clone());
        Ok(Self {
            private: Private::Sm2(inner),
            public,
        })
    }

    /// The key of 32 bytes of chance under an algorithm; few bytes are no SM2 key, see [`SigningKey::sm2_from_seed`].
    pub fn from_chance(algorithm: Algorithm, seed: &[u8; 32]) -> Result<Self, KeyFault> {
        match algorithm {
            Algorithm::Ed25519 => Ok(Self::from_seed(seed)),
            Algorithm::Sm2 => Self::sm2_from_seed(seed),
        }
    }

    /// Its number.
    pub fn id(&self) -> KeyId {
        self.public.id()
    }

    /// Its algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.public.algorithm()
    }

    /// Its public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The bytes of its public half: 32 of Ed25519, 65 of SM2.
    pub fn public_key(&self) -> &[u8] {
        self.public.bytes()
    }

    /// Its public half, to be trusted without limits.
    pub fn trusted(&self, owner: &str) -> TrustedKey {
        TrustedKey::new(self.public.clone(), owner)
    }

    /// The private key as PEM (PKCS#8). Secret.
    pub fn to_pem(&self) -> String {
        let der = self.with_secret(|secret| match self.algorithm() {
            Algorithm::Ed25519 => [&ED25519[..], secret].concat(),
            Algorithm::Sm2 => [&SM2[..], secret, &SM2_PUBLIC, self.public_key()].concat(),
        });
        pem::to_pem(LABEL, &der)
    }

    /// The private key of a PEM text; lines around the block are ignored.
    pub fn from_pem(text: &str) -> Result<Self, KeyFault> {
        let der = pem::from_pem(text, LABEL)?;
        if let Some(seed) = der.strip_prefix(&ED25519) {
            let seed: &[u8; 32] = seed.try_into().map_err(|_| KeyFault::Content)?;
            return Ok(Self::from_seed(seed));
        }
        let rest = der.strip_prefix(&SM2).ok_or(KeyFault::Content)?;
        let (secret, rest) = rest.split_first_chunk().ok_or(KeyFault::Content)?;
        let key = Self::sm2_from_seed(secret)?;
        let public = rest.strip_prefix(&SM2_PUBLIC);
        // A public half that is another key's says that the file was tampered with.
        if public == Some(key.public_key()) {
            Ok(key)
        } else {
            Err(KeyFault::Content)
        }
    }

    /// Shows the 32 secret bytes to what is made of them.
    pub(super) fn with_secret<T>(&self, act: impl FnOnce(&[u8; 32]) -> T) -> T {
        match &self.private {
            Private::Ed25519(inner) => act(inner.as_bytes()),
            Private::Sm2(inner) => act(&inner.to_bytes().into()),
        }
    }

    /// The signature of a message; the same message has the same one. Under SM2 the signer's name is the default of
    /// GM/T 0009 and the number k is drawn by RFC 6979 with SM3, so that no chance is needed and none can be repeated; none
    /// where that number will not do, which happens to one message in 2^250.
    pub(super) fn sign_bytes(&self, message: &[u8]) -> Option<[u8; 64]> {
        match &self.private {
            Private::Ed25519(inner) => Some(inner.sign(message).to_bytes()),
            Private::Sm2(inner) => Some(inner.try_sign(message).ok()?.to_bytes().into()),
        }
    }
}
