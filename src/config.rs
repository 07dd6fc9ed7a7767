//! Settings out of the environment: the only reader of it.

use std::path::PathBuf;

/// Settings of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Folder of the signing key and the trusted public keys.
    pub keys: PathBuf,
    /// Data folder of the ledger; none where the program works without one.
    pub data: Option<PathBuf>,
}

impl Config {
    /// Keys: `SANLIAN_KEYS`, else `sanlian/keys` in the user's configuration folder, else in the working folder.
    /// Data: `SANLIAN_DATA`.
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
