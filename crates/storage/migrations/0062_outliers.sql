-- Values of readings that do not fit: kept, shown, and no energy. The common case is that a meter has none.

CREATE TABLE outliers (
    meter_id    bigint           NOT NULL,
    "timestamp" timestamptz      NOT NULL,
    register    text             NOT NULL,
    value       double precision NOT NULL,
    decision    text,
    decided_at  timestamptz,

    -- A decision is about a reading as it was seen: with another value it is another one, which stands beside.
    CONSTRAINT outliers_pkey             PRIMARY KEY (meter_id, "timestamp", register, value),
    CONSTRAINT outliers_decision_known   CHECK (decision IN ('accept', 'reject')),
    CONSTRAINT outliers_decided_together CHECK (num_nonnulls(decision, decided_at) IN (0, 2))
);

CREATE INDEX outliers_newest_idx ON outliers ("timestamp" DESC, meter_id DESC, register DESC, value DESC);
CREATE INDEX outliers_decided_idx ON outliers (meter_id) WHERE decision IS NOT NULL;

COMMENT ON TABLE  outliers IS 'Values of readings that do not count since they do not fit, and those that people decided about.';
COMMENT ON COLUMN outliers.register IS 'column of meter_readings';
COMMENT ON COLUMN outliers.decision IS 'accept: it counts; reject: it does not, however well it fits; null: nobody decided, found by the last computation';

-- A meter with many of them on a day is an alarm; as in 0012 but for its rule.
ALTER TABLE alarm_rules DROP CONSTRAINT alarm_rules_kind_known;
ALTER TABLE alarm_rules ADD CONSTRAINT alarm_rules_kind_known CHECK (kind IN ('offline', 'stale', 'phase_imbalance', 'phase_export', 'voltage', 'frequency', 'power_factor', 'threshold', 'diesel_low', 'data_quality', 'tamper', 'meter_error', 'quarantine', 'outliers'));

CREATE OR REPLACE FUNCTION usual_alarm_rules(site bigint, site_kind text) RETURNS void LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO alarm_rules (site_id, kind, direction, raise_at, clear_at, delay_s, clear_delay_s, severity, enabled)
    SELECT site, usual.kind, usual.direction, usual.raise_at, usual.clear_at, usual.delay_s, usual.delay_s,
        usual.severity, usual.enabled AND site_kind = 'live'
    FROM (VALUES
        ('offline',         NULL,    NULL, NULL, 30, 'critical', true),
        ('stale',           NULL,    NULL, NULL, 30, 'warning',  true),
        ('phase_imbalance', 'above', 20,   15,   20, 'warning',  true),
        ('voltage',         'above', 10,   9,    20, 'critical', true),
        ('phase_export',    'above', 50,   20,   10, 'critical', false),
        ('data_quality',    'above', 2,    1.5,  0,  'warning',  true),
        ('quarantine',      NULL,    NULL, NULL, 0,  'warning',  true),
        ('outliers',        'above', 20,   20,   0,  'warning',  true)
    ) AS usual (kind, direction, raise_at, clear_at, delay_s, severity, enabled);
END;

INSERT INTO alarm_rules (site_id, kind, direction, raise_at, clear_at, delay_s, clear_delay_s, severity, enabled)
SELECT id, 'outliers', 'above', 20, 20, 0, 0, 'warning', kind = 'live' FROM sites ORDER BY id;
