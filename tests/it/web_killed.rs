//! The service is killed again and again while clerks scan and a secretary types: what it confirmed is there, once, whoever asks.
#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, RwLock};
use std::time::{Duration, Instant};

use crate::chance::{Chance, rounds};
use crate::run::ok;
use crate::service::{Browser, NOW, Service};
use crate::web::{handed_in, marks};

/// Times that the service is killed.
fn kills() -> usize {
    rounds(3, 6) as usize
}

/// Clerks who scan at once.
const CLERKS: usize = 4;

/// Where the service is now, and whether anybody should go on.
struct Scene {
    base: RwLock<String>,
    over: AtomicBool,
}

/// One who asks on, whatever happens to the service.
struct Asker<'s> {
    scene: &'s Scene,
    agent: ureq::Agent,
    cookie: String,
    csrf: String,
}

impl<'s> Asker<'s> {
    fn new(scene: &'s Scene, browser: &Browser) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(20)))
            .build();
        Self {
            scene,
            agent: config.into(),
            cookie: browser.cookie.clone(),
            csrf: browser.csrf.clone(),
        }
    }

    /// Posts a form once; none where no whole answer came.
    fn post(&self, path: &str, body: &str) -> Option<(u16, String)> {
        let base = self.scene.base.read().unwrap().clone();
        let request = self.agent.post(format!("{base}{path}"));
        let request = request
            .header("cookie", &self.cookie)
            .header("x-csrf", &self.csrf);
        let kind = "application/x-www-form-urlencoded";
        let mut answer = request.header("content-type", kind).send(body).ok()?;
        let text = answer.body_mut().read_to_string().ok()?;
        Some((answer.status().as_u16(), text))
    }

