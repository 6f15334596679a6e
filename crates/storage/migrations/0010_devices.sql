-- What meters are read through: connections, brokers, data loggers.

-- Only settings: what a driver last saw lives in memory.
CREATE TABLE devices (
    id               bigserial CONSTRAINT devices_pkey PRIMARY KEY,
    meter_id         bigint    NOT NULL,
    protocol         text      NOT NULL,
    poll_interval_ms bigint    NOT NULL,
    communication    jsonb     NOT NULL,
    enabled          boolean   NOT NULL DEFAULT true,

    CONSTRAINT devices_meter_key          UNIQUE (meter_id),
    CONSTRAINT devices_meter_fk           FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT devices_protocol_known     CHECK (protocol IN ('modbus', 'mqtt', 'http')),
    CONSTRAINT devices_poll_range         CHECK (poll_interval_ms BETWEEN 100 AND 86400000),
    CONSTRAINT devices_communication_form CHECK (jsonb_typeof(communication) = 'object')
);

COMMENT ON COLUMN devices.poll_interval_ms IS 'ms between two readings';
COMMENT ON COLUMN devices.communication IS 'settings of the protocol, as given';

CREATE TABLE mqtt_brokers (
    name           text NOT NULL,
    url            text NOT NULL,
    username       text,
    password       text,
    ca_certificate text,

    CONSTRAINT mqtt_brokers_pkey           PRIMARY KEY (name),
    CONSTRAINT mqtt_brokers_name_form      CHECK (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(name) <= 64),
    CONSTRAINT mqtt_brokers_url_form       CHECK (url ~ '^mqtts?://[^@[:space:]]+$'),
    CONSTRAINT mqtt_brokers_password_owner CHECK (password IS NULL OR username IS NOT NULL)
);

COMMENT ON COLUMN mqtt_brokers.url IS 'mqtt or mqtts, host and port, without a login';
COMMENT ON COLUMN mqtt_brokers.password IS 'sealed with the key that is kept outside the database';
COMMENT ON COLUMN mqtt_brokers.ca_certificate IS 'PEM of whom to trust to vouch for the broker; NULL trusts whom the system trusts';

CREATE TABLE mqtt_client (
    single boolean NOT NULL DEFAULT true,
    name   text    NOT NULL,

    CONSTRAINT mqtt_client_pkey   PRIMARY KEY (single),
    CONSTRAINT mqtt_client_single CHECK (single)
);

COMMENT ON TABLE mqtt_client IS 'The name of this installation''s sessions, which brokers keep by it. Two installations on one broker must not share it.';

INSERT INTO mqtt_client (name) VALUES ('wattlens-' || left(md5(gen_random_uuid()::text), 8));

CREATE TABLE acquisuite_loggers (
    serial_number    text     NOT NULL,
    site_id          bigint   NOT NULL,
    password_hash    text,
    utility_address  smallint,
    load_address     smallint,
    solar_address    smallint,
    missing_meter_id bigint,
    columns          jsonb    NOT NULL DEFAULT '{}',

    CONSTRAINT acquisuite_loggers_pkey          PRIMARY KEY (serial_number),
    CONSTRAINT acquisuite_loggers_site_fk       FOREIGN KEY (site_id) REFERENCES sites (id),
    CONSTRAINT acquisuite_loggers_missing_fk    FOREIGN KEY (missing_meter_id) REFERENCES energy_meters (id) ON DELETE SET NULL,
    CONSTRAINT acquisuite_loggers_serial_form   CHECK (serial_number ~ '^[0-9A-Z]{1,32}$'),
    CONSTRAINT acquisuite_loggers_utility_range CHECK (utility_address BETWEEN 1 AND 999),
    CONSTRAINT acquisuite_loggers_load_range    CHECK (load_address BETWEEN 1 AND 999),
    CONSTRAINT acquisuite_loggers_solar_range   CHECK (solar_address BETWEEN 1 AND 999),
    CONSTRAINT acquisuite_loggers_roles_differ  CHECK (utility_address <> load_address AND load_address <> solar_address AND solar_address <> utility_address),
    CONSTRAINT acquisuite_loggers_columns_form  CHECK (jsonb_typeof(columns) = 'object')
);

COMMENT ON COLUMN acquisuite_loggers.password_hash IS 'argon2id, as a PHC string; NULL lets nobody in until a password is entered';
COMMENT ON COLUMN acquisuite_loggers.utility_address IS 'device address of the meter of the grid connection';
COMMENT ON COLUMN acquisuite_loggers.load_address IS 'device address of the meter of all load';
COMMENT ON COLUMN acquisuite_loggers.solar_address IS 'device address of the meter of solar production';
COMMENT ON COLUMN acquisuite_loggers.missing_meter_id IS 'the meter computed from two of the three';
COMMENT ON COLUMN acquisuite_loggers.columns IS 'by device address: which point holds which value of a reading';

