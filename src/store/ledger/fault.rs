//! What went wrong with the ledger, by whose fault, in words for a person.

use sqlx::migrate::MigrateError;

/// Why the ledger could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerFault {
    /// Written by a later program.
    #[error("台账是更新版本的程序写的（数据库版本 {0}），本程序不能打开")]
    Newer(i64),
    /// The schema is not the one that this program knows under its number.
    #[error("台账的表结构（版本 {0}）与本程序的不同")]
    Changed(i64),
    /// The file is no database, or is damaged.
    #[error("台账文件已损坏，或者不是台账")]
    Damaged,
    /// Another program holds it for too long.
    #[error("台账正被另一个程序写入")]
    Busy,
    /// No room on the disk.
    #[error("磁盘空间已满，这一笔没有记下")]
    Full,
    /// It cannot be written.
    #[error("台账是只读的")]
    ReadOnly,
    /// The disk or the connection to it fails.
    #[error("磁盘读写出错，这一笔没有办成")]
    Io,
    /// It cannot be opened.
    #[error("台账打不开")]
    Closed,
    /// There is none.
    #[error("这里没有台账")]
    Missing,
    /// A file without a ledger in it, such as a copy of the file without its companion.
    #[error("文件里没有台账：它是空的，或者复制得不全")]
    Empty,
    /// The file that says where the ledger is cannot be followed.
    #[error("看不懂台账在哪里：{0}")]
    Pointer(String),
    /// There are rows where a ledger should be moved to.
    #[error("要搬去的地方已经有一本台账（表 {0} 里有内容）")]
    Occupied(String),
    /// The server on which it is cannot be had, or the connection to it was lost.
    #[error("台账所在的数据库没有办成：{0}")]
    Unreachable(String),
    /// It was moved while this program had it open or was about to open it.
    #[error("台账刚刚搬到别处去了，这一笔没有记下")]
    MovedAway,
    /// It belongs to another data folder, whose objects this one lacks.
    #[error("这个数据库里的台账属于另一个数据目录")]
    OtherFolder,
    /// Another service runs on it.
    #[error("已经有一个服务开着这本台账")]
    Served,
    /// Another program has it open.
    #[error("还有程序开着这本台账，没有搬")]
    InUse,
    /// The data folder's ledger is elsewhere already.
    #[error("这个数据目录的台账已经在 {0}")]
    Elsewhere(String),
    /// The data folder's ledger is in a file.
    #[error("这个数据目录的台账在文件里")]
    InFile,
    /// What was copied is not what was to be copied.
    #[error("搬过去的与原来的不同（表 {0}），没有改用新的")]
    Unlike(String),
    /// Sealed with another vault key.
    #[error("台账用编号 {expected} 的保管密钥加密，现在的是 {found}")]
    Vault {
        /// Fingerprint that the ledger names.
        expected: String,
        /// Fingerprint of the key at hand.
        found: String,
    },
    /// A row does not say what only this program writes.
    #[error("台账中的{0}读不懂")]
    Row(&'static str),
    /// The audit log does not hang together.
    #[error("审计日志在第 {0} 行断开：这一行或它前面的行被改动、删除或插入过")]
    Chain(i64),
    /// Rows at the end of the audit log are missing.
    #[error("审计日志共 {rows} 行，与应有的第 {known} 行对不上：末尾被截去或换过")]
    Cut {
        /// Rows that are there.
        rows: i64,
        /// A row that should be there.
        known: i64,
    },
    /// A record that belongs to another unit or to another form.
    #[error("记录 {0} 已属于另一个单位或另一种表")]
    Taken(String),
    /// A key that is not one of the unit's.
    #[error("密钥 {} 不是台账所认的“{unit}”的密钥，不能以它的名义报送（指纹 {fingerprint}）", fingerprint.get(..4).unwrap_or_default())]
    UnitKey {
        /// The unit that was named.
        unit: String,
        /// The key's fingerprint.
        fingerprint: String,
    },
    /// What is to be entered does not agree with what stands there.
    #[error("“{name}”的版本{version}与台账中的内容不同")]
    Fork {
        /// The record's name.
        name: String,
        /// The first version that differs.
        version: u16,
    },
    /// The unit's data were erased on purpose.
    #[error("这个单位的材料已按保存期限删除，不再接收")]
    Erased,
    /// The database engine refused for another reason: a fault of the program.
    #[error("台账操作失败：{0}")]
    Engine(String),
}

