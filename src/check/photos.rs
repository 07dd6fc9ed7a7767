//! Photos and videos: M2 to M5, M7 and M8; whose they are and how they are called is in `whose`. What a file's bytes say was found out by `media`.

use crate::campaign::{Rule, lines_of};
use crate::finding::{Place, Severity};
use crate::media::{Jpeg, Probe};
use crate::record::{Attachment, Claim, Own};

use super::checking::{Checking, Person};
use crate::check::params::{quoted, words_or};
use crate::check::whose;
use crate::check::work_photos::different;

/// All rules about a candidate's files.
pub(super) fn candidate(checking: &mut Checking<'_>, person: &Person<'_>, own: &Own<'_>) {
    id_photo(checking, person, own);
    if !own.in_doubt {
        count(checking, person, own);
    }
    for file in own.work_photos.iter().map(|p| p.file).chain(own.id_photo) {
        format(checking, person, file);
    }
    size(checking, person, own);
    whose::names(checking, person, own);
    whose::spares(checking, person, own);
    for file in &own.videos {
        video(checking, &person.record, file);
    }
}

/// All rules about a video, whosever it is.
pub(super) fn video(checking: &mut Checking<'_>, record: &str, file: &Attachment) {
    duration(checking, record, file);
    resolution(checking, record, file);
}

/// M2: an id photo of the right shape, in colour. Parameters `ratio_width` (33), `ratio_height` (48), `tolerance_percent` (3),
/// `min_width` (390) and `min_height` (567) in pixels, `required` (true), `colour` (true).
fn id_photo(checking: &mut Checking<'_>, person: &Person<'_>, own: &Own<'_>) {
    let Some((rule, severity)) = checking.rule("M2") else {
        return;
    };
    let Some(file) = own.id_photo else {
        // what is in doubt is told as such
        if rule.flag("required", true) && !own.in_doubt {
            let named = person.text("photo");
            let message = if own.claim == Claim::Missing {
                format!("{}的证件照“{named}”不在 photos 文件夹中。", person.record)
            } else {
                format!("缺{}的证件照。", person.record)
            };
            let hint = match whose::wanted_by_name(checking, person, None) {
                Some(wanted) => format!("请将证件照命名为“{wanted}.jpg”，放入 photos 文件夹。"),
                None => whose::name_first(checking),
            };
            checking.add(severity, "M2", person.place("photo"), message, hint);
        }
        return;
    };
    whose::claimed(checking, person, own, file, severity);
    let Probe::Jpeg(jpeg) = &file.probe else {
        return;
    };
    shape(checking, rule, severity, person, file, jpeg);
    let grey = jpeg.components == 1 || jpeg.colour == Some(false);
    if grey && rule.flag("colour", true) {
        let message = format!(
            "{}的证件照“{}”不是彩色照片。",
            person.record,
            person.called(file)
        );
        let hint = "请换用正面免冠彩色照片。";
        checking.add(
            severity.min(Severity::Warning),
            "M2",
            person.of_file(file),
            message,
            hint,
        );
    }
}

