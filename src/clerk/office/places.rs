//! Places (存放处): everywhere that something of a person is held, by kind: one act looks through records, texts, files of packages,
//! pictures, units' folders, uploads and backups. What is shown is veiled.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use crate::receipt::veiled;
use crate::store::Words;

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::clock::in_china;
use crate::clerk::office::Office;
use crate::clerk::office::backups::{backups_folder, list_backups};
use crate::clerk::office::person::Person;

/// Largest file that is looked into; videos are known by their names.
const MOST: u64 = 64 << 20;

/// Files of a package or a folder that hold their words in a way that can be looked through.
const READABLE: [&str; 6] = [".docx", ".xlsx", ".csv", ".json", ".txt", ".md"];

/// Somewhere that something is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlaceHeld {
    /// What kind of place it is, in words.
    pub kind: &'static str,
    /// Which one, veiled.
    pub what: String,
    /// How many versions, texts or files there.
    pub count: usize,
}

impl PlaceHeld {
    /// A line for people.
    pub fn line(&self) -> String {
        format!("{}　{}　{} 处", self.kind, self.what, self.count)
    }
}

impl Office<'_> {
    /// Every place that holds something of the persons whose id number, telephone number or name is `text`.
    pub fn find_all(&mut self, text: &str, now: Timestamp) -> Result<Vec<PlaceHeld>, ClerkError> {
        let records: Vec<String> = self
            .find(text, now)?
            .into_iter()
            .map(|f| f.record)
            .collect();
        let mut persons = vec![(
            None,
            Person {
                words: Words::of([text]),
                ..Person::default()
            },
        )];
        for record in records {
            if let Ok(number) = u64::from_str_radix(&record, 16) {
                let reference = number.to_be_bytes();
                persons.push((Some(reference), self.person(reference)?));
            }
        }
        let mut places = Vec::new();
        for (record, person) in &persons {
            for place in self.places(*record, &person.words)? {
                let known = places
                    .iter_mut()
                    .find(|p: &&mut PlaceHeld| p.kind == place.kind && p.what == place.what);
                match known {
                    // the same place, looked through for the person's other words
                    Some(known) => known.count = known.count.max(place.count),
                    None => places.push(place),
                }
            }
        }
        let detail = format!("查找全部存放处：{} 处", places.len());
        self.ledger.note(now, "find", "", &detail)?;
        Ok(places)
    }

    /// Every place that holds words, or something of a record.
    pub(super) fn places(
        &mut self,
        record: Option<[u8; 8]>,
        words: &Words,
    ) -> Result<Vec<PlaceHeld>, ClerkError> {
        let mut places = self.in_records(words)?;
        places.extend(self.in_texts(record, words)?);
        places.extend(self.in_packages(record, words)?);
        let data = self.ledger.folder().to_path_buf();
        for (kind, folder) in [("单位文件夹", "units"), ("上传的文件", "incoming")] {
            places.extend(in_folder(kind, &data, folder, words)?);
        }
        for backup in list_backups(&data)? {
            let file = backups_folder(&data).join(&backup.name);
            let bytes = std::fs::read(&file).map_err(world(&file))?;
            if words.stand_in_file(&bytes) {
                let what = format!("{}（{}）", backup.name, in_china(backup.made_at));
                let (kind, count) = ("备份", 1);
                places.push(PlaceHeld { kind, what, count });
            }
        }
        Ok(places)
    }

    fn in_records(&mut self, words: &Words) -> Result<Vec<PlaceHeld>, ClerkError> {
        let mut places = Vec::new();
        for unit in self.ledger.units()? {
            for filed in self.ledger.unit_file(&unit)?.records {
                let mut count = usize::from(words.stand_in(&filed.name));
                for version in 1..=filed.latest {
                    let contents = self.ledger.contents(filed.reference, version)?;
                    let told =
                        contents.is_some_and(|c| c.values.values().any(|v| words.stand_in(v)));
                    count += usize::from(told);
                }
                if count > 0 {
                    places.push(PlaceHeld {
                        kind: "台账记录",
                        what: format!(
                            "{:016x} {}（{}） {}",
                            u64::from_be_bytes(filed.reference),
                            filed.kind.label(),
                            veiled(&filed.name),
                            unit.name
                        ),
                        count,
                    });
                }
            }
        }
        Ok(places)
    }

    fn in_texts(
        &mut self,
        record: Option<[u8; 8]>,
        words: &Words,
    ) -> Result<Vec<PlaceHeld>, ClerkError> {
        let traces = self.ledger.traces(words)?;
        let texts = traces
            .texts
            .iter()
            .map(|(what, count)| ("台账文字", (*what).to_owned(), *count));
        let mut found: Vec<_> = texts.collect();
        if let Some(record) = record {
            let pictures = self.ledger.pictures_of(record, words)?.len();
            found.push(("扫描图像", "按标记或文件名属于这个人".to_owned(), pictures));
        }
        found.push(("台账文字", "报送包中文件的名称".to_owned(), traces.files));
        found.push(("单位联系人", "就是这个人".to_owned(), traces.contacts.len()));
        found.push(("账号", "同名的账号".to_owned(), traces.accounts.len()));
        let rows: Vec<String> = traces.log.iter().take(20).map(i64::to_string).collect();
        found.push((
            "审计日志",
            format!("第 {} 行", rows.join("、")),
            traces.log.len(),
        ));
        let held = found.into_iter().filter(|(_, _, count)| *count > 0);
        Ok(held
            .map(|(kind, what, count)| PlaceHeld { kind, what, count })
            .collect())
    }

    fn in_packages(
        &mut self,
        record: Option<[u8; 8]>,
        words: &Words,
    ) -> Result<Vec<PlaceHeld>, ClerkError> {
        let mut places = Vec::new();
        for unit in self.ledger.units()? {
            let (mut own, mut whole) = (0, 0);
            for entry in self.ledger.entries_of(unit.no, None)? {
                if entry.record.is_some() && entry.record == record {
                    own += 1;
                } else if words.stand_in(&entry.name)
                    || is_readable(&entry.name)
                        && words.stand_in_file(&self.ledger.kept(&entry.object)?)
                {
                    whole += 1;
                }
            }
            for (kind, count) in [
                ("报送包中本人的文件", own),
                ("报送包中提到本人的文件", whole),
            ] {
                if count > 0 {
                    let what = unit.name.clone();
                    places.push(PlaceHeld { kind, what, count });
                }
            }
        }
        Ok(places)
    }
}

