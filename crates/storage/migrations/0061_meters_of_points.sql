-- A point of a logger's device may be a meter of its own, such as an input of a pulse counter.

ALTER TABLE acquisuite_loggers
    ADD COLUMN point_meters jsonb NOT NULL DEFAULT '{}',
    ADD CONSTRAINT acquisuite_loggers_point_meters_form CHECK (jsonb_typeof(point_meters) = 'object');

COMMENT ON COLUMN acquisuite_loggers.point_meters IS 'by device address and point: the value of a reading that the point is to a meter of its own';

ALTER TABLE acquisuite_devices
    ADD COLUMN point smallint,
    DROP CONSTRAINT acquisuite_devices_pkey,
    ADD CONSTRAINT acquisuite_devices_feed_key    UNIQUE NULLS NOT DISTINCT (serial_number, address, point),
    ADD CONSTRAINT acquisuite_devices_point_range CHECK (point BETWEEN 0 AND 999);

COMMENT ON COLUMN acquisuite_devices.point IS 'NULL for the meter of the device as a whole';