/// Ratio and size of an id photo as seen, after rotation.
fn shape(
    checking: &mut Checking<'_>,
    rule: &Rule,
    severity: Severity,
    person: &Person<'_>,
    file: &Attachment,
    jpeg: &Jpeg,
) {
    let turned = (5..=8).contains(&jpeg.orientation);
    let (width, height) = if turned {
        (jpeg.height, jpeg.width)
    } else {
        (jpeg.width, jpeg.height)
    };
    let (w, h) = (i128::from(width), i128::from(height));
    let ratio_w = i128::from(rule.number("ratio_width", 33).clamp(1, 10_000));
    let ratio_h = i128::from(rule.number("ratio_height", 48).clamp(1, 10_000));
    let percent = i128::from(rule.number("tolerance_percent", 3).clamp(0, 100));
    // w/h differs from ratio_w/ratio_h by more than the given part of the latter.
    if (w * ratio_h - h * ratio_w).abs() * 100 > h * ratio_w * percent {
        let message = format!(
            "证件照比例应为{ratio_w}×{ratio_h}，“{}”为{width}×{height}像素。",
            person.called(file)
        );
        let hint = format!("请裁剪为{ratio_w}:{ratio_h}的竖版照片。");
        checking.add(severity, "M2", person.of_file(file), message, hint);
    }
    let (least_w, least_h) = (
        rule.number("min_width", 390),
        rule.number("min_height", 567),
    );
    if i64::from(width) < least_w || i64::from(height) < least_h {
        let message = format!(
            "证件照应不小于{least_w}×{least_h}像素（300 dpi），“{}”为{width}×{height}像素。",
            person.called(file)
        );
        let hint = "请换用更清晰的照片，不要放大原照片。";
        checking.add(
            severity.min(Severity::Warning),
            "M2",
            person.of_file(file),
            message,
            hint,
        );
    }
}

/// M3: from `min` (3) to `max` (5) work photos. The same picture twice is one, as `same_file` tells.
fn count(checking: &mut Checking<'_>, person: &Person<'_>, own: &Own<'_>) {
    let Some((rule, severity)) = checking.rule("M3") else {
        return;
    };
    let (min, max) = (rule.number("min", 3), rule.number("max", 5));
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let (all, different) = (own.work_photos.len(), different(own));
    let enough = number(different) >= min;
    // where only a picture that lies there twice makes them too few, it is told there
    if number(all) <= max && (enough || number(all) >= min) {
        return;
    }
    let alike = match all.saturating_sub(different) {
        0 => String::new(),
        same => format!("，其中{same}张与别的照片相同，只能算{different}张"),
    };
    let message = format!(
        "{}的工作照片应为{min}—{max}张，现有{all}张{alike}。",
        person.record
    );
    let hint = if !enough {
        let taken = |n: &usize| {
            let numbers = own.work_photos.iter().filter_map(|p| p.number);
            numbers
                .filter_map(|n| usize::try_from(n).ok())
                .any(|m| m == *n)
        };
        let free = (1..).find(|n| !taken(n)).unwrap_or(1);
        match whose::wanted_by_name(checking, person, Some(free)) {
            Some(wanted) => format!(
                "请补充{}张，命名为“{wanted}.jpg”等，放入 photos 文件夹。",
                min - number(different)
            ),
            None => whose::name_first(checking),
        }
    } else {
        format!("请去掉{}张。", number(all) - max)
    };
    checking.add(severity, "M3", person.place("name"), message, hint);
}

