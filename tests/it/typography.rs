//! Text as a typographer sees it: one size a column, lines that end between words, numbers with their units, figures of formulas.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use sanlian::campaign::{Campaign, FormKind, Per, builtin, load};
use sanlian::form::{Form, Photos, build_candidate, build_unit};
use sanlian::layout::{Item, Page, Pages, Rect, layout};
use sanlian::record::{Submission, Value};
use sanlian::text::breaks::{AT_LESSER_JOINT, FORBIDDEN, IN_WORD, allowed, costs};
use sanlian::text::lexicon::WordList;
use sanlian::units::Length;

use crate::chance::Chance;
use crate::font::BOOK;

pub(crate) fn campaigns() -> Vec<Campaign> {
    let sources = builtin();
    sources.iter().filter_map(|s| load(s).0).collect()
}

pub(crate) fn hebei() -> Campaign {
    let mut all = campaigns();
    all.retain(|c| c.id == "hebei-zuimei-2021");
    all.remove(0)
}

/// The invented submission without its pictures, which take long to draw.
pub(crate) fn submission(campaign: &Campaign) -> Submission {
    let mut campaign = campaign.clone();
    campaign.demo = campaign.demo.replace("\n[photos]", "\n[unused]");
    sanlian::demo::submission(&campaign, 1).submission
}

pub(crate) fn forms(campaign: &Campaign, submission: &Submission) -> Vec<Form> {
    let issued = date(2021, 5, 28);
    let mut forms = Vec::new();
    for template in &campaign.forms {
        match template.per {
            Per::Candidate => {
                let count = submission.candidates.len();
                let one =
                    |n| build_candidate(campaign, template, submission, n, &Photos::new(), issued);
                forms.extend((0..count).filter_map(one));
            }
            Per::Unit => forms.push(build_unit(campaign, template, submission, issued)),
        }
    }
    forms
}

pub(crate) fn form_of(campaign: &Campaign, submission: &Submission, kind: FormKind) -> Form {
    let mut all = forms(campaign, submission);
    all.retain(|f| f.kind == kind);
    all.remove(0)
}

pub(crate) fn laid(form: &Form) -> Pages {
    layout(&BOOK, form).0
}

/// Every glyph of a page: its character, the box of its em, its size.
pub(crate) fn glyphs(page: &Page) -> Vec<(char, Rect, Length)> {
    let mut out = Vec::new();
    for item in &page.items {
        let Item::Text(text) = item else { continue };
        for placed in &text.glyphs {
            let advance = i64::from(BOOK.advance(text.font, placed.glyph));
            let at = Rect {
                x: text.x + placed.dx,
                y: text.baseline - text.size.scaled(88, 100),
                width: text.size.scaled(advance, 1000),
                height: text.size,
            };
            out.push((placed.ch, at, text.size));
        }
    }
    out
}

/// The lines of a page's text, from top to bottom, runs with gaps of more than 2 mm apart.
pub(crate) fn lines(page: &Page) -> Vec<String> {
    let mut rows: BTreeMap<Length, Vec<(Length, Length, char)>> = BTreeMap::new();
    for (ch, at, size) in glyphs(page) {
        let baseline = at.y + size.scaled(88, 100);
        rows.entry(baseline)
            .or_default()
            .push((at.x, at.right(), ch));
    }
    let mut out = Vec::new();
    for mut row in rows.into_values() {
        row.sort_unstable();
        let mut end = None;
        for (x, right, ch) in row {
            if end.is_none_or(|end| x - end > Length::mm(2)) {
                out.push(String::new());
            }
            out.last_mut().unwrap().push(ch);
            end = Some(right);
        }
    }
    out
}

pub(crate) fn words(page: &Page) -> String {
    glyphs(page).iter().map(|g| g.0).collect()
}

/// A rule: where it begins and ends, and its thickness.
pub(crate) type PageRule = ((Length, Length), (Length, Length), Length);

pub(crate) fn rules(page: &Page) -> Vec<PageRule> {
    let rule = |item: &Item| match item {
        Item::Rule { from, to, width } => Some((*from, *to, *width)),
        _ => None,
    };
    page.items.iter().filter_map(rule).collect()
}

#[test]
fn a_character_that_no_font_has_is_printed_as_its_code() {
    let campaign = hebei();
    let mut filled = submission(&campaign);
    filled.candidates[0].set("school", "示例\u{323BA}大学");
    let form = form_of(&campaign, &filled, FormKind::Recommendation);
    let (pages, findings) = layout(&BOOK, &form);
    assert!(findings.iter().any(|f| f.code == "N7"));
    let whole: String = pages.pages.iter().map(words).collect();
    assert!(whole.contains("示例323BA大学"), "{whole}");
}

