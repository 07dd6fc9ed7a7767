-- The service: who may come in, which units are expected, and what was taken back at the desk.

-- A unit that the organiser expects in a campaign, by the name that its papers must bear.
CREATE TABLE roster (
    no       INTEGER PRIMARY KEY,
    campaign TEXT NOT NULL,
    name     TEXT NOT NULL,
    channel  TEXT NOT NULL,
    UNIQUE (campaign, name)
) STRICT;

-- role: admin, clerk, unit, reader; roster: the unit of a secretary. password: argon2id in PHC form, empty until the first one
-- is set; once: it must be changed at the next entry.
CREATE TABLE account (
    no       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    role     TEXT NOT NULL,
    roster   INTEGER REFERENCES roster (no),
    password TEXT NOT NULL,
    once     INTEGER NOT NULL,
    failed   INTEGER NOT NULL,
    locked   INTEGER NOT NULL,
    closed   INTEGER NOT NULL,
    CHECK ((role = 'unit') = (roster IS NOT NULL))
) STRICT;

-- token: SHA-256 of what the browser keeps. A token of a program has a name and scopes, a session of a browser has neither.
CREATE TABLE session (
    token   BLOB PRIMARY KEY CHECK (length(token) = 32),
    account INTEGER NOT NULL REFERENCES account (no),
    began   INTEGER NOT NULL,
    seen    INTEGER NOT NULL,
    name    TEXT NOT NULL,
    scopes  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (account);

-- A link that makes the first administrator.
CREATE TABLE invite (
    token BLOB PRIMARY KEY CHECK (length(token) = 32),
    until INTEGER NOT NULL,
    used  INTEGER
) STRICT, WITHOUT ROWID;

-- A scan that was taken back: the sheet counts no more through it.
CREATE TABLE retract (
    sighting INTEGER PRIMARY KEY REFERENCES sighting (no),
    at       INTEGER NOT NULL
) STRICT;

CREATE TRIGGER retract_stays BEFORE UPDATE ON retract BEGIN SELECT RAISE(ABORT, 'what was taken back stays so'); END;
CREATE TRIGGER retract_is_kept BEFORE DELETE ON retract BEGIN SELECT RAISE(ABORT, 'what was taken back stays so'); END;
