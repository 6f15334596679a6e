-- The time that the litres of a generator cover, and what it produced beside it: known while there are
-- readings, and kept when these are dropped.

ALTER TABLE energy_intervals ADD COLUMN fuel jsonb;
ALTER TABLE energy_days      ADD COLUMN fuel jsonb;
COMMENT ON COLUMN energy_intervals.fuel IS 'the time that diesel_l covers: from f (increments: since the litres before it) to t, with the kWh of the quarter-hour before and after it (b, a: import i, export e)';
COMMENT ON COLUMN energy_days.fuel      IS 'fuel of its first and its last quarter-hour with litres, when these begin, and the kWh of the quarter-hours before the one (head) and after the other (rest)';

-- Where a quarter-hour from before does not say so, its litres cover all of it.
CREATE FUNCTION fuel_of_day(meter bigint, from_at timestamptz, to_at timestamptz) RETURNS jsonb
LANGUAGE sql STABLE AS $$
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

UPDATE energy_days day SET fuel = fuel_of_day(day.meter_id,
    day.day::timestamp AT TIME ZONE site.time_zone, (day.day + 1)::timestamp AT TIME ZONE site.time_zone)
FROM energy_meters meter JOIN sites site ON site.id = meter.site_id
WHERE meter.id = day.meter_id AND day.diesel_l IS NOT NULL;

SELECT pg_advisory_xact_lock_shared(1618033988749894);

-- Those of counters stay as they are: within a quarter-hour that is already covered there is little to tell.
INSERT INTO rollup_queue (meter_id, bucket_start)
SELECT counted.meter_id, counted.bucket_start FROM energy_intervals counted
JOIN energy_meters meter ON meter.id = counted.meter_id AND meter.diesel_register = 'increment'
WHERE counted.diesel_l IS NOT NULL AND NOT counted.frozen
ORDER BY 1, 2
ON CONFLICT DO NOTHING;
