//! What the reader of TOML says, in Chinese (TOML 的毛病): its sentences are few and have fixed beginnings. What it says in another way is
//! told as a fault of writing without its own words, since the place is known.

/// A sign of the Chinese keyboard where TOML has its own, at a byte of a file: what is wrong and what to do.
pub(super) fn full_width(text: &str, at: usize) -> Option<(&'static str, &'static str)> {
    match text.get(at..)?.chars().next()? {
        '０'..='９' => Some(("数字是全角的", "请改用半角数字，如 4，不写 ４。")),
        '“' | '”' | '＂' => Some((
            "这里的引号是中文的，TOML 不认",
            "请把前后两个都改成英文双引号（\"），如 name = \"文字\"。",
        )),
        '‘' | '’' | '＇' => Some((
            "这里的引号是中文的，TOML 不认",
            "请把前后两个都改成英文双引号（\"）或英文单引号（'）。",
        )),
        '，' | '、' => Some(("这里的逗号、顿号是中文的", "请改用英文逗号（,）。")),
        '＝' => Some(("这里的等号是全角的", "请改用半角的 =。")),
        '【' | '［' | '】' | '］' => Some(("这里的方括号是全角的", "请改用半角的 [ ]。")),
        '｛' | '｝' => Some(("这里的花括号是全角的", "请改用半角的 { }。")),
        '＃' => Some(("这里的井号是全角的", "说明写在半角的 # 后面。")),
        '\u{3000}' => Some(("这里有全角空格", "请改用半角空格，或删去。")),
        _ => None,
    }
}

/// What is wrong with the writing of a file, and what to do.
pub(super) fn syntax_words(message: &str) -> (&'static str, &'static str) {
    /// The beginning of the reader's sentence, what it means, and what to do; the first that fits counts.
    const KNOWN: &[(&str, &str, &str)] = &[
        (
            "duplicate key",
            "这个键在前面已经写过",
            "一个键只写一次，请删去一处；要写几组内容的，每组前面写一次 [[…]]。",
        ),
        (
            "cannot extend",
            "这个键在前面已经有了值，不能再往下分",
            "请改名，或删去一处。",
        ),
        (
            "unclosed table",
            "小节的方括号没有收尾",
            "请写成 [名称] 或 [[名称]]，括号成对。",
        ),
        (
            "unclosed array table",
            "小节的方括号没有收尾",
            "请写成 [[名称]]，括号成对。",
        ),
        (
            "unclosed array",
            "方括号列表没有收尾",
            "请在列表末尾补上 ]。",
        ),
        (
            "unclosed inline table",
            "花括号没有收尾",
            "请在末尾补上 }。",
        ),
        (
            "invalid basic string",
            "引号里的文字没有收尾，或有不能用的字符",
            "文字前后各一个英文双引号，中间不换行；反斜杠写成 \\\\。",
        ),
        (
            "invalid multi-line",
            "多行文字没有收尾",
            "多行文字前后各三个英文双引号。",
        ),
        (
            "invalid literal string",
            "单引号里的文字没有收尾",
            "前后各一个英文单引号，中间不换行。",
        ),
        (
            "string values must be quoted",
            "文字没有加引号",
            "请给文字加上英文双引号，如 name = \"文字\"。",
        ),
        (
            "missing value",
            "等号后面没有内容",
            "请写上内容，或删去这个键。",
        ),
        (
            "key with no value",
            "只有键，没有等号和内容",
            "请写成 键 = 内容，或删去。",
        ),
        (
            "missing assignment",
            "键和内容之间没有等号",
            "请写成 键 = 内容。",
        ),
        ("extra", "多了一个等号或逗号", "请删去多余的。"),
        ("missing comma", "两项之间没有逗号", "请用英文逗号隔开。"),
        ("missing opening quote", "缺少前引号", "请补上英文双引号。"),
        (
            "invalid unquoted key",
            "键里有不能用的字符",
            "键只用小写字母、数字、“_”和“-”，标点用英文的。",
        ),
        (
            "unquoted keys cannot be empty",
            "等号前面没有键",
            "请写上键，如 year = 2021。",
        ),
        ("keys cannot be multi-line", "键不能换行", "请写在一行。"),
        ("missing key", "缺少键", "请写成 键 = 内容。"),
        (
            "unexpected key or value",
            "一行里有两项内容",
            "一行只写一项，请换行；文字要加英文双引号。",
        ),
        (
            "unexpected content",
            "这里多出了内容",
            "一行只写一项，说明写在 # 后面。",
        ),
        (
            "unexpected `=`",
            "列表里不能有等号",
            "请改为花括号，如 { 键 = 内容 }。",
        ),
        (
            "unexpected leading zero",
            "数字前面多了 0",
            "请去掉前面的 0；编号、邮编要加引号。",
        ),
        ("unexpected sign", "多了正负号", "请只写一个。"),
        ("redundant", "数字的写法不对", "请只写数字。"),
        (
            "integer number overflowed",
            "数字太大",
            "请核对；号码要加引号。",
        ),
        ("floating-point number overflowed", "数字太大", "请核对。"),
        (
            "invalid date-time",
            "日期、时间的写法不对",
            "请加引号，写成 \"2021-06-01\" 的样子。",
        ),
        (
            "invalid datetime",
            "日期、时间的写法不对",
            "请加引号，写成 \"2021-06-01\" 的样子。",
        ),
        (
            "invalid boolean",
            "是否的写法不对",
            "请写 true 或 false，不加引号。",
        ),
        (
            "invalid integer",
            "数字的写法不对",
            "数字只写阿拉伯数字，文字要加英文双引号。",
        ),
        (
            "invalid value",
            "等号后面的写法不对",
            "文字加英文双引号，数字不加，是否写 true 或 false。",
        ),
        (
            "invalid",
            "写法不对",
            "请对照同一文件中相邻的写法改正，标点用英文的。",
        ),
        ("recursion limit", "括号套得太多层", "请减少层数。"),
        ("cannot recurse", "括号套得太多层", "请减少层数。"),
        (
            "carriage return",
            "换行的方式不对",
            "请用记事本或编辑器重新保存为 UTF-8 文本。",
        ),
    ];
    const OTHER: (&str, &str) = (
        "这里的写法不对",
        "请对照同一文件中相邻的写法改正：文字要加英文双引号，括号要成对，一个键只写一次。",
    );
    let line = message.lines().next().unwrap_or_default();
    let known = KNOWN.iter().find(|(word, ..)| line.starts_with(word));
    let known = known.or_else(|| KNOWN.iter().find(|(word, ..)| line.contains(word)));
    known.map_or(OTHER, |(_, what, hint)| (*what, *hint))
}

