//! Rules that contradict each other or what the campaign says elsewhere (规则互相矛盾): ratios that no list up to the quota can meet
//! together, and an id photo whose shape is another one in the words of the material or in the box of the form.

use crate::finding::Finding;

use super::document::{Node, fault};
use super::rule::Rule;
use super::{BlockTemplate, Campaign, Kind};

/// The rules that are ratios.
const RATIOS: [&str; 4] = ["Q6", "Q7", "Q8", "Q9"];

/// Checks the rules against one another and against texts and forms; `root` is that of their file.
pub(super) fn verify_agree(campaign: &Campaign, root: Node<'_>, findings: &mut Vec<Finding>) {
    for node in root.key("rule").items(findings) {
        let code = node.key("code").text().unwrap_or_default();
        let rule = campaign.rules.on(code).map(|(rule, _)| rule);
        let Some(rule) = rule else { continue };
        if code == "M2" {
            photo(campaign, rule, node, findings);
        }
        if RATIOS.contains(&code) {
            let earlier = RATIOS.iter().take_while(|known| **known != code);
            let earlier = earlier.filter_map(|code| Some(campaign.rules.on(code)?.0));
            let first = std::iter::once(rule).chain(earlier);
            if let Some(other) = first.into_iter().find(|other| never(campaign, rule, other)) {
                impossible(campaign, rule, other, node, findings);
            }
        }
    }
}

/// What is told of ratios that cannot be met.
fn impossible(
    campaign: &Campaign,
    rule: &Rule,
    other: &Rule,
    node: Node<'_>,
    findings: &mut Vec<Finding>,
) {
    let most = most_candidates(campaign);
    let message = if other.code == rule.code {
        format!(
            "规则“{}”（{}）做不到：名额内推荐1到{most}名，几名都凑不出这个比例",
            rule.code,
            said(rule)
        )
    } else {
        format!(
            "规则“{}”（{}）和“{}”（{}）不能同时做到：名额内推荐1到{most}名，几名都凑不出",
            other.code,
            said(other),
            rule.code,
            said(rule)
        )
    };
    let hint =
        "请核对 least_percent、most_percent 和 words；人少时不作要求的，写 from（从几名起）。";
    fault(findings, node.key("code"), message, hint);
}

/// A ratio in words: 女性不少于30%.
fn said(rule: &Rule) -> String {
    let (least, most) = percents(rule);
    let mut said = rule.text("what").to_owned();
    if least > 0 {
        said.push_str(&format!("不少于{least}%"));
    }
    if most < 100 {
        said.push_str(&format!("不超过{most}%"));
    }
    said
}

fn percents(rule: &Rule) -> (i64, i64) {
    (
        rule.number("least_percent", 0),
        rule.number("most_percent", 100),
    )
}

/// The largest number of candidates that a channel may recommend, with approval of more.
fn most_candidates(campaign: &Campaign) -> i64 {
    let quotas = campaign.channels.iter().map(|c| c.quota);
    let more = campaign
        .rules
        .on("Q5")
        .map_or(0, |(q5, _)| q5.number("most", 0));
    let most = i64::try_from(quotas.max().unwrap_or(0)).unwrap_or(0);
    most.saturating_add(more).clamp(0, 1000)
}

/// The fewest and the most people of a rule among so many.
fn bounds(rule: &Rule, all: i64) -> (i64, i64) {
    let (least, most) = percents(rule);
    ((all * least + 99) / 100, all * most / 100)
}

/// Whether no number of candidates up to the quota meets both rules; only numbers count from which on both are asked.
fn never(campaign: &Campaign, one: &Rule, other: &Rule) -> bool {
    let from = one.number("from", 1).max(other.number("from", 1)).max(1);
    let mut numbers = from..=most_candidates(campaign);
    !numbers.is_empty() && numbers.all(|all| !fits(campaign, one, other, all))
}

/// Whether so many candidates can meet both rules, as far as the two say how their people are related.
fn fits(campaign: &Campaign, one: &Rule, other: &Rule, all: i64) -> bool {
    let ((low, high), (least, most)) = (bounds(one, all), bounds(other, all));
    if low > high || least > most {
        return false;
    }
    // those whom one counts are all counted by the other
    if within(one, other) && low > most || within(other, one) && least > high {
        return false;
    }
    let field = one.text("field");
    if field.is_empty() || field != other.text("field") {
        return true;
    }
    let sheet = campaign.candidate_sheet();
    let single = sheet.and_then(|s| s.field(field)).filter(|f| !f.multi);
    let Some(field) = single else { return true };
    let words = |rule: &Rule| rule.words("words").to_vec();
    let (mine, theirs) = (words(one), words(other));
    let apart = mine.iter().all(|word| !theirs.contains(word));
    if apart && low + least > all {
        return false;
    }
    let list = field.codes.as_ref().and_then(|id| campaign.lists.get(id));
    let known: Vec<&str> = match (list, field.kind) {
        (Some(list), _) => list.items.iter().map(|i| i.name.as_str()).collect(),
        (None, Kind::YesNo) => vec!["是", "否"],
        (None, _) => return true,
    };
    // together they are everybody
    let covers = |word: &&str| mine.iter().chain(&theirs).any(|w| w == *word);
    !(known.iter().all(covers) && high + most < all)
}

