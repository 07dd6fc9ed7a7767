//! Writing a package: parts in, signed bytes out. The same parts under the same key give the same bytes; nothing of the private
//! key but its signature goes in.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::mark::{DocumentKind, SigningKey, sign_document};
use crate::press::{KeyEntry, MarkEntry};
use crate::record::{Book, Digest};

use super::manifest::{FORMAT, WITHOUT_OWED, WITHOUT_WORKS};
use super::{
    BOOK, Contact, EntryRole, ISSUES, KEY, Limits, MANIFEST, OwedEntry, PackageEntry, PackageFault,
    PackageManifest, SIGNATURE, VoidEntry, archive,
};

/// What goes into a package.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// Version of the campaign's template data.
    pub template: u16,
    /// The unit's name now.
    pub unit: &'a str,
    /// Key of its channel; empty where it has none.
    pub channel: &'a str,
    /// Whom to telephone.
    pub contact: &'a Contact,
    /// Time of the newest version.
    pub made_at: Timestamp,
    /// References of the records that are handed in.
    pub present: &'a [[u8; 8]],
    /// The record book.
    pub book: &'a Book,
    /// Marks that were issued.
    pub marks: &'a [MarkEntry],
    /// Prints that the unit has voided.
    pub voids: &'a [VoidEntry],
    /// Videos that are left out.
    pub owed: &'a [OwedEntry],
    /// Forms, report, photos, videos.
    pub files: &'a [File],
}

/// A file of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Name with `/`.
    pub name: String,
    /// What it is for.
    pub role: EntryRole,
    /// Path in the submission folder.
    pub original: Option<String>,
    /// The record that it belongs to.
    pub record: Option<[u8; 8]>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Writes a package. Fails on names that [`super::open`] would refuse, and on more than it would take.
pub fn write(
    key: &SigningKey,
    parts: &Parts<'_>,
    limits: &Limits,
) -> Result<Vec<u8>, PackageFault> {
    let issues = serde_json::to_string_pretty(parts.marks)
        .map_err(|_| PackageFault::Manifest("无法写成 JSON"))?;
    let own = |name: &str, role, text: String| File {
        name: name.to_owned(),
        role,
        original: None,
        record: None,
        bytes: text.into_bytes(),
    };
    let head = [
        own(
            BOOK,
            EntryRole::Book,
            parts.book.to_json().map_err(PackageFault::Book)?,
        ),
        own(ISSUES, EntryRole::Issues, issues + "\n"),
        own(KEY, EntryRole::Key, key.trusted(parts.unit).to_pem()),
    ];
    let files: Vec<&File> = head.iter().chain(parts.files).collect();
    within(&files, limits)?;
    let manifest = PackageManifest {
        format: if files.iter().any(|file| file.role == EntryRole::Work) {
            FORMAT
        } else if parts.owed.is_empty() {
            WITHOUT_OWED
        } else {
            WITHOUT_WORKS
        },
        campaign: parts.book.campaign().to_owned(),
        template: parts.template,
        unit: parts.unit.to_owned(),
        channel: parts.channel.to_owned(),
        contact: parts.contact.clone(),
        made_at: parts.made_at.to_string(),
        key: KeyEntry {
            id: key.id().to_string(),
            algorithm: key.algorithm().label().to_owned(),
            public_key: STANDARD.encode(key.public_key()),
        },
        present: parts.present.iter().map(|r| hex(*r)).collect(),
        voids: parts.voids.to_vec(),
        owed: parts.owed.to_vec(),
        entries: files.iter().map(|file| listed(file)).collect(),
    };
    let manifest = manifest.to_json()?;
    let signature = sign_document(key, DocumentKind::Package, &manifest)
        .map_err(|_| PackageFault::Manifest("密钥无法签名，请换一个时刻再做"))?;
    let signature = STANDARD.encode(signature) + "\n";
    let mut entries: Vec<(&str, &[u8])> =
        vec![(MANIFEST, &manifest), (SIGNATURE, signature.as_bytes())];
    entries.extend(files.iter().map(|f| (f.name.as_str(), f.bytes.as_slice())));
    let bytes = archive::write(&entries, parts.made_at)?;
    // what this program writes, it reads
    archive::strict(&bytes, &archive::list(&bytes, limits)?)?;
    Ok(bytes)
}

/// Refuses early what is too much; the manifest itself is held against the limits in the end.
fn within(files: &[&File], limits: &Limits) -> Result<(), PackageFault> {
    let bytes = files.iter().fold(0_u64, |sum, file| {
        sum.saturating_add(u64::try_from(file.bytes.len()).unwrap_or(u64::MAX))
    });
    if bytes > limits.unpacked {
        let limit = limits.unpacked;
        return Err(PackageFault::TooLarge { bytes, limit });
    }
    let entries = files.len() + 2;
    if entries > limits.entries {
        let limit = limits.entries;
        return Err(PackageFault::TooMany { entries, limit });
    }
    for file in files {
        if let Some(what) = archive::name_fault(&file.name) {
            let name = file.name.clone();
            return Err(PackageFault::Name { name, what });
        }
    }
    Ok(())
}

fn listed(file: &File) -> PackageEntry {
    PackageEntry {
        name: file.name.clone(),
        role: file.role,
        size: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
        sha256: Digest(Sha256::digest(&file.bytes).into()).to_string(),
        original: file.original.clone(),
        record: file.record.map(hex),
    }
}

fn hex(reference: [u8; 8]) -> String {
    format!("{:016x}", u64::from_be_bytes(reference))
}
