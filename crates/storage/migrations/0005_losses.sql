-- Balances of the nodes of the tree, and known loads that no meter sees.

CREATE TABLE power_loss_analysis (
    meter_id               bigint           NOT NULL,
    resolution             text             NOT NULL,
    window_start           timestamptz      NOT NULL,
    window_end             timestamptz      NOT NULL,
    source_energy_kwh      double precision NOT NULL,
    destination_energy_kwh double precision NOT NULL,
    loss_kwh               double precision,
    loss_percent           double precision,
    error_kwh              double precision NOT NULL,
    cost                   numeric,
    verdict                text             NOT NULL,
    cause                  jsonb,
    coverage               real             NOT NULL,

    CONSTRAINT power_loss_analysis_pkey             PRIMARY KEY (meter_id, resolution, window_start),
    CONSTRAINT power_loss_analysis_resolution_known CHECK (resolution IN ('1h', '1d')),
    CONSTRAINT power_loss_analysis_verdict_known    CHECK (verdict IN ('loss', 'within_error', 'negative', 'incomplete')),
    -- NaN is greater than any number to Postgres.
    CONSTRAINT power_loss_analysis_numbers          CHECK (
        abs(source_energy_kwh) < 'Infinity' AND abs(destination_energy_kwh) < 'Infinity'
        AND abs(loss_kwh) < 'Infinity' AND abs(loss_percent) < 'Infinity'
        AND abs(error_kwh) < 'Infinity' AND coverage BETWEEN 0 AND 1)
);

COMMENT ON TABLE  power_loss_analysis IS 'Balance of each node by hour and by day of the site''s clock.';
COMMENT ON COLUMN power_loss_analysis.meter_id IS 'the node: the meter whose children are balanced';
COMMENT ON COLUMN power_loss_analysis.loss_kwh IS 'in less out; null where the balance is incomplete';
COMMENT ON COLUMN power_loss_analysis.loss_percent IS 'of what went in; null where nothing did, or the balance is incomplete';
COMMENT ON COLUMN power_loss_analysis.error_kwh IS 'half the error band';
COMMENT ON COLUMN power_loss_analysis.cost IS 'in the site''s currency, each quarter-hour at its price; null without a price, or where the balance is incomplete';
COMMENT ON COLUMN power_loss_analysis.cause IS 'why, where one cause explains it, and the causes that were tried';

CREATE TABLE unmetered_loads (
    meter_id   bigint           NOT NULL,
    valid_from timestamptz      NOT NULL,
    power_kw   double precision NOT NULL,
    reason     text             NOT NULL,

    CONSTRAINT unmetered_loads_pkey             PRIMARY KEY (meter_id, valid_from),
    CONSTRAINT unmetered_loads_meter_fk         FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT unmetered_loads_power_range      CHECK (power_kw >= 0 AND power_kw < 'Infinity'),
    CONSTRAINT unmetered_loads_power_measurable CHECK (power_kw <= 1e9)
);

COMMENT ON TABLE  unmetered_loads IS 'Known load below a node that no meter sees, so that it is not called loss.';
COMMENT ON COLUMN unmetered_loads.meter_id IS 'the node';
COMMENT ON COLUMN unmetered_loads.power_kw IS 'kW, estimated; 0 ends it';
