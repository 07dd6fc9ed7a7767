//! What the name of a file says (文件名): folded, without its ending, with its number and the words that stand beside names.
//! Whose name it holds is found in `whose`.

use unicode_normalization::UnicodeNormalization;

/// Endings that are cut off, doubled ones too (`王示例1.jpg.jpg`).
const ENDINGS: &[&str] = &[
    "jpg", "jpeg", "jpe", "jfif", "png", "bmp", "gif", "tif", "tiff", "webp", "heic", "heif",
    "avif", "raw", "mp4", "mov", "m4v", "avi", "wmv", "mkv", "flv", "mpg", "mpeg", "3gp", "webm",
    "ts", "rmvb",
];
/// Words that a system writes into the name of a copy.
const COPY_WORDS: &[&str] = &["copyof", "的副本", "副本", "复件", "copy"];
/// Words that say that a photo is the id photo; the first two hold a digit that is no number.
const ID_WORDS: &[&str] = &[
    "小2寸",
    "2寸",
    "1寸",
    "小二寸",
    "二寸",
    "一寸",
    "证件照",
    "证件",
    "免冠",
    "登记照",
    "标准照",
    "头像",
    "寸照",
];
/// Words that may stand beside those.
const ID_COMPANY: &[&str] = &[
    "正面",
    "彩色",
    "照片",
    "相片",
    "照",
    "白底",
    "蓝底",
    "红底",
    "电子版",
    "电子",
    "小",
];
/// Words that say that a photo is a work photo.
const WORK_WORDS: &[&str] = &["工作", "生活", "合影", "现场", "活动", "事迹"];
/// Words that tell nobody from his namesake.
const PLAIN_WORDS: &[&str] = &[
    "工作照",
    "生活照",
    "工作",
    "生活",
    "照片",
    "照",
    "视频",
    "第",
    "张",
];

/// One way of writing: compatible forms are one (full-width digits, brackets, circled numbers), small letters, no blanks, one dot
/// between the parts of a name.
pub(crate) fn folded(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_whitespace() && !c.is_control() && !is_invisible(*c))
        .map(|c| match c {
            '•' | '・' | '‧' | '∙' | '⋅' | '･' => '·',
            '【' | '〔' | '［' | '[' => '(',
            '】' | '〕' | '］' | ']' => ')',
            other => other,
        })
        .collect()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// A file's name without its folder and without its endings, folded.
pub(crate) fn stem(name: &str) -> String {
    let mut stem = folded(name);
    while let Some((rest, ending)) = stem.rsplit_once('.') {
        if rest.is_empty() || !ENDINGS.contains(&ending) {
            break;
        }
        stem = rest.to_owned();
    }
    stem
}

/// Whether a text ends as the name of a photo or video does.
pub(crate) fn has_ending(text: &str) -> bool {
    let folded = folded(text);
    folded
        .rsplit_once('.')
        .is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

/// The last part of a path that somebody typed or pasted, quotes around it left out.
pub(crate) fn file_part(typed: &str) -> &str {
    let bare = typed.trim_matches(|c: char| c.is_whitespace() || "\"'“”‘’".contains(c));
    bare.rsplit(['/', '\\']).next().unwrap_or(bare).trim()
}

/// Endings of films, and of files that people take for films.
const FILMS: &[&str] = &[
    "mp4", "mov", "m4v", "avi", "wmv", "mkv", "flv", "mpg", "mpeg", "3gp", "webm", "rmvb",
];

/// Whether the name of a file is that of a film.
pub fn is_film(name: &str) -> bool {
    let lower = name.to_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    FILMS.contains(&ending)
}

/// What stands in a name beside the name of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rest {
    /// Its number (序号), if it has one: at most three digits, or a Chinese numeral.
    pub(crate) number: Option<u32>,
    /// Whether it names itself a copy of another file.
    pub(crate) copy: bool,
    /// Whether words say that it is an id photo.
    pub(crate) id_words: bool,
    /// Whether words say that it is a work photo.
    pub(crate) work_words: bool,
    /// Whether it has digits that are no number: a date, a camera's count.
    pub(crate) digits: bool,
    /// Letters that are none of these.
    pub(crate) words: String,
}

