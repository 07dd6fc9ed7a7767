//! Hard text: what is one token stays one, a cover is one page however long its names are, what is not known leaves no hole, and a line
//! beside a long Latin word neither ends early nor is torn apart.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sanlian::campaign::{Align, Campaign, FormKind};
use sanlian::face::Face;
use sanlian::form::{Block, Content, Form, JpegPicture, Paragraph, Style};
use sanlian::layout::{Item, layout_settled};
use sanlian::record::Submission;
use sanlian::text::breaks::{FORBIDDEN, IN_WORD, costs};
use sanlian::units::Length;

use crate::font::BOOK;
use crate::typography::{
    campaigns, form_of, forms, glyphs, hebei, laid, lines, rules, submission, words,
};

/// The cost of a line's end in a text, where it is written as |.
fn cost(campaign: &Campaign, marked: &str) -> u32 {
    let at = marked.chars().position(|ch| ch == '|').unwrap();
    let text: Vec<char> = marked.chars().filter(|ch| *ch != '|').collect();
    costs(&text, &campaign.words)[at]
}

#[test]
fn what_is_one_token_is_not_broken() {
    let campaign = hebei();
    for never in [
        // a sign that joins never begins a line
        "水位|—土层变形—降水",
        "水位—土层变形|—降水",
        "北京|～上海",
        "张家口|–承德",
        "甲|~乙",
        // a range with its unit, a span of days
        "在−40～|+85 ℃下",
        "在−40～+85| ℃下",
        "在−40|～+85 ℃下",
        "5月10日|至21日",
        "5月10日至|21日",
        "98.5%|～102.3%",
        // what falls out and rises, a number in a circle with its item
        "生成CaCO₃|↓和水",
        "生成CO₂|↑和水",
        "分为①|采样",
        "；②|消解",
        // a hyphen in an address
        "https://example.org/monthly-|observation-records",
        "https://example.org/monthly|-observation-records",
    ] {
        assert_eq!(cost(&campaign, never), FORBIDDEN, "{never}");
    }
    // the dash of two cells may begin a line
    assert_eq!(cost(&campaign, "他说|——好"), 0);
    // the number of an official text with who issued it
    for hardly in [
        "（示教|〔2024〕9号）",
        "（冀科|协〔2021〕21号）",
        "（冀科协〔2021〕|21号）",
        "（冀科协〔2021〕21|号）",
    ] {
        assert!(cost(&campaign, hardly) >= 5_000, "{hardly}");
    }
    for word in ["测试藏族|自治州高原站", "联系人：阿依古|丽·示例　1400"] {
        assert!(cost(&campaign, word) >= IN_WORD, "{word}");
    }
    assert_eq!(cost(&campaign, "联系人：阿依古丽·|示例　1400"), 0);
}

#[test]
fn an_office_is_broken_behind_its_place_and_a_list_behind_its_commas() {
    let campaign = hebei();
    for (better, worse) in [
        (
            "示例市测试县|农业技术推广中心",
            "示例市测试县农业|技术推广中心",
        ),
        ("虚拟省|示例气象研究所", "虚拟省示例气象|研究所"),
        ("虚拟省测试州|高原生态研究站", "虚拟省测试州高原|生态研究站"),
        (
            "河北示例虚拟自治县|科技创新中心",
            "河北示例虚拟自治县科技|创新中心",
        ),
        (
            "监测室副主任、高级工程师、|党支部书记",
            "监测室副主任、高级工程师、党支部|书记",
        ),
    ] {
        let (good, bad) = (cost(&campaign, better), cost(&campaign, worse));
        assert!(good + 20 < bad, "{better} {good} {worse} {bad}");
    }
    // a prize is no office
    let prize = cost(&campaign, "河北省科学技术进步奖|一等奖");
    assert_eq!(prize, 0);
    // 示例市|市场监督管理局, but not 示例市|委宣传部
    assert_eq!(cost(&campaign, "示例市|市场监督管理局"), 0);
    assert!(cost(&campaign, "示例市|委宣传部") > 0);
}

/// Names of the length that the hardest submissions have.
fn hard(campaign: &Campaign) -> Submission {
    let mut filled = submission(campaign);
    filled.unit.set(
        "name",
        "河北示例虚拟自治县高质量发展与科技创新协同推进中心（示例市虚拟区技术转移促进中心、示例测试重点实验室）",
    );
    let first = &mut filled.candidates[0];
    first.set("name", "阿卜杜热西提·麦麦提吐尔逊·示例测试虚拟样本");
    first.set(
        "org",
        "示例市虚拟区高原生态与环境变化观测研究及成果转化推广服务中心（本部）",
    );
    filled
}

