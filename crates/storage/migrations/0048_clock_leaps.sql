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
