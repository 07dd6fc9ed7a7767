//! Records: what is in them, their digests and versions, and what changed.

use std::collections::{BTreeMap, BTreeSet};

use sanlian::campaign::{Campaign, Channel, FormKind, FormTemplate, Rules, Sheet};
use sanlian::media::Probe;
use sanlian::record::{
    Attachment, AttachmentSum, CandidateStamp, Contents, Digest, Entry, Submission, Use, Value,
    canonical_bytes, diff, digest, mask, records_of, summary_item,
};

use crate::chance::Chance;

const SHEETS: &str = r#"
[[sheet]]
key = "unit"
label = "单位"
of = "unit"
field = [
  { key = "name", label = "推荐单位" },
  { key = "channel", label = "推荐渠道" },
  { key = "contact", label = "联系人" },
  { key = "phone", label = "联系电话", masked = true },
]
[[sheet]]
key = "candidate"
label = "候选人"
of = "candidate"
field = [
  { key = "name", label = "姓名", kind = "name" },
  { key = "org", label = "工作单位" },
  { key = "id_no", label = "身份证号", kind = "id_no", masked = true },
  { key = "deeds", label = "主要事迹", kind = "long" },
]
[[sheet]]
key = "resume"
label = "学习和工作简历"
of = "candidate"
rows = true
link = "姓名"
field = [{ key = "span", label = "起止年月" }, { key = "place", label = "单位" }]
[[sheet]]
key = "activity"
label = "开展情况"
of = "unit"
rows = true
field = [{ key = "step", label = "环节" }, { key = "count", label = "场次" }]
"#;

const FORM: &str = r#"
path = "x"
title = "表"
copies = 3
per = "unit"
[page]
top = 37.0
right = 26.0
bottom = 35.0
left = 28.0
[style.value]
face = "song"
sizes = [12.0]
"#;

fn form(kind: &str, blocks: &str) -> FormTemplate {
    toml::from_str(&format!("kind = \"{kind}\"\n{FORM}\n{blocks}")).unwrap()
}

pub(crate) fn campaign() -> Campaign {
    #[derive(serde::Deserialize)]
    struct Sheets {
        sheet: Vec<Sheet>,
    }
    let sheets: Sheets = toml::from_str(SHEETS).unwrap();
    let channel = |forms: &[FormKind], kind: &str| Channel {
        enabled: true,
        kind: kind.to_owned(),
        label: format!("{kind}渠道"),
        aliases: vec![],
        quota: 3,
        quota_rule: "Q1".to_owned(),
        recipient: String::new(),
        forms: forms.to_vec(),
        departments: Default::default(),
        joint: vec![],
    };
    Campaign {
        id: "demo-2021".to_owned(),
        version: 1,
        title: String::new(),
        year: 2021,
        notice_no: String::new(),
        organiser: String::new(),
        deadline: jiff::civil::date(2021, 6, 1).into(),
        deadline_inclusive: true,
        verify_url: None,
        mark: Default::default(),
        addresses: BTreeMap::new(),
        channels: vec![
            channel(&FormKind::USUAL, "city"),
            channel(&[FormKind::Recommendation], "plant"),
        ],
        sheets: sheets.sheet,
        rules: Rules::default(),
        materials: vec![],
        forms: vec![
            form(
                "recommendation",
                r#"
[[block]]
type = "text"
text = "{unit.name}推荐{name}"
style = "value"
"#,
            ),
            form(
                "summary",
                r#"
[[block]]
type = "table"
columns = [10.0, 20.0]
[[block.row]]
height = 8.0
cells = [{ label = "联系人" }, { field = "contact" }]
[[block.row]]
height = 8.0
each = "candidates"
cells = [{ field = "name" }, { text = "{org}" }]
"#,
            ),
            form("status", "[[block]]\ntype = \"space\"\nheight = 1.0"),
            form("report", "[[block]]\ntype = \"space\"\nheight = 1.0"),
        ],
        lists: BTreeMap::new(),
        holidays: sanlian::campaign::Holidays::default(),
        texts: BTreeMap::new(),
        switches: BTreeMap::new(),
        words: std::sync::Arc::default(),
        demo: String::new(),
    }
}

