SELECT 'column ' || m.name || '.' || c.name || ' ' || c.type || CASE c."notnull" WHEN 1 THEN ' NOT NULL' ELSE '' END
       || coalesce(' DEFAULT ' || c.dflt_value, '') || CASE WHEN c.pk > 0 THEN ' PRIMARY KEY ' || c.pk ELSE '' END
       || CASE c.hidden WHEN 0 THEN '' ELSE ' GENERATED' END
FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c
WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND m.name <> '_sqlx_migrations'
UNION ALL
SELECT 'foreign key ' || m.name || ' (' || group_concat(f."from" ORDER BY f.seq) || ') → ' || f."table" || ' ('
       || coalesce(group_concat(f."to" ORDER BY f.seq), '') || ') ON DELETE ' || f.on_delete || ' ON UPDATE ' || f.on_update
FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
WHERE m.type = 'table'
GROUP BY m.name, f.id
UNION ALL
SELECT 'index ' || CASE i.origin WHEN 'c' THEN i.name ELSE '(made by a key)' END || ' on ' || m.name || ' ('
       || (SELECT group_concat(coalesce(name, 'expression') ORDER BY seqno) FROM pragma_index_info(i.name)) || ')'
       || CASE i."unique" WHEN 1 THEN ' UNIQUE' ELSE '' END || CASE i.partial WHEN 1 THEN ' WHERE …' ELSE '' END
FROM sqlite_master m JOIN pragma_index_list(m.name) i
WHERE m.type = 'table' AND m.name <> '_sqlx_migrations'
UNION ALL
SELECT 'table ' || name || ' counts with AUTOINCREMENT'
FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'
UNION ALL
SELECT type || ' ' || name || ': ' || sql FROM sqlite_master WHERE type IN ('view', 'trigger')
