//! CSV, JSON and reports to submissions.

use std::io::Write;

use sanlian::finding::{Finding, Severity};
use sanlian::intake::{SourceFile, read, schema, to_json};
use sanlian::record::{Submission, Value};
use serde_json::json;

use crate::chance::Chance;
use crate::intake::{campaign, file, intake, one, quiet, sound, told};

const UNIT_CSV: &str = "推荐单位,示例市科学技术协会\n联系人,李四\n联系电话,0311-00000000\n";
const PEOPLE_CSV: &str = "姓名,性别,身份证号,主要事迹\n张三,男,139900198502140015,\"第一段\n第二段\"\n李四,女,=\"139900197909300020\",无\n";

fn csv(unit: impl Into<Vec<u8>>, people: impl Into<Vec<u8>>) -> (Submission, Vec<Finding>) {
    intake(&[file("单位.csv", unit), file("示例市-候选人.csv", people)])
}

fn sound_csv(submission: &Submission) {
    assert_eq!(submission.unit.text("name"), "示例市科学技术协会");
    let [zhang, li] = submission.candidates.as_slice() else {
        panic!("{submission:#?}");
    };
    assert_eq!(zhang.text("deeds"), "第一段\n第二段");
    assert_eq!(li.text("id_no"), "139900197909300020");
}

