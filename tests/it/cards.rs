//! Cards: a sheet for each candidate is read like a row for each, with the same values and the same findings at their cells.

use sanlian::campaign::{Campaign, builtin, load};
use sanlian::check::check;
use sanlian::finding::{Finding, Severity};
use sanlian::intake::blank::{blank_workbook, filled_workbook};
use sanlian::intake::blank_cards::{blank_card_workbook, card_workbook};
use sanlian::intake::{self, SourceFile};
use sanlian::ooxml::{CellReader, OpcPackage, SheetCells, parse_cell, sheets, workbook_part};
use sanlian::record::Submission;

use crate::folder::Folder;
use crate::intake::{book, told};
use crate::{office, run};

fn campaigns() -> Vec<Campaign> {
    let all: Vec<Campaign> = builtin().iter().map(|s| load(s).0.unwrap()).collect();
    assert!(all.len() >= 3);
    all
}

fn hebei() -> Campaign {
    let mut all = campaigns().into_iter();
    all.find(|c| c.id == "hebei-zuimei-2021").unwrap()
}

fn filled(campaign: &Campaign) -> Submission {
    sanlian::demo::submission(campaign, 1).submission
}

fn read(campaign: &Campaign, book: &[u8]) -> (Submission, Vec<Finding>) {
    let file = SourceFile {
        path: "填报工作簿.xlsx".to_owned(),
        bytes: book.to_vec(),
    };
    intake::read(campaign, &[file], None, Vec::new())
}

/// Code, whose, which field and words of all findings of reading and checking; not where they stand.
fn words(campaign: &Campaign, (submission, findings): &(Submission, Vec<Finding>)) -> Vec<String> {
    let found = check(campaign, submission, Some(campaign.deadline.day));
    let all = findings.iter().chain(&found);
    let mut all: Vec<String> = all
        .map(|f| {
            let (record, field) = (&f.place.record, &f.place.field);
            format!("{} {record:?} {field:?} {}", f.code, f.message)
        })
        .collect();
    all.sort();
    all
}

fn same(campaign: &Campaign, strip: &[u8], card: &[u8], people: usize) {
    let (strip, card) = (read(campaign, strip), read(campaign, card));
    assert_eq!(card.0.candidates.len(), people);
    assert_eq!(strip.0.unit.values, card.0.unit.values, "{}", campaign.id);
    for (a, b) in strip.0.candidates.iter().zip(&card.0.candidates) {
        assert_eq!(a.values, b.values, "{}", campaign.id);
        let keys = |e: &sanlian::record::Entry| e.places.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(a), keys(b), "{}", campaign.id);
    }
    assert_eq!(strip.0.candidates.len(), people);
    assert_eq!(words(campaign, &strip), words(campaign, &card));
}

/// What stands in the cell of a finding.
fn cell(book: &[u8], finding: &Finding) -> String {
    let package = OpcPackage::read(book).unwrap();
    let workbook = workbook_part(&package).unwrap();
    let reader = CellReader::open(&package, &workbook).unwrap();
    let all = sheets(&package, &workbook).unwrap();
    let sheet = finding.place.sheet.as_deref().expect("a sheet");
    let sheet = all.iter().find(|s| s.name == sheet).unwrap();
    let at = parse_cell(finding.place.cell.as_deref().expect("a cell")).unwrap();
    let mut cells = SheetCells::new(&package, &sheet.part, &reader).unwrap();
    let found = cells.find_map(|c| {
        let (row, column, value) = c.unwrap();
        ((row, column) == at).then(|| value.shown())
    });
    found.unwrap_or_default()
}

#[test]
fn a_strip_and_a_card_give_the_same_submission() {
    for campaign in campaigns() {
        let submission = filled(&campaign);
        let people = submission.candidates.len();
        assert!(people > 0);
        let strip = filled_workbook(&campaign, &submission).unwrap();
        // as many cards as people, and more: blank cards are nobody's
        for cards in [1, 6] {
            let card = card_workbook(&campaign, &submission, cards).unwrap();
            same(&campaign, &strip, &card, people);
        }
        let again = card_workbook(&campaign, &submission, 6).unwrap();
        assert!(again == card_workbook(&campaign, &submission, 6).unwrap());
    }
}

