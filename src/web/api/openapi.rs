//! The OpenAPI 3.1 document, made from one table of all routes: address, method, who may, what it does. The pages stand in it
//! too, so that one list says who may do what; tests ask every route of it as every role.

use axum::Json;
use serde_json::{Map, Value, json};

use crate::clerk::Role;

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum May {
    /// Anyone.
    All,
    /// Whoever is logged in.
    In,
    /// Clerks and administrators.
    Desk,
    /// Clerks, administrators and readers.
    Look,
    /// Secretaries, for their own unit.
    Unit,
    /// Administrators.
    Admin,
}

impl May {
    /// The roles; none for anyone.
    fn roles(self) -> Option<Vec<Role>> {
        let roles: &[Role] = match self {
            Self::All => return None,
            Self::In => &Role::ALL,
            Self::Desk => &[Role::Admin, Role::Clerk],
            Self::Look => &[Role::Admin, Role::Clerk, Role::Reader],
            Self::Unit => &[Role::Unit],
            Self::Admin => &[Role::Admin],
        };
        Some(roles.to_vec())
    }
}

/// What a request brings along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Brings {
    Nothing,
    Form(&'static [&'static str]),
    Files,
    Scan,
    /// JSON: its fields with their kinds, `?` behind those that may be left out.
    Facts(&'static [(&'static str, &'static str)]),
    Bytes,
}

use Brings::{Bytes, Facts, Files, Form, Nothing, Scan};
use May::{Admin, All, Desk, In, Look, Unit};

