//! `sanlian gather`: an office makes one submission of its units'. Twelve units come, one of them is corrected afterwards, one sends a
//! package; order, namesakes, duplicates, quotas, photos and what the office changed itself.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use sanlian::campaign::{Campaign, builtin, load};
use sanlian::demo::submission;
use sanlian::intake::{SourceFile, blank, read};
use sanlian::record::Submission;

use crate::run::{files, ok, sanlian, scratch};

const NOW: &str = "2021-05-21T01:02:03Z";

fn hebei() -> Campaign {
    let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021");
    load(&source.unwrap()).0.unwrap()
}

/// An id number of an area that does not exist, with its check character (GB 11643).
fn id_no(order: usize) -> String {
    let body = format!("13990019800101{:03}", order * 2 + 1);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body
        .chars()
        .zip(weights)
        .map(|(c, w)| c.to_digit(10).unwrap() * w)
        .sum();
    let check = "10X98765432".chars().nth((sum % 11) as usize).unwrap();
    format!("{body}{check}")
}

/// Units of one candidate each, in folders.
pub(crate) struct Units {
    pub(crate) dir: PathBuf,
    campaign: Campaign,
}

impl Units {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            dir: scratch(name),
            campaign: hebei(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.dir.join(name).to_str().unwrap().to_owned()
    }

    /// The submission of a unit: `n` tells its number, its person's id and photo apart.
    pub(crate) fn values(&self, n: usize, person: &str) -> Submission {
        // its pictures take long to draw
        static DEMO: OnceLock<Submission> = OnceLock::new();
        let demo = DEMO.get_or_init(|| submission(&self.campaign, 1).submission);
        let mut all = demo.clone();
        all.candidates.truncate(1);
        all.unit.set("name", format!("虚拟第{n}研究所"));
        all.unit.set("channel", "军工单位");
        let candidate = &mut all.candidates[0];
        candidate.set("name", person);
        candidate.set("id_no", id_no(n));
        candidate.set("birth", "1980.01");
        candidate.set("sex", "男");
        candidate.set("photo", "");
        candidate.set("defense_unit", "");
        all
    }

    pub(crate) fn write(&self, n: usize, values: &Submission) -> String {
        let folder = self.dir.join(format!("unit{n}"));
        std::fs::create_dir_all(folder.join("photos")).unwrap();
        let book = blank::filled_workbook(&self.campaign, values).unwrap();
        std::fs::write(folder.join("填报工作簿.xlsx"), book).unwrap();
        std::fs::write(folder.join("报告.txt"), format!("第{n}个单位的报告\n正文")).unwrap();
        for candidate in &values.candidates {
            let name = candidate.text("name");
            for (file, salt) in [(format!("{name}.jpg"), 0), (format!("{name}1.jpg"), 1)] {
                std::fs::write(folder.join("photos").join(file), picture(n, salt)).unwrap();
            }
        }
        folder.to_str().unwrap().to_owned()
    }

    /// Twelve units; the fifth and the ninth recommend two people of one name.
    fn twelve(&self) -> Vec<String> {
        (1..=12)
            .map(|n| self.write(n, &self.values(n, person(n))))
            .collect()
    }

    pub(crate) fn gather(&self, sources: &[String], more: &[&str]) -> (bool, String) {
        let out = self.path("out");
        let mut args: Vec<&str> = vec!["gather"];
        args.extend(sources.iter().map(String::as_str));
        args.extend([
            "-o",
            &out,
            "--campaign",
            "hebei-zuimei-2021",
            "--channel",
            "省国防科工办",
        ]);
        let keys = self.path("no-keys");
        args.extend(["--unit", "虚拟省国防科技工业办公室", "--keys", &keys]);
        args.extend(more);
        let output = sanlian(&args);
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    }

    /// What stands in the gathered workbook.
    pub(crate) fn gathered(&self) -> Submission {
        let bytes = std::fs::read(self.dir.join("out/填报工作簿.xlsx")).unwrap();
        let file = SourceFile {
            path: "填报工作簿.xlsx".to_owned(),
            bytes,
        };
        read(&self.campaign, &[file], None, Vec::new()).0
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let all = self.gathered().candidates;
        all.iter().map(|c| c.text("name").to_owned()).collect()
    }

