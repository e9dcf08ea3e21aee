WITH RECURSIVE f(oid) AS (
    -- Changes of a table reach its partitions and the tables that inherit from it.
    SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = {schema} AND c.relname = {table}
    UNION
    SELECT i.inhrelid FROM f JOIN pg_inherits i ON i.inhparent = f.oid
), x AS (
    SELECT f.oid, a.attnum FROM f JOIN pg_attribute a ON a.attrelid = f.oid WHERE {column} AND NOT a.attisdropped
), d AS (
    SELECT d.classid, d.objid, x.oid AS relid, x.attnum FROM x JOIN pg_depend d
      ON d.refclassid = 'pg_class'::regclass AND d.refobjid = x.oid AND d.refobjsubid IN {numbers}
), v(oid, depth) AS (
    SELECT r.ev_class, 1 FROM d JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
    WHERE r.ev_class <> d.relid
    UNION
    SELECT r.ev_class, v.depth + 1 FROM v
    JOIN pg_depend e ON e.refclassid = 'pg_class'::regclass AND e.refobjid = v.oid AND e.classid = 'pg_rewrite'::regclass
    JOIN pg_rewrite r ON r.oid = e.objid WHERE r.ev_class <> v.oid AND v.depth < 100
)
SELECT json_build_object(
    'kind', CASE w.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END,
    'name', w.relname, 'depth', max(v.depth),
    'drop', 'DROP ' || CASE w.relkind WHEN 'm' THEN 'MATERIALIZED VIEW ' ELSE 'VIEW ' END || w.oid::regclass,
    'create', 'CREATE ' || CASE w.relkind WHEN 'm' THEN 'MATERIALIZED VIEW ' ELSE 'VIEW ' END || w.oid::regclass
        || coalesce(' WITH (' || array_to_string(w.reloptions, ', ') || ')', '')
        || ' AS ' || rtrim(pg_get_viewdef(w.oid), ';')
        || CASE WHEN w.relkind = 'm' AND NOT w.relispopulated THEN ' WITH NO DATA' ELSE '' END,
    'rest', array_to_json(
        ARRAY(SELECT 'ALTER TABLE ' || w.oid::regclass || ' ALTER COLUMN ' || quote_ident(a.attname) || ' SET DEFAULT '
                     || pg_get_expr(f.adbin, f.adrelid)
              FROM pg_attrdef f JOIN pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum WHERE f.adrelid = w.oid)
        || ARRAY(SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = w.oid)
        || ARRAY(SELECT pg_get_ruledef(r.oid) FROM pg_rewrite r WHERE r.ev_class = w.oid AND r.rulename <> '_RETURN')
        || ARRAY(SELECT pg_get_triggerdef(g.oid) FROM pg_trigger g WHERE g.tgrelid = w.oid AND NOT g.tgisinternal)
        || ARRAY(SELECT 'COMMENT ON ' || CASE WHEN s.objsubid > 0 THEN 'COLUMN ' || w.oid::regclass || '.' || quote_ident(a.attname)
                     WHEN w.relkind = 'm' THEN 'MATERIALIZED VIEW ' || w.oid::regclass ELSE 'VIEW ' || w.oid::regclass END
                     || ' IS ' || quote_literal(s.description)
                 FROM pg_description s LEFT JOIN pg_attribute a ON a.attrelid = w.oid AND a.attnum = s.objsubid AND s.objsubid > 0
                 WHERE s.classoid = 'pg_class'::regclass AND s.objoid = w.oid)
        || ARRAY(SELECT 'GRANT ' || p.privilege_type || ' ON ' || w.oid::regclass || ' TO '
                     || CASE p.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(p.grantee)) END
                     || CASE WHEN p.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
                 FROM aclexplode(w.relacl) p WHERE p.grantee <> w.relowner)
        || CASE WHEN pg_get_userbyid(w.relowner) <> current_user
                THEN ARRAY['ALTER TABLE ' || w.oid::regclass || ' OWNER TO ' || quote_ident(pg_get_userbyid(w.relowner))]
                ELSE '{}'::text[] END
    ))::text
FROM v JOIN pg_class w ON w.oid = v.oid WHERE w.relkind IN ('v', 'm') GROUP BY w.oid, w.relkind, w.relname, w.reloptions, w.relacl, w.relowner, w.relispopulated
UNION ALL
SELECT json_build_object('kind', 'trigger', 'name', g.tgname, 'drop', 'DROP TRIGGER ' || quote_ident(g.tgname) || ' ON ' || g.tgrelid::regclass,
    'create', pg_get_triggerdef(g.oid))::text
