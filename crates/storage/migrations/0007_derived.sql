-- Derived meters write their readings through a door of their own.
ALTER TABLE meter_readings
    DROP CONSTRAINT meter_readings_source_known,
    ADD CONSTRAINT meter_readings_source_known
        CHECK (source IN ('modbus', 'mqtt', 'http', 'api', 'sql', 'simulator', 'derived'));
