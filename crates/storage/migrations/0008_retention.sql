-- Dropping what is older than its site keeps.

ALTER TABLE meter_registers ADD COLUMN frozen_to timestamptz;

COMMENT ON COLUMN meter_registers.frozen_to IS 'readings before it are dropped: quarter-hours there are never computed again';

-- Detaches and drops the partition of the month (UTC) of an instant. Answers whether there was one.
CREATE FUNCTION drop_month(parent regclass, partition text) RETURNS boolean
LANGUAGE plpgsql
-- A forgotten open transaction must not stall everyone behind this lock: the next hour tries again.
SET lock_timeout = '2s'
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
