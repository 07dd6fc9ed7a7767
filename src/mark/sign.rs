//! Signing a mark and verifying what was read. Reading digits is in `digits`.

use crate::finding::{Finding, Place};
use crate::hours::{BEIJING, minute_in};

use super::digits::{from_digits, to_digits};
use super::human::HumanCode;
use super::key::SigningKey;
use super::payload::{BODY, Issue, Mark, MarkFault, SIGNATURE};
use super::trust::{KeyStanding, OutOfTerm, TrustedKey, TrustedKeys};

/// What stands in front of the body when it is signed, so that a signature is good for nothing else.
const DOMAIN: [u8; 5] = *b"SLQR1";

/// A mark with its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    mark: Mark,
    bytes: [u8; BODY + SIGNATURE],
}

impl Signed {
    /// What it says.
    pub fn mark(&self) -> &Mark {
        &self.mark
    }

    /// Body and signature.
    pub fn bytes(&self) -> &[u8; BODY + SIGNATURE] {
        &self.bytes
    }

    /// The 235 digits that the QR code holds.
    pub fn digits(&self) -> String {
        to_digits(&self.bytes)
    }

    /// The code that a person can type.
    pub fn human(&self) -> HumanCode {
        HumanCode::of(&self.mark)
    }
}

/// What was read, judged. None of them says that the page was not altered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureCheck {
    /// Issued by a key that the desk trusts.
    Genuine(Mark),
    /// Well formed, but the desk has no key of that number.
    UnknownKey(Mark),
    /// The signature does not fit: altered, copied together, or made without the key.
    Forged(Mark),
    /// The signature fits a key of the desk, but the key was not good at the time of issue: retired or revoked.
    OutOfTerm(Mark, OutOfTerm),
    /// Not a mark of ours, or misread.
    Malformed(MarkFault),
    /// A format or an algorithm that this program does not verify.
    Unsupported(MarkFault),
}

impl SignatureCheck {
    /// The mark, where the bytes are one; only in [`SignatureCheck::Genuine`] may it be believed.
    pub fn mark(&self) -> Option<&Mark> {
        match self {
            Self::Genuine(mark)
            | Self::UnknownKey(mark)
            | Self::Forged(mark)
            | Self::OutOfTerm(mark, _) => Some(mark),
            Self::Malformed(_) | Self::Unsupported(_) => None,
        }
    }

    /// What to tell a person; none where the mark is genuine.
    pub fn finding(&self, place: Place) -> Option<Finding> {
        match self {
            Self::Genuine(_) => None,
            Self::UnknownKey(mark) => Some(Finding::error(
                "K3",
                place,
                format!(
                    "标记自称由密钥 {} 签发，这个密钥没有登记，信任的密钥中没有它，真假无法核对",
                    mark.key()
                ),
                "请向出具单位索取公钥文件，当面或电话核对指纹后用 sanlian key trust 公钥.pem 加入，再验。",
            )),
            Self::OutOfTerm(mark, reason) => Some(Finding::error(
                "K4",
                place,
                format!(
                    "标记签发于 {}，而密钥 {} {reason}",
                    minute_in(&BEIJING, mark.issued_at()),
                    mark.key()
                ),
                "不要受理；请联系出具单位，用现在的密钥重新制作、打印。",
            )),
            Self::Forged(mark) => Some(Finding::error(
                "K2",
                place,
                format!("标记的签名与密钥 {} 不符，不是该密钥签发的", mark.key()),
                "请重新扫描一次；仍不符的，请退回出具单位核实，不要受理。",
            )),
            Self::Malformed(fault) => Some(Finding::error(
                "K1",
                place,
                format!("标记不成形：{fault}"),
                "请重新扫描，或核对数字是否复制完整。",
            )),
            Self::Unsupported(fault) => Some(Finding::error(
                "K1",
                place,
                format!("标记无法验证：{fault}"),
                "请用新版本的程序验证。",
            )),
        }
    }
}

fn message(body: &[u8; BODY]) -> [u8; DOMAIN.len() + BODY] {
    let mut message = [0; DOMAIN.len() + BODY];
    for (slot, byte) in message.iter_mut().zip(DOMAIN.iter().chain(body)) {
        *slot = *byte;
    }
    message
}

/// Issues a mark. Fails where a number of the issue does not fit in one.
pub fn sign(key: &SigningKey, issue: &Issue) -> Result<Signed, MarkFault> {
    let mark = Mark::new(key.algorithm(), key.id(), issue)?;
    let body = mark.to_body();
    let signed = key.sign_bytes(&message(&body));
    let signature = signed.ok_or(MarkFault::Signature)?;
    let mut bytes = [0; BODY + SIGNATURE];
    for (slot, byte) in bytes.iter_mut().zip(body.iter().chain(&signature)) {
        *slot = *byte;
    }
    Ok(Signed { mark, bytes })
}

/// Judges a text that was scanned or typed: digits, a URL that ends with them, or anything else.
pub fn verify(text: &str, trusted: &TrustedKeys) -> SignatureCheck {
    match from_digits(text) {
        Ok(bytes) => judge(&bytes, trusted),
        Err(fault) => SignatureCheck::Malformed(fault),
    }
}

fn judge(bytes: &[u8; BODY + SIGNATURE], trusted: &TrustedKeys) -> SignatureCheck {
    let (Some(body), Some(signature)) =
        (bytes.first_chunk::<BODY>(), bytes.last_chunk::<SIGNATURE>())
    else {
        return SignatureCheck::Malformed(MarkFault::NoDigits);
    };
    let mark = match Mark::from_body(body) {
        Ok(mark) => mark,
        Err(fault @ (MarkFault::Format(_) | MarkFault::Algorithm(_))) => {
            return SignatureCheck::Unsupported(fault);
        }
        Err(fault) => return SignatureCheck::Malformed(fault),
    };
    let named = (mark.algorithm(), mark.key());
    match trusted.standing(named, &message(body), signature, mark.issued_at()) {
        KeyStanding::Good => SignatureCheck::Genuine(mark),
        KeyStanding::OutOfTerm(reason) => SignatureCheck::OutOfTerm(mark, reason),
        KeyStanding::Unknown => SignatureCheck::UnknownKey(mark),
        KeyStanding::Mismatch => SignatureCheck::Forged(mark),
    }
}

/// The trusted key that made a mark's signature, whatever its term: of keys that share a number, the one whose signature it is. None
/// where the bytes are no mark of ours or no trusted key signed them.
pub fn signer<'a>(
    bytes: &[u8; BODY + SIGNATURE],
    trusted: &'a TrustedKeys,
) -> Option<&'a TrustedKey> {
    let body = bytes.first_chunk::<BODY>()?;
    let signature = bytes.last_chunk::<SIGNATURE>()?;
    let mark = Mark::from_body(body).ok()?;
    let named = (mark.algorithm(), mark.key());
    trusted.signer(named, &message(body), signature)
}