impl Rest {
    /// Whether nothing is said.
    pub(crate) fn is_bare(&self) -> bool {
        self.number.is_none()
            && !self.digits
            && self.words.is_empty()
            && !self.id_words
            && !self.work_words
    }
}

/// Reads what is left of a stem; `left` has a blank where the person's name was taken out.
pub(crate) fn rest(left: &str) -> Rest {
    let mut text = left.to_owned();
    let mut rest = Rest::default();
    for word in COPY_WORDS {
        if text.contains(word) {
            rest.copy = true;
            text = text.replace(word, " ");
        }
    }
    rest.work_words = WORK_WORDS.iter().any(|word| text.contains(word));
    if !rest.work_words {
        for word in ID_WORDS {
            if text.contains(word) {
                rest.id_words = true;
                text = text.replace(word, " ");
            }
        }
    }
    if rest.id_words {
        for word in ID_COMPANY {
            text = text.replace(word, " ");
        }
    }
    let (number, doubled) = number_in(&text);
    rest.copy |= doubled;
    rest.digits = number.is_none() && text.chars().any(|c| c.is_ascii_digit());
    rest.words = text.chars().filter(|c| c.is_alphabetic()).collect();
    rest.number = number;
    if rest.number.is_none()
        && let Some(number) = chinese_number(&rest.words)
    {
        rest.number = Some(number);
        rest.words.clear();
    }
    rest
}

/// The last number of at most three digits; a number in brackets behind another one only says “copy”, which is told too.
fn number_in(text: &str) -> (Option<u32>, bool) {
    let mut found: Vec<(u32, bool)> = Vec::new();
    let mut before = ' ';
    let mut digits = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            let latin = before.is_ascii_alphabetic();
            if digits.len() <= 3
                && !latin
                && let Ok(number) = digits.parse::<u32>()
            {
                found.push((number, before == '('));
            }
            digits.clear();
        }
        before = c;
    }
    match found.as_slice() {
        [.., (first, false), (_, true)] => (Some(*first), true),
        [.., (last, _)] => (Some(*last), false),
        [] => (None, false),
    }
}

/// A Chinese numeral from 一 to 九十九 that is the whole text.
fn chinese_number(text: &str) -> Option<u32> {
    let digit = |c: char| "一二三四五六七八九".chars().position(|d| d == c);
    let digit = |c: char| digit(c).and_then(|at| u32::try_from(at + 1).ok());
    let chars: Vec<char> = text.chars().collect();
    match chars.as_slice() {
        ['十'] => Some(10),
        ['十', one] => Some(10 + digit(*one)?),
        [ten, '十'] => Some(digit(*ten)? * 10),
        [ten, '十', one] => Some(digit(*ten)? * 10 + digit(*one)?),
        [one] => digit(*one),
        _ => None,
    }
}

/// The runs of digits and of letters that may tell one of two namesakes; words that every photo may bear are left out.
pub(crate) fn tokens(left: &str) -> Vec<String> {
    let mut text = left.to_owned();
    for word in COPY_WORDS.iter().chain(ID_WORDS).chain(PLAIN_WORDS) {
        text = text.replace(word, " ");
    }
    let mut tokens: Vec<String> = Vec::new();
    let mut kind = None;
    for c in text.chars() {
        // an id number ends with x
        let new = if c.is_ascii_digit() || c == 'x' && kind == Some(true) {
            Some(true)
        } else if c.is_alphabetic() {
            Some(false)
        } else {
            None
        };
        match (new, tokens.last_mut()) {
            (Some(_), Some(last)) if new == kind => last.push(c),
            (Some(_), _) => tokens.push(c.to_string()),
            (None, _) => {}
        }
        kind = new;
    }
    tokens
}
