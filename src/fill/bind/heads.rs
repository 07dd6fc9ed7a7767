//! What the heading of a part says (小标题): nothing (基本情况), the candidate (本人), things and not people (获奖情况), or something that nobody
//! knows. Only what is known makes a part the candidate's; whose a part is then is said in `parts`.

use super::callings::applies;
use super::roles::{NamedRole, RoleKind, bare};
use crate::text::heading::fold_heading as letters;
use crate::text::width::fold_width;

/// What a heading says of the part below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum HeadSays {
    /// Nothing about whose it is: 一、基本情况.
    Nothing,
    /// That it is the candidate's.
    Candidate,
    /// What things it is about: 获奖情况, 联系方式.
    Things,
    /// That it is how to fill the form in: 填写说明.
    Instructions,
    /// Something else, in these words.
    Unknown(String),
}

/// Words that say nothing of whose a part is.
const NEUTRAL: &[&str] = &[
    "基本",
    "情况",
    "信息",
    "登记",
    "简要",
    "个人",
    "概况",
    "简况",
    "资料",
    "主要",
    "详细",
    "有关",
    "相关",
    "自然",
    "一般",
    "填写",
    "填报",
    "申报",
    "申请",
    "报名",
    "推荐",
    "提名",
    "参评",
    "评选",
    "表格",
    "表",
    "内容",
    "栏目",
    "栏",
    "部分",
    "第",
    "附件",
    "附表",
    "附",
    "一览",
    "简介",
    "介绍",
    "基础",
    "综合",
    "正文",
    "首页",
    "封面",
    "正本",
    "副本",
    "存根",
    "回执",
    "单",
    "卡",
    "卡片",
    "书",
    "以下",
    "必填",
    "选填",
    "注册",
    "采集",
    "核对",
    "确认",
    "审批",
    "汇总",
    "名单",
    "统计",
    "数据",
    "明细",
    "档案",
    "的",
    "和",
    "及",
    "与",
    "等",
    "工作表",
    "补充",
    "年度",
    "年",
    "份",
    "电子版",
    "样表",
    "模板",
    "简表",
    "续",
    "页",
    "说明",
    "一",
    "二",
    "三",
    "四",
    "五",
    "六",
    "七",
    "八",
    "九",
    "十",
    "事项",
    "概述",
    "状况",
    "身份",
];

/// A word that says nothing of whose a part is where nothing but such words stands: beside a thing it calls people (科研人员).
const ANYBODY: &[&str] = &["人员", "人才", "个人"];

/// Words about things: none of them, nor any two side by side, calls a person or an office.
const THINGS: &[&str] = &[
    "获奖",
    "奖励",
    "荣誉",
    "表彰",
    "称号",
    "奖项",
    "处分",
    "奖惩",
    "成果",
    "成绩",
    "业绩",
    "贡献",
    "论文",
    "著作",
    "论著",
    "专利",
    "项目",
    "课题",
    "科研",
    "教学",
    "学术",
    "技术",
    "科技",
    "工作",
    "学习",
    "教育",
    "培训",
    "进修",
    "经历",
    "履历",
    "简历",
    "任职",
    "兼职",
    "职务",
    "职称",
    "职业",
    "资格",
    "证书",
    "学历",
    "学位",
    "毕业",
    "院校",
    "专业",
    "学科",
    "研究",
    "方向",
    "领域",
    "事迹",
    "材料",
    "先进",
    "突出",
    "代表性",
    "代表作",
    "作品",
    "创新",
    "发明",
    "标准",
    "服务",
    "实践",
    "活动",
    "会议",
    "联系",
    "联络",
    "方式",
    "通讯",
    "通信",
    "地址",
    "住址",
    "邮寄",
    "收件",
    "单位",
    "所在",
    "现",
    "目前",
    "政治",
    "面貌",
    "党团",
    "证件",
    "户籍",
    "户口",
    "账户",
    "账号",
    "帐户",
    "帐号",
    "银行",
    "开户",
    "收款",
    "费用",
    "经费",
    "预算",
    "意见",
    "审核",
    "承诺",
    "声明",
    "诚信",
    "签字",
    "签名",
    "授权",
    "照片",
    "健康",
    "体检",
    "身体",
    "考核",
    "评价",
    "总结",
    "自我",
    "鉴定",
    "计划",
    "目标",
    "规划",
    "理由",
    "摘要",
    "备注",
    "近",
    "以来",
    "来",
    "时间",
    "日期",
    "出行",
    "行程",
    "住宿",
    "交通",
    "食宿",
    "饮食",
    "参会",
    "参赛",
    "参与",
    "承担",
    "主持",
    "完成",
    "发表",
    "获得",
    "取得",
    "获",
    "国内外",
    "国内",
    "国外",
    "重要",
    "各类",
    "何时",
    "何地",
    "社会",
    "岗位",
    "应聘",
    "求职",
    "意向",
    "期望",
    "技能",
    "特长",
    "语言",
    "外语",
    "计算机",
    "能力",
    "水平",
    "其他",
    "其它",
    "竞赛",
    "比赛",
    "题目",
    "名称",
    "类别",
    "组别",
    "级别",
    "等级",
    "房屋",
    "住房",
    "车辆",
    "设备",
    "场地",
    "借用",
    "采购",
    "问题",
    "建议",
    "需求",
    "情形",
    "变更",
    "退役",
    "参军",
    "入党",
    "入职",
    "离职",
    "岗前",
    "论证",
    "方案",
    "进度",
    "质量",
    "安全",
    "保密",
    "知识产权",
    "院系",
    "班级",
    "奖学金",
    "助学金",
    "贷款",
    "资助",
    "报告",
    "讲座",
    "课程",
    "论坛",
    "展品",
    "稿件",
    "文章",
    "图书",
    "产品",
];

