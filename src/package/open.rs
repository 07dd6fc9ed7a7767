//! Opening a package: names and sizes first, then the signature, then every sum, then what the book and the marks say of each
//! other. Nothing is believed before the signature of a trusted key holds; nothing is kept of a package that is refused.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::campaign::Campaign;
use crate::finding::Finding;
use crate::mark::{
    DocumentKind, HumanCode, KeyStanding, Mark, SignatureCheck, TrustedKey, TrustedKeys,
    document_is_signed_by, from_digits, minutes_of, signer, verify, verify_document,
};
use crate::press::MarkEntry;
use crate::record::{Book, BookRecord, Digest, Version};

use super::agree::agree;
use super::archive::{RawEntry, list, strict};
use super::manifest::reference;
use super::{BOOK, ISSUES, KEY, Limits, MANIFEST, PackageFault, PackageManifest, SIGNATURE};

/// Most entries that are named one by one; what is quite another file needs no longer list.
const NAMED: usize = 20;

/// A package that a trusted key signed and that is whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// What it says of itself.
    pub manifest: PackageManifest,
    /// When it was made: the time of its newest version.
    pub made_at: Timestamp,
    /// References of the records that are handed in.
    pub present: Vec<[u8; 8]>,
    /// The unit's record book.
    pub book: Book,
    /// Marks that were issued: genuine, and of versions in the book.
    pub issues: Vec<MarkEntry>,
    /// The owner of the key that signed, as the desk's own list has it; empty where the list does not say. A trusted key can sign
    /// in any unit's name: whether it is this unit's, the desk asks.
    pub signer: String,
    /// Fingerprint of the key that signed.
    pub fingerprint: String,
    /// Fingerprints of the keys that signed the marks: the same, and keys that the unit had before.
    pub mark_signers: BTreeSet<String>,
    /// Bytes by name of every entry that the manifest lists.
    pub entries: BTreeMap<String, Vec<u8>>,
    /// SHA-256 of the package's file: the same file twice has the same.
    pub sha256: [u8; 32],
}

/// Gives the templates of a campaign by its id; none where they are not at hand.
pub type Templates<'a> = dyn FnMut(&str) -> Option<Campaign> + 'a;

/// Reads a package with the desk's keys and templates. `path` is for the findings alone.
pub fn open(
    path: &str,
    bytes: &[u8],
    trusted: &TrustedKeys,
    limits: &Limits,
    templates: &mut Templates<'_>,
) -> Result<Package, Vec<Finding>> {
    read(bytes, trusted, limits, templates)
        .map_err(|faults| faults.iter().map(|fault| fault.finding(path)).collect())
}

/// The key that a package carries, for who wants to see what it holds before the key is trusted; none where it carries none.
pub fn carried_key(bytes: &[u8], limits: &Limits) -> Option<TrustedKey> {
    let raws = list(bytes, limits).ok()?;
    let key = raws.iter().find(|raw| raw.name == KEY)?;
    TrustedKey::from_pem(&String::from_utf8_lossy(key.data?)).ok()
}

fn read(
    bytes: &[u8],
    trusted: &TrustedKeys,
    limits: &Limits,
    templates: &mut Templates<'_>,
) -> Result<Package, Vec<PackageFault>> {
    let one = |fault| vec![fault];
    let raws = list(bytes, limits).map_err(one)?;
    let manifest = signed_manifest(&raws, trusted).map_err(one)?;
    let entries = summed(&raws, &manifest)?;
    strict(bytes, &raws).map_err(one)?;
    let text = |name: &str| {
        let bytes = entries.get(name);
        let bytes = bytes.ok_or_else(|| PackageFault::Missing(name.to_owned()))?;
        Ok::<_, PackageFault>(String::from_utf8_lossy(bytes))
    };
    let campaign = templates(&manifest.campaign);
    let parsed = || {
        let key = text(KEY)?;
        let book = Book::parse(&text(BOOK)?, campaign.as_ref()).map_err(PackageFault::Book)?;
        let public = manifest.public_key()?;
        if TrustedKey::from_pem(&key).ok().map(|k| k.public().clone()) != Some(public.clone()) {
            return Err(PackageFault::Manifest("公钥.pem 不是清单所写的密钥"));
        }
        let present = present(&manifest, &book)?;
        let (issues, mark_signers) = issues(&text(ISSUES)?, &book, &present, trusted)?;
        let made_at = manifest.made_at()?;
        agree(&manifest, &book, &present, campaign.as_ref())?;
        Ok((book, present, issues, mark_signers, made_at, public))
    };
    let (book, present, issues, mark_signers, made_at, public) = parsed().map_err(one)?;
    let signer = trusted.entry(&public).map_or("", |key| key.owner());
    Ok(Package {
        made_at,
        present,
        book,
        issues,
        signer: signer.to_owned(),
        fingerprint: public.fingerprint(),
        mark_signers,
        sha256: Sha256::digest(bytes).into(),
        entries,
        manifest,
    })
}

