//! Old files (.doc、.xls) made new by LibreOffice, where it is installed: in a folder and with a profile of their own, bounded in time and
//! memory, and nothing of it stays behind. Elsewhere whoever asks is told to save the file anew.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::clerk::error::{ClerkError, world};
use crate::clerk::given;

/// Seconds after which a conversion is stopped: the first start of LibreOffice with a new profile takes up to ten.
const SECONDS: &str = "90";
/// Addresses that a conversion may take, in KiB: what LibreOffice maps itself is 1.5 GiB.
const MEMORY: &str = "4194304";

/// Tells the folders of one process apart.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// The bytes of an old file in the new format; none where LibreOffice is not installed or cannot read it. Errors: the world fails.
pub(super) fn converted(path: &Path, bytes: &[u8]) -> Result<Option<Vec<u8>>, ClerkError> {
    let Some((old, new)) = formats(path, bytes) else {
        return Ok(None);
    };
    let folder = Folder::new()?;
    let source = folder.0.join(format!("form.{old}"));
    std::fs::write(&source, bytes).map_err(world(&source))?;
    let done = ["soffice", "libreoffice"]
        .iter()
        .any(|program| run(program, &folder.0, &source, new));
    let made = folder.0.join("new").join(format!("form.{new}"));
    match done && made.is_file() {
        true => given::bytes(&made).map(Some),
        false => Ok(None),
    }
}

/// The name that a file made from an old one has.
pub(super) fn new_name(name: &str) -> String {
    for (old, new) in [(".doc", ".docx"), (".xls", ".xlsx")] {
        let front = name
            .len()
            .checked_sub(old.len())
            .and_then(|n| name.split_at_checked(n));
        if let Some((front, end)) = front
            && end.eq_ignore_ascii_case(old)
        {
            return format!("{front}{new}");
        }
    }
    name.to_owned()
}

/// The format of an old file and the new one: by the streams that it holds, whatever its name says.
fn formats(path: &Path, bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let holds = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(name.len()).any(|w| w == name)
    };
    let named = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("xls"));
    if holds("WordDocument") {
        Some(("doc", "docx"))
    } else if holds("Workbook") || named && holds("Book") {
        Some(("xls", "xlsx"))
    } else {
        None
    }
}

/// Runs LibreOffice on a file; whether it said that all went well.
fn run(program: &str, folder: &Path, source: &Path, new: &str) -> bool {
    let limits = format!("ulimit -v {MEMORY} && exec \"$0\" \"$@\"");
    let profile = format!(
        "-env:UserInstallation=file://{}",
        folder.join("profile").display()
    );
    let made = folder.join("new");
    let ended = Command::new("timeout")
        .args(["-k", "5", SECONDS, "sh", "-c", &limits, program, &profile])
        .args(["--headless", "--norestore", "--convert-to", new, "--outdir"])
        .arg(&made)
        .arg(source)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    ended.is_ok_and(|status| status.success())
}

/// A folder that nobody else reads, and that goes when it is done with.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, ClerkError> {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("sanlian-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(world(&path))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // what cannot be taken away lies in a folder for what is temporary
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
