//! The board on the pages and in the API: units that sent nothing, seals on paper that is not here, codes beside words.

use serde_json::Value;

use crate::desk::Desk;
use crate::run::{copy_tree, demo};
use crate::service::{CAMPAIGN, Service, demo_files, encoded};
use crate::web::{hand_in, handed_in, marks, with_secretary};

const SILENT: &str = "石家庄市示例协会";

#[test]
fn a_unit_that_sent_nothing_stands_on_board_list_and_in_the_api() {
    let (service, mut admin, mut secretary) = with_secretary("web-board-silent");
    let page = admin.get("/missing").text;
    assert!(
        page.contains("应报 2 个单位，已到齐 0，部分 0，未报 2。"),
        "{page}"
    );
    hand_in(&mut secretary);
    admin.get("/admin/units");
    let list = format!("{SILENT},市科协,赵示例,0311-80000001");
    let done = admin.post("/admin/units", &[("list", &list)]);
    assert!(done.text.contains("新增 0 个单位"), "{}", done.text);
    let page = admin.get("/missing").text;
    assert!(
        page.contains("应报 2 个单位，已到齐 0，部分 1，未报 1。"),
        "{page}"
    );
    let first = page.split("<tbody>").nth(1).unwrap();
    let first = first.split("</tr>").next().unwrap();
    assert!(
        first.contains(SILENT) && first.contains("电子件和纸质件都没有收到"),
        "those that sent nothing come first: {first}"
    );
    assert!(
        first.contains("赵示例") && !first.contains("80000001"),
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
    let (service, mut admin, _) = handed_in("web-board-seal");
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

/// 「同一人只能通过一个渠道推荐一次」
#[test]
fn a_unit_that_hands_in_anothers_people_is_told_and_its_material_stands() {
    let (service, mut admin, _) = handed_in("web-board-double");
    let other = Desk {
        dir: service.dir.join("other"),
    };
    copy_tree(
        &demo().join("out/submission"),
        &other.dir.join("submission"),
    );
    other.correct("示例市科学技术协会", SILENT);
    let mut second = service.member(&mut admin, "填报员丁", "unit", SILENT);
    second.get("/own");
    let files = demo_files(&other.dir.join("submission"));
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    assert_eq!(second.upload("/own/files", &files).status, 303);
    second.get("/own/preview");
    let done = second.post("/own/submit", &[]);
    assert_eq!(done.status, 200, "{}", done.text);
    assert!(
        done.text.contains("已提交") && done.text.contains("由哪一家撤出"),
        "{}",
        done.text
    );
    assert!(
        !done.text.contains("没有办理"),
        "what is filed is not said to be refused"
    );
    let boards = admin.get("/api/v1/boards").json();
    let boards = boards.as_array().unwrap();
    assert_eq!(boards.len(), 2);
    for board in boards {
        assert_eq!(board["complete"], false);
        assert!(!board["doubles"].as_array().unwrap().is_empty(), "{board}");
    }
}
