//! What is asked of a unit (单位的栏目): what nobody but a unit is asked, as 统一社会信用代码, and what a unit may be asked besides, as 邮编.

use super::roles::bare;
use crate::fill::bind::lexicon::Lexicon;

/// Words of what only a unit has.
const OF_UNITS: &[&str] = &[
    "信用代码",
    "机构代码",
    "法定代表",
    "法人",
    "营业执照",
    "注册资",
    "注册地",
    "注册时间",
    "经营",
    "所属行业",
    "主管部门",
    "职工总数",
    "职工人数",
    "员工人数",
    "从业人数",
    "资质",
];

/// What units are called in front of what is asked of them: 单位地址, 机构性质.
const UNITS: &[&str] = &["单位", "机构", "企业", "公司", "组织"];

/// What is asked behind such a word and is not the unit's, or names a unit of its own.
const NOT_OF_IT: &[&str] = &[
    "职务", "职称", "岗位", "部门", "工号", "意见", "审核", "审批", "盖章", "公章", "签",
];

/// Where anybody is reached.
const REACHED: &[&str] = &[
    "电话",
    "手机",
    "邮箱",
    "邮件",
    "mail",
    "地址",
    "邮编",
    "邮政编码",
    "联系",
    "联络",
    "传真",
    "网址",
    "负责人",
    "官网",
];

/// Whether words ask what only a unit is asked: 单位性质, 统一社会信用代码, 机构地址. What only names a unit asks nothing of it.
pub(super) fn asks_unit_alone(text: &str) -> bool {
    let own = bare(text);
    let rest = UNITS.iter().find_map(|u| own.strip_prefix(u));
    let names = ["", "名称", "全称", "及职务", "名"];
    let led = rest.is_some_and(|r| !names.contains(&r) && !NOT_OF_IT.iter().any(|n| r.contains(n)));
    led || OF_UNITS.iter().any(|o| own.contains(o))
}

/// Whether words may ask of a unit, as 电话 and 地址 do and 职称 does not.
pub(super) fn asks_any_unit(lexicon: &Lexicon, text: &str) -> bool {
    let own = bare(text);
    asks_unit_alone(text) || lexicon.unit(text).is_some() || REACHED.iter().any(|r| own.contains(r))
}
