-- A balance of which a meter is not known has no loss: what such a meter leaves open is none.
ALTER TABLE power_loss_analysis ALTER COLUMN loss_kwh DROP NOT NULL;

-- Of late such hours were priced, and their days with them: those days are computed again.
INSERT INTO loss_queue (meter_id, hour_start)
SELECT meter_id, window_start FROM power_loss_analysis
WHERE resolution = '1h' AND verdict = 'incomplete' AND cost IS NOT NULL
    AND window_start > now() - interval '30 days'
ON CONFLICT DO NOTHING;

UPDATE power_loss_analysis SET loss_kwh = NULL, loss_percent = NULL, cost = NULL WHERE verdict = 'incomplete';

COMMENT ON COLUMN power_loss_analysis.loss_kwh IS 'in less out; null where the balance is incomplete';
COMMENT ON COLUMN power_loss_analysis.loss_percent IS 'of what went in; null where nothing did, or the balance is incomplete';
COMMENT ON COLUMN power_loss_analysis.cost IS 'in the site''s currency, each quarter-hour at its price; null without a price, or where the balance is incomplete';
