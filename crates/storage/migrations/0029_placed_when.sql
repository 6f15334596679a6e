-- Whether a meter was part of anything is known of each time that it hung somewhere, where other settings
-- of its logger took effect since.
ALTER TABLE meter_placements ADD COLUMN was_placed boolean;
COMMENT ON COLUMN meter_placements.was_placed IS 'Whether it was known then what the meter is part of; null where that is as it is now';
