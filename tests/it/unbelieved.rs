//! Pages that wait for their key alone: once it is trusted they are judged again, wherever somebody looks, and count from when they came.

use jiff::Timestamp;
use sanlian::clerk::{CopyPageState, Desk, Typed, Verdict};
use sanlian::mark::Signed;

use crate::bound::Place;
use crate::desk::sql;
use crate::forged::{Unit, key_of};
use crate::orphans::column;
use crate::service::Service;

const CAME: &str = "2021-05-30T02:00:00Z";
const LATER: &str = "2021-06-02T02:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn unit() -> Unit {
    Unit::new("示例市科学技术协会", 7)
}

/// A desk that has a unit's package and does not know its key any more, as after its list of keys was lost.
fn strangers(unit: &Unit) -> Place {
    let place = Place::new(&[unit]);
    let path = place.path("包.zip");
    std::fs::write(&path, unit.pack(&key_of(7)).unwrap()).unwrap();
    place.desk().receive_package(&path, None, at(CAME)).unwrap();
    for entry in std::fs::read_dir(place.path("keys")).unwrap() {
        let path = entry.unwrap().path();
        if path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with("public-")
        {
            std::fs::remove_file(path).unwrap();
        }
    }
    place
}

fn receive(desk: &mut Desk<'_>, page: &Signed, source: &str, now: &str) -> (Verdict, bool) {
    let typed = Typed::Digits(page.digits());
    let answer = desk.receive_typed(&typed, source, None, at(now)).unwrap();
    (answer.verdict, answer.before)
}

/// Makes what a scanner typed a page of a scan, which waits in the tray.
fn as_scans(place: &Place) {
    sql(
        &place.path("data/ledger.db"),
        "UPDATE sighting SET how = 'scan', name = '扫描件.pdf'",
    )
    .unwrap();
}

#[test]
fn a_page_that_waits_for_its_key_is_registered_once_the_key_is_trusted() {
    let unit = unit();
    let place = strangers(&unit);
    let pages = unit.pages(0, &key_of(7));
    let mut desk = place.desk();
    for (n, page) in pages[..2].iter().enumerate() {
        let got = receive(&mut desk, page, &format!("s:{n}"), CAME);
        assert_eq!(got, (Verdict::Forged, false));
    }
    as_scans(&place);
    assert_eq!(desk.tray(at(CAME)).unwrap().len(), 2);
    let place_of = |desk: &mut Desk<'_>| {
        let board = desk.status(None, None, at(LATER)).unwrap().remove(0);
        let mut records = board.records.iter();
        records.find(|r| r.name == "示例h1").unwrap().matrix[0][0]
    };
    assert_eq!(place_of(&mut desk).state, CopyPageState::Missing);
    place.trust(&unit);
    desk.renew_trust(&place.path("keys")).unwrap();
    assert!(desk.tray(at(LATER)).unwrap().is_empty());
    let here = place_of(&mut desk);
    assert_eq!(here.state, CopyPageState::Received);
    assert_eq!(here.at, Some(at(CAME)), "it came when it came");
    assert_eq!(here.times, 1);
    // the same scan again says so and changes nothing
    assert_eq!(
        receive(&mut desk, &pages[0], "s:0", LATER),
        (Verdict::Match, true)
    );
    assert_eq!(
        receive(&mut desk, &pages[0], "s:new", LATER).0,
        Verdict::Again
    );
    let log = column(
        &place.path("data/ledger.db"),
        "SELECT detail FROM audit WHERE act = 'receive' ORDER BY no",
    );
    let again = log.iter().filter(|d: &&String| d.contains("重新比对"));
    assert_eq!(again.count(), 2, "{log:?}");
}

#[test]
fn a_page_is_registered_by_whichever_act_comes_first() {
    let unit = unit();
    let pages = unit.pages(0, &key_of(7));
    type Act = fn(&mut Desk<'_>, &Signed);
    let acts: [(&str, Act); 4] = [
        ("status", |desk, _| {
            desk.status(None, None, at(LATER)).unwrap();
        }),
        ("tray", |desk, _| {
            desk.tray(at(LATER)).unwrap();
        }),
        ("missing", |desk, _| {
            let phones = sanlian::clerk::Phones::Masked;
            desk.missing(None, phones, at(LATER)).unwrap();
        }),
        ("receive", |desk, other| {
            assert_eq!(receive(desk, other, "s:other", LATER).0, Verdict::Match);
        }),
    ];
    for (name, act) in acts {
        let place = strangers(&unit);
        receive(&mut place.desk(), &pages[0], "s:0", CAME);
        place.trust(&unit);
        // another process, opened after the key was trusted
        act(&mut place.desk(), &pages[1]);
        let found: Vec<String> = column(
            &place.path("data/ledger.db"),
            "SELECT verdict FROM sighting WHERE source LIKE 's:0%' AND receipt IS NOT NULL",
        );
        assert_eq!(found, ["match"], "{name}");
    }
}

#[test]
fn what_a_person_dealt_with_or_took_back_is_not_registered() {
    let unit = unit();
    let place = strangers(&unit);
    let pages = unit.pages(0, &key_of(7));
    let mut desk = place.desk();
    receive(&mut desk, &pages[0], "s:0", CAME);
    receive(&mut desk, &pages[1], "s:1", CAME);
    let typed = Typed::Digits(pages[1].digits());
    assert!(desk.take_back(&typed, "s:1", at(CAME)).unwrap().is_some());
    as_scans(&place);
    let no = desk.tray(at(CAME)).unwrap()[0].no;
    desk.settle_tray(no, "退回单位", at(CAME)).unwrap();
    place.trust(&unit);
    desk.renew_trust(&place.path("keys")).unwrap();
    assert_eq!(desk.judge_unbelieved(at(LATER)).unwrap(), 0);
    let receipts: Vec<String> = column(
        &place.path("data/ledger.db"),
        "SELECT 'receipt' FROM receipt",
    );
    assert!(receipts.is_empty());
}

#[test]
fn a_mark_that_nobody_signed_stays_unbelieved() {
    let unit = unit();
    let place = strangers(&unit);
    let mut desk = place.desk();
    // signed by another key in the unit's name
    let page = &unit.pages(0, &key_of(9))[0];
    receive(&mut desk, page, "s:0", CAME);
    place.trust(&unit);
    desk.renew_trust(&place.path("keys")).unwrap();
    assert_eq!(desk.judge_unbelieved(at(LATER)).unwrap(), 0);
    assert_eq!(receive(&mut desk, page, "s:0", LATER).0, Verdict::Forged);
}

#[test]
fn on_the_pages_too() {
    let (_service, mut admin) = Service::settled("web-unbelieved");
    let unit = unit();
    let page = &unit.pages(0, &key_of(7))[0];
    let fields = [("id", "u-1"), ("text", &page.digits()), ("held", "")];
    let scan = |admin: &mut crate::service::Browser| {
        let fields = fields.map(|(name, text)| (name, text));
        admin.get("/desk");
        admin.post("/desk/scan", &fields).json()["answers"][0]["verdict"].clone()
    };
    assert_eq!(scan(&mut admin), "forged");
    let pem = key_of(7).trusted(&unit.name).to_pem();
    admin.get("/admin/trust");
    let done = admin.post("/admin/trust", &[("pem", pem.as_str())]);
    assert!(
        done.text
            .contains("此前因不认识这把密钥没有登记的 1 页，已重新比对、登记"),
        "{}",
        done.text
    );
    // its package has not come yet
    assert_eq!(scan(&mut admin), "foreign");
}