    /// The office edits its workbook.
    pub(crate) fn edit(&self, change: impl Fn(&mut Submission)) {
        let mut all = self.gathered();
        change(&mut all);
        let book = blank::filled_workbook(&self.campaign, &all).unwrap();
        std::fs::write(self.dir.join("out/填报工作簿.xlsx"), book).unwrap();
    }
}

fn person(n: usize) -> &'static str {
    [
        "甲示例",
        "乙示例",
        "丙示例",
        "丁示例",
        "同名示例",
        "戊示例",
        "己示例",
        "庚示例",
        "同名示例",
        "辛示例",
        "壬示例",
        "癸示例",
    ][n - 1]
}

/// A picture that is another for each unit; what it shows does not matter here.
fn picture(n: usize, salt: u8) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0];
    bytes.extend([n as u8, salt]);
    bytes
}

#[test]
fn twelve_units_become_one_list_with_their_own_photos() {
    let units = Units::new("gather-twelve");
    let (good, said) = units.gather(&units.twelve(), &[]);
    assert!(good, "{said}");
    let expected: Vec<String> = (1..=12).map(|n| person(n).to_owned()).collect();
    assert_eq!(units.names(), expected);
    assert!(
        said.contains("汇集到12名，省国防科工办的名额是3名"),
        "{said}"
    );
    // who came from where stands in the list and on the screen
    let all = units.gathered();
    assert_eq!(all.unit.text("name"), "虚拟省国防科技工业办公室");
    assert_eq!(all.candidates[6].text("defense_unit"), "虚拟第7研究所");
    assert!(said.contains("7　己示例　虚拟第7研究所"), "{said}");
    // namesakes keep their own
    let photos = files(&units.dir.join("out/photos"));
    assert_eq!(photos.len(), 24, "{:?}", photos.keys());
    assert_eq!(photos["己示例.jpg"], picture(7, 0));
    let of = |n: usize| {
        let id = id_no(n);
        format!("同名示例{}", &id[id.len() - 4..])
    };
    for n in [5, 9] {
        assert_eq!(photos[&format!("{}.jpg", of(n))], picture(n, 0));
        assert_eq!(photos[&format!("{}-1.jpg", of(n))], picture(n, 1));
    }
    // and the check gives each its own, in doubt about none
    let out = units.path("out");
    let checked = sanlian(&["check", &out, "--now", NOW, "--json"]);
    let found: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    let codes: Vec<&str> = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["code"].as_str().unwrap())
        .collect();
    assert!(
        !codes.contains(&"I14") && !codes.contains(&"I11"),
        "{codes:?}"
    );
    assert!(codes.contains(&"Q4"), "{codes:?}");
    let reports = files(&units.dir.join("out/汇集/各单位报告"));
    assert_eq!(reports.len(), 12);
    assert!(String::from_utf8_lossy(&reports["虚拟第3研究所.txt"]).contains("第3个单位"));
}

