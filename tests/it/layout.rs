//! Laws of layout, over the real forms with generated content: nothing is lost, nothing overlaps, seals stay free.

use std::collections::BTreeMap;

use jiff::civil::date;
use sanlian::campaign::{Campaign, FormKind, Per, builtin, load};
use sanlian::face::Face;
use sanlian::finding::has_errors;
use sanlian::font::FontSet;
use sanlian::form::{Block, Content, Form, Photos, build_candidate, build_unit};
use sanlian::layout::{Item, Page, Pages, Rect, Text, layout};
use sanlian::record::{Entry, Submission, Value};
use sanlian::units::Length;

fn campaigns() -> Vec<Campaign> {
    builtin()
        .iter()
        .filter_map(|source| load(source).0)
        .collect()
}

fn book() -> FontSet {
    FontSet::bundled().unwrap()
}

/// Prose of exactly `n` characters with the signs that break lines badly.
fn prose(n: usize) -> String {
    const SAMPLE: &str = "他长期奋战在基层一线，主持完成“太行山区示例工程”（一期、二期），累计推广3.5万km²，节水30%，气温最低达-18℃；\
        编写《虚拟农业技术手册》——被称为“口袋书”……Rust与PDF/A-2b标准2020—2021年间被采用。他说：“把论文写在大地上！”";
    SAMPLE.chars().cycle().take(n).collect()
}

fn row(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}

struct Case {
    name: &'static str,
    deeds: String,
    resume: usize,
    awards: usize,
    person: &'static str,
    org: String,
    address: String,
}

impl Default for Case {
    fn default() -> Self {
        Self {
            name: "usual",
            deeds: prose(2000),
            resume: 6,
            awards: 4,
            person: "张三",
            org: "示例大学".to_owned(),
            address: "测试市示例路1号".to_owned(),
        }
    }
}

fn submission(case: &Case, channel: &str) -> Submission {
    let mut candidate = Entry::default();
    for (key, value) in [
        ("name", case.person),
        ("sex", "男"),
        ("birth", "1978.05"),
        ("ethnic", "汉族"),
        ("native_place", "测试省测试市"),
        ("politics", "中共党员"),
        ("education", "研究生"),
        ("degree", "博士"),
        ("school", "虚拟工业大学土木工程专业"),
        ("title", "研究员"),
        ("post", "副主任"),
        ("discipline", "农学"),
        ("org", case.org.as_str()),
        ("address", case.address.as_str()),
        ("postcode", "050000"),
        ("phone", "0311-00000000"),
        ("mobile", "14000000001"),
        ("email", "zhangsan@example.org"),
        ("id_type", "居民身份证"),
        ("id_no", "139900198502140015"),
        ("deeds", case.deeds.as_str()),
    ] {
        candidate.set(key, value);
    }
    candidate.set("summary", prose(300));
    let resume = (0..case.resume).map(|_| {
        row(&[
            ("span", "1996.09—2000.07"),
            ("org", "虚拟工业大学示例学院"),
            ("post", "讲师、副教授"),
        ])
    });
    candidate
        .values
        .insert("resume".to_owned(), Value::Rows(resume.collect()));
    let awards = (0..case.awards).map(|_| {
        row(&[
            ("month", "2015.12"),
            ("name", "测试市科技进步奖"),
            ("level", "市级"),
            ("by", "测试市人民政府"),
        ])
    });
    candidate
        .values
        .insert("awards".to_owned(), Value::Rows(awards.collect()));
    let mut unit = Entry::default();
    unit.set("name", "测试市科学技术协会");
    unit.set("channel", channel);
    unit.set("contact", "李四");
    unit.set("contact_mobile", "14000000002");
    let status = (0..6).map(|_| {
        row(&[
            ("step", "广泛动员"),
            ("activity", "示例动员会"),
            ("sessions", "3"),
        ])
    });
    unit.values
        .insert("status".to_owned(), Value::Rows(status.collect()));
    let mut report = vec![
        "关于推荐工作情况的报告".to_owned(),
        "一、总体情况".to_owned(),
    ];
    report.extend((0..12).map(|_| prose(200)));
    report.extend(["测试市科学技术协会".to_owned(), "2021年5月28日".to_owned()]);
    Submission {
        unit,
        candidates: vec![candidate.clone(), candidate],
        report,
        ..Submission::default()
    }
}

