-- Quarter-hours know how much of them lies in gaps whose energy is counted, and none holds what is not a
-- number.

ALTER TABLE energy_intervals ADD COLUMN bridged_s double precision;
ALTER TABLE energy_days      ADD COLUMN bridged_s double precision;

COMMENT ON COLUMN energy_intervals.bridged_s IS 'seconds in gaps between readings that are believed: their energy is counted, its place is a guess; null where that was not told apart yet';
COMMENT ON COLUMN energy_days.bridged_s      IS 'sum of its quarter-hours; null where that was not told apart yet';

-- What is not a number now is computed again.
WITH broken AS (
    DELETE FROM energy_intervals
    WHERE NOT (abs(import_kwh) < 'Infinity' AND abs(export_kwh) < 'Infinity'
        AND abs(reactive_import_kvarh) < 'Infinity' AND abs(reactive_export_kvarh) < 'Infinity'
        AND abs(coalesce(diesel_l, 0)) < 'Infinity' AND abs(runtime_s) < 'Infinity'
        AND abs(coalesce(max_demand_kw, 0)) < 'Infinity' AND abs(estimated_kwh) < 'Infinity'
        AND coverage BETWEEN 0 AND 1)
    RETURNING meter_id, bucket_start
)
INSERT INTO rollup_queue (meter_id, bucket_start) SELECT meter_id, bucket_start FROM broken
ON CONFLICT DO NOTHING;

DELETE FROM energy_days
WHERE NOT (abs(import_kwh) < 'Infinity' AND abs(export_kwh) < 'Infinity'
    AND abs(reactive_import_kvarh) < 'Infinity' AND abs(reactive_export_kvarh) < 'Infinity'
    AND abs(coalesce(diesel_l, 0)) < 'Infinity' AND abs(runtime_s) < 'Infinity'
    AND abs(coalesce(max_demand_kw, 0)) < 'Infinity' AND abs(estimated_kwh) < 'Infinity'
    AND coverage BETWEEN 0 AND 1);

DELETE FROM power_loss_analysis
WHERE NOT (abs(source_energy_kwh) < 'Infinity' AND abs(destination_energy_kwh) < 'Infinity'
    AND abs(loss_kwh) < 'Infinity' AND abs(error_kwh) < 'Infinity');

-- NaN is greater than any number to Postgres.
ALTER TABLE energy_intervals ADD CONSTRAINT energy_intervals_numbers CHECK (
    abs(import_kwh) < 'Infinity' AND abs(export_kwh) < 'Infinity'
    AND abs(reactive_import_kvarh) < 'Infinity' AND abs(reactive_export_kvarh) < 'Infinity'
    AND abs(diesel_l) < 'Infinity' AND abs(runtime_s) < 'Infinity'
    AND abs(max_demand_kw) < 'Infinity' AND abs(estimated_kwh) < 'Infinity'
    AND coverage BETWEEN 0 AND 1);
ALTER TABLE energy_days ADD CONSTRAINT energy_days_numbers CHECK (
    abs(import_kwh) < 'Infinity' AND abs(export_kwh) < 'Infinity'
    AND abs(reactive_import_kvarh) < 'Infinity' AND abs(reactive_export_kvarh) < 'Infinity'
    AND abs(diesel_l) < 'Infinity' AND abs(runtime_s) < 'Infinity'
    AND abs(max_demand_kw) < 'Infinity' AND abs(estimated_kwh) < 'Infinity'
    AND coverage BETWEEN 0 AND 1);
ALTER TABLE power_loss_analysis ADD CONSTRAINT power_loss_analysis_numbers CHECK (
    abs(source_energy_kwh) < 'Infinity' AND abs(destination_energy_kwh) < 'Infinity'
    AND abs(loss_kwh) < 'Infinity' AND abs(loss_percent) < 'Infinity'
    AND abs(error_kwh) < 'Infinity' AND coverage BETWEEN 0 AND 1);

-- What a meter's quarter-hours are computed by is as true of its past as of its present: where it is
-- changed, by whomever, all that rests on it is computed again, up to where the readings are dropped.
CREATE FUNCTION compute_meter_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- As everybody who fills the queue.
    PERFORM pg_advisory_xact_lock_shared(1618033988749894);
    INSERT INTO rollup_queue (meter_id, bucket_start)
    SELECT meter_id, bucket_start FROM energy_intervals
    WHERE meter_id = NEW.id AND NOT frozen ORDER BY bucket_start
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER energy_meters_compute_again
    AFTER UPDATE OF register_modulus_kwh, register_step_kwh, rated_power_kw, import_register,
        phase_type, diesel_register ON energy_meters
    FOR EACH ROW
    WHEN ((OLD.register_modulus_kwh, OLD.register_step_kwh, OLD.rated_power_kw, OLD.import_register,
            OLD.phase_type, OLD.diesel_register)
        IS DISTINCT FROM (NEW.register_modulus_kwh, NEW.register_step_kwh, NEW.rated_power_kw,
            NEW.import_register, NEW.phase_type, NEW.diesel_register))
    EXECUTE FUNCTION compute_meter_again();

CREATE FUNCTION balance_meter_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- As everybody who queues hours for another reason than readings.
    PERFORM pg_advisory_xact_lock_shared(2236067977499789);
    INSERT INTO loss_queue (meter_id, hour_start)
    SELECT DISTINCT NEW.id, loss.window_start
    FROM power_loss_analysis loss
    WHERE loss.resolution = '1h' AND loss.meter_id IN (
        SELECT NEW.id UNION
        SELECT parent_meter_id FROM meter_placements WHERE meter_id = NEW.id)
    ORDER BY loss.window_start
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER energy_meters_balance_again
    AFTER UPDATE OF accuracy_class, register_step_kwh ON energy_meters
    FOR EACH ROW
    WHEN ((OLD.accuracy_class, OLD.register_step_kwh)
        IS DISTINCT FROM (NEW.accuracy_class, NEW.register_step_kwh))
    EXECUTE FUNCTION balance_meter_again();

ALTER TABLE meter_registers ADD COLUMN cadence_s double precision;
COMMENT ON COLUMN meter_registers.cadence_s IS 's between readings, as they were seen to come; null where too few were';
