//! Who is named by words of a form (角色): a relation, an office, or what somebody does, composed as people compose it: what comes in
//! front (校内, 第二), the word for the person (教师, …人, 配偶), what is asked of that person behind (姓名, 电话). Which of them a form is
//! about is said in `subject`.

use crate::text::heading::{fold_heading as letters, without_brackets, without_table_number};
use crate::text::width::fold_width;

use super::callings::called;
use super::unit_names::{other_unit_at, unit_by_what_it_does};

/// What may be said of a role before a form is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RoleKind {
    /// Always the candidate: 候选人, 本人.
    Candidate,
    /// Whoever applies: the candidate where the form is about that person.
    Applicant,
    /// Who is in charge of a project or a team: the candidate where nobody else is asked for.
    Head,
    /// Somebody beside the candidate.
    Other,
    /// Whoever a form calls by a word of its own before 姓名: 车主姓名.
    Named,
    /// A unit that is neither the candidate's nor the one that recommends.
    OtherUnit,
}

/// A role at the beginning of some words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedRole {
    pub(super) kind: RoleKind,
    /// The words for the person, without what is asked.
    pub(super) words: String,
    /// What is asked of the person; empty where nothing but the person is named.
    pub(super) asks: String,
}

/// Verbs before 人, 者, 人员 or 员 that say who does it; those of a person who applies first.
const APPLY: &[&str] = &[
    "申请",
    "申报",
    "报名",
    "参评",
    "参赛",
    "参会",
    "参选",
    "应聘",
    "求职",
    "投稿",
    "被推荐",
    "被提名",
    "获奖",
    "拟聘",
    "拟推荐",
    "报告",
    "演讲",
    "授课",
    "主讲",
    "参训",
    "受训",
    "纳税",
    "持证",
    "竞聘",
    "竞选",
    "自荐",
    "受聘",
    "受助",
    "驾驶",
    "参保",
    "承包",
    "入会",
    "创作",
    "发明",
    "工作",
    "完成",
    "填报",
];

/// Verbs of those who do something for or beside the candidate.
const DO: &[&str] = &[
    "推荐",
    "介绍",
    "证明",
    "担保",
    "联系",
    "联络",
    "经办",
    "填表",
    "制表",
    "审核",
    "审批",
    "复核",
    "审查",
    "见证",
    "委托",
    "受托",
    "受理",
    "验收",
    "记录",
    "保证",
    "举荐",
    "提名",
    "参与",
    "参加",
    "承办",
    "管理",
    "保管",
    "使用",
    "领用",
    "采购",
    "付款",
    "收款",
    "批准",
    "签发",
    "接收",
    "交接",
    "移交",
    "陪同",
    "随行",
    "陪护",
    "收件",
    "寄件",
    "发件",
    "评审",
    "评议",
    "鉴定",
    "指导",
    "培养",
    "监护",
    "赡养",
    "合作",
    "协作",
    "协助",
    "校对",
    "评阅",
    "批阅",
    "答辩",
    "监考",
    "责任",
    "法定代表",
    "被委托",
    "代理",
    "代办",
    "担当",
    "转介",
    "接待",
    "监督",
    "测试",
    "检查",
    "操作",
    "维护",
    "监交",
];

/// Verbs of somebody who does for himself what the form is for: 借用人 of a form for 借用.
pub(super) const FOR_ONESELF: &[&str] = &[
    "借用", "领用", "使用", "申购", "采购", "报销", "请假", "出差", "承租", "租用", "预约", "捐赠",
    "投保", "借款", "承诺", "声明", "变更", "转让", "调动", "辞职", "离职", "入职", "入住", "借阅",
    "保管", "休学", "复学", "请款",
];

/// Words in front of 人 for whom the campaign honours.
const HONOURED: &[&str] = &[
    "受表彰",
    "被表彰",
    "拟表彰",
    "受奖",
    "被评",
    "被举荐",
    "领衔",
];

/// What stands for a person behind a verb.
const DOERS: &[&str] = &["人员", "人", "者", "员", "教师", "老师", "专家"];

