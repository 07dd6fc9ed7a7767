//! What stands in angle brackets for a value (占位), in Chinese: a secretary reads ＜报送文件夹＞, not SUBMISSION.

/// Placeholders and their words.
const WORDS: &[(&str, &str)] = &[
    ("DIR", "文件夹"),
    ("WHEN", "何时"),
    ("LANG", "语言"),
    ("CAMPAIGN", "活动"),
    ("RFC3339", "时刻"),
    ("FILE", "文件"),
    ("OUT", "文件"),
    ("OLD", "旧绑定"),
    ("SUBMISSION", "报送文件夹"),
    ("NAME", "名称"),
    ("TEXT", "文字"),
    ("ID", "编号"),
    ("REASON", "原因"),
    ("FORM", "表"),
    ("FILES", "文件"),
    ("TIME", "时间"),
    ("UNIT", "单位"),
    ("TARGETS", "编码"),
    ("TARGET", "编码"),
    ("SHELL", "终端"),
    ("REFERENCE", "记录"),
    ("NO", "号"),
    ("N", "个数"),
    ("MARKS", "标记"),
    ("KIND", "种类"),
    ("FILLED", "填好的表"),
    ("BACKUP", "备份"),
    ("ALGORITHM", "算法"),
    ("YEAR", "年份"),
    ("NEW", "新编号"),
    ("NAMES", "姓名"),
    ("MANIFEST", "清单"),
    ("CODE", "编码"),
    ("ADDRESS", "地址"),
];

/// A text with the placeholders in it in Chinese.
pub(super) fn in_chinese(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('<') {
        out.push_str(before);
        out.push('<');
        let word = from.split_once('>').and_then(|(name, behind)| {
            // FILE.xlsx has its ending behind it
            let (stem, ending) = name.split_at(name.find('.').unwrap_or(name.len()));
            let found = WORDS.iter().find(|(placeholder, _)| *placeholder == stem);
            found.map(|(_, word)| (*word, ending, behind))
        });
        match word {
            Some((word, ending, behind)) => {
                out.push_str(word);
                out.push_str(ending);
                out.push('>');
                rest = behind;
            }
            None => rest = from,
        }
    }
    out.push_str(rest);
    out
}
