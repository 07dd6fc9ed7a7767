//! The rules of a campaign: one clean submission, and one change of it for every fault.

mod fields;
mod notice;
mod stand_in;

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use sanlian::campaign::{Address, Campaign, Channel, CodeList, Rule, Rules, Sheet};
use sanlian::check::check;
use sanlian::finding::{Finding, Place, Severity};
use sanlian::media::{Jpeg, Probe, Video};
use sanlian::record::{Attachment, Entry, Submission, Use, Value};
use serde::Deserialize;

/// The parts of a campaign that a check reads.
#[derive(Deserialize)]
struct Parts {
    list: Vec<CodeList>,
    address: Vec<Address>,
    channel: Vec<Channel>,
    sheet: Vec<Sheet>,
    rule: Vec<Rule>,
}

/// The test campaign, with rules of `more` instead of its own of the same code.
fn campaign_with(more: &str) -> Campaign {
    #[derive(Deserialize)]
    struct More {
        #[serde(default)]
        rule: Vec<Rule>,
    }
    let parts: Parts = toml::from_str(include_str!("campaign.toml")).unwrap();
    let more: More = toml::from_str(more).unwrap();
    let rules = parts.rule.into_iter().chain(more.rule);
    Campaign {
        id: "test".into(),
        version: 1,
        title: "示例活动".into(),
        year: 2021,
        notice_no: "示例〔2021〕1号".into(),
        organiser: "河北省科学技术协会".into(),
        deadline: date(2021, 6, 1).into(),
        deadline_inclusive: true,
        verify_url: None,
        mark: Default::default(),
        addresses: parts
            .address
            .into_iter()
            .map(|a| (a.id.clone(), a))
            .collect(),
        channels: parts.channel,
        sheets: parts.sheet,
        rules: Rules(rules.map(|r| (r.code.clone(), r)).collect()),
        materials: Vec::new(),
        forms: Vec::new(),
        lists: parts.list.into_iter().map(|l| (l.id.clone(), l)).collect(),
        holidays: sanlian::campaign::Holidays::default(),
        texts: BTreeMap::new(),
        switches: BTreeMap::new(),
        words: std::sync::Arc::default(),
        demo: String::new(),
    }
}

fn campaign() -> Campaign {
    campaign_with("")
}

/// A day on which the clean submission may be checked.
const TODAY: Date = date(2021, 5, 25);

fn rows(list: &[&[(&str, &str)]]) -> Value {
    let row = |pairs: &&[(&str, &str)]| {
        pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    };
    Value::Rows(list.iter().map(row).collect())
}

fn entry(sheet: &str, row: u32, pairs: &[(&str, &str)]) -> Entry {
    let mut entry = Entry {
        place: Place::cell("单位.xlsx", sheet, row, 0),
        ..Entry::default()
    };
    for (column, (key, text)) in pairs.iter().enumerate() {
        entry.set(key, *text);
        let place = Place::cell("单位.xlsx", sheet, row, u32::try_from(column).unwrap());
        entry.places.insert((*key).to_owned(), place);
    }
    entry
}

/// A candidate of nobody's name, with everything that is asked.
fn candidate(row: u32, name: &str, id_no: &str) -> Entry {
    let male = id_no.as_bytes()[16] % 2 == 1;
    let birth = format!("{}.{}", &id_no[6..10], &id_no[10..12]);
    let mut entry = entry(
        "候选人",
        row,
        &[
            ("name", name),
            ("sex", if male { "男" } else { "女" }),
            ("birth", &birth),
            ("ethnic", "汉族"),
            ("politics", "群众"),
            ("post", "无"),
            ("category", "科技前沿、基层一线"),
            ("org", "河北省示例勘查院"),
            ("org_kind", "事业单位"),
            ("uscc", "12139900TE5T000013"),
            ("address", "测试市示例路1号"),
            ("postcode", "050000"),
            ("phone", "0311-00000000"),
            ("mobile", "14000000001"),
            ("email", "shili@example.org"),
            ("id_type", "居民身份证"),
            ("id_no", id_no),
            ("summary", "长期从事示例研究。"),
            (
                "deeds",
                "长期从事示例研究，取得若干示例成果。\n服务示例产业。",
            ),
            ("photo", ""),
            ("service_status", "在职"),
            ("civil_servant", "否"),
            ("rank", ""),
            ("in_office", ""),
            ("consent", "是"),
            ("secret", "否"),
            ("honour_reason", ""),
        ],
    );
    entry.values.insert(
        "resume".into(),
        rows(&[
            &[
                ("span", "2004.09—2008.07"),
                ("org", "示例大学"),
                ("post", "示例专业"),
            ],
            &[
                ("span", "2008.08—至今"),
                ("org", "河北省示例勘查院"),
                ("post", "工程师"),
            ],
        ]),
    );
    entry.values.insert(
        "awards".into(),
        rows(&[&[
            ("month", "2015.05"),
            ("name", "示例市科技进步二等奖"),
            ("level", "市级"),
            ("by", "示例市人民政府"),
        ]]),
    );
    entry
}

