-- What a source that errs without end can fill is looked up by when it arrived, to be bounded and dropped.

CREATE INDEX reading_conflicts_received_idx ON reading_conflicts (meter_id, received_at);
