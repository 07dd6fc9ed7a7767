-- Trust: which keys speak for a unit, and which key signed what was received. Verdicts by code instead of by word.

-- A public key that may file for a unit, by its fingerprint (64 hexadecimal digits); unit: the name that its record book was begun
-- with, or under which the organiser expects it. how: first (it filed the unit first), own (a later key of the same key
-- folder), entered (by the organiser). Keys are never removed: old paper stays theirs.
CREATE TABLE unit_key (
    campaign    TEXT NOT NULL,
    unit        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    at          INTEGER NOT NULL,
    how         TEXT NOT NULL CHECK (how IN ('first', 'own', 'entered')),
    PRIMARY KEY (campaign, unit, fingerprint)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER unit_key_stays BEFORE UPDATE ON unit_key BEGIN SELECT RAISE(ABORT, 'a key of a unit never changes'); END;
CREATE TRIGGER unit_key_is_kept BEFORE DELETE ON unit_key BEGIN SELECT RAISE(ABORT, 'a key of a unit is never removed'); END;

-- Fingerprint of the key that signed the mark; empty where it was received before this was kept.
ALTER TABLE receipt ADD COLUMN signer TEXT NOT NULL DEFAULT '';

-- What a mark says beside format and key (kind, record, version, copy, page, minute, digest): a page that was printed again
-- under a later key of the same unit says the same.
CREATE INDEX sheet_says ON sheet (substr(mark, 4, 29));

UPDATE sighting SET verdict = CASE verdict
    WHEN '一致' THEN 'match'
    WHEN '版本过期' THEN 'stale'
    WHEN '已作废' THEN 'void'
    WHEN '重复' THEN 'again'
    WHEN '非本活动' THEN 'foreign'
    WHEN '签名不符' THEN 'forged'
    WHEN '无法识别' THEN 'unreadable'
    WHEN '识别未验签' THEN 'unverified'
    WHEN '电子件较旧' THEN 'ahead'
    WHEN '内容不符' THEN 'differs'
    ELSE verdict END;