#[test]
fn csv_is_read_in_every_encoding_and_separator() {
    let both = |change: &dyn Fn(&str) -> Vec<u8>| csv(change(UNIT_CSV), change(PEOPLE_CSV));
    let utf16 = |text: &str| -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    type Way<'w> = (&'w str, &'w dyn Fn(&str) -> Vec<u8>);
    let ways: [Way<'_>; 6] = [
        ("UTF-8", &|text| text.as_bytes().to_vec()),
        ("UTF-8 with its mark", &|text| {
            format!("\u{FEFF}{text}").into_bytes()
        }),
        ("GB18030", &|text| {
            encoding_rs::GB18030.encode(text).0.into_owned()
        }),
        ("UTF-16", &utf16),
        ("semicolon", &|text| text.replace(',', ";").into_bytes()),
        ("tab and CRLF", &|text| {
            text.replace(',', "\t").replace('\n', "\r\n").into_bytes()
        }),
    ];
    for (name, way) in ways {
        let (submission, findings) = both(way);
        let errors: Vec<_> = findings
            .iter()
            .filter(|f| f.severity == Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        sound_csv(&submission);
    }
}

#[test]
fn separator_named_in_the_first_line_is_used() {
    let (submission, _) = csv(UNIT_CSV, format!("sep=;\n{}", PEOPLE_CSV.replace(',', ";")));
    sound_csv(&submission);
    assert_eq!(
        submission.candidates[0].place_of("sex").cell.unwrap(),
        "行3列2"
    );
}

#[test]
fn places_in_csv_are_lines_and_columns() {
    let (submission, _) = csv(UNIT_CSV, PEOPLE_CSV);
    let place = submission.candidates[1].place_of("id_no");
    assert_eq!(place.file.as_deref(), Some("示例市-候选人.csv"));
    assert_eq!(place.cell.as_deref(), Some("行4列3"));
    assert_eq!(place.sheet, None);
    let crlf = PEOPLE_CSV
        .replace('\n', "\r\n")
        .replace("张三", "\r\n\r\n张三");
    let (submission, _) = csv(UNIT_CSV, crlf);
    let place = submission.candidates[1].place_of("id_no");
    assert_eq!(place.cell.as_deref(), Some("行6列3"));
}

#[test]
fn bytes_of_no_encoding_are_told() {
    let cases: [&[u8]; 3] = [
        b"\xD0\xD5\xC3\xFB,\xFF\xFF\xFF",
        b"\xFE\xFF\xD8\x00",
        b"a\0b\0c\0",
    ];
    for bytes in cases {
        let (submission, findings) = csv(UNIT_CSV, bytes);
        let finding = one(&findings, "I9", "字符编码无法识别");
        assert_eq!(finding.severity, Severity::Error);
        assert!(submission.candidates.is_empty());
    }
}

#[test]
fn csv_cut_anywhere_never_panics_and_is_never_taken_for_another_encoding() {
    let whole = PEOPLE_CSV.as_bytes();
    for length in 0..whole.len() {
        let (submission, findings) = csv(UNIT_CSV, &whole[..length]);
        let torn = std::str::from_utf8(&whole[..length]).is_err();
        if torn && length > 4 {
            one(&findings, "I9", "最后一个字不完整");
        }
        let name = submission.candidates.first().map_or("", |c| c.text("name"));
        assert!("张三".starts_with(name), "{length}: {name}");
    }
}

#[test]
fn quotes_that_do_not_pair_are_told() {
    let (_, findings) = csv(UNIT_CSV, "姓名,性别\n\"张三,男\n");
    one(&findings, "I1", "引号不成对");
}

// JSON

fn whole_json() -> serde_json::Value {
    json!({
        "campaign": "test-2021",
        "unit": {"name": "示例市科学技术协会", "publicity": true, "联系人": "李四"},
        "candidates": [{
            "name": "张三",
            "sex": "男",
            "birth": "1985年2月",
            "category": ["科技前沿", "科普/传播"],
            "deeds": ["第一段", "第二段"],
            "resume": [
                {"span": "1996.9-2000.7", "org": "测试大学"},
                {"span": "2000.08至今", "org": "示例研究院"},
            ],
        }],
        "status": [{"step": "广泛动员", "sessions": 3}],
        "report": ["关于推荐工作的报告", "第一段。"],
    })
}

fn json_file(value: &serde_json::Value) -> SourceFile {
    file("submission.json", serde_json::to_vec(value).unwrap())
}

#[test]
fn json_is_read_with_pointers_as_places() {
    let (submission, findings) = intake(&[json_file(&whole_json())]);
    quiet(&findings);
    assert_eq!(submission.unit.text("contact"), "李四");
    assert_eq!(submission.unit.text("publicity"), "是");
    assert_eq!(submission.unit.rows("status")[0]["sessions"], "3");
    assert_eq!(submission.report, ["关于推荐工作的报告", "第一段。"]);
    let zhang = &submission.candidates[0];
    assert_eq!(zhang.text("birth"), "1985.02");
    assert_eq!(zhang.text("category"), "科技前沿、科普/传播");
    assert_eq!(zhang.text("deeds"), "第一段\n第二段");
    assert_eq!(zhang.rows("resume")[1]["span"], "2000.08—至今");
    assert_eq!(zhang.place_of("birth").cell.unwrap(), "/candidates/0/birth");
    let place = zhang.place_in("resume", 1, "org");
    assert_eq!(place.cell.as_deref(), Some("/candidates/0/resume/1/org"));
    assert_eq!(place.record.as_deref(), Some("张三"));
}

/// Every value, without places.
fn values(submission: &Submission) -> Vec<(String, Value)> {
    let entries = submission.candidates.iter().chain([&submission.unit]);
    let values = entries.flat_map(|e| e.values.clone());
    let report = Value::Text(submission.report.join("\n"));
    values.chain([("report".to_owned(), report)]).collect()
}

#[test]
fn intake_of_export_is_the_same() {
    for source in [json_file(&whole_json()), file("报送.xlsx", sound())] {
        let (first, _) = intake(&[source]);
        let (second, findings) = intake(&[json_file(&to_json(&first))]);
        quiet(&findings);
        assert_eq!(values(&first), values(&second));
        assert_eq!(to_json(&first), to_json(&second));
    }
}

#[test]
fn faults_of_json_are_told_all_at_once() {
    let text = r#"{
        "campaign": "other-2020",
        "unit": {"name": "甲", "nmae": "乙", "contact": {"x": 1}},
        "candidates": [{"name": "张三", "name": "李四", "id_no": 139900198502140015, "resume": {}}, 7],
        "statas": [],
        "report": 3
    }"#;
    let (submission, findings) = intake(&[file("submission.json", text)]);
    one(&findings, "I12", "为活动“other-2020”填写");
    let near = one(&findings, "I3", "“nmae”不认识，最接近的是“name”");
    assert_eq!(near.place.cell.as_deref(), Some("/unit/nmae"));
    one(&findings, "I12", "“/unit/contact”应是文字，现为对象");
    one(&findings, "I4", "“name”出现了两次");
    one(&findings, "F14", "身份证号");
    one(&findings, "I12", "“/candidates/0/resume”应是数组");
    one(&findings, "I12", "“/candidates/1”应是对象，现为数字");
    one(&findings, "I3", "“statas”不认识，最接近的是“status”");
    assert_eq!(submission.candidates[0].text("name"), "张三");
}

#[test]
fn remedies_for_json_do_not_speak_of_cells() {
    let text = r#"{
        "campaign": "test-2021",
        "unit": {"name": "甲", "zip": 1},
        "candidates": [{"name": "张三", "birth": 1985.1, "id_no": 139900198502140015}]
    }"#;
    let (_, findings) = intake(&[file("submission.json", text)]);
    one(&findings, "I3", "键“zip”不认识");
    let words = ["这一格", "标题", "工作表"];
    for finding in &findings {
        let said = format!("{}{}", finding.message, finding.hint);
        assert!(!words.iter().any(|w| said.contains(w)), "{finding:#?}");
    }
}

