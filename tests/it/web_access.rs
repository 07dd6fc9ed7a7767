//! Who may do what: every route of the OpenAPI document, asked as every role and as a stranger. A route that is not in the
//! document fails, and so does one that the document has and the service has not.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::service::{Browser, CAMPAIGN, PASSWORD, Service, encoded};

const UNIT: &str = "示例市科学技术协会";
const OTHER: &str = "另一市科学技术协会";

/// Every route that stands in the source, as `.route("…", get(…).post(…))`.
fn routes_of_the_source() -> BTreeSet<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    let mut found = BTreeSet::new();
    let rooms = std::fs::read_dir(&folder)
        .unwrap()
        .map(|e| e.unwrap().path());
    let rooms = rooms.filter(|path| path.is_dir());
    let files = rooms.flat_map(|room| std::fs::read_dir(room).unwrap().map(|e| e.unwrap().path()));
    for path in files.chain([folder.join("mod.rs")]) {
        if path.extension().is_none_or(|e| e != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        if text.contains("ASSETS: &[") {
            let paths = text
                .match_indices("        \"/")
                .map(|(at, _)| &text[at + 9..]);
            found.extend(paths.map(|p| ("get".to_owned(), p[..p.find('"').unwrap()].to_owned())));
        }
        for (at, _) in text
            .match_indices("route(\"")
            .chain(text.match_indices("route(\n"))
        {
            let rest = &text[at - 1..];
            if !rest[7..].trim_start().starts_with('"') {
                // the assets, whose addresses are taken from their list
                continue;
            }
            let start = rest.find('"').unwrap() + 1;
            let end = start + rest[start..].find('"').unwrap();
            let route = rest[start..end].to_owned();
            // up to the bracket that closes `.route(`
            let mut depth = 0;
            let close = rest.char_indices().skip(6).find(|(_, c)| {
                depth += i32::from(*c == '(') - i32::from(*c == ')');
                depth == 0
            });
            let call = &rest[end..close.unwrap().0];
            for method in ["get", "post", "put", "delete"] {
                if call.contains(&format!("{method}(")) || call.contains(&format!("{method}_with("))
                {
                    found.insert((method.to_owned(), route.clone()));
                }
            }
        }
    }
    found
}

fn document(browser: &mut Browser) -> Value {
    let answer = browser.get("/api/v1/openapi.json");
    assert_eq!(answer.status, 200);
    answer.json()
}

/// A route with something in the place of its parts.
fn address(path: &str) -> String {
    path.replace("{campaign}", CAMPAIGN)
        .replace("{unit}", &encoded(UNIT))
        .replace("{digits}", "871123")
        .replace("{secret}", "none")
        .replace("{number}", "999999")
        .replace("{page}", "1")
        .replace("{place}", "1")
        .replace("{name}", "a.exe")
}

/// A schema, by its name among the components or as it stands.
fn resolved<'a>(schema: &'a Value, document: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(to) => document.pointer(to.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// A body as the document describes it, with nothing that means anything.
fn in_json(content: &Value, document: &Value) -> Vec<u8> {
    let schema = resolved(&content["application/json"]["schema"], document);
    let none = serde_json::Map::new();
    let fields = schema["properties"].as_object().unwrap_or(&none);
    let value = |kind: &Value| match kind["type"].as_str() {
        _ if kind["type"].is_array() => Value::Null,
        _ if kind["$ref"].is_string() => Value::from("clerk"),
        Some("boolean") => Value::from(false),
        Some("integer") => Value::from(999_999),
        Some("array") => Value::Array(Vec::new()),
        _ => Value::from("none"),
    };
    let body: serde_json::Map<String, Value> = fields
        .iter()
        .map(|(name, kind)| (name.clone(), value(kind)))
        .collect();
    serde_json::to_vec(&body).unwrap()
}

fn ask(
    browser: &mut Browser,
    method: &str,
    path: &str,
    (operation, document): (&Value, &Value),
) -> crate::service::Answer {
    let path = address(path);
    if method == "get" {
        return browser.get(&path);
    }
    let csrf = browser.csrf.clone();
    let content = &operation["requestBody"]["content"];
    let (kind, body) = if content.get("application/json").is_some() {
        ("application/json", in_json(content, document))
    } else if content.get("multipart/form-data").is_some() {
        (
            "multipart/form-data; boundary=edge",
            b"--edge--\r\n".to_vec(),
        )
    } else if content.get("application/octet-stream").is_some() {
        ("application/octet-stream", b"none".to_vec())
    } else {
        let form = &content["application/x-www-form-urlencoded"]["schema"]["properties"];
        let fields = form.as_object().into_iter().flatten();
        let fields: Vec<String> = fields.map(|(name, _)| format!("{name}=0")).collect();
        (
            "application/x-www-form-urlencoded",
            fields.join("&").into_bytes(),
        )
    };
    browser.send_by(method, &path, kind, body, &[("x-csrf", &csrf)])
}

#[test]
fn the_document_and_the_source_have_the_same_routes() {
    let (_service, mut admin) = Service::settled("web-routes");
    let document = document(&mut admin);
    assert_eq!(document["openapi"], "3.1.0");
    let mut told = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            told.insert((method.clone(), path.clone()));
        }
    }
    let source = routes_of_the_source();
    assert!(source.len() > 60, "{source:?}");
    let missing: Vec<_> = source.difference(&told).collect();
    let invented: Vec<_> = told.difference(&source).collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "not told: {missing:?}; not there: {invented:?}"
    );
}

