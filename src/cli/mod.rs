//! The command line: arguments in, the clerk's acts, findings and results out. stdout is data, stderr is talk;
//! exit 0 done, 1 findings or mismatch, 2 could not.

mod args;
mod check;
mod config;
mod data;
mod demo;
mod desk;
mod find;
mod forms;
mod init;
mod keep;
mod key;
mod lists;
mod make;
mod new;
mod pack;
mod receive;
mod retention;
mod roster;
mod scan;
mod serve;
mod slip;
mod status;
mod talk;
mod tray;
mod verify;
mod void;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// What was asked is done.
    Done,
    /// There are error findings, or a mark does not hold.
    Findings,
}

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(words) => return said(&words),
    };
    sanlian::clerk::end_at_pass(sanlian::config::Config::failpoint());
    let end = match args.command {
        Command::Demo(args) => demo::run(&args),
        Command::New(args) => new::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Make(args) => make::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Scan(args) => scan::run(&args),
        Command::Void(args) => void::run(&args),
        Command::Receive(args) => receive::run(&args),
        Command::Status(args) => status::status(&args),
        Command::Tray(args) => tray::run(&args),
        Command::Missing(args) => status::missing(&args),
        Command::Find(args) => find::run(&args),
        Command::Slip(args) => slip::run(&args),
        Command::Roster(args) => roster::run(&args),
        Command::Pack(args) => pack::run(&args),
        Command::Bind(args) => forms::bind(&args),
        Command::Fill(args) => forms::fill(&args),
        Command::Read(args) => forms::read_back(&args),
        Command::Diff(args) => forms::diff(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Config(args) => config::run(&args),
        Command::Key(args) => key::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Backup(args) => keep::backup(&args),
        Command::Export(args) => retention::export(&args),
        Command::Erase(args) => retention::erase(&args),
        Command::Restore(args) => keep::put_back(&args),
        Command::Audit(args) => keep::log(&args),
        Command::Campaigns(args) => lists::campaigns(&args),
        Command::Schema(args) => lists::schema(&args),
        Command::Codes => lists::codes(),
    };
    let code = match end {
        Ok(End::Done) => 0,
        Ok(End::Findings) => 1,
        Err(error) => {
            if !error.downcast_ref().is_some_and(data::Unwritten::unread) {
                talk::trouble(&error);
            }
            2
        }
    };
    ExitCode::from(if talk::was_lost() { 2 } else { code })
}

/// Help that was asked for, or what is wrong with the arguments.
fn said(words: &clap::Error) -> ExitCode {
    let code = u8::try_from(words.exit_code()).unwrap_or(2);
    match words.print() {
        Ok(()) => ExitCode::from(code),
        Err(reason) => {
            let lost = data::Unwritten(reason);
            if !lost.unread() {
                talk::trouble(&lost.into());
            }
            ExitCode::from(2)
        }
    }
}