#[test]
fn figures_of_formulas_are_of_one_size_above_and_below_the_line() {
    let campaign = hebei();
    let mut filled = submission(&campaign);
    let said = "浓度10⁻⁶、面积m²、10¹²³⁴⁵⁶⁷⁸⁹⁰⁺⁼⁽⁾，SO₄²⁻与CO₂₊₋₌₍₎";
    filled.candidates[0].set("deeds", said);
    let form = form_of(&campaign, &filled, FormKind::Recommendation);
    let (pages, findings) = layout(&BOOK, &form);
    assert!(findings.is_empty(), "{findings:?}");
    let all: Vec<_> = pages.pages.iter().flat_map(glyphs).collect();
    let of = |set: &str| -> BTreeSet<(Length, Length)> {
        let small = all.iter().filter(|(ch, _, _)| set.contains(*ch));
        small
            .map(|(_, at, size)| (*size, at.y + size.scaled(88, 100)))
            .collect()
    };
    let (above, below) = (of("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾"), of("₂₄₊₋₌₍₎"));
    assert_eq!((above.len(), below.len()), (1, 1), "{above:?} {below:?}");
    let sizes: BTreeSet<Length> = above.iter().chain(&below).map(|s| s.0).collect();
    assert_eq!(sizes.len(), 1);
    for ch in said.chars() {
        assert!(all.iter().any(|g| g.0 == ch), "{ch}");
    }
}

#[test]
fn signs_of_science_print_in_every_face_of_running_text() {
    use sanlian::face::Face;
    let signs = "⁺⁻⁼⁽⁾₊₋₌₍₎⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉℃‰ÅμΩ≤≥≈±×÷→■△√∑①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ";
    let campaign = hebei();
    for face in [Face::Fangsong, Face::Song, Face::Hei, Face::Kai] {
        let mut form = form_of(&campaign, &submission(&campaign), FormKind::Report);
        for block in &mut form.blocks {
            if let sanlian::form::Block::Paragraph(paragraph) = block {
                paragraph.style.face = face;
                paragraph.text = signs.to_owned();
            }
        }
        let (_, findings) = layout(&BOOK, &form);
        let missing: Vec<&str> = findings.iter().map(|f| f.message.as_str()).collect();
        assert!(missing.is_empty(), "{face:?}: {missing:?}");
    }
}

#[test]
fn texts_of_a_column_have_one_size_whatever_they_are() {
    let campaign = hebei();
    let mut chance = Chance::law(24);
    for round in 0..12 {
        let mut filled = submission(&campaign);
        for candidate in &mut filled.candidates {
            let long = |n: usize| {
                "示例市虚拟地质环境监测院"
                    .chars()
                    .cycle()
                    .take(n)
                    .collect::<String>()
            };
            candidate.set("org", long(4 + chance.index(40)));
            candidate.set("title", long(2 + chance.index(14)));
            candidate.set("post", long(2 + chance.index(12)));
        }
        for kind in [FormKind::Summary, FormKind::Status] {
            let form = form_of(&campaign, &filled, kind);
            let sanlian::form::Block::Table(table) = form
                .blocks
                .iter()
                .rev()
                .find(|b| matches!(b, sanlian::form::Block::Table(t) if t.head > 0))
                .unwrap()
            else {
                unreachable!()
            };
            let mut edges = vec![form.page.left];
            for width in &table.columns {
                edges.push(*edges.last().unwrap() + *width);
            }
            let mut sizes: BTreeMap<usize, BTreeSet<Length>> = BTreeMap::new();
            for page in &laid(&form).pages {
                // between the heads and the row of sums
                let body = form.page.top + Length::mm(39);
                let end = rules(page).iter().map(|r| r.1.1).max().unwrap() - Length::mm(10);
                for (_, at, size) in glyphs(page)
                    .into_iter()
                    .filter(|g| g.1.y > body && g.1.y < end)
                {
                    let column = edges.iter().rposition(|edge| *edge <= at.x).unwrap_or(0);
                    sizes.entry(column).or_default().insert(size);
                }
            }
            for (column, sizes) in sizes.iter().filter(|(c, _)| **c > 0 && **c < 10) {
                assert!(
                    sizes.len() == 1,
                    "round {round} {kind}: column {column} {sizes:?}"
                );
            }
        }
    }
}

