//! One table a person, as most recommendation forms are, in the habits of Word, WPS and LibreOffice.

use super::docx::{Block, Hand, Piece, Row, c, e, f, p, photo, ps, row, table, tall};
use super::writer::Docx;
use super::{BlankForm, docx};

pub(super) fn forms() -> Vec<BlankForm> {
    vec![
        docx("word_one_table", word_one_table()),
        docx("word_split_labels", split_labels()),
        docx("wps_vertical_labels", wps_vertical()),
        docx("libreoffice_one_table", libreoffice()),
        docx("turned_labels", turned()),
        docx("labels_broken_by_line_ends", broken()),
        docx("value_below_label", below()),
        docx("merged_both_ways", merged()),
        docx("columns_left_free_before_rows", before()),
        docx("labels_in_a_tracked_change", tracked()),
        docx("rows_of_exact_height", exact()),
    ]
}

const SEVEN: [u32; 7] = [1300, 1300, 1000, 1300, 1300, 1300, 1500];

/// The rows that open most forms: four labels a row and the photo over four rows.
fn opening() -> Vec<Row> {
    vec![
        row(vec![
            c("姓　名"),
            f("name"),
            c("性别"),
            f("sex"),
            c("出生年月"),
            f("birth"),
            photo("照片\n（小2寸）").down(),
        ]),
        row(vec![
            c("民　族"),
            f("ethnic"),
            c("籍贯"),
            f("native_place"),
            c("政治面貌"),
            f("politics"),
            e().on(),
        ]),
        row(vec![
            c("学　历"),
            f("education"),
            c("学位"),
            f("degree"),
            c("职　称"),
            f("title"),
            e().on(),
        ]),
        row(vec![
            c("毕业院校及专业"),
            f("school").span(3),
            c("行政职务"),
            f("post"),
            e().on(),
        ]),
    ]
}

fn contacts() -> Vec<Row> {
    vec![
        row(vec![
            c("工作单位"),
            f("org").span(4),
            c("邮政编码"),
            f("postcode"),
        ]),
        row(vec![c("通讯地址"), f("address").span(6)]),
        row(vec![
            c("办公电话"),
            f("phone").span(2),
            c("手机"),
            f("mobile").span(3),
        ]),
        row(vec![
            c("电子邮箱"),
            f("email").span(2),
            c("身份证号"),
            f("id_no").span(3),
        ]),
    ]
}

fn word_one_table() -> Docx {
    let mut rows = opening();
    rows.extend(contacts());
    rows.push(row(vec![c("事迹简介\n（300字以内）"), f("summary").span(6)]).high(2800));
    rows.push(row(vec![c("主要事迹"), f("deeds").span(6)]).high(6000));
    Docx::new(Hand::Word)
        .para(p("附件1"))
        .para(p("2021年河北省“最美科技工作者”推荐表").title())
        .table(&SEVEN, rows)
}

fn split_labels() -> Docx {
    let mut rows = opening();
    rows.extend(contacts());
    rows.push(row(vec![c("主要学术（社会）兼职"), f("posts_held").span(6)]).high(1200));
    rows.push(row(vec![c("主要事迹（2000字以内）"), f("deeds").span(6)]).high(5000));
    Docx::new(Hand::Word)
        .split()
        .para(p("“最美科技工作者”候选人推荐表").title())
        .table(&SEVEN, rows)
}

fn wps_vertical() -> Docx {
    let rows = vec![
        row(vec![
            tall("基本情况").down(),
            c("姓 名"),
            f("name"),
            c("性 别"),
            f("sex"),
            photo("贴照片处").down(),
        ]),
        row(vec![
            e().on(),
            c("民 族"),
            f("ethnic"),
            c("出生年月"),
            f("birth"),
            e().on(),
        ]),
        row(vec![
            e().on(),
            c("籍 贯"),
            f("native_place"),
            c("政治面貌"),
            f("politics"),
            e().on(),
        ]),
        row(vec![e().on(), c("工作单位"), f("org").span(4)]),
        row(vec![
            e().on(),
            c("职 务"),
            f("post"),
            c("职 称"),
            f("title").span(2),
        ]),
        row(vec![
            e().on(),
            c("身份证号码"),
            f("id_no").span(2),
            c("移动电话"),
            f("mobile"),
        ]),
        row(vec![tall("事迹简介"), f("summary").span(5)]).high(2600),
        row(vec![tall("主要事迹材料"), f("deeds").span(5)]).high(5200),
        row(vec![tall("备注"), f("note").span(5)]),
    ];
    Docx::new(Hand::Wps)
        .para(p("最美科技工作者推荐表").title())
        .table(&[700, 1500, 2000, 1500, 1500, 1800], rows)
}

