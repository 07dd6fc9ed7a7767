//! Addresses on the web (网址) as people type and paste them: one way of writing, and what is wrong with what is none.

use super::width::fold_width;

/// What is wrong with what stands in the place of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UrlFault {
    /// Several addresses; how many.
    Several(usize),
    /// An address among other words, as programs paste it: the address alone.
    AmongWords(String),
    /// An address without `http://` or `https://`, or with another beginning.
    NoScheme,
    /// A path of somebody's own computer, or the name of a file.
    File,
    /// A computer that only those beside it reach.
    Private,
    /// No address.
    Words,
}

/// The one way of writing an address: half-width, without blanks, quotes and stops around it, its scheme in small letters. What is no
/// address comes out as it went in, but for blanks around it.
pub fn canonical_url(text: &str) -> String {
    let folded = fold_width(text);
    let bare =
        folded.trim_matches(|c: char| c.is_whitespace() || "\"'“”‘’<>《》。；;，,、".contains(c));
    let bare = bare.replace("http:\\\\", "http://");
    let bare = bare.replace("https:\\\\", "https://");
    match scheme(&bare) {
        Some(rest) => {
            let (head, _) = bare.split_at(bare.len() - rest.len());
            format!("{}{rest}", head.to_ascii_lowercase())
        }
        None if url_fault(&bare) == Some(UrlFault::Words) => text.trim().to_owned(),
        None => bare,
    }
}

/// What is wrong with a canonical address; none for a sound one.
pub fn url_fault(text: &str) -> Option<UrlFault> {
    let lower = text.to_ascii_lowercase();
    let count = lower.matches("http://").count() + lower.matches("https://").count();
    // an address may carry another one behind a question mark
    let split = text.replace(",http", " http").replace(";http", " http");
    let parted = split
        .split(is_between)
        .filter(|part| scheme(part).is_some())
        .count();
    if parted > 1 {
        return Some(UrlFault::Several(parted));
    }
    let Some(rest) = scheme(text) else {
        return Some(if count > 0 {
            UrlFault::AmongWords(inner(text, &lower))
        } else if is_file(&lower) {
            UrlFault::File
        } else if is_bare_address(&lower) {
            UrlFault::NoScheme
        } else {
            UrlFault::Words
        });
    };
    if text.contains(is_between) {
        return Some(UrlFault::AmongWords(inner(text, &lower)));
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or(host);
    let host = host.split(':').next().unwrap_or(host).to_ascii_lowercase();
    if is_private(&host) {
        return Some(UrlFault::Private);
    }
    (!is_host(&host)).then_some(UrlFault::Words)
}

/// What stands behind `http://` or `https://`, in whatever case.
fn scheme(text: &str) -> Option<&str> {
    ["http://", "https://"].iter().find_map(|scheme| {
        let head = text.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme)
            .then(|| text.get(scheme.len()..))?
    })
}

/// Whether a character ends an address in running text.
fn is_between(c: char) -> bool {
    c.is_whitespace() || "，。；、“”《》【】（）<>\"".contains(c)
}

/// The first address in a text.
fn inner(text: &str, lower: &str) -> String {
    let at = [lower.find("http://"), lower.find("https://")];
    let at = at.into_iter().flatten().min().unwrap_or_default();
    let from = text.get(at..).unwrap_or_default();
    from.split(is_between).next().unwrap_or_default().to_owned()
}

/// Whether a text is a path or the name of a file rather than an address.
fn is_file(lower: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "mp4", "mov", "avi", "wmv", "mkv", "flv", "gif", "png", "jpg", "jpeg", "webp", "pdf",
        "zip", "rar", "7z", "ppt", "pptx", "doc", "docx", "html", "htm", "mp3", "swf", "exe",
        "apk",
    ];
    let drive = lower.as_bytes().get(1) == Some(&b':')
        && lower.starts_with(|c: char| c.is_ascii_alphabetic());
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    let plain = !lower.contains("://") && !lower.starts_with("www.");
    drive
        || lower.starts_with("\\\\")
        || lower.starts_with("file:")
        || plain && !lower.contains('/') && ENDINGS.contains(&ending)
}

/// Whether a text is an address but for its beginning.
fn is_bare_address(lower: &str) -> bool {
    let rest = lower.split_once("//").map_or(lower, |(_, rest)| rest);
    let rest = rest.split_once(":/").map_or(rest, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let latin = host
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c));
    latin && is_host(host)
}

/// Whether a host has the shape of a name or number on the web.
fn is_host(host: &str) -> bool {
    let parts: Vec<&str> = host.split('.').collect();
    let sound = |part: &&str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_alphanumeric() || "-_".contains(c))
    };
    parts.len() > 1
        && parts.iter().all(sound)
        && parts
            .last()
            .is_some_and(|p| p.chars().count() > 1 || p.parse::<u8>().is_ok())
}

/// Whether a host is one's own computer or network.
fn is_private(host: &str) -> bool {
    if host == "localhost" {
        return true;
    }
    let numbers: Vec<u8> = host
        .split('.')
        .filter_map(|part| part.parse().ok())
        .collect();
    // RFC 1122 3.2.1.3, RFC 1918, RFC 3927
    host.split('.').count() == 4
        && matches!(
            numbers.as_slice(),
            [0 | 10 | 127, _, _, _] | [172, 16..=31, _, _] | [192, 168, _, _] | [169, 254, _, _]
        )
}
