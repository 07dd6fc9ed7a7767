//! The documents hold: links lead somewhere, files and functions that are named are there, commands parse, every key of a template is
//! explained, the guide's campaign loads, and the glossary's words name one thing each.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sanlian::campaign::{Source, builtin, load};

use crate::run::sanlian;

/// The folder of the package.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The documents for readers, by path.
fn documents() -> Vec<String> {
    let mut all = vec!["README.md".to_owned(), "CONTRIBUTING.md".to_owned()];
    for entry in std::fs::read_dir(root().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".md") {
            all.push(format!("docs/{name}"));
        }
    }
    all.sort();
    assert!(all.len() >= 7, "{all:?}");
    all
}

/// A document without its blocks of code.
fn prose(text: &str) -> String {
    let mut inside = false;
    let kept = text.lines().filter(|line| {
        let fence = line.starts_with("```");
        inside ^= fence;
        !inside && !fence
    });
    kept.collect::<Vec<_>>().join("\n")
}

/// Blocks of code of one language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let parts = text.split(&fence).skip(1);
    parts
        .map(|b| b.split("```").next().unwrap().to_owned())
        .collect()
}

/// What stands between backticks in a text.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Whether a source names something: a word of its own, not a part of one.
fn names(source: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    source.match_indices(word).any(|(at, _)| {
        !source[..at].ends_with(part) && !source[at + word.len()..].starts_with(part)
    })
}