fn forms(campaign: &Campaign, submission: &Submission) -> Vec<Form> {
    let issued = date(2021, 5, 28);
    let mut forms = Vec::new();
    for template in &campaign.forms {
        match template.per {
            Per::Candidate => forms.extend(build_candidate(
                campaign,
                template,
                submission,
                0,
                &Photos::new(),
                issued,
            )),
            Per::Unit => forms.push(build_unit(campaign, template, submission, issued)),
        }
    }
    forms
}

fn texts(page: &Page) -> impl Iterator<Item = &Text> {
    page.items.iter().filter_map(|item| {
        if let Item::Text(text) = item {
            Some(text)
        } else {
            None
        }
    })
}

/// The box of a run's ink: a full-width sign at its edge leaves half a cell blank, which a neighbour may use.
fn ink(book: &FontSet, text: &Text) -> Rect {
    let (first, last) = (text.glyphs.first().unwrap(), text.glyphs.last().unwrap());
    let mut advance = i64::from(book.advance(text.font, last.glyph));
    if advance >= 900 && "，。、；：）》〉】〕”’」』".contains(last.ch) {
        advance -= 500;
    }
    // their ink ends near the middle of the em in every face of the book
    if advance >= 900 && "？！".contains(last.ch) {
        advance -= 450;
    }
    let blank = if "（《〈【〔“‘「『".contains(first.ch) {
        text.size / 2
    } else {
        Length::ZERO
    };
    Rect {
        x: text.x + blank,
        y: text.baseline - text.size.scaled(80, 100),
        width: last.dx + text.size.scaled(advance, 1000) - blank,
        height: text.size.scaled(90, 100),
    }
}

fn count(texts: impl Iterator<Item = char>) -> BTreeMap<char, usize> {
    let mut counts = BTreeMap::new();
    for ch in texts.filter(|c| !c.is_whitespace() && !"☐☑".contains(*c)) {
        *counts.entry(ch).or_default() += 1;
    }
    counts
}

fn form_text(form: &Form) -> String {
    let mut out = String::new();
    let mut cell = |content: &Content| match content {
        Content::Text(paragraphs) => out.extend(paragraphs.iter().map(|p| p.text.as_str())),
        Content::Vertical(paragraph) => out.push_str(&paragraph.text),
        Content::Photo(photo) if photo.picture.is_none() => {
            out.extend(photo.hint.iter().map(|p| p.text.as_str()))
        }
        Content::Photo(_) => {}
        Content::Opinion(o) => {
            let signed = [Some(&o.sign), o.seal.as_ref(), Some(&o.date)];
            out.extend(
                o.text
                    .iter()
                    .chain(signed.into_iter().flatten())
                    .map(|p| p.text.as_str()),
            );
        }
        Content::Ticks(ticks, _) => out.extend(ticks.iter().map(|t| t.label.as_str())),
    };
    let mut blocks = String::new();
    for block in &form.blocks {
        match block {
            Block::Paragraph(paragraph) => blocks.push_str(&paragraph.text),
            Block::Table(table) => {
                blocks.extend(
                    table
                        .side
                        .iter()
                        .flat_map(|s| &s.label)
                        .map(|p| p.text.as_str()),
                );
                table
                    .rows
                    .iter()
                    .flat_map(|r| &r.cells)
                    .for_each(|c| cell(&c.content));
            }
            Block::Placed(placed) => {
                blocks.extend(placed.paragraphs.iter().map(|p| p.text.as_str()));
            }
            Block::Space(_) | Block::PageBreak | Block::FrontBreak(_) | Block::Frame(_) => {}
        }
    }
    out + &blocks
}

