-- What is watched, the alarms that follow, and who is told.

CREATE TABLE alarm_rules (
    id            bigserial        CONSTRAINT alarm_rules_pkey PRIMARY KEY,
    site_id       bigint           NOT NULL,
    meter_id      bigint,
    kind          text             NOT NULL,
    channel       text,
    direction     text,
    raise_at      double precision,
    clear_at      double precision,
    nominal       double precision,
    tank_litres   double precision,
    filled_at     timestamptz,
    delay_s       integer          NOT NULL,
    clear_delay_s integer          NOT NULL,
    severity      text             NOT NULL,
    enabled       boolean          NOT NULL DEFAULT true,

    CONSTRAINT alarm_rules_site_fk            FOREIGN KEY (site_id) REFERENCES sites (id) ON DELETE CASCADE,
    CONSTRAINT alarm_rules_meter_fk           FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT alarm_rules_kind_known         CHECK (kind IN ('offline', 'stale', 'phase_imbalance', 'phase_export', 'voltage', 'frequency', 'power_factor', 'threshold', 'diesel_low', 'data_quality', 'tamper', 'meter_error', 'quarantine')),
    CONSTRAINT alarm_rules_direction_known    CHECK (direction IN ('above', 'below')),
    CONSTRAINT alarm_rules_severity_known     CHECK (severity IN ('info', 'warning', 'critical')),
    CONSTRAINT alarm_rules_limits_together    CHECK (num_nonnulls(direction, raise_at, clear_at) IN (0, 3)),
    CONSTRAINT alarm_rules_limits_order       CHECK (CASE direction WHEN 'above' THEN clear_at <= raise_at WHEN 'below' THEN clear_at >= raise_at END),
    CONSTRAINT alarm_rules_limits_measurable  CHECK (abs(raise_at) <= 1e12 AND abs(clear_at) <= 1e12),
    CONSTRAINT alarm_rules_channel_given      CHECK ((kind = 'threshold') = (channel IS NOT NULL)),
    CONSTRAINT alarm_rules_nominal_range      CHECK (nominal > 0 AND nominal < 'Infinity'),
    CONSTRAINT alarm_rules_nominal_measurable CHECK (nominal <= 1e9),
    CONSTRAINT alarm_rules_tank_range         CHECK (tank_litres > 0 AND tank_litres < 'Infinity'),
    CONSTRAINT alarm_rules_tank_measurable    CHECK (tank_litres <= 1e9),
    CONSTRAINT alarm_rules_tank_given         CHECK (num_nonnulls(tank_litres, filled_at) = CASE WHEN kind = 'diesel_low' THEN 2 ELSE 0 END),
    CONSTRAINT alarm_rules_delay_range        CHECK (delay_s BETWEEN 0 AND 86400),
    CONSTRAINT alarm_rules_clear_delay_range  CHECK (clear_delay_s BETWEEN 0 AND 86400)
);

CREATE INDEX alarm_rules_site_idx ON alarm_rules (site_id, id);

COMMENT ON TABLE  alarm_rules IS 'From when on a figure of a meter is an alarm.';
COMMENT ON COLUMN alarm_rules.meter_id IS 'null: every meter of the site that has the figure';
COMMENT ON COLUMN alarm_rules.channel IS 'name of the channel, such as ActivePower; of a threshold alone';
COMMENT ON COLUMN alarm_rules.raise_at IS 'beyond this the alarm is raised; W, V, A, … of a channel, else per cent or a ratio, by kind';
COMMENT ON COLUMN alarm_rules.clear_at IS 'within this it is cleared; between the two nothing changes';
COMMENT ON COLUMN alarm_rules.nominal IS 'V between phase and neutral, or Hz; null: the usual value that is nearest';
COMMENT ON COLUMN alarm_rules.tank_litres IS 'litres in the generator''s tank at filled_at';
COMMENT ON COLUMN alarm_rules.delay_s IS 'seconds beyond the limit before the alarm is raised';
COMMENT ON COLUMN alarm_rules.clear_delay_s IS 'seconds within the limit before it is cleared';

