//! Pages as a typographer sees them: where a seal falls, pages that are full, the outer corner for the mark, and a file in which an
//! operator finds a page.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use sanlian::campaign::{Align, FormKind};
use sanlian::export::{Info, PaperSide, PrintedCopy, write_pdf};
use sanlian::form::{Block, Form, build_paper, papers_of};
use sanlian::layout::{MarkArt, Page, Rect, mark_overlay};
use sanlian::units::Length;

use crate::font::BOOK;
use crate::tools;
use crate::typography::{
    campaigns, form_of, forms, glyphs, hebei, laid, lines, rules, submission, words,
};

#[test]
fn a_seal_on_its_place_covers_nothing_but_the_words_for_it_and_the_day() {
    let mut sealed = 0;
    for campaign in campaigns() {
        let mut filled = submission(&campaign);
        for channel in campaign.channels.clone() {
            filled.unit.set("channel", &channel.kind);
            for form in forms(&campaign, &filled) {
                for page in &laid(&form).pages {
                    for slot in &page.seal_slots {
                        sealed += 1;
                        seal(page, *slot, &form.path);
                    }
                }
            }
        }
    }
    assert!(sealed > 100, "{sealed}");
}

/// Puts seals of 45 and 50 mm on the middle of a square.
fn seal(page: &Page, slot: Rect, form: &str) {
    let middle = (slot.x + slot.width / 2, slot.y + slot.height / 2);
    let far = |x: Length, y: Length| {
        let (x, y) = ((x - middle.0).to_mm(), (y - middle.1).to_mm());
        x.hypot(y)
    };
    let mut under = String::new();
    for (ch, at, _) in glyphs(page) {
        // the nearest point of a glyph's box
        let x = middle.0.max(at.x).min(at.right());
        let y = middle.1.max(at.y).min(at.bottom());
        if far(x, y) < 25.0 && ch != '\u{3000}' {
            assert!("（盖公章）年月日".contains(ch), "{form}: {ch} under a seal");
            if far(x, y) < 22.5 {
                under.push(ch);
            }
        }
    }
    assert!(
        under.contains('章') && under.contains('月'),
        "{form}: {under}"
    );
    for (from, to, _) in rules(page) {
        let x = middle.0.max(from.0.min(to.0)).min(from.0.max(to.0));
        let y = middle.1.max(from.1.min(to.1)).min(from.1.max(to.1));
        assert!(far(x, y) >= 25.0, "{form}: a rule under a seal of 50 mm");
    }
    let inside =
        slot.x >= Length::ZERO && slot.right() <= page.width && slot.bottom() <= page.height;
    assert!(inside, "{form}: {slot:?}");
}

#[test]
fn who_signs_has_room_beside_or_above_the_seal() {
    let campaign = hebei();
    let form = form_of(&campaign, &submission(&campaign), FormKind::Recommendation);
    let mut signed = 0;
    for page in &laid(&form).pages {
        let all = glyphs(page);
        for (_, colon, _) in all.iter().filter(|g| g.0 == '：') {
            let before = |g: &&(char, Rect, Length)| {
                let on_line = (g.1.bottom() - colon.bottom()).0.abs() < 500;
                on_line && g.1.x < colon.x && g.1.x > colon.x - Length::mm(40)
            };
            if !all.iter().filter(before).any(|g| g.0 == '签') {
                continue;
            }
            signed += 1;
            let pen = Rect {
                x: colon.right(),
                y: colon.bottom() - Length::mm(7),
                width: Length::mm(30),
                height: Length::mm(9),
            };
            let free = |(ch, at, _): &(char, Rect, Length)| *ch == '\u{3000}' || !at.overlaps(pen);
            assert!(all.iter().all(free), "no room to sign at {pen:?}");
        }
    }
    assert_eq!(signed, 8);
}

/// The lines of a page with the box of each, from top to bottom.
fn set_lines(page: &Page) -> Vec<(String, Rect)> {
    let mut rows: BTreeMap<Length, (String, Rect)> = BTreeMap::new();
    for (ch, at, _) in glyphs(page) {
        let row = rows.entry(at.bottom()).or_insert((String::new(), at));
        row.0.push(ch);
        row.1.width = at.right() - row.1.x;
    }
    rows.into_values().collect()
}

