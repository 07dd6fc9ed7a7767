-- Pages that left the tray because the sheet was received otherwise.

-- by: the sighting through which the sheet was received; where that is taken back, the page waits again.
ALTER TABLE review ADD COLUMN by INTEGER REFERENCES sighting (no);