fn libreoffice() -> Docx {
    let mut rows = opening();
    rows.extend(contacts());
    rows.push(row(vec![c("简要事迹"), f("summary").span(6)]).high(2400));
    Docx::new(Hand::LibreOffice)
        .para(p("科技工作者推荐登记表").title())
        .table(&SEVEN, rows)
}

fn turned() -> Docx {
    let rows = vec![
        row(vec![
            c("姓名"),
            f("name"),
            c("民族"),
            f("ethnic"),
            c("性别"),
            f("sex"),
        ]),
        row(vec![
            c("出生年月"),
            f("birth"),
            c("学历"),
            f("education"),
            c("学位"),
            f("degree"),
        ]),
        row(vec![
            c("工作单位\n（全称）"),
            f("org").span(3),
            c("专业技术职务"),
            f("title"),
        ]),
        row(vec![
            c("学科（专业）领域"),
            f("discipline").span(3),
            c("人选类别"),
            f("category"),
        ]),
        row(vec![c("主要事迹简介").turned(), f("summary").span(5)]).high(3000),
        row(vec![c("主要学术兼职").turned(), f("posts_held").span(5)]).high(2400),
        row(vec![c("先进事迹").turned(), f("deeds").span(5)]).high(6000),
    ];
    Docx::new(Hand::Wps)
        .para(p("省最美科技工作者候选人申报表").title())
        .table(&[1300, 1700, 1300, 1700, 1300, 1700], rows)
}

fn broken() -> Docx {
    let rows = vec![
        row(vec![
            c("姓\n名"),
            f("name"),
            c("性\n别"),
            f("sex"),
            c("出生\n年月"),
            f("birth"),
            photo("照\n\n片").down(),
        ]),
        row(vec![
            c("民\n族"),
            f("ethnic"),
            c("籍\n贯"),
            f("native_place"),
            c("政治\n面貌"),
            f("politics"),
            e().on(),
        ]),
        row(vec![
            c("工作\n单位"),
            f("org").span(3),
            c("行政\n职务"),
            f("post"),
            e().on(),
        ]),
        row(vec![
            c("通讯\n地址"),
            f("address").span(3),
            c("邮政\n编码"),
            f("postcode").span(2),
        ]),
        row(vec![
            c("联系\n电话"),
            f("mobile").span(2),
            c("电子\n信箱"),
            f("email").span(3),
        ]),
        row(vec![
            ps("事迹".chars().map(|c| p(&c.to_string())).collect()),
            f("deeds").span(6),
        ])
        .high(5000),
    ];
    Docx::new(Hand::Word)
        .para(p("推荐人选登记表").title())
        .table(&SEVEN, rows)
}

fn below() -> Docx {
    let rows = vec![
        row(vec![
            c("姓名"),
            c("性别"),
            c("民族"),
            c("出生年月"),
            c("政治面貌"),
        ]),
        row(vec![
            f("name").bare(),
            f("sex").bare(),
            f("ethnic").bare(),
            f("birth").bare(),
            f("politics").bare(),
        ]),
        row(vec![
            c("工作单位（全称）").span(2),
            c("职称"),
            c("职务"),
            c("联系电话"),
        ]),
        row(vec![
            f("org").span(2).bare(),
            f("title").bare(),
            f("post").bare(),
            f("mobile").bare(),
        ]),
        row(vec![c("主要事迹（第三人称，2000字以内）").span(5)]),
        row(vec![f("deeds").span(5).bare()]).high(6000),
    ];
    Docx::new(Hand::Word)
        .para(p("候选人信息表").title())
        .table(&[1500, 1500, 1800, 2100, 2100], rows)
}

