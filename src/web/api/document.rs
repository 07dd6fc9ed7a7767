//! The OpenAPI 3.1 document (接口文件): the operations under `/api/v1` from the routes and the types of their handlers, the pages from
//! their list.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::generate::in_context;
use aide::openapi::{Info, OpenApi};
use serde_json::{Map, Value, json};

use crate::web::api::answer::settings;
use crate::web::api::pages;
use crate::web::service::app::App;
use crate::web::service::guard::COOKIE;

/// The document of these routes and of all pages.
pub(super) fn of(routes: impl FnOnce() -> ApiRouter<Arc<App>>) -> Map<String, Value> {
    in_context(|ctx| ctx.schema = settings().for_serialize().into_generator());
    let mut api = OpenApi {
        info: Info {
            title: "三联 sanlian".to_owned(),
            version: "1".to_owned(),
            description: Some("推荐材料的报送与收件。/api/v1 之外是给浏览器的页面。写操作：令牌放在 Authorization: Bearer；浏览器会话另须在 X-CSRF 中带上页面的令牌。x-roles 是可以办理的角色，x-scope 是令牌须有的权限。".to_owned()),
            ..Info::default()
        },
        ..OpenApi::default()
    };
    // the routes themselves are the router's
    drop(routes().finish_api(&mut api));
    let mut whole = serde_json::to_value(&api).unwrap_or_default();
    whole["components"]["securitySchemes"] = json!({
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
        "token": {"type": "http", "scheme": "bearer"},
    });
    if let Some(schemas) = whole["components"]["schemas"].as_object_mut() {
        schemas.values_mut().for_each(listed);
    }
    if let Some(paths) = whole["paths"].as_object_mut() {
        described(paths);
        for (path, method, operation) in pages::all() {
            let entry = paths.entry(path).or_insert_with(|| json!({}));
            entry[method] = operation;
        }
    }
    match whole {
        Value::Object(whole) => whole,
        _ => Map::new(),
    }
}

/// Writes a choice of words as one list: as a choice of constants, each with its own description, generators of clients make no type
/// of it.
fn listed(schema: &mut Value) {
    let choices = schema["oneOf"].as_array().into_iter().flatten();
    let words: Vec<Value> = choices.clone().map(|one| one["const"].clone()).collect();
    if words.is_empty() || !words.iter().all(Value::is_string) {
        return;
    }
    let told = choices.map(|one| {
        let word = one["const"].as_str().unwrap_or_default();
        format!(
            "- `{word}`: {}",
            one["description"].as_str().unwrap_or_default()
        )
    });
    let told: Vec<String> = told.collect();
    let head = schema["description"].as_str().unwrap_or_default();
    let description = format!("{head}\n\n{}", told.join("\n"));
    *schema = json!({"type": "string", "enum": words, "description": description});
}

/// Gives every good answer a word: a description is required.
fn described(paths: &mut Map<String, Value>) {
    let items = paths.values_mut().filter_map(Value::as_object_mut);
    for operation in items.flat_map(Map::values_mut) {
        let good = &mut operation["responses"]["200"];
        if good["description"].as_str().is_none_or(str::is_empty) {
            good["description"] = json!("已办");
        }
    }
}