/// Whole words for persons, with what is known of them.
const PERSONS: &[(&str, RoleKind)] = {
    use RoleKind::{Applicant, Candidate, Head, Other};
    &[
        ("候选人", Candidate),
        ("推荐人选", Candidate),
        ("推荐对象", Candidate),
        ("被推荐人", Candidate),
        ("被推荐人选", Candidate),
        ("人选", Candidate),
        ("本人", Candidate),
        ("学生", Applicant),
        ("本科生", Applicant),
        ("毕业生", Applicant),
        ("实习生", Applicant),
        ("考生", Applicant),
        ("新生", Applicant),
        ("作者", Applicant),
        ("第一作者", Applicant),
        ("选手", Applicant),
        ("运动员", Applicant),
        ("学员", Applicant),
        ("员工", Applicant),
        ("职工", Applicant),
        ("教职工", Applicant),
        ("志愿者", Applicant),
        ("主讲人", Applicant),
        ("主讲教师", Applicant),
        ("当事人", Applicant),
        ("项目负责人", Head),
        ("课题负责人", Head),
        ("项目主持人", Head),
        ("课题主持人", Head),
        ("主持人", Head),
        ("团队负责人", Head),
        ("作品负责人", Head),
        ("负责人", Head),
        ("带头人", Head),
        ("通讯作者", Other),
        ("合作者", Other),
        ("导师", Other),
        ("教练", Other),
        ("辅导员", Other),
        ("班主任", Other),
        ("任课教师", Other),
        ("任课老师", Other),
        ("带教老师", Other),
        ("带教教师", Other),
        ("校内教师", Other),
        ("校外教师", Other),
        ("企业教师", Other),
        ("带队教师", Other),
        ("带队老师", Other),
        ("领队", Other),
        ("队长", Other),
        ("组长", Other),
        ("班长", Other),
        ("队员", Other),
        ("成员", Other),
        ("组员", Other),
        ("队友", Other),
        ("评委", Other),
        ("领导", Other),
        ("上级", Other),
        ("主管", Other),
        ("院长", Other),
        ("校长", Other),
        ("所长", Other),
        ("系主任", Other),
        ("教研室主任", Other),
        ("部门主任", Other),
        ("书记", Other),
        ("处长", Other),
        ("科长", Other),
        ("部长", Other),
        ("会长", Other),
        ("秘书长", Other),
        ("理事长", Other),
        ("董事长", Other),
        ("总经理", Other),
        ("经理", Other),
        ("合伙人", Other),
        ("股东", Other),
        ("法人", Other),
        ("法人代表", Other),
        ("法定代表人", Other),
        ("紧急联系人", Other),
        ("应急联系人", Other),
        ("紧急联络人", Other),
        ("紧急", Other),
        ("应急", Other),
        ("家长", Other),
        ("监护人", Other),
        ("配偶", Other),
        ("爱人", Other),
        ("丈夫", Other),
        ("妻子", Other),
        ("夫妻", Other),
        ("对方", Other),
        ("父亲", Other),
        ("母亲", Other),
        ("父母", Other),
        ("子女", Other),
        ("儿子", Other),
        ("女儿", Other),
        ("兄弟", Other),
        ("姐妹", Other),
        ("亲属", Other),
        ("家属", Other),
        ("亲友", Other),
        ("家人", Other),
        ("家庭成员", Other),
        ("家庭主要成员", Other),
        ("社会关系", Other),
        ("专家组", Other),
        ("验收组", Other),
        ("评审组", Other),
        ("户主", Other),
        ("业主", Other),
        ("车主", Other),
        ("房主", Other),
        ("雇主", Other),
        ("男方", Other),
        ("女方", Other),
        ("甲方", RoleKind::OtherUnit),
        ("乙方", RoleKind::OtherUnit),
    ]
};

/// Words that name a person only where a name is asked: 教师姓名 is whoever applies, 教师资格证 is a paper.
const ONLY_NAMED: &[&str] = &[
    "教师",
    "老师",
    "研究生",
    "会员",
    "党员",
    "团员",
    "人员",
    "个人",
    "同学",
    "专家",
    "代表",
    "职员",
    "干部",
    "教授",
    "医生",
    "医师",
    "工程师",
    "负责同志",
    "家庭",
    "居民",
    "业主",
    "客户",
    "读者",
];

/// What in front of somebody who applies makes somebody else of that person.
const BESIDE: &[&str] = &[
    "指导",
    "培养",
    "所带",
    "第二",
    "第三",
    "第四",
    "第五",
    "其他",
    "其它",
    "合作",
    "共同",
    "协助",
    "推荐学",
];

