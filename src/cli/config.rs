//! `sanlian config`: the settings of the service, looked at before it runs; and the files that run it.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use sanlian::clerk::{Campaigns, place_of_ledger, place_of_objects};
use sanlian::config::{Config, ServiceSettings};
use sanlian::finding::has_errors;
use sanlian::web::{CertificateFiles, Serving};

use super::colour::{Stream, bad, paint};
use super::end::End;
use super::places::ToFile;
use super::{data, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct Settings {
    #[command(subcommand)]
    what: Setting,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Setting {
    /// 检查设置文件和环境变量，列出服务将要用的设置
    Check {
        /// 设置文件
        file: Option<PathBuf>,
    },
    /// 输出一个设置文件的样子
    Example(ToFile),
    /// 输出 systemd 单元文件
    Systemd(ToFile),
    /// 输出容器的 Containerfile
    Container(ToFile),
}

/// Where the service listens unless it is told otherwise.
const LISTEN: std::net::SocketAddr =
    std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);

/// What was said, then the environment, then the file.
pub(crate) fn settled(
    said: ServiceSettings,
    file: Option<&Path>,
) -> anyhow::Result<ServiceSettings> {
    let mut settings = said.or(ServiceSettings::from_env()?);
    if let Some(file) = file {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("无法读取设置文件 {}", file.display()))?;
        let read = ServiceSettings::parse(&text).map_err(|e| {
            anyhow::anyhow!(
                "设置文件 {}：{e}。请改正，可参照 sanlian config example 的样例",
                file.display()
            )
        })?;
        settings = settings.or(read);
    }
    Ok(settings)
}

/// What a service needs, out of its settings.
pub(crate) fn serving(
    settings: ServiceSettings,
    now: Option<jiff::Timestamp>,
) -> anyhow::Result<Serving> {
    let certificate = match (settings.tls_cert, settings.tls_key) {
        (Some(chain), Some(key)) => Some(CertificateFiles { chain, key }),
        (None, None) => None,
        (Some(_), None) => bail!("有证书 tls_cert，没有私钥 tls_key。两者须同时指明"),
        (None, Some(_)) => bail!("有私钥 tls_key，没有证书 tls_cert。两者须同时指明"),
    };
    Ok(Serving {
        data: settings.data.context(
            "没有指明数据目录。请用 --data，或设置环境变量 SANLIAN_DATA，或写在设置文件的 data 中",
        )?,
        keys: settings.keys.unwrap_or_else(|| Config::from_env().keys),
        database: settings.database,
        objects: settings.objects,
        listen: settings.listen.unwrap_or(LISTEN),
        templates: settings.templates,
        campaign: settings.campaign,
        font_dir: settings.font_dir,
        certificate,
        behind_tls: settings.behind_tls.unwrap_or(false),
        behind_proxy: settings.behind_proxy.unwrap_or(false),
        now,
    })
}

pub(crate) fn run(args: &Settings) -> anyhow::Result<End> {
    match &args.what {
        Setting::Check { file } => check(file.as_deref()),
        Setting::Example(to) => shown(to, include_str!("deploy/service.toml")),
        Setting::Systemd(to) => shown(to, include_str!("deploy/sanlian.service")),
        Setting::Container(to) => shown(to, include_str!("deploy/Containerfile")),
    }
}

fn shown(to: &ToFile, text: &str) -> anyhow::Result<End> {
    to.write(text)?;
    Ok(End::Done)
}

fn check(file: Option<&Path>) -> anyhow::Result<End> {
    let settings = settled(ServiceSettings::default(), file)?;
    let serving = serving(settings, None)?;
    let mut faults = Vec::new();
    let campaigns = Campaigns::open(serving.templates.as_deref())?;
    let id = match &serving.campaign {
        Some(id) => id.clone(),
        None => campaigns.usual(),
    };
    match campaigns.load(&id) {
        Ok((Some(_), findings)) if !has_errors(&findings) => {}
        Ok((_, findings)) => {
            talk::findings(&findings);
            faults.push(format!("活动“{id}”的模板有错误"));
        }
        Err(error) => faults.push(error.to_string()),
    }
    if let Some(dir) = serving.font_dir.as_deref().filter(|d| !d.is_dir()) {
        faults.push(format!("字体目录 {} 不存在", dir.display()));
    }
    for (what, dir) in [("数据目录", &serving.data), ("密钥目录", &serving.keys)] {
        if dir.exists() && !dir.is_dir() {
            faults.push(format!("{what} {} 不是文件夹", dir.display()));
        }
    }
    if serving.data == serving.keys {
        faults.push("数据目录与密钥目录相同：保管密钥须与数据分开存放".to_owned());
    }
    if let Some(files) = &serving.certificate {
        if let Err(error) = files.check() {
            faults.push(error.to_string().trim_end_matches('。').to_owned());
        }
        if everyone_reads(&files.key) {
            faults.push(format!(
                "私钥文件 {} 谁都能读：请用 chmod o-r 限制读取权限",
                files.key.display()
            ));
        }
    } else if !serving.listen.ip().is_loopback() && !serving.behind_tls {
        faults.push(format!(
            "监听 {}，别的机器可以访问，但没有说明经 HTTPS：请写 tls_cert 和 tls_key，或放在 HTTPS 反向代理之后，并写 behind_tls = true",
            serving.listen
        ));
    }
    let ledger = match place_of_ledger(&serving.data, serving.database.as_deref()) {
        Ok(place) => place,
        Err(error) => {
            faults.push(error.to_string().trim_end_matches('。').to_owned());
            "不能用".to_owned()
        }
    };
    let objects = match place_of_objects(&serving.data, serving.objects.as_deref()) {
        Ok(place) => place,
        Err(error) => {
            faults.push(error.to_string().trim_end_matches('。').to_owned());
            "不能用".to_owned()
        }
    };
    let chain = serving.certificate.as_ref();
    let chain = chain.map_or("无".to_owned(), |c| c.chain.display().to_string());
    let yes = |on| if on { "是" } else { "否" };
    for (name, value) in [
        ("监听", serving.listen.to_string()),
        ("活动", id),
        ("数据目录", serving.data.display().to_string()),
        ("密钥目录", serving.keys.display().to_string()),
        ("台账", ledger),
        ("附件", objects),
        ("证书", chain),
        ("只经 HTTPS 代理", yes(serving.behind_tls).to_owned()),
        ("地址取自代理", yes(serving.behind_proxy).to_owned()),
    ] {
        data::line(&format!("{name}：{value}"))?;
    }
    faults.iter().for_each(|fault| {
        talk::fault(&format!("{}{fault}。", paint(Stream::Err, bad(), "错误：")))
    });
    Ok(match faults.is_empty() {
        true => End::Done,
        false => End::Findings,
    })
}

/// Whether a file can be read by whoever has an account on the machine.
#[cfg(unix)]
fn everyone_reads(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|m| m.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn everyone_reads(_: &Path) -> bool {
    false
}
