-- A step beyond the rated power goes on over hours. A run that goes again through its beginning alone does not say
-- less of it than is known already.
ALTER TABLE quarantine ADD COLUMN last_at timestamptz;
COMMENT ON COLUMN quarantine.last_at IS 'the last reading that is part of the step; none where it was found before this was kept';
