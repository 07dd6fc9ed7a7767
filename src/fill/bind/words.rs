//! What the words of a label mean (标签): spaces, width, brackets, numbering, translations and synonyms folded, then looked
//! up among the labels and headings of the campaign.

use std::collections::BTreeMap;

use crate::campaign::{Campaign, Field, Owner, Sheet};
use crate::text::width::fold_width;

/// How sure a meaning is whose words are the field's own label.
const LABEL: f32 = 0.98;
/// Its words are a heading that the campaign knows.
const ALIAS: f32 = 0.95;
/// A word that means the same in forms of other organisers.
const SYNONYM: f32 = 0.9;
/// Only after words were taken off in front or behind.
const TRIMMED: f32 = 0.7;
/// Of two things asked in one blank, the first.
const FIRST_OF_TWO: f32 = 0.6;

/// Words that mean the same, whatever the campaign calls them.
const SYNONYMS: &[&[&str]] = &[
    &["姓名", "中文姓名", "本人姓名", "姓名中文", "人员姓名"],
    &["性别", "男女"],
    &[
        "出生年月",
        "出生日期",
        "出生年月日",
        "出生时间",
        "生日",
        "出生年份",
    ],
    &["民族", "族别", "所属民族"],
    &["籍贯", "祖籍", "原籍"],
    &["政治面貌", "政治面目", "党派", "所属党派"],
    &["学历", "最高学历", "文化程度", "学历层次", "现有学历"],
    &["学位", "最高学位", "现有学位", "学位层次"],
    &[
        "毕业院校及专业",
        "毕业院校",
        "毕业学校",
        "毕业学校及专业",
        "毕业院校所学专业",
        "毕业院校及所学专业",
        "毕业院校系及专业",
        "最高学历毕业院校及专业",
    ],
    &[
        "专业技术职务",
        "职称",
        "专业技术职称",
        "技术职称",
        "技术职务",
        "专业职称",
        "专业职务",
        "专技职务",
        "现有职称",
        "专业技术资格",
    ],
    &[
        "行政职务",
        "职务",
        "现任职务",
        "担任职务",
        "现职务",
        "所任职务",
        "党政职务",
        "岗位职务",
        "职位",
    ],
    &[
        "工作单位",
        "所在单位",
        "现工作单位",
        "单位",
        "就职单位",
        "任职单位",
        "供职单位",
        "现任职单位",
        "所属单位",
        "工作单位名称",
        "所在工作单位",
    ],
    &[
        "学科专业领域",
        "专业领域",
        "学科领域",
        "所属学科",
        "从事专业",
        "研究领域",
        "现从事专业",
        "从事学科",
        "所属学科领域",
        "学科专业",
        "专业方向",
        "研究方向",
        "从事领域",
        "所从事专业",
    ],
    &[
        "单位性质",
        "单位类型",
        "工作单位性质",
        "单位类别",
        "所在单位性质",
    ],
    &[
        "统一社会信用代码",
        "信用代码",
        "社会信用代码",
        "单位统一社会信用代码",
        "单位信用代码",
        "机构代码",
    ],
    &[
        "通讯地址",
        "通信地址",
        "联系地址",
        "地址",
        "单位地址",
        "邮寄地址",
        "详细地址",
        "通讯住址",
        "收件地址",
    ],
    &["邮政编码", "邮编", "邮码", "邮政编号"],
    &[
        "办公电话",
        "固定电话",
        "座机",
        "单位电话",
        "办公室电话",
        "固话",
        "电话",
    ],
    &[
        "手机",
        "手机号",
        "手机号码",
        "移动电话",
        "联系手机",
        "本人手机",
        "联系电话",
        "手机电话",
        "本人电话",
        "本人联系电话",
        "联系方式",
    ],
    &[
        "电子邮箱",
        "邮箱",
        "电子邮件",
        "email",
        "电子信箱",
        "邮件地址",
        "电邮",
        "邮箱地址",
        "mail",
    ],
    &[
        "证件号码",
        "身份证号",
        "身份证号码",
        "公民身份号码",
        "公民身份证号码",
        "居民身份证号码",
        "居民身份证号",
        "身份证",
        "证件号",
        "身份证件号码",
        "身份证件号",
        "有效证件号码",
    ],
    &["证件类型", "证件种类", "证件名称", "身份证件类型"],
    &[
        "事迹简介",
        "主要事迹简介",
        "简要事迹",
        "事迹摘要",
        "事迹概述",
        "简要事迹介绍",
        "事迹简述",
        "先进事迹简介",
        "事迹概要",
    ],
    &[
        "主要事迹",
        "事迹材料",
        "先进事迹",
        "主要事迹材料",
        "主要先进事迹",
        "先进事迹材料",
        "事迹",
        "典型事迹",
        "事迹详细介绍",
        "主要事迹和贡献",
        "主要事迹及贡献",
    ],
    &[
        "主要学术社会兼职",
        "学术兼职",
        "社会兼职",
        "兼职",
        "主要兼职",
        "兼职情况",
        "社会学术兼职",
        "学术及社会兼职",
        "学术团体兼职",
        "主要社会兼职",
        "主要学术兼职",
    ],
    &["备注", "说明", "附注"],
    &[
        "人选类别",
        "候选人类别",
        "推荐类别",
        "申报类别",
        "类别",
        "推荐方向",
    ],
    &[
        "推荐单位",
        "推荐单位名称",
        "申报单位",
        "推荐单位全称",
        "推荐部门",
        "上报单位",
    ],
    &[
        "联系人",
        "联系人姓名",
        "经办人",
        "推荐单位联系人",
        "单位联系人",
    ],
    &[
        "联系人手机",
        "联系人电话",
        "联系电话",
        "经办人电话",
        "联系手机",
        "联系方式",
        "推荐单位联系电话",
        "联系人联系电话",
        "联系人联系方式",
        "联系人手机号码",
    ],
    &[
        "报告日期",
        "填报日期",
        "填表日期",
        "推荐日期",
        "报送日期",
        "填表时间",
        "填报时间",
        "申报日期",
    ],
    &["填表人", "制表人", "填报人", "填表人姓名"],
    &[
        "起止年月",
        "起止时间",
        "起止日期",
        "时间",
        "年月",
        "起讫时间",
        "起讫年月",
        "自何年何月至何年何月",
    ],
    &[
        "学习或工作单位",
        "工作单位",
        "单位",
        "在何单位学习或工作",
        "院校或单位",
        "学习工作单位",
        "学校或单位",
        "学校工作单位",
        "在何地何单位",
        "在何单位",
        "院校及单位",
        "所在单位",
        "学习和工作单位",
        "院校单位",
    ],
    &[
        "专业或职务",
        "职务",
        "专业",
        "任何职务",
        "职务或专业",
        "专业及职务",
        "专业职务",
        "担任职务",
        "所学专业或职务",
        "任何职",
        "职务职称",
        "身份",
    ],
    &[
        "年月",
        "获奖时间",
        "获奖年月",
        "授予时间",
        "时间",
        "获奖日期",
        "获奖年份",
        "表彰时间",
        "授奖时间",
        "年份",
        "日期",
    ],
    &[
        "名称",
        "奖励名称",
        "荣誉名称",
        "获奖名称",
        "荣誉奖励名称",
        "奖项名称",
        "荣誉称号",
        "获奖项目名称",
        "获奖项目",
        "荣誉称号名称",
        "奖项",
        "奖励荣誉名称",
        "表彰名称",
        "称号",
    ],
    &[
        "等级",
        "级别",
        "奖励等级",
        "获奖等级",
        "奖励级别",
        "荣誉级别",
        "奖项级别",
        "获奖级别",
        "奖项等级",
    ],
    &[
        "授予单位",
        "授奖单位",
        "颁发单位",
        "颁奖单位",
        "批准单位",
        "授予机关",
        "表彰单位",
        "授予部门",
        "颁奖部门",
        "颁发机构",
        "授奖部门",
        "颁奖机构",
        "授予机构",
    ],
    &["场次次", "场次", "次数", "活动场次"],
    &[
        "参与人数人次",
        "参与人数",
        "人数",
        "人次",
        "参加人数",
        "覆盖人数",
    ],
];

