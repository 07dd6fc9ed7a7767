//! The mark: what is printed is what is read, and nothing else verifies.

use std::sync::OnceLock;

use jiff::Timestamp;
use sanlian::finding::{CODES, Place};
use sanlian::mark::{
    Algorithm, HumanCode, HumanFault, Issue, KeyFault, KeyId, Mark, MarkFault, PublicKey,
    ReferenceSecret, SignatureCheck, Signed, SigningKey, TrustedKey, TrustedKeys, caption,
    from_digits, matrix, minutes_of, print_text, record_reference, sign, to_digits, verify,
};

use crate::chance::Chance;
use crate::matrix::scan;

fn key() -> &'static SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    KEY.get_or_init(|| SigningKey::from_seed(&[7; 32]))
}

fn trusted() -> TrustedKeys {
    TrustedKeys(vec![key().trusted("示例市科学技术协会")])
}

fn issue() -> Issue {
    Issue {
        kind: 1,
        reference: [0xd1, 2, 3, 4, 5, 6, 7, 0xf8],
        version: 3,
        copy: 1,
        copies: 3,
        page: 2,
        pages: 5,
        issued_at: "2021-05-20T08:30:00Z".parse().unwrap(),
        digest: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 255, 128],
    }
}

pub(crate) fn signed() -> Signed {
    sign(key(), &issue()).unwrap()
}

fn some_issue(chance: &mut Chance) -> Issue {
    let copies = chance.below(16) as usize;
    let pages = chance.below(256) as usize;
    let minutes = chance.below(1 << 24) as i64;
    Issue {
        kind: 1 + chance.below(255) as u8,
        reference: chance.bytes(),
        version: 1 + chance.below(65_535) as u16,
        copy: copies.min(1 + chance.below(15) as usize),
        copies,
        page: pages.min(1 + chance.below(255) as usize),
        pages,
        issued_at: Timestamp::from_second(1_577_836_800 + minutes * 60).unwrap(),
        digest: chance.bytes(),
    }
}

#[test]
fn the_mark_of_today_reads_for_ever() {
    let golden = include_str!("../golden/mark.txt");
    let mut lines = golden.lines().filter(|l| !l.starts_with('#'));
    let digits = lines.next().unwrap();
    let human = lines.next().unwrap();
    let public = TrustedKey::from_pem(golden).unwrap();
    let SignatureCheck::Genuine(mark) = verify(digits, &TrustedKeys(vec![public])) else {
        panic!("old paper must verify");
    };
    assert_eq!(mark.kind(), 1);
    assert_eq!(mark.record(), "d1020304050607f8");
    assert_eq!(mark.version(), 3);
    assert_eq!((mark.copy(), mark.copies()), (1, 3));
    assert_eq!((mark.page(), mark.pages()), (2, 5));
    assert_eq!(mark.issued_at().to_string(), "2021-05-20T08:30:00Z");
    assert_eq!(mark.digest(), issue().digest);
    assert_eq!(HumanCode::of(&mark).to_string(), human);
    assert_eq!(signed().digits(), digits, "signing is deterministic");
}

#[test]
fn the_body_stands_where_the_table_says() {
    let body = signed().mark().to_body();
    assert_eq!(body[0], 0x11);
    assert_eq!(body[1..3], key().id().0.to_be_bytes());
    assert_eq!(body[3], 1);
    assert_eq!(body[4..12], issue().reference);
    assert_eq!(body[12..14], [0, 3]);
    assert_eq!(body[14], 0x13);
    assert_eq!(body[15..17], [2, 5]);
    // 2020 has 366 days; 2021-05-20 is day 139 of its year, from 0.
    let minutes = (366 + 139) * 1440 + 8 * 60 + 30_u32;
    assert_eq!(body[17..20], minutes.to_be_bytes()[1..]);
    assert_eq!(body[20..32], issue().digest);
}

