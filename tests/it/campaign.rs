//! Campaigns as data: the built-in ones load, and every fault in a template has its finding, file and line.

use std::path::Path;

use sanlian::campaign::{Campaign, FormKind, Source, builtin, load};
use sanlian::finding::{Finding, Severity};

const HEBEI: &str = "hebei-zuimei-2021";

fn source(id: &str) -> Source {
    let mut sources = builtin().into_iter();
    sources.find(|s| s.id == id).expect("a built-in campaign")
}

fn campaign(id: &str) -> Campaign {
    load(&source(id)).0.expect("it loads")
}

fn text_of<'a>(source: &'a mut Source, file: &str) -> &'a mut String {
    let mut files = source.files.iter_mut();
    let found = files.find(|(path, _)| path == file);
    &mut found.unwrap_or_else(|| panic!("no file {file}")).1
}

fn shown(findings: &[Finding]) -> String {
    let lines: Vec<String> = findings
        .iter()
        .map(|f| format!("{} {} {} {}", f.code, f.place, f.message, f.hint))
        .collect();
    lines.join("\n")
}

#[test]
fn every_built_in_campaign_loads_without_a_finding() {
    let sources = builtin();
    let ids: Vec<&str> = sources.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, [HEBEI, "quanguo-zuimei-2022", "shili-jiaoshi-2024"]);
    for source in &sources {
        let (campaign, findings) = load(source);
        assert!(findings.is_empty(), "{}", shown(&findings));
        assert_eq!(campaign.expect("it loads").id, source.id);
    }
}

#[test]
fn a_file_in_another_code_than_utf_8_is_refused_with_its_line() {
    for file in ["forms/summary.toml", "campaign.toml", "words.txt"] {
        let mut source = source("hebei-zuimei-2021");
        if !source.files.iter().any(|(path, _)| path == file) {
            source.files.push((file.to_owned(), "一词\n".to_owned()));
        }
        let text = text_of(&mut source, file);
        let first = text.lines().next().unwrap().to_owned();
        // what an editor saved as GBK reads so
        *text = format!("{first}\n# \u{FFFD}\u{FFFD}\n{text}");
        let (campaign, findings) = load(&source);
        assert!(campaign.is_none(), "{file}");
        let told = shown(&findings);
        let of_it = findings.iter().find(|f| f.message.contains("不是 UTF-8"));
        let of_it = of_it.unwrap_or_else(|| panic!("{file}: {told}"));
        assert_eq!(of_it.place.cell.as_deref(), Some("行2"), "{told}");
        assert!(of_it.hint.contains("记事本"), "{told}");
        assert_eq!(findings.len(), 1, "{file}: {told}");
    }
}

#[test]
fn what_is_embedded_is_what_stands_in_the_folder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut on_disk = Vec::new();
    let mut todo = vec![root.clone()];
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else if path.parent() != Some(&root) {
                let name = path.strip_prefix(&root).unwrap();
                on_disk.push(name.to_str().unwrap().to_owned());
            }
        }
    }
    on_disk.sort();
    let mut embedded = Vec::new();
    for source in builtin() {
        for (path, text) in &source.files {
            let shared = path.starts_with("lists/");
            let name = if shared {
                path.clone()
            } else {
                format!("{}/{path}", source.id)
            };
            assert_eq!(&std::fs::read_to_string(root.join(&name)).unwrap(), text);
            embedded.push(name);
        }
    }
    embedded.sort();
    embedded.dedup();
    assert_eq!(embedded, on_disk, "touch src/campaign/builtin.rs");
}

