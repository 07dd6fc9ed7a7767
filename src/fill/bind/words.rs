//! What the words in a box or a line are (字样), before anything is known of fields: a label, a date to be filled in, what asks for a photo or a
//! seal, a title, a remark of the form's own.

use crate::fill::anatomy::boxes::boxes;
use crate::fill::anatomy::filler::is_filler;
use crate::fill::anatomy::numbered::is_numbered;
use crate::text::heading::fold_heading as letters;

use super::roles::bare;
use super::survey::{FormBox, FormGrid};

/// Whether a box holds words only, without a blank of its own.
pub(super) fn is_label(cell: &FormBox) -> bool {
    let text = cell.text();
    let chars: Vec<char> = text.chars().collect();
    !cell.inner
        && !cell.hidden
        && !cell.picture
        && chars.len() < 80
        && chars.iter().any(|c| c.is_alphanumeric())
        && cell.lines.iter().all(|l| l.blanks.is_empty())
        && boxes(&chars).is_empty()
        && !is_date(&text)
        && !is_filler(&text)
        && !is_numbered(&text)
        && !has_room_within(&chars)
}

/// Whether a line has room to write between two labels with colons: 联系人：　　　联系电话：.
fn has_room_within(chars: &[char]) -> bool {
    let colons = chars
        .iter()
        .enumerate()
        .filter(|(_, c)| matches!(c, '：' | ':'));
    let mut colons = colons.map(|(at, _)| at);
    colons.any(|at| {
        let behind = chars.get(at + 1..).unwrap_or_default();
        let room = behind
            .iter()
            .take_while(|c| matches!(c, ' ' | '　'))
            .count();
        let rest = behind.get(room..).unwrap_or_default();
        let words = rest.iter().take_while(|c| c.is_alphanumeric()).count();
        room > 2 && words > 0 && matches!(rest.get(words), Some('：' | ':'))
    })
}

/// Whether a text is nothing but 年 月 日 to be filled in.
pub(super) fn is_date(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.replace(['_', '＿'], "");
    matches!(text.as_str(), "年月日" | "年月" | "年月日时" | "年")
}

/// Whether words begin what the form itself says.
pub(super) fn is_remark(text: &str) -> bool {
    let all = [
        "说明",
        "注",
        "附注",
        "备注",
        "注意",
        "注意事项",
        "填表说明",
        "填写说明",
        "填表要求",
        "填写要求",
    ];
    all.contains(&letters(text).as_str())
}

/// Words of a photo box.
const PHOTO: &[&str] = &[
    "照片",
    "相片",
    "像片",
    "贴照",
    "免冠",
    "寸照",
    "寸彩",
    "证件照",
];

/// Whether words ask for a photo.
pub(super) fn is_photo(text: &str) -> bool {
    let text = letters(text);
    PHOTO.iter().any(|p| text.contains(p)) && !text.contains("文件") && !text.contains("张")
}

/// Whether a box is one to be signed or sealed.
pub(super) fn is_signed(cell: &FormBox) -> bool {
    let text = letters(&cell.text());
    let signs = ["签字", "签名", "盖章", "公章", "签章"];
    cell.lines.len() > 1 && signs.iter().any(|s| text.contains(s)) && text.contains("年月日")
}

/// Whether a box can take an opinion: blank, or with nothing but the lines where it is signed and dated.
pub(super) fn is_opinion(cell: &FormBox) -> bool {
    cell.is_blank() || is_signed(cell) || letters(&cell.text()).ends_with("年月日")
}

/// Whether a line names the form: 推荐表, 申请书, 回执.
pub(super) fn is_title(text: &str) -> bool {
    let text = bare(text);
    let ends = [
        "表", "书", "单", "卡", "册", "函", "回执", "意见", "报告", "证", "记录", "鉴定",
    ];
    let person = ["秘书", "文书"].iter().any(|p| text.ends_with(p));
    !person && ends.iter().any(|e| text.ends_with(e)) && text.chars().count() > 3
}

/// Most characters of a heading.
const LONGEST: usize = 40;

/// Whether words may be a heading at all.
pub(super) fn may_head(text: &str) -> bool {
    let text = text.trim();
    let ends = text.ends_with(['。', '；', ';', '：', ':', '，']);
    let within = text.contains(['。', '；', '：', ':', '_', '＿', '\t']);
    let note = letters(text).starts_with('注') || is_remark(text) && !text.contains("说明");
    // where it is signed and dated, and a number alone, head nothing
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let signed = plain.ends_with("年月日") || plain.chars().all(|c| c.is_ascii_digit());
    text.chars().count() < LONGEST && !ends && !within && !note && !signed
}

/// Whether the blank of a label that ends with a colon is in its own merged cell: as it is of other labels of the sheet, which have no room
/// beside them, or where the form ends with that cell.
pub(super) fn has_own_room(grid: &FormGrid, label: &FormBox) -> bool {
    let asks = |c: &FormBox| c.across > 1 && c.text().trim_end().ends_with(['：', ':']);
    if grid.sheet.is_empty() || !asks(label) {
        return false;
    }
    let no_room = |c: &FormBox| {
        let right = grid.right(c).and_then(|n| grid.cells.get(n));
        right.is_none_or(is_label)
    };
    let end = |c: &FormBox| c.column + c.across;
    let ends = |c: &FormBox| c.across > label.across && end(c) == end(label);
    let mut cells = grid.cells.iter().filter(|c| is_label(c));
    cells.any(|c| asks(c) && no_room(c) || c.row < label.row && ends(c))
}
