-- Wrong passwords since the last right one, by the SHA-256 of the name that was typed and the address that they came from; an empty
-- address stands for all of them. locked: until when nobody gets in from there, 0 where it is open. at: the last of them.
CREATE TABLE attempt (
    name   BLOB NOT NULL CHECK (length(name) = 32),
    source TEXT NOT NULL,
    failed INTEGER NOT NULL,
    locked INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (name, source)
) STRICT, WITHOUT ROWID;