/// The manifest, once its signature holds under a key that the desk trusts.
fn signed_manifest(
    raws: &[RawEntry<'_>],
    trusted: &TrustedKeys,
) -> Result<PackageManifest, PackageFault> {
    let own = |name: &str| {
        let raw = raws.iter().find(|raw| raw.name == name);
        let raw = raw.ok_or_else(|| PackageFault::Missing(name.to_owned()))?;
        raw.data.ok_or_else(|| PackageFault::Broken {
            entry: Some(name.to_owned()),
            what: "被压缩过，或不完整",
        })
    };
    if !raws.iter().any(|raw| raw.name == MANIFEST) {
        return Err(PackageFault::Broken {
            entry: None,
            what: "不是 sanlian pack 写的文件：其中没有 package.json",
        });
    }
    let bytes = own(MANIFEST)?;
    let manifest = PackageManifest::parse(bytes)?;
    let public = manifest.public_key()?;
    let made_at = manifest.made_at()?;
    let forged = PackageFault::Signature(public.id());
    let signature = String::from_utf8_lossy(own(SIGNATURE)?).into_owned();
    let signature = signature
        .strip_suffix('\n')
        .and_then(|text| STANDARD.decode(text).ok())
        .and_then(|bytes| <[u8; 64]>::try_from(bytes).ok())
        .ok_or_else(|| forged.clone())?;
    // what the package itself names must have signed it, trusted or not
    if !document_is_signed_by(&public, DocumentKind::Package, bytes, &signature) {
        return Err(forged);
    }
    let named = (public.algorithm(), public.id());
    let standing = verify_document(
        trusted,
        named,
        DocumentKind::Package,
        bytes,
        &signature,
        made_at,
    );
    match standing {
        KeyStanding::Good => Ok(manifest),
        KeyStanding::OutOfTerm(reason) => Err(PackageFault::OutOfTerm {
            id: public.id(),
            made_at: manifest.made_at,
            reason,
        }),
        // a key of the same number that is another key is a stranger's too
        KeyStanding::Unknown | KeyStanding::Mismatch => Err(PackageFault::Stranger {
            id: public.id(),
            algorithm: public.algorithm().label(),
            fingerprint: public.fingerprint(),
            unit: manifest.unit,
        }),
    }
}

/// The bytes of all entries, once they are those that the manifest lists, and no others.
fn summed(
    raws: &[RawEntry<'_>],
    manifest: &PackageManifest,
) -> Result<BTreeMap<String, Vec<u8>>, Vec<PackageFault>> {
    let mut faults = Vec::new();
    let mut entries = BTreeMap::new();
    for listed in &manifest.entries {
        let raw = raws.iter().find(|raw| raw.name == listed.name);
        let Some(raw) = raw else {
            faults.push(PackageFault::Missing(listed.name.clone()));
            continue;
        };
        let whole = raw.data.filter(|data| {
            u64::try_from(data.len()).is_ok_and(|n| n == listed.size)
                && Digest(Sha256::digest(data).into()).to_string() == listed.sha256
        });
        let Some(data) = whole else {
            faults.push(PackageFault::Differs(listed.name.clone()));
            continue;
        };
        if entries.insert(listed.name.clone(), data.to_vec()).is_some() {
            faults.push(PackageFault::Manifest("有一个文件列了两次"));
        }
    }
    let names: BTreeSet<&str> = manifest.entries.iter().map(|e| e.name.as_str()).collect();
    let extra = raws.iter().map(|raw| raw.name.as_str());
    let extra = extra.filter(|name| !names.contains(name) && ![MANIFEST, SIGNATURE].contains(name));
    faults.extend(extra.map(|name| PackageFault::Extra(name.to_owned())));
    faults.truncate(NAMED);
    if faults.is_empty() {
        Ok(entries)
    } else {
        Err(faults)
    }
}

/// The references of the manifest; each must stand in the book, and once.
fn present(manifest: &PackageManifest, book: &Book) -> Result<Vec<[u8; 8]>, PackageFault> {
    let mut seen = BTreeSet::new();
    let reference = |text: &String| {
        let bytes = reference(text).filter(|bytes| book.record(*bytes).is_some());
        let bytes = bytes.ok_or(PackageFault::Manifest("present 中有记录簿没有的记录"))?;
        if !seen.insert(bytes) {
            return Err(PackageFault::Manifest("present 中有一条记录列了两次"));
        }
        Ok(bytes)
    };
    manifest.present.iter().map(reference).collect()
}

/// Marks and the fingerprints of the keys that signed them.
type SignedMarks = (Vec<MarkEntry>, BTreeSet<String>);

/// The marks of a package: each genuine for this desk, each of a record that is handed in and of a version in the book, of its
/// form, its number of originals and not before it was made; the pages of one print of one number.
fn issues(
    text: &str,
    book: &Book,
    present: &[[u8; 8]],
    trusted: &TrustedKeys,
) -> Result<SignedMarks, PackageFault> {
    let issues: Vec<MarkEntry> = serde_json::from_str(text)
        .map_err(|_| PackageFault::Manifest("issues.json 不是标记的清单"))?;
    let mut signers = BTreeSet::new();
    let mut prints = Prints::new();
    for entry in &issues {
        let fault = |what| {
            let human = entry.human.chars().take(14).collect();
            Err(PackageFault::Issue { human, what })
        };
        let SignatureCheck::Genuine(mark) = verify(&entry.digits, trusted) else {
            return fault("不是由信任的密钥在有效期内签发的");
        };
        let record = book.record(mark.reference());
        let version =
            record.and_then(|r| r.versions().iter().find(|v| v.version == mark.version()));
        let (Some(record), Some(version)) = (record, version) else {
            return fault("与记录簿中的版本不符");
        };
        if version.digest.short() != mark.digest() {
            return fault("与记录簿中的版本不符");
        }
        if let Some(what) = misprinted(&mark, record, version) {
            return fault(what);
        }
        if !present.contains(&mark.reference()) {
            return fault("所属的记录不在这次报送之列");
        }
        let said = (&entry.record, entry.version, entry.copy, entry.page);
        let of = (entry.copies, entry.pages, entry.human.as_str());
        let human = HumanCode::of(&mark).to_string();
        if said != (&mark.record(), mark.version(), mark.copy(), mark.page())
            || of != (mark.copies(), mark.pages(), human.as_str())
        {
            return fault("与它的二维码所记不同");
        }
        let print = (mark.reference(), mark.version(), mark.minutes());
        // an editable file beside the originals has no pages of ours
        if mark.copies() > 0 {
            let (pages, seen) = prints
                .entry(print)
                .or_insert_with(|| (mark.pages(), BTreeSet::new()));
            if *pages != mark.pages() {
                return fault("与同一次打印的其他页页数不同");
            }
            seen.insert((mark.copy(), mark.page()));
        }
        let bytes = from_digits(&entry.digits).ok();
        signers.extend(
            bytes
                .and_then(|b| signer(&b, trusted))
                .map(|k| k.public().fingerprint()),
        );
    }
    whole(&prints, book)?;
    Ok((issues, signers))
}

/// A print by record, version and minute of issue, with its number of pages and the copies and pages that are listed.
type Prints = BTreeMap<([u8; 8], u16, u32), (u8, BTreeSet<(u8, u8)>)>;

/// Every copy and page of a print is listed: what a list leaves out nobody would miss at the desk.
fn whole(prints: &Prints, book: &Book) -> Result<(), PackageFault> {
    for ((reference, version, _), (pages, seen)) in prints {
        let versions = book.record(*reference).map(BookRecord::versions);
        let version = versions.and_then(|all| all.iter().find(|v| v.version == *version));
        let copies = version.map_or(0, |v| usize::from(v.copies));
        if seen.len() != copies * usize::from(*pages) {
            return Err(PackageFault::Manifest(
                "issues.json 没有列全一次打印的各份各页",
            ));
        }
    }
    Ok(())
}

/// What a mark says that no print of its version says; none where all agrees.
fn misprinted(mark: &Mark, record: &BookRecord, version: &Version) -> Option<&'static str> {
    if Some(mark.kind()) != record.kind().mark_code() {
        return Some("所记的表种与记录不同");
    }
    if mark.copies() > 0 && mark.copies() != version.copies {
        return Some("所记的份数与记录不同");
    }
    // the first print bears the very minute in which the version was made
    if minutes_of(version.issued_at).is_ok_and(|made| mark.minutes() < made) {
        return Some("签发时间早于它的版本制成的时间");
    }
    None
}
