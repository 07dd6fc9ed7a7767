//! Opening a package: names and sizes first, then the signature, then every sum, then what the book and the marks say of each
//! other. Nothing is believed before the signature of a trusted key holds; nothing is kept of a package that is refused.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::finding::Finding;
use crate::mark::{
    DocumentKind, Standing, TrustedKeys, Verdict, document_is_signed_by, verify, verify_document,
};
use crate::press::MarkEntry;
use crate::record::{Book, Digest};

use super::archive::{Raw, list, strict};
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
    /// Bytes by name of every entry that the manifest lists.
    pub entries: BTreeMap<String, Vec<u8>>,
    /// SHA-256 of the package's file: the same file twice has the same.
    pub sha256: [u8; 32],
}

/// Reads a package with the desk's keys. `path` is for the findings alone.
pub fn open(
    path: &str,
    bytes: &[u8],
    trusted: &TrustedKeys,
    limits: &Limits,
) -> Result<Package, Vec<Finding>> {
    read(bytes, trusted, limits)
        .map_err(|faults| faults.iter().map(|fault| fault.finding(path)).collect())
}

fn read(
    bytes: &[u8],
    trusted: &TrustedKeys,
    limits: &Limits,
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
    let parsed = || {
        text(KEY)?;
        let book = Book::parse(&text(BOOK)?).map_err(PackageFault::Book)?;
        if book.campaign() != manifest.campaign {
            return Err(PackageFault::Manifest("记录簿属于另一个活动"));
        }
        let present = present(&manifest, &book)?;
        let issues = issues(&text(ISSUES)?, &book, trusted)?;
        Ok((book, present, issues, manifest.made_at()?))
    };
    let (book, present, issues, made_at) = parsed().map_err(one)?;
    let public = manifest.public_key().map_err(one)?;
    let signer = trusted.entry(&public).map_or("", |key| key.owner());
    Ok(Package {
        made_at,
        present,
        book,
        issues,
        signer: signer.to_owned(),
        sha256: Sha256::digest(bytes).into(),
        entries,
        manifest,
    })
}

/// The manifest, once its signature holds under a key that the desk trusts.
fn signed_manifest(
    raws: &[Raw<'_>],
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
        Standing::Good => Ok(manifest),
        Standing::OutOfTerm(reason) => Err(PackageFault::OutOfTerm {
            id: public.id(),
            made_at: manifest.made_at,
            reason,
        }),
        // a key of the same number that is another key is a stranger's too
        Standing::Unknown | Standing::Mismatch => Err(PackageFault::Stranger {
            id: public.id(),
            algorithm: public.algorithm().label(),
            fingerprint: public.fingerprint(),
            unit: manifest.unit,
        }),
    }
}

/// The bytes of all entries, once they are those that the manifest lists, and no others.
fn summed(
    raws: &[Raw<'_>],
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

/// The references of the manifest; each must stand in the book.
fn present(manifest: &PackageManifest, book: &Book) -> Result<Vec<[u8; 8]>, PackageFault> {
    let reference = |text: &String| {
        let number = (text.len() == 16).then(|| u64::from_str_radix(text, 16).ok());
        let bytes = number.flatten().map(u64::to_be_bytes);
        bytes
            .filter(|bytes| book.record(*bytes).is_some())
            .ok_or(PackageFault::Manifest("present 中有记录簿没有的记录"))
    };
    manifest.present.iter().map(reference).collect()
}

/// The marks of a package: each genuine for this desk, each of a version in the book.
fn issues(text: &str, book: &Book, trusted: &TrustedKeys) -> Result<Vec<MarkEntry>, PackageFault> {
    let issues: Vec<MarkEntry> = serde_json::from_str(text)
        .map_err(|_| PackageFault::Manifest("issues.json 不是标记的清单"))?;
    for entry in &issues {
        let fault = |what| {
            let human = entry.human.chars().take(14).collect();
            Err(PackageFault::Issue { human, what })
        };
        let Verdict::Genuine(mark) = verify(&entry.digits, trusted) else {
            return fault("不是由信任的密钥在有效期内签发的");
        };
        let versions = book.record(mark.reference()).map(|r| r.versions());
        let version = versions.and_then(|all| all.iter().find(|v| v.version == mark.version()));
        if version.is_none_or(|v| v.digest.short() != mark.digest()) {
            return fault("与记录簿中的版本不符");
        }
        let said = (&entry.record, entry.version, entry.copy, entry.page);
        if said != (&mark.record(), mark.version(), mark.copy(), mark.page()) {
            return fault("与它的二维码所记不同");
        }
    }
    Ok(issues)
}
