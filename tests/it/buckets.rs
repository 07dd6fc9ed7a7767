//! Objects in a bucket of a store that speaks the S3 protocol: a new ledger's, moved there and back, backed up, erased, held against the
//! ledger; what is refused, and what a moving leaves that was killed.
#![cfg(all(unix, debug_assertions))]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::elsewhere::{Place, said};
use crate::killed::{passes, was_killed};
use crate::{postgres, run, small, tools};

/// The store looks no further than this.
const SIGNED: (&str, &str) = (
    "Authorization",
    "AWS4-HMAC-SHA256 Credential=test/20210530/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
);

const NOW: &str = "2021-05-30T01:02:03Z";

/// The store of this run of the tests.
struct Store {
    port: u16,
    /// It ends with its input, which this process holds.
    _child: Child,
}

/// The store; none where it could not be had and need not be.
fn store() -> Option<&'static Store> {
    static STORE: OnceLock<Option<Store>> = OnceLock::new();
    let store = STORE.get_or_init(|| {
        let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/moto/bin/moto_server");
        tool.is_file().then(|| Store::start(&tool))
    });
    if store.is_none() {
        tools::missing("moto", "没有取得（由 tests/run 取得）");
    }
    store.as_ref()
}

impl Store {
    fn start(tool: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = port.local_addr().unwrap().port();
        // it goes when the tests go, however they end
        let child = Command::new("sh")
            .args([
                "-c",
                r#""$1" -H 127.0.0.1 -p "$2" >/dev/null 2>&1 & cat >/dev/null; kill $!"#,
                "keeper",
            ])
            .arg(tool)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "moto does not start"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        Self {
            port,
            _child: child,
        }
    }

    /// A new bucket; gives the address of a folder in it.
    fn bucket(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("bucket-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let made = ureq::put(format!("http://127.0.0.1:{}/{name}", self.port)).send_empty();
        assert!(made.unwrap().status().is_success());
        format!("s3://{name}/2021?endpoint=http://127.0.0.1:{}", self.port)
    }

    /// The names of what lies in a bucket, the marks of the program's own left out.
    fn names(&self, address: &str) -> Vec<String> {
        let url = self.url(address, "?list-type=2&max-keys=1000");
        let list = ureq::get(url)
            .header(SIGNED.0, SIGNED.1)
            .call()
            .unwrap()
            .body_mut()
            .read_to_string()
            .unwrap();
        let names = list.split("<Key>").skip(1);
        let names = names.map(|rest| rest.split('<').next().unwrap().to_owned());
        names.filter(|name| name.len() > 60).collect()
    }

    /// Where an object, or something asked of its bucket, is found.
    fn url(&self, address: &str, behind: &str) -> String {
        let bucket = address
            .strip_prefix("s3://")
            .unwrap()
            .split('/')
            .next()
            .unwrap();
        format!("http://127.0.0.1:{}/{bucket}{behind}", self.port)
    }

    fn put(&self, address: &str, name: &str, bytes: &[u8]) {
        let put = ureq::put(self.url(address, &format!("/{name}")))
            .header(SIGNED.0, SIGNED.1)
            .send(bytes);
        assert!(put.unwrap().status().is_success());
    }

    fn delete(&self, address: &str, name: &str) {
        let asked = ureq::delete(self.url(address, &format!("/{name}")));
        let gone = asked.header(SIGNED.0, SIGNED.1).call();
        assert!(gone.unwrap().status().is_success());
    }
}

/// The package of the small submission.
fn package() -> &'static str {
    static PACKED: OnceLock<String> = OnceLock::new();
    PACKED.get_or_init(|| {
        let made = small::made();
        let path = |name: &str| made.join(name).to_str().unwrap().to_owned();
        let out = tools::folder("buckets").join("pack.zip");
        let out = out.to_str().unwrap().to_owned();
        let (submission, paper) = (path("submission"), path("paper"));
        let keys = path("keys");
        let args = [
            "pack",
            &submission,
            "--paper",
            &paper,
            "--out",
            &out,
            "--keys",
            &keys,
            "--now",
            small::NOW,
        ];
        let output = run::sanlian(&args);
        assert!(output.status.success(), "{}", said(&output));
        out
    })
}

/// The package is received in a place: its ledger names objects.
fn receive(place: &Place) {
    let output = place.run(&["receive", "package", package(), "--now", NOW]);
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{}",
        said(&output)
    );
}

/// A place where that was done.
fn received() -> Place {
    static DONE: OnceLock<Place> = OnceLock::new();
    let done = DONE.get_or_init(|| {
        let place = Place::new();
        receive(&place);
        place
    });
    let place = Place::new();
    for part in ["data", "keys"] {
        std::fs::remove_dir_all(place.path(part)).unwrap();
        run::copy_tree(&done.path(part), &place.path(part));
    }
    place
}