/// Names of lists that the campaign may call otherwise.
const LISTS: &[(&str, &[&str])] = &[
    (
        "简历",
        &[
            "履历",
            "工作经历",
            "学习经历",
            "学习和工作经历",
            "主要经历",
            "工作学习经历",
        ],
    ),
    (
        "获奖",
        &[
            "奖励情况",
            "表彰情况",
            "荣誉",
            "奖惩情况",
            "获奖项目",
            "表彰奖励",
            "所获荣誉",
            "奖项",
        ],
    ),
];

/// What stands in front of a label and says only whose it is.
const FRONT: &[&str] = &[
    "被推荐人",
    "推荐人选",
    "推荐对象",
    "候选人",
    "申报人",
    "申请人",
    "参评人",
    "人选",
    "本人",
    "个人",
    "现",
    "主要",
    "详细",
    "常用",
    "请填写",
    "填写",
    "全日制",
    "有效",
];

/// What stands behind a label and says only how to write it.
const BEHIND: &[&str] = &[
    "全称", "名称", "情况", "号码", "信息", "材料", "介绍", "代码", "号",
];

/// A field that some words may mean.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Meaning {
    /// Key within its sheet.
    pub(super) field: String,
    /// From 0 to 1.
    pub(super) sure: f32,
    /// The other field where two are asked in one blank.
    pub(super) also: Option<String>,
}