/// Whether everybody whom the first rule counts is counted by the second.
fn within(one: &Rule, other: &Rule) -> bool {
    let age = |rule: &Rule| rule.number("age_under", 0);
    if age(one) > 0 && age(other) > 0 {
        return age(one) <= age(other);
    }
    let same = !one.text("field").is_empty() && one.text("field") == other.text("field");
    let words = one.words("words");
    same && !words.is_empty() && words.iter().all(|w| other.words("words").contains(w))
}

/// M2 against every text and box that says how large the photo is.
fn photo(campaign: &Campaign, rule: &Rule, node: Node<'_>, findings: &mut Vec<Finding>) {
    let of_rule = (
        rule.number("ratio_width", 33) as f64,
        rule.number("ratio_height", 48) as f64,
    );
    let percent = rule.number("tolerance_percent", 3).max(3) as f64;
    let differs = |(width, height): (f64, f64)| {
        let (asked, said) = (of_rule.0 / of_rule.1, width / height);
        (said - asked).abs() * 100.0 > asked * percent
    };
    let mut said: Vec<(String, (f64, f64))> = Vec::new();
    for material in &campaign.materials {
        let text = format!("{} {}", material.label, material.note);
        let of_photo = ["证件照", "寸", "免冠"].iter().any(|w| text.contains(w));
        if of_photo && let Some(size) = size_in(&text) {
            said.push((format!("材料“{}”", material.label), size));
        }
    }
    let fields = campaign.sheets.iter().flat_map(|s| &s.fields);
    for field in fields.filter(|f| f.kind == Kind::Photo) {
        if let Some(size) = size_in(&format!("{} {}", field.label, field.note)) {
            said.push((format!("栏目“{}”", field.label), size));
        }
    }
    // a box of another size than photos have is told with the form
    let sane = |[width, height]: &[f64; 2]| (10.0..=120.0).contains(width) && *height <= 120.0;
    if let Some([width, height]) = photo_box(campaign).filter(sane) {
        said.push(("表中的照片框".to_owned(), (width, height)));
    }
    for (what, size) in said.into_iter().filter(|(_, size)| differs(*size)) {
        let message = format!(
            "规则“M2”要 {}×{} 的照片，{what}却是 {}×{}",
            of_rule.0, of_rule.1, size.0, size.1
        );
        let hint = "请把两处改成一致：ratio_width、ratio_height，或者那里的文字、照片框。";
        findings.push(Finding::warning(
            "T2",
            node.key("code").place(),
            message,
            hint,
        ));
    }
}

/// The box of the first form that has one, in millimetres.
fn photo_box(campaign: &Campaign) -> Option<[f64; 2]> {
    let mut blocks = campaign.forms.iter().flat_map(|f| &f.blocks);
    blocks.find_map(|block| match block {
        BlockTemplate::Table { rows, .. } => {
            rows.iter().flat_map(|r| &r.cells).find_map(|c| c.photo)
        }
        _ => None,
    })
}

/// The size that a text says: two numbers in millimetres, or else 1寸 alone.
fn size_in(text: &str) -> Option<(f64, f64)> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if plain.contains("毫米") || plain.to_lowercase().contains("mm") {
        let mut numbers: Vec<f64> = Vec::new();
        for (at, _) in plain.match_indices(['×', '*', 'x', 'X']) {
            let before = plain
                .get(..at)?
                .trim_end_matches("毫米")
                .trim_end_matches("mm");
            let behind = plain.get(at..)?.trim_start_matches(['×', '*', 'x', 'X']);
            let start = before.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |n| {
                n + before
                    .get(n..)
                    .and_then(|s| s.chars().next())
                    .map_or(1, char::len_utf8)
            });
            let end = behind
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(behind.len());
            numbers.clear();
            numbers.extend(before.get(start..)?.parse::<f64>());
            numbers.extend(behind.get(..end)?.parse::<f64>());
            if let [width, height] = numbers.as_slice()
                && (10.0..=120.0).contains(width)
                && (10.0..=120.0).contains(height)
            {
                return Some((*width, *height));
            }
        }
    }
    let inch = ["1寸", "一寸"].iter().find_map(|word| plain.find(word))?;
    let larger = plain.get(..inch)?.ends_with(['大', '小', '1', '2']);
    (!larger).then_some((25.0, 35.0))
}
