//! Boxes that hold more than one line or less than a label: a label over numbered lines, numbers that Word counts by itself, the boxes of an id
//! number below their label, one tick box for all nationalities but one; and what a person changed in rows and margins is told.

use sanlian::fill::{Binding, Filling, Prepared, Take, assemble, bind, lay_over, read};
use sanlian::ooxml::OpcPackage;
use sanlian::record::{Entry, Submission, Value};

use crate::fill::campaign;
use crate::form_languages::docx;
use crate::run::{demo, ok, sanlian, scratch};

const LISTS: &str = "<w:numbering xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1.\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>";

const COUNTED: &str =
    "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:p>";

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

fn cell(across: usize, inner: &str) -> String {
    format!("<w:tc><w:tcPr><w:gridSpan w:val=\"{across}\"/></w:tcPr>{inner}</w:tc>")
}

fn row(cells: &[String]) -> String {
    format!("<w:tr>{}</w:tr>", cells.concat())
}

fn table(rows: &[String]) -> String {
    format!("<w:tbl>{}</w:tbl>", rows.concat())
}

/// A label with a blank beside it.
fn asked(label: &str) -> String {
    row(&[cell(1, &p(label)), cell(1, "<w:p/>")])
}

/// A document with lists that Word counts.
fn counted(body: &str) -> Vec<u8> {
    let mut package = OpcPackage::read(&docx(body)).unwrap();
    package.put("word/numbering.xml", LISTS);
    let part = "word/_rels/document.xml.rels";
    let rels = package.text(part).unwrap().to_owned();
    if !rels.contains("relationships/numbering") {
        let own = "<Relationship Id=\"rIdN\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering\" Target=\"numbering.xml\"/></Relationships>";
        package.put(part, rels.replace("</Relationships>", own));
    }
    package.write().unwrap()
}

fn bound(form: &[u8]) -> Binding {
    bind(&campaign(), "表.docx", form).unwrap()
}

fn keys(binding: &Binding) -> Vec<&str> {
    let places = binding.places.iter().map(|b| b.place.key.as_str());
    places.collect()
}

/// A person with two awards.
fn person() -> Submission {
    let mut person = Entry::default();
    for (key, text) in [("name", "王示例"), ("sex", "男"), ("ethnic", "满族")] {
        person.set(key, text);
    }
    person.set("id_no", "13990019800101001X");
    let campaign = campaign();
    let fields = &campaign.sheet("awards").unwrap().fields;
    let award = |n: usize| {
        let cells = fields.iter().enumerate();
        cells
            .map(|(at, f)| {
                let text = if at == 0 {
                    "2019.05".to_owned()
                } else {
                    format!("奖{n}之{at}")
                };
                (f.key.clone(), text)
            })
            .collect()
    };
    let rows = vec![award(1), award(2), award(3)];
    person.values.insert("awards".to_owned(), Value::Rows(rows));
    Submission {
        candidates: vec![person],
        ..Submission::default()
    }
}

/// The form filled, and its words.
fn filled(form: &[u8], binding: &Binding) -> (Vec<u8>, String) {
    let campaign = campaign();
    let prepared = Prepared::new(&campaign, form, binding.places()).unwrap();
    let filling = Filling {
        candidate: Some(0),
        ..Filling::default()
    };
    let bytes = prepared.fill(&campaign, &person(), &filling).unwrap();
    let package = OpcPackage::read(&bytes).unwrap();
    let words = sanlian::ooxml::words_of(&package, "word/document.xml").unwrap();
    (bytes, words.text)
}

/// The awards that a filled form says.
fn awards(bytes: &[u8], binding: &Binding) -> usize {
    let campaign = campaign();
    let form = read(&campaign, "表.docx", bytes, &binding.places()).unwrap();
    let back = assemble(&campaign, &[form]).submission;
    back.candidates[0].rows("awards").len()
}

#[test]
fn numbered_lines_below_a_label_in_one_box_take_an_entry_each() {
    for (label, numbers) in [
        ("获奖情况：", ["（1）", "（2）", "（3）"]),
        ("五、获奖情况", ["1.", "2.", "3."]),
        ("获奖情况（不超过三项）", ["①", "②", "③"]),
    ] {
        let lines: String = numbers.iter().map(|n| p(n)).collect();
        let own = row(&[cell(2, &(p(label) + &lines))]);
        let form = docx(&table(&[asked("姓名"), own, asked("性别")]));
        let binding = bound(&form);
        assert_eq!(keys(&binding), ["name", "awards", "sex"], "{label}");
        let (bytes, words) = filled(&form, &binding);
        for (n, number) in numbers.iter().enumerate() {
            let line = words.lines().find(|l| l.starts_with(number));
            let entry = format!("奖{}之", n + 1);
            assert!(line.is_some_and(|l| l.contains(&entry)), "{label}: {words}");
        }
        assert_eq!(words.matches(label).count(), 1, "{words}");
        assert_eq!(awards(&bytes, &binding), 3, "{label}: {words}");
    }
    // what no field is known for is named
    let own = row(&[cell(2, &(p("拟办事项：") + &p("1.") + &p("2.")))]);
    let binding = bound(&docx(&table(&[asked("姓名"), own])));
    assert_eq!(keys(&binding), ["name"]);
    assert!(
        binding.unbound.iter().any(|o| o.label.contains("拟办事项")),
        "{binding:?}"
    );
}

