//! A third campaign that is data alone (`shili-jiaoshi-2024`): two forms of each candidate, numbers with limits and digits after the point,
//! numbers of a fixed shape, ratios of the list, a deadline with its hour. From the blank workbook to the receiving desk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use sanlian::campaign::{Campaign, FormKind, builtin, load};
use sanlian::check::check;
use sanlian::demo::submission;
use sanlian::finding::{Finding, Severity};
use sanlian::intake::{SourceFile, blank, read};
use sanlian::record::{Submission, records_of};
use serde_json::Value;

use crate::desk::Desk;
use crate::run::{manifest, ok, scratch};

const ID: &str = "shili-jiaoshi-2024";
const NOW: &str = "2024-06-10T01:02:03Z";

fn third() -> Campaign {
    let source = builtin().into_iter().find(|s| s.id == ID).unwrap();
    load(&source).0.unwrap()
}

fn filled(campaign: &Campaign) -> Submission {
    // its pictures take long to draw
    static DEMO: OnceLock<Submission> = OnceLock::new();
    let demo = DEMO.get_or_init(|| submission(campaign, 1).submission);
    demo.clone()
}

/// Findings of one code, without those about photos, which are not here.
fn of_code(campaign: &Campaign, submission: &Submission, code: &str) -> Vec<Finding> {
    let found = check(campaign, submission, Some(campaign.deadline.day));
    found.into_iter().filter(|f| f.code == code).collect()
}

/// The demo of the campaign at a desk: submission, paper, keys and ledger.
fn made(name: &str) -> Desk {
    let dir = scratch(name);
    let desk = Desk { dir };
    let (out, keys) = (desk.path("demo"), desk.path("keys"));
    ok(&[
        "demo",
        "--campaign",
        ID,
        "--out",
        &out,
        "--keys",
        &keys,
        "--now",
        NOW,
    ]);
    std::fs::rename(
        desk.dir.join("demo/submission"),
        desk.dir.join("submission"),
    )
    .unwrap();
    std::fs::remove_file(desk.dir.join("submission/records.json")).unwrap();
    desk.make("paper", NOW);
    desk
}

#[test]
fn each_candidate_has_two_forms_that_are_records_of_their_own() {
    let campaign = third();
    let mut submission = filled(&campaign);
    let kinds = |s: &Submission| -> Vec<(FormKind, u8, String)> {
        let items = records_of(&campaign, s).into_iter();
        items.map(|i| (i.kind, i.copies, i.name)).collect()
    };
    let people = ["柳示例", "阿依·测试", "欧阳示范"];
    let expected: Vec<(FormKind, u8, String)> =
        [(FormKind::Recommendation, 4), (FormKind::Candidate(2), 2)]
            .into_iter()
            .flat_map(|(kind, copies)| people.map(|name| (kind, copies, name.to_owned())))
            .chain([(FormKind::Report, 1, "示例市测试区教育局".to_owned())])
            .collect();
    assert_eq!(kinds(&submission), expected);
    // what stands on one form alone makes new paper of that form alone
    let before = records_of(&campaign, &submission);
    let changed = |s: &Submission| -> Vec<(FormKind, String)> {
        let after = records_of(&campaign, s);
        let pairs = before.iter().zip(after);
        let other = pairs.filter(|(old, new)| old.contents != new.contents);
        other.map(|(_, new)| (new.kind, new.name)).collect()
    };
    submission.candidates[1].set("ethics", "另一段师德表现");
    assert_eq!(
        changed(&submission),
        [(FormKind::Candidate(2), "阿依·测试".to_owned())]
    );
    let mut submission = filled(&campaign);
    submission.candidates[1].set("weekly_hours", "11");
    assert_eq!(
        changed(&submission),
        [(FormKind::Recommendation, "阿依·测试".to_owned())]
    );
    let mut submission = filled(&campaign);
    submission.candidates[1].set("ethics_score", "95");
    let both = changed(&submission);
    assert_eq!(both.len(), 2, "{both:?}");
}