fn merged() -> Docx {
    let rows = vec![
        row(vec![
            c("姓名").down(),
            f("name").down().span(2),
            c("性别"),
            f("sex"),
            photo("2寸免冠\n彩色照片").down(),
        ]),
        row(vec![
            e().on(),
            e().on().span(2),
            c("民族"),
            f("ethnic"),
            e().on(),
        ]),
        row(vec![
            c("出生年月"),
            f("birth").span(2),
            c("籍贯"),
            f("native_place"),
            e().on(),
        ]),
        row(vec![
            c("学历\n学位").down(),
            c("学历"),
            f("education"),
            c("毕业院校\n系及专业").down(),
            f("school").span(2).down(),
        ]),
        row(vec![
            e().on(),
            c("学位"),
            f("degree"),
            e().on(),
            e().on().span(2),
        ]),
        row(vec![
            c("联系方式").down(),
            c("手机"),
            f("mobile"),
            c("电子邮箱"),
            f("email").span(2),
        ]),
        row(vec![
            e().on(),
            c("通讯地址"),
            f("address").span(2),
            c("邮编"),
            f("postcode"),
        ]),
        row(vec![c("工作单位"), f("org").span(5)]),
        row(vec![c("事迹摘要").down(), f("summary").span(5).down()]).high(1500),
        row(vec![e().on(), e().on().span(5)]).high(1500),
    ];
    Docx::new(Hand::Wps)
        .para(p("优秀科技工作者推荐表").title())
        .table(&[1400, 1000, 1800, 1500, 1600, 1700], rows)
}

fn before() -> Docx {
    let mut first = row(vec![c("姓　　名"), f("name"), c("性　　别"), f("sex")]);
    first.before = 1;
    let mut second = row(vec![
        c("籍　　贯"),
        f("native_place"),
        c("民　　族"),
        f("ethnic"),
    ]);
    second.before = 1;
    let rows = vec![
        first,
        second,
        row(vec![
            c("单位"),
            c("工作单位"),
            f("org"),
            c("单位性质"),
            f("org_kind"),
        ]),
        row(vec![
            c("证件"),
            c("证件类型"),
            f("id_type"),
            c("证件号码"),
            f("id_no"),
        ]),
    ];
    Docx::new(Hand::Word)
        .para(p("人选基本信息").title())
        .table(&[900, 1500, 2400, 1500, 2700], rows)
}

fn tracked() -> Docx {
    let changed = |old: &str, new: &str| {
        let mut para = p("").centre();
        para.pieces = vec![Piece::Raw(format!(
            "<w:del w:id=\"901\" w:author=\"示例\" w:date=\"2021-05-01T00:00:00Z\"><w:r><w:delText>{old}</w:delText></w:r></w:del><w:ins w:id=\"902\" w:author=\"示例\" w:date=\"2021-05-01T00:00:00Z\"><w:r><w:t>{new}</w:t></w:r></w:ins>"
        ))];
        ps(vec![para])
    };
    let rows = vec![
        row(vec![
            c("姓名"),
            f("name"),
            changed("年龄", "出生年月"),
            f("birth"),
        ]),
        row(vec![
            changed("单位简称", "工作单位"),
            f("org"),
            c("民族"),
            f("ethnic"),
        ]),
        row(vec![c("事迹简介"), f("summary").span(3)]).high(2400),
    ];
    Docx::new(Hand::Word)
        .para(p("推荐表（修订稿）").title())
        .block(Block::Raw(
            "<w:bookmarkStart w:id=\"900\" w:name=\"_GoBack\"/><w:bookmarkEnd w:id=\"900\"/>"
                .to_owned(),
        ))
        .block(table(&[1500, 3000, 1500, 3000], rows))
}

fn exact() -> Docx {
    let rows = opening()
        .into_iter()
        .chain(contacts())
        .map(Row::exact)
        .chain([row(vec![c("事迹简介"), f("summary").span(6)])
            .high(3400)
            .exact()])
        .collect();
    Docx::new(Hand::Word)
        .para(p("推荐表（行高固定）").title())
        .table(&SEVEN, rows)
}