fn jpeg(width: u32, height: u32) -> Probe {
    Probe::Jpeg(Jpeg {
        width,
        height,
        components: 3,
        progressive: false,
        orientation: 1,
        colour: Some(true),
    })
}

fn file(path: &str, usage: Use, size: u64, probe: Probe) -> Attachment {
    Attachment {
        path: path.into(),
        usage,
        size,
        sha256: [0; 32],
        probe,
    }
}

fn video(name: &str, seconds: u64, width: u32, height: u32) -> Attachment {
    let probe = Probe::Video(Video {
        brand: "isom".into(),
        duration_ms: seconds * 1000,
        width,
        height,
    });
    file(&format!("videos/{name}"), Use::Video, 9_000_000, probe)
}

/// A city's submission in which nothing is wrong.
fn clean() -> Submission {
    let mut unit = entry(
        "单位",
        1,
        &[
            ("name", "示例市科学技术协会"),
            ("channel", "市科协"),
            ("contact", "李四"),
            ("contact_mobile", "14000000000"),
            ("phone", "0311-00000000、0311-00000001"),
            ("extra_count", ""),
            ("extra_doc_no", ""),
            ("publicity_from", "2021-05-10"),
            ("publicity_to", "2021-05-14"),
            ("publicity_scope", "示例市科协网站"),
            ("publicity_result", "无异议"),
            ("report_date", "2021-05-20"),
            ("op_publicity_dept", "同意"),
            ("op_science_dept", "同意"),
            ("op_defense_dept", "已征求"),
            ("secret", "否"),
            ("sealed", "是"),
        ],
    );
    unit.values.insert(
        "status".into(),
        rows(&[
            &[
                ("step", "广泛动员"),
                ("activity", "召开动员会"),
                ("sessions", "2"),
                ("people", "300"),
            ],
            &[
                ("step", "组织推荐"),
                ("activity", "逐级推荐"),
                ("sessions", "1"),
                ("people", "40"),
            ],
        ]),
    );
    let names = ["张三", "阿卜杜拉·买买提"];
    let mut files = Vec::new();
    for name in names {
        files.push(file(
            &format!("photos/{name}.jpg"),
            Use::Photo,
            300_000,
            jpeg(660, 960),
        ));
        for n in 1..=3 {
            let path = format!("photos/{name}{n}.jpg");
            files.push(file(&path, Use::Photo, 2_400_000, jpeg(4000, 3000)));
        }
    }
    files.push(video("张三1.mp4", 170, 1920, 1080));
    Submission {
        report_unread: false,
        unowned: Default::default(),
        former: Default::default(),
        campaign: "test".into(),
        unit,
        candidates: vec![
            candidate(1, names[0], "139900198502140015"),
            candidate(2, names[1], "139900197909300020"),
        ],
        report: vec![
            "关于推荐工作情况的报告".into(),
            "一、总体情况".into(),
            "本市召开动员会，逐级推荐、集体研究，在一定范围内公示，确定候选人，按推荐先后排序，现将有关情况报告如下。".into(),
        ],
        report_place: Place::file("report.txt"),
        files,
        ..Submission::default()
    }
}

