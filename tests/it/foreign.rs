//! What the system and the readers of formats say reaches people in Chinese, once, with the place and what to do.

use std::io;
use std::process::Output;

use sanlian::foreign::{InChinese, io_remedy};

use crate::cli::{err, out, sanlian};
use crate::folder::Folder;
use crate::service::{CAMPAIGN, Service};
use crate::{run, small};

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Words of the foreign parts that nobody is to read raw.
const RAW: [&str; 8] = [
    "os error",
    "No such file",
    "Permission denied",
    "EOF while",
    "recursion limit",
    "Failed to",
    "TOML parse",
    "missing field",
];

/// The program in a folder that has a submission, a ledger and keys.
fn at(folder: &Folder, args: &[&str]) -> Output {
    let mut command = sanlian(args);
    command
        .current_dir(folder.path())
        .env("SANLIAN_DATA", folder.path().join("data"))
        .env("SANLIAN_KEYS", folder.path().join("keys"));
    command.output().unwrap()
}

fn place() -> Folder {
    let folder = Folder::new();
    for part in ["submission", "data", "keys"] {
        run::copy_tree(&small::made().join(part), &folder.path().join(part));
    }
    folder
}

#[test]
fn errors_of_the_system_are_told_in_chinese() {
    // as Linux numbers them: none, permission, there already, no folder, a folder, busy, full, read-only, too long, port
    for number in [
        2, 13, 17, 20, 21, 26, 28, 30, 36, 39, 98, 99, 104, 110, 111, 116, 122,
    ] {
        let error = io::Error::from_raw_os_error(number);
        let words = error.in_chinese();
        assert!(words.is_ascii() || is_chinese(&words), "{number}");
        assert!(!words.contains("os error"), "{number}: {words}");
        assert!(io_remedy(&error).ends_with('。'), "{number}");
    }
    let full = io::Error::from_raw_os_error(28);
    assert_eq!(full.in_chinese(), "磁盘空间已满");
    assert_eq!(
        io::Error::from_raw_os_error(98).in_chinese(),
        "端口已被占用"
    );
    // what nobody expects is said after a Chinese sentence
    let odd = io::Error::from_raw_os_error(95).in_chinese();
    assert!(odd.starts_with("系统没有办成（"), "{odd}");
    assert_eq!(io::Error::other("自己的话").in_chinese(), "自己的话");
}

#[test]
fn what_is_wrong_with_json_and_toml_is_told_with_its_place() {
    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its shape is read")]
    struct Shape {
        a: u8,
        #[serde(default)]
        b: Vec<u8>,
    }
    let deep = format!("{{\"a\": 1, \"b\": {}", "[".repeat(200));
    for (text, told) in [
        ("{\n \"a\": ", "第 2 行第 6 列：内容在这里突然结束"),
        ("{\"b\": []}", "缺少“a”一项"),
        ("{\"a\": 1, \"c\": 2}", "没有“c”这一项"),
        ("{\"a\": 1,\n \"a\": 2}", "第 2 行第 4 列：“a”写了两次"),
        ("{\"a\": \"x\"}", "值的种类或范围不对"),
        ("{\"a\" 1}", "这里的写法不对"),
        (deep.as_str(), "值的种类或范围不对"),
    ] {
        let words = serde_json::from_str::<Shape>(text)
            .unwrap_err()
            .in_chinese();
        assert!(words.contains(told), "{text}: {words}");
    }
    let nested = serde_json::from_str::<serde_json::Value>(&"[".repeat(200)).unwrap_err();
    assert!(
        nested.in_chinese().contains("一层套一层太深"),
        "{}",
        nested.in_chinese()
    );
    for (text, told) in [
        ("a = 1\nc = 2", "第 2 行第 1 列：没有“c”这一项"),
        ("b = []", "缺少“a”一项"),
        ("a = 1\nb = [", "第 2 行"),
        ("a = 'x'", "第 1 行第 5 列：值的种类或范围不对"),
    ] {
        let words = toml::from_str::<Shape>(text).unwrap_err().in_chinese();
        assert!(words.contains(told), "{text}: {words}");
    }
}

#[test]
fn a_file_that_is_not_there_is_told_once_and_in_chinese() {
    let folder = place();
    std::fs::write(folder.path().join("b.toml"), "form = 1\n").unwrap();
    let cases: [&[&str]; 8] = [
        &["receive", "package", "nowhere"],
        &["bind", "nowhere"],
        &["diff", "nowhere", "submission"],
        &[
            "fill",
            "form.docx",
            "--binding",
            "nowhere",
            "submission",
            "-o",
            "out",
        ],
        &["roster", "import", "nowhere", "--campaign", CAMPAIGN],
        &["read", "nowhere"],
        &["serve", "--config", "nowhere"],
        &["key", "trust", "nowhere"],
    ];
    for args in cases {
        let output = at(&folder, args);
        assert_ne!(output.status.code(), Some(0), "{args:?}");
        let said = out(&output) + &err(&output);
        assert_eq!(said.matches("没有这个文件").count(), 1, "{args:?}: {said}");
        assert!(
            said.contains("nowhere") && said.contains("请"),
            "{args:?}: {said}"
        );
        assert!(
            !RAW.iter().any(|raw| said.contains(raw)),
            "{args:?}: {said}"
        );
    }
    let output = at(&folder, &["serve", "--campaign", "nope"]);
    let said = err(&output);
    assert_eq!(said.matches("没有活动“nope”").count(), 1, "{said}");
    // a folder where a file is wanted
    let output = at(
        &folder,
        &[
            "fill",
            "f",
            "--binding",
            "submission",
            "submission",
            "-o",
            "out",
        ],
    );
    let said = err(&output);
    assert!(
        said.contains("它是文件夹，不是文件") && !said.contains("os error"),
        "{said}"
    );
    // and files that are no such files
    let output = at(
        &folder,
        &[
            "fill",
            "f",
            "--binding",
            "b.toml",
            "submission",
            "-o",
            "out",
        ],
    );
    let said = err(&output);
    assert!(
        said.contains("第 1 行第 8 列") && !said.contains("os error"),
        "{said}"
    );
    std::fs::write(folder.path().join("m.json"), "{\"campaign\": ").unwrap();
    std::fs::write(folder.path().join("page.png"), "x").unwrap();
    let output = at(&folder, &["scan", "page.png", "--issued", "m.json"]);
    let said = out(&output) + &err(&output);
    assert!(said.contains("内容在这里突然结束"), "{said}");
    assert!(!RAW.iter().any(|raw| said.contains(raw)), "{said}");
}

#[test]
fn a_program_is_told_in_chinese_what_its_json_lacks() {
    let (service, mut admin) = Service::settled("foreign-api");
    admin.get("/tokens");
    let made = admin.post("/tokens", &[("name", "程序"), ("manage", "yes")]);
    let mut program = service.browser();
    program.bearer = made.between("<code class=\"secret\">", "</code>");
    for (kind, body, told) in [
        (
            "application/json",
            "{\"units\": ",
            "第 1 行第 10 列：内容在这里突然结束",
        ),
        ("application/json", "{}", "缺少“units”一项"),
        ("text/plain", "{}", "Content-Type: application/json"),
    ] {
        let answer = program.send("/api/v1/units", kind, body.as_bytes().to_vec(), &[]);
        assert_eq!(answer.status, 400, "{}", answer.text);
        assert!(answer.text.contains(told), "{}", answer.text);
        assert!(
            !RAW.iter().any(|raw| answer.text.contains(raw)),
            "{}",
            answer.text
        );
    }
}
