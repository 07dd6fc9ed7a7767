//! A form as a workbook: what office programs show and print of it.

use qrcode::{Color, EcLevel, QrCode};
use sanlian::campaign::{Align, FormKind, PageNumberStyle, Per};
use sanlian::export::xlsx::{XlsxMark, XlsxWriteError, write_xlsx};
use sanlian::face::Face;
use sanlian::form::{
    Block, Border, Cell, Content, Form, Opinion, PageSetup, Paragraph, PhotoBox, Row, SideLabel,
    Style, Table, Tick,
};
use sanlian::ooxml::OpcPackage;
use sanlian::units::Length;

use crate::{office, tools};

fn style(face: Face, sizes: &[f64], align: Align) -> Style {
    Style {
        sizes: sizes.iter().map(|s| Length::from_pt(*s)).collect(),
        align,
        ..Style::plain(face, Length::from_pt(12.0))
    }
}

fn paragraph(text: &str, style: &Style) -> Paragraph {
    Paragraph {
        text: text.to_owned(),
        style: style.clone(),
    }
}

fn cell(column: usize, columns: usize, content: Content) -> Cell {
    Cell {
        column,
        columns,
        rows: 1,
        content,
        middle: true,
        underline: false,
        label: false,
        continued: false,
        field: String::new(),
    }
}

fn text(column: usize, columns: usize, words: &str, style: &Style) -> Cell {
    let lines = words
        .split('\n')
        .map(|line| paragraph(line, style))
        .collect();
    cell(column, columns, Content::Text(lines))
}

fn row(height: i64, cells: Vec<Cell>) -> Row {
    Row {
        keep: false,
        height: Length::mm(height),
        most: Length::mm(height),
        fills: false,
        splits: false,
        listed: false,
        cells,
    }
}

fn table(columns: &[i64], border: Border, head: usize, rows: Vec<Row>) -> Block {
    Block::Table(Table {
        left: Length::ZERO,
        columns: columns.iter().map(|w| Length::mm(*w)).collect(),
        side: None,
        head,
        rows,
        border,
        padding: Length(800),
        whole: false,
        page_note: None,
    })
}

/// A summary of `people` rows, as wide as the type area (233 mm).
fn summary(people: usize) -> Form {
    let label = style(Face::Hei, &[12.0, 10.5, 9.0], Align::Center);
    let value = style(Face::Fangsong, &[12.0, 10.5, 9.0], Align::Center);
    let long = style(Face::Fangsong, &[9.0], Align::Justify);
    let info = style(Face::Fangsong, &[12.0, 10.5], Align::Left);
    let named = Style {
        spread: 3,
        ..value.clone()
    };
    let mut rows = vec![row(
        12,
        ["序\n号", "姓名", "联系电话", "场次", "邮编", "事迹简介"]
            .iter()
            .enumerate()
            .map(|(column, words)| text(column, 1, words, &label))
            .collect(),
    )];
    for n in 0..people {
        let deeds = "长期从事示例研究，".repeat(if n == 0 { 33 } else { 2 });
        let phone = format!("1400000{n:04}");
        rows.push(row(
            20,
            vec![
                text(0, 1, &(n + 1).to_string(), &value),
                text(
                    1,
                    1,
                    if n == 0 {
                        "张三"
                    } else {
                        "阿卜杜拉·买买提"
                    },
                    &named,
                ),
                text(2, 1, &phone, &value),
                text(3, 1, if n == 1 { "" } else { "12" }, &value),
                text(4, 1, "050000", &value),
                text(5, 1, &deeds, &long),
            ],
        ));
    }
    rows.push(row(
        9,
        vec![text(0, 6, &format!("合计 {people} 名"), &info)],
    ));
    Form {
        kind: FormKind::Summary,
        path: "推荐人选汇总表".to_owned(),
        title: "2021年示例省“最美科技工作者”推荐人选汇总表".to_owned(),
        copies: 1,
        per: Per::Unit,
        running: Vec::new(),
        words: std::sync::Arc::default(),
        page: PageSetup {
            width: Length::mm(297),
            height: Length::mm(210),
            top: Length::mm(28),
            right: Length::mm(40),
            bottom: Length::mm(26),
            left: Length::mm(24),
            numbers: PageNumberStyle::Centred,
            cover: false,
            marked: true,
            mark_x: Length::mm(261),
            mark_y: Length::mm(28),
            even: None,
            fills: false,
        },
        blocks: vec![
            Block::Paragraph(paragraph("附件2", &style(Face::Hei, &[16.0], Align::Left))),
            Block::Paragraph(paragraph(
                "2021年示例省“最美科技工作者”推荐人选汇总表",
                &style(Face::Title, &[20.0, 18.0], Align::Center),
            )),
            Block::Space(Length::mm(2)),
            table(
                &[120, 113],
                Border::None,
                0,
                vec![row(
                    8,
                    vec![
                        text(0, 1, "推荐单位（盖章）：测试市科学技术协会", &info),
                        text(1, 1, "填报日期：2021年5月8日", &info),
                    ],
                )],
            ),
            table(&[10, 30, 36, 20, 27, 110], Border::Full, 1, rows),
        ],
    }
}

