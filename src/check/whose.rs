//! Whose photo or video a file is, and how it is called: M6, and I14 for what fits two people. How files are sorted to people is in
//! `record`; here it is told, with what to do.

use crate::finding::{Place, Severity};
use crate::record::{
    Attachment, Belongings, Claim, Doubt, Fit, Own, Stray, Use, WorkPhoto, Works, pattern_value,
};

use super::checking::{Checking, Person};
use super::params::text_or;
use super::work_photos::too_few;

/// Most names of files in one sentence.
const MOST_NAMES: usize = 6;

/// The name without its ending that the campaign wants of a candidate's id photo, or of the work photo of a number.
pub(super) fn wanted(
    checking: &Checking<'_>,
    person: &Person<'_>,
    number: Option<usize>,
) -> String {
    let names = checking.campaign.photo_names();
    let (campaign, submission) = (checking.campaign, checking.submission);
    let value = |key: &str| pattern_value(campaign, submission, person.index, key);
    match number {
        None => names.id_photo.fill(None, &value),
        Some(_) => names.work_photo.fill(number, &value),
    }
}

/// The same; none where it needs the name of somebody who has written none.
pub(super) fn wanted_by_name(
    checking: &Checking<'_>,
    person: &Person<'_>,
    number: Option<usize>,
) -> Option<String> {
    let wanted = wanted(checking, person, number);
    let said = !person.text("name").is_empty() && !wanted.trim().is_empty();
    said.then_some(wanted)
}

/// What to do about the photos of somebody without a name.
pub(super) fn name_first(checking: &Checking<'_>) -> String {
    format!(
        "请先填写姓名，再将照片以“{}”命名，放入 photos 文件夹。",
        pattern_in_words(checking)
    )
}

/// M6: work photos are called as the campaign's pattern says, numbered from 1 without gaps (`pattern` = `name_number`), or begin with
/// the name (`name`).
pub(super) fn names(checking: &mut Checking<'_>, person: &Person<'_>, own: &Own<'_>) {
    let Some((rule, severity)) = checking.rule("M6") else {
        return;
    };
    if person.text("name").is_empty() {
        return;
    }
    let numbered = text_or(rule, "pattern", "name_number") == "name_number";
    if numbered {
        numbered_names(checking, person, own, severity);
    } else {
        plain_names(checking, person, own, severity);
    }
}

/// Whether the campaign asks for numbers in the names of photos.
fn is_numbered(checking: &Checking<'_>) -> bool {
    let rule = checking.campaign.rules.0.get("M6");
    rule.is_none_or(|rule| text_or(rule, "pattern", "name_number") == "name_number")
}

/// How the campaign wants work photos to be called, in words: 姓名+序号, or 姓名 where that is enough.
fn pattern_in_words(checking: &Checking<'_>) -> String {
    let names = checking.campaign.photo_names();
    let pattern = if is_numbered(checking) {
        names.work_photo
    } else {
        names.id_photo
    };
    pattern.in_words(checking.campaign)
}

/// How a work photo of a candidate could be called.
fn example_name(checking: &Checking<'_>, index: usize) -> String {
    let Some(entry) = checking.submission.candidates.get(index) else {
        return String::new();
    };
    let person = Person::new(entry, index);
    if is_numbered(checking) {
        wanted(checking, &person, Some(1))
    } else {
        format!("{}-工作照", wanted(checking, &person, None))
    }
}

/// M6 where the name alone is asked for.
fn plain_names(
    checking: &mut Checking<'_>,
    person: &Person<'_>,
    own: &Own<'_>,
    severity: Severity,
) {
    let compact = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
    let name = compact(person.text("name"));
    for photo in &own.work_photos {
        if photo.fit != Fit::Other || compact(photo.file.name()).starts_with(&name) {
            continue;
        }
        let wanted = format!("{name}-工作照.jpg");
        let message = format!("照片“{}”应以姓名开头，如“{wanted}”。", photo.file.name());
        let hint = format!("请改名为“{wanted}”。");
        checking.add(severity, "M6", person.of_file(photo.file), message, hint);
    }
}

