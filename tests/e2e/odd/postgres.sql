-- What is rare in PostgreSQL, a piece of each kind.
create domain positive as integer check (value > 0);
create domain email as varchar(200) check (value like '%@%');
create type "Mood" as enum ('sad', 'so-so', 'very happy', '', '1st', 'self', 'Sad');
create type state as enum ('new', 'done');
create table "Odd Types" (
    id bigint generated always as identity primary key,
    amount positive not null default 1,
    address email,
    mood "Mood" not null default 'so-so',
    moods "Mood"[],
    tags text[] not null default '{}',
    codes varchar(8)[],
    numbers integer[][],
    prices numeric(10, 2)[],
    uuids uuid[],
    days daterange,
    span int4range not null default 'empty',
    flags bit(8),
    flag bit,
    bits bit varying(12),
    cost money,
    host inet,
    net cidr,
    hosts inet[],
    mac macaddr,
    lasts interval,
    lasts_days interval day to second(3),
    doc xml,
    words tsvector,
    query tsquery,
    place point,
    path path,
    area box,
    data json,
    more jsonb default '{"a": 1}',
    blob bytea,
    blobs bytea[],
    ch char,
    ch5 char(5),
    short "char",
    label name,
    ref oid,
    real_one real default 1.5,
    exact numeric,
    huge numeric(30, 10) default 1.0,
    at time(3),
    at_zone time with time zone,
    stamp timestamp(0) default now(),
    stamp_zone timestamp(3) with time zone default current_timestamp,
    lsn pg_lsn,
    total numeric generated always as (huge * 2) stored
);
create table "type" (
    "fn" integer primary key,
    "self" text,
    "Self" text,
    "super" text,
    "crate" text,
    "match" text not null,
    "async" boolean,
    "try" boolean,
    "dyn" boolean,
    "abstract" integer,
    "column" text,
    "Entity" integer,
    "user" text
);
create table "1st" (
    "2nd" integer not null,
    "3 rd" text not null,
    "100%" numeric,
    "a-b" text,
    "a b" text,
    "a.b" text,
    "A" integer,
    "a" integer,
    "é" text,
    "日本" text,
    "_" text,
    "__x__" text,
    "camelCase" text,
    "HTTPServer" text,
    "x1y2" text,
    "say ""hi""" text default 'it''s "so" \ {0}',
    primary key ("3 rd", "2nd"),
    unique ("2nd", "3 rd")
);
create table struct (
    id serial primary key,
    parent integer references struct on delete cascade,
    other integer references struct (id),
    kind integer references "type" ("fn"),
    n integer not null,
    t text not null,
    foreign key (t, n) references "1st" ("3 rd", "2nd") on update cascade
);
create table "model" (id integer primary key references struct, "active_model" integer, relation text, "primary_key" text);
create table "Model" (id integer primary key, "model" integer references "model");
create table vec (id smallserial primary key, "option" text, "string" text, result text);
create table "option" (id bigserial primary key, state state not null default 'new');
create table keyless (a integer, b text);
create table pairs (a integer, b integer, primary key (a, b), unique (b, a));
create table pairs_of (id integer primary key);
create table "links" (
    a integer not null references pairs_of, b integer not null references pairs_of, primary key (a, b)
);
create view "Some View" as select id from struct;
create materialized view counted as select count(*) as n from struct;
comment on table struct is E'Says "so"\nand \\ more';
comment on column struct.t is 'A "quoted" {word}';
