//! Forms of other provinces, organisers and years: other labels, other order, synonyms, sections, forms in pairs.

use super::docx::{Hand, c, e, f, p, photo, ps, row, tall};
use super::writer::Docx;
use super::{BlankForm, docx};

pub(super) fn forms() -> Vec<BlankForm> {
    vec![
        docx("synonyms_of_another_province", synonyms()),
        docx("sections_with_headings", sections()),
        docx("labels_with_notes_in_brackets", brackets()),
        docx("two_languages", bilingual()),
        docx("two_forms_in_one_file", two_forms()),
        docx("two_units_in_one_form", two_units()),
        docx("colons_behind_labels", colons()),
        docx("opinions_of_four_departments", opinions()),
        docx("opinions_of_one_unit", one_opinion()),
        docx("national_form", national()),
    ]
}

fn synonyms() -> Docx {
    let rows = vec![
        row(vec![
            c("人选姓名"),
            f("name"),
            c("族别"),
            f("ethnic"),
            c("文化程度"),
            f("education"),
        ]),
        row(vec![
            c("出生日期"),
            f("birth"),
            c("政治面目"),
            f("politics"),
            c("祖籍"),
            f("native_place"),
        ]),
        row(vec![
            c("公民身份号码"),
            f("id_no").span(3),
            c("手机号码"),
            f("mobile"),
        ]),
        row(vec![c("所在单位"), f("org").span(5)]),
        row(vec![
            c("技术职称"),
            f("title"),
            c("现任职务"),
            f("post"),
            c("从事专业"),
            f("discipline"),
        ]),
        row(vec![
            c("联系地址"),
            f("address").span(3),
            c("邮　　编"),
            f("postcode"),
        ]),
        row(vec![
            c("固定电话"),
            f("phone"),
            c("E-mail"),
            f("email").span(3),
        ]),
        row(vec![c("社会兼职"), f("posts_held").span(5)]).high(1400),
        row(vec![c("事迹材料"), f("deeds").span(5)]).high(6000),
    ];
    Docx::new(Hand::Wps)
        .para(p("南疆省“最美科技人”推荐审批表").title())
        .table(&[1500, 1600, 1400, 1600, 1300, 1600], rows)
}

fn sections() -> Docx {
    let grid = [1800, 2700, 1800, 2700];
    Docx::new(Hand::Word)
        .para(p("科技工作者先进典型申报书").title())
        .para(p("一、基本情况"))
        .table(
            &grid,
            vec![
                row(vec![c("姓名"), f("name"), c("性别"), f("sex")]),
                row(vec![c("出生年月"), f("birth"), c("民族"), f("ethnic")]),
                row(vec![c("学历"), f("education"), c("学位"), f("degree")]),
            ],
        )
        .para(p("二、工作情况"))
        .table(
            &grid,
            vec![
                row(vec![c("工作单位"), f("org").span(3)]),
                row(vec![
                    c("专业技术职务"),
                    f("title"),
                    c("行政职务"),
                    f("post"),
                ]),
                row(vec![
                    c("统一社会信用代码"),
                    f("uscc"),
                    c("单位性质"),
                    f("org_kind"),
                ]),
            ],
        )
        .para(p("三、联系方式"))
        .table(
            &grid,
            vec![
                row(vec![c("通讯地址"), f("address").span(3)]),
                row(vec![c("手机"), f("mobile"), c("电子邮箱"), f("email")]),
            ],
        )
        .para(p("四、事迹"))
        .table(
            &[9000],
            vec![
                row(vec![c("主要事迹（2000字以内）")]),
                row(vec![f("deeds")]).high(7000),
            ],
        )
}

