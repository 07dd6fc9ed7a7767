//! Faults in templates are told in Chinese, with what is accepted: never in the words of the reader of TOML.

use sanlian::campaign::{Source, builtin, load};
use sanlian::finding::Finding;

const HEBEI: &str = "hebei-zuimei-2021";

/// The findings for the campaign with the first place of `old` in a file replaced.
fn changed(file: &str, old: &str, new: &str) -> Vec<Finding> {
    let mut source: Source = builtin().into_iter().find(|s| s.id == HEBEI).unwrap();
    let (_, text) = source
        .files
        .iter_mut()
        .find(|(path, _)| path == file)
        .unwrap();
    assert!(text.contains(old), "{file}: {old}");
    *text = text.replacen(old, new, 1);
    load(&source).1
}

/// Words of the reader that people must not meet.
const FOREIGN: &[&str] = &[
    "invalid",
    "expected",
    "unexpected",
    "missing",
    "duplicate",
    "unclosed",
    "string",
    "integer",
    "sequence",
    "boolean",
    "found",
    "unknown",
    "struct",
    "field",
    "key ",
    "value",
    "type",
];

fn in_chinese(finding: &Finding) {
    for text in [&finding.message, &finding.hint] {
        let foreign: Vec<_> = FOREIGN.iter().filter(|w| text.contains(**w)).collect();
        assert!(foreign.is_empty(), "{foreign:?}: {finding:#?}");
        assert!(!text.is_empty());
    }
    let cell = finding.place.cell.as_deref().unwrap_or_default();
    assert!(
        cell.starts_with('行') && cell.contains('列'),
        "{finding:#?}"
    );
}

#[test]
fn values_of_a_wrong_type_say_what_is_accepted() {
    for (file, old, new, says, accepts) in [
        (
            "campaign.toml",
            "year = 2021",
            "year = \"2021\"",
            "文字“2021”",
            "整数",
        ),
        (
            "campaign.toml",
            "year = 2021",
            "year = 2021.5",
            "数字 2021.5",
            "整数",
        ),
        (
            "campaign.toml",
            "year = 2021",
            "year = true",
            "true",
            "整数",
        ),
        (
            "campaign.toml",
            "year = 2021",
            "year = [2021]",
            "方括号列表",
            "整数",
        ),
        (
            "campaign.toml",
            "year = 2021",
            "year = 70000",
            "70000",
            "-32768 到 32767",
        ),
        (
            "campaign.toml",
            "quota = 3",
            "quota = -3",
            "-3",
            "不小于 0 的整数",
        ),
        (
            "campaign.toml",
            "quota = 3",
            "quota = \"三\"",
            "文字“三”",
            "不小于 0 的整数",
        ),
        (
            "campaign.toml",
            "notice_no = ",
            "notice_no = 7 #",
            "数字 7",
            "一段文字",
        ),
        (
            "fields.toml",
            "required = true",
            "required = 1",
            "数字 1",
            "true 或 false",
        ),
        (
            "fields.toml",
            "required = true",
            "required = \"true\"",
            "文字“true”",
            "true 或 false",
        ),
        (
            "fields.toml",
            "max = 300",
            "max = \"300字\"",
            "文字“300字”",
            "整数",
        ),
        (
            "fields.toml",
            "label = \"民族\"",
            "label = 5",
            "数字 5",
            "一段文字",
        ),
        (
            "forms/recommendation.toml",
            "copies = 3",
            "copies = \"三份\"",
            "文字“三份”",
            "整数",
        ),
        (
            "forms/recommendation.toml",
            "copies = 3",
            "copies = 300",
            "300",
            "0 到 255",
        ),
        ("lists.toml", "items = [", "items = 5 #[", "", ""),
    ] {
        let findings = changed(file, old, new);
        let [finding] = findings.as_slice() else {
            if accepts.is_empty() {
                findings.iter().for_each(in_chinese);
                assert!(!findings.is_empty(), "{new}");
                continue;
            }
            panic!("{new}: {findings:#?}");
        };
        in_chinese(finding);
        assert!(finding.message.contains(says), "{new}: {finding:#?}");
        assert!(finding.hint.contains(accepts), "{new}: {finding:#?}");
    }
}

#[test]
fn faults_of_writing_say_what_is_wrong_and_what_to_write() {
    for (old, new, says) in [
        ("year = 2021", "year = 2021\nyear = 2022", "前面已经写过"),
        ("year = 2021", "year = 二〇二一", ""),
        ("year = 2021", "year 2021", "没有等号"),
        ("year = 2021", "year = 02021", "多了 0"),
        ("year = 2021", "year = ", ""),
        ("year = 2021", "year = 2021 年", ""),
        ("year = 2021", "年份 = 2021", "键里有不能用的字符"),
        ("year = 2021", "year ＝ 2021", ""),
        ("year = 2021", "= 2021", "没有键"),
        ("year = 2021", "year = 2021\nurl = \"一行\n", "没有收尾"),
        ("year = 2021", "year = 2021\nlist = [1, 2", ""),
        ("year = 2021", "year = 2021\nmark = { a = 1", ""),
        ("year = 2021", "year = 2021\n[[channel]", "小节的方括号"),
        ("year = 2021", "year = 2021\nflag = True", ""),
        ("year = 2021", "year = 2021\nday = 2021-13-45", ""),
        (
            "year = 2021",
            "year = 2021\nlist = [\"甲\" \"乙\"]",
            "没有逗号",
        ),
        ("year = 2021", "year = 99999999999999999999", ""),
    ] {
        let findings = changed("campaign.toml", old, new);
        assert!(!findings.is_empty(), "{new}");
        findings.iter().for_each(in_chinese);
        let found = findings.iter().any(|f| f.message.contains(says));
        assert!(found, "{new}: {findings:#?}");
    }
}

