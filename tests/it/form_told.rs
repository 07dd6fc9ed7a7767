//! What of a form is told before it is filled: placeholders in full-width signs and in the margins of sheets, and the boxes of offices, whose
//! words are printed where the campaign has them ready in its own form.

use sanlian::fill::{Filling, Prepared, bind, faults_of_form, read};
use sanlian::finding::Severity;
use sanlian::ooxml::OpcPackage;
use sanlian::record::{Entry, Submission};

use crate::fill::campaign;
use crate::fill_joined;
use crate::form_languages::docx;
use crate::form_sheets::{book, row, text};

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

#[test]
fn placeholders_in_full_width_signs_are_told() {
    for (line, is_error) in [
        ("姓名：｛｛name｝｝", true),
        ("姓名：｛name｝", true),
        ("姓名：［name］", true),
        ("姓名［name］", false),
    ] {
        let found = faults_of_form(&campaign(), "表.docx", &docx(&p(line))).unwrap();
        let [one] = found.as_slice() else {
            panic!("{line}: {found:?}");
        };
        assert_eq!(one.code, "O13", "{line}");
        assert!(one.message.contains("全角"), "{}", one.message);
        assert!(one.hint.contains("{{name}}"), "{}", one.hint);
        assert_eq!(one.severity == Severity::Error, is_error, "{line}");
    }
    // words of the form between such signs
    for line in [
        "［盖章］",
        "［注］填表说明",
        "｛单位公章｝",
        "［A］卷",
        "［XXX］",
    ] {
        let found = faults_of_form(&campaign(), "表.docx", &docx(&p(line))).unwrap();
        assert!(found.is_empty(), "{line}: {found:?}");
    }
}

#[test]
fn placeholders_in_the_margins_of_a_sheet_are_told() {
    let with = |margins: &str| {
        let rows = row(1, &[text("A1", "姓名")]);
        let behind = format!("<headerFooter>{margins}</headerFooter>");
        let form = book(&rows, &behind, "", "");
        faults_of_form(&campaign(), "表.xlsx", &form).unwrap()
    };
    let found = with("<oddHeader>&amp;C{{unit.name}}推荐表</oddHeader>");
    let [one] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(one.code, "O8");
    assert!(one.message.contains("页眉") && one.message.contains("{{unit.name}}"));
    assert!(one.hint.contains("移到单元格"));
    let found = with("<oddFooter>&amp;L${org}&amp;R&amp;P</oddFooter>");
    assert!(found.iter().any(|f| f.code == "O13"), "{found:?}");
    // what the sheet's own codes say is nothing
    let plain = "<oddHeader>&amp;L&amp;\"宋体,常规\"&amp;12 推荐表&amp;R&amp;D</oddHeader><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页 &amp;[Page] &amp;F</oddFooter>";
    assert_eq!(with(plain), []);
}

#[test]
fn an_office_is_named_and_what_the_campaign_has_ready_is_said_in_its_own_form() {
    let campaign = campaign();
    let ready = campaign.ready_opinions();
    assert_eq!(ready["所在单位意见"], "经公示无异议，同意推荐。");
    let rows: &[&[&str]] = &[
        &["姓名", "", "性别", ""],
        &["所在单位意见", "负责人（签字）：　　年　月　日", "", ""],
        &["评审专家组意见", "", "", ""],
    ];
    // in a form of somebody else's the office speaks for itself
    let strange = bind(&campaign, "表.docx", &fill_joined::form(rows)).unwrap();
    assert!(
        strange
            .places
            .iter()
            .all(|b| !b.place.key.contains("opinion"))
    );
    assert!(
        strange.others.iter().any(|o| o.whose == "所在单位"),
        "{:?}",
        strange.others
    );

    let titled: Vec<&[&str]> = [&["河北省“最美科技工作者”推荐表", "", "", ""][..]]
        .into_iter()
        .chain(rows.iter().copied())
        .collect();
    let form = fill_joined::form(&titled);
    let binding = bind(&campaign, "表.docx", &form).unwrap();
    let mut keys = binding.places.iter().map(|b| b.place.key.as_str());
    assert!(
        keys.any(|k| k == "opinion.所在单位意见"),
        "{:?}",
        binding.places
    );
    let other = binding.others.iter().find(|o| o.whose == "评审专家组");
    assert!(other.is_some(), "{:?}", binding.others);

    let mut person = Entry::default();
    person.set("name", "王示例");
    let submission = Submission {
        candidates: vec![person],
        ..Submission::default()
    };
    let filled = |places| {
        let prepared = Prepared::new(&campaign, &form, places).unwrap();
        assert!(
            prepared
                .faults(&campaign, "表.docx")
                .iter()
                .all(|f| f.code != "O2")
        );
        let filling = Filling {
            candidate: Some(0),
            ..Filling::default()
        };
        prepared.fill(&campaign, &submission, &filling).unwrap()
    };
    let words = |bytes: &[u8]| {
        let package = OpcPackage::read(bytes).unwrap();
        package.text("word/document.xml").unwrap().to_owned()
    };
    let all = filled(binding.sure().map(|b| b.place.clone()).collect());
    let with = words(&all);
    let sentence = with.find("经公示无异议，同意推荐。").unwrap();
    // the line to be signed is still there, below
    assert!(
        with.find("负责人（签字）：")
            .is_some_and(|at| at > sentence),
        "{with}"
    );
    // read back it is no value of anybody
    let back = read(&campaign, "表.docx", &all, &binding.places()).unwrap();
    assert!(back.sightings.iter().all(|s| !s.key.contains("opinion")));
}
