-- A new database began with the months of two years, of which it keeps readings for a quarter and quarter-hours for
-- one year as a rule. Each plan goes through all months that there are, and a month that a site keeps for longer is
-- made when the program starts.
DO $$
DECLARE
    month timestamptz;
BEGIN
    IF EXISTS (SELECT FROM meter_readings) OR EXISTS (SELECT FROM energy_intervals) THEN
        RETURN;
    END IF;
    FOR ago IN 5..24 LOOP
        month := now() - make_interval(months => ago);
        PERFORM drop_month('meter_readings', reading_partition(month));
        IF ago > 13 THEN
            PERFORM drop_month('energy_intervals', interval_partition(month));
        END IF;
    END LOOP;
END
$$;
