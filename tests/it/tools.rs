//! Foreign tools that judge what we write. A missing tool is SKIP, and a failure where REQUIRE_TOOLS=1.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::Write;
use std::process::{Command, Output};
use std::sync::Mutex;

/// A judge that cannot be had: a failure where REQUIRE_TOOLS=1, elsewhere one line for the whole run.
pub(crate) fn missing(tool: &str, why: &str) {
    let required = std::env::var_os("REQUIRE_TOOLS").is_some_and(|v| v == "1");
    assert!(!required, "{tool} is required: {why}");
    say_once(&format!("SKIP: {tool}: {why}"));
}

/// Writes a line that is seen even where the test passes, once however many tests say it.
pub(crate) fn say_once(line: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if SAID.lock().unwrap().insert(line.to_owned()) {
        // `eprintln` would be kept back with all that a passing test says
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}

/// Runs a tool; none where it is not installed and need not be. A tool that fails is the caller's to judge.
pub(crate) fn run<S: AsRef<OsStr>>(tool: &str, args: &[S]) -> Option<Output> {
    match Command::new(tool).args(args).output() {
        Ok(output) => {
            // a Python without one of the packages is a judge that is not there
            let said = String::from_utf8_lossy(&output.stderr);
            if let Some(line) = said.lines().find(|l| l.starts_with("ModuleNotFoundError")) {
                missing(tool, line);
                return None;
            }
            Some(output)
        }
        Err(error) => {
            missing(tool, &error.to_string());
            None
        }
    }
}

/// Runs a tool that must succeed, and gives what it says; none where it is not installed and need not be.
pub(crate) fn says<S: AsRef<OsStr>>(tool: &str, args: &[S]) -> Option<String> {
    let output = run(tool, args)?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{tool}: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(said)
}

/// An empty folder of a test's own under the target directory.
pub(crate) fn folder(test: &str) -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
