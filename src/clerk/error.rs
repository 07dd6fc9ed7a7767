//! Why an act could not be done, and the file named where the world said no.

use std::path::PathBuf;

use crate::foreign::{InChinese, io_remedy};
use crate::store::StoreError;
use crate::store::ledger::LedgerFault;

/// Why an act could not be done; what a person can mend is a finding instead.
#[derive(Debug, thiserror::Error)]
pub enum ClerkError {
    /// No such campaign.
    #[error("没有活动“{0}”。可用的活动：{1}")]
    NoCampaign(String, String),
    /// The submission does not say which campaign it answers.
    #[error(
        "{0} 没有写明活动。请用 --campaign 指定，或在文件夹中放一个 sanlian.toml，写 campaign = \"活动名\""
    )]
    WhichCampaign(PathBuf),
    /// A file could not be read or written.
    #[error("{}：{}。{}", path.display(), source.in_chinese(), io_remedy(source))]
    World {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The store refused.
    #[error("{0}。{hint}", hint = .0.finding().hint)]
    Store(StoreError),
    /// What was asked does not fit what stands there.
    #[error("{0}")]
    Refused(String),
    /// A bundled part is not whole, or a page could not be made.
    #[error("{0}")]
    Bug(String),
}

impl ClerkError {
    /// What was asked does not fit what stands there, in these words.
    pub(super) fn refused(words: &str) -> Self {
        Self::Refused(words.to_owned())
    }
}

impl From<StoreError> for ClerkError {
    fn from(error: StoreError) -> Self {
        match &error {
            // no fault of the store: what was asked is not done any more
            StoreError::Ledger {
                fault: fault @ LedgerFault::Erased,
                ..
            } => Self::Refused(format!("{fault}。{}", error.finding().hint)),
            _ => Self::Store(error),
        }
    }
}

/// Turns an I/O error into one that names the file.
pub(super) fn world(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> ClerkError {
    let path = path.into();
    move |source| ClerkError::World { path, source }
}