#[test]
fn forms_stand_in_mailing_order_and_channels_say_which_they_hand_in() {
    let campaign = campaign(HEBEI);
    let kinds: Vec<FormKind> = campaign.forms.iter().map(|f| f.kind).collect();
    let papers = [1, 2, 3].map(FormKind::Paper);
    let [label, others @ ..] = FormKind::USUAL;
    let envelopes = [1, 2].map(FormKind::Envelope);
    let wanted: Vec<FormKind> = [label]
        .into_iter()
        .chain(papers)
        .chain(others)
        .chain(envelopes)
        .collect();
    assert_eq!(kinds, wanted);
    let quotas: Vec<(&str, usize)> = campaign
        .channels
        .iter()
        .map(|c| (c.kind.as_str(), c.quota))
        .collect();
    assert_eq!(
        quotas,
        [
            ("city", 3),
            ("society", 2),
            ("member", 2),
            ("defense_unit", 1),
            ("defense_office", 3),
            ("xiongan", 3)
        ]
    );
    // 「由省级学会、团体会员负责统一报送省科协」；「各市科协、各省级学会填报」开展情况表
    let status = |kind: &str| {
        let channel = campaign.channel(kind).expect("a channel");
        channel.forms.contains(&FormKind::Status)
    };
    assert!(status("city") && status("society"));
    assert!(!status("defense_office") && !status("defense_unit"));
}

#[test]
fn the_second_campaign_differs_in_copies_photos_order_and_forms() {
    let (one, two) = (campaign(HEBEI), campaign("quanguo-zuimei-2022"));
    let copies = |c: &Campaign| c.form(FormKind::Recommendation).map(|f| f.copies);
    assert_eq!((copies(&one), copies(&two)), (Some(3), Some(2)));
    assert!(two.form(FormKind::Status).is_none() && two.sheet("status").is_none());
    let keys = |c: &Campaign| -> Vec<String> {
        let sheet = c.candidate_sheet().expect("a sheet");
        sheet.fields.iter().map(|f| f.key.clone()).collect()
    };
    assert_ne!(keys(&one)[..5], keys(&two)[..5]);
    let most = |c: &Campaign| {
        c.rules
            .on("M3")
            .map(|(r, _)| (r.number("min", 0), r.number("max", 0)))
    };
    assert_eq!((most(&one), most(&two)), (Some((3, 5)), Some((2, 4))));
    assert!(one.deadline_inclusive && !two.deadline_inclusive);
}

#[test]
fn words_that_people_write_lead_to_the_printed_name() {
    let campaign = campaign(HEBEI);
    let name = |list: &str, word: &str| campaign.lists[list].name_of(word).map(str::to_owned);
    for (list, word, printed) in [
        ("ethnic", "汉", "汉族"),
        ("ethnic", "05", "维吾尔族"),
        ("sex", "男性", "男"),
        ("politics", "预备党员", "中共预备党员"),
        ("politics", "九三学社", "九三学社社员"),
        ("education", "本科", "大学本科"),
        ("education", "大专", "大学专科"),
        ("degree", "工学博士", "博士"),
        ("titles", "正高工", "正高级工程师"),
        ("ranks", "正厅级", "厅局级正职"),
        ("channels", "各市科协", "市科协"),
        ("channels", "city", "市科协"),
    ] {
        assert_eq!(name(list, word).as_deref(), Some(printed), "{list} {word}");
    }
    // 「Reject 党员/团员/无」
    for word in ["党员", "团员", "无", ""] {
        assert_eq!(name("politics", word), None, "{word}");
    }
    assert_eq!(name("education", "本科肄业"), None);
    assert_eq!(campaign.lists["ethnic"].items.len(), 58);
    assert_eq!(campaign.lists["disciplines"].items.len(), 62);
}

#[test]
fn a_channel_can_be_switched_off() {
    let mut source = source(HEBEI);
    let text = text_of(&mut source, "campaign.toml");
    *text = text.replace("enabled = true", "enabled = false");
    let (campaign, findings) = load(&source);
    assert!(findings.is_empty(), "{}", shown(&findings));
    let campaign = campaign.expect("it loads");
    assert!(campaign.channel("xiongan").is_none());
    assert_eq!(campaign.lists["channels"].name_of("雄安"), None);
}

