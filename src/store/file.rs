//! One file: read within a limit, written at once or not at all, locked against another run; and what the world did wrong.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::finding::{Finding, Place};
use crate::foreign::{InChinese, io_remedy};
use crate::mark::{KeyFault, ListFault};
use crate::record::BookError;

use super::failpoint;
use super::vault::VaultFault;

/// Why an act on files failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The operating system refused.
    #[error("“{}”无法{act}：{}", path.display(), reason.in_chinese())]
    World {
        /// What was to be done: 读取, 写入 and the like.
        act: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        reason: io::Error,
    },
    /// Another run holds the lock.
    #[error("“{}”正被另一个程序写入", .0.display())]
    Busy(PathBuf),
    /// A file that is larger than it may be.
    #[error("“{}”超过 {limit} 字节", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Most bytes accepted.
        limit: u64,
    },
    /// A name that no file may have.
    #[error("文件名“{}”不能用：{reason}", name.escape_debug())]
    Name {
        /// The path inside the output folder.
        name: String,
        /// What is wrong with it, in Chinese.
        reason: &'static str,
    },
    /// The output folder holds files that are not ours.
    #[error("输出文件夹中的“{}”不是本程序写的，不能覆盖", .0.display())]
    Foreign(PathBuf),
    /// The record book is damaged or belongs to a later program.
    #[error("“{}”：{fault}", path.display())]
    Book {
        /// The book.
        path: PathBuf,
        /// What is wrong with it.
        fault: BookError,
    },
    /// A key file is damaged.
    #[error("密钥文件“{}”：{fault}", path.display())]
    Key {
        /// The key file.
        path: PathBuf,
        /// What is wrong with it.
        fault: KeyFault,
    },
    /// The trust list is damaged or belongs to a later program.
    #[error("“{}”：{fault}", path.display())]
    TrustList {
        /// The list.
        path: PathBuf,
        /// What is wrong with it.
        fault: ListFault,
    },
    /// A private key, and a public key beside it that is another's.
    #[error(
        "私钥文件“{}”（公钥指纹 {private_print}）与“{}”中的公钥（指纹 {public_print}）不是一对，不能用来签发",
        private.display(), public.display()
    )]
    Mismatch {
        /// The private key file.
        private: PathBuf,
        /// Fingerprint of the public key that the private one gives.
        private_print: String,
        /// The public key file, or the trust list.
        public: PathBuf,
        /// Fingerprint of the public key in it.
        public_print: String,
    },
    /// A private key that others can read.
    #[error("私钥文件“{}”的权限为 {mode:04o}，其他用户也能读取，不能使用", path.display())]
    Exposed {
        /// The private key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The vault key is missing or damaged, or does not open what was sealed.
    #[error("保管密钥“{}”：{fault}", path.display())]
    Vault {
        /// The key's file.
        path: PathBuf,
        /// What is wrong.
        fault: VaultFault,
    },
    /// A file whose bytes are not those that were put there.
    #[error("“{}”的内容与校验和不符，文件已损坏", .0.display())]
    Altered(PathBuf),
    /// The ledger could not be read or written.
    #[error("“{}”：{fault}", path.display())]
    Ledger {
        /// The ledger's file.
        path: PathBuf,
        /// What is wrong.
        fault: super::ledger::LedgerFault,
    },
    /// A folder that was to be empty is not.
    #[error("“{}”已存在，文件夹不是空的", .0.display())]
    Occupied(PathBuf),
    /// The folder is no backup.
    #[error("备份清单“{}”{fault}", path.display())]
    NoBackup {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it, in Chinese.
        fault: &'static str,
    },
    /// A backup of an earlier program, which has no proof.
    #[error("备份清单“{}”是早先格式的，没有密钥签记，不能证明它没有被改动", .0.display())]
    Unproven(PathBuf),
    /// The backup in a folder is one of another ledger, or of a later state of this one.
    #[error("“{}”中是另一份台账的备份，或者比现在的台账更新，不能替换", .0.display())]
    OtherLedger(PathBuf),
    /// The system gives no chance to make a key of.
    #[error("系统没有提供随机数，无法生成密钥")]
    Chance,
}

