//! What a service needs to know before it begins.

use std::net::SocketAddr;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::web::service::tls::CertificateFiles;

/// What a service needs to know.
#[derive(Clone, Debug)]
pub struct Serving {
    /// Data folder: ledger, objects, submissions of the units.
    pub data: PathBuf,
    /// Key folder.
    pub keys: PathBuf,
    /// Address of the database on which a new ledger is made, without a password; none where the data folder says where the ledger is.
    pub database: Option<String>,
    /// Address of the bucket in which a new ledger has its objects, without keys of access; none where the data folder says it.
    pub objects: Option<String>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Folder of campaigns beside the built-in ones.
    pub templates: Option<PathBuf>,
    /// The campaign that is run until the organiser chooses one on the pages; the newest that there is, where none is named.
    pub campaign: Option<String>,
    /// Folder of fonts behind the bundled ones.
    pub font_dir: Option<PathBuf>,
    /// The certificate by which it speaks HTTPS itself; none where it does not.
    pub certificate: Option<CertificateFiles>,
    /// Whether browsers reach it by HTTPS only, through a proxy: cookies are then never sent in the clear.
    pub behind_tls: bool,
    /// Whether the client's address stands in `X-Forwarded-For`, put there by a proxy that is trusted.
    pub behind_proxy: bool,
    /// A clock that stands still, for tests and demonstrations.
    pub now: Option<Timestamp>,
}

impl Serving {
    /// Whether browsers reach it by HTTPS only.
    pub(in crate::web) fn is_encrypted(&self) -> bool {
        self.behind_tls || self.certificate.is_some()
    }
}
