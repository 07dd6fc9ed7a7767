//! A stack of pages: what its order and its gaps tell, and how its files are named.

use std::collections::BTreeSet;

use sanlian::receipt::{Hint, StackPage, StackSheet, hints};
use serde_json::Value;

use crate::desk::Desk;
use crate::receive_scan::pictures;

/// Pages of a pile as `record copy page`, a page without a mark as `-`; each copy has three pages.
fn pile(number: usize, pages: &str) -> Vec<StackPage> {
    let names = ["王示例", "李示例", "赵示例"];
    let page = |(n, word): (usize, &str)| {
        let digits: Vec<u8> = word.bytes().map(|b| b.wrapping_sub(b'0')).collect();
        let sheet = (word != "-").then(|| StackSheet {
            record: [digits[0]; 8],
            title: format!("推荐表（{}）", names[usize::from(digits[0])]),
            version: 1,
            minutes: 7,
            copy: digits[1],
            page: digits[2],
            pages: 3,
            in_force: true,
        });
        StackPage {
            pile: number,
            name: format!("{number}.pdf 第{}页", n + 1),
            sheet,
        }
    };
    pages.split(' ').enumerate().map(page).collect()
}

fn codes(hints: &[Hint]) -> Vec<&str> {
    hints.iter().map(|h| h.code).collect()
}

#[test]
fn a_stack_in_order_has_no_hints() {
    let stack = pile(0, "011 012 013 021 022 023 111 112 113");
    assert_eq!(hints(&stack, &BTreeSet::new()), []);
    // the same sheet twice is told by its verdict
    assert_eq!(hints(&pile(0, "011 011 012 013"), &BTreeSet::new()), []);
    assert_eq!(hints(&[], &BTreeSet::new()), []);
}

#[test]
fn candidates_among_each_other_are_told_once_each() {
    let stack = pile(0, "011 012 111 013 112 113");
    let found = hints(&stack, &BTreeSet::new());
    assert_eq!(codes(&found), ["mixed", "mixed"]);
    assert_eq!(found[0].name, "0.pdf 第4页");
    assert!(
        found[0]
            .message
            .contains("推荐表（王示例）的页在推荐表（李示例）之后又出现"),
        "{found:?}"
    );
    // the same candidate in another file is another pile
    let apart = [pile(0, "011 012 013 111 112 113"), pile(1, "021 022 023")].concat();
    assert_eq!(hints(&apart, &BTreeSet::new()), []);
}

#[test]
fn copies_among_each_other_and_pages_backwards_are_told() {
    let found = hints(&pile(0, "011 021 012 022 013 023"), &BTreeSet::new());
    assert_eq!(codes(&found), ["interleaved"]);
    assert!(
        found[0].message.contains("第1份和第2份的页交错"),
        "{found:?}"
    );
    let found = hints(&pile(0, "013 012 011"), &BTreeSet::new());
    assert_eq!(codes(&found), ["order"]);
    assert_eq!(found[0].name, "0.pdf 第2页");
    assert!(
        found[0].message.contains("第1份的页次是3、2、1"),
        "{found:?}"
    );
}

#[test]
fn pages_that_the_stack_lacks_are_told_unless_the_desk_has_them() {
    let stack = [pile(0, "011 - 013"), pile(1, "021 022 023"), pile(2, "111")].concat();
    let found = hints(&stack, &BTreeSet::new());
    assert_eq!(codes(&found), ["lacks", "lacks"]);
    assert_eq!(
        found[0].message,
        "推荐表（王示例）第1份：这一叠缺第2页（有 1 页没有读出，可能在其中）"
    );
    assert!(
        found[1]
            .message
            .starts_with("推荐表（李示例）第1份：这一叠缺第2页、第3页"),
        "{found:?}"
    );
    let print = stack[0].sheet.as_ref().unwrap().print();
    let found = hints(&stack, &BTreeSet::from([(print, 2)]));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].message.contains("李示例"));
    // a copy that is in two files is one copy
    let apart = [pile(0, "011 012"), pile(1, "013")].concat();
    assert_eq!(hints(&apart, &BTreeSet::new()), []);
}

