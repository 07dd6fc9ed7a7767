//! Marks read from the corpus of spoilt pages: `cargo bench --bench decode -- [pages a class] [class …]`. A table of class, share read, how,
//! and time on one thread; then a million changed marks, of which none may verify. Nothing fails here; the words say what is amiss.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    dead_code,
    reason = "a bench prints its figures and stops where it cannot go on; it shares the corpus with the tests"
)]

#[path = "../tests/it/chance.rs"]
mod chance;
#[path = "../tests/it/corpus/mod.rs"]
mod corpus;

use std::time::Instant;

use chance::Chance;
use corpus::Desk;
use corpus::class::{CLASSES, Class, Extent};
use sanlian::mark::{SignatureCheck, TrustedKeys, from_digits, to_digits, verify};
use sanlian::scan::{How, Issued, read_marks};

/// Seeds of the corpus, unless `SANLIAN_BENCH_SEEDS` names others.
const SEEDS: [u64; 2] = [20_210_528, 77];

fn seeds() -> Vec<u64> {
    let named = std::env::var("SANLIAN_BENCH_SEEDS").unwrap_or_default();
    let named: Vec<u64> = named.split(',').filter_map(|s| s.parse().ok()).collect();
    if named.is_empty() {
        SEEDS.to_vec()
    } else {
        named
    }
}

/// What became of a class.
#[derive(Default)]
struct Row {
    pages: usize,
    read: usize,
    by: [usize; 4],
    wrong: usize,
    times: Vec<f64>,
    missed: Vec<String>,
}

impl Row {
    fn line(&mut self, class: Class) -> String {
        self.times.sort_by(f64::total_cmp);
        let share = |n: usize| 100.0 * n as f64 / self.pages.max(1) as f64;
        let read = share(self.read);
        let known = share(self.read + self.by[3]);
        let met = if read + 1e-9 >= 100.0 * class.wanted() {
            ""
        } else {
            "  BELOW"
        };
        let [direct, ladder, rescue, nearest] = self.by;
        format!(
            "{:<11} {:>5} {:>7.2} {:>7.2} {:>7.1} | {direct:>4} {ladder:>4} {rescue:>4} {nearest:>4} | {:>7.1} {:>7.1} | {:>3}{met}",
            class.name(),
            self.pages,
            read,
            known,
            100.0 * class.wanted(),
            self.times.get(self.times.len() / 2).copied().unwrap_or(0.0),
            self.times.last().copied().unwrap_or(0.0),
            self.wrong
        )
    }
}

fn measure(desk: &Desk, trusted: &TrustedKeys, class: Class, count: usize) -> Row {
    let mut row = Row::default();
    for seed in seeds() {
        for page in 0..count {
            let mut chance =
                Chance::new(seed.wrapping_mul(1_000_003) ^ (page as u64) << 8 ^ class.number());
            let (picture, printed) = class.picture(desk, Extent::Page, &mut chance);
            // a ledger of other marks, among them this one
            let others = (0..300).map(|_| desk.mark(&Desk::issue(&mut chance)));
            let all = others.chain([(printed.digits.clone(), printed.matrix.clone())]);
            let issued = if class == Class::Folds || class.wanted() < 1.0 {
                Issued::new(all)
            } else {
                Issued::default()
            };
            let start = Instant::now();
            let reading = read_marks(&picture, trusted, &issued);
            row.times.push(start.elapsed().as_secs_f64() * 1000.0);
            row.pages += 1;
            let mut read = false;
            for sighting in &reading.marks {
                if sighting.digits != printed.digits {
                    row.wrong += 1;
                } else if !read {
                    row.by[sighting.how as usize] += 1;
                    row.read += usize::from(sighting.how != How::Nearest);
                    read = true;
                }
            }
            if !read {
                row.missed.push(format!("{seed}/{page}"));
            }
            if !read && let Ok(folder) = std::env::var("SANLIAN_BENCH_KEEP") {
                keep(
                    &folder,
                    &format!("{}-{seed}-{page}", class.name()),
                    &picture,
                );
            }
        }
    }
    row
}

