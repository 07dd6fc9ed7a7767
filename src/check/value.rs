//! One value under check: whose it is, where it stands, and how a finding about it is told.

use crate::campaign::{Field, Sheet};
use crate::finding::{Place, Severity};
use crate::record::Entry;

use super::checking::Checking;
use super::params::row_in_words;

/// One value on the desk: whose, where and what.
pub(super) struct CheckedValue<'a> {
    pub(super) entry: &'a Entry,
    pub(super) record: &'a str,
    pub(super) sheet: &'a Sheet,
    /// The row in a repeated sheet, from 0.
    pub(super) row: Option<usize>,
    pub(super) field: &'a Field,
    /// The value, trimmed.
    pub(super) text: &'a str,
}

impl CheckedValue<'_> {
    /// Where it stands; made only for findings, since most values have none.
    pub(super) fn place(&self) -> Place {
        let key = &self.field.key;
        match self.row {
            None => self.entry.place_of(key).of(self.record, key),
            Some(row) => self
                .entry
                .place_in(&self.sheet.key, row, key)
                .of(self.record, &format!("{}.{key}", self.sheet.key)),
        }
    }

    /// `“民族”`, or `“学习和工作简历”第2行“起止年月”`.
    pub(super) fn label(&self) -> String {
        match self.row {
            None => format!("“{}”", self.field.label),
            Some(row) => format!(
                "“{}”{}“{}”",
                self.sheet.label,
                row_in_words(&self.place(), row),
                self.field.label
            ),
        }
    }

    /// What to do about a number of which digits were lost.
    pub(super) fn retype(&self) -> &'static str {
        match self.place().is_json() {
            true => "请给这个值加上引号，再对照原件重新输入。",
            false => "请先把该列设为文本格式，再对照原件重新输入。",
        }
    }

    /// Tells a finding, by the campaign's weight or else the usual one.
    pub(super) fn tell(
        &self,
        checking: &mut Checking<'_>,
        usual: Severity,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        if let Some(weight) = checking.weight(code, Severity::Error) {
            let weight = weight.min(usual);
            checking.add(weight, code, self.place(), message, hint);
        }
    }
}
