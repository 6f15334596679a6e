-- What meters showed, month by month; and what the one way in for it leaves beside: differing repeats,
-- refusals, corrections.

-- One wide row per meter and instant, partitioned by month (UTC). No foreign key and no trigger: meters are
-- checked at ingest. Rows that plain SQL writes for a month without a partition land in the default
-- partition and are moved out later.
CREATE TABLE meter_readings (
    meter_id                     bigint      NOT NULL,
    "timestamp"                  timestamptz NOT NULL,
    received_at                  timestamptz NOT NULL DEFAULT now(),
    quality                      text        NOT NULL DEFAULT 'GOOD',
    source                       text        NOT NULL DEFAULT 'sql',
    active_power_kw              double precision,
    active_power_kw_l1           double precision,
    active_power_kw_l2           double precision,
    active_power_kw_l3           double precision,
    reactive_power_kvar          double precision,
    reactive_power_kvar_l1       double precision,
    reactive_power_kvar_l2       double precision,
    reactive_power_kvar_l3       double precision,
    apparent_power_kva           double precision,
    power_factor                 double precision,
    frequency_hz                 double precision,
    rocof_hz_s                   double precision,
    voltage_l1                   double precision,
    voltage_l2                   double precision,
    voltage_l3                   double precision,
    voltage_l12                  double precision,
    voltage_l23                  double precision,
    voltage_l31                  double precision,
    current_l1                   double precision,
    current_l2                   double precision,
    current_l3                   double precision,
    total_energy_kwh             double precision,
    energy_import_kwh            double precision,
    energy_export_kwh            double precision,
    reactive_energy_import_kvarh double precision,
    reactive_energy_export_kvarh double precision,
    diesel_consumption_liters    double precision,
    runtime_hours                double precision,

    CONSTRAINT meter_readings_pkey            PRIMARY KEY (meter_id, "timestamp"),
    CONSTRAINT meter_readings_timestamp_range CHECK ("timestamp" >= '0001-01-01 00:00:00+00' AND "timestamp" < '10000-01-01 00:00:00+00'),
    CONSTRAINT meter_readings_quality_known   CHECK (quality IN ('GOOD', 'DERIVED', 'CORRECTED', 'ESTIMATED', 'STALE', 'ERROR')),
    CONSTRAINT meter_readings_source_known    CHECK (source IN ('modbus', 'mqtt', 'http', 'api', 'sql', 'simulator', 'derived'))
) PARTITION BY RANGE ("timestamp");

CREATE INDEX meter_readings_timestamp_brin ON meter_readings USING brin ("timestamp");
CREATE INDEX meter_readings_sql_idx ON meter_readings (received_at) WHERE source = 'sql';

