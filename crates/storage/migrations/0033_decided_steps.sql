-- What was decided about a step holds for that step: where its reading becomes another, there is another
-- step, which waits beside it. And what is learned of a register is what its readings show, in whichever
-- order they came.

ALTER TABLE quarantine DROP CONSTRAINT quarantine_pkey;
ALTER TABLE quarantine ADD CONSTRAINT quarantine_pkey PRIMARY KEY (n);
DROP INDEX quarantine_open_idx;
CREATE UNIQUE INDEX quarantine_open_idx ON quarantine (meter_id, "timestamp", register) WHERE decision IS NULL;
CREATE INDEX quarantine_step_idx ON quarantine (meter_id, "timestamp");
COMMENT ON TABLE quarantine IS 'Register steps that are too large to be true: not counted until someone accepts them. A decision holds for a step with these figures; those nobody decided about are the ones that were found last.';

INSERT INTO rollup_queue (meter_id, bucket_start)
SELECT meter_id, bucket_start FROM energy_intervals
WHERE meter_id IN (SELECT meter_id FROM quarantine WHERE decision IS NOT NULL) AND NOT frozen
ORDER BY meter_id, bucket_start
ON CONFLICT DO NOTHING;

ALTER TABLE meter_registers ADD COLUMN register_at timestamptz, ADD COLUMN step_at timestamptz;
COMMENT ON COLUMN meter_registers.register_at IS 'the reading that showed import_register; null where it is dropped';
COMMENT ON COLUMN meter_registers.step_kwh IS 'kWh of the smallest rise between two readings that follow each other';
COMMENT ON COLUMN meter_registers.step_at IS 'the second of the two; null where that was not noted yet';

WITH first AS (
    SELECT known.meter_id, known.import_register AS before, shown.at, shown.register
    FROM meter_registers known
    CROSS JOIN LATERAL (
        SELECT "timestamp" AS at, CASE WHEN energy_import_kwh IS NULL THEN 'total' ELSE 'import' END AS register
        FROM meter_readings
        WHERE meter_id = known.meter_id AND coalesce(energy_import_kwh, total_energy_kwh) IS NOT NULL
        ORDER BY "timestamp" LIMIT 1) AS shown
    WHERE known.import_register IS NOT NULL AND known.frozen_to IS NULL
), learned AS (
    UPDATE meter_registers known SET register_at = first.at, import_register = first.register
    FROM first WHERE known.meter_id = first.meter_id
)
INSERT INTO rollup_queue (meter_id, bucket_start)
SELECT meter_id, bucket_start FROM energy_intervals
WHERE meter_id IN (SELECT meter_id FROM first WHERE before <> register) AND NOT frozen
ORDER BY meter_id, bucket_start
ON CONFLICT DO NOTHING;

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

-- As in 0027; and a reading after which the register goes on from where it was before was one wrong value.
CREATE OR REPLACE FUNCTION energy_meters_fit_modulus() RETURNS trigger LANGUAGE plpgsql AS $$
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
