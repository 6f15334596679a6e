-- What readings are rolled up to: quarter-hours, days of the site's clock, and the losses of nodes.

CREATE TABLE energy_intervals (
    meter_id              bigint           NOT NULL,
    bucket_start          timestamptz      NOT NULL,
    import_kwh            double precision NOT NULL,
    export_kwh            double precision NOT NULL,
    reactive_import_kvarh double precision NOT NULL,
    reactive_export_kvarh double precision NOT NULL,
    diesel_l              double precision,
    runtime_s             double precision NOT NULL,
    starts                integer          NOT NULL,
    max_demand_kw         double precision,
    min_power_kw          double precision,
    max_power_kw          double precision,
    min_voltage           double precision,
    mean_voltage          double precision,
    max_voltage           double precision,
    min_power_factor      double precision,
    max_power_factor      double precision,
    coverage              real             NOT NULL,
    estimated_kwh         double precision NOT NULL,
    integral_kwh          double precision,
    quality               text             NOT NULL,
    flags                 integer          NOT NULL,
    carry                 jsonb,
    frozen                boolean          NOT NULL DEFAULT false,

    CONSTRAINT energy_intervals_pkey PRIMARY KEY (meter_id, bucket_start)
) PARTITION BY RANGE (bucket_start);

COMMENT ON TABLE  energy_intervals IS 'Energy by quarter-hour (UTC). Computed from readings; recomputing gives the same rows.';
COMMENT ON COLUMN energy_intervals.diesel_l IS 'L by the meter''s own fuel counter; null where it has none';
COMMENT ON COLUMN energy_intervals.runtime_s IS 'seconds that it ran: by its counter, or else while its power was above idling';
COMMENT ON COLUMN energy_intervals.starts IS 'times that power rose from nothing';
COMMENT ON COLUMN energy_intervals.max_demand_kw IS 'kW: four times the import';
COMMENT ON COLUMN energy_intervals.coverage IS 'share backed by readings, 0 to 1';
COMMENT ON COLUMN energy_intervals.estimated_kwh IS 'kWh, import and export, that is real but lies in a gap: its place is a guess';
COMMENT ON COLUMN energy_intervals.integral_kwh IS 'kWh of the integral of power, import less export, as a check of the register; null where power or register is missing';
COMMENT ON COLUMN energy_intervals.flags IS 'bits: 1 reset, 2 rollover, 4 exchange, 8 glitch, 16 noise, 32 quarantined, 64 gap, 128 corrected, 256 derived, 512 integrated';
COMMENT ON COLUMN energy_intervals.carry IS 'where the registers stood at its end, for going on from there; null where nothing goes on from there any more';
COMMENT ON COLUMN energy_intervals.frozen IS 'its readings are dropped: it is never computed again';

CREATE TABLE energy_intervals_default PARTITION OF energy_intervals DEFAULT;

-- Name of the partition of the month (UTC) of an instant.
CREATE FUNCTION interval_partition(instant timestamptz) RETURNS text LANGUAGE sql IMMUTABLE
RETURN 'energy_intervals_' || to_char(instant AT TIME ZONE 'UTC', 'YYYY_MM');

