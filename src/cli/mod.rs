//! The command line: arguments in, the clerk's acts, findings and results out. stdout is data, stderr is talk;
//! exit 0 done, 1 findings or mismatch, 2 could not.

mod account;
mod check;
pub(crate) mod colour;
pub(crate) mod command;
mod config;
mod data;
mod demo;
mod desk;
mod end;
mod find;
mod forms;
pub(crate) mod frame;
mod fsck;
mod gather;
mod hours;
mod init;
mod keep;
mod key;
mod lists;
mod make;
mod manual;
mod migrate;
mod new;
mod pack;
mod places;
mod progress;
mod receive;
mod remedy;
mod retention;
mod roster;
mod scan;
mod serve;
pub(crate) mod shell;
mod slip;
mod status;
mod talk;
mod tray;
mod verify;
pub(crate) mod visible;
mod void;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use colour::{Stream, fit};
use command::Args;
use end::End;
use frame::Language;

/// Runs the program.
pub(crate) fn run(given: impl IntoIterator<Item = OsString>) -> ExitCode {
    let given: Vec<OsString> = given.into_iter().collect();
    // before the arguments are understood, what is wrong with them may have to be said
    let language = frame::language_of(&given);
    colour::settle(frame::colour_of(&given));
    let parsed = frame::command(Args::command(), language)
        .try_get_matches_from(&given)
        .inspect(|matches| remedy::remember(matches, commands))
        .and_then(|matches| Args::from_arg_matches(&matches));
    let args = match parsed {
        Ok(args) => args,
        Err(error) => return said(&error, language),
    };
    if args.manner.quiet {
        talk::hush();
    }
    scan::quiet_decoders();
    sanlian::clerk::end_at_pass(sanlian::config::Config::failpoint());
    let code = match args.command.run(language) {
        Ok(End::Done) => 0,
        Ok(End::Findings) => 1,
        Err(error) => {
            if let Some(of_arguments) = error.downcast_ref() {
                return said(of_arguments, language);
            }
            if !error.downcast_ref().is_some_and(data::Unwritten::unread) {
                talk::trouble(&error);
            }
            2
        }
    };
    ExitCode::from(if talk::was_lost() { 2 } else { code })
}

/// All commands, built.
fn commands() -> clap::Command {
    frame::built(Args::command(), Language::Chinese)
}

/// Help that was asked for, on stdout; or what is wrong with the arguments, on stderr.
fn said(error: &clap::Error, language: Language) -> ExitCode {
    let code = u8::try_from(error.exit_code()).unwrap_or(2);
    let words = frame::words_of(error, language);
    if error.use_stderr() {
        talk::faults(fit(Stream::Err, &words).trim_end());
        return ExitCode::from(if talk::was_lost() { 2 } else { code });
    }
    match data::whole(fit(Stream::Out, &words).trim_end()) {
        Ok(()) => ExitCode::from(code),
        Err(lost) => {
            if !lost.downcast_ref().is_some_and(data::Unwritten::unread) {
                talk::trouble(&lost);
            }
            ExitCode::from(2)
        }
    }
}
