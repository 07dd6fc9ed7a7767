//! Checks a submission against its campaign: every rule, one pass, never stopping at the first fault.
//! What a rule asks for and which parameters it reads stands at its function and, for authors of templates, in
//! `templates/RULES.md`. Reading files is in `intake`; characters that no font has are found in `layout`.
//! # Example: read a workbook, hear everything that is wrong with it
//! ```
//! use sanlian::campaign::{builtin, load};
//! use sanlian::check::check;
//! use sanlian::intake::{SourceFile, blank, read};
//! use sanlian::record::{Entry, Submission};
//!
//! let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021").ok_or("not here")?;
//! let campaign = load(&source).0.ok_or("its template has errors")?;
//!
//! // a workbook as a secretary hands it in: little of it is filled in, and the id number should end in X
//! let mut person = Entry::default();
//! person.set("name", "王示例");
//! person.set("id_no", "139900198001010013");
//! let filled = Submission { candidates: vec![person], ..Submission::default() };
//! let bytes = blank::filled_workbook(&campaign, &filled)?;
//!
//! let workbook = SourceFile { path: "填报工作簿.xlsx".to_owned(), bytes };
//! let (submission, unread) = read(&campaign, &[workbook], None, Vec::new());
//! assert!(unread.is_empty());
//! let findings = check(&campaign, &submission, Some(campaign.deadline));
//! let of = |key: &str| findings.iter().find(|f| f.place.field.as_deref() == Some(key));
//! let wrong = of("id_no").ok_or("not found")?;
//! assert_eq!(wrong.place.sheet.as_deref(), Some("候选人"));
//! assert!(wrong.message.contains("第 18 位应为 X，现为 3"), "{}", wrong.message);
//! assert!(of("sex").is_some()); // and everything else that is missing, in the same pass
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod belongings;
mod channel;
mod fields;
mod history;
mod identity;
mod kinds;
mod materials;
mod nearest;
mod params;
mod person;
mod photos;
mod process;
mod quota;
mod secrecy;
mod twice;

pub use twice::check_across;

use jiff::civil::Date;

use crate::campaign::{Campaign, Channel, Rule, Sheet};
use crate::finding::{Finding, Place, Severity};
use crate::record::{Entry, Submission};

/// All findings about a submission: the unit's first, then each candidate's in order, then what only all of them
/// together show. `today` is the day for deadlines where no day of receipt is given; without it none is assumed.
pub fn check(campaign: &Campaign, submission: &Submission, today: Option<Date>) -> Vec<Finding> {
    let mut desk = Checking {
        campaign,
        submission,
        today,
        channel: channel::resolve(campaign, submission.unit.text("channel")),
        findings: Vec::new(),
    };
    fields::unit(&mut desk);
    channel::unit(&mut desk);
    quota::unit(&mut desk);
    materials::unit(&mut desk);
    process::unit(&mut desk);
    secrecy::unit(&mut desk);
    let belongings = belongings::sort(submission);
    for (index, entry) in submission.candidates.iter().enumerate() {
        let person = Person::new(entry, index);
        fields::candidate(&mut desk, &person);
        history::candidate(&mut desk, &person);
        channel::candidate(&mut desk, &person);
        person::candidate(&mut desk, &person);
        secrecy::candidate(&mut desk, &person);
        if let Some(own) = belongings.of.get(index) {
            photos::candidate(&mut desk, &person, own);
        }
    }
    photos::small_id_photos(&mut desk, &belongings.of);
    photos::strays(&mut desk, &belongings.strays);
    twice::within(&mut desk);
    person::statistics(&mut desk);
    desk.findings
}

/// One check under way.
struct Checking<'a> {
    campaign: &'a Campaign,
    submission: &'a Submission,
    today: Option<Date>,
    /// The unit's channel, where it names a known one.
    channel: Option<&'a Channel>,
    findings: Vec<Finding>,
}

impl<'a> Checking<'a> {
    /// A rule of the notice with its weight; none where the campaign does not have it.
    fn rule(&self, code: &str) -> Option<(&'a Rule, Severity)> {
        self.campaign.rules.on(code)
    }

    /// The weight of a check that every campaign has: the campaign's, or else `usual`; none where it is switched off.
    fn weight(&self, code: &str, usual: Severity) -> Option<Severity> {
        match self.campaign.rules.0.get(code) {
            Some(rule) => rule.severity(),
            None => Some(usual),
        }
    }

    /// The day that ages and future months are measured against.
    fn reference_day(&self) -> Date {
        self.today.unwrap_or(self.campaign.deadline)
    }

    fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        place: Place,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.findings
            .push(Finding::new(severity, code, place, message, hint));
    }

    /// A text of the unit.
    fn unit_text(&self, key: &str) -> &'a str {
        self.submission.unit.text(key).trim()
    }

    /// The unit's name, or a word in its place.
    fn unit_name(&self) -> &'a str {
        match self.unit_text("name") {
            "" => "本单位",
            name => name,
        }
    }

    /// The place of a field of the unit; of the unit itself for an empty key.
    fn unit_place(&self, key: &str) -> Place {
        let record = self.unit_text("name");
        self.submission.unit.place_of(key).of(record, key)
    }

    fn unit_asks(&self, key: &str) -> bool {
        asks(self.campaign.unit_sheet(), key)
    }

    fn candidate_asks(&self, key: &str) -> bool {
        asks(self.campaign.candidate_sheet(), key)
    }

    /// Whether a blank field of the unit is M14's already.
    fn unit_requires(&self, key: &str) -> bool {
        self.weight("M14", Severity::Error).is_some() && requires(self.campaign.unit_sheet(), key)
    }

    /// Whether a blank field of a candidate is M14's already.
    fn candidate_requires(&self, key: &str) -> bool {
        self.weight("M14", Severity::Error).is_some()
            && requires(self.campaign.candidate_sheet(), key)
    }
}

/// Whether a sheet has a field.
fn asks(sheet: Option<&Sheet>, key: &str) -> bool {
    sheet.is_some_and(|s| s.field(key).is_some())
}

/// Whether a sheet has a field that must be answered.
fn requires(sheet: Option<&Sheet>, key: &str) -> bool {
    sheet.and_then(|s| s.field(key)).is_some_and(|f| f.required)
}

/// A candidate under check.
struct Person<'a> {
    entry: &'a Entry,
    /// The name, or `第n名候选人` where there is none.
    record: String,
}

impl<'a> Person<'a> {
    fn new(entry: &'a Entry, index: usize) -> Self {
        let name = entry.text("name").trim();
        let record = if name.is_empty() {
            format!("第{}名候选人", index + 1)
        } else {
            name.to_owned()
        };
        Self { entry, record }
    }

    fn text(&self, key: &str) -> &'a str {
        self.entry.text(key).trim()
    }

    fn place(&self, key: &str) -> Place {
        self.entry.place_of(key).of(&self.record, key)
    }

    fn place_in(&self, sheet: &str, row: usize, key: &str) -> Place {
        self.entry
            .place_in(sheet, row, key)
            .of(&self.record, &format!("{sheet}.{key}"))
    }
}
