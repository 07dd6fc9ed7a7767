-- Clocks that are set back: whether the desk's clock stood before something that had been put before it already.
ALTER TABLE sighting ADD COLUMN behind INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sighting_at ON sighting (at);
