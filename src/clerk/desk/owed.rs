//! Videos that are owed (欠交的视频): a record names them, and no package of its time holds them, since the unit packed without.

use crate::campaign::FormKind;
use crate::receipt::UnitFile;
use crate::record::{AttachmentSum, is_film};
use crate::store::ledger::{HeldFilms, UnitRow};

use crate::clerk::desk::Desk;
use crate::clerk::error::ClerkError;

impl Desk<'_> {
    /// What a unit's packages left out, a sentence for each candidate. Units of which no package came are not asked: their videos lie
    /// where their records were made.
    pub(super) fn owed_videos(
        &mut self,
        unit: &UnitRow,
        file: &UnitFile,
    ) -> Result<Vec<String>, ClerkError> {
        if file.packages.is_empty() || unit.erased {
            return Ok(Vec::new());
        }
        let held = self.ledger.videos_held(unit.no)?;
        let mut owed = Vec::new();
        let records = file.records.iter();
        for record in
            records.filter(|r| r.kind == FormKind::Recommendation && r.withdrawn.is_none())
        {
            let Some(contents) = self.ledger.contents(record.reference, record.latest)? else {
                continue;
            };
            let videos: Vec<&str> = contents.attachments.iter().filter_map(video).collect();
            let here = held.iter().filter(|held| held.record == record.reference);
            let films = |held: &HeldFilms| held.names.iter().filter(|n| is_film(n)).count();
            let here = here.map(films).max().unwrap_or(0);
            let Some(missing) = videos.len().checked_sub(here).filter(|n| *n > 0) else {
                continue;
            };
            let names = videos.join("、");
            let kind = record.kind.label();
            owed.push(format!(
                "{kind}（{}）：{missing} 个视频没有随报送包送来（{names}），请补报含视频的报送包",
                record.name
            ));
        }
        Ok(owed)
    }
}

/// The name of an attachment that is a video, as a video or as a work.
fn video(attachment: &AttachmentSum) -> Option<&str> {
    is_film(&attachment.name).then_some(attachment.name.as_str())
}
