//! The rules of the notice 冀科协〔2021〕21号, each beside its words.

use jiff::civil::date;
use sanlian::check::{check, check_across};
use sanlian::finding::Severity::{Error, Info, Warning};
use sanlian::media::{Jpeg, Probe};
use sanlian::record::{Submission, Use};

use super::{
    Case, TODAY, campaign, campaign_with, candidate, clean, each_is_told, file, jpeg, news, rows,
    video,
};

const CITY: &str = "共同遴选推荐本市“最美科技工作者”候选人不超过3名";
const SOCIETY: &str = "省科协所属各省级学会和团体会员遴选推荐本学科“最美科技工作者”候选人不超过2名";
const UNIT: &str = "各军工集团驻冀单位、重点地方军工单位遴选推荐本单位“最美科技工作者”候选人1名";
const OFFICE: &str = "由省国防科技工业办公室遴选确定不超过3名候选人报省科协";
const EXTRA: &str =
    "优秀科技人员特别集中的推荐渠道，经各主办单位研究同意可根据实际情况适当增加推荐名额";
const CHANNELS: &str = "候选人均应通过上述推荐渠道产生";
const NO_SELF: &str = "不接受个人申报";
const JOINT: &str = "相关材料由市科协负责在征求联合主办单位意见后统一报送省科协";
const WHO: &str = "不包括现役军人、公务员和参照公务员法管理的党政机关现任厅局级以上行政职务者";
const HONOURS: &str =
    "已获得省部级以上荣誉表彰和中央宣传部、省委宣传部“最美”系列称号的科技人员原则上不再推荐";
const PHOTOS: &str = "推荐人选小2寸正面免冠彩色照片，及体现先进事迹的生活或工作照片3—5张（须提供jpg格式，不小于2MB，用“姓名+序号”作为照片名，报电子版即可）";
const VIDEOS: &str =
    "视频（MP4或MOV格式，数量不限，要求单个时长在3分钟以内，分辨率为横版1920*1080或竖版1080*1920）";
const SECRET: &str = "候选人材料涉及国家秘密的，严格遵守保密相关规定";
const PUBLIC: &str = "事迹感人。适合公开宣传";
const PUBLICITY: &str = "要按照民主程序确定推荐人选，并在一定范围内公示";
const DEADLINE: &str =
    "请各单位于6月1日前将以上有关纸质材料（均须加盖公章）和电子版报省科协调研宣传部。逾期不再受理";
const COMPLETE: &str = "有关推荐材料要客观、准确、完整";
const REPORT: &str = "推荐工作情况报告1份";
const SUMMARY: &str =
    "推荐人选汇总表》1份（见附件2），省国防科技工业办公室、各市科协、各省级学会填报";
const STATUS: &str = "学习宣传活动开展情况表》1份（见附件3），各市科协、各省级学会填报";

/// Candidates of other names, up to a number, with photos.
fn fill_up(s: &mut Submission, count: usize) {
    let people = [
        ("王示例", "139900199202290139"),
        ("欧阳测试", "139900200001010052"),
    ];
    for (name, id) in people
        .into_iter()
        .take(count.saturating_sub(s.candidates.len()))
    {
        let row = u32::try_from(s.candidates.len()).unwrap() + 1;
        let mut entry = candidate(row, name, id);
        entry.values.insert(
            "resume".into(),
            rows(&[&[("span", "2020.08—至今"), ("org", "河北省示例勘查院")]]),
        );
        s.candidates.push(entry);
        s.files.push(file(
            &format!("photos/{name}.jpg"),
            Use::Photo,
            300_000,
            jpeg(660, 960),
        ));
        for n in 1..=3 {
            let path = format!("photos/{name}{n}.jpg");
            s.files
                .push(file(&path, Use::Photo, 2_400_000, jpeg(4000, 3000)));
        }
    }
}

/// The clean submission through another channel.
fn through(channel: &str, count: usize) -> Submission {
    let mut s = clean();
    s.unit.set("channel", channel);
    s.candidates.truncate(count);
    s.files.retain(|f| {
        s.candidates
            .iter()
            .any(|c| f.name().starts_with(c.text("name")))
    });
    fill_up(&mut s, count);
    s
}

