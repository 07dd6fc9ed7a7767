//! Where a line may end (避头尾): classes of characters and the rule between two neighbours.
//! After GB/T 15834-2011 5.1 and the W3C's *Requirements for Chinese Text Layout*, section 3.1; Latin words, numbers
//! and their signs stay whole. Lines are set in `layout`, and estimated in `lines`.

/// What a character does at the edges of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Han and all else that may begin or end a line.
    Han,
    /// Opens: may not end a line.
    Open,
    /// Closes or pauses: may not begin a line.
    Close,
    /// A dash or ellipsis of two cells: two of a kind stay together.
    Pair,
    /// A letter, digit or a sign within words and numbers.
    Latin,
    /// A space.
    Space,
}

/// The class of a character.
pub fn class(ch: char) -> Class {
    match ch {
        ' ' | '\t' | '\u{2002}'..='\u{200A}' => Class::Space,
        '“' | '‘' | '（' | '《' | '〈' | '【' | '〔' | '「' | '『' | '［' | '｛' | '〖' | '('
        | '[' | '{' | '￥' | '¥' | '$' | '№' | '☐' | '☑' | '☒' => Class::Open,
        '”' | '’' | '）' | '》' | '〉' | '】' | '〕' | '」' | '』' | '］' | '｝' | '〗' | ')'
        | ']' | '}' | '，' | '。' | '、' | '；' | '：' | '？' | '！' | ';' | '?' | '!' | '‰'
        | '℃' | '°' | '′' | '″' | '·' | '々' | '～' | '％' | '–' => Class::Close,
        '—' | '…' | '⸺' | '―' => Class::Pair,
        '\u{3000}' => Class::Han,
        _ if ch.is_ascii_graphic() => Class::Latin,
        '\u{A1}'..='\u{24F}' | '\u{370}'..='\u{5FF}' | '\u{1E00}'..='\u{1FFF}' => Class::Latin,
        // figures above and below the line; signs between numbers: H₂O, 10⁻⁶, ≤95, n→∞
        '\u{2070}'..='\u{209C}'
        | '\u{1D00}'..='\u{1DBF}'
        | '\u{2C60}'..='\u{2C7F}'
        | '\u{300}'..='\u{36F}'
        | '\u{20D0}'..='\u{20FF}' => Class::Latin,
        '∶' | '−' | '≤' | '≥' | '≈' | '≠' | '≡' | '∑' | '√' | '∝' | '∞' | '→' | '←' | '⇌' | '∂'
        | '∫' | '＝' | '＋' | '＜' | '＞' => Class::Latin,
        _ => Class::Han,
    }
}

/// Whether a line may end between `before` and `after`.
pub fn may_break(before: char, after: char) -> bool {
    use Class::{Close, Han, Latin, Open, Pair, Space};
    // a mark stays with its letter, and a word with its signs: f(x)y, gongshi?id=2
    let mark = |c: char| matches!(c, '\u{300}'..='\u{36F}' | '\u{20D0}'..='\u{20FF}');
    if mark(after) || class(before) == Close && before.is_ascii() && class(after) == Latin {
        return false;
    }
    // °C, c(H⁺)
    if before == '°' && after.is_ascii_alphabetic()
        || before.is_ascii_alphanumeric() && after == '('
    {
        return false;
    }
    match (class(before), class(after)) {
        (_, Close | Space) | (Open, _) => false,
        (Space, _) => true,
        (Pair, Pair) => before != after,
        // 3—5: a range stays whole
        (Latin, Pair) => !before.is_ascii_digit(),
        (Pair, Latin) => !after.is_ascii_digit(),
        (Latin, Latin) => matches!(before, '-') && after.is_alphabetic(),
        // −40℃～85℃
        (Close, Latin)
            if matches!(before, '～' | '–') && (after.is_ascii_digit() || after == '−') =>
        {
            false
        }
        // closing half-width signs behind Han may not begin a line; a stroke stands at neither end of one (GB/T 15834-2011, 5.1.8)
        (Han | Close, Latin) => !matches!(after, ',' | '.' | ':' | '%' | '/'),
        (Latin, Han) if before == '/' => false,
        (_, Open | Han | Pair) => true,
    }
}

/// The share of a full-width sign that is blank, at its left and right, in thousandths of an em.
pub fn blank_sides(ch: char) -> (i64, i64) {
    match ch {
        '“' | '‘' | '（' | '《' | '〈' | '【' | '〔' | '「' | '『' | '［' | '｛' | '〖' => {
            (500, 0)
        }
        '”' | '’' | '）' | '》' | '〉' | '】' | '〕' | '」' | '』' | '］' | '｝' | '〗' | '，'
        | '。' | '、' | '；' | '：' => (0, 500),
        // the ink of these reaches a little over the middle of the em in 楷体
        '！' | '？' => (0, 450),
        _ => (0, 0),
    }
}