/// The extension in small letters.
fn extension(file: &Attachment) -> String {
    let name = file.name();
    let (_, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    extension.to_lowercase()
}

/// M4: photos are JPEG by name and by content.
fn format(checking: &mut Checking<'_>, person: &Person<'_>, file: &Attachment) {
    let Some((_, severity)) = checking.rule("M4") else {
        return;
    };
    let name = person.called(file);
    let content = match &file.probe {
        Probe::Jpeg(_) => None,
        Probe::Broken { claims, reason } => {
            Some(format!("照片“{name}”的{claims}内容有误：{reason}。"))
        }
        Probe::Known(kind) => Some(format!("照片“{name}”须为jpg格式，内容是{kind}，不是JPEG。")),
        Probe::Video(_) => Some(format!("照片“{name}”须为jpg格式，内容是视频。")),
        Probe::Unknown => Some(format!("照片“{name}”须为jpg格式，内容不是JPEG。")),
    };
    if let Some(message) = content {
        let hint = if person.is_picture(file) {
            format!(
                "请把照片存为JPEG，命名为“{}.jpg”，放入 photos 文件夹。",
                whose::wanted(checking, person, None)
            )
        } else if is_archive(&file.probe) {
            "请解压，把里面的照片放入 photos 文件夹，再移走压缩包。".to_owned()
        } else {
            "请用图片软件打开后另存为JPEG，不能只改扩展名。".to_owned()
        };
        checking.add(severity, "M4", person.of_file(file), message, hint);
    } else if !matches!(extension(file).as_str(), "jpg" | "jpeg") {
        let message = format!("照片“{name}”的扩展名应为.jpg。");
        checking.add(
            severity,
            "M4",
            person.of_file(file),
            message,
            "请将扩展名改为.jpg。",
        );
    }
}

/// Whether a file's bytes are those of an archive, whatever it is called.
fn is_archive(probe: &Probe) -> bool {
    let name = match probe {
        Probe::Known(kind) => kind.to_string(),
        Probe::Broken { claims, .. } => claims.to_string(),
        _ => return false,
    };
    ["ZIP", "RAR", "7z", "7Z", "压缩"]
        .iter()
        .any(|word| name.contains(word))
}

/// M5: work photos of at least `min_bytes` (2000000); below `warn_below` (2097152) they are told of; above `max_bytes` (0, none)
/// refused. With `id_photo` (false) the id photo too; without it a small one is only mentioned.
fn size(checking: &mut Checking<'_>, person: &Person<'_>, own: &Own<'_>) {
    let Some((rule, severity)) = checking.rule("M5") else {
        return;
    };
    let number = |name: &str, usual: i64| u64::try_from(rule.number(name, usual)).unwrap_or(0);
    let least = number("min_bytes", 2_000_000);
    let sure = number("warn_below", 2_097_152);
    let most = number("max_bytes", 0);
    let with_id_photo = rule.flag("id_photo", false);
    let id_photo = own.id_photo.filter(|_| with_id_photo);
    for file in own.work_photos.iter().map(|p| p.file).chain(id_photo) {
        let name = person.called(file);
        let size = megabytes(file.size);
        let (weight, message) = if file.size < least {
            (
                severity,
                format!("照片“{name}”为{size}，应不小于{}。", megabytes(least)),
            )
        } else if most > 0 && file.size > most {
            (
                severity,
                format!("照片“{name}”为{size}，应不大于{}。", megabytes(most)),
            )
        } else if file.size < sure {
            let soft = severity.min(Severity::Warning);
            (
                soft,
                format!(
                    "照片“{name}”为{}字节，按1MB=1048576字节计略小于{}。",
                    file.size,
                    binary(sure)
                ),
            )
        } else {
            continue;
        };
        let hint = "请换用相机或手机的原图，不要用聊天软件转发的压缩图。";
        checking.add(weight, "M5", person.of_file(file), message, hint);
    }
}

/// M5 for id photos that it does not bind: said once, since the notice can be read both ways.
pub(super) fn small_id_photos(checking: &mut Checking<'_>, all: &[Own<'_>]) {
    let Some((rule, severity)) = checking.rule("M5") else {
        return;
    };
    let least = u64::try_from(rule.number("min_bytes", 2_000_000)).unwrap_or(0);
    let small = all
        .iter()
        .filter_map(|own| own.id_photo)
        .any(|f| f.size < least);
    if small && !rule.flag("id_photo", false) {
        let message = format!(
            "证件照小于{least}的，按大小只要求工作照片掌握。",
            least = megabytes(least)
        );
        let hint = "无需处理；有更大的原图时建议换用。";
        let severity = severity.min(Severity::Info);
        checking.add(severity, "M5", Place::default(), message, hint);
    }
}

/// A size as people say it: two places behind the point, cut off, not rounded, so that less than 2 MB never reads as 2 MB.
fn megabytes(bytes: u64) -> String {
    let hundredths = bytes / 10_000;
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => format!("{whole}MB"),
        (whole, part) => format!("{whole}.{part:02}MB"),
    }
}

/// A whole number of mebibytes, or bytes where it is none.
fn binary(bytes: u64) -> String {
    if bytes.is_multiple_of(1_048_576) {
        format!("{}MB", bytes / 1_048_576)
    } else {
        format!("{bytes}字节")
    }
}

