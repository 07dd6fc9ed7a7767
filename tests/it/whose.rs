//! Whose file is it, and which one: names as people write them, namesakes, and what the workbook says.

use sanlian::campaign::{Campaign, builtin, load};
use sanlian::check::check;
use sanlian::finding::{Finding, Severity};
use sanlian::media::{Jpeg, Probe, Video};
use sanlian::record::{Attachment, Entry, Fit, Submission, Use, belongings};

fn campaign() -> Campaign {
    let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021");
    load(&source.unwrap()).0.unwrap()
}

fn person(name: &str, id: &str, org: &str, sex: &str, photo: &str) -> Entry {
    let mut entry = Entry::default();
    let values = [
        ("name", name),
        ("id_no", id),
        ("org", org),
        ("sex", sex),
        ("photo", photo),
    ];
    for (key, text) in values {
        entry.set(key, text);
    }
    entry
}

/// A sum of its own for each path.
fn sum(path: &str) -> [u8; 32] {
    let mut sum = [1; 32];
    for (n, byte) in path.bytes().enumerate() {
        let at = n % 32;
        sum[at] = u8::wrapping_mul(sum[at], 31).wrapping_add(byte);
    }
    sum
}

fn file(path: &str) -> Attachment {
    let usage = if path.starts_with("videos") {
        Use::Video
    } else {
        Use::Photo
    };
    let probe = match usage {
        Use::Video => Probe::Video(Video {
            brand: "isom".into(),
            duration_ms: 100_000,
            width: 1920,
            height: 1080,
        }),
        _ => Probe::Jpeg(Jpeg {
            width: 660,
            height: 960,
            components: 3,
            progressive: false,
            orientation: 1,
            colour: None,
        }),
    };
    Attachment {
        path: path.to_owned(),
        usage,
        size: 3_000_000,
        sha256: sum(path),
        probe,
    }
}

fn handed_in(people: Vec<Entry>, files: &[&str]) -> Submission {
    Submission {
        candidates: people,
        files: files.iter().map(|path| file(path)).collect(),
        ..Submission::default()
    }
}

/// Everything about whose files are whose, a line each: `0 证 photos/…`, `1 照3 …`, `0 视 …`, `? …`, `- …`, `0 余 …`.
fn told(submission: &Submission) -> Vec<String> {
    let campaign = campaign();
    let belongings = belongings(&campaign, submission);
    let mut lines = Vec::new();
    for (index, own) in belongings.of.iter().enumerate() {
        lines.extend(own.id_photo.map(|f| format!("{index} 证 {}", f.path)));
        for photo in &own.work_photos {
            let number = photo.number.map_or("无号".to_owned(), |n| n.to_string());
            lines.push(format!("{index} 照{number} {}", photo.file.path));
        }
        lines.extend(own.videos.iter().map(|f| format!("{index} 视 {}", f.path)));
        lines.extend(own.spares.iter().map(|f| format!("{index} 余 {}", f.path)));
    }
    for doubt in &belongings.doubts {
        let who = &doubt.who;
        lines.extend(doubt.files.iter().map(|f| format!("?{who:?} {}", f.path)));
    }
    lines.extend(
        belongings
            .strays
            .iter()
            .map(|s| format!("- {}", s.file.path)),
    );
    lines
}

