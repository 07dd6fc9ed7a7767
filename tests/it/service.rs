//! A service that runs, and browsers without a screen that ask it: what the tests of the pages stand on.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use crate::run::{copy_tree, scratch};

pub(crate) const CAMPAIGN: &str = "hebei-zuimei-2021";
pub(crate) const NOW: &str = "2021-05-28T02:00:00Z";
pub(crate) const ADMIN: &str = "管理员甲";
pub(crate) const PASSWORD: &str = "correct horse 42";

/// A running service of a test.
pub(crate) struct Service {
    child: Child,
    pub(crate) dir: PathBuf,
    pub(crate) base: String,
    /// The path of the one-time link; empty where there is none.
    pub(crate) invitation: String,
    pub(crate) log: Arc<Mutex<String>>,
}

impl Service {
    pub(crate) fn start(name: &str) -> Self {
        Self::start_in(scratch(name), &["--now", NOW])
    }

    pub(crate) fn start_in(dir: PathBuf, more: &[&str]) -> Self {
        crate::postgres::prepare(&dir.join("data"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_sanlian"))
            .args(["serve", "--listen", "127.0.0.1:0", "--campaign", CAMPAIGN])
            .arg("--data")
            .arg(dir.join("data"))
            .arg("--keys")
            .arg(dir.join("keys"))
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut talk = BufReader::new(child.stderr.take().unwrap());
        let mut first = String::new();
        talk.read_line(&mut first).unwrap();
        let at = first.find("http").unwrap_or_else(|| panic!("{first}"));
        let base = first[at..].trim().trim_end_matches('/').to_owned();
        let invitation = match dir.join("settled").exists() {
            true => String::new(),
            false => {
                let mut second = String::new();
                talk.read_line(&mut second).unwrap();
                let at = second.find("/setup/").unwrap_or_else(|| panic!("{second}"));
                second[at..].trim().to_owned()
            }
        };
        let log = Arc::new(Mutex::new(String::new()));
        let kept = log.clone();
        std::thread::spawn(move || {
            let mut line = String::new();
            while talk.read_line(&mut line).is_ok_and(|n| n > 0) {
                kept.lock().unwrap().push_str(&line);
                line.clear();
            }
        });
        Self {
            child,
            dir,
            base,
            invitation,
            log,
        }
    }

    /// A service in a copy of a folder that another one left when it ended.
    pub(crate) fn start_from(left: &Path, name: &str) -> Self {
        let dir = scratch(name);
        copy_tree(left, &dir);
        Self::start_in(dir, &["--now", NOW])
    }

    /// The service with its first administrator, and that administrator's browser: settled once, and copied for each test.
    pub(crate) fn settled(name: &str) -> (Self, Browser) {
        static LEFT: OnceLock<(PathBuf, Browser)> = OnceLock::new();
        let (left, admin) = LEFT.get_or_init(|| {
            let (mut service, admin) = Self::settle("service-settled");
            assert!(service.end().success());
            (service.dir.clone(), admin)
        });
        let service = Self::start_from(left, name);
        let admin = admin.at(&service);
        (service, admin)
    }

    fn settle(name: &str) -> (Self, Browser) {
        let service = Self::start(name);
        let mut stranger = service.browser();
        let made = stranger.post(
            &service.invitation,
            &[("name", ADMIN), ("password", PASSWORD), ("again", PASSWORD)],
        );
        assert_eq!(
            (made.status, made.location.as_str()),
            (303, "/login"),
            "{}",
            made.text
        );
        std::fs::write(service.dir.join("settled"), "").unwrap();
        let admin = service.logged_in(ADMIN, PASSWORD);
        (service, admin)
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::of(&self.base)
    }

    pub(crate) fn logged_in(&self, name: &str, password: &str) -> Browser {
        let mut browser = self.browser();
        let done = browser.post("/login", &[("name", name), ("password", password)]);
        assert_eq!(
            (done.status, done.location.as_str()),
            (303, "/"),
            "{}",
            done.text
        );
        browser
    }

    /// Opens an account, changes its first password, and gives its browser.
    pub(crate) fn member(
        &self,
        admin: &mut Browser,
        name: &str,
        role: &str,
        unit: &str,
    ) -> Browser {
        let page = admin.get("/admin/accounts");
        let unit = match unit {
            "" => String::new(),
            unit => {
                let end = page
                    .text
                    .find(&format!("\">{unit}</option>"))
                    .expect("the unit is on the roster");
                let start = page.text[..end].rfind("value=\"").unwrap() + 7;
                page.text[start..end].to_owned()
            }
        };
        let fields = [("name", name), ("role", role), ("unit", unit.as_str())];
        let opened = admin.post("/admin/accounts", &fields);
        assert_eq!(opened.status, 200, "{}", opened.text);
        let first = opened.between("<code class=\"secret\">", "</code>");
        let mut browser = self.logged_in(name, &first);
        browser.get("/password");
        let fields = [
            ("old", first.as_str()),
            ("password", PASSWORD),
            ("again", PASSWORD),
        ];
        let changed = browser.post("/password", &fields);
        assert_eq!(changed.status, 303, "{}", changed.text);
        // the session is a new one, and so is its token
        browser.get("/password");
        browser
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Tells it to end as a service manager does, and waits until it has.
    pub(crate) fn end(&mut self) -> std::process::ExitStatus {
        self.signal("TERM");
        self.wait()
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, name: &str) {
        let (id, signal) = (self.child.id().to_string(), format!("-{name}"));
        let sent = Command::new("kill").args([&signal, &id]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits until it has ended.
    pub(crate) fn wait(&mut self) -> std::process::ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a page answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) kind: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn between(&self, before: &str, after: &str) -> String {
        let start = self
            .text
            .find(before)
            .unwrap_or_else(|| panic!("no {before} in {}", self.text))
            + before.len();
        let end = self.text[start..].find(after).unwrap() + start;
        self.text[start..end].to_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map_or("", |(_, v)| v.as_str())
    }
}

/// A browser without a screen: a cookie, the token of the last page, no redirects followed.
#[derive(Clone)]
pub(crate) struct Browser {
    agent: ureq::Agent,
    pub(crate) base: String,
    pub(crate) cookie: String,
    pub(crate) csrf: String,
    pub(crate) bearer: String,
}

impl Browser {
    pub(crate) fn of(base: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(120)))
            .build();
        Self {
            agent: config.into(),
            base: base.to_owned(),
            cookie: String::new(),
            csrf: String::new(),
            bearer: String::new(),
        }
    }

    /// The same person before another service that knows the session.
    pub(crate) fn at(&self, service: &Service) -> Self {
        let mut browser = self.clone();
        browser.base.clone_from(&service.base);
        browser
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.ask_with(path, &[])
    }

    /// Gets a page with headers of one's own.
    pub(crate) fn ask_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        if !self.cookie.is_empty() {
            request = request.header("cookie", &self.cookie);
        }
        if !self.bearer.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.bearer));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.call().unwrap();
        self.took(answer)
    }

    /// Posts a form with the token of the last page.
    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all: Vec<(&str, &str)> = fields.to_vec();
        let csrf = self.csrf.clone();
        if !csrf.is_empty() {
            all.push(("csrf", &csrf));
        }
        let body = all
            .iter()
            .map(|(k, v)| format!("{}={}", encoded(k), encoded(v)))
            .collect::<Vec<_>>()
            .join("&");
        self.send(
            path,
            "application/x-www-form-urlencoded",
            body.into_bytes(),
            &[],
        )
    }

    /// Uploads files with the token of the last page.
    pub(crate) fn upload(&mut self, path: &str, files: &[(&str, &[u8])]) -> Answer {
        self.upload_as("files", path, files)
    }

    /// The same, in a field of another name.
    pub(crate) fn upload_as(&mut self, field: &str, path: &str, files: &[(&str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        let edge = "----sanlian-test-edge";
        body.extend(
            format!(
                "--{edge}\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n",
                self.csrf
            )
            .bytes(),
        );
        for (name, bytes) in files {
            body.extend(format!("--{edge}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n").bytes());
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{edge}--\r\n").bytes());
        self.send(
            path,
            &format!("multipart/form-data; boundary={edge}"),
            body,
            &[],
        )
    }

    pub(crate) fn send(
        &mut self,
        path: &str,
        kind: &str,
        body: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> Answer {
        self.send_by("post", path, kind, body, headers)
    }

    pub(crate) fn send_by(
        &mut self,
        method: &str,
        path: &str,
        kind: &str,
        body: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let address = format!("{}{path}", self.base);
        let request = match method {
            "put" => self.agent.put(address),
            _ => self.agent.post(address),
        };
        let mut request = request.header("content-type", kind);
        if !self.cookie.is_empty() {
            request = request.header("cookie", &self.cookie);
        }
        if !self.bearer.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.bearer));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send(&body[..]).unwrap();
        self.took(answer)
    }

    fn took(&mut self, mut answer: ureq::http::Response<ureq::Body>) -> Answer {
        let text = |name: &str| {
            answer.headers().get(name).map_or_else(String::new, |v| {
                String::from_utf8_lossy(v.as_bytes()).into_owned()
            })
        };
        let (location, kind, cookie) = (text("location"), text("content-type"), text("set-cookie"));
        let headers = answer
            .headers()
            .iter()
            .map(|(n, v)| {
                (
                    n.to_string(),
                    String::from_utf8_lossy(v.as_bytes()).into_owned(),
                )
            })
            .collect();
        if let Some((kept, _)) = cookie.split_once(';') {
            self.cookie = kept.to_owned();
        }
        let status = answer.status().as_u16();
        let mut bytes = Vec::new();
        answer
            .body_mut()
            .as_reader()
            .read_to_end(&mut bytes)
            .unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let token = "<meta name=\"csrf\" content=\"";
        if let Some(at) = text.find(token) {
            let rest = &text[at + token.len()..];
            let fresh = &rest[..rest.find('"').unwrap()];
            // a page of a stranger has none
            if !fresh.is_empty() {
                self.csrf = fresh.to_owned();
            }
        }
        Answer {
            status,
            location,
            kind,
            headers,
            text,
            bytes,
        }
    }
}

pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| match b.is_ascii_alphanumeric() {
            true => char::from(b).to_string(),
            false => format!("%{b:02X}"),
        })
        .collect()
}

/// The demo's files as a secretary would upload them: names and bytes.
pub(crate) fn demo_files(submission: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for (path, bytes) in crate::run::files(submission) {
        if path != "sanlian.toml" && path != "records.json" && !path.ends_with("须知.md") {
            let name = path.rsplit('/').next().unwrap().to_owned();
            files.push((name, bytes));
        }
    }
    files
}
