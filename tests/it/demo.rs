//! The invented submission: of real size, drawn, deterministic, and without a fault in the check.

use std::io::Cursor;
use std::sync::OnceLock;

use sanlian::campaign::{Campaign, Kind, builtin, load};
use sanlian::check::check;
use sanlian::demo::{Demo, submission};
use sanlian::finding::Severity;
use sanlian::media::{Probe, probe};
use sanlian::record::{Attachment, Submission, Use};

const SEED: u64 = 7;

fn campaigns() -> Vec<Campaign> {
    builtin()
        .iter()
        .map(|source| load(source).0.expect("a built-in campaign loads"))
        .collect()
}

/// The campaign with a number of its demo's pictures changed.
fn with_line(campaign: &Campaign, key: &str, value: &str) -> Campaign {
    let mut campaign = campaign.clone();
    let lines = campaign.demo.lines().map(|line| {
        if line.starts_with(&format!("{key} = ")) && !line.contains('"') {
            format!("{key} = {value}")
        } else {
            line.to_owned()
        }
    });
    campaign.demo = lines.collect::<Vec<_>>().join("\n");
    campaign
}

/// The campaign with small work photos, as many as ever: quick to draw.
fn small(campaign: &Campaign) -> Campaign {
    let campaign = with_line(campaign, "width", "480");
    let campaign = with_line(&campaign, "height", "320");
    with_line(&campaign, "least_bytes", "0")
}

/// The built-in campaigns with their demos, photos small; made once for all tests.
fn quick() -> &'static [(Campaign, Demo)] {
    static MADE: OnceLock<Vec<(Campaign, Demo)>> = OnceLock::new();
    MADE.get_or_init(|| {
        let made = |campaign: Campaign| {
            let demo = submission(&small(&campaign), SEED);
            (campaign, demo)
        };
        campaigns().into_iter().map(made).collect()
    })
}

/// The submission with its files, work photos counted as large as they are meant to be.
fn filed(demo: &Demo) -> Submission {
    let mut submission = demo.submission.clone();
    for (path, bytes) in &demo.photos {
        let probe = probe(&mut Cursor::new(&bytes));
        let lying = matches!(&probe, Probe::Jpeg(jpeg) if jpeg.width > jpeg.height);
        submission.files.push(Attachment {
            path: path.clone(),
            usage: Use::Photo,
            size: if lying { 2_300_000 } else { bytes.len() as u64 },
            sha256: [0; 32],
            probe,
        });
    }
    submission
}

