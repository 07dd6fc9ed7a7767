//! `sanlian serve`: the service, until it is told to end.

use std::path::PathBuf;

use sanlian::config::ServiceSettings;
use sanlian::web::{Ended, Service, log_to_stderr};

use super::end::End;
use super::places::{AtData, Where};
use super::{config, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// 监听地址，默认 127.0.0.1:8080；要让别的机器访问，写 0.0.0.0:8443，并用 --tls-cert 或放在 HTTPS 反向代理之后
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<std::net::SocketAddr>,
    /// 设置文件；命令行参数和环境变量优先
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// 本服务自己用 HTTPS：PEM 格式的证书（本站证书在前，中间证书在后）；换了新文件不用重启
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// 证书的私钥，PEM 格式，不带口令
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// 新台账建在 PostgreSQL：postgres://用户@主机:端口/数据库，不含密码（放在 PGPASSWORD 或 .pgpass 里）；已有台账时须与它相同
    #[arg(long, value_name = "ADDRESS")]
    database: Option<String>,
    /// 新台账的附件放在对象存储：s3://桶/文件夹?endpoint=https://主机:端口，不含访问密钥（放在 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY 里）；已有台账时须与它相同
    #[arg(long, value_name = "ADDRESS")]
    objects: Option<String>,
    /// 浏览器只经 HTTPS 访问（反向代理已加密）：登录信息不走明文
    #[arg(long)]
    behind_tls: bool,
    /// 客户端地址取自反向代理写的 X-Forwarded-For
    #[arg(long)]
    behind_proxy: bool,
    /// 缺字时使用的字体所在目录
    #[arg(long, value_name = "DIR")]
    font_dir: Option<PathBuf>,
    /// 活动；默认是管理员在网页上定的，没有定过时是 hebei-zuimei-2021（与 demo、schema、bind 相同）
    #[arg(long)]
    campaign: Option<String>,
    #[command(flatten)]
    place: AtData,
    #[command(flatten)]
    templates: Where,
}

pub(crate) fn run(args: &Serve) -> anyhow::Result<End> {
    let _log = log_to_stderr();
    let said = ServiceSettings {
        listen: args.listen,
        data: args.place.folders.data.clone(),
        keys: args.place.folders.keys.clone(),
        database: args.database.clone(),
        objects: args.objects.clone(),
        campaign: args.campaign.clone(),
        templates: args.templates.templates.clone(),
        font_dir: args.font_dir.clone(),
        tls_cert: args.tls_cert.clone(),
        tls_key: args.tls_key.clone(),
        behind_tls: args.behind_tls.then_some(true),
        behind_proxy: args.behind_proxy.then_some(true),
    };
    let settings = config::settled(said, args.config.as_deref())?;
    let serving = config::serving(settings, args.place.now)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let service = Service::open(serving).await?;
        let home = service.home();
        talk::say(&format!("服务已启动：{home}/"));
        if service.is_in_the_clear() {
            talk::say(
                "别的机器也能访问，而连接没有加密：密码和身份证号会以明文传送。\
                 请用 --tls-cert、--tls-key 给出证书，或只监听 127.0.0.1、由 HTTPS 反向代理转发（--behind-tls、--behind-proxy）。",
            );
        }
        if let Some(path) = service.invitation() {
            talk::say(&format!(
                "还没有管理员。请在一天之内用浏览器打开这个一次性链接建立：{home}{path}"
            ));
        }
        talk::say(match service.run(told_to_end()).await {
            Ended::Finished => "服务已停止，办理中的事项都已办完。",
            Ended::Replaced => {
                "服务已停止：与数据库的连接断过，另一个服务已经接手这本台账。已经答复的都在台账中。"
            }
            Ended::Cut => "服务已停止，还有连接没有办完就断开了；已经答复的都在台账中。",
        });
        anyhow::Ok(())
    })?;
    Ok(End::Done)
}

/// Ctrl+C, or what a service manager sends.
async fn told_to_end() {
    let interrupted = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminated) = signal(SignalKind::terminate()) else {
            return interrupted.await;
        };
        tokio::select! {
            () = interrupted => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    interrupted.await;
}