/// Whether a file's words can be looked through.
pub(super) fn is_readable(name: &str) -> bool {
    let lower = name.to_lowercase();
    READABLE.iter().any(|ending| lower.ends_with(ending))
}

/// Files below a folder that hold words, or are called after them; counted by folder.
fn in_folder(
    kind: &'static str,
    data: &Path,
    folder: &str,
    words: &Words,
) -> Result<Vec<PlaceHeld>, ClerkError> {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    let mut todo = vec![data.join(folder)];
    while let Some(dir) = todo.pop() {
        let Ok(entries) = std::fs::read_dir(&dir) else {
            continue;
        };
        for entry in entries {
            let path = entry.map_err(world(&dir))?.path();
            if path.is_dir() {
                todo.push(path);
                continue;
            }
            let inside = path.strip_prefix(data).unwrap_or(&path).to_path_buf();
            if words.stand_in(&inside.to_string_lossy()) || file_holds(&path, words)? {
                let name = inside.file_name().unwrap_or_default().to_string_lossy();
                let shelf = inside.parent().unwrap_or(Path::new("")).display();
                *found
                    .entry(format!("{shelf}/{}", veiled(&name)))
                    .or_default() += 1;
            }
        }
    }
    Ok(found
        .into_iter()
        .map(|(what, count)| PlaceHeld { kind, what, count })
        .collect())
}

/// Whether words stand in a file that is not too large to be one of words.
pub(super) fn file_holds(path: &Path, words: &Words) -> Result<bool, ClerkError> {
    let size = match path.metadata() {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        facts => facts.map_err(world(path))?.len(),
    };
    Ok(size <= MOST && words.stand_in_file(&std::fs::read(path).map_err(world(path))?))
}