/// The digits of a mark as they stand on a page, and their matrix.
fn mark() -> (String, XlsxMark) {
    let digits: String = (0..235)
        .map(|n| char::from(b'0' + (n * 7 % 10) as u8))
        .collect();
    let code = QrCode::with_error_correction_level(digits.as_bytes(), EcLevel::Q).unwrap();
    let dark = code.to_colors().iter().map(|c| *c == Color::Dark).collect();
    let mark = XlsxMark {
        side: code.width(),
        dark,
        human: "7K3M-QW9D-2F4X".to_owned(),
        caption: "推荐人选汇总表 版本1".to_owned(),
    };
    (digits, mark)
}

#[test]
fn the_same_form_gives_the_same_bytes() {
    let make = || write_xlsx(&[(&summary(3), Some(mark().1))]).unwrap();
    assert!(make() == make());
}

#[test]
fn openpyxl_sees_widths_titles_merges_and_numbers() {
    let folder = tools::folder("xlsx_sheet");
    let bytes = write_xlsx(&[(&summary(3), Some(mark().1)), (&summary(0), None)]).unwrap();
    let file = office::keep(&folder, "summary.xlsx", &bytes);
    office::validate(&[&file]);
    let said = office::openpyxl(
        &file,
        r#"
print(book.sheetnames, book.properties.created)
s = book.worksheets[0]
px = lambda c: round((s.column_dimensions[c].width) * 8)
print('mm', [round(px(c) * 25.4 / 96) for c in 'ABCDEF'])
print(s.print_title_rows, s.page_setup.orientation, s.page_setup.paperSize, s.page_setup.fitToHeight, s.sheet_properties.pageSetUpPr.fitToPage, s.print_options.horizontalCentered)
print([round(getattr(s.page_margins, m) * 25.4) for m in ('left', 'top', 'bottom')], s.oddFooter.center.text, s.oddFooter.center.size)
print([str(m) for m in s.merged_cells.ranges])
print([c.value for c in s[5]])
print([c.value for c in s[6]][:5], [c.data_type for c in s[6]][:5])
print(s['B6'].font.name, s['B6'].font.sz, s['B6'].alignment.horizontal, s['A2'].font.name, s['B5'].font.name)
print(s['A5'].border.left.style, s['A5'].border.top.style, s['A5'].border.right.style, s['F6'].border.right.style, s['A9'].border.bottom.style, s['A4'].border.top.style)
print('heights', [round(s.row_dimensions[r].height * 25.4 / 72) for r in (4, 5, 6, 7, 9)], len(s._images), s['E1'].value)
"#,
    );
    let Some(said) = said else { return };
    for wanted in [
        "['2021年示例省“最美科技工作者”推荐人选汇总表', '2021年示例省“最美科技工作者”推荐人选汇总表（2）'] 2020-01-01",
        "mm [10, 30, 36, 20, 27, 110]",
        "$1:$5 landscape 9 0 True True",
        "[24, 28, 26] — &P — 14",
        "'A1:D1'",
        "'E1:F1'",
        "['序\\n号', '姓名', '联系电话', '场次', '邮编', '事迹简介'",
        "[1, '张\\u3000三', '14000000000', 12, '050000'] ['n', 's', 's', 'n', 's']",
        "仿宋_GB2312 10.5 center 方正小标宋简体 黑体",
        "medium medium thin medium medium None",
        "7K3M-QW9D-2F4X\n推荐人选汇总表 版本1",
    ] {
        assert!(said.contains(wanted), "{wanted}\n---\n{said}");
    }
}