/// What a value is and what it should be, and what to do: of `invalid type: string "x", expected i16` and the like.
pub(super) fn type_words(message: &str) -> (String, String) {
    let line = message.lines().next().unwrap_or_default();
    // our own readers of single values speak Chinese already
    if line.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)) && !line.starts_with("invalid")
    {
        let hint = "请对照同一文件中相邻的写法改正。";
        return (line.to_owned(), hint.to_owned());
    }
    if let Some(counts) = line.strip_prefix("invalid length ") {
        let mut numbers = counts
            .split(|c: char| !c.is_ascii_digit())
            .filter(|n| !n.is_empty());
        let (have, want) = (numbers.next().unwrap_or("0"), numbers.next());
        let hint = want.map_or_else(|| "请核对个数。".to_owned(), |n| format!("应有 {n} 项。"));
        return (format!("列表的个数不对，现有 {have} 项"), hint);
    }
    let (found, expected) = match line.split_once(", expected ") {
        Some((found, expected)) => (found, expected),
        None => (line, ""),
    };
    let found = found.split_once(": ").map_or(found, |(_, found)| found);
    let wanted = wanted(expected);
    let message = match value(found) {
        Some(value) => format!("{value}不能用在这里"),
        None => "内容的类型或范围不对".to_owned(),
    };
    (message, format!("{wanted}。"))
}

/// A value as it was found: 文字“x”, 数字 7 and so on.
fn value(found: &str) -> Option<String> {
    let (kind, rest) = found.split_once(' ').unwrap_or((found, ""));
    let bare = rest.trim_matches(['"', '`']);
    Some(match kind {
        "string" | "str" => format!("文字“{bare}”"),
        "integer" | "floating" => {
            let number = rest.trim_start_matches("point ").trim_matches('`');
            format!("数字 {number} ")
        }
        "boolean" => format!(" {bare} "),
        "map" | "table" => "一组键（花括号或小节）".to_owned(),
        "sequence" | "array" => "方括号列表".to_owned(),
        "datetime" => "不加引号的日期".to_owned(),
        _ => return None,
    })
}

/// What is accepted, by what the reader expected.
fn wanted(expected: &str) -> String {
    let word = expected.trim_start_matches("a ").trim_start_matches("an ");
    let word = word.split([' ', ',']).next().unwrap_or_default();
    let range = match word {
        "u8" => Some((0, i64::from(u8::MAX))),
        "u16" => Some((0, i64::from(u16::MAX))),
        "u32" => Some((0, i64::from(u32::MAX))),
        "i16" => Some((i64::from(i16::MIN), i64::from(i16::MAX))),
        "i32" => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
        "usize" | "u64" => return "应是不小于 0 的整数，不加引号".to_owned(),
        "i64" | "isize" | "integer" => return "应是整数，不加引号".to_owned(),
        _ => None,
    };
    if let Some((least, most)) = range {
        return format!("应是 {least} 到 {most} 的整数，不加引号");
    }
    match word {
        "f32" | "f64" | "float" | "number" => "应是数字，可以有小数，不加引号".to_owned(),
        "string" | "borrowed" | "char" | "character" => {
            "应是一段文字，加英文双引号，如 \"文字\"".to_owned()
        }
        "bool" | "boolean" => "应写 true 或 false，不加引号".to_owned(),
        "sequence" | "array" => {
            "应是方括号列表，如 [\"甲\", \"乙\"]；几组内容的写成 [[…]] 小节".to_owned()
        }
        "map" | "struct" | "table" | "internally" => {
            "应是一组键，写成 { 键 = 内容 } 或一个小节".to_owned()
        }
        "string," | "variant" | "enum" => "应是规定的几个词之一，加英文双引号".to_owned(),
        _ => "请对照同一文件中相邻的写法改正：文字加引号，数字不加引号，是否写 true 或 false"
            .to_owned(),
    }
}
