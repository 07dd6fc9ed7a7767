//! Words that stand in for an answer, and one picture for two: what is signed must hold the answer itself.

use sanlian::check::check;
use sanlian::finding::{Finding, Severity};
use sanlian::record::Submission;

use super::{TODAY, campaign, clean, news};

/// What is told beyond the clean submission where the second candidate answers so.
fn second(key: &str, text: &str) -> Vec<Finding> {
    let mut changed = clean();
    changed.candidates[1].set(key, text);
    news(&campaign(), &changed, Some(TODAY))
}

#[test]
fn a_word_that_stands_in_for_an_answer_is_told_once() {
    for (key, text, severity, says) in [
        ("org", "同上", Severity::Error, "填的是“同上”"),
        ("org", "〃", Severity::Error, "不知道同的是什么"),
        ("org", "”", Severity::Error, "不知道同的是什么"),
        ("address", "（同上）", Severity::Error, "同的是什么"),
        ("deeds", "另附", Severity::Error, "没有实际内容"),
        ("deeds", "详见附件3", Severity::Error, "没有实际内容"),
        ("deeds", "见事迹材料。", Severity::Error, "没有实际内容"),
        ("summary", "略", Severity::Error, "没有实际内容"),
        ("address", "待定", Severity::Warning, "还没有实际内容"),
        ("address", "暂 缺", Severity::Warning, "还没有实际内容"),
        ("address", "TBD", Severity::Warning, "还没有实际内容"),
        ("address", "XXX", Severity::Error, "没有填写的空位"),
        ("address", "____", Severity::Error, "没有填写的空位"),
        // what cannot be words at all is told as the stand-in that it is, not as a wrong number
        ("mobile", "待补", Severity::Error, "还没有实际内容"),
        ("birth", "待查", Severity::Error, "还没有实际内容"),
        ("email", "暂缺", Severity::Error, "还没有实际内容"),
        // nothing must stand here, so that paper can be made
        ("address", "见附件", Severity::Warning, "没有实际内容"),
    ] {
        let found = second(key, text);
        let [finding] = found.as_slice() else {
            panic!("{key} {text}: {found:#?}");
        };
        assert_eq!(
            (finding.code, finding.severity),
            ("F17", severity),
            "{key} {text}"
        );
        assert_eq!(finding.place.field.as_deref(), Some(key));
        assert!(finding.place.cell.is_some(), "{finding:#?}");
        assert!(finding.message.contains(says), "{finding:#?}");
    }
}

#[test]
fn what_is_an_answer_is_no_stand_in() {
    for (key, text) in [
        ("org", "略阳县示例中学"),
        ("org", "河北省另附示例公司"),
        ("post", "无"),
        ("deeds", "见义勇为，事迹见于示例报的报道。"),
        (
            "deeds",
            "详见附件所列的十二项成果之外，另主持示例项目三项。",
        ),
        ("address", "待定路1号"),
        ("photo", "见附件"),
    ] {
        let found = second(key, text);
        let told: Vec<_> = found.iter().filter(|f| f.code == "F17").collect();
        assert!(told.is_empty(), "{key} {text}: {told:#?}");
    }
}

#[test]
fn the_line_above_is_offered_where_there_is_one() {
    let found = second("org", "同上");
    assert!(found[0].hint.contains("“河北省示例勘查院”"), "{found:#?}");
    // the first has nobody above him
    let mut changed = clean();
    changed.candidates[0].set("org", "同上");
    let found = news(&campaign(), &changed, Some(TODAY));
    let told = found.iter().find(|f| f.code == "F17").unwrap();
    assert!(!told.hint.contains("上一行"), "{told:#?}");
    // in a list it is the row above
    let mut changed = clean();
    let mut rows = changed.candidates[0].rows("resume").to_vec();
    rows[1].insert("org".into(), "同上".into());
    changed.candidates[0]
        .values
        .insert("resume".into(), sanlian::record::Value::Rows(rows));
    let found = news(&campaign(), &changed, Some(TODAY));
    assert!(
        found.iter().any(|f| f.hint.contains("“示例大学”")),
        "{found:#?}"
    );
}

/// The clean submission with sums of bytes: equal for the files that are named together.
fn pictures(same: &[&str]) -> (Submission, Vec<Finding>) {
    let mut changed = clean();
    for (n, file) in (1..).zip(&mut changed.files) {
        let one = same.iter().any(|path| file.path == *path);
        file.sha256 = [if one { 200 } else { n }; 32];
    }
    let found = check(&campaign(), &changed, Some(TODAY));
    let found = found.into_iter().filter(|f| f.severity > Severity::Info);
    let found = found.collect();
    (changed, found)
}

