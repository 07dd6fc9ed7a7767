//! A look at a PDF file's bytes before they are parsed: compressed streams that unfold to more than any page needs. The parser unfolds
//! streams whole, so a file that would take the memory of the machine is refused here. What an encrypted file unfolds to is known only
//! when it is opened: before that its streams of objects, which the parser unfolds at once, are held to what their length allows.

use std::io::{BufRead, BufReader, Read};

use flate2::bufread::{DeflateDecoder, ZlibDecoder};
use hayro::hayro_syntax::object::Object;
use hayro::hayro_syntax::{Filter, Pdf};

use crate::pictures::{Fault, UNFOLDED_MAX};

/// Streams within streams that are followed.
const DEPTH: usize = 4;

/// Bytes before a stream in which its dictionary is looked for.
const DICTIONARY: usize = 2048;

/// The most that deflating makes of a byte (RFC 1951: a run of 258 bytes in two bits).
const DEFLATED_MAX: usize = 1_032;

/// Refuses a file that unfolds too far; tells whether it is encrypted.
pub(super) fn check(bytes: &[u8]) -> Result<bool, Fault> {
    let names = bytes.iter().enumerate().filter(|(_, b)| **b == b'/');
    let encrypted = names
        .map(|(at, _)| bytes.get(at..).unwrap_or_default())
        .any(is_encrypt);
    let mut at = 0;
    while let Some(found) = next(bytes, at) {
        at = found + 1;
        let rest = bytes.get(found..).unwrap_or_default();
        let Some(after) = rest.strip_prefix(b"stream") else {
            continue;
        };
        let start = match after {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => continue,
        };
        let data = after.get(start..).unwrap_or_default();
        let before = bytes
            .get(found.saturating_sub(DICTIONARY)..found)
            .unwrap_or_default();
        if encrypted {
            objects_are_few(before, data)?;
            continue;
        }
        // what lies inside a stream is not looked at again
        at = found + 6 + start + unfold(before, data)?;
    }
    Ok(encrypted)
}

/// Refuses an encrypted file whose streams, now that they can be read, unfold too far.
pub(super) fn check_decrypted(pdf: &Pdf) -> Result<(), Fault> {
    for object in pdf.objects() {
        let Object::Stream(stream) = object else {
            continue;
        };
        let filters = stream.filters();
        let said: Vec<&[u8]> = filters
            .iter()
            .map(|filter| match filter {
                Filter::FlateDecode => &b"/Fl"[..],
                Filter::LzwDecode => b"/LZW",
                Filter::RunLengthDecode => b"/R",
                _ => b"",
            })
            .collect();
        if !said.is_empty() {
            unfold(&said.concat(), &stream.raw_data())?;
        }
    }
    Ok(())
}

/// Refuses a stream of objects that may unfold too far by its length alone.
fn objects_are_few(before: &[u8], data: &[u8]) -> Result<(), Fault> {
    let dictionary = last_object(before);
    let has = |word: &[u8]| {
        dictionary
            .windows(word.len())
            .filter(|w| *w == word)
            .count()
    };
    let escaped = dictionary.contains(&b'#');
    if has(b"/ObjStm") == 0 && has(b"/XRef") == 0 && !escaped {
        return Ok(());
    }
    let end = data.windows(9).position(|w| w == b"endstream");
    let length = end.unwrap_or(data.len());
    let filters = has(b"Decode") - has(b"DecodeParms");
    if filters > 1 || length > UNFOLDED_MAX / DEFLATED_MAX {
        return Err(Fault::Unfolds);
    }
    Ok(())
}