#[test]
fn a_cover_is_one_page_and_its_sizes_fall_before_it_is_two() {
    let campaign = hebei();
    for filled in [submission(&campaign), hard(&campaign)] {
        let form = form_of(&campaign, &filled, FormKind::Recommendation);
        let page = &laid(&form).pages[0];
        let said = words(page);
        assert!(said.contains("填报日期") && said.ends_with('制'), "{said}");
        // the lines to write on are 86 mm long, and stand in the middle with what is beside them
        let lines: Vec<_> = rules(page).into_iter().filter(|r| r.0.1 == r.1.1).collect();
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|r| r.1.0 - r.0.0 == Length::mm(86)));
    }
    let form = form_of(&campaign, &hard(&campaign), FormKind::Recommendation);
    let (_, _, settled) = layout_settled(&BOOK, &form);
    let Some(Block::Table(cover)) = settled
        .blocks
        .iter()
        .find(|block| matches!(block, Block::Table(_)))
    else {
        panic!("no table");
    };
    let sizes: BTreeSet<Length> = cover
        .rows
        .iter()
        .filter_map(|row| match &row.cells[1].content {
            Content::Text(paragraphs) => paragraphs.first()?.style.sizes.first().copied(),
            _ => None,
        })
        .collect();
    assert!(sizes.len() == 1 && sizes.iter().all(|size| *size < Length::from_pt(16.0)));
}

#[test]
fn a_long_part_of_a_name_borrows_from_its_neighbours_before_a_column_shrinks() {
    let campaign = hebei();
    let form = form_of(&campaign, &hard(&campaign), FormKind::Recommendation);
    let page = &laid(&form).pages[2];
    let size = |text: &str| {
        let all = glyphs(page);
        let said: String = all.iter().map(|g| g.0).collect();
        let at = said.find(text).unwrap();
        all[said[..at].chars().count()].2
    };
    assert_eq!(size("示例测试虚拟样本"), Length::from_pt(12.0));
    assert!(lines(page).iter().any(|line| line == "示例测试虚拟样本"));
}

/// A recipient of whom only the name is known leaves no hole on envelopes and labels.
#[test]
fn what_is_not_known_of_a_recipient_leaves_no_hole() {
    for mut campaign in campaigns() {
        for address in campaign.addresses.values_mut() {
            address.department.clear();
            address.phone.clear();
            address.name = "示例科技工业办公室".to_owned();
        }
        let filled = submission(&campaign);
        let envelopes = |form: &&Form| matches!(form.kind, FormKind::Envelope(_) | FormKind::Label);
        let mut seen = 0;
        for form in forms(&campaign, &filled).iter().filter(envelopes) {
            let page = &laid(form).pages[0];
            let said = lines(page);
            seen += 1;
            assert!(
                said.iter().any(|l| l.starts_with("示例科技工业办公室")),
                "{said:?}"
            );
            let name = said.iter().filter(|l| l.contains("示例科技工业办公室"));
            let name = name.count();
            let to = glyphs(page).iter().filter(|g| g.0 == '收').count();
            let label = form.kind == FormKind::Label;
            assert_eq!(to, name * if label { 2 } else { 1 }, "{said:?}");
            assert!(!said.iter().any(|l| l.starts_with("电话")), "{said:?}");
        }
        assert_eq!(seen, 3, "{}", campaign.id);
    }
}

/// A photo stands 2 mm off its frame on all sides.
#[test]
fn a_photo_stands_off_its_frame() {
    for campaign in campaigns() {
        let filled = submission(&campaign);
        let mut form = form_of(&campaign, &filled, FormKind::Recommendation);
        let tables = form.blocks.iter_mut().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        });
        for cell in tables.flat_map(|t| &mut t.rows).flat_map(|r| &mut r.cells) {
            if let Content::Photo(photo) = &mut cell.content {
                photo.picture = Some(JpegPicture {
                    jpeg: Arc::from(Vec::new()),
                    width: u32::try_from(photo.width.0).unwrap(),
                    height: u32::try_from(photo.height.0).unwrap(),
                    components: 3,
                });
            }
        }
        let mut seen = 0;
        for page in laid(&form).pages {
            for item in &page.items {
                let Item::Picture { at, .. } = item else {
                    continue;
                };
                seen += 1;
                for (from, to, _) in rules(&page) {
                    let off = at.grown(Length(1_950));
                    let crosses = from.0 < off.right()
                        && to.0 > off.x
                        && from.1 < off.bottom()
                        && to.1 > off.y;
                    assert!(!crosses, "{} {at:?} {from:?} {to:?}", campaign.id);
                }
            }
        }
        assert_eq!(seen, 1, "{}", campaign.id);
    }
}