-- The rules that each site begins with. Experiments in a simulated world are no reason to wake
-- anyone: its rules are there and switched off. So is the export on a phase, until somebody says that
-- the site forbids it.
CREATE FUNCTION usual_alarm_rules(site bigint, site_kind text) RETURNS void LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO alarm_rules (site_id, kind, direction, raise_at, clear_at, delay_s, clear_delay_s, severity, enabled)
    SELECT site, usual.kind, usual.direction, usual.raise_at, usual.clear_at, usual.delay_s, usual.delay_s,
        usual.severity, usual.enabled AND site_kind = 'live'
    FROM (VALUES
        ('offline',         NULL,    NULL, NULL, 30, 'critical', true),
        ('stale',           NULL,    NULL, NULL, 30, 'warning',  true),
        ('phase_imbalance', 'above', 20,   15,   20, 'warning',  true),
        ('voltage',         'above', 10,   9,    20, 'critical', true),
        ('phase_export',    'above', 50,   20,   10, 'critical', false),
        ('data_quality',    'above', 2,    1.5,  0,  'warning',  true),
        ('quarantine',      NULL,    NULL, NULL, 0,  'warning',  true)
    ) AS usual (kind, direction, raise_at, clear_at, delay_s, severity, enabled);
END;

CREATE FUNCTION sites_usual_alarm_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM usual_alarm_rules(NEW.id, NEW.kind);
    RETURN NULL;
END
$$;

CREATE TRIGGER sites_usual_alarm_rules AFTER INSERT ON sites
    FOR EACH ROW EXECUTE FUNCTION sites_usual_alarm_rules();

SELECT usual_alarm_rules(id, kind) FROM sites ORDER BY id;

-- Only simulated meters report of themselves. The rules for it are on where the others are off: what such a
-- meter reports, somebody asked it to.
INSERT INTO alarm_rules (site_id, kind, delay_s, clear_delay_s, severity)
SELECT site.id, usual.kind, 0, 0, usual.severity
FROM sites site, (VALUES ('tamper', 'critical'), ('meter_error', 'warning')) AS usual (kind, severity)
WHERE site.kind = 'simulated' ORDER BY site.id, usual.kind DESC;

CREATE TABLE alarms (
    id              bigserial        CONSTRAINT alarms_pkey PRIMARY KEY,
    site_id         bigint           NOT NULL,
    rule_id         bigint,
    meter_id        bigint           NOT NULL,
    kind            text             NOT NULL,
    severity        text             NOT NULL,
    about           text             NOT NULL,
    value           double precision,
    unit            text             NOT NULL,
    raised_at       timestamptz      NOT NULL,
    cleared_at      timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    note            text,

    CONSTRAINT alarms_site_fk               FOREIGN KEY (site_id) REFERENCES sites (id) ON DELETE CASCADE,
    CONSTRAINT alarms_rule_fk               FOREIGN KEY (rule_id) REFERENCES alarm_rules (id) ON DELETE SET NULL,
    CONSTRAINT alarms_meter_fk              FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT alarms_severity_known        CHECK (severity IN ('info', 'warning', 'critical')),
    CONSTRAINT alarms_acknowledged_together CHECK (num_nonnulls(acknowledged_at, acknowledged_by) IN (0, 2)),
    CONSTRAINT alarms_note_acknowledged     CHECK (note IS NULL OR acknowledged_at IS NOT NULL)
);

-- However many processes or restarts: of a rule and a meter one alarm is open.
CREATE UNIQUE INDEX alarms_open_key ON alarms (rule_id, meter_id) WHERE cleared_at IS NULL;
CREATE INDEX alarms_site_idx ON alarms (site_id, id);
CREATE INDEX alarms_meter_idx ON alarms (meter_id, id);
-- For what was cleared today, and for dropping what is too old.
CREATE INDEX alarms_cleared_idx ON alarms (site_id, cleared_at);
-- Whether an alarm was told of a time already, and which alarms lose their rule.
CREATE INDEX alarms_rule_idx ON alarms (rule_id, meter_id, raised_at);

