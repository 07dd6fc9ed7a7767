//! How photos are called (照片名): patterns such as `{name}{n}` as a campaign's rule M6 gives them; and how much a package of them holds. Whose a file is, is found in `record`.

use super::document::nearest_hint;
use super::{Campaign, Kind};

/// Most bytes of a package where the campaign does not say it: what the pages of the service take in too.
const USUAL_PACKAGE: i64 = 500_000_000;
/// What may stand in braces besides the keys of a candidate's fields.
const PLACEHOLDERS: &[&str] = &["name", "n", "no", "unit", "id_tail"];

/// A pattern of file names without their endings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern(String);

impl NamePattern {
    /// A pattern as it is written.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name that `value` gives by the words in braces; `{n}` stays where `number` is none.
    pub fn fill(&self, number: Option<usize>, value: &dyn Fn(&str) -> String) -> String {
        let mut out = String::new();
        let mut rest = self.0.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((key, behind)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            match (key, number) {
                ("n", Some(number)) => out.push_str(&number.to_string()),
                ("n", None) => out.push_str("{n}"),
                (key, _) => out.push_str(&value(key)),
            }
            rest = behind;
        }
        out.push_str(rest);
        out
    }

    /// The pattern as people say it, such as 姓名+序号; what the campaign calls a field stands for its key.
    pub fn in_words(&self, campaign: &Campaign) -> String {
        let sheet = campaign.candidate_sheet();
        let word = |key: &str| match key {
            "name" => "姓名".to_owned(),
            "n" => "序号".to_owned(),
            "no" => "推荐顺序".to_owned(),
            "unit" => "推荐单位".to_owned(),
            "id_tail" => "证件号码后四位".to_owned(),
            key => sheet
                .and_then(|s| s.field(key))
                .map_or(key, |f| f.label.as_str())
                .to_owned(),
        };
        // braces side by side would run into one word
        let apart = Self(self.0.replace("}{", "}+{"));
        apart.fill(None, &word).replace("{n}", &word("n"))
    }

    /// What stands in braces, in order.
    pub fn keys(&self) -> Vec<&str> {
        self.0
            .split('{')
            .skip(1)
            .filter_map(|part| Some(part.split_once('}')?.0))
            .collect()
    }
}

/// What is wrong with a pattern, and what to do; `numbered` where it must hold the number.
pub(super) fn pattern_fault(
    campaign: &Campaign,
    text: &str,
    numbered: bool,
) -> Option<(String, String)> {
    let fault = |what: &str, hint: &str| Some((what.to_owned(), hint.to_owned()));
    let mut depth = 0_i32;
    for c in text.chars() {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if !(0..=1).contains(&depth) {
            break;
        }
    }
    if depth != 0 {
        return fault("花括号不成对", "请写成 {name} 的样子。");
    }
    if text
        .chars()
        .any(|c| r#"/\:*?"<>|"#.contains(c) || c.is_control())
    {
        return fault("有文件名不能用的字符", "请删去，扩展名也不用写。");
    }
    let pattern = NamePattern::new(text);
    let keys = pattern.keys();
    let sheet = campaign.candidate_sheet();
    let fields = || sheet.iter().flat_map(|s| &s.fields).map(|f| f.key.as_str());
    let known = |key: &str| PLACEHOLDERS.contains(&key) || fields().any(|field| field == key);
    if let Some(key) = keys.iter().find(|key| !known(key)) {
        let all = PLACEHOLDERS.iter().copied().chain(fields());
        return Some((format!("不认识“{{{key}}}”"), nearest_hint(key, all)));
    }
    let id = |key: &&str| {
        let field = sheet.and_then(|s| s.field(key));
        **key == *"name" || field.is_some_and(|f| f.kind == Kind::IdNo)
    };
    if !keys.iter().any(id) {
        return fault("看不出是谁的照片", "请写上 {name} 或证件号码的栏目。");
    }
    match (numbered, keys.iter().filter(|key| **key == "n").count()) {
        (true, 1) | (false, 0) => None,
        (true, 0) => fault("没有序号，几张照片会重名", "请写上 {n}。"),
        (true, _) => fault("序号写了两次", "请只写一个 {n}。"),
        (false, _) => fault("证件照只有一张，没有序号", "请删去 {n}。"),
    }
}

/// How a campaign calls photos.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoNames {
    /// The id photo, `{name}` unless the campaign says otherwise.
    pub id_photo: NamePattern,
    /// Work photos and videos, `{name}{n}` unless the campaign says otherwise.
    pub work_photo: NamePattern,
}

impl Campaign {
    /// How photos are called: the parameters `id_photo` and `work_photo` of rule M6.
    pub fn photo_names(&self) -> PhotoNames {
        let rule = self.rules.0.get("M6");
        let pattern = |name: &str, usual: &str| {
            let text = rule.map_or("", |rule| rule.text(name));
            NamePattern::new(if text.is_empty() { usual } else { text })
        };
        PhotoNames {
            id_photo: pattern("id_photo", "{name}"),
            work_photo: pattern("work_photo", "{name}{n}"),
        }
    }

    /// Most bytes that a package may hold, videos and all: the parameter `max_package_bytes` of rule M7, 500,000,000 unless the
    /// campaign says otherwise. Units hear of it when they check, and desks accept as much.
    pub fn most_package_bytes(&self) -> u64 {
        let rule = self.rules.0.get("M7");
        let bytes = rule.map(|rule| rule.number("max_package_bytes", USUAL_PACKAGE));
        u64::try_from(bytes.unwrap_or(USUAL_PACKAGE)).unwrap_or(0)
    }
}
