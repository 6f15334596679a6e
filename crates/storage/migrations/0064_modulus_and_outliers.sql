-- As in 0051, but that readings which do not fit their register were not shown by it, however many there are:
-- an error code for two hours says nothing of where a register wraps.
CREATE OR REPLACE FUNCTION energy_meters_fit_modulus() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    exchanged timestamptz;
    most      record;
    shown_at  text;
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
            AND NOT EXISTS (SELECT FROM outliers apart
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
        shown_at := to_char(most.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
        PERFORM energy_meters_refuse('modulus_below_register', format(
            'the register of meter %s showed %s %s at %s: one that wraps at %s kWh never shows that; '
            'enter a larger registerModulusKwh, or correct that reading first',
            NEW.meter_number, most.value, most.unit, shown_at, NEW.register_modulus_kwh),
            jsonb_build_object('meter', NEW.meter_number, 'value', most.value, 'unit', most.unit,
                'at', shown_at, 'modulus', NEW.register_modulus_kwh));
    END IF;
    RETURN NULL;
END
$$;