#[test]
fn a_campaign_s_own_list_wins_over_the_shared_one() {
    let mut source = source(HEBEI);
    let text = text_of(&mut source, "lists.toml");
    text.push_str("[[list]]\nid = \"sex\"\nitems = [{ name = \"男\" }, { name = \"女\" }]\n");
    let (campaign, findings) = load(&source);
    assert!(findings.is_empty(), "{}", shown(&findings));
    assert_eq!(campaign.unwrap().lists["sex"].name_of("男性"), None);
}

#[test]
fn a_copied_campaign_with_another_year_prints_it_and_tells_what_still_names_the_old_one() {
    let mut source = source(HEBEI);
    let text = text_of(&mut source, CAMPAIGN);
    *text = text.replacen("year = 2021", "year = 2022", 1);
    let (campaign, findings) = load(&source);
    let campaign = campaign.expect("these are warnings");
    let told: Vec<(String, Severity)> = findings
        .iter()
        .map(|f| (f.message.clone(), f.severity))
        .collect();
    let title = "文字里写着2021年，活动却是2022年的".to_owned();
    let notice = "文字里写着2021，活动却是2022年的".to_owned();
    assert!(
        told.iter()
            .all(|(_, severity)| *severity == Severity::Warning)
    );
    let of_file = |file: &str| {
        let place = format!("{HEBEI}/{file}");
        let of = findings
            .iter()
            .filter(|f| f.place.file.as_ref() == Some(&place));
        of.map(|f| f.message.clone()).collect::<Vec<_>>()
    };
    let deadline = "报送期限在2021年，活动却是2022年的".to_owned();
    assert_eq!(of_file(CAMPAIGN), [title, notice, deadline]);
    // the dates and the report of the invented submission are last year's too
    let demo = of_file("demo.toml");
    assert!(
        demo.contains(&"文字里写着2021-05-28，活动却是2022年的".to_owned()),
        "{demo:?}"
    );
    assert_eq!(told.len(), 3 + demo.len(), "{told:?}");
    // the forms follow the year by themselves
    for form in &campaign.forms {
        assert!(!form.title.contains("2021"), "{}", form.title);
    }
    let text = text_of(&mut source, "forms/summary.toml");
    *text = text.replacen("text = \"{campaign.year}年", "text = \"2020年", 1);
    let (_, findings) = load(&source);
    let of_form = findings
        .iter()
        .find(|f| f.message.contains("2020年"))
        .unwrap();
    assert_eq!(of_form.place.cell.as_deref(), Some("行98列9"));
}

#[test]
fn a_notice_of_another_year_is_told_whichever_brackets_its_number_has() {
    for number in [
        "冀科协[2019]21号",
        "冀科协（2020）21号",
        "冀科协〔2015〕21号",
        "冀科协［2022］21号",
    ] {
        let mut source = source(HEBEI);
        let text = text_of(&mut source, CAMPAIGN);
        let line = text.lines().find(|l| l.starts_with("notice_no")).unwrap();
        *text = text.replacen(
            line.to_owned().as_str(),
            &format!("notice_no = \"{number}\""),
            1,
        );
        let (campaign, findings) = load(&source);
        assert!(campaign.is_some(), "{number}");
        let told: Vec<_> = findings
            .iter()
            .filter(|f| f.message.contains(number))
            .collect();
        assert_eq!(told.len(), 1, "{number}: {findings:?}");
        assert_eq!((told[0].code, told[0].severity), ("T2", Severity::Warning));
    }
}

const CAMPAIGN: &str = "campaign.toml";
const FIELDS: &str = "fields.toml";
const RULES: &str = "rules.toml";
const FORM: &str = "forms/recommendation.toml";

