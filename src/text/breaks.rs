//! What a break between two characters of a line costs: forbidden, unwelcome or free. Neighbours are judged by `kinsoku`; here is
//! what takes more than two characters to know: an address of the net is broken at its signs, and a word of the lexicon only where there
//! is no other way. What of numbers stays whole is in `number_breaks`, of names in `name_breaks`, beside signs in `sign_breaks`.

pub use super::break_costs::{AT_JOINT, AT_LESSER_JOINT, FORBIDDEN, IN_NAME, IN_WORD};
use super::break_costs::{IN_ADDRESS, MOST_OF_UNIT, closed, forbid, raise};
use super::kinsoku::{Class, class, may_break};
use super::lexicon::WordList;
use super::name_breaks::{keep_items, keep_names, keep_names_within, keep_unit_names};
use super::number_breaks::keep_numbers;
use super::sign_breaks::keep_signs;

pub use super::name_breaks::is_joined_name;

/// Where a line may end at all: 0 or `FORBIDDEN` before each character; that of the first is of no use.
pub fn allowed(text: &[char]) -> Vec<u32> {
    let mut costs = signs(text);
    keep_whole(text, &mut costs);
    costs
}

/// What stays whole in every text.
fn keep_whole(text: &[char], costs: &mut [u32]) {
    keep_signs(text, costs);
    keep_names(text, costs);
    latin_runs(text, costs);
    keep_products(text, costs);
    keep_numbers(text, costs);
    keep_first_of_brackets(text, costs);
}

/// The cost of a line's end before each character, words considered; that of the first is of no use.
pub fn costs(text: &[char], words: &WordList) -> Vec<u32> {
    let mut costs = signs(text);
    for (cost, depth) in costs.iter_mut().zip(words.depths(text)) {
        if *cost == 0 {
            *cost = match depth {
                0 => 0,
                1 => AT_JOINT,
                2 => AT_LESSER_JOINT,
                _ => IN_WORD,
            };
        }
    }
    keep_brackets(text, &mut costs);
    keep_items(text, &mut costs);
    keep_unit_names(text, &mut costs);
    keep_names_within(text, &mut costs);
    keep_whole(text, &mut costs);
    costs
}

/// One character between a bracket and a line's end is less welcome: （邮|编：050000）.
fn keep_first_of_brackets(text: &[char], costs: &mut [u32]) {
    for (at, ch) in text.iter().enumerate() {
        match ch {
            '（' | '“' | '《' | '【' => raise(costs, at + 2, at + 2, AT_JOINT),
            '）' | '”' | '》' | '】' if at > 0 => raise(costs, at - 1, at - 1, AT_JOINT),
            _ => {}
        }
    }
}

/// A dot between letters or figures is a product or part of a number: L⁻¹·s⁻¹, 5·12.
fn keep_products(text: &[char], costs: &mut [u32]) {
    let inner = |c: &char| *c == '·' || class(*c) == Class::Latin;
    let mut start = 0;
    while start < text.len() {
        let run = text.get(start..).unwrap_or_default();
        let run = run.get(..run.iter().take_while(|c| inner(c)).count());
        let run = run.unwrap_or_default();
        if run.len() <= MOST_OF_UNIT {
            for (at, pair) in run.windows(2).enumerate() {
                if pair.first() == Some(&'·') && at > 0 {
                    forbid(costs, start + at + 1, start + at + 1);
                }
            }
        }
        start += run.len().max(1);
    }
}

/// What stands in short brackets goes to the next line with them: （雄安）.
fn keep_brackets(text: &[char], costs: &mut [u32]) {
    for (at, _) in text.iter().enumerate().filter(|(_, ch)| **ch == '（') {
        if let Some(length) = closed(text, at, '）') {
            raise(costs, at + 1, at + 1 + length, IN_WORD);
        }
    }
}

/// Where the signs at a line's end and beginning let it end.
fn signs(text: &[char]) -> Vec<u32> {
    let mut costs = vec![FORBIDDEN; text.len()];
    for (at, pair) in text.windows(2).enumerate() {
        if let [before, after] = pair
            && may_break(*before, *after)
            && let Some(cost) = costs.get_mut(at + 1)
        {
            *cost = 0;
        }
    }
    costs
}

