//! Whose the files of a gathered folder are: people share photos and names, and each keeps the own files until leaving the list.

use std::collections::BTreeMap;

use crate::gather::Units;
use crate::run::{files, sanlian};

/// A picture whose bytes are the seed's.
fn picture(seed: u8) -> Vec<u8> {
    vec![0xFF, 0xD8, 0xFF, 0xE0, 200, seed]
}

/// A unit with one person, whose photos and videos are given as file and seed.
fn unit(units: &Units, n: usize, name: &str, media: &[(&str, u8)]) -> String {
    let folder = units.write(n, &units.values(n, name));
    std::fs::remove_dir_all(format!("{folder}/photos")).unwrap();
    for (file, seed) in media {
        let path = std::path::Path::new(&folder).join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, picture(*seed)).unwrap();
    }
    folder
}

/// Photos and videos of the gathered folder.
fn media(units: &Units) -> BTreeMap<String, Vec<u8>> {
    let mut all = files(&units.dir.join("out"));
    all.retain(|name, _| name.starts_with("photos/") || name.starts_with("videos/"));
    all
}

fn names(units: &Units) -> Vec<String> {
    media(units).into_keys().collect()
}

fn gather(units: &Units, sources: &[&String], more: &[&str]) -> String {
    let sources: Vec<String> = sources.iter().map(|s| (*s).clone()).collect();
    let (good, said) = units.gather(&sources, more);
    assert!(good, "{said}");
    said
}

#[test]
fn a_photo_or_video_that_two_people_share_stays_with_both() {
    let units = Units::new("gather-shared");
    let first = unit(
        &units,
        1,
        "甲示例",
        &[
            ("photos/甲示例.jpg", 1),
            ("photos/甲示例1.jpg", 2),
            ("photos/甲示例2.jpg", 77),
            ("videos/甲示例1.mp4", 88),
        ],
    );
    let second = unit(
        &units,
        2,
        "乙示例",
        &[
            ("photos/乙示例.jpg", 3),
            ("photos/乙示例1.jpg", 77),
            ("videos/乙示例1.mp4", 88),
        ],
    );
    gather(&units, &[&first, &second], &[]);
    let before = media(&units);
    assert_eq!(before.len(), 7, "{:?}", before.keys());
    for again in [&first, &second, &first] {
        gather(&units, &[again], &[]);
        assert_eq!(media(&units), before);
    }
    // what its owner takes back goes, and the other's copy stays
    std::fs::remove_file(format!("{first}/photos/甲示例2.jpg")).unwrap();
    gather(&units, &[&first], &[]);
    let mut fewer = before.clone();
    fewer.remove("photos/甲示例2.jpg").unwrap();
    assert_eq!(media(&units), fewer);
    // a selection keeps all that is of those who are selected
    gather(&units, &[&second], &["--select", "甲示例、乙示例"]);
    assert_eq!(media(&units), fewer);
    gather(&units, &[&first], &["--select", "乙示例"]);
    fewer.retain(|name, _| name.contains("乙示例"));
    assert_eq!(media(&units), fewer);
}

/// Two people of one name and a third.
fn namesakes(units: &Units) -> [String; 3] {
    let four = |seed: u8| {
        move |name: &str| -> Vec<(String, u8)> {
            let ends = ["", "1", "2", "3"];
            let named = |(at, end): (u8, &&str)| (format!("photos/{name}{end}.jpg"), seed + at);
            (0..).zip(&ends).map(named).collect()
        }
    };
    let made = |n: usize, name: &str, seed: u8| {
        let media = four(seed)(name);
        let media: Vec<(&str, u8)> = media.iter().map(|(f, s)| (f.as_str(), *s)).collect();
        unit(units, n, name, &media)
    };
    [
        made(5, "王示例", 10),
        made(9, "王示例", 20),
        made(3, "丙示例", 30),
    ]
}

fn tail(units: &Units, n: usize) -> String {
    let values = units.values(n, "王示例");
    let id = values.candidates[0].text("id_no").to_owned();
    id[id.len() - 4..].to_owned()
}

#[test]
fn the_photos_of_a_unit_stay_when_only_another_is_gathered() {
    let units = Units::new("gather-stay");
    let [one, two, other] = namesakes(&units);
    gather(&units, &[&one, &two, &other], &[]);
    let before = media(&units);
    assert_eq!(before.len(), 12, "{:?}", before.keys());
    gather(&units, &[&other], &[]);
    assert_eq!(media(&units), before);
    // one unit that has one of the name, and then another unit alone
    let units = Units::new("gather-stay-one");
    let [one, _, other] = namesakes(&units);
    gather(&units, &[&one, &other], &[]);
    let before = media(&units);
    gather(&units, &[&other], &[]);
    assert_eq!(media(&units), before);
}

