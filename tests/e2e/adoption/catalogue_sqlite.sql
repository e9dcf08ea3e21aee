SELECT type || ' ' || name || ' ' || coalesce(sql, tbl_name) FROM sqlite_master
WHERE tbl_name NOT IN ('_sqlx_migrations', 'sqlite_sequence')
