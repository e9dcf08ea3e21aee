-- Everything that a PostgreSQL database holds beside what entities can say.
create extension if not exists citext;
create domain isbn as varchar(13) collate "C" check (length(value) >= 10);
create type mood as enum ('sad', 'ok');
create type unused as enum ('x');
create type pair as (a int, b text);
create sequence invoice_number start 100 increment 5;
create function slug(t text) returns text language sql immutable as $$ select lower(t) $$;
create table authors (
    id serial primary key,
    name varchar(200) not null unique,
    email citext unique,
    born date not null default ('now'::text)::date,
    mood mood not null default 'ok',
    ticket serial not null
);
create table books (
    id serial constraint books_key primary key,
    title varchar(200) collate "C" not null,
    code isbn,
    in_print bool not null default true,
    price numeric(10, 2) not null default 0 check (price >= 0),
    author_id int not null references authors on delete cascade deferrable initially deferred,
    slug text generated always as (slug(title)) stored,
    invoice bigint default nextval('invoice_number'),
    meta jsonb default '{}',
    period int4range,
    constraint no_overlap exclude using gist (period with &&)
);
alter table books add constraint books_id_again unique (id);
create type span as range (subtype = float8, subtype_diff = float8mi);
alter table books add column open_at span;
alter table books enable row level security;
create policy owners on books for select using (price > 0);
create policy careful on books as restrictive for update to public using (true) with check (title <> '');
create index books_title_desc on books (title desc);
create index books_active on books (author_id) where in_print;
create unique index books_once on books (author_id, title) where in_print;
create index books_lower on books (lower(title) text_pattern_ops);
create index books_including on books (price) include (title);
create index books_pattern on books (title text_pattern_ops);
create index books_two on books (author_id, price);
create index books_meta on books using gin (meta);
create table authorships (author_id int references authors, book_id int references books, note text,
    primary key (author_id, book_id));
create function joined_state(text, text) returns text language sql as $$ select coalesce($1 || ', ', '') || $2 $$;
create aggregate joined(text) (sfunc = joined_state, stype = text);
create view shelf as select author_id, joined(title) as titles from books group by author_id;
create view cheap as select id, title from books where price < 10;
create materialized view cheap_copy as select * from cheap;
create index cheap_copy_id on cheap_copy (id);
create function touch() returns trigger language plpgsql as $$
begin
    new.title := trim(new.title);
    return new;
end $$;
create trigger books_touch before insert or update on books for each row execute function touch();
comment on table books is 'All books';
comment on column books.title is 'It''s the title';
alter table books add constraint price_big check (price < 100000) not valid;
create table logs (at timestamptz not null, message text) partition by range (at);
create table logs_2026 partition of logs for values from ('2026-01-01') to ('2027-01-01');
create index logs_message on logs (message);
create collation german (provider = icu, locale = 'de-DE', deterministic = false);
create text search dictionary plain (template = simple, stopwords = 'english');
create text search configuration words (copy = english);
alter text search configuration words alter mapping for word with plain, english_stem;
create function near(int, int) returns bool language sql immutable as 'select abs($1 - $2) < 2';
create operator <~> (function = near, leftarg = int, rightarg = int, commutator = <~>);
create cast (pair as text) with inout;
create type years;
create function years_canonical(years) returns years language internal immutable strict as 'int4range_canonical';
create type years as range (subtype = int4, canonical = years_canonical);
alter table authors add column moods mood[] not null default '{}', add column active years;
alter table books add column german text collate german,
    add column words tsvector generated always as (to_tsvector('words', title)) stored,
    add constraint near_author check (id <~> author_id or price > 0);
alter table books alter column meta set storage external, alter column title set statistics 500;
alter table books replica identity full;
alter table books cluster on books_key;
comment on function slug(text) is 'For addresses';
comment on constraint no_overlap on books is 'One at a time';
comment on type mood is 'How they are';
comment on schema public is 'The shop''s own';
comment on policy owners on books is 'Readers';
insert into authors (name) values ('Ann');
insert into books (title, author_id) values ('One', 1);
