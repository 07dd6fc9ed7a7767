//! The text of `--help`, laid out by us: columns count wide characters as two, groups of commands have headings.

use clap::builder::styling::{AnsiColor, Style};
use clap::{Arg, Command};

use super::groups::{GROUPS, headings};
use super::language::Language;
use super::placeholders::in_chinese;

/// Columns that a line of help takes at most.
const WIDTH: usize = 100;

/// Columns before a term.
const INDENT: usize = 2;

/// Widest term that a description stands beside; behind a wider one it begins on the next line.
const TERM: usize = 26;

const HEADING: Style = AnsiColor::Green.on_default().bold();
const LITERAL: Style = AnsiColor::Cyan.on_default().bold();

/// A term and its description.
type Row = (String, String);

/// The help of a command that is built, with colours as escapes.
pub(super) fn text(built: &Command, path: &str, language: Language) -> String {
    let mut out = String::new();
    if let Some(about) = built.get_about() {
        out.push_str(&wrapped(&about.to_string(), 0));
        out.push_str("\n\n");
    }
    out.push_str(&usage(built, language));
    out.push('\n');
    for (heading, rows) in sections(built, path, language) {
        out.push_str(&section(&heading, &rows, language));
    }
    if let Some(after) = built.get_after_help() {
        out.push_str(&format!("\n{}\n", examples(&after.to_string())));
    }
    out
}

/// The line that says how a command is called.
fn usage(built: &Command, language: Language) -> String {
    let usage = built.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    match language {
        Language::Chinese => format!(
            "{HEADING}用法：{HEADING:#}{LITERAL}{}{LITERAL:#}",
            in_chinese(&usage.replace("[OPTIONS]", "[选项]"))
        ),
        Language::English => format!("{HEADING}Usage:{HEADING:#} {LITERAL}{usage}{LITERAL:#}"),
    }
}

/// Headings with what stands below them.
fn sections(built: &Command, path: &str, language: Language) -> Vec<(String, Vec<Row>)> {
    let mut all = if path.is_empty() {
        groups(built, language)
    } else {
        let heading = match language {
            Language::Chinese => "命令",
            Language::English => "Commands",
        };
        let rows = built.get_subcommands().map(command_row).collect();
        vec![(heading.to_owned(), rows)]
    };
    for heading in headings(language) {
        let of_heading = built
            .get_arguments()
            .filter(|a| a.get_help_heading() == Some(heading) && !a.is_hide_set());
        all.push((
            heading.to_owned(),
            of_heading.map(|arg| arg_row(arg, language)).collect(),
        ));
    }
    all.retain(|(_, rows)| !rows.is_empty());
    all
}

/// The commands of the program by their groups; one that no group names stands at the end.
fn groups(built: &Command, language: Language) -> Vec<(String, Vec<Row>)> {
    let named = |name: &str| GROUPS.iter().any(|g| g.commands.contains(&name));
    let mut all: Vec<(String, Vec<Row>)> = GROUPS
        .iter()
        .map(|group| {
            let heading = match language {
                Language::Chinese => group.chinese,
                Language::English => group.english,
            };
            let commands = group
                .commands
                .iter()
                .filter_map(|c| built.find_subcommand(c));
            (heading.to_owned(), commands.map(command_row).collect())
        })
        .collect();
    let others = built.get_subcommands().filter(|c| !named(c.get_name()));
    all.push((String::new(), others.map(command_row).collect()));
    all
}

fn command_row(command: &Command) -> Row {
    let about = command.get_about().map(ToString::to_string);
    (command.get_name().to_owned(), about.unwrap_or_default())
}

fn arg_row(arg: &Arg, language: Language) -> Row {
    let term = match (arg.is_positional(), arg.get_short()) {
        (true, _) => arg.to_string(),
        (false, Some(short)) => format!("-{short}, {arg}"),
        (false, None) => format!("    {arg}"),
    };
    let term = match language {
        Language::Chinese => in_chinese(&term),
        Language::English => term,
    };
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    (term, help)
}

fn section(heading: &str, rows: &[Row], language: Language) -> String {
    let colon = match language {
        Language::Chinese => "：",
        Language::English => ":",
    };
    let mut out = format!("\n{HEADING}{heading}{colon}{HEADING:#}\n");
    let widest = rows.iter().map(|(term, _)| width(term)).max().unwrap_or(0);
    let column = INDENT + widest.min(TERM) + 2;
    for (term, words) in rows {
        let at = INDENT + width(term);
        out.push_str(&format!("{:INDENT$}{LITERAL}{term}{LITERAL:#}", ""));
        match at + 2 <= column {
            true => out.push_str(&" ".repeat(column - at)),
            false => out.push_str(&format!("\n{:column$}", "")),
        }
        out.push_str(wrapped(words, column).trim_start());
        out.push('\n');
    }
    out
}

/// Examples: the heading and the commands stand out.
fn examples(text: &str) -> String {
    let styled = text.lines().enumerate().map(|(no, line)| {
        let style = match line.trim_start().starts_with("sanlian") {
            true => LITERAL,
            false if no == 0 => HEADING,
            false => Style::new(),
        };
        format!("{style}{line}{style:#}")
    });
    styled.collect::<Vec<_>>().join("\n")
}

/// Columns that a text takes on a terminal.
fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// Columns of a character: two for those of Chinese, and their punctuation.
fn columns(c: char) -> usize {
    match c {
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' => 2,
        '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' => 2,
        '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Whether a line may not begin with a character: punctuation that closes.
fn stays_behind(c: char) -> bool {
    "，。、；：！？）》”’".contains(c)
}

/// A text broken to lines of [`WIDTH`] columns, those behind the first indented; broken between words and between wide characters.
fn wrapped(text: &str, indent: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut line = " ".repeat(indent);
    let mut used = indent;
    for piece in pieces(text) {
        let wide = width(piece.trim_end());
        if used + wide > WIDTH && used > indent {
            lines.push(line.trim_end().to_owned());
            line = " ".repeat(indent);
            used = indent;
        }
        line.push_str(piece);
        used += width(piece);
    }
    lines.push(line.trim_end().to_owned());
    lines.join("\n")
}

/// The pieces between which a text may be broken.
fn pieces(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let (mut from, mut before) = (0, None::<char>);
    let mut in_brackets = false;
    for (at, c) in text.char_indices() {
        let breaks = match before {
            None => false,
            // what an option may be stays together
            _ if in_brackets => false,
            Some(' ') => true,
            Some(b) => {
                (columns(b) == 2 || columns(c) == 2) && !stays_behind(c) && !"（《“‘".contains(b)
            }
        };
        if breaks {
            all.extend(text.get(from..at));
            from = at;
        }
        in_brackets = c == '[' || in_brackets && c != ']';
        before = Some(c);
    }
    all.extend(text.get(from..));
    all
}