/// Words of whom the form is about, beside the verbs of `roles`.
const OWN: &[&str] = &[
    "本人",
    "候选人",
    "候选",
    "人选",
    "推荐对象",
    "被推荐人",
    "被推荐者",
    "被推荐",
    "被提名人",
    "被提名",
    "拟推荐",
    "申请人",
    "申请者",
    "申报人",
    "申报者",
    "报名人",
    "报名者",
    "参评人",
    "参评者",
    "应聘者",
    "应聘人",
    "求职者",
    "参选人",
    "自荐人",
    "申报人员",
    "申请人员",
    "报名人员",
    "参评人员",
    "参评对象",
    "申报对象",
    "评选对象",
    "提名对象",
];

/// Headings over what the form itself says.
const INSTRUCTIONS: &[&str] = &[
    "填写说明",
    "填表说明",
    "填报说明",
    "填写须知",
    "填表须知",
    "填报须知",
    "填写要求",
    "填表要求",
    "填报要求",
    "填写指南",
    "填写指引",
    "使用说明",
    "注意事项",
    "填写注意事项",
    "填表注意事项",
    "说明",
    "须知",
    "报名须知",
    "申报须知",
    "申报说明",
    "报名说明",
    "填写规范",
    "编制说明",
    "操作说明",
    "指标说明",
    "字段说明",
    "填写示例",
    "填写范例",
    "示例",
    "样例",
    "填报指南",
    "填写帮助",
];

/// Whether words name those whom the form is about: 推荐人选汇总表.
pub(super) fn names_candidates(words: &str) -> bool {
    OWN.iter().any(|own| words.contains(own))
}

impl HeadSays {
    /// What a heading says; `own` are the words of the form's title and of the campaign.
    pub(super) fn of(text: &str, own: &[String]) -> Self {
        let words = core(text);
        if INSTRUCTIONS.contains(&words.as_str()) {
            return Self::Instructions;
        }
        if let Some(said) = bracketed(text) {
            return said;
        }
        let covered = |known: &[&[&str]]| is_covered(&words, known);
        if covered(&[NEUTRAL, ANYBODY]) {
            return Self::Nothing;
        }
        if recommends(&words) {
            return Self::Things;
        }
        let role = NamedRole::alone(&words).or_else(|| NamedRole::alone(&left(&words)));
        let candidate = role.as_ref().is_some_and(|r| {
            let applies = r.kind == RoleKind::Applicant && applies(&r.words);
            r.kind == RoleKind::Candidate || applies
        });
        if candidate || covered(&[NEUTRAL, OWN]) {
            return Self::Candidate;
        }
        if role.is_none() && covered(&[NEUTRAL, THINGS]) {
            return Self::Things;
        }
        if role.is_none() && covered(&[NEUTRAL, THINGS, OWN]) {
            return Self::Candidate;
        }
        let left = left(&words);
        let named = own.iter().any(|title| title.contains(&left));
        let another = role.is_some_and(|r| r.is_another());
        match named && !another && left.chars().count() > 1 {
            true => Self::Candidate,
            false => Self::Unknown(left),
        }
    }
}

/// The things that words name, of which a heading may name several: 工作 and 经历 in 工作经历. The longest first where one begins as another
/// does.
pub(super) fn things_in(text: &str) -> Vec<&'static str> {
    let words = core(text);
    let mut rest = words.as_str();
    let mut found = Vec::new();
    while let Some(first) = rest.chars().next() {
        let known = NEUTRAL.iter().chain(OWN).chain(THINGS);
        let longest = known
            .filter(|word| rest.starts_with(**word))
            .max_by_key(|word| word.len());
        match longest {
            Some(word) => {
                found.extend(THINGS.iter().find(|thing| *thing == word).copied());
                rest = rest.get(word.len()..).unwrap_or_default();
            }
            None => rest = rest.get(first.len_utf8()..).unwrap_or_default(),
        }
    }
    found
}

