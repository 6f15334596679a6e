-- From SCADA/Modbus/OPC UA
INSERT INTO meter_readings (meter_id, timestamp, active_power_kw, total_energy_kwh, diesel_consumption_liters) VALUES
    ((SELECT id FROM energy_meters WHERE meter_number = 'DG-001'),
     NOW(),
     450, -- 450 kW current power
     125000, -- 125,000 kWh cumulative
     280); -- 280 liters diesel used
