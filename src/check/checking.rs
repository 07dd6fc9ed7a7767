//! One check under way and one candidate under it: what every group of rules asks for, and where findings go.

use jiff::civil::{Date, Time};

use crate::campaign::{Campaign, Channel, Rule, Sheet};
use crate::finding::{Finding, Place, Severity};
use crate::record::{Attachment, Entry, Submission};

/// One check under way.
pub(super) struct Checking<'a> {
    pub(super) campaign: &'a Campaign,
    pub(super) submission: &'a Submission,
    pub(super) today: Option<Date>,
    /// The time of today, where it is known.
    pub(super) time: Option<Time>,
    /// The unit's channel, where it names a known one.
    pub(super) channel: Option<&'a Channel>,
    pub(super) findings: Vec<Finding>,
}

impl<'a> Checking<'a> {
    /// A rule of the notice with its weight; none where the campaign does not have it.
    pub(super) fn rule(&self, code: &str) -> Option<(&'a Rule, Severity)> {
        self.campaign.rules.on(code)
    }

    /// The weight of a check that every campaign has: the campaign's, or else `usual`; none where it is switched off.
    pub(super) fn weight(&self, code: &str, usual: Severity) -> Option<Severity> {
        match self.campaign.rules.0.get(code) {
            Some(rule) => rule.severity(),
            None => Some(usual),
        }
    }

    /// The day that ages and future months are measured against.
    pub(super) fn reference_day(&self) -> Date {
        self.today.unwrap_or(self.campaign.deadline.day)
    }

    pub(super) fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        place: Place,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let mut hint: String = hint.into();
        // remedies are written for cells; a document of JSON has none
        if place.is_json() {
            hint = hint.replace("这一格", "这一项");
        }
        self.findings
            .push(Finding::new(severity, code, place, message, hint));
    }

    /// A text of the unit.
    pub(super) fn unit_text(&self, key: &str) -> &'a str {
        self.submission.unit.text(key).trim()
    }

    /// The unit's name, or a word in its place.
    pub(super) fn unit_name(&self) -> &'a str {
        match self.unit_text("name") {
            "" => "本单位",
            name => name,
        }
    }

    /// The place of a field of the unit; of the unit itself for an empty key.
    pub(super) fn unit_place(&self, key: &str) -> Place {
        let record = self.unit_text("name");
        self.submission.unit.place_of(key).of(record, key)
    }

    /// What people call a field of the unit; `usual` where the campaign does not ask for it.
    pub(super) fn unit_label(&self, key: &str, usual: &'static str) -> &'a str {
        let field = self.campaign.unit_sheet().and_then(|s| s.field(key));
        field.map_or(usual, |f| f.label.as_str())
    }

    pub(super) fn unit_asks(&self, key: &str) -> bool {
        asks(self.campaign.unit_sheet(), key)
    }

    pub(super) fn candidate_asks(&self, key: &str) -> bool {
        asks(self.campaign.candidate_sheet(), key)
    }

    /// Whether a blank field of the unit is M14's already.
    pub(super) fn unit_requires(&self, key: &str) -> bool {
        self.weight("M14", Severity::Error).is_some() && requires(self.campaign.unit_sheet(), key)
    }

    /// Whether a blank field of a candidate is M14's already.
    pub(super) fn candidate_requires(&self, key: &str) -> bool {
        self.weight("M14", Severity::Error).is_some()
            && requires(self.campaign.candidate_sheet(), key)
    }
}

/// Whether a sheet has a field.
pub(super) fn asks(sheet: Option<&Sheet>, key: &str) -> bool {
    sheet.is_some_and(|s| s.field(key).is_some())
}

/// Whether a sheet has a field that must be answered.
pub(super) fn requires(sheet: Option<&Sheet>, key: &str) -> bool {
    sheet.and_then(|s| s.field(key)).is_some_and(|f| f.required)
}

/// A candidate under check.
pub(super) struct Person<'a> {
    pub(super) entry: &'a Entry,
    /// Its place in the list, from 0.
    pub(super) index: usize,
    /// The name, or `第n名候选人` where there is none.
    pub(super) record: String,
}

impl<'a> Person<'a> {
    pub(super) fn new(entry: &'a Entry, index: usize) -> Self {
        let name = entry.text("name").trim();
        let record = if name.is_empty() {
            format!("第{}名候选人", index + 1)
        } else {
            name.to_owned()
        };
        Self {
            entry,
            index,
            record,
        }
    }

    pub(super) fn text(&self, key: &str) -> &'a str {
        self.entry.text(key).trim()
    }

    pub(super) fn place(&self, key: &str) -> Place {
        self.entry.place_of(key).of(&self.record, key)
    }

    /// Whether a file is the photo in the person's cell of the workbook.
    pub(super) fn is_picture(&self, file: &Attachment) -> bool {
        file.path == self.entry.picture
    }

    /// What a message calls one of the person's photos.
    pub(super) fn called(&self, file: &Attachment) -> String {
        if self.is_picture(file) {
            let cell = self.entry.place_of("photo").cell.unwrap_or_default();
            return format!("{cell}格中的图片");
        }
        file.name().to_owned()
    }

    /// The place of one of the person's files.
    pub(super) fn of_file(&self, file: &Attachment) -> Place {
        if self.is_picture(file) {
            return self.place("photo");
        }
        Place::file(&file.path).of(&self.record, "")
    }

    pub(super) fn place_in(&self, sheet: &str, row: usize, key: &str) -> Place {
        self.entry
            .place_in(sheet, row, key)
            .of(&self.record, &format!("{sheet}.{key}"))
    }
}
