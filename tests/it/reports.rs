//! What a report says of itself: a stub, last year's, another unit's or the source of a page is told before it is printed; of two reports
//! that say different things none is chosen in silence.

use sanlian::campaign::{Campaign, builtin, load};
use sanlian::check::check;
use sanlian::finding::{Finding, Severity};
use sanlian::record::Submission;

use crate::demo::undrawn;
use crate::run::{copy_tree, demo, sanlian, scratch};

fn hebei() -> Campaign {
    let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021");
    load(&source.unwrap()).0.unwrap()
}

fn filled() -> &'static (Campaign, Submission) {
    static DEMO: std::sync::OnceLock<(Campaign, Submission)> = std::sync::OnceLock::new();
    DEMO.get_or_init(|| {
        let campaign = hebei();
        let submission = undrawn(&campaign, 1);
        (campaign, submission)
    })
}

/// What is told of a report that was changed.
fn told(change: impl Fn(&mut Vec<String>)) -> Vec<Finding> {
    let (campaign, submission) = filled();
    let mut submission = submission.clone();
    change(&mut submission.report);
    let all = check(campaign, &submission, None);
    let of_report = |f: &Finding| ["M9", "M16", "M17", "M18", "M19", "M20"].contains(&f.code);
    all.into_iter().filter(of_report).collect()
}

#[track_caller]
fn only(code: &str, severity: Severity, says: &str, change: impl Fn(&mut Vec<String>)) {
    let found = told(change);
    assert_eq!(found.len(), 1, "{code} {says}: {found:#?}");
    assert_eq!(
        (found[0].code, found[0].severity),
        (code, severity),
        "{found:#?}"
    );
    assert!(
        found[0].message.contains(says),
        "{says}: {}",
        found[0].message
    );
}

#[track_caller]
fn nothing(change: impl Fn(&mut Vec<String>)) {
    let found = told(change);
    assert!(found.is_empty(), "{found:#?}");
}

fn swap(report: &mut [String], from: &str, to: &str) {
    for paragraph in report {
        *paragraph = paragraph.replace(from, to);
    }
}

#[test]
fn a_stub_is_told() {
    only("M16", Severity::Warning, "只有2字", |r| {
        *r = vec!["报告".into()]
    });
    only("M16", Severity::Warning, "只有", |r| {
        *r = vec!["推荐工作情况报告".into(), "见附件。".into()];
    });
    nothing(|_| {});
}

#[test]
fn a_report_of_another_year_is_told() {
    for year in ["2020", "２０２０", "二〇二〇", "二○二○", "2022"] {
        only("M17", Severity::Warning, "标题写的是202", |r| {
            r[0] = r[0].replace("2021", year);
        });
    }
    for day in ["2020年5月25日", "二〇二〇年五月二十五日", "2020.5.25"] {
        only("M17", Severity::Warning, "落款的日期是2020年", |r| {
            *r.last_mut().unwrap() = day.into();
        });
    }
    only("M17", Severity::Warning, "冀科协〔2020〕18号", |r| {
        swap(r, "〔2021〕21号", "[2020]18 号");
    });
    // years that a report may name
    nothing(|r| r[0] = "关于2020—2021年推荐工作情况的报告".into());
    nothing(|r| r[0] = "推荐工作情况报告".into());
    nothing(|r| r.insert(3, "2020年，本市有2人获奖，见冀科协〔2020〕3号。".into()));
}

#[test]
fn a_report_of_another_unit_is_told() {
    let last = |r: &mut Vec<String>, unit: &str| {
        let at = r.len() - 2;
        r[at] = unit.into();
    };
    only(
        "M18",
        Severity::Warning,
        "落款写的单位是“另一市科学技术协会",
        |r| {
            last(r, "另一市科学技术协会（盖章）");
        },
    );
    only(
        "M18",
        Severity::Warning,
        "标题写的单位是“测试县科协”",
        |r| {
            r[0].insert_str(0, "测试县科协");
        },
    );
    // the same unit in other words
    for unit in [
        "示例市科协",
        "示例市科学技术协会办公室",
        "中共示例市科学技术协会党组",
        "示 例 市 科 学 技 术 协 会",
        "河北省示例市科学技术协会（公章）",
    ] {
        nothing(|r| last(r, unit));
    }
    // one of several that sign together
    nothing(|r| {
        let at = r.len() - 2;
        r.insert(at, "示例市科学技术局".into());
    });
}

