//! A binding on the pages of its blank form: every place has its box and its line in the table; where LibreOffice is not installed nothing is
//! written. And a binding of last year, of which only the differences are asked.

use std::path::Path;
use std::process::Command;

use crate::forms::{code, text};
use crate::{fill_joined, office, tools};

const CAMPAIGN: [&str; 2] = ["--campaign", "hebei-zuimei-2021"];

fn form(folder: &Path) -> std::path::PathBuf {
    let rows: &[&[&str]] = &[
        &["姓名", "", "性别", ""],
        &["配偶姓名", "", "入场顺序", ""],
        &["备案编码", "", "民族", ""],
    ];
    office::keep(folder, "推荐表.docx", &fill_joined::form(rows))
}

#[test]
fn a_binding_is_shown_on_the_pages_of_its_form_with_a_line_for_each_number() {
    let folder = tools::folder("form-preview");
    let blank = form(&folder);
    let pdf = folder.join("绑定图.pdf");
    let (bound, table) = (folder.join("绑定.toml"), ["--preview", text(&pdf)]);
    if tools::says("soffice", &["--version"]).is_none() {
        return;
    }
    let args = [
        "bind",
        text(&blank),
        CAMPAIGN[0],
        CAMPAIGN[1],
        table[0],
        table[1],
        "-o",
        text(&bound),
    ];
    let (end, _, said) = code(&args);
    assert_eq!(end, 0, "{said}");
    assert!(bound.is_file());
    let Some(words) = tools::says("pdftotext", &["-layout", text(&pdf), "-"]) else {
        return;
    };
    let lines: Vec<Vec<&str>> = words
        .lines()
        .map(|l| l.split_whitespace().collect())
        .collect();
    let told = |line: &[&str]| lines.iter().any(|l| l.starts_with(line));
    assert!(told(&["1", "1", "姓名", "姓名", "有把握"]), "{words}");
    assert!(told(&["2", "1", "性别", "性别", "有把握"]), "{words}");
    assert!(told(&["3", "1", "配偶姓名", "“配偶”的，留空"]), "{words}");
    assert!(
        told(&["4", "1", "入场顺序", "没有对应的栏目，留空"]),
        "{words}"
    );
    assert!(told(&["6", "1", "民族", "民族", "有把握"]), "{words}");
    // the numbers on the page itself
    let first = tools::says("pdftotext", &["-l", "1", text(&pdf), "-"]).unwrap();
    let on_page: Vec<&str> = first.split_whitespace().collect();
    assert_eq!(on_page, ["1", "2", "3", "4", "5", "6"]);
}

#[test]
fn without_libreoffice_the_preview_is_refused_and_nothing_is_written() {
    let folder = tools::folder("form-preview-without");
    let blank = form(&folder);
    let (pdf, bound) = (folder.join("绑定图.pdf"), folder.join("绑定.toml"));
    for old in [&pdf, &bound] {
        let _ = std::fs::remove_file(old);
    }
    // the programs that a conversion needs are there, LibreOffice is not
    let programs = folder.join("programs");
    std::fs::create_dir_all(&programs).unwrap();
    for program in ["sh", "timeout"] {
        let at = programs.join(program);
        let _ = std::fs::remove_file(&at);
        #[cfg(unix)]
        std::os::unix::fs::symlink(Path::new("/usr/bin").join(program), at).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_sanlian"))
        .args(["bind", text(&blank), CAMPAIGN[0], CAMPAIGN[1]])
        .args(["--preview", text(&pdf), "-o", text(&bound)])
        .env("PATH", &programs)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("没有装 LibreOffice"), "{said}");
    assert!(!pdf.exists() && !bound.exists());
}

