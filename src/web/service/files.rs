//! Files (文件) as answers: to be kept, or a block at a time; where uploads wait; sizes in words.

use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;
use tokio::io::AsyncReadExt;

use crate::clerk::{ClerkError, make_closed};

use crate::web::service::app::App;
use crate::web::service::trouble::Trouble;

/// Kind of a workbook.
pub(in crate::web) const XLSX: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file to be kept.
pub(in crate::web) fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let how = if kind == "application/pdf" {
        "inline"
    } else {
        "attachment"
    };
    let name = format!("{how}; filename*=UTF-8''{}", encoded(name));
    let about = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    (about, bytes).into_response()
}

/// A part of a path, everything but plain letters and digits encoded.
pub(in crate::web) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(b).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}

/// Bytes in words.
pub(in crate::web) fn in_words(bytes: u64) -> String {
    match bytes {
        n if n >= 1 << 20 => format!("{:.1} MB", n as f64 / f64::from(1 << 20)),
        n => format!("{} KB", n.div_ceil(1024)),
    }
}

/// A file as an answer, a block at a time, under a name in ASCII.
pub(in crate::web) async fn stream(path: &Path, name: &str) -> Result<Response, Trouble> {
    const BLOCK: usize = 256 << 10;
    let world = |source| ClerkError::World {
        path: path.to_path_buf(),
        source,
    };
    let file = tokio::fs::File::open(path).await.map_err(world)?;
    let size = file.metadata().await.map_err(world)?.len();
    let blocks = try_unfold(file, |mut file| async move {
        let mut block = vec![0; BLOCK];
        let n = file.read(&mut block).await?;
        block.truncate(n);
        Ok::<_, std::io::Error>((n > 0).then_some((block, file)))
    });
    let about = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_LENGTH, size.to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((about, Body::from_stream(blocks)).into_response())
}

/// Where files of the organiser wait until they are dealt with.
pub(in crate::web) async fn incoming(app: &App) -> Result<PathBuf, Trouble> {
    let dir = app.serving.data.join("incoming");
    make_closed(&dir).map_err(ClerkError::from)?;
    Ok(dir)
}