#[test]
fn broken_json_names_line_and_column() {
    let (_, findings) = intake(&[file("submission.json", "{\n  \"unit\": {,}\n}")]);
    assert_eq!(
        one(&findings, "I1", "不是完整的JSON").place.cell.as_deref(),
        Some("行2列12")
    );
    let deep = "[".repeat(100_000);
    let (_, findings) = intake(&[file("submission.json", deep)]);
    one(&findings, "I1", "不是完整的JSON");
    for root in ["[]", "3", "null", "\"\""] {
        one(
            &intake(&[file("submission.json", root)]).1,
            "I12",
            "最外层应是对象",
        );
    }
}

#[test]
fn json_cut_anywhere_never_panics() {
    let whole = serde_json::to_string(&whole_json()).unwrap();
    for length in (0..whole.len()).step_by(3) {
        let (submission, findings) =
            intake(&[file("submission.json", &whole.as_bytes()[..length])]);
        assert!(submission.candidates.is_empty());
        assert_eq!(findings.len(), 1, "{:#?}", told(&findings));
    }
}

#[test]
fn json_beside_a_workbook_is_told() {
    let (submission, findings) = intake(&[file("报送.xlsx", sound()), json_file(&whole_json())]);
    one(&findings, "I11", "“报送.xlsx”没有读取");
    assert_eq!(submission.candidates[0].text("birth"), "1985.02");
}

#[test]
fn schema_asks_for_the_campaigns_fields() {
    let schema = schema(&campaign());
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    let person = &schema["properties"]["candidates"]["items"];
    assert_eq!(person["required"], json!(["name", "sex"]));
    assert_eq!(person["properties"]["sex"]["enum"], json!(["男", "女"]));
    assert_eq!(person["additionalProperties"], json!(false));
    let span = &person["properties"]["resume"]["items"]["properties"]["span"];
    assert!(span["pattern"].as_str().unwrap().contains("至今"));
    assert_eq!(schema["properties"]["status"]["type"], "array");
}

// Reports

fn report(path: &str, bytes: impl Into<Vec<u8>>) -> (Vec<String>, Vec<Finding>) {
    let data = [json_file(&json!({
        "campaign": "test-2021", "unit": {"name": "甲"}, "candidates": [{"name": "张三"}],
    }))];
    let (submission, findings) = read(&campaign(), &data, Some(&file(path, bytes)), Vec::new());
    assert_eq!(submission.report_place.file.as_deref(), Some(path));
    (submission.report, findings)
}

pub(crate) fn docx(body: &str) -> Vec<u8> {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"urn:w\" xmlns:mc=\"urn:mc\"><w:body>{body}</w:body></w:document>"
    );
    zipped("word/document.xml", &xml)
}

