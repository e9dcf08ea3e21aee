//! The queries of what few databases have: collations, text search, operators, casts, and settings of tables. Their
//! abbreviations are those of [`super::objects`].

/// Collations that somebody made. The columns of the catalogue have changed from version to version.
pub(super) const COLLATIONS: &str = "\
SELECT json_build_object('kind', 'collation', 'node', 'l' || l.oid, 'name', {plain:n,l.collname},
        'create', 'CREATE COLLATION ' || {name:n,l.collname} || ' (' || CASE l.collprovider
            WHEN 'c' THEN 'PROVIDER = libc, LC_COLLATE = ' || quote_literal(l.collcollate) || ', LC_CTYPE = ' || quote_literal(l.collctype)
            ELSE 'PROVIDER = ' || CASE l.collprovider WHEN 'i' THEN 'icu' ELSE 'builtin' END || ', LOCALE = '
                || quote_literal(coalesce(to_jsonb(l) ->> 'colllocale', to_jsonb(l) ->> 'colliculocale', l.collcollate)) END
            || CASE WHEN l.collisdeterministic THEN '' ELSE ', DETERMINISTIC = false' END
            || coalesce(', RULES = ' || quote_literal(to_jsonb(l) ->> 'collicurules'), '') || ')',
        'drop', 'DROP COLLATION ' || {name:n,l.collname})::text
     FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace
     WHERE {mine:n} AND {free:pg_collation,l.oid} ORDER BY l.collname";

pub(super) const DICTIONARIES: &str = "\
SELECT json_build_object('kind', 'text search', 'node', 'd' || d.oid, 'name', {plain:n,d.dictname},
        'create', 'CREATE TEXT SEARCH DICTIONARY ' || {name:n,d.dictname} || ' (TEMPLATE = '
            || quote_ident(m.nspname) || '.' || quote_ident(t.tmplname) || coalesce(', ' || d.dictinitoption, '') || ')',
        'drop', 'DROP TEXT SEARCH DICTIONARY ' || {name:n,d.dictname})::text
     FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace
     JOIN pg_ts_template t ON t.oid = d.dicttemplate JOIN pg_namespace m ON m.oid = t.tmplnamespace
     WHERE {mine:n} AND {free:pg_ts_dict,d.oid} ORDER BY d.dictname";

/// A configuration and, statement after statement, which dictionaries each of its kinds of words goes through.
pub(super) const CONFIGURATIONS: &str = "\
SELECT json_build_object('kind', 'text search', 'node', 'g' || c.oid, 'name', {plain:n,c.cfgname},
        'create', 'CREATE TEXT SEARCH CONFIGURATION ' || {name:n,c.cfgname} || ' (PARSER = '
            || quote_ident(m.nspname) || '.' || quote_ident(p.prsname) || ')'
            || coalesce((SELECT string_agg(E';\\n\\nALTER TEXT SEARCH CONFIGURATION ' || {name:n,c.cfgname} || ' ADD MAPPING FOR '
                    || w.alias || ' WITH ' || w.dictionaries, '' ORDER BY w.alias)
                FROM (SELECT k.alias, string_agg(a.mapdict::regdictionary::text, ', ' ORDER BY a.mapseqno) AS dictionaries
                      FROM pg_ts_config_map a JOIN ts_token_type(c.cfgparser) k ON k.tokid = a.maptokentype
                      WHERE a.mapcfg = c.oid GROUP BY k.alias) w), ''),
        'drop', 'DROP TEXT SEARCH CONFIGURATION ' || {name:n,c.cfgname})::text
     FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
     JOIN pg_ts_parser p ON p.oid = c.cfgparser JOIN pg_namespace m ON m.oid = p.prsnamespace
     WHERE {mine:n} AND {free:pg_ts_config,c.oid} ORDER BY c.cfgname";