#[test]
fn the_office_selects_and_a_correction_changes_that_person_alone() {
    let units = Units::new("gather-select");
    let sources = units.twelve();
    units.gather(&sources, &[]);
    let (good, said) = units.gather(&sources, &["--select", "己示例、甲示例，壬示例"]);
    assert!(good, "{said}");
    assert_eq!(units.names(), ["己示例", "甲示例", "壬示例"]);
    assert!(!said.contains("名额是3名"), "{said}");
    assert_eq!(said.matches("没有入选").count(), 9, "{said}");
    // the photos of those who are out went with them: a namesake would inherit them
    let photos = || {
        let folder = std::fs::read_dir(units.dir.join("out/photos")).unwrap();
        let mut names: Vec<String> = folder
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort_unstable();
        names
    };
    let selected = photos();
    assert_eq!(selected.len(), 6, "{selected:?}");
    assert!(
        selected
            .iter()
            .all(|name| "己甲壬".contains(name.chars().next().unwrap()))
    );
    // the office corrects something itself, and its unit something else
    units.edit(|all| all.candidates[0].set("post", "副所长（主持工作）"));
    let mut values = units.values(7, "己示例");
    values.candidates[0].set("mobile", "14000000999");
    values.candidates[0].set("id_no", id_no(57));
    let corrected = units.write(7, &values);
    let (good, said) = units.gather(&[corrected], &[]);
    assert!(good, "{said}");
    // the others' photos stay where one unit alone hands in again
    assert_eq!(photos(), selected);
    // nobody who was left out comes back, and the order stays
    assert_eq!(units.names(), ["己示例", "甲示例", "壬示例"]);
    let all = units.gathered();
    let person = &all.candidates[0];
    assert_eq!(person.text("mobile"), "14000000999");
    assert_eq!(person.text("id_no"), id_no(57));
    assert_eq!(person.text("post"), "副所长（主持工作）");
    assert!(
        said.contains("更正：己示例（虚拟第7研究所）") && said.contains("手机"),
        "{said}"
    );
    assert!(
        !said.contains("新来"),
        "a corrected number is no other person: {said}"
    );
    // both change one field: the office's stands, and it is told
    units.edit(|all| all.candidates[0].set("post", "总工程师"));
    values.candidates[0].set("post", "所长");
    let again = units.write(7, &values);
    let (good, said) = units.gather(&[again], &[]);
    assert!(good && said.contains("单位和这里都改过"), "{said}");
    assert_eq!(units.gathered().candidates[0].text("post"), "总工程师");
    // the same once more tells nothing new
    let (_, said) = units.gather(&sources[..6], &[]);
    assert!(!said.contains("更正") && !said.contains("新来"), "{said}");
    // the workbook of before is there
    assert!(units.dir.join("out/汇集/原工作簿.xlsx").is_file());
}

#[test]
fn what_cannot_be_gathered_changes_nothing() {
    let units = Units::new("gather-bad");
    let sources = units.twelve();
    units.gather(&sources[..3], &[]);
    let before = files(&units.dir.join("out"));
    let unchanged = |(good, said): (bool, String), words: &str| {
        assert!(!good && said.contains(words), "{words}: {said}");
        assert_eq!(files(&units.dir.join("out")), before, "{words}");
    };
    // one person by two units
    let mut double = units.values(4, "甲示例");
    double.candidates[0].set("id_no", id_no(1));
    let double = units.write(4, &double);
    unchanged(
        units.gather(&[sources[0].clone(), double.clone()], &[]),
        "同时推荐",
    );
    // one unit twice
    let copy = units.dir.join("copy");
    crate::run::copy_tree(Path::new(&sources[0]), &copy);
    let copy = copy.to_str().unwrap().to_owned();
    unchanged(units.gather(&[sources[0].clone(), copy], &[]), "给了两份");
    // a name that nobody bears, a workbook that cannot be read, the folder itself, another campaign
    unchanged(
        units.gather(&sources[..3], &["--select", "没有此人"]),
        "没有叫“没有此人”",
    );
    let broken = units.dir.join("broken");
    std::fs::create_dir_all(&broken).unwrap();
    std::fs::write(
        broken.join("sanlian.toml"),
        "campaign = \"hebei-zuimei-2021\"\n",
    )
    .unwrap();
    std::fs::write(broken.join("填报工作簿.xlsx"), b"not a workbook").unwrap();
    unchanged(
        units.gather(&[units.path("broken")], &[]),
        "填报工作簿.xlsx",
    );
    unchanged(
        units.gather(&[units.path("out")], &[]),
        "就是汇集到的文件夹",
    );
    std::fs::write(
        broken.join("sanlian.toml"),
        "campaign = \"quanguo-zuimei-2022\"\n",
    )
    .unwrap();
    std::fs::remove_file(broken.join("填报工作簿.xlsx")).unwrap();
    std::fs::write(broken.join("submission.json"), "{}").unwrap();
    unchanged(units.gather(&[units.path("broken")], &[]), "另一个活动");
    // a unit that withdraws its person: the office is asked, nothing is deleted
    let mut empty = units.values(2, "乙示例");
    empty.candidates[0].set("name", "子示例");
    empty.candidates[0].set("id_no", id_no(44));
    let changed = units.write(2, &empty);
    let (good, said) = units.gather(&[changed], &[]);
    assert!(
        good && said.contains("材料里已没有乙示例，这里没有删"),
        "{said}"
    );
    assert_eq!(units.names(), ["甲示例", "乙示例", "丙示例", "子示例"]);
    // a folder with something else in it
    let other = units.dir.join("other");
    std::fs::create_dir_all(&other).unwrap();
    std::fs::write(other.join("x.txt"), "x").unwrap();
    let out = other.to_str().unwrap();
    let output = sanlian(&["gather", &sources[0], "-o", out]);
    assert!(!output.status.success());
    assert_eq!(files(&other).len(), 1);
}

