//! What a `{key}` in a form template stands for. A value becomes text here, once, for every format.
//!
//! Keys: a field of the form's owner (`name`, or `unit.name` for the unit's in a candidate's form); `no` the rank in
//! the list; `today` the day of issue; `campaign.title`, `.year`, `.notice_no`, `.organiser`; `count`, `quota`,
//! `channel`; `candidates.names`, all of them with 、; `candidates.order`, that they stand in order, where they are several; `department.name`, to which a letter goes; `recipient.name`, `.department`, `.address`, `.postcode`, `.phone`, `.email`; `total.<field>` the sum
//! of a column of the unit's rows; in repeated rows the row's own keys and `seq`, from 1.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::campaign::{Campaign, Channel, Field, Kind, Owner, Sheet};
use crate::record::{Entry, Submission};
use crate::text::date::{chinese_date, parse_date};
use crate::text::decimal::Decimal;

/// What says that there is nothing.
const NONE: &str = "无";
/// A day to be written in by hand.
const DAY_BY_HAND: &str = "　　　　年　　月　　日";
/// The key of the words that say that names stand in order; empty where there is one.
const ORDER: &str = "candidates.order";
/// A line to be written on by hand.
const LINE_BY_HAND: &str = "＿＿＿＿＿＿＿＿";

/// Where keys are looked up.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) campaign: &'a Campaign,
    pub(super) submission: &'a Submission,
    /// The candidate and its rank from 0, in a candidate's form or row.
    pub(super) candidate: Option<(&'a Entry, usize)>,
    /// A repeated row, its number from 0, and the sheet that its keys belong to.
    pub(super) row: Option<(&'a BTreeMap<String, String>, usize, Option<&'a Sheet>)>,
    pub(super) issued: Date,
    /// The department to which a letter goes.
    pub(super) department: &'a str,
    /// Whether a value that is missing is left to be filled in by hand, as on papers.
    pub(super) by_hand: bool,
}

impl<'a> Scope<'a> {
    /// The scope of a unit's form: no candidate, no row, no department, nothing left to be filled in by hand.
    pub(super) fn of_unit(
        campaign: &'a Campaign,
        submission: &'a Submission,
        issued: Date,
    ) -> Self {
        Self {
            campaign,
            submission,
            candidate: None,
            row: None,
            issued,
            department: "",
            by_hand: false,
        }
    }

    /// The text of a key; empty for an unknown one, which loading the template has refused.
    pub(super) fn text(&self, key: &str) -> String {
        if let Some((row, n, sheet)) = self.row {
            if key == "seq" {
                return (n + 1).to_string();
            }
            if let Some(text) = row.get(key) {
                return shown(sheet.and_then(|s| s.field(key)), text);
            }
            if sheet.is_none_or(|s| s.field(key).is_some()) {
                return String::new();
            }
        }
        if let Some(plain) = self.general(key) {
            return plain;
        }
        if let Some(key) = key.strip_prefix("unit.") {
            return self.owner_text(Owner::Unit, &self.submission.unit, key);
        }
        match self.candidate {
            Some((entry, rank)) => match key {
                "no" | "seq" => (rank + 1).to_string(),
                _ => self.owner_text(Owner::Candidate, entry, key),
            },
            None => self.owner_text(Owner::Unit, &self.submission.unit, key),
        }
    }

    fn owner_text(&self, owner: Owner, entry: &Entry, key: &str) -> String {
        shown(self.field_of(owner, key), entry.text(key))
    }

