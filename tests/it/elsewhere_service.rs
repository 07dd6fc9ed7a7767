//! The service on a ledger that is on PostgreSQL: one at a time, and it goes on when the database was away.
#![cfg(all(unix, debug_assertions))]

use std::time::{Duration, Instant};

use crate::postgres;
use crate::run::scratch;
use crate::service::{ADMIN, PASSWORD, Service};

fn terminate(url: &str) {
    postgres::on(url, async |db| {
        let text = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        sqlx::raw_sql(text).execute(db).await.unwrap();
    })
    .unwrap();
}

/// What a service says that does not come up.
fn refused(dir: &std::path::Path) -> String {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_sanlian"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(dir.join("data"))
        .arg("--keys")
        .arg(dir.join("keys"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn one_service_at_a_time_and_it_goes_on_when_the_database_was_away() {
    let Some(server) = postgres::server() else {
        return;
    };
    let (dir, url) = (scratch("elsewhere-service"), server.database());
    let mut service = Service::start_in(dir.clone(), &["--database", &url]);
    assert!(dir.join("data/database.toml").is_file() && !dir.join("data/ledger.db").exists());
    let mut admin = service.browser();
    let fields = [("name", ADMIN), ("password", PASSWORD), ("again", PASSWORD)];
    let made = admin.post(&service.invitation.clone(), &fields);
    assert_eq!(made.status, 303, "{}", made.text);
    let mut admin = service.logged_in(ADMIN, PASSWORD);
    let told = refused(&dir);
    assert!(told.contains("已经有一个服务开着这本台账"), "{told}");
    // all its connections break: what is asked next is told or answered, and soon all is answered again
    terminate(&url);
    let begun = Instant::now();
    // each of its connections is seen to be lost once at most
    let mut answered = 0;
    while answered < 8 {
        let page = admin.get("/admin/accounts");
        answered = match page.status {
            200 => answered + 1,
            _ => 0,
        };
        assert!(begun.elapsed() < Duration::from_secs(20), "{}", page.text);
    }
    // it has its place again within its round
    std::thread::sleep(Duration::from_secs(4));
    assert!(refused(&dir).contains("已经有一个服务开着这本台账"));
    assert!(service.end().success());
    std::fs::write(dir.join("settled"), "").unwrap();
    // the next one, which knows the session
    let next = Service::start_in(dir.clone(), &["--database", &url]);
    assert_eq!(admin.at(&next).get("/admin/accounts").status, 200);
    drop(next);
    // another address for a folder that has its ledger
    let other = server.database();
    let output = crate::run::sanlian(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--data",
        dir.join("data").to_str().unwrap(),
        "--keys",
        dir.join("keys").to_str().unwrap(),
        "--database",
        &other,
    ]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("台账已经在") && told.contains("sanlian migrate"),
        "{told}"
    );
}

#[test]
fn a_service_whose_place_another_has_taken_ends() {
    let Some(server) = postgres::server() else {
        return;
    };
    let (dir, url) = (scratch("elsewhere-replaced"), server.database());
    let mut first = Service::start_in(dir.clone(), &["--database", &url]);
    std::fs::write(dir.join("settled"), "").unwrap();
    // stopped as by a machine that sleeps: the database takes its connections for gone
    first.signal("STOP");
    terminate(&url);
    let second = Service::start_in(dir, &["--database", &url]);
    first.signal("CONT");
    let begun = Instant::now();
    while !first.log.lock().unwrap().contains("另一个服务已经接手") {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(first.wait().success());
    assert_eq!(second.browser().get("/login").status, 200);
}
