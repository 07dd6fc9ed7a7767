//! Units that are neither the candidate's nor the one that recommends (别的单位), known by what stands in front of 单位: 实习单位, 接收单位, 参保单位.

/// What stands in front of 单位 and its like in the names of other units.
const OTHER_UNITS: &[&str] = &[
    "实习", "实践", "协作", "合作", "用人", "接收", "派出", "主办", "承办", "协办", "支持", "依托",
    "委托", "受托", "验收", "建设", "施工", "监理", "担保", "保荐", "挂靠", "培训", "检测", "评估",
    "设计", "供货", "调入", "调出", "招聘", "指导", "资助", "发证", "收款", "付款", "配偶", "原",
];

/// What a unit is called.
const UNITS: &[&str] = &["单位", "公司", "企业", "机构", "基地", "学校", "院校"];

/// Where the name of another unit ends with which some words begin.
pub(super) fn other_unit_at(text: &str) -> Option<usize> {
    let fronts = OTHER_UNITS.iter().filter_map(|front| {
        let rest = text.strip_prefix(front)?;
        let unit = UNITS.iter().find(|u| rest.starts_with(**u))?;
        Some(front.len() + unit.len())
    });
    fronts.max()
}

/// A unit that a form calls by what it does, unless that is what the candidate's or the recommending unit does: 参保单位.
/// Gives where its name ends; `apply` are the verbs of whoever applies, which are no other unit's.
pub(super) fn unit_by_what_it_does(text: &str, apply: &[&str]) -> Option<usize> {
    let (at, unit) = UNITS
        .iter()
        .filter_map(|u| Some((text.find(u)?, u)))
        .min()?;
    let front = text.get(..at)?;
    let own = [
        "工作", "所在", "推荐", "填报", "报送", "上报", "提名", "任职", "就职", "供职", "所属",
        "毕业", "现", "本", "行政", "事业", "人事", "就读", "学习", "承担", "完成", "授予", "颁发",
        "颁奖", "批准", "表彰", "参加", "劳动", "专家", "呈报", "主管", "基层", "隶属",
    ];
    let own = own.iter().chain(apply).any(|o| front.contains(o));
    let count = front.chars().count();
    ((2..7).contains(&count) && (!own || front.starts_with('原'))).then_some(at + unit.len())
}
