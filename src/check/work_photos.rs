//! How many work photos a candidate has.

use std::collections::BTreeSet;

use crate::record::Own;

use super::checking::Checking;

/// Whether there are fewer work photos than M3 asks for.
pub(super) fn too_few(checking: &Checking<'_>, own: &Own<'_>) -> bool {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    checking
        .rule("M3")
        .is_some_and(|(rule, _)| number(different(own)) < rule.number("min", 3))
}

/// How many work photos are pictures of their own: neither the id photo nor one another.
pub(super) fn different(own: &Own<'_>) -> usize {
    let mut seen: BTreeSet<[u8; 32]> = own.id_photo.iter().map(|f| f.sha256).collect();
    let photos = own.work_photos.iter().map(|p| p.file.sha256);
    // a sum of zeros was never made
    photos
        .filter(|sum| *sum == [0; 32] || seen.insert(*sum))
        .count()
}