#[test]
fn faults_are_the_same_and_stand_at_their_cells() {
    let campaign = hebei();
    let mut submission = filled(&campaign);
    let person = &mut submission.candidates[1];
    person.set("mobile", "1400000");
    person.set("birth", "一九九二年");
    person.set("sex", "男性吧");
    person.values.remove("native_place");
    let strip = filled_workbook(&campaign, &submission).unwrap();
    let card = card_workbook(&campaign, &submission, 3).unwrap();
    same(&campaign, &strip, &card, 3);
    let back = read(&campaign, &card);
    let mut found = check(&campaign, &back.0, Some(campaign.deadline.day));
    found.extend(back.1);
    for (key, stands) in [
        ("mobile", "1400000"),
        ("birth", "一九九二年"),
        ("sex", "男性吧"),
    ] {
        let finding = found.iter().find(|f| f.place.field.as_deref() == Some(key));
        let finding = finding.unwrap_or_else(|| panic!("{key}: {:?}", told(&found)));
        assert_eq!(finding.place.sheet.as_deref(), Some("候选人卡2"));
        assert_eq!(cell(&card, finding), stands);
    }
    let blank = |f: &&Finding| f.place.field.as_deref() == Some("native_place");
    let blank = found.iter().find(blank).expect("the blank is told");
    assert_eq!(blank.place.sheet.as_deref(), Some("候选人卡2"));
    assert_eq!(blank.place.cell.as_deref().map(|c| &c[..1]), Some("B"));
    assert_eq!(cell(&card, blank), "");
}

#[test]
fn a_blank_workbook_of_cards_has_nobody_on_it() {
    for campaign in campaigns() {
        let book = blank_card_workbook(&campaign, None, Some("示例单位"), 3).unwrap();
        let (submission, findings) = read(&campaign, &book);
        assert!(submission.candidates.is_empty());
        assert_eq!(submission.unit.text("name"), "示例单位");
        let codes: Vec<&str> = findings.iter().map(|f| f.code).collect();
        assert_eq!(codes, ["I8"], "{:?}", told(&findings));
    }
}

#[test]
fn a_card_is_known_by_its_labels_and_order_is_that_of_the_sheets() {
    let campaign = hebei();
    let card = |name: &str, id: &str, more: &[[&str; 2]]| -> Vec<Vec<String>> {
        let mut rows = vec![
            ["姓名", name],
            ["身份证号", id],
            ["性别", "女"],
            ["民族", "汉族"],
        ];
        rows.extend(more);
        let rows = rows.iter().map(|r| r.map(str::to_owned).to_vec());
        rows.collect()
    };
    let resume = [
        &["简历"][..],
        &["起止年月", "单位", "职务"],
        &["1996.09—2000.07", "示例大学", "学生"],
        &["2000.08—至今", "示例院", "工程师"],
    ];
    let mut second = card("李示例", "139900198502011234", &[["手机", "14000000001"]]);
    second.extend(resume.map(|r| r.iter().map(|t| (*t).to_owned()).collect()));
    let first = card("王示例", "139900199202021234", &[]);
    let view = |rows: &Vec<Vec<String>>| -> Vec<Vec<&'static str>> {
        let leak = |t: &String| -> &'static str { Box::leak(t.clone().into_boxed_str()) };
        rows.iter().map(|r| r.iter().map(leak).collect()).collect()
    };
    let (first, second) = (view(&first), view(&second));
    let slices = |rows: &[Vec<&'static str>]| -> Vec<&'static [&'static str]> {
        rows.iter()
            .map(|r| &*Box::leak(r.clone().into_boxed_slice()))
            .collect()
    };
    // named after persons, the unit's sheet between them, one a copy as Excel names it
    let book = book(&[
        ("王示例", &slices(&first)),
        (
            "单位",
            &[&["推荐单位", "示例市科协"], &["联系人", "张示例"]],
        ),
        ("候选人卡1 (2)", &slices(&second)),
    ]);
    let (submission, findings) = read(&campaign, &book);
    let names: Vec<&str> = submission
        .candidates
        .iter()
        .map(|c| c.text("name"))
        .collect();
    assert_eq!(names, ["王示例", "李示例"], "{:?}", told(&findings));
    assert_eq!(submission.unit.text("contact"), "张示例");
    assert_eq!(
        submission.candidates[1].rows("resume").len(),
        2,
        "{:?}",
        told(&findings)
    );
    let place = submission.candidates[1].place_in("resume", 1, "span");
    assert_eq!(place.sheet.as_deref(), Some("候选人卡1 (2)"));
    assert!(submission.candidates[0].rows("resume").is_empty());
    // what is not on a card at all is told with the card
    let told_of = |sheet: &str| {
        findings.iter().any(|f| {
            f.code == "I2" && f.place.sheet.as_deref() == Some(sheet) && f.message.contains("籍贯")
        })
    };
    assert!(
        told_of("王示例") && told_of("候选人卡1 (2)"),
        "{:?}",
        told(&findings)
    );
}

