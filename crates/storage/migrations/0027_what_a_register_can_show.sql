-- What people enter of a register is something that a register can show.

-- As readings are: beyond 1e12 no meter shows anything. What was entered so far and is, counts no longer.
WITH exchanged AS (
    UPDATE meter_exchanges SET undone_at = now()
    WHERE undone_at IS NULL AND NOT (abs(old_final_kwh) <= 1e12 AND abs(new_initial_kwh) <= 1e12)
    RETURNING meter_id
), corrected AS (
    UPDATE reading_corrections SET undone_at = now()
    WHERE undone_at IS NULL AND NOT abs(value) <= 1e12
    RETURNING meter_id
)
INSERT INTO rollup_queue (meter_id, bucket_start)
SELECT meter_id, bucket_start FROM energy_intervals
WHERE meter_id IN (SELECT meter_id FROM exchanged UNION SELECT meter_id FROM corrected) AND NOT frozen
ORDER BY meter_id, bucket_start
ON CONFLICT DO NOTHING;

ALTER TABLE meter_exchanges ADD CONSTRAINT meter_exchanges_measurable CHECK (
    undone_at IS NOT NULL OR (abs(old_final_kwh) <= 1e12 AND abs(new_initial_kwh) <= 1e12));
ALTER TABLE reading_corrections ADD CONSTRAINT reading_corrections_measurable CHECK (
    undone_at IS NOT NULL OR abs(value) <= 1e12);

-- A register that wraps never shows its modulus or more: where it has, since the meter was last
-- exchanged, another modulus is meant, and energy would be made of it. Values in quarantine, and those
-- that a correction has taken the place of, were not shown.
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
                    AND apart.register = shown.field AND apart.decision IS DISTINCT FROM 'accept')
            AND NOT EXISTS (SELECT FROM reading_corrections fix
                WHERE fix.meter_id = NEW.id AND fix."timestamp" = reading."timestamp"
                    AND fix.field = shown.field AND fix.undone_at IS NULL)
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
