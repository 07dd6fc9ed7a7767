//! Marks as a scanner types them, and lists and files of keys.

use sanlian::mark::{
    HumanCode, Mark, ReferenceSecret, SignatureCheck, SigningKey, TrustedKey, TrustedKeys,
    from_digits, to_digits, verify,
};
use sanlian::receipt::Typist;

use super::{sound, trusted};

/// What was typed. Laws: digits are bytes and bytes are digits; a genuine mark with one bit flipped is not genuine; a mark
/// typed in pieces is the same.
pub fn mark(data: &[u8]) {
    let (choice, text) = data.split_at(data.len().min(2));
    let text = String::from_utf8_lossy(text);
    let keys = trusted();
    let verdict = verify(&text, &keys);
    let place = sanlian::finding::Place::file("扫码枪");
    sound(&verdict.finding(place).into_iter().collect::<Vec<_>>());
    if let Ok(bytes) = from_digits(&text) {
        let digits = to_digits(&bytes);
        assert_eq!(from_digits(&digits).as_ref(), Ok(&bytes));
        assert_eq!(verify(&digits, &keys), verdict);
        if let Some(body) = bytes.first_chunk()
            && let Ok(mark) = Mark::from_body(body)
        {
            assert_eq!(&mark.to_body(), body);
            let code = HumanCode::of(&mark);
            assert_eq!(HumanCode::parse(&code.to_string()).as_ref(), Ok(&code));
        }
        if matches!(verdict, SignatureCheck::Genuine(_)) {
            let bit = choice.iter().fold(0, |n, b| n << 8 | usize::from(*b)) % (bytes.len() * 8);
            let mut forged = bytes;
            forged[bit / 8] ^= 1 << (bit % 8);
            let judged = verify(&to_digits(&forged), &keys);
            assert!(!matches!(judged, SignatureCheck::Genuine(_)), "bit {bit}");
        }
    }
    if let Ok(code) = HumanCode::parse(&text) {
        assert_eq!(HumanCode::parse(&code.to_string()).as_ref(), Ok(&code));
    }
    let mut at_once = Typist::default();
    let mut whole = at_once.take(&text);
    whole.extend(at_once.finish());
    let mut slowly = Typist::default();
    let mut pieces: Vec<_> = text
        .chars()
        .flat_map(|c| slowly.take(c.encode_utf8(&mut [0; 4])))
        .collect();
    pieces.extend(slowly.finish());
    assert_eq!(whole, pieces);
}

/// Lists of trusted keys, and key files. Law: what was read is written and read again the same.
pub fn keys(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(list) = TrustedKeys::from_list(&text) {
        let written = list.to_list().expect("it can be written");
        let again = TrustedKeys::from_list(&written).expect("it is a list");
        assert_eq!(again.0, list.0);
    }
    if let Ok(key) = TrustedKey::from_pem(&text) {
        assert_eq!(TrustedKey::from_pem(&key.to_pem()).as_ref(), Ok(&key));
    }
    if let Ok(key) = SigningKey::from_pem(&text) {
        let again = SigningKey::from_pem(&key.to_pem()).expect("it is a key");
        assert_eq!(again.public(), key.public());
    }
    if let Ok(secret) = ReferenceSecret::from_pem(&text) {
        let again = ReferenceSecret::from_pem(&secret.to_pem()).expect("it is a secret");
        assert_eq!(again.origin(), secret.origin());
    }
}