fn codes(s: &Submission) -> Vec<&'static str> {
    news(&campaign(), s, Some(TODAY))
        .iter()
        .map(|f| f.code)
        .collect()
}

#[test]
fn quotas_bind_each_channel() {
    for (clause, channel, count, code) in [
        (CITY, "市科协", 3, ""),
        (CITY, "各市科协", 4, "Q1"),
        (SOCIETY, "省级学会", 2, ""),
        (SOCIETY, "团体会员", 3, "Q2"),
        (UNIT, "军工单位", 1, ""),
        (UNIT, "defense_unit", 2, "Q3"),
        (OFFICE, "省国防科工办", 4, "Q4"),
    ] {
        let mut s = through(channel, count);
        for (n, c) in s.candidates.iter_mut().enumerate() {
            c.set("defense_unit", format!("示例军工{n}厂"));
        }
        let found: Vec<_> = codes(&s).into_iter().filter(|c| *c != "A2").collect();
        let wanted: Vec<_> = Some(code).into_iter().filter(|c| !c.is_empty()).collect();
        assert_eq!(found, wanted, "{clause} {channel} {count}");
    }
}

#[test]
fn a_city_of_four_with_an_approved_place_is_in_quota() {
    let mut s = through("市科协", 4);
    s.unit.set("extra_count", "1");
    assert_eq!(
        codes(&s),
        ["Q5", "Q1"],
        "{EXTRA}: without a document nothing is added"
    );
    s.unit.set("extra_doc_no", "示例〔2021〕9号");
    assert_eq!(codes(&s), ["Q5"], "{EXTRA}: the date is missing");
    s.unit.set("extra_date", "2021-05-06");
    assert!(codes(&s).is_empty(), "{EXTRA}");
}

#[test]
fn the_defence_office_takes_one_of_each_unit() {
    let mut s = through("省国防科工办", 3);
    for (c, unit) in s
        .candidates
        .iter_mut()
        .zip(["示例一厂", "示例二厂", "示例一厂"])
    {
        c.set("defense_unit", unit);
    }
    let found = news(&campaign(), &s, Some(TODAY));
    assert_eq!(found.len(), 1, "{UNIT}: {found:#?}");
    assert_eq!(
        (found[0].code, found[0].place.record.as_deref()),
        ("Q3", Some("王示例"))
    );
}

#[test]
fn an_area_without_a_quota_is_treated_as_a_city_with_a_warning() {
    let mut s = clean();
    s.unit.set("name", "雄安新区改革发展局");
    let found = news(&campaign(), &s, Some(TODAY));
    let told = found.iter().find(|f| f.code == "Q1").expect("told");
    assert_eq!(told.severity, Warning);
    assert!(told.message.contains("未规定"), "{told:?}");
}

