-- Grid connection
INSERT INTO energy_meters (meter_number, meter_name, meter_type, level) VALUES
    ('GRID-001', 'Main Grid', 'Grid', 0);

-- Power station main
INSERT INTO energy_meters (meter_number, meter_name, meter_type, level, parent_meter_id) VALUES
    ('PS-001', 'Power Station Main', 'Main', 1, (SELECT id FROM energy_meters WHERE meter_number = 'GRID-001'));

-- Add all 92 meters following the hierarchy...
-- DG, Solar, PMD, SMD, Units, Machines
