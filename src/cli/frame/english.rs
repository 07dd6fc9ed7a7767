//! What the commands and their options are, in English; Chinese stands beside the arguments. A test asks for each of them.

use super::english_commands::COMMANDS;

/// Arguments, by the path of their command where what they are differs from command to command, else by themselves.
const ARGUMENTS: &[(&str, &str)] = &[
    (
        "--copy",
        "Copy the templates of a campaign as a draft of a new one: the campaign, and the id of the new one; -o names the folder of templates",
    ),
    (
        "--year",
        "Year of the new campaign; without it the four digits at the end of its id",
    ),
    (
        "--lang",
        "Language of help and of faults in arguments; by default as LC_ALL, LC_MESSAGES or LANG say: English for en_*, else Chinese",
    ),
    (
        "--color",
        "Colour: auto means on a terminal, unless NO_COLOR is set",
    ),
    ("--quiet", "Say nothing but errors on stderr"),
    ("--help", "Print help"),
    ("--version", "Print version"),
    ("--json", "Write JSON"),
    (
        "--templates",
        "Folder of more campaigns: each folder in it is one, and stands before a built-in one of its name",
    ),
    (
        "--data",
        "Data folder (the ledger); by default SANLIAN_DATA",
    ),
    (
        "--keys",
        "Key folder; by default sanlian/keys in the user's configuration folder",
    ),
    ("--campaign", "Campaign; by default what the material says"),
    ("--now", "As of this time (RFC 3339); by default now"),
    ("--font-dir", "Folder of more fonts"),
    (
        "--book",
        "Record book; by default records.json in the submission",
    ),
    (
        "--threads",
        "Pages that are read at once; by default one for each core",
    ),
    ("--out", "Write into a file; by default to stdout"),
    (
        "<submission>",
        "Folder of the submission, or a workbook or submission.json in it",
    ),
    ("<files>", "Filled forms (.docx, .xlsx)"),
    ("<form>", "Blank form (.docx or .xlsx)"),
    (
        "bind --preview",
        "Its pages with a numbered box in colour on every place, and what goes there, as PDF; needs LibreOffice",
    ),
    (
        "bind --replace",
        "Replace the binding at --out even where a person has confirmed or edited places in it",
    ),
    (
        "bind --from",
        "Binding of last year's form that was looked at: the same blanks stand as they were, only differences are asked",
    ),
    (
        "--binding",
        "File of the binding; not needed for a form with content controls that sanlian fill has filled",
    ),
    (
        "gather <sources>",
        "Submission folders and packages of the units",
    ),
    (
        "gather --out",
        "The submission folder that is gathered into: new, or gathered before",
    ),
    (
        "gather --campaign",
        "Campaign, such as hebei-zuimei-2021; not needed for a folder that is there",
    ),
    ("gather --channel", "Channel of the office that gathers"),
    ("gather --unit", "Full name of the office that gathers"),
    (
        "gather --select",
        "These people alone, in this order: names with commas between them",
    ),
    (
        "gather --keys",
        "Key folder: the public keys that are trusted; by default sanlian/keys in the user’s configuration folder",
    ),
    ("new <campaign>", "Campaign, such as hebei-zuimei-2021"),
    ("new <dir>", "The folder that is made"),
    (
        "new --channel",
        "Channel: its code, name or an alias, such as city",
    ),
    (
        "new --cards",
        "For few candidates: a card (a sheet) for each, labels beside blanks and lists below; N is how many",
    ),
    ("new --unit", "Full name of the unit"),
    (
        "check --marked",
        "Give the workbook back with its faults marked: red cells, comments, a column of faults; --out does the same",
    ),
    ("schema <campaign>", "Campaign"),
    (
        "make --out",
        "Output folder; one that is there is replaced only by a complete new one. By default beside the submission, its name with “-纸质件” behind it",
    ),
    (
        "make --draft",
        "A draft: made in spite of faults, “draft” on every page, no marks",
    ),
    (
        "make --papers",
        "The papers around the submission alone (public list, letters to departments, covering letter): before the rest is complete; no key, no marks",
    ),
    ("pack --out", "The package"),
    (
        "pack --paper",
        "Output folder of make: pack the files that were printed; by default they are made anew",
    ),
    (
        "pack --no-videos",
        "Leave the videos out; they are sent apart",
    ),
    (
        "demo --out",
        "Output folder: submission/ the submission, paper/ the paper, keys/ keys of its own",
    ),
    ("demo --campaign", "Campaign"),
    (
        "demo --now",
        "As of this time (RFC 3339); by default now, or four days before the deadline once that is over",
    ),
    (
        "serve --campaign",
        "Campaign; by default the one chosen on the pages, else hebei-zuimei-2021 as for demo, schema and bind",
    ),
    (
        "demo --keys",
        "Another key folder for the demo; by default keys in the output folder, never the user's own",
    ),
    (
        "receive digits --session",
        "Name of this batch: the same name with the same contents is not received twice; by default each run is a batch",
    ),
    ("receive digits --json", "JSON, a page a line"),
    (
        "receive scan <files>",
        "Scans: JPEG, PNG, TIFF, PDF, or folders of them",
    ),
    ("receive scan --json", "JSON, a page a line"),
    ("receive package <files>", "Packages"),
    ("receive package --json", "JSON, a package a line"),
    (
        "receive seal <targets>",
        "Digits of a mark, typed code, or record number",
    ),
    ("receive seal --missing", "The seal is missing"),
    (
        "tray --out",
        "Write the pictures of the pages into this folder (PNG); no file is overwritten",
    ),
    ("tray close <no>", "Number in the tray, see sanlian tray"),
    ("tray close --outcome", "What was done with it"),
    (
        "tray close --code",
        "Code (12 digits) or digits of the mark on the page: receive it by them and close it",
    ),
    (
        "status --unit",
        "Full name of a unit or a part of it; by default all units",
    ),
    (
        "missing --phones",
        "Telephone numbers in full; the audit log notes it",
    ),
    ("slip <unit>", "Full name of a unit or a part of it"),
    (
        "slip --out",
        "Output file; by default in the working folder, called after the unit",
    ),
    (
        "find <text>",
        "Id number or telephone number in full, or a part of a name",
    ),
    (
        "find --all",
        "Every place that holds something of the person: records, files, pictures, texts, folders, backups",
    ),
    (
        "void <target>",
        "Record number (16 digits), digits of a mark (235), or typed code (12)",
    ),
    ("void --reason", "Why"),
    ("void --copy", "Void this copy only; by default all"),
    ("roster import <file>", "The list: .xlsx, .csv or .txt"),
    (
        "scan <files>",
        "Scans: JPEG, PNG, TIFF, PDF, or folders of them",
    ),
    ("scan --json", "JSON, a page a line"),
    (
        "scan --issued",
        "A manifest.json of make (may be repeated): a damaged mark is taken for the nearest of those issued",
    ),
    (
        "scan --unread",
        "Write pictures of pages that were not read or did not verify into this folder; no file is overwritten; --out does the same",
    ),
    (
        "verify <marks>",
        "235 digits, or files with them (manifest.json, text)",
    ),
    ("bind --out", "File of the binding; by default to stdout"),
    (
        "bind --campaign",
        "Campaign; hebei-zuimei-2021 where none is named, which is told",
    ),
    ("fill --binding", "File of the binding"),
    ("fill --out", "Output folder"),
    ("fill --unmarked", "Without marks"),
    (
        "fill --accept-unsure",
        "Fill places too that are not sure and that nobody confirmed",
    ),
    ("read --out", "The submission; by default to stdout"),
    ("diff <filled>", "A form that was filled or edited"),
    (
        "serve --listen",
        "Address and port, by default 127.0.0.1:8080; for other machines 0.0.0.0:8443 with --tls-cert, or behind a proxy",
    ),
    (
        "serve --config",
        "File of settings; the command line and the environment go before it",
    ),
    (
        "serve --tls-cert",
        "Speak HTTPS: certificate in PEM, its own first, those between behind; renewed without a restart",
    ),
    (
        "serve --tls-key",
        "Private key of the certificate in PEM, without a passphrase",
    ),
    (
        "serve --database",
        "Make a new ledger on PostgreSQL: postgres://user@host:port/database, no password in it; where there is one it must be this",
    ),
    (
        "init --database",
        "Make it on PostgreSQL: postgres://user@host:port/database, no password in it: PGPASSWORD or .pgpass",
    ),
    (
        "serve --objects",
        "Objects of a new ledger in an object store: s3://bucket/folder?endpoint=https://host:port, no keys of access in it; where there is a ledger it must be this",
    ),
    (
        "init --objects",
        "Objects in an object store: s3://bucket/folder?endpoint=https://host:port, keys of access in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    ),
    (
        "serve --behind-tls",
        "Browsers come by HTTPS only (a proxy encrypts): nothing secret goes in the clear",
    ),
    (
        "serve --behind-proxy",
        "Take the client's address from X-Forwarded-For of a proxy",
    ),
    ("config check <file>", "File of settings"),
    (
        "key new --owner",
        "Full name of the unit, for the public key; by default as before",
    ),
    ("--algorithm", "Algorithm"),
    (
        "key new --now",
        "When the key before retires (RFC 3339); by default now",
    ),
    ("key trust <file>", "File of the public key"),
    (
        "key trust --owner",
        "Who holds it; by default as the file says",
    ),
    (
        "key trust --from",
        "Good from, such as 2026-01-01 (that day too)",
    ),
    (
        "key trust --until",
        "Good until, such as 2026-12-31 (that day too)",
    ),
    (
        "key trust --unit",
        "The unit that it may file for (full name); noted in ledger and audit log",
    ),
    ("key trust --data", "With --unit: the ledger"),
    ("key trust --campaign", "With --unit: the campaign"),
    (
        "key revoke <id>",
        "Key number (4 digits), or a longer beginning of its fingerprint",
    ),
    ("key revoke --since", "From when on; by default now"),
    ("key revoke --reason", "Why, in one line"),
    (
        "backup --out",
        "Folder of the backup: not there yet, empty, or an earlier backup of the same ledger",
    ),
    (
        "restore <backup>",
        "Folder of a backup, or a .zip from the pages of the service",
    ),
    (
        "restore --old-format",
        "A backup of an earlier program, which no key vouches for; only where its origin is known",
    ),
    ("migrate --from", "Data folder; by default SANLIAN_DATA"),
    (
        "migrate --to",
        "Where to: postgres://user@host:port/database (no password in it: PGPASSWORD or .pgpass), or file: back into ledger.db in the data folder",
    ),
    (
        "migrate --objects",
        "Where the objects go: s3://bucket/folder?endpoint=https://host:port&region=region (keys of access in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), or folder: back into the data folder",
    ),
    (
        "fsck --deep",
        "Read every object and hold it against its checksum; without it, only whether they are there",
    ),
    (
        "fsck --sweep",
        "Remove objects that the ledger does not name; in an object store only those older than a day",
    ),
    ("fsck --json", "The result as JSON"),
    ("account --json", "The result as JSON"),
    ("account reset <name>", "Name of the account"),
    (
        "account reset --drop-code",
        "Take the second step off as well: the telephone was lost",
    ),
    ("audit --json", "JSON, a row a line"),
    (
        "export --campaign",
        "Campaign: the material of all its units",
    ),
    (
        "erase --campaign",
        "Campaign: the material of all its units",
    ),
    (
        "export --unit",
        "Full name of a unit: its material alone, with --campaign",
    ),
    (
        "erase --unit",
        "Full name of a unit: its material alone, with --campaign",
    ),
    (
        "--record",
        "Record number (16 digits, see sanlian find): this person alone",
    ),
    (
        "export --out",
        "The .zip; personal data in it are not veiled, only the owner of the file can read it",
    ),
    (
        "erase --reason",
        "Why, 2 to 200 characters, for the audit log",
    ),
    ("erase --yes", "Erase; without it, only say what would go"),
    (
        "help <commands>",
        "Command, such as receive scan; all commands where none is named",
    ),
    ("completions <shell>", "Which shell"),
    (
        "man --out",
        "Write a page for every command into this folder; by default sanlian(1) to stdout",
    ),
];

/// What a command is.
pub(super) fn of_command(path: &str) -> Option<&'static str> {
    found(COMMANDS, path)
}

/// What an argument of a command is; `name` is `--long`, or the id of a positional one in angle brackets.
pub(super) fn of_argument(path: &str, name: &str) -> Option<&'static str> {
    found(ARGUMENTS, &format!("{path} {name}")).or_else(|| found(ARGUMENTS, name))
}

fn found(table: &[(&str, &'static str)], key: &str) -> Option<&'static str> {
    table
        .iter()
        .find(|(name, _)| *name == key)
        .map(|(_, words)| *words)
}