/// Every route: method, address, who may, what it brings along, what it does, kind of a good answer.
#[rustfmt::skip]
const ROUTES: &[(&str, &str, May, Brings, &str, &str)] = &[
    ("get", "/", All, Nothing, "首页：转到登录或各角色的第一页", ""),
    ("get", "/favicon.ico", All, Nothing, "图标", "image/svg+xml"),
    ("get", "/assets/app.css", All, Nothing, "样式", "text/css"),
    ("get", "/assets/desk.js", All, Nothing, "收件台脚本", "text/javascript"),
    ("get", "/assets/camera.js", All, Nothing, "摄像头脚本", "text/javascript"),
    ("get", "/assets/form.js", All, Nothing, "网页填写脚本", "text/javascript"),
    ("get", "/assets/progress.js", All, Nothing, "进度脚本", "text/javascript"),
    ("get", "/assets/upload.js", All, Nothing, "上传脚本", "text/javascript"),
    ("get", "/healthz", All, Nothing, "是否在运行", "text/plain"),
    ("get", "/readyz", All, Nothing, "是否能办理", "text/plain"),
    ("get", "/metrics", All, Nothing, "计数（Prometheus）", "text/plain"),
    ("get", "/v/{digits}", All, Nothing, "标记公开查询", "text/html"),
    ("get", "/setup/{secret}", All, Nothing, "建立第一个管理员", "text/html"),
    ("post", "/setup/{secret}", All, Form(&["name", "password", "again"]), "建立第一个管理员", ""),
    ("get", "/login", All, Nothing, "登录页", "text/html"),
    ("post", "/login", All, Form(&["name", "password"]), "登录", ""),
    ("get", "/second", In, Nothing, "两步验证", "text/html"),
    ("post", "/second/begin", In, Form(&["password"]), "开通两步验证", "text/html"),
    ("post", "/second/confirm", In, Form(&["code"]), "以第一个动态码确认开通", "text/html"),
    ("post", "/second/drop", In, Form(&["password"]), "取消两步验证", "text/html"),
    ("post", "/logout", In, Form(&[]), "退出", ""),
    ("get", "/password", In, Nothing, "改密码页", "text/html"),
    ("post", "/password", In, Form(&["old", "password", "again"]), "改密码", ""),
    ("get", "/tokens", In, Nothing, "接口令牌", "text/html"),
    ("post", "/tokens", In, Form(&["name"]), "新建接口令牌", "text/html"),
    ("post", "/tokens/drop", In, Form(&["name"]), "收回接口令牌", ""),
    ("get", "/desk", Desk, Nothing, "收件台", "text/html"),
    ("post", "/desk", Desk, Form(&["id", "text"]), "登记一次扫码（无脚本）", "text/html"),
    ("post", "/desk/scan", Desk, Form(&["id", "text"]), "登记一次扫码", "application/json"),
    ("post", "/desk/undo", Desk, Form(&["id", "text"]), "撤销一次扫码", "application/json"),
    ("post", "/desk/test", Desk, Form(&["id", "text"]), "扫码枪自检，不登记", "application/json"),
    ("post", "/desk/seal", Desk, Form(&["target"]), "登记已见公章或缺公章", ""),
    ("get", "/scans", Desk, Nothing, "扫描件与待处理", "text/html"),
    ("post", "/scans", Desk, Files, "上传扫描件", ""),
    ("get", "/scans/{number}", Desk, Nothing, "一批扫描件的逐页结果", "text/html"),
    ("post", "/scans/frame", Desk, Bytes, "识别摄像头的一帧", "application/json"),
    ("post", "/tray/{number}", Desk, Form(&["code"]), "处理一页未读出的", ""),
    ("get", "/tray/{number}/picture", Desk, Nothing, "未读出的页的图像", "image/png"),
    ("get", "/board", Look, Nothing, "全部单位的收件情况", "text/html"),
    ("get", "/board.xlsx", Look, Nothing, "收件情况工作簿", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("get", "/board/{campaign}/{unit}", Look, Nothing, "一个单位的收件情况", "text/html"),
    ("get", "/board/{campaign}/{unit}/slip.pdf", Desk, Nothing, "收件回执", "application/pdf"),
    ("get", "/missing", Desk, Nothing, "催报名单", "text/html"),
    ("post", "/missing", Desk, Form(&[]), "催报名单，电话全文", "text/html"),
    ("get", "/find", Desk, Nothing, "查找页", "text/html"),
    ("post", "/find", Desk, Form(&["text"]), "查找", "text/html"),
    ("get", "/admin/units", Admin, Nothing, "单位名册", "text/html"),
    ("post", "/admin/units", Admin, Form(&["list"]), "导入单位", "text/html"),
    ("get", "/admin/accounts", Admin, Nothing, "账号", "text/html"),
    ("post", "/admin/accounts", Admin, Form(&["name", "role"]), "新开账号", "text/html"),
    ("post", "/admin/accounts/all", Admin, Form(&[]), "为各单位开账号", "text/html"),
    ("post", "/admin/accounts/reset", Admin, Form(&["no"]), "重设密码", "text/html"),
    ("post", "/admin/accounts/lift", Admin, Form(&["no"]), "取消一个账号的两步验证", "text/html"),
    ("post", "/admin/accounts/close", Admin, Form(&["no"]), "停用或启用账号", ""),
    ("get", "/admin/campaigns", Admin, Nothing, "活动", "text/html"),
    ("post", "/admin/campaigns/upload", Admin, Files, "上传活动的模板", "text/html"),
    ("post", "/admin/campaigns/activate", Admin, Form(&["campaign"]), "启用活动", "text/html"),
    ("post", "/admin/campaigns/close", Admin, Form(&["campaign"]), "停止填报", ""),
    ("post", "/admin/campaigns/deadline", Admin, Form(&["campaign", "day", "reason"]), "更改报送期限", "text/html"),
    ("get", "/admin/campaigns/{campaign}/templates.zip", Admin, Nothing, "活动的模板", "application/zip"),
    ("get", "/admin/notices", Admin, Nothing, "通知", "text/html"),
    ("post", "/admin/notices", Admin, Form(&["title", "body", "whom"]), "发通知", ""),
    ("post", "/admin/notices/withdraw", Admin, Form(&["no"]), "撤回通知", ""),
    ("get", "/admin/trust", Admin, Nothing, "密钥与信任名单", "text/html"),
    ("post", "/admin/trust", Admin, Form(&["pem"]), "列入信任名单", "text/html"),
    ("post", "/admin/trust/read", Admin, Files, "读取公钥，核对指纹", "text/html"),
    ("post", "/admin/trust/revoke", Admin, Form(&["key", "reason"]), "吊销密钥", "text/html"),
    ("post", "/admin/trust/new", Admin, Form(&["algorithm"]), "新建签名密钥", "text/html"),
    ("get", "/admin/trust/public.pem", Admin, Nothing, "本系统的公钥", "application/x-pem-file"),
    ("get", "/admin/backups", Admin, Nothing, "备份与恢复", "text/html"),
    ("post", "/admin/backups", Admin, Form(&[]), "现在备份", "text/html"),
    ("post", "/admin/backups/verify", Admin, Form(&["name"]), "核对一份备份", "text/html"),
    ("post", "/admin/backups/upload", Admin, Files, "核对一份带来的备份", "text/html"),
    ("post", "/admin/backups/remove", Admin, Form(&["name"]), "删除一份备份", ""),
    ("get", "/admin/backups/{name}", Admin, Nothing, "下载一份备份", "application/zip"),
    ("get", "/admin/retention", Admin, Nothing, "保存期限：现存的材料", "text/html"),
    ("post", "/admin/retention/export", Admin, Form(&["password"]), "导出个人信息", "application/zip"),
    ("post", "/admin/retention/erase", Admin, Form(&["password", "reason", "confirm"]), "删除个人信息", "text/html"),
    ("get", "/admin/log", Admin, Nothing, "审计日志", "text/html"),
    ("get", "/own", Unit, Nothing, "填报", "text/html"),
    ("get", "/own/workbook.xlsx", Unit, Nothing, "空白工作簿", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("post", "/own/files", Unit, Files, "上传材料", ""),
    ("post", "/own/files/remove", Unit, Form(&["path"]), "移走一个文件", ""),
    ("get", "/own/form", Unit, Nothing, "网页填写：单位和人选", "text/html"),
    ("post", "/own/form/people", Unit, Form(&["name"]), "加一位人选", ""),
    ("post", "/own/form/people/remove", Unit, Form(&["number"]), "移走一位人选", ""),
    ("get", "/own/form/{number}", Unit, Nothing, "填写一位人选；0 是单位", "text/html"),
    ("post", "/own/form/{number}", Unit, Form(&[]), "存为草稿", "text/html"),
    ("post", "/own/form/{number}/check", Unit, Form(&[]), "边填边查，不保存", "application/json"),
    ("get", "/own/check", Unit, Nothing, "校验", "text/html"),
    ("get", "/own/marked.xlsx", Unit, Nothing, "标注了问题的工作簿", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("get", "/own/preview", Unit, Nothing, "预览", "text/html"),
    ("get", "/own/preview.pdf", Unit, Nothing, "预览 PDF", "application/pdf"),
    ("get", "/own/preview/{number}", Unit, Nothing, "预览的一面，图像", "image/png"),
    ("get", "/own/progress", Unit, Nothing, "提交的进度（服务器推送）", "text/event-stream"),
    ("post", "/own/submit", Unit, Form(&[]), "提交", "text/html"),
    ("get", "/own/paper", Unit, Nothing, "打印", "text/html"),
    ("get", "/own/paper/{number}", Unit, Nothing, "一个打印件", "application/pdf"),
    ("get", "/own/calibration.pdf", Unit, Nothing, "校准页", "application/pdf"),
    ("post", "/own/void", Unit, Form(&["record", "reason"]), "作废并重新签发", ""),
    ("post", "/own/withdraw", Unit, Form(&[]), "撤回", ""),
    ("get", "/own/receipt", Unit, Nothing, "本单位的收件情况", "text/html"),
    ("get", "/own/notices", Unit, Nothing, "给本单位的通知", "text/html"),
    ("post", "/own/notices/read", Unit, Form(&["no"]), "已阅读一条通知", ""),
    ("get", "/own/slip.pdf", Unit, Nothing, "本单位的收件回执", "application/pdf"),
    ("get", "/api/v1/openapi.json", All, Nothing, "本文件", "application/json"),
    ("get", "/api/v1/me", In, Nothing, "我是谁", "application/json"),
    ("get", "/api/v1/marks/{digits}", All, Nothing, "标记公开查询", "application/json"),
    ("post", "/api/v1/scans", Desk, Scan, "登记一次扫码（令牌权限 scan）", "application/json"),
    ("post", "/api/v1/scans/undo", Desk, Scan, "撤销一次扫码（令牌权限 scan）", "application/json"),
    ("get", "/api/v1/boards", Look, Nothing, "全部单位的收件情况（令牌权限 read）", "application/json"),
    ("get", "/api/v1/boards/{campaign}/{unit}", Look, Nothing, "一个单位的收件情况（令牌权限 read）", "application/json"),
    ("get", "/api/v1/own/board", Unit, Nothing, "本单位的收件情况（令牌权限 submit）", "application/json"),
    ("get", "/api/v1/own/findings", Unit, Nothing, "本单位材料的问题清单（令牌权限 submit）", "application/json"),
    ("put", "/api/v1/own/files/{name}", Unit, Bytes, "放一个文件（令牌权限 submit）", "application/json"),
    ("post", "/api/v1/own/submissions", Unit, Nothing, "提交（令牌权限 submit）", "application/json"),
    ("get", "/api/v1/campaigns", Admin, Nothing, "活动（令牌权限 manage）", "application/json"),
    ("post", "/api/v1/campaigns/{campaign}/activate", Admin, Facts(&[("carry?", "boolean")]), "启用活动（令牌权限 manage）", "application/json"),
    ("post", "/api/v1/campaigns/{campaign}/close", Admin, Facts(&[]), "停止填报（令牌权限 manage）", "application/json"),
    ("post", "/api/v1/campaigns/{campaign}/deadline", Admin, Facts(&[("day", "string"), ("reason", "string")]), "更改报送期限（令牌权限 manage）", "application/json"),
    ("get", "/api/v1/units", Admin, Nothing, "单位名册（令牌权限 manage）", "application/json"),
    ("post", "/api/v1/units", Admin, Facts(&[("units", "array")]), "导入单位：[{name, channel, contact, phone}]，后三项可以不写（令牌权限 manage）", "application/json"),
    ("get", "/api/v1/accounts", Admin, Nothing, "账号（令牌权限 manage）", "application/json"),
    ("post", "/api/v1/accounts", Admin, Facts(&[("name", "string"), ("role", "string"), ("unit?", "integer")]), "新开账号，给出一次性密码（令牌权限 manage）", "application/json"),
    ("post", "/api/v1/accounts/{number}/password", Admin, Facts(&[]), "重设密码（令牌权限 manage）", "application/json"),
    ("post", "/api/v1/accounts/{number}/closed", Admin, Facts(&[("closed", "boolean")]), "停用或启用账号（令牌权限 manage）", "application/json"),
    ("get", "/api/v1/notices", Admin, Nothing, "通知（令牌权限 manage）", "application/json"),
    ("post", "/api/v1/notices", Admin, Facts(&[("title", "string"), ("body", "string"), ("units?", "array")]), "发通知（令牌权限 manage）", "application/json"),
    ("post", "/api/v1/notices/{number}/withdraw", Admin, Facts(&[]), "撤回通知（令牌权限 manage）", "application/json"),
    ("get", "/api/v1/keys", Admin, Nothing, "密钥与信任名单（令牌权限 manage）", "application/json"),
    ("get", "/api/v1/backups", Admin, Nothing, "备份（令牌权限 manage）", "application/json"),
    ("post", "/api/v1/backups", Admin, Facts(&[]), "现在备份（令牌权限 manage）", "application/json"),
    ("get", "/api/v1/retention", Admin, Nothing, "现存的材料（令牌权限 manage）", "application/json"),
    ("post", "/api/v1/retention/erase", Admin, Facts(&[("campaign?", "string"), ("unit?", "string"), ("record?", "string"), ("reason", "string")]), "删除个人信息（令牌权限 manage）", "application/json"),
    ("get", "/api/v1/audit", Admin, Nothing, "审计日志，after 之后的行（令牌权限 manage）", "application/json"),
    ("get", "/api/v1/missing", Desk, Nothing, "催报名单（令牌权限 read）", "application/json"),
];

/// Serves the document.
pub(super) async fn document() -> Json<Value> {
    Json(whole())
}

fn whole() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let entry = paths.entry(route.1).or_insert_with(|| json!({}));
        if let Some(entry) = entry.as_object_mut() {
            entry.insert(route.0.to_owned(), operation(route));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "三联 sanlian",
            "version": "1",
            "description": "推荐材料的报送与收件。/api/v1 之外是给浏览器的页面。写操作：令牌放在 Authorization: Bearer；浏览器会话另须在 X-CSRF 中带上页面的令牌。",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": crate::web::service::guard::COOKIE},
                "token": {"type": "http", "scheme": "bearer"},
            },
            "schemas": schemas(),
        },
    })
}

