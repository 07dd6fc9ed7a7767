//! The service as people use it: the door, the desk, a unit's whole way, and what strangers may see.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::run::{demo, manifest};
use crate::service::{ADMIN, Browser, CAMPAIGN, NOW, PASSWORD, Service, demo_files, encoded};
use crate::tools;

/// The unit of the demo's submission.
fn demo_unit() -> String {
    manifest(&demo().join("out/paper"))["unit"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// A service with the demo's unit on its roster, and the secretary's browser.
pub(crate) fn with_secretary(name: &str) -> (Service, Browser, Browser) {
    static LEFT: Left = Left::new();
    let left = LEFT.get_or_init(|| leave(entered("service-secretary")));
    started(left, name)
}

/// The same with the demo handed in.
pub(crate) fn handed_in(name: &str) -> (Service, Browser, Browser) {
    static LEFT: Left = Left::new();
    let left = LEFT.get_or_init(|| {
        let (service, admin, mut secretary) = with_secretary("service-handed-in");
        hand_in(&mut secretary);
        leave((service, admin, secretary))
    });
    started(left, name)
}

/// What a service left, of which each test gets a copy: its folder, an administrator and a secretary.
type Left = OnceLock<(PathBuf, Browser, Browser)>;

fn leave(
    (mut service, admin, secretary): (Service, Browser, Browser),
) -> (PathBuf, Browser, Browser) {
    assert!(service.end().success());
    (service.dir.clone(), admin, secretary)
}

fn started(
    (left, admin, secretary): &(PathBuf, Browser, Browser),
    name: &str,
) -> (Service, Browser, Browser) {
    let service = Service::start_from(left, name);
    let (admin, secretary) = (admin.at(&service), secretary.at(&service));
    (service, admin, secretary)
}

fn entered(name: &str) -> (Service, Browser, Browser) {
    let (service, mut admin) = Service::settled(name);
    admin.get("/admin/units");
    let list = format!(
        "单位名称,推荐渠道\n{}\n石家庄市示例协会，市科协\n",
        demo_unit()
    );
    let done = admin.post("/admin/units", &[("list", &list)]);
    assert!(done.text.contains("新增 2 个单位"), "{}", done.text);
    let secretary = service.member(&mut admin, "填报员乙", "unit", &demo_unit());
    (service, admin, secretary)
}

/// Hands the demo in through the pages.
pub(crate) fn hand_in(secretary: &mut Browser) {
    secretary.get("/own");
    let files = demo_files(&demo().join("out/submission"));
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(n, b)| (n.as_str(), b.as_slice()))
        .collect();
    let done = secretary.upload("/own/files", &files);
    assert_eq!(
        (done.status, done.location.as_str()),
        (303, "/own/check"),
        "{}",
        done.text
    );
    secretary.get("/own/preview");
    let done = secretary.post("/own/submit", &[]);
    assert_eq!(done.status, 200, "{}", done.text);
    assert!(done.text.contains("版本1"), "{}", done.text);
}

/// The marks of a unit's paper that the service made: digits, copy, page.
pub(crate) fn marks(service: &Service) -> Vec<serde_json::Value> {
    let manifest = manifest(&service.dir.join("data/units/1/paper"));
    let files = manifest["files"].as_array().unwrap();
    let all = files.iter().find(|f| f["form"] == "print").unwrap();
    all["marks"].as_array().unwrap().clone()
}

fn scan(browser: &mut Browser, id: &str, text: &str) -> serde_json::Value {
    scan_held(browser, id, text, "")
}

fn scan_held(browser: &mut Browser, id: &str, text: &str, held: &str) -> serde_json::Value {
    let answer = browser.post("/desk/scan", &[("id", id), ("text", text), ("held", held)]);
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

#[test]
fn the_first_administrator_comes_by_a_link_that_works_once() {
    let service = Service::start("web-setup");
    let mut stranger = service.browser();
    assert_eq!(stranger.get("/").location, "/login");
    assert_eq!(stranger.get("/setup/guessed").status, 404);
    assert_eq!(stranger.get(&service.invitation).status, 200);
    let weak = [("name", ADMIN), ("password", "short"), ("again", "short")];
    let refused = stranger.post(&service.invitation, &weak);
    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains("密码至少 10 个字符"),
        "{}",
        refused.text
    );
    let good = [("name", ADMIN), ("password", PASSWORD), ("again", PASSWORD)];
    assert_eq!(stranger.post(&service.invitation, &good).status, 303);
    assert_eq!(stranger.post(&service.invitation, &good).status, 422);
    assert_eq!(stranger.get(&service.invitation).status, 404);
    let mut admin = service.logged_in(ADMIN, PASSWORD);
    assert_eq!(admin.get("/").location, "/board");
    assert!(
        admin
            .get("/admin/log")
            .text
            .contains("经一次性链接建立管理员")
    );
}

#[test]
fn five_wrong_passwords_lock_the_account_and_names_are_not_told() {
    let (service, _) = Service::settled("web-lock");
    let mut stranger = service.browser();
    let unknown = stranger.post("/login", &[("name", "没有此人"), ("password", PASSWORD)]);
    let words = "账号、密码或动态码不对";
    assert_eq!(unknown.status, 422);
    assert!(unknown.text.contains(words));
    for _ in 0..5 {
        let wrong = stranger.post(
            "/login",
            &[("name", ADMIN), ("password", "wrong password 1")],
        );
        assert!(wrong.text.contains(words), "{}", wrong.text);
    }
    let locked = stranger.post("/login", &[("name", ADMIN), ("password", PASSWORD)]);
    assert!(
        locked.text.contains("试得太多，请 15 分钟后再试"),
        "{}",
        locked.text
    );
}

#[test]
fn a_form_without_its_token_or_from_elsewhere_is_refused() {
    let (_service, mut admin) = Service::settled("web-csrf");
    admin.get("/admin/units");
    let good = admin.csrf.clone();
    admin.csrf = "0".repeat(good.len());
    assert_eq!(
        admin.post("/admin/units", &[("list", "某单位")]).status,
        403
    );
    let body = format!("list=x&csrf={good}").into_bytes();
    let kind = "application/x-www-form-urlencoded";
    for headers in [
        [("origin", "http://evil.example")],
        [("sec-fetch-site", "cross-site")],
    ] {
        let answer = admin.send("/admin/units", kind, body.clone(), &headers);
        assert_eq!(answer.status, 403, "{headers:?}");
    }
    let answer = admin.send(
        "/admin/units",
        kind,
        body,
        &[("sec-fetch-site", "same-origin")],
    );
    assert_eq!(answer.status, 200);
}

#[test]
fn every_answer_carries_the_headers_that_keep_others_out() {
    let (_service, mut admin) = Service::settled("web-headers");
    for path in [
        "/login",
        "/board",
        "/nowhere",
        "/assets/app.css",
        "/healthz",
    ] {
        let answer = admin.get(path);
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(!answer.header("cache-control").is_empty(), "{path}");
    }
}

#[test]
fn a_secretary_hands_in_and_the_desk_says_what_each_sheet_is() {
    let (service, mut admin, mut secretary) = with_secretary("web-way");
    assert_eq!(secretary.get("/").location, "/own");
    let book = secretary.get("/own/workbook.xlsx");
    assert!(book.bytes.starts_with(b"PK"));
    hand_in(&mut secretary);
    let preview = secretary.get("/own/preview.pdf");
    assert!(preview.bytes.starts_with(b"%PDF"));
    let page = secretary.get("/own/preview");
    // label, checklist, report 4, summary, status, one original of 8 sides for each of three, five papers around them, two envelopes
    let pages = page.text.matches("<img ").count();
    assert_eq!(pages, 39);
    for number in [1, pages] {
        let picture = secretary.get(&format!("/own/preview/{number}"));
        assert!(picture.bytes.starts_with(b"\x89PNG"), "{number}");
    }
    let behind = secretary.get(&format!("/own/preview/{}", pages + 1));
    assert_eq!(behind.status, 404);
    let progress = secretary.get("/own/progress");
    assert_eq!(progress.kind, "text/event-stream");
    assert_eq!(progress.text, "event: done\ndata: 办完\n\n");
    let paper = secretary.get("/own/paper");
    assert!(paper.text.contains("全部打印.pdf"), "{}", paper.text);
    let at = paper.text.find("全部打印.pdf").unwrap();
    let link = paper.text[..at].rfind("href=\"").unwrap() + 6;
    let link = &paper.text[link..link + paper.text[link..].find('"').unwrap()];
    assert!(secretary.get(link).bytes.starts_with(b"%PDF"));

    let mut clerk = service.member(&mut admin, "收件员丙", "clerk", "");
    clerk.get("/desk");
    let marks = marks(&service);
    let digits = marks[0]["digits"].as_str().unwrap();
    let reply = scan(&mut clerk, "a-1", digits);
    assert_eq!(reply["answers"][0]["verdict"], "match", "{reply}");
    assert_eq!(reply["answers"][0]["light"], "green");
    assert_eq!(reply["answers"][0]["unit"], demo_unit());
    // the same scan sent again is the same scan; another scan of the sheet is a duplicate
    let again = scan(&mut clerk, "a-1", digits);
    assert_eq!(again["answers"][0]["verdict"], "match", "{again}");
    let twice = scan(&mut clerk, "a-2", digits);
    assert_eq!(twice["answers"][0]["verdict"], "again", "{twice}");
    assert_eq!(twice["answers"][0]["light"], "amber");
    // full-width digits of another sheet
    let wide: String = marks[1]["digits"]
        .as_str()
        .unwrap()
        .chars()
        .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
        .collect();
    assert_eq!(
        scan(&mut clerk, "a-3", &wide)["answers"][0]["verdict"],
        "match"
    );
    // a mark in two pieces
    let whole = marks[2]["digits"].as_str().unwrap();
    let first = scan(&mut clerk, "a-4", &whole[..100]);
    assert_eq!(first["answers"].as_array().unwrap().len(), 0);
    assert_eq!(first["waiting"], 135);
    let held = first["held"].as_str().unwrap();
    let second = scan_held(&mut clerk, "a-5", &whole[100..], held);
    assert_eq!(second["answers"][0]["verdict"], "match", "{second}");
    // a code that a hand types
    let human = marks[3]["human"].as_str().unwrap();
    assert_eq!(
        scan(&mut clerk, "a-6", human)["answers"][0]["verdict"],
        "match"
    );
    assert_eq!(
        scan(&mut clerk, "a-7", "hello")["answers"][0]["verdict"],
        "unreadable"
    );

    // undone, it was never here
    let undone = clerk.post(
        "/desk/undo",
        &[("id", "a-3"), ("text", &wide), ("held", "")],
    );
    assert_eq!(undone.json()["done"], true, "{}", undone.text);
    assert_eq!(
        scan(&mut clerk, "a-8", &wide)["answers"][0]["verdict"],
        "match"
    );
    let nothing = clerk.post(
        "/desk/undo",
        &[("id", "zz"), ("text", digits), ("held", "")],
    );
    assert_eq!(nothing.json()["done"], false);

    let board = clerk.get("/board");
    assert!(
        board.text.contains(&demo_unit()) && board.text.contains("石家庄市示例协会"),
        "{}",
        board.text
    );
    let found = clerk.get("/board?q=sjzssl");
    assert!(found.text.contains("石家庄市示例协会") && !found.text.contains(&demo_unit()));
    let link = format!("/board/{CAMPAIGN}/{}", encoded(&demo_unit()));
    let unit = clerk.get(&link);
    assert!(
        unit.text
            .contains("class=\"green\"><span aria-hidden=\"true\">✔"),
        "{}",
        unit.text
    );
    assert!(
        clerk
            .get(&format!("{link}/slip.pdf"))
            .bytes
            .starts_with(b"%PDF")
    );
    let list = clerk.get("/board.xlsx");
    let path = service.dir.join("board.xlsx");
    std::fs::write(&path, &list.bytes).unwrap();
    let script = "import sys,openpyxl;s=openpyxl.load_workbook(sys.argv[1]).active;print([c.value for c in s[4]],[c.value for c in s[5]])";
    if let Some(said) = tools::says("/usr/bin/python3", &["-c", script, path.to_str().unwrap()]) {
        assert!(
            said.contains(&demo_unit()) && said.contains("石家庄市示例协会"),
            "{said}"
        );
    }
    assert!(secretary.get("/own/receipt").text.contains("✔"));
}

#[test]
fn a_correction_is_a_new_version_and_the_old_sheets_are_stale() {
    let (service, mut admin, mut secretary) = handed_in("web-correct");
    let old = marks(&service);
    let book = service.dir.join("data/units/1/submission");
    let report = crate::run::files(&book)
        .into_keys()
        .find(|f| f.starts_with("report/"))
        .expect("the demo has a report");
    let name = report.rsplit('/').next().unwrap();
    secretary.get("/own");
    let text = "推荐工作情况报告\n我单位认真组织了推荐工作。\n现将有关情况报告如下。\n".repeat(3);
    secretary.upload("/own/files", &[(name, text.as_bytes())]);
    secretary.get("/own/preview");
    let done = secretary.post("/own/submit", &[]);
    assert!(
        done.text.contains("已变为版本2") && done.text.contains("重新打印"),
        "{}",
        done.text
    );
    let stale = old.iter().find(|m| {
        m["version"] == 1 && {
            let record = &m["record"];
            marks(&service)
                .iter()
                .any(|n| n["record"] == *record && n["version"] == 2)
        }
    });
    let digits = stale.unwrap()["digits"].as_str().unwrap();
    let mut clerk = service.member(&mut admin, "收件员丙", "clerk", "");
    clerk.get("/desk");
    let reply = scan(&mut clerk, "b-1", digits);
    assert_eq!(reply["answers"][0]["verdict"], "stale", "{reply}");
    assert_eq!(reply["answers"][0]["light"], "red");

    // the public page says the same, and nothing of the person
    let mut anyone = service.browser();
    let page = anyone.get(&format!("/v/{digits}"));
    assert!(page.text.contains("版本过期"), "{}", page.text);
    assert!(!page.text.contains(&demo_unit()), "{}", page.text);
    let current = marks(&service);
    let page = anyone.get(&format!("/v/{}", current[0]["digits"].as_str().unwrap()));
    assert!(
        page.text.contains("有效") && page.text.contains("不证明纸面内容"),
        "{}",
        page.text
    );
    assert!(anyone.get("/v/871123").text.contains("查无此标记"));
    assert!(
        anyone
            .get(&format!("/v/871{}", "1".repeat(232)))
            .text
            .contains("查无此标记")
    );
}

#[test]
fn what_was_received_cannot_be_withdrawn_and_what_was_voided_is_printed_anew() {
    let (service, mut admin, mut secretary) = handed_in("web-void");
    let first = marks(&service);
    let record = first[0]["record"].as_str().unwrap();
    secretary.get("/own/paper");
    let none = secretary.post("/own/void", &[("record", record), ("reason", " ")]);
    assert!(none.text.contains("请写明作废的原因"), "{}", none.text);
    let done = secretary.post("/own/void", &[("record", record), ("reason", "印章盖错")]);
    assert_eq!(done.status, 303, "{}", done.text);
    let second = marks(&service);
    assert_ne!(first[0]["digits"], second[0]["digits"]);
    let mut clerk = service.member(&mut admin, "收件员丙", "clerk", "");
    clerk.get("/desk");
    let reply = scan(&mut clerk, "c-1", first[0]["digits"].as_str().unwrap());
    assert_eq!(reply["answers"][0]["verdict"], "void", "{reply}");
    let reply = scan(&mut clerk, "c-2", second[0]["digits"].as_str().unwrap());
    assert_eq!(reply["answers"][0]["verdict"], "match", "{reply}");
    secretary.get("/own/paper");
    let refused = secretary.post("/own/withdraw", &[]);
    assert!(refused.text.contains("不能撤回"), "{}", refused.text);
}

#[test]
fn faults_are_told_in_the_words_of_check_and_nothing_is_handed_in() {
    let (service, _admin, mut secretary) = with_secretary("web-faults");
    secretary.get("/own");
    // most columns of the candidates' sheet, so that it is taken for one
    let csv = "姓名,性别,出生年月,民族,籍贯,政治面貌,学历,学位,毕业院校及专业,专业技术职务,行政职务,学科、专业领域,人选类别,\
               工作单位,单位性质,通讯地址,邮政编码,办公电话,手机,电子邮箱,证件类型,证件号码\n\
               赵一,男,1990.13,汉族,河北示例,群众,大学本科,学士,示例大学,工程师,无,工学,面向经济主战场,\
               示例公司,企业,示例市,05000,1,2,3,居民身份证,110101199003074518\n";
    let done = secretary.upload("/own/files", &[("人选.csv", csv.as_bytes())]);
    assert_eq!(done.status, 303, "{}", done.text);
    let page = secretary.get("/own/check");
    assert!(page.text.contains("个错误"), "{}", page.text);
    let folder = service.dir.join("data/units/1/submission");
    let said = crate::run::sanlian(&["check", folder.to_str().unwrap(), "--json", "--now", NOW]);
    let report: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.len() > 3);
    for finding in findings {
        let message = finding["message"].as_str().unwrap();
        let escaped = message
            .replace('<', "&#60;")
            .replace('>', "&#62;")
            .replace('"', "&#34;");
        assert!(page.text.contains(&escaped), "{message} is not on the page");
    }
    let refused = secretary.post("/own/submit", &[]);
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(!service.dir.join("data/units/1/paper").exists());
    // files that are none of ours are refused with a reason, by name
    secretary.get("/own");
    for (name, word) in [
        ("旧.xls", "旧格式"),
        ("a.exe", "只收工作簿"),
        ("..\\..\\x.lnk", "只收工作簿"),
    ] {
        let refused = secretary.upload("/own/files", &[(name, b"x")]);
        assert!(
            refused.status == 400 && refused.text.contains(word),
            "{name}: {}",
            refused.text
        );
    }
    let odd = secretary.upload("/own/files", &[("../../../escape.jpg", b"x")]);
    assert_eq!(odd.status, 303);
    assert!(
        service
            .dir
            .join("data/units/1/submission/photos/escape.jpg")
            .exists()
    );
    assert!(!service.dir.join("data/escape.jpg").exists());
}

