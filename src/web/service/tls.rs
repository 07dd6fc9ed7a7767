//! TLS by certificate files: read at the start, and again whenever they were renewed, so that a renewal needs no restart.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{Error, ServerConfig};

use crate::foreign::InChinese;
use crate::web::service::serving_error::ServingError;

/// How often the files are looked at, at most.
const LOOK: Duration = Duration::from_secs(2);
/// Most bytes of a file of certificates.
const FILE_MAX: u64 = 1 << 20;

/// The files of a certificate, in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The certificate of this host, then those between it and its root.
    pub chain: PathBuf,
    /// Its private key, not encrypted.
    pub key: PathBuf,
}

impl CertificateFiles {
    /// Reads both and holds them against each other. Fails in words that name the file and the remedy.
    pub fn check(&self) -> Result<(), ServingError> {
        self.load().map(|_| ())
    }

    fn load(&self) -> Result<ServerConfig, ServingError> {
        let refused = |words: String| ServingError::Certificate(words);
        let chain = read(&self.chain)?;
        let certificates: Result<Vec<CertificateDer<'static>>, _> =
            CertificateDer::pem_slice_iter(&chain).collect();
        let certificates = certificates.unwrap_or_default();
        if certificates.is_empty() {
            return Err(refused(format!(
                "证书文件 {} 中没有 PEM 格式的证书。请用含中间证书的 fullchain.pem",
                self.chain.display()
            )));
        }
        let text = read(&self.key)?;
        let shown = self.key.display();
        let key = PrivateKeyDer::from_pem_slice(&text).map_err(|_| {
            let encrypted = String::from_utf8_lossy(&text).contains("ENCRYPTED");
            refused(match encrypted {
                true => format!(
                    "私钥文件 {shown} 有密码，不能使用。请用 openssl pkey -in 原文件 -out 新文件 去掉密码，并限制该文件的读取权限"
                ),
                false => format!("私钥文件 {shown} 中没有 PEM 格式的私钥"),
            })
        })?;
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| ServingError::Bug(e.to_string()))?
            .with_no_client_auth();
        let mut config = builder
            .with_single_cert(certificates, key)
            .map_err(|error| {
                refused(match error {
                    Error::InconsistentKeys(_) => format!(
                        "私钥文件 {shown} 与证书文件 {} 不是一对。请核对两个文件是否同一次签发",
                        self.chain.display()
                    ),
                    other => format!(
                        "证书文件 {} 或私钥文件 {shown} 不能使用（{other}）",
                        self.chain.display()
                    ),
                })
            })?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    /// When the files were last written.
    fn written(&self) -> Option<(SystemTime, SystemTime)> {
        let at = |path: &Path| std::fs::metadata(path).ok()?.modified().ok();
        Some((at(&self.chain)?, at(&self.key)?))
    }
}

fn read(path: &Path) -> Result<Vec<u8>, ServingError> {
    let cannot =
        |words: String| ServingError::Certificate(format!("读不了 {}：{words}", path.display()));
    let size = std::fs::metadata(path).map_err(|e| cannot(e.in_chinese()))?;
    if !size.is_file() || size.len() > FILE_MAX {
        return Err(cannot("不是证书文件".to_owned()));
    }
    std::fs::read(path).map_err(|e| cannot(e.in_chinese()))
}

/// A certificate that is in use.
pub(in crate::web) struct Certified {
    files: CertificateFiles,
    held: Mutex<Held>,
}

struct Held {
    config: Arc<ServerConfig>,
    written: Option<(SystemTime, SystemTime)>,
    looked: Instant,
}

impl Certified {
    /// Reads the files; fails as [`CertificateFiles::check`] does.
    pub(in crate::web) fn open(files: CertificateFiles) -> Result<Self, ServingError> {
        let written = files.written();
        let config = Arc::new(files.load()?);
        Ok(Self {
            files,
            held: Mutex::new(Held {
                config,
                written,
                looked: Instant::now(),
            }),
        })
    }

    /// What takes in the next connection. Files that were renewed are read again; where they cannot be used, the certificate stays.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.looked.elapsed() >= LOOK {
            held.looked = Instant::now();
            let written = self.files.written();
            if written.is_some() && written != held.written {
                held.written = written;
                match self.files.load() {
                    Ok(config) => {
                        held.config = Arc::new(config);
                        tracing::info!(event = "certificate", state = "renewed");
                    }
                    Err(error) => {
                        tracing::warn!(event = "certificate", state = "kept", why = %error);
                    }
                }
            }
        }
        TlsAcceptor::from(held.config.clone())
    }
}
