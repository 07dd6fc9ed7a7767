//! A real browser, driven over WebDriver (W3C): Chromium with chromedriver, both of Debian.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long something on a page is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where `tests/run` puts axe-core.
fn axe() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/axe.min.js")
}

/// A browser that runs with its driver; both end with it, and with this program at the latest.
struct Chromium {
    driver: Child,
    agent: ureq::Agent,
    session: String,
}

/// Browsers without switches of their own that no test holds now: a test takes one, and gives it back when it is over.
static IDLE: Mutex<Vec<Chromium>> = Mutex::new(Vec::new());

/// A browser window.
pub(crate) struct Window {
    /// None when it is given back.
    chromium: Option<Chromium>,
    base: String,
    /// Whether another test may go on with the browser.
    plain: bool,
}

/// Key of the Enter, Tab, Control and modifiers' end in WebDriver.
pub(crate) const ENTER: &str = "\u{e007}";
pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const SPACE: &str = " ";

impl Window {
    /// Opens a window; none where there is no Chromium and need not be. `more` are switches of Chromium. Without any, it may be a new
    /// window of a browser that another test has had, with nothing in it of that test.
    pub(crate) fn open(dir: &Path, base: &str, more: &[&str]) -> Option<Self> {
        let plain = more.is_empty();
        let idle = plain.then(|| IDLE.lock().unwrap().pop()).flatten();
        let used = idle.is_some();
        let chromium = match idle {
            Some(chromium) => chromium,
            None => Chromium::start(dir, more)?,
        };
        let window = Self {
            chromium: Some(chromium),
            base: base.to_owned(),
            plain,
        };
        if used {
            window.renew();
        }
        Some(window)
    }

    /// A new window in the place of the one that another test has had, without its cookies and its words on the console. Whatever else a
    /// page keeps is its service's, whose port no other has.
    fn renew(&self) {
        self.devtools("Network.clearBrowserCookies", json!({}));
        let old = self.of_driver("/window");
        let new = self.ask("/window/new", &json!({"type": "window"}));
        let address = format!("{}/window", self.chromium().session);
        self.ask("/window", &json!({"handle": old}));
        self.chromium().agent.delete(address).call().unwrap();
        self.ask("/window", &json!({"handle": new["handle"]}));
        self.console();
    }

    fn chromium(&self) -> &Chromium {
        self.chromium.as_ref().unwrap()
    }
}

impl Chromium {
    /// Starts one with a profile in a folder; none where there is no Chromium and need not be.
    fn start(dir: &Path, more: &[&str]) -> Option<Self> {
        crate::tools::says("chromedriver", &["--version"])?;
        // the shell waits for the end of this program, whose end of the pipe closes then, and ends all that it has started
        let script = "chromedriver --port=0 </dev/null & cat >/dev/null; kill -KILL 0";
        let mut driver = Command::new("sh")
            .args(["-c", script])
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut talk = BufReader::new(driver.stdout.take().unwrap());
        let port = loop {
            let mut line = String::new();
            assert!(talk.read_line(&mut line).unwrap() > 0, "chromedriver ended");
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim().trim_end_matches('.').to_owned();
            }
        };
        // what it says later is read away, or it would wait
        std::thread::spawn(move || {
            let mut line = String::new();
            while talk.read_line(&mut line).is_ok_and(|n| n > 0) {
                line.clear();
            }
        });
        let profile = dir.join("browser");
        let profile = format!("--user-data-dir={}", profile.display());
        let mut args = vec![
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,900",
            &profile,
        ];
        args.extend(more);
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        let mut chromium = Self {
            driver,
            agent: config.into(),
            session: format!("http://127.0.0.1:{port}/session"),
        };
        let options = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": args},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let opened = chromium.ask("", &options);
        let id = opened["sessionId"]
            .as_str()
            .unwrap_or_else(|| panic!("{opened}"));
        chromium.session = format!("{}/{id}", chromium.session);
        Some(chromium)
    }

    fn ask(&self, command: &str, body: &Value) -> Value {
        let address = format!("{}{command}", self.session);
        let bytes = serde_json::to_vec(body).unwrap();
        let mut answer = self
            .agent
            .post(address)
            .header("content-type", "application/json")
            .send(&bytes[..])
            .unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        let value = value["value"].clone();
        assert!(value["error"].is_null(), "{command} {body}: {value}");
        value
    }
}

impl Window {
    fn ask(&self, command: &str, body: &Value) -> Value {
        self.chromium().ask(command, body)
    }

    /// What the driver itself knows.
    fn of_driver(&self, command: &str) -> Value {
        let chromium = self.chromium();
        let address = format!("{}{command}", chromium.session);
        let mut answer = chromium.agent.get(address).call().unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        value["value"].clone()
    }

    pub(crate) fn go(&self, path: &str) {
        self.ask("/url", &json!({"url": format!("{}{path}", self.base)}));
    }

    /// The address that the window shows, without a script.
    pub(crate) fn address(&self) -> String {
        let address = self.of_driver("/url");
        address.as_str().unwrap_or_default().to_owned()
    }

