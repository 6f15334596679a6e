-- Readings: one wide row per meter and instant, partitioned by month (UTC).
--
-- No foreign key and no trigger: meters are checked at ingest. Rows that plain SQL writes for a month
-- without a partition land in the default partition and are moved out later.

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
    CONSTRAINT meter_readings_source_known    CHECK (source IN ('modbus', 'mqtt', 'http', 'api', 'sql', 'simulator'))
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

-- Name of the partition of the month (UTC) of an instant.
CREATE FUNCTION reading_partition(instant timestamptz) RETURNS text LANGUAGE sql IMMUTABLE
RETURN 'meter_readings_' || to_char(instant AT TIME ZONE 'UTC', 'YYYY_MM');

-- Makes the partition of the month (UTC) of an instant and moves that month's rows out of the default
-- partition into it. Answers whether it made one. Safe to call from several sessions at once.
CREATE FUNCTION ensure_reading_partition(instant timestamptz) RETURNS boolean
LANGUAGE plpgsql
-- A forgotten open transaction must not stall every reader behind this lock: the rows stay readable
-- in the default partition, and the next call tries again.
SET lock_timeout = '2s'
AS $$
DECLARE
    from_utc  timestamptz := date_trunc('month', instant, 'UTC');
    to_utc    timestamptz := (from_utc AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
    partition text := reading_partition(instant);
BEGIN
    PERFORM pg_advisory_xact_lock(2718281828459045);
    -- Not to_regclass: it may answer from a cache older than the lock.
    PERFORM FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'meter_readings'::regclass AND relname = partition;
    IF FOUND THEN
        RETURN false;
    END IF;
    LOCK TABLE meter_readings_default IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('CREATE TABLE %I (LIKE meter_readings INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
    EXECUTE format(
        'WITH moved AS (DELETE FROM meter_readings_default WHERE "timestamp" >= %L AND "timestamp" < %L RETURNING *)
         INSERT INTO %I TABLE moved', from_utc, to_utc, partition);
    EXECUTE format('ALTER TABLE meter_readings ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        partition, from_utc, to_utc);
    RETURN true;
END
$$;

SELECT count(ensure_reading_partition(now() + make_interval(months => offset_months)))
FROM generate_series(-24, 3) AS offset_months;
