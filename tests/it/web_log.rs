//! The audit log of the service: every row says which account or token, and from which address; every refused login is in it.

use serde_json::Value;

use crate::run::ok;
use crate::service::{ADMIN, Browser, PASSWORD, Service};

fn rows(admin: &mut Browser) -> Vec<Value> {
    let log = admin.get("/api/v1/audit?after=0").json();
    assert_eq!(log["state"], "whole");
    log["rows"].as_array().unwrap().clone()
}

fn of<'r>(rows: &'r [Value], act: &str) -> Vec<&'r Value> {
    rows.iter().filter(|row| row["act"] == act).collect()
}

fn text<'r>(row: &'r Value, field: &str) -> &'r str {
    row[field].as_str().unwrap()
}

#[test]
fn each_row_names_account_or_token_and_address() {
    let (service, mut admin) = Service::settled("web-log-who");
    let mut clerk = service.member(&mut admin, "收件甲", "clerk", "");
    let page = clerk.get("/tokens");
    assert_eq!(page.status, 200);
    let made = clerk.post(
        "/tokens",
        &[("name", "扫描仪"), ("scan", "on"), ("read", "on")],
    );
    assert_eq!(made.status, 200);
    let secret = made.between("<code class=\"secret\">", "</code>");
    let mut program = service.browser();
    program.bearer = secret;
    let put = program.send(
        "/api/v1/scans",
        "application/json",
        format!(
            "{{\"id\":\"one\",\"text\":\"{}\"}}",
            crate::small::digits()[0]
        )
        .into_bytes(),
        &[],
    );
    assert_eq!(put.status, 200, "{}", put.text);
    clerk.get("/tokens");
    clerk.post("/tokens/drop", &[("name", "扫描仪")]);
    let rows = rows(&mut admin);
    for row in &rows {
        assert!(!text(row, "actor").is_empty(), "{row}");
        let own = text(row, "actor") == "服务";
        assert_eq!(
            text(row, "source"),
            if own { "" } else { "127.0.0.1" },
            "{row}"
        );
    }
    let opened = rows
        .iter()
        .find(|r| r["act"] == "account" && r["subject"] == "收件甲");
    assert_eq!(opened.unwrap()["actor"], ADMIN);
    let login = of(&rows, "login");
    assert!(
        login
            .iter()
            .any(|r| r["actor"] == "收件甲" && r["subject"] == "收件甲")
    );
    let tokens: Vec<&str> = of(&rows, "token")
        .iter()
        .map(|r| text(r, "detail"))
        .collect();
    assert!(
        tokens[0].contains("新建") && tokens[1].contains("收回"),
        "{tokens:?}"
    );
    let received = of(&rows, "receive");
    assert_eq!(received.len(), 1);
    assert_eq!(received[0]["actor"], "令牌 扫描仪（收件甲）");
    // the page shows both
    let page = admin.get("/admin/log");
    assert!(page.text.contains("令牌 扫描仪（收件甲）") && page.text.contains("127.0.0.1"));
    // as the command line does
    drop(admin);
    let (data, keys) = (service.dir.join("data"), service.dir.join("keys"));
    let places = [
        "--data",
        data.to_str().unwrap(),
        "--keys",
        keys.to_str().unwrap(),
    ];
    let listed = ok(&[&["audit", "list"][..], &places].concat());
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(
        listed.contains("令牌 扫描仪（收件甲） @ 127.0.0.1"),
        "{listed}"
    );
}

#[test]
fn every_refused_login_is_there_and_no_number_of_a_person_with_it() {
    let (service, mut admin) = Service::settled("web-log-refused");
    let long = "很".repeat(300);
    let mut stranger = service.browser();
    for name in [
        ADMIN,
        "没有的人",
        "13990000123",
        "139900198502140015",
        &long,
    ] {
        let refused = stranger.post("/login", &[("name", name), ("password", "wrong password")]);
        assert_eq!(refused.status, 422, "{name}");
    }
    let mut program = service.browser();
    program.bearer = "no-token-of-ours".to_owned();
    assert_eq!(program.get("/api/v1/me").status, 401);
    let wrong = [
        ("old", "not this one"),
        ("password", "another good 42"),
        ("again", "another good 42"),
    ];
    admin.get("/password");
    assert_eq!(admin.post("/password", &wrong).status, 422);
    let rows = rows(&mut admin);
    let refused = of(&rows, "refused");
    let subjects: Vec<&str> = refused.iter().map(|r| text(r, "subject")).collect();
    assert_eq!(
        subjects,
        [
            ADMIN,
            "没有的人",
            "139****0123",
            "139***********0015",
            &"很".repeat(100),
            "",
            ADMIN
        ]
    );
    for row in &refused[..6] {
        assert_eq!(row["actor"], "未登录");
        assert_eq!(row["source"], "127.0.0.1");
    }
    assert_eq!(refused[6]["actor"], ADMIN);
    assert!(text(refused[5], "detail").contains("令牌"));
    let in_file = crate::postgres::bytes_of_ledger(&service.dir.join("data"));
    let holds = |wanted: &str| {
        in_file
            .windows(wanted.len())
            .any(|w| w == wanted.as_bytes())
    };
    assert!(holds("没有的人"), "the search itself works");
    assert!(!holds("13990000123") && !holds("139900198502140015"));
}

#[test]
fn whoever_tries_too_often_is_in_the_log_and_does_not_fill_it() {
    let (service, mut admin) = Service::settled("web-log-often");
    let mut stranger = service.browser();
    let mut often = 0;
    for _ in 0..60 {
        let answer = stranger.post("/login", &[("name", "没有的人"), ("password", PASSWORD)]);
        often += usize::from(answer.status == 429);
    }
    assert!(often > 10, "{often}");
    let rows = rows(&mut admin);
    let told = of(&rows, "refused")
        .iter()
        .filter(|r| text(r, "detail").contains("尝试过多"))
        .count();
    assert!((1..=4).contains(&told), "{told}");
}

#[test]
fn whoever_sees_numbers_in_full_is_in_the_log_once_a_session() {
    let (_service, mut admin, mut secretary) = crate::web::with_secretary("web-log-look");
    for _ in 0..3 {
        assert_eq!(secretary.get("/own/form/0").status, 200);
    }
    let rows = rows(&mut admin);
    let looks = of(&rows, "look");
    assert_eq!(looks.len(), 1, "{looks:?}");
    assert!(text(looks[0], "detail").contains("完整"));
    assert_ne!(text(looks[0], "actor"), "服务");
    assert_ne!(text(looks[0], "subject"), "");
}
