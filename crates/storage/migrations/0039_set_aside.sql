-- Parts of the work that failed again and again: they are left out, so that they hold up no others, until
-- a person or a newer version tries them again.

CREATE TABLE set_aside (
    work      text        NOT NULL,
    meter_id  bigint      NOT NULL,
    start     timestamptz NOT NULL,
    failures  integer     NOT NULL,
    error     text        NOT NULL,
    version   text        NOT NULL,
    failed_at timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT set_aside_pkey       PRIMARY KEY (work, meter_id, start),
    CONSTRAINT set_aside_meter_fk   FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT set_aside_work_known CHECK (work IN ('energy', 'hour', 'day', 'derived'))
);

CREATE INDEX set_aside_meter_idx ON set_aside (meter_id, start);

COMMENT ON TABLE  set_aside IS 'What could not be computed after it was tried several times.';
COMMENT ON COLUMN set_aside.work IS 'energy: a quarter-hour; hour, day: the balance of a node; derived: the points of a derived meter';
COMMENT ON COLUMN set_aside.start IS 'start of the quarter-hour, the hour, the day, or of what is missing of a derived meter';
COMMENT ON COLUMN set_aside.failures IS 'how often it failed';
COMMENT ON COLUMN set_aside.error IS 'why, the last time';
COMMENT ON COLUMN set_aside.version IS 'of the program that failed';

-- Two more reasons for which a run over a month has no bill of a meter.

ALTER TABLE bill_run_omissions DROP CONSTRAINT bill_run_omissions_reason_known;
ALTER TABLE bill_run_omissions ADD CONSTRAINT bill_run_omissions_reason_known CHECK (reason IN ('retired',
    'not_installed', 'feeds_parent', 'meters_below', 'not_placed', 'virtual', 'billed', 'low_coverage',
    'no_tariff', 'period_frozen', 'set_aside', 'failed'));
