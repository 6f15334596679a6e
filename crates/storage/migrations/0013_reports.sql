-- Monthly reports by mail: to whom, when, and what is still to be delivered.

CREATE TABLE report_schedules (
    id           bigserial CONSTRAINT report_schedules_pkey PRIMARY KEY,
    site_id      bigint    NOT NULL,
    addresses    text[]    NOT NULL,
    day          smallint  NOT NULL,
    hour         smallint  NOT NULL,
    language     text      NOT NULL DEFAULT 'en',
    enabled      boolean   NOT NULL DEFAULT true,
    next_month   date      NOT NULL,
    sent_at      timestamptz,
    sent_month   date,
    problem      text,
    version      integer   NOT NULL DEFAULT 1,

    CONSTRAINT report_schedules_site_fk        FOREIGN KEY (site_id) REFERENCES sites (id) ON DELETE CASCADE,
    CONSTRAINT report_schedules_address_given  CHECK (cardinality(addresses) > 0),
    CONSTRAINT report_schedules_day_range      CHECK (day BETWEEN 1 AND 28),
    CONSTRAINT report_schedules_hour_range     CHECK (hour BETWEEN 0 AND 23),
    CONSTRAINT report_schedules_language_known CHECK (language IN ('en', 'de')),
    CONSTRAINT report_schedules_sent_together  CHECK (num_nonnulls(sent_at, sent_month) IN (0, 2))
);

CREATE INDEX report_schedules_site_idx ON report_schedules (site_id, id);

COMMENT ON TABLE  report_schedules IS 'Who gets the monthly report of a site.';
COMMENT ON COLUMN report_schedules.addresses IS 'mailboxes';
COMMENT ON COLUMN report_schedules.day IS 'of the month after the one that is reported, by the site''s clock';
COMMENT ON COLUMN report_schedules.hour IS 'of the site''s clock';
COMMENT ON COLUMN report_schedules.next_month IS 'first day of the month whose report is sent next; who moves it on sends the report';
COMMENT ON COLUMN report_schedules.problem IS 'why the last report was given up for a mailbox';
COMMENT ON COLUMN report_schedules.version IS 'counts the changes that people make';

CREATE TABLE report_outbox (
    id          bigserial   CONSTRAINT report_outbox_pkey PRIMARY KEY,
    schedule_id bigint      NOT NULL,
    month       date        NOT NULL,
    address     text        NOT NULL,
    attempts    integer     NOT NULL DEFAULT 0,
    next_at     timestamptz NOT NULL DEFAULT now(),
    problem     text,
    created_at  timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT report_outbox_schedule_fk FOREIGN KEY (schedule_id) REFERENCES report_schedules (id) ON DELETE CASCADE,
    CONSTRAINT report_outbox_once_key    UNIQUE (schedule_id, month, address)
);

CREATE INDEX report_outbox_next_idx ON report_outbox (next_at, id);

COMMENT ON TABLE  report_outbox IS 'Reports that are still to be delivered. A row goes when it was, or is given up.';
COMMENT ON COLUMN report_outbox.next_at IS 'when it is tried next';
COMMENT ON COLUMN report_outbox.problem IS 'why it was not delivered the last time';
