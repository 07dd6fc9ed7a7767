//! Bound forms filled, on one thread, warm: `cargo bench --bench fill -- [SECONDS]` (default 3 for each row). A form of two pages of
//! A4 with 22 fields, a résumé, honours and deeds of two thousand characters; once without pictures, once with three: one that
//! the form has itself, the photo and the mark. Then the same form is bound and read back. Two peers on the same parts stand
//! beside it: the zip copied as it lies, and the document part deflated alone.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    dead_code,
    reason = "a bench prints its figures and stops where it cannot go on; it shares a part of the tests' chance"
)]

#[path = "../tests/it/chance.rs"]
mod chance;

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use chance::Chance;
use sanlian::campaign::{Campaign, builtin, load};
use sanlian::demo;
use sanlian::fill::{Filling, MarkPicture, Prepared, bind, read};
use sanlian::ooxml::Original;
use sanlian::record::Submission;
use zip::write::SimpleFileOptions;

fn main() {
    let seconds = std::env::args().skip(1).find_map(|a| a.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(3));
    let source = builtin()
        .into_iter()
        .find(|s| s.id == "hebei-zuimei-2021")
        .unwrap();
    let campaign = load(&source).0.unwrap();
    let submission = demo::submission(&campaign, 1).submission;
    plain(&campaign, &submission, time);
    pictures(&campaign, &submission, time);
}

fn plain(campaign: &Campaign, submission: &Submission, time: Duration) {
    let form = form(None);
    let places = bind(campaign, "表.docx", &form).unwrap().places();
    let prepared = Prepared::new(campaign, &form, places.clone()).unwrap();
    let people = submission.candidates.len();
    let mut n = 0;
    let mut fill = || {
        n += 1;
        let filling = Filling {
            candidate: Some(n % people),
            ..Filling::default()
        };
        prepared.fill(campaign, submission, &filling).unwrap()
    };
    let filled = fill();
    println!("栏目 {}，填好 {} 字节", places.len(), filled.len());
    rate("填，无图", time, || fill().len());
    let original = Original::read(&form).unwrap();
    rate("　只抄压缩包", time, || {
        original.with(&[]).unwrap().len()
    });
    let part = Original::read(&filled).unwrap();
    let document = part.package().part("word/document.xml").unwrap().to_vec();
    rate("　只压正文", time, || deflated(&document));
    rate("绑定", time, || {
        bind(campaign, "表.docx", &form).unwrap().places.len()
    });
    rate("备好", time, || {
        let prepared = Prepared::new(campaign, &form, places.clone()).unwrap();
        usize::from(prepared.takes_photo())
    });
    rate("回读", time, || {
        read(campaign, "填好.docx", &filled, &places)
            .unwrap()
            .sightings
            .len()
    });
}

fn pictures(campaign: &Campaign, submission: &Submission, time: Duration) {
    let png = noise(300);
    let form = form(Some(&png));
    let places = bind(campaign, "表.docx", &form).unwrap().places();
    let prepared = Prepared::new(campaign, &form, places).unwrap();
    // bytes that deflating gains nothing from, as many as a photo of 413 × 579 pixels has
    let photo = noise(90_000);
    let people = submission.candidates.len();
    let mut n = 0;
    let mut fill = || {
        n += 1;
        let filling = Filling {
            candidate: Some(n % people),
            photo: Some((&photo, (413, 579))),
            mark: Some(MarkPicture {
                png: &png,
                side: 33_750,
                caption: "示例 第1版",
            }),
            properties: vec![("sanlian.record".to_owned(), "0011223344556677".to_owned())],
        };
        prepared.fill(campaign, submission, &filling).unwrap()
    };
    let filled = fill();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-fill.docx");
    std::fs::write(&path, &filled).unwrap();
    println!("三图，填好 {} 字节：{}", filled.len(), path.display());
    rate("填，三图", time, || fill().len());
}

/// How often something is done in a second.
fn rate(what: &str, time: Duration, mut act: impl FnMut() -> usize) {
    (0..20).for_each(|_| {
        act();
    });
    let start = Instant::now();
    let (mut count, mut sum) = (0_u32, 0);
    while start.elapsed() < time {
        sum += act();
        count += 1;
    }
    assert!(sum > 0);
    println!(
        "{what}：每秒 {:.0} 次",
        f64::from(count) / start.elapsed().as_secs_f64()
    );
}

