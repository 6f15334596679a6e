-- Links by which people set their password: invitations and resets. They work once, for 24 hours.

CREATE TABLE invitations (
    token      bytea       CONSTRAINT invitations_pkey PRIMARY KEY,
    user_id    bigint      NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at    timestamptz,

    CONSTRAINT invitations_user_key   UNIQUE (user_id),
    CONSTRAINT invitations_user_fkey  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT invitations_token_form CHECK (length(token) = 32)
);

COMMENT ON COLUMN invitations.token IS 'SHA-256 of what stands in the link';
COMMENT ON COLUMN invitations.used_at IS 'when a password was set, by this link or otherwise';
