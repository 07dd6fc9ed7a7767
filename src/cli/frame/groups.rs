//! The groups of commands in the help of the program, and the headings under which options stand.

use clap::Arg;

use super::language::Language;

/// A group of commands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    /// Its Chinese heading.
    pub(crate) chinese: &'static str,
    /// Its English heading.
    pub(crate) english: &'static str,
    /// The names of its commands, in the order in which they are shown.
    pub(crate) commands: &'static [&'static str],
}

/// The groups in the order of a campaign: from the workbook to the archive.
pub(crate) const GROUPS: [Group; 6] = [
    Group {
        chinese: "填报",
        english: "Filling in",
        commands: &["new", "check", "schema"],
    },
    Group {
        chinese: "制作",
        english: "Making",
        commands: &["make", "pack", "gather", "demo"],
    },
    Group {
        chinese: "收件",
        english: "Receiving",
        commands: &[
            "receive", "tray", "status", "missing", "slip", "find", "void", "roster", "scan",
            "verify",
        ],
    },
    Group {
        chinese: "主办单位表",
        english: "The organiser's forms",
        commands: &["bind", "fill", "read", "diff"],
    },
    Group {
        chinese: "服务",
        english: "Service",
        commands: &["serve", "config"],
    },
    Group {
        chinese: "管理",
        english: "Administration",
        commands: &[
            "init",
            "key",
            "account",
            "backup",
            "restore",
            "migrate",
            "fsck",
            "audit",
            "export",
            "erase",
            "campaigns",
            "codes",
            "help",
            "completions",
            "man",
        ],
    },
];

/// Options that say where things lie and as of when; the same in many commands.
const PLACES: [&str; 7] = [
    "data",
    "keys",
    "campaign",
    "templates",
    "font_dir",
    "book",
    "now",
];

/// Options that every command has.
const GENERAL: [&str; 5] = ["lang", "color", "quiet", "help", "version"];

/// The heading under which an argument stands.
pub(super) fn heading(arg: &Arg, language: Language) -> &'static str {
    let id = arg.get_id().as_str();
    let chinese = language == Language::Chinese;
    if arg.is_positional() {
        return if chinese { "参数" } else { "Arguments" };
    }
    match (GENERAL.contains(&id), PLACES.contains(&id), chinese) {
        (true, _, true) => "通用选项",
        (true, _, false) => "General options",
        (_, true, true) => "活动、目录和时刻",
        (_, true, false) => "Campaign, folders and time",
        (false, false, true) => "选项",
        (false, false, false) => "Options",
    }
}

/// Headings in the order in which they stand.
pub(super) fn headings(language: Language) -> [&'static str; 4] {
    match language {
        Language::Chinese => ["参数", "选项", "活动、目录和时刻", "通用选项"],
        Language::English => [
            "Arguments",
            "Options",
            "Campaign, folders and time",
            "General options",
        ],
    }
}
