-- What is to be computed: quarter-hours, and the balances that rest on them.

CREATE TABLE rollup_queue (
    meter_id     bigint      NOT NULL,
    bucket_start timestamptz NOT NULL,

    CONSTRAINT rollup_queue_pkey PRIMARY KEY (meter_id, bucket_start)
);

-- What is oldest is taken first; a world brings months at once.
CREATE INDEX rollup_queue_time_idx ON rollup_queue (bucket_start, meter_id);

COMMENT ON TABLE  rollup_queue IS 'Quarter-hours with new readings.';
COMMENT ON COLUMN rollup_queue.bucket_start IS 'start of the quarter-hour, UTC';

-- Quarter-hours move from rollup_queue to here while they are computed, so that ingest never waits for it
-- and a crash loses none.
CREATE TABLE rollup_claims (
    meter_id     bigint      NOT NULL,
    bucket_start timestamptz NOT NULL,

    CONSTRAINT rollup_claims_pkey PRIMARY KEY (meter_id, bucket_start)
);

CREATE TABLE loss_queue (
    meter_id   bigint      NOT NULL,
    hour_start timestamptz NOT NULL,

    CONSTRAINT loss_queue_pkey PRIMARY KEY (meter_id, hour_start)
);

COMMENT ON TABLE loss_queue IS 'Hours of meters whose energy changed: the balances they take part in are computed again.';

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