#[test]
fn every_fault_in_a_template_is_found_with_its_file_and_line() {
    let mut wrong = Vec::new();
    let lines = include_str!("campaign/faults.tsv").lines();
    let faults: Vec<Vec<&str>> = lines
        .filter(|l| !l.starts_with('#'))
        .map(|l| l.split('\t').collect())
        .collect();
    assert!(faults.len() > 90);
    for fault in faults {
        let [file, old, new, wanted] = fault[..4] else {
            panic!("four columns: {fault:?}");
        };
        let offset = fault.get(4).copied().unwrap_or("0");
        let (old, new) = (old.replace("\\n", "\n"), new.replace("\\n", "\n"));
        let mut source = source(HEBEI);
        let text = text_of(&mut source, file);
        let Some(at) = text.find(&old) else {
            wrong.push(format!("{file}: no {old}"));
            continue;
        };
        *text = text.replacen(&old, &new.replace('⟦', ""), 1);
        let marked = at + new.find('⟦').unwrap_or(0);
        let line = text[..marked].matches('\n').count() + 1;
        let (campaign, findings) = load(&source);
        let shared = file.starts_with("lists/");
        let path = if shared {
            file.to_owned()
        } else {
            format!("{HEBEI}/{file}")
        };
        let (code, words) = wanted.split_once(' ').unwrap_or((wanted, ""));
        let cell = match offset.parse::<isize>() {
            Ok(lines) => format!("行{}列", line.saturating_add_signed(lines)),
            Err(_) => "行".to_owned(),
        };
        let found = findings.iter().any(|f| {
            f.code == code
                && (f.message.contains(words) || f.hint.contains(words))
                && f.place.file.as_ref() == Some(&path)
                && f.place.cell.as_ref().is_some_and(|c| c.starts_with(&cell))
        });
        let sound = findings
            .iter()
            .all(|f| f.severity == Severity::Error && !f.hint.is_empty() && f.place.cell.is_some());
        let foreign = |f: &Finding| {
            ["expected", "invalid", "duplicate", "missing"]
                .iter()
                .any(|w| f.message.contains(w))
        };
        let sound = sound && !findings.iter().any(foreign);
        if campaign.is_some() || !found || !sound {
            let all = shown(&findings);
            wrong.push(format!(
                "{file}: {new}: wanted {wanted} {cell}, got\n{all}\n"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_rule_that_nothing_can_set_off_is_told() {
    for (file, old, new, code) in [
        (
            "fields.toml",
            "key = \"service_status\"",
            "key = \"service_state\"",
            "L1",
        ),
        (
            "fields.toml",
            "key = \"civil_servant\"",
            "key = \"official\"",
            "L2",
        ),
        ("fields.toml", "key = \"consent\"", "key = \"agrees\"", "S2"),
        (
            "fields.toml",
            "key = \"sealed\"",
            "key = \"stamped\"",
            "M12",
        ),
        (
            "campaign.toml",
            "quota_rule = \"Q4\"",
            "quota_rule = \"Q3\"",
            "Q4",
        ),
    ] {
        let mut source = source(HEBEI);
        let text = text_of(&mut source, file);
        assert!(text.contains(old), "{old}");
        *text = text.replace(old, new);
        let (_, findings) = load(&source);
        let told = findings.iter().find(|f| f.message.contains("不起作用"));
        let told = told.unwrap_or_else(|| panic!("{code}: {}", shown(&findings)));
        assert_eq!(told.severity, Severity::Warning);
        assert!(
            told.message.contains(&format!("“{code}”")),
            "{}",
            told.message
        );
        assert!(
            told.place.cell.is_some()
                && told.place.file.as_deref() == Some("hebei-zuimei-2021/rules.toml")
        );
        // switched off, it need not fire
        let rules = text_of(&mut source, "rules.toml");
        let of = format!("code = \"{code}\"\nseverity = \"error\"");
        if rules.contains(&of) {
            *rules = rules.replace(&of, &format!("code = \"{code}\"\nseverity = \"off\""));
            let (_, findings) = load(&source);
            assert!(
                findings.iter().all(|f| !f.message.contains("不起作用")),
                "{code}"
            );
        }
    }
}

#[test]
fn a_slip_is_answered_with_the_nearest_name() {
    for (file, old, new, hint) in [
        (
            FORM,
            "field = \"ethnic\"",
            "field = \"etnic\"",
            "是否想写“ethnic”",
        ),
        (RULES, "code = \"M10\"", "code = \"M29\"", "是否想写“M"),
        (
            FIELDS,
            "codes = \"degree\"",
            "codes = \"degre\"",
            "是否想写“degree”",
        ),
        (
            CAMPAIGN,
            "notice_no =",
            "notice_on =",
            "是否想写“notice_no”",
        ),
    ] {
        let mut source = source(HEBEI);
        let text = text_of(&mut source, file);
        *text = text.replacen(old, new, 1);
        let all = shown(&load(&source).1);
        assert!(all.contains(hint), "{all}");
    }
}

#[test]
fn two_faults_in_two_files_are_both_found() {
    let mut source = source(HEBEI);
    for (file, old, new) in [
        (FORM, "field = \"ethnic\"", "feild = \"ethnic\""),
        (FORM, "copies = 3", "copys = 3"),
        (RULES, "severity = \"error\"", "severity = \"eror\""),
        (FIELDS, "kind = \"month\"", "kind = \"mouth\""),
    ] {
        let text = text_of(&mut source, file);
        *text = text.replacen(old, new, 1);
    }
    let all = shown(&load(&source).1);
    for word in ["feild", "copys", "eror", "mouth"] {
        assert!(all.contains(word), "no {word} in\n{all}");
    }
}

#[test]
fn a_missing_file_is_named() {
    for file in [CAMPAIGN, FIELDS, RULES] {
        let mut source = source(HEBEI);
        source.files.retain(|(path, _)| path != file);
        let (campaign, findings) = load(&source);
        assert!(campaign.is_none());
        let first = findings.first().expect("a finding");
        assert!(first.message.contains(file), "{}", first.message);
    }
    let (campaign, findings) = load(&Source::default());
    assert!(campaign.is_none() && findings.len() == 3);
}

#[test]
fn a_template_cut_short_anywhere_is_refused_or_loaded_but_never_a_panic() {
    let whole = source(HEBEI);
    for n in 0..whole.files.len() {
        let (path, text) = &whole.files[n];
        if !path.ends_with(".toml") || path == "demo.toml" {
            continue;
        }
        let step = (text.len() / 23).max(1);
        for at in (0..text.len()).step_by(step) {
            let mut cut = whole.clone();
            let end = (at..=text.len())
                .find(|i| text.is_char_boundary(*i))
                .unwrap_or(text.len());
            cut.files[n].1.truncate(end);
            let (campaign, findings) = load(&cut);
            assert_eq!(
                campaign.is_none(),
                findings.iter().any(|f| f.severity == Severity::Error),
                "{path} at {end}"
            );
        }
    }
}

#[test]
fn hostile_texts_are_findings() {
    let deep = format!("x = {}", "[".repeat(50_000));
    let dotted = format!("{} = 1", ["a"; 5_000].join("."));
    let wide = format!("columns = [{}]", "9,".repeat(50_000));
    let huge = "[page]\ntop = 1e308\nleft = -1e308\nbottom = inf\nright = nan\n";
    for text in [
        deep.as_str(),
        &dotted,
        &wide,
        huge,
        "\0",
        "\u{feff}",
        "=",
        "[[block]]",
        "block = 3",
        "sheet = {}\nrule = 1\nlist = \"\"",
        "[[sheet]]\nfield = 3",
        "[[list]]\nitems = 3",
        "address = 1\nchannel = {}\nmaterial = [1, 2]",
    ] {
        for file in [CAMPAIGN, FIELDS, RULES, "lists.toml", FORM, "lists/gb.toml"] {
            let mut source = source(HEBEI);
            *text_of(&mut source, file) = text.to_owned();
            let (campaign, findings) = load(&source);
            assert!(
                campaign.is_none() && !findings.is_empty() || file == "lists.toml",
                "{file}: {text:.40}"
            );
        }
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_accepted() {
    let mut source = source(HEBEI);
    for (_, text) in &mut source.files {
        *text = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    }
    let (campaign, findings) = load(&source);
    assert!(campaign.is_some(), "{}", shown(&findings));
}
