-- Retention: what was erased on purpose.

-- Contents up to this version are gone; a later version is new data again.
CREATE TABLE erased (
    record  BLOB PRIMARY KEY CHECK (length(record) = 8),
    version INTEGER NOT NULL,
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Units that were erased whole: nothing is taken in from them any more.
CREATE TABLE erased_unit (
    unit INTEGER PRIMARY KEY REFERENCES unit (no),
    at   INTEGER NOT NULL
) STRICT;

-- Files and folders inside the data folder that are yet to be removed: written with the erasure, gone when they are.
CREATE TABLE remnant (
    path TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- A version may lose its contents, and nothing else of it ever changes.
DROP TRIGGER version_stays;
CREATE TRIGGER version_stays BEFORE UPDATE ON version
WHEN NOT (length(new.contents) = 0 AND new.record = old.record AND new.number = old.number AND new.template = old.template
    AND new.digest = old.digest AND new.issued_at = old.issued_at AND new.copies = old.copies)
BEGIN SELECT RAISE(ABORT, 'a version never changes'); END;
