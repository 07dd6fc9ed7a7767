//! Papers around a submission (公文): the covering letter, the list that is made public, a letter to each department. They are data as
//! every form; they may be made before the rest is whole, and what is not known yet is left blank.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sanlian::campaign::{Align, Campaign, Source, builtin, load};
use sanlian::check::check;
use sanlian::form::{Block, Content, Form, build_paper, papers_of};
use sanlian::record::Submission;

use crate::demo::undrawn;
use crate::run::{copy_tree, demo, files, manifest, sanlian, scratch};
use crate::{office, tools};

const ID: &str = "hebei-zuimei-2021";
const EARLY: &str = "2021-05-06T09:00:00+08:00";

fn source(id: &str) -> Source {
    builtin().into_iter().find(|s| s.id == id).unwrap()
}

fn campaign(id: &str) -> Campaign {
    load(&source(id)).0.unwrap()
}

fn filled(campaign: &Campaign) -> Submission {
    undrawn(campaign, 1)
}

/// Every paper of a submission, by its path.
fn papers(campaign: &Campaign, submission: &Submission) -> BTreeMap<String, Form> {
    let all = papers_of(campaign, submission).into_iter();
    let built = all.map(|p| build_paper(campaign, &p, submission, campaign.deadline.day));
    built.map(|form| (form.path.clone(), form)).collect()
}

/// The text of a form, a line for each paragraph and each cell.
pub(crate) fn text(form: &Form) -> String {
    let mut lines = Vec::new();
    for block in &form.blocks {
        match block {
            Block::Paragraph(p) => lines.push(p.text.clone()),
            Block::Table(table) => {
                for cell in table.rows.iter().flat_map(|r| &r.cells) {
                    if let Content::Text(paragraphs) = &cell.content {
                        let words: Vec<&str> = paragraphs.iter().map(|p| p.text.as_str()).collect();
                        lines.push(words.join("/"));
                    }
                }
            }
            _ => {}
        }
    }
    lines.join("\n")
}

/// The demo's folder with some of its answers changed, as `submission.json`, without a report.
fn early(name: &str, change: impl Fn(&mut Submission)) -> std::path::PathBuf {
    let dir = scratch(name).join("报送");
    let campaign = campaign(ID);
    let mut submission = filled(&campaign);
    for key in [
        "publicity_from",
        "publicity_to",
        "publicity_result",
        "report_date",
        "op_publicity_dept",
        "op_science_dept",
        "op_defense_dept",
    ] {
        submission.unit.set(key, "");
    }
    change(&mut submission);
    let workbook = sanlian::intake::blank::filled_workbook(&campaign, &submission).unwrap();
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("填报工作簿.xlsx"), workbook).unwrap();
    std::fs::write(dir.join("sanlian.toml"), format!("campaign = \"{ID}\"\n")).unwrap();
    dir
}

fn make(dir: &Path, out: &Path, more: &[&str]) -> (i32, String) {
    let mut args = vec!["make", dir.to_str().unwrap(), "-o", out.to_str().unwrap()];
    args.extend(["--now", EARLY]);
    args.extend(more);
    let done = sanlian(&args);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    (done.status.code().unwrap(), said)
}

#[test]
fn a_channel_has_its_own_papers_and_each_department_its_letter() {
    let campaign = campaign(ID);
    let mut submission = filled(&campaign);
    let paths = |s: &Submission| -> Vec<String> { papers(&campaign, s).into_keys().collect() };
    assert_eq!(
        paths(&submission),
        [
            "公文/公示稿",
            "公文/征求意见函-市国防科技工业管理部门",
            "公文/征求意见函-市委宣传部",
            "公文/征求意见函-市科技局",
            "公文/报送函",
        ]
    );
    submission.unit.set("channel", "省级学会（协会、研究会）");
    assert_eq!(paths(&submission), ["公文/公示稿", "公文/报送函"]);
    submission.unit.set("channel", "军工单位");
    assert!(paths(&submission).is_empty());
    submission.unit.set("channel", "不是渠道");
    assert!(paths(&submission).is_empty());
    // a channel that names none calls a department by its field
    submission.unit.set("channel", "雄安新区");
    assert!(paths(&submission).contains(&"公文/征求意见函-党委宣传部".to_owned()));
}