#[test]
fn three_candidates_stand_on_one_page_and_no_number_is_cut() {
    let campaign = hebei();
    let filled = submission(&campaign);
    for stacked in [true, false] {
        let mut campaign = campaign.clone();
        campaign
            .switches
            .insert("stacked_summary".to_owned(), stacked);
        let pages = laid(&form_of(&campaign, &filled, FormKind::Summary));
        if stacked {
            assert_eq!(pages.pages.len(), 1);
        }
        let lines: Vec<String> = pages.pages.iter().flat_map(lines).collect();
        for candidate in &filled.candidates {
            for key in ["phone", "mobile", "birth"] {
                let number = candidate.text(key);
                assert!(
                    lines.iter().any(|l| l.contains(number)),
                    "{number} {lines:?}"
                );
            }
        }
        // no last line of one character
        for word in ["员", "科", "任", "院", "社"] {
            assert!(!lines.iter().any(|l| l == word), "{word} {lines:?}");
        }
    }
}

#[test]
fn titles_and_cells_are_broken_between_words() {
    let campaign = hebei();
    let broken_below = |text: &str, most: u32| -> Vec<String> {
        let text: Vec<char> = text.chars().collect();
        let costs = costs(&text, &campaign.words);
        let mut parts = vec![String::new()];
        for (ch, cost) in text.iter().zip(costs) {
            if cost < most {
                parts.push(String::new());
            }
            parts.last_mut().unwrap().push(*ch);
        }
        parts.retain(|p| !p.is_empty());
        parts
    };
    let broken = |text: &str| broken_below(text, 1);
    assert_eq!(broken("监测室副主任"), ["监测室", "副主任"]);
    assert_eq!(broken("候选人工作情况的报告")[0], "候选人");
    // elsewhere than behind its place an office's name is broken where words end, at a price
    assert_eq!(
        broken_below("示例市虚拟地质环境监测院", 51),
        ["示例市", "虚拟", "地质环境", "监测院"]
    );
    // behind the place first
    assert_eq!(
        broken("示例市虚拟地质环境监测院"),
        ["示例市", "虚拟地质环境监测院"]
    );
    // what is a word of the code lists has joints, and they are better than any other place
    let text: Vec<char> = "中共预备党员".chars().collect();
    let costs = costs(&text, &campaign.words);
    assert!(costs[2] < IN_WORD && costs[3] == IN_WORD, "{costs:?}");

    let mut filled = submission(&campaign);
    filled.candidates[0].set("politics", "中共预备党员");
    let pages = laid(&form_of(&campaign, &filled, FormKind::Summary)).pages;
    let lines = lines(&pages[0]);
    assert!(lines.iter().any(|l| l == "预备党员"), "{lines:?}");
}

#[test]
fn numbers_stay_with_their_units_and_dates_stay_whole() {
    const NUMBERS: [&str; 8] = ["3", "126", "12.5", "3,600", "2016", "99.2", "0.3", "15"];
    const UNITS: [&str; 18] = [
        "年",
        "个",
        "处",
        "万亩",
        "余人",
        "多项",
        "t/(hm²·a)",
        "mg/L",
        "%",
        "℃",
        "平方米",
        "公里",
        "人次",
        "万元",
        "小时",
        "篇",
        "个百分点",
        "亿元",
    ];
    let mut chance = Chance::law(2_016);
    let none = WordList::default();
    for _ in 0..20_000 {
        let number = NUMBERS[chance.index(NUMBERS.len())];
        let unit = UNITS[chance.index(UNITS.len())];
        let before: String = "主持完成示例工程累计推广"
            .chars()
            .take(chance.index(12))
            .collect();
        let text: Vec<char> = format!("{before}{number}{unit}，节水").chars().collect();
        let costs = costs(&text, &none);
        let (from, length) = (
            before.chars().count(),
            number.chars().count() + unit.chars().count(),
        );
        for cost in costs.iter().take(from + length).skip(from + 1) {
            let text: String = text.iter().collect();
            assert_eq!(*cost, FORBIDDEN, "{text}");
        }
        let end = from + length + 1;
        assert_eq!(costs[end], 0, "behind the comma a line may end");
    }
    let number: Vec<char> = "示教〔2024〕9号文".chars().collect();
    let inner = &costs(&number, &none)[3..10];
    assert!(inner.iter().all(|cost| *cost >= 500), "{inner:?}");
    for whole in [
        "2016年5月25日",
        "8时30分",
        "第3次",
        "0311-86040095",
        "12.5 t/(hm²·a)",
        "10 mg/L",
        "12 000册",
        "1 260 000次",
        "26 280 h",
        "3.6×10¹² cm⁻²·eV⁻¹",
        "3.2×10⁵次/s",
        "126 m³/亩",
        "−40℃～85℃",
        "H₂O",
        "GB 50011",
        "≤95%",
        "7.2±0.1",
        "g-C₃N₄",
        "10⁻³ mol·L⁻¹·s⁻¹",
        "1.2 W/(m·K)",
        "二〇二一年五月",
        "十二月三十日",
        "第十届",
        "第二十次",
        "一等奖",
        "20世纪",
        "2019—2020学年",
        "5月25日—27日",
        "5·12",
        "1∶50000",
        "（0311）86040095",
        "0311-86040095转8012",
        "c(H⁺)",
        "25 °C",
        "①②③",
    ] {
        let text: Vec<char> = format!("在{whole}于").chars().collect();
        let costs = costs(&text, &none);
        for (at, cost) in costs.iter().enumerate().take(text.len() - 1).skip(2) {
            assert_eq!(*cost, FORBIDDEN, "{whole} at {at}");
        }
    }
}

#[test]
fn an_address_is_broken_behind_its_signs_and_nowhere_else() {
    let parts = |text: &str| -> Vec<String> {
        let text: Vec<char> = text.chars().collect();
        let mut parts = vec![String::new()];
        for (ch, cost) in text.iter().zip(allowed(&text)) {
            if cost != FORBIDDEN {
                parts.push(String::new());
            }
            parts.last_mut().unwrap().push(*ch);
        }
        parts.retain(|p| !p.is_empty());
        parts
    };
    assert_eq!(
        parts("long.address.of.somebody@department.of.example.org"),
        [
            "long.",
            "address.",
            "of.",
            "somebody@",
            "department.",
            "of.",
            "example.org"
        ]
    );
    assert_eq!(
        parts("https://example.org/research/v2.1.3/read-me.html"),
        [
            "https://example.",
            "org/",
            "research/",
            "v2.1.3/",
            "read-me.html"
        ]
    );
    assert_eq!(
        parts("doi:10.1029/2020WR028123"),
        ["doi:10.1029/", "2020WR028123"]
    );
    // words with a hyphen are no address, and a single letter belongs to its word
    assert_eq!(parts("multi-scale"), ["multi-", "scale"]);
    assert_eq!(parts("X-ray"), ["X-ray"]);
    assert_eq!(parts("and/or"), ["and/or"]);
}

/// A mark over a letter (x\u{304}) that has no character of its own is drawn over that letter, takes no room and stays with it; one
/// that cannot be drawn so is told as missing.
#[test]
fn a_mark_over_a_letter_stands_over_that_letter() {
    let campaign = hebei();
    let mut filled = submission(&campaign);
    let deeds = "均值x\u{304}=3.2，估计p\u{302}=0.95。";
    filled.candidates[0].set("deeds", deeds);
    let form = form_of(&campaign, &filled, FormKind::Recommendation);
    let (pages, findings) = sanlian::layout::layout(&BOOK, &form);
    assert!(findings.is_empty(), "{findings:?}");
    let mut seen = 0;
    for page in &pages.pages {
        let all = glyphs(page);
        for (n, (ch, at, _)) in all.iter().enumerate() {
            let base = match ch {
                '\u{304}' => 'x',
                '\u{302}' => 'p',
                _ => continue,
            };
            seen += 1;
            let letter = all[..n].iter().rev().find(|g| g.0 == base).unwrap().1;
            let middle = |r: &Rect| r.x + r.width / 2;
            assert!(
                (middle(at) - middle(&letter)).0.abs() < 50,
                "{base}: {at:?} {letter:?}"
            );
            let next = all[n + 1..].iter().find(|g| g.0 == '=').unwrap().1;
            assert!(next.x >= letter.right() - Length(50), "= under {base}");
        }
    }
    assert_eq!(seen, 2);
    let odd = "x\u{35C}y";
    filled.candidates[0].set("deeds", odd);
    let form = form_of(&campaign, &filled, FormKind::Recommendation);
    let findings = sanlian::layout::layout(&BOOK, &form).1;
    assert!(findings.iter().any(|f| f.code == "N7"), "{findings:?}");
}

