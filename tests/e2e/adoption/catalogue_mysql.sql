SELECT CAST(concat_ws(' ', 'column', table_name, column_name, ordinal_position, column_type, is_nullable,
                      coalesce(column_default, '-'), extra, coalesce(collation_name, '-'), column_comment,
                      coalesce(generation_expression, '-')) AS CHAR)
FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name NOT LIKE '\\_sqlx%'
UNION ALL
SELECT CAST(concat_ws(' ', 'table', table_name, table_type, coalesce(engine, '-'), coalesce(table_collation, '-'), table_comment) AS CHAR)
FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name NOT LIKE '\\_sqlx%'
UNION ALL
SELECT CAST(concat_ws(' ', 'index', table_name, index_name, non_unique, seq_in_index, column_name, coalesce(sub_part, '-'),
                      coalesce(collation, '-'), index_type) AS CHAR)
FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name NOT LIKE '\\_sqlx%'
UNION ALL
SELECT CAST(concat_ws(' ', 'key', k.constraint_name, k.table_name, k.column_name, k.ordinal_position,
                      k.referenced_table_name, k.referenced_column_name, r.delete_rule, r.update_rule) AS CHAR)
FROM information_schema.key_column_usage k
LEFT JOIN information_schema.referential_constraints r
  ON r.constraint_schema = k.table_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
WHERE k.table_schema = DATABASE() AND k.table_name NOT LIKE '\\_sqlx%'
UNION ALL
SELECT CAST(concat_ws(' ', 'check', table_name, constraint_name, check_clause) AS CHAR)
FROM information_schema.check_constraints WHERE constraint_schema = DATABASE()
UNION ALL
SELECT CAST(concat_ws(' ', 'view', table_name, replace(view_definition, DATABASE(), '-'),
                      character_set_client, collation_connection) AS CHAR)
FROM information_schema.views WHERE table_schema = DATABASE()
UNION ALL
SELECT CAST(concat_ws(' ', 'trigger', trigger_name, event_object_table, action_timing, event_manipulation, action_statement, sql_mode,
                      character_set_client, collation_connection) AS CHAR)
FROM information_schema.triggers WHERE trigger_schema = DATABASE()
UNION ALL
SELECT CAST(concat_ws(' ', 'routine', routine_name, routine_type, dtd_identifier, routine_definition, sql_mode,
                      character_set_client, collation_connection) AS CHAR)
FROM information_schema.routines WHERE routine_schema = DATABASE()
UNION ALL
SELECT CAST(concat_ws(' ', 'event', event_name, event_definition, sql_mode, time_zone, character_set_client, collation_connection, interval_value, interval_field, starts, status) AS CHAR)
FROM information_schema.events WHERE event_schema = DATABASE()
