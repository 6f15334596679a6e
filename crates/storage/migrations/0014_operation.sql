-- What keeps the product going: work that stands aside, and clocks.

-- Parts of the work that failed again and again: they are left out, so that they hold up no others, until
-- a person or a newer version tries them again. A report is of no meter but of the schedule by which it is
-- sent.
CREATE TABLE set_aside (
    work        text        NOT NULL,
    meter_id    bigint,
    schedule_id bigint,
    start       timestamptz NOT NULL,
    failures    integer     NOT NULL,
    error       text        NOT NULL,
    version     text        NOT NULL,
    failed_at   timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT set_aside_part_key    UNIQUE NULLS NOT DISTINCT (work, meter_id, schedule_id, start),
    CONSTRAINT set_aside_meter_fk    FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT set_aside_schedule_fk FOREIGN KEY (schedule_id) REFERENCES report_schedules (id) ON DELETE CASCADE,
    CONSTRAINT set_aside_work_known  CHECK (work IN ('energy', 'hour', 'day', 'derived', 'bill', 'report')),
    CONSTRAINT set_aside_of_one      CHECK ((schedule_id IS NOT NULL) = (work = 'report')
        AND num_nonnulls(meter_id, schedule_id) = 1)
);

CREATE INDEX set_aside_meter_idx ON set_aside (meter_id, start);
CREATE INDEX set_aside_schedule_idx ON set_aside (schedule_id, start) WHERE schedule_id IS NOT NULL;

COMMENT ON TABLE  set_aside IS 'What could not be computed after it was tried several times.';
COMMENT ON COLUMN set_aside.work IS 'energy: a quarter-hour; hour, day: the balance of a node; derived: the points of a derived meter; bill: of a month; report: of a month, by mail';
COMMENT ON COLUMN set_aside.schedule_id IS 'by which a report is sent, in place of a meter';
COMMENT ON COLUMN set_aside.start IS 'start of the quarter-hour, the hour, the day, or of what is missing of a derived meter; of a bill or a report midnight UTC of the first day of its month';
COMMENT ON COLUMN set_aside.failures IS 'how often it failed';
COMMENT ON COLUMN set_aside.error IS 'why, the last time';
COMMENT ON COLUMN set_aside.version IS 'of the program that failed; a bill is tried again where it is not that of the program that runs, and asked for by an empty one';

-- The clock by which old readings go: one row, from the first start on. Where the computer's clock leapt
-- ahead, it says since when that is seen, and when it was seen last.
CREATE TABLE retention_clock (
    is_only   boolean     NOT NULL DEFAULT true,
    at        timestamptz NOT NULL,
    leap_seen timestamptz,
    leap_last timestamptz,

    CONSTRAINT retention_clock_pkey          PRIMARY KEY (is_only),
    CONSTRAINT retention_clock_is_only_check CHECK (is_only),
    CONSTRAINT retention_clock_check         CHECK ((leap_seen IS NULL) = (leap_last IS NULL))
);

-- A leap of the computer's clock is known over a restart of the server.
CREATE TABLE clock_leaps (
    is_only     boolean     NOT NULL DEFAULT true,
    leapt_from  timestamptz NOT NULL,
    leapt_to    timestamptz NOT NULL,
    passed_us   bigint      NOT NULL,
    boot_id     text        NOT NULL,

    CONSTRAINT clock_leaps_pkey     PRIMARY KEY (is_only),
    CONSTRAINT clock_leaps_only_one CHECK (is_only),
    CONSTRAINT clock_leaps_ahead    CHECK (leapt_to > leapt_from)
);

COMMENT ON TABLE  clock_leaps IS 'The leap ahead of which nobody knows yet whether it was right, or after which is being set right: one row or none.';
COMMENT ON COLUMN clock_leaps.leapt_from IS 'what the clock would have shown when it was seen to have leapt';
COMMENT ON COLUMN clock_leaps.leapt_to   IS 'what it showed then';
COMMENT ON COLUMN clock_leaps.passed_us  IS 'how long the machine had been running by then, in microseconds';
COMMENT ON COLUMN clock_leaps.boot_id    IS 'the start of the machine since which its clock was never switched off';