/// M6 where numbers are asked for.
fn numbered_names(
    checking: &mut Checking<'_>,
    person: &Person<'_>,
    own: &Own<'_>,
    severity: Severity,
) {
    let sound = |photo: &&WorkPhoto<'_>| photo.fit != Fit::Other;
    let mut numbers: Vec<usize> = own
        .work_photos
        .iter()
        .filter(sound)
        .filter_map(|photo| usize::try_from(photo.number?).ok())
        .collect();
    let taken = numbers.clone();
    let mut free = (1..).filter(|n| !taken.contains(n));
    let by_pattern = format!("以“{}”命名", pattern_in_words(checking));
    for photo in &own.work_photos {
        let (weight, number) = match photo.fit {
            Fit::Exact => continue,
            Fit::Near => (
                severity.min(Severity::Warning),
                photo.number.and_then(|n| usize::try_from(n).ok()),
            ),
            Fit::Other => (severity, free.next()),
        };
        if photo.fit == Fit::Other {
            // with its new name it has a number like the others
            numbers.extend(number);
        }
        let stem = wanted(checking, person, number.or(Some(1)));
        let how = match photo.fit {
            Fit::Near => unlike(photo.file.name(), &stem),
            _ => String::new(),
        };
        let how = if how.is_empty() { &by_pattern } else { &how };
        let wanted = format!("{stem}.jpg");
        let message = format!("照片“{}”应{how}，即“{wanted}”。", photo.file.path);
        let hint = format!("请改名为“{wanted}”。");
        checking.add(weight, "M6", person.of_file(photo.file), message, hint);
    }
    numbers.sort_unstable();
    let top = numbers.len();
    let missing = (1..=top).find(|n| !numbers.contains(n));
    // where photos are lacking, their numbers are too
    let lacking = too_few(checking, own);
    if let Some(missing) = missing.filter(|_| !own.in_doubt && !lacking) {
        let have: Vec<String> = numbers.iter().map(usize::to_string).collect();
        let message = format!(
            "{}的照片序号应为1至{top}，现为{}，缺{missing}。",
            person.record,
            have.join("、")
        );
        let hint = format!("请改名，使序号从1到{top}连续、不重复。");
        checking.add(severity, "M6", person.place("name"), message, hint);
    }
}

/// In what the name of a file differs from the name that is wanted, which says the same: `数字用半角，不加空格`; empty where it is something else.
fn unlike(name: &str, wanted: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let has = |test: fn(char) -> bool| stem.contains(test) && !wanted.contains(test);
    let mut parts = Vec::new();
    if has(|c| ('\u{FF01}'..='\u{FF5E}').contains(&c) && c.is_alphanumeric()) {
        parts.push("数字、字母用半角".to_owned());
    }
    if has(|c| "()（）[]［］【】〔〕{}".contains(c)) {
        parts.push("不加括号".to_owned());
    }
    if has(char::is_whitespace) {
        parts.push("不加空格".to_owned());
    }
    let is_sign = |c: &char| "-－—–_＿.．·+＋、,，".contains(*c) && !wanted.contains(*c);
    if let Some(sign) = stem.chars().find(is_sign) {
        parts.push(format!("不加“{sign}”"));
    }
    let digit = |c: char| c.is_numeric();
    if stem.trim_start().starts_with(digit) && !wanted.starts_with(digit) {
        parts.push("序号写在后面".to_owned());
    }
    if parts.is_empty() && stem == wanted {
        parts.push("直接放在照片的文件夹里".to_owned());
    }
    parts.join("，")
}

