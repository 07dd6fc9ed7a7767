//! Settings out of the environment: the only reader of it; and the shape of the service's settings file.

use crate::foreign::InChinese;
use std::net::SocketAddr;
use std::path::PathBuf;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Settings of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Folder of the signing key and the trusted public keys.
    pub keys: PathBuf,
    /// Data folder of the ledger; none where the program works without one.
    pub data: Option<PathBuf>,
    /// Folder of campaigns beside the built-in ones; none where there are no others.
    pub templates: Option<PathBuf>,
    /// Address of the database on which a new ledger is made; none where it is made in the data folder.
    pub database: Option<String>,
    /// Address of the bucket in which a new ledger has its objects; none where they lie in the data folder.
    pub objects: Option<String>,
}

/// A variable that is set to some text.
fn text(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.is_empty())
}

impl Config {
    /// Keys: `SANLIAN_KEYS`, else `sanlian/keys` in the user's configuration folder, else in the working folder.
    /// Data: `SANLIAN_DATA`. Templates: `SANLIAN_TEMPLATES`. Database: `SANLIAN_DATABASE`. Objects: `SANLIAN_OBJECTS`.
    pub fn from_env() -> Self {
        let var = |name: &str| {
            std::env::var_os(name)
                .filter(|v| !v.is_empty())
                .map(PathBuf::from)
        };
        let home =
            || var("XDG_CONFIG_HOME").or_else(|| var("HOME").map(|home| home.join(".config")));
        let keys = var("SANLIAN_KEYS")
            .or_else(|| home().map(|config| config.join("sanlian").join("keys")))
            .unwrap_or_else(|| PathBuf::from(".sanlian-keys"));
        Self {
            keys,
            data: var("SANLIAN_DATA"),
            templates: var("SANLIAN_TEMPLATES"),
            database: text("SANLIAN_DATABASE"),
            objects: text("SANLIAN_OBJECTS"),
        }
    }

    /// `SANLIAN_FAILPOINT`, read in builds with debug assertions alone: the pass at which the program ends itself, so that a
    /// test sees what a killed run leaves.
    pub fn failpoint() -> Option<u64> {
        if !cfg!(debug_assertions) {
            return None;
        }
        std::env::var("SANLIAN_FAILPOINT").ok()?.parse().ok()
    }
}

/// The locale of messages as the environment names it: `LC_ALL`, else `LC_MESSAGES`, else `LANG`; none where all are empty.
pub fn locale() -> Option<String> {
    let var = |name| std::env::var(name).ok().filter(|v| !v.is_empty());
    var("LC_ALL")
        .or_else(|| var("LC_MESSAGES"))
        .or_else(|| var("LANG"))
}

/// Whether the environment asks for no colour: `NO_COLOR` is not empty, or the terminal is a `dumb` one.
pub fn no_colour() -> bool {
    let var = |name| std::env::var_os(name).filter(|v| !v.is_empty());
    var("NO_COLOR").is_some() || var("TERM").is_some_and(|t| t == "dumb")
}

/// The zone in which people at this machine read times: `TZ`, else that of the system; Beijing's where neither is known, since the
/// deadlines of a campaign are told in it.
pub fn zone() -> TimeZone {
    match TimeZone::try_system() {
        Ok(zone) if !zone.is_unknown() => zone,
        _ => crate::hours::BEIJING,
    }
}

/// Settings of the service, each of which may be left open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceSettings {
    /// Where to listen.
    pub listen: Option<SocketAddr>,
    /// Data folder.
    pub data: Option<PathBuf>,
    /// Key folder.
    pub keys: Option<PathBuf>,
    /// Address of the database on which a new ledger is made, without a password.
    pub database: Option<String>,
    /// Address of the bucket in which a new ledger has its objects, without keys of access.
    pub objects: Option<String>,
    /// The campaign that is run.
    pub campaign: Option<String>,
    /// Folder of campaigns beside the built-in ones.
    pub templates: Option<PathBuf>,
    /// Folder of fonts behind the bundled ones.
    pub font_dir: Option<PathBuf>,
    /// The certificate and those between it and its root, in PEM; with it, HTTPS is spoken.
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key, in PEM.
    pub tls_key: Option<PathBuf>,
    /// Whether browsers reach it by HTTPS only.
    pub behind_tls: Option<bool>,
    /// Whether a proxy puts the client's address into `X-Forwarded-For`.
    pub behind_proxy: Option<bool>,
}

/// A setting that is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadSetting(String);

impl ServiceSettings {
    /// Out of a settings file; the error names line and setting.
    pub fn parse(text: &str) -> Result<Self, BadSetting> {
        toml::from_str(text).map_err(|error| BadSetting(error.in_chinese()))
    }

    /// Out of the environment: `SANLIAN_LISTEN`, `SANLIAN_DATA`, `SANLIAN_KEYS`, `SANLIAN_DATABASE`, `SANLIAN_CAMPAIGN`,
    /// `SANLIAN_TEMPLATES`, `SANLIAN_FONT_DIR`, `SANLIAN_TLS_CERT`, `SANLIAN_TLS_KEY`, `SANLIAN_BEHIND_TLS`, `SANLIAN_BEHIND_PROXY` (1 or 0).
    pub fn from_env() -> Result<Self, BadSetting> {
        let var = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
        let flag = |name: &str| match var(name).as_deref() {
            None => Ok(None),
            Some("1" | "true") => Ok(Some(true)),
            Some("0" | "false") => Ok(Some(false)),
            Some(other) => Err(BadSetting(format!(
                "环境变量 {name} 应为 1 或 0，现为“{other}”"
            ))),
        };
        let listen = match var("SANLIAN_LISTEN") {
            None => None,
            Some(text) => Some(text.parse().map_err(|_| {
                BadSetting(format!(
                    "环境变量 SANLIAN_LISTEN 应为地址和端口，如 127.0.0.1:8080，现为“{text}”"
                ))
            })?),
        };
        Ok(Self {
            listen,
            data: var("SANLIAN_DATA").map(PathBuf::from),
            keys: var("SANLIAN_KEYS").map(PathBuf::from),
            database: var("SANLIAN_DATABASE"),
            objects: var("SANLIAN_OBJECTS"),
            campaign: var("SANLIAN_CAMPAIGN"),
            templates: var("SANLIAN_TEMPLATES").map(PathBuf::from),
            font_dir: var("SANLIAN_FONT_DIR").map(PathBuf::from),
            tls_cert: var("SANLIAN_TLS_CERT").map(PathBuf::from),
            tls_key: var("SANLIAN_TLS_KEY").map(PathBuf::from),
            behind_tls: flag("SANLIAN_BEHIND_TLS")?,
            behind_proxy: flag("SANLIAN_BEHIND_PROXY")?,
        })
    }

    /// These settings, and those of another where these are open.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            listen: self.listen.or(other.listen),
            data: self.data.or(other.data),
            keys: self.keys.or(other.keys),
            database: self.database.or(other.database),
            objects: self.objects.or(other.objects),
            campaign: self.campaign.or(other.campaign),
            templates: self.templates.or(other.templates),
            font_dir: self.font_dir.or(other.font_dir),
            tls_cert: self.tls_cert.or(other.tls_cert),
            tls_key: self.tls_key.or(other.tls_key),
            behind_tls: self.behind_tls.or(other.behind_tls),
            behind_proxy: self.behind_proxy.or(other.behind_proxy),
        }
    }
}
