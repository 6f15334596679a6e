-- Meters, the tree that they form, their exchanges, and meters that are computed from others.
--
-- Refusals that need more than one row are raised by a trigger with SQLSTATE WL001; the constraint
-- field of the error carries the code: parent_cycle, parent_other_site, level_not_below_parent,
-- has_children, parent_retired, modulus_below_register.

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
    placed_by            text             NOT NULL DEFAULT 'person',
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

    CONSTRAINT energy_meters_uuid_key               UNIQUE (uuid),
    CONSTRAINT energy_meters_number_key             UNIQUE (site_id, meter_number),
    -- Deferrable, so that a configuration can be taken in whose meters exchange their prefixes.
    CONSTRAINT energy_meters_channel_prefix_key     EXCLUDE USING btree
        (site_id WITH =, channel_prefix WITH =) WHERE (retired_at IS NULL) DEFERRABLE,
    CONSTRAINT energy_meters_site_fk                FOREIGN KEY (site_id) REFERENCES sites (id),
    CONSTRAINT energy_meters_parent_fk              FOREIGN KEY (parent_meter_id) REFERENCES energy_meters (id),
    CONSTRAINT energy_meters_number_given           CHECK (meter_number <> ''),
    CONSTRAINT energy_meters_name_given             CHECK (meter_name ~ '\S'),
    CONSTRAINT energy_meters_name_length            CHECK (char_length(meter_name) <= 200),
    CONSTRAINT energy_meters_type_given             CHECK (meter_type <> ''),
    CONSTRAINT energy_meters_level_range            CHECK (level >= 0),
    CONSTRAINT energy_meters_placed_by_known        CHECK (placed_by IN ('nobody', 'logger', 'person')),
    CONSTRAINT energy_meters_load_role_known        CHECK (load_role IN ('grid', 'building', 'solar', 'zone', 'none')),
    CONSTRAINT energy_meters_phase_type_known       CHECK (phase_type IN ('1-Ph', '3-Ph', 'Smart', 'net-meter')),
    CONSTRAINT energy_meters_channel_prefix_given   CHECK (channel_prefix <> ''),
    CONSTRAINT energy_meters_rated_power_range      CHECK (rated_power_kw > 0 AND rated_power_kw < 'Infinity'),
    CONSTRAINT energy_meters_rated_power_measurable CHECK (rated_power_kw <= 1e9),
    CONSTRAINT energy_meters_accuracy_range         CHECK (accuracy_class > 0 AND accuracy_class <= 100),
    CONSTRAINT energy_meters_modulus_range          CHECK (register_modulus_kwh > 0 AND register_modulus_kwh < 'Infinity'),
    CONSTRAINT energy_meters_modulus_measurable     CHECK (register_modulus_kwh <= 1e12),
    CONSTRAINT energy_meters_step_range             CHECK (register_step_kwh > 0 AND register_step_kwh < 'Infinity'),
    CONSTRAINT energy_meters_step_measurable        CHECK (register_step_kwh <= 1e12),
    CONSTRAINT energy_meters_import_register_known  CHECK (import_register IN ('import', 'total')),
    CONSTRAINT energy_meters_diesel_register_known  CHECK (diesel_register IN ('increment', 'cumulative')),
    CONSTRAINT energy_meters_latitude_range         CHECK (latitude BETWEEN -90 AND 90),
    CONSTRAINT energy_meters_longitude_range        CHECK (longitude BETWEEN -180 AND 180),
    CONSTRAINT energy_meters_installed_finite       CHECK (isfinite(installed_at)),
    CONSTRAINT energy_meters_retired_finite         CHECK (isfinite(retired_at))
);

CREATE INDEX energy_meters_parent_idx ON energy_meters (parent_meter_id);

