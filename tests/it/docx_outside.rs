//! What a person changed in a document of ours outside of its fields: `diff` tells titles, labels, sentences printed ready and paragraphs of
//! one's own.

use sanlian::ooxml::OpcPackage;

use crate::docx::copies;
use crate::run::{demo, sanlian};
use crate::{office, tools};

const DOCUMENT: &str = "word/document.xml";

/// What `diff` says of a copy of a form in which a word was changed; none where the word is not there.
fn edited(end: &str, from: &str, to: &str) -> (Option<i32>, String) {
    let submission = demo().join("out/submission");
    let folder = tools::folder("docx_outside");
    let mut every = copies();
    let out = demo().join("out/paper/公文");
    every.extend(std::fs::read_dir(out).unwrap().map(|f| f.unwrap().path()));
    let file = every
        .into_iter()
        .find(|f| f.to_string_lossy().ends_with(end));
    let mut package = OpcPackage::read(&std::fs::read(file.unwrap()).unwrap()).unwrap();
    let xml = package.text(DOCUMENT).unwrap().to_owned();
    let edited = xml.replacen(from, to, 1);
    assert!(edited != xml, "{from}");
    package.put(DOCUMENT, edited.into_bytes());
    let copy = office::keep(&folder, end, &package.write().unwrap());
    let said = sanlian(&["diff", copy.to_str().unwrap(), submission.to_str().unwrap()]);
    (
        said.status.code(),
        String::from_utf8_lossy(&said.stdout).into_owned(),
    )
}

#[test]
fn words_changed_outside_of_fields_are_told() {
    let own = "<w:p><w:r><w:t>另加的一段话</w:t></w:r></w:p></w:body>";
    for (end, from, to, says) in [
        (
            "03-王示例-推荐表.docx",
            ">候选人姓名<",
            ">被推荐人姓名<",
            "“候选人姓名”→“被推荐人姓名”",
        ),
        (
            "03-王示例-推荐表.docx",
            "经公示无异议",
            "经公示有异议",
            "有异议",
        ),
        (
            "推荐人选汇总表.docx",
            "推荐人选汇总表",
            "推荐人选一览表",
            "一览表",
        ),
        (
            "征求意见函-市科技局.docx",
            "市科技局",
            "市财政局",
            "市财政局",
        ),
        ("公示稿.docx", "公示期间", "公示期内", "公示期内"),
    ] {
        let (code, said) = edited(end, from, to);
        assert_eq!(code, Some(1), "{end} {from}: {said}");
        assert!(
            said.contains("栏目以外的文字") && said.contains(says),
            "{end}: {said}"
        );
        assert_eq!(said.trim().lines().count(), 1, "{end}: {said}");
    }
    for end in ["03-王示例-推荐表.docx", "学习宣传活动开展情况表.docx"] {
        let (code, said) = edited(
            end,
            "<w:sectPr",
            &format!("{}<w:sectPr", own.trim_end_matches("</w:body>")),
        );
        assert_eq!(code, Some(1), "{end}: {said}");
        assert!(said.contains("增加“另加的一段话”"), "{said}");
    }
}
