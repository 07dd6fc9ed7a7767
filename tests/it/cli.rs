//! What the program says of itself: help in two languages, faults in the arguments, examples, completions, the manual. It is looked
//! at from inside too, so that no command and no option can be forgotten. How it speaks when it works is in `cli_manner`.

use std::process::{Command, Output, Stdio};

use crate::tools;

#[path = "../../src/cli/mod.rs"]
#[expect(
    dead_code,
    reason = "what the program says of itself is looked at here, what it does is run"
)]
pub(crate) mod program;

use clap::CommandFactory;
use program::command::Args;
use program::frame::example_names::in_english;
use program::frame::examples::EXAMPLES;
use program::frame::groups::GROUPS;
use program::frame::{Language, built, command, help_text, path_below};

/// Names of the commands.
pub(crate) fn commands() -> Vec<String> {
    let built = built(Args::command(), Language::Chinese);
    let names = built.get_subcommands().map(|c| c.get_name().to_owned());
    let names: Vec<String> = names.collect();
    assert!(names.len() > 30);
    names
}

/// Every command with its path, those inside others too.
pub(crate) fn every(language: Language) -> Vec<(String, clap::Command)> {
    fn below(path: &str, command: &clap::Command, all: &mut Vec<(String, clap::Command)>) {
        all.push((path.to_owned(), command.clone()));
        for sub in command.get_subcommands() {
            below(&path_below(path, sub.get_name()), sub, all);
        }
    }
    let mut all = Vec::new();
    below("", &built(Args::command(), language), &mut all);
    assert!(all.len() > 50);
    all
}

/// The program where no locale, zone or wish for colour is set.
pub(crate) fn sanlian(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sanlian"));
    command.args(args).stdin(Stdio::null());
    for name in ["LC_ALL", "LC_MESSAGES", "LANG", "TZ", "NO_COLOR", "TERM"] {
        command.env_remove(name);
    }
    command
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What a command says on stdout; it must be done.
pub(crate) fn said(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", err(&output));
    out(&output)
}

/// A line of a terminal without any of its escapes: from escape and bracket to the letter that ends it.
pub(crate) fn plain_of_terminal(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |all, part| {
        let ends = part.find(|c: char| c.is_ascii_alphabetic());
        all + ends.map_or("", |at| &part[at + 1..])
    })
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// A text without the escapes of colours.
pub(crate) fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |all, part| all + part.split_once('m').unwrap().1)
}

#[test]
fn every_command_stands_in_exactly_one_group() {
    for name in commands() {
        let of = GROUPS.iter().flat_map(|g| g.commands);
        assert_eq!(of.filter(|c| **c == name).count(), 1, "{name}");
    }
    let all = GROUPS.iter().flat_map(|g| g.commands).count();
    assert_eq!(all, commands().len(), "a group names what is no command");
    let headings = GROUPS.map(|g| g.chinese);
    assert_eq!(
        headings,
        ["填报", "制作", "收件", "主办单位表", "服务", "管理"]
    );
    // and so they stand in the help
    let help = said(&mut sanlian(&["--help"]));
    let mut from = 0;
    for group in GROUPS {
        let heading = format!("\n{}：\n", group.chinese);
        let at = help.find(&heading).unwrap_or_else(|| panic!("{heading}"));
        assert!(at > from, "{heading} is out of order");
        from = at;
        let below = help[at..].lines().skip(2).take(group.commands.len());
        for (line, name) in below.zip(group.commands) {
            assert!(line.starts_with(&format!("  {name} ")), "{line}");
        }
    }
}