/// A text is as long as chance has it: who signs it and the day never stand alone on a page, the one is centred on the other, and a
/// seal over both covers nothing else (GB/T 9704-2012, 7.3.5.1).
#[test]
fn who_signs_a_text_never_stands_alone_and_a_seal_over_it_covers_no_text() {
    let campaign = hebei();
    let filled = submission(&campaign);
    let mut texts: Vec<Form> = papers_of(&campaign, &filled)
        .iter()
        .map(|paper| build_paper(&campaign, paper, &filled, date(2021, 5, 28)))
        .collect();
    texts.push(form_of(&campaign, &filled, FormKind::Report));
    assert!(texts.len() > 4, "{}", texts.len());
    for mut text in texts {
        let signs = |b: &Block| matches!(b, Block::Paragraph(p) if p.style.signs);
        let first = text.blocks.iter().position(signs);
        let first = first.unwrap_or_else(|| panic!("nobody signs {}", text.path));
        let name = match &text.blocks[first] {
            Block::Paragraph(name) => name.text.clone(),
            _ => String::new(),
        };
        let body = text.blocks.iter().find_map(|b| match b {
            Block::Paragraph(p) if p.style.align == Align::Justify => Some(p.clone()),
            _ => None,
        });
        let mut body = body.unwrap();
        body.text = "示例。".to_owned();
        for _ in 0..24 {
            text.blocks.insert(2, Block::Paragraph(body.clone()));
            let pages = laid(&text).pages;
            let signed = |page: &Page| set_lines(page).iter().any(|(line, _)| *line == name);
            let page = pages.iter().rev().find(|page| signed(page)).unwrap();
            let lines = set_lines(page);
            let at = lines.iter().rposition(|(line, _)| *line == name).unwrap();
            assert!(at > 0, "{}: {name} alone on a page", text.path);
            let (above, day) = (lines[at].1, lines[at + 1].1);
            let middle = |rect: Rect| rect.x + rect.width / 2;
            assert!(
                (middle(above) - middle(day)).0.abs() < 300,
                "{}: {name} is not centred on its day",
                text.path
            );
            let centre = (
                middle(day).to_mm(),
                (above.y + (day.bottom() - above.y) / 2).to_mm() - 4.5,
            );
            for (line, at) in &lines[..at] {
                let x = centre.0.clamp(at.x.to_mm(), at.right().to_mm());
                let far = (x - centre.0).hypot(at.bottom().to_mm() - centre.1);
                assert!(far > 22.5, "{}: {line} under the seal", text.path);
            }
            // the contact's telephone stands below the seal
            for (line, at) in lines.get(at + 2..).unwrap_or_default() {
                let free = at.y.to_mm() - centre.1;
                assert!(
                    free > 22.5 || line.starts_with('—'),
                    "{}: {line} under the seal",
                    text.path
                );
            }
        }
    }
}

#[test]
fn further_pages_of_a_summary_have_its_head_and_the_mark_in_the_outer_corner() {
    let campaign = hebei();
    let mut filled = submission(&campaign);
    let one = filled.candidates[0].clone();
    filled.candidates.extend(std::iter::repeat_n(one, 9));
    let pages = laid(&form_of(&campaign, &filled, FormKind::Summary)).pages;
    assert!(pages.len() >= 3);
    for (n, page) in pages.iter().enumerate() {
        let said = words(page);
        assert!(
            said.contains("推荐人选汇总表")
                && said.contains("推荐单位（盖章）")
                && said.contains("专业领域")
        );
        assert_eq!(said.contains("附件2（续）"), n > 0);
        let mark = page.mark.unwrap().grown(Length(2_200));
        let free = glyphs(page).iter().all(|g| !g.1.overlaps(mark));
        assert!(free, "page {n}");
        let top = if n % 2 == 0 { 28 } else { 16 };
        assert_eq!(page.mark.unwrap().y, Length::mm(top));
    }
}

