-- What ingest leaves beside the readings: differing repeats, refused readings, quarter-hours to redo.

CREATE TABLE reading_conflicts (
    meter_id    bigint      NOT NULL,
    "timestamp" timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    quality     text        NOT NULL,
    source      text        NOT NULL,
    "values"    jsonb       NOT NULL,
    digest      uuid        NOT NULL GENERATED ALWAYS AS (md5("values"::text)::uuid) STORED,

    CONSTRAINT reading_conflicts_pkey PRIMARY KEY (meter_id, "timestamp", digest)
);

COMMENT ON TABLE  reading_conflicts IS 'Readings for a stored key with other values: kept, never stored over the first.';
COMMENT ON COLUMN reading_conflicts."values" IS 'the values by their JSON names';
COMMENT ON COLUMN reading_conflicts.digest IS 'of the values: the same conflict, delivered again, is kept once';

CREATE TABLE rollup_queue (
    meter_id     bigint      NOT NULL,
    bucket_start timestamptz NOT NULL,

    CONSTRAINT rollup_queue_pkey PRIMARY KEY (meter_id, bucket_start)
);

COMMENT ON TABLE  rollup_queue IS 'Quarter-hours with new readings.';
COMMENT ON COLUMN rollup_queue.bucket_start IS 'start of the quarter-hour, UTC';

CREATE TABLE refused_readings (
    meter_id bigint      NOT NULL,
    hour     timestamptz NOT NULL,
    source   text        NOT NULL,
    reason   text        NOT NULL,
    count    bigint      NOT NULL,
    last_at  timestamptz NOT NULL,
    detail   text        NOT NULL,

    CONSTRAINT refused_readings_pkey        PRIMARY KEY (meter_id, hour, source, reason),
    CONSTRAINT refused_readings_count_range CHECK (count > 0)
);

COMMENT ON TABLE  refused_readings IS 'Readings that ingest refused, counted by hour.';
COMMENT ON COLUMN refused_readings.meter_id IS '0 where the meter is not known';
COMMENT ON COLUMN refused_readings.last_at IS 'when the latest of them was refused';
COMMENT ON COLUMN refused_readings.detail IS 'the message of the latest of them';
