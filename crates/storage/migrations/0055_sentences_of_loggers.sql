-- Why lines and uploads of loggers were refused, and what happened to loggers, is kept by its code with what stands
-- in the sentence. What is there was said in words alone.

ALTER TABLE acquisuite_activity
    ALTER COLUMN last_refused TYPE jsonb
        USING CASE WHEN last_refused IS NOT NULL
            THEN jsonb_build_object('code', 'foreign', 'message', last_refused) END,
    ALTER COLUMN last_event TYPE jsonb
        USING CASE WHEN last_event IS NOT NULL
            THEN jsonb_build_object('code', 'foreign', 'message', last_event) END;

ALTER TABLE acquisuite_refusals
    ALTER COLUMN detail TYPE jsonb USING jsonb_build_object('code', 'foreign', 'message', detail);
