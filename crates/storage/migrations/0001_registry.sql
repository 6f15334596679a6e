-- Sites, meters and their tree.
--
-- Refusals that need more than one row are raised by a trigger with SQLSTATE WL001; the constraint
-- field of the error carries the code: parent_cycle, parent_other_site, level_not_below_parent,
-- has_children, parent_retired.

CREATE TABLE sites (
    id               bigserial        CONSTRAINT sites_pkey PRIMARY KEY,
    slug             text             NOT NULL,
    name             text             NOT NULL,
    kind             text             NOT NULL DEFAULT 'live',
    time_zone        text             NOT NULL DEFAULT 'UTC',
    currency         text             NOT NULL DEFAULT 'EUR',
    price_per_kwh    numeric,
    grid_capacity_kw double precision,
    latitude         double precision,
    longitude        double precision,
    raw_days         integer          NOT NULL DEFAULT 90,
    hourly_days      integer          NOT NULL DEFAULT 365,
    daily_days       integer          NOT NULL DEFAULT 1826,

    CONSTRAINT sites_slug_key            UNIQUE (slug),
    CONSTRAINT sites_slug_form           CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    CONSTRAINT sites_name_given          CHECK (name <> ''),
    CONSTRAINT sites_kind_known          CHECK (kind IN ('live', 'simulated')),
    CONSTRAINT sites_currency_form       CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT sites_price_range         CHECK (price_per_kwh >= 0),
    CONSTRAINT sites_grid_capacity_range CHECK (grid_capacity_kw >= 0 AND grid_capacity_kw < 'Infinity'),
    CONSTRAINT sites_latitude_range      CHECK (latitude BETWEEN -90 AND 90),
    CONSTRAINT sites_longitude_range     CHECK (longitude BETWEEN -180 AND 180),
    CONSTRAINT sites_raw_days_range      CHECK (raw_days > 0),
    CONSTRAINT sites_hourly_days_range   CHECK (hourly_days > 0),
    CONSTRAINT sites_daily_days_range    CHECK (daily_days > 0)
);

COMMENT ON TABLE  sites IS 'A plant, campus or simulated neighbourhood. Row 1 is the default site.';
COMMENT ON COLUMN sites.time_zone IS 'IANA name, such as Asia/Kolkata; days begin on this clock';
COMMENT ON COLUMN sites.currency IS 'ISO 4217 code';
COMMENT ON COLUMN sites.price_per_kwh IS 'currency per kWh; null until someone states it';
COMMENT ON COLUMN sites.grid_capacity_kw IS 'kW that the grid connection carries';
COMMENT ON COLUMN sites.latitude IS 'degrees north';
COMMENT ON COLUMN sites.longitude IS 'degrees east';
COMMENT ON COLUMN sites.raw_days IS 'days for which readings are kept';
COMMENT ON COLUMN sites.hourly_days IS 'days for which hours and quarter-hours are kept';
COMMENT ON COLUMN sites.daily_days IS 'days for which days are kept';

INSERT INTO sites (id, slug, name) VALUES (1, 'default', 'Default site');
SELECT setval(pg_get_serial_sequence('sites', 'id'), 1);