#[test]
fn pages_are_full_to_the_end_of_the_type_area_and_frames_have_no_spurs() {
    for campaign in campaigns() {
        let filled = submission(&campaign);
        for form in forms(&campaign, &filled)
            .iter()
            .filter(|f| f.page.fills && f.kind == FormKind::Recommendation)
        {
            let pages = laid(form).pages;
            let bottom = form.page.height - form.page.bottom;
            let mut full = 0;
            for page in &pages {
                let rules = rules(page);
                let Some(last) = rules.iter().map(|r| r.1.1).max() else {
                    continue;
                };
                full += usize::from(last == bottom);
                assert!(last <= bottom, "{}", form.path);
                let frame = rules.iter().filter(|r| r.2 == Length(353));
                let (mut xs, mut ys) = (BTreeSet::new(), BTreeSet::new());
                for (from, to, _) in frame {
                    xs.extend([from.0, to.0]);
                    ys.extend([from.1, to.1]);
                }
                // the frame is one closed rectangle: its rules end where its corners are
                if !xs.is_empty() {
                    assert_eq!((xs.len(), ys.len()), (2, 2), "{}: {xs:?} {ys:?}", form.path);
                }
            }
            assert!(
                full + 3 >= pages.len(),
                "{}: {full} of {}",
                form.path,
                pages.len()
            );
        }
    }
}

#[test]
fn backs_of_sheets_are_mirrored_and_opinions_begin_on_a_front() {
    let campaign = hebei();
    let mut filled = submission(&campaign);
    for deeds in [300, 1200, 2000] {
        let text: String = "他长期奋战在基层一线，主持完成示例工程。"
            .chars()
            .cycle()
            .take(deeds)
            .collect();
        filled.candidates[0].set("deeds", &text);
        let pages = laid(&form_of(&campaign, &filled, FormKind::Recommendation)).pages;
        for (n, page) in pages.iter().enumerate() {
            let x = page.mark.unwrap().x;
            let corner = if n % 2 == 0 {
                Length(161_950)
            } else {
                Length::mm(26)
            };
            assert_eq!(x, corner, "page {}", n + 1);
        }
        let declared = pages
            .iter()
            .position(|p| words(p).contains("本人签名"))
            .unwrap();
        assert_eq!(declared % 2, 0, "{deeds}: page {}", declared + 1);
        let all: String = pages.iter().map(words).collect();
        let blank = all.contains("（此面空白）");
        assert_eq!(blank, words(&pages[declared - 1]).contains("（此面空白）"));
        assert_eq!(
            pages.len(),
            declared + 2,
            "both pages to be sealed are one sheet"
        );
    }
}

