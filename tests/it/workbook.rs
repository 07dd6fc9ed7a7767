//! The workbook that a unit fills in: pleasant, safe for long numbers, the same bytes every time.

use std::collections::BTreeMap;

use jiff::civil::date;
use sanlian::campaign::{Campaign, Channel, CodeList, Rules, Sheet};
use sanlian::intake::blank::{BlankError, blank_workbook, filled_workbook};
use sanlian::ooxml::OpcPackage;
use sanlian::record::{Entry, Submission, Value};
use serde::Deserialize;

use crate::{office, tools};

const SHEETS: &str = r#"
[[sheet]]
key = "unit"
label = "单位"
of = "unit"
[[sheet.field]]
key = "channel"
label = "推荐渠道"
required = true
[[sheet.field]]
key = "name"
label = "推荐单位"
required = true
max = 40
note = "填全称，与公章一致"
[[sheet.field]]
key = "uscc"
label = "统一社会信用代码"
kind = "uscc"
[[sheet.field]]
key = "publicity"
label = "公示情况"
kind = "long"
max = 500
required = true

[[sheet]]
key = "candidate"
label = "候选人"
of = "candidate"
[[sheet.field]]
key = "name"
label = "姓名"
kind = "name"
max = 25
required = true
example = "张三"
[[sheet.field]]
key = "sex"
label = "性别"
kind = "code"
codes = "sex"
required = true
example = "男"
[[sheet.field]]
key = "ethnic"
label = "民族"
kind = "code"
codes = "ethnic"
required = true
example = "汉族"
[[sheet.field]]
key = "title"
label = "专业技术职务"
kind = "code"
codes = "title"
free = true
blank = "无"
[[sheet.field]]
key = "birth"
label = "出生年月"
kind = "month"
required = true
example = "1985.02"
[[sheet.field]]
key = "id_no"
label = "身份证号"
kind = "id_no"
required = true
example = "139900198502140015"
masked = true
[[sheet.field]]
key = "mobile"
label = "手机"
kind = "mobile"
example = "14000000001"
[[sheet.field]]
key = "postcode"
label = "邮政编码"
kind = "postcode"
[[sheet.field]]
key = "soldier"
label = "是否现役军人"
kind = "yes_no"
required = true
[[sheet.field]]
key = "deeds"
label = "主要事迹"
kind = "long"
min = 300
max = 2000
required = true
note = "第三人称，真实简明"
width = 70

[[sheet]]
key = "resume"
label = "简历"
of = "candidate"
rows = true
link = "候选人"
[[sheet.field]]
key = "span"
label = "起止年月"
kind = "span"
required = true
example = "2003.09—2007.07"
[[sheet.field]]
key = "org"
label = "单位"
example = "示例大学"

[[sheet]]
key = "status"
label = "开展情况"
of = "unit"
rows = true
given = [{ step = "广泛动员" }, { step = "组织推荐" }]
[[sheet.field]]
key = "step"
label = "环节"
required = true
[[sheet.field]]
key = "people"
label = "参与人数"
kind = "count"
example = "1200"

[[list]]
id = "sex"
items = [{ code = "1", name = "男" }, { code = "2", name = "女" }]
[[list]]
id = "title"
items = [{ name = "研究员" }, { name = "高级工程师,正高级" }]
[[list]]
id = "ethnic"
source = "GB/T 3304-1991"
items = [ETHNIC]

[[channel]]
kind = "city"
label = "市科协"
aliases = ["市"]
quota = 3
quota_rule = "Q1"
recipient = "province"
forms = ["recommendation"]
[[channel]]
kind = "society"
label = "省级学会"
quota = 2
quota_rule = "Q2"
recipient = "province"
forms = ["recommendation"]
"#;

#[derive(Deserialize)]
struct Data {
    sheet: Vec<Sheet>,
    list: Vec<CodeList>,
    channel: Vec<Channel>,
}

/// A campaign with every kind of field that the workbook treats in its own way; one list is longer than 255 characters.
pub(crate) fn campaign() -> Campaign {
    let names: Vec<String> = (1..=90)
        .map(|n| format!("{{ name = \"示例{n}族\" }}"))
        .collect();
    let data: Data = toml::from_str(&SHEETS.replace("ETHNIC", &names.join(", "))).unwrap();
    let lists = data
        .list
        .into_iter()
        .map(|list| (list.id.clone(), list))
        .collect();
    Campaign {
        id: "example".to_owned(),
        version: 1,
        title: "2021年示例省“最美科技工作者”学习宣传活动".to_owned(),
        year: 2021,
        notice_no: "示科协〔2021〕1号".to_owned(),
        organiser: "示例省科学技术协会".to_owned(),
        deadline: date(2021, 6, 1).into(),
        deadline_inclusive: true,
        verify_url: None,
        mark: Default::default(),
        addresses: BTreeMap::new(),
        channels: data.channel,
        sheets: data.sheet,
        rules: Rules::default(),
        materials: Vec::new(),
        forms: Vec::new(),
        lists,
        holidays: sanlian::campaign::Holidays::default(),
        texts: BTreeMap::from([("workbook".to_owned(), "请于6月1日前报送。".to_owned())]),
        switches: BTreeMap::new(),
        words: std::sync::Arc::default(),
        demo: String::new(),
    }
}

