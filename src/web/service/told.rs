//! Findings (问题) as pages show them.

use crate::finding::{Finding, Severity};

/// A finding on a page.
pub(in crate::web) struct FindingView {
    pub(in crate::web) class: &'static str,
    pub(in crate::web) weight: &'static str,
    pub(in crate::web) code: &'static str,
    pub(in crate::web) place: String,
    pub(in crate::web) message: String,
    pub(in crate::web) hint: String,
}

impl FindingView {
    pub(in crate::web) fn of(finding: &Finding) -> Self {
        let (class, weight) = match finding.severity {
            Severity::Error => ("red", "错误"),
            Severity::Warning => ("amber", "提醒"),
            Severity::Info => ("none", "说明"),
        };
        Self {
            class,
            weight,
            code: finding.code,
            place: finding.place.to_string(),
            message: finding.message.clone(),
            hint: finding.hint.clone(),
        }
    }
}
