//! The organiser's API: a program prepares a campaign by a token that may manage; what is sent twice is done once.

use serde_json::{Value, json};

use crate::service::{Answer, Browser, CAMPAIGN, Service};

const KIND: &str = "application/json";

/// A service, and a program with a token of the administrator's of some scopes.
fn with_token(name: &str, scopes: &[&str]) -> (Service, Browser) {
    let (service, mut admin) = Service::settled(name);
    admin.get("/tokens");
    let mut fields = vec![("name", "程序")];
    fields.extend(scopes.iter().map(|s| (*s, "yes")));
    let made = admin.post("/tokens", &fields);
    let mut program = service.browser();
    program.bearer = made.between("<code class=\"secret\">", "</code>");
    (service, program)
}

fn put(program: &mut Browser, path: &str, body: &Value, key: &str) -> Answer {
    let bytes = serde_json::to_vec(body).unwrap();
    let keys = [("idempotency-key", key)];
    program.send(path, KIND, bytes, if key.is_empty() { &[] } else { &keys })
}

#[test]
fn a_program_prepares_a_campaign() {
    let (_service, mut program) = with_token("api-manage", &["manage", "read"]);
    let campaigns = program.get("/api/v1/campaigns").json();
    let running = campaigns
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["running"] == true);
    assert_eq!(running.unwrap()["id"], CAMPAIGN);
    let units = json!({"units": [{"name": "示例市科学技术协会", "channel": "市科协"}, {"name": "另一市科学技术协会"}]});
    assert_eq!(
        put(&mut program, "/api/v1/units", &units, "").json()["added"],
        2
    );
    let roster = program.get("/api/v1/units").json();
    let number = roster[0]["number"].as_i64().unwrap();
    let account = json!({"name": "填报员乙", "role": "unit", "unit": number});
    let made = put(&mut program, "/api/v1/accounts", &account, "k-1");
    assert_eq!(made.status, 200, "{}", made.text);
    let account_no = program.get("/api/v1/accounts").json();
    let account_no = account_no
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["name"] == "填报员乙")
        .unwrap()["no"]
        .clone();
    let path = format!("/api/v1/accounts/{account_no}/closed");
    assert_eq!(
        put(&mut program, &path, &json!({"closed": true}), "").json()["closed"],
        true
    );
    let day = json!({"day": "2021-06-15", "reason": "顺延"});
    let path = format!("/api/v1/campaigns/{CAMPAIGN}/deadline");
    assert_eq!(
        put(&mut program, &path, &day, "").json()["deadline"],
        "2021-06-15"
    );
    let notice = json!({"title": "顺延", "body": "报送期限顺延。", "units": [number]});
    assert!(
        put(&mut program, "/api/v1/notices", &notice, "").json()["number"]
            .as_i64()
            .is_some()
    );
    let notices = program.get("/api/v1/notices").json();
    assert_eq!(notices[0]["title"], "顺延");
    let path = format!("/api/v1/notices/{}/withdraw", notices[0]["no"]);
    assert_eq!(put(&mut program, &path, &json!({}), "").status, 200);
    assert_eq!(
        put(&mut program, "/api/v1/backups", &json!({}), "").status,
        200
    );
    assert_eq!(
        program
            .get("/api/v1/backups")
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(program.get("/api/v1/keys").status, 200);
    assert_eq!(program.get("/api/v1/missing").status, 200);
    assert_eq!(
        program.get("/api/v1/retention").json()[0]["campaign"],
        CAMPAIGN
    );
    let nobody = json!({"record": "0000000000000000", "reason": "本人要求"});
    let refused = put(&mut program, "/api/v1/retention/erase", &nobody, "");
    assert_eq!(
        (refused.status, refused.kind.as_str()),
        (422, "application/problem+json"),
        "{}",
        refused.text
    );
    let log = program.get("/api/v1/audit?after=0").json();
    assert_eq!(log["whole"], true);
    let last = log["rows"].as_array().unwrap().last().unwrap()["number"]
        .as_i64()
        .unwrap();
    let none = program.get(&format!("/api/v1/audit?after={last}")).json();
    assert_eq!(none["rows"], json!([]));
}