#[test]
fn cards_without_a_person_are_told_and_count_for_nobody() {
    let campaign = hebei();
    let unit: (&str, &[&[&str]]) = (
        "单位",
        &[&["推荐单位", "示例市科协"], &["联系人", "张示例"]],
    );
    let only = |rows: &[&[&str]]| {
        let all = [&[&["籍贯", ""][..], &["学历", ""], &["学位", ""]], rows].concat();
        let (submission, findings) = read(&campaign, &book(&[unit, ("卡片", &all)]));
        assert!(submission.candidates.is_empty());
        let found = findings.iter().find(|f| f.code == "I13").cloned();
        found.unwrap_or_else(|| panic!("{:?}", told(&findings)))
    };
    let labels: &[&[&str]] = &[&["身份证号"], &["姓名"], &["性别"]];
    let alone = only(&[&["身份证号"], &["姓名", "王示例"], &["性别"]]);
    assert!(alone.message.contains("只有“王示例”"), "{}", alone.message);
    assert_eq!(alone.place.cell.as_deref(), Some("B5"));
    let chosen = only(&[&["身份证号"], &["姓名"], &["性别", "女"]]);
    assert_eq!(chosen.severity, Severity::Warning);
    let nameless = only(
        &[
            labels,
            &[&["主要事迹", "长期从事示例工作。"], &["备注", "无"]],
        ]
        .concat(),
    );
    assert!(
        nameless.message.contains("没有姓名和身份证号"),
        "{}",
        nameless.message
    );
}

#[test]
fn an_example_card_is_not_read_and_one_that_is_typed_over_is_an_error() {
    let campaign = hebei();
    let submission = filled(&campaign);
    let card = card_workbook(&campaign, &submission, 1).unwrap();
    let (_, findings) = read(&campaign, &card);
    assert!(
        findings.iter().all(|f| f.code != "I13"),
        "{:?}",
        told(&findings)
    );
    let typed = |rows: &[&[&str]]| {
        let unit: &[&[&str]] = &[&["推荐单位", "示例市科协"], &["联系人", "张示例"]];
        let (submission, findings) = read(&campaign, &book(&[("单位", unit), ("王示例", rows)]));
        assert!(submission.candidates.is_empty());
        findings
            .into_iter()
            .find(|f| f.code == "I13")
            .expect("told")
    };
    let head: &[&[&str]] = &[&["示例卡（不读取）", "填写内容"], &["姓名", "王示例"]];
    let rest: &[&[&str]] = &[&["性别", "男"], &["民族", "汉族"], &["籍贯", ""]];
    let over = typed(&[head, rest].concat());
    assert!(over.message.contains("王示例"), "{}", over.message);
    assert_eq!(
        (over.severity, over.place.cell.as_deref()),
        (Severity::Error, Some("B2"))
    );
    // one that is called an example and is somebody's own is told; one that came with a unit and was filled in, is read
    let own = |name: &str| {
        let unit: &[&[&str]] = &[&["推荐单位", "示例市科协"], &["联系人", "张示例"]];
        let card: &[&[&str]] = &[
            &["姓名", "王示例"],
            &["身份证号", "139900199202021234"],
            &["性别", "女"],
            &["民族", "汉族"],
        ];
        let (submission, findings) = read(&campaign, &book(&[("单位", unit), (name, card)]));
        let told = findings
            .iter()
            .any(|f| f.message.contains("看作示例，没有读取"));
        (submission.candidates.len(), told)
    };
    assert_eq!(own("样例"), (0, true));
    assert_eq!(own("候选人卡（示例）"), (1, false));
    assert_eq!(own("王示例"), (1, false));
    // in a list of it too
    let list: &[&[&str]] = &[
        &["简历"],
        &["起止年月", "单位", "职务"],
        &["2019.01—至今", "别的单位", "院长"],
    ];
    let head: &[&[&str]] = &[&["示例卡（不读取）"], &["姓名", ""]];
    let over = typed(&[head, &[&["性别"], &["民族"], &["籍贯"]], list].concat());
    assert_eq!(
        over.place.cell.as_deref().map(|c| &c[1..]),
        Some("8"),
        "{}",
        over.message
    );
}

