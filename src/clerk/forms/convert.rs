//! Old files (.doc、.xls) made new and forms made PDF by LibreOffice, where it is installed: in a folder and with a profile of their own, bounded in time and
//! memory, and nothing of it stays behind. Elsewhere whoever asks is told to save the file anew.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::clerk::error::{ClerkError, world};
use crate::clerk::given;
use crate::font::FontSet as Fonts;

/// Seconds after which a conversion is stopped: the first start of LibreOffice with a new profile takes up to ten.
const SECONDS: &str = "90";
/// Addresses that a conversion may take, in KiB: what LibreOffice maps itself is 1.5 GiB.
const MEMORY: &str = "4194304";

/// The names that LibreOffice goes by.
const PROGRAMS: [&str; 2] = ["soffice", "libreoffice"];
/// What a shell ends with that does not find a program.
const NOT_FOUND: i32 = 127;

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
    let done = PROGRAMS
        .iter()
        .any(|program| run(program, &folder.0, &[&source], new) == Ran::Done);
    let made = folder.0.join("new").join(format!("form.{new}"));
    match done && made.is_file() {
        true => given::bytes(&made).map(Some),
        false => Ok(None),
    }
}

/// The faces of official forms with the font of ours that stands in for each where the machine has none.
const FACES: [(&str, &[&str]); 4] = [
    (
        "Noto Serif SC",
        &["宋体", "SimSun", "新宋体", "方正小标宋简体", "serif"],
    ),
    (
        "Noto Sans SC",
        &[
            "黑体",
            "SimHei",
            "微软雅黑",
            "Microsoft YaHei",
            "sans-serif",
        ],
    ),
    ("LXGW WenKai GB Lite", &["楷体", "KaiTi", "楷体_GB2312"]),
    (
        "Zhuque Fangsong (technical preview)",
        &["仿宋", "FangSong", "仿宋_GB2312"],
    ),
];

/// Lends LibreOffice the program's fonts, for machines that have none for Chinese: empty boxes stood in the place of the words there.
fn lend(folder: &Path, fonts: &Fonts) -> Result<(), ClerkError> {
    let dir = folder.join("fonts");
    std::fs::create_dir(&dir).map_err(world(&dir))?;
    for (n, bytes) in fonts.files().enumerate() {
        let path = dir.join(format!("{n}.ttf"));
        std::fs::write(&path, bytes).map_err(world(&path))?;
    }
    let aliases: String = FACES
        .iter()
        .flat_map(|(ours, faces)| faces.iter().map(move |face| (ours, face)))
        .map(|(ours, face)| {
            format!("<alias binding=\"same\"><family>{face}</family><accept><family>{ours}</family></accept></alias>")
        })
        .collect();
    let path = folder.join(FONTS);
    let text = format!(
        "<?xml version=\"1.0\"?><fontconfig><include ignore_missing=\"yes\">/etc/fonts/fonts.conf</include><dir>{}</dir><cachedir>{}</cachedir>{aliases}</fontconfig>",
        dir.display(),
        folder.join("cache").display()
    );
    std::fs::write(&path, text).map_err(world(&path))
}

/// Name of the file that says where fonts are.
const FONTS: &str = "fonts.conf";

/// How a run of LibreOffice ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ran {
    Done,
    /// It is not installed.
    Absent,
    /// It could not, or took too long.
    Failed,
}

/// Forms as PDF, in their order; all in one run, with the program's fonts behind those of the machine. Errors: LibreOffice is not installed or
/// cannot read one of them, which is said with what to do; the world fails.
pub(super) fn pdfs(
    name: &str,
    forms: &[&[u8]],
    kind: &str,
    fonts: &Fonts,
) -> Result<Vec<Vec<u8>>, ClerkError> {
    let folder = Folder::new()?;
    lend(&folder.0, fonts)?;
    let mut sources = Vec::new();
    for (n, bytes) in forms.iter().enumerate() {
        let source = folder.0.join(format!("{n}.{kind}"));
        std::fs::write(&source, bytes).map_err(world(&source))?;
        sources.push(source);
    }
    let own: Vec<&Path> = sources.iter().map(PathBuf::as_path).collect();
    let mut ran = Ran::Absent;
    for program in PROGRAMS {
        ran = run(program, &folder.0, &own, "pdf");
        if ran != Ran::Absent {
            break;
        }
    }
    if ran == Ran::Absent {
        return Err(ClerkError::Refused(
            "本机没有装 LibreOffice，不能把空白表画成图。请装上 LibreOffice（7.0 以上）后再试；绑定、填表不需要它".to_owned(),
        ));
    }
    let made = (0..forms.len()).map(|n| folder.0.join("new").join(format!("{n}.pdf")));
    let made: Result<Vec<Vec<u8>>, ClerkError> = made.map(|path| given::bytes(&path)).collect();
    made.map_err(|_| {
        ClerkError::Refused(format!(
            "LibreOffice 没有把“{name}”转成 PDF（打不开，或 {SECONDS} 秒内没有转完）。请用 WPS 或 Word 打开确认，另存一份后再试"
        ))
    })
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

/// Runs LibreOffice on files.
fn run(program: &str, folder: &Path, sources: &[&Path], new: &str) -> Ran {
    let limits = format!("ulimit -v {MEMORY} && exec \"$0\" \"$@\"");
    let profile = format!(
        "-env:UserInstallation=file://{}",
        folder.join("profile").display()
    );
    let made = folder.join("new");
    let mut command = Command::new("timeout");
    let fonts = folder.join(FONTS);
    if fonts.is_file() {
        command.env("FONTCONFIG_FILE", fonts);
    }
    let ended = command
        .args(["-k", "5", SECONDS, "sh", "-c", &limits, program, &profile])
        .args(["--headless", "--norestore", "--convert-to", new, "--outdir"])
        .arg(&made)
        .args(sources)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match ended.map(|status| status.code()) {
        Ok(Some(0)) => Ran::Done,
        Ok(Some(NOT_FOUND)) | Err(_) => Ran::Absent,
        Ok(_) => Ran::Failed,
    }
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
