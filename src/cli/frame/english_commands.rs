//! What each command does, in English.

/// Commands by their path.
pub(super) const COMMANDS: &[(&str, &str)] = &[
    (
        "",
        "sanlian: an electronic record becomes paper that is signed and stamped, with a signed mark on every page",
    ),
    (
        "new",
        "Begin a submission: a blank workbook, folders for photos and videos",
    ),
    (
        "check",
        "Check: list every fault at once, with sheet, cell and remedy",
    ),
    ("schema", "Show the JSON Schema of submission.json"),
    (
        "make",
        "Make everything that is printed, with a signed mark on every page",
    ),
    (
        "pack",
        "Put record, attachments and all forms into one signed package",
    ),
    (
        "gather",
        "Gather submissions and packages of several units into one, photos and videos along; again when one of them is corrected",
    ),
    (
        "demo",
        "Make an invented submission, and all of its paper from it",
    ),
    (
        "receive",
        "Receive scans, digits of a scanner and typed codes: an answer for every page, kept in the ledger",
    ),
    (
        "receive digits",
        "Read digits of a scanner and typed codes from stdin, a page a line",
    ),
    (
        "receive scan",
        "Receive scans: read the marks of each page, hold them against the record, keep the answer",
    ),
    (
        "receive package",
        "Receive packages: verify signature, checksums and sizes, enter the versions and the pages issued",
    ),
    (
        "receive seal",
        "Enter that the official seal was seen on a copy, or on all copies of a record",
    ),
    (
        "tray",
        "Pages that were not read and wait for a person: list them, write their pictures, close them",
    ),
    (
        "tray close",
        "Close a page: say what was done, or give the code that is printed on it",
    ),
    (
        "status",
        "What came in: copies and pages of each unit, what is missing, stale or late",
    ),
    (
        "missing",
        "Units that lack something, whom to telephone, and what they lack",
    ),
    ("slip", "A receipt for a unit, as PDF"),
    (
        "find",
        "Find records by id number, telephone number or name; numbers are veiled",
    ),
    (
        "void",
        "Void a print or one of its copies: scanned later, it is answered as void",
    ),
    (
        "roster",
        "The units that are expected: take a list in, or show it",
    ),
    (
        "roster import",
        "Take a list in: a unit a line, with channel, contact and telephone where known; needs --campaign",
    ),
    (
        "roster list",
        "Show the units that are expected, and what came of each",
    ),
    (
        "scan",
        "Read the marks on the pages of JPEG, PNG, TIFF and PDF files, and whether their signatures hold",
    ),
    (
        "verify",
        "Say what a mark is (235 digits, or a file with them), and whether its signature holds",
    ),
    (
        "bind",
        "Find where each field goes in an organiser's blank form, as a file that a person corrects",
    ),
    (
        "fill",
        "Fill an organiser's blank form by a binding, a form for each candidate",
    ),
    ("read", "Read filled forms back as a submission"),
    (
        "diff",
        "Which fields of a filled form differ from the submission",
    ),
    (
        "serve",
        "The service for browsers: units fill in, the desk receives, everyone sees what came",
    ),
    (
        "config",
        "Settings of the service: check them, show an example, systemd and container files",
    ),
    (
        "config check",
        "Check a file of settings and the environment, and show what the service would use",
    ),
    ("config example", "Show an example of a file of settings"),
    ("config systemd", "Show a unit file for systemd"),
    ("config container", "Show a Containerfile"),
    (
        "init",
        "Make a new ledger, once, before a desk receives; one that is there is left alone",
    ),
    ("key", "Keys: renew, export, trust, revoke, list"),
    (
        "key new",
        "Make a new signing key: the one before retires, old marks stay good, record numbers stay",
    ),
    (
        "key export",
        "Export the public key of this unit, for the receiving desk",
    ),
    (
        "key trust",
        "Trust a public key, between two times if wanted",
    ),
    (
        "key revoke",
        "Revoke a key: marks that it signed from a time on are no longer trusted",
    ),
    ("key list", "List all keys"),
    (
        "account",
        "Accounts of the service: list them, and reset one whose owner cannot come in any more",
    ),
    ("account list", "List all accounts of the service"),
    (
        "account reset",
        "Give an account a new password for one entry and let it be tried again; its sessions and tokens end",
    ),
    (
        "backup",
        "Back up ledger and files, while the desk works too; keys are kept apart",
    ),
    (
        "restore",
        "Make a data folder out of a backup, each checksum verified",
    ),
    (
        "migrate",
        "Move the ledger to PostgreSQL or back into its file, the objects to an object store or back into the data folder",
    ),
    (
        "fsck",
        "Whether every object (attachments, pictures of scans) that the ledger names is there and undamaged",
    ),
    (
        "audit",
        "The audit log: whether it was altered, or what stands in it",
    ),
    (
        "audit verify",
        "Whether each row follows from the one before; the row where it breaks",
    ),
    (
        "audit list",
        "When, what and with which result; no personal data",
    ),
    (
        "export",
        "Hand over all that is held of a campaign, a unit or a person, unveiled",
    ),
    (
        "erase",
        "Erase personal data when their time is over or the person asks; numbers, digests and receipts stay",
    ),
    ("campaigns", "List the campaigns, and check their templates"),
    ("codes", "List all codes of findings"),
    (
        "help",
        "Explain a command: help check is the same as check --help",
    ),
    ("completions", "Write the completions of a shell"),
    (
        "man",
        "Write the manual: sanlian(1) to stdout, or a page for every command into a folder",
    ),
];
