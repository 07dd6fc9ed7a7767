//! What the sheets, columns and rows of the workbook are called, so that they are found again when it is read.

/// What the first cell of an example row holds; rows that begin with 示例 are not read.
pub const EXAMPLE: &str = "示例行（不读取）";
/// What the first cell of an example card holds.
pub const EXAMPLE_CARD: &str = "示例卡（不读取）";
/// Heading of the first column of a list.
pub const NUMBER_HEADING: &str = "序号";
/// Headings of the unit's sheet: label, value, explanation.
pub const UNIT_HEADINGS: [&str; 3] = ["项目", "填写内容", "填写说明"];
/// Name of the sheet that explains how to fill in.
pub const GUIDE_SHEET: &str = "说明";
/// Name of the hidden sheet with the code lists.
pub const CODES_SHEET: &str = "代码表";
/// Sign behind the heading of a field that must be answered.
pub const REQUIRED_SIGN: char = '＊';
