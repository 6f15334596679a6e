-- Meters of people's own, tokens of programs, and the accounts of a demonstration.

CREATE TABLE user_meters (
    user_id    bigint NOT NULL,
    meter_id   bigint NOT NULL,
    valid_from date,
    valid_to   date,

    CONSTRAINT user_meters_pkey       PRIMARY KEY (user_id, meter_id),
    CONSTRAINT user_meters_user_fkey  FOREIGN KEY (user_id)  REFERENCES users (id)  ON DELETE CASCADE,
    CONSTRAINT user_meters_meter_fkey FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT user_meters_valid      CHECK (valid_from < valid_to)
);

CREATE INDEX user_meters_of_meter ON user_meters (meter_id);

COMMENT ON TABLE  user_meters IS 'Meters that belong to people, who see their figures of that time.';
COMMENT ON COLUMN user_meters.valid_from IS 'first day, in the zone of the site; null for ever since';
COMMENT ON COLUMN user_meters.valid_to IS 'day after the last one; null for good';

CREATE TABLE tokens (
    id         bigserial   CONSTRAINT tokens_pkey PRIMARY KEY,
    token      bytea       NOT NULL,
    user_id    bigint      NOT NULL,
    name       text        NOT NULL,
    actions    text[]      NOT NULL,
    site_id    bigint,
    meters     bigint[]    NOT NULL DEFAULT '{}',
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at    timestamptz,

    CONSTRAINT tokens_token_key  UNIQUE (token),
    CONSTRAINT tokens_user_fkey  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT tokens_site_fkey  FOREIGN KEY (site_id) REFERENCES sites (id) ON DELETE CASCADE,
    CONSTRAINT tokens_token_form CHECK (length(token) = 32)
);

CREATE INDEX tokens_of_user ON tokens (user_id);

COMMENT ON TABLE  tokens IS 'By which programs act for a user, with at most the rights that the user has at that moment.';
COMMENT ON COLUMN tokens.token IS 'SHA-256 of what the program sends';
COMMENT ON COLUMN tokens.site_id IS 'null for all sites of the user';
COMMENT ON COLUMN tokens.meters IS 'empty for all meters';
COMMENT ON COLUMN tokens.used_at IS 'to the minute';

ALTER TABLE users ADD is_demo boolean NOT NULL DEFAULT false;

COMMENT ON COLUMN users.is_demo IS 'of a demonstration: without a password, gone with the first real user';
