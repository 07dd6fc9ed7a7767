//! Repeated rows: résumé and awards beside or inside the big table, lists of candidates, the activity sheet.

use super::docx::{Block, Cell, Hand, Row, c, cell, e, f, p, row, table, tall};
use super::writer::Docx;
use super::{BlankForm, docx};

pub(super) fn forms() -> Vec<BlankForm> {
    vec![
        docx("resume_rows_in_the_big_table", resume_inside()),
        docx("resume_in_a_nested_table", nested()),
        docx("awards_in_a_table_of_their_own", awards()),
        docx("list_of_candidates", list()),
        docx("activity_sheet", activity()),
        docx("list_with_two_rows_of_heads", two_heads()),
        docx("lists_asked_as_one_text", whole()),
        docx("lists_asked_below_their_labels", whole_below()),
    ]
}

/// Cells of the first blank row of a list.
fn blanks(sheet: &str, keys: &[&str]) -> Vec<Cell> {
    keys.iter()
        .map(|key| {
            if key.is_empty() {
                e()
            } else {
                e().bind(&format!("{sheet}.{key}"), "rows")
            }
        })
        .collect()
}

fn empty(count: usize) -> Vec<Cell> {
    (0..count).map(|_| e()).collect()
}

fn resume_inside() -> Docx {
    let spans = [2, 2, 1];
    let spread = |cells: Vec<Cell>| -> Vec<Cell> {
        cells
            .into_iter()
            .zip(spans)
            .map(|(cell, span)| cell.span(span))
            .collect()
    };
    let side = |first: Cell, cells: Vec<Cell>| -> Row {
        let mut all = vec![first];
        all.extend(spread(cells));
        row(all)
    };
    let mut rows = vec![
        row(vec![
            c("姓名"),
            f("name"),
            c("性别"),
            f("sex"),
            c("民族"),
            f("ethnic"),
        ]),
        side(
            tall("学习和工作简历").down(),
            vec![c("起止年月"), c("学习或工作单位"), c("专业或职务")],
        ),
        side(e().on(), blanks("resume", &["span", "org", "post"])),
    ];
    for _ in 0..3 {
        rows.push(side(e().on(), empty(3)));
    }
    rows.push(side(
        tall("获奖情况").down(),
        vec![c("获奖时间"), c("奖励名称"), c("授予单位")],
    ));
    rows.push(side(e().on(), blanks("awards", &["month", "name", "by"])));
    rows.push(side(e().on(), empty(3)));
    rows.push(row(vec![c("主要事迹"), f("deeds").span(5)]).high(5000));
    Docx::new(Hand::Word)
        .para(p("推荐表").title())
        .table(&[900, 1700, 1200, 2000, 1400, 1800], rows)
}

fn whole() -> Docx {
    let rows = vec![
        row(vec![c("姓名"), f("name"), c("性别"), f("sex")]),
        row(vec![c("工作单位"), f("org").span(3)]),
        row(vec![tall("个人简历\n（从大学填起）"), f("resume").span(3)]).high(4000),
        row(vec![c("获奖情况"), f("awards").span(3)]).high(2400),
        row(vec![c("主要事迹"), f("deeds").span(3)]).high(5000),
    ];
    Docx::new(Hand::Wps)
        .para(p("推荐人选登记表").title())
        .table(&[1300, 2600, 1300, 3800], rows)
}

fn whole_below() -> Docx {
    let rows = vec![
        row(vec![c("姓　名"), f("name"), c("民　族"), f("ethnic")]),
        row(vec![c("主要学习和工作简历").span(4)]),
        row(vec![f("resume").span(4)]).high(3600),
        row(vec![c("荣誉及奖励").span(4)]),
        row(vec![f("awards").span(4)]).high(2400),
        row(vec![c("手机"), f("mobile"), c("电子邮箱"), f("email")]),
    ];
    Docx::new(Hand::Word)
        .para(p("“最美科技工作者”人选情况表").title())
        .table(&[1300, 2600, 1300, 3800], rows)
}

fn nested() -> Docx {
    let inner = table(
        &[1800, 3600, 2000],
        vec![
            row(vec![c("起止时间"), c("单位"), c("职务")]),
            row(blanks("resume", &["span", "org", "post"])),
            row(empty(3)),
            row(empty(3)),
        ],
    );
    let rows = vec![
        row(vec![c("姓名"), f("name"), c("出生年月"), f("birth")]),
        row(vec![c("工作简历"), cell(vec![inner]).span(3)]),
        row(vec![c("手机"), f("mobile"), c("电子邮箱"), f("email")]),
    ];
    Docx::new(Hand::Wps)
        .para(p("人选情况登记表").title())
        .table(&[1300, 2600, 1300, 3800], rows)
}

