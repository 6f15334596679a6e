-- Daily loss report
SELECT 
    DATE(mr.timestamp) as date,
    parent.meter_name as source,
    SUM(parent_reading.total_energy_kwh) as source_energy,
    SUM(mr.total_energy_kwh) as child_energy,
    SUM(parent_reading.total_energy_kwh - mr.total_energy_kwh) as loss,
    AVG((parent_reading.total_energy_kwh - mr.total_energy_kwh) / parent_reading.total_energy_kwh * 100) as loss_percent
FROM meter_readings mr
JOIN energy_meters child ON mr.meter_id = child.id
JOIN energy_meters parent ON child.parent_meter_id = parent.id
JOIN meter_readings parent_reading ON parent_reading.meter_id = parent.id
WHERE mr.timestamp >= CURRENT_DATE - INTERVAL '7 days'
GROUP BY DATE(mr.timestamp), parent.meter_name;
