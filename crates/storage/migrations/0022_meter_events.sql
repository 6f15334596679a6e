-- What simulated meters report of themselves, and names that can be shown.

CREATE TABLE meter_events (
    meter_id    bigint      NOT NULL,
    at          timestamptz NOT NULL,
    kind        text        NOT NULL,
    seen        boolean     NOT NULL DEFAULT false,

    CONSTRAINT meter_events_pkey       PRIMARY KEY (meter_id, at, kind),
    CONSTRAINT meter_events_meter_fk   FOREIGN KEY (meter_id) REFERENCES simulated_meters (meter_id) ON DELETE CASCADE,
    CONSTRAINT meter_events_kind_known CHECK (kind IN ('cover_opened', 'magnetic_field', 'reversed_flow', 'clock_set', 'memory_fault', 'measurement_fault', 'battery_low'))
);

CREATE INDEX meter_events_unseen_idx ON meter_events (meter_id, at) WHERE NOT seen;

COMMENT ON TABLE  meter_events IS 'Error logs and tamper alerts of simulated meters.';
COMMENT ON COLUMN meter_events.at IS 'on the site''s clock';
COMMENT ON COLUMN meter_events.seen IS 'somebody acknowledged the alarm that it raised';

ALTER TABLE alarm_rules DROP CONSTRAINT alarm_rules_kind_known;
ALTER TABLE alarm_rules ADD CONSTRAINT alarm_rules_kind_known CHECK (kind IN ('offline', 'stale', 'phase_imbalance', 'phase_export', 'voltage', 'frequency', 'power_factor', 'threshold', 'diesel_low', 'data_quality', 'tamper', 'meter_error'));

-- Only simulated meters report. Their rules are on where the others are off: what a meter reports,
-- somebody asked it to.
INSERT INTO alarm_rules (site_id, kind, delay_s, clear_delay_s, severity)
SELECT site.id, usual.kind, 0, 0, usual.severity
FROM sites site, (VALUES ('tamper', 'critical'), ('meter_error', 'warning')) AS usual (kind, severity)
WHERE site.kind = 'simulated' ORDER BY site.id, usual.kind DESC;

-- Names that are there already stay until somebody changes them.
ALTER TABLE energy_meters DROP CONSTRAINT energy_meters_name_given;
ALTER TABLE energy_meters
    ADD CONSTRAINT energy_meters_name_given  CHECK (meter_name ~ '\S') NOT VALID,
    ADD CONSTRAINT energy_meters_name_length CHECK (char_length(meter_name) <= 200) NOT VALID;
