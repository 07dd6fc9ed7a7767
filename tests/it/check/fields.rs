//! What fields may hold: lengths, code lists, numbers, dates, names and characters.

use std::collections::BTreeMap;

use sanlian::check::check;
use sanlian::finding::Severity::{Error, Info, Warning};
use sanlian::record::Value;

use super::{Case, TODAY, campaign, campaign_with, candidate, clean, each_is_told, news, rows};

/// `says` may name words of the message; the hint is looked at where a case needs it.
#[test]
#[rustfmt::skip] // one case a line
fn each_fault_of_a_value_is_told() {
    each_is_told(
        &campaign(),
        &[
            Case { clause: "长", change: |s| s.candidates[0].set("deeds", "事".repeat(2001)), code: "F1", severity: Error, field: "deeds", says: "共2001字，超过2000字" },
            Case { clause: "短", change: |s| s.candidates[0].set("deeds", "太短"), code: "F1", severity: Warning, field: "deeds", says: "不足10字" },
            Case { clause: "代码", change: |s| s.candidates[0].set("politics", "党员"), code: "F2", severity: Error, field: "politics", says: "党员" },
            Case { clause: "代码", change: |s| s.candidates[0].set("category", "科技前沿、科普"), code: "F2", severity: Error, field: "category", says: "科普" },
            Case { clause: "代码", change: |s| s.candidates[0].set("category", "科技前沿、科技前沿"), code: "F2", severity: Warning, field: "category", says: "两次" },
            Case { clause: "日期", change: |s| s.unit.set("report_date", "2021-02-30"), code: "F3", severity: Error, field: "report_date", says: "2021-02-30" },
            Case { clause: "年月", change: |s| s.candidates[0].set("birth", "1985年春"), code: "F3", severity: Error, field: "birth", says: "1978.05" },
            Case { clause: "GB 11643", change: |s| s.candidates[0].set("id_no", "139900198502140014"), code: "F4", severity: Error, field: "id_no", says: "第 18 位应为 5，现为 4" },
            Case { clause: "GB 11643", change: |s| s.candidates[0].set("id_no", "139900850214001"), code: "F4", severity: Error, field: "id_no", says: "现为15位" },
            Case { clause: "GB 11643", change: |s| s.candidates[0].set("id_no", "139900199202300139"), code: "F4", severity: Error, field: "id_no", says: "出生日期" },
            Case { clause: "性别", change: |s| s.candidates[0].set("sex", "女"), code: "F5", severity: Error, field: "sex", says: "按身份证号为“男”" },
            Case { clause: "出生", change: |s| s.candidates[0].set("birth", "1985.03"), code: "F6", severity: Error, field: "birth", says: "按身份证号为“1985.02”" },
            Case { clause: "GB 32100", change: |s| s.candidates[0].set("uscc", "12139900TE5T000014"), code: "F7", severity: Error, field: "uscc", says: "应为 3，现为 4" },
            Case { clause: "电话", change: |s| s.candidates[0].set("phone", "00000000"), code: "F8", severity: Error, field: "phone", says: "缺区号" },
            Case { clause: "手机", change: |s| s.candidates[0].set("mobile", "1400000000"), code: "F8", severity: Error, field: "mobile", says: "为10位" },
            Case { clause: "邮箱", change: |s| s.candidates[0].set("email", "shili@example。org"), code: "F9", severity: Error, field: "email", says: "电子邮箱" },
            Case { clause: "邮编", change: |s| s.candidates[0].set("postcode", "5000"), code: "F10", severity: Error, field: "postcode", says: "6位" },
            Case { clause: "邮编", change: |s| s.candidates[0].set("postcode", "100000"), code: "F10", severity: Warning, field: "postcode", says: "本省" },
            Case { clause: "是否", change: |s| s.candidates[0].set("in_office", "现任"), code: "F13", severity: Error, field: "in_office", says: "现任" },
            Case { clause: "改坏", change: |s| s.candidates[0].set("id_no", "1.39900198502140E+17"), code: "F14", severity: Error, field: "id_no", says: "科学计数" },
            Case { clause: "改坏", change: |s| s.candidates[0].set("id_no", "139900198502140000"), code: "F14", severity: Error, field: "id_no", says: "末三位为000" },
            Case { clause: "姓名", change: |s| s.unit.set("contact", "李?"), code: "N1", severity: Error, field: "contact", says: "第2字" },
            Case { clause: "姓名", change: |s| s.unit.set("contact", "李 四"), code: "N1", severity: Error, field: "contact", says: "空格" },
            Case { clause: "姓名", change: |s| s.unit.set("contact", "李"), code: "N1", severity: Warning, field: "contact", says: "1个字" },
            Case { clause: "间隔号", change: |s| s.unit.set("contact", "阿卜杜拉•买买提"), code: "N2", severity: Error, field: "contact", says: "·" },
            Case { clause: "私用区", change: |s| s.unit.set("contact", "张\u{E863}"), code: "N3", severity: Error, field: "contact", says: "疑为“䶮”" },
            Case { clause: "部首", change: |s| s.candidates[0].set("org", "河北省示例⼯程院"), code: "N4", severity: Error, field: "org", says: "应为（工）" },
            Case { clause: "兼容", change: |s| s.candidates[0].set("org", "示例\u{F90A}属院"), code: "N4", severity: Error, field: "org", says: "应为（金）" },
            Case { clause: "乱码", change: |s| s.candidates[0].set("org", "示例\u{FFFD}院"), code: "N5", severity: Error, field: "org", says: "第3字" },
            Case { clause: "不可见", change: |s| s.candidates[0].set("org", "示例\u{200B}院"), code: "N5", severity: Error, field: "org", says: "不可见" },
            Case { clause: "拼字", change: |s| s.candidates[0].set("org", "示例⿰金刚院"), code: "N5", severity: Error, field: "org", says: "描述符" },
            Case { clause: "全角", change: |s| s.candidates[0].set("postcode", "０５００００"), code: "N6", severity: Warning, field: "postcode", says: "全角" },
        ],
    );
}