/// What the workbook says of the id photo, where another file is taken than the one that it names.
pub(super) fn claimed(
    checking: &mut Checking<'_>,
    person: &Person<'_>,
    own: &Own<'_>,
    file: &Attachment,
    severity: Severity,
) {
    let typed = person.text("photo");
    let (weight, message) = match own.claim {
        Claim::Missing => (
            severity.min(Severity::Warning),
            format!(
                "photos 文件夹中没有证件照“{typed}”，采用了“{}”。",
                file.name()
            ),
        ),
        Claim::File(_, true) => (
            Severity::Info,
            format!("证件照写的是“{typed}”，采用了“{}”。", file.name()),
        ),
        Claim::Words => (
            Severity::Info,
            format!("“{typed}”不是文件名，证件照采用了“{}”。", file.name()),
        ),
        Claim::Nothing | Claim::File(_, false) => return,
    };
    let hint = format!("请核对；无误的，这一格改为“{}”或留空。", file.name());
    checking.add(weight, "M2", person.place("photo"), message, hint);
}

/// Photos that would be the id photo of somebody who has one.
pub(super) fn spares(checking: &mut Checking<'_>, person: &Person<'_>, own: &Own<'_>) {
    let Some(kept) = own.id_photo else {
        return;
    };
    for spare in &own.spares {
        let copy = if spare.sha256 == kept.sha256 {
            "内容相同，"
        } else {
            ""
        };
        let message = format!(
            "{}的证件照有“{}”和“{}”，{copy}采用了前一个。",
            person.record, kept.path, spare.path
        );
        let hint = "请只保留一张；另一张如果是工作照片，请在文件名的姓名后写上序号。";
        let place = person.of_file(spare);
        checking.add(Severity::Warning, "M2", place, message, hint);
    }
}

/// I14: files that fit several candidates. They are given to none, so that nobody's photo comes on another's form.
pub(super) fn doubts(checking: &mut Checking<'_>, belongings: &Belongings<'_>) {
    for doubt in &belongings.doubts {
        if claimed_twice(checking, belongings, doubt) {
            continue;
        }
        let names: Vec<String> = doubt
            .files
            .iter()
            .take(MOST_NAMES)
            .map(|f| format!("“{}”", f.name()))
            .collect();
        let more = if doubt.files.len() > MOST_NAMES {
            format!("等{}个文件", doubt.files.len())
        } else {
            String::new()
        };
        let candidates = &checking.submission.candidates;
        let who = doubt
            .who
            .iter()
            .filter_map(|i| Some((i, candidates.get(*i)?)));
        let people: Vec<String> = who
            .map(|(i, e)| format!("第{}位{}（{}）", i + 1, e.text("name"), e.text("org")))
            .collect();
        let message = format!(
            "{}{more}分不清是谁的，可能是{}。",
            names.join("、"),
            people.join("或")
        );
        let first = doubt.who.first().copied().unwrap_or_default();
        let tail = |number: Option<usize>| {
            let value =
                |key: &str| pattern_value(checking.campaign, checking.submission, first, key);
            let number = number.map_or_else(String::new, |n| format!("-{n}"));
            match value("id_tail") {
                tail if tail.is_empty() => format!("{}-单位{number}.jpg", value("name")),
                tail => format!("{}{tail}{number}.jpg", value("name")),
            }
        };
        let hint = format!(
            "请在姓名后写上身份证号后四位或单位，如证件照“{}”、工作照片“{}”；或者每人一个文件夹，如“{}/”。",
            tail(None),
            tail(Some(1)),
            tail(None).trim_end_matches(".jpg")
        );
        let place = doubt
            .files
            .first()
            .map_or_else(Place::default, |f| Place::file(&f.path));
        checking.add(Severity::Error, "I14", place, message, hint);
    }
}

