//! People and answers that stand where nobody looks: a second sheet of candidates, an example row without its words, an answer over the
//! explanation beside its cell. Each is told, and nobody is forgotten in silence.

use rust_xlsxwriter::Workbook;
use sanlian::campaign::{Campaign, Sheet, builtin, load};
use sanlian::finding::{Finding, Severity};
use sanlian::intake::{SourceFile, read};
use sanlian::record::Submission;

fn hebei() -> Campaign {
    let sources = builtin();
    let source = sources.iter().find(|s| s.id == "hebei-zuimei-2021");
    load(source.unwrap()).0.unwrap()
}

/// Writes sheets: a name, and rows of texts.
fn taken(campaign: &Campaign, sheets: &[(&str, Vec<Vec<String>>)]) -> (Submission, Vec<Finding>) {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (r, row) in (0..).zip(rows) {
            for (c, text) in (0..).zip(row) {
                if !text.is_empty() {
                    sheet.write(r, c, text.as_str()).unwrap();
                }
            }
        }
    }
    let file = SourceFile {
        path: "填报工作簿.xlsx".to_owned(),
        bytes: book.save_to_buffer().unwrap(),
    };
    read(campaign, &[file], None, Vec::new())
}

fn heads(sheet: &Sheet) -> Vec<String> {
    sheet.fields.iter().map(|f| f.label.clone()).collect()
}

/// A row of a person: the example's answers under another name.
fn person(sheet: &Sheet, name: &str) -> Vec<String> {
    let answer = |key: &str, example: &str| match key {
        "name" => name.to_owned(),
        _ => example.to_owned(),
    };
    sheet
        .fields
        .iter()
        .map(|f| answer(&f.key, &f.example))
        .collect()
}

fn told<'f>(findings: &'f [Finding], code: &str, words: &str) -> Option<&'f Finding> {
    findings
        .iter()
        .find(|f| f.code == code && f.message.contains(words))
}

#[test]
fn a_second_sheet_of_candidates_is_an_error() {
    let campaign = hebei();
    let sheet = campaign.candidate_sheet().unwrap();
    let rows = |name: &str| vec![heads(sheet), person(sheet, name)];
    for second in ["候选人2", "补充", "Sheet2"] {
        let sheets = [("候选人", rows("王示例")), (second, rows("李示例"))];
        let (submission, findings) = taken(&campaign, &sheets);
        assert_eq!(submission.candidates.len(), 1);
        let found = told(&findings, "I11", "里面有1行，没有读取");
        let found = found.unwrap_or_else(|| panic!("{second}: {findings:#?}"));
        assert_eq!(found.severity, Severity::Error);
        assert!(found.message.contains(second) && found.hint.contains("移到“候选人”里"));
    }
    // a sheet of other things is told as before
    let notes = vec![vec!["备忘".to_owned()], vec!["电话打过".to_owned()]];
    let (_, findings) = taken(&campaign, &[("候选人", rows("王示例")), ("备忘", notes)]);
    let found = told(&findings, "I11", "不认识").unwrap();
    assert_eq!(found.severity, Severity::Warning);
}

#[test]
fn an_example_row_without_its_words_is_no_answer() {
    let campaign = hebei();
    {
        let key = "status";
        let sheet = campaign.sheet(key).unwrap();
        let mut head = heads(sheet);
        head.insert(0, "序号".to_owned());
        let mut example: Vec<String> = sheet.fields.iter().map(|f| f.example.clone()).collect();
        example.insert(0, "1".to_owned());
        let (submission, findings) =
            taken(&campaign, &[(sheet.label.as_str(), vec![head, example])]);
        let found = told(&findings, "I13", "与示例行相同");
        let found = found.unwrap_or_else(|| panic!("{key}: {findings:#?}"));
        assert_eq!(found.severity, Severity::Error);
        assert!(submission.unit.rows(key).is_empty());
        assert!(
            told(&findings, "I5", "没有").is_none(),
            "one fault, told once: {findings:#?}"
        );
    }
}

#[test]
fn an_answer_over_the_explanation_beside_its_cell_is_told() {
    let campaign = hebei();
    let sheet = campaign.unit_sheet().unwrap();
    let label = |key: &str| sheet.field(key).unwrap().label.clone();
    let rows = vec![
        vec![
            "项目".to_owned(),
            "填写内容".to_owned(),
            "填写说明".to_owned(),
        ],
        vec![
            label("name"),
            "示例市科学技术协会".to_owned(),
            "填写全称".to_owned(),
        ],
        vec![label("contact"), String::new(), "李示例".to_owned()],
    ];
    let (_, findings) = taken(&campaign, &[("单位", rows)]);
    let found = told(&findings, "I4", "李示例").unwrap_or_else(|| panic!("{findings:#?}"));
    assert_eq!(found.place.cell.as_deref(), Some("C3"));
    assert!(told(&findings, "I4", "填写全称").is_none(), "{findings:#?}");
}
