-- The second step of coming in (RFC 6238).

-- secret: sealed by the vault; last: the last time step that was used, so that no code holds twice; confirmed: 0 until a first code was right.
CREATE TABLE second_step (
    account   INTEGER PRIMARY KEY REFERENCES account (no),
    secret    BLOB NOT NULL,
    last      INTEGER NOT NULL,
    confirmed INTEGER NOT NULL
) STRICT;

-- Codes for somebody whose telephone is lost, as blind indices; each goes when it is used.
CREATE TABLE recovery_code (
    account INTEGER NOT NULL REFERENCES account (no),
    code    BLOB NOT NULL,
    PRIMARY KEY (account, code)
) STRICT, WITHOUT ROWID;
