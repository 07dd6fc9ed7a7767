//! Sentences of the command line that are true: what was made, what a file is, what a word means, where to go on.

use std::process::{Command, Output};

use crate::cli::{err, out, sanlian};
use crate::folder::Folder;
use crate::{run, small};

fn place() -> Folder {
    let folder = Folder::new();
    for part in ["submission", "data", "keys"] {
        run::copy_tree(&small::made().join(part), &folder.path().join(part));
    }
    folder
}

fn at(folder: &Folder, args: &[&str]) -> Output {
    let mut command: Command = sanlian(args);
    command
        .current_dir(folder.path())
        .env("SANLIAN_DATA", folder.path().join("data"))
        .env("SANLIAN_KEYS", folder.path().join("keys"));
    command.output().unwrap()
}

/// What a refused command says.
fn refused(folder: &Folder, args: &[&str]) -> String {
    let output = at(folder, args);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {}", err(&output));
    err(&output)
}

#[test]
fn a_making_with_errors_says_what_was_made_and_what_not() {
    let folder = place();
    for gone in ["报告.txt", "records.json"] {
        std::fs::remove_file(folder.path().join("submission").join(gone)).unwrap();
    }
    let said = err(&at(
        &folder,
        &["make", "submission", "--keys", "fresh", "--data", "new"],
    ));
    // what made no paper made no key
    assert!(!said.contains("已生成签名密钥"), "{said}");
    assert!(!folder.path().join("fresh").exists());
    assert!(
        said.contains("没有制作纸质件，submission-纸质件 没有改动"),
        "{said}"
    );
    assert!(
        !said.contains("没有写任何文件") && !said.contains("写在报送"),
        "{said}"
    );
    assert!(
        said.contains("报告.txt") && said.contains("放入报送文件夹"),
        "{said}"
    );
    assert!(!folder.path().join("submission-纸质件").exists());
    let said = refused(&folder, &["make", "submission", "-o", "/"]);
    assert!(said.contains("不能作输出目录"), "{said}");
}

#[test]
fn a_private_key_is_known_and_refused() {
    let folder = place();
    let said = refused(&folder, &["key", "trust", "keys/private.pem"]);
    assert!(
        said.contains("是私钥，不是公钥") && said.contains("绝不能交给别人"),
        "{said}"
    );
    let command = "sanlian key export -o 公钥.pem --keys keys";
    assert!(said.contains(command), "{said}");
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    assert!(at(&folder, &words).status.success());
    let trusted = at(&folder, &["key", "trust", "公钥.pem"]);
    assert!(trusted.status.success(), "{}", err(&trusted));
}

#[test]
fn what_cannot_be_read_is_not_called_missing() {
    let folder = place();
    std::fs::write(
        folder.path().join("submission/sanlian.toml"),
        "campaign = [\n",
    )
    .unwrap();
    let said = refused(&folder, &["check", "submission"]);
    assert!(said.contains("sanlian.toml 读不懂：第 "), "{said}");
    assert!(!said.contains("没有写明活动"), "{said}");
    for path in ["out/paper/manifset.json", "manifset.json", "./x"] {
        let said = refused(&folder, &["verify", path]);
        assert!(said.contains("没有这个文件"), "{said}");
    }
    let digits = at(&folder, &["verify", "8712"]);
    assert_eq!(digits.status.code(), Some(1), "what is no path is judged");
}

#[cfg(unix)]
#[test]
fn only_ordinary_files_are_read() {
    let folder = place();
    for args in [
        &["receive", "package", "/dev/zero"][..],
        &["scan", "/dev/zero"],
        &["verify", "/dev/zero"],
        &["bind", "/dev/zero"],
        &["key", "trust", "/dev/zero"],
        &[
            "roster",
            "import",
            "/dev/zero",
            "--campaign",
            "hebei-zuimei-2021",
        ],
    ] {
        let output = at(&folder, args);
        assert_ne!(output.status.code(), Some(0), "{args:?}");
        let said = out(&output) + &err(&output);
        assert!(said.contains("不是普通文件"), "{args:?}: {said}");
        assert!(!said.contains(" MB"), "{args:?}: {said}");
    }
}

