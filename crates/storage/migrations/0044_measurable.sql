-- What a plant can have: figures beyond these are slips, and some of them no program can read back. What is
-- stored already stays until somebody changes it.

ALTER TABLE sites
    ADD CONSTRAINT sites_grid_capacity_measurable CHECK (grid_capacity_kw <= 1e9) NOT VALID,
    ADD CONSTRAINT sites_grid_distance_measurable CHECK (grid_distance_limit_m <= 1e9) NOT VALID;

ALTER TABLE energy_meters
    ADD CONSTRAINT energy_meters_rated_power_measurable CHECK (rated_power_kw <= 1e9) NOT VALID,
    ADD CONSTRAINT energy_meters_modulus_measurable     CHECK (register_modulus_kwh <= 1e12) NOT VALID,
    ADD CONSTRAINT energy_meters_step_measurable        CHECK (register_step_kwh <= 1e12) NOT VALID;

ALTER TABLE unmetered_loads
    ADD CONSTRAINT unmetered_loads_power_measurable CHECK (power_kw <= 1e9) NOT VALID;

ALTER TABLE emission_factors
    ADD CONSTRAINT emission_factors_value_measurable CHECK (value <= 1e9) NOT VALID;

ALTER TABLE virtual_meters
    ADD CONSTRAINT virtual_meters_factor_measurable CHECK (abs(factor) <= 1e9) NOT VALID;

ALTER TABLE alarm_rules
    ADD CONSTRAINT alarm_rules_nominal_measurable CHECK (nominal <= 1e9) NOT VALID,
    ADD CONSTRAINT alarm_rules_tank_measurable    CHECK (tank_litres <= 1e9) NOT VALID,
    ADD CONSTRAINT alarm_rules_limits_measurable  CHECK (abs(raise_at) <= 1e12 AND abs(clear_at) <= 1e12) NOT VALID;