#[test]
fn of_last_years_binding_only_the_differences_are_asked() {
    let folder = tools::folder("form-carry");
    let blank = form(&folder);
    let old = folder.join("去年.toml");
    let (end, _, said) = code(&[
        "bind",
        text(&blank),
        CAMPAIGN[0],
        CAMPAIGN[1],
        "-o",
        text(&old),
    ]);
    assert_eq!(end, 0, "{said}");
    // last year a person chose a field for a blank that nothing was known for
    let toml = std::fs::read_to_string(&old).unwrap();
    let at = toml.find("[[unbound]]\nat = ").unwrap();
    let (before, rest) = toml.split_at(at);
    let behind = rest.split_once('\n').unwrap().1.split_once('\n').unwrap().1;
    let chosen = format!("{before}[[place]]\nkey = \"title\"\n{behind}");
    std::fs::write(&old, chosen).unwrap();
    let rows: &[&[&str]] = &[
        &["姓名", "", "性别", ""],
        &["民族", "", "年度编码", ""],
        &["配偶姓名", "", "入场顺序", ""],
        &["姓名", "", "备案编码", ""],
    ];
    let new = office::keep(&folder, "推荐表今年.docx", &fill_joined::form(rows));
    let this = folder.join("今年.toml");
    let args = [
        "bind",
        text(&new),
        CAMPAIGN[0],
        CAMPAIGN[1],
        "--from",
        text(&old),
        "-o",
        text(&this),
    ];
    let (end, _, said) = code(&args);
    assert_eq!(end, 0, "{said}");
    let toml = std::fs::read_to_string(&this).unwrap();
    let of = |label: &str| {
        let parts = toml.split("\n[[");
        let mut own = parts.filter(|p| p.contains(&format!("label = \"{label}\"")));
        own.next()
            .unwrap_or_else(|| panic!("{label}: {toml}"))
            .to_owned()
    };
    // what was decided, wherever it stands now
    let chosen = of("入场顺序");
    assert!(chosen.starts_with("place]]"), "{chosen}");
    assert!(chosen.contains("key = \"title\"") && chosen.contains("confirmed = true"));
    // what was only found then is as it is found now
    assert!(of("民族").starts_with("place]]") && !of("民族").contains("confirmed = true"));
    // what is new is as it was found
    assert!(of("年度编码").starts_with("unbound]]"));
    // words that stand oftener than last year are asked anew
    assert!(!of("姓名").contains("confirmed = true"));
    assert!(of("配偶姓名").starts_with("other]]"));
}

/// What `bind --from` makes of two forms of like words.
fn carried(name: &str, then: &[&[&str]], now: &[&[&str]]) -> (String, String) {
    let folder = tools::folder(name);
    let old = office::keep(&folder, "去年.docx", &fill_joined::form(then));
    let new = office::keep(&folder, "今年.docx", &fill_joined::form(now));
    let (before, after) = (folder.join("去年.toml"), folder.join("今年.toml"));
    let bind = |form: &Path, out: &Path, from: &[&str]| {
        let own = [
            "bind",
            text(form),
            CAMPAIGN[0],
            CAMPAIGN[1],
            "-o",
            text(out),
        ];
        let (end, _, said) = code(&[&own[..], from].concat());
        assert_eq!(end, 0, "{said}");
        said
    };
    bind(&old, &before, &[]);
    // all of it was looked at
    let toml = std::fs::read_to_string(&before).unwrap();
    let seen = toml.replacen("confirmed = false", "confirmed = true", 1);
    std::fs::write(&before, seen).unwrap();
    let said = bind(&new, &after, &["--from", text(&before)]);
    (std::fs::read_to_string(&after).unwrap(), said)
}

#[test]
fn a_blank_that_became_another_persons_is_not_filled_as_it_was() {
    // the same words in the same order, under headings that changed places
    let own: &[&[&str]] = &[&["姓名", "", "职务", ""], &["手机", "", "工作单位", ""]];
    let then = [&[&["申请人信息"][..]], own, &[&["指导教师信息"]], own].concat();
    let now = [&[&["指导教师信息"][..]], own, &[&["申请人信息"]], own].concat();
    let (toml, said) = carried("form-carry-owners", &then, &now);
    let places: Vec<&str> = toml.split("\n[[").skip(1).collect();
    for place in places.iter().filter(|p| p.starts_with("place]]")) {
        let row = place.split("row = ").nth(1).unwrap();
        let row: usize = row.split('\n').next().unwrap().trim().parse().unwrap();
        assert!(row > 3, "the teacher's box is filled: {place}");
        assert!(!place.contains("confirmed = true"), "{place}");
    }
    assert!(
        said.contains("与这份表上的不同") && said.contains("姓名"),
        "{said}"
    );
}
