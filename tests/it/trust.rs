//! Whom a desk believes: SM2 against the published vectors, keys that retire and are revoked, the trust list as text.

use sanlian::mark::{
    Algorithm, DocumentKind, Issue, KeyFault, KeyId, KeyStanding, ListFault, OutOfTerm, PublicKey,
    ReferenceSecret, Revoked, SignatureCheck, SigningKey, Term, TrustedKey, TrustedKeys, sign,
    sign_document, to_digits, verify, verify_document,
};
use sm3::{Digest, Sm3};

use crate::chance::Chance;

fn bytes(hex: &str) -> Vec<u8> {
    let hex: Vec<char> = hex.chars().filter(|c| !c.is_whitespace()).collect();
    hex.chunks(2)
        .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap())
        .collect()
}

/// The example of GB/T 32918.5-2017 (GM/T 0003.5-2012) annex A on the recommended curve.
fn published() -> (PublicKey, [u8; 64]) {
    let public = bytes(
        "04 09F9DF31 1E5421A1 50DD7D16 1E4BC5C6 72179FAD 1833FC07 6BB08FF3 56F35020
            CCEA490C E26775A5 2DC6EA71 8CC1AA60 0AED05FB F35E084A 6632F607 2DA9AD13",
    );
    let signature = bytes(
        "F5A03B06 48D2C463 0EEAC513 E1BB81A1 5944DA38 27D5B741 43AC7EAC EEE720B3
         B1B6AA29 DF212FD8 763182BC 0D421CA1 BB9038FD 1F7F42D4 840B69C4 85BBC1AA",
    );
    let public = PublicKey::from_bytes(Algorithm::Sm2, &public).unwrap();
    (public, signature.try_into().unwrap())
}

fn published_private() -> SigningKey {
    let d = bytes("3945208F 7B2144B1 3F36E38A C6D39F95 88939369 2860B51A 42FB81EF 4DF7C5B8");
    SigningKey::sm2_from_seed(&d.try_into().unwrap()).unwrap()
}

pub(crate) fn issue(at: &str) -> Issue {
    Issue {
        kind: 1,
        reference: [9; 8],
        version: 1,
        copy: 1,
        copies: 3,
        page: 1,
        pages: 5,
        issued_at: at.parse().unwrap(),
        digest: [3; 12],
    }
}

#[test]
fn sm3_gives_the_sums_of_the_standard() {
    let check = |message: &[u8], sum: &str| {
        assert_eq!(Sm3::digest(message).to_vec(), bytes(sum));
    };
    // GB/T 32905-2016 annex A
    check(
        b"abc",
        "66c7f0f4 62eeedd9 d1f2d46b dc10e4e2 4167c487 5cf2f7a2 297da02b 8f4ba8e0",
    );
    check(
        &b"abcd".repeat(16),
        "debe9ff9 2275b8a1 38604889 c18e5a4d 6fdb70e5 387e5765 293dcba3 9c0c5732",
    );
}

#[test]
fn the_published_sm2_signature_verifies_and_no_neighbour_of_it() {
    let (public, signature) = published();
    assert!(public.verifies(b"message digest", &signature));
    assert!(!public.verifies(b"message digesu", &signature));
    for bit in 0..512 {
        let mut other = signature;
        other[bit / 8] ^= 1 << (bit % 8);
        assert!(!public.verifies(b"message digest", &other), "bit {bit}");
    }
    assert!(!public.verifies(b"message digest", &[0; 64]));
    assert!(!public.verifies(b"message digest", &[255; 64]));
    assert_eq!(published_private().public(), &public);
}

#[test]
fn an_sm2_mark_is_the_same_again_and_no_flipped_bit_verifies() {
    let key = published_private();
    let trusted = TrustedKeys(vec![key.trusted("示例")]);
    let signed = sign(&key, &issue("2021-05-20T08:30:00Z")).unwrap();
    assert_eq!(
        signed,
        sign(&key, &issue("2021-05-20T08:30:00Z")).unwrap(),
        "signing is deterministic"
    );
    assert_eq!(signed.bytes()[0], 0x12);
    assert_eq!(signed.digits().len(), 235);
    assert_eq!(
        verify(&signed.digits(), &trusted),
        SignatureCheck::Genuine(*signed.mark())
    );
    for bit in 0..96 * 8 {
        let mut other = *signed.bytes();
        other[bit / 8] ^= 1 << (bit % 8);
        let verdict = verify(&to_digits(&other), &trusted);
        assert!(!matches!(verdict, SignatureCheck::Genuine(_)), "bit {bit}");
    }
    // two messages never share their r, which would give the key away
    let mut seen = std::collections::BTreeSet::new();
    for page in 1..=50 {
        let issue = Issue {
            page,
            pages: 50,
            ..issue("2021-05-20T08:30:00Z")
        };
        let signed = sign(&key, &issue).unwrap();
        assert!(seen.insert(signed.bytes()[32..64].to_vec()));
    }
}

