//! What stands beside a person's records when the person is erased: files of the whole unit in packages, the unit's own folder, and
//! what the unit must see to itself.

use std::collections::BTreeMap;

use crate::store::Words;
use crate::store::ledger::UnitRow;

use crate::clerk::error::ClerkError;
use crate::clerk::office::Office;

use crate::clerk::office::person::Person;
use crate::clerk::office::places::{file_holds, is_readable};
use crate::clerk::office::whose::Meant;
use crate::clerk::unit::folder::OwnFolder;

/// What goes with a person.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// Packages whose files of the whole unit go.
    pub(super) packages: Vec<[u8; 32]>,
    /// Files in units' folders, as paths in the data folder.
    pub(super) files: Vec<String>,
    /// What the organiser is told.
    pub(super) told: Vec<String>,
}

impl Office<'_> {
    /// Looks at what is held of a person's units. Fails where the person still stands in what a unit hands in as a whole.
    pub(super) fn beside(&mut self, meant: &Meant, person: &Person) -> Result<Beside, ClerkError> {
        let mut beside = Beside::default();
        for unit in &meant.units {
            for filed in self.ledger.unit_file(unit)?.records {
                let whole = !filed.kind.is_candidates() && filed.withdrawn.is_none();
                if whole && self.told_in(&filed, &person.alone)? {
                    return Err(ClerkError::refused(&format!(
                        "{}的{}里还写有这个人，没有删除。请先由单位改好并重新提交，再删除。",
                        unit.name,
                        filed.kind.label()
                    )));
                }
            }
            self.of_packages(unit, &person.alone, &mut beside)?;
        }
        for folder in &meant.folders {
            of_folder(folder, &person.alone, &mut beside)?;
        }
        Ok(beside)
    }

    /// The person of one record, or all persons of the units that go whole.
    pub(super) fn persons(&mut self, meant: &Meant) -> Result<Person, ClerkError> {
        if let Some(record) = meant.record {
            return self.person(record);
        }
        let mut all = Person::default();
        for unit in &meant.units {
            for filed in self.ledger.unit_file(unit)?.records {
                if filed.kind.is_candidates() {
                    all.words.extend(self.person(filed.reference)?.words);
                }
            }
        }
        Ok(all)
    }

    /// What is still there of a person after the erasure, and whose business it is.
    pub(super) fn still_held(
        &mut self,
        record: [u8; 8],
        person: &Person,
    ) -> Result<Vec<String>, ClerkError> {
        let mut told = Vec::new();
        if !person.others.is_empty() {
            let others = person
                .others
                .iter()
                .map(|r| format!("{:016x}", u64::from_be_bytes(*r)));
            told.push(format!(
                "另有记录 {} 的姓名或号码与这个人相同。如果是同一个人，请另行删除。",
                others.collect::<Vec<_>>().join("、")
            ));
        }
        for place in self.places(Some(record), &person.alone)? {
            // backups are told of one by one
            if place.kind != "备份" {
                told.push(format!("还留有：{}。请核对。", place.line()));
            }
        }
        let unknown = self.ledger.pictures_of_nobody()?;
        if unknown > 0 {
            told.push(format!(
                "另有 {unknown} 页扫描图像没有读出标记，不知道是谁的。请在“扫描件”一页辨认。"
            ));
        }
        Ok(told)
    }

    /// Packages of a unit in whose summary, report or other file of the whole unit the person stands.
    fn of_packages(
        &mut self,
        unit: &UnitRow,
        words: &Words,
        beside: &mut Beside,
    ) -> Result<(), ClerkError> {
        if words.is_empty() {
            return Ok(());
        }
        let mut order = Vec::new();
        let mut stands: BTreeMap<[u8; 32], (usize, bool)> = BTreeMap::new();
        for entry in self.ledger.entries_of(unit.no, None)? {
            if entry.record.is_some() || !matches!(entry.role.as_str(), "form" | "report") {
                continue;
            }
            if !order.contains(&entry.package) {
                order.push(entry.package);
            }
            let held = stands.entry(entry.package).or_default();
            held.0 += 1;
            // a file with the words beside its picture tells of both
            held.1 |= words.stand_in(&entry.name)
                || is_readable(&entry.name)
                    && words.stand_in_file(&self.ledger.kept(&entry.object)?);
        }
        let gone: usize = stands
            .values()
            .filter(|held| held.1)
            .map(|held| held.0)
            .sum();
        if gone == 0 {
            return Ok(());
        }
        let latest = order.last().and_then(|package| stands.get(package));
        let next = match latest {
            Some((_, true)) => "请单位重新打包，再报送一次报送包。",
            _ => "最新的报送包里没有这个人，单位不必重报。",
        };
        beside.told.push(format!(
            "{}的报送包中写有这个人的汇总表、报告等 {gone} 个文件已删除。{next}",
            unit.name
        ));
        beside.packages.extend(
            order
                .into_iter()
                .filter(|p| stands.get(p).is_some_and(|h| h.1)),
        );
        Ok(())
    }
}

/// Files of a unit's folder that are called after the person go; one in which the person stands is the unit's to change.
fn of_folder(folder: &OwnFolder, words: &Words, beside: &mut Beside) -> Result<(), ClerkError> {
    if words.is_empty() {
        return Ok(());
    }
    let unit = folder.unit();
    let mut gone = 0;
    for file in folder.files()? {
        if words.stand_in(&file.path) {
            beside
                .files
                .push(format!("units/{}/submission/{}", unit.no, file.path));
            gone += 1;
        } else if file_holds(&folder.submission().join(&file.path), words)? {
            return Err(ClerkError::refused(&format!(
                "{}在本系统中的“{}”里还写有这个人，没有删除。请先由单位换成改好的文件，再删除。",
                unit.name, file.path
            )));
        }
    }
    if gone > 0 {
        beside.told.push(format!(
            "{}在本系统中以这个人命名的 {gone} 个文件（照片、视频等）已删除。",
            unit.name
        ));
    }
    beside.told.push(format!(
        "{}在本系统中的打印件和预览已删除，请单位重新提交一次，得到不含这个人的打印件。",
        unit.name
    ));
    Ok(())
}
