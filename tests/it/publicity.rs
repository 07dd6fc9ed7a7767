//! The publicity (公示): days that cannot be are an error for whatever is made of them; what forms print ready and what answers say must
//! not deny it; opinions that nobody prints are told.

use sanlian::campaign::{Campaign, builtin, load};
use sanlian::check::check;
use sanlian::finding::{Finding, Severity};

use crate::demo::undrawn;

fn hebei() -> Campaign {
    let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021");
    load(&source.unwrap()).0.unwrap()
}

/// What is told of a code with these answers of the unit, on a day of May 2021.
fn told(code: &str, day: i8, answers: &[(&str, &str)]) -> Vec<Finding> {
    let campaign = hebei();
    let mut submission = undrawn(&campaign, 1);
    for (key, text) in answers {
        submission.unit.set(key, *text);
    }
    let all = check(
        &campaign,
        &submission,
        Some(jiff::civil::date(2021, 5, day)),
    );
    all.into_iter().filter(|f| f.code == code).collect()
}

#[test]
fn days_that_cannot_be_are_an_error_wherever_they_are_looked_at() {
    let found = told("D2", 28, &[("publicity_to", "2021-05-10")]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].severity, Severity::Error);
    assert!(
        found[0].message.contains("2021年5月10日，不能印出"),
        "{found:#?}"
    );
    let late = [
        ("publicity_to", "2021-06-09"),
        ("report_date", "2021-06-10"),
    ];
    let found = told("D2", 28, &late);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        found[0].message.contains("已过报送期限2021年6月1日"),
        "{found:#?}"
    );
    let short = told("D2", 28, &[("publicity_to", "2021-05-18")]);
    assert!(short[0].message.contains("只有2个工作日"), "{short:#?}");
    assert!(told("D2", 28, &[]).is_empty());
}

#[test]
fn holidays_are_no_working_days_and_worked_weekends_are() {
    // 2021: from 1 to 5 May nobody works, on Saturday the 8th people do
    let days = |from, to| {
        let days = [
            ("publicity_from", from),
            ("publicity_to", to),
            ("report_date", "2021-05-20"),
        ];
        told("D2", 28, &days)
    };
    let short = days("2021-04-30", "2021-05-07");
    assert_eq!(short.len(), 1, "{short:#?}");
    assert!(
        short[0]
            .message
            .contains("只有3个工作日（5月3日、5月4日、5月5日放假，不算工作日）"),
        "{short:#?}"
    );
    assert!(days("2021-04-30", "2021-05-10").is_empty());
    assert_eq!(days("2021-05-06", "2021-05-09").len(), 1);
    assert!(days("2021-05-06", "2021-05-11").is_empty());
}

#[test]
fn no_objection_is_not_printed_beside_an_objection() {
    for result in ["收到异议1件，正在核实", "有人举报", "1人提出不同意见"] {
        let found = told("D2", 28, &[("publicity_result", result)]);
        assert_eq!(found.len(), 1, "{result}: {found:#?}");
        let said = &found[0].message;
        assert!(
            said.contains("推荐表已印好“经公示无异议，同意推荐。”"),
            "{said}"
        );
        assert!(said.contains("“开展情况”表写着"), "{said}");
        assert!(said.contains("推荐工作情况报告写着"), "{said}");
    }
    for result in [
        "无异议",
        "公示期间未收到举报",
        "收到异议1件，经核实无异议",
        "没有不同意见",
    ] {
        assert!(
            told("D2", 28, &[("publicity_result", result)]).is_empty(),
            "{result}"
        );
    }
    // before it is over
    let found = told("D2", 20, &[]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].message.contains("推荐表已印好"), "{found:#?}");
}

#[test]
fn opinions_that_no_form_prints_are_told_once() {
    let found = told("F19", 28, &[]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].severity, Severity::Info);
    let labels = "“党委宣传部意见”、“科技局（委）意见”、“国防科技工业管理部门意见”";
    assert!(found[0].message.contains(labels), "{found:#?}");
    let blank = ["op_publicity_dept", "op_science_dept", "op_defense_dept"].map(|key| (key, ""));
    assert!(told("F19", 28, &blank).is_empty());
}
