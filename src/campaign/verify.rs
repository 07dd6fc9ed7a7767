//! What must agree within a campaign: channels, addresses, sheets, fields, rules, materials. Forms are in `verify_form`.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Finding;
use crate::text::contact::{is_email, is_mobile, is_phone, split_phones};

use super::document::{Node, ParsedFile, fault, nearest_hint};
use super::verify_agree::verify_agree;
use super::verify_field::verify_field;
use super::verify_keys::{TextScope, braces, is_key, keys};
use super::verify_names::verify_sheet_names;
use super::verify_paper::verify_departments;
use super::verify_rules::verify_rules;
use super::verify_twice::{alike, no_quota_words, verify_twice};
use super::verify_works::{verify_counted, verify_works};
use super::{Address, Campaign, Channel, FormKind, Material, Owner, Per, Sheet};

/// Checks a campaign whose files could all be read; nodes and values stand in the same order.
pub(super) fn verify(
    campaign: &Campaign,
    id: &str,
    documents: &[ParsedFile<'_>],
    findings: &mut Vec<Finding>,
) {
    let root = |name: &str| {
        documents
            .iter()
            .find(|d| d.path == name)
            .map(ParsedFile::root)
    };
    // with a form unread, or one that says it is another, what it is for cannot be told
    let all_forms = findings.is_empty() && !alike(&campaign.forms);
    if let Some(root) = root("campaign.toml") {
        head(campaign, id, root, findings);
        addresses(campaign, root, findings);
        for (i, channel) in campaign.channels.iter().enumerate() {
            let node = root.key("channel").item(i);
            verify_channel(campaign, channel, node, all_forms, findings);
            verify_departments(campaign, channel, node, findings);
        }
        for (i, material) in campaign.materials.iter().enumerate() {
            let node = root.key("material").item(i);
            verify_material(campaign, material, node, all_forms, findings);
        }
        let words = campaign.channels.iter().enumerate().map(|(i, c)| {
            let node = root.key("channel").item(i);
            (node, words(&c.kind, &c.label, &c.aliases))
        });
        unique(words, "渠道", findings);
        verify_twice(campaign, root, all_forms, findings);
        let keys = campaign.materials.iter().enumerate();
        let keys = keys.map(|(i, m)| (root.key("material").item(i), vec![m.key.as_str()]));
        unique(keys, "材料", findings);
    }
    if let Some(root) = root("fields.toml") {
        sheets(campaign, root, findings);
        verify_works(campaign, root, findings);
    }
    if let Some(root) = root("rules.toml") {
        let before = findings.len();
        verify_rules(campaign, root, findings);
        if findings.len() == before {
            verify_agree(campaign, root, findings);
            no_quota_words(campaign, root, findings);
        }
    }
}

/// Most bytes of an address in front of a mark's digits: with them it fills 49 modules at level M (ISO/IEC 18004, table 7).
const MOST_URL: usize = 52;

fn head(campaign: &Campaign, id: &str, root: Node<'_>, findings: &mut Vec<Finding>) {
    if campaign.id != id {
        fault(
            findings,
            root.key("id"),
            format!("活动编号“{}”与文件夹名“{id}”不同", campaign.id),
            "请改成一致，或给文件夹改名。",
        );
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if campaign.id.is_empty() || !campaign.id.chars().all(plain) {
        fault(
            findings,
            root.key("id"),
            format!("活动编号“{}”有不能用的字符", campaign.id),
            "只能用小写字母、数字和“-”，如 hebei-zuimei-2021。",
        );
    }
    if !(1949..=2200).contains(&campaign.year) {
        fault(
            findings,
            root.key("year"),
            format!("活动年份 {} 不合理", campaign.year),
            "请写四位年份，如 2021。",
        );
    }
    if campaign.deadline.time.is_some() && !campaign.deadline_inclusive {
        fault(
            findings,
            root.key("deadline_inclusive"),
            "报送期限写了时刻，又写了不含当日",
            "写明时刻的，请把 deadline_inclusive 改为 true。",
        );
    }
    address_of_checks(campaign, root, findings);
    for name in ["title", "notice_no", "organiser"] {
        let node = root.key(name);
        if node.text().is_some_and(|t| t.trim().is_empty()) {
            fault(findings, node, format!("“{name}”是空的"), "请填写。");
        }
    }
    let known = keys(campaign, TextScope::Form(Per::Unit));
    for (name, text) in &campaign.texts {
        verify_text(root.key("texts").key(name), text, &known, findings);
    }
    if campaign.channels.iter().all(|c| !c.enabled) {
        fault(
            findings,
            root,
            "活动没有启用的推荐渠道",
            "请至少写一节 [[channel]]，且不写 enabled = false。",
        );
    }
}

/// The address under which a mark is checked.
fn address_of_checks(campaign: &Campaign, root: Node<'_>, findings: &mut Vec<Finding>) {
    let long = campaign.verify_url.as_ref().map_or(0, String::len);
    if long > MOST_URL {
        fault(
            findings,
            root.key("verify_url"),
            format!("验证网址有 {long} 个字符，二维码会超出版面，每个模块不足0.45毫米。"),
            format!("请改用不超过 {MOST_URL} 个字符的网址。"),
        );
    }
    let url = campaign.verify_url.as_deref().unwrap_or("https://");
    let odd =
        |c: char| c.is_whitespace() || c.is_control() || !c.is_ascii() || "<>\"{}|\\^`".contains(c);
    if let Some(c) = url.chars().find(|c| odd(*c)) {
        fault(
            findings,
            root.key("verify_url"),
            format!("核验网址“{url}”里有{}，扫码后打不开", character(c)),
            "网址里只能有英文字母、数字和 - . / ? = & 等符号，请删去。",
        );
    }
    if !url.starts_with("https://") && !url.starts_with("http://") {
        fault(
            findings,
            root.key("verify_url"),
            format!("核验网址“{url}”不是网址"),
            "请以 https:// 开头，或删去此项。",
        );
    }
}

/// A character in words: blanks are not seen between quotes.
fn character(c: char) -> String {
    if c.is_whitespace() {
        "空格".to_owned()
    } else {
        format!("“{c}”")
    }
}

/// Checks every `{key}` of a text.
pub(super) fn verify_text(
    node: Node<'_>,
    text: &str,
    known: &BTreeSet<String>,
    findings: &mut Vec<Finding>,
) {
    let (keys, open) = braces(text);
    for (word, what, hint) in [
        (
            "｛",
            "全角的花括号",
            "请改为半角的 { 和 }；要印出花括号的，请换成别的括号。",
        ),
        (
            "｝",
            "全角的花括号",
            "请改为半角的 { 和 }；要印出花括号的，请换成别的括号。",
        ),
        ("${", "“$”", "字段写作 {字段名}，前面不加“$”，请删去。"),
    ] {
        if text.contains(word) {
            findings.push(Finding::error(
                "T2",
                node.place_of(word),
                format!("文字里有{what}，会照样印出"),
                hint,
            ));
            break;
        }
    }
    if let Some(rest) = open {
        let line = rest.lines().next().unwrap_or_default();
        findings.push(Finding::error(
            "T2",
            node.place_of(&format!("{{{line}")),
            format!("文字“{{{}”中的花括号不成对", short(line)),
            "请写成 {字段名} 的样子；文字中不能另用花括号。",
        ));
    }
    for key in keys {
        if !known.contains(key) {
            findings.push(Finding::error(
                "T2",
                node.place_of(&format!("{{{key}}}")),
                format!("文字中的 {{{key}}} 不是已知的字段"),
                nearest_hint(key, known.iter().map(String::as_str)),
            ));
        }
    }
}

/// The beginning of a long text.
pub(super) fn short(text: &str) -> String {
    let cut: String = text.chars().take(20).collect();
    if cut.len() < text.len() {
        format!("{cut}…")
    } else {
        cut
    }
}

fn addresses(campaign: &Campaign, root: Node<'_>, findings: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    for node in root.key("address").items(findings) {
        let id = node.key("id").text().unwrap_or_default();
        if !seen.insert(id) {
            fault(
                findings,
                node.key("id"),
                format!("收件单位“{id}”写了两次"),
                "请改名或删去一处。",
            );
        }
        let Some(address) = campaign.addresses.get(id) else {
            continue;
        };
        let code = address.postcode.as_bytes();
        let sound = code.is_empty() || code.len() == 6 && code.iter().all(u8::is_ascii_digit);
        if !sound {
            fault(
                findings,
                node.key("postcode"),
                format!("邮政编码“{}”不是六位数字", address.postcode),
                "请核对；通知没有写的留空。",
            );
        }
        reached(address, node, findings);
    }
}

/// Telephone and mailbox of an address, by which people ask.
fn reached(address: &Address, node: Node<'_>, findings: &mut Vec<Finding>) {
    let email = address.email.trim();
    if !email.is_empty() && !is_email(email) {
        fault(
            findings,
            node.key("email"),
            format!("邮箱“{email}”不是邮箱"),
            "请核对，写作 name@example.org 的样子；通知没有写的留空。",
        );
    }
    let numbers = split_phones(&address.phone);
    let sound = |number: &String| {
        let short = (5..=8).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        is_phone(number) || is_mobile(number) || short || is_hotline(number)
    };
    let blank = address.phone.trim().is_empty();
    if !blank && (numbers.is_empty() || !numbers.iter().all(sound)) {
        fault(
            findings,
            node.key("phone"),
            format!("电话“{}”不是电话号码", address.phone),
            "请核对，写作 0311-86040095 的样子，几个号码用“、”隔开；通知没有写的留空。",
        );
    }
}

/// Whether a number is one of those of ten digits that belong to no area, 400 or 800.
fn is_hotline(number: &str) -> bool {
    let digits: String = number.chars().filter(|c| *c != '-').collect();
    let plain = digits.len() == 10 && digits.bytes().all(|b| b.is_ascii_digit());
    plain && (digits.starts_with("400") || digits.starts_with("800"))
}

/// Rules that limit how many a channel recommends.
const QUOTA_RULES: [&str; 4] = ["Q1", "Q2", "Q3", "Q4"];

fn verify_channel(
    campaign: &Campaign,
    channel: &Channel,
    node: Node<'_>,
    all_forms: bool,
    findings: &mut Vec<Finding>,
) {
    if !campaign.addresses.contains_key(&channel.recipient) {
        fault(
            findings,
            node.key("recipient"),
            format!(
                "渠道“{}”的收件单位“{}”没有写",
                channel.label, channel.recipient
            ),
            nearest_hint(
                &channel.recipient,
                campaign.addresses.keys().map(String::as_str),
            ),
        );
    }
    if channel.quota == 0 && channel.enabled {
        fault(
            findings,
            node.key("quota"),
            format!("渠道“{}”的名额是 0，谁都不能报", channel.label),
            "请写名额；不设这个渠道的，写 enabled = false。",
        );
    }
    if !QUOTA_RULES.contains(&channel.quota_rule.as_str()) {
        fault(
            findings,
            node.key("quota_rule"),
            format!(
                "渠道“{}”的名额规则“{}”不存在",
                channel.label, channel.quota_rule
            ),
            nearest_hint(&channel.quota_rule, QUOTA_RULES.into_iter()),
        );
    } else if !campaign.rules.0.contains_key(&channel.quota_rule) {
        fault(
            findings,
            node.key("quota_rule"),
            format!(
                "渠道“{}”的名额规则“{}”不在 rules.toml 中",
                channel.label, channel.quota_rule
            ),
            "请在 rules.toml 中补上这条规则。",
        );
    }
    for (i, kind) in channel.forms.iter().enumerate() {
        if channel.forms.iter().take(i).any(|earlier| earlier == kind) {
            fault(
                findings,
                node.key("forms").item(i),
                format!("渠道“{}”的“{}”写了两次", channel.label, kind.key()),
                "请删去一处。",
            );
        }
        if all_forms && campaign.form(*kind).is_none() {
            fault(
                findings,
                node.key("forms").item(i),
                format!(
                    "渠道“{}”要交“{}”，但没有这个表的模板",
                    channel.label,
                    kind.key()
                ),
                known_form(campaign, *kind),
            );
        }
    }
    let unit: Vec<&str> = unit_keys(campaign);
    for (i, key) in channel.joint.iter().enumerate() {
        if !unit.contains(&key.as_str()) {
            fault(
                findings,
                node.key("joint").item(i),
                format!("渠道“{}”的联合意见“{key}”不是单位表的字段", channel.label),
                nearest_hint(key, unit.iter().copied()),
            );
        }
    }
}

/// The nearest of the forms that the campaign has.
fn known_form(campaign: &Campaign, kind: FormKind) -> String {
    let known: Vec<String> = campaign.forms.iter().map(|f| f.kind.to_string()).collect();
    nearest_hint(&kind.key(), known.iter().map(String::as_str))
}

fn unit_keys(campaign: &Campaign) -> Vec<&str> {
    let fields = campaign.unit_sheet().map_or(&[][..], |s| &s.fields);
    fields.iter().map(|f| f.key.as_str()).collect()
}

/// Checks the names of channels that limit something.
pub(super) fn verify_channels(
    campaign: &Campaign,
    names: &[String],
    node: Node<'_>,
    findings: &mut Vec<Finding>,
) {
    for (i, name) in names.iter().enumerate() {
        if campaign.channel(name).is_none() {
            fault(
                findings,
                node.item(i),
                format!("没有代号为“{name}”的渠道"),
                nearest_hint(name, campaign.channels.iter().map(|c| c.kind.as_str())),
            );
        }
    }
}

fn verify_material(
    campaign: &Campaign,
    material: &Material,
    node: Node<'_>,
    all_forms: bool,
    findings: &mut Vec<Finding>,
) {
    verify_channels(campaign, &material.channels, node.key("channels"), findings);
    verify_counted(campaign, material, node, findings);
    let Some(kind) = material.form.filter(|_| all_forms) else {
        return;
    };
    match campaign.form(kind) {
        None => fault(
            findings,
            node.key("form"),
            format!("材料“{}”的表“{}”没有模板", material.label, kind.key()),
            known_form(campaign, kind),
        ),
        Some(form) if u32::from(form.copies) != material.paper => fault(
            findings,
            node.key("paper"),
            format!(
                "材料“{}”要 {} 份，表的模板却印 {} 份",
                material.label, material.paper, form.copies
            ),
            "请把 paper 与表的 copies 改成一致。",
        ),
        Some(_) => {}
    }
}

fn words<'a>(key: &'a str, label: &'a str, aliases: &'a [String]) -> Vec<&'a str> {
    let mut words = vec![key];
    if label != key {
        words.push(label);
    }
    words.extend(aliases.iter().map(String::as_str));
    words
}

