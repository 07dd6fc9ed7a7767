//! Where objects are (实物所在): what the `objects.toml` of a data folder says, and how the address of a bucket is understood. Keys of
//! access never stand there: they come from the environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`), as for every program that
//! speaks to such a store.

use std::fmt;
use std::io::ErrorKind;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::foreign::InChinese as _;
use crate::store::error::StoreError;
use crate::store::file::{Readers, replace};

/// Name of the file in the data folder that says that objects are in a bucket.
pub const OBJECTS_PLACE: &str = "objects.toml";

/// The region where none is said; stores that are not Amazon's take any.
const REGION: &str = "us-east-1";

/// The address of a bucket: `s3://bucket/folder?endpoint=https://host:port&region=region`; all but the bucket may be left out. It
/// holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketAddress {
    text: String,
    /// Name of the bucket.
    pub bucket: String,
    /// What the names of objects begin with: `folder/`, or nothing.
    pub prefix: String,
    /// Where the store is; none for Amazon's own.
    pub endpoint: Option<String>,
    /// The region.
    pub region: String,
}

impl fmt::Display for BucketAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    url: String,
}

impl FromStr for BucketAddress {
    type Err = String;

    /// The reason where an address cannot be used, in Chinese.
    fn from_str(text: &str) -> Result<Self, String> {
        let form = "地址应写成 s3://桶/文件夹?endpoint=https://主机:端口&region=地区";
        let rest = text.strip_prefix("s3://").ok_or(form)?;
        let (place, asked) = rest.split_once('?').unwrap_or((rest, ""));
        let (bucket, folder) = place.split_once('/').unwrap_or((place, ""));
        if bucket.contains('@') || bucket.contains(':') {
            return Err(
                "地址里不写访问密钥：请放在环境变量 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY 里"
                    .to_owned(),
            );
        }
        let of_bucket =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
        if !(3..=63).contains(&bucket.len()) || !bucket.chars().all(of_bucket) {
            return Err(format!(
                "桶的名称“{bucket}”应是 3 到 63 个小写字母、数字、连字符或点；{form}"
            ));
        }
        let folder = folder.trim_end_matches('/');
        let of_folder = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '/');
        let empty = folder
            .split('/')
            .any(|part| matches!(part, "" | "." | ".."));
        if !folder.is_empty() && (empty || folder.len() > 200 || !folder.chars().all(of_folder)) {
            return Err(format!(
                "桶中的文件夹“{folder}”只能用字母、数字、“-”“_”“.”，各级之间用“/”"
            ));
        }
        let mut found = Self {
            text: text.to_owned(),
            bucket: bucket.to_owned(),
            prefix: match folder {
                "" => String::new(),
                folder => format!("{folder}/"),
            },
            endpoint: None,
            region: REGION.to_owned(),
        };
        for pair in asked.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("endpoint", url)) => found.endpoint = Some(endpoint(url)?),
                Some(("region", name)) if !name.is_empty() => found.region = name.to_owned(),
                _ => {
                    return Err(format!(
                        "地址问号后面只能写 endpoint 和 region，不能写“{}”；{form}",
                        pair.split('=').next().unwrap_or_default()
                    ));
                }
            }
        }
        Ok(found)
    }
}

fn endpoint(url: &str) -> Result<String, String> {
    let starts = ["https://", "http://"];
    let host = starts.iter().find_map(|start| url.strip_prefix(start));
    match host.map(|host| host.trim_end_matches('/')) {
        Some(host) if !host.is_empty() && !host.contains(['@', '/']) => {
            Ok(url.trim_end_matches('/').to_owned())
        }
        _ => Err(format!(
            "endpoint“{url}”应写成 https://主机 或 https://主机:端口，不带密钥和路径"
        )),
    }
}

impl BucketAddress {
    /// Where the objects of a data folder are; none where they lie in the folder itself.
    pub fn of(data: &Path) -> Result<Option<Self>, StoreError> {
        let path = data.join(OBJECTS_PLACE);
        let text = match std::fs::read_to_string(&path) {
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            read => read.map_err(StoreError::world("读取", &path))?,
        };
        let fault = |reason| StoreError::ObjectsPlace {
            path: path.clone(),
            reason,
        };
        let said: Said = toml::from_str(&text).map_err(|e| fault(e.in_chinese()))?;
        said.url.parse().map(Some).map_err(fault)
    }

    /// Writes down that the objects of a data folder are here.
    pub(in crate::store) fn write(&self, data: &Path) -> Result<(), StoreError> {
        let path = data.join(OBJECTS_PLACE);
        let url = self.text.clone();
        let said = toml::to_string(&Said { url }).map_err(|e| StoreError::ObjectsPlace {
            path: path.clone(),
            reason: e.to_string(),
        })?;
        let text = format!(
            "# 附件和扫描图像在对象存储。访问密钥不写在这里：放在环境变量 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY 里。\n{said}"
        );
        replace(&path, text.as_bytes(), Readers::Owner)
    }
}
