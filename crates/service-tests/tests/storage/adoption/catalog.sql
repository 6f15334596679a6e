-- All that makes up the schema, a line for each thing. Columns go by their names: those that were added later stand
-- at the end of their tables. Constraints count as the same whether or not rows from before were held against them.
-- Partitions follow the months in which they were made.
WITH relation AS (
    SELECT oid, relname, relkind, relpersistence, reloptions FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND NOT relispartition
)
SELECT line FROM (
    SELECT format('relation %s: %s %s %s %s', relname, relkind, relpersistence, reloptions,
        CASE WHEN relkind = 'p' THEN pg_get_partkeydef(oid) END) AS line
    FROM relation
    UNION ALL
    SELECT format('column %s.%s: %s, not null: %s, default: %s %s', relname, attname,
        format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), attgenerated)
    FROM relation
    JOIN pg_attribute column_ ON attrelid = relation.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relkind IN ('r', 'p', 'v', 'm')
    UNION ALL
    SELECT format('constraint %s.%s: %s', relname, conname,
        replace(pg_get_constraintdef(pg_constraint.oid), ' NOT VALID', ''))
    FROM relation JOIN pg_constraint ON conrelid = relation.oid
    UNION ALL
    SELECT format('index %s', pg_get_indexdef(indexrelid))
    FROM relation JOIN pg_index ON indexrelid = relation.oid
    UNION ALL
    SELECT format('trigger %s, enabled: %s', pg_get_triggerdef(pg_trigger.oid), tgenabled)
    FROM relation JOIN pg_trigger ON tgrelid = relation.oid AND NOT tgisinternal
    UNION ALL
    SELECT format('function %s', pg_get_functiondef(oid))
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT format('sequence %s: %s from %s by %s to %s, of %s.%s', relname, seqtypid::regtype, seqstart, seqincrement,
        seqmax, refobjid::regclass, attname)
    FROM relation JOIN pg_sequence ON seqrelid = relation.oid
    JOIN pg_depend ON classid = 'pg_class'::regclass AND objid = relation.oid AND deptype = 'a'
    JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
    UNION ALL
    SELECT format('type %s %s', typname, typtype)
    FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typrelid = 0 AND typelem = 0
) AS found ORDER BY line COLLATE "C";