CREATE TABLE energy_meters (
    id                   bigserial        CONSTRAINT energy_meters_pkey PRIMARY KEY,
    uuid                 uuid             NOT NULL DEFAULT gen_random_uuid(),
    site_id              bigint           NOT NULL DEFAULT 1,
    meter_number         text             NOT NULL,
    meter_name           text             NOT NULL,
    meter_type           text             NOT NULL DEFAULT 'Other',
    level                smallint         NOT NULL,
    parent_meter_id      bigint,
    feeds_parent         boolean          NOT NULL DEFAULT false,
    area                 text,
    location             text,
    load_role            text             NOT NULL DEFAULT 'none',
    phase_type           text,
    channel_prefix       text,
    rated_power_kw       double precision,
    accuracy_class       double precision,
    register_modulus_kwh double precision,
    register_step_kwh    double precision,
    import_register      text,
    diesel_register      text             NOT NULL DEFAULT 'increment',
    latitude             double precision,
    longitude            double precision,
    city                 text,
    state                text,
    pincode              text,
    installed_at         timestamptz,
    retired_at           timestamptz,

    CONSTRAINT energy_meters_uuid_key         UNIQUE (uuid),
    CONSTRAINT energy_meters_number_key       UNIQUE (site_id, meter_number),
    CONSTRAINT energy_meters_site_fk          FOREIGN KEY (site_id) REFERENCES sites (id),
    CONSTRAINT energy_meters_parent_fk        FOREIGN KEY (parent_meter_id) REFERENCES energy_meters (id),
    CONSTRAINT energy_meters_number_given     CHECK (meter_number <> ''),
    CONSTRAINT energy_meters_name_given       CHECK (meter_name <> ''),
    CONSTRAINT energy_meters_type_given       CHECK (meter_type <> ''),
    CONSTRAINT energy_meters_level_range      CHECK (level >= 0),
    CONSTRAINT energy_meters_load_role_known  CHECK (load_role IN ('grid', 'building', 'solar', 'zone', 'none')),
    CONSTRAINT energy_meters_phase_type_known CHECK (phase_type IN ('1-Ph', '3-Ph', 'Smart', 'net-meter')),
    CONSTRAINT energy_meters_rated_power_range CHECK (rated_power_kw > 0 AND rated_power_kw < 'Infinity'),
    CONSTRAINT energy_meters_accuracy_range   CHECK (accuracy_class > 0 AND accuracy_class <= 100),
    CONSTRAINT energy_meters_modulus_range    CHECK (register_modulus_kwh > 0 AND register_modulus_kwh < 'Infinity'),
    CONSTRAINT energy_meters_step_range       CHECK (register_step_kwh > 0 AND register_step_kwh < 'Infinity'),
    CONSTRAINT energy_meters_import_register_known CHECK (import_register IN ('import', 'total')),
    CONSTRAINT energy_meters_diesel_register_known CHECK (diesel_register IN ('increment', 'cumulative')),
    CONSTRAINT energy_meters_latitude_range   CHECK (latitude BETWEEN -90 AND 90),
    CONSTRAINT energy_meters_longitude_range  CHECK (longitude BETWEEN -180 AND 180),
    CONSTRAINT energy_meters_installed_finite CHECK (isfinite(installed_at)),
    CONSTRAINT energy_meters_retired_finite   CHECK (isfinite(retired_at))
);

CREATE INDEX energy_meters_parent_idx ON energy_meters (parent_meter_id);

COMMENT ON TABLE  energy_meters IS 'Measuring points and the tree they form.';
COMMENT ON COLUMN energy_meters.meter_type IS 'Grid, Main, DG, Solar, Battery, … carry behaviour; any other word is a plain load';
COMMENT ON COLUMN energy_meters.level IS '0 grid, 1 main, 2 distribution, 3 unit, 4 machine, or deeper; always below the parent''s. Default: the parent''s plus one';
COMMENT ON COLUMN energy_meters.feeds_parent IS 'its positive power and import register are energy delivered to the parent''s bus';
COMMENT ON COLUMN energy_meters.load_role IS 'what it counts as in the load status';
COMMENT ON COLUMN energy_meters.rated_power_kw IS 'kW';
COMMENT ON COLUMN energy_meters.accuracy_class IS 'per cent; null is taken as 1.0';
COMMENT ON COLUMN energy_meters.register_modulus_kwh IS 'kWh at which the register wraps to zero';
COMMENT ON COLUMN energy_meters.register_step_kwh IS 'kWh of the register''s smallest rise';
COMMENT ON COLUMN energy_meters.import_register IS 'import: energy_import_kwh, total: total_energy_kwh; null: the first one seen';
COMMENT ON COLUMN energy_meters.diesel_register IS 'whether diesel_consumption_liters is an increment or a counter';
COMMENT ON COLUMN energy_meters.latitude IS 'degrees north';
COMMENT ON COLUMN energy_meters.longitude IS 'degrees east';
COMMENT ON COLUMN energy_meters.retired_at IS 'since when it measures no more; its history stays';