/// The words of a heading, folded, without numbers and brackets.
fn core(text: &str) -> String {
    let own = bare(text);
    let own: String = own.chars().filter(|c| !c.is_ascii()).collect();
    own
}

/// Whether words name the unit that recommends: 推荐学会, 申报部门.
fn recommends(words: &str) -> bool {
    let does = ["推荐", "申报", "报送", "上报", "填报", "提名", "呈报"];
    let units = [
        "单位",
        "部门",
        "学会",
        "协会",
        "研究会",
        "机构",
        "组织",
        "机关",
        "委员会",
        "科协",
        "工会",
    ];
    let mut does = does.iter().filter_map(|d| words.strip_prefix(d));
    does.any(|rest| {
        let rest = left(rest);
        units.iter().any(|u| rest.ends_with(u)) && rest.chars().count() < 5
    })
}

/// What words in brackets say: 高校教师（申报人）, 研究生（参与人）.
fn bracketed(text: &str) -> Option<HeadSays> {
    let text = fold_width(text);
    let (_, rest) = text.split_once('(')?;
    let (inside, _) = rest.split_once(')')?;
    // （非本人） names whose it is not
    if inside.trim_start().starts_with(['非', '不', '除']) {
        return None;
    }
    let role = NamedRole::of(inside).filter(|r| r.asks.is_empty())?;
    let candidate = role.kind == RoleKind::Candidate
        || role.kind == RoleKind::Applicant && applies(&role.words);
    match candidate {
        true => Some(HeadSays::Candidate),
        false if role.is_another() => Some(HeadSays::Unknown(letters(inside))),
        false => None,
    }
}

/// Whether words are put together from known ones and nothing else.
fn is_covered(words: &str, known: &[&[&str]]) -> bool {
    let mut ends = vec![false; words.len() + 1];
    if let Some(first) = ends.first_mut() {
        *first = true;
    }
    for at in 0..words.len() {
        if !ends.get(at).copied().unwrap_or(false) {
            continue;
        }
        let rest = words.get(at..).unwrap_or_default();
        for word in known.iter().copied().flatten() {
            if rest.starts_with(word)
                && let Some(end) = ends.get_mut(at + word.len())
            {
                *end = true;
            }
        }
    }
    ends.last().copied().unwrap_or(true)
}

/// Words without those at their ends that say nothing.
fn left(words: &str) -> String {
    let mut left = words;
    loop {
        let front = NEUTRAL.iter().filter_map(|n| left.strip_prefix(n));
        let behind = NEUTRAL.iter().filter_map(|n| left.strip_suffix(n));
        let next = behind.chain(front).min_by_key(|l| l.len());
        match next.filter(|n| n.chars().count() > 1) {
            Some(next) => left = next,
            None => return left.to_owned(),
        }
    }
}

/// How words end that call a person, beside the titles of `callings`.
const PEOPLE: &[&str] = &[
    "人", "者", "员", "长", "师", "生", "工", "手", "友", "妻", "夫", "父", "母", "子女", "儿子",
    "女儿", "亲", "属", "干部", "主任", "书记", "秘书", "助理", "专家", "教授", "嘉宾", "代表",
    "委员", "同志", "司机", "主席", "导师", "配偶", "徒弟", "师傅", "学徒", "会计", "出纳", "教练",
    "领队", "护工", "保姆", "护士", "大夫", "律师", "院士", "博导", "顾问", "翻译", "领导", "同事",
];

/// Whether a label calls a person or an office whom no field and no role is known for: 帮扶干部.
pub(super) fn calls_somebody(text: &str) -> bool {
    let words = core(text);
    let words = words.strip_suffix("姓名").unwrap_or(&words);
    // words side by side are there to be chosen from: 大学本科/研究生
    if text.contains(['/', '／']) {
        return false;
    }
    let long = words.chars().count();
    let ends = PEOPLE.iter().any(|p| words.ends_with(p));
    (2..9).contains(&long) && ends && !is_covered(words, &[NEUTRAL, THINGS])
}

/// Whether words begin with a number as headings do: 二、, （三）, 4．, 表二, 附件3.
pub(super) fn is_numbered(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "（([【第".contains(c));
    let text = ["表", "附件", "附表", "附"]
        .iter()
        .find_map(|front| text.strip_prefix(front))
        .unwrap_or(text);
    let number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let rest = text.trim_start_matches(number);
    rest.len() < text.len()
        && rest
            .chars()
            .next()
            .is_none_or(|c| !c.is_alphanumeric() || c == '部')
}
