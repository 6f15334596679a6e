-- What readings are rolled up to: quarter-hours and days of the site's clock; and what is known of registers,
-- by which they are.

CREATE TABLE energy_intervals (
    meter_id              bigint           NOT NULL,
    bucket_start          timestamptz      NOT NULL,
    import_kwh            double precision NOT NULL,
    export_kwh            double precision NOT NULL,
    reactive_import_kvarh double precision NOT NULL,
    reactive_export_kvarh double precision NOT NULL,
    diesel_l              double precision,
    fuel                  jsonb,
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
    bridged_s             double precision,
    estimated_kwh         double precision NOT NULL,
    integral_kwh          double precision,
    quality               text             NOT NULL,
    flags                 integer          NOT NULL,
    carry                 jsonb,
    frozen                boolean          NOT NULL DEFAULT false,

    CONSTRAINT energy_intervals_pkey    PRIMARY KEY (meter_id, bucket_start),
    -- NaN is greater than any number to Postgres.
    CONSTRAINT energy_intervals_numbers CHECK (
        abs(import_kwh) < 'Infinity' AND abs(export_kwh) < 'Infinity'
        AND abs(reactive_import_kvarh) < 'Infinity' AND abs(reactive_export_kvarh) < 'Infinity'
        AND abs(diesel_l) < 'Infinity' AND abs(runtime_s) < 'Infinity'
        AND abs(max_demand_kw) < 'Infinity' AND abs(estimated_kwh) < 'Infinity'
        AND coverage BETWEEN 0 AND 1)
) PARTITION BY RANGE (bucket_start);

-- Quarter-hours that say more than how much energy there was: a figure of many meters over a long window
-- looks at these alone, and takes its energy from the registers. So it is with days.
CREATE INDEX energy_intervals_events_idx ON energy_intervals (meter_id, bucket_start)
    WHERE flags <> 0 OR diesel_l IS NOT NULL OR runtime_s <> 0 OR starts <> 0 OR estimated_kwh <> 0;

COMMENT ON TABLE  energy_intervals IS 'Energy by quarter-hour (UTC). Computed from readings; recomputing gives the same rows.';
COMMENT ON COLUMN energy_intervals.diesel_l IS 'L by the meter''s own fuel counter; null where it has none';
COMMENT ON COLUMN energy_intervals.fuel IS 'the time that diesel_l covers: from f (increments: since the litres before it) to t, with the kWh of the quarter-hour before and after it (b, a: import i, export e)';
COMMENT ON COLUMN energy_intervals.runtime_s IS 'seconds that it ran: by its counter, or else while its power was above idling';
COMMENT ON COLUMN energy_intervals.starts IS 'times that power rose from nothing';
COMMENT ON COLUMN energy_intervals.max_demand_kw IS 'kW: four times the import';
COMMENT ON COLUMN energy_intervals.coverage IS 'share backed by readings, 0 to 1';
COMMENT ON COLUMN energy_intervals.bridged_s IS 'seconds in gaps between readings that are believed: their energy is counted, its place is a guess; null where that was not told apart yet';
COMMENT ON COLUMN energy_intervals.estimated_kwh IS 'kWh, import and export, that is real but lies in a gap: its place is a guess';
COMMENT ON COLUMN energy_intervals.integral_kwh IS 'kWh of the integral of power, import less export, as a check of the register; null where power or register is missing';
COMMENT ON COLUMN energy_intervals.flags IS 'bits: 1 reset, 2 rollover, 4 exchange, 8 glitch, 16 noise, 32 quarantined, 64 gap, 128 corrected, 256 derived, 512 integrated';
COMMENT ON COLUMN energy_intervals.carry IS 'where the registers stood at its end, for going on from there; null where nothing goes on from there any more';
COMMENT ON COLUMN energy_intervals.frozen IS 'its readings are dropped: it is never computed again';

CREATE TABLE energy_intervals_default PARTITION OF energy_intervals DEFAULT;

-- Name of the partition of the month (UTC) of an instant.
CREATE FUNCTION interval_partition(instant timestamptz) RETURNS text LANGUAGE sql IMMUTABLE
RETURN 'energy_intervals_' || to_char(instant AT TIME ZONE 'UTC', 'YYYY_MM');

