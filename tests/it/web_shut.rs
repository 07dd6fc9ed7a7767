//! Who tries too often is shut out, and nobody else: by name and address, also where many try at once, and names that there are not
//! answer alike. An administrator who is shut out all the same comes in by the command line.

use std::collections::BTreeSet;
use std::process::{Command, Output};

use crate::run::scratch;
use crate::service::{ADMIN, Browser, NOW, PASSWORD, Service};

/// A service behind a proxy with its administrator, so that a test says where it comes from.
fn behind_proxy(name: &str) -> Service {
    let service = Service::start_in(scratch(name), &["--now", NOW, "--behind-proxy"]);
    let fields = [("name", ADMIN), ("password", PASSWORD), ("again", PASSWORD)];
    let made = service.browser().post(&service.invitation, &fields);
    assert_eq!(made.status, 303, "{}", made.text);
    service
}

fn tried(browser: &mut Browser, name: &str, password: &str, from: &str) -> (u16, String) {
    let body = format!(
        "name={}&password={}",
        crate::service::encoded(name),
        crate::service::encoded(password)
    );
    let kind = "application/x-www-form-urlencoded";
    let headers = [
        ("x-forwarded-for", "203.0.113.99"),
        ("x-forwarded-for", from),
    ];
    let answer = browser.send("/login", kind, body.into_bytes(), &headers);
    (answer.status, answer.text)
}

/// What the page says without the name that was typed.
fn said(page: &str, name: &str) -> String {
    page.replace(name, "…")
}

#[test]
fn an_address_that_guesses_waits_and_the_owner_comes_in_from_another() {
    let service = behind_proxy("shut-address");
    let mut stranger = service.browser();
    for n in 0..5 {
        let (status, page) = tried(&mut stranger, ADMIN, "wrong password 1", "198.51.100.7");
        assert!(
            status == 422 && page.contains("密码或动态码不对"),
            "{n}: {page}"
        );
    }
    let (_, page) = tried(&mut stranger, ADMIN, PASSWORD, "198.51.100.7");
    assert!(page.contains("试得太多，请 15 分钟后再试"), "{page}");
    // a name that there is not answers alike, word for word
    for n in 0..5 {
        let (status, _) = tried(
            &mut stranger,
            "没有此人",
            "wrong password 1",
            "198.51.100.8",
        );
        assert_eq!(status, 422, "{n}");
    }
    let (_, unknown) = tried(&mut stranger, "没有此人", PASSWORD, "198.51.100.8");
    assert_eq!(said(&unknown, "没有此人"), said(&page, ADMIN));
    // addresses of one network of IPv6 are one
    for n in 0..5 {
        tried(
            &mut stranger,
            ADMIN,
            "wrong password 1",
            &format!("2001:db8:1:2::{n}"),
        );
    }
    let (_, page) = tried(&mut stranger, ADMIN, PASSWORD, "2001:db8:1:2:ffff::1");
    assert!(page.contains("试得太多"), "{page}");
    // the owner is somewhere else
    let (status, page) = tried(&mut service.browser(), ADMIN, PASSWORD, "192.0.2.1");
    assert_eq!(status, 303, "{page}");
}

#[test]
fn guesses_at_once_count_and_many_addresses_together_end_too() {
    let service = behind_proxy("shut-many");
    let answers: Vec<String> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..12)
            .map(|_| {
                let mut browser = service.browser();
                scope
                    .spawn(move || tried(&mut browser, ADMIN, "wrong password 1", "198.51.100.7").1)
            })
            .collect();
        tries.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let looked_at = answers
        .iter()
        .filter(|page| page.contains("密码或动态码不对"));
    assert_eq!(looked_at.count(), 5);
    // a hundred in all, of which five are spent
    let mut browser = service.browser();
    let mut looked_at = 5;
    for n in 0..110 {
        let from = format!("198.51.{}.{}", 101 + n / 4, n % 4);
        let (_, page) = tried(&mut browser, ADMIN, "wrong password 1", &from);
        looked_at += u32::from(page.contains("密码或动态码不对"));
    }
    assert_eq!(looked_at, 100);
    let (status, page) = tried(&mut browser, ADMIN, PASSWORD, "192.0.2.1");
    assert!(status == 422 && page.contains("试得太多"), "{page}");
    // from the machine of the service an administrator comes in again, while it runs
    let new = account(&service, &["reset", ADMIN]);
    assert!(new.status.success(), "{new:?}");
    let password = String::from_utf8(new.stdout).unwrap();
    let (status, page) = tried(&mut browser, ADMIN, password.trim(), "192.0.2.1");
    assert_eq!(status, 303, "{page}");
    let list = account(&service, &["list"]);
    let list = String::from_utf8(list.stdout).unwrap();
    assert!(
        list.contains(ADMIN) && list.contains("还没有改过密码"),
        "{list}"
    );
}

fn account(service: &Service, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sanlian"))
        .arg("account")
        .args(args)
        .arg("--data")
        .arg(service.dir.join("data"))
        .arg("--keys")
        .arg(service.dir.join("keys"))
        .args(["--now", NOW])
        .output()
        .unwrap()
}

#[test]
fn accounts_are_reset_at_the_command_line_with_what_is_wrong_told() {
    let (service, mut admin) = Service::settled("account-reset");
    admin.get("/admin/accounts");
    let made = admin.post("/tokens", &[("name", "导出"), ("read", "on")]);
    assert!(
        made.status == 200 || made.status == 303,
        "{} {}",
        made.status,
        made.text
    );
    let refused = account(&service, &["reset", "没有此人"]);
    assert_eq!(refused.status.code(), Some(2));
    let words = String::from_utf8(refused.stderr).unwrap();
    assert!(words.contains("没有名为“没有此人”的账号"), "{words}");
    let new = account(&service, &["reset", ADMIN, "--json"]);
    let new: serde_json::Value = serde_json::from_slice(&new.stdout).unwrap();
    assert_eq!(new["name"], ADMIN);
    // the old password and the old session are over
    assert_eq!(admin.get("/board").status, 303);
    let old = service
        .browser()
        .post("/login", &[("name", ADMIN), ("password", PASSWORD)]);
    assert_eq!(old.status, 422);
    let password = new["password"].as_str().unwrap();
    let mut admin = service.logged_in(ADMIN, password);
    // it holds for one entry: another must be chosen, and not one that is tried first
    let common: BTreeSet<&str> = [
        "password2024",
        "1qaz2wsx3edc",
        "qwertyuiop1",
        "woaini13141314",
        "Admin@123456",
        "19900101abcd",
        "iloveyou2021",
    ]
    .into();
    admin.get("/password");
    for common in common {
        let fields = [("old", password), ("password", common), ("again", common)];
        let answer = admin.post("/password", &fields);
        assert!(answer.text.contains("太常见"), "{common}: {}", answer.text);
    }
    let good = "松柏常青的3棵树下坐着";
    let fields = [("old", password), ("password", good), ("again", good)];
    let answer = admin.post("/password", &fields);
    assert_eq!(answer.status, 303, "{}", answer.text);
}