#[test]
fn what_is_scanned_is_what_was_printed() {
    let mut chance = Chance::law(1);
    for round in 0..60 {
        let signed = sign(key(), &some_issue(&mut chance)).unwrap();
        let url = (round % 3 == 0).then_some("https://v.example.org/m/");
        let matrix = matrix(&print_text(&signed.digits(), url)).unwrap();
        assert_eq!(matrix.side, 49);
        let text = scan(&matrix);
        assert_eq!(
            verify(&text, &trusted()),
            SignatureCheck::Genuine(*signed.mark())
        );
    }
}

#[test]
fn every_mark_goes_through_its_body_and_digits() {
    let mut chance = Chance::law(2);
    for _ in 0..500 {
        let signed = sign(key(), &some_issue(&mut chance)).unwrap();
        assert_eq!(
            Mark::from_body(&signed.mark().to_body()).as_ref(),
            Ok(signed.mark())
        );
        assert_eq!(from_digits(&signed.digits()).as_ref(), Ok(signed.bytes()));
    }
}

#[test]
fn one_flipped_bit_never_verifies() {
    let bytes = *signed().bytes();
    for bit in 0..96 * 8 {
        let mut other = bytes;
        other[bit / 8] ^= 1 << (bit % 8);
        let verdict = verify(&to_digits(&other), &trusted());
        assert!(!matches!(verdict, SignatureCheck::Genuine(_)), "bit {bit}");
        assert!(verdict.finding(Place::default()).is_some());
    }
}

#[test]
fn fields_that_changed_places_do_not_verify() {
    let one = *signed().bytes();
    let other = *sign(
        key(),
        &Issue {
            page: 3,
            version: 4,
            ..issue()
        },
    )
    .unwrap()
    .bytes();
    // A signature under another body.
    let mixed: Vec<u8> = [&one[..32], &other[32..]].concat();
    let verdict = verify(&to_digits(&mixed.try_into().unwrap()), &trusted());
    assert!(matches!(verdict, SignatureCheck::Forged(_)));
    // Two stretches of the body exchanged.
    for (a, b, n) in [
        (4, 20, 8),
        (12, 17, 2),
        (15, 16, 1),
        (0, 32, 32),
        (32, 64, 32),
    ] {
        let mut swapped = one;
        for i in 0..n {
            swapped.swap(a + i, b + i);
        }
        assert_ne!(swapped, one);
        let verdict = verify(&to_digits(&swapped), &trusted());
        assert!(!matches!(verdict, SignatureCheck::Genuine(_)), "{a} {b}");
    }
}

#[test]
fn another_key_is_not_this_key() {
    let other = SigningKey::from_seed(&[8; 32]);
    let digits = sign(&other, &issue()).unwrap().digits();
    assert!(matches!(
        verify(&digits, &trusted()),
        SignatureCheck::UnknownKey(_)
    ));
    assert!(matches!(
        verify(&digits, &TrustedKeys::default()),
        SignatureCheck::UnknownKey(_)
    ));
    // The other key's signature under this key's number.
    let mut bytes = *sign(&other, &issue()).unwrap().bytes();
    bytes[1..3].copy_from_slice(&key().id().0.to_be_bytes());
    assert!(matches!(
        verify(&to_digits(&bytes), &trusted()),
        SignatureCheck::Forged(_)
    ));
    let both = TrustedKeys(vec![other.trusted(""), key().trusted("")]);
    assert!(matches!(verify(&digits, &both), SignatureCheck::Genuine(_)));
}

#[test]
fn of_twenty_thousand_mutations_none_is_accepted() {
    let mut chance = Chance::law(3);
    let bytes = *signed().bytes();
    let trusted = trusted();
    for round in 0..20_000 {
        let mut other = bytes;
        match chance.below(4) {
            0 => other[32..].copy_from_slice(&chance.bytes::<64>()),
            1 => other[17..].copy_from_slice(&chance.bytes::<79>()),
            2 => {
                for _ in 0..=chance.below(4) {
                    other[3 + chance.below(93) as usize] = chance.below(256) as u8;
                }
            }
            _ => {
                let (from, to) = (chance.below(90) as usize, chance.below(90) as usize);
                other.copy_within(from..from + 6, to);
            }
        }
        if other != bytes {
            let verdict = verify(&to_digits(&other), &trusted);
            assert!(
                !matches!(verdict, SignatureCheck::Genuine(_)),
                "round {round}"
            );
        }
    }
}

