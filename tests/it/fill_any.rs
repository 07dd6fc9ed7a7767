//! Laws of filling over invented records: what is filled in reads back, whatever it is, in every form of the corpus.

use std::collections::{BTreeMap, BTreeSet};

use sanlian::campaign::{Campaign, Field, Kind, Owner};
use sanlian::fill::{Filling, Prepared, bind};
use sanlian::record::{Entry, Submission, Value};

use crate::blank_forms;
use crate::chance::Chance;
use crate::fill::{campaign, differences, read_back};

/// What people write, and what nobody should: signs of XML, of our own placeholders, of forms, rare characters.
const PIECES: &[&str] = &[
    "示例",
    "水文",
    "㐀䶮",
    "𠮷𬭚",
    "研究院",
    "二〇二一",
    "A",
    "b7",
    "3.5",
    "<w:p/>",
    "&amp;",
    "\"'",
    "（一）",
    "“引”",
    "—",
    "·",
    "、",
    "，",
    "{{name}}",
    "]]>",
    "%s",
    "负责人",
    "至",
    "é",
    "№",
    "10%",
];

fn piece(chance: &mut Chance) -> &'static str {
    PIECES[chance.below(PIECES.len() as u64) as usize]
}

fn words(chance: &mut Chance, most: u64) -> String {
    let mut text = String::from("示");
    for _ in 0..=chance.below(most) {
        text.push_str(piece(chance));
    }
    text
}

fn digits(chance: &mut Chance, count: usize) -> String {
    (0..count).map(|_| chance.digit()).collect()
}

fn value(campaign: &Campaign, field: &Field, chance: &mut Chance) -> String {
    if chance.below(5) == 0 {
        return String::new();
    }
    let month =
        |chance: &mut Chance| format!("{}.{:02}", 1960 + chance.below(60), 1 + chance.below(12));
    match field.kind {
        Kind::Text | Kind::File => words(chance, 12),
        Kind::Url => format!("https://example.org/{}", chance.below(1000)),
        Kind::Name => {
            ["石研坚", "阿卜杜拉·示例", "欧阳𬭚", "李㐀"][chance.below(4) as usize].to_owned()
        }
        Kind::Long => {
            let count = 1 + chance.below(5);
            let lines: Vec<String> = (0..count).map(|_| words(chance, 60)).collect();
            lines.join("\n")
        }
        Kind::Code => {
            let items = field
                .codes
                .as_ref()
                .and_then(|id| campaign.lists.get(id))
                .map(|l| &l.items);
            let Some(items) = items else {
                return words(chance, 3);
            };
            let mut pick = || {
                items[chance.below(items.len() as u64) as usize]
                    .name
                    .clone()
            };
            let one = pick();
            if field.multi && one.len() % 2 == 0 {
                format!("{one}、{}", pick())
            } else {
                one
            }
        }
        Kind::Month => month(chance),
        Kind::Span => {
            let from = month(chance);
            let to = if chance.below(3) == 0 {
                "至今".to_owned()
            } else {
                month(chance)
            };
            format!("{from}—{to}")
        }
        Kind::Date => format!(
            "{}-{:02}-{:02}",
            1960 + chance.below(60),
            1 + chance.below(12),
            1 + chance.below(28)
        ),
        Kind::Decimal => format!("{}.5", chance.below(100)),
        Kind::Count => chance.below(1_000_000).to_string(),
        Kind::IdNo => digits(chance, 17) + "X",
        Kind::Uscc => "91".to_owned() + &digits(chance, 16),
        Kind::Phone => "010-".to_owned() + &digits(chance, 8),
        Kind::Mobile => "13".to_owned() + &digits(chance, 9),
        Kind::Email => format!("a{}@example.com", digits(chance, 4)),
        Kind::Postcode => digits(chance, 6),
        Kind::YesNo => ["是", "否"][chance.below(2) as usize].to_owned(),
        Kind::Photo => String::new(),
    }
}

