//! On the pages of a unit: files of works, the papers around the submission, and gathering what other units sent.

use sanlian::campaign::{builtin, load};
use sanlian::intake::{SourceFile, blank::filled_workbook, read};
use sanlian::record::Value;

use crate::receive_package::Two;
use crate::run::{demo, files};
use crate::service::demo_files;
use crate::web::with_secretary;

/// The demo's workbook of another unit: its first candidate, one value changed.
fn workbook_of(unit: &str, org: &str) -> Vec<u8> {
    let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021");
    let campaign = load(&source.unwrap()).0.unwrap();
    let path = "填报工作簿.xlsx".to_owned();
    let bytes = std::fs::read(demo().join("out/submission/填报工作簿.xlsx")).unwrap();
    let mut all = read(&campaign, &[SourceFile { path, bytes }], None, Vec::new()).0;
    all.unit.set("name", unit);
    all.candidates.truncate(1);
    all.candidates[0].set("org", org);
    filled_workbook(&campaign, &all).unwrap()
}

#[test]
fn works_are_uploaded_into_their_folder_with_their_own_folders() {
    let (service, _admin, mut secretary) = with_secretary("web-works");
    let page = secretary.get("/own");
    assert!(page.text.contains("新媒体作品的文件"), "{}", page.text);
    let sent: &[(&str, &[u8])] = &[
        ("短片.mp4", b"film"),
        ("网页/index.html", b"<html>"),
        ("网页/js/a.js", b"1"),
        ("作品/../../图.png", b"p"),
    ];
    let done = secretary.upload_as("works", "/own/files", sent);
    assert_eq!(done.status, 303, "{}", done.text);
    let here = files(&service.dir.join("data/units/1/submission/作品"));
    let here: Vec<&str> = here.keys().map(String::as_str).collect();
    assert_eq!(
        here,
        ["图.png", "短片.mp4", "网页/index.html", "网页/js/a.js"]
    );
    let listed = secretary.get("/own");
    assert!(listed.text.contains("作品/网页/js/a.js"));
    let gone = secretary.post("/own/files/remove", &[("path", "作品/网页/js/a.js")]);
    assert_eq!(gone.status, 303);
    assert!(!secretary.get("/own").text.contains("作品/网页/js/a.js"));
    // the same names in the other field are what they always were
    let done = secretary.upload("/own/files", &[("图.exe", b"x")]);
    assert!(done.text.contains("没有收下"), "{}", done.text);
}

#[test]
fn papers_are_made_weeks_before_the_rest_and_issue_nothing() {
    let (service, _admin, mut secretary) = with_secretary("web-papers");
    let page = secretary.get("/own/papers");
    assert!(page.text.contains("还没有材料"), "{}", page.text);
    let refused = secretary.post("/own/papers", &[]);
    assert!(refused.text.contains("没有做公文"), "{}", refused.text);
    // the workbook alone: report and photos are errors elsewhere
    secretary.get("/own");
    let all = demo_files(&demo().join("out/submission"));
    let book = all
        .iter()
        .find(|(name, _)| name.ends_with(".xlsx"))
        .unwrap();
    secretary.upload("/own/files", &[(book.0.as_str(), book.1.as_slice())]);
    secretary.get("/own/papers");
    let done = secretary.post("/own/papers", &[]);
    assert_eq!(
        (done.status, done.location.as_str()),
        (303, "/own/papers"),
        "{}",
        done.text
    );
    let page = secretary.get("/own/papers");
    for name in ["公示", "征求意见", "报送函"] {
        assert!(page.text.contains(name), "{name}: {}", page.text);
    }
    let links = page.text.matches("href=\"/own/papers/").count();
    assert!(links >= 10, "{links}");
    let heads: Vec<[u8; 2]> = (0..links)
        .map(|n| {
            secretary.get(&format!("/own/papers/{n}")).bytes[..2]
                .try_into()
                .unwrap()
        })
        .collect();
    assert!(heads.iter().all(|h| h == b"%P" || h == b"PK"), "{heads:?}");
    assert_eq!(secretary.get(&format!("/own/papers/{links}")).status, 404);
    // no record, no paper, no version
    assert!(secretary.get("/own/paper").text.contains("还没有提交"));
    assert!(
        !service
            .dir
            .join("data/units/1/submission/records.json")
            .exists()
    );
    // made again of what stands there now
    secretary.get("/own/papers");
    assert_eq!(secretary.post("/own/papers", &[]).status, 303);
    // a fault that the papers would print stops them, and those that are there stay
    let wrong = workbook_of("石家庄市示例协会", "虚拟单位");
    secretary.upload("/own/files", &[("另一个.xlsx", &wrong)]);
    secretary.get("/own/papers");
    let stopped = secretary.post("/own/papers", &[]);
    assert!(
        stopped.text.contains("登录账号的单位是"),
        "{}",
        stopped.text
    );
    assert!(secretary.get("/own/papers/0").bytes.len() > 1000);
}