CREATE FUNCTION ensure_interval_partition(instant timestamptz) RETURNS boolean
LANGUAGE sql
RETURN ensure_month('energy_intervals', 'bucket_start', interval_partition(instant), instant);

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
    fuel                  jsonb,
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
    bridged_s             double precision,
    estimated_kwh         double precision NOT NULL,
    integral_kwh          double precision,
    quality               text             NOT NULL,
    flags                 integer          NOT NULL,

    CONSTRAINT energy_days_pkey    PRIMARY KEY (meter_id, day),
    CONSTRAINT energy_days_numbers CHECK (
        abs(import_kwh) < 'Infinity' AND abs(export_kwh) < 'Infinity'
        AND abs(reactive_import_kvarh) < 'Infinity' AND abs(reactive_export_kvarh) < 'Infinity'
        AND abs(diesel_l) < 'Infinity' AND abs(runtime_s) < 'Infinity'
        AND abs(max_demand_kw) < 'Infinity' AND abs(estimated_kwh) < 'Infinity'
        AND coverage BETWEEN 0 AND 1)
);

CREATE INDEX energy_days_events_idx ON energy_days (meter_id, day)
    WHERE flags <> 0 OR diesel_l IS NOT NULL OR runtime_s <> 0 OR starts <> 0 OR estimated_kwh <> 0;

COMMENT ON TABLE  energy_days IS 'Energy by day of the site''s clock: the sum of its quarter-hours.';
COMMENT ON COLUMN energy_days.fuel IS 'fuel of its first and its last quarter-hour with litres, when these begin, and the kWh of the quarter-hours before the one (head) and after the other (rest)';
COMMENT ON COLUMN energy_days.coverage IS 'share of the whole day, of 23, 24 or 25 hours, backed by readings, 0 to 1';
COMMENT ON COLUMN energy_days.bridged_s IS 'sum of its quarter-hours; null where that was not told apart yet';

-- The fuel of a day. Where a quarter-hour does not say what time its litres cover, they cover all of it.
CREATE FUNCTION fuel_of_day(meter bigint, from_at timestamptz, to_at timestamptz) RETURNS jsonb
LANGUAGE sql STABLE AS $$
WITH part AS (
    SELECT bucket_start, import_kwh, export_kwh, diesel_l, fuel FROM energy_intervals
    WHERE meter_id = meter AND bucket_start >= from_at AND bucket_start < to_at
), known AS (
    SELECT bucket_start AS start, coalesce(fuel, jsonb_strip_nulls(jsonb_build_object(
        'f', (SELECT bucket_start FROM energy_meters WHERE id = meter AND diesel_register = 'cumulative'),
        't', bucket_start + interval '15 minutes'))) AS fuel
    FROM part WHERE diesel_l IS NOT NULL
), first AS (
    SELECT * FROM known ORDER BY start LIMIT 1
), last AS (
    SELECT * FROM known ORDER BY start DESC LIMIT 1
), beside AS (
    SELECT
        jsonb_build_object(
            'i', coalesce(sum(import_kwh) FILTER (WHERE bucket_start < first.start), 0),
            'e', coalesce(sum(export_kwh) FILTER (WHERE bucket_start < first.start), 0)) AS head,
        jsonb_build_object(
            'i', coalesce(sum(import_kwh) FILTER (WHERE bucket_start > last.start), 0),
            'e', coalesce(sum(export_kwh) FILTER (WHERE bucket_start > last.start), 0)) AS rest
    FROM part, first, last
)
SELECT jsonb_build_object('first', first.fuel, 'firstStart', first.start, 'last', last.fuel,
    'lastStart', last.start, 'head', beside.head, 'rest', beside.rest)
FROM first, last, beside
$$;

CREATE TABLE meter_registers (
    meter_id           bigint           NOT NULL,
    import_register    text,
    register_at        timestamptz,
    step_kwh           double precision,
    step_at            timestamptz,
    frozen_to          timestamptz,
    derived_to         timestamptz,
    derived_import_kwh double precision,
    derived_export_kwh double precision,
    derive_from        timestamptz,
    derive_until       timestamptz,

    CONSTRAINT meter_registers_pkey PRIMARY KEY (meter_id)
);