/// M7: videos are MP4 or MOV (`formats`) and last `max_seconds` (180) at most, from `min_seconds` (0) on.
fn duration(checking: &mut Checking<'_>, record: &str, file: &Attachment) {
    let Some((rule, severity)) = checking.rule("M7") else {
        return;
    };
    let name = file.name();
    let formats = words_or(rule, "formats", &["mp4", "mov"]);
    let Probe::Video(video) = &file.probe else {
        let reason = match &file.probe {
            Probe::Broken { reason, .. } => format!("：{reason}"),
            _ => String::new(),
        };
        let message = format!("视频“{name}”应为MP4或MOV格式，内容不是{reason}。");
        let hint = if is_archive(&file.probe) {
            "请解压，把里面的视频放入 videos 文件夹，再移走压缩包。"
        } else {
            "请用视频软件转存为MP4。"
        };
        checking.add(
            severity,
            "M7",
            Place::file(&file.path).of(record, ""),
            message,
            hint,
        );
        return;
    };
    if !formats.contains(&extension(file).as_str()) {
        let message = format!("视频“{name}”的扩展名应为{}。", quoted(formats));
        let hint = "请用视频软件转存为MP4。";
        checking.add(
            severity,
            "M7",
            Place::file(&file.path).of(record, ""),
            message,
            hint,
        );
    }
    let seconds = |name: &str, usual: i64| u64::try_from(rule.number(name, usual)).unwrap_or(0);
    let (least, most) = (seconds("min_seconds", 0), seconds("max_seconds", 180));
    let bound = if video.duration_ms > most.saturating_mul(1000) {
        format!("超过{}", minutes(most))
    } else if video.duration_ms < least.saturating_mul(1000) {
        format!("不足{}", minutes(least))
    } else {
        return;
    };
    let message = format!(
        "视频“{name}”时长{}，{bound}。",
        minutes(video.duration_ms.div_ceil(1000))
    );
    checking.add(
        severity,
        "M7",
        Place::file(&file.path).of(record, ""),
        message,
        "请重新剪辑。",
    );
}

/// Seconds as minutes and seconds.
fn minutes(seconds: u64) -> String {
    match (seconds / 60, seconds % 60) {
        (0, s) => format!("{s}秒"),
        (m, 0) => format!("{m}分钟"),
        (m, s) => format!("{m}分{s}秒"),
    }
}

/// M8: a video's size as shown is one of `sizes` (1920x1080, 1080x1920); with `min_lines` and no sizes, its shorter side has so
/// many lines at least (720 for “720P以上”). Among `sizes` “720P以上” may stand too.
fn resolution(checking: &mut Checking<'_>, record: &str, file: &Attachment) {
    let (Some((rule, severity)), Probe::Video(video)) = (checking.rule("M8"), &file.probe) else {
        return;
    };
    let (width, height) = (video.width, video.height);
    let lines = rule.number("min_lines", 0);
    let (fits, wanted) = if lines > 0 && rule.words("sizes").is_empty() {
        let fits = i64::from(width.min(height)) >= lines;
        (fits, format!("不低于{lines}P"))
    } else {
        let sizes = words_or(rule, "sizes", &["1920x1080", "1080x1920"]);
        let size = format!("{width}x{height}");
        let fits = sizes.iter().any(|word| match lines_of(word) {
            Some(lines) => width.min(height) >= lines,
            None => word.replace(['×', '*', 'X'], "x") == size,
        });
        (fits, format!("为{}", sizes.join("或").replace('x', "×")))
    };
    if !fits {
        let name = file.name();
        let message = format!("视频“{name}”的分辨率应{wanted}，现为{width}×{height}。");
        let hint = "请按要求的分辨率重新导出。";
        checking.add(
            severity,
            "M8",
            Place::file(&file.path).of(record, ""),
            message,
            hint,
        );
    }
}
