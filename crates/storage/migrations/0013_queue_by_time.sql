-- The rollup takes what is oldest first; a world brings months at once.

CREATE INDEX rollup_queue_time_idx ON rollup_queue (bucket_start, meter_id);
