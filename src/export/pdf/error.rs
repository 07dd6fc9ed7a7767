//! Why a PDF file cannot be made.

use crate::font::FontError;

/// Why a file cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// There is nothing to print.
    #[error("没有可输出的页。请先生成页面。")]
    NoSheets,
    /// A sheet names a page that is not there; a fault of the program.
    #[error("第 {sheet} 面所指的页不存在（程序错误）。请报告。")]
    NoSuchPage {
        /// The sheet, from 1.
        sheet: usize,
    },
    /// The time of making is not RFC 3339.
    #[error("时间“{0}”不是 RFC 3339 格式。请写成 2021-05-08T09:00:00+08:00 的样子。")]
    Time(String),
    /// A font cannot be cut down.
    #[error(transparent)]
    Font(#[from] FontError),
    /// The file would be larger than a cross-reference table can say (9,999,999,999 bytes).
    #[error("打印文件过大。请分成几个文件输出。")]
    TooLarge,
    /// The document that was built is not what was expected; a fault of the program.
    #[error("PDF 内部结构不符：{0}（程序错误）。请报告。")]
    Structure(&'static str),
    /// Deflating failed; a fault of the program.
    #[error("PDF 压缩失败（程序错误）。请报告。")]
    Deflate,
}