fn alone(path: &str) -> String {
    let people = vec![
        person(
            "王示例",
            "139900197909300020",
            "示例市虚拟人民医院",
            "女",
            "",
        ),
        person("张伟", "139900198502140015", "示例市地质院", "男", ""),
        person(
            "阿卜杜拉·示例",
            "139900199202290139",
            "示例县农技中心",
            "男",
            "",
        ),
    ];
    let told = told(&handed_in(people, &[path]));
    assert_eq!(told.len(), 1, "{path}: {told:?}");
    told[0].split(' ').take(2).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_file_is_his_whose_name_it_bears() {
    for (path, whose) in [
        ("photos/王示例.jpg", "0 证"),
        ("photos/王示例.JPG", "0 证"),
        ("photos/王 示 例.jpeg", "0 证"),
        ("photos/王示例.jpg.jpg", "0 证"),
        ("photos/王示例证件照.jpg", "0 证"),
        ("photos/证件照-王示例.jpg", "0 证"),
        ("photos/王示例小2寸.jpg", "0 证"),
        ("photos/王示例（二寸免冠照片）.jpg", "0 证"),
        ("photos/王示例 - 副本.jpg", "0 证"),
        ("photos/证件照/王示例.jpg", "0 证"),
        ("photos/王示例/证件照.jpg", "0 证"),
        ("photos/王示例-139900197909300020.jpg", "0 证"),
        ("photos/王示例1.jpg", "0 照1"),
        ("photos/王示例１.ＪＰＧ", "0 照1"),
        ("photos/王示例(1).jpg", "0 照1"),
        ("photos/王示例 (12).jpg", "0 照12"),
        ("photos/王示例①.jpg", "0 照1"),
        ("photos/王示例003.jpg", "0 照3"),
        ("photos/王示例-3.jpg", "0 照3"),
        ("photos/3王示例.jpg", "0 照3"),
        ("photos/王示例2 (1).jpg", "0 照2"),
        ("photos/王示例2 - 副本 (3).jpg", "0 照2"),
        ("photos/王示例二.jpg", "0 照2"),
        ("photos/王示例第十二张.jpg", "0 照无号"),
        ("photos/王示例工作照1.jpg", "0 照1"),
        ("photos/工作照/王示例.jpg", "0 照无号"),
        ("photos/王示例/1.jpg", "0 照1"),
        ("photos/01王示例/工作照2.JPG", "0 照2"),
        ("photos/王示例/IMG_2031.jpg", "0 照无号"),
        ("photos/王示例20210521.jpg", "0 照无号"),
        ("photos/阿卜杜拉•示例.jpg", "2 证"),
        ("photos/阿卜杜拉.示例1.jpg", "2 照1"),
        ("photos/阿卜杜拉示例2.jpg", "2 照2"),
        ("photos/阿卜杜拉 · 示例3.jpg", "2 照3"),
        ("photos/张伟先进事迹.jpg", "1 照无号"),
        ("photos/张伟东1.jpg", "- photos/张伟东1.jpg"),
        ("photos/张伟东.jpg", "- photos/张伟东.jpg"),
        ("photos/小张伟.jpg", "- photos/小张伟.jpg"),
        ("photos/王示例·买买提.jpg", "- photos/王示例·买买提.jpg"),
        ("photos/IMG_0001.jpg", "- photos/IMG_0001.jpg"),
        ("videos/王示例1.mp4", "0 视"),
        ("videos/健康卫士王示例同志先进事迹.mp4", "0 视"),
        ("videos/采访张伟.mov", "1 视"),
        ("videos/139900199202290139.mp4", "2 视"),
        ("videos/张伟/片子.mp4", "1 视"),
        ("videos/最美科技工作者.mp4", "- videos/最美科技工作者.mp4"),
    ] {
        assert!(alone(path).starts_with(whose), "{path}: {}", alone(path));
    }
}

#[test]
fn the_longest_name_wins_and_one_picture_of_two_people_is_a_question() {
    let people = vec![
        person("王示", "139900197909300020", "甲院", "女", ""),
        person("王示例", "139900198502140015", "乙院", "男", ""),
    ];
    let files = [
        "photos/王示.jpg",
        "photos/王示例.jpg",
        "photos/王示例1.jpg",
        "photos/王示1.jpg",
        "photos/王示和王示例合影.jpg",
        "photos/王示/王示例2.jpg",
    ];
    assert_eq!(
        told(&handed_in(people, &files)),
        [
            "0 证 photos/王示.jpg",
            "0 照1 photos/王示1.jpg",
            "1 证 photos/王示例.jpg",
            "1 照1 photos/王示例1.jpg",
            "?[0, 1] photos/王示和王示例合影.jpg",
            "?[0, 1] photos/王示/王示例2.jpg",
        ]
    );
}

fn namesakes(photos: [&str; 2]) -> Vec<Entry> {
    let [first, second] = photos;
    vec![
        person(
            "王示例",
            "139900199202290139",
            "示例市测试县农业技术推广中心",
            "男",
            first,
        ),
        person(
            "王示例",
            "139900197909300020",
            "示例市虚拟人民医院",
            "女",
            second,
        ),
    ]
}

fn of_namesakes(submission: &Submission) -> Vec<Finding> {
    let found = check(&campaign(), submission, None);
    let about = |f: &Finding| ["M2", "M3", "M4", "M5", "M6", "M7", "M8", "I14"].contains(&f.code);
    found.into_iter().filter(about).collect()
}

#[test]
fn what_fits_two_namesakes_is_one_error_with_the_way_out() {
    let files = [
        "photos/王示例.jpg",
        "photos/王示例1.jpg",
        "videos/王示例.mp4",
    ];
    let submission = handed_in(namesakes(["", ""]), &files);
    let found = of_namesakes(&submission);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].code, found[0].severity), ("I14", Severity::Error));
    for word in ["农业技术推广中心", "虚拟人民医院"] {
        assert!(found[0].message.contains(word), "{}", found[0].message);
    }
    for word in ["王示例0139.jpg", "王示例0139-1.jpg"] {
        assert!(found[0].hint.contains(word), "{}", found[0].hint);
    }
}

