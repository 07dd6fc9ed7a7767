//! The zip of a package (APPNOTE 6.3.10): entries are stored, not deflated, and every byte is accounted for, so that nothing can
//! hide between them, nothing unpacks to more than it is, and no flipped byte goes unseen. The library writes it; reading is our
//! own, since it must refuse what a library would mend.

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};

use jiff::Timestamp;
use jiff::tz::Offset;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{Limits, PackageFault};

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
/// Bytes of a local header, of a central header and of the end record, without names.
const LOCAL_SIZE: usize = 30;
const CENTRAL_SIZE: usize = 46;
const END_SIZE: usize = 22;
/// Flag bit: the name is UTF-8.
const UTF8: u16 = 0x0800;
/// Version needed of a stored file.
const NEEDED: u16 = 10;
/// An ordinary file that all may read, in the high half of the external attributes.
const MODE: u32 = 0o100_644;
/// File type bits of a mode, and those of a symbolic link.
const TYPE: u32 = 0o170_000;
const LINK: u32 = 0o120_000;
/// Largest manifest that is looked into for the campaign.
const MOST_MANIFEST: usize = 8 << 20;
/// Longest name in bytes.
const NAME_BYTES: usize = 400;

/// One entry as the directory says it; its bytes are not judged.
pub(super) struct RawEntry<'a> {
    /// Its name.
    pub(super) name: String,
    /// Its bytes; none where they are deflated, cut short, or elsewhere.
    pub(super) data: Option<&'a [u8]>,
    /// Where its local header should begin, and the header in the directory.
    offset: usize,
    header: &'a [u8],
}

/// Writes entries in their order, all of one time.
pub(super) fn write(entries: &[(&str, &[u8])], at: Timestamp) -> Result<Vec<u8>, PackageFault> {
    let failed = |_| broken(None, "无法写成 zip");
    // the clock of China, as the zip format keeps local time; before 1980 it keeps none
    let local = Offset::constant(8).to_datetime(at);
    let part = |n: i8| u8::try_from(n).unwrap_or(0);
    let time = u16::try_from(local.year()).ok().and_then(|year| {
        DateTime::from_date_and_time(
            year,
            part(local.month()),
            part(local.day()),
            part(local.hour()),
            part(local.minute()),
            part(local.second()),
        )
        .ok()
    });
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(time.unwrap_or_default())
        .system(zip::System::Unix)
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, options).map_err(failed)?;
        zip.write_all(bytes)
            .map_err(|_| broken(None, "无法写成 zip"))?;
    }
    Ok(zip.finish().map_err(failed)?.into_inner())
}

/// The campaign that a package says it belongs to, out of the manifest at its beginning; nothing of it is believed. A desk asks so before
/// it reads the rest, since how large a package may be is the campaign's to say.
pub fn claimed_campaign(package: &mut dyn Read) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Named {
        campaign: String,
    }
    let mut head = [0; LOCAL_SIZE];
    package.read_exact(&mut head).ok()?;
    let fields = Fields(&head);
    let (name, extra) = (usize::from(fields.u16(26)), usize::from(fields.u16(28)));
    let size = fields.u32(22);
    if !head.starts_with(&LOCAL) || name > NAME_BYTES || size > MOST_MANIFEST {
        return None;
    }
    let mut rest = vec![0; name + extra + size];
    package.read_exact(&mut rest).ok()?;
    let named: Named = serde_json::from_slice(rest.get(name + extra..)?).ok()?;
    Some(named.campaign)
}

