-- Which meters a run over a month's bills leaves out, and why.

CREATE TABLE bill_run_omissions (
    run_id   uuid   NOT NULL,
    meter_id bigint NOT NULL,
    reason   text   NOT NULL,

    CONSTRAINT bill_run_omissions_pkey         PRIMARY KEY (run_id, meter_id),
    CONSTRAINT bill_run_omissions_run_fk       FOREIGN KEY (run_id) REFERENCES bill_runs (id) ON DELETE CASCADE,
    CONSTRAINT bill_run_omissions_meter_fk     FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT bill_run_omissions_reason_known CHECK (reason IN ('retired', 'not_installed', 'feeds_parent',
        'meters_below', 'billed', 'low_coverage', 'no_tariff', 'period_frozen'))
);

COMMENT ON TABLE bill_run_omissions IS 'Meters of the site that a run did not bill, or whose bill it did not issue.';