fn row(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let own = |(k, v): &(&str, &str)| ((*k).to_owned(), (*v).to_owned());
    pairs.iter().map(own).collect()
}

fn candidate(name: &str, id_no: &str) -> Entry {
    let mut entry = Entry::default();
    entry.set("name", name);
    entry.set("org", "示例研究院");
    entry.set("id_no", id_no);
    entry.set("deeds", "多年从事示例研究。\n成绩突出。");
    let rows = vec![
        row(&[("span", "1996.09—2000.07"), ("place", "示例大学")]),
        row(&[("span", "2000.08—至今"), ("place", "示例研究院")]),
    ];
    entry.values.insert("resume".to_owned(), Value::Rows(rows));
    entry
}

fn photo(path: &str, fill: u8) -> Attachment {
    Attachment {
        path: path.to_owned(),
        usage: Use::Photo,
        size: 1,
        sha256: [fill; 32],
        probe: Probe::Unknown,
    }
}

pub(crate) fn submission() -> Submission {
    let mut unit = Entry::default();
    unit.set("name", "示例市科学技术协会");
    unit.set("channel", "city");
    unit.set("contact", "王示例");
    unit.set("phone", "0311-00000000");
    let steps = vec![row(&[("step", "广泛动员"), ("count", "3")])];
    unit.values
        .insert("activity".to_owned(), Value::Rows(steps));
    Submission {
        campaign: "demo-2021".to_owned(),
        unit,
        candidates: vec![
            candidate("张三", "139900198502140015"),
            candidate("阿卜杜拉·买买提", ""),
        ],
        report: vec!["报告".to_owned(), "一、情况".to_owned()],
        files: vec![
            photo("photos/张三.jpg", 1),
            photo("photos/张三1.jpg", 2),
            photo("photos/李四1.jpg", 3),
        ],
        ..Submission::default()
    }
}

pub(crate) fn reference(n: u8) -> [u8; 8] {
    [0xab, 0, 0, 0, 0, 0, 0, n]
}

pub(crate) fn contents(pairs: &[(&str, &str)]) -> Contents {
    Contents {
        values: row(pairs),
        attachments: vec![],
    }
}

pub(crate) const KIND: FormKind = FormKind::Recommendation;

#[test]
fn a_submission_has_one_record_for_each_form() {
    let (campaign, submission) = (campaign(), submission());
    let items = records_of(&campaign, &submission);
    let kinds: Vec<_> = items.iter().map(|i| i.kind.key()).collect();
    assert_eq!(
        kinds,
        ["recommendation", "recommendation", "status", "report"]
    );
    assert_eq!(items[0].identity, "id:139900198502140015");
    assert_eq!(items[1].identity, "name:阿卜杜拉·买买提\norg:示例研究院");
    assert_eq!(items[0].copies, 3);
    let values = &items[0].contents.values;
    assert_eq!(values["resume[1].place"], "示例研究院");
    assert_eq!(values["unit.name"], "示例市科学技术协会");
    assert_eq!(values["unit.channel"], "city");
    assert!(
        !values.contains_key("unit.phone"),
        "the form does not show it"
    );
    let files: Vec<_> = items[0]
        .contents
        .attachments
        .iter()
        .map(|a| a.name.as_str())
        .collect();
    assert_eq!(files, ["张三.jpg", "张三1.jpg"]);
    assert_eq!(items[2].contents.values["activity[0].count"], "3");
    assert_eq!(items[3].contents.values["report"], "报告\n一、情况");
}

#[test]
fn a_channel_that_hands_in_one_form_has_one_kind_of_record() {
    let (campaign, mut submission) = (campaign(), submission());
    submission.unit.set("channel", "plant渠道");
    let items = records_of(&campaign, &submission);
    assert_eq!(items.len(), 2);
    assert!(items.iter().all(|i| i.kind == FormKind::Recommendation));
    assert_eq!(summary_item(&campaign, &submission, &[]), None);
}

#[test]
fn the_same_person_twice_keeps_two_records() {
    let (campaign, mut submission) = (campaign(), submission());
    submission.candidates = vec![
        candidate("张三", "13990019850214001x"),
        candidate("张三", "13990019850214001X"),
    ];
    let items = records_of(&campaign, &submission);
    assert_eq!(items[0].identity, "id:13990019850214001X");
    assert_eq!(items[1].identity, "id:13990019850214001X#2");
}

