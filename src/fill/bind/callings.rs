//! Titles of people that nobody listed (头衔): known by how they end, 联络官, 宣传干事. Those that are listed, and what people do, are in `roles`.

/// How words for a person end that nothing else is known of: 联络官, 审核员, 宣传干事.
const CALLED: &[&str] = &[
    "专员", "干事", "秘书", "助理", "主任", "大使", "顾问", "委员", "裁判", "总监", "嘉宾", "司机",
    "领班", "店长", "队医", "代表", "官", "员", "师", "长", "者",
];

/// Words that end so and are no persons.
const NOT_CALLED: &[&str] = &[
    "特长",
    "身长",
    "时长",
    "周长",
    "全长",
    "增长",
    "成长",
    "年长",
    "专长",
    "擅长",
    "学长",
    "五官",
    "感官",
    "人员",
    "党员",
    "团员",
    "动员",
    "会员",
    "职员",
    "官员",
    "成员",
    "学员",
    "演员",
    "出师",
    "律师",
    "教师",
    "或者",
    "作者",
    "工程师",
    "班长",
    "人大代表",
    "党代表",
    "法定代表",
];

/// Where a title ends that nobody listed, of somebody who is named alone or asked for by name: 联络官, 审核员姓名.
pub(super) fn called(text: &str) -> Option<usize> {
    let front = text.split_once("姓名").map_or(text, |(front, _)| front);
    let count = front.chars().count();
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let ends = CALLED.iter().any(|e| front.ends_with(e));
    let none = NOT_CALLED.iter().any(|n| front.ends_with(n)) || front.starts_with("是否");
    let own = (2..7).contains(&count) && front.chars().all(han) && ends && !none;
    own.then_some(front.len())
}

/// Whether words name whoever hands the form in, whatever that person is besides.
pub(super) fn applies(words: &str) -> bool {
    let all = [
        "申",
        "报名",
        "参评",
        "参赛",
        "参会",
        "应聘",
        "填报",
        "参选",
        "拟聘",
        "拟推荐",
        "被推荐",
        "被提名",
        "竞聘",
        "竞选",
        "自荐",
        "求职",
        "受表彰",
        "受奖",
        "被表彰",
        "被评",
        "拟表彰",
    ];
    all.iter().any(|w| words.contains(w))
}