COMMENT ON TABLE  energy_meters IS 'Measuring points and the tree they form.';
COMMENT ON COLUMN energy_meters.meter_type IS 'Grid, Main, DG, Solar, Battery, … carry behaviour; any other word is a plain load';
COMMENT ON COLUMN energy_meters.level IS '0 grid, 1 main, 2 distribution, 3 unit, 4 machine, or deeper; always below the parent''s. Default: the parent''s plus one';
COMMENT ON COLUMN energy_meters.feeds_parent IS 'its positive power and import register are energy delivered to the parent''s bus';
-- A meter that was made when something unknown sent readings belongs to no total until somebody says; what
-- the settings of a logger say of its meters holds until a person says otherwise.
COMMENT ON COLUMN energy_meters.placed_by IS 'who said what it measures and where it hangs: nobody yet, the settings of its logger, or a person';
COMMENT ON COLUMN energy_meters.load_role IS 'what it counts as in the load status';
COMMENT ON COLUMN energy_meters.channel_prefix IS 'what its channels begin with, such as grid in grid/ActivePower; null of a retired meter';
COMMENT ON COLUMN energy_meters.rated_power_kw IS 'kW';
COMMENT ON COLUMN energy_meters.accuracy_class IS 'per cent; null is taken as 1.0';
COMMENT ON COLUMN energy_meters.register_modulus_kwh IS 'kWh at which the register wraps to zero';
COMMENT ON COLUMN energy_meters.register_step_kwh IS 'kWh of the register''s smallest rise';
COMMENT ON COLUMN energy_meters.import_register IS 'import: energy_import_kwh, total: total_energy_kwh; null: the first one seen';
COMMENT ON COLUMN energy_meters.diesel_register IS 'whether diesel_consumption_liters is an increment or a counter';
COMMENT ON COLUMN energy_meters.latitude IS 'degrees north';
COMMENT ON COLUMN energy_meters.longitude IS 'degrees east';
COMMENT ON COLUMN energy_meters.retired_at IS 'since when it measures no more; its history stays';

