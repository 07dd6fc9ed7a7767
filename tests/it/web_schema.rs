//! schemathesis holds the service against its own document: no answer 5xx, none that the document does not tell, whatever is sent; every
//! answer of the kind and of the schema that it says.

use std::path::Path;
use std::process::Command;

use crate::service::Service;
use crate::web::with_secretary;
use crate::web_client::token;

/// Where `tests/run` puts it; none where it could not be had.
fn schemathesis() -> Option<std::path::PathBuf> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/schemathesis/bin/schemathesis");
    if !path.is_file() {
        crate::tools::missing("schemathesis", "没有取得（由 tests/run 取得）");
        return None;
    }
    Some(path)
}

/// Sends what the document allows and what it does not, so many of each operation whose path fits.
fn judge(service: &Service, headers: &[String], paths: &str, without: &str) {
    let Some(tool) = schemathesis() else { return };
    let mut command = Command::new(tool);
    command
        .arg("run")
        .arg(format!("{}/api/v1/openapi.json", service.base))
        .args(["--url", &service.base, "--include-path-regex", paths])
        .args([
            "--exclude-path-regex",
            without,
            "--seed",
            "20210528",
            "-n",
            "15",
        ])
        .args([
            "--checks",
            "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance",
            "--no-color",
        ])
        .current_dir(&service.dir);
    for header in headers {
        command.args(["-H", header]);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(said.contains("passed"), "{said}");
}

#[test]
fn the_api_answers_as_its_document_says() {
    // a unit of the roster, so that lists are not empty
    let (service, mut admin, mut secretary) = with_secretary("web-schema-api");
    let all = token(&mut admin, &["read", "scan", "submit", "manage"]);
    let bearer = format!("Authorization: Bearer {all}");
    let without = "password|closed|close$|activate|erase|own";
    judge(&service, &[bearer], "^/api/v1/", without);
    let own = token(&mut secretary, &["submit"]);
    let bearer = format!("Authorization: Bearer {own}");
    judge(&service, &[bearer], "^/api/v1/own", "^$");
    assert_eq!(admin.get("/readyz").status, 200);
}

#[test]
fn the_pages_answer_as_the_document_says() {
    let (service, mut admin) = Service::settled("web-schema-pages");
    admin.get("/tokens");
    let headers = [
        format!("Cookie: {}", admin.cookie),
        format!("X-CSRF: {}", admin.csrf),
    ];
    let without = "logout|/login|/password|/setup|progress|second|accounts/all|campaigns/close";
    judge(&service, &headers, "^/(?!api)", without);
    assert_eq!(admin.get("/readyz").status, 200);
}
