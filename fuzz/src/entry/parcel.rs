//! A parcel: the parts of a zip as plain text, which the engine can change without breaking sums and deflate. Each part begins
//! with a line `=== name`; what stands before the first such line is the part that a target expects first.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const HEAD: &[u8] = b"=== ";

/// Most parts that are looked at.
const MOST: usize = 200;

/// Names and bytes in order.
pub type Parts = Vec<(String, Vec<u8>)>;

/// The parts of a parcel; what has no head is called `first`.
pub fn parts(data: &[u8], first: &str) -> Parts {
    let mut parts: Parts = vec![(first.to_owned(), Vec::new())];
    for line in data.split_inclusive(|b| *b == b'\n') {
        match line.strip_prefix(HEAD) {
            Some(name) if parts.len() <= MOST => {
                let name = String::from_utf8_lossy(name)
                    .trim_end_matches('\n')
                    .to_owned();
                parts.push((name, Vec::new()));
            }
            _ => {
                if let Some((_, body)) = parts.last_mut() {
                    body.extend_from_slice(line);
                }
            }
        }
    }
    if parts.first().is_some_and(|(_, body)| body.is_empty()) {
        parts.remove(0);
    }
    for (_, body) in &mut parts {
        if body.ends_with(b"\n") {
            body.pop();
        }
    }
    parts
}

/// The parcel of parts; [`parts`] gives them back.
pub fn parcel(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut all = Vec::new();
    for (name, body) in parts {
        all.extend_from_slice(HEAD);
        all.extend_from_slice(name.as_bytes());
        all.push(b'\n');
        all.extend_from_slice(body);
        all.push(b'\n');
    }
    all
}

/// The zip of parts, stored; a part that no zip can hold, such as a second one of a name, is left out.
pub fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, body) in parts {
        if zip.start_file(name.as_str(), options).is_ok() {
            zip.write_all(body).expect("memory takes it");
        }
    }
    zip.finish().expect("memory takes it").into_inner()
}
