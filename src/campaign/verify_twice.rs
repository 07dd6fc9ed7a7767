//! What a campaign says in two places (两处说法): a quota and the clause of the notice, a material and the forms of its channels, numbers of
//! photos and the note beside them, texts and switches that nothing asks for. Where the two differ, one of them is wrong.

use std::collections::BTreeSet;

use crate::finding::Finding;

use super::document::{Node, fault, nearest_hint};
use super::{BlockTemplate, Campaign, Channel, FormTemplate, Material};

/// Rules that limit how many a channel recommends.
const QUOTA_RULES: [&str; 4] = ["Q1", "Q2", "Q3", "Q4"];
/// What the names of the texts of the blank workbook begin with.
const WORKBOOK: &str = "workbook";

/// Checks `campaign.toml`; `root` is its root, `all_forms` whether all forms could be read.
pub(super) fn verify_twice(
    campaign: &Campaign,
    root: Node<'_>,
    all_forms: bool,
    findings: &mut Vec<Finding>,
) {
    for (i, channel) in campaign.channels.iter().enumerate() {
        quota(campaign, channel, root.key("channel").item(i), findings);
    }
    for (i, material) in campaign.materials.iter().enumerate() {
        let node = root.key("material").item(i);
        if all_forms {
            handed_in(campaign, material, node, findings);
        }
        photos(campaign, material, node, findings);
    }
    for name in campaign.texts.keys() {
        if !name.starts_with(WORKBOOK) {
            let usual = ["workbook_1", "workbook_2", "workbook_3"];
            let hint = match campaign.texts.contains_key("workbook_1") {
                true => nearest_hint(name, usual.into_iter().skip(1)),
                false => nearest_hint(name, usual.into_iter()),
            };
            fault(
                findings,
                root.key("texts").key(name),
                format!("[texts] 的“{name}”没有用处，不会印在任何地方"),
                format!("名称要以 {WORKBOOK} 开头，才印在工作簿的说明里。{hint}"),
            );
        }
    }
    switches(campaign, root.key("switches"), findings);
}

/// Whether two forms are of one kind.
pub(super) fn alike(forms: &[FormTemplate]) -> bool {
    let kinds: BTreeSet<_> = forms.iter().map(|form| form.kind.key()).collect();
    kinds.len() < forms.len()
}

fn warn(findings: &mut Vec<Finding>, node: Node<'_>, message: String, hint: &str) {
    findings.push(Finding::warning("T2", node.place(), message, hint));
}

/// A channel's quota against the clause of its rule, and whether the clause is about another channel.
fn quota(campaign: &Campaign, channel: &Channel, node: Node<'_>, findings: &mut Vec<Finding>) {
    let rules = &campaign.rules.0;
    let Some(rule) = rules.get(&channel.quota_rule).filter(|_| channel.enabled) else {
        return;
    };
    let numbers = counts(&rule.clause, &['名', '人', '位']);
    let quota = channel.quota;
    if !numbers.is_empty() && !numbers.contains(&quota) {
        let message = format!(
            "渠道“{}”的名额是{quota}名，规则“{}”的通知原文却是“{}”",
            channel.label, rule.code, rule.clause
        );
        warn(
            findings,
            node.key("quota"),
            message,
            "请核对通知，把 quota 与 clause 改成一致。",
        );
    }
    let named = |clause: &str, channel: &Channel| {
        let words = std::iter::once(&channel.label).chain(&channel.aliases);
        words.into_iter().any(|word| clause.contains(word.as_str()))
    };
    let others = campaign.channels.iter().filter(|c| c.kind != channel.kind);
    let other = others.into_iter().find(|c| named(&rule.clause, c));
    let own = QUOTA_RULES
        .iter()
        .filter_map(|code| rules.get(*code))
        .find(|rule| named(&rule.clause, channel));
    if let (Some(other), Some(own)) = (other, own)
        && own.code != rule.code
        && !named(&rule.clause, channel)
    {
        let message = format!(
            "渠道“{}”用的名额规则“{}”说的是“{}”，说到“{}”的是规则“{}”",
            channel.label, rule.code, other.label, channel.label, own.code
        );
        warn(
            findings,
            node.key("quota_rule"),
            message,
            "请核对 quota_rule。",
        );
    }
}

/// A material that is a form is asked of channels that hand the form in.
fn handed_in(
    campaign: &Campaign,
    material: &Material,
    node: Node<'_>,
    findings: &mut Vec<Finding>,
) {
    let Some(kind) = material.form else { return };
    let asked = |channel: &&Channel| {
        let here = material.channels.is_empty() || material.channels.contains(&channel.kind);
        here && channel.enabled
    };
    // the list of materials itself names what no channel has to hand in
    if campaign.form(kind).is_none() {
        return;
    }
    for channel in campaign.channels.iter().filter(asked) {
        if !channel.forms.contains(&kind) {
            fault(
                findings,
                node.key("form"),
                format!(
                    "材料“{}”向渠道“{}”要“{}”，这个渠道的 forms 里却没有，不会印",
                    material.label,
                    channel.label,
                    kind.key()
                ),
                format!(
                    "请在渠道的 forms 中补上“{}”，或在这份材料的 channels 中去掉“{}”。",
                    kind.key(),
                    channel.kind
                ),
            );
        }
    }
}

