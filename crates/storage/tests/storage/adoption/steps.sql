-- A database that the earlier program left with its last schema: of the steps that this had taken all are in
-- _sqlx_migrations. It has a plant with readings, an exchange, a correction, balances, an issued bill, an alarm, a
-- logger, a broker, and what was written into the log of each. As pg_dump writes it, less comments and empty months.
SET check_function_bodies = false;
CREATE FUNCTION balance_meter_again() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
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
CREATE FUNCTION bills_keep_issued() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
    RAISE EXCEPTION 'bill % is issued and never changes: credit it instead', OLD.number
        USING ERRCODE = 'WL001', CONSTRAINT = 'bill_issued';
END
$$;
CREATE FUNCTION compute_meter_again() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
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
CREATE FUNCTION drop_empty_month(parent regclass, partition text) RETURNS boolean
  LANGUAGE plpgsql
  SET lock_timeout TO '2s'
  AS $$
DECLARE
    is_empty boolean;
BEGIN
    PERFORM FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = parent AND relname = partition;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- Whoever writes into the month has committed before this, or writes after the partition is gone.
    EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', parent);
    EXECUTE format('SELECT NOT EXISTS (SELECT FROM %I)', partition) INTO is_empty;
    IF NOT is_empty THEN
        RETURN false;
    END IF;
    RETURN drop_month(parent, partition);
END
$$;
CREATE FUNCTION drop_month(parent regclass, partition text) RETURNS boolean
  LANGUAGE plpgsql
  SET lock_timeout TO '2s'
  AS $$
BEGIN
    PERFORM FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = parent AND relname = partition;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    EXECUTE format('ALTER TABLE %s DETACH PARTITION %I', parent, partition);
    EXECUTE format('DROP TABLE %I', partition);
    RETURN true;
END
$$;
CREATE FUNCTION energy_meters_default_level() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
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
CREATE FUNCTION energy_meters_default_prefix() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
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
CREATE FUNCTION energy_meters_fit_modulus() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
DECLARE
    exchanged timestamptz;
    most      record;
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
        PERFORM energy_meters_refuse('modulus_below_register', format(
            'the register of meter %s showed %s %s at %s: one that wraps at %s kWh never shows that; '
            'enter a larger registerModulusKwh, or correct that reading first',
            NEW.meter_number, most.value, most.unit,
            to_char(most.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            NEW.register_modulus_kwh));
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION energy_meters_keep_tree() RETURNS trigger
  LANGUAGE plpgsql
  SET plan_cache_mode TO 'force_custom_plan'
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
CREATE FUNCTION energy_meters_prefix_is_free(site bigint, number text, prefix text) RETURNS boolean
  LANGUAGE sql
  AS $$
    SELECT NOT EXISTS (SELECT 1 FROM energy_meters other
        WHERE other.site_id = site AND other.channel_prefix = prefix
            AND other.retired_at IS NULL AND other.meter_number <> number)
$$;
CREATE FUNCTION energy_meters_refuse(code text, message text) RETURNS void
  LANGUAGE plpgsql
  AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'WL001', CONSTRAINT = code, TABLE = 'energy_meters',
        MESSAGE = format('%s: %s', code, message);
END
$$;
CREATE FUNCTION ensure_month(parent text, moment text, partition text, instant timestamptz) RETURNS boolean
  LANGUAGE plpgsql
  SET lock_timeout TO '2s'
  AS $$
DECLARE
    from_utc timestamptz := date_trunc('month', instant, 'UTC');
    to_utc   timestamptz := (from_utc AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
    waiting  text := format('SELECT EXISTS (SELECT FROM %I WHERE %I >= %L AND %I < %L)',
        parent || '_default', moment, from_utc, moment, to_utc);
    is_held  boolean;
    waits    boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(parent, 0));
    -- Not to_regclass: it may answer from a cache older than the lock.
    PERFORM FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = parent::regclass AND relname = partition;
    IF FOUND THEN
        RETURN false;
    END IF;
    EXECUTE waiting INTO is_held;
    IF is_held THEN
        EXECUTE format('LOCK TABLE ONLY %I IN ACCESS EXCLUSIVE MODE', parent);
    END IF;
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent || '_default');
    EXECUTE waiting INTO waits;
    -- Rows that came between the two looks wait for the next call.
    IF waits AND NOT is_held THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition, parent);
    EXECUTE format(
        'WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO %I TABLE moved',
        parent || '_default', moment, from_utc, moment, to_utc, partition);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        parent, partition, from_utc, to_utc);
    RETURN true;
END
$$;
CREATE FUNCTION interval_partition(instant timestamptz) RETURNS text
  LANGUAGE sql IMMUTABLE
  RETURN ('energy_intervals_'::text || to_char((instant AT TIME ZONE 'UTC'::text), 'YYYY_MM'::text));
CREATE FUNCTION ensure_interval_partition(instant timestamptz) RETURNS boolean
  LANGUAGE sql
  RETURN ensure_month('energy_intervals'::text, 'bucket_start'::text, interval_partition(instant), instant);
CREATE FUNCTION reading_partition(instant timestamptz) RETURNS text
  LANGUAGE sql IMMUTABLE
  RETURN ('meter_readings_'::text || to_char((instant AT TIME ZONE 'UTC'::text), 'YYYY_MM'::text));
CREATE FUNCTION ensure_reading_partition(instant timestamptz) RETURNS boolean
  LANGUAGE sql
  RETURN ensure_month('meter_readings'::text, 'timestamp'::text, reading_partition(instant), instant);
CREATE FUNCTION fuel_of_day(meter bigint, from_at timestamptz, to_at timestamptz) RETURNS jsonb
  LANGUAGE sql STABLE
  AS $$
WITH part AS (
    SELECT bucket_start, import_kwh, export_kwh, diesel_l, fuel FROM energy_intervals
    WHERE meter_id = meter AND bucket_start >= from_at AND bucket_start < to_at
), known AS (
    SELECT bucket_start AS start, coalesce(fuel, jsonb_strip_nulls(jsonb_build_object(
        'f', (SELECT bucket_start FROM energy_meters WHERE id = meter AND diesel_register = 'cumulative'),
        't', bucket_start + interval '15 minutes'))) AS fuel
    FROM part WHERE diesel_l IS NOT NULL
), first AS (
    SELECT * FROM known ORDER BY start LIMIT 1
), last AS (
    SELECT * FROM known ORDER BY start DESC LIMIT 1
), beside AS (
    SELECT
        jsonb_build_object(
            'i', coalesce(sum(import_kwh) FILTER (WHERE bucket_start < first.start), 0),
            'e', coalesce(sum(export_kwh) FILTER (WHERE bucket_start < first.start), 0)) AS head,
        jsonb_build_object(
            'i', coalesce(sum(import_kwh) FILTER (WHERE bucket_start > last.start), 0),
            'e', coalesce(sum(export_kwh) FILTER (WHERE bucket_start > last.start), 0)) AS rest
    FROM part, first, last
)
SELECT jsonb_build_object('first', first.fuel, 'firstStart', first.start, 'last', last.fuel,
    'lastStart', last.start, 'head', beside.head, 'rest', beside.rest)
FROM first, last, beside
$$;
CREATE TABLE energy_meters (
  id bigint NOT NULL,
  uuid uuid DEFAULT gen_random_uuid() NOT NULL,
  site_id bigint DEFAULT 1 NOT NULL,
  meter_number text NOT NULL,
  meter_name text NOT NULL,
  meter_type text DEFAULT 'Other'::text NOT NULL,
  level smallint NOT NULL,
  parent_meter_id bigint,
  feeds_parent boolean DEFAULT false NOT NULL,
  area text,
  location text,
  load_role text DEFAULT 'none'::text NOT NULL,
  phase_type text,
  channel_prefix text,
  rated_power_kw float8,
  accuracy_class float8,
  register_modulus_kwh float8,
  register_step_kwh float8,
  import_register text,
  diesel_register text DEFAULT 'increment'::text NOT NULL,
  latitude float8,
  longitude float8,
  city text,
  state text,
  pincode text,
  installed_at timestamptz,
  retired_at timestamptz,
  placed_by text DEFAULT 'person'::text NOT NULL,
  CONSTRAINT energy_meters_accuracy_range CHECK (((accuracy_class > (0)::float8) AND (accuracy_class <= (100)::float8))),
  CONSTRAINT energy_meters_channel_prefix_given CHECK ((channel_prefix <> ''::text)),
  CONSTRAINT energy_meters_diesel_register_known CHECK ((diesel_register = ANY (ARRAY['increment', 'cumulative']))),
  CONSTRAINT energy_meters_import_register_known CHECK ((import_register = ANY (ARRAY['import', 'total']))),
  CONSTRAINT energy_meters_installed_finite CHECK (isfinite(installed_at)),
  CONSTRAINT energy_meters_latitude_range CHECK (((latitude >= ('-90'::integer)::float8) AND (latitude <= (90)::float8))),
  CONSTRAINT energy_meters_level_range CHECK ((level >= 0)),
  CONSTRAINT energy_meters_load_role_known CHECK ((load_role = ANY (ARRAY['grid', 'building', 'solar', 'zone', 'none']))),
  CONSTRAINT energy_meters_longitude_range CHECK (((longitude >= ('-180'::integer)::float8) AND (longitude <= (180)::float8))),
  CONSTRAINT energy_meters_modulus_range CHECK (((register_modulus_kwh > (0)::float8) AND (register_modulus_kwh < 'Infinity'::float8))),
  CONSTRAINT energy_meters_number_given CHECK ((meter_number <> ''::text)),
  CONSTRAINT energy_meters_phase_type_known CHECK ((phase_type = ANY (ARRAY['1-Ph', '3-Ph', 'Smart', 'net-meter']))),
  CONSTRAINT energy_meters_placed_by_known CHECK ((placed_by = ANY (ARRAY['nobody', 'logger', 'person']))),
  CONSTRAINT energy_meters_rated_power_range CHECK (((rated_power_kw > (0)::float8) AND (rated_power_kw < 'Infinity'::float8))),
  CONSTRAINT energy_meters_retired_finite CHECK (isfinite(retired_at)),
  CONSTRAINT energy_meters_step_range CHECK (((register_step_kwh > (0)::float8) AND (register_step_kwh < 'Infinity'::float8))),
  CONSTRAINT energy_meters_type_given CHECK ((meter_type <> ''::text))
);
CREATE TABLE meter_readings (
  meter_id bigint NOT NULL,
  "timestamp" timestamptz NOT NULL,
  received_at timestamptz DEFAULT now() NOT NULL,
  quality text DEFAULT 'GOOD'::text NOT NULL,
  source text DEFAULT 'sql'::text NOT NULL,
  active_power_kw float8,
  active_power_kw_l1 float8,
  active_power_kw_l2 float8,
  active_power_kw_l3 float8,
  reactive_power_kvar float8,
  reactive_power_kvar_l1 float8,
  reactive_power_kvar_l2 float8,
  reactive_power_kvar_l3 float8,
  apparent_power_kva float8,
  power_factor float8,
  frequency_hz float8,
  rocof_hz_s float8,
  voltage_l1 float8,
  voltage_l2 float8,
  voltage_l3 float8,
  voltage_l12 float8,
  voltage_l23 float8,
  voltage_l31 float8,
  current_l1 float8,
  current_l2 float8,
  current_l3 float8,
  total_energy_kwh float8,
  energy_import_kwh float8,
  energy_export_kwh float8,
  reactive_energy_import_kvarh float8,
  reactive_energy_export_kvarh float8,
  diesel_consumption_liters float8,
  runtime_hours float8,
  CONSTRAINT meter_readings_quality_known CHECK ((quality = ANY (ARRAY['GOOD', 'DERIVED', 'CORRECTED', 'ESTIMATED', 'STALE', 'ERROR']))),
  CONSTRAINT meter_readings_source_known CHECK ((source = ANY (ARRAY['modbus', 'mqtt', 'http', 'api', 'sql', 'simulator', 'derived']))),
  CONSTRAINT meter_readings_timestamp_range CHECK ((("timestamp" >= '0001-01-01 00:00:00+00'::timestamptz) AND ("timestamp" < '10000-01-01 00:00:00+00'::timestamptz)))
)
PARTITION BY RANGE ("timestamp");
CREATE TABLE meter_registers (
  meter_id bigint NOT NULL,
  import_register text,
  step_kwh float8,
  derived_to timestamptz,
  derive_from timestamptz,
  frozen_to timestamptz,
  register_at timestamptz,
  step_at timestamptz,
  derive_until timestamptz,
  derived_import_kwh float8,
  derived_export_kwh float8
);
CREATE FUNCTION import_register_of(meter bigint) RETURNS text
  LANGUAGE sql STABLE
  RETURN COALESCE((SELECT energy_meters.import_register FROM energy_meters WHERE (energy_meters.id = import_register_of.meter)), (SELECT meter_registers.import_register FROM meter_registers WHERE (meter_registers.meter_id = import_register_of.meter)), (SELECT CASE WHEN (meter_readings.energy_import_kwh IS NULL) THEN 'total'::text ELSE 'import'::text END AS "case" FROM meter_readings WHERE ((meter_readings.meter_id = import_register_of.meter) AND (COALESCE(meter_readings.energy_import_kwh, meter_readings.total_energy_kwh) IS NOT NULL)) ORDER BY meter_readings."timestamp" LIMIT 1));
CREATE FUNCTION meter_exchanges_of_register() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
    NEW.import_register := coalesce(NEW.import_register, import_register_of(NEW.meter_id));
    RETURN NEW;
END
$$;
CREATE FUNCTION shown_beside(meter bigint, at timestamptz, field text, OUT before float8, OUT after float8) RETURNS record
  LANGUAGE plpgsql STABLE
  AS $_$
BEGIN
    EXECUTE format('SELECT %I FROM meter_readings WHERE meter_id = $1 AND "timestamp" < $2 AND %1$I IS NOT NULL '
        'ORDER BY "timestamp" DESC LIMIT 1', field) INTO before USING meter, at;
    EXECUTE format('SELECT %I FROM meter_readings WHERE meter_id = $1 AND "timestamp" > $2 AND %1$I IS NOT NULL '
        'ORDER BY "timestamp" LIMIT 1', field) INTO after USING meter, at;
END
$_$;
CREATE FUNCTION sites_usual_alarm_rules() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
    PERFORM usual_alarm_rules(NEW.id, NEW.kind);
    RETURN NULL;
END
$$;
CREATE FUNCTION transformers_note_change() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END
$$;
CREATE TABLE alarm_rules (
  id bigint NOT NULL,
  site_id bigint NOT NULL,
  meter_id bigint,
  kind text NOT NULL,
  channel text,
  direction text,
  raise_at float8,
  clear_at float8,
  nominal float8,
  tank_litres float8,
  filled_at timestamptz,
  delay_s integer NOT NULL,
  clear_delay_s integer NOT NULL,
  severity text NOT NULL,
  enabled boolean DEFAULT true NOT NULL,
  CONSTRAINT alarm_rules_channel_given CHECK (((kind = 'threshold'::text) = (channel IS NOT NULL))),
  CONSTRAINT alarm_rules_clear_delay_range CHECK (((clear_delay_s >= 0) AND (clear_delay_s <= 86400))),
  CONSTRAINT alarm_rules_delay_range CHECK (((delay_s >= 0) AND (delay_s <= 86400))),
  CONSTRAINT alarm_rules_direction_known CHECK ((direction = ANY (ARRAY['above', 'below']))),
  CONSTRAINT alarm_rules_kind_known CHECK ((kind = ANY (ARRAY['offline', 'stale', 'phase_imbalance', 'phase_export', 'voltage', 'frequency', 'power_factor', 'threshold', 'diesel_low', 'data_quality', 'tamper', 'meter_error', 'quarantine']))),
  CONSTRAINT alarm_rules_limits_order CHECK (
CASE direction
  WHEN 'above'::text THEN (clear_at <= raise_at)
  WHEN 'below'::text THEN (clear_at >= raise_at)
  ELSE NULL::boolean
END),
  CONSTRAINT alarm_rules_limits_together CHECK ((num_nonnulls(direction, raise_at, clear_at) = ANY (ARRAY[0, 3]))),
  CONSTRAINT alarm_rules_nominal_range CHECK (((nominal > (0)::float8) AND (nominal < 'Infinity'::float8))),
  CONSTRAINT alarm_rules_severity_known CHECK ((severity = ANY (ARRAY['info', 'warning', 'critical']))),
  CONSTRAINT alarm_rules_tank_given CHECK ((num_nonnulls(tank_litres, filled_at) =
CASE
  WHEN (kind = 'diesel_low'::text) THEN 2
  ELSE 0
END)),
  CONSTRAINT alarm_rules_tank_range CHECK (((tank_litres > (0)::float8) AND (tank_litres < 'Infinity'::float8)))
);
CREATE FUNCTION usual_alarm_rules(site bigint, site_kind text) RETURNS void
  LANGUAGE sql
  BEGIN ATOMIC
 INSERT INTO alarm_rules (site_id, kind, direction, raise_at, clear_at, delay_s, clear_delay_s, severity, enabled)  SELECT usual_alarm_rules.site AS site,
             usual.kind,
             usual.direction,
             usual.raise_at,
             usual.clear_at,
             usual.delay_s,
             usual.delay_s,
             usual.severity,
             (usual.enabled AND (usual_alarm_rules.site_kind = 'live'::text))
            FROM ( VALUES ('offline'::text,NULL::text,NULL::integer,NULL::numeric,30,'critical'::text,true), ('stale'::text,NULL::text,NULL::integer,NULL::numeric,30,'warning'::text,true), ('phase_imbalance'::text,'above'::text,20,15,20,'warning'::text,true), ('voltage'::text,'above'::text,10,9,20,'critical'::text,true), ('phase_export'::text,'above'::text,50,20,10,'critical'::text,false), ('data_quality'::text,'above'::text,2,1.5,0,'warning'::text,true), ('quarantine'::text,NULL::text,NULL::integer,NULL::numeric,0,'warning'::text,true)) usual(kind, direction, raise_at, clear_at, delay_s, severity, enabled);
