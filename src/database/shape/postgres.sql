WITH places AS (
    SELECT oid, CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END AS prefix
    FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'
), tables AS (
    SELECT c.oid, p.prefix || c.relname AS name
    FROM pg_class c JOIN places p ON p.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND c.relname <> '_sqlx_migrations'
)
SELECT 'column ' || t.name || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
       || CASE a.attidentity WHEN '' THEN '' WHEN 'a' THEN ' IDENTITY ALWAYS' ELSE ' IDENTITY' END
       || CASE WHEN a.attgenerated::text = '' THEN '' ELSE ' GENERATED' END
       || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
       || coalesce(' COMMENT ' || col_description(t.oid, a.attnum), '')
FROM tables t
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
UNION ALL
SELECT 'constraint ' || r.conname || ' on ' || t.name || ': ' || pg_get_constraintdef(r.oid)
FROM pg_constraint r JOIN tables t ON t.oid = r.conrelid
WHERE r.contype <> 'n'
UNION ALL
SELECT 'index ' || i.indexname || ': ' || i.indexdef
FROM pg_indexes i
WHERE i.schemaname IN (SELECT nspname FROM pg_namespace WHERE oid IN (SELECT oid FROM places))
  AND i.tablename <> '_sqlx_migrations'
UNION ALL
SELECT 'enum ' || p.prefix || t.typname || ' ' || string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder)
FROM pg_type t JOIN places p ON p.oid = t.typnamespace JOIN pg_enum e ON e.enumtypid = t.oid
GROUP BY p.prefix, t.typname
UNION ALL
SELECT 'table ' || name || ' COMMENT ' || obj_description(oid, 'pg_class')
FROM tables WHERE obj_description(oid, 'pg_class') IS NOT NULL
UNION ALL
SELECT 'view ' || p.prefix || c.relname || ': ' || pg_get_viewdef(c.oid)
FROM pg_class c JOIN places p ON p.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm')
UNION ALL
SELECT 'trigger ' || pg_get_triggerdef(g.oid)
FROM pg_trigger g JOIN tables t ON t.oid = g.tgrelid
WHERE NOT g.tgisinternal