#[test]
fn whoever_is_dropped_takes_the_photos_along_and_the_namesake_gets_the_plain_name() {
    let units = Units::new("gather-dropped");
    let [one, two, other] = namesakes(&units);
    gather(&units, &[&one, &two, &other], &[]);
    let kept = format!("王示例{}", tail(&units, 9));
    // the unit of neither is in this run
    let select = format!("丙示例、{kept}");
    gather(&units, &[&other], &["--select", &select]);
    let named = ["丙示例", "王示例"]
        .map(|name| ["1.jpg", "2.jpg", "3.jpg", ".jpg"].map(|end| format!("photos/{name}{end}")));
    let mut expected: Vec<String> = named.concat();
    expected.sort_unstable();
    assert_eq!(names(&units), expected);
    // they are those of the one who is left, and the list says so
    let all = media(&units);
    assert_eq!(all["photos/王示例.jpg"], picture(20));
    assert_eq!(all["photos/王示例3.jpg"], picture(23));
    let people = units.gathered().candidates;
    assert_eq!(people[1].text("photo"), "王示例.jpg");
    // gathered again, he has the same and no more
    gather(&units, &[&two], &[]);
    assert_eq!(media(&units), all);
}

#[test]
fn two_of_one_name_whose_numbers_end_alike_keep_their_own_photos() {
    let units = Units::new("gather-tails");
    let made = |n: usize, id: &str, seed: u8| {
        let folder = unit(&units, n, "王示例", &[]);
        let mut values = units.values(n, "王示例");
        values.candidates[0].set("id_no", id);
        units.write(n, &values);
        std::fs::remove_dir_all(format!("{folder}/photos")).unwrap();
        std::fs::create_dir_all(format!("{folder}/photos")).unwrap();
        std::fs::write(format!("{folder}/photos/王示例.jpg"), picture(seed)).unwrap();
        folder
    };
    let one = made(1, "139900198001010015", 1);
    let two = made(2, "139900198103070015", 2);
    gather(&units, &[&one, &two], &[]);
    let all = media(&units);
    let seeds: Vec<&Vec<u8>> = all.values().collect();
    assert_eq!(seeds, [&picture(1), &picture(2)], "{:?}", all.keys());
}

#[test]
fn a_changed_photo_of_one_who_is_dropped_stays_and_is_told_and_is_no_namesakes() {
    let units = Units::new("gather-foreign");
    let [one, two, other] = namesakes(&units);
    gather(&units, &[&one, &two, &other], &[]);
    let dropped = format!("王示例{}", tail(&units, 5));
    let changed = units.dir.join(format!("out/photos/{dropped}-1.jpg"));
    std::fs::write(&changed, picture(99)).unwrap();
    let select = format!("丙示例、王示例{}", tail(&units, 9));
    let said = gather(&units, &[&other], &["--select", &select]);
    assert!(
        said.contains("王示例已不在名单里，这个文件在这里换过"),
        "{said}"
    );
    assert_eq!(std::fs::read(&changed).unwrap(), picture(99));
    let out = units.path("out");
    let checked = sanlian(&["check", &out, "--json", "--now", "2021-05-21T01:02:03Z"]);
    let said = String::from_utf8(checked.stdout).unwrap();
    let found: serde_json::Value = serde_json::from_str(&said).unwrap();
    let of_file: Vec<String> = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f.to_string().contains(&dropped))
        .map(|f| f["message"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(of_file.len(), 1, "{of_file:?}");
    assert!(of_file[0].contains("找不到所属的候选人"), "{of_file:?}");
}

#[test]
fn photos_stay_with_a_person_whose_number_the_office_corrected() {
    let units = Units::new("gather-renumbered");
    let [one, _, other] = namesakes(&units);
    gather(&units, &[&one, &other], &[]);
    let before = media(&units);
    units.edit(|all| all.candidates[0].set("id_no", "139900198502140015"));
    gather(&units, &[&other], &[]);
    assert_eq!(media(&units), before);
    let said = gather(&units, &[&one], &[]);
    assert!(!said.contains("没有入选"), "{said}");
    assert_eq!(media(&units), before);
    let people = units.gathered().candidates;
    assert_eq!(people[0].text("id_no"), "139900198502140015");
}
