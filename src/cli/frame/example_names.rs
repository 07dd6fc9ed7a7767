//! Names of files in examples, in Chinese and in English.

/// Names in examples, in English; the longer of two that begin alike stands first.
const NAMES: &[(&str, &str)] = &[
    ("报送包", "package"),
    ("报送", "submission"),
    ("示例市科学技术协会", "Example-City-Association"),
    ("标注", "marked"),
    ("纸质件", "paper"),
    ("新台账", "new-ledger"),
    ("台账", "ledger"),
    ("草稿", "draft"),
    ("扫描件", "scans"),
    ("第二批", "second"),
    ("上午第一叠", "first-stack"),
    ("待处理", "tray"),
    ("退回单位", "returned"),
    ("示例市", "Example-City"),
    ("回执", "slip"),
    ("王示例", "Wang"),
    ("打印模糊", "smudged"),
    ("名单", "units"),
    ("未读出", "unread"),
    ("空白表", "blank"),
    ("绑定图", "pages"),
    ("绑定", "binding"),
    ("填好的表", "filled"),
    ("表", "form"),
    ("公钥", "public"),
    ("私钥外泄", "copied"),
    ("备份", "backup"),
    ("管理员", "administrator"),
    ("一人", "person"),
    ("保存期限届满", "expired"),
    ("模板", "templates"),
    ("代码", "codes"),
];

/// A line with English names of files.
pub(crate) fn in_english(line: &str) -> String {
    NAMES
        .iter()
        .fold(line.to_owned(), |line, (chinese, english)| {
            line.replace(chinese, english)
        })
}