#[test]
fn libreoffice_prints_every_value_and_the_mark_on_every_page() {
    let folder = tools::folder("xlsx_printed");
    let (digits, mark) = mark();
    let bytes = write_xlsx(&[(&summary(12), Some(mark))]).unwrap();
    let file = office::keep(&folder, "summary.xlsx", &bytes);
    let Some(said) = office::printed(&file) else {
        return;
    };
    let pages: Vec<&str> = said
        .split('\u{C}')
        .filter(|p| !p.trim().is_empty())
        .collect();
    assert!(pages.len() >= 2, "{}", pages.len());
    for (n, page) in pages.iter().enumerate() {
        for wanted in ["事迹简介", "7K3M-QW9D-2F4X", "填报日期：2021年5月8日"] {
            assert!(page.contains(wanted), "page {}: {wanted}\n{page}", n + 1);
        }
        assert!(
            page.replace(' ', "").contains(&format!("—{}—", n + 1)),
            "{page}"
        );
    }
    for n in 0..12 {
        assert!(said.contains(&format!("1400000{n:04}")), "{n}");
    }
    let pdf = file.with_extension("pdf");
    let stem = folder.join("page");
    let arguments = [
        "-r",
        "200",
        "-png",
        pdf.to_str().unwrap(),
        stem.to_str().unwrap(),
    ];
    if tools::says("pdftoppm", &arguments).is_none() {
        return;
    }
    let mut pictures = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "png") {
            pictures += 1;
            let arguments = ["-q", "--raw", path.to_str().unwrap()];
            let Some(read) = tools::says("zbarimg", &arguments) else {
                return;
            };
            assert_eq!(read.trim(), digits, "{}", path.display());
        }
    }
    assert_eq!(pictures, pages.len());
}

#[test]
fn every_kind_of_content_finds_its_cell() {
    let folder = tools::folder("xlsx_contents");
    let plain = style(Face::Song, &[10.5, 9.0], Align::Left);
    let mut form = summary(1);
    form.title = "a/b:c*[长标题]".repeat(8);
    form.page.numbers = PageNumberStyle::None;
    let tick = |on, label: &str| Tick {
        on,
        label: label.to_owned(),
    };
    let mut tall = cell(2, 1, Content::Vertical(paragraph("所在单位意见", &plain)));
    tall.rows = 2;
    let photo = PhotoBox {
        width: Length::mm(33),
        height: Length::mm(48),
        picture: None,
        hint: vec![paragraph("照片", &plain)],
    };
    let opinion = Opinion {
        text: vec![paragraph("同意推荐。", &plain)],
        slot: Length::mm(50),
        sign: paragraph("负责人（签字）：", &plain),
        seal: Some(paragraph("（盖章）", &plain)),
        date: paragraph("年　月　日", &plain),
    };
    let ticks = vec![tick(true, "科技前沿"), tick(false, "生命健康")];
    let rows = vec![
        row(
            10,
            vec![
                cell(0, 1, Content::Ticks(ticks, plain.clone())),
                cell(1, 1, Content::Photo(photo)),
                tall,
            ],
        ),
        row(
            10,
            vec![
                cell(0, 2, Content::Opinion(Box::new(opinion))),
                // Beyond the last column: left out, and no panic.
                text(7, 3, "多余", &plain),
            ],
        ),
    ];
    let Block::Table(mut full) = table(&[60, 40, 20], Border::Full, 0, rows) else {
        return;
    };
    full.side = Some(SideLabel {
        width: Length::mm(12),
        label: vec![paragraph("基本情况", &plain)],
        vertical: true,
    });
    form.blocks = vec![
        Block::Table(full),
        Block::PageBreak,
        Block::Space(Length::mm(5)),
    ];
    let bytes = write_xlsx(&[(&form, Some(mark().1))]).unwrap();
    let file = office::keep(&folder, "contents.xlsx", &bytes);
    office::validate(&[&file]);
    let said = office::openpyxl(
        &file,
        "s = book.worksheets[0]\nfor r in s.iter_rows(values_only=True): print(r)\nprint(s.title, s['A1'].alignment.textRotation, [str(m) for m in s.merged_cells.ranges], s.row_breaks.count)",
    );
    let Some(said) = said else { return };
    for wanted in [
        "('基本情况', '☑科技前沿\\u3000□生命健康', '照片', '所在单位意见'",
        "同意推荐。",
        "（盖章）",
        "'A1:A2'",
        "'D1:D2'",
        "'B2:C2'",
    ] {
        assert!(said.contains(wanted), "{wanted}\n---\n{said}");
    }
}