#[test]
fn what_is_sent_twice_is_done_once() {
    let (_service, mut program) = with_token("api-repeats", &["manage"]);
    let notice = json!({"title": "一次", "body": "只发一次。"});
    let first = put(&mut program, "/api/v1/notices", &notice, "n-1");
    assert_eq!(first.header("idempotency-replayed"), "");
    let again = put(&mut program, "/api/v1/notices", &notice, "n-1");
    assert_eq!(
        (again.status, again.text.as_str()),
        (200, first.text.as_str())
    );
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(
        program
            .get("/api/v1/notices")
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // the same key with another body is a mistake, and another key another notice
    let other = json!({"title": "两次", "body": "另一条。"});
    assert_eq!(
        put(&mut program, "/api/v1/notices", &other, "n-1").status,
        400
    );
    assert_eq!(
        put(&mut program, "/api/v1/notices", &notice, "n-2").status,
        200
    );
    assert_eq!(
        program
            .get("/api/v1/notices")
            .json()
            .as_array()
            .unwrap()
            .len(),
        2
    );
    // what was refused was not done, and may be mended under the same key
    let bad = put(
        &mut program,
        "/api/v1/notices",
        &json!({"title": "", "body": ""}),
        "n-3",
    );
    assert_eq!(bad.status, 422, "{}", bad.text);
    assert_eq!(
        put(&mut program, "/api/v1/notices", &notice, "n-3").status,
        200
    );
}

#[test]
fn who_goes_away_before_the_answer_gets_it_by_asking_again() {
    let (service, mut program) = with_token("api-gone", &["manage"]);
    let host = service.base.trim_start_matches("http://");
    let request = format!(
        "POST /api/v1/backups HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nContent-Type: {KIND}\r\nIdempotency-Key: b-1\r\nContent-Length: 2\r\n\r\n{{}}",
        program.bearer
    );
    let mut gone = std::net::TcpStream::connect(host).unwrap();
    std::io::Write::write_all(&mut gone, request.as_bytes()).unwrap();
    // until it is under way beside the question itself, or done already
    let mut looks = service.browser();
    loop {
        let counted = looks.get("/metrics").text;
        let under_way = counted.contains("sanlian_requests_under_way 2");
        if under_way
            || counted.contains("_count{method=\"POST\",route=\"/api/v1/backups\",status=\"200\"}")
        {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    drop(gone);
    let began = std::time::Instant::now();
    let again = loop {
        let again = put(&mut program, "/api/v1/backups", &json!({}), "b-1");
        if again.status != 503 {
            break again;
        }
        assert!(began.elapsed().as_secs() < 60, "never answered");
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    assert_eq!(again.status, 200, "{}", again.text);
    assert_eq!(again.header("idempotency-replayed"), "true");
    let backups = program.get("/api/v1/backups").json();
    assert_eq!(backups.as_array().unwrap().len(), 1, "{backups}");
}

#[test]
fn a_token_without_the_scope_manages_nothing() {
    let (_service, mut program) = with_token("api-no-manage", &["read", "scan"]);
    for path in [
        "campaigns",
        "units",
        "accounts",
        "notices",
        "keys",
        "backups",
        "retention",
        "audit",
    ] {
        assert_eq!(
            program.get(&format!("/api/v1/{path}")).status,
            403,
            "{path}"
        );
    }
    let erase = json!({"campaign": CAMPAIGN, "reason": "保存期限届满"});
    assert_eq!(
        put(&mut program, "/api/v1/retention/erase", &erase, "").status,
        403
    );
    // no JSON, and JSON of another kind
    let (_service, mut program) = with_token("api-bad-json", &["manage"]);
    for body in [&b"none"[..], b"[]", b"{\"title\": 1}"] {
        let refused = program.send("/api/v1/notices", KIND, body.to_vec(), &[]);
        assert_eq!(
            (refused.status, refused.kind.as_str()),
            (400, "application/problem+json"),
            "{}",
            refused.text
        );
    }
    assert_eq!(
        put(
            &mut program,
            "/api/v1/accounts/none/closed",
            &json!({"closed": true}),
            ""
        )
        .status,
        404
    );
}