/// Words behind a role that say no more than that something is told of it.
const TOLD: &[&str] = &[
    "基本情况",
    "基本信息",
    "个人信息",
    "个人情况",
    "主要情况",
    "有关情况",
    "详细信息",
    "情况",
    "信息",
    "资料",
    "简况",
    "名单",
    "情况表",
    "信息表",
    "登记",
    "填写",
    "栏",
    "一览",
    "概况",
    "情况介绍",
    "姓名",
];

/// Most characters in front of the word for a person.
const MOST_IN_FRONT: usize = 10;

/// Words without brackets and numbering, folded.
pub(super) fn bare(text: &str) -> String {
    let text = without_brackets(&fold_width(text));
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || !c.is_alphanumeric());
    let text = without_table_number(text);
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let han = text.trim_start_matches(|c: char| "一二三四五六七八九十".contains(c));
    let text = if digits.len() < text.len() {
        digits
    } else if han.len() < text.len() && han.trim_start().starts_with(['、', '.', '，', ',', ')'])
    {
        han
    } else {
        text
    };
    let all = letters(text);
    let own: String = all.chars().filter(|c| !c.is_ascii_lowercase()).collect();
    if own.is_empty() { all } else { own }
}

impl NamedRole {
    /// The role that some words begin with: 校内指导教师姓名, 第二申请人, 配偶.
    pub(super) fn of(text: &str) -> Option<Self> {
        let text = bare(text);
        // 与本人关系 asks of somebody else how he is related
        if text.chars().count() > 24 || text.starts_with(['与', '同', '和']) {
            return None;
        }
        // of 领队助理 the whole is a title, of 指导教师 nothing is left
        let titled = called(&text).map(|to| (0, to, RoleKind::Other));
        let known = first_person(&text).filter(|k| titled.is_none_or(|t| k.1 >= t.1));
        // whoever 申领, 申购 or 申办 asks for something is who applies
        let kind = match text.starts_with('申') {
            true => RoleKind::Applicant,
            false => RoleKind::Other,
        };
        let doer = || doer(&text).map(|to| (0, to, kind));
        let unit = || unit_by_what_it_does(&text, APPLY).map(|to| (0, to, RoleKind::OtherUnit));
        let other = || unit().or(titled).or_else(|| named(&text));
        let (mut from, mut to, mut kind) = known.or_else(doer).or_else(other)?;
        // the person of a person: 学生家长, 研究生导师
        while let Some((start, end, next)) = text.get(to..).and_then(first_person) {
            let between = text.get(to..to + start).unwrap_or_default();
            if !matches!(
                between,
                "" | "的" | "之" | "所在" | "所在单位" | "所在部门" | "单位"
            ) {
                break;
            }
            (from, to, kind) = (from.min(to), to + end, next);
        }
        if let Some(length) = text.get(to..).and_then(relation) {
            (to, kind) = (to + length, RoleKind::Other);
        }
        let front = text.get(..from).unwrap_or_default();
        if front.chars().count() > MOST_IN_FRONT || front.contains("是否") {
            return None;
        }
        let beside = BESIDE.iter().any(|b| front.contains(b));
        if beside && matches!(kind, RoleKind::Applicant | RoleKind::Head) {
            kind = RoleKind::Other;
        }
        // whoever is in charge of the unit, of a shift or an office is not in charge of the work
        let unit = [
            "单位", "部门", "学院", "院系", "系", "所", "室", "公司", "企业", "机构", "党",
        ];
        if kind == RoleKind::Head && unit.iter().any(|u| front.ends_with(u)) {
            kind = RoleKind::Other;
        }
        let number = |c: char| c.is_ascii_digit() || "一二三四五六".contains(c);
        let asks = text.get(to..).unwrap_or_default();
        let asks = asks.trim_start_matches(number);
        let asks = asks.trim_start_matches(['的', '及', '和', '与', '之']);
        Some(Self {
            kind,
            words: text.get(..to).unwrap_or_default().to_owned(),
            asks: asks.to_owned(),
        })
    }

    /// The last role that a title names: 指导教师 in 优秀毕业设计及优秀指导教师推荐表.
    pub(super) fn in_title(title: &str) -> Option<Self> {
        let text = bare(title);
        let mut found = None;
        let mut from = 0;
        while let Some((start, end, kind)) = text.get(from..).and_then(first_person) {
            found = Some((from + start, from + end, kind));
            from += end;
        }
        let (from, to, kind) = found?;
        Some(Self {
            kind,
            words: text.get(from..to)?.to_owned(),
            asks: String::new(),
        })
    }

