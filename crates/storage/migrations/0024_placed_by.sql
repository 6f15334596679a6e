-- Who said what a meter measures and where it hangs. A meter that was made when something unknown sent
-- readings belongs to no total until somebody says; what the settings of a logger say of its meters
-- holds until a person says otherwise.

ALTER TABLE energy_meters
    ADD COLUMN placed_by text NOT NULL DEFAULT 'person',
    ADD CONSTRAINT energy_meters_placed_by_known CHECK (placed_by IN ('nobody', 'logger', 'person'));

COMMENT ON COLUMN energy_meters.placed_by IS 'who said what it measures and where it hangs: nobody yet, the settings of its logger, or a person';

-- Meters of loggers that are as they were made.
CREATE TEMPORARY TABLE untouched ON COMMIT DROP AS
SELECT meter.id FROM energy_meters meter
WHERE meter.id IN (SELECT meter_id FROM acquisuite_devices
        UNION SELECT missing_meter_id FROM acquisuite_loggers)
    AND meter.meter_type = 'Other' AND meter.load_role = 'none' AND meter.parent_meter_id IS NULL
    AND NOT meter.feeds_parent;

-- What the settings say that a meter measures. The computed one is what no device was named for.
CREATE TEMPORARY TABLE measured ON COMMIT DROP AS
SELECT logger.serial_number, device.meter_id,
    CASE device.address WHEN logger.utility_address THEN 'utility'
        WHEN logger.load_address THEN 'load' ELSE 'solar' END AS part
FROM acquisuite_loggers logger JOIN acquisuite_devices device USING (serial_number)
WHERE device.address IN (logger.utility_address, logger.load_address, logger.solar_address)
UNION ALL
SELECT serial_number, missing_meter_id,
    CASE WHEN utility_address IS NULL THEN 'utility'
        WHEN load_address IS NULL THEN 'load' ELSE 'solar' END
FROM acquisuite_loggers WHERE missing_meter_id IS NOT NULL;

UPDATE energy_meters meter SET placed_by = 'nobody'
FROM untouched
WHERE meter.id = untouched.id
    AND NOT EXISTS (SELECT 1 FROM energy_meters child WHERE child.parent_meter_id = meter.id)
    AND NOT EXISTS (SELECT 1 FROM audit_log entry
        WHERE entry.subject = 'meter:' || meter.id AND entry.action = 'meter.update');

UPDATE energy_meters meter SET placed_by = 'logger',
    meter_type = CASE measured.part WHEN 'utility' THEN 'Grid' WHEN 'load' THEN 'Main' ELSE 'Solar' END,
    load_role = CASE measured.part WHEN 'utility' THEN 'grid' WHEN 'solar' THEN 'solar'
        ELSE CASE WHEN hung.id IS NULL THEN 'building' ELSE 'zone' END END,
    feeds_parent = measured.part = 'solar' AND hung.id IS NOT NULL,
    parent_meter_id = CASE WHEN measured.part <> 'utility' THEN hung.id END
FROM untouched JOIN measured ON measured.meter_id = untouched.id
    LEFT JOIN measured utility
        ON utility.serial_number = measured.serial_number AND utility.part = 'utility'
    LEFT JOIN energy_meters hung ON hung.id = utility.meter_id
        AND hung.retired_at IS NULL AND hung.parent_meter_id IS NULL
WHERE meter.id = untouched.id AND meter.retired_at IS NULL;
