//! A private key that is not that of the public key beside it: refused before anything is signed, with both fingerprints and what to do;
//! and the lawful ways to such a folder, which are not.

use std::path::Path;

use sanlian::mark::{Algorithm, SigningKey, TrustedKey};
use sanlian::store::{StoreError, change_trust_list, new_key, new_key_told, open_keys};

use crate::folder::Folder;
use crate::{run, small};

const OWNER: &str = "示例市科学技术协会";

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

/// Writes a private key file, its owner's alone.
fn put_private(keys: &Path, key: &SigningKey) {
    let name = match key.algorithm() {
        Algorithm::Ed25519 => "private.pem",
        Algorithm::Sm2 => "private-sm2.pem",
    };
    put_secret(&keys.join(name), &key.to_pem());
}

fn put_secret(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

fn stranger(algorithm: Algorithm) -> SigningKey {
    SigningKey::from_chance(algorithm, &[77; 32]).unwrap()
}

/// Opening, changing and handing out are refused and change nothing; both fingerprints, the file and a remedy are named.
fn check_refused(keys: &Path, private: &SigningKey, beside: &TrustedKey, file: &str) {
    let before = run::files(keys);
    let algorithm = private.algorithm();
    let opened = open_keys(keys, OWNER, algorithm).map(drop);
    let renewed = new_key(keys, OWNER, algorithm, at("2026-11-25T00:00:00Z")).map(drop);
    for refused in [opened, renewed] {
        let error = refused.unwrap_err();
        assert!(matches!(error, StoreError::Mismatch { .. }), "{error}");
        let finding = error.finding();
        assert_eq!(finding.code, "K6");
        let words = &finding.message;
        for said in [
            private.public().fingerprint().as_str(),
            beside.public().fingerprint().as_str(),
            file,
        ] {
            assert!(words.contains(said), "{said} is not in {words}");
        }
        assert!(finding.hint.contains("恢复"), "{}", finding.hint);
    }
    assert!(run::files(keys) == before, "something was written");
}

#[test]
fn a_private_key_in_anothers_place_signs_nothing() {
    for algorithm in [Algorithm::Ed25519, Algorithm::Sm2] {
        let folder = Folder::new();
        let keys = folder.path().join("keys");
        let own = open_keys(&keys, OWNER, algorithm).unwrap().signing;
        put_private(&keys, &stranger(algorithm));
        let name = format!("public-{}.pem", own.id());
        check_refused(&keys, &stranger(algorithm), &own.trusted(""), &name);
        // the right one back, all is well
        put_private(&keys, &own);
        assert!(!open_keys(&keys, OWNER, algorithm).unwrap().made);
    }
}

#[test]
fn a_public_file_that_holds_another_key_than_its_name_says_is_refused() {
    let folder = Folder::new();
    let keys = folder.path().join("keys");
    let own = open_keys(&keys, OWNER, Algorithm::Ed25519).unwrap().signing;
    let name = format!("public-{}.pem", own.id());
    let other = stranger(Algorithm::Ed25519).trusted("虚拟学会");
    std::fs::write(keys.join(&name), other.to_pem()).unwrap();
    check_refused(&keys, &own, &other, &name);
    // not even where the key stands elsewhere too
    std::fs::write(keys.join("own.pem"), own.trusted(OWNER).to_pem()).unwrap();
    check_refused(&keys, &own, &other, &name);
    std::fs::remove_file(keys.join(&name)).unwrap();
    open_keys(&keys, OWNER, Algorithm::Ed25519).unwrap();
}

#[test]
fn a_private_key_that_the_trust_list_contradicts_is_refused() {
    let folder = Folder::new();
    let keys = folder.path().join("keys");
    let own = open_keys(&keys, OWNER, Algorithm::Ed25519).unwrap().signing;
    std::fs::remove_file(keys.join(format!("public-{}.pem", own.id()))).unwrap();
    let entry = own.trusted(OWNER);
    change_trust_list(&keys, |list| list.0.push(entry.clone())).unwrap();
    assert!(
        !open_keys(&keys, OWNER, Algorithm::Ed25519).unwrap().made,
        "the list alone names the key"
    );
    put_private(&keys, &stranger(Algorithm::Ed25519));
    check_refused(&keys, &stranger(Algorithm::Ed25519), &entry, "trust.toml");
    // a list that says the key is lost contradicts nothing
    change_trust_list(&keys, |list| {
        list.0[0].term.until = Some(at("2026-11-01T00:00:00Z"));
    })
    .unwrap();
    let ring = open_keys(&keys, OWNER, Algorithm::Ed25519).unwrap();
    assert_eq!(ring.signing.id(), stranger(Algorithm::Ed25519).id());
}

#[test]
fn what_the_remedies_say_is_enough() {
    let begun = || {
        let folder = Folder::new();
        let keys = folder.path().join("keys");
        let own = open_keys(&keys, OWNER, Algorithm::Ed25519).unwrap().signing;
        put_private(&keys, &stranger(Algorithm::Ed25519));
        assert!(open_keys(&keys, OWNER, Algorithm::Ed25519).is_err());
        (folder, keys, own)
    };
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    // a key of one's own whose private half is lost is revoked
    let (_folder, keys, own) = begun();
    let id = own.id().to_string();
    let revoke = ["key", "revoke", &id, "--reason", "私钥丢失", "--keys"];
    run::ok(&[&revoke[..], &[&text(&keys)]].concat());
    open_keys(&keys, OWNER, Algorithm::Ed25519).unwrap();
    // a key of somebody else's is listed, and its file goes
    let (_folder, keys, own) = begun();
    let file = keys.join(format!("public-{}.pem", own.id()));
    let trust = [
        "key",
        "trust",
        &text(&file),
        "--owner",
        "虚拟学会",
        "--keys",
    ];
    run::ok(&[&trust[..], &[&text(&keys)]].concat());
    std::fs::remove_file(file).unwrap();
    let ring = open_keys(&keys, OWNER, Algorithm::Ed25519).unwrap();
    assert_eq!(ring.trusted.0.len(), 2);
}

#[test]
fn keys_of_others_lost_public_halves_and_retired_keys_contradict_nothing() {
    let folder = Folder::new();
    let keys = folder.path().join("keys");
    // others' files were there first
    std::fs::create_dir_all(&keys).unwrap();
    let other = stranger(Algorithm::Ed25519).trusted("虚拟学会");
    std::fs::write(keys.join("public-other.pem"), other.to_pem()).unwrap();
    let own = open_keys(&keys, OWNER, Algorithm::Ed25519).unwrap();
    assert!(own.made);
    for day in ["2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z"] {
        new_key(&keys, "", Algorithm::Ed25519, at(day)).unwrap();
        new_key_told(&keys, Algorithm::Ed25519).unwrap();
    }
    open_keys(&keys, OWNER, Algorithm::Sm2).unwrap();
    open_keys(&keys, OWNER, Algorithm::Ed25519).unwrap();
    // without its public half, a key among retired ones and others that are listed makes it again
    std::fs::remove_file(keys.join("public-other.pem")).unwrap();
    change_trust_list(&keys, |list| list.0.push(other)).unwrap();
    let ring = open_keys(&keys, OWNER, Algorithm::Ed25519).unwrap();
    let file = keys.join(format!("public-{}.pem", ring.signing.id()));
    std::fs::remove_file(&file).unwrap();
    open_keys(&keys, OWNER, Algorithm::Ed25519).unwrap();
    assert!(file.exists());
}

#[test]
fn the_program_says_which_file_and_writes_no_paper() {
    let folder = Folder::new();
    for part in ["submission", "keys"] {
        run::copy_tree(&small::made().join(part), &folder.path().join(part));
    }
    let keys = folder.path().join("keys");
    put_private(&keys, &stranger(Algorithm::Ed25519));
    let vault = std::fs::read_to_string(keys.join("vault.key")).unwrap();
    put_secret(&keys.join("vault.key"), &vault);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (submission, paper, keys) = (path("submission"), path("paper"), path("keys"));
    let make = ["make", &submission, "--out", &paper, "--now", small::NOW];
    for args in [&make[..], &["key", "new"], &["key", "export"]] {
        let output = run::sanlian(&[args, &["--keys", &keys]].concat());
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {words}");
        assert!(words.contains("不是一对"), "{args:?}: {words}");
        assert!(words.contains("sanlian key revoke"), "{args:?}: {words}");
        assert!(output.stdout.is_empty());
    }
    assert!(!Path::new(&paper).exists());
}
