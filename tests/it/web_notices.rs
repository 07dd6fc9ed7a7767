//! Notices of the organiser: written, seen, read, withdrawn.

use crate::service::{Browser, Service};

const UNIT: &str = "示例市科学技术协会";
const OTHER: &str = "另一市科学技术协会";

fn write(admin: &mut Browser, title: &str, whom: &[(&str, &str)]) -> u16 {
    admin.get("/admin/notices");
    let mut fields = vec![("title", title), ("body", "第一段。\n第二段。")];
    fields.extend(whom);
    admin.post("/admin/notices", &fields).status
}

#[test]
fn a_notice_is_seen_read_and_withdrawn() {
    let (service, mut admin) = Service::settled("web-notices");
    admin.get("/admin/units");
    admin.post("/admin/units", &[("list", &format!("{UNIT}\n{OTHER}\n"))]);
    let mut own = service.member(&mut admin, "填报员乙", "unit", UNIT);
    let mut other = service.member(&mut admin, "填报员戊", "unit", OTHER);
    assert_eq!(write(&mut admin, "期限延后", &[("whom", "all")]), 303);
    let page = admin.get("/admin/notices");
    let at = page.text.find(&format!("> {UNIT}</label>")).unwrap();
    let start = page.text[..at].rfind("value=\"").unwrap() + 7;
    let no = page.text[start..].split('"').next().unwrap().to_owned();
    let chosen = [("whom", "some"), ("unit", no.as_str())];
    assert_eq!(write(&mut admin, "请补交报告", &chosen), 303);
    // nobody chosen, no title
    assert_eq!(write(&mut admin, "无人", &[("whom", "some")]), 422);
    assert_eq!(write(&mut admin, " ", &[("whom", "all")]), 422);
    // unread marks
    let page = own.get("/own").text;
    assert!(
        page.contains("有 2 条通知未读") && page.contains("请补交报告"),
        "{page}"
    );
    let page = other.get("/own").text;
    assert!(
        page.contains("有 1 条通知未读") && !page.contains("请补交报告"),
        "{page}"
    );
    // looking is not reading; saying so is
    assert_eq!(own.get("/own/notices").text.matches(">未读<").count(), 2);
    assert_eq!(own.get("/own/notices").text.matches(">未读<").count(), 2);
    assert_eq!(own.post("/own/notices/read", &[("no", "2")]).status, 303);
    assert_eq!(own.get("/own/notices").text.matches(">未读<").count(), 1);
    // another's is not there
    assert_eq!(other.post("/own/notices/read", &[("no", "2")]).status, 422);
    let page = admin.get("/admin/notices").text;
    assert!(page.contains("1/1 个单位已读") && page.contains("0/2 个单位已读"));
    // withdrawn: whoever read it is told, nobody else sees it
    assert_eq!(
        admin.post("/admin/notices/withdraw", &[("no", "2")]).status,
        303
    );
    assert_eq!(
        admin.post("/admin/notices/withdraw", &[("no", "2")]).status,
        422
    );
    let page = own.get("/own/notices").text;
    assert!(page.contains("主办单位已撤回这条通知"), "{page}");
    assert_eq!(
        admin.post("/admin/notices/withdraw", &[("no", "1")]).status,
        303
    );
    assert!(!other.get("/own").text.contains("通知未读"));
    let log = admin.get("/admin/log?q=notice").text;
    for words in [
        "通知全部单位",
        "通知1 个单位",
        "（填报员乙）已阅读通知",
        "撤回通知",
    ] {
        assert!(log.contains(words), "{words}: {log}");
    }
}

#[test]
fn what_a_notice_says_is_text_and_nothing_else() {
    let (service, mut admin) = Service::settled("web-notices-text");
    admin.get("/admin/units");
    admin.post("/admin/units", &[("list", &format!("{UNIT}\n"))]);
    let mut own = service.member(&mut admin, "填报员乙", "unit", UNIT);
    assert_eq!(
        write(&mut admin, "<script>alert(1)</script>", &[("whom", "all")]),
        303
    );
    assert!(!own.get("/own").text.contains("<script>alert"));
    assert!(!own.get("/own/notices").text.contains("<script>alert"));
}
