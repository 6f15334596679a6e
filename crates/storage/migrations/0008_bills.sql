-- Tariffs, trades between neighbours, and what meters are billed.

CREATE TABLE tariffs (
    id         bigserial        CONSTRAINT tariffs_pkey PRIMARY KEY,
    site_id    bigint           NOT NULL,
    name       text             NOT NULL,
    currency   text             NOT NULL,
    valid_from date             NOT NULL,
    valid_to   date,
    terms      jsonb            NOT NULL,
    is_default boolean          NOT NULL DEFAULT false,

    CONSTRAINT tariffs_site_fk       FOREIGN KEY (site_id) REFERENCES sites (id),
    CONSTRAINT tariffs_name_given    CHECK (name <> ''),
    CONSTRAINT tariffs_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT tariffs_validity      CHECK (valid_to > valid_from),
    CONSTRAINT tariffs_version_key   UNIQUE (site_id, name, valid_from)
);

COMMENT ON TABLE  tariffs IS 'Versions of a site''s tariffs: those of one name follow each other and never overlap.';
COMMENT ON COLUMN tariffs.valid_from IS 'first day, on the site''s clock';
COMMENT ON COLUMN tariffs.valid_to IS 'first day after it; null while it holds';
COMMENT ON COLUMN tariffs.terms IS 'fixed charges, energy lines, demand, tax, netting and holidays, as the API gives them; prices are decimal strings';
COMMENT ON COLUMN tariffs.is_default IS 'what meters without a tariff of their own are priced with';

-- What the simulated world pays.
INSERT INTO tariffs (site_id, name, currency, valid_from, terms, is_default)
SELECT id, 'Standard', currency, DATE '1970-01-01',
    '{"fixedPerMonth": "0", "fixedPerDay": "0", "holidays": [], "demandPerKw": "0", "taxPercent": "0", "netting": "none",
      "energy": [{"direction": "import", "price": "6.0", "days": "all"},
                 {"direction": "export", "price": "4.0", "days": "all"}]}', true
FROM sites WHERE slug = 'world';

CREATE TABLE meter_tariffs (
    meter_id    bigint NOT NULL,
    tariff_name text   NOT NULL,
    valid_from  date   NOT NULL,

    CONSTRAINT meter_tariffs_pkey     PRIMARY KEY (meter_id, valid_from),
    CONSTRAINT meter_tariffs_meter_fk FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE
);

COMMENT ON TABLE meter_tariffs IS 'Which tariff a meter is priced with since when, by the name its versions share.';

CREATE TABLE p2p_trades (
    id              uuid        NOT NULL DEFAULT gen_random_uuid(),
    site_id         bigint      NOT NULL,
    buyer_meter_id  bigint      NOT NULL,
    seller_meter_id bigint      NOT NULL,
    units_kwh       numeric     NOT NULL,
    price_per_kwh   numeric     NOT NULL,
    "timestamp"     timestamptz NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT p2p_trades_pkey           PRIMARY KEY (id),
    CONSTRAINT p2p_trades_site_fk        FOREIGN KEY (site_id) REFERENCES sites (id),
    CONSTRAINT p2p_trades_buyer_fk       FOREIGN KEY (buyer_meter_id) REFERENCES energy_meters (id),
    CONSTRAINT p2p_trades_seller_fk      FOREIGN KEY (seller_meter_id) REFERENCES energy_meters (id),
    CONSTRAINT p2p_trades_two_sides      CHECK (buyer_meter_id <> seller_meter_id),
    CONSTRAINT p2p_trades_units_positive CHECK (units_kwh > 0),
    CONSTRAINT p2p_trades_price_positive CHECK (price_per_kwh > 0)
);

CREATE INDEX p2p_trades_time_idx ON p2p_trades (site_id, "timestamp", id);

COMMENT ON TABLE  p2p_trades IS 'Energy that one meter agreed to sell to another. What of it counts is settled when the month is billed.';
COMMENT ON COLUMN p2p_trades."timestamp" IS 'when it was agreed, on the clock of the site';
COMMENT ON COLUMN p2p_trades.created_at IS 'when it was stored, in real time';

CREATE TABLE bill_numbers (
    site_id bigint  NOT NULL,
    month   date    NOT NULL,
    last    integer NOT NULL,

    CONSTRAINT bill_numbers_pkey    PRIMARY KEY (site_id, month),
    CONSTRAINT bill_numbers_site_fk FOREIGN KEY (site_id) REFERENCES sites (id)
);

COMMENT ON TABLE bill_numbers IS 'The last number given to a bill of a site''s month. Its row is locked while bills are issued, so numbers have no gaps.';