#[test]
fn digits_survive_scanners_and_input_methods() {
    let digits = signed().digits();
    let genuine = |text: &str| {
        assert!(matches!(
            verify(text, &trusted()),
            SignatureCheck::Genuine(_)
        ))
    };
    assert_eq!(digits.len(), 235);
    assert!(digits.starts_with("871"));
    genuine(&digits);
    let wide: String = digits
        .chars()
        .map(|c| char::from_u32(u32::from(c) - 48 + 0xff10).unwrap())
        .collect();
    genuine(&wide);
    genuine(&format!(
        "{}\r\n{}\t{} \u{3000}{}\n",
        &digits[..9],
        &digits[9..90],
        &digits[90..91],
        &digits[91..]
    ));
    genuine(&format!("https://v.example.org/2021/m?q={digits}"));
    genuine(&format!("https://v.example.org/v2/{digits}#第1/3份"));
    genuine(&format!("{digits}{digits}"));
    genuine(&format!("号码123，{}…\n{digits}\n完", &digits[..200]));
}

#[test]
fn what_is_no_mark_is_named() {
    let digits = signed().digits();
    let check = |text: &str, fault: MarkFault| {
        let verdict = verify(text, &trusted());
        assert_eq!(verdict, SignatureCheck::Malformed(fault));
        let finding = verdict.finding(Place::default()).unwrap();
        assert!(CODES.iter().any(|(code, _)| *code == finding.code));
        assert!(finding.hint.ends_with('。'));
    };
    for cut in 0..235 {
        check(&digits[..cut], MarkFault::NoDigits);
    }
    check("", MarkFault::NoDigits);
    check("https://example.org/", MarkFault::NoDigits);
    check(&format!("{digits}1"), MarkFault::Prefix);
    check(&format!("872{}", &digits[3..]), MarkFault::Prefix);
    check(&"9".repeat(235), MarkFault::Prefix);
    check(&format!("871{}", "9".repeat(232)), MarkFault::TooLarge);
    // 2^768 and 2^768 - 1.
    let highest = to_digits(&[255; 96]);
    assert_eq!(from_digits(&highest), Ok([255; 96]));
    let above = format!("{}6", &highest[..234]);
    assert!(highest.ends_with('5'));
    check(&above, MarkFault::TooLarge);
    assert_eq!(from_digits(&format!("871{}", "0".repeat(232))), Ok([0; 96]));
}

#[test]
fn formats_and_algorithms_of_the_future_are_not_called_forged() {
    let mut bytes = *signed().bytes();
    bytes[0] = 0x13;
    let new = verify(&to_digits(&bytes), &trusted());
    assert_eq!(new, SignatureCheck::Unsupported(MarkFault::Algorithm(3)));
    bytes[0] = 0x1f;
    let new = verify(&to_digits(&bytes), &trusted());
    assert_eq!(new, SignatureCheck::Unsupported(MarkFault::Algorithm(15)));
    bytes[0] = 0x21;
    let new = verify(&to_digits(&bytes), &trusted());
    assert_eq!(new, SignatureCheck::Unsupported(MarkFault::Format(2)));
    assert_eq!(Algorithm::Sm2.code(), 2);
}

