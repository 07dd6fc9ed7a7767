//! Packages as bytes: what is packed is what is opened, and every other thing is refused with its code and its place.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sanlian::campaign::{FormKind, builtin, load};
use sanlian::finding::{CODES, Finding};
use sanlian::mark::{
    Algorithm, DocumentKind, HumanCode, Issue, Revoked, Signed, SigningKey, TrustedKey,
    TrustedKeys, sign, sign_document,
};
use sanlian::media::Probe;
use sanlian::package::{Contact, EntryRole, File, Limits, Package, Parts, open, renamed, write};
use sanlian::press::MarkEntry;
use sanlian::record::{
    Attachment, Book, Contents, Digest, Entry, Submission, Use, canonical_bytes,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::chance::Chance;

pub(crate) const AT: &str = "2021-05-28T01:02:03Z";

pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

pub(crate) fn trusted(key: &SigningKey) -> TrustedKeys {
    TrustedKeys(vec![key.trusted("示例市科学技术协会")])
}

/// The unit of all packages here.
pub(crate) const UNIT: &str = "示例市科学技术协会";

/// One version with a text, and its digest.
fn version(number: u64, of: (FormKind, &str), text: &str) -> (Value, Digest) {
    let attachment = json!({"name": "张三1.jpg", "sha256": "07".repeat(32)});
    let contents = json!({"values": {"name": of.1, "deeds": text}, "attachments": [attachment]});
    let held: Contents = serde_json::from_value(contents.clone()).unwrap();
    let bytes = canonical_bytes("hebei-zuimei-2021", 1, (of.0, 1), &held);
    let digest = Digest(Sha256::digest(bytes).into());
    let version = json!({
        "version": number, "template": 1, "digest": digest, "issued_at": AT, "copies": 1, "contents": contents,
    });
    (version, digest)
}

/// A book of records with random texts, and a mark of each latest version.
pub(crate) fn book(chance: &mut Chance, key: &SigningKey) -> (Book, Vec<MarkEntry>, Vec<[u8; 8]>) {
    let kinds = [
        FormKind::Recommendation,
        FormKind::Summary,
        FormKind::Status,
        FormKind::Report,
    ];
    let mut records = Vec::new();
    let (mut marks, mut references) = (Vec::new(), Vec::new());
    for n in 0..1 + chance.below(4) {
        let reference: [u8; 8] = chance.bytes();
        let kind = kinds[chance.below(4) as usize];
        let name = match kind {
            FormKind::Recommendation => format!("张三{n}"),
            _ => UNIT.to_owned(),
        };
        let mut last = Digest([0; 32]);
        let versions: Vec<Value> = (1..=1 + chance.below(3))
            .map(|number| {
                let text: String = (0..chance.below(40))
                    .map(|_| char::from_u32(0x4e00 + chance.below(20_000) as u32).unwrap())
                    .collect();
                let (version, digest) = version(number, (kind, &name), &text);
                last = digest;
                version
            })
            .collect();
        let issue = Issue {
            kind: kind.mark_code().unwrap(),
            reference,
            version: versions.len() as u16,
            copy: 1,
            copies: 1,
            page: 1,
            pages: 1,
            issued_at: AT.parse().unwrap(),
            digest: last.short(),
        };
        marks.push(entry(&sign(key, &issue).unwrap()));
        let hex = format!("{:016x}", u64::from_be_bytes(reference));
        records.push(json!({"reference": hex, "kind": kind, "name": name, "versions": versions}));
        references.push(reference);
    }
    let text = json!({
        "format": 1, "campaign": "hebei-zuimei-2021", "unit": UNIT, "key": key.id().to_string(), "records": records,
    });
    let book = Book::parse(&text.to_string(), None).unwrap();
    (book, marks, references)
}

/// A mark as the list of a package has it.
pub(crate) fn entry(signed: &Signed) -> MarkEntry {
    let mark = signed.mark();
    MarkEntry {
        sheet: 1,
        digits: signed.digits(),
        human: HumanCode::of(mark).to_string(),
        record: mark.record(),
        version: mark.version(),
        copy: mark.copy(),
        copies: mark.copies(),
        page: mark.page(),
        pages: mark.pages(),
    }
}

pub(crate) fn file(name: &str, role: EntryRole, bytes: &[u8]) -> File {
    File {
        name: name.to_owned(),
        role,
        original: None,
        record: None,
        bytes: bytes.to_vec(),
    }
}

/// A package of a seed, and its book.
pub(crate) fn packed(seed: u64, key: &SigningKey) -> (Vec<u8>, Book) {
    let mut chance = Chance::new(seed);
    let (book, marks, present) = book(&mut chance, key);
    let photo: [u8; 60] = chance.bytes();
    let files = [
        file("纸质件/推荐表.pdf", EntryRole::Form, b"%PDF-1.7"),
        File {
            original: Some("photos/张三 1.jpg".to_owned()),
            record: Some(present[0]),
            ..file("附件/01张三/照片/张三1.jpg", EntryRole::Photo, &photo)
        },
    ];
    let parts = Parts {
        template: 1,
        unit: "示例市科学技术协会",
        channel: "city",
        contact: &Contact {
            name: "李示例".to_owned(),
            phones: vec!["14000000001".to_owned()],
        },
        made_at: AT.parse().unwrap(),
        present: &present,
        book: &book,
        marks: &marks,
        voids: &[],
        owed: &[],
        files: &files,
    };
    let bytes = write(key, &parts, &Limits::default()).unwrap();
    (bytes, book)
}

pub(crate) fn read(bytes: &[u8], trusted: &TrustedKeys) -> Result<Package, Vec<Finding>> {
    open(
        "报送包.zip",
        bytes,
        trusted,
        &Limits::default(),
        &mut |_| None,
    )
}

/// The first finding of what must be refused.
pub(crate) fn refused(bytes: &[u8], trusted: &TrustedKeys) -> Finding {
    let findings = read(bytes, trusted).unwrap_err();
    for finding in &findings {
        assert!(CODES.iter().any(|(code, _)| *code == finding.code));
        assert!(finding.hint.ends_with('。'), "{}", finding.hint);
        assert_eq!(finding.place.file.as_deref(), Some("报送包.zip"));
    }
    findings.into_iter().next().unwrap()
}

pub(crate) fn check(bytes: &[u8], trusted: &TrustedKeys, code: &str, says: &str) {
    let finding = refused(bytes, trusted);
    assert_eq!(finding.code, code, "{}", finding.message);
    assert!(finding.message.contains(says), "{}", finding.message);
}

/// Names and bytes of a package in order.
pub(crate) fn entries(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|n| {
            let mut entry = zip.by_index(n).unwrap();
            let name = entry.name().unwrap().into_owned();
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

pub(crate) fn zipped(entries: &[(String, Vec<u8>)], method: CompressionMethod) -> Vec<u8> {
    let options = SimpleFileOptions::default()
        .compression_method(method)
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The package with its manifest changed, and signed again.
fn resigned(bytes: &[u8], key: &SigningKey, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut entries = entries(bytes);
    let mut manifest: Value = serde_json::from_slice(&entries[0].1).unwrap();
    change(&mut manifest);
    entries[0].1 = serde_json::to_vec(&manifest).unwrap();
    let signature = sign_document(key, DocumentKind::Package, &entries[0].1).unwrap();
    entries[1].1 = (STANDARD.encode(signature) + "\n").into_bytes();
    zipped(&entries, CompressionMethod::Stored)
}

#[test]
fn of_a_thousand_packages_each_opens_to_its_book() {
    let key = key();
    let trusted = trusted(&key);
    for seed in 0..1_000 {
        let (bytes, book) = packed(seed, &key);
        let package = read(&bytes, &trusted).unwrap();
        assert_eq!(package.book, book);
        assert_eq!(package.issues.len(), book.records().len());
        assert_eq!(package.present.len(), book.records().len());
        assert_eq!(package.manifest.unit, "示例市科学技术协会");
        assert_eq!(package.made_at.to_string(), AT);
        assert_eq!(package.entries.len(), 5);
        assert_eq!(package.signer, "示例市科学技术协会");
        assert_eq!(packed(seed, &key).0, bytes, "same input, same bytes");
    }
}

#[test]
fn a_package_under_sm2_opens_too() {
    let key = SigningKey::sm2_from_seed(&[5; 32]).unwrap();
    let (bytes, book) = packed(1, &key);
    let package = read(&bytes, &trusted(&key)).unwrap();
    assert_eq!(package.book, book);
    assert_eq!(package.manifest.key.algorithm, "SM2");
}

#[test]
fn one_flipped_bit_anywhere_is_refused_and_its_entry_named() {
    let key = key();
    let trusted = trusted(&key);
    let (bytes, _) = packed(2, &key);
    let mut chance = Chance::law(1);
    for at in 0..bytes.len() {
        let mut other = bytes.clone();
        other[at] ^= 1 << chance.below(8);
        assert!(read(&other, &trusted).is_err(), "byte {at}");
    }
    for (name, data) in entries(&bytes) {
        let at = bytes.windows(data.len()).position(|w| w == data).unwrap();
        let mut other = bytes.clone();
        other[at + data.len() / 2] ^= 1;
        let finding = refused(&other, &trusted);
        match name.as_str() {
            "package.json" | "package.sig" => {
                assert!(["B5", "B9"].contains(&finding.code), "{}", finding.message);
            }
            _ => {
                assert_eq!(finding.code, "B4");
                assert!(finding.message.contains(&name), "{}", finding.message);
            }
        }
    }
}

#[test]
fn cut_short_anywhere_or_with_more_behind_it_is_refused() {
    let key = key();
    let trusted = trusted(&key);
    let (bytes, _) = packed(3, &key);
    for cut in 0..bytes.len() {
        let code = refused(&bytes[..cut], &trusted).code;
        assert_eq!(code, "B1", "{cut}");
    }
    let longer = [&bytes[..], b"PK"].concat();
    check(&longer, &trusted, "B1", "目录");
    check(&[b"x", &bytes[..]].concat(), &trusted, "B1", "zip");
    check(b"", &trusted, "B1", "不是报送包");
    check(&[0xff, 0xd8, 0xff, 0xe0], &trusted, "B1", "不是报送包");
    let docx = zipped(
        &[("word/document.xml".to_owned(), b"<w:document/>".to_vec())],
        CompressionMethod::Deflated,
    );
    check(&docx, &trusted, "B1", "package.json");
}

#[test]
fn what_the_manifest_does_not_list_or_is_missing_is_named() {
    let key = key();
    let trusted = trusted(&key);
    let (bytes, _) = packed(5, &key);
    let mut more = entries(&bytes);
    more.push(("多余.txt".to_owned(), b"x".to_vec()));
    check(
        &zipped(&more, CompressionMethod::Stored),
        &trusted,
        "B4",
        "“多余.txt”不在清单中",
    );
    let mut fewer = entries(&bytes);
    let gone = fewer.pop().unwrap().0;
    check(
        &zipped(&fewer, CompressionMethod::Stored),
        &trusted,
        "B4",
        &format!("缺少清单所列的“{gone}”"),
    );
    // all that is wrong is said at once
    let mut changed = entries(&bytes);
    changed[2].1.push(b' ');
    changed[4].1.push(b' ');
    let findings = read(&zipped(&changed, CompressionMethod::Stored), &trusted).unwrap_err();
    assert_eq!(findings.len(), 2);
    // packed again by another program, whole or deflated
    let again = entries(&bytes);
    let deflated = zipped(&again, CompressionMethod::Deflated);
    assert_eq!(refused(&deflated, &trusted).code, "B1");
}

#[test]
fn a_stranger_is_named_with_his_key_and_never_believed() {
    let (key, stranger) = (key(), SigningKey::from_seed(&[8; 32]));
    let (bytes, _) = packed(6, &stranger);
    let finding = refused(&bytes, &trusted(&key));
    assert_eq!(finding.code, "B6");
    assert!(finding.message.contains(&stranger.id().to_string()));
    assert!(finding.message.contains(&stranger.public().fingerprint()));
    assert!(finding.hint.contains("key trust"));
    assert_eq!(refused(&bytes, &TrustedKeys::default()).code, "B6");
    // his signature under our key's name
    let (ours, _) = packed(6, &key);
    let forged = resigned(&ours, &stranger, |_| {});
    check(&forged, &trusted(&key), "B5", &key.id().to_string());
    // our manifest changed, our old signature
    let mut changed = entries(&ours);
    let text = String::from_utf8(changed[0].1.clone()).unwrap();
    changed[0].1 = text.replacen("示例市", "示范市", 1).into_bytes();
    check(
        &zipped(&changed, CompressionMethod::Stored),
        &trusted(&key),
        "B5",
        "签后被改动",
    );
    for signature in ["", "AAAA\n", &"A".repeat(200), "签名"] {
        let mut changed = entries(&ours);
        changed[1].1 = signature.as_bytes().to_vec();
        check(
            &zipped(&changed, CompressionMethod::Stored),
            &trusted(&key),
            "B5",
            "",
        );
    }
}

#[test]
fn a_package_of_a_retired_or_revoked_key_is_refused_with_the_reason() {
    let key = key();
    let (bytes, _) = packed(7, &key);
    let with = |change: fn(&mut TrustedKey)| {
        let mut entry = key.trusted("示例");
        change(&mut entry);
        TrustedKeys(vec![entry])
    };
    let retired = with(|k| k.term.until = Some("2021-05-01T00:00:00Z".parse().unwrap()));
    check(
        &bytes,
        &retired,
        "B7",
        "已于 2021-05-01 08:00:00 +08:00 停用",
    );
    let revoked = with(|k| {
        k.term.revoked = Some(Revoked {
            since: "2021-05-01T00:00:00Z".parse().unwrap(),
            reason: "私钥文件被复制".to_owned(),
        });
    });
    check(&bytes, &revoked, "B7", "私钥文件被复制");
    let later = with(|k| k.term.until = Some("2021-06-01T00:00:00Z".parse().unwrap()));
    read(&bytes, &later).unwrap();
}

#[test]
fn a_manifest_of_the_future_or_that_does_not_hold_together_is_refused() {
    let key = key();
    let trusted = trusted(&key);
    let (bytes, _) = packed(8, &key);
    let check = |code, says, change: fn(&mut Value)| {
        check(&resigned(&bytes, &key, change), &trusted, code, says);
    };
    check("B8", "格式为 4", |m| m["format"] = json!(4));
    check("B9", "package.json", |m| m["owner"] = json!("x"));
    check("B9", "made_at", |m| m["made_at"] = json!("昨天"));
    check("B9", "另一个活动", |m| {
        m["campaign"] = json!("quanguo")
    });
    check("B9", "present", |m| {
        m["present"] = json!(["0000000000000001"])
    });
    check("B9", "公钥", |m| m["key"]["id"] = json!("0000"));
    check("B4", "records.json", |m| {
        m["entries"].as_array_mut().unwrap().remove(0);
    });
    check("B9", "列了两次", |m| {
        let entries = m["entries"].as_array_mut().unwrap();
        let first = entries[0].clone();
        entries.push(first);
    });
}

#[test]
fn marks_of_other_keys_or_versions_do_not_come_in_with_a_package() {
    let key = key();
    let mut chance = Chance::new(9);
    let (book, marks, present) = book(&mut chance, &key);
    let pack = |marks: &[MarkEntry]| {
        let parts = Parts {
            template: 1,
            unit: UNIT,
            channel: "",
            contact: &Contact::default(),
            made_at: AT.parse().unwrap(),
            present: &present,
            book: &book,
            marks,
            voids: &[],
            owed: &[],
            files: &[],
        };
        write(&key, &parts, &Limits::default()).unwrap()
    };
    let changed = |change: fn(&mut MarkEntry)| {
        let mut marks = marks.clone();
        change(&mut marks[0]);
        pack(&marks)
    };
    read(&pack(&marks), &trusted(&key)).unwrap();
    check(
        &changed(|m| m.version += 1),
        &trusted(&key),
        "B9",
        "二维码所记不同",
    );
    check(
        &changed(|m| m.digits.replace_range(230.., "00000")),
        &trusted(&key),
        "B9",
        "签发",
    );
    let other = Issue {
        kind: book.records()[0].kind().mark_code().unwrap(),
        reference: present[0],
        version: 1,
        copy: 1,
        copies: 3,
        page: 1,
        pages: 1,
        issued_at: AT.parse().unwrap(),
        digest: [0; 12],
    };
    let signed = sign(&key, &other).unwrap();
    let mut foreign = marks.clone();
    foreign[0].digits = signed.digits();
    check(&pack(&foreign), &trusted(&key), "B9", "版本不符");
}

/// The package of 2026: it must open for ever.
#[test]
fn the_package_of_today_opens_for_ever() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/package.zip");
    let (today, book) = packed(2026, &key());
    if !std::path::Path::new(path).exists() {
        std::fs::write(path, &today).unwrap();
        panic!("{path} was missing; look at it and commit it");
    }
    let golden = std::fs::read(path).unwrap();
    assert_eq!(read(&golden, &trusted(&key())).unwrap().book, book);
    assert_eq!(golden, today, "same input, same bytes");
}

#[test]
fn files_are_called_by_name_and_number_and_namesakes_keep_theirs_apart() {
    let photo = |path: &str| Attachment {
        path: path.to_owned(),
        usage: if path.starts_with("videos") {
            Use::Video
        } else {
            Use::Photo
        },
        size: 1,
        sha256: [0; 32],
        probe: Probe::Unknown,
    };
    let person = |name: &str, photo: &str| {
        let mut entry = Entry::default();
        entry.set("name", name);
        entry.set("photo", photo);
        entry
    };
    let submission = Submission {
        candidates: vec![
            person("张三", ""),
            person("阿卜杜拉·示例", "头像.JPEG"),
            person("张三", "photos/第二人.jpg"),
            person("李/四..", ""),
        ],
        files: [
            "photos/张三.jpg",
            "photos/张三10.jpg",
            "photos/张三2.JPEG",
            "photos/张 三1.jpg",
            "photos/阿卜杜拉·示例1.jpg",
            "photos/头像.JPEG",
            "photos/第二人.jpg",
            "photos/第二人1.jpg",
            "photos/第二人10.jpg",
            "photos/第二人 2.jpg",
            "videos/第二人.mov.MP4",
            "photos/无名.jpg",
            "videos/张三1.MP4",
        ]
        .map(photo)
        .to_vec(),
        ..Submission::default()
    };
    let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021");
    let campaign = load(&source.unwrap()).0.unwrap();
    let (names, findings) = renamed(&campaign, &submission);
    let names: BTreeMap<&str, &str> = names
        .iter()
        .map(|r| (r.name.as_str(), r.of.file.path.as_str()))
        .collect();
    // which of the two is meant by 张三1.jpg nobody can know, so that neither has it
    let expected = BTreeMap::from([
        (
            "附件/02阿卜杜拉·示例/照片/阿卜杜拉·示例.jpg",
            "photos/头像.JPEG",
        ),
        (
            "附件/02阿卜杜拉·示例/照片/阿卜杜拉·示例1.jpg",
            "photos/阿卜杜拉·示例1.jpg",
        ),
        ("附件/03张三/照片/张三.jpg", "photos/第二人.jpg"),
        ("附件/03张三/照片/张三1.jpg", "photos/第二人1.jpg"),
        ("附件/03张三/照片/张三2.jpg", "photos/第二人 2.jpg"),
        ("附件/03张三/照片/张三3.jpg", "photos/第二人10.jpg"),
        ("附件/03张三/视频/张三1.mp4", "videos/第二人.mov.MP4"),
    ]);
    assert_eq!(names, expected);
    let of = |code: &str| findings.iter().filter(|f| f.code == code).count();
    assert_eq!((of("I14"), of("I11")), (5, 1), "{findings:#?}");
    assert!(findings.iter().any(|f| f.message.contains("无名.jpg")));
    assert_eq!(Algorithm::from_name("sm2"), Some(Algorithm::Sm2));
}
