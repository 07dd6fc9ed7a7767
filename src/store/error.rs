//! What went wrong in the world of files, by whose fault, in words for a person. What the ledger can have stands in `ledger`.

use std::io;
use std::path::{Path, PathBuf};

use crate::finding::{Finding, Place};
use crate::foreign::{InChinese, io_remedy};
use crate::mark::{KeyFault, ListFault};
use crate::record::BookError;

use super::ledger::LedgerFault;

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
    /// The object store did not do what it was asked.
    #[error("对象存储“{place}”无法{act}：{reason}")]
    Bucket {
        /// What was to be done: 读取, 写入 and the like.
        act: &'static str,
        /// Address of the bucket.
        place: String,
        /// Why not, in Chinese.
        reason: String,
        /// What to do about it, in Chinese.
        remedy: &'static str,
    },
    /// An object in a bucket whose bytes are not those that were put there.
    #[error("对象存储中“{0}”的内容与校验和不符，文件已损坏")]
    Damaged(String),
    /// An object that is not in its bucket.
    #[error("对象存储中没有“{0}”")]
    Gone(String),
    /// A ledger that is perhaps an earlier copy, which must not clear away what it does not know.
    #[error("“{}”的审计日志末尾与密钥目录中记下的不符，可能是早先的副本：没有清理附件", .0.display())]
    EarlierLedger(PathBuf),
    /// A bucket, or a folder in it, that holds the objects of another ledger.
    #[error("“{0}”里是另一本台账的附件，不能共用")]
    OtherBucket(String),
    /// A program that was built without object stores.
    #[error("这个程序编译时没有带对象存储（特性 s3），不能用“{0}”")]
    NoBuckets(String),
    /// What says where objects are cannot be understood.
    #[error("“{}”：{reason}", path.display())]
    ObjectsPlace {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, in Chinese.
        reason: String,
    },
    /// Objects that are elsewhere than is said.
    #[error("“{}”的附件已经在“{there}”", data.display())]
    ObjectsElsewhere {
        /// The data folder.
        data: PathBuf,
        /// Where they are.
        there: String,
    },
    /// The ledger could not be read or written.
    #[error("“{}”：{fault}", path.display())]
    Ledger {
        /// The ledger's file.
        path: PathBuf,
        /// What is wrong.
        fault: LedgerFault,
    },
    /// A file of another kind, or a part of a submission, lies where a result should be written.
    #[error("{}：这里已经有别的文件，没有盖掉它", .0.display())]
    Theirs(PathBuf),
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
            Self::Bucket { place, remedy, .. } => ("W1", Path::new(place), *remedy),
            Self::Damaged(name) | Self::Gone(name) => (
                "W1",
                Path::new(name),
                "请从对象存储的旧版本或最近的备份中找回这个文件；sanlian fsck 会列出所有这样的文件。",
            ),
            Self::EarlierLedger(path) => (
                "W3",
                path.as_path(),
                "请先用 sanlian audit verify 查明；确知是唯一在用的台账以后再清理。",
            ),
            Self::OtherBucket(place) => (
                "W1",
                Path::new(place),
                "请换一个桶，或者桶里的另一个文件夹：s3://桶/另一个文件夹。",
            ),
            Self::NoBuckets(place) => (
                "W1",
                Path::new(place),
                "请换用带这个特性的程序（默认就带）。",
            ),
            Self::ObjectsPlace { path, .. } => ("W1", path.as_path(), "请改正地址；附件没有改动。"),
            Self::ObjectsElsewhere { data, .. } => (
                "W1",
                data.as_path(),
                "请核对 objects 的地址；要搬走附件，用 sanlian migrate --objects。",
            ),
            Self::Ledger { path, fault } => ("W3", path.as_path(), fault.remedy()),
            Self::Theirs(path) => ("W1", path.as_path(), "请换一个文件名，或者先把它移走。"),
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

/// What is wrong with a vault key's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultFault {
    /// There is none, and none may be made because data are sealed with one already.
    #[error("没有找到保管密钥")]
    Missing,
    /// The file does not hold a key.
    #[error("内容不完整，应为一行“sanlian vault key 1”和一行 64 位十六进制数字")]
    Content,
    /// What was sealed does not open: another key, or damaged data.
    #[error("打不开加密的内容：密钥不对，或者数据已损坏")]
    Sealed,
}

impl VaultFault {
    /// What to do.
    fn remedy(self) -> &'static str {
        match self {
            Self::Missing => "请用 --keys 指定原来的密钥目录，或者从备份恢复其中的 vault.key。",
            Self::Content => "请恢复密钥文件的备份，不要手工修改。",
            Self::Sealed => {
                "请核对密钥目录中的 vault.key；确认无误时，用 sanlian restore 恢复最近的备份。"
            }
        }
    }
}

impl LedgerFault {
    /// The fault of a ledger whose file is known.
    pub(in crate::store) fn at(self, path: PathBuf) -> StoreError {
        StoreError::Ledger { path, fault: self }
    }
}