fn check(form: &Form, pages: &Pages, book: &FontSet, case: &str) {
    let whole = count(form_text(form).chars());
    let printed = count(
        pages
            .pages
            .iter()
            .flat_map(texts)
            .flat_map(|t| t.glyphs.iter().map(|g| g.ch)),
    );
    for (ch, n) in whole {
        let found = printed.get(&ch).copied().unwrap_or(0);
        assert!(
            found >= n,
            "{case} {}: “{ch}” stands {n} times in the form and {found} times on paper",
            form.path
        );
    }
    for (n, page) in pages.pages.iter().enumerate() {
        let boxes: Vec<(Rect, String)> = texts(page)
            .map(|t| (ink(book, t), t.glyphs.iter().map(|g| g.ch).collect()))
            .collect();
        let sheet = Rect {
            x: Length::ZERO,
            y: Length::ZERO,
            width: page.width,
            height: page.height,
        };
        for (i, (a, words)) in boxes.iter().enumerate() {
            let inside = a.x >= sheet.x
                && a.y >= sheet.y
                && a.right() <= sheet.right()
                && a.bottom() <= sheet.bottom();
            assert!(
                inside,
                "{case} {} page {}: “{words}” leaves the sheet",
                form.path,
                n + 1
            );
            let back = n % 2 == 1 && form.page.even.is_some();
            let binding = match (page.width > page.height, back) {
                (true, false) => a.y,
                (true, true) => page.height - a.bottom(),
                (false, false) => a.x,
                (false, true) => page.width - a.right(),
            };
            // an envelope and what is cut out are not bound
            let placed = |b: &Block| matches!(b, Block::Placed(_));
            assert!(
                binding >= Length::mm(28) - Length(100) || form.blocks.iter().any(placed),
                "{case} {}: “{words}” in the binding edge",
                form.path
            );
            for (b, other) in boxes.iter().skip(i + 1) {
                // squeezed signs may touch
                let apart = !a.grown(Length(-120)).overlaps(b.grown(Length(-120)));
                assert!(
                    apart,
                    "{case} {} page {}: “{words}” over “{other}”",
                    form.path,
                    n + 1
                );
            }
            // under a seal stand nothing but the words for it and the day
            let under = words
                .chars()
                .all(|c| "（盖公章）年月日\u{3000}".contains(c));
            for slot in &page.seal_slots {
                assert!(
                    under || !slot.overlaps(*a),
                    "{case} {} page {}: “{words}” under a seal",
                    form.path,
                    n + 1
                );
            }
        }
        for slot in &page.seal_slots {
            assert!(
                slot.width >= Length::mm(50) && slot.height >= Length::mm(50),
                "{case}: a slot of {slot:?}"
            );
            if let Some(mark) = page.mark {
                assert!(
                    !slot.grown(Length::mm(10)).overlaps(mark),
                    "{case} {}: mark {mark:?} near a seal {slot:?}",
                    form.path
                );
            }
            for item in &page.items {
                if let Item::Rule { from, to, .. } = item {
                    let rule = Rect {
                        x: from.0,
                        y: from.1,
                        width: to.0 - from.0 + Length(1),
                        height: to.1 - from.1 + Length(1),
                    };
                    assert!(
                        !slot.grown(Length(-200)).overlaps(rule),
                        "{case} {}: a rule under a seal",
                        form.path
                    );
                }
            }
        }
    }
}