#[test]
fn numbers_that_do_not_fit_are_refused_and_never_cut() {
    let refused = |issue: Issue| sign(key(), &issue).unwrap_err().to_string();
    assert!(
        refused(Issue {
            page: 256,
            pages: 256,
            ..issue()
        })
        .contains("256/256")
    );
    assert!(refused(Issue { page: 6, ..issue() }).contains("6/5"));
    assert!(refused(Issue { page: 0, ..issue() }).contains("0/5"));
    assert!(
        refused(Issue {
            page: 300,
            pages: 5,
            ..issue()
        })
        .contains("300/5")
    );
    assert!(
        refused(Issue {
            copies: 16,
            ..issue()
        })
        .contains("1/16")
    );
    assert!(refused(Issue { copy: 4, ..issue() }).contains("4/3"));
    assert!(
        refused(Issue {
            copy: 300,
            ..issue()
        })
        .contains("300/3")
    );
    assert!(refused(Issue { kind: 0, ..issue() }).contains("表种"));
    assert!(
        refused(Issue {
            version: 0,
            ..issue()
        })
        .contains("版本")
    );
    for time in ["2019-12-31T23:59:59Z", "2051-11-26T00:00:00Z"] {
        assert!(
            refused(Issue {
                issued_at: time.parse().unwrap(),
                ..issue()
            })
            .contains("时钟")
        );
    }
    assert_eq!(minutes_of("2020-01-01T00:00:59Z".parse().unwrap()), Ok(0));
    sign(
        key(),
        &Issue {
            copy: 0,
            copies: 0,
            page: 0,
            pages: 0,
            ..issue()
        },
    )
    .unwrap();
    sign(
        key(),
        &Issue {
            copy: 15,
            copies: 15,
            page: 255,
            pages: 255,
            ..issue()
        },
    )
    .unwrap();
}

#[test]
fn the_caption_names_copy_page_and_version() {
    assert_eq!(caption(signed().mark()), "第1/3份 第2/5页 版本3");
    let loose = sign(
        key(),
        &Issue {
            copy: 0,
            copies: 0,
            page: 0,
            pages: 0,
            ..issue()
        },
    )
    .unwrap();
    assert_eq!(caption(loose.mark()), "版本3");
}

#[test]
fn every_wrong_character_of_a_typed_code_is_seen() {
    const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut chance = Chance::law(4);
    for _ in 0..40 {
        let code = sign(key(), &some_issue(&mut chance)).unwrap().human();
        let plain: Vec<char> = code.to_string().chars().filter(|c| *c != '-').collect();
        assert_eq!(plain.len(), 12);
        for place in 0..12 {
            for c in ALPHABET.chars().filter(|c| *c != plain[place]) {
                let mut wrong = plain.clone();
                wrong[place] = c;
                let wrong: String = wrong.into_iter().collect();
                assert_eq!(HumanCode::parse(&wrong), Err(HumanFault::Check));
            }
            for with in place + 1..12 {
                let mut wrong = plain.clone();
                wrong.swap(place, with);
                let seen = HumanCode::parse(&wrong.iter().collect::<String>());
                assert_eq!(seen.is_err(), plain[place] != plain[with]);
            }
        }
    }
}

#[test]
fn a_typed_code_is_read_as_people_write() {
    let mut chance = Chance::law(5);
    for _ in 0..200 {
        let code = sign(key(), &some_issue(&mut chance)).unwrap().human();
        let shown = code.to_string();
        assert_eq!(shown.len(), 14);
        let ok = |text: &str| assert_eq!(HumanCode::parse(text), Ok(code));
        ok(&shown);
        ok(&shown.to_lowercase());
        ok(&shown.replace('-', ""));
        ok(&shown.replace('-', " — "));
        ok(&shown.replace('0', "O").replace('1', "l"));
        ok(&shown.replace('0', "o").replace('1', "I"));
        let wide: String = shown
            .chars()
            .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
            .collect();
        ok(&wide);
    }
    assert_eq!(HumanCode::parse("0000-0000-0000"), Err(HumanFault::Check));
    assert_eq!(HumanCode::parse(""), Err(HumanFault::Length(0)));
    assert_eq!(
        HumanCode::parse("0123-4567-89A"),
        Err(HumanFault::Length(11))
    );
    assert_eq!(HumanCode::parse("U"), Err(HumanFault::Character('U')));
    assert_eq!(HumanCode::parse("张"), Err(HumanFault::Character('张')));
}

