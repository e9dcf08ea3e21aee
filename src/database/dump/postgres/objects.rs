//! The queries: one JSON object for each object, with its statement.
//!
//! In the queries `{mine:x}` stands for "the namespace `x` is one of those that are read", `{name:x,y}` for the quoted
//! name `y` in the namespace `x`, with its schema where that is not the current one, `{symbol:x,y}` for the same
//! of an operator, `{definition:x,f}` for the statement of the function `f`, and `{free:c,o}` for "no extension made the
//! object `o` of the catalogue `c`".

use super::rare;

/// The namespaces that are read.
pub(super) struct Schemas {
    also: String,
}

impl Schemas {
    pub(super) fn new(also: &[String]) -> Self {
        let quoted = also
            .iter()
            .map(|name| format!(", '{}'", name.replace('\'', "''")));
        Self {
            also: quoted.collect(),
        }
    }

    /// The query without its abbreviations.
    pub(super) fn query(&self, sql: &str) -> String {
        let mut text = String::with_capacity(sql.len() * 2);
        let mut rest = sql;
        while let Some((before, tail)) = rest.split_once('{') {
            text.push_str(before);
            let (word, after) = tail.split_once('}').unwrap_or((tail, ""));
            let (word, arguments) = word.split_once(':').unwrap_or((word, ""));
            let (one, two) = arguments.split_once(',').unwrap_or((arguments, ""));
            text.push_str(&match word {
                "mine" => format!(
                    "{one}.oid IN (SELECT oid FROM pg_namespace WHERE nspname IN (current_schema(){}))",
                    self.also
                ),
                "name" => format!(
                    "CASE WHEN {one}.nspname = current_schema() THEN quote_ident({two}) \
                     ELSE quote_ident({one}.nspname) || '.' || quote_ident({two}) END"
                ),
                "symbol" => format!(
                    "CASE WHEN {one}.nspname = current_schema() THEN {two}::text \
                     ELSE quote_ident({one}.nspname) || '.' || {two} END"
                ),
                "definition" => format!(
                    "CASE WHEN {one}.nspname = current_schema() \
                     THEN regexp_replace(rtrim(pg_get_functiondef({two})), '^(CREATE OR REPLACE (FUNCTION|PROCEDURE)) ' || \
                     regexp_replace(quote_ident({one}.nspname), '([.$^*+?()|])', '\\\\\\1', 'g') || '\\.', '\\1 ') \
                     ELSE rtrim(pg_get_functiondef({two})) END"
                ),
                "plain" => format!(
                    "CASE WHEN {one}.nspname = current_schema() THEN {two}::text \
                     ELSE {one}.nspname || '.' || {two} END"
                ),
                _ => format!(
                    "NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.classid = '{one}'::regclass \
                     AND x.objid = {two} AND x.deptype = 'e')"
                ),
            });
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

pub(super) const BEFORE: [&str; 2] = [
    "SELECT json_build_object('kind', 'schema', 'name', n.nspname,
        'create', 'CREATE SCHEMA IF NOT EXISTS ' || quote_ident(n.nspname),
        'drop', 'DROP SCHEMA IF EXISTS ' || quote_ident(n.nspname))::text
     FROM pg_namespace n WHERE {mine:n} AND n.nspname <> current_schema() ORDER BY n.nspname",
    // An extension may serve other programs in the database, so that nothing takes it away.
    "SELECT json_build_object('kind', 'extension', 'name', e.extname,
        'create', 'CREATE EXTENSION IF NOT EXISTS ' || quote_ident(e.extname))::text
     FROM pg_extension e WHERE e.extname <> 'plpgsql' ORDER BY e.extname",
];

pub(super) const IN_ORDER_OF_USE: [&str; 14] = [
    rare::COLLATIONS,
    rare::DICTIONARIES,
    rare::CONFIGURATIONS,
    // A canonical function takes and gives the type before that is complete: both are one item.
    "SELECT json_build_object('kind', 'range type', 'node', 't' || t.oid, 'name', {plain:n,t.typname},
        'create', CASE WHEN r.rngcanonical::oid = 0 THEN '' ELSE 'CREATE TYPE ' || {name:n,t.typname} || E';\\n\\n'
            || (SELECT {definition:m,p.oid} FROM pg_proc p JOIN pg_namespace m ON m.oid = p.pronamespace WHERE p.oid = r.rngcanonical)
            || E';\\n\\n' END || 'CREATE TYPE ' || {name:n,t.typname} || ' AS RANGE (SUBTYPE = ' || format_type(r.rngsubtype, NULL)
            || coalesce((SELECT ', SUBTYPE_OPCLASS = ' || quote_ident(m.nspname) || '.' || quote_ident(o.opcname) FROM pg_opclass o
                         JOIN pg_namespace m ON m.oid = o.opcnamespace WHERE o.oid = r.rngsubopc AND NOT o.opcdefault), '')
            || coalesce((SELECT ', COLLATION = ' || quote_ident(m.nspname) || '.' || quote_ident(l.collname) FROM pg_collation l
                         JOIN pg_namespace m ON m.oid = l.collnamespace JOIN pg_type s ON s.oid = r.rngsubtype
                         WHERE l.oid = r.rngcollation AND l.oid <> s.typcollation), '')
            || CASE WHEN r.rngsubdiff::oid = 0 THEN '' ELSE ', SUBTYPE_DIFF = ' || r.rngsubdiff END
            || CASE WHEN r.rngcanonical::oid = 0 THEN '' ELSE ', CANONICAL = ' || r.rngcanonical END
            || coalesce((SELECT ', MULTIRANGE_TYPE_NAME = ' || {name:n,u.typname} FROM pg_type u
                         WHERE u.oid = (to_jsonb(r) ->> 'rngmultitypid')::oid), '') || ')',
        'drop', 'DROP TYPE ' || {name:n,t.typname} || CASE WHEN r.rngcanonical::oid = 0 THEN '' ELSE ' CASCADE' END)::text
     FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_range r ON r.rngtypid = t.oid
     WHERE t.typtype = 'r' AND {mine:n} AND {free:pg_type,t.oid} ORDER BY t.typname",
    "SELECT json_build_object('kind', 'enum', 'node', 't' || t.oid, 'name', {plain:n,t.typname},
        'create', 'CREATE TYPE ' || {name:n,t.typname} || ' AS ENUM (' ||
            (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
             FROM pg_enum e WHERE e.enumtypid = t.oid) || ')',
        'drop', 'DROP TYPE ' || {name:n,t.typname})::text
     FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
     WHERE t.typtype = 'e' AND {mine:n} AND {free:pg_type,t.oid} ORDER BY t.typname",
    "SELECT json_build_object('kind', 'domain', 'node', 't' || t.oid, 'name', {plain:n,t.typname},
        'create', 'CREATE DOMAIN ' || {name:n,t.typname} || ' AS ' || format_type(t.typbasetype, t.typtypmod)
            || coalesce((SELECT ' COLLATE ' || quote_ident(l.collname) FROM pg_collation l JOIN pg_type b ON b.oid = t.typbasetype
                         WHERE l.oid = t.typcollation AND t.typcollation <> b.typcollation), '')
            || coalesce(' DEFAULT ' || t.typdefault, '') || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
            || coalesce((SELECT string_agg(' CONSTRAINT ' || quote_ident(r.conname) || ' ' || pg_get_constraintdef(r.oid), '' ORDER BY r.conname)
                         FROM pg_constraint r WHERE r.contypid = t.oid AND r.contype = 'c'), ''),
        'drop', 'DROP DOMAIN ' || {name:n,t.typname})::text
     FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
     WHERE t.typtype = 'd' AND {mine:n} AND {free:pg_type,t.oid} ORDER BY t.typname",
    "SELECT json_build_object('kind', 'type', 'node', 't' || t.oid, 'name', {plain:n,t.typname},
        'create', 'CREATE TYPE ' || {name:n,t.typname} || ' AS (' ||
            coalesce((SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
                      FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '') || ')',
        'drop', 'DROP TYPE ' || {name:n,t.typname})::text
     FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid
     WHERE t.typtype = 'c' AND c.relkind = 'c' AND {mine:n} AND {free:pg_type,t.oid} ORDER BY t.typname",
    "SELECT json_build_object('kind', 'sequence', 'node', 'c' || c.oid, 'name', {plain:n,c.relname},
        'create', 'CREATE SEQUENCE ' || {name:n,c.relname} || ' AS ' || format_type(s.seqtypid, NULL)
            || ' INCREMENT BY ' || s.seqincrement || ' MINVALUE ' || s.seqmin || ' MAXVALUE ' || s.seqmax
            || ' START WITH ' || s.seqstart || ' CACHE ' || s.seqcache || CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END,
        'drop', CASE WHEN EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'a')
                     THEN NULL ELSE 'DROP SEQUENCE ' || {name:n,c.relname} END)::text
     FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE {mine:n} AND {free:pg_class,c.oid}
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'i')
     ORDER BY c.relname",
    "SELECT json_build_object('kind', 'function', 'node', 'p' || p.oid,
        'name', {plain:n,p.proname} || '(' || pg_get_function_identity_arguments(p.oid) || ')',
        'create', {definition:n,p.oid},
        'drop', 'DROP ' || CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || {name:n,p.proname}
            || '(' || pg_get_function_identity_arguments(p.oid) || ')')::text
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE p.prokind IN ('f', 'p', 'w') AND {mine:n} AND {free:pg_proc,p.oid}
       AND NOT EXISTS (SELECT 1 FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')
       AND NOT EXISTS (SELECT 1 FROM pg_range r WHERE r.rngcanonical = p.oid)
     ORDER BY p.proname, p.oid",
    rare::OPERATORS,
    rare::CASTS,
    "SELECT json_build_object('kind', 'aggregate', 'node', 'p' || p.oid,
        'name', {plain:n,p.proname} || '(' || pg_get_function_identity_arguments(p.oid) || ')',
        'create', 'CREATE AGGREGATE ' || {name:n,p.proname} || '(' || pg_get_function_identity_arguments(p.oid) || ') (SFUNC = '
            || g.aggtransfn::regproc || ', STYPE = ' || format_type(g.aggtranstype, NULL)
            || CASE WHEN g.aggfinalfn <> 0 THEN ', FINALFUNC = ' || g.aggfinalfn::regproc ELSE '' END
            || coalesce(', INITCOND = ' || quote_literal(g.agginitval), '') || ')',
        'drop', 'DROP AGGREGATE ' || {name:n,p.proname} || '(' || pg_get_function_identity_arguments(p.oid) || ')')::text
     FROM pg_aggregate g JOIN pg_proc p ON p.oid = g.aggfnoid JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE g.aggkind = 'n' AND g.aggmtransfn = 0 AND g.aggcombinefn = 0 AND {mine:n} AND {free:pg_proc,p.oid}
     ORDER BY p.proname, p.oid",
    "SELECT json_build_object('kind', 'table', 'node', 'c' || c.oid, 'name', {plain:n,c.relname},
        'create', 'CREATE ' || CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END || 'TABLE ' || {name:n,c.relname}
          || CASE WHEN c.relispartition
             THEN ' PARTITION OF ' || (SELECT i.inhparent::regclass::text FROM pg_inherits i WHERE i.inhrelid = c.oid)
                  || ' ' || pg_get_expr(c.relpartbound, c.oid)
             ELSE E' (\\n    ' || array_to_string(ARRAY(
               SELECT quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
                 || coalesce((SELECT ' COLLATE ' || quote_ident(l.collname) FROM pg_collation l JOIN pg_type t ON t.oid = a.atttypid
                              WHERE l.oid = a.attcollation AND a.attcollation <> t.typcollation), '')
                 || CASE WHEN a.attgenerated::text = 's' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(f.adbin, f.adrelid) || ') STORED'
                         WHEN f.oid IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(f.adbin, f.adrelid) ELSE '' END
                 || CASE a.attidentity WHEN '' THEN '' ELSE ' GENERATED ' || CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END
                         || ' AS IDENTITY' || coalesce((SELECT CASE WHEN s.seqincrement <> 1 OR s.seqstart <> 1 OR s.seqmin <> 1 OR s.seqcache <> 1 OR s.seqcycle
                              THEN ' (INCREMENT BY ' || s.seqincrement || ' MINVALUE ' || s.seqmin || ' MAXVALUE ' || s.seqmax || ' START WITH ' || s.seqstart
                                   || ' CACHE ' || s.seqcache || CASE WHEN s.seqcycle THEN ' CYCLE)' ELSE ')' END ELSE '' END
                              FROM pg_depend d JOIN pg_sequence s ON s.seqrelid = d.objid
                              WHERE d.classid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum AND d.deptype = 'i'), '') END
                 || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
               FROM pg_attribute a LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
               WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attislocal ORDER BY a.attnum)
             || ARRAY(SELECT 'CONSTRAINT ' || quote_ident(r.conname) || ' ' || pg_get_constraintdef(r.oid)
               FROM pg_constraint r WHERE r.conrelid = c.oid AND r.contype IN ('p', 'u', 'c', 'x') AND r.convalidated AND r.conislocal AND NOT (r.contype = 'u' AND EXISTS (SELECT 1 FROM pg_constraint o WHERE o.conrelid = r.conrelid AND o.oid <> r.oid
                 AND o.contype IN ('p', 'u') AND o.conkey = r.conkey AND (o.contype = 'p' OR o.conname < r.conname)))
               ORDER BY position(r.contype::text IN 'pucx'), r.conname), E',\\n    ') || E'\\n)' END
          || coalesce((SELECT ' INHERITS (' || string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno) || ')'
                       FROM pg_inherits i WHERE i.inhrelid = c.oid AND NOT c.relispartition), '')
          || coalesce(' PARTITION BY ' || pg_get_partkeydef(c.oid), '')
          || coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', ''),
        'drop', CASE WHEN c.relispartition THEN NULL ELSE 'DROP TABLE ' || {name:n,c.relname} END)::text
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND {mine:n} AND {free:pg_class,c.oid} ORDER BY c.relname",
    "SELECT json_build_object('kind', CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END, 'node', 'c' || c.oid,
        'name', {plain:n,c.relname},
        'create', 'CREATE ' || CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW ' ELSE 'VIEW ' END || {name:n,c.relname}
            || coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', '') || E' AS\\n' || rtrim(pg_get_viewdef(c.oid, true), ';'),
        'drop', 'DROP ' || CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW ' ELSE 'VIEW ' END || {name:n,c.relname})::text
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('v', 'm') AND {mine:n} AND {free:pg_class,c.oid} ORDER BY c.relname",
];

