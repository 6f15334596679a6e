-- Why a connection was rejected is kept as a sentence with its code, so that it can be told in any language. What is
-- answered under a key says the same code.

CREATE FUNCTION pg_temp.code_of_reason(reason text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE reason
        WHEN 'No transformer nearby can support this load safely' THEN 'unfit.nowhere'
        WHEN 'Transformer overloaded for consumption' THEN 'unfit.consumption'
        WHEN 'Transformer cannot support additional solar injection' THEN 'unfit.production'
        WHEN 'Voltage at the premises would leave the permitted range' THEN 'unfit.voltage'
        ELSE 'foreign'
    END
$$;

ALTER TABLE connections ALTER COLUMN reason TYPE jsonb
    USING CASE WHEN reason IS NOT NULL
        THEN jsonb_build_object('code', pg_temp.code_of_reason(reason), 'message', reason)
    END;

UPDATE connections
SET answer = answer || jsonb_build_object('reason_code', pg_temp.code_of_reason(answer ->> 'reason'))
WHERE answer ? 'reason';

DROP FUNCTION pg_temp.code_of_reason;