impl StoreError {
    /// Turns the system's error into one that names act and path.
    pub(super) fn world(act: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |reason| Self::World { act, path, reason }
    }

    /// What to tell a person.
    pub fn finding(&self) -> Finding {
        let (code, path, hint) = match self {
            Self::World { path, reason, .. } => ("W1", path.as_path(), io_remedy(reason)),
            Self::Busy(path) => ("W1", path.as_path(), "请等另一个程序结束后再运行。"),
            Self::TooLarge { path, .. } => {
                ("I7", path.as_path(), "请确认文件是否放错，缩小后再运行。")
            }
            Self::Name { name, .. } => (
                "W1",
                Path::new(name),
                "请换一个文件名；名称取自姓名或单位名称的，请改掉其中的特殊字符。",
            ),
            Self::Foreign(path) => (
                "W1",
                path.as_path(),
                "请移走该文件，或者换一个空的输出文件夹。",
            ),
            Self::Book { path, .. } => ("W2", path.as_path(), "请恢复记录簿的备份后再运行。"),
            Self::Key { path, .. } => {
                ("W1", path.as_path(), "请恢复密钥文件的备份，不要手工修改。")
            }
            Self::TrustList { path, .. } => (
                "K5",
                path.as_path(),
                "请改正信任名单或恢复备份；在此之前不验证任何标记，以免误信已吊销的密钥。",
            ),
            Self::Mismatch { private, .. } => ("K6", private.as_path(), MISMATCH),
            Self::Exposed { path, .. } => {
                ("W1", path.as_path(), "请执行 chmod 600，只留本人可读写。")
            }
            Self::Vault { path, fault } => ("W1", path.as_path(), fault.remedy()),
            Self::Altered(path) => (
                "W1",
                path.as_path(),
                "请检查磁盘，并用 sanlian restore 恢复最近的备份。",
            ),
            Self::Ledger { path, fault } => ("W3", path.as_path(), fault.remedy()),
            Self::Occupied(path) => ("W1", path.as_path(), "请换一个空的或尚不存在的文件夹。"),
            Self::NoBackup { path, .. } => (
                "W1",
                path.as_path(),
                "请指明 sanlian backup 写出的整个文件夹，或者换用另一份备份。",
            ),
            Self::Unproven(path) => (
                "W1",
                path.as_path(),
                "请改用新近的备份；确认来源可靠时，加 --old-format 恢复。",
            ),
            Self::OtherLedger(path) => (
                "W1",
                path.as_path(),
                "请核对 --data，或者换一个 --out；旧备份没有改动。",
            ),
            Self::Chance => ("W1", Path::new(""), "请检查操作系统后再运行。"),
        };
        let place = if path.as_os_str().is_empty() {
            Place::default()
        } else {
            Place::file(path.display().to_string())
        };
        Finding::error(code, place, self.to_string(), hint)
    }
}

/// What to do about a private key and a public one that are no pair.
const MISMATCH: &str = "请恢复私钥文件（或公钥文件）的备份。确认私钥没有放错的：公钥若属于别的单位，用 sanlian key trust 列入信任名单，\
再把公钥文件移出密钥目录；若是本单位已经丢失私钥的旧公钥，用 sanlian key revoke 吊销。然后再运行。";

/// The bytes of a file; none where there is no such file.
pub(super) fn read_if_there(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(StoreError::world("打开", path)(e)),
    };
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(StoreError::world("读取", path))?;
    if u64::try_from(bytes.len()).is_ok_and(|n| n <= limit) {
        Ok(Some(bytes))
    } else {
        let path = path.to_owned();
        Err(StoreError::TooLarge { path, limit })
    }
}

/// Who may read a new file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// As the system is set up.
    Usual,
    /// The owner alone (0600).
    Owner,
}

/// Replaces a file at once: readers see all of the old bytes or all of the new. On failure the old ones stand.
/// The caller holds a lock, so that the file beside it is a remnant of a killed run.
pub(super) fn replace(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), StoreError> {
    replace_after(path, bytes, readers, || Ok(()))
}

