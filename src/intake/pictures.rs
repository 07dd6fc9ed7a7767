//! Photos in the workbook (单元格中的照片): put into a candidate's photo cell, or floating above it. Where the folder has no file for that
//! candidate, the picture is taken as one, so that every rule about photos judges it; a file that is there wins, for the notice asks for
//! files. Where the pictures of a workbook lie is in `ooxml::pictures`.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::campaign::{Campaign, Kind};
use crate::finding::{Finding, Place, cell_name};
use crate::media::{Probe, probe};
use crate::ooxml::{CellPictures, OpcPackage, PictureName, floating_pictures, parse_cell};
use crate::record::{Attachment, Submission, Use, belongings, pattern_value};

use super::grid::{Grid, GridPicture, Region};

/// Where such pictures lie among the files of a submission: a folder that no disk has.
pub const PICTURES_FOLDER: &str = "工作簿中的图片";
/// Most bytes of a picture that is taken: as a photo file that is printed.
const MOST_BYTES: usize = 64 << 20;
/// Most findings about pictures that are nobody's photo.
const MOST_TOLD: usize = 10;

/// Reads the pictures of sheets; each part is kept once.
pub(super) struct PictureReader<'a> {
    package: &'a OpcPackage,
    in_cells: CellPictures,
    parts: BTreeMap<String, Option<Arc<[u8]>>>,
}

impl<'a> PictureReader<'a> {
    /// For a workbook.
    pub(super) fn new(package: &'a OpcPackage, workbook: &str) -> Self {
        Self {
            package,
            in_cells: CellPictures::open(package, workbook),
            parts: BTreeMap::new(),
        }
    }

    /// The pictures of one sheet: those that its cells name, and those that float.
    pub(super) fn of_sheet(
        &mut self,
        part: &str,
        named: &[(u32, u32, PictureName)],
    ) -> Vec<GridPicture> {
        let mut all = Vec::new();
        for (row, column, name) in named {
            let found = self.in_cells.part(name).map(str::to_owned);
            let region = Region {
                top: *row,
                left: *column,
                bottom: *row,
                right: *column,
            };
            all.push(self.picture(region, false, found));
        }
        for floating in floating_pictures(self.package, part) {
            let region = Region {
                top: floating.top,
                left: floating.left,
                bottom: floating.bottom,
                right: floating.right,
            };
            all.push(self.picture(region, true, floating.part));
        }
        all
    }

    fn picture(&mut self, region: Region, floating: bool, part: Option<String>) -> GridPicture {
        let name = part.as_deref().unwrap_or_default();
        let ending = name.rsplit_once('.').map_or("", |(_, e)| e);
        let ending: String = ending
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(8)
            .collect();
        let ending = ending.to_ascii_lowercase();
        let package = self.package;
        let bytes = part.and_then(|part| {
            let entry = self.parts.entry(part).or_insert_with_key(|part| {
                let bytes = package
                    .part(part)
                    .filter(|b| b.len() <= MOST_BYTES && !b.is_empty());
                bytes.map(Arc::from)
            });
            entry.clone()
        });
        GridPicture {
            region,
            floating,
            ending,
            bytes,
        }
    }
}

/// The pictures of a sheet, taken out of its grid.
pub(super) struct SheetPictures {
    file: String,
    sheet: String,
    merges: Vec<Region>,
    pictures: Vec<GridPicture>,
}

/// Takes the pictures out of the grids.
pub(super) fn take(grids: &mut [Grid]) -> Vec<SheetPictures> {
    let with = grids.iter_mut().filter(|grid| !grid.pictures.is_empty());
    with.map(|grid| SheetPictures {
        file: grid.file.clone(),
        sheet: grid.sheet.clone(),
        merges: grid.merges.clone(),
        pictures: std::mem::take(&mut grid.pictures),
    })
    .collect()
}

/// A candidate's photo cell.
struct PhotoCell {
    candidate: usize,
    region: Region,
}

