//! Records that were issued, as many as a bench asks for.

#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a bench that cannot go on says where"
)]

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sanlian::campaign::FormKind;
use sanlian::mark::{Issue, ReferenceSecret, Signed, SigningKey, matrix, record_reference, sign};
use sanlian::record::{Book, BookRecord, Contents, Digest, Version};
use sanlian::store::ledger::{Filing, IssuedPage, Ledger, UnitContact, Voucher};

pub(crate) const CAMPAIGN: &str = "hebei-zuimei-2021";
pub(crate) const COPIES: usize = 3;
const PAGES: usize = 5;

/// Issues `records` records of a unit, three originals of five pages each; their marks.
pub(crate) fn issue_unit(
    ledger: &mut Ledger,
    (key, secret): (&SigningKey, &ReferenceSecret),
    name: &str,
    records: usize,
    at: Timestamp,
) -> Vec<Signed> {
    let mut all = Vec::new();
    let mut marks = Vec::new();
    for n in 0..records {
        let person = format!("示例{n}");
        let reference = record_reference(secret, CAMPAIGN, name, 1, &person);
        let mut digest = [0; 32];
        digest[..8].copy_from_slice(&reference);
        let values = BTreeMap::from([
            ("name".to_owned(), person.clone()),
            ("deeds".to_owned(), "事迹".repeat(1000)),
        ]);
        let version = Version {
            version: 1,
            template: 1,
            digest: Digest(digest),
            issued_at: at,
            copies: COPIES as u8,
            contents: Contents {
                values,
                attachments: Vec::new(),
            },
        };
        for (copy, page) in (1..=COPIES).flat_map(|c| (1..=PAGES).map(move |p| (c, p))) {
            let issue = Issue {
                kind: 1,
                reference,
                version: 1,
                copy,
                copies: COPIES,
                page,
                pages: PAGES,
                issued_at: at,
                digest: Digest(digest).short(),
            };
            marks.push(sign(key, &issue).unwrap());
        }
        all.push(BookRecord::restored(
            reference,
            FormKind::Recommendation,
            person,
            vec![version],
        ));
    }
    let book = Book::restored(CAMPAIGN, name, &key.id().to_string(), all).unwrap();
    let sheets: Vec<IssuedPage> = marks.iter().map(sheet).collect();
    let present: Vec<[u8; 8]> = book
        .records()
        .iter()
        .filter_map(BookRecord::reference_bytes)
        .collect();
    let filing = Filing {
        at,
        act: "issue",
        book: &book,
        signers: &[key.public().fingerprint()],
        voucher: Voucher::Own,
        mark_signers: &BTreeSet::new(),
        unit: book.unit(),
        channel: "city",
        contact: &UnitContact::default(),
        present: &present,
        sheets: &sheets,
        voids: &[],
        lookups: &[],
        package: None,
    };
    ledger.file(&filing).unwrap();
    marks
}

fn sheet(signed: &Signed) -> IssuedPage {
    let matrix = matrix(&signed.digits()).unwrap();
    let mut modules = vec![matrix.side as u8];
    modules.extend(
        matrix
            .dark
            .chunks(8)
            .map(|c| c.iter().fold(0_u8, |b, d| b << 1 | u8::from(*d))),
    );
    IssuedPage {
        bytes: *signed.bytes(),
        mark: *signed.mark(),
        modules,
    }
}
