-- Rules on what a node loses, on demand and on the cost of a day. A site begins with none of them: their limits are its own.
ALTER TABLE alarm_rules DROP CONSTRAINT alarm_rules_kind_known;
ALTER TABLE alarm_rules ADD CONSTRAINT alarm_rules_kind_known CHECK (kind IN ('offline', 'stale', 'phase_imbalance', 'phase_export', 'voltage', 'frequency', 'power_factor', 'threshold', 'diesel_low', 'data_quality', 'tamper', 'meter_error', 'quarantine', 'outliers', 'loss', 'loss_percent', 'loss_cost', 'demand', 'cost'));

COMMENT ON COLUMN alarm_rules.raise_at IS 'beyond this the alarm is raised; W, V, A, … of a channel, kW of a loss or demand, the site''s currency of a cost, else per cent or a ratio, by kind';
