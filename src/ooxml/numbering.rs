//! Automatic numbers of paragraphs, as Word shows them: “一、”, “（二）”, “3.” (ECMA-376 part 1, 17.9). They stand in no text, and a
//! reader that takes texts alone would lose them.

use std::collections::BTreeMap;

use super::{Element, OoxmlError, OpcPackage, Tree, relations};

/// Levels of a list.
const LEVELS: usize = 9;

/// A level of a list: how it counts and what stands around the number.
#[derive(Clone, Debug)]
struct Level {
    format: String,
    text: String,
    start: u32,
}

/// The lists of a document, and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// Levels of a list, by the list's number; none where the list has no such level.
    lists: BTreeMap<String, (String, Vec<Option<Level>>)>,
    /// The list and level of a paragraph style, by its id.
    styles: BTreeMap<String, (String, usize)>,
    /// How far a list has counted: lists of one definition count on together.
    counted: BTreeMap<String, [u32; LEVELS]>,
}

impl Numbering {
    /// The lists of a document by the name of its main part; none where it has none. Errors: a part is not well-formed.
    pub(super) fn open(package: &OpcPackage, document: &str) -> Result<Self, OoxmlError> {
        let mut numbering = Self::default();
        for relation in relations(package, document)? {
            if package.part(&relation.target).is_none() {
                continue;
            }
            match relation.kind.as_str() {
                "numbering" => {
                    let tree = Tree::read(&relation.target, package.text(&relation.target)?)?;
                    numbering.read_lists(tree.root());
                }
                "styles" => {
                    let tree = Tree::read(&relation.target, package.text(&relation.target)?)?;
                    numbering.read_styles(tree.root());
                }
                _ => {}
            }
        }
        Ok(numbering)
    }

    fn read_lists(&mut self, root: Element<'_>) {
        let mut definitions = BTreeMap::new();
        for list in root.children().filter(|e| e.is("abstractNum")) {
            let id = list.attribute("w:abstractNumId").unwrap_or_default();
            definitions.insert(id.into_owned(), levels(list));
        }
        for list in root.children().filter(|e| e.is("num")) {
            let id = list.attribute("w:numId").unwrap_or_default().into_owned();
            let definition = list.child("abstractNumId").and_then(|e| e.val());
            let definition = definition.unwrap_or_default().into_owned();
            let Some(mut own) = definitions.get(&definition).cloned() else {
                continue;
            };
            let mut apart = false;
            for change in list.children().filter(|e| e.is("lvlOverride")) {
                let Some(n) = change
                    .number("w:ilvl")
                    .and_then(|n| usize::try_from(n).ok())
                else {
                    continue;
                };
                if let Some(level) = change.child("lvl")
                    && let Some(slot) = own.get_mut(n)
                {
                    *slot = Some(level_of(level));
                }
                let start = change
                    .child("startOverride")
                    .and_then(|e| e.number("w:val"));
                if let Some(start) = start.and_then(|s| u32::try_from(s).ok())
                    && let Some(Some(level)) = own.get_mut(n)
                {
                    level.start = start;
                    apart = true;
                }
            }
            // a list that begins anew counts by itself
            let counts = if apart {
                format!("num {id}")
            } else {
                definition
            };
            self.lists.insert(id, (counts, own));
        }
    }

    fn read_styles(&mut self, root: Element<'_>) {
        for style in root.children().filter(|e| e.is("style")) {
            if let Some(place) = style.child("pPr").and_then(|p| p.child("numPr")) {
                let id = style.attribute("w:styleId").unwrap_or_default();
                let (list, level) = list_and_level(place);
                if let Some(list) = list {
                    self.styles.insert(id.into_owned(), (list, level));
                }
            }
        }
    }

    /// The numbers of all paragraphs of a part by where each begins, as [`Numbering::number`] gives them. What is given a second time for
    /// old programs does not count.
    pub(super) fn numbers(mut self, root: Element<'_>) -> BTreeMap<usize, Option<String>> {
        let all = root.descendants().filter(|e| e.is("p"));
        let once = all.filter(|p| p.child("pPr").is_some());
        let once = once.filter(|p| !p.ancestors().any(|a| a.is("Fallback")));
        once.map(|p| (p.range().start, self.number(p)))
            .filter(|(_, number)| number.as_deref() != Some(""))
            .collect()
    }