#[test]
fn a_list_of_candidates_beside_cards_is_read_and_told() {
    let campaign = hebei();
    let unit: &[&[&str]] = &[&["推荐单位", "示例市科协"], &["联系人", "张示例"]];
    let card: &[&[&str]] = &[
        &["姓名", "王示例"],
        &["身份证号", "139900199202021234"],
        &["性别", "女"],
        &["民族", "汉族"],
    ];
    let heads: &[&str] = &["序号", "姓名", "身份证号", "性别", "民族"];
    let row: &[&str] = &["1", "李示例", "139900198502011234", "男", "汉族"];
    let resume: &[&[&str]] = &[
        &["姓名", "起止年月", "单位", "职务"],
        &["王示例", "2000.08—至今", "示例院", "院长"],
    ];
    let both = |strip: &[&[&str]]| {
        let book = book(&[
            ("单位", unit),
            ("候选人", strip),
            ("王", card),
            ("简历", resume),
        ]);
        let (submission, findings) = read(&campaign, &book);
        let names = submission
            .candidates
            .iter()
            .map(|c| c.text("name").to_owned());
        let told_once = findings
            .iter()
            .filter(|f| f.message.contains("又填在卡片上"))
            .count();
        let nobody = findings.iter().any(|f| f.code == "I8");
        assert_eq!(
            submission.candidates.last().unwrap().rows("resume").len(),
            1
        );
        (names.collect::<Vec<_>>(), told_once, nobody)
    };
    assert_eq!(
        both(&[heads, row]),
        (vec!["李示例".to_owned(), "王示例".to_owned()], 1, false)
    );
    // a list that was left empty is no fault
    assert_eq!(both(&[heads]), (vec!["王示例".to_owned()], 0, false));
    // the same person in both places is found by the rule for one person twice
    let twice: &[&str] = &["1", "王示例", "139900199202021234", "女", "汉族"];
    let book = book(&[("单位", unit), ("候选人", &[heads, twice]), ("王", card)]);
    let (submission, _) = read(&campaign, &book);
    assert_eq!(submission.candidates.len(), 2);
    let found = check(&campaign, &submission, Some(campaign.deadline.day));
    assert!(
        found
            .iter()
            .any(|f| f.message.contains("两") || f.message.contains("重复")),
        "{:?}",
        told(&found)
    );
}

#[test]
fn sheets_of_the_unit_and_lists_are_no_cards() {
    for campaign in campaigns() {
        let strip = filled_workbook(&campaign, &filled(&campaign)).unwrap();
        let (submission, findings) = read(&campaign, &strip);
        assert_eq!(
            submission.candidates.len(),
            filled(&campaign).candidates.len()
        );
        assert!(
            findings.iter().all(|f| !f.message.contains("卡")),
            "{:?}",
            told(&findings)
        );
        let blank = blank_workbook(&campaign, None, Some("示例单位")).unwrap();
        let (_, findings) = read(&campaign, &blank);
        assert!(
            findings.iter().all(|f| !f.message.contains("卡片")),
            "{:?}",
            told(&findings)
        );
    }
}

#[test]
fn libreoffice_gives_cards_back_as_they_were() {
    let folder = Folder::new();
    let campaign = hebei();
    let submission = filled(&campaign);
    let strip = filled_workbook(&campaign, &submission).unwrap();
    let card = card_workbook(&campaign, &submission, 4).unwrap();
    let path = folder.put("cards.xlsx", &card);
    let out = folder.path().join("out");
    std::fs::create_dir(&out).unwrap();
    if office::convert(&[&path], "xlsx", &out) {
        let back = std::fs::read(out.join("cards.xlsx")).unwrap();
        same(&campaign, &strip, &back, 3);
    }
}

#[test]
fn new_makes_cards_and_check_reads_them() {
    let folder = Folder::new();
    let dir = folder.path().join("报送");
    let path = dir.to_str().unwrap();
    run::ok(&[
        "new",
        "hebei-zuimei-2021",
        path,
        "--cards",
        "2",
        "--channel",
        "市级科协",
    ]);
    let campaign = hebei();
    let book = std::fs::read(dir.join("填报工作簿.xlsx")).unwrap();
    assert!(book == blank_card_workbook(&campaign, Some("city"), None, 2).unwrap());
    let checked = run::sanlian(&["check", path, "--now", run::NOW]);
    assert_eq!(checked.status.code(), Some(1));
    let words = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(words.contains("没有一张卡片填写了候选人"), "{words}");
    std::fs::write(
        dir.join("填报工作簿.xlsx"),
        card_workbook(&campaign, &filled(&campaign), 2).unwrap(),
    )
    .unwrap();
    let marked = folder.path().join("标注.xlsx");
    let checked = run::sanlian(&[
        "check",
        path,
        "--now",
        run::NOW,
        "-o",
        marked.to_str().unwrap(),
    ]);
    assert_eq!(checked.status.code(), Some(1));
    let words = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(!words.contains("卡片"), "{words}");
    assert!(marked.is_file());
    for number in ["0", "31", "x"] {
        let refused = run::sanlian(&["new", "hebei-zuimei-2021", "别的", "--cards", number]);
        assert_eq!(refused.status.code(), Some(2));
    }
}
