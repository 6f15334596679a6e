-- What is stored is looked at by the rules of alarms once, whatever falls meanwhile.

CREATE TABLE alarm_looks (
    is_only   boolean     NOT NULL DEFAULT true,
    looked_at timestamptz NOT NULL,

    CONSTRAINT alarm_looks_pkey     PRIMARY KEY (is_only),
    CONSTRAINT alarm_looks_only_one CHECK (is_only)
);

COMMENT ON TABLE  alarm_looks IS 'Up to when readings were looked at: one row, from the first look on.';
COMMENT ON COLUMN alarm_looks.looked_at IS 'all that was stored before was looked at, by the clock of the database';

-- Whether an alarm was told of a time already, and which alarms lose their rule.
CREATE INDEX alarms_rule_idx ON alarms (rule_id, meter_id, raised_at);