/// Words of one sheet's fields.
#[derive(Debug)]
struct Book {
    list: String,
    names: Vec<String>,
    fields: BTreeMap<String, (String, f32)>,
}

/// All words of a campaign.
#[derive(Debug)]
pub(super) struct Lexicon {
    person: Option<Book>,
    unit: Option<Book>,
    lists: Vec<Book>,
    given: Vec<(String, String)>,
}

impl Lexicon {
    /// The words of a campaign.
    pub(super) fn of(campaign: &Campaign) -> Self {
        let single = |owner: Owner| {
            campaign
                .sheets
                .iter()
                .find(|s| s.of == owner && !s.rows)
                .map(Book::of)
        };
        let rows = campaign.sheets.iter().filter(|s| s.rows);
        let given = rows.clone().flat_map(|s| {
            let words = s.given.iter().flatten();
            words.map(|(_, word)| (s.key.clone(), letters(word)))
        });
        Self {
            person: single(Owner::Candidate),
            unit: single(Owner::Unit),
            given: given.collect(),
            lists: rows.map(Book::of).collect(),
        }
    }

    /// What words mean in a form of a candidate.
    pub(super) fn person(&self, text: &str) -> Option<Meaning> {
        self.person.as_ref()?.meaning(text)
    }

    /// What words mean of the unit.
    pub(super) fn unit(&self, text: &str) -> Option<Meaning> {
        self.unit.as_ref()?.meaning(text)
    }

    /// What the head of a column means in a list.
    pub(super) fn column(&self, list: &str, text: &str) -> Option<Meaning> {
        if list == super::CANDIDATES {
            return self.person(text);
        }
        self.lists.iter().find(|b| b.list == list)?.meaning(text)
    }

    /// Keys of all lists.
    pub(super) fn lists(&self) -> impl Iterator<Item = &str> {
        std::iter::once(super::CANDIDATES).chain(self.lists.iter().map(|b| b.list.as_str()))
    }

    /// The list that a heading announces.
    pub(super) fn list_named(&self, text: &str) -> Option<&str> {
        let text = letters(&without_brackets(text));
        let mut best: Option<(usize, &str)> = None;
        for book in &self.lists {
            for name in book.names.iter().filter(|n| text.contains(n.as_str())) {
                let length = name.chars().count();
                if best.is_none_or(|b| length > b.0) {
                    best = Some((length, &book.list));
                }
            }
        }
        best.map(|b| b.1)
    }

    /// The list whose given rows hold a word.
    pub(super) fn list_with_row(&self, text: &str) -> Option<&str> {
        let text = letters(text);
        let found = self.given.iter().find(|(_, word)| *word == text);
        found.map(|(list, _)| list.as_str())
    }

    /// Whether words name the unit that recommends, or what is asked about it.
    pub(super) fn is_of_unit(&self, text: &str) -> bool {
        let text = letters(&without_brackets(text));
        let unit = self.unit.as_ref();
        unit.is_some_and(|b| b.names.iter().any(|n| n.chars().count() > 2 && text == *n))
            || [
                "推荐单位",
                "填报单位",
                "报送单位",
                "申报单位",
                "推荐单位情况",
                "推荐单位信息",
            ]
            .contains(&text.as_str())
    }
}