pub(super) const OPERATORS: &str = "\
SELECT json_build_object('kind', 'operator', 'node', 'o' || o.oid,
        'name', o.oprname || ' (' || coalesce(l.typname || ', ', '') || format_type(o.oprright, NULL) || ')',
        'create', 'CREATE OPERATOR ' || {symbol:n,o.oprname} || ' (FUNCTION = ' || o.oprcode::regproc
            || CASE WHEN o.oprleft = 0 THEN '' ELSE ', LEFTARG = ' || format_type(o.oprleft, NULL) END
            || ', RIGHTARG = ' || format_type(o.oprright, NULL)
            || coalesce((SELECT ', COMMUTATOR = ' || CASE WHEN m.nspname = current_schema() THEN c.oprname::text
                                ELSE 'OPERATOR(' || quote_ident(m.nspname) || '.' || c.oprname || ')' END
                         FROM pg_operator c JOIN pg_namespace m ON m.oid = c.oprnamespace WHERE c.oid = o.oprcom), '')
            || coalesce((SELECT ', NEGATOR = ' || CASE WHEN m.nspname = current_schema() THEN c.oprname::text
                                ELSE 'OPERATOR(' || quote_ident(m.nspname) || '.' || c.oprname || ')' END
                         FROM pg_operator c JOIN pg_namespace m ON m.oid = c.oprnamespace WHERE c.oid = o.oprnegate), '')
            || CASE WHEN o.oprrest::oid = 0 THEN '' ELSE ', RESTRICT = ' || o.oprrest END
            || CASE WHEN o.oprjoin::oid = 0 THEN '' ELSE ', JOIN = ' || o.oprjoin END
            || CASE WHEN o.oprcanhash THEN ', HASHES' ELSE '' END || CASE WHEN o.oprcanmerge THEN ', MERGES' ELSE '' END || ')',
        'drop', 'DROP OPERATOR ' || {symbol:n,o.oprname} || ' (' || CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END
            || ', ' || format_type(o.oprright, NULL) || ')')::text
     FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace LEFT JOIN pg_type l ON l.oid = o.oprleft
     WHERE o.oprcode::oid <> 0 AND {mine:n} AND {free:pg_operator,o.oid} ORDER BY o.oprname, o.oid";

pub(super) const CASTS: &str = "\
SELECT json_build_object('kind', 'cast', 'node', 'k' || c.oid,
        'name', format_type(c.castsource, NULL) || ' to ' || format_type(c.casttarget, NULL),
        'create', 'CREATE CAST (' || format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL) || ') WITH '
            || CASE c.castmethod WHEN 'i' THEN 'INOUT' WHEN 'b' THEN 'OUT FUNCTION' ELSE 'FUNCTION ' || c.castfunc::regprocedure END
            || CASE c.castcontext WHEN 'i' THEN ' AS IMPLICIT' WHEN 'a' THEN ' AS ASSIGNMENT' ELSE '' END,
        'drop', 'DROP CAST (' || format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL) || ')')::text
     FROM pg_cast c WHERE c.oid >= 16384 AND {free:pg_cast,c.oid}
       AND NOT EXISTS (SELECT 1 FROM pg_depend i WHERE i.classid = 'pg_cast'::regclass AND i.objid = c.oid AND i.deptype = 'i') ORDER BY c.oid";

/// How tables and columns are stored and read.
pub(super) const SETTINGS: &str = "\
SELECT json_build_object('kind', 'storage', 'table', {plain:n,c.relname}, 'name', coalesce(s.name, ''),
        'create', 'ALTER TABLE ' || {name:n,c.relname} || ' ' || s.setting)::text
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN LATERAL (
        SELECT 1 AS rank, a.attname AS name, 'ALTER COLUMN ' || quote_ident(a.attname) || ' SET STORAGE '
                || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END AS setting
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attstorage <> t.typstorage
        UNION ALL
        SELECT 2, a.attname, 'ALTER COLUMN ' || quote_ident(a.attname) || ' SET STATISTICS ' || a.attstattarget FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attstattarget >= 0
        UNION ALL
        SELECT 3, a.attname, 'ALTER COLUMN ' || quote_ident(a.attname) || ' SET COMPRESSION '
                || CASE to_jsonb(a) ->> 'attcompression' WHEN 'p' THEN 'pglz' ELSE 'lz4' END FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND to_jsonb(a) ->> 'attcompression' <> ''
        UNION ALL
        SELECT 4, a.attname, 'ALTER COLUMN ' || quote_ident(a.attname) || ' SET (' || array_to_string(a.attoptions, ', ') || ')'
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attoptions IS NOT NULL
        UNION ALL
        SELECT 5, x.relname, 'CLUSTER ON ' || quote_ident(x.relname) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
        WHERE i.indrelid = c.oid AND i.indisclustered
        UNION ALL
        SELECT 6, NULL, 'REPLICA IDENTITY ' || CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING'
                ELSE (SELECT 'USING INDEX ' || quote_ident(x.relname) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                      WHERE i.indrelid = c.oid AND i.indisreplident) END
        WHERE c.relreplident <> 'd'
     ) s ON s.setting IS NOT NULL
     WHERE c.relkind IN ('r', 'p') AND {mine:n} AND {free:pg_class,c.oid} ORDER BY c.relname, s.rank, s.name";

