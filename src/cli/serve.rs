//! `sanlian serve`: the service, until it is told to end.

use sanlian::config::ServiceSettings;
use sanlian::web::{Service, log_to_stderr};

use super::args::Serve;
use super::{End, config, talk};

pub(crate) fn run(args: &Serve) -> anyhow::Result<End> {
    super::scan::quiet_decoders();
    let _log = log_to_stderr();
    let said = ServiceSettings {
        listen: args.listen,
        data: args.desk.data.clone(),
        keys: args.desk.keys.clone(),
        campaign: args.desk.campaign.clone(),
        templates: args.desk.templates.clone(),
        font_dir: args.font_dir.clone(),
        tls_cert: args.tls_cert.clone(),
        tls_key: args.tls_key.clone(),
        behind_tls: args.behind_tls.then_some(true),
        behind_proxy: args.behind_proxy.then_some(true),
    };
    let settings = config::settled(said, args.config.as_deref())?;
    let serving = config::serving(settings, args.desk.now)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let service = Service::open(serving).await?;
        let home = service.home();
        talk::say(&format!("服务已启动：{home}/"));
        if let Some(path) = service.invitation() {
            talk::say(&format!(
                "还没有管理员。请在一天之内用浏览器打开这个一次性链接建立：{home}{path}"
            ));
        }
        talk::say(match service.run(told_to_end()).await {
            true => "服务已停止，办理中的事项都已办完。",
            false => "服务已停止，还有连接没有办完就断开了；已经答复的都在台账中。",
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
