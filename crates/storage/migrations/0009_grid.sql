-- Transformers of the distribution grid, and requests for connections to them.

CREATE TABLE transformers (
    id                       uuid             NOT NULL DEFAULT gen_random_uuid(),
    n                        bigserial        NOT NULL,
    name                     text             NOT NULL,
    capacity_kva             numeric(15, 6)   NOT NULL,
    city                     text             NOT NULL DEFAULT 'San Francisco',
    latitude                 double precision NOT NULL,
    longitude                double precision NOT NULL,
    connected_consumption_kw numeric(15, 6)   NOT NULL DEFAULT 0,
    connected_production_kw  numeric(15, 6)   NOT NULL DEFAULT 0,
    created_at               timestamptz      NOT NULL DEFAULT now(),
    version                  bigint           NOT NULL DEFAULT 0,
    changed_in               bigint           NOT NULL DEFAULT pg_current_xact_id()::text::bigint,

    CONSTRAINT transformers_pkey              PRIMARY KEY (id),
    CONSTRAINT transformers_n_key             UNIQUE (n),
    CONSTRAINT transformers_name_given        CHECK (name <> ''),
    CONSTRAINT transformers_city_given        CHECK (city <> ''),
    CONSTRAINT transformers_capacity_range    CHECK (capacity_kva > 0 AND capacity_kva < 'Infinity'),
    CONSTRAINT transformers_latitude_range    CHECK (latitude BETWEEN -90 AND 90),
    CONSTRAINT transformers_longitude_range   CHECK (longitude BETWEEN -180 AND 180),
    CONSTRAINT transformers_consumption_range CHECK (connected_consumption_kw >= 0 AND connected_consumption_kw < 'Infinity'),
    CONSTRAINT transformers_production_range  CHECK (connected_production_kw >= 0 AND connected_production_kw < 'Infinity')
);

CREATE INDEX transformers_changed_idx ON transformers (changed_in);

COMMENT ON COLUMN transformers.n IS 'order of creation';
COMMENT ON COLUMN transformers.connected_consumption_kw IS 'kW of load, that of approved connections included';
COMMENT ON COLUMN transformers.connected_production_kw IS 'kW of generation, that of approved connections included';
COMMENT ON COLUMN transformers.version IS 'counts changes of the row; kept by a trigger';
COMMENT ON COLUMN transformers.changed_in IS 'transaction of the last change, by which processes find what others changed; kept by a trigger';

CREATE FUNCTION transformers_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END
$$;

CREATE TRIGGER transformers_note_change BEFORE UPDATE ON transformers
    FOR EACH ROW EXECUTE FUNCTION transformers_note_change();

CREATE TABLE connections (
    id                       uuid             NOT NULL DEFAULT gen_random_uuid(),
    n                        bigserial        NOT NULL,
    type                     text             NOT NULL,
    requested_consumption_kw numeric(15, 6)   NOT NULL,
    requested_production_kw  numeric(15, 6)   NOT NULL DEFAULT 0,
    status                   text             NOT NULL DEFAULT 'pending',
    reason                   text,
    transformer_id           uuid,
    latitude                 double precision NOT NULL,
    longitude                double precision NOT NULL,
    distance_m               double precision,
    voltage                  jsonb,
    idempotency_key          text,
    request                  jsonb            NOT NULL DEFAULT '{}',
    answer                   jsonb,
    created_at               timestamptz      NOT NULL DEFAULT now(),
    withdrawn_at             timestamptz,

    CONSTRAINT connections_pkey              PRIMARY KEY (id),
    CONSTRAINT connections_n_key             UNIQUE (n),
    CONSTRAINT connections_idempotency_key   UNIQUE (idempotency_key),
    CONSTRAINT connections_transformer_fk    FOREIGN KEY (transformer_id) REFERENCES transformers (id) ON DELETE SET NULL,
    CONSTRAINT connections_type_known        CHECK (type IN ('consumer', 'prosumer')),
    CONSTRAINT connections_status_known      CHECK (status IN ('pending', 'approved', 'rejected', 'withdrawn')),
    CONSTRAINT connections_consumption_range CHECK (requested_consumption_kw >= 0 AND requested_consumption_kw < 'Infinity'),
    CONSTRAINT connections_production_range  CHECK (requested_production_kw >= 0 AND requested_production_kw < 'Infinity'),
    CONSTRAINT connections_latitude_range    CHECK (latitude BETWEEN -90 AND 90),
    CONSTRAINT connections_longitude_range   CHECK (longitude BETWEEN -180 AND 180),
    CONSTRAINT connections_approved_linked   CHECK (status <> 'approved' OR transformer_id IS NOT NULL),
    CONSTRAINT connections_withdrawn_dated   CHECK ((status = 'withdrawn') = (withdrawn_at IS NOT NULL))
);

CREATE INDEX connections_transformer_idx ON connections (transformer_id);

COMMENT ON TABLE  connections IS 'Every request for a connection, with what became of it.';
COMMENT ON COLUMN connections.n IS 'order of creation';
COMMENT ON COLUMN connections.reason IS 'why it was rejected';
COMMENT ON COLUMN connections.distance_m IS 'm to its transformer';
COMMENT ON COLUMN connections.voltage IS 'the estimate on which it was approved';
COMMENT ON COLUMN connections.idempotency_key IS 'a repeat with this key and the same request is answered alike';
COMMENT ON COLUMN connections.request IS 'as it was asked';
COMMENT ON COLUMN connections.answer IS 'as it was answered, where it had a key';