/// Least length of an address that is broken at its signs.
const ADDRESS: usize = 16;

/// Runs of Latin letters: an address of the net or of mail is broken behind its signs, a word with a hyphen only where both parts are
/// words (multi-|scale, but g-C₃N₄ stays whole).
fn latin_runs(text: &[char], costs: &mut [u32]) {
    // what asks for something in an address is a sign of a sentence elsewhere
    let latin = |c: &char| class(*c) == Class::Latin || matches!(c, '?' | ';');
    let mut start = 0;
    while start < text.len() {
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.iter().take_while(|c| latin(c)).count();
        let run = rest.get(..length).unwrap_or_default();
        if length >= ADDRESS && is_address(run) {
            break_address(run, costs.get_mut(start..).unwrap_or_default());
        } else {
            let costs = costs.get_mut(start..).unwrap_or_default();
            keep_prefixes(run, costs);
            break_formula(run, costs);
        }
        start += length.max(1);
    }
}

/// Whether a run of letters and signs is an address.
fn is_address(run: &[char]) -> bool {
    let text: String = run.iter().collect();
    let dots = run.iter().filter(|c| **c == '.').count();
    text.contains("://")
        || text.contains('@')
        || text.starts_with("www.")
        || dots >= 2
        || text.starts_with("doi:")
}

/// An address is broken behind a point or another sign, less gladly behind a stroke, never before its last two characters, and never
/// behind a hyphen, of which nobody could say whether it is part of the address.
fn break_address(run: &[char], costs: &mut [u32]) {
    for (at, pair) in run.windows(2).enumerate() {
        let [before, after] = pair else { continue };
        let far = at + 1 >= 3 && at + 3 < run.len();
        let cost = match before {
            _ if !far || !after.is_alphanumeric() => FORBIDDEN,
            // no short end alone on a line: example.|org
            '.' if at + 6 > run.len() => FORBIDDEN,
            '.' if after.is_ascii_digit() => FORBIDDEN,
            // https://example.org
            '/' if at > 0 && run.get(at - 1) == Some(&'/') => FORBIDDEN,
            '.' | '_' | '?' | '&' | '=' | '#' => 0,
            '@' => IN_ADDRESS,
            '/' => AT_JOINT,
            _ => FORBIDDEN,
        };
        if let Some(place) = costs.get_mut(at + 1) {
            *place = cost;
        }
    }
}

/// Least length of a formula that is broken.
const FORMULA: usize = 18;

/// A long formula is broken behind the sign of a relation (GB/T 3102.11: the sign ends the line), so that the line before it is not torn apart.
fn break_formula(run: &[char], costs: &mut [u32]) {
    if run.len() < FORMULA {
        return;
    }
    for (at, pair) in run.windows(2).enumerate() {
        let far = at >= 2 && at + 4 < run.len();
        if let [before, after] = pair
            && far
            && matches!(before, '→' | '⇌' | '←' | '＝' | '≈' | '≡')
            && class(*after) == Class::Latin
            && let Some(place) = costs.get_mut(at + 1)
        {
            *place = AT_LESSER_JOINT;
        }
    }
}

/// A hyphen behind or before a single letter is part of a name: α-Fe₂O₃, g-C₃N₄, X-ray.
fn keep_prefixes(run: &[char], costs: &mut [u32]) {
    for (at, ch) in run.iter().enumerate() {
        // between Han it joins the parts of a name
        if *ch != '-' || run.len() < 2 {
            continue;
        }
        let letters = |parts: &mut dyn Iterator<Item = &char>| {
            parts.take_while(|c| c.is_alphabetic()).count()
        };
        let before = letters(&mut run.iter().take(at).rev());
        let after = letters(&mut run.iter().skip(at + 1));
        if (before < 2 || after < 2)
            && let Some(place) = costs.get_mut(at + 1)
        {
            *place = FORBIDDEN;
        }
    }
}
