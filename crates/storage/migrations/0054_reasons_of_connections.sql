-- Why a connection was rejected is kept as a sentence with its code, so that it can be told in any language.

ALTER TABLE connections ALTER COLUMN reason TYPE jsonb
    USING CASE WHEN reason IS NOT NULL THEN jsonb_build_object(
        'code',
        CASE reason
            WHEN 'No transformer nearby can support this load safely' THEN 'unfit.nowhere'
            WHEN 'Transformer overloaded for consumption' THEN 'unfit.consumption'
            WHEN 'Transformer cannot support additional solar injection' THEN 'unfit.production'
            WHEN 'Voltage at the premises would leave the permitted range' THEN 'unfit.voltage'
            ELSE 'foreign'
        END,
        'message', reason
    ) END;
