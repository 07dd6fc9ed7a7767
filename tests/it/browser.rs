//! The pages in a real browser: both ways by the keyboard alone, scanners of every habit, a network that drops, a camera, a phone.

use serde_json::json;

use crate::run::{demo, manifest};
use crate::service::{Browser, PASSWORD, Service, demo_files};
use crate::tools;
use crate::webdriver::{ENTER, SPACE, TAB, Window};

fn demo_unit() -> String {
    manifest(&demo().join("out/paper"))["unit"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn with_unit(name: &str) -> (Service, Browser) {
    let (service, mut admin) = Service::settled(name);
    admin.get("/admin/units");
    let list = format!("{}，市科协\n", demo_unit());
    assert_eq!(admin.post("/admin/units", &[("list", &list)]).status, 200);
    (service, admin)
}

/// The demo handed in by its secretary; digits of the paper's marks.
fn handed_in(name: &str) -> (Service, Browser, Vec<String>) {
    let (service, mut admin, _) = crate::web::handed_in(name);
    admin.get("/admin/accounts");
    let digits = |m: &serde_json::Value| m["digits"].as_str().unwrap().to_owned();
    let digits = crate::web::marks(&service).iter().map(digits).collect();
    (service, admin, digits)
}

/// Logs in by the keyboard alone.
fn log_in(window: &Window, name: &str, password: &str) {
    window.go("/login");
    let ready = "return document.activeElement.name === 'name'";
    window.waits("the field for the name", || {
        window.run(ready) == json!(true)
    });
    window.keys(name);
    window.tab_to("e.name === 'password'");
    window.keys(&format!("{password}{ENTER}"));
    window.waits("the page behind the door", || window.path() != "/login");
}

fn quiet(window: &Window) {
    let said = window.console();
    assert!(said.is_empty(), "{said:?}");
}

#[test]
fn a_secretary_goes_the_whole_way_by_keyboard() {
    let (service, mut admin) = with_unit("browser-own");
    let Some(window) = Window::open(&service.dir, &service.base, &[]) else {
        return;
    };
    // the first password is given on paper
    let page = admin.get("/admin/accounts");
    let end = page
        .text
        .find(&format!("\">{}</option>", demo_unit()))
        .unwrap();
    let start = page.text[..end].rfind("value=\"").unwrap() + 7;
    let unit = page.text[start..end].to_owned();
    let opened = admin.post(
        "/admin/accounts",
        &[("name", "填报员乙"), ("role", "unit"), ("unit", &unit)],
    );
    let first = opened.between("<code class=\"secret\">", "</code>");
    log_in(&window, "填报员乙", &first);
    window.sees("请设置自己的密码");
    window.keys(&first);
    window.tab_to("e.name === 'password'");
    window.keys(PASSWORD);
    window.tab_to("e.name === 'again'");
    window.keys(&format!("{PASSWORD}{ENTER}"));
    window.waits("填报", || window.path() == "/own");
    // a person chooses the files in a window of the system
    let from = service.dir.join("files");
    std::fs::create_dir_all(&from).unwrap();
    let paths: Vec<String> = demo_files(&demo().join("out/submission"))
        .into_iter()
        .map(|(name, bytes)| {
            std::fs::write(from.join(&name), bytes).unwrap();
            from.join(name).to_str().unwrap().to_owned()
        })
        .collect();
    window.files("#files", &paths);
    window.tab_to("e.textContent === '上传并校验'");
    window.keys(ENTER);
    window.waits("校验", || window.path() == "/own/check");
    window.sees("没有错误");
    window.tab_to("e.textContent === '去预览并提交'");
    window.keys(ENTER);
    window.waits("预览", || window.path() == "/own/preview");
    window.tab_to("e.className === 'main'");
    window.keys(ENTER);
    window.sees("已定版");
    window.tab_to("e.textContent === '去打印'");
    window.keys(ENTER);
    window.sees("全部打印.pdf");
    window.tab_to("e.textContent === '回执'");
    window.keys(ENTER);
    window.waits("回执", || window.path() == "/own/receipt");
    window.sees("第1份未到");
    quiet(&window);
}

#[test]
fn a_clerk_scans_with_scanners_of_every_habit() {
    let (service, mut admin, digits) = handed_in("browser-desk");
    let mut clerk = service.member(&mut admin, "收件员丙", "clerk", "");
    clerk.get("/desk");
    let Some(window) = Window::open(&service.dir, &service.base, &[]) else {
        return;
    };
    log_in(&window, "收件员丙", PASSWORD);
    window.waits("the desk", || window.path() == "/desk");
    window.keys(&format!("{}{ENTER}", digits[0]));
    window.sees("✔ 标记相符");
    window.keys(&format!("{}{ENTER}", digits[0]));
    window.sees("！ 重复");
    // full-width digits, Tab behind them
    let wide: String = digits[1]
        .chars()
        .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
        .collect();
    window.keys(&format!("{wide}{TAB}"));
    window.sees("共 3 页：标记相符 2，重复 1。");
    // a Chinese input method holds the digits in a composition, and Enter ends it
    let length = digits[2].len();
    window.devtools(
        "Input.imeSetComposition",
        json!({"text": digits[2], "selectionStart": length, "selectionEnd": length}),
    );
    window.devtools("Input.insertText", json!({"text": digits[2]}));
    window.keys(ENTER);
    window.sees("标记相符 3");
    // in two pieces
    window.keys(&format!("{}{ENTER}", &digits[3][..90]));
    window.sees("还差 145 位");
    window.keys(&format!("{}{ENTER}", &digits[3][90..]));
    window.sees("标记相符 4");
    // the focus was elsewhere: the first keys bring it back
    window.run("document.activeElement.blur()");
    window.keys(&format!("{}{ENTER}", digits[4]));
    window.sees("标记相符 5");
    // undone and scanned again
    window.control("z");
    window.sees("已撤销");
    window.keys(&format!("{}{ENTER}", digits[4]));
    window.sees("标记相符 6");
    // a scanner on trial registers nothing
    window.tab_to("e.id === 'test'");
    window.keys(SPACE);
    window.sees("自检：请用扫码枪");
    window.keys(&format!("{}{ENTER}", digits[5]));
    window.sees("扫码枪正常");
    window.sees("标记相符 6");
    window.keys(&format!("nonsense{ENTER}"));
    window.sees("无法识别");
    quiet(&window);
}

#[test]
fn scans_wait_while_the_network_is_gone() {
    let (service, mut admin, digits) = handed_in("browser-offline");
    let _clerk = service.member(&mut admin, "收件员丙", "clerk", "");
    let Some(window) = Window::open(&service.dir, &service.base, &[]) else {
        return;
    };
    log_in(&window, "收件员丙", PASSWORD);
    window.keys(&format!("{}{ENTER}", digits[0]));
    window.sees("标记相符 1");
    let network = |offline: bool| {
        let params = json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        window.devtools("Network.enable", json!({}));
        window.devtools("Network.emulateNetworkConditions", params);
    };
    network(true);
    for one in &digits[1..4] {
        window.keys(&format!("{one}{ENTER}"));
    }
    window.sees("待登记 3 页");
    network(false);
    window.sees("共 4 页：标记相符 4。");
    let boards = admin.get("/api/v1/boards").json();
    let unit = demo_unit();
    let mut boards = boards.as_array().unwrap().iter();
    let board = boards.find(|b| b["unit"] == unit).unwrap();
    let cells = board["records"].as_array().unwrap().iter();
    let cells = cells.flat_map(|r| {
        r["matrix"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|c| c.as_array().unwrap())
    });
    let times: Vec<u64> = cells
        .filter(|c| c["state"] != "missing")
        .map(|c| c["times"].as_u64().unwrap())
        .collect();
    assert_eq!(times, [1, 1, 1, 1], "nothing lost, nothing doubled");
}

#[test]
fn a_camera_on_the_page_reads_a_sheet() {
    let (service, mut admin, _) = handed_in("browser-camera");
    let _clerk = service.member(&mut admin, "收件员丙", "clerk", "");
    let pdf = service.dir.join("data/units/1/paper/推荐工作情况报告.pdf");
    let page = service.dir.join("page");
    let args = [
        "-r",
        "150",
        "-png",
        "-singlefile",
        "-x",
        "700",
        "-y",
        "0",
        "-W",
        "540",
        "-H",
        "405",
        pdf.to_str().unwrap(),
        page.to_str().unwrap(),
    ];
    if tools::says("pdftoppm", &args).is_none() {
        return;
    }
    let (png, film) = (page.with_extension("png"), service.dir.join("film.mjpeg"));
    let script = "import sys,PIL.Image as I,io\nim=I.open(sys.argv[1]).convert('RGB').resize((1280,960))\nb=io.BytesIO();im.save(b,'JPEG',quality=90)\nopen(sys.argv[2],'wb').write(b.getvalue()*10)";
    let args = ["-c", script, png.to_str().unwrap(), film.to_str().unwrap()];
    if tools::says("/usr/bin/python3", &args).is_none() {
        return;
    }
    let film = format!("--use-file-for-fake-video-capture={}", film.display());
    let more = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        &film,
    ];
    let Some(window) = Window::open(&service.dir, &service.base, &more) else {
        return;
    };
    log_in(&window, "收件员丙", PASSWORD);
    window.waits("the desk", || window.path() == "/desk");
    window.click("#camera");
    window.sees("✔ 标记相符");
    window.sees("推荐工作情况报告");
    window.click("#camera");
}

#[test]
fn every_page_fits_a_phone_and_a_window_at_twice_the_size() {
    let (service, mut admin, _) = handed_in("browser-phone");
    let Some(window) = Window::open(&service.dir, &service.base, &[]) else {
        return;
    };
    let fits = |paths: &[&str]| {
        for (width, height, scale) in [(390, 844, 3), (640, 450, 2)] {
            let params = json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": scale == 3});
            window.devtools("Emulation.setDeviceMetricsOverride", params);
            for path in paths {
                window.go(path);
                let over = window.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
                assert!(
                    over.as_i64().unwrap() <= 0,
                    "{path} is {over} pixels too wide at {width}"
                );
                // everything that can be operated has a name that can be read out
                let nameless = window.run(
                    "return [...document.querySelectorAll('a,button,input:not([type=hidden]),select,textarea')].filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || (e.labels && e.labels.length))).map(e => e.outerHTML)",
                );
                assert_eq!(nameless, json!([]), "{path}");
                let faults = window.faults_of_access();
                assert!(faults.is_empty(), "{path}: {faults:#?}");
                let name = path.trim_start_matches('/').replace(['/', '%'], "-");
                let name = name.chars().take(40).collect::<String>();
                window.keep(&service.dir.join(format!("look/{width}/{name}.png")));
            }
        }
    };
    fits(&["/login"]);
    log_in(&window, crate::service::ADMIN, PASSWORD);
    // with a symbol to be scanned by a telephone
    admin.get("/second");
    let begun = admin.post("/second/begin", &[("password", PASSWORD)]);
    assert_eq!(begun.status, 200, "{}", begun.text);
    admin.get("/admin/blanks");
    let blank =
        crate::fill_joined::form(&[&["姓名", "", "性别", ""], &["入场顺序", "", "配偶姓名", ""]]);
    let taken = admin.upload("/admin/blanks/upload", &[("推荐表.docx", &blank)]);
    assert_eq!(taken.location, "/admin/blanks/1", "{}", taken.text);
    admin.get("/admin/blanks/1");
    let given = admin.post("/admin/blanks/confirm", &[("no", "1")]);
    assert_eq!(given.status, 303, "{}", given.text);
    let unit = crate::service::encoded(&demo_unit());
    let board = format!("/board/hebei-zuimei-2021/{unit}");
    fits(&[
        "/desk",
        "/scans",
        "/board",
        &board,
        "/missing",
        "/find",
        "/admin/campaigns",
        "/admin/blanks",
        "/admin/blanks/1",
        "/admin/blanks/1/places/3",
        "/admin/units",
        "/admin/accounts",
        "/admin/notices",
        "/admin/trust",
        "/admin/backups",
        "/admin/retention",
        "/admin/log",
        "/password",
        "/tokens",
        "/second",
    ]);
    window.devtools("Network.clearBrowserCookies", json!({}));
    log_in(&window, "填报员乙", PASSWORD);
    fits(&[
        "/own",
        "/own/form",
        "/own/form/0",
        "/own/form/1",
        "/own/check",
        "/own/preview",
        "/own/paper",
        "/own/forms",
        "/own/forms/1",
        "/own/receipt",
        "/own/notices",
    ]);
    quiet(&window);
}

#[test]
fn without_scripts_the_pages_do_the_same() {
    let (service, mut admin, digits) = handed_in("browser-plain");
    let Some(window) = Window::open(
        &service.dir,
        &service.base,
        &["--blink-settings=scriptEnabled=false"],
    ) else {
        return;
    };
    // the driver's own scripts do not run either: what is asked is asked of the service
    let mut clerk = service.member(&mut admin, "收件员丙", "clerk", "");
    // when a field has the focus cannot be asked, so a page is given time, and again where a key came too early
    let pause = || std::thread::sleep(std::time::Duration::from_secs(2));
    for _ in 0..3 {
        window.go("/login");
        pause();
        window.keys("收件员丙");
        window.keys(TAB);
        window.keys(&format!("{PASSWORD}{ENTER}"));
        pause();
        window.go("/desk");
        if window.address().ends_with("/desk") {
            break;
        }
    }
    pause();
    window.keys(&format!("{}{ENTER}", digits[0]));
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !clerk
        .get("/metrics")
        .text
        .contains("sanlian_verdicts_total{verdict=\"match\"} 1")
    {
        assert!(std::time::Instant::now() < end, "the scan did not come");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}

#[test]
fn the_first_page_is_light() {
    let (_service, mut admin) = with_unit("browser-light");
    for (page, parts) in [
        ("/login", &["/assets/app.css"][..]),
        (
            "/desk",
            &["/assets/app.css", "/assets/desk.js", "/assets/camera.js"],
        ),
    ] {
        let mut weight = admin.get(page).bytes.len();
        weight += parts
            .iter()
            .map(|p| admin.get(p).bytes.len())
            .sum::<usize>();
        assert!(weight <= 100_000, "{page}: {weight} bytes");
    }
}