#[test]
fn each_way_to_tell_namesakes_apart_is_taken() {
    for [first, second] in [
        ["photos/王示例0139", "photos/王示例0020"],
        ["photos/王示例-0139", "photos/王示例-0020"],
        ["photos/0139王示例", "photos/0020王示例"],
        ["photos/王示例（男）", "photos/王示例（女）"],
        ["photos/王示例-农技推广中心", "photos/王示例-人民医院"],
        [
            "photos/王示例（示例市测试县农业技术推广中心）",
            "photos/王示例（示例市虚拟人民医院）",
        ],
        ["photos/王示例19920229", "photos/王示例197909"],
    ] {
        let mut files = vec![format!("{first}.jpg"), format!("{second}.jpg")];
        let mut folders = vec![
            format!("{first}/王示例.jpg"),
            format!("{second}/证件照.jpg"),
        ];
        let mut expected = [Vec::new(), Vec::new()];
        for n in 1..=3 {
            files.extend([format!("{first}-{n}.jpg"), format!("{second}-{n}.jpg")]);
            folders.extend([
                format!("{first}/{n}.jpg"),
                format!("{second}/王示例{n}.jpg"),
            ]);
            expected[0].push(n);
            expected[1].push(n);
        }
        for files in [files, folders] {
            let files: Vec<&str> = files.iter().map(String::as_str).collect();
            let submission = handed_in(namesakes(["", ""]), &files);
            let sorted = belongings(&campaign(), &submission);
            for (own, expected) in sorted.of.iter().zip(&expected) {
                assert!(own.id_photo.is_some(), "{files:?}: {:?}", told(&submission));
                let numbers: Vec<u32> = own.work_photos.iter().filter_map(|p| p.number).collect();
                assert_eq!(&numbers, expected, "{files:?}");
                assert!(
                    own.work_photos.iter().all(|p| p.fit == Fit::Exact),
                    "{files:?}"
                );
            }
            assert_eq!(of_namesakes(&submission), [], "{files:?}");
        }
    }
}

#[test]
fn the_names_in_the_workbook_and_what_begins_with_them_tell_namesakes_apart() {
    let files = [
        "photos/王示例（男）.jpg",
        "photos/王示例（女）.jpg",
        "photos/王示例（男）1.jpg",
        "photos/王示例(男)2.jpg",
        "photos/王示例（女）1.jpg",
        "photos/头像甲3.jpg",
    ];
    let submission = handed_in(namesakes(["王示例（男）.jpg", "王示例（女）.jpg"]), &files);
    assert_eq!(
        told(&submission),
        [
            "0 证 photos/王示例（男）.jpg",
            "0 照1 photos/王示例（男）1.jpg",
            "0 照2 photos/王示例(男)2.jpg",
            "1 证 photos/王示例（女）.jpg",
            "1 照1 photos/王示例（女）1.jpg",
            "- photos/头像甲3.jpg",
        ]
    );
    // folders as a package has them: the number is the place in the list
    let files = [
        "photos/01王示例/王示例.jpg",
        "photos/02王示例/王示例.jpg",
        "photos/02王示例/王示例1.jpg",
    ];
    assert_eq!(
        told(&handed_in(namesakes(["", ""]), &files)),
        [
            "0 证 photos/01王示例/王示例.jpg",
            "1 证 photos/02王示例/王示例.jpg",
            "1 照1 photos/02王示例/王示例1.jpg",
        ]
    );
}

#[test]
fn whatever_the_workbook_calls_the_id_photo_it_is_found() {
    let one = |photo: &str| {
        let people = vec![person(
            "欧阳示例",
            "139900197909300020",
            "甲院",
            "女",
            photo,
        )];
        let files = [
            "photos/欧阳示例.jpg",
            "photos/欧阳示例1.jpg",
            "photos/a/头像.jpg",
        ];
        let submission = handed_in(people, &files);
        let told = told(&submission);
        let found = of_namesakes(&submission);
        let of = found.into_iter().filter(|f| f.code == "M2");
        (told[0].clone(), of.map(|f| f.severity).collect::<Vec<_>>())
    };
    let by_name = "0 证 photos/欧阳示例.jpg".to_owned();
    for same in [
        "欧阳示例",
        "欧阳示例.jpg",
        "欧阳示例.JPEG",
        r"D:\照片\欧阳示例.jpg",
        "\"C:\\Users\\wang\\欧阳示例.jpg\"",
        "photos/欧阳示例.jpg",
        "欧阳 示例.jpg",
        "欧阳示例．ｊｐｇ",
        "/",
        "",
    ] {
        assert_eq!(one(same), (by_name.clone(), vec![]), "{same}");
    }
    for words in [
        "见附件",
        "已发",
        "有",
        "欧阳示例.png",
        r"D:\照片\欧阳示例.png",
    ] {
        assert_eq!(
            one(words),
            (by_name.clone(), vec![Severity::Info]),
            "{words}"
        );
    }
    assert_eq!(one("IMG_1.jpg"), (by_name, vec![Severity::Warning]));
    // the other portrait is then one too many, which is told
    let other = ("0 证 photos/a/头像.jpg".to_owned(), vec![Severity::Warning]);
    assert_eq!(one("头像.jpg"), other);
    assert_eq!(one("头像"), other);
}

