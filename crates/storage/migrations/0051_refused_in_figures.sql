-- A rule over several rows says beside its sentence what stands in it, as the detail of its error, so that
-- nobody has to read it out of the sentence.

CREATE FUNCTION energy_meters_refuse(code text, message text, figures jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'WL001', CONSTRAINT = code, TABLE = 'energy_meters',
        MESSAGE = format('%s: %s', code, message), DETAIL = figures::text;
END
$$;

-- As in 0002, but for what it says.
CREATE OR REPLACE FUNCTION energy_meters_keep_tree() RETURNS trigger LANGUAGE plpgsql
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
    figures   jsonb;
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
            pair.child, pair.parent), jsonb_build_object('meter', pair.child, 'parent', pair.parent));
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
        figures := jsonb_build_object('meter', pair.child, 'level', pair.child_level,
            'parent', pair.parent, 'above', pair.parent_level);
        IF pair.child_site <> pair.parent_site THEN
            PERFORM energy_meters_refuse('parent_other_site', format(
                'parent %s of meter %s belongs to another site; choose one of the same site',
                pair.parent, pair.child), figures);
        ELSIF pair.child_level <= pair.parent_level THEN
            PERFORM energy_meters_refuse('level_not_below_parent', format(
                'level %s of meter %s is not below level %s of its parent %s; leave level out to get %s',
                pair.child_level, pair.child, pair.parent_level, pair.parent, pair.parent_level + 1), figures);
        ELSIF pair.child_touched THEN
            PERFORM energy_meters_refuse('parent_retired', format(
                'parent %s of meter %s is retired; choose one that still measures',
                pair.parent, pair.child), figures);
        ELSE
            PERFORM energy_meters_refuse('has_children', format(
                'meter %s still has meters below it, such as %s; move or retire them first',
                pair.parent, pair.child), figures);
        END IF;
    END IF;

    -- Without a date the change is a correction for all time.
    DELETE FROM meter_placements WHERE meter_id = ANY (placed) AND valid_from >= effective;
    INSERT INTO meter_placements (meter_id, parent_meter_id, feeds_parent, valid_from)
    SELECT id, parent_meter_id, feeds_parent, effective FROM energy_meters WHERE id = ANY (placed);
    RETURN NULL;
END
$$;

-- As in 0002, but for what it says.
CREATE OR REPLACE FUNCTION energy_meters_fit_modulus() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    exchanged timestamptz;
    most      record;
    shown_at  text;
BEGIN
    SELECT max("timestamp") INTO exchanged
    FROM meter_exchanges WHERE meter_id = NEW.id AND undone_at IS NULL;
    SELECT found.at, found.value, found.unit INTO most
    FROM (
        SELECT reading."timestamp" AS at, shown.value, shown.unit
        FROM meter_readings reading
        CROSS JOIN LATERAL (VALUES
            ('total_energy_kwh', reading.total_energy_kwh, 'kWh'),
            ('energy_import_kwh', reading.energy_import_kwh, 'kWh'),
            ('energy_export_kwh', reading.energy_export_kwh, 'kWh'),
            ('reactive_energy_import_kvarh', reading.reactive_energy_import_kvarh, 'kvarh'),
            ('reactive_energy_export_kvarh', reading.reactive_energy_export_kvarh, 'kvarh'))
            AS shown (field, value, unit)
        WHERE reading.meter_id = NEW.id
            AND reading."timestamp" > coalesce(exchanged, '-infinity')
            AND shown.value >= NEW.register_modulus_kwh AND shown.value <= 1e12
            AND NOT EXISTS (SELECT FROM quarantine apart
                WHERE apart.meter_id = NEW.id AND apart."timestamp" = reading."timestamp"
                    AND apart.register = shown.field AND apart.value = shown.value
                    AND apart.decision IS DISTINCT FROM 'accept')
            AND NOT EXISTS (SELECT FROM reading_corrections fix
                WHERE fix.meter_id = NEW.id AND fix."timestamp" = reading."timestamp"
                    AND fix.field = shown.field AND fix.undone_at IS NULL)
            AND NOT EXISTS (SELECT FROM shown_beside(NEW.id, reading."timestamp", shown.field) AS beside
                WHERE beside.before <= beside.after AND beside.after < shown.value)
        UNION ALL
        SELECT "timestamp", new_initial_kwh, 'kWh' FROM meter_exchanges
        WHERE meter_id = NEW.id AND undone_at IS NULL AND "timestamp" = exchanged
            AND new_initial_kwh >= NEW.register_modulus_kwh
        UNION ALL
        SELECT newest."timestamp", newest.value, 'kWh'
        FROM (SELECT DISTINCT ON ("timestamp", field) "timestamp", field, value
            FROM reading_corrections
            WHERE meter_id = NEW.id AND undone_at IS NULL
                AND "timestamp" > coalesce(exchanged, '-infinity')
                AND field IN ('total_energy_kwh', 'energy_import_kwh', 'energy_export_kwh')
            ORDER BY "timestamp", field, n DESC) newest
        WHERE newest.value >= NEW.register_modulus_kwh
    ) found
    ORDER BY found.value DESC LIMIT 1;
    IF FOUND THEN
        shown_at := to_char(most.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
        PERFORM energy_meters_refuse('modulus_below_register', format(
            'the register of meter %s showed %s %s at %s: one that wraps at %s kWh never shows that; '
            'enter a larger registerModulusKwh, or correct that reading first',
            NEW.meter_number, most.value, most.unit, shown_at, NEW.register_modulus_kwh),
            jsonb_build_object('meter', NEW.meter_number, 'value', most.value, 'unit', most.unit,
                'at', shown_at, 'modulus', NEW.register_modulus_kwh));
    END IF;
    RETURN NULL;
END
$$;

DROP FUNCTION energy_meters_refuse(text, text);
