-- What is held of people beside their records.

-- Whether anything names an object.
CREATE INDEX entry_object ON entry (object);
CREATE INDEX sighting_object ON sighting (object) WHERE object IS NOT NULL;

-- A void and a change of deadline may lose their reasons, in which people may be named, and nothing else of them ever changes.
DROP TRIGGER void_stays;
CREATE TRIGGER void_stays BEFORE UPDATE ON void
WHEN NOT (new.reason = '已删除' AND new.record = old.record AND new.version = old.version AND new.minutes = old.minutes
    AND new.copy = old.copy AND new.at = old.at)
BEGIN SELECT RAISE(ABORT, 'a void never changes'); END;
DROP TRIGGER deadline_stays;
CREATE TRIGGER deadline_stays BEFORE UPDATE ON deadline
WHEN NOT (new.reason = '已删除' AND new.no = old.no AND new.campaign = old.campaign AND new.day = old.day AND new.at = old.at)
BEGIN SELECT RAISE(ABORT, 'a change of deadline stays'); END;