#[test]
fn every_paper_of_every_campaign_names_the_people_and_who_writes_to_whom() {
    for source in builtin() {
        let campaign = load(&source).0.unwrap();
        let submission = filled(&campaign);
        let names: Vec<&str> = submission
            .candidates
            .iter()
            .map(|c| c.text("name"))
            .collect();
        let all = papers(&campaign, &submission);
        assert!(all.len() >= 2, "{}: {:?}", campaign.id, all.keys());
        for (path, form) in &all {
            let text = text(form);
            for name in &names {
                assert!(text.contains(name), "{path} without {name}: {text}");
            }
            let unit = submission.unit.text("name");
            assert!(
                text.contains(unit) && text.contains(&campaign.notice_no),
                "{path}: {text}"
            );
            assert!(!text.contains(['{', '}', '＿']), "{path}: {text}");
        }
        let letter = text(&all["公文/报送函"]);
        let order = names.join("、");
        assert!(
            letter.contains(&format!("{order}（共{}名", names.len())),
            "{letter}"
        );
        let office = campaign.addresses.values().next().unwrap();
        assert!(letter.contains(&format!("{}：", office.name)), "{letter}");
    }
}

#[test]
fn the_letter_names_what_lies_on_paper_beside_it_and_nothing_else() {
    let campaign = campaign(ID);
    let mut submission = filled(&campaign);
    let annexes = |s: &Submission| -> Vec<String> {
        let letter = text(&papers(&campaign, s)["公文/报送函"]);
        let from = letter.find("附件：\n").expect("annexes");
        let lines = letter[from..].lines().map(str::to_owned);
        lines
            .filter(|l| l.starts_with(|c: char| c.is_ascii_digit()) && l.contains('.'))
            .collect()
    };
    assert_eq!(
        annexes(&submission),
        [
            "1.推荐工作情况报告　1份",
            "2.推荐人选汇总表（附件2）　1份",
            "3.学习宣传活动开展情况表（附件3）　1份",
            "4.推荐表（附件1）原件　3份×3人＝9份",
        ]
    );
    // 「团体会员：通知没有要它填开展情况表」
    submission.unit.set("channel", "团体会员");
    submission.candidates.pop();
    assert_eq!(annexes(&submission).len(), 3);
    assert!(annexes(&submission)[2].ends_with("3份×2人＝6份"));
    let letter = text(&papers(&campaign, &submission)["公文/报送函"]);
    assert_eq!(letter.matches("附件：").count(), 1, "said once: {letter}");
}

#[test]
fn what_is_public_shows_no_number_of_a_person() {
    for source in builtin() {
        let campaign = load(&source).0.unwrap();
        let submission = filled(&campaign);
        let public = text(&papers(&campaign, &submission)["公文/公示稿"]);
        for candidate in &submission.candidates {
            for key in ["id_no", "mobile", "phone", "email", "photo", "address"] {
                let value = candidate.text(key);
                let unit = submission.unit.text(key);
                let own = value.len() > 3 && value != unit;
                assert!(!own || !public.contains(value), "{key}: {public}");
            }
            for key in ["name", "sex", "birth", "org"] {
                assert!(public.contains(candidate.text(key)), "{key}: {public}");
            }
        }
        assert!(!public.contains(submission.unit.text("contact_mobile")));
        assert!(public.contains("受理电话：0"), "{public}");
    }
}

#[test]
fn a_number_in_a_field_that_is_made_public_is_told() {
    let campaign = campaign(ID);
    for (key, value, what) in [
        ("post", "院长，手机14000000011", Some("手机号码")),
        ("org", "示例医院139900198502140015", Some("证件号码")),
        ("org", "示例医院13990019850214001X", Some("证件号码")),
        ("title", "研究员（wang@example.org）", Some("邮箱")),
        ("org", "示例市第11中学", None),
        ("post", "2021年度负责人", None),
        ("org", "示例区12345678901234号院", None),
        ("deeds", "手机14000000011", None),
    ] {
        let mut submission = filled(&campaign);
        submission.candidates[1].set(key, value);
        let mut found = check(&campaign, &submission, None);
        found.retain(|f| f.code == "P3");
        let said: Vec<&str> = found.iter().map(|f| f.message.as_str()).collect();
        assert_eq!(
            found.len(),
            usize::from(what.is_some()),
            "{value}: {said:?}"
        );
        for finding in &found {
            assert!(finding.message.contains(what.unwrap()), "{value}: {said:?}");
            assert_eq!(finding.place.field.as_deref(), Some(key));
            assert!(
                !finding.message.contains("1400"),
                "the number is not repeated"
            );
        }
    }
}

#[test]
fn what_is_not_known_yet_is_left_to_be_written_in() {
    let campaign = campaign(ID);
    let mut submission = filled(&campaign);
    for key in [
        "publicity_from",
        "publicity_to",
        "report_date",
        "phone",
        "publicity_result",
    ] {
        submission.unit.set(key, "");
    }
    submission.candidates[0].set("org", "");
    let all = papers(&campaign, &submission);
    let public = text(&all["公文/公示稿"]);
    let day = "　　　　年　　月　　日";
    assert!(
        public.contains(&format!("公示时间：{day}至{day}。")),
        "{public}"
    );
    assert!(public.contains("受理电话：＿＿＿＿"), "{public}");
    assert!(public.ends_with(day), "{public}");
    // in a list a blank cell is what is written on
    assert!(!public.contains("1985.02\n＿"), "{public}");
    let letter = text(&all["公文/报送函"]);
    assert!(letter.contains("公示结果：＿＿＿＿"), "{letter}");
    assert!(letter.contains(&format!("\n{day}\n")), "{letter}");
}

