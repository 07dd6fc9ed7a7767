//! Uploads: files in a form are written to disk as they come, within limits, never held whole in memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use tokio::io::AsyncWriteExt;

use crate::clerk::{ClerkError, Visitor};

use crate::web::service::app::App;
use crate::web::service::guard::{address, believe};
use crate::web::service::rates::Purpose;
use crate::web::service::trouble::Trouble;

/// Most bytes of one upload of a unit's files: a video of 300 MB and its photos.
pub(in crate::web) const MOST: usize = 1 << 30;

/// A file that was taken in and waits under a name of its own.
pub(in crate::web) struct Taken {
    /// Name that the browser gave.
    pub(in crate::web) name: String,
    /// Name of its field in the form.
    pub(in crate::web) field: String,
    /// Where it lies.
    pub(in crate::web) path: PathBuf,
}

/// What is taken in at most.
#[derive(Clone, Copy, Debug)]
pub(in crate::web) struct Limits {
    /// Files.
    pub(in crate::web) files: usize,
    /// Bytes of one.
    pub(in crate::web) bytes: u64,
}

/// Files that somebody sends in a form, before any of them is taken in; one address may send so many in a time.
pub(in crate::web) struct Sent {
    form: Multipart,
    headers: HeaderMap,
}

impl FromRequest<Arc<App>> for Sent {
    type Rejection = Trouble;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Trouble> {
        let (parts, body) = request.into_parts();
        app.rates
            .take(Purpose::Upload, address(app, &parts))
            .map_err(Trouble::Often)?;
        let headers = parts.headers.clone();
        let none = |_| Trouble::Bad("没有收到文件。请选好文件再上传。".to_owned());
        let request = Request::from_parts(parts, body);
        let form = Multipart::from_request(request, app).await.map_err(none)?;
        Ok(Self { form, headers })
    }
}

/// Takes the files of a form into a folder. The form's token comes first, or in a header. What was taken in before a fault is
/// removed again.
pub(in crate::web) async fn take_in(
    sent: Sent,
    visitor: &Visitor,
    folder: &Path,
    limits: Limits,
) -> Result<Vec<Taken>, Trouble> {
    let Sent { mut form, headers } = sent;
    let mut believed = false;
    if let Some(token) = headers.get("x-csrf").and_then(|v| v.to_str().ok()) {
        believe(visitor, token)?;
        believed = true;
    }
    let mut taken = Vec::new();
    let done = take_all(
        &mut form,
        visitor,
        folder,
        limits,
        &mut believed,
        &mut taken,
    )
    .await;
    if let Err(trouble) = done {
        for file in &taken {
            let _ = tokio::fs::remove_file(&file.path).await;
        }
        return Err(trouble);
    }
    Ok(taken)
}

async fn take_all(
    form: &mut Multipart,
    visitor: &Visitor,
    folder: &Path,
    limits: Limits,
    believed: &mut bool,
    taken: &mut Vec<Taken>,
) -> Result<(), Trouble> {
    while let Some(mut field) = form.next_field().await.map_err(cut)? {
        if field.name() == Some("csrf") {
            let token = field.text().await.map_err(cut)?;
            believe(visitor, &token)?;
            *believed = true;
            continue;
        }
        let Some(name) = field.file_name().map(str::to_owned) else {
            continue;
        };
        if name.is_empty() {
            continue;
        }
        if !*believed {
            believe(visitor, "")?;
        }
        if taken.len() >= limits.files {
            return Err(Trouble::Large(format!(
                "一次最多上传 {} 个文件，没有收下。请分几次上传。",
                limits.files
            )));
        }
        let path = folder.join(format!(
            "{}-{}",
            jiff::Timestamp::now().as_nanosecond(),
            taken.len()
        ));
        taken.push(Taken {
            name: name.clone(),
            field: field.name().unwrap_or_default().to_owned(),
            path: path.clone(),
        });
        write(&mut field, &path, limits.bytes, &name).await?;
    }
    Ok(())
}

async fn write(field: &mut Field<'_>, path: &Path, most: u64, name: &str) -> Result<(), Trouble> {
    let world = |source| {
        Trouble::Clerk(ClerkError::World {
            path: path.to_path_buf(),
            source,
        })
    };
    let mut how = tokio::fs::OpenOptions::new();
    how.write(true).create_new(true);
    #[cfg(unix)]
    how.mode(0o600);
    let mut file = how.open(path).await.map_err(world)?;
    let mut size = 0_u64;
    while let Some(chunk) = field.chunk().await.map_err(cut)? {
        size = size.saturating_add(chunk.len() as u64);
        if size > most {
            return Err(Trouble::Large(format!(
                "“{name}”超过 {} MB，没有收下。请压缩后再上传。",
                most >> 20
            )));
        }
        file.write_all(&chunk).await.map_err(world)?;
    }
    file.flush().await.map_err(world)
}

fn cut(error: axum::extract::multipart::MultipartError) -> Trouble {
    match error.status() {
        axum::http::StatusCode::PAYLOAD_TOO_LARGE => Trouble::Large(format!(
            "一次上传超过 {} MB，没有收下。请分几次上传。",
            MOST >> 20
        )),
        _ => Trouble::Bad("上传中断或内容不完整，没有收下。请重新上传。".to_owned()),
    }
}
