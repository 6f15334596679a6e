-- Plants, campuses and neighbourhoods, each with its clock and currency.

CREATE TABLE sites (
    id                    bigserial        CONSTRAINT sites_pkey PRIMARY KEY,
    slug                  text             NOT NULL,
    name                  text             NOT NULL,
    kind                  text             NOT NULL DEFAULT 'live',
    time_zone             text             NOT NULL DEFAULT 'UTC',
    currency              text             NOT NULL DEFAULT 'EUR',
    price_per_kwh         numeric,
    latitude              double precision,
    longitude             double precision,
    grid_capacity_kw      double precision,
    grid_distance_limit_m double precision,
    grid_voltage_binding  boolean          NOT NULL DEFAULT false,
    grid_conductor        text             NOT NULL DEFAULT '4/0-al',
    raw_days              integer          NOT NULL DEFAULT 90,
    hourly_days           integer          NOT NULL DEFAULT 365,
    daily_days            integer          NOT NULL DEFAULT 1826,

    CONSTRAINT sites_slug_key                 UNIQUE (slug),
    CONSTRAINT sites_slug_form                CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    CONSTRAINT sites_name_given               CHECK (name <> ''),
    CONSTRAINT sites_kind_known               CHECK (kind IN ('live', 'simulated')),
    CONSTRAINT sites_currency_form            CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT sites_price_range              CHECK (price_per_kwh >= 0),
    CONSTRAINT sites_latitude_range           CHECK (latitude BETWEEN -90 AND 90),
    CONSTRAINT sites_longitude_range          CHECK (longitude BETWEEN -180 AND 180),
    -- Measurable, here and with other tables, is what a plant can have: figures beyond are slips, and some
    -- of them no program can read back.
    CONSTRAINT sites_grid_capacity_range      CHECK (grid_capacity_kw >= 0 AND grid_capacity_kw < 'Infinity'),
    CONSTRAINT sites_grid_capacity_measurable CHECK (grid_capacity_kw <= 1e9),
    CONSTRAINT sites_grid_distance_range      CHECK (grid_distance_limit_m > 0 AND grid_distance_limit_m < 'Infinity'),
    CONSTRAINT sites_grid_distance_measurable CHECK (grid_distance_limit_m <= 1e9),
    CONSTRAINT sites_raw_days_range           CHECK (raw_days > 0),
    CONSTRAINT sites_hourly_days_range        CHECK (hourly_days > 0),
    CONSTRAINT sites_daily_days_range         CHECK (daily_days > 0)
);

COMMENT ON TABLE  sites IS 'A plant, campus or simulated neighbourhood. Row 1 is the default site.';
COMMENT ON COLUMN sites.time_zone IS 'IANA name, such as Asia/Kolkata; days begin on this clock';
COMMENT ON COLUMN sites.currency IS 'ISO 4217 code';
COMMENT ON COLUMN sites.price_per_kwh IS 'currency per kWh; null until someone states it';
COMMENT ON COLUMN sites.latitude IS 'degrees north';
COMMENT ON COLUMN sites.longitude IS 'degrees east';
COMMENT ON COLUMN sites.grid_capacity_kw IS 'kW that the grid connection carries';
COMMENT ON COLUMN sites.grid_distance_limit_m IS 'm: transformers farther away are not considered; null for any distance';
COMMENT ON COLUMN sites.grid_voltage_binding IS 'whether a transformer that fails the voltage screen is passed over';
COMMENT ON COLUMN sites.grid_conductor IS 'what service drops are made of unless a request says so';
COMMENT ON COLUMN sites.raw_days IS 'days for which readings are kept';
COMMENT ON COLUMN sites.hourly_days IS 'days for which hours and quarter-hours are kept';
COMMENT ON COLUMN sites.daily_days IS 'days for which days are kept';

INSERT INTO sites (id, slug, name) VALUES (1, 'default', 'Default site');
SELECT setval(pg_get_serial_sequence('sites', 'id'), 1);

-- The simulated world: its tariff, its rules of alarms and its clock stand with their tables.
INSERT INTO sites (slug, name, kind, time_zone, currency, latitude, longitude)
VALUES ('world', 'San Francisco', 'simulated', 'America/Los_Angeles', 'INR', 37.7749, -122.4194);
