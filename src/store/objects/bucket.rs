//! Objects in a bucket (对象存储): `folder/ab/cdef…` in a store that speaks the S3 protocol. They were sealed before they came here, so
//! the store sees bytes that tell nothing. An object is put only where there is none under its name; the store holds what arrives
//! against the sum that goes along with it.

use std::sync::OnceLock;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use object_store::aws::{AmazonS3, AmazonS3Builder, Checksum};
use object_store::path::Path;
use object_store::{
    ClientOptions, Error, ObjectStore as _, ObjectStoreExt as _, PutMode, PutOptions, RetryConfig,
    WriteMultipart,
};
use sha2::{Digest as _, Sha256};
use tokio::runtime::Runtime;

use super::names::{of_relative, relative};
use super::place::BucketAddress;
use crate::record::Digest;
use crate::store::error::StoreError;

/// An object that is larger goes up in parts of this size, in bytes: one part that is lost is sent again, not all of it.
const PART: usize = 16 << 20;

/// How long one request may take; a part goes up in it.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long connecting may take, and how long a request that failed is tried again.
const CONNECT: Duration = Duration::from_secs(5);
const AGAIN: Duration = Duration::from_secs(20);

/// A bucket, or a folder in it.
#[derive(Debug)]
pub(super) struct Bucket {
    store: AmazonS3,
    address: BucketAddress,
}

impl Bucket {
    /// The bucket of an address. No connection is made.
    pub(super) fn at(address: &BucketAddress) -> Result<Self, StoreError> {
        // the one that the service's own TLS uses; that another library chose one before does no harm
        let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        let options = ClientOptions::new()
            .with_timeout(PATIENCE)
            .with_connect_timeout(CONNECT)
            .with_allow_http(true);
        let mut builder = AmazonS3Builder::from_env()
            .with_client_options(options)
            .with_bucket_name(&address.bucket)
            .with_region(&address.region)
            .with_checksum_algorithm(Checksum::SHA256)
            .with_retry(RetryConfig {
                max_retries: 4,
                retry_timeout: AGAIN,
                ..RetryConfig::default()
            });
        if let Some(endpoint) = &address.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        let store = builder.build().map_err(|e| refused(address, "打开", &e))?;
        let address = address.clone();
        Ok(Self { store, address })
    }

    /// Fails where the bucket cannot be used, or writes over what it was told not to: two programs that put at once must never change
    /// an object.
    pub(super) fn probe(&self) -> Result<(), StoreError> {
        let path = Path::from(format!("{}.probe", self.address.prefix));
        let probed = wait(async {
            let once = || {
                let options = PutOptions::from(PutMode::Create);
                self.store
                    .put_opts(&path, b"sanlian".to_vec().into(), options)
            };
            match once().await {
                Ok(_) | Err(Error::AlreadyExists { .. }) => {}
                Err(e) => return Err(e),
            }
            let second = once().await;
            self.store.get(&path).await?.bytes().await?;
            match second {
                Err(Error::AlreadyExists { .. }) => Ok(true),
                Ok(_) => Ok(false),
                Err(e) => Err(e),
            }
        })?;
        match probed {
            Ok(true) => Ok(()),
            Ok(false) => Err(StoreError::Bucket {
                act: "使用",
                place: self.address.to_string(),
                reason: "它不理会“没有才写”的条件（If-None-Match），会盖掉已有的文件".to_owned(),
                remedy: "请换用支持条件写入的对象存储，或者升级它。",
            }),
            Err(e) => Err(self.refused("使用", &e)),
        }
    }

    pub(super) fn claim(&self, ledger: &str) -> Result<(), StoreError> {
        let path = Path::from(format!("{}.ledger", self.address.prefix));
        let owner = wait(async {
            let options = PutOptions::from(PutMode::Create);
            let text = ledger.as_bytes().to_vec().into();
            match self.store.put_opts(&path, text, options).await {
                Ok(_) | Err(Error::AlreadyExists { .. }) => {}
                Err(e) => return Err(e),
            }
            self.store.get(&path).await?.bytes().await
        })?;
        match owner {
            Ok(owner) if owner == ledger.as_bytes() => Ok(()),
            Ok(_) => Err(StoreError::OtherBucket(self.address.to_string())),
            Err(e) => Err(self.refused("使用", &e)),
        }
    }

    pub(super) fn put(&self, sum: &Digest, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.path(sum);
        let sent = wait(async {
            if bytes.len() > PART {
                let upload = self.store.put_multipart(&path).await?;
                let mut parts = WriteMultipart::new_with_chunk_size(upload, PART);
                for part in bytes.chunks(PART) {
                    parts.wait_for_capacity(2).await?;
                    parts.write(part);
                }
                return parts.finish().await.map(|_| ());
            }
            let options = PutOptions::from(PutMode::Create);
            let put = self.store.put_opts(&path, bytes.to_vec().into(), options);
            put.await.map(|_| ())
        })?;
        match sent {
            Ok(()) => Ok(()),
            // what stands there is the same, or was damaged and is mended
            Err(Error::AlreadyExists { .. }) => match self.check(sum) {
                Ok(_) => Ok(()),
                Err(StoreError::Damaged(_)) => {
                    let over = self.store.put(&path, bytes.to_vec().into());
                    wait(over)?
                        .map(|_| ())
                        .map_err(|e| self.refused("写入", &e))
                }
                Err(e) => Err(e),
            },
            Err(e) => Err(self.refused("写入", &e)),
        }
    }

