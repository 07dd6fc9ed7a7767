-- Campaigns as the organiser runs them.

-- An uploaded campaign: its text files as JSON, pairs of path and text. The highest version counts; earlier ones are kept,
-- since records name the version that they were made with.
CREATE TABLE template (
    campaign TEXT NOT NULL,
    version  INTEGER NOT NULL,
    files    TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (campaign, version)
) STRICT, WITHOUT ROWID;

-- A deadline that the organiser changed, `2021-06-01`; the last row of a campaign counts.
CREATE TABLE deadline (
    no       INTEGER PRIMARY KEY,
    campaign TEXT NOT NULL,
    day      TEXT NOT NULL,
    at       INTEGER NOT NULL,
    reason   TEXT NOT NULL
) STRICT;

CREATE TRIGGER template_stays BEFORE UPDATE ON template BEGIN SELECT RAISE(ABORT, 'a template never changes'); END;
CREATE TRIGGER template_is_kept BEFORE DELETE ON template BEGIN SELECT RAISE(ABORT, 'a template is never removed'); END;
CREATE TRIGGER deadline_stays BEFORE UPDATE ON deadline BEGIN SELECT RAISE(ABORT, 'a change of deadline stays'); END;
CREATE TRIGGER deadline_is_kept BEFORE DELETE ON deadline BEGIN SELECT RAISE(ABORT, 'a change of deadline stays'); END;