    /// Asks until there is an answer, as a page does whose network dropped; none where all is over before.
    fn insist(&self, path: &str, body: &str) -> Option<(u16, String)> {
        loop {
            if let Some(answer) = self.post(path, body) {
                return Some(answer);
            }
            if self.scene.over.load(Ordering::SeqCst) {
                return None;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn scan(&self, id: &str, digits: &str) -> Option<String> {
        let (status, text) = self.insist("/desk/scan", &format!("id={id}&text={digits}"))?;
        assert_eq!(status, 200, "{text}");
        let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
        Some(answer["answers"][0]["verdict"].as_str().unwrap().to_owned())
    }
}

/// What was confirmed: the verdict of each scan with the mark that was scanned.
type Confirmed = Mutex<BTreeMap<String, (String, String)>>;

fn scans(asker: &Asker<'_>, clerk: usize, digits: &[String], confirmed: &Confirmed) {
    let mut chance = Chance::round(1, clerk as u64);
    for n in 0.. {
        if asker.scene.over.load(Ordering::SeqCst) {
            return;
        }
        let id = format!("c{clerk}-{n}");
        let mark = &digits[chance.below(digits.len() as u64) as usize];
        if let Some(verdict) = asker.scan(&id, mark) {
            let known = (verdict, mark.clone());
            confirmed.lock().unwrap().insert(id, known);
        }
    }
}

#[test]
fn killed_under_load_the_service_loses_and_doubles_nothing() {
    let (mut service, mut admin, _) = handed_in("web-killed-under-load");
    let mut other = service.member(&mut admin, "填报员丙", "unit", "石家庄市示例协会");
    other.get("/own/form");
    admin.get("/desk");
    let digits: Vec<String> = marks(&service)
        .iter()
        .map(|m| m["digits"].as_str().unwrap().to_owned())
        .collect();
    assert!(digits.len() > 40);
    let scene = Scene {
        base: RwLock::new(service.base.clone()),
        over: AtomicBool::new(false),
    };
    let (confirmed, people) = (Confirmed::default(), Mutex::new(Vec::new()));
    let mut chance = Chance::law(2021);
    let mut answered = Vec::new();
    std::thread::scope(|scope| {
        for clerk in 0..CLERKS {
            let asker = Asker::new(&scene, &admin);
            let (digits, confirmed) = (&digits, &confirmed);
            scope.spawn(move || scans(&asker, clerk, digits, confirmed));
        }
        let asker = Asker::new(&scene, &other);
        let people = &people;
        scope.spawn(move || {
            for n in 0.. {
                if asker.scene.over.load(Ordering::SeqCst) {
                    return;
                }
                // an answer that did not come is not asked for again: the name may be there or not
                let name = format!("Person{n}");
                if let Some((status, text)) =
                    asker.post("/own/form/people", &format!("name={name}"))
                {
                    assert_eq!(status, 303, "{text}");
                    people.lock().unwrap().push(name);
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        for round in 0..kills() {
            let until = Instant::now() + Duration::from_millis(250 + chance.below(500));
            let before = confirmed.lock().unwrap().len();
            // killed in the midst of work of both kinds, not before any was done, however slow the machine is
            let idle = || {
                confirmed.lock().unwrap().len() == before
                    || people.lock().unwrap().len() <= round + 1
            };
            while Instant::now() < until || idle() {
                std::thread::sleep(Duration::from_millis(5));
            }
            service.kill();
            answered.push(confirmed.lock().unwrap().len());
            service = Service::start_in(service.dir.clone(), &["--now", NOW]);
            *scene.base.write().unwrap() = service.base.clone();
        }
        scene.over.store(true, Ordering::SeqCst);
    });
    let confirmed = confirmed.into_inner().unwrap();
    assert!(answered.windows(2).all(|w| w[0] < w[1]), "{answered:?}");
    // each scan is answered again as it was, and each sheet was new to the desk once
    let asker = Asker::new(&scene, &admin);
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, (verdict, mark)) in &confirmed {
        assert_eq!(asker.scan(id, mark).as_ref(), Some(verdict), "{id}");
        *first.entry(mark).or_default() += usize::from(verdict == "match");
    }
    assert!(first.values().all(|n| *n == 1), "{first:?}");
    other.base.clone_from(&service.base);
    let page = other.get("/own/form").text;
    let people = people.into_inner().unwrap();
    assert!(people.len() > kills());
    for name in &people {
        let times = page.matches(&format!("{name}<")).count();
        assert_eq!(times, 1, "{name}");
    }
    assert_eq!(people.iter().collect::<BTreeSet<_>>().len(), people.len());
    assert!(service.end().success());
    let (keys, data) = (service.dir.join("keys"), service.dir.join("data"));
    ok(&[
        "audit",
        "verify",
        "--keys",
        keys.to_str().unwrap(),
        "--data",
        data.to_str().unwrap(),
    ]);
}

#[test]
fn scans_that_were_taken_in_are_read_by_the_next_service() {
    let (mut service, mut admin, _) = handed_in("web-killed-scans");
    // of several pages: one alone may be read before the service is killed
    let report = service.dir.join("data/units/1/paper/推荐工作情况报告.pdf");
    let bytes = std::fs::read(report).unwrap();
    let incoming = service.dir.join("data/incoming");
    let waiting = || -> Vec<std::ffi::OsString> {
        let folder = std::fs::read_dir(&incoming);
        folder.map_or_else(
            |_| Vec::new(),
            |f| f.map(|e| e.unwrap().file_name()).collect(),
        )
    };
    let mut tries = 0;
    // all of an upload may be read before the service is killed; then it is tried again
    let taken = loop {
        admin.get("/scans");
        // several, so that not all are read by then
        let files = [
            ("扫描件.pdf", &bytes),
            ("扫描件2.pdf", &bytes),
            ("扫描件3.pdf", &bytes),
        ];
        let files = files.map(|(name, bytes)| (name, bytes.as_slice()));
        let taken = admin.upload("/scans", &files);
        assert_eq!(taken.status, 303, "{}", taken.text);
        service.kill();
        if !waiting().is_empty() {
            break taken;
        }
        tries += 1;
        assert!(tries < 10, "always read before it is killed");
        service = Service::start_in(service.dir.clone(), &["--now", NOW]);
        admin.base.clone_from(&service.base);
    };
    // an upload that was never answered leaves a folder without a list; the next service sweeps it before it serves
    let half = incoming.join("100");
    std::fs::create_dir_all(&half).unwrap();
    std::fs::write(half.join("half"), &bytes).unwrap();
    let mut again = Service::start_in(service.dir.clone(), &["--now", NOW]);
    admin.base.clone_from(&again.base);
    let mut page = admin.get(&taken.location);
    let until = Instant::now() + Duration::from_secs(300);
    while !page.text.contains("识别完毕") && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(100));
        page = admin.get(&taken.location);
    }
    assert!(page.text.contains("识别完毕"), "{}", page.text);
    assert!(page.text.contains("扫描件.pdf"), "{}", page.text);
    assert!(page.text.contains("标记相符"), "{}", page.text);
    assert_eq!(waiting(), Vec::<std::ffi::OsString>::new());
    assert!(again.end().success());
}
