-- Emission factors, and the name plates of what burns or makes.

CREATE TABLE emission_factors (
    id         bigserial        CONSTRAINT emission_factors_pkey PRIMARY KEY,
    site_id    bigint           NOT NULL,
    kind       text             NOT NULL,
    meter_id   bigint,
    value      double precision NOT NULL,
    unit       text             NOT NULL,
    source     text             NOT NULL,
    valid_from date             NOT NULL,

    CONSTRAINT emission_factors_site_fk          FOREIGN KEY (site_id) REFERENCES sites (id),
    CONSTRAINT emission_factors_meter_fk         FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT emission_factors_kind_known       CHECK (kind IN ('grid', 'diesel', 'solar', 'sfc')),
    CONSTRAINT emission_factors_value_range      CHECK (value >= 0 AND value < 'Infinity'),
    CONSTRAINT emission_factors_value_measurable CHECK (value <= 1e9),
    CONSTRAINT emission_factors_source_given     CHECK (source <> ''),
    CONSTRAINT emission_factors_unit_known       CHECK (unit = CASE kind WHEN 'diesel' THEN 'kg/L' WHEN 'sfc' THEN 'L/kWh' ELSE 'kg/kWh' END),
    CONSTRAINT emission_factors_version_key      UNIQUE NULLS NOT DISTINCT (site_id, kind, meter_id, valid_from)
);

COMMENT ON TABLE  emission_factors IS 'Emission factors and specific fuel consumption by version: the one home of factors. A day is counted with the version in force on it.';
COMMENT ON COLUMN emission_factors.meter_id IS 'null: for the whole site';
COMMENT ON COLUMN emission_factors.source IS 'where the value comes from';
COMMENT ON COLUMN emission_factors.valid_from IS 'first day, on the site''s clock, until the next version';

CREATE TABLE diesel_generators (
    meter_id                        bigint           NOT NULL,
    capacity_kva                    double precision,
    fuel_consumption_liters_per_kwh double precision,
    carbon_kg_per_liter             double precision,
    commissioned_at                 date,

    CONSTRAINT diesel_generators_pkey     PRIMARY KEY (meter_id),
    CONSTRAINT diesel_generators_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE
);

COMMENT ON TABLE diesel_generators IS 'Name plates. For information: figures are counted with emission_factors.';

CREATE TABLE renewable_sources (
    meter_id             bigint           NOT NULL,
    source_type          text             NOT NULL DEFAULT 'Solar',
    capacity_kw          double precision,
    carbon_offset_kg_kwh double precision,
    efficiency_percent   double precision,
    commissioned_at      date,

    CONSTRAINT renewable_sources_pkey     PRIMARY KEY (meter_id),
    CONSTRAINT renewable_sources_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE
);

COMMENT ON TABLE renewable_sources IS 'Name plates. For information: figures are counted with emission_factors.';
