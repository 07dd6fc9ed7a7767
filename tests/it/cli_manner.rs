//! How the command line speaks when it works: colour, quiet, output files, findings as a result, a closed pipe, paths that a shell
//! takes, local time, progress.

use std::path::Path;
use std::process::Command;

use crate::cli::program::frame::Language;
use crate::cli::{err, every, out, plain, program, said, sanlian};
use crate::folder::Folder;
use crate::{run, small, tools};

/// A copy of the small submission in a folder of its own, with its keys and its ledger.
pub(crate) fn place() -> Folder {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    for part in ["submission", "data", "keys"] {
        run::copy_tree(&small::made().join(part), &folder.path().join(part));
    }
    for secret in ["private.pem", "vault.key"] {
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(folder.path().join("keys").join(secret), mode).unwrap();
    }
    folder
}

/// The program in a folder of [`place`].
pub(crate) fn at(folder: &Folder, args: &[&str]) -> Command {
    let mut command = sanlian(args);
    command
        .current_dir(folder.path())
        .env("SANLIAN_DATA", folder.path().join("data"))
        .env("SANLIAN_KEYS", folder.path().join("keys"));
    command
}

#[test]
fn colour_is_used_where_it_is_wanted_and_loses_nothing() {
    let folder = place();
    std::fs::remove_file(folder.path().join("submission/报告.txt")).unwrap();
    let check = |args: &[&str], env: &[(&str, &str)]| {
        let args = [&["check", "submission"][..], args].concat();
        let output = at(&folder, &args).envs(env.iter().copied()).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(1));
        out(&output)
    };
    let none = check(&[], &[]);
    assert!(none.contains("错误 M9"), "{none}");
    assert!(!none.contains('\u{1b}'), "a pipe gets no colour");
    let always = check(&["--color", "always"], &[]);
    assert!(
        always.contains("\u{1b}[1m\u{1b}[31m错误\u{1b}[0m"),
        "{always:?}"
    );
    assert_eq!(plain(&always), none);
    assert_eq!(check(&["--color=always"], &[("NO_COLOR", "1")]), always);
    assert_eq!(check(&["--color", "never"], &[]), none);
    // verdicts too
    let digits = &small::digits()[0];
    let verify = |args: &[&str]| said(&mut at(&folder, &[&["verify", digits][..], args].concat()));
    let coloured = verify(&["--color", "always"]);
    assert!(coloured.contains("32m签名成立\u{1b}[0m"), "{coloured:?}");
    assert_eq!(plain(&coloured), verify(&[]));
    let seen = |args: &[&str]| {
        let args = [&["status", "--unit", "示例"][..], args].concat();
        out(&at(&folder, &args).output().unwrap())
    };
    let coloured = seen(&["--color", "always"]);
    assert!(coloured.contains('\u{1b}') && plain(&coloured) == seen(&[]));
    // help and faults
    let help = said(&mut sanlian(&["--color", "always", "--help"]));
    assert!(help.contains('\u{1b}'));
    assert_eq!(plain(&help), said(&mut sanlian(&["--help"])));
    let fault = sanlian(&["--color", "always", "no-such"]).output().unwrap();
    assert!(err(&fault).contains("31m错误："), "{}", err(&fault));
    // on a terminal without being asked, unless NO_COLOR stands against it
    let bin = env!("CARGO_BIN_EXE_sanlian");
    for (env, coloured) in [
        ("TERM=xterm", true),
        ("TERM=xterm NO_COLOR=1", false),
        ("TERM=dumb", false),
        // one that is empty asks for nothing
        ("TERM=xterm NO_COLOR=", true),
    ] {
        let line = format!("env {env} '{bin}' help check");
        let Some(shown) = on_a_terminal(&line) else {
            return;
        };
        assert!(shown.contains("用法"), "{shown}");
        assert_eq!(shown.contains("\u{1b}["), coloured, "{env}: {shown:?}");
    }
}

/// What a line of a shell shows on a terminal; none where there is no tool that gives it one.
fn on_a_terminal(line: &str) -> Option<String> {
    tools::says("script", &["-qfc", line, "/dev/null"])
}

