//! One section of a number's format: the words, digits and times that its code names, and the text that they make of a value (ECMA-376
//! part 1, 18.8.31).

/// A piece of a section.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// Words that are shown as they stand.
    Word(String),
    /// The number as it is (`General`).
    General,
    /// A digit: `0`, `#` or `?`.
    Digit(char),
    /// The point before the decimals.
    Point,
    /// Hundredths.
    Percent,
    /// The text itself (`@`).
    Whole,
    /// A part of a day (year, month or day).
    Day,
    /// Hours, minutes or seconds, in so many digits.
    Clock(char, usize),
    /// Hours, minutes or seconds that run on past a day.
    Elapsed(char),
    /// Morning or afternoon, in these words.
    Half(&'static str, &'static str),
}

/// A section of a format's code.
#[derive(Clone, Debug, Default)]
pub(super) struct Section {
    tokens: Vec<Token>,
    /// Commas between groups of three digits.
    grouped: bool,
    /// Written in Chinese numerals: 1 as 一, 2 as 壹.
    numerals: u8,
    /// Something is asked for that cannot be told here.
    unknown: bool,
    /// A stroke behind digits: a fraction.
    fraction: bool,
    /// Powers of ten, which show the number in another way and not another number.
    scientific: bool,
}

/// Longest code that is followed, bytes; spreadsheets take 255 characters.
const LONGEST: usize = 1024;

/// The sections of a code; none where it shows everything as it is.
pub(super) fn sections(code: &str) -> Vec<Section> {
    let code = code.trim();
    let long = code.len() > LONGEST;
    if long || code.is_empty() || code.eq_ignore_ascii_case("general") || code == "@" {
        return Vec::new();
    }
    let mut all = vec![Section::default()];
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        let Some(section) = all.last_mut() else { break };
        rest = if c == ';' {
            all.push(Section::default());
            after
        } else {
            section.take(c, rest, after)
        };
    }
    for section in &mut all {
        section.settle();
    }
    all
}

impl Section {
    /// Takes one piece off the code; `rest` begins with `c`. Returns what is left.
    fn take<'c>(&mut self, c: char, rest: &'c str, after: &'c str) -> &'c str {
        let starts = |word: &str| {
            let head = rest.get(..word.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(word))
        };
        let skip = |text: &'c str, bytes: usize| text.get(bytes..).unwrap_or("");
        for (word, token) in [
            ("General", Token::General),
            ("G/通用格式", Token::General),
            ("AM/PM", Token::Half("AM", "PM")),
            ("A/P", Token::Half("A", "P")),
            ("上午/下午", Token::Half("上午", "下午")),
        ] {
            if starts(word) {
                self.tokens.push(token);
                return skip(rest, word.len());
            }
        }
        match c {
            '"' => {
                let (word, left) = after.split_once('"').unwrap_or((after, ""));
                self.word(word);
                left
            }
            '\\' | '!' => {
                let next = after.chars().next();
                self.word(&next.map(String::from).unwrap_or_default());
                skip(after, next.map_or(0, char::len_utf8))
            }
            // a gap as wide as the next character, and one that fills the cell with it
            '_' | '*' => {
                self.word(" ");
                skip(after, after.chars().next().map_or(0, char::len_utf8))
            }
            '[' => {
                let (inside, left) = after.split_once(']').unwrap_or((after, ""));
                self.bracket(inside);
                left
            }
            'y' | 'Y' | 'd' | 'D' | 'm' | 'M' | 'h' | 'H' | 's' | 'S' => self.run(c, rest),
            'e' | 'E' if after.starts_with(['+', '-']) => {
                self.scientific = true;
                skip(after, 1)
            }
            'e' | 'E' | 'g' | 'G' | 'b' | 'B' => {
                self.tokens.push(Token::Day);
                after
            }
            '0' | '#' | '?' => {
                self.tokens.push(Token::Digit(c));
                after
            }
            '.' => {
                self.tokens.push(Token::Point);
                after
            }
            ',' => {
                // behind the last digit it shows thousands
                let digit = after.starts_with(['0', '#', '?']);
                self.grouped |= digit;
                self.unknown |= !digit && self.digits() > 0;
                after
            }
            '%' => {
                self.tokens.push(Token::Percent);
                after
            }
            '@' => {
                self.tokens.push(Token::Whole);
                after
            }
            _ => {
                self.fraction |= c == '/' && self.digits() > 0;
                self.word(&c.to_string());
                after
            }
        }
    }

    fn word(&mut self, word: &str) {
        match self.tokens.last_mut() {
            Some(Token::Word(before)) => before.push_str(word),
            _ => self.tokens.push(Token::Word(word.to_owned())),
        }
    }

