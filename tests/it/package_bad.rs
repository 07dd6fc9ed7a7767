//! Packages that are traps: names that lead elsewhere, more than a desk can hold, and chance.

use std::io::Cursor;

use sanlian::package::{Contact, EntryRole, Limits, PackageFault, Parts, open, write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::chance::Chance;
use crate::package::{AT, book, check, entries, file, key, packed, read, refused, trusted, zipped};

#[test]
fn names_that_lead_elsewhere_are_refused_before_anything_else() {
    let key = key();
    let trusted = trusted(&key);
    let (bytes, _) = packed(4, &key);
    let with = |name: &str| {
        let mut all = entries(&bytes);
        all.push((name.to_owned(), b"x".to_vec()));
        zipped(&all, CompressionMethod::Stored)
    };
    for (name, says) in [
        ("../evil.txt", "别的文件夹"),
        ("a/../../evil.txt", "别的文件夹"),
        ("./evil.txt", "别的文件夹"),
        ("a//b", "别的文件夹"),
        ("/etc/evil", "绝对路径"),
        ("C:evil", "绝对路径"),
        ("a\\..\\evil", "反斜线"),
        ("a\u{7}b", "控制字符"),
        ("RECORDS.JSON", "出现了两次"),
    ] {
        check(&with(name), &trusted, "B3", says);
    }
    // the library refuses to write a name twice: give one of two files the other's name
    let mut twice = with("records.jsom");
    while let Some(at) = twice.windows(12).position(|w| w == b"records.jsom") {
        twice[at + 11] = b'n';
    }
    check(&twice, &trusted, "B3", "出现了两次");
    let mut link = ZipWriter::new(Cursor::new(Vec::new()));
    link.add_symlink("link", "/etc/passwd", SimpleFileOptions::default())
        .unwrap();
    check(
        &link.finish().unwrap().into_inner(),
        &trusted,
        "B3",
        "符号链接",
    );
    let mut folder = ZipWriter::new(Cursor::new(Vec::new()));
    folder
        .add_directory("folder", SimpleFileOptions::default())
        .unwrap();
    let folder = folder.finish().unwrap().into_inner();
    check(&folder, &trusted, "B3", "文件夹");
    // GBK without the flag
    let mut gbk = with("AB.txt");
    while let Some(at) = gbk.windows(6).position(|w| w == b"AB.txt") {
        gbk[at..at + 2].copy_from_slice(&[0xd5, 0xc5]);
    }
    check(&gbk, &trusted, "B3", "UTF-8");
}

#[test]
fn too_much_is_refused_before_it_is_read() {
    let key = key();
    let trusted = trusted(&key);
    let zeros = vec![("bomb".to_owned(), vec![0; 4 << 20])];
    let bomb = zipped(&zeros, CompressionMethod::Deflated);
    check(&bomb, &trusted, "B2", "压缩炸弹");
    let many: Vec<_> = (0..2_001).map(|n| (format!("{n}"), Vec::new())).collect();
    let many = zipped(&many, CompressionMethod::Stored);
    check(&many, &trusted, "B2", "2001 个文件，最多 2000 个");
    let (bytes, _) = packed(10, &key);
    let small = Limits {
        unpacked: 1_000,
        ..Limits::default()
    };
    let found = open("x.zip", &bytes, &trusted, &small, &mut |_| None).unwrap_err();
    assert_eq!(found[0].code, "B2");
    // what would not be opened is not written either
    let (book, marks, present) = book(&mut Chance::new(10), &key);
    let large = [file("a.bin", EntryRole::Photo, &[0; 2_000])];
    let parts = Parts {
        template: 1,
        unit: "示例",
        channel: "",
        contact: &Contact::default(),
        made_at: AT.parse().unwrap(),
        present: &present,
        book: &book,
        marks: &marks,
        voids: &[],
        owed: &[],
        files: &large,
    };
    let fault = write(&key, &parts, &small).unwrap_err();
    assert!(matches!(fault, PackageFault::TooLarge { .. }));
    let few = Limits {
        entries: 5,
        ..Limits::default()
    };
    let fault = write(&key, &parts, &few).unwrap_err();
    assert!(matches!(fault, PackageFault::TooMany { .. }));
    let files = [file("../a", EntryRole::Photo, b"")];
    let parts = Parts {
        voids: &[],
        owed: &[],
        files: &files,
        ..parts
    };
    let fault = write(&key, &parts, &Limits::default()).unwrap_err();
    assert!(matches!(fault, PackageFault::Name { .. }));
    // a directory that claims sizes beyond the file
    let mut liar = bytes.clone();
    let central = liar.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    liar[central + 20..central + 28].copy_from_slice(&[0xff; 8]);
    assert_eq!(refused(&liar, &trusted).code, "B2");
}

#[test]
fn mutated_packages_never_panic_and_are_never_believed() {
    let key = key();
    let trusted = trusted(&key);
    let (bytes, _) = packed(11, &key);
    let mut chance = Chance::law(11);
    for round in 0..3_000 {
        let mut other = bytes.clone();
        for _ in 0..=chance.below(3) {
            let (from, to) = (
                chance.below(bytes.len() as u64) as usize,
                chance.below(bytes.len() as u64) as usize,
            );
            match chance.below(3) {
                0 => other[to.min(bytes.len() - 1)] = chance.below(256) as u8,
                1 => {
                    let n = 30.min(bytes.len() - from.max(to));
                    other.copy_within(from..from + n, to);
                }
                // the directory and the end record are where structure lies
                _ => {
                    let at = bytes.len() - 1 - chance.below(500) as usize;
                    other[at] = chance.below(256) as u8;
                }
            }
        }
        if other != bytes {
            assert!(read(&other, &trusted).is_err(), "round {round}");
        }
    }
}
