-- What passed meters at each price, or while they exported, is summed up of all quarter-hours of a month, whose rows say
-- twenty times as much: they are read from the index alone.
CREATE INDEX energy_intervals_passed_idx ON energy_intervals (meter_id, bucket_start)
    INCLUDE (import_kwh, export_kwh, estimated_kwh);
