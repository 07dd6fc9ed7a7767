//! What is typed at the desk and is neither a mark nor a code is kept veiled: no number, address or name can be read from it, and what
//! earlier programs kept is veiled once.

use sanlian::receipt::veiled;

use crate::desk::{Desk, sql};
use crate::orphans::column;
use crate::run::files;

const TYPED: [&str; 8] = [
    "139900199001011237",
    "13990019900101123X 赵样例",
    "139 0013 8000",
    "１３９００１３８０００",
    "wang.shili@example.com",
    "赵 样 例",
    "艾合买提·样例",
    "0311-8600 0000 赵样例 139-0013-8000",
];

/// What may not be read from a veiled line: runs of digits, of Chinese characters and of letters that are told apart.
fn told(line: &str) -> Vec<String> {
    let plain: String = line
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    let mut runs = vec![String::new()];
    for c in plain.chars() {
        match c.is_alphanumeric() {
            true => runs.last_mut().unwrap().push(c),
            false => runs.push(String::new()),
        }
    }
    runs
}

#[test]
fn a_veiled_line_keeps_its_length_and_kind_and_tells_nothing() {
    for line in TYPED {
        let shown = veiled(line);
        assert_eq!(shown.chars().count(), line.chars().count(), "{shown}");
        assert_ne!(shown, line);
        assert_eq!(veiled(&shown), shown, "veiled once is enough");
        let digits = shown.chars().filter(|c| c.is_numeric()).count();
        assert!(digits <= 4, "{shown}");
        for run in told(&shown) {
            let han = run.chars().filter(|c| *c >= '\u{3400}' && *c < '\u{a000}');
            assert!(han.count() <= 1, "{shown}");
            assert!(run.chars().count() <= 4, "{shown}");
        }
    }
    assert_eq!(veiled("139900199001011237"), "13**************37");
    assert_eq!(veiled("王示例"), "王＊＊");
    assert_eq!(veiled("wang.shili@example.com"), "w***.*****@*******.***");
    assert_eq!(veiled("第3页"), "第3＊");
}

fn typed(desk: &Desk) -> Vec<String> {
    let sql = "SELECT name || ' ' || source || ' ' || reason FROM sighting ORDER BY no";
    column(&desk.dir.join("data/ledger.db"), sql)
}

#[test]
fn what_was_typed_stands_nowhere_as_it_was_typed() {
    let desk = Desk::new("typed-veiled");
    let input = TYPED.join("\n") + "\n";
    let answers = desk.receive(&input, &["--session", "上午"]);
    assert_eq!(answers.len(), TYPED.len());
    assert!(
        answers.iter().all(|a| a["verdict"] == "unreadable"),
        "{answers:?}"
    );
    // the same session again is the same
    let again = desk.receive(&input, &["--session", "上午"]);
    assert!(again.iter().all(|a| a["before"] == true), "{again:?}");
    assert_eq!(typed(&desk).len(), TYPED.len());
    for (name, bytes) in files(&desk.dir.join("data")) {
        for word in TYPED {
            let found = bytes.windows(word.len()).any(|w| w == word.as_bytes());
            assert!(!found, "{word} in {name}");
        }
    }
}

#[test]
fn what_earlier_programs_kept_is_veiled_once() {
    use sha2::{Digest as _, Sha256};
    let desk = Desk::new("typed-old");
    let ledger = desk.dir.join("data/ledger.db");
    for (n, word) in TYPED.iter().enumerate() {
        let sum: [u8; 32] = Sha256::digest(word.as_bytes()).into();
        let sum: String = sum.iter().take(8).map(|b| format!("{b:02x}")).collect();
        let row = format!(
            "INSERT INTO sighting (source, at, how, verdict, reason, name)
             VALUES ('digits:上午:{}:{sum}', 0, 'digits', '无法识别', '', '{word}')",
            n + 1
        );
        sql(&ledger, &row).unwrap();
    }
    sql(
        &ledger,
        "DELETE FROM setting WHERE name = 'typed lines veiled'",
    )
    .unwrap();
    assert!(desk.run(&["audit", "verify"], "").status.success());
    let rows = typed(&desk);
    assert_eq!(rows.len(), TYPED.len());
    for (row, word) in rows.iter().zip(TYPED) {
        assert!(row.starts_with(&veiled(word)), "{row}");
        let sum: [u8; 32] = Sha256::digest(word.as_bytes()).into();
        let sum: String = sum.iter().take(8).map(|b| format!("{b:02x}")).collect();
        assert!(
            !row.contains(&sum),
            "{row}: the sum of a number can be tried"
        );
    }
    for (name, bytes) in files(&desk.dir.join("data")) {
        for word in TYPED {
            let found = bytes.windows(word.len()).any(|w| w == word.as_bytes());
            assert!(!found, "{word} in {name}");
        }
    }
}