#[test]
#[rustfmt::skip] // one case a line
fn each_rule_about_the_unit_is_told() {
    each_is_told(
        &campaign(),
        &[
            Case { clause: CHANNELS, change: |s| s.unit.set("channel", "省级学"), code: "C1", severity: Error, field: "channel", says: "省级学" },
            Case { clause: CHANNELS, change: |s| s.unit.set("channel", ""), code: "C1", severity: Error, field: "channel", says: "未填" },
            Case { clause: NO_SELF, change: |s| s.unit.set("name", "个人"), code: "C2", severity: Error, field: "name", says: "不接受个人申报" },
            Case { clause: NO_SELF, change: |s| s.unit.set("name", "个人自荐"), code: "C2", severity: Error, field: "name", says: "不接受个人申报" },
            Case { clause: NO_SELF, change: |s| s.unit.set("name", "无推荐单位（本人申报）"), code: "C2", severity: Error, field: "name", says: "不接受个人申报" },
            Case { clause: NO_SELF, change: |s| s.unit.set("name", "张三（自荐）"), code: "C2", severity: Error, field: "name", says: "同名" },
            Case { clause: NO_SELF, change: |s| s.unit.set("name", "张三"), code: "C2", severity: Error, field: "name", says: "同名" },
            Case { clause: JOINT, change: |s| s.unit.set("op_science_dept", ""), code: "C5", severity: Warning, field: "op_science_dept", says: "科技局意见" },
            Case { clause: JOINT, change: |s| s.unit.set("op_science_dept", "不同意"), code: "C5", severity: Warning, field: "op_science_dept", says: "不同意" },
            Case { clause: REPORT, change: |s| s.report.clear(), code: "M9", severity: Error, field: "", says: "缺推荐工作情况报告" },
            Case { clause: STATUS, change: |s| { s.unit.values.insert("status".into(), rows(&[&[("step", "广泛动员"), ("activity", "")]])); }, code: "M11", severity: Error, field: "status", says: "开展情况" },
            Case { clause: DEADLINE, change: |s| s.unit.set("sealed", "否"), code: "M12", severity: Warning, field: "sealed", says: "公章" },
            Case { clause: DEADLINE, change: |s| s.unit.set("sealed", ""), code: "M12", severity: Info, field: "sealed", says: "公章" },
            Case { clause: DEADLINE, change: |s| s.unit.set("paper_received_at", "2021-06-02"), code: "D1", severity: Error, field: "paper_received_at", says: "逾期" },
            Case { clause: PUBLICITY, change: |s| s.unit.set("publicity_from", ""), code: "D2", severity: Warning, field: "publicity_from", says: "公示开始日期" },
            Case { clause: PUBLICITY, change: |s| s.unit.set("publicity_scope", ""), code: "D2", severity: Warning, field: "publicity_scope", says: "公示范围" },
            Case { clause: PUBLICITY, change: |s| s.unit.set("publicity_from", "2021-05-15"), code: "D2", severity: Error, field: "publicity_to", says: "晚于" },
            Case { clause: PUBLICITY, change: |s| s.unit.set("publicity_from", "2021-05-11"), code: "D2", severity: Warning, field: "publicity_to", says: "4个工作日" },
            Case { clause: PUBLICITY, change: |s| s.unit.set("report_date", "2021-05-13"), code: "D2", severity: Warning, field: "publicity_to", says: "5月13日" },
            Case { clause: PUBLICITY, change: |s| s.unit.set("report_date", "2021-05-02"), code: "D2", severity: Warning, field: "report_date", says: "填报日期2021年5月2日早于公示开始日期" },
            Case { clause: PUBLICITY, change: |s| s.unit.set("publicity_from", "2012-05-17"), code: "F3", severity: Error, field: "publicity_from", says: "不在本次活动的时间里" },
            Case { clause: PUBLICITY, change: |s| s.unit.set("publicity_from", "1921-05-17"), code: "F3", severity: Error, field: "publicity_from", says: "活动是2021年的" },
            Case { clause: PUBLICITY, change: |s| s.unit.set("publicity_from", "2031-05-10"), code: "F3", severity: Error, field: "publicity_from", says: "2031年5月10日不在" },
            Case { clause: PUBLICITY, change: |s| s.unit.set("publicity_to", "2011-05-14"), code: "F3", severity: Error, field: "publicity_to", says: "不在本次活动的时间里" },
            Case { clause: PUBLICITY, change: |s| s.unit.set("publicity_to", "2099-05-14"), code: "F3", severity: Error, field: "publicity_to", says: "2099年5月14日不在" },
            Case { clause: PUBLICITY, change: |s| s.unit.set("report_date", "2012-05-20"), code: "F3", severity: Error, field: "report_date", says: "不在本次活动的时间里" },
            Case { clause: PUBLICITY, change: |s| s.unit.set("paper_received_at", "2012-05-20"), code: "F3", severity: Error, field: "paper_received_at", says: "不在本次活动的时间里" },
            Case { clause: PUBLICITY, change: |s| s.unit.set("publicity_from", "2021-02-01"), code: "D2", severity: Warning, field: "publicity_from", says: "公示从2021年2月1日" },
            Case { clause: PUBLICITY, change: |s| s.unit.set("publicity_result", "有1人提出异议"), code: "D2", severity: Warning, field: "publicity_result", says: "异议" },
            Case { clause: SECRET, change: |s| s.unit.set("secret", "是"), code: "S1", severity: Error, field: "secret", says: "涉密" },
            Case { clause: SECRET, change: |s| s.report.push("附：绝密。".into()), code: "S1", severity: Warning, field: "", says: "绝密" },
        ],
    );
}