fn operation(route: &(&str, &str, May, Brings, &str, &str)) -> Value {
    let (method, path, may, brings, summary, kind) = *route;
    let api = path.starts_with("/api/");
    let mut operation = json!({
        "summary": summary,
        "operationId": format!("{method}{}", path.replace(['/', '{', '}', '.'], "_")),
        "parameters": parameters(path, brings),
        "responses": responses(may, api, kind, brings != Nothing || method != "get"),
    });
    let Some(object) = operation.as_object_mut() else {
        return operation;
    };
    if let Some(roles) = may.roles() {
        let words: Vec<&str> = roles.iter().map(|r| r.key()).collect();
        object.insert("x-roles".to_owned(), json!(words));
        let either = if api {
            json!([{"token": []}, {"session": []}])
        } else {
            json!([{"session": []}])
        };
        object.insert("security".to_owned(), either);
    }
    let content = match brings {
        Nothing => return operation,
        Form(fields) => {
            let properties: Map<String, Value> = fields
                .iter()
                .map(|f| ((*f).to_owned(), json!({"type": "string"})))
                .collect();
            json!({"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": properties, "required": fields}}})
        }
        Files => json!({"multipart/form-data": {"schema": {"type": "object", "properties": {
            "csrf": {"type": "string"},
            "files": {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}}}}}}),
        Facts(fields) => {
            let name = |f: &str| f.trim_end_matches('?').to_owned();
            let properties: Map<String, Value> = fields
                .iter()
                .map(|(f, kind)| (name(f), json!({"type": kind})))
                .collect();
            let required = fields.iter().filter(|(f, _)| !f.ends_with('?'));
            let required: Vec<String> = required.map(|(f, _)| name(f)).collect();
            json!({"application/json": {"schema": {"type": "object", "properties": properties, "required": required}}})
        }
        Scan => json!({"application/json": {"schema": {"$ref": "#/components/schemas/Scan"}}}),
        Bytes => {
            json!({"application/octet-stream": {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}})
        }
    };
    object.insert(
        "requestBody".to_owned(),
        json!({"required": true, "content": content}),
    );
    operation
}

