//! Arguments, one struct a subcommand.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::forms::{Bind, Diff, Fill, ReadBack};

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
    /// 扫描：读 JPEG、PNG、TIFF、PDF 各页上的标记，逐页说明是什么、签名是否成立
    Scan(Scan),
    /// 作废：一次打印，或其中一份；此后扫到它答“已作废”，重新制作时换新的二维码
    Void(Void),
    /// 收件：扫描、扫码枪、人工编码，逐页回答是否一致，记入台账
    Receive(Receive),
    /// 收件情况：各单位的份数、页次，缺什么、旧什么、是否按时
    Status(Status),
    /// 待处理：没有读出、要由人看的页；列出、存出图像、办结
    Tray(super::tray::Tray),
    /// 催报名单：缺件的单位、联系人、所缺
    Missing(Missing),
    /// 收件回执：给单位的 PDF
    Slip(Slip),
    /// 单位名册：导入应报的单位，或列出；催报名单因此知道谁一份都没有报
    Roster(super::roster::Roster),
    /// 查找：按身份证号、电话或姓名找台账中的记录，显示时遮盖
    Find(Find),
    /// 打包：把记录、附件和全部表格装入一个签名的报送包
    Pack(Pack),
    /// 绑定：找出主办单位空白表（.docx、.xlsx）的哪一处填哪一栏，写成可以核对的文件
    Bind(Bind),
    /// 填表：按绑定把材料填入主办单位的空白表，每位候选人一份
    Fill(Fill),
    /// 回读：把填好的表读成报送材料
    Read(ReadBack),
    /// 比对：填好的表与报送材料有哪些栏目不同
    Diff(Diff),
    /// 网页服务：单位填报、收件台、收件情况
    Serve(Serve),
    /// 服务的设置：检查、样例、systemd 和容器文件
    Config(Settings),
    /// 密钥：换新、导出公钥、信任、吊销、列出
    Key(Key),
    /// 新建台账：收件处开始收件之前做一次；已有台账时不改动
    Init(super::init::Init),
    /// 备份：台账和文件，可在收件时进行；密钥另行保管
    Backup(Backup),
    /// 恢复：把一份备份变成数据目录，逐个核对校验和
    Restore(Restore),
    /// 审计日志：核对是否被改动，或列出
    Audit(Audit),
    /// 导出个人信息：一个活动、一个单位或一个人的全部材料，没有遮盖
    Export(super::retention::Export),
    /// 删除个人信息：保存期限届满，或本人要求；编号、摘要和收件记录保留
    Erase(super::retention::Erase),
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
    /// 输出目录：其下 submission/ 是报送材料，paper/ 是纸质件，keys/ 是演示自己的密钥
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// 活动
    #[arg(long, default_value = "hebei-zuimei-2021")]
    pub(crate) campaign: String,
    /// 按此时刻制作（RFC 3339）；默认取当前时刻
    #[arg(long, value_name = "RFC3339")]
    pub(crate) now: Option<jiff::Timestamp>,
    /// 演示另用的密钥目录；默认是输出目录下的 keys，从不用本人的密钥目录
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
    /// 数据目录：签发的每一页记入台账；默认取环境变量 SANLIAN_DATA，没有则不记
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
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
pub(crate) struct Pack {
    /// 报送文件夹
    pub(crate) submission: PathBuf,
    /// 报送包
    #[arg(long, value_name = "FILE.zip")]
    pub(crate) out: PathBuf,
    /// make 的输出目录：装入其中已经打印的文件；默认重新制作
    #[arg(long, value_name = "DIR")]
    pub(crate) paper: Option<PathBuf>,
    /// 不装入视频，另行报送
    #[arg(long)]
    pub(crate) no_videos: bool,
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
    /// 数据目录：签发的每一页记入台账；默认取环境变量 SANLIAN_DATA，没有则不记
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
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

/// Where the desk is.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct AtDesk {
    /// 数据目录；默认取环境变量 SANLIAN_DATA
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) data: Option<PathBuf>,
    /// 密钥目录：可信公钥和保管密钥 vault.key；默认是用户配置目录下的 sanlian/keys
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) keys: Option<PathBuf>,
    /// 活动；默认台账中的全部活动
    #[arg(long, global = true)]
    pub(crate) campaign: Option<String>,
    /// 按此时刻办理（RFC 3339）；默认取当前时刻
    #[arg(long, value_name = "RFC3339", global = true)]
    pub(crate) now: Option<jiff::Timestamp>,
    /// 另外的活动模板目录：其中每个文件夹是一个活动，同名者优先于内置
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) templates: Option<PathBuf>,
}