#[test]
fn the_issuer_stands_over_the_middle_of_the_day() {
    let campaign = campaign(ID);
    let mut submission = filled(&campaign);
    let lines = |s: &Submission| -> Vec<(String, u8)> {
        let form = &papers(&campaign, s)["公文/公示稿"];
        let last = form.blocks.iter().rev().take(2).rev();
        last.map(|b| match b {
            // both stand in the middle of one box at the right edge, which begins so many characters from the left
            Block::Paragraph(p) if p.style.align == Align::Center => (p.text.clone(), p.style.left),
            other => panic!("{other:?}"),
        })
        .collect()
    };
    // 「成文日期一般右空四字编排」
    submission.unit.set("name", "示例科协");
    assert_eq!(
        lines(&submission).iter().map(|l| l.1).collect::<Vec<_>>(),
        [13, 13]
    );
    // 「以成文日期为准居中编排发文机关署名」
    submission.unit.set("name", "示例市科学技术协会办公");
    assert_eq!(
        lines(&submission).iter().map(|l| l.1).collect::<Vec<_>>(),
        [13, 13]
    );
    // a long name ends at the edge and the day moves to its middle
    submission.unit.set("name", "示例市科学技术协会".repeat(2));
    assert_eq!(
        lines(&submission).iter().map(|l| l.1).collect::<Vec<_>>(),
        [9, 9]
    );
}

#[test]
fn a_secretary_makes_the_papers_before_the_publicity_took_place() {
    let dir = early("papers-early", |_| {});
    let out = dir.parent().unwrap().join("公文");
    let (code, said) = make(&dir, &out, &["--papers"]);
    assert_eq!(code, 1, "other errors are told: {said}");
    assert!(
        said.contains("公示开始日期") && said.contains("公文照做了"),
        "{said}"
    );
    let made = files(&out);
    let names: Vec<&str> = made.keys().map(String::as_str).collect();
    assert_eq!(
        names.iter().filter(|n| n.ends_with(".docx")).count(),
        5,
        "{names:?}"
    );
    assert_eq!(
        names.iter().filter(|n| n.ends_with(".pdf")).count(),
        5,
        "{names:?}"
    );
    assert!(!names.contains(&"全部打印.pdf"), "{names:?}");
    // neither record nor key
    assert!(!dir.join("records.json").exists());
    let list = manifest(&out);
    assert!(list.get("key").is_none(), "{list}");
    let marks = list["files"].as_array().unwrap().iter();
    assert!(
        marks
            .clone()
            .all(|f| f["marks"].as_array().unwrap().is_empty())
    );
    // the whole paper is refused as before
    let whole = dir.parent().unwrap().join("全套");
    let (code, _) = make(&dir, &whole, &[]);
    assert!(code == 1 && !whole.exists());
    // and the same again is the same
    let (code, _) = make(&dir, &out, &["--papers", "-q"]);
    assert_eq!((code, files(&out)), (1, made));
}

#[test]
fn papers_are_stopped_by_faults_of_what_they_print_alone() {
    type Change = fn(&mut Submission);
    let cases: [(&str, Change, Option<&str>); 8] = [
        (
            "birth",
            |s| s.candidates[0].set("birth", "一九八五"),
            Some("出生年月"),
        ),
        (
            "days",
            |s| {
                s.unit.set("publicity_from", "2021-05-20");
                s.unit.set("publicity_to", "2021-05-14");
            },
            Some("不能印出"),
        ),
        (
            "secret",
            |s| s.candidates[0].set("secret", "是"),
            Some("涉密"),
        ),
        (
            "number",
            |s| s.candidates[2].set("post", "主任14000000011"),
            Some("手机号码"),
        ),
        // a period that lies ahead is what a list is made for
        (
            "ahead",
            |s| {
                s.unit.set("publicity_from", "2021-05-17");
                s.unit.set("publicity_to", "2021-05-21");
            },
            None,
        ),
        (
            "id",
            |s| s.candidates[0].set("id_no", "139900198502140016"),
            None,
        ),
        ("mail", |s| s.unit.set("email", "不是邮箱"), None),
        ("org", |s| s.candidates[1].set("org", ""), None),
    ];
    for (name, change, stops) in cases {
        let dir = early(&format!("papers-stop-{name}"), change);
        let out = dir.parent().unwrap().join("公文");
        let (_, said) = make(&dir, &out, &["--papers"]);
        assert_eq!(out.exists(), stops.is_none(), "{name}: {said}");
        if let Some(words) = stops {
            assert!(said.contains(words), "{name}: {said}");
            assert!(said.contains("没有制作公文"), "{name}: {said}");
        }
    }
}

