//! Who may (权限): what a handler asks for is who may call it, and the document says so. Role, for a program's token its scope, and
//! for a write by a session the token of a page in `X-CSRF`.

use std::sync::Arc;

use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::{Operation, Response};
use aide::operation::{ParamLocation, add_parameters, parameters_from_schema};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use schemars::{JsonSchema, Schema};
use serde_json::json;

use crate::clerk::{Role, Visitor};

use crate::web::api::answer::refusal;
use crate::web::service::app::App;
use crate::web::service::guard::{LoggedIn, believe};
use crate::web::service::trouble::{Problem, Trouble};

/// Who may, and how.
struct AccessRule {
    roles: &'static [Role],
    /// What a program's token must be for; none where any token will do.
    scope: Option<&'static str>,
    /// Whether something is changed.
    writes: bool,
}

/// Headers of a write.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "read by name; here for the document")]
struct WriteHeaders {
    /// 同一个编号再次发送不重复办理，得到上一次的答复
    #[schemars(rename = "Idempotency-Key", regex(pattern = r"^[A-Za-z0-9-]{1,64}$"))]
    key: String,
    /// 浏览器会话的写操作：页面的令牌；用令牌的程序不必带
    #[schemars(rename = "X-CSRF", regex(pattern = r"^[A-Za-z0-9_-]{1,128}$"))]
    csrf: String,
}

impl AccessRule {
    async fn admit(&self, parts: &mut Parts, app: &Arc<App>) -> Result<Visitor, Problem> {
        let LoggedIn(visitor) = LoggedIn::from_request_parts(parts, app).await?;
        if !self.roles.contains(&visitor.role) {
            return Err(Trouble::Forbidden("您的账号无权办理这件事。").into());
        }
        let lacks = |wanted: &str| {
            let scopes = visitor.scopes.as_ref();
            scopes.is_some_and(|scopes| !scopes.iter().any(|s| s == wanted))
        };
        if self.scope.is_some_and(lacks) {
            return Err(Trouble::Forbidden("令牌没有这项权限。请另建一个令牌。").into());
        }
        if self.writes {
            let token = parts.headers.get("x-csrf").and_then(|v| v.to_str().ok());
            believe(&visitor, token.unwrap_or_default())?;
        }
        Ok(visitor)
    }

    fn describe(&self, ctx: &mut GenContext, operation: &mut Operation) {
        let schemes = ["token", "session"];
        let schemes = schemes.map(|name| [(name.to_owned(), Vec::new())].into_iter().collect());
        operation.security = schemes.to_vec();
        let roles: Vec<&str> = self.roles.iter().map(|r| r.key()).collect();
        let about = [("x-roles", json!(roles)), ("x-scope", json!(self.scope))];
        for (name, value) in about.into_iter().filter(|(_, value)| !value.is_null()) {
            operation.extensions.insert(name.to_owned(), value);
        }
        if self.writes {
            let mut headers = schemars::generate::SchemaSettings::draft2020_12()
                .with(|s| s.inline_subschemas = true)
                .into_generator();
            let headers: Schema = headers.root_schema_for::<WriteHeaders>();
            let mut headers = parameters_from_schema(ctx, headers, ParamLocation::Header);
            for header in &mut headers {
                header.parameter_data_mut().required = false;
            }
            add_parameters(ctx, operation, headers);
        }
    }
}

/// What is kept of a visitor: all, or that there was one who may.
macro_rules! kept {
    ($name:ident, $visitor:ident, $kept:ident) => {
        $name($visitor)
    };
    ($name:ident, $visitor:ident,) => {{
        let _: Visitor = $visitor;
        $name
    }};
}

macro_rules! access {
    ($($(#[$doc:meta])* $name:ident $(($kept:ident))?: $roles:expr, $scope:expr, $writes:expr;)+) => {$(
        $(#[$doc])*
        pub(super) struct $name $((pub(super) $kept))?;

        impl $name {
            const RULE: AccessRule = AccessRule { roles: $roles, scope: $scope, writes: $writes };
        }

        impl FromRequestParts<Arc<App>> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
                let visitor = Self::RULE.admit(parts, app).await?;
                Ok(kept!($name, visitor, $($kept)?))
            }
        }

        impl OperationInput for $name {
            fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
                Self::RULE.describe(ctx, operation);
            }

            fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Response)> {
                vec![
                    (Some(401), refusal(ctx, "没有登录，或者令牌不对")),
                    (Some(403), refusal(ctx, "无权办理")),
                ]
            }
        }
    )+};
}

const DESK: &[Role] = &[Role::Admin, Role::Clerk];
const LOOKING: &[Role] = &[Role::Admin, Role::Clerk, Role::Reader];

access! {
    /// Whoever is logged in.
    Member(Visitor): &Role::ALL, None, false;
    /// Whoever receives at the desk.
    Receiver(Visitor): DESK, Some("scan"), true;
    /// Whoever may look at the boards.
    Viewer: LOOKING, Some("read"), false;
    /// Whoever may see whom to telephone.
    Caller: DESK, Some("read"), false;
    /// A unit that looks at its own material.
    UnitReader(Visitor): &[Role::Unit], Some("submit"), false;
    /// A unit that changes its own material.
    UnitWriter(Visitor): &[Role::Unit], Some("submit"), true;
    /// An administrator who looks.
    Manager: &[Role::Admin], Some("manage"), false;
    /// An administrator who changes something.
    Writer(Visitor): &[Role::Admin], Some("manage"), true;
}