#[test]
fn a_package_is_gathered_like_the_folder_it_was_made_of() {
    let dir = scratch("gather-package");
    let text = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let (demo, keys) = (text("demo"), text("keys"));
    ok(&["demo", "--out", &demo, "--keys", &keys, "--now", NOW]);
    let folder = format!("{demo}/submission");
    let (package, a, b) = (text("unit.zip"), text("a"), text("b"));
    ok(&[
        "pack", &folder, "--out", &package, "--keys", &keys, "--now", NOW,
    ]);
    let office = |source: &str, out: &str, keys: &str| {
        let output = ok(&[
            "gather",
            source,
            "-o",
            out,
            "--campaign",
            "hebei-zuimei-2021",
            "--channel",
            "省国防科工办",
            "--unit",
            "虚拟省国防科技工业办公室",
            "--keys",
            keys,
        ]);
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    office(&folder, &a, &keys);
    let told = office(&package, &b, &keys);
    assert!(!told.contains("没有核实"), "{told}");
    let (one, two) = (files(Path::new(&a)), files(Path::new(&b)));
    let media = |all: &std::collections::BTreeMap<String, Vec<u8>>| {
        let mut all = all.clone();
        all.retain(|name, _| name.starts_with("photos/") || name.starts_with("videos/"));
        all
    };
    assert!(!media(&one).is_empty());
    assert_eq!(media(&one), media(&two));
    let values = |bytes: &[u8]| {
        let file = SourceFile {
            path: "填报工作簿.xlsx".to_owned(),
            bytes: bytes.to_vec(),
        };
        let all = read(&hebei(), &[file], None, Vec::new()).0.candidates;
        let all: Vec<_> = all.into_iter().map(|c| c.values).collect();
        format!("{all:#?}")
    };
    let book = "填报工作簿.xlsx";
    assert_eq!(values(&one[book]), values(&two[book]));
    // without the unit's key it is taken, and told
    let told = office(&package, &text("c"), &text("nobody"));
    assert!(
        told.contains("来源没有核实") && told.contains("指纹"),
        "{told}"
    );
    // another key in the unit's name is refused, and nothing is changed
    let other = text("other-keys");
    let copy = text("copy");
    crate::run::copy_tree(Path::new(&folder), Path::new(&copy));
    std::fs::remove_file(format!("{copy}/records.json")).unwrap();
    let forged = text("forged.zip");
    ok(&[
        "pack", &copy, "--out", &forged, "--keys", &other, "--now", NOW,
    ]);
    let before = files(Path::new(&text("c")));
    let output = sanlian(&[
        "gather",
        &forged,
        "-o",
        &text("c"),
        "--keys",
        &text("nobody"),
    ]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && told.contains("却不是该单位上次用的"),
        "{told}"
    );
    assert_eq!(files(Path::new(&text("c"))), before);
    // nor may a key that is trusted as another unit's sign in this one's name, even the first time
    let pem = std::fs::read_dir(&other)
        .unwrap()
        .map(|e| e.unwrap().path());
    let mut pem = pem.filter(|p| {
        p.file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("public-")
    });
    let (pem, list) = (pem.next().unwrap(), text("list"));
    let owner = "虚拟第2研究所";
    ok(&[
        "key",
        "trust",
        pem.to_str().unwrap(),
        "--owner",
        owner,
        "--keys",
        &list,
    ]);
    let new = text("e");
    let output = sanlian(&[
        "gather",
        &forged,
        "-o",
        &new,
        "--campaign",
        "hebei-zuimei-2021",
        "--keys",
        &list,
    ]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && told.contains("却是“虚拟第2研究所”的"),
        "{told}"
    );
    assert!(!Path::new(&new).exists());
    // a folder of packages alone needs no campaign, and a sound package has no errors
    let output = ok(&["gather", &package, "-o", &text("f"), "--keys", &keys]);
    let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(!told.contains("个错误，第一个是"), "{told}");
    // a package that was changed is not
    let mut bytes = std::fs::read(&package).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&package, bytes).unwrap();
    let output = sanlian(&[
        "gather",
        &package,
        "-o",
        &text("d"),
        "--campaign",
        "hebei-zuimei-2021",
    ]);
    assert!(!output.status.success());
    assert!(!dir.join("d").exists());
}

