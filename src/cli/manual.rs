//! `sanlian help`, `completions` and `man`: what the program says of itself, out of the command line itself.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap_complete::Shell;
use clap_mangen::Man as Page;

use sanlian::store::write_file;

use super::colour::{Stream, fit};
use super::end::End;
use super::frame::{Language, built, help_text, path_below};
use super::places::ToFile;
use super::{data, talk};

/// Name of the program.
const NAME: &str = "sanlian";

#[derive(Debug, clap::Args)]
pub(crate) struct Help {
    /// 命令，如 receive scan；不写时说明全部命令
    #[arg(value_name = "COMMAND")]
    commands: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// 哪一种 shell
    shell: Shell,
    #[command(flatten)]
    to: ToFile,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Man {
    /// 把各命令的手册页写入此文件夹；默认把 sanlian(1) 写到标准输出
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn help(args: &Help, bare: clap::Command, language: Language) -> anyhow::Result<End> {
    let whole = built(bare, language);
    let (mut command, mut path) = (&whole, String::new());
    for name in &args.commands {
        path = path_below(&path, name);
        command = command
            .find_subcommand(name)
            .ok_or_else(|| unknown(&whole, &path))?;
    }
    let text = help_text(command, &path, language);
    data::whole(fit(Stream::Out, &text).trim_end())?;
    Ok(End::Done)
}

/// That there is no such command.
fn unknown(whole: &clap::Command, path: &str) -> clap::Error {
    let mut error = clap::Error::new(ErrorKind::InvalidSubcommand).with_cmd(whole);
    let named = ContextValue::String(path.to_owned());
    error.insert(ContextKind::InvalidSubcommand, named);
    error
}

pub(crate) fn completions(
    args: &Completions,
    bare: clap::Command,
    language: Language,
) -> anyhow::Result<End> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut built(bare, language), NAME, &mut script);
    args.to.write(&String::from_utf8(script)?)?;
    Ok(End::Done)
}

pub(crate) fn man(args: &Man, bare: clap::Command, language: Language) -> anyhow::Result<End> {
    let whole = built(bare, language);
    let Some(folder) = &args.out else {
        data::whole(page(&whole, language)?.trim_end())?;
        return Ok(End::Done);
    };
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let written = pages(&whole, NAME, folder, language)?;
    talk::say(&format!("已写入 {written} 个手册页：{}", folder.display()));
    Ok(End::Done)
}

/// Writes the page of a command and those of its subcommands; how many.
fn pages(
    command: &clap::Command,
    name: &str,
    folder: &Path,
    language: Language,
) -> anyhow::Result<usize> {
    let mut written = 1;
    let file = folder.join(format!("{name}.1"));
    write_file(&file, page(command, language)?.as_bytes())?;
    for sub in command.get_subcommands() {
        written += pages(sub, &format!("{name}-{}", sub.get_name()), folder, language)?;
    }
    Ok(written)
}

/// The page of a command, in the form that `man` reads.
fn page(command: &clap::Command, language: Language) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    let title = command.get_display_name().unwrap_or(NAME).to_uppercase();
    let manual = match language {
        Language::Chinese => "三联",
        Language::English => "sanlian",
    };
    // a line of examples is a line of the page: written by us, since clap_mangen fills them into one paragraph
    let without = command.clone().after_help(Resettable::Reset);
    let page = Page::new(without).title(title).manual(manual);
    page.source(format!("{NAME} {}", env!("CARGO_PKG_VERSION")))
        .render(&mut bytes)?;
    let text = String::from_utf8(bytes)?;
    let mut text = match language {
        Language::Chinese => in_chinese(&text),
        Language::English => text,
    };
    if let Some(examples) = command.get_after_help() {
        text.push_str(&section(&examples.to_string()));
    }
    Ok(text)
}

/// A section out of a heading and lines, which stand as they are.
fn section(text: &str) -> String {
    let (heading, lines) = text.split_once('\n').unwrap_or((text, ""));
    let heading = heading.trim_end_matches(['：', ':']);
    let mut out = format!("\n.SH {heading}\n.nf\n");
    for line in lines.lines() {
        let line = line.replace('\\', r"\e").replace('-', r"\-");
        // no line begins with what would be a request
        out.push_str(&format!("\\&{line}\n"));
    }
    out.push_str(".fi\n");
    out
}

/// A page with Chinese headings.
fn in_chinese(text: &str) -> String {
    let headings = [
        ("NAME", "名称"),
        ("SYNOPSIS", "用法"),
        ("DESCRIPTION", "说明"),
        ("OPTIONS", "选项"),
        ("SUBCOMMANDS", "命令"),
        ("VERSION", "版本"),
        ("AUTHORS", "作者"),
    ];
    let lines = text.lines().map(|line| {
        let heading = line.strip_prefix(".SH ").map(|h| h.trim_matches('"'));
        match headings
            .iter()
            .find(|(english, _)| Some(*english) == heading)
        {
            Some((_, chinese)) => format!(".SH {chinese}"),
            None => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
