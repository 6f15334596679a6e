-- Carbon emissions with solar offset
WITH emissions AS (
    SELECT 
        -- Grid carbon
        SUM(CASE WHEN em.meter_type = 'Grid' THEN mr.total_energy_kwh * 0.5 ELSE 0 END) as grid_carbon,
        
        -- DG carbon (diesel × 2.68)
        SUM(CASE WHEN em.meter_type = 'DG' THEN mr.diesel_consumption_liters * 2.68 ELSE 0 END) as dg_carbon,
        
        -- Solar offset
        SUM(CASE WHEN em.meter_type = 'Solar' THEN mr.total_energy_kwh * 0.5 ELSE 0 END) as solar_offset
    FROM meter_readings mr
    JOIN energy_meters em ON mr.meter_id = em.id
    WHERE mr.timestamp >= CURRENT_DATE
)
SELECT 
    grid_carbon + dg_carbon as total_emissions,
    solar_offset as renewable_offset,
    (grid_carbon + dg_carbon - solar_offset) as net_emissions
FROM emissions;