/// Comments on what is neither a table nor a part of one. Every database has one on `public` from the start.
pub(super) const COMMENTS: &str = "\
SELECT json_build_object('kind', 'comment', 'name', o.type || ' ' || o.identity,
        'create', 'COMMENT ON ' || CASE WHEN o.type LIKE '%constraint' THEN 'CONSTRAINT' WHEN o.type = 'statistics object' THEN 'STATISTICS'
                                   ELSE upper(o.type) END || ' '
            || regexp_replace(CASE o.type WHEN 'domain constraint' THEN regexp_replace(o.identity, '^(.*) on ', '\\1 ON DOMAIN ') ELSE o.identity END, '(^|[ (,])' || regexp_replace(quote_ident(current_schema()), '([.$^*+?()|])', '\\\\\\1', 'g') || '\\.', '\\1', 'g')
            || ' IS ' || quote_literal(d.description))::text
     FROM pg_description d
     JOIN LATERAL (
        SELECT typnamespace AS space FROM pg_type WHERE d.classoid = 'pg_type'::regclass AND oid = d.objoid AND oid >= 16384
        UNION ALL SELECT pronamespace FROM pg_proc WHERE d.classoid = 'pg_proc'::regclass AND oid = d.objoid AND oid >= 16384
        UNION ALL SELECT collnamespace FROM pg_collation WHERE d.classoid = 'pg_collation'::regclass AND oid = d.objoid AND oid >= 16384
        UNION ALL SELECT oprnamespace FROM pg_operator WHERE d.classoid = 'pg_operator'::regclass AND oid = d.objoid AND oid >= 16384
        UNION ALL SELECT stxnamespace FROM pg_statistic_ext WHERE d.classoid = 'pg_statistic_ext'::regclass AND oid = d.objoid
        UNION ALL SELECT connamespace FROM pg_constraint WHERE d.classoid = 'pg_constraint'::regclass AND oid = d.objoid
        UNION ALL SELECT relnamespace FROM pg_class WHERE oid = (SELECT tgrelid FROM pg_trigger WHERE d.classoid = 'pg_trigger'::regclass AND oid = d.objoid)
        UNION ALL SELECT relnamespace FROM pg_class WHERE oid = (SELECT polrelid FROM pg_policy WHERE d.classoid = 'pg_policy'::regclass AND oid = d.objoid)
        UNION ALL SELECT relnamespace FROM pg_class WHERE oid = (SELECT ev_class FROM pg_rewrite WHERE d.classoid = 'pg_rewrite'::regclass AND oid = d.objoid)
     ) s ON true
     JOIN pg_namespace n ON n.oid = s.space
     JOIN LATERAL pg_identify_object(d.classoid, d.objoid, 0) o ON true
     WHERE {mine:n} AND NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.classid = d.classoid AND x.objid = d.objoid AND x.deptype = 'e')
     UNION ALL
     SELECT json_build_object('kind', 'comment', 'name', 'schema ' || n.nspname,
        'create', 'COMMENT ON SCHEMA ' || quote_ident(n.nspname) || ' IS ' || quote_literal(d.description),
        'drop', CASE n.nspname WHEN 'public' THEN 'COMMENT ON SCHEMA public IS ''standard public schema''' END)::text
     FROM pg_description d JOIN pg_namespace n ON d.classoid = 'pg_namespace'::regclass AND n.oid = d.objoid
     WHERE {mine:n} AND {free:pg_namespace,n.oid} AND NOT (n.nspname = 'public' AND d.description = 'standard public schema')
     ORDER BY 1";
