-- The price of diesel holds by version, as the factors that its carbon is counted with.
ALTER TABLE emission_factors
    DROP CONSTRAINT emission_factors_kind_known,
    DROP CONSTRAINT emission_factors_unit_known,
    ADD CONSTRAINT emission_factors_kind_known CHECK (kind IN ('grid', 'diesel', 'solar', 'sfc', 'diesel_price')),
    ADD CONSTRAINT emission_factors_unit_known CHECK (unit = CASE kind WHEN 'diesel' THEN 'kg/L' WHEN 'sfc' THEN 'L/kWh' WHEN 'diesel_price' THEN 'per L' ELSE 'kg/kWh' END);
