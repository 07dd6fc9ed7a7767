//! Next year's campaign: a copy of one that is here, under a new id and year, that works as it is; and what the check of templates tells of
//! a year that was forgotten, a limit that nothing fits, an example that its own field would refuse.

use sanlian::campaign::{Source, builtin, load};

use crate::run::{files, ok, sanlian, scratch};

const HEBEI: &str = "hebei-zuimei-2021";

fn said(args: &[&str]) -> (Option<i32>, String) {
    let done = sanlian(args);
    let all = [done.stdout, done.stderr].concat();
    (done.status.code(), String::from_utf8(all).unwrap())
}

#[test]
fn every_campaign_can_be_copied_and_is_sound_as_it_is() {
    let dir = scratch("next-year");
    let out = dir.join("模板");
    let out = out.to_str().unwrap();
    for source in builtin() {
        let stem = source.id.rsplit_once('-').unwrap().0.to_owned();
        let id = format!("{stem}-2026");
        ok(&["campaigns", "--copy", &source.id, &id, "-o", out]);
    }
    let (code, told) = said(&["campaigns", "--templates", out]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("hebei-zuimei-2026\t2026年河北省"), "{told}");
    assert!(!told.contains("T2"), "{told}");
    // the campaign's own folder will do
    let own = format!("{out}/hebei-zuimei-2026");
    let (code, told) = said(&["campaigns", "--templates", &own]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("hebei-zuimei-2026\t"), "{told}");
    let head = std::fs::read_to_string(format!("{own}/campaign.toml")).unwrap();
    for line in [
        "id = \"hebei-zuimei-2026\"",
        "year = 2026",
        "notice_no = \"冀科协〔2026〕21号\"",
        "deadline = \"2026-06-01\"",
    ] {
        assert!(head.lines().any(|l| l == line), "{line}");
    }
    // remarks and numbers that are no years stay
    assert!(head.contains("# 推荐渠道（通知五、推荐名额）") && head.contains("1978.05"));
    // nothing is written over
    let before = files(std::path::Path::new(out));
    let (code, told) = said(&["campaigns", "--copy", HEBEI, "hebei-zuimei-2026", "-o", out]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("已经有东西，没有复制"), "{told}");
    assert_eq!(files(std::path::Path::new(out)), before);
}

#[test]
fn what_cannot_be_copied_is_said() {
    let out = scratch("next-year-refused");
    let out = out.to_str().unwrap();
    for (args, words) in [
        (&[HEBEI, "keji"][..], "不知道“keji”是哪一年的活动"),
        (&[HEBEI, "Keji-2026"], "有不能用的字符"),
        (&[HEBEI, "keji-0026"], "不合理"),
        (&["nobody-2021", "keji-2026"], "没有活动“nobody-2021”"),
        (&[HEBEI, "shili-jiaoshi-2024"], "已经有活动"),
    ] {
        let (code, told) = said(&[&["campaigns", "-o", out, "--copy"][..], args].concat());
        assert_eq!(code, Some(2), "{args:?}: {told}");
        assert!(told.contains(words), "{args:?}: {told}");
    }
    let (code, told) = said(&[
        "campaigns",
        "-o",
        out,
        "--copy",
        HEBEI,
        "keji",
        "--year",
        "2026",
    ]);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        std::path::Path::new(out)
            .join("keji/campaign.toml")
            .is_file()
    );
}

/// What is told of a template with a piece changed.
fn told(file: &str, old: &str, new: &str) -> String {
    let mut source: Source = builtin().into_iter().find(|s| s.id == HEBEI).unwrap();
    let (_, text) = source
        .files
        .iter_mut()
        .find(|(path, _)| path == file)
        .unwrap();
    assert!(text.contains(old), "{file}: {old}");
    *text = text.replacen(old, new, 1);
    let lines = load(&source)
        .1
        .into_iter()
        .map(|f| format!("{} {}", f.message, f.hint));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn values_that_cannot_be_meant_are_told() {
    let head = "campaign.toml";
    let title = "title = \"2021年河北省";
    for (file, old, new, says) in [
        (
            head,
            "deadline = \"2021-06-01\"",
            "deadline = \"2020-06-01\"",
            "报送期限在2020年，活动却是2021年的",
        ),
        (
            head,
            "deadline = \"2021-06-01\"",
            "deadline = \"2023-06-01\"",
            "报送期限在2023年",
        ),
        (
            head,
            title,
            "title = \"二〇二六年河北省",
            "标题里写着二〇二六年",
        ),
        (head, title, "title = \"2015年河北省", "标题里写着2015年"),
        (head, title, "title = \"二○二○年河北省", "二○二○年"),
        (head, "quota = 3", "quota = 0", "名额是 0，谁都不能报"),
        (
            "fields.toml",
            "max = 2000",
            "max = 0",
            "最多 0 个字，什么都填不进去",
        ),
        (
            "fields.toml",
            "example = \"2021-05-17\"",
            "example = \"2021-13-17\"",
            "不合这一栏自己的写法",
        ),
        (
            "fields.toml",
            "example = \"2018.12\"",
            "example = \"2018-13\"",
            "不合这一栏自己的写法",
        ),
        (
            "fields.toml",
            "example = \"2003.09—2007.07\"",
            "example = \"2003年起\"",
            "不合这一栏自己的写法",
        ),
    ] {
        let all = told(file, old, new);
        assert!(all.contains(says), "{new}: {all}");
    }
    // a campaign may end in the year after its own
    let all = told(
        head,
        "deadline = \"2021-06-01\"",
        "deadline = \"2022-01-10\"",
    );
    assert!(!all.contains("报送期限在"), "{all}");
}
