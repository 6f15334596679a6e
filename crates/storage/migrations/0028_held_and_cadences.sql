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

-- How often a meter is read is true of its own time alone.
CREATE TABLE meter_cadences (
    meter_id   bigint      NOT NULL,
    valid_from timestamptz NOT NULL,
    every_ms   bigint      NOT NULL,

    CONSTRAINT meter_cadences_pkey           PRIMARY KEY (meter_id, valid_from),
    CONSTRAINT meter_cadences_every_positive CHECK (every_ms > 0)
);

COMMENT ON TABLE  meter_cadences IS 'How often meters without a device were read, as it was learned from their readings.';
COMMENT ON COLUMN meter_cadences.valid_from IS 'it holds until the next of the meter; the first one of what lies before it, too';
COMMENT ON COLUMN meter_cadences.every_ms IS 'ms between readings';

INSERT INTO meter_cadences (meter_id, valid_from, every_ms)
SELECT meter_id, 'epoch', greatest(1, round(cadence_s * 1000)) FROM meter_registers WHERE cadence_s < 1e9;

ALTER TABLE meter_registers DROP COLUMN cadence_s;
