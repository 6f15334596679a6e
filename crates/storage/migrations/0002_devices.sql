-- Connections that meters are read through. Only settings: what a driver last saw lives in memory.

CREATE TABLE devices (
    id               bigserial CONSTRAINT devices_pkey PRIMARY KEY,
    meter_id         bigint    NOT NULL,
    protocol         text      NOT NULL,
    poll_interval_ms bigint    NOT NULL,
    communication    jsonb     NOT NULL,
    enabled          boolean   NOT NULL DEFAULT true,

    CONSTRAINT devices_meter_key          UNIQUE (meter_id),
    CONSTRAINT devices_meter_fk           FOREIGN KEY (meter_id) REFERENCES energy_meters (id) ON DELETE CASCADE,
    CONSTRAINT devices_protocol_known     CHECK (protocol IN ('modbus', 'mqtt', 'http')),
    CONSTRAINT devices_poll_range         CHECK (poll_interval_ms BETWEEN 100 AND 86400000),
    CONSTRAINT devices_communication_form CHECK (jsonb_typeof(communication) = 'object')
);

COMMENT ON COLUMN devices.poll_interval_ms IS 'ms between two readings';
COMMENT ON COLUMN devices.communication IS 'settings of the protocol, as given';
