-- The log of changes: by what, where, from where, and the fields that differ. Nobody alters it later.

ALTER TABLE audit_log RENAME detail TO after;
ALTER TABLE audit_log ALTER after DROP NOT NULL;
-- No foreign keys: a row stays as it is when its site or its token goes.
ALTER TABLE audit_log
    ADD token_id bigint,
    ADD site_id  bigint,
    ADD before   jsonb,
    ADD reason   text;

CREATE INDEX audit_log_of_site ON audit_log (site_id, id);

COMMENT ON COLUMN audit_log.token_id IS 'API token by which it was changed; null where a person did';
COMMENT ON COLUMN audit_log.site_id IS 'null for changes of the whole installation';
COMMENT ON COLUMN audit_log.before IS 'the fields that differ as they were; null for what is new';
COMMENT ON COLUMN audit_log.after IS 'the fields that differ as they are since; null for what is gone';

-- Personal data, kept for 90 days: in a table of its own, since rows of the log are never deleted.
CREATE TABLE audit_addresses (
    audit_id bigint      CONSTRAINT audit_addresses_pkey PRIMARY KEY,
    address  inet        NOT NULL,
    at       timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT audit_addresses_audit_fkey FOREIGN KEY (audit_id) REFERENCES audit_log (id)
);

CREATE INDEX audit_addresses_by_time ON audit_addresses (at);

CREATE TABLE audit_refusals (
    address inet        NOT NULL,
    hour    timestamptz NOT NULL,
    count   integer     NOT NULL,

    CONSTRAINT audit_refusals_pkey PRIMARY KEY (address, hour)
);

COMMENT ON TABLE audit_refusals IS 'sign-ins refused for a wrong name or password; kept for 90 days';

CREATE FUNCTION refuse_change_of_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of the audit log are only ever added: % is refused.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER audit_log_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_log();