fn scan(desk: &Desk, files: &[&str], json: bool) -> (i32, String, String) {
    let mut args = vec!["receive", "scan"];
    args.extend(json.then_some("--json"));
    args.extend(files);
    let output = desk.run(&args, "");
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn two_files_of_one_name_are_told_apart_on_the_terminal_and_in_json() {
    let desk = Desk::new("stack-names");
    let copy = |from: &str, to: &str| {
        let to = desk.dir.join(to);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(desk.dir.join("paper").join(from), &to).unwrap();
        to.to_str().unwrap().to_owned()
    };
    let first = copy("学习宣传活动开展情况表.pdf", "甲/1/scan.pdf");
    let second = copy("推荐工作情况报告.pdf", "甲/2/scan.pdf");
    let other = copy("推荐工作情况报告.pdf", "甲/2/报告.pdf");
    let (_, text, _) = scan(&desk, &[&first, &second, &other], true);
    let lines = text
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).unwrap());
    let names: Vec<String> = lines
        .filter_map(|l| l["name"].as_str().map(str::to_owned))
        .collect();
    assert!(names.contains(&"1/scan.pdf 第1页".to_owned()), "{names:?}");
    assert!(names.contains(&"2/scan.pdf 第1页".to_owned()), "{names:?}");
    assert!(names.contains(&"报告.pdf 第1页".to_owned()), "{names:?}");
    let (_, text, _) = scan(&desk, &[&first, &second], false);
    assert!(
        text.lines()
            .any(|l| l.starts_with("【标记相符】1/scan.pdf 第1页 ")),
        "{text}"
    );
    assert!(
        text.lines()
            .any(|l| l.starts_with("【标记相符】2/scan.pdf 第1页 ")),
        "{text}"
    );
    let (_, text, _) = scan(&desk, &[&first], false);
    assert!(text.starts_with("【标记相符】scan.pdf 第1页 "), "{text}");
}

#[test]
fn a_stack_that_lies_wrong_and_lacks_a_page_is_hinted_at_and_answered_all_the_same() {
    let desk = Desk::new("stack-hints");
    let pdf = desk.dir.join("paper/推荐表/03-王示例-推荐表.pdf");
    let shots = desk.dir.join("shots");
    let Some(pages) = pictures(&pdf, &shots, &["-r", "150", "-gray", "-png", "-l", "2"]) else {
        return;
    };
    let stack = desk.dir.join("stack");
    std::fs::create_dir_all(&stack).unwrap();
    std::fs::rename(&pages[1], stack.join("1.png")).unwrap();
    std::fs::rename(&pages[0], stack.join("2.png")).unwrap();
    let folder = stack.to_str().unwrap();
    let (code, text, said) = scan(&desk, &[folder], true);
    assert_eq!(code, 0, "a hint is no finding: {said}");
    let lines: Vec<Value> = text
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[..2].iter().all(|l| l["verdict"].is_string()));
    let hints = lines[2]["hints"].as_array().unwrap();
    assert_eq!(hints.len(), 2, "{hints:?}");
    assert_eq!(hints[0]["code"], "order");
    assert_eq!(hints[1]["code"], "lacks");
    let lacks = hints[1]["message"].as_str().unwrap();
    assert!(
        lacks.starts_with("推荐表（王示例）第1份：这一叠缺第3页"),
        "{lacks}"
    );
    assert!(said.contains(&format!("提示：{lacks}")), "{said}");
    let (_, text, said) = scan(&desk, &[folder], false);
    assert!(!text.contains("提示"), "hints are talk: {text}");
    assert!(said.contains("页次是2、1"), "{said}");
}

#[test]
fn of_a_print_that_is_out_of_date_nothing_is_asked_for() {
    let mut stack = pile(0, "011 013 111 113");
    let nothing = BTreeSet::new();
    assert_eq!(codes(&hints(&stack, &nothing)), ["lacks", "lacks"]);
    for page in &mut stack[..2] {
        page.sheet.as_mut().unwrap().in_force = false;
    }
    let hints = hints(&stack, &nothing);
    assert_eq!(codes(&hints), ["lacks"]);
    assert!(hints[0].message.contains("李示例"), "{}", hints[0].message);
}
