//! Personal data at rest: a key beside no data, sealing that a wrong key and one flipped bit do not open, an index that gives
//! nothing away; and objects under their own sum.

use std::fs;
use std::path::Path;

use sanlian::store::{Objects, StoreError, VAULT_KEY, Vault, VaultFault};
use sha2::{Digest as _, Sha256};

use crate::chance::Chance;
use crate::folder::Folder;

fn fault(result: Result<impl std::fmt::Debug, StoreError>) -> VaultFault {
    let error = result.unwrap_err();
    let finding = error.finding();
    assert!(finding.hint.ends_with('。'), "{}", finding.hint);
    match error {
        StoreError::Vault { fault, .. } => fault,
        other => panic!("{other}"),
    }
}

#[test]
fn a_vault_key_is_made_once_and_readable_by_its_owner_alone() {
    let folder = Folder::new();
    let keys = folder.path().join("keys");
    assert_eq!(fault(Vault::open(&keys, false)), VaultFault::Missing);
    assert!(!keys.exists(), "asking for a key made a folder");
    let made = Vault::open(&keys, true).unwrap();
    let again = Vault::open(&keys, false).unwrap();
    assert_eq!(made.fingerprint(), again.fingerprint());
    assert_eq!(folder.list(), ["keys/", "keys/vault.key"]);
    let text = fs::read_to_string(keys.join(VAULT_KEY)).unwrap();
    assert!(text.starts_with("sanlian vault key 1\n"));
    assert!(!format!("{made:?}").contains(text.lines().nth(1).unwrap()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let path = keys.join(VAULT_KEY);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&keys)), (0o600, 0o700));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(
            Vault::open(&keys, true),
            Err(StoreError::Exposed { mode: 0o640, .. })
        ));
    }
}

#[test]
fn a_damaged_vault_key_is_neither_used_nor_replaced() {
    let folder = Folder::new();
    let keys = folder.path();
    Vault::open(keys, true).unwrap();
    let whole = fs::read(keys.join(VAULT_KEY)).unwrap();
    for cut in 0..whole.len() - 1 {
        fs::write(keys.join(VAULT_KEY), &whole[..cut]).unwrap();
        assert_eq!(fault(Vault::open(keys, true)), VaultFault::Content, "{cut}");
        assert_eq!(fs::read(keys.join(VAULT_KEY)).unwrap(), &whole[..cut]);
    }
    fs::write(keys.join(VAULT_KEY), [&whole[..], b"0"].concat()).unwrap();
    assert_eq!(fault(Vault::open(keys, true)), VaultFault::Content);
}