#[test]
fn quiet_says_nothing_but_errors() {
    let folder = place();
    let run = |args: &[&str]| at(&folder, args).output().unwrap();
    for args in [
        &["make", "submission", "-o", "out", "-q"][..],
        &["--quiet", "status"],
        &["init", "-q"],
        &["backup", "-q", "-o", "backup"],
        &["check", "submission", "-q"],
        &["schema", "-q", "-o", "schema.json"],
    ] {
        let output = run(args);
        assert_eq!(err(&output), "", "{args:?}");
        assert_ne!(output.status.code(), Some(2), "{args:?}");
    }
    assert!(!out(&run(&["status", "-q"])).is_empty(), "data stay");
    let output = run(&["status", "-q", "--unit", "没有的单位"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).starts_with("未能完成："));
    std::fs::remove_file(folder.path().join("submission/报告.txt")).unwrap();
    let output = run(&["make", "submission", "-o", "out", "-q"]);
    assert_eq!(output.status.code(), Some(1));
    let said = err(&output);
    assert!(said.contains("错误 M9"), "{said}");
    let others = ["提醒", "说明", "共 ", "没有写任何文件"];
    assert!(!others.iter().any(|word| said.contains(word)), "{said}");
}

#[test]
fn every_output_has_the_short_option_o() {
    let mut with = Vec::new();
    for (path, command) in every(Language::Chinese) {
        for arg in command.get_arguments() {
            let aliases = arg.get_all_aliases().unwrap_or_default();
            let is_out = arg.get_long() == Some("out") || aliases.contains(&"out");
            assert_eq!(is_out, arg.get_short() == Some('o'), "{path} {arg}");
            if is_out {
                with.push(path.clone());
            }
        }
    }
    for name in [
        "make",
        "demo",
        "pack",
        "slip",
        "backup",
        "export",
        "schema",
        "codes",
        "campaigns",
        "bind",
        "fill",
        "read",
        "tray",
        "scan",
        "check",
        "completions",
        "man",
        "key export",
        "config example",
        "config systemd",
        "config container",
    ] {
        assert!(with.iter().any(|path| path == name), "{name} has no -o");
    }
}

#[test]
fn what_goes_to_stdout_goes_into_a_file_as_well() {
    let folder = tools::folder("into-files");
    for args in [
        &["schema"][..],
        &["codes"],
        &["campaigns"],
        &["config", "example"],
        &["config", "systemd"],
        &["config", "container"],
        &["man"],
    ] {
        let shown = said(&mut sanlian(args));
        assert!(shown.len() > 40, "{args:?}");
        if args == ["man"] {
            continue;
        }
        for option in ["-o", "--out"] {
            let file = folder.join(option.trim_matches('-'));
            let to = [option, file.to_str().unwrap()];
            let output = sanlian(&[args, &to].concat()).output().unwrap();
            assert!(output.stdout.is_empty(), "{args:?}");
            assert!(err(&output).contains(file.to_str().unwrap()), "{args:?}");
            assert_eq!(std::fs::read_to_string(&file).unwrap(), shown, "{args:?}");
        }
    }
}

