SELECT CAST(concat('column ', table_name, '.', column_name, ' ', column_type, ' ', is_nullable, ' ',
                   coalesce(column_default, '-'), ' ', extra) AS CHAR)
FROM information_schema.columns
WHERE table_schema = DATABASE()
UNION ALL
SELECT CAST(concat('index ', table_name, ' ', index_name, ' ', non_unique, ' ',
                   group_concat(column_name ORDER BY seq_in_index)) AS CHAR)
FROM information_schema.statistics
WHERE table_schema = DATABASE()
GROUP BY table_name, index_name, non_unique
UNION ALL
SELECT CAST(concat('key ', k.table_name, ' ', k.constraint_name, ' ', k.column_name, ' ', k.referenced_table_name, '.',
                   k.referenced_column_name, ' ', r.delete_rule) AS CHAR)
FROM information_schema.key_column_usage k
JOIN information_schema.referential_constraints r
  ON r.constraint_schema = k.table_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL
