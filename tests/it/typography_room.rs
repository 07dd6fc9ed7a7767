//! Room for words: at fixed places of envelopes and labels, in columns, under a seal, between signs.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use sanlian::campaign::FormKind;
use sanlian::finding::Finding;
use sanlian::form::{Block, Form, Paragraph, Photos, build_candidate};
use sanlian::layout::{Page, Rect, layout};
use sanlian::units::Length;

use crate::chance::Chance;
use crate::font::BOOK;
use crate::typography::{campaigns, form_of, glyphs, hebei, laid, lines, rules, submission, words};

/// The first two glyphs of a page that lie over each other; blank halves of signs do not count.
fn over_each_other(page: &Page) -> Option<(char, char)> {
    let shown = |g: &&(char, Rect, Length)| g.0.is_alphanumeric();
    let all = glyphs(page);
    let inked: Vec<_> = all.iter().filter(shown).collect();
    for (i, (a, at, _)) in inked.iter().enumerate() {
        let at = at.grown(Length(-200));
        for (b, other, _) in inked.iter().skip(i + 1) {
            if at.overlaps(other.grown(Length(-200))) {
                return Some((*a, *b));
            }
        }
    }
    None
}

fn told(findings: &[Finding]) -> Option<&Finding> {
    findings.iter().find(|f| f.code == "P1")
}

/// Addresses and names of every length on envelopes and labels: they take more lines where there is room, else they are told; never
/// does a word stand over another, and never is one lost.
#[test]
fn words_at_a_place_take_more_lines_or_are_told() {
    const ADDRESS: &str =
        "示例省测试市虚拟县高新技术产业开发区创新大街与示范路交叉口东北角科技大厦A座12层1206室";
    let mut chance = Chance::law(244);
    let (mut whole, mut refused) = (0, 0);
    for campaign in campaigns() {
        for kind in [
            FormKind::Envelope(1),
            FormKind::Envelope(2),
            FormKind::Label,
        ] {
            for _ in 0..12 {
                let mut filled = submission(&campaign);
                let text = |n: usize| ADDRESS.chars().cycle().take(n).collect::<String>();
                let (address, name) = (text(8 + chance.index(150)), text(6 + chance.index(60)));
                filled.unit.set("address", &address);
                filled.unit.set("name", &name);
                let form = form_of(&campaign, &filled, kind);
                let (pages, findings) = layout(&BOOK, &form);
                let page = &pages.pages[0];
                match told(&findings) {
                    Some(finding) => {
                        refused += 1;
                        assert!(finding.message.contains("示例省"), "{}", finding.message);
                        assert_eq!(finding.place.file.as_deref(), Some(form.path.as_str()));
                        assert!(address.chars().count() > 50 || name.chars().count() > 24);
                    }
                    None => {
                        whole += 1;
                        let over = over_each_other(page);
                        assert_eq!(over, None, "{}: {address} {name}", form.path);
                    }
                }
                let said = words(page);
                assert!(said.matches(&address[..12]).count() >= 1, "{said}");
                let inside = |at: &Rect| {
                    at.y >= Length::ZERO && at.bottom() <= page.height && at.right() <= page.width
                };
                assert!(glyphs(page).iter().all(|g| inside(&g.1)), "{}", form.path);
            }
        }
    }
    assert!(whole > 60 && refused > 0, "{whole} {refused}");
}

/// The lines of one style on an envelope or a label have one size.
#[test]
fn lines_of_an_address_have_one_size() {
    let campaign = hebei();
    let mut filled = submission(&campaign);
    filled.unit.set(
        "address",
        "示例省测试市虚拟县高新技术产业开发区创新大街88号科技大厦1206室",
    );
    for kind in [FormKind::Envelope(1), FormKind::Label] {
        let form = form_of(&campaign, &filled, kind);
        let page = &laid(&form).pages[0];
        let mut sizes: BTreeMap<String, BTreeSet<Length>> = BTreeMap::new();
        for block in &form.blocks {
            let Block::Placed(placed) = block else {
                continue;
            };
            let Some(first) = placed.paragraphs.first() else {
                continue;
            };
            let key = format!("{:?}{:?}", first.style.sizes, first.style.align);
            let band = |at: &Rect| {
                let y = placed.y - Length::mm(4)..placed.y + Length::mm(11);
                let x = placed.x..placed.x + placed.width;
                y.contains(&at.y) && x.contains(&at.x)
            };
            let text: BTreeSet<char> = first.text.chars().collect();
            let own = glyphs(page)
                .into_iter()
                .filter(|g| band(&g.1) && text.contains(&g.0));
            let _ = own
                .map(|g| sizes.entry(key.clone()).or_default().insert(g.2))
                .count();
        }
        assert!(sizes.len() > 2, "{sizes:?}");
        let sender = sizes.iter().find(|(key, _)| match kind {
            FormKind::Label => key.starts_with("[Length(4233)") && key.ends_with("Left"),
            _ => key.ends_with("Right"),
        });
        let (_, own) = sender.unwrap();
        assert_eq!(own.len(), 1, "{kind}: {own:?}");
    }
}

/// A day of eleven characters, in November and December, is not broken in the line above a table.
#[test]
fn a_day_of_two_digits_for_month_and_day_is_one_line() {
    let mut seen = 0;
    for campaign in campaigns() {
        let filled = submission(&campaign);
        for template in &campaign.forms {
            let day = date(2022, 11, 12);
            let photos = Photos::new();
            let made = build_candidate(&campaign, template, &filled, 0, &photos, day);
            let Some(form) = made else { continue };
            for line in laid(&form).pages.iter().flat_map(lines) {
                if line.contains("填表日期") || line.starts_with("2022年11") {
                    seen += 1;
                    assert!(line.ends_with("2022年11月12日"), "{}: {line}", campaign.id);
                }
            }
        }
    }
    assert!(seen >= 3, "{seen}");
}

/// A name of several parts, with dots or hyphens, is broken between its parts alone, in every list and table; the width of a table
/// does not change for it.
#[test]
fn parts_of_a_name_are_whole_in_every_table() {
    const PARTS: [&str; 9] = [
        "阿依夏木古丽",
        "阿卜杜热合曼",
        "买买提",
        "示例江",
        "多吉",
        "欧阳",
        "王",
        "索南达杰",
        "麦麦提吐尔逊",
    ];
    let mut chance = Chance::law(245);
    let mut shown = 0;
    for campaign in campaigns() {
        for n in 0..12 {
            let mut filled = submission(&campaign);
            let joiner = if n % 3 == 0 { "-" } else { "·" };
            let parts: Vec<&str> = (0..2 + chance.index(3))
                .map(|_| PARTS[chance.index(PARTS.len())])
                .collect();
            let name = parts.join(joiner);
            filled.candidates[0].set("name", &name);
            for kind in [
                FormKind::Summary,
                FormKind::Paper(2),
                FormKind::Recommendation,
            ] {
                let form = match kind {
                    FormKind::Paper(_) => match publicity(&campaign, &filled) {
                        Some(form) => form,
                        None => continue,
                    },
                    kind => form_of(&campaign, &filled, kind),
                };
                let pages = laid(&form).pages;
                let all: Vec<String> = pages.iter().flat_map(lines).collect();
                for (k, part) in parts.iter().enumerate() {
                    let whole = match k + 1 == parts.len() {
                        true => (*part).to_owned(),
                        false => format!("{part}{joiner}"),
                    };
                    let found = all.iter().any(|line| line.contains(&whole));
                    assert!(
                        found,
                        "{} {}: {whole} of {name} is cut",
                        campaign.id, form.path
                    );
                    shown += 1;
                }
                let right = form.page.width - form.page.right;
                for page in pages.iter().step_by(2) {
                    let end = rules(page).iter().map(|r| r.1.0).max();
                    assert!(end.is_none_or(|x| x <= right), "{}: {end:?}", form.path);
                }
            }
        }
    }
    assert!(shown > 200);
}

fn publicity(
    campaign: &sanlian::campaign::Campaign,
    filled: &sanlian::record::Submission,
) -> Option<Form> {
    let papers = sanlian::form::papers_of(campaign, filled);
    let paper = papers
        .iter()
        .find(|p| p.template.kind == FormKind::Paper(2))?;
    Some(sanlian::form::build_paper(
        campaign,
        paper,
        filled,
        date(2021, 5, 28),
    ))
}

/// A seal of 45 mm on the words for it on a cover covers nothing else, however long the unit's name and the others are.
#[test]
fn a_seal_on_the_cover_covers_no_name() {
    let campaign = hebei();
    for n in [4, 12, 14, 20, 26, 33, 40] {
        let mut filled = submission(&campaign);
        let text: String = "示例市虚拟区科学技术协会".chars().cycle().take(n).collect();
        filled.unit.set("name", &text);
        filled.candidates[0].set("org", &text);
        filled.candidates[0].set("name", text.chars().take(25).collect::<String>());
        let form = form_of(&campaign, &filled, FormKind::Recommendation);
        let page = &laid(&form).pages[0];
        let all = glyphs(page);
        let seal: Vec<Rect> = all
            .iter()
            .filter(|g| "盖章".contains(g.0))
            .map(|g| g.1)
            .collect();
        assert_eq!(seal.len(), 2);
        let (x, y) = (
            (seal[0].x + seal[1].right()).0 / 2,
            (seal[0].y + seal[0].bottom()).0 / 2,
        );
        for (ch, at, _) in all.iter().filter(|g| !"（盖章）".contains(g.0)) {
            let far = |low: Length, high: Length, middle: i64| middle.clamp(low.0, high.0) - middle;
            let (dx, dy) = (far(at.x, at.right(), x), far(at.y, at.bottom(), y));
            let away = (dx as f64).hypot(dy as f64);
            assert!(away > 22_500.0, "{n}: {ch} under the seal at {at:?}");
        }
    }
}

/// In a narrow opinion box the square for the seal stands in the middle.
#[test]
fn the_square_for_a_seal_is_in_the_middle_of_a_narrow_box() {
    let campaign = campaigns()
        .into_iter()
        .find(|c| c.id.starts_with("quanguo"))
        .unwrap();
    let mut filled = submission(&campaign);
    filled.unit.set("channel", "province");
    let mut form = form_of(&campaign, &filled, FormKind::Recommendation);
    for block in &mut form.blocks {
        if let Block::Table(table) = block
            && table.columns == [Length::mm(72); 2]
        {
            table.columns = vec![Length::mm(65); 2];
        }
    }
    let mut narrow = 0;
    for page in &laid(&form).pages {
        for slot in &page.seal_slots {
            let beside = |rule: &&((Length, Length), (Length, Length), Length)| {
                rule.0.0 == rule.1.0 && rule.0.1 < slot.bottom() && rule.1.1 > slot.y
            };
            let all = rules(page);
            let xs: Vec<Length> = all.iter().filter(beside).map(|r| r.0.0).collect();
            let left = xs.iter().filter(|x| **x <= slot.x).max().unwrap();
            let right = xs.iter().filter(|x| **x >= slot.right()).min().unwrap();
            if *right - *left < Length::mm(70) {
                narrow += 1;
                let off = (slot.x - *left) - (*right - slot.right());
                assert!(off.0.abs() < 100, "{off:?}");
            }
        }
    }
    assert_eq!(narrow, 2);
}

/// ？ and ！ give up their blank side before a closing sign, as a full stop does, and no line ends in a lone character with a sign.
#[test]
fn question_and_exclamation_marks_are_squeezed_before_closing_signs() {
    let campaign = hebei();
    let mut form = form_of(&campaign, &submission(&campaign), FormKind::Report);
    let body = form.blocks.iter().find_map(|block| match block {
        Block::Paragraph(p) if p.style.indent == 2 => Some(p.clone()),
        _ => None,
    });
    let body: Paragraph = body.unwrap();
    let mut pairs = 0;
    for n in 0..60 {
        let filler: String = "农民增收了".chars().cycle().take(n).collect();
        let text = format!("{filler}问：“可行吗？”答：“行！”又（真的？）说《干吧！》增产三成");
        form.blocks = vec![Block::Paragraph(Paragraph {
            text: format!("{text}{filler}保护。"),
            ..body.clone()
        })];
        let page = &laid(&form).pages[0];
        let all = glyphs(page);
        for pair in all.windows(2) {
            let close = "”）》".contains(pair[1].0) && "？！".contains(pair[0].0);
            if close && pair[0].1.y == pair[1].1.y {
                pairs += 1;
                let step = (pair[1].1.x - pair[0].1.x).to_pt() / 16.0;
                assert!((0.45..0.75).contains(&step), "{step} em");
            }
        }
        let last = lines(page).pop().unwrap();
        assert!(last.chars().count() > 2, "{n}: {last}");
    }
    assert!(pairs > 150, "{pairs}");
}

/// Candidates of a summary share its pages evenly, and their rows are of one height where there is room.
#[test]
fn eight_candidates_stand_on_two_pages_in_rows_of_one_height() {
    for campaign in campaigns() {
        let mut filled = submission(&campaign);
        let all = filled.candidates.clone();
        filled.candidates = (0..8).map(|n| all[n % all.len()].clone()).collect();
        for candidate in &mut filled.candidates {
            candidate.set(
                "summary",
                "他主持建成示例平台，提出示例方法，成果在六家企业应用。".repeat(3),
            );
        }
        let form = form_of(&campaign, &filled, FormKind::Summary);
        let pages = laid(&form).pages;
        let deeds = words(&pages[0]).contains("示例平台");
        assert_eq!(pages.len(), 1 + usize::from(deeds), "{}", campaign.id);
        let notes = words(&pages[0]).contains("（本页4名，接下页）");
        assert_eq!(notes, deeds, "{}", campaign.id);
        if !deeds {
            continue;
        }
        for page in &pages {
            let mut ys: BTreeSet<Length> = BTreeSet::new();
            for (from, to, _) in rules(page) {
                if from.1 == to.1 && to.0 - from.0 > Length::mm(100) {
                    ys.insert(from.1);
                }
            }
            let ys: Vec<Length> = ys.into_iter().collect();
            let heights: Vec<i64> = ys.windows(2).skip(1).map(|y| (y[1] - y[0]).0).collect();
            let rows = heights.get(..4).unwrap();
            let (low, high) = (rows.iter().min().unwrap(), rows.iter().max().unwrap());
            assert!(high - low < 100, "{}: {heights:?}", campaign.id);
            let bottom = ys.last().unwrap();
            let full = form.page.height - form.page.bottom - form.page.top;
            assert!((*bottom - ys[0]).0 > full.0 * 7 / 10, "{}", campaign.id);
        }
    }
}
