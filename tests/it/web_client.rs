//! A client that openapi-python-client generates from the service's document, used against the service: what the document says is
//! enough for a program that nobody wrote by hand.

use std::path::Path;
use std::process::Command;

use crate::service::{Browser, Service};
use crate::web::with_secretary;

/// Where `tests/run` puts the generator; none where it could not be had and need not be.
fn generator() -> Option<std::path::PathBuf> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/openapi-python-client/bin");
    if folder.join("openapi-python-client").is_file() {
        return Some(folder);
    }
    let required = std::env::var_os("REQUIRE_TOOLS").is_some_and(|v| v == "1");
    assert!(!required, "openapi-python-client is required");
    eprintln!("SKIP: openapi-python-client 没有安装（由 tests/run 取得）");
    None
}

/// A program's token of whoever a browser is.
pub(crate) fn token(browser: &mut Browser, scopes: &[&str]) -> String {
    browser.get("/tokens");
    let mut fields = vec![("name", "试")];
    fields.extend(scopes.iter().map(|scope| (*scope, "yes")));
    let made = browser.post("/tokens", &fields);
    made.between("<code class=\"secret\">", "</code>")
}

fn ran(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    said
}

/// Generates the client from the document of a running service.
fn generated(folder: &Path, service: &Service, document: &[u8]) {
    let file = service.dir.join("openapi.json");
    std::fs::write(&file, document).unwrap();
    let mut path = folder.as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    ran(Command::new(folder.join("openapi-python-client"))
        .args(["generate", "--meta", "none", "--overwrite", "--path"])
        .arg(&file)
        .arg("--output-path")
        .arg(service.dir.join("client"))
        .env("PATH", path));
}

#[test]
fn a_generated_client_does_its_work_with_typed_answers() {
    let Some(folder) = generator() else { return };
    let (service, mut admin, mut secretary) = with_secretary("web-client");
    let document = admin.get("/api/v1/openapi.json");
    generated(&folder, &service, &document.bytes);
    let manager = token(&mut admin, &["read", "scan", "manage"]);
    let unit = token(&mut secretary, &["submit"]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/web_client.py");
    let said = ran(Command::new(folder.join("python"))
        .arg(script)
        .args([&service.base, &manager, &unit, &crate::small::digits()[0]])
        .arg(&service.dir));
    assert_eq!(said.trim(), "typed");
}

#[test]
fn every_operation_of_the_api_has_schemas_of_what_is_sent_and_answered() {
    let (_service, mut admin) = Service::settled("web-client-schemas");
    let document = admin.get("/api/v1/openapi.json").json();
    let mut seen = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = format!("{method} {path}");
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let content = answer["content"].as_object();
                for (kind, media) in content.into_iter().flatten() {
                    assert!(media["schema"].is_object(), "{name}: {status} {kind}");
                }
            }
            if !path.starts_with("/api/v1/") {
                continue;
            }
            seen += 1;
            let good = &operation["responses"]["200"]["content"]["application/json"]["schema"];
            let is_named = good["$ref"].is_string()
                || good["items"]["$ref"].is_string()
                || path.ends_with("/openapi.json");
            assert!(is_named, "{name}: {good}");
            let told = operation["parameters"].as_array().cloned();
            let told = told.unwrap_or_default();
            let in_path = told.iter().filter(|p| p["in"] == "path").count();
            assert_eq!(in_path, path.matches('{').count(), "{name}");
            assert!(operation["summary"].is_string() && operation["operationId"].is_string());
            if path.ends_with("/openapi.json") {
                continue;
            }
            let bad = &operation["responses"]["404"]["content"]["application/problem+json"];
            assert_eq!(
                bad["schema"]["$ref"], "#/components/schemas/Problem",
                "{name}"
            );
        }
    }
    assert_eq!(seen, 31);
    let audit = &document["paths"]["/api/v1/audit"]["get"]["parameters"][0];
    assert_eq!(
        (&audit["name"], &audit["in"]),
        (&"after".into(), &"query".into())
    );
}
