-- What changes of the inputs of a derived meter while its points are computed was behind nothing that was
-- written yet, and was not noted: up to where they are about to be written is noted before the inputs are read.

ALTER TABLE meter_registers ADD COLUMN derive_until timestamptz;
COMMENT ON COLUMN meter_registers.derive_until IS 'up to where a derived meter was last about to be written';
