-- Two more reasons for which a run over a month has no bill of a meter.

ALTER TABLE bill_run_omissions DROP CONSTRAINT bill_run_omissions_reason_known;
ALTER TABLE bill_run_omissions ADD CONSTRAINT bill_run_omissions_reason_known CHECK (reason IN ('retired',
    'not_installed', 'feeds_parent', 'meters_below', 'not_placed', 'virtual', 'billed', 'low_coverage',
    'no_tariff', 'period_frozen'));
