-- Terms of derived meters hold for a time, and lines of loggers that contradict are counted as such.

ALTER TABLE virtual_meters
    DROP CONSTRAINT virtual_meters_pkey,
    ADD COLUMN valid_from timestamptz NOT NULL DEFAULT '-infinity',
    ADD COLUMN valid_to   timestamptz NOT NULL DEFAULT 'infinity',
    ADD CONSTRAINT virtual_meters_pkey        PRIMARY KEY (meter_id, valid_from, input_id),
    ADD CONSTRAINT virtual_meters_valid_order CHECK (valid_from < valid_to);

COMMENT ON COLUMN virtual_meters.valid_from IS 'what the meter shows after this is computed with the term; all terms of a meter change together';
COMMENT ON COLUMN virtual_meters.valid_to IS 'up to this; infinity while it holds';

ALTER TABLE acquisuite_loggers ALTER COLUMN password_hash DROP NOT NULL;

COMMENT ON COLUMN acquisuite_loggers.password_hash IS 'argon2id, as a PHC string; NULL lets nobody in until a password is entered';

ALTER TABLE acquisuite_activity ADD COLUMN conflicting bigint NOT NULL DEFAULT 0;

COMMENT ON COLUMN acquisuite_activity.repeated IS 'lines that were stored before';
COMMENT ON COLUMN acquisuite_activity.conflicting IS 'lines whose time had another reading already';

ALTER TABLE acquisuite_files DROP COLUMN received_at;
