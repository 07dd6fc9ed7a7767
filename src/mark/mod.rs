//! The mark (标记): the signed QR code that every issued page carries. What it says is in `payload`, who says it in
//! `key` and `sign`, how it is written in `digits`, `human` and `caption`, how it is drawn in `qr`.
//! Needs no record: a desk can verify with the public key alone. A mark proves that a page was issued by the holder of
//! a key; it does not prove that the page was not altered afterwards.

mod caption;
mod digits;
mod human;
mod key;
mod payload;
mod qr;
mod sign;

pub use caption::caption;
pub use digits::{DIGITS, from_digits, print_text, to_digits};
pub use human::{HumanCode, HumanFault};
pub use key::{
    KeyFault, KeyId, ReferenceSecret, SigningKey, TrustedKey, TrustedKeys, record_reference,
};
pub use payload::{Algorithm, BODY, Issue, Mark, MarkFault, minutes_of, time_of};
pub use qr::{Matrix, MatrixFault, matrix};
pub use sign::{SIGNATURE, Signed, Verdict, sign, verify};
