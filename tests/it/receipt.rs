//! What a scanner types, put together; in pieces of any size.

use sanlian::mark::HumanCode;
use sanlian::receipt::{Typed, Typist};

use crate::chance::Chance;

/// 235 digits that begin as a mark does.
fn mark(seed: u64) -> String {
    let mut chance = Chance::new(seed);
    let digits = (0..232).map(|_| char::from(b'0' + chance.below(10) as u8));
    format!("871{}", digits.collect::<String>())
}

fn all(input: &str) -> Vec<Typed> {
    let mut typist = Typist::default();
    let mut found = typist.take(input);
    found.extend(typist.finish());
    found
}

#[test]
fn pieces_of_any_size_give_the_same() {
    let mut chance = Chance::law(7);
    let code = "0000-0000-000N";
    for round in 0..200 {
        let (a, b, c) = (mark(round), mark(round + 1000), mark(round + 2000));
        let cut = 1 + chance.below(234) as usize;
        let (head, tail) = b.split_at(cut);
        let input = format!("{a}\r\n{head}\t{tail}\n{code}\n{c}");
        let whole = all(&input);
        let mut typist = Typist::default();
        let mut pieced = Vec::new();
        let mut rest = input.as_str();
        while !rest.is_empty() {
            let (piece, tail) = rest.split_at((1 + chance.below(60) as usize).min(rest.len()));
            pieced.extend(typist.take(piece));
            rest = tail;
        }
        pieced.extend(typist.finish());
        assert_eq!(whole, pieced);
        let digits: Vec<&Typed> = whole
            .iter()
            .filter(|t| matches!(t, Typed::Digits(_)))
            .collect();
        assert_eq!(
            digits,
            [&Typed::Digits(a), &Typed::Digits(b), &Typed::Digits(c)],
            "cut at {cut}"
        );
    }
}

#[test]
fn line_ends_that_come_too_late_lose_nothing() {
    let mut chance = Chance::law(9);
    for round in 0..200 {
        let marks = [0, 1, 2, 3].map(|n| mark(10 * round + n));
        let input: String = marks.concat();
        // each line takes the beginning of the next mark along; what is left begins as no mark does
        let mut cuts: Vec<usize> = (1..4)
            .map(|n| n * 235 + 3 + chance.below(200) as usize)
            .collect();
        cuts.push(input.len());
        let mut from = 0;
        let mut lines = String::new();
        for cut in cuts {
            lines.push_str(&input[from..cut]);
            lines.push('\n');
            from = cut;
        }
        assert_eq!(all(&lines), marks.map(Typed::Digits), "{lines}");
    }
}

#[test]
fn an_unfinished_mark_is_told_and_the_next_one_is_whole() {
    let (a, b) = (mark(1), mark(2));
    let found = all(&format!("{}\n{b}\n", &a[..120]));
    assert_eq!(found.len(), 2);
    let Typed::Other(_, reason) = &found[0] else {
        panic!("{found:?}")
    };
    assert!(reason.contains("120 位"), "{reason}");
    assert_eq!(found[1], Typed::Digits(b));
}

#[test]
fn what_is_waited_for_is_counted() {
    let mut typist = Typist::default();
    assert_eq!(typist.waiting(), 0);
    assert!(typist.take(&format!("{}\n", &mark(3)[..200])).is_empty());
    assert_eq!(typist.waiting(), 35);
}

#[test]
fn hostile_input_is_told_and_never_lost_in_silence() {
    for input in [
        "\u{feff}abc\n",
        "８７１\n",
        "871\nxyz\n",
        "☃☃☃\n",
        "   \n12\n",
        "871871871\n871\n",
    ] {
        let found = all(input);
        assert!(!found.is_empty(), "{input:?}");
        assert!(
            found.iter().all(|t| matches!(t, Typed::Other(..))),
            "{found:?}"
        );
    }
    assert!(all("\r\n\t \n").is_empty());
    let long = "9".repeat(1 << 20);
    assert!(!all(&long).is_empty());
}

#[test]
fn a_code_is_read_as_people_type_it() {
    let issued = HumanCode::parse("0000-0000-000N").or_else(|_| {
        // the check character is found by trying
        "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
            .chars()
            .find_map(|c| HumanCode::parse(&format!("7F3K-Q2MD-9XW{c}")).ok())
            .ok_or(())
    });
    let code = issued.unwrap().to_string();
    for typed in [
        code.clone(),
        code.to_lowercase(),
        code.replace('-', ""),
        code.replace('-', "　"),
    ] {
        let found = all(&typed);
        assert_eq!(found.len(), 1);
        let Typed::Human(read) = &found[0] else {
            panic!("{typed}: {found:?}")
        };
        assert_eq!(read.to_string(), code);
    }
}
