-- Which of the two columns of import energy the figures of an exchange are of: where import is taken
-- from the other one later, they say nothing of it.

ALTER TABLE meter_exchanges ADD COLUMN import_register text;
ALTER TABLE meter_exchanges ADD CONSTRAINT meter_exchanges_import_register_known CHECK (
    import_register IN ('import', 'total'));
COMMENT ON COLUMN meter_exchanges.import_register IS
    'import: energy_import_kwh, total: total_energy_kwh; null: whichever import is taken from';

-- The column that import is taken from.
CREATE FUNCTION import_register_of(meter bigint) RETURNS text LANGUAGE sql STABLE
RETURN coalesce(
    (SELECT import_register FROM energy_meters WHERE id = meter),
    (SELECT import_register FROM meter_registers WHERE meter_id = meter),
    (SELECT CASE WHEN energy_import_kwh IS NULL THEN 'total' ELSE 'import' END
        FROM meter_readings
        WHERE meter_id = meter AND coalesce(energy_import_kwh, total_energy_kwh) IS NOT NULL
        ORDER BY "timestamp" LIMIT 1));

UPDATE meter_exchanges SET import_register = import_register_of(meter_id);

CREATE FUNCTION meter_exchanges_of_register() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.import_register := coalesce(NEW.import_register, import_register_of(NEW.meter_id));
    RETURN NEW;
END
$$;

CREATE TRIGGER meter_exchanges_of_register BEFORE INSERT ON meter_exchanges
    FOR EACH ROW EXECUTE FUNCTION meter_exchanges_of_register();
