-- Sentences are stored by their codes, with what stands in them. Those that were stored before stay as they were said.

CREATE FUNCTION pg_temp.said(message text) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT
RETURN jsonb_build_object('code', 'foreign', 'message', message);

ALTER TABLE alarms ALTER about TYPE jsonb USING pg_temp.said(about);
ALTER TABLE alarm_outbox ALTER problem TYPE jsonb USING pg_temp.said(problem);
ALTER TABLE alarm_recipients ALTER problem TYPE jsonb USING pg_temp.said(problem);
ALTER TABLE set_aside ALTER error TYPE jsonb USING pg_temp.said(error);

COMMENT ON COLUMN alarms.about IS 'what it says: its code, what stands in it, and the sentence in English';
COMMENT ON COLUMN alarm_outbox.problem IS 'why it was not delivered the last time, as alarms.about';
COMMENT ON COLUMN set_aside.error IS 'why it failed last, as alarms.about';