CREATE FUNCTION energy_meters_refuse(code text, message text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'WL001', CONSTRAINT = code, TABLE = 'energy_meters',
        MESSAGE = format('%s: %s', code, message);
END
$$;

-- Every meter that measures has a prefix for its channels, unique in its site.
--
-- Where none is stated, the site's first meter that is of type Grid or counts as grid gets 'grid', and
-- any other its number in small letters. A prefix made of the number follows its meter when that gets
-- another number or becomes the first grid meter. Retiring a meter sets its prefix free.

-- Whether no other meter of a site has a prefix.
CREATE FUNCTION energy_meters_prefix_is_free(site bigint, number text, prefix text) RETURNS boolean LANGUAGE sql AS $$
    SELECT NOT EXISTS (SELECT 1 FROM energy_meters other
        WHERE other.site_id = site AND other.channel_prefix = prefix
            AND other.retired_at IS NULL AND other.meter_number <> number)
$$;

CREATE FUNCTION energy_meters_default_prefix() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    grid boolean := NEW.meter_type = 'Grid' OR NEW.load_role = 'grid';
BEGIN
    IF NEW.retired_at IS NOT NULL THEN
        NEW.channel_prefix := NULL;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.channel_prefix = OLD.channel_prefix AND OLD.channel_prefix = lower(OLD.meter_number)
            AND (NEW.meter_number <> OLD.meter_number
                OR (grid AND OLD.meter_type <> 'Grid' AND OLD.load_role <> 'grid')) THEN
            NEW.channel_prefix := NULL;
        END IF;
    END IF;
    IF NEW.channel_prefix IS NOT NULL THEN
        RETURN NEW;
    END IF;
    IF grid AND energy_meters_prefix_is_free(NEW.site_id, NEW.meter_number, 'grid') THEN
        -- Of two first grid meters at the same time the second waits here, and looks again. The lock
        -- is that of the tree.
        PERFORM pg_advisory_xact_lock(6283185307179586);
        IF energy_meters_prefix_is_free(NEW.site_id, NEW.meter_number, 'grid') THEN
            NEW.channel_prefix := 'grid';
            RETURN NEW;
        END IF;
    END IF;
    -- An empty number is refused as such.
    NEW.channel_prefix := nullif(lower(NEW.meter_number), '');
    IF NOT energy_meters_prefix_is_free(NEW.site_id, NEW.meter_number, NEW.channel_prefix) THEN
        NEW.channel_prefix := NEW.channel_prefix || '_' || NEW.id;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER energy_meters_default_prefix BEFORE INSERT OR UPDATE ON energy_meters
    FOR EACH ROW EXECUTE FUNCTION energy_meters_default_prefix();

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

CREATE TABLE meter_placements (
    meter_id        bigint      NOT NULL,
    parent_meter_id bigint,
    feeds_parent    boolean     NOT NULL,
    was_placed      boolean,
    valid_from      timestamptz NOT NULL,

    CONSTRAINT meter_placements_pkey      PRIMARY KEY (meter_id, valid_from),
    CONSTRAINT meter_placements_meter_fk  FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT meter_placements_parent_fk FOREIGN KEY (parent_meter_id) REFERENCES energy_meters (id) ON DELETE SET NULL
);

CREATE INDEX meter_placements_parent_idx ON meter_placements (parent_meter_id);

COMMENT ON TABLE  meter_placements IS 'Where a meter hung since when. Kept by the triggers on energy_meters.';
COMMENT ON COLUMN meter_placements.was_placed IS 'Whether it was known then what the meter is part of; null where that is as it is now';
COMMENT ON COLUMN meter_placements.valid_from IS '-infinity for the placement that always held';

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

CREATE TABLE meter_exchanges (
    meter_id        bigint           NOT NULL,
    n               bigserial        NOT NULL,
    "timestamp"     timestamptz      NOT NULL,
    import_register text,
    old_final_kwh   double precision NOT NULL,
    new_initial_kwh double precision NOT NULL,
    reason          text             NOT NULL,
    undone_at       timestamptz,

    CONSTRAINT meter_exchanges_pkey                  PRIMARY KEY (meter_id, n),
    CONSTRAINT meter_exchanges_meter_fk              FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT meter_exchanges_import_register_known CHECK (import_register IN ('import', 'total')),
    CONSTRAINT meter_exchanges_old_finite            CHECK (old_final_kwh > '-Infinity' AND old_final_kwh < 'Infinity'),
    CONSTRAINT meter_exchanges_new_finite            CHECK (new_initial_kwh > '-Infinity' AND new_initial_kwh < 'Infinity'),
    -- As readings are: beyond 1e12 no meter shows anything.
    CONSTRAINT meter_exchanges_measurable            CHECK (undone_at IS NOT NULL
        OR (abs(old_final_kwh) <= 1e12 AND abs(new_initial_kwh) <= 1e12)),
    CONSTRAINT meter_exchanges_reason_given          CHECK (reason <> '')
);

CREATE UNIQUE INDEX meter_exchanges_time_key ON meter_exchanges (meter_id, "timestamp") WHERE undone_at IS NULL;

COMMENT ON TABLE  meter_exchanges IS 'When a meter was replaced, and where the registers of both stood.';
-- Where import is taken from the other one later, the figures say nothing of it.
COMMENT ON COLUMN meter_exchanges.import_register IS 'import: energy_import_kwh, total: total_energy_kwh; null: whichever import is taken from';
COMMENT ON COLUMN meter_exchanges.undone_at IS 'since when it no longer counts';

CREATE TABLE virtual_meters (
    meter_id   bigint           NOT NULL,
    input_id   bigint           NOT NULL,
    factor     double precision NOT NULL,
    valid_from timestamptz      NOT NULL DEFAULT '-infinity',
    valid_to   timestamptz      NOT NULL DEFAULT 'infinity',

    CONSTRAINT virtual_meters_pkey              PRIMARY KEY (meter_id, valid_from, input_id),
    CONSTRAINT virtual_meters_meter_fk          FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT virtual_meters_input_fk          FOREIGN KEY (input_id) REFERENCES energy_meters (id),
    CONSTRAINT virtual_meters_no_self           CHECK (meter_id <> input_id),
    CONSTRAINT virtual_meters_factor_range      CHECK (factor <> 0 AND factor > '-Infinity' AND factor < 'Infinity'),
    CONSTRAINT virtual_meters_factor_measurable CHECK (abs(factor) <= 1e9),
    CONSTRAINT virtual_meters_valid_order       CHECK (valid_from < valid_to)
);

CREATE INDEX virtual_meters_input_idx ON virtual_meters (input_id);

COMMENT ON TABLE  virtual_meters IS 'Terms of derived meters: the meter shows the sum of factor times input.';
COMMENT ON COLUMN virtual_meters.valid_from IS 'what the meter shows after this is computed with the term; all terms of a meter change together';
COMMENT ON COLUMN virtual_meters.valid_to IS 'up to this; infinity while it holds';