fn deflated(bytes: &[u8]) -> usize {
    let mut out = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap().len()
}

/// Bytes without any order.
fn noise(count: usize) -> Vec<u8> {
    let mut chance = Chance::new(0x2545_F491);
    std::iter::repeat_with(|| chance.byte())
        .take(count)
        .collect()
}

const LABELS: [[&str; 3]; 6] = [
    ["姓名", "性别", "出生年月"],
    ["民族", "籍贯", "政治面貌"],
    ["学历", "学位", "职称"],
    ["行政职务", "毕业院校及专业", "工作单位"],
    ["邮政编码", "办公电话", "手机"],
    ["电子邮箱", "身份证号", "通讯地址"],
];

/// The blank form; with a picture of its own in the text where one is given.
fn form(picture: Option<&[u8]>) -> Vec<u8> {
    let look = "<w:rPr><w:rFonts w:ascii=\"仿宋_GB2312\" w:eastAsia=\"仿宋_GB2312\" w:hAnsi=\"仿宋_GB2312\"/><w:sz w:val=\"24\"/></w:rPr>";
    let cell = |text: &str, span: usize, more: &str| {
        let run = if text.is_empty() {
            String::new()
        } else {
            format!("<w:r>{look}<w:t>{text}</w:t></w:r>")
        };
        format!(
            "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/><w:gridSpan w:val=\"{span}\"/>{more}<w:vAlign w:val=\"center\"/></w:tcPr><w:p><w:pPr><w:jc w:val=\"center\"/>{look}</w:pPr>{run}</w:p></w:tc>",
            span * 1250
        )
    };
    let row =
        |cells: String| format!("<w:tr><w:trPr><w:trHeight w:val=\"600\"/></w:trPr>{cells}</w:tr>");
    let mut rows = String::new();
    for (n, labels) in LABELS.iter().enumerate() {
        let cells: String = labels
            .iter()
            .map(|l| cell(l, 1, "") + &cell("", 1, ""))
            .collect();
        let merge = match n {
            0 => cell("照片", 1, "<w:vMerge w:val=\"restart\"/>"),
            1..=3 => cell("", 1, "<w:vMerge/>"),
            _ => cell("", 1, ""),
        };
        rows += &row(cells + &merge);
    }
    for (list, heads) in [
        ("简历", ["起止年月", "学习或工作单位", "专业或职务"]),
        ("获奖情况", ["获奖时间", "奖励名称", "授予单位"]),
    ] {
        for n in 0..5 {
            let side = if n == 0 {
                cell(list, 1, "<w:vMerge w:val=\"restart\"/>")
            } else {
                cell("", 1, "<w:vMerge/>")
            };
            let own = heads.map(|head| cell(if n == 0 { head } else { "" }, 2, ""));
            rows += &row(side + &own.concat());
        }
    }
    rows += &row(cell("事迹简介", 1, "") + &cell("", 6, ""));
    rows += &row(cell("主要事迹", 1, "") + &cell("", 6, ""));
    let own = picture.map_or("", |_| "<w:p><w:r><w:drawing><wp:inline xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\"><wp:extent cx=\"360000\" cy=\"360000\"/><wp:docPr id=\"1\" name=\"徽标\"/><a:graphic xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:nvPicPr><pic:cNvPr id=\"1\" name=\"徽标\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" r:embed=\"rId1\"/></pic:blipFill><pic:spPr/></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>");
    let mut document = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>",
    );
    let _ = write!(
        document,
        "{own}<w:p><w:r><w:t>推荐表</w:t></w:r></w:p><w:tbl><w:tblPr/><w:tblGrid>{}</w:tblGrid>{rows}</w:tbl><w:p/><w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/></w:sectPr></w:body></w:document>",
        "<w:gridCol w:w=\"1250\"/>".repeat(7)
    );
    let types = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"png\" ContentType=\"image/png\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    let relations = |id: &str, kind: &str, target: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let root = relations("rId1", "officeDocument", "word/document.xml");
    let own = relations("rId1", "image", "media/own.png");
    let mut parts = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("word/document.xml", document.as_bytes()),
    ];
    if let Some(picture) = picture {
        parts.push(("word/_rels/document.xml.rels", own.as_bytes()));
        parts.push(("word/media/own.png", picture));
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