/// The demo's submission of a campaign without its pictures, which take seconds to draw.
pub(crate) fn undrawn(campaign: &Campaign, seed: u64) -> Submission {
    let mut campaign = campaign.clone();
    campaign.demo = campaign.demo.replace("[photos]", "[not-drawn]");
    let demo = submission(&campaign, seed);
    assert!(demo.photos.is_empty());
    demo.submission
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

#[test]
fn the_check_finds_no_error_in_any_demo() {
    for (campaign, demo) in quick() {
        let findings = check(campaign, &filed(demo), None);
        let lines: Vec<String> = findings
            .iter()
            .filter(|f| f.severity > Severity::Info)
            .map(|f| format!("{} {} {} {}", f.code, f.place, f.message, f.hint))
            .collect();
        assert!(lines.is_empty(), "{}:\n{}", campaign.id, lines.join("\n"));
    }
}

#[test]
fn every_required_field_is_answered_and_every_text_within_its_limits() {
    for (campaign, demo) in quick() {
        let submission = &demo.submission;
        assert!(submission.candidates.len() >= 2);
        let owners = [(campaign.unit_sheet(), vec![&submission.unit])];
        let candidates = (
            campaign.candidate_sheet(),
            submission.candidates.iter().collect(),
        );
        for (sheet, entries) in owners.into_iter().chain([candidates]) {
            for field in &sheet.expect("a sheet").fields {
                for entry in &entries {
                    let text = entry.text(&field.key);
                    assert!(!field.required || !text.is_empty(), "{}", field.key);
                    assert!(letters(text) <= field.max.unwrap_or(usize::MAX));
                }
            }
        }
        for sheet in campaign.sheets.iter().filter(|s| s.rows) {
            let owners = std::iter::once(&submission.unit).chain(&submission.candidates);
            for row in owners.flat_map(|o| o.rows(&sheet.key)) {
                for field in sheet.fields.iter().filter(|f| f.required) {
                    assert!(row.contains_key(&field.key), "{} {row:?}", sheet.key);
                }
            }
        }
    }
}

#[test]
fn deeds_of_the_hebei_demo_are_about_two_thousand_characters_and_differ() {
    let (campaign, demo) = &quick()[0];
    assert_eq!(campaign.id, "hebei-zuimei-2021");
    let deeds: Vec<&str> = demo
        .submission
        .candidates
        .iter()
        .map(|c| c.text("deeds"))
        .collect();
    assert_eq!(deeds.len(), 3);
    for text in &deeds {
        assert!((1900..=2000).contains(&letters(text)), "{}", letters(text));
        let mut sentences: Vec<&str> = text.split('。').filter(|s| letters(s) > 0).collect();
        let all = sentences.len();
        sentences.sort_unstable();
        sentences.dedup();
        assert_eq!(sentences.len(), all, "a sentence stands twice");
    }
    let names: Vec<&str> = demo
        .submission
        .candidates
        .iter()
        .map(|c| c.text("name"))
        .collect();
    assert!(names.iter().any(|n| n.contains('𬭚')));
    assert!(names.iter().any(|n| n.contains('·')));
}

#[test]
fn a_drawn_work_photo_is_as_large_as_a_camera_s() {
    for campaign in campaigns() {
        let plan: toml::Table = campaign.demo.parse().unwrap();
        let plan = plan["photos"].as_table().unwrap();
        let demo = submission(&with_line(&campaign, "work", "1"), SEED);
        let (mut portraits, mut photos) = (0, 0);
        for (path, bytes) in &demo.photos {
            let Probe::Jpeg(jpeg) = probe(&mut Cursor::new(bytes)) else {
                panic!("{path} is not a JPEG");
            };
            assert!(path.starts_with("photos/") && path.ends_with(".jpg"));
            assert_eq!((jpeg.components, jpeg.progressive), (3, false));
            if jpeg.height > jpeg.width {
                portraits += 1;
                // millimetres of the campaign's own photo: 33 × 48 where it asks for no other
                let side = |key: &str, usual: u32| {
                    let written = plan.get(key).and_then(toml::Value::as_integer);
                    written.map_or(usual, |n| u32::try_from(n).unwrap())
                };
                let (wide, high) = (side("id_width", 33), side("id_height", 48));
                assert_eq!(jpeg.width * high, jpeg.height * wide);
                assert!(jpeg.width >= 390 && bytes.len() < 500_000);
            } else {
                photos += 1;
                let size = i64::try_from(bytes.len()).unwrap();
                assert!(size >= plan["least_bytes"].as_integer().unwrap(), "{path}");
                assert!(size <= plan["most_bytes"].as_integer().unwrap(), "{path}");
            }
        }
        assert_eq!(portraits, demo.submission.candidates.len());
        assert_eq!(photos, portraits);
    }
}

#[test]
fn the_same_seed_draws_the_same_pictures_and_another_seed_others() {
    let (campaign, one) = &quick()[1];
    let campaign = small(campaign);
    assert_eq!(one.photos, submission(&campaign, SEED).photos);
    assert_ne!(one.photos, submission(&campaign, SEED + 1).photos);
    let mut pictures: Vec<&Vec<u8>> = one.photos.iter().map(|(_, bytes)| bytes).collect();
    pictures.sort_unstable();
    pictures.dedup();
    assert_eq!(pictures.len(), one.photos.len(), "two photos are the same");
}

#[test]
fn the_report_has_title_headings_signature_and_date() {
    for (_, demo) in quick() {
        let report = &demo.submission.report;
        assert!(report.first().is_some_and(|l| l.ends_with("报告")));
        assert!(report.iter().any(|l| l.starts_with("一、")));
        assert!(report.iter().any(|l| l.starts_with("（一）")));
        assert_eq!(
            report[report.len() - 2],
            demo.submission.unit.text("name"),
            "signed by the unit"
        );
        assert!(report.last().is_some_and(|l| l.ends_with('日')));
        assert_eq!(demo.report_txt.lines().count(), report.len());
    }
}

#[test]
fn no_demo_names_a_real_person_s_number() {
    for (campaign, demo) in quick() {
        for candidate in &demo.submission.candidates {
            let sheet = campaign.candidate_sheet().unwrap();
            for field in &sheet.fields {
                let text = candidate.text(&field.key);
                match field.kind {
                    Kind::IdNo => assert!(text.starts_with("139900"), "{text}"),
                    Kind::Mobile => assert!(text.starts_with("1400000"), "{text}"),
                    Kind::Email => assert!(text.ends_with("@example.org"), "{text}"),
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn a_campaign_without_a_demo_gives_an_empty_one() {
    let mut campaign = campaigns().remove(0);
    for text in ["", "unit = 3", "candidate = [1, 2]", "photos = \"x\"", "[["] {
        campaign.demo = text.to_owned();
        let demo = submission(&campaign, SEED);
        assert!(demo.photos.is_empty(), "{text}");
    }
}
