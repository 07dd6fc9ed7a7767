//! A part cut at the places where values go (模版): made once a form, filled once a record, by `pen`. What lies between the cuts is
//! copied as it is; a cut whose value is empty is copied too.

use std::ops::Range;

use crate::fill::put::among::AmongWords;
use crate::fill::put::control_ink::ControlInk;
use crate::fill::put::cut_key::CutKey;
use crate::fill::put::date_part::DatePart;
use crate::fill::put::heights::Holder;

/// How a value is written at a cut.
#[derive(Clone, Debug)]
pub(super) enum Action {
    /// Runs of one look within a paragraph.
    Runs {
        /// Run properties, or nothing.
        look: String,
        /// What closes what the cut is in, and what opens it again.
        before: String,
        after: String,
        /// Properties of further paragraphs; none where all lines stay in one paragraph.
        further: Option<String>,
        /// Half characters that the blank is wide; shorter values are filled up with spaces. 0 for none.
        width: usize,
    },
    /// A part of a date as digits.
    Date {
        unit: DatePart,
        look: String,
        before: String,
        after: String,
    },
    /// A tick box: written where the value holds one of the words.
    Tick { words: Vec<String>, on: String },
    /// Written, or taken away, where there is no value too: what somebody prepared is never left standing.
    Always(Box<Action>),
    /// A control with a rule of its own for what it shows.
    Control(ControlInk),
    /// Taken away where the value is not empty.
    Gone,
    /// Taken away where there is a photo.
    GoneForPhoto,
    /// Other text where the value is not empty.
    Instead(String),
    /// Taken away where the value takes more lines than these: halves of a character in a line, lines.
    Over { across: usize, down: usize },
    /// Other text in every case: in rows that are added.
    Fixed(String),
    /// Other text where the value is long.
    Long(String),
    /// The photo, or the mark.
    Picture {
        mark: bool,
        before: String,
        after: String,
    },
    /// The number of the row, from 1.
    Number,
    /// The tag of a sheet's row, with the height that its values need where that is more than its own.
    Height {
        tag: String,
        own: f64,
        holders: Vec<Holder>,
    },
    /// Rows for what the blank rows do not hold: those from this one on.
    More {
        list: String,
        from: usize,
        row: Box<Stencil>,
    },
    /// A whole row, for each row of a list.
    Each { list: String, row: Box<Stencil> },
    /// Other text in all rows of a list but the first.
    Further(String),
    /// A part that is written only where a field or list is filled in, or only where it is not; other text where it is not written.
    When {
        key: CutKey,
        absent: bool,
        body: Box<Stencil>,
        otherwise: String,
    },
    /// Text of a cell in a sheet: the value, or the cell's own words with values among them.
    Cell {
        before: String,
        after: String,
        text: String,
        words: Vec<(CutKey, AmongWords)>,
    },
}

/// A place where a part is cut.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    pub(super) range: Range<usize>,
    pub(super) key: CutKey,
    pub(super) ink: Action,
    /// Name of the bookmark around the value; empty for none.
    pub(super) name: String,
}

/// A part with its cuts.
#[derive(Clone, Debug)]
pub(super) struct Stencil {
    pub(super) text: String,
    pub(super) cuts: Vec<Cut>,
}

impl Stencil {
    /// A part with its cuts, which are put in order; of two that overlap the later one is left out and told.
    pub(super) fn new(text: String, mut cuts: Vec<Cut>) -> (Self, Vec<Cut>) {
        cuts.sort_by_key(|c| (c.range.start, c.range.end));
        let mut kept: Vec<Cut> = Vec::with_capacity(cuts.len());
        let mut left = Vec::new();
        for cut in cuts {
            let fits = kept.last().is_none_or(|k| k.range.end <= cut.range.start);
            if fits && text.get(cut.range.clone()).is_some() {
                kept.push(cut);
            } else {
                left.push(cut);
            }
        }
        (Self { text, cuts: kept }, left)
    }

    /// Whether nothing goes in here.
    pub(super) fn is_empty(&self) -> bool {
        self.cuts.is_empty()
    }
}
