//! The canonical bytes of a record version, and the digest of them: SHA-256, or SM3 where the campaign signs by SM2.

use std::collections::{BTreeMap, BTreeSet};

use sha2::Sha256;
use sm3::Sm3;

use crate::campaign::{Campaign, FormKind, MarkAlgorithm, Owner, Sheet};

use super::digest::Digest;
use super::item::{Contents, UNIT, owner};

/// What stands in front of all canonical bytes; another number is another way to write them.
const TAG: &str = "sanlian record 2";

/// What stood there first.
const FIRST_TAG: &str = "sanlian record 1";

/// The digest of a record's contents, under the campaign's algorithm. `copies` is the number of originals that are printed.
pub fn digest(campaign: &Campaign, kind: FormKind, copies: u8, contents: &Contents) -> Digest {
    let bytes = canonical_bytes(&campaign.id, campaign.version, (kind, copies), contents);
    match campaign.mark.algorithm {
        MarkAlgorithm::Ed25519 => sha256(&bytes),
        MarkAlgorithm::Sm2 => sm3(&bytes),
    }
}

/// The one way to write a record's contents as bytes: the campaign's id and template version, form kind and number of
/// originals, every value by its key in the order of the keys' bytes, and name and sum of each attachment by name. Every part
/// stands behind its length, every list behind its count, so that no two contents read the same. A reader needs no template:
/// whoever holds a record can hold it against its digest.
pub fn canonical_bytes(
    campaign: &str,
    template: u16,
    (kind, copies): (FormKind, u8),
    contents: &Contents,
) -> Vec<u8> {
    let mut out = LengthPrefixed(Vec::new());
    out.text(TAG);
    out.text(campaign);
    out.part(&template.to_be_bytes());
    out.text(&kind.key());
    out.part(&[copies]);
    out.count(contents.values.len());
    for (key, text) in &contents.values {
        out.text(key);
        out.text(text);
    }
    out.attachments(contents);
    out.0
}

/// What a digest is of, as a record book or a ledger has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sealed<'a> {
    /// Id of the campaign.
    pub(super) campaign: &'a str,
    /// Version of its templates.
    pub(super) template: u16,
    /// Form kind.
    pub(super) kind: FormKind,
    /// Originals that are printed.
    pub(super) copies: u8,
    /// What it holds.
    pub(super) contents: &'a Contents,
}

/// Whether a digest is that of contents, by either algorithm. Digests of the first way to write records name every field of
/// the templates in their order: `known` gives the templates, and none of another version can be held against them.
pub(super) fn holds(digest: &Digest, of: &Sealed<'_>, known: Option<&Campaign>) -> bool {
    let either = |bytes: &[u8]| *digest == sha256(bytes) || *digest == sm3(bytes);
    let now = canonical_bytes(of.campaign, of.template, (of.kind, of.copies), of.contents);
    either(&now) || known.is_some_and(|c| first_holds(digest, of, c))
}

/// Whether a digest of the first way to write records is that of contents, under these very templates.
pub(super) fn first_holds(digest: &Digest, of: &Sealed<'_>, known: &Campaign) -> bool {
    known.id == of.campaign && known.version == of.template && {
        let bytes = first_bytes(known, of.kind, of.contents);
        *digest == sha256(&bytes) || *digest == sm3(&bytes)
    }
}

fn sha256(bytes: &[u8]) -> Digest {
    use sha2::Digest as _;
    Digest(Sha256::digest(bytes).into())
}

fn sm3(bytes: &[u8]) -> Digest {
    use sha2::Digest as _;
    Digest(Sm3::digest(bytes).into())
}

/// How records were written first: every field key of the templates in sheet order with its text, empty where there is none,
/// rows by number. Paper of that time bears such digests.
fn first_bytes(campaign: &Campaign, kind: FormKind, contents: &Contents) -> Vec<u8> {
    let fields = fields_in_order(campaign, kind, &contents.values);
    let mut out = LengthPrefixed(Vec::new());
    out.text(FIRST_TAG);
    out.text(&campaign.id);
    out.part(&campaign.version.to_be_bytes());
    out.text(&kind.key());
    out.count(fields.len());
    for key in &fields {
        out.text(key);
        out.text(contents.values.get(key).map_or("", String::as_str));
    }
    out.attachments(contents);
    out.0
}

/// Bytes of parts behind their lengths.
struct LengthPrefixed(Vec<u8>);

impl LengthPrefixed {
    fn count(&mut self, n: usize) {
        let n = u64::try_from(n).unwrap_or(u64::MAX);
        self.0.extend_from_slice(&n.to_be_bytes());
    }

    fn part(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    fn text(&mut self, text: &str) {
        self.part(text.as_bytes());
    }

    /// Name and sum of each attachment, by name.
    fn attachments(&mut self, contents: &Contents) {
        let mut attachments: Vec<_> = contents.attachments.iter().collect();
        attachments.sort();
        self.count(attachments.len());
        for attachment in attachments {
            self.text(&attachment.name);
            self.part(&attachment.sha256.0);
        }
    }
}

/// All keys of a record: the owner's fields in sheet order, its rows by number, the unit's fields in a candidate's record;
/// then whatever else the values hold, so that nothing stays outside the digest.
fn fields_in_order(
    campaign: &Campaign,
    kind: FormKind,
    values: &BTreeMap<String, String>,
) -> Vec<String> {
    let owner = owner(kind);
    let own = |s: &&Sheet| s.of == owner;
    let mut keys = Vec::new();
    for sheet in campaign.sheets.iter().filter(own).filter(|s| !s.rows) {
        keys.extend(sheet.fields.iter().map(|f| f.key.clone()));
    }
    for sheet in campaign.sheets.iter().filter(own).filter(|s| s.rows) {
        for row in row_numbers(values, &sheet.key) {
            let key = |field: &str| format!("{}[{row}].{field}", sheet.key);
            keys.extend(sheet.fields.iter().map(|f| key(&f.key)));
        }
    }
    if owner == Owner::Candidate
        && let Some(unit) = campaign.unit_sheet()
    {
        keys.extend(unit.fields.iter().map(|f| format!("{UNIT}{}", f.key)));
    }
    let known: BTreeSet<&String> = keys.iter().collect();
    let rest: Vec<String> = values
        .keys()
        .filter(|k| !known.contains(k))
        .cloned()
        .collect();
    keys.extend(rest);
    keys
}

/// The numbers of a list's rows that hold a value, from 0.
pub(super) fn row_numbers(values: &BTreeMap<String, String>, sheet: &str) -> BTreeSet<usize> {
    values
        .keys()
        .filter_map(|key| row_key(key))
        .filter(|(of, ..)| *of == sheet)
        .map(|(_, row, _)| row)
        .collect()
}

/// `resume[0].org` in its parts; none for a key without a row.
pub(super) fn row_key(key: &str) -> Option<(&str, usize, &str)> {
    let (sheet, rest) = key.split_once('[')?;
    let (row, field) = rest.split_once("].")?;
    Some((sheet, row.parse().ok()?, field))
}