CREATE TABLE meter_placements (
    meter_id        bigint      NOT NULL,
    parent_meter_id bigint,
    feeds_parent    boolean     NOT NULL,
    valid_from      timestamptz NOT NULL,

    CONSTRAINT meter_placements_pkey      PRIMARY KEY (meter_id, valid_from),
    CONSTRAINT meter_placements_meter_fk  FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT meter_placements_parent_fk FOREIGN KEY (parent_meter_id) REFERENCES energy_meters (id) ON DELETE SET NULL
);

CREATE INDEX meter_placements_parent_idx ON meter_placements (parent_meter_id);

COMMENT ON TABLE  meter_placements IS 'Where a meter hung since when. Kept by the triggers on energy_meters.';
COMMENT ON COLUMN meter_placements.valid_from IS '-infinity for the placement that always held';

-- Fills in a level that was not stated: of a new meter, or of one that got another parent.
CREATE FUNCTION energy_meters_default_level() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.parent_meter_id IS DISTINCT FROM OLD.parent_meter_id
            AND NEW.parent_meter_id IS NOT NULL AND NEW.level = OLD.level THEN
            NEW.level := NULL;
        END IF;
    END IF;
    IF NEW.level IS NULL THEN
        NEW.level := coalesce(
            (SELECT parent.level + 1 FROM energy_meters parent WHERE parent.id = NEW.parent_meter_id), 0);
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER energy_meters_default_level BEFORE INSERT OR UPDATE ON energy_meters
    FOR EACH ROW EXECUTE FUNCTION energy_meters_default_level();

