SELECT CAST(concat('column ', c.table_name, '.', c.column_name, ' ', c.column_type,
                   if(c.is_nullable = 'NO', ' NOT NULL', ''), coalesce(concat(' DEFAULT ', c.column_default), ''),
                   if(c.extra = '', '', concat(' ', c.extra)), if(c.column_comment = '', '', concat(' COMMENT ', c.column_comment))) AS CHAR)
FROM information_schema.columns c
JOIN information_schema.tables t
  ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
WHERE c.table_schema = DATABASE() AND c.table_name <> '_sqlx_migrations'
UNION ALL
SELECT CAST(concat('index ', index_name, ' on ', table_name, ' (', group_concat(column_name ORDER BY seq_in_index), ')',
                   if(non_unique = 0, ' UNIQUE', '')) AS CHAR)
FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name <> '_sqlx_migrations'
GROUP BY table_name, index_name, non_unique
UNION ALL
SELECT CAST(concat('foreign key ', k.constraint_name, ' on ', k.table_name, ' (',
                   group_concat(k.column_name ORDER BY k.ordinal_position), ') → ', k.referenced_table_name, ' (',
                   group_concat(k.referenced_column_name ORDER BY k.ordinal_position), ') ON DELETE ', r.delete_rule,
                   ' ON UPDATE ', r.update_rule) AS CHAR)
FROM information_schema.key_column_usage k
JOIN information_schema.referential_constraints r
  ON r.constraint_schema = k.table_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL
GROUP BY k.constraint_name, k.table_name, k.referenced_table_name, r.delete_rule, r.update_rule
UNION ALL
SELECT CAST(concat('table ', table_name, ' COMMENT ', table_comment) AS CHAR)
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND table_comment <> ''
UNION ALL
SELECT CAST(concat('view ', table_name) AS CHAR) FROM information_schema.views WHERE table_schema = DATABASE()
UNION ALL
SELECT CAST(concat('trigger ', trigger_name, ' on ', event_object_table, ': ', action_timing, ' ', event_manipulation, ' ',
                   action_statement) AS CHAR)
FROM information_schema.triggers
WHERE trigger_schema = DATABASE()