#[test]
fn source_text_is_told() {
    only("M19", Severity::Error, "<p>", |r| {
        r.iter_mut().for_each(|p| *p = format!("<p>{p}</p>"));
    });
    only("M19", Severity::Error, "&nbsp;", |r| {
        r[3].insert_str(0, "&nbsp;&nbsp;")
    });
    only("M19", Severity::Error, "<span style=", |r| {
        r[4] = format!("<span style=\"color:red\">{}", r[4]);
    });
    only("M19", Severity::Error, "\\pard", |r| {
        r[3].insert_str(0, "\\pard\\fs24 \\par \\b0 \\cf1 ");
    });
    only("M19", Severity::Warning, "## 一", |r| {
        r.iter_mut()
            .filter(|p| p.starts_with("一、"))
            .for_each(|p| p.insert_str(0, "## "));
    });
    only("M19", Severity::Warning, "**", |r| {
        r[5] = format!("**重点**{}", r[5])
    });
    // signs that are words
    nothing(|r| {
        r[5].push_str(
            "显著（p<0.05，n>30），见 A&B 公司 C:\\b 盘，1#楼，2*3=6，邮箱<a@example.org>。",
        )
    });
}

#[test]
fn a_report_that_says_another_than_the_workbook_is_told() {
    let to = |from: &'static str, to: &'static str| move |r: &mut Vec<String>| swap(r, from, to);
    only(
        "M20",
        Severity::Warning,
        "公示时间是5月18日至22日，填报的内容",
        to("5月17日至21日", "5月18日至22日"),
    );
    only(
        "M20",
        Severity::Warning,
        "“候选人4名”，“候选人”表里有3名",
        |r| {
            swap(r, "候选人3名", "候选人4名");
            swap(r, "等3名同志", "等4名同志");
        },
    );
    only(
        "M20",
        Severity::Warning,
        "把“王示列”写作候选人，“候选人”表里没有；表里的“王示例”",
        to("王示例", "王示列"),
    );
    only(
        "M20",
        Severity::Warning,
        "把“李示范”写作候选人",
        to("、王示例等3名", "、李示范等3名"),
    );
    only(
        "M20",
        Severity::Warning,
        "没有写到候选人“王示例”",
        |r| {
            swap(r, "、王示例等3名", "等3名");
            r.retain(|p| !p.contains("王示例"));
        },
    );
    only(
        "M20",
        Severity::Warning,
        "写欧阳𬭚是“女”、“1986年2月出生”，",
        to("男，汉族，1985年2月出生", "女，汉族，1986年2月出生"),
    );
    for life in [
        "男，汉族，一九八五年二月生",
        "男，汉族，生于1985.02",
        "汉族，其妻女，1986年",
    ] {
        nothing(to("男，汉族，1985年2月出生", life));
    }
    // the same in other words
    for days in [
        "2021年5月17日—5月21日",
        "5月17—21日",
        "五月十七日至二十一日",
        "５月１７日起至５月２１日",
        "5月17日起",
    ] {
        nothing(to("5月17日至21日", days));
    }
    nothing(to("候选人3名", "候选人三名"));
    nothing(to("王示例", "王　示 例"));
    nothing(to("阿卜杜拉·示例", "阿卜杜拉•示例"));
    // a report need not say any of it
    nothing(|r| {
        for paragraph in r.iter_mut() {
            for name in ["欧阳𬭚", "阿卜杜拉·示例", "王示例"] {
                *paragraph = paragraph.replace(name, "该同志");
            }
        }
    });
}

#[test]
fn of_two_reports_none_is_chosen_in_silence() {
    let dir = scratch("two-reports").join("报送");
    copy_tree(&demo().join("out/submission"), &dir);
    std::fs::remove_file(dir.join("records.json")).unwrap();
    let told = || {
        let said = sanlian(&[
            "check",
            dir.to_str().unwrap(),
            "--now",
            "2021-05-21T01:00:00Z",
        ]);
        String::from_utf8(said.stdout).unwrap()
    };
    let text = std::fs::read_to_string(dir.join("报告.txt")).unwrap();
    std::fs::write(dir.join("报告（修改）.txt"), format!("{text}\n又一段。")).unwrap();
    let said = told();
    assert!(said.contains("错误 I11"), "{said}");
    assert!(
        said.contains("“报告.txt”") && said.contains("“报告（修改）.txt”"),
        "{said}"
    );
    assert!(said.contains("请只留要报的一份"), "{said}");
    // the same words twice are one report
    std::fs::write(dir.join("报告（修改）.txt"), text.replace('\n', "\r\n")).unwrap();
    let said = told();
    assert!(
        said.contains("提醒 I11") && said.contains("文字相同"),
        "{said}"
    );
}