COMMENT ON TABLE  meter_registers IS 'What readings showed about a meter''s registers, where nobody stated it.';
COMMENT ON COLUMN meter_registers.import_register IS 'the first of import and total that was seen';
COMMENT ON COLUMN meter_registers.register_at IS 'the reading that showed import_register; null where it is dropped';
COMMENT ON COLUMN meter_registers.step_kwh IS 'kWh of the smallest rise between two readings that follow each other';
COMMENT ON COLUMN meter_registers.step_at IS 'the second of the two; null where that was not noted yet';
COMMENT ON COLUMN meter_registers.frozen_to IS 'readings before it are dropped: quarter-hours there are never computed again';
COMMENT ON COLUMN meter_registers.derived_to IS 'of a derived meter: up to when it is written';
COMMENT ON COLUMN meter_registers.derived_import_kwh IS 'of a derived meter: its register of import at derived_to';
COMMENT ON COLUMN meter_registers.derived_export_kwh IS 'of a derived meter: its register of export at derived_to';
COMMENT ON COLUMN meter_registers.derive_from IS 'of a derived meter: since when its inputs changed';
-- What changes of the inputs while points are computed is behind nothing that is written yet: so it is noted
-- before the inputs are read.
COMMENT ON COLUMN meter_registers.derive_until IS 'up to where a derived meter was last about to be written';

-- Points of derived meters since whose point before nothing is known of an input: what passed meanwhile is
-- not counted, and the coverage says so.
CREATE TABLE derived_anew (
    meter_id    bigint      NOT NULL,
    "timestamp" timestamptz NOT NULL,
    noted_at    timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT derived_anew_pkey          PRIMARY KEY (meter_id, "timestamp"),
    CONSTRAINT derived_anew_meter_id_fkey FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE
);

CREATE INDEX derived_anew_noted ON derived_anew (noted_at);

-- The column that import is taken from.
CREATE FUNCTION import_register_of(meter bigint) RETURNS text LANGUAGE sql STABLE
RETURN coalesce(
    (SELECT import_register FROM energy_meters WHERE id = meter),
    (SELECT import_register FROM meter_registers WHERE meter_id = meter),
    (SELECT CASE WHEN energy_import_kwh IS NULL THEN 'total' ELSE 'import' END
        FROM meter_readings
        WHERE meter_id = meter AND coalesce(energy_import_kwh, total_energy_kwh) IS NOT NULL
        ORDER BY "timestamp" LIMIT 1));

-- The figures of an exchange are of the column that import is taken from when it is entered.
CREATE FUNCTION meter_exchanges_of_register() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.import_register := coalesce(NEW.import_register, import_register_of(NEW.meter_id));
    RETURN NEW;
END
$$;

CREATE TRIGGER meter_exchanges_of_register BEFORE INSERT ON meter_exchanges
    FOR EACH ROW EXECUTE FUNCTION meter_exchanges_of_register();

CREATE TABLE quarantine (
    n           bigserial        NOT NULL,
    meter_id    bigint           NOT NULL,
    "timestamp" timestamptz      NOT NULL,
    register    text             NOT NULL,
    previous_at timestamptz      NOT NULL,
    previous    double precision NOT NULL,
    value       double precision NOT NULL,
    delta       double precision NOT NULL,
    plausible   double precision NOT NULL,
    found_at    timestamptz      NOT NULL DEFAULT now(),
    decision    text,
    decided_at  timestamptz,

    CONSTRAINT quarantine_pkey           PRIMARY KEY (n),
    CONSTRAINT quarantine_decision_known CHECK (decision IN ('accept', 'reject'))
);

-- Where the reading of a decided step becomes another, there is another step, which waits beside it.
CREATE UNIQUE INDEX quarantine_open_idx ON quarantine (meter_id, "timestamp", register) WHERE decision IS NULL;
CREATE INDEX quarantine_step_idx ON quarantine (meter_id, "timestamp");

COMMENT ON TABLE  quarantine IS 'Register steps that are too large to be true: not counted until someone accepts them. A decision holds for a step with these figures; those nobody decided about are the ones that were found last.';
COMMENT ON COLUMN quarantine.register IS 'column of meter_readings';
COMMENT ON COLUMN quarantine.plausible IS 'the largest step that would have been counted';

