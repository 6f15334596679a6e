-- The litres of a reading on the quarter-hour lie in the one that ends with it: what was counted in the
-- one that it begins is counted again.

SELECT pg_advisory_xact_lock_shared(1618033988749894);

INSERT INTO rollup_queue (meter_id, bucket_start)
SELECT counted.meter_id, touched.bucket_start
FROM energy_intervals counted
JOIN energy_meters meter ON meter.id = counted.meter_id AND meter.diesel_register = 'increment'
JOIN meter_readings reading ON reading.meter_id = counted.meter_id
    AND reading."timestamp" = counted.bucket_start
    AND reading.diesel_consumption_liters IS NOT NULL
CROSS JOIN LATERAL (VALUES (counted.bucket_start),
    (counted.bucket_start - interval '15 minutes')) AS touched (bucket_start)
WHERE counted.diesel_l IS NOT NULL AND NOT counted.frozen
    AND NOT EXISTS (SELECT FROM energy_intervals kept
        WHERE kept.meter_id = counted.meter_id AND kept.bucket_start = touched.bucket_start
            AND kept.frozen)
ORDER BY 1, 2
ON CONFLICT DO NOTHING;