#[test]
#[rustfmt::skip] // one case a line
fn each_rule_about_a_candidate_is_told() {
    each_is_told(
        &campaign(),
        &[
            Case { clause: WHO, change: |s| s.candidates[0].set("service_status", "现役军人"), code: "L1", severity: Error, field: "service_status", says: "现役军人" },
            Case { clause: WHO, change: |s| { for (key, text) in [("civil_servant", "是"), ("rank", "厅局级副职"), ("in_office", "是")] { s.candidates[0].set(key, text); } }, code: "L2", severity: Error, field: "rank", says: "厅局级" },
            Case { clause: WHO, change: |s| s.candidates[0].set("civil_servant", "是"), code: "L2", severity: Warning, field: "rank", says: "无法判断" },
            Case { clause: HONOURS, change: |s| { s.candidates[0].values.insert("awards".into(), rows(&[&[("month", "2015.05"), ("name", "示例奖章"), ("level", "省部级"), ("by", "示例省人民政府")]])); }, code: "L3", severity: Warning, field: "awards.level", says: "示例奖章" },
            Case { clause: HONOURS, change: |s| { s.candidates[0].values.insert("awards".into(), rows(&[&[("month", "2015.05"), ("name", "示例市最美教师"), ("level", "市级")]])); }, code: "L4", severity: Warning, field: "awards.name", says: "最美" },
            Case { clause: PUBLIC, change: |s| s.candidates[0].set("consent", "否"), code: "S2", severity: Warning, field: "consent", says: "公开宣传" },
            Case { clause: SECRET, change: |s| s.candidates[0].set("secret", "是"), code: "S1", severity: Error, field: "secret", says: "不得在本系统处理" },
            Case { clause: SECRET, change: |s| s.candidates[0].set("deeds", "参加机密工程的示例研究若干年。"), code: "S1", severity: Warning, field: "deeds", says: "机密" },
            Case { clause: COMPLETE, change: |s| s.candidates[0].set("ethnic", ""), code: "M14", severity: Error, field: "ethnic", says: "“民族”未填" },
            Case { clause: COMPLETE, change: |s| { s.candidates[0].values.remove("resume"); }, code: "M14", severity: Error, field: "resume", says: "至少填1行" },
        ],
    );
}

#[test]
fn the_same_person_twice_is_told() {
    let mut s = clean();
    let mut again = s.candidates[0].clone();
    again.set("name", "张 三");
    s.candidates.push(again.clone());
    let found = news(&campaign(), &s, Some(TODAY));
    assert!(
        found
            .iter()
            .any(|f| f.code == "C3" && f.message.contains("证件号码相同")),
        "{found:#?}"
    );
    s.candidates[2].set("id_no", "");
    let found = news(&campaign(), &s, Some(TODAY));
    assert!(
        found
            .iter()
            .any(|f| f.code == "C3" && f.message.contains("姓名、工作单位相同"))
    );
    // Two persons with the same name at the same employer.
    s.candidates[2].set("id_no", "139900199202290139");
    let found = news(&campaign(), &s, Some(TODAY));
    let told: Vec<_> = found.iter().filter(|f| f.code == "C3").collect();
    assert!(told.len() == 1 && told[0].severity == Warning, "{told:#?}");
}

#[test]
fn the_same_person_through_two_channels_is_told_with_both_units() {
    let city = clean();
    let mut society = through("省级学会", 1);
    society.unit.set("name", "河北省示例学会");
    let found = check_across(&campaign(), &[&city, &society]);
    assert_eq!(found.len(), 1, "{CHANNELS}: {found:#?}");
    assert_eq!((found[0].code, found[0].severity), ("C3", Error));
    for name in ["河北省示例学会", "示例市科学技术协会"] {
        assert!(found[0].message.contains(name), "{found:?}");
    }
    society.candidates[0] = candidate(1, "王示例", "139900199202290139");
    assert_eq!(check_across(&campaign(), &[&city, &society]), []);
}

