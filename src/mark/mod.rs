//! The mark (标记): the signed QR code that every issued page carries. What it says is in `payload`, who says it in
//! `key`, `key_id`, `public` and `sign`, whom a desk believes in `trust` and `trust_list`, how records are named in `secret`, how a mark is
//! written in `digits`, `human` and `caption`, how it is drawn in `qr`; what else is signed, a package, in `document`.
//! Needs no record: a desk can verify with the public key alone. A mark proves that a page was issued by the holder of
//! a key; it does not prove that the page was not altered afterwards.
//! # Example: sign a page, verify what a scanner read
//! ```
//! use sanlian::mark::{Issue, SignatureCheck, SigningKey, TrustedKey, TrustedKeys, sign, verify};
//!
//! let key = SigningKey::from_seed(&[7; 32]); // 32 bytes of chance, kept apart
//! let issue = Issue {
//!     kind: 1, // a recommendation form
//!     reference: *b"record-1",
//!     version: 1,
//!     copy: 2,
//!     copies: 3,
//!     page: 1,
//!     pages: 2,
//!     issued_at: "2021-05-28T09:00:00+08:00".parse()?,
//!     digest: [0; 12], // of the record's contents
//! };
//! let digits = sign(&key, &issue)?.digits();
//! assert_eq!(digits.len(), 235);
//!
//! // the desk has the unit's public key alone
//! let public = TrustedKey::from_pem(&TrustedKey::new(key.public().clone(), "示例市科协").to_pem())?;
//! let trusted = TrustedKeys(vec![public]);
//! let SignatureCheck::Genuine(mark) = verify(&digits, &trusted) else {
//!     panic!("the key of the list signed it");
//! };
//! assert_eq!((mark.copy(), mark.page(), mark.version()), (2, 1, 1));
//!
//! // another last digit is another signature
//! let last = if digits.ends_with('1') { "2" } else { "1" };
//! let altered = format!("{}{last}", &digits[..234]);
//! assert!(matches!(verify(&altered, &trusted), SignatureCheck::Forged(_)));
//! // and a stranger's key is not believed
//! assert!(matches!(verify(&digits, &TrustedKeys::default()), SignatureCheck::UnknownKey(_)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod caption;
mod digits;
mod document;
mod human;
mod key;
mod key_id;
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
pub use key::SigningKey;
pub use key_id::{Algorithm, KeyId};
pub use payload::{BODY, Issue, Mark, MarkFault, SIGNATURE, minutes_of, time_of};
pub use pem::KeyFault;
pub use public::PublicKey;
pub use qr::{Matrix, MatrixFault, matrix};
pub use secret::{ReferenceSecret, record_reference};
pub use sign::{SignatureCheck, Signed, sign, signer, verify};
pub use trust::{KeyStanding, OutOfTerm, Revoked, Term, TrustedKey, TrustedKeys};
pub use trust_list::ListFault;
