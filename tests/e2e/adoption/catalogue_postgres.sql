SELECT 'column ' || c.oid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull
       || ' ' || a.attidentity::text || a.attgenerated::text || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || ' '
       || coalesce(l.collname, '') || ' ' || coalesce(col_description(c.oid, a.attnum), '')
       || ' ' || a.attstorage::text || ' ' || coalesce(a.attstattarget, -1)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped AND c.relname NOT LIKE '\_sqlx%'
UNION ALL
SELECT c.relkind::text || ' ' || c.relname || ' ' || c.relpersistence::text || ' ' || coalesce(c.reloptions::text, '') || ' '
       || coalesce(pg_get_expr(c.relpartbound, c.oid), '') || ' ' || coalesce(pg_get_partkeydef(c.oid), '') || ' '
       || coalesce(obj_description(c.oid, 'pg_class'), '') || ' ' || c.relreplident::text
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE '\_sqlx%'
UNION ALL
SELECT 'constraint ' || conname || ' ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid) || ' ' || condeferrable || condeferred
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> '_sqlx_migrations'
UNION ALL
SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_sqlx_migrations'
UNION ALL
SELECT 'view ' || c.relname || ' ' || pg_get_viewdef(c.oid)
FROM pg_class c WHERE c.relkind IN ('v', 'm') AND c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'trigger ' || pg_get_triggerdef(g.oid) FROM pg_trigger g WHERE NOT g.tgisinternal
UNION ALL
SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.prokind IN ('f', 'p')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT 'type ' || t.typname || ' ' || t.typtype::text || ' ' || coalesce(format_type(t.typbasetype, t.typtypmod), '') || ' '
       || coalesce((SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '')
FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('e', 'd', 'c') AND t.typname NOT LIKE '\_sqlx%'
UNION ALL
SELECT 'sequence ' || sequencename || ' ' || data_type || ' ' || start_value || ' ' || min_value || ' ' || max_value || ' ' || increment_by
FROM pg_sequences WHERE schemaname = 'public'
UNION ALL
SELECT 'owner ' || d.objid::regclass || ' ' || d.refobjid::regclass || ' ' || d.refobjsubid
FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S'
WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'a'
UNION ALL
SELECT 'extension ' || extname FROM pg_extension WHERE extname <> 'plpgsql'
UNION ALL
SELECT 'policy ' || p.polname || ' ' || p.polrelid::regclass || ' ' || p.polcmd::text || p.polpermissive || ' ' || p.polroles::text || ' '
       || coalesce(pg_get_expr(p.polqual, p.polrelid), '') || ' ' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
FROM pg_policy p
UNION ALL
SELECT 'range ' || r.rngtypid::regtype || ' ' || r.rngsubtype::regtype || ' ' || r.rngsubdiff::text || ' ' || r.rngcanonical::text FROM pg_range r
JOIN pg_type t ON t.oid = r.rngtypid WHERE t.typnamespace = 'public'::regnamespace
UNION ALL
SELECT 'collation ' || l.collname || ' ' || l.collprovider::text || l.collisdeterministic FROM pg_collation l
WHERE l.collnamespace = 'public'::regnamespace
UNION ALL
SELECT 'words ' || m.mapcfg::regconfig || ' ' || m.maptokentype || ' ' || m.mapseqno || ' ' || m.mapdict::regdictionary
FROM pg_ts_config_map m WHERE m.mapcfg >= 16384
UNION ALL
SELECT 'dictionary ' || d.dictname || ' ' || coalesce(d.dictinitoption, '') FROM pg_ts_dict d WHERE d.oid >= 16384
UNION ALL
SELECT 'operator ' || o.oid::regoperator || ' ' || o.oprcode || ' ' || o.oprcom::regoperator FROM pg_operator o
WHERE o.oprnamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_operator'::regclass AND d.objid = o.oid AND d.deptype = 'e')
UNION ALL
SELECT 'cast ' || c.castsource::regtype || ' ' || c.casttarget::regtype || ' ' || c.castmethod::text FROM pg_cast c
WHERE c.oid >= 16384
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT 'clustered ' || i.indexrelid::regclass FROM pg_index i WHERE i.indisclustered
UNION ALL
SELECT 'comment ' || o.identity || ' ' || d.description FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) o
WHERE d.objoid >= 16384 AND o.type <> 'extension'
  AND NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.classid = d.classoid AND x.objid = d.objoid AND x.deptype = 'e')
UNION ALL
SELECT 'comment on the schema ' || d.description FROM pg_description d
WHERE d.classoid = 'pg_namespace'::regclass AND d.objoid = 'public'::regnamespace AND d.description <> 'standard public schema'
