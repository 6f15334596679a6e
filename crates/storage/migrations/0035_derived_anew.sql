-- Points of derived meters since whose point before nothing is known of an input: what passed meanwhile is
-- not counted, and the coverage says so.

CREATE TABLE derived_anew (
    meter_id    bigint NOT NULL REFERENCES energy_meters (id) ON DELETE CASCADE,
    "timestamp" timestamptz NOT NULL,
    noted_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (meter_id, "timestamp")
);

CREATE INDEX derived_anew_noted ON derived_anew (noted_at);

-- What was computed over such time is computed again.
WITH earliest AS (
    SELECT term.meter_id AS id, min(part.bucket_start) AS start
    FROM virtual_meters term
    JOIN energy_intervals part ON part.meter_id = term.input_id
        AND term.valid_from < part.bucket_start + interval '15 minutes'
        AND part.bucket_start < term.valid_to
    WHERE part.flags & 32 <> 0 OR part.coverage * 900 + part.bridged_s < 1
    GROUP BY term.meter_id
)
UPDATE meter_registers SET derive_from = least(derive_from, earliest.start) FROM earliest
WHERE meter_id = earliest.id AND earliest.start < derived_to;
