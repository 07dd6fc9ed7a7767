//! The frame of every page: title, who is here, where they can go.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::clerk::{Role, Visitor};

/// What stands around a page.
#[derive(Clone, Debug, Default)]
pub(in crate::web) struct Frame {
    pub(in crate::web) title: String,
    /// Name and role of who is here; empty for strangers.
    pub(in crate::web) who: String,
    pub(in crate::web) csrf: String,
    /// Places to go: address, words, whether it is this one.
    pub(in crate::web) ways: Vec<(&'static str, &'static str, bool)>,
    /// Titles of the notices to a unit that were not read.
    pub(in crate::web) unread: Vec<String>,
}

impl Frame {
    /// For somebody who is not logged in.
    pub(in crate::web) fn stranger(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            ..Self::default()
        }
    }

    /// For a visitor; `here` is the address of the section.
    pub(in crate::web) fn of(visitor: &Visitor, title: &str, here: &str) -> Self {
        let ways: &[(&str, &str)] = match visitor.role {
            Role::Admin => &[
                ("/desk", "扫码收件"),
                ("/scans", "扫描件"),
                ("/board", "收件情况"),
                ("/find", "查找"),
                ("/admin/campaigns", "活动"),
                ("/admin/blanks", "空白表"),
                ("/admin/units", "单位"),
                ("/admin/accounts", "账号"),
                ("/admin/notices", "通知"),
                ("/admin/trust", "密钥"),
                ("/admin/backups", "备份"),
                ("/admin/retention", "保存期限"),
                ("/admin/log", "日志"),
            ],
            Role::Clerk => &[
                ("/desk", "扫码收件"),
                ("/scans", "扫描件"),
                ("/board", "收件情况"),
                ("/find", "查找"),
            ],
            Role::Reader => &[("/board", "收件情况")],
            Role::Unit => &[
                ("/own", "填报"),
                ("/own/paper", "打印"),
                ("/own/receipt", "回执"),
                ("/own/notices", "通知"),
            ],
        };
        let unit = visitor.unit.as_ref().map(|u| u.name.clone());
        Self {
            title: title.to_owned(),
            who: format!(
                "{} · {}",
                visitor.name,
                unit.as_deref().unwrap_or(visitor.role.label())
            ),
            csrf: visitor.csrf.clone(),
            ways: ways
                .iter()
                .map(|(to, words)| (*to, *words, *to == here))
                .collect(),
            unread: visitor.unread.iter().map(|(_, t)| t.clone()).collect(),
        }
    }
}

/// A page as an answer.
pub(in crate::web) fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Html(html).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A page with a form on it: what was typed is shown again with the fault, where there is one.
pub(in crate::web) fn judged(fault: &str, template: &impl Template) -> Response {
    let status = match fault.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, page(template)).into_response()
}

/// A time on a wall clock in China (UTC+8, without summer time).
pub(in crate::web) fn wall(at: jiff::Timestamp) -> String {
    let at = crate::hours::beijing(at);
    at.strftime("%Y-%m-%d %H:%M").to_string()
}
