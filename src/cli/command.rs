//! The commands, and the options of all of them. The arguments of a command stand beside it, in its own file.

use clap::{CommandFactory, Parser, Subcommand};

use super::colour::When;
use super::end::End;
use super::frame::Language;
use super::places::ToFile;
use super::{
    account, check, config, demo, find, forms, fsck, gather, init, keep, key, lists, make, manual,
    migrate, new, pack, receive, retention, roster, scan, serve, slip, status, tray, verify, void,
};

/// 三联：从电子记录生成可签字盖章的推荐材料，每页带签名二维码。
#[derive(Debug, Parser)]
#[command(
    name = "sanlian",
    version,
    about,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) manner: Manner,
}

/// How the program speaks, whatever it does.
#[derive(Debug, clap::Args)]
pub(crate) struct Manner {
    /// 帮助和参数错误的语言；默认看环境变量 LC_ALL、LC_MESSAGES、LANG，en_* 用英文，其余用中文
    #[arg(long, value_name = "LANG", global = true)]
    pub(crate) lang: Option<Language>,
    /// 颜色：auto 在终端上才用；环境变量 NO_COLOR 使 auto 不用颜色
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    pub(crate) color: When,
    /// 标准错误上只说错误
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 新建报送文件夹：空白工作簿、照片和视频目录
    New(new::New),
    /// 校验：一次列出全部问题，指明表、单元格和改法
    Check(check::Check),
    /// 输出 submission.json 的 JSON Schema
    Schema(lists::Schema),
    /// 制作：生成全部可打印材料，每页带签名二维码
    Make(make::Make),
    /// 打包：把记录、附件和全部表格装入一个签名的报送包
    Pack(pack::Pack),
    /// 汇集：把几个单位的报送文件夹、报送包合成一份，照片、视频随行；哪家更正了，再汇集一次
    Gather(gather::Gather),
    /// 演示：生成一份虚构的报送材料，并由它制成全部纸质件
    Demo(demo::Demo),
    /// 收件：扫描、扫码枪、人工编码，逐页回答是否一致，记入台账
    Receive(receive::Receive),
    /// 待处理：没有读出、要由人看的页；列出、存出图像、办结
    Tray(tray::Tray),
    /// 收件情况：各单位的份数、页次，缺什么、旧什么、是否按时
    Status(status::Status),
    /// 催报名单：缺件的单位、联系人、所缺
    Missing(status::Missing),
    /// 收件回执：给单位的 PDF
    Slip(slip::Slip),
    /// 查找：按身份证号、电话或姓名找台账中的记录，显示时遮盖
    Find(find::Find),
    /// 作废：一次打印，或其中一份；此后扫到它答“已作废”，重新制作时换新的二维码
    Void(void::Void),
    /// 单位名册：导入应报的单位，或列出；催报名单因此知道谁一份都没有报
    Roster(roster::Roster),
    /// 扫描：读 JPEG、PNG、TIFF、PDF 各页上的标记，逐页说明是什么、签名是否成立
    Scan(scan::Scan),
    /// 验标记：说明二维码（235 位数字、文件）是什么，签名是否成立
    Verify(verify::Verify),
    /// 绑定：找出主办单位空白表（.docx、.xlsx）的哪一处填哪一栏，写成可以核对的文件
    Bind(forms::Bind),
    /// 填表：按绑定把材料填入主办单位的空白表，每位候选人一份
    Fill(forms::Fill),
    /// 回读：把填好的表读成报送材料
    Read(forms::ReadBack),
    /// 比对：填好的表与报送材料有哪些栏目不同
    Diff(forms::Diff),
    /// 网页服务：单位填报、收件台、收件情况
    Serve(serve::Serve),
    /// 服务的设置：检查、样例、systemd 和容器文件
    Config(config::Settings),
    /// 新建台账：收件处开始收件之前做一次；已有台账时不改动
    Init(init::Init),
    /// 密钥：换新、导出公钥、信任、吊销、列出
    Key(key::Key),
    /// 账号：列出服务的账号；管理员进不来时重设密码
    Account(account::Account),
    /// 备份：台账和文件，可在收件时进行；密钥另行保管
    Backup(keep::Backup),
    /// 恢复：把一份备份变成数据目录，逐个核对校验和
    Restore(keep::Restore),
    /// 搬迁：台账搬到 PostgreSQL 或者搬回文件，附件搬到对象存储或者搬回数据目录
    Migrate(migrate::Migrate),
    /// 核对附件：台账记下的附件和扫描图像是否都在、有没有损坏
    Fsck(fsck::Fsck),
    /// 审计日志：核对是否被改动，或列出
    Audit(keep::Audit),
    /// 导出个人信息：一个活动、一个单位或一个人的全部材料，没有遮盖
    Export(retention::Export),
    /// 删除个人信息：保存期限届满，或本人要求；编号、摘要和收件记录保留
    Erase(retention::Erase),
    /// 列出活动，并检查模板
    Campaigns(lists::Listed),
    /// 列出全部问题代码
    Codes(ToFile),
    /// 命令的说明：help check 与 check --help 相同
    Help(manual::Help),
    /// 命令补全：输出 shell 的补全脚本
    Completions(manual::Completions),
    /// 手册页：输出 sanlian(1)，或把各命令的手册页写入文件夹
    Man(manual::Man),
}

impl Command {
    /// Does what was asked. What the program says of itself is in `language`.
    pub(crate) fn run(&self, language: Language) -> anyhow::Result<End> {
        match self {
            Self::New(args) => new::run(args),
            Self::Check(args) => check::run(args),
            Self::Schema(args) => lists::schema(args),
            Self::Make(args) => make::run(args),
            Self::Pack(args) => pack::run(args),
            Self::Gather(args) => gather::run(args),
            Self::Demo(args) => demo::run(args),
            Self::Receive(args) => receive::run(args),
            Self::Tray(args) => tray::run(args),
            Self::Status(args) => status::status(args),
            Self::Missing(args) => status::missing(args),
            Self::Slip(args) => slip::run(args),
            Self::Find(args) => find::run(args),
            Self::Void(args) => void::run(args),
            Self::Roster(args) => roster::run(args),
            Self::Scan(args) => scan::run(args),
            Self::Verify(args) => verify::run(args),
            Self::Bind(args) => forms::bind(args),
            Self::Fill(args) => forms::fill(args),
            Self::Read(args) => forms::read_back(args),
            Self::Diff(args) => forms::diff(args),
            Self::Serve(args) => serve::run(args),
            Self::Config(args) => config::run(args),
            Self::Init(args) => init::run(args),
            Self::Key(args) => key::run(args),
            Self::Account(args) => account::run(args),
            Self::Backup(args) => keep::backup(args),
            Self::Restore(args) => keep::put_back(args),
            Self::Migrate(args) => migrate::run(args),
            Self::Fsck(args) => fsck::run(args),
            Self::Audit(args) => keep::log(args),
            Self::Export(args) => retention::export(args),
            Self::Erase(args) => retention::erase(args),
            Self::Campaigns(args) => lists::campaigns(args),
            Self::Codes(to) => lists::codes(to),
            Self::Help(args) => manual::help(args, Args::command(), language),
            Self::Completions(args) => manual::completions(args, Args::command(), language),
            Self::Man(args) => manual::man(args, Args::command(), language),
        }
    }
}