/// The entries of a package within limits, by its directory. Names are checked, sizes are what they say: [`strict`] tells whether
/// every byte stands where it should.
pub(super) fn list<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Vec<RawEntry<'a>>, PackageFault> {
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limits.file() {
        return Err(PackageFault::TooLarge {
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            limit: limits.unpacked,
        });
    }
    if !bytes.starts_with(&LOCAL) {
        return Err(broken(None, "不是报送包：文件不以 zip 开头，或者没有内容"));
    }
    // a comment of at most 65,535 bytes may stand behind the end record of a foreign zip
    let tail = bytes.len().saturating_sub(END_SIZE + usize::from(u16::MAX));
    let end = bytes
        .get(tail..)
        .unwrap_or_default()
        .windows(END_SIZE)
        .rposition(|w| w.starts_with(&END))
        .map(|at| tail + at)
        .ok_or_else(|| broken(None, "不完整：没有传完，或被截断"))?;
    let record = Fields(bytes.get(end..).unwrap_or_default());
    let count = usize::from(record.u16(10));
    if count > limits.entries {
        return Err(PackageFault::TooMany {
            entries: count,
            limit: limits.entries,
        });
    }
    let start = record.u32(16);
    let mut directory = bytes
        .get(start..end)
        .ok_or_else(|| broken(None, "的目录不在文件之内"))?;
    let mut raws = Vec::with_capacity(count);
    for _ in 0..count {
        let (raw, rest) = entry(bytes, directory)?;
        directory = rest;
        raws.push(raw);
    }
    names(&raws)?;
    sizes(bytes.len(), &raws, limits)?;
    Ok(raws)
}

/// The first entry of what is left of the directory, and the rest.
fn entry<'a>(
    bytes: &'a [u8],
    directory: &'a [u8],
) -> Result<(RawEntry<'a>, &'a [u8]), PackageFault> {
    let cut = || broken(None, "的目录不完整");
    let fields = Fields(directory);
    if !directory.starts_with(&CENTRAL) || directory.len() < CENTRAL_SIZE {
        return Err(cut());
    }
    let (name, extra, comment) = (fields.u16(28), fields.u16(30), fields.u16(32));
    let name_end = CENTRAL_SIZE + usize::from(name);
    let after = name_end + usize::from(extra) + usize::from(comment);
    let (header, rest) = directory.split_at_checked(after).ok_or_else(cut)?;
    let name = header.get(CENTRAL_SIZE..name_end).unwrap_or_default();
    let name = String::from_utf8(name.to_vec()).map_err(|bad| PackageFault::Name {
        name: String::from_utf8_lossy(bad.as_bytes()).into_owned(),
        what: "不是 UTF-8",
    })?;
    if fields.u16(8) & 1 != 0 {
        return Err(broken(Some(&name), "设有密码"));
    }
    let offset = fields.u32(42);
    let data = (fields.u16(10) == 0 && fields.u32(20) == fields.u32(24)).then(|| {
        let local = Fields(bytes.get(offset..)?);
        let start = offset
            .checked_add(LOCAL_SIZE)?
            .checked_add(usize::from(local.u16(26)))?
            .checked_add(usize::from(local.u16(28)))?;
        bytes.get(start..start.checked_add(fields.u32(24))?)
    });
    let raw = RawEntry {
        name,
        data: data.flatten(),
        offset,
        header,
    };
    Ok((raw, rest))
}

/// Refuses names that lead out of a folder, that stand twice, and entries that are no ordinary files.
fn names(raws: &[RawEntry<'_>]) -> Result<(), PackageFault> {
    let mut seen = BTreeSet::new();
    for raw in raws {
        let refused = |what| {
            let name = raw.name.clone();
            Err(PackageFault::Name { name, what })
        };
        let fields = Fields(raw.header);
        if let Some(what) = name_fault(&raw.name) {
            return refused(what);
        }
        if !raw.name.is_ascii() && fields.u16(8) & UTF8 == 0 {
            return refused("没有标明是 UTF-8");
        }
        if fields.u32(38) >> 16 & usize_of(TYPE) == usize_of(LINK) {
            return refused("是符号链接");
        }
        // Windows and macOS do not tell case apart.
        if !seen.insert(raw.name.to_lowercase()) {
            return refused("出现了两次");
        }
    }
    Ok(())
}

/// What is wrong with a name; it is shown and compared, and never opened, but a person may unpack the file.
pub(super) fn name_fault(name: &str) -> Option<&'static str> {
    let mut steps = name.split('/');
    if name.is_empty() {
        Some("名称是空的")
    } else if name.len() > NAME_BYTES {
        Some("名称太长")
    } else if name.starts_with('/') || name.contains(':') {
        Some("是绝对路径")
    } else if name.contains('\\') {
        Some("含有反斜线")
    } else if name.chars().any(char::is_control) {
        Some("含有控制字符")
    } else if name.ends_with('/') {
        Some("是文件夹")
    } else if steps.any(|step| matches!(step, "" | "." | "..")) {
        Some("指向别的文件夹")
    } else {
        None
    }
}