CREATE FUNCTION energy_meters_refuse(code text, message text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'WL001', CONSTRAINT = code, TABLE = 'energy_meters',
        MESSAGE = format('%s: %s', code, message);
END
$$;

-- Checks the tree after each statement, when all of its rows are in place; moves the levels of what
-- hangs below a meter along with it; keeps meter_placements.
CREATE FUNCTION energy_meters_keep_tree() RETURNS trigger LANGUAGE plpgsql
-- A plan made for one row takes minutes for ten thousand.
SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
    effective timestamptz := coalesce(
        nullif(current_setting('wattlens.effective_from', true), '')::timestamptz, '-infinity');
    touched   bigint[]; -- rows whose place in the tree changed in any way
    moved     bigint[]; -- those that may close a cycle
    placed    bigint[]; -- those with another parent or direction
    lifted    bigint[]; -- those with another level, and by how much
    lifts     integer[];
    pair      record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(id), array_agg(id) FILTER (WHERE parent_meter_id IN (SELECT id FROM changed)), array_agg(id)
        INTO touched, moved, placed
        FROM changed;
    ELSE
        -- A full join, since the planner takes these tables for small and would nest loops over them.
        SELECT array_agg(id),
            array_agg(id) FILTER (WHERE changed.parent_meter_id IS DISTINCT FROM before.parent_meter_id),
            array_agg(id) FILTER (WHERE changed.parent_meter_id IS DISTINCT FROM before.parent_meter_id
                OR changed.feeds_parent <> before.feeds_parent),
            array_agg(id) FILTER (WHERE changed.level <> before.level),
            array_agg(changed.level - before.level) FILTER (WHERE changed.level <> before.level)
        INTO touched, moved, placed, lifted, lifts
        FROM changed FULL JOIN before USING (id)
        WHERE (changed.parent_meter_id, changed.feeds_parent, changed.level, changed.site_id, changed.retired_at)
            IS DISTINCT FROM
            (before.parent_meter_id, before.feeds_parent, before.level, before.site_id, before.retired_at);
    END IF;
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;

    -- Two transactions that each see half of a cycle must not both pass. Number chosen at random.
    PERFORM pg_advisory_xact_lock(6283185307179586);

    WITH RECURSIVE above (meter_id, ancestor_id) AS (
        SELECT id, parent_meter_id FROM energy_meters WHERE id = ANY (moved) AND parent_meter_id IS NOT NULL
        UNION
        SELECT above.meter_id, up.parent_meter_id
        FROM above JOIN energy_meters up ON up.id = above.ancestor_id
        WHERE up.parent_meter_id IS NOT NULL
    )
    SELECT meter.id AS child, meter.parent_meter_id AS parent INTO pair
    FROM (SELECT meter_id FROM above WHERE meter_id = ancestor_id LIMIT 1) looped
    JOIN energy_meters meter ON meter.id = looped.meter_id;
    IF FOUND THEN
        PERFORM energy_meters_refuse('parent_cycle', format(
            'meter %s cannot hang below %s: that would make a cycle; choose a parent that is not below it',
            pair.child, pair.parent));
    END IF;

    UPDATE energy_meters child SET level = child.level + lift.by
    FROM unnest(lifted, lifts) AS lift (id, by)
    WHERE child.parent_meter_id = lift.id AND child.id NOT IN (SELECT unnest(touched));

    SELECT child.id AS child, child.level AS child_level, child.site_id AS child_site,
        child.retired_at AS child_retired, parent.id AS parent, parent.level AS parent_level,
        parent.site_id AS parent_site, child.id = ANY (touched) AS child_touched
    INTO pair
    FROM (
        SELECT unnest(touched) AS id
        UNION
        SELECT id FROM energy_meters WHERE parent_meter_id = ANY (touched)
    ) affected
    JOIN energy_meters child ON child.id = affected.id
    JOIN energy_meters parent ON parent.id = child.parent_meter_id
    WHERE child.site_id <> parent.site_id OR child.level <= parent.level
        OR (child.retired_at IS NULL AND parent.retired_at IS NOT NULL)
    ORDER BY child.id LIMIT 1;
    IF FOUND THEN
        IF pair.child_site <> pair.parent_site THEN
            PERFORM energy_meters_refuse('parent_other_site', format(
                'parent %s of meter %s belongs to another site; choose one of the same site',
                pair.parent, pair.child));
        ELSIF pair.child_level <= pair.parent_level THEN
            PERFORM energy_meters_refuse('level_not_below_parent', format(
                'level %s of meter %s is not below level %s of its parent %s; leave level out to get %s',
                pair.child_level, pair.child, pair.parent_level, pair.parent, pair.parent_level + 1));
        ELSIF pair.child_touched THEN
            PERFORM energy_meters_refuse('parent_retired', format(
                'parent %s of meter %s is retired; choose one that still measures',
                pair.parent, pair.child));
        ELSE
            PERFORM energy_meters_refuse('has_children', format(
                'meter %s still has meters below it, such as %s; move or retire them first',
                pair.parent, pair.child));
        END IF;
    END IF;

    -- Without a date the change is a correction for all time.
    DELETE FROM meter_placements WHERE meter_id = ANY (placed) AND valid_from >= effective;
    INSERT INTO meter_placements (meter_id, parent_meter_id, feeds_parent, valid_from)
    SELECT id, parent_meter_id, feeds_parent, effective FROM energy_meters WHERE id = ANY (placed);
    RETURN NULL;
END
$$;

CREATE TRIGGER energy_meters_keep_tree_on_insert AFTER INSERT ON energy_meters
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION energy_meters_keep_tree();

CREATE TRIGGER energy_meters_keep_tree_on_update AFTER UPDATE ON energy_meters
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION energy_meters_keep_tree();
