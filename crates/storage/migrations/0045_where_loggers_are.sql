-- Places among uploads are kept for loggers that are known: after a start they are known by this.
ALTER TABLE acquisuite_activity
    ADD COLUMN heard_from inet,
    ADD COLUMN heard_at   timestamptz,
    ADD CONSTRAINT acquisuite_activity_heard_whole CHECK ((heard_from IS NULL) = (heard_at IS NULL));

COMMENT ON COLUMN acquisuite_activity.heard_from IS 'the address from which it last proved who it is; of IPv6 the network of 64 bits';
COMMENT ON COLUMN acquisuite_activity.heard_at IS 'when that was, to a day';