#[test]
fn numbers_that_are_no_sm2_key_are_refused() {
    let n = bytes("FFFFFFFE FFFFFFFF FFFFFFFF FFFFFFFF 7203DF6B 21C6052B 53BBF409 39D54123");
    let n: [u8; 32] = n.try_into().unwrap();
    let mut below = n;
    below[31] -= 1;
    let mut last = n;
    last[31] -= 2;
    for seed in [[0; 32], n, below, [255; 32]] {
        assert_eq!(
            SigningKey::sm2_from_seed(&seed).unwrap_err(),
            KeyFault::Content
        );
    }
    SigningKey::sm2_from_seed(&last).unwrap();
    let (public, _) = published();
    let mut off_curve = public.bytes().to_vec();
    off_curve[64] ^= 1;
    let mut short = public.bytes()[..33].to_vec();
    short[0] = 3;
    for bad in [&off_curve[..], &short, &[4; 65], &[0], &[]] {
        assert!(PublicKey::from_bytes(Algorithm::Sm2, bad).is_err());
    }
}

#[test]
fn keys_of_both_algorithms_go_through_their_text() {
    for key in [SigningKey::from_seed(&[7; 32]), published_private()] {
        let again = SigningKey::from_pem(&key.to_pem()).unwrap();
        assert_eq!(again.public(), key.public());
        let public = TrustedKey::from_pem(&key.trusted("示例学会").to_pem()).unwrap();
        assert_eq!(public, key.trusted("示例学会"));
        let secret = ReferenceSecret::of(&key);
        assert_eq!(ReferenceSecret::from_pem(&secret.to_pem()), Ok(secret));
        let pem = key.to_pem();
        for cut in 0..pem.trim_end().len() {
            assert!(SigningKey::from_pem(&pem[..cut]).is_err());
        }
    }
    // a private half under another public half
    let pem = published_private().to_pem();
    let swapped = pem.replacen("CAQEEI", "CAQEEJ", 1);
    assert!(swapped != pem || SigningKey::from_pem(&swapped).is_ok());
}

#[test]
fn what_a_key_signed_in_its_time_is_genuine_for_ever() {
    let key = SigningKey::from_seed(&[7; 32]);
    let at = |text: &str| Some(text.parse().unwrap());
    let check = |term: &Term, time: &str, reason: Option<OutOfTerm>| {
        let mut trusted = key.trusted("示例");
        trusted.term = term.clone();
        let signed = sign(&key, &issue(time)).unwrap();
        let expected = match reason {
            None => SignatureCheck::Genuine(*signed.mark()),
            Some(reason) => SignatureCheck::OutOfTerm(*signed.mark(), reason),
        };
        let verdict = verify(&signed.digits(), &TrustedKeys(vec![trusted]));
        assert_eq!(verdict, expected, "{time}");
        if let Some(finding) = verdict.finding(Default::default()) {
            assert_eq!(finding.code, "K4");
            assert!(finding.hint.ends_with('。'));
        }
    };
    let retired = Term {
        from: at("2021-05-01T00:00:30Z"),
        until: at("2021-05-31T23:59:59Z"),
        revoked: None,
    };
    let early = OutOfTerm::Early(retired.from.unwrap());
    let late = OutOfTerm::Late(retired.until.unwrap());
    check(&retired, "2021-04-30T23:59:00Z", Some(early));
    check(&retired, "2021-05-01T00:00:40Z", None);
    check(&retired, "2021-05-31T23:59:00Z", None);
    check(&retired, "2021-06-01T00:00:00Z", Some(late));
    let since = "2021-05-20T08:30:20Z".parse().unwrap();
    let revoked = Revoked {
        since,
        reason: "私钥文件被复制".to_owned(),
    };
    let stolen = Term {
        revoked: Some(revoked.clone()),
        ..Term::default()
    };
    check(&stolen, "2021-05-20T08:29:59Z", None);
    for refused in [
        "2021-05-20T08:30:00Z",
        "2021-05-20T08:31:00Z",
        "2030-01-01T00:00:00Z",
    ] {
        check(&stolen, refused, Some(OutOfTerm::Revoked(revoked.clone())));
    }
    assert!(stolen.may_sign().is_err());
    assert!(retired.may_sign().is_err());
    assert!(Term::default().may_sign().is_ok());
}

/// Two keys of one number: of 16 bits, found among a few hundred.
pub(crate) fn two_of_one_number(algorithm: Algorithm) -> (SigningKey, SigningKey) {
    let mut chance = Chance::new(16);
    let mut seen: std::collections::BTreeMap<KeyId, [u8; 32]> = Default::default();
    loop {
        let seed = chance.bytes();
        let Ok(key) = SigningKey::from_chance(algorithm, &seed) else {
            continue;
        };
        if let Some(other) = seen.insert(key.id(), seed) {
            let other = SigningKey::from_chance(algorithm, &other).unwrap();
            return (other, key);
        }
    }
}