#[test]
fn institutes_of_the_academies_come_through_their_city() {
    let clause = "服务本市的中科院驻冀各单位、省科学院有关单位";
    let mut city = clean();
    city.candidates[0].set("org", "中国科学院示例研究所");
    assert!(codes(&city).is_empty(), "{clause}");
    let mut society = through("省级学会", 2);
    society.candidates[0].set("org", "中国科学院示例研究所");
    assert_eq!(codes(&society), ["C4"], "{clause}");
    society.candidates[0].set("org", "河北省农林科学院示例所");
    assert!(codes(&society).is_empty());
}

#[test]
fn rank_counts_only_with_office_and_service_unless_switched() {
    let mut s = clean();
    for (servant, rank, office, told) in [
        ("否", "厅局级", "是", false),
        ("是", "县处级", "是", false),
        ("是", "正厅级", "否", false),
        ("是", "副厅级", "", true),
        ("是", "省部级正职", "是", true),
        ("是", "无", "是", false),
    ] {
        for (key, text) in [
            ("civil_servant", servant),
            ("rank", rank),
            ("in_office", office),
        ] {
            s.candidates[0].set(key, text);
        }
        assert_eq!(
            codes(&s).contains(&"L2"),
            told,
            "{WHO}: {servant} {rank} {office}"
        );
    }
    let strict =
        campaign_with("[[rule]]\ncode = \"L2\"\nseverity = \"error\"\ncivil_servant_alone = true");
    for (key, text) in [
        ("civil_servant", "是"),
        ("rank", "乡科级"),
        ("in_office", "否"),
    ] {
        s.candidates[0].set(key, text);
    }
    let found = news(&strict, &s, Some(TODAY));
    assert!(
        found.iter().any(|f| f.code == "L2" && f.severity == Error),
        "{found:#?}"
    );
}

#[test]
fn a_reason_lets_an_honoured_candidate_through() {
    let mut s = clean();
    let award = rows(&[&[
        ("month", "2015.05"),
        ("name", "示例奖章"),
        ("level", "国家级"),
    ]]);
    s.candidates[0].values.insert("awards".into(), award);
    assert_eq!(codes(&s), ["L3"], "{HONOURS}");
    s.candidates[0].set("honour_reason", "事迹特别突出");
    assert!(codes(&s).is_empty());
    s.candidates[0].set("name", "钱虚拟");
    assert!(codes(&s).contains(&"L4"), "a name in the list of winners");
}

#[test]
#[rustfmt::skip] // one case a line
fn each_rule_about_photos_and_videos_is_told() {
    fn photo(s: &mut Submission, n: usize) -> &mut sanlian::record::Attachment {
        // 0 is the id photo of the first candidate, 1 to 3 the work photos.
        &mut s.files[n]
    }
    each_is_told(
        &campaign(),
        &[
            Case { clause: PHOTOS, change: |s| { s.files.remove(0); }, code: "M2", severity: Error, field: "photo", says: "缺张三的证件照" },
            Case { clause: PHOTOS, change: |s| photo(s, 0).probe = jpeg(800, 960), code: "M2", severity: Error, field: "", says: "33×48" },
            Case { clause: PHOTOS, change: |s| photo(s, 0).probe = jpeg(330, 480), code: "M2", severity: Warning, field: "", says: "390×567" },
            Case { clause: PHOTOS, change: |s| { photo(s, 0).probe = Probe::Jpeg(Jpeg { width: 660, height: 960, components: 1, progressive: false, orientation: 1, colour: None }) }, code: "M2", severity: Warning, field: "", says: "彩色" },
            Case { clause: PHOTOS, change: |s| { s.files.remove(3); }, code: "M3", severity: Error, field: "name", says: "现有2张" },
            Case { clause: PHOTOS, change: |s| photo(s, 1).probe = Probe::Known("PNG"), code: "M4", severity: Error, field: "", says: "内容是PNG" },
            Case { clause: PHOTOS, change: |s| photo(s, 1).probe = Probe::Unknown, code: "M4", severity: Error, field: "", says: "不是JPEG" },
            Case { clause: PHOTOS, change: |s| photo(s, 1).path = "photos/张三1.png".into(), code: "M4", severity: Error, field: "", says: "扩展名" },
            Case { clause: PHOTOS, change: |s| { photo(s, 1).probe = Probe::Broken { claims: "JPEG", reason: "文件不完整".into() } }, code: "M4", severity: Error, field: "", says: "文件不完整" },
            Case { clause: PHOTOS, change: |s| photo(s, 1).size = 1_999_999, code: "M5", severity: Error, field: "", says: "1.99MB" },
            Case { clause: PHOTOS, change: |s| photo(s, 1).size = 2_000_000, code: "M5", severity: Warning, field: "", says: "2000000字节" },
            Case { clause: PHOTOS, change: |s| photo(s, 3).path = "photos/张三4.jpg".into(), code: "M6", severity: Error, field: "name", says: "缺3" },
            Case { clause: PHOTOS, change: |s| photo(s, 3).path = "photos/张三照片.jpg".into(), code: "M6", severity: Error, field: "", says: "张三3.jpg" },
            Case { clause: PHOTOS, change: |s| { s.files.push(file("photos/IMG_0001.jpg", Use::Photo, 2_400_000, jpeg(4000, 3000))) }, code: "M6", severity: Warning, field: "", says: "找不到" },
            Case { clause: VIDEOS, change: |s| s.files.push(video("张三2.mp4", 181, 1080, 1920)), code: "M7", severity: Error, field: "", says: "3分1秒" },
            Case { clause: VIDEOS, change: |s| s.files.push(video("张三2.avi", 100, 1080, 1920)), code: "M7", severity: Error, field: "", says: "扩展名" },
            Case { clause: VIDEOS, change: |s| { s.files .push(file("videos/张三2.mp4", Use::Video, 9, Probe::Unknown)) }, code: "M7", severity: Error, field: "", says: "MP4或MOV" },
            Case { clause: VIDEOS, change: |s| s.files.push(video("张三2.mp4", 100, 1280, 720)), code: "M8", severity: Error, field: "", says: "1280×720" },
        ],
    );
}

