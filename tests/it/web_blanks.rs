//! Blank forms of a campaign in the service: taken in, seen, decided box by box, filled for a unit, and taken over for the next form.

use crate::service::{Answer, Browser, Service, demo_files};
use crate::{fill_joined, tools};

const UNIT: &str = "示例市科学技术协会";

fn rows(more: &[&'static str]) -> Vec<u8> {
    let first: [&[&str]; 2] = [&["姓名", "", "性别", ""], &["入场顺序", "", "配偶姓名", ""]];
    let mut rows: Vec<&[&str]> = first.to_vec();
    rows.push(more);
    fill_joined::form(&rows)
}

/// The boxes of a page: the words of each, left, top.
fn boxes(page: &Answer) -> Vec<(String, f64, f64)> {
    let mut out = Vec::new();
    for part in page.text.split("<a href=\"/admin/blanks/").skip(1) {
        let Some((_, rest)) = part.split_once("<title>") else {
            continue;
        };
        let words = rest.split_once("</title>").unwrap().0.to_owned();
        let value = |name: &str| {
            let at = rest.split_once(&format!(" {name}=\"")).unwrap().1;
            at.split_once('"').unwrap().0.parse::<f64>().unwrap()
        };
        out.push((words, value("x"), value("y")));
    }
    out
}

fn taken_in(admin: &mut Browser, name: &str, bytes: &[u8]) -> String {
    admin.get("/admin/blanks");
    let done = admin.upload("/admin/blanks/upload", &[(name, bytes)]);
    assert_eq!(done.status, 303, "{}", done.text);
    assert!(done.location.starts_with("/admin/blanks/"));
    done.location
}

#[test]
fn a_blank_form_is_corrected_on_its_picture_and_filled_for_a_unit() {
    if tools::says("soffice", &["--version"]).is_none() {
        return;
    }
    let (service, mut admin) = Service::settled("web-blanks");
    let at = taken_in(
        &mut admin,
        "推荐表2021.docx",
        &rows(&["民族", "", "备案编码", ""]),
    );
    let page = admin.get(&at);
    let seen = boxes(&page);
    assert_eq!(seen.len(), 6, "{seen:?}");
    let of = |words: &str| seen.iter().find(|b| b.0.contains(words)).unwrap().clone();
    let (name, sex, order, spouse) = (
        of("“姓名”"),
        of("“性别”"),
        of("“入场顺序”"),
        of("“配偶姓名”"),
    );
    assert!(name.0.contains("有把握") && spouse.0.contains("他人的"));
    assert!(order.0.contains("没有对应的栏目"));
    // they lie as the cells of the table do
    assert!(name.1 < sex.1 && (name.2 - sex.2).abs() < 2.0);
    assert!(order.2 > name.2 && (order.1 - name.1).abs() < 2.0);
    let picture = admin.get(&format!("{at}/pages/1"));
    assert_eq!(picture.kind, "image/png");
    assert!(picture.bytes.starts_with(b"\x89PNG"));
    assert_eq!(admin.get(&format!("{at}/pages/2")).status, 404);
    // the drawing is as high as the picture
    let side = |at: usize| {
        let bytes = picture.bytes[at..at + 4].try_into().unwrap();
        f64::from(u32::from_be_bytes(bytes))
    };
    let view = page.between("<svg class=\"blank\" viewBox=\"0 0 ", "\"");
    let view: Vec<f64> = view.split(' ').map(|n| n.parse().unwrap()).collect();
    assert!(
        (view[1] / view[0] - side(20) / side(16)).abs() < 0.001,
        "{view:?}"
    );

    // a field for the blank that has none, by its number
    let number = order.0.split_whitespace().nth(1).unwrap().to_owned();
    let no = at.rsplit('/').next().unwrap().to_owned();
    let place = admin.get(&format!("{at}/places/{number}"));
    assert!(place.text.contains("<optgroup") && place.text.contains("value=\"title\""));
    let choose = |admin: &mut Browser, code: &str| {
        let fields = [("no", no.as_str()), ("place", &number), ("code", code)];
        admin.post("/admin/blanks/choose", &fields)
    };
    assert_eq!(choose(&mut admin, "no_such_field").status, 422);
    assert_eq!(choose(&mut admin, "title").status, 303);
    let page = admin.get(&at);
    assert!(
        boxes(&page)
            .iter()
            .any(|b| b.0.contains("“入场顺序”：专业技术职务，已核对")),
        "{:?}",
        boxes(&page)
    );

    // the unit gets it filled
    admin.get("/admin/units");
    let list = format!("{UNIT}，市科协\n");
    assert_eq!(admin.post("/admin/units", &[("list", &list)]).status, 200);
    let mut unit = service.member(&mut admin, "填报员乙", "unit", UNIT);
    unit.get("/own");
    for (name, bytes) in demo_files(&crate::run::demo().join("out/submission")) {
        unit.upload("/own/files", &[(&name, &bytes)]);
    }
    // only what a person looked at and gave out
    let early = unit.get("/own/forms");
    assert!(!early.text.contains("推荐表2021.docx"), "{}", early.text);
    assert_eq!(unit.get(&format!("/own/forms/{no}")).status, 404);
    admin.get(&at);
    let given = admin.post("/admin/blanks/confirm", &[("no", &no)]);
    assert_eq!(given.status, 303, "{}", given.text);
    let list = unit.get("/own/forms");
    assert!(list.text.contains("推荐表2021.docx"), "{}", list.text);
    let told = unit.get(&format!("/own/forms/{no}"));
    assert!(told.text.contains("下载填好的表"), "{}", told.text);
    let filled = unit.get(&format!("/own/forms/{no}/filled"));
    assert_eq!(filled.status, 200, "{}", filled.text);
    let files = crate::web_campaigns::unzipped(&filled.bytes);
    let documents: Vec<String> = files
        .iter()
        .map(|(_, bytes)| {
            let inside = crate::web_campaigns::unzipped(bytes);
            let own = inside.iter().find(|f| f.0 == "word/document.xml").unwrap();
            String::from_utf8(own.1.clone()).unwrap()
        })
        .collect();
    assert!(!documents.is_empty());
    // each has a title, wherever it was asked
    for document in &documents {
        assert!(document.contains("w:name=\"sl_title\""), "{document}");
    }

    // what is decided anew takes it back, until a person looked at it again
    assert_eq!(choose(&mut admin, "title").status, 303);
    assert_eq!(unit.get(&format!("/own/forms/{no}/filled")).status, 200);
    assert_eq!(choose(&mut admin, "post").status, 303);
    let page = admin.get(&at).text;
    assert!(
        page.contains("已经收回") && !page.contains("可以下载填好的表"),
        "{page}"
    );
    assert_eq!(unit.get(&format!("/own/forms/{no}")).status, 404);
    assert_eq!(choose(&mut admin, "title").status, 303);
    let given = admin.post("/admin/blanks/confirm", &[("no", &no)]);
    assert_eq!(given.status, 303, "{}", given.text);
    assert_eq!(unit.get(&format!("/own/forms/{no}/filled")).status, 200);

    // next year's: the same blanks are as they were decided, the new one is asked
    let next = taken_in(
        &mut admin,
        "推荐表2022.docx",
        &rows(&["民族", "", "年度编码", ""]),
    );
    let seen = boxes(&admin.get(&next));
    assert!(
        seen.iter()
            .any(|b| b.0.contains("“入场顺序”：专业技术职务，有把握")),
        "{seen:?}"
    );
    assert!(
        seen.iter()
            .any(|b| b.0.contains("“年度编码”：没有对应的栏目"))
    );
    // which took the place of the other, though its name bears another year
    assert_eq!(admin.get(&at).status, 404);
    let list = admin.get("/admin/blanks").text;
    assert!(!list.contains("推荐表2021") && list.contains("推荐表2022"));
    assert!(!list.contains("已发给单位"), "{list}");
    let other = taken_in(&mut admin, "f2.docx", &rows(&["民族", "", "备案编码", ""]));
    let seen = boxes(&admin.get(&other));
    assert!(
        seen.iter()
            .any(|b| b.0.contains("“入场顺序”：没有对应的栏目")),
        "{seen:?}"
    );
    let last = other.rsplit('/').next().unwrap();
    let gone = admin.post("/admin/blanks/remove", &[("no", last)]);
    assert_eq!(gone.status, 303);
    assert_eq!(admin.get(&other).status, 404);
    let log = admin.get("/admin/log").text;
    assert!(log.contains("收下空白表") && log.contains("撤下空白表"));
    // who decided what, and who gave it out, in words
    assert!(log.contains("定为：专业技术职务"), "{log}");
    assert!(log.contains("看过空白表") && log.contains("发给各单位"));
    assert!(
        log.contains("现在收回")
            && !log.contains("@taken-back")
            && !log.contains("@given-out")
            && !log.contains("第 0 处"),
        "{log}"
    );
}

#[test]
fn what_is_no_blank_form_is_refused_with_what_to_do() {
    let (_service, mut admin) = Service::settled("web-blanks-bad");
    admin.get("/admin/blanks");
    for (name, bytes) in [("a.docx", &b"no zip"[..]), ("b.pdf", &b"%PDF-1.4"[..])] {
        let done = admin.upload("/admin/blanks/upload", &[(name, bytes)]);
        assert_eq!(done.status, 422, "{}", done.text);
        assert!(done.text.contains("请"), "{}", done.text);
        assert!(!done.text.contains("incoming"), "{}", done.text);
    }
    let none = admin.upload("/admin/blanks/upload", &[]);
    assert_eq!(none.status, 422);
    assert!(none.text.contains("没有选文件"));
    admin.csrf.clear();
    let forged = admin.post("/admin/blanks/remove", &[("no", "1")]);
    assert_eq!(forged.status, 403);
}
