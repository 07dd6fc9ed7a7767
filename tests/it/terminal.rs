//! What reaches a terminal: nothing of a stranger's steers it, and progress is no wider than it is.

use std::io::Write;
use std::process::{Output, Stdio};

use crate::cli::program::colour::Stream;
use crate::cli::program::visible::{Shape, visible};
use crate::cli::{err, out};
use crate::cli_manner::{at, place};
use crate::{small, tools};

/// A title for the window, a colour that hides, a turn of the direction, and a sentence on a line of its own.
const HOSTILE: &str = "a\u{1b}]0;owned\u{7}\u{1b}[8m\u{202e}b\u{9b}31m\n签名成立";

/// Nothing in what was said steers a terminal, and the hostile text is seen.
fn is_harmless(output: &Output) {
    let said = out(output) + &err(output);
    let steers = |c: char| c.is_control() && c != '\n' && c != '\t' || c == '\u{202e}';
    assert!(!said.contains(steers), "{said:?}");
    assert!(said.contains(r"\x1b]0;owned\x07"), "{said:?}");
    assert!(
        !said.lines().any(|line| line.starts_with("签名成立")),
        "{said:?}"
    );
}

#[test]
fn what_steers_a_terminal_is_made_visible() {
    let shown = visible(Stream::Out, Shape::Line, HOSTILE);
    assert_eq!(shown, r"a\x1b]0;owned\x07\x1b[8m\u{202e}b\x9b31m\n签名成立");
    assert_eq!(
        visible(Stream::Out, Shape::Text, "一\n二\t三\r"),
        "一\n二\t三\\r"
    );
}

#[test]
fn names_and_codes_of_strangers_are_harmless() {
    let folder = place();
    let name = format!("{HOSTILE}.png");
    std::fs::write(folder.path().join(&name), "no picture").unwrap();
    is_harmless(&at(&folder, &["scan", &name]).output().unwrap());
    is_harmless(&at(&folder, &["verify", &name]).output().unwrap());
    is_harmless(&at(&folder, &["receive", "scan", &name]).output().unwrap());
    std::fs::write(folder.path().join("submission/photos").join(&name), "x").unwrap();
    is_harmless(&at(&folder, &["check", "submission"]).output().unwrap());
    let mut scanner = at(&folder, &["receive", "digits"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let typed = HOSTILE.replace('\n', " ") + "\n";
    scanner
        .stdin
        .take()
        .unwrap()
        .write_all(typed.as_bytes())
        .unwrap();
    // what may be a number is veiled besides
    let answered = out(&scanner.wait_with_output().unwrap());
    let steers = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    assert!(
        answered.contains(r"\x1b]0;") && !answered.contains(steers),
        "{answered:?}"
    );
    // an argument that is no argument
    is_harmless(
        &at(&folder, &[&format!("--{}", HOSTILE.replace('\n', ""))])
            .output()
            .unwrap(),
    );
}

#[test]
fn a_reason_is_one_short_line() {
    let folder = place();
    let digits = &small::digits()[0];
    for reason in ["短", "", &"长".repeat(201), HOSTILE, "一\u{202e}二"] {
        let acts: [&[&str]; 2] = [
            &["void", digits, "--reason", reason],
            &["key", "revoke", "0000", "--reason", reason],
        ];
        for act in acts {
            let output = at(&folder, act).output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{act:?}");
            assert!(
                err(&output).contains("2 至 200 字"),
                "{act:?}: {}",
                err(&output)
            );
        }
    }
    let fine = ["void", digits, "--reason", "印章盖错"];
    assert!(at(&folder, &fine).output().unwrap().status.success());
}

/// Columns of a text: two for a wide character.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|c| if c as u32 >= 0x2e80 { 2 } else { 1 })
        .sum()
}

#[test]
fn progress_is_no_wider_than_the_terminal() {
    let folder = place();
    let bin = env!("CARGO_BIN_EXE_sanlian");
    for width in [80, 60, 30, 20] {
        let line = format!(
            "stty rows 24 cols {width}; cd '{}' && env -u NO_COLOR TERM=xterm SANLIAN_KEYS=keys '{bin}' make submission -o out{width}",
            folder.path().display(),
        );
        let Some(shown) = tools::says("script", &["-qfc", &line, "/dev/null"]) else {
            return;
        };
        let bars = shown.split(['\r', '\n']).map(crate::cli::plain_of_terminal);
        let bars: Vec<String> = bars.filter(|b| b.contains(['█', '░'])).collect();
        assert!(!bars.is_empty(), "{shown:?}");
        for bar in bars {
            assert!(columns(&bar) <= width, "{width}: {} {bar:?}", columns(&bar));
        }
    }
}
