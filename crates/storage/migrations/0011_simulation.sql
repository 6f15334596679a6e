-- The simulated world: what stands behind its meters, what these report of themselves, and its clock.

CREATE TABLE energy_resources (
    id             bigserial   CONSTRAINT energy_resources_pkey PRIMARY KEY,
    uuid           uuid        NOT NULL DEFAULT gen_random_uuid(),
    site_id        bigint      NOT NULL,
    name           text        NOT NULL,
    type           text        NOT NULL,
    appliance_type text[]      NOT NULL DEFAULT '{}',
    created_at     timestamptz NOT NULL,

    CONSTRAINT energy_resources_uuid_key   UNIQUE (uuid),
    CONSTRAINT energy_resources_site_fk    FOREIGN KEY (site_id) REFERENCES sites (id),
    CONSTRAINT energy_resources_name_given CHECK (name <> ''),
    CONSTRAINT energy_resources_type_known CHECK (type IN ('consumer', 'prosumer'))
);

COMMENT ON TABLE  energy_resources IS 'Households, offices and the like: what draws and makes energy behind a meter.';
COMMENT ON COLUMN energy_resources.type IS 'a consumer draws, a prosumer also makes';
COMMENT ON COLUMN energy_resources.appliance_type IS 'its appliances, as they were named; one named twice is there twice';
COMMENT ON COLUMN energy_resources.created_at IS 'on the site''s clock';

CREATE TABLE simulated_meters (
    meter_id                bigint           NOT NULL,
    er_id                   bigint,
    status                  text             NOT NULL DEFAULT 'ON',
    load_factor_consumption double precision NOT NULL DEFAULT 1,
    load_factor_production  double precision NOT NULL DEFAULT 0,
    profile                 text             NOT NULL DEFAULT 'flat',
    linked_at               timestamptz,
    created_at              timestamptz      NOT NULL,

    CONSTRAINT simulated_meters_pkey              PRIMARY KEY (meter_id),
    CONSTRAINT simulated_meters_meter_fk          FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT simulated_meters_er_fk             FOREIGN KEY (er_id) REFERENCES energy_resources (id),
    CONSTRAINT simulated_meters_er_key            UNIQUE (er_id),
    CONSTRAINT simulated_meters_status_known      CHECK (status IN ('ON', 'OFF')),
    CONSTRAINT simulated_meters_consumption_range CHECK (load_factor_consumption BETWEEN 0 AND 1000),
    CONSTRAINT simulated_meters_production_range  CHECK (load_factor_production BETWEEN 0 AND 1000),
    CONSTRAINT simulated_meters_profile_known     CHECK (profile IN ('flat', 'daily')),
    CONSTRAINT simulated_meters_link_whole        CHECK ((er_id IS NULL) = (linked_at IS NULL))
);

COMMENT ON TABLE  simulated_meters IS 'How the meters of a simulated site are simulated. A meter with others below it shows their sum and has nothing of its own.';
COMMENT ON COLUMN simulated_meters.status IS 'OFF: it records nothing';
COMMENT ON COLUMN simulated_meters.load_factor_consumption IS 'K: what the resource draws is multiplied by it';
COMMENT ON COLUMN simulated_meters.load_factor_production IS 'K: what the resource makes is multiplied by it';
COMMENT ON COLUMN simulated_meters.profile IS 'flat: the same at every hour; daily: duty cycles and the shape of a day';
COMMENT ON COLUMN simulated_meters.linked_at IS 'since when it generates, on the site''s clock: begin of a record';

CREATE TABLE appliance_factors (
    meter_id    bigint           NOT NULL,
    appliance   text             NOT NULL,
    consumption double precision NOT NULL DEFAULT 1,
    production  double precision NOT NULL DEFAULT 1,

    CONSTRAINT appliance_factors_pkey              PRIMARY KEY (meter_id, appliance),
    CONSTRAINT appliance_factors_meter_fk          FOREIGN KEY (meter_id) REFERENCES simulated_meters (meter_id) ON DELETE CASCADE,
    CONSTRAINT appliance_factors_consumption_range CHECK (consumption BETWEEN 0 AND 1000),
    CONSTRAINT appliance_factors_production_range  CHECK (production BETWEEN 0 AND 1000)
);

COMMENT ON TABLE  appliance_factors IS 'Factors of single appliances, on top of their meter''s.';
COMMENT ON COLUMN appliance_factors.appliance IS 'its name in the catalogue';