fn fsck(place: &Place, more: &[&str]) -> Value {
    let output = place.run(&[&["fsck", "--json"], more].concat());
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{}",
        said(&output)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn objects_in(folder: &Path) -> usize {
    let shelves = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let files = shelves.filter_map(|shelf| std::fs::read_dir(shelf.path()).ok());
    files
        .flatten()
        .filter(|f| f.as_ref().unwrap().file_name().len() > 60)
        .count()
}

#[test]
fn a_new_ledger_has_its_objects_in_a_bucket_sealed_and_backed_up() {
    let Some(store) = store() else { return };
    let place = Place::new();
    let address = store.bucket();
    place.done(&["init", "--data", "new", "--objects", &address]);
    std::fs::remove_dir_all(place.path("data")).unwrap();
    std::fs::rename(place.path("new"), place.path("data")).unwrap();
    receive(&place);
    let names = store.names(&address);
    assert!(
        names.len() >= 3 && !place.path("data/objects").exists(),
        "{names:?}"
    );
    // what the store sees tells nothing: no picture, no document
    for name in &names {
        let url = store.url(&address, &format!("/{name}"));
        let bytes = ureq::get(url)
            .header(SIGNED.0, SIGNED.1)
            .call()
            .unwrap()
            .body_mut()
            .read_to_vec()
            .unwrap();
        for head in [&b"\xff\xd8\xff"[..], b"PK\x03\x04", b"%PDF"] {
            assert!(!bytes.starts_with(head), "{name}");
        }
    }
    let state = fsck(&place, &["--deep"]);
    assert_eq!(state["named"], names.len());
    assert_eq!(state["missing"], Value::Array(Vec::new()));
    // again: nothing is put twice
    receive(&place);
    assert_eq!(store.names(&address).len(), names.len());
    // a backup has them, and is restored into a folder that needs no store
    place.done(&["backup", "--out", "backup", "--now", NOW]);
    place.done(&["restore", "backup", "--data", "restored", "--now", NOW]);
    assert!(!place.path("restored/objects.toml").exists());
    assert_eq!(objects_in(&place.path("restored/objects")), names.len());
    let restored = place.run(&["fsck", "--deep", "--json", "--data", "restored"]);
    assert_eq!(
        serde_json::from_slice::<Value>(&restored.stdout).unwrap()["named"],
        names.len()
    );
    // what is erased leaves the bucket
    let campaign = ["--campaign", "hebei-zuimei-2021", "--unit"];
    let status = place.run(&["status", "--json", "--now", NOW]);
    let board: Value = serde_json::from_slice(&status.stdout).unwrap();
    let unit = board[0]["unit"].as_str().unwrap();
    place.done(
        &[
            &["erase"],
            &campaign[..],
            &[unit, "--reason", "保存期限届满", "--yes"],
        ]
        .concat(),
    );
    assert_eq!(store.names(&address), Vec::<String>::new());
}

#[test]
fn objects_go_to_a_bucket_and_come_back_and_what_is_wrong_with_them_is_told() {
    let Some(store) = store() else { return };
    let place = received();
    let (state, before) = (place.state(), objects_in(&place.path("data/objects")));
    let address = store.bucket();
    let moving = |to: &str| place.run(&["migrate", "--objects", to, "--now", NOW]);
    assert!(moving(&address).status.success());
    assert_eq!(store.names(&address).len(), before);
    assert_eq!(place.names("objects").len(), 2, "{:?}", place.names(""));
    assert_eq!(place.state(), state);
    assert!(said(&moving(&address)).contains("没有搬"));
    // one is lost, one is altered, one is nobody's
    let names = store.names(&address);
    store.delete(&address, &names[0]);
    store.put(&address, &names[1], b"altered");
    let stray = format!("{}{}", &names[2][..names[2].len() - 4], "0000");
    store.put(&address, &stray, b"stray");
    let output = place.run(&["fsck", "--deep"]);
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    for word in ["没有找到：", "与校验和不符：", "报送包中的"] {
        assert!(told.contains(word), "{told}");
    }
    assert!(!told.contains("王示例"), "{told}");
    let found = fsck(&place, &["--deep", "--sweep"]);
    assert_eq!(found["missing"].as_array().unwrap().len(), 1);
    assert_eq!(found["damaged"].as_array().unwrap().len(), 1);
    // it was put a moment ago: another run may be about to name it
    assert_eq!(
        (&found["unnamed"], &found["removed"]),
        (&Value::from(0), &Value::from(0))
    );
    assert!(store.names(&address).contains(&stray));
    // back, without these two, which is told
    let output = moving("folder");
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert_eq!(
        said(&output).matches("没有搬：").count(),
        2,
        "{}",
        said(&output)
    );
    assert_eq!(objects_in(&place.path("data/objects")), before - 2);
    assert_eq!(place.state(), state);
    let acts = place.acts();
    assert_eq!(acts.iter().filter(|act| *act == "migrate").count(), 2);
    // in a folder a stray one is known at once
    let shelf = place.path("data/objects").join(&stray[5..7]);
    std::fs::create_dir_all(&shelf).unwrap();
    std::fs::write(shelf.join(&stray[8..]), b"stray").unwrap();
    let found = fsck(&place, &["--sweep"]);
    assert_eq!(
        (&found["unnamed"], &found["removed"]),
        (&Value::from(1), &Value::from(1))
    );
    // the bucket is this ledger's for good, and nobody else's
    place.done(&["init", "--data", "other"]);
    let refused = place.refused(&["migrate", "--from", "other", "--objects", &address]);
    assert!(refused.contains("另一本台账"), "{refused}");
    // what is lost is told again, and the rest is there
    assert_eq!(moving(&address).status.code(), Some(1));
    assert_eq!(place.state(), state);
}

#[test]
fn a_moving_of_objects_killed_anywhere_is_gone_on_with() {
    let Some(store) = store() else { return };
    let fresh = received();
    let before = objects_in(&fresh.path("data/objects"));
    for back in [false, true] {
        let mut kills = 0;
        for pass in passes(400) {
            let place = received();
            let address = store.bucket();
            if back {
                place.done(&["migrate", "--objects", &address, "--now", NOW]);
            }
            let to = if back { "folder" } else { &address };
            let args = ["migrate", "--objects", to, "--now", NOW];
            let output = place.run_killed(&args, "", Some(pass));
            if !was_killed(&output) {
                assert!(output.status.success(), "{}", said(&output));
                break;
            }
            kills += 1;
            let when = format!("{to} killed at {pass}: {:?}", place.names(""));
            let found = fsck(&place, &["--deep"]);
            assert_eq!(found["named"], before, "{when}");
            assert_eq!(found["missing"], Value::Array(Vec::new()), "{when}");
            place.done(&args);
            assert_eq!(place.path("data/objects.toml").exists(), !back, "{when}");
            assert_eq!(place.path("data/objects").exists(), back, "{when}");
            let found = fsck(&place, &["--deep"]);
            assert_eq!(found["missing"], Value::Array(Vec::new()), "{when}");
            assert_eq!(found["damaged"], Value::Array(Vec::new()), "{when}");
        }
        assert!(kills >= 5, "{kills}");
    }
}

#[test]
fn ledger_and_objects_are_both_elsewhere() {
    let (Some(store), Some(server)) = (store(), postgres::server()) else {
        return;
    };
    let place = received();
    let state = place.state();
    let (database, address) = (server.database(), store.bucket());
    place.done(&[
        "migrate",
        "--to",
        &database,
        "--objects",
        &address,
        "--now",
        NOW,
    ]);
    assert_eq!(place.state(), state);
    receive(&place);
    let found = fsck(&place, &["--deep"]);
    assert_eq!(found["missing"], Value::Array(Vec::new()));
    // no file of the folder is needed but those that say where things are
    for name in place.names("") {
        if !["database.toml", "objects.toml"].contains(&name.as_str()) {
            let path = place.path("data").join(name);
            let _ = std::fs::remove_file(&path).or_else(|_| std::fs::remove_dir_all(&path));
        }
    }
    assert_eq!(place.state(), state);
    assert_eq!(
        fsck(&place, &["--deep"])["missing"],
        Value::Array(Vec::new())
    );
}

/// A store that answers everything with 200, as one does that does not know conditions.
fn careless() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut asked = [0; 8192];
            let _ = stream.read(&mut asked);
            let answer = "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nLast-Modified: Sat, 29 May 2021 01:02:03 GMT\r\nContent-Length: 7\r\nConnection: close\r\n\r\nsanlian";
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    port
}

