-- A seal is seen on paper: on the print that lay on the desk, by its time of issue in minutes. A later print of the same copy is other
-- paper. Rows of earlier programs do not say it; they count where a print that is in force was here by then.
ALTER TABLE seal ADD COLUMN minutes INTEGER;
