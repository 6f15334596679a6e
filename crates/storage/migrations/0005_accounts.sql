-- What people enter beside the registry: tariffs, factors, exchanges, corrections, decisions; and the
-- log of who changed what.

CREATE TABLE tariffs (
    id         bigserial        CONSTRAINT tariffs_pkey PRIMARY KEY,
    site_id    bigint           NOT NULL,
    name       text             NOT NULL,
    currency   text             NOT NULL,
    valid_from date             NOT NULL,
    valid_to   date,
    terms      jsonb            NOT NULL,
    is_default boolean          NOT NULL DEFAULT false,

    CONSTRAINT tariffs_site_fk       FOREIGN KEY (site_id) REFERENCES sites (id),
    CONSTRAINT tariffs_name_given    CHECK (name <> ''),
    CONSTRAINT tariffs_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT tariffs_validity      CHECK (valid_to > valid_from),
    CONSTRAINT tariffs_version_key   UNIQUE (site_id, name, valid_from)
);

COMMENT ON TABLE  tariffs IS 'Versions of a site''s tariffs: those of one name follow each other and never overlap.';
COMMENT ON COLUMN tariffs.valid_from IS 'first day, on the site''s clock';
COMMENT ON COLUMN tariffs.valid_to IS 'first day after it; null while it holds';
COMMENT ON COLUMN tariffs.terms IS 'fixed charges, energy lines, demand, tax, netting and holidays, as the API gives them; prices are decimal strings';
COMMENT ON COLUMN tariffs.is_default IS 'what meters without a tariff of their own are priced with';

CREATE TABLE meter_tariffs (
    meter_id    bigint NOT NULL,
    tariff_name text   NOT NULL,
    valid_from  date   NOT NULL,

    CONSTRAINT meter_tariffs_pkey     PRIMARY KEY (meter_id, valid_from),
    CONSTRAINT meter_tariffs_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE
);

COMMENT ON TABLE meter_tariffs IS 'Which tariff a meter is priced with since when, by the name its versions share.';

CREATE TABLE emission_factors (
    id         bigserial        CONSTRAINT emission_factors_pkey PRIMARY KEY,
    site_id    bigint           NOT NULL,
    kind       text             NOT NULL,
    meter_id   bigint,
    value      double precision NOT NULL,
    unit       text             NOT NULL,
    source     text             NOT NULL,
    valid_from date             NOT NULL,

    CONSTRAINT emission_factors_site_fk      FOREIGN KEY (site_id) REFERENCES sites (id),
    CONSTRAINT emission_factors_meter_fk     FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT emission_factors_kind_known   CHECK (kind IN ('grid', 'diesel', 'solar', 'sfc')),
    CONSTRAINT emission_factors_value_range  CHECK (value >= 0 AND value < 'Infinity'),
    CONSTRAINT emission_factors_source_given CHECK (source <> ''),
    CONSTRAINT emission_factors_unit_known   CHECK (unit = CASE kind WHEN 'diesel' THEN 'kg/L' WHEN 'sfc' THEN 'L/kWh' ELSE 'kg/kWh' END),
    CONSTRAINT emission_factors_version_key  UNIQUE NULLS NOT DISTINCT (site_id, kind, meter_id, valid_from)
);

COMMENT ON TABLE  emission_factors IS 'Emission factors and specific fuel consumption by version: the one home of factors. A day is counted with the version in force on it.';
COMMENT ON COLUMN emission_factors.meter_id IS 'null: for the whole site';
COMMENT ON COLUMN emission_factors.source IS 'where the value comes from';
COMMENT ON COLUMN emission_factors.valid_from IS 'first day, on the site''s clock, until the next version';

CREATE TABLE meter_exchanges (
    meter_id        bigint           NOT NULL,
    n               bigserial        NOT NULL,
    "timestamp"     timestamptz      NOT NULL,
    old_final_kwh   double precision NOT NULL,
    new_initial_kwh double precision NOT NULL,
    reason          text             NOT NULL,
    undone_at       timestamptz,

    CONSTRAINT meter_exchanges_pkey          PRIMARY KEY (meter_id, n),
    CONSTRAINT meter_exchanges_meter_fk      FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT meter_exchanges_old_finite    CHECK (old_final_kwh > '-Infinity' AND old_final_kwh < 'Infinity'),
    CONSTRAINT meter_exchanges_new_finite    CHECK (new_initial_kwh > '-Infinity' AND new_initial_kwh < 'Infinity'),
    CONSTRAINT meter_exchanges_reason_given  CHECK (reason <> '')
);

