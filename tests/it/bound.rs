//! What the desk says is bound: a record to its digest, a unit to its key, a page to the list of issued sheets. Every forgery here
//! is signed by a key that the desk trusts.

use std::path::{Path, PathBuf};

use sanlian::clerk::{
    Campaigns, DataPlaces, Desk, IfMissing, Office, OpenLedger, PackageDone, Typed, Verdict,
};
use sanlian::finding::has_errors;
use sanlian::mark::{Signed, sign};
use sanlian::record::{Book, BookError};
use serde_json::json;

use crate::chance::Chance;
use crate::folder::Folder;
use crate::forged::{CAMPAIGN, EXCHANGES, Unit, key_of};

const NOW: &str = "2021-05-30T01:02:03Z";

/// A desk that trusts the keys of units, each under its own name.
pub(crate) struct Place {
    pub(crate) folder: Folder,
    campaigns: Campaigns,
}

impl Place {
    pub(crate) fn new(units: &[&Unit]) -> Self {
        let place = Self {
            folder: Folder::new(),
            campaigns: Campaigns::open(None).unwrap(),
        };
        std::fs::create_dir_all(place.path("keys")).unwrap();
        units.iter().for_each(|unit| place.trust(unit));
        place
    }

    pub(crate) fn trust(&self, unit: &Unit) {
        let pem = key_of(unit.key).trusted(&unit.name).to_pem();
        let name = format!("keys/public-{}.pem", key_of(unit.key).id());
        std::fs::write(self.path(&name), pem).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn desk(&self) -> Desk<'_> {
        let (data, keys) = (self.path("data"), self.path("keys"));
        crate::postgres::prepare(&data);
        let places = DataPlaces {
            data: &data,
            keys: &keys,
        };
        Desk::open(places, &self.campaigns, IfMissing::Make)
            .unwrap()
            .0
    }
}