#[test]
fn every_sheet_has_its_own_code() {
    let mut codes = std::collections::BTreeSet::new();
    for copy in 1..=3 {
        for page in 1..=5 {
            let signed = sign(
                key(),
                &Issue {
                    copy,
                    page,
                    ..issue()
                },
            )
            .unwrap();
            codes.insert(signed.human());
        }
    }
    assert_eq!(codes.len(), 15);
}

#[test]
fn keys_go_through_their_text() {
    let key = key();
    let again = SigningKey::from_pem(&key.to_pem()).unwrap();
    assert_eq!(again.public_key(), key.public_key());
    assert_eq!(
        again.id(),
        KeyId::parse(&key.public().fingerprint()[..4]).unwrap()
    );
    let trusted = key.trusted("示例市\n科学技术协会");
    let read = TrustedKey::from_pem(&trusted.to_pem().replace('\n', "\r\n")).unwrap();
    assert_eq!(read.owner(), "示例市科学技术协会");
    assert_eq!(read.public_key(), key.public_key());
    assert_eq!(format!("{key:?}"), format!("SigningKey({})", key.id()));
}

#[test]
fn an_owner_called_like_a_block_is_written_and_read_again() {
    let key = key();
    for owner in ["示例市科协-----BEGIN PUBLIC KEY-----", " 示例市科协 \u{1}"] {
        let trusted = key.trusted(owner);
        let read = TrustedKey::from_pem(&trusted.to_pem()).unwrap();
        assert_eq!(read, trusted);
    }
    let pem = key.trusted("示例市科协").to_pem();
    let marked = format!("\u{feff}{pem}");
    assert!(TrustedKey::from_pem(&marked).is_ok());
    let block = &pem[pem.find("-----").unwrap()..];
    assert!(TrustedKey::from_pem(&format!("  {block}")).is_ok());
    assert!(TrustedKey::from_pem(&format!("公钥：{block}")).is_err());
}

#[test]
fn what_is_no_key_is_refused() {
    let private = key().to_pem();
    let public = key().trusted("").to_pem();
    assert_eq!(
        SigningKey::from_pem(&public).unwrap_err(),
        KeyFault::NoBlock
    );
    assert_eq!(
        TrustedKey::from_pem(&private).unwrap_err(),
        KeyFault::NoBlock
    );
    for cut in 0..private.trim_end().len() {
        assert!(SigningKey::from_pem(&private[..cut]).is_err());
    }
    let weak = PublicKey::from_bytes(Algorithm::Ed25519, &[0; 32]);
    assert_eq!(weak.unwrap_err(), KeyFault::Content);
    let short = "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----";
    assert_eq!(TrustedKey::from_pem(short).unwrap_err(), KeyFault::Content);
}

#[test]
fn a_reference_is_the_same_again_and_parts_do_not_run_together() {
    let secret = ReferenceSecret::of(key());
    let one = record_reference(&secret, "hebei", "石家庄市科协", 1, "id:139900198502140015");
    assert_eq!(
        one,
        record_reference(&secret, "hebei", "石家庄市科协", 1, "id:139900198502140015")
    );
    let others = [
        record_reference(&secret, "hebe", "i石家庄市科协", 1, "id:139900198502140015"),
        record_reference(&secret, "hebei石家庄市科协", "", 1, "id:139900198502140015"),
        record_reference(&secret, "hebei", "石家庄市科协", 2, "id:139900198502140015"),
        record_reference(&secret, "hebei", "石家庄市科协", 1, "id:139900197909300020"),
        record_reference(
            &ReferenceSecret::of(&SigningKey::from_seed(&[8; 32])),
            "hebei",
            "石家庄市科协",
            1,
            "id:139900198502140015",
        ),
    ];
    assert!(!others.contains(&one));
    assert_eq!(format!("{secret:?}"), "ReferenceSecret");
}
