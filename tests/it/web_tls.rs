//! HTTPS by certificate files, judged by curl and openssl: versions, what begins in the clear, renewal without a restart, bad files.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::run::scratch;
use crate::service::{ADMIN, NOW, PASSWORD, Service};
use crate::tools;

/// A self-signed certificate and its key, made by openssl; none where it is not installed and need not be.
fn certificate(dir: &Path, name: &str) -> Option<(PathBuf, PathBuf)> {
    let (chain, key) = (
        dir.join(format!("{name}.pem")),
        dir.join(format!("{name}.key")),
    );
    let made = tools::run(
        "openssl",
        &[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "30",
            "-subj",
            &format!("/CN={name}"),
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-out",
            chain.to_str()?,
            "-keyout",
            key.to_str()?,
        ],
    )?;
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    Some((chain, key))
}

fn serve(dir: &Path, chain: &Path, key: &Path) -> Service {
    let files = [
        "--tls-cert",
        chain.to_str().unwrap(),
        "--tls-key",
        key.to_str().unwrap(),
    ];
    let service = Service::start_in(dir.to_owned(), &[&["--now", NOW], &files[..]].concat());
    assert!(service.base.starts_with("https://"), "{}", service.base);
    service
}

/// Head and body of an answer, as curl gives them; none where curl is not installed and need not be. Empty where it could not connect.
fn curl(root: &Path, args: &[&str]) -> Option<String> {
    let usual = ["-sS", "-i", "--max-time", "30", "--cacert", root.to_str()?];
    let output = tools::run("curl", &[&usual[..], args].concat())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn https_is_spoken_and_cookies_never_go_in_the_clear() {
    let dir = scratch("tls");
    let Some((chain, key)) = certificate(&dir, "desk") else {
        return;
    };
    let service = serve(&dir, &chain, &key);
    let at = |path: &str| format!("{}{path}", service.base);
    for version in ["1.2", "1.3"] {
        let only = ["--tlsv1.2", "--tls-max", version, &at("/login")];
        let Some(page) = curl(&chain, &only) else {
            return;
        };
        assert!(page.starts_with("HTTP/1.1 200"), "{version}: {page}");
        assert!(
            page.contains("strict-transport-security: max-age="),
            "{page}"
        );
    }
    let old = curl(&chain, &["--tls-max", "1.1", &at("/login")]).unwrap();
    assert_eq!(old, "", "TLS 1.1 is no more");
    let admin = format!("name={ADMIN}&password={PASSWORD}&again={PASSWORD}");
    let made = curl(&chain, &["-d", &admin, &at(&service.invitation)]).unwrap();
    assert!(made.starts_with("HTTP/1.1 303"), "{made}");
    let entry = format!("name={ADMIN}&password={PASSWORD}");
    let entered = curl(&chain, &["-d", &entry, &at("/login")]).unwrap();
    let cookie = entered
        .lines()
        .find(|l| l.starts_with("set-cookie: "))
        .unwrap();
    assert!(
        cookie.contains("; Secure") && cookie.contains("; HttpOnly"),
        "{cookie}"
    );
}

#[test]
fn a_browser_that_begins_in_the_clear_is_sent_to_https() {
    let dir = scratch("tls-clear");
    let Some((chain, key)) = certificate(&dir, "desk") else {
        return;
    };
    let service = serve(&dir, &chain, &key);
    let host = service.base.trim_start_matches("https://").to_owned();
    let say = |text: &str| {
        let mut stream = TcpStream::connect(&host).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let sent = say(&format!("GET /v/123?a=b HTTP/1.1\r\nHost: {host}\r\n\r\n"));
    assert!(sent.starts_with("HTTP/1.1 308 "), "{sent}");
    assert!(
        sent.contains(&format!("location: https://{host}/v/123?a=b\r\n")),
        "{sent}"
    );
    for text in [
        format!("POST /login HTTP/1.1\r\nHost: {host}\r\n\r\nname=a"),
        "GET /login HTTP/1.1\r\nHost: a b/<x>\r\n\r\n".to_owned(),
        "GET /login HTTP/1.1\r\n\r\n".to_owned(),
        "GET //evil\u{7f} HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
        "\r\n\r\n".to_owned(),
    ] {
        let refused = say(&text);
        assert!(refused.starts_with("HTTP/1.1 400 "), "{text}: {refused}");
        assert!(refused.contains("https://"), "{refused}");
    }
    // peers that say nothing, or nonsense, keep nobody waiting
    let silent: Vec<TcpStream> = (0..100)
        .map(|_| TcpStream::connect(&host).unwrap())
        .collect();
    for stream in silent.iter().take(50) {
        (&mut &*stream)
            .write_all(&[22, 3, 1, 0xff, 0xff, 0])
            .unwrap();
    }
    let Some(page) = curl(&chain, &[&format!("{}/login", service.base)]) else {
        return;
    };
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
}

#[test]
fn a_renewed_certificate_is_taken_up_and_a_broken_one_is_not() {
    let dir = scratch("tls-renewed");
    let Some((first, key)) = certificate(&dir, "first") else {
        return;
    };
    let Some((second, second_key)) = certificate(&dir, "second") else {
        return;
    };
    let (chain, secret) = (dir.join("chain.pem"), dir.join("key.pem"));
    std::fs::copy(&first, &chain).unwrap();
    std::fs::copy(&key, &secret).unwrap();
    let service = serve(&dir, &chain, &secret);
    let page = format!("{}/login", service.base);
    let Some(answer) = curl(&first, &[&page]) else {
        return;
    };
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let until = |what: &str, seen: &dyn Fn() -> bool| {
        let began = Instant::now();
        while !seen() {
            assert!(
                began.elapsed() < Duration::from_secs(60),
                "never seen: {what}"
            );
            std::thread::sleep(Duration::from_millis(300));
        }
    };
    let answers = |root: &Path| curl(root, &[&page]).unwrap().starts_with("HTTP/1.1 200");
    // only half renewed: the pair that is held stays
    std::fs::copy(&second, &chain).unwrap();
    until("the half renewed pair is told", &|| {
        answers(&first) && service.log.lock().unwrap().contains("\"kept\"")
    });
    std::fs::copy(&second_key, &secret).unwrap();
    until("the second certificate", &|| answers(&second));
    assert!(!answers(&first), "the first is no longer shown");
}

#[test]
fn every_fault_of_the_certificate_is_told_before_anything_is_opened() {
    let dir = scratch("tls-bad");
    let Some((chain, key)) = certificate(&dir, "one") else {
        return;
    };
    let Some((_, other)) = certificate(&dir, "other") else {
        return;
    };
    let locked = dir.join("locked.key");
    let lock = [
        "pkey",
        "-in",
        key.to_str().unwrap(),
        "-out",
        locked.to_str().unwrap(),
        "-aes256",
        "-passout",
        "pass:abc",
    ];
    if tools::says("openssl", &lock).is_none() {
        return;
    }
    let empty = dir.join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    let nowhere = dir.join("nowhere.pem");
    for (chain, key, word) in [
        (Some(&chain), Some(&other), "不是一对"),
        (Some(&chain), Some(&locked), "有密码"),
        (Some(&chain), Some(&chain), "没有 PEM 格式的私钥"),
        (Some(&empty), Some(&key), "没有 PEM 格式的证书"),
        (Some(&nowhere), Some(&key), "读不了"),
        (Some(&dir), Some(&key), "不是证书文件"),
        (Some(&chain), None, "没有私钥"),
        (None, Some(&key), "没有证书"),
    ] {
        let data = dir.join("data");
        let mut serve = Command::new(env!("CARGO_BIN_EXE_sanlian"));
        serve
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data);
        serve.arg("--keys").arg(dir.join("keys"));
        let mut check = Command::new(env!("CARGO_BIN_EXE_sanlian"));
        check.args(["config", "check"]).env("SANLIAN_DATA", &data);
        for (name, variable, file) in [
            ("--tls-cert", "SANLIAN_TLS_CERT", chain),
            ("--tls-key", "SANLIAN_TLS_KEY", key),
        ] {
            if let Some(file) = file {
                serve.arg(name).arg(file);
                check.env(variable, file);
            }
        }
        for command in [&mut serve, &mut check] {
            let output = command.output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(
                matches!(output.status.code(), Some(1 | 2)),
                "{word}: {said}"
            );
            assert!(said.contains(word), "{word}: {said}");
        }
        assert!(!data.exists(), "{word}: nothing was opened");
    }
}

#[cfg(unix)]
#[test]
fn a_key_that_everyone_can_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let dir = scratch("tls-open");
    let Some((chain, key)) = certificate(&dir, "desk") else {
        return;
    };
    let check = |mode: u32| {
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_sanlian"))
            .args(["config", "check"])
            .env("SANLIAN_DATA", dir.join("data"))
            .env("SANLIAN_KEYS", dir.join("keys"))
            .env("SANLIAN_LISTEN", "0.0.0.0:8443")
            .env("SANLIAN_TLS_CERT", &chain)
            .env("SANLIAN_TLS_KEY", &key)
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    assert_eq!(check(0o600), (Some(0), String::new()));
    let (code, said) = check(0o644);
    assert!(code == Some(1) && said.contains("谁都能读"), "{said}");
}
