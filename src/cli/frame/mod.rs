//! What the program says of itself: help, and what is wrong with the arguments, in Chinese or in English. All of it is built from the
//! bare clap command, so that no command and no option can be forgotten; Chinese stands beside the arguments, English in [`english`].

mod english;
mod english_commands;
pub(crate) mod example_names;
pub(crate) mod examples;
mod fault;
pub(crate) mod groups;
mod help;
mod language;
mod placeholders;

use std::ffi::OsString;

use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, Command, ValueEnum};

use sanlian::config;

use super::colour::When;

pub(crate) use fault::words_of;
pub(crate) use language::Language;

/// The language that was asked for: by `--lang`, else by the locale of the environment.
pub(crate) fn language_of(given: &[OsString]) -> Language {
    let named = value_of(given, "--lang").and_then(|v| Language::from_str(&v, false).ok());
    named.unwrap_or_else(|| language_of_locale(config::locale().as_deref()))
}

/// English for the locales of English; Chinese for all others, and where there is none.
fn language_of_locale(locale: Option<&str>) -> Language {
    let tongue = locale.and_then(|l| l.split(['_', '-', '.', '@']).next());
    match tongue {
        Some("en") => Language::English,
        _ => Language::Chinese,
    }
}

/// When to use colour, as it was asked for by `--color`.
pub(crate) fn colour_of(given: &[OsString]) -> When {
    let named = value_of(given, "--color").and_then(|v| When::from_str(&v, false).ok());
    named.unwrap_or(When::Auto)
}

/// The value of a long option in arguments that are not understood yet.
fn value_of(given: &[OsString], name: &str) -> Option<String> {
    let mut rest = given.iter().skip(1).map(|a| a.to_string_lossy());
    while let Some(arg) = rest.next() {
        if arg == "--" {
            return None;
        }
        match arg.strip_prefix(name) {
            Some("") => return rest.next().map(|v| v.into_owned()),
            Some(value) if value.starts_with('=') => return value.get(1..).map(str::to_owned),
            _ => {}
        }
    }
    None
}

/// The command of the program with all that it says in a language. Ready to parse; not yet built.
pub(crate) fn command(bare: Command, language: Language) -> Command {
    let plain = worded(bare, "", language);
    let mut built = plain.clone();
    built.build();
    helped(plain, &built, "", language)
}

/// The same, built: each subcommand knows its usage and the options of all commands.
pub(crate) fn built(bare: Command, language: Language) -> Command {
    let mut command = worded(bare, "", language);
    command.build();
    command
}

/// The text of `--help` of a command that is built, with colours as escapes.
pub(crate) fn help_text(built: &Command, path: &str, language: Language) -> String {
    help::text(built, path, language)
}

/// The path of a subcommand: the names of the commands above it and its own, without the program's.
pub(crate) fn path_below(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        _ => format!("{path} {name}"),
    }
}

/// A command whose descriptions, headings and examples are in a language, and those of its subcommands.
fn worded(command: Command, path: &str, language: Language) -> Command {
    let command = match language {
        Language::Chinese => command.subcommand_value_name("命令"),
        Language::English => match english::of_command(path) {
            Some(about) => command.about(about),
            None => command,
        },
    };
    let command = if path.is_empty() {
        let help = Arg::new("help").short('h').long("help").global(true);
        let version = Arg::new("version").short('V').long("version");
        command
            .arg(help.action(ArgAction::Help).help("打印帮助"))
            .arg(version.action(ArgAction::Version).help("打印版本"))
    } else {
        command
    };
    command
        .after_help(examples::of(path, language))
        .mut_args(|arg| worded_arg(arg, path, language))
        .mut_subcommands(|sub| {
            let path = path_below(path, sub.get_name());
            worded(sub, &path, language)
        })
}

/// An argument with its description in a language; what it is by default and what it may be stand behind it.
fn worded_arg(arg: Arg, path: &str, language: Language) -> Arg {
    let name = match arg.get_long() {
        Some(long) => format!("--{long}"),
        None => format!("<{}>", arg.get_id()),
    };
    let mut words = match language {
        Language::Chinese => arg.get_help().map(ToString::to_string),
        Language::English => english::of_argument(path, &name).map(str::to_owned),
    }
    .unwrap_or_default();
    let takes_values = arg.get_action().takes_values();
    if takes_values {
        let default: Vec<_> = arg
            .get_default_values()
            .iter()
            .map(|v| v.to_string_lossy())
            .collect();
        let possible = arg.get_possible_values();
        let possible: Vec<_> = possible.iter().map(PossibleValue::get_name).collect();
        let (is_default, may_be, and) = match language {
            Language::Chinese => ("默认：", "可选：", "、"),
            Language::English => ("default: ", "possible values: ", ", "),
        };
        if !default.is_empty() && !arg.is_hide_default_value_set() {
            words.push_str(&format!(" [{is_default}{}]", default.join(and)));
        }
        if !possible.is_empty() {
            words.push_str(&format!(" [{may_be}{}]", possible.join(and)));
        }
    }
    let heading = groups::heading(&arg, language);
    arg.help(words)
        .help_heading(heading)
        .hide_default_value(takes_values)
        .hide_possible_values(takes_values)
}

/// A command whose `--help` is our text, and its subcommands: `built` is the same command, built.
fn helped(command: Command, built: &Command, path: &str, language: Language) -> Command {
    let text = help::text(built, path, language);
    command.override_help(text).mut_subcommands(|sub| {
        let path = path_below(path, sub.get_name());
        match built.find_subcommand(sub.get_name()) {
            Some(built) => helped(sub, built, &path, language),
            None => sub,
        }
    })
}