CREATE UNIQUE INDEX meter_exchanges_time_key ON meter_exchanges (meter_id, "timestamp") WHERE undone_at IS NULL;

COMMENT ON TABLE  meter_exchanges IS 'When a meter was replaced, and where the registers of both stood.';
COMMENT ON COLUMN meter_exchanges.undone_at IS 'since when it no longer counts';

CREATE TABLE reading_corrections (
    meter_id    bigint           NOT NULL,
    n           bigserial        NOT NULL,
    "timestamp" timestamptz      NOT NULL,
    field       text             NOT NULL,
    value       double precision,
    reason      text             NOT NULL,
    undone_at   timestamptz,

    CONSTRAINT reading_corrections_pkey         PRIMARY KEY (meter_id, n),
    CONSTRAINT reading_corrections_value_finite CHECK (value > '-Infinity' AND value < 'Infinity'),
    CONSTRAINT reading_corrections_reason_given CHECK (reason <> '')
);

CREATE INDEX reading_corrections_timestamp_idx ON reading_corrections (meter_id, "timestamp");

COMMENT ON TABLE  reading_corrections IS 'Values that take the place of a stored reading''s; the reading itself stays as it came. The newest one not undone counts.';
COMMENT ON COLUMN reading_corrections.field IS 'column of meter_readings';
COMMENT ON COLUMN reading_corrections.value IS 'null: the value is struck out';

CREATE TABLE quarantine (
    meter_id    bigint           NOT NULL,
    n           bigserial        NOT NULL,
    "timestamp" timestamptz      NOT NULL,
    register    text             NOT NULL,
    previous_at timestamptz      NOT NULL,
    previous    double precision NOT NULL,
    value       double precision NOT NULL,
    delta       double precision NOT NULL,
    plausible   double precision NOT NULL,
    found_at    timestamptz      NOT NULL DEFAULT now(),
    decision    text,
    decided_at  timestamptz,

    CONSTRAINT quarantine_pkey           PRIMARY KEY (meter_id, "timestamp", register),
    CONSTRAINT quarantine_decision_known CHECK (decision IN ('accept', 'reject'))
);

COMMENT ON TABLE  quarantine IS 'Register steps that are too large to be true: not counted until someone accepts them.';
COMMENT ON COLUMN quarantine.register IS 'column of meter_readings';
COMMENT ON COLUMN quarantine.plausible IS 'the largest step that would have been counted';

CREATE TABLE virtual_meters (
    meter_id   bigint           NOT NULL,
    input_id   bigint           NOT NULL,
    factor     double precision NOT NULL,

    CONSTRAINT virtual_meters_pkey         PRIMARY KEY (meter_id, input_id),
    CONSTRAINT virtual_meters_meter_fk     FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT virtual_meters_input_fk     FOREIGN KEY (input_id) REFERENCES energy_meters (id),
    CONSTRAINT virtual_meters_no_self      CHECK (meter_id <> input_id),
    CONSTRAINT virtual_meters_factor_range CHECK (factor <> 0 AND factor > '-Infinity' AND factor < 'Infinity')
);

CREATE INDEX virtual_meters_input_idx ON virtual_meters (input_id);

COMMENT ON TABLE virtual_meters IS 'Terms of derived meters: the meter shows the sum of factor times input.';

CREATE TABLE unmetered_loads (
    meter_id   bigint           NOT NULL,
    valid_from timestamptz      NOT NULL,
    power_kw   double precision NOT NULL,
    reason     text             NOT NULL,

    CONSTRAINT unmetered_loads_pkey        PRIMARY KEY (meter_id, valid_from),
    CONSTRAINT unmetered_loads_meter_fk    FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT unmetered_loads_power_range CHECK (power_kw >= 0 AND power_kw < 'Infinity')
);

COMMENT ON TABLE  unmetered_loads IS 'Known load below a node that no meter sees, so that it is not called loss.';
COMMENT ON COLUMN unmetered_loads.meter_id IS 'the node';
COMMENT ON COLUMN unmetered_loads.power_kw IS 'kW, estimated; 0 ends it';

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

CREATE TABLE audit_log (
    id      bigserial   CONSTRAINT audit_log_pkey PRIMARY KEY,
    at      timestamptz NOT NULL DEFAULT now(),
    who     text        NOT NULL,
    action  text        NOT NULL,
    subject text        NOT NULL,
    detail  jsonb       NOT NULL
);

COMMENT ON TABLE  audit_log IS 'Who changed what figures rest on. Rows are only ever added.';
COMMENT ON COLUMN audit_log.action IS 'such as meter_exchange.create';
COMMENT ON COLUMN audit_log.subject IS 'such as meter:12 or tariff:3';