#[test]
fn every_link_leads_to_a_file() {
    let mut seen = 0;
    for document in documents() {
        let whole = text(&document);
        let folder = root().join(&document).parent().unwrap().to_path_buf();
        let prose = prose(&whole);
        for (at, _) in prose.match_indices("](") {
            let target = prose[at + 2..].split(')').next().unwrap();
            if target.contains("://") {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let path = match file {
                "" => root().join(&document),
                _ => folder.join(file),
            };
            assert!(path.exists(), "{document}: {target}");
            if !heading.is_empty() {
                let there = std::fs::read_to_string(&path).unwrap();
                let slug = |l: &str| {
                    l.trim_start_matches('#')
                        .trim()
                        .to_lowercase()
                        .replace(' ', "-")
                };
                let found = there
                    .lines()
                    .any(|l| l.starts_with('#') && slug(l) == heading);
                assert!(found, "{document}: no heading {target}");
            }
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} links");
}

#[test]
fn every_file_that_is_named_is_there() {
    let mut seen = 0;
    for document in documents() {
        for word in quoted(&prose(&text(&document))) {
            let named = [
                "src/",
                "tests/",
                "templates/",
                "docs/",
                "fonts/",
                "benches/",
                ".ci/",
            ];
            let plain =
                !word.contains(['<', '*', ' ', '…']) && !word.starts_with("templates/<campaign>");
            if named.iter().any(|n| word.starts_with(n)) && plain {
                assert!(root().join(word).exists(), "{document}: {word}");
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen} paths");
}

/// Files of sources that a text names, with the names in the brackets behind them: `` `src/x.rs`（`a`、`b`） ``.
fn pointed(text: &str) -> Vec<(String, Vec<String>)> {
    let mut all = Vec::new();
    for (at, _) in text.match_indices("`src/") {
        let rest = &text[at + 1..];
        let Some((file, behind)) = rest.split_once('`') else {
            continue;
        };
        let inside = behind.strip_prefix('（').and_then(|b| b.split('）').next());
        let names = inside.map(quoted).unwrap_or_default();
        all.push((
            file.to_owned(),
            names.iter().map(|n| (*n).to_owned()).collect(),
        ));
    }
    all
}

#[test]
fn every_name_that_is_pointed_to_stands_in_its_file() {
    let mut seen = 0;
    for document in documents() {
        for (file, words) in pointed(&text(&document)) {
            if !file.ends_with(".rs") {
                assert!(words.is_empty(), "{document}: {file} is no source");
                continue;
            }
            let source = text(&file);
            for word in words {
                assert!(names(&source, &word), "{document}: {word} is not in {file}");
                seen += 1;
            }
        }
    }
    assert!(seen > 60, "{seen} names");
}

/// The lines of a document's table whose head begins so.
fn table<'t>(text: &'t str, head: &str) -> Vec<Vec<&'t str>> {
    let at = text.find(head).unwrap_or_else(|| panic!("no table {head}"));
    let rows = text[at..]
        .lines()
        .skip(2)
        .take_while(|l| l.starts_with('|'));
    rows.map(|l| l.split('|').map(str::trim).collect())
        .collect()
}

#[test]
fn the_table_of_new_things_answers_what_a_stranger_asks() {
    let whole = text("docs/ARCHITECTURE.md");
    let rows = table(&whole, "| 要加 | 依次改");
    for wanted in [
        "栏目的种类",
        "输出格式",
        "内容块",
        "回答",
        "网页",
        "第二种数据库",
        "校验规则",
        "读入的格式",
        "命令",
    ] {
        let row = rows.iter().find(|r| r[1].contains(wanted));
        let row = row.unwrap_or_else(|| panic!("{wanted} is not in the table"));
        assert!(pointed(row[2]).len() >= 2, "{wanted}: files in order");
        assert!(row[4].contains("tests/it/"), "{wanted}: its tests");
    }
}

/// Words of the command line in the blocks of a document.
fn commands(text: &str) -> Vec<Vec<String>> {
    let lines = blocks(text, "sh").join("\n").replace("\\\n", " ");
    let mut all = Vec::new();
    for line in lines.lines() {
        let line = line.split(" #").next().unwrap().trim();
        let own = line.split("-- ").last().unwrap();
        let own = own.split(['|', ';']).next().unwrap().trim();
        if let Some(rest) = own.strip_prefix("sanlian ") {
            let words = rest.split_whitespace().take_while(|w| !w.starts_with('>'));
            all.push(
                words
                    .map(|w| w.trim_matches(['"', '\'']).to_owned())
                    .collect(),
            );
        }
    }
    all
}

#[test]
fn every_command_of_the_documents_parses() {
    let mut seen = 0;
    for document in documents() {
        for words in commands(&text(&document)) {
            // with a question for help behind it a command that parses is explained and not run
            let mut asked: Vec<&str> = words.iter().map(String::as_str).collect();
            asked.push("--help");
            let output = sanlian(&asked);
            assert!(
                output.status.success(),
                "{document}: {words:?}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            let help = String::from_utf8_lossy(&output.stdout).into_owned();
            let options = words.iter().filter(|w| w.starts_with("--"));
            for option in options.map(|o| o.split('=').next().unwrap()) {
                assert!(help.contains(option), "{document}: {words:?}: {option}");
            }
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} commands");
}

/// Fields of the structures and variants that serde reads out of a source, by the name that it reads them under.
fn keys_of(source: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let (mut read, mut other_name, mut flat) = (false, None, false);
    for line in source.lines() {
        let line = line.trim();
        if line.starts_with("#[derive(") {
            read = line.contains("Deserialize");
        } else if line.starts_with("pub fn ") || line.starts_with("fn ") || line.starts_with("impl")
        {
            read = false;
        } else if let Some(serde) = line.strip_prefix("#[serde(") {
            flat = serde.contains("flatten");
            let name = serde.split("rename = \"").nth(1);
            other_name = name.map(|n| n.split('"').next().unwrap().to_owned());
        } else if read && line.ends_with(',') && line.contains(": ") && !line.starts_with("//") {
            let name = line.trim_start_matches("pub ").split(':').next().unwrap();
            let name = other_name.take().unwrap_or_else(|| name.to_owned());
            if !flat {
                keys.insert(name);
            }
            flat = false;
        }
    }
    keys
}

#[test]
fn every_key_of_a_template_is_explained() {
    let guide = text("docs/TEMPLATES.md");
    let told: BTreeSet<String> = quoted(&prose(&guide))
        .into_iter()
        .flat_map(|q| q.split(['.', ' ', '=']))
        .map(|w| w.trim_matches('"').to_owned())
        .collect();
    let mut keys = BTreeSet::new();
    for file in ["template.rs", "rule.rs", "load.rs"] {
        keys.extend(keys_of(&text(&format!("src/campaign/{file}"))));
    }
    // of the campaign itself, which is put together in `load`, no field is read as it stands
    let whole = text("src/campaign/mod.rs");
    let behind = whole.split("pub struct Campaign {").nth(1).unwrap();
    keys.extend(keys_of(behind.split_once("\n}\n").unwrap().1));
    for known in [
        "deadline_inclusive",
        "algorithm",
        "quota_rule",
        "given",
        "masked",
        "items",
        "slot",
        "heading1",
    ] {
        assert!(keys.contains(known), "{known} was not found in the sources");
    }
    assert!(keys.len() > 80, "{} keys", keys.len());
    let missing: Vec<&String> = keys.iter().filter(|k| !told.contains(*k)).collect();
    assert!(missing.is_empty(), "not in docs/TEMPLATES.md: {missing:?}");
}

#[test]
fn every_kind_of_a_template_is_explained() {
    let guide = text("docs/TEMPLATES.md");
    let told: BTreeSet<&str> = quoted(&guide)
        .into_iter()
        .map(|w| w.trim_matches('"'))
        .collect();
    // what serde would have accepted stands in its own words of refusal
    let accepted = |error: String| {
        let words: Vec<String> = quoted(&error)
            .into_iter()
            .skip(1)
            .map(str::to_owned)
            .collect();
        assert!(words.len() >= 2, "{error}");
        words
    };
    #[derive(Debug, serde::Deserialize)]
    struct One<T> {
        #[expect(dead_code, reason = "only the refusal is looked at")]
        it: T,
    }
    fn refusal<T: serde::de::DeserializeOwned + std::fmt::Debug>() -> String {
        let refused = toml::from_str::<One<T>>("it = \"no such thing\"");
        refused.unwrap_err().message().to_owned()
    }
    let all = [
        refusal::<sanlian::campaign::Kind>(),
        refusal::<sanlian::campaign::FormKind>(),
        refusal::<sanlian::campaign::Align>(),
        refusal::<sanlian::campaign::PageNumberStyle>(),
        refusal::<sanlian::campaign::BorderTemplate>(),
        refusal::<sanlian::campaign::Per>(),
        refusal::<sanlian::campaign::Owner>(),
        refusal::<sanlian::campaign::MarkAlgorithm>(),
        refusal::<sanlian::face::Face>(),
    ];
    for word in all.into_iter().flat_map(accepted) {
        assert!(
            told.contains(word.as_str()),
            "{word} is not in docs/TEMPLATES.md"
        );
    }
    for word in ["text", "space", "page", "report", "table"] {
        assert!(guide.contains(&format!("| `\"{word}\"` |")), "{word}");
    }
}

#[test]
fn the_campaign_of_the_guide_loads_after_every_step() {
    let guide = text("docs/TEMPLATES.md");
    let shared = builtin().into_iter().next().unwrap().files;
    let shared = shared
        .into_iter()
        .filter(|(path, _)| path.starts_with("lists/"));
    let mut files: BTreeMap<String, String> = shared.collect();
    let mut steps = 0;
    for block in blocks(&guide, "toml") {
        let head = block.lines().next().unwrap();
        let path = head.strip_prefix("# 文件：");
        let path = path.unwrap_or_else(|| panic!("{head}: a block without its file"));
        files.entry(path.to_owned()).or_default().push_str(&block);
        if path.starts_with("forms/") {
            let source = Source {
                id: "keji-2027".to_owned(),
                files: files.clone().into_iter().collect(),
            };
            let (campaign, findings) = load(&source);
            assert!(findings.is_empty(), "{block}\n{findings:#?}");
            let campaign = campaign.unwrap();
            let form = campaign.form(sanlian::campaign::FormKind::Recommendation);
            assert!(form.unwrap().blocks.len() > steps);
            steps += 1;
        }
    }
    assert_eq!(steps, 4);
    for name in [
        "campaign.toml",
        "fields.toml",
        "rules.toml",
        "lists.toml",
        "demo.toml",
    ] {
        assert!(files.contains_key(name), "{name}");
    }
}

#[test]
fn pictures_are_small_and_used() {
    let guide = text("docs/TEMPLATES.md");
    let mut seen = 0;
    for entry in std::fs::read_dir(root().join("docs/pictures")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        assert!(entry.metadata().unwrap().len() <= 60 << 10, "{name}");
        assert!(
            guide.contains(&format!("(pictures/{name})")),
            "{name} is not shown"
        );
        seen += 1;
    }
    assert!((3..=5).contains(&seen));
}

/// Every source, by path.
fn sources() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut todo: Vec<PathBuf> = vec![root().join("src")];
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(root()).unwrap();
                let name = name.to_str().unwrap().to_owned();
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

/// Structures and enumerations of a name, by file.
fn types(sources: &BTreeMap<String, String>, name: &str) -> Vec<String> {
    let declared = |line: &str| {
        let line = line.trim_start();
        let line = match line.strip_prefix("pub(") {
            Some(rest) => rest.split_once(") ").map_or("", |(_, rest)| rest),
            None => line.strip_prefix("pub ").unwrap_or(line),
        };
        let word = ["struct ", "enum "]
            .iter()
            .find_map(|k| line.strip_prefix(k));
        word.is_some_and(|w| {
            w.strip_prefix(name)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    };
    let files = sources.iter().flat_map(|(file, text)| {
        text.lines()
            .filter(|l| declared(l))
            .map(move |_| file.clone())
    });
    files.collect()
}

#[test]
fn every_identifier_of_the_glossary_is_where_it_says() {
    let glossary = text("docs/用语.md");
    let rows: Vec<Vec<&str>> = glossary
        .lines()
        .filter(|l| l.starts_with('|'))
        .map(|l| l.split('|').map(str::trim).collect())
        .collect();
    let mut seen = 0;
    for row in rows {
        let (Some(word), Some(file)) = (row.get(3), row.get(4)) else {
            continue;
        };
        let [file] = quoted(file)[..] else { continue };
        let source = text(file);
        for name in quoted(word) {
            assert!(names(&source, name), "{name} is not in {file}");
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen} identifiers");
}

#[test]
fn a_word_of_the_glossary_names_one_type() {
    let glossary = text("docs/用语.md");
    let sources = sources();
    let mut words: BTreeSet<&str> = BTreeSet::new();
    for line in glossary.lines().filter(|l| l.starts_with('|')) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let upper = |w: &&str| w.starts_with(|c: char| c.is_ascii_uppercase());
        words.extend(
            quoted(cells.get(3).copied().unwrap_or_default())
                .into_iter()
                .filter(upper),
        );
    }
    assert!(words.len() > 30, "{} words", words.len());
    let mut faults = Vec::new();
    for word in words {
        let files = types(&sources, word);
        if files.len() > 1 {
            faults.push(format!("{word}: {files:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_code_of_a_finding_is_listed_once() {
    let codes: Vec<&str> = sanlian::finding::CODES
        .iter()
        .map(|(code, _)| *code)
        .collect();
    let once: BTreeSet<&str> = codes.iter().copied().collect();
    let twice: Vec<&&str> = once
        .iter()
        .filter(|code| codes.iter().filter(|c| c == code).count() > 1)
        .collect();
    assert!(codes.len() > 80 && twice.is_empty(), "{twice:?}");
}