-- Makes the partition of the month (UTC) of an instant, like ensure_reading_partition.
CREATE FUNCTION ensure_interval_partition(instant timestamptz) RETURNS boolean
LANGUAGE plpgsql
SET lock_timeout = '2s'
AS $$
DECLARE
    from_utc  timestamptz := date_trunc('month', instant, 'UTC');
    to_utc    timestamptz := (from_utc AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
    partition text := interval_partition(instant);
BEGIN
    PERFORM pg_advisory_xact_lock(1414213562373095);
    PERFORM FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'energy_intervals'::regclass AND relname = partition;
    IF FOUND THEN
        RETURN false;
    END IF;
    LOCK TABLE energy_intervals_default IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('CREATE TABLE %I (LIKE energy_intervals INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
    EXECUTE format(
        'WITH moved AS (DELETE FROM energy_intervals_default WHERE bucket_start >= %L AND bucket_start < %L RETURNING *)
         INSERT INTO %I TABLE moved', from_utc, to_utc, partition);
    EXECUTE format('ALTER TABLE energy_intervals ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        partition, from_utc, to_utc);
    RETURN true;
END
$$;

SELECT count(ensure_interval_partition(now() + make_interval(months => offset_months)))
FROM generate_series(-24, 3) AS offset_months;

CREATE TABLE energy_days (
    meter_id              bigint           NOT NULL,
    day                   date             NOT NULL,
    import_kwh            double precision NOT NULL,
    export_kwh            double precision NOT NULL,
    reactive_import_kvarh double precision NOT NULL,
    reactive_export_kvarh double precision NOT NULL,
    diesel_l              double precision,
    runtime_s             double precision NOT NULL,
    starts                integer          NOT NULL,
    max_demand_kw         double precision,
    min_power_kw          double precision,
    max_power_kw          double precision,
    min_voltage           double precision,
    mean_voltage          double precision,
    max_voltage           double precision,
    min_power_factor      double precision,
    max_power_factor      double precision,
    coverage              real             NOT NULL,
    estimated_kwh         double precision NOT NULL,
    integral_kwh          double precision,
    quality               text             NOT NULL,
    flags                 integer          NOT NULL,

    CONSTRAINT energy_days_pkey PRIMARY KEY (meter_id, day)
);

COMMENT ON TABLE  energy_days IS 'Energy by day of the site''s clock: the sum of its quarter-hours.';
COMMENT ON COLUMN energy_days.coverage IS 'share of the whole day, of 23, 24 or 25 hours, backed by readings, 0 to 1';

CREATE TABLE power_loss_analysis (
    meter_id               bigint           NOT NULL,
    resolution             text             NOT NULL,
    window_start           timestamptz      NOT NULL,
    window_end             timestamptz      NOT NULL,
    source_energy_kwh      double precision NOT NULL,
    destination_energy_kwh double precision NOT NULL,
    loss_kwh               double precision NOT NULL,
    loss_percent           double precision,
    error_kwh              double precision NOT NULL,
    cost                   numeric,
    verdict                text             NOT NULL,
    cause                  jsonb,
    coverage               real             NOT NULL,

    CONSTRAINT power_loss_analysis_pkey             PRIMARY KEY (meter_id, resolution, window_start),
    CONSTRAINT power_loss_analysis_resolution_known CHECK (resolution IN ('1h', '1d')),
    CONSTRAINT power_loss_analysis_verdict_known    CHECK (verdict IN ('loss', 'within_error', 'negative', 'incomplete'))
);

COMMENT ON TABLE  power_loss_analysis IS 'Balance of each node by hour and by day of the site''s clock.';
COMMENT ON COLUMN power_loss_analysis.meter_id IS 'the node: the meter whose children are balanced';
COMMENT ON COLUMN power_loss_analysis.error_kwh IS 'half the error band';
COMMENT ON COLUMN power_loss_analysis.cost IS 'in the site''s currency, at the tariff of that time; null without a price';
COMMENT ON COLUMN power_loss_analysis.cause IS 'why, where one cause explains it, and the causes that were tried';

-- The work of the rollup. Quarter-hours move from rollup_queue to rollup_claims while they are
-- computed, so that ingest never waits for it and a crash loses none.
CREATE TABLE rollup_claims (
    meter_id     bigint      NOT NULL,
    bucket_start timestamptz NOT NULL,

    CONSTRAINT rollup_claims_pkey PRIMARY KEY (meter_id, bucket_start)
);

CREATE TABLE loss_queue (
    meter_id   bigint      NOT NULL,
    hour_start timestamptz NOT NULL,

    CONSTRAINT loss_queue_pkey PRIMARY KEY (meter_id, hour_start)
);

COMMENT ON TABLE loss_queue IS 'Hours of meters whose energy changed: the balances they take part in are computed again.';

CREATE TABLE meter_registers (
    meter_id        bigint           NOT NULL,
    import_register text,
    step_kwh        double precision,
    derived_to      timestamptz,
    derive_from     timestamptz,

    CONSTRAINT meter_registers_pkey PRIMARY KEY (meter_id)
);

COMMENT ON TABLE  meter_registers IS 'What readings showed about a meter''s registers, where nobody stated it.';
COMMENT ON COLUMN meter_registers.import_register IS 'the first of import and total that was seen';
COMMENT ON COLUMN meter_registers.step_kwh IS 'kWh of the smallest rise seen';
COMMENT ON COLUMN meter_registers.derived_to IS 'of a derived meter: up to when it is written';
COMMENT ON COLUMN meter_registers.derive_from IS 'of a derived meter: since when its inputs changed';
