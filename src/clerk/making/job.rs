//! What a making is asked: the submission, the key, the book, the ledger, and where the files go.

use std::path::Path;

use crate::campaign::Campaign;
use crate::font::FontSet as Fonts;

use crate::clerk::making::make::MakeOptions;
use crate::clerk::making::read::Reading;

/// Everything that a making needs.
pub struct Job<'a> {
    /// The campaign that the submission answers.
    pub campaign: &'a Campaign,
    /// The submission as read.
    pub reading: &'a Reading,
    /// The book of fonts.
    pub fonts: &'a Fonts,
    /// Output folder; one that exists is replaced only by a complete one.
    pub out: &'a Path,
    /// Key folder; the key is made on first use.
    pub keys: &'a Path,
    /// The record book; none for `records.json` in the submission folder.
    pub book: Option<&'a Path>,
    /// Data folder of the ledger, which then takes the book over; none to work without.
    pub data: Option<&'a Path>,
    /// How to make.
    pub options: MakeOptions,
}
