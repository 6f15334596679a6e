-- A step in quarantine says what a person is asked: of those found before, as far as their figures tell.

ALTER TABLE quarantine
    ADD COLUMN kind      text NOT NULL DEFAULT 'step',
    ADD COLUMN rated_kw  double precision,
    ADD COLUMN needed_kw double precision;

UPDATE quarantine SET kind = CASE
        WHEN delta = 0 THEN 'two_registers'
        WHEN delta < 0 AND delta = value - previous THEN 'counts_down'
        ELSE 'step_back'
    END
WHERE delta = 0 OR value < previous;

ALTER TABLE quarantine
    ADD CONSTRAINT quarantine_kind_known   CHECK (kind IN ('step', 'step_back', 'exchange', 'beyond_rated', 'two_registers', 'counts_down')),
    ADD CONSTRAINT quarantine_powers_known CHECK (num_nonnulls(rated_kw, needed_kw) = CASE kind WHEN 'beyond_rated' THEN 2 ELSE 0 END);

COMMENT ON COLUMN quarantine.kind IS 'what a person is asked about it';
COMMENT ON COLUMN quarantine.rated_kw IS 'the rated power when it was found';
COMMENT ON COLUMN quarantine.needed_kw IS 'the highest power that it takes';
