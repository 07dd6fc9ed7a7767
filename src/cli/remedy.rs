//! The commands that our sentences suggest, with the folders and files of this call: what is copied and pasted works where this call
//! worked. The sentences come from everywhere and know no folders; here, at the edge, they get them.

use std::path::Path;
use std::sync::OnceLock;

use clap::{ArgMatches, Command};

use sanlian::config::Config;

use super::shell;

/// Options that say where things lie; a suggested command that has one takes it over.
const PLACES: [&str; 3] = ["data", "keys", "templates"];

/// Arguments without a name that a suggested command takes over where it says nothing behind its name.
const OBJECTS: [&str; 2] = ["submission", "form"];

/// An option that goes only with another one: of the command, the option, and the other.
const GOES_WITH: [(&str, &str, &str); 1] = [("trust", "data", "--unit ")];

/// Words that stand for the ledger's folder in a sentence that does not know it.
const STANDINS: [&str; 2] = [" --data 目录", " --data 台账"];

/// What was given in this call, by the name of the argument, and all commands of the program, built.
static GIVEN: OnceLock<(Given, fn() -> Command)> = OnceLock::new();

/// Names of arguments with what was given for them, quoted for a shell.
type Given = Vec<(&'static str, String)>;

/// Remembers for the run what was given, and where the commands come from.
pub(crate) fn remember(matches: &ArgMatches, program: fn() -> Command) {
    let mut innermost = matches;
    while let Some((_, sub)) = innermost.subcommand() {
        innermost = sub;
    }
    let of_call = |id: &&'static str| {
        let value = innermost.try_get_raw(id).ok().flatten()?.next()?;
        Some((*id, shell::path(Path::new(value))))
    };
    let all = PLACES.iter().chain(&OBJECTS).filter_map(of_call);
    let _ = GIVEN.set((all.collect(), program));
}

/// A sentence whose suggested commands have the folders of this call.
pub(crate) fn complete(sentence: &str) -> String {
    let Some((given, program)) = GIVEN.get().filter(|_| sentence.contains(PROGRAM)) else {
        return sentence.to_owned();
    };
    let data = Config::from_env().data.map(|path| shell::path(&path));
    if given.is_empty() && data.is_none() {
        return sentence.to_owned();
    }
    completed(sentence, given, data.as_deref(), &program())
}

/// How a suggested command begins.
const PROGRAM: &str = "sanlian ";

/// The same with what is given, the ledger's folder where none is given, and the commands.
fn completed(
    sentence: &str,
    given: &[(&str, String)],
    data: Option<&str>,
    program: &Command,
) -> String {
    let mut out = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once(PROGRAM) {
        out.push_str(before);
        out.push_str(PROGRAM);
        let (name, command) = named(after, program);
        let behind = after.get(name..).unwrap_or_default();
        let end = behind.find(ends).unwrap_or(behind.len());
        let (own, next) = behind.split_at(end);
        out.push_str(after.get(..name).unwrap_or_default());
        match command {
            Some(command) => out.push_str(&with(own, command, given, data)),
            None => out.push_str(own),
        }
        rest = next;
    }
    out.push_str(rest);
    out
}

/// Whether a suggested command ends here: at the sentence's punctuation.
fn ends(c: char) -> bool {
    "，。；、：！？（）”“’‘\n".contains(c)
}

/// How long the name of the command at the start of a text is, and the command; none where it is no command.
fn named<'a>(text: &str, program: &'a Command) -> (usize, Option<&'a Command>) {
    let (mut length, mut found) = (0, None);
    let mut at = program;
    loop {
        let from = if found.is_some() { length + 1 } else { 0 };
        let word = text.get(from..).unwrap_or_default();
        let word = word.split(|c: char| !c.is_ascii_lowercase() && c != '-');
        let Some(sub) = word.take(1).find_map(|w| at.find_subcommand(w)) else {
            return (length, found);
        };
        let parted = found.is_none() || text.get(length..from) == Some(" ");
        if !parted {
            return (length, found);
        }
        length = from + sub.get_name().len();
        (at, found) = (sub, Some(sub));
    }
}

/// What stands behind a command's name, with what it takes over before it.
fn with(own: &str, command: &Command, given: &[(&str, String)], data: Option<&str>) -> String {
    // told of whose work a file is, nobody is to run it
    if own.trim_start().starts_with('写') {
        return own.to_owned();
    }
    let mut own = own.to_owned();
    let of = |id: &str| {
        given
            .iter()
            .find(|(g, _)| *g == id)
            .map(|(_, v)| v.as_str())
    };
    let mut added = String::new();
    let takes = |id: &str| command.get_arguments().any(|a| a.get_id() == id);
    for id in OBJECTS.into_iter().filter(|id| takes(id)) {
        if let (true, Some(value)) = (own.is_empty(), of(id)) {
            added.push_str(&format!(" {value}"));
        }
    }
    for standin in STANDINS {
        if let (true, Some(_)) = (own.contains(standin), of("data").or(data)) {
            own = own.replace(standin, "");
            if of("data").is_none() {
                added.push_str(&format!(" --data {}", data.unwrap_or_default()));
            }
        }
    }
    for id in PLACES.into_iter().filter(|id| takes(id)) {
        let option = format!(" --{id} ");
        let lacks = |(of, with, other): &(&str, &str, &str)| {
            *of == command.get_name() && *with == id && !own.contains(other)
        };
        if GOES_WITH.iter().any(lacks) {
            continue;
        }
        if let (false, Some(value)) = (own.contains(&option), of(id)) {
            added.push_str(&format!("{option}{value}"));
        }
    }
    format!("{added}{own}")
}