/// What a changed submission gives beyond the clean one.
fn news(campaign: &Campaign, submission: &Submission, today: Option<Date>) -> Vec<Finding> {
    let before = check(campaign, &clean(), Some(TODAY));
    check(campaign, submission, today)
        .into_iter()
        .filter(|f| !["L5", "F19"].contains(&f.code) && !before.contains(f))
        .collect()
}

/// A fault: the notice's words or a name, what is changed, and the code, weight and field that must be told, alone.
struct Case {
    clause: &'static str,
    change: fn(&mut Submission),
    code: &'static str,
    severity: Severity,
    field: &'static str,
    says: &'static str,
}

/// Checks that each case is told, and nothing else.
fn each_is_told(campaign: &Campaign, cases: &[Case]) {
    assert!(!cases.is_empty());
    for case in cases {
        let mut changed = clean();
        (case.change)(&mut changed);
        let found = news(campaign, &changed, Some(TODAY));
        let clause = case.clause;
        assert_eq!(found.len(), 1, "{clause} {}: {found:#?}", case.code);
        let finding = &found[0];
        assert_eq!(finding.code, case.code, "{clause}: {finding:#?}");
        assert_eq!(finding.severity, case.severity, "{clause}: {finding:#?}");
        let field = finding.place.field.as_deref().unwrap_or("");
        assert_eq!(field, case.field, "{clause}: {finding:#?}");
        assert!(
            finding.message.contains(case.says),
            "{clause}: {finding:#?}"
        );
        assert!(finding.message.ends_with('。'), "{finding:#?}");
        assert!(finding.hint.ends_with('。'), "{finding:#?}");
        assert!(
            finding.place.file.is_some() || case.field.is_empty(),
            "{finding:#?}"
        );
    }
}

#[test]
fn a_clean_submission_has_no_errors_and_no_warnings() {
    let found = check(&campaign(), &clean(), Some(TODAY));
    let heavy: Vec<_> = found
        .iter()
        .filter(|f| f.severity > Severity::Info)
        .collect();
    assert!(heavy.is_empty(), "{heavy:#?}");
}

#[test]
fn an_empty_submission_is_told_and_does_not_panic() {
    let found = check(&campaign(), &Submission::default(), None);
    for code in ["C1", "C2", "M14"] {
        assert!(found.iter().any(|f| f.code == code), "{code}: {found:#?}");
    }
    let bare = Campaign {
        sheets: Vec::new(),
        channels: Vec::new(),
        rules: Rules::default(),
        ..campaign()
    };
    assert_eq!(check(&bare, &Submission::default(), None), []);
    let _ = check(&bare, &clean(), None);
}

#[test]
fn checking_again_says_the_same() {
    let campaign = campaign();
    let mut messy = clean();
    for entry in &mut messy.candidates {
        for value in entry.values.values_mut() {
            *value = Value::Text("\u{0}⼯\u{E863}?９９９99999999999999E+17—".into());
        }
    }
    messy.unit.set("extra_count", "99999999999999999999");
    let once = check(&campaign, &messy, Some(TODAY));
    assert!(once.len() > 40, "all faults at once");
    assert_eq!(once, check(&campaign, &messy, Some(TODAY)));
}

#[test]
fn every_code_that_is_told_is_published() {
    let published: Vec<&str> = sanlian::finding::CODES
        .iter()
        .map(|(code, _)| *code)
        .collect();
    let mut messy = clean();
    messy.candidates.push(Entry::default());
    for finding in check(&campaign(), &messy, None) {
        assert!(published.contains(&finding.code), "{}", finding.code);
    }
}

#[test]
fn every_rule_of_the_notice_stands_in_the_guide_for_templates() {
    let guide = include_str!("../../../templates/RULES.md");
    for (code, what) in sanlian::finding::CODES {
        let told = guide
            .lines()
            .filter(|line| line.starts_with('|'))
            .filter_map(|line| line.split('|').nth(1))
            .any(|cell| cell.split_whitespace().any(|c| c == *code));
        let of_check = code.starts_with(['Q', 'C', 'L', 'M', 'D', 'S', 'A', 'F', 'N']);
        assert_eq!(told, of_check, "{code} {what}");
    }
}
