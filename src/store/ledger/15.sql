-- Blank forms of the organiser for a campaign: the form, its binding as it was found, where its places lie on its pages (JSON), the pages as
-- pictures, and what a person decided of each place. They hold no data of anybody.
CREATE TABLE blank_form (
    no        INTEGER PRIMARY KEY,
    campaign  TEXT NOT NULL,
    name      TEXT NOT NULL,
    form      BLOB NOT NULL,
    binding   TEXT NOT NULL,
    seen      TEXT NOT NULL,
    at        INTEGER NOT NULL,
    withdrawn INTEGER
) STRICT;

CREATE TABLE blank_page (
    form INTEGER NOT NULL REFERENCES blank_form (no),
    page INTEGER NOT NULL,
    png  BLOB NOT NULL,
    PRIMARY KEY (form, page)
) STRICT, WITHOUT ROWID;

CREATE TABLE blank_choice (
    form   INTEGER NOT NULL REFERENCES blank_form (no),
    place  INTEGER NOT NULL,
    choice TEXT NOT NULL,
    PRIMARY KEY (form, place)
) STRICT, WITHOUT ROWID;
