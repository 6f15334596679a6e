-- What a meter measures may change: figures of the time before go by the type that it had then.
ALTER TABLE meter_placements ADD COLUMN was_type text;

COMMENT ON COLUMN meter_placements.was_type IS 'Type of the meter then; null where that is as it is now';

CREATE FUNCTION energy_meters_keep_type() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    effective timestamptz := coalesce(
        nullif(current_setting('wattlens.effective_from', true), '')::timestamptz, '-infinity');
BEGIN
    -- Without a date the change is a correction for all time.
    UPDATE meter_placements
    SET was_type = CASE WHEN valid_from < effective THEN coalesce(was_type, OLD.meter_type) END
    WHERE meter_id = NEW.id;
    -- Where it hung by then it hangs on.
    INSERT INTO meter_placements (meter_id, parent_meter_id, feeds_parent, was_placed, valid_from)
    SELECT meter_id, parent_meter_id, feeds_parent, was_placed, effective
    FROM meter_placements WHERE meter_id = NEW.id AND valid_from < effective
    ORDER BY valid_from DESC LIMIT 1
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

-- Before energy_meters_keep_tree, which runs once for the statement and places the meter anew.
CREATE TRIGGER energy_meters_keep_type AFTER UPDATE OF meter_type ON energy_meters
    FOR EACH ROW WHEN (OLD.meter_type IS DISTINCT FROM NEW.meter_type)
    EXECUTE FUNCTION energy_meters_keep_type();