#[test]
fn ordinary_words_that_no_list_of_ours_has_are_whole() {
    // a campaign without words of its own: these are known as ordinary Chinese
    let none = WordList::default();
    for (text, parts) in [
        (
            "煤气余压透平发电装置",
            vec!["煤气", "余", "压", "透平", "发电", "装置"],
        ),
        ("职业教育中心", vec!["职业教育", "中心"]),
        ("神经内科护士", vec!["神经", "内科", "护士"]),
        ("瓦斯治理与利用", vec!["瓦斯", "治理", "与", "利用"]),
    ] {
        let chars: Vec<char> = text.chars().collect();
        let mut found = vec![String::new()];
        for (ch, cost) in chars.iter().zip(costs(&chars, &none)) {
            if cost < AT_LESSER_JOINT {
                found.push(String::new());
            }
            found.last_mut().unwrap().push(*ch);
        }
        found.retain(|p| !p.is_empty());
        assert_eq!(found, parts, "{text}");
    }
}

#[test]
fn no_short_cell_ends_in_a_line_of_one_character_where_it_can_be_helped() {
    let campaign = hebei();
    let mut chance = Chance::law(1_000);
    let names: Vec<String> = campaign
        .lists
        .values()
        .flat_map(|l| &l.items)
        .map(|i| i.name.clone())
        .filter(|name| name.chars().count() > 1)
        .collect();
    let (mut lone, mut cells) = (Vec::new(), 0);
    for _ in 0..40 {
        let mut filled = submission(&campaign);
        for candidate in &mut filled.candidates {
            for key in ["title", "discipline", "post", "politics"] {
                let name = &names[chance.index(names.len())];
                candidate.set(key, name);
            }
        }
        let pages = laid(&form_of(&campaign, &filled, FormKind::Summary)).pages;
        for line in pages.iter().flat_map(lines) {
            cells += 1;
            // 男, 女, and 序 above 号 are one character by themselves
            let number = line.chars().all(|c| c.is_ascii_digit());
            // and so may be what a word begins with: 核|科学技术
            let begins = names.iter().any(|name| name.starts_with(&line));
            if line.chars().count() == 1 && !number && !begins && !"男女序号".contains(&line) {
                lone.push(line);
            }
        }
    }
    assert!(cells > 1_000);
    assert!(lone.is_empty(), "{lone:?} of {cells}");
}

#[test]
fn empty_lists_say_so_in_one_row_and_empty_fields_leave_no_hole() {
    let campaign = hebei();
    let mut filled = submission(&campaign);
    filled.candidates[0]
        .values
        .insert("awards".to_owned(), Value::Rows(Vec::new()));
    filled.candidates[0].set("degree", "");
    let form = form_of(&campaign, &filled, FormKind::Recommendation);
    let page = laid(&form)
        .pages
        .into_iter()
        .find(|p| words(p).contains("授予单位"))
        .unwrap();
    assert_eq!(lines(&page).iter().filter(|l| *l == "无").count(), 1);
    let summary = laid(&form_of(&campaign, &filled, FormKind::Summary));
    let education = filled.candidates[0].text("education").to_owned();
    assert!(summary.pages.iter().flat_map(lines).any(|l| l == education));
}

#[test]
fn lines_of_running_text_are_even_and_keep_their_signs() {
    let campaign = hebei();
    let form = form_of(&campaign, &submission(&campaign), FormKind::Report);
    let right = form.page.width - form.page.right;
    let mut full = 0;
    for (n, page) in laid(&form).pages.iter().enumerate() {
        let right = if n % 2 == 0 {
            right
        } else {
            right - Length::mm(2)
        };
        let mut rows: BTreeMap<Length, Vec<(Length, Length, char)>> = BTreeMap::new();
        for (ch, at, size) in glyphs(page)
            .into_iter()
            .filter(|g| g.2 == Length::from_pt(16.0))
        {
            rows.entry(at.y + size)
                .or_default()
                .push((at.x, at.right(), ch));
        }
        for row in rows.values_mut() {
            row.sort_unstable();
            let (first, last) = (row[0], row[row.len() - 1]);
            assert!(!"，。、；：？！”’）》".contains(first.2), "{row:?}");
            assert!(!"“‘（《".contains(last.2), "{row:?}");
            if (last.1 - right).0.abs() < 100 {
                full += 1;
                let gaps = row.windows(2).map(|pair| (pair[1].0 - pair[0].1).0);
                assert!(gaps.max().unwrap() < 16 * 353 * 6 / 10, "{row:?}");
            }
        }
    }
    assert!(full > 20, "{full}");
}