#[test]
#[rustfmt::skip] // one case a line
fn each_fault_of_repeated_rows_is_told() {
    each_is_told(
        &campaign(),
        &[
            Case { clause: "整数", change: |s| { s.unit.values.insert("status".into(), rows(&[&[("step", "广泛动员"), ("sessions", "3次")], &[("step", "组织推荐"), ("sessions", "4")]])); }, code: "F11", severity: Error, field: "status.sessions", says: "3次" },
            Case { clause: "合计", change: |s| { s.unit.values.insert("status".into(), rows(&[&[("step", "广泛动员"), ("sessions", "3")], &[("step", "组织推荐"), ("sessions", "4")], &[("step", "合计"), ("sessions", "8")]])); }, code: "F15", severity: Error, field: "status.sessions", says: "各行之和为7" },
            Case { clause: "简历一行", change: |s| { s.candidates[0].values.insert("resume".into(), rows(&[&[("span", "2008年以来"), ("org", "示例院")]])); }, code: "F3", severity: Error, field: "resume.span", says: "起止年月" },
            Case { clause: "止早于起", change: |s| { s.candidates[0].values.insert("resume".into(), rows(&[&[("span", "2008.07—2004.09"), ("org", "示例院")]])); }, code: "F12", severity: Error, field: "resume.span", says: "止早于起" },
            Case { clause: "空缺", change: |s| { s.candidates[0].values.insert("resume".into(), rows(&[&[("span", "2004.09—2008.07"), ("org", "示例大学")], &[("span", "2008.10—至今"), ("org", "示例院")]])); }, code: "F12", severity: Warning, field: "resume.span", says: "空缺2个月" },
            Case { clause: "重叠", change: |s| { s.candidates[0].values.insert("resume".into(), rows(&[&[("span", "2004.09—2008.07"), ("org", "示例大学")], &[("span", "2008.05—至今"), ("org", "示例院")]])); }, code: "F12", severity: Info, field: "resume.span", says: "重叠" },
            Case { clause: "次序", change: |s| { s.candidates[0].values.insert("resume".into(), rows(&[&[("span", "2008.08—至今"), ("org", "示例院")], &[("span", "2004.09—2008.07"), ("org", "示例大学")]])); }, code: "F12", severity: Warning, field: "resume.span", says: "早于上一条" },
            Case { clause: "将来", change: |s| { s.candidates[0].values.insert("resume".into(), rows(&[&[("span", "2008.08—2031.07"), ("org", "示例院")]])); }, code: "F12", severity: Warning, field: "resume.span", says: "晚于本月" },
            Case { clause: "行内必填", change: |s| { s.candidates[0].values.insert("awards".into(), rows(&[&[("month", ""), ("name", "示例奖")], &[("month", ""), ("name", "")]])); }, code: "M14", severity: Error, field: "awards.month", says: "第2行“年月”未填" },
        ],
    );
}

