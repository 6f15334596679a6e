-- Where a derived meter stands, whatever becomes of its points.

ALTER TABLE meter_registers
    ADD COLUMN derived_import_kwh double precision,
    ADD COLUMN derived_export_kwh double precision;

COMMENT ON COLUMN meter_registers.derived_import_kwh IS 'of a derived meter: its register of import at derived_to';
COMMENT ON COLUMN meter_registers.derived_export_kwh IS 'of a derived meter: its register of export at derived_to';
