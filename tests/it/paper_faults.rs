//! Faults in the templates of papers around a submission: each told with its file, line and remedy.

use sanlian::campaign::{Source, builtin, load};

const ID: &str = "hebei-zuimei-2021";

fn source(id: &str) -> Source {
    builtin().into_iter().find(|s| s.id == id).unwrap()
}

/// Findings of a template that was changed in one place, as `code place message hint`.
fn faults(id: &str, file: &str, old: &str, new: &str) -> Vec<String> {
    let mut source = source(id);
    let (_, text) = source
        .files
        .iter_mut()
        .find(|(path, _)| path == file)
        .unwrap();
    assert!(text.contains(old), "{file} has no {old}");
    *text = text.replacen(old, new, 1);
    let found = load(&source).1.into_iter();
    found
        .map(|f| format!("{} {} {} {}", f.code, f.place, f.message, f.hint))
        .collect()
}

#[test]
fn a_paper_with_the_day_on_which_it_is_made_is_told() {
    let letter = "forms/letter.toml";
    assert_eq!(faults(ID, letter, "（联系人：", "（联系人："), [""; 0]);
    let told = faults(ID, letter, "（联系人：", "（{today}，联系人：");
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].contains("每天做出的文件都不同"), "{told:#?}");
}

#[test]
fn a_form_that_cannot_be_read_says_nothing_of_the_others() {
    for (file, old, new, words) in [
        (
            "forms/recommendation.toml",
            "copies = 3",
            "copies = ３",
            "半角数字",
        ),
        (
            "forms/envelope-c4.toml",
            "kind = \"envelope-2\"",
            "kind = \"envelope-1\"",
            "envelope-1",
        ),
        (
            "campaign.toml",
            "quota_rule = \"Q3\"",
            "quota_rule = \"Q33\"",
            "是否想写“Q3”",
        ),
    ] {
        let told = faults(ID, file, old, new);
        assert!(!told.is_empty(), "{file}");
        assert!(told.iter().all(|t| t.contains(words)), "{told:#?}");
    }
}

#[test]
fn a_fault_in_a_paper_is_told_with_file_line_and_remedy() {
    let (letter, public, ask) = (
        "forms/letter.toml",
        "forms/publicity.toml",
        "forms/consultation.toml",
    );
    for (file, old, new, words) in [
        // a field that is personal, one that reaches a person, and a unit's that does
        (
            public,
            "{ field = \"post\" }",
            "{ field = \"id_no\" }",
            "“证件号码”（id_no），这是不能公开的",
        ),
        (
            public,
            "{ field = \"post\" }",
            "{ field = \"mobile\" }",
            "“手机”（mobile）",
        ),
        (
            public,
            "{ field = \"post\" }",
            "{ text = \"电话{phone}\" }",
            "“办公电话”（phone）",
        ),
        (
            public,
            "{ field = \"post\" }",
            "{ field = \"email\" }",
            "“电子邮箱”（email）",
        ),
        (
            "fields.toml",
            "key = \"birth\"",
            "masked = true\nkey = \"birth\"",
            "“出生年月”（birth）",
        ),
        (
            "fields.toml",
            "key = \"phone\"",
            "masked = true\nkey = \"phone\"",
            "“办公电话”（phone）",
        ),
        // keys of papers
        (
            letter,
            "mailed = true",
            "mailed = \"是\"",
            "应写 true 或 false",
        ),
        (letter, "mailed = true", "mailt = true", "不认识的键“mailt”"),
        (
            letter,
            "{candidates.names}",
            "{candidates.name}",
            "{candidates.name} 不是已知的字段",
        ),
        (
            letter,
            "each = \"originals\"",
            "each = \"original\"",
            "重复行的来源“original”不存在",
        ),
        (
            letter,
            "{name}\"\ndate",
            "{nam}\"\ndate",
            "{nam} 不是已知的字段",
        ),
        (
            letter,
            "date = \"{report_date}\"",
            "date = \"{reportdate}\"",
            "{reportdate} 不是已知的字段",
        ),
        (
            letter,
            "style = \"issuer\"",
            "style = \"isuer\"",
            "样式“isuer”没有定义",
        ),
        (
            ask,
            "each = \"departments\"",
            "each = \"department\"",
            "公文不能按“department”各写一份",
        ),
        (
            ask,
            "-{department.name}",
            "",
            "输出路径中没有 {department.name}",
        ),
        (
            letter,
            "{recipient.name}：",
            "{department.name}：",
            "{department.name} 不是已知的字段",
        ),
        (
            "forms/status.toml",
            "per = \"unit\"",
            "per = \"unit\"\npublic = true",
            "“public”只用于公文",
        ),
        (
            "forms/summary.toml",
            "per = \"unit\"",
            "per = \"unit\"\nmailed = true",
            "“mailed”只用于公文",
        ),
        (
            "forms/report.toml",
            "per = \"unit\"",
            "per = \"unit\"\neach = \"departments\"",
            "“each”只用于公文",
        ),
        (
            "forms/status.toml",
            "cells = [",
            "cells = [{ label = \"x\", once = true }, ",
            "once 只用于重复的行",
        ),
        (
            "forms/status.toml",
            "{name}",
            "{candidates.names}",
            "{candidates.names} 不是已知的字段",
        ),
        // channels
        (
            "campaign.toml",
            "departments = { op_publicity_dept",
            "departments = { op_publicity",
            "的 joint 里没有“op_publicity”",
        ),
        (
            "campaign.toml",
            "\"市科技局\"",
            "\"市委宣传部\"",
            "部门名称“市委宣传部”是空的，或者写了两次",
        ),
        (
            "campaign.toml",
            "\"recommendation\", \"paper-1\", \"paper-2\", \"envelope-1\"",
            "\"recommendation\", \"paper-1\", \"paper-3\", \"envelope-1\"",
            "没有联合推荐部门，却要“征求意见函”",
        ),
    ] {
        let found = faults(ID, file, old, new);
        let told = found
            .iter()
            .filter(|f| f.contains(words))
            .collect::<Vec<_>>();
        assert!(
            !told.is_empty(),
            "{file}: {new}: wanted {words}, got {found:?}"
        );
        assert!(
            told.iter()
                .all(|f| f.starts_with("T2 ") && f.contains("行")),
            "{told:?}"
        );
        assert!(found.iter().all(|f| f.ends_with('。')), "{found:?}");
    }
}

#[test]
fn a_paper_that_no_channel_hands_in_is_told() {
    let mut source = source("shili-jiaoshi-2024");
    let (_, text) = source
        .files
        .iter_mut()
        .find(|(path, _)| path == "campaign.toml")
        .unwrap();
    *text = text.replace(", \"paper-1\"", "");
    let found = load(&source).1;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].message.contains("没有渠道要“报送函”（paper-1）"),
        "{found:?}"
    );
}