#[test]
fn a_channel_without_papers_says_so() {
    for (channel, words) in [
        ("军工单位", "没有给渠道“军工单位”准备公文"),
        ("", "推荐渠道没有填"),
    ] {
        let dir = early("papers-none", |s| s.unit.set("channel", channel));
        let out = dir.parent().unwrap().join("公文");
        let (code, said) = make(&dir, &out, &["--papers"]);
        assert!(code != 0 && !out.exists(), "{said}");
        assert!(said.contains(words), "{channel}: {said}");
    }
}

#[test]
fn what_was_edited_is_not_overwritten_and_the_whole_paper_is_not_replaced() {
    let dir = scratch("papers-edited");
    let submission = dir.join("报送");
    copy_tree(&demo().join("out/submission"), &submission);
    std::fs::remove_file(submission.join("records.json")).unwrap();
    let out = dir.join("公文");
    let (code, said) = make(&submission, &out, &["--papers"]);
    assert_eq!(code, 0, "{said}");
    let letter = out.join("公文/报送函.docx");
    let edited = std::fs::read(demo().join("out/paper/公文/公示稿.docx")).unwrap();
    std::fs::write(&letter, &edited).unwrap();
    let (code, said) = make(&submission, &out, &["--papers"]);
    assert!(
        code == 2 && said.contains("报送函.docx") && said.contains("没有覆盖"),
        "{said}"
    );
    assert_eq!(std::fs::read(&letter).unwrap(), edited);
    let whole = dir.join("全套");
    copy_tree(&demo().join("out/paper"), &whole);
    let (code, said) = make(&submission, &whole, &["--papers"]);
    assert!(code == 2 && said.contains("全套纸质件"), "{said}");
    assert!(whole.join("全部打印.pdf").is_file());
}

#[test]
fn the_whole_paper_has_them_and_only_what_is_mailed_is_printed_with_it() {
    let paper = demo().join("out/paper");
    let list = manifest(&paper);
    let listed = list["files"].as_array().unwrap();
    let of = |kind: &str| {
        let own = listed.iter().filter(|f| f["form"] == kind);
        own.map(|f| f["path"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(of("paper-1"), ["公文/报送函.pdf", "公文/报送函.docx"]);
    assert_eq!(of("paper-3").len(), 6);
    let pages = |path: &str| {
        let file = listed.iter().find(|f| f["path"] == path).unwrap();
        file["pages"].as_u64().unwrap()
    };
    let pdfs = listed
        .iter()
        .filter(|f| f["pages"] != 0 && f["form"] != "print");
    let mailed = pdfs.filter(|f| f["form"] != "paper-2" && f["form"] != "paper-3");
    // a page alone has a blank back, so that the next begins on a front side
    let least: u64 = mailed.map(|f| f["pages"].as_u64().unwrap()).sum();
    assert!(pages("全部打印.pdf") >= least);
    let all = paper.join("全部打印.pdf");
    if let Some(text) = tools::says("pdftotext", &["-raw", all.to_str().unwrap(), "-"]) {
        assert!(text.contains("推荐材料的函"), "the letter is mailed");
        assert!(!text.contains("推荐人选的公示") && !text.contains("人选意见的函"));
    }
}

#[test]
fn office_programs_print_the_documents_as_our_own_pages_say() {
    let folder = tools::folder("papers-office");
    let paper = demo().join("out/paper/公文");
    let names = ["报送函", "公示稿", "征求意见函-市委宣传部"];
    let documents = names.map(|name| paper.join(format!("{name}.docx")));
    let all: Vec<&Path> = documents.iter().map(PathBuf::as_path).collect();
    office::validate(&all);
    if !office::convert(&all, "pdf", &folder) {
        return;
    }
    let plain = |file: &Path| {
        let text = tools::says("pdftotext", &["-raw", file.to_str().unwrap(), "-"]);
        text.map(|t| {
            let mut signs: Vec<char> = t.chars().filter(|c| !c.is_whitespace()).collect();
            // in which order cells are read is the reader's affair
            signs.sort_unstable();
            signs.into_iter().collect::<String>()
        })
    };
    for name in names {
        let ours = plain(&paper.join(format!("{name}.pdf")));
        let theirs = plain(&folder.join(format!("{name}.pdf")));
        assert_eq!(theirs, ours, "{name}");
        let (pages, pdf) = ("Pages:           1", folder.join(format!("{name}.pdf")));
        if let Some(info) = tools::says("pdfinfo", &[pdf.to_str().unwrap()]) {
            assert!(info.contains(pages), "{name}: {info}");
        }
    }
}