#[test]
fn paper_without_a_named_folder_stands_beside_the_submission() {
    let folder = place();
    let beside = folder.path().join("submission-纸质件");
    let before = run::files(&folder.path().join("submission"));
    let make = |from: &Path, args: &[&str]| {
        let args = [&["make"][..], args, &["--now", small::NOW]].concat();
        let mut command = at(&folder, &args);
        command.current_dir(from).output().unwrap()
    };
    let output = make(folder.path(), &["submission"]);
    assert!(output.status.success(), "{}", err(&output));
    let told = "没有用 -o 指明输出目录，写在报送文件夹旁边";
    assert!(err(&output).contains(told), "{}", err(&output));
    let made = run::files(&beside);
    assert!(made.contains_key("全部打印.pdf"));
    // the submission is what it was, but for its record book
    let mut after = run::files(&folder.path().join("submission"));
    let mut before = before;
    for book in [&mut before, &mut after] {
        book.retain(|name, _| !name.starts_with("records.json"));
    }
    assert_eq!(before, after);
    let check = at(&folder, &["check", "submission", "--now", small::NOW]);
    let check = { check }.output().unwrap();
    assert!(check.status.success(), "{}", out(&check));
    // named otherwise, it is the same folder
    for (from, named) in [
        ("", "submission/"),
        ("", "./submission"),
        ("submission", "."),
        ("submission/photos", ".."),
        ("", "submission/填报工作簿.xlsx"),
        ("submission", "填报工作簿.xlsx"),
    ] {
        std::fs::remove_dir_all(&beside).unwrap();
        let output = make(&folder.path().join(from), &[named]);
        assert!(output.status.success(), "{named}: {}", err(&output));
        assert!(beside.join("全部打印.pdf").is_file(), "{named}");
    }
    // what is not ours is not replaced
    std::fs::remove_dir_all(&beside).unwrap();
    std::fs::create_dir(&beside).unwrap();
    std::fs::write(beside.join("letter.txt"), "dear").unwrap();
    let output = make(folder.path(), &["submission"]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert_eq!(run::files(&beside).len(), 1);
}

#[test]
fn findings_of_a_check_are_its_result() {
    let folder = place();
    std::fs::remove_file(folder.path().join("submission/报告.txt")).unwrap();
    let output = at(&folder, &["check", "submission"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let (found, talk) = (out(&output), err(&output));
    assert!(found.contains("错误 M9") && found.contains("→"), "{found}");
    assert!(!talk.contains("M9") && talk.contains("个错误"), "{talk}");
    let output = at(&folder, &["check", "submission", "--json"]);
    let output = { output }.output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().any(|f| f["code"] == "M9"));
    let keys: Vec<&String> = report.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["errors", "findings", "warnings"]);
    assert_eq!(err(&output), "");
    // those of other commands stay talk
    let output = at(&folder, &["make", "submission"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty() && err(&output).contains("M9"));
}

#[test]
fn a_reader_that_has_enough_is_no_trouble() {
    let folder = place();
    for args in ["codes", "audit list -q", "--help", "schema", "man"] {
        let bin = env!("CARGO_BIN_EXE_sanlian");
        let line = format!("set -o pipefail; '{bin}' {args} | head -c 1 >/dev/null");
        let output = Command::new("bash")
            .args(["-c", &line])
            .env("SANLIAN_DATA", folder.path().join("data"))
            .env("SANLIAN_KEYS", folder.path().join("keys"))
            .output()
            .unwrap();
        assert!(output.stderr.is_empty(), "{args}: {}", err(&output));
        let code = output.status.code().unwrap();
        // done before the reader went, or not all was said
        assert!(code == 0 || code == 2, "{args}: {code}");
    }
}

#[test]
fn paths_in_suggested_commands_can_be_copied_into_a_shell() {
    use program::shell::{path, word};
    for (text, quoted) in [
        ("报送", "报送"),
        ("a/b-c_1.pdf", "a/b-c_1.pdf"),
        ("测试市 科协", "'测试市 科协'"),
        ("a b", "'a b'"),
        ("$HOME", "'$HOME'"),
        ("it's", r"'it'\''s'"),
        ("a;b", "'a;b'"),
        ("*", "'*'"),
        ("~", "'~'"),
        ("", "''"),
    ] {
        assert_eq!(word(text), quoted);
    }
    assert_eq!(path(Path::new("-x")), "./-x");
    let hostile = [
        "a b", "$(id)", "`id`", "it's", "a\"b", "!x", "#x", "&", "|", "\\", "é 　", "表\n二", "~x",
        "[a]", "{a,b}", "(x)", "<x>", "x=1", "%x", "^x",
    ];
    for text in hostile {
        let script = format!("printf %s {}", word(text));
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        assert_eq!(out(&output), text, "{script}");
    }
    // as a person copies it
    let folder = Folder::new();
    let name = "it's 报送 $1";
    let output = sanlian(&["new", "hebei-zuimei-2021", name])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let talk = err(&output);
    let suggested = talk
        .lines()
        .last()
        .unwrap()
        .split_once("sanlian ")
        .unwrap()
        .1;
    let line = format!("'{}' {suggested}", env!("CARGO_BIN_EXE_sanlian"));
    let output = Command::new("sh")
        .args(["-c", &line])
        .current_dir(folder.path())
        .output()
        .unwrap();
    // the blank workbook has faults, and is found
    assert_eq!(output.status.code(), Some(1), "{line}: {}", err(&output));
}

#[test]
fn people_read_local_time_and_machines_utc() {
    let folder = place();
    let zoned = |args: &[&str], zone: &str| said(at(&folder, args).env("TZ", zone));
    let made = "2021-05-28T01:02:03Z";
    let log = |zone: &str| zoned(&["audit", "list"], zone);
    for (zone, told) in [
        ("Asia/Shanghai", "2021-05-28 09:02:03 +08:00"),
        ("UTC", "2021-05-28 01:02:03 +00:00"),
        ("America/New_York", "2021-05-27 21:02:03 -04:00"),
        ("CST-8", "2021-05-28 09:02:03 +08:00"),
        // a zone that nobody knows: Beijing's, in which deadlines are told
        ("Nowhere/Land", "2021-05-28 09:02:03 +08:00"),
    ] {
        let log = log(zone);
        assert!(log.contains(told), "{zone}: {log}");
        assert!(!log.contains(made), "{zone}: {log}");
    }
    let json = |zone: &str| zoned(&["audit", "list", "--json"], zone);
    assert!(json("UTC").contains(made), "{}", json("UTC"));
    assert_eq!(json("UTC"), json("Asia/Shanghai"));
    let digits = &small::digits()[0];
    let verify = |zone: &str| zoned(&["verify", digits], zone);
    assert!(verify("Asia/Shanghai").contains("签发于2021-05-28 09:02 +08:00"));
    assert!(verify("UTC").contains("签发于2021-05-28 01:02 +00:00"));
    let json = |zone: &str| zoned(&["verify", digits, "--json"], zone);
    assert!(json("Asia/Shanghai").contains("\"2021-05-28T01:02:00Z\""));
    assert_eq!(json("Asia/Shanghai"), json("UTC"));
    // keys
    let new = ["key", "new", "--now", "2026-11-25T00:00:00Z"];
    let output = at(&folder, &new)
        .env("TZ", "Asia/Shanghai")
        .output()
        .unwrap();
    assert!(err(&output).contains("自 2026-11-25 08:00:00 +08:00 起停用"));
    let list = |zone: &str| zoned(&["key", "list"], zone);
    assert!(list("Asia/Shanghai").contains("至 2026-11-25 08:00:00 +08:00"));
    assert!(list("UTC").contains("至 2026-11-25 00:00:00 +00:00"));
    assert!(zoned(&["key", "list", "--json"], "Asia/Shanghai").contains("2026-11-25T00:00:00Z"));
    // a backup
    let at_noon = ["backup", "-o", "kept", "--now", "2026-11-26T04:00:00Z"];
    zoned(&at_noon, "UTC");
    let restore = ["restore", "kept", "--data", "back"];
    let output = at(&folder, &restore)
        .env("TZ", "Asia/Shanghai")
        .output()
        .unwrap();
    assert!(
        err(&output).contains("备份于 2026-11-26 12:00 +08:00"),
        "{}",
        err(&output)
    );
}

#[test]
fn progress_counts_on_a_terminal_only() {
    let folder = place();
    let bin = env!("CARGO_BIN_EXE_sanlian");
    let keys = folder.path().join("keys");
    let line = |args: &str| {
        format!(
            "cd '{}' && env -u NO_COLOR TERM=xterm SANLIAN_KEYS='{}' '{bin}' {args}",
            folder.path().display(),
            keys.display()
        )
    };
    let commands = [
        ("check submission", "约剩"),
        ("make submission -o out", "约剩"),
        ("pack submission -o out.zip", "约剩"),
        ("scan out/推荐人选汇总表.pdf", "已读 1 页，约剩"),
    ];
    for (args, told) in commands {
        let Some(shown) = on_a_terminal(&line(args)) else {
            return;
        };
        assert!(shown.contains(told), "{args}: {shown:?}");
        let quiet = on_a_terminal(&line(&format!("-q {args}"))).unwrap();
        assert!(!quiet.contains("约剩"), "{args}: {quiet:?}");
        let args: Vec<&str> = args.split(' ').collect();
        let output = at(&folder, &args).output().unwrap();
        let said = out(&output) + &err(&output);
        assert!(!said.contains("约剩") && !said.contains('\r'), "{said:?}");
    }
    // how many of how many
    let shown = on_a_terminal(&line("make submission -o out")).unwrap();
    let files = run::manifest(&folder.path().join("out"))["files"]
        .as_array()
        .unwrap()
        .len();
    assert!(
        shown.contains(&format!("{}/{files}，约剩", files - 1)),
        "{shown:?}"
    );
}