/// Two ratios of the third campaign, which has both, as they are written.
fn ratios(one: &str, other: &str) -> Vec<Finding> {
    let mut source: Source = builtin()
        .into_iter()
        .find(|s| s.id == "shili-jiaoshi-2024")
        .unwrap();
    let (_, text) = source
        .files
        .iter_mut()
        .find(|(path, _)| path == "rules.toml")
        .unwrap();
    let kept: Vec<&str> = text
        .split("[[rule]]")
        .filter(|part| {
            !part.contains("code = \"Q6\"")
                && !part.contains("code = \"Q7\"")
                && !part.contains("code = \"Q8\"")
        })
        .collect();
    let rule = |code: &str, words: &str| {
        format!("[[rule]]\ncode = \"{code}\"\nseverity = \"error\"\n{words}\n\n")
    };
    let more: String = [("Q6", one), ("Q8", other)]
        .iter()
        .filter(|(_, words)| !words.is_empty())
        .map(|(code, words)| rule(code, words))
        .collect();
    *text = format!("{}\n{more}", kept.join("[[rule]]"));
    let (_, findings) = load(&source);
    findings
}

#[test]
fn ratios_that_no_list_can_meet_are_told() {
    let women = "what = \"女性\"\nfield = \"sex\"\nwords = [\"女\"]\n";
    let men = "what = \"男性\"\nfield = \"sex\"\nwords = [\"男\"]\n";
    let young = "what = \"35岁以下的\"\nage_under = 35\n";
    let younger = "what = \"45岁以下的\"\nage_under = 45\n";
    let both = "规则“Q6”";
    for (one, other, says) in [
        // more than all
        (
            format!("{women}least_percent = 60"),
            format!("{men}least_percent = 50"),
            both,
        ),
        // fewer than all
        (
            format!("{women}most_percent = 30"),
            format!("{men}most_percent = 40"),
            both,
        ),
        // a part larger than the whole
        (
            format!("{young}least_percent = 50"),
            format!("{younger}most_percent = 20"),
            both,
        ),
        // the same people, at least and at most
        (
            format!("{women}least_percent = 70"),
            format!("{women}most_percent = 30"),
            both,
        ),
        // between 40 and 45 of a hundred there is nobody among three
        (
            format!("{women}least_percent = 40\nmost_percent = 45"),
            String::new(),
            "做不到",
        ),
    ] {
        let findings = ratios(&one, &other);
        let [finding] = findings.as_slice() else {
            panic!("{one} / {other}: {findings:#?}");
        };
        assert!(finding.message.contains(says), "{finding:#?}");
        in_chinese_but_keys(finding);
    }
    for (one, other) in [
        (
            format!("{women}least_percent = 30"),
            format!("{men}least_percent = 30"),
        ),
        (
            format!("{women}least_percent = 50"),
            format!("{men}least_percent = 50"),
        ),
        (
            format!("{young}least_percent = 20"),
            format!("{younger}least_percent = 50"),
        ),
        (
            format!("{women}least_percent = 50"),
            format!("{younger}most_percent = 20"),
        ),
        (
            format!("{women}least_percent = 30\nfrom = 3"),
            format!("{men}most_percent = 70\nfrom = 3"),
        ),
    ] {
        let findings = ratios(&one, &other);
        assert!(findings.is_empty(), "{one} / {other}: {findings:#?}");
    }
}

/// The hint may name keys of the template.
fn in_chinese_but_keys(finding: &Finding) {
    assert!(finding.message.chars().any(|c| c > '一'), "{finding:#?}");
    let cell = finding.place.cell.as_deref().unwrap_or_default();
    assert!(cell.starts_with('行'), "{finding:#?}");
}

#[test]
fn a_photo_of_two_shapes_is_told() {
    for (file, old, new, says) in [
        (
            "campaign.toml",
            "33毫米×48毫米",
            "35毫米×45毫米",
            "材料“小2寸正面免冠彩色照片”却是 35×45",
        ),
        ("campaign.toml", "33毫米×48毫米", "34mm*49mm", ""),
        (
            "campaign.toml",
            "小2寸正面免冠彩色照片\"",
            "1寸正面免冠彩色照片\"",
            "",
        ),
        (
            "rules.toml",
            "ratio_width = 33",
            "ratio_width = 25",
            "规则“M2”要 25×48",
        ),
        (
            "forms/recommendation.toml",
            "photo = [33, 48]",
            "photo = [25, 35]",
            "照片框却是 25×35",
        ),
        (
            "fields.toml",
            "小2寸正面免冠彩色照片；",
            "照片为22毫米×30毫米；",
            "却是 22×30",
        ),
    ] {
        let findings = changed(file, old, new);
        let told = findings.iter().find(|f| f.message.contains("规则“M2”"));
        match says {
            // nearly the same shape, or another number that is the one that counts
            "" => assert!(told.is_none(), "{new}: {findings:#?}"),
            says => assert!(
                told.is_some_and(|f| f.message.contains(says)),
                "{new}: {findings:#?}"
            ),
        }
    }
}
