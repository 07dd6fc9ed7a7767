//! The record book as text: JSON with a sum over itself, so that a book that was changed by hand or on its way is refused, and
//! contents that are held against their digests whenever a book is read.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::campaign::Campaign;
use crate::foreign::InChinese;

use super::digest::Digest;
use super::version::{Book, BookError, BookRecord};

/// Format number that this program writes, and the highest that it reads.
const FORMAT: u32 = 2;

/// The format without a sum, of the first programs.
const FIRST: u32 = 1;

/// What stands in the place of the sum while it is taken.
const NO_SUM: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The fields in their order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BookText {
    format: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sum: Option<String>,
    campaign: String,
    unit: String,
    key: String,
    records: Vec<BookRecord>,
}

impl Book {
    /// A book out of its JSON, every version held against its digest. `known` gives the campaign's templates, which versions of
    /// the first programs need. Fails on a later format, on a text that this program did not write, on contents that are not
    /// those of their digest, and on versions or references that no program of ours wrote.
    pub fn parse(text: &str, known: Option<&Campaign>) -> Result<Self, BookError> {
        #[derive(Deserialize)]
        struct FormatNumber {
            format: u32,
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let syntax = |e: serde_json::Error| BookError::Syntax(e.in_chinese());
        // The format first: a later one may hold what this program does not know.
        let head: FormatNumber = serde_json::from_str(text).map_err(syntax)?;
        if head.format != FORMAT && head.format != FIRST {
            return Err(BookError::Format(head.format));
        }
        let read: BookText = serde_json::from_str(text).map_err(syntax)?;
        let sum = read.sum.clone();
        let book = Self {
            campaign: read.campaign,
            unit: read.unit,
            key: read.key,
            records: read.records,
        };
        book.hold_together()?;
        // an editor or a mail program may write other line ends; they are no part of any value
        if head.format == FORMAT && !sum_holds(&text.replace("\r\n", "\n"), sum.as_deref()) {
            return Err(BookError::Sum);
        }
        book.is_its_digests(known)?;
        Ok(book)
    }

    /// The book as JSON, indented; the same book gives the same text.
    pub fn to_json(&self) -> Result<String, BookError> {
        let text = BookText {
            format: FORMAT,
            sum: Some(NO_SUM.to_owned()),
            campaign: self.campaign.clone(),
            unit: self.unit.clone(),
            key: self.key.clone(),
            records: self.records.clone(),
        };
        let text = serde_json::to_string_pretty(&text)
            .map(|text| text + "\n")
            .map_err(|e| BookError::Syntax(e.to_string()))?;
        let sum = sum_of(&text);
        Ok(text.replacen(NO_SUM, &sum, 1))
    }
}

/// The sum of a text in which none stands yet.
fn sum_of(text: &str) -> String {
    Digest(Sha256::digest(text).into()).to_string()
}

/// Whether a text is the one that its sum was taken of; the sum stands once, in front of everything that people wrote.
fn sum_holds(text: &str, sum: Option<&str>) -> bool {
    sum.is_some_and(|sum| {
        text.find(sum).is_some_and(|at| {
            let (before, rest) = text.split_at(at);
            let rest = rest.get(sum.len()..).unwrap_or_default();
            sum.len() == NO_SUM.len() && sum_of(&format!("{before}{NO_SUM}{rest}")) == sum
        })
    })
}
