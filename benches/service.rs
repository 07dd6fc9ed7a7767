//! The service under load: 200 units that look at their pages and clerks who scan, at once; then verdicts alone, as many as there
//! can be; then an upload with its check, and fifty uploads at once with what others wait meanwhile and the memory that it took.
//!
//! `cargo bench --bench service -- [SECONDS]` (default 10 for each part). The service is a process of its own, the clients are threads
//! here, all on one machine: the figures are of both together.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on says where, and its figures are its output"
)]

#[path = "issued.rs"]
mod issued;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use sanlian::clerk::{
    Campaigns, DataPlaces, Desk, IfMissing, LoginOutcome, Office, Role, make_service_key,
};
use sanlian::mark::Algorithm;
use sanlian::store::{Vault, ledger::Ledger, open_keys};

use issued::{CAMPAIGN, issue_unit};

const UNITS: usize = 200;
const RECORDS: usize = 3;
const CLERKS: usize = 8;
const PASSWORD: &str = "correct horse 42";
const PAGES: [&str; 4] = ["/own", "/own/form", "/own/receipt", "/own/paper"];

fn main() {
    let seconds = std::env::args().skip(1).find_map(|a| a.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(10));
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-service");
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    let (cookies, digits) = prepared(&dir);
    let (mut service, base) = started(&dir);
    mixed(&base, &cookies, &digits, time);
    verdicts(&base, &cookies.clerks, &digits, time);
    uploads(&base, &cookies, &dir);
    let status = std::fs::read_to_string(format!("/proc/{}/status", service.id())).unwrap();
    let peak = status.lines().find(|l| l.starts_with("VmHWM")).unwrap();
    println!("内存峰值：{}", peak.trim_start_matches("VmHWM:").trim());
    service.kill().unwrap();
    service.wait().unwrap();
}

struct Cookies {
    units: Vec<String>,
    clerks: Vec<String>,
}

/// A ledger with issued records and everybody logged in.
fn prepared(dir: &Path) -> (Cookies, Vec<String>) {
    let (data, keys) = (dir.join("data"), dir.join("keys"));
    let at: Timestamp = "2021-05-28T01:02:03Z".parse().unwrap();
    let campaigns = Campaigns::open(None).unwrap();
    let campaign = campaigns.load(CAMPAIGN).unwrap().0.unwrap();
    make_service_key(&campaign, &keys).unwrap();
    let ring = open_keys(&keys, &campaign.organiser, Algorithm::Ed25519).unwrap();
    let vault = Vault::open(&keys, true).unwrap();
    let mut ledger = Ledger::open(&data, vault, IfMissing::Make).unwrap();
    let mut digits = Vec::new();
    let names: Vec<String> = (0..UNITS).map(|n| format!("示例第{n}单位")).collect();
    for name in &names {
        let by = (&ring.signing, &ring.reference);
        let marks = issue_unit(&mut ledger, by, name, RECORDS, at);
        digits.extend(marks.iter().map(|m| m.digits().to_string()));
    }
    drop(ledger);
    let places = DataPlaces {
        data: &data,
        keys: &keys,
    };
    let (mut office, _) = Office::open(places, &campaigns, IfMissing::Make).unwrap();
    let invite = office.invite(at).unwrap();
    office
        .use_invite(&invite, "管理员甲", PASSWORD, at)
        .unwrap();
    let secret = enter(&mut office, "管理员甲", PASSWORD, at);
    let admin = office.visitor(&secret, at).unwrap().unwrap();
    let list: String = names.iter().map(|n| format!("{n},city\n")).collect();
    let (mut again, _) = Desk::open(places, &campaigns, IfMissing::Make).unwrap();
    again.import_roster(CAMPAIGN, &list, &admin, at).unwrap();
    let mut settled = |name: &str, role, unit| {
        let new = office.open_account(name, role, unit, &admin, at).unwrap();
        let secret = enter(&mut office, name, &new.password, at);
        let visitor = office.visitor(&secret, at).unwrap().unwrap();
        office
            .change_password(&visitor, (&new.password, PASSWORD), at)
            .unwrap();
        enter(&mut office, name, PASSWORD, at)
    };
    let clerks = (0..CLERKS).map(|n| settled(&format!("收件员{n}"), Role::Clerk, None));
    let clerks = clerks.collect();
    let roster = again.roster().unwrap();
    let units = roster
        .iter()
        .map(|r| settled(&format!("填报员{}", r.no), Role::Unit, Some(r)));
    let units = units.collect();
    (Cookies { units, clerks }, digits)
}

