//! What is given (所带内容): body, path and query of a request of a program, read into a type whose schema stands in the document. What
//! does not fit is told as a problem.

use std::sync::Arc;

use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::{Operation, RequestBody};
use aide::operation::{ParamLocation, add_parameters, parameters_from_schema, set_body};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use schemars::{JsonSchema, Schema, json_schema};
use serde::de::DeserializeOwned;

use crate::foreign::InChinese;
use crate::web::api::answer::{asked, content};
use crate::web::service::app::App;
use crate::web::service::given;
use crate::web::service::guard::ClientAddress;
use crate::web::service::trouble::{Problem, Trouble};

/// The facts in JSON that a write brings along.
pub(super) struct Given<T>(pub(super) T);

/// What stands in the path.
pub(super) struct At<T>(pub(super) T);

/// What is asked for behind the `?`.
pub(super) struct Asked<T>(pub(super) T);

/// Bytes of a file.
pub(super) struct FileBytes(pub(super) Bytes);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Given<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            let words = "请求没有写明是 JSON。请加请求头 Content-Type: application/json。";
            return Err(Trouble::Bad(words.to_owned()).into());
        }
        let body = Bytes::from_request(request, app).await;
        let body = body.map_err(|e| match e.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Trouble::Large("请求太长。".to_owned()),
            _ => Trouble::Bad("请求没有收全。请重新发送。".to_owned()),
        })?;
        let facts = serde_json::from_slice(&body).map_err(|e| {
            Trouble::Bad(format!(
                "请求不是所要的 JSON。{}。字段见 /api/v1/openapi.json。",
                e.in_chinese()
            ))
        })?;
        Ok(Self(facts))
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<App>> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let given::At(found) = given::At::from_request_parts(parts, app).await?;
        Ok(Self(found))
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<App>> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let given::Asked(found) = given::Asked::from_request_parts(parts, app).await?;
        Ok(Self(found))
    }
}

impl FromRequest<Arc<App>> for FileBytes {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, app).await;
        let bytes = bytes.map_err(|e| match e.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Trouble::Large("文件太大，没有收下。".to_owned()),
            _ => Trouble::Bad("上传中断，没有收下。请重新上传。".to_owned()),
        })?;
        Ok(Self(bytes))
    }
}

/// Whether the body says that it is JSON.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let kind = kind.and_then(|k| k.split(';').next()).unwrap_or_default();
    let kind = kind.trim().to_ascii_lowercase();
    kind == "application/json" || kind.starts_with("application/") && kind.ends_with("+json")
}

fn body(ctx: &mut GenContext, operation: &mut Operation, kind: &str, schema: Schema) {
    let body = RequestBody {
        content: content(kind, schema).collect(),
        required: true,
        ..RequestBody::default()
    };
    set_body(ctx, operation, body);
}

fn parameters<T: JsonSchema>(ctx: &mut GenContext, operation: &mut Operation, at: ParamLocation) {
    let schema = asked::<T>(ctx);
    let all = parameters_from_schema(ctx, schema, at);
    add_parameters(ctx, operation, all);
    // a parameter each, and no type of its own
    ctx.schema.definitions_mut().remove(&*T::schema_name());
}

impl<T: JsonSchema> OperationInput for Given<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let schema = asked::<T>(ctx);
        body(ctx, operation, "application/json", schema);
    }
}

impl<T: JsonSchema> OperationInput for At<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        parameters::<T>(ctx, operation, ParamLocation::Path);
    }
}

impl<T: JsonSchema> OperationInput for Asked<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        parameters::<T>(ctx, operation, ParamLocation::Query);
    }
}

impl OperationInput for FileBytes {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let bytes = json_schema!({"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"});
        body(ctx, operation, "application/octet-stream", bytes);
    }
}

impl OperationInput for ClientAddress {}