    fn field_of(&self, owner: Owner, key: &str) -> Option<&'a Field> {
        let sheet = match owner {
            Owner::Unit => self.campaign.unit_sheet(),
            Owner::Candidate => self.campaign.candidate_sheet(),
        };
        sheet.and_then(|s| s.field(key))
    }

    /// The field that a key of this scope belongs to.
    pub(super) fn field(&self, key: &str) -> Option<&'a Field> {
        if let Some((_, _, Some(sheet))) = self.row
            && let Some(field) = sheet.field(key)
        {
            return Some(field);
        }
        if let Some(key) = key.strip_prefix("unit.") {
            return self.field_of(Owner::Unit, key);
        }
        self.field_of(
            if self.candidate.is_some() {
                Owner::Candidate
            } else {
                Owner::Unit
            },
            key,
        )
    }

    /// The unit's channel, where it names one.
    pub(super) fn channel(&self) -> Option<&'a Channel> {
        channel_of(self.campaign, self.submission)
    }

    fn general(&self, key: &str) -> Option<String> {
        let campaign = self.campaign;
        let text = match key {
            "today" => chinese_date(self.issued),
            "count" => self.submission.candidates.len().to_string(),
            "candidates.names" => self.names(),
            ORDER if self.submission.candidates.len() > 1 => "按推荐先后排序".to_owned(),
            ORDER => String::new(),
            "department.name" => self.department.to_owned(),
            "quota" => self
                .channel()
                .map_or_else(String::new, |c| c.quota.to_string()),
            "channel" if self.candidate.is_none() => {
                self.channel().map_or_else(String::new, |c| c.label.clone())
            }
            _ => {
                if let Some(named) = campaign.named(key) {
                    return Some(named);
                }
                if let Some(part) = key.strip_prefix("recipient.") {
                    return Some(self.recipient(part));
                }
                return key.strip_prefix("total.").map(|field| self.total(field));
            }
        };
        Some(text)
    }

    fn recipient(&self, part: &str) -> String {
        let address = self
            .channel()
            .and_then(|c| self.campaign.addresses.get(&c.recipient));
        let Some(address) = address.or_else(|| self.campaign.addresses.values().next()) else {
            return String::new();
        };
        match part {
            "name" => &address.name,
            "department" => &address.department,
            "address" => &address.address,
            "postcode" => &address.postcode,
            "phone" => &address.phone,
            "email" => &address.email,
            _ => "",
        }
        .to_owned()
    }

    fn names(&self) -> String {
        let names = self.submission.candidates.iter().map(|c| c.text("name"));
        let written: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
        written.join("、")
    }

    /// What is to be filled in by hand where a text has no value: a day to be written in, or a line.
    fn blank(&self, key: &str) -> &'static str {
        if !self.by_hand || self.row.is_some() || self.candidate.is_some() || key == ORDER {
            return "";
        }
        match self.field(key).map(|f| f.kind) {
            Some(Kind::Date) => DAY_BY_HAND,
            _ => LINE_BY_HAND,
        }
    }

    /// The sum of a column over the unit's rows (合计 is computed, never typed); empty where nothing is a number.
    fn total(&self, field: &str) -> String {
        let sheets = self
            .campaign
            .unit_lists()
            .filter(|s| s.field(field).is_some());
        let numbers = sheets
            .flat_map(|s| self.submission.unit.rows(&s.key))
            .filter_map(|row| Decimal::parse(row.get(field)?));
        let sum = numbers.reduce(Decimal::plus);
        sum.map_or_else(String::new, |sum| sum.to_string())
    }

    /// The text of a key, which may end with `?`.
    fn optional(&self, key: &str) -> String {
        match key.strip_suffix('?') {
            Some(key) => Some(self.text(key))
                .filter(|text| text != NONE)
                .unwrap_or_default(),
            None => self.text(key),
        }
    }

    /// Puts values in the place of `{key}`; `{key?}` leaves out a value that says that there is none (无). Where nothing comes in its
    /// place, its brackets go with it, and the comma before it.
    pub(super) fn fill(&self, template: &str) -> String {
        let mut out = String::with_capacity(template.len());
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            let (before, from) = rest.split_at(open);
            out.push_str(before);
            let Some(close) = from.find('}') else {
                rest = from;
                break;
            };
            let key = from.get(1..close).unwrap_or_default();
            let text = self.optional(key);
            let shown = if text.is_empty() {
                self.blank(key)
            } else {
                &text
            };
            out.push_str(shown);
            rest = from.get(close + 1..).unwrap_or_default();
            if shown.is_empty() {
                rest = without_hole(&mut out, rest);
            }
            // an answer that is a sentence of its own, in a sentence of the form
            if rest.starts_with('。') && out.ends_with(['。', '；']) {
                out.pop();
            }
        }
        out.push_str(rest);
        out
    }
}

/// Takes away what would stand around nothing: brackets, or the comma before what ends there. Gives the rest behind it.
fn without_hole<'t>(out: &mut String, rest: &'t str) -> &'t str {
    if out.ends_with('（')
        && let Some(rest) = rest.strip_prefix('）')
    {
        out.pop();
        return rest;
    }
    if out.ends_with('，') && rest.starts_with(['。', '）', '；']) {
        out.pop();
    }
    rest
}

/// The channel that a submission names by kind, label or alias.
pub(super) fn channel_of<'a>(
    campaign: &'a Campaign,
    submission: &Submission,
) -> Option<&'a Channel> {
    campaign.channel_named(submission.unit.text("channel"))
}

/// A canonical value as paper shows it: days in words, all else as it is.
fn shown(field: Option<&Field>, text: &str) -> String {
    if field.is_some_and(|f| f.kind == Kind::Date)
        && let Some(day) = parse_date(text)
    {
        return chinese_date(day);
    }
    if text.is_empty()
        && let Some(field) = field
        && !field.required
    {
        return field.blank.clone();
    }
    text.to_owned()
}
