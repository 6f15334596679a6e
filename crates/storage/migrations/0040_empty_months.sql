-- Months in which nothing is stored need no partition.

-- Drops the partition of a month unless there is a row in it. Answers whether it was dropped.
CREATE FUNCTION drop_empty_month(parent regclass, partition text) RETURNS boolean
LANGUAGE plpgsql
-- As with drop_month: the next hour tries again.
SET lock_timeout = '2s'
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