fn zipped(name: &str, xml: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file(name, options).unwrap();
    zip.write_all(xml.as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn text_report_is_read_in_both_encodings() {
    let text = "关于推荐工作的报告\r\n\r\n　　第一段。\r\n第二段。\r\n";
    let gb = encoding_rs::GB18030.encode(text).0.into_owned();
    for bytes in [text.as_bytes().to_vec(), gb] {
        let (paragraphs, findings) = report("报告.txt", bytes);
        quiet(&findings);
        assert_eq!(paragraphs, ["关于推荐工作的报告", "第一段。", "第二段。"]);
    }
}

#[test]
fn words_of_a_text_box_do_not_break_the_sentence_around_it() {
    let run = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    let boxed = format!(
        "<w:r><w:drawing><w:txbxContent><w:p>{}</w:p></w:txbxContent></w:drawing></w:r>",
        run("框里的话")
    );
    let body = [
        "<w:p>",
        &run("题"),
        "</w:p><w:p>",
        &run("我市组织"),
        &boxed,
        &run("了推荐。"),
        "</w:p><w:p>",
        &run("完。"),
        "</w:p>",
    ];
    let (paragraphs, findings) = report("报告.docx", docx(&body.concat()));
    assert_eq!(paragraphs, ["题", "我市组织了推荐。", "框里的话", "完。"]);
    one(&findings, "I1", "报告里有文本框");
    assert!(!told(&findings).join("").contains("图片"), "{findings:#?}");
}

#[test]
fn docx_report_is_read_without_what_was_deleted() {
    let body = "<w:p><w:r><w:t>关于推荐</w:t></w:r><w:r><w:t>工作的报告</w:t></w:r></w:p><w:p/>\
        <w:p><w:r><w:t>甲</w:t></w:r><w:del><w:r><w:delText>删</w:delText><w:t>去</w:t></w:r></w:del>\
        <w:ins><w:r><w:t>乙 &amp; &#x4E19;</w:t><w:br/><w:t>丁</w:t></w:r></w:ins></w:p>\
        <w:p><mc:AlternateContent><mc:Choice><w:r><w:t>一次</w:t></w:r></mc:Choice>\
        <mc:Fallback><w:r><w:t>两次</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>\
        <w:p><w:pPr><w:numPr><w:numId w:val=\"7\"/></w:numPr></w:pPr><w:r><w:instrText>PAGE</w:instrText><w:t>末段</w:t></w:r></w:p>";
    let (paragraphs, findings) = report("报告.docx", docx(body));
    assert_eq!(
        paragraphs,
        ["关于推荐工作的报告", "甲乙 & 丙", "丁", "一次", "末段"]
    );
    one(&findings, "I1", "修订痕迹");
    one(&findings, "I1", "自动编号");
}

#[test]
fn reports_that_cannot_be_read_are_told() {
    let cases = [
        (
            "报告.docx",
            zipped("word/other.xml", "<a/>"),
            "I1",
            "不是.docx文件",
        ),
        (
            "报告.doc",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(),
            "I1",
            "旧格式",
        ),
        ("报告.docx", b"plain".to_vec(), "I1", "不是完整的.docx"),
        ("报告.txt", b"  \n".to_vec(), "I8", "没有文字"),
        ("报告.docx", docx(""), "I8", "没有文字"),
        (
            "报告.docx",
            zipped(
                "word/document.xml",
                "<!DOCTYPE x [<!ENTITY a \"b\">]><w:p><w:t>&a;</w:t></w:p>",
            ),
            "I1",
            "DTD",
        ),
        (
            "报告.docx",
            zipped("word/document.xml", "<w:document><w:p>"),
            "I1",
            "无法解析",
        ),
        ("报告.docx", docx(&"<w:p>".repeat(10_000)), "I1", "无法解析"),
    ];
    for (path, bytes, code, words) in cases {
        let (paragraphs, findings) = report(path, bytes);
        assert!(paragraphs.is_empty());
        assert_eq!(one(&findings, code, words).severity, Severity::Error);
    }
}

#[test]
fn docx_cut_anywhere_never_panics() {
    let whole = docx("<w:p><w:r><w:t>关于推荐工作的报告</w:t></w:r></w:p>");
    for length in 0..whole.len() {
        let (paragraphs, findings) = report("报告.docx", &whole[..length]);
        assert!(paragraphs.is_empty() && !findings.is_empty(), "{length}");
    }
}

#[test]
fn canonical_text_stays_what_it_is() {
    const PIECES: [&str; 40] = [
        "张",
        "三",
        " ",
        "　",
        "·",
        "•",
        ".",
        "1978",
        "05",
        "1",
        "10",
        "年",
        "月",
        "-",
        "—",
        "至今",
        "0311",
        "86040095",
        "13900000000",
        "１２",
        "x",
        "X",
        "人次",
        "人",
        ",",
        "，",
        "、",
        "；",
        "/",
        "(",
        "）",
        "@",
        "⼯",
        "\u{E863}",
        "\u{200B}",
        "\n",
        "'",
        "汉",
        "科普/传播",
        "\t",
    ];
    let mut chance = Chance::law(0x1234_5678);
    let mut next = |most: usize| chance.index(most);
    let keys: Vec<String> = campaign()
        .candidate_sheet()
        .unwrap()
        .fields
        .iter()
        .map(|f| f.key.clone())
        .collect();
    let people: Vec<serde_json::Value> = (0..1500)
        .map(|_| {
            let text = |next: &mut dyn FnMut(usize) -> usize| -> String {
                (0..=next(7)).map(|_| PIECES[next(PIECES.len())]).collect()
            };
            let person: serde_json::Map<_, _> = keys
                .iter()
                .map(|key| (key.clone(), json!(text(&mut next))))
                .collect();
            serde_json::Value::Object(person)
        })
        .collect();
    let whole = json!({"campaign": "test-2021", "unit": {"name": "甲"}, "candidates": people});
    let (first, _) = intake(&[json_file(&whole)]);
    let (second, _) = intake(&[json_file(&to_json(&first))]);
    for (once, twice) in first.candidates.iter().zip(&second.candidates) {
        assert_eq!(once.values, twice.values);
    }
}
