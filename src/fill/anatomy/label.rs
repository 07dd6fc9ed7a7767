//! Labels in front of blanks, the fields that keys mean, the words that tick a box.

use crate::campaign::{Campaign, Field, Owner};

use crate::fill::anatomy::block::list_of;
use crate::fill::anatomy::glyphs::Glyph;
use crate::fill::anatomy::halves::whole_key;
use crate::fill::anatomy::joined::first;

/// The list of candidates in a unit's form.
pub(in crate::fill) const CANDIDATES: &str = "candidates";

/// In front of the words of an office's box in the key of its ready opinion: `opinion.所在单位意见`.
pub(in crate::fill) const READY: &str = "opinion.";

/// Whether a key is a ready opinion's, which is no field of anybody.
pub(in crate::fill) fn is_ready(key: &str) -> bool {
    key.starts_with(READY)
}

/// Letters and digits of a label, without what forms put around them.
pub(in crate::fill) fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a line is there to be signed, sealed or dated.
pub(in crate::fill) fn is_to_be_signed(line: &str) -> bool {
    let folded = folded(line);
    let begins = [
        "负责人",
        "签字",
        "签名",
        "盖章",
        "公章",
        "单位盖章",
        "年月日",
    ];
    begins.iter().any(|w| folded.starts_with(w))
}

/// Whether a text holds a label.
pub(in crate::fill) fn holds(text: &str, label: &str) -> bool {
    folded(text).contains(&folded(label))
}

/// The number of the first character behind a label; 0 where it is not there.
pub(in crate::fill) fn behind(glyphs: &[Glyph<'_>], label: &str) -> usize {
    let label: Vec<char> = folded(label).chars().collect();
    if label.is_empty() {
        return 0;
    }
    let letters: Vec<(usize, char)> = glyphs
        .iter()
        .enumerate()
        .filter(|(_, g)| g.c.is_alphanumeric())
        .map(|(n, g)| (n, g.c))
        .collect();
    let found = letters
        .windows(label.len())
        .find(|w| w.iter().map(|l| l.1).eq(label.iter().copied()));
    found.and_then(<[_]>::last).map_or(0, |(last, _)| {
        let rest = glyphs.get(last + 1..).unwrap_or_default();
        let signs = rest
            .iter()
            .take_while(|g| "：:）)】]".contains(g.c))
            .count();
        last + 1 + signs
    })
}

/// The field that a key means.
pub(in crate::fill) fn field_of<'c>(campaign: &'c Campaign, key: &str) -> Option<&'c Field> {
    let key = whole_key(key);
    let of = |owner: Owner| {
        campaign
            .sheets
            .iter()
            .find(move |s| s.of == owner && !s.rows)
    };
    if let Some(key) = key.strip_prefix("unit.") {
        return of(Owner::Unit)?.field(key);
    }
    match key.split_once('.') {
        Some(("candidates", field)) => of(Owner::Candidate)?.field(field),
        Some((list, field)) => campaign.sheet(list)?.field(field),
        None => of(Owner::Candidate)?.field(key),
    }
}

/// To whom a key's value belongs, with or without the number of its row; none for the list of candidates and for keys that
/// are no fields.
pub(in crate::fill) fn owner_of(campaign: &Campaign, key: &str) -> Option<Owner> {
    // fields that share a blank have one owner
    let key = first(key);
    if key.starts_with("unit.") {
        return Some(Owner::Unit);
    }
    match key.split_once(['[', '.']) {
        Some((CANDIDATES, _)) => None,
        Some((list, _)) => campaign.sheet(list).map(|s| s.of),
        None => match field_of(campaign, key) {
            Some(_) => Some(Owner::Candidate),
            None => list_of(campaign, key).map(|s| s.of),
        },
    }
}

