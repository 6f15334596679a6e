-- Bills and reports that failed again and again stand aside, too. A report is of no meter but of the schedule
-- by which it is sent.

ALTER TABLE set_aside
    DROP CONSTRAINT set_aside_pkey,
    DROP CONSTRAINT set_aside_work_known,
    ALTER COLUMN meter_id DROP NOT NULL,
    ADD COLUMN schedule_id bigint,
    ADD CONSTRAINT set_aside_schedule_fk FOREIGN KEY (schedule_id) REFERENCES report_schedules (id) ON DELETE CASCADE,
    ADD CONSTRAINT set_aside_part_key    UNIQUE NULLS NOT DISTINCT (work, meter_id, schedule_id, start),
    ADD CONSTRAINT set_aside_work_known  CHECK (work IN ('energy', 'hour', 'day', 'derived', 'bill', 'report')),
    ADD CONSTRAINT set_aside_of_one      CHECK ((schedule_id IS NOT NULL) = (work = 'report')
        AND num_nonnulls(meter_id, schedule_id) = 1);

CREATE INDEX set_aside_schedule_idx ON set_aside (schedule_id, start) WHERE schedule_id IS NOT NULL;

COMMENT ON COLUMN set_aside.work IS 'energy: a quarter-hour; hour, day: the balance of a node; derived: the points of a derived meter; bill: of a month; report: of a month, by mail';
COMMENT ON COLUMN set_aside.schedule_id IS 'by which a report is sent, in place of a meter';
COMMENT ON COLUMN set_aside.start IS 'start of the quarter-hour, the hour, the day, or of what is missing of a derived meter; of a bill or a report midnight UTC of the first day of its month';
COMMENT ON COLUMN set_aside.version IS 'of the program that failed; a bill is tried again where it is not that of the program that runs, and asked for by an empty one';

-- A message of an alarm that is given up was in the log alone.

ALTER TABLE alarm_recipients ADD COLUMN problem text;

COMMENT ON COLUMN alarm_recipients.problem IS 'why a message was given up, until one is delivered';