CREATE TABLE spikes (
    id           bigserial        CONSTRAINT spikes_pkey PRIMARY KEY,
    meter_id     bigint           NOT NULL,
    kind         text             NOT NULL,
    magnitude_kw double precision,
    factor       double precision,
    from_time    timestamptz      NOT NULL,
    to_time      timestamptz      NOT NULL,

    CONSTRAINT spikes_meter_fk        FOREIGN KEY (meter_id) REFERENCES simulated_meters (meter_id) ON DELETE CASCADE,
    CONSTRAINT spikes_kind_known      CHECK (kind IN ('load', 'source')),
    CONSTRAINT spikes_one_size        CHECK ((magnitude_kw IS NULL) <> (factor IS NULL)),
    CONSTRAINT spikes_magnitude_range CHECK (magnitude_kw > 0 AND magnitude_kw < 'Infinity'),
    CONSTRAINT spikes_factor_range    CHECK (factor BETWEEN 0 AND 1000),
    CONSTRAINT spikes_time_range      CHECK (to_time > from_time)
);

CREATE INDEX spikes_end_idx ON spikes (to_time);

COMMENT ON TABLE  spikes IS 'Sudden loads and new sources, for a time.';
COMMENT ON COLUMN spikes.magnitude_kw IS 'kW that come on top';
COMMENT ON COLUMN spikes.factor IS 'or what the meter''s own is multiplied by';
COMMENT ON COLUMN spikes.from_time IS 'on the site''s clock';

CREATE TABLE meter_events (
    meter_id bigint      NOT NULL,
    at       timestamptz NOT NULL,
    kind     text        NOT NULL,
    seen     boolean     NOT NULL DEFAULT false,

    CONSTRAINT meter_events_pkey       PRIMARY KEY (meter_id, at, kind),
    CONSTRAINT meter_events_meter_fk   FOREIGN KEY (meter_id) REFERENCES simulated_meters (meter_id) ON DELETE CASCADE,
    CONSTRAINT meter_events_kind_known CHECK (kind IN ('cover_opened', 'magnetic_field', 'reversed_flow', 'clock_set', 'memory_fault', 'measurement_fault', 'battery_low'))
);

CREATE INDEX meter_events_unseen_idx ON meter_events (meter_id, at) WHERE NOT seen;

COMMENT ON TABLE  meter_events IS 'Error logs and tamper alerts of simulated meters.';
COMMENT ON COLUMN meter_events.at IS 'on the site''s clock';
COMMENT ON COLUMN meter_events.seen IS 'somebody acknowledged the alarm that it raised';

CREATE TABLE simulation_clock (
    site_id          bigint           NOT NULL,
    current_datetime timestamptz      NOT NULL,
    recorded_to      timestamptz      NOT NULL,
    days_per_minute  double precision NOT NULL DEFAULT 1,
    record_minutes   integer          NOT NULL DEFAULT 15,
    paused_because   text,
    seed             bigint           NOT NULL DEFAULT 20250620,
    clouds           double precision NOT NULL DEFAULT 0,

    CONSTRAINT simulation_clock_pkey         PRIMARY KEY (site_id),
    CONSTRAINT simulation_clock_site_fk      FOREIGN KEY (site_id) REFERENCES sites (id),
    CONSTRAINT simulation_clock_speed_range  CHECK (days_per_minute > 0 AND days_per_minute <= 100),
    CONSTRAINT simulation_clock_record_range CHECK (record_minutes BETWEEN 1 AND 60),
    CONSTRAINT simulation_clock_pause_known  CHECK (paused_because IN ('asked', 'unwatched')),
    CONSTRAINT simulation_clock_order        CHECK (recorded_to <= current_datetime),
    CONSTRAINT simulation_clock_clouds_range CHECK (clouds BETWEEN 0 AND 1)
);

COMMENT ON TABLE  simulation_clock IS 'The time of a simulated site, one row each.';
COMMENT ON COLUMN simulation_clock.recorded_to IS 'end of the newest record of its meters';
COMMENT ON COLUMN simulation_clock.days_per_minute IS 'simulated days in a real minute';
COMMENT ON COLUMN simulation_clock.record_minutes IS 'simulated minutes of a record';
COMMENT ON COLUMN simulation_clock.paused_because IS 'why it stands still: asked, or unwatched for an hour; null while it runs';
COMMENT ON COLUMN simulation_clock.seed IS 'what is random follows from it, the meter and the time alone';
COMMENT ON COLUMN simulation_clock.clouds IS 'share of the light that the thickest clouds take, 0 for a clear sky';

INSERT INTO simulation_clock (site_id, current_datetime, recorded_to)
SELECT id, date_bin('15 minutes', now(), 'epoch'), date_bin('15 minutes', now(), 'epoch') FROM sites WHERE slug = 'world';