/// Writes a picture that was not read, to be looked at.
fn keep(folder: &str, name: &str, picture: &sanlian::scan::Picture) {
    let kind = if picture.is_colour() { "P6" } else { "P5" };
    let head = format!("{kind}\n{} {}\n255\n", picture.width(), picture.height());
    let bytes = [head.into_bytes(), picture.samples().to_vec()].concat();
    std::fs::write(format!("{folder}/{name}.pnm"), bytes).unwrap();
}

/// A million marks with a bit, a field or a key changed: how many verify.
fn changed_marks(desk: &Desk, trusted: &TrustedKeys) -> usize {
    let mut chance = Chance::new(5);
    let mut accepted = 0;
    let mut marks: Vec<[u8; 96]> = Vec::new();
    for _ in 0..64 {
        let (digits, _) = desk.mark(&Desk::issue(&mut chance));
        marks.push(from_digits(&digits).unwrap());
    }
    for round in 0..1_000_000_u64 {
        let mut bytes = marks[chance.below(64) as usize];
        let before = bytes;
        match round % 3 {
            0 => {
                for _ in 0..1 + chance.below(4) {
                    let bit = chance.below(768) as usize;
                    bytes[bit / 8] ^= 1 << (bit % 8);
                }
            }
            1 => {
                let other = marks[chance.below(64) as usize];
                let from = chance.below(96) as usize;
                let to = from + 1 + chance.below(96 - from as u64) as usize;
                bytes[from..to].copy_from_slice(&other[from..to]);
            }
            _ => {
                let signature: [u8; 64] = std::array::from_fn(|_| chance.next() as u8);
                bytes[32..].copy_from_slice(&signature);
            }
        }
        let known = marks.contains(&bytes);
        if bytes != before
            && !known
            && matches!(
                verify(&to_digits(&bytes), trusted),
                SignatureCheck::Genuine(_)
            )
        {
            accepted += 1;
        }
    }
    accepted
}

fn main() {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with("--"))
        .collect();
    let count = words.first().and_then(|w| w.parse().ok()).unwrap_or(100);
    let desk = Desk::open();
    let trusted = desk.trusted();
    if words.first().is_some_and(|w| w.ends_with(".pnm")) {
        for word in &words {
            let bytes = std::fs::read(word).unwrap();
            let mut parts = bytes.split(|b| b.is_ascii_whitespace());
            let kind = parts.next().unwrap();
            let mut number = || -> usize {
                std::str::from_utf8(parts.next().unwrap())
                    .unwrap()
                    .parse()
                    .unwrap()
            };
            let (w, h) = (number(), number());
            let colour = kind == b"P6";
            let n = w * h * if colour { 3 } else { 1 };
            let data = bytes[bytes.len() - n..].to_vec();
            let picture = if colour {
                sanlian::scan::Picture::colour(w, h, data)
            } else {
                sanlian::scan::Picture::grey(w, h, data)
            }
            .unwrap();
            let start = Instant::now();
            let reading = read_marks(&picture, &trusted, &Issued::default());
            println!(
                "{word}: {:.1} ms {:?} unread {} foreign {}",
                start.elapsed().as_secs_f64() * 1000.0,
                reading.marks.iter().map(|m| m.how).collect::<Vec<_>>(),
                reading.unread,
                reading.foreign
            );
        }
        return;
    }
    println!(
        "class       pages    read   known  wanted | direct ladder rescue nearest | median max ms | wrong"
    );
    for class in CLASSES {
        let name = class.name();
        if words.len() > 1 && !words.contains(&name) {
            continue;
        }
        let mut row = measure(&desk, &trusted, class, count);
        println!("{}", row.line(class));
        if !row.missed.is_empty() {
            println!("    missed: {}", row.missed.join(" "));
        }
    }
    if words.len() < 2 {
        let start = Instant::now();
        let accepted = changed_marks(&desk, &trusted);
        println!(
            "1,000,000 changed marks: {accepted} accepted, {:.0} s",
            start.elapsed().as_secs_f64()
        );
    }
}
