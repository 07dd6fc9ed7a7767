//! Arguments, one struct a subcommand.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// 三联：从电子记录生成可签字盖章的推荐材料，每页带签名二维码。
#[derive(Debug, Parser)]
#[command(name = "sanlian", version, about, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 演示：生成一份虚构的报送材料，并由它制成全部纸质件
    Demo(Demo),
    /// 新建报送文件夹：空白工作簿、照片和视频目录
    New(New),
    /// 校验：一次列出全部问题，指明表、单元格和改法
    Check(Check),
    /// 制作：生成全部可打印材料，每页带签名二维码
    Make(Make),
    /// 验标记：说明二维码（235 位数字、文件）是什么，签名是否成立
    Verify(Verify),
    /// 列出活动，并检查模板
    Campaigns(Where),
    /// 输出 submission.json 的 JSON Schema
    Schema(Schema),
    /// 列出全部问题代码
    Codes,
}

/// Where campaigns, keys and fonts are.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Where {
    /// 另外的活动模板目录：其中每个文件夹是一个活动，同名者优先于内置
    #[arg(long, value_name = "DIR")]
    pub(crate) templates: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Demo {
    /// 输出目录：其下 submission/ 是报送材料，paper/ 是纸质件
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// 活动
    #[arg(long, default_value = "hebei-zuimei-2021")]
    pub(crate) campaign: String,
    /// 按此时刻制作（RFC 3339）；默认取当前时刻
    #[arg(long, value_name = "RFC3339")]
    pub(crate) now: Option<jiff::Timestamp>,
    /// 密钥目录
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// 活动，如 hebei-zuimei-2021
    pub(crate) campaign: String,
    /// 要新建的文件夹
    pub(crate) dir: PathBuf,
    /// 推荐渠道，如 city
    #[arg(long, value_name = "KIND")]
    pub(crate) channel: Option<String>,
    /// 单位全称
    #[arg(long, value_name = "NAME")]
    pub(crate) unit: Option<String>,
    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// 报送文件夹，或其中的工作簿、submission.json
    pub(crate) submission: PathBuf,
    /// 以 JSON 输出
    #[arg(long)]
    pub(crate) json: bool,
    /// 另存一份标出问题的工作簿：红色单元格、批注、“错误说明”列
    #[arg(long, value_name = "FILE.xlsx")]
    pub(crate) marked: Option<PathBuf>,
    /// 按此时刻校验（RFC 3339）；默认取当前时刻
    #[arg(long, value_name = "RFC3339")]
    pub(crate) now: Option<jiff::Timestamp>,
    /// 活动；默认取文件夹所记
    #[arg(long)]
    pub(crate) campaign: Option<String>,
    /// 补充字库目录
    #[arg(long, value_name = "DIR")]
    pub(crate) font_dir: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Make {
    /// 报送文件夹
    pub(crate) submission: PathBuf,
    /// 输出目录；已有的只会被完整的新结果替换
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// 草稿：有错误也制作，每页印“草稿”，不带二维码
    #[arg(long)]
    pub(crate) draft: bool,
    /// 以 JSON 输出问题
    #[arg(long)]
    pub(crate) json: bool,
    /// 按此时刻制作（RFC 3339）；默认取当前时刻
    #[arg(long, value_name = "RFC3339")]
    pub(crate) now: Option<jiff::Timestamp>,
    /// 记录簿；默认是报送文件夹中的 records.json
    #[arg(long, value_name = "FILE")]
    pub(crate) book: Option<PathBuf>,
    /// 密钥目录；默认是用户配置目录下的 sanlian/keys
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    /// 补充字库目录
    #[arg(long, value_name = "DIR")]
    pub(crate) font_dir: Option<PathBuf>,
    /// 活动；默认取文件夹所记
    #[arg(long)]
    pub(crate) campaign: Option<String>,
    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    /// 235 位数字，或含有数字的文件（manifest.json、文本）
    #[arg(required = true)]
    pub(crate) marks: Vec<String>,
    /// 密钥目录：其中的公钥是可信的
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    /// 以 JSON 输出
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    /// 活动
    #[arg(default_value = "hebei-zuimei-2021")]
    pub(crate) campaign: String,
    #[command(flatten)]
    pub(crate) place: Where,
}