#[test]
fn an_operator_finds_a_copy_and_a_page_in_the_print_file() {
    let campaign = hebei();
    let filled = submission(&campaign);
    let form = form_of(&campaign, &filled, FormKind::Recommendation);
    let pages = laid(&form);
    let count = pages.pages.len();
    let mut sheets = Vec::new();
    let mut copies = Vec::new();
    for copy in 1..=3 {
        copies.push(PrintedCopy {
            form: "03-王示例-推荐表".to_owned(),
            copy: format!("第{copy}份"),
            sheet: sheets.len(),
            pages: count,
        });
        sheets.extend((0..count).map(|page| PaperSide::Printed {
            doc: 0,
            page,
            overlay: Vec::new(),
        }));
        sheets.push(PaperSide::Blank {
            width: Length::mm(210),
            height: Length::mm(297),
        });
    }
    let info = Info {
        title: "示例市科学技术协会：推荐材料".to_owned(),
        copies,
        ..Info::default()
    };
    let file = write_pdf(&BOOK, &[pages], &sheets, &info).unwrap();
    let folder = tools::folder("outline");
    let path = folder.join("print.pdf");
    std::fs::write(&path, &file.bytes).unwrap();
    let path = path.to_str().unwrap();
    let Some(said) = tools::says(
        "qpdf",
        &[
            "--json",
            "--json-key=outlines",
            "--json-key=pagelabels",
            "--json-key=pages",
            path,
        ],
    ) else {
        return;
    };
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    let top = json["outlines"].as_array().unwrap();
    assert_eq!(top.len(), 1);
    assert_eq!(top[0]["title"], "03-王示例-推荐表");
    let second = &top[0]["kids"][1];
    assert_eq!(second["title"], "第2份");
    assert_eq!(second["destpageposfrom1"], count + 2);
    assert_eq!(second["kids"][2]["title"], "第3页");
    assert_eq!(second["kids"][2]["destpageposfrom1"], count + 4);
    let labels = json["pagelabels"].as_array().unwrap();
    let said: Vec<(&str, u64)> = labels
        .iter()
        .map(|l| {
            (
                l["label"]["/P"].as_str().unwrap(),
                l["index"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(said[0], ("u:03-王示例-推荐表 第1份 ", 0));
    assert_eq!(said[1], ("u:空白背面", count as u64));
}

#[test]
fn the_captions_of_a_mark_stand_beside_it_towards_the_middle() {
    let campaign = hebei();
    let filled = submission(&campaign);
    let art = MarkArt {
        side: 41,
        dark: vec![true; 41 * 41],
        human: "927M-9QMW-T5FT".to_owned(),
        caption: "第1/3份 第1/8页 版本1".to_owned(),
    };
    for kind in [FormKind::Recommendation, FormKind::Summary] {
        let pages = laid(&form_of(&campaign, &filled, kind)).pages;
        for (n, page) in pages.iter().enumerate() {
            let over = Page {
                items: mark_overlay(&BOOK, page, &art),
                ..Page::default()
            };
            let mark = page.mark.unwrap();
            for (ch, at, _) in glyphs(&over) {
                let apart = !at.overlaps(mark.grown(Length(2_200)));
                assert!(apart, "{kind} page {n}: {ch} in the quiet zone");
                let beside =
                    at.bottom() <= mark.bottom() + Length(400) && at.y >= mark.y - Length(400);
                assert!(beside, "{kind} page {n}: {ch} at {at:?}");
            }
            let clear = glyphs(page)
                .iter()
                .all(|(_, text, _)| glyphs(&over).iter().all(|(_, at, _)| !at.overlaps(*text)));
            assert!(clear, "{kind} page {n}: captions on text");
        }
    }
}

/// An envelope (GB/T 1416): of its own size, six boxes for the postcode at the upper left, room for stamps, and nothing in the zone for
/// the post's bar code; two labels to a sheet, each within its marks for cutting.
#[test]
fn envelopes_and_labels_have_everything_at_its_place() {
    for campaign in campaigns() {
        let filled = submission(&campaign);
        for (kind, wide, high) in [(1, 220.0, 110.0), (2, 324.0, 229.0)] {
            let pages = laid(&form_of(&campaign, &filled, FormKind::Envelope(kind))).pages;
            assert_eq!(pages.len(), 1);
            let page = &pages[0];
            assert_eq!((page.width.to_mm(), page.height.to_mm()), (wide, high));
            let written = words(page);
            for key in ["name", "address", "postcode", "contact", "contact_mobile"] {
                let value = filled.unit.text(key);
                assert!(written.contains(value), "{key} {value} in {written}");
            }
            for (ch, at, _) in glyphs(page) {
                let (right, bottom) = (page.width - at.x, page.height - at.bottom());
                let in_code =
                    bottom < Length::mm(20) && right > Length::mm(55) && right < Length::mm(160);
                assert!(!in_code, "{ch} in the zone of the bar code");
                assert!(at.x >= Length::mm(12) && at.right() <= page.width - Length::mm(11));
            }
            // six boxes of 8 mm by 10 mm and the place for stamps; four rules each but for the dashed one
            let boxes = rules(page).into_iter().filter(|(from, to, _)| {
                from.1 == to.1 && from.1 == Length::mm(10) && to.0 < Length::mm(80)
            });
            assert_eq!(boxes.count(), 6);
        }
        let labels = laid(&form_of(&campaign, &filled, FormKind::Label)).pages;
        let lines = lines(&labels[0]);
        let sender = format!("单\u{3000}位：{}", filled.unit.text("name"));
        assert_eq!(lines.iter().filter(|l| **l == sender).count(), 2);
        for (ch, at, _) in glyphs(&labels[0]) {
            let inside = |top: i64| at.y >= Length::mm(top) && at.bottom() <= Length::mm(top + 118);
            let note = at.y > Length::mm(272);
            assert!(
                inside(22) || inside(154) || note,
                "{ch} outside of the labels"
            );
        }
    }
}