COMMENT ON TABLE  alarms IS 'Alarms that were raised. One stays when its rule goes.';
COMMENT ON COLUMN alarms.rule_id IS 'null: the rule was removed since';
COMMENT ON COLUMN alarms.about IS 'what it says, in words';
COMMENT ON COLUMN alarms.value IS 'the figure that raised it; null where it is about the connection';
COMMENT ON COLUMN alarms.raised_at IS 'by the clock of the site, like cleared_at';
COMMENT ON COLUMN alarms.cleared_at IS 'null while it is open';
COMMENT ON COLUMN alarms.acknowledged_at IS 'in real time';

-- What is stored is looked at by the rules of alarms once, whatever falls meanwhile.
CREATE TABLE alarm_looks (
    is_only   boolean     NOT NULL DEFAULT true,
    looked_at timestamptz NOT NULL,

    CONSTRAINT alarm_looks_pkey     PRIMARY KEY (is_only),
    CONSTRAINT alarm_looks_only_one CHECK (is_only)
);

COMMENT ON TABLE  alarm_looks IS 'Up to when readings were looked at: one row, from the first look on.';
COMMENT ON COLUMN alarm_looks.looked_at IS 'all that was stored before was looked at, by the clock of the database';

CREATE TABLE alarm_recipients (
    id           bigserial CONSTRAINT alarm_recipients_pkey PRIMARY KEY,
    site_id      bigint    NOT NULL,
    kind         text      NOT NULL,
    address      text      NOT NULL,
    min_severity text      NOT NULL DEFAULT 'warning',
    enabled      boolean   NOT NULL DEFAULT true,
    problem      text,

    CONSTRAINT alarm_recipients_site_fk        FOREIGN KEY (site_id) REFERENCES sites (id) ON DELETE CASCADE,
    CONSTRAINT alarm_recipients_address_key    UNIQUE (site_id, kind, address),
    CONSTRAINT alarm_recipients_kind_known     CHECK (kind IN ('webhook', 'email')),
    CONSTRAINT alarm_recipients_address_given  CHECK (address <> ''),
    CONSTRAINT alarm_recipients_severity_known CHECK (min_severity IN ('info', 'warning', 'critical'))
);

COMMENT ON TABLE  alarm_recipients IS 'Who is told of the alarms of a site.';
COMMENT ON COLUMN alarm_recipients.address IS 'URL of the webhook, or address of the mailbox';
COMMENT ON COLUMN alarm_recipients.min_severity IS 'graver alarms are told, too';
COMMENT ON COLUMN alarm_recipients.problem IS 'why a message was given up, until one is delivered';

CREATE TABLE alarm_outbox (
    id           bigserial   CONSTRAINT alarm_outbox_pkey PRIMARY KEY,
    recipient_id bigint      NOT NULL,
    alarm_id     bigint      NOT NULL,
    event        text        NOT NULL,
    attempts     integer     NOT NULL DEFAULT 0,
    next_at      timestamptz NOT NULL DEFAULT now(),
    problem      text,
    created_at   timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT alarm_outbox_recipient_fk FOREIGN KEY (recipient_id) REFERENCES alarm_recipients (id) ON DELETE CASCADE,
    CONSTRAINT alarm_outbox_alarm_fk     FOREIGN KEY (alarm_id) REFERENCES alarms (id) ON DELETE CASCADE,
    CONSTRAINT alarm_outbox_once_key     UNIQUE (recipient_id, alarm_id, event),
    CONSTRAINT alarm_outbox_event_known  CHECK (event IN ('raised', 'cleared'))
);

CREATE INDEX alarm_outbox_next_idx ON alarm_outbox (next_at, id);

COMMENT ON TABLE  alarm_outbox IS 'What is still to be told. A row goes when it was delivered, or given up.';
COMMENT ON COLUMN alarm_outbox.next_at IS 'when it is tried next';
COMMENT ON COLUMN alarm_outbox.problem IS 'why it was not delivered the last time';