/// Greek letters come from the font of the Latin ones beside them.
#[test]
fn greek_and_latin_are_of_one_hand() {
    for face in [Face::Fangsong, Face::Kai] {
        let latin = BOOK.glyph(face, 'k').unwrap().font;
        for ch in "ΩΔαβγμ".chars() {
            assert_eq!(BOOK.glyph(face, ch).unwrap().font, latin, "{face:?} {ch}");
        }
    }
}

/// Science in two sizes: no line within a paragraph ends much before the edge, and none is torn apart.
#[test]
fn a_line_beside_a_long_word_is_nearly_full_and_not_torn_apart() {
    const TEXT: &str = "三、成果发表在Journal of Imaginary Hydrogeology and Environmental Geochemistry等期刊，题为“Groundwater-Dependent \
        Ecosystems in Semi-arid Plains: A Fifteen-Year Longitudinal Observation”（DOI: 10.1234/example.2020.001234567），代码和数据公开在\
        https://example.org/~somebody/groundwater/open-data/2020/monthly-observation-records?station=A-126&format=csv#download，被引用\
        1,234次；软件GroundWater-Sim v3.2.1获得著作权登记（2019SR0000000）。";
    let campaign = hebei();
    for (points, width) in [(12.0, 148), (16.0, 156)] {
        let size = Length::from_pt(points);
        let mut form = form_of(&campaign, &submission(&campaign), FormKind::Report);
        form.page.right = form.page.width - form.page.left - Length::mm(width);
        form.running.clear();
        form.blocks = vec![Block::Paragraph(Paragraph {
            text: TEXT.to_owned(),
            style: Style {
                align: Align::Justify,
                script_gap: 250,
                indent: 2,
                ..Style::plain(Face::Fangsong, size)
            },
        })];
        let page = &laid(&form).pages[0];
        let mut rows: BTreeMap<Length, Vec<(Length, Length, char)>> = BTreeMap::new();
        for (ch, at, own) in glyphs(page) {
            if own == size {
                rows.entry(at.y).or_default().push((at.x, at.right(), ch));
            }
        }
        let edge = form.page.width - form.page.right;
        let han = |ch: char| ('\u{4E00}'..='\u{9FFF}').contains(&ch);
        let count = rows.len();
        for (n, row) in rows.values_mut().enumerate() {
            row.sort_unstable();
            let said: String = row.iter().map(|g| g.2).collect();
            if n + 1 < count {
                let short = edge - row.last().unwrap().1;
                let most = Length::mm(width).scaled(20, 100);
                assert!(short < most, "{points}: {said} {short:?}");
            }
            for pair in row.windows(2).filter(|p| han(p[0].2) && han(p[1].2)) {
                let gap = pair[1].0 - pair[0].1;
                assert!(gap <= size.scaled(46, 100), "{points}: {said} {gap:?}");
            }
        }
    }
}

/// What says that there is nothing to order, or that a post is none, is left out where one stands alone.
#[test]
fn one_candidate_is_not_in_order_and_no_post_is_no_line() {
    for campaign in campaigns() {
        let mut filled = submission(&campaign);
        let several = forms(&campaign, &filled);
        let ordered = |all: &[Form]| {
            let pages = all.iter().flat_map(|form| laid(form).pages);
            pages
                .filter(|page| words(page).contains("先后排序"))
                .count()
        };
        if filled.candidates.len() > 1 && campaign.id.starts_with("hebei") {
            assert!(ordered(&several) > 0, "{}", campaign.id);
        }
        filled.candidates.truncate(1);
        filled.candidates[0].set("post", "无");
        let alone = forms(&campaign, &filled);
        let of = |form: &&Form| !matches!(form.kind, FormKind::Checklist | FormKind::Report);
        let alone: Vec<Form> = alone.iter().filter(of).cloned().collect();
        assert_eq!(ordered(&alone), 0, "{}", campaign.id);
        let summary = form_of(&campaign, &filled, FormKind::Summary);
        let said = lines(&laid(&summary).pages[0]);
        assert!(!said.iter().any(|line| line == "无"), "{said:?}");
    }
}
