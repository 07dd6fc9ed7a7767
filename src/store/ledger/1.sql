-- The ledger. Times are seconds since 1970 UTC; references 8 bytes, digests 32 (12 in marks), marks 96 bytes.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A recommending unit in one campaign. begun: its name when its record book was begun, of which references are made;
-- contact: whom to telephone, sealed by the vault, empty where not known.
CREATE TABLE unit (
    no       INTEGER PRIMARY KEY,
    campaign TEXT NOT NULL,
    begun    TEXT NOT NULL,
    name     TEXT NOT NULL,
    channel  TEXT NOT NULL,
    key      TEXT NOT NULL,
    contact  BLOB NOT NULL,
    UNIQUE (campaign, begun, key)
) STRICT;

CREATE TABLE record (
    reference BLOB PRIMARY KEY CHECK (length(reference) = 8),
    place     INTEGER NOT NULL,
    unit      INTEGER NOT NULL REFERENCES unit (no),
    kind      INTEGER NOT NULL,
    name      TEXT NOT NULL,
    latest    INTEGER NOT NULL,
    withdrawn INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX record_unit ON record (unit, place);

-- contents: JSON of the values, sealed by the vault; issued_at: RFC 3339, to the nanosecond, as in the record book.
CREATE TABLE version (
    record    BLOB NOT NULL REFERENCES record (reference),
    number    INTEGER NOT NULL,
    template  INTEGER NOT NULL,
    digest    BLOB NOT NULL CHECK (length(digest) = 32),
    issued_at TEXT NOT NULL,
    copies    INTEGER NOT NULL,
    contents  BLOB NOT NULL,
    PRIMARY KEY (record, number)
) STRICT, WITHOUT ROWID;

-- Blind index of id numbers and phones.
CREATE TABLE lookup (
    blind  BLOB NOT NULL,
    record BLOB NOT NULL REFERENCES record (reference),
    field  TEXT NOT NULL,
    PRIMARY KEY (blind, record, field)
) STRICT, WITHOUT ROWID;

-- A print of a record version.
CREATE TABLE issue (
    no      INTEGER PRIMARY KEY,
    record  BLOB NOT NULL REFERENCES record (reference),
    version INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    key     INTEGER NOT NULL,
    copies  INTEGER NOT NULL,
    pages   INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    UNIQUE (record, version, minutes)
) STRICT;

-- One issued sheet. human: 55 bits of the code under the mark; modules: the QR code, one bit a module, side first.
CREATE TABLE sheet (
    mark    BLOB PRIMARY KEY CHECK (length(mark) = 96),
    issue   INTEGER NOT NULL REFERENCES issue (no),
    copy    INTEGER NOT NULL,
    page    INTEGER NOT NULL,
    human   INTEGER NOT NULL,
    modules BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sheet_issue ON sheet (issue, copy, page);
CREATE INDEX sheet_human ON sheet (human);

-- A voided issue, or one copy of it (copy 0: all). By record, version and minute, so that a print that the ledger has not
-- seen yet can be voided too.
CREATE TABLE void (
    record  BLOB NOT NULL,
    version INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    copy    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    reason  TEXT NOT NULL,
    PRIMARY KEY (record, version, minutes, copy)
) STRICT, WITHOUT ROWID;

-- A sheet that was received: one row for each mark, however often it is seen.
CREATE TABLE receipt (
    no      INTEGER PRIMARY KEY,
    mark    BLOB NOT NULL UNIQUE CHECK (length(mark) = 96),
    record  BLOB NOT NULL,
    version INTEGER NOT NULL,
    copy    INTEGER NOT NULL,
    page    INTEGER NOT NULL,
    pages   INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    digest  BLOB NOT NULL,
    at      INTEGER NOT NULL,
    how     TEXT NOT NULL
) STRICT;
CREATE INDEX receipt_record ON receipt (record);

-- Every time that something was put before the desk, with the answer that it got. source: what makes the same scan of the
-- same page harmless; object: picture of a page that was not read.
CREATE TABLE sighting (
    no      INTEGER PRIMARY KEY,
    source  TEXT NOT NULL UNIQUE,
    receipt INTEGER REFERENCES receipt (no),
    at      INTEGER NOT NULL,
    how     TEXT NOT NULL,
    mark    BLOB,
    verdict TEXT NOT NULL,
    reason  TEXT NOT NULL,
    name    TEXT NOT NULL,
    object  BLOB
) STRICT;
CREATE INDEX sighting_receipt ON sighting (receipt);
CREATE INDEX sighting_mark ON sighting (mark) WHERE receipt IS NULL;
CREATE INDEX sighting_verdict ON sighting (verdict) WHERE receipt IS NULL;

-- What became of a page in the review tray.
CREATE TABLE review (
    sighting INTEGER PRIMARY KEY REFERENCES sighting (no),
    at       INTEGER NOT NULL,
    outcome  TEXT NOT NULL
) STRICT;

-- Copies on which the clerk saw the official seal; the last row of a copy counts.
CREATE TABLE seal (
    no      INTEGER PRIMARY KEY,
    record  BLOB NOT NULL,
    version INTEGER NOT NULL,
    copy    INTEGER NOT NULL,
    present INTEGER NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX seal_record ON seal (record);

-- A package that was received.
CREATE TABLE package (
    sha256   BLOB PRIMARY KEY CHECK (length(sha256) = 32),
    campaign TEXT NOT NULL,
    unit     INTEGER NOT NULL REFERENCES unit (no),
    made_at  INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    name     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a package held beside the records; object: where it is kept.
CREATE TABLE entry (
    package BLOB NOT NULL REFERENCES package (sha256),
    name    TEXT NOT NULL,
    role    TEXT NOT NULL,
    record  BLOB,
    size    INTEGER NOT NULL,
    object  BLOB NOT NULL CHECK (length(object) = 32),
    PRIMARY KEY (package, name)
) STRICT, WITHOUT ROWID;

-- Who did what: a hash chain. hash: SHA-256 over the hash before and this row.
CREATE TABLE audit (
    no      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    act     TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail  TEXT NOT NULL,
    hash    BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TRIGGER version_stays BEFORE UPDATE ON version BEGIN SELECT RAISE(ABORT, 'a version never changes'); END;
CREATE TRIGGER version_is_kept BEFORE DELETE ON version BEGIN SELECT RAISE(ABORT, 'a version is never removed'); END;
CREATE TRIGGER record_is_kept BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'a record is never removed'); END;
CREATE TRIGGER sheet_stays BEFORE UPDATE ON sheet BEGIN SELECT RAISE(ABORT, 'an issued sheet never changes'); END;
CREATE TRIGGER sheet_is_kept BEFORE DELETE ON sheet BEGIN SELECT RAISE(ABORT, 'an issued sheet is never removed'); END;
CREATE TRIGGER void_stays BEFORE UPDATE ON void BEGIN SELECT RAISE(ABORT, 'a void never changes'); END;
CREATE TRIGGER void_is_kept BEFORE DELETE ON void BEGIN SELECT RAISE(ABORT, 'a void is never removed'); END;
CREATE TRIGGER receipt_stays BEFORE UPDATE ON receipt BEGIN SELECT RAISE(ABORT, 'a receipt never changes'); END;
CREATE TRIGGER receipt_is_kept BEFORE DELETE ON receipt BEGIN SELECT RAISE(ABORT, 'a receipt is never removed'); END;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log never changes'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is never cut'); END;
