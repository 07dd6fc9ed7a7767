//! The trust list on the pages: a public key is read, compared, trusted, revoked; the service's own key is changed.

use crate::run::{ok, scratch};
use crate::service::{Browser, Service};

fn foreign_key(name: &str) -> (String, String) {
    let dir = scratch(name);
    let keys = dir.join("keys");
    let keys = keys.to_str().unwrap();
    ok(&["key", "--keys", keys, "new", "--owner", "示例省级学会"]);
    let pem = ok(&["key", "--keys", keys, "export"]).stdout;
    let list = ok(&["key", "--keys", keys, "list", "--json"]).stdout;
    let list: serde_json::Value = serde_json::from_slice(&list).unwrap();
    (
        String::from_utf8(pem).unwrap(),
        list[0]["fingerprint"].as_str().unwrap().to_owned(),
    )
}

fn log(admin: &mut Browser) -> String {
    admin.get("/admin/log?q=key").text
}

#[test]
fn a_key_is_compared_before_it_is_trusted_and_revoked_with_a_reason() {
    let (_service, mut admin) = Service::settled("web-trust");
    let (pem, fingerprint) = foreign_key("web-trust-foreign");
    admin.get("/admin/trust");
    let read = admin.upload("/admin/trust/read", &[("公钥.pem", pem.as_bytes())]);
    assert_eq!(read.status, 200, "{}", read.text);
    let spoken: Vec<&str> = (0..8).map(|n| &fingerprint[n * 8..n * 8 + 8]).collect();
    assert!(read.text.contains(&spoken.join(" ")), "{}", read.text);
    assert!(read.text.contains("value=\"示例省级学会\""));
    // read is not trusted
    assert_eq!(
        admin.get("/admin/trust").text.matches("<dt>算法").count(),
        1
    );
    let fields = [
        ("pem", pem.as_str()),
        ("owner", "示例省级学会"),
        ("from", "2021-05-01"),
        ("until", "2021-12-31"),
    ];
    let done = admin.post("/admin/trust", &fields);
    assert!(done.text.contains("已列入信任名单"), "{}", done.text);
    assert!(done.text.contains("2021-05-01 00:00 至 2021-12-31 23:59"));
    let revoke =
        |reason: &'static str| [("key", fingerprint.clone()), ("reason", reason.to_owned())];
    let post = |admin: &mut Browser, fields: &[(&str, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        admin.post("/admin/trust/revoke", &fields)
    };
    assert_eq!(post(&mut admin, &revoke("")).status, 422);
    let done = post(&mut admin, &revoke("私钥文件被复制"));
    assert!(
        done.text.contains("起吊销：私钥文件被复制"),
        "{}",
        done.text
    );
    // what is revoked stays so
    let again = admin.post("/admin/trust", &fields);
    assert!(again.text.contains("吊销不能撤回"), "{}", again.text);
    let log = log(&mut admin);
    assert!(log.contains("列入信任名单：示例省级学会") && log.contains("私钥文件被复制"));
}

#[test]
fn the_service_changes_its_own_key_and_hands_out_the_public_half() {
    let (_service, mut admin) = Service::settled("web-trust-own");
    admin.get("/admin/trust");
    let first = admin.get("/admin/trust/public.pem").text;
    assert!(first.contains("BEGIN PUBLIC KEY") && !first.contains("PRIVATE"));
    let done = admin.post("/admin/trust/new", &[("algorithm", "ed25519")]);
    assert!(
        done.text.contains("以后的打印件用它签名") && done.text.contains("本系统停用"),
        "{}",
        done.text
    );
    assert_ne!(admin.get("/admin/trust/public.pem").text, first);
    assert!(log(&mut admin).contains("新建 ed25519 签名密钥，原密钥"));
    let bad = admin.post("/admin/trust/new", &[("algorithm", "rot13")]);
    assert_eq!(bad.status, 422);
    let bad = admin.upload("/admin/trust/read", &[("a.pem", b"hello")]);
    assert!(
        bad.status == 422 && bad.text.contains("这不是公钥"),
        "{}",
        bad.text
    );
}
