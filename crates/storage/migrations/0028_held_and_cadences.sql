-- What a register showed that is not counted is an alarm until somebody decides, on every site.

ALTER TABLE alarm_rules DROP CONSTRAINT alarm_rules_kind_known;
ALTER TABLE alarm_rules ADD CONSTRAINT alarm_rules_kind_known CHECK (kind IN ('offline', 'stale', 'phase_imbalance', 'phase_export', 'voltage', 'frequency', 'power_factor', 'threshold', 'diesel_low', 'data_quality', 'tamper', 'meter_error', 'quarantine'));

-- The rules that each site begins with. Experiments in a simulated world are no reason to wake
-- anyone: its rules are there and switched off. So is the export on a phase, until somebody says that
-- the site forbids it.
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
        ('quarantine',      NULL,    NULL, NULL, 0,  'warning',  true)
    ) AS usual (kind, direction, raise_at, clear_at, delay_s, severity, enabled);
END;

INSERT INTO alarm_rules (site_id, kind, delay_s, clear_delay_s, severity, enabled)
SELECT id, 'quarantine', 0, 0, 'warning', kind = 'live' FROM sites ORDER BY id;

CREATE INDEX quarantine_open_idx ON quarantine (meter_id, "timestamp") WHERE decision IS NULL;
