//! Words that repeat the answer of another line (同上).

/// Such words, in small letters and half width.
pub const DITTO: &[&str] = &[
    "同上",
    "上同",
    "同前",
    "同左",
    "同右",
    "同下",
    "如上",
    "〃",
    "″",
    "\"",
    "''",
    "々",
    "同上行",
    "同上一行",
    "同上一人",
    "同上格",
    "与上同",
    "同第一行",
    "ditto",
];
