//! What a campaign says in two places and nothing decides: a warning names both. And files beside a campaign that nothing reads.

use sanlian::campaign::{Source, builtin, load};
use sanlian::finding::Severity;

use crate::run::{sanlian, scratch};

const HEBEI: &str = "hebei-zuimei-2021";

fn source() -> Source {
    let all = builtin().into_iter();
    all.into_iter().find(|s| s.id == HEBEI).unwrap()
}

/// What is told of the campaign with one text changed.
fn told(file: &str, old: &str, new: &str) -> Vec<String> {
    let mut source = source();
    let text = source.files.iter_mut().find(|(path, _)| path == file);
    let text = &mut text.unwrap().1;
    assert!(text.contains(old), "{old}");
    *text = text.replacen(old, new, 1);
    let (campaign, findings) = load(&source);
    assert!(campaign.is_some(), "{findings:#?}");
    let worst = findings.iter().map(|f| f.severity).max();
    assert_eq!(worst, Some(Severity::Warning), "{findings:#?}");
    assert!(
        findings
            .iter()
            .all(|f| f.code == "T2" && f.place.cell.is_some())
    );
    findings.into_iter().map(|f| f.message).collect()
}

#[test]
fn the_campaigns_at_hand_agree_with_themselves() {
    for source in builtin() {
        let (_, findings) = load(&source);
        assert!(findings.is_empty(), "{}: {findings:#?}", source.id);
    }
}

#[test]
fn what_differs_between_two_places_is_told_with_both() {
    for (file, old, new, words) in [
        (
            "rules.toml",
            "no_quota = [\"雄安\"]",
            "no_quota = [\"雄安区\"]",
            "没有一个渠道的名称里有它",
        ),
        (
            "campaign.toml",
            "quota = 3",
            "quota = 2",
            "名额是2名，规则“Q1”的通知原文却是",
        ),
        (
            "campaign.toml",
            "quota_rule = \"Q1\"",
            "quota_rule = \"Q4\"",
            "用的名额规则“Q4”说的是“省国防科工办”",
        ),
        (
            "rules.toml",
            "min = 3\nmax = 5",
            "min = 4\nmax = 8",
            "写的是3—5张，规则“M3”要的却是4—8张",
        ),
        (
            "campaign.toml",
            "page_notes = true",
            "page_notes = true, page_note = true",
            "开关“page_note”没有一张表用到",
        ),
    ] {
        let told = told(file, old, new);
        assert!(told.iter().any(|t| t.contains(words)), "{words}: {told:#?}");
    }
}

#[test]
fn a_file_that_nothing_reads_is_named_with_the_nearest() {
    let mut stray = source();
    stray.files.push((
        "rule.toml".to_owned(),
        "[[rule]]\ncode = \"L1\"\nseverity = \"off\"\n".to_owned(),
    ));
    let (campaign, findings) = load(&stray);
    assert!(campaign.is_none());
    let finding = findings
        .iter()
        .find(|f| f.message.contains("文件“rule.toml”没有用处"));
    assert!(
        finding.is_some_and(|f| f.hint.contains("是否想写“rules.toml”")),
        "{findings:#?}"
    );
    // copies of forms beside them
    let dir = scratch("campaign-stray").join(HEBEI);
    for (path, text) in source().files {
        if !path.starts_with("lists/") {
            let path = dir.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
    std::fs::write(dir.join("forms/report.toml.bak"), "old").unwrap();
    std::fs::write(dir.join("words.txt"), "示例研究院\n").unwrap();
    let output = sanlian(&[
        "campaigns",
        "--templates",
        dir.parent().unwrap().to_str().unwrap(),
    ]);
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(
        said.contains("文件“forms/report.toml.bak”没有用处"),
        "{said}"
    );
    assert!(!said.contains("words.txt"), "{said}");
}