FROM d JOIN pg_trigger g ON d.classid = 'pg_trigger'::regclass AND g.oid = d.objid
WHERE NOT g.tgisinternal AND coalesce(to_jsonb(g) ->> 'tgparentid', '0') = '0'
UNION ALL
SELECT json_build_object('kind', 'rule', 'name', r.rulename, 'drop', 'DROP RULE ' || quote_ident(r.rulename) || ' ON ' || r.ev_class::regclass,
    'create', pg_get_ruledef(r.oid))::text
FROM (SELECT DISTINCT classid, objid FROM d) d JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
WHERE r.rulename <> '_RETURN'
UNION ALL
SELECT json_build_object('kind', 'policy', 'name', p.polname, 'drop', 'DROP POLICY ' || quote_ident(p.polname) || ' ON ' || p.polrelid::regclass,
    'create', 'CREATE POLICY ' || quote_ident(p.polname) || ' ON ' || p.polrelid::regclass
        || CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END
        || ' FOR ' || CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END
        || ' TO ' || (SELECT string_agg(CASE o WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(o)) END, ', ') FROM unnest(p.polroles) o)
        || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
        || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''))::text
FROM (SELECT DISTINCT classid, objid FROM d) d JOIN pg_policy p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
UNION ALL
SELECT json_build_object('kind', 'generated column', 'name', a.attname,
    'drop', 'ALTER TABLE ' || f.adrelid::regclass || ' DROP COLUMN IF EXISTS ' || quote_ident(a.attname),
    'create', 'ALTER TABLE ' || f.adrelid::regclass || ' ADD COLUMN ' || quote_ident(a.attname) || ' '
        || format_type(a.atttypid, a.atttypmod) || ' GENERATED ALWAYS AS (' || pg_get_expr(f.adbin, f.adrelid) || ') STORED')::text
FROM (SELECT DISTINCT classid, objid, attnum FROM d) d JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
JOIN pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum
WHERE a.attgenerated <> '' AND f.adnum <> d.attnum AND a.attinhcount = 0
UNION ALL
SELECT json_build_object('kind', 'function', 'name', p.proname, 'drop', 'DROP FUNCTION ' || p.oid::regprocedure,
    'create', pg_get_functiondef(p.oid))::text
FROM (SELECT DISTINCT classid, objid FROM d) d JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
UNION ALL
SELECT json_build_object('kind', 'publication', 'name', p.pubname,
    'drop', 'ALTER PUBLICATION ' || quote_ident(p.pubname) || ' DROP TABLE ' || r.prrelid::regclass,
    'create', 'ALTER PUBLICATION ' || quote_ident(p.pubname) || ' ADD TABLE ' || r.prrelid::regclass
        || coalesce((SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')' FROM pg_attribute a
            WHERE a.attrelid = r.prrelid AND (to_jsonb(r) -> 'prattrs') @> to_jsonb(a.attnum::int)), '')
        || coalesce((SELECT ' WHERE (' || (to_jsonb(f) ->> 'rowfilter') || ')' FROM pg_publication_tables f
            JOIN pg_class t ON t.oid = r.prrelid AND t.relname = f.tablename AND t.relnamespace = to_regnamespace(quote_ident(f.schemaname))
            WHERE f.pubname = p.pubname), ''))::text
FROM (SELECT DISTINCT classid, objid FROM d) d JOIN pg_publication_rel r ON d.classid = 'pg_publication_rel'::regclass AND r.oid = d.objid
JOIN pg_publication p ON p.oid = r.prpubid
UNION ALL
SELECT json_build_object('kind', 'foreign key', 'name', r.conname,
    'drop', 'ALTER TABLE ' || r.conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(r.conname),
    'create', 'ALTER TABLE ' || r.conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(r.conname) || ' ' || pg_get_constraintdef(r.oid))::text
FROM (SELECT DISTINCT classid, objid, relid FROM d) d JOIN pg_constraint r ON d.classid = 'pg_constraint'::regclass AND r.oid = d.objid
WHERE r.contype = 'f' AND r.confrelid = d.relid AND r.conrelid <> d.relid AND r.conparentid = 0