fn brackets() -> Docx {
    let rows = vec![
        row(vec![
            c("姓 名"),
            f("name"),
            c("出生年月\n（ 岁）"),
            f("birth"),
            c("民 族"),
            f("ethnic"),
        ]),
        row(vec![
            c("政治面貌\n（入党时间）"),
            f("politics"),
            c("学历\n（全日制）"),
            f("education"),
            c("籍贯\n（省、市）"),
            f("native_place"),
        ]),
        row(vec![
            c("工作单位（须与公章一致）"),
            f("org").span(3),
            c("专业技术职务（职称）"),
            f("title"),
        ]),
        row(vec![
            c("身份证号（18位）"),
            f("id_no").span(3),
            c("手机（11位）"),
            f("mobile"),
        ]),
        row(vec![
            c("通讯地址\n[请填到门牌号]"),
            f("address").span(3),
            c("邮政编码【6位】"),
            f("postcode"),
        ]),
        row(vec![
            c("主要事迹（限2000字，可另附页）"),
            f("deeds").span(5),
        ])
        .high(5000),
        row(vec![c("备　注（45岁以下请注明）"), f("note").span(5)]),
    ];
    Docx::new(Hand::Word)
        .split()
        .para(p("推荐对象情况表").title())
        .table(&[1600, 1500, 1500, 1500, 1500, 1400], rows)
}

fn bilingual() -> Docx {
    let rows = vec![
        row(vec![
            c("姓名\nName"),
            f("name"),
            c("性别\nGender"),
            f("sex"),
        ]),
        row(vec![
            c("出生年月\nDate of Birth"),
            f("birth"),
            c("民族\nEthnicity"),
            f("ethnic"),
        ]),
        row(vec![c("工作单位\nEmployer"), f("org").span(3)]),
        row(vec![
            c("职称\nTitle"),
            f("title"),
            c("电子邮箱\nE-mail"),
            f("email"),
        ]),
        row(vec![c("通讯地址\nAddress"), f("address").span(3)]),
    ];
    Docx::new(Hand::LibreOffice)
        .para(p("科技工作者信息表").title())
        .table(&[2000, 2500, 2000, 2500], rows)
}

fn two_forms() -> Docx {
    let grid = [1500, 3000, 1500, 3000];
    Docx::new(Hand::Word)
        .para(p("附件1"))
        .para(p("推荐表").title())
        .table(
            &grid,
            vec![
                row(vec![c("姓名"), f("name"), c("性别"), f("sex")]),
                row(vec![c("出生年月"), f("birth"), c("职称"), f("title")]),
                row(vec![c("工作单位"), f("org").span(3)]),
                row(vec![c("事迹简介"), f("summary").span(3)]).high(2500),
            ],
        )
        .para(p("附件2"))
        .para(p("征求意见表").title())
        .table(
            &grid,
            vec![
                row(vec![c("姓名"), f("name"), c("政治面貌"), f("politics")]),
                row(vec![c("工作单位"), f("org"), c("行政职务"), f("post")]),
                row(vec![c("身份证号"), f("id_no").span(3)]),
            ],
        )
}

fn two_units() -> Docx {
    let rows = vec![
        row(vec![
            tall("候选人").down(),
            c("姓名"),
            f("name"),
            c("工作单位"),
            f("org"),
        ]),
        row(vec![
            e().on(),
            c("手机"),
            f("mobile"),
            c("通讯地址"),
            f("address"),
        ]),
        row(vec![
            tall("推荐单位").down(),
            c("推荐单位名称"),
            f("unit.name").span(3),
        ]),
        row(vec![
            e().on(),
            c("联系人"),
            f("unit.contact"),
            c("联系人手机"),
            f("unit.contact_mobile"),
        ]),
    ];
    Docx::new(Hand::Word)
        .para(p("推荐信息表").title())
        .table(&[900, 1500, 2500, 1600, 2500], rows)
}

fn colons() -> Docx {
    let rows = vec![
        row(vec![c("姓名："), f("name"), c("性别："), f("sex")]),
        row(vec![c("民族:"), f("ethnic"), c("出生年月:"), f("birth")]),
        row(vec![c("单　　位："), f("org"), c("职　　务："), f("post")]),
        row(vec![
            c("学科领域："),
            f("discipline"),
            c("人员身份："),
            f("service_status"),
        ]),
        row(vec![
            c("1．手机："),
            f("mobile"),
            c("2．邮箱："),
            f("email"),
        ]),
        row(vec![
            c("*籍贯："),
            f("native_place"),
            c("★学历："),
            f("education"),
        ]),
    ];
    Docx::new(Hand::Wps)
        .para(p("登记卡").title())
        .table(&[1600, 2900, 1600, 2900], rows)
}