/// I14 where the workbook itself makes the doubt: the cell of one person names a photo that is called after another, or that another's
/// cell names too. The photo is not to blame; the cells are. Whether that is so.
fn claimed_twice(
    checking: &mut Checking<'_>,
    belongings: &Belongings<'_>,
    doubt: &Doubt<'_>,
) -> bool {
    let claims = |index: &&usize| {
        let own = belongings.of.get(**index);
        let claim = own.map(|own| own.claim).unwrap_or_default();
        matches!(claim, Claim::File(file, _) if doubt.files.iter().any(|f| f.path == file.path))
    };
    let claiming: Vec<usize> = doubt.who.iter().filter(claims).copied().collect();
    let (Some(last), Some(file)) = (claiming.last().copied(), doubt.files.first()) else {
        return false;
    };
    let candidates = &checking.submission.candidates;
    let named = |index: usize| candidates.get(index).map_or("", |e| e.text("name"));
    let label = checking
        .campaign
        .candidate_sheet()
        .and_then(|s| s.field("photo"));
    let label = label.map_or("证件照文件名", |f| f.label.as_str());
    let others: Vec<&str> = doubt
        .who
        .iter()
        .filter(|i| **i != last)
        .map(|i| named(*i))
        .collect();
    let (who, other) = (named(last), others.join("、"));
    let (message, hint) = if claiming.len() > 1 {
        (
            format!(
                "{who}的“{label}”填的是“{}”，{other}也填了它，一张照片只能是一个人的。",
                file.name()
            ),
            "请核对照片上是谁，另一位改填本人的照片；文件名就是姓名的，这一格可以留空。".to_owned(),
        )
    } else {
        (
            format!(
                "{who}的“{label}”填的是“{}”，按文件名却是{other}的照片，没有采用。",
                file.name()
            ),
            format!(
                "请核对照片上是谁：是{other}的，把这一格改为{who}自己的照片或留空；确是{who}的，请把文件改用{who}的姓名。"
            ),
        )
    };
    let Some(entry) = candidates.get(last) else {
        return false;
    };
    let place = entry.place_of("photo").of(who, "photo");
    checking.add(Severity::Error, "I14", place, message, hint);
    true
}

/// M6 for photos and videos that are nobody's.
pub(super) fn strays(checking: &mut Checking<'_>, strays: &[Stray<'_>]) {
    for stray in strays {
        let file = stray.file;
        let what = if file.usage == Use::Video {
            "视频"
        } else {
            "照片"
        };
        // where names are no rule, what is nobody's is told all the same
        let (code, severity) = match checking.rule("M6") {
            Some((_, severity)) => ("M6", severity.min(Severity::Warning)),
            None => ("I11", Severity::Warning),
        };
        let near = stray
            .near
            .and_then(|index| Some((index, checking.submission.candidates.get(index)?)));
        let hint = match near {
            Some((index, near)) => format!(
                "如果是{}的，请改名为“{}”的样子；不需要的请移走。",
                near.text("name"),
                example_name(checking, index)
            ),
            None => format!(
                "请以候选人的“{}”命名，不需要的请移走。",
                pattern_in_words(checking)
            ),
        };
        let message = format!("{what}“{}”找不到所属的候选人。", file.path);
        let place = Place::file(&file.path);
        checking.add(severity, code, place, message, hint);
    }
}

/// B2: photos and videos that are too large for a package together, told before anybody packs.
pub(super) fn package_size(
    checking: &mut Checking<'_>,
    belongings: &Belongings<'_>,
    works: &Works<'_>,
) {
    let most = checking.campaign.most_package_bytes();
    let owns = belongings.of.iter();
    let files = owns.flat_map(|own| {
        let photos = own.work_photos.iter().map(|p| p.file).chain(own.id_photo);
        photos.chain(own.videos.iter().copied())
    });
    let of_works = works.all.iter().flat_map(|work| work.files.iter().copied());
    let bytes = files
        .chain(of_works)
        .fold(0_u64, |sum, file| sum.saturating_add(file.size));
    if bytes > most {
        let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
        let what = if works.all.iter().all(|work| work.files.is_empty()) {
            "照片和视频"
        } else {
            "照片、视频和作品"
        };
        let message = format!(
            "{what}共{}MB，一个报送包最多{}MB，打包会失败。",
            megabytes(bytes),
            most / 1_000_000
        );
        let hint = "请压缩视频，或者打包时加 --no-videos，视频另行报送；确需更大的，请主办单位在规则 M7 中调高 max_package_bytes。";
        checking.add(Severity::Warning, "B2", Place::default(), message, hint);
    }
}