fn enter(office: &mut Office<'_>, name: &str, password: &str, at: Timestamp) -> String {
    match office.log_in(name, (password, ""), at).unwrap() {
        LoginOutcome::In(secret) => secret,
        other => panic!("{other:?}"),
    }
}

fn started(dir: &Path) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sanlian"))
        .args(["serve", "--listen", "127.0.0.1:0", "--campaign", CAMPAIGN])
        .args(["--now", "2021-05-28T02:00:00Z"])
        .arg("--data")
        .arg(dir.join("data"))
        .arg("--keys")
        .arg(dir.join("keys"))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut talk = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    talk.read_line(&mut line).unwrap();
    let base = line.split_once("http://").unwrap().1.trim();
    let base = format!("http://{}", base.trim_end_matches('/'));
    std::thread::spawn(move || {
        let mut line = String::new();
        while talk.read_line(&mut line).is_ok_and(|n| n > 0) {
            line.clear();
        }
    });
    (child, base)
}

/// One who asks: an agent, a cookie, a token for forms.
struct Client {
    agent: ureq::Agent,
    base: String,
    cookie: String,
    csrf: String,
}

impl Client {
    fn new(base: &str, secret: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(120)))
            .build();
        let mut client = Self {
            agent: config.into(),
            base: base.to_owned(),
            cookie: format!("sanlian={secret}"),
            csrf: String::new(),
        };
        let page = client.get("/password");
        let token = page.split_once("name=\"csrf\" content=\"").unwrap().1;
        client.csrf = token.split_once('"').unwrap().0.to_owned();
        client
    }

    fn get(&self, path: &str) -> String {
        let request = self.agent.get(format!("{}{path}", self.base));
        let mut answer = request.header("cookie", &self.cookie).call().unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        answer.body_mut().read_to_string().unwrap()
    }

    fn post(&self, path: &str, kind: &str, body: &[u8]) -> (u16, String) {
        let mut answer = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("cookie", &self.cookie)
            .header("x-csrf", &self.csrf)
            .header("content-type", kind)
            .send(body)
            .unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        (answer.status().as_u16(), text)
    }

    fn scan(&self, id: &str, digits: &str) {
        let body = format!("id={id}&text={digits}");
        let kind = "application/x-www-form-urlencoded";
        let (status, text) = self.post("/desk/scan", kind, body.as_bytes());
        assert!(status == 200 && text.contains("verdict"), "{status} {text}");
    }
}

/// 200 units that read a page a second each, and clerks who scan five sheets a second each.
fn mixed(base: &str, cookies: &Cookies, digits: &[String], time: Duration) {
    let (pages, scans) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let number = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for (n, secret) in cookies.units.iter().enumerate() {
            let pages = &pages;
            scope.spawn(move || {
                let client = Client::new(base, secret);
                let mut times = Vec::new();
                // not all in the same moment
                std::thread::sleep(Duration::from_millis(n as u64 * 5));
                let begun = Instant::now();
                while begun.elapsed() < time {
                    let asked = Instant::now();
                    client.get(PAGES[(n + times.len()) % PAGES.len()]);
                    times.push(asked.elapsed());
                    std::thread::sleep(Duration::from_secs(1).saturating_sub(asked.elapsed()));
                }
                pages.lock().unwrap().extend(times);
            });
        }
        for secret in &cookies.clerks {
            let (scans, number) = (&scans, &number);
            scope.spawn(move || {
                let client = Client::new(base, secret);
                let mut times = Vec::new();
                let begun = Instant::now();
                while begun.elapsed() < time {
                    let n = number.fetch_add(1, Ordering::Relaxed);
                    let asked = Instant::now();
                    client.scan(&format!("mixed-{n}"), &digits[n % digits.len()]);
                    times.push(asked.elapsed());
                    std::thread::sleep(Duration::from_millis(200).saturating_sub(asked.elapsed()));
                }
                scans.lock().unwrap().extend(times);
            });
        }
    });
    show(
        "200 个单位同时看页面",
        &mut pages.into_inner().unwrap(),
        time,
    );
    show(
        "同时 8 位收件员扫码",
        &mut scans.into_inner().unwrap(),
        time,
    );
}