fn row(cells: &[(&str, &str)]) -> BTreeMap<String, String> {
    let cells = cells.iter();
    cells
        .map(|(key, text)| ((*key).to_owned(), (*text).to_owned()))
        .collect()
}

/// Two candidates, one with a rare character, and a unit.
pub(crate) fn submission() -> Submission {
    let mut unit = Entry::default();
    unit.set("channel", "市科协");
    unit.set("name", "测试市科学技术协会");
    unit.set("uscc", "12139900TE5T000013");
    let steps = vec![row(&[("step", "广泛动员"), ("people", "1200")])];
    unit.values.insert("status".to_owned(), Value::Rows(steps));
    let person = |name: &str, id: &str| {
        let mut entry = Entry::default();
        entry.set("name", name);
        entry.set("id_no", id);
        entry.set("birth", "1985.02");
        entry.set("deeds", "第一段。\n第二段。");
        let rows = vec![
            row(&[("span", "2003.09—2007.07"), ("org", "示例大学")]),
            row(&[("span", "2007.08—至今"), ("org", "虚拟研究院")]),
        ];
        entry.values.insert("resume".to_owned(), Value::Rows(rows));
        entry
    };
    Submission {
        campaign: "example".to_owned(),
        unit,
        candidates: vec![
            person("王𬭚", "139900198502140015"),
            person("阿卜杜拉·买买提", "139900197909300020"),
        ],
        ..Submission::default()
    }
}

#[test]
fn the_same_campaign_gives_the_same_bytes() {
    let make = || blank_workbook(&campaign(), Some("city"), Some("测试市科学技术协会")).unwrap();
    assert!(make() == make());
    let fill = || filled_workbook(&campaign(), &submission()).unwrap();
    assert!(fill() == fill());
}

#[test]
fn an_unlisted_channel_is_refused_with_those_that_exist() {
    let error = blank_workbook(&campaign(), Some("person"), None).unwrap_err();
    assert!(matches!(error, BlankError::Channel { .. }));
    assert!(error.to_string().contains("city、society"), "{error}");
    for known in ["city", "市科协", "市"] {
        assert!(
            blank_workbook(&campaign(), Some(known), None).is_ok(),
            "{known}"
        );
    }
}

#[test]
fn headings_examples_formats_and_lists_stand_where_openpyxl_finds_them() {
    let folder = tools::folder("workbook_blank");
    let bytes = blank_workbook(&campaign(), Some("city"), Some("测试市科学技术协会")).unwrap();
    let file = office::keep(&folder, "blank.xlsx", &bytes);
    office::validate(&[&file]);
    let said = office::openpyxl(
        &file,
        r#"
print(book.sheetnames, book['代码表'].sheet_state, book.properties.created)
for row in book['单位'].iter_rows(max_row=5, max_col=2, values_only=True): print(row)
s = book['候选人']
print([c.value for c in s[1]])
print([c.value for c in s[2]])
print(s['B1'].font.color.rgb, s['B1'].font.b, s['E1'].font.color.type, s['A2'].font.i, s['A2'].font.color.rgb)
print(s['B1'].comment.text, '|', s['K1'].comment.text)
print('formats', [s.cell(3, c).number_format for c in (6, 7, 8, 9)], [s.cell(502, c).number_format for c in (6, 7, 8, 9)], s.max_row)
print('widths', s.column_dimensions['K'].width, s.column_dimensions['G'].width, s['K3'].alignment.wrap_text)
print(s.freeze_panes, s.print_title_rows, s.page_setup.orientation, s.page_setup.paperSize, s.page_setup.fitToHeight, s.sheet_properties.pageSetUpPr.fitToPage)
for v in s.data_validations.dataValidation: print(v.sqref, v.type, v.formula1, v.errorStyle, v.operator)
r = book['简历']
print([c.value for c in r[1]], [c.value for c in r[2]])
for v in r.data_validations.dataValidation: print(v.sqref, v.type, v.formula1, v.errorStyle)
t = book['开展情况']
for row in t.iter_rows(max_row=4, values_only=True): print(row)
print(book['代码表']['A1'].value, book['代码表'].max_row, [c.value for c in book['代码表'][2]])
print([c[0] for c in book['说明'].iter_rows(max_row=3, max_col=1, values_only=True)])
"#,
    );
    let Some(said) = said else { return };
    for wanted in [
        "['单位', '候选人', '简历', '开展情况', '说明', '代码表'] hidden 2021-01-01 00:00:00",
        "('项目', '填写内容')\n('推荐渠道＊', '市科协')\n('推荐单位＊', '测试市科学技术协会')\n('统一社会信用代码', None)\n('公示情况＊', None)",
        "['序号', '姓名＊', '性别＊', '民族＊', '专业技术职务', '出生年月＊', '身份证号＊', '手机', '邮政编码', '是否现役军人＊', '主要事迹＊']",
        "['示例行（不读取）', '张三', '男', '汉族', None, '1985.02', '139900198502140015', '14000000001', None, None, None]",
        "FFC00000 True theme True FF808080",
        "必填。填身份证上的姓名，字间不加空格，间隔号写“·”。不超过 25 字。例：“张三”。 | 必填。第三人称，真实简明。分段处按 Alt+Enter 换行。300—2000 字。",
        "formats ['@', '@', '@', '@'] ['@', '@', '@', '@'] 502",
        "C2 $1:$1 landscape 9 0 True",
        "C3:C502 list \"男,女\" None",
        "D3:D502 list '代码表'!$A$2:$A$91",
        "E3:E502 list '代码表'!$C$2:$C$3 warning",
        "J3:J502 list \"是,否\" None",
        "K3:K502 textLength 2000 warning lessThanOrEqual",
        "['序号', '候选人＊', '起止年月＊', '单位'] ['示例行（不读取）', '张三', '2003.09—2007.07', '示例大学']",
        "B3:B502 list '候选人'!$B$3:$B$502 warning",
        "(1, '广泛动员', None)\n(2, '组织推荐', None)",
        "请于6月1日前报送。",
    ] {
        assert!(said.contains(wanted), "{wanted}\n---\n{said}");
    }
}