fn parameters(path: &str, brings: Brings) -> Vec<Value> {
    let mut all: Vec<Value> = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| {
            let kind = if name == "number" {
                json!({"type": "integer", "minimum": 0})
            } else {
                json!({"type": "string", "minLength": 1})
            };
            json!({"name": name, "in": "path", "required": true, "schema": kind})
        })
        .collect();
    if matches!(brings, Scan | Facts(_)) {
        all.push(
            json!({"name": "Idempotency-Key", "in": "header", "required": false,
            "description": "同一个编号再次发送不重复办理，得到上一次的答复",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9-]{1,64}$"}}),
        );
    }
    all
}

fn responses(may: May, api: bool, kind: &str, writes: bool) -> Value {
    let mut all = Map::new();
    let trouble = |words: &str| match api {
        true => {
            json!({"description": words, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}})
        }
        false => json!({"description": words, "content": {"text/html": {}}}),
    };
    if kind.is_empty() {
        all.insert("303".to_owned(), json!({"description": "已办，转到下一页"}));
    } else {
        all.insert(
            "200".to_owned(),
            json!({"description": "已办", "content": {kind: {}}}),
        );
    }
    all.insert("400".to_owned(), trouble("请求不完整"));
    all.insert("404".to_owned(), trouble("没有这一项，或者无权查看"));
    all.insert("413".to_owned(), trouble("太大"));
    all.insert("422".to_owned(), trouble("内容有误，没有办理"));
    all.insert("429".to_owned(), trouble("太频繁，见 Retry-After"));
    all.insert("503".to_owned(), trouble("现在太忙，见 Retry-After"));
    if may != All || writes {
        all.insert("403".to_owned(), trouble("无权办理"));
        if api {
            all.insert("401".to_owned(), trouble("没有登录"));
        } else {
            all.entry("303")
                .or_insert_with(|| json!({"description": "没有登录，转到登录页"}));
        }
    }
    Value::Object(all)
}

fn schemas() -> Value {
    json!({
        "Scan": {"type": "object", "required": ["id", "text"], "properties": {
            "id": {"type": "string", "pattern": "^[A-Za-z0-9-]{1,64}$", "description": "这次扫码自己的编号"},
            "text": {"type": "string", "maxLength": 4096, "description": "扫到的数字，或手输的 12 位编码"},
            "held": {"type": "string", "maxLength": 4096, "description": "上一次没有收完的部分"}}},
        "Problem": {"type": "object", "required": ["type", "title", "status", "detail"], "properties": {
            "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"},
            "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}}}},
        "Finding": {"type": "object", "required": ["code", "severity", "place", "message", "hint"], "properties": {
            "code": {"type": "string"}, "severity": {"enum": ["info", "warning", "error"]},
            "place": {"type": "object"}, "message": {"type": "string"}, "hint": {"type": "string"}}},
    })
}