/// A word must lead to one thing only; white space does not tell words apart.
fn unique<'a>(
    things: impl Iterator<Item = (Node<'a>, Vec<&'a str>)>,
    what: &str,
    findings: &mut Vec<Finding>,
) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (n, (node, words)) in things.enumerate() {
        for word in words {
            let plain: String = word.split_whitespace().collect();
            let at = node.word(word).place();
            if plain.is_empty() {
                findings.push(Finding::error(
                    "T2",
                    at,
                    format!("{what}第{}项有空的名称或别名", n + 1),
                    "请填写，或删去空的别名。",
                ));
            } else if let Some(earlier) = seen.insert(plain, n) {
                findings.push(Finding::error(
                    "T2",
                    at,
                    format!("{what}中“{word}”重复（第{}项已有）", earlier + 1),
                    "名称、代号、别名都不能重复，请改名或删去一处。",
                ));
            }
        }
    }
}

fn sheets(campaign: &Campaign, root: Node<'_>, findings: &mut Vec<Finding>) {
    let nodes = root.key("sheet");
    let all = campaign.sheets.iter().enumerate();
    let named = all.map(|(i, s)| (nodes.item(i), words(&s.key, &s.label, &s.aliases)));
    unique(named, "工作表", findings);
    verify_sheet_names(campaign, nodes, findings);
    for (owner, what) in [(Owner::Unit, "单位"), (Owner::Candidate, "候选人")] {
        let all = campaign.sheets.iter().enumerate();
        let single: Vec<usize> = all
            .filter(|(_, s)| s.of == owner && !s.rows)
            .map(|(i, _)| i)
            .collect();
        if single.len() != 1 {
            fault(
                findings,
                single.last().map_or(nodes, |i| nodes.item(*i)),
                format!("{what}的工作表应当恰好有一张（不写 rows = true 的）"),
                "请检查各张表的 of 与 rows。",
            );
        }
    }
    for (i, sheet) in campaign.sheets.iter().enumerate() {
        verify_sheet(campaign, sheet, nodes.item(i), findings);
    }
    let required = [(campaign.unit_sheet(), ["name", "channel"].as_slice())];
    for (sheet, keys) in required
        .into_iter()
        .chain([(campaign.candidate_sheet(), ["name"].as_slice())])
    {
        for key in keys {
            if sheet.is_some_and(|s| s.field(key).is_none()) {
                fault(
                    findings,
                    nodes,
                    format!("工作表“{}”缺少字段“{key}”", sheet.map_or("", |s| &s.label)),
                    format!("程序要靠它认出单位、渠道和人，请补上 key = \"{key}\"。"),
                );
            }
        }
    }
}

