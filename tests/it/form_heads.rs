//! Whose a part of a form is, by its heading alone: the same words say the same in whatever manner they stand over the part, and under words
//! that nobody knows nothing of the candidate is sure.

use std::collections::BTreeMap;

use sanlian::fill::{Binding, bind};

use crate::fill::campaign;
use crate::form_languages::docx;
use crate::form_sheets::{blank, row as sheet_row, text};

/// Heads of others, as forms of every day have them.
const OTHERS: [&str; 30] = [
    "借款担保方",
    "押运员",
    "接机人员",
    "住院陪床亲属",
    "结对帮扶户",
    "实验动物饲养员",
    "场地管理方",
    "房东",
    "过磅员",
    "课题组财务秘书",
    "前任支部书记",
    "承运司机",
    "现场安全员",
    "继任教练",
    "毕业班学生",
    "外聘翻译",
    "导游",
    "主治医生",
    "养老护理员",
    "公证处",
    "居委会",
    "辖区派出所",
    "物业公司",
    "学会办公室",
    "第二发明人",
    "岳父岳母",
    "室友",
    "审稿人",
    "项目会计",
    "收养人",
];

/// Heads of whom the form is about.
const OWN: [&str; 15] = [
    "本人",
    "申请人",
    "申报人",
    "候选人",
    "被推荐人",
    "推荐对象",
    "推荐人选",
    "申报者",
    "报名人",
    "被提名人",
    "参评人",
    "本人基本",
    "申请人个人",
    "候选人基本",
    "职工本人",
];

/// Heads that say nothing of whose a part is.
const NEUTRAL: [&str; 15] = [
    "基本",
    "个人",
    "个人基本",
    "自然",
    "基础",
    "登记",
    "填报",
    "申报",
    "主要",
    "简要",
    "人员",
    "人员基本",
    "身份",
    "报名",
    "推荐",
];

const ASKED: [[&str; 2]; 2] = [["姓名", "职称"], ["手机", "身份证号"]];