#[test]
fn of_two_keys_of_one_number_each_has_its_own_term() {
    let (one, other) = two_of_one_number(Algorithm::Ed25519);
    assert_eq!(one.id(), other.id());
    let mut retired = one.trusted("甲");
    retired.term.until = Some("2021-05-01T00:00:00Z".parse().unwrap());
    let good = other.trusted("乙");
    for keys in [
        vec![retired.clone(), good.clone()],
        vec![good.clone(), retired.clone()],
    ] {
        let trusted = TrustedKeys(keys);
        let list = TrustedKeys::from_list(&trusted.to_list().unwrap()).unwrap();
        for trusted in [trusted, list] {
            let late = issue("2021-05-20T08:30:00Z");
            let of_one = sign(&one, &late).unwrap().digits();
            let of_other = sign(&other, &late).unwrap().digits();
            assert!(matches!(
                verify(&of_one, &trusted),
                SignatureCheck::OutOfTerm(_, OutOfTerm::Late(_))
            ));
            assert!(matches!(
                verify(&of_other, &trusted),
                SignatureCheck::Genuine(_)
            ));
        }
    }
    // the number alone is no key
    let digits = sign(&other, &issue("2021-05-20T08:30:00Z"))
        .unwrap()
        .digits();
    assert!(matches!(
        verify(&digits, &TrustedKeys(vec![retired])),
        SignatureCheck::Forged(_)
    ));
}

#[test]
fn a_key_of_the_other_algorithm_is_not_asked() {
    let key = published_private();
    let mut bytes = *sign(&key, &issue("2021-05-20T08:30:00Z")).unwrap().bytes();
    bytes[0] = 0x11;
    let trusted = TrustedKeys(vec![key.trusted("")]);
    let verdict = verify(&to_digits(&bytes), &trusted);
    assert!(matches!(verdict, SignatureCheck::UnknownKey(_)));
}

#[test]
fn a_package_signature_is_no_mark_and_holds_for_its_bytes_alone() {
    let at = "2021-05-20T08:30:00Z".parse().unwrap();
    for key in [SigningKey::from_seed(&[7; 32]), published_private()] {
        let trusted = TrustedKeys(vec![key.trusted("")]);
        let named = (key.algorithm(), key.id());
        let standing = |bytes: &[u8], signature: &[u8; 64]| {
            verify_document(&trusted, named, DocumentKind::Package, bytes, signature, at)
        };
        let signature = sign_document(&key, DocumentKind::Package, b"{}").unwrap();
        assert_eq!(standing(b"{}", &signature), KeyStanding::Good);
        assert_eq!(standing(b"{} ", &signature), KeyStanding::Mismatch);
        let mark = sign(&key, &issue("2021-05-20T08:30:00Z")).unwrap();
        let (body, signature) = mark.bytes().split_at(32);
        assert_eq!(
            standing(body, signature.try_into().unwrap()),
            KeyStanding::Mismatch
        );
    }
}

#[test]
fn the_trust_list_says_what_it_was_told() {
    let mut one = SigningKey::from_seed(&[7; 32]).trusted("测试市科学技术协会");
    one.term.from = Some("2021-05-01T00:00:00Z".parse().unwrap());
    one.term.until = Some("2021-05-31T15:59:59Z".parse().unwrap());
    let mut other = published_private().trusted("示例“学会”\\");
    other.term.revoked = Some(Revoked {
        since: "2021-05-20T08:30:00Z".parse().unwrap(),
        reason: "私钥文件被复制".to_owned(),
    });
    let list = TrustedKeys(vec![one, other]);
    let text = list.to_list().unwrap();
    assert_eq!(TrustedKeys::from_list(&text).unwrap().0, list.0);
    assert_eq!(
        TrustedKeys::from_list(&format!("\u{feff}{}", text.replace('\n', "\r\n")))
            .unwrap()
            .0,
        list.0
    );
    let refused = |from: &str, to: &str, says: &str| {
        let other = text.replacen(from, to, 1);
        assert_ne!(other, text, "{from}");
        let fault = TrustedKeys::from_list(&other).unwrap_err();
        assert!(fault.to_string().contains(says), "{fault}");
    };
    refused("format = 1", "format = 2", "升级程序");
    refused("format = 1", "", "读不懂");
    refused("id = \"fe81\"", "id = \"fe82\"", "第 1 项的 id 与公钥不符");
    refused("\"ed25519\"", "\"rsa\"", "ed25519 或 sm2");
    refused("\"ed25519\"", "\"sm2\"", "不是这种算法的公钥");
    refused("2021-05-31T15:59:59Z", "五月底", "第 1 项的 until");
    refused("reason = \"私钥文件被复制\"", "", "要么都写");
    refused("owner", "onwer", "读不懂");
    let twice = format!("{text}{}", &text[text.find("[[key]]").unwrap()..]);
    let fault = TrustedKeys::from_list(&twice).unwrap_err();
    assert!(matches!(fault, ListFault::Entry { place: 3, .. }));
    // cut short it is refused, or holds fewer whole keys; it never panics
    for cut in (0..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
        if let Ok(keys) = TrustedKeys::from_list(&text[..cut]) {
            assert!(keys.0.len() <= 2, "{cut}");
        }
    }
}
