-- People who sign in, what they may do, and where they are signed in.

CREATE TABLE users (
    id           bigserial   CONSTRAINT users_pkey PRIMARY KEY,
    name         text        NOT NULL,
    display_name text        NOT NULL,
    email        text,
    language     text,
    password     text,
    disabled_at  timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT users_name_key         UNIQUE (name),
    CONSTRAINT users_name_form        CHECK (name ~ '^[a-z0-9._@+-]{2,64}$'),
    CONSTRAINT users_display_name_any CHECK (display_name <> '')
);

COMMENT ON TABLE  users IS 'Whoever can sign in.';
COMMENT ON COLUMN users.language IS 'tag of the language of pages; null for that of the browser';
COMMENT ON COLUMN users.password IS 'argon2id with its parameters; null until one is set';

CREATE TABLE user_roles (
    user_id bigint NOT NULL,
    site_id bigint,
    role    text   NOT NULL,

    CONSTRAINT user_roles_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_roles_site_fkey FOREIGN KEY (site_id) REFERENCES sites (id) ON DELETE CASCADE,
    CONSTRAINT user_roles_once      UNIQUE NULLS NOT DISTINCT (user_id, site_id, role),
    CONSTRAINT user_roles_known     CHECK (role IN ('admin', 'operator', 'viewer', 'utility', 'prosumer'))
);

COMMENT ON COLUMN user_roles.site_id IS 'null for all sites';

CREATE TABLE sessions (
    token      bytea       CONSTRAINT sessions_pkey PRIMARY KEY,
    id         uuid        NOT NULL DEFAULT gen_random_uuid(),
    user_id    bigint      NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at    timestamptz NOT NULL DEFAULT now(),
    address    inet        NOT NULL,
    device     text        NOT NULL,

    CONSTRAINT sessions_id_key     UNIQUE (id),
    CONSTRAINT sessions_user_fkey  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT sessions_token_form CHECK (length(token) = 32)
);

CREATE INDEX sessions_of_user ON sessions (user_id);

COMMENT ON COLUMN sessions.token IS 'SHA-256 of what the browser keeps';
COMMENT ON COLUMN sessions.id IS 'by which it is listed and ended';
COMMENT ON COLUMN sessions.used_at IS 'to the minute';
COMMENT ON COLUMN sessions.address IS 'from which it began';
COMMENT ON COLUMN sessions.device IS 'what the browser says that it is';

ALTER TABLE audit_log ADD user_id bigint CONSTRAINT audit_log_user_fkey REFERENCES users (id);

COMMENT ON COLUMN audit_log.who IS 'user, or who acted where there was none';
