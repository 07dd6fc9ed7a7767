//! What a file of a submission is for, wherever it lies and whatever its folder is called.

use sanlian::media::probe;
use sanlian::record::Use;
use sanlian::store::{Limits, read_submission_folder};

use crate::run::scratch;

#[test]
fn files_are_for_what_they_are_wherever_they_lie() {
    let folder = scratch("usage");
    let put = |path: &str| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, b"x").unwrap();
    };
    let read = || read_submission_folder(&folder, &Limits::default(), probe).unwrap();
    for path in [
        "王示例.jpg",
        "王示例.mp4",
        "照片/王示例1.jpg",
        "照片/王示例2",
        "图片/王示例3.PNG",
        "视频/王示例.mov",
        "视频/片子",
        "photos/王示例.mp4",
        "报送材料.tsv",
        "填报工作簿.et",
        "推荐工作总结.txt",
    ] {
        put(path);
    }
    let found = read();
    let of = |usage: Use| {
        let files = found.files.iter().filter(|f| f.usage == usage);
        files.map(|f| f.path.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(
        of(Use::Photo),
        [
            "图片/王示例3.PNG",
            "照片/王示例1.jpg",
            "照片/王示例2",
            "王示例.jpg"
        ]
    );
    assert_eq!(
        of(Use::Video),
        [
            "photos/王示例.mp4",
            "王示例.mp4",
            "视频/片子",
            "视频/王示例.mov"
        ]
    );
    assert_eq!(of(Use::Data), ["报送材料.tsv"]);
    assert_eq!(of(Use::Other), ["填报工作簿.et"]);
    // the only paper that can be the report is the report, and that is told
    assert_eq!(of(Use::Report), ["推荐工作总结.txt"]);
    assert_eq!(found.reports.len(), 1);
    assert!(
        found
            .findings
            .iter()
            .any(|f| f.message.contains("当作报告读取"))
    );
    put("工作汇报.docx");
    let found = read();
    assert_eq!(found.reports.len(), 0, "which of two it is, a person says");
}