CREATE TABLE bills (
    id            uuid             NOT NULL DEFAULT gen_random_uuid(),
    site_id       bigint           NOT NULL,
    meter_id      bigint           NOT NULL,
    month         date             NOT NULL,
    kind          text             NOT NULL DEFAULT 'bill',
    number        text,
    issued_at     timestamptz,
    generated_at  timestamptz      NOT NULL,
    side          text             NOT NULL,
    consumed_kwh  numeric          NOT NULL,
    produced_kwh  numeric          NOT NULL,
    coverage      double precision NOT NULL,
    estimated_kwh double precision NOT NULL,
    amount_due    numeric          NOT NULL,
    content       jsonb            NOT NULL,
    digest        text             NOT NULL,
    inputs        jsonb,
    override      jsonb,
    credits       uuid,
    reason        text,

    CONSTRAINT bills_pkey          PRIMARY KEY (id),
    CONSTRAINT bills_site_fk       FOREIGN KEY (site_id) REFERENCES sites (id),
    CONSTRAINT bills_meter_fk      FOREIGN KEY (meter_id) REFERENCES energy_meters (id),
    CONSTRAINT bills_credits_fk    FOREIGN KEY (credits) REFERENCES bills (id),
    CONSTRAINT bills_month_first   CHECK (extract(day FROM month) = 1),
    CONSTRAINT bills_kind_known    CHECK (kind IN ('bill', 'credit_note')),
    CONSTRAINT bills_side_known    CHECK (side IN ('consumer', 'prosumer')),
    CONSTRAINT bills_issued_whole  CHECK ((number IS NULL) = (issued_at IS NULL)
        AND (number IS NULL OR kind = 'credit_note' OR inputs IS NOT NULL)),
    CONSTRAINT bills_credit_note   CHECK ((kind = 'credit_note') = (credits IS NOT NULL)
        AND (kind = 'bill' OR number IS NOT NULL)),
    CONSTRAINT bills_number_key    UNIQUE (site_id, number),
    CONSTRAINT bills_credited_once UNIQUE (credits)
);

CREATE UNIQUE INDEX bills_draft_key ON bills (meter_id, month) WHERE number IS NULL;
CREATE INDEX bills_meter_idx ON bills (meter_id, month);
CREATE INDEX bills_site_idx ON bills (site_id, month, meter_id);

COMMENT ON TABLE  bills IS 'Bills of meters by month: drafts, which follow the data, and issued ones, which never change.';
COMMENT ON COLUMN bills.month IS 'first day of the month, on the site''s clock';
COMMENT ON COLUMN bills.number IS 'such as 2026-10-0147, one sequence for each site and month; null for a draft';
COMMENT ON COLUMN bills.generated_at IS 'when it was computed, on the clock of the site';
COMMENT ON COLUMN bills.issued_at IS 'when it was issued, on the clock of the site';
COMMENT ON COLUMN bills.digest IS 'SHA-256 of what it was computed from';
COMMENT ON COLUMN bills.inputs IS 'what an issued bill was computed from';
COMMENT ON COLUMN bills.override IS 'who let it be issued although its coverage is low, and why';
COMMENT ON COLUMN bills.credits IS 'of a credit note: the bill that it takes back';

-- An issued bill is what somebody holds in their hands.
CREATE FUNCTION bills_keep_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'bill % is issued and never changes: credit it instead', OLD.number
        USING ERRCODE = 'WL001', CONSTRAINT = 'bill_issued';
END
$$;

CREATE TRIGGER bills_keep_issued BEFORE UPDATE OR DELETE ON bills
    FOR EACH ROW WHEN (OLD.number IS NOT NULL) EXECUTE FUNCTION bills_keep_issued();

CREATE TABLE bill_runs (
    id          uuid        NOT NULL DEFAULT gen_random_uuid(),
    site_id     bigint      NOT NULL,
    month       date        NOT NULL,
    issue       boolean     NOT NULL,
    who         text        NOT NULL,
    state       text        NOT NULL DEFAULT 'running',
    total       integer     NOT NULL,
    done        integer     NOT NULL DEFAULT 0,
    issued      integer     NOT NULL DEFAULT 0,
    held_back   integer     NOT NULL DEFAULT 0,
    last_meter  bigint      NOT NULL DEFAULT 0,
    problem     text,
    started_at  timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,

    CONSTRAINT bill_runs_pkey        PRIMARY KEY (id),
    CONSTRAINT bill_runs_site_fk     FOREIGN KEY (site_id) REFERENCES sites (id),
    CONSTRAINT bill_runs_state_known CHECK (state IN ('running', 'done', 'cancelled', 'failed'))
);

CREATE UNIQUE INDEX bill_runs_one_running ON bill_runs (site_id, month) WHERE state = 'running';

COMMENT ON TABLE  bill_runs IS 'Bills of a whole site''s month, made piece by piece: a run goes on where it was, after a restart too.';
COMMENT ON COLUMN bill_runs.issue IS 'whether bills are issued, too';
COMMENT ON COLUMN bill_runs.held_back IS 'bills that were not issued since their coverage is too low, or one was issued before';
COMMENT ON COLUMN bill_runs.last_meter IS 'the meter that was done last; meters are done in order of their ids';

CREATE TABLE bill_run_omissions (
    run_id   uuid   NOT NULL,
    meter_id bigint NOT NULL,
    reason   text   NOT NULL,

    CONSTRAINT bill_run_omissions_pkey         PRIMARY KEY (run_id, meter_id),
    CONSTRAINT bill_run_omissions_run_fk       FOREIGN KEY (run_id) REFERENCES bill_runs (id) ON DELETE CASCADE,
    CONSTRAINT bill_run_omissions_meter_fk     FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT bill_run_omissions_reason_known CHECK (reason IN ('retired', 'not_installed', 'feeds_parent',
        'meters_below', 'not_placed', 'virtual', 'billed', 'low_coverage', 'no_tariff', 'period_frozen',
        'set_aside', 'failed'))
);

COMMENT ON TABLE bill_run_omissions IS 'Meters of the site that a run did not bill, or whose bill it did not issue.';