#[test]
fn scanned_files_are_read_page_by_page_and_the_unread_wait_for_a_person() {
    let (service, mut admin, _) = handed_in("web-scans");
    let pdf = std::fs::read(service.dir.join("data/units/1/paper/推荐工作情况报告.pdf")).unwrap();
    let path = service.dir.join("report.pdf");
    std::fs::write(&path, pdf).unwrap();
    let picture = service.dir.join("page");
    let args = [
        "-r",
        "150",
        "-png",
        "-f",
        "1",
        "-l",
        "1",
        path.to_str().unwrap(),
        picture.to_str().unwrap(),
    ];
    if tools::says("pdftoppm", &args).is_none() {
        return;
    }
    let png = std::fs::read_dir(&service.dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.extension().is_some_and(|e| e == "png"))
        .unwrap();
    let png = std::fs::read(png).unwrap();
    let cat = std::fs::read(
        demo()
            .join("out/submission/photos")
            .read_dir()
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path(),
    )
    .unwrap();
    admin.get("/scans");
    let done = admin.upload(
        "/scans",
        &[("scan.png", &png), ("猫.jpg", &cat), ("空.pdf", b"")],
    );
    assert_eq!(done.status, 303, "{}", done.text);
    let mut page = admin.get(&done.location);
    for _ in 0..3000 {
        if page.text.contains("识别完毕") || page.text.contains("没有识别完") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
        page = admin.get(&done.location);
    }
    assert!(page.text.contains("识别完毕"), "{}", page.text);
    assert!(page.text.contains("✔ 标记相符"), "{}", page.text);
    assert!(page.text.contains("无法识别"), "{}", page.text);
    assert!(page.text.contains("读不了"), "{}", page.text);
    let tray = admin.get("/scans");
    assert!(tray.text.contains("待处理（1）"), "{}", tray.text);
    let at = tray.text.find("/tray/").unwrap();
    let number: String = tray.text[at + 6..]
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let shown = admin.get(&format!("/tray/{number}/picture"));
    assert_eq!(shown.kind, "image/png");
    admin.get("/scans");
    let wrong = admin.post(&format!("/tray/{number}"), &[("code", "not a code")]);
    assert_eq!(wrong.status, 422);
    let second = marks(&service)[1]["human"].as_str().unwrap().to_owned();
    let settled = admin.post(&format!("/tray/{number}"), &[("code", &second)]);
    assert_eq!(settled.status, 303, "{}", settled.text);
    assert!(admin.get("/scans").text.contains("待处理（0）"));
    // a frame of a camera is read by the same eyes
    let csrf = admin.csrf.clone();
    let frame = admin.send("/scans/frame", "image/jpeg", png, &[("x-csrf", &csrf)]);
    assert_eq!(
        frame.json()["digits"].as_array().unwrap().len(),
        1,
        "{}",
        frame.text
    );
}