    /// A run of one letter of dates and times.
    fn run<'c>(&mut self, c: char, rest: &'c str) -> &'c str {
        let same = |other: char| other.eq_ignore_ascii_case(&c);
        let count = rest.chars().take_while(|other| same(*other)).count();
        self.tokens.push(match c.to_ascii_lowercase() {
            'y' | 'd' => Token::Day,
            clock => Token::Clock(clock, count),
        });
        rest.get(count..).unwrap_or("")
    }

    /// What stands in brackets: a colour, a language, a currency, numerals, a time that runs on, or a condition.
    fn bracket(&mut self, inside: &str) {
        let lower = inside.to_ascii_lowercase();
        match lower.as_str() {
            "h" | "hh" | "m" | "mm" | "s" | "ss" => {
                let unit = lower.chars().next().unwrap_or('h');
                self.tokens.push(Token::Elapsed(unit));
            }
            "dbnum1" => self.numerals = 1,
            "dbnum2" => self.numerals = 2,
            _ if lower.starts_with("dbnum") || lower.starts_with(['<', '>', '=']) => {
                self.unknown = true;
            }
            _ => {
                if let Some(currency) = inside.strip_prefix('$') {
                    self.word(currency.split('-').next().unwrap_or_default());
                }
            }
        }
    }

    /// A month that stands beside no time is no minute.
    fn settle(&mut self) {
        let clock = |t: &Token| match t {
            Token::Clock(unit, _) => *unit != 'm',
            Token::Elapsed(_) | Token::Half(..) => true,
            _ => false,
        };
        if !self.tokens.iter().any(clock) {
            for token in &mut self.tokens {
                if matches!(token, Token::Clock(..)) {
                    *token = Token::Day;
                }
            }
        }
        let times = self
            .tokens
            .iter()
            .any(|t| matches!(t, Token::Clock(..) | Token::Elapsed(_)));
        // digits behind the point of a time are parts of a second
        self.unknown |= self.fraction || times && self.digits() > 0;
    }

    fn digits(&self) -> usize {
        let digit = |t: &&Token| matches!(t, Token::Digit(_));
        self.tokens.iter().filter(digit).count()
    }

    /// Whether it shows a year, a month or a day.
    pub(super) fn shows_day(&self) -> bool {
        let elapsed = self.tokens.iter().any(|t| matches!(t, Token::Elapsed(_)));
        !elapsed && self.tokens.contains(&Token::Day)
    }

    /// Whether it is the section for texts.
    pub(super) fn is_of_text(&self) -> bool {
        self.tokens.contains(&Token::Whole)
    }

    /// Whether it shows a text as it is.
    pub(super) fn is_plain(&self) -> bool {
        let words = |t: &Token| matches!(t, Token::Word(word) if !word.trim().is_empty());
        self.is_of_text() && !self.tokens.iter().any(words)
    }

    /// A text with the words around it.
    pub(super) fn around(&self, text: &str) -> String {
        let piece = |token: &Token| match token {
            Token::Word(word) => word.clone(),
            Token::Whole | Token::General => text.to_owned(),
            _ => String::new(),
        };
        self.tokens
            .iter()
            .map(piece)
            .collect::<String>()
            .trim()
            .to_owned()
    }

    /// What is seen of a number; none where it cannot be told.
    pub(super) fn render(&self, number: f64, signed: bool) -> Option<String> {
        if self.unknown {
            return None;
        }
        if self.scientific {
            return Some(number.to_string());
        }
        let times = |t: &Token| matches!(t, Token::Clock(..) | Token::Elapsed(_));
        let shown = if self.tokens.iter().any(times) {
            if number < 0.0 {
                return None;
            }
            self.time(number)
        } else if self.digits() > 0 {
            self.number(number.abs())
        } else {
            self.around(&general(number.abs()))
        };
        let shown = match self.numerals {
            0 => shown,
            kind => in_numerals(&shown, kind, self.digits() == 0)?,
        };
        let sign = if signed && number != 0.0 { "-" } else { "" };
        Some(format!("{sign}{shown}"))
    }

    /// A time of day, or one that runs on.
    fn time(&self, number: f64) -> String {
        let seconds_shown = self
            .tokens
            .iter()
            .any(|t| matches!(t, Token::Clock('s', _)));
        let total = (number * 86_400.0).round() as u64;
        let total = if seconds_shown {
            total
        } else {
            total - total % 60
        };
        let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60);
        let half = self.tokens.iter().any(|t| matches!(t, Token::Half(..)));
        let of_day = hours % 24;
        let piece = |token: &Token| match token {
            Token::Word(word) => word.clone(),
            Token::Clock(unit, digits) => {
                let value = match unit {
                    'h' if half => (of_day + 11) % 12 + 1,
                    'h' => of_day,
                    'm' => minutes,
                    _ => seconds,
                };
                let digits = (*digits).min(2);
                format!("{value:0>digits$}")
            }
            Token::Elapsed('h') => hours.to_string(),
            Token::Elapsed('m') => (total / 60).to_string(),
            Token::Elapsed(_) => total.to_string(),
            Token::Half(morning, afternoon) => {
                let word = if of_day < 12 { morning } else { afternoon };
                (*word).to_owned()
            }
            _ => String::new(),
        };
        self.tokens.iter().map(piece).collect()
    }

    /// Digits with the words between them.
    fn number(&self, number: f64) -> String {
        let percent = self.tokens.iter().filter(|t| **t == Token::Percent).count();
        let number = (0..percent).fold(number, |n, _| n * 100.0);
        let point = self.tokens.iter().position(|t| *t == Token::Point);
        let point = point.unwrap_or(self.tokens.len());
        let (whole, parts) = self.tokens.split_at(point.min(self.tokens.len()));
        let of = |tokens: &[Token]| -> Vec<char> {
            let digit = |t: &Token| match t {
                Token::Digit(c) => Some(*c),
                _ => None,
            };
            tokens.iter().filter_map(digit).collect()
        };
        let (heads, tails) = (of(whole), of(parts));
        let (mut digits, decimals) = rounded(number, tails.len());
        let least = heads
            .iter()
            .position(|c| *c == '0')
            .map_or(0, |at| heads.len() - at);
        if digits == "0" && least == 0 {
            digits.clear();
        }
        let digits = format!("{digits:0>least$}");
        let mut out = String::new();
        place_whole(whole, &heads, &digits, self.grouped, &mut out);
        place_decimals(parts, &tails, &decimals, &mut out);
        out
    }
}

