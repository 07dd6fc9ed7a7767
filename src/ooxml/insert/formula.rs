//! References in formulas (ECMA-376 part 1, 18.17.2): found among functions, texts and names, and written again for rows that moved.

use crate::ooxml::xml::{MAX_ROWS, parse_cell};

/// A reference to a cell as a formula writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reference<'f> {
    /// The column with its `$`.
    column: &'f str,
    /// Whether the row stays when the formula is filled down.
    pub(super) fixed: bool,
    /// The row, from 0.
    pub(super) row: u32,
}

impl Reference<'_> {
    fn with(self, row: u32) -> String {
        let fixed = if self.fixed { "$" } else { "" };
        format!("{}{fixed}{}", self.column, row.min(MAX_ROWS - 1) + 1)
    }
}

/// What a formula refers to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Referred<'f> {
    /// One cell.
    Cell(Reference<'f>),
    /// From one cell to another, or whole rows, whose columns are empty.
    Range(Reference<'f>, Reference<'f>),
}

/// The rows that a reference has after a change; for one cell the second is not looked at.
pub(super) type Rows = (u32, u32);

/// A formula with its references written anew. `rows` gets the sheet that a reference names, none for the formula's own, and gives the
/// rows that it has now.
pub(super) fn rewritten(
    formula: &str,
    rows: &dyn Fn(Option<&str>, Referred<'_>) -> Rows,
) -> String {
    let mut reader = Reader {
        rest: formula,
        out: String::with_capacity(formula.len() + 8),
        sheet: None,
        rows,
    };
    while !reader.rest.is_empty() {
        reader.step();
    }
    reader.out
}

struct Reader<'f, 'r> {
    rest: &'f str,
    out: String,
    /// The sheet that is named right in front.
    sheet: Option<String>,
    rows: &'r dyn Fn(Option<&str>, Referred<'_>) -> Rows,
}

impl<'f> Reader<'f, '_> {
    /// Takes a piece over as it is.
    fn keep(&mut self, bytes: usize) -> &'f str {
        let (piece, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.out.push_str(piece);
        self.rest = rest;
        piece
    }

    fn step(&mut self) {
        let Some(first) = self.rest.chars().next() else {
            return;
        };
        match first {
            '"' => {
                self.keep(quoted(self.rest, '"'));
                self.sheet = None;
            }
            '\'' => {
                let name = self.keep(quoted(self.rest, '\''));
                let name = name.trim_matches('\'').replace("''", "'");
                self.sheet = self.named(name);
            }
            '[' => {
                // another book, or columns of a table
                self.keep(bracketed(self.rest));
                self.sheet = None;
                let word = word(self.rest);
                if !word.is_empty()
                    && self
                        .rest
                        .get(word.len()..)
                        .is_some_and(|r| r.starts_with('!'))
                {
                    self.keep(word.len() + 1);
                    self.sheet = Some("[".to_owned());
                }
            }
            c if is_word(c) => self.word(),
            c => {
                self.keep(c.len_utf8());
                self.sheet = None;
            }
        }
    }

    /// The name of a sheet where `!` follows, which is taken over.
    fn named(&mut self, name: String) -> Option<String> {
        if !self.rest.starts_with('!') {
            return None;
        }
        self.keep(1);
        // a name in which a book stands is of another book
        Some(name)
    }

    fn word(&mut self) {
        let first = word(self.rest);
        let behind = self.rest.get(first.len()..).unwrap_or("");
        if behind.starts_with('!') {
            self.keep(first.len() + 1);
            self.sheet = Some(first.to_owned());
            return;
        }
        let sheet = self.sheet.take();
        let second = behind.strip_prefix(':').map(word).unwrap_or("");
        let after = behind.get(1 + second.len()..).unwrap_or("");
        let range = match (reference(first), reference(second)) {
            (Some(from), Some(to)) if !after.starts_with('(') => Some((from, to)),
            _ => whole_row(first).zip(whole_row(second)),
        };
        if let Some((from, to)) = range {
            let (one, two) = (self.rows)(sheet.as_deref(), Referred::Range(from, to));
            self.out.push_str(&from.with(one));
            self.out.push(':');
            self.out.push_str(&to.with(two));
            self.rest = after;
            return;
        }
        match reference(first).filter(|_| !behind.starts_with('(')) {
            Some(cell) => {
                let (row, _) = (self.rows)(sheet.as_deref(), Referred::Cell(cell));
                self.out.push_str(&cell.with(row));
                self.rest = behind;
            }
            None => {
                self.keep(first.len());
            }
        }
    }
}

/// Bytes of a quoted piece with its quotation marks; two of them within it stand for one.
fn quoted(text: &str, mark: char) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == mark && chars.next_if(|(_, c)| *c == mark).is_none() {
            return at + mark.len_utf8();
        }
    }
    text.len()
}

/// Bytes of a piece in brackets.
fn bracketed(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + c.len_utf8();
        }
    }
    text.len()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '\\' | '?')
}

/// The word at the beginning of a text.
fn word(text: &str) -> &str {
    let end = text.find(|c| !is_word(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

/// A word as a reference to a cell.
fn reference(word: &str) -> Option<Reference<'_>> {
    if !word.chars().all(|c| c == '$' || c.is_ascii_alphanumeric()) {
        return None;
    }
    let (row, _) = parse_cell(word)?;
    let digits = word.len() - word.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let column = word.get(..word.len() - digits)?;
    let bare = column.strip_suffix('$').filter(|c| !c.is_empty());
    Some(Reference {
        column: bare.unwrap_or(column),
        fixed: bare.is_some(),
        row,
    })
}

/// A word as the number of a row.
fn whole_row(word: &str) -> Option<Reference<'_>> {
    let digits = word.strip_prefix('$').unwrap_or(word);
    let number: u32 = digits.parse().ok().filter(|n| *n <= MAX_ROWS)?;
    Some(Reference {
        column: "",
        fixed: digits.len() < word.len(),
        row: number.checked_sub(1)?,
    })
}