/// Gives candidates the pictures in their photo cells, and tells what became of each.
pub(super) fn put(
    campaign: &Campaign,
    sheets: &[SheetPictures],
    submission: &mut Submission,
    findings: &mut Vec<Finding>,
) {
    let sheet = campaign.candidate_sheet();
    let Some(field) = sheet.and_then(|s| s.fields.iter().find(|f| f.kind == Kind::Photo)) else {
        return;
    };
    let mut of: BTreeMap<usize, Vec<&GridPicture>> = BTreeMap::new();
    let mut left = 0;
    for sheet in sheets {
        let cells = photo_cells(sheet, submission, &field.key);
        if cells.is_empty() {
            continue;
        }
        for picture in &sheet.pictures {
            match owner(&cells, picture) {
                Some(candidate) => of.entry(candidate).or_default().push(picture),
                None if picture.floating && left < MOST_TOLD => {
                    left += 1;
                    findings.push(nobody(sheet, picture, &field.label));
                }
                None => {}
            }
        }
    }
    if of.is_empty() {
        return;
    }
    let taken: BTreeMap<usize, Attachment> = {
        let files = belongings(campaign, submission);
        let photos = (0..)
            .zip(files.of)
            .filter_map(|(n, own)| Some((n, own.id_photo?.clone())));
        photos.collect()
    };
    let stems = Stems::new(campaign, submission, of.keys().copied());
    for (candidate, pictures) in of {
        let finding = match (taken.get(&candidate), pictures.as_slice()) {
            (Some(file), pictures) => beside(submission, candidate, &field.key, file, pictures),
            (None, [picture]) => one(&stems, submission, (candidate, &field.key), picture),
            (None, several) => Some(told(
                submission,
                (candidate, &field.key),
                true,
                format!("有{}张图片，不知哪一张是证件照，都没有采用", several.len()),
                "请只留一张；或把证件照命名为“姓名.jpg”放入 photos 文件夹。".to_owned(),
            )),
        };
        findings.extend(finding);
    }
    submission.files.sort_by(|a, b| a.path.cmp(&b.path));
}

/// The photo cells of a sheet's candidates, with what is merged with each, from the top.
fn photo_cells(sheet: &SheetPictures, submission: &Submission, key: &str) -> Vec<PhotoCell> {
    let cell = |(candidate, entry): (usize, &crate::record::Entry)| {
        let place = entry.places.get(key)?;
        let here = place.file.as_deref() == Some(sheet.file.as_str())
            && place.sheet.as_deref() == Some(sheet.sheet.as_str());
        let (row, column) = parse_cell(place.cell.as_deref().filter(|_| here)?)?;
        let own = Region {
            top: row,
            left: column,
            bottom: row,
            right: column,
        };
        let merged = sheet.merges.iter().find(|m| meets(m, &own));
        Some(PhotoCell {
            candidate,
            region: merged.copied().unwrap_or(own),
        })
    };
    let mut cells: Vec<PhotoCell> = submission
        .candidates
        .iter()
        .enumerate()
        .filter_map(cell)
        .collect();
    cells.sort_by_key(|c| (c.region.top, c.region.left));
    cells
}

/// The candidate in whose photo cell a picture is: of several that a floating one covers the first, in which it begins.
fn owner(cells: &[PhotoCell], picture: &GridPicture) -> Option<usize> {
    let seen = &picture.region;
    // photo cells of a list stand one below the other
    let from = cells.partition_point(|cell| cell.region.bottom < seen.top);
    let near = cells.get(from..).unwrap_or_default().iter();
    let mut hit = near.take_while(|cell| cell.region.top <= seen.bottom);
    hit.find(|cell| meets(&cell.region, seen))
        .map(|cell| cell.candidate)
}

/// Whether two regions have a cell in common.
fn meets(a: &Region, b: &Region) -> bool {
    a.top <= b.bottom && b.top <= a.bottom && a.left <= b.right && b.left <= a.right
}

/// A picture where there is a file too: the file is handed in.
fn beside(
    submission: &Submission,
    candidate: usize,
    key: &str,
    file: &Attachment,
    pictures: &[&GridPicture],
) -> Option<Finding> {
    let same = |p: &&GridPicture| {
        let bytes = p.bytes.as_deref();
        bytes.is_some_and(|b| <[u8; 32]>::from(Sha256::digest(b)) == file.sha256)
    };
    if pictures.iter().all(same) {
        return None;
    }
    Some(told(
        submission,
        (candidate, key),
        false,
        format!("的图片没有采用，证件照采用了文件“{}”", file.path),
        "请核对两张是同一张照片；要用图片的，移走那个文件；不用的，可以删去图片。".to_owned(),
    ))
}