#[test]
fn a_unit_gathers_what_others_sent_and_takes_over_a_correction() {
    let (service, mut admin, _) = with_secretary("web-gather");
    let two = Two::new("web-gather-unit");
    crate::works::add_works(&two);
    let package = std::fs::read(two.pack("works.zip")).unwrap();
    let mut office = service.member(&mut admin, "填报员丁", "unit", "石家庄市示例协会");
    let page = office.get("/own/gather");
    assert!(page.text.contains("汇集"), "{}", page.text);
    let first = workbook_of("虚拟第1研究所", "虚拟甲院");
    let refused = office.upload("/own/gather/files", &[("甲.doc", b"x")]);
    assert!(refused.text.contains("只收报送包"), "{}", refused.text);
    // both recommend one person: told, and nothing is gathered
    office.get("/own/gather");
    let both = office.upload(
        "/own/gather/files",
        &[("甲.xlsx", &first), ("乙.zip", &package)],
    );
    assert!(
        both.text.contains("有错误，没有汇集") && both.text.contains("同时推荐"),
        "{}",
        both.text
    );
    assert!(!both.text.contains("/data/units/"), "{}", both.text);
    office.get("/own/gather");
    let done = office.upload("/own/gather/files", &[("乙.zip", &package)]);
    assert!(done.text.contains("已汇集，名单共3名"), "{}", done.text);
    assert!(done.text.contains("示例市科学技术协会") && done.text.contains("来源没有核实"));
    let own = service.dir.join("data/units/2/submission");
    let here = files(&own);
    assert!(here.contains_key("photos/王示例.jpg"), "{:?}", here.keys());
    assert!(
        here.contains_key("作品/王示例/网页/my js/a.js"),
        "{:?}",
        here.keys()
    );
    let listed = office.get("/own");
    assert!(!listed.text.contains("汇集.json"), "{}", listed.text);
    // selected, in this order
    office.get("/own/gather");
    let chosen = office.post("/own/gather/select", &[("names", "王示例、欧阳𬭚")]);
    assert!(chosen.text.contains("名单共2名"), "{}", chosen.text);
    let at = |name: &str| {
        chosen
            .text
            .find(&format!("<th scope=\"row\">{name}"))
            .unwrap()
    };
    assert!(at("王示例") < at("欧阳𬭚"));
    // the unit corrects one value and sends again
    let folder = two.unit.dir.join("submission");
    let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021");
    let campaign = load(&source.unwrap()).0.unwrap();
    let book = folder.join("填报工作簿.xlsx");
    let path = "填报工作簿.xlsx".to_owned();
    let bytes = std::fs::read(&book).unwrap();
    let mut all = read(&campaign, &[SourceFile { path, bytes }], None, Vec::new()).0;
    for candidate in &mut all.candidates {
        if candidate.text("name") == "王示例" {
            candidate
                .values
                .insert("post".to_owned(), Value::Text("院长".to_owned()));
        }
    }
    std::fs::write(&book, filled_workbook(&campaign, &all).unwrap()).unwrap();
    let package = std::fs::read(two.pack("works-2.zip")).unwrap();
    office.get("/own/gather");
    let again = office.upload("/own/gather/files", &[("乙.zip", &package)]);
    assert!(
        again.text.contains("更正：王示例") && again.text.contains("名单共2名"),
        "{}",
        again.text
    );
    assert!(!service.dir.join("data/units/2/gathering").exists());
}