#[test]
fn a_photo_of_somebody_else_is_never_taken() {
    let people = vec![
        person("欧阳示例", "139900197909300020", "甲院", "女", "王示例.jpg"),
        person("王示例", "139900198502140015", "乙院", "男", ""),
    ];
    let files = ["photos/王示例.jpg", "photos/欧阳示例.jpg"];
    let submission = handed_in(people, &files);
    assert_eq!(
        told(&submission),
        ["0 证 photos/欧阳示例.jpg", "?[0, 1] photos/王示例.jpg"]
    );
    assert_eq!(
        of_namesakes(&submission)
            .iter()
            .filter(|f| f.code == "I14")
            .count(),
        1
    );
    // the same file written beside both
    let people = vec![
        person("欧阳示例", "139900197909300020", "甲院", "女", "头像.jpg"),
        person("王示例", "139900198502140015", "乙院", "男", "头像.jpg"),
    ];
    assert_eq!(
        told(&handed_in(people, &["photos/头像.jpg"])),
        ["?[0, 1] photos/头像.jpg"]
    );
}

#[test]
fn a_name_that_is_nearly_right_is_told_with_the_right_one() {
    let people = vec![person("王示例", "139900197909300020", "甲院", "女", "")];
    let files = [
        "photos/王示例１.jpg",
        "photos/王示例2.jpg",
        "photos/王示例(3).jpg",
        "photos/王示例.jpg",
    ];
    let found = of_namesakes(&handed_in(people, &files));
    let told: Vec<(&str, Severity, &str)> = found
        .iter()
        .map(|f| (f.code, f.severity, f.hint.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("M6", Severity::Warning, "请改名为“王示例1.jpg”。"),
            ("M6", Severity::Warning, "请改名为“王示例3.jpg”。"),
        ]
    );
}

#[test]
fn what_is_said_of_a_name_is_what_is_wrong_with_it() {
    let people = vec![person("王示例", "139900197909300020", "甲院", "女", "")];
    let files = [
        "photos/王示例工作照.jpg",
        "photos/2王示例.jpg",
        "photos/王示例-3.jpg",
        "photos/王示例 (4).jpg",
        "photos/王示例５.jpg",
        "photos/王示例.jpg",
    ];
    let found = of_namesakes(&handed_in(people, &files));
    let m6: Vec<&str> = found
        .iter()
        .filter(|f| f.code == "M6")
        .map(|f| f.message.as_str())
        .collect();
    // with the name that is asked for, the numbers are whole: no gap is told beside
    assert_eq!(m6.len(), 5, "{m6:#?}");
    for (file, how) in [
        ("2王示例", "应序号写在后面，即“王示例2.jpg”"),
        ("王示例-3", "应不加“-”，即“王示例3.jpg”"),
        ("王示例 (4)", "应不加括号，不加空格，即“王示例4.jpg”"),
        ("王示例５", "应数字、字母用半角，即“王示例5.jpg”"),
        ("王示例工作照", "命名，即“王示例1.jpg”"),
    ] {
        let told = m6.iter().find(|m| m.contains(file)).unwrap();
        assert!(told.contains(how), "{told}");
    }
}

#[test]
fn a_video_of_nobody_is_told_and_measured() {
    let people = vec![person("王示例", "139900197909300020", "甲院", "女", "")];
    let mut submission = handed_in(people, &["videos/宣传片.mp4"]);
    submission.files[0].probe = Probe::Video(Video {
        brand: "isom".into(),
        duration_ms: 400_000,
        width: 640,
        height: 480,
    });
    let found = of_namesakes(&submission);
    for code in ["M6", "M7", "M8"] {
        assert_eq!(found.iter().filter(|f| f.code == code).count(), 1, "{code}");
    }
}