#[test]
fn photos_that_are_right_in_another_way_are_accepted() {
    let mut s = clean();
    s.files[0].probe = Probe::Jpeg(Jpeg {
        width: 960,
        height: 660,
        components: 3,
        progressive: true,
        orientation: 6,
        colour: None,
    });
    s.files[1].path = "photos/张 三1.JPG".into();
    s.files[2].path = "photos/张三02.jpeg".into();
    s.files.push(video("先进事迹（张三）.MOV", 180, 1080, 1920));
    assert_eq!(news(&campaign(), &s, Some(TODAY)), [], "{PHOTOS}");
    // A name that begins another name: each keeps its own.
    let mut s = clean();
    s.candidates[1].set("name", "张三丰");
    for file in &mut s.files {
        file.path = file.path.replace("阿卜杜拉·买买提", "张三丰");
    }
    assert_eq!(
        news(&campaign(), &s, Some(TODAY))
            .iter()
            .filter(|f| f.code.starts_with('M'))
            .count(),
        0
    );
}

#[test]
fn the_photo_rules_of_another_campaign_are_parameters() {
    let other = campaign_with(
        "[[rule]]\ncode = \"M2\"\nseverity = \"warning\"\nratio_width = 35\nratio_height = 49\n\
         [[rule]]\ncode = \"M3\"\nseverity = \"error\"\nmin = 1\nmax = 2\n\
         [[rule]]\ncode = \"M5\"\nseverity = \"error\"\nmin_bytes = 1000000\nwarn_below = 0\nmax_bytes = 2200000\nid_photo = true\n\
         [[rule]]\ncode = \"M6\"\nseverity = \"off\"\n\
         [[rule]]\ncode = \"M7\"\nseverity = \"error\"\nmin_seconds = 180\nmax_seconds = 300",
    );
    let found = check(&other, &clean(), Some(TODAY));
    let count = |code: &str| found.iter().filter(|f| f.code == code).count();
    assert_eq!(
        (count("M2"), count("M3"), count("M7")),
        (2, 2, 1),
        "{found:#?}"
    );
    assert_eq!(
        count("M5"),
        2 * (3 + 1),
        "too large, and the id photo too small"
    );
}

