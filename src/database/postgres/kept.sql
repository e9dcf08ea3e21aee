SELECT json_build_object('kind', 'column', 'table', a.attrelid::int8, 'id', a.attnum, 'name', a.attname, 'on', a.attrelid::regclass::text,
    'definition', CASE WHEN t.typcollation <> 0 THEN 'collatable' ELSE '' END,
    'type_text', format_type(a.atttypid, a.atttypmod),
    'set', json_build_object(
        'collation', CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
        'storage', CASE WHEN a.attstorage <> t.typstorage
                        THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END,
        'compression', CASE to_jsonb(a) ->> 'attcompression' WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,
        'domain', CASE WHEN t.typtype = 'd' THEN format_type(a.atttypid, NULL) END,
        'statistics', CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END))::text
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid IN ({tables}) AND a.attnum > 0 AND NOT a.attisdropped AND a.attinhcount = 0
UNION ALL
SELECT json_build_object('kind', 'index', 'table', i.indrelid::int8, 'id', i.indexrelid::int8, 'name', c.relname,
    'on', i.indrelid::regclass::text, 'definition', pg_get_indexdef(i.indexrelid))::text
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid IN ({tables}) AND NOT c.relispartition AND NOT EXISTS (SELECT 1 FROM pg_constraint r WHERE r.conindid = i.indexrelid AND r.contype IN ('p', 'u', 'x'))
UNION ALL
SELECT json_build_object('kind', 'constraint', 'table', r.conrelid::int8, 'id', r.oid::int8, 'name', r.conname,
    'on', r.conrelid::regclass::text, 'definition', pg_get_constraintdef(r.oid))::text
FROM pg_constraint r WHERE r.conrelid IN ({tables}) AND r.contype IN ('p', 'u', 'x', 'c', 'f') AND r.conparentid = 0 AND r.coninhcount = 0
UNION ALL
SELECT json_build_object('kind', 'trigger', 'table', g.tgrelid::int8, 'id', g.oid::int8, 'name', g.tgname,
    'on', g.tgrelid::regclass::text, 'definition', pg_get_triggerdef(g.oid))::text
FROM pg_trigger g WHERE g.tgrelid IN ({tables}) AND NOT g.tgisinternal AND coalesce(to_jsonb(g) ->> 'tgparentid', '0') = '0'
UNION ALL
SELECT json_build_object('kind', 'statistics object', 'table', s.stxrelid::int8, 'id', s.oid::int8, 'name', s.stxname,
    'on', s.stxrelid::regclass::text, 'definition', pg_get_statisticsobjdef(s.oid))::text
FROM pg_statistic_ext s WHERE s.stxrelid IN ({tables})
UNION ALL
SELECT json_build_object('kind', 'rule', 'table', r.ev_class::int8, 'id', r.oid::int8, 'name', r.rulename,
    'on', r.ev_class::regclass::text, 'definition', pg_get_ruledef(r.oid))::text
FROM pg_rewrite r WHERE r.ev_class IN ({tables})
UNION ALL
SELECT json_build_object('kind', 'policy', 'table', p.polrelid::int8, 'id', p.oid::int8, 'name', p.polname,
    'on', p.polrelid::regclass::text, 'definition', coalesce(pg_get_expr(p.polqual, p.polrelid), ''))::text
FROM pg_policy p WHERE p.polrelid IN ({tables})
