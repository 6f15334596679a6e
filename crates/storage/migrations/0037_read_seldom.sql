-- A register that is read more seldom than another of its meter lost what it had moved by to a row that came
-- late, a correction or a changed rule: the quarter-hours in which such a register was not read are computed
-- once more.

SELECT pg_advisory_xact_lock_shared(1618033988749894);

INSERT INTO rollup_queue (meter_id, bucket_start)
SELECT meter_id, bucket_start FROM energy_intervals counted
WHERE NOT frozen AND EXISTS (
    SELECT FROM jsonb_array_elements(carry -> 'r') AS base
    WHERE (base ->> 't')::timestamptz < counted.bucket_start)
ORDER BY 1, 2
ON CONFLICT DO NOTHING;
