//! The words under a mark: copy, page and version.

use super::payload::Mark;

/// `第1/3份 第2/5页 版本3`; copies or pages that a mark does not count are left out.
pub fn caption(mark: &Mark) -> String {
    let mut words = Vec::with_capacity(3);
    if mark.copies() > 0 {
        words.push(format!("第{}/{}份", mark.copy(), mark.copies()));
    }
    if mark.pages() > 0 {
        words.push(format!("第{}/{}页", mark.page(), mark.pages()));
    }
    words.push(format!("版本{}", mark.version()));
    words.join(" ")
}
