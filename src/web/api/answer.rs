//! Answers (答复) to programs: JSON of a type whose schema stands in the document, or a problem (RFC 9457).

use aide::OperationOutput;
use aide::generate::GenContext;
use aide::openapi::{
    Header, HeaderStyle, MediaType, Operation, ParameterSchemaOrContent, ReferenceOr, Response,
    SchemaObject,
};
use aide::transform::TransformOperation;
use axum::Json;
use schemars::{JsonSchema, Schema, json_schema};

use crate::web::service::trouble::{Problem, ProblemBody};

/// What a handler gives.
pub(super) type Answer<T> = Result<Json<T>, Problem>;

/// What an operation is called: its group, its name for programs, and what it does, in Chinese.
pub(super) fn told(
    group: &'static str,
    id: &'static str,
    words: &'static str,
) -> impl FnOnce(TransformOperation<'_>) -> TransformOperation<'_> {
    move |operation| operation.tag(group).id(id).summary(words)
}

/// A schema by itself, as the document holds it.
pub(super) fn plain(json_schema: Schema) -> SchemaObject {
    SchemaObject {
        json_schema,
        external_docs: None,
        example: None,
    }
}

/// One kind of content with its schema.
pub(super) fn content(kind: &str, schema: Schema) -> impl Iterator<Item = (String, MediaType)> {
    let media = MediaType {
        schema: Some(plain(schema)),
        ..MediaType::default()
    };
    std::iter::once((kind.to_owned(), media))
}

/// A refusal with its reason in words.
pub(super) fn refusal(ctx: &mut GenContext, words: &str) -> Response {
    let schema = ctx.schema.subschema_for::<ProblemBody<'static>>();
    Response {
        description: words.to_owned(),
        content: content("application/problem+json", schema).collect(),
        ..Response::default()
    }
}

/// The header that says when to ask again.
fn retry_after() -> Header {
    Header {
        description: Some("多少秒后再试".to_owned()),
        style: HeaderStyle::Simple,
        required: true,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(plain(json_schema!({"type": "integer"}))),
        example: None,
        examples: Default::default(),
        extensions: Default::default(),
    }
}

impl OperationOutput for Problem {
    type Inner = ProblemBody<'static>;

    fn operation_response(ctx: &mut GenContext, _: &mut Operation) -> Option<Response> {
        Some(refusal(ctx, "没有办成"))
    }

    fn inferred_responses(ctx: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Response)> {
        let all = [
            (400, "请求不完整"),
            (404, "没有这一项，或者无权查看"),
            (413, "太大"),
            (422, "内容有误，没有办理"),
            (429, "太频繁，见 Retry-After"),
            (500, "服务出错，没有办理；编号告诉管理员"),
            (503, "现在太忙，见 Retry-After"),
        ];
        let told = all.into_iter().map(|(status, words)| {
            let mut response = refusal(ctx, words);
            if matches!(status, 429 | 503) {
                let header = ReferenceOr::Item(retry_after());
                response.headers.insert("Retry-After".to_owned(), header);
            }
            (Some(status), response)
        });
        told.collect()
    }
}

/// The schema of something that is sent to us; what may be left out there is not what may be left out of an answer.
pub(super) fn asked<T: JsonSchema>(ctx: &mut GenContext) -> Schema {
    let mut generator = settings().for_deserialize().into_generator();
    let schema = generator.subschema_for::<T>();
    let found = generator.take_definitions(true);
    ctx.schema.definitions_mut().extend(found);
    schema
}

/// How schemas stand in the document: JSON Schema of 2020-12 (OpenAPI 3.1), the named ones among its components.
pub(super) fn settings() -> schemars::generate::SchemaSettings {
    schemars::generate::SchemaSettings::draft2020_12().with(|settings| {
        settings.meta_schema = None;
        settings.definitions_path = "/components/schemas".into();
    })
}
