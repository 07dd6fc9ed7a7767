//! Works on the checklist: one line each with whose it is, its title, its kind and where it is; nothing of it where there are none.

use sanlian::form::build_unit;
use sanlian::record::Submission;

use crate::papers::text;
use crate::works::{hebei, people, with_works};

#[test]
fn every_work_of_every_person_stands_on_the_checklist() {
    let campaign = hebei();
    let template = campaign
        .forms
        .iter()
        .find(|f| f.path == "材料清单")
        .unwrap();
    let listed = |submission: &Submission| {
        let form = build_unit(&campaign, template, submission, campaign.deadline.day);
        text(&form)
    };
    let none = listed(&people());
    assert!(!none.contains("作品名称"), "{none}");
    let rows = [
        ("王示例", "听泉", "https://example.org/1", ""),
        ("张示例", "山河", "", "山河.mp4"),
        ("王示例", "归途", "https://example.org/2", "归途"),
    ];
    let all = listed(&with_works(people(), &rows));
    let at = all.find("作品名称").unwrap();
    let lines: Vec<&str> = all[at..].lines().skip(3).take(15).collect();
    assert_eq!(
        lines,
        [
            "☐",
            "王示例",
            "听泉",
            "微视频",
            "https://example.org/1", //
            "☐",
            "王示例",
            "归途",
            "微视频",
            "https://example.org/2/归途", //
            "☐",
            "张示例",
            "山河",
            "微视频",
            "山河.mp4",
        ]
    );
}
