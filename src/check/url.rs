//! F18: addresses on the web. What is wrong with one is found in `text::url`; here it is told, with what to do.

use crate::finding::Severity::{Error, Warning};
use crate::text::url::{UrlFault, url_fault};

use super::checking::Checking;
use super::params::{brief, says_nothing};
use super::value::CheckedValue;

/// Checks one address.
pub(super) fn check(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, text: &str) {
    let Some(fault) = url_fault(text).filter(|_| !says_nothing(text)) else {
        return;
    };
    let label = spot.label();
    let shown = brief(text);
    let (weight, message, hint) = match fault {
        UrlFault::Several(count) => (
            Error,
            format!("{label}里有{count}个网址。"),
            "一格只填一个网址；另一个请另起一行填写。".to_owned(),
        ),
        UrlFault::AmongWords(alone) => (
            Error,
            format!("{label}除了网址还有别的文字，或者网址中间断开：“{shown}”。"),
            format!(
                "请只留下网址，如“{}”；提取码等写到说明一栏。",
                brief(&alone)
            ),
        ),
        UrlFault::NoScheme => (
            Error,
            format!("{label}应以 http:// 或 https:// 开头，现为“{shown}”。"),
            "请在浏览器中打开作品，从地址栏复制完整的网址。".to_owned(),
        ),
        UrlFault::File => (
            Error,
            format!("{label}填的是文件“{shown}”，不是网址，别人打不开。"),
            "请把文件放进报送文件夹，文件名填在文件一栏；有网址的填网址。".to_owned(),
        ),
        UrlFault::Private => (
            Warning,
            format!("{label}“{shown}”是本机或内部网络的地址，外面打不开。"),
            "请填公众能打开的网址；没有的，请改为报送文件。".to_owned(),
        ),
        UrlFault::Words => (
            Error,
            format!("{label}“{shown}”不是网址。"),
            "请从浏览器地址栏复制完整的网址，以 http:// 或 https:// 开头；没有网址的留空。"
                .to_owned(),
        ),
    };
    spot.tell(checking, weight, "F18", message, hint);
}