#[test]
fn the_summary_names_version_and_digest_of_each_candidate() {
    let (campaign, submission) = (campaign(), submission());
    let stamp = CandidateStamp {
        reference: reference(7),
        version: 4,
        digest: Digest([5; 32]),
    };
    let item = summary_item(&campaign, &submission, &[stamp, stamp]).unwrap();
    let values = &item.contents.values;
    assert_eq!(values["contact"], "王示例");
    assert_eq!(values["candidates[0].org"], "示例研究院");
    assert_eq!(values["candidates[1].record"], "ab00000000000007");
    assert_eq!(values["candidates[1].version"], "4");
    assert_eq!(values["candidates[1].digest"], "05".repeat(32));
    assert!(!values.keys().any(|k| k.contains("id_no")));
}

#[test]
fn the_digest_of_today_stands() {
    // Changing this is a new way to write records: every printed mark would disagree with its record.
    let (campaign, submission) = (campaign(), submission());
    let item = &records_of(&campaign, &submission)[0];
    let sum = digest(&campaign, item.kind, item.copies, &item.contents);
    assert_eq!(
        sum.to_string(),
        "41b60d0d91da915da1768a63d9830ee1810754810fefb08fef1105798b925564"
    );
    assert_eq!(sum.short()[..], sum.0[..12]);
}

#[test]
fn no_two_contents_read_the_same() {
    let lists = [
        contents(&[]),
        contents(&[("name", "张三")]),
        contents(&[("name", "张"), ("org", "三")]),
        contents(&[("name", ""), ("org", "张三")]),
        contents(&[("unit.name", "张三")]),
        contents(&[("resume[0].span", "张三")]),
        contents(&[("resume[1].span", "张三")]),
        contents(&[("resume[0].place", "张三")]),
        contents(&[("other", "张三")]),
        contents(&[("other", "张三"), ("further", "")]),
        contents(&[("resume[+0].span", "张三")]),
        contents(&[("resume[99999999999].span", "张三")]),
        Contents {
            attachments: vec![AttachmentSum {
                name: "张三".to_owned(),
                sha256: Digest([0; 32]),
            }],
            ..Contents::default()
        },
    ];
    let mut seen: BTreeSet<Vec<u8>> = BTreeSet::new();
    for kind in [FormKind::Recommendation, FormKind::Summary] {
        for contents in &lists {
            assert!(
                seen.insert(canonical_bytes("demo-2021", 1, (kind, 3), contents)),
                "{contents:?}"
            );
        }
    }
    for (campaign, template, copies) in [
        ("demo-2021", 2, 3),
        ("demo-2022", 1, 3),
        ("demo-2021", 1, 2),
    ] {
        assert!(seen.insert(canonical_bytes(
            campaign,
            template,
            (KIND, copies),
            &lists[1]
        )));
    }
}

#[test]
fn the_folder_of_a_photo_and_the_order_of_files_do_not_matter() {
    let (campaign, mut submission) = (campaign(), submission());
    let sum = |submission: &Submission| {
        let item = &records_of(&campaign, submission)[0];
        digest(&campaign, item.kind, item.copies, &item.contents)
    };
    let before = sum(&submission);
    submission.files.reverse();
    submission.files[1].path = "photos/张三/张三1.jpg".to_owned();
    assert_eq!(sum(&submission), before);
    submission.files[1].sha256[31] ^= 1;
    assert_ne!(sum(&submission), before);
}