#[test]
fn official_words_are_in_beijing_time_with_their_year() {
    use sanlian::hours::{day_in_words, minute_in_words};
    let late = "2021-12-31T16:30:00Z".parse().unwrap();
    assert_eq!(minute_in_words(late), "2022年1月1日00:30");
    assert_eq!(day_in_words(late), "2022年1月1日");
}

#[test]
fn one_campaign_is_meant_where_none_is_named() {
    let usual = sanlian::campaign::USUAL;
    assert_eq!(
        sanlian::clerk::Campaigns::open(None).unwrap().usual(),
        usual
    );
    let help = |command: &str| out(&sanlian(&[command, "--help"]).output().unwrap());
    assert!(help("serve").contains(usual) && !help("serve").contains("台账中的全部活动"));
    assert!(help("demo").contains("期限前四天"));
    assert!(out(&sanlian(&["schema"]).output().unwrap()).contains(usual));
}

#[test]
fn a_unit_is_named_before_anything_is_done_to_it() {
    let folder = place();
    let said = refused(&folder, &["slip", ""]);
    assert!(said.contains("没有写单位"), "{said}");
    let campaign = "hebei-zuimei-2021";
    std::fs::write(
        folder.path().join("名单.csv"),
        "单位名称,推荐渠道\n虚拟市科学技术协会,市科协\n",
    )
    .unwrap();
    let import = at(
        &folder,
        &["roster", "import", "名单.csv", "--campaign", campaign],
    );
    assert!(import.status.success(), "{}", err(&import));
    let said = refused(&folder, &["slip", "虚拟"]);
    assert!(
        said.contains("在单位名册上") && said.contains("没有收到"),
        "{said}"
    );
    let list = out(&at(&folder, &["roster", "list"]));
    assert!(list.contains("市科协") && !list.contains("city"), "{list}");
    // a name that was forgotten does not widen an erasure
    let erase = [
        "erase",
        "--campaign",
        campaign,
        "--unit",
        "",
        "--reason",
        "届满",
        "--yes",
    ];
    let said = refused(&folder, &erase);
    assert!(said.contains("--unit 后面是空的"), "{said}");
    let found = out(&at(&folder, &["find", "示例"]));
    assert!(!found.contains("　name "), "{found}");
}

#[test]
fn a_unit_whose_material_is_erased_is_said_to_be() {
    let folder = place();
    let erase = [
        "erase",
        "--campaign",
        "hebei-zuimei-2021",
        "--reason",
        "届满",
        "--yes",
    ];
    assert!(at(&folder, &erase).status.success());
    let status = at(&folder, &["status"]);
    let said = out(&status) + &err(&status);
    assert!(said.contains("材料已按保存期限删除"), "{said}");
    assert!(
        said.contains("另有 1 个单位的材料已删除") && !said.contains("逾期"),
        "{said}"
    );
}

#[test]
fn arguments_that_are_wrong_are_answered_with_what_is_right() {
    let folder = place();
    let said = refused(&folder, &["chek"]);
    let (check, schema) = (said.find("check"), said.find("schema"));
    assert!(
        check.is_some() && schema.is_none_or(|s| check.unwrap() < s),
        "{said}"
    );
    for n in ["-1", "0", "257"] {
        let said = refused(&folder, &["scan", "x.png", "--threads", n]);
        assert!(said.contains("应为 1 至 256 的整数"), "{n}: {said}");
        assert!(!said.contains("-- -1"), "{said}");
    }
    let said = refused(&folder, &["--lang", "en", "status", "--now", "yesterday"]);
    assert!(said.contains("2021-05-31T17:00:00+08:00"), "{said}");
    let said = refused(&folder, &["backup", "--out", "data/backup"]);
    assert!(said.contains("之内，没有备份"), "{said}");
    let said = refused(&folder, &["codes", "-o", "."]);
    assert!(
        said.contains("它是文件夹，不是文件。请换一个路径"),
        "{said}"
    );
    let said = err(&at(&folder, &["receive", "digits"]));
    assert!(
        said.contains("没有收到一页") && !said.contains("：。"),
        "{said}"
    );
}
