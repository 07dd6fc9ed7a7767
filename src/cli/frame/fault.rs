//! What is wrong with the arguments, in words: from the kind and the context of clap's error.

use std::error::Error as _;

use clap::Error;
use clap::builder::styling::{AnsiColor, Style};
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::language::Language;
use super::placeholders::in_chinese;

const BAD: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Green.on_default();

/// Help that was asked for, or what is wrong; with colours as escapes.
pub(crate) fn words_of(error: &Error, language: Language) -> String {
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            | ErrorKind::DisplayVersion
    );
    if is_help || language == Language::English {
        let mut words = error.render().ansi().to_string();
        let arg = text(error, ContextKind::InvalidArg);
        if error.kind() == ErrorKind::ValueValidation && arg.contains("<RFC3339>") {
            words.push_str("\n  tip: write a time like 2021-05-31T17:00:00+08:00\n");
        }
        return words;
    }
    let mut out = format!("{BAD}错误：{BAD:#}{}", what(error));
    for hint in hints(error) {
        out.push_str(&format!("\n  {HINT}提示：{HINT:#}{hint}"));
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let usage = usage.trim_start_matches("Usage:").trim();
        out.push_str(&format!(
            "\n\n用法：{}",
            usage.replace("[OPTIONS]", "[选项]")
        ));
    }
    out.push_str("\n\n详细说明请用 --help。");
    in_chinese(&out)
}

/// A text of the context; empty where there is none.
fn text(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(all)) => all.join("、"),
        Some(ContextValue::Number(number)) => number.to_string(),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        _ => String::new(),
    }
}

/// What is wrong, in one sentence.
fn what(error: &Error) -> String {
    let arg = text(error, ContextKind::InvalidArg);
    let value = text(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument if arg.starts_with('-') => format!("没有参数“{arg}”"),
        ErrorKind::UnknownArgument => format!("多了一个参数“{arg}”"),
        ErrorKind::InvalidSubcommand => {
            format!("没有命令“{}”", text(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => format!(
            "“{}”后面要写一个命令：{}",
            text(error, ContextKind::InvalidSubcommand),
            text(error, ContextKind::ValidSubcommand)
        ),
        ErrorKind::MissingRequiredArgument => format!("缺少必需的参数：{arg}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("参数“{arg}”后面要写一个值"),
        ErrorKind::InvalidValue => format!("参数“{arg}”的值“{value}”不对"),
        ErrorKind::ValueValidation => format!("参数“{arg}”的值“{value}”不对：{}", why(error, &arg)),
        ErrorKind::NoEquals => format!("参数“{arg}”的值要用等号写在后面"),
        ErrorKind::TooManyValues => format!("参数“{arg}”不再要别的值，多了“{value}”"),
        ErrorKind::TooFewValues => format!(
            "参数“{arg}”至少要 {} 个值，只有 {} 个",
            text(error, ContextKind::MinValues),
            text(error, ContextKind::ActualNumValues)
        ),
        ErrorKind::WrongNumberOfValues => format!(
            "参数“{arg}”要 {} 个值，现有 {} 个",
            text(error, ContextKind::ExpectedNumValues),
            text(error, ContextKind::ActualNumValues)
        ),
        ErrorKind::ArgumentConflict => conflict(error, &arg),
        ErrorKind::InvalidUtf8 => "参数中有不是 UTF-8 的字符".to_owned(),
        kind => kind.to_string(),
    }
}

/// What stands against what.
fn conflict(error: &Error, arg: &str) -> String {
    let other = text(error, ContextKind::PriorArg);
    if arg.is_empty() {
        let command = text(error, ContextKind::InvalidSubcommand);
        return format!("命令“{command}”不能与“{other}”同用");
    }
    match other.as_str() {
        "" => format!("参数“{arg}”不能与已写的其他参数同用"),
        same if same == arg => format!("参数“{arg}”只能写一次"),
        other => format!("参数“{arg}”不能与“{other}”同用"),
    }
}

/// Why a value cannot be taken: what is accepted, by the sort of value.
fn why(error: &Error, arg: &str) -> String {
    for (sort, accepted) in [
        ("<RFC3339>", "应为 2021-05-31T17:00:00+08:00 这样的时刻"),
        ("<N>", "应为允许范围内的整数"),
        ("<NO>", "应为整数"),
        ("<ADDRESS>", "应为地址和端口，如 127.0.0.1:8080"),
    ] {
        if arg.contains(sort) {
            let range = error.source().map(ToString::to_string);
            let range = range.and_then(|s| s.split_once(" is not in ").map(|(_, r)| r.to_owned()));
            return match range
                .and_then(|r| Some(r.split_once("..=")?).map(|(a, b)| (a.to_owned(), b.to_owned())))
            {
                Some((least, most)) => format!("应为 {least} 至 {most} 的整数"),
                None => accepted.to_owned(),
            };
        }
    }
    error.source().map(ToString::to_string).unwrap_or_default()
}

/// What was perhaps meant.
fn hints(error: &Error) -> Vec<String> {
    let mut all = Vec::new();
    for (kind, what) in [
        (ContextKind::SuggestedSubcommand, "命令"),
        (ContextKind::SuggestedArg, "参数"),
        (ContextKind::SuggestedValue, "值"),
    ] {
        let alike = match error.get(kind) {
            // clap names the likeliest last
            Some(ContextValue::Strings(all)) => {
                let all: Vec<&str> = all.iter().rev().map(String::as_str).collect();
                all.join("、")
            }
            _ => text(error, kind),
        };
        if !alike.is_empty() {
            all.push(format!("相近的{what}有“{alike}”"));
        }
    }
    let valid = text(error, ContextKind::ValidValue);
    if !valid.is_empty() {
        all.push(format!("可选：{valid}"));
    }
    if let Some(ContextValue::StyledStrs(more)) = error.get(ContextKind::Suggested) {
        all.extend(more.iter().filter_map(|s| suggested(&s.to_string())));
    }
    all
}

/// A suggestion of clap in Chinese; what stands in its quotes is what it is about.
fn suggested(english: &str) -> Option<String> {
    let quoted: Vec<&str> = english.split('\'').skip(1).step_by(2).collect();
    match quoted.as_slice() {
        // an option that another command has is hardly a value
        [value, ..] if english.starts_with("to pass") && value.starts_with("--") => None,
        [value, use_this, ..] if english.starts_with("to pass") => {
            Some(format!("要把“{value}”当作值，请写“{use_this}”"))
        }
        [command, ..] if english.starts_with("subcommand") => {
            Some(format!("有命令“{command}”；要用它，请去掉前面的“--”"))
        }
        [there, ..] => Some(format!("有“{there}”")),
        [] => None,
    }
}
