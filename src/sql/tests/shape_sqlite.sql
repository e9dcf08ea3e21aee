SELECT 'column ' || m.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" || ' '
       || coalesce(c.dflt_value, '-') || ' ' || c.pk
FROM sqlite_master m JOIN pragma_table_info(m.name) c
WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
UNION ALL
SELECT 'key ' || m.name || '.' || f."from" || ' ' || f."table" || '.' || f."to" || ' ' || f.on_delete
FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
WHERE m.type = 'table'
UNION ALL
SELECT 'index ' || CASE i.origin WHEN 'c' THEN i.name ELSE m.name || ' ' || i.origin END || ' ' || i."unique" || ' '
       || (SELECT group_concat(name) FROM pragma_index_info(i.name))
FROM sqlite_master m JOIN pragma_index_list(m.name) i
WHERE m.type = 'table'
UNION ALL
SELECT 'counts ' || name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'
