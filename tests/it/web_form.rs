//! Filling in on the page: what is typed is a draft that stays, is checked while it is typed, and becomes paper like a workbook.

use crate::run::{demo, manifest};
use crate::service::{Browser, Service, demo_files};

fn demo_unit() -> String {
    manifest(&demo().join("out/paper"))["unit"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn secretary(name: &str) -> (Service, Browser) {
    let (service, mut admin) = Service::settled(name);
    admin.get("/admin/units");
    let list = format!("{}，市科协\n", demo_unit());
    assert_eq!(admin.post("/admin/units", &[("list", &list)]).status, 200);
    let browser = service.member(&mut admin, "填报员乙", "unit", &demo_unit());
    (service, browser)
}

fn unescaped(text: &str) -> String {
    text.replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#38;", "&")
}

/// Names and values of a page's fields, as a browser would send them.
fn fields(page: &str) -> Vec<(String, String)> {
    let form = &page[page.find("data-live=").unwrap()..];
    let mut found = Vec::new();
    let between = |text: &str, before: &str, after: &str| {
        let start = text.find(before)? + before.len();
        let end = start + text[start..].find(after)?;
        Some(text[start..end].to_owned())
    };
    for tag in form.split('<').skip(1) {
        let Some(name) = between(tag, " name=\"", "\"") else {
            if let Some(chosen) = tag.strip_prefix("option selected>") {
                let value = unescaped(chosen);
                let last: &mut (String, String) = found.last_mut().unwrap();
                last.1 = value;
            }
            continue;
        };
        if name == "csrf" {
            continue;
        }
        let value = if tag.starts_with("textarea") {
            tag.split_once('>').unwrap().1.to_owned()
        } else {
            between(tag, " value=\"", "\"").unwrap_or_default()
        };
        found.push((name, unescaped(&value)));
    }
    found
}

fn send(browser: &mut Browser, path: &str, values: &[(String, String)]) -> crate::service::Answer {
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    browser.post(path, &values)
}

#[test]
fn a_draft_typed_on_the_page_stays_and_is_checked_field_by_field() {
    let (service, mut browser) = secretary("form-draft");
    let page = browser.get("/own/form");
    assert!(page.text.contains("网页填写"));
    let done = browser.post("/own/form/people", &[("name", "赵示例")]);
    assert_eq!(done.location, "/own/form/1", "{}", done.text);
    let page = browser.get("/own/form/1");
    let mut values = fields(&page.text);
    assert!(
        values.iter().any(|(k, v)| k == "name" && v == "赵示例"),
        "{values:?}"
    );
    let set = |values: &mut Vec<(String, String)>, key: &str, value: &str| {
        let one = values.iter_mut().find(|(k, _)| k == key);
        one.unwrap_or_else(|| panic!("no field {key}")).1 = value.to_owned();
    };
    set(&mut values, "id_no", "139900197805010018");
    set(&mut values, "summary", &"长".repeat(2100));
    set(&mut values, "resume[0].span", "1996.09—2000.07");
    set(&mut values, "resume[0].org", "<示例大学> & \"附属\"");
    let live = send(&mut browser, "/own/form/1/check", &values);
    let found = live.json();
    let of = |key: &str| found.as_array().unwrap().iter().find(|f| f["key"] == key);
    assert!(of("id_no").is_some() && of("summary").is_some(), "{found}");
    assert!(
        of("summary").unwrap()["words"]
            .as_str()
            .unwrap()
            .contains("300"),
        "{found}"
    );
    // looking saved nothing
    assert!(!browser.get("/own/form/1").text.contains("附属"));
    let saved = send(&mut browser, "/own/form/1", &values);
    assert!(saved.text.contains("已存为草稿"), "{}", saved.text);
    let again = fields(&browser.get("/own/form/1").text);
    let value = |key: &str| again.iter().find(|(k, _)| k == key).unwrap().1.clone();
    assert_eq!(value("resume[0].org"), "<示例大学> & \"附属\"");
    assert_eq!(value("id_no"), "139900197805010018");
    assert!(
        again.iter().any(|(k, _)| k == "resume[3].org"),
        "spare rows are offered"
    );
    // the same faults in the same words as the check of the whole
    let check = browser.get("/own/check");
    let words = of("summary").unwrap()["words"]
        .as_str()
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .to_owned();
    assert!(check.text.contains(&words), "{words}");
    // gone is gone, and a number that is none is refused
    assert_eq!(
        browser
            .post("/own/form/people/remove", &[("number", "9")])
            .status,
        422
    );
    assert_eq!(
        browser
            .post("/own/form/people/remove", &[("number", "1")])
            .status,
        303
    );
    assert_eq!(browser.get("/own/form/1").status, 422);
    assert!(
        service
            .dir
            .join("data/units/1/submission/submission.json")
            .exists()
    );
}

#[test]
fn saving_what_a_workbook_says_changes_no_version() {
    let (service, mut browser) = secretary("form-same");
    browser.get("/own");
    let files = demo_files(&demo().join("out/submission"));
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(n, b)| (n.as_str(), b.as_slice()))
        .collect();
    assert_eq!(browser.upload("/own/files", &files).status, 303);
    browser.get("/own/preview");
    assert!(browser.post("/own/submit", &[]).text.contains("版本1"));
    let before = std::fs::read(service.dir.join("data/units/1/paper/manifest.json")).unwrap();
    for number in 0..=3 {
        let path = format!("/own/form/{number}");
        let page = browser.get(&path);
        let values = fields(&page.text);
        assert!(values.len() > 4, "{path}: {}", page.text);
        let saved = send(&mut browser, &path, &values);
        assert!(saved.text.contains("已存为草稿"), "{path}: {}", saved.text);
        assert!(!saved.text.contains("个错误"), "{path}: {}", saved.text);
    }
    let submission = service.dir.join("data/units/1/submission");
    assert!(
        !submission.join("填报工作簿.xlsx").exists() && submission.join("submission.json").exists()
    );
    browser.get("/own/preview");
    let done = browser.post("/own/submit", &[]);
    assert!(done.text.contains("版本不变"), "{}", done.text);
    let after = std::fs::read(service.dir.join("data/units/1/paper/manifest.json")).unwrap();
    assert!(before == after, "the paper is the same to the byte");
}