#[test]
fn what_the_office_put_there_itself_is_kept_and_told() {
    let units = Units::new("gather-own");
    let sources = units.twelve();
    units.gather(&sources[..3], &[]);
    // a photo of the office's own, while the unit's did not change: kept without a word
    let photo = units.dir.join("out/photos/甲示例.jpg");
    std::fs::write(&photo, picture(99, 9)).unwrap();
    let (good, said) = units.gather(&sources[..1], &[]);
    assert!(good && !said.contains("换过这个文件"), "{said}");
    assert_eq!(std::fs::read(&photo).unwrap(), picture(99, 9));
    // both changed it: the office's stands, and it is told
    std::fs::write(units.dir.join("unit1/photos/甲示例.jpg"), picture(98, 9)).unwrap();
    let (good, said) = units.gather(&sources[..1], &[]);
    assert!(good && said.contains("这里换过这个文件"), "{said}");
    assert_eq!(std::fs::read(&photo).unwrap(), picture(99, 9));
    // a photo that the unit alone changed is taken, and told
    std::fs::write(units.dir.join("unit2/photos/乙示例.jpg"), picture(97, 9)).unwrap();
    let (_, said) = units.gather(&sources[1..2], &[]);
    assert!(
        said.contains("更正：乙示例（虚拟第2研究所）：照片、视频"),
        "{said}"
    );
    assert_eq!(
        std::fs::read(units.dir.join("out/photos/乙示例.jpg")).unwrap(),
        picture(97, 9)
    );
    // a workbook that nobody touched is not told of; one that the office edited is kept whole beside
    assert!(!said.contains("工作簿重新写过"), "{said}");
    units.edit(|all| all.candidates[2].set("post", "主任"));
    let edited = std::fs::read(units.dir.join("out/填报工作簿.xlsx")).unwrap();
    let mut values = units.values(3, "丙示例");
    values.candidates[0].set("mobile", "14000000777");
    let corrected = units.write(3, &values);
    let (_, said) = units.gather(&[corrected], &[]);
    assert!(
        said.contains("工作簿重新写过") && said.contains("汇集/原工作簿.xlsx"),
        "{said}"
    );
    assert_eq!(
        std::fs::read(units.dir.join("out/汇集/原工作簿.xlsx")).unwrap(),
        edited
    );
}

#[test]
fn of_two_of_one_name_the_id_number_selects() {
    let units = Units::new("gather-alike");
    let sources = units.twelve();
    let (good, said) = units.gather(&sources, &["--select", "同名示例"]);
    assert!(!good && said.contains("叫“同名示例”的有2人"), "{said}");
    let id = id_no(9);
    let called = format!("同名示例{}", &id[id.len() - 4..]);
    let (good, said) = units.gather(&sources, &["--select", &called]);
    assert!(good, "{said}");
    let all = units.gathered().candidates;
    assert_eq!((all.len(), all[0].text("id_no")), (1, id.as_str()));
}

#[test]
fn whose_the_gathered_folder_is_must_be_said() {
    let units = Units::new("gather-unsaid");
    let unit = units.write(1, &units.values(1, "甲示例"));
    let out = units.path("out");
    let said = |more: &[&str]| {
        let mut args = vec!["gather", &unit, "-o", &out];
        args.extend(more);
        let output = sanlian(&args);
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let first = said(&[]);
    assert!(
        first.contains("汇集单位还没有写明“推荐单位”、“推荐渠道”，名额没有核对"),
        "{first}"
    );
    assert!(first.contains("--unit、--channel"), "{first}");
    let again = said(&["--unit", "虚拟省国防科工办", "--channel", "省国防科工办"]);
    assert!(!again.contains("还没有写明"), "{again}");
}
