//! Why a file or one of its pages is no picture, and what to tell a person.

use crate::finding::{Finding, Place};

use super::format::ScanFormat;
use super::limits::{PAGES_MAX, UNFOLDED_MAX};
use super::picture::PictureFault;

/// Why a file or one of its pages is no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No byte at all.
    #[error("文件是空的（0 字节）")]
    Empty,
    /// Nothing that holds scanned pages; the name of what it is, where that is known.
    #[error("{}，不是扫描件；可以读 JPEG、PNG、TIFF、PDF", foreign(*.0))]
    Kind(Option<&'static str>),
    /// Malformed or cut short, so that nothing can be shown.
    #[error("{} 文件损坏或不完整：{reason}", kind.name())]
    Broken {
        /// The format.
        kind: ScanFormat,
        /// What is wrong.
        reason: String,
    },
    /// The file ends too early; pages before that place are read.
    #[error("{} 文件不完整，第 {after} 页以后的内容丢失", kind.name())]
    CutAfter {
        /// The format.
        kind: ScanFormat,
        /// Pages that are there.
        after: usize,
    },
    /// A variety of the format that is not read.
    #[error("{} 用了不支持的编码：{reason}", kind.name())]
    Unsupported {
        /// The format.
        kind: ScanFormat,
        /// Which variety.
        reason: String,
    },
    /// More pixels than a picture may have.
    #[error(transparent)]
    Picture(#[from] PictureFault),
    /// A stream that unfolds to more than [`UNFOLDED_MAX`] bytes.
    #[error("文件中有一段压缩数据展开后超过 {} MB，没有展开", UNFOLDED_MAX >> 20)]
    Unfolds,
    /// A page of a PDF that would take too much to draw.
    #[error("这一页要画的内容太多（图形层层嵌套或者数量过大），没有画")]
    Elaborate,
    /// A PDF that opens with a password only.
    #[error("PDF 文件有打开密码，读不出")]
    Locked,
    /// A PDF that is encrypted in a way that is not known.
    #[error("PDF 文件的加密方式不认识，读不出")]
    Encrypted,
    /// A file without pages.
    #[error("{} 文件中没有页", .0.name())]
    NoPages(ScanFormat),
    /// More than [`PAGES_MAX`] pages.
    #[error("文件有 {0} 页，只读前 {PAGES_MAX} 页")]
    TooManyPages(usize),
    /// A decoder broke on the page.
    #[error("解码时出错，本页没有读")]
    Decoder,
}

impl Fault {
    /// A malformed file of a format, and why.
    pub(super) fn broken(kind: ScanFormat, reason: &str) -> Self {
        Self::Broken {
            kind,
            reason: reason.to_owned(),
        }
    }

    /// What to tell a person.
    pub fn finding(&self, place: Place) -> Finding {
        let (code, hint) = match self {
            Self::Empty => ("I1", "请重新扫描，或者重新复制该文件。"),
            Self::Kind(_) => ("I1", "请交扫描得到的图片或 PDF，手机照片请存为 JPEG。"),
            Self::Broken { .. } | Self::CutAfter { .. } => {
                ("I1", "请重新复制该文件；仍读不出时请重新扫描。")
            }
            Self::Unsupported { .. } | Self::Decoder => {
                ("I1", "请改存为 JPEG、PNG 或 PDF，或者重新扫描。")
            }
            Self::Picture(PictureFault::TooLarge { .. }) => {
                ("I7", "请用 200 至 300 dpi 重新扫描。")
            }
            Self::Picture(_) => ("I1", "请重新扫描。"),
            Self::Unfolds => (
                "I7",
                "请确认文件来源；是扫描件的，请用 200 至 300 dpi 重新扫描。",
            ),
            Self::Elaborate => (
                "I7",
                "请确认文件来源；是表格的，请打印后用 200 至 300 dpi 扫描。",
            ),
            Self::Locked => ("I1", "请在阅读器中用密码打开，去掉密码，另存后再读。"),
            Self::Encrypted => ("I1", "请在阅读器中去掉密码和权限限制，另存后再读。"),
            Self::NoPages(_) => ("I8", "请确认文件是否放错。"),
            Self::TooManyPages(_) => ("I7", "请把文件拆成几个再读。"),
        };
        Finding::error(code, place, self.to_string(), hint)
    }
}

/// Words for a file that is something else.
fn foreign(name: Option<&str>) -> String {
    match name {
        Some("ZIP") => "内容是 ZIP（Word、Excel、WPS 文档或压缩包）".to_owned(),
        Some("OLE") => "内容是旧版 Word、Excel 文档".to_owned(),
        Some(name) => format!("内容是 {name}"),
        None => "内容不认识".to_owned(),
    }
}
