//! Packages. As a zip nothing but the golden sample may open; a parcel is summed and signed first, so that the engine gets
//! behind the signature.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sanlian::mark::{DocumentKind, TrustedKeys, sign_document};
use sanlian::package::{Limits, open};
use sanlian::record::Book;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::data::summed;
use super::parcel::{Parts, parts, zipped};
use super::{key, sound, the_campaign, trusted};

/// The package that must open for ever; no other zip bears a signature of ours.
pub const GOLDEN: &[u8] = include_bytes!("../../../tests/golden/package.zip");

/// Opens a package. Laws: nothing opens that no key of ours signed; the book of one that opens holds together.
pub fn package(data: &[u8]) {
    let zip = data.starts_with(b"PK");
    let bytes = if zip { data.to_vec() } else { signed(data) };
    let limits = Limits::default();
    let mut templates = |id: &str| (id == the_campaign().id).then(|| the_campaign().clone());
    match open("报送包.zip", &bytes, &trusted(), &limits, &mut templates) {
        Ok(package) => {
            assert!(!zip || data == GOLDEN, "nobody signed this");
            let written = package.book.to_json().expect("it can be written");
            let again = Book::parse(&written, Some(the_campaign()));
            assert!(again.as_ref() == Ok(&package.book), "{again:?}");
            let stranger = open(
                "报送包.zip",
                &bytes,
                &TrustedKeys::default(),
                &limits,
                &mut templates,
            );
            assert!(stranger.is_err(), "a stranger is not believed");
        }
        Err(findings) => {
            assert!(!findings.is_empty());
            sound(&findings);
        }
    }
}

/// The zip of a parcel, its sums mended and signed by the key of the samples.
pub fn signed(data: &[u8]) -> Vec<u8> {
    let mut parts = parts(data, "package.json");
    for (name, body) in &mut parts {
        if name == "records.json" {
            *body = summed(&String::from_utf8_lossy(body)).into_bytes();
        }
    }
    let at = |parts: &Parts, wanted: &str| parts.iter().position(|(name, _)| name == wanted);
    if let Some(manifest) = at(&parts, "package.json")
        && let Ok(mut value) = serde_json::from_slice::<Value>(&parts[manifest].1)
    {
        for entry in value
            .get_mut("entries")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let body = parts.iter().find(|(name, _)| entry["name"] == **name);
            if let (Some((_, body)), Some(entry)) = (body, entry.as_object_mut()) {
                let sum: String = Sha256::digest(body)
                    .iter()
                    .map(|b| format!("{b:02x}"))
                    .collect();
                entry.insert("size".to_owned(), json!(body.len()));
                entry.insert("sha256".to_owned(), json!(sum));
            }
        }
        parts[manifest].1 = value.to_string().into_bytes();
        let signature = sign_document(&key(), DocumentKind::Package, &parts[manifest].1);
        let signature = STANDARD.encode(signature.expect("it signs")) + "\n";
        match at(&parts, "package.sig") {
            Some(at) => parts[at].1 = signature.into_bytes(),
            None => parts.insert(
                manifest + 1,
                ("package.sig".to_owned(), signature.into_bytes()),
            ),
        }
    }
    zipped(&parts)
}
