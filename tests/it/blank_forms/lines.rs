//! Blanks that are no cells: underlined blanks, tick boxes, dates, text boxes, page headers.

use super::docx::{Block, Hand, Piece, c, cell, f, p, ps, row, table};
use super::writer::Docx;
use super::{BlankForm, docx};

pub(super) fn forms() -> Vec<BlankForm> {
    vec![
        docx("cover_with_underlined_blanks", cover()),
        docx("blanks_of_low_lines", low_lines()),
        docx("underlined_blanks_in_a_cell", lines_in_cell()),
        docx("square_tick_boxes", squares()),
        docx("tick_boxes_that_are_controls", controls()),
        docx("round_tick_boxes", circles()),
        docx("dates_of_year_month_day", dates()),
        docx("cover_in_a_text_box", text_box()),
        docx("cover_in_a_vml_box", vml_box()),
        docx("blanks_in_the_page_header", header()),
    ]
}

fn cover() -> Docx {
    Docx::new(Hand::Word)
        .para(p("2021年“最美科技工作者”推荐表").title())
        .para(p("推荐单位（盖章）").line(24).bind("unit.name", "line"))
        .para(p("候选人姓名").line(24).bind("name", "line"))
        .para(p("工作单位：").line(30).bind("org", "line"))
        .para(p("填报日期：").line(20).bind("unit.report_date", "line"))
        .table(
            &[1500, 3000, 1500, 3000],
            vec![
                row(vec![c("性别"), f("sex"), c("民族"), f("ethnic")]),
                row(vec![
                    c("籍贯"),
                    f("native_place"),
                    c("学历"),
                    f("education"),
                ]),
            ],
        )
}

fn low_lines() -> Docx {
    Docx::new(Hand::Wps)
        .para(p("科技工作者信息采集").title())
        .para(p("姓名：____________").bind("name", "line"))
        .para(
            p("性别：______　民族：________　出生年月：____________")
                .bind("sex", "line")
                .bind("ethnic", "line")
                .bind("birth", "line"),
        )
        .para(p("工作单位：＿＿＿＿＿＿＿＿＿＿＿＿").bind("org", "line"))
        .para(
            p("手机：________________  邮箱：________________")
                .bind("mobile", "line")
                .bind("email", "line"),
        )
}

fn lines_in_cell() -> Docx {
    let person = ps(vec![
        p("姓名：")
            .line(14)
            .and("　性别：")
            .line(6)
            .bind("name", "line")
            .bind("sex", "line"),
        p("职务：")
            .line(20)
            .and("　职称：")
            .line(20)
            .bind("post", "line")
            .bind("title", "line"),
        p("手机：").line(24).bind("mobile", "line"),
    ]);
    Docx::new(Hand::Word).para(p("推荐卡片").title()).table(
        &[1600, 7400],
        vec![
            row(vec![c("候选人"), person]),
            row(vec![c("工作单位"), f("org")]),
            row(vec![c("事迹简介"), f("summary")]).high(3000),
        ],
    )
}

fn squares() -> Docx {
    let rows = vec![
        row(vec![
            c("姓名"),
            f("name"),
            c("性别"),
            c("□男　□女").bind("sex", "ticks"),
        ]),
        row(vec![
            c("学历"),
            ps(vec![p("□研究生 □本科 □专科"), p("□其他")])
                .span(3)
                .bind("education", "ticks"),
        ]),
        row(vec![
            c("政治面貌"),
            c("□中共党员  □中共预备党员  □民盟盟员  □九三学社社员  □无党派人士  □群众")
                .span(3)
                .bind("politics", "ticks"),
        ]),
        row(vec![
            c("人选类别"),
            ps(vec![
                p("□面向世界科技前沿"),
                p("□面向经济主战场"),
                p("□面向国家重大需求"),
                p("□面向人民生命健康"),
            ])
            .span(3)
            .bind("category", "ticks"),
        ]),
        row(vec![
            c("是否公务员"),
            c("□是 □否").bind("civil_servant", "ticks"),
            c("是否涉密"),
            c("是□　否□").bind("secret", "ticks"),
        ]),
        row(vec![
            c("是否适合公开宣传"),
            c("□ 是　　□ 否").span(3).bind("consent", "ticks"),
        ]),
    ];
    Docx::new(Hand::Word)
        .para(p("基本信息（请在□内打√）").title())
        .table(&[1700, 2800, 1700, 2800], rows)
}