/// The digits before the point among the words there: the first place takes all that the others leave.
fn place_whole(tokens: &[Token], heads: &[char], digits: &str, grouped: bool, out: &mut String) {
    let count = heads.len();
    let spare = digits.len().saturating_sub(count.saturating_sub(1));
    let mut left = digits;
    let mut at = 0;
    for token in tokens {
        match token {
            Token::Word(word) => out.push_str(word),
            Token::Percent => out.push('%'),
            Token::Digit(_) => {
                at += 1;
                let places_left = count - at;
                let take = match at {
                    1 => spare,
                    _ => left.len().saturating_sub(places_left),
                };
                let (now, later) = left.split_at(take.min(left.len()));
                for (n, c) in now.char_indices() {
                    let behind = now.len() - n + later.len();
                    let first = out.chars().next_back().is_none_or(|c| !c.is_ascii_digit());
                    if grouped && behind % 3 == 0 && !first {
                        out.push(',');
                    }
                    out.push(c);
                }
                left = later;
            }
            _ => {}
        }
    }
}

/// The digits behind the point, without zeros that nobody asked for, and the words there.
fn place_decimals(tokens: &[Token], tails: &[char], decimals: &str, out: &mut String) {
    let last = decimals
        .char_indices()
        .zip(tails)
        .filter(|((_, digit), place)| *digit != '0' || **place == '0')
        .map(|((at, _), _)| at + 1)
        .last()
        .unwrap_or(0);
    let mut digits = decimals.chars().take(last);
    for token in tokens {
        match token {
            Token::Point if last > 0 || tails.is_empty() => out.push('.'),
            Token::Word(word) => out.push_str(word),
            Token::Percent => out.push('%'),
            Token::Digit(_) => out.extend(digits.next()),
            _ => {}
        }
    }
}

/// The digits before and behind the point of a number that is rounded as spreadsheets do it: from its 15 digits, halves up.
fn rounded(number: f64, decimals: usize) -> (String, String) {
    let decimals = decimals.min(15);
    // a half that binary digits hold a little too low is a half
    let nudged = number * (1.0 + 4.0 * f64::EPSILON);
    let text = format!("{nudged:.decimals$}");
    match text.split_once('.') {
        Some((whole, part)) => (whole.to_owned(), part.to_owned()),
        None => (text, String::new()),
    }
}

/// A number as `General` shows it: at most ten digits that count.
fn general(number: f64) -> String {
    let shown: f64 = format!("{number:.9e}").parse().unwrap_or(number);
    if number.fract() == 0.0 {
        number.to_string()
    } else {
        shown.to_string()
    }
}

/// A text with its digits in Chinese numerals; `read` as a number is read aloud, else digit by digit. None for a number that is too long
/// to be read aloud here.
fn in_numerals(text: &str, kind: u8, read: bool) -> Option<String> {
    let (digits, units) = match kind {
        1 => ("〇一二三四五六七八九", ["", "十", "百", "千"]),
        _ => ("零壹贰叁肆伍陆柒捌玖", ["", "拾", "佰", "仟"]),
    };
    let numeral = |c: char| c.to_digit(10).and_then(|n| digits.chars().nth(n as usize));
    if !read {
        return Some(text.chars().map(|c| numeral(c).unwrap_or(c)).collect());
    }
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let run: String = text
        .get(start..)?
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let (head, tail) = (text.get(..start)?, text.get(start + run.len()..)?);
    if run.len() > 4 || tail.starts_with('.') {
        return None;
    }
    let mut out = String::from(head);
    let mut zero = false;
    for (n, c) in run.chars().enumerate() {
        let unit = units.get(run.len() - 1 - n)?;
        if c == '0' {
            zero = true;
            continue;
        }
        if zero && n > 0 {
            out.push('零');
        }
        zero = false;
        out.push(numeral(c)?);
        out.push_str(unit);
    }
    if run.chars().all(|c| c == '0') {
        out.push(digits.chars().next()?);
    }
    out.push_str(tail);
    Some(out)
}