/// The same, with something that must be on record before the file stands.
pub(super) fn replace_after<E: From<StoreError>>(
    path: &Path,
    bytes: &[u8],
    readers: Readers,
    record: impl FnOnce() -> Result<(), E>,
) -> Result<(), E> {
    let beside = with_suffix(path, ".new");
    remove_remnant(&beside)?;
    let world = |reason| E::from(StoreError::world("写入", path)(reason));
    let done = write_new(&beside, bytes, readers)
        .map_err(world)
        .and_then(|()| record())
        .and_then(|()| {
            failpoint::pass("before a file takes its name");
            fs::rename(&beside, path).map_err(world)
        });
    failpoint::pass("a file has its name");
    if done.is_err() {
        // Nothing more can be done about a remnant than to remove it next time.
        let _ = fs::remove_file(&beside);
    }
    done?;
    sync_folder(path.parent());
    failpoint::pass("a file's name is on the disk");
    Ok(())
}

/// Writes a file that is not there yet, down to the disk.
pub(super) fn write_new(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner || is_closed(path.parent()) {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    failpoint::pass("before a file is made");
    let mut file = options.open(path)?;
    let (first, rest) = bytes.split_at(bytes.len() / 2);
    file.write_all(first)?;
    failpoint::pass("half a file is written");
    file.write_all(rest)?;
    failpoint::pass("a file is written, not yet on the disk");
    file.sync_all()?;
    failpoint::pass("a file is on the disk");
    Ok(())
}

/// Whether nobody but its owner comes into a folder: files that are made there are then for the owner alone too.
#[cfg(unix)]
fn is_closed(folder: Option<&Path>) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let here = folder.filter(|f| !f.as_os_str().is_empty());
    fs::metadata(here.unwrap_or(Path::new("."))).is_ok_and(|f| f.permissions().mode() & 0o077 == 0)
}

pub(super) fn remove_remnant(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(StoreError::world("清理", path)(e)),
        _ => Ok(()),
    }
}

/// Makes names in a folder durable where the system can; where it cannot, the bytes are on the disk all the same.
pub(super) fn sync_folder(folder: Option<&Path>) {
    let here = folder.filter(|f| !f.as_os_str().is_empty());
    if let Ok(handle) = File::open(here.unwrap_or(Path::new("."))) {
        let _ = handle.sync_all();
    }
}

/// The path with more at the end of its last name.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A lock against another run, held until it is dropped. The system lets it go when the program is killed.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// Takes the lock, or fails with [`StoreError::Busy`] where another run holds it.
    pub(super) fn take(path: &Path) -> Result<Self, StoreError> {
        loop {
            let file = Self::open(path)?;
            match file.try_lock() {
                Ok(()) if still_there(path, &file) => return Ok(Self::held(path, file)),
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(StoreError::Busy(path.to_owned())),
                Err(TryLockError::Error(e)) => return Err(StoreError::world("加锁", path)(e)),
            }
        }
    }

    /// Takes the lock when the other run has let it go; for acts that are over in a moment.
    pub(super) fn wait(path: &Path) -> Result<Self, StoreError> {
        loop {
            let file = Self::open(path)?;
            file.lock().map_err(StoreError::world("加锁", path))?;
            if still_there(path, &file) {
                return Ok(Self::held(path, file));
            }
        }
    }

    fn open(path: &Path) -> Result<File, StoreError> {
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        options.open(path).map_err(StoreError::world("加锁", path))
    }

    fn held(path: &Path, file: File) -> Self {
        Self {
            path: path.to_owned(),
            _file: file,
        }
    }
}

/// Whether a lock's file still has its name: the run that held it before may have removed it, and then a third run locks
/// another file of that name.
pub(super) fn still_there(path: &Path, file: &File) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        match (fs::metadata(path), file.metadata()) {
            (Ok(named), Ok(held)) => (named.dev(), named.ino()) == (held.dev(), held.ino()),
            _ => false,
        }
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A lock file that stays does no harm.
        let _ = fs::remove_file(&self.path);
    }
}