/// The words of values that tick each of some boxes. A box that says more than the value, as 博士研究生 says more than 研究生, is not ticked
/// by it; a name that several boxes stand for ticks none of them.
pub(in crate::fill) fn words_of_boxes(
    campaign: &Campaign,
    field: Option<&Field>,
    labels: &[String],
) -> Vec<Vec<String>> {
    let all: Vec<Vec<String>> = labels
        .iter()
        .map(|label| {
            let mut words = words_of(campaign, field, label);
            words.retain(|word| !says_more(campaign, label, word));
            words
        })
        .collect();
    let shared = |word: &String| all.iter().filter(|words| words.contains(word)).count() > 1;
    let names = field.and_then(|f| f.codes.as_ref());
    let names = names.and_then(|id| campaign.lists.get(id));
    let own = |(words, label): (&Vec<String>, &String)| {
        let words = words.iter().filter(|w| *w == label || !shared(w));
        let mut words: Vec<String> = words.cloned().collect();
        if let Some(list) = names.filter(|_| is_minority(label)) {
            // one box stands for every name that has none of its own
            let others = list.items.iter().map(|i| &i.name);
            let others = others.filter(|n| *n != MAJORITY && !all.iter().any(|w| w.contains(n)));
            words.extend(others.cloned());
        }
        words
    };
    all.iter().zip(labels).map(own).collect()
}

/// The name beside which a box for all others may stand.
const MAJORITY: &str = "汉族";

/// Whether a box stands for every nationality but one: 少数民族, with or without room behind it for which one.
pub(in crate::fill) fn is_minority(label: &str) -> bool {
    folded(label).starts_with("少数民族")
}

/// In front of a name where it says no more than the name alone.
const NEUTRAL: &[&str] = &["普通", "已", "离", "中国", "中华人民共和国"];

/// Whether a label claims more than a value: the value with something in front that narrows it (博士研究生, 理学博士), or another thing of
/// which the campaign has a list (硕士毕业 for 研究生).
fn says_more(campaign: &Campaign, label: &str, value: &str) -> bool {
    if label == value {
        return false;
    }
    if let Some((front, _)) = label.split_once(value) {
        return !front.is_empty() && !NEUTRAL.contains(&front);
    }
    let names = campaign.lists.values().flat_map(|l| &l.items);
    let mut names = names.map(|i| i.name.as_str());
    names.any(|n| n.chars().count() > 1 && n != label && label.starts_with(n) && !value.contains(n))
}

/// The words of values that tick a box with this label.
pub(in crate::fill) fn words_of(
    campaign: &Campaign,
    field: Option<&Field>,
    label: &str,
) -> Vec<String> {
    let mut words = vec![label.to_owned()];
    let list = field
        .and_then(|f| f.codes.as_ref())
        .and_then(|id| campaign.lists.get(id));
    let plain = untranslated(label);
    if let Some(name) = list.and_then(|l| l.name_of(plain)) {
        words.push(name.to_owned());
    } else if plain != label {
        words.push(plain.to_owned());
    }
    words
}

/// Whether a text sets words of a field's list side by side of which one is to be chosen: 大学本科/研究生, 男/女.
pub(in crate::fill) fn is_choice(campaign: &Campaign, field: Option<&Field>, text: &str) -> bool {
    let list = field.and_then(|f| f.codes.as_ref());
    let Some(list) = list.and_then(|id| campaign.lists.get(id)) else {
        return false;
    };
    let words = text.split(['/', '／', '、', '或']).map(str::trim);
    let words: Vec<&str> = words.filter(|w| !w.is_empty()).collect();
    words.len() > 1 && words.iter().all(|w| list.name_of(w).is_some())
}

/// The words of a box without their translation behind them: 男 of 男 Male.
pub(in crate::fill) fn untranslated(label: &str) -> &str {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let Some((at, last)) = label.char_indices().rfind(|(_, c)| han(*c)) else {
        return label;
    };
    let (front, behind) = label.split_at(at + last.len_utf8());
    let foreign = behind
        .chars()
        .all(|c| c.is_ascii_alphabetic() || c.is_whitespace());
    if foreign { front } else { label }
}
