//! The parameters of rules: each has its name, what it takes, and the things of the campaign that it names. A slip in any of them would
//! silently switch the rule off, so that every one is a finding; and so is a rule that nothing in the campaign can set off.

use crate::finding::Finding;

use super::document::fault;
use super::document::{Node, nearest_hint};
use super::photo_names::pattern_fault;
use super::rule::{Param, Rule};
use super::verify_fires::missing;
use super::verify_names::verify_photo_names;
use super::{Campaign, CodeList, FormKind, Kind, Owner, Sheet};

/// What a parameter takes.
#[derive(Clone, Copy)]
enum Takes {
    /// true or false.
    Flag,
    /// A whole number from the first to the second.
    Number(i64, i64),
    /// A list of words, whichever.
    Words,
    /// One of these words.
    One(&'static [&'static str]),
    /// A list out of these words.
    Some(&'static [&'static str]),
    /// A list of digits, such as the first ones of postcodes.
    Digits,
    /// A list of sizes, such as 1920x1080.
    Sizes,
    /// A pattern of file names; with a number in it, or without.
    FileName(bool),
    /// A list of channels, by their kinds.
    Channels,
    /// The sheet of rows whose column is looked at: of whom it is, and the column.
    Sheet(Owner, &'static str),
    /// A list out of the code list of a column, in the sheet that the parameter `sheet` names or this one.
    Codes(&'static str, &'static str),
    /// A text for people.
    Text,
    /// A field of the candidates' sheet.
    CandidateField,
    /// Answers of the field that the parameter `field` names.
    Answers,
    /// A list out of the code lists of the fields that channels name as joint opinions.
    Opinions,
}