#[test]
fn both_forms_go_from_the_workbook_to_the_desk_and_are_told_apart() {
    let desk = made("third-desk");
    let files = manifest(&desk.dir.join("paper"));
    let files = files["files"].as_array().unwrap();
    let of = |form: &str| -> Vec<Value> {
        let own = files.iter().filter(|f| f["form"] == form);
        let marks = own.flat_map(|f| f["marks"].as_array().unwrap().clone());
        marks.filter(|m| m["copy"] != 0).collect()
    };
    let (first, second) = (of("recommendation"), of("candidate-2"));
    assert!(first.iter().all(|m| m["copies"] == 4) && second.iter().all(|m| m["copies"] == 2));
    let records = |marks: &[Value]| -> BTreeSet<String> {
        marks
            .iter()
            .map(|m| m["record"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!((records(&first).len(), records(&second).len()), (3, 3));
    assert!(records(&first).is_disjoint(&records(&second)));
    // nothing has come: both forms are asked for by the names that the campaign gives them
    let needs = |board: &Value| -> BTreeMap<String, (u64, u64)> {
        let needs = board["needs"].as_array().unwrap().iter();
        let number = |n: &Value, key: &str| n[key].as_u64().unwrap();
        needs
            .map(|n| {
                let label = n["label"].as_str().unwrap().to_owned();
                (label, (number(n, "received"), number(n, "needed")))
            })
            .collect()
    };
    let board = desk.board(NOW);
    assert_eq!(needs(&board)["师德鉴定表（一式两份）"], (0, 6));
    assert_eq!(needs(&board)["优秀教师推荐表（一式四份）"], (0, 12));
    let missing = board["missing"].to_string();
    assert!(missing.contains("师德鉴定表（柳示例）"), "{missing}");
    assert!(missing.contains("优秀教师推荐表（柳示例）"), "{missing}");
    // all sheets of the second form come
    let digits: Vec<&str> = second
        .iter()
        .map(|m| m["digits"].as_str().unwrap())
        .collect();
    let args = ["receive", "digits", "--json", "--now", NOW];
    let output = desk.run(&args, &(digits.join("\n") + "\n"));
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> = text
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(answers.len(), second.len());
    for answer in &answers {
        assert_eq!(
            (&answer["verdict"], &answer["form"]),
            (&"match".into(), &"candidate-2".into()),
            "{answer}"
        );
        assert_eq!(answer["form_word"], "师德鉴定表", "{answer}");
    }
    let board = desk.board(NOW);
    assert_eq!(needs(&board)["师德鉴定表（一式两份）"], (6, 6));
    assert_eq!(needs(&board)["优秀教师推荐表（一式四份）"], (0, 12));
    // an outsider's verification knows the kind too
    let said = ok(&["verify", digits[0], "--keys", &desk.path("keys")]);
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(
        said.contains("签名成立") && said.contains("候选人的第2种表"),
        "{said}"
    );
}

#[test]
fn the_package_carries_both_forms_to_another_desk() {
    let desk = made("third-package");
    let (package, data) = (desk.path("p.zip"), desk.path("other"));
    let (submission, paper, keys) = (
        desk.path("submission"),
        desk.path("paper"),
        desk.path("keys"),
    );
    ok(&[
        "pack",
        &submission,
        "--paper",
        &paper,
        "--out",
        &package,
        "--keys",
        &keys,
        "--now",
        NOW,
    ]);
    let trusted = desk.path("trusted");
    std::fs::create_dir(&trusted).unwrap();
    for entry in std::fs::read_dir(&keys).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with("public-") {
            std::fs::copy(&path, std::path::Path::new(&trusted).join(name)).unwrap();
        }
    }
    ok(&["init", "--data", &data, "--keys", &trusted]);
    let output = ok(&[
        "receive", "package", &package, "--data", &data, "--keys", &trusted, "--now", NOW,
    ]);
    let said = String::from_utf8(output.stdout).unwrap();
    for title in ["师德鉴定表（欧阳示范）", "优秀教师推荐表（欧阳示范）"] {
        assert!(said.contains(title), "{title}: {said}");
    }
}

#[test]
fn the_deadline_has_an_hour() {
    let desk = made("third-deadline");
    let last = |now: &str| desk.board(now)["timeliness"].as_str().unwrap().to_owned();
    // 16:59 and 17:01 in Beijing
    assert_eq!(last("2024-06-14T08:59:00Z"), "open");
    assert_eq!(last("2024-06-14T09:01:00Z"), "overdue");
    assert_eq!(desk.board(NOW)["deadline_time"], "17:00");
    let campaign = third();
    let mut waiting = filled(&campaign);
    for key in ["paper_received_at", "file_received_at"] {
        waiting.unit.set(key, "");
    }
    let said = |found: Vec<Finding>| {
        let found = found.into_iter().find(|f| f.code == "D1");
        found.map_or_else(String::new, |f| f.message)
    };
    let told = |day: jiff::civil::Date| said(check(&campaign, &waiting, Some(day)));
    let last = campaign.deadline.day;
    let before = told(last.yesterday().unwrap());
    assert!(before.contains("2024年6月14日17时前"), "{before}");
    // where only the day is known it is said until when, not that there is time left
    let today = told(last);
    assert!(
        today.contains("17:00前") && !today.contains("还剩"),
        "{today}"
    );
    let at = |hour, minute| said(check(&campaign, &waiting, last.at(hour, minute, 0, 0)));
    assert_eq!(at(16, 59), today);
    assert_eq!(at(17, 0), today);
    let late = at(17, 1);
    let words = "现在是2024年6月14日17:01，已过期限2024年6月14日17时";
    assert!(late.contains(words), "{late}");
    let after = told(last.tomorrow().unwrap());
    assert!(after.contains("已过期限2024年6月14日17时"), "{after}");
}

#[test]
fn numbers_have_limits_and_digits_after_the_point() {
    let campaign = third();
    let says = |key: &str, text: &str| -> Vec<String> {
        let mut submission = filled(&campaign);
        submission.candidates[0].set(key, text);
        let found = check(&campaign, &submission, Some(campaign.deadline.day));
        let own = found
            .into_iter()
            .filter(|f| f.place.field.as_deref() == Some(key));
        own.map(|f| format!("{} {}", f.code, f.message)).collect()
    };
    let sound = [
        ("ethics_score", "0"),
        ("ethics_score", "100"),
        ("ethics_score", "96.25"),
        ("weekly_hours", "4"),
        ("weekly_hours", "39.9"),
        ("teaching_years", "5"),
        ("teaching_years", "60"),
        ("cert_no", "20211399003000999"),
    ];
    for (key, text) in sound {
        assert_eq!(says(key, text), Vec::<String>::new(), "{key} {text}");
    }
    let wrong = [
        ("ethics_score", "100.01", "F11", "应在0到100之间"),
        ("ethics_score", "-1", "F11", "应在0到100之间"),
        ("ethics_score", "96.255", "F11", "最多保留2位小数"),
        ("ethics_score", "九十六", "F11", "应为数字"),
        ("ethics_score", "96，5", "F11", "应为数字"),
        ("weekly_hours", "3.9", "F11", "应在4到40之间"),
        ("teaching_years", "4", "F11", "应在5到60之间"),
        ("teaching_years", "12.5", "F11", "整数"),
        ("cert_no", "2021139900300099", "F16", "应为17位，现为16位"),
        ("cert_no", "18211399003000999", "F16", "写法不对"),
        ("cert_no", "2021139900300099X", "F16", "写法不对"),
    ];
    for (key, text, code, words) in wrong {
        let said = says(key, text);
        assert_eq!(said.len(), 1, "{key} {text}: {said:#?}");
        assert!(
            said[0].starts_with(code) && said[0].contains(words),
            "{key} {text}: {said:#?}"
        );
        // a number of a document is not repeated in full
        assert!(!said[0].contains(text) || key != "cert_no", "{said:#?}");
    }
}

#[test]
fn a_workbook_keeps_decimals_whichever_way_they_are_typed() {
    let campaign = third();
    let read_back = |typed: &str| -> String {
        let mut submission = filled(&campaign);
        submission.candidates[0].set("ethics_score", typed);
        let bytes = blank::filled_workbook(&campaign, &submission).unwrap();
        let file = SourceFile {
            path: "填报工作簿.xlsx".to_owned(),
            bytes,
        };
        let (again, found) = read(&campaign, &[file], None, Vec::new());
        let errors: Vec<_> = found
            .iter()
            .filter(|f| f.severity == Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        again.candidates[0].text("ethics_score").to_owned()
    };
    for (typed, read) in [
        ("96.25", "96.25"),
        ("96.50", "96.5"),
        ("96分", "96"),
        ("96.5 分", "96.5"),
        ("９６.５", "96.5"),
        ("100", "100"),
        ("0", "0"),
        // what is no number stays as it was typed, for the check to judge
        ("约96", "约96"),
    ] {
        assert_eq!(read_back(typed), read, "{typed}");
    }
}

#[test]
fn ratios_are_told_with_how_many_are_wanting() {
    let campaign = third();
    let men = |count: usize| -> Submission {
        let mut submission = filled(&campaign);
        for candidate in submission.candidates.iter_mut().take(count) {
            candidate.set("sex", "男");
        }
        submission
    };
    assert!(
        of_code(&campaign, &men(0), "Q6").is_empty()
            && of_code(&campaign, &men(1), "Q6").is_empty()
    );
    let told = of_code(&campaign, &men(2), "Q6");
    assert_eq!(told.len(), 1);
    assert_eq!(
        told[0].message,
        "候选人3名中，女性0名，不足30%（至少1名）。"
    );
    assert!(told[0].hint.contains("还差1名"), "{}", told[0].hint);
    // two people are too few for the first ratio and enough for the second
    let mut two = men(2);
    two.candidates.remove(1);
    assert!(of_code(&campaign, &two, "Q6").is_empty() && of_code(&campaign, &two, "Q7").is_empty());
    // 45 years and some months on the day of the deadline is not under 46; the day on which it is checked does not matter
    two.candidates[0].set("birth", "1978.06");
    let told = of_code(&campaign, &two, "Q7");
    assert_eq!(told[0].severity, Severity::Warning);
    assert!(
        told[0].message.contains("45岁及以下的0名"),
        "{}",
        told[0].message
    );
    two.candidates[0].set("birth", "1978.07");
    assert!(of_code(&campaign, &two, "Q7").is_empty());
}

#[test]
fn the_demo_of_the_campaign_is_without_fault() {
    let campaign = third();
    let submission = filled(&campaign);
    let day = jiff::civil::date(2024, 6, 10);
    let found = check(&campaign, &submission, Some(day));
    // the photos stand in the folder, which is not here
    let other: Vec<_> = found.iter().filter(|f| f.code != "M2").collect();
    assert!(other.is_empty(), "{other:#?}");
}
