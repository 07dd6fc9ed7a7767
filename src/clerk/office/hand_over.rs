//! Handing over (导出个人信息): everything that is held of a campaign, a unit or a person, in one file, unmasked: for the archive, or
//! for a person who asks what is held (《个人信息保护法》第四十五条). That it was handed over stands in the audit log.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use crate::record::{BookRecord, Contents, diff};
use crate::store::ZipOut;
use crate::store::ledger::UnitRow;

use crate::clerk::error::ClerkError;
use crate::clerk::office::Office;
use crate::clerk::office::whose::{Meant, Whose};

/// What was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandedOver {
    /// Of what, in words.
    pub what: String,
    /// Records.
    pub records: usize,
    /// Files beside them.
    pub files: usize,
}

/// The first file in it.
const ABOUT: &str = "说明.txt";

impl Office<'_> {
    /// Writes everything that is held into a file that is not there yet; only its owner can read it. Appears whole or not at all.
    pub fn hand_over(
        &mut self,
        whose: &Whose,
        to: &Path,
        by: &str,
        at: Timestamp,
    ) -> Result<HandedOver, ClerkError> {
        let meant = self.meant(whose)?;
        let mut out = ZipOut::begin(to)?;
        let done = self.fill(&mut out, &meant, at);
        let told = match done {
            Ok(told) => told,
            Err(error) => {
                out.give_up();
                return Err(error);
            }
        };
        let detail = format!(
            "{by} 导出个人信息：{} 条记录、{} 个文件",
            told.records, told.files
        );
        // the log first: a copy that nobody knows of must not be
        self.ledger.note(at, "export", &meant.words, &detail)?;
        out.finish()?;
        Ok(told)
    }

    fn fill(
        &mut self,
        out: &mut ZipOut,
        meant: &Meant,
        at: Timestamp,
    ) -> Result<HandedOver, ClerkError> {
        let mut units = Vec::new();
        let mut told = HandedOver {
            what: meant.words.clone(),
            records: 0,
            files: 0,
        };
        for unit in &meant.units {
            let (value, records) = self.unit_value(unit, meant.record)?;
            told.records += records;
            units.push(value);
        }
        let mut log = Vec::new();
        let wanted: Vec<String> = units.iter().flat_map(subjects).collect();
        self.walk_log(&mut |row| {
            if wanted.contains(&row.subject) {
                log.push(json!({"no": row.no, "at": row.at.to_string(), "act": row.act, "subject": row.subject, "detail": row.detail}));
            }
        })?;
        out.add(ABOUT, about(meant, at).as_bytes())?;
        let places = match meant.record {
            Some(record) => {
                let words = self.person(record)?.words;
                self.places(Some(record), &words)?
            }
            None => Vec::new(),
        };
        let contacts = meant.contacts.iter();
        let contacts = contacts.map(|(row, who)| {
            json!({"campaign": row.campaign, "unit": row.name, "contact": who.name, "phones": who.phones})
        });
        let contacts: Vec<Value> = contacts.collect();
        let whole = json!({"of": meant.words, "at": at.to_string(), "units": units, "roster": contacts, "places": places, "log": log});
        let text = serde_json::to_vec_pretty(&whole).map_err(|e| ClerkError::Bug(e.to_string()))?;
        out.add("材料.json", &text)?;
        for unit in &meant.units {
            for entry in self.ledger.entries_of(unit.no, meant.record)? {
                let bytes = self.ledger.kept(&entry.object)?;
                let sum: String = entry
                    .package
                    .iter()
                    .take(4)
                    .map(|b| format!("{b:02x}"))
                    .collect();
                let name = format!("报送包/{}/{sum}/{}", safe(&unit.name), entry.name);
                told.files += usize::from(out.add(&name, &bytes)?);
            }
        }
        // what a unit put here holds all its people: only with the whole unit
        if meant.record.is_none() {
            for folder in &meant.folders {
                let unit = safe(&folder.unit().name);
                for file in folder.files()? {
                    let from = folder.submission().join(&file.path);
                    let name = format!("单位材料/{unit}/{}", file.path);
                    told.files += usize::from(out.add_file(&name, &from)?);
                }
            }
        }
        Ok(told)
    }

    /// A unit with its records, versions and receipts, and how many records these are.
    fn unit_value(
        &mut self,
        unit: &UnitRow,
        only: Option<[u8; 8]>,
    ) -> Result<(Value, usize), ClerkError> {
        let book = self.ledger.book(&unit.campaign, &unit.begun, &unit.key)?;
        let file = self.ledger.unit_file(unit)?;
        let wanted = |r: &&BookRecord| only.is_none_or(|o| r.reference_bytes() == Some(o));
        let mut records = Vec::new();
        for record in book.iter().flat_map(|b| b.records()).filter(wanted) {
            let reference = record.reference_bytes();
            let of = |r: &&crate::receipt::Receipt| Some(r.record) == reference;
            let receipts: Vec<Value> = file
                .receipts
                .iter()
                .filter(of)
                .map(|r| {
                    json!({"version": r.version, "copy": r.copy, "page": r.page, "pages": r.pages,
                        "at": r.at.to_string(), "times": r.times})
                })
                .collect();
            let mut versions = Vec::new();
            for version in record.versions() {
                let labels = self.labels(unit, record, &version.contents);
                let values: Vec<Value> = version
                    .contents
                    .values
                    .iter()
                    .map(|(key, value)| json!({"key": key, "label": labels.get(key), "value": value}))
                    .collect();
                versions.push(json!({"version": version.version, "issued_at": version.issued_at.to_string(),
                    "digest": version.digest.to_string(), "copies": version.copies, "values": values,
                    "attachments": version.contents.attachments}));
            }
            let withdrawn = file.records.iter().find(|f| Some(f.reference) == reference);
            let withdrawn = withdrawn.and_then(|f| f.withdrawn).map(|t| t.to_string());
            records.push(json!({"reference": record.reference(), "form": record.kind().key(), "form_word": record.kind().label(), "name": record.name(),
                "withdrawn": withdrawn, "versions": versions, "receipts": receipts}));
        }
        let contact = match only {
            None => {
                let contact = self.ledger.contact(unit)?;
                json!({"name": contact.name, "phones": contact.phones})
            }
            Some(_) => Value::Null,
        };
        let count = records.len();
        let value = json!({"campaign": unit.campaign, "unit": unit.name, "channel": unit.channel,
            "contact": contact, "records": records});
        Ok((value, count))
    }

    /// What people call the fields that are not empty.
    fn labels(
        &mut self,
        unit: &UnitRow,
        record: &BookRecord,
        contents: &Contents,
    ) -> BTreeMap<String, String> {
        let Some(campaign) = self.campaign(&unit.campaign) else {
            return BTreeMap::new();
        };
        let all = diff(campaign, record.kind(), &Contents::default(), contents);
        all.into_iter().map(|d| (d.key, d.label)).collect()
    }
}