/// An opinion box: what is asked, and the lines to be signed.
fn box_of(key: Option<&str>, lead: &str) -> super::docx::Cell {
    let cell = ps(vec![
        p(lead),
        p(""),
        p("负责人（签字）："),
        p("（盖章）"),
        p("年　　月　　日"),
    ]);
    match key {
        Some(key) => cell.bind(key, "opinion"),
        None => cell,
    }
}

fn opinions() -> Docx {
    let rows = vec![
        row(vec![c("姓名"), f("name"), c("工作单位"), f("org")]),
        row(vec![c("所在单位意见"), box_of(None, "").span(3)]).high(2800),
        row(vec![
            c("市委宣传部意见"),
            box_of(Some("unit.op_publicity_dept"), ""),
            c("市科技局意见"),
            box_of(Some("unit.op_science_dept"), ""),
        ])
        .high(2800),
        row(vec![
            c("市国防科工办意见"),
            box_of(Some("unit.op_defense_dept"), ""),
            c("市科协意见"),
            box_of(None, ""),
        ])
        .high(2800),
        row(vec![c("省级评审意见"), box_of(None, "").span(3)]).high(2800),
    ];
    Docx::new(Hand::Word)
        .para(p("推荐意见").title())
        .table(&[1300, 3200, 1300, 3200], rows)
}

fn one_opinion() -> Docx {
    let rows = vec![
        row(vec![c("姓名"), f("name"), c("职称"), f("title")]),
        row(vec![
            c("学科专业"),
            f("discipline"),
            c("手机号"),
            f("mobile"),
        ]),
        row(vec![
            tall("所在单位意见"),
            box_of(None, "经公示无异议，同意推荐。").span(3),
        ])
        .high(3000),
        row(vec![tall("推荐单位意见"), box_of(None, "").span(3)]).high(3000),
        row(vec![tall("省学会审核意见"), box_of(None, "").span(3)]).high(3000),
    ];
    Docx::new(Hand::Wps)
        .para(p("学会推荐表").title())
        .table(&[1300, 3200, 1300, 3200], rows)
}

fn national() -> Docx {
    let rows = vec![
        row(vec![
            c("姓    名"),
            f("name").span(2),
            c("性    别"),
            f("sex").span(2),
            photo("（照片）").down(),
        ]),
        row(vec![
            c("出生年月"),
            f("birth").span(2),
            c("民    族"),
            f("ethnic").span(2),
            e().on(),
        ]),
        row(vec![
            c("政治面貌"),
            f("politics").span(2),
            c("籍    贯"),
            f("native_place").span(2),
            e().on(),
        ]),
        row(vec![
            c("最高学历"),
            f("education").span(2),
            c("最高学位"),
            f("degree").span(2),
            e().on(),
        ]),
        row(vec![
            c("工作单位"),
            f("org").span(3),
            c("单位类型"),
            f("org_kind").span(2),
        ]),
        row(vec![
            c("行政职务"),
            f("post").span(2),
            c("专业技术\n职    务"),
            f("title").span(3),
        ]),
        row(vec![
            c("专业领域"),
            f("discipline").span(2),
            c("证件号码"),
            f("id_no").span(3),
        ]),
        row(vec![
            c("单位地址"),
            f("address").span(3),
            c("邮政编码"),
            f("postcode").span(2),
        ]),
        row(vec![
            c("办公电话"),
            f("phone").span(2),
            c("手    机"),
            f("mobile").span(3),
        ]),
        row(vec![
            c("已获国家级荣誉仍推荐的理由"),
            f("honour_reason").span(6),
        ])
        .high(1500),
        row(vec![c("主\n要\n事\n迹"), f("deeds").span(6)]).high(7000),
    ];
    Docx::new(Hand::Word)
        .para(p("全国“最美科技工作者”推荐人选登记表").title())
        .table(&[1300, 1000, 1100, 1300, 1100, 1100, 1700], rows)
}
