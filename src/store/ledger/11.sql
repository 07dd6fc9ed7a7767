-- The roster tells whom to telephone at a unit of which nothing came: sealed by the vault as a unit's contact is, empty where not
-- known. And the values of one record are found without walking the whole blind index.
ALTER TABLE roster ADD COLUMN contact BLOB NOT NULL DEFAULT x'';
CREATE INDEX lookup_record ON lookup (record);
