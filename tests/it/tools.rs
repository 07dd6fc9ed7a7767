//! Foreign tools that judge what we write. A missing tool is SKIP, and a failure where REQUIRE_TOOLS=1.

use std::ffi::OsStr;
use std::process::{Command, Output};

/// Runs a tool; none where it is not installed and need not be. A tool that fails is the caller's to judge.
pub(crate) fn run<S: AsRef<OsStr>>(tool: &str, args: &[S]) -> Option<Output> {
    match Command::new(tool).args(args).output() {
        Ok(output) => Some(output),
        Err(error) => {
            let required = std::env::var_os("REQUIRE_TOOLS").is_some_and(|v| v == "1");
            assert!(!required, "{tool} is required: {error}");
            eprintln!("SKIP: {tool}: {error}");
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