#[test]
fn help_is_chinese_unless_english_is_asked_for() {
    let heading = |env: &[(&str, &str)], args: &[&str]| {
        let help = said(sanlian(args).envs(env.iter().copied()));
        help.contains("Usage: sanlian")
    };
    for (env, english) in [
        (&[][..], false),
        (&[("LANG", "C")], false),
        (&[("LC_ALL", "POSIX")], false),
        (&[("LANG", "zh_CN.UTF-8")], false),
        (&[("LANG", "de_DE.UTF-8")], false),
        (&[("LANG", "en_US.UTF-8")], true),
        (&[("LC_MESSAGES", "en_GB")], true),
        (&[("LANG", "en_US.UTF-8"), ("LC_ALL", "zh_CN.UTF-8")], false),
        (&[("LANG", "zh_CN.UTF-8"), ("LC_MESSAGES", "en_GB")], true),
        // one that is empty is as if it were not there
        (&[("LC_ALL", ""), ("LANG", "en_US")], true),
    ] {
        assert_eq!(heading(env, &["--help"]), english, "{env:?}");
        assert_eq!(heading(env, &["help"]), english, "{env:?}");
    }
    let english = [("LANG", "en_US.UTF-8")];
    assert!(!heading(&english, &["--lang", "zh", "--help"]));
    assert!(!heading(&english, &["check", "--help", "--lang=zh"]));
    assert!(heading(&[], &["--lang", "en", "--help"]));
    assert!(heading(&[], &["check", "--lang=en", "-h"]));
}

#[test]
fn nothing_of_the_chinese_help_is_english() {
    for (path, command) in every(Language::Chinese) {
        let text = plain(&help_text(&command, &path, Language::Chinese));
        assert!(text.contains("\n用法：sanlian"), "{path}: {text}");
        assert!(text.contains("\n通用选项：\n"), "{path}: {text}");
        assert!(text.contains("打印帮助"), "{path}: {text}");
        for frame in [
            "Usage",
            "Options",
            "OPTIONS",
            "Arguments",
            "Commands",
            "COMMAND>",
            "Print",
            "default",
            "possible",
            "Examples",
        ] {
            let named = frame == "COMMAND>" && path == "help";
            assert!(named || !text.contains(frame), "{path}: {frame}: {text}");
        }
        let about = command.get_about().unwrap().to_string();
        assert!(is_chinese(&about), "{path}: {about}");
        for arg in command.get_arguments() {
            let help = arg.get_help().unwrap().to_string();
            assert!(is_chinese(&help), "{path} {arg}: {help}");
            if let Some(long) = arg.get_long() {
                assert!(text.contains(&format!("--{long}")), "{path} {arg}: {text}");
            }
        }
    }
    // what stands for a value is Chinese too
    for (path, command) in every(Language::Chinese) {
        let text = plain(&help_text(&command, &path, Language::Chinese));
        let latin = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase());
        assert!(!text.split('<').skip(1).any(latin), "{path}: {text}");
    }
    let help = said(&mut sanlian(&["--help"]));
    assert!(help.contains("[默认：auto]"), "{help}");
    assert!(help.contains("[可选：auto、always、never]"), "{help}");
    assert!(help.contains("打印版本"), "{help}");
}

#[test]
fn every_command_and_option_is_told_in_english() {
    for (path, command) in every(Language::English) {
        let text = plain(&help_text(&command, &path, Language::English));
        let told = text.replace("-纸质件”", "");
        assert!(!is_chinese(&told), "{path}: {text}");
        for frame in ["Usage: sanlian", "\nGeneral options:\n", "Print help"] {
            assert!(text.contains(frame), "{path}: {text}");
        }
        assert!(!command.get_about().unwrap().to_string().is_empty());
        for arg in command.get_arguments() {
            let help = arg.get_help().unwrap().to_string();
            let words = help.split('[').next().unwrap().trim();
            assert!(!words.is_empty(), "{path} {arg} is not told in English");
        }
    }
    for group in GROUPS {
        assert!(!is_chinese(group.english));
    }
}

