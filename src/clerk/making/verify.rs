//! Verify (验标记): what a mark says, and whether key and signature hold. It never says that a page was not altered.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::campaign::FormKind;
use crate::finding::{Finding, Place};
use crate::hours::minute_in;
use crate::mark::{SignatureCheck, TrustedKeys, from_digits, signer, verify as judge};
use crate::pictures::ScanFormat;

/// What one mark was found to be.
#[derive(Clone, Debug, Serialize)]
pub struct Verified {
    /// What was given: digits, or the file they stood in.
    pub given: String,
    /// Whether key and signature hold.
    pub genuine: bool,
    /// Form kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<FormKind>,
    /// Record reference, 16 hex digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// Version of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u16>,
    /// Copy and number of copies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy: Option<(u8, u8)>,
    /// Page and page count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<(u8, u8)>,
    /// Time of issue, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<String>,
    /// Key id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Who holds the key that signed, as the desk knows him; empty where the desk has the key without a name, none where no key of
    /// the desk signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Fingerprint of the key that signed: two keys may share a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finding: Option<Finding>,
}

impl Verified {
    /// One line for a person, whose zone tells the time of issue.
    pub fn line(&self, zone: &TimeZone) -> String {
        let Some(record) = &self.record else {
            return self.finding.as_ref().map_or_else(String::new, |f| {
                format!("{}：{}。{}", self.given, f.message, f.hint)
            });
        };
        let (copy, copies) = self.copy.unwrap_or_default();
        let (page, pages) = self.page.unwrap_or_default();
        let which = if copies == 0 {
            "可编辑件，不是原件".to_owned()
        } else {
            format!("第{copy}/{copies}份 第{page}/{pages}页")
        };
        let verdict = match &self.finding {
            None => "签名成立：标记由该密钥签发（不表示纸面未被改动）".to_owned(),
            Some(finding) => format!("{}。{}", finding.message, finding.hint),
        };
        format!(
            "{} {which} 版本{} 记录{record} 密钥{}{} 签发于{}：{verdict}",
            self.form.map_or("未知表种".into(), FormKind::label),
            self.version.unwrap_or_default(),
            self.key.as_deref().unwrap_or_default(),
            self.holder(),
            self.issued_in(zone),
        )
    }

    /// When it was issued, in a zone: `2021-05-31 17:00 +08:00`.
    fn issued_in(&self, zone: &TimeZone) -> String {
        let at = self
            .issued_at
            .as_ref()
            .and_then(|at| at.parse::<Timestamp>().ok());
        at.map_or_else(String::new, |at| minute_in(zone, at))
    }

    /// The holder of the key that signed, in brackets behind its number; nothing where no key of the desk did.
    fn holder(&self) -> String {
        match self.owner.as_deref() {
            None => String::new(),
            Some("") => "（所有者未注明）".to_owned(),
            Some(owner) => format!("（{owner}）"),
        }
    }
}

/// Judges a text that was scanned or typed.
pub fn verify(given: &str, text: &str, trusted: &TrustedKeys) -> Verified {
    let verdict = judge(text, trusted);
    let mark = verdict.mark();
    let signed = from_digits(text).ok();
    let by = signed.and_then(|bytes| signer(&bytes, trusted));
    Verified {
        given: given.to_owned(),
        genuine: matches!(verdict, SignatureCheck::Genuine(_)),
        form: mark.and_then(|m| FormKind::from_mark_code(m.kind())),
        record: mark.map(|m| m.record()),
        version: mark.map(|m| m.version()),
        copy: mark.map(|m| (m.copy(), m.copies())),
        page: mark.map(|m| (m.page(), m.pages())),
        issued_at: mark.map(|m| m.issued_at().to_string()),
        key: mark.map(|m| m.key().to_string()),
        owner: by.map(|key| key.owner().to_owned()),
        fingerprint: by.map(|key| key.public().fingerprint()),
        finding: verdict.finding(Place::file(given)),
    }
}

/// Every run of 235 digits that begins as our marks do, in a file's text, in order and once each.
pub fn marks_in(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for run in text.split(|c: char| !c.is_ascii_digit()) {
        if run.len() == crate::mark::DIGITS
            && run.starts_with("871")
            && !found.iter().any(|f| f == run)
        {
            found.push(run.to_owned());
        }
    }
    found
}

/// The format of a file that shows pages instead of spelling digits: JPEG, PNG, TIFF, PDF; none for any other. `scan` reads it.
pub fn format_of_scan(bytes: &[u8]) -> Option<&'static str> {
    ScanFormat::of(bytes).map(ScanFormat::name)
}
