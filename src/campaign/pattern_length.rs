//! How long a text may be that matches a pattern (写法允许的字数), so that a length that no such text has is told.

/// Fewest and most characters of what a regular expression matches, `usize::MAX` for no limit; none where it cannot be told.
pub(super) fn lengths(pattern: &str) -> Option<(usize, usize)> {
    let mut reader = PatternReader {
        left: pattern.chars().collect(),
        depth: 0,
    };
    reader.left.reverse();
    let range = reader.choice()?;
    reader.left.is_empty().then_some(range)
}

/// Deepest brackets that are followed.
const DEEPEST: usize = 30;

/// A pattern on its way, last character first.
struct PatternReader {
    left: Vec<char>,
    depth: usize,
}

impl PatternReader {
    fn peek(&self) -> Option<char> {
        self.left.last().copied()
    }

    fn take(&mut self, c: char) -> bool {
        let here = self.peek() == Some(c);
        if here {
            self.left.pop();
        }
        here
    }

    /// Pieces between strokes.
    fn choice(&mut self) -> Option<(usize, usize)> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut range = self.row()?;
        while self.take('|') {
            let other = self.row()?;
            range = (range.0.min(other.0), range.1.max(other.1));
        }
        self.depth -= 1;
        Some(range)
    }

    /// One piece after the other.
    fn row(&mut self) -> Option<(usize, usize)> {
        let mut range = (0_usize, 0_usize);
        while self.peek().is_some_and(|c| !matches!(c, '|' | ')')) {
            let piece = self.piece()?;
            let (least, most) = self.times(piece)?;
            range = (range.0.saturating_add(least), range.1.saturating_add(most));
        }
        Some(range)
    }

    fn piece(&mut self) -> Option<(usize, usize)> {
        match self.left.pop()? {
            '(' => {
                self.group_name()?;
                let inside = self.choice()?;
                self.take(')').then_some(inside)
            }
            '[' => self.class().map(|()| (1, 1)),
            '\\' => match self.left.pop()? {
                'b' | 'B' | 'A' | 'z' => Some((0, 0)),
                // a character by its number or its class
                'x' | 'u' | 'p' | 'P' => None,
                _ => Some((1, 1)),
            },
            '^' | '$' => Some((0, 0)),
            '*' | '+' | '?' => None,
            _ => Some((1, 1)),
        }
    }

    /// `?:`, `?P<name>` and `?<name>`; switches such as `?i` are not followed.
    fn group_name(&mut self) -> Option<()> {
        if !self.take('?') {
            return Some(());
        }
        if self.take(':') {
            return Some(());
        }
        self.take('P');
        if !self.take('<') {
            return None;
        }
        while let Some(c) = self.left.pop() {
            if c == '>' {
                return Some(());
            }
        }
        None
    }

    /// A class up to its bracket.
    fn class(&mut self) -> Option<()> {
        self.take('^');
        let mut first = true;
        while let Some(c) = self.left.pop() {
            match c {
                ']' if !first => return Some(()),
                '\\' => {
                    self.left.pop()?;
                }
                // a class within a class
                '[' => return None,
                _ => {}
            }
            first = false;
        }
        None
    }

    /// How often a piece comes.
    fn times(&mut self, (least, most): (usize, usize)) -> Option<(usize, usize)> {
        let (from, to) = match self.peek() {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') => return self.counted((least, most)),
            _ => return Some((least, most)),
        };
        self.left.pop();
        self.take('?');
        Some((least * from, most.saturating_mul(to)))
    }

    fn counted(&mut self, (least, most): (usize, usize)) -> Option<(usize, usize)> {
        self.left.pop();
        let mut inside = String::new();
        while let Some(c) = self.left.pop() {
            if c == '}' {
                self.take('?');
                let (from, to) = match inside.split_once(',') {
                    None => (inside.trim(), inside.trim()),
                    Some((from, to)) => (from.trim(), to.trim()),
                };
                let from: usize = from.parse().ok()?;
                let to: usize = match to {
                    "" => usize::MAX,
                    to => to.parse().ok()?,
                };
                return Some((least.saturating_mul(from), most.saturating_mul(to)));
            }
            inside.push(c);
        }
        None
    }
}