#[test]
fn a_filled_workbook_holds_every_value_as_text_and_counts_as_numbers() {
    let folder = tools::folder("workbook_filled");
    let bytes = filled_workbook(&campaign(), &submission()).unwrap();
    let file = office::keep(&folder, "filled.xlsx", &bytes);
    office::validate(&[&file]);
    let said = office::openpyxl(
        &file,
        r#"
for name in ('候选人', '简历', '开展情况'):
    for row in book[name].iter_rows(min_row=3, max_row=6, values_only=True): print(row)
print(book['单位']['B4'].value, book['单位']['B4'].number_format)
"#,
    );
    let Some(said) = said else { return };
    for wanted in [
        "(1, '王𬭚', None, None, None, '1985.02', '139900198502140015', None, None, None, '第一段。\\n第二段。')",
        "(2, '阿卜杜拉·买买提',",
        "(1, '王𬭚', '2003.09—2007.07', '示例大学')\n(2, '王𬭚', '2007.08—至今', '虚拟研究院')\n(3, '阿卜杜拉·买买提',",
        "(1, '广泛动员', 1200)",
        "12139900TE5T000013 @",
    ] {
        assert!(said.contains(wanted), "{wanted}\n---\n{said}");
    }
}

#[test]
fn libreoffice_prints_the_blank_workbook_without_empty_pages() {
    let folder = tools::folder("workbook_printed");
    let bytes = blank_workbook(&campaign(), None, None).unwrap();
    let file = office::keep(&folder, "blank.xlsx", &bytes);
    let Some(text) = office::printed(&file) else {
        return;
    };
    assert!(
        text.contains("填写说明") && text.contains("示例行"),
        "{text}"
    );
    let pages = text.matches('\u{C}').count();
    assert!(pages <= 8, "{pages} pages");
}

#[test]
fn a_workbook_of_a_campaign_without_lists_has_no_hidden_sheet() {
    let mut campaign = campaign();
    campaign.lists.clear();
    let bytes = blank_workbook(&campaign, None, None).unwrap();
    let package = OpcPackage::read(&bytes).unwrap();
    assert!(!package.text("xl/workbook.xml").unwrap().contains("代码表"));
}

#[test]
fn the_blank_workbook_names_the_campaign_and_leaves_no_brace() {
    for source in sanlian::campaign::builtin() {
        let id = source.id.clone();
        let campaign = sanlian::campaign::load(&source).0.unwrap();
        let bytes = blank_workbook(&campaign, None, None).unwrap();
        let package = OpcPackage::read(&bytes).unwrap();
        let texts = package.text("xl/sharedStrings.xml").unwrap();
        assert!(texts.contains(&campaign.notice_no), "{id}");
        assert!(!texts.contains('{') && !texts.contains('}'), "{id}");
    }
}