#[test]
fn many_runs_at_once_agree_on_one_vault_key() {
    let folder = Folder::new();
    let keys = folder.path().join("keys");
    let prints: Vec<String> = std::thread::scope(|scope| {
        let open = || Vault::open(&keys, true).unwrap().fingerprint();
        let runs: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert!(prints.iter().all(|p| *p == prints[0]), "{prints:?}");
}

#[test]
fn sealed_bytes_open_with_the_same_key_and_purpose_and_no_bit_changed() {
    let folder = Folder::new();
    let vault = Vault::open(&folder.path().join("a"), true).unwrap();
    let other = Vault::open(&folder.path().join("b"), true).unwrap();
    assert_ne!(vault.fingerprint(), other.fingerprint());
    let plain = "130102197001011234 · 13800000000".as_bytes();
    let sealed = vault.seal(b"contents 1", plain).unwrap();
    assert_eq!(sealed.len(), plain.len() + 41);
    assert_ne!(sealed, vault.seal(b"contents 1", plain).unwrap());
    assert!(!sealed.windows(6).any(|w| plain.windows(6).any(|p| p == w)));
    assert_eq!(vault.open_sealed(b"contents 1", &sealed).unwrap(), plain);
    assert_eq!(
        fault(vault.open_sealed(b"contents 2", &sealed)),
        VaultFault::Sealed
    );
    assert_eq!(
        fault(other.open_sealed(b"contents 1", &sealed)),
        VaultFault::Sealed
    );
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(vault.open_sealed(b"contents 1", &changed).is_err());
    }
    for cut in 0..sealed.len() {
        assert!(vault.open_sealed(b"contents 1", &sealed[..cut]).is_err());
    }
    let empty = vault.seal(b"", b"").unwrap();
    assert_eq!(vault.open_sealed(b"", &empty).unwrap(), b"");
}

#[test]
fn a_value_has_one_blind_index_however_it_was_typed() {
    let folder = Folder::new();
    let vault = Vault::open(&folder.path().join("a"), true).unwrap();
    let other = Vault::open(&folder.path().join("b"), true).unwrap();
    let id = vault.blind("id_number", "13010219700101123X");
    for typed in [
        "13010219700101123x",
        "１３０１０２１９７００１０１１２３Ｘ",
        " 130102 19700101 123X\u{3000}",
    ] {
        assert_eq!(vault.blind("id_number", typed), id, "{typed}");
    }
    assert_eq!(
        vault.blind("phone", "138-0000-0000"),
        vault.blind("phone", "13800000000")
    );
    assert_ne!(vault.blind("phone", "13010219700101123X"), id);
    assert_ne!(vault.blind("id_number", "13010219700101124X"), id);
    assert_ne!(other.blind("id_number", "13010219700101123X"), id);
}

#[test]
fn an_object_lies_under_its_sum_once_and_is_checked_when_read() {
    let folder = Folder::new();
    let objects = Objects::of(folder.path()).unwrap();
    assert_eq!(objects.list().unwrap(), []);
    let mut chance = Chance::law(7);
    let mut put = Vec::new();
    for size in [0_u64, 1, 1000, 300_000] {
        let bytes: Vec<u8> = (0..size).map(|_| chance.next() as u8).collect();
        let sum = objects.put(&bytes).unwrap();
        assert_eq!(sum.0, <[u8; 32]>::from(Sha256::digest(&bytes)));
        assert_eq!(objects.put(&bytes).unwrap(), sum);
        assert_eq!(objects.get(&sum, size).unwrap(), bytes);
        assert_eq!(objects.check(&sum).unwrap(), size);
        if size > 0 {
            assert!(matches!(
                objects.get(&sum, size - 1),
                Err(StoreError::TooLarge { .. })
            ));
        }
        put.push((sum, bytes));
    }
    put.sort_by_key(|(sum, _)| sum.0);
    let sums: Vec<_> = put.iter().map(|(sum, _)| *sum).collect();
    assert_eq!(objects.list().unwrap(), sums);
    let beside = folder
        .list()
        .into_iter()
        .filter(|p| p.contains(".new") || p.contains(".lock"));
    assert_eq!(beside.count(), 0);
    // damage is seen, and the true bytes mend it
    let (sum, bytes) = put.iter().find(|(_, b)| b.len() == 1000).unwrap();
    let mut changed = bytes.clone();
    changed[500] ^= 1;
    fs::write(objects.path(sum).unwrap(), &changed).unwrap();
    for result in [objects.get(sum, 1000).err(), objects.check(sum).err()] {
        assert!(matches!(result, Some(StoreError::Altered(_))));
    }
    objects.put(bytes).unwrap();
    assert_eq!(objects.get(sum, 1000).unwrap(), *bytes);
    // one that is gone is named
    fs::remove_file(objects.path(sum).unwrap()).unwrap();
    assert!(!objects.path(sum).unwrap().exists());
    let error = objects.get(sum, 1000).unwrap_err().finding();
    assert!(error.message.contains(&sum.to_string()[2..]), "{error:?}");
}

#[test]
fn objects_put_by_many_runs_at_once_are_all_whole() {
    let folder = Folder::new();
    let objects = Objects::of(folder.path()).unwrap();
    std::thread::scope(|scope| {
        for run in 0..4_u8 {
            let objects = &objects;
            scope.spawn(move || {
                for i in 0..20_u8 {
                    // half of them the same in every run
                    let who = if i % 2 == 0 { run } else { 9 };
                    objects.put(&[who, i].repeat(2000)).unwrap();
                }
            });
        }
    });
    let all = objects.list().unwrap();
    assert_eq!(all.len(), 4 * 10 + 10);
    assert!(all.iter().all(|sum| objects.check(sum).is_ok()));
}