/// Holds what the directory says against the limits, before anything is read.
fn sizes(packed: usize, raws: &[RawEntry<'_>], limits: &Limits) -> Result<(), PackageFault> {
    let said = raws.iter().fold(0_u64, |sum, raw| {
        let size = u64::try_from(Fields(raw.header).u32(24)).unwrap_or(u64::MAX);
        sum.saturating_add(size)
    });
    let packed = u64::try_from(packed).unwrap_or(u64::MAX).max(1);
    if said / packed > limits.ratio {
        return Err(PackageFault::Ratio {
            ratio: said / packed,
            limit: limits.ratio,
        });
    }
    if said > limits.unpacked {
        return Err(PackageFault::TooLarge {
            bytes: said,
            limit: limits.unpacked,
        });
    }
    Ok(())
}

/// Whether every byte outside the entries stands as this program writes it: headers that repeat the directory, one behind the
/// other, nothing between, before or behind them.
pub(super) fn strict(bytes: &[u8], raws: &[RawEntry<'_>]) -> Result<(), PackageFault> {
    let mut at = 0;
    for raw in raws {
        let odd = || broken(Some(&raw.name), "的文件头不是本程序写的样子，或已损坏");
        let local = bytes.get(at..).unwrap_or_default();
        let data = raw.data.ok_or_else(odd)?;
        let central = Fields(raw.header);
        let flags = if raw.name.is_ascii() { 0 } else { UTF8 };
        let (made, extra, comment) = (central.u16(4), central.u16(30), central.u16(32));
        let kept = (made >> 8, central.u16(6), central.u16(8)) == (3, NEEDED, flags)
            && made & 0xff == MADE
            && (extra, comment, central.u16(34), central.u16(36)) == (0, 0, 0, 0)
            && central.u32(38) == usize_of(MODE << 16)
            && raw.offset == at;
        // from “version needed” to the length of the extra field both headers say the same
        let same = local.starts_with(&LOCAL)
            && local.get(4..LOCAL_SIZE) == raw.header.get(6..6 + LOCAL_SIZE - 4)
            && local.get(LOCAL_SIZE..LOCAL_SIZE + raw.name.len()) == Some(raw.name.as_bytes());
        if !kept || !same || central.u32(16) != usize_of(checksum(data)) {
            return Err(odd());
        }
        at += LOCAL_SIZE + raw.name.len() + data.len();
    }
    let directory: usize = raws.iter().map(|raw| raw.header.len()).sum();
    let end = at + directory;
    let record = Fields(bytes.get(end..).unwrap_or_default());
    let count = u16::try_from(raws.len()).unwrap_or(u16::MAX);
    let whole = bytes.len() == end + END_SIZE
        && record.0.starts_with(&END)
        && (record.u32(4), record.u16(8), record.u16(10)) == (0, count, count)
        && (record.u32(12), record.u32(16), record.u16(20)) == (directory, at, 0);
    if whole {
        Ok(())
    } else {
        Err(broken(None, "的目录不是本程序写的样子，或已损坏"))
    }
}

/// Version of the zip format that the writer says it follows.
const MADE: u16 = 10;

/// CRC-32 of bytes, as the format has it.
fn checksum(bytes: &[u8]) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(bytes);
    sum.sum()
}

fn broken(entry: Option<&str>, what: &'static str) -> PackageFault {
    PackageFault::Broken {
        entry: entry.map(str::to_owned),
        what,
    }
}

fn usize_of(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// Little-endian numbers at fixed places; what lies outside reads as 0.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn u16(&self, at: usize) -> u16 {
        let bytes = self.0.get(at..).and_then(|rest| rest.first_chunk());
        bytes.map_or(0, |b| u16::from_le_bytes(*b))
    }

    fn u32(&self, at: usize) -> usize {
        let bytes = self.0.get(at..).and_then(|rest| rest.first_chunk());
        bytes.map_or(0, |b| usize_of(u32::from_le_bytes(*b)))
    }
}