/// Whether bytes begin with the name under which a trailer says how the file is encrypted; digits may follow without a space, and any
/// letter may be written as an escape (ISO 32000-1, 7.3.5).
fn is_encrypt(mut bytes: &[u8]) -> bool {
    for wanted in b"/Encrypt" {
        bytes = match bytes {
            [b'#', high, low, rest @ ..] => match hex(*high).zip(hex(*low)) {
                Some((high, low)) if high << 4 | low == *wanted => rest,
                _ => return false,
            },
            [byte, rest @ ..] if byte == wanted => rest,
            _ => return false,
        };
    }
    bytes.first().is_some_and(|b| !b.is_ascii_alphabetic())
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

/// The next place where one of the two words may begin.
fn next(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let at = rest.iter().position(|b| matches!(b, b's' | b'/'))?;
    Some(from + at)
}

/// Counts what a stream unfolds to by what its dictionary says and its bytes look like; gives how many bytes it took.
fn unfold(before: &[u8], data: &[u8]) -> Result<usize, Fault> {
    let dictionary = last_object(before);
    // a name may hide behind escapes such as /#4CZW
    let says = |word: &[u8]| {
        dictionary.windows(word.len()).any(|w| w == word) || dictionary.contains(&b'#')
    };
    if is_zlib(data) {
        let mut decoder = ZlibDecoder::new(data);
        let head = count(&mut decoder)?;
        if is_zlib(&head) {
            inner(data, DEPTH)?;
        }
        return Ok(usize::try_from(decoder.total_in()).unwrap_or(0));
    }
    if says(b"/Fl") {
        count(&mut DeflateDecoder::new(data))?;
    }
    if says(b"/LZW") {
        lzw(data)?;
    }
    if says(b"/R") {
        runs(data)?;
    }
    Ok(0)
}

/// The text behind the last `obj`.
fn last_object(before: &[u8]) -> &[u8] {
    let at = before.windows(3).rposition(|w| w == b"obj");
    before.get(at.unwrap_or(0)..).unwrap_or_default()
}

/// A zlib header (RFC 1950) without a dictionary.
fn is_zlib(data: &[u8]) -> bool {
    let [a, b] = *data.first_chunk::<2>().unwrap_or(&[0, 0]);
    a & 15 == 8 && b & 32 == 0 && (u16::from(a) << 8 | u16::from(b)).is_multiple_of(31)
}

/// Reads to the end without keeping anything but the first two bytes.
fn count(decoder: &mut impl Read) -> Result<Vec<u8>, Fault> {
    let mut buffer = vec![0; 64 << 10];
    let (mut head, mut total) = (Vec::new(), 0);
    // bytes behind an error were unfolded all the same
    while let Ok(n @ 1..) = decoder.read(&mut buffer) {
        total += n;
        if total > UNFOLDED_MAX {
            return Err(Fault::Unfolds);
        }
        let missing = 2_usize.saturating_sub(head.len());
        head.extend(buffer.iter().take(n.min(missing)));
    }
    Ok(head)
}

/// Follows a stream that is compressed more than once; nothing is kept.
fn inner(data: &[u8], depth: usize) -> Result<(), Fault> {
    let mut source: Box<dyn BufRead + '_> = Box::new(data);
    for _ in 0..depth {
        source = Box::new(BufReader::new(ZlibDecoder::new(source)));
        if !is_zlib(source.fill_buf().unwrap_or_default()) {
            break;
        }
    }
    count(&mut source).map(drop)
}

/// Counts what LZW codes (ISO 32000-1, 7.4.4) unfold to.
fn lzw(data: &[u8]) -> Result<(), Fault> {
    let mut lengths: Vec<usize> = Vec::new();
    let (mut bits, mut held, mut width, mut total, mut last) = (0_u32, 0, 9, 0_usize, 0);
    for byte in data {
        bits = bits << 8 | u32::from(*byte);
        held += 8;
        if held < width {
            continue;
        }
        held -= width;
        let code = (bits >> held & ((1 << width) - 1)) as usize;
        match code {
            256 => {
                lengths.clear();
                (width, last) = (9, 0);
                continue;
            }
            257 => return Ok(()),
            _ => {}
        }
        let length = match code.checked_sub(258) {
            None => 1,
            Some(n) => lengths.get(n).copied().unwrap_or(last + 1),
        };
        total += length;
        if total > UNFOLDED_MAX {
            return Err(Fault::Unfolds);
        }
        if last > 0 && lengths.len() < 4096 - 258 {
            lengths.push(last + 1);
        }
        last = length;
        width = match lengths.len() + 259 {
            0..=511 => 9,
            512..=1023 => 10,
            1024..=2047 => 11,
            _ => 12,
        };
    }
    Ok(())
}

/// Counts what run lengths (ISO 32000-1, 7.4.5) unfold to.
fn runs(data: &[u8]) -> Result<(), Fault> {
    let (mut at, mut total) = (0, 0);
    while let Some(length) = data.get(at) {
        match *length {
            128 => break,
            n @ 0..=127 => {
                at += usize::from(n) + 2;
                total += usize::from(n) + 1;
            }
            n => {
                at += 2;
                total += 257 - usize::from(n);
            }
        }
        if total > UNFOLDED_MAX {
            return Err(Fault::Unfolds);
        }
    }
    Ok(())
}
