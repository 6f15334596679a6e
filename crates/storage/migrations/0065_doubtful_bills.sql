-- A run does not issue a bill of energy without a price, and counts the bills that somebody should look at.
ALTER TABLE bill_run_omissions DROP CONSTRAINT bill_run_omissions_reason_known;
ALTER TABLE bill_run_omissions ADD CONSTRAINT bill_run_omissions_reason_known CHECK (reason IN ('retired', 'not_installed', 'feeds_parent',
    'meters_below', 'not_placed', 'virtual', 'billed', 'low_coverage', 'no_tariff', 'unpriced_energy',
    'period_frozen', 'set_aside', 'failed'));

ALTER TABLE bill_runs ADD COLUMN doubtful integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN bill_runs.doubtful IS 'bills with something that somebody should look at';