impl Book {
    fn of(sheet: &Sheet) -> Self {
        let mut fields = BTreeMap::new();
        let mut put = |word: String, field: &Field, sure: f32| {
            if !word.is_empty() {
                fields.entry(word).or_insert((field.key.clone(), sure));
            }
        };
        for field in &sheet.fields {
            for word in forms_of(&field.label) {
                put(word, field, LABEL);
            }
        }
        for field in &sheet.fields {
            for word in field.aliases.iter().flat_map(|a| forms_of(a)) {
                put(word, field, ALIAS);
            }
        }
        for field in &sheet.fields {
            let own = letters(&field.label);
            let groups = SYNONYMS.iter().filter(|g| g.contains(&own.as_str()));
            for word in groups.copied().flatten() {
                put((*word).to_owned(), field, SYNONYM);
            }
        }
        let mut names: Vec<String> = std::iter::once(&sheet.label)
            .chain(&sheet.aliases)
            .map(|n| letters(n))
            .collect();
        for (name, more) in LISTS {
            if names.iter().any(|n| n == name) {
                names.extend(more.iter().map(|m| (*m).to_owned()));
            }
        }
        Self {
            list: sheet.key.clone(),
            names,
            fields,
        }
    }

    fn meaning(&self, text: &str) -> Option<Meaning> {
        let found = |word: &str, less: f32| {
            let (field, sure) = self.fields.get(word)?;
            Some(Meaning {
                field: field.clone(),
                sure: sure - less,
                also: None,
            })
        };
        let forms = forms_of(text);
        for (n, form) in forms.iter().enumerate() {
            let less = if n == 0 { 0.0 } else { 0.02 };
            if let Some(meaning) = found(form, less) {
                return Some(meaning);
            }
        }
        for form in &forms {
            for word in trimmed(form) {
                if let Some(mut meaning) = found(&word, 0.0) {
                    meaning.sure = meaning.sure.min(TRIMMED);
                    return Some(meaning);
                }
            }
        }
        self.two(text)
    }

    /// Two things in one blank (工作单位及职务): the first, and that there is another.
    fn two(&self, text: &str) -> Option<Meaning> {
        let text = without_brackets(&fold_width(text));
        for sign in ["及", "和", "与", "、", "/", "\n", "或"] {
            let Some((one, two)) = text.split_once(sign) else {
                continue;
            };
            let (one, two) = (letters(one), letters(two));
            let (one, two) = (self.fields.get(&one), self.fields.get(&two));
            if let (Some((one, _)), Some((two, _))) = (one, two)
                && one != two
            {
                return Some(Meaning {
                    field: one.clone(),
                    sure: FIRST_OF_TWO,
                    also: Some(two.clone()),
                });
            }
        }
        None
    }
}

/// Letters and digits alone, full width folded, small.
pub(super) fn letters(text: &str) -> String {
    fold_width(text)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A text without what stands in brackets.
pub(super) fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '（' | '(' | '[' | '［' | '【' | '〔' | '〈' | '<' | '＜' | '{' => depth += 1,
            '）' | ')' | ']' | '］' | '】' | '〕' | '〉' | '>' | '＞' | '}' => {
                depth = depth.saturating_sub(1);
            }
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// The ways in which a label may be meant, the fullest first.
fn forms_of(text: &str) -> Vec<String> {
    let text = fold_width(text);
    let bare = without_brackets(&text);
    let without_number = |text: &str| {
        let text = text.trim_start_matches(|c: char| c.is_whitespace() || !c.is_alphanumeric());
        let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
        if digits.len() < text.len() {
            return digits.to_owned();
        }
        let han = text.trim_start_matches(|c: char| "一二三四五六七八九十".contains(c));
        if han.len() < text.len() && han.starts_with(['、', '.', '，', ',', ')']) {
            return han.to_owned();
        }
        text.to_owned()
    };
    let han = |text: &str| -> String {
        let all = letters(text);
        let han: String = all.chars().filter(|c| !c.is_ascii()).collect();
        if han.is_empty() { all } else { han }
    };
    let mut out = vec![
        letters(&text),
        letters(&bare),
        letters(&without_number(&bare)),
        han(&without_number(&bare)),
        han(&without_number(&text)),
    ];
    let mut seen = Vec::new();
    out.retain(|w| {
        let new = !w.is_empty() && !seen.contains(w);
        seen.push(w.clone());
        new
    });
    out
}

/// A word with what stands in front or behind taken off.
fn trimmed(word: &str) -> Vec<String> {
    let fronts = FRONT.iter().filter_map(|f| word.strip_prefix(f));
    let mut out: Vec<String> = fronts.map(str::to_owned).collect();
    let all: Vec<String> = std::iter::once(word.to_owned())
        .chain(out.clone())
        .collect();
    for word in all {
        let behind = BEHIND.iter().filter_map(|b| word.strip_suffix(b));
        out.extend(behind.map(str::to_owned));
    }
    out.retain(|w| w.chars().count() > 1);
    out
}