-- What a register showed before a reading and after it.
CREATE FUNCTION shown_beside(meter bigint, at timestamptz, field text, OUT before float8, OUT after float8)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    EXECUTE format('SELECT %I FROM meter_readings WHERE meter_id = $1 AND "timestamp" < $2 AND %1$I IS NOT NULL '
        'ORDER BY "timestamp" DESC LIMIT 1', field) INTO before USING meter, at;
    EXECUTE format('SELECT %I FROM meter_readings WHERE meter_id = $1 AND "timestamp" > $2 AND %1$I IS NOT NULL '
        'ORDER BY "timestamp" LIMIT 1', field) INTO after USING meter, at;
END
$$;

-- A register that wraps never shows its modulus or more: where it has, since the meter was last
-- exchanged, another modulus is meant, and energy would be made of it. Values in quarantine, and those
-- that a correction has taken the place of, were not shown; and a reading after which the register goes on
-- from where it was before was one wrong value.
CREATE FUNCTION energy_meters_fit_modulus() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    exchanged timestamptz;
    most      record;
BEGIN
    SELECT max("timestamp") INTO exchanged
    FROM meter_exchanges WHERE meter_id = NEW.id AND undone_at IS NULL;
    SELECT found.at, found.value, found.unit INTO most
    FROM (
        SELECT reading."timestamp" AS at, shown.value, shown.unit
        FROM meter_readings reading
        CROSS JOIN LATERAL (VALUES
            ('total_energy_kwh', reading.total_energy_kwh, 'kWh'),
            ('energy_import_kwh', reading.energy_import_kwh, 'kWh'),
            ('energy_export_kwh', reading.energy_export_kwh, 'kWh'),
            ('reactive_energy_import_kvarh', reading.reactive_energy_import_kvarh, 'kvarh'),
            ('reactive_energy_export_kvarh', reading.reactive_energy_export_kvarh, 'kvarh'))
            AS shown (field, value, unit)
        WHERE reading.meter_id = NEW.id
            AND reading."timestamp" > coalesce(exchanged, '-infinity')
            AND shown.value >= NEW.register_modulus_kwh AND shown.value <= 1e12
            AND NOT EXISTS (SELECT FROM quarantine apart
                WHERE apart.meter_id = NEW.id AND apart."timestamp" = reading."timestamp"
                    AND apart.register = shown.field AND apart.value = shown.value
                    AND apart.decision IS DISTINCT FROM 'accept')
            AND NOT EXISTS (SELECT FROM reading_corrections fix
                WHERE fix.meter_id = NEW.id AND fix."timestamp" = reading."timestamp"
                    AND fix.field = shown.field AND fix.undone_at IS NULL)
            AND NOT EXISTS (SELECT FROM shown_beside(NEW.id, reading."timestamp", shown.field) AS beside
                WHERE beside.before <= beside.after AND beside.after < shown.value)
        UNION ALL
        SELECT "timestamp", new_initial_kwh, 'kWh' FROM meter_exchanges
        WHERE meter_id = NEW.id AND undone_at IS NULL AND "timestamp" = exchanged
            AND new_initial_kwh >= NEW.register_modulus_kwh
        UNION ALL
        SELECT newest."timestamp", newest.value, 'kWh'
        FROM (SELECT DISTINCT ON ("timestamp", field) "timestamp", field, value
            FROM reading_corrections
            WHERE meter_id = NEW.id AND undone_at IS NULL
                AND "timestamp" > coalesce(exchanged, '-infinity')
                AND field IN ('total_energy_kwh', 'energy_import_kwh', 'energy_export_kwh')
            ORDER BY "timestamp", field, n DESC) newest
        WHERE newest.value >= NEW.register_modulus_kwh
    ) found
    ORDER BY found.value DESC LIMIT 1;
    IF FOUND THEN
        PERFORM energy_meters_refuse('modulus_below_register', format(
            'the register of meter %s showed %s %s at %s: one that wraps at %s kWh never shows that; '
            'enter a larger registerModulusKwh, or correct that reading first',
            NEW.meter_number, most.value, most.unit,
            to_char(most.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            NEW.register_modulus_kwh));
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER energy_meters_fit_modulus AFTER UPDATE OF register_modulus_kwh ON energy_meters
    FOR EACH ROW WHEN (NEW.register_modulus_kwh IS DISTINCT FROM OLD.register_modulus_kwh
        AND NEW.register_modulus_kwh IS NOT NULL)
    EXECUTE FUNCTION energy_meters_fit_modulus();