#[test]
fn every_route_is_open_to_its_roles_and_to_no_other() {
    let (service, mut admin) = Service::settled("web-roles");
    admin.get("/admin/units");
    let list = format!("{UNIT}\n{OTHER}\n");
    assert_eq!(admin.post("/admin/units", &[("list", &list)]).status, 200);
    let mut browsers = vec![
        ("clerk", service.member(&mut admin, "收件员丙", "clerk", "")),
        ("unit", service.member(&mut admin, "填报员乙", "unit", UNIT)),
        ("reader", service.member(&mut admin, "只读丁", "reader", "")),
    ];
    admin.get("/admin/units");
    browsers.push(("admin", admin.clone()));
    let document = document(&mut admin);
    let mut stranger = service.browser();
    let mut asked = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            // going out and changing the password end the session that the next question needs
            if matches!(
                path.as_str(),
                "/logout" | "/login" | "/password" | "/admin/accounts/all"
            ) && method == "post"
            {
                continue;
            }
            let roles: Option<Vec<&str>> = operation["x-roles"]
                .as_array()
                .map(|r| r.iter().map(|r| r.as_str().unwrap()).collect());
            let told: Vec<&String> = operation["responses"].as_object().unwrap().keys().collect();
            let api = path.starts_with("/api/");
            let answer = ask(&mut stranger, method, path, (operation, &document));
            asked += 1;
            if roles.is_some() {
                match api {
                    true => assert_eq!(
                        answer.status, 401,
                        "{method} {path} by a stranger: {}",
                        answer.text
                    ),
                    false => assert!(
                        (answer.status, answer.location.as_str()) == (303, "/login")
                            || answer.status == 401,
                        "{method} {path} by a stranger: {} {}",
                        answer.status,
                        answer.text
                    ),
                }
            }
            for (role, browser) in &mut browsers {
                let answer = ask(browser, method, path, (operation, &document));
                asked += 1;
                let may = roles.as_ref().is_none_or(|r| r.contains(role));
                let name = format!(
                    "{method} {path} by {role}: {} {}",
                    answer.status, answer.text
                );
                if may {
                    assert_ne!(answer.status, 403, "{name}");
                    assert_ne!(answer.status, 401, "{name}");
                    assert_ne!(answer.location, "/login", "{name}");
                } else {
                    assert_eq!(answer.status, 403, "{name}");
                }
                assert!(answer.status < 500, "{name}");
                let status = answer.status.to_string();
                assert!(told.iter().any(|t| **t == status), "undocumented: {name}");
                if api && answer.status >= 400 {
                    assert_eq!(answer.kind, "application/problem+json", "{name}");
                }
            }
        }
    }
    assert!(asked > 250, "{asked}");
}