#[test]
fn numbers_that_word_counts_are_no_blanks_and_take_an_entry_each() {
    let heads = ["序号", "姓名", "性别", "民族"].map(|h| cell(1, &p(h)));
    let blank = || {
        row(&[
            cell(1, COUNTED),
            cell(1, "<w:p/>"),
            cell(1, "<w:p/>"),
            cell(1, "<w:p/>"),
        ])
    };
    let form = counted(&table(&[row(&heads), blank(), blank(), blank()]));
    let found = bound(&form);
    assert_eq!(
        keys(&found),
        ["candidates.name", "candidates.sex", "candidates.ethnic"]
    );
    // the number is no label, the words behind it are
    let head = |label: &str| row(&[cell(1, COUNTED), cell(1, &p(label)), cell(1, "<w:p/>")]);
    let form = counted(&table(&[head("姓名"), head("性别"), head("民族")]));
    assert_eq!(keys(&bound(&form)), ["name", "sex", "ethnic"]);
    let within = COUNTED.replace("</w:pPr>", "</w:pPr><w:r><w:t>姓名</w:t></w:r>");
    let form = counted(&table(&[
        row(&[cell(1, &within), cell(1, "<w:p/>")]),
        asked("性别"),
    ]));
    assert_eq!(keys(&bound(&form)), ["name", "sex"]);
    // two counted lines, three entries
    let own = row(&[cell(1, &p("获奖情况")), cell(1, &COUNTED.repeat(2))]);
    let form = counted(&table(&[asked("姓名"), own]));
    let binding = bound(&form);
    let (bytes, words) = filled(&form, &binding);
    for line in ["1.2019.05", "2.2019.05", "3.2019.05"] {
        let tight: String = words.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(tight.contains(line), "{line}: {words}");
    }
    assert_eq!(awards(&bytes, &binding), 3, "{words}");
}

#[test]
fn the_boxes_of_an_id_number_stand_below_its_label() {
    let boxes = || row(&std::array::from_fn::<String, 18, _>(|_| cell(1, "<w:p/>")));
    let name = row(&[cell(4, &p("姓名")), cell(14, "<w:p/>")]);
    for label in [
        row(&[cell(18, &p("身份证号码"))]),
        row(&[cell(6, &p("身份证号")), cell(12, &p("（请逐格填写）"))]),
        row(&[cell(6, &p("公民身份号码")), cell(12, "<w:p/>")]),
    ] {
        let form = docx(&table(&[name.clone(), label, boxes()]));
        let binding = bound(&form);
        let of = binding
            .places
            .iter()
            .find(|b| b.place.key == "id_no")
            .unwrap();
        assert_eq!(
            (of.place.take, of.place.row, of.place.nth),
            (Take::Digits, 2, 18)
        );
        let (_, words) = filled(&form, &binding);
        assert!(words.contains("1\n3\n9\n9\n0\n0\n1\n9\n8"), "{words}");
    }
}

#[test]
fn one_tick_box_stands_for_all_nationalities_but_one() {
    for boxes in [
        "□汉族　□少数民族",
        "□汉族  □少数民族______族",
        "□汉族　　□少数民族（请注明：　　　）",
    ] {
        let form = docx(&(table(&[asked("姓名")]) + &p(&format!("民族：{boxes}"))));
        let binding = bound(&form);
        let places = keys(&binding).iter().filter(|k| **k == "ethnic").count();
        assert_eq!(places, 1, "{boxes}: {binding:?}");
        let (bytes, words) = filled(&form, &binding);
        assert!(
            words.contains("☑少数民族") && words.contains("□汉族"),
            "{words}"
        );
        let campaign = campaign();
        let form = read(&campaign, "表.docx", &bytes, &binding.places()).unwrap();
        let back = assemble(&campaign, std::slice::from_ref(&form)).submission;
        let over = lay_over(&campaign, &[form], &back, &person()).submission;
        assert_eq!(over.candidates[0].text("ethnic"), "满族", "{boxes}");
    }
}