#[test]
fn every_help_has_examples_and_each_of_them_can_be_parsed() {
    for (language, heading) in [
        (Language::Chinese, "示例："),
        (Language::English, "Examples:"),
    ] {
        let all = every(language);
        for (path, of_path) in &all {
            let text = plain(&help_text(of_path, path, language));
            assert!(text.contains(heading), "{path} has no example");
            let (_, examples) = EXAMPLES.iter().find(|(of, _)| of == path).unwrap();
            assert!(!examples.is_empty());
            for (line, chinese, english) in *examples {
                let line = match language {
                    Language::Chinese => (*line).to_owned(),
                    Language::English => in_english(line),
                };
                assert!(text.contains(&line), "{path}: {line}");
                let told = match language {
                    Language::Chinese => chinese,
                    Language::English => english,
                };
                assert!(text.contains(told), "{path}: {told}");
                let words = line.split_whitespace();
                if let Err(fault) = command(Args::command(), language).try_get_matches_from(words) {
                    panic!("{line}: {fault}");
                }
                let wanted = format!("sanlian {path}");
                assert!(line.starts_with(wanted.trim_end()), "{line}");
            }
        }
        for (path, _) in EXAMPLES {
            assert!(all.iter().any(|(p, _)| p == path), "{path} is no command");
        }
    }
}

