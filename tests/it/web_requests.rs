//! What every request goes through: its number on the answer and in the log, headers, compression, bounded counts.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::run::scratch;
use crate::service::{Answer, Browser, Service};

/// Asks with headers of one's own.
fn asked(browser: &Browser, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut browser = browser.clone();
    browser.ask_with(path, headers)
}

#[test]
fn a_request_has_a_number_taken_over_where_programs_make_such() {
    let (service, admin) = Service::settled("web-request-id");
    let number = |given: &[(&str, &str)]| {
        asked(&admin, "/board", given)
            .header("x-request-id")
            .to_owned()
    };
    let made = number(&[]);
    assert!(
        made.len() == 32 && made.bytes().all(|b| b.is_ascii_hexdigit()),
        "{made}"
    );
    assert_ne!(made, number(&[]));
    let uuid = "6f1d9a52-0c1b-4b7e-9a35-77d2c3b1f0aa";
    assert_eq!(number(&[("x-request-id", uuid)]), uuid);
    // numbers of people, names and what would break a line are not taken over
    for bad in [
        "13990000123",
        "139900198502140015",
        "1399001985021400",
        "zhang-san-zhang-san",
        "a\"b{}a\"b{}a\"b{}a\"b{}",
        &"a".repeat(65),
    ] {
        let given = number(&[("x-request-id", bad)]);
        assert!(given.len() == 32 && given != bad, "{bad}");
    }
    drop(service);
}

#[test]
fn a_fault_of_ours_is_told_with_the_number_that_stands_in_the_log() {
    let (service, mut admin) = Service::settled("web-incident");
    let backups = service.dir.join("data/backups");
    // a backup cannot be put where a file stands
    let _ = std::fs::remove_dir_all(&backups);
    std::fs::write(&backups, "").unwrap();
    admin.get("/tokens");
    let bearer = crate::web_client::token(&mut admin, &["manage"]);
    let mut program = service.browser();
    program.bearer = bearer;
    let id = "0123456789abcdef0123456789abcdef";
    let headers = [("x-request-id", id)];
    let answer = program.send(
        "/api/v1/backups",
        "application/json",
        b"{}".to_vec(),
        &headers,
    );
    assert_eq!(answer.status, 500, "{}", answer.text);
    assert_eq!(answer.header("x-request-id"), id);
    assert!(
        answer.json()["detail"].as_str().unwrap().contains(id),
        "{}",
        answer.text
    );
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    let lines = loop {
        let log = service.log.lock().unwrap().clone();
        let lines: Vec<serde_json::Value> = log
            .lines()
            .filter(|line| line.contains(id))
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
            .collect();
        if lines.len() >= 2 {
            break lines;
        }
        assert!(std::time::Instant::now() < end, "not in the log: {log}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    };
    for line in &lines {
        assert_eq!(line["span"]["id"], id, "{line}");
        assert_eq!(line["span"]["route"], "/api/v1/backups", "{line}");
        assert_eq!(line["span"]["method"], "POST", "{line}");
    }
    assert_eq!(lines[0]["event"], "incident");
    assert_eq!(lines[0]["number"], id);
    assert_eq!(
        (&lines[1]["event"], &lines[1]["status"]),
        (&"request".into(), &500.into())
    );
}

#[test]
fn assets_and_facts_are_compressed_and_pages_with_a_token_are_not() {
    let (_service, admin) = Service::settled("web-compressed");
    let gzip = [("accept-encoding", "gzip")];
    let style = asked(&admin, "/assets/app.css", &gzip);
    assert_eq!(style.header("content-encoding"), "gzip");
    assert!(style.header("vary").contains("accept-encoding"));
    let plain = asked(
        &admin,
        "/assets/app.css",
        &[("accept-encoding", "identity")],
    );
    assert_eq!(plain.header("content-encoding"), "");
    // the same text under both, so its tag is a weak one
    assert!(plain.header("etag").starts_with("W/"));
    let facts = asked(&admin, "/api/v1/openapi.json", &gzip);
    assert_eq!(facts.header("content-encoding"), "gzip");
    let page = asked(&admin, "/board", &gzip);
    assert_eq!((page.status, page.header("content-encoding")), (200, ""));
    assert!(page.text.contains("name=\"csrf\""));
}

#[test]
fn no_request_from_elsewhere_puts_an_address_into_the_counts() {
    let (service, admin) = Service::settled("web-bounded");
    let mut other = service.browser();
    let site = [("sec-fetch-site", "cross-site")];
    for n in ["zhang", "wang", "li"] {
        let kind = "application/x-www-form-urlencoded";
        let refused = other.send(&format!("/{n}/{n}"), kind, Vec::new(), &site);
        assert_eq!(refused.status, 403);
        assert_eq!(other.get(&format!("/v/{n}")).status, 200);
        assert_eq!(other.get(&format!("/{n}")).status, 404);
    }
    let answer = asked(&admin, "/metrics", &[]);
    assert!(
        answer.kind.starts_with("application/openmetrics-text"),
        "{}",
        answer.kind
    );
    let counted = answer.text;
    for n in ["zhang", "wang"] {
        assert!(!counted.contains(n), "{counted}");
    }
    assert!(
        counted.contains("method=\"GET\",route=\"/v/{digits}\",status=\"200\""),
        "{counted}"
    );
    assert!(counted.contains("route=\"/…\",status=\"404\""), "{counted}");
    assert!(
        counted.contains("sanlian_requests_under_way 1"),
        "{counted}"
    );
    assert!(counted.contains("sanlian_request_seconds_sum") && counted.ends_with("# EOF\n"));
}

#[test]
fn an_address_that_is_wrong_is_told_to_programs_as_a_problem_and_to_people_as_a_page() {
    let (service, admin) = Service::settled("web-nowhere");
    let mut browser = admin.clone();
    for (path, status) in [("/api/v1/nothing", 404), ("/api/nothing", 404)] {
        let answer = browser.get(path);
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json()["status"], status);
    }
    // the same address by another method
    let answer = browser.send("/api/v1/boards", "application/json", b"{}".to_vec(), &[]);
    assert_eq!(answer.status, 405, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert!(
        answer.json()["detail"].as_str().unwrap().contains("POST"),
        "{}",
        answer.text
    );
    let page = browser.get("/nothing");
    assert_eq!(page.status, 404);
    assert!(page.header("content-type").starts_with("text/html"));
    drop(service);
}

#[test]
fn a_service_that_others_reach_in_the_clear_says_so() {
    let dir = scratch("web-in-the-clear");
    for (listen, more, told) in [
        ("0.0.0.0:0", &[][..], true),
        ("0.0.0.0:0", &["--behind-tls"][..], false),
        ("127.0.0.1:0", &[][..], false),
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sanlian"))
            .args(["serve", "--listen", listen, "--data"])
            .arg(dir.join("data"))
            .arg("--keys")
            .arg(dir.join("keys"))
            .args(more)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        // the link for the first administrator is the last line of the start
        let said: Vec<String> = lines
            .map_while(Result::ok)
            .take_while(|l| !l.contains("/setup/"))
            .collect();
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(
            said.iter().any(|l| l.contains("没有加密")),
            told,
            "{listen} {more:?}: {said:?}"
        );
    }
}