#[test]
fn the_deadline_counts_its_own_day_unless_switched() {
    let mut campaign = campaign();
    let s = clean();
    for (today, told) in [
        (date(2021, 5, 28), None),
        (date(2021, 5, 29), Some(Warning)),
        (date(2021, 6, 1), Some(Warning)),
        // late, but nothing has been received late yet
        (date(2021, 6, 2), Some(Warning)),
    ] {
        let found = news(&campaign, &s, Some(today));
        assert_eq!(
            found.first().map(|f| f.severity),
            told,
            "{DEADLINE}: {today}"
        );
    }
    campaign.deadline_inclusive = false;
    let found = news(&campaign, &s, Some(date(2021, 6, 1)));
    assert!(
        found
            .iter()
            .any(|f| f.code == "D1" && f.message.contains("已过期限")),
        "{found:?}"
    );
    // What has been received in time stays in time.
    let mut s = clean();
    s.unit.set("paper_received_at", "2021-05-31");
    s.unit.set("file_received_at", "2021-05-30");
    assert_eq!(news(&campaign, &s, Some(date(2021, 7, 1))), []);
    // Without a clock nothing is said about today.
    assert_eq!(news(&campaign, &clean(), None), []);
}

#[test]
fn a_list_without_candidates_is_told() {
    let mut s = clean();
    s.candidates.clear();
    s.files.clear();
    assert_eq!(codes(&s), ["M10"], "{SUMMARY}");
}

#[test]
fn papers_are_asked_of_the_channels_that_hand_them_in() {
    let mut s = through("军工单位", 1);
    s.report.clear();
    s.unit.values.remove("status");
    let found = news(&campaign(), &s, Some(TODAY));
    assert_eq!(found.len(), 1, "{REPORT}; {STATUS}: {found:#?}");
    assert_eq!((found[0].code, found[0].severity), ("A2", Info));
    assert!(found[0].message.contains("河北省国防科技工业办公室"));
}

#[test]
fn a_missing_postcode_of_the_office_is_mentioned() {
    let found = check(&campaign(), &clean(), Some(TODAY));
    let told = found.iter().find(|f| f.code == "A1").expect("told");
    assert_eq!(told.severity, Info, "地  址：石家庄市西大街73号");
}

#[test]
fn statistics_are_told_once() {
    let found = check(&campaign(), &clean(), Some(TODAY));
    let told: Vec<_> = found.iter().filter(|f| f.code == "L5").collect();
    assert_eq!(told.len(), 1, "兼顾不同类别、不同年龄的科技工作者");
    assert_eq!(told[0].severity, Info);
    assert!(
        told[0].message.contains("女1名") && told[0].message.contains("45岁及以下2名"),
        "{told:?}"
    );
}

#[test]
fn three_originals_are_what_the_form_is_set_to() {
    let mut campaign = campaign();
    let form = "kind = \"recommendation\"\ntitle = \"推荐表\"\npath = \"推荐表/{no}-{name}-推荐表\"\ncopies = 2\nper = \"candidate\"\nblock = []\n\
                [page]\ntop = 37.0\nright = 26.0\nbottom = 35.0\nleft = 28.0\n[style]\n";
    campaign.forms.push(toml::from_str(form).unwrap());
    let found = check(&campaign, &clean(), Some(TODAY));
    let told: Vec<_> = found.iter().filter(|f| f.code == "M1").collect();
    assert!(
        told.len() == 1 && told[0].severity == Error,
        "原件3份: {told:?}"
    );
    campaign.forms[0].copies = 3;
    assert!(
        check(&campaign, &clean(), Some(TODAY))
            .iter()
            .all(|f| f.code != "M1")
    );
}

#[test]
fn rules_that_are_switched_off_say_nothing() {
    let codes = [
        "Q1", "Q2", "Q3", "Q4", "Q5", "C1", "C2", "C3", "C4", "C5", "L1", "L2", "L3", "L4", "L5",
        "M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8", "M9", "M10", "M11", "M12", "M14", "D1",
        "D2", "S1", "S2", "A1", "A2",
    ];
    let off: String = codes
        .iter()
        .map(|c| format!("[[rule]]\ncode = \"{c}\"\nseverity = \"off\"\n"))
        .collect();
    let mut s = Submission::default();
    s.candidates
        .push(candidate(1, "张三", "139900198502140015"));
    assert_eq!(check(&campaign_with(&off), &s, Some(date(2022, 1, 1))), []);
}