/// A parameter: its name and what it takes.
type Parameter = (&'static str, Takes);

const ALL: i64 = i64::MAX;
/// Bytes that no photo has: what must be larger, nobody can hand in.
const MOST_PHOTO: i64 = 100_000_000;
const RANKS: Takes = Takes::One(&["乡科级", "县处级", "厅局级", "省部级", "国家级"]);

/// The parameters of a ratio, of which several stand in a campaign.
const RATIO: &[Parameter] = &[
    ("what", Takes::Text),
    ("field", Takes::CandidateField),
    ("words", Takes::Answers),
    ("age_under", Takes::Number(1, 120)),
    ("least_percent", Takes::Number(1, 100)),
    ("most_percent", Takes::Number(0, 99)),
    ("from", Takes::Number(1, 1000)),
];

/// The parameters that each rule knows, as `templates/RULES.md` explains them; a rule that is not here has none.
const PARAMETERS: &[(&str, &[Parameter])] = &[
    ("Q1", &[("no_quota", Takes::Words)]),
    ("Q2", &[("no_quota", Takes::Words)]),
    (
        "Q3",
        &[
            ("no_quota", Takes::Words),
            ("per_unit", Takes::Number(1, 1000)),
            ("channels", Takes::Channels),
        ],
    ),
    ("Q4", &[("no_quota", Takes::Words)]),
    ("Q5", &[("most", Takes::Number(0, 1000))]),
    ("Q6", RATIO),
    ("Q7", RATIO),
    ("Q8", RATIO),
    ("Q9", RATIO),
    ("C2", &[("words", Takes::Words)]),
    (
        "C4",
        &[("words", Takes::Words), ("channels", Takes::Channels)],
    ),
    ("C5", &[("accepted", Takes::Opinions)]),
    ("L1", &[("words", Takes::Words)]),
    (
        "L2",
        &[("rank_from", RANKS), ("civil_servant_alone", Takes::Flag)],
    ),
    (
        "L3",
        &[
            ("levels", Takes::Codes("awards", "level")),
            ("sheet", Takes::Sheet(Owner::Candidate, "level")),
        ],
    ),
    (
        "L4",
        &[
            ("words", Takes::Words),
            ("winners", Takes::Words),
            ("by", Takes::Words),
            ("sheet", Takes::Sheet(Owner::Candidate, "name")),
        ],
    ),
    ("L5", &[("young", Takes::Number(16, 100))]),
    ("S1", &[("words", Takes::Words), ("except", Takes::Words)]),
    ("M1", &[("copies", Takes::Number(1, 15))]),
    (
        "M2",
        &[
            ("required", Takes::Flag),
            ("ratio_width", Takes::Number(1, 10_000)),
            ("ratio_height", Takes::Number(1, 10_000)),
            ("tolerance_percent", Takes::Number(0, 99)),
            ("min_width", Takes::Number(0, 20_000)),
            ("min_height", Takes::Number(0, 20_000)),
            ("colour", Takes::Flag),
        ],
    ),
    (
        "M3",
        &[
            ("min", Takes::Number(0, 1000)),
            ("max", Takes::Number(0, 1000)),
        ],
    ),
    (
        "M5",
        &[
            ("min_bytes", Takes::Number(0, MOST_PHOTO)),
            ("warn_below", Takes::Number(0, MOST_PHOTO)),
            ("max_bytes", Takes::Number(0, ALL)),
            ("id_photo", Takes::Flag),
        ],
    ),
    (
        "M6",
        &[
            ("pattern", Takes::One(&["name_number", "name"])),
            ("id_photo", Takes::FileName(false)),
            ("work_photo", Takes::FileName(true)),
        ],
    ),
    (
        "M7",
        &[
            ("max_seconds", Takes::Number(1, 1_000_000)),
            ("min_seconds", Takes::Number(0, 1_000_000)),
            ("formats", Takes::Some(&["mp4", "mov"])),
            ("max_package_bytes", Takes::Number(1_000_000, 4_000_000_000)),
        ],
    ),
    (
        "M8",
        &[
            ("sizes", Takes::Sizes),
            ("min_lines", Takes::Number(0, 10_000)),
        ],
    ),
    ("M11", &[("sheet", Takes::Sheet(Owner::Unit, ""))]),
    ("D1", &[("warn_days", Takes::Number(0, 366))]),
    ("D2", &[("least_working_days", Takes::Number(0, 366))]),
    ("A2", &[("channels", Takes::Channels)]),
    ("F10", &[("prefixes", Takes::Digits)]),
    (
        "F12",
        &[
            ("sheet", Takes::Sheet(Owner::Candidate, "span")),
            ("gap_months", Takes::Number(0, 1200)),
            ("overlap_months", Takes::Number(0, 1200)),
            ("order", Takes::Flag),
        ],
    ),
];

/// Pairs of which the first must not be larger than the second; a second of 0 sets no limit.
const PAIRS: &[(&str, &str, &str)] = &[
    ("M3", "min", "max"),
    ("M5", "min_bytes", "max_bytes"),
    ("M5", "warn_below", "max_bytes"),
    ("M7", "min_seconds", "max_seconds"),
    ("Q6", "least_percent", "most_percent"),
    ("Q7", "least_percent", "most_percent"),
    ("Q8", "least_percent", "most_percent"),
    ("Q9", "least_percent", "most_percent"),
];

/// Checks the rules of a campaign whose files could all be read.
pub(super) fn verify_rules(campaign: &Campaign, root: Node<'_>, findings: &mut Vec<Finding>) {
    for node in root.key("rule").items(findings) {
        let code = node.key("code").text().unwrap_or_default();
        let Some(rule) = campaign.rules.0.get(code) else {
            continue;
        };
        let mut rules = RuleCheck {
            campaign,
            rule,
            node,
            findings,
        };
        let before = rules.findings.len();
        rules.parameters();
        rules.pairs();
        rules.copies();
        rules.ratio();
        rules.photo_names();
        // what is at fault is told already
        if rules.findings.len() == before {
            rules.can_fire();
        }
    }
}

/// A rule under check.
struct RuleCheck<'a> {
    campaign: &'a Campaign,
    rule: &'a Rule,
    node: Node<'a>,
    findings: &'a mut Vec<Finding>,
}