pub(crate) fn file(desk: &mut Desk<'_>, folder: &Path, bytes: &[u8]) -> PackageDone {
    let path = folder.join("包.zip");
    std::fs::write(&path, bytes).unwrap();
    let at = NOW.parse().unwrap();
    desk.receive_package(&path, None, at)
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Everything that the desk says of a unit.
fn told(desk: &mut Desk<'_>, unit: &Unit) -> String {
    let now = NOW.parse().unwrap();
    let boards = desk.status(Some(&unit.name), None, now).unwrap();
    serde_json::to_string(&boards).unwrap()
}

fn receive(desk: &mut Desk<'_>, signed: &Signed, source: &str) -> Verdict {
    let typed = Typed::Digits(signed.digits());
    let at = NOW.parse().unwrap();
    let answer = desk.receive_typed(&typed, source, None, at).unwrap();
    assert!(
        answer.verdict == Verdict::Match
            || answer.of.is_none()
            || answer.verdict != Verdict::Unissued,
        "nobody's page is joined with a name"
    );
    answer.verdict
}

fn units() -> (Unit, Unit) {
    (
        Unit::new("示例市科学技术协会", 7),
        Unit::new("虚拟市科学技术协会", 9),
    )
}

/// Whoever holds a trusted key takes nothing of another unit, whether that unit has handed in or is only expected.
#[test]
fn no_exchange_of_fields_between_two_units_is_accepted() {
    let (victim, attacker) = units();
    assert!(EXCHANGES.len() >= 40, "{}", EXCHANGES.len());
    let genuine = victim.pack(&key_of(victim.key)).unwrap();
    let own = attacker.pack(&key_of(attacker.key)).unwrap();
    for victim_first in [true, false] {
        for attacker_known in [true, false] {
            let place = Place::new(&[&victim, &attacker]);
            let mut desk = place.desk();
            if victim_first {
                let done = file(&mut desk, place.folder.path(), &genuine);
                assert!(!has_errors(&done.findings), "{:?}", done.findings);
            }
            if attacker_known {
                let done = file(&mut desk, place.folder.path(), &own);
                assert!(!has_errors(&done.findings), "{:?}", done.findings);
            }
            let before = victim_first.then(|| told(&mut desk, &victim));
            for (what, change) in EXCHANGES {
                // a reference says nothing of its unit to who does not know the unit's secret: it is the first one's that files it
                if !victim_first && what.starts_with("reference") {
                    continue;
                }
                let mut forged = attacker.clone();
                change(&mut forged, &victim);
                let Some(bytes) = forged.pack(&key_of(attacker.key)) else {
                    continue;
                };
                let done = file(&mut desk, place.folder.path(), &bytes);
                assert!(
                    has_errors(&done.findings),
                    "accepted: {what}, victim first {victim_first}, attacker known {attacker_known}: {done:?}"
                );
                assert_eq!(
                    victim_first.then(|| told(&mut desk, &victim)),
                    before,
                    "{what}"
                );
            }
            // whoever comes late is not shut out by what was tried in his name
            let done = file(&mut desk, place.folder.path(), &genuine);
            assert!(!has_errors(&done.findings), "{:?}", done.findings);
            let page = &victim.pages(0, &key_of(victim.key))[0];
            assert_eq!(receive(&mut desk, page, "after"), Verdict::Match);
        }
    }
}

/// 200 bodies of a unit's pages, signed anew: by another unit's key, and by its own with what no print of it says.
#[test]
fn no_page_that_was_not_issued_is_said_to_match() {
    let (victim, attacker) = units();
    let place = Place::new(&[&victim, &attacker]);
    let mut desk = place.desk();
    for unit in [&victim, &attacker] {
        let done = file(
            &mut desk,
            place.folder.path(),
            &unit.pack(&key_of(unit.key)).unwrap(),
        );
        assert!(!has_errors(&done.findings), "{:?}", done.findings);
    }
    let mut chance = Chance::law(21);
    let mut forged = 0;
    for n in 0..3 {
        for issue in victim.issues(n) {
            let mut attacks = vec![(key_of(attacker.key), issue.clone())];
            for _ in 0..12 {
                let mut other = issue.clone();
                match chance.below(7) {
                    0 => (other.copy, other.copies) = (4, 15),
                    1 => (other.page, other.pages) = (9, 9),
                    2 => other.kind = if other.kind == 1 { 3 } else { 1 },
                    3 => other.kind = 200,
                    4 => other.issued_at = "2020-01-02T00:00:00Z".parse().unwrap(),
                    5 => other.issued_at = "2051-01-02T00:00:00Z".parse().unwrap(),
                    _ => {
                        let later = 60 * (1 + chance.below(9) as i64);
                        let at = issue.issued_at.as_second() + later;
                        other.issued_at = jiff::Timestamp::from_second(at).unwrap();
                    }
                }
                let by = if chance.below(2) == 0 {
                    victim.key
                } else {
                    attacker.key
                };
                attacks.push((key_of(by), other));
            }
            for (key, issue) in attacks {
                let signed = sign(&key, &issue).unwrap();
                let verdict = receive(&mut desk, &signed, &format!("forged:{forged}"));
                assert_eq!(verdict, Verdict::Unissued, "{issue:?} by {}", key.id());
                forged += 1;
            }
        }
    }
    assert!(forged >= 180, "{forged}");
    // no forged page counts for anything, and the genuine ones still do
    assert!(
        !told(&mut desk, &victim).contains("\"received\","),
        "{}",
        told(&mut desk, &victim)
    );
    for n in 0..3 {
        for (page, signed) in victim.pages(n, &key_of(victim.key)).iter().enumerate() {
            let source = format!("genuine:{n}:{page}");
            assert_eq!(receive(&mut desk, signed, &source), Verdict::Match);
        }
    }
}

/// A later key of a unit counts once the organiser has said so, and prints of the earlier one stay good.
#[test]
fn another_key_of_a_unit_needs_an_act_of_the_organiser() {
    let (unit, _) = units();
    let mut later = unit.clone();
    later.key = 8;
    later.settle();
    let place = Place::new(&[&unit]);
    let mut desk = place.desk();
    let first = file(
        &mut desk,
        place.folder.path(),
        &unit.pack(&key_of(7)).unwrap(),
    );
    assert!(!has_errors(&first.findings), "{:?}", first.findings);
    place.trust(&later);
    desk.renew_trust(&place.path("keys")).unwrap();
    let again = later.pack(&key_of(8)).unwrap();
    let refused = file(&mut desk, place.folder.path(), &again);
    assert_eq!(refused.findings[0].code, "B12", "{:?}", refused.findings);
    assert!(
        refused.findings[0].hint.contains("--unit"),
        "{:?}",
        refused.findings
    );
    let print = key_of(8).public().fingerprint();
    let mut office = Office::from(desk);
    let said = office
        .let_file(&print, (&unit.name, None), NOW.parse().unwrap())
        .unwrap();
    assert_eq!(said, (CAMPAIGN.to_owned(), true));
    let mut desk = Desk::from(OpenLedger::from(office));
    let done = file(&mut desk, place.folder.path(), &again);
    assert!(!has_errors(&done.findings), "{:?}", done.findings);
    for key in [7, 8] {
        let page = &unit.pages(0, &key_of(key))[usize::from(key == 8)];
        assert_eq!(
            receive(&mut desk, page, &format!("key {key}")),
            Verdict::Match
        );
    }
    let mut acts = Vec::new();
    Office::from(desk)
        .walk_log(&mut |row| acts.push((row.act.clone(), row.subject.clone())))
        .unwrap();
    assert!(acts.contains(&("key".to_owned(), print)), "{acts:?}");
}

#[test]
fn one_flipped_bit_of_a_record_book_is_refused() {
    let (unit, _) = units();
    let book = Book::parse(&unit.book.to_string(), None).unwrap();
    let text = book.to_json().unwrap();
    assert_eq!(Book::parse(&text, None).unwrap(), book);
    assert_eq!(
        Book::parse(&text.replace('\n', "\r\n"), None).unwrap(),
        book
    );
    let mut chance = Chance::law(5);
    for _ in 0..1000 {
        let mut bytes = text.clone().into_bytes();
        let at = chance.below(bytes.len() as u64) as usize;
        bytes[at] ^= 1 << chance.below(8);
        let read = Book::parse(&String::from_utf8_lossy(&bytes), None);
        assert!(read.is_err(), "byte {at} of {}", text.len());
    }
}

#[test]
fn changed_contents_name_their_record_and_version() {
    let (unit, _) = units();
    let text = Book::parse(&unit.book.to_string(), None)
        .unwrap()
        .to_json()
        .unwrap();
    let person = unit.book["records"][0]["name"].as_str().unwrap();
    // by hand: the sum is wrong
    let by_hand = text.replace("139900198502110007", "139900197909300020");
    assert_ne!(by_hand, text);
    assert_eq!(Book::parse(&by_hand, None), Err(BookError::Sum));
    // as a program would, without the sum of the first format
    let mut book = unit.book.clone();
    book["records"][0]["versions"][0]["contents"]["values"]["id_no"] = json!("139900197909300020");
    let campaign = Campaigns::open(None)
        .unwrap()
        .load(CAMPAIGN)
        .unwrap()
        .0
        .unwrap();
    assert_eq!(
        Book::parse(&book.to_string(), Some(&campaign)),
        Err(BookError::Contents {
            name: person.to_owned(),
            version: 1
        })
    );
    let mut renamed = unit.book.clone();
    renamed["records"][0]["name"] = json!("别人");
    assert_eq!(
        Book::parse(&renamed.to_string(), None),
        Err(BookError::Name("别人".to_owned()))
    );
}