    /// Whether words name a role and no more: the head of a column, the label beside several rows, the heading of a section.
    pub(super) fn alone(text: &str) -> Option<Self> {
        let role = Self::of(text)?;
        let told = role.asks.is_empty() || TOLD.contains(&role.asks.as_str());
        told.then_some(role)
    }

    /// Whether it is somebody or some unit beside the candidate.
    pub(super) fn is_another(&self) -> bool {
        matches!(self.kind, RoleKind::Other | RoleKind::OtherUnit)
    }
}

/// How far words behind a person go that name another by how he is related to that person: 之父, 助手.
fn relation(text: &str) -> Option<usize> {
    let rest = text.trim_start_matches(['之', '的']);
    let led = text.len() - rest.len();
    let kin = [
        "父", "母", "子", "女", "妻", "夫", "兄", "弟", "姐", "妹", "友",
    ];
    let kin = kin
        .iter()
        .filter(|_| led > 0)
        .find(|k| rest.starts_with(**k));
    let aides = ["助手", "助理", "秘书", "随从", "搭档", "代表"];
    let word = kin.or_else(|| aides.iter().find(|a| rest.starts_with(**a)))?;
    Some(led + word.len())
}

/// Where the first word for a person stands, of several at one place the longest: its bytes, and who that is.
fn first_person(text: &str) -> Option<(usize, usize, RoleKind)> {
    let starts = text.char_indices().map(|(at, _)| at);
    starts
        .filter_map(|at| {
            let (length, kind) = person_at(text.get(at..)?)?;
            Some((at, at + length, kind))
        })
        .next()
}

/// The longest word for a person that some words begin with: its bytes, and who that is.
fn person_at(text: &str) -> Option<(usize, RoleKind)> {
    let mut found: Vec<(usize, RoleKind)> = Vec::new();
    let whole = PERSONS.iter().filter(|(word, _)| text.starts_with(word));
    found.extend(whole.map(|(word, kind)| (word.len(), *kind)));
    let verbs = APPLY.iter().chain(HONOURED);
    let verbs = verbs.map(|v| (v, RoleKind::Applicant));
    let verbs = verbs.chain(DO.iter().map(|v| (v, RoleKind::Other)));
    for (verb, kind) in verbs {
        let Some(rest) = text.strip_prefix(verb) else {
            continue;
        };
        let doer = DOERS.iter().filter(|d| rest.starts_with(**d));
        let doer = doer.map(|d| d.len()).max();
        // 推荐人选 is whom somebody recommends, 申请人数 a number
        let whole = doer.filter(|d| {
            let behind = rest.get(*d..).unwrap_or_default();
            !["选", "数", "次", "工", "才"]
                .iter()
                .any(|w| behind.starts_with(w))
        });
        found.extend(whole.map(|d| (verb.len() + d, kind)));
    }
    for word in ONLY_NAMED {
        let named = text
            .strip_prefix(word)
            .is_some_and(|r| r.starts_with("姓名"));
        found.extend(named.then_some((word.len(), RoleKind::Applicant)));
    }
    found.extend(other_unit_at(text).map(|to| (to, RoleKind::OtherUnit)));
    found.into_iter().max_by_key(|f| f.0)
}

/// Whoever a form calls by a word of its own before 姓名.
fn named(text: &str) -> Option<(usize, usize, RoleKind)> {
    let (front, _) = text.split_once("姓名")?;
    let own = (1..7).contains(&front.chars().count());
    let of_name = [
        "中文", "英文", "外文", "真实", "曾用", "原", "汉语", "汉字", "民族", "现",
    ];
    (own && !of_name.contains(&front)).then_some((0, front.len(), RoleKind::Named))
}

/// Whoever does what two or three characters say, at the beginning of some words: 借用人, 监交人. Nothing else is known of that person.
fn doer(text: &str) -> Option<usize> {
    let at = text.find('人')?;
    let front = text.get(..at)?;
    let behind = text.get(at + '人'.len_utf8()..)?;
    let own = (2..4).contains(&front.chars().count());
    let other = [
        "数", "次", "员", "才", "民", "口", "选", "工", "生", "物", "群", "力", "事",
    ];
    let said = front
        .chars()
        .all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let none = ["年轻", "残疾", "老年", "中国", "外国", "其他", "主要"].contains(&front);
    let person = own && said && !none && !other.iter().any(|o| behind.starts_with(o));
    person.then_some(at + '人'.len_utf8())
}