/// The one picture of a candidate without a file.
fn one(
    stems: &Stems,
    submission: &mut Submission,
    (candidate, key): (usize, &str),
    picture: &GridPicture,
) -> Option<Finding> {
    let Some(bytes) = picture.bytes.clone() else {
        return Some(told(
            submission,
            (candidate, key),
            true,
            "有图片，但工作簿里没有它的内容（可能是链接的网上图片，或另存时丢失），没有采用"
                .to_owned(),
            "请把照片命名为“姓名.jpg”放入 photos 文件夹。".to_owned(),
        ));
    };
    let found = probe(&mut Cursor::new(&bytes[..]));
    let ending = match (&found, picture.ending.as_str()) {
        (Probe::Jpeg(_), _) => "jpg",
        (_, "") => "bin",
        (_, ending) => ending,
    };
    let is_jpeg = matches!(found, Probe::Jpeg(_));
    let stem = stems.0.get(&candidate).map_or("未填姓名", String::as_str);
    let name = format!("{stem}.{ending}");
    let path = format!("{PICTURES_FOLDER}/候选人{}/{name}", candidate + 1);
    let typed = submission
        .candidates
        .get(candidate)
        .map_or("", |e| e.text(key))
        .to_owned();
    let missing = match typed.as_str() {
        "" => String::new(),
        typed => format!("；填写的“{typed}”不在 photos 文件夹中"),
    };
    submission.files.push(Attachment {
        path: path.clone(),
        usage: Use::Photo,
        size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        sha256: Sha256::digest(&bytes).into(),
        probe: found,
    });
    submission.pictures.insert(path.clone(), bytes);
    if let Some(entry) = submission.candidates.get_mut(candidate) {
        entry.picture = path;
    }
    let used = || {
        told(
            submission,
            (candidate, key),
            false,
            format!("的图片用作证件照{missing}"),
            format!(
                "无需处理；报送包中存为“{name}”。要换照片的，把照片命名为“{name}”放入 photos 文件夹。"
            ),
        )
    };
    // what is no JPEG is told by the rule about formats, with what to do
    is_jpeg.then(used)
}

/// The names without endings that the campaign wants of id photos, by candidate; namesakes are told apart by the end of the id number.
struct Stems(BTreeMap<usize, String>);

impl Stems {
    fn new(campaign: &Campaign, submission: &Submission, of: impl Iterator<Item = usize>) -> Self {
        let value = |n: usize, key: &str| pattern_value(campaign, submission, n, key);
        let mut alike: BTreeMap<String, usize> = BTreeMap::new();
        for n in 0..submission.candidates.len() {
            *alike.entry(value(n, "name")).or_default() += 1;
        }
        let pattern = campaign.photo_names().id_photo;
        let stem = |n: usize| {
            let name = value(n, "name");
            let tail = match alike.get(&name) {
                Some(2..) => value(n, "id_tail"),
                _ => String::new(),
            };
            let own = |key: &str| match key {
                "name" => format!("{name}{tail}"),
                key => value(n, key),
            };
            let stem = pattern.fill(None, &own);
            let sound = |c: &char| !c.is_control() && !"/\\:*?\"<>|".contains(*c);
            let stem: String = stem.chars().filter(sound).take(60).collect();
            (!stem.is_empty()).then_some((n, stem))
        };
        Self(of.filter_map(stem).collect())
    }
}

/// I12 about the picture in a candidate's photo cell.
fn told(
    submission: &Submission,
    (candidate, key): (usize, &str),
    weighs: bool,
    what: String,
    hint: String,
) -> Finding {
    let entry = submission.candidates.get(candidate);
    let name = entry.map_or("", |e| e.text("name"));
    let place = entry.map(|e| e.place_of(key)).unwrap_or_default();
    let cell = place.cell.clone().unwrap_or_default();
    let message = format!("{name}的{cell}格{what}。");
    let place = place.of(name, key);
    if weighs {
        Finding::warning("I12", place, message, hint)
    } else {
        Finding::info("I12", place, message, hint)
    }
}

/// I12 about a floating picture that is over nobody's photo cell.
fn nobody(sheet: &SheetPictures, picture: &GridPicture, label: &str) -> Finding {
    let Region { top, left, .. } = picture.region;
    Finding::info(
        "I12",
        Place::cell(&sheet.file, &sheet.sheet, top, left),
        format!(
            "{}处的图片不在任何一位候选人的“{label}”格里，没有读取。",
            cell_name(top, left)
        ),
        "如果是证件照，请移到本人的那一格里，或命名为“姓名.jpg”放入 photos 文件夹；别的图片无需处理。",
    )
}
