//! What comes from a scanner that types like a keyboard, or from a hand: marks as digits, codes under marks, and pieces.
//! Full-width digits, carriage returns, line feeds, tabs and a mark in several pieces are all put right here.

use crate::mark::{DIGITS, HumanCode};

/// Longest line that is kept; a scanner never sends more than an address and a mark.
const LONGEST: usize = 4096;

/// What was put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// The 235 digits of a mark.
    Digits(String),
    /// A code under a mark.
    Human(HumanCode),
    /// Neither; the text as it came (cut to 60 characters) and what is wrong with it.
    Other(String, String),
}

/// Puts pieces of input together. What it holds back is an unfinished line or an unfinished mark.
#[derive(Clone, Debug, Default)]
pub struct Typist {
    line: String,
    piece: String,
}

impl Typist {
    /// Takes text in, in pieces of any length, and gives what is complete.
    pub fn take(&mut self, text: &str) -> Vec<Typed> {
        let mut found = Vec::new();
        for c in text.chars() {
            match c {
                '\r' | '\n' | '\t' | '\u{1a}' | '\u{3}' => self.end_line(&mut found),
                '\u{feff}' | '\u{200b}' | '\0' => {}
                _ => self.line.push(c),
            }
            if self.line.len() > LONGEST {
                self.end_line(&mut found);
            }
        }
        found
    }

    /// What is left when the input ends.
    pub fn finish(&mut self) -> Vec<Typed> {
        let mut found = Vec::new();
        self.end_line(&mut found);
        self.drop_piece(&mut found);
        found
    }

    /// Digits of an unfinished mark that are waited for, 0 where there is none.
    pub fn waiting(&self) -> usize {
        match self.piece.len() {
            0 => 0,
            n => DIGITS.saturating_sub(n),
        }
    }

    /// The unfinished mark that is waited for; empty where there is none.
    pub fn held(&self) -> &str {
        &self.piece
    }

    fn end_line(&mut self, found: &mut Vec<Typed>) {
        let line = std::mem::take(&mut self.line);
        let folded: String = line.chars().map(plain).collect();
        let tight: String = folded.chars().filter(|c| !c.is_whitespace()).collect();
        if tight.is_empty() {
            return;
        }
        if !tight.bytes().all(|b| b.is_ascii_digit()) {
            self.words(&tight, &line, found);
        } else if self.piece.is_empty() {
            self.digits(&tight, found);
        } else {
            self.more_digits(&tight, found);
        }
    }

    /// A line that is not digits alone: an address that ends with a mark, a typed code, or anything else.
    fn words(&mut self, tight: &str, line: &str, found: &mut Vec<Typed>) {
        self.drop_piece(found);
        let (_, run) = tight.split_at(tight.trim_end_matches(|c: char| c.is_ascii_digit()).len());
        let mark = run.len().checked_sub(DIGITS).and_then(|at| run.get(at..));
        if let Some(mark) = mark {
            found.push(Typed::Digits(mark.to_owned()));
        } else if tight.len() > run.len() && looks_like_address(tight) && !run.is_empty() {
            // an address whose mark was cut off: the rest may follow
            self.piece = run.to_owned();
        } else {
            match HumanCode::parse(tight) {
                Ok(code) => found.push(Typed::Human(code)),
                Err(fault) => found.push(Typed::Other(
                    excerpt(line),
                    format!("不是 235 位数字的标记，也不是 12 位人工编码：{fault}。请重新扫描，或照纸面录入编码。"),
                )),
            }
        }
    }

    /// Digits where nothing is waited for: one mark, several in a row, the beginning of one, or a code of digits alone.
    fn digits(&mut self, tight: &str, found: &mut Vec<Typed>) {
        let mut rest = tight;
        while let Some((mark, tail)) = rest.split_at_checked(DIGITS) {
            if !mark.starts_with("871") {
                break;
            }
            found.push(Typed::Digits(mark.to_owned()));
            rest = tail;
        }
        if rest.is_empty() {
            return;
        }
        // a code of digits alone that begins like a mark is rarer than a mark in pieces
        if rest.len() < DIGITS && ("871".starts_with(rest) || rest.starts_with("871")) {
            self.piece = rest.to_owned();
        } else if let Ok(code) = HumanCode::parse(rest) {
            found.push(Typed::Human(code));
        } else {
            let count = rest.len();
            let reason = format!("有 {count} 位数字，应为 871 开头的 235 位。请重新扫描。");
            found.push(Typed::Other(excerpt(rest), reason));
        }
    }

    /// Digits that may go on with the piece that is waited for.
    fn more_digits(&mut self, tight: &str, found: &mut Vec<Typed>) {
        let whole = tight.len() >= DIGITS && tight.starts_with("871");
        // the rest of one mark and the beginning of the next, as a scanner in a hurry sends them in one line
        let joined = format!("{}{tight}", self.piece);
        let next = joined.get(DIGITS..).filter(|next| !next.is_empty());
        if next.is_some_and(|next| !whole && (next.starts_with("871") || "871".starts_with(next))) {
            self.piece.clear();
            self.digits(&joined, found);
            return;
        }
        if whole || self.piece.len() + tight.len() > DIGITS {
            self.drop_piece(found);
            self.digits(tight, found);
            return;
        }
        self.piece.push_str(tight);
        if self.piece.len() == DIGITS {
            found.push(Typed::Digits(std::mem::take(&mut self.piece)));
        }
    }

    fn drop_piece(&mut self, found: &mut Vec<Typed>) {
        if !self.piece.is_empty() {
            let piece = std::mem::take(&mut self.piece);
            let reason = format!(
                "标记不完整：只收到 {} 位，应为 235 位。请重新扫描。",
                piece.len()
            );
            found.push(Typed::Other(excerpt(&piece), reason));
        }
    }
}

/// Full-width characters as plain ones.
fn plain(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '　' => ' ',
        _ => c,
    }
}

fn looks_like_address(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://")
}

fn excerpt(text: &str) -> String {
    text.trim().chars().take(60).collect()
}
