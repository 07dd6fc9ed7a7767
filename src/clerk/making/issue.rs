//! Issue (签发登记): what a making printed goes into the ledger, versions, marks and the values that look-ups need.

use std::collections::BTreeSet;

use crate::campaign::{Campaign, Kind};
use crate::mark::{BODY, Mark, from_digits, matrix, print_text};
use crate::press::MarkEntry;
use crate::record::{Book, Submission};
use crate::store::ledger::{Filing, IssuedPage, Ledger, UnitContact, Voucher};
use crate::store::{KeyRing, own_keys};

use crate::clerk::error::ClerkError;
use crate::clerk::making::job::Job;
use crate::clerk::making::make::Made;

/// Files a making: its book and the marks that stand on its paper.
pub(super) fn file_made(
    ledger: &mut Ledger,
    job: &Job<'_>,
    made: &Made,
    (book, ring): (&Book, &KeyRing),
) -> Result<(), ClerkError> {
    let submission = &job.reading.submission;
    let sheets = sheets(&made.marks, job.campaign.verify_url.as_deref())?;
    ledger.file(&Filing {
        at: job.options.now,
        act: "issue",
        book,
        signers: &own_signers(job, ring)?,
        voucher: Voucher::Own,
        mark_signers: &BTreeSet::new(),
        unit: submission.unit.text("name"),
        channel: channel_key(job.campaign, submission.unit.text("channel")),
        contact: &contact(job.campaign, submission),
        present: &made.present,
        sheets: &sheets,
        voids: &[],
        lookups: &lookups(job.campaign, book),
        package: None,
    })?;
    Ok(())
}

/// The fingerprints of a key folder's own keys: the one that signs, then those that retired.
fn own_signers(job: &Job<'_>, ring: &KeyRing) -> Result<Vec<String>, ClerkError> {
    let mut signers = vec![ring.signing.public().fingerprint()];
    let own = own_keys(job.keys)?;
    signers.extend(own.iter().map(|own| own.key.public().fingerprint()));
    Ok(signers)
}

/// Whom to telephone at the unit: the name in its field `contact`, and every telephone number among its fields.
pub(super) fn contact(campaign: &Campaign, submission: &Submission) -> UnitContact {
    let fields = campaign.unit_sheet().map_or(&[][..], |s| &s.fields);
    let phone = |kind| matches!(kind, Kind::Phone | Kind::Mobile);
    UnitContact {
        name: submission.unit.text("contact").to_owned(),
        phones: fields
            .iter()
            .filter(|f| phone(f.kind))
            .flat_map(|f| submission.unit.text(&f.key).split('、'))
            .filter(|p| !p.is_empty())
            .map(str::to_owned)
            .collect(),
    }
}

/// The key of a channel that was written by key, label or alias; empty where there is none.
pub(in crate::clerk) fn channel_key<'a>(campaign: &'a Campaign, word: &str) -> &'a str {
    campaign.channel_named(word).map_or("", |c| c.kind.as_str())
}

/// The sheets of marks, each with its QR code.
pub(in crate::clerk) fn sheets(
    marks: &[MarkEntry],
    verify_url: Option<&str>,
) -> Result<Vec<IssuedPage>, ClerkError> {
    let bug = |what: &dyn std::fmt::Display| ClerkError::Bug(format!("标记无法登记：{what}"));
    let mut sheets = Vec::with_capacity(marks.len());
    for entry in marks {
        let bytes = from_digits(&entry.digits).map_err(|e| bug(&e))?;
        let body = bytes.first_chunk::<BODY>().ok_or_else(|| bug(&"长度"))?;
        let mark = Mark::from_body(body).map_err(|e| bug(&e))?;
        let matrix = matrix(&print_text(&entry.digits, verify_url)).map_err(|e| bug(&e))?;
        sheets.push(IssuedPage {
            bytes,
            mark,
            modules: packed(matrix.side, &matrix.dark),
        });
    }
    Ok(sheets)
}

/// A QR code in bytes: modules a side, then one bit a module, the first in the highest bit.
fn packed(side: usize, dark: &[bool]) -> Vec<u8> {
    let mut bytes = vec![u8::try_from(side).unwrap_or(0)];
    for chunk in dark.chunks(8) {
        let byte = chunk.iter().zip((0..8_u32).rev());
        bytes.push(byte.fold(0, |b, (dark, n)| b | u8::from(*dark) << n));
    }
    bytes
}

/// Id numbers and telephone numbers of every record's latest version, for the blind index.
pub(in crate::clerk) fn lookups(
    campaign: &Campaign,
    book: &Book,
) -> Vec<([u8; 8], String, String)> {
    let mut found = Vec::new();
    let sheets = [
        (campaign.candidate_sheet(), ""),
        (campaign.unit_sheet(), ""),
        (campaign.unit_sheet(), "unit."),
    ];
    for record in book.records() {
        let (Some(reference), Some(latest)) = (record.reference_bytes(), record.latest()) else {
            continue;
        };
        for (sheet, prefix) in sheets {
            for field in sheet.iter().flat_map(|s| &s.fields) {
                if !matches!(field.kind, Kind::IdNo | Kind::Phone | Kind::Mobile) {
                    continue;
                }
                let key = format!("{prefix}{}", field.key);
                let text = latest.contents.values.get(&key);
                // a telephone field may hold several numbers
                for value in text.iter().flat_map(|t| t.split('、')) {
                    found.push((reference, key.clone(), value.to_owned()));
                }
            }
        }
    }
    found
}
