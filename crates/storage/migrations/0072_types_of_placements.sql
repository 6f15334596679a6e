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

-- As in 0051, but for types, which a move leaves as they were.
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

    -- Without a date the change is a correction for all time. Types stay as they were.
    INSERT INTO meter_placements (meter_id, parent_meter_id, feeds_parent, was_type, valid_from)
    SELECT meter.id, meter.parent_meter_id, meter.feeds_parent, known.was_type, effective
    FROM energy_meters meter
    LEFT JOIN LATERAL (
        -- The type at that time, else the first one.
        SELECT was_type FROM meter_placements WHERE meter_id = meter.id
        ORDER BY valid_from > effective, greatest(valid_from, effective), valid_from DESC LIMIT 1
    ) AS known ON true
    WHERE meter.id = ANY (placed)
    ON CONFLICT (meter_id, valid_from) DO UPDATE
        SET parent_meter_id = excluded.parent_meter_id, feeds_parent = excluded.feeds_parent, was_placed = NULL;
    UPDATE meter_placements later
    SET parent_meter_id = meter.parent_meter_id, feeds_parent = meter.feeds_parent, was_placed = NULL
    FROM energy_meters meter
    WHERE meter.id = ANY (placed) AND later.meter_id = meter.id AND later.valid_from > effective;
    DELETE FROM meter_placements USING (
        SELECT meter_id AS of_meter, valid_from AS since, lag(valid_from) OVER course AS follows,
            was_type IS NOT DISTINCT FROM lag(was_type) OVER course AS is_same
        FROM meter_placements WHERE meter_id = ANY (placed) AND valid_from >= effective
        WINDOW course AS (PARTITION BY meter_id ORDER BY valid_from)
    ) AS of_type
    WHERE meter_id = of_meter AND valid_from = since AND follows IS NOT NULL AND is_same;
    RETURN NULL;
END
$$;
