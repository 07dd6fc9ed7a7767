//! What is seen only when a unit's records stand in the ledger beside all others: the same person filed by two units (C3), and
//! times that contradict each other. Told at the desk that takes a package in, and where a unit's paper is made against the ledger.
//! What was filed stays filed; a person decides which of the two units withdraws.

use jiff::Timestamp;

use crate::campaign::Campaign;
use crate::finding::{Finding, Place};
use crate::receipt::{DoubleLine, UnitFile, clock_faults};
use crate::record::Book;
use crate::store::ledger::Ledger;

use crate::clerk::error::ClerkError;

/// Code of the finding.
pub(in crate::clerk) const TWICE: &str = "C3";

/// What is to be said of a book that was filed at `at`. `file` names what was taken in; empty where nothing was.
pub(in crate::clerk) fn after_filing(
    ledger: &mut Ledger,
    campaign: &Campaign,
    (book, file): (&Book, &str),
    at: Timestamp,
) -> Result<Vec<Finding>, ClerkError> {
    let units = ledger.units()?;
    let own = units
        .iter()
        .find(|u| u.campaign == book.campaign() && u.begun == book.unit() && u.key == book.key());
    let Some(own) = own else {
        return Ok(Vec::new());
    };
    let filed = ledger.unit_file(own)?;
    let place = match file.is_empty() {
        true => Place::default(),
        false => Place::file(file),
    };
    let mut findings = doubles(campaign, &filed, &place);
    findings.extend(clock_faults(&filed, at).into_iter().map(|fault| {
        let hint = "已照收；报齐之后是否逾期，由人核定。";
        Finding::warning("R4", place.clone(), fault.message, hint)
    }));
    Ok(findings)
}

/// A finding for each person whom another unit recommends too.
fn doubles(campaign: &Campaign, filed: &UnitFile, place: &Place) -> Vec<Finding> {
    let Some((_, severity)) = campaign.rules.on(TWICE) else {
        return Vec::new();
    };
    let finding = |double: &crate::receipt::Double| {
        let record = filed.records.iter().find(|r| r.reference == double.record);
        let name = record.map_or("", |r| r.name.as_str());
        Finding::new(
            severity,
            TWICE,
            place.clone().of(name, "id_no"),
            format!("{}。", DoubleLine::of(double, name, &filed.name).message),
            "两家的材料都已登记，没有丢失；其中一家撤出之前，两家都不算报齐。",
        )
    };
    filed.doubles.iter().map(finding).collect()
}
