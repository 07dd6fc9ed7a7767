//! Signatures of documents that are no marks: the manifest of a package. A word in front keeps each kind of signature good for
//! its own purpose only.

use jiff::Timestamp;

use super::key::SigningKey;
use super::key_id::{Algorithm, KeyId};
use super::payload::MarkFault;
use super::public::PublicKey;
use super::trust::{KeyStanding, TrustedKeys};

/// What is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// The manifest of a package (报送包).
    Package,
}

impl DocumentKind {
    const fn word(self) -> &'static [u8] {
        match self {
            Self::Package => b"SLPK1",
        }
    }

    fn message(self, bytes: &[u8]) -> Vec<u8> {
        [self.word(), bytes].concat()
    }
}

/// The signature of a document; the same bytes have the same one.
pub fn sign_document(
    key: &SigningKey,
    kind: DocumentKind,
    bytes: &[u8],
) -> Result<[u8; 64], MarkFault> {
    key.sign_bytes(&kind.message(bytes))
        .ok_or(MarkFault::Signature)
}

/// How a document's signature stands that names a key's algorithm and number, and a time.
pub fn verify_document(
    trusted: &TrustedKeys,
    named: (Algorithm, KeyId),
    kind: DocumentKind,
    bytes: &[u8],
    signature: &[u8; 64],
    at: Timestamp,
) -> KeyStanding {
    trusted.standing(named, &kind.message(bytes), signature, at)
}

/// Whether a document's signature is that of a key, trusted or not.
pub fn document_is_signed_by(
    public: &PublicKey,
    kind: DocumentKind,
    bytes: &[u8],
    signature: &[u8; 64],
) -> bool {
    public.verifies(&kind.message(bytes), signature)
}