    /// The number that Word shows before a paragraph, which counts on by it: empty for none. None where it cannot be told, such as for a
    /// bullet or a way of counting that is not known.
    pub(super) fn number(&mut self, paragraph: Element<'_>) -> Option<String> {
        let Some((list, level)) = self.place_of(paragraph) else {
            return Some(String::new());
        };
        let (counts, levels) = self.lists.get(&list)?;
        let own = levels.get(level)?.as_ref()?;
        let counted = self.counted.entry(counts.clone()).or_insert_with(|| {
            let mut none = [0; LEVELS];
            for (slot, level) in none.iter_mut().zip(levels) {
                let start = level.as_ref().map_or(1, |l| l.start);
                *slot = start.wrapping_sub(1);
            }
            none
        });
        for (n, slot) in counted.iter_mut().enumerate().skip(level) {
            let start = levels
                .get(n)
                .and_then(Option::as_ref)
                .map_or(1, |l| l.start);
            *slot = match n == level {
                true => slot.wrapping_add(1),
                false => start.wrapping_sub(1),
            };
        }
        let counted = *counted;
        let mut text = own.text.clone();
        for (n, value) in counted.iter().enumerate() {
            let sign = format!("%{}", n + 1);
            if !text.contains(&sign) {
                continue;
            }
            let format = &levels.get(n)?.as_ref()?.format;
            // an upper level that was not begun yet shows its start
            let start = levels
                .get(n)
                .and_then(Option::as_ref)
                .map_or(1, |l| l.start);
            let value = if n < level {
                (*value).max(start)
            } else {
                *value
            };
            text = text.replace(&sign, &counted_as(value, format)?);
        }
        Some(text)
    }

    /// The list and level of a paragraph: its own, else its style's; none where it is in no list.
    fn place_of(&self, paragraph: Element<'_>) -> Option<(String, usize)> {
        let properties = paragraph.child("pPr")?;
        let style = properties.child("pStyle").and_then(|e| e.val());
        let of_style = style.and_then(|s| self.styles.get(&*s));
        let place = match properties.child("numPr").map(list_and_level) {
            Some((Some(list), level)) => Some((list, level)),
            Some((None, level)) => of_style.map(|(list, _)| (list.clone(), level)),
            None => of_style.cloned(),
        };
        // list 0 takes a paragraph out of the list of its style
        place.filter(|(list, _)| list != "0")
    }
}

fn list_and_level(place: Element<'_>) -> (Option<String>, usize) {
    let list = place.child("numId").and_then(|e| e.val());
    let level = place.child("ilvl").and_then(|e| e.number("w:val"));
    let level = level.and_then(|l| usize::try_from(l).ok()).unwrap_or(0);
    (list.map(|l| l.into_owned()), level)
}

fn levels(list: Element<'_>) -> Vec<Option<Level>> {
    let mut levels = vec![None; LEVELS];
    for level in list.children().filter(|e| e.is("lvl")) {
        let n = level.number("w:ilvl").and_then(|n| usize::try_from(n).ok());
        if let Some(slot) = n.and_then(|n| levels.get_mut(n)) {
            *slot = Some(level_of(level));
        }
    }
    levels
}

fn level_of(level: Element<'_>) -> Level {
    let val = |name: &str| level.child(name).and_then(|e| e.val());
    let start = level.child("start").and_then(|e| e.number("w:val"));
    Level {
        format: val("numFmt").unwrap_or_default().into_owned(),
        text: val("lvlText").unwrap_or_default().into_owned(),
        start: start.and_then(|s| u32::try_from(s).ok()).unwrap_or(1),
    }
}

/// A number in one of the ways of counting (ECMA-376 part 1, 17.18.59); none for one that is not known.
fn counted_as(number: u32, format: &str) -> Option<String> {
    let letter = |first: char| {
        // A to Z, then AA to ZZ
        let index = number.checked_sub(1)?;
        let c = char::from_u32(u32::from(first) + index % 26)?;
        let many = usize::try_from(index / 26 + 1).ok().filter(|n| *n <= 20)?;
        Some(c.to_string().repeat(many))
    };
    let nth = |signs: &str| {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        signs.chars().nth(index).map(String::from)
    };
    match format {
        "decimal" | "" => Some(number.to_string()),
        "decimalZero" => Some(format!("{number:02}")),
        "decimalFullWidth" | "decimalFullWidth2" => Some(
            number
                .to_string()
                .chars()
                .filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0))
                .collect(),
        ),
        "none" => Some(String::new()),
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "ideographDigital" => chinese(number),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => nth("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
        "ideographTraditional" => nth("甲乙丙丁戊己庚辛壬癸"),
        "ideographZodiac" => nth("子丑寅卯辰巳午未申酉戌亥"),
        "upperLetter" => letter('A'),
        "lowerLetter" => letter('a'),
        "upperRoman" => roman(number),
        "lowerRoman" => roman(number).map(|r| r.to_ascii_lowercase()),
        _ => None,
    }
}

/// 一 to 九千九百九十九: 十 to 十九 without 一 in front.
fn chinese(number: u32) -> Option<String> {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    if number == 0 || number > 9_999 {
        return None;
    }
    let mut out = String::new();
    let mut gap = false;
    for (size, sign) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = number / size % 10;
        if digit == 0 {
            gap = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push('零');
        }
        if !(number < 20 && size == 10) {
            out.push_str(DIGITS.get(usize::try_from(digit).ok()?)?);
        }
        out.push_str(sign);
    }
    Some(out)
}

fn roman(number: u32) -> Option<String> {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut left = Some(number).filter(|n| (1..4000).contains(n))?;
    let mut out = String::new();
    for (size, sign) in SIGNS {
        while left >= size {
            out.push_str(sign);
            left -= size;
        }
    }
    Some(out)
}