#[test]
fn one_picture_for_two_people_is_told_with_both() {
    let (_, quiet) = pictures(&[]);
    assert!(quiet.is_empty(), "{quiet:#?}");
    for (same, code, severity, says) in [
        (
            ["photos/张三.jpg", "photos/阿卜杜拉·买买提.jpg"],
            "I14",
            Severity::Error,
            "张三和阿卜杜拉·买买提的证件照是同一个文件",
        ),
        (
            ["photos/张三.jpg", "photos/阿卜杜拉·买买提2.jpg"],
            "I14",
            Severity::Error,
            "张三的证件照和阿卜杜拉·买买提的工作照片是同一个文件",
        ),
        (
            ["photos/张三1.jpg", "photos/阿卜杜拉·买买提1.jpg"],
            "I14",
            Severity::Warning,
            "张三和阿卜杜拉·买买提的工作照片",
        ),
        (
            ["photos/张三1.jpg", "photos/张三3.jpg"],
            "M3",
            Severity::Error,
            "“张三1.jpg”和工作照片“张三3.jpg”是同一个文件，内容完全相同，只能算一张，这样工作照片只有2张，应为3—5张",
        ),
    ] {
        let (_, found) = pictures(&same);
        let [finding] = found.as_slice() else {
            panic!("{same:?}: {found:#?}");
        };
        assert_eq!(
            (finding.code, finding.severity),
            (code, severity),
            "{same:?}"
        );
        assert!(finding.message.contains(says), "{finding:#?}");
        assert_eq!(finding.place.file.as_deref(), Some(same[1]));
    }
}

#[test]
fn a_cell_that_names_another_persons_photo_is_to_blame_and_not_the_photo() {
    let mut changed = clean();
    changed.candidates[0].set("photo", "阿卜杜拉·买买提.jpg");
    let found = news(&campaign(), &changed, Some(TODAY));
    let [finding] = found.as_slice() else {
        panic!("{found:#?}");
    };
    assert_eq!((finding.code, finding.severity), ("I14", Severity::Error));
    assert_eq!(finding.place.field.as_deref(), Some("photo"));
    assert_eq!(finding.place.record.as_deref(), Some("张三"));
    assert!(
        finding
            .message
            .contains("按文件名却是阿卜杜拉·买买提的照片"),
        "{finding:#?}"
    );
    // a name that is nobody's, and that both cells give
    let mut changed = clean();
    changed.files[0].path = "photos/IMG_0001.jpg".into();
    changed.candidates[0].set("photo", "IMG_0001.jpg");
    changed.candidates[1].set("photo", "IMG_0001.jpg");
    let found = news(&campaign(), &changed, Some(TODAY));
    let told: Vec<_> = found.iter().filter(|f| f.code == "I14").collect();
    assert_eq!(told.len(), 1, "{found:#?}");
    assert!(told[0].message.contains("张三也填了它"), "{found:#?}");
}

#[test]
fn a_picture_that_lies_there_twice_counts_once_in_every_sentence() {
    let of = |names: &[&str], same: &[&str]| {
        let mut changed = clean();
        let photo = changed.files.iter().find(|f| f.path == "photos/张三1.jpg");
        let photo = photo.unwrap().clone();
        changed
            .files
            .retain(|f| !f.path.starts_with("photos/张三") || f.path == "photos/张三.jpg");
        for (n, name) in (1..).zip(names) {
            let mut file = photo.clone();
            file.path = format!("photos/{name}.jpg");
            file.sha256 = [if same.contains(name) { 200 } else { 100 + n }; 32];
            changed.files.push(file);
        }
        changed.files.sort_by(|a, b| a.path.cmp(&b.path));
        let found = check(&campaign(), &changed, Some(TODAY));
        let told = found.into_iter().filter(|f| f.code == "M3");
        told.map(|f| (f.severity, f.message)).collect::<Vec<_>>()
    };
    let four = ["张三1", "张三2", "张三3", "张三4"];
    assert_eq!(of(&four, &[]), []);
    // enough is left: it is told, and nothing lacks
    let found = of(&four, &["张三1", "张三4"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, Severity::Warning);
    assert!(found[0].1.ends_with("只能算一张。"), "{found:?}");
    // too few at any rate: how many there are, and how many of them count
    let found = of(&four[..2], &["张三1", "张三2"]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0]
            .1
            .contains("现有2张，其中1张与别的照片相同，只能算1张"),
        "{found:?}"
    );
    assert!(found[1].1.contains("这样工作照片只有1张"), "{found:?}");
    // too many
    let six = ["张三1", "张三2", "张三3", "张三4", "张三5", "张三6"];
    let found = of(&six, &["张三5", "张三6"]);
    assert!(
        found[0]
            .1
            .contains("现有6张，其中1张与别的照片相同，只能算5张"),
        "{found:?}"
    );
}

#[test]
fn marks_of_repetition_count_in_no_statistics() {
    let told = |key: &str, text: &str| {
        let mut changed = clean();
        changed.candidates[1].set(key, text);
        let found = check(&campaign(), &changed, Some(TODAY));
        let found = found.into_iter().find(|f| f.code == "L5");
        found.expect("told").message
    };
    let quiet = told("ethnic", "汉族");
    assert!(quiet.contains("少数民族0名"), "{quiet}");
    for repeated in ["〃", "”", "同上", "〞"] {
        assert_eq!(told("ethnic", repeated), quiet, "{repeated}");
        let category = told("category", repeated);
        assert!(!category.contains(repeated), "{category}");
    }
    // a people is one
    assert!(told("ethnic", "回族").contains("少数民族1名"));
}
