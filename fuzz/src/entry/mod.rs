//! What each target does with bytes of strangers: reads them as the program does, and holds the laws that must hold whatever
//! they are. Office files and packages come as a zip or as a parcel (`parcel`), so that the engine need not know deflate and
//! sums. The tests of the package run the same entries over all seeds and over every input that once failed.

mod data;
mod mark;
mod office;
pub mod package;
pub mod parcel;
mod pictures;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use sanlian::campaign::{Campaign, Owner, builtin, load};
use sanlian::finding::{CODES, Finding, Place, Severity};
use sanlian::mark::{SigningKey, TrustedKeys};
use sanlian::record::{Entry, Submission, Value};

/// A target's name and what it does; a panic is a finding.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: &[Target] = &[
    ("workbook", office::workbook),
    ("form_docx", office::form_docx),
    ("form_xlsx", office::form_xlsx),
    ("report", office::report),
    ("csv", data::csv),
    ("json", data::json),
    ("campaign", data::campaign),
    ("book", data::book),
    ("package", package::package),
    ("mark", mark::mark),
    ("keys", mark::keys),
    ("qr", pictures::qr),
    ("photo", pictures::photo),
    ("video", pictures::video),
    ("scan_png", pictures::scan),
    ("scan_jpeg", pictures::scan),
    ("scan_tiff", pictures::scan),
    ("scan_pdf", pictures::scan),
];

/// The campaign that all targets read for.
pub const CAMPAIGN: &str = "hebei-zuimei-2021";

static LOADED: LazyLock<Campaign> = LazyLock::new(|| {
    let mut sources = builtin().into_iter();
    let source = sources.find(|s| s.id == CAMPAIGN).expect("it is built in");
    load(&source).0.expect("it loads")
});

fn the_campaign() -> &'static Campaign {
    &LOADED
}

/// A submission of the examples that the campaign itself gives, with one candidate.
pub fn examples() -> Submission {
    let campaign = the_campaign();
    let of = |owner: Owner| {
        let mut entry = Entry::default();
        for sheet in campaign.sheets.iter().filter(|s| s.of == owner) {
            let row: BTreeMap<String, String> = sheet
                .fields
                .iter()
                .filter(|f| !f.example.is_empty())
                .map(|f| (f.key.clone(), f.example.clone()))
                .collect();
            if sheet.rows {
                let rows = Value::Rows(vec![row.clone(), row]);
                entry.values.insert(sheet.key.clone(), rows);
            } else {
                row.into_iter()
                    .for_each(|(key, text)| entry.set(&key, text));
            }
        }
        entry
    };
    Submission {
        campaign: campaign.id.clone(),
        unit: of(Owner::Unit),
        candidates: vec![of(Owner::Candidate)],
        report: vec![
            "推荐工作情况报告".to_owned(),
            "示例单位按照通知要求组织推荐。".to_owned(),
        ],
        ..Submission::default()
    }
}

/// The key of all samples: 32 bytes of 7, as in `tests/golden/mark.txt`.
fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

fn trusted() -> TrustedKeys {
    let sm2 = SigningKey::sm2_from_seed(&[5; 32]).expect("a seed of the samples");
    TrustedKeys(vec![
        key().trusted("示例市科学技术协会"),
        sm2.trusted("示例市科学技术协会"),
    ])
}

/// Law: whatever is found has a published code, a place, words, and says what to do.
fn sound(findings: &[Finding]) {
    for finding in findings {
        let said = format!("{finding:?}");
        assert!(
            CODES.iter().any(|(code, _)| *code == finding.code),
            "{said}"
        );
        assert!(!finding.message.is_empty(), "{said}");
        assert!(finding.place != Place::default(), "{said}");
        let told = finding.severity == Severity::Info || !finding.hint.is_empty();
        assert!(told, "{said}");
    }
}
