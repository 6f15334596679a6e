-- The clock by which old readings go: one row, from the first start on.
CREATE TABLE retention_clock (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    at timestamptz NOT NULL,
    leap_seen timestamptz,
    leap_last timestamptz,
    CHECK ((leap_seen IS NULL) = (leap_last IS NULL))
);
