//! Arguments that several commands share: where things lie, as of when, and the submission that is worked on. Each is flattened
//! into the arguments of a command.

use std::path::{Path, PathBuf};

use anyhow::Context;

use sanlian::campaign::Campaign;
use sanlian::clerk::{Campaigns, DataPlaces, Reading, read, templates_of};
use sanlian::config::Config;

/// Where campaigns are.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Where {
    /// 另外的活动模板目录：其中每个文件夹是一个活动，同名者优先于内置。默认取报送文件夹所记，其次取环境变量 SANLIAN_TEMPLATES
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) templates: Option<PathBuf>,
}

impl Where {
    /// The folder that is named, else that of the environment.
    pub(crate) fn templates(&self) -> Option<PathBuf> {
        self.templates
            .clone()
            .or_else(|| Config::from_env().templates)
    }

    /// The campaigns: those of the folder, and the built-in ones.
    pub(crate) fn campaigns(&self) -> anyhow::Result<Campaigns> {
        Ok(Campaigns::open(self.templates().as_deref())?)
    }

    /// The campaigns for a submission folder, which may remember where they lie.
    pub(crate) fn campaigns_for(&self, submission: &Path) -> anyhow::Result<Campaigns> {
        if self.templates.is_some() {
            return self.campaigns();
        }
        match templates_of(submission)? {
            Some(remembered) => Ok(Campaigns::open(Some(&remembered))?),
            None => self.campaigns(),
        }
    }
}

/// Where ledger and keys are.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Folders {
    /// 数据目录（台账）；默认取环境变量 SANLIAN_DATA
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) data: Option<PathBuf>,
    /// 密钥目录：可信公钥和保管密钥 vault.key；默认是用户配置目录下的 sanlian/keys
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) keys: Option<PathBuf>,
}

impl Folders {
    /// Data folder and key folder: as named, else as configured.
    pub(crate) fn found(&self) -> anyhow::Result<Found> {
        folders(self.data.as_deref(), self.keys.as_deref())
    }
}

/// The folders of a desk, once they are known.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// Folder of the ledger.
    pub(crate) data: PathBuf,
    /// Folder of the keys.
    pub(crate) keys: PathBuf,
}

impl Found {
    /// As the clerk takes them.
    pub(crate) fn places(&self) -> DataPlaces<'_> {
        DataPlaces {
            data: &self.data,
            keys: &self.keys,
        }
    }
}

/// Data folder and key folder: as named, else as configured.
pub(crate) fn folders(data: Option<&Path>, keys: Option<&Path>) -> anyhow::Result<Found> {
    let config = Config::from_env();
    let data = data
        .map(Path::to_path_buf)
        .or(config.data)
        .context("没有指明数据目录。请用 --data，或设置环境变量 SANLIAN_DATA")?;
    let keys = keys.map_or(config.keys, Path::to_path_buf);
    Ok(Found { data, keys })
}

/// Where data and keys are, and the time, for what keeps them.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct AtData {
    #[command(flatten)]
    pub(crate) folders: Folders,
    /// 按此时刻办理（RFC 3339）；默认取当前时刻
    #[arg(long, value_name = "RFC3339", global = true)]
    pub(crate) now: Option<jiff::Timestamp>,
}

impl AtData {
    /// The time at which the command is done.
    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.now.unwrap_or_else(jiff::Timestamp::now)
    }
}

/// Where the desk is, and which campaign is dealt with.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct AtDesk {
    #[command(flatten)]
    pub(crate) place: AtData,
    /// 活动；默认台账中的全部活动
    #[arg(long, global = true)]
    pub(crate) campaign: Option<String>,
    #[command(flatten)]
    pub(crate) templates: Where,
}

/// A submission, and how it is read and judged.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Submitted {
    /// 报送文件夹，或其中的工作簿、submission.json
    pub(crate) submission: PathBuf,
    /// 以 JSON 输出问题
    #[arg(long)]
    pub(crate) json: bool,
    /// 按此时刻办理（RFC 3339）；默认取当前时刻
    #[arg(long, value_name = "RFC3339")]
    pub(crate) now: Option<jiff::Timestamp>,
    /// 活动；默认取文件夹所记
    #[arg(long)]
    pub(crate) campaign: Option<String>,
    /// 补充字库目录
    #[arg(long, value_name = "DIR")]
    pub(crate) font_dir: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) templates: Where,
}

impl Submitted {
    /// Reads it. No campaign where its templates have errors, which stand among the findings.
    pub(crate) fn read(&self) -> anyhow::Result<(Option<Campaign>, Reading)> {
        let campaigns = self.templates.campaigns_for(&self.submission)?;
        Ok(read(
            &campaigns,
            &self.submission,
            self.campaign.as_deref(),
        )?)
    }

    /// The time at which the command is done.
    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.now.unwrap_or_else(jiff::Timestamp::now)
    }
}

/// Where what a command shows is written.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct ToFile {
    /// 写入文件；默认写到标准输出
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

impl ToFile {
    /// Writes a text, which ends with one line break: into the file, which is told, or to stdout.
    pub(crate) fn write(&self, text: &str) -> anyhow::Result<()> {
        let text = text.trim_end_matches('\n');
        let Some(path) = &self.out else {
            return super::data::whole(text);
        };
        sanlian::store::write_result(path, format!("{text}\n").as_bytes())?;
        super::talk::say(&format!("已写入：{}", path.display()));
        Ok(())
    }
}