/// Where data and keys are, for what keeps them.
#[derive(Debug, clap::Args)]
pub(crate) struct AtData {
    /// 数据目录；默认取环境变量 SANLIAN_DATA
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) data: Option<PathBuf>,
    /// 密钥目录，其中有保管密钥 vault.key；默认是用户配置目录下的 sanlian/keys
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) keys: Option<PathBuf>,
    /// 按此时刻办理（RFC 3339）；默认取当前时刻
    #[arg(long, value_name = "RFC3339", global = true)]
    pub(crate) now: Option<jiff::Timestamp>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Backup {
    /// 备份文件夹：尚不存在、是空的，或者是同一份台账较早的备份
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// 以 JSON 输出备份清单
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) place: AtData,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    /// 备份文件夹，或者服务页面上备份的 .zip
    pub(crate) backup: PathBuf,
    /// 恢复早先格式的备份：它没有密钥签记，不能证明没有被改动，只在确知来源时使用
    #[arg(long)]
    pub(crate) old_format: bool,
    #[command(flatten)]
    pub(crate) place: AtData,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Audit {
    #[command(subcommand)]
    pub(crate) what: AuditWhat,
    /// 以 JSON 输出，每行一条
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) place: AtData,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditWhat {
    /// 核对：日志的每一行都由前一行而来；断开时说出行号
    Verify,
    /// 列出：何时、何事、结果；个人信息不出现
    List,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Void {
    /// 记录编号（16 位）、二维码数字（235 位）或页上的人工编码（12 位）
    pub(crate) target: String,
    /// 原因
    #[arg(long)]
    pub(crate) reason: String,
    /// 只作废第几份；默认各份
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=15))]
    pub(crate) copy: Option<u8>,
    #[command(flatten)]
    pub(crate) desk: AtDesk,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Receive {
    #[command(subcommand)]
    pub(crate) what: Received,
    #[command(flatten)]
    pub(crate) desk: AtDesk,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Received {
    /// 从标准输入读扫码枪的数字和人工编码，一行一页
    Digits(Typing),
    /// 收扫描件：逐页读标记、比对、登记；没有读出的页连同图像进入待处理
    Scan(Scans),
    /// 收电子包：验签名、校验和、大小，登记各版本和签发的各页
    Package(Packages),
    /// 公章：登记一份（二维码或人工编码）或一份记录的各份（16 位编号）已见公章
    Seal(Seal),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Typing {
    /// 这一批的名称：同名同内容的再次输入不重复登记；默认每次运行各算一批
    #[arg(long, value_name = "NAME")]
    pub(crate) session: Option<String>,
    /// 一页一行 JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Scans {
    /// 扫描件：JPEG、PNG、TIFF、PDF，或其所在的文件夹
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// 一页一行 JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// 同时读几页；默认每个处理器核一页
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Packages {
    /// 报送包
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// 一包一行 JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Seal {
    /// 二维码数字、人工编码，或记录编号
    #[arg(required = true)]
    pub(crate) targets: Vec<String>,
    /// 登记为缺公章
    #[arg(long)]
    pub(crate) missing: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Status {
    /// 单位全称或其中一段；默认全部单位
    #[arg(long, value_name = "NAME")]
    pub(crate) unit: Option<String>,
    /// 以 JSON 输出
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) desk: AtDesk,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// 监听地址，默认 127.0.0.1:8080；要让别的机器访问，写 0.0.0.0:8443，并用 --tls-cert 或放在 HTTPS 反向代理之后
    #[arg(long)]
    pub(crate) listen: Option<std::net::SocketAddr>,
    /// 设置文件；命令行参数和环境变量优先
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// 本服务自己用 HTTPS：PEM 格式的证书（本站证书在前，中间证书在后）；换了新文件不用重启
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// 证书的私钥，PEM 格式，不带口令
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,
    /// 浏览器只经 HTTPS 访问（反向代理已加密）：登录信息不走明文
    #[arg(long)]
    pub(crate) behind_tls: bool,
    /// 客户端地址取自反向代理写的 X-Forwarded-For
    #[arg(long)]
    pub(crate) behind_proxy: bool,
    /// 缺字时使用的字体所在目录
    #[arg(long, value_name = "DIR")]
    pub(crate) font_dir: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) desk: AtDesk,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Settings {
    #[command(subcommand)]
    pub(crate) what: Setting,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Setting {
    /// 检查设置文件和环境变量，列出服务将要用的设置
    Check {
        /// 设置文件
        file: Option<PathBuf>,
    },
    /// 输出一个设置文件的样子
    Example,
    /// 输出 systemd 单元文件
    Systemd,
    /// 输出容器的 Containerfile
    Container,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Missing {
    /// 显示完整电话；审计日志记下这一次查看
    #[arg(long)]
    pub(crate) phones: bool,
    /// 以 JSON 输出
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) desk: AtDesk,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Slip {
    /// 单位全称或其中一段
    pub(crate) unit: String,
    /// 输出文件；默认是当前目录下的“收件回执-单位.pdf”
    #[arg(long, value_name = "FILE.pdf")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) desk: AtDesk,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Find {
    /// 完整的身份证号或电话号码，或姓名中的几个字
    pub(crate) text: String,
    /// 列出存有这个人信息的全部地方：记录、文件、图像、文字、单位文件夹、备份
    #[arg(long)]
    pub(crate) all: bool,
    /// 以 JSON 输出
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) desk: AtDesk,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Scan {
    /// 扫描件：JPEG、PNG、TIFF、PDF，或其所在的文件夹
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// 一页一行 JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// 密钥目录：其中的公钥是可信的
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    /// 签发清单（make 写的 manifest.json，可多次）：二维码破损读不出时，认最接近的已签发标记
    #[arg(long, value_name = "MANIFEST")]
    pub(crate) issued: Vec<PathBuf>,
    /// 没有读出、没有通过验证的页，图像存入此文件夹；不覆盖已有的文件
    #[arg(long, value_name = "DIR")]
    pub(crate) unread: Option<PathBuf>,
    /// 同时读几页；默认每个处理器核一页
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    /// 活动
    #[arg(default_value = "hebei-zuimei-2021")]
    pub(crate) campaign: String,
    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Key {
    /// 密钥目录；默认是用户配置目录下的 sanlian/keys
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) keys: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) act: KeyAct,
}

/// 签名算法.
const ALGORITHMS: [&str; 2] = ["ed25519", "sm2"];

#[derive(Debug, Subcommand)]
pub(crate) enum KeyAct {
    /// 换一把新的签名密钥：原密钥停用，私钥另存，旧标记仍然有效，记录编号不变
    New {
        /// 单位全称，写入公钥文件；默认沿用原密钥的
        #[arg(long, value_name = "NAME")]
        owner: Option<String>,
        /// 算法
        #[arg(long, default_value = "ed25519", value_parser = ALGORITHMS)]
        algorithm: String,
        /// 原密钥的停用时刻（RFC 3339）；默认取当前时刻
        #[arg(long, value_name = "RFC3339")]
        now: Option<jiff::Timestamp>,
    },
    /// 导出本单位的公钥，交给收件单位
    Export {
        /// 写入文件；默认写到标准输出
        #[arg(long, value_name = "FILE.pem")]
        out: Option<PathBuf>,
        /// 算法
        #[arg(long, default_value = "ed25519", value_parser = ALGORITHMS)]
        algorithm: String,
    },
    /// 信任一把公钥，可以限定起止时间
    Trust {
        /// 公钥文件
        file: PathBuf,
        /// 所有者；默认取文件所记
        #[arg(long, value_name = "NAME")]
        owner: Option<String>,
        /// 自何时起有效，如 2026-01-01（含当日）
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// 至何时止有效，如 2026-12-31（含当日）
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
        /// 单位换了密钥，或由它代报的：可代表哪个单位报送（全称）；记入台账和审计日志
        #[arg(long, value_name = "NAME")]
        unit: Option<String>,
        /// 与 --unit 同用：台账目录
        #[arg(long, value_name = "DIR", requires = "unit")]
        data: Option<PathBuf>,
        /// 与 --unit 同用：活动
        #[arg(long, value_name = "CAMPAIGN", requires = "unit")]
        campaign: Option<String>,
    },
    /// 吊销一把密钥：自某时起签发的标记不再可信
    Revoke {
        /// 密钥编号（4 位），或指纹开头更长的一段
        id: String,
        /// 自何时起；默认取当前时刻
        #[arg(long, value_name = "TIME")]
        since: Option<String>,
        /// 原因，写成一行
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 列出全部密钥
    List {
        /// 以 JSON 输出
        #[arg(long)]
        json: bool,
    },
}