END;
CREATE TABLE _sqlx_migrations (
  version bigint NOT NULL,
  description text NOT NULL,
  installed_on timestamptz DEFAULT now() NOT NULL,
  success boolean NOT NULL,
  checksum bytea NOT NULL,
  execution_time bigint NOT NULL
);
CREATE TABLE acquisuite_activity (
  serial_number text NOT NULL,
  last_upload_at timestamptz,
  files bigint DEFAULT 0 NOT NULL,
  stored bigint DEFAULT 0 NOT NULL,
  repeated bigint DEFAULT 0 NOT NULL,
  refused bigint DEFAULT 0 NOT NULL,
  silent bigint DEFAULT 0 NOT NULL,
  last_refused text,
  last_event text,
  last_event_at timestamptz,
  conflicting bigint DEFAULT 0 NOT NULL,
  log_period_minutes smallint,
  heard_from inet,
  heard_at timestamptz,
  CONSTRAINT acquisuite_activity_heard_whole CHECK (((heard_from IS NULL) = (heard_at IS NULL))),
  CONSTRAINT acquisuite_activity_period_range CHECK (((log_period_minutes >= 1) AND (log_period_minutes <= 60)))
);
CREATE TABLE acquisuite_devices (
  serial_number text NOT NULL,
  address smallint NOT NULL,
  meter_id bigint NOT NULL,
  CONSTRAINT acquisuite_devices_address_range CHECK (((address >= 1) AND (address <= 999)))
);
CREATE TABLE acquisuite_files (
  serial_number text NOT NULL,
  file_name text NOT NULL,
  content text NOT NULL,
  md5 text NOT NULL,
  file_time text NOT NULL
);
CREATE TABLE acquisuite_loggers (
  serial_number text NOT NULL,
  site_id bigint NOT NULL,
  password_hash text,
  utility_address smallint,
  load_address smallint,
  solar_address smallint,
  missing_meter_id bigint,
  columns jsonb DEFAULT '{}'::jsonb NOT NULL,
  CONSTRAINT acquisuite_loggers_columns_form CHECK ((jsonb_typeof(columns) = 'object'::text)),
  CONSTRAINT acquisuite_loggers_load_range CHECK (((load_address >= 1) AND (load_address <= 999))),
  CONSTRAINT acquisuite_loggers_roles_differ CHECK (((utility_address <> load_address) AND (load_address <> solar_address) AND (solar_address <> utility_address))),
  CONSTRAINT acquisuite_loggers_serial_form CHECK ((serial_number ~ '^[0-9A-Z]{1,32}$'::text)),
  CONSTRAINT acquisuite_loggers_solar_range CHECK (((solar_address >= 1) AND (solar_address <= 999))),
  CONSTRAINT acquisuite_loggers_utility_range CHECK (((utility_address >= 1) AND (utility_address <= 999)))
);
CREATE TABLE acquisuite_refusals (
  serial_number text NOT NULL,
  reason text NOT NULL,
  count bigint NOT NULL,
  last_at timestamptz NOT NULL,
  detail text NOT NULL,
  CONSTRAINT acquisuite_refusals_count_range CHECK ((count > 0))
);
CREATE TABLE alarm_looks (
  is_only boolean DEFAULT true NOT NULL,
  looked_at timestamptz NOT NULL,
  CONSTRAINT alarm_looks_only_one CHECK (is_only)
);
CREATE TABLE alarm_outbox (
  id bigint NOT NULL,
  recipient_id bigint NOT NULL,
  alarm_id bigint NOT NULL,
  event text NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  next_at timestamptz DEFAULT now() NOT NULL,
  problem text,
  created_at timestamptz DEFAULT now() NOT NULL,
  CONSTRAINT alarm_outbox_event_known CHECK ((event = ANY (ARRAY['raised', 'cleared'])))
);
CREATE SEQUENCE alarm_outbox_id_seq;
ALTER SEQUENCE alarm_outbox_id_seq OWNED BY alarm_outbox.id;
CREATE TABLE alarm_recipients (
  id bigint NOT NULL,
  site_id bigint NOT NULL,
  kind text NOT NULL,
  address text NOT NULL,
  min_severity text DEFAULT 'warning'::text NOT NULL,
  enabled boolean DEFAULT true NOT NULL,
  problem text,
  CONSTRAINT alarm_recipients_address_given CHECK ((address <> ''::text)),
  CONSTRAINT alarm_recipients_kind_known CHECK ((kind = ANY (ARRAY['webhook', 'email']))),
  CONSTRAINT alarm_recipients_severity_known CHECK ((min_severity = ANY (ARRAY['info', 'warning', 'critical'])))
);
CREATE SEQUENCE alarm_recipients_id_seq;
ALTER SEQUENCE alarm_recipients_id_seq OWNED BY alarm_recipients.id;
CREATE SEQUENCE alarm_rules_id_seq;
ALTER SEQUENCE alarm_rules_id_seq OWNED BY alarm_rules.id;
CREATE TABLE alarms (
  id bigint NOT NULL,
  site_id bigint NOT NULL,
  rule_id bigint,
  meter_id bigint NOT NULL,
  kind text NOT NULL,
  severity text NOT NULL,
  about text NOT NULL,
  value float8,
  unit text NOT NULL,
  raised_at timestamptz NOT NULL,
  cleared_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  note text,
  CONSTRAINT alarms_acknowledged_together CHECK ((num_nonnulls(acknowledged_at, acknowledged_by) = ANY (ARRAY[0, 2]))),
  CONSTRAINT alarms_note_acknowledged CHECK (((note IS NULL) OR (acknowledged_at IS NOT NULL))),
  CONSTRAINT alarms_severity_known CHECK ((severity = ANY (ARRAY['info', 'warning', 'critical'])))
);
CREATE SEQUENCE alarms_id_seq;
ALTER SEQUENCE alarms_id_seq OWNED BY alarms.id;
CREATE TABLE appliance_factors (
  meter_id bigint NOT NULL,
  appliance text NOT NULL,
  consumption float8 DEFAULT 1 NOT NULL,
  production float8 DEFAULT 1 NOT NULL,
  CONSTRAINT appliance_factors_consumption_range CHECK (((consumption >= (0)::float8) AND (consumption <= (1000)::float8))),
  CONSTRAINT appliance_factors_production_range CHECK (((production >= (0)::float8) AND (production <= (1000)::float8)))
);
CREATE TABLE audit_log (
  id bigint NOT NULL,
  at timestamptz DEFAULT now() NOT NULL,
  who text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  detail jsonb NOT NULL
);
CREATE SEQUENCE audit_log_id_seq;
ALTER SEQUENCE audit_log_id_seq OWNED BY audit_log.id;
CREATE TABLE bill_numbers (
  site_id bigint NOT NULL,
  month date NOT NULL,
  last integer NOT NULL
);
CREATE TABLE bill_run_omissions (
  run_id uuid NOT NULL,
  meter_id bigint NOT NULL,
  reason text NOT NULL,
  CONSTRAINT bill_run_omissions_reason_known CHECK ((reason = ANY (ARRAY['retired', 'not_installed', 'feeds_parent', 'meters_below', 'not_placed', 'virtual', 'billed', 'low_coverage', 'no_tariff', 'period_frozen', 'set_aside', 'failed'])))
);
CREATE TABLE bill_runs (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  site_id bigint NOT NULL,
  month date NOT NULL,
  issue boolean NOT NULL,
  who text NOT NULL,
  state text DEFAULT 'running'::text NOT NULL,
  total integer NOT NULL,
  done integer DEFAULT 0 NOT NULL,
  issued integer DEFAULT 0 NOT NULL,
  held_back integer DEFAULT 0 NOT NULL,
  last_meter bigint DEFAULT 0 NOT NULL,
  problem text,
  started_at timestamptz DEFAULT now() NOT NULL,
  finished_at timestamptz,
  CONSTRAINT bill_runs_state_known CHECK ((state = ANY (ARRAY['running', 'done', 'cancelled', 'failed'])))
);
CREATE TABLE bills (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  site_id bigint NOT NULL,
  meter_id bigint NOT NULL,
  month date NOT NULL,
  kind text DEFAULT 'bill'::text NOT NULL,
  number text,
  issued_at timestamptz,
  generated_at timestamptz NOT NULL,
  side text NOT NULL,
  consumed_kwh numeric NOT NULL,
  produced_kwh numeric NOT NULL,
  coverage float8 NOT NULL,
  estimated_kwh float8 NOT NULL,
  amount_due numeric NOT NULL,
  content jsonb NOT NULL,
  digest text NOT NULL,
  inputs jsonb,
  override jsonb,
  credits uuid,
  reason text,
  CONSTRAINT bills_credit_note CHECK ((((kind = 'credit_note'::text) = (credits IS NOT NULL)) AND ((kind = 'bill'::text) OR (number IS NOT NULL)))),
  CONSTRAINT bills_issued_whole CHECK ((((number IS NULL) = (issued_at IS NULL)) AND ((number IS NULL) OR (kind = 'credit_note'::text) OR (inputs IS NOT NULL)))),
  CONSTRAINT bills_kind_known CHECK ((kind = ANY (ARRAY['bill', 'credit_note']))),
  CONSTRAINT bills_month_first CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
  CONSTRAINT bills_side_known CHECK ((side = ANY (ARRAY['consumer', 'prosumer'])))
);
CREATE TABLE clock_leaps (
  is_only boolean DEFAULT true NOT NULL,
  leapt_from timestamptz NOT NULL,
  leapt_to timestamptz NOT NULL,
  passed_us bigint NOT NULL,
  boot_id text NOT NULL,
  CONSTRAINT clock_leaps_ahead CHECK ((leapt_to > leapt_from)),
  CONSTRAINT clock_leaps_only_one CHECK (is_only)
);
CREATE TABLE connections (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  n bigint NOT NULL,
  type text NOT NULL,
  requested_consumption_kw numeric(15,6) NOT NULL,
  requested_production_kw numeric(15,6) DEFAULT 0 NOT NULL,
  status text DEFAULT 'pending'::text NOT NULL,
  reason text,
  transformer_id uuid,
  latitude float8 NOT NULL,
  longitude float8 NOT NULL,
  distance_m float8,
  voltage jsonb,
  idempotency_key text,
  request jsonb DEFAULT '{}'::jsonb NOT NULL,
  answer jsonb,
  created_at timestamptz DEFAULT now() NOT NULL,
  withdrawn_at timestamptz,
  CONSTRAINT connections_approved_linked CHECK (((status <> 'approved'::text) OR (transformer_id IS NOT NULL))),
  CONSTRAINT connections_consumption_range CHECK (((requested_consumption_kw >= (0)::numeric) AND (requested_consumption_kw < 'Infinity'::numeric))),
  CONSTRAINT connections_latitude_range CHECK (((latitude >= ('-90'::integer)::float8) AND (latitude <= (90)::float8))),
  CONSTRAINT connections_longitude_range CHECK (((longitude >= ('-180'::integer)::float8) AND (longitude <= (180)::float8))),
  CONSTRAINT connections_production_range CHECK (((requested_production_kw >= (0)::numeric) AND (requested_production_kw < 'Infinity'::numeric))),
  CONSTRAINT connections_status_known CHECK ((status = ANY (ARRAY['pending', 'approved', 'rejected', 'withdrawn']))),
  CONSTRAINT connections_type_known CHECK ((type = ANY (ARRAY['consumer', 'prosumer']))),
  CONSTRAINT connections_withdrawn_dated CHECK (((status = 'withdrawn'::text) = (withdrawn_at IS NOT NULL)))
);
CREATE SEQUENCE connections_n_seq;
ALTER SEQUENCE connections_n_seq OWNED BY connections.n;
CREATE TABLE derived_anew (
  meter_id bigint NOT NULL,
  "timestamp" timestamptz NOT NULL,
  noted_at timestamptz DEFAULT now() NOT NULL
);
CREATE TABLE devices (
  id bigint NOT NULL,
  meter_id bigint NOT NULL,
  protocol text NOT NULL,
  poll_interval_ms bigint NOT NULL,
  communication jsonb NOT NULL,
  enabled boolean DEFAULT true NOT NULL,
  CONSTRAINT devices_communication_form CHECK ((jsonb_typeof(communication) = 'object'::text)),
  CONSTRAINT devices_poll_range CHECK (((poll_interval_ms >= 100) AND (poll_interval_ms <= 86400000))),
  CONSTRAINT devices_protocol_known CHECK ((protocol = ANY (ARRAY['modbus', 'mqtt', 'http'])))
);
CREATE SEQUENCE devices_id_seq;
ALTER SEQUENCE devices_id_seq OWNED BY devices.id;
CREATE TABLE diesel_generators (
  meter_id bigint NOT NULL,
  capacity_kva float8,
  fuel_consumption_liters_per_kwh float8,
  carbon_kg_per_liter float8,
  commissioned_at date
);
CREATE TABLE emission_factors (
  id bigint NOT NULL,
  site_id bigint NOT NULL,
  kind text NOT NULL,
  meter_id bigint,
  value float8 NOT NULL,
  unit text NOT NULL,
  source text NOT NULL,
  valid_from date NOT NULL,
  CONSTRAINT emission_factors_kind_known CHECK ((kind = ANY (ARRAY['grid', 'diesel', 'solar', 'sfc']))),
  CONSTRAINT emission_factors_source_given CHECK ((source <> ''::text)),
  CONSTRAINT emission_factors_unit_known CHECK ((unit =
CASE kind
  WHEN 'diesel'::text THEN 'kg/L'::text
  WHEN 'sfc'::text THEN 'L/kWh'::text
  ELSE 'kg/kWh'::text
END)),
  CONSTRAINT emission_factors_value_range CHECK (((value >= (0)::float8) AND (value < 'Infinity'::float8)))
);
CREATE SEQUENCE emission_factors_id_seq;
ALTER SEQUENCE emission_factors_id_seq OWNED BY emission_factors.id;
CREATE TABLE energy_days (
  meter_id bigint NOT NULL,
  day date NOT NULL,
  import_kwh float8 NOT NULL,
  export_kwh float8 NOT NULL,
  reactive_import_kvarh float8 NOT NULL,
  reactive_export_kvarh float8 NOT NULL,
  diesel_l float8,
  runtime_s float8 NOT NULL,
  starts integer NOT NULL,
  max_demand_kw float8,
  min_power_kw float8,
  max_power_kw float8,
  min_voltage float8,
  mean_voltage float8,
  max_voltage float8,
  min_power_factor float8,
  max_power_factor float8,
  coverage real NOT NULL,
  estimated_kwh float8 NOT NULL,
  integral_kwh float8,
  quality text NOT NULL,
  flags integer NOT NULL,
  bridged_s float8,
  fuel jsonb,
  CONSTRAINT energy_days_numbers CHECK (((abs(import_kwh) < 'Infinity'::float8) AND (abs(export_kwh) < 'Infinity'::float8) AND (abs(reactive_import_kvarh) < 'Infinity'::float8) AND (abs(reactive_export_kvarh) < 'Infinity'::float8) AND (abs(diesel_l) < 'Infinity'::float8) AND (abs(runtime_s) < 'Infinity'::float8) AND (abs(max_demand_kw) < 'Infinity'::float8) AND (abs(estimated_kwh) < 'Infinity'::float8) AND ((coverage >= (0)::float8) AND (coverage <= (1)::float8))))
);
CREATE TABLE energy_intervals (
  meter_id bigint NOT NULL,
  bucket_start timestamptz NOT NULL,
  import_kwh float8 NOT NULL,
  export_kwh float8 NOT NULL,
  reactive_import_kvarh float8 NOT NULL,
  reactive_export_kvarh float8 NOT NULL,
  diesel_l float8,
  runtime_s float8 NOT NULL,
  starts integer NOT NULL,
  max_demand_kw float8,
  min_power_kw float8,
  max_power_kw float8,
  min_voltage float8,
  mean_voltage float8,
  max_voltage float8,
  min_power_factor float8,
  max_power_factor float8,
  coverage real NOT NULL,
  estimated_kwh float8 NOT NULL,
  integral_kwh float8,
  quality text NOT NULL,
  flags integer NOT NULL,
  carry jsonb,
  frozen boolean DEFAULT false NOT NULL,
  bridged_s float8,
  fuel jsonb,
  CONSTRAINT energy_intervals_numbers CHECK (((abs(import_kwh) < 'Infinity'::float8) AND (abs(export_kwh) < 'Infinity'::float8) AND (abs(reactive_import_kvarh) < 'Infinity'::float8) AND (abs(reactive_export_kvarh) < 'Infinity'::float8) AND (abs(diesel_l) < 'Infinity'::float8) AND (abs(runtime_s) < 'Infinity'::float8) AND (abs(max_demand_kw) < 'Infinity'::float8) AND (abs(estimated_kwh) < 'Infinity'::float8) AND ((coverage >= (0)::float8) AND (coverage <= (1)::float8))))
)
PARTITION BY RANGE (bucket_start);
CREATE TABLE energy_intervals_2026_10 (LIKE energy_intervals INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
CREATE TABLE energy_intervals_default (LIKE energy_intervals INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
CREATE SEQUENCE energy_meters_id_seq;
ALTER SEQUENCE energy_meters_id_seq OWNED BY energy_meters.id;
CREATE TABLE energy_resources (
  id bigint NOT NULL,
  uuid uuid DEFAULT gen_random_uuid() NOT NULL,
  site_id bigint NOT NULL,
  name text NOT NULL,
  type text NOT NULL,
  appliance_type text[] DEFAULT '{}'::text[] NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT energy_resources_name_given CHECK ((name <> ''::text)),
  CONSTRAINT energy_resources_type_known CHECK ((type = ANY (ARRAY['consumer', 'prosumer'])))
);
CREATE SEQUENCE energy_resources_id_seq;
ALTER SEQUENCE energy_resources_id_seq OWNED BY energy_resources.id;
CREATE TABLE loss_queue (
  meter_id bigint NOT NULL,
  hour_start timestamptz NOT NULL
);
CREATE TABLE meter_cadences (
  meter_id bigint NOT NULL,
  valid_from timestamptz NOT NULL,
  every_ms bigint NOT NULL,
  CONSTRAINT meter_cadences_every_positive CHECK ((every_ms > 0))
);
CREATE TABLE meter_events (
  meter_id bigint NOT NULL,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  seen boolean DEFAULT false NOT NULL,
  CONSTRAINT meter_events_kind_known CHECK ((kind = ANY (ARRAY['cover_opened', 'magnetic_field', 'reversed_flow', 'clock_set', 'memory_fault', 'measurement_fault', 'battery_low'])))
);
CREATE TABLE meter_exchanges (
  meter_id bigint NOT NULL,
  n bigint NOT NULL,
  "timestamp" timestamptz NOT NULL,
  old_final_kwh float8 NOT NULL,
  new_initial_kwh float8 NOT NULL,
  reason text NOT NULL,
  undone_at timestamptz,
  import_register text,
  CONSTRAINT meter_exchanges_import_register_known CHECK ((import_register = ANY (ARRAY['import', 'total']))),
  CONSTRAINT meter_exchanges_measurable CHECK (((undone_at IS NOT NULL) OR ((abs(old_final_kwh) <= ('1000000000000'::numeric)::float8) AND (abs(new_initial_kwh) <= ('1000000000000'::numeric)::float8)))),
  CONSTRAINT meter_exchanges_new_finite CHECK (((new_initial_kwh > '-Infinity'::float8) AND (new_initial_kwh < 'Infinity'::float8))),
  CONSTRAINT meter_exchanges_old_finite CHECK (((old_final_kwh > '-Infinity'::float8) AND (old_final_kwh < 'Infinity'::float8))),
  CONSTRAINT meter_exchanges_reason_given CHECK ((reason <> ''::text))
);
CREATE SEQUENCE meter_exchanges_n_seq;
ALTER SEQUENCE meter_exchanges_n_seq OWNED BY meter_exchanges.n;
CREATE TABLE meter_placements (
  meter_id bigint NOT NULL,
  parent_meter_id bigint,
  feeds_parent boolean NOT NULL,
  valid_from timestamptz NOT NULL,
  was_placed boolean
);
CREATE TABLE meter_readings_2026_10 (LIKE meter_readings INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
CREATE TABLE meter_readings_default (LIKE meter_readings INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
CREATE TABLE meter_tariffs (
  meter_id bigint NOT NULL,
  tariff_name text NOT NULL,
  valid_from date NOT NULL
);
CREATE TABLE mqtt_brokers (
  name text NOT NULL,
  url text NOT NULL,
  username text,
  password text,
  ca_certificate text,
  CONSTRAINT mqtt_brokers_name_form CHECK (((name ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text) AND (length(name) <= 64))),
  CONSTRAINT mqtt_brokers_password_owner CHECK (((password IS NULL) OR (username IS NOT NULL))),
  CONSTRAINT mqtt_brokers_url_form CHECK ((url ~ '^mqtts?://[^@[:space:]]+$'::text))
);
CREATE TABLE mqtt_client (
  single boolean DEFAULT true NOT NULL,
  name text NOT NULL,
  CONSTRAINT mqtt_client_single CHECK (single)
);
CREATE TABLE p2p_trades (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  site_id bigint NOT NULL,
  buyer_meter_id bigint NOT NULL,
  seller_meter_id bigint NOT NULL,
  units_kwh numeric NOT NULL,
  price_per_kwh numeric NOT NULL,
  "timestamp" timestamptz NOT NULL,
  created_at timestamptz DEFAULT now() NOT NULL,
  CONSTRAINT p2p_trades_price_positive CHECK ((price_per_kwh > (0)::numeric)),
  CONSTRAINT p2p_trades_two_sides CHECK ((buyer_meter_id <> seller_meter_id)),
  CONSTRAINT p2p_trades_units_positive CHECK ((units_kwh > (0)::numeric))
);
CREATE TABLE power_loss_analysis (
  meter_id bigint NOT NULL,
  resolution text NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL,
  source_energy_kwh float8 NOT NULL,
  destination_energy_kwh float8 NOT NULL,
  loss_kwh float8,
  loss_percent float8,
  error_kwh float8 NOT NULL,
  cost numeric,
  verdict text NOT NULL,
  cause jsonb,
  coverage real NOT NULL,
  CONSTRAINT power_loss_analysis_numbers CHECK (((abs(source_energy_kwh) < 'Infinity'::float8) AND (abs(destination_energy_kwh) < 'Infinity'::float8) AND (abs(loss_kwh) < 'Infinity'::float8) AND (abs(loss_percent) < 'Infinity'::float8) AND (abs(error_kwh) < 'Infinity'::float8) AND ((coverage >= (0)::float8) AND (coverage <= (1)::float8)))),
  CONSTRAINT power_loss_analysis_resolution_known CHECK ((resolution = ANY (ARRAY['1h', '1d']))),
  CONSTRAINT power_loss_analysis_verdict_known CHECK ((verdict = ANY (ARRAY['loss', 'within_error', 'negative', 'incomplete'])))
);
CREATE TABLE quarantine (
  meter_id bigint NOT NULL,
  n bigint NOT NULL,
  "timestamp" timestamptz NOT NULL,
  register text NOT NULL,
  previous_at timestamptz NOT NULL,
  previous float8 NOT NULL,
  value float8 NOT NULL,
  delta float8 NOT NULL,
  plausible float8 NOT NULL,
  found_at timestamptz DEFAULT now() NOT NULL,
  decision text,
  decided_at timestamptz,
  CONSTRAINT quarantine_decision_known CHECK ((decision = ANY (ARRAY['accept', 'reject'])))
);
CREATE SEQUENCE quarantine_n_seq;
ALTER SEQUENCE quarantine_n_seq OWNED BY quarantine.n;
CREATE TABLE reading_conflicts (
  meter_id bigint NOT NULL,
  "timestamp" timestamptz NOT NULL,
  received_at timestamptz DEFAULT now() NOT NULL,
  quality text NOT NULL,
  source text NOT NULL,
  "values" jsonb NOT NULL,
  digest uuid GENERATED ALWAYS AS ((md5(("values")::text))::uuid) STORED NOT NULL
);
CREATE TABLE reading_corrections (
  meter_id bigint NOT NULL,
  n bigint NOT NULL,
  "timestamp" timestamptz NOT NULL,
  field text NOT NULL,
  value float8,
  reason text NOT NULL,
  undone_at timestamptz,
  CONSTRAINT reading_corrections_measurable CHECK (((undone_at IS NOT NULL) OR (abs(value) <= ('1000000000000'::numeric)::float8))),
  CONSTRAINT reading_corrections_reason_given CHECK ((reason <> ''::text)),
  CONSTRAINT reading_corrections_value_finite CHECK (((value > '-Infinity'::float8) AND (value < 'Infinity'::float8)))
);
CREATE SEQUENCE reading_corrections_n_seq;
ALTER SEQUENCE reading_corrections_n_seq OWNED BY reading_corrections.n;
CREATE TABLE refused_readings (
  meter_id bigint NOT NULL,
  hour timestamptz NOT NULL,
  source text NOT NULL,
  reason text NOT NULL,
  count bigint NOT NULL,
  last_at timestamptz NOT NULL,
  detail text NOT NULL,
  CONSTRAINT refused_readings_count_range CHECK ((count > 0))
);
CREATE TABLE renewable_sources (
  meter_id bigint NOT NULL,
  source_type text DEFAULT 'Solar'::text NOT NULL,
  capacity_kw float8,
  carbon_offset_kg_kwh float8,
  efficiency_percent float8,
  commissioned_at date
);
CREATE TABLE report_outbox (
  id bigint NOT NULL,
  schedule_id bigint NOT NULL,
  month date NOT NULL,
  address text NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  next_at timestamptz DEFAULT now() NOT NULL,
  problem text,
  created_at timestamptz DEFAULT now() NOT NULL
);
CREATE SEQUENCE report_outbox_id_seq;
ALTER SEQUENCE report_outbox_id_seq OWNED BY report_outbox.id;
CREATE TABLE report_schedules (
  id bigint NOT NULL,
  site_id bigint NOT NULL,
  addresses text[] NOT NULL,
  day smallint NOT NULL,
  hour smallint NOT NULL,
  language text DEFAULT 'en'::text NOT NULL,
  enabled boolean DEFAULT true NOT NULL,
  next_month date NOT NULL,
  sent_at timestamptz,
  sent_month date,
  problem text,
  version integer DEFAULT 1 NOT NULL,
  CONSTRAINT report_schedules_address_given CHECK ((cardinality(addresses) > 0)),
  CONSTRAINT report_schedules_day_range CHECK (((day >= 1) AND (day <= 28))),
  CONSTRAINT report_schedules_hour_range CHECK (((hour >= 0) AND (hour <= 23))),
  CONSTRAINT report_schedules_language_known CHECK ((language = ANY (ARRAY['en', 'de']))),
  CONSTRAINT report_schedules_sent_together CHECK ((num_nonnulls(sent_at, sent_month) = ANY (ARRAY[0, 2])))
);
CREATE SEQUENCE report_schedules_id_seq;
ALTER SEQUENCE report_schedules_id_seq OWNED BY report_schedules.id;
CREATE TABLE retention_clock (
  is_only boolean DEFAULT true NOT NULL,
  at timestamptz NOT NULL,
  leap_seen timestamptz,
  leap_last timestamptz,
  CONSTRAINT retention_clock_check CHECK (((leap_seen IS NULL) = (leap_last IS NULL))),
  CONSTRAINT retention_clock_is_only_check CHECK (is_only)
);
CREATE TABLE rollup_claims (
  meter_id bigint NOT NULL,
  bucket_start timestamptz NOT NULL
);
CREATE TABLE rollup_queue (
  meter_id bigint NOT NULL,
  bucket_start timestamptz NOT NULL
);
CREATE TABLE set_aside (
  work text NOT NULL,
  meter_id bigint,
  start timestamptz NOT NULL,
  failures integer NOT NULL,
  error text NOT NULL,
  version text NOT NULL,
  failed_at timestamptz DEFAULT now() NOT NULL,
  schedule_id bigint,
  CONSTRAINT set_aside_of_one CHECK ((((schedule_id IS NOT NULL) = (work = 'report'::text)) AND (num_nonnulls(meter_id, schedule_id) = 1))),
  CONSTRAINT set_aside_work_known CHECK ((work = ANY (ARRAY['energy', 'hour', 'day', 'derived', 'bill', 'report'])))
);
CREATE TABLE simulated_meters (
  meter_id bigint NOT NULL,
  er_id bigint,
  status text DEFAULT 'ON'::text NOT NULL,
  load_factor_consumption float8 DEFAULT 1 NOT NULL,
  load_factor_production float8 DEFAULT 0 NOT NULL,
  profile text DEFAULT 'flat'::text NOT NULL,
  linked_at timestamptz,
  created_at timestamptz NOT NULL,
  CONSTRAINT simulated_meters_consumption_range CHECK (((load_factor_consumption >= (0)::float8) AND (load_factor_consumption <= (1000)::float8))),
  CONSTRAINT simulated_meters_link_whole CHECK (((er_id IS NULL) = (linked_at IS NULL))),
  CONSTRAINT simulated_meters_production_range CHECK (((load_factor_production >= (0)::float8) AND (load_factor_production <= (1000)::float8))),
  CONSTRAINT simulated_meters_profile_known CHECK ((profile = ANY (ARRAY['flat', 'daily']))),
  CONSTRAINT simulated_meters_status_known CHECK ((status = ANY (ARRAY['ON', 'OFF'])))
);
CREATE TABLE simulation_clock (
  site_id bigint NOT NULL,
  current_datetime timestamptz NOT NULL,
  recorded_to timestamptz NOT NULL,
  days_per_minute float8 DEFAULT 1 NOT NULL,
  record_minutes integer DEFAULT 15 NOT NULL,
  paused_because text,
  seed bigint DEFAULT 20250620 NOT NULL,
  clouds float8 DEFAULT 0 NOT NULL,
  CONSTRAINT simulation_clock_clouds_range CHECK (((clouds >= (0)::float8) AND (clouds <= (1)::float8))),
  CONSTRAINT simulation_clock_order CHECK ((recorded_to <= current_datetime)),
  CONSTRAINT simulation_clock_pause_known CHECK ((paused_because = ANY (ARRAY['asked', 'unwatched']))),
  CONSTRAINT simulation_clock_record_range CHECK (((record_minutes >= 1) AND (record_minutes <= 60))),
  CONSTRAINT simulation_clock_speed_range CHECK (((days_per_minute > (0)::float8) AND (days_per_minute <= (100)::float8)))
);
CREATE TABLE sites (
  id bigint NOT NULL,
  slug text NOT NULL,
  name text NOT NULL,
  kind text DEFAULT 'live'::text NOT NULL,
  time_zone text DEFAULT 'UTC'::text NOT NULL,
  currency text DEFAULT 'EUR'::text NOT NULL,
  price_per_kwh numeric,
  grid_capacity_kw float8,
  latitude float8,
  longitude float8,
  raw_days integer DEFAULT 90 NOT NULL,
  hourly_days integer DEFAULT 365 NOT NULL,
  daily_days integer DEFAULT 1826 NOT NULL,
  grid_distance_limit_m float8,
  grid_voltage_binding boolean DEFAULT false NOT NULL,
  grid_conductor text DEFAULT '4/0-al'::text NOT NULL,
  CONSTRAINT sites_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  CONSTRAINT sites_daily_days_range CHECK ((daily_days > 0)),
  CONSTRAINT sites_grid_capacity_range CHECK (((grid_capacity_kw >= (0)::float8) AND (grid_capacity_kw < 'Infinity'::float8))),
  CONSTRAINT sites_grid_distance_range CHECK (((grid_distance_limit_m > (0)::float8) AND (grid_distance_limit_m < 'Infinity'::float8))),
  CONSTRAINT sites_hourly_days_range CHECK ((hourly_days > 0)),
  CONSTRAINT sites_kind_known CHECK ((kind = ANY (ARRAY['live', 'simulated']))),
  CONSTRAINT sites_latitude_range CHECK (((latitude >= ('-90'::integer)::float8) AND (latitude <= (90)::float8))),
  CONSTRAINT sites_longitude_range CHECK (((longitude >= ('-180'::integer)::float8) AND (longitude <= (180)::float8))),
  CONSTRAINT sites_name_given CHECK ((name <> ''::text)),
  CONSTRAINT sites_price_range CHECK ((price_per_kwh >= (0)::numeric)),
  CONSTRAINT sites_raw_days_range CHECK ((raw_days > 0)),
  CONSTRAINT sites_slug_form CHECK ((slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text))
);
CREATE SEQUENCE sites_id_seq;
ALTER SEQUENCE sites_id_seq OWNED BY sites.id;
CREATE TABLE spikes (
  id bigint NOT NULL,
  meter_id bigint NOT NULL,
  kind text NOT NULL,
  magnitude_kw float8,
  factor float8,
  from_time timestamptz NOT NULL,
  to_time timestamptz NOT NULL,
  CONSTRAINT spikes_factor_range CHECK (((factor >= (0)::float8) AND (factor <= (1000)::float8))),
  CONSTRAINT spikes_kind_known CHECK ((kind = ANY (ARRAY['load', 'source']))),
  CONSTRAINT spikes_magnitude_range CHECK (((magnitude_kw > (0)::float8) AND (magnitude_kw < 'Infinity'::float8))),
  CONSTRAINT spikes_one_size CHECK (((magnitude_kw IS NULL) <> (factor IS NULL))),
  CONSTRAINT spikes_time_range CHECK ((to_time > from_time))
);
CREATE SEQUENCE spikes_id_seq;
ALTER SEQUENCE spikes_id_seq OWNED BY spikes.id;
CREATE TABLE tariffs (
  id bigint NOT NULL,
  site_id bigint NOT NULL,
  name text NOT NULL,
  currency text NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  terms jsonb NOT NULL,
  is_default boolean DEFAULT false NOT NULL,
  CONSTRAINT tariffs_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  CONSTRAINT tariffs_name_given CHECK ((name <> ''::text)),
  CONSTRAINT tariffs_validity CHECK ((valid_to > valid_from))
);
CREATE SEQUENCE tariffs_id_seq;
ALTER SEQUENCE tariffs_id_seq OWNED BY tariffs.id;
CREATE TABLE transformers (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  n bigint NOT NULL,
  name text NOT NULL,
  capacity_kva numeric(15,6) NOT NULL,
  city text DEFAULT 'San Francisco'::text NOT NULL,
  latitude float8 NOT NULL,
  longitude float8 NOT NULL,
  connected_consumption_kw numeric(15,6) DEFAULT 0 NOT NULL,
  connected_production_kw numeric(15,6) DEFAULT 0 NOT NULL,
  created_at timestamptz DEFAULT now() NOT NULL,
  version bigint DEFAULT 0 NOT NULL,
  changed_in bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
  CONSTRAINT transformers_capacity_range CHECK (((capacity_kva > (0)::numeric) AND (capacity_kva < 'Infinity'::numeric))),
  CONSTRAINT transformers_city_given CHECK ((city <> ''::text)),
  CONSTRAINT transformers_consumption_range CHECK (((connected_consumption_kw >= (0)::numeric) AND (connected_consumption_kw < 'Infinity'::numeric))),
  CONSTRAINT transformers_latitude_range CHECK (((latitude >= ('-90'::integer)::float8) AND (latitude <= (90)::float8))),
  CONSTRAINT transformers_longitude_range CHECK (((longitude >= ('-180'::integer)::float8) AND (longitude <= (180)::float8))),
  CONSTRAINT transformers_name_given CHECK ((name <> ''::text)),
  CONSTRAINT transformers_production_range CHECK (((connected_production_kw >= (0)::numeric) AND (connected_production_kw < 'Infinity'::numeric)))
);
CREATE SEQUENCE transformers_n_seq;
ALTER SEQUENCE transformers_n_seq OWNED BY transformers.n;
CREATE TABLE unmetered_loads (
  meter_id bigint NOT NULL,
  valid_from timestamptz NOT NULL,
  power_kw float8 NOT NULL,
  reason text NOT NULL,
  CONSTRAINT unmetered_loads_power_range CHECK (((power_kw >= (0)::float8) AND (power_kw < 'Infinity'::float8)))
);
CREATE TABLE virtual_meters (
  meter_id bigint NOT NULL,
  input_id bigint NOT NULL,
  factor float8 NOT NULL,
  valid_from timestamptz DEFAULT '-infinity'::timestamptz NOT NULL,
  valid_to timestamptz DEFAULT 'infinity'::timestamptz NOT NULL,
  CONSTRAINT virtual_meters_factor_range CHECK (((factor <> (0)::float8) AND (factor > '-Infinity'::float8) AND (factor < 'Infinity'::float8))),
  CONSTRAINT virtual_meters_no_self CHECK ((meter_id <> input_id)),
  CONSTRAINT virtual_meters_valid_order CHECK ((valid_from < valid_to))
);
ALTER TABLE ONLY energy_intervals ATTACH PARTITION energy_intervals_2026_10 FOR VALUES FROM ('2026-10-01 00:00:00+00') TO ('2026-11-01 00:00:00+00');
ALTER TABLE ONLY energy_intervals ATTACH PARTITION energy_intervals_default DEFAULT;
ALTER TABLE ONLY meter_readings ATTACH PARTITION meter_readings_2026_10 FOR VALUES FROM ('2026-10-01 00:00:00+00') TO ('2026-11-01 00:00:00+00');
ALTER TABLE ONLY meter_readings ATTACH PARTITION meter_readings_default DEFAULT;
ALTER TABLE ONLY alarm_outbox ALTER COLUMN id SET DEFAULT nextval('alarm_outbox_id_seq'::regclass);
ALTER TABLE ONLY alarm_recipients ALTER COLUMN id SET DEFAULT nextval('alarm_recipients_id_seq'::regclass);
ALTER TABLE ONLY alarm_rules ALTER COLUMN id SET DEFAULT nextval('alarm_rules_id_seq'::regclass);
ALTER TABLE ONLY alarms ALTER COLUMN id SET DEFAULT nextval('alarms_id_seq'::regclass);
ALTER TABLE ONLY audit_log ALTER COLUMN id SET DEFAULT nextval('audit_log_id_seq'::regclass);
ALTER TABLE ONLY connections ALTER COLUMN n SET DEFAULT nextval('connections_n_seq'::regclass);
ALTER TABLE ONLY devices ALTER COLUMN id SET DEFAULT nextval('devices_id_seq'::regclass);
ALTER TABLE ONLY emission_factors ALTER COLUMN id SET DEFAULT nextval('emission_factors_id_seq'::regclass);
ALTER TABLE ONLY energy_meters ALTER COLUMN id SET DEFAULT nextval('energy_meters_id_seq'::regclass);
ALTER TABLE ONLY energy_resources ALTER COLUMN id SET DEFAULT nextval('energy_resources_id_seq'::regclass);
ALTER TABLE ONLY meter_exchanges ALTER COLUMN n SET DEFAULT nextval('meter_exchanges_n_seq'::regclass);
ALTER TABLE ONLY quarantine ALTER COLUMN n SET DEFAULT nextval('quarantine_n_seq'::regclass);
ALTER TABLE ONLY reading_corrections ALTER COLUMN n SET DEFAULT nextval('reading_corrections_n_seq'::regclass);
ALTER TABLE ONLY report_outbox ALTER COLUMN id SET DEFAULT nextval('report_outbox_id_seq'::regclass);
ALTER TABLE ONLY report_schedules ALTER COLUMN id SET DEFAULT nextval('report_schedules_id_seq'::regclass);
ALTER TABLE ONLY sites ALTER COLUMN id SET DEFAULT nextval('sites_id_seq'::regclass);
ALTER TABLE ONLY spikes ALTER COLUMN id SET DEFAULT nextval('spikes_id_seq'::regclass);
ALTER TABLE ONLY tariffs ALTER COLUMN id SET DEFAULT nextval('tariffs_id_seq'::regclass);
ALTER TABLE ONLY transformers ALTER COLUMN n SET DEFAULT nextval('transformers_n_seq'::regclass);
INSERT INTO _sqlx_migrations VALUES (1, 'registry', '2026-11-25 14:30:49.357572+00', true, '\xc77b451bd67c385a37bb758f2fc9723802fedfc90de60dc9de1a569924f6b36d9658cd0a8a882dd39fe7533da45e25a0', 16313391),
(2, 'devices', '2026-11-25 14:30:49.374227+00', true, '\xa2bbeb4056f8348a5a9f808f7900067e6b108dceaa3562d5f6824ccc05edc0ccdcca0b86b10f0b561151f44db404dbe5', 3470346),
(3, 'readings', '2026-11-25 14:30:49.377901+00', true, '\x7dfd47b8c1f249294ae58616916706c9161e0c7ef3e0549647703590e8b0e72a6e51338825b6b2efb564e1faafac1527', 55315503),
(4, 'ingest', '2026-11-25 14:30:49.433877+00', true, '\xc5daf41856c91e937f22b985ec03014851df0d7155544aa0f1034445fcc62d6703c9494d79345832f9bb481d5059fea6', 1825633),
(5, 'accounts', '2026-11-25 14:30:49.435773+00', true, '\x42a6b9a58a01903d5ca1c036f435b00f4753975c6e0f5dabb1493124afea6caf5564ffc0bb2156177c4efecca8932682', 7538643),
(6, 'intervals', '2026-11-25 14:30:49.443453+00', true, '\xdc2a3a6f83c00b673212e200920ab9d64cef9c27733bcf30e588993c160b4f244e2efa05fd7bccf5468b69e137bdda55', 31078754),
(7, 'derived', '2026-11-25 14:30:49.475306+00', true, '\x1c9378141fb36518857fc02dac4642a062740e109ae997aaf1229f6050eed957699856bf25c08f169d9f7a9ea7776f59', 4408295),
(8, 'retention', '2026-11-25 14:30:49.479806+00', true, '\x14aed4455b1a03b19db54abc729a3adf46000be46f5af20a43a2d2737701d90ea77aca68e6fc8637d4654064472cdb89', 522569),
(9, 'events', '2026-11-25 14:30:49.480368+00', true, '\x4e41d6b18a6ed6b7f4ea7260cda8dea9eea62b744c9f2ed72b43f9446f54281b9e3b3fd9673bc988077d46a5d2313a33', 6236301),
(10, 'world', '2026-11-25 14:30:49.486749+00', true, '\xf457af0fefa25e1a27f6d4c81f57b921873efb710834525a55c225a5c5e513f96172bf3be2319c15b8702f5fdcd3f2d9', 5722425),
(11, 'grid', '2026-11-25 14:30:49.492537+00', true, '\x8f74c089f1e77d553ee184e61a9f31329c6f03c35efb364862b776b0c5d28a336d7e36cd78c3b255db74aab85fbfce28', 2975248),
(12, 'bills', '2026-11-25 14:30:49.495586+00', true, '\xcd2949471b11033a820ba44757d6d5622d29beb70d6c63c1099f29be1b1f08051538e8d48734f98070366d7116d1eae0', 4028789),
(13, 'queue by time', '2026-11-25 14:30:49.499688+00', true, '\xc4f58c8c962537d664a62c4e9fc006e8e728e4a46be05115a4e0af8cfbaf3943a6f3c8ce121c9fb64027ccf96505d400', 247750),
(14, 'brokers', '2026-11-25 14:30:49.499972+00', true, '\xbb01576eda2e021c2ed281a8518f3b7d7270b1ea506c943273bcefccc704a29472c5408a33e05e81c5f0d24309e5485f', 1503202),
(15, 'acquisuite', '2026-11-25 14:30:49.501532+00', true, '\x0329307739f1dd940ac6ebc634705efea313c5136ef949e8e83fe3c27970e4dd2ca1ff4ff6a128ab143f20a73f0993e4', 3147134),
(16, 'channels', '2026-11-25 14:30:49.504747+00', true, '\xbd9a757478d53b218f7c4080e7c101f883c9a66049fdb9c6804ab02f9badba785986aa3b1b8f08b40379a27f047ba071', 1811862),
(17, 'alarms', '2026-11-25 14:30:49.506611+00', true, '\xc09a53a61fc46c826591978908b58c8c0efcc9b1628123b755d4077158d396cb5e9d68dbf7017191b8947bc00411f887', 5516949),
(18, 'validity and counts', '2026-11-25 14:30:49.512237+00', true, '\x745d210a7fe8cd9def3259a917c773feefa48639fdebf5d6e450ea55d4300ab81fb79fefabf7c6e768b64e050645caa9', 1012830),
(19, 'data quality', '2026-11-25 14:30:49.513361+00', true, '\x5e4669d6618c5b8b72dbf868ae2bfedfb1f480944c0d1bb2791e97f4e017a08e9b1e0b2449cd429454b319498c90a755', 1051789),
(20, 'reports', '2026-11-25 14:30:49.514457+00', true, '\x15dc5fd19a0cde7a9ab208098436151741013c73180b3a8aa19221b22ac974e0c0a68820e5d46505aeabb9370636a634', 1881516),
(21, 'log periods', '2026-11-25 14:30:49.5164+00', true, '\xa61dab9e74aeb1ed3ee9539f6a17047b01442cc785da5b3b2dc94a74a588b36bdef32eda5b79b6acfab244a70f70bde2', 433907),
(22, 'meter events', '2026-11-25 14:30:49.516877+00', true, '\x98d277bd253ff5e49494213178fd0192e62cb44dc210fe45884fffb0686baad4ee682ac3e5c22a21533914bc3dddcd4a', 1572475),
(23, 'bill run omissions', '2026-11-25 14:30:49.518504+00', true, '\x1e1d1f5ea9021a8ce43c25e333316ea91259558cb60e93eb8db7b89e428801357103dc428473d90539aaf6c66504e9a5', 814055),
(24, 'placed by', '2026-11-25 14:30:49.519363+00', true, '\x66ad6a3f3b9249e535ebf2c362343ac9b52e3f0d89470489ba924a2bbcb8eab6d4db53d9b017db5cee1d4b4533d25fb4', 2140102),
(25, 'incomplete has no loss', '2026-11-25 14:30:49.521608+00', true, '\x765c8dae202b04abc7c247d8f729773ac2df0792e4bf80254edb69780d05ab35d5590bde467f95e8b36ae34fa94af9a4', 398695),
(26, 'only numbers', '2026-11-25 14:30:49.522047+00', true, '\x509bf6d60f438546cf80a738f1251a227531724e139135f6d3a0e8ee93d6384c73c15179a426c74d9468f916e5729d3f', 8861136),
(27, 'what a register can show', '2026-11-25 14:30:49.530999+00', true, '\xb1849c44071956439c00d2f73b7f6191c69f13e254d97b38632484943a51406e2e4c32fd9b0a6995dbd05ba2d30150c6', 2404175),
(28, 'held and cadences', '2026-11-25 14:30:49.533455+00', true, '\x5b05766feb09930074d67a0428bec54a7190c6b3fe61ca74fd18c2156fc7c7a8b6d4f04c09088f675506c8d1f04353b9', 1649180),
(29, 'placed when', '2026-11-25 14:30:49.535155+00', true, '\x155ea816548d1feb09e44f774af524796011295638d8c0645e0d6dd84a61d41b95cc0a300ea9936af5cb88175941c892', 163214),
(30, 'exchanged register', '2026-11-25 14:30:49.535351+00', true, '\x366eecd3a763029d516b709e796d8dfa185de29a2d1a38e487fdbb0e83193593299cb917dc564e5f70fd805db7fcbf8c', 619624),
(31, 'litres where burnt', '2026-11-25 14:30:49.536012+00', true, '\x63f3d55c1c70d3fbe32b5fb5211e43beaa5fe88b239de92bf6145ba04fd20331c59a5e441e776f50ec7ec567431b2ed5', 9400601),
(32, 'left out of bills', '2026-11-25 14:30:49.545473+00', true, '\x1b19bc651831f60c9ec4579bd708f48524cc1c9fdaf8a1d06c30b942dbd4784ab6f99897c3bebf808ea2eacb673e3208', 376020),
(33, 'decided steps', '2026-11-25 14:30:49.545889+00', true, '\x3da514f7757661972fd1c5277647006e24096d6d8fe8b6b03a1a26ef88c83fdad8442cf4b9501ae734219bd139fb8b73', 3877884),
(35, 'derived anew', '2026-11-25 14:30:49.549829+00', true, '\x93f4cbfb3047c8e8ad9d6bf716e9ad6c0e16fa27feed9d079a3e4d2e956969d1ababbe5b198e620293def6902d291436', 2044840),
(36, 'fuel spans', '2026-11-25 14:30:49.551927+00', true, '\x7792cd022cf90c5aa18a42254a626e3e79b0fd5a58e846dc1381f10641b1b2d9061cdea795bc030749f66f9c6b1ef145', 3040254),
(37, 'read seldom', '2026-11-25 14:30:49.555055+00', true, '\x20feac190f7b0145157651c0783743502b13f6370be91d2406e0e1b77c16519b2bdf281df24a42b1194cb180314e5e37', 1347620),
(38, 'derived under way', '2026-11-25 14:30:49.556442+00', true, '\xeb295a2c5a452c4da6a75a03e8b883a476a8f3d49530ddbb399787e65367622d483511ce314f780e974cb350b685c0ab', 163244),
(39, 'set aside', '2026-11-25 14:30:49.556639+00', true, '\x4302df6ed77a07bad62aed1e689ae41efa94faea7f4ca927ac51bc8f613c9b277f44f537f6d8a7365cd1ef1f38d98808', 1250145),
(40, 'empty months', '2026-11-25 14:30:49.557944+00', true, '\x8ad9446849ed0c7aa8ff7fd468e2ae76d65f2e5fa2ad41723a5c21d4b406f5265dd3a8862a7e9bcdd6dde6409852aa37', 247269),
(41, 'tables end', '2026-11-25 14:30:49.558225+00', true, '\xfc9623b2e37c88ecdb383ef65c6352d90fb8c36c3dd192eed8692b4792da6a783d1e60386fea139795ce46c05fa0b084', 259437),
(42, 'retention clock', '2026-11-25 14:30:49.55852+00', true, '\x302f61b7bc74072b4ade87d56a9152f828a57075596d6537d07975e5047489d8d8a53656739c6867a1ec7a851763628d', 464783),
(43, 'moved months', '2026-11-25 14:30:49.55903+00', true, '\x959cb0853ea258bd27f99d0b74556dd004d97bd3d9bf32355ff377814b0993b4137a287234f3440d93c0f84ee7a9314a', 356111),
(44, 'measurable', '2026-11-25 14:30:49.559422+00', true, '\x82b5444fc0e66487d1949acf2d72abb488b0ecf4a7b3315c7a08a7d74e7783aeb83f46422f8d4092f4e8c26fd1b4fa1e', 875055),
(45, 'where loggers are', '2026-11-25 14:30:49.560341+00', true, '\x57a210e4d46c427ced46c153fde59b89350354045f1ff938f73e460d3cf87fd1cebb85557f32f2b8ef20596db1f73408', 257644),
(46, 'bills and reports aside', '2026-11-25 14:30:49.560634+00', true, '\xbf7fa3d03e45faa3c1d924b341fd22c47112a407ef98cad9fa8af2c85802a2a597b22b0138aca2a34c6934e7dd07be29', 1336383),
(47, 'alarm looks', '2026-11-25 14:30:49.562028+00', true, '\x294d503fd2881fff7b1560536bc0bbee2b3463f9ef6c28f8144a9f8616e0c23c7ffe312da41d905eb3394cbd79ebe63e', 556110),
(48, 'clock leaps', '2026-11-25 14:30:49.562626+00', true, '\x8758534ff75d0d8ffc86062e61b1dae910e0ffc281bc20542347e8c513c61f548442019b701bd7ba23a4869e3ea6ec95', 625784),
(49, 'derived stand', '2026-11-25 14:30:49.563294+00', true, '\xbde7d51f712611ea530cbc7ac3b9f601cd171470c7aeb8ece840fd0ae91de3f68ad156c78f91116e2c41238cdae17acc', 173259);
INSERT INTO acquisuite_devices VALUES ('001EC6000D80', 2, 4),
('001EC6000D80', 3, 5);
INSERT INTO acquisuite_loggers VALUES ('001EC6000D80', 1, '$argon2id$v=19$m=19456,t=2,p=1$4vtc4I5IkMa1oPF8DxE6rw$Ma84SdNfPoTPIARjTylh7+KxSfbC57ext+0OhOfxrsM', NULL, 2, 3, 6, '{}');
INSERT INTO alarm_looks VALUES (true, '2026-11-25 14:31:55.607222+00');
INSERT INTO alarm_outbox VALUES (1, 1, 1, 'raised', 6, '2026-11-25 14:32:29.794446+00', 'no mail server is set: start Wattlens with --smtp-url', '2026-11-25 14:31:26.617104+00');
INSERT INTO alarm_recipients VALUES (1, 1, 'email', 'energy@example.com', 'warning', true, NULL);
INSERT INTO alarm_rules VALUES (1, 1, NULL, 'offline', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 30, 30, 'critical', true),
(2, 1, NULL, 'stale', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 30, 30, 'warning', true),
(3, 1, NULL, 'phase_imbalance', NULL, 'above', 20, 15, NULL, NULL, NULL, 20, 20, 'warning', true),
(4, 1, NULL, 'voltage', NULL, 'above', 10, 9, NULL, NULL, NULL, 20, 20, 'critical', true),
(5, 1, NULL, 'phase_export', NULL, 'above', 50, 20, NULL, NULL, NULL, 10, 10, 'critical', false),
(6, 2, NULL, 'offline', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 30, 30, 'critical', false),
(7, 2, NULL, 'stale', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 30, 30, 'warning', false),
(8, 2, NULL, 'phase_imbalance', NULL, 'above', 20, 15, NULL, NULL, NULL, 20, 20, 'warning', false),
(9, 2, NULL, 'voltage', NULL, 'above', 10, 9, NULL, NULL, NULL, 20, 20, 'critical', false),
(10, 2, NULL, 'phase_export', NULL, 'above', 50, 20, NULL, NULL, NULL, 10, 10, 'critical', false),
(11, 1, NULL, 'data_quality', NULL, 'above', 2, 1.5, NULL, NULL, NULL, 0, 0, 'warning', true),
(12, 2, NULL, 'data_quality', NULL, 'above', 2, 1.5, NULL, NULL, NULL, 0, 0, 'warning', false),
(13, 2, NULL, 'tamper', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 'critical', true),
(14, 2, NULL, 'meter_error', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 'warning', true),
(15, 1, NULL, 'quarantine', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 'warning', true),
(16, 2, NULL, 'quarantine', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 'warning', false);
INSERT INTO alarms VALUES (1, 1, NULL, 1, 'threshold', 'critical', 'ActivePower is 80,000 W, above 50,000 W', 80000, 'W', '2026-10-31 14:00:00+00', '2026-11-25 14:32:01.556018+00', '2026-11-25 14:31:49.85406+00', 'loopback', 'seen');
INSERT INTO audit_log VALUES (1, '2026-11-25 14:30:49.957395+00', 'loopback', 'site.update', 'site:default', '{"kind": "live", "name": "Default site", "slug": "default", "currency": "EUR", "latitude": null, "timeZone": "Europe/Berlin", "longitude": null, "retention": {"rawDays": 90, "dailyDays": 1826, "hourlyDays": 365}, "pricePerKwh": "0.28", "gridCapacityKw": 400.0}'),
(2, '2026-11-25 14:31:26.183991+00', 'loopback', 'meter.update', 'meter:2', '{}'),
(3, '2026-11-25 14:31:26.213658+00', 'loopback', 'meter.update', 'meter:3', '{"feedsParent": true}'),
(4, '2026-11-25 14:31:26.228254+00', 'loopback', 'alarm_rule.create', 'alarm_rule:17', '{"id": 17, "kind": "threshold", "site": "default", "unit": "W", "clear": 40000.0, "raise": 50000.0, "title": "ActivePower above 50,000 W", "channel": "ActivePower", "enabled": true, "meterId": 1, "nominal": null, "filledAt": null, "severity": "critical", "direction": "above", "tankLitres": null, "delaySeconds": 0, "clearDelaySeconds": 0}'),
(5, '2026-11-25 14:31:26.23654+00', 'loopback', 'alarm_recipient.create', 'alarm_recipient:1', '{"id": 1, "kind": "email", "site": "default", "address": "energy@example.com", "enabled": true, "problem": null, "waiting": 0, "minSeverity": "warning"}'),
(6, '2026-11-25 14:31:26.238607+00', 'loopback', 'tariff.create', 'tariff:2', '{"id": 2, "name": "HT", "site": "default", "energy": [{"days": "all", "price": "0.31", "direction": "import"}, {"days": "all", "price": "0.08", "direction": "export"}], "netting": "none", "validTo": null, "currency": "EUR", "holidays": [], "isDefault": true, "validFrom": "2026-01-01", "taxPercent": "19", "demandPerKw": "0", "fixedPerDay": "0", "fixedPerMonth": "15"}'),
(7, '2026-11-25 14:31:26.25122+00', 'loopback', 'factor.create', 'factor:1', '{"id": 1, "kind": "grid", "site": "default", "unit": "kg/kWh", "value": 0.38, "source": "UBA", "meterId": null, "validFrom": "2026-01-01"}'),
(8, '2026-11-25 14:31:26.335787+00', 'loopback', 'meter_exchange.create', 'meter:2', '{"n": 1, "reason": "verification", "meterId": 2, "undoneAt": null, "timestamp": "2026-10-31T13:50:00Z", "oldFinalKwh": 626.0, "newInitialKwh": 626.0, "importRegister": "total"}'),
(9, '2026-11-25 14:31:26.361431+00', 'loopback', 'reading_correction.create', 'meter:2', '{"n": 1, "field": "activePowerKw", "value": 71.5, "reason": "read by hand", "meterId": 2, "undoneAt": null, "timestamp": "2026-10-31T13:00:00Z"}'),
(10, '2026-11-25 14:31:26.3739+00', 'loopback', 'unmetered_load.put', 'meter:2', '{"reason": "emergency lights", "meterId": 2, "powerKw": 0.3, "validFrom": "2026-10-01T00:00:00Z"}'),
(11, '2026-11-25 14:31:26.376438+00', 'loopback', 'mqtt_broker.put', 'mqtt_broker:default', '{"url": "mqtt://10.0.0.5:1883", "name": "default", "username": "wattlens", "passwordSet": true, "caCertificate": null}'),
(12, '2026-11-25 14:31:26.481777+00', 'loopback', 'logger.create', 'logger:001EC6000D80', '{"load": "2", "solar": "3", "columns": {}, "utility": null, "ratedPowerKw": {}}'),
(13, '2026-11-25 14:31:26.512451+00', 'loopback', 'report_schedule.create', 'report_schedule:1', '{"id": 1, "day": 3, "hour": 7, "site": "default", "nextAt": "2026-12-03T06:00:00Z", "sentAt": null, "enabled": true, "problem": null, "version": 1, "waiting": 0, "language": "en", "addresses": ["energy@example.com"], "nextMonth": "2026-11", "sentMonth": null}'),
(14, '2026-11-25 14:31:26.51545+00', 'loopback', 'transformers.create', 'transformer:148a3868-61fa-4040-8526-93987ed2f75f', '{"count": 1, "first": ["TX-1"]}'),
(15, '2026-11-25 14:31:34.533049+00', 'loopback', 'bill.draft', 'meter:2', '{"month": "2026-10"}'),
(16, '2026-11-25 14:31:34.570283+00', 'loopback', 'bill.draft', 'meter:1', '{"month": "2026-10"}'),
(17, '2026-11-25 14:31:49.82136+00', 'loopback', 'meter.tariff', 'meter:2', '{"meterId": 2, "tariffId": 2, "validFrom": "2026-01-01", "tariffName": "HT"}'),
(18, '2026-11-25 14:31:49.84871+00', 'loopback', 'bill.draft', 'meter:2', '{"month": "2026-10"}'),
(19, '2026-11-25 14:31:49.85406+00', 'loopback', 'alarm.acknowledge', 'alarm:1', '{"id": 1, "kind": "threshold", "note": "seen", "site": "default", "text": "ActivePower is 80,000 W, above 50,000 W", "unit": "W", "value": 80000.0, "ruleId": 17, "meterId": 1, "raisedAt": "2026-10-31T14:00:00Z", "severity": "critical", "clearedAt": null, "meterName": "Übergabe", "meterNumber": "GRID-1", "acknowledgedAt": "2026-11-25T14:31:49.854060Z", "acknowledgedBy": "loopback"}'),
(20, '2026-11-25 14:32:01.543231+00', 'loopback', 'bill.issue', 'meter:2', '{"digest": "f9beffa34ecbde96b584183314548ce350cbc631a97e57b32e8b1d6c6026b682", "number": "2026-10-0001", "coverage": 0.0026845638383954963, "override": {"who": "Mira Rao", "reason": "agreed with the tenant"}, "amountDue": "70.97"}'),
(21, '2026-11-25 14:32:01.556112+00', 'loopback', 'alarm_rule.delete', 'alarm_rule:17', '{"id": 17, "kind": "threshold", "site": "default", "unit": "W", "clear": 40000.0, "raise": 50000.0, "title": "ActivePower above 50,000 W", "channel": "ActivePower", "enabled": true, "meterId": 1, "nominal": null, "filledAt": null, "severity": "critical", "direction": "above", "tankLitres": null, "delaySeconds": 0, "clearDelaySeconds": 0}');
INSERT INTO bill_numbers VALUES (1, '2026-10-01', 1);
INSERT INTO bills VALUES ('927faf5d-1cda-47ee-891e-2268b7018769', 1, 1, '2026-10-01', 'bill', NULL, NULL, '2026-11-25 14:31:34.56673+00', 'prosumer', 160, 0, 0.0026845638383954963, 0, 76.87, '{"side": "prosumer", "sold": "0", "lines": [{"kind": "fixedPerMonth", "name": "Fixed charge per month", "unit": "months", "piece": 0, "price": "15", "amount": "15.00", "quantity": "1"}, {"kind": "import", "line": 0, "name": "Consumption", "unit": "kWh", "piece": 0, "price": "0.31", "amount": "49.60", "quantity": "160"}, {"kind": "tax", "name": "Tax, 19 %", "unit": "EUR", "piece": null, "price": "19", "amount": "12.27", "quantity": "64.6"}], "bought": "0", "pieces": [{"id": 2, "to": "2026-11-01", "from": "2026-10-01", "name": "HT", "terms": {"energy": [{"days": "all", "price": "0.31", "direction": "import"}, {"days": "all", "price": "0.08", "direction": "export"}], "netting": "none", "holidays": [], "taxPercent": "19", "demandPerKw": "0", "fixedPerDay": "0", "fixedPerMonth": "15"}, "validFrom": "2026-01-01"}], "trades": [], "p2pCost": "0", "consumed": "160", "coverage": 0.0026845638383954963, "currency": "EUR", "gridRate": "0.31", "gridUsed": "160", "produced": "0", "amountDue": "76.87", "unsettled": "0", "p2pEarning": "0", "estimatedKwh": 0.0, "gridExported": "0", "gridCreditRate": "0.08", "unpricedExport": "0", "unpricedImport": "0"}', '83ab07dc11ce599f0e1bc42c5e0853aa0753d510aeade0e73ebe21684a72c7b0', NULL, NULL, NULL, NULL),
('0d628071-b149-4353-89d6-b6a6be1dd000', 1, 2, '2026-10-01', 'bill', '2026-10-0001', '2026-11-25 14:32:01.538878+00', '2026-11-25 14:32:01.538878+00', 'prosumer', 144, 0, 0.0026845638383954963, 0, 70.97, '{"side": "prosumer", "sold": "0", "lines": [{"kind": "fixedPerMonth", "name": "Fixed charge per month", "unit": "months", "piece": 0, "price": "15", "amount": "15.00", "quantity": "1"}, {"kind": "import", "line": 0, "name": "Consumption", "unit": "kWh", "piece": 0, "price": "0.31", "amount": "44.64", "quantity": "144"}, {"kind": "tax", "name": "Tax, 19 %", "unit": "EUR", "piece": null, "price": "19", "amount": "11.33", "quantity": "59.64"}], "bought": "0", "pieces": [{"id": 2, "to": "2026-11-01", "from": "2026-10-01", "name": "HT", "terms": {"energy": [{"days": "all", "price": "0.31", "direction": "import"}, {"days": "all", "price": "0.08", "direction": "export"}], "netting": "none", "holidays": [], "taxPercent": "19", "demandPerKw": "0", "fixedPerDay": "0", "fixedPerMonth": "15"}, "validFrom": "2026-01-01"}], "trades": [], "p2pCost": "0", "consumed": "144", "coverage": 0.0026845638383954963, "currency": "EUR", "gridRate": "0.31", "gridUsed": "144", "produced": "0", "amountDue": "70.97", "unsettled": "0", "p2pEarning": "0", "estimatedKwh": 0.0, "gridExported": "0", "gridCreditRate": "0.08", "unpricedExport": "0", "unpricedImport": "0"}', 'f9beffa34ecbde96b584183314548ce350cbc631a97e57b32e8b1d6c6026b682', '{"side": "prosumer", "meter": 2, "month": "2026-10", "pieces": [{"id": 2, "to": "2026-11-01", "from": "2026-10-01", "name": "HT", "terms": {"energy": [{"days": "all", "price": "0.31", "direction": "import"}, {"days": "all", "price": "0.08", "direction": "export"}], "netting": "none", "holidays": [], "taxPercent": "19", "demandPerKw": "0", "fixedPerDay": "0", "fixedPerMonth": "15"}, "validFrom": "2026-01-01"}], "series": [{"start": "2026-10-31T00:00:00", "export": 0.0, "import": 144.0, "coverage": 0.0833333358168602, "estimated": 0.0}], "trades": [], "coverage": 0.0026845638383954963, "currency": "EUR"}', '{"who": "Mira Rao", "reason": "agreed with the tenant"}', NULL, NULL);
INSERT INTO connections VALUES ('2c9c0b1d-89b2-4209-a20b-85d5a1791cf1', 1, 'consumer', 15.000000, 0.000000, 'approved', NULL, '148a3868-61fa-4040-8526-93987ed2f75f', 37.7749, -122.4194, 0, '{"verdict": "pass", "scenarios": [{"name": "peak_load", "before": {"premises_percent": 100.0, "transformer_percent": 100.0}, "premises_percent": 99.539944, "transformer_percent": 99.734745}, {"name": "full_production", "before": {"premises_percent": 100.0, "transformer_percent": 100.0}, "premises_percent": 100.0, "transformer_percent": 100.0}], "limits_percent": [95.0, 105.0]}', NULL, '{"type": "consumer", "explain": false, "latitude": 37.7749, "premises": "general", "longitude": -122.4194, "requested_production_kW": 0.0, "requested_consumption_kW": 15.0}', NULL, '2026-11-25 14:31:26.516932+00', NULL);
INSERT INTO devices VALUES (1, 8, 'modbus', 5000, '{"host": "192.168.1.150", "unitId": 7, "profile": "eastron-sdm630"}', true);
INSERT INTO emission_factors VALUES (1, 1, 'grid', NULL, 0.38, 'kg/kWh', 'UBA', '2026-01-01');
INSERT INTO energy_days VALUES (1, '2026-10-31', 160, 0, 0, 0, NULL, 7200, 0, 80, 80, 80, NULL, NULL, NULL, NULL, NULL, 0.083333336, 0, 160, 'GOOD', 0, 0, NULL),
(2, '2026-10-31', 144, 0, 0, 0, NULL, 7200, 0, 72, 71.5, 72, NULL, NULL, NULL, NULL, NULL, 0.083333336, 0, 143.875, 'CORRECTED', 132, 0, NULL),
(3, '2026-10-31', 4, 0, 0, 0, 1.7999999999999998, 7200, 0, 2, 2, 2, NULL, NULL, NULL, NULL, NULL, 0.083333336, 0, 4, 'GOOD', 0, 0, '{"head": {"e": 0, "i": 0}, "last": {"t": "2026-10-31T14:00:00Z"}, "rest": {"e": 0, "i": 0}, "first": {"t": "2026-10-31T12:15:00Z"}, "lastStart": "2026-10-31T13:45:00+00:00", "firstStart": "2026-10-31T12:00:00+00:00"}');
INSERT INTO energy_intervals_2026_10 VALUES (1, '2026-10-31 12:00:00+00', 20, 0, 0, 0, NULL, 900, 0, 80, 80, 80, NULL, NULL, NULL, NULL, NULL, 1, 0, 20, 'GOOD', 0, '{"m": 80.0, "p": ["2026-10-31T12:00:00Z", 80.0], "r": [{"f": "to", "t": "2026-10-31T12:00:00Z", "v": 1000.0, "w": 0.0}], "t": "2026-10-31T12:00:00Z"}', false, 0, NULL),
(1, '2026-10-31 12:15:00+00', 20, 0, 0, 0, NULL, 900, 0, 80, 80, 80, NULL, NULL, NULL, NULL, NULL, 1, 0, 20, 'GOOD', 0, '{"m": 80.0, "p": ["2026-10-31T12:15:00Z", 80.0], "r": [{"f": "to", "s": 80.0, "t": "2026-10-31T12:15:00Z", "v": 1020.0, "w": 0.0}], "t": "2026-10-31T12:15:00Z"}', false, 0, NULL),
(1, '2026-10-31 12:30:00+00', 20, 0, 0, 0, NULL, 900, 0, 80, 80, 80, NULL, NULL, NULL, NULL, NULL, 1, 0, 20, 'GOOD', 0, '{"m": 80.0, "p": ["2026-10-31T12:30:00Z", 80.0], "r": [{"f": "to", "s": 80.0, "t": "2026-10-31T12:30:00Z", "v": 1040.0, "w": 0.0}], "t": "2026-10-31T12:30:00Z"}', false, 0, NULL),
(1, '2026-10-31 12:45:00+00', 20, 0, 0, 0, NULL, 900, 0, 80, 80, 80, NULL, NULL, NULL, NULL, NULL, 1, 0, 20, 'GOOD', 0, '{"m": 80.0, "p": ["2026-10-31T12:45:00Z", 80.0], "r": [{"f": "to", "s": 80.0, "t": "2026-10-31T12:45:00Z", "v": 1060.0, "w": 0.0}], "t": "2026-10-31T12:45:00Z"}', false, 0, NULL),
(2, '2026-10-31 12:00:00+00', 18, 0, 0, 0, NULL, 900, 0, 72, 72, 72, NULL, NULL, NULL, NULL, NULL, 1, 0, 18, 'GOOD', 0, '{"m": 72.0, "p": ["2026-10-31T12:00:00Z", 72.0], "r": [{"f": "to", "t": "2026-10-31T12:00:00Z", "v": 500.0, "w": 0.0}], "t": "2026-10-31T12:00:00Z"}', false, 0, NULL),
(2, '2026-10-31 12:15:00+00', 18, 0, 0, 0, NULL, 900, 0, 72, 72, 72, NULL, NULL, NULL, NULL, NULL, 1, 0, 18, 'GOOD', 0, '{"m": 72.0, "p": ["2026-10-31T12:15:00Z", 72.0], "r": [{"f": "to", "s": 72.0, "t": "2026-10-31T12:15:00Z", "v": 518.0, "w": 0.0}], "t": "2026-10-31T12:15:00Z"}', false, 0, NULL),
(2, '2026-10-31 12:30:00+00', 18, 0, 0, 0, NULL, 900, 0, 72, 72, 72, NULL, NULL, NULL, NULL, NULL, 1, 0, 18, 'GOOD', 0, '{"m": 72.0, "p": ["2026-10-31T12:30:00Z", 72.0], "r": [{"f": "to", "s": 72.0, "t": "2026-10-31T12:30:00Z", "v": 536.0, "w": 0.0}], "t": "2026-10-31T12:30:00Z"}', false, 0, NULL),
(2, '2026-10-31 12:45:00+00', 18, 0, 0, 0, NULL, 900, 0, 72, 72, 72, NULL, NULL, NULL, NULL, NULL, 1, 0, 17.9375, 'GOOD', 0, '{"m": 72.0, "p": ["2026-10-31T12:45:00Z", 72.0], "r": [{"f": "to", "s": 72.0, "t": "2026-10-31T12:45:00Z", "v": 554.0, "w": 0.0}], "t": "2026-10-31T12:45:00Z"}', false, 0, NULL),
(3, '2026-10-31 12:00:00+00', 0.5, 0, 0, 0, 0.4, 900, 0, 2, 2, 2, NULL, NULL, NULL, NULL, NULL, 1, 0, 0.5, 'GOOD', 0, '{"m": 2.0, "p": ["2026-10-31T12:00:00Z", 2.0], "r": [{"f": "to", "t": "2026-10-31T12:00:00Z", "v": 70.0, "w": 0.0}], "t": "2026-10-31T12:00:00Z"}', false, 0, '{"t": "2026-10-31T12:15:00Z"}'),
(3, '2026-10-31 12:15:00+00', 0.5, 0, 0, 0, 0.2, 900, 0, 2, 2, 2, NULL, NULL, NULL, NULL, NULL, 1, 0, 0.5, 'GOOD', 0, '{"m": 2.0, "p": ["2026-10-31T12:15:00Z", 2.0], "r": [{"f": "to", "s": 2.0, "t": "2026-10-31T12:15:00Z", "v": 70.5, "w": 0.0}], "t": "2026-10-31T12:15:00Z"}', false, 0, '{"t": "2026-10-31T12:30:00Z"}'),
(3, '2026-10-31 12:30:00+00', 0.5, 0, 0, 0, 0.2, 900, 0, 2, 2, 2, NULL, NULL, NULL, NULL, NULL, 1, 0, 0.5, 'GOOD', 0, '{"m": 2.0, "p": ["2026-10-31T12:30:00Z", 2.0], "r": [{"f": "to", "s": 2.0, "t": "2026-10-31T12:30:00Z", "v": 71.0, "w": 0.0}], "t": "2026-10-31T12:30:00Z"}', false, 0, '{"t": "2026-10-31T12:45:00Z"}'),
(3, '2026-10-31 12:45:00+00', 0.5, 0, 0, 0, 0.2, 900, 0, 2, 2, 2, NULL, NULL, NULL, NULL, NULL, 1, 0, 0.5, 'GOOD', 0, '{"m": 2.0, "p": ["2026-10-31T12:45:00Z", 2.0], "r": [{"f": "to", "s": 2.0, "t": "2026-10-31T12:45:00Z", "v": 71.5, "w": 0.0}], "t": "2026-10-31T12:45:00Z"}', false, 0, '{"t": "2026-10-31T13:00:00Z"}');
INSERT INTO energy_meters VALUES (1, 'e5fef135-eaad-4858-b22a-d9be4fe9c206', 1, 'GRID-1', 'Übergabe', 'Grid', 0, NULL, false, NULL, NULL, 'none', NULL, 'grid', NULL, NULL, NULL, NULL, NULL, 'increment', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'person'),
(2, '5d003d16-2a58-4329-8b65-b651ddbf043d', 1, 'HALL-1', 'Hall 1', 'Distribution', 1, 1, false, NULL, NULL, 'none', NULL, 'hall-1', NULL, NULL, NULL, NULL, NULL, 'increment', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'person'),
(3, 'cbc77b0a-1dd2-44f7-8a9a-29ca33f59869', 1, 'DG-1', 'Generator', 'DG', 1, 1, true, NULL, NULL, 'none', NULL, 'dg-1', NULL, NULL, NULL, NULL, NULL, 'increment', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'person'),
(6, '9bf28313-62d7-443c-92f7-15cdcea48849', 1, '001EC6000D80_missing_meter', '001EC6000D80 computed meter', 'Grid', 0, NULL, false, NULL, NULL, 'grid', NULL, '001ec6000d80_missing_meter', NULL, NULL, NULL, NULL, 'import', 'increment', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'logger'),
(4, '299accd9-0c04-4287-a037-ac24d1ca547a', 1, '001EC6000D80_2', '001EC6000D80 device 2', 'Main', 1, 6, false, NULL, NULL, 'zone', NULL, '001ec6000d80_2', NULL, NULL, NULL, NULL, NULL, 'increment', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'logger'),
(5, '5a437268-7257-422d-8a39-6f8574fba201', 1, '001EC6000D80_3', '001EC6000D80 device 3', 'Solar', 1, 6, true, NULL, NULL, 'solar', NULL, '001ec6000d80_3', NULL, NULL, NULL, NULL, NULL, 'increment', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'logger'),
(7, '3bdd1dc6-9693-44df-b66f-7479a688d4c9', 2, 'MT1', 'MT1', 'Household', 0, NULL, false, NULL, NULL, 'none', NULL, 'mt1', NULL, NULL, NULL, NULL, NULL, 'increment', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'person'),
(8, '51bd9d17-adc3-4136-ab95-08eb11c58fa6', 1, 'EM-1', 'Furnace 03', 'Zone', 2, 2, false, NULL, NULL, 'zone', NULL, 'em-1', NULL, NULL, NULL, NULL, NULL, 'increment', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'person');
INSERT INTO energy_resources VALUES (1, '859179d9-9b2a-4018-b7ba-085f130459fb', 2, 'Home', 'prosumer', '{}', '2026-11-26 19:14:59.073524+00');
INSERT INTO meter_cadences VALUES (1, '2026-10-31 12:00:00+00', 900000),
(2, '2026-10-31 12:00:00+00', 900000),
(3, '2026-10-31 12:00:00+00', 900000);
INSERT INTO meter_exchanges VALUES (2, 1, '2026-10-31 13:50:00+00', 626, 626, 'verification', NULL, 'total');
INSERT INTO meter_placements VALUES (1, NULL, false, '-infinity', NULL),
(2, 1, false, '-infinity', NULL),
(3, 1, true, '-infinity', NULL),
(6, NULL, false, '-infinity', NULL),
(4, 6, false, '-infinity', NULL),
(5, 6, true, '-infinity', NULL),
(7, NULL, false, '-infinity', NULL),
(8, 2, false, '-infinity', NULL);
INSERT INTO meter_readings_2026_10 VALUES (1, '2026-10-31 12:00:00+00', '2026-11-25 14:31:26.262705+00', 'GOOD', 'api', 80, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1000, NULL, NULL, NULL, NULL, NULL, NULL),
(1, '2026-10-31 12:15:00+00', '2026-11-25 14:31:26.262705+00', 'GOOD', 'api', 80, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1020, NULL, NULL, NULL, NULL, NULL, NULL),
(1, '2026-10-31 12:30:00+00', '2026-11-25 14:31:26.262705+00', 'GOOD', 'api', 80, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1040, NULL, NULL, NULL, NULL, NULL, NULL),
(1, '2026-10-31 12:45:00+00', '2026-11-25 14:31:26.262705+00', 'GOOD', 'api', 80, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1060, NULL, NULL, NULL, NULL, NULL, NULL),
(1, '2026-10-31 13:00:00+00', '2026-11-25 14:31:26.262705+00', 'GOOD', 'api', 80, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1080, NULL, NULL, NULL, NULL, NULL, NULL),
(2, '2026-10-31 12:00:00+00', '2026-11-25 14:31:26.287682+00', 'GOOD', 'api', 72, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 500, NULL, NULL, NULL, NULL, NULL, NULL),
(2, '2026-10-31 12:15:00+00', '2026-11-25 14:31:26.287682+00', 'GOOD', 'api', 72, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 518, NULL, NULL, NULL, NULL, NULL, NULL),
(2, '2026-10-31 12:30:00+00', '2026-11-25 14:31:26.287682+00', 'GOOD', 'api', 72, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 536, NULL, NULL, NULL, NULL, NULL, NULL),
(2, '2026-10-31 12:45:00+00', '2026-11-25 14:31:26.287682+00', 'GOOD', 'api', 72, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 554, NULL, NULL, NULL, NULL, NULL, NULL),
(2, '2026-10-31 13:00:00+00', '2026-11-25 14:31:26.287682+00', 'GOOD', 'api', 72, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 572, NULL, NULL, NULL, NULL, NULL, NULL),
(3, '2026-10-31 12:00:00+00', '2026-11-25 14:31:26.314943+00', 'GOOD', 'api', 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 70, NULL, NULL, NULL, NULL, 0.2, NULL),
(3, '2026-10-31 12:15:00+00', '2026-11-25 14:31:26.314943+00', 'GOOD', 'api', 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 70.5, NULL, NULL, NULL, NULL, 0.2, NULL),
(3, '2026-10-31 12:30:00+00', '2026-11-25 14:31:26.314943+00', 'GOOD', 'api', 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 71, NULL, NULL, NULL, NULL, 0.2, NULL),
(3, '2026-10-31 12:45:00+00', '2026-11-25 14:31:26.314943+00', 'GOOD', 'api', 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 71.5, NULL, NULL, NULL, NULL, 0.2, NULL),
(3, '2026-10-31 13:00:00+00', '2026-11-25 14:31:26.314943+00', 'GOOD', 'api', 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 72, NULL, NULL, NULL, NULL, 0.2, NULL);
INSERT INTO meter_registers VALUES (1, 'total', 20, NULL, NULL, NULL, '2026-10-31 12:00:00+00', '2026-10-31 12:15:00+00', NULL, NULL, NULL),
(2, 'total', 18, NULL, NULL, NULL, '2026-10-31 12:00:00+00', '2026-10-31 12:15:00+00', NULL, NULL, NULL),
(3, 'total', 0.5, NULL, NULL, NULL, '2026-10-31 12:00:00+00', '2026-10-31 12:15:00+00', NULL, NULL, NULL);
INSERT INTO meter_tariffs VALUES (2, 'HT', '2026-01-01');
INSERT INTO mqtt_brokers VALUES ('default', 'mqtt://10.0.0.5:1883', 'wattlens', 'v1:FbHo5YqOTyK14ZGYyoNckUGx+YHReHbDFrMqBZXunkqglqE+KvIwbFZt/9eSTg==', NULL);
INSERT INTO mqtt_client VALUES (true, 'wattlens-8a7f6223');
INSERT INTO power_loss_analysis VALUES (1, '1h', '2026-10-31 12:00:00+00', '2026-10-31 13:00:00+00', 82, 72, 10, 12.195121951219512, 1.0764757312638311, 3.10, 'loss', NULL, 1),
(1, '1h', '2026-10-31 13:00:00+00', '2026-10-31 14:00:00+00', 82, 72, 10, 12.195121951219512, 1.0764757312638311, 3.10, 'loss', NULL, 1),
(1, '1h', '2026-10-31 14:00:00+00', '2026-10-31 15:00:00+00', 0, 0, NULL, NULL, 0, NULL, 'incomplete', NULL, 0),
(1, '1d', '2026-10-30 23:00:00+00', '2026-10-31 23:00:00+00', 164, 144, 20, 12.195121951219512, 2.1529514625276622, 6.20, 'loss', '{"step": {"at": "2026-10-31T12:00:00Z", "powerKw": 8.88888888888889}, "named": null, "tested": [{"code": "direction_flipped", "text": "DG-1 does not feed its parent: set feedsParent to false", "closes": [], "meterId": 3, "worsens": [], "closedShare": 0.0, "meterNumber": "DG-1", "residualKwh": 12.0}, {"code": "ratio_ten_times", "text": "DG-1 reads ten times too much: check the ratio of its current transformers", "closes": [], "meterId": 3, "worsens": [], "closedShare": 0.0, "meterNumber": "DG-1", "residualKwh": 16.400000000000006}, {"code": "ratio_a_tenth", "text": "DG-1 reads a tenth of what it should: check the ratio of its current transformers", "closes": [], "meterId": 3, "worsens": [], "closedShare": 0.0, "meterNumber": "DG-1", "residualKwh": 56.0}, {"code": "ratio_ten_times", "text": "GRID-1 reads ten times too much: check the ratio of its current transformers", "closes": [], "meterId": 1, "worsens": [], "closedShare": 0.0, "meterNumber": "GRID-1", "residualKwh": -124.0}, {"code": "ratio_ten_times", "text": "HALL-1 reads ten times too much: check the ratio of its current transformers; it was exchanged recently", "closes": [], "meterId": 2, "worsens": [], "closedShare": 0.0, "meterNumber": "HALL-1", "residualKwh": 149.6}, {"code": "sign_inverted", "text": "GRID-1 counts its energy in the opposite direction: check its current transformers and the assignment of its import and export registers", "closes": [], "meterId": 1, "worsens": [], "closedShare": 0.0, "meterNumber": "GRID-1", "residualKwh": -300.0}, {"code": "direction_flipped", "text": "HALL-1 feeds its parent: set feedsParent to true", "closes": [], "meterId": 2, "worsens": [], "closedShare": 0.0, "meterNumber": "HALL-1", "residualKwh": 308.0}, {"code": "ratio_a_tenth", "text": "HALL-1 reads a tenth of what it should: check the ratio of its current transformers; it was exchanged recently", "closes": [], "meterId": 2, "worsens": [], "closedShare": 0.0, "meterNumber": "HALL-1", "residualKwh": -1276.0}, {"code": "ratio_a_tenth", "text": "GRID-1 reads a tenth of what it should: check the ratio of its current transformers", "closes": [], "meterId": 1, "worsens": [], "closedShare": 0.0, "meterNumber": "GRID-1", "residualKwh": 1460.0}], "affected": 8}', 0.083333336);
INSERT INTO reading_corrections VALUES (2, 1, '2026-10-31 13:00:00+00', 'active_power_kw', 71.5, 'read by hand', NULL);
INSERT INTO report_schedules VALUES (1, 1, '{energy@example.com}', 3, 7, 'en', true, '2026-11-01', NULL, NULL, NULL, 1);
INSERT INTO retention_clock VALUES (true, '2026-11-25 14:30:49.600113+00', NULL, NULL);
INSERT INTO simulated_meters VALUES (7, NULL, 'ON', 1, 0, 'flat', NULL, '2026-11-26 14:33:17.343073+00');
INSERT INTO simulation_clock VALUES (2, '2026-11-26 20:27:45.655636+00', '2026-11-26 20:15:00+00', 1, 15, NULL, 20250620, 0);
INSERT INTO sites VALUES (2, 'world', 'San Francisco', 'simulated', 'America/Los_Angeles', 'INR', NULL, NULL, 37.7749, -122.4194, 90, 365, 1826, NULL, false, '4/0-al'),
(1, 'default', 'Default site', 'live', 'Europe/Berlin', 'EUR', 0.28, 400, NULL, NULL, 90, 365, 1826, NULL, false, '4/0-al');
INSERT INTO tariffs VALUES (1, 2, 'Standard', 'INR', '1970-01-01', NULL, '{"energy": [{"days": "all", "price": "6.0", "direction": "import"}, {"days": "all", "price": "4.0", "direction": "export"}], "netting": "none", "holidays": [], "taxPercent": "0", "demandPerKw": "0", "fixedPerDay": "0", "fixedPerMonth": "0"}', true),
(2, 1, 'HT', 'EUR', '2026-01-01', NULL, '{"energy": [{"days": "all", "price": "0.31", "direction": "import"}, {"days": "all", "price": "0.08", "direction": "export"}], "netting": "none", "holidays": [], "taxPercent": "19", "demandPerKw": "0", "fixedPerDay": "0", "fixedPerMonth": "15"}', true);
INSERT INTO transformers VALUES ('148a3868-61fa-4040-8526-93987ed2f75f', 1, 'TX-1', 100.000000, 'San Francisco', 37.7749, -122.4194, 15.000000, 0.000000, '2026-11-25 14:31:26.51545+00', 1, 1284);
INSERT INTO unmetered_loads VALUES (2, '2026-10-01 00:00:00+00', 0.3, 'emergency lights');
INSERT INTO virtual_meters VALUES (6, 4, 1, '-infinity', 'infinity'),
(6, 5, -1, '-infinity', 'infinity');
SELECT setval('alarm_outbox_id_seq', 1, true);
SELECT setval('alarm_recipients_id_seq', 1, true);
SELECT setval('alarm_rules_id_seq', 17, true);
SELECT setval('alarms_id_seq', 1, true);
SELECT setval('audit_log_id_seq', 21, true);
SELECT setval('connections_n_seq', 1, true);
SELECT setval('devices_id_seq', 1, true);
SELECT setval('emission_factors_id_seq', 1, true);
SELECT setval('energy_meters_id_seq', 8, true);
SELECT setval('energy_resources_id_seq', 1, true);
SELECT setval('meter_exchanges_n_seq', 1, true);
SELECT setval('quarantine_n_seq', 1, false);
SELECT setval('reading_corrections_n_seq', 1, true);
SELECT setval('report_outbox_id_seq', 1, false);
SELECT setval('report_schedules_id_seq', 1, true);
SELECT setval('sites_id_seq', 2, true);
SELECT setval('spikes_id_seq', 1, false);
SELECT setval('tariffs_id_seq', 2, true);
SELECT setval('transformers_n_seq', 1, true);
ALTER TABLE ONLY _sqlx_migrations ADD CONSTRAINT _sqlx_migrations_pkey PRIMARY KEY (version);
ALTER TABLE ONLY acquisuite_activity ADD CONSTRAINT acquisuite_activity_pkey PRIMARY KEY (serial_number);
ALTER TABLE ONLY acquisuite_devices ADD CONSTRAINT acquisuite_devices_meter_key UNIQUE (meter_id);
ALTER TABLE ONLY acquisuite_devices ADD CONSTRAINT acquisuite_devices_pkey PRIMARY KEY (serial_number, address);
ALTER TABLE ONLY acquisuite_files ADD CONSTRAINT acquisuite_files_pkey PRIMARY KEY (serial_number, file_name);
ALTER TABLE ONLY acquisuite_loggers ADD CONSTRAINT acquisuite_loggers_pkey PRIMARY KEY (serial_number);
ALTER TABLE ONLY acquisuite_refusals ADD CONSTRAINT acquisuite_refusals_pkey PRIMARY KEY (serial_number, reason);
ALTER TABLE ONLY alarm_looks ADD CONSTRAINT alarm_looks_pkey PRIMARY KEY (is_only);
ALTER TABLE ONLY alarm_outbox ADD CONSTRAINT alarm_outbox_once_key UNIQUE (recipient_id, alarm_id, event);
ALTER TABLE ONLY alarm_outbox ADD CONSTRAINT alarm_outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY alarm_recipients ADD CONSTRAINT alarm_recipients_address_key UNIQUE (site_id, kind, address);
ALTER TABLE ONLY alarm_recipients ADD CONSTRAINT alarm_recipients_pkey PRIMARY KEY (id);
ALTER TABLE alarm_rules ADD CONSTRAINT alarm_rules_limits_measurable CHECK (((abs(raise_at) <= ('1000000000000'::numeric)::float8) AND (abs(clear_at) <= ('1000000000000'::numeric)::float8))) NOT VALID;
ALTER TABLE alarm_rules ADD CONSTRAINT alarm_rules_nominal_measurable CHECK ((nominal <= ('1000000000'::numeric)::float8)) NOT VALID;
ALTER TABLE ONLY alarm_rules ADD CONSTRAINT alarm_rules_pkey PRIMARY KEY (id);
ALTER TABLE alarm_rules ADD CONSTRAINT alarm_rules_tank_measurable CHECK ((tank_litres <= ('1000000000'::numeric)::float8)) NOT VALID;
ALTER TABLE ONLY alarms ADD CONSTRAINT alarms_pkey PRIMARY KEY (id);
ALTER TABLE ONLY appliance_factors ADD CONSTRAINT appliance_factors_pkey PRIMARY KEY (meter_id, appliance);
ALTER TABLE ONLY audit_log ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY bill_numbers ADD CONSTRAINT bill_numbers_pkey PRIMARY KEY (site_id, month);
ALTER TABLE ONLY bill_run_omissions ADD CONSTRAINT bill_run_omissions_pkey PRIMARY KEY (run_id, meter_id);
ALTER TABLE ONLY bill_runs ADD CONSTRAINT bill_runs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY bills ADD CONSTRAINT bills_credited_once UNIQUE (credits);
ALTER TABLE ONLY bills ADD CONSTRAINT bills_number_key UNIQUE (site_id, number);
ALTER TABLE ONLY bills ADD CONSTRAINT bills_pkey PRIMARY KEY (id);
ALTER TABLE ONLY clock_leaps ADD CONSTRAINT clock_leaps_pkey PRIMARY KEY (is_only);
ALTER TABLE ONLY connections ADD CONSTRAINT connections_idempotency_key UNIQUE (idempotency_key);
ALTER TABLE ONLY connections ADD CONSTRAINT connections_n_key UNIQUE (n);
ALTER TABLE ONLY connections ADD CONSTRAINT connections_pkey PRIMARY KEY (id);
ALTER TABLE ONLY derived_anew ADD CONSTRAINT derived_anew_pkey PRIMARY KEY (meter_id, "timestamp");
ALTER TABLE ONLY devices ADD CONSTRAINT devices_meter_key UNIQUE (meter_id);
ALTER TABLE ONLY devices ADD CONSTRAINT devices_pkey PRIMARY KEY (id);
ALTER TABLE ONLY diesel_generators ADD CONSTRAINT diesel_generators_pkey PRIMARY KEY (meter_id);
ALTER TABLE ONLY emission_factors ADD CONSTRAINT emission_factors_pkey PRIMARY KEY (id);
ALTER TABLE emission_factors ADD CONSTRAINT emission_factors_value_measurable CHECK ((value <= ('1000000000'::numeric)::float8)) NOT VALID;
ALTER TABLE ONLY emission_factors ADD CONSTRAINT emission_factors_version_key UNIQUE NULLS NOT DISTINCT (site_id, kind, meter_id, valid_from);
ALTER TABLE ONLY energy_days ADD CONSTRAINT energy_days_pkey PRIMARY KEY (meter_id, day);
ALTER TABLE ONLY energy_intervals ADD CONSTRAINT energy_intervals_pkey PRIMARY KEY (meter_id, bucket_start);
ALTER TABLE ONLY energy_intervals_2026_10 ADD CONSTRAINT energy_intervals_2026_10_pkey PRIMARY KEY (meter_id, bucket_start);
ALTER TABLE ONLY energy_intervals_default ADD CONSTRAINT energy_intervals_default_pkey PRIMARY KEY (meter_id, bucket_start);
ALTER TABLE ONLY energy_meters ADD CONSTRAINT energy_meters_channel_prefix_key EXCLUDE USING btree (site_id WITH =, channel_prefix WITH =) WHERE ((retired_at IS NULL)) DEFERRABLE;
ALTER TABLE energy_meters ADD CONSTRAINT energy_meters_modulus_measurable CHECK ((register_modulus_kwh <= ('1000000000000'::numeric)::float8)) NOT VALID;
ALTER TABLE energy_meters ADD CONSTRAINT energy_meters_name_given CHECK ((meter_name ~ '\S'::text)) NOT VALID;
ALTER TABLE energy_meters ADD CONSTRAINT energy_meters_name_length CHECK ((char_length(meter_name) <= 200)) NOT VALID;
ALTER TABLE ONLY energy_meters ADD CONSTRAINT energy_meters_number_key UNIQUE (site_id, meter_number);
ALTER TABLE ONLY energy_meters ADD CONSTRAINT energy_meters_pkey PRIMARY KEY (id);
ALTER TABLE energy_meters ADD CONSTRAINT energy_meters_rated_power_measurable CHECK ((rated_power_kw <= ('1000000000'::numeric)::float8)) NOT VALID;
ALTER TABLE energy_meters ADD CONSTRAINT energy_meters_step_measurable CHECK ((register_step_kwh <= ('1000000000000'::numeric)::float8)) NOT VALID;
ALTER TABLE ONLY energy_meters ADD CONSTRAINT energy_meters_uuid_key UNIQUE (uuid);
ALTER TABLE ONLY energy_resources ADD CONSTRAINT energy_resources_pkey PRIMARY KEY (id);
ALTER TABLE ONLY energy_resources ADD CONSTRAINT energy_resources_uuid_key UNIQUE (uuid);
ALTER TABLE ONLY loss_queue ADD CONSTRAINT loss_queue_pkey PRIMARY KEY (meter_id, hour_start);
ALTER TABLE ONLY meter_cadences ADD CONSTRAINT meter_cadences_pkey PRIMARY KEY (meter_id, valid_from);
ALTER TABLE ONLY meter_events ADD CONSTRAINT meter_events_pkey PRIMARY KEY (meter_id, at, kind);
ALTER TABLE ONLY meter_exchanges ADD CONSTRAINT meter_exchanges_pkey PRIMARY KEY (meter_id, n);
ALTER TABLE ONLY meter_placements ADD CONSTRAINT meter_placements_pkey PRIMARY KEY (meter_id, valid_from);
ALTER TABLE ONLY meter_readings ADD CONSTRAINT meter_readings_pkey PRIMARY KEY (meter_id, "timestamp");
ALTER TABLE ONLY meter_readings_2026_10 ADD CONSTRAINT meter_readings_2026_10_pkey PRIMARY KEY (meter_id, "timestamp");
ALTER TABLE ONLY meter_readings_default ADD CONSTRAINT meter_readings_default_pkey PRIMARY KEY (meter_id, "timestamp");
ALTER TABLE ONLY meter_registers ADD CONSTRAINT meter_registers_pkey PRIMARY KEY (meter_id);
ALTER TABLE ONLY meter_tariffs ADD CONSTRAINT meter_tariffs_pkey PRIMARY KEY (meter_id, valid_from);
ALTER TABLE ONLY mqtt_brokers ADD CONSTRAINT mqtt_brokers_pkey PRIMARY KEY (name);
ALTER TABLE ONLY mqtt_client ADD CONSTRAINT mqtt_client_pkey PRIMARY KEY (single);
ALTER TABLE ONLY p2p_trades ADD CONSTRAINT p2p_trades_pkey PRIMARY KEY (id);
ALTER TABLE ONLY power_loss_analysis ADD CONSTRAINT power_loss_analysis_pkey PRIMARY KEY (meter_id, resolution, window_start);
ALTER TABLE ONLY quarantine ADD CONSTRAINT quarantine_pkey PRIMARY KEY (n);
ALTER TABLE ONLY reading_conflicts ADD CONSTRAINT reading_conflicts_pkey PRIMARY KEY (meter_id, "timestamp", digest);
ALTER TABLE ONLY reading_corrections ADD CONSTRAINT reading_corrections_pkey PRIMARY KEY (meter_id, n);
ALTER TABLE ONLY refused_readings ADD CONSTRAINT refused_readings_pkey PRIMARY KEY (meter_id, hour, source, reason);
ALTER TABLE ONLY renewable_sources ADD CONSTRAINT renewable_sources_pkey PRIMARY KEY (meter_id);
ALTER TABLE ONLY report_outbox ADD CONSTRAINT report_outbox_once_key UNIQUE (schedule_id, month, address);
ALTER TABLE ONLY report_outbox ADD CONSTRAINT report_outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY report_schedules ADD CONSTRAINT report_schedules_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_clock ADD CONSTRAINT retention_clock_pkey PRIMARY KEY (is_only);
ALTER TABLE ONLY rollup_claims ADD CONSTRAINT rollup_claims_pkey PRIMARY KEY (meter_id, bucket_start);
ALTER TABLE ONLY rollup_queue ADD CONSTRAINT rollup_queue_pkey PRIMARY KEY (meter_id, bucket_start);
ALTER TABLE ONLY set_aside ADD CONSTRAINT set_aside_part_key UNIQUE NULLS NOT DISTINCT (work, meter_id, schedule_id, start);
ALTER TABLE ONLY simulated_meters ADD CONSTRAINT simulated_meters_er_key UNIQUE (er_id);
ALTER TABLE ONLY simulated_meters ADD CONSTRAINT simulated_meters_pkey PRIMARY KEY (meter_id);
ALTER TABLE ONLY simulation_clock ADD CONSTRAINT simulation_clock_pkey PRIMARY KEY (site_id);
ALTER TABLE sites ADD CONSTRAINT sites_grid_capacity_measurable CHECK ((grid_capacity_kw <= ('1000000000'::numeric)::float8)) NOT VALID;
ALTER TABLE sites ADD CONSTRAINT sites_grid_distance_measurable CHECK ((grid_distance_limit_m <= ('1000000000'::numeric)::float8)) NOT VALID;
ALTER TABLE ONLY sites ADD CONSTRAINT sites_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sites ADD CONSTRAINT sites_slug_key UNIQUE (slug);
ALTER TABLE ONLY spikes ADD CONSTRAINT spikes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY tariffs ADD CONSTRAINT tariffs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY tariffs ADD CONSTRAINT tariffs_version_key UNIQUE (site_id, name, valid_from);
ALTER TABLE ONLY transformers ADD CONSTRAINT transformers_n_key UNIQUE (n);
ALTER TABLE ONLY transformers ADD CONSTRAINT transformers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY unmetered_loads ADD CONSTRAINT unmetered_loads_pkey PRIMARY KEY (meter_id, valid_from);
ALTER TABLE unmetered_loads ADD CONSTRAINT unmetered_loads_power_measurable CHECK ((power_kw <= ('1000000000'::numeric)::float8)) NOT VALID;
ALTER TABLE virtual_meters ADD CONSTRAINT virtual_meters_factor_measurable CHECK ((abs(factor) <= ('1000000000'::numeric)::float8)) NOT VALID;
ALTER TABLE ONLY virtual_meters ADD CONSTRAINT virtual_meters_pkey PRIMARY KEY (meter_id, valid_from, input_id);
CREATE INDEX alarm_outbox_next_idx ON alarm_outbox USING btree (next_at, id);
CREATE INDEX alarm_rules_site_idx ON alarm_rules USING btree (site_id, id);
CREATE INDEX alarms_cleared_idx ON alarms USING btree (site_id, cleared_at);
CREATE INDEX alarms_meter_idx ON alarms USING btree (meter_id, id);
CREATE UNIQUE INDEX alarms_open_key ON alarms USING btree (rule_id, meter_id) WHERE (cleared_at IS NULL);
CREATE INDEX alarms_rule_idx ON alarms USING btree (rule_id, meter_id, raised_at);
CREATE INDEX alarms_site_idx ON alarms USING btree (site_id, id);
CREATE UNIQUE INDEX bill_runs_one_running ON bill_runs USING btree (site_id, month) WHERE (state = 'running'::text);
CREATE UNIQUE INDEX bills_draft_key ON bills USING btree (meter_id, month) WHERE (number IS NULL);
CREATE INDEX bills_meter_idx ON bills USING btree (meter_id, month);
CREATE INDEX bills_site_idx ON bills USING btree (site_id, month, meter_id);
CREATE INDEX connections_transformer_idx ON connections USING btree (transformer_id);
CREATE INDEX derived_anew_noted ON derived_anew USING btree (noted_at);
CREATE INDEX energy_days_events_idx ON energy_days USING btree (meter_id, day) WHERE ((flags <> 0) OR (diesel_l IS NOT NULL) OR (runtime_s <> (0)::float8) OR (starts <> 0) OR (estimated_kwh <> (0)::float8));
CREATE INDEX energy_intervals_events_idx ON ONLY energy_intervals USING btree (meter_id, bucket_start) WHERE ((flags <> 0) OR (diesel_l IS NOT NULL) OR (runtime_s <> (0)::float8) OR (starts <> 0) OR (estimated_kwh <> (0)::float8));
CREATE INDEX energy_intervals_2026_10_meter_id_bucket_start_idx ON energy_intervals_2026_10 USING btree (meter_id, bucket_start) WHERE ((flags <> 0) OR (diesel_l IS NOT NULL) OR (runtime_s <> (0)::float8) OR (starts <> 0) OR (estimated_kwh <> (0)::float8));
CREATE INDEX energy_intervals_default_meter_id_bucket_start_idx ON energy_intervals_default USING btree (meter_id, bucket_start) WHERE ((flags <> 0) OR (diesel_l IS NOT NULL) OR (runtime_s <> (0)::float8) OR (starts <> 0) OR (estimated_kwh <> (0)::float8));
CREATE INDEX energy_meters_parent_idx ON energy_meters USING btree (parent_meter_id);
CREATE INDEX meter_events_unseen_idx ON meter_events USING btree (meter_id, at) WHERE (NOT seen);
CREATE UNIQUE INDEX meter_exchanges_time_key ON meter_exchanges USING btree (meter_id, "timestamp") WHERE (undone_at IS NULL);
CREATE INDEX meter_placements_parent_idx ON meter_placements USING btree (parent_meter_id);
CREATE INDEX meter_readings_sql_idx ON ONLY meter_readings USING btree (received_at) WHERE (source = 'sql'::text);
CREATE INDEX meter_readings_2026_10_received_at_idx ON meter_readings_2026_10 USING btree (received_at) WHERE (source = 'sql'::text);
CREATE INDEX meter_readings_timestamp_brin ON ONLY meter_readings USING brin ("timestamp");
CREATE INDEX meter_readings_2026_10_timestamp_idx ON meter_readings_2026_10 USING brin ("timestamp");
CREATE INDEX meter_readings_default_received_at_idx ON meter_readings_default USING btree (received_at) WHERE (source = 'sql'::text);
CREATE INDEX meter_readings_default_timestamp_idx ON meter_readings_default USING brin ("timestamp");
CREATE INDEX p2p_trades_time_idx ON p2p_trades USING btree (site_id, "timestamp", id);
CREATE UNIQUE INDEX quarantine_open_idx ON quarantine USING btree (meter_id, "timestamp", register) WHERE (decision IS NULL);
CREATE INDEX quarantine_step_idx ON quarantine USING btree (meter_id, "timestamp");
CREATE INDEX reading_conflicts_received_idx ON reading_conflicts USING btree (meter_id, received_at);
CREATE INDEX reading_corrections_timestamp_idx ON reading_corrections USING btree (meter_id, "timestamp");
CREATE INDEX report_outbox_next_idx ON report_outbox USING btree (next_at, id);
CREATE INDEX report_schedules_site_idx ON report_schedules USING btree (site_id, id);
CREATE INDEX rollup_queue_time_idx ON rollup_queue USING btree (bucket_start, meter_id);
CREATE INDEX set_aside_meter_idx ON set_aside USING btree (meter_id, start);
CREATE INDEX set_aside_schedule_idx ON set_aside USING btree (schedule_id, start) WHERE (schedule_id IS NOT NULL);
CREATE INDEX spikes_end_idx ON spikes USING btree (to_time);
CREATE INDEX transformers_changed_idx ON transformers USING btree (changed_in);
CREATE INDEX virtual_meters_input_idx ON virtual_meters USING btree (input_id);
ALTER INDEX energy_intervals_events_idx ATTACH PARTITION energy_intervals_2026_10_meter_id_bucket_start_idx;
ALTER INDEX energy_intervals_pkey ATTACH PARTITION energy_intervals_2026_10_pkey;
ALTER INDEX energy_intervals_events_idx ATTACH PARTITION energy_intervals_default_meter_id_bucket_start_idx;
ALTER INDEX energy_intervals_pkey ATTACH PARTITION energy_intervals_default_pkey;
ALTER INDEX meter_readings_pkey ATTACH PARTITION meter_readings_2026_10_pkey;
ALTER INDEX meter_readings_sql_idx ATTACH PARTITION meter_readings_2026_10_received_at_idx;
ALTER INDEX meter_readings_timestamp_brin ATTACH PARTITION meter_readings_2026_10_timestamp_idx;
ALTER INDEX meter_readings_pkey ATTACH PARTITION meter_readings_default_pkey;
ALTER INDEX meter_readings_sql_idx ATTACH PARTITION meter_readings_default_received_at_idx;
ALTER INDEX meter_readings_timestamp_brin ATTACH PARTITION meter_readings_default_timestamp_idx;
CREATE TRIGGER bills_keep_issued BEFORE DELETE OR UPDATE ON bills FOR EACH ROW WHEN ((old.number IS NOT NULL)) EXECUTE FUNCTION bills_keep_issued();
CREATE TRIGGER energy_meters_balance_again AFTER UPDATE OF accuracy_class, register_step_kwh ON energy_meters FOR EACH ROW WHEN (((old.accuracy_class IS DISTINCT FROM new.accuracy_class) OR (old.register_step_kwh IS DISTINCT FROM new.register_step_kwh))) EXECUTE FUNCTION balance_meter_again();
CREATE TRIGGER energy_meters_compute_again AFTER UPDATE OF register_modulus_kwh, register_step_kwh, rated_power_kw, import_register, phase_type, diesel_register ON energy_meters FOR EACH ROW WHEN ((OLD.register_modulus_kwh, OLD.register_step_kwh, OLD.rated_power_kw, OLD.import_register, OLD.phase_type, OLD.diesel_register) IS DISTINCT FROM (NEW.register_modulus_kwh, NEW.register_step_kwh, NEW.rated_power_kw, NEW.import_register, NEW.phase_type, NEW.diesel_register)) EXECUTE FUNCTION compute_meter_again();
CREATE TRIGGER energy_meters_default_level BEFORE INSERT OR UPDATE ON energy_meters FOR EACH ROW EXECUTE FUNCTION energy_meters_default_level();
CREATE TRIGGER energy_meters_default_prefix BEFORE INSERT OR UPDATE ON energy_meters FOR EACH ROW EXECUTE FUNCTION energy_meters_default_prefix();
CREATE TRIGGER energy_meters_fit_modulus AFTER UPDATE OF register_modulus_kwh ON energy_meters FOR EACH ROW WHEN (((new.register_modulus_kwh IS DISTINCT FROM old.register_modulus_kwh) AND (new.register_modulus_kwh IS NOT NULL))) EXECUTE FUNCTION energy_meters_fit_modulus();
CREATE TRIGGER energy_meters_keep_tree_on_insert AFTER INSERT ON energy_meters REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION energy_meters_keep_tree();
CREATE TRIGGER energy_meters_keep_tree_on_update AFTER UPDATE ON energy_meters REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION energy_meters_keep_tree();
CREATE TRIGGER meter_exchanges_of_register BEFORE INSERT ON meter_exchanges FOR EACH ROW EXECUTE FUNCTION meter_exchanges_of_register();
CREATE TRIGGER sites_usual_alarm_rules AFTER INSERT ON sites FOR EACH ROW EXECUTE FUNCTION sites_usual_alarm_rules();
CREATE TRIGGER transformers_note_change BEFORE UPDATE ON transformers FOR EACH ROW EXECUTE FUNCTION transformers_note_change();
ALTER TABLE ONLY acquisuite_activity ADD CONSTRAINT acquisuite_activity_logger_fk FOREIGN KEY (serial_number) REFERENCES acquisuite_loggers(serial_number) ON DELETE CASCADE;
ALTER TABLE ONLY acquisuite_devices ADD CONSTRAINT acquisuite_devices_logger_fk FOREIGN KEY (serial_number) REFERENCES acquisuite_loggers(serial_number) ON DELETE CASCADE;
ALTER TABLE ONLY acquisuite_devices ADD CONSTRAINT acquisuite_devices_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters(id) ON DELETE CASCADE;
ALTER TABLE ONLY acquisuite_files ADD CONSTRAINT acquisuite_files_logger_fk FOREIGN KEY (serial_number) REFERENCES acquisuite_loggers(serial_number) ON DELETE CASCADE;
ALTER TABLE ONLY acquisuite_loggers ADD CONSTRAINT acquisuite_loggers_missing_fk FOREIGN KEY (missing_meter_id) REFERENCES energy_meters(id) ON DELETE SET NULL;
ALTER TABLE ONLY acquisuite_loggers ADD CONSTRAINT acquisuite_loggers_site_fk FOREIGN KEY (site_id) REFERENCES sites(id);
ALTER TABLE ONLY alarm_outbox ADD CONSTRAINT alarm_outbox_alarm_fk FOREIGN KEY (alarm_id) REFERENCES alarms(id) ON DELETE CASCADE;
ALTER TABLE ONLY alarm_outbox ADD CONSTRAINT alarm_outbox_recipient_fk FOREIGN KEY (recipient_id) REFERENCES alarm_recipients(id) ON DELETE CASCADE;
ALTER TABLE ONLY alarm_recipients ADD CONSTRAINT alarm_recipients_site_fk FOREIGN KEY (site_id) REFERENCES sites(id) ON DELETE CASCADE;
ALTER TABLE ONLY alarm_rules ADD CONSTRAINT alarm_rules_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters(id) ON DELETE CASCADE;
ALTER TABLE ONLY alarm_rules ADD CONSTRAINT alarm_rules_site_fk FOREIGN KEY (site_id) REFERENCES sites(id) ON DELETE CASCADE;
ALTER TABLE ONLY alarms ADD CONSTRAINT alarms_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters(id) ON DELETE CASCADE;
ALTER TABLE ONLY alarms ADD CONSTRAINT alarms_rule_fk FOREIGN KEY (rule_id) REFERENCES alarm_rules(id) ON DELETE SET NULL;
ALTER TABLE ONLY alarms ADD CONSTRAINT alarms_site_fk FOREIGN KEY (site_id) REFERENCES sites(id) ON DELETE CASCADE;
ALTER TABLE ONLY appliance_factors ADD CONSTRAINT appliance_factors_meter_fk FOREIGN KEY (meter_id) REFERENCES simulated_meters(meter_id) ON DELETE CASCADE;
ALTER TABLE ONLY bill_numbers ADD CONSTRAINT bill_numbers_site_fk FOREIGN KEY (site_id) REFERENCES sites(id);
ALTER TABLE ONLY bill_run_omissions ADD CONSTRAINT bill_run_omissions_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters(id) ON DELETE CASCADE;
ALTER TABLE ONLY bill_run_omissions ADD CONSTRAINT bill_run_omissions_run_fk FOREIGN KEY (run_id) REFERENCES bill_runs(id) ON DELETE CASCADE;
ALTER TABLE ONLY bill_runs ADD CONSTRAINT bill_runs_site_fk FOREIGN KEY (site_id) REFERENCES sites(id);
ALTER TABLE ONLY bills ADD CONSTRAINT bills_credits_fk FOREIGN KEY (credits) REFERENCES bills(id);
ALTER TABLE ONLY bills ADD CONSTRAINT bills_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters(id);
ALTER TABLE ONLY bills ADD CONSTRAINT bills_site_fk FOREIGN KEY (site_id) REFERENCES sites(id);
ALTER TABLE ONLY connections ADD CONSTRAINT connections_transformer_fk FOREIGN KEY (transformer_id) REFERENCES transformers(id) ON DELETE SET NULL;
ALTER TABLE ONLY derived_anew ADD CONSTRAINT derived_anew_meter_id_fkey FOREIGN KEY (meter_id) REFERENCES energy_meters(id) ON DELETE CASCADE;
ALTER TABLE ONLY devices ADD CONSTRAINT devices_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters(id) ON DELETE CASCADE;
ALTER TABLE ONLY diesel_generators ADD CONSTRAINT diesel_generators_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters(id) ON DELETE CASCADE;
ALTER TABLE ONLY emission_factors ADD CONSTRAINT emission_factors_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters(id) ON DELETE CASCADE;
ALTER TABLE ONLY emission_factors ADD CONSTRAINT emission_factors_site_fk FOREIGN KEY (site_id) REFERENCES sites(id);
ALTER TABLE ONLY energy_meters ADD CONSTRAINT energy_meters_parent_fk FOREIGN KEY (parent_meter_id) REFERENCES energy_meters(id);
ALTER TABLE ONLY energy_meters ADD CONSTRAINT energy_meters_site_fk FOREIGN KEY (site_id) REFERENCES sites(id);
ALTER TABLE ONLY energy_resources ADD CONSTRAINT energy_resources_site_fk FOREIGN KEY (site_id) REFERENCES sites(id);
ALTER TABLE ONLY meter_events ADD CONSTRAINT meter_events_meter_fk FOREIGN KEY (meter_id) REFERENCES simulated_meters(meter_id) ON DELETE CASCADE;
ALTER TABLE ONLY meter_exchanges ADD CONSTRAINT meter_exchanges_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters(id) ON DELETE CASCADE;
ALTER TABLE ONLY meter_placements ADD CONSTRAINT meter_placements_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters(id) ON DELETE CASCADE;
ALTER TABLE ONLY meter_placements ADD CONSTRAINT meter_placements_parent_fk FOREIGN KEY (parent_meter_id) REFERENCES energy_meters(id) ON DELETE SET NULL;
ALTER TABLE ONLY meter_tariffs ADD CONSTRAINT meter_tariffs_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters(id) ON DELETE CASCADE;
ALTER TABLE ONLY p2p_trades ADD CONSTRAINT p2p_trades_buyer_fk FOREIGN KEY (buyer_meter_id) REFERENCES energy_meters(id);
ALTER TABLE ONLY p2p_trades ADD CONSTRAINT p2p_trades_seller_fk FOREIGN KEY (seller_meter_id) REFERENCES energy_meters(id);
ALTER TABLE ONLY p2p_trades ADD CONSTRAINT p2p_trades_site_fk FOREIGN KEY (site_id) REFERENCES sites(id);
ALTER TABLE ONLY renewable_sources ADD CONSTRAINT renewable_sources_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters(id) ON DELETE CASCADE;
ALTER TABLE ONLY report_outbox ADD CONSTRAINT report_outbox_schedule_fk FOREIGN KEY (schedule_id) REFERENCES report_schedules(id) ON DELETE CASCADE;
ALTER TABLE ONLY report_schedules ADD CONSTRAINT report_schedules_site_fk FOREIGN KEY (site_id) REFERENCES sites(id) ON DELETE CASCADE;
ALTER TABLE ONLY set_aside ADD CONSTRAINT set_aside_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters(id) ON DELETE CASCADE;
ALTER TABLE ONLY set_aside ADD CONSTRAINT set_aside_schedule_fk FOREIGN KEY (schedule_id) REFERENCES report_schedules(id) ON DELETE CASCADE;
ALTER TABLE ONLY simulated_meters ADD CONSTRAINT simulated_meters_er_fk FOREIGN KEY (er_id) REFERENCES energy_resources(id);
ALTER TABLE ONLY simulated_meters ADD CONSTRAINT simulated_meters_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters(id) ON DELETE CASCADE;
ALTER TABLE ONLY simulation_clock ADD CONSTRAINT simulation_clock_site_fk FOREIGN KEY (site_id) REFERENCES sites(id);
ALTER TABLE ONLY spikes ADD CONSTRAINT spikes_meter_fk FOREIGN KEY (meter_id) REFERENCES simulated_meters(meter_id) ON DELETE CASCADE;
ALTER TABLE ONLY tariffs ADD CONSTRAINT tariffs_site_fk FOREIGN KEY (site_id) REFERENCES sites(id);
ALTER TABLE ONLY unmetered_loads ADD CONSTRAINT unmetered_loads_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters(id) ON DELETE CASCADE;
ALTER TABLE ONLY virtual_meters ADD CONSTRAINT virtual_meters_input_fk FOREIGN KEY (input_id) REFERENCES energy_meters(id);
ALTER TABLE ONLY virtual_meters ADD CONSTRAINT virtual_meters_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters(id) ON DELETE CASCADE;