    /// Runs a script; what it returns.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.ask("/execute/sync", &json!({"script": script, "args": []}))
    }

    pub(crate) fn text(&self) -> String {
        self.run("return document.body.innerText")
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub(crate) fn path(&self) -> String {
        self.run("return location.pathname")
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Waits until the page shows some words.
    pub(crate) fn sees(&self, words: &str) {
        self.waits(&format!("“{words}”"), || self.text().contains(words));
    }

    pub(crate) fn waits(&self, what: &str, done: impl Fn() -> bool) {
        let end = Instant::now() + PATIENCE;
        while !done() {
            assert!(
                Instant::now() < end,
                "{what} did not come: {} {}",
                self.path(),
                self.text()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Keys go to whatever has the focus, as from a keyboard.
    pub(crate) fn keys(&self, text: &str) {
        let mut actions = Vec::new();
        for key in text.chars() {
            let key = key.to_string();
            actions.push(json!({"type": "keyDown", "value": key}));
            actions.push(json!({"type": "keyUp", "value": key}));
        }
        self.ask(
            "/actions",
            &json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}),
        );
    }

    /// A key with Control held down.
    pub(crate) fn control(&self, key: &str) {
        let control = "\u{e009}";
        let actions = [
            ("keyDown", control),
            ("keyDown", key),
            ("keyUp", key),
            ("keyUp", control),
        ];
        let actions: Vec<Value> = actions
            .iter()
            .map(|(t, v)| json!({"type": t, "value": v}))
            .collect();
        self.ask(
            "/actions",
            &json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}),
        );
    }

    /// Tabs until what has the focus answers a condition on `e`, the element.
    pub(crate) fn tab_to(&self, condition: &str) {
        for _ in 0..80 {
            let script = format!("const e = document.activeElement; return Boolean({condition})");
            if self.run(&script) == json!(true) {
                return;
            }
            self.keys(TAB);
        }
        panic!("no way by Tab to {condition}: {}", self.text());
    }

    /// Gives files to a file input.
    pub(crate) fn files(&self, selector: &str, paths: &[String]) {
        let found = self.ask(
            "/element",
            &json!({"using": "css selector", "value": selector}),
        );
        let id = found
            .as_object()
            .unwrap()
            .values()
            .next()
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned();
        self.ask(
            &format!("/element/{id}/value"),
            &json!({"text": paths.join("\n")}),
        );
    }

    pub(crate) fn click(&self, selector: &str) {
        let found = self.ask(
            "/element",
            &json!({"using": "css selector", "value": selector}),
        );
        let id = found
            .as_object()
            .unwrap()
            .values()
            .next()
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned();
        self.ask(&format!("/element/{id}/click"), &json!({}));
    }

    /// A command of the DevTools protocol.
    pub(crate) fn devtools(&self, command: &str, params: Value) -> Value {
        self.ask(
            "/goog/cdp/execute",
            &json!({"cmd": command, "params": params}),
        )
    }

    /// Keeps the whole page as a PNG, to be looked at.
    pub(crate) fn keep(&self, path: &Path) {
        let shot = self.devtools(
            "Page.captureScreenshot",
            json!({"captureBeyondViewport": true}),
        );
        let png = base64::Engine::decode(
            &base64::engine::general_purpose::STANDARD,
            shot["data"].as_str().unwrap(),
        );
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, png.unwrap()).unwrap();
    }

    /// Serious faults of accessibility that axe-core finds on the page; none where axe-core could not be had.
    pub(crate) fn faults_of_access(&self) -> Vec<String> {
        let Ok(axe) = std::fs::read_to_string(axe()) else {
            crate::tools::missing("axe-core", "没有取得（由 tests/run 取得）");
            return Vec::new();
        };
        let script = format!(
            "const done = arguments[arguments.length - 1]; {axe}\n;axe.run().then(r => done(r.passes.length < 5 ? ['hardly anything was judged'] : r.violations.filter(v => ['serious', 'critical'].includes(v.impact)).flatMap(v => v.nodes.map(n => v.id + ': ' + n.html + ' ' + n.failureSummary))))"
        );
        let found = self.ask("/execute/async", &json!({"script": script, "args": []}));
        let found = found.as_array().unwrap();
        found
            .iter()
            .map(|f| f.as_str().unwrap().to_owned())
            .collect()
    }

    /// Errors that the console has shown since it was asked last.
    pub(crate) fn console(&self) -> Vec<String> {
        let log = self.ask("/se/log", &json!({"type": "browser"}));
        let lines = log.as_array().unwrap();
        let severe = lines.iter().filter(|l| l["level"] == "SEVERE");
        severe
            .map(|l| l["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // what a test has left that failed nobody knows
        if self.plain && !std::thread::panicking() {
            IDLE.lock().unwrap().extend(self.chromium.take());
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.agent.delete(&self.session).call();
        drop(self.driver.stdin.take());
        let _ = self.driver.wait();
    }
}