/// Everything that rests on the objects above.
pub(super) const AFTER: [&str; 12] = [
    "SELECT json_build_object('kind', 'owner', 'name', {plain:n,c.relname},
        'create', 'ALTER SEQUENCE ' || {name:n,c.relname} || ' OWNED BY ' || {name:m,o.relname} || '.' || quote_ident(a.attname))::text
     FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_class o ON o.oid = d.refobjid JOIN pg_namespace m ON m.oid = o.relnamespace
     JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum = d.refobjsubid
     WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'a' AND {mine:n} AND {free:pg_class,c.oid} ORDER BY c.relname",
    "SELECT json_build_object('kind', 'index', 'table', {plain:n,c.relname}, 'name', x.relname,
        'create', CASE c.relkind WHEN 'p' THEN regexp_replace(pg_get_indexdef(i.indexrelid, 0, true), ' ON ONLY ', ' ON ')
                  ELSE pg_get_indexdef(i.indexrelid, 0, true) END)::text
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
     JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'm') AND NOT x.relispartition AND {mine:n} AND {free:pg_class,c.oid}
       AND NOT EXISTS (SELECT 1 FROM pg_constraint r WHERE r.conindid = i.indexrelid AND r.contype IN ('p', 'u', 'x'))
     ORDER BY c.relname, x.relname",
    "SELECT json_build_object('kind', 'constraint', 'table', {plain:n,c.relname}, 'name', r.conname,
        'create', 'ALTER TABLE ' || {name:n,c.relname} || ' ADD CONSTRAINT ' || quote_ident(r.conname) || ' ' || pg_get_constraintdef(r.oid))::text
     FROM pg_constraint r JOIN pg_class c ON c.oid = r.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE r.contype IN ('p', 'u', 'c', 'x') AND r.conislocal AND (NOT r.convalidated OR c.relispartition OR (r.contype = 'u' AND EXISTS (SELECT 1 FROM pg_constraint o WHERE o.conrelid = r.conrelid AND o.oid <> r.oid
                 AND o.contype IN ('p', 'u') AND o.conkey = r.conkey AND (o.contype = 'p' OR o.conname < r.conname))))
       AND r.conparentid = 0 AND {mine:n} AND {free:pg_class,c.oid} ORDER BY c.relname, r.conname",
    "SELECT json_build_object('kind', 'foreign key', 'table', {plain:n,c.relname}, 'name', r.conname,
        'create', 'ALTER TABLE ' || {name:n,c.relname} || ' ADD CONSTRAINT ' || quote_ident(r.conname) || ' ' || pg_get_constraintdef(r.oid),
        'drop', 'ALTER TABLE ' || {name:n,c.relname} || ' DROP CONSTRAINT ' || quote_ident(r.conname))::text
     FROM pg_constraint r JOIN pg_class c ON c.oid = r.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE r.contype = 'f' AND r.conparentid = 0 AND {mine:n} AND {free:pg_class,c.oid} ORDER BY c.relname, r.conname",
    "SELECT json_build_object('kind', 'trigger', 'table', {plain:n,c.relname}, 'name', g.tgname,
        'create', pg_get_triggerdef(g.oid, true))::text
     FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE NOT g.tgisinternal AND {mine:n} AND {free:pg_class,c.oid} ORDER BY c.relname, g.tgname",
    "SELECT json_build_object('kind', 'rule', 'table', {plain:n,c.relname}, 'name', r.rulename,
        'create', rtrim(pg_get_ruledef(r.oid, true), ';'))::text
     FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE r.rulename <> '_RETURN' AND {mine:n} AND {free:pg_class,c.oid} ORDER BY c.relname, r.rulename",
    "SELECT json_build_object('kind', 'statistics', 'name', s.stxname, 'create', pg_get_statisticsobjdef(s.oid),
        'drop', 'DROP STATISTICS ' || {name:n,s.stxname})::text
     FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE {mine:n} ORDER BY s.stxname",
    "SELECT json_build_object('kind', 'policy', 'table', {plain:n,c.relname}, 'name', p.polname,
        'create', 'CREATE POLICY ' || quote_ident(p.polname) || ' ON ' || {name:n,c.relname}
            || CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END
            || ' FOR ' || CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END
            || ' TO ' || (SELECT string_agg(CASE o WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(o)) END, ', ') FROM unnest(p.polroles) o)
            || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
            || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''))::text
     FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE {mine:n} AND {free:pg_class,c.oid} ORDER BY c.relname, p.polname",
    "SELECT json_build_object('kind', 'policy', 'table', {plain:n,c.relname}, 'name', '',
        'create', 'ALTER TABLE ' || {name:n,c.relname} || ' ENABLE ROW LEVEL SECURITY'
            || CASE WHEN c.relforcerowsecurity THEN ', FORCE ROW LEVEL SECURITY' ELSE '' END)::text
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relrowsecurity AND c.relkind IN ('r', 'p') AND {mine:n} AND {free:pg_class,c.oid} ORDER BY c.relname",
    "SELECT json_build_object('kind', 'comment', 'table', {plain:n,c.relname}, 'name', coalesce(a.attname, ''),
        'create', 'COMMENT ON ' || CASE WHEN a.attname IS NOT NULL THEN 'COLUMN ' WHEN c.relkind = 'v' THEN 'VIEW '
                                        WHEN c.relkind = 'm' THEN 'MATERIALIZED VIEW ' WHEN c.relkind IN ('i', 'I') THEN 'INDEX '
                                        WHEN c.relkind = 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END
            || {name:n,c.relname} || coalesce('.' || quote_ident(a.attname), '') || ' IS ' || quote_literal(d.description))::text
     FROM pg_description d JOIN pg_class c ON c.oid = d.objoid JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
     WHERE d.classoid = 'pg_class'::regclass AND c.relkind IN ('r', 'p', 'v', 'm', 'i', 'I', 'S') AND {mine:n} AND {free:pg_class,c.oid}
     ORDER BY c.relname, d.objsubid",
    rare::COMMENTS,
    rare::SETTINGS,
];