impl RuleCheck<'_> {
    fn fault(&mut self, node: Node<'_>, message: String, hint: impl Into<String>) {
        fault(self.findings, node, message, hint);
    }

    /// Every parameter: its name, its type, its values.
    fn parameters(&mut self) {
        let code = &self.rule.code;
        let own = PARAMETERS.iter().find(|(known, _)| known == code);
        let own = own.map_or(&[][..], |(_, parameters)| parameters);
        let rule = self.rule;
        for (name, value) in rule.parameters() {
            let node = self.node.key(name);
            match own.iter().find(|(known, _)| *known == name) {
                Some((_, takes)) => self.parameter(name, value, *takes, node),
                None => {
                    let hint = match own {
                        [] => "这条规则没有参数，请删去。".to_owned(),
                        own => nearest_hint(name, own.iter().map(|p| p.0)),
                    };
                    self.fault(node, format!("规则“{code}”没有参数“{name}”"), hint);
                }
            }
        }
    }

    fn parameter(&mut self, name: &str, value: &Param, takes: Takes, node: Node<'_>) {
        let code = &self.rule.code;
        let wrong = |what: &str| format!("规则“{code}”的参数“{name}”应是{what}");
        match (takes, value) {
            (Takes::Flag, Param::Flag(_)) => {}
            (Takes::Flag, _) => self.fault(node, wrong(" true 或 false"), "请改正。"),
            (Takes::Number(from, to), Param::Number(n)) => {
                if !(from..=to).contains(n) {
                    let most = match to {
                        ALL => String::new(),
                        to => format!("、不大于 {to}"),
                    };
                    let what = format!("不小于 {from}{most}的整数，现为 {n}");
                    self.fault(node, wrong(&what), "请改正。");
                }
            }
            (Takes::Number(..), _) => self.fault(node, wrong("整数"), "请改正，数字不加引号。"),
            (Takes::One(known), Param::Text(word)) => {
                if !known.contains(&word.as_str()) {
                    let message = format!("规则“{code}”的参数“{name}”不认识“{word}”");
                    self.fault(node, message, nearest_hint(word, known.iter().copied()));
                }
            }
            (Takes::Sheet(owner, column), Param::Text(key)) => {
                self.sheet(key, owner, column, node);
            }
            (Takes::Text, Param::Text(text)) => {
                if text.trim().is_empty() {
                    self.fault(node, wrong("一段文字"), "请填写，现在是空的。");
                }
            }
            (Takes::CandidateField, Param::Text(key)) => self.candidate_field(key, node),
            (Takes::FileName(numbered), Param::Text(text)) => {
                self.file_name(name, text, numbered, node);
            }
            (
                Takes::One(_)
                | Takes::Sheet(..)
                | Takes::Text
                | Takes::CandidateField
                | Takes::FileName(_),
                _,
            ) => self.fault(
                node,
                wrong("一段文字"),
                format!("请加引号，只写一个词，如 {name} = \"…\"。"),
            ),
            (takes, Param::Words(words)) => {
                // nobody won yet: an empty list of names says so
                if words.is_empty() && name != "winners" {
                    let message = format!("规则“{code}”的参数“{name}”是空的，等于没有写");
                    self.fault(node, message, "请填写，或删去这一项。");
                }
                for (i, word) in words.iter().enumerate() {
                    self.word(name, word, takes, node.item(i));
                }
            }
            (_, _) => self.fault(
                node,
                wrong("一组文字"),
                format!("请写成 {name} = [\"甲\", \"乙\"] 的样子。"),
            ),
        }
    }

    /// One word of a list.
    fn word(&mut self, name: &str, word: &str, takes: Takes, node: Node<'_>) {
        let code = &self.rule.code;
        let unknown = format!("规则“{code}”的参数“{name}”不认识“{word}”");
        let campaign = self.campaign;
        match takes {
            Takes::Some(known) if !known.contains(&word) => {
                self.fault(node, unknown, nearest_hint(word, known.iter().copied()));
            }
            Takes::Channels if campaign.channel(word).is_none() => {
                let kinds = campaign.channels.iter().map(|c| c.kind.as_str());
                self.fault(node, unknown, nearest_hint(word, kinds));
            }
            Takes::Sizes if !is_size(word) => {
                self.fault(
                    node,
                    unknown,
                    "请写成“1920x1080”的样子：宽、x、高；或“720P以上”。",
                );
            }
            Takes::Digits => {
                let sound = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
                if sound && word.len() > 6 {
                    let message = format!("规则“{code}”的参数“{name}”里的“{word}”比邮政编码还长");
                    self.fault(node, message, "邮政编码是6位，请写开头的几位，如 \"05\"。");
                } else if !sound {
                    self.fault(node, unknown, "请只写数字，如 \"05\"。");
                }
            }
            Takes::Codes(sheet, column) => {
                let sheet = match self.rule.text("sheet") {
                    "" => sheet,
                    own => own,
                };
                let field = campaign.sheet(sheet).and_then(|s| s.field(column));
                let list = field.and_then(|f| campaign.lists.get(f.codes.as_deref()?));
                if let Some(list) = list
                    && !list.items.iter().any(|i| i.name.contains(word))
                {
                    self.fault(node, unknown, of_list(word, list));
                }
            }
            Takes::Answers => {
                let key = self.rule.text("field");
                let field = campaign.candidate_sheet().and_then(|s| s.field(key));
                let list = field.and_then(|f| campaign.lists.get(f.codes.as_deref()?));
                if let Some(list) = list
                    && !list.items.iter().any(|i| i.name == word)
                {
                    self.fault(node, unknown, of_list(word, list));
                } else if field.is_some_and(|f| f.kind == Kind::YesNo)
                    && !matches!(word, "是" | "否")
                {
                    self.fault(node, unknown, "这个字段只能答“是”或“否”。");
                }
            }
            Takes::Opinions => {
                let lists = opinion_lists(campaign);
                let known = |list: &&CodeList| list.name_of(word).is_some();
                if let Some(list) = lists.first()
                    && !lists.iter().any(known)
                {
                    self.fault(node, unknown, of_list(word, list));
                }
            }
            _ if word.trim().is_empty() => {
                let message = format!("规则“{code}”的参数“{name}”里有空的词");
                self.fault(node, message, "请删去，空的词什么都对得上。");
            }
            _ => {}
        }
    }

    /// A pattern of file names: `photo_names` says what may stand in it.
    fn file_name(&mut self, name: &str, text: &str, numbered: bool, node: Node<'_>) {
        if let Some((what, hint)) = pattern_fault(self.campaign, text, numbered) {
            let message = format!("规则“{}”的 {name} = \"{text}\"：{what}", self.rule.code);
            self.fault(node, message, hint);
        }
    }

    /// A sheet of rows: there is one, of the right owner, with the column that the rule looks at.
    fn sheet(&mut self, key: &str, owner: Owner, column: &str, node: Node<'_>) {
        let fits = |s: &&Sheet| {
            s.rows && s.of == owner && (column.is_empty() || s.field(column).is_some())
        };
        let known = self.campaign.sheets.iter().filter(fits);
        let known: Vec<&str> = known.map(|s| s.key.as_str()).collect();
        if known.contains(&key) {
            return;
        }
        let why = match self.campaign.sheet(key) {
            None => "没有这张工作表".to_owned(),
            Some(sheet) if !sheet.rows || sheet.of != owner => {
                "不是规则要看的那种多行表".to_owned()
            }
            Some(_) => format!("这张表没有字段“{column}”"),
        };
        let message = format!("规则“{}”的 sheet = \"{key}\"：{why}", self.rule.code);
        self.fault(node, message, nearest_hint(key, known.iter().copied()));
    }

    /// Limits that contradict each other.
    fn pairs(&mut self) {
        let (least, sure) = (
            self.rule.number("min_bytes", 2_000_000),
            self.rule.number("warn_below", 0),
        );
        if self.rule.code == "M5" && sure > 0 && sure < least {
            let message =
                format!("规则“M5”的 warn_below（{sure}）小于 min_bytes（{least}），永远不会警告");
            let hint = "warn_below 应不小于 min_bytes；不要警告的写 0。";
            self.fault(self.node.key("warn_below"), message, hint);
        }
        for (code, least, most) in PAIRS {
            if self.rule.code != *code {
                continue;
            }
            let (low, high) = (self.rule.number(least, 0), self.rule.number(most, 0));
            if high > 0 && low > high {
                let message = format!(
                    "规则“{code}”的 {least}（{low}）大于 {most}（{high}），没有一件材料合格"
                );
                self.fault(self.node.key(least), message, "请核对两个数。");
            }
        }
    }

    /// M1 against the form that is printed.
    fn copies(&mut self) {
        if self.rule.code != "M1" {
            return;
        }
        let wanted = self.rule.number("copies", 3);
        if let Some(form) = self.campaign.form(FormKind::Recommendation)
            && i64::from(form.copies) != wanted
        {
            let message = format!(
                "规则“M1”要 {wanted} 份原件，推荐表的模板却印 {} 份",
                form.copies
            );
            self.fault(self.node.key("copies"), message, "请把两处改成一致。");
        }
    }

    /// A field of the candidates' sheet.
    fn candidate_field(&mut self, key: &str, node: Node<'_>) {
        let fields = self
            .campaign
            .candidate_sheet()
            .map_or(&[][..], |s| &s.fields);
        if fields.iter().all(|f| f.key != key) {
            let message = format!(
                "规则“{}”的 field = \"{key}\"：候选人表没有这个字段",
                self.rule.code
            );
            let known = fields.iter().map(|f| f.key.as_str());
            self.fault(node, message, nearest_hint(key, known));
        }
    }

    /// The names of photos, where both patterns are sound.
    fn photo_names(&mut self) {
        if self.rule.code == "M6" {
            verify_photo_names(self.campaign, self.node, self.findings);
        }
    }

    /// A ratio says who is counted, what they are called, and how many there must be.
    fn ratio(&mut self) {
        let code = self.rule.code.as_str();
        if !matches!(code, "Q6" | "Q7" | "Q8" | "Q9") {
            return;
        }
        let by_age = self.rule.number("age_under", 0) > 0;
        let by_answer = !self.rule.text("field").is_empty() && !self.rule.words("words").is_empty();
        let node = self.node.key("code");
        if by_age == by_answer {
            let message = format!("规则“{code}”没有说清数哪些人");
            let hint = "请写 field 和 words（如 field = \"sex\"、words = [\"女\"]），或者只写 age_under（如 45，即不满45岁）。";
            self.fault(node, message, hint);
        }
        if self.rule.text("what").is_empty() {
            let message = format!("规则“{code}”没有说这些人叫什么");
            self.fault(node, message, "请写 what，如 what = \"女性\"。");
        }
        let (least, most) = (
            self.rule.number("least_percent", 0),
            self.rule.number("most_percent", 100),
        );
        if least == 0 && most == 100 {
            let message = format!("规则“{code}”没有写比例");
            let hint = "请写 least_percent（不少于百分之几）或 most_percent（不超过百分之几）。";
            self.fault(node, message, hint);
        }
    }

    /// Tells a rule that is on and that nothing in the campaign can set off.
    fn can_fire(&mut self) {
        if self.rule.severity().is_none() {
            return;
        }
        if let Some(missing) = missing(self.campaign, self.rule) {
            self.findings.push(Finding::warning(
                "T2",
                self.node.key("code").place(),
                format!("规则“{}”在本活动中不起作用：{missing}", self.rule.code),
                "请补上它要看的内容；不需要这条规则的，请删去或写 severity = \"off\"。",
            ));
        }
    }
}

/// The code lists of the fields in which joint opinions stand.
fn opinion_lists(campaign: &Campaign) -> Vec<&CodeList> {
    let keys = campaign.channels.iter().flat_map(|c| &c.joint);
    let fields = keys.filter_map(|key| campaign.unit_sheet()?.field(key));
    fields
        .filter_map(|f| campaign.lists.get(f.codes.as_deref()?))
        .collect()
}

fn of_list(word: &str, list: &CodeList) -> String {
    nearest_hint(word, list.items.iter().map(|i| i.name.as_str()))
}

/// Whether a word is a size such as 1920x1080, or a number of lines such as 720P以上.
fn is_size(word: &str) -> bool {
    if super::rule::lines_of(word).is_some() {
        return true;
    }
    let number = |text: &str| {
        text.trim()
            .parse::<u32>()
            .is_ok_and(|n| (1..=20_000).contains(&n))
    };
    word.split_once(['x', 'X', '×', '*'])
        .is_some_and(|(width, height)| number(width) && number(height))
}