#[test]
fn any_changed_value_changes_the_digest_and_shows_as_a_difference() {
    let campaign = campaign();
    let mut chance = Chance::law(11);
    let keys = [
        "name",
        "org",
        "id_no",
        "deeds",
        "unit.name",
        "resume[0].span",
        "resume[0].place",
        "resume[1].span",
        "resume[2].place",
        "strange",
    ];
    let some = |chance: &mut Chance| {
        let mut contents = Contents::default();
        for key in keys {
            if chance.below(3) > 0 {
                let text = ["甲", "乙", "甲乙", "139900198502140015", "一段\n两段"];
                let text = text[chance.below(5) as usize];
                contents.values.insert(key.to_owned(), text.to_owned());
            }
        }
        for name in ["甲1.jpg", "甲2.jpg"] {
            if chance.below(2) == 0 {
                let sha256 = Digest([chance.below(2) as u8; 32]);
                contents.attachments.push(AttachmentSum {
                    name: name.to_owned(),
                    sha256,
                });
            }
        }
        contents
    };
    for _ in 0..3000 {
        let (a, b) = (some(&mut chance), some(&mut chance));
        assert_eq!(diff(&campaign, KIND, &a, &a), []);
        let differences = diff(&campaign, KIND, &a, &b);
        assert_eq!(differences.is_empty(), a == b, "{a:?} {b:?}");
        let sums = (
            digest(&campaign, KIND, 3, &a),
            digest(&campaign, KIND, 3, &b),
        );
        assert_eq!(sums.0 == sums.1, a == b);
    }
}

#[test]
fn differences_stand_in_sheet_order_with_labels() {
    let campaign = campaign();
    let a = contents(&[
        ("name", "张三"),
        ("org", "甲所"),
        ("unit.name", "甲会"),
        ("no", "1"),
    ]);
    let b = contents(&[
        ("name", "张三"),
        ("org", "乙所"),
        ("deeds", "事迹"),
        ("unit.name", "乙会"),
        ("no", "2"),
    ]);
    let lines: Vec<String> = diff(&campaign, KIND, &a, &b)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        lines,
        [
            "工作单位：“甲所”→“乙所”",
            "主要事迹：增加“事迹”",
            "推荐顺序：“1”→“2”",
            "推荐单位·推荐单位：“甲会”→“乙会”",
        ]
    );
}

#[test]
fn a_row_put_in_front_shows_as_one_row() {
    let campaign = campaign();
    let rows = |places: &[&str]| {
        let mut contents = Contents::default();
        for (n, place) in places.iter().enumerate() {
            contents
                .values
                .insert(format!("resume[{n}].place"), (*place).to_owned());
        }
        contents
    };
    let check = |a: &[&str], b: &[&str], expected: &[&str]| {
        let lines: Vec<String> = diff(&campaign, KIND, &rows(a), &rows(b))
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(lines, expected);
    };
    check(
        &["甲", "乙"],
        &["新", "甲", "乙"],
        &["学习和工作简历第1行：增加“新”"],
    );
    check(
        &["甲", "乙", "丙"],
        &["甲", "丙"],
        &["学习和工作简历第2行：删除“乙”"],
    );
    check(
        &["甲", "乙"],
        &["甲", "丁"],
        &["学习和工作简历第2行·单位：“乙”→“丁”"],
    );
    check(&[], &["甲"], &["学习和工作简历第1行：增加“甲”"]);
    let many: Vec<String> = (0..600).map(|n| n.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    check(&many, &many[..599], &["学习和工作简历第600行：删除“599”"]);
}

#[test]
fn personal_data_is_masked_in_differences() {
    let campaign = campaign();
    let a = contents(&[("id_no", "139900198502140015")]);
    let b = contents(&[("id_no", "139900197909300020")]);
    let middle = contents(&[("id_no", "139900198502150015")]);
    let one = &diff(&campaign, KIND, &a, &b)[0];
    assert_eq!(
        one.to_string(),
        "身份证号：“139***********0015”→“139***********0020”"
    );
    let hidden = &diff(&campaign, KIND, &a, &middle)[0];
    assert_eq!(
        hidden.to_string(),
        "身份证号：“139***********0015”，未显示的部分有变化"
    );
    assert_eq!(mask("13900001234"), "139****1234");
    assert_eq!(mask("0311-000"), "0******0");
    assert_eq!(mask("123"), "***");
    assert_eq!(mask(""), "");
}

#[test]
fn a_long_text_is_cut_to_its_change() {
    let campaign = campaign();
    let before = "甲".repeat(2000);
    let after = format!("{}乙{}", "甲".repeat(1500), "甲".repeat(499));
    let a = contents(&[("deeds", &before)]);
    let b = contents(&[("deeds", &after)]);
    let line = diff(&campaign, KIND, &a, &b)[0].to_string();
    assert!(line.contains("…甲甲甲甲甲甲甲甲甲甲乙甲"));
    assert!(line.chars().count() < 100);
}
