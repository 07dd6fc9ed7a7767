//! The board on the pages and in the API: units that sent nothing, seals on paper that is not here, codes beside words.

use serde_json::Value;

use crate::service::{CAMPAIGN, Service, encoded};
use crate::web::{hand_in, marks, with_secretary};

const SILENT: &str = "石家庄市示例协会";

#[test]
fn a_unit_that_sent_nothing_stands_on_board_list_and_in_the_api() {
    let (service, mut admin, mut secretary) = with_secretary("web-board-silent");
    let page = admin.get("/missing").text;
    assert!(
        page.contains("应报 2 个单位，已报齐 0，部分 0，未报 2。"),
        "{page}"
    );
    hand_in(&mut secretary);
    admin.get("/admin/units");
    let list = format!("{SILENT},市科协,李示例,0311-80000001");
    let done = admin.post("/admin/units", &[("list", &list)]);
    assert!(done.text.contains("新增 0 个单位"), "{}", done.text);
    let page = admin.get("/missing").text;
    assert!(
        page.contains("应报 2 个单位，已报齐 0，部分 1，未报 1。"),
        "{page}"
    );
    let first = page.split("<tbody>").nth(1).unwrap();
    let first = first.split("</tr>").next().unwrap();
    assert!(
        first.contains(SILENT) && first.contains("电子件和纸质件都没有收到"),
        "those that sent nothing come first: {first}"
    );
    assert!(
        first.contains("李示例") && !first.contains("80000001"),
        "{first}"
    );
    let shown = admin.post("/missing", &[]).text;
    assert!(shown.contains("0311-80000001"));
    let board = admin.get("/board").text;
    assert!(board.contains("未报 1。"), "{board}");
    let only = admin.get("/board?show=nothing").text;
    assert!(
        only.contains(SILENT) && only.contains("列出 1 个单位"),
        "{only}"
    );
    let rows = admin.get("/api/v1/missing").json();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["unit"], SILENT);
    assert_eq!(rows[0]["arrival"], "nothing");
    assert_eq!(rows[0]["timeliness"], "open");
    assert_eq!(rows[0]["timeliness_word"], "未报齐，未到截止日");
    let boards = admin.get("/api/v1/boards").json();
    let silent = |b: &&Value| b["unit"] == SILENT;
    let silent = boards.as_array().unwrap().iter().find(silent).unwrap();
    assert_eq!(silent["expected"], true);
    drop(service);
}

#[test]
fn the_page_ticks_no_seal_on_paper_that_is_not_here_or_was_taken_back() {
    let (service, mut admin, mut secretary) = with_secretary("web-board-seal");
    hand_in(&mut secretary);
    let marks = marks(&service);
    let record = marks[0]["record"].as_str().unwrap().to_owned();
    let unit = admin.get("/api/v1/boards").json();
    let of = |b: &&Value| b["unit"] != SILENT;
    let unit = unit.as_array().unwrap().iter().find(of).unwrap()["unit"]
        .as_str()
        .unwrap()
        .to_owned();
    let link = format!("/board/{CAMPAIGN}/{}", encoded(&unit));
    let tick = |admin: &mut crate::service::Browser, missing: &str| {
        admin.get(&link);
        let mut fields = vec![("target", record.as_str()), ("back", link.as_str())];
        if !missing.is_empty() {
            fields.push(("missing", missing));
        }
        admin.post("/desk/seal", &fields)
    };
    let refused = tick(&mut admin, "");
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("没有登记公章"), "{}", refused.text);
    let put = [
        ("id", "s-1"),
        ("text", marks[0]["digits"].as_str().unwrap()),
        ("held", ""),
    ];
    admin.get("/desk");
    assert_eq!(admin.post("/desk/scan", &put).status, 200);
    let sealed = |admin: &mut crate::service::Browser| {
        let path = format!("/api/v1/boards/{CAMPAIGN}/{}", encoded(&unit));
        let board = admin.get(&path).json();
        let of = |r: &&Value| r["record"] == record.as_str();
        let records = board["records"].as_array().unwrap().clone();
        records.iter().find(of).unwrap()["sealed"].clone()
    };
    assert_eq!(tick(&mut admin, "").status, 303);
    assert_eq!(sealed(&mut admin), serde_json::json!([1]));
    admin.get("/desk");
    assert_eq!(admin.post("/desk/undo", &put).json()["done"], true);
    // the tick that stands there counts no more with the paper gone, and cannot be made again
    assert_eq!(sealed(&mut admin), serde_json::json!([]));
    assert_eq!(tick(&mut admin, "").status, 422);
    assert_eq!(
        tick(&mut admin, "yes").status,
        303,
        "a wrong tick comes off"
    );
    let _: &Service = &service;
}