#[test]
fn nothing_is_lost_and_nothing_overlaps() {
    let usual = Case::default;
    let mut cases = vec![usual()];
    cases.extend([0, 1, 299, 300, 301, 1999, 2001, 20_000].map(|n| Case {
        name: "deeds",
        deeds: prose(n),
        ..usual()
    }));
    cases.extend([0, 1, 30].map(|resume| Case {
        name: "resume",
        resume,
        ..usual()
    }));
    cases.push(Case {
        name: "awards",
        awards: 40,
        ..usual()
    });
    cases.push(Case {
        name: "digits",
        deeds: "7".repeat(200),
        ..usual()
    });
    cases.push(Case {
        name: "name",
        person: "买买提艾力·阿卜杜热合曼·吾买尔江·示例·阿不都热西",
        ..usual()
    });
    cases.push(Case {
        name: "org",
        org: "河北省示例地质矿产勘查开发局第〇〇测试地质大队（河北省虚拟环境地质勘查院、国家示例重点实验室）".to_owned(),
        ..usual()
    });
    cases.push(Case {
        name: "address",
        address: "测试市示例区虚拟街道".chars().cycle().take(80).collect(),
        ..usual()
    });
    let (book, campaigns) = (book(), campaigns());
    assert!(campaigns.len() >= 2);
    let mut laid_out = 0;
    for campaign in &campaigns {
        for channel in &campaign.channels {
            for case in &cases {
                for form in forms(campaign, &submission(case, &channel.kind)) {
                    let (pages, findings) = layout(&book, &form);
                    assert!(!has_errors(&findings), "{}: {findings:?}", case.name);
                    check(&form, &pages, &book, case.name);
                    laid_out += pages.pages.len();
                }
            }
        }
    }
    assert!(laid_out > 1000);
}

#[test]
fn long_deeds_go_on_with_a_repeated_label() {
    let (book, campaigns) = (book(), campaigns());
    let form = forms(
        &campaigns[0],
        &submission(
            &Case {
                deeds: prose(6000),
                ..Case::default()
            },
            "city",
        ),
    )
    .into_iter()
    .find(|f| f.kind == FormKind::Recommendation)
    .unwrap();
    let (pages, _) = layout(&book, &form);
    let with_label = pages.pages.iter().filter(|page| {
        let words: String = texts(page)
            .flat_map(|t| t.glyphs.iter().map(|g| g.ch))
            .collect();
        words.contains("主要事迹") && words.contains("（续）")
    });
    assert!(with_label.count() >= 2);
}

#[test]
fn a_character_without_a_font_is_a_finding() {
    let (book, campaigns) = (book(), campaigns());
    let case = Case {
        person: "张\u{323BA}",
        ..Case::default()
    };
    let form = &forms(&campaigns[0], &submission(&case, "city"));
    let form = form
        .iter()
        .find(|f| f.kind == FormKind::Recommendation)
        .unwrap();
    let (_, findings) = layout(&book, form);
    let hit = findings
        .iter()
        .find(|f| f.code == "N7" && f.place.field.as_deref() == Some("name"))
        .unwrap();
    assert!(
        hit.message.contains("第2字") && hit.message.contains("U+323BA"),
        "{}",
        hit.message
    );
}

#[test]
fn lines_neither_begin_with_a_stop_nor_end_with_an_opening_sign() {
    let (book, campaigns) = (book(), campaigns());
    let mut lines = 0;
    for form in forms(
        &campaigns[0],
        &submission(
            &Case {
                deeds: prose(4000),
                ..Case::default()
            },
            "city",
        ),
    ) {
        let (pages, _) = layout(&book, &form);
        for page in &pages.pages {
            let mut by_line: BTreeMap<(Length, Length), Vec<(Length, char)>> = BTreeMap::new();
            for text in texts(page).filter(|t| t.size > Length::from_pt(11.0)) {
                let line = by_line.entry((text.baseline, text.size)).or_default();
                line.extend(text.glyphs.iter().map(|g| (text.x + g.dx, g.ch)));
            }
            for line in by_line.values_mut().filter(|l| l.len() > 20) {
                line.sort_unstable();
                lines += 1;
                assert!(
                    !"，。、；：？！”’）》〉】〕·".contains(line[0].1),
                    "{line:?}"
                );
                assert!(!"“‘（《〈【〔".contains(line[line.len() - 1].1), "{line:?}");
            }
        }
    }
    assert!(lines > 50);
}

#[test]
fn digits_and_latin_in_fangsong_come_from_a_full_face() {
    let book = book();
    let digit = book.glyph(Face::Fangsong, '3').unwrap();
    assert_eq!(digit.font, book.glyph(Face::Song, '3').unwrap().font);
    assert_ne!(digit.font, book.glyph(Face::Fangsong, '仿').unwrap().font);
}
