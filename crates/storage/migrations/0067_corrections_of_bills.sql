-- Which bills rested on estimates, and which correct earlier ones, is asked of thousands of meters at once: most have none.
CREATE INDEX bills_estimated_idx ON bills (meter_id, month) WHERE inputs @? '$.series[*] ? (@.estimated > 0)';
CREATE INDEX bills_correcting_idx ON bills (meter_id, month) WHERE inputs ? 'corrections';