#[test]
fn rows_are_never_higher_than_excel_draws_and_keep_all_their_text() {
    let mut form = summary(1);
    let deeds = "示".repeat(3_000);
    if let Some(Block::Table(table)) = form.blocks.last_mut() {
        let long = style(Face::Fangsong, &[12.0], Align::Justify);
        table.rows[1].cells[5] = text(5, 1, &deeds, &long);
    }
    let bytes = write_xlsx(&[(&form, None)]).unwrap();
    let package = OpcPackage::read(&bytes).unwrap();
    assert!(
        package
            .text("xl/sharedStrings.xml")
            .unwrap()
            .contains(&deeds)
    );
    let sheet = package.text("xl/worksheets/sheet1.xml").unwrap();
    for height in sheet.split(" ht=\"").skip(1) {
        let height: f64 = height.split('"').next().unwrap().parse().unwrap();
        assert!(height <= 409.5, "{height}");
    }
}

#[test]
fn forms_without_content_or_with_a_broken_mark_do_not_panic() {
    let mut empty = summary(0);
    empty.blocks.clear();
    assert!(write_xlsx(&[(&empty, None)]).is_ok());
    assert!(write_xlsx(&[(&empty, Some(mark().1))]).is_ok());
    assert!(write_xlsx(&[]).is_ok());
    for (side, modules) in [(0, 0), (21, 440), (100_000, 3)] {
        let broken = XlsxMark {
            side,
            dark: vec![true; modules],
            ..mark().1
        };
        let error = write_xlsx(&[(&empty, Some(broken))]).unwrap_err();
        assert!(matches!(error, XlsxWriteError::Matrix(_)), "{error}");
    }
    let mut odd = summary(2);
    if let Some(Block::Table(table)) = odd.blocks.last_mut() {
        table.head = 99;
        table.columns[0] = Length::mm(-3);
        table.rows[1].cells[0].rows = 99;
        table.rows[2].cells[1].column = usize::MAX;
    }
    let _ = write_xlsx(&[(&odd, Some(mark().1))]);
}

/// LibreOffice prints the mark as a square with modules of 0.45 mm and more, whatever widths its columns take.
#[test]
fn a_mark_in_a_workbook_is_square_on_paper() {
    let folder = tools::folder("xlsx_square");
    let (_, mark) = mark();
    let modules = mark.side as f64 + 8.0;
    let bytes = write_xlsx(&[(&summary(3), Some(mark))]).unwrap();
    let file = office::keep(&folder, "summary.xlsx", &bytes);
    if office::printed(&file).is_none() {
        return;
    }
    let pdf = file.with_extension("pdf");
    let Some(said) = tools::says("pdfimages", &["-list", pdf.to_str().unwrap()]) else {
        return;
    };
    // width and height in pixels, then pixels an inch across and down
    let row: Vec<&str> = said.lines().nth(2).unwrap().split_whitespace().collect();
    let number = |n: usize| row[n].parse::<f64>().unwrap();
    let (across, down) = (number(3) / number(12) * 25.4, number(4) / number(13) * 25.4);
    assert!((across - down).abs() < 0.3, "{across} × {down} mm\n{said}");
    let module = across.min(down) / modules;
    assert!(module >= 0.45, "{module}\n{said}");
}