/// The words under which the audit log knows a unit and its records.
fn subjects(unit: &Value) -> Vec<String> {
    let records = unit["records"].as_array().into_iter().flatten();
    let mut subjects: Vec<String> = records
        .filter_map(|r| r["reference"].as_str().map(str::to_owned))
        .collect();
    subjects.extend(unit["unit"].as_str().map(str::to_owned));
    subjects
}

fn about(meant: &Meant, at: Timestamp) -> String {
    let day = crate::hours::beijing(at);
    format!(
        "本文件是“{}”在本系统中的全部个人信息，导出于 {}（北京时间）。\n\n\
         材料.json：每条记录的各个版本、签发和收件的情况，以及审计日志中的有关行。\n\
         报送包/：随报送包收到的照片、视频、报告和表。\n\
         单位材料/：单位在本系统中填报的工作簿和照片（只在导出整个单位或活动时有）。\n\n\
         其中的身份证号、手机号没有遮盖。请妥善保管，用后删除。\n",
        meant.words,
        day.strftime("%Y-%m-%d %H:%M")
    )
}

/// A name as a folder in a zip.
fn safe(name: &str) -> String {
    name.chars()
        .map(|c| {
            if c.is_control() || "/\\:*?\"<>|".contains(c) {
                '_'
            } else {
                c
            }
        })
        .collect()
}
