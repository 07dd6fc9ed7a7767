//! Sample marks of today, for each form and both algorithms: old paper verifies for ever. Never rewrite them; new formats get
//! files of their own.

use std::fmt::Write;
use std::path::Path;

use sanlian::campaign::FormKind;
use sanlian::mark::{
    HumanCode, Issue, SignatureCheck, SigningKey, TrustedKey, TrustedKeys, sign, verify,
};

/// The private key of the samples: 32 bytes of 7 for Ed25519, of 5 for SM2.
fn key(algorithm: &str) -> SigningKey {
    match algorithm {
        "ed25519" => SigningKey::from_seed(&[7; 32]),
        _ => SigningKey::sm2_from_seed(&[5; 32]).unwrap(),
    }
}

fn issues() -> Vec<Issue> {
    let kinds = FormKind::USUAL.into_iter().filter_map(FormKind::mark_code);
    let mut issues = Vec::new();
    for kind in kinds {
        for (copy, copies, page, pages) in [(2, 3, 4, 5), (15, 15, 255, 255), (0, 0, 0, 0)] {
            issues.push(Issue {
                kind,
                reference: [0xd1, 2, 3, 4, 5, 6, 7, 0xf0 + kind],
                version: 3 + u16::from(kind),
                copy,
                copies,
                page,
                pages,
                issued_at: "2026-11-26T00:30:00Z".parse().unwrap(),
                digest: [kind; 12],
            });
        }
    }
    issues
}

/// Digits, code, kind, record, version, copy, page, time and digest, with tabs.
fn line(digits: &str, mark: &sanlian::mark::Mark) -> String {
    let digest: String = mark.digest().iter().map(|b| format!("{b:02x}")).collect();
    format!(
        "{digits}\t{}\t{}\t{}\t{}\t{}/{}\t{}/{}\t{}\t{digest}",
        HumanCode::of(mark),
        mark.kind(),
        mark.record(),
        mark.version(),
        mark.copy(),
        mark.copies(),
        mark.page(),
        mark.pages(),
        mark.issued_at(),
    )
}

fn check(algorithm: &str) {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/marks-{algorithm}.txt"));
    if !path.exists() {
        let key = key(algorithm);
        let mut text = format!("# {algorithm} 标记样本：必须永远能够验证，不得重写。\n");
        for issue in issues() {
            let signed = sign(&key, &issue).unwrap();
            writeln!(text, "{}", line(&signed.digits(), signed.mark())).unwrap();
        }
        text.push_str(&key.trusted("示例市科学技术协会").to_pem());
        std::fs::write(&path, text).unwrap();
        panic!("{} was missing; look at it and commit it", path.display());
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    let public = TrustedKey::from_pem(&golden).unwrap();
    assert_eq!(public.public().algorithm().name(), algorithm);
    let trusted = TrustedKeys(vec![public]);
    let samples: Vec<&str> = golden.lines().filter(|l| l.starts_with("871")).collect();
    assert_eq!(samples.len(), issues().len());
    for (sample, issue) in samples.iter().zip(issues()) {
        let digits = sample.split('\t').next().unwrap();
        let SignatureCheck::Genuine(mark) = verify(digits, &trusted) else {
            panic!("old paper must verify: {sample}");
        };
        assert_eq!(&line(digits, &mark), sample);
        let again = sign(&key(algorithm), &issue).unwrap();
        assert_eq!(again.digits(), digits, "signing is deterministic");
    }
}

#[test]
fn ed25519_marks_of_2026_verify_for_ever() {
    check("ed25519");
}

#[test]
fn sm2_marks_of_2026_verify_for_ever() {
    check("sm2");
}