#[test]
fn suggestions_stand_in_the_hints() {
    let campaign = campaign();
    for (key, typed, hint) in [
        ("politics", "党员", "中共党员"),
        ("ethnic", "满", "满族"),
        ("email", "shili@example。org", "shili@example.org"),
        ("postcode", "０５００００", "050000"),
        ("name", "阿卜杜拉．买买提", "阿卜杜拉·买买提"),
    ] {
        let mut s = clean();
        s.candidates[0].set(key, typed);
        let found = news(&campaign, &s, Some(TODAY));
        let of_field: Vec<_> = found
            .iter()
            .filter(|f| f.place.field.as_deref() == Some(key))
            .collect();
        assert!(
            of_field.iter().any(|f| f.hint.contains(hint)),
            "{typed}: {of_field:#?}"
        );
    }
}

#[test]
fn a_mobile_number_in_pieces_is_one_fault() {
    let mut s = clean();
    s.candidates[0].set("mobile", "1400、000、00011");
    let found = news(&campaign(), &s, Some(TODAY));
    let told: Vec<_> = found.iter().filter(|f| f.code == "F8").collect();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(
        told[0].message.contains("段，都不是11位的手机号"),
        "{told:#?}"
    );
}

#[test]
fn a_month_of_birth_that_the_number_denies_is_told_once() {
    let mut s = clean();
    s.candidates[0].set("birth", "2015.02");
    let found = news(&campaign(), &s, Some(TODAY));
    assert!(found.iter().any(|f| f.code == "F6"), "{found:#?}");
    assert!(found.iter().all(|f| f.code != "F12"), "{found:#?}");
}

#[test]
fn a_number_written_short_is_asked_for_in_full() {
    for (typed, hint) in [
        ("1.5万", "写全：15000，"),
        ("1.5万人次", "写全：15000，"),
        ("0.5千", "写全：500，"),
        ("12百万", "写全：12000000，"),
        ("1万5千", "只填"),
        ("约3万", "只填"),
        ("1.23456万", "只填"),
    ] {
        let mut s = clean();
        let steps = rows(&[
            &[("step", "广泛动员"), ("sessions", typed)],
            &[("step", "组织推荐"), ("sessions", "4")],
        ]);
        s.unit.values.insert("status".into(), steps);
        let found = news(&campaign(), &s, Some(TODAY));
        let told = found.iter().find(|f| f.code == "F11").unwrap();
        assert!(told.hint.contains(hint), "{typed}: {told:#?}");
    }
}

#[test]
fn sound_values_in_unusual_shapes_are_accepted() {
    let campaign = campaign();
    for (key, text) in [
        ("deeds", "事".repeat(2000)),
        (
            "deeds",
            format!("{}\n{}", "事".repeat(1000), "迹".repeat(1000)),
        ),
        ("summary", "简".repeat(300)),
        ("ethnic", "汉".into()),
        ("ethnic", "无".into()),
        ("post", "无".into()),
        ("phone", "0311-00000000  00000001".into()),
        ("id_no", "13990019850214001 5".into()),
        (
            "org",
            "河北省示例地质矿产勘查开发局第〇〇测试地质大队（示例院、𬭚𣲘𪚥）".into(),
        ),
    ] {
        let mut s = clean();
        s.candidates[0].set(key, text.clone());
        assert_eq!(news(&campaign, &s, Some(TODAY)), [], "{key} = {text}");
    }
    let mut s = clean();
    let none = rows(&[&[("month", ""), ("name", "无"), ("level", "无")]]);
    s.candidates[0].values.insert("awards".into(), none);
    assert_eq!(news(&campaign, &s, Some(TODAY)), []);
    let mut s = clean();
    s.candidates[0].set("id_type", "护照");
    s.candidates[0].set("id_no", "E00000000");
    assert_eq!(news(&campaign, &s, Some(TODAY)), []);
}