fn awards() -> Docx {
    Docx::new(Hand::LibreOffice)
        .para(p("申报书").title())
        .table(
            &[1500, 3000, 1500, 3000],
            vec![
                row(vec![c("姓名"), f("name"), c("职称"), f("title")]),
                row(vec![c("工作单位"), f("org").span(3)]),
            ],
        )
        .para(p("曾获荣誉及奖励："))
        .table(
            &[800, 1700, 3300, 1200, 2000],
            vec![
                row(vec![
                    c("序号"),
                    c("授予时间"),
                    c("荣誉名称"),
                    c("等级"),
                    c("颁发单位"),
                ]),
                row(vec![
                    c("1"),
                    e().bind("awards.month", "rows"),
                    e().bind("awards.name", "rows"),
                    e().bind("awards.level", "rows"),
                    e().bind("awards.by", "rows"),
                ]),
                row(vec![c("2"), e(), e(), e(), e()]),
                row(vec![c("3"), e(), e(), e(), e()]),
            ],
        )
}

fn list() -> Docx {
    let heads = [
        "序号",
        "姓名",
        "性别",
        "民族",
        "出生年月",
        "政治面貌",
        "工作单位",
        "职称",
        "专业领域",
        "联系电话",
        "备注",
    ];
    let mut head = row(heads.map(c).to_vec());
    head.head = true;
    let mut rows = vec![
        head,
        row(blanks(
            "candidates",
            &[
                "seq",
                "name",
                "sex",
                "ethnic",
                "birth",
                "politics",
                "org",
                "title",
                "discipline",
                "mobile",
                "note",
            ],
        )),
    ];
    rows.push(row(empty(11)));
    rows.push(row(empty(11)));
    Docx::new(Hand::Word)
        .landscape()
        .para(p("“最美科技工作者”推荐人选汇总表").title())
        .para(
            p("推荐单位（盖章）：")
                .line(20)
                .and("  联系人：")
                .line(10)
                .and("  联系电话：")
                .line(14)
                .bind("unit.name", "line")
                .bind("unit.contact", "line")
                .bind("unit.contact_mobile", "line"),
        )
        .table(
            &[
                700, 1200, 700, 900, 1200, 1200, 2600, 1400, 1400, 1600, 1000,
            ],
            rows,
        )
}

fn activity() -> Docx {
    let heads = [
        "环节",
        "主要做法、活动名称",
        "时间",
        "地点、平台",
        "场次（次）",
        "参与人数（人次）",
        "媒体报道（篇、条）",
        "成效",
    ];
    let steps = [
        "广泛动员",
        "组织推荐",
        "遴选挖掘",
        "集中发布",
        "宣传展示",
        "深入学习",
    ];
    let keys = [
        "activity", "time", "place", "sessions", "people", "media", "effect",
    ];
    let mut rows = vec![row(heads.map(c).to_vec())];
    for (n, step) in steps.iter().enumerate() {
        let mut cells = vec![c(step)];
        if n == 0 {
            cells.extend(blanks("status", &keys));
        } else {
            cells.extend(empty(7));
        }
        rows.push(row(cells));
    }
    Docx::new(Hand::Wps)
        .landscape()
        .para(p("学习宣传活动开展情况表").title())
        .block(Block::Para(
            p("填报单位：")
                .line(24)
                .and("　填表人：")
                .line(10)
                .and("　审核人：")
                .line(10)
                .bind("unit.name", "line")
                .bind("unit.filler", "line")
                .bind("unit.reviewer", "line"),
        ))
        .table(&[1300, 3200, 1400, 1900, 1200, 1400, 1500, 2000], rows)
}

fn two_heads() -> Docx {
    let rows = vec![
        row(vec![
            c("序号").down(),
            c("姓名").down(),
            c("性别").down(),
            c("学历学位").span(2),
            c("联系方式").span(2),
            c("工作单位").down(),
        ]),
        row(vec![
            e().on(),
            e().on(),
            e().on(),
            c("学历"),
            c("学位"),
            c("手机"),
            c("邮箱"),
            e().on(),
        ]),
        row(blanks(
            "candidates",
            &[
                "seq",
                "name",
                "sex",
                "education",
                "degree",
                "mobile",
                "email",
                "org",
            ],
        )),
        row(empty(8)),
    ];
    Docx::new(Hand::Wps)
        .landscape()
        .para(p("候选人名单").title())
        .table(&[800, 1500, 900, 1500, 1500, 2000, 2600, 3000], rows)
}
