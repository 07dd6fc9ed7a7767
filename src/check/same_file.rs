//! One picture for two (一张照片用了两次): I14 and M3. Files whose bytes are the same are one picture, whatever they are called: the id photo
//! of one person on the form of another, or one work photo counted three times.

use std::collections::BTreeMap;

use crate::finding::{Place, Severity};
use crate::record::{Attachment, Belongings, Own};

use super::checking::Checking;
use super::work_photos::different;

/// What a file is to its owner.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    IdPhoto,
    WorkPhoto,
    Video,
}

impl Part {
    fn called(self) -> &'static str {
        match self {
            Self::IdPhoto => "证件照",
            Self::WorkPhoto => "工作照片",
            Self::Video => "视频",
        }
    }
}

/// A file with whose it is, by the place in the list, and what it is to that person.
type Owned<'a> = (usize, Part, &'a Attachment);

/// Tells of every file whose bytes were handed in before, for somebody else or for the same person.
pub(super) fn tell(checking: &mut Checking<'_>, belongings: &Belongings<'_>) {
    let mut first: BTreeMap<[u8; 32], Owned<'_>> = BTreeMap::new();
    for (index, own) in belongings.of.iter().enumerate() {
        // a sum of zeros was never made
        for owned in of(index, own).into_iter().filter(|o| o.2.sha256 != [0; 32]) {
            match first.get(&owned.2.sha256) {
                // one who stands in the list twice has the same files twice
                Some(earlier) if earlier.2.path == owned.2.path => {}
                Some(earlier) => told(checking, *earlier, owned, own),
                None => {
                    first.insert(owned.2.sha256, owned);
                }
            }
        }
    }
}

/// The files of one person.
fn of<'a>(index: usize, own: &Own<'a>) -> Vec<Owned<'a>> {
    let portrait = own.id_photo.into_iter().map(|f| (index, Part::IdPhoto, f));
    let work = own.work_photos.iter();
    let work = work.map(|photo| (index, Part::WorkPhoto, photo.file));
    let videos = own.videos.iter().map(|f| (index, Part::Video, *f));
    portrait.chain(work).chain(videos).collect()
}

fn told(checking: &mut Checking<'_>, earlier: Owned<'_>, later: Owned<'_>, own: &Own<'_>) {
    let name = |index: usize| {
        let entry = checking.submission.candidates.get(index);
        let name = entry.map_or("", |e| e.text("name").trim());
        let same = earlier.0 != later.0
            && [earlier.0, later.0].iter().all(|i| {
                let other = checking.submission.candidates.get(*i);
                other.is_some_and(|e| e.text("name").trim() == name)
            });
        match name {
            "" => format!("第{}名候选人", index + 1),
            name if same => format!("第{}位{name}", index + 1),
            name => name.to_owned(),
        }
    };
    let (one, two) = (name(earlier.0), name(later.0));
    let place = Place::file(&later.2.path).of(&two, "");
    let files = format!("“{}”和“{}”", earlier.2.path, later.2.path);
    if earlier.0 == later.0 {
        return of_one(checking, (earlier, later), (&two, place), own);
    }
    let portrait = earlier.1 == Part::IdPhoto || later.1 == Part::IdPhoto;
    let what = match (earlier.1, later.1) {
        (a, b) if a == b => format!("{one}和{two}的{}", a.called()),
        (a, b) => format!("{one}的{}和{two}的{}", a.called(), b.called()),
    };
    let (severity, hint) = if portrait {
        (
            Severity::Error,
            format!("请核对照片上是谁，给另一位换上本人的照片（{one}或{two}）。"),
        )
    } else {
        (
            Severity::Warning,
            "请核对；合影确要两人共用的无需处理，放错了的请换上本人的。".to_owned(),
        )
    };
    let message = format!("{what}是同一个文件：{files}内容完全相同。");
    checking.add(severity, "I14", place, message, hint);
}

/// The same file twice among one person's: it counts once. Where too few photos are left by that, it weighs as a photo that lacks.
fn of_one(
    checking: &mut Checking<'_>,
    (earlier, later): (Owned<'_>, Owned<'_>),
    (who, place): (&str, Place),
    own: &Own<'_>,
) {
    let message = format!(
        "{who}的{}“{}”和{}“{}”是同一个文件，内容完全相同，只能算一",
        earlier.1.called(),
        earlier.2.name(),
        later.1.called(),
        later.2.name()
    );
    if later.1 == Part::Video {
        let hint = "请删去其中一个；不够的换成另一个，不要用同一个凑数。";
        return checking.add(
            Severity::Warning,
            "M7",
            place,
            format!("{message}个。"),
            hint,
        );
    }
    let left = different(own);
    let rule = checking.rule("M3");
    let rule = rule.map(|(rule, weight)| (rule.number("min", 3), rule.number("max", 5), weight));
    let few = rule.filter(|(min, _, _)| i64::try_from(left).is_ok_and(|left| left < *min));
    match few {
        Some((min, max, weight)) => {
            let message = format!("{message}张，这样工作照片只有{left}张，应为{min}—{max}张。");
            let hint = "请换成另一张，不要用同一张凑数。";
            checking.add(weight, "M3", place, message, hint);
        }
        None => {
            let hint = "请删去其中一张，或换成另一张。";
            checking.add(
                Severity::Warning,
                "M3",
                place,
                format!("{message}张。"),
                hint,
            );
        }
    }
}