#[test]
fn a_month_that_lost_its_zero_is_asked_about() {
    let mut s = clean();
    s.candidates[0].values.insert(
        "awards".into(),
        rows(&[&[("month", "2015.1"), ("name", "示例市科技进步二等奖")]]),
    );
    let found = news(&campaign(), &s, Some(TODAY));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].code, found[0].severity), ("F3", Warning));
    assert!(found[0].hint.contains("2015.10"));
}

#[test]
fn weights_of_field_checks_are_the_campaigns() {
    let light = campaign_with(
        "[[rule]]\ncode = \"F2\"\nseverity = \"warning\"\n[[rule]]\ncode = \"F4\"\nseverity = \"off\"",
    );
    let mut s = clean();
    s.candidates[0].set("politics", "党员");
    s.candidates[0].set("id_no", "139900198502140014");
    let found = news(&light, &s, Some(TODAY));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].code, found[0].severity), ("F2", Warning));
}

#[test]
fn numbers_of_documents_never_stand_in_a_message() {
    let mut s = clean();
    for number in [
        "139900198502140014",
        "1399001985021400150",
        "１３９９００１９８５０２１４００１５",
        "1.39900198502140E+17",
    ] {
        s.candidates[0].set("id_no", number);
        s.candidates[1].set("mobile", "1400000000X");
        for finding in check(&campaign(), &s, Some(TODAY)) {
            let words = format!("{}{}", finding.message, finding.hint);
            for secret in ["1985021400", number, "1400000000X"] {
                assert!(!words.contains(secret), "{words}");
            }
        }
    }
}

#[test]
fn places_are_those_of_the_cells() {
    let mut s = clean();
    s.candidates[1].set("postcode", "5000");
    let found = news(&campaign(), &s, Some(TODAY));
    let place = &found[0].place;
    assert_eq!(place.sheet.as_deref(), Some("候选人"));
    assert_eq!(place.cell.as_deref(), Some("L3"));
    assert_eq!(place.record.as_deref(), Some("阿卜杜拉·买买提"));
    // A candidate without a name is named by its rank.
    s.candidates[1].set("name", "");
    let found = news(&campaign(), &s, Some(TODAY));
    assert!(
        found
            .iter()
            .any(|f| f.code == "M14" && f.place.record.as_deref() == Some("第2名候选人"))
    );
}

#[test]
fn many_faults_of_one_text_are_one_finding() {
    let mut s = clean();
    s.candidates[0].set("deeds", "⼯".repeat(500));
    let found = news(&campaign(), &s, Some(TODAY));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].message.contains("等500处"));
}

#[test]
fn a_list_of_three_thousand_is_checked_in_one_go() {
    let mut s = clean();
    let template = candidate(1, "张三", "139900198502140015");
    let mut names = BTreeMap::new();
    for n in 0..3000_u32 {
        let mut entry = template.clone();
        let name = format!(
            "示例{}{}",
            char::from_u32(0x4E00 + n / 60).unwrap(),
            char::from_u32(0x5E00 + n % 60).unwrap()
        );
        names.insert(name.clone(), n);
        entry.values.insert("name".into(), Value::Text(name));
        entry.set("id_no", "");
        s.candidates.push(entry);
    }
    assert_eq!(names.len(), 3000);
    let found = news(&campaign(), &s, Some(TODAY));
    let missing = found
        .iter()
        .filter(|f| f.code == "M14" && f.place.field.as_deref() == Some("id_no"));
    assert_eq!(missing.count(), 3000);
    assert!(found.iter().all(|f| f.code != "C3"));
}