    pub(super) fn get(&self, sum: &Digest, limit: u64) -> Result<Vec<u8>, StoreError> {
        let path = self.path(sum);
        let got = wait(async {
            let got = self.store.get(&path).await?;
            if got.meta.size > limit {
                return Ok(None);
            }
            got.bytes().await.map(Some)
        })?;
        match got {
            Ok(Some(bytes)) if Digest(Sha256::digest(&bytes).into()) == *sum => Ok(bytes.into()),
            Ok(Some(_)) => Err(StoreError::Damaged(self.name(sum))),
            Ok(None) => Err(StoreError::TooLarge {
                path: self.name(sum).into(),
                limit,
            }),
            Err(e) => Err(self.refused_object(sum, "读取", &e)),
        }
    }

    pub(super) fn check(&self, sum: &Digest) -> Result<u64, StoreError> {
        let path = self.path(sum);
        let found = wait(async {
            let mut stream = self.store.get(&path).await?.into_stream();
            let (mut size, mut found) = (0_u64, Sha256::new());
            while let Some(bytes) = stream.try_next().await? {
                found.update(&bytes);
                size = size.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            }
            Ok((size, Digest(found.finalize().into())))
        })?;
        match found {
            Ok((size, found)) if found == *sum => Ok(size),
            Ok(_) => Err(StoreError::Damaged(self.name(sum))),
            Err(e) => Err(self.refused_object(sum, "读取", &e)),
        }
    }

    pub(super) fn remove(&self, sum: &Digest) -> Result<(), StoreError> {
        let path = self.path(sum);
        match wait(async { self.store.delete(&path).await })? {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(e) => Err(self.refused_object(sum, "删除", &e)),
        }
    }

    /// The sums of all objects in order, or of those that were put before a moment.
    pub(super) fn list(&self, before: Option<Timestamp>) -> Result<Vec<Digest>, StoreError> {
        let prefix = Path::from(self.address.prefix.as_str());
        let listed = wait(async {
            let mut found = Vec::new();
            let mut stream = self.store.list(Some(&prefix));
            while let Some(meta) = stream.try_next().await? {
                let name = meta.location.as_ref();
                let inside = name.strip_prefix(self.address.prefix.as_str());
                let put = meta.last_modified.timestamp();
                if let Some(sum) = inside.and_then(of_relative)
                    && before.is_none_or(|before| put < before.as_second())
                {
                    found.push(sum);
                }
            }
            Ok(found)
        })?;
        let mut found = listed.map_err(|e: Error| self.refused("列出", &e))?;
        found.sort_by_key(|sum| sum.0);
        Ok(found)
    }

    fn path(&self, sum: &Digest) -> Path {
        Path::from(format!("{}{}", self.address.prefix, relative(sum)))
    }

    /// The object as a person finds it in the store.
    fn name(&self, sum: &Digest) -> String {
        let BucketAddress { bucket, prefix, .. } = &self.address;
        format!("s3://{bucket}/{prefix}{}", relative(sum))
    }

    fn refused(&self, act: &'static str, error: &Error) -> StoreError {
        refused(&self.address, act, error)
    }

    fn refused_object(&self, sum: &Digest, act: &'static str, error: &Error) -> StoreError {
        match error {
            Error::NotFound { .. } if !names_bucket(error) => StoreError::Gone(self.name(sum)),
            other => self.refused(act, other),
        }
    }
}

/// Whether what is not there is the bucket itself.
fn names_bucket(error: &Error) -> bool {
    error.to_string().contains("NoSuchBucket")
}

fn refused(address: &BucketAddress, act: &'static str, error: &Error) -> StoreError {
    let said = error.to_string();
    let (reason, remedy) = match error {
        Error::NotFound { .. } => (
            format!("没有名为“{}”的桶", address.bucket),
            "请核对地址，或者请管理员建这个桶。",
        ),
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => (
            "它不认这个访问密钥，或者密钥没有权限".to_owned(),
            "请核对环境变量 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY，以及密钥在这个桶的读、写、列出、删除权限。",
        ),
        // the library has no kind of its own for these
        _ if said.contains("error sending request") || said.contains("connect") => (
            "连不上，或者等了太久没有回应".to_owned(),
            "请核对 endpoint 和网络；连上以后再运行一次。",
        ),
        _ if said.contains("credential") || said.contains("169.254.") => (
            "没有访问密钥".to_owned(),
            "请设环境变量 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY。",
        ),
        _ => (
            format!("它没有办成（{}）", said.lines().next().unwrap_or_default()),
            "请稍后再运行一次；仍然如此的，请把这一行交给管理对象存储的人。",
        ),
    };
    StoreError::Bucket {
        act,
        place: address.to_string(),
        reason,
        remedy,
    }
}

/// Waits for what a bucket is asked. Its connections live in a runtime of their own, for the whole run of the program; a desk's thread
/// waits, and never one that runs other tasks.
fn wait<T>(asked: impl Future<Output = T>) -> Result<T, StoreError> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(1).thread_name("bucket").enable_all();
        builder.build().ok()
    });
    match runtime {
        Some(runtime) => Ok(runtime.block_on(asked)),
        None => Err(StoreError::Bucket {
            act: "使用",
            place: "s3://".to_owned(),
            reason: "系统没有给程序另一个线程".to_owned(),
            remedy: "请关掉一些程序后再运行。",
        }),
    }
}