impl LedgerFault {
    /// What to do.
    pub(crate) fn remedy(&self) -> &'static str {
        match self {
            Self::Newer(_) => "请升级程序后再用；台账没有改动。",
            Self::Changed(_) | Self::Damaged | Self::Row(_) => {
                "请用 sanlian restore 恢复最近的备份，不要手工修改。"
            }
            Self::Chain(_) | Self::Cut { .. } => {
                "请保留现场，与此前的备份核对，查明是谁改动了台账文件。"
            }
            Self::Busy => "请等另一个程序结束后再运行。",
            Self::Full => "请清理磁盘后再运行，已答复的收件都在台账中。",
            Self::Io => {
                "请检查磁盘、数据线和网络驱动器，必要时换一块磁盘后用 sanlian restore 恢复；已答复的收件都在台账中。"
            }
            Self::Missing => {
                "请检查 --data 所指的目录；要在这里新建台账，请运行 sanlian init --data 目录。"
            }
            Self::Empty => {
                "请把 ledger.db 连同 ledger.db-wal 一起复制，或者用 sanlian backup、sanlian restore；确实从未用过时，移走这个文件后运行 sanlian init。"
            }
            Self::Occupied(_) => "请换一个空的数据库，或请数据库管理员清空它；这里的台账没有改动。",
            Self::Pointer(_) => {
                "地址写成 postgres://用户@主机:端口/数据库，不含密码；见手册“台账在 PostgreSQL”一节。"
            }
            Self::Unreachable(_) => {
                "请检查数据库是否在运行、地址和用户是否正确、密码是否在 PGPASSWORD 或 .pgpass 里；恢复后请查看这一笔是否已经记下，没有就再办一次。"
            }
            Self::MovedAway => "请再运行一次；服务请重新启动。",
            Self::OtherFolder => {
                "请用台账原来的数据目录（其中有它的文件和 database.toml），或者换一个空的数据库。"
            }
            Self::Served => {
                "一本台账同时只能开一个服务。请先停止那一个，或者给这一个另一个数据目录和数据库。"
            }
            Self::InUse => "请先停止服务和收件，再搬一次；台账没有改动。",
            Self::Elsewhere(_) => {
                "请照原来的地址写；地址变了就改 database.toml，要换地方就先用 sanlian migrate 搬回文件再搬。"
            }
            Self::InFile => "请先用 sanlian migrate 搬到数据库，再启动。",
            Self::Unlike(_) => "台账没有改动，仍在原处。请核对磁盘和数据库，再搬一次。",
            Self::ReadOnly => "请检查数据目录的权限和磁盘。",
            Self::Closed => "请检查 --data 所指的目录是否存在、是否有权限。",
            Self::Vault { .. } => "请用 --keys 指定建立台账时的密钥目录（其中有 vault.key）。",
            Self::Taken(_) => "请核对密钥和单位名称。",
            Self::UnitKey { .. } => {
                "没有登记任何内容。请打电话给该单位（用自己查到的号码）核实；确是它换了密钥的，由主办单位用 sanlian key trust 公钥.pem --unit 单位 --data 台账 列入，再收一次。"
            }
            Self::Fork { .. } => {
                "请核对记录簿是否恢复过旧备份、是否另起过；以台账为准时，移走 records.json 后重新制作。"
            }
            Self::Erased => "确需重新报送时，请由主办单位另开活动；删除的时间和原因在审计日志中。",
            Self::Engine(_) => "请保留现场并报告维护人员。",
        }
    }
}

impl From<sqlx::Error> for LedgerFault {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Migrate(e) => migrate_fault(e),
            _ => engine_fault(&error),
        }
    }
}

impl From<MigrateError> for LedgerFault {
    fn from(error: MigrateError) -> Self {
        migrate_fault(&error)
    }
}

fn migrate_fault(error: &MigrateError) -> LedgerFault {
    match error {
        MigrateError::VersionMissing(version) => LedgerFault::Newer(*version),
        MigrateError::VersionMismatch(version) => LedgerFault::Changed(*version),
        MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) => engine_fault(e),
        other => LedgerFault::Engine(other.to_string()),
    }
}

/// By the result codes of SQLite (sqlite.org/rescode.html).
fn engine_fault(error: &sqlx::Error) -> LedgerFault {
    match error {
        sqlx::Error::Database(e) => e
            .code()
            .and_then(|c| c.parse().ok())
            .and_then(by_code)
            .unwrap_or_else(|| LedgerFault::Engine(error.to_string())),
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::RowNotFound => LedgerFault::Row("一行"),
        sqlx::Error::Io(e) => by_kind(e.kind()),
        _ => LedgerFault::Engine(error.to_string()),
    }
}

/// By a result code, whose low eight bits are the primary code; none for one that only a fault of the program brings about.
fn by_code(code: u32) -> Option<LedgerFault> {
    /// `SQLITE_IOERR_SHMSIZE`, `SQLITE_IOERR_TRUNCATE` of the memory that runs share: the one place where the engine does not tell
    /// a full disk apart (`unixShmMap`).
    const SHARED: u32 = 10 | 19 << 8;
    Some(match (code, code & 0xff) {
        (_, 5 | 6) => LedgerFault::Busy,
        (_, 8) => LedgerFault::ReadOnly,
        // ENOSPC and EDQUOT while writing come as 13 (os_unix.c, unixWrite)
        (SHARED, _) | (_, 13) => LedgerFault::Full,
        (_, 10) => LedgerFault::Io,
        (_, 11 | 26) => LedgerFault::Damaged,
        (_, 14) => LedgerFault::Closed,
        _ => return None,
    })
}

fn by_kind(kind: std::io::ErrorKind) -> LedgerFault {
    use std::io::ErrorKind as K;
    match kind {
        K::StorageFull | K::QuotaExceeded | K::FileTooLarge => LedgerFault::Full,
        K::ReadOnlyFilesystem | K::PermissionDenied => LedgerFault::ReadOnly,
        _ => LedgerFault::Io,
    }
}
