-- The same of reports that were not delivered, or given up.

ALTER TABLE report_schedules ALTER COLUMN problem TYPE jsonb
    USING CASE WHEN problem IS NOT NULL THEN jsonb_build_object('code', 'foreign', 'message', problem) END;

ALTER TABLE report_outbox ALTER COLUMN problem TYPE jsonb
    USING CASE WHEN problem IS NOT NULL THEN jsonb_build_object('code', 'foreign', 'message', problem) END;
