-- MQTT brokers that meters name, and by which name brokers know this installation.

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