#[test]
fn what_is_wrong_with_the_arguments_is_said_in_chinese() {
    for (args, words) in [
        (&["chek"][..], &["没有命令“chek”", "check"][..]),
        (
            &["receive", "scn"],
            &["没有命令“scn”", "相近的命令有“scan”"],
        ),
        (
            &["check", "x", "--markd", "y"],
            &[
                "没有参数“--markd”",
                "相近的参数有“--marked”",
                "用法：sanlian check",
            ],
        ),
        (&["check", "x", "--", "--markd"], &["没有参数“--markd”"]),
        (&["check", "x", "second"], &["多了一个参数“second”"]),
        (&["check", "x", "--other"], &["没有参数“--other”"]),
        (
            &["check"],
            &["缺少必需的参数：<报送文件夹>", "用法：sanlian check"],
        ),
        (&["void", "x"], &["缺少必需的参数：--reason <原因>"]),
        (
            &["make", "x", "--out"],
            &["参数“--out <文件夹>”后面要写一个值"],
        ),
        (
            &["make", "x", "--now", "today"],
            &["“--now <时刻>”的值“today”不对", "2021-05-31T17:00:00+08:00"],
        ),
        (
            &["void", "x", "--reason", "y", "--copy", "16"],
            &["“--copy <个数>”的值“16”不对：应为 1 至 15 的整数"],
        ),
        (
            &["serve", "--listen", "here"],
            &["应为地址和端口，如 127.0.0.1:8080"],
        ),
        (&["tray", "close", "x"], &["“<号>”的值“x”不对：应为整数"]),
        (
            &["key", "new", "--algorithm", "rsa"],
            &["的值“rsa”不对", "可选：ed25519、sm2"],
        ),
        (
            &["export", "--campaign", "x", "--record", "y", "-o", "z"],
            &["“--campaign <编号>”不能与“--record <记录>”同用"],
        ),
        (
            &[
                "check",
                "x",
                "--now",
                "2021-05-31T17:00:00Z",
                "--now",
                "2021-05-31T17:00:00Z",
            ],
            &["参数“--now <时刻>”只能写一次"],
        ),
        (
            &["--lang", "fr", "codes"],
            &["的值“fr”不对", "可选：zh、en"],
        ),
        (&["help", "no-such"], &["没有命令“no-such”"]),
    ] {
        let output = sanlian(args).output().unwrap();
        let said = err(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        assert!(said.starts_with("错误："), "{args:?}: {said}");
        assert!(said.contains("--help"), "{args:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{args:?}: {word}: {said}");
        }
        for english in ["error", "tip:", "Usage", "[OPTIONS]", "invalid", "found"] {
            assert!(!said.contains(english), "{args:?}: {english}: {said}");
        }
        let output = sanlian(args).arg("--lang=en").output().unwrap();
        if args.contains(&"--") || args.contains(&"--lang") {
            continue;
        }
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let said = err(&output);
        assert!(said.starts_with("error: "), "{args:?}: {said}");
        assert!(!is_chinese(&said), "{args:?}: {said}");
    }
    // a command that needs another one shows which there are
    let output = sanlian(&["receive"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("用法：sanlian receive"));
}

#[test]
fn help_of_a_command_is_the_same_by_either_way() {
    for path in [&[][..], &["check"], &["receive"], &["receive", "scan"]] {
        let asked = said(&mut sanlian(&[path, &["--help"][..]].concat()));
        let command = said(&mut sanlian(&[&["help"][..], path].concat()));
        assert_eq!(asked, command);
        assert_eq!(asked, said(&mut sanlian(&[path, &["-h"][..]].concat())));
    }
}

#[test]
fn completions_are_what_each_shell_understands() {
    let folder = tools::folder("completions");
    let mut judged = 0;
    for (shell, judge) in [
        ("bash", Some(&["bash", "-n"][..])),
        ("zsh", Some(&["zsh", "-n"])),
        ("fish", Some(&["fish", "--no-execute"])),
        ("powershell", None),
        ("elvish", None),
    ] {
        let script = said(&mut sanlian(&["completions", shell]));
        for name in ["check", "receive", "marked", "completions"] {
            assert!(script.contains(name), "{shell}: {name}");
        }
        let file = folder.join(shell);
        let args = ["completions", shell, "-o", file.to_str().unwrap()];
        assert_eq!(said(&mut sanlian(&args)), "");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), script);
        let Some((tool, args)) = judge.and_then(<[&str]>::split_first) else {
            continue;
        };
        let there = Command::new(tool).arg("--version").output().is_ok();
        // bash is everywhere, the others are judges where a machine has them
        if there || *tool == "bash" {
            let output = Command::new(tool).args(args).arg(&file).output().unwrap();
            assert!(output.status.success(), "{shell}: {}", err(&output));
            judged += 1;
        }
    }
    assert!(judged > 0);
    // and bash offers what there is
    let script = "source \"$1\"; COMP_WORDS=(sanlian rec); COMP_CWORD=1; _sanlian sanlian rec sanlian; echo ${COMPREPLY[*]}";
    let output = Command::new("bash")
        .args(["-c", script, "bash", folder.join("bash").to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(out(&output).trim(), "receive", "{}", err(&output));
}

#[test]
fn every_command_has_a_page_of_the_manual() {
    let folder = tools::folder("manual");
    let pages = folder.join("man1");
    for (lang, headings) in [
        ("zh", ["名称", "用法", "说明", "通用选项", "示例"]),
        (
            "en",
            [
                "NAME",
                "SYNOPSIS",
                "DESCRIPTION",
                "GENERAL OPTIONS",
                "Examples",
            ],
        ),
    ] {
        let args = ["man", "--lang", lang, "-o", pages.to_str().unwrap()];
        assert_eq!(said(&mut sanlian(&args)), "");
        for (path, _) in every(Language::Chinese) {
            let name = format!("sanlian {path}").trim_end().replace(' ', "-");
            let page = std::fs::read_to_string(pages.join(format!("{name}.1"))).unwrap();
            for heading in headings {
                let section = format!(".SH {heading}\n");
                let quoted = format!(".SH \"{heading}\"\n");
                assert!(
                    page.contains(&section) || page.contains(&quoted),
                    "{name}: {heading}: {page}"
                );
            }
            if lang == "en" {
                assert!(!is_chinese(&page.replace("纸质件", "")), "{page}");
            }
        }
        let main = said(&mut sanlian(&["man", "--lang", lang]));
        let file = std::fs::read_to_string(pages.join("sanlian.1")).unwrap();
        assert_eq!(main.trim_end(), file.trim_end());
        let page = pages.join("sanlian-check.1");
        let args = ["-k", "-man", "-Tutf8", "-P-cbou", page.to_str().unwrap()];
        let Some(shown) = tools::says("groff", &args) else {
            continue;
        };
        assert!(shown.contains("--marked <FILE.xlsx>"), "{shown}");
        // examples stand a line each
        let line = |l: &str| l.trim() == "sanlian check 报送 --json";
        let english = |l: &str| l.trim() == "sanlian check submission --json";
        assert!(shown.lines().any(|l| line(l) || english(l)), "{shown}");
    }
}
