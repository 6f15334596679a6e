-- Rows that wait in a default partition are seen by everybody while they move into that of their month.

-- Makes the partition of the month (UTC) of an instant and moves that month's rows out of the default
-- partition into it. Answers whether it made one. Safe to call from several sessions at once.
--
-- A statement that was planned before such a move and waited for its lock would look for the rows where they
-- are no more: the snapshot is newer than the plan. So whoever reads is held off before it plans, which the
-- lock of the parent does. Months are made ahead as a rule, and then there is nothing to move.
CREATE FUNCTION ensure_month(parent text, moment text, partition text, instant timestamptz)
RETURNS boolean
LANGUAGE plpgsql
-- A forgotten open transaction must not stall every reader behind these locks: the rows stay readable
-- in the default partition, and the next call tries again.
SET lock_timeout = '2s'
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

CREATE OR REPLACE FUNCTION ensure_reading_partition(instant timestamptz) RETURNS boolean
LANGUAGE sql
RETURN ensure_month('meter_readings', 'timestamp', reading_partition(instant), instant);

CREATE OR REPLACE FUNCTION ensure_interval_partition(instant timestamptz) RETURNS boolean
LANGUAGE sql
RETURN ensure_month('energy_intervals', 'bucket_start', interval_partition(instant), instant);