#[test]
fn killed_and_started_again_the_service_knows_what_it_answered() {
    let (mut service, mut admin, _) = handed_in("web-killed");
    admin.get("/desk");
    let digits = marks(&service)[0]["digits"].as_str().unwrap().to_owned();
    assert_eq!(
        scan(&mut admin, "k-1", &digits)["answers"][0]["verdict"],
        "match"
    );
    service.kill();
    let mut again = Service::start_in(service.dir.clone(), &["--now", NOW]);
    let mut browser = Browser::of(&again.base);
    browser.cookie = admin.cookie.clone();
    assert_eq!(
        browser.get("/desk").status,
        200,
        "the session outlives the service"
    );
    assert_eq!(
        scan(&mut browser, "k-1", &digits)["answers"][0]["verdict"],
        "match"
    );
    assert_eq!(
        scan(&mut browser, "k-2", &digits)["answers"][0]["verdict"],
        "again"
    );
    assert!(again.end().success());
}

#[test]
fn it_tells_whether_it_lives_and_counts_without_names() {
    let (service, mut admin, _) = handed_in("web-health");
    admin.get("/desk");
    let digits = marks(&service)[0]["digits"].as_str().unwrap().to_owned();
    scan(&mut admin, "m-1", &digits);
    let mut anyone = service.browser();
    assert_eq!(anyone.get("/healthz").text, "ok\n");
    assert_eq!(anyone.get("/readyz").text, "ready\n");
    anyone.get(&format!("/v/{digits}"));
    let metrics = anyone.get("/metrics").text;
    assert!(
        metrics.contains("sanlian_verdicts_total{verdict=\"match\"} 1"),
        "{metrics}"
    );
    assert!(
        metrics.contains("route=\"/desk/scan\",status=\"200\""),
        "{metrics}"
    );
    assert!(!metrics.contains(&digits[..20]) && !metrics.contains(&demo_unit()));
    let log = service.log.lock().unwrap().clone();
    assert!(!log.contains(&digits[..20]), "{log}");
}
