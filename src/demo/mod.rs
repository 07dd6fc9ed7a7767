//! An invented submission of real size, made of a campaign's `demo.toml` and drawn pictures. Nothing in it is of a real
//! person: the texts are data, the pictures are in `portrait` and `scene`, drawn on `canvas`.

mod canvas;
mod portrait;
mod scene;

use std::collections::BTreeMap;

use toml::{Table, Value as Toml};

use crate::campaign::Campaign;
use crate::finding::Place;
use crate::record::{Entry, Submission, Value};

use scene::Wanted;

/// Most work photos of one candidate.
const MOST_PHOTOS: u64 = 20;

/// The invented submission, before it is written out.
#[derive(Clone, Debug, Default)]
pub struct Demo {
    /// Values and report, without files and places.
    pub submission: Submission,
    /// Pictures by their path in the submission folder, as JPEG.
    pub photos: Vec<(String, Vec<u8>)>,
    /// The report, a paragraph a line.
    pub report_txt: String,
}

/// The invented submission of a campaign; the same seed gives the same bytes. Without `demo.toml` it is empty.
pub fn submission(campaign: &Campaign, seed: u64) -> Demo {
    let data: Table = campaign.demo.parse().unwrap_or_default();
    let report_txt = text(data.get("report")).trim().to_owned();
    let mut demo = Demo {
        submission: Submission {
            campaign: campaign.id.clone(),
            unit: entry(data.get("unit")),
            report: report_txt
                .lines()
                .map(|line| line.trim().to_owned())
                .filter(|line| !line.is_empty())
                .collect(),
            report_place: Place::file("报告.txt"),
            ..Submission::default()
        },
        report_txt: format!("{report_txt}\n"),
        ..Demo::default()
    };
    let plan = data.get("photos").and_then(Toml::as_table);
    let candidates = data.get("candidate").and_then(Toml::as_array);
    for (rank, candidate) in (0_u64..).zip(candidates.into_iter().flatten()) {
        let entry = entry(Some(candidate));
        if let Some(plan) = plan {
            let picture = candidate.get("picture").and_then(Toml::as_table);
            let seed = seed.wrapping_mul(1000).wrapping_add(rank * 50);
            pictures(plan, picture, entry.text("name"), seed, &mut demo.photos);
        }
        demo.submission.candidates.push(entry);
    }
    demo
}

/// The pictures of one candidate.
fn pictures(
    plan: &Table,
    picture: Option<&Table>,
    name: &str,
    seed: u64,
    photos: &mut Vec<(String, Vec<u8>)>,
) {
    let path = |key: &str, n: u64| {
        text(plan.get(key))
            .replace("{name}", name)
            .replace("{n}", &n.to_string())
    };
    let own = |key: &str| picture.and_then(|p| p.get(key));
    let woman = text(own("figure")) == "woman";
    let ground = portrait::Ground::parse(&text(plan.get("ground")));
    if plan.contains_key("id") {
        let millimetres = |key: &str, usual: u32| {
            let written = u32::try_from(number(plan.get(key))).unwrap_or(0);
            if written == 0 {
                usual
            } else {
                written.min(200)
            }
        };
        let shape = [millimetres("id_width", 33), millimetres("id_height", 48)];
        photos.push((path("id", 0), portrait::draw(woman, ground, shape, seed)));
    }
    let side = |key: &str| u32::try_from(number(plan.get(key))).unwrap_or(0);
    let wanted = Wanted {
        width: side("width").clamp(320, 6000),
        height: side("height").clamp(320, 6000),
        least: number(plan.get("least_bytes")),
        most: number(plan.get("most_bytes")),
    };
    for n in 1..=number(own("work")).min(MOST_PHOTOS) {
        photos.push((path("work", n), scene::draw(&wanted, seed + n)));
    }
}

/// The values of one owner; arrays of tables are repeated rows.
fn entry(value: Option<&Toml>) -> Entry {
    let mut entry = Entry::default();
    for (key, value) in value.and_then(Toml::as_table).into_iter().flatten() {
        match value {
            Toml::Table(_) => {}
            Toml::Array(rows) => {
                let rows = rows.iter().filter_map(Toml::as_table);
                let rows = rows.map(|row| {
                    row.iter()
                        .map(|(key, value)| (key.clone(), text(Some(value))))
                        .collect::<BTreeMap<String, String>>()
                });
                entry
                    .values
                    .insert(key.clone(), Value::Rows(rows.collect()));
            }
            value => entry.set(key, text(Some(value))),
        }
    }
    entry
}

/// A text without blanks around it; numbers as written.
fn text(value: Option<&Toml>) -> String {
    match value {
        Some(Toml::String(text)) => text.trim().to_owned(),
        Some(Toml::Integer(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// A whole number that is not negative; 0 for anything else.
fn number(value: Option<&Toml>) -> u64 {
    value
        .and_then(Toml::as_integer)
        .and_then(|n| u64::try_from(n).ok())
        .unwrap_or(0)
}
