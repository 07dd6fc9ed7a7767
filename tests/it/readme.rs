//! The commands of README and manual are run as they stand; the README's picture is a page of the demo.

use std::path::Path;
use std::process::Command;

use crate::run::{demo, scratch};
use crate::tools;

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// Lines of the shell blocks of README and manual, in this order, without remarks.
fn commands() -> Vec<String> {
    let manual = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/MANUAL.md");
    let text = readme() + &std::fs::read_to_string(manual).unwrap();
    let blocks = text
        .split("```sh\n")
        .skip(1)
        .map(|b| b.split("```").next().unwrap().to_owned());
    let lines = blocks.flat_map(|b| b.lines().map(str::to_owned).collect::<Vec<_>>());
    lines
        .map(|l| l.split(" #").next().unwrap().trim().to_owned())
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .collect()
}

#[test]
fn every_command_of_readme_and_manual_works() {
    let folder = scratch("readme");
    let bin = Path::new(env!("CARGO_BIN_EXE_sanlian")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let keys = folder.join("keys");
    let mut ran = 0;
    for command in commands() {
        // this very test run is `tests/run`, and the demo is run by the program that cargo has built
        let command = command.replace("cargo run --release -- demo", "sanlian demo");
        if command == "tests/run" {
            continue;
        }
        if command.starts_with("sanlian check") {
            // in between a person fills in the workbook: here, as the demo has it
            let filled = demo().join("out/submission");
            let copy = format!(
                "cp -r '{}'/. 报送/ && rm -f 报送/records.json",
                filled.display()
            );
            assert!(
                Command::new("sh")
                    .args(["-c", &copy])
                    .current_dir(&folder)
                    .status()
                    .unwrap()
                    .success()
            );
        }
        let output = Command::new("sh")
            .args(["-c", &command])
            .current_dir(&folder)
            .env("PATH", &path)
            .env("SANLIAN_KEYS", &keys)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{command}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        ran += 1;
    }
    assert!(ran >= 10, "only {ran} commands were found");
    assert!(folder.join("纸质件/全部打印.pdf").is_file());
    assert!(folder.join("标注.xlsx").is_file());
    assert!(folder.join("out/paper/manifest.json").is_file());
}

#[test]
fn the_story_of_the_manual_is_about_one_unit() {
    let told: Vec<String> = commands();
    let behind = |command: &str, word: &str| {
        let line = told.iter().find(|c| c.starts_with(command)).unwrap();
        let rest = line.split_once(word).unwrap().1;
        rest.split_whitespace().next().unwrap().to_owned()
    };
    // the unit that the folder is made for is the one whose workbook is then checked, and the one that gets the receipt
    let campaigns = sanlian::clerk::Campaigns::open(None).unwrap();
    let read = sanlian::clerk::read(&campaigns, &demo().join("out/submission"), None);
    let unit = read.unwrap().1.submission.unit.text("name").to_owned();
    assert_eq!(behind("sanlian new", "--unit "), unit);
    assert_eq!(behind("sanlian slip", "slip "), unit);
}

#[test]
fn every_subcommand_is_in_the_table() {
    for name in crate::cli::commands() {
        assert!(
            readme().contains(&format!("`sanlian {name}")),
            "{name} is not in the README"
        );
    }
}

#[test]
fn the_picture_is_a_page_of_today() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/recommendation.png");
    let pdf = demo().join("out/paper/推荐表/02-阿卜杜拉·示例-推荐表.pdf");
    let folder = tools::folder("picture");
    let now = folder.join("page");
    let args = [
        "-r",
        "56",
        "-gray",
        "-f",
        "3",
        "-l",
        "3",
        "-singlefile",
        pdf.to_str().unwrap(),
        now.to_str().unwrap(),
    ];
    let Some(_) = tools::says("pdftoppm", &args) else {
        return;
    };
    let page = crate::paper::grey_map(&std::fs::read(now.with_extension("pgm")).unwrap());
    if std::env::var_os("UPDATE").is_some_and(|v| v == "1") {
        let out = golden.with_extension("");
        let args = [
            "-png",
            "-r",
            "56",
            "-gray",
            "-f",
            "3",
            "-l",
            "3",
            "-singlefile",
            pdf.to_str().unwrap(),
            out.to_str().unwrap(),
        ];
        tools::says("pdftoppm", &args).unwrap();
    }
    assert!(
        golden.is_file(),
        "the picture is missing; UPDATE=1 draws it"
    );
    let back = folder.join("golden.pgm");
    // a PNG of 8 bits a channel, without interlace, to a grey map of its first channel
    let script = "import sys, zlib, struct\n\
        d = open(sys.argv[1], 'rb').read(); w, h = struct.unpack('>II', d[16:24]); i = 8; z = b''\n\
        assert d[24] == 8 and d[28] == 0; k = {0: 1, 2: 3, 6: 4}[d[25]]; n = w * k\n\
        while i < len(d):\n\
        \x20   m, = struct.unpack('>I', d[i:i+4]); z += d[i+8:i+8+m] if d[i+4:i+8] == b'IDAT' else b''; i += m + 12\n\
        r = zlib.decompress(z); o = bytearray(); p = bytearray(n)\n\
        for y in range(h):\n\
        \x20   f = r[y*(n+1)]; l = bytearray(r[y*(n+1)+1:(y+1)*(n+1)])\n\
        \x20   for x in range(n):\n\
        \x20       a = l[x-k] if x >= k else 0; b = p[x]; c = p[x-k] if x >= k else 0; q = a+b-c\n\
        \x20       t = min((abs(q-a),0,a),(abs(q-b),1,b),(abs(q-c),2,c))[2]\n\
        \x20       l[x] = (l[x] + [0, a, b, (a+b)//2, t][f]) & 255\n\
        \x20   o += l[::k]; p = l\n\
        open(sys.argv[2], 'wb').write(b'P5 %d %d 255\\n' % (w, h) + bytes(o))";
    let args = [
        "-c",
        script,
        golden.to_str().unwrap(),
        back.to_str().unwrap(),
    ];
    let Some(_) = tools::says("/usr/bin/python3", &args) else {
        return;
    };
    let golden = crate::paper::grey_map(&std::fs::read(back).unwrap());
    assert_eq!((golden.0, golden.1), (page.0, page.1));
    // key and time differ from run to run: the mark is another one, the rest of the page is the same
    let below_mark = golden.0 * (golden.1 * 37 / 297);
    let differing = golden
        .2
        .iter()
        .zip(&page.2)
        .skip(below_mark)
        .filter(|(a, b)| a.abs_diff(**b) > 48)
        .count();
    assert!(
        differing < page.2.len() / 500,
        "{differing} pixels differ; look at the page, then UPDATE=1"
    );
}