fn verify_sheet(campaign: &Campaign, sheet: &Sheet, node: Node<'_>, findings: &mut Vec<Finding>) {
    if !is_key(&sheet.key) || ["candidates", "materials", "originals"].contains(&sheet.key.as_str())
    {
        fault(
            findings,
            node.key("key"),
            format!("工作表代号“{}”不能用", sheet.key),
            "只能用小写字母、数字和下划线，且不能是 candidates、materials、originals。",
        );
    }
    if sheet.fields.is_empty() {
        fault(
            findings,
            node,
            format!("工作表“{}”没有字段", sheet.label),
            "请补上 [[sheet.field]]。",
        );
    }
    let linked = sheet.rows && sheet.of == Owner::Candidate;
    if linked == sheet.link.trim().is_empty() {
        fault(
            findings,
            node.key("link"),
            format!("工作表“{}”的 link 不对", sheet.label),
            "属于候选人的多行表要写 link（写着候选人姓名的那一列的标题），其他表不写。",
        );
    }
    let fields = sheet.fields.iter().enumerate();
    let named = fields.map(|(i, f)| {
        let node = node.key("field").item(i);
        // a key that is none is told as such
        let key = if is_key(&f.key) {
            f.key.as_str()
        } else {
            f.label.as_str()
        };
        (node, words(key, &f.label, &f.aliases))
    });
    let link =
        (linked && !sheet.link.is_empty()).then(|| (node.key("link"), vec![sheet.link.as_str()]));
    unique(
        link.into_iter().chain(named),
        &format!("“{}”", sheet.label),
        findings,
    );
    for (i, field) in sheet.fields.iter().enumerate() {
        verify_field(campaign, field, node.key("field").item(i), findings);
    }
    for (i, row) in sheet.given.iter().enumerate() {
        if sheet.given.iter().take(i).any(|earlier| earlier == row) {
            fault(
                findings,
                node.key("given").item(i),
                format!(
                    "“{}”的给定行“{}”写了两次",
                    sheet.label,
                    row.values()
                        .map(String::as_str)
                        .collect::<Vec<_>>()
                        .join("、")
                ),
                "请改成另一行的内容，或删去一处。",
            );
        }
        for key in row.keys().filter(|key| sheet.field(key).is_none()) {
            fault(
                findings,
                node.key("given").item(i),
                format!("“{}”给定行中的“{key}”不是本表的字段", sheet.label),
                nearest_hint(key, sheet.fields.iter().map(|f| f.key.as_str())),
            );
        }
    }
}
