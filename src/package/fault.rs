//! Why a package is refused, or cannot be written: each with its own code and what to do.

use crate::finding::{Finding, Place};
use crate::hours::{BEIJING, minute_in};
use crate::mark::{KeyId, OutOfTerm};
use crate::record::BookError;

/// What is wrong with a package. Names of entries are shown without control characters and cut to a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageFault {
    /// No zip, cut short, damaged, or packed again by another program.
    #[error("报送包{}{what}", shown_entry(.entry))]
    Broken {
        /// The entry where it was seen; none for the file as a whole.
        entry: Option<String>,
        /// What is wrong, in Chinese.
        what: &'static str,
    },
    /// More bytes than a package may hold.
    #[error("报送包展开后有 {bytes} 字节，最多 {limit} 字节")]
    TooLarge {
        /// Bytes as they are or as they say.
        bytes: u64,
        /// Most bytes accepted.
        limit: u64,
    },
    /// More entries than a package may hold.
    #[error("报送包有 {entries} 个文件，最多 {limit} 个")]
    TooMany {
        /// Number of entries.
        entries: usize,
        /// Most entries accepted.
        limit: usize,
    },
    /// Packed so well that it is a trap.
    #[error("报送包展开后是原来的 {ratio} 倍，最多 {limit} 倍，可能是压缩炸弹")]
    Ratio {
        /// Unpacked bytes for each packed one.
        ratio: u64,
        /// Most accepted.
        limit: u64,
    },
    /// A name that leads out of a folder, that is there twice, or that is no file's.
    #[error("报送包中的名称“{}”不能接受：{what}", shown(.name))]
    Name {
        /// The name.
        name: String,
        /// What is wrong with it, in Chinese.
        what: &'static str,
    },
    /// An entry that the manifest lists is not there.
    #[error("报送包缺少清单所列的“{}”", shown(.0))]
    Missing(String),
    /// An entry that the manifest does not list.
    #[error("报送包中的“{}”不在清单中", shown(.0))]
    Extra(String),
    /// An entry that is not what the manifest says.
    #[error("报送包中的“{}”与清单的校验和不符，内容已改变", shown(.0))]
    Differs(String),
    /// The manifest was changed after it was signed, or signed by another key than it names.
    #[error("报送包的清单与签名不符：不是密钥 {0} 签的，或者签后被改动")]
    Signature(KeyId),
    /// Signed, as it says, by a key that the desk does not trust.
    #[error("报送包自称来自“{}”，由密钥 {id}（{algorithm}）签名，信任的密钥中没有它。指纹：{fingerprint}", shown(.unit))]
    Stranger {
        /// Number of the key.
        id: KeyId,
        /// `Ed25519` or `SM2`.
        algorithm: &'static str,
        /// Its fingerprint.
        fingerprint: String,
        /// The unit that the package names.
        unit: String,
    },
    /// Signed by a trusted key out of its time.
    #[error("报送包签于 {}，而密钥 {id} {reason}", told(.made_at))]
    OutOfTerm {
        /// Number of the key.
        id: KeyId,
        /// When the package says that it was made.
        made_at: String,
        /// Why the key is not good then.
        reason: OutOfTerm,
    },
    /// Written by a later program.
    #[error("报送包的格式为 {0}，本程序只认识到 3")]
    Format(u32),
    /// A manifest, or a part of it, that does not hold together.
    #[error("报送包的清单读不懂：{0}")]
    Manifest(&'static str),
    /// A record book that does not hold together.
    #[error("报送包中的记录簿有误：{0}")]
    Book(BookError),
    /// A package of one unit with records of another.
    #[error("报送包报送的是“{}”，其中的记录却是“{}”的", shown(.said), shown(.found))]
    Unit {
        /// The unit that the manifest names.
        said: String,
        /// The unit that a record names.
        found: String,
    },
    /// A mark in the package that is not one of its records, or not genuine.
    #[error("报送包中的标记 {human} {what}")]
    Issue {
        /// The mark's code for people.
        human: String,
        /// What is wrong with it.
        what: &'static str,
    },
}

impl PackageFault {
    /// What to tell a person of the package at a path.
    pub fn finding(&self, path: &str) -> Finding {
        let (code, hint) = match self {
            Self::Broken { .. } => (
                "B1",
                "请让报送单位重新传送 sanlian pack 写出的原文件，不要解压后重新压缩；用U盘或网盘传送后核对大小。",
            ),
            Self::TooLarge { .. } | Self::TooMany { .. } | Self::Ratio { .. } => (
                "B2",
                "请压缩视频、照片，或在打包时加 --no-videos，视频另行报送；来历不明的文件请不要受理。",
            ),
            Self::Name { .. } => ("B3", "没有展开任何文件。请与报送单位核实来源，重新打包。"),
            Self::Missing(_) | Self::Extra(_) | Self::Differs(_) => (
                "B4",
                "没有登记任何内容。请让报送单位重新打包、重新传送；再次不符的，请电话核实。",
            ),
            Self::Signature(_) => (
                "B5",
                "没有登记任何内容。请让报送单位重新打包；仍不符的，不要受理，并查明文件来源。",
            ),
            Self::Stranger { .. } => (
                "B6",
                "请打电话给报送单位（用自己查到的号码）核对指纹，一致后向其索取公钥文件，用 sanlian key trust 公钥.pem 加入，再收一次。",
            ),
            Self::OutOfTerm { .. } => (
                "B7",
                "不要受理；请联系报送单位，用现在的密钥重新制作、打包。",
            ),
            Self::Format(_) => ("B8", "请升级收件的程序后再收。"),
            Self::Unit { .. } => (
                "B12",
                "没有登记任何内容。请与这两个单位核实是谁打的包；单位改过名称的，请重新制作、打包。",
            ),
            Self::Manifest(_) | Self::Book(_) | Self::Issue { .. } => (
                "B9",
                "没有登记任何内容。请让报送单位用最新的程序重新制作、打包。",
            ),
        };
        Finding::error(code, Place::file(path), format!("{self}。"), hint)
    }
}

/// A time that the package names, as people read it; what is no time is shown as it stands.
fn told(made_at: &str) -> String {
    made_at
        .parse()
        .map_or_else(|_| shown(made_at), |at| minute_in(&BEIJING, at))
}

/// An entry in words that go on; nothing where there is none.
fn shown_entry(entry: &Option<String>) -> String {
    entry
        .as_ref()
        .map(|name| format!("中的“{}”", shown(name)))
        .unwrap_or_default()
}

/// A name as a line can show it.
fn shown(name: &str) -> String {
    let mut kept: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
    if name.chars().count() > 80 {
        kept.push('…');
    }
    kept
}
