-- How often loggers write down what they read, for their meters to be waited for as long.

ALTER TABLE acquisuite_activity
    ADD COLUMN log_period_minutes smallint,
    ADD CONSTRAINT acquisuite_activity_period_range CHECK (log_period_minutes BETWEEN 1 AND 60);

COMMENT ON COLUMN acquisuite_activity.log_period_minutes IS 'LOGPERIOD, as the logger last stated it; NULL where it never did';

-- What loggers stated in their own files already.
WITH stated AS (
    SELECT serial_number, substring(content FROM '(?in)^\s*LOGPERIOD\s*=\s*0*(\d{1,2})\s*$')::smallint AS minutes
    FROM acquisuite_files WHERE file_name = 'loggerconfig.ini'
)
INSERT INTO acquisuite_activity AS known (serial_number, log_period_minutes)
SELECT serial_number, minutes FROM stated WHERE minutes BETWEEN 1 AND 60
ON CONFLICT (serial_number) DO UPDATE SET log_period_minutes = excluded.log_period_minutes;
