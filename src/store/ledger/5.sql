-- Notices of the organiser to the units of a campaign.

-- everyone: to all units of the campaign's roster; else those of notice_to.
CREATE TABLE notice (
    no        INTEGER PRIMARY KEY,
    campaign  TEXT NOT NULL,
    title     TEXT NOT NULL,
    body      TEXT NOT NULL,
    at        INTEGER NOT NULL,
    author    TEXT NOT NULL,
    everyone  INTEGER NOT NULL,
    withdrawn INTEGER
) STRICT;

CREATE TABLE notice_to (
    notice INTEGER NOT NULL REFERENCES notice (no),
    roster INTEGER NOT NULL REFERENCES roster (no),
    PRIMARY KEY (notice, roster)
) STRICT, WITHOUT ROWID;

-- Who has read it, for which unit, and when first.
CREATE TABLE notice_read (
    notice  INTEGER NOT NULL REFERENCES notice (no),
    account INTEGER NOT NULL REFERENCES account (no),
    roster  INTEGER NOT NULL REFERENCES roster (no),
    at      INTEGER NOT NULL,
    PRIMARY KEY (notice, account)
) STRICT, WITHOUT ROWID;