COMMENT ON COLUMN meter_readings."timestamp" IS 'when the values held';
COMMENT ON COLUMN meter_readings.received_at IS 'when the row was stored';
COMMENT ON COLUMN meter_readings.active_power_kw IS 'kW, import positive';
COMMENT ON COLUMN meter_readings.active_power_kw_l1 IS 'kW';
COMMENT ON COLUMN meter_readings.active_power_kw_l2 IS 'kW';
COMMENT ON COLUMN meter_readings.active_power_kw_l3 IS 'kW';
COMMENT ON COLUMN meter_readings.reactive_power_kvar IS 'kvar, inductive positive';
COMMENT ON COLUMN meter_readings.reactive_power_kvar_l1 IS 'kvar';
COMMENT ON COLUMN meter_readings.reactive_power_kvar_l2 IS 'kvar';
COMMENT ON COLUMN meter_readings.reactive_power_kvar_l3 IS 'kvar';
COMMENT ON COLUMN meter_readings.apparent_power_kva IS 'kVA';
COMMENT ON COLUMN meter_readings.power_factor IS '-1 to 1, with the sign of the active power';
COMMENT ON COLUMN meter_readings.frequency_hz IS 'Hz';
COMMENT ON COLUMN meter_readings.rocof_hz_s IS 'Hz/s, rate of change of frequency';
COMMENT ON COLUMN meter_readings.voltage_l1 IS 'V, phase 1 to neutral';
COMMENT ON COLUMN meter_readings.voltage_l2 IS 'V, phase 2 to neutral';
COMMENT ON COLUMN meter_readings.voltage_l3 IS 'V, phase 3 to neutral';
COMMENT ON COLUMN meter_readings.voltage_l12 IS 'V, phase 1 to phase 2';
COMMENT ON COLUMN meter_readings.voltage_l23 IS 'V, phase 2 to phase 3';
COMMENT ON COLUMN meter_readings.voltage_l31 IS 'V, phase 3 to phase 1';
COMMENT ON COLUMN meter_readings.current_l1 IS 'A';
COMMENT ON COLUMN meter_readings.current_l2 IS 'A';
COMMENT ON COLUMN meter_readings.current_l3 IS 'A';
COMMENT ON COLUMN meter_readings.total_energy_kwh IS 'kWh register';
COMMENT ON COLUMN meter_readings.energy_import_kwh IS 'kWh register';
COMMENT ON COLUMN meter_readings.energy_export_kwh IS 'kWh register';
COMMENT ON COLUMN meter_readings.reactive_energy_import_kvarh IS 'kvarh register';
COMMENT ON COLUMN meter_readings.reactive_energy_export_kvarh IS 'kvarh register';
COMMENT ON COLUMN meter_readings.diesel_consumption_liters IS 'L: an increment or a counter, as energy_meters.diesel_register says';
COMMENT ON COLUMN meter_readings.runtime_hours IS 'h counter';

CREATE TABLE meter_readings_default PARTITION OF meter_readings DEFAULT;

-- Makes the partition of the month (UTC) of an instant and moves that month's rows out of the default
-- partition into it. Answers whether it made one. Safe to call from several sessions at once.
--
-- A statement that was planned before such a move and waited for its lock would look for the rows where they
-- are no more: the snapshot is newer than the plan. So whoever reads is held off before it plans, which the
-- lock of the parent does. Months are made ahead as a rule, and then there is nothing to move.
CREATE FUNCTION ensure_month(parent text, moment text, partition text, instant timestamptz)
RETURNS boolean
LANGUAGE plpgsql
-- A forgotten open transaction must not stall every reader behind these locks: the rows stay readable
-- in the default partition, and the next call tries again.
SET lock_timeout = '2s'
AS $$
DECLARE
    from_utc timestamptz := date_trunc('month', instant, 'UTC');
    to_utc   timestamptz := (from_utc AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
    waiting  text := format('SELECT EXISTS (SELECT FROM %I WHERE %I >= %L AND %I < %L)',
        parent || '_default', moment, from_utc, moment, to_utc);
    is_held  boolean;
    waits    boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(parent, 0));
    -- Not to_regclass: it may answer from a cache older than the lock.
    PERFORM FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = parent::regclass AND relname = partition;
    IF FOUND THEN
        RETURN false;
    END IF;
    EXECUTE waiting INTO is_held;
    IF is_held THEN
        EXECUTE format('LOCK TABLE ONLY %I IN ACCESS EXCLUSIVE MODE', parent);
    END IF;
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent || '_default');
    EXECUTE waiting INTO waits;
    -- Rows that came between the two looks wait for the next call.
    IF waits AND NOT is_held THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition, parent);
    EXECUTE format(
        'WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO %I TABLE moved',
        parent || '_default', moment, from_utc, moment, to_utc, partition);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        parent, partition, from_utc, to_utc);
    RETURN true;
END
$$;

-- Detaches and drops the partition of the month (UTC) of an instant. Answers whether there was one.
CREATE FUNCTION drop_month(parent regclass, partition text) RETURNS boolean
LANGUAGE plpgsql
-- A forgotten open transaction must not stall everyone behind this lock: the next hour tries again.
SET lock_timeout = '2s'
AS $$
BEGIN
    PERFORM FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = parent AND relname = partition;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    EXECUTE format('ALTER TABLE %s DETACH PARTITION %I', parent, partition);
    EXECUTE format('DROP TABLE %I', partition);
    RETURN true;