/// As many verdicts as there can be.
fn verdicts(base: &str, clerks: &[String], digits: &[String], time: Duration) {
    let (times, number) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for secret in clerks {
            let (all, number) = (&times, &number);
            scope.spawn(move || {
                let client = Client::new(base, secret);
                let mut times = Vec::new();
                let begun = Instant::now();
                while begun.elapsed() < time {
                    let n = number.fetch_add(1, Ordering::Relaxed);
                    let asked = Instant::now();
                    client.scan(&format!("alone-{n}"), &digits[n % digits.len()]);
                    times.push(asked.elapsed());
                }
                all.lock().unwrap().extend(times);
            });
        }
    });
    show("只扫码，不停歇", &mut times.into_inner().unwrap(), time);
}

/// The demo's workbook with 24 MB of photos: alone, then from fifty units at once.
fn uploads(base: &str, cookies: &Cookies, dir: &Path) {
    let demo = dir.join("demo");
    let campaigns = Campaigns::open(None).unwrap();
    let campaign = campaigns.load(CAMPAIGN).unwrap().0.unwrap();
    sanlian::clerk::demo(&campaign, &demo, None).unwrap();
    let body = form_of(&files_in(&demo), 24 << 20);
    let kind = "multipart/form-data; boundary=edge";
    let send = |secret: &str| {
        let client = Client::new(base, secret);
        let begun = Instant::now();
        let (status, text) = client.post("/own/files", kind, &body);
        assert!(status < 400, "{status} {text}");
        client.get("/own/check");
        begun.elapsed()
    };
    println!(
        "上传 {} MB 并校验 3 位人选：{:.2} 秒",
        body.len() >> 20,
        send(&cookies.units[0]).as_secs_f64()
    );
    let (times, others) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let left = AtomicUsize::new(50);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for secret in &cookies.units[..50] {
            let (times, left, send) = (&times, &left, &send);
            scope.spawn(move || {
                let took = send(secret);
                times.lock().unwrap().push(took);
                left.fetch_sub(1, Ordering::Relaxed);
            });
        }
        for secret in &cookies.units[100..104] {
            let (others, left) = (&others, &left);
            scope.spawn(move || {
                let client = Client::new(base, secret);
                while left.load(Ordering::Relaxed) > 0 {
                    let asked = Instant::now();
                    client.get("/own");
                    others.lock().unwrap().push(asked.elapsed());
                    std::thread::sleep(Duration::from_millis(100));
                }
            });
        }
    });
    let took = begun.elapsed();
    show(
        "50 个单位同时上传并校验",
        &mut times.into_inner().unwrap(),
        took,
    );
    show("其间别人看页面", &mut others.into_inner().unwrap(), took);
}

fn files_in(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            files.extend(files_in(&path));
        } else if !["sanlian.toml", "records.json"].contains(&name.as_str())
            && !name.ends_with(".md")
        {
            files.push(path);
        }
    }
    files
}

/// The files as one form; the JPEGs are made larger behind their end until all is of the size that is asked.
fn form_of(files: &[PathBuf], size: usize) -> Vec<u8> {
    let bytes: usize = files
        .iter()
        .map(|f| f.metadata().unwrap().len() as usize)
        .sum();
    let photos = files
        .iter()
        .filter(|f| f.extension().is_some_and(|e| e == "jpg"))
        .count();
    let more = size.saturating_sub(bytes) / photos.max(1);
    let mut body = Vec::new();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n").bytes());
        body.extend(std::fs::read(path).unwrap());
        if name.ends_with(".jpg") {
            body.resize(body.len() + more, 0);
        }
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    body
}

fn show(what: &str, times: &mut [Duration], took: Duration) {
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 1000].as_secs_f64() * 1000.0;
    println!(
        "{what}：{} 次，每秒 {:.0}，中位 {:.1} 毫秒，99% {:.1}，最慢 {:.1}",
        times.len(),
        times.len() as f64 / took.as_secs_f64(),
        at(500),
        at(990),
        at(1000)
    );
}
