//! The receiving desk at the end of a large campaign: 200 units, 10,000 records, 150,000 page receipts; then the time of one
//! more verdict and of one unit's status. Every receipt is written as at the desk, one transaction down to the disk each.
//!
//! `cargo bench --bench desk -- [RECORDS]` (default 10,000); one thread.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on says where, and its figures are its output"
)]

#[path = "issued.rs"]
mod issued;

use std::time::{Duration, Instant};

use jiff::Timestamp;
use sanlian::mark::{ReferenceSecret, Signed, SigningKey, TrustedKeys, verify};
use sanlian::receipt::{Presented, board};
use sanlian::store::Vault;
use sanlian::store::ledger::{IfMissing, Ledger, ReadMark, Sighting};

use issued::{CAMPAIGN, COPIES, issue_unit};

const UNITS: usize = 200;

fn main() {
    let records: usize = std::env::args()
        .skip(1)
        .find_map(|a| a.parse().ok())
        .unwrap_or(10_000);
    let dir = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-desk");
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(dir.join("keys")).unwrap();
    let key = SigningKey::from_seed(&[7; 32]);
    let trusted = TrustedKeys(vec![key.trusted("示例市科学技术协会")]);
    let vault = Vault::open(&dir.join("keys"), true).unwrap();
    let mut ledger = Ledger::open(&dir.join("data"), vault, IfMissing::Make).unwrap();
    let at: Timestamp = "2021-05-28T01:02:03Z".parse().unwrap();

    let started = Instant::now();
    let mut marks = Vec::new();
    let secret = ReferenceSecret::of(&key);
    for unit in 0..UNITS {
        let name = format!("示例第{unit}单位");
        let signed = issue_unit(&mut ledger, (&key, &secret), &name, records / UNITS, at);
        marks.extend(signed);
    }
    println!(
        "签发 {} 条记录、{} 页：{:.1} 秒",
        records,
        marks.len(),
        started.elapsed().as_secs_f64()
    );

    let started = Instant::now();
    let mut times = Vec::new();
    for (n, signed) in marks.iter().enumerate() {
        times.push(receive(
            &mut ledger,
            &trusted,
            signed,
            &format!("bench:{n}"),
            at,
        ));
    }
    println!(
        "收件 {} 页：{:.1} 秒",
        marks.len(),
        started.elapsed().as_secs_f64()
    );
    show("收件时每页的结论（含写盘）", &mut times);

    let mut times: Vec<Duration> = marks
        .iter()
        .step_by(marks.len() / 500)
        .enumerate()
        .map(|(n, signed)| receive(&mut ledger, &trusted, signed, &format!("again:{n}"), at))
        .collect();
    show("全部收齐后再扫一页的结论（含写盘）", &mut times);

    let (campaign, _) = sanlian::clerk::Campaigns::open(None)
        .unwrap()
        .load(CAMPAIGN)
        .unwrap();
    let campaign = campaign.unwrap();
    let units = ledger.units().unwrap();
    let mut times = Vec::new();
    for unit in &units {
        let started = Instant::now();
        let file = ledger.unit_file(unit).unwrap();
        let board = board(&campaign, &file, None, "2021-05-30".parse().unwrap());
        times.push(started.elapsed());
        assert_eq!(board.records.len(), records / UNITS);
        assert!(board.records.iter().all(|r| r.whole_copies() == COPIES));
    }
    show("一个单位的收件情况", &mut times);
}

fn receive(
    ledger: &mut Ledger,
    trusted: &TrustedKeys,
    signed: &Signed,
    source: &str,
    at: Timestamp,
) -> Duration {
    let digits = signed.digits();
    let started = Instant::now();
    let signature = verify(&digits, trusted);
    let sighting = Sighting {
        at,
        source: source.to_owned(),
        how: "digits",
        shown: Presented::Mark(&signature),
        read: ReadMark {
            bytes: Some(signed.bytes()),
            signer: &trusted.0[0].public().fingerprint(),
        },
        name: "",
        picture: None,
    };
    let entered = ledger.receive(&sighting, None).unwrap();
    assert!(entered.known.is_some());
    started.elapsed()
}

fn show(what: &str, times: &mut [Duration]) {
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 1000].as_secs_f64() * 1000.0;
    println!(
        "{what}：中位 {:.2} 毫秒，99% {:.2}，最慢 {:.2}",
        at(500),
        at(990),
        at(1000)
    );
}
