//! The pages (页面) in the document, from one table: method, address, who may, what it does. They stand there so that one document says
//! who may do what; tests ask every route of it as every role.

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
    /// What stands behind the `?`.
    Query(&'static [&'static str]),
    /// Fields of a form, `?` behind those that may be left out.
    Form(&'static [&'static str]),
    Files,
    Bytes,
}

use Brings::{Bytes, Files, Form, Nothing, Query};
use May::{Admin, All, Desk, In, Look, Unit};

/// A page: method, address, who may, what it brings along, what it does, kind of a good answer (empty where it leads to another page).
type Page = (
    &'static str,
    &'static str,
    May,
    Brings,
    &'static str,
    &'static str,
);

/// Every page.
#[rustfmt::skip]
const PAGES: &[Page] = &[
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
    ("get", "/metrics", All, Nothing, "计数（Prometheus）", "application/openmetrics-text"),
    ("get", "/v/{digits}", All, Nothing, "标记公开查询", "text/html"),
    ("get", "/setup/{secret}", All, Nothing, "建立第一个管理员", "text/html"),
    ("post", "/setup/{secret}", All, Form(&["name", "password", "again"]), "建立第一个管理员", ""),
    ("get", "/login", All, Nothing, "登录页", "text/html"),
    ("post", "/login", All, Form(&["name", "password", "code?"]), "登录", ""),
    ("get", "/second", In, Nothing, "两步验证", "text/html"),
    ("post", "/second/begin", In, Form(&["password"]), "开通两步验证", "text/html"),
    ("post", "/second/confirm", In, Form(&["code"]), "以第一个动态码确认开通", "text/html"),
    ("post", "/second/drop", In, Form(&["password"]), "取消两步验证", "text/html"),
    ("post", "/logout", In, Form(&[]), "退出", ""),
    ("get", "/password", In, Nothing, "改密码页", "text/html"),
    ("post", "/password", In, Form(&["old", "password", "again"]), "改密码", ""),
    ("get", "/tokens", In, Nothing, "接口令牌", "text/html"),
    ("post", "/tokens", In, Form(&["name", "read?", "scan?", "submit?", "manage?"]), "新建接口令牌", "text/html"),
    ("post", "/tokens/drop", In, Form(&["name"]), "收回接口令牌", ""),
    ("get", "/desk", Desk, Nothing, "收件台", "text/html"),
    ("post", "/desk", Desk, Form(&["id", "text", "held?"]), "登记一次扫码（无脚本）", "text/html"),
    ("post", "/desk/scan", Desk, Form(&["id", "text", "held?"]), "登记一次扫码", "application/json#Scanned"),
    ("post", "/desk/undo", Desk, Form(&["id", "text"]), "撤销一次扫码", "application/json#Undone"),
    ("post", "/desk/test", Desk, Form(&["id", "text"]), "扫码枪自检，不登记", "application/json"),
    ("post", "/desk/seal", Desk, Form(&["target", "missing?", "back?"]), "登记已见公章或缺公章", ""),
    ("get", "/scans", Desk, Nothing, "扫描件与待处理", "text/html"),
    ("post", "/scans", Desk, Files, "上传扫描件", ""),
    ("get", "/scans/{number}", Desk, Nothing, "一批扫描件的逐页结果", "text/html"),
    ("post", "/scans/frame", Desk, Bytes, "识别摄像头的一帧", "application/json"),
    ("post", "/tray/{number}", Desk, Form(&["code"]), "处理一页未读出的", ""),
    ("get", "/tray/{number}/picture", Desk, Nothing, "未读出的页的图像", "image/png"),
    ("get", "/board", Look, Query(&["show", "q"]), "全部单位的收件情况", "text/html"),
    ("get", "/board.xlsx", Look, Query(&["show", "q"]), "收件情况工作簿", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("get", "/board/{campaign}/{unit}", Look, Nothing, "一个单位的收件情况", "text/html"),
    ("get", "/board/{campaign}/{unit}/slip.pdf", Desk, Nothing, "收件回执", "application/pdf"),
    ("get", "/missing", Desk, Nothing, "催报名单", "text/html"),
    ("post", "/missing", Desk, Form(&[]), "催报名单，电话全文", "text/html"),
    ("get", "/find", Desk, Nothing, "查找页", "text/html"),
    ("post", "/find", Desk, Form(&["text"]), "查找", "text/html"),
    ("get", "/admin/units", Admin, Nothing, "单位名册", "text/html"),
    ("post", "/admin/units", Admin, Form(&["list"]), "导入单位", "text/html"),
    ("get", "/admin/accounts", Admin, Nothing, "账号", "text/html"),
    ("post", "/admin/accounts", Admin, Form(&["name", "role", "unit?"]), "新开账号", "text/html"),
    ("post", "/admin/accounts/all", Admin, Form(&[]), "为各单位开账号", "text/html"),
    ("post", "/admin/accounts/reset", Admin, Form(&["no"]), "重设密码", "text/html"),
    ("post", "/admin/accounts/lift", Admin, Form(&["no"]), "取消一个账号的两步验证", "text/html"),
    ("post", "/admin/accounts/close", Admin, Form(&["no", "closed?"]), "停用或启用账号", ""),
    ("get", "/admin/campaigns", Admin, Nothing, "活动", "text/html"),
    ("post", "/admin/campaigns/upload", Admin, Files, "上传活动的模板", "text/html"),
    ("post", "/admin/campaigns/activate", Admin, Form(&["campaign", "carry?"]), "启用活动", "text/html"),
    ("post", "/admin/campaigns/close", Admin, Form(&["campaign"]), "停止填报", ""),
    ("post", "/admin/campaigns/deadline", Admin, Form(&["campaign", "day", "time", "reason"]), "更改报送期限", "text/html"),
    ("get", "/admin/blanks", Admin, Nothing, "空白表", "text/html"),
    ("post", "/admin/blanks/upload", Admin, Files, "上传空白表", ""),
    ("get", "/admin/blanks/{number}", Admin, Nothing, "一份空白表的图和填写处", "text/html"),
    ("get", "/admin/blanks/{number}/pages/{page}", Admin, Nothing, "空白表的一页，图像", "image/png"),
    ("get", "/admin/blanks/{number}/places/{place}", Admin, Nothing, "一个填写处", "text/html"),
    ("post", "/admin/blanks/choose", Admin, Form(&["no", "place", "code", "then?"]), "定一处填什么", ""),
    ("post", "/admin/blanks/confirm", Admin, Form(&["no"]), "把握不大的各处都看过", ""),
    ("post", "/admin/blanks/remove", Admin, Form(&["no"]), "撤下一份空白表", ""),
    ("get", "/admin/campaigns/{campaign}/templates.zip", Admin, Nothing, "活动的模板", "application/zip"),
    ("get", "/admin/notices", Admin, Nothing, "通知", "text/html"),
    ("post", "/admin/notices", Admin, Form(&["title", "body", "whom", "unit?"]), "发通知", ""),
    ("post", "/admin/notices/withdraw", Admin, Form(&["no"]), "撤回通知", ""),
    ("get", "/admin/trust", Admin, Nothing, "密钥与信任名单", "text/html"),
    ("post", "/admin/trust", Admin, Form(&["pem", "owner?", "from?", "until?", "unit?"]), "列入信任名单", "text/html"),
    ("post", "/admin/trust/read", Admin, Files, "读取公钥，核对指纹", "text/html"),
    ("post", "/admin/trust/revoke", Admin, Form(&["key", "reason", "since?"]), "吊销密钥", "text/html"),
    ("post", "/admin/trust/new", Admin, Form(&["algorithm"]), "新建签名密钥", "text/html"),
    ("get", "/admin/trust/public.pem", Admin, Query(&["algorithm"]), "本系统的公钥", "application/x-pem-file"),
    ("get", "/admin/backups", Admin, Nothing, "备份与恢复", "text/html"),
    ("post", "/admin/backups", Admin, Form(&[]), "现在备份", "text/html"),
    ("post", "/admin/backups/verify", Admin, Form(&["name"]), "核对一份备份", "text/html"),
    ("post", "/admin/backups/upload", Admin, Files, "核对一份带来的备份", "text/html"),
    ("post", "/admin/backups/remove", Admin, Form(&["name"]), "删除一份备份", ""),
    ("get", "/admin/backups/{name}", Admin, Nothing, "下载一份备份", "application/zip"),
    ("get", "/admin/retention", Admin, Nothing, "保存期限：现存的材料", "text/html"),
    ("post", "/admin/retention/export", Admin, Form(&["password", "campaign?", "unit?", "record?"]), "导出个人信息", "application/zip"),
    ("post", "/admin/retention/erase", Admin, Form(&["password", "reason", "confirm", "campaign?", "unit?", "record?"]), "删除个人信息", "text/html"),
    ("get", "/admin/log", Admin, Query(&["q"]), "审计日志", "text/html"),
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
    ("get", "/own/check", Unit, Query(&["only"]), "校验", "text/html"),
    ("get", "/own/marked.xlsx", Unit, Nothing, "标注了问题的工作簿", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("get", "/own/preview", Unit, Nothing, "预览", "text/html"),
    ("get", "/own/preview.pdf", Unit, Nothing, "预览 PDF", "application/pdf"),
    ("get", "/own/preview/{number}", Unit, Nothing, "预览的一面，图像", "image/png"),
    ("get", "/own/progress", Unit, Nothing, "提交的进度（服务器推送）", "text/event-stream"),
    ("post", "/own/submit", Unit, Form(&[]), "提交", "text/html"),
    ("get", "/own/paper", Unit, Nothing, "打印", "text/html"),
    ("get", "/own/paper/{number}", Unit, Nothing, "一个打印件", "application/pdf"),
    ("get", "/own/gather", Unit, Nothing, "汇集各单位的材料", "text/html"),
    ("post", "/own/gather/files", Unit, Files, "汇集上传的报送包、工作簿", "text/html"),
    ("post", "/own/gather/select", Unit, Form(&["names"]), "遴选：只报这些人，按这个次序", "text/html"),
    ("get", "/own/papers", Unit, Nothing, "公文：公示稿、征求意见函、报送函", "text/html"),
    ("post", "/own/papers", Unit, Form(&[]), "做公文", ""),
    ("get", "/own/papers/{number}", Unit, Nothing, "一件公文", "application/pdf"),
    ("get", "/own/forms", Unit, Nothing, "主办单位的空白表", "text/html"),
    ("get", "/own/forms/{number}", Unit, Nothing, "一份空白表填得怎样", "text/html"),
    ("get", "/own/forms/{number}/filled", Unit, Nothing, "按本单位材料填好的表", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("get", "/own/calibration.pdf", Unit, Nothing, "校准页", "application/pdf"),
    ("post", "/own/void", Unit, Form(&["record", "reason", "copy?"]), "作废并重新签发", ""),
    ("post", "/own/withdraw", Unit, Form(&[]), "撤回", ""),
    ("get", "/own/receipt", Unit, Nothing, "本单位的收件情况", "text/html"),
    ("get", "/own/notices", Unit, Nothing, "给本单位的通知", "text/html"),
    ("post", "/own/notices/read", Unit, Form(&["no"]), "已阅读一条通知", ""),
    ("get", "/own/slip.pdf", Unit, Nothing, "本单位的收件回执", "application/pdf"),
];

/// Path, method and operation of every page.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str, Value)> {
    let told = |page: &Page| (page.1, page.0, operation(page));
    PAGES.iter().map(told)
}

fn operation(page: &Page) -> Value {
    let (method, path, may, brings, summary, kind) = *page;
    let mut operation = json!({
        "tags": ["pages"],
        "summary": summary,
        "operationId": format!("{method}{}", path.replace(['/', '{', '}', '.'], "_")),
        "parameters": parameters(path, brings),
        "responses": responses(may, kind, method != "get"),
    });
    if let Some(roles) = may.roles() {
        let words: Vec<&str> = roles.iter().map(|r| r.key()).collect();
        operation["x-roles"] = json!(words);
        operation["security"] = json!([{"session": []}]);
    }
    if let Some((kind, schema)) = body(brings) {
        let content = json!({kind: {"schema": schema}});
        operation["requestBody"] = json!({"required": true, "content": content});
    }
    operation
}

/// Kind and schema of what is sent.
fn body(brings: Brings) -> Option<(&'static str, Value)> {
    let bytes = json!({"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"});
    match brings {
        Nothing | Query(_) => None,
        Form(fields) => {
            let name = |f: &str| f.trim_end_matches('?').to_owned();
            let properties = fields.iter().map(|f| (name(f), json!({"type": "string"})));
            let properties: Map<String, Value> = properties.collect();
            let required: Vec<&&str> = fields.iter().filter(|f| !f.ends_with('?')).collect();
            let schema = json!({"type": "object", "properties": properties, "required": required});
            Some(("application/x-www-form-urlencoded", schema))
        }
        Files => {
            let properties =
                json!({"csrf": {"type": "string"}, "files": {"type": "array", "items": bytes}});
            let schema = json!({"type": "object", "properties": properties});
            Some(("multipart/form-data", schema))
        }
        Bytes => Some(("application/octet-stream", bytes)),
    }
}

fn parameters(path: &str, brings: Brings) -> Vec<Value> {
    let parts = path.split('/');
    let names = parts.filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let in_path = names.map(|name| {
        let kind = match name {
            "number" => json!({"type": "integer", "minimum": 0}),
            _ => json!({"type": "string", "minLength": 1}),
        };
        json!({"name": name, "in": "path", "required": true, "schema": kind})
    });
    let asked: &[&str] = match brings {
        Query(names) => names,
        _ => &[],
    };
    let asked = asked.iter().map(
        |name| json!({"name": name, "in": "query", "required": false, "schema": {"type": "string"}}),
    );
    in_path.chain(asked).collect()
}

/// The schema of a good answer; `kind` may name one of the components behind a `#`.
fn answer(kind: &str) -> Value {
    let (kind, schema) = match kind.split_once('#') {
        Some((kind, name)) => {
            let to = format!("#/components/schemas/{name}");
            (kind, json!({"$ref": to}))
        }
        None if kind == "application/json" => (kind, json!({"type": ["object", "array"]})),
        None => (kind, json!({"type": "string"})),
    };
    json!({"description": "已办", "content": {kind: {"schema": schema}}})
}

fn responses(may: May, kind: &str, writes: bool) -> Value {
    // what scripts ask is refused as programs are
    let facts = kind.starts_with("application/json");
    let page = |words: &str| {
        let content = match facts {
            true => {
                json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}})
            }
            false => json!({"text/html": {"schema": {"type": "string"}}}),
        };
        json!({"description": words, "content": content})
    };
    let mut all = Map::new();
    let good = match kind {
        "" => ("303", json!({"description": "已办，转到下一页"})),
        kind => ("200", answer(kind)),
    };
    all.insert(good.0.to_owned(), good.1);
    let troubles = [
        ("400", "请求不完整"),
        ("404", "没有这一项，或者无权查看"),
        ("413", "太大"),
        ("422", "内容有误，没有办理"),
        ("429", "太频繁，见 Retry-After"),
        ("500", "服务出错，没有办理；编号告诉管理员"),
        ("503", "现在太忙，见 Retry-After"),
    ];
    for (status, words) in troubles {
        all.insert(status.to_owned(), page(words));
    }
    if facts {
        all.insert("401".to_owned(), page("没有登录"));
    }
    if may != All || writes {
        all.insert("403".to_owned(), page("无权办理"));
        all.entry("303")
            .or_insert_with(|| json!({"description": "没有登录，转到登录页"}));
    }
    Value::Object(all)
}