#[test]
fn the_day_of_a_form_stands_on_a_line_of_its_own() {
    for line in [
        "填表日期：　　年　　月　　日",
        "填报时间：",
        "填表日期　　　　年　　月　　日",
        "（填报时间：    年  月  日）",
    ] {
        let binding = bound(&docx(&(table(&[asked("姓名")]) + &p(line))));
        assert_eq!(keys(&binding), ["unit.report_date", "name"], "{line}");
    }
}

/// A document of ours with a part changed, and what `diff` says of it.
fn told(name: &str, change: impl Fn(&mut OpcPackage)) -> String {
    let folder = scratch(name);
    let paper = demo().join("out/paper/推荐表/01-欧阳𬭚-推荐表.docx");
    let mut package = OpcPackage::read(&std::fs::read(&paper).unwrap()).unwrap();
    change(&mut package);
    let file = folder.join("01-欧阳𬭚-推荐表.docx");
    std::fs::write(&file, package.write().unwrap()).unwrap();
    let records = demo().join("out/submission");
    let output = sanlian(&["diff", file.to_str().unwrap(), records.to_str().unwrap()]);
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_a_person_changed_in_headers_and_footers_is_told() {
    let add = |part: &'static str, words: &'static str| {
        move |package: &mut OpcPackage| {
            let xml = package.text(part).unwrap().to_owned();
            let end = xml.rfind("</w:").unwrap();
            let (head, tail) = xml.split_at(end);
            package.put(part, format!("{head}{}{tail}", p(words)));
        }
    };
    assert_eq!(told("margins-none", |_| {}), "");
    let said = told("margins-head", add("word/header1.xml", "内部资料"));
    assert!(
        said.contains("页眉：增加“内部资料”") && said.lines().count() == 1,
        "{said}"
    );
    let said = told("margins-foot", add("word/footer1.xml", "共三页"));
    assert!(
        said.contains("页脚：增加“共三页”") && said.lines().count() == 1,
        "{said}"
    );
}

#[test]
fn a_row_of_ones_own_is_told_as_a_row() {
    let rows = |package: &mut OpcPackage, change: &dyn Fn(&str) -> String| {
        let part = "word/document.xml";
        let xml = package.text(part).unwrap().to_owned();
        let tag = xml.find("w:val=\"resume[1].").unwrap();
        let from = xml.get(..tag).unwrap().rfind("<w:tr>").unwrap();
        let to = tag + xml.get(tag..).unwrap().find("</w:tr>").unwrap() + "</w:tr>".len();
        let row = xml.get(from..to).unwrap();
        let (head, tail) = (xml.get(..from).unwrap(), xml.get(to..).unwrap());
        package.put(part, format!("{head}{row}{}{tail}", change(row)));
    };
    assert_eq!(told("own-row-none", |_| {}), "");
    // copied with its content controls
    let said = told("own-row-copy", |package| rows(package, &str::to_owned));
    assert!(
        said.contains("简历第") && said.contains("行：增加"),
        "{said}"
    );
}

#[test]
fn whom_an_edited_list_leaves_out_is_told() {
    let folder = scratch("diff-left-out");
    let heads = ["姓名", "性别", "奖牌号", "民族"].map(|h| cell(1, &p(h)));
    let blank = || row(&std::array::from_fn::<String, 4, _>(|_| cell(1, "<w:p/>")));
    let form = folder.join("名单.docx");
    std::fs::write(&form, docx(&table(&[row(&heads), blank(), blank()]))).unwrap();
    let (form, toml) = (form.to_str().unwrap(), folder.join("名单.toml"));
    let (toml, out) = (toml.to_str().unwrap(), folder.join("out"));
    let records = demo().join("out/submission");
    let records = records.to_str().unwrap();
    ok(&["bind", form, "--campaign", "hebei-zuimei-2021", "-o", toml]);
    let said = ok(&[
        "fill",
        form,
        "--binding",
        toml,
        records,
        "-o",
        out.to_str().unwrap(),
        "--unmarked",
    ]);
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    // a column that no field is known for is named
    assert!(said.contains("表中的列“奖牌号”没有对应的栏目"), "{said}");
    let file = std::fs::read_dir(&out)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    ok(&["diff", file.to_str().unwrap(), records]);
    let mut package = OpcPackage::read(&std::fs::read(&file).unwrap()).unwrap();
    let xml = package.text("word/document.xml").unwrap().to_owned();
    let rows: Vec<usize> = xml.match_indices("<w:tr>").map(|m| m.0).collect();
    let (head, tail) = (xml.get(..rows[1]).unwrap(), xml.get(rows[2]..).unwrap());
    package.put("word/document.xml", format!("{head}{tail}"));
    std::fs::write(&file, package.write().unwrap()).unwrap();
    let output = sanlian(&["diff", file.to_str().unwrap(), records]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("候选人：删除“欧阳𬭚”"), "{said}");
    assert_eq!(output.status.code(), Some(1));
}