#[test]
fn a_unit_sees_nothing_of_another() {
    let (service, mut admin) = Service::settled("web-foreign");
    admin.get("/admin/units");
    assert_eq!(
        admin
            .post("/admin/units", &[("list", &format!("{UNIT}\n{OTHER}\n"))])
            .status,
        200
    );
    let mut own = service.member(&mut admin, "填报员乙", "unit", UNIT);
    let mut other = service.member(&mut admin, "填报员戊", "unit", OTHER);
    own.get("/own");
    let report = "报告\n只有本单位看得见的内容。\n";
    assert_eq!(
        own.upload("/own/files", &[("报告.txt", report.as_bytes())])
            .status,
        303
    );
    assert!(own.get("/own").text.contains("报告.txt"));
    assert!(!other.get("/own").text.contains("报告.txt"));
    other.get("/own");
    let gone = other.post("/own/files/remove", &[("path", "report/报告.txt")]);
    assert_eq!(gone.status, 422, "{}", gone.text);
    assert!(own.get("/own").text.contains("报告.txt"));
    for path in [
        format!("/board/{CAMPAIGN}/{}", encoded(OTHER)),
        format!("/api/v1/boards/{CAMPAIGN}/{}", encoded(OTHER)),
        "/api/v1/boards".to_owned(),
        "/missing".to_owned(),
    ] {
        assert_eq!(own.get(&path).status, 403, "{path}");
    }
    // a record of another's, by its number
    own.get("/own/paper");
    let void = own.post(
        "/own/void",
        &[("record", "0123456789abcdef"), ("reason", "试探")],
    );
    assert!(
        void.status == 422 && void.text.contains("不是本单位的"),
        "{}",
        void.text
    );
}

#[test]
fn a_program_does_with_its_token_what_its_scopes_say_and_no_more() {
    let (service, mut admin) = Service::settled("web-tokens");
    admin.get("/tokens");
    let made = admin.post("/tokens", &[("name", "收件程序"), ("scan", "yes")]);
    let secret = made.between("<code class=\"secret\">", "</code>");
    let again = admin.post("/tokens", &[("name", "收件程序"), ("scan", "yes")]);
    assert!(again.text.contains("已有同名的令牌"), "{}", again.text);
    let mut program = service.browser();
    program.bearer = secret.clone();
    assert_eq!(program.get("/api/v1/me").json()["scopes"][0], "scan");
    let kind = "application/json";
    let body = br#"{"text":"871"}"#.to_vec();
    let done = program.send(
        "/api/v1/scans",
        kind,
        body.clone(),
        &[("idempotency-key", "n-1")],
    );
    assert_eq!(
        (done.status, &done.json()["waiting"]),
        (200, &Value::from(232)),
        "{}",
        done.text
    );
    let bad = program.send("/api/v1/scans", kind, body, &[]);
    assert_eq!(
        (bad.status, bad.kind.as_str()),
        (400, "application/problem+json")
    );
    assert_eq!(program.get("/api/v1/boards").status, 403);
    // pages, and what an administrator may, are not for a token
    assert_eq!(program.get("/admin/accounts").status, 403);
    assert_eq!(program.post("/admin/units", &[("list", "x")]).status, 403);
    // as a cookie it is nothing
    let mut thief = service.browser();
    thief.cookie = format!("sanlian={secret}");
    assert_eq!(thief.get("/api/v1/me").status, 401);
    admin.get("/tokens");
    admin.post("/tokens/drop", &[("name", "收件程序")]);
    assert_eq!(program.get("/api/v1/me").status, 401);
}

#[test]
fn a_session_ends_with_going_out_and_with_a_new_password() {
    let (service, mut admin) = Service::settled("web-sessions");
    let mut second = service.logged_in(crate::service::ADMIN, PASSWORD);
    assert_eq!(second.get("/board").status, 200);
    admin.get("/password");
    let fields = [
        ("old", PASSWORD),
        ("password", "another horse 43"),
        ("again", "another horse 43"),
    ];
    let old = admin.cookie.clone();
    assert_eq!(admin.post("/password", &fields).status, 303);
    assert_ne!(admin.cookie, old, "the session rotates");
    assert_eq!(second.get("/board").location, "/login");
    assert_eq!(admin.get("/board").status, 200);
    let kept = admin.cookie.clone();
    admin.post("/logout", &[]);
    admin.cookie = kept;
    assert_eq!(admin.get("/board").location, "/login");
}
