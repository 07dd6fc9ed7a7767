//! The mark (标记): the signed QR code that every issued page carries. What it says is in `payload`, who says it in
//! `key`, `public` and `sign`, whom a desk believes in `trust` and `trust_list`, how records are named in `secret`, how a mark is
//! written in `digits`, `human` and `caption`, how it is drawn in `qr`; what else is signed, a package, in `document`.
//! Needs no record: a desk can verify with the public key alone. A mark proves that a page was issued by the holder of
//! a key; it does not prove that the page was not altered afterwards.

mod caption;
mod digits;
mod document;
mod human;
mod key;
mod payload;
mod pem;
mod public;
mod qr;
mod secret;
mod sign;
mod trust;
mod trust_list;

pub use caption::caption;
pub use digits::{DIGITS, from_digits, print_text, to_digits};
pub use document::{DocumentKind, document_is_signed_by, sign_document, verify_document};
pub use human::{HumanCode, HumanFault};
pub use key::{KeyFault, KeyId, SigningKey};
pub use payload::{Algorithm, BODY, Issue, Mark, MarkFault, minutes_of, time_of};
pub use public::PublicKey;
pub use qr::{Matrix, MatrixFault, matrix};
pub use secret::{ReferenceSecret, record_reference};
pub use sign::{SIGNATURE, Signed, Verdict, sign, signer, verify};
pub use trust::{OutOfTerm, Revoked, Standing, Term, TrustedKey, TrustedKeys};
pub use trust_list::ListFault;