END
$$;

-- Drops the partition of a month unless there is a row in it. Answers whether it was dropped.
CREATE FUNCTION drop_empty_month(parent regclass, partition text) RETURNS boolean
LANGUAGE plpgsql
-- As with drop_month: the next hour tries again.
SET lock_timeout = '2s'
AS $$
DECLARE
    is_empty boolean;
BEGIN
    PERFORM FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = parent AND relname = partition;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- Whoever writes into the month has committed before this, or writes after the partition is gone.
    EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', parent);
    EXECUTE format('SELECT NOT EXISTS (SELECT FROM %I)', partition) INTO is_empty;
    IF NOT is_empty THEN
        RETURN false;
    END IF;
    RETURN drop_month(parent, partition);
END
$$;

-- Name of the partition of the month (UTC) of an instant.
CREATE FUNCTION reading_partition(instant timestamptz) RETURNS text LANGUAGE sql IMMUTABLE
RETURN 'meter_readings_' || to_char(instant AT TIME ZONE 'UTC', 'YYYY_MM');

CREATE FUNCTION ensure_reading_partition(instant timestamptz) RETURNS boolean
LANGUAGE sql
RETURN ensure_month('meter_readings', 'timestamp', reading_partition(instant), instant);

SELECT count(ensure_reading_partition(now() + make_interval(months => offset_months)))
FROM generate_series(-24, 3) AS offset_months;

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

-- What a source that errs without end can fill is looked up by when it arrived, to be bounded and dropped.
CREATE INDEX reading_conflicts_received_idx ON reading_conflicts (meter_id, received_at);

COMMENT ON TABLE  reading_conflicts IS 'Readings for a stored key with other values: kept, never stored over the first.';
COMMENT ON COLUMN reading_conflicts."values" IS 'the values by their JSON names';
COMMENT ON COLUMN reading_conflicts.digest IS 'of the values: the same conflict, delivered again, is kept once';

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

CREATE TABLE reading_corrections (
    meter_id    bigint           NOT NULL,
    n           bigserial        NOT NULL,
    "timestamp" timestamptz      NOT NULL,
    field       text             NOT NULL,
    value       double precision,
    reason      text             NOT NULL,
    undone_at   timestamptz,

    CONSTRAINT reading_corrections_pkey         PRIMARY KEY (meter_id, n),
    CONSTRAINT reading_corrections_value_finite CHECK (value > '-Infinity' AND value < 'Infinity'),
    CONSTRAINT reading_corrections_measurable   CHECK (undone_at IS NOT NULL OR abs(value) <= 1e12),
    CONSTRAINT reading_corrections_reason_given CHECK (reason <> '')
);

CREATE INDEX reading_corrections_timestamp_idx ON reading_corrections (meter_id, "timestamp");

COMMENT ON TABLE  reading_corrections IS 'Values that take the place of a stored reading''s; the reading itself stays as it came. The newest one not undone counts.';
COMMENT ON COLUMN reading_corrections.field IS 'column of meter_readings';
COMMENT ON COLUMN reading_corrections.value IS 'null: the value is struck out';

-- How often a meter is read is true of its own time alone.
CREATE TABLE meter_cadences (
    meter_id   bigint      NOT NULL,
    valid_from timestamptz NOT NULL,
    every_ms   bigint      NOT NULL,

    CONSTRAINT meter_cadences_pkey           PRIMARY KEY (meter_id, valid_from),
    CONSTRAINT meter_cadences_every_positive CHECK (every_ms > 0)
);

COMMENT ON TABLE  meter_cadences IS 'How often meters without a device were read, as it was learned from their readings.';
COMMENT ON COLUMN meter_cadences.valid_from IS 'it holds until the next of the meter; the first one of what lies before it, too';
COMMENT ON COLUMN meter_cadences.every_ms IS 'ms between readings';
