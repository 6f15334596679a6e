-- Days and quarter-hours that say more than how much energy there was: a figure of many meters over a
-- long window looks at these alone, and takes its energy from the registers.

CREATE INDEX energy_days_events_idx ON energy_days (meter_id, day)
    WHERE flags <> 0 OR diesel_l IS NOT NULL OR runtime_s <> 0 OR starts <> 0 OR estimated_kwh <> 0;

CREATE INDEX energy_intervals_events_idx ON energy_intervals (meter_id, bucket_start)
    WHERE flags <> 0 OR diesel_l IS NOT NULL OR runtime_s <> 0 OR starts <> 0 OR estimated_kwh <> 0;
