-- What was said of a refused reading is kept with its code and what stands in it, so that it is put into
-- words where it is read.

ALTER TABLE refused_readings ALTER COLUMN detail TYPE jsonb
    USING jsonb_build_object('code', 'foreign', 'message', detail);
COMMENT ON COLUMN refused_readings.detail IS 'what was said of the latest of them: code, params, message';