#[test]
fn what_is_asked_of_a_store_is_told_with_what_to_do() {
    let Some(store) = store() else { return };
    let place = Place::new();
    let nowhere = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let careless = careless();
    let here = format!("?endpoint=http://127.0.0.1:{}", store.port);
    for (address, words) in [
        ("https://bucket".to_owned(), "地址应写成 s3://"),
        (format!("s3://key:secret@bucket{here}"), "不写访问密钥"),
        (format!("s3://no{here}"), "3 到 63 个"),
        (format!("s3://bucket/../x{here}"), "文件夹"),
        ("s3://bucket?secret=x".to_owned(), "endpoint 和 region"),
        ("s3://bucket?endpoint=ftp://x".to_owned(), "https://"),
        (format!("s3://not-there{here}"), "没有名为“not-there”的桶"),
        (
            format!("s3://bucket?endpoint=http://127.0.0.1:{nowhere}"),
            "连不上",
        ),
        (
            format!("s3://bucket?endpoint=http://127.0.0.1:{careless}"),
            "If-None-Match",
        ),
    ] {
        for args in [
            &["init", "--data", "new", "--objects", &address][..],
            &["migrate", "--objects", &address, "--now", NOW],
        ] {
            let refused = place.refused(args);
            assert!(refused.contains(words), "{args:?}: {refused}");
        }
        assert!(!place.path("new/ledger.db").exists() && !place.path("new/objects.toml").exists());
        assert!(!place.path("data/objects.toml").exists());
    }
    // a folder that has its objects keeps them where they are
    let address = store.bucket();
    let refused = place.refused(&["init", "--objects", &address]);
    assert!(refused.contains("附件已经在"), "{refused}");
    place.done(&["init", "--data", "new", "--objects", &address]);
    let refused = place.refused(&["init", "--data", "new", "--objects", &store.bucket()]);
    assert!(refused.contains("附件已经在"), "{refused}");
    place.done(&["init", "--data", "new", "--objects", &address]);
}