/// A checkbox control of Word 2010 and a word behind it.
fn control(id: u32, word: &str) -> String {
    format!(
        "<w:sdt><w:sdtPr><w:id w:val=\"{id}\"/><w14:checkbox><w14:checked w14:val=\"0\"/><w14:checkedState w14:val=\"2611\" w14:font=\"MS Gothic\"/><w14:uncheckedState w14:val=\"2610\" w14:font=\"MS Gothic\"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:rPr><w:rFonts w:ascii=\"MS Gothic\" w:eastAsia=\"MS Gothic\" w:hAnsi=\"MS Gothic\" w:hint=\"eastAsia\"/></w:rPr><w:t>☐</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t xml:space=\"preserve\">{word} </w:t></w:r>"
    )
}

fn controls() -> Docx {
    let ticks = |words: &[(u32, &str)]| {
        let mut para = p("");
        para.pieces = words
            .iter()
            .map(|(id, word)| Piece::Raw(control(*id, word)))
            .collect();
        ps(vec![para])
    };
    let rows = vec![
        row(vec![
            c("姓名"),
            f("name"),
            c("性别"),
            ticks(&[(501, "男"), (502, "女")]).bind("sex", "ticks"),
        ]),
        row(vec![
            c("单位性质"),
            ticks(&[(511, "高等学校"), (512, "科研院所"), (513, "企业")])
                .span(3)
                .bind("org_kind", "ticks"),
        ]),
        row(vec![c("学位"), f("degree"), c("手机"), f("mobile")]),
    ];
    Docx::new(Hand::Word)
        .para(p("人选登记").title())
        .table(&[1700, 2800, 1700, 2800], rows)
}

fn circles() -> Docx {
    let rows = vec![
        row(vec![
            c("姓名"),
            f("name"),
            c("性别"),
            c("○男 ○女").bind("sex", "ticks"),
        ]),
        row(vec![
            c("是否涉及国家秘密"),
            c("○是　○否").bind("secret", "ticks"),
            c("同意公开宣传"),
            c("☐是　☐否").bind("consent", "ticks"),
        ]),
        row(vec![c("民族"), f("ethnic"), c("工作单位"), f("org")]),
    ];
    Docx::new(Hand::LibreOffice)
        .para(p("候选人登记").title())
        .table(&[1900, 2600, 1900, 2600], rows)
}

fn dates() -> Docx {
    let rows = vec![
        row(vec![
            c("姓名"),
            f("name"),
            c("出生年月"),
            c("　　　年　　月").bind("birth", "date"),
        ]),
        row(vec![
            c("公示开始日期"),
            c("    年   月   日").bind("unit.publicity_from", "date"),
            c("公示结束日期"),
            c("    年   月   日").bind("unit.publicity_to", "date"),
        ]),
        row(vec![
            c("公示范围"),
            f("unit.publicity_scope"),
            c("公示结果"),
            f("unit.publicity_result"),
        ]),
    ];
    Docx::new(Hand::Word)
        .para(p("公示情况表").title())
        .para(p("填报日期：　　　年　　月　　日").bind("unit.report_date", "date"))
        .table(&[1700, 2800, 1700, 2800], rows)
}

fn text_box() -> Docx {
    Docx::new(Hand::Word)
        .para(p("推荐表").title())
        .block(Block::Boxed(
            vec![
                p("推荐单位：").line(20).bind("unit.name", "line"),
                p("联系人：").line(16).bind("unit.contact", "line"),
            ],
            false,
        ))
        .table(
            &[1500, 3000, 1500, 3000],
            vec![
                row(vec![c("姓名"), f("name"), c("性别"), f("sex")]),
                row(vec![c("工作单位"), f("org"), c("职务"), f("post")]),
            ],
        )
}

fn vml_box() -> Docx {
    Docx::new(Hand::Wps)
        .para(p("推荐表").title())
        .block(Block::Boxed(
            vec![
                p("填报单位：").line(20).bind("unit.name", "line"),
                p("联系电话：").line(16).bind("unit.contact_mobile", "line"),
            ],
            true,
        ))
        .table(
            &[1500, 3000, 1500, 3000],
            vec![
                row(vec![c("姓名"), f("name"), c("民族"), f("ethnic")]),
                row(vec![c("事迹简介"), f("summary").span(3)]).high(2500),
            ],
        )
}

fn header() -> Docx {
    Docx::new(Hand::Word)
        .header(vec![
            table(
                &[1500, 3000, 1500, 3000],
                vec![row(vec![
                    c("推荐单位"),
                    f("unit.name"),
                    c("报送日期"),
                    f("unit.report_date"),
                ])],
            ),
            Block::Para(p("")),
        ])
        .para(p("推荐登记表").title())
        .table(
            &[1500, 3000, 1500, 3000],
            vec![
                row(vec![c("姓名"), f("name"), c("性别"), f("sex")]),
                row(vec![
                    c("主要事迹"),
                    cell(vec![Block::Para(p(""))]).span(3).bind("deeds", "cell"),
                ])
                .high(5000),
            ],
        )
}