/// What is not made again.
pub(super) const LEFT_OUT: &str = "\
SELECT json_build_object('kind', k.kind, 'name', k.name, 'create', '')::text FROM (
    SELECT 'aggregate' AS kind, p.proname::text AS name FROM pg_aggregate g JOIN pg_proc p ON p.oid = g.aggfnoid
    JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE (g.aggkind <> 'n' OR g.aggmtransfn <> 0 OR g.aggcombinefn <> 0) AND {mine:n} AND {free:pg_proc,p.oid}
    UNION ALL
    SELECT 'type', t.typname::text FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'b' AND t.typcategory <> 'A' AND {mine:n} AND {free:pg_type,t.oid}
    UNION ALL
    SELECT 'operator class', o.opcname::text FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace
    WHERE {mine:n} AND {free:pg_opclass,o.oid}
    UNION ALL
    SELECT 'event trigger', g.evtname::text FROM pg_event_trigger g WHERE {free:pg_event_trigger,g.oid}
    UNION ALL
    SELECT 'publication', p.pubname::text FROM pg_publication p
    UNION ALL
    SELECT 'foreign table', c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'f' AND {mine:n} AND {free:pg_class,c.oid}
) k ORDER BY k.kind, k.name";

/// Which object needs which, by the keys of [`super::order::Node`]: defaults and checks count for their tables, rules
/// for their views, array and row types for what they are made of.
pub(super) const DEPENDENCIES: &str = "\
WITH nodes AS (
    SELECT 'pg_class'::regclass AS classid, c.oid AS objid,
           CASE c.relkind WHEN 'c' THEN 't' || c.reltype ELSE 'c' || c.oid END AS node FROM pg_class c
    UNION ALL SELECT 'pg_proc'::regclass, oid, 'p' || oid FROM pg_proc
    UNION ALL SELECT 'pg_collation'::regclass, oid, 'l' || oid FROM pg_collation
    UNION ALL SELECT 'pg_ts_dict'::regclass, oid, 'd' || oid FROM pg_ts_dict
    UNION ALL SELECT 'pg_ts_config'::regclass, oid, 'g' || oid FROM pg_ts_config
    UNION ALL SELECT 'pg_operator'::regclass, oid, 'o' || oid FROM pg_operator
    UNION ALL SELECT 'pg_cast'::regclass, oid, 'k' || oid FROM pg_cast
    UNION ALL SELECT 'pg_attrdef'::regclass, oid, 'c' || adrelid FROM pg_attrdef
    UNION ALL SELECT 'pg_rewrite'::regclass, oid, 'c' || ev_class FROM pg_rewrite
    UNION ALL SELECT 'pg_constraint'::regclass, oid, CASE WHEN conrelid <> 0 THEN 'c' || conrelid ELSE 't' || contypid END
              FROM pg_constraint WHERE contype <> 'f'
    UNION ALL SELECT 'pg_type'::regclass, t.oid,
              CASE WHEN e.typrelid <> 0 AND k.relkind <> 'c' THEN 'c' || e.typrelid ELSE 't' || e.oid END
              FROM pg_type t
              JOIN pg_type e ON e.oid = CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN t.typelem ELSE t.oid END
              LEFT JOIN pg_class k ON k.oid = e.typrelid
)
SELECT DISTINCT json_build_object('from', a.node, 'to', b.node)::text
FROM pg_depend d
JOIN nodes a ON a.classid = d.classid AND a.objid = d.objid
JOIN nodes b ON b.classid = d.refclassid AND b.objid = d.refobjid
WHERE d.deptype IN ('n', 'a') AND d.objid >= 16384 AND d.refobjid >= 16384 AND a.node <> b.node";
