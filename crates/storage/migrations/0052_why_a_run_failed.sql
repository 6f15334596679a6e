-- Why a run failed is a sentence by its code, so that each reader has it in their language.

ALTER TABLE bill_runs ALTER COLUMN problem TYPE jsonb
    USING CASE WHEN problem IS NOT NULL THEN jsonb_build_object('code', 'foreign', 'message', problem) END;
