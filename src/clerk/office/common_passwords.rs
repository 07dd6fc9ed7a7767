//! Passwords that everybody tries first (常见密码): rows of the keyboard, counting, dates of birth, words like these with figures behind
//! them. They are known by how they are made rather than by a list of millions.

/// What common passwords are made of, in small letters: words of lists that were published after break-ins, and what people at Chinese
/// keyboards add to them.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "admin",
    "administrator",
    "root",
    "welcome",
    "letmein",
    "iloveyou",
    "woaini",
    "woaiwojia",
    "monkey",
    "dragon",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "master",
    "hello",
    "login",
    "user",
    "guest",
    "test",
    "demo",
    "changeme",
    "default",
    "secret",
    "abc",
    "abcd",
    "aini",
    "wang",
    "zhang",
    "chen",
    "beijing",
    "china",
    "zhongguo",
    "hebei",
    "shanghai",
    "sanlian",
    "mima",
    "wodemima",
    "gov",
    "system",
    "office",
    "huawei",
    "1314",
    "520",
    "888",
    "666",
    "taobao",
    "tencent",
    "weixin",
    "aaa",
    "asd",
    "zxc",
    "qwe",
    "qwer",
    "qaz",
    "wsx",
];

/// Rows and columns of a keyboard, and counting.
const ROWS: &[&str] = &[
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "!@#$%^&*()",
    "1q2w3e4r5t6y7u8i9o0p",
    "147258369",
    "123qweasdzxc",
];

/// Whether a password is one of those that are tried first: nothing is left of it once words, rows of the keyboard, years and
/// repeated signs are taken away, or no more than three signs.
pub(super) fn is_common(password: &str) -> bool {
    let plain: String = password.to_lowercase();
    let mut rest: &str = &plain;
    let mut left = 0;
    while let Some(first) = rest.chars().next() {
        let known = known(rest);
        match known {
            0 => {
                left += 1;
                rest = rest.get(first.len_utf8()..).unwrap_or("");
            }
            known => rest = rest.get(known..).unwrap_or(""),
        }
    }
    left <= 3
}

/// How many bytes at the beginning are common: a word, four and more of a row in either direction, a year, three and more of one sign.
fn known(text: &str) -> usize {
    let word = WORDS
        .iter()
        .filter(|w| text.starts_with(**w))
        .map(|w| w.len());
    let row = ROWS.iter().map(|row| {
        let back: String = row.chars().rev().collect();
        shared(row, text).max(shared(&back, text))
    });
    let row = row.filter(|n| *n >= 4);
    let year = text
        .get(..4)
        .filter(|y| matches!(y.get(..2), Some("19" | "20")));
    let year = year
        .filter(|y| y.bytes().all(|b| b.is_ascii_digit()))
        .map(|y| {
            // a whole date too
            let date = text
                .get(..8)
                .filter(|d| d.bytes().all(|b| b.is_ascii_digit()));
            date.map_or(y.len(), str::len)
        });
    let mut chars = text.chars();
    let first = chars.next();
    let same = 1 + chars.take_while(|c| Some(*c) == first).count();
    let same = (same >= 3).then_some(same * first.map_or(1, char::len_utf8));
    word.chain(row).chain(year).chain(same).max().unwrap_or(0)
}

/// The longest beginning of a text that stands somewhere in a row, in bytes.
fn shared(row: &str, text: &str) -> usize {
    let starts = (0..row.len()).filter_map(|n| row.get(n..));
    let same = starts.map(|part| {
        let pairs = part.bytes().zip(text.bytes());
        pairs.take_while(|(a, b)| a == b).count()
    });
    same.max().unwrap_or(0)
}
