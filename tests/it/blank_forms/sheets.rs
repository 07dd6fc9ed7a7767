//! Forms that are workbooks: merged cells, labels in runs, lists, blanks behind a label in one cell.

use super::docx::Hand;
use super::xlsx::Sheet;
use super::{BlankForm, xlsx};

pub(super) fn forms() -> Vec<BlankForm> {
    vec![
        xlsx("workbook_with_merged_cells", Hand::Word, vec![person()]),
        xlsx("workbook_with_labels_in_runs", Hand::Wps, vec![runs()]),
        xlsx("workbook_list_of_candidates", Hand::Word, vec![list()]),
        xlsx("workbook_activity_sheet", Hand::Wps, vec![activity()]),
        xlsx(
            "workbook_of_two_sheets",
            Hand::LibreOffice,
            // beside a form of one person a list of all of them is nobody's until a person says so
            vec![person(), list().without("candidates.")],
        ),
        xlsx("workbook_of_placeholders", Hand::Wps, vec![prepared()]),
        xlsx(
            "workbook_with_several_blanks_in_a_cell",
            Hand::Word,
            vec![shared()],
        ),
    ]
}

fn person() -> Sheet {
    Sheet::new("推荐表")
        .put("A1", "“最美科技工作者”推荐表")
        .merge("A1", "G1")
        .high(1, 36)
        .put("A2", "姓　名")
        .blank("B2", "name", "cell")
        .put("C2", "性别")
        .blank("D2", "sex", "cell")
        .put("E2", "出生年月")
        .blank("F2", "birth", "cell")
        .put("G2", "照片")
        .merge("G2", "G5")
        .want("G2", "photo", "photo")
        .put("A3", "民　族")
        .blank("B3", "ethnic", "cell")
        .put("C3", "籍贯")
        .blank("D3", "native_place", "cell")
        .put("E3", "政治面貌")
        .blank("F3", "politics", "cell")
        .put("A4", "工作单位")
        .blank("B4", "org", "cell")
        .merge("B4", "F4")
        .put("A5", "职　称")
        .blank("B5", "title", "cell")
        .put("C5", "职务")
        .blank("D5", "post", "cell")
        .merge("D5", "F5")
        .put("A6", "身份证号")
        .blank("B6", "id_no", "cell")
        .merge("B6", "D6")
        .put("E6", "手机")
        .blank("F6", "mobile", "cell")
        .merge("F6", "G6")
        .put("A7", "事迹简介")
        .blank("B7", "summary", "cell")
        .merge("B7", "G7")
        .high(7, 160)
        .put("A8", "工作简历")
        .blank("B8", "resume", "cell")
        .merge("B8", "G8")
        .high(8, 160)
}

fn runs() -> Sheet {
    Sheet::new("Sheet1")
        .put("A1", "人选登记表")
        .merge("A1", "F1")
        .runs("A2", &["姓", " 名"])
        .blank("B2", "name", "cell")
        .runs("C2", &["性\n", "别"])
        .put("D2", "□男  □女")
        .want("D2", "sex", "ticks")
        .runs("E2", &["出生", "年月"])
        .blank("F2", "birth", "cell")
        .runs("A3", &["工作单位", "（全称）"])
        .blank("B3", "org", "cell")
        .merge("B3", "D3")
        .runs("E3", &["联系", "电话"])
        .blank("F3", "mobile", "cell")
        .put("A4", "学\n历")
        .blank("B4", "education", "cell")
        .put("C4", "学\n位")
        .blank("D4", "degree", "cell")
        .put("E4", "毕业院校")
        .blank("F4", "school", "cell")
        .put("A5", "主要\n事迹")
        .blank("B5", "deeds", "cell")
        .merge("B5", "F5")
        .high(5, 300)
}

fn prepared() -> Sheet {
    Sheet::new("推荐表")
        .put("A1", "{{unit.name}}推荐表")
        .merge("A1", "C1")
        .want("A1", "unit.name", "placeholder")
        .put("A2", "姓名：{{name}}，性别：{{sex}}；{{@photo}}")
        .merge("A2", "C2")
        .want("A2", "name", "placeholder")
        .want("A2", "sex", "placeholder")
        .want("A2", "photo", "placeholder")
        .put("A3", "{{#resume}}{{span}}")
        .want("A3", "resume.span", "placeholder")
        .put("B3", "在{{org}}")
        .want("B3", "resume.org", "placeholder")
        .put("C3", "{{resume.post}}{{/resume}}")
        .want("C3", "resume.post", "placeholder")
        .put("A4", "事迹")
        .put("B4", "{{ deeds }}")
        .merge("B4", "C4")
        .want("B4", "deeds", "placeholder")
}

fn shared() -> Sheet {
    Sheet::new("登记表")
        .put("A1", "人选登记表")
        .merge("A1", "D1")
        .put("A2", "姓　名")
        .blank("B2", "name", "cell")
        .put("C2", "工作单位")
        .blank("D2", "org", "cell")
        .put("A3", "性别：□男 □女　　学历：□大学本科 □研究生")
        .merge("A3", "D3")
        .want("A3", "sex", "ticks")
        .want("A3", "education", "ticks")
        .put("A4", "手机：__________　　电子邮箱：______________")
        .merge("A4", "D4")
        .want("A4", "mobile", "line")
        .want("A4", "email", "line")
}

fn list() -> Sheet {
    let mut sheet = Sheet::new("汇总表")
        .put("A1", "推荐人选汇总表")
        .merge("A1", "I1")
        .put("A2", "推荐单位（盖章）：")
        .blank("B2", "unit.name", "cell")
        .merge("B2", "E2")
        .put("F2", "联系人")
        .blank("G2", "unit.contact", "cell")
        .put("H2", "联系电话")
        .blank("I2", "unit.contact_mobile", "cell");
    let heads = [
        ("A", "序号", ""),
        ("B", "姓名", "name"),
        ("C", "性别", "sex"),
        ("D", "民族", "ethnic"),
        ("E", "出生年月", "birth"),
        ("F", "工作单位", "org"),
        ("G", "职称", "title"),
        ("H", "手机", "mobile"),
        ("I", "备注", "note"),
    ];
    for (column, head, key) in heads {
        sheet = sheet.put(&format!("{column}3"), head);
        let first = format!("{column}4");
        if key.is_empty() {
            sheet = sheet.put(&first, "1").put(&format!("{column}5"), "2");
        } else {
            sheet = sheet.blank(&first, &format!("candidates.{key}"), "rows");
        }
    }
    sheet
}

fn activity() -> Sheet {
    let mut sheet = Sheet::new("开展情况")
        .put("A1", "学习宣传活动开展情况表")
        .merge("A1", "G1");
    let heads = [
        ("A", "活动环节", ""),
        ("B", "主要做法", "activity"),
        ("C", "活动时间", "time"),
        ("D", "活动地点", "place"),
        ("E", "场次", "sessions"),
        ("F", "参与人数", "people"),
        ("G", "取得成效", "effect"),
    ];
    for (column, head, key) in heads {
        sheet = sheet.put(&format!("{column}2"), head);
        if !key.is_empty() {
            sheet = sheet.blank(&format!("{column}3"), &format!("status.{key}"), "rows");
        }
    }
    let steps = [
        "广泛动员",
        "组织推荐",
        "遴选挖掘",
        "集中发布",
        "宣传展示",
        "深入学习",
    ];
    for (n, step) in steps.iter().enumerate() {
        sheet = sheet.put(&format!("A{}", n + 3), step);
    }
    sheet
}