fn entry(campaign: &Campaign, owner: Owner, chance: &mut Chance) -> Entry {
    let mut entry = Entry::default();
    for sheet in campaign.sheets.iter().filter(|s| s.of == owner) {
        if !sheet.rows {
            for field in &sheet.fields {
                entry.set(&field.key, value(campaign, field, chance));
            }
            continue;
        }
        let given = sheet.given.iter().map(Some).collect::<Vec<_>>();
        let count = chance.below(12) as usize;
        let fixed = if given.is_empty() {
            vec![None; count]
        } else {
            given
        };
        let rows = fixed.into_iter().map(|given| {
            let mut row: BTreeMap<String, String> = sheet
                .fields
                .iter()
                .map(|f| (f.key.clone(), value(campaign, f, chance)))
                .collect();
            // a row that says nothing is no row
            let first = &sheet.fields[0];
            while row[&first.key].is_empty() {
                row.insert(first.key.clone(), value(campaign, first, chance));
            }
            for (key, words) in given.into_iter().flatten() {
                row.insert(key.clone(), words.clone());
            }
            row
        });
        let rows = rows.collect();
        entry.values.insert(sheet.key.clone(), Value::Rows(rows));
    }
    entry
}

/// Any submission, in canonical texts: what the intake makes of it.
pub(crate) fn invented(campaign: &Campaign, chance: &mut Chance) -> Submission {
    let mut submission = Submission {
        campaign: campaign.id.clone(),
        unit: entry(campaign, Owner::Unit, chance),
        ..Submission::default()
    };
    for n in 0..3 {
        let mut person = entry(campaign, Owner::Candidate, chance);
        // people are told apart by their names
        person.set("name", format!("示例{}", ["甲", "乙", "丙"][n]));
        person.set("id_no", digits(chance, 17) + "X");
        submission.candidates.push(person);
    }
    let json = sanlian::intake::to_json(&submission);
    let file = sanlian::intake::SourceFile {
        path: "submission.json".to_owned(),
        bytes: serde_json::to_vec(&json).unwrap(),
    };
    sanlian::intake::read(campaign, &[file], None, Vec::new()).0
}

#[test]
fn whatever_is_filled_in_reads_back() {
    let campaign = campaign();
    let mut chance = Chance::law(0x5a11_1a4e);
    let mut faults = BTreeSet::new();
    let mut held = 0;
    for form in blank_forms::all() {
        // the labels that a binding holds tell where a cell is when rows were added above it
        let places = bind(&campaign, form.name, &form.bytes).unwrap().places();
        let bound: BTreeSet<&str> = places.iter().map(|p| p.key.as_str()).collect();
        let missed: BTreeSet<String> = (form.expected.iter().map(|e| e.key.clone()))
            .filter(|k| !bound.contains(k.as_str()))
            .collect();
        let prepared = Prepared::new(&campaign, &form.bytes, places.clone()).unwrap();
        let filling = Filling {
            candidate: (!prepared.is_list(&campaign)).then_some(0),
            ..Filling::default()
        };
        for _ in 0..6 {
            let record = invented(&campaign, &mut chance);
            // a word that no box stands for is told and cannot come back
            let told = prepared.faults_of(&campaign, &record, &filling, form.name);
            let told = told.into_iter().filter_map(|f| f.place.field);
            let told: BTreeSet<String> = told.chain(missed.clone()).collect();
            let filled = prepared.fill(&campaign, &record, &filling).unwrap();
            let (read, findings) = read_back(&campaign, &form, &filled, &places);
            faults.extend(
                findings
                    .into_iter()
                    .map(|f| format!("{} {}", form.name, f.message)),
            );
            let differ = differences(&form, &record, &read).into_iter();
            faults.extend(differ.filter(|d| {
                !told
                    .iter()
                    .any(|k| d.starts_with(&format!("{} {k} ", form.name)))
            }));
            held += form.expected.len() - missed.len();
        }
    }
    assert!(
        faults.is_empty(),
        "{}: {}",
        faults.len(),
        faults.into_iter().collect::<Vec<_>>().join("\n")
    );
    assert!(held > 1500, "{held}");
}