/// In what manner heads stand over their parts.
#[derive(Clone, Copy, Debug)]
enum Manner {
    Line(&'static str),
    Bar(&'static str),
    Side,
    RowHead,
    Nested,
    Columns,
    SheetNames,
    SheetBars(&'static str),
    Stacked,
    Files,
    TextBoxes,
    Lines(&'static str),
}

const MANNERS: [Manner; 17] = [
    Manner::Line("{n}、{h}信息"),
    Manner::Line("（{n}）{h}基本情况"),
    Manner::Line("{h}情况"),
    Manner::Line("{d}．{h}"),
    Manner::Bar("{h}信息"),
    Manner::Bar("{n}、{h}"),
    Manner::Side,
    Manner::RowHead,
    Manner::Nested,
    Manner::Columns,
    Manner::SheetNames,
    Manner::SheetBars("{h}信息"),
    Manner::SheetBars("{n}、{h}情况"),
    Manner::Stacked,
    Manner::Files,
    Manner::TextBoxes,
    Manner::Lines("{n}、{h}情况"),
];

fn worded(how: &str, n: usize, head: &str) -> String {
    how.replace("{n}", ["一", "二", "三"][n])
        .replace("{d}", &(n + 1).to_string())
        .replace("{h}", head)
}

pub(crate) fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

pub(crate) fn cell(how: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{how}</w:tcPr>{}</w:tc>", p(text))
}

pub(crate) fn tr(cells: &[(&str, &str)]) -> String {
    let cells: String = cells.iter().map(|(how, text)| cell(how, text)).collect();
    format!("<w:tr>{cells}</w:tr>")
}

pub(crate) fn table(rows: &[String]) -> String {
    format!("<w:tbl>{}</w:tbl>", rows.concat())
}

fn asked() -> Vec<String> {
    let row = |r: [&str; 2]| tr(&[("", r[0]), ("", ""), ("", r[1]), ("", "")]);
    ASKED.into_iter().map(row).collect()
}

const WIDE: &str = "<w:gridSpan w:val=\"4\"/>";
const BEGINS: &str = "<w:vMerge w:val=\"restart\"/>";
const GOES_ON: &str = "<w:vMerge/>";

/// A workbook of sheets with their names, rows and merges.
pub(crate) fn book(sheets: &[(String, String, String)]) -> Vec<u8> {
    let rows = |n: usize| sheets[n].1.clone();
    let merges = |n: usize| match sheets[n].2.as_str() {
        "" => String::new(),
        all => format!("<mergeCells>{all}</mergeCells>"),
    };
    let cover = sheets.get(1).map(|s| s.1.clone()).unwrap_or_default();
    let bytes = crate::form_sheets::book(&rows(0), &merges(0), &cover, "");
    let mut package = sanlian::ooxml::OpcPackage::read(&bytes).unwrap();
    let workbook = package.text("xl/workbook.xml").unwrap().to_owned();
    let second = sheets.get(1).map_or("封面", |s| s.0.as_str());
    let named = workbook
        .replace("推荐表", &sheets[0].0)
        .replace("封面", second);
    package.put("xl/workbook.xml", named);
    package.write().unwrap()
}

fn names(row: usize) -> [String; 4] {
    ["A", "B", "C", "D"].map(|c| format!("{c}{row}"))
}

/// The rows of a part in a sheet, from one on.
fn sheet_rows(first: usize) -> String {
    let rows = ASKED.into_iter().enumerate().map(|(n, r)| {
        let [a, b, c, d] = names(first + n);
        let cells = [text(&a, r[0]), blank(&b), text(&c, r[1]), blank(&d)];
        sheet_row(u32::try_from(first + n).unwrap(), &cells)
    });
    rows.collect()
}

/// A row with one heading over all columns, and its merge.
pub(crate) fn bar(row: usize, words: &str) -> (String, String) {
    let [a, b, c, d] = names(row);
    let cells = [text(&a, words), blank(&b), blank(&c), blank(&d)];
    let merge = format!("<mergeCell ref=\"{a}:{d}\"/>");
    (sheet_row(u32::try_from(row).unwrap(), &cells), merge)
}

/// A form of two parts under these heads.
fn form(manner: Manner, heads: [&str; 2]) -> Vec<u8> {
    let title = p("先进个人推荐表");
    let parts = (0_usize..).zip(heads.iter());
    let body: String = match manner {
        Manner::Line(how) => parts
            .map(|(n, h)| p(&worded(how, n, h)) + &table(&asked()))
            .collect(),
        Manner::Bar(how) => {
            let rows = parts.flat_map(|(n, h)| {
                let bar = tr(&[(WIDE, worded(how, n, h).as_str())]);
                std::iter::once(bar).chain(asked())
            });
            table(&rows.collect::<Vec<_>>())
        }
        Manner::Side => {
            let rows = heads.iter().flat_map(|h| {
                let [one, two] = ASKED;
                let row = |how: &'static str, head: &str, r: [&str; 2]| {
                    tr(&[(how, head), ("", r[0]), ("", ""), ("", r[1]), ("", "")])
                };
                [row(BEGINS, h, one), row(GOES_ON, "", two)]
            });
            table(&rows.collect::<Vec<_>>())
        }
        Manner::RowHead => {
            let rows = heads
                .iter()
                .map(|h| tr(&[("", *h), ("", "姓名"), ("", ""), ("", "手机"), ("", "")]));
            table(&rows.collect::<Vec<_>>())
        }
        Manner::Nested => {
            let rows = heads.iter().map(|h| {
                let inner = table(&asked());
                format!(
                    "<w:tr>{}<w:tc><w:tcPr/>{inner}<w:p/></w:tc></w:tr>",
                    cell("", h)
                )
            });
            table(&rows.collect::<Vec<_>>())
        }
        Manner::Columns => {
            let heads = tr(&[(WIDE, heads[0]), (WIDE, heads[1])]);
            let row = |r: [&str; 2]| {
                let half = [("", r[0]), ("", ""), ("", r[1]), ("", "")];
                tr(&[half, half].concat())
            };
            let rows = ASKED.into_iter().map(row);
            table(&std::iter::once(heads).chain(rows).collect::<Vec<_>>())
        }
        Manner::TextBoxes => parts
            .map(|(n, h)| {
                let lines = [
                    worded("{n}、{h}信息", n, h),
                    LINES[0].to_owned(),
                    LINES[1].to_owned(),
                ];
                let lines: String = lines.iter().map(|l| p(l)).collect();
                format!(
                    "<w:p><w:r><w:pict><w:txbxContent>{lines}</w:txbxContent></w:pict></w:r></w:p>"
                )
            })
            .collect(),
        Manner::Lines(how) => parts
            .map(|(n, h)| p(&worded(how, n, h)) + &p(LINES[0]) + &p(LINES[1]))
            .collect(),
        Manner::Files => parts
            .map(|(n, h)| {
                p(&format!("附件{}", n + 1)) + &p(&format!("{h}登记表")) + &table(&asked())
            })
            .collect(),
        Manner::SheetNames => {
            let sheets = heads
                .iter()
                .map(|h| ((*h).to_owned(), sheet_rows(1), String::new()));
            return book(&sheets.collect::<Vec<_>>());
        }
        Manner::SheetBars(how) => {
            let mut rows = bar(1, "先进个人推荐表");
            for (n, h) in parts {
                let (head, merge) = bar(2 + n * 3, &worded(how, n, h));
                rows.0 += &(head + &sheet_rows(3 + n * 3));
                rows.1 += &merge;
            }
            return book(&[("推荐表".to_owned(), rows.0, rows.1)]);
        }
        Manner::Stacked => {
            let mut rows = (String::new(), String::new());
            for (n, h) in parts {
                let (head, merge) = bar(1 + n * 4, &worded("表{n}  {h}信息", n, h));
                rows.0 += &(head + &sheet_rows(2 + n * 4));
                rows.1 += &merge;
            }
            return book(&[("表".to_owned(), rows.0, rows.1)]);
        }
    };
    docx(&(title + &body))
}

const LINES: [&str; 2] = [
    "姓名：________　职称：________",
    "手机：________　身份证号：____________",
];

/// How many blanks of each part are the candidate's surely, by the form's manner.
fn sure(manner: Manner, bound: &Binding) -> [usize; 2] {
    let mut found = [0, 0];
    for b in bound.sure() {
        let p = &b.place;
        let second = match manner {
            Manner::Line(_) | Manner::Files => p.table.first() == Some(&1),
            Manner::Bar(_) => p.row > 2,
            Manner::Side => p.row > 1,
            Manner::RowHead => p.row > 0,
            Manner::Nested => p.table.get(1) == Some(&1),
            Manner::Columns => p.column > 3,
            Manner::SheetNames => p.part.ends_with("sheet2.xml"),
            Manner::SheetBars(_) => p.row > 3,
            Manner::Stacked => p.row > 3,
            Manner::TextBoxes => p.column > 1,
            Manner::Lines(_) => p.paragraph > Some(3),
        };
        found[usize::from(second)] += 1;
    }
    found
}

/// How many blanks of a part are asked that the candidate has.
fn asks(manner: Manner) -> usize {
    if matches!(manner, Manner::RowHead) {
        2
    } else {
        4
    }
}

#[test]
fn the_same_heads_say_the_same_in_every_manner() {
    let campaign = campaign();
    let mut wrong: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut missed: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let (mut all, mut own) = (0, 0);
    for manner in MANNERS {
        let file = "表.docx";
        for (n, other) in OTHERS.iter().enumerate() {
            let head = [OWN[n % 15], NEUTRAL[n % 15]][n / 15];
            // the candidate's first: his are bound, the other's are not
            let found = sure(
                manner,
                &bind(&campaign, file, &form(manner, [head, other])).unwrap(),
            );
            if found[1] > 0 {
                wrong.entry(format!("{manner:?}")).or_default().push(other);
            }
            (all, own) = (all + asks(manner), own + found[0]);
            if found[0] < asks(manner) {
                missed.entry(format!("{manner:?}")).or_default().push(head);
            }
            // the other's first
            let head = OWN[n % 15];
            let found = sure(
                manner,
                &bind(&campaign, file, &form(manner, [other, head])).unwrap(),
            );
            if found[0] > 0 {
                wrong
                    .entry(format!("{manner:?} first"))
                    .or_default()
                    .push(other);
            }
            (all, own) = (all + asks(manner), own + found[1]);
            if found[1] < asks(manner) {
                missed
                    .entry(format!("{manner:?} second"))
                    .or_default()
                    .push(head);
            }
        }
    }
    println!("{own} of {all}; missed {missed:#?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(own * 10 >= all * 9, "{own} of {all}: {missed:#?}");
}