CREATE TABLE acquisuite_devices (
    serial_number text     NOT NULL,
    address       smallint NOT NULL,
    meter_id      bigint   NOT NULL,

    CONSTRAINT acquisuite_devices_pkey          PRIMARY KEY (serial_number, address),
    CONSTRAINT acquisuite_devices_meter_key     UNIQUE (meter_id),
    CONSTRAINT acquisuite_devices_logger_fk     FOREIGN KEY (serial_number) REFERENCES acquisuite_loggers (serial_number) ON DELETE CASCADE,
    CONSTRAINT acquisuite_devices_meter_fk      FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT acquisuite_devices_address_range CHECK (address BETWEEN 1 AND 999)
);

COMMENT ON TABLE acquisuite_devices IS 'Which meter the readings of a logger''s device go to.';

CREATE TABLE acquisuite_files (
    serial_number text NOT NULL,
    file_name     text NOT NULL,
    content       text NOT NULL,
    md5           text NOT NULL,
    file_time     text NOT NULL,

    CONSTRAINT acquisuite_files_pkey      PRIMARY KEY (serial_number, file_name),
    CONSTRAINT acquisuite_files_logger_fk FOREIGN KEY (serial_number) REFERENCES acquisuite_loggers (serial_number) ON DELETE CASCADE
);

COMMENT ON TABLE  acquisuite_files IS 'Loggers'' own lists of points, as last uploaded.';
COMMENT ON COLUMN acquisuite_files.md5 IS 'of the file as sent, for the logger to compare with its own';
COMMENT ON COLUMN acquisuite_files.file_time IS 'as the logger states it; empty where it does not';

CREATE TABLE acquisuite_activity (
    serial_number      text        NOT NULL,
    heard_from         inet,
    heard_at           timestamptz,
    log_period_minutes smallint,
    last_upload_at     timestamptz,
    files              bigint      NOT NULL DEFAULT 0,
    stored             bigint      NOT NULL DEFAULT 0,
    repeated           bigint      NOT NULL DEFAULT 0,
    conflicting        bigint      NOT NULL DEFAULT 0,
    refused            bigint      NOT NULL DEFAULT 0,
    silent             bigint      NOT NULL DEFAULT 0,
    last_refused       text,
    last_event         text,
    last_event_at      timestamptz,

    CONSTRAINT acquisuite_activity_pkey         PRIMARY KEY (serial_number),
    CONSTRAINT acquisuite_activity_logger_fk    FOREIGN KEY (serial_number) REFERENCES acquisuite_loggers (serial_number) ON DELETE CASCADE,
    CONSTRAINT acquisuite_activity_heard_whole  CHECK ((heard_from IS NULL) = (heard_at IS NULL)),
    CONSTRAINT acquisuite_activity_period_range CHECK (log_period_minutes BETWEEN 1 AND 60)
);

COMMENT ON TABLE  acquisuite_activity IS 'What loggers have uploaded.';
-- Places among uploads are kept for loggers that are known: after a start they are known by this.
COMMENT ON COLUMN acquisuite_activity.heard_from IS 'the address from which it last proved who it is; of IPv6 the network of 64 bits';
COMMENT ON COLUMN acquisuite_activity.heard_at IS 'when that was, to a day';
COMMENT ON COLUMN acquisuite_activity.log_period_minutes IS 'LOGPERIOD, as the logger last stated it; NULL where it never did';
COMMENT ON COLUMN acquisuite_activity.stored IS 'lines stored as readings';
COMMENT ON COLUMN acquisuite_activity.repeated IS 'lines that were stored before';
COMMENT ON COLUMN acquisuite_activity.conflicting IS 'lines whose time had another reading already';
COMMENT ON COLUMN acquisuite_activity.refused IS 'lines that could not be stored';
COMMENT ON COLUMN acquisuite_activity.silent IS 'lines without a value';
COMMENT ON COLUMN acquisuite_activity.last_refused IS 'why the latest of the refused lines was';

CREATE TABLE acquisuite_refusals (
    serial_number text        NOT NULL,
    reason        text        NOT NULL,
    count         bigint      NOT NULL,
    last_at       timestamptz NOT NULL,
    detail        text        NOT NULL,

    CONSTRAINT acquisuite_refusals_pkey        PRIMARY KEY (serial_number, reason),
    CONSTRAINT acquisuite_refusals_count_range CHECK (count > 0)
);

COMMENT ON TABLE  acquisuite_refusals IS 'Uploads that were refused, by reason.';
COMMENT ON COLUMN acquisuite_refusals.serial_number IS 'empty where no logger has the number that was sent';
COMMENT ON COLUMN acquisuite_refusals.detail IS 'the message of the latest of them, and where it came from';
