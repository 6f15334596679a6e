-- Every meter that measures has a prefix for its channels, unique in its site.
--
-- Where none is stated, the site's first meter that is of type Grid or counts as grid gets 'grid', and
-- any other its number in small letters. A prefix made of the number follows its meter when that gets
-- another number or becomes the first grid meter. Retiring a meter sets its prefix free.

UPDATE energy_meters meter SET channel_prefix = NULL
WHERE channel_prefix IS NOT NULL
    AND (channel_prefix = '' OR retired_at IS NOT NULL
        OR EXISTS (SELECT 1 FROM energy_meters other
            WHERE other.site_id = meter.site_id AND other.channel_prefix = meter.channel_prefix
                AND other.retired_at IS NULL AND other.id < meter.id));

ALTER TABLE energy_meters
    ADD CONSTRAINT energy_meters_channel_prefix_given CHECK (channel_prefix <> ''),
    -- Deferrable, so that a configuration can be taken in whose meters exchange their prefixes.
    ADD CONSTRAINT energy_meters_channel_prefix_key EXCLUDE USING btree
        (site_id WITH =, channel_prefix WITH =) WHERE (retired_at IS NULL) DEFERRABLE;

COMMENT ON COLUMN energy_meters.channel_prefix IS 'what its channels begin with, such as grid in grid/ActivePower; null of a retired meter';

-- Whether no other meter of a site has a prefix.
CREATE FUNCTION energy_meters_prefix_is_free(site bigint, number text, prefix text) RETURNS boolean LANGUAGE sql AS $$
    SELECT NOT EXISTS (SELECT 1 FROM energy_meters other
        WHERE other.site_id = site AND other.channel_prefix = prefix
            AND other.retired_at IS NULL AND other.meter_number <> number)
$$;

CREATE FUNCTION energy_meters_default_prefix() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    grid boolean := NEW.meter_type = 'Grid' OR NEW.load_role = 'grid';
BEGIN
    IF NEW.retired_at IS NOT NULL THEN
        NEW.channel_prefix := NULL;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.channel_prefix = OLD.channel_prefix AND OLD.channel_prefix = lower(OLD.meter_number)
            AND (NEW.meter_number <> OLD.meter_number
                OR (grid AND OLD.meter_type <> 'Grid' AND OLD.load_role <> 'grid')) THEN
            NEW.channel_prefix := NULL;
        END IF;
    END IF;
    IF NEW.channel_prefix IS NOT NULL THEN
        RETURN NEW;
    END IF;
    IF grid AND energy_meters_prefix_is_free(NEW.site_id, NEW.meter_number, 'grid') THEN
        -- Of two first grid meters at the same time the second waits here, and looks again. The lock
        -- is that of the tree.
        PERFORM pg_advisory_xact_lock(6283185307179586);
        IF energy_meters_prefix_is_free(NEW.site_id, NEW.meter_number, 'grid') THEN
            NEW.channel_prefix := 'grid';
            RETURN NEW;
        END IF;
    END IF;
    -- An empty number is refused as such.
    NEW.channel_prefix := nullif(lower(NEW.meter_number), '');
    IF NOT energy_meters_prefix_is_free(NEW.site_id, NEW.meter_number, NEW.channel_prefix) THEN
        NEW.channel_prefix := NEW.channel_prefix || '_' || NEW.id;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER energy_meters_default_prefix BEFORE INSERT OR UPDATE ON energy_meters
    FOR EACH ROW EXECUTE FUNCTION energy_meters_default_prefix();

UPDATE energy_meters SET channel_prefix = NULL
WHERE channel_prefix IS NULL AND id IN (SELECT min(id) FROM energy_meters
    WHERE retired_at IS NULL AND (meter_type = 'Grid' OR load_role = 'grid') GROUP BY site_id);
UPDATE energy_meters SET channel_prefix = NULL WHERE channel_prefix IS NULL AND retired_at IS NULL;