/// Words of names of units for which the notice gives no quota (`no_quota`): a word that no channel has, but for a slip, finds nobody.
pub(super) fn no_quota_words(campaign: &Campaign, root: Node<'_>, findings: &mut Vec<Finding>) {
    let words = |channel: &Channel| {
        let all = std::iter::once(&channel.label).chain(&channel.aliases);
        all.cloned().collect::<Vec<String>>()
    };
    let known: Vec<String> = campaign.channels.iter().flat_map(words).collect();
    for node in root.key("rule").items(findings) {
        let code = node.key("code").text().unwrap_or_default();
        let Some(rule) = campaign.rules.0.get(code) else {
            continue;
        };
        for (i, word) in rule.words("no_quota").iter().enumerate() {
            let head: String = word.chars().take(2).collect();
            let near = known
                .iter()
                .find(|k| k.contains(&head) && head.chars().count() == 2);
            let Some(near) = near.filter(|_| !known.iter().any(|k| k.contains(word.as_str())))
            else {
                continue;
            };
            let message = format!(
                "规则“{code}”的 no_quota 写的是“{word}”，没有一个渠道的名称里有它，渠道里有“{near}”"
            );
            let hint = "单位名称里有这几个字的才会提示，请核对；用两边都有的字，如“雄安”。";
            warn(findings, node.key("no_quota").item(i), message, hint);
        }
    }
}

/// The number of work photos in a material's words against M3.
fn photos(campaign: &Campaign, material: &Material, node: Node<'_>, findings: &mut Vec<Finding>) {
    let text = format!("{} {}", material.label, material.note);
    let work = ["工作照", "生活照", "工作照片"]
        .iter()
        .any(|word| text.contains(word));
    let Some((rule, _)) = campaign.rules.on("M3").filter(|_| work) else {
        return;
    };
    let said = counts(&text, &['张']);
    let wanted = [rule.number("min", 3), rule.number("max", 5)];
    let same = said
        .iter()
        .all(|n| wanted.contains(&i64::try_from(*n).unwrap_or(-1)));
    // limits that contradict each other are told with the rule
    if !said.is_empty() && !same && wanted[0] <= wanted[1] {
        let said: Vec<String> = said.iter().map(usize::to_string).collect();
        let message = format!(
            "材料“{}”里写的是{}张，规则“M3”要的却是{}—{}张",
            material.label,
            said.join("—"),
            wanted[0],
            wanted[1]
        );
        warn(
            findings,
            node.key("note"),
            message,
            "请核对通知，把两处改成一致。",
        );
    }
}

/// The numbers before one of these words: 不超过3名, 3—5张, 三名.
pub(super) fn counts(text: &str, units: &[char]) -> Vec<usize> {
    let plain: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut found = BTreeSet::new();
    for (at, _) in plain.iter().enumerate().filter(|(_, c)| units.contains(c)) {
        let before: String = plain.get(..at).unwrap_or_default().iter().collect();
        let end = |text: &str| -> (String, usize) {
            let digits: Vec<char> = text
                .chars()
                .rev()
                .take_while(char::is_ascii_digit)
                .collect();
            let bytes = digits.len();
            (digits.into_iter().rev().collect(), bytes)
        };
        let (last, bytes) = end(&before);
        if let Ok(number) = last.parse::<usize>() {
            found.insert(number);
            let head = before.get(..before.len() - bytes).unwrap_or("");
            let range = head.trim_end_matches(['—', '-', '－', '~', '～', '至', '到', '–']);
            if range.len() < head.len()
                && let Ok(first) = end(range).0.parse::<usize>()
            {
                found.insert(first);
            }
        } else if let Some(number) = before
            .chars()
            .next_back()
            .and_then(|c| "零一二三四五六七八九十".chars().position(|w| w == c))
            .filter(|_| !before.ends_with("十一") && !before.ends_with("第一"))
        {
            found.insert(number);
        } else if before.ends_with('两') {
            found.insert(2);
        }
    }
    found.into_iter().collect()
}

/// Switches that no table asks for.
fn switches(campaign: &Campaign, node: Node<'_>, findings: &mut Vec<Finding>) {
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    for block in campaign.forms.iter().flat_map(|f| &f.blocks) {
        if let BlockTemplate::Table {
            when,
            unless,
            page_note,
            ..
        } = block
        {
            asked.extend([when.as_str(), unless.as_str()]);
            asked.extend(page_note.iter().map(|note| note.when.as_str()));
        }
    }
    for name in campaign
        .switches
        .keys()
        .filter(|n| !asked.contains(n.as_str()))
    {
        let known = asked.iter().copied().filter(|word| !word.is_empty());
        warn(
            findings,
            node.key(name),
            format!("开关“{name}”没有一张表用到"),
            &nearest_hint(name, known),
        );
    }
}
