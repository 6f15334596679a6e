-- Who changed what.

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
